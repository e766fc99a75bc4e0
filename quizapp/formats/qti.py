"""QTI packages, in and out: 2.1, 2.2 and 3.0 are read, 2.1 and 3.0 are written; 1.2 is told apart and not guessed at.

The versions differ in names (`choiceInteraction`, `qti-choice-interaction`); both are read under one plain name. What
an item says in Vietnamese stands where candidates see it; the English, and the short form, stand in a rubric block for
authors; topic, difficulty, legal basis and facts are keywords in the metadata of the manifest (`tags.py`).
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

from quizapp.formats import plain, tags, xml_guard
from quizapp.formats.archive import Archive, open_checked
from quizapp.formats.upload import BadFile, Conversion, Format, Problem, Row, Upload, check_count, check_size
from quizapp.formats.xml_guard import BadXml, UnsafeXml
from quizapp.rules.bank import Topic
from quizapp.rules.question import LARGEST_NUMBER, Question, Text
from quizapp.rules.words import fold

MOST = 198  # items of one package: with its manifest and its test it has no more members than we open ourselves

_MANIFEST = "imsmanifest.xml"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_GAP = "_____"
_MEDIA = frozenset({"img", "object", "audio", "video", "picture", "math", "svg"})
_UNSEEN = frozenset(
    {"rubricblock", "feedbackblock", "feedbackinline", "templateblock", "templateinline", "stylesheet", "cataloginfo"}
    | {"infocontrol", "script", "style"}
)
_BLOCKS = frozenset(
    {"p", "div", "li", "ul", "ol", "br", "tr", "td", "th", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr"}
    | {"blockquote", "section", "prompt", "itembody", "dd", "dt"}
)
_PLAIN_MATCH = frozenset(
    {"responsecondition", "responseif", "responseelse", "responseelseif", "match", "variable", "correct"}
    | {"setoutcomevalue", "basevalue", "isnull", "not", "and", "or"}
)
_TRUTHS = {"true": True, "dung": True, "false": False, "sai": False}
_OLD = "Gói QTI 1.2 chưa được hỗ trợ. Vui lòng xuất lại theo QTI 2.1, 2.2 hoặc 3.0."


# ── Reading a package ───────────────────────────────────────────────────────────────────────────────────────────


def read(data: bytes) -> Upload:
    """The items of a QTI package, or of a single item file."""
    check_size(data)
    if not data.startswith(b"PK"):
        return _package({"": data}.__getitem__, [("", [])], [])
    archive = open_checked(data)
    notes: list[Problem] = []
    return _package(archive.read, _members(archive, notes), notes)


def _package(content: Callable[[str], bytes], members: Sequence[tuple[str, list[str]]], notes: list[Problem]) -> Upload:
    rows: list[Row] = []
    conversion: Conversion | None = None
    old = False
    check_count(len(members))
    for name, keywords in members:
        try:
            root = xml_guard.parse(content(name))
        except UnsafeXml:
            raise
        except BadXml as error:
            if not name:
                raise
            notes.append(Problem(name, error.sentence))
            continue
        conversion = xml_guard.mend(root) or conversion
        _plain_names(root)
        old = old or root.tag == "questestinterop"
        if root.tag == "assessmentitem":
            row = _Item(root, name or root.get("identifier", "1"), notes).row(keywords)
            if row is not None:
                rows.append(row)
    if not rows and not any(note.message == _SKIPPED for note in notes):
        raise BadFile(_OLD if old else "Tệp này không có câu hỏi QTI nào (2.1, 2.2 hoặc 3.0).")
    if old:
        notes.append(Problem("", _OLD))
    return Upload(tuple(rows), tuple(notes), conversion)


def _members(archive: Archive, notes: list[Problem]) -> list[tuple[str, list[str]]]:
    """The XML members that may be items, in the manifest's order, each with the keywords of its metadata."""
    found = [name for name in archive.names if posixpath.basename(name) == _MANIFEST]
    if not found:
        notes.append(Problem("", "Gói không có imsmanifest.xml: mọi tệp XML bên trong được xem thử."))
        return [(name, []) for name in archive.names if name.lower().endswith(".xml")]
    manifest = min(found, key=lambda name: name.count("/"))
    root = xml_guard.parse(archive.read(manifest))
    xml_guard.mend(root)
    _plain_names(root)
    members: dict[str, list[str]] = {}
    for resources in root.iter("resources"):
        for resource in resources.iter("resource"):
            base = [posixpath.dirname(manifest), resources.get(_BASE, ""), resource.get(_BASE, "")]
            name = posixpath.normpath(posixpath.join(*base, unquote(resource.get("href", ""))))
            if name in archive and name.lower().endswith(".xml"):
                members[name] = [plain.one_line("".join(word.itertext())) for word in resource.iter("keyword")]
            elif "item" in resource.get("type", ""):
                notes.append(Problem(name, "Gói thiếu tệp được nêu trong imsmanifest.xml."))
    return list(members.items())


