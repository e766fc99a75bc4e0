from datetime import date
from fractions import Fraction

import pytest

from quizapp.rules import notation
from quizapp.rules.formula import Wrong
from quizapp.rules.question import Text


@pytest.mark.parametrize(
    ("value", "form", "vi", "en"),
    [
        (1530000, "", "1.530.000", "1,530,000"),
        (Fraction(81, 2), "", "40,5", "40.5"),
        (Fraction(9001, 4), "", "2.250,25", "2,250.25"),
        (2026, "plain", "2026", "2026"),
        (1530000, "money", "1.530.000 đồng", "VND 1,530,000"),
        (Fraction(81, 2), "percent", "40,5 %", "40.5%"),
        (0, "percent", "0 %", "0%"),
        (date(2026, 7, 1), "", "01/7/2026", "1 July 2026"),
        (date(2026, 2, 28), "", "28/02/2026", "28 February 2026"),
        (date(2026, 12, 15), "month", "tháng 12/2026", "December 2026"),
        (date(2026, 1, 15), "month", "tháng 01/2026", "January 2026"),
        (5, "years", "5 năm", "5 years"),
        (1, "years", "1 năm", "1 year"),
        (12, "months", "12 tháng", "12 months"),
        (30, "days", "30 ngày", "30 days"),
        (246, "span", "20 năm 6 tháng", "20 years 6 months"),
        (738, "age", "61 tuổi 6 tháng", "61 years 6 months"),
        (240, "span", "20 năm", "20 years"),
        (11, "span", "11 tháng", "11 months"),
        (0, "span", "0 tháng", "0 months"),
        (Text("Bà Hạnh", "Ms Hạnh"), "", "Bà Hạnh", "Ms Hạnh"),
    ],
)
def test_values_are_written_as_each_language_does(value, form, vi, en):
    assert notation.write(value, form, "vi") == vi
    assert notation.write(value, form, "en") == en


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (Fraction(1, 3), ""),
        (-1, ""),
        (True, ""),
        (Fraction(1, 2), "money"),
        (3, "month"),
        (Text("a", "b"), "money"),
        (date(2026, 1, 1), "years"),
        (1, "furlongs"),
    ],
)
def test_what_does_not_fit_its_form_is_refused(value, form):
    with pytest.raises(Wrong):
        notation.write(value, form, "vi")
