"""The questions of a show on paper, should all else fail: those still to come, and the answers of those already locked.

Each print is written down with its name: before the lock a paper says what nobody may know yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.errors import Conflict
from quizapp.models import Show, Turn
from quizapp.rules import question
from quizapp.rules.paper import Place
from quizapp.services import lags, shows

REMAINING, KEY = "paper", "paper-key"  # the presses


@dataclass(frozen=True)
class Print:
    """Questions to be printed, with the numbers they have in the show."""

    numbers: tuple[int, ...]
    places: tuple[Place, ...]


def remaining(session: Session, show: Show, person_id: str | None, *, now: datetime) -> Print:
    """The questions not locked yet, in their order, without reserves nobody called. Refuses a show that has none."""
    rows = [row for row in _in_order(show) if not row.lock_told and not row.standby and row.voided_at is None]
    if show.ended_at is not None or not rows:
        raise Conflict("Không còn câu hỏi nào để in.")
    return _printed(session, show, rows, REMAINING, person_id, now)


def answered(session: Session, show: Show, person_id: str | None, *, now: datetime) -> Print:
    """The questions whose answers may be known: locked for everybody, the slowest viewer too. Refuses if there are
    none."""
    rows = [row for row in _in_order(show) if row.voided_at is None and _is_known(session, show, row, now)]
    if not rows:
        raise Conflict("Chưa có câu nào đóng nên chưa có đáp án để in.")
    return _printed(session, show, rows, KEY, person_id, now)


def _is_known(session: Session, show: Show, row: Turn, now: datetime) -> bool:
    closed = lags.all_closed_at(session, show, row)
    return row.lock_told and (closed is None or now >= closed)


def _printed(session: Session, show: Show, rows: list[Turn], press: str, person_id: str | None, now: datetime) -> Print:
    shows.log_press(session, show, press, {"turns": [row.n for row in rows]}, "", now=now, person_id=person_id)
    places = (Place(question.from_json(row.content), tuple(row.option_order)) for row in rows)
    return Print(tuple(row.n for row in rows), tuple(places))


def _in_order(show: Show) -> list[Turn]:
    return sorted(show.turns, key=lambda row: row.n)
