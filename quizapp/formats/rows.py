"""Our own table as questions: finds its header, reads its rows, and says what is wrong with each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from quizapp.formats import typed
from quizapp.formats.columns import (
    ANY_CHOICE,
    DIFFICULTIES,
    DIFFICULTIES_KNOWN,
    FALSE_WORDS,
    KINDS,
    KINDS_KNOWN,
    LETTERS,
    TRUE_WORDS,
    column_letters,
    heading,
)
from quizapp.formats.upload import LONGEST_TEXT, MOST_COLUMNS, BadFile, Problem, Row, Upload, check_count
from quizapp.rules.words import fold

_NUMBERING = ("stt", "tt", "so tt", "so thu tu", "no", "#")  # a column that nobody misses
HEADER_WITHIN = 30  # rows in which the header must stand


def upload(rows: Sequence[tuple[int, Sequence[str]]]) -> Upload:
    """The questions of a table, whose rows come with their numbers; refuses one without our headings."""
    place, found = _header(rows)
    head = rows[place][1]
    notes = []
    keys: dict[int, str] = {}
    for column, (text, key) in enumerate(zip(head, found, strict=True)):
        where = f"{column_letters(column)}{rows[place][0]}"
        if key is None and text and fold(text).rstrip(". ") not in _NUMBERING:
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


def _header(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, list[str | None]]:
    """Which row is the header, and what its columns are."""
    best = -1
    found: list[str | None] = []
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
        self.problems: list[Problem] = []
        self.unread: list[str] = []  # the columns whose text says nothing that the bank knows
        self.texts: dict[str, str] = {}
        for column, key in keys.items():
            self.texts[key] = row[column] if column < len(row) else ""
            if len(self.texts[key]) > LONGEST_TEXT:
                self.add(key, "Ô này dài hơn %(longest)s ký tự nên chỉ đọc phần đầu.", "Rút gọn chữ trong ô.",
                         longest=LONGEST_TEXT)  # fmt: skip
                self.texts[key] = self.texts[key][:LONGEST_TEXT]

    def text(self, key: str) -> str:
        return self.texts.get(key, "")

    def add(self, key: str, message: str, remedy: str, **details: str | int) -> None:
        where = f"{self.places.get(key, '')}{self.number}"
        if key not in LETTERS:
            self.unread.append(key)
        self.problems.append(Problem(where, message, details, remedy))


def _row(number: int, row: Sequence[str], keys: Mapping[int, str]) -> Row:
    reading = _Reading(number, row, keys)
    values: dict[str, Any] = {name: reading.text(name) for name in ("id", "topic") if reading.text(name)}
    options = _options(reading)
    kind = _kind(reading, options)
    if kind:
        values["kind"] = kind
    if level := _known(reading, "difficulty", DIFFICULTIES_KNOWN):
        values["difficulty"] = level
    if fold(reading.text("scenario")) in TRUE_WORDS:
        values["scenario"] = True
    for name in ("stem", "short", "explanation", "unit"):
        if words := _both(reading, name):
            values[name] = words
    if reading.text("citations"):
        values["citations"] = typed.citations(reading.text("citations"))
    if reading.text("facts"):
        values["facts"] = [one for one in re.split(r"[;,\s]+", reading.text("facts")) if one]
    for name in ("in_force_from", "in_force_to"):
        if (day := _day(reading, name)) is not None:
            values[name] = day
    values |= _answered(reading, kind, options)
    values |= {key: reading.text(key) for key in reading.unread}  # as typed, for the row that is sent back
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
    if reading.text("kind") and fold(reading.text("kind")) not in ANY_CHOICE:
        return _known(reading, "kind", KINDS_KNOWN)
    answer = fold(reading.text("answer"))
    if not options and not answer:
        return ""
    if not options:
        return "truefalse" if answer in TRUE_WORDS | FALSE_WORDS and not answer.isdigit() else "number"
    return "several" if len(set(re.findall(r"[a-f1-6]", answer))) > 1 and _LETTERED.fullmatch(answer) else "one"


_LETTERED = re.compile(r"[a-f1-6](?:[\s,;/&+]*(?:va |and )?[a-f1-6])*")
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
        number = typed.whole_number(answer)
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
    if words in TRUE_WORDS or words in FALSE_WORDS:
        return {"answer": words in TRUE_WORDS}
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
