"""How people and attempts of a result are spread over units, places, days, hours and scores (contest-rules §12).

Counted once, with the result, so that every later figure adds up to it. A person counts for the unit and the place on
their record; sums over a tree follow, for everybody stands at exactly one node. An attempt belongs to the day and the
hour of its start in Viet Nam (§21.16).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from quizapp.rules.eligibility import day_of
from quizapp.rules.tally import Book, Line, RoundResult

TENTHS = 10
NOWHERE = ""  # the node of people who named no unit or place
_HOUR_US = 3_600_000_000
_VIETNAM_HOURS = 7


class Share(Struct, frozen=True):
    """Distinct people and their attempts."""

    people: int = 0
    attempts: int = 0


class Spread(Struct, frozen=True, kw_only=True):
    """Shares by id of the unit and of the place, by division, and by day (`2026-03-02`); attempts by hour of the day;
    people by the tenths of the full score that their counting attempt reached, 10 only for all of it."""

    units: dict[str, Share] = {}
    places: dict[str, Share] = {}
    divisions: dict[str, Share] = {}
    days: dict[str, Share] = {}
    hours: dict[str, int] = {}
    scores: dict[str, int] = {}


class Spreads(Struct, frozen=True, kw_only=True):
    """Of the round, or the list over rounds, that a result is for, and of all rounds of the contest closed by then."""

    round: Spread = Spread()
    contest: Spread = Spread()


def spreads(book: Book, own: Sequence[RoundResult], whole: Sequence[RoundResult]) -> Spreads:
    """Both, from the results of the rounds in each."""
    contest = spread(book, whole)
    return Spreads(round=contest if own == whole else spread(book, own), contest=contest)


def spread(book: Book, results: Iterable[RoundResult]) -> Spread:
    """Where the people and attempts of these rounds are; of several rounds, each person once."""
    out = {result.key: (result.invalid, result.lines) for result in results}
    known = {one.code: one for one in book.contestants if one.status == "ELIGIBLE"}
    attempts: Counter[str] = Counter()
    by_day: Counter[int] = Counter()
    by_hour: Counter[int] = Counter()
    present: dict[int, set[str]] = {}
    for received in book.rounds:
        if received.key not in out:
            continue
        invalid = out[received.key][0]
        for sitting in received.sittings:
            if sitting.given_back or sitting.id in invalid or sitting.code not in known:
                continue
            attempts[sitting.code] += 1
            hour = sitting.started_us // _HOUR_US + _VIETNAM_HOURS
            by_hour[hour % 24] += 1
            by_day[hour // 24] += 1
            present.setdefault(hour // 24, set()).add(sitting.code)
    people = {code: known[code] for code in attempts}
    return Spread(
        units=_shares({code: one.unit or NOWHERE for code, one in people.items()}, attempts),
        places=_shares({code: one.place or NOWHERE for code, one in people.items()}, attempts),
        divisions=_shares({code: one.division or NOWHERE for code, one in people.items()}, attempts),
        days={
            day_of((day * 24 - _VIETNAM_HOURS) * _HOUR_US).isoformat(): Share(len(present[day]), by_day[day])
            for day in sorted(by_day)
        },
        hours={str(hour): by_hour[hour] for hour in sorted(by_hour)},
        scores=_scores(line for _, lines in out.values() for line in lines),
    )


def roll_up(shares: Mapping[str, Share], parents: Mapping[str, str | None]) -> dict[str, Share]:
    """Every node with all below it; `parents` names the node above each one that there is."""
    people: Counter[str] = Counter()
    attempts: Counter[str] = Counter()
    for node, share in shares.items():
        at: str | None = node
        seen: set[str] = set()
        while at is not None and at not in seen:
            seen.add(at)
            people[at] += share.people
            attempts[at] += share.attempts
            at = parents.get(at)
    return {node: Share(people[node], attempts[node]) for node in people}


def tenth(score: int, full: int) -> int:
    """Which tenth of the full score was reached; the last one only by all of it."""
    return min(score * TENTHS // full, TENTHS) if full else 0


def _shares(nodes: Mapping[str, str], attempts: Mapping[str, int]) -> dict[str, Share]:
    people: Counter[str] = Counter(nodes.values())
    runs: Counter[str] = Counter()
    for code, node in nodes.items():
        runs[node] += attempts[code]
    return {node: Share(people[node], runs[node]) for node in sorted(people)}


def _scores(lines: Iterable[Line]) -> dict[str, int]:
    found = Counter(tenth(line.score, line.full) for line in lines)
    return {str(n): found[n] for n in sorted(found)}
