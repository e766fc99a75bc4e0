"""What a first visit weighs, as it comes over the network: within the budgets of every kind of page."""

import gzip
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.e2e import airing, contests, records
from tests.e2e.people import DESK, PHONE, STAGE, enter_room, sign_in
from tests.e2e.test_quiz import begin

pytestmark = pytest.mark.e2e

KILO = 1000
# Kilobytes of HTML with CSS, of scripts, of fonts, and of all together.
QUESTION = (14, 10, 0, 25)
PLAYER = (14, 30, 0, 45)
PAGE = (20, 10, 0, 40)
SCREEN = (20, 40, 140, 200)
DESKTOP = (40, 60, 0, 120)


def practice(page, site):
    begin(page, "practice", topic="tong-hop", questions=30)


def exam(page, site):
    begin(page, "exam", topic="tong-hop", questions=30)


def result(page, site):
    attempt = begin(page, "exam", topic="tong-hop", questions=30)
    page.goto(f"/thi/{attempt}/xem-lai")
    page.get_by_role("button", name="Nộp bài").click()
    page.wait_for_url("**/ket-qua")


def review(page, site):
    page.goto(f"/thi/{begin(page, 'exam', topic='tong-hop', questions=30)}/xem-lai")


def player(page, site):
    enter_room(page, records.new_room(site, ["one"] * 10).code, "Ada")


def stage(page, site):
    page.goto(f"/phong/{records.new_room(site, ['one'] * 10).code}/man-hinh")
    expect(page.locator("[data-view=LOBBY]")).to_be_visible()


def overlay(page, site):
    console(page, site)
    page.goto(page.locator(".address").text_content())
    expect(page.locator("[data-panel=join]")).to_be_visible()


def console(page, site):
    room = records.new_room(site, ["one"] * 10)
    page.goto(f"/phong/{room.code}/dieu-khien?khoa={room.host_token}")
    expect(page.locator("[data-online]")).to_have_text("0")


PAGES = [
    ("practice question", None, practice, QUESTION),
    ("exam question", None, exam, QUESTION),
    ("review", None, review, PAGE),
    ("result", None, result, PAGE),
    ("home", None, "/", PAGE),
    ("topics", None, "/hoc", PAGE),
    ("a topic", None, "/hoc/huu-tri", PAGE),
    ("board", None, "/hoc/huu-tri/bang-xep-hang", PAGE),
    ("the law", None, "/luat", PAGE),
    ("the longest article", None, "/luat/dieu-141", PAGE),
    ("contests", None, "/cuoc-thi", PAGE),
    ("a contest", "ada", contests.page_of(crowd=3, board="TOP"), PAGE),
    ("a round", "ada", contests.page_of("/vong/tuan-1"), PAGE),
    ("an open leaderboard", None, contests.page_of("/vong/tuan-1/bang-xep-hang", crowd=4, board="TOP"), PAGE),
    ("a contest's question", "ada", contests.in_attempt(), QUESTION),
    ("the prediction", "ada", contests.in_attempt("/du-doan"), QUESTION),
    ("an attempt with its keys", "ada", contests.announced, PAGE),
    ("help", None, "/tro-giup", PAGE),
    ("sign in", None, "/dang-nhap", PAGE),
    ("register", None, "/dang-ky", PAGE),
    ("my page", "ada", "/toi", PAGE),
    ("room code", None, "/phong", PAGE),
    ("player", None, player, PLAYER),
    ("player beside a stream", None, airing.beside_stream, PLAYER),
    ("player of a round with a watch word", "ada", airing.with_watch_word, PLAYER),
    ("stage", None, stage, SCREEN),
    ("overlay", None, overlay, SCREEN),
    ("console", None, console, DESKTOP),
    ("rooms", "hana", "/to-chuc", DESKTOP),
    ("new room", "hana", "/to-chuc/phong-moi", DESKTOP),
    ("contests of an organizer", "hana", "/to-chuc/cuoc-thi", DESKTOP),
    *[(f"step {n} of a contest", "hana", f"/to-chuc/cuoc-thi/cuoc-thi-mau/buoc/{n}", DESKTOP) for n in (1, 2, 3, 5)],
    ("rulebook", None, "/cuoc-thi/cuoc-thi-mau/the-le", PAGE),
    ("bank", "revi", "/ngan-hang", DESKTOP),
    ("people", "otto", "/quan-tri", DESKTOP),
    ("log", "otto", "/quan-tri/nhat-ky", DESKTOP),
]
SIZES = {QUESTION: PHONE, PLAYER: PHONE, PAGE: PHONE, SCREEN: STAGE, DESKTOP: DESK}


def weigh(page, addresses):
    """Bytes of each kind, compressed with gzip as the server sends them."""
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in page.context.cookies())
    bytes_of = {"text/html": 0, "text/css": 0, "text/javascript": 0, "font/woff2": 0}
    for address in addresses:
        asked = urllib.request.Request(address, headers={"Accept-Encoding": "gzip", "Cookie": cookies})
        with urllib.request.urlopen(asked, timeout=10) as answer:
            body, kind = answer.read(), answer.headers.get_content_type()
            if kind in {"text/html", "text/css", "text/javascript"} and len(body) > 1000:
                gzip.decompress(body)  # it really came compressed
        if kind in bytes_of:
            bytes_of[kind] += len(body)
    return bytes_of


@pytest.mark.parametrize(("who", "way", "budget"), [page[1:] for page in PAGES], ids=[page[0] for page in PAGES])
def test_a_first_visit_is_within_its_budget(browser, site, who, way, budget):
    page = browser.window(SIZES[budget])
    if who:
        sign_in(page, who)
    addresses = []
    way(page, site) if callable(way) else page.goto(way)
    page.on("request", lambda request: request.method == "GET" and addresses.append(request.url))
    page.reload()
    page.evaluate("document.fonts.ready")
    weight = weigh(page, {address for address in addresses if "/api/" not in address})
    pages_and_styles = weight["text/html"] + weight["text/css"]
    figures = (pages_and_styles, weight["text/javascript"], weight["font/woff2"], sum(weight.values()))
    print(f"{[round(figure / KILO, 1) for figure in figures]} of {budget} kB")
    assert weight["text/html"] and weight["text/css"] and weight["text/javascript"]
    assert all(figure <= most * KILO for figure, most in zip(figures, budget, strict=True)), (figures, budget)
