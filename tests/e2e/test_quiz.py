"""Quizzes at one's own pace, in a browser: without scripts, without network, on two devices, unattended."""

import json
import re
import time

import pytest
from playwright.sync_api import expect

from tests.e2e import records
from tests.e2e.people import sign_in

pytestmark = pytest.mark.e2e

TOPIC = "om-dau-thai-san-tu-tuat"  # that no contest of the other tests draws from: it would be kept from practice


def begin(page, mode, topic=TOPIC, questions=5):
    """Choose a quiz at its topic's page and start it; gives the attempt's id."""
    page.goto(f"/hoc/{topic}")
    page.locator("[name=questions]").fill(str(questions))
    page.locator(f"[name=mode][value={mode}]").check()
    page.locator("main form button.go").click()
    page.wait_for_url("**/thi/*?cau=1")
    return attempt_of(page)


def attempt_of(page):
    return re.search("/thi/([0-9a-f]{32})", page.url)[1]


def paper(site, attempt):
    """The questions of an attempt in their order, each with the order of its options."""
    dealt = json.loads(records.row(site, "SELECT paper FROM attempt WHERE id = ?", attempt)["paper"])
    return [
        json.loads(
            records.row(
                site,
                "SELECT content FROM question_version WHERE question_id = ? AND version = ?",
                place["q"],
                place["v"],
            )["content"]
        )
        | {"order": place["o"]}
        for place in dealt
    ]


def standing(site, attempt):
    """What the server has kept as the last answer to each question of an attempt."""
    found = records.rows(
        site, "SELECT question_id, chosen FROM answer WHERE attempt_id = ? AND verdict = 'ok' ORDER BY n", attempt
    )
    return {answer["question_id"]: json.loads(answer["chosen"]) for answer in found}


def wrong_for(question):
    """Something that can be chosen and is not right."""
    if question["kind"] == "number":
        return [question["key"][0] + 1]
    if question["kind"] == "order":
        return question["key"][::-1]
    return [next(o for o in question["order"] if o not in question["key"])]


def choose(page, question, chosen):
    """Put an answer into the form, with whatever controls the page has."""
    if question["kind"] == "number":
        page.locator("[name=v]").fill(str(chosen[0]))
        page.locator("[name=v]").blur()
    elif question["kind"] == "order" and page.locator("select[name=o]").count():
        for place, o in enumerate(chosen):
            page.locator("select[name=o]").nth(place).select_option(str(o))
    elif question["kind"] == "order":
        for place, o in enumerate(chosen):
            line = page.locator(f".ordering > [data-value='{o}']")
            while page.locator(".ordering > li").nth(place).get_attribute("data-value") != str(o):
                line.locator("[data-move=up]").click()
    else:
        for o in chosen:
            page.locator(f"label[for=o-{o}]").click()


def nudge(page, question):
    """Change the answer by one press to one that is not right, and say which: after the press the page may be gone."""
    if question["kind"] == "number":
        wrong = wrong_for(question)
        choose(page, question, wrong)
        return wrong
    if question["kind"] == "order":
        shown = page.locator(".ordering > li").evaluate_all("all => all.map((one) => Number(one.dataset.value))")
        swapped = [[*shown[: n - 1], shown[n], shown[n - 1], *shown[n + 1 :]] for n in range(1, len(shown))]
        n, wrong = next((n, one) for n, one in enumerate(swapped, 1) if one != question["key"])
        page.locator(".ordering > li").nth(n).locator("[data-move=up]").click()
        return wrong
    picked = page.locator("input[name=o]:checked").evaluate_all("all => all.map((one) => Number(one.value))")
    added = next(o for o in question["order"] if o not in {*question["key"], *picked})
    page.locator(f"label[for=o-{added}]").click()
    return sorted([*picked, added]) if question["kind"] == "several" else [added]


def send(page):
    page.get_by_role("button", name="Trả lời", exact=True).click()


def expect_place(page, n, of=5):
    expect(page).to_have_title(re.compile(f"^Câu {n} trên {of}"))


def sees_kept(page):
    expect(page.locator("[data-tick]")).to_be_visible()
    expect(page.locator("[data-status-text]")).to_contain_text("Đã ghi nhận")


