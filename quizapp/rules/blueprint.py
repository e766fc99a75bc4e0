"""A blueprint: how many questions of which topic and difficulty make a paper, and what is drawn for it.

Everything follows from the bank, the blueprint and the seed: the questions from labels `pick/<topic>/<difficulty>`
(fairness §2.5), and each version of a printed paper from its code.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from quizapp.errors import Conflict
from quizapp.rules import paper
from quizapp.rules.draw import Stream, hmac256, pack, pick, sha256
from quizapp.rules.question import KINDS, Difficulty, Kind, Question

MOST = 100  # questions on one paper: so many fit on its answer sheet
AMPLE = 5  # times the paper: with a smaller bank people meet too many questions again


@dataclass(frozen=True)
class Line:
    """So many questions of one topic and difficulty."""

    topic: str
    difficulty: Difficulty
    count: int


@dataclass(frozen=True)
class Blueprint:
    """The lines of a paper, each topic and difficulty at most once, and the kinds of questions it may have."""

    lines: tuple[Line, ...]
    kinds: tuple[Kind, ...] = KINDS

    @property
    def count(self) -> int:
        """How many questions the paper has."""
        return sum(line.count for line in self.lines)


@dataclass(frozen=True)
class Pool:
    """What one line may draw from: so many questions, a family counting once."""

    line: Line
    size: int

    @property
    def missing(self) -> int:
        return max(0, self.line.count - self.size)

    @property
    def ample(self) -> bool:
        return self.size >= AMPLE * self.line.count


class TooFew(Conflict):
    """The bank cannot fill every line of a blueprint; `pools` says which."""

    code = "too-few"
    sentence = "Ngân hàng chưa đủ câu hỏi cho ma trận đề này. Giảm số câu ở các dòng còn thiếu hoặc bổ sung câu hỏi."

    def __init__(self, pools: Sequence[Pool]) -> None:
        super().__init__()
        self.pools = tuple(pools)


def pools(bank: Iterable[Question], blueprint: Blueprint, *, on: date) -> tuple[Pool, ...]:
    """How much each line may draw from: what is the law on that day, of the kinds wanted."""
    asked = list(bank)
    return tuple(
        Pool(line, len({one.item for one in _eligible(asked, line, blueprint, on)})) for line in blueprint.lines
    )


def ample(found: Sequence[Pool]) -> bool:
    """Whether the bank behind a paper is at least `AMPLE` times as large as the paper."""
    return sum(pool.size for pool in found) >= AMPLE * sum(pool.line.count for pool in found)


def draw(bank: Iterable[Question], blueprint: Blueprint, seed: bytes, *, on: date) -> list[Question]:
    """The questions of a paper, line by line; refuses (`TooFew`) where the bank cannot fill a line."""
    asked = list(bank)
    found = pools(asked, blueprint, on=on)
    if any(pool.missing for pool in found):
        raise TooFew(found)
    drawn: list[Question] = []
    for line in blueprint.lines:
        items = paper.items(_eligible(asked, line, blueprint, on), seed)
        drawn += pick(items, line.count, Stream(seed, f"pick/{line.topic}/{line.difficulty}"))
    return drawn


def seed_of(words: str) -> bytes:
    """The seed that a short text stands for, so that people can write it down and draw again."""
    return sha256(pack("quiz-printed-paper-1", words))


def version(questions: Sequence[Question], seed: bytes, code: str) -> list[paper.Place]:
    """One version of a paper: the same questions in an order of its own, their options too."""
    return paper.arrange(questions, hmac256(seed, pack("quiz-paper-version-1", code)))


def to_json(blueprint: Blueprint) -> dict[str, Any]:
    """The blueprint as plain values, for keeping; `from_json` gives it back."""
    lines = [{"topic": one.topic, "difficulty": one.difficulty, "count": one.count} for one in blueprint.lines]
    return {"lines": lines, "kinds": list(blueprint.kinds)}


def from_json(kept: dict[str, Any]) -> Blueprint:
    """The blueprint that `to_json` kept."""
    return Blueprint(tuple(Line(**line) for line in kept["lines"]), tuple(kept["kinds"]))


def _eligible(bank: Iterable[Question], line: Line, blueprint: Blueprint, on: date) -> list[Question]:
    return [
        one
        for one in bank
        if (one.topic, one.difficulty) == (line.topic, line.difficulty)
        and one.kind in blueprint.kinds
        and one.in_force(on)
    ]