def _plain_names(root: Element) -> None:
    """Give every element and attribute one name for all versions: `simplechoice` for `qti-simple-choice`."""
    for element in root.iter():
        element.tag = xml_guard.local(element).removeprefix("qti-").replace("-", "").lower()
        for name in [name for name in element.attrib if "-" in name or name != name.lower()]:
            if not name.startswith("{"):
                element.set(name.replace("-", "").lower(), element.attrib.pop(name))


# ── Reading an item ─────────────────────────────────────────────────────────────────────────────────────────────

_SKIPPED = "Câu «%(name)s» dùng dạng «%(type)s» chưa hỗ trợ nên được bỏ qua."


class _Item:
    """One item while it is read; remembers what is wrong with it."""

    def __init__(self, item: Element, where: str, notes: list[Problem]) -> None:
        self.item = item
        self.where = where
        self.notes = notes
        self.problems: list[Problem] = []
        self.name = plain.one_line(item.get("title") or item.get("identifier") or where)
        body = item.find("itembody")
        self.body = Element("itembody") if body is None else body
        self.seen = list(_visible(self.body))

    def row(self, keywords: list[str]) -> Row | None:
        interactions = [one for one in self.seen if one.tag.endswith("interaction")]
        if self.item.find("templatedeclaration") is not None:
            self._skip("templateDeclaration")
            return None
        if len(interactions) != 1:
            self._skip(", ".join(sorted({one.tag for one in interactions})) or "không có phần trả lời")
            return None
        (asked,) = interactions
        shapes = {
            "choiceinteraction": self._choices,
            "orderinteraction": self._ordering,
            "textentryinteraction": self._number,
        }
        if asked.tag not in shapes:
            self._skip(asked.tag)
            return None
        declared = self._declaration(asked.get("responseidentifier", "RESPONSE"))
        shaped = shapes[asked.tag](asked, declared)
        if shaped is None:
            self._skip(f"{asked.tag}, {declared.get('basetype', '')}")
            return None
        values: dict[str, Any] = {**tags.read(keywords), "stem": {"vi": self._stem(asked)}, **shaped}
        if not values["stem"]["vi"]:
            self._wrong("Câu hỏi không có nội dung.", "Viết nội dung câu hỏi trong hệ thống gốc rồi xuất lại.")
        if explanation := self._explanation():
            values["explanation"] = {"vi": explanation}
        values["id"] = self.item.get("identifier", "")
        self._add_authors_part(values, asked)
        self._look_at_marking()
        if any(one.tag in _MEDIA for one in self.seen):
            self._note("Ảnh, tệp hoặc công thức của câu «%(name)s» không được nhập.")
        return Row(self.where, values, tuple(self.problems))

    def _declaration(self, identifier: str) -> Element:
        for declared in self.item.findall("responsedeclaration"):
            if declared.get("identifier") == identifier:
                return declared
        return Element("responsedeclaration")

    def _right(self, declared: Element) -> list[str]:
        said = [plain.one_line(value.text or "") for value in declared.findall("./correctresponse/value")]
        if not said:
            self._wrong("Câu hỏi không khai báo đáp án đúng (correctResponse).", "Khai báo đáp án đúng rồi xuất lại.")
        return said

    def _choices(self, asked: Element, declared: Element) -> dict[str, Any]:
        options = self._options(asked)
        right = set(self._right(declared))
        words = [_TRUTHS.get(fold(text).strip(" .")) for text in options.values()]
        if len(options) == 2 and set(words) == {True, False} and len(right) == 1 and right <= options.keys():
            return {"kind": "truefalse", "answer": words[list(options).index(right.pop())]}
        if not right <= options.keys():
            self._wrong("Đáp án đúng không có trong các phương án.", "Sửa đáp án đúng rồi xuất lại.")
        single = asked.get("maxchoices", "1") == "1" or declared.get("cardinality") == "single"
        if single and len(right) > 1:
            self._wrong("Câu một đáp án có nhiều đáp án đúng.", "Sửa đáp án đúng, hoặc đổi thành câu nhiều đáp án.")
        elif not single and len(right) == 1:
            self._note("Câu «%(name)s» cho chọn nhiều nhưng chỉ có một đáp án đúng: được nhập thành câu một đáp án.")
        return {
            "kind": "several" if len(right) > 1 else "one",
            "options": [{"vi": text, **({"right": True} if id in right else {})} for id, text in options.items()],
        }

    def _ordering(self, asked: Element, declared: Element) -> dict[str, Any]:
        options = self._options(asked)
        order = self._right(declared)
        if order and sorted(order) != sorted(options):
            self._wrong("Thứ tự đúng không gồm đủ mọi phương án.", "Sửa thứ tự đúng rồi xuất lại.")
        ranks = {id: place for place, id in enumerate(order)}
        placed = sorted(options, key=lambda id: ranks.get(id, len(ranks)))
        return {"kind": "order", "options": [{"vi": options[id]} for id in placed]}

    def _number(self, asked: Element, declared: Element) -> dict[str, Any] | None:
        said = [_whole(text) for text in self._right(declared)]
        whole = bool(said) and None not in said
        if declared.get("basetype") != "integer" and not whole:
            return None
        values: dict[str, Any] = {"kind": "number"}
        if whole and len(set(said)) == 1:
            values["answer"] = said[0]
        elif said:
            self._wrong("Đáp án phải là đúng một số nguyên.", "Sửa đáp án thành một số nguyên có tối đa tám chữ số.")
        return values

    def _options(self, asked: Element) -> dict[str, str]:
        choices = [one for one in asked.iter("simplechoice")]
        options = {one.get("identifier", str(n)): _words(one) for n, one in enumerate(choices)}
        if len(options) < len(choices) or not all(options.values()):
            self._wrong("Có phương án trống hoặc trùng mã.", "Sửa các phương án rồi xuất lại.")
        return options

    def _stem(self, asked: Element) -> str:
        if asked.tag != "textentryinteraction":
            return _words(self.body)
        unit = [one for one in self.seen if one.get("class") == "unit"]
        ours = [one for one in self.seen if one.get("class") == "stem"]
        if ours:
            return _words(ours[0])
        text = _words(self.body, gap=_GAP, without=unit)
        alone = re.sub(rf"\s*{_GAP}$", "", text)
        return alone if alone.endswith(("?", ":", ".")) else text

    def _explanation(self) -> str:
        """What is said after answering: the one that explains, or is for the right answer, or says most."""
        said = {one.get("identifier", ""): _words(one) for one in self.item.findall("modalfeedback")}
        for wanted in ("explanation", "solution", "general", "correct", "right"):
            for name, text in said.items():
                if wanted in name.lower() and "incorrect" not in name.lower() and text:
                    return text
        return max(said.values(), key=len, default="")

    def _add_authors_part(self, values: dict[str, Any], asked: Element) -> None:
        """What an item of our own says only to its authors: the English, and the short form."""
        said: dict[tuple[str, str], str] = {}
        for block in self.body.iter("rubricblock"):
            if block.get("view") == "author" and "quiz-texts" in block.get("class", ""):
                said |= {(p.get("class", ""), p.get(_LANG, "")): _words(p) for p in block.iter("p")}
        for name in ("stem", "short", "explanation", "unit"):
            both = {language: said[name, language] for language in ("vi", "en") if (name, language) in said}
            if both:
                values[name] = {**values.get(name, {}), **both}
        ids = [one.get("identifier", "") for one in asked.iter("simplechoice")]
        english = {text["vi"]: said.get((f"option-{id}", "en")) for id, text in self._by_id(asked, ids)}
        for option in values.get("options", ()):
            if english.get(option["vi"]):
                option["en"] = english[option["vi"]]

    def _by_id(self, asked: Element, ids: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
        for id, choice in zip(ids, asked.iter("simplechoice"), strict=True):
            yield id, {"vi": _words(choice)}

    def _look_at_marking(self) -> None:
        marking = self.item.find("responseprocessing")
        if marking is None:
            return
        template = marking.get("template", "") + marking.get("templatelocation", "")
        own = {one.tag for one in marking.iter()} - {"responseprocessing"}
        if (template and "match_correct" not in template) or not own <= _PLAIN_MATCH:
            self._note("Câu «%(name)s» có cách chấm riêng: chỉ lấy đáp án đúng đã khai báo.")

    def _skip(self, type: str) -> None:
        self._note(_SKIPPED, type=type)

    def _note(self, message: str, **details: str) -> None:
        self.notes.append(Problem(self.where, message, {"name": self.name, **details}))

    def _wrong(self, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.where, message, {}, remedy))


