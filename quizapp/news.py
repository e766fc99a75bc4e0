"""What changed, told once it is kept: services tell a session, listeners hear after the commit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

Listener = Callable[[Any], None]

_KEY = "news"
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Let `listener` hear every piece of news from now on, in the order told, after each commit."""
    if listener not in _listeners:
        _listeners.append(listener)


def unlisten(listener: Listener) -> None:
    """Stop telling `listener`."""
    if listener in _listeners:
        _listeners.remove(listener)


def tell(session: Session, item: object) -> None:
    """Remember `item`; it goes out when the transaction of `session` is kept, and never if it is undone."""
    session.info.setdefault(_KEY, []).append(item)


def publish(session: Session) -> None:
    """Tell the listeners what this session's kept transaction said. Called by `db.begin` after its commit."""
    for item in session.info.pop(_KEY, []):
        for listener in list(_listeners):
            listener(item)


def forget(session: Session) -> None:
    """Drop what an undone transaction wanted to tell."""
    session.info.pop(_KEY, None)
