"""A show beside a stream: how far behind the programme each viewer is, and what follows from it (ux §7).

*Programme time* is the server's clock at the moment something happens in the studio. A viewer with latency L lives L in
the past: whatever has the programme time T happens for that viewer at T + L. Nobody waits for anybody else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Literal, overload

from msgspec import Meta, Struct

from quizapp.rules.timing import GRACE

Provider = Literal["hls", "whep", "youtube", "facebook"]
Method = Literal["pdt", "rtc", "anchor", "tap", "fixed", "room"]

LANE = timedelta(seconds=2)  # viewers are told in groups: nobody holds a question much longer than needed
CAP = timedelta(seconds=30)  # whoever is farther behind plays without the picture, this far behind
LANE_MS, CAP_MS = 2_000, 30_000
RTC_MS = 500  # WebRTC is always about this late
POS_EVERY = timedelta(seconds=4.5)  # a page says how far behind it is every 5 s at most; a timer may run early

# How a page may know its place in the programme, by where the picture comes from (ux §7.1).
_METHODS: dict[Provider, frozenset[Method]] = {
    "hls": frozenset({"pdt", "tap", "fixed", "room"}),
    "whep": frozenset({"rtc", "tap", "fixed", "room"}),
    "youtube": frozenset({"anchor", "tap", "fixed", "room"}),
    "facebook": frozenset({"tap", "fixed", "room"}),
}


class Stream(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the picture comes from. `id` is a video's id, or the address of a playlist or WHEP endpoint of one's own.

    `latency_ms` is the organizer's figure for viewers whose page cannot measure (method `fixed`).
    """

    provider: Provider
    id: str
    latency_ms: Annotated[int, Meta(ge=0, le=CAP_MS)] = 10_000


class Recording(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a show can be seen again: at `starts_us` (programme time) its picture began."""

    provider: Provider
    id: str
    starts_us: int


def clamped(latency_ms: int) -> int:
    """A latency as it counts: from none to the cap."""
    return min(max(latency_ms, 0), CAP_MS)


def lane(latency_ms: int) -> int:
    """The group in which a viewer with this latency is told (§7.3)."""
    return clamped(latency_ms) // LANE_MS


def told_after(latency_ms: int) -> timedelta:
    """How long after the programme such a viewer's page is told; it holds what it hears for the rest."""
    return LANE * lane(latency_ms)


def method(stream: Stream, said: str) -> Method | None:
    """The method a page names, or `None` if no such page can play this stream."""
    return next((known for known in _METHODS[stream.provider] if known == said), None)


def measuring(stream: Stream) -> frozenset[Method]:
    """The methods by which a page of this stream knows better than the organizer's figure."""
    return _METHODS[stream.provider] - {"fixed"}


def counted(stream: Stream, how: Method, claimed_ms: int) -> int:
    """The latency that counts for a claim: the claim itself where a page measures, the agreed figure elsewhere."""
    agreed = {"room": 0, "rtc": RTC_MS, "fixed": stream.latency_ms}
    return agreed.get(how, clamped(claimed_ms))


def told_at(moment: datetime, latency_ms: int) -> datetime:
    """When a viewer's page is told of something that happens at `moment` of the programme (§7.3)."""
    return moment + told_after(latency_ms)


@overload
def shifted(moment: datetime, latency_ms: int) -> datetime: ...
@overload
def shifted(moment: None, latency_ms: int) -> None: ...
@overload
def shifted(moment: datetime | None, latency_ms: int) -> datetime | None: ...
def shifted(moment: datetime | None, latency_ms: int) -> datetime | None:
    """The server's time at which a moment of the programme reaches a viewer with this latency."""
    return None if moment is None else moment + timedelta(milliseconds=latency_ms)


def reveal_not_before(closes_at: datetime, *, slowest_ms: int, fastest_ms: int) -> datetime:
    """The first programme time at which a key may be revealed (§7.3).

    The slowest viewer's window, grace included, ends at `closes_at` + GRACE + slowest; whoever is fastest hears of the
    reveal that much later, and not before the slowest can no longer answer.
    """
    return closes_at + GRACE + timedelta(milliseconds=max(0, slowest_ms - fastest_ms))


def lanes(latencies_ms: Iterable[int]) -> list[tuple[int, int]]:
    """How many viewers there are in each lane in use, nearest first."""
    return sorted(Counter(map(lane, latencies_ms)).items())
