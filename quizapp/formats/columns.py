"""Our own table, in workbooks and CSV alike: its columns, a question as a row of cells, and a row as a question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from quizapp.formats.upload import MOST_COLUMNS, BadFile, Problem, Row, Upload, check_count, table
from quizapp.rules.law import parse_citation
from quizapp.rules.question import Question
from quizapp.rules.words import fold

LETTERS = "ABCDEF"
HEADER_WITHIN = 30  # rows in which the header must stand
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
               f"phuong an {n}", f"dap an {letter}", f"choice {letter}"))
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
_ANY_CHOICE = {"trac nghiem", "lua chon", "multiple choice", "choice"}  # the answer shows how many are right
_TRUE_WORDS = {"dung", "true", "t", "d", "yes", "co", "1", "x"}
_FALSE_WORDS = {"sai", "false", "f", "s", "no", "khong", "0"}

_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])


# ── Cells ───────────────────────────────────────────────────────────────────────────────────────────────────────


def clean(text: str) -> str:
    """What somebody meant to type in a cell: on one line, without stray spaces and letters that nobody sees."""
    return " ".join(text.translate(_INVISIBLE).split())


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet program could take the text for a formula, or for one that was made harmless."""
    return text.lstrip(" ")[:1] in (*FORMULA_STARTS, "'") if text else False


def cells(question: Question) -> dict[str, str]:
    """The question as texts by column."""
    values = table(question)
    row = {name: str(values.get(name, "")) for name in ("id", "topic")}
    row["kind"] = KINDS[question.kind]
    row["difficulty"] = DIFFICULTIES[question.difficulty]
    row["scenario"] = YES if question.scenario else ""
    row["citations"], row["facts"] = "; ".join(question.citations), "; ".join(question.facts)
    for name in ("in_force_from", "in_force_to"):
        row[name] = values[name].isoformat() if name in values else ""
    for name in ("stem", "short", "explanation", "unit"):
        words = values.get(name, {})
        row[name], row[f"{name}_en"] = words.get("vi", ""), words.get("en", "")
    options = values.get("options", [])
    for letter, option in zip(LETTERS, options, strict=False):
        row[letter], row[f"{letter}_en"] = option["vi"], option["en"]
    row["answer"] = _answer_shown(question, values, options)
    return row


def losses(question: Question) -> list[str]:
    """What the table has no column for."""
    known = {"stem", "short", "options", "explanation", "unit", "answer"} | {c.key for c in (*_HEAD, *_TAIL)}
    return ["Số liệu thay đổi của họ câu hỏi"] if set(table(question)) - known else []


def holds(question: Question) -> bool:
    """Every question with no more options than there are letters."""
    return len(question.options) <= len(LETTERS)


def _answer_shown(question: Question, values: Mapping[str, Any], options: Sequence[Mapping[str, Any]]) -> str:
    if question.kind == "number":
        return str(values["answer"])
    if question.kind == "truefalse":
        return TRUE if values["answer"] else FALSE
    if question.kind == "order":
        return LETTERS[: len(options)]
    return "".join(letter for letter, option in zip(LETTERS, options, strict=False) if option.get("right"))


# ── Headings ────────────────────────────────────────────────────────────────────────────────────────────────────


def heading(text: str) -> str | None:
    """The key of the column that a heading names, in either language."""
    return _NAMES.get(_plain_heading(text))


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
    for column in (*_HEAD, *_TEXTS, _ANSWER, *_TAIL, *_ENGLISH)
    for name in (column.key, column.vi, column.en, *column.also)
} | {
    _plain_heading(f"{name}_en"): f"{column.key}_en"
    for column in _TEXTS
    for name in (column.vi, column.en, *column.also)
}


# ── Rows ────────────────────────────────────────────────────────────────────────────────────────────────────────


