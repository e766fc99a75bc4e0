"""Viewers of a stream, told so much later as their picture is behind, and in order (ux §7.3).

Everybody hears the very words that the hall heard: a viewer in lane k of something that happens at programme time T at
T + 2k s, with the instants of their own window in it. Who stands at the programme itself hears at once.
"""

from __future__ import annotations

import heapq
import logging
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from gevent.event import Event

from quizapp import clock
from quizapp.live.hub import Line
from quizapp.live.transport import Transport
from quizapp.live.wire import Told
from quizapp.rules import stream
from quizapp.rules.stream import CAP, CAP_MS, LANE_MS

KEPT = CAP + timedelta(seconds=5)  # so long something told may still be on its way to somebody
LANES = range(CAP_MS // LANE_MS + 1)
SHIFTED = ("opens_at", "closes_at")  # instants of one's own window; `cue_at` is the programme's, the same for all

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Item:
    """What is told of one moment of the programme: to everybody by language, and to single players."""

    at: datetime
    heard_at: datetime
    turn_id: int
    said: Mapping[str, Told]
    own: Mapping[str, Told] = field(default_factory=dict)

    def due(self, latency_ms: int) -> datetime:
        """When a viewer with this latency is told."""
        return self.heard_at if latency_ms == 0 else max(self.heard_at, stream.told_at(self.at, latency_ms))


@dataclass
class _Seat:
    """One connected player: the place of the next item to be told."""

    line: Line
    upcoming: int = 0


@dataclass
class _Show:
    """What one show has told lately, who hears it, and how far behind everybody is in each of its last turns."""

    seats: dict[str, _Seat] = field(default_factory=dict)
    items: deque[tuple[int, Item]] = field(default_factory=deque)
    numbers: count[int] = field(default_factory=count)
    lags: dict[int, Mapping[str, int]] = field(default_factory=dict)

    def lag(self, item: Item, seat: _Seat) -> int:
        return self.lags.get(item.turn_id, {}).get(seat.line.bearer.attempt_id, 0)


class Lanes:
    """The schedule of one process. Nothing in it is needed after a restart: whoever comes back asks for the present."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._shows: dict[int, _Show] = defaultdict(_Show)
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()
        self._changed = Event()

    def serve(self) -> None:
        """Do what is due at its very instant, for ever."""
        while True:
            self._changed.clear()
            self.run(clock.now())
            if not self._due:
                self._changed.wait()
            else:
                self._changed.wait(max(0.0, (self._due[0][0] - clock.now()).total_seconds()))

    def run(self, now: datetime) -> None:
        """Do everything that is due by `now`."""
        while self._due and self._due[0][0] <= now:
            _, _, act = heapq.heappop(self._due)
            try:
                act()
            except Exception:  # whatever one message brings about, the clock of all others goes on
                log.exception("a lane was not told; its viewers will ask for the present state")

    def later(self, moment: datetime, act: Callable[[], None]) -> None:
        """Do something at this instant."""
        heapq.heappush(self._due, (moment, next(self._order), act))
        self._changed.set()

    def fix(self, show_id: int, turn_id: int, latencies: Mapping[str, int]) -> None:
        """From now on everybody is so far behind in what belongs to this turn."""
        show = self._shows[show_id]
        show.lags[turn_id] = {**show.lags.get(turn_id, {}), **latencies}
        for old in sorted(show.lags)[:-3]:
            del show.lags[old]

    def seat(self, line: Line, *, now: datetime) -> None:
        """Tell this player from now on; the present state was sent. What is on its way to their lane is theirs too, and
        what it has heard before their own moment follows at once."""
        show = self._shows[line.bearer.show_id]
        seat = show.seats[line.sid] = _Seat(line)
        heard = [(n, item) for n, item in show.items if item.due(show.lag(item, seat)) <= now]
        seat.upcoming = heard[-1][0] + 1 if heard else (show.items[0][0] if show.items else 0)
        for _, item in heard:
            latency = show.lag(item, seat)
            if stream.shifted(item.at, latency) > now:
                self._say(item, [seat], line.language, latency)

    def leave(self, line: Line) -> None:
        """This socket is gone."""
        show = self._shows.get(line.bearer.show_id)
        if show is not None:
            show.seats.pop(line.sid, None)

    def close(self, show_id: int) -> None:
        """Nobody in this show is behind any more."""
        show = self._shows.pop(show_id, None)
        if show is not None:
            show.seats.clear()

    def tell(self, show_id: int, item: Item) -> None:
        """Tell everybody in their own time, after all that was told before."""
        show = self._shows[show_id]
        while show.items and show.items[0][1].heard_at < item.heard_at - KEPT:
            show.items.popleft()
        if show.items and show.items[-1][1].at > item.at:
            item = Item(show.items[-1][1].at, item.heard_at, item.turn_id, item.said, item.own)
        number = next(show.numbers)
        show.items.append((number, item))
        self._pass_on(show, number, item, None)
        for lane in LANES:
            self.later(item.due(max(1, lane * LANE_MS)), partial(self._pass_on, show, number, item, lane))

    def rename(self, show_id: int, known: set[str], name: str | None) -> None:
        """Boards on their way name only those who are known; the one line that does not is that of `name` now, or of
        nobody any more."""
        show = self._shows.get(show_id)
        for _, item in show.items if show is not None else ():
            for body in (body for told in item.said.values() for said, body in told if said == "board"):
                lines = (_renamed(line, known, name) for line in body["top"])
                body["top"] = [line for line in lines if line is not None]
                climb = _renamed(body.pop("climb"), known, name) if "climb" in body else None
                if climb is not None:
                    body["climb"] = climb

    def reached(self, show_id: int, turn_id: int, opens_at: datetime, *, now: datetime) -> list[str]:
        """The sockets of the players for whom this turn has opened."""
        show = self._shows.get(show_id)
        if show is None:
            return []
        behind = show.lags.get(turn_id, {})
        return [
            sid
            for sid, seat in show.seats.items()
            if stream.shifted(opens_at, behind.get(seat.line.bearer.attempt_id, 0)) <= now
        ]

    def seats(self, show_id: int) -> list[Line]:
        """The players who are told."""
        show = self._shows.get(show_id)
        return [] if show is None else [seat.line for seat in show.seats.values()]

    def _pass_on(self, show: _Show, number: int, item: Item, lane: int | None) -> None:
        """Tell one lane (`None`: those at the programme itself) all up to this item that it has not heard yet."""
        groups: dict[tuple[int, str, int], list[_Seat]] = defaultdict(list)
        for seat in show.seats.values():
            latency = show.lag(item, seat)
            theirs = None if latency == 0 else stream.lane(latency)
            if theirs == lane and seat.upcoming <= number:
                groups[seat.upcoming, seat.line.language, latency].append(seat)
        for (upcoming, language, latency), seats in groups.items():
            for seat in seats:
                seat.upcoming = number + 1
            missed = [earlier for n, earlier in show.items if upcoming <= n <= number]
            for earlier in missed:
                if earlier.turn_id == item.turn_id:
                    self._say(earlier, seats, language, latency)
                else:  # on its way to a lane they have left: in order, before what comes in the new one
                    for seat in seats:
                        self._say(earlier, [seat], language, show.lag(earlier, seat))

    def _say(self, item: Item, seats: Sequence[_Seat], language: str, latency_ms: int) -> None:
        sids = [seat.line.sid for seat in seats]
        for name, body in moved(item.said.get(language, []), latency_ms):
            self._transport.broadcast(sids, name, body)
        own = ((seat.line.sid, item.own.get(seat.line.bearer.attempt_id, [])) for seat in seats)
        for name, bodies in _by_name(own).items():
            self._transport.personal(name, bodies)


def moved(told: Told, latency_ms: int) -> Told:
    """The same words for a viewer so far behind: with the instants of their own window, and what the time is now."""
    now = clock.now_us() // 1000
    return [(name, _moved(body, latency_ms, now)) for name, body in told]


def _renamed(line: dict[str, Any], known: set[str], name: str | None) -> dict[str, Any] | None:
    """A line that names somebody, by the name of now; `None` if it is nobody's any more."""
    if line["name"] in known:
        return line
    return None if name is None else {**line, "name": name}


def _moved(body: Mapping[str, Any], latency_ms: int, now: int) -> dict[str, Any]:
    shifted = {key: body[key] + latency_ms for key in SHIFTED if body.get(key) is not None}
    return {**body, **shifted, **({"now": now} if "now" in body else {})}


def _by_name(own: Iterable[tuple[str, Told]]) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    found: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for sid, told in own:
        for name, body in told:
            found[name].append((sid, body))
    return found
