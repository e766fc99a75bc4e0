"""Phases follow from times; what the host may press follows from the phase."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules.timing import GRACE
from quizapp.rules.turn import (
    LEAD,
    PRESSES,
    Phase,
    Position,
    Times,
    allowed,
    due_to_lock,
    due_to_open,
    objection,
    phase,
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
