"""Tells the news to the sockets: one piece after the other, in the order the transactions were kept."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from flask import Flask
from gevent.queue import Queue
from sqlalchemy.orm import Session

from quizapp import clock, db
from quizapp.live import host_state, hub, wire
from quizapp.live.audience import Audience
from quizapp.live.hub import Hub, Line
from quizapp.live.transport import Transport
from quizapp.live.wire import Told
from quizapp.models import Show
from quizapp.rules.question import LANGUAGES
from quizapp.rules.turn import Phase, phase
from quizapp.services import results, scenes, shows, sight
from quizapp.services.accounts import SignedOut
from quizapp.services.players import AnswersKept, PlayerJoined, PlayerRemoved, PlayerRenamed
from quizapp.services.show_news import BoardShown, OffsetMeasured, OfShow, SceneChanged, ShowEnded, TurnRevealed

PLAYERS_HEAR_COUNTS_EVERY = 8  # of the quarter seconds: a phone needs the count less than its owner's data

log = logging.getLogger(__name__)


class Announcer:
    """Knows who must hear what; asks `sight` what they may know."""

    def __init__(self, app: Flask, transport: Transport, lines: Hub, audience: Audience) -> None:
        self._app = app
        self._transport = transport
        self._hub = lines
        self._audience = audience
        self._news: Queue[object] = Queue()
        self._counted: set[int] = set()  # shows whose number of answers changed since the last beat
        self._behind: set[int] = set()  # of those, the ones whose players have not heard yet
        self._lobbies: set[int] = set()
        self._host_states: dict[int, dict[str, Any]] = {}
        self._beats = 0

    def hear(self, item: object) -> None:
        """Take a piece of news; it is told by `serve`, so that nobody who makes news waits for the sockets."""
        self._news.put(item)

    def serve(self) -> None:
        """Tell what comes, for ever. A fault in one piece of news never stops the next."""
        for item in self._news:
            try:
                with self._app.app_context():
                    self._tell(item)
            except Exception:  # nobody else's news may wait for ever because of this one
                log.exception("news was not told: %r; browsers will ask for the present state", item)

    def welcome(self, line: Line) -> None:
        """Everything a new socket may know now."""
        with db.read() as session:
            show = shows.get(session, line.bearer.show_id)
            now = clock.now()
            seen = sight.view(session, show, line.bearer, now=now)
            if show.stream is not None:
                self._audience.sync(session, show, line)
            self._transport.send(line.sid, "state", sight.state(session, show, line.bearer, line.language, now=now))
            if seen.phase in {Phase.BOARD, Phase.FINISHED}:
                for name, body in wire.board(session, show, line.language, through=seen.through):
                    self._transport.send(line.sid, name, body)
            said = sight.notice(session, show, seen)
            if said:
                self._transport.send(line.sid, *wire.notice(said, line.language))
            if show.stream is not None and line.bearer.part in {"player", "follower"}:
                self._audience.seat(session, show, line, seen, now=now)
            elif seen.phase is Phase.READING and seen.turn is not None and seen.turn.open_told:
                # everybody else holds the options already
                self._transport.send(line.sid, "turn:opened", sight.opened(show, seen.turn, line.language, now))
            if line.bearer.part != "player":
                self._transport.send(line.sid, "lobby", self._lobby(session, show.id))
                if show.scene:
                    self._transport.send(line.sid, "scene", scenes.body(session, show, line.language))
                self._tell_count(session, show, line.sid)
        self._tell_hosts(line.bearer.show_id, anew=line.bearer.part == "host")

    def sync(self, line: Line) -> None:
        """Tell a player how far behind the programme they count as now."""
        with db.read() as session:
            self._audience.sync(session, shows.get(session, line.bearer.show_id), line)

    def pulse(self) -> None:
        """Four times a second: counts and lobbies that changed, once each; and hosts, when time moved the phase."""
        self._beats += 1
        lobbies, self._lobbies = self._lobbies, set()
        counted, self._counted = self._counted, set()
        self._behind |= counted
        if lobbies or counted or self._behind:
            with db.read() as session:
                for show_id in lobbies:
                    self._transport.broadcast(hub.crew(show_id), "lobby", self._lobby(session, show_id))
                for show_id in counted:
                    self._tell_count(session, shows.get(session, show_id), hub.crew(show_id))
                if self._beats % PLAYERS_HEAR_COUNTS_EVERY == 0:
                    for show_id in self._behind:
                        self._tell_players_count(session, shows.get(session, show_id))
                    self._behind = set()
        for show_id in self._hub.hosted():
            self._tell_hosts(show_id)

    def leave(self, line: Line) -> None:
        """This socket is gone; its player stays in the room."""
        self._audience.leave(line)
        self.note_presence(line.bearer.show_id)

    def note_presence(self, show_id: int) -> None:
        """Somebody came or went."""
        self._lobbies.add(show_id)

    def close(self, lines: Iterable[Line], event: str, body: dict[str, Any]) -> None:
        """Say why, then close."""
        for line in lines:
            self._transport.send(line.sid, event, body)
            self._transport.close(line.sid)

    def _tell(self, item: Any) -> None:
        if isinstance(item, AnswersKept):
            self._counted.add(item.show_id)
        elif isinstance(item, PlayerJoined):
            self._lobbies.add(item.show_id)
        elif isinstance(item, PlayerRemoved):
            line = self._hub.player(item.show_id, item.attempt_id)
            self.close([line] if line else [], "moved", {"removed": True})
            self._tell_names(item.show_id, None)
        elif isinstance(item, PlayerRenamed):
            self._tell_names(item.show_id, item.attempt_id)
        elif isinstance(item, SignedOut):
            self.close(self._hub.of_sign_in(item.sign_in_id), "moved", {"signed_out": True})
        elif isinstance(item, OfShow):
            self._tell_show(item)

    def _tell_show(self, item: OfShow) -> None:
        with db.read() as session:
            show = shows.get(session, item.show_id)
            now = clock.now()
            said: dict[str, Told] = {language: wire.told(item, session, show, language, now) for language in LANGUAGES}
            own = self._own(session, show, item) if isinstance(item, (TurnRevealed, BoardShown, ShowEnded)) else {}
            if isinstance(item, OffsetMeasured):
                self._audience.measured(session, show, now=now)
            elif show.stream is None:
                self._tell_everybody(show, said, own)
            else:
                for language, told in said.items():
                    self._tell_crew(show.id, language, told)
                self._audience.tell(session, show, item, said, own, now=now)
            if isinstance(item, SceneChanged) or (isinstance(item, BoardShown) and show.scene == "teams"):
                for language in LANGUAGES:
                    self._tell_crew(show.id, language, [("scene", scenes.body(session, show, language))])
        self._tell_hosts(item.show_id)

    def _tell_names(self, show_id: int, renamed: str | None) -> None:
        """A name that was taken off is gone everywhere within a moment, also from what is on its way."""
        self._lobbies.add(show_id)
        with db.read() as session:
            show = shows.get(session, show_id)
            if show.stream is not None:
                self._audience.rename(session, show, renamed, now=clock.now())
            line = None if renamed is None else self._hub.player(show_id, renamed)
            if line is not None:
                told = sight.state(session, show, line.bearer, line.language, now=clock.now())
                self._transport.send(line.sid, "state", told)
            shown = phase(sight.position(show), clock.now()) in {Phase.BOARD, Phase.FINISHED}
        if shown:
            self._tell_show(BoardShown(show_id))

    def _tell_everybody(self, show: Show, said: dict[str, Told], own: dict[str, Told]) -> None:
        """The hall: one broadcast per language, and to everybody their own points."""
        for language, told in said.items():
            for name, body in told:
                self._transport.broadcast(hub.everybody(show.id, language), name, body)
        lines = self._hub.players(show.id) if own else []
        self._transport.personal(
            "you", ((line.sid, body) for line in lines for _, body in own.get(line.bearer.attempt_id, []))
        )

    def _tell_crew(self, show_id: int, language: str, told: Told) -> None:
        """Hosts and screens stand at the programme itself."""
        crew = self._hub.crew(show_id, language)
        for name, body in told if crew else ():
            self._transport.broadcast(crew, name, body)

    def _own(self, session: Session, show: Show, item: object) -> dict[str, Told]:
        """What single players hear of their own points, by the ids of their attempts."""
        board = results.board(session, show)
        row = None if isinstance(item, ShowEnded) else sight.present_turn(show)
        found = {
            line.bearer.attempt_id: sight.own(board, line.bearer.attempt_id, row) for line in self._hub.players(show.id)
        }
        return {attempt_id: [("you", body)] for attempt_id, body in found.items() if body is not None}

    def _tell_count(self, session: Session, show: Show, room: str | list[str]) -> None:
        row = sight.present_turn(show)
        still = row is not None and not (row.lock_told if show.stream is None else row.revealed_at)
        if row is not None and still and room:
            body = {"turn": row.id, "answered": sight.answered(session, row), "joined": sight.joined(session, show)}
            self._transport.broadcast(room, "turn:count", body)

    def _tell_players_count(self, session: Session, show: Show) -> None:
        row = sight.present_turn(show)
        if show.stream is None:
            self._tell_count(session, show, hub.of_players(show.id))
        elif row is not None:
            self._tell_count(session, show, self._audience.reached(show, row, now=clock.now()))

    def _tell_hosts(self, show_id: int, *, anew: bool = False) -> None:
        """Tell the hosts of a show where it stands, if that changed or somebody new must hear it."""
        hosts = self._hub.hosts(show_id)
        if not hosts:
            self._host_states.pop(show_id, None)
            return
        with db.read() as session:
            online = len(self._hub.players(show_id))
            away = self._hub.away(show_id)
            body = host_state.body(session, shows.get(session, show_id), online=online, away=away, now=clock.now())
            if anew or host_state.changed(self._host_states.get(show_id), body):
                self._host_states[show_id] = body
                for line in hosts:
                    told = host_state.own(session, body, line.bearer.sign_in_id)
                    self._transport.send(line.sid, "host:state", told)

    @staticmethod
    def _lobby(session: Session, show_id: int) -> dict[str, Any]:
        show = shows.get(session, show_id)
        return {"names": sight.newest_names(session, show), "joined": sight.joined(session, show)}
