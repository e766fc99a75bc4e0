"""Who may take part: age on the reference day, place, and what people decided about somebody (contest-rules §4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

from quizapp.rules.contest import Round, Settings
from quizapp.rules.tally import Contestant, Node, Sitting
from quizapp.rules.timing import day_in_vietnam

Reason = Literal["", "excluded", "barred", "barred-round", "outside", "too-young"]

_DEEPEST = 10  # levels of a tree of places; a broken tree that runs in a circle ends here too
_DAY_US = 86_400_000_000
_VIETNAM_US = 7 * 3_600_000_000
_EPOCH = date(1970, 1, 1).toordinal()


def reason(
    contestant: Contestant,
    sitting: Sitting,
    settings: Settings,
    round: Round,
    provinces: Mapping[str, str] | None = None,
) -> Reason:
    """Why this attempt of theirs does not count, or "" if they may take part; hors concours is not asked here.

    `provinces` gives the official code of the province of each place (`provinces_of`). Who gave no birth date was not
    asked for one: the winner check sees their papers.
    """
    if contestant.status == "EXCLUDED":
        return "excluded"
    if contestant.barred:
        return "barred"
    if round.key in contestant.barred_rounds:
        return "barred-round"
    if is_outside(contestant, settings, provinces or {}):
        return "outside"
    if contestant.birth_date is not None and settings.who.min_age is not None:
        day = opening_day(settings) if settings.who.age_on == "OPENING" else day_of(sitting.started_us)
        if not is_old_enough(contestant.birth_date, settings.who.min_age, day):
            return "too-young"
    return ""


def is_outside(contestant: Contestant, settings: Settings, provinces: Mapping[str, str]) -> bool:
    """Whether somebody neither lives in the provinces of the contest nor works or studies in one of its units."""
    if not settings.who.provinces or contestant.unit is not None or contestant.place is None:
        return False
    code = provinces.get(contestant.place)
    return code is not None and code not in settings.who.provinces


def is_old_enough(born: date, age: int, day: date) -> bool:
    """Whether the birthday that makes somebody `age` years old is on or before `day`."""
    return birthday(born, age) <= day


def birthday(born: date, age: int) -> date:
    """The day somebody becomes `age` years old; 29 February is counted on 1 March in other years."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def first_day(year: int, month: int | None = None, day: int | None = None) -> date:
    """The first day that an incomplete date of birth may mean."""
    return date(year, month or 1, (day or 1) if month else 1)


def opening_day(settings: Settings) -> date:
    """The day on which the contest opens: that of its earliest round."""
    return day_in_vietnam(min(one.opens_at for one in settings.rounds))


def day_of(instant_us: int) -> date:
    """The calendar day in Viet Nam; an attempt over midnight belongs to the day of its start (§21.16)."""
    return date.fromordinal(_EPOCH + (instant_us + _VIETNAM_US) // _DAY_US)


def provinces_of(places: Iterable[Node]) -> dict[str, str]:
    """The official code of the province that each place lies in, where the tree names one."""
    nodes = {node.id: node for node in places}
    found: dict[str, str] = {}
    for node in nodes.values():
        above: Node | None = node
        for _ in range(_DEEPEST):
            if above is None or above.code:
                break
            above = nodes.get(above.parent or "")
        if above is not None and above.code:
            found[node.id] = above.code
    return found
