"""The same room with PostgreSQL as the truth: answers, the lock, the board, and a kill in an open question."""

import asyncio
import secrets

from tests.live.browser import Browser
from tests.live.server import Server
from tests.programs import postgres, postgres_url  # noqa: F401


def test_a_room_on_postgresql_goes_on_after_a_kill(tmp_path, postgres_url):  # noqa: F811
    server = Server(tmp_path, DATABASE_URL=postgres_url).start()

    async def story():
        room = server.new_room(questions=1, seconds=60, seed="pg")
        players = {name: room.join(name) for name in ("Ada", "Bob", "ada")}
        assert room.state(players["ada"]["token"])["joined"] == 3
        host = await Browser.open(server.address, room.ticket(room.host_token))
        assert await host.press("next") == {"ok": True}
        assert await host.press("open") == {"ok": True}
        opened = await host.hear("turn:opened")
        await asyncio.sleep((opened["opens_at"] - opened["now"]) / 1000 + 0.1)
        options = [option["o"] for option in opened["options"]]
        chosen = 1 if opened["kind"] == "number" else options if opened["kind"] == "order" else options[:1]
        body = {"turn": opened["turn"]} | ({"v": chosen} if isinstance(chosen, int) else {"o": chosen})
        sockets = [await Browser.open(server.address, one["ticket"]) for one in players.values()]
        said = await asyncio.gather(*(one.emit("answer", body | {"m": secrets.token_hex(16)}) for one in sockets))
        assert said == [{"verdict": "kept"}] * 3
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        state = room.state(players["Ada"]["token"])
        assert state["phase"] == "OPEN" and len(state["answers"]) == 1
        host = await Browser.open(server.address, room.ticket(room.host_token))
        assert await host.press("lock") == {"ok": True}
        await host.hear("turn:locked")
        assert await host.press("reveal") == {"ok": True}
        assert (await host.hear("turn:revealed"))["answered"] == 3
        assert await host.press("board") == {"ok": True}
        board = await host.hear("board")
        assert board["top"][0]["rank"] == 1 and board["of"] == 3
        await host.close()

    try:
        asyncio.run(story())
    finally:
        server.stop()
