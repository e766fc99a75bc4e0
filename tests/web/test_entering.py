"""The doors of rooms, the way there from a contest's pages, and the call that enters."""

import re
from datetime import timedelta

import pytest

from quizapp import clock, db, models
from quizapp.rules.contest import Teams
from quizapp.rules.show import Settings
from quizapp.services import players, shows
from quizapp.web import limits
from tests import make
from tests.make import PASSWORD, PHONES

HOUR = timedelta(hours=1)
SLUG = "tim-hieu-luat"
CONTEST = f"/cuoc-thi/{SLUG}"
ROUND = f"{CONTEST}/vong/truc-tiep"


def room(opens=-HOUR, part=None, **changes):
    """The code of the room of a contest's live round; ada is registered in it, and there is a badge DB-01."""
    now = clock.now()
    rules = make.live_rules(opens_at=now + opens, closes_at=now + 3 * HOUR, part=part)
    with db.begin() as session:
        make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 9)))
        hana, ada = make.person(session, "hana", now=now), make.person(session, "ada", now=now)
        contest = make.contest(session, [rules], SLUG, owner=hana, **changes)
        make.consent(session, make.contestant(session, contest, ada, "Nguyễn Thị Hoa"))
        session.add(models.Delegate(contest_id=contest.id, code="DB-01", name="Trần Văn Khải", team="Đoàn Sở Y tế"))
        return make.contest_room(session, contest, hana).code


@pytest.fixture(autouse=True)
def no_csrf(app):
    app.config["WTF_CSRF_ENABLED"] = False


def signed_in(app, who="ada"):
    client = app.test_client()
    if who == "mallory":
        with db.begin() as session:
            make.person(session, who)
    client.post("/dang-nhap", data={"login": PHONES[who], "password": PASSWORD})
    return client


def seats():
    with db.read() as session:
        return [(one.name, one.team) for one in session.query(models.Attempt).order_by(models.Attempt.started_at)]


def test_who_is_registered_enters_with_one_press_and_a_second_device_has_the_same_attempt(app):
    code = room()
    first, second = signed_in(app), signed_in(app)
    assert "Nguyễn Thị Hoa" in first.get(f"/phong/{code}").text
    assert first.post(f"/phong/{code}/vao").location == f"/phong/{code}"
    assert 'data-name="Nguyễn Thị Hoa"' in first.get(f"/phong/{code}").text
    second.post(f"/phong/{code}/vao")
    assert 'data-name="Nguyễn Thị Hoa"' in second.get(f"/phong/{code}").text
    assert seats() == [("Nguyễn Thị Hoa", None)]
    assert "data-room" not in first.get(f"/phong/{code}").text  # its place moved on; one press takes it back


def test_who_is_not_registered_is_led_to_the_form_and_back(app, client):
    code = room()
    page = client.get(f"/phong/{code}").text
    assert f'href="{CONTEST}/dang-ky?phong={code}"' in page
    assert f"/dang-nhap?next=/phong/{code}" in page
    refused = signed_in(app, "mallory").post(f"/phong/{code}/vao")
    assert refused.status_code == 403 and f"dang-ky?phong={code}" in refused.text
    assert seats() == []
    assert signed_in(app).get(f"{CONTEST}/dang-ky?phong={code}").location == f"/phong/{code}"
    assert signed_in(app).get(f"{CONTEST}/dang-ky?phong=//evil").location == f"{CONTEST}/thong-tin"


def test_before_the_round_opens_the_door_says_when(app, client):
    code = room(opens=HOUR)
    page = signed_in(app).get(f"/phong/{code}").text
    assert "Vòng thi chưa mở" in page and "data-until" in page
    refused = signed_in(app).post(f"/phong/{code}/vao")
    assert refused.status_code == 409 and "chưa mở" in refused.text
    assert "đăng ký trước" in client.get(f"/phong/{code}").text


def test_late_ones_are_told_and_may_follow(app):
    code = room()
    with db.begin() as session:
        players.lock_room(session, shows.find(session, code), True, now=clock.now())
    browser = signed_in(app)
    page = browser.get(f"/phong/{code}").text
    assert "đóng cửa phòng" in page and "?xem=1" in page
    assert browser.post(f"/phong/{code}/vao").status_code == 409
    assert 'data-viewer="1"' in browser.get(f"/phong/{code}?xem=1").text


