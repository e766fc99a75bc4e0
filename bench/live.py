"""A live question with many sockets: joining, hearing the question, answering, hearing the key.

The server runs as people run it, with its rules, tables and commits; CPU is that of its process alone.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import statistics
import tempfile
import time
from pathlib import Path

from tests.live.browser import Browser
from tests.live.server import Room, Server

SPREAD = 2.0  # seconds in which everybody answers
TICKS = os.sysconf("SC_CLK_TCK")


def measure(players: int) -> dict[str, float]:
    """The figures of one question with so many players."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder)).start()
        try:
            return asyncio.run(_question(server, players))
        finally:
            server.stop()


async def _question(server: Server, players: int) -> dict[str, float]:
    room = server.new_room(questions=1, seconds=60, seed="bench")
    figures: dict[str, float] = {"players": players}
    idle = _memory(server)
    begun, cpu = time.monotonic(), _cpu(server)
    sockets = [await _enter(room, number) for number in range(players)]
    figures["join, CPU ms each"] = (_cpu(server) - cpu) * 1000 / players
    figures["joins per second"] = players / (time.monotonic() - begun)
    figures["memory per player, KiB"] = (_memory(server) - idle) / players
    host = await Browser.open(server.address, room.ticket(room.host_token))
    await host.press("next")
    cpu = _cpu(server)
    await host.press("open")
    opened = await host.hear("turn:opened")
    await asyncio.gather(*(socket.hear("turn:opened") for socket in sockets))
    figures["question to all, CPU ms each"] = (_cpu(server) - cpu) * 1000 / players
    await asyncio.sleep(max(0, opened["opens_at"] - opened["now"]) / 1000)
    cpu = _cpu(server)
    waits = await asyncio.gather(*(_answer(socket, opened) for socket in sockets))
    figures["answer kept, CPU ms each"] = (_cpu(server) - cpu) * 1000 / players
    figures["acknowledged after, median ms"] = statistics.median(waits) * 1000
    figures["acknowledged after, p99 ms"] = statistics.quantiles(waits, n=100)[98] * 1000
    await host.press("lock")
    await host.hear("turn:locked")
    cpu = _cpu(server)
    await host.press("reveal")
    await asyncio.gather(*(socket.hear("you") for socket in sockets))
    figures["key and own rank, CPU ms each"] = (_cpu(server) - cpu) * 1000 / players
    await asyncio.gather(*(socket.close() for socket in [*sockets, host]))
    return figures


async def _enter(room: Room, number: int) -> Browser:
    entered = await asyncio.to_thread(room.join, f"Người chơi {number}")
    socket = await Browser.open(room.server.address, entered["ticket"])
    await socket.hear("state")
    return socket


async def _answer(socket: Browser, opened: dict) -> float:
    await asyncio.sleep(SPREAD * secrets.randbelow(1000) / 1000)
    options = [option["o"] for option in opened["options"]]
    chosen = 1 if opened["kind"] == "number" else options if opened["kind"] == "order" else options[:1]
    begun = time.monotonic()
    said = await socket.answer(opened["turn"], chosen)
    assert said["verdict"] == "kept", said
    return time.monotonic() - begun


def _cpu(server: Server) -> float:
    """Seconds of processor the server has used."""
    fields = Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _memory(server: Server) -> float:
    """Resident memory of the server in KiB."""
    lines = Path(f"/proc/{server.pid}/status").read_text().splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("VmRSS")))
