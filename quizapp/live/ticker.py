"""The tick of the clock: what happens by itself because its time has come."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import gevent
from flask import Flask

from quizapp import clock, db
from quizapp.config import Config
from quizapp.live import rehearsal
from quizapp.live.announcer import Announcer
from quizapp.live.answers import Desk
from quizapp.live.hub import Hub
from quizapp.services import (
    autopilots,
    banks,
    live_totals,
    quizzes,
    round_papers,
    shows,
    sittings,
    stages,
    tallies,
    turns,
    visits,
)
from quizapp.services.show_news import OfShow

TICK = 0.05
PULSE = timedelta(milliseconds=250)
ASK_AGAIN = timedelta(milliseconds=500)  # for what another process may have started
HAND_IN = timedelta(seconds=1)
COMMIT_PAPERS = timedelta(seconds=20)
KEEP_VISITS = timedelta(seconds=30)
LEAD_ON = timedelta(seconds=1)
GIVE_UP = timedelta(seconds=30)
LOOK_AT_FILES = timedelta(seconds=5)

log = logging.getLogger(__name__)


class Ticker:
    """Runs every duty when it is due. A fault in one duty is logged and never stops the others."""

    def __init__(self, app: Flask, config: Config, lines: Hub, desk: Desk, announcer: Announcer) -> None:
        self._app = app
        self._files = banks.Watch(config.questions)
        self._hub = lines
        self._desk = desk
        self._announcer = announcer
        self._rehearsal = rehearsal.Rehearsal(lines)
        self._duties: list[tuple[timedelta, Callable[[datetime], None]]] = [
            (timedelta(seconds=TICK), self._turns),
            (turns.HEARTBEAT, self._beat),
            (PULSE, self._pulse),
            (HAND_IN, self._hand_in),
            (COMMIT_PAPERS, self._commit_papers),
            (LEAD_ON, self._lead_on),
            (GIVE_UP, self._give_up),
            (KEEP_VISITS, self._keep_visits),
            (LOOK_AT_FILES, self._look_at_files),
            (rehearsal.MOVE, self._rehearsal.move),
            (rehearsal.SWEEP, self._rehearsal.sweep),
        ]
        self._due: datetime | None = None
        self._asked_at: datetime | None = None
        self._handing_in: gevent.Greenlet | None = None
        self._short: set[int] = set()  # rounds whose paper the bank cannot fill, said once

    def serve(self) -> None:
        """Tick for ever."""
        self._files.look()  # what is there now was loaded at the start
        with db.begin() as session:
            turns.recover(session, now=clock.now())
        last = [clock.now()] * len(self._duties)
        while True:
            gevent.sleep(TICK)
            now = clock.now()
            for index, (every, duty) in enumerate(self._duties):
                if now - last[index] >= every:
                    last[index] = now
                    self._do(duty, now)

    def _do(self, duty: Callable[[datetime], None], now: datetime) -> None:
        try:
            with self._app.app_context():
                duty(now)
        except Exception:  # the clock of every show hangs on this loop: no fault of one duty may end it
            log.exception("%s failed; it will be tried again", duty.__name__)

    def hear(self, item: object) -> None:
        """Something changed in a show: what is due next must be asked again."""
        if isinstance(item, OfShow):
            self._asked_at = None

    def _turns(self, now: datetime) -> None:
        if self._asked_at is None or now - self._asked_at >= ASK_AGAIN:
            self._asked_at = now
            with db.read() as session:
                moments = turns.next_due(session), autopilots.next_due(session, now=now)
            self._due = min([moment for moment in moments if moment is not None], default=None)
        if self._due is None or self._due > now:
            return
        self._asked_at = None
        self._desk.flush()  # what was read before this instant is kept before anything is locked
        with db.begin() as session:
            turns.open_due(session, now=now)
            for show_id in turns.lock_due(session, now=now):
                inside = [line.bearer.attempt_id for line in self._hub.players(show_id)]
                live_totals.note_connected(session, shows.get(session, show_id), inside)
            turns.close_due(session, now=now)
            autopilots.press_due(session, now=now)

    def _beat(self, now: datetime) -> None:
        if self._due is not None:
            with db.begin() as session:
                turns.beat(session, now=now)

    def _pulse(self, now: datetime) -> None:
        self._announcer.pulse()

    def _hand_in(self, now: datetime) -> None:
        """Beside the other duties: when a large round closes thousands are handed in, and no show waits for them."""
        if self._handing_in is None or self._handing_in.ready():
            self._handing_in = gevent.spawn(self._do, self._hand_in_all, now)

    def _hand_in_all(self, now: datetime) -> None:
        """What is due, a few at a time, so that others come in between; then the rounds that have all in."""
        while True:
            with db.read() as session:
                waiting = quizzes.anything_due(session, now=now)
                ending = bool(sittings.rounds_ending(session, now=now))
            if waiting:
                with db.begin() as session:
                    quizzes.hand_in_due(session, now=now)
            elif not ending:
                return
            else:
                with db.begin() as session:
                    if not sittings.end_rounds(session, now=now):
                        return
            gevent.sleep(0)

    def _commit_papers(self, now: datetime) -> None:
        with db.read() as session:
            waiting = bool(round_papers.due(session, now=now))
        if waiting:
            with db.begin() as session:
                short = round_papers.commit_due(session, self._app.extensions["vault"], now=now)
            for row in short:
                if row.id not in self._short:
                    self._short.add(row.id)
                    log.warning("The bank does not fill the paper of round %s (%s)", row.id, row.key)

    def _lead_on(self, now: datetime) -> None:
        """Rounds of contests open and close by the clock."""
        with db.read() as session:
            due = stages.due(session, now=now)
        for round_id in due:
            with db.begin() as session:
                stages.advance(session, round_id, now=now)

    def _give_up(self, now: datetime) -> None:
        """Computations whose process is gone have failed."""
        with db.read() as session:
            stuck = tallies.anything_stuck(session, now=now)
        if stuck:
            with db.begin() as session:
                tallies.give_up(session, now=now)

    def _keep_visits(self, now: datetime) -> None:
        if visits.waits():
            with db.begin() as session:
                visits.keep(session)

    def _look_at_files(self, now: datetime) -> None:
        changed = self._files.changed()
        if changed is not None:
            with db.begin() as session:
                banks.load(session, changed, now=now)
