"""Our own table, in workbooks and CSV alike: its columns, the words in them, and a question as a row of cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quizapp.formats import tags
from quizapp.formats.upload import table
from quizapp.rules.question import Question
from quizapp.rules.words import fold

LETTERS = "ABCDEF"
_LONGEST_HEADING = 80

FORMULA_STARTS = "=+-@\t\r＝＋－＠"


@dataclass(frozen=True)
class Column:
    """One column: its key, its headings, and what it is called besides."""

    key: str
    vi: str
    en: str
    also: tuple[str, ...] = ()


_TEXTS = (
    Column("stem", "Câu hỏi", "Question", ("noi dung", "noi dung cau hoi", "stem", "text", "question text")),
    *(
        Column(letter, letter, letter, (f"phuong an {letter}", f"lua chon {letter}", f"option {letter}", f"option {n}",
               f"phuong an {n}", f"dap an {letter}", f"choice {letter}", f"answer {letter}"))
        for n, letter in enumerate(LETTERS, 1)
    ),
    Column("unit", "Đơn vị", "Unit", ("don vi tinh",)),
    Column("explanation", "Giải thích", "Explanation", ("loi giai thich", "loi giai", "feedback")),
    Column("short", "Câu ngắn", "Short form", ("cau hoi ngan", "rut gon", "short", "cau rut gon")),
)  # fmt: skip
_HEAD = (
    Column("id", "Mã", "Id", ("ma cau hoi", "ma cau", "code")),
    Column("topic", "Chủ đề", "Topic", ("linh vuc", "chuyen de", "category")),
    Column("kind", "Loại", "Kind", ("loai cau hoi", "dang cau hoi", "type", "question type")),
    Column("difficulty", "Mức độ", "Difficulty", ("do kho", "muc do kho", "level")),
    Column("scenario", "Tình huống", "Scenario"),
)
_ANSWER = Column("answer", "Đáp án", "Answer", ("dap an dung", "correct answer", "correct", "key", "correct answers"))
_TAIL = (
    Column("citations", "Căn cứ", "Legal basis", ("can cu phap ly", "can cu phap luat", "dieu luat", "citations")),
    Column("facts", "Dữ kiện", "Facts", ("ma du kien",)),
    Column("in_force_from", "Hiệu lực từ", "In force from", ("tu ngay",)),
    Column("in_force_to", "Hiệu lực đến", "In force to", ("den ngay",)),
)
_ENGLISH = tuple(Column(f"{c.key}_en", f"{c.vi}_en", f"{c.en}_en") for c in _TEXTS)
PROBLEMS = Column("problems", "Cần sửa", "To mend")  # on rows that were sent back; read by people only
COLUMNS = (*_HEAD, _TEXTS[0], *_TEXTS[1:7], _ANSWER, *_TEXTS[7:], *_TAIL, *_ENGLISH)

KINDS = {"one": "Một đáp án", "several": "Nhiều đáp án", "truefalse": "Đúng hay sai", "order": "Sắp xếp",
         "number": "Điền số"}  # fmt: skip
DIFFICULTIES = {"know": "Nhận biết", "understand": "Thông hiểu", "apply": "Vận dụng"}
YES, TRUE, FALSE = "có", "Đúng", "Sai"
_KIND_WORDS = {
    "one": ("one", "mot", "1 dap an", "mot lua chon", "single", "single choice", "one answer", "one correct"),
    "several": ("several", "nhieu", "nhieu lua chon", "multiple", "multiple answers", "several answers"),
    "truefalse": ("truefalse", "true/false", "true or false", "dung/sai", "dung sai", "dung - sai"),
    "order": ("order", "ordering", "sap xep thu tu", "thu tu"),
    "number": ("number", "so", "dien so nguyen", "numerical", "whole number"),
}  # fmt: skip
_DIFFICULTY_WORDS = {
    "know": ("know", "biet", "de", "easy", "1"),
    "understand": ("understand", "hieu", "trung binh", "medium", "2"),
    "apply": ("apply", "van dung cao", "kho", "hard", "3"),
}
ANY_CHOICE = {"trac nghiem", "lua chon", "multiple choice", "choice"}  # the answer shows how many are right
TRUE_WORDS = {"dung", "true", "t", "d", "yes", "co", "1", "x"}
FALSE_WORDS = {"sai", "false", "f", "s", "no", "khong", "0"}
KINDS_KNOWN = {fold(w): key for key, words in _KIND_WORDS.items() for w in (*words, KINDS[key])}
DIFFICULTIES_KNOWN = {fold(w): key for key, words in _DIFFICULTY_WORDS.items() for w in (*words, DIFFICULTIES[key])}


# ── Cells ───────────────────────────────────────────────────────────────────────────────────────────────────────


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet program could take the text for a formula, or for one that was made harmless."""
    return text.lstrip(" ")[:1] in (*FORMULA_STARTS, "'") if text else False


