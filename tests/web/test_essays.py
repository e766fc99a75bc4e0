"""Essays on the pages: written by citizens, judged blind, followed by the secretariat; nobody else sees anything."""

import re
from datetime import timedelta

import pytest

from quizapp import clock, db, models
from quizapp.rules import contest as rulebook
from tests import make
from tests.make import PASSWORD, PHONES

HOUR = timedelta(hours=1)
SLUG = "tim-hieu-luat"
WRITE = f"/cuoc-thi/{SLUG}/vong/tuan-1/bai-viet"
JUDGE = f"/to-chuc/cuoc-thi/{SLUG}/tu-luan"
TEXT = "một hai ba bốn năm"
NAME, UNIT = "Lê Thị Ada Duy Nhất", "Đơn vị Bí Mật"


@pytest.fixture(autouse=True)
def no_tokens(app):
    app.config["WTF_CSRF_ENABLED"] = False


def role(session, contest, person, name):
    session.add(models.ContestRole(contest_id=contest.id, person_id=person.id, role=name, given_at=make.MADE))


@pytest.fixture
def contest(app):
    """An essay round that is open: ada is registered, bob and otto judge, hana is the secretariat."""
    now = clock.now()
    part = rulebook.EssayPart(
        prompt=rulebook.Words("Vì sao cần <b>bảo hiểm</b>?"), min_words=3, max_words=6, max_points=5
    )
    rules = make.round_rules(kind="essay", essay=part, prediction=None, opens_at=now - HOUR, closes_at=now + HOUR)
    with db.begin() as session:
        made = make.contest(session, (rules,), SLUG)
        unit = models.Unit(contest_id=made.id, name=UNIT, made_at=now)
        session.add(unit)
        session.flush()
        make.contestant(session, made, who=make.person(session, "ada"), name=NAME, unit_id=unit.id, code="MATHISINHX")
        for who in ("bob", "otto"):
            role(session, made, make.person(session, who), "judge")
        role(session, made, make.person(session, "hana"), "secretariat")
        make.person(session, "mallory")
    return made


@pytest.fixture
def sign_in(app, contest):
    def signing(who):
        client = app.test_client()
        client.post("/dang-nhap", data={"login": PHONES[who], "password": PASSWORD})
        return client

    return signing


def close():
    """The round closed an hour ago."""
    with db.begin() as session:
        contest = session.query(models.Contest).one()
        rounds = contest.settings["rounds"]
        over = (clock.now() - HOUR).isoformat()
        contest.settings = {**contest.settings, "rounds": [{**rounds[0], "closes_at": over}]}


@pytest.fixture
def judged(sign_in):
    """Ada's essay lies with bob and otto."""
    assert sign_in("ada").post(WRITE, data={"text": TEXT, "do": "nop", "ok": "y"}).status_code == 302
    close()
    assert sign_in("hana").post(f"{JUDGE}/tuan-1/phan-bai").status_code == 302
    return sign_in


def marks():
    with db.read() as session:
        return {one.judge_id: one for one in session.query(models.EssayMark)}


def own_mark(who):
    with db.read() as session:
        person = session.query(models.Person).filter_by(name=who.title()).one()
    return marks()[person.id].id


# ── Writing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_asks_counts_and_keeps_the_draft(sign_in):
    ada = sign_in("ada")
    page = ada.get(WRITE).text
    assert "Vì sao cần &lt;b&gt;bảo hiểm&lt;/b&gt;?" in page and "Từ 3 đến 6 chữ" in page
    kept = ada.post(WRITE, data={"text": "một hai", "do": "luu"}, follow_redirects=True).text
    assert "Đã lưu bản nháp." in kept and "một hai</textarea>" in kept and "2 chữ" in kept


def test_the_page_saves_by_itself(sign_in):
    ada = sign_in("ada")
    assert ada.post(f"{WRITE}/nhap", data={"text": "một hai ba"}).json == {"words": 3}
    assert "một hai ba</textarea>" in ada.get(WRITE).text


def test_handing_in_needs_the_box_and_the_limits_and_loses_no_text(sign_in):
    ada = sign_in("ada")
    unticked = ada.post(WRITE, data={"text": TEXT, "do": "nop"})
    assert unticked.status_code == 422 and TEXT in unticked.text and "đánh dấu ô xác nhận" in unticked.text
    short = ada.post(WRITE, data={"text": "chỉ hai", "do": "nop", "ok": "y"})
    assert short.status_code == 422 and "chỉ hai</textarea>" in short.text and "ngắn hơn" in short.text


def test_what_is_handed_in_is_shown_and_stays(sign_in):
    ada = sign_in("ada")
    done = ada.post(WRITE, data={"text": TEXT, "do": "nop", "ok": "y"}, follow_redirects=True).text
    assert "Đã nộp bài." in done and "không sửa được nữa" in done and "<textarea" not in done
    again = ada.post(WRITE, data={"text": "khác hẳn rồi", "do": "luu"})
    assert again.status_code == 409 and "khác hẳn" not in ada.get(WRITE).text
    assert ada.post(f"{WRITE}/nhap", data={"text": "khác"}).status_code == 409


def test_after_closing_the_draft_can_be_read_only(sign_in):
    ada = sign_in("ada")
    ada.post(WRITE, data={"text": "một hai", "do": "luu"})
    close()
    page = ada.get(WRITE).text
    assert "đã đóng" in page and "một hai" in page and "<textarea" not in page


def test_the_round_leads_to_its_essay(sign_in):
    assert f'href="{WRITE}"' in sign_in("ada").get(f"/cuoc-thi/{SLUG}/vong/tuan-1").text


