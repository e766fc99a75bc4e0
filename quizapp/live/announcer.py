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
from quizapp.live.hub import Hub, Line
from quizapp.live.transport import Transport
from quizapp.models import Show
from quizapp.rules import turn
from quizapp.rules.question import LANGUAGES
from quizapp.rules.turn import Phase
from quizapp.services import results, shows, sight
from quizapp.services.accounts import SignedOut
from quizapp.services.players import AnswersKept, PlayerJoined, PlayerRemoved
from quizapp.services.show_news import BoardShown, OfShow, ShowEnded, TurnRevealed

PLAYERS_HEAR_COUNTS_EVERY = 8  # of the quarter seconds: a phone needs the count less than its owner's data

log = logging.getLogger(__name__)


class Announcer:
    """Knows who must hear what; asks `sight` what they may know."""

    def __init__(self, app: Flask, transport: Transport, lines: Hub) -> None:
        self._app = app
        self._transport = transport
        self._hub = lines
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
            self._transport.send(line.sid, "state", sight.state(session, show, line.bearer, line.language, now=now))
            at = turn.phase(sight.position(show), now)
            row = sight.present_turn(show)
            if at is Phase.READING and row is not None and row.open_told:  # everybody else holds the options already
                self._transport.send(line.sid, "turn:opened", sight.opened(show, row, line.language, now))
            if at in {Phase.BOARD, Phase.FINISHED}:
                for name, body in wire.board(session, show, line.language):
                    self._transport.send(line.sid, name, body)
            if show.notice:
                self._transport.send(line.sid, *wire.notice(show.notice, line.language))
            if line.bearer.part != "player":
                self._transport.send(line.sid, "lobby", self._lobby(session, show.id))
                self._tell_count(session, show.id, line.sid)
        self._tell_hosts(line.bearer.show_id, anew=line.bearer.part == "host")

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
                    self._tell_count(session, show_id, hub.crew(show_id))
                if self._beats % PLAYERS_HEAR_COUNTS_EVERY == 0:
                    for show_id in self._behind:
                        self._tell_count(session, show_id, hub.of_players(show_id))
                    self._behind = set()
        for show_id in self._hub.hosted():
            self._tell_hosts(show_id)

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
            self._lobbies.add(item.show_id)
            line = self._hub.player(item.show_id, item.attempt_id)
            self.close([line] if line else [], "moved", {"removed": True})
        elif isinstance(item, SignedOut):
            self.close(self._hub.of_sign_in(item.sign_in_id), "moved", {"signed_out": True})
        elif isinstance(item, OfShow):
            self._tell_show(item)

    def _tell_show(self, item: OfShow) -> None:
        with db.read() as session:
            show = shows.get(session, item.show_id)
            now = clock.now()
            for language in LANGUAGES:
                for name, body in wire.told(item, session, show, language, now):
                    self._transport.broadcast(hub.everybody(show.id, language), name, body)
            if isinstance(item, (TurnRevealed, BoardShown, ShowEnded)):
                self._tell_own(session, show, item)
        self._tell_hosts(item.show_id)

    def _tell_own(self, session: Session, show: Show, item: object) -> None:
        board = results.board(session, show)
        row = None if isinstance(item, ShowEnded) else sight.present_turn(show)
        owns = (
            (line.sid, body)
            for line in self._hub.players(show.id)
            if (body := sight.own(board, line.bearer.attempt_id, row)) is not None
        )
        self._transport.personal("you", owns)

    def _tell_count(self, session: Session, show_id: int, room: str) -> None:
        show = shows.get(session, show_id)
        row = sight.present_turn(show)
        if row is not None and not row.lock_told:
            body = {"turn": row.id, "answered": sight.answered(session, row), "joined": sight.joined(session, show)}
            self._transport.broadcast(room, "turn:count", body)

    def _tell_hosts(self, show_id: int, *, anew: bool = False) -> None:
        """Tell the hosts of a show where it stands, if that changed or somebody new must hear it."""
        hosts = self._hub.hosts(show_id)
        if not hosts:
            self._host_states.pop(show_id, None)
            return
        with db.read() as session:
            online = len(self._hub.players(show_id))
            body = host_state.body(session, shows.get(session, show_id), online=online, now=clock.now())
            if anew or host_state.changed(self._host_states.get(show_id), body):
                self._host_states[show_id] = body
                for line in hosts:
                    told = host_state.own(session, body, line.bearer.sign_in_id)
                    self._transport.send(line.sid, "host:state", told)

    @staticmethod
    def _lobby(session: Session, show_id: int) -> dict[str, Any]:
        show = shows.get(session, show_id)
        return {"names": sight.newest_names(session, show), "joined": sight.joined(session, show)}
