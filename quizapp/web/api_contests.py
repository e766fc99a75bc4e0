"""The calls for contests: which there are, one of them, its leaderboards (public data only), and for somebody who is
signed in and registered the start of an attempt, which then goes on like every other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from flask import request
from flask_login import current_user
from msgspec import UNSET, UnsetType
from sqlalchemy.orm import Session

from quizapp import clock, db
from quizapp.errors import Conflict, NotAllowed, NotFound, SignInNeeded
from quizapp.models import Contest
from quizapp.rules import contest as rulebook
from quizapp.rules.contest import POINT
from quizapp.services import contests, names, open_boards, quizzes, sittings, snapshots
from quizapp.services.names import Shown
from quizapp.services.sittings import Device
from quizapp.web import browser, limits
from quizapp.web.api import Message, call
from quizapp.web.api_quizzes import Dealt, Names, dealt
from quizapp.web.contest_view import RoundView, round_view
from quizapp.web.quiz import epoch_ms
from quizapp.web.signing import vault

LISTED = 100  # lines of a published result


class RoundLine(Message):
    """A round, or a list over rounds, which has no times. Instants are epoch milliseconds."""

    key: str
    name: Names
    kind: str
    state: str
    opens_at: int | UnsetType = UNSET
    closes_at: int | UnsetType = UNSET


class ContestLine(Message):
    slug: str
    name: Names
    organizer: Names
    rounds: list[RoundLine]


class Contests(Message):
    now: int
    contests: list[ContestLine]


class Counted(Message):
    """How many there are so far; what is predicted is rounded down, or left out."""

    registered: int
    people: int | UnsetType = UNSET
    attempts: int | UnsetType = UNSET
    all_correct: int | UnsetType = UNSET


class RoundPage(RoundLine):
    """A round with its main rules; `figures` while it is open."""

    questions: int | UnsetType = UNSET
    time_limit: int | UnsetType = UNSET
    max_attempts: int | UnsetType | None = UNSET
    close_policy: str | UnsetType = UNSET
    counting_attempt: str | UnsetType = UNSET
    ranking: list[str] | UnsetType = UNSET
    predicts: str | UnsetType = UNSET
    figures: Counted | UnsetType = UNSET


class ContestPage(Message):
    now: int
    slug: str
    name: Names
    organizer: Names
    status: Names
    min_age: int | None
    rounds: list[RoundPage]


class BoardLine(Message):
    """One line; `name` is missing where somebody did not agree to be named, then `code` tells people apart."""

    rank: int
    points: float
    full: float
    duration_ms: int
    code: str
    name: str | UnsetType = UNSET
    where: str | UnsetType = UNSET


class Board(Message):
    """The first lines of a round and division: of an open round as they stand now, else of the published result."""

    round: str
    division: str | None
    published: bool
    keys: list[str]
    lines: list[BoardLine]


class Boards(Message):
    now: int
    boards: list[Board]


class NewSitting(Message):
    """The rules must be accepted with every start: it uses up an attempt, and the clock runs at once."""

    rules_accepted: Literal[True]


@call("GET", "/contests", reply=Contests)
def listed() -> Contests:
    """Every published contest with its rounds and their states, the newest first."""
    now = clock.now()
    with db.read() as session:
        found = [
            ContestLine(
                slug=contest.slug,
                name=_names(contests.settings(contest).name),
                organizer=_names(contests.settings(contest).organizer),
                rounds=[_line(contest, round_view(contest, row, now=now)) for row in contest.rounds],
            )
            for contest in contests.public(session)
        ]
    return Contests(now=epoch_ms(now), contests=found)


@call("GET", "/contests/<slug>", reply=ContestPage, refuses=(NotFound,))
def contest(slug: str) -> ContestPage:
    """One contest: who may enter, its rounds with their rules, and what is counted so far of an open one."""
    now = clock.now()
    with db.read() as session:
        found = contests.find(session, slug)
        settings = contests.settings(found)
        rounds = [_page(session, found, round_view(found, row, now=now), now) for row in found.rounds]
    return ContestPage(
        now=epoch_ms(now),
        slug=slug,
        name=_names(settings.name),
        organizer=_names(settings.organizer),
        status=_names(settings.who.status),
        min_age=settings.who.min_age,
        rounds=rounds,
    )


@call("GET", "/contests/<slug>/board", reply=Boards, refuses=(NotFound,))
def board(slug: str) -> Boards:
    """The leaderboards of a contest that everybody may see now: open ones as the rulebook allows, and results."""
    now = clock.now()
    boards: list[Board] = []
    with db.read() as session:
        found = contests.find(session, slug)
        for row in found.rounds:
            one = round_view(found, row, now=now)
            boards += _open(session, one, now) if one.is_open else _published(session, found, one)
    return Boards(now=epoch_ms(now), boards=boards)


@call(
    "POST",
    "/contests/<slug>/rounds/<key>/attempts",
    body=NewSitting,
    reply=Dealt,
    status=201,
    refuses=(SignInNeeded, NotFound, NotAllowed, Conflict),
)
@limits.limiter.limit(limits.START)
def start(slug: str, key: str, body: NewSitting) -> Dealt:
    """Start an attempt of a round for whoever is signed in, or go on with the open one under a new token."""
    now = clock.now()
    if not current_user.is_authenticated:
        raise SignInNeeded()
    with db.begin() as session:
        row = sittings.round_of(session, slug, key)
        contestant = sittings.contestant_of(session, row.contest, current_user.id)
        if contestant is None:
            raise NotFound("Tài khoản này chưa đăng ký cuộc thi.")
        device = Device(browser.own_id(), request.remote_addr or "", browser.kind())
        started = sittings.start(session, vault(), row, contestant, device, now=now)
        token = sittings.new_token(session, started)
        return dealt(started.attempt, quizzes.places(session, started.attempt), token)


def _open(session: Session, one: RoundView, now: datetime) -> list[Board]:
    assert one.rules is not None  # a list over rounds is never open
    return [
        Board(
            round=one.key,
            division=group.division,
            published=False,
            keys=list(open_boards.keys(one.rules)),
            lines=[
                _board_line(
                    line.rank, line.points, line.full, line.duration_ms, Shown(line.code, line.name, line.where)
                )
                for line in group.lines
            ],
        )
        for group in open_boards.groups(session, one.row, now=now)
    ]


def _published(session: Session, contest: Contest, one: RoundView) -> list[Board]:
    """The first lines of the published result, division by division."""
    snapshot = snapshots.published(session, one.row)
    if snapshot is None:
        return []
    settings = contests.settings(contest)
    ranking = one.rules.ranking if one.rules else next(o.ranking for o in settings.overall if o.key == one.key)
    boards = []
    divisions: Sequence[str | None] = [each.key for each in settings.who.divisions] or [None]
    for division in divisions:
        placed = snapshots.page(session, snapshot, division=division, size=LISTED)
        people = names.of_codes(session, contest, [each.line.code for each in placed])
        lines = [
            _board_line(e.line.rank, e.line.score, e.line.full, e.line.duration_ms, people[e.line.code]) for e in placed
        ]
        boards.append(Board(round=one.key, division=division, published=True, keys=list(ranking.keys), lines=lines))
    return boards


def _board_line(rank: int, points: int, full: int, duration_ms: int, who: Shown) -> BoardLine:
    return BoardLine(
        rank=rank,
        points=round(points / POINT, 2),
        full=round(full / POINT, 2),
        duration_ms=duration_ms,
        code=who.code[:4],
        name=who.name or UNSET,
        where=who.where or UNSET,
    )


def _line(contest: Contest, one: RoundView) -> RoundLine:
    if one.rules is None:
        name = next(each.name for each in contests.settings(contest).overall if each.key == one.key)
        return RoundLine(key=one.key, name=_names(name), kind="overall", state=one.state)
    return RoundLine(
        key=one.key,
        name=_names(one.rules.name),
        kind=one.rules.kind,
        state=one.state,
        opens_at=epoch_ms(one.rules.opens_at),
        closes_at=epoch_ms(one.rules.closes_at),
    )


def _page(session: Session, contest: Contest, one: RoundView, now: datetime) -> RoundPage:
    line = _line(contest, one)
    page = RoundPage(
        key=line.key,
        name=line.name,
        kind=line.kind,
        state=line.state,
        opens_at=line.opens_at,
        closes_at=line.closes_at,
    )
    rules = one.rules
    if rules is None:
        return page
    page.ranking = list(rules.ranking.keys)
    page.predicts = rules.prediction.target if rules.prediction else UNSET
    if rules.is_sat:
        page.questions = rules.paper.size
        page.time_limit = rules.paper.time_limit
        page.max_attempts = rules.max_attempts
        page.close_policy = rules.close_policy
        page.counting_attempt = rules.counting_attempt
    if one.is_open:
        page.figures = _counted(open_boards.counters(session, one.row, now=now))
    return page


def _counted(counters: open_boards.Counters) -> Counted:
    return Counted(
        registered=counters.registered,
        people=UNSET if counters.people is None else counters.people,
        attempts=UNSET if counters.attempts is None else counters.attempts,
        all_correct=UNSET if counters.all_correct is None else counters.all_correct,
    )


def _names(words: rulebook.Words) -> Names:
    return Names(vi=words.vi, en=words.of("en"))