# ── By the badge ────────────────────────────────────────────────────────────────────────────────────────────────


def badge(client, code, typed="db-01", consents=("take_part",), **more):
    return client.post(f"/phong/{code}/vao", data={"the": typed, "consents": list(consents), **more})


def test_the_code_on_a_badge_leads_to_the_room_and_in(client):
    code = room()
    assert client.get(f"{CONTEST}/vao-phong?the=DB-01").location == f"/phong/{code}?the=DB-01"
    page = client.get(f"/phong/{code}?the=DB-01").text
    assert 'value="DB-01"' in page and "Trần Văn Khải" not in page  # a guessed code tells nobody's name
    refused = badge(client, code, consents=())
    assert refused.status_code == 422 and "đồng ý tham gia" in refused.text
    assert badge(client, code).location == f"/phong/{code}"
    assert 'data-name="Trần Văn Khải"' in client.get(f"/phong/{code}?the=db-01").text
    assert seats() == [("Trần Văn Khải", "Đoàn Sở Y tế")]


def test_without_a_room_the_badge_leads_to_the_contest(client):
    room()
    with db.begin() as session:
        session.query(models.Show).one().ended_at = clock.now()
    assert client.get(f"{CONTEST}/vao-phong?the=DB-01").location == CONTEST


def test_a_code_in_use_is_taken_over_after_saying_so(app, client):
    code = room()
    badge(client, code)
    other = app.test_client()
    asked = badge(other, code)
    assert asked.status_code == 409 and "máy khác" in asked.text and 'name="chuyen"' in asked.text
    assert badge(other, code, chuyen="1").location == f"/phong/{code}"
    assert len(seats()) == 1


def test_a_code_that_is_not_on_the_list_is_refused_beside_the_field(client):
    code = room()
    refused = badge(client, code, "DB-99")
    assert refused.status_code == 404 and "xem lại trên thẻ" in refused.text and 'value="DB-99"' in refused.text


def test_another_badge_on_the_same_phone_is_another_person(client):
    code = room()
    with db.begin() as session:
        contest = session.query(models.Contest).one()
        session.add(models.Delegate(contest_id=contest.id, code="DB-02", name="Lê Thị Long"))
    badge(client, code)
    assert 'value="DB-02"' in client.get(f"/phong/{code}?the=DB-02").text
    badge(client, code, "DB-02")
    assert 'data-name="Lê Thị Long"' in client.get(f"/phong/{code}").text
    assert len(seats()) == 2


# ── Free rooms ──────────────────────────────────────────────────────────────────────────────────────────────────


def free(**settings):
    with db.begin() as session:
        return make.show(session, 2, Settings(**settings), now=clock.now()).code


def test_a_refused_name_says_why_and_offers_others(client):
    code = free()
    refused = client.post(f"/phong/{code}/vao", data={"name": "Ban tổ chức"})
    assert refused.status_code == 422 and "dễ nhầm với Ban Tổ chức" in refused.text
    offered = re.findall(r'name="chon" value="([^"]+)"', refused.text)
    assert len(offered) == 3
    form = refused.text[refused.text.index(f'action="/phong/{code}/vao"') :]
    assert 'name="chon"' not in re.search(r"<button[^>]*>", form)[0], "Enter would take the first of them"
    client.post(f"/phong/{code}/vao", data={"name": "Ban tổ chức", "chon": offered[0]})
    assert seats() == [(offered[0], None)]


def test_where_names_are_given_none_is_asked_for(client):
    code = free(names="generated")
    page = client.get(f"/phong/{code}").text
    assert 'name="name"' not in page and "tên vui" in page
    assert client.post(f"/phong/{code}/vao").status_code == 302
    assert seats()[0][0]
    assert client.post("/phong/000000/vao", data={"name": "Ada"}).status_code == 404


# ── On the contest's pages ──────────────────────────────────────────────────────────────────────────────────────


def test_the_contests_pages_show_the_way_into_the_room(app, client):
    code = room()
    browser = signed_in(app)
    for page in (CONTEST, ROUND):
        assert f'href="/phong/{code}"' in browser.get(page).text
    assert f"dang-ky?phong={code}" in client.get(ROUND).text
    with db.begin() as session:
        shows.press(session, shows.find(session, code), "end", {}, now=clock.now())
    assert f'href="/phong/{code}/tong-ket"' in client.get(ROUND).text
    assert f'href="/phong/{code}"' not in browser.get(CONTEST).text


