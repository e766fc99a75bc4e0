"""The loops behind the sockets outlive whatever one duty or one answer brings about."""

from datetime import timedelta

import pytest

from quizapp import clock, db, models
from quizapp.live.answers import AGAIN, Desk
from quizapp.live.ticker import Ticker
from quizapp.rules.timing import GRACE
from quizapp.services import players, quizzes, sittings, tallies
from quizapp.services.players import Reply, Sent
from quizapp.services.sittings import Device
from tests import make


@pytest.fixture
def ticker(app, config):
    live = app.extensions["live"]
    return Ticker(app, config, live.hub, live.desk, live.announcer)


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


@pytest.fixture
def round_id(app):
    """A round of a week whose attempts show nothing before its closing."""
    with db.begin() as session:
        make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 41)))
        return make.contest(session, (make.round_rules(show_after="NOTHING"),)).rounds[0].id


def finish(ticker):
    ticker._handing_in.join(timeout=10)


def test_the_clock_commits_papers_hands_in_marks_and_ends_a_round(ticker, round_id):
    ticker._commit_papers(make.OPENS - timedelta(hours=1))
    with db.begin() as session:
        row = session.get(models.Round, round_id)
        assert row.paper_root
        for n in range(quizzes.AT_A_TIME + 2):
            who = make.contestant(session, row.contest)
            begun = sittings.start(
                session, make.VAULT, row, who, Device(f"{n:032x}", ""), now=make.CLOSES - timedelta(0, 9)
            )
            place = begun.attempt.paper[0]
            quizzes.answer(session, begun.attempt, place["q"], "1" * 32, (1,), now=begun.attempt.started_at)
    ticker._hand_in(make.CLOSES)
    finish(ticker)
    with db.read() as session:
        assert session.query(models.Attempt).filter(models.Attempt.handed_in_at.is_not(None)).count() == 0
    ticker._hand_in(make.CLOSES + GRACE)
    finish(ticker)
    with db.read() as session:
        attempts = session.query(models.Attempt).all()
        assert {(one.handed_in_at, one.handed_in_by, one.points) for one in attempts} == {(make.CLOSES, "auto", 60)}
        assert session.get(models.Round, round_id).cut_at == make.CLOSES + GRACE


def test_a_paper_that_the_bank_cannot_fill_is_said_once(ticker, round_id, caplog):
    with db.begin() as session:
        session.query(models.Question).update({"state": "retired"})
        session.query(models.Topic).update({"revision": "another"})
    for _ in range(2):
        ticker._commit_papers(make.OPENS - timedelta(hours=1))
    assert [record.message for record in caplog.records if "does not fill" in record.message] == [
        f"The bank does not fill the paper of round {round_id} (tuan-1)"
    ]


def test_the_clock_opens_and_closes_rounds_and_ends_computations_that_are_gone(ticker, app):
    with db.begin() as session:
        (row,) = make.contest(session).rounds
        row.cut_at = make.CLOSES
    for now in (make.OPENS - timedelta(seconds=1), make.OPENS, make.CLOSES + GRACE):
        ticker._lead_on(now)
        with db.read() as session:
            state = session.get(models.Round, row.id).state
        assert state == {make.OPENS: "OPEN", make.CLOSES + GRACE: "CLOSED"}.get(now, "PUBLISHED")
    with db.begin() as session:
        session.add(models.Tallying(round_id=row.id, asked_at=make.CLOSES))
    for now, failure in ((make.CLOSES + tallies.START, ""), (make.CLOSES + 2 * tallies.START, tallies.STUCK)):
        ticker._give_up(now)
        with db.read() as session:
            assert session.query(models.Tallying).one().failure == failure
