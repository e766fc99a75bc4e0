"""Who may lead a show: for a free room who made it, for a contest's whoever holds the role there (architecture §8)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.errors import NotAllowed, NotFound
from quizapp.models import ContestRole, Round, Show, SignIn
from quizapp.services.contests import SECRETARIAT
from quizapp.services.tokens import Bearer

ROLES = ("host", SECRETARIAT)  # of a contest, that open the console of its rooms


def may(session: Session, show: Show, person_id: str) -> bool:
    """Whether somebody leads this show; a rehearsal is led by those who lead what it rehearses."""
    led = rehearsed(session, show)
    if led.round_id is None:
        return led.organizer_id == person_id
    held = select(ContestRole.id).join(Round, Round.contest_id == ContestRole.contest_id)
    found = held.where(Round.id == led.round_id, ContestRole.person_id == person_id, ContestRole.role.in_(ROLES))
    return session.scalar(found.limit(1)) is not None


def admit(session: Session, show: Show, person_id: str) -> None:
    """Let somebody lead this show, or refuse as if there were no such room."""
    if not may(session, show, person_id):
        raise NotFound("Không tìm thấy phòng thi với mã này. Kiểm tra lại 6 số nhé.")


def takes_keys(session: Session, show: Show) -> bool:
    """Whether the key of the room is enough to lead it: of a contest's room it is not, there presses have names."""
    return rehearsed(session, show).round_id is None


def pressing(session: Session, show: Show, bearer: Bearer) -> str | None:
    """The person behind a host's bearer, nobody where the room's own key leads it.

    Refuses who signed out, or lost the role meanwhile: asked before every press.
    """
    if not bearer.sign_in_id:
        if not takes_keys(session, show):
            raise NotAllowed
        return None
    alive = select(SignIn.person_id).where(SignIn.id == bearer.sign_in_id, SignIn.ended_at.is_(None))
    person_id = session.scalar(alive)
    if person_id is None or not may(session, show, person_id):
        raise NotAllowed
    return person_id


def rehearsed(session: Session, show: Show) -> Show:
    """The show itself, or of a rehearsal the one that it rehearses."""
    return show if show.rehearses_id is None else session.get_one(Show, show.rehearses_id)
