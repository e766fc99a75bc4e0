"""Marking a paper that was sat at one's own pace: exact points in whole sixtieths (contest-rules §7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quizapp.rules.contest import POINT, Marking
from quizapp.rules.question import Question
from quizapp.rules.voids import Void, is_right, right_parts, tally


@dataclass(frozen=True)
class Asked:
    """One question of a paper: what it is worth in whole points, and whether it was voided."""

    question: Question
    points: int = 1
    void: Void | None = None


@dataclass(frozen=True)
class Marks:
    """What a paper came to: score and full score in sixtieths, right answers and questions that count."""

    score: int
    full: int
    correct: int
    of: int


def mark(paper: Iterable[Asked], answers: Mapping[str, Sequence[int]], marking: Marking = "ALL_OR_NOTHING") -> Marks:
    """The marks of one paper. `answers` holds the counting answer by question id; what is missing earns nothing.

    A removed question was never asked: it leaves the full score too. One given to all counts as right for everybody
    who received it, answered or not.
    """
    score = full = correct = of = 0
    for asked in paper:
        if asked.void is not None and asked.void.policy == "REMOVE":
            continue
        earned, right = _earned(asked, answers.get(asked.question.id), marking)
        score += earned
        full += asked.points * POINT
        correct += right
        of += 1
    return Marks(score, full, correct, of)


def _earned(asked: Asked, chosen: Sequence[int] | None, marking: Marking) -> tuple[int, bool]:
    """Sixtieths earned, and whether the whole question is right."""
    most = asked.points * POINT
    if asked.void is not None and asked.void.policy == "GIVE_ALL":
        return most, True
    if chosen is None:
        return 0, False
    also = asked.void.also if asked.void is not None else ()
    if is_right(asked.question, chosen, also):
        return most, True
    if marking == "ALL_OR_NOTHING":
        return 0, False
    right, wrong = tally(asked.question, chosen, also)
    # With at most six options the parts are halves to sixths, so whole sixtieths of a point.
    return max(0, right - wrong) * most // right_parts(asked.question), False
