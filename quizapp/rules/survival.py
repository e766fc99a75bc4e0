"""Rung chuông vàng: who is still in, who comes back, and when the bell is won (contest-rules §14.3, §21.13).

How the rules are read here:

* A rescue comes right after the planned question it is named for, whatever happened in that question. Reserve questions
  have no number of their own and move no rescue.
* When everybody who is left falls on the same question, nobody leaves and a reserve question follows, unless a rescue
  has just brought others back. Where no reserve is left, the next planned question is asked.
* Somebody who is left alone while a rescue is still to come plays on and stays in, right or wrong: there is nobody to
  lose against.
* The last two who fall together for the second time both win. A rescue in between makes it a new field.
* A question voided on air was never asked; a reserve takes its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from quizapp.rules.contest import Rescue

Next = Literal["question", "reserve", "over"]


@dataclass(frozen=True)
class Asked:
    """One question as it was played: who answered it right, in the field or not."""

    right: frozenset[str]
    reserve: bool = False
    voided: bool = False


@dataclass(frozen=True)
class Bell:
    """Where the game stands after the questions asked so far.

    `fields` says for every question who was in when it was asked: taps of others do not count. `lasted` is the number
    of the last question that somebody lived through, of all asked. `winners` are known once `next` is `over`.
    """

    field: frozenset[str]
    next: Next
    fields: tuple[frozenset[str], ...]
    correct: Mapping[str, int]
    lasted: Mapping[str, int]

    @property
    def winners(self) -> frozenset[str]:
        """Who won: the last one in, or all who are left."""
        return self.field if self.next == "over" else frozenset()


def play(
    field: Collection[str], asked: Sequence[Asked], *, questions: int, rescues: Sequence[Rescue] = (), reserves: int = 0
) -> Bell:
    """Play the questions asked so far, in order; what was asked after the end counts for nothing.

    `field` are the people who compete: nobody hors concours. `questions` are planned, `reserves` stand ready.
    """
    game = _Game(field, questions, rescues)
    for question in asked:
        if game.is_won:
            break
        game.ask(question)
    return Bell(
        field=frozenset(game.inside),
        next=game.next(reserves),
        fields=tuple(game.fields),
        correct=game.correct,
        lasted=game.lasted,
    )


class _Game:
    def __init__(self, field: Collection[str], questions: int, rescues: Sequence[Rescue]) -> None:
        self.inside = set(field)
        self.out: set[str] = set()
        self.questions = questions
        self.rescues = rescues
        self.planned = 0
        self.used = 0
        self.correct = Counter({code: 0 for code in field})
        self.lasted = {code: 0 for code in field}
        self.fields: list[frozenset[str]] = []
        self.together: Counter[frozenset[str]] = Counter()
        self.reserve_due = False

    @property
    def rescue_to_come(self) -> bool:
        return any(self.planned < rescue.after <= self.questions for rescue in self.rescues)

    @property
    def is_won(self) -> bool:
        pair = len(self.inside) == 2 and self.together[frozenset(self.inside)] >= 2
        return (pair or len(self.inside) < 2) and not self.rescue_to_come

    def next(self, reserves: int) -> Next:
        if self.is_won:
            return "over"
        if self.reserve_due and self.used < reserves:
            return "reserve"
        return "question" if self.planned < self.questions else "over"

    def ask(self, question: Asked) -> None:
        self.fields.append(frozenset(self.inside))
        self.used += question.reserve
        self.planned += not question.reserve
        self.reserve_due = question.voided
        if not question.voided:
            self._answer(question.right)
        if not question.reserve:
            self._rescue()
        for code in self.inside:
            self.lasted[code] = len(self.fields)

    def _answer(self, right: Collection[str]) -> None:
        stay = self.inside.intersection(right)
        self.correct.update(stay)
        if stay:
            self.out |= self.inside - stay
            self.inside = stay
        elif len(self.inside) > 1:
            self.together[frozenset(self.inside)] += 1
            self.reserve_due = True

    def _rescue(self) -> None:
        for rescue in self.rescues:
            if rescue.after == self.planned and self.out:
                back = self._best(rescue.best)
                self.inside |= back
                self.out -= back
                self.reserve_due = False
                self.together.clear()

    def _best(self, most: int | None) -> set[str]:
        """Who returns: all, or those with most right answers, equals at the last place all together."""
        if most is None or most >= len(self.out):
            return set(self.out)
        least = sorted((self.correct[code] for code in self.out), reverse=True)[most - 1]
        return {code for code in self.out if self.correct[code] >= least}