def cells(question: Question) -> dict[str, str]:
    """The question as texts by column."""
    return shown(table(question))


def shown(values: Mapping[str, Any]) -> dict[str, str]:
    """The table of a question, also of one that is not whole yet, as texts by column."""
    kind = str(values.get("kind", ""))
    row = {name: str(values.get(name, "")) for name in ("id", "topic")}
    row["kind"] = KINDS.get(kind, kind)
    row["difficulty"] = DIFFICULTIES.get(str(values.get("difficulty", "")), str(values.get("difficulty", "")))
    row["scenario"] = YES if values.get("scenario") is True else ""
    for name in ("citations", "facts"):
        row[name] = "; ".join(map(str, values.get(name, ())))
    for name in ("in_force_from", "in_force_to"):
        row[name] = str(values.get(name, ""))
    for name in ("stem", "short", "explanation", "unit"):
        words = values.get(name, {})
        row[name], row[f"{name}_en"] = words.get("vi", ""), words.get("en", "")
    options = values.get("options", [])
    for letter, option in zip(LETTERS, options, strict=False):
        row[letter], row[f"{letter}_en"] = option.get("vi", ""), option.get("en", "")
    row["answer"] = _answer(kind, values.get("answer", ""), options)
    return row


def losses(question: Question) -> list[str]:
    """What the table has no column for."""
    return tags.beyond(question)


def holds(question: Question) -> bool:
    """Every question with no more options than there are letters."""
    return len(question.options) <= len(LETTERS)


def _answer(kind: str, answer: object, options: Sequence[Mapping[str, Any]]) -> str:
    if isinstance(answer, bool):
        return TRUE if answer else FALSE
    if answer != "":
        return str(answer)
    if kind == "order":
        return LETTERS[: len(options)]
    return "".join(letter for letter, option in zip(LETTERS, options, strict=False) if option.get("right"))


# ── Headings ────────────────────────────────────────────────────────────────────────────────────────────────────


def heading(text: str) -> str | None:
    """The key of the column that a heading names, in either language."""
    return _NAMES.get(_plain_heading(text)) if len(text) <= _LONGEST_HEADING else None


def _plain_heading(text: str) -> str:
    words = re.sub(r"[*:?.]+", " ", fold(text))
    words = re.sub(
        r"[\s_(\-]+(en|vi|tieng anh|tieng viet|english|vietnamese)\)?\s*$", _language_suffix, " ".join(words.split())
    )
    return " ".join(words.split())


def _language_suffix(found: re.Match[str]) -> str:
    return "_en" if found[1] in ("en", "tieng anh", "english") else ""


_NAMES = {
    _plain_heading(name): column.key
    for column in (*_HEAD, *_TEXTS, _ANSWER, *_TAIL, *_ENGLISH, PROBLEMS)
    for name in (column.key, column.vi, column.en, *column.also)
} | {
    _plain_heading(f"{name}_en"): f"{column.key}_en"
    for column in _TEXTS
    for name in (column.vi, column.en, *column.also)
}


def column_letters(column: int) -> str:
    """The letters of a column counted from 0: A, B, … Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
