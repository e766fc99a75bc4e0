"""Entering a contest on a phone, with scripts and without; and the secretariat's pages of the same contest."""

import pytest
from playwright.sync_api import expect

from quizapp import clock
from quizapp.rules.contest import Division, Fields, Words
from tests.e2e.entering import new_contest
from tests.e2e.people import DESK, sign_in
from tests.e2e.seeing import cut_off, violations

pytestmark = pytest.mark.e2e


def fill(page, name="Nguyễn Thị Hoa", number="044190012345"):
    page.get_by_label("Họ và tên", exact=True).fill(name)
    page.get_by_label("Ngày sinh").fill("8/3/1990")
    page.get_by_label("Nữ").check()
    page.get_by_label("Số căn cước", exact=True).fill(number)
    page.get_by_label("Số điện thoại", exact=True).fill("0901 234 567")
    page.get_by_label("Tỉnh/thành phố nơi ở").select_option("44")
    page.get_by_label("Xã/phường/đặc khu").fill("Xã Gio Linh")


def main_button(page, name="Đăng ký dự thi"):
    return page.locator("main button.go", has_text=name)


def test_a_newcomer_registers_account_and_entry_in_one_flow_on_a_phone(browser, site):
    slug = new_contest(site)
    page = browser.window()
    page.goto(f"/cuoc-thi/{slug}/dang-ky")
    page.get_by_role("link", name="Bước 1: Tạo tài khoản").click()
    page.get_by_label("Họ và tên").fill("Phạm Thị Mới")
    page.get_by_label("Số điện thoại hoặc email").fill("0977 123 456")
    page.get_by_label("Mật khẩu").fill("mùa thu Hà Nội")
    page.get_by_role("button", name="Tạo tài khoản").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng ký dự thi")
    expect(page.get_by_label("Họ và tên", exact=True)).to_have_value("Phạm Thị Mới")
    expect(page.get_by_label("Số điện thoại", exact=True)).to_have_value("0977123456")
    with browser.refusing(422):
        main_button(page).click()
        expect(page.get_by_role("alert")).to_contain_text("Ngày sinh")
    assert violations(page) == [] and cut_off(page) == []
    page.get_by_role("alert").get_by_role("link").first.click()
    fill(page, "Phạm Thị Mới")
    page.get_by_label("Tôi đồng ý tham gia").check()
    main_button(page).click()
    expect(page.locator("main .note").first).to_contain_text("Đã đăng ký dự thi")
    expect(page.locator("main")).to_contain_text("090***567")
    assert violations(page) == [] and cut_off(page) == []


def test_units_and_communes_are_suggested_while_typing(browser, site):
    slug = new_contest(site)
    page = browser.window()
    sign_in(page, "ada")
    page.goto(f"/cuoc-thi/{slug}/dang-ky")
    page.get_by_label("Tỉnh/thành phố nơi ở").select_option("44")
    expect(page.locator("#communes option")).to_have_count(2)
    page.get_by_label("Đơn vị công tác hoặc học tập").press_sequentially("may 10")
    expect(page.locator("#units option")).to_have_count(1)
    assert page.locator("#units option").get_attribute("value") == "Công ty May 10 – Công đoàn Dệt may"


def test_without_scripts_everything_is_found_and_sent(browser, site):
    slug = new_contest(site)
    page = browser.window(java_script_enabled=False)
    sign_in(page, "ada")
    page.goto(f"/cuoc-thi/{slug}/dang-ky")
    fill(page)
    page.get_by_label("Tôi đồng ý tham gia").check()
    page.get_by_label("Đơn vị công tác hoặc học tập").fill("may 10")
    page.get_by_role("button", name="Tìm đơn vị trong danh sách").click()
    page.get_by_label("Công ty May 10 – Công đoàn Dệt may").check()
    expect(page.get_by_label("Tôi đồng ý tham gia")).to_be_checked()
    main_button(page).click()
    expect(page.locator("main .note").first).to_contain_text("Đã đăng ký dự thi")
    expect(page.locator("main")).to_contain_text("Công ty May 10 – Công đoàn Dệt may")
    page.get_by_role("link", name="Sửa thông tin").click()
    page.get_by_label("Đơn vị công tác hoặc học tập").fill("Công đoàn Dệt may")
    main_button(page, "Lưu thay đổi").click()
    expect(page.locator("main .note").first).to_contain_text("Đã lưu")


