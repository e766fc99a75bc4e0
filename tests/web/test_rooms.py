"""Rooms as organizers make them: the free room's form, and the room of a contest's live round from its page."""

import pytest
from sqlalchemy import select

from quizapp import db, models
from quizapp.rules.show import Settings, settings_from_json
from quizapp.services import contest_roles
from tests import make
from tests.web.test_bank import page, send, signed_in

NEW = "/to-chuc/phong-moi"
CONTEST = "/to-chuc/cuoc-thi/tim-hieu-luat"
ROOM = f"{CONTEST}/vong/truc-tiep/phong"
CAST = {"hana": ["organizer"], "otto": ["organizer"], "bob": [], "ada": [], "mallory": []}


@pytest.fixture
def app(app):
    with db.begin() as session:
        people = {who: make.person(session, who, roles=roles) for who, roles in CAST.items()}
        make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 13)))
        contest = make.contest(session, (make.live_rules(),), owner=people["hana"])
        contest_roles.give(session, make.VAULT, contest, make.PHONES["bob"], "host", people["hana"].id, now=make.MADE)
        contest_roles.give(session, make.VAULT, contest, make.PHONES["ada"], "judge", people["hana"].id, now=make.MADE)
    return app


@pytest.fixture
def hana(client):
    return signed_in(client, "hana")


def room():
    with db.read() as session:
        return session.scalar(select(models.Show).order_by(models.Show.id.desc()))


def make_room(client, **changes):
    typed = {"questions": "4", "reserves": "1", "seconds": "15", "join_until": "2", "scoring": "FLAT", "names": "typed"}
    return send(client, NEW, NEW, **{**typed, "title": "Thử", "topic": "huu-tri", "may_change": "y", **changes})


def step(client, do, **more):
    return client.post(ROOM, data={"csrf_token": token(client), "do": do, **more}, follow_redirects=True)


def token(client):
    return page(client, ROOM).split('name="csrf_token" value="')[1].split('"')[0]


# ── Free rooms ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_organizer_makes_a_free_room_with_the_rules_that_were_chosen(hana):
    made = make_room(hana, names="generated", teams="y", team_best="3", team_policy="MEAN_PRESENT", team_least="2")
    assert made.status_code == 302 and made.location == f"/phong/{room().code}/dieu-khien"
    rules = settings_from_json(room().settings)
    assert (rules.seconds, rules.scoring, rules.join_until, rules.reserves, rules.names) == (
        15,
        "FLAT",
        2,
        1,
        "generated",
    )
    assert (rules.teams.best, rules.teams.policy, rules.teams.least) == (3, "MEAN_PRESENT", 2)
    assert rules.prediction_after is None and rules.may_change
    assert "Thử" in page(hana, "/to-chuc")


def test_the_golden_bell_has_its_rescues_and_other_rooms_have_none(hana):
    typed = {"rescue_1_after": "2", "rescue_2_after": "3", "rescue_2_best": "5"}
    make_room(hana, scoring="SURVIVAL", **typed)
    rescues = settings_from_json(room().settings).rescues
    assert [(one.after, one.best) for one in rescues] == [(2, None), (3, 5)]
    make_room(hana, scoring="FLAT", team_best="7", **typed)
    assert settings_from_json(room().settings) == Settings(seconds=15, scoring="FLAT", join_until=2, reserves=1)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"scoring": "SURVIVAL", "rescue_1_after": "4"}, "Các lần cứu trợ phải theo thứ tự câu"),
        ({"join_until": "5"}, "trong khi chỉ có 4 câu"),
        ({"teams": "y", "team_best": "2", "team_least": "3"}, "lớn hơn số người được tính"),
        ({"scoring": "NEAREST"}, "chưa có câu hỏi điền số"),
        ({"questions": "99"}, "Nhập một số từ 1 đến 30."),
        ({"seconds": ""}, "Vui lòng điền mục này."),
        ({"seconds": "7,5"}, "Vui lòng ghi một số nguyên."),
        ({"title": "a" * 81}, "Field cannot be longer"),
    ],
)
def test_what_does_not_fit_together_is_said_beside_its_field(hana, typed, said):
    answer = make_room(hana, **typed)
    assert answer.status_code == 422 and said in answer.text
    assert room() is None


def test_fewer_questions_than_wished_are_told(hana):
    make_room(hana, questions="30", join_until="1", reserves="0")
    assert "chỉ còn 12 câu" in page(hana, "/to-chuc")


@pytest.mark.parametrize("path", ["/to-chuc", NEW])
def test_mallory_makes_no_rooms(client, path):
    assert client.get(path).location.startswith("/dang-nhap?next=")
    assert signed_in(client, "mallory").get(path).status_code == 403


# ── The room of a contest's round ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", ["mallory", "otto", "ada"])
def test_nobody_else_finds_the_room_of_a_contest(client, who):
    assert client.get(ROOM).location.startswith("/dang-nhap?next=")
    other = signed_in(client, who)
    assert other.get(ROOM).status_code == 404
    assert send(other, "/toi", ROOM, do="paper").status_code == 404


def test_the_paper_is_set_then_the_room_made_then_its_sound_heard(hana):
    assert "Chốt bộ câu hỏi" in page(hana, ROOM) and "chưa chốt" in step(hana, "make").text
    assert "Đã chốt 4 câu hỏi" in step(hana, "paper").text
    said = step(hana, "make", title="Tối thứ Sáu", names="generated").text
    assert f"Đã lập phòng, mã {room().code}" in said and "Tối thứ Sáu" in said
    assert room().round_id and settings_from_json(room().settings).names == "generated"
    assert "đã có phòng" in step(hana, "make").text
    assert "Đã nghe thử âm thanh." in step(hana, "sound").text


def test_a_host_is_led_to_no_page_of_the_secretariat(client, hana):
    step(hana, "paper"), step(hana, "make")
    assert f'href="{CONTEST}/nguoi"' in page(hana, ROOM)
    shown = page(signed_in(client, "bob"), ROOM)
    assert f'class="button" href="{CONTEST}/' not in shown and f'href="/phong/{room().code}/luong"' in shown


def test_a_room_is_taken_away_while_nobody_was_in_it(hana):
    assert "chưa có phòng" in step(hana, "discard").text
    step(hana, "paper"), step(hana, "make")
    assert "Đã bỏ phòng" in step(hana, "discard").text
    assert room().round_id is None and room().ended_at is not None
    assert "Đã lập phòng" in step(hana, "make").text


def test_what_is_no_step_is_not_found(hana):
    assert step(hana, "sound").status_code == step(hana, "something").status_code == 404


def test_a_round_at_ones_own_pace_has_no_room(hana, app):
    with db.begin() as session:
        owner = session.scalar(select(models.Person).where(models.Person.name == "Hana"))
        make.contest(session, 1, "tuan", owner=owner)
    assert hana.get("/to-chuc/cuoc-thi/tuan/vong/tuan-1/phong").status_code == 409


def test_hosts_find_the_way_to_the_room_on_the_page_of_the_contest(client, hana):
    way = f'href="{CONTEST}/vong/truc-tiep/phong"'
    assert way in page(hana, CONTEST)
    bob = signed_in(client, "bob")
    assert way in page(bob, CONTEST) and "Bàn làm việc" not in page(bob, CONTEST)
    ada = signed_in(client, "ada")
    assert way not in page(ada, CONTEST)
