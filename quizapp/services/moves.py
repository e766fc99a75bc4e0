"""Where people belonged before they went to another unit or place: what a list over some rounds counts by."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.models import Contestant, Move

Belongs = tuple[int | None, int | None]  # a unit and a place


def belongs(contestant: Contestant) -> Belongs:
    """Where somebody's record says they belong."""
    return contestant.unit_id, contestant.place_id


def note(session: Session, contestant: Contestant, before: Belongs, *, own: bool, now: datetime) -> None:
    """Keep where somebody was, after their record was changed; nothing where it says the same. `own`: by themselves."""
    if belongs(contestant) == before:
        return
    unit, place = before
    session.add(Move(contestant_id=contestant.id, unit_id=unit, place_id=place, own=own, at=now))
    session.flush()
