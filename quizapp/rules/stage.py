"""The state of a round, from plan to award, and what may follow what (contest-rules §15)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

from quizapp.rules.timing import Window

State = Literal[
    "DRAFT",
    "PUBLISHED",
    "OPEN",
    "CLOSED",
    "REVIEW",
    "PROVISIONAL",
    "ANNOUNCED",
    "COMPLAINTS",
    "FINAL",
    "AWARDED",
]

STATES: tuple[State, ...] = get_args(State)
BY_THE_CLOCK: tuple[State, ...] = ("OPEN", "CLOSED")  # reached because their time has come, by nobody's press


def after(state: State) -> State | None:
    """The state that follows, or `None` after the last one."""
    return STATES[STATES.index(state) + 1] if state != STATES[-1] else None


def before(state: State) -> State | None:
    """The state that going back leads to: one step, and never back to before something the clock did (§15).

    Going back needs a reason and two people; what was published stays published and an attempt stays handed in, so
    nothing leads back from `CLOSED` or earlier.
    """
    return STATES[STATES.index(state) - 1] if has_reached(state, "REVIEW") else None


def has_reached(state: str, wanted: State) -> bool:
    """Whether a round in `state` has come as far as `wanted`."""
    return STATES.index(_known(state)) >= STATES.index(wanted)


def at(state: str, window: Window | None, now: datetime) -> State:
    """The state as the clock has it: a published round is open within its window and closed after it, whether or not
    anybody has noted that yet."""
    known = _known(state)
    if window is None or known == "DRAFT" or has_reached(known, "REVIEW"):
        return known
    if now < window.opens_at:
        return "PUBLISHED"
    return "OPEN" if now < window.closes_at else "CLOSED"


def _known(state: str) -> State:
    return next(known for known in STATES if known == state)