def test_a_parent_enters_a_child_and_hands_the_phone_over(browser, site):
    slug = new_contest(site, guardians=True, fields=Fields())
    page = browser.window()
    sign_in(page, "ada")
    page.goto(f"/cuoc-thi/{slug}/dang-ky?cho=nguoi-nha")
    page.get_by_label("Họ và tên", exact=True).fill("Lê An")
    page.get_by_label("Ngày sinh").fill(f"1/6/{clock.now().year - 10}")
    page.get_by_label("Tỉnh/thành phố nơi ở").select_option("44")
    page.get_by_label("Xã/phường/đặc khu").fill("Xã Gio Linh")
    expect(page.locator("#guardian")).to_have_attribute("open", "")
    page.get_by_label("Họ tên cha, mẹ hoặc người giám hộ").fill("Nguyễn Thị Hoa")
    page.get_by_label("Số điện thoại người giám hộ").fill("0901 234 568")
    page.get_by_label("Tôi đồng ý cho em tham gia").check()
    page.get_by_label("Tôi đồng ý tham gia").check()
    assert violations(page) == [] and cut_off(page) == []
    main_button(page).click()
    expect(page.get_by_role("link", name="Đăng ký dự thi cho tôi")).to_be_visible()
    assert violations(page) == [] and cut_off(page) == []
    page.get_by_role("button", name="Vào thi với tên Lê An").click()
    expect(page.locator("main")).to_contain_text("Đã đăng ký dự thi với tên Lê An")


ORGANIZER = (
    "don-vi",
    "don-vi?cay=dia-ban",
    "don-vi/gop-ten",
    "thi-sinh",
    "thi-sinh/them",
    "ban-to-chuc",
    "dai-bieu",
    "danh-sach/don-vi",
    "danh-sach/ban-to-chuc",
)


def test_the_secretariats_pages_are_for_everybody(browser, site):
    slug = new_contest(site, divisions=(Division(key="a", name=Words("Bảng A", "Group A")),))
    home = f"/to-chuc/cuoc-thi/{slug}"
    page = browser.window(DESK)
    sign_in(page, "hana")
    wrong = []
    for name in ORGANIZER:
        assert page.goto(f"{home}/{name}").status == 200, name
        wrong += [f"{name}: {one}" for one in violations(page)]
    page.goto(f"{home}/don-vi")
    page.get_by_role("link", name="Công ty May 10").first.click()
    wrong += [f"a unit: {one}" for one in violations(page)]
    page.goto(f"{home}/danh-sach/don-vi")
    page.get_by_label("Hoặc dán các dòng, kể cả dòng tiêu đề").fill(
        "Tên\tThuộc\nCông ty B\tCông đoàn Dệt may\nCông ty C\tLạ\n"
    )
    page.get_by_role("button", name="Xem trước").click()
    expect(page.locator("main")).to_contain_text("1 dòng lỗi")
    wrong += [f"a list: {one}" for one in violations(page)]
    page.get_by_role("button", name="Nhận 1 dòng hợp lệ").click()
    expect(page.locator("main .note").first).to_contain_text("Đã nhận 1 dòng")
    page.goto(f"{home}/thi-sinh/them")
    fill(page)
    page.get_by_label("Bảng dự thi").select_option("a")
    page.get_by_label("Tôi đồng ý tham gia").check()
    main_button(page, "Thêm thí sinh").click()
    expect(page.locator("main")).to_contain_text("Lượt thi đã bắt đầu")
    wrong += [f"a contestant: {one}" for one in violations(page)]
    assert wrong == []
