"""A live room over real sockets, from the lobby to the end."""

import asyncio
import json
import secrets
import urllib.error

import pytest

from quizapp.errors import Unreadable
from tests.live.browser import Browser, Refused


async def host_of(room):
    return await Browser.open(room.server.address, room.ticket(room.host_token))


async def player_of(room, name="Ada"):
    entered = room.join(name)
    browser = await Browser.open(room.server.address, entered["ticket"])
    browser.token, browser.id = entered["token"], entered["player"]
    await browser.hear("state")
    return browser


async def open_question(host, n):
    assert await host.press("next") == {"ok": True}
    assert await host.press("open") == {"ok": True}
    opened = await host.hear("turn:opened", n=n)
    await asyncio.sleep(max(0, opened["opens_at"] - opened["now"]) / 1000 + 0.05)
    return opened


async def close_question(host, turn):
    assert await host.press("lock") == {"ok": True}
    await host.hear("turn:locked", turn=turn)
    assert await host.press("reveal") == {"ok": True}
    return await host.hear("turn:revealed", turn=turn)


def right(revealed, kind):
    return revealed["key"][0] if kind == "number" else revealed["key"]


def test_a_room_plays_from_the_lobby_to_the_end(server):
    async def story():
        room = server.new_room(questions=2, seconds=60, seed="story")
        host = await host_of(room)
        ada, bob = await player_of(room, "Ada"), await player_of(room, "Bob")
        assert (await ada.hear("state"))["phase"] == "LOBBY"
        assert (await host.hear("lobby", joined=2))["names"][0] == "Bob"
        points = {"Ada": 0, "Bob": 0}
        for n in (1, 2):
            opened = await open_question(host, n)
            kind, turn = opened["kind"], opened["turn"]
            assert (await ada.hear("turn:reading", n=n)).keys() == {
                "turn",
                "n",
                "of",
                "kind",
                "stem",
                "short",
                "opens_at",
                "now",
            }
            assert (await ada.hear("turn:opened", n=n)) == opened
            await ada.emit("shown", {"turn": turn})
            options = [option["o"] for option in opened["options"]]
            if kind == "number":
                guess = 1
            elif kind == "order":
                guess = options
            else:
                guess = sorted(options[:2]) if kind == "several" else options[:1]
            assert await ada.answer(turn, guess) == {"verdict": "kept"}
            assert (await host.hear("turn:count", turn=turn, answered=1))["joined"] == 2
            revealed = await close_question(host, turn)
            was_right = guess == right(revealed, kind)
            assert (await ada.hear("turn:revealed", turn=turn))["key"] == revealed["key"]
            you = await ada.hear("you", correct=was_right)
            points["Ada"] = you["points"]
            await host.press("board")
            board = await bob.hear("board", of=2)
            assert {line["name"]: line["points"] for line in board["top"]} == points
        assert (await host.press("next"))["refused"] is True
        await host.press("end")
        await ada.hear("show:ended")
        assert room.state(ada.token)["phase"] == "FINISHED"
        for browser in (host, ada, bob):
            await browser.close()

    asyncio.run(story())


def test_messages_before_the_lock_hold_only_the_documented_fields_and_no_key(server):
    async def story():
        room = server.new_room(questions=1, seconds=30)
        host, ada = await host_of(room), await player_of(room)
        opened = await open_question(host, 1)
        assert opened.keys() == {"turn", "n", "of", "kind", "stem", "short", "options", "opens_at", "closes_at", "now"}
        assert all(option.keys() == {"o", "text"} for option in opened["options"])
        assert 300 <= opened["opens_at"] - opened["now"] <= 1000
        for browser in (host, ada):
            assert not any('"key"' in frame or '"right"' in frame for frame in browser.frames)
        await close_question(host, opened["turn"])
        await host.close()
        await ada.close()

    asyncio.run(story())


def test_a_newer_connection_of_a_player_closes_the_older_and_both_say_so(server):
    async def story():
        room = server.new_room(questions=1)
        older = await player_of(room)
        newer = await Browser.open(server.address, room.ticket(older.token))
        await older.hear("moved")
        await older.gone()
        assert (await newer.hear("state"))["joined"] == 1
        await newer.close()

    asyncio.run(story())


