"""Question files: their text in, the questions of a topic out, or faults that name file, line, problem and remedy."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from quizapp.rules import draft, family
from quizapp.rules.draft import Finding
from quizapp.rules.law import Law
from quizapp.rules.lines import Lines, scan
from quizapp.rules.question import Question, Text

_LONGEST_TOPIC_TEXT = {"name": 90, "lead": 200}


@dataclass(frozen=True)
class Fault:
    """Why a question file is not taken: where, what is wrong, and how to mend it.

    `problem` and `remedy` are Vietnamese sentences with places for `details`; `say` fills them in.
    """

    file: str
    line: int
    problem: str
    remedy: str
    details: Mapping[str, str | int] = field(default_factory=dict)
    question: str = ""

    def say(self) -> tuple[str, str]:
        """The problem and the remedy in Vietnamese."""
        return self.problem % self.details, self.remedy % self.details

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {' '.join(filter(None, (self.question, *self.say())))}"


@dataclass(frozen=True)
class Topic:
    """What a file says about its topic."""

    slug: str
    letter: str
    name: Text
    lead: Text


@dataclass(frozen=True)
class Reading:
    """The second reading of a question or a family: when, against which articles, and the doubt that it settled."""

    question: str
    on: date
    articles: tuple[str, ...]
    verdict: str
    doubt: str


@dataclass(frozen=True)
class Sheet:
    """One question file, read: its topic and questions, or the faults for which it is not taken."""

    file: str
    slug: str
    digest: str
    topic: Topic | None = None
    questions: tuple[Question, ...] = ()
    lines: tuple[int, ...] = ()  # where each question begins; variants begin where their family does
    faults: tuple[Fault, ...] = ()
    text: str = ""
    readings: tuple[Reading, ...] = ()
    reading_faults: tuple[Fault, ...] = ()

    @property
    def good(self) -> bool:
        """Whether the file may be taken."""
        return self.topic is not None and not self.faults


def check(files: Mapping[str, bytes], law: Law) -> tuple[Sheet, ...]:
    """Every file read, by name, and checked also against the others: no id and no stem stands twice in the bank."""
    ids: dict[str, str] = {}
    stems: dict[str, str] = {}
    checked = []
    for sheet in (read(name, files[name], law) for name in sorted(files)):
        faults = list(sheet.faults)
        for question, line in zip(sheet.questions, sheet.lines, strict=True):
            here = f"{sheet.file}:{line}"
            twice = ids.setdefault(question.item, here)  # the variants of a family stand in one place
            same = stems.setdefault(draft.stem_key(question), here)
            if twice != here:
                details: dict[str, str | int] = {"id": question.item, "other": twice}
                faults.append(Fault(sheet.file, line, *_SAME_ID, details, question.item))
            elif same != here:
                details = {"id": question.id, "other": same}
                faults.append(Fault(sheet.file, line, *_SAME_STEM, details, question.id))
        told = {(fault.line, str(fault)): fault for fault in faults}  # what is true of every variant is said once
        checked.append(replace(sheet, faults=tuple(sorted(told.values(), key=lambda fault: fault.line))))
    return tuple(checked)


def read(file: str, raw: bytes, law: Law) -> Sheet:
    """One file by itself. Its name is that of its topic: `huu-tri.toml`."""
    sheet = Sheet(file, file.rsplit("/", 1)[-1].removesuffix(".toml"), hashlib.sha256(raw).hexdigest())
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return replace(sheet, faults=(_fault(file, line, _NOT_UTF8),))
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # bad syntax, a number of thousands of digits, endless brackets
        line, reason = _where_and_why(str(error), text)
        return replace(sheet, faults=(_fault(file, line, _BAD_SYNTAX, reason=reason),))
    return _filled(replace(sheet, text=text), table, scan(text), law)


_SAME_ID = ("Mã câu hỏi «%(id)s» đã có ở %(other)s.", "Đặt mã mới chưa dùng cho câu hỏi này.")
_SAME_STEM = (
    "Câu «%(id)s» hỏi giống hệt câu ở %(other)s.",
    "Xóa một câu hoặc viết lại để hai câu hỏi hai ý khác nhau.",
)
_NOT_UTF8 = ("Tệp có chữ không phải UTF-8.", "Lưu lại tệp với bảng mã UTF-8.")
_BAD_SYNTAX = (
    "Tệp viết sai cú pháp TOML (%(reason)s).",
    "Kiểm tra dấu ngoặc kép, dấu phẩy, dấu bằng và dấu đóng ngoặc ở dòng này và dòng ngay trước.",
)
_UNKNOWN_TOPIC = (
    "Không có chủ đề «%(slug)s».",
    "Đặt tên tệp theo một chủ đề trong questions/law/facts.toml, hoặc thêm chủ đề mới vào đó.",
)
_UNKNOWN_TABLE = ("Mục «%(key)s» không có trong mẫu.", "Tệp chỉ gồm một [topic] và các [[question]].")
_NO_QUESTIONS = ("Tệp chưa có câu hỏi nào.", "Viết mỗi câu hỏi dưới một dòng [[question]].")
_NO_TOPIC = ("Tệp chưa có mục [topic].", "Thêm [topic] với letter, name và lead ở đầu tệp.")
_WRONG_LETTER = ("Chữ cái của chủ đề là «%(value)s», phải là «%(letter)s».", 'Viết letter = "%(letter)s".')
_BAD_TOPIC_TEXT = (
    "Mục «%(key)s» của chủ đề thiếu, sai kiểu hoặc quá %(longest)s ký tự.",
    'Viết %(key)s.vi = "…" và %(key)s.en = "…", mỗi bản tối đa %(longest)s ký tự.',
)


def _filled(sheet: Sheet, table: Mapping[str, Any], lines: Lines, law: Law) -> Sheet:
    """The sheet with what its table says."""
    faults = [
        _fault(sheet.file, lines.of(key), _UNKNOWN_TABLE, key=key) for key in table if key not in ("topic", "question")
    ]
    topic = _topic(table.get("topic"), sheet, lines, law, faults)
    questions: list[Question] = []
    where: list[int] = []
    listed = table.get("question")
    if not isinstance(listed, list) or not listed or not all(isinstance(one, dict) for one in listed):
        faults.append(_fault(sheet.file, lines.of("question"), _NO_QUESTIONS))
        listed = []
    for n, raw in enumerate(listed):
        made, findings = _read(raw, sheet.slug, law)
        faults += [_located(sheet.file, lines, n, finding, str(raw.get("id", ""))) for finding in findings]
        questions += made
        where += [lines.of("question", n)] * len(made)
    return replace(sheet, topic=topic, questions=tuple(questions), lines=tuple(where), faults=tuple(faults))


def _read(raw: Mapping[str, Any], slug: str, law: Law) -> tuple[Sequence[Question], list[Finding]]:
    """The question of a table, or the variants of a family."""
    if "family" in raw:
        return family.read(raw, slug, law)
    question, findings = draft.read(raw, slug, law)
    return ([] if question is None else [question]), findings


def _topic(raw: Any, sheet: Sheet, lines: Lines, law: Law, faults: list[Fault]) -> Topic | None:
    """The topic that the head of a file names; complains where it is not one of those known."""
    if sheet.slug not in law.topics:
        faults.append(_fault(sheet.file, 1, _UNKNOWN_TOPIC, slug=sheet.slug))
        return None
    if not isinstance(raw, dict):
        faults.append(_fault(sheet.file, lines.of("topic"), _NO_TOPIC))
        return None
    before = len(faults)
    if raw.get("letter") != law.topics[sheet.slug]:
        value, letter = str(raw.get("letter", "")), law.topics[sheet.slug]
        faults.append(_fault(sheet.file, lines.of("topic", "letter"), _WRONG_LETTER, value=value, letter=letter))
    for key, longest in _LONGEST_TOPIC_TEXT.items():
        if not _is_text(raw.get(key), longest):
            faults.append(_fault(sheet.file, lines.of("topic", key), _BAD_TOPIC_TEXT, key=key, longest=longest))
    for key in raw:
        if key not in ("letter", *_LONGEST_TOPIC_TEXT):
            faults.append(_fault(sheet.file, lines.of("topic", key), _UNKNOWN_TABLE, key=f"topic.{key}"))
    return None if len(faults) > before else Topic(sheet.slug, raw["letter"], Text(**raw["name"]), Text(**raw["lead"]))


def _is_text(value: object, longest: int) -> bool:
    """Whether `value` is a text in both languages, neither empty nor too long."""
    if not isinstance(value, dict) or set(value) != {"vi", "en"}:
        return False
    return all(isinstance(words, str) and words.strip() and len(words) <= longest for words in value.values())


def _located(file: str, lines: Lines, n: int, finding: Finding, question: str) -> Fault:
    line = lines.of("question", n, *finding.path)
    return Fault(file, line, finding.problem, finding.remedy, finding.details, question)


def _fault(file: str, line: int, sentences: tuple[str, str], **details: str | int) -> Fault:
    return Fault(file, line, *sentences, details)


def _where_and_why(message: str, text: str) -> tuple[int, str]:
    """The line in the parser's complaint, the last one where it means the end, and the complaint without its place."""
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    if place is None:
        return 1, message
    line = int(place[1]) if place[1] else len(text.rstrip("\n").split("\n"))
    return line, message[: place.start()]
