"""Lists that somebody uploaded and looks over before they are taken: kept for a day, sealed, shown to nobody else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete
from sqlalchemy.orm import Session

from quizapp.errors import NotFound
from quizapp.models import Contest, ListUpload, new_id
from quizapp.rules.roster import Line
from quizapp.services.vault import Vault

ListKind = Literal["unit", "place", "exclusion", "delegate"]
KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Held:
    """One uploaded list: its file's name and its lines as they were read."""

    id: str
    file_name: str
    lines: tuple[Line, ...]
    taken_at: datetime | None


def keep(
    session: Session,
    vault: Vault,
    contest: Contest,
    person_id: str,
    kind: ListKind,
    file_name: str,
    lines: Sequence[Line],
    *,
    now: datetime,
) -> str:
    """Keep the lines for whoever uploaded them, and give back the id under which they find them."""
    session.execute(delete(ListUpload).where(ListUpload.made_at < now - KEPT_FOR))
    id = new_id()
    plain = json.dumps([[one.where, dict(one.cells)] for one in lines], ensure_ascii=False)
    session.add(
        ListUpload(
            id=id,
            contest_id=contest.id,
            person_id=person_id,
            kind=kind,
            file_name=file_name[:200],
            rows_sealed=vault.seal(plain, table="list_upload", column="rows", row=id),
            made_at=now,
        )
    )
    session.flush()
    return id


def find(
    session: Session, vault: Vault, contest: Contest, person_id: str, kind: ListKind, id: str, *, now: datetime
) -> Held:
    """A list of this kind that this person uploaded for this contest, at most a day ago."""
    row = session.get(ListUpload, id)
    if row is None or (row.contest_id, row.person_id, row.kind) != (contest.id, person_id, kind):
        raise NotFound("Không tìm thấy danh sách đã tải lên. Vui lòng tải lên lại.")
    if row.made_at < now - KEPT_FOR:
        raise NotFound("Danh sách đã tải lên quá một ngày nên đã được xóa. Vui lòng tải lên lại.")
    plain = vault.open(row.rows_sealed, table="list_upload", column="rows", row=row.id)
    return Held(row.id, row.file_name, tuple(Line(where, cells) for where, cells in json.loads(plain)), row.taken_at)


def mark_taken(session: Session, held: Held, *, now: datetime) -> None:
    """Remember that its sound lines were taken."""
    session.get_one(ListUpload, held.id).taken_at = now
    session.flush()
