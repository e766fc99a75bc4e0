"""`NEAREST`: who came closest to a number, then who was quicker (contest-rules §14.3).

Over several questions the distances add up; every missing answer stands behind any distance.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quizapp.rules.question import Question
from quizapp.rules.ranking import Key, Standing, rank


@dataclass(frozen=True)
class Guess:
    """What one person came to: the sum of distances, how many answers are missing, how long the given ones took."""

    distance: int = 0
    missing: int = 0
    response_ms: int = 0
    exact: int = 0


def distance(question: Question, chosen: Sequence[int], also: Sequence[int] = ()) -> int:
    """How far a number is from the right one, or from the nearest of those let in besides."""
    return min(abs(chosen[0] - right) for right in (*question.key, *also))


def order(guesses: Mapping[str, Guess], *, step_ms: int = 100) -> list[Standing[str]]:
    """Who stands where: by distance, then by the time taken, cut down to the published step; equals share the place."""
    keys = [
        Key[str]("missing", lambda code: guesses[code].missing),
        Key[str]("distance", lambda code: guesses[code].distance),
        Key[str]("response_time", lambda code: guesses[code].response_ms // step_ms),
    ]
    return rank(guesses, keys, then=lambda code: code)


def farther(guesses: Mapping[str, Guess]) -> dict[str, int]:
    """For each person how many of the others are farther away: a score whose order is that of the distances."""
    figures = sorted((guess.missing, guess.distance) for guess in guesses.values())
    return {
        code: len(figures) - bisect_right(figures, (guess.missing, guess.distance)) for code, guess in guesses.items()
    }
