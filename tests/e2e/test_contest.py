"""A citizen in a contest: start, answer, predict, hand in; without scripts or network, on two devices, unattended."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.e2e import contests, records
from tests.e2e.people import sign_in
from tests.e2e.test_quiz import attempt_of, choose, expect_place, nudge, sees_kept, send, standing, wrong_for

pytestmark = pytest.mark.e2e

SECONDS = timedelta(seconds=1)


@pytest.fixture
def ada(browser):
    page = browser.window()
    sign_in(page, "ada")
    return page


def begin(page, slug):
    """Accept the rules and start; gives the attempt's id."""
    page.goto(f"/cuoc-thi/{slug}/vong/tuan-1")
    page.get_by_label("Đã đọc thể lệ").check()
    page.get_by_role("button", name="Bắt đầu thi").click()
    page.wait_for_url(re.compile("/thi/[0-9a-f]{32}"))
    return attempt_of(page)


def kept(site, attempt):
    return records.row(site, "SELECT * FROM attempt WHERE id = ?", attempt)


def predict(page, number, words):
    page.get_by_label("Có bao nhiêu người").fill(number)
    page.get_by_role("button", name="Xem lại số bằng chữ").click()
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()
    page.get_by_role("button", name="Lưu số này").click()


def test_a_contestant_goes_from_the_first_page_to_the_result(browser, site, ada):
    slug = contests.hold(site, crowd=2, board="TOP", closes=timedelta(hours=2))
    ada.goto("/")
    ada.locator(f"main a[href='/cuoc-thi/{slug}']").click()
    expect(ada.locator("[data-until] [data-left]").first).to_have_text(re.compile(r"^1:\d\d:\d\d$"))
    ada.get_by_role("link", name="Vào thi Tuần 1").click()
    ada.get_by_label("Đã đọc thể lệ").check()
    ada.get_by_role("button", name="Bắt đầu thi").click()
    attempt = attempt_of(ada)
    asked = contests.paper(site, attempt)
    for n, question in enumerate(asked, 1):
        expect_place(ada, n)
        choose(ada, question, question["key"] if n > 1 else wrong_for(question))
        sees_kept(ada)
        send(ada)
    ada.wait_for_url("**/du-doan")
    predict(ada, "4.312", "bốn nghìn ba trăm mười hai")
    expect(ada.get_by_role("heading", level=1)).to_have_text("Đã trả lời đủ 5 câu")
    ada.get_by_role("button", name="Nộp bài").click()
    expect(ada.get_by_role("heading", level=1)).to_have_text("Đã nộp lượt 1")
    expect(ada.locator(".big")).to_have_text("4/5 điểm")
    expect(ada.locator("main")).not_to_contain_text("Đáp án đúng")
    assert kept(site, attempt)["points"] == 4 * 60 and kept(site, attempt)["handed_in_by"] == "self"
    ada.get_by_role("link", name="Lượt thi của tôi").click()
    expect(ada.locator("main")).to_contain_text("Đây là lượt duy nhất có đáp án.")
    expect(ada.locator("main")).to_contain_text("4.312")
    ada.goto(f"/cuoc-thi/{slug}/vong/tuan-1/bang-xep-hang")
    expect(ada.locator(".board li").first).to_contain_text("Lê Văn A")
    expect(ada.locator(".board .me")).to_contain_text("4 điểm")


def test_everything_works_without_scripts(browser, site):
    slug = contests.hold(site)
    page = browser.window(java_script_enabled=False)
    sign_in(page, "ada")
    page.goto(f"/cuoc-thi/{slug}")
    page.get_by_role("link", name="Vào thi Tuần 1").click()
    with browser.refusing(422):
        page.get_by_role("button", name="Bắt đầu thi").click()
        expect(page.get_by_role("alert")).to_have_text("Vui lòng đánh dấu ô đã đọc thể lệ.")
    attempt = begin(page, slug)
    asked = contests.paper(site, attempt)
    for n, question in enumerate(asked, 1):
        expect_place(page, n)
        choose(page, question, question["key"])
        send(page)
    with browser.refusing(422):
        page.get_by_label("Có bao nhiêu người").fill("4,5")
        page.get_by_role("button", name="Xem lại số bằng chữ").click()
        expect(page.get_by_role("alert")).to_contain_text("Vui lòng nhập một số nguyên")
    predict(page, "12", "mười hai")
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.locator(".big")).to_have_text("5/5 điểm")
    page.goto(f"/cuoc-thi/{slug}/vong/tuan-1")
    predict(page, "13", "mười ba")
    expect(page.locator("main")).to_contain_text("Đã lưu số dự đoán.")
    assert records.row(
        site,
        "SELECT prediction FROM participation JOIN attempt ON best_attempt_id = attempt.id WHERE attempt.id = ?",
        attempt,
    ) == {"prediction": 13}


def test_answers_given_without_network_arrive_when_it_is_back(browser, site, ada):
    attempt = begin(ada, contests.hold(site))
    asked = contests.paper(site, attempt)
    choose(ada, asked[0], asked[0]["key"])
    sees_kept(ada)
    send(ada)
    with browser.away():
        ada.context.set_offline(True)
        expect_place(ada, 2)
        choose(ada, asked[1], asked[1]["key"])
        expect(ada.locator("[data-offline]")).to_contain_text("Mạng đang chập chờn")
        assert asked[1]["id"] not in standing(site, attempt)
        ada.context.set_offline(False)
        expect(ada.locator("[data-offline]")).to_be_hidden()
    sees_kept(ada)
    assert standing(site, attempt) == {question["id"]: question["key"] for question in asked[:2]}


