"""Coverage: which articles of the law, topics and difficulties the bank asks about, and how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quizapp.rules.law import Law, parse_citation
from quizapp.rules.question import Difficulty, Question


@dataclass(frozen=True)
class Coverage:
    """How many questions rest on each article of the law, and how many each topic has of each difficulty.

    A question that cites several places of one article counts once for it; a family counts as one question.
    """

    articles: Mapping[int, int]
    topics: Mapping[tuple[str, Difficulty], int]
    questions: int

    @property
    def missing(self) -> tuple[int, ...]:
        """The articles without a question."""
        return tuple(number for number, count in self.articles.items() if count == 0)


def coverage(bank: Iterable[Question], law: Law) -> Coverage:
    """What these questions cover of the law, article by article in its order."""
    first = {one.item: one for one in bank}.values()
    cited: Counter[int] = Counter()
    for question in first:
        places = (parse_citation(text) for text in question.citations)
        cited.update({place.article for place in places if place is not None})
    return Coverage(
        articles={article.number: cited[article.number] for article in law.articles},
        topics=Counter((question.topic, question.difficulty) for question in first),
        questions=len(first),
    )
