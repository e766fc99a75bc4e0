from decimal import Decimal

import pytest

from quizapp.rules.rates import participation, rate, reached, written


@pytest.mark.parametrize(
    ("people", "headcount", "printed"),
    [
        (12_083, 18_200, "66.39"),
        (9_000, 18_200, "49.45"),
        (4_412, 5_100, "86.51"),
        (702, 740, "94.86"),
        (38, 38, "100.00"),
        (0, 740, "0.00"),
    ],
)
def test_rates_are_printed_as_in_the_worked_list(people, headcount, printed):
    assert str(participation(people, headcount)) == printed


@pytest.mark.parametrize(
    ("people", "residents", "printed"),
    [
        (131, 2_100, "62.38"),
        (305, 6_150, "49.59"),
        (412, 9_800, "42.04"),
        (540, 18_300, "29.51"),
        (618, 41_200, "15.00"),
    ],
)
def test_rates_per_thousand_are_printed_as_in_rulebook_b(people, residents, printed):
    assert str(participation(people, residents, 1000)) == printed


def test_an_exact_half_goes_up():
    assert rate(1, 800) == Decimal("0.13")  # 0.125 %
    assert rate(3, 800) == Decimal("0.38")  # 0.375 %


def test_a_rate_never_goes_above_a_hundred_percent():
    assert participation(51, 50) == Decimal("100.00")


def test_a_unit_of_unknown_size_has_no_rate():
    assert participation(5, None) is None
    assert participation(5, 0) is None


def test_a_target_can_be_more_than_reached():
    assert reached(450, 300) == Decimal("150.00")
    assert reached(100, 300) == Decimal("33.33")
    assert reached(100, 0) is None


def test_a_mean_is_written_with_thousands_apart_and_rounded_half_up():
    assert written(23_280, 5, 1, "vi") == "4.656,0"
    assert written(13_270, 3, 1, "en") == "4,423.3"
    assert written(13_270, 3, 2, "vi") == "4.423,33"
    assert written(1, 4, 1, "vi") == "0,3"