def upload(rows: Sequence[tuple[int, Sequence[str]]]) -> Upload:
    """The questions of a table, whose rows come with their numbers; refuses one without our headings."""
    place, found = _header(rows)
    head = rows[place][1]
    notes = []
    keys: dict[int, str] = {}
    for column, (text, key) in enumerate(zip(head, found, strict=True)):
        where = f"{column_letters(column)}{rows[place][0]}"
        if key is None and text:
            notes.append(Problem(where, "Cột «%(name)s» không có trong mẫu nên được bỏ qua.", {"name": text[:60]}))
        elif key is not None and key in keys.values():
            notes.append(Problem(where, "Có hai cột «%(name)s»; chỉ cột đầu được đọc.", {"name": text[:60]}))
        elif key is not None:
            keys[column] = key
    read = [_row(number, row, keys) for number, row in rows[place + 1 :] if any(row) and not _repeats_header(row, keys)]
    check_count(len(read))
    if not read:
        raise BadFile("Tệp chưa có câu hỏi nào dưới dòng tiêu đề. Vui lòng điền câu hỏi rồi tải lên lại.")
    return Upload(tuple(read), tuple(notes))


def column_letters(column: int) -> str:
    """The letters of a column counted from 0: A, B, … Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _header(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, list[str | None]]:
    """Which row is the header, and what its columns are."""
    best, found = -1, []
    for place, (_, row) in enumerate(rows[:HEADER_WITHIN]):
        keys = [heading(text) if text else None for text in row]
        if "stem" in keys and len(set(keys) - {None}) > len(set(found) - {None}):
            best, found = place, keys
    if not {"answer", "A"} & set(found):
        raise BadFile(
            "Không tìm thấy dòng tiêu đề có cột «Câu hỏi», «A», «B» và «Đáp án». Vui lòng tải tệp mẫu và điền theo mẫu."
        )
    if len(rows[best][1]) > MOST_COLUMNS:
        raise BadFile("Bảng có hơn 50 cột. Vui lòng xóa các cột không có trong mẫu.")
    return best, found


def _repeats_header(row: Sequence[str], keys: Mapping[int, str]) -> bool:
    """Whether the row says the headings once more, in the other language."""
    named = [heading(text) == keys.get(column) for column, text in enumerate(row) if text and column in keys]
    return len(named) > 2 and all(named)


class _Reading:
    """One row while it is read: its texts by column, and what is wrong with it."""

    def __init__(self, number: int, row: Sequence[str], keys: Mapping[int, str]) -> None:
        self.number = number
        self.places = {key: column_letters(column) for column, key in keys.items()}
        self.texts = {key: row[column] for column, key in keys.items() if column < len(row)}
        self.problems: list[Problem] = []

    def text(self, key: str) -> str:
        return self.texts.get(key, "")

    def add(self, key: str, message: str, remedy: str, **details: str | int) -> None:
        where = f"{self.places.get(key, '')}{self.number}"
        self.problems.append(Problem(where, message, details, remedy))


def _row(number: int, row: Sequence[str], keys: Mapping[int, str]) -> Row:
    reading = _Reading(number, row, keys)
    values: dict[str, Any] = {name: reading.text(name) for name in ("id", "topic") if reading.text(name)}
    options = _options(reading)
    kind = _kind(reading, options)
    if kind:
        values["kind"] = kind
    if level := _known(reading, "difficulty", _DIFFICULTIES_KNOWN):
        values["difficulty"] = level
    if fold(reading.text("scenario")) in _TRUE_WORDS:
        values["scenario"] = True
    for name in ("stem", "short", "explanation", "unit"):
        if words := _both(reading, name):
            values[name] = words
    if reading.text("citations"):
        values["citations"] = citations(reading.text("citations"))
    if reading.text("facts"):
        values["facts"] = [one for one in re.split(r"[;,\s]+", reading.text("facts")) if one]
    for name in ("in_force_from", "in_force_to"):
        if (day := _day(reading, name)) is not None:
            values[name] = day
    values |= _answered(reading, kind, options)
    return Row(str(number), values, tuple(reading.problems))


def _both(reading: _Reading, name: str) -> dict[str, Any]:
    both = {"vi": reading.text(name), "en": reading.text(f"{name}_en")}
    return {language: words for language, words in both.items() if words}


def _options(reading: _Reading) -> list[dict[str, Any]]:
    options = [_both(reading, letter) for letter in LETTERS]
    while options and not options[-1]:
        options.pop()
    for letter, option in zip(LETTERS, options, strict=False):
        if not option:
            reading.add(
                letter,
                "Phương án %(letter)s trống nhưng phương án sau nó có chữ.",
                "Điền phương án %(letter)s hoặc dồn các phương án lên.",
                letter=letter,
            )
    return options


def _kind(reading: _Reading, options: Sequence[Mapping[str, Any]]) -> str:
    """The kind that the row names, or the one that its answer shows where it names none."""
    if reading.text("kind") and fold(reading.text("kind")) not in _ANY_CHOICE:
        return _known(reading, "kind", _KINDS_KNOWN)
    answer = fold(reading.text("answer"))
    if not options:
        return "truefalse" if answer in _TRUE_WORDS | _FALSE_WORDS and not answer.isdigit() else "number"
    return "several" if len(set(re.findall(r"[a-f1-6]", answer))) > 1 and _LETTERED.fullmatch(answer) else "one"


_LETTERED = re.compile(r"[a-f1-6](?:[\s,;/&+]*(?:va |and )?[a-f1-6])*")
_KINDS_KNOWN = {fold(w): key for key, words in _KIND_WORDS.items() for w in (*words, KINDS[key])}
_DIFFICULTIES_KNOWN = {fold(w): key for key, words in _DIFFICULTY_WORDS.items() for w in (*words, DIFFICULTIES[key])}
_LABELS: dict[str, Mapping[str, str]] = {"kind": KINDS, "difficulty": DIFFICULTIES}
_NOT_KNOWN = {
    "kind": ("Loại câu hỏi «%(value)s» không có.", "Chọn một trong các loại: %(known)s."),
    "difficulty": ("Mức độ «%(value)s» không có.", "Chọn một trong các mức độ: %(known)s."),
}


def _known(reading: _Reading, name: str, words: Mapping[str, str]) -> str:
    text = reading.text(name)
    if text and fold(text) not in words:
        reading.add(name, *_NOT_KNOWN[name], value=text[:60], known=", ".join(_LABELS[name].values()))
    return words.get(fold(text), "")


def _day(reading: _Reading, name: str) -> date | None:
    text = reading.text(name)
    if not text:
        return None
    form = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", text)
    parts = form.groups() if form else tuple(reversed(re.split(r"[/.\-]", text)))
    try:
        year, month, day = map(int, parts)
        return date(year, month, day)
    except ValueError:
        reading.add(name, "«%(value)s» không phải ngày.", "Viết ngày dạng 2025-07-01 hoặc 01/07/2025.", value=text[:60])
        return None


# ── Answers ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _answered(reading: _Reading, kind: str, options: list[dict[str, Any]]) -> dict[str, Any]:
    """What the answer adds to the values: `answer`, or `options` with those that are right, or in the right order."""
    answer = reading.text("answer")
    if kind == "number":
        number = whole_number(answer)
        if number is None and answer:
            reading.add("answer", "Đáp án «%(value)s» không phải số nguyên.", "Ghi một số nguyên, ví dụ 15.",
                        value=answer[:60])  # fmt: skip
        return {} if number is None else {"answer": number}
    if kind == "truefalse":
        return _truth(reading, answer, options)
    numbers = _numbers(reading, answer, options, kind)
    if kind == "order":
        if numbers and sorted(numbers) != list(range(len(options))):
            reading.add("answer", "Thứ tự «%(value)s» không gồm mỗi phương án đúng một lần.",
                        "Ghi đủ các chữ cái theo thứ tự đúng, ví dụ CABD.", value=answer[:60])  # fmt: skip
            numbers = []
        return {"options": [options[n] for n in numbers] or options} if options else {}
    for number in numbers:
        options[number]["right"] = True
    return {"options": options} if options else {}


def _truth(reading: _Reading, answer: str, options: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    words = fold(answer)
    if len(options) == 2 and words in ("a", "b"):
        words = fold(str(options[words == "b"].get("vi", "")))
    if words in _TRUE_WORDS or words in _FALSE_WORDS:
        return {"answer": words in _TRUE_WORDS}
    if words:
        reading.add(
            "answer", "Đáp án «%(value)s» không phải đúng hay sai.", "Ghi «Đúng» hoặc «Sai».", value=answer[:60]
        )
    return {}


def _numbers(reading: _Reading, answer: str, options: Sequence[Mapping[str, Any]], kind: str) -> list[int]:
    """The options that an answer names, by letters, by numbers, or by the words of one of them."""
    said = fold(answer)
    if not said:
        return []
    same = [n for n, option in enumerate(options) if answer and answer in (option.get("vi"), option.get("en"))]
    if len(same) == 1 and kind != "order":
        return same
    if re.fullmatch(r"\d+[.]\d+|\d{4}-\d\d-\d\d.*", said):
        reading.add("answer", "Đáp án «%(value)s» đã bị chương trình bảng tính đổi thành số hoặc ngày.",
                    "Đặt ô ở dạng chữ (Text) rồi ghi lại, ví dụ AC.", value=answer[:60])  # fmt: skip
        return []
    named = re.findall(r"[a-f]|\d+", re.sub(r"\b(va|and|dap an|phuong an)\b", " ", said))
    numbers = [int(one) - 1 if one.isdigit() else ord(one) - ord("a") for one in named]
    if not _LETTERED.fullmatch(said) or not all(0 <= n < len(options) for n in numbers):
        reading.add("answer", "Đáp án «%(value)s» không chỉ vào phương án nào.",
                    "Ghi chữ cái của phương án đúng, ví dụ A hoặc AC.", value=answer[:60])  # fmt: skip
        return []
    return list(dict.fromkeys(numbers))


def whole_number(text: str) -> int | None:
    """The whole number that a text is, also with points between the thousands; none for anything else."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    plain = re.sub(r"\.0+$", "", plain) if re.fullmatch(r"[+-]?\d+\.0{1,2}", plain) else plain
    if re.fullmatch(r"[+-]?\d{1,3}(?:[. ]\d{3})+|[+-]?\d{1,3}(?:,\d{3})+", plain):
        plain = re.sub(r"[., ]", "", plain)
    return int(plain) if re.fullmatch(r"[+-]?\d{1,12}", plain) else None


