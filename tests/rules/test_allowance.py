"""The delivery allowance, with the published vectors."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules.allowance import allowances, delay_ms, response_ms

OPENED = datetime(2026, 3, 2, 12, tzinfo=UTC)


def after(ms):
    return OPENED + timedelta(milliseconds=ms)


@pytest.mark.parametrize(
    ("delays", "given"),
    [
        ([250] * 8, [250] * 8),
        ([800] * 8, [800, 400, 300, 300, 300, 300, 300, 300]),
    ],
)
def test_a_quota_gives_back_as_published(delays, given):
    assert allowances(delays) == given


def test_ten_slow_questions_give_back_3600_ms_in_sum():
    assert sum(allowances([3000] * 10)) == 3600


def test_a_question_without_a_word_from_the_page_gives_nothing_and_saves_up():
    assert allowances([None, None, 3000]) == [0, 0, 1500]


@given(st.lists(st.one_of(st.none(), st.integers(-100, 10_000)), max_size=40))
def test_nobody_gains_more_than_the_quota_allows(delays):
    given = allowances(delays)
    assert sum(given) <= 900 + 300 * max(0, len(delays) - 1)
    assert all(0 <= back <= max(0, delay or 0) for back, delay in zip(given, delays, strict=True))


def test_the_delay_runs_from_the_opening_to_the_word_of_the_page():
    assert delay_ms(after(420), OPENED, after(5000)) == 420
    assert delay_ms(after(-30), OPENED, None) == 0


def test_a_word_that_comes_after_the_answer_counts_as_none():
    assert delay_ms(after(5001), OPENED, after(5000)) is None
    assert delay_ms(None, OPENED, after(5000)) is None


@pytest.mark.parametrize(("ms", "allowed", "counted"), [(5000, 300, 4700), (200, 300, 0), (21_999, 0, 20_000)])
def test_response_time_lies_between_zero_and_the_announced_time(ms, allowed, counted):
    assert response_ms(after(ms), OPENED, allowed_ms=allowed, full_ms=20_000) == counted


def test_response_time_is_cut_to_whole_milliseconds():
    answered = OPENED + timedelta(microseconds=1_999_999)
    assert response_ms(answered, OPENED, allowed_ms=0, full_ms=20_000) == 1999
