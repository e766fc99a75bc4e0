"""The stream beside a show: put, changed, measured, taken away, and seen again afterwards."""

from datetime import timedelta

import pytest

from quizapp.errors import Conflict, Unreadable
from quizapp.rules.stream import Recording, Stream
from quizapp.services import player_names, streams
from quizapp.services.lags import stream_of
from quizapp.services.show_news import OffsetMeasured
from tests import make

SITE = "https://thi.tinh.gov.vn"
VIDEO = "https://youtu.be/dQw4w9WgXcQ"
PLAYLIST = "https://phat.tinh.gov.vn/thi/index.m3u8"


@pytest.fixture
def show(session):
    return make.show(session)


def told(session):
    return [type(item) for item in session.info["news"]]


def opened(show, now, *, n=1):
    row = show.turns[n - 1]
    show.position = n
    row.opens_at, row.closes_at = now, now + timedelta(seconds=20)
    return row


def test_a_show_without_a_stream_has_no_picture(show):
    assert streams.of(show) is None


def test_a_stream_is_kept_with_the_usual_figure_of_its_provider(session, show):
    assert streams.put(session, show, VIDEO, None, SITE) == Stream(provider="youtube", id="dQw4w9WgXcQ")
    assert stream_of(show).latency_ms == 10_000
    picture = streams.of(show)
    assert picture.address.startswith("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ")
    assert picture.page == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    assert picture.sources == {"frame-src": "https://www.youtube-nocookie.com"}
    assert picture.figure_ms == 10_000
    assert told(session) == [OffsetMeasured]


def test_beside_a_stream_names_are_given_unless_the_host_chooses_otherwise(session, show):
    streams.put(session, show, VIDEO, None, SITE)
    assert player_names.are_given(show)
    player_names.choose(show, "typed")
    streams.put(session, show, PLAYLIST, None, SITE)
    assert not player_names.are_given(show)


def test_a_stream_of_ones_own_is_shown_from_its_own_address(session, show):
    streams.put(session, show, PLAYLIST, 6_000, SITE)
    picture = streams.of(show)
    assert (picture.provider, picture.address, picture.page, picture.figure_ms) == ("hls", PLAYLIST, "", 6_000)


@pytest.mark.parametrize("figure", [-1, 30_001])
def test_a_figure_beyond_the_cap_is_refused(session, show, figure):
    with pytest.raises(Unreadable, match="từ 0 đến 30"):
        streams.put(session, show, VIDEO, figure, SITE)
    assert show.stream is None


def test_another_stream_forgets_what_was_measured_of_the_first(session, show, now):
    streams.put(session, show, PLAYLIST, None, SITE)
    streams.measure(session, show, 350, now=now)
    assert (show.offset_ms, show.offset_at) == (350, now)
    streams.put(session, show, PLAYLIST, 4_000, SITE)
    assert show.offset_ms == 350
    streams.put(session, show, VIDEO, None, SITE)
    assert (show.offset_ms, show.offset_at) == (None, None)


def test_a_stream_can_be_taken_away(session, show, now):
    streams.put(session, show, PLAYLIST, None, SITE)
    streams.measure(session, show, 350, now=now)
    streams.remove(session, show)
    assert (show.stream, show.offset_ms, show.offset_at) == (None, None, None)


def test_nothing_changes_while_a_question_runs(session, show, now):
    row = opened(show, now)
    with pytest.raises(Conflict, match="Một câu hỏi đang mở"):
        streams.put(session, show, VIDEO, None, SITE)
    with pytest.raises(Conflict):
        streams.remove(session, show)
    row.lock_told = True
    streams.put(session, show, VIDEO, None, SITE)
    assert stream_of(show).provider == "youtube"


def test_nothing_changes_after_the_end(session, show, now):
    show.ended_at = now
    with pytest.raises(Conflict, match="đã kết thúc"):
        streams.put(session, show, VIDEO, None, SITE)


def test_only_a_stream_can_be_measured(session, show, now):
    with pytest.raises(Conflict):
        streams.measure(session, show, 350, now=now)
    streams.put(session, show, VIDEO, None, SITE)
    with pytest.raises(Unreadable):
        streams.measure(session, show, 10**15, now=now)
    anchor = 61_000 - round(now.timestamp() * 1000)  # a position in the video, less the clock
    streams.measure(session, show, anchor, now=now)
    session.flush()
    session.refresh(show)
    assert show.offset_ms == anchor


def test_a_recording_begins_so_long_before_the_first_question_opened(session, show, now):
    opened(show, now)
    show.ended_at = now + timedelta(hours=1)
    kept = streams.keep_recording(show, VIDEO, 90_500, SITE)
    begins = round((now - timedelta(seconds=90.5)).timestamp() * 1_000_000)
    assert kept == Recording(provider="youtube", id="dQw4w9WgXcQ", starts_us=begins)
    assert streams.recording_of(show) == kept
    assert streams.picture(kept).figure_ms == 0
    streams.drop_recording(show)
    assert streams.recording_of(show) is None


def test_a_recording_comes_after_the_show(session, show, now):
    opened(show, now)
    with pytest.raises(Conflict):
        streams.keep_recording(show, VIDEO, 0, SITE)
    show.turns[0].opens_at = None
    show.ended_at = now
    with pytest.raises(Conflict):
        streams.keep_recording(show, VIDEO, 0, SITE)


def test_a_recording_names_a_picture_that_is_kept_and_a_moment_in_it(session, show, now):
    opened(show, now)
    show.ended_at = now
    with pytest.raises(Unreadable, match="không lưu lại hình"):
        streams.keep_recording(show, "https://phat.tinh.gov.vn/thi/whep", 0, SITE)
    with pytest.raises(Unreadable, match="24 giờ"):
        streams.keep_recording(show, VIDEO, -1, SITE)
