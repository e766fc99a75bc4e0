"""Free text that people typed, without the numbers by which somebody could be found: for lists that leave the house.

Phones, identity numbers, email addresses, and dates that can only be birthdays are blotted out; everything else stays.
"""

from __future__ import annotations

import re

from quizapp.rules.identity import masked_email

_DIGITS = re.compile(r"(?<![\w])\+?\d(?:[\s.\-]?\d){7,}(?![\w])")  # eight digits and more, however they are grouped
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DATE = re.compile(r"(?<!\d)\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(\d{4})(?!\d)|(?<!\d)(\d{4})-\d{1,2}-\d{1,2}(?!\d)")
_IN_WORDS = re.compile(r"ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+(\d{4})", re.IGNORECASE)
_BORN_BEFORE = 2022  # whoever enters a contest was born before; contests, and the laws they ask about, are younger
_ALREADY = "***"


def masked(text: str) -> str:
    """The text with `***` where a number stood that belongs to a person."""
    for dates in (_DATE, _IN_WORDS):
        text = dates.sub(_blot_birthday, text)
    text = _EMAIL.sub(lambda found: masked_email(found[0]), text)
    return _DIGITS.sub(_blot_digits, text)


def _blot_birthday(found: re.Match[str]) -> str:
    year = next(int(part) for part in found.groups() if part)
    return _ALREADY if year < _BORN_BEFORE else found[0]


def _blot_digits(found: re.Match[str]) -> str:
    """A phone keeps its ends, as elsewhere; anything longer keeps nothing. A date is no such number."""
    if _DATE.fullmatch(found[0]):
        return found[0]
    digits = re.sub(r"\D", "", found[0])
    return f"{digits[:3]}***{digits[-3:]}" if len(digits) in (10, 11) else _ALREADY
