"""A show seen again: what was put, at its moment in the recording, to be tried without being kept."""

from datetime import timedelta

import pytest

from quizapp import models
from quizapp.errors import NotFound, Unreadable
from quizapp.services import replays, streams
from tests import make

SITE = "https://thi.tinh.gov.vn"


@pytest.fixture
def show(session, now):
    """A show of three questions that is over: the third was never put."""
    made = make.show(session)
    for n, row in enumerate(made.turns[:2]):
        row.opens_at = now + timedelta(minutes=n)
        row.open_told = row.lock_told = True
    made.turns[2].opens_at = None
    made.position, made.ended_at = 2, now + timedelta(hours=1)
    return made


def test_what_was_put_can_be_gone_through_again(show):
    replay = replays.of(show)
    assert [(one.place.n, one.at_ms) for one in replay.asked] == [(1, None), (2, None)]
    assert replay.asked[0].place.options == tuple(show.turns[0].option_order)
    assert replay.picture is None


def test_each_question_has_its_moment_in_the_recording(show):
    streams.keep_recording(show, "https://youtu.be/dQw4w9WgXcQ", 90_500, SITE)
    replay = replays.of(show)
    assert [one.at_ms for one in replay.asked] == [90_500, 150_500]
    assert replay.picture.provider == "youtube"


def test_a_recording_that_begins_late_asks_what_came_before_at_once(show):
    streams.keep_recording(show, "https://youtu.be/dQw4w9WgXcQ", 0, SITE)
    show.recording = {**show.recording, "starts_us": show.recording["starts_us"] + 10_000_000}
    assert [one.at_ms for one in replays.of(show).asked] == [0, 50_000]


def test_a_void_question_is_left_out(show, now):
    show.turns[0].voided_at = now
    assert [one.place.n for one in replays.of(show).asked] == [2]


def test_a_show_that_is_not_over_is_not_seen_again(show):
    show.ended_at = None
    with pytest.raises(NotFound):
        replays.of(show)


def test_an_answer_is_checked_and_nothing_is_kept(session, show):
    replay = replays.of(show)
    right = replays.check(replay, 1, (1,))
    assert right.answered
    assert right.right
    assert not replays.check(replay, 2, (0,)).right
    assert session.query(models.Answer).count() == 0
    assert session.query(models.Attempt).count() == 0


def test_what_is_no_answer_is_refused(show):
    replay = replays.of(show)
    with pytest.raises(Unreadable):
        replays.check(replay, 1, ())
    with pytest.raises(NotFound):
        replays.check(replay, 3, (1,))
