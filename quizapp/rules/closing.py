"""What a whole contest comes to: its rounds in the order of closing, its lists over rounds, its collective lists, and
who gets which prize where nobody may win twice (contest-rules §9–12, §21.6).

With `one_prize_per` `CONTEST` a prize depends on the prizes of other rounds, and on what was known when it was
announced. So the announcements are gone through in their order:

* A round gives its prizes to people who hold none of a round that closed before it, and none of a round or list that is
  announced already. Lists over rounds come after all rounds.
* Once announced, its prizes stay, unless a later winner check turns somebody down in that very round. Then the prize
  passes down, past everybody who was left out at the announcement and past everybody who holds an announced prize:
  nobody loses a prize because something changed in another round.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from msgspec.structs import replace

from quizapp.rules import collective, figures, overall, round_count, undrawn
from quizapp.rules.contest import Round, Settings
from quizapp.rules.round_count import Counted
from quizapp.rules.tally import Book, Check, Result, RoundResult


def tally_book(settings: Settings, book: Book) -> Result:
    """Everything that follows from the rulebook and the book. Rounds that the book lacks are not in the result.

    Rounds stand in the order of closing, lists in the order of the rulebook.
    """
    received = {one.key: one for one in book.rounds}
    counted = [
        round_count.count(settings, one, book, received[one.key])
        for one in closing_order(settings.rounds)
        if one.key in received
    ]
    given = _Giving(settings, book, counted).all()
    rounds = tuple(given[one.round.key] for one in counted)
    lists = tuple(given[one.key] for one in settings.overall)
    return Result(
        rounds=rounds,
        overall=lists,
        collective=tuple(collective.count(settings, one, book, [*rounds, *lists]) for one in settings.collective),
        figures=figures.of_contest(
            book.contestants,
            [(one.result.figures, one.checked) for one in counted],
            [line for one in rounds for line in one.lines],
        ),
    )


def closing_order(rounds: Iterable[Round]) -> list[Round]:
    """Rounds as they close; those that close together as the rulebook names them."""
    return sorted(rounds, key=lambda one: one.closes_at)


class _Giving:
    """The prizes of a contest while they are given out: by round or list what it comes to by now."""

    def __init__(self, settings: Settings, book: Book, counted: Sequence[Counted]) -> None:
        self._settings = settings
        self._book = book
        self._rounds = {one.round.key: one for one in counted}
        self._lists = {one.key: one for one in settings.overall}
        self._order = [*self._rounds, *self._lists]
        self._given: dict[str, RoundResult] = {}
        self._left_out: dict[str, frozenset[str]] = {}  # at its announcement

    def all(self) -> dict[str, RoundResult]:
        """Every round and list with its prizes."""
        if self._settings.one_prize_per != "CONTEST":
            for key in self._order:
                self._give(key, self._book.checks, frozenset())
            return self._given
        announced: list[str] = []
        for stage, key in enumerate(self._book.announced):
            known = [check for check in self._book.checks if check.after <= stage]
            self._pass_down(announced, stage, known)
            if key in self._order:
                self._give_new(self._order[: self._order.index(key) + 1], announced, known)
                announced.append(key)
        self._pass_down(announced, len(self._book.announced), self._book.checks)
        self._give_new(self._order, announced, self._book.checks)
        return self._given

    def _give_new(self, keys: Sequence[str], announced: Sequence[str], known: Collection[Check]) -> None:
        """Give the prizes of those of `keys` that are not announced, one after the other."""
        before = list(announced)
        for key in keys:
            if key not in announced:
                self._left_out[key] = self._holders(before, known)
                self._give(key, known, self._left_out[key])
                before.append(key)

    def _pass_down(self, announced: Sequence[str], stage: int, known: Collection[Check]) -> None:
        """Give the prizes of announced rounds anew in which somebody was checked since the last announcement."""
        last = len(self._book.announced)
        news = {check.scope for check in known if min(check.after, last) == stage}
        for key in self._order:
            if key in announced and key in news:
                others = [other for other in announced if other != key]
                self._give(key, known, self._left_out[key] | self._holders(others, known))

    def _give(self, key: str, known: Collection[Check], taken: frozenset[str]) -> None:
        if key in self._rounds:
            counted = self._rounds[key]
            awards = counted.awards(self._settings, self._book, known, taken)
            self._given[key] = undrawn.with_prizes(counted.result, counted.round.ranking, awards)
        else:
            then = replace(self._book, checks=tuple(known))
            results = [one.result for one in self._rounds.values()]
            self._given[key] = overall.count(self._settings, self._lists[key], then, results, taken=taken)

    def _holders(self, keys: Iterable[str], known: Collection[Check]) -> frozenset[str]:
        """Who holds a prize of these rounds and lists and is not turned down there."""
        refused = {(check.scope, check.code) for check in known if check.outcome != "CONFIRMED"}
        return frozenset(
            award.code for key in keys for award in self._given[key].awards if (key, award.code) not in refused
        )
