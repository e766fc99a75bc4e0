"""Rates and targets as they are printed: exact shares, two decimals, half up (contest-rules §11)."""

from __future__ import annotations

from decimal import Decimal


def rate(part: int, whole: int, per: int = 100) -> Decimal:
    """`part` out of `whole`, per hundred (or thousand), rounded half up to two decimals: 4 412 of 5 100 is 86.51."""
    hundredths = (200 * per * part + whole) // (2 * whole)
    return Decimal(hundredths).scaleb(-2)


def participation(people: int, headcount: int | None, per: int = 100) -> Decimal | None:
    """The rate of a unit as it is printed, never above 100 %; `None` where nobody said how many people it has."""
    return rate(min(people, headcount), headcount, per) if headcount else None


def reached(done: int, target: int) -> Decimal | None:
    """How much of a target (chỉ tiêu) is reached, in percent, also above 100; `None` where none was set."""
    return rate(done, target) if target else None


def written(part: int, whole: int, decimals: int, language: str) -> str:
    """`part` ÷ `whole` with so many decimals, rounded half up, and thousands apart: `4.656,0`, in English `4,656.0`."""
    scale = 10**decimals
    units, rest = divmod((2 * scale * part + whole) // (2 * whole), scale)
    thousands, mark = (",", ".") if language == "en" else (".", ",")
    return f"{units:,}".replace(",", thousands) + f"{mark}{rest:0{decimals}d}"
