"""A show as it was at an earlier moment of its programme: what a viewer further behind may know (ux §7.3).

Flags say what was announced by now; here all follows from recorded instants, so that any moment can be looked at.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from quizapp.rules.timing import GRACE
from quizapp.rules.turn import LEAD, Prediction, Times


def locked_at(times: Times) -> datetime | None:
    """When nothing more was taken for a turn: its window and grace were over, or it was given up before; `None` while
    that is not announced."""
    if not times.told_locked:
        return None
    ended = None if times.closes_at is None else times.closes_at + GRACE
    return min((moment for moment in (ended, times.voided_at) if moment is not None), default=None)


def seen_at(times: Times, moment: datetime) -> Times:
    """A turn as it was at `moment`. What was planned then is taken as it came: when a question opens and closes follows
    from no answer and no key."""
    was_locked = locked_at(times)
    opening = times.opens_at if times.told_open else None  # whatever was only planned was still being read
    return replace(
        times,
        opens_at=opening,
        told_open=opening is not None and opening - LEAD <= moment,
        told_locked=was_locked is not None and was_locked <= moment,
        revealed_at=past(times.revealed_at, moment),
        board_at=past(times.board_at, moment),
        voided_at=past(times.voided_at, moment),
    )


def prediction_at(asked: Prediction | None, moment: datetime) -> Prediction | None:
    """The prediction as it was at `moment`: not there before it was put."""
    if asked is None or asked.asked_at > moment:
        return None
    return replace(asked, told_closed=asked.told_closed and asked.closes_at + GRACE <= moment)


def past(at: datetime | None, moment: datetime) -> datetime | None:
    """An instant, unless it was still to come."""
    return at if at is not None and at <= moment else None
