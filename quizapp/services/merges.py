"""Questions that their file and the editor both changed: shown side by side, and settled by a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp import models
from quizapp.errors import Conflict, NotAllowed, NotFound, Unreadable
from quizapp.models import BankConflict
from quizapp.rules import draft, merge, workflow
from quizapp.rules.merge import Part, Side
from quizapp.rules.question import Question, from_json
from quizapp.services import banks, deeds, revisions


@dataclass(frozen=True)
class Clash:
    """One open conflict; `theirs` is none where the file dropped the question."""

    id: str
    version: int
    digest: str
    ours: Question
    theirs: Question | None
    parts: tuple[Part, ...]
    found_at: datetime


def open_ones(session: Session) -> list[Clash]:
    """Every conflict that nobody has settled, by id."""
    here = models.Question.id == BankConflict.question_id
    wanted = banks.current().add_columns(BankConflict).join(BankConflict, here)
    rows = session.execute(wanted.where(BankConflict.settled_at.is_(None)).order_by(models.Question.id))
    return [_clash(row, from_json(said.content), conflict) for row, said, conflict in rows]


def settle(
    session: Session,
    id: str,
    picked: Mapping[str, Side],
    person_id: str,
    roles: Collection[str],
    *,
    version: int,
    digest: str,
    now: datetime,
) -> str:
    """Settle a conflict by the side picked for each part; returns the state of the question then.

    Where the file dropped the question, `picked["question"]` says whether it stays. All of the file's side makes the
    file's version current, as a load would have; all of the editor's leaves it so; a mixture is a new draft by whoever
    picked. `version` and `digest` are what was looked at (`Conflict`). A part that both changed must be picked
    (`Unreadable`).
    """
    if not workflow.permits("edit", roles):
        raise NotAllowed
    row = revisions.locked(session, id)
    kept = session.get(BankConflict, id)
    if kept is None:
        raise NotFound
    if kept.settled_at is not None or kept.digest != digest or row.version != version:
        raise Conflict
    clash = _clash(row, from_json(revisions.current_version(session, row).content), kept)
    kept.settled_at, kept.settler_id = now, person_id
    before = {"version": row.version, "state": row.state}
    if clash.theirs is None:
        _keep_or_drop(row, picked)
    else:
        _compose(session, row, clash, clash.theirs, picked, person_id, now)
    session.flush()
    after = {"version": row.version, "state": row.state, "theirs": sorted(n for n in picked if picked[n] == "theirs")}
    deeds.note(session, person_id, "question.merge", id, before, after, now=now)
    banks.tell(session, {row.topic_slug})
    return row.state


def _clash(row: models.Question, ours: Question, kept: BankConflict) -> Clash:
    theirs = from_json(kept.theirs) if kept.theirs is not None else None
    base = from_json(kept.base) if kept.base is not None else None
    parts = merge.parts(base, ours, theirs) if theirs is not None else ()
    return Clash(row.id, row.version, kept.digest, ours, theirs, parts, kept.found_at)


def _keep_or_drop(row: models.Question, picked: Mapping[str, Side]) -> None:
    if "question" not in picked:
        raise Unreadable("Vui lòng chọn giữ hay bỏ câu hỏi này.")
    if picked["question"] == "theirs":
        row.state, row.stands = "vanished", None


def _compose(
    session: Session,
    row: models.Question,
    clash: Clash,
    theirs: Question,
    picked: Mapping[str, Side],
    person_id: str,
    now: datetime,
) -> None:
    sides: dict[str, Side | None] = {part.name: picked.get(part.name, part.proposed) for part in clash.parts}
    if None in sides.values():
        raise Unreadable("Vui lòng chọn một bên cho mỗi chỗ cả hai cùng sửa.")
    values = merge.merged(clash.ours, theirs, {name: side for name, side in sides.items() if side is not None})
    made, findings = draft.rough(values, row.topic_slug)
    if made is None:
        raise revisions.Unfit(findings)
    if draft.digest(made) == clash.digest:
        banks.take_file(session, row, theirs, now)
    elif draft.digest(made) != draft.digest(clash.ours):
        revisions.renew(session, row, made, person_id, now)
