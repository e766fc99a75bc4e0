from datetime import UTC, datetime, timedelta

from quizapp.rules.timing import EPOCH, GRACE, NEVER, VIETNAM, Window, microseconds

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
END = START + timedelta(minutes=10)
WINDOW = Window(START, END)
TICK = timedelta(microseconds=1)


def test_a_window_admits_from_its_opening_to_the_end_of_the_grace():
    assert not WINDOW.admits(START - TICK)
    assert WINDOW.admits(START)
    assert WINDOW.admits(END + GRACE - TICK)
    assert not WINDOW.admits(END + GRACE)


def test_the_share_left_falls_from_one_to_zero_and_stays_there():
    assert WINDOW.share_left(START - TICK) == 1.0
    assert WINDOW.share_left(START + timedelta(minutes=5)) == 0.5
    assert WINDOW.share_left(END + GRACE) == 0.0


def test_a_window_is_over_only_after_the_grace():
    assert not WINDOW.is_over(END)
    assert WINDOW.is_over(END + GRACE)


def test_what_comes_within_the_grace_is_stamped_with_the_end():
    assert WINDOW.stamp(START) == START
    assert WINDOW.stamp(END + TICK) == END


def test_a_window_without_end_admits_for_years():
    assert Window(START).closes_at == NEVER
    assert Window(START).admits(START + timedelta(days=3650))


def test_instants_are_counted_in_whole_microseconds():
    assert microseconds(EPOCH + TICK) == 1
    assert microseconds(datetime(2026, 3, 2, 8, 0, 0, 5, tzinfo=VIETNAM)) == 1772413200_000_005
