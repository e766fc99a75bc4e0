"""A family: one question written with names for its figures, and the variants that the bank computes from it.

Its table is that of a question with a table `family`: `vary` names the values that differ, `let` the formulas over
them, `where` says which combinations make sense, `variants` how many are wanted. Which combinations become variants
is drawn from the family's id alone, so that every load makes the same ones.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import prod
from typing import Any

from quizapp.rules import draft, draw, formula, notation
from quizapp.rules.draft import Finding
from quizapp.rules.formula import Formula, Value, Values, Wrong
from quizapp.rules.law import Law
from quizapp.rules.lines import Path
from quizapp.rules.question import LANGUAGES, Language, Question, Text

FEWEST, MOST, USUAL = 4, 60, 12  # variants of a family
MOST_VALUES = 500  # of one name
MOST_COMBINATIONS = 20_000
PATIENCE = 200  # combinations that may fail the checks before the bank gives up

_TEXTS = ("stem", "short", "options", "explanation", "unit")
_KEYS = ("vary", "let", "where", "variants")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
_PLACE = re.compile(r"\{([^{}:]*)(?::([^{}]*))?\}")

_Fill = Callable[[Values], Any]


@dataclass(frozen=True)
class Family:
    """A family that was read: what its names may be, and how a variant's table is filled from them."""

    values: Mapping[str, Sequence[Value]]
    lets: Mapping[str, Formula]
    where: Formula | None
    fill: Callable[[Values], dict[str, Any]]
    wanted: int


class _Fault(Exception):
    """A formula or text that fails, and where it stands."""

    def __init__(self, path: Path, wrong: Wrong) -> None:
        super().__init__(wrong.problem)
        self.finding = _finding(path, wrong)


def read(raw: Mapping[str, Any], topic: str, law: Law) -> tuple[tuple[Question, ...], list[Finding]]:
    """The variants of the family that `raw` (one table of a question file) says, or everything wrong with it."""
    family, findings = _family(raw)
    if family is None:
        return (), findings
    try:
        return _variants(raw, family, topic, law)
    except _Fault as fault:
        return (), [fault.finding]


# ── Variants ────────────────────────────────────────────────────────────────────────────────────────────────────


def _variants(
    raw: Mapping[str, Any], family: Family, topic: str, law: Law
) -> tuple[tuple[Question, ...], list[Finding]]:
    """The first good ones of the combinations in drawn order, numbered; no two with the same figures or stem."""
    made: dict[str, Question] = {}
    figures: set[tuple[Value, ...]] = set()
    failed: list[list[Finding]] = []
    for values in _combinations(str(raw.get("id", "")), family):
        these = tuple(value for value in values.values() if not isinstance(value, Text))
        if these in figures:
            continue
        question, findings = draft.read(family.fill(values), topic, law)
        if question is not None:
            made.setdefault(draft.stem_key(question), question)
            figures.add(these)
        else:
            failed.append(findings)
        if len(made) == family.wanted or len(failed) == PATIENCE or (failed and _lies_outside(failed[0])):
            break
    if len(made) < FEWEST or (failed and _lies_outside(failed[0])):
        return (), _too_few(len(made), failed)
    return tuple(_numbered(one, n) for n, one in enumerate(made.values(), start=1)), []


def _combinations(id: str, family: Family) -> Iterator[dict[str, Value]]:
    """The combinations that `where` admits, with what `let` makes of them, in an order drawn from the family's id."""
    sizes = [len(values) for values in family.values.values()]
    for number in _shuffled(prod(sizes), draw.Stream(draw.sha256(draw.pack("quiz-family-1", id)), "variants")):
        values: dict[str, Value] = {}
        for name, known in family.values.items():
            number, at = divmod(number, len(known))
            values[name] = known[at]
        for name, let in family.lets.items():
            values[name] = _computed(let, values, ("family", "let", name))
        if family.where is None or _met(family.where, values):
            yield values


def _shuffled(count: int, stream: draw.Stream) -> Iterator[int]:
    """The numbers from 0 to `count` - 1 in drawn order, drawn only as far as they are wanted."""
    moved: dict[int, int] = {}
    for i in range(count):
        j = i + stream.below(count - i)
        yield moved.get(j, j)
        moved[j] = moved.get(i, i)


def _met(where: Formula, values: Values) -> bool:
    met = _computed(where, values, ("family", "where"))
    if not isinstance(met, bool):
        raise _Fault(("family", "where"), Wrong(*_NO_CONDITION))
    return met


def _computed(one: Formula, values: Values, path: Path) -> Value:
    try:
        return one.compute(values)
    except Wrong as wrong:
        raise _Fault(path, wrong) from None


def _numbered(question: Question, n: int) -> Question:
    return draft.numbered(replace(question, id=f"{question.id}.{n}", family=question.id))


