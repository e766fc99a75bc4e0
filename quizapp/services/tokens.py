"""Tokens: short signed texts that say who speaks, made and read with the site's secret.

Bearer tokens of players are random and live as long as the attempt (only their hash is kept). Tokens of hosts, stages
and overlays follow from the room, so that they can be shown again; a host token made for a signed-in organizer names
that sign-in and dies with it. Tickets open one socket within a minute and are used once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Literal

from quizapp.errors import NotAllowed

Part = Literal["player", "host", "viewer", "overlay", "follower"]
_BY_ROOM: tuple[Part, ...] = ("host", "viewer", "overlay", "follower")  # whose tokens follow from the room
TICKET_LIFE = timedelta(seconds=60)


@dataclass(frozen=True)
class Bearer:
    """Who speaks for a room: the part played, the room, and for players the attempt.

    A viewer is a screen of the hall, the overlay the layer in a stream's picture; a follower watches without playing,
    beside the same picture as the players.
    """

    part: Part
    show_id: int
    attempt_id: str = ""
    sign_in_id: str = ""  # the sign-in this bearer dies with


def new_token() -> tuple[str, str]:
    """A fresh random token and the hash to keep of it."""
    token = secrets.token_urlsafe(24)
    return token, token_hash(token)


def token_hash(token: str) -> str:
    """What is kept of a random token."""
    return hashlib.sha256(token.encode()).hexdigest()


class Mint:
    """Makes and reads signed texts; the first secret signs, all of them are accepted."""

    def __init__(self, secrets_: Sequence[str]) -> None:
        self._keys = [hashlib.sha256(f"quiz-token-1|{secret}".encode()).digest() for secret in secrets_]
        # Used tickets of this stretch of `TICKET_LIFE` and of the one before: older ones have expired anyway.
        self._used: set[str] = set()
        self._used_before: set[str] = set()
        self._since = 0

    def room_token(self, part: Part, show_id: int, sign_in_id: str = "") -> str:
        """The lasting token of a host or viewer for one room."""
        return self._sign(f"{part}.{show_id}.{sign_in_id}")

    def read_room_token(self, token: str) -> Bearer | None:
        """Whom a room token names, or `None` if it is not one of ours."""
        text = self._read(token)
        if text is None:
            return None
        part, _, rest = text.partition(".")
        show_id, _, sign_in_id = rest.partition(".")
        known: Part | None = next((one for one in _BY_ROOM if one == part), None)
        return None if known is None else Bearer(known, int(show_id), sign_in_id=sign_in_id)

    def ticket(self, bearer: Bearer, language: str, *, now: datetime) -> str:
        """A ticket that opens one socket for `bearer` until `TICKET_LIFE` is over."""
        until = int((now + TICKET_LIFE).timestamp())
        body = json.dumps([asdict(bearer), language, until, secrets.token_hex(12)], separators=(",", ":"))
        return self._sign("t." + base64.urlsafe_b64encode(body.encode()).decode())

    def redeem(self, ticket: object, *, now: datetime) -> tuple[Bearer, str]:
        """Whom a ticket admits and the language asked for. Refuses what is old, used, or not ours."""
        text = self._read(ticket) if isinstance(ticket, str) and len(ticket) < 2000 else None
        if text is None or not text.startswith("t."):
            raise NotAllowed("Vé vào phòng không hợp lệ. Vui lòng tải lại trang.")
        bearer, language, until, nonce = json.loads(base64.urlsafe_b64decode(text[2:]))
        seconds = int(now.timestamp())
        if seconds >= self._since + TICKET_LIFE.seconds:
            self._used_before, self._used, self._since = self._used, set(), seconds
        if until < seconds or nonce in self._used or nonce in self._used_before:
            raise NotAllowed("Vé vào phòng đã dùng hoặc hết hạn. Vui lòng tải lại trang.")
        self._used.add(nonce)
        return Bearer(**bearer), language

    def _sign(self, text: str) -> str:
        return f"{text}.{self._seal(self._keys[0], text)}"

    def _read(self, signed: str) -> str | None:
        text, _, seal = signed.rpartition(".")
        fits = any(hmac.compare_digest(self._seal(key, text).encode(), seal.encode()) for key in self._keys)
        return text if text and fits else None

    @staticmethod
    def _seal(key: bytes, text: str) -> str:
        return base64.urlsafe_b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()[:20]).decode().rstrip("=")
