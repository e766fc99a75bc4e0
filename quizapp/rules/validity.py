"""Which attempts are valid (lượt thi hợp lệ), and why the others are not (contest-rules §12, §19.4–5, §21.8).

An attempt that was given back never happened: it is neither valid nor invalid. Valid attempts of people hors concours
are kept on a line of their own. Times and numbers of attempts that the server should never have let be are faults;
a submission stamped too late is set to the deadline.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

import msgspec
from msgspec import Struct

from quizapp.rules import eligibility
from quizapp.rules.contest import Round, Settings
from quizapp.rules.tally import Contestant, Sitting
from quizapp.rules.timing import GRACE, microseconds

Attempts = dict[str, list[Sitting]]  # by code, each person's in order

VOID = "void"  # declared invalid by people
UNKNOWN = "unknown"  # of nobody who is registered
EMPTY = "no-answer"
TOO_MANY = "too-many"
OUTSIDE_WINDOW = "not-in-window"
BACKWARDS = "backwards"
LATE = "late"
FAULTS = frozenset({TOO_MANY, OUTSIDE_WINDOW, BACKWARDS, LATE, UNKNOWN})  # what the server should never have let be

_MICROSECOND = timedelta(microseconds=1)
_GRACE_US = GRACE // _MICROSECOND


class Checked(Struct, frozen=True, kw_only=True):
    """The attempts of one round after the validity check.

    `happened` are all attempts that were not given back. `started` counts those of eligible people, `connected` the
    people who were there when the last question of a live round locked, having answered or not (§21.15).
    """

    happened: Attempts
    valid: Attempts
    hors: Attempts
    invalid: dict[str, str]
    faults: dict[str, str]
    started: int
    connected: int

    @property
    def people(self) -> int:
        """Người dự thi: distinct eligible people with a valid attempt."""
        return len(self.valid)

    @property
    def attempts(self) -> int:
        """Lượt thi: valid attempts, without those hors concours."""
        return sum(map(len, self.valid.values()))


def check(
    settings: Settings,
    round: Round,
    contestants: Mapping[str, Contestant],
    sittings: Iterable[Sitting],
    provinces: Mapping[str, str] | None = None,
) -> Checked:
    """Sort the attempts of a round into valid ones, those hors concours, and invalid ones with their reasons."""
    happened: Attempts = {}
    for sitting in sittings:
        if not sitting.given_back:
            happened.setdefault(sitting.code, []).append(sitting)
    limits = _Limits(round)
    valid: Attempts = {}
    hors: Attempts = {}
    invalid: dict[str, str] = {}
    faults: dict[str, str] = {}
    started = connected = 0
    for code, theirs in happened.items():
        theirs.sort(key=_order)
        contestant = contestants.get(code)
        counted = contestant is not None and contestant.status == "ELIGIBLE"
        good: list[Sitting] = []
        was_there = False
        for place, sitting in enumerate(theirs, start=1):
            why: str = UNKNOWN
            if contestant is not None:
                why = eligibility.reason(contestant, sitting, settings, round, provinces)
                started += counted and not why
                why = why or limits.reason(sitting, place)
            if why:
                invalid[sitting.id] = why
            else:
                sitting = limits.stamped(contestant, sitting, faults)
                good.append(sitting)
            if why in FAULTS:
                faults[sitting.id] = why
            was_there = was_there or (sitting.connected and why in ("", EMPTY))
        connected += counted and was_there
        if good:
            (valid if counted else hors)[code] = good
    return Checked(
        happened=happened,
        valid=valid,
        hors=hors,
        invalid=invalid,
        faults=faults,
        started=started,
        connected=connected,
    )


class _Limits:
    """What a round allows each attempt: when it starts and ends, and how many there are."""

    def __init__(self, round: Round) -> None:
        self._opens = microseconds(round.opens_at)
        self._closes = microseconds(round.closes_at)
        self._most = round.max_attempts
        self._live = round.is_live  # the host's clock opens and closes it, not the window
        self._limit = None if round.kind == "essay" else round.limit // _MICROSECOND  # an essay may take days
        self._cut = round.close_policy == "CUT"

    def reason(self, sitting: Sitting, place: int) -> str:
        """Why this attempt, the `place`-th of its person, is not valid, eligibility aside."""
        if sitting.invalid:
            return VOID
        if not self._live and not self._opens <= sitting.started_us < self._closes:
            return OUTSIDE_WINDOW
        if self._most is not None and place > self._most:
            return TOO_MANY
        if sitting.submitted_us < sitting.started_us:
            return BACKWARDS
        return EMPTY if sitting.answered < 1 else ""

    def stamped(self, contestant: Contestant | None, sitting: Sitting, faults: dict[str, str]) -> Sitting:
        """The attempt as handed in at its deadline at the latest (§3); much later than that is a fault."""
        deadline = self._deadline(contestant is not None and contestant.accommodated, sitting)
        if deadline is None or sitting.submitted_us <= deadline:
            return sitting
        if sitting.submitted_us >= deadline + _GRACE_US:
            faults[sitting.id] = LATE
        return msgspec.structs.replace(sitting, submitted_us=deadline)

    def _deadline(self, accommodated: bool, sitting: Sitting) -> int | None:
        """Where an attempt ends; with more time than others it is held by the closing only."""
        if self._live:
            return None
        own = None if accommodated or self._limit is None else sitting.started_us + self._limit
        if not self._cut:
            return own
        return self._closes if own is None else min(own, self._closes)


def _order(sitting: Sitting) -> tuple[int, int, str]:
    return sitting.no, sitting.started_us, sitting.id
