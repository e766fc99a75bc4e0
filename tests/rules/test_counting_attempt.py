from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules.contest import PRESETS
from quizapp.rules.counting_attempt import choose
from tests.contests import sitting, vn

# An's three attempts in rulebook A
NINE = sitting("an", vn("02/3", "09:10"), vn("02/3", "09:15:12.400"), 9)
EARLIER = sitting("an", vn("04/3", "20:00"), vn("04/3", "20:03:41.250"), 10, no=2)
QUICKER = sitting("an", vn("05/3", "20:00"), vn("05/3", "20:02:10.900"), 10, no=3)
ALL = [NINE, EARLIER, QUICKER]


def test_the_best_attempt_is_the_quicker_of_two_with_full_score():
    assert choose(ALL, "BEST", PRESETS["PREDICTION_DURATION"]) is QUICKER
    assert QUICKER.duration_ms == 130_900


def test_where_only_the_moment_is_a_key_the_best_attempt_is_the_earlier_one():
    assert choose(ALL, "BEST", PRESETS["PREDICTION_EARLIEST"]) is EARLIER


def test_without_a_time_key_the_earlier_submission_is_best():
    assert choose(ALL, "BEST", ("score", "lot")) is EARLIER


def test_time_keys_are_asked_in_the_order_of_the_ranking():
    assert choose(ALL, "BEST", ("score", "submitted_at", "duration", "lot")) is EARLIER
    assert choose(ALL, "BEST", ("duration", "submitted_at", "score", "lot")) is QUICKER  # never before the score


def test_equally_long_attempts_go_by_the_next_time_key():
    again = sitting("an", vn("06/3", "20:00"), vn("06/3", "20:02:10.900"), 10, no=4)
    assert choose([*ALL, again], "BEST", PRESETS["SPEED"]) is QUICKER


def test_response_time_is_a_time_key_of_live_rounds():
    slow = sitting("an", vn("02/3", "09:10"), vn("02/3", "09:15"), 8, response_ms=40_000)
    quick = sitting("an", vn("02/3", "10:10"), vn("02/3", "10:15"), 8, no=2, response_ms=30_000)
    assert choose([slow, quick], "BEST", PRESETS["LIVE_FAIR"]) is quick


def test_the_first_and_the_last_valid_attempt():
    assert choose(ALL, "FIRST", PRESETS["SPEED"]) is NINE
    assert choose(ALL, "LAST", PRESETS["SPEED"]) is QUICKER
    assert choose([EARLIER], "LAST", PRESETS["SPEED"]) is EARLIER


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(1, 3)), min_size=1, max_size=6), st.data())
def test_no_attempt_is_better_than_the_best_one(figures, data):
    valid = [
        sitting("an", vn("02/3", f"0{hour}:{no:02}"), vn("02/3", f"0{hour}:{no + 10 * length:02}"), points, no=no)
        for no, (points, hour, length) in enumerate(figures, start=1)
    ]
    keys = data.draw(st.sampled_from([PRESETS["SPEED"], PRESETS["PREDICTION_EARLIEST"], ("score", "lot")]))
    best = choose(valid, "BEST", keys)
    for other in valid:
        assert other.score <= best.score
        if other.score == best.score and keys == PRESETS["SPEED"]:
            assert best.duration_ms <= other.duration_ms
        elif other.score == best.score:
            assert best.submitted_us <= other.submitted_us
