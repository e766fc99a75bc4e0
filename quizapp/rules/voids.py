"""Voiding a question after a mistake or a change of law: what is right then (contest-rules §7, §21.1, §21.10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from quizapp.rules.question import Question

Policy = Literal["GIVE_ALL", "REMOVE", "ACCEPT_ALSO"]


@dataclass(frozen=True)
class Void:
    """The decision on one question, applied to every attempt that contained it.

    `also` is what `ACCEPT_ALSO` lets in: option numbers for choices, whole numbers for a number, one other right order
    for an ordering.
    """

    policy: Policy
    also: tuple[int, ...] = ()


def admits(policy: Policy, paper: Literal["fixed", "drawn"]) -> bool:
    """Whether a question of such a paper may be voided so: one removed from drawn papers would leave people who had
    everything right with different full scores."""
    return policy != "REMOVE" or paper == "fixed"


def tally(question: Question, chosen: Sequence[int], also: Sequence[int] = ()) -> tuple[int, int]:
    """How many right and how many wrong options were picked, once `also` is let in.

    Of one right option the new one is an alternative: either is the one right answer, and so are both where several
    may be picked. Of several, the new one is allowed besides: neither right nor wrong. Orderings and numbers are right
    as a whole, or wrong as a whole.
    """
    if question.kind in ("order", "number"):
        others = {(number,) for number in also} if question.kind == "number" else {tuple(also)}
        return (1, 0) if tuple(chosen) == question.key or tuple(chosen) in others else (0, 1)
    wrong = len(set(chosen) - set(question.key) - set(also))
    if len(question.key) == 1:
        return int(bool(set(chosen) & {*question.key, *also})), wrong
    return len(set(chosen) & set(question.key)), wrong


def is_right(question: Question, chosen: Sequence[int], also: Sequence[int] = ()) -> bool:
    """Whether an answer is right, all or nothing, once `also` is let in."""
    return tally(question, chosen, also) == (right_parts(question), 0) if also else question.is_right(chosen)


def right_parts(question: Question) -> int:
    """How many parts a right answer has: its right options, or one for an ordering and a number."""
    return 1 if question.kind in ("order", "number") else len(question.key)
