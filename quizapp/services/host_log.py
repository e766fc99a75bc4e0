"""What hosts did in a show, for those who lead it: every press with its name, also the refused ones, and every look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.models import HostPress, Person, Show
from quizapp.services import hosts, shows

LOOK = "look"  # the console was opened: its rundown shows questions that are still to come
AGAIN = timedelta(minutes=10)  # so long a look of the same person is one look
MOST = 500


@dataclass(frozen=True)
class Pressed:
    """One press: when, who (nobody: the room's key, or the clock), what, at which question, and why not."""

    at: datetime
    who: str
    press: str
    turn_n: int
    details: dict[str, Any]
    refused: str


def listed(session: Session, show: Show) -> Sequence[Pressed]:
    """The newest presses of a show, newest first."""
    wanted = (
        select(HostPress, Person.name)
        .outerjoin(Person, Person.id == HostPress.person_id)
        .where(HostPress.show_id == show.id)
        .order_by(HostPress.id.desc())
        .limit(MOST)
    )
    return [
        Pressed(row.at, name or "", row.press, row.turn_n, row.details, row.refused)
        for row, name in session.execute(wanted)
    ]


def look(session: Session, show: Show, person_id: str | None, *, now: datetime) -> bool:
    """Write down that somebody opened the console of a contest's room, where unasked questions stand (fairness §6).

    Says whether it was written: a free room keeps none, and the same person looks once in a while.
    """
    if hosts.takes_keys(session, show) or person_id is None:
        return False
    before = select(HostPress.at).where(
        HostPress.show_id == show.id, HostPress.press == LOOK, HostPress.person_id == person_id
    )
    last = session.scalar(before.order_by(HostPress.id.desc()).limit(1))
    if last is not None and now - last < AGAIN:
        return False
    shows.log_press(session, show, LOOK, {}, "", now=now, person_id=person_id)
    return True
