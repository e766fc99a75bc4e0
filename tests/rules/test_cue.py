"""The timeline of a show: when questions open if all goes by the plan, and how moments are written."""

from datetime import UTC, datetime

import pytest

from quizapp.errors import Unreadable
from quizapp.rules.autopilot import Plan
from quizapp.rules.cue import Step, daterange, expected, in_order, read, written

PLAN = Plan(after_lock=3, after_reveal=10, after_board=5)  # with the grace, 20 s from the end of one to the next


def step(cue_ms):
    return Step(cue_ms, reading_ms=5_000, window_ms=20_000)


def test_a_question_opens_at_its_cue():
    assert expected([step(30_000), step(120_000)], PLAN) == [30_000, 120_000]


def test_a_question_without_a_cue_follows_the_one_before():
    assert expected([step(None), step(None)], PLAN) == [5_000, 50_000]


def test_a_cue_that_comes_too_soon_is_kept_as_soon_as_possible():
    assert expected([step(0), step(30_000), step(200_000)], PLAN) == [5_000, 50_000, 200_000]


def test_cues_follow_the_order_of_the_questions():
    assert in_order([None, 10, None, 20])
    assert in_order([])
    assert not in_order([20, None, 10])
    assert not in_order([10, 10])


@pytest.mark.parametrize(
    ("typed", "moment"),
    [("0", 0), ("75", 75_000), ("12:30", 750_000), (" 1:05:20 ", 3_920_000), ("1:02:30,5", 3_750_500), ("0.25", 250)],
)
def test_a_moment_is_read_as_people_write_it(typed, moment):
    assert read(typed) == moment


@pytest.mark.parametrize("typed", ["", "phút 12", "-5", "1:2:3:4", "12:30:", "24:00:00", "99999", "1,2345", "１２"])
def test_what_is_no_moment_is_refused(typed):
    with pytest.raises(Unreadable):
        read(typed)


@pytest.mark.parametrize(
    ("moment", "words"), [(0, "0:00"), (75_000, "1:15"), (3_920_000, "1:05:20"), (750_500, "12:30,5"), (50, "0:00,05")]
)
def test_a_moment_is_written_so_that_it_can_be_read_again(moment, words):
    assert written(moment) == words
    assert read(words) == moment


def test_a_playlist_marks_a_question_on_the_streams_own_clock():
    opens = datetime(2026, 3, 2, 12, 0, 0, 900_000, tzinfo=UTC)
    line = daterange("482913-7", opens, 20_000, 350)
    assert line == (
        '#EXT-X-DATERANGE:ID="482913-7",CLASS="quiz.turn",START-DATE="2026-03-02T12:00:01.250Z",PLANNED-DURATION=20.000'
    )
