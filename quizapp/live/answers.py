"""The way of an answer into the database: gathered for a moment, kept in one commit, acknowledged after it."""

from __future__ import annotations

import logging

import gevent
from gevent.event import AsyncResult, Event
from sqlalchemy.exc import OperationalError

from quizapp import clock, db
from quizapp.services import players
from quizapp.services.players import Reply, Sent

GATHER = 0.002  # seconds in which answers come together
LARGEST_GROUP = 500
AGAIN = Reply("again")

log = logging.getLogger(__name__)


class Desk:
    """Takes answers one by one and keeps them in groups, in the order they were read."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Sent, AsyncResult]] = []
        self._came = Event()

    def keep(self, sent: Sent) -> Reply:
        """Keep one answer and say its verdict, after the commit. Storage that fails says `again`."""
        result: AsyncResult = AsyncResult()
        self._waiting.append((sent, result))
        self._came.set()
        reply: Reply = result.get()
        return reply

    def serve(self) -> None:
        """Keep what comes, for ever."""
        while True:
            self._came.wait()
            gevent.sleep(GATHER)
            self.flush()

    def flush(self) -> None:
        """Keep everything that waits, now. Called before a turn is locked: what was read in time must be in."""
        while self._waiting:
            group, self._waiting = self._waiting[:LARGEST_GROUP], self._waiting[LARGEST_GROUP:]
            for (_, result), reply in zip(group, self._keep([sent for sent, _ in group]), strict=True):
                result.set(reply)
        self._came.clear()

    def _keep(self, sent: list[Sent]) -> list[Reply]:
        try:
            with db.begin() as session:
                return players.take(session, sent, now=clock.now())
        except OperationalError:
            log.exception("a group of %d answers was not kept; the phones will send them again", len(sent))
            return [AGAIN] * len(sent)
        except Exception:  # whatever one answer brings about, the others of its group must not wait for it
            if len(sent) > 1:
                return [reply for one in sent for reply in self._keep([one])]
            log.exception("an answer was not kept")
            return [AGAIN]
