from dataclasses import replace

import pytest

from quizapp import create_app, db, models
from quizapp.services import demo
from quizapp.web.signing import needs
from tests import make
from tests.make import PASSWORD, PHONES


@pytest.fixture
def app(config):
    made = create_app(config)
    models.Base.metadata.create_all(db.engine())
    made.testing = True
    made.config["WTF_CSRF_ENABLED"] = False

    @made.get("/only-signed-in")
    @needs()
    def only_signed_in():
        return "in"

    @made.route("/only-admin", methods=["GET", "POST"])
    @needs("admin")
    def only_admin():
        return "admin"

    return made


@pytest.fixture
def ada(app):
    with db.begin() as session:
        return make.person(session, "ada")


def sign_in(client, who="ada", password=PASSWORD, **more):
    return client.post("/dang-nhap", data={"login": PHONES[who], "password": password, **more})


def test_signing_in_leads_back_to_where_one_wanted_to_go(client, ada):
    led = client.get("/only-signed-in?a=1")
    assert led.status_code == 302
    assert led.location == "/dang-nhap?next=/only-signed-in?a%3D1"
    assert sign_in(client, next="/only-signed-in?a=1").location == "/only-signed-in?a=1"
    assert client.get("/only-signed-in").text == "in"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "/a\nb", "evil"])
def test_signing_in_never_leads_to_another_site(client, ada, elsewhere):
    assert sign_in(client, next=elsewhere).location == "/"


def test_a_wrong_password_and_an_unknown_account_get_the_same_page(client, ada):
    wrong = sign_in(client, "ada", "wrong")
    unknown = sign_in(client, "bob", "wrong")
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace(PHONES["ada"], "") == unknown.text.replace(PHONES["bob"], "")


def test_many_tries_are_slowed(client, ada):
    for _ in range(5):
        sign_in(client, "ada", "wrong")
    assert sign_in(client, "ada").status_code == 429


def test_mallory_is_turned_away_from_what_needs_a_role(app, client):
    with db.begin() as session:
        make.person(session, "mallory")
        make.person(session, "otto", roles=("admin",))
    sign_in(client, "mallory")
    assert client.get("/only-admin").status_code == 403
    other = app.test_client()
    sign_in(other, "otto")
    assert other.get("/only-admin").text == "admin"


def test_a_form_of_somebody_not_signed_in_is_refused(client):
    assert client.post("/only-admin").status_code == 401


def test_signing_out_ends_the_session_even_for_a_copied_cookie(app, client, ada):
    sign_in(client)
    copied = client.get_cookie("session").value
    client.post("/dang-xuat")
    assert client.get("/only-signed-in").status_code == 302
    thief = app.test_client()
    thief.set_cookie("session", copied)
    assert thief.get("/only-signed-in").status_code == 302


def test_signing_in_begins_a_new_session(client, ada):
    with client.session_transaction() as cookie:
        cookie["left"] = "by somebody else"
    sign_in(client)
    with client.session_transaction() as cookie:
        assert "left" not in cookie


def test_the_session_outlives_the_browser_window_and_is_closed_to_scripts(client, ada):
    sign_in(client)
    cookie = client.get_cookie("session")
    assert cookie.expires is not None
    assert cookie.http_only


def test_a_newcomer_registers_and_is_signed_in(client):
    values = {"name": "Lê Thị Ada", "login": "0912 345 699", "password": "trời hôm nay xanh"}
    assert client.post("/dang-ky", data=values).location == "/"
    assert client.get("/only-signed-in").text == "in"
    with db.read() as session:
        kept = session.query(models.Person).one()
        assert (kept.name, kept.appears) == ("Lê Thị Ada", False)


@pytest.mark.parametrize(
    "change", [{"name": "?"}, {"login": "12"}, {"password": "12345678"}, {"password": ""}, {"login": PHONES["ada"]}]
)
def test_what_is_not_in_order_is_shown_beside_its_field_and_kept(client, ada, change):
    values = {"name": "Lê Thị Ada", "login": "0912 345 699", "password": "trời hôm nay xanh", **change}
    page = client.post("/dang-ky", data=values)
    assert page.status_code in {200, 422}
    assert 'aria-invalid="true"' in page.text
    assert 'role="alert"' in page.text
    assert "trời hôm nay xanh" not in page.text
    assert client.get("/only-signed-in").status_code == 302


def test_the_demo_is_one_press_away_on_this_machine(app, client, now):
    with db.begin() as session:
        demo.seed(session, make.VAULT, now=now)
    assert "/dang-nhap/thu/hana" in client.get("/dang-nhap").text
    assert client.post("/dang-nhap/thu/hana", data={"next": "/to-chuc"}).location == "/to-chuc"
    assert client.get("/only-signed-in").text == "in"
    assert client.post("/dang-nhap/thu/nobody").status_code == 404


@pytest.mark.parametrize(
    "request_from",
    [
        {"headers": {"X-Forwarded-For": "203.0.113.7"}},
        {"environ_base": {"REMOTE_ADDR": "203.0.113.7"}},
        {"base_url": "http://quiz.example/"},
    ],
)
def test_nobody_from_elsewhere_gets_into_the_demo(app, client, now, request_from):
    with db.begin() as session:
        demo.seed(session, make.VAULT, now=now)
    hana = demo.LOGINS[0]
    assert "/dang-nhap/thu/" not in client.get("/dang-nhap", **request_from).text
    assert client.post("/dang-nhap/thu/hana", **request_from).status_code == 404
    values = {"login": hana.login, "password": hana.password}
    assert client.post("/dang-nhap", data=values, **request_from).status_code == 403


def test_there_is_no_demo_in_production(config, now):
    made = create_app(replace(config, development=False))
    models.Base.metadata.create_all(db.engine())
    with db.begin() as session:
        demo.seed(session, make.VAULT, now=now)
    assert "/dang-nhap/thu/" not in made.test_client().get("/dang-nhap").text


def test_registering_is_limited_by_address_so_generously_that_a_hall_never_notices(client):
    statuses = [client.post("/dang-ky", data={}).status_code for _ in range(205)]
    assert statuses[:200] == [200] * 200
    assert statuses[-1] == 429
    assert client.get("/dang-ky").status_code == 200
