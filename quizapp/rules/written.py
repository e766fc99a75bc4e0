"""A question as its author would write it: the table that `rules.draft` reads, and the text of a whole file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from quizapp.rules.bank import Topic
from quizapp.rules.question import Question, Text

_TEXTS = ("stem", "short", "explanation", "unit")


def table(question: Question) -> dict[str, Any]:
    """What the question says as one table of a question file, in the order in which files have it.

    Options come in the right order where there is one, else in the order people list things: figures by their size.
    """
    days = {name: getattr(question, name) for name in ("in_force_from", "in_force_to")}
    return {
        "id": question.id,
        "kind": question.kind,
        "difficulty": question.difficulty,
        **({"scenario": True} if question.scenario else {}),
        **{name: day for name, day in days.items() if day is not None},
        "citations": list(question.citations),
        "facts": list(question.facts),
        "stem": _both(question.stem),
        "short": _both(question.short),
        **_answered(question),
        "explanation": _both(question.explanation),
    }


def file(topic: Topic, questions: Sequence[Question]) -> str:
    """The text of a question file: its topic, then the questions by id."""
    head = {"letter": topic.letter, "name": _both(topic.name), "lead": _both(topic.lead)}
    ordered = sorted(questions, key=lambda one: by_number(one.id))
    return "\n".join(["[topic]\n" + _rows(head), *(block(one) for one in ordered)])


def block(question: Question) -> str:
    """The lines of one question in its file."""
    return "[[question]]\n" + _rows(table(question))


def by_number(id: str) -> tuple[int, str]:
    """Sorts `huu-tri-999` before `huu-tri-1001`."""
    return len(id), id


def _answered(question: Question) -> dict[str, Any]:
    if question.kind == "number":
        assert question.unit is not None
        return {"answer": question.key[0], "unit": _both(question.unit)}
    if question.kind == "truefalse":
        return {"answer": question.key == (0,)}
    if question.kind == "order":
        return {"options": [_both(question.options[n]) for n in question.key]}
    numbers = sorted(range(len(question.options)), key=lambda n: _natural(question.options[n]))
    right = {"right": True}
    return {"options": [{**_both(question.options[n]), **(right if n in question.key else {})} for n in numbers]}


def _both(text: Text) -> dict[str, str]:
    return {"vi": text.vi, "en": text.en}


def _natural(text: Text) -> list[tuple[int, int, str]]:
    """Sorts `5 năm` before `10 năm`, and 500.000 before 1.000.000."""
    parts = re.split(r"(\d+(?:[.,]\d{3})*)", f"{text.vi}\0{text.en}")
    return [(0, int(re.sub(r"\D", "", part)), "") if n % 2 else (1, 0, part) for n, part in enumerate(parts)]


def _rows(values: Mapping[str, Any]) -> str:
    """The lines of one table; texts in two languages as `stem.vi` and `stem.en`, options one a line."""
    lines = []
    for name, value in values.items():
        if isinstance(value, dict):
            lines += [f"{name}.{part} = {_value(words)}" for part, words in value.items()]
        elif name == "options":
            lines += ["options = [", *(f"  {_value(option)}," for option in value), "]"]
        else:
            lines.append(f"{name} = {_value(value)}")
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_value(part)}" for name, part in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(part) for part in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    # A JSON string is a TOML string but for what JSON leaves bare and TOML wants escaped: delete, and lone controls.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
