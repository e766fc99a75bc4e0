"""Points of live answers, with the worked examples of the contest rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules.scoring import base, points


@pytest.mark.parametrize(
    ("seconds", "earned"), [(0.4, 1199), (1, 1199), (5.75, 1149), (10.5, 1099), (20, 1000), (25, 1000)]
)
def test_accuracy_first_gives_the_published_points(seconds, earned):
    assert points("ACCURACY_FIRST", int(seconds * 1000), full_ms=20_000, planned=5) == earned


def test_half_decay_gives_the_published_sums():
    quick = [points("HALF_DECAY", ms, full_ms=20_000, planned=5) for ms in (3200, 4000, 2900, 3500)]
    assert sum(quick) == 3660


def test_accuracy_first_never_lets_four_quick_answers_beat_five_slow_ones():
    quick = [points("ACCURACY_FIRST", ms, full_ms=20_000, planned=5) for ms in (3200, 4000, 2900, 3500)]
    assert sum(quick) == 4693


@pytest.mark.parametrize(("ms", "earned"), [(0, 1000), (20, 1000), (60, 998), (100, 998), (20_000, 500)])
def test_half_decay_rounds_an_exact_half_to_the_even_number(ms, earned):
    # 20 ms of 20 s cost half a point: 999.5 becomes 1000, and 998.5 becomes 998.
    assert points("HALF_DECAY", ms, full_ms=20_000, planned=1) == earned


def test_flat_gives_one_point_however_slow():
    assert {points("FLAT", ms, full_ms=20_000, planned=9) for ms in (0, 5_000, 20_000)} == {1}


def test_time_before_the_opening_earns_no_more_than_none():
    assert points("ACCURACY_FIRST", -5, full_ms=20_000, planned=5) == 1199


def test_a_question_shorter_than_the_free_start_still_has_points():
    assert points("ACCURACY_FIRST", 900, full_ms=1_000, planned=5) == 1199
    assert points("ACCURACY_FIRST", 1_000, full_ms=1_000, planned=5) == 1199


@given(st.integers(1, 60), st.integers(5, 120), st.data())
def test_one_more_right_answer_always_beats_any_speed(planned, seconds, data):
    full = seconds * 1000
    right = data.draw(st.integers(1, planned))
    slow = right * points("ACCURACY_FIRST", full, full_ms=full, planned=planned)
    quick = (right - 1) * points("ACCURACY_FIRST", 0, full_ms=full, planned=planned)
    assert slow > quick


@given(st.integers(5, 120), st.integers(1, 30), st.data())
def test_more_time_never_earns_more(seconds, planned, data):
    full = seconds * 1000
    early = data.draw(st.integers(0, full))
    late = data.draw(st.integers(early, full))
    for scheme in ("FLAT", "ACCURACY_FIRST", "HALF_DECAY"):
        assert points(scheme, early, full_ms=full, planned=planned) >= points(
            scheme, late, full_ms=full, planned=planned
        )


def test_a_right_answer_without_speed_earns_the_base():
    assert [base(scheme) for scheme in ("FLAT", "ACCURACY_FIRST", "HALF_DECAY")] == [1, 1000, 1000]
