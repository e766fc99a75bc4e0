"""Every page and every state of a live room, in both languages and both themes, is for everybody."""

import pytest
from playwright.sync_api import expect

from tests.e2e import airing, contests, desk, entering, essays, records, reports, results
from tests.e2e.people import DESK, PHONE, STAGE, Browser, Host, sign_in
from tests.e2e.seeing import cut_off, violations
from tests.e2e.test_quiz import begin, choose, paper, wrong_for

pytestmark = pytest.mark.e2e

LANGUAGES = ("vi", "en")


# ── How to come to a page that has no address of its own ────────────────────────────────────────────────────────


def practice(page, site):
    begin(page, "practice")


def feedback(right):
    def arrive(page, site):
        (question, *_) = paper(site, begin(page, "practice"))
        choose(page, question, question["key"] if right else wrong_for(question))
        page.locator("[data-send]").click()
        expect(page.locator("#sheet-title")).to_be_visible()

    return arrive


def exam(page, site):
    begin(page, "exam")


def kind_of_question(kind):
    def arrive(page, site):
        for topic in ("huu-tri", "om-dau-thai-san-tu-tuat", "so-sanh-luat", "bhxh-tu-nguyen"):
            attempt = begin(page, "exam", topic=topic, questions=30)
            found = [n for n, question in enumerate(paper(site, attempt), 1) if question["kind"] == kind]
            if found:
                page.goto(f"/thi/{attempt}?cau={found[0]}")
                return
        raise AssertionError(f"no question of kind {kind}")

    return arrive


def review(page, site):
    page.goto(f"/thi/{begin(page, 'exam')}/xem-lai")


def result(page, site):
    attempt = begin(page, "exam")
    (question, *_) = paper(site, attempt)
    choose(page, question, question["key"])
    expect(page.locator("[data-tick]")).to_be_visible()
    page.goto(f"/thi/{attempt}/xem-lai")
    page.locator("form[action$='/nop-bai'] button").click()
    page.wait_for_url("**/ket-qua")


def wrong_form(address, **filled):
    def arrive(page, site):
        page.goto(address)
        page.evaluate("for (const form of document.forms) form.noValidate = true")  # the server must say it too
        for name, value in filled.items():
            page.locator(f"[name={name}]").fill(value)
        page.locator("main form:not([action*=dung-thu]) button.go").last.click()
        expect(page.locator("[role=alert]").first).to_be_visible()

    return arrive


def room_door(page, site):
    page.goto(f"/phong/{records.new_room(site, ['one']).code}")


def name_refused(page, site):
    room_door(page, site)
    page.locator("[name=name]").fill("x")
    page.locator("main button.go").click()
    expect(page.locator("[role=alert]")).to_be_visible()


def late_door(page, site):
    room = records.new_room(site, ["one"])
    records.change(site, "UPDATE show SET locked = 1 WHERE code = ?", room.code)
    page.goto(f"/phong/{room.code}")


def watching(page, site):
    page.goto(f"/phong/{records.new_room(site, ['one']).code}?xem=1")


def new_room_and_list(page, site):
    page.goto("/to-chuc/phong-moi")
    page.locator("main button.go").click()
    page.wait_for_url("**/dieu-khien")
    page.goto("/to-chuc")


def question_of_bank(tail=""):
    def arrive(page, site):
        found = records.rows(site, "SELECT id FROM question WHERE state = 'approved' ORDER BY id LIMIT 1")
        page.goto(f"/ngan-hang/{found[0]['id']}{tail}")
        expect(page.locator("main")).to_contain_text(found[0]["id"])

    return arrive


def person_page(page, site):
    page.goto("/quan-tri")
    page.locator("main th a").first.click()
    expect(page.locator("#vai-tro")).to_be_visible()


# ── Every page: its name, who looks at it, and its address or the way to it ─────────────────────────────────────

