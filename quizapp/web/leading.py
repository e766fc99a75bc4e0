"""Who leads a room from this browser: every page of the host asks here first."""

from __future__ import annotations

from dataclasses import dataclass

from flask import session as cookie
from flask_login import current_user
from sqlalchemy.orm import Session

from quizapp.errors import NotFound, SignInNeeded
from quizapp.models import Show
from quizapp.services import hosts, players
from quizapp.web.api_rooms import find_room, mint

_KEYS_KEPT = 5  # rooms of which a browser keeps the key


@dataclass(frozen=True)
class Lead:
    """A room, the token of its host for this browser, and who that is; nobody where the room's key was brought."""

    show: Show
    token: str
    person_id: str | None


def lead(session: Session, code: str) -> Lead:
    """The room for whoever leads it: by a key that this browser was given, or signed in.

    Refuses everybody else as if there were no such room; asks who is not signed in to sign in.
    """
    show = find_room(session, code)
    key = cookie.get("hosts", {}).get(show.code, "")
    if key and is_key(session, show, key):
        return Lead(show, key, None)
    if not current_user.is_authenticated:
        raise SignInNeeded
    hosts.admit(session, show, current_user.id)
    return Lead(show, mint().room_token("host", show.id, current_user.sign_in_id), current_user.id)


def is_key(session: Session, show: Show, key: str) -> bool:
    """Whether this text is a key that leads the room; a contest's room has none."""
    try:
        bearer = players.identify(session, mint(), show, key)
    except NotFound:
        return False
    return bearer.part == "host" and hosts.takes_keys(session, show)


def keep_key(show: Show, key: str) -> None:
    """Let this browser lead the room from now on."""
    cookie["hosts"] = {**dict(list(cookie.get("hosts", {}).items())[1 - _KEYS_KEPT :]), show.code: key}