def test_an_exam_goes_from_home_to_its_result_without_scripts(browser, site):
    page = browser.window(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="Luyện tập ngay").click()
    page.get_by_label("Số câu hỏi").fill("5")
    page.get_by_label("Thi thử có tính giờ").check()
    page.get_by_role("button", name="Bắt đầu").click()
    attempt = attempt_of(page)
    asked = paper(site, attempt)
    for n, question in enumerate(asked, 1):
        expect_place(page, n)
        expect(page.get_by_role("heading", level=1)).to_have_text(question["stem"]["vi"])
        if n == 2 and question["kind"] != "order":  # an order is an answer from the start
            with browser.refusing(422):
                send(page)
                expect(page.get_by_role("alert")).to_be_visible()
        if n < 5:
            choose(page, question, question["key"] if n % 2 else wrong_for(question))
            send(page)
    page.get_by_role("link", name="Xem lại và nộp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Còn 1 câu chưa trả lời")
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kết quả")
    right = sum(standing(site, attempt).get(question["id"]) == question["key"] for question in asked)
    assert right == 2
    expect(page.locator(".big")).to_have_text("2/5")
    expect(page.get_by_role("button", name="Luyện lại 3 câu sai")).to_be_visible()


def test_practice_explains_each_answer_with_the_law_behind_it(browser, site):
    page = browser.window()
    attempt = begin(page, "practice")
    asked = paper(site, attempt)
    for n, question in enumerate(asked, 1):
        expect_place(page, n)
        choose(page, question, question["key"] if n > 1 else wrong_for(question))
        send(page)
        title = page.locator("#sheet-title")
        expect(title).to_contain_text("Đúng rồi" if n > 1 else "Chưa đúng. Đáp án là")
        expect(title).to_be_focused()
        expect(page.locator(".sheet")).to_contain_text(question["explanation"]["vi"])
        if n == 1:
            page.locator(".sheet a[href^='/luat/']").first.click()
            expect(page.get_by_role("heading", level=1)).to_contain_text("Điều")
            expect(page.locator(":target")).to_have_count(1 if "#" in page.url else 0)
            page.go_back()
        if n < 5:
            page.get_by_role("link", name="Câu tiếp theo").click()
    page.get_by_role("button", name="Xem kết quả").click()
    expect(page.locator(".big")).to_have_text("4/5")
    page.get_by_role("button", name="Luyện lại 1 câu sai").click()
    expect_place(page, 1, of=1)
    again = paper(site, attempt_of(page))
    assert [question["id"] for question in again] == [asked[0]["id"]]


def test_answers_given_without_network_are_kept_and_sent_on_return(browser, site):
    page = browser.window()
    attempt = begin(page, "exam")
    asked = paper(site, attempt)
    choose(page, asked[0], asked[0]["key"])
    sees_kept(page)
    send(page)
    with browser.away():
        page.context.set_offline(True)
        for n in (2, 3):
            expect_place(page, n)
            choose(page, asked[n - 1], asked[n - 1]["key"])
            expect(page.locator("[data-offline]")).to_contain_text("Mạng đang chập chờn")
            expect(page.locator("[data-status-text]")).to_contain_text("Đã giữ trên máy")
            if n == 2:
                send(page)
        assert asked[1]["id"] not in standing(site, attempt)
        page.context.set_offline(False)
        expect(page.locator("[data-offline]")).to_be_hidden()
    sees_kept(page)
    records.wait_for(site, "SELECT id FROM answer WHERE attempt_id = ? AND question_id = ?", attempt, asked[2]["id"])
    assert standing(site, attempt) == {question["id"]: question["key"] for question in asked[:3]}


def test_an_answer_tapped_before_the_scripts_came_is_kept(browser, site):
    page = browser.window()
    attempt = begin(page, "exam", topic="thu-tuc-ho-so")
    tapped = ("one", "several", "truefalse")
    n, question = next((n, asked) for n, asked in enumerate(paper(site, attempt), 1) if asked["kind"] in tapped)
    held = []
    page.route("**/js/exam.js", lambda route: held.append(route))
    with page.expect_request("**/js/exam.js"):
        page.goto(f"/thi/{attempt}?cau={n}", wait_until="commit")
    choose(page, question, question["key"])
    held[0].continue_()
    sees_kept(page)
    assert standing(site, attempt) == {question["id"]: question["key"]}


def test_a_closed_browser_goes_on_where_it_was_and_sends_what_it_still_held(browser, site):
    page = browser.window()
    attempt = begin(page, "exam")
    asked = paper(site, attempt)
    choose(page, asked[0], asked[0]["key"])
    sees_kept(page)
    send(page)
    with browser.away():
        page.context.set_offline(True)
        expect_place(page, 2)
        choose(page, asked[1], asked[1]["key"])
        expect(page.locator("[data-status-text]")).to_contain_text("Đã giữ trên máy")
        kept = page.context.storage_state()
        page.close()
    page = browser.window(storage_state=kept)
    page.goto("/")
    page.get_by_role("link", name="Làm tiếp câu 2/5").click()
    expect_place(page, 2)
    sees_kept(page)
    assert standing(site, attempt) == {question["id"]: question["key"] for question in asked[:2]}
    page.get_by_role("link", name="Câu trước").click()
    expect_place(page, 1)
    sees_kept(page)


