"""The console over real sockets: a host who drops out, a second device, presses with what comes with them."""

import asyncio

from tests.live.browser import Browser
from tests.live.server import Room
from tests.live.test_room import host_of, player_of

HLS = {"provider": "hls", "id": "/phat-thu/thu/index.m3u8", "latency_ms": 3_000}


def test_a_host_who_drops_out_in_an_open_question_stops_nothing_and_another_device_goes_on(server):
    async def story():
        room = server.new_room(questions=2, seconds=3)
        host, ada = await host_of(room), await player_of(room)
        await host.press("next")
        await host.press("open")
        opened = await host.hear("turn:opened")
        await host.close()
        locked = await ada.hear("turn:locked", turn=opened["turn"])
        assert locked == {"turn": opened["turn"]}
        synced = (await ada.emit("sync", {}))["now"]
        assert 2_000 <= synced - opened["closes_at"] < 10_000  # when its time, grace included, was over
        other = await host_of(room)
        state = await other.hear("host:state", phase="LOCKED")
        assert state["next"] == "reveal" and "reveal" in state["can"]
        assert await other.press("reveal") == {"ok": True}
        await ada.hear("turn:revealed", turn=opened["turn"])
        for browser in (other, ada):
            await browser.close()

    asyncio.run(story())


def test_two_devices_lead_one_show_and_both_see_what_either_does(server):
    async def story():
        room = server.new_room(questions=3, seconds=30)
        first, second, ada = await host_of(room), await host_of(room), await player_of(room)
        assert await first.press("lock-room", locked=True) == {"ok": True}
        assert (await second.hear("host:state", locked=True))["phase"] == "LOBBY"
        assert await second.press("lock-room", locked=False) == {"ok": True}
        assert await second.press("rename", player=ada.id, name="Chị Ada") == {"ok": True}
        assert (await first.press("players"))["list"][0]["name"] == "Chị Ada"
        assert await second.press("next") == {"ok": True}
        assert (await first.hear("host:state", phase="READING"))["next"] == "open"
        refused = await first.press("reveal")
        assert refused["refused"] is True and refused["reason"].endswith(".")
        assert (await first.press("predict"))["reason"] == "Phần thi này không có câu dự đoán."
        assert (await first.press("order", turns=[1]))["refused"] is True
        for browser in (first, second, ada):
            await browser.close()

    asyncio.run(story())


def test_a_show_leads_itself_while_nobody_touches_the_console(server):
    async def story():
        room = server.new_room(questions=2, seconds=1)
        host, ada = await host_of(room), await player_of(room)
        assert await host.press("auto", on=True) == {"ok": True}
        assert (await host.hear("host:state", autopilot={"on": True}))["next"] == "next"
        await host.press("next")
        await host.press("open")
        opened = await ada.hear("turn:opened", n=1)
        state = await host.hear("host:state", phase="LOCKED")
        assert state["autopilot"]["next"] == "reveal"
        await ada.hear("turn:revealed", turn=opened["turn"])
        assert await host.press("auto", on=False) == {"ok": True}
        await host.hear("host:state", phase="REVEAL", autopilot={"on": False})
        for browser in (host, ada):
            await browser.close()

    asyncio.run(story())


def test_the_console_hears_since_when_the_overlay_of_a_stream_or_a_stage_that_was_open_is_away(server):
    async def story():
        room = server.new_room(questions=2, seconds=30, stream=HLS)
        host = await host_of(room)
        now = (await host.emit("sync", {}))["now"]
        assert (await missing(host, {"overlay"}))["overlay"] <= now + 10_000  # never there so far
        overlay, stage = [
            await Browser.open(server.address, room.ticket(token)) for token in (room.overlay_token, room.viewer_token)
        ]
        await host.hear("host:state", gone={})
        await host.press("next")
        await host.hear("host:state", phase="READING", gone={})
        now = (await host.emit("sync", {}))["now"]
        await stage.close()
        assert now - 1000 < (await missing(host, {"stage"}))["stage"] < now + 10_000
        await overlay.close()
        assert now - 1000 < (await missing(host, {"stage", "overlay"}))["overlay"] < now + 10_000
        back = await Browser.open(server.address, room.ticket(room.overlay_token))
        await missing(host, {"stage"})
        for browser in (host, back):
            await browser.close()

    asyncio.run(story())


async def missing(host, names):
    """What a console is told of screens that are away, once it is these."""
    async with asyncio.timeout(10):
        while set((await host.hear("host:state"))["gone"]) != names:
            await asyncio.sleep(0.05)
    return (await host.hear("host:state"))["gone"]


def test_only_screens_that_should_be_there_are_missed(server):
    async def story():
        room = server.new_room(questions=2, seconds=30)
        host, stage = await host_of(room), await Browser.open(server.address, room.ticket(room.viewer_token))
        await stage.close()
        assert (await host.hear("host:state", phase="LOBBY"))["gone"] == {}
        await host.press("next")
        await missing(host, {"stage"})  # no picture of a stream, so no layer in it
        await host.press("end")
        await host.hear("host:state", phase="FINISHED", gone={})
        await host.close()

    asyncio.run(story())


def test_a_room_from_the_command_line_leads_itself_and_keeps_reserves_aside(server):
    told = server.flask("show", "new", "--questions", "3", "--reserves", "2", "--auto", "--scoring", "SURVIVAL")

    async def story():
        host = await host_of(Room(server, told["code"], told["host_token"]))
        state = await host.hear("host:state")
        await host.close()
        return state

    state = asyncio.run(story())
    assert state["of"] == 3 and state["autopilot"] == {"on": True}
