"""Stage and overlay in every state, with the longest questions of the bank: nothing overlaps, nothing is cut off."""

import base64
import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.e2e import records, screens
from tests.e2e.people import DESK, STAGE, Browser, Host
from tests.e2e.screens import NAMES, Screen

pytestmark = pytest.mark.e2e

SIZES = {
    "1920 × 1080": STAGE,
    "1366 × 768": {"width": 1366, "height": 768},
    "1024 × 768": {"width": 1024, "height": 768},
}
THEMES = ("light", "dark")


@pytest.fixture(scope="module")
def studio(chromium, site):
    """One browser for all of this, a room, and every state to draw."""
    opened = Browser(chromium, site.address)
    opened.room = records.new_room(site, ["one"] * 10, title="Cùng tìm hiểu Luật Bảo hiểm xã hội 2024")
    opened.longest = screens.longest(screens.questions(site))
    opened.states = list(screens.shared(opened.longest))
    yield opened
    opened.close()


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_no_state_of_the_stage_overlaps_or_is_cut_off(studio, size):
    screen = Screen(studio.window(size), studio.room, "stage")
    found = []
    for name, view, messages in studio.states:
        screen.show(messages)
        assert screen.view() == view, name
        for theme in THEMES if size is STAGE else THEMES[:1]:  # colours move nothing: one size shows both
            screen.theme(theme)
            found += [f"{name}, {theme}: {fault}" for fault in screen.faults()]
    assert found == []


def test_no_state_of_the_overlay_overlaps_or_is_cut_off_or_is_hard_to_read(studio):
    screen = Screen(studio.window(STAGE), studio.room, "overlay")
    found = []
    for name, _, messages in studio.states:
        screen.show(messages)
        found += [f"{name}: {fault}" for fault in screen.faults() + screen.pale()]
    assert found == []


@pytest.mark.parametrize("state", ["lobby", "open-total", "revealed-total", "board", "wheel", "break"])
def test_a_stream_sees_nothing_of_the_overlay_but_its_panels(studio, state):
    screen = Screen(studio.window(STAGE), studio.room, "overlay")
    screen.show(dict((name, messages) for name, _, messages in studio.states)[state])
    picture = Image.open(io.BytesIO(screen.page.screenshot(omit_background=True))).getchannel("A")
    boxes = screen.page.evaluate(
        "() => [...document.querySelectorAll('.panel, .clock, .join')].map((part) => part.getBoundingClientRect())"
        ".filter(({ width }) => width).map(({ left, top, right, bottom }) => [left, top, right, bottom])"
    )
    assert boxes and picture.getextrema()[1] >= 242  # 95 %
    for left, top, right, bottom in boxes:
        picture.paste(0, (int(left), int(top), int(right) + 1, int(bottom) + 1))
    assert picture.getextrema() == (0, 0)


def test_an_opening_is_marked_in_the_picture_with_the_time_of_the_server(studio):
    screen = Screen(studio.window(STAGE), studio.room, "overlay")
    asked = studio.longest["one"]
    screen.settle()
    screen.tell("turn:opened", screens.opened(asked, screen.now()) | {"cue_at": screen.now()})
    expect(screen.page.locator("[data-sync]")).to_be_visible()
    picture = base64.b64encode(screen.page.screenshot(type="jpeg", quality=60)).decode()
    seen = screen.page.evaluate(
        """async ([data, script]) => {
          const { decode } = await import(script);
          const picture = new Image();
          picture.src = "data:image/jpeg;base64," + data;
          await picture.decode();
          const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 360 });
          const pen = canvas.getContext("2d");
          pen.drawImage(picture, 0, 0, 640, 360);
          return decode(pen.getImageData(0, 0, 640, 360));
        }""",
        [picture, screen.script("barcode")],
    )
    assert seen == screen.now()
    screen.page.evaluate("window.serverNow += 1001")
    expect(screen.page.locator("[data-sync]")).to_be_hidden()
    screen.tell(
        "state", screens.state("OPEN", lambda now: screens.opened(asked, now) | {"cue_at": now})[1](screen.now())
    )
    assert screen.page.locator("[data-sync]").is_hidden()  # coming back is no opening


def test_a_strip_of_the_clock_is_read_back_at_every_size_or_not_at_all(studio):
    screen = Screen(studio.window(STAGE), studio.room, "overlay")
    misread = screen.page.evaluate(
        """async (script) => {
          const { CELLS, STRIP, WIDTH, HEIGHT, decode, draw } = await import(script);
          const size = { width: CELLS * STRIP.cell, height: STRIP.height };
          const strip = Object.assign(document.createElement("canvas"), size);
          const wrong = [];
          for (const wide of [1920, 1280, 854, 640]) {
            const tall = Math.round((wide * HEIGHT) / WIDTH);
            const canvas = Object.assign(document.createElement("canvas"), { width: wide, height: tall });
            const pen = canvas.getContext("2d", { willReadFrequently: true });
            for (const ms of [0, 1, 1735732800123, 2 ** 47 + 12345, 2 ** 48 - 1]) {
              pen.fillStyle = "#777";
              pen.fillRect(0, 0, wide, tall);
              if (decode(pen.getImageData(0, 0, wide, tall)) !== null) wrong.push(`${wide}: nothing`);
              draw(strip, ms);
              const scale = wide / WIDTH;
              pen.drawImage(strip, STRIP.x * scale, STRIP.y * scale, strip.width * scale, strip.height * scale);
              const seen = decode(pen.getImageData(0, 0, wide, tall));
              if (seen !== ms) wrong.push(`${wide}: ${ms} as ${seen}`);
              pen.fillStyle = "#000"; // a cell of the time is gone: its check finds it
              const place = [STRIP.x + STRIP.cell * 20, STRIP.y, STRIP.cell, STRIP.height];
              pen.fillRect(...place.map((length) => length * scale));
              const bit = Math.floor(ms / 2 ** 30) % 2;
              const torn = decode(pen.getImageData(0, 0, wide, tall));
              if (bit && torn !== null) wrong.push(`${wide}: ${ms} without a cell`);
            }
          }
          return wrong;
        }""",
        screen.script("barcode"),
    )
    assert misread == []


