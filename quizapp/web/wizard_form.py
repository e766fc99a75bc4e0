"""A long form described once: the same description shows a setting, reads it back, and says what cannot be read.

Settings are plain values here (`rules.contest.to_json`); a form is a tree of texts (`typed_tree`). Whether choices make
sense beside each other is asked of the rules, not here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from flask_babel import gettext

from quizapp.rules.closing_phrase import read as read_moment
from quizapp.rules.timing import VIETNAM
from quizapp.rules.typed import whole_number
from quizapp.web.organize import slug_of
from quizapp.web.typed_tree import Tree, at

Kind = Literal[
    "text",
    "area",
    "words",  # in both languages
    "words_area",
    "number",
    "minutes",  # kept as seconds
    "moment",
    "choice",  # one of a few, each explained
    "pick",  # one of many
    "many",
    "tick",
    "lines",
    "numbers",
    "pairs",  # `name = number`, one a line
    "table",
    "key",  # hidden: the name a row is known by
]
Values = dict[str, Any]
_MINUTES = re.compile(r"(\d{1,4})(?::([0-5]\d))?")
_PAIR = re.compile(r"\s*([^=\s]+)\s*=\s*(\d{1,6})\s*")


@dataclass(frozen=True)
class Choice:
    """One thing to choose: its name, and in one sentence what it means, with an example where that helps."""

    value: str
    words: Any
    meaning: Any = ""


@dataclass(frozen=True)
class Field:
    """One thing to fill in. `name` is its path in the settings, below that of its section or row.

    `optional`: left empty it is None. `when` names another field and the values with which this one matters.
    """

    name: str
    label: Any
    kind: Kind = "text"
    hint: Any = ""
    choices: tuple[Choice, ...] = ()
    least: int = 0
    most: int = 99_999_999
    longest: int = 300
    optional: bool = False
    columns: tuple[Field, ...] = ()
    plain_rows: bool = False  # each row is one value, that of its only column
    add: Any = ""  # words of the button that adds a row
    fresh: Values = field(default_factory=dict)  # what a new row says
    when: tuple[str, tuple[str, ...]] | None = None
    more: bool = False  # folded away until asked for


@dataclass(frozen=True)
class Section:
    """Fields that belong together, below `base` in the settings. `switch` names an optional part that may be off."""

    key: str
    title: Any
    fields: tuple[Field, ...]
    lead: Any = ""
    base: str = ""
    switch: str = ""
    switch_words: Any = ""
    fresh: Values = field(default_factory=dict)  # what the optional part says as long as it is off
    folded: bool = False


class Errors:
    """What could not be read, in the order of the form, each with the path of its field."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def say(self, path: str, sentence: str) -> None:
        self.found.append((path, sentence))


# ── From settings to texts ──────────────────────────────────────────────────────────────────────────────────────


def show(section: Section, settings: Values) -> Tree:
    """What the form says for these settings, below the section's base."""
    part = _below(settings, section.base)
    if section.switch:
        inner = part.get(section.switch)
        texts = _show_fields(section.fields, {section.switch: section.fresh if inner is None else inner})
        texts.setdefault(section.switch, {})["on"] = "" if inner is None else "1"
        return texts
    return _show_fields(section.fields, part)


def show_row(columns: Sequence[Field], row: Values) -> Tree:
    """One row of a table as texts."""
    return _show_fields(columns, row)


def _show_fields(fields: Iterable[Field], part: Values) -> Tree:
    texts: Tree = {}
    for one in fields:
        _set(texts, one.name, _text(one, _below(part, one.name, None)))
    return texts


def _text(one: Field, value: Any) -> Any:
    """One value as the form shows it."""
    if one.kind == "table":
        listed = value or []
        return [_show_fields(one.columns, {one.columns[0].name: row} if one.plain_rows else row) for row in listed]
    if one.kind in ("words", "words_area"):
        return {"vi": (value or {}).get("vi", ""), "en": (value or {}).get("en", "")}
    if one.kind == "tick":
        return "1" if value else ""
    if one.kind == "many":
        return list(value or [])
    if one.kind in ("lines", "numbers"):
        return "\n".join(str(line) for line in value or [])
    if one.kind == "pairs":
        return "\n".join(f"{name} = {number}" for name, number in sorted((value or {}).items()))
    if value is None:
        return ""
    if one.kind == "minutes":
        minutes, seconds = divmod(value, 60)
        return f"{minutes}:{seconds:02d}" if seconds else str(minutes)
    if one.kind == "moment":
        local = datetime.fromisoformat(value).astimezone(VIETNAM)
        return f"{local:%Y-%m-%dT%H:%M:%S}" if local.second else f"{local:%Y-%m-%dT%H:%M}"
    return str(value)


