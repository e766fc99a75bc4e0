"""The results of a contest as plain values for the command line and for other programs (docs/contest-archive.md).

Of each round what its newest snapshot says; what no snapshot says is counted on the spot and marked as such.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.models import EPOCH, Attempt, Contest, Contestant, Round, Snapshot, Unit
from quizapp.rules import rates, stage
from quizapp.rules.archive import written_moment
from quizapp.rules.contest import POINT, Collective, Overall, Prize, Settings
from quizapp.rules.contest import Round as Rules
from quizapp.rules.tally import Figures, GroupLine, GroupList, Line, Result, RoundResult, TeamLine
from quizapp.services import contests, snapshots, tallies
from quizapp.services.vault import Vault

Json = dict[str, Any]

COUNTED_NOW = "Chưa có bảng kết quả được lưu; số liệu được tính từ dữ liệu hiện có."


def of_contest(session: Session, vault: Vault, contest: Contest) -> Json:
    """Rankings, prizes, collective lists and counts of a contest.

    Rounds that are still to close are named in `open` and not counted: what they predict may not be known.
    """
    settings = contests.settings(contest)
    closed = [row for row in contest.rounds if stage.has_reached(row.state, "CLOSED")]
    found = _Found(session, vault, contest, closed)
    writer = _Writer(session, contest, settings)
    rounds = [writer.round(one, *found.part(one.key)) for one in settings.rounds if one.key in found.closed]
    overall = [writer.overall(one, *found.part(one.key)) for one in settings.overall if one.key in found.closed]
    over = [one for one in settings.collective if found.closed.issuperset(one.rounds or found.rounds)]
    lists = [writer.collective(one, each) for one in over if (each := found.collective(one.key))]
    figures = _figures(found.figures())
    return {
        "slug": contest.slug,
        "name": settings.name.vi,
        "snapshot": {key: _snapshot(one) for key, one in found.kept.items()} or None,
        "note": COUNTED_NOW if found.counted is not None else "",
        "open": [row.key for row in contest.rounds if row not in closed],
        "figures": figures,
        "rounds": rounds,
        "overall": overall,
        "collective": lists,
    }


class _Found:
    """Where each part of the result comes from: a snapshot, or counting now, once, if anything is missing."""

    def __init__(self, session: Session, vault: Vault, contest: Contest, closed: Sequence[Round]) -> None:
        self.closed = {row.key for row in closed}
        self.rounds = [row.key for row in contest.rounds if not row.overall]
        newest = {row.key: snapshots.newest(session, row) for row in closed}
        self.kept: dict[str, Snapshot] = {key: one for key, one in newest.items() if one is not None}
        self.counted: Result | None = None
        self._results = {key: tallies.result_of(one) for key, one in self.kept.items()}
        self._count: Callable[[], Result] = lambda: tallies.whole(session, vault, contest)

    def part(self, key: str) -> tuple[RoundResult, Snapshot | None]:
        """A round, or a list over rounds, and the snapshot that says so."""
        result = self._results.get(key) or self._now()
        return next(one for one in (*result.rounds, *result.overall) if one.key == key), self.kept.get(key)

    def collective(self, key: str) -> GroupList | None:
        """A list as the last snapshot with it says; nothing before its last round is closed."""
        said = [one for result in self._results.values() for one in result.collective if one.key == key]
        return said[-1] if said else next((one for one in self._now().collective if one.key == key), None)

    def figures(self) -> Figures:
        """The counts of the contest so far, as the latest snapshot or counting now has them."""
        if self.counted is not None or not self.kept:
            return self._now().figures
        latest = max(self.kept.values(), key=lambda one: (one.made_at, one.id))
        return tallies.result_of(latest).figures

    def _now(self) -> Result:
        if self.counted is None:
            self.counted = self._count()
        return self.counted


class _Writer:
    """Puts names, units and instants to what counting knows by codes and numbers only."""

    def __init__(self, session: Session, contest: Contest, settings: Settings) -> None:
        self.settings = settings
        units = session.execute(select(Unit.id, Unit.key, Unit.name).where(Unit.contest_id == contest.id))
        self.units = {str(id): (key or str(id), name) for id, key, name in units}
        people = select(Contestant.code, Contestant.name, Contestant.unit_id, Contestant.place_id)
        self.people = {
            code: (name, unit, place)
            for code, name, unit, place in session.execute(people.where(Contestant.contest_id == contest.id))
        }
        numbers = select(Attempt.id, Contestant.code, Attempt.no).join(
            Contestant, Contestant.id == Attempt.contestant_id
        )
        self.attempts = {
            id: (code, no) for id, code, no in session.execute(numbers.where(Contestant.contest_id == contest.id))
        }

    def round(self, rules: Rules, result: RoundResult, kept: Snapshot | None) -> Json:
        return {
            "key": rules.key,
            "name": rules.name.vi,
            "snapshot": None if kept is None else _snapshot(kept),
            "target": self.predicted(result.target, rules),
            "target_rows": result.target_rows,
            **self.lists(result, rules.ranking.prizes, rules),
            "invalid": self.attempts_with(result.invalid),
            "faults": self.attempts_with(result.faults),
        }

    def overall(self, rules: Overall, result: RoundResult, kept: Snapshot | None) -> Json:
        return {
            "key": rules.key,
            "name": rules.name.vi,
            "snapshot": None if kept is None else _snapshot(kept),
            **self.lists(result, rules.ranking.prizes),
        }

    def lists(self, result: RoundResult, prizes: Sequence[Prize], rules: Rules | None = None) -> Json:
        names = {prize.key: prize.name.vi for prize in prizes}
        return {
            "figures": _figures(result.figures),
            "ranking": [self.line(one, rules) for one in result.lines],
            "prizes": [
                {
                    "prize": one.prize,
                    "prize_name": names.get(one.prize, one.prize),
                    "place": one.place,
                    "state": one.state,
                    **self.person(one.code),
                }
                for one in result.awards
            ],
            "ties": [list(codes) for codes in result.ties],
            "teams": [_team(one) for one in result.teams],
        }

    def line(self, one: Line, rules: Rules | None) -> Json:
        return {
            "rank": one.rank,
            **self.person(one.code),
            "division": one.division,
            "attempt": self.attempts.get(one.sitting or "", ("", None))[1],
            "score": _points(one.score),
            "full": _points(one.full),
            "correct": one.correct,
            "of": one.of,
            "duration_ms": one.duration_ms,
            "submitted_at": written_moment(EPOCH + timedelta(microseconds=one.submitted_us)),
            "prediction": self.predicted(one.prediction, rules),
            "distance": self.predicted(one.distance, rules),
            "response_ms": one.response_ms,
            "essay": None if one.essay is None else _points(one.essay),
            "rounds_entered": one.rounds_entered,
            "all_correct": one.all_correct,
            "below_gate": one.below_gate,
            "waits": one.waits,
            "decided_by": one.decided_by,
        }

    def attempts_with(self, reasons: Mapping[str, str]) -> list[Json]:
        """Attempts by whose they are, each with what is wrong with it."""
        found = [(*self.attempts.get(id, ("", None)), why) for id, why in reasons.items()]
        return [
            {"code": code, "attempt": no, "reason": why}
            for code, no, why in sorted(found, key=lambda one: (one[0], one[1] or 0))
        ]

    def predicted(self, value: int | None, rules: Rules | None) -> int | float | None:
        asked = rules.prediction if rules is not None else None
        if value is None or asked is None or asked.target != "P_PERCENT":
            return value
        return float(Decimal(value).scaleb(-asked.decimals))

    def person(self, code: str) -> Json:
        name, unit, place = self.people.get(code, (code, None, None))
        said: Json = {"code": code}
        if name and name != code:
            said["name"] = name
        for word, id in (("unit", unit), ("commune", place)):
            if id is not None:
                said[word] = self.unit(str(id))[1]
        return said

    def unit(self, id: str) -> tuple[str, str]:
        """What a unit is called: its key and its name."""
        return self.units.get(id, (id, id))

    def collective(self, rules: Collective, result: GroupList) -> Json:
        return {
            "key": rules.key,
            "name": rules.name.vi,
            "measure": rules.measure,
            "level": rules.level,
            "ranking": [self.group(one, rules) for one in result.lines],
            "prizes": [
                {"place": one.place, "state": one.state, "key": self.unit(one.code)[0], "name": self.unit(one.code)[1]}
                for one in result.winners
            ],
        }

    def group(self, one: GroupLine, rules: Collective) -> Json:
        key, name = self.unit(one.node)
        rate = rates.participation(one.people, one.headcount, rules.rate_per)
        value = Fraction(one.value, one.value_of)
        in_points = rules.measure in ("C_TOTAL", "C_MEAN_TOP")
        return {
            "rank": one.rank,
            "key": key,
            "name": name,
            "people": one.people,
            "headcount": one.headcount,
            "rate": None if rate is None else float(rate),
            "value": _printed(
                value * rules.rate_per if rules.measure == "C_RATE" else value / POINT if in_points else value
            ),
            "reached_at": None
            if one.reached_us is None
            else written_moment(EPOCH + timedelta(microseconds=one.reached_us)),
            "band": one.band,
            "over": one.over,
        }


def _snapshot(kept: Snapshot) -> Json:
    return {
        "n": kept.n,
        "digest": kept.digest,
        "made_at": written_moment(kept.made_at),
        "published_at": None if kept.published_at is None else written_moment(kept.published_at),
    }


def _figures(figures: Figures) -> Json:
    plain: Json = msgspec.to_builtins(figures)
    return plain


def _team(one: TeamLine) -> Json:
    mean = _printed(Fraction(one.value, one.value_of * POINT))
    return {"rank": one.rank, "team": one.team, "present": one.present, "mean": mean, "won": one.won}


def _points(sixtieths: int) -> int | float:
    return _printed(Fraction(sixtieths, POINT))


def _printed(exact: Fraction) -> int | float:
    """A number as it is printed: whole, or two decimals, half up."""
    hundredths = (200 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return hundredths // 100 if hundredths % 100 == 0 else hundredths / 100
