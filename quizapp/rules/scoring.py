"""What one answer earns in a live round, in whole points (contest-rules §14.3). Never in floating point."""

from __future__ import annotations

from typing import Literal

Scheme = Literal["FLAT", "ACCURACY_FIRST", "HALF_DECAY"]

SCHEMES: tuple[Scheme, ...] = ("ACCURACY_FIRST", "FLAT", "HALF_DECAY")
FREE_START_MS = 1_000  # the first second costs nothing


def points(scheme: Scheme, response_ms: int, *, full_ms: int, planned: int, free_ms: int = FREE_START_MS) -> int:
    """Points of a right answer; a wrong or missing one earns 0 under every scheme.

    `response_ms` is the response time after the delivery allowance, `full_ms` the announced time of the question,
    `planned` the number of questions planned in the round. Under `ACCURACY_FIRST` all bonuses of a round together stay
    below one right answer.
    """
    used = min(max(response_ms, 0), full_ms)
    if scheme == "FLAT":
        return base(scheme)
    if scheme == "ACCURACY_FIRST":
        return base(scheme) + _bonus(999 // planned, used, full_ms, free_ms)
    return _half_to_even(1000 * (2 * full_ms - used), 2 * full_ms)


def base(scheme: Scheme) -> int:
    """What a right answer earns without any speed: what a question given to all is worth (contest-rules §7)."""
    return 1 if scheme == "FLAT" else 1000


def _bonus(most: int, used: int, full_ms: int, free_ms: int) -> int:
    if used <= free_ms:
        return most
    return most * (full_ms - used) // (full_ms - free_ms)


def _half_to_even(numerator: int, denominator: int) -> int:
    whole, rest = divmod(numerator, denominator)
    above = 2 * rest - denominator
    return whole + (1 if above > 0 or (above == 0 and whole % 2 == 1) else 0)
