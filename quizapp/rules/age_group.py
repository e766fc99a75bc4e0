"""Age groups for statistics: coarse, and taken on the day of registration, so that no birth date is needed again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

BEGINS: Sequence[int] = (0, 16, 25, 35, 45, 60)  # the age at which each group begins


def begins(birth: date, on: date) -> int:
    """Where the age group begins that somebody born on `birth` belongs to on that day."""
    age = on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
    return max(start for start in BEGINS if start <= max(age, 0))


def bounds(start: int) -> tuple[int, int | None]:
    """The youngest and the oldest age of the group that begins there; the last one has no oldest."""
    place = BEGINS.index(start)
    return start, BEGINS[place + 1] - 1 if place + 1 < len(BEGINS) else None
