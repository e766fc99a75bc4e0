"""Phases follow from times; what the host may press follows from the phase."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules.timing import GRACE
from quizapp.rules.turn import (
    LEAD,
    PRESSES,
    Guard,
    Phase,
    Position,
    Prediction,
    Times,
    allowed,
    due_to_lock,
    due_to_open,
    leading,
    objection,
    phase,
    predicting,
    reading_time,
)

OPENS = datetime(2026, 3, 2, 12, tzinfo=UTC)
CLOSES = OPENS + timedelta(seconds=20)
READING = Times(OPENS, CLOSES)
OPEN = Times(OPENS, CLOSES, told_open=True)
LOCKED = Times(OPENS, CLOSES, told_open=True, told_locked=True)
REVEAL = Times(OPENS, CLOSES, told_open=True, told_locked=True, revealed_at=CLOSES)
BOARD = Times(OPENS, CLOSES, told_open=True, told_locked=True, revealed_at=CLOSES, board_at=CLOSES)
EARLY, DURING, AFTER = OPENS - timedelta(seconds=3), OPENS + timedelta(seconds=5), CLOSES + timedelta(minutes=1)


def at(times=None, n=1, of=3, **more):
    return Position(0 if times is None else n, of, times, **more)


@pytest.mark.parametrize(
    ("position", "now", "expected"),
    [
        (at(), DURING, Phase.LOBBY),
        (at(READING), EARLY, Phase.READING),
        (at(READING), OPENS, Phase.OPEN),
        (at(OPEN), CLOSES + GRACE / 2, Phase.OPEN),
        (at(OPEN), AFTER, Phase.OPEN),
        (at(LOCKED), AFTER, Phase.LOCKED),
        (at(REVEAL), AFTER, Phase.REVEAL),
        (at(BOARD), AFTER, Phase.BOARD),
        (at(BOARD, ended=True), AFTER, Phase.FINISHED),
        (at(READING, paused=True), DURING, Phase.READING),
        (at(OPEN, paused=True), DURING, Phase.OPEN),
        (at(Times()), DURING, Phase.READING),
    ],
)
def test_the_phase_follows_from_the_times(position, now, expected):
    assert phase(position, now) is expected


def test_a_question_stays_open_until_its_lock_was_told_so_that_nothing_leaks_in_between():
    assert phase(at(OPEN), CLOSES + GRACE + timedelta(hours=1)) is Phase.OPEN


@pytest.mark.parametrize(
    ("position", "now", "presses"),
    [
        (at(), EARLY, ["next", "pause", "hide", "end"]),
        (at(of=0), EARLY, ["pause", "hide", "end"]),
        (at(READING), EARLY, ["open", "skip", "pause", "hide", "end"]),
        (at(OPEN), EARLY, ["skip", "pause", "hide", "end"]),
        (at(OPEN), DURING, ["lock", "extend", "skip", "pause", "hide"]),
        (at(OPEN, paused=True), DURING, ["lock", "extend", "skip", "resume", "hide"]),
        (at(LOCKED), AFTER, ["reveal", "void", "pause", "hide", "end"]),
        (at(LOCKED, paused=True), AFTER, ["resume", "hide", "end"]),
        (at(REVEAL), AFTER, ["next", "board", "void", "pause", "hide", "end"]),
        (at(BOARD), AFTER, ["next", "void", "pause", "hide", "end"]),
        (at(BOARD, n=3), AFTER, ["void", "pause", "hide", "end"]),
        (at(BOARD, ended=True), AFTER, []),
    ],
)
def test_the_host_may_press_what_the_phase_allows(position, now, presses):
    assert allowed(position, now) == presses


def test_a_question_is_extended_once_and_voided_once():
    assert "một lần" in objection("extend", at(Times(OPENS, CLOSES, told_open=True, extended=True)), DURING)
    voided = Times(OPENS, CLOSES, told_open=True, told_locked=True, revealed_at=CLOSES, voided_at=CLOSES)
    assert "đã được hủy" in objection("void", at(voided), AFTER)


def test_a_question_is_not_extended_when_its_time_is_over():
    assert "hết giờ" in objection("extend", at(OPEN), CLOSES)


ASKED = Prediction(AFTER, AFTER + timedelta(seconds=25))
CLOSED = Prediction(AFTER, AFTER + timedelta(seconds=25), told_closed=True)
LONG_AFTER = AFTER + timedelta(minutes=1)
BACK = Times(OPENS, CLOSES, told_open=True, told_locked=True, revealed_at=CLOSES, board_at=LONG_AFTER)
GONE_ON = Times(LONG_AFTER, LONG_AFTER, told_open=True, reading_at=LONG_AFTER)


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (at(prediction=ASKED), Phase.PREDICTION),
        (at(BOARD, prediction=ASKED), Phase.PREDICTION),
        (at(BOARD, prediction=CLOSED), Phase.PREDICTION),
        (at(BACK, prediction=CLOSED), Phase.BOARD),
        (at(GONE_ON, prediction=CLOSED), Phase.OPEN),
        (at(BOARD, prediction=CLOSED, ended=True), Phase.FINISHED),
    ],
)
def test_a_show_stands_at_the_prediction_while_that_came_last(position, expected):
    assert phase(position, LONG_AFTER + timedelta(seconds=1)) is expected


def test_a_number_is_taken_until_the_end_was_told():
    assert predicting(at(BOARD, prediction=ASKED))
    assert not predicting(at(BOARD, prediction=CLOSED))
    assert not predicting(at(BACK, prediction=ASKED))
    assert not predicting(at(BOARD))


@pytest.mark.parametrize(
    ("position", "presses"),
    [
        (at(BOARD, prediction=ASKED), ["lock", "pause", "hide"]),
        (at(BOARD, prediction=ASKED, paused=True), ["lock", "resume", "hide"]),
        (at(BOARD, prediction=CLOSED), ["next", "board", "pause", "hide", "end"]),
        (at(BOARD, prediction=CLOSED, paused=True), ["resume", "hide", "end"]),
        (at(prediction=CLOSED), ["next", "pause", "hide", "end"]),
        (at(BOARD, n=3, prediction=CLOSED), ["board", "pause", "hide", "end"]),
    ],
)
def test_the_prediction_closes_like_a_question_and_then_the_show_goes_on(position, presses):
    assert allowed(position, AFTER, Guard(predicts=True)) == presses


def test_the_prediction_is_asked_once_between_questions_and_only_where_there_is_one():
    asks = Guard(predicts=True)
    assert objection("predict", at(), DURING, asks) is None
    assert objection("predict", at(BOARD), AFTER, asks) is None
    assert "không có câu dự đoán" in objection("predict", at(BOARD), AFTER)
    assert "đã được hỏi" in objection("predict", at(BACK, prediction=CLOSED), LONG_AFTER, asks)
    assert "đóng câu" in objection("predict", at(OPEN), DURING, asks)
    assert "đang mở" in objection("next", at(BOARD, prediction=ASKED), AFTER, asks)
    assert "đang mở" in objection("end", at(BOARD, prediction=ASKED), AFTER, asks)


def test_the_next_press_leads_into_a_prediction_that_is_due_even_after_the_last_question():
    assert objection("next", at(BOARD, n=3), AFTER, Guard(predicts=True, prediction_due=True)) is None


def test_the_next_press_follows_the_game():
    assert "có người thắng" in objection("next", at(BOARD), AFTER, Guard(follows="over"))
    assert objection("next", at(BOARD, n=3), AFTER, Guard(follows="reserve", reserves=1)) is None
    assert "Đã hết câu hỏi" in objection("next", at(BOARD, n=3), AFTER, Guard(follows="reserve"))


def test_a_reserve_is_called_only_where_one_is_wanted_and_left():
    assert "Không còn" in objection("reserve", at(BOARD), AFTER, Guard(reserve_wanted=True))
    assert "hòa nhau" in objection("reserve", at(BOARD), AFTER, Guard(reserves=2))
    assert objection("reserve", at(BOARD), AFTER, Guard(reserves=2, reserve_wanted=True)) is None


def test_a_key_is_held_while_a_slow_viewer_still_has_time():
    held = Guard(held_until=AFTER)
    assert "người xem chậm" in objection("reveal", at(LOCKED), AFTER - timedelta(milliseconds=1), held).casefold()
    assert objection("reveal", at(LOCKED), AFTER, held) is None


def test_the_end_waits_too_so_that_no_answer_of_a_slow_viewer_is_left_out():
    held = Guard(held_until=AFTER)
    assert "người xem chậm" in objection("end", at(LOCKED), AFTER - timedelta(milliseconds=1), held).casefold()
    assert objection("end", at(LOCKED), AFTER, held) is None
    assert objection("end", at(BOARD), AFTER - timedelta(milliseconds=1), held) is None


def test_a_proposal_to_void_waits_for_its_answer():
    waits = Guard(proposed=True)
    assert "đang chờ" in objection("void", at(LOCKED), AFTER, waits)
    assert [press for press in allowed(at(LOCKED), AFTER, waits) if press in {"confirm", "withdraw"}] == [
        "confirm",
        "withdraw",
    ]
    assert "Không có đề nghị" in objection("confirm", at(LOCKED), AFTER)
    assert "Không có đề nghị" in objection("withdraw", at(LOCKED), AFTER)
    assert objection("withdraw", at(LOCKED, paused=True), AFTER, waits) is None


@pytest.mark.parametrize(
    ("position", "now", "guard", "press"),
    [
        (at(), DURING, Guard(), "next"),
        (at(), DURING, Guard(predicts=True, prediction_due=True), "predict"),
        (at(READING), EARLY, Guard(), "open"),
        (at(OPEN), DURING, Guard(), "lock"),
        (at(LOCKED), AFTER, Guard(held_until=LONG_AFTER), "reveal"),
        (at(LOCKED, paused=True), AFTER, Guard(), "resume"),
        (at(REVEAL), AFTER, Guard(), "board"),
        (at(BOARD), AFTER, None, "next"),
        (at(BOARD, n=3), AFTER, Guard(), "end"),
        (at(BOARD, prediction=ASKED), LONG_AFTER, Guard(), "lock"),
        (at(BOARD, ended=True), AFTER, Guard(), ""),
    ],
)
def test_the_large_button_does_the_next_step(position, now, guard, press):
    assert leading(position, now, guard) == press


def test_screens_change_at_any_time_and_the_order_until_the_end():
    assert objection("scene", at(BOARD, ended=True), AFTER) is None
    assert objection("order", at(OPEN, paused=True), DURING) is None
    assert "kết thúc" in objection("order", at(BOARD, ended=True), AFTER)


def test_an_unknown_press_is_refused_with_a_sentence():
    assert "không có" in objection("dance", at(READING), EARLY)


@given(
    st.sampled_from([*PRESSES, "dance"]),
    st.sampled_from([None, READING, OPEN, LOCKED, REVEAL, BOARD]),
    st.booleans(),
    st.booleans(),
    st.integers(0, 3),
    st.sampled_from([EARLY, DURING, AFTER]),
)
def test_every_press_in_every_phase_is_allowed_or_has_a_reason(press, times, paused, ended, n, now):
    said = objection(press, at(times, n=n, paused=paused, ended=ended), now)
    assert said is None or said.endswith(".")


def test_the_opening_is_announced_a_lead_before_and_once():
    assert not due_to_open(READING, OPENS - LEAD - timedelta(milliseconds=1))
    assert due_to_open(READING, OPENS - LEAD)
    assert not due_to_open(OPEN, OPENS)
    assert not due_to_open(Times(), OPENS)


def test_the_lock_is_due_when_the_grace_is_over_and_once():
    assert not due_to_lock(OPEN, CLOSES + GRACE - timedelta(milliseconds=1))
    assert due_to_lock(OPEN, CLOSES + GRACE)
    assert not due_to_lock(LOCKED, AFTER)
    assert not due_to_lock(Times(), AFTER)


@pytest.mark.parametrize(("words", "seconds"), [(1, 5), (30, 5), (31, 6), (45, 6), (46, 7), (60, 7)])
def test_reading_time_grows_with_the_words(words, seconds):
    assert reading_time(words) == timedelta(seconds=seconds)


@pytest.mark.parametrize("press", ["next", "predict"])
def test_a_round_that_has_not_opened_is_only_rehearsed(press):
    waits = Guard(predicts=True, prediction_due=press == "predict", begins_at=OPENS)
    assert "chưa mở" in objection(press, at(), EARLY, waits)
    assert objection(press, at(), OPENS, waits) is None
    assert objection("scene", at(), EARLY, waits) is None
