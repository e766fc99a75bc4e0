"""Figures about the bank: how its questions behave among people, how often they are dealt, what they cover.

Everything is counted by the *version* that was answered. Exams and rooms are told apart from practice, where people
look things up and try again. What is counted is gathered in `sheets.py`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import gevent
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from quizapp.models import Answer, Attempt, QuestionVersion, Show, Turn
from quizapp.rules import items, rasch
from quizapp.rules.coverage import Coverage, coverage
from quizapp.rules.items import Asked, Item, Sheet
from quizapp.rules.law import Law
from quizapp.rules.question import Question
from quizapp.rules.rasch import Fit, Measure
from quizapp.services import banks, sheets
from quizapp.services.sheets import Key

EXPOSED = timedelta(days=30)
FRESH = timedelta(seconds=10)  # figures are not worked out again sooner, however many people look
OPTIONS = ("one", "several", "truefalse")  # kinds whose options are ticked


@dataclass(frozen=True)
class Reliability:
    """KR-20 of papers of one length, or of one room; `None` where it cannot be known."""

    questions: int
    people: int
    kr20: float | None
    room: str = ""


@dataclass(frozen=True)
class Figures:
    """What the answers say, at the moment they were counted."""

    counted_at: datetime
    exams: int = 0
    turns: int = 0
    players: int = 0
    items: Mapping[Key, Item] = field(default_factory=dict)
    practice: Mapping[Key, tuple[int, int]] = field(default_factory=dict)  # people, and how many were right at once
    fit: Fit[Key] = field(default_factory=Fit)
    papers: tuple[Reliability, ...] = ()
    rooms: tuple[Reliability, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nobody has handed anything in yet."""
        return not self.items


@dataclass(frozen=True)
class Line:
    """One question that is dealt now, with what is known of its current version."""

    question: Question
    version: int
    item: Item | None
    measure: Measure | None
    dealt: int  # papers and players that had it lately


@dataclass(frozen=True)
class Overview:
    """The bank as a whole."""

    figures: Figures
    coverage: Coverage
    lines: tuple[Line, ...]

    @property
    def flagged(self) -> tuple[Line, ...]:
        """The questions with something to look at, the gravest first."""
        found = [line for line in self.lines if line.item and any(flag.name != "few" for flag in line.item.flags)]
        return tuple(sorted(found, key=_gravity))

    @property
    def few(self) -> int:
        """How many questions too few people have met to judge them."""
        return sum(line.item is None or line.item.people < items.ENOUGH for line in self.lines)


@dataclass(frozen=True)
class VersionFigures:
    """What is known of one version of a question."""

    version: int
    question: Question
    item: Item | None
    measure: Measure | None
    practice: tuple[int, int]


_kept: dict[str, tuple[tuple[Any, ...], Figures]] = {}


def overview(session: Session, law: Law, *, now: datetime) -> Overview:
    """The bank with its figures: what is dealt now, by topic and id."""
    known = figures(session, now=now)
    dealt = exposure(session, now=now)
    entries = banks.dealt(session)
    lines = tuple(
        Line(
            entry.question,
            entry.version,
            known.items.get((entry.question.id, entry.version)),
            known.fit.items.get((entry.question.id, entry.version)),
            dealt[entry.question.id],
        )
        for entry in entries
    )
    return Overview(known, coverage([entry.question for entry in entries], law), lines)


def of_question(session: Session, id: str, *, now: datetime) -> tuple[VersionFigures, ...]:
    """The figures of every version of a question that anybody met, and of its current one; newest first."""
    known = figures(session, now=now)
    banks.question(session, id)  # refuses what does not exist
    wanted = select(QuestionVersion.version).where(QuestionVersion.question_id == id)
    versions = sorted(session.scalars(wanted), reverse=True)
    said = banks.questions(session, [(id, version) for version in versions])
    met = [version for version in versions if (id, version) in known.items or (id, version) in known.practice]
    shown = met if versions[0] in met else [versions[0], *met]
    return tuple(
        VersionFigures(
            version,
            said[id, version],
            known.items.get((id, version)),
            known.fit.items.get((id, version)),
            known.practice.get((id, version), (0, 0)),
        )
        for version in shown
    )


def exposure(session: Session, *, now: datetime) -> Counter[str]:
    """How often each question was dealt lately: on papers, and to the players of a room."""
    since = now - EXPOSED
    dealt: Counter[str] = Counter()
    for question_id, count in session.execute(_papers_by_question(session, since)):
        dealt[question_id] += count
    players = (
        select(Attempt.show_id, func.count().label("players"))
        .join(Show, (Show.id == Attempt.show_id) & Show.rehearses_id.is_(None))
        .where(Attempt.removed_at.is_(None))
        .group_by(Attempt.show_id)
        .subquery()
    )
    in_rooms = (
        select(QuestionVersion.question_id, func.sum(players.c.players))
        .join(Turn, Turn.version_id == QuestionVersion.id)
        .join(players, players.c.show_id == Turn.show_id)
        .where(Turn.open_told, Turn.opens_at >= since)
        .group_by(QuestionVersion.question_id)
    )
    for question_id, count in session.execute(in_rooms):
        dealt[question_id] += int(count)
    return dealt


