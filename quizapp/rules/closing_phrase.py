"""How a rulebook words the end of a round, and the exact instant it means (contest-rules §3).

«Đến hết ngày 08/3», «24 giờ 00 ngày 08/3» and «đến 23 giờ 59 ngày 08/3» all end at 00:00:00 of 09/3. Any other clock
time is taken as it stands.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from quizapp.rules.timing import VIETNAM

_DAY = r"(?P<day>\d{1,2})\s*(?:[/.-]|tháng)\s*(?P<month>\d{1,2})(?:\s*(?:[/.-]|năm)\s*(?P<year>\d{4}))?"
_SECOND = r"(?:\s*(?::|phút)\s*(?P<second>\d{1,2})(?:\s*giây)?)"
_CLOCK = rf"(?P<hour>\d{{1,2}})\s*(?:h|giờ|:)\s*(?:(?P<minute>\d{{1,2}})(?:{_SECOND}|\s*phút)?)?"
_WEEKDAY = r"(?:(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy)|chủ\s+nhật)\s*,?\s*)?"
_WHOLE_DAY = re.compile(rf"(?:đến\s+)?hết\s+{_WEEKDAY}(?:ngày\s+)?{_DAY}")
_MOMENT = re.compile(rf"(?:(?:đến|vào|lúc|trước)\s+)*{_CLOCK}\s*,?\s*{_WEEKDAY}(?:ngày\s+)?{_DAY}")
_END_OF_DAY = {(24, 0, 0), (23, 59, 0), (23, 59, 59)}
_COMPUTER = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)[t ](?P<clock>\d\d:\d\d(?::\d\d)?)")


def read(text: str, *, since: datetime | None = None) -> datetime | None:
    """The instant that a phrase or an exact time means; `None` where it cannot be read.

    A day without its year is the first such day not before `since`, and cannot be read without it.
    """
    tidy = " ".join(text.casefold().split()).rstrip(".")
    if exact := _COMPUTER.fullmatch(tidy):
        return _computer(exact["day"], exact["clock"])
    if whole := _WHOLE_DAY.fullmatch(tidy):
        day = _day(whole, since)
        return None if day is None else _midnight_after(day)
    if moment := _MOMENT.fullmatch(tidy):
        day = _day(moment, since)
        return None if day is None else _instant(day, moment)
    return None


def phrase(closes_at: datetime) -> str:
    """The usual wording of an end: «đến hết ngày 08/3/2026» at midnight, else «đến 22 giờ 00 ngày 08/3/2026»."""
    local = closes_at.astimezone(VIETNAM)
    if local.time() == time():
        return f"đến hết ngày {short_day(local.date() - timedelta(days=1))}"
    seconds = f" {local.second:02d} giây" if local.second else ""
    minutes = f"{local.minute:02d} phút{seconds}" if seconds else f"{local.minute:02d}"
    return f"đến {local.hour:02d} giờ {minutes} ngày {short_day(local.date())}"


def short_day(day: date) -> str:
    """A day as Vietnamese papers write it: `08/3/2026`, `01/02/2026`, `20/11/2026`."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def _instant(day: date, said: re.Match[str]) -> datetime | None:
    hour, minute, second = (int(said[name] or 0) for name in ("hour", "minute", "second"))
    if (hour, minute, second) in _END_OF_DAY:
        return _midnight_after(day)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return datetime.combine(day, time(hour, minute, second), VIETNAM)


def _day(said: re.Match[str], since: datetime | None) -> date | None:
    """The day that was said; the first one not before `since` where its year was left out."""
    day, month = int(said["day"]), int(said["month"])
    if said["year"]:
        return _date(int(said["year"]), month, day)
    if since is None:
        return None
    first = since.astimezone(VIETNAM).date()
    years = (_date(year, month, day) for year in range(first.year, first.year + 9))  # eight years: 29 February
    return next((found for found in years if found is not None and found >= first), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _computer(day: str, clock: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), VIETNAM)
    except ValueError:
        return None


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), VIETNAM)
