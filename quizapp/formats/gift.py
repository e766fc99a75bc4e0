"""GIFT, Moodle's plain text: several kinds of questions with weights and feedback, ids and tags in comments.

Both languages stand as Moodle's multi-language content; the short form and the unit, for which GIFT has no place, stand
in comment lines of our own that others pass over.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape
from math import ceil, floor
from typing import Any

from quizapp.formats import charset, plain, tags
from quizapp.formats.plain import Plain
from quizapp.formats.upload import (
    LONGEST_TEXT,
    BadFile,
    Format,
    Problem,
    Row,
    Upload,
    check_count,
    check_lines,
    check_size,
)
from quizapp.rules.bank import Topic
from quizapp.rules.question import LARGEST_NUMBER, Question, Text

GAP = "_____"

_SPECIAL = "~=#{}:"
_HIDDEN = {"\\": "\ue000", "n": "\ue007"} | {sign: chr(0xE001 + n) for n, sign in enumerate(_SPECIAL)}
_SHOWN = {hidden: "\n" if sign == "n" else sign for sign, hidden in _HIDDEN.items()}
_ESCAPE = re.compile(r"\\([\\n~=#{}:])")
_HIDDEN_LETTER = re.compile("[\ue000-\ue007]")

_META = re.compile(r"\[(id|tag):((?:\\\]|[^\]])+)\]")
_OURS = re.compile(r"//\s*(short|unit)\.(vi|en) = (\".*\")\s*")
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]\s*", re.IGNORECASE)
_TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
_WEIGHT = re.compile(r"\s*%(-?\d+(?:\.\d+)?)%")
_TRUTH = re.compile(r"\s*(TRUE|FALSE|T|F)\s*(?:#.*)?", re.DOTALL | re.IGNORECASE)
_POSITIVE = r"\d{1,12}(?:\.\d{0,12})?"
_NUMBER = re.compile(
    rf"(?P<low>[+-]?{_POSITIVE})\s*(?:\.\.\s*(?P<high>[+-]?{_POSITIVE})|:\s*(?P<tolerance>{_POSITIVE}))?"
)
_MOST_OPTIONS = 30  # more are shown as a fault and not looked at
_WHOLE_SHARE = Decimal(2)  # how far from 100 % the weights of right answers may sum up


# ── Questions in the text ───────────────────────────────────────────────────────────────────────────────────────


@dataclass
class _Block:
    """The lines of one question, without comments, and what the comments before it say."""

    line: int = 0
    lines: list[str] = field(default_factory=list)
    category: str = ""
    id: str = ""
    tags: list[str] = field(default_factory=list)
    ours: dict[str, dict[str, str]] = field(default_factory=dict)
    open: int = 0  # answer blocks that have begun and not ended
    whole: bool = False  # there was an answer block, and it ended

    def add(self, line: str, number: int, category: str) -> None:
        """Take one more line of the question."""
        self.line = self.line or number
        self.category = category
        self.lines.append(line)
        plain_line = _ESCAPE.sub("", line)
        self.open += plain_line.count("{") - plain_line.count("}")
        self.whole = self.open <= 0 and (self.whole or "}" in plain_line)

    def comment(self, line: str) -> None:
        """Take what a comment says of the question."""
        if len(line) > LONGEST_TEXT:
            return
        for name, said in _META.findall(line):
            said = said.replace("\\]", "]").strip()
            if name == "id":
                self.id = said
            else:
                self.tags.append(said)
        if found := _OURS.fullmatch(line.strip()):
            try:
                self.ours.setdefault(found[1], {})[found[2]] = tomllib.loads(f"text = {found[3]}")["text"]
            except tomllib.TOMLDecodeError:
                return


def _blocks(text: str) -> Iterator[_Block]:
    """The questions of a file one by one. An empty line ends a question, unless its answers are still open and no new
    question begins."""
    category = ""
    block = _Block()
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        stripped = line.strip()
        if stripped.startswith("//"):
            if block.lines and block.open <= 0:
                yield block
                block = _Block()
            block.comment(stripped)
        elif stripped.upper().startswith("$CATEGORY:"):
            if block.lines:
                yield block
                block = _Block()
            category = stripped[len("$CATEGORY:") :].strip()
        elif stripped:
            begins = stripped.startswith("::") and _TITLE.match(stripped) is not None
            if block.lines and begins and (_is_after_gap(lines, number) or block.whole):
                yield block
                block = _Block()
            block.add(line, number, category)
        elif block.lines and block.open <= 0:
            yield block
            block = _Block()
    if block.lines:
        yield block


def _is_after_gap(lines: Sequence[str], number: int) -> bool:
    """Whether the line before a line is empty."""
    return number > 1 and not lines[number - 2].strip()


def _topic(category: str) -> str:
    """The last part of a category's path; `//` is a slash in a name."""
    parts = [part.replace("\0", "/").strip() for part in category.replace("//", "\0").split("/")]
    named = [part for part in parts if part and not part.startswith("$") and part != "top"]
    return plain.one_line(named[-1]) if named else ""


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────