PAGES = [
    ("home", None, "/"),
    ("home with something unfinished", "ada", lambda page, site: (begin(page, "exam"), page.goto("/"))),
    ("topics", None, "/hoc"),
    ("a topic", None, "/hoc/huu-tri"),
    ("the mix", None, "/hoc/tong-hop"),
    ("topic with a wrong number", None, wrong_form("/hoc/huu-tri", questions="99")),
    ("practice question", None, practice),
    ("right answer", None, feedback(True)),
    ("wrong answer", None, feedback(False)),
    ("exam question", None, exam),
    *[(f"exam question of kind {kind}", None, kind_of_question(kind)) for kind in ("several", "order", "number")],
    ("review", None, review),
    ("result", "ada", result),
    ("board of the week", "ada", "/hoc/huu-tri/bang-xep-hang"),
    ("board of all time", None, "/hoc/huu-tri/bang-xep-hang?ky=tat-ca"),
    ("an empty board", None, "/hoc/co-quan-bhxh/bang-xep-hang"),
    ("the law", None, "/luat"),
    ("search with hits", None, "/luat?tim=luong+huu"),
    ("search without hits", None, "/luat?tim=zzzz"),
    ("an article", None, "/luat/dieu-64"),
    ("a changed article", None, "/luat/dieu-1"),
    ("a chapter", None, "/luat/chuong-1"),
    ("contests", None, "/cuoc-thi"),
    *contests.PAGES,
    *entering.PAGES,
    *essays.PAGES,
    *results.PAGES,
    *desk.PAGES,
    *reports.PAGES,
    ("rulebook", None, "/cuoc-thi/cuoc-thi-mau/the-le"),
    ("help", None, "/tro-giup"),
    ("sign in", None, "/dang-nhap"),
    ("sign in refused", None, wrong_form("/dang-nhap", login="0912345678", password="sai rồi nhé")),
    ("register", None, "/dang-ky"),
    ("register refused", None, wrong_form("/dang-ky", name="A", login="x", password="123")),
    ("my page", "ada", "/toi"),
    ("room code", None, "/phong"),
    ("unknown room code", None, "/phong?ma=000000"),
    ("door of a room", None, room_door),
    ("name refused", None, name_refused),
    ("door of a closed room", None, late_door),
    ("watching a room", None, watching),
    ("a lobby beside a stream", None, airing.beside_stream_with_its_ways),
    ("a prediction on air", "ada", airing.predicting),
    ("a watch word to enter", "ada", airing.with_watch_word),
    ("not found", None, "/khong-co-trang-nay"),
    ("not allowed", "ada", "/quan-tri"),
]
STAFF_PAGES = [
    *entering.STAFF_PAGES,
    *essays.STAFF_PAGES,
    ("list of rooms", "hana", new_room_and_list),
    ("no rooms yet", "otto", "/to-chuc"),
    ("new room", "hana", "/to-chuc/phong-moi"),
    ("my contests", "hana", "/to-chuc/cuoc-thi"),
    ("no contests yet", "otto", "/to-chuc/cuoc-thi"),
    ("new contest", "hana", "/to-chuc/cuoc-thi/moi"),
    ("overview of a contest", "hana", "/to-chuc/cuoc-thi/cuoc-thi-mau"),
    *[(f"step {n} of a contest", "hana", f"/to-chuc/cuoc-thi/cuoc-thi-mau/buoc/{n}") for n in (1, 2, 3, 4, 5)],
    ("step 4 of a livestream", "hana", "/to-chuc/cuoc-thi/livestream-mau/buoc/4"),
    ("checklist of a draft", "hana", "/to-chuc/cuoc-thi/livestream-mau/buoc/5"),
    ("rulebook of a contest", "hana", "/to-chuc/cuoc-thi/cuoc-thi-mau/the-le"),
    ("people of a contest", "hana", "/to-chuc/cuoc-thi/cuoc-thi-mau/nguoi"),
    ("bank", "revi", "/ngan-hang"),
    ("bank, nothing found", "revi", "/ngan-hang?tim=zzzz"),
    ("question", "revi", question_of_bank()),
    ("edit a question", "revi", question_of_bank("/sua")),
    ("new question", "revi", "/ngan-hang/moi"),
    ("bank and its files", "revi", "/ngan-hang/doi-chieu"),
    ("changes of the law", "revi", "/ngan-hang/dieu-luat-thay-doi"),
    ("figures of the bank", "revi", "/ngan-hang/thong-ke"),
    ("figures of a question", "revi", question_of_bank("/so-lieu")),
    ("import", "revi", "/ngan-hang/nhap"),
    ("printed papers", "revi", "/ngan-hang/de-thi"),
    ("new printed paper", "revi", "/ngan-hang/de-thi/moi"),
    *desk.STAFF_PAGES,
    *reports.STAFF_PAGES,
    ("people", "otto", "/quan-tri"),
    ("nobody found", "otto", "/quan-tri?tim=zzzz"),
    ("a person", "otto", person_page),
    ("log", "otto", "/quan-tri/nhat-ky"),
]


