"""The attempts of a contest's live round, built from its turns and the answers that were received (contest-rules §14).

A live attempt has no score of its own that could be kept for good: who is still in, or how far somebody is from a
number, depends on everybody. What stands in the table is for pages; counting builds it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, get_args

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from quizapp.models import Attempt, Contestant, Round, Show, Turn
from quizapp.rules import live_totals
from quizapp.rules.contest import LivePart
from quizapp.rules.live_totals import Player
from quizapp.rules.marking import Sheet
from quizapp.rules.tally import Sitting
from quizapp.rules.timing import microseconds
from quizapp.rules.voids import Policy, Void
from quizapp.services import results

Competes = Callable[[str, int], bool]  # by code and the instant of joining


def of_round(session: Session, row: Round, part: LivePart, competes: Competes | None = None) -> list[Sitting]:
    """Everybody's attempt in the rooms of a round in which questions were asked; units and places are ids.

    `competes` says who may take part at all: whoever may not stands in nobody's way.
    """
    wanted = select(Show).where(Show.round_id == row.id).order_by(Show.id)
    rooms = session.scalars(wanted.options(selectinload(Show.turns).selectinload(Turn.round_question))).all()
    return [sitting for show in rooms for sitting in _of_show(session, show, part, competes)]


def keep(session: Session, row: Round, part: LivePart, competes: Competes | None = None) -> None:
    """Write what everybody came to into their attempts, for pages."""
    found = of_round(session, row, part, competes)
    if found:
        session.execute(
            update(Attempt),
            [
                {
                    "id": one.id,
                    "points": one.score,
                    "full": one.full,
                    "score": one.correct,
                    "asked": one.of,
                    "answered": one.answered,
                    "response_ms": one.response_ms,
                }
                for one in found
            ],
        )


def _of_show(session: Session, show: Show, part: LivePart, competes: Competes | None) -> list[Sitting]:
    locked = [turn for turn in show.turns if turn.lock_told and turn.opens_at]
    if not locked:
        return []
    rows = session.execute(
        select(
            Attempt.id,
            Contestant.code,
            Contestant.status,
            Attempt.no,
            Attempt.started_at,
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
    codes = {one.id: one.code for one in rows}
    found = live_totals.sittings(
        part,
        [_sheet(sheet, turn, codes) for sheet, turn in zip(results.sheets(session, show), locked, strict=True)],
        [_player(one, locked, competes) for one in rows],
        ended_us=max(microseconds(_end(turn)) for turn in locked),
        reserves=frozenset(turn.n for turn in locked if turn.round_question and turn.round_question.reserve),
    )
    return [
        msgspec.structs.replace(
            sitting, no=one.no or 1, invalid=one.invalid_reason, given_back=one.given_back_at is not None
        )
        for sitting, one in zip(found, rows, strict=True)
    ]


def _player(row: Any, locked: Sequence[Turn], competes: Competes | None) -> Player:
    joined = row.started_at
    stands = row.status == "ELIGIBLE" and not row.invalid_reason and row.given_back_at is None
    return Player(
        sitting=row.id,
        code=row.code,
        joined_us=microseconds(joined),
        from_turn=next((turn.n for turn in locked if joined < _end(turn)), locked[-1].n + 1),
        connected=row.connected is not False,
        competes=stands and (competes is None or competes(row.code, microseconds(joined))),
        unit=None if row.unit_id is None else str(row.unit_id),
        place=None if row.place_id is None else str(row.place_id),
    )


def _sheet(sheet: Sheet, turn: Turn, codes: Mapping[str, str]) -> Sheet:
    """The sheet of a turn by the codes of the people, with what was decided about its question afterwards."""
    given = {codes[id]: each for id, each in sheet.given.items() if id in codes}
    return replace(sheet, given=given, void=_void(turn))


def _void(turn: Turn) -> Void | None:
    asked = turn.round_question
    policy: Policy | None = next((one for one in get_args(Policy) if asked is not None and one == asked.void), None)
    return None if policy is None or asked is None else Void(policy, tuple(asked.also or ()))


def _end(turn: Turn) -> datetime:
    assert turn.opens_at is not None
    return turn.closes_at or turn.opens_at
