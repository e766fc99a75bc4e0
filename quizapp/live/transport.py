"""The seam under the sockets: everything above sees rooms, sockets and bodies, never the library's internals.

Settings here are the safe ones: WebSocket only, own origin, messages of at most 16 KiB, strict JSON, no binary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import gevent
import orjson
from flask import Flask
from flask_socketio import SocketIO
from socketio import packet

from quizapp.live.wire import CLIENT

NAMESPACE = "/live"
LARGEST_MESSAGE = 16 * 1024
SLICE = 512  # after this many personal messages the hub may do something else


class StrictJson:
    """JSON as the sockets speak it: letters as they are, no NaN, no lone surrogates."""

    @staticmethod
    def dumps(value: object, **_ignored: object) -> str:
        return orjson.dumps(value).decode()

    @staticmethod
    def loads(text: str | bytes, **_ignored: object) -> Any:
        return orjson.loads(text)


class BrokenFrame(ValueError):
    """A frame that no page of ours sends."""


class TextPacket(packet.Packet):
    """A packet that refuses what is not in the contract: binary attachments, and events a browser has no business to
    send, such as the library's own `connect` and `disconnect`."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        if "encoded_packet" in named and not (isinstance(named["encoded_packet"], str) and named["encoded_packet"]):
            raise BrokenFrame
        super().__init__(*arguments, **named)

    def decode(self, encoded_packet: str) -> int:
        if encoded_packet[:1] not in {"0", "1", "2", "3"}:
            raise BrokenFrame
        try:
            attachments: int = super().decode(encoded_packet)
        except (ValueError, TypeError, IndexError) as flaw:
            raise BrokenFrame from flaw
        named = isinstance(self.data, list) and bool(self.data) and self.data[0] in CLIENT
        if self.packet_type == packet.EVENT and not named:
            raise BrokenFrame
        return attachments


class Transport:
    """Sends to rooms and sockets over the stock Flask-SocketIO."""

    def __init__(self, app: Flask) -> None:
        self.socketio = SocketIO(
            app,
            async_mode="gevent",
            json=StrictJson,
            serializer=TextPacket,
            transports=["websocket"],
            max_http_buffer_size=LARGEST_MESSAGE,
            ping_interval=25,
            ping_timeout=20,
            manage_session=False,
            cors_allowed_origins=None,
            logger=False,
            engineio_logger=False,
        )
        self.server = self.socketio.server
        self.server.eio.on("message", _without_broken(self.server.eio.handlers["message"]))
        app.wsgi_app = _without_deflate(app.wsgi_app)  # type: ignore[method-assign]

    def on(self, event: str, handler: Callable[..., Any]) -> None:
        """Let `handler(sid, *data)` answer an event; what it returns is the acknowledgement.

        Registered below Flask's own decorator: a request context per message costs more than the message.
        """
        self.server.on(event, handler, namespace=NAMESPACE)

    def broadcast(self, room: str | list[str], event: str, body: dict[str, Any]) -> None:
        """One message, encoded once, to everybody in a room, or to at least one socket by id."""
        self.server.emit(event, body, namespace=NAMESPACE, room=room)

    def personal(self, event: str, bodies: Iterable[tuple[str, dict[str, Any]]]) -> None:
        """A message of their own to many sockets."""
        for count, (sid, body) in enumerate(bodies, 1):
            self.server.emit(event, body, namespace=NAMESPACE, to=sid)
            if count % SLICE == 0:
                gevent.sleep(0)

    def send(self, sid: str, event: str, body: dict[str, Any]) -> None:
        """One message to one socket."""
        self.server.emit(event, body, namespace=NAMESPACE, to=sid)

    def enter(self, sid: str, room: str) -> None:
        """Let a socket hear what is said to a room."""
        self.server.enter_room(sid, room, namespace=NAMESPACE)

    def close(self, sid: str) -> None:
        """Close a socket after what was already sent to it."""
        self.server.disconnect(sid, namespace=NAMESPACE)


def _without_broken(heard: Callable[[str, Any], None]) -> Callable[[str, Any], None]:
    """Leave broken frames aside: the library would write a traceback for each, and anybody can send thousands."""

    def hear(sid: str, data: Any) -> None:
        with suppress(BrokenFrame):
            heard(sid, data)

    return hear


def _without_deflate(application: Callable[..., Any]) -> Callable[..., Any]:
    """Take away the offer to compress each message: it costs three times the memory and saves nothing here."""

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        try:
            return application(environ, start_response)
        except (ValueError, IndexError):
            if environ.get("HTTP_UPGRADE", "").lower() != "websocket":
                raise
            return []  # its first letter was no type of a packet; the library has no answer to that

    return serve
