"""Who climbed most from one leaderboard to the next (ux §2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LEAST = 2  # places; one place is no climb to speak of


@dataclass(frozen=True)
class Climb:
    """Somebody's way up: the rank before and the rank now."""

    who: str
    before: int
    now: int


def largest(before: Mapping[str, int], now: Iterable[tuple[str, int]]) -> Climb | None:
    """The largest rise among those on both boards; of equals that of whoever stands higher now. `now` is best first."""
    risen = [Climb(who, before[who], rank) for who, rank in now if before.get(who, 0) - rank >= LEAST]
    return max(risen, key=lambda one: one.before - one.now, default=None)
