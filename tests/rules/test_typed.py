import pytest

from quizapp.rules.typed import whole_number


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("4312", 4312),
        (" 4.312 ", 4312),
        ("4 312", 4312),
        ("4,312", 4312),
        ("1.530.000", 1_530_000),
        ("99999999", 99_999_999),
        ("-7", -7),
        ("−7", -7),
        ("007", 7),
    ],
)
def test_a_whole_number_is_read_however_it_is_grouped(typed, value):
    assert whole_number(typed) == value


@pytest.mark.parametrize(
    "typed", ["", "4,5", "4.31", "1.530,000", "100.000.000", "123456789", "1e3", "NaN", "٤", "--7", "15 năm"]
)
def test_anything_else_is_no_whole_number(typed):
    assert whole_number(typed) is None
