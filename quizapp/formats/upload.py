"""What every format shares: the questions and troubles of one uploaded file, and the shape of a format.

All sentences are Vietnamese message ids with `%(name)s` places for `details`, translated where they are shown. A
place (`where`) needs no translation: a line or row (`12`), a cell (`C12`), a member of a package (`items/q1.xml`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quizapp.errors import Unreadable
from quizapp.rules import written
from quizapp.rules.bank import Topic
from quizapp.rules.question import Question

LARGEST_FILE = 5 * 1024 * 1024
MOST_QUESTIONS = 5_000
MOST_COLUMNS = 50
MOST_LINES = 60 * MOST_QUESTIONS
LONGEST_LINE = 50_000
LONGEST_TEXT = 4_000  # letters in one cell or text; the bank's own limits are far below


class BadFile(Unreadable):
    """A file that cannot be read at all: empty, broken, too large, or not what it claims to be."""

    code = "bad-file"
    sentence = "Tệp này không đọc được. Vui lòng lưu lại tệp rồi tải lên lần nữa."


@dataclass(frozen=True)
class Problem:
    """Something a person should know of a file: where, what, and what to do about it."""

    where: str
    message: str
    details: Mapping[str, str | int] = field(default_factory=dict)
    remedy: str = ""


@dataclass(frozen=True)
class Row:
    """One question of a file. `values` is a table as in a question file, with `topic`; what the file did not say is
    missing. With `problems` it cannot become a question as it stands."""

    where: str
    values: dict[str, Any]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Conversion:
    """The letters of the file were typed in an old code and have been turned into Unicode: somebody must look at them
    before the rows are taken."""

    charset: str  # as people know it: "TCVN3 (ABC)"
    before: str  # a piece of text as it stood in the file
    after: str  # the same as it was read


@dataclass(frozen=True)
class Upload:
    """What a file holds. `notes` say what was left out or read in another way than it stood; they stop nothing."""

    rows: tuple[Row, ...]
    notes: tuple[Problem, ...] = ()
    conversion: Conversion | None = None


Read = Callable[[bytes], Upload]
Write = Callable[[Sequence[Question], Sequence[Topic]], bytes]


@dataclass(frozen=True)
class Format:
    """A kind of file. `read` refuses with `BadFile`; `write` leaves out questions that it does not hold.

    `losses` says in words what the file will not have of a question (nothing: it comes back the same); `holds`, whether
    the question can be in the file at all.
    """

    name: str
    title: str
    extension: str
    media_type: str
    read: Read
    write: Write
    losses: Callable[[Question], list[str]]
    holds: Callable[[Question], bool]
    most: int | None = None  # how many questions one file can have


def check_size(data: bytes) -> None:
    """Refuse a file that is empty or too large."""
    if not data.strip(b"\x00\t\r\n "):
        raise BadFile("Tệp này trống. Vui lòng chọn tệp có câu hỏi.")
    if len(data) > LARGEST_FILE:
        raise BadFile("Tệp lớn hơn 5 MB. Vui lòng chia thành nhiều tệp nhỏ hơn.")


def check_lines(text: str) -> None:
    """Refuse a text with more lines than its questions could have, or with one that no question has."""
    if text.count("\n") > MOST_LINES or max(map(len, text.splitlines()), default=0) > LONGEST_LINE:
        raise BadFile("Tệp có quá nhiều dòng hoặc có dòng quá dài. Vui lòng chia thành nhiều tệp nhỏ hơn.")


def check_count(count: int) -> None:
    """Refuse a file with too many questions."""
    if count > MOST_QUESTIONS:
        raise BadFile("Tệp có hơn 5.000 câu hỏi. Vui lòng chia thành nhiều tệp nhỏ hơn.")


def table(question: Question) -> dict[str, Any]:
    """The question as a table of a question file, with `topic`: what `rules.draft.read` turns back into it.

    A variant of a family stands as a question of its own.
    """
    return {"topic": question.topic, **written.table(question)}
