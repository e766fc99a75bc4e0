"""A show as it was: every phase at every earlier moment, from recorded instants alone."""

from datetime import UTC, datetime, timedelta

import pytest

from quizapp.rules import programme
from quizapp.rules.timing import GRACE
from quizapp.rules.turn import LEAD, Phase, Position, Prediction, Times, phase

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PLAYED = Times(
    reading_at=NOON,
    opens_at=NOON + 5 * SECOND,
    closes_at=NOON + 25 * SECOND,
    told_open=True,
    told_locked=True,
    revealed_at=NOON + 40 * SECOND,
    board_at=NOON + 50 * SECOND,
)


def phase_at(times, seconds, prediction=None):
    moment = NOON + seconds * SECOND
    seen = programme.seen_at(times, moment)
    return phase(Position(1, 3, seen, prediction=programme.prediction_at(prediction, moment)), moment)


@pytest.mark.parametrize(
    ("seconds", "was"),
    [
        (0, Phase.READING),
        (4.999, Phase.READING),
        (5, Phase.OPEN),
        (26.999, Phase.OPEN),
        (27, Phase.LOCKED),
        (39.999, Phase.LOCKED),
        (40, Phase.REVEAL),
        (49.999, Phase.REVEAL),
        (50, Phase.BOARD),
        (500, Phase.BOARD),
    ],
)
def test_every_phase_begins_at_its_own_instant(seconds, was):
    assert phase_at(PLAYED, seconds) is was


def test_the_options_are_on_their_way_a_lead_before_the_opening():
    assert not programme.seen_at(PLAYED, PLAYED.opens_at - LEAD - SECOND).told_open
    assert programme.seen_at(PLAYED, PLAYED.opens_at - LEAD).told_open


def test_what_was_only_planned_is_still_being_read():
    planned = Times(reading_at=NOON, opens_at=NOON + 5 * SECOND, closes_at=NOON + 25 * SECOND)
    assert phase_at(planned, 9) is Phase.READING


def test_a_question_given_up_while_open_was_open_until_then():
    skipped = Times(
        reading_at=NOON,
        opens_at=NOON + 5 * SECOND,
        closes_at=NOON + 25 * SECOND,
        told_open=True,
        told_locked=True,
        board_at=NOON + 9 * SECOND,
        voided_at=NOON + 9 * SECOND,
    )
    assert phase_at(skipped, 8.999) is Phase.OPEN
    assert phase_at(skipped, 9) is Phase.BOARD
    assert programme.locked_at(skipped) == NOON + 9 * SECOND


def test_a_void_after_the_lock_moves_the_lock_of_nobody():
    voided = Times(
        opens_at=NOON,
        closes_at=NOON + 20 * SECOND,
        told_open=True,
        told_locked=True,
        voided_at=NOON + 60 * SECOND,
        board_at=NOON + 60 * SECOND,
    )
    assert programme.locked_at(voided) == NOON + 20 * SECOND + GRACE
    assert programme.seen_at(voided, NOON + 59 * SECOND).voided_at is None
    assert phase_at(voided, 59) is Phase.LOCKED


def test_a_turn_that_runs_is_not_locked_and_one_without_instants_never_was():
    assert programme.locked_at(Times(opens_at=NOON, closes_at=NOON)) is None
    assert programme.locked_at(Times(told_locked=True)) is None


def test_a_prediction_is_there_from_its_instant_and_over_after_its_grace():
    asked = Prediction(NOON + 60 * SECOND, NOON + 90 * SECOND, told_closed=True)
    assert phase_at(PLAYED, 59, asked) is Phase.BOARD
    assert phase_at(PLAYED, 60, asked) is Phase.PREDICTION
    assert not programme.prediction_at(asked, NOON + 91 * SECOND).told_closed
    assert programme.prediction_at(asked, NOON + 92 * SECOND).told_closed
    assert programme.prediction_at(None, NOON) is None
