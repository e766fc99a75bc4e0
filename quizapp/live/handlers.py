"""What browsers send: each message is read strictly, stamped at once, given to one service, and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import gevent
from flask import Flask
from flask_babel import force_locale, gettext
from socketio.exceptions import ConnectionRefusedError
from sqlalchemy.orm import Session

from quizapp import clock, db
from quizapp.errors import NotAllowed, Refusal, Unreadable
from quizapp.live import gauges, hub, wire
from quizapp.live.announcer import Announcer
from quizapp.live.answers import Desk
from quizapp.live.hub import Hub, Line
from quizapp.live.transport import Transport
from quizapp.models import Show
from quizapp.rules.stream import POS_EVERY
from quizapp.services import hosts, lags, players, shows
from quizapp.services.players import Reply, Sent
from quizapp.services.tokens import Mint

REFUSED = {"verdict": "refused"}


class Handlers:
    """The events of a browser, bound to this process's sockets, desk and announcer."""

    def __init__(
        self, app: Flask, transport: Transport, lines: Hub, desk: Desk, announcer: Announcer, mint: Mint
    ) -> None:
        self._app = app
        self._transport = transport
        self._hub = lines
        self._desk = desk
        self._announcer = announcer
        self._mint = mint
        self._positions: dict[str, datetime] = {}  # when a page last said how far behind it is, by socket
        for event, handler in (
            ("connect", self.connect),
            ("disconnect", self.disconnect),
            ("answer", self.answer),
            ("shown", self.shown),
            ("sync", self.sync),
            ("stream:pos", self.stream_position),
            ("host", self.host),
        ):
            transport.on(event, handler)

    def connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        """Admit the bearer of a ticket; a player's older socket says so and goes."""
        shown = wire.read(wire.TicketShown, (auth,))
        if shown is None:
            raise ConnectionRefusedError("ticket")
        try:
            bearer, language = self._mint.redeem(shown.ticket, now=clock.now())
        except NotAllowed:
            raise ConnectionRefusedError("ticket") from None
        line = Line(sid, bearer, language)
        self._transport.enter(sid, hub.everybody(bearer.show_id, language))
        side = hub.of_players if bearer.part == "player" else hub.crew
        self._transport.enter(sid, side(bearer.show_id))
        older = self._hub.add(line)
        gauges.SOCKETS.labels(bearer.part).inc()
        gevent.spawn(self._settle, line, older)

    def disconnect(self, sid: str, reason: str = "") -> None:
        """Forget a socket; the player stays in the room."""
        line = self._hub.drop(sid)
        if line is not None:
            gauges.SOCKETS.labels(line.bearer.part).dec()
            self._announcer.leave(line)
            self._positions.pop(sid, None)

    def answer(self, sid: str, *data: object) -> dict[str, Any]:
        """Keep an answer; the acknowledgement leaves after the commit."""
        read_at = clock.now()  # before anything that may wait
        line = self._hub.line(sid)
        sent = wire.read(wire.AnswerSent, data)
        if line is None or line.bearer.part != "player" or sent is None:
            return REFUSED
        chosen = sent.chosen()
        if chosen is None:
            return REFUSED
        reply = self._desk.keep(Sent(line.bearer.attempt_id, sent.turn, sent.m, chosen, read_at))
        gauges.ANSWERS.labels(reply.verdict).inc()
        gauges.KEEPING.observe((clock.now() - read_at).total_seconds())
        return reply_body(reply)

    def shown(self, sid: str, *data: object) -> dict[str, Any]:
        """Note that the options are on a player's screen: the base of the delivery allowance."""
        read_at = clock.now()
        line = self._hub.line(sid)
        sent = wire.read(wire.ShownSent, data)
        if line is None or line.bearer.part != "player" or sent is None:
            return {"ok": False}
        with db.begin() as session:
            players.note_shown(session, line.bearer.attempt_id, sent.turn, now=read_at)
        return {"ok": True}

    def sync(self, sid: str, *data: object) -> dict[str, Any]:
        """The server's clock, for a countdown that is right on every phone."""
        if data and wire.read(wire.SyncSent, data) is None:
            return {"refused": True}
        return {"now": clock.now_us() // 1000}

    def stream_position(self, sid: str, *data: object) -> dict[str, Any]:
        """A viewer's distance from the programme, kept from the next turn on; of no use in a room without a stream, but
        not an error."""
        now = clock.now()
        line = self._hub.line(sid)
        sent = wire.read(wire.StreamPosition, data)
        if line is None or line.bearer.part != "player" or sent is None:
            return {"ok": False}
        before = self._positions.get(sid)
        if before is not None and now - before < POS_EVERY:
            return {"ok": False}
        self._positions[sid] = now
        with db.read() as session:
            if shows.get(session, line.bearer.show_id).stream is None:
                return {"ok": True}
        with db.begin() as session:
            show = shows.get(session, line.bearer.show_id)
            kept = lags.measured(session, show, line.bearer.attempt_id, sent.method, sent.latency_ms)
            waiting = show.position == 0
        if kept is not None and waiting:
            self._announcer.sync(line)
        return {"ok": kept is not None}

    def host(self, sid: str, *data: object) -> dict[str, Any]:
        """A press on the console: carried out, or refused with the reason; logged either way."""
        line = self._hub.line(sid)
        pressed = wire.read(wire.HostPressed, data)
        if line is None or line.bearer.part != "host":
            return {"refused": True, "reason": self._in(line, NotAllowed.sentence)}
        if pressed is None:
            return {"refused": True, "reason": self._in(line, Unreadable.sentence)}
        person_id = None
        try:
            with db.begin() as session:
                show = shows.get(session, line.bearer.show_id)
                person_id = hosts.pressing(session, show, line.bearer)
                return self._press(session, show, pressed, person_id)
        except Refusal as refusal:
            with db.begin() as session:
                show = shows.get(session, line.bearer.show_id)
                said, why = pressed.details(), refusal.sentence
                shows.log_press(session, show, pressed.do, said, why, now=clock.now(), person_id=person_id)
            return {"refused": True, "reason": self._in(line, refusal.sentence)}

    def _press(self, session: Session, show: Show, pressed: wire.HostPressed, person_id: str | None) -> dict[str, Any]:
        now = clock.now()
        if pressed.do == "players":
            return {"ok": True, "list": self._roll(players.present(session, show), show.id)}
        if pressed.do == "notice":
            shows.say(session, show, pressed.text, now=now, person_id=person_id)
        elif self._about_people(session, show, pressed, now):
            shows.log_press(session, show, pressed.do, pressed.details(), "", now=now, person_id=person_id)
        else:
            shows.press(session, show, pressed.do, pressed.details(), now=now, person_id=person_id)
        return {"ok": True}

    @staticmethod
    def _about_people(session: Session, show: Show, pressed: wire.HostPressed, now: datetime) -> bool:
        """Whether this press was about who is in the room; then it is done."""
        if pressed.do == "remove":
            players.remove(session, show, pressed.player, now=now)
        elif pressed.do == "rename":
            players.rename(session, show, pressed.player, pressed.name, now=now)
        elif pressed.do == "lock-room":
            players.lock_room(session, show, pressed.locked is not False, now=now)
        else:
            return False
        return True

    def _roll(self, inside: list[Any], show_id: int) -> list[dict[str, Any]]:
        return [
            {
                "player": row.id,
                "name": row.name,
                "team": row.team or "",
                "online": self._hub.player(show_id, row.id) is not None,
            }
            for row in inside
        ]

    def _settle(self, line: Line, older: Line | None) -> None:
        """After the connection is confirmed: the older socket of this player goes, the new one hears where we are."""
        if older is not None:
            self._announcer.close([older], "moved", {})
        with self._app.app_context():
            self._announcer.welcome(line)
        self._announcer.note_presence(line.bearer.show_id)

    def _in(self, line: Line | None, sentence: str) -> str:
        with self._app.app_context(), force_locale(line.language if line else "vi"):
            return gettext(sentence)


def reply_body(reply: Reply) -> dict[str, Any]:
    """The acknowledgement of an answer."""
    body: dict[str, Any] = {"verdict": reply.verdict}
    if reply.o is not None:
        body["o"] = list(reply.o)
    return body
