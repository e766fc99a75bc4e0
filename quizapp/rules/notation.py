"""How numbers, money, shares, lengths of time and days are written in each language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from quizapp.rules.formula import Value, Wrong, is_truth
from quizapp.rules.question import Language, Text

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MOST_PLACES = 4


def write(value: Value, form: str, language: Language) -> str:
    """`value` in words of `language`, in one of the `FORMS`; refuses what does not fit the form (`Wrong`)."""
    if form not in FORMS:
        raise Wrong(
            "Không có cách viết «:%(value)s».", "Dùng một trong các cách viết: %(known)s.", value=form, known=KNOWN
        )
    return FORMS[form](value, language)


def _plainly(value: Value, language: Language) -> str:
    """A text as it is, a day as a day, a number with its thousands apart."""
    if isinstance(value, Text):
        return value.of(language)
    return _day(value, language) if isinstance(value, date) else _number(value, language)


def _number(value: Value, language: Language) -> str:
    """1.530 and 40,5; in English 1,530 and 40.5."""
    whole, places = _decimals(value)
    written = f"{whole:,}" + (f".{places}" if places else "")
    return written if language == "en" else written.translate({ord(","): ".", ord("."): ","})


def _ungrouped(value: Value, language: Language) -> str:
    """2026: a year, or a number of a thing."""
    return str(_whole(value))


def _money(value: Value, language: Language) -> str:
    amount = _number(_whole(value), language)
    return f"VND {amount}" if language == "en" else f"{amount} đồng"


def _percent(value: Value, language: Language) -> str:
    return f"{_number(value, language)}%" if language == "en" else f"{_number(value, language)} %"


def _day(value: Value, language: Language) -> str:
    """01/7/2026, as the State writes days: the day, and of the months the first two, in two digits."""
    day = _dated(value)
    if language == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.day:02d}/{day.month:0{2 if day.month < 3 else 1}d}/{day.year}"


def _month(value: Value, language: Language) -> str:
    day = _dated(value)
    if language == "en":
        return f"{_MONTHS[day.month - 1]} {day.year}"
    return f"tháng {day.month:0{2 if day.month < 3 else 1}d}/{day.year}"


def _counted(vi: str, en: str) -> Callable[[Value, Language], str]:
    def counted(value: Value, language: Language) -> str:
        if language == "en":
            return f"{_number(value, language)} {en}{'' if value == 1 else 's'}"
        return f"{_number(value, language)} {vi}"

    return counted


def _span(value: Value, language: Language) -> str:
    """246 months as 20 years 6 months."""
    years, months = divmod(_whole(value), 12)
    parts = [_YEARS(years, language)] if years else []
    parts += [_COUNTED_MONTHS(months, language)] if months or not years else []
    return " ".join(parts)


def _age(value: Value, language: Language) -> str:
    """246 months of life as 20 tuổi 6 tháng."""
    return _span(value, language).replace(" năm", " tuổi")


_YEARS, _COUNTED_MONTHS, _DAYS = _counted("năm", "year"), _counted("tháng", "month"), _counted("ngày", "day")
FORMS: dict[str, Callable[[Value, Language], str]] = {
    "": _plainly,
    "plain": _ungrouped,
    "money": _money,
    "percent": _percent,
    "month": _month,
    "years": _YEARS,
    "months": _COUNTED_MONTHS,
    "days": _DAYS,
    "span": _span,
    "age": _age,
}
KNOWN = ", ".join(form for form in FORMS if form)


def _decimals(value: Value) -> tuple[int, str]:
    """The whole part and the decimal places of a number that has few of them and is not below zero."""
    if is_truth(value) or not isinstance(value, (int, Fraction)) or value < 0:
        raise _unfit("Cách viết này cần một số từ 0 trở lên nhưng gặp giá trị loại khác.")
    scaled = value * 10**_MOST_PLACES
    if scaled.denominator != 1:
        raise Wrong(
            "Kết quả tính ra không viết được thành số thập phân gọn.",
            "Dùng round, floor hoặc thêm điều kiện vào where để kết quả tròn.",
        )
    whole, places = divmod(int(scaled), 10**_MOST_PLACES)
    return whole, f"{places:0{_MOST_PLACES}d}".rstrip("0")


def _whole(value: Value) -> int:
    whole, places = _decimals(value)
    if places:
        raise _unfit("Cách viết này cần một số nguyên nhưng gặp giá trị loại khác.")
    return whole


def _dated(value: Value) -> date:
    if isinstance(value, date):
        return value
    raise _unfit("Cách viết này cần một ngày nhưng gặp giá trị loại khác.")


def _unfit(problem: str) -> Wrong:
    return Wrong(problem, "Đổi cách viết sau dấu hai chấm, hoặc sửa công thức.")
