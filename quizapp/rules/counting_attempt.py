"""Which of somebody's valid attempts counts (contest-rules §6, §21.8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from quizapp.rules.contest import CountingAttempt, RankingKey
from quizapp.rules.tally import Sitting

_MS = 1000

_TIMES: dict[RankingKey, Callable[[Sitting], int]] = {
    "duration": lambda sitting: sitting.duration_ms,
    "submitted_at": lambda sitting: sitting.submitted_us // _MS,
    "response_time": lambda sitting: sitting.response_ms,
}


def choose(valid: Sequence[Sitting], rule: CountingAttempt, keys: Sequence[RankingKey]) -> Sitting:
    """The counting attempt out of one person's valid attempts, which stand in their order; there is at least one.

    `BEST` goes by score, then by the time keys among `keys` in their order, then the earlier submission. The prediction
    is not asked.
    """
    if rule == "FIRST" or len(valid) == 1:
        return valid[0]
    if rule == "LAST":
        return valid[-1]
    times = [_TIMES[key] for key in keys if key in _TIMES]
    return min(
        valid, key=lambda one: (-one.score, *[time(one) for time in times], one.submitted_us, one.no, one.started_us)
    )
