"""A room beside a stream over real sockets: who holds what when, and that nothing of it depends on the key."""

import asyncio
import json
import re
import time
from dataclasses import replace

import pytest

from tests import make
from tests.live.browser import Browser

HLS = {"provider": "hls", "id": "/phat-thu/thu/index.m3u8", "latency_ms": 3_000}
FAR = 2_300  # one lane behind


def now_ms():
    return time.time() * 1000


class Viewer(Browser):
    """A browser that notes when it heard what."""

    async def _take(self, frame):
        if frame.startswith("42/live,"):
            self.__dict__.setdefault("heard_at", []).append((now_ms(), frame))
        await super()._take(frame)

    def first(self, words):
        """When a frame with these words first came; `None` if none did."""
        return next((at for at, frame in self.__dict__.get("heard_at", []) if words in frame), None)


async def host_of(room):
    return await Viewer.open(room.server.address, room.ticket(room.host_token))


async def player_of(room, name, method=None, latency_ms=0):
    entered = room.join(name)
    player = await Viewer.open(room.server.address, entered["ticket"])
    player.token, player.id = entered["token"], entered["player"]
    await player.hear("state")
    if method is not None:
        assert await player.emit("stream:pos", {"method": method, "latency_ms": latency_ms}) == {"ok": True}
        assert (await player.hear("stream:sync", latency_ms=latency_ms))["lane_ms"] == 2_000
    return player


async def revealed(host, turn):
    """Press until the key may be revealed; the press waits for the slowest."""
    await host.hear("turn:locked", turn=turn)
    while (await host.press("reveal")).get("refused"):
        await asyncio.sleep(0.05)
    return await host.hear("turn:revealed", turn=turn)


def test_everybody_holds_a_question_from_their_own_lane_on_and_answers_in_their_own_window(server):
    async def story():
        room = server.new_room(asked=[make.question("lan-001")], stream=HLS, seconds=5)
        host, hall = await host_of(room), await player_of(room, "Hal", "room", 0)
        far, silent = await player_of(room, "Eve", "pdt", FAR), await player_of(room, "Sil")
        assert (await silent.hear("stream:sync"))["latency_ms"] == 3_000
        assert (await host.hear("stream:sync"))["latency_ms"] == 0
        assert await host.press("next") == {"ok": True}
        reading = await host.hear("turn:reading")
        assert await host.press("open") == {"ok": True}
        opened = await host.hear("turn:opened")
        turn, cue = opened["turn"], opened["cue_at"]
        assert cue == opened["opens_at"] == (await hall.hear("turn:opened"))["opens_at"]
        theirs = await far.hear("turn:opened")
        assert far.first("stem") >= reading["cue_at"] + 2_000 and far.first("options") >= cue + 2_000
        assert (theirs["opens_at"], theirs["closes_at"]) == (cue + FAR, opened["closes_at"] + FAR)
        assert theirs["cue_at"] == cue and theirs["now"] >= cue + 2_000
        assert (await far.answer(turn, [1]))["verdict"] == "early"
        await asyncio.sleep(max(0, cue + FAR - now_ms()) / 1000 + 0.02)
        assert (await far.answer(turn, [1]))["verdict"] == "kept"
        assert (await silent.hear("turn:opened"))["opens_at"] == cue + 3_000
        key = await revealed(host, turn)
        closed = opened["closes_at"] + 2_000 + 3_000  # grace, and the slowest
        assert key["cue_at"] >= closed
        told = await far.hear("turn:revealed", turn=turn)
        assert told["key"] == key["key"] and far.first('"key"') >= key["cue_at"] + 2_000
        assert (await far.hear("you"))["correct"] is True
        assert [name for name, _ in far.messages if name.startswith("turn:") and name != "turn:count"] == [
            "turn:armed",
            "turn:reading",
            "turn:opened",
            "turn:locked",
            "turn:revealed",
        ]
        for browser in (host, hall, far, silent):
            await browser.close()

    asyncio.run(story())


def test_whoever_comes_back_holds_what_has_reached_them_and_hears_the_rest_in_time(server):
    async def story():
        room = server.new_room(asked=[make.question("lan-002")], stream=HLS, seconds=5)
        host, far = await host_of(room), await player_of(room, "Eve", "pdt", FAR)
        await host.press("next")
        reading = await host.hear("turn:reading")
        await host.press("open")
        opened = await host.hear("turn:opened")
        assert "turn" not in room.state(far.token)  # nothing of it has reached this player
        again = await Viewer.open(server.address, room.ticket(far.token))
        assert (await again.hear("state"))["phase"] == "LOBBY"
        await again.hear("turn:opened", turn=opened["turn"])
        assert again.first("stem") >= reading["cue_at"] + 2_000
        assert again.first("options") >= opened["cue_at"] + 2_000
        await asyncio.sleep(max(0, opened["opens_at"] + FAR - now_ms()) / 1000 + 0.02)
        state = room.state(far.token)
        assert state["phase"] == "OPEN" and state["turn"]["opens_at"] == opened["opens_at"] + FAR
        third = await Viewer.open(server.address, room.ticket(far.token))
        assert (await third.hear("state"))["turn"]["options"] == state["turn"]["options"]
        for browser in (host, again, third):
            await browser.close()

    asyncio.run(story())


