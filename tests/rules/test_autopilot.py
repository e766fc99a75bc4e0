"""A show that leads itself: what is pressed next and when, and never what the guard refuses."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules.autopilot import Due, Plan, due, opens_at
from quizapp.rules.timing import GRACE
from quizapp.rules.turn import Guard, Position, Prediction, Times, objection

SECOND = timedelta(seconds=1)
ON = datetime(2026, 3, 2, 12, tzinfo=UTC)
OPENS, CLOSES = ON + 10 * SECOND, ON + 30 * SECOND
PLAN = Plan(after_lock=3, after_reveal=12, after_board=8)
READING = Times(OPENS, CLOSES, reading_at=ON)
OPEN = replace(READING, told_open=True)
LOCKED = replace(OPEN, told_locked=True)
REVEAL = replace(LOCKED, revealed_at=CLOSES + 10 * SECOND)
BOARD = replace(REVEAL, board_at=CLOSES + 20 * SECOND)
LATER = CLOSES + 60 * SECOND


def at(times=None, n=1, of=3, **more):
    return Position(0 if times is None else n, of, times, **more)


def pressed(position, guard=None, since=ON, now=LATER, plan=PLAN, reading_from=None):
    return due(plan, position, guard or Guard(), since, now, reading_from)


@pytest.mark.parametrize("times", [None, READING, OPEN, Times(told_locked=True)])
def test_the_host_starts_and_a_running_question_ends_by_the_clock(times):
    assert pressed(at(times), now=OPENS + SECOND) is None


def test_one_step_follows_the_other_by_the_gaps():
    assert pressed(at(LOCKED)) == Due("reveal", CLOSES + GRACE + 3 * SECOND)
    assert pressed(at(REVEAL)) == Due("board", CLOSES + 22 * SECOND)
    assert pressed(at(BOARD)) == Due("next", CLOSES + 28 * SECOND)
    assert pressed(at(BOARD, n=3)) == Due("end", CLOSES + 28 * SECOND)


def test_a_reveal_waits_for_the_slowest_viewer():
    slow = CLOSES + 14 * SECOND
    assert pressed(at(LOCKED), Guard(held_until=slow), now=CLOSES + 3 * SECOND) == Due("reveal", slow)
    assert pressed(at(LOCKED), Guard(held_until=CLOSES)) == Due("reveal", CLOSES + GRACE + 3 * SECOND)


def test_what_was_on_screen_when_it_was_let_go_on_stays_for_its_whole_gap():
    assert pressed(at(BOARD), since=LATER) == Due("next", LATER + 8 * SECOND)


@pytest.mark.parametrize("more", [{"paused": True}, {"ended": True}])
def test_a_show_that_is_held_or_over_is_left_alone(more):
    assert pressed(at(BOARD, **more)) is None


def test_it_waits_for_the_second_person():
    assert pressed(at(LOCKED), Guard(proposed=True)) is None


def test_a_plan_with_a_start_starts_the_show_by_itself_and_not_before_it_is_switched_on():
    plan = Plan(starts_at=ON + 60 * SECOND)
    assert pressed(at(), plan=plan) == Due("next", ON + 60 * SECOND)
    assert pressed(at(), plan=plan, since=LATER) == Due("next", LATER)
    assert pressed(at(), plan=plan, reading_from=ON + 90 * SECOND) == Due("next", ON + 90 * SECOND)


def test_a_question_with_a_cue_waits_for_it_and_a_late_show_catches_up():
    cue = CLOSES + 50 * SECOND
    assert pressed(at(BOARD), reading_from=cue) == Due("next", cue)
    assert pressed(at(BOARD), reading_from=CLOSES) == Due("next", CLOSES + 28 * SECOND)


def test_the_prediction_comes_before_the_next_cue_and_the_show_goes_on_after_its_end():
    cue = CLOSES + 90 * SECOND
    due_first = Guard(predicts=True, prediction_due=True)
    assert pressed(at(BOARD), due_first, reading_from=cue) == Due("next", CLOSES + 28 * SECOND)
    start = Plan(starts_at=ON)
    assert pressed(at(), due_first, plan=start, reading_from=cue) == Due("next", ON)
    asked = Prediction(CLOSES + 30 * SECOND, CLOSES + 60 * SECOND)
    assert pressed(at(BOARD, prediction=asked)) is None
    closed = replace(asked, told_closed=True)
    assert pressed(at(BOARD, prediction=closed)) == Due("next", CLOSES + 68 * SECOND + GRACE)


def test_a_question_opens_at_its_cue_from_the_start_of_the_show():
    assert opens_at(Plan(starts_at=ON), 61_500) == ON + timedelta(seconds=61.5)
    assert opens_at(Plan(), 61_500) is None
    assert opens_at(Plan(starts_at=ON), None) is None


def test_a_plan_is_kept_as_plain_values():
    plan = Plan(after_lock=1, starts_at=ON)
    assert msgspec.convert(msgspec.to_builtins(plan), Plan) == plan


@given(
    st.sampled_from([None, READING, OPEN, LOCKED, REVEAL, BOARD]),
    st.booleans(),
    st.integers(1, 3),
    st.sampled_from(["question", "reserve", "over"]),
    st.booleans(),
    st.sampled_from([None, CLOSES + 5 * SECOND, LATER + 60 * SECOND]),
    st.sampled_from([ON, OPENS, CLOSES, LATER]),
)
def test_it_never_presses_what_the_guard_refuses(times, paused, n, follows, prediction_due, held_until, now):
    position = at(times, n=n, paused=paused)
    guard = Guard(prediction_due=prediction_due, reserves=1, follows=follows, held_until=held_until)
    found = pressed(position, guard, now=now, plan=Plan(starts_at=ON))
    assert found is None or objection(found.press, position, max(now, found.at), guard) is None
