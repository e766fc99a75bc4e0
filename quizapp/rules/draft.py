"""One question as its author wrote it: whether it may enter the bank, and the question it becomes."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from quizapp.rules import draw
from quizapp.rules.law import Elsewhere, Law, parse_basis
from quizapp.rules.lines import Path
from quizapp.rules.question import DIFFICULTIES, FALSE, KINDS, LARGEST_NUMBER, TRUE, Kind, Question, Text, to_json
from quizapp.rules.words import fold

LANGUAGES = ("vi", "en")
LONGEST = {"stem": 220, "short": 110, "option": 110, "explanation": 400, "unit": 40}
SHORTEST = {"explanation": 40}
OPTIONS = {"one": (2, 4), "several": (4, 6), "order": (3, 5)}  # fewest and most options of a kind
LATER = "M-"  # facts about later documents
GIVE_AWAY_RATIO, GIVE_AWAY_LETTERS = 1.4, 20

_DATED = {
    "vi": re.compile(r"\b\d{1,2}/\d{4}\b(?!/)|\bnăm \d{4}\b"),
    "en": re.compile(
        r"\b(January|February|March|April|May|June|July|August|September|October|November|December|in) \d{4}\b"
    ),
}
_NEEDED = ("id", "kind", "difficulty", "citations", "facts", "stem", "short", "explanation")
_OPTIONAL = ("scenario", "in_force_from", "in_force_to")
_OF_KIND: dict[str, tuple[str, ...]] = {
    "one": ("options",),
    "several": ("options",),
    "order": ("options",),
    "truefalse": ("answer",),
    "number": ("answer", "unit"),
}
_LAZY_OPTIONS = tuple(
    re.compile(form)
    for form in (
        r"^tat ca (cac |nhung )?(y|phuong an|dap an|lua chon|cau|dieu|noi dung|truong hop)( o| neu| ke)* tren",
        r"^tat ca (cac )?(y|phuong an|dap an|lua chon|cau)\b",
        r"^tat ca (deu|o tren)",
        r"^khong (co )?(y|phuong an|dap an|lua chon|cau)( tra loi)? nao",
        r"^khong (dap an|phuong an|y) (dung|tren)",
        r"^ca (hai|ba|bon|2|3|4) (y|phuong an|dap an|lua chon|cau)\b",
        r"^(chi |ca |phuong an |dap an |y )*[a-f](, [a-f])* va (phuong an |dap an |y )?[a-f]( deu)?( dung| sai)?$",
        r"^(all|none|both|neither|any|either) of the (above|options|answers|choices|statements)\b",
        r"^(all|none) of (these|them)$",
        r"^(all|both|none) (the )?above$",
        r"^(only |both |options? |answers? )*[a-f](, [a-f])*,? and (option |answer )?[a-f]( are)?( correct| right)?$",
    )
)


@dataclass(frozen=True)
class Finding:
    """Something to mend: where in the question, what is wrong, and how to mend it.

    Both sentences are Vietnamese with `%(name)s` places for `details`, so that they can be translated.
    """

    path: Path
    problem: str
    remedy: str
    details: Mapping[str, str | int] = field(default_factory=dict)


def read(raw: Mapping[str, Any], topic: str, law: Law) -> tuple[Question | None, list[Finding]]:
    """The question that `raw` (one table of a question file of `topic`) says, or everything that is wrong with it."""
    findings = _Findings()
    kind = raw.get("kind")
    if kind not in KINDS:
        _complain_of_kind(kind, findings)
        return None, findings.found
    _check_keys(raw, kind, findings)
    _check_head(raw, topic, law, findings)
    for name in ("stem", "short", "explanation"):
        if name in raw:
            _check_text(raw[name], (name,), name, findings)
    if kind in OPTIONS and "options" in raw:
        _check_options(raw["options"], kind, findings)
    if not findings.found:
        _check_dated(raw, findings)
    if kind == "several" and not findings.found:
        _check_choose(raw, findings)
    if "answer" in raw and "answer" in _OF_KIND[kind]:
        _check_answer(raw["answer"], kind, findings)
    if "unit" in raw and kind == "number":
        _check_text(raw["unit"], ("unit",), "unit", findings)
    _check_period(raw, findings)
    return (None if findings.found else numbered(_made(raw, topic, kind))), findings.found


def digest(question: Question) -> str:
    """The hash of what the question says, whatever the order in which its options were written or are numbered."""
    plain = json.dumps(to_json(_sorted(question)), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def numbered(question: Question) -> Question:
    """The question with its options numbered in a drawn order that follows from its id and the options' words alone.

    Not from the key: two questions that differ only in it must be sent as the same bytes (fairness §12.1). True and
    false stay as they are.
    """
    if question.kind not in OPTIONS:
        return question
    plain = _sorted(question)
    words = [word for option in plain.options for word in (option.vi, option.en)]
    stream = draw.Stream(draw.sha256(draw.pack("quiz-options-1", question.id, *words)), "options")
    return _renumbered(plain, draw.shuffle(range(len(plain.options)), stream))


def stem_key(question: Question) -> str:
    """What two stems have in common when they ask the same: letters and digits without accents."""
    return " ".join(re.findall(r"\w+", fold(question.stem.vi)))


class _Findings:
    """What was found wrong so far."""

    def __init__(self) -> None:
        self.found: list[Finding] = []

    def add(self, path: Path, problem: str, remedy: str, **details: str | int) -> None:
        self.found.append(Finding(path, problem, remedy, {"key": name_of(path), **details}))


def _complain_of_kind(kind: object, findings: _Findings) -> None:
    findings.add(
        ("kind",),
        "Loại câu hỏi «%(value)s» không có.",
        "Dùng một trong các loại: %(known)s.",
        value=_shown(kind),
        known=", ".join(KINDS),
    )


def _check_keys(raw: Mapping[str, Any], kind: Kind, findings: _Findings) -> None:
    needed = (*_NEEDED, *_OF_KIND[kind])
    for name in needed:
        if name in raw:
            continue
        if name == "explanation":
            findings.add(
                (), "Câu hỏi chưa có giải thích.", "Thêm explanation.vi và explanation.en, một đến hai câu nêu lý do."
            )
        else:
            findings.add((), "Thiếu mục «%(missing)s».", "Thêm mục «%(missing)s» vào câu hỏi này.", missing=name)
    everything = {name for names in _OF_KIND.values() for name in names}
    for name in raw:
        if name in needed or name in _OPTIONAL:
            continue
        if name in everything:
            findings.add(
                (name,),
                "Loại câu hỏi «%(kind)s» không dùng mục «%(key)s».",
                "Xóa mục «%(key)s» hoặc đổi loại câu hỏi.",
                kind=kind,
            )
        else:
            findings.add((name,), "Mục «%(key)s» không có trong mẫu.", "Sửa tên mục cho đúng mẫu hoặc xóa mục này.")


def _check_head(raw: Mapping[str, Any], topic: str, law: Law, findings: _Findings) -> None:
    if "id" in raw and not (isinstance(raw["id"], str) and re.fullmatch(rf"{re.escape(topic)}-\d{{3,4}}", raw["id"])):
        findings.add(
            ("id",),
            "Mã câu hỏi «%(value)s» không đúng mẫu.",
            "Đặt mã dạng «%(topic)s-001»: tên chủ đề, dấu gạch nối và ít nhất ba chữ số.",
            value=_shown(raw["id"]),
            topic=topic,
        )
    if "difficulty" in raw and raw["difficulty"] not in DIFFICULTIES:
        findings.add(
            ("difficulty",),
            "Mức độ «%(value)s» không có.",
            "Dùng một trong các mức độ: %(known)s.",
            value=_shown(raw["difficulty"]),
            known=", ".join(DIFFICULTIES),
        )
    if "scenario" in raw and not isinstance(raw["scenario"], bool):
        findings.add(
            ("scenario",),
            "Mục «%(key)s» phải là true hoặc false.",
            "Viết true nếu câu hỏi là tình huống, nếu không thì xóa mục này.",
        )
    for at, text in _strings(raw, "citations", findings):
        _check_citation(at, text, law, findings)
    for at, text in _strings(raw, "facts", findings):
        if text not in law.facts:
            findings.add(
                at, "Không có dữ kiện mang mã «%(value)s».", "Sửa mã theo tệp questions/law/facts.toml.", value=text
            )


def _check_citation(at: Path, text: str, law: Law, findings: _Findings) -> None:
    place = parse_basis(text)
    if place is None:
        findings.add(
            at,
            "Căn cứ «%(value)s» không đúng mẫu.",
            "Viết theo mẫu «Điều 64», «Điều 64 khoản 1», «Điều 64 khoản 1 điểm đ» "
            "hoặc «Nghị định 158/2025/NĐ-CP Điều 7».",
            value=text,
        )
    elif isinstance(place, Elsewhere):
        if place.act not in law.acts:
            findings.add(
                at,
                "Văn bản «%(value)s» không có trong danh sách được dẫn.",
                "Sửa số văn bản, hoặc thêm văn bản vào questions/law/facts.toml.",
                value=place.act,
            )
    elif not place.exists_in(law):
        findings.add(
            at,
            "Luật không có «%(value)s».",
            "Mở trang /luat/dieu-%(article)s, tìm đúng khoản, điểm rồi sửa căn cứ.",
            value=text,
            article=min(place.article, len(law.articles)),
        )


def _check_dated(raw: Mapping[str, Any], findings: _Findings) -> None:
    """What rests on a later document names it by its number, and the time it speaks of, in the question itself."""
    later = [place for text in raw["citations"] if isinstance(place := parse_basis(text), Elsewhere)]
    if not later and any(fact.startswith(LATER) for fact in raw["facts"]):
        findings.add(
            ("citations",),
            "Câu hỏi dựa vào dữ kiện phần M nhưng không dẫn văn bản nào.",
            "Thêm căn cứ dạng «Nghị định 158/2025/NĐ-CP Điều 7».",
        )
    for language in LANGUAGES:
        stem = raw["stem"][language]
        if later and not any(place.number in stem for place in later):
            findings.add(
                ("stem", language),
                "Câu hỏi chưa nêu số của văn bản được dẫn (%(value)s).",
                "Ghi số văn bản trong câu hỏi.",
                value=later[0].number,
            )
        if later and not _DATED[language].search(stem):
            findings.add(
                ("stem", language),
                "Câu hỏi dẫn văn bản ban hành sau Luật nhưng chưa ghi mốc thời gian.",
                "Ghi ngày trong câu hỏi, ví dụ «từ 01/7/2026» (tiếng Anh: 1 July 2026).",
            )


def _strings(raw: Mapping[str, Any], name: str, findings: _Findings) -> list[tuple[Path, str]]:
    """The texts listed under `name` with their places; complains when there are none, or one twice."""
    if name not in raw:
        return []
    listed = raw[name]
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        findings.add((name,), "Mục «%(key)s» phải là danh sách chữ.", 'Viết dạng %(key)s = ["…"].')
        return []
    if not listed:
        findings.add((name,), "Mục «%(key)s» còn trống.", "Ghi ít nhất một mã hoặc căn cứ vào «%(key)s».")
    for i, text in enumerate(listed):
        if text in listed[:i]:
            findings.add((name, i), "«%(value)s» được ghi hai lần.", "Xóa một chỗ.", value=text)
    return [((name, i), text) for i, text in enumerate(listed)]


def _check_text(value: object, path: Path, sort: str, findings: _Findings) -> bool:
    """Whether `value` has the shape of a text in both languages; what is wrong with its words is complained about."""
    if not isinstance(value, Mapping) or not all(isinstance(value.get(language, ""), str) for language in LANGUAGES):
        findings.add(path, "Mục «%(key)s» phải có hai bản chữ vi và en.", 'Viết %(key)s.vi = "…" và %(key)s.en = "…".')
        return False
    for name in value:
        if name not in LANGUAGES and not (sort == "option" and name == "right"):
            findings.add(
                (*path, name), "Mục «%(key)s» không có trong mẫu.", "Sửa tên mục cho đúng mẫu hoặc xóa mục này."
            )
    for language in LANGUAGES:
        _check_words(value.get(language, ""), (*path, language), sort, findings)
    vi, en = value.get("vi", ""), value.get("en", "")
    if vi and vi == en and _needs_translation(vi):
        findings.add(
            (*path, "en"),
            "Bản tiếng Anh của «%(key)s» giống hệt bản tiếng Việt.",
            "Dịch sang tiếng Anh.",
        )
    return True


def _check_words(text: str, path: Path, sort: str, findings: _Findings) -> None:
    if not text.strip():
        findings.add(path, "Thiếu bản «%(key)s».", "Viết đủ cả tiếng Việt (vi) và tiếng Anh (en).")
        return
    if text != unicodedata.normalize("NFC", text):
        findings.add(
            path,
            "Chữ trong «%(key)s» chưa ở dạng Unicode dựng sẵn (NFC).",
            "Gõ lại hoặc chuyển mã sang Unicode dựng sẵn.",
        )
    for letter in text:
        if unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cn", "Zl", "Zp"}:
            findings.add(
                path,
                "«%(key)s» có ký tự ẩn U+%(code)s.",
                "Xóa ký tự đó; mỗi văn bản viết trên một dòng, không xuống dòng.",
                code=f"{ord(letter):04X}",
            )
            break
    if text != text.strip() or "  " in text:
        findings.add(path, "«%(key)s» có dấu cách thừa.", "Xóa dấu cách ở đầu, cuối hoặc dấu cách liền nhau.")
    longest, shortest = LONGEST[sort], SHORTEST.get(sort, 1)
    if len(text) > longest:
        findings.add(
            path,
            "«%(key)s» dài %(length)s ký tự, quá %(longest)s.",
            "Rút gọn còn tối đa %(longest)s ký tự.",
            length=len(text),
            longest=longest,
        )
    if len(text) < shortest:
        findings.add(
            path,
            "«%(key)s» chỉ có %(length)s ký tự, ít hơn %(shortest)s.",
            "Viết rõ hơn, ít nhất %(shortest)s ký tự.",
            length=len(text),
            shortest=shortest,
        )


def _check_options(options: object, kind: Kind, findings: _Findings) -> None:
    if not isinstance(options, list):
        findings.add(
            ("options",),
            "Mục «%(key)s» phải là danh sách phương án.",
            'Viết dạng options = [ { vi = "…", en = "…" }, … ].',
        )
        return
    fewest, most = OPTIONS[kind]
    if not fewest <= len(options) <= most:
        findings.add(
            ("options",),
            "Câu hỏi loại «%(kind)s» có %(count)s phương án.",
            "Loại này cần từ %(fewest)s đến %(most)s phương án.",
            kind=kind,
            count=len(options),
            fewest=fewest,
            most=most,
        )
    shaped = [_check_option(option, ("options", i), kind, findings) for i, option in enumerate(options)]
    if all(shaped):
        _check_same(options, findings)
        if kind != "order":
            _check_right(options, kind, findings)


def _check_option(option: object, path: Path, kind: Kind, findings: _Findings) -> bool:
    if not _check_text(option, path, "option", findings):
        return False
    assert isinstance(option, Mapping)
    if "right" in option and (kind == "order" or not isinstance(option["right"], bool)):
        findings.add(
            (*path, "right"),
            "Mục «%(key)s» không dùng được ở đây.",
            "Câu sắp xếp: viết phương án theo thứ tự đúng, không ghi right. Loại khác: right = true ở phương án đúng.",
        )
        return False
    for language in LANGUAGES:
        if any(form.search(fold(option.get(language, "")).strip(" .")) for form in _LAZY_OPTIONS):
            findings.add(
                (*path, language),
                "Không dùng phương án kiểu «%(value)s».",
                "Thay bằng một phương án có nội dung riêng.",
                value=option[language],
            )
    return True


def _check_same(options: list[Any], findings: _Findings) -> None:
    for language in LANGUAGES:
        seen: dict[str, int] = {}
        for i, option in enumerate(options):
            words = " ".join(option.get(language, "").casefold().split()).rstrip(".")
            if words and words in seen:
                findings.add(
                    ("options", i, language),
                    "Phương án %(this)s trùng với phương án %(that)s.",
                    "Đổi một trong hai phương án.",
                    this=i + 1,
                    that=seen[words] + 1,
                )
            seen.setdefault(words, i)


def _check_right(options: list[Any], kind: Kind, findings: _Findings) -> None:
    right = [i for i, option in enumerate(options) if option.get("right")]
    if kind == "one" and len(right) != 1:
        findings.add(
            ("options",),
            "Câu hỏi có %(count)s phương án đúng.",
            "Ghi right = true ở đúng một phương án.",
            count=len(right),
        )
        return
    if kind == "several" and not 2 <= len(right) < len(options):
        findings.add(
            ("options",),
            "Câu hỏi nhiều đáp án có %(count)s phương án đúng trong %(of)s phương án.",
            "Cần ít nhất hai phương án đúng và ít nhất một phương án sai.",
            count=len(right),
            of=len(options),
        )
        return
    for language in LANGUAGES:
        lengths = [len(option.get(language, "")) for option in options]
        shortest_right = min(lengths[i] for i in right)
        longest_wrong = max(length for i, length in enumerate(lengths) if i not in right)
        if shortest_right > GIVE_AWAY_RATIO * longest_wrong and shortest_right > longest_wrong + GIVE_AWAY_LETTERS:
            findings.add(
                ("options", min(right, key=lambda i: lengths[i]), language),
                "Phương án đúng dài %(right)s ký tự, phương án sai dài nhất chỉ %(wrong)s: độ dài làm lộ đáp án.",
                "Rút gọn phương án đúng hoặc viết phương án sai chi tiết tương đương.",
                right=shortest_right,
                wrong=longest_wrong,
            )


def _check_choose(raw: Mapping[str, Any], findings: _Findings) -> None:
    """A question with several right answers says so, and where it says how many it is that many."""
    count = sum(1 for option in raw["options"] if option.get("right"))
    asks = {"vi": r"\bchon (tat ca|\d+|cac|nhung)", "en": r"\b(?:choose|select) (all|the|\d+)"}
    for name in ("stem", "short"):
        for language, form in asks.items():
            said = re.search(form, fold(raw[name][language]))
            if said and said[1].isdigit() and int(said[1]) != count:
                findings.add(
                    (name, language),
                    "Câu hỏi bảo chọn %(said)s nhưng có %(count)s phương án đúng.",
                    "Sửa số trong câu hỏi hoặc sửa phương án đúng.",
                    said=said[1],
                    count=count,
                )
            if name == "stem" and not said:
                findings.add(
                    (name, language),
                    "Câu hỏi nhiều đáp án chưa bảo chọn bao nhiêu phương án.",
                    "Thêm «Chọn tất cả các phương án đúng» hoặc «Chọn %(count)s phương án đúng» (tiếng Anh: Choose …).",
                    count=count,
                )


def _check_answer(answer: object, kind: Kind, findings: _Findings) -> None:
    if kind == "truefalse" and not isinstance(answer, bool):
        findings.add(
            ("answer",), "Đáp án của câu đúng/sai phải là true hoặc false.", "Viết answer = true hoặc answer = false."
        )
    if kind == "number" and (type(answer) is not int or abs(answer) > LARGEST_NUMBER):
        findings.add(
            ("answer",),
            "Đáp án phải là số nguyên có tối đa tám chữ số.",
            "Viết dạng answer = 15, không có dấu ngoặc kép.",
        )


def _check_period(raw: Mapping[str, Any], findings: _Findings) -> None:
    days = [raw.get(name) for name in ("in_force_from", "in_force_to")]
    for name, day in zip(("in_force_from", "in_force_to"), days, strict=True):
        if day is not None and not _is_day(day):
            findings.add(
                (name,), "Mục «%(key)s» phải là ngày.", "Viết dạng %(key)s = 2025-07-01, không có dấu ngoặc kép."
            )
    begin, end = days
    if isinstance(begin, date) and isinstance(end, date) and _is_day(begin) and _is_day(end) and begin > end:
        findings.add(
            ("in_force_to",),
            "Ngày hết hiệu lực %(end)s đứng trước ngày bắt đầu %(begin)s.",
            "Đổi lại hai ngày cho đúng thứ tự.",
            end=end.isoformat(),
            begin=begin.isoformat(),
        )


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _made(raw: Mapping[str, Any], topic: str, kind: Kind) -> Question:
    """The question of a table that passed every check; options as written."""
    written = raw.get("options", ())
    options = (TRUE, FALSE) if kind == "truefalse" else tuple(Text(one["vi"], one["en"]) for one in written)
    return Question(
        id=raw["id"],
        topic=topic,
        kind=kind,
        difficulty=raw["difficulty"],
        stem=Text(**raw["stem"]),
        short=Text(**raw["short"]),
        options=options,
        key=_key(raw, kind),
        explanation=Text(**raw["explanation"]),
        citations=tuple(raw["citations"]),
        facts=tuple(raw["facts"]),
        unit=Text(**raw["unit"]) if kind == "number" else None,
        scenario=raw.get("scenario", False),
        in_force_from=raw.get("in_force_from"),
        in_force_to=raw.get("in_force_to"),
    )


def _key(raw: Mapping[str, Any], kind: Kind) -> tuple[int, ...]:
    if kind == "number":
        return (raw["answer"],)
    if kind == "truefalse":
        return (0 if raw["answer"] else 1,)
    if kind == "order":
        return tuple(range(len(raw["options"])))
    return tuple(i for i, option in enumerate(raw["options"]) if option.get("right"))


def _sorted(question: Question) -> Question:
    """The question with its options in the order of their letters, which says nothing about its author's."""
    if question.kind not in OPTIONS:
        return question
    options = question.options
    return _renumbered(question, sorted(range(len(options)), key=lambda i: (options[i].vi, options[i].en)))


