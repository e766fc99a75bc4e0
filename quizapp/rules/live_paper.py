"""Which questions a live round asks, in which order, and which stand ready in reserve (contest-rules §14).

Everybody meets the same questions, so the paper is dealt once for all; what is committed is that paper itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from quizapp.rules import deal, paper
from quizapp.rules.contest import LivePart, Paper
from quizapp.rules.draw import Stream, pick
from quizapp.rules.question import Question


@dataclass(frozen=True)
class Chosen:
    """The questions in the order they are asked, and the reserves in the order they are called."""

    asked: tuple[Question, ...]
    reserves: tuple[Question, ...]


def choose(rules: Paper, live: LivePart, approved: Iterable[Question], seed: bytes, *, on: date) -> Chosen:
    """The questions of a live round out of the approved ones that are the law on that day.

    A fixed paper is asked as it is listed, a drawn one as the seed deals it. Reserves come from the same lines, or the
    topics of a fixed paper, never a sibling of what is asked; there are fewer where the bank has no more. Refuses
    (`deal.NotEnough`) what the paper lacks. `NEAREST` asks for numbers only.
    """
    usable = [one for one in approved if live.scoring != "NEAREST" or one.kind == "number"]
    kept = deal.committed(rules, usable, seed, on=on, spare=False)
    if rules.kind == "fixed":
        topics = {one.topic for one in kept}
        asked, among = kept, [one for one in usable if one.topic in topics and one.in_force(on)]
    else:
        asked, among = [place.question for place in deal.deal(deal.bank(rules, kept), seed)], kept
    met = {one.item for one in asked}
    groups = paper.groups(one for one in among if one.item not in met)
    reserves = pick(groups, live.reserves, Stream(seed, "reserves"))
    return Chosen(tuple(asked), tuple(paper.variant(group, seed) for group in reserves))


def option_order(rules: Paper, question: Question, seed: bytes) -> tuple[int, ...]:
    """The one order of options for everybody."""
    if rules.shuffle_options:
        return paper.option_order(question, seed)
    return tuple(range(len(question.options)))
