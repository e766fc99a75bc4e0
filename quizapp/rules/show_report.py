"""What a show came to, for those who held it: who took part when, where people stopped, and how those far behind a
stream's picture fared (ux §2.7). Numbers of people only, never who."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median_low

from quizapp.rules.allowance import whole_ms
from quizapp.rules.items import FEWEST
from quizapp.rules.marking import Given, Sheet
from quizapp.rules.stream import lane
from quizapp.rules.voids import is_right


@dataclass(frozen=True)
class TurnFigures:
    """One question: `inside` were in the room when it opened, `back` answered it though not the one before.

    `used_ms` is the time in which half of those who answered had done so, from the moment it opened for each of them.
    """

    n: int
    opened_at: datetime
    voided: bool
    inside: int
    answered: int
    right: int
    used_ms: int | None
    stopped: int
    back: int


@dataclass(frozen=True)
class LaneFigures:
    """Viewers so many seconds behind the programme: how many there were in any question, out of `of` chances to answer
    how many were used, and how many answers were right; hidden (`None`) where too few people make it up."""

    lane: int
    people: int
    of: int | None
    answered: int | None
    right: int | None


@dataclass(frozen=True)
class Report:
    """A whole show: `joined` people, `active` answered at least once, `steady` answered everything asked of them."""

    joined: int
    active: int
    steady: int
    turns: tuple[TurnFigures, ...]
    lanes: tuple[LaneFigures, ...]


def report(joined: Mapping[str, datetime], sheets: Sequence[Sheet]) -> Report:
    """The report over locked turns in order; `joined` says when everybody came. `stopped` after a turn are those whose
    last answer of all was to it; after the last turn nobody stopped."""
    answered = [frozenset(_answers(sheet, joined)) for sheet in sheets]
    last = {who: place for place, people in enumerate(answered) for who in people}
    stopped = Counter(last.values())
    counted = [place for place, sheet in enumerate(sheets) if sheet.stands]
    turns = tuple(
        _turn(
            sheet,
            joined,
            stopped=stopped[place] if place < len(sheets) - 1 else 0,
            back=len(answered[place] - answered[place - 1]) if place else 0,
        )
        for place, sheet in enumerate(sheets)
    )
    steady = sum(
        1
        for who, came in joined.items()
        if (asked := [place for place in counted if came <= sheets[place].opened_at])
        and all(who in answered[place] for place in asked)
    )
    return Report(len(joined), len(last), steady, turns, _lanes(joined, [sheet for sheet in sheets if sheet.stands]))


def _answers(sheet: Sheet, joined: Mapping[str, datetime]) -> dict[str, Given]:
    return {who: given for who, given in sheet.given.items() if given.chosen is not None and who in joined}


def _turn(sheet: Sheet, joined: Mapping[str, datetime], *, stopped: int, back: int) -> TurnFigures:
    given = _answers(sheet, joined)
    used = [
        max(0, whole_ms(one.given_at - sheet.opened_at) - one.latency_ms)
        for one in given.values()
        if one.given_at is not None
    ]
    return TurnFigures(
        n=sheet.n,
        opened_at=sheet.opened_at,
        voided=not sheet.stands,
        inside=sum(came <= sheet.opened_at for came in joined.values()),
        answered=len(given),
        right=sum(_is_right(sheet, one) for one in given.values()),
        used_ms=median_low(used) if used else None,
        stopped=stopped,
        back=back,
    )


def _lanes(joined: Mapping[str, datetime], sheets: Sequence[Sheet]) -> tuple[LaneFigures, ...]:
    people: dict[int, set[str]] = defaultdict(set)
    chances: Counter[int] = Counter()
    answered: Counter[int] = Counter()
    right: Counter[int] = Counter()
    for sheet in sheets:
        for who, came in joined.items():
            given = sheet.given.get(who, Given())
            if came > sheet.opened_at:
                continue
            at = lane(given.latency_ms)
            people[at].add(who)
            chances[at] += 1
            answered[at] += given.chosen is not None
            right[at] += given.chosen is not None and _is_right(sheet, given)
    return tuple(
        LaneFigures(at, len(who), *((chances[at], answered[at], right[at]) if len(who) >= FEWEST else (None,) * 3))
        for at, who in sorted(people.items())
    )


def _is_right(sheet: Sheet, given: Given) -> bool:
    also = sheet.void.also if sheet.void is not None else ()
    return given.chosen is not None and is_right(sheet.question, given.chosen, also)
