"""Passwords: kept as Argon2id, compared at an even pace, a few at a time and never in the way of players."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

import gevent
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from gevent import monkey

Made = TypeVar("Made")

AT_ONCE = 4  # each takes 19 MiB; more at once would only make all of them slow

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_turn = threading.BoundedSemaphore(AT_ONCE)

# Compared with when nobody has the account, so that the answer takes as long as for somebody who exists.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWhhcy10aGlz$EbC1RjGZlZYQF0vl4mXGhfSdWuI0PSSTlg0VDnL9lRM"


def kept(password: str) -> str:
    """What is kept of a password."""
    return _in_turn(lambda: _hasher.hash(password))


def matches(password_hash: str, password: str) -> bool:
    """Whether this is the password that was kept. Takes the same time for every hash, also for `NOBODY`."""

    def compare() -> bool:
        try:
            return _hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    return _in_turn(compare)


def _in_turn(work: Callable[[], Made]) -> Made:
    """Run `work` when one of the places is free; under gevent in a real thread, so that messages go on meanwhile."""
    with _turn:
        if monkey.is_module_patched("threading"):
            made: Made = gevent.get_hub().threadpool.apply(work)
            return made
        return work()
