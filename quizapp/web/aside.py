"""Work that would hold everybody else up: under gevent it is done in a real thread, so that rooms go on meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import gevent
from gevent import monkey


def aside(work: Callable[[], bytes]) -> bytes:
    """What `work` makes; it may touch neither the request nor the database."""
    if monkey.is_module_patched("threading"):
        made: bytes = gevent.get_hub().threadpool.apply(work)
        return made
    return work()