def test_a_second_device_takes_over_and_the_first_may_take_it_back(browser, site):
    first, second = browser.window(), browser.window()
    sign_in(first, "ada")
    sign_in(second, "ada")
    attempt = begin(first, "exam")
    asked = paper(site, attempt)
    choose(first, asked[0], asked[0]["key"])
    sees_kept(first)
    second.goto("/")
    second.locator(f"a[href='/thi/{attempt}']").click()
    expect_place(second, 2)
    choose(second, asked[1], asked[1]["key"])
    sees_kept(second)
    send(first)
    expect_place(first, 2)
    with browser.refusing(409):
        wrong = nudge(first, asked[1])
        expect(first.get_by_role("button", name="Dùng lại máy này")).to_be_visible()
    assert standing(site, attempt)[asked[1]["id"]] == asked[1]["key"]
    first.get_by_role("button", name="Dùng lại máy này").click()
    expect_place(first, 3)  # and what was chosen last is sent now
    overruled = "SELECT id FROM answer WHERE attempt_id = ? AND question_id = ? AND chosen = ?"
    records.wait_for(site, overruled, attempt, asked[1]["id"], json.dumps(wrong))
    assert standing(site, attempt)[asked[1]["id"]] == wrong
    with browser.refusing(409):
        second.reload()
        expect(second.get_by_role("button", name="Dùng lại máy này")).to_be_visible()
    first.goto(f"/thi/{attempt}/xem-lai")
    first.get_by_role("button", name="Nộp bài").click()
    expect(first.locator(".big")).to_have_text("1/5")


def test_the_server_hands_in_when_nobody_returns(browser, site):
    page = browser.window()
    attempt = begin(page, "exam")
    asked = paper(site, attempt)
    choose(page, asked[0], asked[0]["key"])
    sees_kept(page)
    kept = page.context.storage_state()
    page.close()
    ended = int(time.time() * 1_000_000) - 10_000_000
    records.change(
        site,
        "UPDATE attempt SET deadline_at = ?, started_at = ? - limit_seconds * 1000000 WHERE id = ?",
        ended,
        ended,
        attempt,
    )
    (done,) = records.wait_for(site, "SELECT * FROM attempt WHERE id = ? AND handed_in_at IS NOT NULL", attempt)
    assert (done["handed_in_by"], done["handed_in_at"], done["score"]) == ("auto", ended, 1)
    page = browser.window(storage_state=kept)
    page.goto(f"/thi/{attempt}")
    expect(page.locator(".note")).to_contain_text("Đã hết giờ nên máy chủ tự nộp bài")
    expect(page.locator(".big")).to_have_text("1/5")


def test_a_page_left_open_shows_its_result_when_the_time_is_over(browser, site):
    page = browser.window()
    attempt = begin(page, "exam")
    ending = int((time.time() + 6) * 1_000_000)
    records.change(site, "UPDATE attempt SET deadline_at = ? WHERE id = ?", ending, attempt)
    page.reload()
    asked = paper(site, attempt)
    choose(page, asked[0], asked[0]["key"])
    sees_kept(page)
    expect(page.locator(".big")).to_have_text("1/5")
    assert page.url.endswith("/ket-qua")


def test_a_leaderboard_shows_only_who_chose_to_appear(browser, site):
    page = browser.window()
    name = "Vũ Thị Kín Đáo"
    page.goto("/dang-ky")
    page.get_by_label("Họ và tên").fill(name)
    page.get_by_label("Số điện thoại hoặc email").fill("kin.dao@example.com")
    page.get_by_label("Mật khẩu").fill("mùa xuân ở Huế")
    page.get_by_role("button", name="Tạo tài khoản").click()
    page.wait_for_url("**/")
    attempt = begin(page, "exam", topic="thu-tuc-ho-so")
    asked = paper(site, attempt)
    for question in asked:
        choose(page, question, question["key"])
        sees_kept(page)
        send(page)
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.locator(".big")).to_have_text("5/5")
    stranger = browser.window()
    stranger.goto("/hoc/thu-tuc-ho-so/bang-xep-hang")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Bảng xếp hạng thi thử")
    expect(stranger.locator("main")).not_to_contain_text(name)
    page.get_by_role("link", name="Chọn ở «Trang của tôi»").click()
    page.get_by_label("Hiện tên tôi trên bảng xếp hạng").check()
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator(".note")).to_contain_text("Đã lưu.")
    stranger.reload()
    expect(stranger.locator(".board li").first).to_contain_text(name)
    expect(stranger.locator(".board li").first).to_contain_text("5 câu đúng")
    page.goto("/hoc/thu-tuc-ho-so")
    expect(page.locator(".board .me")).to_contain_text(name)
