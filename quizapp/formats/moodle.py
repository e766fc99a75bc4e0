"""Moodle XML, in and out: what Moodle's own import and export know of our kinds of questions.

Both languages stand as Moodle's multi-language content; what has no field of its own stands in tags (`tags.py`). The
short form stands in an element of ours that Moodle passes over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from html import escape
from typing import Any
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape as escape_xml

from quizapp.formats import plain, tags, xml_guard
from quizapp.formats.plain import Plain
from quizapp.formats.upload import LONGEST_TEXT, BadFile, Format, Problem, Row, Upload, check_count, check_size
from quizapp.rules.bank import Topic
from quizapp.rules.question import LARGEST_NUMBER, Question, Text

_LONGEST_NAME = 255
_LONGEST_MARKED = 10 * LONGEST_TEXT  # with its marks
_LETTERS_OF_TRUE = frozenset({"true", "đúng", "dung", "t"})
_LETTERS_OF_FALSE = frozenset({"false", "sai", "f"})


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────


def read(data: bytes) -> Upload:
    """The questions of a Moodle XML file. Kinds that we do not have are named in the notes."""
    check_size(data)
    root = xml_guard.parse(data)
    if xml_guard.local(root) != "quiz":
        raise BadFile("Tệp XML này không phải tệp câu hỏi của Moodle (thiếu thẻ «quiz»).")
    conversion = xml_guard.mend(root)
    questions = [one for one in root.iter("question")]
    check_count(sum(one.get("type") != "category" for one in questions))
    rows: list[Row] = []
    notes: list[Problem] = []
    topic = ""
    for n, one in enumerate(questions, 1):
        if one.get("type", "").strip() == "category":
            topic = _category(one) or topic
            continue
        read_one = _Reading(one, str(n), notes)
        row = read_one.row(topic)
        if row is not None:
            rows.append(row)
    return Upload(tuple(rows), tuple(notes), conversion)


class _Reading:
    """One question while it is read; remembers what is wrong with it."""

    def __init__(self, question: Element, where: str, notes: list[Problem]) -> None:
        self.question = question
        self.type = question.get("type", "").strip().lower()
        self.where = where
        self.notes = notes
        self.problems: list[Problem] = []
        self.format = _child_format(question, "questiontext", "html")

    def row(self, topic: str) -> Row | None:
        shapes = {
            "multichoice": self._choices,
            "multichoiceset": self._choices,
            "truefalse": self._statement,
            "numerical": self._number,
            "shortanswer": self._number,
            "ordering": self._ordering,
        }
        name = self._name()
        if self.type not in shapes:
            self._note("Câu «%(name)s» thuộc loại «%(type)s» chưa hỗ trợ nên được bỏ qua.", name=name, type=self.type)
            return None
        stem = self._said(self.question.find("questiontext"))
        if self.question.find("questiontext") is None:
            stem = plain.from_any(_text(self.question)[:LONGEST_TEXT])
        if not stem:
            self._wrong("Câu hỏi không có nội dung.", "Viết nội dung câu hỏi trong Moodle rồi xuất lại.")
        shaped = shapes[self.type]()
        if shaped is None:  # a short answer in words
            self._note("Câu «%(name)s» thuộc loại «%(type)s» chưa hỗ trợ nên được bỏ qua.", name=name, type=self.type)
            return None
        labels = [_text(tag).strip() for tag in self.question.findall("./tags/tag")]
        values: dict[str, Any] = {"topic": topic} if topic else {}
        values |= {**tags.read(labels), "stem": _both(stem), **shaped}
        if explanation := self._said(self.question.find("generalfeedback")) or self._right_feedback():
            values["explanation"] = _both(explanation)
        if idnumber := (self.question.findtext("idnumber") or "").strip():
            values["id"] = plain.one_line(idnumber)
        if short := self._said(self.question.find("short")):
            values["short"] = _both(short)
        if self.question.find(".//file") is not None or self.question.find("image_base64") is not None:
            self._note("Tệp, ảnh kèm theo câu «%(name)s» không được nhập.", name=name)
        return Row(self.where, values, tuple(self.problems))

    # What is asked for and answered, by type

    def _choices(self) -> dict[str, Any]:
        answers = self._answers()
        rights = [fraction > 0 for _, fraction, _ in answers]
        single = (self.question.findtext("single") or "true").strip().lower() not in ("false", "0", "")
        if single and self.type == "multichoice":
            rights = [fraction >= 100 for _, fraction, _ in answers]
            if any(0 < fraction < 100 for _, fraction, _ in answers):
                self._note("Phương án được một phần điểm được coi là sai.")
        if sum(rights) == 0:
            self._wrong("Không có phương án nào được trọn điểm.", "Cho đúng một phương án trọn điểm.")
        elif single and sum(rights) > 1 and self.type == "multichoice":
            self._wrong(
                "Câu một đáp án có %(count)s phương án được trọn điểm.",
                "Cho đúng một phương án trọn điểm, hoặc đổi thành câu nhiều đáp án.",
                count=sum(rights),
            )
        several = sum(rights) > 1
        if not single and not several:
            self._note("Câu nhiều đáp án chỉ có một phương án đúng: được nhập thành câu một đáp án.")
        options = [
            {**_both(text), "right": True} if right else _both(text)
            for (text, _, _), right in zip(answers, rights, strict=True)
        ]
        return {"kind": "several" if several else "one", "options": options}

    def _statement(self) -> dict[str, Any]:
        answers = self._answers()
        said = [text.vi.lower().rstrip(".") for text, _, _ in answers]
        for n, (_, fraction, _) in enumerate(answers):
            if fraction >= 100:
                known = said[n] in _LETTERS_OF_TRUE or said[n] in _LETTERS_OF_FALSE
                return {"kind": "truefalse", "answer": said[n] in _LETTERS_OF_TRUE if known else n == 0}
        self._wrong("Không có phương án nào được trọn điểm.", "Cho đúng một phương án trọn điểm.")
        return {"kind": "truefalse"}

    def _number(self) -> dict[str, Any] | None:
        said = [(_whole(text.vi), fraction, answer) for text, fraction, answer in self._answers()]
        right = [(number, answer) for number, fraction, answer in said if fraction > 0]
        if self.type == "shortanswer" and (not right or any(number is None for number, _ in right)):
            return None
        full = {number for number, fraction, _ in said if fraction >= 100}
        tolerances = {(answer.findtext("tolerance") or "0").strip() for _, answer in right}
        values: dict[str, Any] = {"kind": "number"}
        if len(full) != 1 or None in full:
            self._wrong("Đáp án phải là đúng một số nguyên.", "Sửa đáp án thành một số nguyên có tối đa tám chữ số.")
        elif any(_decimal(text) != 0 for text in tolerances):
            self._wrong("Đáp án số có sai số cho phép.", "Đặt sai số bằng 0 rồi xuất lại: đáp án phải là số nguyên.")
        else:
            values["answer"] = full.pop()
        units = [plain.one_line(unit.findtext("unit_name") or "") for unit in self.question.findall("./units/unit")]
        if units and units[0]:
            values["unit"] = {"vi": units[0], "en": units[1] if len(units) > 1 else units[0]}
        return values

    def _ordering(self) -> dict[str, Any]:
        answers = self._answers()
        places = [fraction for _, fraction, _ in answers]
        if len(set(places)) == len(places):
            answers = sorted(answers, key=lambda answer: answer[1])
        return {"kind": "order", "options": [_both(text) for text, _, _ in answers]}

    def _answers(self) -> list[tuple[Plain, float, Element]]:
        """Every answer that says something: its text, how much of the marks it gives, and itself."""
        found = []
        for answer in self.question.findall("answer"):
            raw = answer.findtext("text")
            text = self._said(answer) if raw is not None else plain.from_any((answer.text or "")[:LONGEST_TEXT])
            fraction = _decimal(answer.get("fraction", answer.findtext("fraction") or "0"))
            if "fraction" not in answer.attrib and fraction == 1:
                fraction = Decimal(100)  # an old file says it as a share
            if text:
                found.append((text, float(fraction or 0), answer))
        return found

    def _right_feedback(self) -> Plain | None:
        full = [one for one in self.question.findall("answer") if (_decimal(one.get("fraction", "0")) or 0) >= 100]
        said = self._said(full[0].find("feedback")) if full and self.type != "ordering" else None
        return said or None

    def _said(self, element: Element | None) -> Plain:
        """The text of an element in the format that it states, by default that of the question."""
        if element is None:
            return Plain()
        raw, stated = _text(element), (element.get("format") or self.format).strip()
        if len(raw) > _LONGEST_MARKED:
            self._wrong("Có đoạn chữ dài quá 40.000 ký tự.", "Rút gọn nội dung rồi xuất lại.")
            return Plain()
        if self.type in ("truefalse", "numerical", "shortanswer") and element.tag == "answer":
            return plain.from_text(raw)
        if stated == "plain_text":
            return plain.from_text(raw)
        found = plain.from_markdown(raw) if stated == "markdown" else plain.from_html(raw)
        if found.files and element.find("file") is None:
            self._note("Tệp, ảnh kèm theo câu «%(name)s» không được nhập.", name=self._name())
        return found

    def _name(self) -> str:
        return plain.from_any(_text(self.question.find("name"))[:_LONGEST_NAME]).vi

    def _note(self, message: str, **details: str | int) -> None:
        note = Problem(self.where, message, details)
        if note not in self.notes:
            self.notes.append(note)

    def _wrong(self, message: str, remedy: str, **details: str | int) -> None:
        self.problems.append(Problem(self.where, message, details, remedy))


def _category(question: Element) -> str:
    """The topic that a category stands for: our own slug in its id, or the last part of its path."""
    if slug := (question.findtext("idnumber") or "").strip():
        return slug
    path = _text(question.find("category")).strip().replace("//", "\0")
    parts = [part.replace("\0", "/").strip() for part in path.split("/")]
    known = [part for part in parts if part and part != "top" and not re.fullmatch(r"\$\w+\$", part)]
    return plain.from_any(known[-1][:_LONGEST_NAME]).vi if known else ""


def _text(element: Element | None) -> str:
    """What stands in the `text` of an element, or in itself in old files."""
    if element is None:
        return ""
    inner = element.find("text")
    return (inner.text if inner is not None else element.text) or ""


def _child_format(question: Element, name: str, default: str) -> str:
    child = question.find(name)
    return default if child is None else child.get("format") or default


def _both(said: Plain) -> dict[str, str]:
    return dict(said.texts)


def _decimal(text: str) -> Decimal | None:
    try:
        made = Decimal(text.strip().replace(",", ".").rstrip("%"))
    except InvalidOperation:
        return None
    return made if made.is_finite() else None


def _whole(text: str) -> int | None:
    """The whole number that a text is, as Moodle writes numbers (`15`, `15.0`)."""
    if len(text) > 20 or (number := _decimal(text)) is None or abs(number) > LARGEST_NUMBER:
        return None
    return int(number) if number == number.to_integral_value() else None


# ── Writing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def write(questions: Sequence[Question], topics: Sequence[Topic]) -> bytes:
    """A file that Moodle imports: one category per topic."""
    names = {topic.slug: topic.name.vi for topic in topics}
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    before = None
    for question in sorted(questions, key=lambda one: (one.topic, one.id)):
        if question.topic != before:
            before = question.topic
            lines += _category_lines(before, names.get(before, before))
        lines += _question_lines(question)
    return "\n".join([*lines, "</quiz>", ""]).encode()


def losses(question: Question) -> list[str]:
    """What Moodle does not keep of a question."""
    lost = tags.beyond(question)
    if any(len(tag) > tags.LONGEST for tag in tags.of(question)):
        lost.append("căn cứ hoặc chủ đề dài hơn 50 ký tự")
    return lost


def holds(question: Question) -> bool:
    """Moodle has every kind of question that we have."""
    return True


def _question_lines(question: Question) -> Iterator[str]:
    types = {"one": "multichoice", "several": "multichoice", "number": "numerical", "order": "ordering"}
    name = (question.short.vi or question.id)[:_LONGEST_NAME]
    yield f'  <question type="{types.get(question.kind, question.kind)}">'
    yield f"    <name><text>{escape_xml(name)}</text></name>"
    yield _element("questiontext", _marked(question.stem, "p"))
    yield _element("generalfeedback", _marked(question.explanation, "p"))
    yield "    <defaultgrade>1</defaultgrade>"
    yield f"    <penalty>{'1' if question.kind == 'truefalse' else '0.3333333'}</penalty>"
    yield "    <hidden>0</hidden>"
    yield f"    <idnumber>{escape_xml(question.id)}</idnumber>"
    yield from _answer_lines(question)
    yield _element("short", _marked(question.short))  # Moodle has no such field and passes over it
    yield "    <tags>"
    for tag in tags.of(question):
        yield f"      <tag><text>{escape_xml(tag)}</text></tag>"
    yield "    </tags>"
    yield "  </question>"


def _answer_lines(question: Question) -> Iterator[str]:
    if question.kind == "truefalse":
        for n, word in enumerate(("true", "false")):
            yield _answer("100" if question.key == (n,) else "0", word, "moodle_auto_format")
    elif question.kind == "number":
        yield _answer("100", str(question.key[0]), "moodle_auto_format", "<tolerance>0</tolerance>")
        yield from _unit_lines(question.unit or Text("", ""))
    elif question.kind == "order":
        yield "    <layouttype>VERTICAL</layouttype>"
        yield "    <selecttype>ALL</selecttype>"
        yield "    <selectcount>0</selectcount>"
        yield "    <gradingtype>ALL_OR_NOTHING</gradingtype>"
        yield "    <showgrading>SHOW</showgrading>"
        yield "    <numberingstyle>none</numberingstyle>"
        yield from _overall_feedback()
        for place, number in enumerate(question.key, 1):
            yield _answer(f"{place}.0000000", _marked(question.options[number]), "html")
    else:
        yield f"    <single>{'true' if question.kind == 'one' else 'false'}</single>"
        yield "    <shuffleanswers>true</shuffleanswers>"
        yield "    <answernumbering>ABCD</answernumbering>"
        yield "    <showstandardinstruction>0</showstandardinstruction>"
        yield from _overall_feedback()
        part = f"{100 / len(question.key):.7g}"
        wrong = "0" if question.kind == "one" else "-100"  # choosing everything earns nothing
        for number, option in enumerate(question.options):
            yield _answer(part if number in question.key else wrong, _marked(option), "html")


def _overall_feedback() -> Iterator[str]:
    for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        yield _element(name, "")


def _unit_lines(unit: Text) -> Iterator[str]:
    names = list(dict.fromkeys(name for name in (unit.vi, unit.en) if name))
    if names:
        yield "    <units>"
        for name in names:
            yield f"      <unit><multiplier>1</multiplier><unit_name>{escape_xml(name)}</unit_name></unit>"
        yield "    </units>"
    yield "    <unitgradingtype>0</unitgradingtype>"
    yield "    <unitpenalty>0.1</unitpenalty>"
    yield f"    <showunits>{'0' if names else '3'}</showunits>"
    yield "    <unitsleft>0</unitsleft>"


def _answer(fraction: str, text: str, format: str, more: str = "") -> str:
    feedback = '<feedback format="html"><text></text></feedback>'
    return f'    <answer fraction="{fraction}" format="{format}"><text>{_cdata(text)}</text>{feedback}{more}</answer>'


def _category_lines(slug: str, name: str) -> Iterator[str]:
    yield '  <question type="category">'
    yield f"    <category><text>$course$/top/{escape_xml(name.replace('/', '//'))}</text></category>"
    yield '    <info format="html"><text></text></info>'
    yield f"    <idnumber>{escape_xml(slug)}</idnumber>"
    yield "  </question>"


def _element(name: str, marked: str) -> str:
    return f'    <{name} format="html"><text>{_cdata(marked)}</text></{name}>'


def _marked(text: Text, around: str = "") -> str:
    """A text in HTML, in both languages where it has both."""
    if text.en and text.en != text.vi:
        parts = [
            f'<span lang="{language}" class="multilang">{escape(said, quote=False)}</span>'
            for language, said in (("vi", text.vi), ("en", text.en))
        ]
        made = "".join(parts)
    else:
        made = escape(text.vi, quote=False)
    return f"<{around}>{made}</{around}>" if around else made


def _cdata(text: str) -> str:
    """Text for XML; marked text as CDATA, as Moodle writes it."""
    if not re.search(r"[<&>]", text):
        return text
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


FORMAT = Format(
    name="moodle",
    title="Moodle XML",
    extension="xml",
    media_type="application/xml",
    read=read,
    write=write,
    losses=losses,
    holds=holds,
)