def _renumbered(question: Question, order: list[int]) -> Question:
    """The question whose option number n is the present option `order[n]`."""
    key = [order.index(number) for number in question.key]
    options = tuple(question.options[number] for number in order)
    return replace(question, options=options, key=tuple(key if question.kind == "order" else sorted(key)))


def _needs_translation(text: str) -> bool:
    """Whether the same words cannot be right in both languages: Vietnamese letters, or more than one word."""
    return not text.isascii() or len(re.findall(r"[A-Za-z]{2,}", text)) > 1


def name_of(path: Path) -> str:
    """A place as its author knows it: `stem.vi`, `options[3].en` (counted from 1)."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(parts).lstrip(".")


def _shown(value: object) -> str:
    return "" if value is None else str(value)[:60]


# ── A question that is still being written ──────────────────────────────────────────────────────────────────────

LONGEST_DRAFT = 2000
_FEWEST_IN_DRAFT, _MOST_IN_DRAFT = 2, 6


def rough(raw: Mapping[str, Any], topic: str) -> tuple[Question | None, list[Finding]]:
    """The question that an unfinished draft says, with nothing where something is still missing.

    It needs a kind, a question in Vietnamese, and what is to be chosen or answered; everything else that `read` asks
    for may come later. The findings say why a draft cannot even be kept.
    """
    findings = _Findings()
    kind = raw.get("kind")
    if kind not in KINDS:
        _complain_of_kind(kind, findings)
        return None, findings.found
    everything = (*_NEEDED, *_OPTIONAL, *_OF_KIND[kind])
    for name in raw:
        if name not in everything:
            findings.add((name,), "Mục «%(key)s» không có trong mẫu.", "Sửa tên mục cho đúng mẫu hoặc xóa mục này.")
    filled = {"difficulty": "know", **{name: raw[name] for name in everything if name in raw}}
    for name in ("stem", "short", "explanation", *(("unit",) if kind == "number" else ())):
        filled[name] = _rough_text(raw.get(name, {}), (name,), findings, needed=name == "stem")
    for name in ("citations", "facts"):
        filled[name] = raw.get(name, [])
        if filled[name]:
            _strings(raw, name, findings)
    if kind in OPTIONS:
        filled["options"] = _rough_options(raw.get("options"), findings)
    else:
        _check_answer(raw.get("answer"), kind, findings)
    if filled["difficulty"] not in DIFFICULTIES or not isinstance(filled.get("scenario", False), bool):
        findings.add(("difficulty",), "Mức độ hoặc mục tình huống không đúng mẫu.", "Chọn lại trong danh sách.")
    _check_period(raw, findings)
    return (None if findings.found else numbered(_made(filled, topic, kind))), findings.found


def _rough_text(value: object, path: Path, findings: _Findings, *, needed: bool) -> dict[str, str]:
    both = {language: value.get(language, "") for language in LANGUAGES} if isinstance(value, Mapping) else {}
    if not both or not all(isinstance(words, str) for words in both.values()):
        findings.add(path, "Mục «%(key)s» phải có hai bản chữ vi và en.", 'Viết %(key)s.vi = "…" và %(key)s.en = "…".')
        return dict.fromkeys(LANGUAGES, "")
    for language, words in both.items():
        if len(words) > LONGEST_DRAFT:
            findings.add(
                (*path, language),
                "«%(key)s» dài %(length)s ký tự, quá %(longest)s.",
                "Rút gọn còn tối đa %(longest)s ký tự.",
                length=len(words),
                longest=LONGEST_DRAFT,
            )
    if needed and not both["vi"].strip():
        findings.add((*path, "vi"), "Thiếu bản «%(key)s».", "Viết bản tiếng Việt; bản tiếng Anh có thể thêm sau.")
    return both


def _rough_options(options: object, findings: _Findings) -> list[dict[str, Any]]:
    if not isinstance(options, list) or not _FEWEST_IN_DRAFT <= len(options) <= _MOST_IN_DRAFT:
        findings.add(
            ("options",),
            "Bản nháp cần từ %(fewest)s đến %(most)s phương án.",
            "Thêm hoặc bớt phương án.",
            fewest=_FEWEST_IN_DRAFT,
            most=_MOST_IN_DRAFT,
        )
        return []
    rows = []
    for i, option in enumerate(options):
        text = _rough_text(option, ("options", i), findings, needed=True)
        rows.append({**text, "right": isinstance(option, Mapping) and option.get("right") is True})
    return rows
