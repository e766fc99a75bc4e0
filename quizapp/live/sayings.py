"""What players say beside their answers: the number they predict on air, and the watch word."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy.exc import OperationalError

from quizapp import clock, db
from quizapp.live import wire
from quizapp.live.hub import Hub
from quizapp.live.transport import Transport
from quizapp.models import Attempt, Contestant, Round
from quizapp.services import guesses, shows, sight, watch_words
from quizapp.services.guesses import Guess
from quizapp.services.vault import Vault

REFUSED = {"verdict": "refused"}
AGAIN = {"verdict": "again"}


class Sayings:
    """The events `predict` and `watch-word`, each acknowledged after its commit."""

    def __init__(self, app: Flask, transport: Transport, lines: Hub) -> None:
        self._vault: Vault = app.extensions["vault"]
        self._hub = lines
        transport.on("predict", self.predict)
        transport.on("watch-word", self.watch_word)

    def predict(self, sid: str, *data: object) -> dict[str, Any]:
        """Keep a number, or say which one stands."""
        read_at = clock.now()  # before anything that may wait
        line = self._hub.line(sid)
        sent = wire.read(wire.PredictionSent, data)
        if line is None or line.bearer.part != "player" or sent is None:
            return REFUSED
        try:
            with db.begin() as session:
                show = shows.get(session, line.bearer.show_id)
                behind = timedelta(milliseconds=sight.view(session, show, line.bearer, now=read_at).lag_ms)
                reply = guesses.keep(session, Guess(line.bearer.attempt_id, sent.m, sent.v, read_at), lag=behind)
        except OperationalError:
            return AGAIN
        return {"verdict": reply.verdict} | ({} if reply.v is None else {"v": reply.v})

    def watch_word(self, sid: str, *data: object) -> dict[str, Any]:
        """Compare a word."""
        now = clock.now()
        line = self._hub.line(sid)
        sent = wire.read(wire.WatchWordSent, data)
        if line is None or line.bearer.part != "player" or sent is None:
            return REFUSED
        try:
            with db.begin() as session:
                seat = session.get(Attempt, line.bearer.attempt_id)
                if seat is None or seat.removed_at is not None or seat.contestant_id is None:
                    return REFUSED
                who, row = session.get_one(Contestant, seat.contestant_id), session.get_one(Round, seat.round_id)
                verdict = watch_words.enter(session, self._vault, row, who, sent.word, now=now)
        except OperationalError:
            return AGAIN
        return {"verdict": verdict}