def test_a_second_device_takes_over_and_the_first_may_take_back(browser, site, ada):
    slug = contests.hold(site)
    attempt = begin(ada, slug)
    asked = contests.paper(site, attempt)
    tablet = browser.window()
    sign_in(tablet, "ada")
    tablet.goto(f"/cuoc-thi/{slug}/vong/tuan-1")
    tablet.get_by_role("link", name="Làm tiếp").click()
    expect_place(tablet, 1)
    with browser.refusing(409):
        tapped = nudge(ada, asked[0])
        expect(ada.get_by_role("button", name="Dùng lại máy này")).to_be_visible()
    assert not standing(site, attempt)
    ada.get_by_role("button", name="Dùng lại máy này").click()
    expect_place(ada, 1)  # and what was tapped is sent now
    records.wait_for(site, "SELECT id FROM answer WHERE attempt_id = ?", attempt)
    assert standing(site, attempt) == {asked[0]["id"]: tapped}
    with browser.refusing(409):
        tablet.reload()
        expect(tablet.get_by_role("button", name="Dùng lại máy này")).to_be_visible()


def test_an_attempt_left_alone_is_handed_in_at_its_deadline(browser, site, ada):
    attempt = begin(ada, contests.hold(site, time_limit=30))
    asked = contests.paper(site, attempt)
    choose(ada, asked[0], asked[0]["key"])
    sees_kept(ada)
    records.change(site, "UPDATE attempt SET deadline_at = deadline_at - 27000000 WHERE id = ?", attempt)
    ada.goto("about:blank")
    (row,) = records.wait_for(site, "SELECT * FROM attempt WHERE id = ? AND handed_in_at IS NOT NULL", attempt)
    assert (row["handed_in_by"], row["points"], row["handed_in_at"]) == ("auto", 60, row["deadline_at"])


def test_the_page_hands_in_by_itself_when_the_round_closes(browser, site, ada):
    slug = contests.hold(site, closes=12 * SECONDS)
    ada.goto(f"/cuoc-thi/{slug}/vong/tuan-1")
    expect(ada.locator("main")).to_contain_text("ít hơn thời gian đầy đủ")
    attempt = begin(ada, slug)
    asked = contests.paper(site, attempt)
    choose(ada, asked[0], asked[0]["key"])
    sees_kept(ada)
    ada.wait_for_url("**/ket-qua")
    expect(ada.locator(".big")).to_have_text("1/5 điểm")
    assert kept(site, attempt)["handed_in_at"] == kept(site, attempt)["deadline_at"]
    ended = "SELECT cut_at FROM round JOIN contest ON contest.id = contest_id WHERE slug = ? AND cut_at IS NOT NULL"
    records.wait_for(site, ended, slug)


def test_where_answers_are_final_the_button_sends_them_once(browser, site, ada):
    attempt = begin(ada, contests.hold(site, change_answers=False))
    asked = contests.paper(site, attempt)
    choose(ada, asked[0], asked[0]["key"])
    assert standing(site, attempt) == {}
    ada.get_by_role("button", name="Chốt đáp án").click()
    expect_place(ada, 2)
    ada.get_by_role("link", name="Câu trước").click()
    sees_kept(ada)
    expect(ada.locator("[data-options] :is(input, select, button):not(:disabled)")).to_have_count(0)
    ada.get_by_role("button", name="Câu tiếp theo").click()
    expect_place(ada, 2)
    ada.reload()
    ada.get_by_role("link", name="Câu trước").click()
    expect(ada.locator("[data-options] :is(input, select, button):not(:disabled)")).to_have_count(0)
    assert standing(site, attempt) == {asked[0]["id"]: asked[0]["key"]}


def test_the_board_comes_again_by_itself(browser, site, ada):
    slug = contests.hold(site, crowd=1, board="TOP")
    watcher = browser.window()
    watcher.clock.install()
    watcher.goto(f"/cuoc-thi/{slug}/vong/tuan-1/bang-xep-hang")
    expect(watcher.locator(".board li")).to_have_count(1)
    attempt = begin(ada, slug)
    question = contests.paper(site, attempt)[0]
    choose(ada, question, question["key"])
    sees_kept(ada)
    ada.goto(f"/thi/{attempt}/xem-lai")
    ada.get_by_role("button", name="Nộp bài").click()
    ada.wait_for_url("**/ket-qua")
    for _ in range(4):  # the lines are kept for ten seconds on the server
        watcher.clock.fast_forward(16_000)
        ada.wait_for_timeout(4_000)
        if watcher.locator(".board li").count() == 2:
            break
    expect(watcher.locator(".board li")).to_have_count(2)


def test_mallory_sees_no_attempt_of_others(browser, site, ada):
    slug = contests.hold(site)
    attempt = begin(ada, slug)
    mallory = browser.window()
    sign_in(mallory, "bob")
    with browser.refusing(404):
        for place in (
            f"/thi/{attempt}",
            f"/thi/{attempt}/du-doan",
            f"/thi/{attempt}/ket-qua",
            f"/cuoc-thi/{slug}/cua-toi",
        ):
            mallory.goto(place)
            expect(mallory.get_by_role("heading", level=1)).to_have_text(re.compile("Chưa thực hiện được"))
    mallory.goto(f"/cuoc-thi/{slug}")
    expect(mallory.get_by_role("link", name="Đăng ký dự thi")).to_be_visible()
