"""Collective prizes: what the units of one level are measured by, and in what order they stand (contest-rules §11).

How the rules are read here:

* A person counts for the unit on their record when the last round in scope closed, rolled up to the level of the list.
  Where they went themselves after that does not matter; where the secretariat put them holds. Somebody registered above
  the level, or nowhere, counts for no unit. `FIRST_ATTEMPT` takes the unit of when their first valid attempt began.
* Scores are sums over the rounds in scope, of counting attempts (§21.2). Prizes that wait for lots or a complaint are
  not counted. Where a list names no rounds, prizes of contest-wide lists count too.
* Ties go to the second measure (people by rate, everything else by people), then to the unit that reached its number of
  people first; then the place is shared. A unit of unknown size has the lowest rate.
* A unit reaches its number of people when the last of them hands in their first valid attempt.
* Bands are upper bounds of the headcount, themselves included: 199 and 1 000 make the groups up to 199, 200 to 1 000,
  and above. Each band has its own places and its own prizes; a unit of unknown size is in none and not listed.
* Places of `C_COMPOSITE` are counted within the band, among units that have both measures; ties in one measure share.
* A unit with nothing to show is listed but wins nothing, even where fewer units than prizes have something.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from heapq import nlargest
from itertools import groupby

from quizapp.rules.contest import Collective, Measure, Settings
from quizapp.rules.first_attempts import first_attempts
from quizapp.rules.tally import Award, Book, Contestant, GroupLine, GroupList, Moved, Node, RoundResult, Sitting
from quizapp.rules.timing import microseconds

ADDRESS_LEVELS = ("province", "commune")  # of the tree of places; every other level is one of the unit tree

_DEEPEST = 20  # levels of a tree; a broken tree that runs in a circle ends here too
_UNKNOWN = Fraction(-1)  # stands below every rate

Value = tuple[int, int]  # a measure as a fraction: value, value_of


def count(settings: Settings, one: Collective, book: Book, rounds: Sequence[RoundResult]) -> GroupList:
    """The list of all units of its level with their places, and its winners.

    `rounds` are the results of the rounds, and of contest-wide lists where their prizes should count. Lines stand band
    by band in order of rank; units that are not listed follow at the end.
    """
    field = _Field(settings, one, book, rounds)
    values = field.values(one.measure)
    lines: list[GroupLine] = []
    winners: list[Award] = []
    for band in field.bands(values):
        lines += field.ranked(band, values)
    for line in lines:
        if line.rank is not None and line.rank <= one.slots and line.value > 0 and line.people > 0:
            winners.append(Award(scope=one.key, prize=one.key, code=line.node, place=line.rank))
    listed = {line.node for line in lines}
    unlisted = sorted((node for node in field.nodes if node.id not in listed), key=_by_name)
    lines += [field.line(node, None, values.get(node.id) or field.small_rate(node)) for node in unlisted]
    return GroupList(key=one.key, lines=tuple(lines), winners=tuple(winners))


def homes(nodes: Iterable[Node], level: str) -> dict[str, str]:
    """For each node the one of `level` it counts for: itself or the nearest above it."""
    known = {node.id: node for node in nodes}
    found = {}
    for node in known.values():
        at: Node | None = node
        for _ in range(_DEEPEST):
            if at is None or at.level == level:
                break
            at = known.get(at.parent or "")
        if at is not None and at.level == level:
            found[node.id] = at.id
    return found


def record_at(person: Contestant, closes_us: int) -> Contestant | Moved:
    """Where the record of somebody counts them at a closing: what they changed themselves since then is left out, what
    the secretariat changed holds (§21.12)."""
    if not person.moved:
        return person
    record: Contestant | Moved = person.moved[0]
    for n, move in enumerate(person.moved, start=1):
        if not move.own or move.at_us < closes_us:
            record = person.moved[n] if n < len(person.moved) else person
    return record


class _Field:
    """The units of one list with what their people did."""

    def __init__(self, settings: Settings, one: Collective, book: Book, results: Sequence[RoundResult]) -> None:
        scope = one.rounds or tuple(each.key for each in settings.rounds)
        tree = book.places if one.level in ADDRESS_LEVELS else book.units
        self.one = one
        self.closes_us = max((microseconds(each.closes_at) for each in settings.rounds if each.key in scope), default=0)
        self.nodes = [node for node in tree if node.level == one.level]
        self.home = homes(tree, one.level)
        self.contestants = {person.code: person for person in book.contestants}
        self.rounds = [result for result in results if result.key in scope]
        self.prized = self.rounds if one.rounds else results
        self.first = first_attempts((each for each in book.rounds if each.key in scope), self.rounds, self.contestants)
        self.units = {code: self._unit(code) for code in self.first}
        self.people: Counter[str] = Counter()
        self.reached_us: dict[str, int] = {}
        for code, sitting in self.first.items():
            unit = self.units[code]
            if unit is not None:
                self.people[unit] += 1
                if sitting.submitted_us > self.reached_us.get(unit, -1):
                    self.reached_us[unit] = sitting.submitted_us

    def unit_of(self, code: str) -> str | None:
        """The unit of the list that somebody counts for. Who won a prize without an attempt counts by the record."""
        return self.units[code] if code in self.units else self._unit(code)

    def _unit(self, code: str) -> str | None:
        person: Contestant | Sitting | Moved = record_at(self.contestants[code], self.closes_us)
        if self.one.unit_at == "FIRST_ATTEMPT":
            person = self.first.get(code, person)
        at = person.place if self.one.level in ADDRESS_LEVELS else person.unit
        return None if at is None else self.home.get(at)

    def values(self, measure: Measure) -> dict[str, Value]:
        """What each unit comes to by `measure`; those it cannot be applied to are missing."""
        if measure == "C_COMPOSITE":
            return self._places()
        if measure == "C_RATE":
            rated = [node for node in self.nodes if (node.headcount or 0) >= max(1, self.one.min_headcount)]
            return {node.id: self._rate(node) for node in rated}
        if measure == "C_MEAN_TOP":
            return self._means()
        sums = {"C_COUNT": self._count, "C_TOTAL": self._totals, "C_WINNERS": self._winners}[measure]()
        return {node.id: (sums[node.id], 1) for node in self.nodes}

    def bands(self, values: Mapping[str, Value]) -> list[list[Node]]:
        """The units with a place, band by band from the smallest; all in one where the list has no bands."""
        with_value = (node for node in self.nodes if node.id in values and (self.band(node) is not None))
        ordered = sorted(with_value, key=self._band_number)
        return [list(band) for _, band in groupby(ordered, key=self._band_number)]

    def band(self, node: Node) -> int | None:
        """The number of a unit's band from 0; `None` where its size is not known. Without bands all are in one."""
        if not self.one.bands:
            return 0
        return None if node.headcount is None else bisect_left(self.one.bands, node.headcount)

    def ranked(self, band: Sequence[Node], values: Mapping[str, Value]) -> list[GroupLine]:
        """The lines of one band from its first place."""
        figures = {node.id: self._figures(node, values[node.id]) for node in band}
        lines: list[GroupLine] = []
        for place, node in enumerate(sorted(band, key=lambda node: (figures[node.id], _by_name(node))), start=1):
            equal = lines and figures[lines[-1].node] == figures[node.id]
            lines.append(self.line(node, lines[-1].rank if equal else place, values[node.id]))
        return lines

    def line(self, node: Node, rank: int | None, value: Value) -> GroupLine:
        people = self.people[node.id]
        return GroupLine(
            rank=rank,
            node=node.id,
            people=people,
            headcount=node.headcount,
            value=value[0],
            value_of=value[1],
            reached_us=self.reached_us.get(node.id),
            band=self.band(node) if self.one.bands else None,
            over=node.headcount is not None and people > node.headcount,
        )

    def small_rate(self, node: Node) -> Value:
        """What is shown of a unit that is not listed: in a list by rate that of a unit under the least headcount."""
        return self._rate(node) if self.one.measure == "C_RATE" and node.headcount else (0, 1)

    def _figures(self, node: Node, value: Value) -> tuple[Fraction, Fraction, bool, int]:
        """By what units are ordered: small first."""
        main = Fraction(*value)
        second = Fraction(self.people[node.id])
        if self.one.measure == "C_COUNT":
            second = Fraction(*self._rate(node)) if node.headcount else _UNKNOWN
        reached_us = self.reached_us.get(node.id)
        return (
            main if self.one.measure == "C_COMPOSITE" else -main,
            -second,
            reached_us is None,
            reached_us or 0,
        )

    def _rate(self, node: Node) -> Value:
        assert node.headcount
        return min(self.people[node.id], node.headcount), node.headcount

    def _count(self) -> Counter[str]:
        return self.people

    def _totals(self) -> Counter[str]:
        totals: Counter[str] = Counter()
        for code, score in self._scores().items():
            totals[self.unit_of(code) or ""] += score
        return totals

    def _means(self) -> dict[str, Value]:
        by_unit: dict[str, list[int]] = {}
        for code, score in self._scores().items():
            by_unit.setdefault(self.unit_of(code) or "", []).append(score)
        best = self.one.top_n
        return {node.id: (sum(nlargest(best, by_unit.get(node.id, ()))), best) for node in self.nodes}

    def _winners(self) -> Counter[str]:
        winners: Counter[str] = Counter()
        for award in (award for result in self.prized for award in result.awards if award.state != "HELD"):
            winners[self.unit_of(award.code) or ""] += self.one.weights.get(award.prize, 1)
        return winners

    def _scores(self) -> Counter[str]:
        scores: Counter[str] = Counter()
        for result in self.rounds:
            for line in result.lines:
                scores[line.code] += line.score
        return scores

    def _places(self) -> dict[str, Value]:
        """The sum of the places by people and by the second measure, shared ones among them."""
        second = self.one.second or "C_RATE"
        if second == "C_COMPOSITE":
            raise ValueError("the second measure of C_COMPOSITE must be another one")
        both = self.values("C_COUNT"), self.values(second)
        sums: Counter[str] = Counter()
        for band in self.bands(both[1]):
            for values in both:
                measured = {node.id: Fraction(*values[node.id]) for node in band}
                place: dict[Fraction, int] = {}
                for n, figure in enumerate(sorted(measured.values(), reverse=True), start=1):
                    place.setdefault(figure, n)
                for unit, figure in measured.items():
                    sums[unit] += place[figure]
        return {unit: (places, 1) for unit, places in sums.items()}

    def _band_number(self, node: Node) -> int:
        return self.band(node) or 0


def _by_name(node: Node) -> tuple[str, str]:
    return node.name, node.id