def read(data: bytes) -> Upload:
    """The questions of a GIFT file. Kinds that we do not have are named in the notes."""
    check_size(data)
    text, conversion = charset.read(data)
    check_lines(text)
    text = _HIDDEN_LETTER.sub("", text)
    rows: list[Row] = []
    notes: list[Problem] = []
    for block in _blocks(text):
        reading = _Reading(block, notes)
        if (row := reading.row()) is not None:
            rows.append(row)
            check_count(len(rows))
    if not rows and not notes:
        raise BadFile("Tệp không có câu hỏi nào theo định dạng GIFT. Vui lòng chọn đúng loại tệp.")
    return Upload(tuple(rows), tuple(notes), conversion)


@dataclass(frozen=True)
class _Answer:
    """One answer: its words, how much of the points it gives, and the feedback to it."""

    text: str
    weight: Decimal
    feedback: str


class _Skip(Exception):
    """The question is of a kind that the bank does not have."""


class _Reading:
    """One question while it is read."""

    def __init__(self, block: _Block, notes: list[Problem]) -> None:
        self._block, self._notes = block, notes
        self._where = str(block.line)
        self._problems: list[Problem] = []
        self._format = "moodle"
        text = _ESCAPE.sub(lambda found: _HIDDEN[found[1]], "\n".join(block.lines)).strip()
        title = _TITLE.match(text)
        self._title = plain.one_line(_bare(title[1])) if title else ""
        self._text = text[title.end() :] if title else text

    def row(self) -> Row | None:
        """The question, or nothing where it is left out, which a note then says."""
        stem, answers, count = self._parts()
        said = self._said(stem)
        self._name = self._title or said.vi[:60]
        if count == 0:
            self._note("Câu «%(name)s» không có phần đáp án nên được bỏ qua.")
            return None
        if count > 1:
            self._wrong(
                "Câu hỏi có nhiều phần đáp án, hoặc dấu { và } không đi đôi.",
                "Chỉ để một phần đáp án trong { }; ngoặc là chữ thì viết \\{ và \\}.",
            )
            return Row(self._where, {"stem": _both(said)}, tuple(self._problems))
        answers, _, general = answers.partition("####")
        try:
            shaped, feedback = self._shaped(answers.strip())
        except _Skip as skip:
            self._note("Câu «%(name)s» thuộc loại «%(type)s» chưa hỗ trợ nên được bỏ qua.", type=str(skip))
            return None
        topic = _topic(self._block.category)
        values: dict[str, Any] = {"topic": topic} if topic else {}
        values |= tags.read(self._block.tags)
        if id := self._block.id or (self._title if re.fullmatch(r"[a-z0-9-]+-\d{3,4}", self._title) else ""):
            values["id"] = id
        values |= {"stem": _both(said), **shaped}
        if explanation := self._said(general) or self._said(feedback):
            values["explanation"] = _both(explanation)
        values |= {
            name: texts for name, texts in self._block.ours.items() if name != "unit" or shaped["kind"] == "number"
        }
        if said.files:
            self._note("Tệp, ảnh kèm theo câu «%(name)s» không được nhập.")
        return Row(self._where, values, tuple(self._problems))

    def _parts(self) -> tuple[str, str, int]:
        """The stem, with a gap where the answers stood inside it; the answers; and how many answer blocks there are."""
        if found := _FORMAT.match(self._text):
            self._format = found[1].lower()
            self._text = self._text[found.end() :]
        opened, closed = self._text.count("{"), self._text.count("}")
        if opened != closed or opened > 1 or self._text.find("}") < self._text.find("{"):
            return self._text, "", max(opened, closed, 2) if opened or closed else 0
        if not opened:
            return self._text, "", 0
        before, _, rest = self._text.partition("{")
        answers, _, after = rest.partition("}")
        if not after.strip():
            return before, answers, 1
        between = " " if before[-1:].isspace() else ""
        return f"{before.rstrip()}{between}{GAP}{after}", answers, 1

    def _shaped(self, answers: str) -> tuple[dict[str, Any], str]:
        """The kind with what belongs to it, and the feedback to the right answer."""
        if not answers:
            raise _Skip("tự luận")
        if truth := _TRUTH.fullmatch(answers):
            feedback = answers.partition("#")[2].split("#")
            right = truth[1].upper().startswith("T")
            return {"kind": "truefalse", "answer": right}, feedback[-1]
        if answers.count("~") + answers.count("=") > _MOST_OPTIONS:
            self._wrong("Câu hỏi có quá nhiều phương án.", "Giữ nhiều nhất sáu phương án.")
            return {"kind": "one"}, ""
        if answers.startswith("#"):
            return self._number(answers[1:])
        said = [_answer(one) for one in re.findall(r"[~=][^~=]*", answers)]
        if any("->" in one.text for one in said) and "~" not in answers:
            raise _Skip("ghép đôi")
        if "~" not in answers:
            numbers = {_whole(one.text) for one in said}
            if not said or None in numbers or len(numbers) != 1:
                raise _Skip("trả lời ngắn")
            return {"kind": "number", "answer": numbers.pop()}, said[0].feedback
        return self._choices(answers, said)

    def _choices(self, answers: str, said: Sequence[_Answer]) -> tuple[dict[str, Any], str]:
        full = [one for one in said if one.weight >= 100]
        partly = [one for one in said if 0 < one.weight < 100]
        right = full or partly
        if "=" in answers or len(full) == 1:
            if partly:
                self._note("Câu «%(name)s» có phương án được một phần điểm; phần điểm đó không được giữ.")
            if len(full) > 1:
                self._note("Câu «%(name)s» có nhiều phương án đúng nên được nhập thành câu nhiều đáp án.")
        elif right and abs(sum((one.weight for one in partly), Decimal(-100))) > _WHOLE_SHARE:
            self._wrong(
                "Điểm của các phương án đúng cộng lại không thành trọn điểm.", "Sửa số phần trăm sau dấu ~ cho đủ 100."
            )
        if not right:
            self._wrong("Chưa có phương án nào đúng.", "Ghi dấu = trước phương án đúng.")
        if sum(bool(one.feedback.strip()) for one in said) > 1:
            self._note("Nhận xét riêng cho từng phương án của câu «%(name)s» không được nhập.")
        options = [{**_both(self._said(one.text)), **({"right": True} if one in right else {})} for one in said]
        kind = "several" if len(right) > 1 else "one"
        return {"kind": kind, "options": options}, right[0].feedback if right else ""

    def _number(self, answers: str) -> tuple[dict[str, Any], str]:
        listed = re.findall(r"=[^=]*", answers) if "=" in answers else ["=" + answers]
        full = [one for one in map(_answer, listed) if one.weight >= 100]
        found = {_within(one.text) for one in full}
        values: dict[str, Any] = {"kind": "number"}
        number = found.pop() if len(found) == 1 else None
        if number is None or abs(number) > LARGEST_NUMBER:
            self._wrong("Đáp án phải là đúng một số nguyên.", "Sửa đáp án thành một số nguyên có tối đa tám chữ số.")
        else:
            values["answer"] = number
        return values, full[0].feedback if full else ""

    def _said(self, text: str) -> Plain:
        """The text in its own format, or in that of the question."""
        found = _FORMAT.match(text)
        format = found[1].lower() if found else self._format
        raw = _bare(text[found.end() :] if found else text)
        reader = {"html": plain.from_html, "markdown": plain.from_markdown, "plain": plain.from_text}
        return reader.get(format, plain.from_any)(raw)

    def _wrong(self, message: str, remedy: str) -> None:
        self._problems.append(Problem(self._where, message, {}, remedy))

    def _note(self, message: str, **details: str | int) -> None:
        self._notes.append(Problem(self._where, message, {"name": self._name, **details}))