def figures(session: Session, *, now: datetime) -> Figures:
    """What the answers say now; worked out anew only where something was handed in, and at most every few seconds."""
    where = str(session.get_bind().engine.url)
    kept = _kept.get(where)
    if kept is not None and timedelta(0) <= now - kept[1].counted_at < FRESH:
        return kept[1]
    state = _state(session)
    if kept is None or kept[0] != state:
        kept = _kept[where] = (state, _worked_out(session, now))
    return kept[1]


def _worked_out(session: Session, now: datetime) -> Figures:
    found = sheets.gather(session)
    said = banks.questions(session, {one.item for sheet in (*found.exams, *found.plays) for one in sheet.responses})
    both = [*found.exams, *found.plays]
    gevent.sleep(0)  # the rooms that are being played go on between the two long steps
    fit = rasch.fit(both)
    gevent.sleep(0)
    return Figures(
        counted_at=now,
        exams=len(found.exams),
        turns=found.turns,
        players=found.players,
        items=items.analyse(both, {key: _asked(question) for key, question in said.items()}),
        practice=_practice(found.practice),
        fit=fit,
        papers=_by_length(found.exams),
        rooms=_by_room(found.plays, found.rooms),
    )


def _practice(practised: Iterable[Sheet[Key]]) -> dict[Key, tuple[int, int]]:
    people: Counter[Key] = Counter()
    right: Counter[Key] = Counter()
    for sheet in practised:
        for one in sheet.responses:
            people[one.item] += 1
            right[one.item] += one.right
    return {key: (count, right[key]) for key, count in people.items()}


def _by_length(exams: Iterable[Sheet[Key]]) -> tuple[Reliability, ...]:
    """Exams by the size of their papers; those with a question met before are no whole papers any more."""
    by_length: dict[int, list[Sheet[Key]]] = defaultdict(list)
    for sheet in exams:
        if sheet.whole:
            by_length[sheet.of].append(sheet)
    return tuple(Reliability(of, len(found), items.kr20(found)) for of, found in sorted(by_length.items()))


def _by_room(plays: Iterable[Sheet[Key]], rooms: Mapping[str, str]) -> tuple[Reliability, ...]:
    """Rooms with enough players who met every question; the same questions under one title count as one room."""
    by_room: dict[tuple[str, frozenset[Key]], list[Sheet[Key]]] = defaultdict(list)
    for sheet in plays:
        if sheet.whole:
            by_room[rooms[sheet.id], frozenset(one.item for one in sheet.responses)].append(sheet)
    return tuple(
        Reliability(found[0].of, len(found), items.kr20(found), title)
        for (title, _), found in by_room.items()
        if len(found) >= items.FEWEST
    )


def _asked(question: Question) -> Asked:
    return Asked(question.key, len(question.options) if question.kind in OPTIONS else 0)


def _state(session: Session) -> tuple[Any, ...]:
    """What changes whenever the figures may."""
    handed_in = select(func.max(Attempt.handed_in_at), func.count()).where(Attempt.mode == "exam")
    locked = select(func.count(), func.count(Turn.voided_at)).where(Turn.lock_told)
    newest = select(func.max(Answer.id))
    return (
        *session.execute(handed_in.where(Attempt.handed_in_at.is_not(None))).one(),
        *session.execute(locked).one(),
        session.scalar(newest),
    )


def _papers_by_question(session: Session, since: datetime) -> Select[str, int]:
    """How many papers begun since then have each question: counted by the database, each in its own words for JSON."""
    if session.get_bind().dialect.name == "sqlite":
        place = func.json_each(Attempt.paper).table_valued("value", joins_implicitly=True)
        question_id: Any = func.json_extract(place.c.value, "$.q")
    else:
        place = func.json_array_elements(Attempt.paper).table_valued("value", joins_implicitly=True)
        question_id = func.json_extract_path_text(place.c.value, "q")
    counted = select(question_id.label("q"), func.count()).select_from(Attempt, place)
    return counted.where(Attempt.started_at >= since, Attempt.mode != "live").group_by("q")


_GRAVE = ("negative", "lure", "blind", "hard", "easy", "unused")


def _gravity(line: Line) -> tuple[int, float, str]:
    assert line.item is not None
    first = min(_GRAVE.index(flag.name) for flag in line.item.flags)
    return first, line.item.discrimination or 0.0, line.question.id