def test_two_tabs_of_one_player_count_once(server):
    async def story():
        room = server.new_room(questions=1, seconds=30)
        host, first = await host_of(room), await player_of(room)
        second = await Browser.open(server.address, room.ticket(first.token))
        opened = await open_question(host, 1)
        chosen = 1 if opened["kind"] == "number" else [option["o"] for option in opened["options"]]
        chosen = chosen if opened["kind"] in {"number", "order"} else chosen[:1]
        assert (await second.answer(opened["turn"], chosen))["verdict"] == "kept"
        body = {"m": secrets.token_hex(16), "turn": opened["turn"]}
        body |= {"v": chosen} if isinstance(chosen, int) else {"o": chosen}
        assert server.post(f"/api/v1/rooms/{room.code}/answers", body, first.token) == {"verdict": "kept"}
        count = await host.hear("turn:count", turn=opened["turn"], answered=1)
        assert count["answered"] <= count["joined"] == 1
        await host.close()
        await second.close()

    asyncio.run(story())


def test_a_message_sent_twice_is_answered_alike_over_socket_and_http(server):
    async def story():
        room = server.new_room(questions=1, seconds=30, seed="one")
        host, ada = await host_of(room), await player_of(room)
        opened = await open_question(host, 1)
        m = secrets.token_hex(16)
        chosen = 1 if opened["kind"] == "number" else [option["o"] for option in opened["options"]]
        chosen = chosen if opened["kind"] in {"number", "order"} else chosen[:1]
        first = await ada.answer(opened["turn"], chosen, m)
        assert await ada.answer(opened["turn"], chosen, m) == first
        body = {"m": m, "turn": opened["turn"]} | ({"v": chosen} if isinstance(chosen, int) else {"o": chosen})
        assert server.post(f"/api/v1/rooms/{room.code}/answers", body, ada.token) == first
        await host.close()
        await ada.close()

    asyncio.run(story())


@pytest.mark.parametrize(
    "body",
    [
        None,
        5,
        "x",
        [],
        {},
        {"m": "a" * 32, "turn": 1},
        {"m": "a" * 32, "turn": True, "o": [0]},
        {"m": "a" * 32, "turn": 1.0, "o": [0]},
        {"m": "A" * 32, "turn": 1, "o": [0]},
        {"m": "a" * 31, "turn": 1, "o": [0]},
        {"m": "a" * 32, "turn": 1, "o": [0], "extra": 1},
        {"m": "a" * 32, "turn": 1, "o": ["0"]},
        {"m": "a" * 32, "turn": 1, "o": [0], "v": 1},
        {"m": "a" * 32, "turn": 1, "o": [0] * 99},
        {"m": "a" * 32, "turn": 10**30, "o": [0]},
        {"m": "a" * 32, "turn": 2**31, "o": [0]},
        {"m": "a" * 32, "turn": 2**63, "o": [0]},
        {"m": "a" * 32, "turn": 2**64 - 1, "o": [0]},
        {"m": "a" * 32, "turn": -(2**63), "o": [0]},
        {"m": "a" * 32 + "\n", "turn": 1, "o": [0]},
        {"m": "a" * 32, "turn": 1, "v": 10**12},
    ],
)
def test_an_answer_of_another_shape_is_refused_without_harm(server, body):
    async def story():
        room = server.new_room(questions=1)
        ada = await player_of(room)
        assert (await ada.emit("answer", body))["verdict"] == "refused"
        assert "now" in await ada.emit("sync")
        await ada.close()

    asyncio.run(story())


@pytest.mark.parametrize(
    "frame",
    [
        '42/live,7["answer",{"m":"' + "a" * 32 + '","turn":NaN,"o":[0]}]',
        '42/live,7["answer",{"m":"\\ud800","turn":1,"o":[0]}]',
        '451-/live,7["answer",{"_placeholder":true,"num":0}]',
        "42/live,7[",
        "42/live,7{}",
        "44/live,{}",
        "47/live",
        "4",
        "bAAAA",
        "nonsense",
        b"\x00\x01\x02",
        '42/live,7["answer",{"m":"' + "a" * 17_000 + '"}]',
        '42/live,["unknown",{}]',
        '42/live,7["disconnect"]',
        '42/live,["connect",{},{"ticket":"x"}]',
        "42/live,54[]",
        '42/live,7["shown",{"turn":9223372036854775808}]',
        '42/live,7["sync",{"a":1}]',
        '42/live,7["host",{"do":"next"}]',
    ],
)
def test_a_broken_frame_harms_nobody_else(server, frame):
    async def story():
        room = server.new_room(questions=1)
        mallory, ada = await player_of(room, "Mallory"), await player_of(room, "Ada")
        try:
            await mallory.raw(frame)
            await asyncio.sleep(0.2)
        finally:
            await mallory.close()
        assert "now" in await ada.emit("sync")
        assert room.state(ada.token)["phase"] == "LOBBY"
        await ada.close()

    asyncio.run(story())
    assert "Traceback" not in server.log()  # nobody fills the log


