"""The host's console: who opens it, what stands on it, and what is written down."""

import pytest

from quizapp import db
from quizapp.services import contest_roles
from tests import make
from tests.web.test_bank import page, signed_in

CAST = {"hana": ["organizer"], "otto": ["organizer", "admin"], "bob": [], "ada": [], "mallory": []}


@pytest.fixture
def rooms(app):
    """The codes of a free room of hana's, and of a contest's room where bob is host and ada a judge."""
    with db.begin() as session:
        people = {who: make.person(session, who, roles=roles) for who, roles in CAST.items()}
        free = make.show(session, [make.question(f"om-dau-{n}", topic="om-dau") for n in (1, 2)])
        free.organizer_id = people["hana"].id
        make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 9)))
        contest = make.contest(session, (make.live_rules(),), owner=people["hana"])
        for who, role in (("bob", "host"), ("ada", "judge")):
            contest_roles.give(session, make.VAULT, contest, make.PHONES[who], role, people["hana"].id, now=make.MADE)
        held = make.contest_room(session, contest, people["hana"])
        return {"free": free.code, "contest": held.code, "free id": free.id, "contest id": held.id}


def console(rooms, which):
    return f"/phong/{rooms[which]}/dieu-khien"


def key(app, rooms, which):
    return app.extensions["mint"].room_token("host", rooms[f"{which} id"])


@pytest.mark.parametrize("which", ["free", "contest"])
def test_who_is_not_signed_in_is_asked_to(client, rooms, which):
    assert client.get(console(rooms, which)).status_code == 401


@pytest.mark.parametrize(
    ("who", "which"),
    [("mallory", "free"), ("otto", "free"), ("bob", "free"), *((who, "contest") for who in ("mallory", "otto", "ada"))],
)
def test_to_others_the_room_looks_as_if_it_did_not_exist(client, rooms, who, which):
    answer = signed_in(client, who).get(console(rooms, which))
    assert answer.status_code == 404 and "Không tìm thấy phòng thi" in answer.text


@pytest.mark.parametrize(("who", "which"), [("hana", "free"), ("hana", "contest"), ("bob", "contest")])
def test_who_leads_the_room_opens_its_console(client, rooms, who, which):
    assert "data-console" in page(signed_in(client, who), console(rooms, which))


def test_the_key_of_a_free_room_opens_it_and_leaves_the_address(client, app, rooms):
    answer = client.get(f"{console(rooms, 'free')}?khoa={key(app, rooms, 'free')}")
    assert answer.location == console(rooms, "free")
    assert "data-console" in page(client, console(rooms, "free"))


@pytest.mark.parametrize("typed", ["wrong", "", None])
def test_no_key_opens_the_room_of_a_contest(client, app, rooms, typed):
    assert client.get(f"{console(rooms, 'free')}?khoa=wrong").status_code == 404
    typed = key(app, rooms, "contest") if typed is None else typed or "x"
    assert client.get(f"{console(rooms, 'contest')}?khoa={typed}").status_code == 404


def test_a_stage_key_is_no_console_key(client, app, rooms):
    viewer = app.extensions["mint"].room_token("viewer", rooms["free id"])
    assert client.get(f"{console(rooms, 'free')}?khoa={viewer}").status_code == 404
