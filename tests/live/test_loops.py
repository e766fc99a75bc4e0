"""The loops behind the sockets outlive whatever one duty or one answer brings about."""

from datetime import timedelta

import pytest

from quizapp import clock
from quizapp.live.answers import AGAIN, Desk
from quizapp.live.ticker import Ticker
from quizapp.services import players
from quizapp.services.players import Reply, Sent


@pytest.fixture
def ticker(app, config):
    live = app.extensions["live"]
    return Ticker(app, config, live.desk, live.announcer)


def test_a_duty_that_fails_never_stops_the_others(ticker, now):
    done = []

    def broken(_now):
        raise ValueError("a fault of ours")

    for duty in (broken, done.append):
        ticker._do(duty, now)
    assert done == [now]


def test_one_answer_that_cannot_be_kept_costs_nobody_else_theirs(engine, monkeypatch):
    def take(session, sent, *, now):
        if any(one.turn_id == 13 for one in sent):
            raise OverflowError("too large for the database")
        return [Reply("kept") for _ in sent]

    monkeypatch.setattr(players, "take", take)
    sent = [Sent("ada", turn, "a" * 32, (1,), clock.now() + timedelta(0)) for turn in (1, 13, 2)]
    assert Desk()._keep(sent) == [Reply("kept"), AGAIN, Reply("kept")]
