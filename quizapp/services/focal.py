"""What a focal point follows: the numbers of one unit and all below it, its targets, and who lags behind (§1, §11).

The board of targets stands as of last midnight and changes once a day. A quantity that is being predicted is kept back
as on public pages (§8.6), and then all numbers are those of last midnight.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.errors import NotFound
from quizapp.models import Contest, ContestRole, Unit
from quizapp.rules import prediction, rates
from quizapp.rules.contest import Prediction, TargetCode
from quizapp.rules.spread import Share, Spread
from quizapp.rules.timing import VIETNAM, day_in_vietnam
from quizapp.services import contests, official, reports, units
from quizapp.services.official import UnitLine


@dataclass(frozen=True)
class Standing:
    """One unit with all below it. What is kept back is None, or rounded down; then there is no rate and no progress.

    `reached` is what was reached of the target, `due` the share of the contest's time that is over; a unit with less
    is `behind`.
    """

    line: UnitLine
    people: int | None
    attempts: int | None
    rate: Decimal | None
    reached: Fraction | None
    due: Fraction

    @property
    def behind(self) -> bool:
        return self.reached is not None and self.reached < min(self.due, Fraction(1))

    @property
    def missing(self) -> int:
        """How many people or attempts are missing to where the target stands today."""
        target = self.line.target_people or self.line.target_attempts or 0
        if self.reached is None:
            return 0
        return max(0, -int((self.reached - min(self.due, Fraction(1))) * target // 1))


@dataclass(frozen=True)
class Board:
    """The units below one node, or all of them: `lines` in the order of the tree as of `counted_at`, `lagging` those
    with a target as of last midnight, who lags most first. `kept_back` names quantities that are being predicted."""

    as_of: datetime
    counted_at: datetime
    lines: tuple[Standing, ...]
    lagging: tuple[Standing, ...]
    kept_back: frozenset[TargetCode]


def own_units(session: Session, contest: Contest, person_id: str) -> list[Unit]:
    """The units whose focal point somebody is."""
    held = select(ContestRole.unit_id).where(
        ContestRole.contest_id == contest.id,
        ContestRole.person_id == person_id,
        ContestRole.role == "focal",
        ContestRole.unit_id.is_not(None),
    )
    found = [units.find(session, contest, id, "unit") for id in session.scalars(held) if id is not None]
    return sorted({one.id: one for one in found}.values(), key=lambda one: (one.search, one.id))


def find(session: Session, contest: Contest, person_id: str, unit_id: int) -> Unit:
    """One of the units whose focal point somebody is; others look as if they did not exist."""
    found = next((one for one in own_units(session, contest, person_id) if one.id == unit_id), None)
    if found is None:
        raise NotFound("Không tìm thấy đơn vị này.")
    return found


def board(session: Session, contest: Contest, below: int | None, *, now: datetime) -> Board:
    """How the units stand now, and how they stood against their targets at the beginning of today in Viet Nam."""
    midnight = datetime.combine(day_in_vietnam(now), time(), VIETNAM)
    asked = _asked(contest, now)
    quantities: tuple[TargetCode, ...] = ("P_PEOPLE", "P_ATTEMPTS")
    kept_back = frozenset(code for code in quantities if _is_kept_back(asked, code))
    keys = [row.key for row in contest.rounds if not row.overall]
    before = Spread(units=reports.by_unit(session, contest, keys, midnight))
    was = _standings(session, contest, before, below, asked, _elapsed(contest, midnight))
    lagging = tuple(sorted((one for one in was if one.reached is not None), key=_most_behind))
    if kept_back:
        return Board(midnight, midnight, was, lagging, kept_back)
    live = reports.live(session, contest, reports.Scope(), now=now)
    lines = _standings(session, contest, live.spread, below, asked, _elapsed(contest, now))
    return Board(midnight, live.counted_at, lines, lagging, kept_back)


def _standings(
    session: Session, contest: Contest, spread: Spread, below: int | None, asked: Sequence[Prediction], due: Fraction
) -> tuple[Standing, ...]:
    lines = official.unit_report(session, contest, spread, below=below)
    return tuple(_standing(line, asked, due) for line in lines)


def propose_headcount(
    session: Session, contest: Contest, person_id: str, unit_id: int, people: int, *, now: datetime
) -> None:
    """A focal point says how many people their own unit has; the secretariat decides. All else is refused."""
    unit = find(session, contest, person_id, unit_id)
    units.propose_headcount(session, contest, person_id, unit, people, now=now)


# ── Arithmetic ──────────────────────────────────────────────────────────────────────────────────────────────────


def _standing(line: UnitLine, asked: Iterable[Prediction], due: Fraction) -> Standing:
    people = _said(asked, "P_PEOPLE", line.share.people)
    attempts = _said(asked, "P_ATTEMPTS", line.share.attempts)
    of_people = line.target_people is not None and line.target_people > 0
    target = line.target_people if of_people else line.target_attempts
    hidden = _is_kept_back(asked, "P_PEOPLE" if of_people else "P_ATTEMPTS")
    count = line.share.people if of_people else line.share.attempts
    shown = replace(line, share=Share(people or 0, attempts or 0))
    reached = Fraction(count, target) if target and not hidden else None
    rate = None if _is_kept_back(asked, "P_PEOPLE") else rates.participation(line.share.people, line.headcount)
    return Standing(shown, people, attempts, rate, reached, due)


def _said(asked: Iterable[Prediction], quantity: TargetCode, value: int) -> int | None:
    """A count through the rule of every prediction that is open."""
    said: int | None = value
    for one in asked:
        said = None if said is None else prediction.public_count(one, quantity, said)
    return said


def _is_kept_back(asked: Iterable[Prediction], quantity: TargetCode) -> bool:
    return any(prediction.public_count(one, quantity, 1) != 1 for one in asked)


def _asked(contest: Contest, now: datetime) -> tuple[Prediction, ...]:
    """The predictions of the rounds that are open."""
    rules = contests.settings(contest).rounds
    open_now = [one for one in rules if one.opens_at <= now < one.closes_at]
    return tuple(one.prediction for one in open_now if one.prediction is not None)


def _elapsed(contest: Contest, moment: datetime) -> Fraction:
    """How much of the contest's time is over, from its first opening to its last closing."""
    rules = contests.settings(contest).rounds
    if not rules:
        return Fraction(0)
    begins, ends = min(one.opens_at for one in rules), max(one.closes_at for one in rules)
    length = (ends - begins).total_seconds()
    return min(max(Fraction(int((moment - begins).total_seconds()), int(length) or 1), Fraction(0)), Fraction(1))


def _most_behind(one: Standing) -> tuple[Fraction, str, int]:
    assert one.reached is not None
    return one.reached, one.line.name, one.line.id or 0
