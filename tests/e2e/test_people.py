"""Accounts and roles in a browser, and how far a newcomer comes without reading anything but the page."""

import re

import pytest
from playwright.sync_api import expect

from quizapp.services import demo
from tests.e2e.people import DESK, sign_in

pytestmark = pytest.mark.e2e

PASSWORD = "mùa thu Hà Nội"
STAFF_PAGES = {"/ngan-hang": "revi", "/quan-tri": "otto", "/to-chuc": "hana"}
REFUSED = {"revi": {"/quan-tri", "/to-chuc"}, "hana": {"/ngan-hang", "/quan-tri"}, "otto": set()}


def register(page, name, login):
    page.goto("/")
    page.get_by_role("link", name="Đăng nhập").click()
    page.locator("main").get_by_role("link", name="Đăng ký").click()
    page.get_by_label("Họ và tên").fill(name)
    page.get_by_label("Số điện thoại hoặc email").fill(login)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Tạo tài khoản").click()
    expect(page.get_by_role("link", name="Trang của tôi")).to_be_visible()


def test_who_registers_can_sign_in_elsewhere_and_sign_out_everywhere(browser):
    home, away = browser.window(), browser.window()
    register(home, "Hồ Thị Mai", "0987654321")
    away.goto("/dang-nhap")
    away.get_by_label("Số điện thoại hoặc email").fill("098 765 4321")
    away.get_by_label("Mật khẩu").fill("không phải mật khẩu này")
    sign_in_button = away.locator("main").get_by_role("button", name="Đăng nhập", exact=True)
    with browser.allowing(r"status of 4\d\d"):
        sign_in_button.click()
        expect(away.get_by_role("alert")).to_contain_text("chưa đúng")
    away.get_by_label("Mật khẩu").fill(PASSWORD)
    sign_in_button.click()
    away.goto("/toi")
    expect(away.get_by_role("heading", level=1)).to_have_text("Hồ Thị Mai")
    home.goto("/toi")
    expect(home.locator("#thiet-bi ~ ul li")).to_have_count(2)
    home.get_by_role("button", name="Đăng xuất khỏi mọi thiết bị").click()
    expect(home.locator(".note")).to_contain_text("Đã đăng xuất khỏi mọi thiết bị.")
    for page in (away, home):
        page.goto("/toi")
        expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")


def test_signing_out_everywhere_takes_the_console_from_the_other_browser(browser):
    desk, other = browser.window(DESK), browser.window()
    sign_in(desk, "hana")
    make_room(desk)
    expect(desk.locator("[data-primary-text]")).to_have_text("Bắt đầu câu 1")
    sign_in(other, "hana")
    with browser.allowing(r"status of 40[134]"):
        other.get_by_role("button", name="Đăng xuất khỏi mọi thiết bị").click()
        expect(desk.locator("[data-primary]")).to_have_count(0)


def test_a_citizen_is_turned_away_where_staff_work(browser):
    page = browser.window()
    sign_in(page, "ada")
    with browser.allowing(r"status of 40[34]"):
        for address in STAFF_PAGES:
            assert page.goto(address).status in {403, 404}
            expect(page.get_by_role("heading", level=1)).to_have_text("Chưa thực hiện được")


@pytest.mark.parametrize(("address", "who"), STAFF_PAGES.items())
def test_each_role_has_its_page(browser, address, who):
    page = browser.window(DESK)
    sign_in(page, who)
    assert page.goto(address).status == 200
    with browser.allowing(r"status of 40[34]"):
        for other in REFUSED[who]:
            assert page.goto(other).status in {403, 404}, f"{who} at {other}"


def test_every_demo_button_signs_in(browser):
    page = browser.window()
    for login in demo.LOGINS:
        sign_in(page, login.who)
        page.get_by_role("button", name="Đăng xuất khỏi máy này").click()
        expect(page.locator(".note")).to_contain_text("Đã đăng xuất")


def make_room(page):
    page.goto("/to-chuc/phong-moi")
    page.get_by_role("button", name="Tạo phòng").click()


class Hand:
    """A newcomer's hand: presses what the page shows, and counts."""

    def __init__(self):
        self.clicks = 0

    def press(self, element):
        element.click()
        self.clicks += 1


def test_a_newcomer_hosts_and_plays_a_room_within_ten_clicks(browser):
    """From the first page on two screens: make a room, join it from the phone, and have the first answer kept."""
    hand = Hand()
    desk, phone = browser.window(DESK), browser.window()
    desk.goto("/")
    hand.press(desk.get_by_role("link", name="Mở phòng thi"))
    hand.press(desk.get_by_role("button", name="Người tổ chức"))
    hand.press(desk.get_by_role("link", name="Tạo phòng mới").first)
    hand.press(desk.get_by_role("button", name="Tạo phòng"))
    expect(desk.locator("[data-primary-text]")).to_have_text("Bắt đầu câu 1")
    code = re.sub(r"\D", "", re.search(r"mã (\d{3} \d{3})", desk.locator(".step").inner_text())[1])
    phone.goto("/")
    phone.get_by_label("Nhập mã 6 số").fill(code)
    hand.press(phone.get_by_role("button", name="Vào phòng"))
    phone.get_by_label("Tên hiển thị").fill("Bác Tư")
    hand.press(phone.get_by_role("button", name="Vào phòng thi"))
    expect(phone.get_by_role("heading", name="Đã vào phòng thi")).to_be_visible()
    hand.press(desk.locator("[data-primary]"))
    expect(phone.locator("[data-options] > *").first).to_be_visible()
    answer(phone, hand)
    expect(phone.locator("[data-status-text]")).to_contain_text("Đã ghi nhận")
    expect(desk.locator("[data-answered]")).to_have_text("1/1")
    assert hand.clicks <= 10


def answer(phone, hand):
    """Whatever kind of question came."""
    if phone.locator("[data-typed]").count():
        phone.locator("[data-typed]").fill("1")
    elif phone.locator("[data-options] label.opt").count():
        hand.press(phone.locator("[data-options] label.opt").first)
    send = phone.locator("[data-send]")
    if send.is_visible():
        hand.press(send)