def _visible(element: Element) -> Iterator[Element]:
    """Every element that candidates see before they answer."""
    yield element
    for child in element:
        if child.tag not in _UNSEEN:
            yield from _visible(child)


def _words(element: Element, gap: str = "", without: Sequence[Element] = ()) -> str:
    """The text of an element on one line: without choices, but with the prompt and with a gap for what is typed in."""
    pieces: list[str] = []

    def collect(one: Element) -> None:
        pieces.append(" " if one.tag in _BLOCKS else "")
        if one.tag in _MEDIA and (said := one.get("alt") or one.get("alttext")):
            pieces.append(f" [{said}] ")
        pieces.append(one.text or "" if one.tag not in _MEDIA else "")
        for child in one:
            if child.tag == "textentryinteraction":
                pieces.append(f" {gap} ")
            elif (
                child.tag not in _UNSEEN
                and child.tag not in ("simplechoice", "printedvariable")
                and child not in without
            ):
                collect(child)
            pieces.append(child.tail or "")
        pieces.append(" " if one.tag in _BLOCKS else "")

    collect(element)
    return re.sub(rf"({_GAP}) ([.,;:?!])", r"\1\2", plain.one_line("".join(pieces)))


def _whole(text: str) -> int | None:
    try:
        number = Decimal(text) if len(text) <= 20 else Decimal("NaN")
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) > LARGEST_NUMBER or number != number.to_integral_value():
        return None
    return int(number)