@pytest.fixture(scope="module")
def readers(chromium, site):
    """A window for each person and language, signed in once."""
    opened = Browser(chromium, site.address)
    windows = {}

    def reader(who, language, size):
        if (who, language) not in windows:
            page = opened.window(size)
            if who:
                sign_in(page, who)
            page.context.add_cookies([{"name": "lang", "value": language, "url": site.address}])
            windows[who, language] = page
        page = windows[who, language]
        page.set_viewport_size(size)
        return page

    reader.browser = opened
    yield reader
    opened.close()


def go(readers, site, page, way):
    with readers.browser.allowing(r"status of 4\d\d"):
        if callable(way):
            way(page, site)
        else:
            page.goto(way)
        assert page.locator("h1:visible").count() == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("who", "way"), [page[1:] for page in PAGES], ids=[page[0] for page in PAGES])
def test_a_page_for_citizens_is_for_everybody(readers, site, who, way, language):
    page = readers(who, language, PHONE)
    go(readers, site, page, way)
    assert page.locator("html").get_attribute("lang") == language
    assert violations(page) + cut_off(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("who", "way"), [page[1:] for page in STAFF_PAGES], ids=[page[0] for page in STAFF_PAGES])
def test_a_page_for_staff_is_for_everybody(readers, site, who, way, language):
    page = readers(who, language, DESK)
    go(readers, site, page, way)
    assert violations(page) == []


# ── A live room: every state, on every screen ───────────────────────────────────────────────────────────────────


class Hall:
    """A room with a console, a stage, an overlay and a phone in each language; gathers what is wrong in any state."""

    def __init__(self, browser, site):
        self.room = records.new_room(site, ["one", "order", "number"], seconds=120)
        self.screens = {}
        self.wrong = []
        for language in LANGUAGES:
            desk = self._window(browser, language, "console", DESK)
            self.host = Host(desk, self.room) if language == "vi" else self.host
            desk.goto(f"/phong/{self.room.code}/dieu-khien?khoa={self.room.host_token}")
            overlay = self._window(browser, language, "overlay", STAGE)
            overlay.goto(desk.locator(".address").text_content())
            self._window(browser, language, "stage", STAGE).goto(f"/phong/{self.room.code}/man-hinh")
            phone = self._window(browser, language, "phone", PHONE)
            phone.goto(f"/phong/{self.room.code}")
            phone.locator("[name=name]").fill(f"Ada {language}")
            phone.keyboard.press("Enter")
            expect(phone.locator("[data-room]")).to_be_visible()
        for desk in self.of("console"):
            expect(desk.locator("[data-online]")).to_have_text("2")

    def of(self, *parts):
        return [self.screens[part, language] for part in parts for language in LANGUAGES]

    def show(self, text, *parts, where="[data-stem]"):
        """Wait until these screens show this."""
        for page in self.of(*parts):
            expect(page.locator(where).first).to_have_text(text)

    def check(self, state, *parts):
        for part in parts or ("phone", "stage", "overlay", "console"):
            for language in LANGUAGES:
                page = self.screens[part, language]
                found = violations(page, unfold=part != "overlay")
                found += cut_off(page) if part == "phone" else []
                self.wrong += [f"{part}, {language}, {state}: {what}" for what in found]

    def _window(self, browser, language, part, size):
        page = browser.window(size)
        page.context.add_cookies([{"name": "lang", "value": language, "url": browser.address}])
        self.screens[part, language] = page
        return page


