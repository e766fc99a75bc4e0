"""Papers to be printed: drawn from a blueprint, kept by name, and shown again in every version.

An organizer sees the papers drawn with their own account; reviewers and admins see all, and they alone the keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.errors import NotAllowed, NotFound, Unreadable
from quizapp.models import Person, PrintedPaper, Topic
from quizapp.rules import blueprint
from quizapp.rules.blueprint import MOST, Blueprint, Pool
from quizapp.rules.paper import MIX, Place
from quizapp.rules.question import Question
from quizapp.rules.timing import day_in_vietnam
from quizapp.services import banks, deeds

FIRST_CODE = 101
MOST_VERSIONS = 8
KEEPERS = frozenset({"reviewer", "admin"})


@dataclass(frozen=True)
class Viewer:
    """Who asks for papers."""

    person_id: str
    roles: frozenset[str]

    @property
    def sees_keys(self) -> bool:
        return bool(self.roles & KEEPERS)


@dataclass(frozen=True)
class Wish:
    """What somebody wants drawn, under which name, and how it is to be printed."""

    title: str
    blueprint: Blueprint
    seed: str
    versions: int = 1
    organization: str = ""
    minutes: int | None = None
    language: str = "vi"


@dataclass(frozen=True)
class Listed:
    """One line of the list of papers."""

    paper: PrintedPaper
    author: str
    questions: int


def pools(session: Session, wanted: Blueprint, *, now: datetime) -> tuple[Pool, ...]:
    """How much the bank holds today for each line; refuses topics that do not exist."""
    known = set(session.scalars(select(Topic.slug)))
    if any(line.topic not in known for line in wanted.lines):
        raise NotFound("Không tìm thấy chủ đề này.")
    return blueprint.pools(_bank(session, now), wanted, on=day_in_vietnam(now))


def draw(session: Session, wish: Wish, author_id: str, *, now: datetime) -> PrintedPaper:
    """Draw a paper and keep it; refuses (`TooFew`) where the bank cannot fill a line.

    The same bank, blueprint and seed on the same day draw the same paper.
    """
    if not 1 <= wish.blueprint.count <= MOST:
        raise Unreadable(f"Đề in cần từ 1 đến {MOST} câu hỏi.")
    if not wish.title or not wish.seed or not 1 <= wish.versions <= MOST_VERSIONS:
        raise Unreadable
    pools(session, wish.blueprint, now=now)
    today = day_in_vietnam(now)
    version_of = {entry.question.id: entry.version for entry in banks.dealt(session)}
    drawn = blueprint.draw(_bank(session, now), wish.blueprint, blueprint.seed_of(wish.seed), on=today)
    made = PrintedPaper(
        title=wish.title,
        organization=wish.organization,
        minutes=wish.minutes,
        language=wish.language,
        blueprint=blueprint.to_json(wish.blueprint),
        seed=wish.seed,
        drawn_on=today.isoformat(),
        questions=[{"q": one.id, "v": version_of[one.id]} for one in drawn],
        codes=[str(FIRST_CODE + n) for n in range(wish.versions)],
        author_id=author_id,
        made_at=now,
    )
    session.add(made)
    session.flush()
    deeds.note(session, author_id, "paper.draw", made.id, None, {"title": made.title, "seed": made.seed}, now=now)
    return made


def of_viewer(session: Session, viewer: Viewer) -> list[Listed]:
    """The papers that somebody may see, newest first."""
    wanted = select(PrintedPaper, Person.name).outerjoin(Person, Person.id == PrintedPaper.author_id)
    if not viewer.sees_keys:
        wanted = wanted.where(PrintedPaper.author_id == viewer.person_id)
    rows = session.execute(wanted.order_by(PrintedPaper.made_at.desc(), PrintedPaper.id))
    return [Listed(paper, name or "", len(paper.questions)) for paper, name in rows]


def find(session: Session, id: str, viewer: Viewer) -> PrintedPaper:
    """A paper for somebody who may see it; anything else looks as if it did not exist."""
    paper = session.get(PrintedPaper, id)
    if paper is None or not (viewer.sees_keys or paper.author_id == viewer.person_id):
        raise NotFound("Không tìm thấy đề in này.")
    return paper


def questions(session: Session, paper: PrintedPaper) -> list[Question]:
    """The questions of a paper as they were drawn, each in the version it had then."""
    pairs = [(kept["q"], kept["v"]) for kept in paper.questions]
    said = banks.questions(session, pairs)
    return [said[pair] for pair in pairs]


def version(session: Session, paper: PrintedPaper, code: str) -> list[Place]:
    """One version of a paper, in the order in which it is printed."""
    if code not in paper.codes:
        raise NotFound("Đề này không có mã đó.")
    return blueprint.version(questions(session, paper), blueprint.seed_of(paper.seed), code)


def key(session: Session, paper: PrintedPaper, code: str, viewer: Viewer, *, now: datetime) -> list[Place]:
    """One version of a paper for printing its key: only for reviewers and admins, and written down each time."""
    if not viewer.sees_keys:
        raise NotAllowed("Chỉ người duyệt và quản trị được xem đáp án của đề in.")
    places = version(session, paper, code)
    deeds.note(session, viewer.person_id, "paper.key", paper.id, None, {"title": paper.title, "code": code}, now=now)
    return places


def discard(session: Session, paper: PrintedPaper, person_id: str, *, now: datetime) -> None:
    """Throw a kept paper away; its seed stays in the log, so that it can be drawn again."""
    deeds.note(session, person_id, "paper.discard", paper.id, {"title": paper.title, "seed": paper.seed}, None, now=now)
    session.delete(paper)
    session.flush()


def topic(paper: PrintedPaper) -> str:
    """What to practise for a paper: its topic, or the mix where it has several."""
    topics = {line.topic for line in blueprint.from_json(paper.blueprint).lines}
    return topics.pop() if len(topics) == 1 else MIX


def day(paper: PrintedPaper) -> date:
    """The day whose law the paper asks about."""
    return date.fromisoformat(paper.drawn_on)


def _bank(session: Session, now: datetime) -> Sequence[Question]:
    return [entry.question for entry in banks.dealt(session, on=day_in_vietnam(now))]
