"""A browser's half of a live room over a plain WebSocket, as the contract describes it."""

from __future__ import annotations

import asyncio
import json
import secrets

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

PATIENCE = 20


class Refused(Exception):
    """The server did not admit this ticket."""


class Browser:
    """One open socket; what it hears is kept in the order it came."""

    def __init__(self, socket):
        self._socket = socket
        self._acks: dict[int, asyncio.Future] = {}
        self._heard = asyncio.Condition()
        self.messages: list[tuple[str, dict]] = []
        self.frames: list[str] = []
        self.closed = False
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, address: str, ticket: object, **options) -> Browser:
        where = address.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
        socket = await connect(where, open_timeout=PATIENCE, ping_interval=None, close_timeout=0.1, **options)
        assert (await socket.recv())[0] == "0"
        await socket.send("40/live," + json.dumps({"ticket": ticket}))
        said = await asyncio.wait_for(socket.recv(), PATIENCE)
        if not said.startswith("40/live,"):
            await socket.close()
            raise Refused(said)
        return cls(socket)

    async def emit(self, event: str, body: object = None):
        """Send a message and wait for its acknowledgement."""
        number = len(self._acks)
        self._acks[number] = asyncio.get_running_loop().create_future()
        await self.raw(f"42/live,{number}" + json.dumps([event, {} if body is None else body]))
        return await asyncio.wait_for(self._acks[number], PATIENCE)

    async def raw(self, frame: str | bytes) -> None:
        await self._socket.send(frame)

    async def press(self, do: str, **more):
        return await self.emit("host", {"do": do, **more})

    async def answer(self, turn: int, chosen, m: str | None = None):
        body = {"m": m or secrets.token_hex(16), "turn": turn}
        body |= {"v": chosen} if isinstance(chosen, int) else {"o": list(chosen)}
        return await self.emit("answer", body)

    async def hear(self, event: str, **wanted) -> dict:
        """The newest message of this name with these values; waits for it if need be."""

        def found():
            return next(
                (
                    body
                    for name, body in reversed(self.messages)
                    if name == event and all(body.get(key) == value for key, value in wanted.items())
                ),
                None,
            )

        async with self._heard:
            await asyncio.wait_for(self._heard.wait_for(lambda: found() is not None or self.closed), PATIENCE)
        body = found()
        assert body is not None, f"the socket closed before {event} {wanted}; heard {[m[0] for m in self.messages]}"
        return body

    async def gone(self) -> None:
        """Wait until the server closed this socket."""
        await asyncio.wait_for(self._reader, PATIENCE)

    async def close(self) -> None:
        await self._socket.close()
        await self._reader

    async def _read(self) -> None:
        try:
            async for frame in self._socket:
                await self._take(frame)
        except ConnectionClosed:
            pass
        finally:
            async with self._heard:
                self.closed = True
                self._heard.notify_all()
            for waiting in self._acks.values():
                if not waiting.done():
                    waiting.set_exception(ConnectionError("the socket closed"))
                    waiting.exception()  # nobody may be waiting any more

    async def _take(self, frame: str) -> None:
        if frame == "2":
            await self._socket.send("3")
        elif frame.startswith("41/live"):
            await self._socket.close()
        elif frame.startswith("43/live,"):
            number, _, body = frame[8:].partition("[")
            waiting = self._acks.get(int(number))
            if waiting is not None:
                waiting.set_result(json.loads("[" + body)[0])
        elif frame.startswith("42/live,"):
            name, *body = json.loads(frame[8:])
            async with self._heard:
                self.frames.append(frame)
                self.messages.append((name, body[0] if body else {}))
                self._heard.notify_all()
