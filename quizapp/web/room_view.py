"""What the pages of a room have in common: its title, its addresses, and the QR code that leads there."""

from __future__ import annotations

from typing import Any

import segno
from flask import url_for
from flask_babel import gettext

from quizapp.models import Show
from quizapp.services import shows
from quizapp.web.api_rooms import mint
from quizapp.web.frame import public_url


def title_of(show: Show) -> str:
    """The room's title: the product's own in the reader's language, the host's as it was typed."""
    return gettext(show.title) if show.title == shows.DEFAULT_TITLE else show.title


def join_url(show: Show) -> str:
    """Where players enter."""
    return f"{public_url()}{url_for('room.play', code=show.code)}"


def join_host() -> str:
    """The site's address as it is read aloud."""
    return public_url().split("://", 1)[-1]


def overlay_url(show: Show) -> str:
    """The layer for a stream's picture, with its own token."""
    return f"{public_url()}{url_for('room.overlay', code=show.code, khoa=mint().room_token('overlay', show.id))}"


def qr_path(address: str) -> dict[str, Any]:
    """A QR code as one SVG path in a square of `size` units, its quiet zone included."""
    code = segno.make(address, error="m", micro=False)
    rows = list(code.matrix_iter(border=2))
    parts = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark]
    return {"d": "".join(parts), "size": len(rows)}
