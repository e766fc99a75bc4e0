"""What there is to look at again in a rulebook: a fault or a warning, with its place and its remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from quizapp.rules.contest import Ranking, Round, Settings, Words

Detail = str | int | Words


@dataclass(frozen=True)
class Remark:
    """What to look at again: the place in the settings (rounds by their key), what is wrong, and how to mend it.

    Both sentences are Vietnamese with `%(name)s` places for `details`, so that they can be translated.
    """

    place: str
    sentence: str
    remedy: str
    details: Mapping[str, Detail] = field(default_factory=dict)
    fault: bool = True


class Remarks:
    """The remarks found so far."""

    def __init__(self) -> None:
        self.found: list[Remark] = []

    def fault(self, place: str, sentence: str, remedy: str, **details: Detail) -> None:
        self.found.append(Remark(place, sentence, remedy, details))

    def warn(self, place: str, sentence: str, remedy: str, **details: Detail) -> None:
        self.found.append(Remark(place, sentence, remedy, details, fault=False))


def place_of(one: Round) -> str:
    """The place of a round in the settings."""
    return f"rounds.{one.key}"


def rankings(settings: Settings) -> list[tuple[str, Ranking]]:
    """Every ranking of a contest with its place: of the rounds, then of the lists over rounds."""
    rounds = [(f"{place_of(one)}.ranking", one.ranking) for one in settings.rounds]
    return rounds + [(f"overall.{one.key}.ranking", one.ranking) for one in settings.overall]
