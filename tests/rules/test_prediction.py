import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.errors import Unreadable
from quizapp.rules.contest import Prediction, Words
from quizapp.rules.prediction import (
    by_code,
    counting,
    distance,
    figure,
    public_count,
    question,
    read,
    rows,
    spell,
    target,
    write,
)
from tests.contests import said, sitting, us, vn, week

WHOLE = Prediction()
PERCENT = Prediction(target="P_PERCENT", decimals=5)
COUNTS = {"all_correct": 4_312, "people": 12_480, "attempts": 30_000, "connected": 1_284}


# ── What is asked ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("code", "vi"),
    [
        ("P_ALLCORRECT", "Có bao nhiêu người trả lời đúng tất cả các câu hỏi của tuần này?"),
        ("P_PEOPLE", "Có bao nhiêu người tham gia dự thi tuần này?"),
        ("P_ATTEMPTS", "Có bao nhiêu lượt thi trong tuần này?"),
        ("P_PERCENT", "Tỷ lệ % người trả lời đúng tất cả?"),
        ("P_LIVE", "Có bao nhiêu người đang ở trong phòng thi khi khóa câu cuối?"),
    ],
)
def test_the_question_says_what_is_computed(code, vi):
    asked = question(week(prediction=Prediction(target=code)))
    assert asked.vi == vi
    assert asked.en.endswith("?") and "{" not in asked.en


@pytest.mark.parametrize(
    ("name", "vi", "en"),
    [
        ("Tuần 2", "tuần này", "this week"),
        ("tuần thi thứ ba", "tuần này", "this week"),
        ("Tháng 3", "tháng này", "this month"),
        ("Đợt I", "đợt này", "this phase"),
        ("Kỳ 1", "kỳ này", "this edition"),
        ("Chặng hai", "chặng này", "this stage"),
        ("Vòng loại", "vòng này", "this round"),
        ("Chung kết", "vòng này", "this round"),
        ("Kynh nghiệm", "vòng này", "this round"),
        ("", "vòng này", "this round"),
    ],
)
def test_the_question_calls_the_round_what_its_name_calls_it(name, vi, en):
    asked = question(week(name=Words(name)))
    assert asked.vi == f"Có bao nhiêu người trả lời đúng tất cả các câu hỏi của {vi}?"
    assert asked.en == f"How many people will answer every question of {en} correctly?"


# ── What may be typed ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4.312", 4312),
        ("4 312", 4312),
        ("4312", 4312),
        (" 4312 ", 4312),
        ("4\u00a0312", 4312),
        ("4\u202f312", 4312),
        ("0", 0),
        ("007", 7),
        ("99.999.999", 99_999_999),
        ("99 999 999", 99_999_999),
        ("1.000.000", 1_000_000),
        ("", None),
        ("  ", None),
    ],
)
def test_a_whole_number_may_have_its_thousands_apart(text, value):
    assert read(text, WHOLE) == value


@pytest.mark.parametrize(
    "text",
    [
        "4,5",
        "4.31",
        "4 3 1 2",
        "4312.0",
        "-5",
        "−5",
        "100.000.000",
        "100000000",
        "1.234 567",
        "4,312",
        "4.3120",
        ".312",
        "4.",
        "4..312",
        "0.312",
        "+5",
        "1e3",
        "bốn",
        "٤٣١٢",
        "４３１２",
        "4_312",
        "4'312",
        "4  312",
        "4312 người",
        "1.2.3",
        "12345678 9",
    ],
)
def test_what_is_no_whole_number_is_refused(text):
    with pytest.raises(Unreadable):
        read(text, WHOLE)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("34,55128", 3_455_128),
        ("34,5", 3_450_000),
        ("34", 3_400_000),
        ("0", 0),
        ("0,00001", 1),
        ("100", 10_000_000),
        ("100,00000", 10_000_000),
        ("34,5 %", 3_450_000),
        ("34%", 3_400_000),
        ("", None),
    ],
)
def test_a_percentage_is_typed_with_a_comma(text, value):
    assert read(text, PERCENT) == value


@pytest.mark.parametrize(
    "text",
    ["34.5", "34,551281", "100,00001", "101", "-1", "34,", ",5", "034", "3 4", "34,5,1", "34,5 phần", "%", "1.000"],
)
def test_what_is_no_percentage_is_refused(text):
    with pytest.raises(Unreadable):
        read(text, PERCENT)


def test_no_more_decimals_than_stated_may_be_typed():
    two = Prediction(target="P_PERCENT")
    assert read("34,55", two) == 3455
    with pytest.raises(Unreadable):
        read("34,551", two)


