"""Essays: how long they are, what mark two judges come to, and which of them nearly repeat each other
(contest-rules §13).

Marks are whole sixtieths of a point. A mean that falls between two sixtieths is rounded up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Literal

from quizapp.rules.contest import POINT, EssayPart
from quizapp.rules.draw import Stream, shuffle
from quizapp.rules.words import fold

Length = Literal["short", "fits", "long"]

APART = Fraction(1, 5)  # of the most points: two marks that differ by more need a third judge
STEP = POINT // 10  # judges mark in tenths of a point
RUN = 4  # words in a row that count as one thing two essays may share
LIKE = Fraction(1, 2)  # of all that two essays say, shared: so much makes them near-identical
_COMMON = 50  # of so many essays that share some words only neighbours are compared: all pairs would be too many


@dataclass(frozen=True)
class Like:
    """Two essays that nearly repeat each other, and how much of what they say together is shared, in percent."""

    one: str
    other: str
    percent: int


def words(text: str) -> int:
    """How many words a text has: runs of letters or digits between spaces (§13)."""
    return sum(any(letter.isalnum() for letter in run) for run in text.split())


def length(text: str, part: EssayPart) -> Length:
    """Whether a text keeps the limits."""
    count = words(text)
    return "short" if count < part.min_words else "long" if count > part.max_words else "fits"


def is_apart(first: int, second: int, part: EssayPart) -> bool:
    """Whether two marks differ so much that a third judge decides: by more than 20 % of the most points."""
    return abs(first - second) > APART * part.max_points * POINT


def decided(marks: Sequence[int], third: int | None, part: EssayPart) -> int | None:
    """The mark that counts, or `None` while it is still open: the mean of the first two or, where they are too far
    apart, that of the third judge."""
    if len(marks) < 2:
        return None
    first, second = marks[:2]
    if is_apart(first, second, part):
        return third
    return (first + second + 1) // 2


def passes(score: int | None, part: EssayPart) -> bool:
    """Whether somebody with this score in the multiple-choice part (in sixtieths) is marked at all."""
    return part.essay_gate is None or (score is not None and score >= part.essay_gate * POINT)


def pairs(
    essays: Sequence[str], judges: Sequence[str], stream: Stream, own: Mapping[str, str] | None = None
) -> dict[str, tuple[str, str]]:
    """Two judges for each essay, drawn so that all judges get as many; nobody judges what they wrote themselves (`own`:
    by essay the judge who wrote it). The same stream gives the same. Essays with fewer than two judges are left out."""
    load = Counter({judge: 0 for judge in judges})
    found = {}
    for key in shuffle(sorted(essays), stream):
        drawn = [judge for judge in shuffle(sorted(judges), stream) if judge != (own or {}).get(key)]
        least = sorted(drawn, key=lambda judge: load[judge])[:2]  # of equally busy ones the first drawn
        if len(least) == 2:
            found[key] = (least[0], least[1])
            load.update(least)
    return found


def near(essays: Mapping[str, str]) -> list[Like]:
    """Pairs of essays that nearly repeat each other, by their keys, the nearest first.

    Accents, case and signs do not matter. The judges are told; nobody is turned away by it.
    """
    runs = {key: _runs(text) for key, text in essays.items()}
    found = []
    for one, other in _candidates(runs):
        shared = len(runs[one] & runs[other])
        share = Fraction(shared, len(runs[one] | runs[other]))
        if share >= LIKE:
            found.append(Like(one, other, int(share * 100)))
    return sorted(found, key=lambda like: (-like.percent, like.one, like.other))


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    said = ["".join(letter for letter in run if letter.isalnum()) for run in fold(text).split()]
    said = [word for word in said if word]
    return frozenset(tuple(said[n : n + RUN]) for n in range(max(1, len(said) - RUN + 1))) if said else frozenset()


def _candidates(runs: Mapping[str, Iterable[tuple[str, ...]]]) -> set[tuple[str, str]]:
    """Pairs that have something in common."""
    where: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key in sorted(runs):
        for run in runs[key]:
            where[run].append(key)
    pairs: set[tuple[str, str]] = set()
    for keys in where.values():
        pairs.update(combinations(keys, 2) if len(keys) <= _COMMON else pairwise(keys))
    return pairs
