"""Remarks of reviewers on the fields of a question, open until somebody settles them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session, aliased

from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import Person, QuestionComment
from quizapp.rules.workflow import FIELDS
from quizapp.services import deeds, revisions

LONGEST = 500


@dataclass(frozen=True)
class Comment:
    """A remark on a field of one version, with who wrote and who settled it."""

    id: int
    field: str
    version: int
    text: str
    author: str
    made_at: datetime
    settler: str
    settled_at: datetime | None


def of(session: Session, question_id: str) -> list[Comment]:
    """Every remark on a question: open ones first, then the settled, each oldest first."""
    author, settler = aliased(Person), aliased(Person)
    rows = session.execute(
        select(QuestionComment, author.name, settler.name)
        .outerjoin(author, author.id == QuestionComment.author_id)
        .outerjoin(settler, settler.id == QuestionComment.settler_id)
        .where(QuestionComment.question_id == question_id)
        .order_by(QuestionComment.settled_at.is_not(None), QuestionComment.id)
    )
    return [
        Comment(row.id, row.field, row.version, row.text, wrote or "", row.made_at, settled or "", row.settled_at)
        for row, wrote, settled in rows
    ]


def write(session: Session, question_id: str, field: str, text: str, author_id: str, *, now: datetime) -> int:
    """Remark something on one of `workflow.FIELDS` of the current version (the empty one: on the whole question)."""
    row = revisions.locked(session, question_id)
    words = " ".join(text.split())
    if field not in FIELDS or not 0 < len(words) <= LONGEST:
        raise Unreadable("Góp ý cần từ 1 đến 500 ký tự.")
    made = QuestionComment(
        question_id=question_id, version=row.version, field=field, text=words, author_id=author_id, made_at=now
    )
    session.add(made)
    session.flush()
    after = {"comment": made.id, "field": field, "version": row.version}
    deeds.note(session, author_id, "question.comment", question_id, None, after, now=now)
    return made.id


def settle(session: Session, question_id: str, comment_id: int, person_id: str, *, now: datetime) -> None:
    """Settle a remark; whoever keeps the bank may, and once is enough."""
    mine = (QuestionComment.id == comment_id) & (QuestionComment.question_id == question_id)
    if session.scalar(select(QuestionComment.id).where(mine)) is None:
        raise NotFound
    claim = update(QuestionComment).where(mine, QuestionComment.settled_at.is_(None))
    done = session.execute(claim.values(settled_at=now, settler_id=person_id))
    assert isinstance(done, CursorResult)
    if done.rowcount != 1:
        raise Conflict
    deeds.note(session, person_id, "question.settle", question_id, None, {"comment": comment_id}, now=now)
