"""How a question comes into use and goes out of it: sent for approval, approved by somebody else, sent back, looked at
again, retired, restored. Every step is written into the staff log."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, NotAllowed, Refusal
from quizapp.models import Question as Row
from quizapp.models import QuestionComment, QuestionVersion
from quizapp.rules import workflow
from quizapp.rules.law import Law
from quizapp.rules.question import from_json
from quizapp.rules.workflow import State, Step
from quizapp.services import banks, deeds, law_changes, revisions
from quizapp.services.revisions import Unfit

LONGEST_REASON = 300


def take(
    session: Session,
    id: str,
    step: Step,
    person_id: str,
    roles: Collection[str],
    law: Law,
    *,
    version: int | None = None,
    reason: str = "",
    now: datetime,
) -> State:
    """Take one step of the workflow with a question, and return the state it is in then.

    Refuses who may not (`NotAllowed`), what is not possible from here or is about another version than the one that was
    looked at (`Conflict`), a question that does not pass the checks of the bank (`Unfit`), and what else
    `workflow.objection` names.
    """
    if not workflow.permits(step, roles):
        raise NotAllowed
    row = revisions.locked(session, id)
    current = revisions.current_version(session, row)
    state = workflow.leads_to(step, cast(State, row.state), approved_before=was_approved(current))
    if step == "edit" or state is None or version not in (None, row.version):
        raise Conflict
    findings = revisions.unfit(session, from_json(current.content), law) if step in ("submit", "approve") else []
    refused = workflow.objection(
        step,
        author=current.author_id == person_id,
        fit=not findings,
        open_comments=open_comments(session, id),
        reason=reason,
    )
    if refused is not None:
        raise Unfit(findings) if findings else Refusal(refused)
    if step != "approve" and state == "approved":  # restored: the law may have changed meanwhile
        changed = law_changes.reason_since(session, from_json(current.content), current.approved_at or current.made_at)
        state, reason = ("recheck", changed) if changed else (state, reason)
    for one, version_now in _together(session, row, current):
        if step == "approve":
            version_now.approver_id, version_now.approved_at = person_id, now
        move(session, one, step, state, person_id, " ".join(reason.split())[:LONGEST_REASON], now)
    return state


def _together(session: Session, row: Row, current: QuestionVersion) -> Sequence[tuple[Row, QuestionVersion]]:
    """A question, or every variant of its family that is in the same state: they are one text and go one way."""
    family = from_json(current.content).family
    if family is None:
        return [(row, current)]
    mine = banks.current().where(Row.topic_slug == row.topic_slug, Row.state == row.state)
    rows = session.execute(mine.where(Row.id.startswith(f"{family}.", autoescape=True)).order_by(Row.id))
    return [(one, version) for one, version in rows]


def move(
    session: Session, row: Row, step: Step, state: State, person_id: str | None, reason: str, now: datetime
) -> None:
    """Bring a question to `state` by `step`, whoever or whatever asked for it, with its line in the log."""
    before = cast(State, row.state)
    row.stands = workflow.stands_after(step, before, row.version, row.stands)
    row.state, row.reason = state, reason or (row.reason if step == "submit" else "")
    why = {"reason": reason} if reason else {}
    after = {"state": state, "version": row.version, **why}
    deeds.note(session, person_id, f"question.{step}", row.id, {"state": before}, after, now=now)
    banks.tell(session, {row.topic_slug})


def was_approved(version: QuestionVersion) -> bool:
    """Whether a version was in use by right: approved by a person, or come from a file that was read a second time."""
    return version.source == "file" or version.approved_at is not None


def open_comments(session: Session, id: str) -> int:
    """How many remarks on a question nobody has settled."""
    wanted = select(func.count()).select_from(QuestionComment)
    wanted = wanted.where(QuestionComment.question_id == id, QuestionComment.settled_at.is_(None))
    return session.scalar(wanted) or 0
