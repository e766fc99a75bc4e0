"""People in front of their screens: windows that note every fault, and the steps everybody takes in them."""

from __future__ import annotations

import re
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import expect

from quizapp.services import demo

PATIENCE = 20_000  # milliseconds: far more than anything takes, for a machine that is busy
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
STAGE = {"width": 1920, "height": 1080}

# What a browser says by itself when the network or the server is away.
AWAY = re.compile(r"net::ERR_|WebSocket connection to .* failed")


class Browser:
    """Opens windows on one site. A console error, a page error or a request to another host fails the test."""

    def __init__(self, chromium, address):
        self.address = address
        self._chromium = chromium
        self._contexts = []
        self._faults = []
        self._allowed = []

    def window(self, size=PHONE, **options):
        """A window of somebody new: nothing is shared with the others."""
        options = {"viewport": size, "locale": "vi-VN", "reduced_motion": "reduce", "base_url": self.address, **options}
        context = self._chromium.new_context(**options)
        context.set_default_timeout(PATIENCE)
        context.on("page", self._watch)
        self._contexts.append(context)
        return context.new_page()

    @contextmanager
    def allowing(self, sentence):
        """What is said to the console while this lasts is no fault if it holds `sentence`, a regular expression."""
        self._allowed.append(re.compile(sentence))
        yield
        self._hear()
        self._allowed.pop()

    def refusing(self, status):
        """A page is meant to answer with this status, which the browser notes in its console."""
        return self.allowing(rf"status of {status}\b")

    def away(self):
        """The network or the server is away, and everybody notices."""
        return self.allowing(AWAY.pattern)

    def close(self):
        """Close every window; what went wrong in any of them is said now."""
        self._hear()
        for context in self._contexts:
            context.close()
        assert not self._faults, "\n".join(self._faults)

    def _hear(self):
        """Messages of the browser arrive while it is asked something."""
        for context in self._contexts:
            for page in context.pages:
                page.evaluate("0")

    def _watch(self, page):
        page.on("console", lambda message: message.type == "error" and self._note(page, message.text))
        page.on("pageerror", lambda error: self._note(page, str(error)))
        page.on("request", lambda request: self._check_host(page, request.url))
        page.on("websocket", lambda socket: self._check_host(page, socket.url))

    def _check_host(self, page, url):
        there = urlsplit(url)
        if there.scheme not in {"data", "blob"} and there.netloc != urlsplit(self.address).netloc:
            self._note(page, f"asked another host: {url}")

    def _note(self, page, text):
        if not any(allowed.search(text) for allowed in self._allowed):
            self._faults.append(f"{page.url}: {text}")


def sign_in(page, who):
    """Sign in by the demo's button, as a newcomer would."""
    login = next(login for login in demo.LOGINS if login.who == who)
    page.goto("/dang-nhap?lang=vi")
    page.get_by_role("button", name=login.name).click()
    page.goto("/toi")
    expect(page.get_by_role("heading", level=1)).to_have_text(login.name)


def enter_room(page, code, name):
    """Type the code at the first page, then a name."""
    page.goto("/")
    page.get_by_label("Nhập mã 6 số").fill(f"{code[:3]} {code[3:]}")
    page.get_by_role("button", name="Vào phòng").click()
    page.get_by_label("Tên hiển thị").fill(name)
    page.get_by_role("button", name="Vào phòng thi").click()
    expect(page.get_by_role("heading", name="Đã vào phòng thi")).to_be_visible()


class Host:
    """The console, led by the space bar alone."""

    def __init__(self, page, room):
        self.page = page
        page.goto(f"/phong/{room.code}/dieu-khien?khoa={room.host_token}")
        self.next_is("Bắt đầu câu 1")

    def next_is(self, words):
        """The large button says what comes next."""
        expect(self.page.locator("[data-primary-text]")).to_have_text(words)

    def press(self, words):
        self.next_is(words)
        self.page.keyboard.press("Space")

    def open_question(self, n):
        """Shorten the reading; if the clock was faster, the press began to close the question, and is taken back."""
        self.next_is(re.compile(f"^(Mở câu {n}|Đóng câu)$"))
        if self.page.locator("[data-primary-text]").inner_text() == f"Mở câu {n}":
            self.page.keyboard.press("Space")
            self.next_is(re.compile("^Đóng câu"))
        if self.page.locator("[data-primary].counting").count():
            self.page.keyboard.press("Space")
        self.next_is("Đóng câu")

    def close_question(self):
        self.press("Đóng câu")
        self.press("Công bố đáp án")
        self.next_is("Xếp hạng")

    def has_heard_of(self, answers, players):
        expect(self.page.locator("[data-answered]")).to_have_text(f"{answers}/{players}")
