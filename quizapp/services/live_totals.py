"""The attempts of a live round, built from its turns and the answers that were received (contest-rules §14).

A live attempt has no score of its own that could be kept for good: who is still in, or how far somebody is from a
number, depends on everybody. What stands in the table is for pages; counting builds it again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import BigInteger, ColumnElement, select, type_coerce, update
from sqlalchemy.orm import Session, selectinload

from quizapp.models import Attempt, Contestant, Round, Show, Turn
from quizapp.rules import live_totals, marking
from quizapp.rules.contest import LivePart
from quizapp.rules.live_totals import Played, Player
from quizapp.rules.marking import Sheet
from quizapp.rules.tally import Sitting
from quizapp.rules.timing import microseconds
from quizapp.services import contests, totals, turn_sheets
from quizapp.services.totals import Difference, Total

Competes = Callable[[str, int], bool]  # by code and the instant of joining

_AT_ONCE = 500  # attempts in one question to the database
_MOST_TOTALS = 8
_kept_totals: dict[Hashable, Mapping[str, marking.Total]] = {}


def of_round(session: Session, row: Round, part: LivePart, competes: Competes | None = None) -> list[Sitting]:
    """Everybody's attempt in the rooms of a round in which questions were asked; units and places are ids.

    `competes` says who may take part at all: whoever may not stands in nobody's way. Rehearsals count for nothing.
    """
    wanted = select(Show).where(Show.round_id == row.id, Show.rehearses_id.is_(None)).order_by(Show.id)
    rooms = session.scalars(wanted.options(selectinload(Show.turns).selectinload(Turn.round_question))).all()
    return [sitting for show in rooms for sitting in _of_show(session, show, part, competes)]


def keep(session: Session, row: Round, part: LivePart, competes: Competes | None = None) -> list[Difference]:
    """Write what everybody came to into their attempts, for pages; gives those where something else stood."""
    found = of_round(session, row, part, competes)
    columns = (Attempt.id, Attempt.points, Attempt.full, Attempt.score, Attempt.asked, Attempt.answered)
    stored = {one.id: one for one in session.execute(select(*columns).where(Attempt.round_id == row.id))}
    changed = []
    for one in found:
        rebuilt = Total(one.id, one.score, one.full, one.correct, one.of, one.answered)
        before = Total(one.id, *[value or 0 for value in stored[one.id][1:]])
        if before != rebuilt:
            changed.append(Difference(before, rebuilt, unmarked=stored[one.id].points is None))
    totals.keep(session, [one.rebuilt for one in changed])
    if found:
        session.execute(update(Attempt), [{"id": one.id, "response_ms": one.response_ms} for one in found])
    return changed


def hand_in(session: Session, show: Show, *, now: datetime) -> None:
    """A room is over: hand in every attempt in it and write what each came to, so that pages of the contest show them.

    They end with the last question, as counting has it; where none was asked, now. Free rooms keep nothing.
    """
    row = None if show.round_id is None or show.rehearses_id is not None else session.get(Round, show.round_id)
    if row is None:
        return
    session.flush()
    rules = contests.settings(row.contest).round(row.key)
    ended = max([_end(turn) for turn in turn_sheets.locked(show)], default=now)
    waiting = update(Attempt).where(Attempt.show_id == show.id, Attempt.handed_in_at.is_(None))
    for late in (False, True):  # who came after the last question ended with coming
        which = Attempt.started_at > ended if late else Attempt.started_at <= ended
        values = {"handed_in_at": Attempt.started_at if late else ended, "handed_in_by": "auto"}
        session.execute(waiting.where(which).values(values), execution_options={"synchronize_session": False})
    if rules.live is not None:
        keep(session, row, rules.live)
    session.expire_all()
    totals.keep_participations(session, list(totals.participations(session, row.contest, row)))


def note_connected(session: Session, show: Show, connected: Iterable[str]) -> None:
    """Keep which attempts had a connection when a question was locked; the last locked question has the last word
    (§8.1, `P_LIVE`). Only contests ask for it."""
    if show.round_id is None:
        return
    session.flush()
    inside = update(Attempt).where(Attempt.show_id == show.id).execution_options(synchronize_session=False)
    session.execute(inside.values(connected=False))
    ids = list(connected)
    for begin in range(0, len(ids), _AT_ONCE):
        session.execute(inside.where(Attempt.id.in_(ids[begin : begin + _AT_ONCE])).values(connected=True))
    session.expire_all()


# ── What was played ─────────────────────────────────────────────────────────────────────────────────────────────


def play(
    session: Session, show: Show, part: LivePart, players: Sequence[Player], through: int | None = None
) -> tuple[tuple[Sheet, ...], Played]:
    """The sheets of a show, up to this turn, and what they come to for these players, who go by the ids of their
    attempts. Marks are kept from turn to turn, as long as nothing in the turns before has changed."""
    turns = turn_sheets.locked(show, through)
    sheets = turn_sheets.read(session, show, through)
    room = (str(session.get_bind().engine.url), show.id, part)
    states = turn_sheets.states(session, show, turns)
    lasting = all(turn_sheets.is_kept(show, turn) for turn in turns)
    given = any(sheet.void is not None for sheet in sheets)  # who received a question may change what it counts for
    known = [(*room, states[:n]) for n in range(len(states), 0, -1)] if lasting and not given else []
    played = live_totals.play(
        part,
        sheets,
        players,
        ended_us=max([end_us for _, end_us in ends(turns)], default=0),
        reserves=frozenset(turn.n for turn in turns if turn.reserve),
        before=next(filter(None, map(_kept_totals.get, known)), None),
    )
    if known:
        if len(_kept_totals) >= _MOST_TOTALS:
            _kept_totals.pop(next(iter(_kept_totals)))
        _kept_totals[known[0]] = played.totals
    return sheets, played


def started_us() -> ColumnElement[int]:
    """When attempts began, as whole microseconds: thousands of them are read for a board."""
    return type_coerce(Attempt.started_at, BigInteger).label("started_us")


def ends(turns: Iterable[Turn]) -> list[tuple[int, int]]:
    """The numbers of locked turns with the instants of their ends."""
    return [(turn.n, microseconds(_end(turn))) for turn in turns]


def player(row: Any, ended: Sequence[tuple[int, int]], *, competes: bool) -> Player:
    """Somebody admitted to a room, from the columns of their attempt, by its id; they were dealt the questions that had
    not ended when they came."""
    first = next((n for n, end_us in ended if row.started_us < end_us), ended[-1][0] + 1 if ended else 1)
    return Player(
        sitting=row.id,
        code=row.id,
        joined_us=row.started_us,
        from_turn=first,
        connected=row.connected is not False,
        competes=competes,
        unit=None if row.unit_id is None else str(row.unit_id),
        place=None if row.place_id is None else str(row.place_id),
    )


def stands(row: Any) -> bool:
    """Whether somebody of a contest is ranked: not hors concours, not excluded, the attempt not declared void."""
    return row.status == "ELIGIBLE" and not row.invalid_reason and row.given_back_at is None


def _of_show(session: Session, show: Show, part: LivePart, competes: Competes | None) -> list[Sitting]:
    turns = turn_sheets.locked(show)
    if not turns:
        return []
    rows = session.execute(
        select(
            Attempt.id,
            Contestant.code,
            Contestant.status,
            Attempt.no,
            started_us(),
            Attempt.connected,
            Attempt.unit_id,
            Attempt.place_id,
            Attempt.invalid_reason,
            Attempt.given_back_at,
        )
        .join(Contestant, Contestant.id == Attempt.contestant_id)
        .where(Attempt.show_id == show.id, Attempt.removed_at.is_(None))
        .order_by(Attempt.id)
    ).all()
    may = {one.id: competes is None or competes(one.code, one.started_us) for one in rows}
    ended = ends(turns)
    players = [player(one, ended, competes=stands(one) and may[one.id]) for one in rows]
    found = play(session, show, part, players)[1].sittings
    return [
        msgspec.structs.replace(
            sitting,
            code=one.code,
            no=one.no or 1,
            invalid=one.invalid_reason,
            given_back=one.given_back_at is not None,
        )
        for sitting, one in zip(found, rows, strict=True)
    ]


def _end(turn: Turn) -> datetime:
    assert turn.opens_at is not None
    return turn.closes_at or turn.opens_at
