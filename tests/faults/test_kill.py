"""The server is killed in an open question, three times, under 200 players: nothing that was acknowledged is lost."""

import asyncio
import secrets
import sqlite3
import time
import urllib.error

import pytest
from websockets.exceptions import WebSocketException

from tests.live.browser import Browser, Refused
from tests.live.server import Server

PLAYERS = 200
KILLS = 3
LOST = (OSError, TimeoutError, AssertionError, Refused, urllib.error.URLError, WebSocketException)
PATIENCE = 60  # seconds; how long coming back really takes is printed


@pytest.fixture
def server(tmp_path):
    running = Server(tmp_path).start()
    yield running
    running.kill()


class Player:
    """A phone that answers again and again, and comes back by itself when its socket is lost."""

    def __init__(self, room, name):
        self.room = room
        entered = room.join(name)
        self.id, self.token, self.ticket = entered["player"], entered["token"], entered["ticket"]
        self.kept: list[tuple[str, list[int]]] = []  # what the server acknowledged
        self.connected_at = 0.0
        self._browser = None

    async def live(self, stop: asyncio.Event):
        while not stop.is_set():
            try:
                await self._connect(stop)
                while not stop.is_set():
                    await self._answer()
                    await asyncio.sleep(0.5 + secrets.randbelow(1000) / 1000)
            except LOST:
                await asyncio.sleep(0.1 + secrets.randbelow(200) / 1000)
        if self._browser is not None:
            await self._browser.close()

    async def _connect(self, stop):
        while not stop.is_set():
            try:
                ticket = self.ticket or await asyncio.to_thread(self.room.ticket, self.token)
                self.ticket = None
                self._browser = await Browser.open(self.room.server.address, ticket)
                self.state = await self._browser.hear("state")
                break
            except LOST:
                await asyncio.sleep(0.1)
        self.connected_at = time.monotonic()

    async def _answer(self):
        if self.state["phase"] != "OPEN":
            self.state = self.state | {"phase": "OPEN", "turn": await self._browser.hear("turn:opened")}
        turn = self.state["turn"]
        options = [option["o"] for option in turn["options"]]
        chosen = options if turn["kind"] == "order" else [secrets.choice(options)]
        m = secrets.token_hex(16)
        if (await self._browser.answer(turn["turn"], chosen, m))["verdict"] == "kept":
            self.kept.append((m, chosen))


def stored(server):
    with sqlite3.connect(server.folder / "quiz.sqlite3") as database:
        rows = database.execute("SELECT m, chosen, attempt_id, n FROM answer WHERE verdict = 'ok'").fetchall()
    return rows


def choice_room(server):
    """A room whose first question is answered by choosing."""
    for seed in "abcdefgh":
        room = server.new_room(questions=2, seconds=60, seed=seed)
        with sqlite3.connect(server.folder / "quiz.sqlite3") as database:
            kind = database.execute(
                "SELECT json_extract(v.content, '$.kind') FROM turn t JOIN question_version v ON v.id = t.version_id "
                "JOIN show s ON s.id = t.show_id WHERE s.code = ? AND t.n = 1",
                (room.code,),
            ).fetchone()[0]
        if kind in {"one", "truefalse"}:
            return room
    raise AssertionError("no seed gives a question to choose in")


async def killed(room, players):
    """Kill the server, start it again, and wait for everybody; gives how long the slowest took."""
    room.server.kill()
    killed_at = time.monotonic()
    await asyncio.to_thread(room.server.start)
    serving_at = time.monotonic()
    while not all(player.connected_at > killed_at for player in players):
        assert time.monotonic() - serving_at < PATIENCE, "players do not come back"
        await asyncio.sleep(0.05)
    state = await asyncio.to_thread(room.state, players[0].token)
    assert state["phase"] == "OPEN" and state["joined"] == PLAYERS
    return max(player.connected_at for player in players) - serving_at


def test_no_acknowledged_answer_is_lost_when_the_server_is_killed_in_an_open_question(server):
    async def story():
        room = choice_room(server)
        names = [f"Người chơi {n}" for n in range(PLAYERS)]
        players = [Player(room, name) for name in names]
        host = await Browser.open(server.address, room.ticket(room.host_token))
        assert await host.press("next") == {"ok": True}
        assert await host.press("open") == {"ok": True}
        stop = asyncio.Event()
        lives = [asyncio.create_task(player.live(stop)) for player in players]
        slowest = 0.0
        try:
            for _ in range(KILLS):
                await asyncio.sleep(2.5)
                slowest = max(slowest, await killed(room, players))
            await asyncio.sleep(1)
        finally:
            stop.set()  # also when a check fails: otherwise the phones would answer for ever
            await asyncio.gather(*lives)
        host = await Browser.open(server.address, room.ticket(room.host_token))
        assert await host.press("lock") == {"ok": True}
        await host.hear("turn:locked")
        assert await host.press("reveal") == {"ok": True}
        revealed = await host.hear("turn:revealed")
        await host.close()
        return players, revealed, slowest

    players, revealed, slowest = asyncio.run(story())
    rows = stored(server)
    kept = {m: chosen for m, chosen, _, _ in rows}
    acknowledged = [(m, str(chosen).replace(" ", "")) for player in players for m, chosen in player.kept]
    assert len(acknowledged) > PLAYERS * KILLS
    lost = [m for m, chosen in acknowledged if kept.get(m, "").replace(" ", "") != chosen]
    assert lost == []
    assert len({m for m, *_ in rows}) == len(rows)
    assert len({(attempt, n) for _, _, attempt, n in rows}) == len(rows)
    assert revealed["answered"] == len({attempt for _, _, attempt, _ in rows}) <= PLAYERS
    print(f"{len(acknowledged)} acknowledged, 0 lost, slowest back after {slowest:.1f} s")
