"""Distance from the programme: lanes, what a claim counts for, and how long a reveal is held."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules import stream
from quizapp.rules.stream import CAP_MS, LANE_MS, Stream
from quizapp.rules.timing import GRACE, Window

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MS = timedelta(milliseconds=1)
HLS = Stream(provider="hls", id="/luong/chinh.m3u8", latency_ms=12_000)
latencies = st.integers(0, CAP_MS)


@pytest.mark.parametrize(
    ("latency", "lane"), [(0, 0), (1_999, 0), (2_000, 1), (3_000, 1), (10_000, 5), (14_000, 7), (30_000, 15)]
)
def test_a_lane_is_two_seconds_wide(latency, lane):
    assert stream.lane(latency) == lane
    assert stream.told_after(latency) == lane * timedelta(seconds=2)
    assert stream.told_at(NOON, latency) == NOON + lane * timedelta(seconds=2)


@pytest.mark.parametrize(("claimed", "counted"), [(-5, 0), (0, 0), (7_123, 7_123), (30_000, 30_000), (99_000, 30_000)])
def test_a_measured_latency_counts_from_none_to_the_cap(claimed, counted):
    assert stream.clamped(claimed) == counted
    assert stream.counted(HLS, "pdt", claimed) == counted


@pytest.mark.parametrize(("how", "counted"), [("room", 0), ("rtc", 500), ("fixed", 12_000), ("tap", 4_000)])
def test_where_nothing_is_measured_the_agreed_figure_counts_whatever_is_claimed(how, counted):
    assert stream.counted(HLS, how, 4_000) == counted


@pytest.mark.parametrize(
    ("provider", "methods"),
    [
        ("hls", {"pdt", "tap", "fixed", "room"}),
        ("whep", {"rtc", "tap", "fixed", "room"}),
        ("youtube", {"anchor", "tap", "fixed", "room"}),
        ("facebook", {"tap", "fixed", "room"}),
    ],
)
def test_a_page_names_only_a_method_that_its_stream_allows(provider, methods):
    shown = Stream(provider=provider, id="x")
    said = ("pdt", "rtc", "anchor", "tap", "fixed", "room", "", "PDT", "magic")
    assert {how for how in said if stream.method(shown, how)} == methods
    assert stream.measuring(shown) == methods - {"fixed"}


def test_a_moment_reaches_a_viewer_after_the_latency():
    assert stream.shifted(NOON, 3_250) == NOON + 3_250 * MS
    assert stream.shifted(None, 3_250) is None


def test_a_reveal_is_held_until_the_slowest_can_no_longer_answer_when_the_fastest_hears_it():
    assert stream.reveal_not_before(NOON, slowest_ms=14_000, fastest_ms=3_000) == NOON + GRACE + 11_000 * MS
    assert stream.reveal_not_before(NOON, slowest_ms=14_000, fastest_ms=0) == NOON + GRACE + 14_000 * MS
    assert stream.reveal_not_before(NOON, slowest_ms=0, fastest_ms=0) == NOON + GRACE


def test_lanes_in_use_are_counted_nearest_first():
    assert stream.lanes([14_000, 3_000, 2_500, 0, 15_999]) == [(0, 1), (1, 2), (7, 2)]
    assert stream.lanes([]) == []


@given(st.lists(latencies, min_size=1))
def test_nobody_hears_a_reveal_while_somebody_may_still_answer(everybody):
    slowest, fastest = max(everybody), min(everybody)
    revealed = stream.reveal_not_before(NOON, slowest_ms=slowest, fastest_ms=fastest)
    first_heard = min(stream.shifted(revealed, one) for one in everybody)
    for one in everybody:
        assert not Window(NOON - 20_000 * MS, stream.shifted(NOON, one)).admits(first_heard)


@given(latencies)
def test_a_page_is_told_before_its_own_moment_but_never_a_lane_early(latency):
    waits = stream.shifted(NOON, latency) - stream.told_at(NOON, latency)
    assert timedelta(0) <= waits < LANE_MS * MS


@given(latencies, latencies, st.integers(0, 25_000))
def test_a_false_claim_gains_no_time_for_an_answer(claimed, true, thinking):
    """Whatever is claimed, the question comes at the claim's distance: what is thought about it is what is measured."""
    opens = stream.shifted(NOON, claimed)
    answered = opens + thinking * MS
    window = Window(opens, stream.shifted(NOON + 20_000 * MS, claimed))
    honest = Window(stream.shifted(NOON, true), stream.shifted(NOON + 20_000 * MS, true))
    assert window.closes_at - window.opens_at == honest.closes_at - honest.opens_at
    assert window.admits(answered) == honest.admits(honest.opens_at + thinking * MS)
    assert answered - window.opens_at == thinking * MS
