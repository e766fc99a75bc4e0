import pytest

from quizapp import clock, db, models
from quizapp.services import accounts, quizzes
from quizapp.services.quizzes import Player, Wish
from tests import make
from tests.make import PASSWORD, PHONES


@pytest.fixture
def ada(app):
    app.config["WTF_CSRF_ENABLED"] = False
    with db.begin() as session:
        return make.person(session, "ada", name="Lê Thị Ada")


@pytest.fixture
def client(app, ada):
    return signed_in(app)


def signed_in(app, who="ada", password=PASSWORD):
    client = app.test_client()
    client.post("/dang-nhap", data={"login": PHONES[who], "password": password})
    return client


def person(ada):
    with db.read() as session:
        return session.get(models.Person, ada.id)


def test_mallory_is_turned_away_without_an_account(app, ada):
    mallory = app.test_client()
    assert mallory.get("/toi").location == "/dang-nhap?next=/toi"
    for path in ("/toi/lua-chon", "/toi/mat-khau", "/toi/thiet-bi/1/dang-xuat", "/toi/dang-xuat-moi-noi"):
        assert mallory.post(path).status_code == 401


def test_ones_own_page_shows_oneself(client):
    page = client.get("/toi").text
    assert "Lê Thị Ada" in page
    assert PHONES["ada"] in page
    assert "Chưa có bài nào" in page


def test_what_was_begun_and_what_was_done_is_listed(client, ada):
    with db.begin() as session:
        make.bank(session, *(make.question(f"huu-tri-{n}") for n in range(5)))
        wish, player = Wish("huu-tri", 5, "exam"), Player(ada.id, None)
        done, _ = quizzes.start(session, wish, player, now=clock.now())
        quizzes.hand_in(session, done, now=clock.now())
        begun, _ = quizzes.start(session, wish, player, now=clock.now())
    page = client.get("/toi").text
    assert "Làm tiếp câu 1/5" in page
    assert f"/thi/{begun.id}" in page
    assert "0/5 câu đúng" in page
    assert f"/thi/{done.id}/ket-qua" in page


def test_name_appearance_and_language_are_ones_own_choice(client, ada):
    led = client.post("/toi/lua-chon", data={"name": "Ada Lê", "appears": "y", "language": "en"})
    assert led.location == "/toi"
    kept = person(ada)
    assert (kept.name, kept.appears, kept.language) == ("Ada Lê", True, "en")
    assert client.get_cookie("lang").value == "en"
    client.post("/toi/lua-chon", data={"name": "Ada Lê", "language": "vi"})
    assert not person(ada).appears


@pytest.mark.parametrize("change", [{"name": ""}, {"name": "<b>"}, {"language": "fr"}])
def test_what_is_not_in_order_is_shown_beside_its_field(client, ada, change):
    page = client.post("/toi/lua-chon", data={"name": "Ada Lê", "language": "vi", **change})
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert person(ada).name == "Lê Thị Ada"


def test_a_new_password_signs_out_the_other_devices(app, client):
    other = signed_in(app)
    client.post("/toi/mat-khau", data={"old": PASSWORD, "new": "trời hôm nay xanh"})
    assert client.get("/toi").status_code == 200
    assert other.get("/toi").status_code == 302
    assert signed_in(app, password="trời hôm nay xanh").get("/toi").status_code == 200


@pytest.mark.parametrize(
    "data", [{"old": "wrong", "new": "trời hôm nay xanh"}, {"old": PASSWORD, "new": PHONES["ada"]}, {"old": PASSWORD}]
)
def test_a_password_is_changed_only_with_the_old_one_and_to_a_good_one(app, client, data):
    page = client.post("/toi/mat-khau", data=data)
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text
    assert signed_in(app).get("/toi").status_code == 200


def test_one_device_may_be_signed_out_from_another(app, client, ada):
    other = signed_in(app)
    with db.read() as session:
        devices = accounts.sign_ins(session, ada.id, now=clock.now())
    page = other.get("/toi").text
    assert page.count('/dang-xuat"') >= 2
    for device in devices:
        if f"/toi/thiet-bi/{device.id}/dang-xuat" in page:
            other.post(f"/toi/thiet-bi/{device.id}/dang-xuat")
    assert client.get("/toi").status_code == 302
    assert other.get("/toi").status_code == 200


def test_signing_out_everywhere_ends_every_browser(app, client):
    other = signed_in(app)
    assert client.post("/toi/dang-xuat-moi-noi").location == "/"
    assert client.get("/toi").status_code == 302
    assert other.get("/toi").status_code == 302
