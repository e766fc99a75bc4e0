"""Voiding a question after closing (contest-rules §7, §21.1): by decision, by two people, for every attempt that
contained it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import Change, Contest, Round, RoundQuestion, Tallying
from quizapp.rules import stage, voids
from quizapp.rules.question import Question, from_json
from quizapp.rules.voids import Policy
from quizapp.services import changes, contests

POLICIES: tuple[Policy, ...] = ("GIVE_ALL", "REMOVE", "ACCEPT_ALSO")


def propose(
    session: Session,
    contest: Contest,
    row: Round,
    question_id: str,
    policy: Policy | None,
    reason: str,
    person_id: str,
    *,
    now: datetime,
    also: Sequence[int] = (),
    correction: str = "",
) -> Change:
    """Ask to void a question of a closed round, or with no policy to take that back.

    Refuses `REMOVE` on drawn papers, an option that is right already, and what is so already.
    """
    if not stage.has_reached(row.state, "CLOSED"):
        raise Conflict("Chỉ hủy câu hỏi sau khi vòng thi đã đóng.")
    rules = contests.settings(contest).round(row.key)
    if rules.is_live:
        raise Conflict("Câu hỏi của vòng trực tiếp được hủy trong phòng thi.")
    if policy is not None and not voids.admits(policy, rules.paper.kind):
        raise Conflict("Đề rút theo ma trận không loại câu hỏi được. Vui lòng chọn cho điểm mọi người.")
    found = find(session, row, question_id)
    let_in = list(also) if policy == "ACCEPT_ALSO" else None
    if let_in is not None and not _fits(from_json(found.content), let_in):
        raise Unreadable("Vui lòng chọn phương án được chấp nhận thêm, khác đáp án hiện có.")
    before, after = _said(found.void, found.also), _said(policy, let_in)
    if before == after:
        raise Conflict("Câu hỏi đã được xử lý như vậy.")
    return changes.propose(
        session,
        contest,
        "void",
        f"question/{row.key}/{question_id}",
        {"question": question_id} | changes.correction([row], correction),
        before,
        after,
        reason,
        person_id,
        now=now,
        round_id=row.id,
    )


def questions(session: Session, row: Round) -> Sequence[RoundQuestion]:
    """The questions committed for a round, in their order."""
    wanted = select(RoundQuestion).where(RoundQuestion.round_id == row.id)
    return session.scalars(wanted.order_by(RoundQuestion.position, RoundQuestion.id)).all()


def find(session: Session, row: Round, question_id: str, *, for_change: bool = False) -> RoundQuestion:
    """One question of a round."""
    wanted = select(RoundQuestion).where(RoundQuestion.round_id == row.id, RoundQuestion.question_id == question_id)
    found = session.scalar(wanted.with_for_update() if for_change else wanted)
    if found is None:
        raise NotFound("Câu hỏi này không có trong đề của vòng thi.")
    return found


def asked(session: Session, shown: Iterable[Change]) -> dict[int, Question]:
    """By change the question that it voids, for those that void one."""
    found = {}
    for change in shown:
        if change.kind == "void" and "question" in change.what and change.round_id is not None:
            row = session.get_one(Round, change.round_id)
            found[change.id] = from_json(find(session, row, change.what["question"]).content)
    return found


@changes.executor("void")
def _void(session: Session, change: Change, now: datetime) -> None:
    """The attempts are marked again by a process of its own; until it has ended nothing is counted."""
    row = session.get_one(Round, change.round_id)
    found = find(session, row, change.what["question"], for_change=True)
    if _said(found.void, found.also) != change.before:
        raise Conflict("Câu hỏi đã được xử lý khác đi sau khi có đề nghị.")
    said = cast("dict[str, Any]", change.after)
    found.void, found.also = said["void"], said["also"]
    session.add(
        Tallying(round_id=row.id, purpose="rescore", change_id=change.id, asked_by=change.settled_by, asked_at=now)
    )
    session.flush()


def _said(policy: str | None, also: Sequence[int] | None) -> dict[str, Any]:
    return {"void": policy, "also": None if also is None else list(also)}


def _fits(question: Question, also: list[int]) -> bool:
    """Whether `also` is something new that this question could let in."""
    if question.kind in ("order", "number"):
        return question.admits(also) and tuple(also) != question.key
    known = all(0 <= option < len(question.options) for option in also)
    return bool(also) and known and len(set(also)) == len(also) and not set(also) & set(question.key)
