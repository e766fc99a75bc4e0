"""Before the lock nothing that reaches a page depends on the key: two rooms that differ only in it look alike."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from quizapp import db, models
from quizapp.rules.question import to_json
from quizapp.services.banks import Entry
from tests import make
from tests.e2e import records
from tests.e2e.people import DESK, PHONE, STAGE, Host

pytestmark = pytest.mark.e2e

# What differs between any two rooms, and between any two moments; everything else must be the same.
PASSING = [
    (
        re.compile(r'("token": ?"|"ticket": ?"|data-token="|khoa=|name="csrf_token" value="|name="m" value=")[^"<]+'),
        r"\1…",
    ),
    (re.compile(r'"(now|opens_at|closes_at|turn|online|joined|answered|cue_at)": ?\d+'), r'"\1":…'),
    (re.compile(r'"rundown": ?\[[\d,]*\]'), '"rundown":[…]'),
    (re.compile(r'(data-now|data-closes-at|data-id|name="turn" value)="\d+"'), r'\1="…"'),
    (re.compile(r' d="M[^"]*h1v1h-1z"'), ' d="QR"'),
    (re.compile(r'stroke-dashoffset="[^"]*"'), 'stroke-dashoffset="…"'),
    (re.compile(r'(data-seconds(="")?>)[\d:]+<'), r"\1…<"),
    (re.compile(r'data-unit="" hidden=""'), 'data-unit=""'),  # the clock says minutes or seconds
]


def two_twins(site):
    """The same question twice under the same words, the right answer being the first option or the second."""
    asked = make.question("chua-co-chia-khoa", options=4, key=(0,))
    engine = db.make_engine(f"sqlite:///{site.folder / 'quiz.sqlite3'}")
    entries = []
    with Session(engine) as session, session.begin():
        session.add(models.Question(id=asked.id, topic_slug="huu-tri", state="retired"))
        session.flush()
        for version, key in enumerate([(0,), (1,)], 1):
            said = replace(asked, key=key)
            kept = models.QuestionVersion(
                question_id=asked.id,
                version=version,
                content=to_json(said),
                digest="",
                source="editor",
                made_at=datetime.now(UTC),
            )
            session.add(kept)
            session.flush()
            entries.append(Entry(said, version, kept.id))
    engine.dispose()
    return entries


class Watched:
    """One page of a room with what reached it: as the server writes it, every frame, and what it looks like."""

    def __init__(self, page):
        self.page = page
        self.frames = []
        self.written = []
        page.on("websocket", lambda socket: socket.on("framereceived", self._hear))

    def read(self, code):
        """Keep the page as it is now, from the server and on the screen."""
        self.written.append(plain(self.page.request.get(self.page.url).text(), code))
        self.written.append(plain(self.page.locator("body").inner_html(), code))

    def messages(self, code):
        """The messages that were heard, each once; a count may come or be overtaken, so counts are left out."""
        told = [plain(frame, code) for frame in self.frames if frame.startswith("42/live,")]
        return sorted({message for message in told if "turn:count" not in message})

    def _hear(self, frame):
        self.frames.append(frame if isinstance(frame, str) else repr(frame))


def plain(text, code):
    text = text.replace(code, "CODE").replace(f"{code[:3]} {code[3:]}", "CODE")
    for pattern, instead in PASSING:
        text = pattern.sub(instead, text)
    return text


def play_to_the_lock(browser, site, room):
    """Host, player, stage and overlay see the question; the player answers with option 0; it locks."""
    desk = Watched(browser.window(DESK))
    host = Host(desk.page, room)
    overlay_url = desk.page.locator(".address").text_content()
    player, stage, overlay = (Watched(browser.window(size)) for size in (PHONE, STAGE, STAGE))
    player.page.goto(f"/phong/{room.code}")
    player.page.get_by_label("Tên hiển thị").fill("Ada")
    player.page.keyboard.press("Enter")
    stage.page.goto(f"/phong/{room.code}/man-hinh")
    overlay.page.goto(overlay_url)
    expect(host.page.locator("[data-online]")).to_have_text("1")
    expect(stage.page.locator("[data-names] li")).to_have_count(1)
    expect(overlay.page.locator("[data-panel=join]")).to_be_visible()
    host.press("Bắt đầu câu 1")
    for page in (player.page, stage.page, overlay.page):
        expect(page.locator("[data-stem]")).to_have_text("Câu hỏi")
    host.open_question(1)
    for page in (player.page, stage.page, overlay.page):
        expect(page.locator("[data-options] > *")).to_have_count(4)
    player.page.locator("label[for=o-0]").click()
    expect(player.page.locator("[data-tick]")).to_be_visible()
    host.has_heard_of(1, players=1)
    player.page.reload()  # the page of an open question, as the server writes it
    expect(player.page.locator("[data-tick]")).to_be_visible()
    stage.page.reload()
    overlay.page.reload()
    for page in (stage.page, overlay.page):
        expect(page.locator("[data-options] > *")).to_have_count(4)
    parts = {"host": desk, "player": player, "stage": stage, "overlay": overlay}
    for watched in parts.values():
        watched.read(room.code)
    host.press("Đóng câu")
    host.next_is("Công bố đáp án")
    expect(player.page.locator("[data-countdown]")).to_be_hidden()
    expect(stage.page.locator("[data-ring]")).to_be_hidden()
    for watched in parts.values():
        watched.read(room.code)
    return parts


def test_two_rooms_that_differ_in_the_key_alone_look_alike_until_the_lock(browser, site):
    rooms = [records.new_room(site, [], questions=[entry], seconds=60) for entry in two_twins(site)]
    first, second = (play_to_the_lock(browser, site, room) for room in rooms)
    for part in first:
        one, other = first[part], second[part]
        assert one.messages(rooms[0].code) == other.messages(rooms[1].code), part
        assert len(one.messages(rooms[0].code)) >= 3, part
        assert one.written == other.written, part
        assert len(one.written) == 4
        assert not any('"key"' in frame or '"right"' in frame for frame in one.frames + other.frames), part
    for parts in (first, second):  # and now they may differ: the comparison sees what it should
        parts["host"].page.keyboard.press("Space")
        expect(parts["player"].page.locator("[data-verdict]")).not_to_be_empty()
        expect(parts["stage"].page.locator("[data-key]")).not_to_be_empty()
    for part in ("player", "stage"):
        assert first[part].messages(rooms[0].code) != second[part].messages(rooms[1].code), part
