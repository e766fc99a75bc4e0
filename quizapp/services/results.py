"""Results of a show: sheets of its locked turns, totals and standings, built from the stored answers alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.models import EPOCH, Answer, Attempt, QuestionVersion, Show, Shown, Turn
from quizapp.rules import marking, question, ranking
from quizapp.rules.marking import Given, Outage, Sheet, Total
from quizapp.rules.show import Settings, settings_from_json

_MOST_SHEETS = 512
_kept_sheets: dict[tuple[str, int], Mapping[str, Given]] = {}


@dataclass(frozen=True)
class Standing:
    """One line of the leaderboard."""

    rank: int
    attempt_id: str
    name: str
    team: str | None
    points: int


@dataclass(frozen=True)
class Board:
    """The leaderboard of a show over its locked turns, best first; equal points share a rank."""

    standings: tuple[Standing, ...]
    totals: Mapping[str, Total]
    sheets: tuple[Sheet, ...]

    def line(self, attempt_id: str) -> Standing | None:
        """The line of one player, or `None` for somebody who is not ranked."""
        return self._lines.get(attempt_id)

    def counts(self, n: int) -> Counter[tuple[int, ...]]:
        """How often each choice was the counting one in turn `n`."""
        sheet = next((sheet for sheet in self.sheets if sheet.n == n), None)
        return Counter() if sheet is None else marking.counts(sheet, self.totals)

    @cached_property
    def _lines(self) -> dict[str, Standing]:
        return {standing.attempt_id: standing for standing in self.standings}


def board(session: Session, show: Show) -> Board:
    """The leaderboard as the stored answers give it now. People sent out by the host do not appear."""
    settings = settings_from_json(show.settings)
    locked = sheets(session, show)
    players = session.execute(
        select(Attempt.id, Attempt.name, Attempt.team)
        .where(Attempt.show_id == show.id, Attempt.removed_at.is_(None))
        .order_by(Attempt.started_at, Attempt.id)
    ).all()
    totals = marking.totals(locked, [player.id for player in players], settings, planned=len(show.turns))
    by_points: ranking.Key[Any] = ranking.Key("score", lambda player: totals[player.id].points, high_first=True)
    standings = tuple(
        Standing(place.rank, place.row.id, place.row.name or "", place.row.team, totals[place.row.id].points)
        for place in ranking.rank(players, [by_points])
    )
    return Board(standings, totals, locked)


def sheets(session: Session, show: Show) -> tuple[Sheet, ...]:
    """What everybody did in each locked turn, in order, by the ids of their attempts."""
    settings = settings_from_json(show.settings)
    locked = [turn for turn in show.turns if turn.lock_told and turn.opens_at]
    said = {turn.version_id for turn in locked if turn.version_id is not None}
    versions = session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(said))).all() if said else []
    found = tuple(_sheet(session, turn, settings) for turn in locked)
    assert len(versions) == len(said)  # held until here, so that the turns find them without asking again
    return found


def _sheet(session: Session, turn: Turn, settings: Settings) -> Sheet:
    assert turn.opens_at is not None
    return Sheet(
        n=turn.n,
        question=question.from_json(turn.content),
        opened_at=turn.opens_at,
        voided=turn.voided_at is not None,
        outages=tuple(
            Outage(EPOCH + timedelta(microseconds=gap["at"]), timedelta(milliseconds=gap["ms"])) for gap in turn.outages
        ),
        given=_given(session, turn, settings),
    )


def _given(session: Session, turn: Turn, settings: Settings) -> Mapping[str, Given]:
    """What everybody did in a locked turn. It can no longer change, so it is kept for the life of the process."""
    key = (str(session.get_bind().engine.url), turn.id)
    kept = _kept_sheets.get(key)
    if kept is None:
        kept = _read_given(session, turn, settings)
        if len(_kept_sheets) >= _MOST_SHEETS:
            _kept_sheets.pop(next(iter(_kept_sheets)))
        _kept_sheets[key] = kept
    return kept


def _read_given(session: Session, turn: Turn, settings: Settings) -> Mapping[str, Given]:
    shown = session.execute(select(Shown.attempt_id, Shown.received_at).where(Shown.turn_id == turn.id))
    given = {attempt_id: Given(shown_at=at) for attempt_id, at in shown}
    answers = session.execute(
        select(Answer.attempt_id, Answer.chosen, Answer.given_at)
        .where(Answer.turn_id == turn.id, Answer.verdict == "ok")
        .order_by(Answer.attempt_id, Answer.n)
    )
    for attempt_id, chosen, at in answers:
        before = given.get(attempt_id, Given())
        if before.first_at is None:
            given[attempt_id] = Given(tuple(chosen), at, at, before.shown_at)
        elif settings.may_change:
            given[attempt_id] = Given(tuple(chosen), at, before.first_at, before.shown_at)
    return given