def _lies_outside(findings: Sequence[Finding]) -> list[Finding]:
    """What is wrong that no choice of figures can mend."""
    return [finding for finding in findings if not finding.path or finding.path[0] not in (*_TEXTS, "answer")]


def _too_few(count: int, failed: Sequence[Sequence[Finding]]) -> list[Finding]:
    """Why there are not enough variants: what was wrong with the first combination that failed."""
    first = list(failed[0]) if failed else []
    if outside := _lies_outside(first):
        return outside
    problem = "Họ câu hỏi chỉ tạo được %(count)s biến thể đạt yêu cầu, cần ít nhất %(fewest)s."
    remedy = "Thêm giá trị trong vary, nới điều kiện where, hoặc sửa công thức để các phương án luôn khác nhau."
    return [Finding(("family",), problem, remedy, {"count": count, "fewest": FEWEST}), *first]


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────

_NO_TABLE = (
    "Mục «%(key)s» phải là một bảng có nội dung.",
    "Xem mẫu họ câu hỏi trong docs/questions.md.",
)
_UNKNOWN_KEY = ("Mục «%(key)s» không có trong mẫu.", "Sửa tên mục cho đúng mẫu hoặc xóa mục này.")
_BAD_NAME = (
    "Tên «%(value)s» không dùng được hoặc đã dùng.",
    "Đặt tên khác bằng chữ thường không dấu, chữ số và dấu gạch dưới, chưa dùng ở trên.",
)
_BAD_VALUES = (
    "Các giá trị của «%(value)s» không đúng mẫu.",
    "Viết danh sách hai giá trị trở lên cùng loại, không lặp (số nguyên, ngày hoặc chữ vi/en), "
    "hoặc khoảng { from = …, to = …, step = … }; tối đa %(most)s giá trị.",
)
_TOO_MANY = (
    "Họ câu hỏi có %(count)s tổ hợp giá trị, quá %(most)s.",
    "Tăng step hoặc bớt giá trị trong vary.",
)
_BAD_COUNT = (
    "Số biến thể phải từ %(fewest)s đến %(most)s.",
    "Viết variants = 12, hoặc xóa mục này.",
)
_NO_CONDITION = ("Điều kiện where không phải là đúng hoặc sai.", 'Viết dạng where = "years >= 15".')
_UNUSED = ("Tên «%(value)s» được đặt nhưng không dùng ở đâu.", "Dùng tên này hoặc xóa nó.")
_BAD_PLACE = (
    "Chỗ trống «%(value)s» không dùng được.",
    "Viết {tên} hoặc {tên:cách viết} với tên trong vary hoặc let.",
)


def _family(raw: Mapping[str, Any]) -> tuple[Family | None, list[Finding]]:
    """The family as its table says, or what is wrong with the table."""
    found: list[Finding] = []
    table = raw["family"]
    if not isinstance(table, Mapping) or not isinstance(table.get("vary"), Mapping) or not table["vary"]:
        return None, [_finding(("family",), Wrong(*_NO_TABLE), key="family.vary")]
    for name in table:
        if name not in _KEYS:
            found.append(_finding(("family", name), Wrong(*_UNKNOWN_KEY), key=f"family.{name}"))
    values = _values(table["vary"], found)
    used: set[str] = set()
    lets = _lets(table.get("let", {}), table["vary"], used, found)
    names = (*table["vary"], *lets)
    where = _formula(table["where"], names, ("family", "where"), used, found) if "where" in table else None
    fill = {
        key: _filler(value, (key,), names, used, found) if key in (*_TEXTS, "answer") else _as_is(value)
        for key, value in raw.items()
        if key != "family"
    }
    wanted = table.get("variants", USUAL)
    if type(wanted) is not int or not FEWEST <= wanted <= MOST:
        found.append(_finding(("family", "variants"), Wrong(*_BAD_COUNT, fewest=FEWEST, most=MOST)))
    if not found:
        unused = ((part, name) for part, known in (("vary", values), ("let", lets)) for name in known)
        found += [_finding(("family", *at), Wrong(*_UNUSED, value=at[1])) for at in unused if at[1] not in used]
    if found:
        return None, found
    good = {name: let for name, let in lets.items() if let is not None}
    return Family(values, good, where, lambda known: {key: one(known) for key, one in fill.items()}, wanted), []


def _values(vary: Mapping[str, Any], found: list[Finding]) -> dict[str, Sequence[Value]]:
    """The values that each name may have."""
    values: dict[str, Sequence[Value]] = {}
    for name, said in vary.items():
        path = ("family", "vary", name)
        listed = _range(said) if isinstance(said, Mapping) else _list(said)
        if not _may_be_named(name, ()):
            found.append(_finding(path, Wrong(*_BAD_NAME, value=name)))
        elif not 2 <= len(listed) <= MOST_VALUES:
            found.append(_finding(path, Wrong(*_BAD_VALUES, value=name, most=MOST_VALUES)))
        else:
            values[name] = listed
    count = prod(len(listed) for listed in values.values())
    if count > MOST_COMBINATIONS:
        found.append(_finding(("family", "vary"), Wrong(*_TOO_MANY, count=count, most=MOST_COMBINATIONS)))
    return values


