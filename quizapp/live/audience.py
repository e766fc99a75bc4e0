"""The players of a show beside a stream: who is how far behind, and what reaches them when (ux §7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp import clock, db
from quizapp.live import wire
from quizapp.live.hub import Hub, Line
from quizapp.live.lanes import KEPT, Item, Lanes
from quizapp.live.transport import Transport
from quizapp.live.wire import Told
from quizapp.models import Attempt, Show, Turn
from quizapp.rules import stream
from quizapp.rules.question import LANGUAGES
from quizapp.services import lags, shows, sight
from quizapp.services.show_news import OfShow, TurnOpened, TurnReading
from quizapp.services.sight import View


class Audience:
    """Passes news on to players in their own time; shows without a stream know nothing of it."""

    def __init__(self, app: Flask, transport: Transport, lines: Hub, lanes: Lanes) -> None:
        self._app = app
        self._transport = transport
        self._hub = lines
        self._lanes = lanes
        self._since = clock.now()  # what happened before was told by a process that is no more
        self._latencies: dict[str, int] = {}  # as last told, by socket

    def sync(self, session: Session, show: Show, line: Line) -> None:
        """Say where the stream's clock is and how far behind this socket counts as."""
        latency = self._latency(session, show, line)
        self._latencies[line.sid] = latency
        self._transport.send(line.sid, "stream:sync", wire.stream_sync(show, latency))

    def seat(self, session: Session, show: Show, line: Line, seen: View, *, now: datetime) -> None:
        """Let a player, who holds the state as it reached them, hear what follows.

        What happened before this process began and has not reached them is told as a whole state when it does.
        """
        fixed = lags.of_bearer(session, show, line.bearer)
        for turn_id, latency in sorted(fixed.items()):
            self._lanes.fix(show.id, turn_id, {line.bearer.attempt_id: latency})
        self._lanes.seat(line, now=now)
        if now - self._since < KEPT:
            unheard = [moment for moment in sight.instants(show) if seen.at < moment <= self._since]
            reached = {stream.shifted(moment, latency) for moment in unheard for latency in {0, *fixed.values()}}
            for moment in reached:
                if moment > now:
                    self._lanes.later(moment, self._state_for(line))

    def leave(self, line: Line) -> None:
        """This socket is gone."""
        self._lanes.leave(line)
        self._latencies.pop(line.sid, None)

    def tell(
        self,
        session: Session,
        show: Show,
        item: OfShow,
        said: Mapping[str, Told],
        own: Mapping[str, Told],
        *,
        now: datetime,
    ) -> None:
        """Pass on what the hall was just told, to each player when their own picture reaches it."""
        row = sight.present_turn(show)
        turn_id = 0 if row is None else row.id
        if isinstance(item, TurnReading) and row is not None:
            self._lanes.fix(show.id, row.id, self._fixed(session, show, row))
            self._lanes.tell(show.id, Item(now, now, turn_id, {}, self._moved(session, show)))
        if any(said.values()):
            self._lanes.tell(show.id, Item(_cue(item, row, now), now, turn_id, said, own))

    def measured(self, session: Session, show: Show, *, now: datetime) -> None:
        """The stream was put beside the show, taken away, or its clock was measured."""
        beside = self._hub.behind(show.id)
        if show.stream is None:
            self._lanes.close(show.id)
            for line in beside:
                self._state_for(line)()
            return
        seated = {line.sid for line in self._lanes.seats(show.id)}
        for line in beside:
            if line.sid not in seated:
                self.seat(session, show, line, sight.view(session, show, line.bearer, now=now), now=now)
        for line in (*beside, *self._hub.screens(show.id)):
            self.sync(session, show, line)

    def rename(self, session: Session, show: Show, attempt_id: str | None, *, now: datetime) -> None:
        """Somebody is called otherwise from now on, or (`None`) was sent out: no board on its way names them as before,
        and whoever looks at one is told anew."""
        people = select(Attempt.id, Attempt.name).where(Attempt.show_id == show.id, Attempt.removed_at.is_(None))
        names = {id: name or "" for id, name in session.execute(people)}
        self._lanes.rename(show.id, set(names.values()), None if attempt_id is None else names.get(attempt_id))
        row = sight.present_turn(show)
        if row is None or row.board_at is None:
            return
        looking = set(self._lanes.reached(show.id, row.id, row.board_at, now=now))
        for language in LANGUAGES:
            sids = [
                line.sid for line in self._lanes.seats(show.id) if line.language == language and line.sid in looking
            ]
            for name, body in wire.board(session, show, language, through=row.n) if sids else ():
                self._transport.broadcast(sids, name, body)

    def reached(self, show: Show, row: Turn, *, now: datetime) -> list[str]:
        """The sockets of the players for whom this turn has opened."""
        return [] if row.opens_at is None else self._lanes.reached(show.id, row.id, row.opens_at, now=now)

    def _moved(self, session: Session, show: Show) -> dict[str, Told]:
        """For those who count as farther or nearer from this turn on: how far."""
        found: dict[str, Told] = {}
        row = sight.present_turn(show)
        fixed = {} if row is None else self._fixed(session, show, row)
        for line in self._lanes.seats(show.id):
            latency = fixed.get(line.bearer.attempt_id, 0)
            if self._latencies.get(line.sid) != latency:
                self._latencies[line.sid] = latency
                found[line.bearer.attempt_id] = [("stream:sync", wire.stream_sync(show, latency))]
        return found

    @staticmethod
    def _fixed(session: Session, show: Show, row: Turn) -> dict[str, int]:
        """By attempt how far behind everybody is in a turn; those without one follow at the agreed figure."""
        shown = lags.stream_of(show)
        return lags.of_turn(session, row) | ({} if shown is None else {"": shown.latency_ms})

    def _latency(self, session: Session, show: Show, line: Line) -> int:
        """As fixed for the present turn; in the lobby, as it would be."""
        row = sight.present_turn(show)
        if row is None:
            return lags.now_of(session, show, line.bearer)
        return lags.of_bearer(session, show, line.bearer).get(row.id, 0)

    def _state_for(self, line: Line) -> Callable[[], None]:
        def tell() -> None:
            if self._hub.line(line.sid) is not None:
                self._transport.send(line.sid, "state", self._state(line))

        return tell

    def _state(self, line: Line) -> dict[str, Any]:
        with self._app.app_context(), db.read() as session:
            show = shows.get(session, line.bearer.show_id)
            return sight.state(session, show, line.bearer, line.language, now=clock.now())


def _cue(item: OfShow, row: Turn | None, now: datetime) -> datetime:
    """The programme time of a piece of news: an opening is announced ahead, everything else when it happens."""
    opening = row.opens_at if isinstance(item, TurnOpened) and row is not None else None
    return now if opening is None else max(now, opening)
