"""A question: what it asks, what may be answered, and whether an answer is right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Literal

Kind = Literal["one", "several", "truefalse", "order", "number"]
Difficulty = Literal["know", "understand", "apply"]
Language = Literal["vi", "en"]

LANGUAGES: tuple[Language, ...] = ("vi", "en")
KINDS: tuple[Kind, ...] = ("one", "several", "truefalse", "order", "number")
DIFFICULTIES: tuple[Difficulty, ...] = ("know", "understand", "apply")
LARGEST_NUMBER = 99_999_999  # contest-rules §8.4 bounds every typed number


@dataclass(frozen=True)
class Text:
    """The same words in both languages."""

    vi: str
    en: str

    def of(self, language: str) -> str:
        """The words in `language`; Vietnamese where there are none."""
        return (self.en if language == "en" else self.vi) or self.vi


TRUE, FALSE = Text("Đúng", "True"), Text("Sai", "False")


@dataclass(frozen=True)
class Question:
    """One question as it was at one version.

    `options` are numbered from 0 in an order that is not the author's; `key` holds the right option numbers ascending,
    for `order` all option numbers in the right order, for `number` the one right number. Variants share a `family`.
    """

    id: str
    topic: str
    kind: Kind
    difficulty: Difficulty
    stem: Text
    short: Text
    options: tuple[Text, ...]
    key: tuple[int, ...]
    explanation: Text
    citations: tuple[str, ...]
    facts: tuple[str, ...]
    unit: Text | None = None
    scenario: bool = False
    in_force_from: date | None = None
    in_force_to: date | None = None
    family: str | None = None

    @property
    def item(self) -> str:
        """What a paper deals at most once: the family, or the question itself where it has none."""
        return self.family or self.id

    def admits(self, chosen: object) -> bool:
        """Whether `chosen` has the shape of an answer to this question (fairness §4); says nothing about right.

        Choices: distinct known option numbers, ascending, exactly one where one is asked, at least one where several
        are. Ordering: every option number once. Number: one whole number of at most eight digits, with its sign.
        """
        if not isinstance(chosen, (list, tuple)) or not all(type(part) is int for part in chosen):
            return False
        numbers = list(chosen)
        if self.kind == "number":
            return len(numbers) == 1 and abs(numbers[0]) <= LARGEST_NUMBER
        if self.kind == "order":
            return sorted(numbers) == list(range(len(self.options)))
        known = all(0 <= number < len(self.options) for number in numbers)
        ascending = all(a < b for a, b in pairwise(numbers))
        return known and ascending and (len(numbers) >= 1 if self.kind == "several" else len(numbers) == 1)

    def is_right(self, chosen: object) -> bool:
        """Whether an answer of the right shape is right: all or nothing (contest-rules §7)."""
        return isinstance(chosen, (list, tuple)) and tuple(chosen) == self.key

    def in_force(self, day: date) -> bool:
        """Whether what it asks is the law on `day` (both ends included)."""
        begun = self.in_force_from is None or self.in_force_from <= day
        return begun and (self.in_force_to is None or day <= self.in_force_to)


def to_json(question: Question) -> dict[str, Any]:
    """The question as plain values, for keeping; `from_json` gives it back."""
    family = {} if question.family is None else {"family": question.family}
    return {
        "id": question.id,
        "topic": question.topic,
        "kind": question.kind,
        "difficulty": question.difficulty,
        "stem": _text_out(question.stem),
        "short": _text_out(question.short),
        "options": [_text_out(option) for option in question.options],
        "key": list(question.key),
        "explanation": _text_out(question.explanation),
        "citations": list(question.citations),
        "facts": list(question.facts),
        "unit": None if question.unit is None else _text_out(question.unit),
        "scenario": question.scenario,
        "in_force_from": None if question.in_force_from is None else question.in_force_from.isoformat(),
        "in_force_to": None if question.in_force_to is None else question.in_force_to.isoformat(),
        **family,
    }


def from_json(kept: dict[str, Any]) -> Question:
    """The question that `to_json` kept."""
    return Question(
        id=kept["id"],
        topic=kept["topic"],
        kind=kept["kind"],
        difficulty=kept["difficulty"],
        stem=Text(**kept["stem"]),
        short=Text(**kept["short"]),
        options=tuple(Text(**option) for option in kept["options"]),
        key=tuple(kept["key"]),
        explanation=Text(**kept["explanation"]),
        citations=tuple(kept["citations"]),
        facts=tuple(kept["facts"]),
        unit=None if kept["unit"] is None else Text(**kept["unit"]),
        scenario=kept["scenario"],
        in_force_from=_day_in(kept["in_force_from"]),
        in_force_to=_day_in(kept["in_force_to"]),
        family=kept.get("family"),
    )


def _text_out(text: Text) -> dict[str, str]:
    return {"vi": text.vi, "en": text.en}


def _day_in(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
