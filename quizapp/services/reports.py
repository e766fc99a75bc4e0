"""How a contest goes while it runs: the counts of §12 and their spread, straight from the attempts, for organizers.

Nothing here is a result: ages are checked again and people decide on doubts after the closing, and then a stored result
says what counts. Figures are kept in memory and worked out anew at most so often that the site has time for people who
sit; whoever comes in between is answered at once with those of a moment ago.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from time import perf_counter
from typing import Any, TypeVar

import gevent
import msgspec
from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, func, not_, or_, select, type_coerce
from sqlalchemy import String as Characters
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from quizapp.models import Attempt, Contest, Contestant, Delegate, Round, RoundQuestion, VisitCount
from quizapp.rules import items, voids
from quizapp.rules.contest import CountingAttempt
from quizapp.rules.question import Question, from_json
from quizapp.rules.spread import NOWHERE, TENTHS, Share, Spread
from quizapp.rules.tally import Figures
from quizapp.rules.timing import VIETNAM
from quizapp.services import contests
from quizapp.services.books import WHOLE
from quizapp.services.names import Nodes

SOONEST = timedelta(seconds=5)  # figures are not worked out anew sooner
SHARE_OF_TIME = 20  # nor before so many times the time that the last working out took
OLDEST = timedelta(minutes=15)  # older figures are shown to nobody
SAME_DAY = timedelta(minutes=5)  # so long the state of a day that is over is not counted again
SAMPLE = 20_000  # people whose papers are looked at for the figures of questions
_KEPT_SCOPES = 200
Selected = TypeVar("Selected", bound=Select[*tuple[Any, ...]])

_HOUR_US = 3_600_000_000
_VIETNAM_HOURS = 7
_NO_SCORE = -1
_BEYOND_TENTHS = 1_000  # makes room for a tenth beside the number of an attempt
_AT_ONCE = 5_000  # rows fetched together, and after which others get their turn


@dataclass(frozen=True)
class Scope:
    """What is asked about: one round or all of them, one day (by the start of attempts, in Viet Nam) or all."""

    key: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Live:
    """The counts at one moment. `ages` by where the age group begins, `devices` by kind; None and "" are not known."""

    counted_at: datetime
    figures: Figures = field(default_factory=Figures)
    spread: Spread = field(default_factory=Spread)
    ages: Mapping[int | None, Share] = field(default_factory=dict)
    devices: Mapping[str, Share] = field(default_factory=dict)
    visits: int = 0


@dataclass(frozen=True)
class QuestionFigures:
    """How one question went among the people who met it, each at their first meeting."""

    question: Question
    people: int
    right: int

    @property
    def share(self) -> float:
        return self.right / self.people if self.people else 0.0


@dataclass(frozen=True)
class Questions:
    """The questions of a round, and how far attempts came: `reached[k]` of `attempts` have an answer at place k + 1 of
    their paper or after it. `sampled` says that not all people were looked at."""

    lines: tuple[QuestionFigures, ...]
    attempts: int
    reached: tuple[int, ...]
    sampled: bool


@dataclass(frozen=True)
class Completion:
    """How much of a list of people took part: of one team, or of all."""

    team: str
    listed: int
    registered: int
    people: int


@dataclass
class _Kept:
    value: Live
    cost: timedelta
    refreshing: bool = False


_kept: dict[tuple[str, int, Scope], _Kept] = {}
_kept_days: dict[tuple[str, int, tuple[str, ...], datetime], tuple[float, dict[str, Share]]] = {}


# ── Live figures ────────────────────────────────────────────────────────────────────────────────────────────────


def live(session: Session, contest: Contest, scope: Scope, *, now: datetime, anew: bool = False) -> Live:
    """The counts of a scope: those of a moment ago where there are any, else worked out now."""
    place = (_where(session), contest.id, scope)
    kept = _kept.get(place)
    if kept is not None and not anew and timedelta() <= now - kept.value.counted_at < OLDEST:
        return kept.value
    begun = perf_counter()
    found = _counted(session, contest, scope, now)
    if len(_kept) >= _KEPT_SCOPES:
        _kept.pop(next(iter(_kept)))
    _kept[place] = _Kept(found, timedelta(seconds=perf_counter() - begun))
    return found


def is_due(session: Session, contest: Contest, scope: Scope, *, now: datetime) -> bool:
    """Whether the caller should work out the figures anew (`live` with `anew`) once it has answered: one is told so."""
    kept = _kept.get((_where(session), contest.id, scope))
    if kept is None or kept.refreshing:
        return False
    if now - kept.value.counted_at < max(SOONEST, SHARE_OF_TIME * kept.cost):
        return False
    kept.refreshing = True
    return True


def given_up(session: Session, contest: Contest, scope: Scope) -> None:
    """The caller that `is_due` chose could not do it: the next one may."""
    kept = _kept.get((_where(session), contest.id, scope))
    if kept is not None:
        kept.refreshing = False


def _counted(session: Session, contest: Contest, scope: Scope, now: datetime) -> Live:
    rows = [row for row in contest.rounds if not row.overall and scope.key in ("", row.key)]
    if not rows:
        return Live(now)
    which = _Which(session, contest, rows, scope)
    people = _People(session, contest, which, _how(contest, rows))
    gevent.sleep(0)  # rooms that are being played go on between the long steps
    days = which.spread_of(session, which.day_number)
    gevent.sleep(0)
    hours = which.spread_of(session, which.hour_number, people=False)
    gevent.sleep(0)
    devices = which.spread_of(session, Attempt.device_kind)
    spread = Spread(
        units=people.units,
        places=people.places,
        divisions=people.divisions,
        days={_day(number).isoformat(): days[number] for number in sorted(days)},
        hours={str(hour): hours[hour].attempts for hour in sorted(hours)},
        scores=people.scores,
    )
    figures = Figures(
        registered=_registered(session, contest),
        started=which.started(session),
        attempts=people.attempts,
        people=people.people,
        all_correct=people.scores.get(str(TENTHS), 0) if scope.key else people.ever_all_correct,
        hors_attempts=people.hors.attempts,
        hors_people=people.hors.people,
        people_of_rounds=0 if scope.key else people.of_rounds,
    )
    return Live(now, figures, spread, people.ages, devices, _visits(session, contest, scope))


def _how(contest: Contest, rows: list[Round]) -> CountingAttempt:
    """Which attempt counts; of rounds that differ in it, the best."""
    rules = contests.settings(contest)
    ways = {rules.round(row.key).counting_attempt for row in rows}
    return ways.pop() if len(ways) == 1 else "BEST"


class _Which:
    """The attempts that a scope is about, as conditions for the database."""

    hour_number: ColumnElement[int] = (type_coerce(Attempt.started_at, BigInteger) // _HOUR_US + _VIETNAM_HOURS) % 24
    day_number: ColumnElement[int] = (type_coerce(Attempt.started_at, BigInteger) // _HOUR_US + _VIETNAM_HOURS) // 24

    def __init__(self, session: Session, contest: Contest, rows: list[Round], scope: Scope) -> None:
        self.rows = rows
        begun: list[ColumnElement[bool]] = [Attempt.round_id.in_([row.id for row in rows])]
        if scope.day is not None:
            begins = datetime.combine(scope.day, time(), VIETNAM)
            begun += [Attempt.started_at >= begins, Attempt.started_at < begins + timedelta(days=1)]
        self.happened = [*begun, Attempt.given_back_at.is_(None)]
        self.valid = [
            *self.happened,
            Attempt.handed_in_at.is_not(None),
            Attempt.answered > 0,
            Attempt.invalid_reason == "",
        ]
        others = select(Contestant.id).where(Contestant.contest_id == contest.id, Contestant.status != "ELIGIBLE")
        self.eligible: list[ColumnElement[bool]] = [Attempt.contestant_id.not_in(others)]
        self.barred = _barred(session, contest, rows)
        if self.barred:
            self.eligible.append(
                not_(
                    or_(
                        *(
                            and_(Attempt.round_id == id, Attempt.contestant_id.in_(who))
                            for id, who in self.barred.items()
                        )
                    )
                )
            )

    def spread_of(self, session: Session, by: Any, *, people: bool = True) -> dict[Any, Share]:
        """Shares of the valid attempts of eligible people by something that an attempt has."""
        distinct: ColumnElement[int] = func.count(Attempt.contestant_id.distinct()) if people else func.count()
        counted = _quick(select(by, distinct, func.count()).where(*self.valid, *self.eligible).group_by(by))
        return {key: Share(who, runs) for key, who, runs in session.execute(counted)}

    def started(self, session: Session) -> int:
        """Lượt bắt đầu: attempts of eligible people that were begun and not given back."""
        counted = select(func.count(Attempt.contestant_id)).where(*self.happened, *self.eligible)
        return session.scalar(_quick(counted)) or 0

    def by_person(self, how: CountingAttempt) -> Select[Any]:
        """Every person with a valid attempt: their round, how many there are, and the tenth of the full score that the
        counting one reached."""
        tenth = func.coalesce(
            case((Attempt.full > 0, Attempt.points * TENTHS // Attempt.full), else_=_NO_SCORE), _NO_SCORE
        )
        numbered = Attempt.no * _BEYOND_TENTHS + tenth + 1
        reached = {
            "BEST": func.max(tenth),
            "FIRST": func.min(numbered) % _BEYOND_TENTHS - 1,
            "LAST": func.max(numbered) % _BEYOND_TENTHS - 1,
        }[how]
        found = select(Attempt.round_id, Attempt.contestant_id, func.count(), reached)
        return _quick(found.where(*self.valid).group_by(Attempt.round_id, Attempt.contestant_id))


class _People:
    """Everybody with a valid attempt, counted by what their record says."""

    def __init__(self, session: Session, contest: Contest, which: _Which, how: CountingAttempt) -> None:
        records: dict[int, Any] = {
            row.id: row
            for row in session.execute(
                select(
                    Contestant.id,
                    Contestant.status,
                    Contestant.unit_id,
                    Contestant.place_id,
                    Contestant.division,
                    Contestant.age_from,
                ).where(Contestant.contest_id == contest.id)
            )
        }
        nodes = Nodes(session, contest)
        runs: Counter[int] = Counter()
        hors: Counter[int] = Counter()
        scores: Counter[int] = Counter()
        full: set[int] = set()
        self.of_rounds = 0
        counted = session.execute(which.by_person(how).execution_options(yield_per=_AT_ONCE))
        for n, (round_id, id, attempts, reached) in enumerate(counted):
            if n % _AT_ONCE == 0:
                gevent.sleep(0)
            status = records[id].status
            if status == "HORS_CONCOURS":
                hors[id] += attempts
            elif status == "ELIGIBLE" and id not in which.barred.get(round_id, ()):
                runs[id] += attempts
                self.of_rounds += 1
                if reached >= 0:
                    scores[min(reached, TENTHS)] += 1
                if reached == TENTHS:
                    full.add(id)
        self.people, self.attempts = len(runs), runs.total()
        self.ever_all_correct = len(full)
        self.hors = Share(len(hors), hors.total())
        self.scores = {str(tenth): scores[tenth] for tenth in sorted(scores)}
        node = cache(lambda id: _node(nodes, id))
        of = [(records[id], count) for id, count in runs.items()]
        self.units: dict[str, Share] = _shares((node(one.unit_id), count) for one, count in of)
        self.places: dict[str, Share] = _shares((node(one.place_id), count) for one, count in of)
        self.divisions: dict[str, Share] = _shares((one.division or NOWHERE, count) for one, count in of)
        self.ages: dict[int | None, Share] = _shares((one.age_from, count) for one, count in of)


def _quick(wanted: Selected) -> Selected:
    """Answered from the index that was made for it; SQLite would often rather read the papers along."""
    return wanted.with_hint(Attempt, "INDEXED BY attempt_report", "sqlite")


def _shares(found: Iterator[tuple[Any, int]]) -> dict[Any, Share]:
    people: Counter[Any] = Counter()
    attempts: Counter[Any] = Counter()
    for key, count in found:
        people[key] += 1
        attempts[key] += count
    return {key: Share(people[key], attempts[key]) for key in people}


def _node(nodes: Nodes, id: int | None) -> str:
    stands = nodes.stands_for(id)
    return NOWHERE if stands is None else str(stands)


def _barred(session: Session, contest: Contest, rows: list[Round]) -> dict[int, set[int]]:
    """The people barred from each of these rounds; few, if any."""
    some = select(Contestant.id, Contestant.barred_rounds).where(
        Contestant.contest_id == contest.id, as_type(Contestant.barred_rounds, Characters) != "{}"
    )
    found: dict[int, set[int]] = {}
    for id, barred in session.execute(some):
        for row in rows:
            if WHOLE in barred or row.key in barred:
                found.setdefault(row.id, set()).add(id)
    return found


def _registered(session: Session, contest: Contest) -> int:
    """Người đăng ký: completed registrations, without people who may not take part or are hors concours."""
    wanted = select(func.count()).select_from(Contestant)
    return session.scalar(wanted.where(Contestant.contest_id == contest.id, Contestant.status == "ELIGIBLE")) or 0


def _visits(session: Session, contest: Contest, scope: Scope) -> int:
    """Lượt truy cập: page visits, never called participants."""
    wanted = select(func.coalesce(func.sum(VisitCount.visits), 0)).where(VisitCount.contest_id == contest.id)
    if scope.day is not None:
        begins = datetime.combine(scope.day, time(), VIETNAM)
        wanted = wanted.where(VisitCount.hour >= begins, VisitCount.hour < begins + timedelta(days=1))
    return session.scalar(wanted) or 0


def _day(number: int) -> date:
    return date.fromordinal(date(1970, 1, 1).toordinal() + number)


def _where(session: Session) -> str:
    return str(session.get_bind().engine.url)


# ── As of an earlier moment ─────────────────────────────────────────────────────────────────────────────────────


def by_unit(session: Session, contest: Contest, keys: Collection[str], until: datetime) -> dict[str, Share]:
    """People and attempts by unit in these rounds, of attempts handed in before a moment: the state of a day that is
    over changes no more while people look at it, and is kept for a while."""
    place = (_where(session), contest.id, tuple(sorted(keys)), until)
    kept = _kept_days.get(place)
    if kept is None or perf_counter() - kept[0] > SAME_DAY.total_seconds():
        if len(_kept_days) >= _KEPT_SCOPES:
            _kept_days.pop(next(iter(_kept_days)))
        kept = _kept_days[place] = (perf_counter(), _by_unit(session, contest, keys, until))
    return kept[1]


def _by_unit(session: Session, contest: Contest, keys: Collection[str], until: datetime) -> dict[str, Share]:
    rows = [row for row in contest.rounds if not row.overall and row.key in keys]
    if not rows:
        return {}
    which = _Which(session, contest, rows, Scope())
    nodes = Nodes(session, contest)
    valid = select(Attempt.contestant_id.label("who"), func.count().label("attempts")).where(
        *which.valid, *which.eligible, Attempt.handed_in_at < until
    )
    runs = _quick(valid.group_by(Attempt.contestant_id)).subquery()
    counted = (
        select(Contestant.unit_id, func.count(), func.sum(runs.c.attempts))
        .join(runs, runs.c.who == Contestant.id)
        .group_by(Contestant.unit_id)
    )
    found: dict[str, Share] = {}
    for unit_id, people, attempts in session.execute(counted):
        node = _node(nodes, unit_id)
        before = found.get(node, Share())
        found[node] = Share(before.people + people, before.attempts + int(attempts))
    return found


# ── Questions ───────────────────────────────────────────────────────────────────────────────────────────────────


class _Place(msgspec.Struct, frozen=True):
    q: str


_papers = msgspec.json.Decoder(list[_Place])
_answers = msgspec.json.Decoder(list[tuple[int, ...] | None] | None)


def questions(session: Session, contest: Contest, row: Round) -> Questions:
    """How the questions of a round went and how far people came; whom it may be shown to is the page's to ask.

    Never how answers are spread over the options. Of very many people a part is looked at.
    """
    asked = {
        one.question_id: (from_json(one.content), tuple(one.also or ()))
        for one in session.scalars(select(RoundQuestion).where(RoundQuestion.round_id == row.id))
    }
    which = _Which(session, contest, [row], Scope())
    wanted = (
        select(
            Attempt.contestant_id,
            as_type(Attempt.paper, Characters),
            as_type(Attempt.last_answers, Characters),
        )
        .where(*which.valid, *which.eligible)
        .order_by(Attempt.contestant_id, Attempt.no)
    )
    met: Counter[str] = Counter()
    right: Counter[str] = Counter()
    came: Counter[int] = Counter()
    seen: set[str] = set()
    person, people, attempts, longest, sampled = None, 0, 0, 0, False
    for n, (who, paper, given) in enumerate(session.execute(wanted.execution_options(yield_per=_AT_ONCE))):
        if n % _AT_ONCE == 0:
            gevent.sleep(0)
        if who != person:
            if people == SAMPLE:
                sampled = True
                break
            person, people = who, people + 1
            seen.clear()
        answers = _answers.decode(given) if given else None
        places = _papers.decode(paper)
        longest = max(longest, len(places))
        attempts += 1
        came[max((k for k, one in enumerate(answers or (), 1) if one is not None), default=0)] += 1
        for place, chosen in zip(places, answers or (), strict=False):
            if place.q not in seen and place.q in asked:
                seen.add(place.q)
                met[place.q] += 1
                question, also = asked[place.q]
                right[place.q] += chosen is not None and voids.is_right(question, chosen, also)
    reached = tuple(sum(count for k, count in came.items() if k > place) for place in range(longest))
    lines = tuple(QuestionFigures(asked[id][0], met[id], right[id]) for id in sorted(asked))
    return Questions(lines, attempts, reached, sampled)


# ── Completion ──────────────────────────────────────────────────────────────────────────────────────────────────


def completion(session: Session, contest: Contest) -> tuple[Completion, ...]:
    """How much of the contest's list of people took part, team by team; all of them first. Empty without a list."""
    listed = (
        select(Delegate.team, func.count(), func.count(Delegate.contestant_id))
        .where(Delegate.contest_id == contest.id)
        .group_by(Delegate.team)
    )
    teams = {team: (count, registered) for team, count, registered in session.execute(listed)}
    if not teams:
        return ()
    rows = [row for row in contest.rounds if not row.overall]
    which = _Which(session, contest, rows, Scope())
    sat = select(Attempt.contestant_id).where(*which.valid, *which.eligible)
    took = (
        select(Delegate.team, func.count())
        .where(Delegate.contest_id == contest.id, Delegate.contestant_id.in_(sat))
        .group_by(Delegate.team)
    )
    people = {team: count for team, count in session.execute(took)}
    lines = [Completion(team, *teams[team], people.get(team, 0)) for team in sorted(teams)]
    whole = Completion(
        "", sum(one.listed for one in lines), sum(one.registered for one in lines), sum(one.people for one in lines)
    )
    return (whole, *lines)


# ── Small numbers ───────────────────────────────────────────────────────────────────────────────────────────────


def shown(counts: Collection[int]) -> list[bool]:
    """Which numbers of people may be shown beside their sum (`items.visible` for one column)."""
    return [row[0] for row in items.visible([[count] for count in counts])]
