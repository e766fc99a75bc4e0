"""Age groups are coarse and follow birthdays."""

from datetime import date

import pytest

from quizapp.rules import age_group

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("birth", "start"),
    [
        (date(2010, 3, 2), 16),
        (date(2010, 3, 3), 0),
        (date(2001, 3, 2), 25),
        (date(1966, 3, 2), 60),
        (date(1900, 1, 1), 60),
        (date(2027, 1, 1), 0),
    ],
)
def test_a_birthday_moves_somebody_into_the_next_group(birth, start):
    assert age_group.begins(birth, DAY) == start


def test_every_group_ends_where_the_next_begins():
    assert [age_group.bounds(start) for start in age_group.BEGINS] == [
        (0, 15),
        (16, 24),
        (25, 34),
        (35, 44),
        (45, 59),
        (60, None),
    ]
