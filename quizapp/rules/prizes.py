"""Who gets which individual prize (contest-rules §10, §21.4–7).

How the rules are read here, case by case:

* Prizes hang on places. Whoever may not have a prize (formal conditions, consent withdrawn, a prize held already,
  refused in the winner check) is left out first, then the places are counted: 1, 2, 3 …
* People who share a place all get the prize of that place and use up as many places as they are. Two people on the
  first place both take Nhất, the next person stands on place 3. Three people on the last place of a list all get its
  prize, so it is given more often than it has slots. A shared place that reaches into the next list gives everybody the
  better prize and takes the places from the next list.
* While lots are to be drawn (`Line.waits`), the tied people keep the place. Where all their places carry the same prize
  the lots decide nothing and they have it; where not, each of them is `HELD` with the best prize at stake.
* With `pass_down` off, somebody refused keeps the place: its prize stays empty and nobody moves up. That empties one
  prize only: for the others they hold one.
* `RELAX` goes on below the gate, one score (or number of right answers, where the gate counts them) after the other.
* Ranked prizes come first, then those for spreading, youngest, oldest and farthest, then the lucky ones, which are for
  people without another prize. The gate is a condition of ranked prizes only; the others state their own.
* Youngest, oldest and farthest are looked for among people with a counting attempt. The first in line is `OPEN` until
  the winner check has seen the papers, and moves down when it refuses: what was not checked never wins.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, groupby
from typing import TypeVar

from quizapp.rules.contest import Prize, Ranking, Round
from quizapp.rules.eligibility import day_of
from quizapp.rules.tally import Award, AwardState, Check, CheckOutcome, Contestant, DrawResult, Line, Sitting

T = TypeVar("T")
Invited = Mapping[str, Mapping[date, int]]  # by inviter and day in Viet Nam: the people who came through them


def award(
    ranking: Ranking,
    lines: Sequence[Line],
    *,
    scope: str,
    contestants: Mapping[str, Contestant],
    checks: Iterable[Check] = (),
    draws: Iterable[DrawResult] = (),
    taken: Collection[str] = (),
    invited: Invited | None = None,
    once: bool = True,
    formal: bool = True,
    general: Sequence[Line] | None = None,
) -> tuple[Award, ...]:
    """The prizes of one round or one list, in the order of the prize lists and then of the places.

    `lines` are the ranking as it stands, division by division. `scope` is the key under which checks, draws and formal
    conditions are kept. `taken` are people who may not have one more prize because of other rounds. `once` gives
    nobody two prizes in this scope. `formal` says whether this scope has formal conditions at all. `general` ranks
    everybody in one list: prizes that name no division need it where there are divisions.
    """
    giving = _Giving(
        ranking=ranking,
        scope=scope,
        contestants=contestants,
        outcomes={check.code: check.outcome for check in checks if check.scope == scope},
        drawn=_drawn(draws, scope),
        taken=frozenset(taken),
        once=once,
        formal=formal,
    )
    divisions = _divisions(lines)
    for division, prizes in _tracks(ranking.prizes, divisions).items():
        among = general if division is None and general is not None else lines
        giving.ranked(prizes, [line for line in among if division is None or line.division == division])
    for prize in ranking.prizes:
        if prize.kind not in ("RANKED", "LUCKY"):
            for division in _of(prize, divisions):
                giving.by_figure(prize, division, lines, invited or {})
    for prize in ranking.prizes:
        if prize.kind == "LUCKY":
            for division in _of(prize, divisions):
                giving.lucky(prize, division, lines)
    order = {prize.key: n for n, prize in enumerate(ranking.prizes)}
    return tuple(sorted(giving.given, key=lambda one: order[one.prize]))


def lucky_field(
    prize: Prize,
    lines: Sequence[Line],
    *,
    scope: str,
    contestants: Mapping[str, Contestant],
    awards: Iterable[Award],
    checks: Iterable[Check] = (),
    taken: Collection[str] = (),
    formal: bool = True,
    division: str | None = None,
) -> tuple[str, ...]:
    """Among whom a lucky prize is drawn: their codes, sorted.

    `awards` are the prizes of this scope; people whose ranked prize still waits for lots count as holding one, so draw
    those lots first. Where the prize is given `per_division`, each division's field is asked for by itself.
    """
    outcomes = {check.code: check.outcome for check in checks if check.scope == scope}
    holders = {one.code for one in awards if one.prize != prize.key} | set(taken)
    return tuple(
        sorted(
            line.code
            for line in lines
            if _in_field(prize, line, division)
            and (prize.among_winners or line.code not in holders)
            and may_win(contestants[line.code], scope, formal=formal)
            and outcomes.get(line.code, "CONFIRMED") == "CONFIRMED"
        )
    )


def draw_name(prize: Prize, division: str | None = None) -> str:
    """Under which name (`DrawResult.prize`) a prize is drawn: its key, and the division where each has a draw."""
    return prize.key if division is None or not prize.per_division else f"{prize.key}/{division}"


def may_win(person: Contestant, scope: str, *, formal: bool = True) -> bool:
    """Whether somebody may have a prize at all; no gate and no `RELAX` changes this (§21.4)."""
    barred = bool(person.barred) or scope in person.barred_rounds
    if person.status != "ELIGIBLE" or person.withdrawn or barred:
        return False
    return not formal or person.conditions is None or scope in person.conditions


def has_formal_conditions(one: Round) -> bool:
    """Whether prizes of this round ask for more than standing high: the watch word, or registration in time."""
    return one.live is not None and (one.live.watch_word_until is not None or one.live.registration_until is not None)


def invited(contestants: Iterable[Contestant], first: Mapping[str, Sitting]) -> dict[str, dict[date, int]]:
    """How many people each contestant brought in, by the day in Viet Nam on which those started to take part.

    `first` holds the first valid attempt of every eligible person (`first_attempts`). Nobody invites themselves, and
    everybody is counted once, however often they sat.
    """
    brought: dict[str, dict[date, int]] = {}
    for person in contestants:
        sitting = first.get(person.code)
        if sitting is None or person.invited_by is None or person.invited_by == person.code:
            continue
        days = brought.setdefault(person.invited_by, {})
        day = day_of(sitting.started_us)
        days[day] = days.get(day, 0) + 1
    return brought


@dataclass(frozen=True)
class _Place:
    """Somebody who stands for a prize, on the place of the list it is given by; refused with no pass-down, they only
    fill the place."""

    code: str
    place: int
    empty: bool = False


@dataclass(frozen=True, kw_only=True)
class _Giving:
    """The prizes of one scope while they are given out."""

    ranking: Ranking
    scope: str
    contestants: Mapping[str, Contestant]
    outcomes: Mapping[str, CheckOutcome]
    drawn: Mapping[str, Sequence[str]]
    taken: frozenset[str]
    once: bool
    formal: bool
    given: list[Award] = field(default_factory=list)
    holders: set[str] = field(default_factory=set)

    def ranked(self, prizes: Sequence[Prize], lines: Sequence[Line]) -> None:
        # One by one, down to the last slot only: a ranking is long and the prizes are few.
        standing = ((level, line) for level, line in self._levels(lines) if self._stands(line.code))
        groups = (
            (any(line.waits for _, line in tied), [self._place(line.code, line.rank) for _, line in tied])
            for tied in _groups(standing, lambda one: (one[0], one[1].rank))
        )
        self._fill(prizes, groups)

    def by_figure(self, prize: Prize, division: str | None, lines: Sequence[Line], invited: Invited) -> None:
        figures = self._figures(prize, lines, invited)
        drawn = {code: n for n, code in enumerate(self.drawn.get(draw_name(prize, division), ()))}
        standing = sorted(
            (figure, drawn.get(code, len(drawn)), code)
            for code, figure in figures.items()
            if self._stands(code) and division in (None, self.contestants[code].division)
        )
        groups = []
        place = 1
        for tied in _groups(standing, lambda one: one[:2]):
            waits = len(tied) > 1 and self.ranking.tie_policy == "LOT"
            groups.append((waits, [self._place(code, place) for _, _, code in tied]))
            place += len(tied)
        self._fill([prize], iter(groups))

    def lucky(self, prize: Prize, division: str | None, lines: Sequence[Line]) -> None:
        among = {line.code for line in lines if _in_field(prize, line, division)}
        place = 0
        for code in self.drawn.get(draw_name(prize, division), ()):
            busy = not prize.among_winners and (code in self.holders or code in self.taken)
            if code not in among or busy or not self._may(code) or self._passes(code):
                continue
            place += 1
            if place > prize.slots:
                return
            if self._refused(code):
                self.holders.add(code)  # their prize stays empty, and they empty no other
            else:
                self._give(prize.key, code, place, held=False)

    def _fill(self, prizes: Sequence[Prize], groups: Iterator[tuple[bool, list[_Place]]]) -> None:
        """Give the places of `prizes`, one list after the other, to the groups of tied people from the top."""
        ends = list(accumulate(prize.slots for prize in prizes))
        at = 0
        for waits, group in groups:
            first = bisect_right(ends, at)
            if first == len(prizes):
                return
            held = waits and bisect_right(ends, at + len(group) - 1) != first
            for one in group:
                if one.empty:
                    self.holders.add(one.code)  # their prize stays empty, and they empty no other
                else:
                    self._give(prizes[first].key, one.code, one.place, held=held)
            at += len(group)

    def _levels(self, lines: Sequence[Line]) -> list[tuple[tuple[int, int], Line]]:
        """Who is considered, in order: those above the gate on one level, below it one level for each score."""
        ordered = sorted(lines, key=lambda line: line.rank)
        above = [((0, 0), line) for line in ordered if not line.below_gate]
        if self.ranking.gate_fallback == "LEAVE_EMPTY":
            return above
        by_correct = self.ranking.prize_gate.kind == "MIN_CORRECT"
        below = [((1, -(line.correct if by_correct else line.score)), line) for line in ordered if line.below_gate]
        return above + sorted(below, key=lambda one: one[0])

    def _figures(self, prize: Prize, lines: Sequence[Line], invited: Invited) -> dict[str, int]:
        """By code what the prize is given for, low figures first."""
        if prize.kind == "SPREADING":
            brought = {code: _capped(days, prize.per_day_cap) for code, days in invited.items()}
            return {code: -count for code, count in brought.items() if code in self.contestants}
        people = [self.contestants[line.code] for line in lines]
        if prize.kind == "FARTHEST":
            return {one.code: -one.distance_m for one in people if one.distance_m is not None}
        sign = -1 if prize.kind == "YOUNGEST" else 1
        return {one.code: sign * one.birth_date.toordinal() for one in people if one.birth_date is not None}

    def _stands(self, code: str) -> bool:
        """Whether somebody is counted for a place: refused people are where nobody moves up."""
        busy = code in self.taken or (self.once and code in self.holders)
        return not busy and self._may(code) and not self._passes(code)

    def _may(self, code: str) -> bool:
        return may_win(self.contestants[code], self.scope, formal=self.formal)

    def _refused(self, code: str) -> bool:
        return self.outcomes.get(code, "CONFIRMED") != "CONFIRMED"

    def _passes(self, code: str) -> bool:
        return self.ranking.pass_down and self._refused(code)

    def _place(self, code: str, place: int) -> _Place:
        return _Place(code, place, empty=self._refused(code))

    def _give(self, prize: str, code: str, place: int, *, held: bool) -> None:
        state: AwardState = "HELD" if held else "CONFIRMED" if self.outcomes.get(code) == "CONFIRMED" else "OPEN"
        self.given.append(Award(scope=self.scope, prize=prize, code=code, place=place, state=state))
        self.holders.add(code)


def _in_field(prize: Prize, line: Line, division: str | None) -> bool:
    return line.correct >= prize.least_correct and division in (None, line.division)


def _capped(days: Mapping[date, int], cap: int) -> int:
    """How many people count; without a cap (0) all of them."""
    return sum(min(count, cap) if cap else count for count in days.values())


def _drawn(draws: Iterable[DrawResult], scope: str) -> dict[str, Sequence[str]]:
    """By draw the drawn order; a draw that was held again when the reserves ran out goes on after the first."""
    drawn: dict[str, list[str]] = {}
    for one in draws:
        if one.scope == scope:
            before = drawn.setdefault(one.prize, [])
            before += [code for code in one.codes if code not in before]
    return dict(drawn)


def _divisions(lines: Sequence[Line]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.division for line in lines if line.division is not None))


def _of(prize: Prize, divisions: Sequence[str]) -> Sequence[str | None]:
    """The divisions to which a prize is given, one by one; `None` is everybody together."""
    if prize.division is not None:
        return (prize.division,)
    return divisions if prize.per_division and divisions else (None,)


def _tracks(prizes: Sequence[Prize], divisions: Sequence[str]) -> dict[str | None, list[Prize]]:
    """The ranked prizes by the ranking they are filled from, in the order in which the lists first name it."""
    tracks: dict[str | None, list[Prize]] = {}
    for prize in prizes:
        if prize.kind == "RANKED":
            for division in _of(prize, divisions):
                tracks.setdefault(division, []).append(prize)
    return tracks


def _groups(standing: Iterable[T], key: Callable[[T], object]) -> Iterator[list[T]]:
    for _, tied in groupby(standing, key=key):
        yield list(tied)