@pytest.fixture
def hall(browser, site):
    return Hall(browser, site)


def see_question(hall, of=("phone", "stage", "overlay", "console")):
    for page in hall.of(*of):
        expect(page.locator("[data-options] > *").first).to_be_visible()


def reveal(hall):
    hall.host.close_question()
    for page in hall.of("phone"):
        expect(page.locator("[data-sheet]")).to_be_visible()
    for page in hall.of("stage"):
        expect(page.locator("[data-why]")).to_be_visible()


def test_every_state_of_a_live_room_is_for_everybody(hall, browser):
    host, desk = hall.host, hall.screens["console", "vi"]
    for page in hall.of("overlay"):
        expect(page.locator("[data-panel=join]")).to_be_visible()
    hall.check("lobby")

    host.press("Bắt đầu câu 1")
    desk.locator("[data-do=pause]").click()
    for page in hall.of("phone", "stage", "overlay"):
        expect(page.locator("[data-stem]")).not_to_be_empty()
    hall.check("reading, held")
    host.press("Tiếp tục")
    host.open_question(1)
    see_question(hall)
    hall.screens["phone", "vi"].locator("[data-options] label").first.click()
    expect(hall.screens["phone", "vi"].locator("[data-tick]")).to_be_visible()
    hall.check("open")

    with browser.away():
        for page in hall.of("phone"):
            page.context.set_offline(True)
        for page in hall.of("phone"):
            expect(page.locator("[data-offline]")).to_be_visible()
        hall.check("network lost", "phone")
        for page in hall.of("phone"):
            page.context.set_offline(False)
            expect(page.locator("[data-offline]")).to_be_hidden()
    for page in hall.of("phone"):
        other = page.context.new_page()
        other.goto(page.url)
        expect(page.locator("[data-view=MOVED]")).to_be_visible()
        other.close()
    hall.check("moved to another tab", "phone")
    for page in hall.of("phone"):
        page.locator("[data-resume]").click()
        expect(page.locator("[data-view=QUESTION]")).to_be_visible()

    host.press("Đóng câu")
    host.next_is("Công bố đáp án")
    for page in hall.of("phone"):
        expect(page.locator("[data-countdown]")).to_be_hidden()
    desk.locator("[data-do=void]").click()
    hall.check("locked")
    desk.locator("[data-void] [type=reset]").click()
    desk.locator("h1").focus()
    host.press("Công bố đáp án")
    for page in hall.of("phone"):
        expect(page.locator("[data-sheet]")).to_be_visible()
    hall.check("revealed")

    host.press("Xếp hạng")
    for page in hall.of("phone", "stage"):
        expect(page.locator("[data-view=BOARD] [data-top] > li")).to_have_count(2)
    desk.locator("#text").fill("Nghỉ năm phút rồi thi tiếp.")
    desk.locator("[data-say-form] button").click()
    for page in hall.of("phone", "stage"):
        expect(page.locator("[data-notice]")).to_be_visible()
    hall.check("board, with a notice")
    desk.locator("[data-do=hide]").click()
    expect(hall.screens["stage", "en"].locator("[data-view=HIDDEN]")).to_be_visible()
    expect(hall.screens["phone", "en"].locator("[data-hidden-board]").first).to_be_visible()
    hall.check("board hidden", "phone", "stage")
    desk.locator("[data-do=hide]").click()

    for n in (2, 3):
        desk.locator("h1").focus()
        host.press("Câu tiếp theo")
        host.open_question(n)
        see_question(hall, ("phone", "stage") if n == 2 else ("phone",))
        hall.check(f"open, question {n}", "phone", "stage")
        reveal(hall)
        hall.check(f"revealed, question {n}", "phone", "stage", "overlay")
        host.press("Xếp hạng")
    host.press("Kết thúc")
    for page in hall.of("phone", "stage"):
        expect(page.locator("[data-view=FINISHED]")).to_be_visible()
    hall.check("finished")
    for page in hall.of("phone"):
        page.goto(f"/phong/{hall.room.code}/tong-ket")
    hall.check("recap", "phone")
    assert hall.wrong == []
