"""Shows that lead themselves: what is pressed next and when, and pressing it (rules.autopilot)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from quizapp.errors import Refusal
from quizapp.models import Show
from quizapp.rules import autopilot, question, turn
from quizapp.rules.autopilot import Due, Plan
from quizapp.services import guards, rundown, shows, sight

SLACK = timedelta(seconds=1)  # a question is shown so much sooner, so that its cue is met whenever the clock ticks


def plan_of(show: Show) -> Plan:
    """How this show would lead itself."""
    return Plan() if show.autopilot is None else msgspec.convert(show.autopilot, Plan)


def set_plan(show: Show, plan: Plan) -> None:
    """Let the show lead itself by this plan, once it is switched on."""
    show.autopilot = msgspec.to_builtins(plan)


def due(session: Session, show: Show, *, now: datetime) -> Due | None:
    """What this show presses next by itself and when; `None` while its host does, or nothing can be pressed."""
    if show.autopilot_since is None:
        return None
    plan = plan_of(show)
    guard = guards.guard(session, show, now=now)
    return autopilot.due(plan, sight.position(show), guard, show.autopilot_since, now, _reading_from(show, plan))


def next_due(session: Session, *, now: datetime) -> datetime | None:
    """When the next show presses something by itself."""
    pressed = (due(session, show, now=now) for show in _led(session))
    return min((one.at for one in pressed if one is not None), default=None)


def press_due(session: Session, *, now: datetime) -> int:
    """Press what is due in every show that leads itself; returns how many presses there were.

    What another process pressed first, or what the guard does not allow any more, is left alone.
    """
    return sum(_press(session, show, now) for show in _led(session))


def _press(session: Session, show: Show, now: datetime) -> bool:
    found = due(session, show, now=now)
    if found is None or found.at > now:
        return False
    try:
        shows.press(session, show, found.press, {"auto": True}, now=now)
    except Refusal:
        return False
    return True


def _led(session: Session) -> Iterable[Show]:
    led = select(Show).where(Show.autopilot_since.is_not(None), Show.ended_at.is_(None), Show.paused_at.is_(None))
    return session.scalars(led.options(selectinload(Show.turns))).all()


def _reading_from(show: Show, plan: Plan) -> datetime | None:
    """When the next question must be shown, so that it opens at its cue after the time to read it."""
    upcoming = rundown.upcoming(show)
    opens_at = None if upcoming is None else autopilot.opens_at(plan, upcoming.cue_ms)
    if upcoming is None or opens_at is None:
        return None
    return opens_at - SLACK - turn.reading_time(len(question.from_json(upcoming.content).stem.vi.split()))
