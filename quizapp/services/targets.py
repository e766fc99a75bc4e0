"""The target of a prediction (contest-rules §8.2): frozen once after the validity check, with its value, the rows it
was counted over, who and when. Only a correction decision, made by two people, opens it again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.errors import Conflict, Unreadable
from quizapp.models import Change, Contest, Round, Tallying
from quizapp.services import changes, contests, snapshots, tallies


def freeze(session: Session, contest: Contest, row: Round, person_id: str, *, now: datetime) -> Change:
    """Freeze the target as the latest preview counted it."""
    if row.state != "REVIEW":
        raise Conflict("Chỉ chốt số mục tiêu trong bước rà soát.")
    if row.frozen_at is not None:
        raise Conflict("Số mục tiêu đã chốt. Chỉ quyết định đính chính mới mở lại được.")
    if changes.waiting(session, contest, row):
        raise Conflict("Còn đề nghị đang chờ người thứ hai xác nhận.")
    value, rows = _counted(session, contest, row)
    _keep(row, value, rows, person_id, now)
    session.flush()
    return changes.note(
        session,
        contest,
        "freeze",
        f"round/{row.key}",
        {"target": None},
        {"target": value, "rows": rows},
        "",
        person_id,
        now=now,
        round_id=row.id,
    )


def propose_correction(
    session: Session, contest: Contest, row: Round, correction: str, reason: str, person_id: str, *, now: datetime
) -> Change:
    """Ask to freeze anew what the latest preview counted, by a correction decision of this number."""
    if row.frozen_at is None:
        raise Conflict("Số mục tiêu chưa chốt.")
    if not correction.strip():
        raise Unreadable("Vui lòng ghi số quyết định đính chính.")
    value, rows = _counted(session, contest, row)
    if (value, rows) == (row.target, row.target_rows):
        raise Conflict("Tính lại vẫn ra số mục tiêu đã chốt.")
    return changes.propose(
        session,
        contest,
        "target",
        f"round/{row.key}",
        changes.correction([row], correction),
        {"target": row.target, "rows": row.target_rows},
        {"target": value, "rows": rows},
        reason,
        person_id,
        now=now,
        round_id=row.id,
    )


@changes.executor("target")
def _correct(session: Session, change: Change, now: datetime) -> None:
    row = session.get_one(Round, change.round_id, with_for_update=True)
    assert change.before is not None and change.after is not None  # both are proposed
    if (row.target, row.target_rows) != (change.before["target"], change.before["rows"]):
        raise Conflict("Số mục tiêu đã đổi sau khi có đề nghị.")
    contest = session.get_one(Contest, change.contest_id)
    value, rows = _counted(session, contest, row, but=change)
    if (value, rows) != (change.after["target"], change.after["rows"]):
        raise Conflict("Tính lại ra số khác với đề nghị.")
    _keep(row, value, rows, change.settled_by, now)


def preview(session: Session, contest: Contest, row: Round, *, but: Change | None = None) -> Tallying | None:
    """The latest preview, as long as nothing that counts was changed since it read the data."""
    found = tallies.latest(session, row, "preview")
    if found is None or found.begun_at is None or found.found is None:
        return None
    return found if snapshots.is_unchanged(session, contest, row, found.begun_at, but=but) else None


def _counted(session: Session, contest: Contest, row: Round, *, but: Change | None = None) -> tuple[int, int]:
    if row.overall or contests.settings(contest).round(row.key).prediction is None:
        raise Conflict("Vòng này không có câu hỏi dự đoán.")
    found = preview(session, contest, row, but=but)
    if found is None or found.found is None:
        raise Conflict("Vui lòng tính thử rồi mới chốt.")
    return found.found["target"], found.found["target_rows"]


def _keep(row: Round, value: int, rows: int, person_id: str | None, now: datetime) -> None:
    row.target, row.target_rows, row.frozen_at, row.frozen_by = value, rows, now, person_id