# ── Writing ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Version:
    """How a version of QTI names things."""

    number: str
    namespace: str
    schema: str
    manifest: str
    packaged: tuple[str, str]
    template: str
    types: str

    def name(self, camel: str) -> str:
        """`simpleChoice` as this version writes it."""
        return camel if self.number == "2.1" else "qti-" + _kebab(camel)

    def attribute(self, camel: str) -> str:
        return camel if self.number == "2.1" else _kebab(camel)


_V21 = _Version(
    "2.1",
    "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
    "http://www.imsglobal.org/xsd/imscp_v1p1",
    ("QTIv2.1 Package", "1.0.0"),
    "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct",
    "xmlv2p1",
)
_V30 = _Version(
    "3.0",
    "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
    "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    ("QTI Package", "3.0.0"),
    "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml",
    "xmlv3p0",
)


def _write(version: _Version, questions: Sequence[Question], topics: Sequence[Topic]) -> bytes:
    if len(questions) > MOST:
        raise BadFile("Một gói QTI chứa tối đa 198 câu hỏi. Vui lòng chọn từng chủ đề hoặc xuất thành nhiều phần.")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        _add(package, _MANIFEST, _manifest(version, questions))
        _add(package, "test.xml", _test(version, questions))
        for question in questions:
            _add(package, f"items/{question.id}.xml", _item(version, question))
    return out.getvalue()


