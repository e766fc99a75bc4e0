"""Cues: the planned opening of each question on the timeline of a show, and what follows from the plan.

Moments on a timeline are counted in milliseconds from the start of the show, or of a recording.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from quizapp.errors import Unreadable
from quizapp.rules.autopilot import Plan
from quizapp.rules.timing import GRACE

LONGEST_MS = 24 * 3600 * 1000
_WRITTEN = re.compile(r"(?:(?:([0-9]{1,2}):)?([0-9]{1,2}):)?([0-9]{1,5})(?:[.,]([0-9]{1,3}))?")


@dataclass(frozen=True)
class Step:
    """One question on the timeline: its cue, if it has one, and how long it is read and open."""

    cue_ms: int | None
    reading_ms: int
    window_ms: int


def expected(steps: Iterable[Step], plan: Plan) -> list[int]:
    """When each question opens if all goes by the plan: at its cue, or as soon as the one before leaves room for it."""
    between = GRACE + timedelta(seconds=plan.after_lock + plan.after_reveal + plan.after_board)
    opens, free = [], 0
    for step in steps:
        opens.append(max(step.cue_ms or 0, free + step.reading_ms))
        free = opens[-1] + step.window_ms + between // timedelta(milliseconds=1)
    return opens


def in_order(cues: Sequence[int | None]) -> bool:
    """Whether no question has its cue before that of an earlier one."""
    given = [cue for cue in cues if cue is not None]
    return all(before < after for before, after in pairwise(given))


def read(typed: str) -> int:
    """A moment as people write it: `12:30`, `1:05:20`, `75`, `12:30,5`. Refuses what is none, or is beyond a day."""
    found = _WRITTEN.fullmatch(typed.strip())
    if found is None:
        raise Unreadable("Vui lòng ghi thời điểm như 12:30 hoặc 1:05:20.")
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[:3])
    moment = ((hours * 60 + minutes) * 60 + seconds) * 1000 + int((found[4] or "0").ljust(3, "0"))
    if moment >= LONGEST_MS:
        raise Unreadable("Thời điểm phải nằm trong vòng 24 giờ.")
    return moment


def written(moment_ms: int) -> str:
    """A moment as people read it: `12:30`, `1:05:20`, with a part of a second only where there is one."""
    seconds, rest = divmod(moment_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    whole = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{whole},{rest:03}".rstrip("0") if rest else whole


def daterange(name: str, opens_at: datetime, window_ms: int, offset_ms: int) -> str:
    """The line of an HLS playlist that marks a question's window on the stream's own clock."""
    date = (opens_at + timedelta(milliseconds=offset_ms)).astimezone(UTC)
    stamp = f"{date:%Y-%m-%dT%H:%M:%S}.{date.microsecond // 1000:03}Z"
    length = f"{window_ms / 1000:.3f}"
    return f'#EXT-X-DATERANGE:ID="{name}",CLASS="quiz.turn",START-DATE="{stamp}",PLANNED-DURATION={length}'