def _list(said: object) -> Sequence[Value]:
    """The values of a list; none where they are not of one sort, or one stands there twice."""
    if not isinstance(said, list):
        return ()
    if all(isinstance(one, Mapping) and set(one) == set(LANGUAGES) for one in said):
        if not all(isinstance(words, str) for one in said for words in one.values()):
            return ()
        texts = [Text(**one) for one in said]
        return texts if len({text.vi for text in texts}) == len(texts) else ()
    if not (all(type(one) is int for one in said) or all(_is_day(one) for one in said)):
        return ()
    return said if len(set(said)) == len(said) else ()


def _range(said: Mapping[str, Any]) -> Sequence[Value]:
    """The values from `from` to `to`, both included, by `step`: of a number one, of a day one month."""
    first, last, step = said.get("from"), said.get("to"), said.get("step", 1)
    if set(said) - {"from", "to", "step"} or type(step) is not int or step < 1:
        return ()
    if type(first) is int and type(last) is int:
        return range(first, last + 1, step)
    if isinstance(first, date) and isinstance(last, date) and _is_day(first) and _is_day(last):
        return [formula.months_later(first, n) for n in range(0, formula.full_months(first, last) + 1, step)]
    return ()


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _lets(said: object, vary: Mapping[str, Any], used: set[str], found: list[Finding]) -> dict[str, Formula | None]:
    """The named formulas in order, each in terms of the names before it; nothing for one that cannot be read."""
    lets: dict[str, Formula | None] = {}
    if not isinstance(said, Mapping):
        found.append(_finding(("family", "let"), Wrong(*_NO_TABLE), key="family.let"))
        return lets
    for name, source in said.items():
        path = ("family", "let", name)
        if not _may_be_named(name, vary):
            found.append(_finding(path, Wrong(*_BAD_NAME, value=name)))
        lets[name] = _formula(source, (*vary, *lets), path, used, found)
    return lets


def _may_be_named(name: str, taken: Collection[str]) -> bool:
    return _NAME.fullmatch(name) is not None and name not in taken and not keyword.iskeyword(name)


def _formula(source: object, names: Sequence[str], path: Path, used: set[str], found: list[Finding]) -> Formula | None:
    try:
        one = formula.read(source, names)
    except Wrong as wrong:
        found.append(_finding(path, wrong))
        return None
    used |= one.names
    return one


# ── Filling ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _filler(value: object, path: Path, names: Sequence[str], used: set[str], found: list[Finding]) -> _Fill:
    """What makes a variant's value of `value`: texts with their places filled, formulas computed, all else as it is."""
    if isinstance(value, Mapping):
        parts = {key: _filler(one, (*path, key), names, used, found) for key, one in value.items()}
        return lambda known: {key: part(known) for key, part in parts.items()}
    if isinstance(value, list):
        listed = [_filler(one, (*path, i), names, used, found) for i, one in enumerate(value)]
        return lambda known: [part(known) for part in listed]
    if isinstance(value, str) and path[-1] in ("right", "answer"):
        one = _formula(value, names, path, used, found)
        return _as_is(None) if one is None else lambda known: _computed(one, known, path)
    if isinstance(value, str) and path[-1] in LANGUAGES:
        return _worded(value, path, names, used, found)
    return _as_is(value)


def _worded(text: str, path: Path, names: Sequence[str], used: set[str], found: list[Finding]) -> _Fill:
    for place in _PLACE.finditer(text):
        if place[1] not in names or (place[2] or "") not in notation.FORMS:
            found.append(_finding(path, Wrong(*_BAD_PLACE, value=place[0])))
        used.add(place[1])
    rest = _PLACE.sub("", text)
    if brace := re.search(r"[{}]", rest):
        found.append(_finding(path, Wrong(*_BAD_PLACE, value=brace[0])))
    language: Language = "en" if path[-1] == "en" else "vi"

    def fill(known: Values) -> str:
        try:
            return _PLACE.sub(lambda place: notation.write(known[place[1]], place[2] or "", language), text)
        except Wrong as wrong:
            raise _Fault(path, wrong) from None

    return fill


def _as_is(value: object) -> _Fill:
    return lambda _: value


def _finding(path: Path, wrong: Wrong, **details: str | int) -> Finding:
    return Finding(path, wrong.problem, wrong.remedy, {"key": draft.name_of(path), **wrong.details, **details})
