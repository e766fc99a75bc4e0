"""The desk for cards, and the sheet of badges: for who runs the contest."""

from datetime import timedelta

import pytest

from quizapp import clock, db, models
from quizapp.services import shows
from tests import make
from tests.documents.reading import words
from tests.make import PASSWORD, PHONES

HOUR = timedelta(hours=1)
DESK = "/to-chuc/cuoc-thi/tim-hieu-luat"


@pytest.fixture
def code(app):
    app.config["WTF_CSRF_ENABLED"] = False
    now = clock.now()
    with db.begin() as session:
        make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 9)))
        hana = make.person(session, "hana", now=now)
        make.person(session, "mallory", now=now)
        rules = make.live_rules(opens_at=now - HOUR, closes_at=now + 3 * HOUR)
        contest = make.contest(session, [rules], owner=hana)
        session.add(models.Delegate(contest_id=contest.id, code="DB-01", name="Trần Văn Khải", team="Đoàn Sở Y tế"))
        return make.contest_room(session, contest, hana).code


def signed_in(app, who="hana"):
    client = app.test_client()
    client.post("/dang-nhap", data={"login": PHONES[who], "password": PASSWORD})
    return client


def by_card(client, on="1"):
    with db.read() as session:
        id = session.query(models.Delegate).one().id
    return client.post(f"{DESK}/dai-bieu/{id}/the", data={"bang-the": on})


def open_question(code):
    with db.begin() as session:
        show = shows.find(session, code)
        now = clock.now()
        shows.press(session, show, "next", {}, now=now - timedelta(seconds=5))
        shows.press(session, show, "open", {}, now=now - timedelta(seconds=5))
        return show.turns[0].id, session.query(models.Delegate).one().id


def test_the_secretary_types_in_a_card_by_form_or_by_key(app, code):
    hana = signed_in(app)
    desk = f"/phong/{code}/the-tra-loi"
    assert "Chưa có đại biểu nào" in hana.get(desk).text
    assert "bằng thẻ" in hana.get(by_card(hana).location).text
    assert "Trần Văn Khải" in hana.get(desk).text and 'data-key="A"' not in hana.get(desk).text
    turn, delegate = open_question(code)
    assert 'data-key="A"' in hana.get(desk).text
    sent = {"turn": turn, "dai-bieu": delegate, "o": "A"}
    assert hana.post(desk, data=sent).location.endswith(f"#dai-bieu-{delegate}")
    assert 'aria-pressed="true">A' in hana.get(desk).text
    json = {"accept": "application/json"}
    assert hana.post(desk, data={**sent, "o": "B"}, headers=json).json == {"kept": "B"}
    assert hana.get(desk, headers=json).json == {"phase": "OPEN", "turn": turn, "kept": {str(delegate): "B"}}
    refused = hana.post(desk, data={**sent, "turn": 999}, headers=json)
    assert refused.status_code == 409 and "đang mở" in refused.json["problem"]
    hana.post(desk, data={**sent, "o": "Z"})
    assert "không phải một đáp án" in hana.get(desk).text
    by_card(hana, "0")
    assert "Chưa có đại biểu nào" in hana.get(desk).text


def test_nobody_else_sees_the_desk_or_the_badges(app, code, client):
    desk = f"/phong/{code}/the-tra-loi"
    assert client.get(desk).location == f"/dang-nhap?next={desk}"
    assert client.post(desk, data={"o": "A"}, headers={"accept": "application/json"}).status_code == 401
    mallory = signed_in(app, "mallory")
    for page in (desk, f"{DESK}/the-dai-bieu.pdf"):
        assert mallory.get(page).status_code == 404
    assert by_card(mallory).status_code == 404


def test_the_badges_are_printed_from_the_list(app, code):
    hana = signed_in(app)
    made = hana.get(f"{DESK}/the-dai-bieu.pdf")
    assert made.mimetype == "application/pdf"
    assert "Trần Văn Khải" in words(made.data) and "DB-01" in words(made.data)
    assert f"{DESK}/the-dai-bieu.pdf" in hana.get(f"{DESK}/dai-bieu").text
    with db.begin() as session:
        session.query(models.Delegate).delete()
    assert hana.get(f"{DESK}/the-dai-bieu.pdf").status_code == 404
