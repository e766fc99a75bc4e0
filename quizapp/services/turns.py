"""What the clock does with the turns of shows: opening, locking, the heartbeat, and what follows from an outage.

Where several processes may act, the conditional update is the claim.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session, selectinload

from quizapp import news
from quizapp.models import EPOCH, Answer, Show, Turn
from quizapp.rules import turn
from quizapp.rules.timing import GRACE
from quizapp.rules.turn import LEAD
from quizapp.services import guards, presses, shows, sight
from quizapp.services.show_news import PredictionClosed, TurnLocked, TurnOpened

HEARTBEAT = timedelta(milliseconds=500)
SMALLEST_OUTAGE = timedelta(seconds=1)  # two heartbeats missed: the server was away, not merely busy
LONGEST_OUTAGE = timedelta(seconds=2)  # of a question on which prizes hang: after more it counts for nobody
INTERRUPTED = "Máy chủ gián đoạn khi câu này đang mở, nên câu này không tính cho ai."


def open_due(session: Session, *, now: datetime) -> int:
    """Announce every turn whose opening is near; returns how many this process claimed."""
    waiting = (
        select(Turn)
        .join(Show, (Show.id == Turn.show_id) & (Show.position == Turn.n))
        .where(~Turn.open_told, ~Turn.lock_told, Turn.opens_at.is_not(None), Show.ended_at.is_(None))
        .where(Show.paused_at.is_(None))
    )
    due = [row for row in session.scalars(waiting) if turn.due_to_open(sight.times(row), now)]
    claimed = [row for row in due if presses.claim(session, row, Turn.open_told)]
    for row in claimed:
        news.tell(session, TurnOpened(row.show_id))
    return len(claimed)


def lock_due(session: Session, *, now: datetime) -> list[int]:
    """Lock every turn whose window, grace included, is over; returns the shows whose turn this process claimed."""
    running = select(Turn).where(~Turn.lock_told, Turn.open_told, Turn.closes_at.is_not(None))
    due = [row for row in session.scalars(running) if turn.due_to_lock(sight.times(row), now)]
    claimed = [row for row in due if presses.claim(session, row, Turn.lock_told)]
    for row in claimed:
        news.tell(session, TurnLocked(row.show_id))
    return [row.show_id for row in claimed]


def close_due(session: Session, *, now: datetime) -> int:
    """End every prediction whose time, grace included, is over; returns how many this process claimed."""
    due = session.scalars(_predicting().where(Show.predicting_until <= now - GRACE)).all()
    claimed = [show_id for show_id in due if _claim_prediction(session, show_id)]
    for show_id in claimed:
        news.tell(session, PredictionClosed(show_id))
    return len(claimed)


def next_due(session: Session) -> datetime | None:
    """The next instant at which something opens or ends, or `None` while nothing runs."""
    waiting = session.execute(
        select(Turn.opens_at, Turn.closes_at, Turn.open_told)
        .join(Show, (Show.id == Turn.show_id) & (Show.position == Turn.n))
        .where(~Turn.lock_told, Turn.opens_at.is_not(None), Show.ended_at.is_(None))
        .where(Turn.open_told | Show.paused_at.is_(None))
    ).all()
    moments = [row.closes_at + GRACE if row.open_told else row.opens_at - LEAD for row in waiting]
    closing = session.scalars(select(Show.predicting_until).where(Show.id.in_(_predicting()))).all()
    return min([*moments, *(until + GRACE for until in closing if until is not None)], default=None)


def beat(session: Session, *, now: datetime) -> None:
    """Say that the server lives, for every show with something being read or open: measures an outage later."""
    running = (
        select(Turn.show_id)
        .join(Show, (Show.id == Turn.show_id) & (Show.position == Turn.n))
        .where(~Turn.lock_told, Turn.opens_at.is_not(None), Show.ended_at.is_(None))
    )
    alive = Show.id.in_(running) | Show.id.in_(_predicting())
    session.execute(update(Show).where(alive).values(alive_at=now))


def recover(session: Session, *, now: datetime) -> int:
    """After a start: give everything that was interrupted the time that was lost; a question on which prizes hang is
    voided instead if that took long (fairness §3). Returns how many were touched."""
    interrupted = session.scalars(
        select(Turn)
        .join(Show, (Show.id == Turn.show_id) & (Show.position == Turn.n))
        .where(~Turn.lock_told, Turn.opens_at.is_not(None), Show.alive_at.is_not(None), Show.ended_at.is_(None))
        .options(selectinload(Turn.show))
    ).all()
    predicting = session.scalars(select(Show).where(Show.id.in_(_predicting()), Show.alive_at.is_not(None))).all()
    given = [_give_prediction_back(session, show, now) for show in predicting]
    return sum([*given, *(_give_back(session, row, now) for row in interrupted)])


def _predicting() -> Select[Any]:
    """The shows in which a number is still taken."""
    return select(Show.id).where(Show.predicting_at.is_not(None), ~Show.predicting_told, Show.ended_at.is_(None))


def _claim_prediction(session: Session, show_id: int) -> bool:
    claim = update(Show).where(Show.id == show_id, ~Show.predicting_told).values(predicting_told=True)
    won: bool = session.execute(claim).rowcount == 1  # type: ignore[attr-defined]
    return won


def _give_prediction_back(session: Session, show: Show, now: datetime) -> bool:
    assert show.alive_at is not None and show.predicting_until is not None
    gap = now - show.alive_at
    if gap < SMALLEST_OUTAGE or show.alive_at >= show.predicting_until + GRACE:
        return False
    show.predicting_until += gap
    show.alive_at = now
    _log(session, show, gap, now)
    return True


def _give_back(session: Session, row: Turn, now: datetime) -> bool:
    show = row.show
    assert show.alive_at is not None and row.opens_at is not None and row.closes_at is not None
    # An answer that was kept proves life as well as a heartbeat: it may have come before the first one.
    last_kept = session.scalar(select(func.max(Answer.given_at)).where(Answer.turn_id == row.id, Answer.n > 0))
    show.alive_at = max(show.alive_at, last_kept or show.alive_at)
    gap = now - show.alive_at
    held = show.paused_at is not None and not row.open_told
    if gap < SMALLEST_OUTAGE or held or show.alive_at >= row.closes_at + GRACE:
        return False
    if show.alive_at < row.opens_at:
        row.opens_at += gap
        row.closes_at += gap
        row.open_told = False
    elif guards.needs_two(show) and gap > LONGEST_OUTAGE:
        row.lock_told = True
        presses.void(session, show, row, INTERRUPTED, now=now)
    else:
        row.outages = [*row.outages, {"at": _us(show.alive_at), "ms": gap // timedelta(milliseconds=1)}]
        row.closes_at += gap
    show.alive_at = now
    _log(session, show, gap, now, voided=row.voided_at is not None)
    return True


def _log(session: Session, show: Show, gap: timedelta, now: datetime, *, voided: bool = False) -> None:
    details = {"ms": gap // timedelta(milliseconds=1), "voided": voided}
    shows.log_press(session, show, "outage", details, "", now=now)


def _us(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)
