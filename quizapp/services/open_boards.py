"""What everybody may see of a round while it is open: the first of the leaderboard, and counters that give no help with
the prediction (contest-rules §3, §6, §8.6).

Nothing here is a result. Lines and counters are kept in memory for some seconds, so that a page costs the same however
many people look at it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Row, case, func, select, type_coerce
from sqlalchemy.orm import Session

from quizapp.models import EPOCH, Contest, Contestant, Participation, Round
from quizapp.rules import contest as rulebook
from quizapp.rules import prediction, standings
from quizapp.rules.contest import RankingKey, TargetCode
from quizapp.rules.tally import Line
from quizapp.rules.timing import VIETNAM, day_in_vietnam
from quizapp.services import contests, names

FRESH = timedelta(seconds=10)  # so long the same lines and counters are shown
OPEN_KEYS: tuple[RankingKey, ...] = ("score", "correct", "duration", "submitted_at")  # known before the closing
_SPARE = 50  # lines read beyond those shown, in case some may not stand there
_ROUNDS_KEPT = 200

Value = TypeVar("Value")


@dataclass(frozen=True)
class Standing:
    """One line of an open leaderboard; `name` is empty for somebody who did not agree to be named."""

    rank: int
    code: str
    name: str
    where: str
    points: int
    full: int
    correct: int
    duration_ms: int
    submitted_at: datetime


@dataclass(frozen=True)
class Group:
    """The first lines of one division, or of everybody where there are none."""

    division: str | None
    lines: tuple[Standing, ...]


@dataclass(frozen=True)
class Counters:
    """How many there are so far, as far as that may be said; None is not said. `rounded` names what is rounded down."""

    registered: int
    people: int | None
    attempts: int | None
    all_correct: int | None
    rounded: frozenset[TargetCode] = frozenset()


def groups(session: Session, row: Round, *, now: datetime) -> tuple[Group, ...]:
    """The first lines of a round, division by division; none where its rulebook hides them, or its room shows them."""
    rules = contests.settings(row.contest).round(row.key)
    if rules.is_live or rules.board != "TOP" or rules.show_after == "NOTHING" or row.paper_root is None:
        return ()
    return _kept_for(("board", row.paper_root), now, lambda: _groups(session, row, rules))


def keys(rules: rulebook.Round) -> tuple[RankingKey, ...]:
    """The keys of the ranking by which an open leaderboard can stand already."""
    return tuple(key for key in standings.compared(rules.ranking.keys) if key in OPEN_KEYS)


def counters(session: Session, row: Round, *, now: datetime) -> Counters:
    """The counters of a round while it is open. What is predicted is hidden or rounded down, and that as of last
    midnight, so that it changes once a day (§8.6)."""
    asked = contests.settings(row.contest).round(row.key).prediction
    place = ("counters", row.paper_root or f"{row.contest.slug}/{row.key}")
    return _kept_for(place, now, lambda: _counters(session, row, asked, now))


# ── Lines ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _groups(session: Session, row: Round, rules: rulebook.Round) -> tuple[Group, ...]:
    settings = contests.settings(row.contest)
    divisions: Sequence[str | None] = [one.key for one in settings.who.divisions] or [None]
    found = [(division, _first(session, row, rules, division)) for division in divisions]
    people = names.of_codes(session, row.contest, [line.code for _, lines in found for line in lines])
    return tuple(
        Group(division, tuple(_standing(line, people[line.code]) for line in lines)) for division, lines in found
    )


def _first(session: Session, row: Round, rules: rulebook.Round, division: str | None) -> list[Line]:
    """The first lines of one division, ranked by the keys that are known; equals share their rank."""
    wanted = _stands(row, division).add_columns(
        Participation.best_points,
        Participation.best_full,
        Participation.best_correct,
        Participation.best_duration_ms,
        type_coerce(Participation.best_submitted_at, BigInteger).label("best_submitted_us"),
        Contestant.accommodation,
        Contestant.barred_rounds,
    )
    ordered = wanted.order_by(*(_order(key) for key in keys(rules)), Contestant.id)
    limit = rules.board_top + _SPARE
    least = _least_points(session, row, division, limit)
    if least is not None and rules.ranking.keys[0] == "score":
        ordered = ordered.where(Participation.best_points >= least)
    rows = [one for one in session.execute(ordered.limit(limit)) if not _is_barred(one.barred_rounds, row.key)]
    lines = [_line(one) for one in rows[: rules.board_top]]
    ranking = rulebook.Ranking(keys=keys(rules), tie_policy="SHARE")
    slow = {one.code for one in rows if one.accommodation != 100}
    return list(standings.rank(lines, ranking, accommodated=slow).lines)


def _stands(row: Round, division: str | None) -> Any:
    """Who stands on the leaderboard: eligible people with a counting attempt, none hors concours or withdrawn."""
    wanted = (
        select(Contestant.code)
        .join(Participation, Participation.contestant_id == Contestant.id)
        .where(
            Participation.round_id == row.id,
            Participation.best_points.is_not(None),
            Contestant.status == "ELIGIBLE",
            Contestant.withdrawn_at.is_(None),
        )
    )
    return wanted if division is None else wanted.where(Contestant.division == division)


def _least_points(session: Session, row: Round, division: str | None, limit: int) -> int | None:
    """The points of the last line that may be shown, found by the index alone; nothing below it needs to be sorted."""
    points = _stands(row, division).with_only_columns(Participation.best_points)
    found: int | None = session.scalar(points.order_by(Participation.best_points.desc()).offset(limit - 1).limit(1))
    return found


def _order(key: RankingKey) -> ColumnElement[Any]:
    slow = Contestant.accommodation != 100
    return {
        "score": Participation.best_points.desc(),
        "correct": Participation.best_correct.desc(),
        "duration": case((slow, 1), else_=0) * (1 << 40) + Participation.best_duration_ms,
        "submitted_at": Participation.best_submitted_at.asc(),
    }[key]


def _line(row: Row[Any]) -> Line:
    return Line(
        rank=0,
        code=row.code,
        sitting=None,
        score=row.best_points,
        full=row.best_full,
        correct=row.best_correct,
        of=0,
        duration_ms=row.best_duration_ms,
        submitted_us=row.best_submitted_us,
    )


def _standing(line: Line, who: names.Shown) -> Standing:
    moment = EPOCH + timedelta(microseconds=line.submitted_us)
    return Standing(
        line.rank, line.code, who.name, who.where, line.score, line.full, line.correct, line.duration_ms, moment
    )


def _is_barred(barred: dict[str, Any], key: str) -> bool:
    return key in barred or "*" in barred


# ── Counters ────────────────────────────────────────────────────────────────────────────────────────────────────


def _counters(session: Session, row: Round, asked: rulebook.Prediction | None, now: datetime) -> Counters:
    """Every counter through the rule that keeps the predicted quantity back; that one as it stood at midnight."""
    midnight = datetime.combine(day_in_vietnam(now), time(), VIETNAM)
    held_back = _held_back(asked)

    def said(code: TargetCode, count: Callable[[datetime | None], int]) -> int | None:
        if code not in held_back:
            return count(None)
        assert asked is not None
        return prediction.public_count(asked, code, count(midnight)) if asked.public_step else None

    return Counters(
        registered=_registered(session, row.contest),
        people=said("P_PEOPLE", lambda until: _people(session, row, until)),
        attempts=said("P_ATTEMPTS", lambda until: _attempts(session, row, until)),
        all_correct=said("P_ALLCORRECT", lambda until: _all_correct(session, row, until)),
        rounded=held_back,
    )


def _held_back(asked: rulebook.Prediction | None) -> frozenset[TargetCode]:
    """The counters that the prediction keeps back: those that the rule would hide without a step."""
    codes: tuple[TargetCode, ...] = ("P_PEOPLE", "P_ATTEMPTS", "P_ALLCORRECT")
    if asked is None:
        return frozenset()
    hidden = msgspec.structs.replace(asked, public_step=0)
    return frozenset(code for code in codes if prediction.public_count(hidden, code, 1) is None)


def _registered(session: Session, contest: Contest) -> int:
    everybody = select(func.count()).select_from(Contestant).where(Contestant.contest_id == contest.id)
    return (session.scalar(everybody) or 0) - (session.scalar(everybody.where(_counts_not())) or 0)


def _people(session: Session, row: Round, until: datetime | None) -> int:
    return _sum(session, row, func.count(), [Participation.valid > 0], until)


def _attempts(session: Session, row: Round, until: datetime | None) -> int:
    return _sum(session, row, func.coalesce(func.sum(Participation.valid), 0), [Participation.valid > 0], until)


def _all_correct(session: Session, row: Round, until: datetime | None) -> int:
    all_correct = [Participation.best_full > 0, Participation.best_points == Participation.best_full]
    return _sum(session, row, func.count(), all_correct, until)


def _sum(
    session: Session, row: Round, what: ColumnElement[int], which: Sequence[ColumnElement[bool]], until: datetime | None
) -> int:
    """A figure over what people have in a round, less that of the few who are not counted: so an index is enough."""
    conditions = [Participation.round_id == row.id, *which]
    if until is not None:
        conditions.append(Participation.best_submitted_at < until)
    everybody = select(what).select_from(Participation).where(*conditions)
    others = everybody.join(Contestant, Contestant.id == Participation.contestant_id).where(
        Contestant.contest_id == row.contest_id, _counts_not()
    )
    return (session.scalar(everybody) or 0) - (session.scalar(others) or 0)


def _counts_not() -> ColumnElement[bool]:
    return Contestant.status.in_(("HORS_CONCOURS", "EXCLUDED"))


# ── Keeping ─────────────────────────────────────────────────────────────────────────────────────────────────────


_kept: dict[tuple[str, str], tuple[datetime, Any]] = {}  # what, of which round → when it was made, and the value


def _kept_for(place: tuple[str, str], now: datetime, make: Callable[[], Value]) -> Value:
    """The value made at most `FRESH` ago, or a new one."""
    kept = _kept.get(place)
    if kept is not None and timedelta() <= now - kept[0] < FRESH:
        found: Value = kept[1]
        return found
    made = make()
    if len(_kept) >= _ROUNDS_KEPT:
        _kept.pop(next(iter(_kept)))
    _kept[place] = (now, made)
    return made
