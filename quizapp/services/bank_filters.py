"""The filters for the list of questions that somebody keeps under a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.errors import NotFound, Unreadable
from quizapp.models import BankFilter

MOST = 30
LONGEST_NAME = 60


def of(session: Session, person_id: str) -> Sequence[BankFilter]:
    """What this person keeps, by name."""
    return session.scalars(select(BankFilter).where(BankFilter.person_id == person_id).order_by(BankFilter.name)).all()


def keep(session: Session, person_id: str, name: str, chosen: Mapping[str, str]) -> None:
    """Keep the filters under a name; those kept under it before are replaced."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Unreadable("Vui lòng đặt tên bộ lọc, tối đa 60 ký tự.")
    mine = BankFilter.person_id == person_id
    row = session.scalar(select(BankFilter).where(mine, BankFilter.name == name))
    if row is None:
        if (session.scalar(select(func.count()).select_from(BankFilter).where(mine)) or 0) >= MOST:
            raise Unreadable("Đã có 30 bộ lọc. Vui lòng xóa bớt một bộ lọc cũ.")
        row = BankFilter(person_id=person_id, name=name, chosen={})
        session.add(row)
    row.chosen = {key: value for key, value in chosen.items() if value}
    session.flush()


def drop(session: Session, person_id: str, filter_id: int) -> None:
    """Forget one of this person's filters."""
    row = session.scalar(select(BankFilter).where(BankFilter.person_id == person_id, BankFilter.id == filter_id))
    if row is None:
        raise NotFound
    session.delete(row)
    session.flush()