def test_a_number_is_shown_back_in_figures_and_words():
    assert write(4312, WHOLE, "vi") == "4.312" and write(4312, WHOLE, "en") == "4,312"
    assert write(999, WHOLE, "vi") == "999" and write(12_345_678, WHOLE, "vi") == "12.345.678"
    assert spell(4312, WHOLE, "vi") == "bốn nghìn ba trăm mười hai"
    assert spell(4312, WHOLE, "en") == "four thousand three hundred and twelve"
    assert write(3_455_128, PERCENT, "vi") == "34,55128 %" and write(3_455_128, PERCENT, "en") == "34.55128%"
    assert write(5, PERCENT, "vi") == "0,00005 %"
    assert spell(3_455_128, PERCENT, "vi") == "ba mươi tư phẩy năm năm một hai tám phần trăm"
    assert spell(3_400_000, PERCENT, "en") == "thirty-four percent"


@given(st.integers(0, 99_999_999))
def test_what_is_printed_can_be_typed_again(value):
    assert read(write(value, WHOLE, "vi"), WHOLE) == value


@given(st.integers(2, 5), st.data())
def test_a_printed_percentage_can_be_typed_again(decimals, data):
    asked = Prediction(target="P_PERCENT", decimals=decimals)
    value = data.draw(st.integers(0, 100 * 10**decimals))
    assert read(write(value, asked, "vi"), asked) == value


@given(st.text())
def test_whatever_is_typed_gives_a_number_in_range_or_a_refusal(text):
    for asked, most in ((WHOLE, 99_999_999), (PERCENT, 10_000_000)):
        try:
            value = read(text, asked)
        except Unreadable:
            continue
        assert value is None or 0 <= value <= most


# ── What is true ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("code", "value", "over"),
    [
        ("P_ALLCORRECT", 4_312, 12_480),
        ("P_PEOPLE", 12_480, 12_480),
        ("P_ATTEMPTS", 30_000, 30_000),
        ("P_LIVE", 1_284, 1_284),
    ],
)
def test_each_target_is_the_count_it_names(code, value, over):
    asked = Prediction(target=code)
    assert target(asked, **COUNTS) == value
    assert rows(asked, people=12_480, attempts=30_000, connected=1_284) == over


def test_a_percentage_is_exact_and_rounded_half_up_at_its_decimals():
    assert target(PERCENT, **COUNTS) == 3_455_128  # 34.55128 % of rulebook A
    assert target(Prediction(target="P_PERCENT", decimals=2), **COUNTS) == 3_455
    half = {**COUNTS, "all_correct": 1, "people": 32}  # 3.125 %
    assert target(Prediction(target="P_PERCENT", decimals=2), **half) == 313
    third = {**COUNTS, "all_correct": 1, "people": 3}
    assert target(Prediction(target="P_PERCENT", decimals=2), **third) == 3333
    assert target(PERCENT, **{**COUNTS, "all_correct": 0, "people": 0}) == 0
    assert rows(PERCENT, people=12_480, attempts=30_000, connected=0) == 12_480


def test_the_predicted_quantity_is_shown_in_coarse_steps_while_the_round_is_open():
    assert public_count(WHOLE, "P_ALLCORRECT", 4_312) == 4_000
    assert public_count(WHOLE, "P_ALLCORRECT", 999) == 0
    assert public_count(WHOLE, "P_PEOPLE", 12_480) == 12_480
    assert public_count(Prediction(public_step=0), "P_ALLCORRECT", 4_312) is None
    assert public_count(None, "P_ALLCORRECT", 4_312) == 4_312


def test_a_predicted_percentage_keeps_back_both_of_its_numbers():
    assert public_count(PERCENT, "P_ALLCORRECT", 4_312) == 4_000
    assert public_count(PERCENT, "P_PEOPLE", 12_480) == 12_000
    assert public_count(PERCENT, "P_PERCENT", 3_455_128) is None
    assert public_count(PERCENT, "P_ATTEMPTS", 30_001) == 30_001


# ── Which number counts ─────────────────────────────────────────────────────────────────────────────────────────

FIRST = sitting("an", vn("02/3", "09:10"), vn("02/3", "09:15"), 9)
SECOND = sitting("an", vn("04/3", "20:00"), vn("04/3", "20:04"), 10, no=2)
BOTH = [FIRST, SECOND]
GIVEN = [
    said("an", 100, vn("02/3", "09:12"), "an-1"),
    said("an", 200, vn("02/3", "09:14"), "an-1"),
    said("an", 300, vn("04/3", "20:02"), "an-2"),
    said("an", 400, vn("06/3", "10:00")),
]


