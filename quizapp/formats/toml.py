"""Question files of our own, for one topic as `questions/` has them, or for several topics in one file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from typing import Any

from quizapp.formats import charset, tags
from quizapp.formats.upload import BadFile, Format, Problem, Row, Upload, check_count, check_lines, check_size
from quizapp.rules import written
from quizapp.rules.bank import Topic
from quizapp.rules.lines import scan
from quizapp.rules.question import Question


def read(data: bytes) -> Upload:
    """The questions of a question file. The topic is that of its head, of the question, or of the question's id."""
    check_size(data)
    text, conversion = charset.read(data)
    check_lines(text)
    check_count(text.count("[[question]]"))
    try:
        held = tomllib.loads(text)
        lines = scan(text)
    except tomllib.TOMLDecodeError as error:
        return Upload((_broken(str(error), text),), (), conversion)
    except (RecursionError, ValueError) as error:
        raise BadFile("Tệp TOML có giá trị quá lớn hoặc lồng quá sâu nên không đọc được.") from error
    listed = held.get("question")
    if not isinstance(listed, list) or not listed or not all(isinstance(one, dict) for one in listed):
        raise BadFile("Tệp TOML không có câu hỏi nào. Vui lòng viết mỗi câu dưới một dòng [[question]].")
    check_count(len(listed))
    rows = [Row(str(lines.of("question", n)), _with_topic(one)) for n, one in enumerate(listed)]
    unknown = [name for name in held if name not in ("question", "topic")]
    notes = [Problem(str(lines.of(name)), "Mục «%(key)s» không có trong mẫu.", {"key": name}) for name in unknown]
    return Upload(tuple(rows), tuple(notes), conversion)


def _broken(reason: str, text: str) -> Row:
    """What is shown in place of a file that does not parse."""
    found = re.search(r"at line (\d+)", reason)
    where = found[1] if found else str(text.count("\n") + 1)
    remedy = "Kiểm tra dấu ngoặc kép, dấu phẩy và dấu đóng ngoặc ở dòng này và dòng ngay trước."
    details = {"reason": reason.partition(" (at")[0]}
    return Row(where, {}, (Problem(where, "Tệp viết sai cú pháp TOML (%(reason)s).", details, remedy),))


def _with_topic(values: dict[str, Any]) -> dict[str, Any]:
    """The table of a question with its topic, which the id names where nothing else does."""
    topic = str(values.get("id", "")).rpartition("-")[0]
    return values if "topic" in values or not topic else {**values, "topic": topic}


def write(questions: Sequence[Question], topics: Sequence[Topic]) -> bytes:
    """A question file. With one topic it has the head of that topic and can stand in `questions/`."""
    slugs = {question.topic for question in questions}
    heads = [topic for topic in topics if {topic.slug} == slugs]
    if heads:
        return written.file(heads[0], questions).encode()
    return "\n".join(map(_block, questions)).encode()


def _block(question: Question) -> str:
    """One question, with its topic."""
    head, rest = written.block(question).split("\n", 1)
    return f'{head}\ntopic = "{question.topic}"\n{rest}'


def losses(question: Question) -> list[str]:
    """Nothing: these are our own files; but a family's formulas stand in its own file only."""
    return tags.beyond(question)


def holds(question: Question) -> bool:
    """Every question."""
    return True


FORMAT = Format("toml", "Tệp câu hỏi TOML", "toml", "application/toml", read, write, losses, holds)
