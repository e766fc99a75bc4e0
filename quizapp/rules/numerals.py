"""Whole numbers and percentages said in words, in Vietnamese and English (contest-rules §8.4)."""

from __future__ import annotations

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu", "tỷ")
_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_THOUSANDS = ("", "thousand", "million", "billion")


def in_words(value: int, language: str) -> str:
    """4312 as `bốn nghìn ba trăm mười hai` or `four thousand three hundred and twelve`; below a thousand billion."""
    return _english(value) if language == "en" else _vietnamese(value)


def decimal_in_words(value: int, decimals: int, language: str) -> str:
    """`value` ÷ 10^`decimals` in words, digit by digit after the mark: 3405 of 2 is `ba mươi tư phẩy không năm`."""
    whole, rest = divmod(value, 10**decimals)
    words = in_words(whole, language)
    digits = f"{rest:0{decimals}d}".rstrip("0") if rest else ""
    if not digits:
        return words
    said = _SMALL if language == "en" else _DIGITS
    return " ".join([words, "point" if language == "en" else "phẩy", *(said[int(digit)] for digit in digits)])


def _vietnamese(value: int) -> str:
    groups = _groups_of_three(value)
    words: list[str] = []
    for place in range(len(groups) - 1, -1, -1):
        if groups[place]:
            words += [*_vietnamese_group(groups[place], first=not words), _GROUPS[place]]
        elif words and any(groups[:place]):
            words += ["không", _GROUPS[place]]  # said, so that 1.000.312 is not heard as 1.312.000
    return " ".join(filter(None, words)) or _DIGITS[0]


def _vietnamese_group(value: int, *, first: bool) -> list[str]:
    """A number below a thousand; one that follows a larger group says its hundreds even if there are none."""
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    words = [_DIGITS[hundreds], "trăm"] if hundreds or not first else []
    if tens == 0:
        return words + ((["linh"] if words else []) + [_DIGITS[ones]] if ones else [])
    words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    if ones == 0:
        return words
    if ones == 5:
        return [*words, "lăm"]
    if tens > 1 and ones in (1, 4):
        return [*words, "mốt" if ones == 1 else "tư"]
    return [*words, _DIGITS[ones]]


def _english(value: int) -> str:
    groups = _groups_of_three(value)
    words: list[str] = []
    for place in range(len(groups) - 1, -1, -1):
        if groups[place]:
            bridge = ["and"] if words and place == 0 and groups[0] < 100 else []
            words += [*bridge, *_english_group(groups[place]), _THOUSANDS[place]]
    return " ".join(filter(None, words)) or _SMALL[0]


def _english_group(value: int) -> list[str]:
    hundreds, rest = divmod(value, 100)
    words = [_SMALL[hundreds], "hundred"] if hundreds else []
    if rest == 0:
        return words
    bridge = ["and"] if words else []
    if rest < 20:
        return [*words, *bridge, _SMALL[rest]]
    tens = _TENS[rest // 10 - 2]
    return [*words, *bridge, f"{tens}-{_SMALL[rest % 10]}" if rest % 10 else tens]


def _groups_of_three(value: int) -> list[int]:
    """The digits of `value` in threes, the last three first."""
    groups = []
    while value:
        value, group = divmod(value, 1000)
        groups.append(group)
    return groups
