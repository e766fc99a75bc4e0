"""The delivery allowance: what a slow network is given back, within a quota, so that faked slowness gains nothing
(fairness §3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

START_MS = 900
PER_QUESTION_MS = 300
MOST_MS = 1_500


def allowances(delays: Sequence[int | None]) -> list[int]:
    """For each question in order, how many milliseconds of its delay are given back.

    `delays` are milliseconds between opening and the page's word that the options are on screen; `None` where no such
    word came before the answer. The quota runs on over all questions, also voided ones (contest-rules §21.11).
    """
    quota = START_MS
    given = []
    for delay in delays:
        allowed, quota = spend(quota, delay)
        given.append(allowed)
    return given


def spend(quota_ms: int, delay: int | None) -> tuple[int, int]:
    """How much of one delay is given back, and the quota that is left for the next question."""
    allowed = min(max(delay or 0, 0), quota_ms)
    return allowed, min(MOST_MS, quota_ms - allowed + PER_QUESTION_MS)


def delay_ms(shown_at: datetime | None, opened_at: datetime, answered_at: datetime | None) -> int | None:
    """Milliseconds from opening until the options were on screen, or `None` if the page did not say so in time.

    A `shown` after the person's first answer counts as none.
    """
    if shown_at is None or (answered_at is not None and shown_at > answered_at):
        return None
    return max(0, whole_ms(shown_at - opened_at))


def response_ms(answered_at: datetime, opened_at: datetime, *, allowed_ms: int, full_ms: int) -> int:
    """Response time in milliseconds: what the person used of the announced time, between 0 and `full_ms`."""
    return min(full_ms, max(0, whole_ms(answered_at - opened_at) - allowed_ms))


def whole_ms(length: timedelta) -> int:
    """A length of time in whole milliseconds, rounded down."""
    return length // timedelta(milliseconds=1)