def _add(package: zipfile.ZipFile, name: str, content: str) -> None:
    """Write a member with a fixed time, so that the same questions give the same file."""
    member = zipfile.ZipInfo(name, (2025, 7, 1, 0, 0, 0))
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    package.writestr(member, content.encode())


def _manifest(version: _Version, questions: Sequence[Question]) -> str:
    schema, number = version.packaged
    items = "".join(_resource(version, question) for question in questions)
    needed = "".join(f'<dependency identifierref="item-{question.id}"/>' for question in questions)
    test = (
        f'<resource identifier="test" type="imsqti_test_{version.types}" href="test.xml">'
        f'<file href="test.xml"/>{needed}</resource>'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest xmlns="{version.manifest}" identifier="question-bank">'
        f"<metadata><schema>{schema}</schema><schemaversion>{number}</schemaversion></metadata>"
        f"<organizations/><resources>{test}{items}</resources></manifest>\n"
    )


def _resource(version: _Version, question: Question) -> str:
    keywords = "".join(f'<keyword><string language="vi">{escape(tag)}</string></keyword>' for tag in tags.of(question))
    title = f'<title><string language="vi">{escape(question.short.vi or question.id)}</string></title>'
    general = f"<identifier><catalog>question-bank</catalog><entry>{question.id}</entry></identifier>{title}{keywords}"
    return (
        f'<resource identifier="item-{question.id}" type="imsqti_item_{version.types}" href="items/{question.id}.xml">'
        f'<metadata><lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general>{general}</general></lom></metadata>'
        f'<file href="items/{question.id}.xml"/></resource>'
    )


def _test(version: _Version, questions: Sequence[Question]) -> str:
    tag = _Tags(version)
    refs = "".join(
        tag("assessmentItemRef", "", identifier=f"item-{question.id}", href=f"items/{question.id}.xml")
        for question in questions
    )
    section = tag("assessmentSection", refs, identifier="section", title="Ngân hàng câu hỏi", visible="true")
    part = tag("testPart", section, identifier="part", navigationMode="nonlinear", submissionMode="individual")
    return _document(tag, "assessmentTest", part, identifier="test", title="Ngân hàng câu hỏi")


def _item(version: _Version, question: Question) -> str:
    tag = _Tags(version)
    cardinality = {"several": "multiple", "order": "ordered"}.get(question.kind, "single")
    ids = _ids(question)
    right = [str(question.key[0])] if question.kind == "number" else [ids[number] for number in question.key]
    declared = tag(
        "responseDeclaration",
        tag("correctResponse", "".join(tag("value", escape(value)) for value in right)),
        identifier="RESPONSE",
        cardinality=cardinality,
        baseType="integer" if question.kind == "number" else "identifier",
    )
    zero = tag("defaultValue", tag("value", "0"))
    outcomes = tag("outcomeDeclaration", zero, identifier="SCORE", cardinality="single", baseType="float") + tag(
        "outcomeDeclaration", "", identifier="FEEDBACK", cardinality="single", baseType="identifier"
    )
    explained = f"<p>{escape(question.explanation.vi)}</p>"
    feedback = tag(
        "modalFeedback",  # hidden only while FEEDBACK says so, which it never does
        tag("contentBody", explained) if version is _V30 else explained,
        outcomeIdentifier="FEEDBACK",
        showHide="hide",
        identifier="no_explanation",
    )
    body = tag("itemBody", _asked(tag, question, ids) + _authors_part(tag, question, ids))
    marking = tag("responseProcessing", "", template=version.template)
    return _document(
        tag,
        "assessmentItem",
        declared + outcomes + body + marking + (feedback if question.explanation.vi else ""),
        identifier=question.id,
        title=question.short.vi or question.id,
        adaptive="false",
        timeDependent="false",
    )


