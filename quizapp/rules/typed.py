"""Numbers as people type them (contest-rules §8.4)."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[0-9]{1,8}")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([., \u00a0\u202f])[0-9]{3})(?:\1[0-9]{3})?")


def whole_number(text: str) -> int | None:
    """`4312`, `4.312`, `4 312` or `-7` as a whole number of at most eight digits; `None` for `4,5` and the like."""
    tidy = text.strip().replace("−", "-")
    digits = tidy.removeprefix("-")
    if not (_PLAIN.fullmatch(digits) or _GROUPED.fullmatch(digits)):
        return None
    value = int(re.sub(r"\D", "", digits))
    if value > 99_999_999:
        return None
    return -value if tidy.startswith("-") else value
