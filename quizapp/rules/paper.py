"""A paper: which questions one person is dealt, in which order, and how their options stand (fairness §2.5).

Everything follows from the bank and the seed, so that anybody who knows both deals the same paper again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from quizapp.rules.draw import Stream, pick, shuffle
from quizapp.rules.question import Question

MIX = "tong-hop"  # stands where a topic could: questions from every topic
FEWEST, MOST = 5, 30


@dataclass(frozen=True)
class Place:
    """One question on a paper, with its option numbers in the order shown."""

    question: Question
    options: tuple[int, ...]


def draw(bank: Sequence[Question], count: int, seed: bytes, *, today: date) -> list[Place]:
    """`count` questions that are the law on `today`, spread evenly over the topics of `bank`; fewer if it has fewer."""
    by_topic: dict[str, list[Question]] = {}
    for question in items([question for question in bank if question.in_force(today)], seed):
        by_topic.setdefault(question.topic, []).append(question)
    drawn: list[Question] = []
    for topic, share in _shares({topic: len(found) for topic, found in by_topic.items()}, count, seed).items():
        drawn += pick(by_topic[topic], share, Stream(seed, f"pick/{topic}"))
    return arrange(drawn, seed)


def items(bank: Iterable[Question], seed: bytes) -> list[Question]:
    """What may be dealt, by id: the questions, and of every family the one variant that the seed picks."""
    return [variant(group, seed) for group in groups(bank)]


def groups(bank: Iterable[Question]) -> list[tuple[Question, ...]]:
    """The items of a bank, by id: each question alone, the variants of a family together."""
    found: dict[str, list[Question]] = {}
    for question in sorted(bank, key=lambda question: question.id.encode()):
        found.setdefault(question.item, []).append(question)
    return [tuple(found[item]) for item in sorted(found, key=str.encode)]


def variant(group: Sequence[Question], seed: bytes) -> Question:
    """The one question of an item that the seed picks."""
    first = group[0]
    return pick(group, 1, Stream(seed, f"variant/{first.item}"))[0] if first.family else first


def arrange(
    questions: Sequence[Question], seed: bytes, *, shuffle_questions: bool = True, shuffle_options: bool = True
) -> list[Place]:
    """These questions in a drawn order, their options in drawn orders; or as they stand where that is not wanted."""
    row = shuffle(questions, Stream(seed, "questions")) if shuffle_questions else list(questions)
    if shuffle_options:
        return [Place(question, option_order(question, seed)) for question in row]
    return [Place(question, tuple(range(len(question.options)))) for question in row]


def option_order(question: Question, seed: bytes) -> tuple[int, ...]:
    """The option numbers in the order shown.

    True and false keep their places. Nothing here looks at the key: what is sent before the lock must not depend on it
    (fairness §12.1), so an ordering question may by chance stand in its right order.
    """
    numbers = list(range(len(question.options)))
    if question.kind == "truefalse":
        return tuple(numbers)
    return tuple(shuffle(numbers, Stream(seed, f"options/{question.id}")))


def _shares(sizes: dict[str, int], count: int, seed: bytes) -> dict[str, int]:
    """How many questions each topic gives: one after the other in a drawn order of topics until all are given."""
    shares = dict.fromkeys(sorted(sizes), 0)
    turns = shuffle(sorted(sizes), Stream(seed, "topics"))
    left = min(count, sum(sizes.values()))
    while left:
        for topic in turns:
            if left and shares[topic] < sizes[topic]:
                shares[topic] += 1
                left -= 1
    return shares
