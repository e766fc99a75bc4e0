"""The log of what staff did: written in the same step as the deed, read by the admin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.models import Person, StaffDeed


def note(
    session: Session,
    person_id: str | None,
    deed: str,
    thing: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    *,
    now: datetime,
) -> StaffDeed:
    """Write down that this person did `deed` to `thing`. Nobody's phone, email or key belongs in it."""
    done = StaffDeed(person_id=person_id, deed=deed, thing=thing, before=before, after=after, at=now)
    session.add(done)
    session.flush()
    return done


def newest(session: Session, *, before_id: int | None = None, limit: int = 50) -> Sequence[tuple[StaffDeed, str]]:
    """The latest deeds with the names of who did them, newest first; with `before_id` those older than that one."""
    wanted = select(StaffDeed, Person.name).outerjoin(Person, Person.id == StaffDeed.person_id)
    if before_id is not None:
        wanted = wanted.where(StaffDeed.id < before_id)
    rows = session.execute(wanted.order_by(StaffDeed.id.desc()).limit(limit))
    return [(deed, name or "") for deed, name in rows]
