"""How a simulated player of a rehearsal answers: when, and what. It follows from a seed, so nothing has to be kept."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.rules.draw import Stream, shuffle
from quizapp.rules.question import Question

SILENT, RIGHT = 8, 60  # of a hundred: who gives no answer, and who is right
EARLIEST, LATEST = 8, 95  # percent of the time that an answer takes
NEAR = 40  # percent around a number


@dataclass(frozen=True)
class Act:
    """One answer: so long after the opening, with this choice."""

    after_ms: int
    chosen: tuple[int, ...]


def act(asked: Question, full_ms: int, seed: bytes) -> Act | None:
    """What a simulated player does with a question, most of them in the first half of the time; `None` is silence."""
    draws = Stream(seed, "act")
    if draws.below(100) < SILENT:
        return None
    right = draws.below(100) < RIGHT
    span = LATEST - EARLIEST
    percent = EARLIEST + min(draws.below(span + 1), draws.below(span + 1))
    chosen = asked.key if right else _guess(asked, draws)
    return Act(full_ms * percent // 100, chosen)


def _guess(asked: Question, draws: Stream) -> tuple[int, ...]:
    """Anything that can be answered, right or wrong."""
    if asked.kind == "number":
        reach = max(1, abs(asked.key[0]) * NEAR // 100)
        return (asked.key[0] - reach + draws.below(2 * reach + 1),)
    options = list(range(len(asked.options)))
    if asked.kind == "order":
        return tuple(shuffle(options, draws))
    first = draws.below(len(options))
    if asked.kind != "several":
        return (first,)
    return tuple(sorted({first, draws.below(len(options))}))
