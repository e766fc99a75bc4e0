"""Kahoot's spreadsheet, read as it occurs and written as its template asks.

The header is found by its words, not its place. Nothing but question, answers, time and the right ones can be in it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from quizapp.formats import columns, workbook
from quizapp.formats.columns import column_letters
from quizapp.formats.upload import BadFile, Format, Problem, Row, Upload, check_count
from quizapp.rules.bank import Topic
from quizapp.rules.question import FALSE, TRUE, Question
from quizapp.rules.words import fold

LONGEST_QUESTION, LONGEST_ANSWER, ANSWERS = 120, 75, 4
TIMES = (5, 10, 20, 30, 60, 90, 120, 240)
HEADER_WITHIN = 30  # rows in which the header must stand
SECONDS, SECONDS_OF_LONG, LONG = 30, 60, 90  # what is written; more time from so many letters on

_HEADER_ROW = 7  # counted from 0, as in the template
_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEADINGS = (
    f"Question - max {LONGEST_QUESTION} characters",
    *(f"Answer {n} - max {LONGEST_ANSWER} characters" for n in range(1, ANSWERS + 1)),
    "Time limit (sec) – 5, 10, 20, 30, 60, 90, 120, or 240 secs",
    "Correct answer(s) - choose at least one",
)


def read(data: bytes) -> Upload:
    """The questions of a Kahoot spreadsheet."""
    book = workbook.read(data)
    for sheet in book.sheets:
        for place, (_, row) in enumerate(sheet.rows[:HEADER_WITHIN]):
            if keys := _header(row):
                read = [_Reading(n, cells, keys) for n, cells in sheet.rows[place + 1 :]]
                rows = [one.row() for one in read if one.text("question") or one.answers()]
                check_count(len(rows))
                if not rows:
                    raise BadFile("Bảng Kahoot chưa có câu hỏi nào dưới dòng tiêu đề.")
                notes = [note for one in read for note in one.notes]
                return Upload(tuple(rows), (*book.notes, *notes), book.conversion)
    raise BadFile("Không tìm thấy dòng tiêu đề của bảng Kahoot (Question, Answer 1, …, Correct answer).")


def is_header(row: Sequence[str]) -> bool:
    """Whether these are the headings of a Kahoot spreadsheet."""
    return bool(_header(row))


def _header(row: Sequence[str]) -> dict[str, int]:
    """The columns by what they hold, or nothing where the row is not the header."""
    keys: dict[str, int] = {}
    for column, text in enumerate(row):
        words = fold(text)
        if words.startswith("question"):
            keys.setdefault("question", column)
        elif found := re.match(r"answer (\d)\b", words):
            keys.setdefault(found[1], column)
        elif words.startswith("time"):
            keys.setdefault("time", column)
        elif words.startswith("correct"):
            keys.setdefault("correct", column)
    return keys if {"question", "1", "2", "correct"} <= keys.keys() else {}


class _Reading:
    """One row while it is read."""

    def __init__(self, number: int, cells: Sequence[str], keys: dict[str, int]) -> None:
        self._number, self._cells, self._keys = number, cells, keys
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []

    def text(self, key: str) -> str:
        """What stands in a column."""
        column = self._keys.get(key, len(self._cells))
        return self._cells[column] if column < len(self._cells) else ""

    def answers(self) -> list[str]:
        """The answers, as far as there are any."""
        answers = [self.text(key) for key in sorted(self._keys) if key.isdigit()]
        while answers and not answers[-1]:
            answers.pop()
        return answers

    def row(self) -> Row:
        """The question that the row is."""
        answers = self.answers()
        right = self._right(answers)
        self._check_time()
        for n, answer in enumerate(answers, 1):
            if not answer:
                self._wrong(str(n), "Phương án %(number)s trống nhưng phương án sau nó có chữ.",
                            "Điền phương án này hoặc dồn các phương án lên.", number=n)  # fmt: skip
        stem = {"vi": self.text("question")} if self.text("question") else {}
        values: dict[str, Any] = {"kind": "several" if len(right) > 1 else "one", "stem": stem}
        if said := truths(answers):
            values = {"kind": "truefalse", "stem": stem, **({"answer": said[right[0]]} if len(right) == 1 else {})}
        else:
            values["options"] = [
                {"vi": answer, **({"right": True} if n in right else {})} for n, answer in enumerate(answers)
            ]
        return Row(str(self._number), values, tuple(self.problems))

    def _right(self, answers: Sequence[str]) -> list[int]:
        """The right answers, counted from 0."""
        said = self.text("correct")
        if not said:
            self._wrong("correct", "Chưa ghi đáp án đúng.", "Ghi số của phương án đúng, ví dụ 2 hoặc 1,3.")
            return []
        numbers = re.fullmatch(r"\d(?:\s*[,;]\s*\d)*[,;]?", said)
        changed = re.fullmatch(r"\d+\.\d+|\d{4}-\d\d-\d\d|[1-6]{2,6}", said)
        right = list(dict.fromkeys(int(one) - 1 for one in re.findall(r"\d", said)))
        if changed:
            self._wrong("correct", "Đáp án «%(value)s» đã bị chương trình bảng tính đổi thành số hoặc ngày.",
                        "Đặt ô ở dạng chữ (Text) rồi ghi lại, ví dụ 1,3.", value=said)  # fmt: skip
        elif not numbers or not all(0 <= n < len(answers) and answers[n] for n in right):
            self._wrong("correct", "Đáp án «%(value)s» không chỉ vào phương án nào.",
                        "Ghi số của phương án đúng, ví dụ 2 hoặc 1,3.", value=said[:60])  # fmt: skip
        else:
            return right
        return []

    def _check_time(self) -> None:
        said = self.text("time")
        seconds = float(said) if re.fullmatch(r"\d{1,6}(\.\d+)?", said) else None
        if seconds is not None and seconds not in TIMES:
            nearest = min(TIMES, key=lambda one: (abs(one - seconds), -one))
            details: dict[str, str | int] = {"seconds": said, "nearest": nearest}
            message = "Kahoot không có thời gian %(seconds)s giây; gần nhất là %(nearest)s giây."
            self.notes.append(Problem(self._where("time"), message, details))

    def _where(self, key: str) -> str:
        return f"{column_letters(self._keys[key])}{self._number}"

    def _wrong(self, key: str, message: str, remedy: str, **details: str | int) -> None:
        self.problems.append(Problem(self._where(key), message, details, remedy))


def truths(answers: Sequence[str]) -> list[bool]:
    """What two answers say where they are true and false, in their order; nothing otherwise."""
    words = [fold(answer) for answer in answers]
    known = {**{fold(w): True for w in (TRUE.vi, TRUE.en)}, **{fold(w): False for w in (FALSE.vi, FALSE.en)}}
    found = [known[word] for word in words if word in known]
    return found if len(words) == 2 and len(found) == 2 and found[0] != found[1] else []


# ── Writing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def holds(question: Question) -> bool:
    """One or several of at most four answers, or true and false; with texts that fit."""
    fits = 2 <= len(question.options) <= ANSWERS and all(len(o.vi) <= LONGEST_ANSWER for o in question.options)
    return question.kind in ("one", "several", "truefalse") and fits and bool(_stem(question))


def losses(question: Question) -> list[str]:
    """What a Kahoot does not have of a question, or why it has nothing of it."""
    if question.kind not in ("one", "several", "truefalse"):
        return ["cả câu hỏi: Kahoot không có loại câu này"]
    if len(question.options) > ANSWERS:
        return ["cả câu hỏi: nhiều hơn 4 phương án"]
    if any(len(option.vi) > LONGEST_ANSWER for option in question.options):
        return ["cả câu hỏi: có phương án dài hơn 75 ký tự"]
    if not _stem(question):
        return ["cả câu hỏi: câu hỏi và câu ngắn đều dài hơn 120 ký tự"]
    shortened = (
        ["câu hỏi dài hơn 120 ký tự: câu ngắn được dùng thay"] if len(question.stem.vi) > LONGEST_QUESTION else []
    )
    return [*shortened, "mã, chủ đề, mức độ", "căn cứ và dữ kiện", "giải thích", "câu ngắn", "bản tiếng Anh"]


def write(questions: Sequence[Question], topics: Sequence[Topic]) -> bytes:
    """The questions as the template has them."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Kahoot")
        plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        exact = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top", "quote_prefix": True})
        head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#E6EDF7"})
        sheet.set_column(0, 0, 5)
        sheet.set_column(1, 1, 60)
        sheet.set_column(2, ANSWERS + 3, 26)
        sheet.write_string(1, 1, "Quiz template", head)
        for place, text in enumerate(_HEADINGS, 1):
            sheet.write_string(_HEADER_ROW, place, text, head)
        for n, question in enumerate(filter(holds, questions), 1):
            row = _HEADER_ROW + n
            stem = _stem(question)
            sheet.write_number(row, 0, n)
            for place, text in enumerate((stem, *(option.vi for option in question.options)), 1):
                sheet.write_string(row, place, text, exact if columns.is_formula_like(text) else plain)
            sheet.write_number(row, ANSWERS + 2, SECONDS_OF_LONG if len(stem) > LONG else SECONDS)
            sheet.write_string(row, ANSWERS + 3, ",".join(str(number + 1) for number in question.key), plain)
    return file.getvalue()


def _stem(question: Question) -> str:
    """The words that fit: the question itself, or its short form; empty where neither does."""
    return next((words for words in (question.stem.vi, question.short.vi) if 0 < len(words) <= LONGEST_QUESTION), "")


FORMAT = Format("kahoot", "Bảng Excel của Kahoot", "xlsx", _MEDIA_TYPE, read, write, losses, holds)
