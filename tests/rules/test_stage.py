"""The states of a round: their order, what may follow, and what the clock makes of them."""

from datetime import timedelta

import pytest

from quizapp.rules import stage
from quizapp.rules.timing import Window
from tests import make

TICK = timedelta(microseconds=1)
WINDOW = Window(make.OPENS, make.CLOSES)


def test_every_state_has_the_next_one_but_the_last():
    assert [stage.after(one) for one in stage.STATES] == [*stage.STATES[1:], None]


def test_going_back_is_one_step_and_ends_at_what_the_clock_did():
    assert [stage.before(one) for one in stage.STATES] == [None] * 4 + list(stage.STATES[3:-1])


def test_a_state_has_reached_itself_and_all_before_it():
    assert stage.has_reached("REVIEW", "CLOSED") and stage.has_reached("REVIEW", "REVIEW")
    assert not stage.has_reached("REVIEW", "PROVISIONAL")


@pytest.mark.parametrize("noted", ["PUBLISHED", "OPEN", "CLOSED"])
@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (make.OPENS - TICK, "PUBLISHED"),
        (make.OPENS, "OPEN"),
        (make.CLOSES - TICK, "OPEN"),
        (make.CLOSES, "CLOSED"),
    ],
)
def test_the_clock_opens_and_closes_a_round_whatever_was_noted(noted, moment, state):
    assert stage.at(noted, WINDOW, moment) == state


@pytest.mark.parametrize("state", ["DRAFT", "REVIEW", "PROVISIONAL", "ANNOUNCED", "COMPLAINTS", "FINAL", "AWARDED"])
def test_the_other_states_are_what_people_made_them(state):
    assert stage.at(state, WINDOW, make.OPENS) == state


def test_a_list_over_rounds_has_no_window():
    assert stage.at("PUBLISHED", None, make.OPENS) == "PUBLISHED"