# ── From texts to settings ──────────────────────────────────────────────────────────────────────────────────────


def read(section: Section, tree: Tree, settings: Values, errors: Errors, prefix: str = "") -> None:
    """Put what the form says into the settings, below the section's base; what cannot be read is left as it was.

    `prefix` is the path of the section's texts in the tree.
    """
    part = _below(settings, section.base)
    texts = at(tree, prefix, {}) if prefix else tree
    if section.switch:
        if not at(texts, f"{section.switch}.on"):
            part[section.switch] = None
            return
        if part.get(section.switch) is None:
            part[section.switch] = {}
    _read_fields(section.fields, texts, part, errors, f"{prefix}." if prefix else "")


def _read_fields(fields: Iterable[Field], texts: Tree, part: Values, errors: Errors, path: str) -> None:
    for one in fields:
        before = len(errors.found)
        value = _value(one, at(texts, one.name), errors, path + one.name)
        if len(errors.found) == before:
            _set(part, one.name, value)


def _value(one: Field, typed: Any, errors: Errors, path: str) -> Any:
    return _READERS[one.kind](one, typed, errors, path)


def _read_text(one: Field, typed: Any, errors: Errors, path: str) -> Any:
    text = _plain(typed, one.kind == "area")
    if len(text) > one.longest:
        errors.say(path, gettext("%(label)s: dài quá %(most)s ký tự.", label=one.label, most=one.longest))
    return None if one.optional and not text else text


def _read_words(one: Field, typed: Any, errors: Errors, path: str) -> Any:
    vi, en = (_plain(at(typed, language) if isinstance(typed, dict) else "", True) for language in ("vi", "en"))
    if max(len(vi), len(en)) > one.longest:
        errors.say(f"{path}.vi", gettext("%(label)s: dài quá %(most)s ký tự.", label=one.label, most=one.longest))
    return None if one.optional and not vi and not en else {"vi": vi, "en": en}


def _read_number(one: Field, typed: Any, errors: Errors, path: str) -> Any:
    text = _plain(typed)
    if not text and one.optional:
        return None
    number = whole_number(text)
    if number is None or not one.least <= number <= one.most:
        said = gettext(
            "%(label)s: nhập một số từ %(least)s đến %(most)s.", label=one.label, least=one.least, most=one.most
        )
        errors.say(path, said)
    return number


def _read_minutes(one: Field, typed: Any, errors: Errors, path: str) -> Any:
    found = _MINUTES.fullmatch(_plain(typed) or ("0" if one.least == 0 else ""))
    seconds = int(found[1]) * 60 + int(found[2] or 0) if found else -1
    if not one.least <= seconds <= one.most:
        said = gettext("%(label)s: nhập số phút, ví dụ 10 hoặc 1:30 cho một phút rưỡi.", label=one.label)
        errors.say(path, said)
    return seconds


def _read_instant(one: Field, typed: Any, errors: Errors, path: str) -> Any:
    text = _plain(typed)
    if not text and one.optional:
        return None
    instant = read_moment(text)
    if instant is None:
        said = gettext("%(label)s: chọn ngày và giờ, ví dụ 08:00 ngày 02/3/2026.", label=one.label)
        errors.say(path, said)
        return None
    return instant.isoformat()


def _read_choice(one: Field, typed: Any, errors: Errors, path: str) -> Any:
    text = _plain(typed)
    if not text and one.optional:
        return None
    known = {choice.value for choice in one.choices}
    if text not in known:
        errors.say(path, gettext("%(label)s: vui lòng chọn một mục.", label=one.label))
        return None
    return int(text) if all(value.isdigit() for value in known) else text


def _read_many(one: Field, typed: Any, errors: Errors, path: str) -> Any:
    chosen = typed if isinstance(typed, list) else [typed] if isinstance(typed, str) and typed else []
    return [choice.value for choice in one.choices if choice.value in chosen]


def _read_tick(one: Field, typed: Any, errors: Errors, path: str) -> Any:
    return bool(_plain(typed))


