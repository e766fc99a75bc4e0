"""What other systems have no field for, said as tags: topic, difficulty, legal basis, facts, days in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from quizapp.formats.upload import table
from quizapp.rules.law import parse_citation
from quizapp.rules.question import DIFFICULTIES, Question
from quizapp.rules.words import fold

LONGEST = 50  # what Moodle keeps of a tag

_KEPT = {
    *("id", "topic", "kind", "difficulty", "stem", "short", "options", "answer", "explanation", "citations", "facts"),
    *("unit", "scenario", "in_force_from", "in_force_to"),
}
_DIFFICULTIES: Mapping[str, str] = {
    **{word: "know" for word in ("know", "nhan biet", "de", "easy", "remember", "biet")},
    **{word: "understand" for word in ("understand", "thong hieu", "trung binh", "medium", "hieu")},
    **{word: "apply" for word in ("apply", "van dung", "kho", "hard", "difficult", "van dung cao")},
}
_DAYS = {"from": "in_force_from", "to": "in_force_to"}


def of(question: Question) -> list[str]:
    """The tags that say what `question` rests on and where it belongs."""
    days = {"from": question.in_force_from, "to": question.in_force_to}
    return [
        f"topic:{question.topic}",
        f"difficulty:{question.difficulty}",
        *(f"citation:{text}" for text in question.citations),
        *(f"fact:{name}" for name in question.facts),
        *(("scenario",) if question.scenario else ()),
        *(f"{name}:{day.isoformat()}" for name, day in days.items() if day is not None),
    ]


def beyond(question: Question) -> list[str]:
    """What a question says that neither tags nor the plain fields of other systems hold."""
    lost = [f"«{name}»" for name in table(question) if name not in _KEPT]
    return [*lost, "họ câu hỏi: chỉ biến thể này được xuất"] if question.family else lost


def read(tags: Iterable[str]) -> dict[str, Any]:
    """What tags say of a question, as in a question file: our own, and what people commonly write."""
    values: dict[str, Any] = {}
    for tag in tags:
        name, _, said = tag.partition(":")
        name, said = name.strip().lower(), said.strip()
        if not said and tag.strip().lower() == "scenario":
            values["scenario"] = True
        elif name == "topic" and said:
            values["topic"] = said
        elif name == "citation" and said:
            values.setdefault("citations", []).append(said)
        elif name == "fact" and said:
            values.setdefault("facts", []).append(said)
        elif name in _DAYS and (day := _day(said)) is not None:
            values[_DAYS[name]] = day
        elif (found := difficulty(said if name == "difficulty" else tag)) is not None:
            values["difficulty"] = found
        elif parse_citation(tag.strip()) is not None:
            values.setdefault("citations", []).append(tag.strip())
    return values


def difficulty(word: str) -> str | None:
    """The difficulty that people mean by a word."""
    known = fold(word)
    return known if known in DIFFICULTIES else _DIFFICULTIES.get(known)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