def test_the_watch_word_is_entered_on_the_page_of_the_round(app, client):
    until = clock.now() + HOUR
    room(part={"watch_word_until": until})
    hana = signed_in(app, "hana")
    assert hana.post(f"/to-chuc{ROUND}/ma-theo-doi", data={"ma": "Quyền lợi mới"}).status_code == 302
    browser = signed_in(app)
    assert 'name="ma"' in browser.get(ROUND).text and 'name="ma"' not in client.get(ROUND).text
    wrong = browser.post(f"{ROUND}/ma-theo-doi", data={"ma": "quyền lợi cũ"})
    assert wrong.status_code == 422 and "Chưa đúng mã" in wrong.text and "Còn 9 lần" in wrong.text
    assert browser.post(f"{ROUND}/ma-theo-doi", data={"ma": "QUYEN LOI MOI"}).status_code == 302
    assert "Đã nhập đúng lúc" in browser.get(ROUND).text
    assert client.post(f"{ROUND}/ma-theo-doi", data={"ma": "x"}).status_code == 401


def test_the_word_is_set_by_who_runs_the_round_and_read_by_nobody_else(app):
    room(part={"watch_word_until": clock.now() + HOUR})
    page = f"/to-chuc{ROUND}/ma-theo-doi"
    hana, mallory = signed_in(app, "hana"), signed_in(app, "mallory")
    assert hana.post(page, data={"ma": "-"}).status_code == 422
    hana.post(page, data={"ma": "Quyền lợi mới"})
    assert "Quyền lợi mới" in hana.get(page).text
    for browser in (mallory, signed_in(app)):
        assert browser.get(page).status_code == 404
        assert browser.post(page, data={"ma": "của tôi"}).status_code == 404


# ── The call ────────────────────────────────────────────────────────────────────────────────────────────────────


def call(client, code, **body):
    return client.post(f"/api/v1/rooms/{code}/players", json=body)


def test_the_call_enters_a_contests_room_for_who_is_signed_in_or_has_a_badge(app, client):
    code = room()
    reply = call(signed_in(app), code, name="mặc kệ")
    assert reply.status_code == 201 and set(reply.json) == {"player", "token", "ticket"}
    again = call(signed_in(app), code)
    assert again.json["player"] == reply.json["player"] and again.json["token"] != reply.json["token"]
    refused = call(client, code, name="Ada")
    assert refused.status_code == 403 and refused.json["title"] == "not-registered"
    assert call(client, code, delegate="DB-01").json["title"] == "consent-missing"
    entered = call(client, code, delegate="DB-01", consents=["take_part"])
    assert entered.status_code == 201
    assert call(client, code, delegate="DB-01").json["title"] == "held-elsewhere"
    taken = call(client, code, delegate="DB-01", take_over=True)
    assert taken.json["player"] == entered.json["player"]


def test_nobody_tries_badges_by_the_thousand_over_the_call_either(app, client, monkeypatch):
    code = room()
    monkeypatch.setattr(limits, "BADGE", "3 per minute")
    assert [call(client, code, delegate=f"DB-{n}").status_code for n in range(5)] == [404, 404, 404, 429, 429]
    assert call(client, code, name="Ada").status_code == 403  # who brings no badge is not counted


def test_the_call_enters_a_free_room_under_a_name(client):
    code = free()
    assert call(client, code, name="Ada").status_code == 201
    assert call(client, code, name="Admin").status_code == 422
    assert seats() == [("Ada", None)]


def test_where_teams_are_ranked_newcomers_find_the_teams_that_are_there(app):
    with db.begin() as session:
        by_team = make.show(session, settings=Settings(teams=Teams(best=3))).code
        alone = make.show(session).code
    for code in (by_team, alone):
        app.test_client().post(f"/phong/{code}/vao", data={"name": "Ada", "team": "Đoàn Sở Y tế"})
    assert '<option value="Đoàn Sở Y tế">' in app.test_client().get(f"/phong/{by_team}").text
    assert "Đoàn Sở Y tế" not in app.test_client().get(f"/phong/{alone}").text
    refused = app.test_client().post(f"/phong/{by_team}/vao", data={"name": "x", "team": "Tổ 1"}).text
    assert 'value="Tổ 1"' in refused
