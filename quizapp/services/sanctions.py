"""Warnings and declarations of invalidity (contest-rules §16): each with a reason, a person and a time, never hidden.

From the mildest: a warning, an attempt invalid, a round invalid, the contest invalid, barred from later contests. All
but the warning need two people (fairness §6) and can be taken back the same way. Whoever it is about sees it and may
complain.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, NotFound
from quizapp.models import Attempt, Change, Contest, Contestant, Round
from quizapp.services import changes, round_marks
from quizapp.services.books import WHOLE

Level = Literal["round", "contest", "bar"]

LATER = "+"  # stands for later contests among the rounds somebody is barred from
LEVELS = ("warn", "attempt", "round", "contest", "bar")


# ── Deciding ────────────────────────────────────────────────────────────────────────────────────────────────────


def warn(
    session: Session,
    contest: Contest,
    contestant: Contestant,
    reason: str,
    person_id: str,
    *,
    now: datetime,
    row: Round | None = None,
) -> Change:
    """Tell somebody that what they did was noticed; nothing else changes."""
    why = changes.reason_of(reason)
    thing = f"contestant/{contestant.code}"
    return changes.note(
        session, contest, "warn", thing, None, None, why, person_id, now=now, round_id=None if row is None else row.id
    )


def propose_attempt(
    session: Session,
    contest: Contest,
    attempt_id: str,
    reason: str,
    person_id: str,
    *,
    now: datetime,
    valid: bool = False,
    correction: str = "",
) -> Change:
    """Ask to declare an attempt invalid, or with `valid` to take that back."""
    attempt = session.get(Attempt, attempt_id)
    row = None if attempt is None or attempt.round_id is None else session.get(Round, attempt.round_id)
    if attempt is None or row is None or row.contest_id != contest.id:
        raise NotFound("Không tìm thấy lượt thi này.")
    if valid == (not attempt.invalid_reason):
        raise Conflict("Lượt thi đã ở trạng thái này.")
    contestant = session.get(Contestant, attempt.contestant_id)
    what = {"attempt": attempt.id, "valid": valid, "code": contestant.code if contestant else ""}
    return changes.propose(
        session,
        contest,
        "attempt",
        f"attempt/{attempt.id}",
        what | changes.correction([row], correction),
        {"valid": not valid},
        {"valid": valid},
        reason,
        person_id,
        now=now,
        round_id=row.id,
    )


def propose_person(
    session: Session,
    contest: Contest,
    contestant: Contestant,
    level: Level,
    reason: str,
    person_id: str,
    *,
    now: datetime,
    row: Round | None = None,
    valid: bool = False,
    correction: str = "",
) -> Change:
    """Ask to declare all of somebody invalid: in the round `row`, in the contest, or there and in later contests too.

    With `valid` to take it back.
    """
    assert (level == "round") == (row is not None)
    if valid == (_key(level, row) not in contestant.barred_rounds):
        raise Conflict("Thí sinh đã ở trạng thái này.")
    rounds = contest.rounds if row is None else [row]
    what = {
        "contestant": contestant.id,
        "code": contestant.code,
        "valid": valid,
        "round": None if row is None else row.key,
    }
    return changes.propose(
        session,
        contest,
        level,
        f"contestant/{contestant.code}" + (f"/{row.key}" if row else ""),
        what | changes.correction(rounds, correction),
        {"valid": not valid},
        {"valid": valid},
        reason,
        person_id,
        now=now,
        round_id=None if row is None else row.id,
    )


@changes.executor("attempt")
def _declare_attempt(session: Session, change: Change, now: datetime) -> None:
    attempt = session.get_one(Attempt, change.what["attempt"], with_for_update=True)
    valid = change.what["valid"]
    if valid == (not attempt.invalid_reason):
        raise Conflict("Lượt thi đã đổi trạng thái sau khi có đề nghị.")
    attempt.invalid_reason = "" if valid else change.reason
    session.flush()
    row = session.get_one(Round, attempt.round_id)
    if attempt.mode == "contest":
        round_marks.recount(session, row, attempt.contestant_id)


def _declare_person(session: Session, change: Change, now: datetime) -> None:
    contestant = session.get_one(Contestant, change.what["contestant"], with_for_update=True)
    row = None if change.round_id is None else session.get_one(Round, change.round_id)
    key = _key(change.kind, row)
    valid = change.what["valid"]
    if valid == (key not in contestant.barred_rounds):
        raise Conflict("Thí sinh đã đổi trạng thái sau khi có đề nghị.")
    barred = dict(contestant.barred_rounds)
    keys = (key, WHOLE) if key == LATER else (key,)
    for one in keys:
        if valid:
            barred.pop(one, None)
        else:
            barred[one] = change.reason
    contestant.barred_rounds = barred


for _level in ("round", "contest", "bar"):
    changes.executor(_level)(_declare_person)


def _key(level: str, row: Round | None) -> str:
    """Under which word somebody is barred."""
    if row is not None:
        return row.key
    return LATER if level == "bar" else WHOLE


# ── Looking ─────────────────────────────────────────────────────────────────────────────────────────────────────


def of_contestant(session: Session, contest: Contest, contestant: Contestant) -> Sequence[Change]:
    """What was decided about somebody, the latest first: theirs to read and to complain about."""
    theirs = select(Attempt.id).where(Attempt.contestant_id == contestant.id)
    things = [f"attempt/{id}" for id in session.scalars(theirs)]
    code = f"contestant/{contestant.code}"
    decided = select(Change).where(
        Change.contest_id == contest.id,
        Change.state == "DONE",
        Change.kind.in_(LEVELS),
        or_(Change.thing.in_(things), Change.thing == code, Change.thing.like(f"{code}/%")),
    )
    return session.scalars(decided.order_by(Change.id.desc())).all()


def is_barred(
    session: Session, contest: Contest, *, person_id: str | None = None, identity_tag: str | None = None
) -> bool:
    """Whether an earlier contest barred this account, or whoever has this identity number, from later ones."""
    same: list[ColumnElement[bool]] = []
    if person_id is not None:
        same.append(Contestant.person_id == person_id)
    if identity_tag is not None:
        same.append(Contestant.identity_tag == identity_tag)
    if not same:
        return False
    wanted = select(Contestant.barred_rounds).where(Contestant.contest_id != contest.id, or_(*same))
    return any(LATER in barred for barred in session.scalars(wanted))


def find_contestant(session: Session, contest: Contest, code: str) -> Contestant:
    """The contestant of this code, for somebody who was let into the contest's desk."""
    typed = code.strip()
    known = Contestant.code.in_((typed, typed.upper()))
    found = session.scalar(select(Contestant).where(Contestant.contest_id == contest.id, known))
    if found is None:
        raise NotFound("Không tìm thấy thí sinh có mã này.")
    return found
