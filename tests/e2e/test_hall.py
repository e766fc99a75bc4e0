"""A hall plays: host, stage and three phones through their pages, with everything that goes wrong in a hall."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.e2e import records
from tests.e2e.people import DESK, STAGE, Browser, Host, enter_room

pytestmark = pytest.mark.e2e

SECONDS = 60
LANH = "Cô Lành – Quảng Trị"
SILENT = ("Dũng", "Yến")  # came in, and never answer
ANSWERS = "SELECT * FROM answer WHERE attempt_id = ? AND turn_id = ? AND verdict = 'ok' ORDER BY n"
SHOWN = "SELECT * FROM shown WHERE attempt_id = ? AND turn_id = ?"


@pytest.fixture
def browser(chromium, own_site):
    opened = Browser(chromium, own_site.address)
    yield opened
    opened.close()


@pytest.fixture
def room(own_site):
    return records.new_room(own_site, ["one", "several", "truefalse"], seconds=SECONDS)


def enter_by_keyboard(page, code, name):
    page.goto(f"/phong/{code}")
    tab_to(page, "#name")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Đã vào phòng thi")).to_be_visible()


def tab_to(page, selector):
    """Press Tab until the focus is there."""
    for _ in range(30):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with the Tab key")


def tap(page, *options):
    for o in options:
        page.locator(f"label[for=o-{o}]").click()


def sees_question(page, turn):
    """The options are there, and the focus is in the question."""
    expect(page.locator("[data-stem]")).to_have_text(turn["question"]["stem"]["vi"])
    expect(page.locator("[data-options] input").first).to_be_enabled()


def sees_kept(page, turn, chosen):
    """The phone says that the server has these options, by the letters on its screen."""
    letters = ", ".join(sorted("ABCDEF"[turn["order"].index(o)] for o in chosen))
    expect(page.locator("[data-status-text]")).to_have_text(f"Đã ghi nhận: {letters}. Có thể đổi khi chưa hết giờ.")
    expect(page.locator("[data-tick]")).to_be_visible()


def wrong(turn):
    """An option that is not right."""
    return next(o for o in turn["order"] if o not in turn["question"]["key"])


def shown_board(page, view):
    """The lines of a board on a page: rank, name, points."""
    lines = page.locator(f"[data-view={view}] [data-top] > li")
    return [
        (number(slot(line, "rank")), slot(line, "name").inner_text(), number(slot(line, "points")))
        for line in lines.all()
    ]


def slot(line, name):
    return line.locator(f"[data-slot={name}]")


def number(element):
    """A whole number as people write it: `1.333`."""
    return int(re.sub(r"\D", "", element.inner_text()))


def board_by_hand(server, code):
    """The board of ACCURACY_FIRST (contest-rules §14.3, fairness §3), computed here from the stored instants alone."""
    show = records.row(server, "SELECT * FROM show WHERE code = ?", code)
    turns = records.turns(server, code)
    full, most = SECONDS * 1000, 999 // len(turns)
    points = {}
    for player in records.rows(server, "SELECT id, name FROM attempt WHERE show_id = ?", show["id"]):
        quota, total = 900, 0
        for turn in turns:
            given = records.rows(server, ANSWERS, player["id"], turn["id"])
            shown = records.rows(server, SHOWN, player["id"], turn["id"])
            in_time = shown and (not given or shown[0]["received_at"] <= given[0]["given_at"])
            delay = max(0, shown[0]["received_at"] - turn["opens_at"]) // 1000 if in_time else 0
            allowed = min(delay, quota)
            quota = min(1500, quota - allowed + 300)
            if not given or json.loads(given[-1]["chosen"]) != turn["question"]["key"]:
                continue
            moment = given[-1]["given_at"]
            away = sum(gap["ms"] * 1000 for gap in json.loads(turn["outages"]) if gap["at"] < moment)
            used = min(full, max(0, (moment - away - turn["opens_at"]) // 1000 - allowed))
            total += 1000 + (most if used <= 1000 else most * (full - used) // (full - 1000))
        points[player["name"]] = total
    ranks = {name: 1 + sum(other > own for other in points.values()) for name, own in points.items()}
    return sorted((ranks[name], name, points[name]) for name in points)


def test_a_hall_plays_to_the_end_whatever_goes_wrong(browser, own_site, room):
    host = Host(browser.window(DESK), room)
    stage = browser.window(STAGE)
    stage.goto(f"/phong/{room.code}/man-hinh")
    ada, bob, lanh = (browser.window() for _ in range(3))
    enter_room(ada, room.code, "Ada")
    enter_by_keyboard(bob, room.code, "Bob")
    enter_room(lanh, room.code, LANH)
    for name in SILENT:
        room.join(name)
    expect(stage.locator("[data-view=LOBBY] [data-joined]")).to_have_text("5")
    expect(stage.locator("[data-names] li")).to_have_count(5)

    # Question 1: a changed mind, the keyboard, and a second tab.
    host.press("Bắt đầu câu 1")
    host.open_question(1)
    first, second, third = records.turns(own_site, room.code)
    for page in (ada, bob, lanh):
        sees_question(page, first)
    tap(ada, wrong(first))
    sees_kept(ada, first, [wrong(first)])
    tap(ada, *first["question"]["key"])
    sees_kept(ada, first, first["question"]["key"])
    (right,) = first["question"]["key"]
    bob.keyboard.press("abcdef"[first["order"].index(right)])
    sees_kept(bob, first, [right])
    tap(lanh, wrong(first))
    sees_kept(lanh, first, [wrong(first)])
    tab = lanh.context.new_page()
    tab.goto(f"/phong/{room.code}")
    sees_kept(tab, first, [wrong(first)])
    expect(lanh.locator("[data-view=MOVED]")).to_be_visible()
    tap(tab, right)
    sees_kept(tab, first, [right])
    host.has_heard_of(3, players=5)
    expect(stage.locator("[data-answered]")).to_have_text("3")
    host.close_question()
    for page in (ada, bob, tab):
        expect(page.locator("[data-verdict]")).to_have_text("Đúng rồi, chúc mừng!")
    expect(stage.locator("[data-key]")).to_have_text(f"Đáp án {'ABCDEF'[first['order'].index(right)]}.")
    host.press("Xếp hạng")
    expect(stage.locator("[data-view=BOARD] [data-top] > li")).to_have_count(5)
    before = {name: points for _, name, points in shown_board(stage, "BOARD")}
    assert before["Ada"] > 1000 and before["Dũng"] == before["Yến"] == 0

    # Question 2: Ada loses the network, the host reloads.
    host.press("Câu tiếp theo")
    host.open_question(2)
    for page in (ada, bob, tab):
        sees_question(page, second)
    tap(ada, wrong(second))
    ada.get_by_role("button", name="Trả lời").click()
    sees_kept(ada, second, [wrong(second)])
    with browser.away():
        ada.context.set_offline(True)
        tap(ada, wrong(second), *second["question"]["key"])
        ada.get_by_role("button", name="Trả lời").click()
        expect(ada.locator("[data-offline]")).to_contain_text("Mạng đang chập chờn")
        expect(ada.locator("[data-status-text]")).to_have_text("Đang gửi…")
        host.page.reload()
        host.next_is("Đóng câu")
        ada.context.set_offline(False)
        expect(ada.locator("[data-offline]")).to_be_hidden()
    sees_kept(ada, second, second["question"]["key"])
    for o in second["question"]["key"]:
        tab_to(bob, f"#o-{o}")
        bob.keyboard.press("Space")
    bob.keyboard.press("Enter")
    sees_kept(bob, second, second["question"]["key"])
    tap(tab, wrong(second))
    tab.get_by_role("button", name="Trả lời").click()
    sees_kept(tab, second, [wrong(second)])
    host.has_heard_of(3, players=5)
    host.close_question()
    expect(ada.locator("[data-verdict]")).to_have_text("Đúng rồi, chúc mừng!")
    expect(tab.locator("[data-verdict]")).to_contain_text("Chưa đúng. Đáp án là")
    expect(ada.locator("[data-score]")).to_have_text(re.compile(r"^2\.\d{3} điểm · hạng [12] trên 5$"))

    # Question 3: straight on, and the server is killed while it is open.
    host.page.locator("[data-do=next]").click()
    host.open_question(3)
    for page in (ada, bob, tab):
        sees_question(page, third)
    (right,) = third["question"]["key"]
    tap(ada, right)
    sees_kept(ada, third, [right])
    beaten = "SELECT s.id FROM show s JOIN turn t ON t.show_id = s.id WHERE t.id = ? AND s.alive_at > t.opens_at"
    records.wait_for(own_site, beaten, third["id"])
    with browser.away():
        own_site.kill()
        for page in (ada, bob, tab):
            expect(page.locator("[data-offline]")).to_contain_text("Đang kết nối lại… Bài làm vẫn được giữ.")
        for page in (stage, host.page):
            expect(page.locator("[data-chip]")).to_be_visible()
        own_site.start()
        for page in (ada, bob, tab):
            expect(page.locator("[data-offline]")).to_be_hidden()
        for page in (stage, host.page):
            expect(page.locator("[data-chip]")).to_be_hidden()
    sees_kept(ada, third, [right])
    tab_to(bob, "[data-options] input")
    bob.keyboard.press("Space")
    bob.keyboard.press("ArrowDown")
    bob.keyboard.press("ArrowUp")
    sees_kept(bob, third, [third["order"][0]])
    tap(tab, wrong(third))
    sees_kept(tab, third, [wrong(third)])
    host.has_heard_of(3, players=5)
    host.close_question()
    host.press("Xếp hạng")

    # The board is the one computed by hand, everywhere, and it stays.
    by_hand = board_by_hand(own_site, room.code)
    assert [rank for rank, *_ in by_hand][-2:] == [4, 4]
    assert json.loads(records.turns(own_site, room.code)[2]["outages"])
    for page in (stage, ada, bob, tab):
        expect(page.locator("[data-view=BOARD] [data-top] > li")).to_have_count(5)
        assert sorted(shown_board(page, "BOARD")) == by_hand
    host.press("Kết thúc")
    host.next_is("Xem tổng kết")
    own = {name: (rank, points) for rank, name, points in by_hand}
    for page, name in ((ada, "Ada"), (bob, "Bob"), (tab, LANH)):
        end = page.locator("[data-view=FINISHED]")
        expect(end).to_be_visible()
        assert (number(end.locator("[data-rank]")), number(end.locator("[data-points]"))) == own[name]
        assert sorted(shown_board(page, "FINISHED")) == by_hand
    steps = stage.locator("[data-podium] > li")
    expect(steps).to_have_count(3)
    podium = [
        (number(slot(step, "rank")), slot(step, "name").inner_text(), number(slot(step, "points")))
        for step in steps.all()
    ]
    assert sorted(podium) == by_hand[:3]
    host.page.keyboard.press("Space")
    host.page.get_by_text("Bảng xếp hạng đầy đủ").first.click()
    cells = [line.locator("td") for line in host.page.locator("tbody tr").all()]
    recap = [(number(line.first), line.nth(1).inner_text(), number(line.last)) for line in cells]
    assert sorted(recap) == by_hand
