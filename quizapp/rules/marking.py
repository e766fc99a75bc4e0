"""Marking a show: from what was kept of every locked turn to points and totals (contest-rules §14.3, fairness §6).

A total can always be built again from the answers, or grow turn by turn: both come to the same. Nothing here is
computed before a turn is locked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from quizapp.rules.allowance import START_MS, allowances, delay_ms, response_ms, spend
from quizapp.rules.question import Question
from quizapp.rules.scoring import base, points
from quizapp.rules.show import Settings
from quizapp.rules.voids import Void, is_right


@dataclass(frozen=True)
class Given:
    """What one player did in one turn: the counting choice and its instant, the instant of the first one, when the
    options were on their screen, and how far behind the programme this player was, so long after which the turn opened
    for them."""

    chosen: tuple[int, ...] | None = None
    given_at: datetime | None = None
    first_at: datetime | None = None
    shown_at: datetime | None = None
    latency_ms: int = 0


@dataclass(frozen=True)
class Outage:
    """A stretch in which the server was away while the turn ran."""

    at: datetime
    length: timedelta


@dataclass(frozen=True)
class Sheet:
    """One locked turn with what every player did.

    `voided` turns were voided on air and count for nobody; `void` is a decision made afterwards. `received` are the
    players who were dealt the question, everybody where it is not said.
    """

    n: int
    question: Question
    opened_at: datetime
    voided: bool = False
    outages: tuple[Outage, ...] = ()
    given: Mapping[str, Given] = field(default_factory=dict)
    void: Void | None = None
    received: frozenset[str] | None = None

    @property
    def stands(self) -> bool:
        """Whether the turn counts at all."""
        return not self.voided and (self.void is None or self.void.policy != "REMOVE")


@dataclass(frozen=True)
class Mark:
    """One player's result in one turn. `response_ms` is counted for right answers only."""

    right: bool
    points: int
    response_ms: int


@dataclass(frozen=True)
class Total:
    """One player's sums over the turns that count, and the mark in each turn by its number.

    `answered` counts answers to any turn. `turns` says how many locked turns are in it, `quota_ms` what they left of
    the delivery allowance: all that counting on needs.
    """

    points: int = 0
    correct: int = 0
    response_ms: int = 0
    marks: Mapping[int, Mark] = field(default_factory=dict)
    answered: int = 0
    turns: int = 0
    quota_ms: int = START_MS


def totals(
    sheets: Sequence[Sheet],
    players: Iterable[str],
    settings: Settings,
    *,
    planned: int,
    before: Mapping[str, Total] | None = None,
) -> dict[str, Total]:
    """Everybody's totals over the locked turns, in turn order; a voided turn counts for nobody (`REMOVE`).

    `before` are totals over the first of these very turns: only what was locked since is marked then.
    """
    known = before or {}
    return {player: _total(sheets, player, settings, planned, known.get(player, _NOTHING)) for player in players}


def times(sheets: Sequence[Sheet], player: str, settings: Settings) -> dict[int, int]:
    """By turn, how long one player took for their counting answer, right or wrong, in milliseconds."""
    return {
        sheet.n: _used_ms(sheet, given, given.given_at, allowed, settings)
        for sheet, given, allowed in _allowed(sheets, player)
        if given.given_at is not None
    }


def counts(sheet: Sheet, players: Iterable[str]) -> Counter[tuple[int, ...]]:
    """How often each choice was the counting one among `players`."""
    among = set(players)
    chosen = (given.chosen for player, given in sheet.given.items() if player in among)
    return Counter(choice for choice in chosen if choice is not None)


def _total(sheets: Sequence[Sheet], player: str, settings: Settings, planned: int, before: Total) -> Total:
    marks = dict(before.marks)
    points, correct, response = before.points, before.correct, before.response_ms
    answered, quota = before.answered, before.quota_ms
    for sheet in sheets[before.turns :]:
        given = sheet.given.get(player, _NOT_GIVEN)
        answered += given.chosen is not None
        allowed, quota = spend(quota, _delay_ms(sheet, given))
        if sheet.stands:
            mark = marks[sheet.n] = _mark(sheet, player, given, allowed, settings, planned)
            points += mark.points
            correct += mark.right
            response += mark.response_ms
    return Total(points, correct, response, marks, answered, len(sheets), quota)


def _allowed(sheets: Sequence[Sheet], player: str) -> list[tuple[Sheet, Given, int]]:
    """Every turn with what the player did in it and how much of its delay is given back; voided ones use quota too."""
    given = [sheet.given.get(player, _NOT_GIVEN) for sheet in sheets]
    delays = [_delay_ms(sheet, each) for sheet, each in zip(sheets, given, strict=True)]
    return list(zip(sheets, given, allowances(delays), strict=True))


def _delay_ms(sheet: Sheet, given: Given) -> int | None:
    return delay_ms(given.shown_at, _opened_at(sheet, given), given.first_at)


def _mark(sheet: Sheet, player: str, given: Given, allowed_ms: int, settings: Settings, planned: int) -> Mark:
    if sheet.void is not None and sheet.void.policy == "GIVE_ALL":
        received = sheet.received is None or player in sheet.received
        return Mark(True, base(settings.scheme), 0) if received else _WRONG
    also = sheet.void.also if sheet.void is not None else ()
    if given.chosen is None or given.given_at is None or not is_right(sheet.question, given.chosen, also):
        return _WRONG
    used = _used_ms(sheet, given, given.given_at, allowed_ms, settings)
    earned = points(settings.scheme, used, full_ms=settings.full_ms, planned=planned, free_ms=settings.free_ms)
    return Mark(True, earned, used)


def _used_ms(sheet: Sheet, given: Given, given_at: datetime, allowed_ms: int, settings: Settings) -> int:
    # A server that was away took time from everybody alike: it is not the player's slowness.
    lost = sum((gap.length for gap in sheet.outages if gap.at < given_at), timedelta())
    opened_at = _opened_at(sheet, given)
    return response_ms(given_at - lost, opened_at, allowed_ms=allowed_ms, full_ms=settings.full_ms)


def _opened_at(sheet: Sheet, given: Given) -> datetime:
    """When a turn opened for a player: as much later as their picture was behind the programme."""
    return sheet.opened_at + timedelta(milliseconds=given.latency_ms) if given.latency_ms else sheet.opened_at


_NOT_GIVEN = Given()
_NOTHING = Total()
_WRONG = Mark(False, 0, 0)
