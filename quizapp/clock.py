"""The one clock: wall time at the start of the process plus the monotonic time since, so that a jump of the wall
clock moves no deadline and no response time."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

_wall_ns = time.time_ns()
_monotonic_ns = time.monotonic_ns()


def now_us() -> int:
    """Microseconds since 1970 on the contest clock."""
    return (_wall_ns + time.monotonic_ns() - _monotonic_ns) // 1000


def now() -> datetime:
    """The present instant (UTC, zone-aware, whole microseconds)."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=now_us())