def test_the_overlay_fades_out_after_ten_seconds_away_and_comes_back_without_a_movement(studio):
    page = studio.window(STAGE)
    page.clock.install()
    screen = Screen(page, studio.room, "overlay")
    screen.show([screens.state("LOBBY")])
    screen.tell("lost", None)
    page.clock.run_for(9000)
    expect(page.locator("body")).not_to_have_class("away")
    page.clock.run_for(1100)
    expect(page.locator("body")).to_have_css("opacity", "0")
    screen.tell("connected", None)
    screen.show([screens.state("OPEN", lambda now: screens.opened(studio.longest["one"], now))])
    expect(page.locator("body")).to_have_css("opacity", "1")
    assert page.evaluate("document.getAnimations().length") == 0
    expect(page.locator("[data-panel=question]")).to_be_visible()


def test_the_wheel_stops_at_each_winner_it_was_told(studio):
    screen = Screen(studio.window(SIZES["1024 × 768"], reduced_motion="no-preference"), studio.room, "stage")
    screen.settle()
    prize = "Giải may mắn: một thẻ bảo hiểm y tế hộ gia đình"
    draw = {"name": "wheel", "prize": prize, "names": NAMES, "winners": [27, 3], "reserves": [5]}
    screen.tell("scene", draw)
    for told, winner in enumerate(draw["winners"], 1):
        expect(screen.page.locator(f"[data-wheel] [data-name='{winner}']")).to_be_attached()
        expect(screen.page.locator("[data-winners] li")).to_have_count(told - 1)
        screen.page.evaluate("document.getAnimations().forEach((one) => one.finish())")
        expect(screen.page.locator("[data-winners] li")).to_have_count(told)
        at_pointer = screen.page.evaluate("""() => {
          const { left, top, width, height } = document.querySelector(".draw svg").getBoundingClientRect();
          const part = document.elementFromPoint(left + width * 0.88, top + height / 2);
          return Number(part.closest("[data-name]").dataset.name);
        }""")
        assert at_pointer == winner
    expect(screen.page.locator("[data-winners] li")).to_have_text([NAMES[27], NAMES[3]])
    expect(screen.page.locator("[data-reserves] li")).to_have_text([NAMES[5]])
    screen.page.evaluate("document.getAnimations().forEach((one) => one.finish())")
    assert screen.faults() == []


def test_the_stage_leads_the_show_by_keys_only_where_the_host_is(studio, site):
    room = records.new_room(site, ["one"] * 2, seconds=30)
    host, guest = studio.window(DESK), studio.window(DESK)
    Host(host, room)
    for page in (host, guest):
        page.goto(f"/phong/{room.code}/man-hinh")
        expect(page.locator("[data-view=LOBBY]")).to_be_visible()
    guest.keyboard.press("?")
    expect(guest.locator("[data-keys]")).to_be_visible()
    expect(guest.locator("[data-keys]")).not_to_contain_text("Tạm dừng")
    guest.keyboard.press("Space")
    assert guest.evaluate("document.body.dataset.hostToken") is None
    screens.press_until(host, " ", "[data-view=QUESTION]")
    host.keyboard.press("p")
    expect(host.locator("[data-foot]")).to_contain_text("Đang tạm dừng")
    host.keyboard.press("p")
    expect(host.locator("[data-foot]")).to_contain_text("Đọc kỹ câu hỏi")
    host.keyboard.press("r")
    expect(host.locator("[data-host-line]")).to_be_visible()  # the reason why it is too early
    host.keyboard.press("t")
    expect(host.locator("html")).to_have_attribute("data-theme", "dark")
    host.keyboard.press("h")
    expect(host.locator("[data-join] [data-code-shown]").first).to_be_hidden()
    expect(guest.locator("[data-view=QUESTION]")).to_be_visible()


def test_at_the_end_people_and_teams_stand_on_the_stage_in_turn(studio):
    page = studio.window(STAGE)
    page.clock.install()
    screen = Screen(page, studio.room, "stage")
    screen.show([screens.state("FINISHED"), ("board", screens.top() | {"teams": screens.TEAMS})])
    for view in ("FINISHED", "TEAMS", "FINISHED"):
        assert screen.view() == view and screen.faults() == []
        page.clock.run_for(20_000)
    screen.tell("scene", {"name": "code"})  # what the host chooses stays in front
    page.clock.run_for(20_000)
    assert screen.view() == "LOBBY"
    screen.tell("scene", {"name": ""})
    assert screen.view() == "FINISHED"
    screen.tell("board", screens.top())  # no teams: the people stay
    page.clock.run_for(60_000)
    assert screen.view() == "FINISHED" and page.evaluate("document.getAnimations().length") == 0
