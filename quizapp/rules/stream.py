"""A show beside a stream: how far behind the programme each viewer is, and what follows from it (ux §7).

*Programme time* is the server's clock at the moment something happens in the studio. A viewer with latency L lives L in
the past: whatever has the programme time T happens for that viewer at T + L. Nobody waits for anybody else.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct

Provider = Literal["hls", "whep", "youtube", "facebook"]
Method = Literal["pdt", "rtc", "anchor", "tap", "fixed", "room"]

LANE = timedelta(seconds=2)  # viewers are told in groups: nobody holds a question much longer than needed
CAP = timedelta(seconds=30)  # whoever is farther behind plays without the picture, this far behind
LANE_MS, CAP_MS = 2_000, 30_000


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