def _asked(tag: _Tags, question: Question, ids: Sequence[str]) -> str:
    stem = escape(question.stem.vi)
    if question.kind == "number":
        unit = question.unit.vi if question.unit else ""
        entry = tag("textEntryInteraction", "", responseIdentifier="RESPONSE", expectedLength="9")
        return f'<div><p class="stem">{stem}</p><p>{entry} <span class="unit">{escape(unit)}</span></p></div>'
    choices = "".join(
        tag("simpleChoice", escape(option.vi), identifier=id) for id, option in zip(ids, question.options, strict=True)
    )
    inside = tag("prompt", stem) + choices
    shuffle = "false" if question.kind == "truefalse" else "true"
    if question.kind == "order":
        return tag("orderInteraction", inside, responseIdentifier="RESPONSE", shuffle=shuffle)
    most = "0" if question.kind == "several" else "1"
    return tag("choiceInteraction", inside, responseIdentifier="RESPONSE", shuffle=shuffle, maxChoices=most)


def _authors_part(tag: _Tags, question: Question, ids: Sequence[str]) -> str:
    texts: dict[str, Text] = {"stem": question.stem, "explanation": question.explanation}
    if question.kind != "truefalse":
        texts |= {f"option-{id}": option for id, option in zip(ids, question.options, strict=True)}
    said = [(name, "en", text.en) for name, text in texts.items()]
    for name, text in (("short", question.short), ("unit", question.unit or Text("", ""))):
        said += [(name, "vi", text.vi), (name, "en", text.en)]
    inside = "".join(
        f'<p class="{name}" xml:lang="{language}">{escape(words)}</p>' for name, language, words in said if words
    )
    if not inside:
        return ""
    if tag.version is _V30:
        return tag("rubricBlock", tag("contentBody", inside), use="ext:texts", view="author", klass="quiz-texts")
    return tag("rubricBlock", inside, view="author", klass="quiz-texts")


def _ids(question: Question) -> list[str]:
    if question.kind == "truefalse":
        return ["true", "false"]
    return [f"choice_{letter}" for letter in "ABCDEF"[: len(question.options)]]


class _Tags:
    """Writes elements in the names of one version."""

    def __init__(self, version: _Version) -> None:
        self.version = version

    def __call__(self, name: str, inside: str, **attributes: str) -> str:
        said = "".join(
            f" {'class' if key == 'klass' else self.version.attribute(key)}={quoteattr(value)}"
            for key, value in attributes.items()
        )
        name = self.version.name(name)
        return f"<{name}{said}>{inside}</{name}>" if inside else f"<{name}{said}/>"


def _document(tag: _Tags, root: str, inside: str, **attributes: str) -> str:
    version = tag.version
    made = tag(root, inside, **attributes)
    head = (
        f' xmlns="{version.namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="{version.namespace} {version.schema}"'
    )
    head += ' xml:lang="vi"' if root == "assessmentItem" else ""
    name = version.name(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + made.replace(f"<{name}", f"<{name}{head}", 1) + "\n"


def _kebab(camel: str) -> str:
    return re.sub(r"([A-Z])", lambda match: f"-{match[1].lower()}", camel)


def _losses(question: Question) -> list[str]:
    return tags.beyond(question)


def _holds(question: Question) -> bool:
    return True


def _format(version: _Version) -> Format:
    return Format(
        name="qti" + version.number.replace(".", ""),
        title=f"QTI {version.number}",
        extension="zip",
        media_type="application/zip",
        read=read,
        write=lambda questions, topics: _write(version, questions, topics),
        losses=_losses,
        holds=_holds,
        most=MOST,
    )


FORMATS: tuple[Format, ...] = (_format(_V21), _format(_V30))
