"""Somebody who never set a contest up does it from the weekly template, on a desk and on a phone."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from quizapp.rules.timing import VIETNAM
from tests.e2e import records
from tests.e2e.people import DESK, PHONE, sign_in
from tests.e2e.seeing import cut_off, violations

pytestmark = pytest.mark.e2e


def begin(page, slug):
    page.goto("/to-chuc")
    page.get_by_role("link", name="Cuộc thi", exact=True).click()
    page.get_by_role("link", name="Tạo cuộc thi mới").click()
    page.get_by_label("Tên cuộc thi").fill("Hội thi của chúng tôi")
    page.get_by_text("Địa chỉ trang của cuộc thi").click()
    page.get_by_label("Địa chỉ", exact=True).fill(slug)
    page.get_by_role("button", name="Tạo bản nháp").click()
    expect(page.get_by_role("heading", name="Bước 1: Nội dung")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_contest_is_set_up_from_the_template_and_published(browser, site, size):
    slug = f"hoi-thi-{size['width']}"
    page = browser.window(size)
    sign_in(page, "hana")
    begin(page, slug)
    page.get_by_label("Nơi liên hệ (tiếng Việt)").fill("Tổ Thư ký, 0234 000 000")
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    expect(page.get_by_role("heading", name="Bước 2")).to_be_visible()
    prizes = page.locator("[id='ranking.prizes'] > ol > li")
    expect(prizes).to_have_count(4)
    page.get_by_role("button", name="Thêm giải").click()
    expect(prizes).to_have_count(5)
    page.locator("[id='ranking.prizes.4.name.vi']").fill("Giải phụ")
    page.get_by_role("button", name="Đưa lên: Các giải, dòng 5").click()
    expect(page.locator("[id='ranking.prizes.3.name.vi']")).to_have_value("Giải phụ")
    page.get_by_role("button", name="Bớt: Các giải, Giải phụ").click()
    expect(prizes).to_have_count(4)
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    expect(page.get_by_role("heading", name="Bước 3")).to_be_visible()
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    expect(page.get_by_text("không có vòng trực tiếp")).to_be_visible()
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    expect(page.get_by_text("Còn thiếu: Tổ Thư ký cần ít nhất 2 người")).to_be_visible()
    page.goto(f"/to-chuc/cuoc-thi/{slug}/nguoi")
    page.get_by_label("Số điện thoại hoặc email của tài khoản").fill("kim@demo.test")
    page.get_by_role("button", name="Giao việc").click()
    expect(page.get_by_role("cell", name="Tổ Thư ký", exact=True)).to_have_count(2)
    page.goto(f"/to-chuc/cuoc-thi/{slug}/buoc/5")
    page.get_by_role("button", name="Công bố thể lệ").click()
    expect(page.get_by_text("Đã công bố thể lệ.")).to_be_visible()
    page.goto(f"/cuoc-thi/{slug}/the-le")
    expect(page.get_by_role("heading", name="Điều 8. Xếp hạng")).to_be_visible()
    expect(page.get_by_text("Có bao nhiêu người trả lời đúng tất cả")).to_be_visible()
    assert records.rows(
        site, "SELECT version FROM rulebook r JOIN contest c ON c.id = r.contest_id WHERE c.slug = ?", slug
    )


def test_without_scripts_rows_are_added_and_nothing_typed_is_lost(browser, site):
    page = browser.window(PHONE, java_script_enabled=False)
    page.goto("/dang-nhap")
    page.get_by_role("button", name="Trần Hạ Na").click()
    begin(page, "khong-script")
    page.get_by_label("Nơi liên hệ (tiếng Việt)").fill("Tổ Thư ký")
    page.get_by_role("button", name="Thêm vòng").click()
    expect(page.locator("[id='rounds.4.name.vi']")).to_have_value("Tuần 5")
    expect(page.get_by_label("Nơi liên hệ (tiếng Việt)")).to_have_value("Tổ Thư ký")
    page.get_by_role("button", name="Lưu bản nháp").last.click()
    page.goto("/to-chuc/cuoc-thi/khong-script/buoc/2")
    expect(page.locator("[id='times.4.opens_at']")).not_to_have_value("")


def test_what_is_chosen_decides_what_is_asked(browser, site):
    page = browser.window(DESK)
    sign_in(page, "hana")
    begin(page, "tuy-chon")
    expect(page.locator("[data-count]").first).to_have_text(re.compile(r"Ngân hàng có \d+ câu"))
    page.wait_for_load_state("networkidle")  # the script that follows the choices is there
    before = page.locator("[data-count]").first.inner_text()
    page.locator("[id='paper.blueprint.0.difficulty']").select_option("apply")
    expect(page.locator("[data-count]").first).not_to_have_text(before)
    page.goto("/to-chuc/cuoc-thi/tuy-chon/buoc/2")
    least = page.locator("[id='ranking.prize_gate.least']")
    expect(least).to_be_hidden()
    page.get_by_text("Đạt số điểm ít nhất").click()
    expect(least).to_be_visible()


def test_an_end_before_the_beginning_is_named_at_the_last_step(browser, site):
    page = browser.window(DESK)
    sign_in(page, "hana")
    begin(page, "sai-gio")
    page.goto("/to-chuc/cuoc-thi/sai-gio/buoc/2")
    early = datetime.now(VIETNAM) + timedelta(days=1)
    page.locator("[id='times.0.closes_at']").fill(f"{early:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Lưu bản nháp").last.click()
    page.goto("/to-chuc/cuoc-thi/sai-gio/buoc/5")
    expect(page.get_by_text("Tuần 1 đóng trước hoặc cùng lúc mở.")).to_be_visible()
    page.get_by_role("link", name=re.compile("Đến chỗ này ?: Tuần 1 đóng trước")).click()
    expect(page.locator("[id='times']")).to_be_visible()


@pytest.mark.parametrize("step", [1, 2, 3, 4, 5])
def test_every_step_is_for_everybody(browser, site, step):
    page = browser.window(PHONE)
    sign_in(page, "hana")
    page.goto(f"/to-chuc/cuoc-thi/livestream-mau/buoc/{step}")
    assert violations(page) + cut_off(page) == []