def _answer(text: str) -> _Answer:
    """One answer with its sign, as it stands in the block."""
    sign, rest = text[0], text[1:]
    weight = Decimal(100) if sign == "=" else Decimal(0)
    if found := _WEIGHT.match(rest):
        weight, rest = Decimal(found[1]), rest[found.end() :]
    words, _, feedback = rest.partition("#")
    return _Answer(words.strip(), weight, feedback)


def _within(text: str) -> int | None:
    """The one whole number that a number, a number with tolerance or a range admits."""
    found = _NUMBER.fullmatch(_bare(text).strip())
    if found is None:
        return None
    if found["high"]:
        least, most = Decimal(found["low"]), Decimal(found["high"])
    else:
        least = Decimal(found["low"]) - Decimal(found["tolerance"] or 0)
        most = Decimal(found["low"]) + Decimal(found["tolerance"] or 0)
    first, last = ceil(least), floor(most)
    return first if first == last else None


def _whole(text: str) -> int | None:
    words = _bare(text).strip()
    return int(words) if re.fullmatch(r"[+-]?\d{1,9}", words) else None


def _bare(text: str) -> str:
    """The text with what was escaped standing as it is meant."""
    return _HIDDEN_LETTER.sub(lambda found: _SHOWN[found[0]], text)


