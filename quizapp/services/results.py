"""The leaderboard of a show on air, built from the stored answers alone: of free rooms and of contests, by whatever
the room is played (contest-rules §9, §14.3, §14.6).

A contest's board is the ranking of its rulebook as far as it can be known: the distance of predictions comes in once
their target exists, and lots are drawn later. What counts in the end is counted anew (`services.tallies`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from quizapp.models import Attempt, Contestant, Round, Saying, Show
from quizapp.rules import marking, prediction, round_count, standings, teams
from quizapp.rules.climb import Climb
from quizapp.rules.contest import POINT, LivePart, Prediction, Ranking, RankingKey
from quizapp.rules.live_totals import Played
from quizapp.rules.marking import Sheet, Total
from quizapp.rules.show import settings_from_json
from quizapp.rules.survival import Bell
from quizapp.rules.tally import Contestant as Person
from quizapp.rules.tally import Line, Said, Sitting, TeamLine
from quizapp.rules.timing import microseconds
from quizapp.services import contests, live_totals, rundown, turn_sheets

NAMED = 100  # lines that are ever read out; only of these a new name matters at once
_MOST_BOARDS = 8
_kept_boards: dict[Hashable, Board] = {}


@dataclass(frozen=True)
class Standing:
    """One line of the leaderboard. `inside` says in a game of survival whether somebody is still in; `distance` is how
    far a prediction was from its target, once that exists; `off` how far a number was from the right one."""

    rank: int
    attempt_id: str
    name: str
    team: str | None
    points: int
    correct: int = 0
    response_ms: int = 0
    inside: bool | None = None
    distance: int | None = None
    off: int | None = None


@dataclass(frozen=True)
class Board:
    """The leaderboard of a show over its locked turns, best first; equals share a rank.

    `aside` are people whose points are theirs to see but who are ranked nowhere: those hors concours. `keys` are what
    people are compared by in a contest, none in a free room. `climbs` remembers the largest climb since an earlier
    board, by the number of its turn (`services.climbs`).
    """

    standings: tuple[Standing, ...]
    totals: Mapping[str, Total]
    sheets: tuple[Sheet, ...]
    teams: tuple[TeamLine, ...] = ()
    bell: Bell | None = None
    aside: Mapping[str, Standing] = field(default_factory=dict)
    keys: tuple[RankingKey, ...] = ()
    climbs: dict[int, Climb | None] = field(default_factory=dict, compare=False, repr=False)

    def line(self, attempt_id: str) -> Standing | None:
        """The line of one player, or `None` for somebody who is not ranked."""
        return self._lines.get(attempt_id)

    def counts(self, n: int) -> Counter[tuple[int, ...]]:
        """How often each choice was the counting one in turn `n`."""
        sheet = next((sheet for sheet in self.sheets if sheet.n == n), None)
        return Counter() if sheet is None else marking.counts(sheet, self.totals)

    @property
    def left(self) -> int | None:
        """How many are still in, in a game of survival."""
        return None if self.bell is None else len(self.bell.field)

    @cached_property
    def _lines(self) -> dict[str, Standing]:
        return {standing.attempt_id: standing for standing in self.standings}


@dataclass(frozen=True)
class _Game:
    """What is played for: the part, in what order people stand, what is predicted. `contest_id` is none in free rooms,
    and `target` as long as the number is not known."""

    part: LivePart
    ranking: Ranking
    contest_id: int | None = None
    round_id: int | None = None
    prediction: Prediction | None = None
    target: int | None = None
    over: bool = False


def board(session: Session, show: Show, *, through: int | None = None) -> Board:
    """The leaderboard as the stored answers give it now; `through` leaves out what was locked after that turn.

    People sent out by the host do not appear. It is kept as long as nothing in it changes.
    """
    session.flush()
    game = _game(session, show, through)
    turns = turn_sheets.locked(show, through)
    room = (str(session.get_bind().engine.url), show.id, game)
    key = (*room, turn_sheets.states(session, show, turns), _roll(session, show, game))
    lasting = all(turn_sheets.is_kept(show, turn) for turn in turns)
    kept = _kept_boards.get(key) if lasting else None
    if kept is None:
        kept = _build(session, show, game, through)
        if lasting:
            if len(_kept_boards) >= _MOST_BOARDS:
                _kept_boards.pop(next(iter(_kept_boards)))
            _kept_boards[key] = kept
    return _named(session, kept)


def bell(session: Session, show: Show) -> Bell | None:
    """How a game of survival stands: who is in, what comes next, who won; `None` where another game is played."""
    return board(session, show).bell if settings_from_json(show.settings).scoring == "SURVIVAL" else None


# ── What is played ──────────────────────────────────────────────────────────────────────────────────────────────


def _game(session: Session, show: Show, through: int | None) -> _Game:
    row = None if show.round_id is None else session.get(Round, show.round_id)
    if row is None:
        part = settings_from_json(show.settings).part(max(1, rundown.planned(show)))
        return _Game(part, _BY_DISTANCE if part.scoring == "NEAREST" else _BY_SCORE)
    rules = contests.settings(row.contest).round(row.key)
    reached = [turn.lock_told and (through is None or turn.n <= through) for turn in show.turns if not turn.standby]
    over = all(reached) or (show.ended_at is not None and through is None)
    return _Game(
        part=rules.live or settings_from_json(show.settings).part(max(1, rundown.planned(show))),
        ranking=rules.ranking,
        contest_id=row.contest_id,
        round_id=row.id,
        prediction=rules.prediction,
        target=row.target if row.frozen_at is not None else None,
        over=over,
    )


# A free room has no prizes: points alone decide, or nearness with the time taken (contest-rules §9, §14.3).
_BY_SCORE = Ranking(keys=("score", "lot"), tie_policy="SHARE")
_BY_DISTANCE = Ranking(keys=("score", "response_time", "lot"), tie_policy="SHARE")


def _build(session: Session, show: Show, game: _Game, through: int | None) -> Board:
    rows = _people(session, show)
    competing = {row.id for row in rows if game.contest_id is None or live_totals.stands(row)}
    ended = live_totals.ends(turn_sheets.locked(show, through))
    players = [live_totals.player(row, ended, competes=row.id in competing) for row in rows]
    sheets, played = live_totals.play(session, show, game.part, players, through)
    ranked = [sitting for sitting in played.sittings if sitting.id in competing]
    target = _target(game, ranked)
    ranking = _on_air(game, target)
    lines = _lines(session, game, ranking, rows, ranked, target)
    order = {row.id: place for place, row in enumerate(rows)}
    listed = sorted(lines, key=lambda line: (line.rank, order[line.code]))
    by_id = {row.id: row for row in rows}
    others = [sitting for sitting in played.sittings if sitting.id not in competing]
    return Board(
        standings=tuple(_standing(line, by_id[line.code], game, played) for line in listed),
        totals=played.totals,
        sheets=sheets,
        teams=_teams(session, game, rows, ranked, lines),
        bell=played.bell,
        keys=() if game.contest_id is None else standings.compared(ranking.keys),
        aside={one.id: _standing(round_count.line(one, live=True), by_id[one.id], game, played) for one in others},
    )


def _people(session: Session, show: Show) -> Sequence[Any]:
    """Everybody in the room in the order they came; of contestants also what decides where they stand."""
    wanted = select(
        Attempt.id,
        Attempt.name,
        Attempt.team,
        live_totals.started_us(),
        Attempt.connected,
        Attempt.unit_id,
        Attempt.place_id,
        Attempt.invalid_reason,
        Attempt.given_back_at,
        Attempt.contestant_id,
        Contestant.status,
        Contestant.team.label("delegation"),
        Contestant.accommodation,
    ).outerjoin(Contestant, Contestant.id == Attempt.contestant_id)
    inside = wanted.where(Attempt.show_id == show.id, Attempt.removed_at.is_(None))
    return session.execute(inside.order_by(Attempt.started_at, Attempt.id)).all()


def _standing(line: Line, row: Any, game: _Game, played: Played) -> Standing:
    guess = played.guesses.get(line.code)
    return Standing(
        rank=line.rank,
        attempt_id=line.code,
        name=row.name or "",
        team=row.team or row.delegation,
        points=line.score // POINT,
        correct=line.correct,
        response_ms=line.response_ms // game.part.response_step_ms * game.part.response_step_ms,
        inside=None if played.bell is None else line.code in played.bell.field,
        distance=line.distance,
        off=None if guess is None or guess.missing else guess.distance,
    )


# ── Who stands where ────────────────────────────────────────────────────────────────────────────────────────────


def _on_air(game: _Game, target: int | None) -> Ranking:
    """The order that can be known on air: without predictions before there is a target, and without lots."""
    keys = tuple(key for key in game.ranking.keys if key != "prediction_distance" or target is not None)
    return msgspec.structs.replace(game.ranking, keys=keys, tie_policy="SHARE")


def _lines(
    session: Session,
    game: _Game,
    ranking: Ranking,
    rows: Sequence[Any],
    sittings: Sequence[Sitting],
    target: int | None,
) -> Sequence[Line]:
    said = {} if target is None else _said(session, game, rows)
    lines = [
        round_count.line(sitting, live=True, guess=_guess(game, said, sitting), target=target) for sitting in sittings
    ]
    return standings.rank(
        lines,
        ranking,
        prediction=game.prediction,
        target=target,
        response_step_ms=game.part.response_step_ms,
        accommodated={row.id for row in rows if row.accommodation not in (None, 100)},
        survival=game.part.scoring == "SURVIVAL",
    ).lines


def _target(game: _Game, sittings: Iterable[Sitting]) -> int | None:
    """The number that was to be predicted: the frozen one, or once all is played what it comes to as things stand."""
    if game.prediction is None or game.target is not None or not game.over:
        return game.target
    held = [sitting for sitting in sittings if sitting.answered]
    return prediction.target(
        game.prediction,
        all_correct=sum(round_count.is_all_correct(one, live=True) for one in held),
        people=len(held),
        attempts=len(held),
        connected=sum(one.connected for one in sittings),
    )


def _said(session: Session, game: _Game, rows: Sequence[Any]) -> dict[str, list[Said]]:
    """The predictions saved on air, by the attempts of those who gave them."""
    attempts = {row.contestant_id: row.id for row in rows}
    wanted = select(Saying.contestant_id, Saying.value, Saying.said_at).where(Saying.round_id == game.round_id)
    found: dict[str, list[Said]] = {}
    for who, value, at in session.execute(wanted.order_by(Saying.id)):
        if who in attempts:
            id = attempts[who]
            found.setdefault(id, []).append(Said(code=id, value=value, said_us=microseconds(at), sitting=id))
    return found


def _guess(game: _Game, said: Mapping[str, list[Said]], sitting: Sitting) -> int | None:
    if game.prediction is None or sitting.id not in said:
        return None
    return prediction.counting(game.prediction.prediction_scope, said[sitting.id], [sitting], sitting)


def _teams(
    session: Session, game: _Game, rows: Sequence[Any], sittings: Iterable[Sitting], lines: Iterable[Line]
) -> tuple[TeamLine, ...]:
    """The teams of a room; of a contest also those of which nobody came. A member counts with an answer given."""
    if game.part.teams is None:
        return ()
    answered = {sitting.id for sitting in sittings if sitting.answered}
    people = {row.id: Person(code=row.id, team=row.team if game.contest_id is None else row.delegation) for row in rows}
    if game.contest_id is not None:
        known = select(Contestant.team).where(
            Contestant.contest_id == game.contest_id, Contestant.status == "ELIGIBLE", Contestant.team.is_not(None)
        )
        people |= {f"team {team}": Person(code="", team=team) for team in session.scalars(known.distinct())}
    return teams.rank([line for line in lines if line.code in answered], people, game.part.teams)


# ── Kept ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _roll(session: Session, show: Show, game: _Game) -> Hashable:
    """What tells whether the same people stand in the room under the same conditions, in one question."""
    counts: list[ColumnElement[Any]] = [
        func.count(),
        func.max(Attempt.started_at),
        func.sum(case((Attempt.connected.is_(True), 1), else_=0)),
        func.sum(case((Attempt.invalid_reason != "", 1), (Attempt.given_back_at.is_not(None), 1), else_=0)),
    ]
    inside = (Attempt.show_id == show.id, Attempt.removed_at.is_(None))
    if game.contest_id is None:
        return tuple(session.execute(select(*counts).where(*inside)).one())
    eligible = func.sum(case((Contestant.status == "ELIGIBLE", 1), else_=0))
    people = select(*counts, eligible).outerjoin(Contestant, Contestant.id == Attempt.contestant_id).where(*inside)
    sayings = select(func.max(Saying.id)).where(Saying.round_id == game.round_id)
    return (*session.execute(people).one(), session.scalar(sayings))


def _named(session: Session, kept: Board) -> Board:
    """The same board with the names that people on top carry now: a host may give somebody another at any time."""
    top = kept.standings[:NAMED]
    wanted = select(Attempt.id, Attempt.name, Attempt.team).where(Attempt.id.in_([one.attempt_id for one in top]))
    now = {id: (name or "", team) for id, name, team in session.execute(wanted)}
    named = tuple(
        replace(one, name=now[one.attempt_id][0], team=now[one.attempt_id][1] or one.team)
        if (one.name, one.team) != now[one.attempt_id]
        else one
        for one in top
    )
    return kept if named == top else replace(kept, standings=named + kept.standings[NAMED:])
