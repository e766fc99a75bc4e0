"""What reviewers do with the bank: search it, edit a question into a new version, take it out of use and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from quizapp import models
from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import Person, QuestionVersion, Topic
from quizapp.rules import draft
from quizapp.rules.bank import Sheet
from quizapp.rules.draft import Finding
from quizapp.rules.law import Law
from quizapp.rules.question import Question, from_json
from quizapp.rules.words import fold
from quizapp.services import banks, deeds
from quizapp.services.banks import Report

STATES = ("approved", "retired", "vanished")


class Unfit(Unreadable):
    """An edited question does not pass the checks of the bank; `findings` say what to mend."""

    code = "unfit"
    sentence = "Câu hỏi chưa đạt các yêu cầu dưới đây nên chưa được lưu."

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__()
        self.findings = tuple(findings)


@dataclass(frozen=True)
class Found:
    """One line of the list of questions."""

    id: str
    topic: str
    state: str
    version: int
    source: str
    made_at: datetime
    question: Question


@dataclass(frozen=True)
class Version:
    """What a question said from a certain moment on, and who wrote it: a name, or nobody for a file."""

    version: int
    question: Question
    source: str
    author: str
    made_at: datetime


def search(
    session: Session,
    words: str = "",
    *,
    topic: str = "",
    kind: str = "",
    difficulty: str = "",
    state: str = "",
) -> list[Found]:
    """The questions whose current version has all of `words`, accents or not, and meets every filter.

    By topic and id.
    """
    wanted = banks.current().join(Topic, Topic.slug == models.Question.topic_slug)
    for word in fold(words).split():
        wanted = wanted.where(QuestionVersion.search.contains(word, autoescape=True))
    if topic:
        wanted = wanted.where(models.Question.topic_slug == topic)
    if state:
        wanted = wanted.where(models.Question.state == state)
    rows = session.execute(wanted.order_by(Topic.letter, models.Question.id))
    found = [_found(row, current) for row, current in rows]
    return [one for one in found if kind in ("", one.question.kind) and difficulty in ("", one.question.difficulty)]


def find(session: Session, id: str) -> Found:
    """One question in its current version, for who keeps the bank."""
    both = session.execute(banks.current().where(models.Question.id == id)).one_or_none()
    if both is None:
        raise NotFound("Không có câu hỏi này.")
    return _found(*both)


def history(session: Session, id: str) -> list[Version]:
    """Every version of a question, newest first."""
    wanted = (
        select(QuestionVersion, Person.name)
        .outerjoin(Person, Person.id == QuestionVersion.author_id)
        .where(QuestionVersion.question_id == id)
        .order_by(QuestionVersion.version.desc())
    )
    rows = session.execute(wanted)
    return [Version(v.version, from_json(v.content), v.source, name or "", v.made_at) for v, name in rows]


def edit(
    session: Session,
    id: str,
    values: Mapping[str, Any],
    author_id: str,
    law: Law,
    *,
    based_on: int,
    now: datetime,
) -> int:
    """Make a new version from `values` (one table of a question file, without `id`) and return its number.

    Refuses what the files are refused for (`Unfit`), and an edit that began from an older version than the current one
    (`Conflict`). Saving without a change makes no version.
    """
    row = _locked(session, id)
    if row.version != based_on:
        raise Conflict("Người khác vừa sửa câu hỏi này. Vui lòng tải lại trang rồi sửa trên bản mới nhất.")
    made, findings = draft.read({**values, "id": id}, row.topic_slug, law)
    if made is not None:
        findings = _same_stem(session, made)
    if made is None or findings:
        raise Unfit(findings)
    before = row.version
    if draft.digest(made) == _digest_now(session, row):
        return before
    row.version += 1
    banks.add_version(session, made, row.version, "editor", author_id, now)
    deeds.note(session, author_id, "question.edit", id, {"version": before}, {"version": row.version}, now=now)
    banks.tell(session, {row.topic_slug})
    return row.version


def reload(session: Session, sheets: Iterable[Sheet], person_id: str, *, now: datetime) -> Report:
    """Take the question files into the bank now, because somebody asked for it."""
    report = banks.load(session, sheets, now=now)
    done = {name: len(getattr(report, name)) for name in ("added", "changed", "vanished", "returned", "kept", "faults")}
    deeds.note(session, person_id, "bank.load", "questions/", None, done, now=now)
    return report


def retire(session: Session, id: str, person_id: str, *, now: datetime) -> None:
    """Take a question out of use: it is dealt to nobody any more. Papers that have it keep it."""
    _move(session, id, ("approved", "vanished"), "retired", person_id, now)


def restore(session: Session, id: str, person_id: str, *, now: datetime) -> None:
    """Put a question back into use."""
    _move(session, id, ("retired", "vanished"), "approved", person_id, now)


def _move(session: Session, id: str, states: tuple[str, ...], state: str, person_id: str, now: datetime) -> None:
    row = _locked(session, id)
    before = row.state
    claim = update(models.Question).where(models.Question.id == id, models.Question.state.in_(states))
    done = session.execute(claim.values(state=state))
    assert isinstance(done, CursorResult)
    if done.rowcount != 1:
        raise Conflict
    deed = "question.retire" if state == "retired" else "question.restore"
    deeds.note(session, person_id, deed, id, {"state": before}, {"state": state}, now=now)
    banks.tell(session, {row.topic_slug})


def _locked(session: Session, id: str) -> models.Question:
    """The row of a question, held until the end of the step where the database can hold a row."""
    row = session.scalar(select(models.Question).where(models.Question.id == id).with_for_update())
    if row is None:
        raise NotFound("Không có câu hỏi này.")
    return row


def _digest_now(session: Session, row: models.Question) -> str | None:
    wanted = select(QuestionVersion.digest).where(QuestionVersion.question_id == row.id)
    return session.scalar(wanted.where(QuestionVersion.version == row.version))


def _same_stem(session: Session, made: Question) -> list[Finding]:
    stem = draft.stem_key(made)
    for asked in (entry.question for entry in banks.dealt(session)):
        if asked.id != made.id and draft.stem_key(asked) == stem:
            return [
                Finding(
                    ("stem", "vi"),
                    "Câu «%(id)s» đã hỏi đúng như vậy.",
                    "Viết lại để hai câu hỏi hai ý khác nhau.",
                    {"id": asked.id},
                )
            ]
    return []


def _found(row: models.Question, current: QuestionVersion) -> Found:
    content = from_json(current.content)
    return Found(row.id, row.topic_slug, row.state, current.version, current.source, current.made_at, content)