def test_after_a_restart_what_was_on_its_way_still_comes(server):
    async def story():
        room = server.new_room(asked=[make.question("lan-003")], stream=HLS, seconds=30)
        host, far = await host_of(room), await player_of(room, "Eve", "pdt", 12_000)
        await host.press("next")
        reading = await host.hear("turn:reading")
        server.kill()
        server.start()
        again = await Viewer.open(server.address, room.ticket(far.token))
        assert (await again.hear("stream:sync"))["latency_ms"] == 12_000
        told = await again.hear("state", phase="READING")
        assert told["turn"]["n"] == 1 and again.first("stem") >= reading["cue_at"] + 12_000
        await again.close()

    asyncio.run(story())


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"method": "pdt"},
        {"method": "pdt", "latency_ms": -1},
        {"method": "pdt", "latency_ms": 10.5},
        {"method": "pdt", "latency_ms": 10**9},
        {"method": "rtc", "latency_ms": 100},
        {"method": "magic", "latency_ms": 100},
    ],
)
def test_a_position_that_cannot_be_is_not_kept(server, body):
    async def story():
        room = server.new_room(asked=[make.question(f"lan-{abs(hash(str(body))) % 10**6:06}")], stream=HLS)
        ada = await player_of(room, "Ada")
        assert await ada.emit("stream:pos", body) == {"ok": False}
        await ada.close()

    asyncio.run(story())


def test_a_page_says_how_far_behind_it_is_every_few_seconds_at_most(server):
    async def story():
        room = server.new_room(asked=[make.question("lan-004")], stream=HLS)
        ada = await player_of(room, "Ada", "pdt", 4_000)
        assert await ada.emit("stream:pos", {"method": "pdt", "latency_ms": 9_000}) == {"ok": False}
        assert not any(body.get("latency_ms") == 9_000 for _, body in ada.messages)
        await ada.close()

    asyncio.run(story())


# What differs between any two rooms and any two moments; everything else must be the same.
PASSING = re.compile(r'"(now|opens_at|closes_at|turn|cue_at|alive)":\d+')


async def until_the_lock(server, key):
    """A show of one question with this key, to the lock of the slowest: all frames of every part, in order."""
    asked = replace(make.question("khong-lo", options=4), key=(key,))
    room = server.new_room(asked=[asked], seed="khong lo", stream=HLS, seconds=5)
    host = await host_of(room)
    screens = {
        name: await Viewer.open(server.address, room.ticket(token))
        for name, token in (("stage", room.viewer_token), ("overlay", room.overlay_token))
    }
    players = {
        "hall": await player_of(room, "Hal", "room", 0),
        "near": await player_of(room, "Ada", "pdt", 700),
        "far": await player_of(room, "Eve", "pdt", FAR),
    }
    await host.hear("lobby", joined=3)
    await host.press("next")
    await host.hear("turn:reading")
    await host.press("open")
    turn = (await host.hear("turn:opened"))["turn"]
    for chosen, player in enumerate(players.values()):
        opened = await player.hear("turn:opened")
        await asyncio.sleep(max(0, opened["opens_at"] - now_ms()) / 1000 + 0.02)
        assert (await player.emit("shown", {"turn": turn})) == {"ok": True}
        assert (await player.answer(turn, [chosen]))["verdict"] == "kept"
    states = [_plain(json.dumps(room.state(player.token))) for player in players.values()]
    await host.hear("turn:locked", turn=turn)
    for part in (*screens.values(), *players.values()):
        await part.hear("turn:locked", turn=turn)
    parts = {"host": host, **screens, **players}
    frames = {name: [_plain(frame) for frame in part.frames] for name, part in parts.items()}
    while (await host.press("reveal")).get("refused"):
        await asyncio.sleep(0.05)
    keys = [(await part.hear("turn:revealed", turn=turn))["key"] for part in parts.values()]
    for part in parts.values():
        await part.close()
    return frames, states, keys


def _plain(frame):
    return PASSING.sub(r'"\1":…', frame.replace(": ", ":"))


HURRIED = ("turn:count", "host:state", "lobby")  # told when there is time: which steps are seen is chance


def _steady(frames):
    return [frame for frame in frames if not frame.startswith(tuple(f'42/live,["{name}"' for name in HURRIED))]


def test_two_shows_that_differ_in_the_key_alone_send_every_part_the_same_until_the_lock(server):
    one, other = (asyncio.run(until_the_lock(server, key)) for key in (0, 2))
    assert one[2] != other[2]  # now they may differ: each part has heard its key
    assert one[1] == other[1]
    assert one[0].keys() == other[0].keys() == {"host", "stage", "overlay", "hall", "near", "far"}
    for part, frames in one[0].items():
        assert _steady(frames) == _steady(other[0][part]), part
        assert sum("turn:" in frame for frame in _steady(frames)) >= 4, part
        assert not any('"key"' in frame or '"right"' in frame or '"counts"' in frame for frame in frames), part
