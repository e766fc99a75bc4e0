"""Which questions are put, and which stand by."""

import pytest

from quizapp.services import rundown
from tests import make


@pytest.fixture
def room(session, now):
    """Three questions and two reserves."""
    made = make.show(session, 5, now=now)
    for turn in made.turns[3:]:
        turn.reserve = turn.standby = True
    session.flush()
    return made


def numbers(room):
    return [(turn.question_id[-3:], turn.n) for turn in room.turns]


def test_reserves_that_stand_by_are_counted_nowhere(room):
    assert (rundown.of(room), rundown.planned(room), len(rundown.standby(room))) == (3, 3, 2)
    assert rundown.upcoming(room) is room.turns[0]
    room.position = 3
    assert rundown.upcoming(room) is None and rundown.planned_so_far(room) == 3


def test_a_called_reserve_follows_the_present_turn_and_the_others_move_on(session, room, now):
    room.position = 1
    called = rundown.call_reserve(session, room, now=now)
    assert (called.n, called.reserve, called.standby) == (2, True, False)
    assert numbers(room) == [("001", 1), ("004", 2), ("002", 3), ("003", 4), ("005", 5)]
    assert (rundown.of(room), rundown.planned(room)) == (4, 3)
    room.position = 4
    rundown.call_reserve(session, room, now=now)
    assert numbers(room)[-1] == ("005", 5)
    assert rundown.call_reserve(session, room, now=now) is None
    assert rundown.planned_so_far(room) == 3


def test_what_did_not_count_is_missing_until_a_reserve_stands_in(session, room, now):
    room.position = 1
    assert rundown.missing(room) == 0
    room.turns[0].voided_at = now
    assert rundown.missing(room) == 1
    rundown.call_reserve(session, room, now=now)
    assert rundown.missing(room) == 0
    room.turns[1].voided_at = now
    assert rundown.missing(room) == 1
