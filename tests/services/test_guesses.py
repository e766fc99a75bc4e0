"""Predictions on air: one number for each person, the first counts."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp.models import Participation, Saying
from quizapp.rules.contest import Prediction
from quizapp.rules.timing import GRACE
from quizapp.services import entering, guesses, players, predicting, sight
from quizapp.services.guesses import Guess, Reply
from quizapp.services.tokens import Bearer
from tests import make

START = make.OPENS + timedelta(hours=1)
UNTIL = START + timedelta(seconds=30)
SECOND = timedelta(seconds=1)


def room(session, target="P_LIVE"):
    make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 9)))
    hana = make.person(session, "hana")
    asked = Prediction(target=target, prediction_scope="PER_ROUND_FIRST")
    rules = make.live_rules(prediction=asked, part={"prediction_after": 1})
    contest = make.contest(session, [rules], owner=hana)
    show = make.contest_room(session, contest, hana)
    show.predicting_at, show.predicting_until = START, UNTIL
    return show


@pytest.fixture
def show(session):
    return room(session)


@pytest.fixture
def seat(session, show):
    who = make.contestant(session, entering.round_of(session, show).contest, make.person(session, "ada"))
    return entering.enter(session, make.VAULT, show, who.person_id, now=START)[0]


def say(session, seat, value, m="a" * 32, at=START + SECOND, **how):
    return guesses.keep(session, Guess(seat.id, m, value, at), **how)


def kept(session):
    return list(session.execute(select(Saying.value, Saying.attempt_id, Saying.said_at)))


def test_a_number_is_kept_with_the_attempt_it_came_from(session, show, seat):
    assert say(session, seat, 1284) == Reply("kept", 1284)
    assert [tuple(one) for one in kept(session)] == [(1284, seat.id, START + SECOND)]
    held = session.scalars(select(Participation)).one()
    assert (held.prediction, held.predicted_at, held.started) == (1284, START + SECOND, 1)
    assert predicting.own(session, seat.id) == 1284
    assert predicting.own(session, "nobody") is None


def test_the_first_number_stands_and_the_same_message_gets_the_first_reply(session, show, seat):
    say(session, seat, 1284)
    assert say(session, seat, 1300, "b" * 32) == Reply("twice", 1284)
    assert say(session, seat, 1284, "b" * 32) == Reply("twice", 1284)
    assert say(session, seat, 1300) == Reply("kept", 1284)
    assert say(session, seat, 1284, at=UNTIL + 60 * SECOND) == Reply("kept", 1284)
    assert len(kept(session)) == 1


def test_of_two_numbers_at_once_one_is_the_first(session, show, seat, monkeypatch):
    say(session, seat, 1284)
    found = predicting.said
    seen = iter([None])
    monkeypatch.setattr(predicting, "said", lambda *a: next(seen, found(*a)))
    assert say(session, seat, 1300, "b" * 32) == Reply("twice", 1284)
    monkeypatch.setattr(predicting, "said", lambda *a: None)
    assert say(session, seat, 1300, "b" * 32) == Reply("refused")


def test_numbers_are_taken_while_the_question_is_put_grace_included(session, show, seat):
    assert say(session, seat, 1, at=START - SECOND) == Reply("early")
    assert say(session, seat, 1, at=UNTIL + GRACE) == Reply("late")
    assert kept(session) == []
    assert say(session, seat, 1, at=UNTIL + SECOND) == Reply("kept", 1)
    assert kept(session)[0].said_at == UNTIL


def test_a_viewer_behind_the_programme_has_the_window_so_much_later(session, show, seat):
    behind = {"lag": 10 * SECOND}
    assert say(session, seat, 1, at=START + 9 * SECOND, **behind) == Reply("early")
    assert say(session, seat, 1, at=UNTIL + 11 * SECOND, **behind) == Reply("kept", 1)


@pytest.mark.parametrize("value", [-1, 100_000_000])
def test_what_is_no_such_number_is_refused(session, show, seat, value):
    assert say(session, seat, value) == Reply("refused")


def test_a_percentage_goes_up_to_a_hundred(session):
    show = room(session, "P_PERCENT")
    who = make.contestant(session, entering.round_of(session, show).contest, make.person(session, "ada"))
    seat = entering.enter(session, make.VAULT, show, who.person_id, now=START)[0]
    assert say(session, seat, 10_001) == Reply("refused")
    assert say(session, seat, 10_000) == Reply("kept", 10_000)


def test_strangers_people_sent_out_and_rooms_without_the_question_are_refused_alike(session, show, seat):
    free = make.player(session, make.show(session, [make.question("x-1")]), "Bob")
    assert predicting.own(session, free.id) is None
    assert say(session, free, 1) == Reply("refused")
    assert guesses.keep(session, Guess("nobody", "a" * 32, 1, START + SECOND)) == Reply("refused")
    show.predicting_at = None
    assert say(session, seat, 1) == Reply("refused")
    show.predicting_at = START
    players.remove(session, show, seat.id, now=START)
    assert say(session, seat, 1) == Reply("refused")
    assert kept(session) == []


def test_ones_own_number_stands_in_the_state_while_the_question_is_put(session, show, seat):
    bearer = Bearer("player", show.id, seat.id)
    assert "v" not in sight.state(session, show, bearer, "vi", now=START + SECOND)["prediction"]
    say(session, seat, 1284)
    assert sight.state(session, show, bearer, "vi", now=START + 2 * SECOND)["prediction"]["v"] == 1284