def test_a_round_without_an_essay_has_no_such_page(sign_in):
    with db.begin() as session:
        other = make.contest(session, slug="khac")
        make.contestant(session, other, who=session.query(models.Person).filter_by(name="Ada").one())
    assert sign_in("ada").get("/cuoc-thi/khac/vong/tuan-1/bai-viet").status_code == 404


# ── Judging ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_judges_see_neither_who_wrote_nor_what_the_other_said(judged):
    bob, otto = judged("bob"), judged("otto")
    own = own_mark("bob")
    given = bob.post(f"{JUDGE}/bai/{own}", data={"diem": "4,5", "ghi-chu": "lập luận chắc"}, follow_redirects=True)
    assert "Đã lưu điểm." in given.text and "4,5" in given.text
    for page in (JUDGE, f"{JUDGE}/bai/{own_mark('otto')}"):
        seen = otto.get(page).text
        for hidden in (NAME, UNIT, "MATHISINHX", PHONES["ada"], "4,5", "lập luận chắc"):
            assert hidden not in seen, (page, hidden)
    assert TEXT in otto.get(f"{JUDGE}/bai/{own_mark('otto')}").text


def test_the_secretariat_sees_numbers_without_names_of_writers(judged):
    seen = judged("hana").get(JUDGE).text
    assert "Bob" in seen and "Otto" in seen and "đang chấm: 1 bài" in seen
    for hidden in (NAME, UNIT, "MATHISINHX", TEXT):
        assert hidden not in seen


def test_both_marks_make_the_essays_mark_and_close_it(judged):
    for who, points in (("bob", "4"), ("otto", "4.5")):
        led = judged(who).post(f"{JUDGE}/bai/{own_mark(who)}", data={"diem": points})
        assert led.status_code == 302
    with db.read() as session:
        assert session.query(models.Essay).one().mark == 255
    closed = judged("bob").get(f"{JUDGE}/bai/{own_mark('bob')}").text
    assert "đã có điểm cuối cùng" in closed and 'name="diem"' not in closed
    assert judged("bob").post(f"{JUDGE}/bai/{own_mark('bob')}", data={"diem": "1"}).status_code == 409


@pytest.mark.parametrize("typed", ["", "mười", "5,1", "-1", "4,25"])
def test_a_mark_that_is_none_is_refused_beside_its_field(judged, typed):
    said = judged("bob").post(f"{JUDGE}/bai/{own_mark('bob')}", data={"diem": typed, "ghi-chu": "giữ lại"})
    assert said.status_code == 422 and 'id="diem-error"' in said.text and "giữ lại" in said.text
    assert all(one.mark is None for one in marks().values())


def test_a_judge_cannot_open_the_pile_of_another(judged):
    assert judged("bob").get(f"{JUDGE}/bai/{own_mark('otto')}").status_code == 404
    assert judged("bob").post(f"{JUDGE}/bai/{own_mark('otto')}", data={"diem": "0"}).status_code == 404
    assert judged("hana").get(f"{JUDGE}/bai/{own_mark('otto')}").status_code == 404


def test_a_judge_draws_no_judges(judged):
    assert judged("bob").post(f"{JUDGE}/tuan-1/phan-bai").status_code == 404


def test_judges_are_drawn_after_closing_only(sign_in):
    hana = sign_in("hana")
    assert "phan-bai" not in hana.get(JUDGE).text
    assert hana.post(f"{JUDGE}/tuan-1/phan-bai").status_code == 409
    sign_in("ada").post(WRITE, data={"text": TEXT, "do": "nop", "ok": "y"})
    close()
    assert f'action="{JUDGE}/tuan-1/phan-bai"' in hana.get(JUDGE).text


def test_what_somebody_wrote_is_text_and_nothing_else(sign_in):
    ada = sign_in("ada")
    ada.post(WRITE, data={"text": "một <script>alert(1)</script> hai ba", "do": "nop", "ok": "y"})
    close()
    sign_in("hana").post(f"{JUDGE}/tuan-1/phan-bai")
    seen = sign_in("bob").get(f"{JUDGE}/bai/{own_mark('bob')}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in seen and "<script>alert" not in seen


# ── Nobody else ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_mallory_is_turned_away(judged):
    mallory, mark_id = judged("mallory"), own_mark("bob")
    for page in (WRITE, JUDGE, f"{JUDGE}/bai/{mark_id}"):
        answer = mallory.get(page)
        assert answer.status_code == 404 and TEXT not in answer.text
    for page, data in (
        (WRITE, {"text": "x", "do": "luu"}),
        (f"{WRITE}/nhap", {"text": "x"}),
        (f"{JUDGE}/tuan-1/phan-bai", {}),
        (f"{JUDGE}/bai/{mark_id}", {"diem": "0"}),
    ):
        assert mallory.post(page, data=data).status_code == 404
    assert all(one.mark is None for one in marks().values())


def test_whoever_is_not_signed_in_is_led_to_the_sign_in(app, contest):
    for page in (WRITE, JUDGE, f"{JUDGE}/bai/1"):
        assert "/dang-nhap" in app.test_client().get(page).location
    assert app.test_client().post(WRITE, data={"text": "x"}).status_code == 401


def test_a_contestant_is_no_judge_and_a_judge_no_contestant(judged):
    assert judged("ada").get(JUDGE).status_code == 404
    assert judged("bob").get(WRITE).status_code == 404


def test_pages_speak_english_too(sign_in):
    page = sign_in("ada").get(f"{WRITE}?lang=en").text
    assert re.search(r'<html[^>]* lang="en"', page)
