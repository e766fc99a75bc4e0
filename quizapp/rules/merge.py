"""A question that its file and the editor changed in different ways: where they part, and what a person makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from quizapp.rules.question import Question
from quizapp.rules.written import table

Side = Literal["ours", "theirs"]
Sort = Literal["ours", "theirs", "both"]

_PARTS: dict[str, tuple[tuple[str, ...], ...]] = {  # what is chosen as one, by the places in a table it consists of
    "difficulty": (("difficulty",),),
    "scenario": (("scenario",),),
    "period": (("in_force_from",), ("in_force_to",)),
    "citations": (("citations",),),
    "facts": (("facts",),),
    "stem-vi": (("stem", "vi"),),
    "stem-en": (("stem", "en"),),
    "short-vi": (("short", "vi"),),
    "short-en": (("short", "en"),),
    "answer": (("kind",), ("options",), ("answer",), ("unit",)),
    "explanation-vi": (("explanation", "vi"),),
    "explanation-en": (("explanation", "en"),),
}


@dataclass(frozen=True)
class Part:
    """A part of a question on which file and editor differ, and which of them changed it."""

    name: str
    sort: Sort
    base: tuple[str, ...]  # lines to be shown; none where there was nothing to start from
    ours: tuple[str, ...]
    theirs: tuple[str, ...]

    @property
    def proposed(self) -> Side | None:
        """Whose word stands unless somebody says otherwise; none where both changed it."""
        return None if self.sort == "both" else self.sort


def parts(base: Question | None, ours: Question, theirs: Question) -> tuple[Part, ...]:
    """Where the editor's question and the file's differ, in the order of a table."""
    started = {} if base is None else table(base)
    mine, other = table(ours), table(theirs)
    found = []
    for name, places in _PARTS.items():
        before, here, there = (_at(one, places) for one in (started, mine, other))
        if here != there:
            sort: Sort = "theirs" if here == before else "ours" if there == before else "both"
            found.append(Part(name, sort, _lines(before), _lines(here), _lines(there)))
    return tuple(found)


def merged(ours: Question, theirs: Question, picked: Mapping[str, Side]) -> dict[str, Any]:
    """The table of a question file that takes the picked side of every part; where none is picked, the editor's."""
    made, other = table(ours), table(theirs)
    for name, places in _PARTS.items():
        if picked.get(name) == "theirs":
            for place in places:
                _put(made, place, _get(other, place))
    return made


def _at(one: Mapping[str, Any], places: tuple[tuple[str, ...], ...]) -> tuple[Any, ...]:
    return tuple(_get(one, place) for place in places)


def _get(one: Mapping[str, Any], place: tuple[str, ...]) -> Any:
    found: Any = one
    for name in place:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _put(made: dict[str, Any], place: tuple[str, ...], value: Any) -> None:
    *way, name = place
    for step in way:
        made = made[step]
    if value is None:
        made.pop(name, None)
    else:
        made[name] = value


def _lines(values: tuple[Any, ...]) -> tuple[str, ...]:
    """The values of a part as lines that people read."""
    found: list[str] = []
    for value in values:
        if isinstance(value, list):
            found += [line for one in value for line in _lines((one,))]
        elif isinstance(value, Mapping):
            found.append(("✓ " if value.get("right") else "") + " / ".join(filter(None, (value["vi"], value["en"]))))
        elif value is not None:
            found.append(str(value))
    return tuple(found)
