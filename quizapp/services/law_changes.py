"""The changes of the law that staff marked: which there are, and which of them touch a question. Marking is in
`rechecks.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.models import LawChange, Person
from quizapp.rules.law import Citation, parse_citation
from quizapp.rules.question import Question


@dataclass(frozen=True)
class Change:
    """One change of the law that staff marked."""

    place: Citation
    changed_on: date
    act: str
    note: str
    questions: int
    author: str
    made_at: datetime


def all_of(session: Session, article: int | None = None) -> list[Change]:
    """Every marked change, of one article or of all, newest first."""
    wanted = select(LawChange, Person.name).outerjoin(Person, Person.id == LawChange.author_id)
    if article is not None:
        wanted = wanted.where(LawChange.article == article)
    return [
        Change(
            Citation(row.article, row.clause),
            date.fromisoformat(row.changed_on),
            row.act,
            row.note,
            row.questions,
            name or "",
            row.made_at,
        )
        for row, name in session.execute(wanted.order_by(LawChange.id.desc()))
    ]


def reason_since(session: Session, asked: Question, since: datetime) -> str:
    """Why a question must be looked at again: the last change marked since a moment that touches it; empty if none."""
    rows = session.scalars(select(LawChange).where(LawChange.made_at > since).order_by(LawChange.id.desc()))
    return next((reason(row) for row in rows if touches(Citation(row.article, row.clause), asked)), "")


def reason(change: LawChange) -> str:
    """What a question is sent back with: `Điều 64 khoản 1: Luật số …, 01/07/2026. Ghi chú`."""
    place, day = Citation(change.article, change.clause).of("vi"), date.fromisoformat(change.changed_on)
    return f"{place}: {change.act}, {day:%d/%m/%Y}" + (f". {change.note}" if change.note else "")


def touches(place: Citation, asked: Question) -> bool:
    """Whether a question rests on a place, on a part of it or on the whole around it."""
    cited = [known for text in asked.citations if (known := parse_citation(text))]
    return any(place.covers(one) or one.covers(place) for one in cited)
