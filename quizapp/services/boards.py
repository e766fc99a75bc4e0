"""Leaderboards of the timed exams: of a topic, this week and of all time, for people who chose to appear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Literal, cast, get_args

from sqlalchemy import BigInteger, ColumnElement, func, select, type_coerce
from sqlalchemy.orm import Session

from quizapp.models import Attempt, Person
from quizapp.rules.ranking import Key, Standing, rank
from quizapp.rules.timing import VIETNAM

Period = Literal["week", "all"]
PERIODS: tuple[Period, ...] = get_args(Period)
SHOWN = 100


@dataclass(frozen=True)
class Line:
    """Somebody's best exam: most right answers, then the shortest time."""

    person_id: str
    name: str
    score: int
    of: int
    duration_ms: int


@dataclass(frozen=True)
class Board:
    """The first lines of a leaderboard, how many people stand on it, and one's own line wherever it is."""

    lines: tuple[Standing[Line], ...]
    people: int
    own: Standing[Line] | None = None


KEYS = (
    Key[Line]("score", lambda line: line.score, high_first=True),
    Key[Line]("duration", lambda line: line.duration_ms),
)


def week_start(now: datetime) -> datetime:
    """The last Monday, 00:00 in Viet Nam."""
    local = now.astimezone(VIETNAM)
    monday = local.date() - timedelta(days=local.weekday())
    return datetime.combine(monday, time(), VIETNAM)


def of_topic(
    session: Session, topic: str, period: Period, *, person_id: str | None = None, shown: int = SHOWN, now: datetime
) -> Board:
    """The leaderboard of a topic. Each person stands once; whoever did not choose to appear stands nowhere."""
    best = _best(topic, week_start(now) if period == "week" else None)
    top = session.execute(
        select(best, Person.name)
        .join(Person, Person.id == best.c.person_id)
        .order_by(best.c.score.desc(), best.c.duration_ms, best.c.person_id)
        .limit(shown)
    )
    standings = rank([_line(row) for row in top], KEYS)
    people = session.scalar(select(func.count()).select_from(best)) or 0
    own = next((one for one in standings if one.row.person_id == person_id), None)
    if own is None and person_id is not None and people > len(standings):
        own = _own(session, best, person_id)
    return Board(tuple(standings), people, own)


def _best(topic: str, since: datetime | None) -> Any:
    """One row for each person who appears: their best exam of the topic."""
    duration = _microseconds(Attempt.handed_in_at) - _microseconds(Attempt.started_at)
    duration_ms = (duration // 1000).label("duration_ms")
    nth = func.row_number().over(
        partition_by=Attempt.person_id, order_by=(Attempt.score.desc(), duration_ms, Attempt.handed_in_at, Attempt.id)
    )
    counted = [
        Attempt.topic_slug == topic,
        Attempt.mode == "exam",
        Attempt.handed_in_at.is_not(None),
        Person.appears,
        Person.blocked_at.is_(None),
    ]
    if since is not None:
        counted.append(Attempt.handed_in_at >= since)
    exams = (
        select(
            Attempt.person_id,
            Attempt.score,
            func.json_array_length(Attempt.paper).label("of"),
            duration_ms,
            nth.label("nth"),
        )
        .join(Person, Person.id == Attempt.person_id)
        .where(*counted)
        .subquery()
    )
    columns = (exams.c.person_id, exams.c.score, exams.c.of, exams.c.duration_ms)
    return select(*columns).where(exams.c.nth == 1).subquery()


def _own(session: Session, best: Any, person_id: str) -> Standing[Line] | None:
    """The line of somebody below the shown ones: how many stand before it is its rank."""
    row = session.execute(
        select(best, Person.name).join(Person, Person.id == best.c.person_id).where(best.c.person_id == person_id)
    ).one_or_none()
    if row is None:
        return None
    line = _line(row)
    faster = (best.c.score == line.score) & (best.c.duration_ms < line.duration_ms)
    before = session.scalar(select(func.count()).select_from(best).where((best.c.score > line.score) | faster))
    return Standing((before or 0) + 1, line)


def _line(row: Any) -> Line:
    return Line(row.person_id, row.name, row.score, row.of, row.duration_ms)


def _microseconds(column: Any) -> ColumnElement[int]:
    return cast("ColumnElement[int]", type_coerce(column, BigInteger))
