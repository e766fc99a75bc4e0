"""Where most people of a round come from: the places and units that an announcement names (contest-rules §12)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from quizapp.rules.collective import ADDRESS_LEVELS, homes
from quizapp.rules.tally import Book, Node, RoundResult

TEN = 10


class Share(Struct, frozen=True):
    """One place or unit: how many eligible people took part from there, in how many valid attempts."""

    node: str
    name: str
    people: int
    attempts: int


def most(book: Book, results: Iterable[RoundResult], level: str, count: int = TEN) -> tuple[Share, ...]:
    """The `count` places or units of one level with most people, then most attempts; without those that had none.

    A person counts for the unit on their record, once, however many rounds they were in.
    """
    tree = book.places if level in ADDRESS_LEVELS else book.units
    home = homes(tree, level)
    of = {
        one.code: home.get((one.place if level in ADDRESS_LEVELS else one.unit) or "")
        for one in book.contestants
        if one.status == "ELIGIBLE"
    }
    out = {result.key: result.invalid for result in results}
    people: dict[str, set[str]] = {}
    attempts: Counter[str] = Counter()
    for received in book.rounds:
        if received.key not in out:
            continue
        for sitting in received.sittings:
            node = of.get(sitting.code)
            if node is not None and not sitting.given_back and sitting.id not in out[received.key]:
                people.setdefault(node, set()).add(sitting.code)
                attempts[node] += 1
    shares = [Share(one.id, one.name, len(people[one.id]), attempts[one.id]) for one in tree if one.id in people]
    return tuple(sorted(shares, key=lambda one: (-one.people, -one.attempts, one.name, one.node))[:count])


def top_level(units: Iterable[Node]) -> str | None:
    """The level of the units that stand under nobody; `None` where there are none."""
    return next((one.level for one in units if one.parent is None), None)
