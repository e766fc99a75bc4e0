"""A show that leads itself: which press is due next, and when. The host only holds it, or takes over.

Questions follow each other by gaps, or each opens at its cue: a moment counted from the start of the show. A show that
is late catches up as fast as its gaps let it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct

from quizapp.rules.contest import Moment
from quizapp.rules.timing import GRACE
from quizapp.rules.turn import Guard, Phase, Position, Times, objection, phase, predicting

Seconds = Annotated[int, Meta(ge=0, le=600)]
Press = Literal["next", "reveal", "board", "end"]


class Plan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long each step stays on screen, in seconds. Without a start the host starts the first question."""

    after_lock: Seconds = 3
    after_reveal: Seconds = 12
    after_board: Seconds = 8
    starts_at: Moment | None = None


@dataclass(frozen=True)
class Due:
    """The next press and its moment."""

    press: Press
    at: datetime


def opens_at(plan: Plan, cue_ms: int | None) -> datetime | None:
    """When a question with this cue opens; `None` where the timetable does not say."""
    if plan.starts_at is None or cue_ms is None:
        return None
    return plan.starts_at + timedelta(milliseconds=cue_ms)


def due(
    plan: Plan, position: Position, guard: Guard, since: datetime, now: datetime, reading_from: datetime | None = None
) -> Due | None:
    """What is pressed next and when; `None` while the host holds the show, a question runs, or a proposal waits.

    `since` is when it was switched on or let go on: what was on screen then stays for its whole gap. `reading_from` is
    when the next question must be shown to open at its cue.
    """
    if position.paused or position.ended or guard.proposed:
        return None
    found = _by_phase(plan, position, guard, since, now, reading_from)
    refused = found is None or objection(found.press, position, max(now, found.at), guard) is not None
    return None if refused else found


def _by_phase(
    plan: Plan, position: Position, guard: Guard, since: datetime, now: datetime, reading_from: datetime | None
) -> Due | None:
    at = phase(position, now)
    times = position.times or Times()
    if at is Phase.LOBBY:
        return _start(plan, guard, since, reading_from)
    if at is Phase.LOCKED and times.closes_at is not None:
        shown = _after(plan.after_lock, times.closes_at + GRACE, since)
        return Due("reveal", shown if guard.held_until is None else max(shown, guard.held_until))
    if at is Phase.REVEAL and times.revealed_at is not None:
        return Due("board", _after(plan.after_reveal, times.revealed_at, since))
    if at is Phase.BOARD and times.board_at is not None:
        shown = _after(plan.after_board, times.board_at, since)
        return _on(position, guard, now, shown, reading_from)
    if at is Phase.PREDICTION and position.prediction is not None:
        shown = _after(plan.after_board, position.prediction.closes_at + GRACE, since)
        return None if predicting(position) else _on(position, guard, now, shown, reading_from)
    return None


def _start(plan: Plan, guard: Guard, since: datetime, reading_from: datetime | None) -> Due | None:
    begins = plan.starts_at if guard.prediction_due or reading_from is None else reading_from
    return None if begins is None else Due("next", max(begins, since))


def _on(position: Position, guard: Guard, now: datetime, at: datetime, reading_from: datetime | None) -> Due:
    if objection("next", position, now, guard) is not None:
        return Due("end", at)
    return Due("next", at if guard.prediction_due or reading_from is None else max(at, reading_from))


def _after(seconds: int, moment: datetime, since: datetime) -> datetime:
    return max(moment, since) + timedelta(seconds=seconds)
