"""What a player's phone makes of what it hears: the server's half of the socket is played by the test."""

import json
import time

import pytest
from playwright.sync_api import expect

from tests.e2e import airing, records
from tests.e2e.people import PHONE

pytestmark = pytest.mark.e2e

FIRST = {"turn": 9001, "n": 1, "of": 3, "kind": "one", "stem": "Câu hỏi thứ nhất?"}
OPTIONS = {"options": [{"o": 0, "text": "10 năm"}, {"o": 1, "text": "15 năm"}]}
KEY = {
    "turn": 9001,
    "key": [1],
    "basis": {"text": "Điều 64", "href": "/luat/dieu-64"},
    "explanation": "Vì luật nói vậy.",
    "counts": [{"o": 0, "count": 1}, {"o": 1, "count": 2}],
    "answered": 3,
}
LOBBY = {"phase": "LOBBY", "joined": 1, "answers": [], "name": "Ada"}


def now():
    return round(time.time() * 1000)


class Fake:
    """The server's half of a phone's socket: `say` sends a message, `asked` holds what the phone sent."""

    def __init__(self, page):
        self.asked = []
        self._socket = None
        page.route_web_socket("**/socket.io/**", self._open)

    def say(self, name, /, **body):
        self._socket.send("42/live," + json.dumps([name, body]))

    def _open(self, socket):
        self._socket = socket
        socket.on_message(self._hear)
        socket.send('0{"sid":"a","upgrades":[],"pingTimeout":20000,"pingInterval":25000,"maxPayload":16384}')

    def _hear(self, frame):
        if frame.startswith("40/live"):
            self._socket.send('40/live,{"sid":"b"}')
            return
        number, _, body = frame.removeprefix("42/live,").partition("[")
        name, said = json.loads(f"[{body}") if body else (frame, {})
        self.asked.append((name, said))
        reply = {"sync": {"now": now()}, "answer": {"verdict": "kept"}}.get(name, {"ok": True})
        self._socket.send(f"43/live,{number}[{json.dumps(reply)}]")


@pytest.fixture
def page(browser):
    return browser.window(PHONE)


@pytest.fixture
def server(page):
    return Fake(page)


def enter(page, server, site, **settings):
    page.goto(f"/phong/{records.new_room(site, ['one'], **settings).code}")
    page.locator("[name=name]").fill("Ada")
    page.keyboard.press("Enter")
    hear(page, server, "sync")


def hear(page, server, name):
    """Wait until the phone has sent this."""
    until = time.monotonic() + 20
    while not any(said == name for said, _ in server.asked):
        assert time.monotonic() < until, server.asked
        page.wait_for_timeout(20)


def put(server, **more):
    """The first question is read, and open at once."""
    server.say("turn:reading", **FIRST, opens_at=now(), now=now(), **more)
    server.say("turn:opened", **FIRST, **OPTIONS, opens_at=now(), closes_at=now() + 60_000, now=now(), **more)


def test_a_question_is_in_no_part_of_the_page_before_the_viewers_own_time(page, server, site):
    airing.beside_stream(page, site)
    hear(page, server, "sync")
    server.say("stream:sync", offset_ms=None, lane_ms=2000, cap_ms=30_000, latency_ms=3000)
    expect(page.locator("[data-delay]")).to_contain_text("Hình chậm khoảng 3 giây so với trường quay.")
    cue = now() - 1000
    put(server, cue_at=cue)
    server.say("you", points=5, rank=1, of=1)
    page.wait_for_timeout(500)
    assert FIRST["stem"] not in page.content()
    assert "15 năm" not in page.content()
    expect(page.locator("[data-view=BOARD] [data-points]")).not_to_have_text("5")
    expect(page.locator("[data-stem]")).to_have_text(FIRST["stem"])
    assert now() >= cue + 3000
    expect(page.locator("[data-options] .o")).to_have_count(2)
    hear(page, server, "shown")


def test_a_state_takes_the_place_of_what_was_held(page, server, site):
    """The connection came back after the lock: nothing leads back to the open question."""
    airing.beside_stream(page, site)
    hear(page, server, "sync")
    server.say("stream:sync", offset_ms=None, lane_ms=2000, cap_ms=30_000, latency_ms=4000)
    put(server, cue_at=now() - 2500)
    locked = {**FIRST, **OPTIONS, "opens_at": now() - 9000, "closes_at": now() - 100, "now": now()}
    server.say("state", **{**LOBBY, "phase": "LOCKED", "now": now() + 1500, "turn": locked})
    expect(page.locator("[data-options] input").first).to_be_disabled()
    page.wait_for_timeout(2000)
    expect(page.locator("[data-options] input").first).to_be_disabled()


def test_where_the_first_answer_counts_the_tap_asks_once(page, server, site):
    enter(page, server, site, may_change=False)
    put(server)
    page.locator("[data-options] label").nth(1).click()
    button = page.get_by_role("button", name="Chốt đáp án B?")
    expect(button).to_be_visible()
    assert not [said for said, _ in server.asked if said == "answer"]
    button.click()
    expect(page.locator("[data-status-text]")).to_have_text("Đã ghi nhận: B.")
    expect(page.locator("[data-options] input").first).to_be_disabled()


def test_who_is_out_of_the_game_follows_and_may_come_back(page, server, site):
    enter(page, server, site, scoring="SURVIVAL")
    put(server)
    page.locator("[data-options] label").first.click()
    expect(page.locator("[data-tick]")).to_be_visible()
    server.say("turn:locked", turn=9001)
    server.say("turn:revealed", **KEY)
    server.say("you", points=0, rank=3, of=3, correct=False, **{"in": False})
    expect(page.locator("[data-inside]")).to_contain_text("Đã dừng cuộc chơi")
    expect(page.locator("[data-foot]")).to_have_class("foot wrong")
    second = {**FIRST, "turn": 9002, "n": 2, "stem": "Câu hỏi thứ hai?", **OPTIONS}
    server.say("turn:opened", **second, opens_at=now(), closes_at=now() + 60_000, now=now())
    expect(page.locator("[data-hint]")).to_have_text("Đang theo dõi, không tính điểm.")
    expect(page.locator("[data-options] input").first).to_be_disabled()
    server.say("turn:revealed", **{**KEY, "turn": 9002})
    server.say("you", points=0, rank=3, of=3, **{"in": True})
    expect(page.locator("[data-inside]")).to_contain_text("Được cứu trợ")
    server.say("turn:opened", **{**second, "turn": 9003}, opens_at=now(), closes_at=now() + 60_000, now=now())
    expect(page.locator("[data-options] input").first).to_be_enabled()


def test_a_name_that_the_host_changed_is_told(page, server, site):
    enter(page, server, site)
    server.say("state", **{**LOBBY, "now": now(), "name": "Sen Hồng 27"})
    expect(page.locator("[data-own-name]")).to_have_text("Sen Hồng 27")
    expect(page.locator("[data-notice]")).to_contain_text("Tên hiển thị đã được đổi thành «Sen Hồng 27».")


def test_a_room_that_gets_a_stream_later_is_loaded_again_with_it(page, server, site):
    enter(page, server, site)
    code = page.locator("[data-room]").get_attribute("data-code")
    records.change(site, "UPDATE show SET stream = ? WHERE code = ?", json.dumps(airing.YOUTUBE), code)
    server.say("stream:sync", offset_ms=None, lane_ms=2000, cap_ms=30_000, latency_ms=8000)
    expect(page.locator("[data-stream]")).to_be_visible()
