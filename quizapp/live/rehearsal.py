"""The simulated players of rehearsals: moved by the tick of the clock, through the same services as everybody."""

from __future__ import annotations

from datetime import datetime, timedelta

from quizapp import db
from quizapp.live.hub import Hub
from quizapp.services import rehearsals

MOVE = timedelta(milliseconds=400)
SWEEP = timedelta(minutes=5)


class Rehearsal:
    """Two duties of the ticker: let simulated players act, and remove what is over and unwatched."""

    def __init__(self, lines: Hub) -> None:
        self._hub = lines

    def move(self, now: datetime) -> None:
        """Let simulated players enter and answer; each rehearsal in a step of its own."""
        with db.read() as session:
            running = list(rehearsals.running(session, now=now))
        for show_id in running:
            with db.begin() as session:
                rehearsals.move(session, show_id, now=now)

    def sweep(self, now: datetime) -> None:
        """End what was forgotten, and remove what ended once no browser looks at it."""
        with db.begin() as session:
            rehearsals.end_old(session, now=now)
            for show_id in rehearsals.leftovers(session):
                if not (self._hub.screens(show_id) or self._hub.players(show_id)):
                    rehearsals.remove(session, show_id)
