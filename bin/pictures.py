#!/usr/bin/env python3
"""Draws the pictures of the documents from the running product, so that they never go stale.

Starts a server with data of its own, plays a room and a practice in Chromium, and writes docs/pictures/*.png.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from quizapp.services import demo  # noqa: E402
from tests.live.server import Server  # noqa: E402
from tests.programs import find  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
PHONE, DESK, HALL = (390, 844), (1280, 800), (1280, 720)
NAMES = ("Chị Hoà – Quảng Trị", "Bác Tư Cà Mau", "Cô Lành – Hội Phụ nữ")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]


def main() -> None:
    """Draw all pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    chromium = find("chromium")
    if chromium is None:
        sys.exit("Cần Chromium: chạy «make services». / Chromium is needed: run `make services`.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder)).start()
        browser = playwright.chromium.launch(executable_path=str(chromium), args=QUIET)
        try:
            practice(browser, server)
            room(browser, server)
            contest(browser, server)
            desk(browser, server)
        finally:
            browser.close()
            server.stop()


def practice(browser: Browser, server: Server) -> None:
    """A question with its feedback on a phone, and an article of the law."""
    phone = page(browser, PHONE)
    phone.goto(f"{server.address}/hoc/huu-tri")
    phone.locator("form button.go").first.click()
    until(phone, "label.opt, input[name=v]")
    if phone.locator("label.opt").count():
        phone.locator("label.opt").first.click()
    save(phone, "practice")
    law = page(browser, DESK)
    law.goto(f"{server.address}/luat/dieu-64")
    save(law, "law")


def room(browser: Browser, server: Server) -> None:
    """Host, stage and players in an open question, and what the stage shows after it."""
    told = server.flask("show", "new", "--questions", "3", "--seconds", "30", "--seed", "7")
    host, stage = page(browser, DESK), page(browser, HALL)
    host.goto(told["host_url"])
    stage.goto(told["stage_url"])
    phones = [page(browser, PHONE) for _ in NAMES]
    for phone, name in zip(phones, NAMES, strict=True):
        phone.goto(told["room_url"])
        phone.fill("input[name=name]", name)
        phone.keyboard.press("Enter")
        phone.wait_for_load_state()
    until(stage, f"text={NAMES[-1]}")
    save(stage, "lobby")
    host.keyboard.press("Space")
    host.wait_for_selector("text=Mở câu")
    host.keyboard.press("Space")
    for number, phone in enumerate(phones):
        until(phone, "label.opt")
        phone.locator("label.opt").nth(min(number, 1)).click()
    phones[0].wait_for_selector("text=Đã ghi nhận:")
    stage.locator("[data-count]", has_text=re.compile(r"3\s*/\s*3")).first.wait_for()
    save(phones[0], "player")
    save(host, "console")
    save(stage, "stage")


def contest(browser: Browser, server: Server) -> None:
    """The page of an open contest, and the desk of a round that has closed."""
    phone = page(browser, PHONE)
    phone.goto(f"{server.address}/cuoc-thi/{demo.OPEN}")
    save(phone, "contest")
    login = next(login for login in demo.LOGINS if "organizer" in login.roles)
    example = ROOT / "docs" / "examples" / "contest-a.json"
    server.flask("contest", "import", str(example), "--slug", "mau", "--secretary", login.login)
    organizer = page(browser, DESK)
    sign_in(organizer, server, login, "/to-chuc/cuoc-thi/mau/vong/tuan-1")
    organizer.get_by_role("button", name="Lập bảng kết quả").first.click()
    until(organizer, "text=Chuyển sang kết quả dự kiến")
    save(organizer, "desk")


def desk(browser: Browser, server: Server) -> None:
    """The bank, as a reviewer sees it."""
    reviewer = page(browser, DESK)
    login = next(login for login in demo.LOGINS if "reviewer" in login.roles)
    sign_in(reviewer, server, login, "/ngan-hang")
    save(reviewer, "bank")


def sign_in(seen: Page, server: Server, login: demo.Login, then: str) -> None:
    """Sign in with one of the demo's accounts and go on to a page."""
    seen.goto(f"{server.address}/dang-nhap?next={then}")
    seen.fill("input[name=login]", login.login)
    seen.fill("input[name=password]", login.password)
    seen.keyboard.press("Enter")
    seen.wait_for_url(f"**{then}*")


def page(browser: Browser, size: tuple[int, int]) -> Page:
    """A person with a screen of this size."""
    return browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="vi-VN").new_page()


def until(seen: Page, selector: str) -> None:
    """Wait until something is there to be seen."""
    seen.locator(selector).first.wait_for(state="visible")


def save(seen: Page, name: str) -> None:
    """Write one picture."""
    seen.wait_for_load_state("networkidle")
    seen.screenshot(path=PICTURES / f"{name}.png")
    print(f"docs/pictures/{name}.png")


if __name__ == "__main__":
    main()
