"""How long the server takes to serve: with an empty folder, and with one it has used before."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from tests.live.server import Server


def measure(_players: int) -> dict[str, float]:
    """Seconds from the command to `ready`, packages installed already."""
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        for what in ("first start, s", "later start, s"):
            begun = time.monotonic()
            server = Server(Path(folder)).start()
            figures[what] = time.monotonic() - begun
            server.stop()
    return figures
