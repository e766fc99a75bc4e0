"""What changed between two versions of a question, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from quizapp.rules.question import Question

Sort = Literal["same", "gone", "new"]


@dataclass(frozen=True)
class Part:
    """A stretch of words that stayed, went or came."""

    sort: Sort
    text: str


@dataclass(frozen=True)
class Change:
    """One field that is no longer the same: its name, its language where it has two, and what happened to its words."""

    field: str
    language: str
    parts: tuple[Part, ...]


def changes(before: Question, after: Question) -> tuple[Change, ...]:
    """Every field that differs. The numbering of options counts for nothing, which of them are right does."""
    old, new = _fields(before), _fields(after)
    return tuple(Change(*name, _parts(old[name], new[name])) for name in new if old[name] != new[name])


def _fields(question: Question) -> dict[tuple[str, str], str]:
    period = (question.in_force_from, question.in_force_to)
    fields = {
        ("difficulty", ""): question.difficulty,
        ("scenario", ""): "✓" if question.scenario else "",
        ("citations", ""): "; ".join(question.citations),
        ("facts", ""): "; ".join(question.facts),
        ("period", ""): " – ".join(day.isoformat() if day else "…" for day in period) if any(period) else "",
        ("answer", ""): str(question.key[0]) if question.kind in ("number", "truefalse") else "",
    }
    for language in ("vi", "en"):
        fields |= {
            ("stem", language): question.stem.of(language),
            ("options", language): " · ".join(_options(question, language)),
            ("short", language): question.short.of(language),
            ("explanation", language): question.explanation.of(language),
            ("unit", language): question.unit.of(language) if question.unit else "",
        }
    return fields


def _options(question: Question, language: str) -> list[str]:
    """The options as one would list them: in the right order where there is one, else right ones first, by letters."""
    if question.kind == "order":
        return [question.options[number].of(language) for number in question.key]
    if question.kind == "truefalse":
        return []
    rows = [(n not in question.key, text.of(language)) for n, text in enumerate(question.options)]
    return [text if wrong else f"✓ {text}" for wrong, text in sorted(rows)]


def _parts(old: str, new: str) -> tuple[Part, ...]:
    before, after = (re.findall(r"\s*\S+", text) for text in (old, new))
    parts: list[Part] = []
    for sort, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if sort == "equal":
            parts.append(Part("same", "".join(before[a:b])))
        else:
            gone, came = "".join(before[a:b]), "".join(after[c:d])
            parts += [part for part in (Part("gone", gone), Part("new", came)) if part.text]
    return tuple(parts)
