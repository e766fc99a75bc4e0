import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules.numerals import decimal_in_words, in_words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "không"),
        (1, "một"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (55, "năm mươi lăm"),
        (100, "một trăm"),
        (101, "một trăm linh một"),
        (104, "một trăm linh bốn"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (111, "một trăm mười một"),
        (115, "một trăm mười lăm"),
        (121, "một trăm hai mươi mốt"),
        (1000, "một nghìn"),
        (1005, "một nghìn không trăm linh năm"),
        (1015, "một nghìn không trăm mười lăm"),
        (1284, "một nghìn hai trăm tám mươi tư"),
        (4012, "bốn nghìn không trăm mười hai"),
        (4300, "bốn nghìn ba trăm"),
        (4312, "bốn nghìn ba trăm mười hai"),
        (12_480, "mười hai nghìn bốn trăm tám mươi"),
        (21_021, "hai mươi mốt nghìn không trăm hai mươi mốt"),
        (100_000, "một trăm nghìn"),
        (1_000_000, "một triệu"),
        (1_000_005, "một triệu không nghìn không trăm linh năm"),
        (1_000_312, "một triệu không nghìn ba trăm mười hai"),
        (1_005_000, "một triệu không trăm linh năm nghìn"),
        (1_312_000, "một triệu ba trăm mười hai nghìn"),
        (
            99_999_999,
            "chín mươi chín triệu chín trăm chín mươi chín nghìn chín trăm chín mươi chín",
        ),
    ],
)
def test_a_number_in_vietnamese(value, words):
    assert in_words(value, "vi") == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (20, "twenty"),
        (21, "twenty-one"),
        (100, "one hundred"),
        (105, "one hundred and five"),
        (1005, "one thousand and five"),
        (4312, "four thousand three hundred and twelve"),
        (12_480, "twelve thousand four hundred and eighty"),
        (1_000_005, "one million and five"),
        (1_005_000, "one million five thousand"),
        (99_999_999, "ninety-nine million nine hundred and ninety-nine thousand nine hundred and ninety-nine"),
    ],
)
def test_a_number_in_english(value, words):
    assert in_words(value, "en") == words


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (3_455_128, 5, "ba mươi tư phẩy năm năm một hai tám", "thirty-four point five five one two eight"),
        (3405, 2, "ba mươi tư phẩy không năm", "thirty-four point zero five"),
        (3450, 2, "ba mươi tư phẩy năm", "thirty-four point five"),
        (3400, 2, "ba mươi tư", "thirty-four"),
        (0, 2, "không", "zero"),
        (5, 3, "không phẩy không không năm", "zero point zero zero five"),
        (10_000, 2, "một trăm", "one hundred"),
    ],
)
def test_a_decimal_is_said_digit_by_digit_after_the_mark(value, decimals, vi, en):
    assert decimal_in_words(value, decimals, "vi") == vi
    assert decimal_in_words(value, decimals, "en") == en


ONES = {
    word: value for value, word in enumerate(["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"])
}
ONES |= {"mốt": 1, "tư": 4, "lăm": 5}


def heard(words):
    """The number somebody writes down who hears these Vietnamese words."""
    total = group = ones = 0
    for word in words.split():
        if word in ("nghìn", "triệu"):
            total += (group + ones) * (1_000 if word == "nghìn" else 1_000_000)
            group = ones = 0
        elif word == "trăm":
            group, ones = ones * 100, 0
        elif word == "mươi":
            group, ones = group + ones * 10, 0
        elif word == "mười":
            group, ones = group + 10, 0
        elif word != "linh":
            ones = ONES[word]
    return total + group + ones


@given(st.integers(0, 99_999_999))
def test_who_hears_a_number_in_vietnamese_writes_the_same_number(value):
    words = in_words(value, "vi")
    assert heard(words) == value
    assert "mười mốt" not in words and "mười tư" not in words and not words.endswith("mươi năm")


@given(st.lists(st.integers(0, 99_999_999), min_size=2, max_size=2, unique=True), st.sampled_from(["vi", "en"]))
def test_different_numbers_sound_different(values, language):
    assert in_words(values[0], language) != in_words(values[1], language)
