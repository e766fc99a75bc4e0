"""Sockets: the same services over messages, and the tick of the clock."""

from __future__ import annotations

import gevent
from flask import Flask

from quizapp import news
from quizapp.config import Config
from quizapp.live.announcer import Announcer
from quizapp.live.answers import Desk
from quizapp.live.audience import Audience
from quizapp.live.handlers import Handlers
from quizapp.live.hub import Hub
from quizapp.live.lanes import Lanes
from quizapp.live.sayings import Sayings
from quizapp.live.ticker import Ticker
from quizapp.live.transport import Transport


class Live:
    """The live half of one process: nothing runs before `start`, so that commands and tests stay still."""

    def __init__(self, app: Flask, settings: Config) -> None:
        self.transport = Transport(app)
        self.hub = Hub()
        self.desk = Desk()
        self.lanes = Lanes(self.transport)
        self.announcer = Announcer(app, self.transport, self.hub, Audience(app, self.transport, self.hub, self.lanes))
        self.handlers = Handlers(app, self.transport, self.hub, self.desk, self.announcer, app.extensions["mint"])
        self.sayings = Sayings(app, self.transport, self.hub)
        self.ticker = Ticker(app, settings, self.hub, self.desk, self.announcer)
        self._loops: list[gevent.Greenlet] = []

    def start(self) -> None:
        """Hear the news, keep answers, and let the clock tick."""
        news.listen(self.announcer.hear)
        news.listen(self.ticker.hear)
        loops = (self.announcer.serve, self.lanes.serve, self.desk.serve, self.ticker.serve)
        self._loops = [gevent.spawn(loop) for loop in loops]

    def stop(self) -> None:
        """Stop all of it."""
        news.unlisten(self.announcer.hear)
        news.unlisten(self.ticker.hear)
        gevent.killall(self._loops)


def install(app: Flask, settings: Config) -> None:
    """Give `app` its sockets; `app.extensions["live"].start()` sets them going."""
    app.extensions["live"] = Live(app, settings)
