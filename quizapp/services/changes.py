"""Changes made by hand: who, when, why, before, after (contest-rules §19.12); the weighty ones by two people.

One person's change is noted in the step that makes it. Where two are needed (fairness §6) the first proposes and
another member of the secretariat confirms: only then the executor of that kind carries it out, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, NotAllowed, NotFound, Unreadable
from quizapp.models import Change, Contest, ContestRole, Person, Round
from quizapp.rules import stage
from quizapp.rules.changes import TWO_PEOPLE, Kind
from quizapp.services import contests, deeds

Executor = Callable[[Session, Change, datetime], None]

REASON = 2_000  # letters at most
NUMBER = 80  # of a decision
_executors: dict[Kind, Executor] = {}


def executor(kind: Kind) -> Callable[[Executor], Executor]:
    """Register the function that carries out confirmed changes of this kind.

    It looks again whether `change.before` still holds and raises `Conflict` if something moved since; then nothing
    happens and the proposal goes on waiting.
    """

    def register(carry_out: Executor) -> Executor:
        assert kind not in _executors or _executors[kind].__module__ == carry_out.__module__
        _executors[kind] = carry_out
        return carry_out

    return register


# ── One person ──────────────────────────────────────────────────────────────────────────────────────────────────


def note(
    session: Session,
    contest: Contest,
    kind: Kind,
    thing: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    reason: str,
    person_id: str | None,
    *,
    now: datetime,
    round_id: int | None = None,
    what: dict[str, Any] | None = None,
) -> Change:
    """Write down a change that one person may make, in the step that makes it. `person_id` is empty for the clock and
    the command line. No phone, email, birth date or identity number belongs in it."""
    assert kind not in TWO_PEOPLE  # such a change is proposed
    made = Change(
        contest_id=contest.id,
        round_id=round_id,
        kind=kind,
        thing=thing,
        what=what or {},
        before=before,
        after=after,
        reason=reason,
        state="DONE",
        proposed_by=person_id,
        proposed_at=now,
        settled_by=person_id,
        settled_at=now,
    )
    session.add(made)
    session.flush()
    deeds.note(session, person_id, f"contest.{kind}", _thing(contest, thing), before, after, now=now)
    return made


# ── Two people ──────────────────────────────────────────────────────────────────────────────────────────────────


def propose(
    session: Session,
    contest: Contest,
    kind: Kind,
    thing: str,
    what: dict[str, Any],
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    reason: str,
    person_id: str,
    *,
    now: datetime,
    round_id: int | None = None,
) -> Change:
    """Ask for a change that needs a second person; nothing happens until then.

    `what` holds all that carrying it out needs. Refused without a reason, and while another proposal of the same kind
    waits for the same thing.
    """
    _must_be_secretariat(session, contest.id, person_id)
    waits = select(Change.id).where(
        Change.contest_id == contest.id, Change.kind == kind, Change.thing == thing, Change.state == "PROPOSED"
    )
    if session.scalar(waits.limit(1)) is not None:
        raise Conflict("Đã có một đề nghị như vậy đang chờ người thứ hai xác nhận.")
    made = Change(
        contest_id=contest.id,
        round_id=round_id,
        kind=kind,
        thing=thing,
        what=what,
        before=before,
        after=after,
        reason=reason_of(reason),
        state="PROPOSED",
        proposed_by=person_id,
        proposed_at=now,
    )
    session.add(made)
    session.flush()
    deeds.note(session, person_id, f"contest.{kind}.propose", _thing(contest, thing), before, after, now=now)
    return made


def confirm(session: Session, change: Change, person_id: str, *, now: datetime) -> None:
    """Carry out what another member of the secretariat proposed; the proposer may never do it."""
    if person_id == change.proposed_by:
        raise NotAllowed("Người đề nghị không tự xác nhận được. Cần một người khác trong Tổ Thư ký.")
    _settle(session, change, "DONE", person_id, now)
    _executors[_kind(change)](session, change, now)
    contest = session.get_one(Contest, change.contest_id)
    thing = _thing(contest, change.thing)
    deeds.note(session, person_id, f"contest.{change.kind}.confirm", thing, change.before, change.after, now=now)


def turn_down(session: Session, change: Change, person_id: str, *, now: datetime) -> None:
    """Another member of the secretariat does not agree: nothing happens."""
    if person_id == change.proposed_by:
        raise NotAllowed("Đây là đề nghị của chính tài khoản này. Có thể rút lại đề nghị.")
    _settle(session, change, "TURNED_DOWN", person_id, now)


def withdraw(session: Session, change: Change, person_id: str, *, now: datetime) -> None:
    """The proposer takes it back."""
    if person_id != change.proposed_by:
        raise NotAllowed("Chỉ người đề nghị mới rút lại được. Người khác có thể từ chối.")
    _settle(session, change, "WITHDRAWN", person_id, now)


def reason_of(written: str) -> str:
    """The reason as it is kept; refuses an empty or endless one."""
    reason = written.strip()
    if not reason:
        raise Unreadable("Vui lòng ghi lý do.")
    if len(reason) > REASON:
        raise Unreadable("Lý do dài quá 2.000 chữ. Vui lòng viết ngắn hơn.")
    return reason


def correction(rows: Iterable[Round], number: str) -> dict[str, Any]:
    """What a proposal keeps of the correction decision it rests on; refuses one without, once a result is final."""
    written = number.strip()
    if not written and any(stage.has_reached(row.state, "FINAL") for row in rows):
        raise Unreadable("Kết quả đã chính thức. Vui lòng ghi số quyết định đính chính.")
    return {"correction": written[:NUMBER]} if written else {}


# ── Looking ─────────────────────────────────────────────────────────────────────────────────────────────────────


def find(session: Session, contest: Contest, change_id: int) -> Change:
    """One change of this contest, which the caller looked up for somebody."""
    found = session.scalar(select(Change).where(Change.id == change_id, Change.contest_id == contest.id))
    if found is None:
        raise NotFound("Không tìm thấy đề nghị này.")
    return found


def waiting(session: Session, contest: Contest, round: Round | None = None) -> Sequence[Change]:
    """The proposals that nobody settled yet, the oldest first; of one round with those of the whole contest."""
    wanted = select(Change).where(Change.contest_id == contest.id, Change.state == "PROPOSED")
    if round is not None:
        wanted = wanted.where((Change.round_id == round.id) | Change.round_id.is_(None))
    return session.scalars(wanted.order_by(Change.id)).all()


def done(session: Session, contest: Contest, *, before_id: int | None = None, limit: int = 50) -> Sequence[Change]:
    """What was changed or settled, the newest first; with `before_id` what is older than that."""
    wanted = select(Change).where(Change.contest_id == contest.id, Change.state != "PROPOSED")
    if before_id is not None:
        wanted = wanted.where(Change.id < before_id)
    return session.scalars(wanted.order_by(Change.id.desc()).limit(limit)).all()


def names(session: Session, listed: Sequence[Change]) -> dict[str, str]:
    """The names of the people in these changes, by id."""
    wanted = {id for one in listed for id in (one.proposed_by, one.settled_by) if id}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {id: name for id, name in rows}


def _must_be_secretariat(session: Session, contest_id: int, person_id: str) -> None:
    held = exists().where(
        ContestRole.contest_id == contest_id,
        ContestRole.person_id == person_id,
        ContestRole.role == contests.SECRETARIAT,
    )
    if not session.scalar(select(held)):
        raise NotAllowed("Việc này dành cho Tổ Thư ký của cuộc thi.")


def _settle(session: Session, change: Change, state: str, person_id: str, now: datetime) -> None:
    """The update is the claim: of two people who press together, one settles it."""
    _must_be_secretariat(session, change.contest_id, person_id)
    waits = update(Change).where(Change.id == change.id, Change.state == "PROPOSED")
    claimed = session.execute(
        waits.values(state=state, settled_by=person_id, settled_at=now).execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("Đề nghị này đã được xử lý.")
    session.refresh(change)


def _kind(change: Change) -> Kind:
    return next(kind for kind in _executors if kind == change.kind)


def _thing(contest: Contest, thing: str) -> str:
    return f"{contest.slug}/{thing}"[:120]
