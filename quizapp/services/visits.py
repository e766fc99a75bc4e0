"""Page visits of contests (lượt truy cập): counted in memory and kept by the hour now and then, so that no page waits
for a write. They are never called participants (contest-rules §12)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from quizapp.models import Contest, VisitCount

_waiting: Counter[tuple[int, datetime]] = Counter()  # contest and hour → visits that are not kept yet


def note(contest: Contest, *, now: datetime) -> None:
    """Somebody looks at a page of this contest."""
    _waiting[contest.id, now.replace(minute=0, second=0, microsecond=0)] += 1


def waits() -> bool:
    """Whether there is anything to keep."""
    return bool(_waiting)


def keep(session: Session) -> None:
    """Add what was counted to what is kept; contests that are gone are forgotten."""
    counted = dict(_waiting)
    _waiting.clear()
    there = set(session.scalars(select(Contest.id).where(Contest.id.in_({id for id, _ in counted}))))
    inserted = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for (contest_id, hour), visits in counted.items():
        if contest_id in there:
            first = inserted(VisitCount).values(contest_id=contest_id, hour=hour, visits=visits)
            more = {"visits": VisitCount.visits + visits}
            session.execute(first.on_conflict_do_update(index_elements=["contest_id", "hour"], set_=more))
