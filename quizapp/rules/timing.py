"""Time: the window in which an answer counts, and the grace that the network gets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

GRACE = timedelta(seconds=2)  # the network's share of the time; players never see it
VIETNAM = timezone(timedelta(hours=7))  # no daylight saving (contest-rules §3)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # the end of a window that nothing closes
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Window:
    """The stretch of time in which an answer counts."""

    opens_at: datetime
    closes_at: datetime = NEVER

    def admits(self, moment: datetime) -> bool:
        return self.opens_at <= moment < self.closes_at + GRACE

    def share_left(self, moment: datetime) -> float:
        """How much of the window is left, from 1.0 at its start to 0.0."""
        left = (self.closes_at - moment) / (self.closes_at - self.opens_at)
        return min(max(left, 0.0), 1.0)

    def is_over(self, moment: datetime) -> bool:
        """Whether nothing more can count: the end and the grace are past."""
        return moment >= self.closes_at + GRACE

    def stamp(self, moment: datetime) -> datetime:
        """The instant that is kept for something received at `moment`: never after the end (contest-rules §3)."""
        return min(moment, self.closes_at)


def day_in_vietnam(moment: datetime) -> date:
    """The calendar day in Viet Nam."""
    return moment.astimezone(VIETNAM).date()


def microseconds(moment: datetime) -> int:
    """An instant as whole microseconds since 1970, as counting has it."""
    return (moment - EPOCH) // timedelta(microseconds=1)