# ── Legal basis ─────────────────────────────────────────────────────────────────────────────────────────────────

_PARTS: tuple[tuple[str, Callable[[str], str]], ...] = (
    (r"\b[Đđ]iều\s+(\d{1,3})\b", "Điều {}".format),
    (r"\b[Kk]hoản\s+(\d{1,2})\b", " khoản {}".format),
    (r"\b[Đđ]iểm\s+([a-zđ])\b", " điểm {}".format),
)
_AROUND = re.compile(r"(?:của |luật số |luật |bảo hiểm xã hội|bhxh|năm |2024|41/2024/qh15|[,.\s])+", re.IGNORECASE)


def citations(text: str) -> list[str]:
    """The places in the law that a text names, each as the bank writes it: `điểm a khoản 1 Điều 64` is
    `Điều 64 khoản 1 điểm a`. What names no place stays as it is, to be shown."""
    return [_citation(one.strip()) for one in re.split(r"[;\n]", text) if one.strip()]


def _citation(text: str) -> str:
    if parse_citation(text):
        return text
    made, rest = "", text
    for form, written in _PARTS:
        if found := re.search(form, rest):
            made += written(found[1])
            rest = rest[: found.start()] + " " + rest[found.end() :]
    return made if parse_citation(made) and _AROUND.fullmatch(rest or " ") else text