@pytest.mark.parametrize("ticket", [None, "", 7, "x", {"a": 1}, "y" * 3000])
def test_nobody_enters_without_a_ticket(server, ticket):
    with pytest.raises(Refused):
        asyncio.run(Browser.open(server.address, ticket))


def test_a_ticket_opens_one_socket_only(server):
    async def story():
        room = server.new_room(questions=1)
        entered = room.join("Ada")
        first = await Browser.open(server.address, entered["ticket"])
        with pytest.raises(Refused):
            await Browser.open(server.address, entered["ticket"])
        await first.close()

    asyncio.run(story())


def test_a_socket_from_another_site_is_refused(server):
    room = server.new_room(questions=1)
    with pytest.raises(Exception, match="400"):
        asyncio.run(Browser.open(server.address, room.join("Ada")["ticket"], origin="https://evil.example"))


def test_a_player_cannot_press_and_a_viewer_cannot_answer(server):
    async def story():
        room = server.new_room(questions=1)
        ada = await player_of(room)
        said = await ada.press("next")
        assert said["refused"] is True and said["reason"]
        assert room.state(ada.token)["phase"] == "LOBBY"
        await ada.close()

    asyncio.run(story())


def test_every_refused_press_says_why_and_is_logged(server):
    async def story():
        room = server.new_room(questions=1)
        host = await host_of(room)
        for press in ("reveal", "lock", "dance", "board"):
            said = await host.press(press)
            assert said["refused"] is True and said["reason"].endswith(".")
        too_long = await host.press("void", reason="x" * 401)
        assert too_long == {"refused": True, "reason": Unreadable.sentence}  # the host may, the message is wrong
        await host.close()

    asyncio.run(story())


def test_english_players_hear_english(server):
    async def story():
        room = server.new_room(questions=1, seed="en")
        entered = room.join("Ada")
        english = server.post(f"/api/v1/rooms/{room.code}/tickets?lang=en", token=entered["token"])["ticket"]
        ada = await Browser.open(server.address, english)
        host = await host_of(room)
        await host.press("next")
        heard, told = await ada.hear("turn:reading"), await host.hear("turn:reading")
        assert heard["turn"] == told["turn"] and heard["stem"] != told["stem"]
        await ada.close()
        await host.close()

    asyncio.run(story())


def test_somebody_sent_out_is_told_and_gone(server):
    async def story():
        room = server.new_room(questions=1)
        host, ada = await host_of(room), await player_of(room)
        roll = (await host.press("players"))["list"]
        assert roll == [{"player": ada.id, "name": "Ada", "team": "", "online": True}]
        assert await host.press("remove", player=ada.id) == {"ok": True}
        await ada.hear("moved")
        await ada.gone()
        with pytest.raises(urllib.error.HTTPError):
            room.state(ada.token)
        await host.close()

    asyncio.run(story())


def test_a_notice_reaches_everybody(server):
    async def story():
        room = server.new_room(questions=1)
        host, ada = await host_of(room), await player_of(room)
        await host.press("notice", text="Nghỉ 5 phút")
        assert (await ada.hear("notice", text="Nghỉ 5 phút"))["text"]
        await host.close()
        await ada.close()

    asyncio.run(story())


def test_hiding_the_board_empties_it_and_leaves_an_open_question_alone(server):
    async def story():
        room = server.new_room(questions=2, seconds=60, seed="hidden board")
        host, ada = await host_of(room), await player_of(room)
        opened = await open_question(host, 1)
        assert await host.press("hide", hidden=True) == {"ok": True}
        await close_question(host, opened["turn"])
        await ada.hear("turn:revealed")
        assert "board" not in [name for name, _ in ada.messages]
        assert await host.press("board") == {"ok": True}
        assert await ada.hear("board") == {"top": [], "of": 0}
        assert await host.press("hide", hidden=False) == {"ok": True}
        assert [line["name"] for line in (await ada.hear("board", of=1))["top"]] == ["Ada"]
        for browser in (host, ada):
            await browser.close()

    asyncio.run(story())


def test_problem_details_say_what_is_wrong(server):
    with pytest.raises(urllib.error.HTTPError) as refused:
        server.post("/api/v1/rooms/000000/players", {"name": "Ada"})
    body = json.loads(refused.value.read())
    assert refused.value.code == 404 and body["detail"].startswith("Không tìm thấy phòng thi")


def test_a_room_made_on_the_command_line_is_known_at_once_to_the_running_server(server):
    told = server.flask("show", "new", "--questions", "3", "--seconds", "15", "--seed", "7")
    assert set(told) == {"code", "room_url", "host_url", "stage_url", "overlay_url", "host_token"}
    state = server.get(f"/api/v1/rooms/{told['code']}/state", told["host_token"])
    assert state["phase"] == "LOBBY" and state["joined"] == 0
