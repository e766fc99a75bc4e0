"""Working days in Viet Nam: Monday to Friday without public holidays, for deadlines such as that of complaints.

Where the days come from:

* Holidays are those of article 112 of the Labour Code (45/2019/QH14): 1 January; five days of Tết; the 10th of the
  third lunar month (Giỗ Tổ Hùng Vương); 30 April; 1 May; 2 September and one day beside it.
* A weekly day off that falls on a holiday is made good on the next working day (article 111, paragraph 3).
* The lunar days below were computed for the time zone of Viet Nam from the moments of new moons and of the sun's
  principal terms. Every new moon in question lies at least 50 minutes away from midnight. In 2030 Tết is on 2 February,
  a day before the Chinese new year.
* Every year the Prime Minister says which five days are Tết, which day stands beside 2 September, and which working
  days are exchanged for Saturdays (for agencies of the state). What was announced for 2025 and 2026 is kept below
  (`ANNOUNCED`; for 1 January 2026 letter 12729/VPCP-KGVX of 25 December 2025). For other years this module takes
  the last day of the old year and the first four of the new one, and the day beside 2 September that makes the longest
  rest.

What it cannot know: later announcements, days off by law that are still to come (such as the Day of Vietnamese Culture,
24 November, where the Code names it by then), a local day off. These are given as `extra_days_off`, and Saturdays or
Sundays that are worked instead as `made_up_days`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple

from quizapp.rules.timing import VIETNAM, day_in_vietnam

_DAY = timedelta(days=1)
_SATURDAY = 5


class Lunar(NamedTuple):
    """Two lunar days of one year: the first of the first month and the tenth of the third."""

    tet: date
    hung_kings: date


class Announced(NamedTuple):
    """What was announced for one year, where it is not what `_usual` says."""

    tet: tuple[date, ...] = ()  # the five days, where they are others
    off: tuple[date, ...] = ()  # working days exchanged …
    worked: tuple[date, ...] = ()  # … for these


LUNAR = {
    2025: Lunar(date(2025, 1, 29), date(2025, 4, 7)),
    2026: Lunar(date(2026, 2, 17), date(2026, 4, 26)),
    2027: Lunar(date(2027, 2, 6), date(2027, 4, 16)),
    2028: Lunar(date(2028, 1, 26), date(2028, 4, 4)),
    2029: Lunar(date(2029, 2, 13), date(2029, 4, 23)),
    2030: Lunar(date(2030, 2, 2), date(2030, 4, 12)),
    2031: Lunar(date(2031, 1, 23), date(2031, 4, 1)),
    2032: Lunar(date(2032, 2, 11), date(2032, 4, 19)),
    2033: Lunar(date(2033, 1, 31), date(2033, 4, 9)),
    2034: Lunar(date(2034, 2, 19), date(2034, 4, 28)),
    2035: Lunar(date(2035, 2, 8), date(2035, 4, 17)),
    2036: Lunar(date(2036, 1, 28), date(2036, 4, 6)),
}

ANNOUNCED = {
    2025: Announced(
        tet=tuple(date(2025, 1, day) for day in (27, 28, 29, 30, 31)),
        off=(date(2025, 5, 2),),
        worked=(date(2025, 4, 26),),
    ),
    2026: Announced(off=(date(2026, 1, 2), date(2026, 8, 31)), worked=(date(2026, 1, 10), date(2026, 8, 22))),
}


def is_working(day: date, *, extra_days_off: Collection[date] = (), made_up_days: Collection[date] = ()) -> bool:
    """Whether offices work on a day. Raises `ValueError` for years whose lunar days are not kept here."""
    if day in made_up_days:
        return True
    if day in extra_days_off or day in days_off(day.year):
        return False
    return not _is_weekend(day) or day in ANNOUNCED.get(day.year, Announced()).worked


def add(day: date, count: int, *, extra_days_off: Collection[date] = (), made_up_days: Collection[date] = ()) -> date:
    """The last of `count` working days after `day`, which itself is not counted; with a count of 0 it is `day`."""
    while count > 0:
        day += _DAY
        count -= is_working(day, extra_days_off=extra_days_off, made_up_days=made_up_days)
    return day


def deadline(
    moment: datetime, count: int, *, extra_days_off: Collection[date] = (), made_up_days: Collection[date] = ()
) -> datetime:
    """The end of the last of `count` working days after the day of `moment`: midnight in Viet Nam, the first instant
    that is too late."""
    last = add(day_in_vietnam(moment), count, extra_days_off=extra_days_off, made_up_days=made_up_days)
    return datetime.combine(last + _DAY, time(), VIETNAM)


@cache
def days_off(year: int) -> frozenset[date]:
    """The public holidays of a year, the days that make good those on a weekend, and the exchanged ones."""
    holidays = sorted(_holidays(year))
    made_good: set[date] = set()
    for day in holidays:
        if _is_weekend(day):
            made_good.add(_next_working(day, {*holidays, *made_good}))
    return frozenset((*holidays, *made_good, *ANNOUNCED.get(year, Announced()).off))


def _holidays(year: int) -> Iterable[date]:
    if year not in LUNAR:
        raise ValueError(f"the lunar days of {year} are not kept")
    tet = LUNAR[year].tet
    national = date(year, 9, 2)
    yield date(year, 1, 1)
    yield from ANNOUNCED.get(year, Announced()).tet or (tet + n * _DAY for n in range(-1, 4))
    yield LUNAR[year].hung_kings
    yield date(year, 4, 30)
    yield date(year, 5, 1)
    yield national
    # After a weekend, or before one, the day that joins them; the day before wherever there is a choice.
    yield national + (_DAY if national.weekday() in (0, 3) else -_DAY)


def _next_working(day: date, taken: Collection[date]) -> date:
    while _is_weekend(day) or day in taken:
        day += _DAY
    return day


def _is_weekend(day: date) -> bool:
    return day.weekday() >= _SATURDAY
