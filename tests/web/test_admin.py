import pytest

from quizapp import db, models
from tests import make
from tests.make import PASSWORD, PHONES


@pytest.fixture
def cast(app):
    app.config["WTF_CSRF_ENABLED"] = False
    with db.begin() as session:
        return {
            "otto": make.person(session, "otto", roles=("admin",)),
            "hana": make.person(session, "hana", name="Trần Hạ Na"),
            "mallory": make.person(session, "mallory", roles=("organizer", "reviewer")),
        }


def signed_in(app, who):
    client = app.test_client()
    client.post("/dang-nhap", data={"login": PHONES[who], "password": PASSWORD})
    return client


@pytest.fixture
def otto(app, cast):
    return signed_in(app, "otto")


def roles(person):
    with db.read() as session:
        return {role.name for role in session.get(models.Person, person.id).roles}


def test_mallory_is_turned_away_whatever_other_roles_she_has(app, cast):
    mallory, hana = signed_in(app, "mallory"), f"/quan-tri/nguoi/{cast['hana'].id}"
    for path in ("/quan-tri", "/quan-tri/nhat-ky", hana):
        assert mallory.get(path).status_code == 403
        assert app.test_client().get(path).status_code == 302
    for path in ("/vai-tro/trao", "/vai-tro/bo", "/khoa", "/mo-khoa"):
        assert mallory.post(hana + path, data={"role": "admin", "reason": "x"}).status_code == 403
    assert roles(cast["hana"]) == set()


def test_people_are_found_by_name_without_accents_by_phone_and_by_role(otto):
    assert "Trần Hạ Na" in otto.get("/quan-tri?tim=tran ha").text
    assert "Trần Hạ Na" in otto.get(f"/quan-tri?tim={PHONES['hana']}").text
    assert "Trần Hạ Na" not in otto.get("/quan-tri?vai-tro=reviewer").text
    assert "Không tìm thấy ai." in otto.get("/quan-tri?tim=nobody").text


def test_phones_are_masked_even_for_the_admin(otto, cast):
    page = otto.get(f"/quan-tri/nguoi/{cast['hana'].id}").text
    assert "091***673" in page
    assert PHONES["hana"] not in page


def test_roles_are_given_and_taken_and_the_log_tells_it(otto, cast):
    hana = f"/quan-tri/nguoi/{cast['hana'].id}"
    otto.post(f"{hana}/vai-tro/trao", data={"role": "organizer"})
    assert roles(cast["hana"]) == {"organizer"}
    assert "Bỏ vai trò" in otto.get(hana).text
    otto.post(f"{hana}/vai-tro/bo", data={"role": "organizer"})
    assert roles(cast["hana"]) == set()
    log = otto.get("/quan-tri/nhat-ky").text
    assert log.index("Bỏ vai trò") < log.index("Trao vai trò")
    assert "Trần Hạ Na" in log


def test_there_are_no_other_roles(otto, cast):
    otto.post(f"/quan-tri/nguoi/{cast['hana'].id}/vai-tro/trao", data={"role": "king"})
    assert roles(cast["hana"]) == set()


def test_a_blocked_account_is_out_until_it_is_let_in_again(app, otto, cast):
    hana, page = signed_in(app, "hana"), f"/quan-tri/nguoi/{cast['hana'].id}"
    assert hana.get("/toi").status_code == 200
    otto.post(f"{page}/khoa", data={"reason": "quấy rối"})
    assert hana.get("/toi").status_code == 302
    assert "quấy rối" in otto.get("/quan-tri/nhat-ky").text
    assert signed_in(app, "hana").get("/toi").status_code == 302
    otto.post(f"{page}/mo-khoa")
    assert signed_in(app, "hana").get("/toi").status_code == 200


def test_blocking_needs_a_reason(otto, cast):
    page = otto.post(f"/quan-tri/nguoi/{cast['hana'].id}/khoa", data={"reason": ""})
    assert page.status_code == 422
    assert "Vui lòng ghi lý do." in page.text


def test_an_admin_cannot_shut_themselves_out(otto, cast):
    own = f"/quan-tri/nguoi/{cast['otto'].id}"
    assert otto.post(f"{own}/vai-tro/bo", data={"role": "admin"}).status_code == 409
    assert otto.post(f"{own}/khoa", data={"reason": "x"}).status_code == 409


def test_nobody_unknown_has_a_page(otto):
    assert otto.get("/quan-tri/nguoi/nobody").status_code == 404


def test_long_lists_go_on(app, cast, monkeypatch):
    monkeypatch.setattr("quizapp.web.admin.PAGE", 1)
    otto = signed_in(app, "otto")
    first = otto.get("/quan-tri").text
    assert "Xem tiếp" in first
    newest = max(cast.values(), key=lambda person: (person.made_at, person.id))
    assert newest.name in first
    assert newest.name not in otto.get(f"/quan-tri?sau={newest.id}").text
    assert "Xem tiếp" in otto.get("/quan-tri/nhat-ky").text