def _both(said: Plain) -> dict[str, str]:
    return {language: words for language, words in said.texts.items() if words}


# ── Writing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def holds(question: Question) -> bool:
    """Every kind but ordering."""
    return question.kind != "order"


def losses(question: Question) -> list[str]:
    """What GIFT does not keep of a question."""
    return tags.beyond(question) if holds(question) else ["cả câu hỏi: GIFT không có câu sắp xếp"]


def write(questions: Sequence[Question], topics: Sequence[Topic]) -> bytes:
    """The questions by topic, each topic a category."""
    blocks, before = [], None
    for question in sorted(filter(holds, questions), key=lambda one: one.topic):
        if question.topic != before:
            blocks.append(f"$CATEGORY: {question.topic}")
            before = question.topic
        blocks.append("\n".join(_lines(question)))
    return ("\n\n".join(blocks) + "\n").encode()


def _lines(question: Question) -> Iterator[str]:
    labels = [f"[id:{_in_brackets(question.id)}]", *(f"[tag:{_in_brackets(tag)}]" for tag in tags.of(question))]
    yield f"// {' '.join(labels)}"
    own: Mapping[str, Text | None] = {"short": question.short, "unit": question.unit}
    for name, text in own.items():
        if text is not None:
            yield f"// {name}.vi = {json.dumps(text.vi, ensure_ascii=False)}"
            yield f"// {name}.en = {json.dumps(text.en, ensure_ascii=False)}"
    yield f"::{_escaped(question.id)}::[html]{_marked(question.stem)}" + "{"
    yield from _answer_lines(question)
    yield f"####{_marked(question.explanation)}" + "}"


def _answer_lines(question: Question) -> Iterator[str]:
    if question.kind == "number":
        yield f"#{question.key[0]}:0"
    elif question.kind == "truefalse":
        yield "TRUE" if question.key == (0,) else "FALSE"
    else:
        share, rest = f"%{100 / len(question.key):.5f}".rstrip("0").rstrip(".") + "%", "%-100%"
        for number, option in enumerate(question.options):
            right = number in question.key
            sign = ("=" if right else "~") if question.kind == "one" else f"~{share if right else rest}"
            yield f"\t{sign}{_marked(option)}"


def _marked(text: Text) -> str:
    """Both languages as HTML, escaped."""
    if not text.en:
        return _escaped(escape(text.vi, quote=False))
    spans = (
        f'<span lang="{language}" class="multilang">{escape(words, quote=False)}</span>'
        for language, words in (("vi", text.vi), ("en", text.en))
    )
    return _escaped("".join(spans))


def _escaped(text: str) -> str:
    return re.sub(r"([\\~=#{}:])", r"\\\1", text).replace("\n", "\\n")


def _in_brackets(text: str) -> str:
    return text.replace("]", "\\]")


FORMAT = Format("gift", "GIFT", "gift", "text/plain", read, write, losses, holds)
