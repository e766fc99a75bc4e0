"""The console in a browser: two hosts lead one room of a contest, and a room is rehearsed with simulated players."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from quizapp import db, models
from quizapp.rules import contest as rulebook
from quizapp.services import contests, demo
from tests import make
from tests.e2e import records
from tests.e2e.contests import vault_of
from tests.e2e.people import DESK, Host, sign_in

HOUR = timedelta(hours=1)


@pytest.fixture
def slug(site):
    """A contest with a live round that hana runs and kim hosts."""
    vault, now = vault_of(site), datetime.now(UTC)
    made = f"truc-tiep-{secrets.token_hex(4)}"
    engine = db.make_engine(f"sqlite:///{site.folder / 'quiz.sqlite3'}")
    with Session(engine) as session, session.begin():
        part = rulebook.LivePart(questions=3, seconds=60, reserves=1)
        rules = make.live_rules(part=None, live=part, opens_at=now - HOUR, closes_at=now + HOUR)
        hana, kim = (demo.find(session, vault, who) for who in ("hana", "kim"))
        contest = contests.create(session, vault, made, make.contest_rules((rules,)), hana.id, now=now)
        contest.published_at, contest.rounds[0].state = now, "PUBLISHED"
        session.add(models.ContestRole(contest_id=contest.id, person_id=kim.id, role="host", given_at=now))
    engine.dispose()
    return made


def says(page, words):
    expect(page.locator("[data-primary-text]")).to_have_text(words)


def stems(page):
    return page.locator("[data-status=waiting] .stem")


def test_two_hosts_lead_a_room_and_void_a_question_together(browser, site, slug):
    hana, kim = browser.window(DESK), browser.window(DESK)
    sign_in(hana, "hana")
    sign_in(kim, "kim")
    hana.goto(f"/to-chuc/cuoc-thi/{slug}")
    hana.get_by_role("link", name="Phòng trực tiếp").click()
    hana.get_by_role("button", name="Chốt bộ câu hỏi").click()
    hana.get_by_role("button", name="Lập phòng").click()
    hana.get_by_role("link", name="Mở bảng điều khiển").click()
    says(hana, "Bắt đầu câu 1")
    kim.goto(hana.url)
    says(kim, "Bắt đầu câu 1")

    first, second = stems(hana).all_inner_texts()[:2]
    hana.locator("[data-status=waiting] [data-move=down]").first.click()
    for page in (hana, kim):
        expect(stems(page).first).to_have_text(second)
        expect(stems(page).nth(1)).to_have_text(first)

    hana.keyboard.press("Space")
    says(kim, "Mở câu 1")
    kim.keyboard.press("Space")
    says(hana, "Đóng câu")
    expect(hana.locator("[data-stem]")).to_have_text(second)
    hana.keyboard.press("Space")
    says(kim, "Công bố đáp án")

    hana.locator("[data-do=void]").click()
    hana.get_by_label("Lý do hủy").fill("Câu hỏi in sai")
    hana.get_by_role("button", name="Đề nghị hủy câu này").click()
    expect(kim.locator("[data-proposal-text]")).to_contain_text("đề nghị hủy câu này: Câu hỏi in sai")
    expect(hana.locator("[data-proposal-text]")).to_contain_text("Bạn đã đề nghị")
    expect(hana.locator("[data-do=confirm]")).to_be_hidden()
    kim.get_by_role("button", name="Xác nhận hủy").click()
    for page in (hana, kim):
        expect(page.locator("[data-proposal]")).to_be_hidden()
        expect(page.locator("[data-status=voided]")).to_contain_text("Câu hỏi in sai")
        expect(page.locator("[data-phase]")).to_contain_text("Câu 1/4")  # the reserve takes its place

    mallory = browser.window(DESK)
    sign_in(mallory, "ada")
    with browser.refusing(404):
        assert mallory.goto(hana.url).status == 404


def test_a_room_is_rehearsed_with_simulated_players_and_nothing_stays(browser, site):
    room = records.new_room(site, ["one", "truefalse"], seconds=5)
    host = Host(browser.window(DESK), room)
    page, real = host.page, host.page.url
    page.locator("summary", has_text="Trang khác").click()
    page.get_by_label("Số người chơi do máy đóng").fill("12")
    page.get_by_role("button", name="Mở buổi tập").click()
    page.wait_for_url(lambda address: address != real)
    expect(page.locator("[data-joined]")).to_have_text("12")
    host.press("Bắt đầu câu 1")
    host.next_is("Mở câu 1")
    page.keyboard.press("Space")
    host.next_is("Công bố đáp án")  # the clock closes it
    expect(page.locator("[data-answered]")).to_have_text(re.compile(r"^([5-9]|1[0-2])/12$"))
    page.keyboard.press("Space")
    expect(page.locator("[data-options] .pc").first).to_contain_text("%")
    page.get_by_role("button", name="Kết thúc và bỏ buổi tập").click()
    page.wait_for_url(real)
    host.next_is("Bắt đầu câu 1")
    expect(page.locator("[data-joined]")).to_have_text("0")