def test_by_default_the_last_prediction_of_the_round_counts():
    assert counting("PER_ROUND_LAST", GIVEN, BOTH, SECOND) == 400
    assert counting("PER_ROUND_LAST", list(reversed(GIVEN)), BOTH, SECOND) == 400
    assert counting("PER_ROUND_LAST", [], BOTH, SECOND) is None


def test_clearing_the_number_is_the_last_word_under_per_round_last():
    cleared = [*GIVEN, said("an", None, vn("07/3", "10:00"))]
    assert counting("PER_ROUND_LAST", cleared, BOTH, SECOND) is None


def test_of_two_numbers_at_one_instant_the_one_kept_later_counts():
    at = vn("02/3", "09:12")
    assert counting("PER_ROUND_LAST", [said("an", 1, at), said("an", 2, at)], BOTH, SECOND) == 2


def test_the_first_prediction_is_the_last_one_of_the_first_attempt():
    assert counting("PER_ROUND_FIRST", GIVEN, BOTH, SECOND) == 200
    assert counting("PER_ROUND_FIRST", GIVEN, [], None) is None


def test_an_empty_first_prediction_stays_empty():
    assert counting("PER_ROUND_FIRST", GIVEN[2:], BOTH, SECOND) is None
    cleared = [*GIVEN, said("an", None, vn("02/3", "09:14:30"), "an-1")]
    assert counting("PER_ROUND_FIRST", cleared, BOTH, SECOND) is None


def test_a_number_saved_outside_of_an_attempt_is_the_first_one_if_it_came_before_the_first_hand_in():
    assert counting("PER_ROUND_FIRST", [said("an", 5, vn("02/3", "09:00"))], BOTH, SECOND) == 5
    assert counting("PER_ROUND_FIRST", [said("an", 5, vn("02/3", "09:16"))], BOTH, SECOND) is None


def test_per_attempt_the_counting_attempt_brings_its_last_prediction():
    assert counting("PER_ATTEMPT", GIVEN, BOTH, FIRST) == 200
    assert counting("PER_ATTEMPT", GIVEN, BOTH, SECOND) == 300
    assert counting("PER_ATTEMPT", GIVEN[:2], BOTH, SECOND) is None
    assert counting("PER_ATTEMPT", GIVEN, BOTH, None) is None
    assert counting("PER_ATTEMPT", [said("an", 7, vn("04/3", "20:01"))], BOTH, SECOND) == 7
    assert counting("PER_ATTEMPT", [said("an", 7, vn("04/3", "19:59"))], BOTH, SECOND) is None


def test_what_was_said_in_an_attempt_that_was_given_back_never_happened():
    late = us(vn("08/3", "22:00:02"))
    assert [one.value for one in by_code(GIVEN, {"an-1"}, late)["an"]] == [300, 400]
    assert by_code([], set(), late) == {}


def test_nothing_counts_that_is_saved_after_closing_outside_of_an_attempt():
    closed = us(vn("08/3", "22:00:02"))
    on_time, late = said("an", 1, vn("08/3", "22:00:01.999")), said("an", 2, vn("08/3", "22:00:02"))
    finishing = said("an", 3, vn("08/3", "22:05"), "an-3")  # its attempt runs to its end under FINISH
    assert by_code([on_time, late, finishing], set(), closed)["an"] == [on_time, finishing]


# ── How far it is ───────────────────────────────────────────────────────────────────────────────────────────────


def test_above_and_below_are_equally_far():
    assert distance(4_300, 4_312) == distance(4_324, 4_312) == 12
    assert figure(4_300, 4_312, WHOLE) == figure(4_324, 4_312, WHOLE)
    assert figure(4_312, 4_312, WHOLE) < figure(4_311, 4_312, WHOLE) < figure(4_310, 4_312, WHOLE)


def test_the_lower_of_two_equally_far_may_be_preferred():
    lower = Prediction(lower_first=True)
    assert figure(4_300, 4_312, lower) < figure(4_324, 4_312, lower) < figure(4_299, 4_312, lower)


def test_under_not_over_every_number_above_stands_behind_all_others():
    strict = Prediction(not_over=True)
    order = [4_312, 4_300, 0, 4_313, 4_324, 99_999_999, None]
    figures = [figure(value, 4_312, strict) for value in order]
    assert figures == sorted(figures) and len(set(figures)) == len(figures)


def test_without_a_number_somebody_is_infinitely_far_away():
    assert distance(None, 4_312) is None and distance(4_312, None) is None
    assert figure(None, 4_312, WHOLE) > figure(99_999_999, 0, Prediction(not_over=True))
    assert figure(5, None, WHOLE) == figure(None, 4_312, WHOLE)