def _read_lines(one: Field, typed: Any, errors: Errors, path: str) -> Any:
    lines = [" ".join(line.split()) for line in _plain(typed, True).splitlines()]
    return [line for line in lines if line][:200]


def _read_numbers(one: Field, typed: Any, errors: Errors, path: str) -> Any:
    parts = [part for part in re.split(r"[\n;]+", _plain(typed, True)) if part.strip()]
    numbers = [whole_number(part) for part in parts]
    if any(number is None or not one.least <= number <= one.most for number in numbers):
        errors.say(path, gettext("%(label)s: ghi mỗi dòng một số.", label=one.label))
    return numbers


def _read_pairs(one: Field, typed: Any, errors: Errors, path: str) -> Any:
    lines = [line for line in _plain(typed, True).splitlines() if line.strip()][:200]
    found = [_PAIR.fullmatch(line) for line in lines]
    if not all(found):
        errors.say(path, gettext("%(label)s: ghi mỗi dòng như «mã = 2».", label=one.label))
    return {pair[1]: int(pair[2]) for pair in found if pair}


def _read_table(one: Field, typed: Any, errors: Errors, path: str) -> Any:
    listed = []
    for number, texts in enumerate(typed if isinstance(typed, list) else []):
        row: Values = {}
        _read_fields(one.columns, texts if isinstance(texts, dict) else {}, row, errors, f"{path}.{number}.")
        listed.append(row)
    _name_rows(one.columns, listed)
    return [row.get(one.columns[0].name) for row in listed] if one.plain_rows else listed


def _read_key(one: Field, typed: Any, errors: Errors, path: str) -> Any:
    return _plain(typed)[:60]


def _name_rows(columns: Sequence[Field], listed: list[Any]) -> None:
    """Give every row without a key one of its own, made of its name."""
    if not any(one.name == "key" for one in columns):
        return
    taken = {row["key"] for row in listed if row.get("key")}
    for number, row in enumerate(listed, 1):
        if not row.get("key"):
            row["key"] = free_key(row.get("name", {}).get("vi", ""), taken, f"muc-{number}")
            taken.add(row["key"])


def free_key(name: str, taken: Iterable[str], otherwise: str) -> str:
    """A key made of a name that nothing else has."""
    base, used = slug_of(name)[:50].strip("-") or otherwise, set(taken)
    return next(key for n in range(1, 1000) if (key := base if n == 1 else f"{base}-{n}") not in used)


_READERS: Mapping[Kind, Callable[[Field, Any, Errors, str], Any]] = {
    "text": _read_text,
    "area": _read_text,
    "words": _read_words,
    "words_area": _read_words,
    "number": _read_number,
    "minutes": _read_minutes,
    "moment": _read_instant,
    "choice": _read_choice,
    "pick": _read_choice,
    "many": _read_many,
    "tick": _read_tick,
    "lines": _read_lines,
    "numbers": _read_numbers,
    "pairs": _read_pairs,
    "table": _read_table,
    "key": _read_key,
}


def _plain(typed: Any, lines: bool = False) -> str:
    """A single text; a name that was sent as something else counts as empty."""
    if not isinstance(typed, str):
        return ""
    return typed.replace("\r\n", "\n").strip() if lines else " ".join(typed.split())


def _below(values: Any, path: str, otherwise: Any = None) -> Any:
    """What stands at a path of plain values; rows by their number."""
    found = values
    for step in path.split(".") if path else []:
        if isinstance(found, list):
            found = found[int(step)]
        elif isinstance(found, dict):
            found = found.get(step)
        else:
            return otherwise
    return otherwise if found is None else found


def _set(values: Values, path: str, value: Any) -> None:
    *before, last = path.split(".")
    node: Any = values
    for step in before:
        inner = node.get(step)
        if not isinstance(inner, dict):
            inner = node[step] = {}
        node = inner
    node[last] = value


def fresh_row(fields: Iterable[Field], path: str) -> Any:
    """What a new row of the table at this path says, as texts."""
    table = table_at(fields, path)
    return None if table is None else _show_fields(table.columns, dict(table.fresh))


def table_at(fields: Iterable[Field], path: str) -> Field | None:
    """The table at a path of the form, also inside the rows of another."""
    for one in fields:
        if one.kind != "table":
            continue
        if path == one.name:
            return one
        inside = re.fullmatch(re.escape(one.name) + r"\.\d+\.(.+)", path)
        if inside:
            return table_at(one.columns, inside[1])
    return None
