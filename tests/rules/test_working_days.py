"""Working days: weekends, holidays, Tết, and what makes good for a holiday on a weekend."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules.working_days import LUNAR, add, days_off, deadline, is_working

DAY = timedelta(days=1)


def off(first, last):
    """Whether all days from `first` to `last` are off, and the working days around them are not."""
    days = [first + n * DAY for n in range((last - first).days + 1)]
    return not any(map(is_working, days)) and is_working(first - DAY) and is_working(last + DAY)


def test_saturday_and_sunday_are_off():
    assert off(date(2026, 3, 14), date(2026, 3, 15))


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2025, 1, 25), date(2025, 2, 2)),  # Tết Ất Tỵ
        (date(2025, 4, 5), date(2025, 4, 7)),  # Giỗ Tổ on a Monday
        (date(2025, 4, 30), date(2025, 5, 4)),  # 2 May worked on 26 April
        (date(2025, 8, 30), date(2025, 9, 2)),
        (date(2026, 1, 1), date(2026, 1, 4)),  # 2 January worked on 10 January
        (date(2026, 2, 14), date(2026, 2, 22)),  # Tết Bính Ngọ
        (date(2026, 4, 25), date(2026, 4, 27)),  # Giỗ Tổ on a Sunday
        (date(2026, 4, 30), date(2026, 5, 3)),
        (date(2026, 8, 29), date(2026, 9, 2)),  # 31 August worked on 22 August
    ],
)
def test_the_holidays_of_2025_and_2026_are_those_announced(first, last):
    assert off(first, last)


@pytest.mark.parametrize("day", [date(2025, 4, 26), date(2026, 1, 10), date(2026, 8, 22)])
def test_saturdays_worked_in_exchange_are_working_days(day):
    assert is_working(day)
    assert add(day - DAY, 1) == day


def test_weekly_days_off_within_tet_are_made_good_afterwards():
    # Tết Đinh Mùi: Friday 5 to Tuesday 9 February 2027, with a Saturday and a Sunday in it.
    assert off(date(2027, 2, 5), date(2027, 2, 11))


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2030, 8, 31), date(2030, 9, 3)),  # 2 September a Monday
        (date(2027, 9, 2), date(2027, 9, 5)),  # a Thursday
        (date(2028, 9, 1), date(2028, 9, 4)),  # a Saturday
        (date(2029, 9, 1), date(2029, 9, 4)),  # a Sunday
        (date(2033, 9, 1), date(2033, 9, 4)),  # a Friday
    ],
)
def test_the_day_beside_the_national_day_joins_the_weekend(first, last):
    assert off(first, last)


def test_new_years_day_on_a_weekend_is_made_good():
    assert off(date(2028, 1, 1), date(2028, 1, 3))


def test_tet_of_2030_is_a_day_before_the_chinese_new_year():
    assert LUNAR[2030].tet == date(2030, 2, 2)


def test_lunar_days_lie_where_the_moon_has_them():
    new_moon, month = datetime(2000, 1, 6, 18, 14, tzinfo=UTC), 29.530588
    for year, lunar in LUNAR.items():
        for day in (lunar.tet, lunar.hung_kings - 9 * DAY):
            begins = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=7)
            age = (begins - new_moon) / DAY % month  # since the mean new moon, at the first hour of the day
            assert age < 0.7 or age > month - 1.7, (year, day)
        assert (lunar.hung_kings - lunar.tet).days in (67, 68, 69), year


def test_working_days_are_counted_from_the_next_one():
    assert add(date(2026, 3, 2), 5) == date(2026, 3, 9)
    assert add(date(2026, 3, 6), 1) == date(2026, 3, 9)  # from Friday to Monday
    assert add(date(2026, 3, 7), 1) == date(2026, 3, 9)  # from Saturday too
    assert add(date(2026, 3, 7), 0) == date(2026, 3, 7)


def test_five_working_days_before_tet_end_after_it():
    assert add(date(2026, 2, 12), 5) == date(2026, 2, 26)


def test_days_off_and_days_made_up_can_be_added():
    assert add(date(2026, 11, 20), 3) == date(2026, 11, 25)
    assert add(date(2026, 11, 20), 3, extra_days_off=[date(2026, 11, 24)]) == date(2026, 11, 26)
    assert add(date(2026, 11, 20), 3, made_up_days=[date(2026, 11, 21)]) == date(2026, 11, 24)


def test_a_deadline_is_the_end_of_the_last_day_in_viet_nam():
    announced = datetime(2026, 3, 1, 17, 30, tzinfo=UTC)  # Monday 2 March, half past midnight in Viet Nam
    assert deadline(announced, 5) == datetime(2026, 3, 9, 17, tzinfo=UTC)  # the first instant of 10 March
    assert deadline(announced - timedelta(hours=1), 5) == datetime(2026, 3, 6, 17, tzinfo=UTC)
    later = deadline(announced, 1, extra_days_off=[date(2026, 3, 3)])
    assert later == datetime(2026, 3, 4, 17, tzinfo=UTC)
    assert deadline(announced, 5, made_up_days=[date(2026, 3, 7)]) == datetime(2026, 3, 7, 17, tzinfo=UTC)


def test_years_without_lunar_days_are_refused():
    with pytest.raises(ValueError, match="2100"):
        is_working(date(2100, 3, 1))


@pytest.mark.parametrize("year", LUNAR)
def test_every_year_has_eleven_holidays_on_working_days(year):
    swapped = {2025: 1, 2026: 2}.get(year, 0)
    on_weekdays = [day for day in days_off(year) if day.weekday() < 5]
    assert len(on_weekdays) == 11 + swapped


@given(st.dates(date(2025, 1, 1), date(2035, 12, 1)), st.integers(1, 15))
def test_the_last_day_of_a_deadline_is_a_working_day_and_the_count_is_right(day, count):
    last = add(day, count)
    assert is_working(last)
    assert sum(is_working(day + n * DAY) for n in range(1, (last - day).days + 1)) == count
