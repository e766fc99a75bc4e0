"""What a card held up in a hall says, as the secretary types it: letters in the order of the screen, or a number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quizapp.rules.question import Question
from quizapp.rules.show import LETTERS


def read(typed: str, asked: Question, order: Sequence[int]) -> tuple[int, ...] | None:
    """The choice that a card stands for, as answers are kept; `None` if this question has no such answer.

    `order` are the option numbers in the order of the screen. Several letters are several options, or an order.
    """
    said = re.sub(r"[\s,;.\-]+", "", typed).upper()
    if asked.kind == "number":
        number = re.fullmatch(r"\s*(-?)([0-9]{1,8})\s*", typed.replace(".", ""))
        chosen: tuple[int, ...] = () if number is None else (int(number[1] + number[2]),)
    else:
        places = [LETTERS.find(letter) for letter in said]
        if any(not 0 <= place < len(order) for place in places):
            return None
        picked = [order[place] for place in places]
        chosen = tuple(picked if asked.kind == "order" else sorted(picked))
    return chosen if asked.admits(chosen) else None


def write(chosen: Sequence[int], asked: Question, order: Sequence[int]) -> str:
    """The same back: what the desk shows of an answer that is kept."""
    if asked.kind == "number":
        return str(chosen[0]) if chosen else ""
    letters = [LETTERS[order.index(one)] for one in chosen if one in order]
    return "".join(letters if asked.kind == "order" else sorted(letters))
