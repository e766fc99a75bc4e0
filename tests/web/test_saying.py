"""What players say besides answers, from pages without scripts and from scripts without a socket."""

from datetime import timedelta

import pytest

from quizapp import clock, db, models
from quizapp.rules.contest import Prediction
from quizapp.services import shows, watch_words
from tests import make
from tests.web.test_entering import HOUR, no_csrf, signed_in  # noqa: F401 - a fixture

SECOND = timedelta(seconds=1)
JSON = {"Accept": "application/json"}


@pytest.fixture
def code():
    """The room of a round with its prediction and watch word; ada is registered, the prediction is put just now."""
    now = clock.now()
    rules = make.live_rules(
        opens_at=now - HOUR,
        closes_at=now + 3 * HOUR,
        prediction=Prediction(target="P_LIVE", prediction_scope="PER_ROUND_FIRST"),
        part={"prediction_after": 0, "watch_word_until": now + HOUR},
    )
    with db.begin() as session:
        make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 9)))
        hana, ada = make.person(session, "hana", now=now), make.person(session, "ada", now=now)
        contest = make.contest(session, [rules], owner=hana)
        make.contestant(session, contest, ada)
        show = make.contest_room(session, contest, hana)
        watch_words.set_word(session, make.VAULT, contest, contest.rounds[0], "Quyền lợi mới", hana.id, now=now)
        return show.code


def put(code, since=-SECOND, until=HOUR):
    now = clock.now()
    with db.begin() as session:
        show = shows.find(session, code)
        show.predicting_at, show.predicting_until = now + since, now + until


@pytest.fixture
def ada(app, code):
    client = signed_in(app)
    client.post(f"/phong/{code}/vao")
    return client


def said():
    with db.read() as session:
        return [one.value for one in session.query(models.Saying)]


def test_a_number_comes_back_in_words_before_it_is_kept_for_good(ada, code):
    put(code)
    assert "Có bao nhiêu người đang ở trong phòng thi khi khóa câu cuối?" in ada.get(f"/phong/{code}").text
    page = ada.post(f"/phong/{code}/du-doan", data={"so": "4.312"}).text
    assert "Số vừa nhập: 4.312 (bốn nghìn ba trăm mười hai)." in page
    assert 'name="luu" value="4312"' in page
    assert said() == []
    kept = ada.post(f"/phong/{code}/du-doan", data={"so": "4.312", "luu": "4312", "m": "a" * 32}, follow_redirects=True)
    assert "Đã ghi nhận số dự đoán: 4.312 (bốn nghìn ba trăm mười hai)." in kept.text
    again = ada.post(f"/phong/{code}/du-doan", data={"luu": "5", "m": "b" * 32}, follow_redirects=True)
    assert "Đã ghi nhận số dự đoán: 4.312" in again.text
    assert said() == [4312]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [("4,5", "Vui lòng nhập một số nguyên từ 0 đến 99.999.999"), ("", "Vui lòng nhập một số trước.")],
)
def test_what_is_no_number_is_said_beside_the_field(ada, code, typed, problem):
    put(code)
    assert problem in ada.post(f"/phong/{code}/du-doan", data={"so": typed}).text
    assert problem in ada.post(f"/phong/{code}/du-doan", data={"so": typed}, headers=JSON).get_json()["problem"]


def test_scripts_are_answered_in_a_few_fields(ada, code):
    put(code)
    address = f"/phong/{code}/du-doan"
    assert ada.post(address, data={"so": "1 284"}, headers=JSON).get_json() == {
        "v": 1284,
        "number": "1.284",
        "words": "một nghìn hai trăm tám mươi tư",
    }
    for m, verdict in (("a" * 32, "kept"), ("a" * 32, "kept"), ("b" * 32, "twice")):
        reply = ada.post(address, data={"luu": "1284", "m": m}, headers=JSON).get_json()
        assert reply == {"verdict": verdict, "v": 1284}
    assert ada.post(address, data={"luu": "x"}, headers=JSON).get_json() == {"verdict": "refused"}


@pytest.mark.parametrize(
    ("since", "until", "sentence"),
    [
        (-HOUR, -3 * SECOND, "Số đến sau khi hết giờ nên không được tính."),
        (HOUR, 2 * HOUR, "Chưa đến giờ dự đoán."),
    ],
)
def test_a_number_outside_the_time_is_not_kept_and_the_page_says_so(ada, code, since, until, sentence):
    put(code, since, until)
    assert sentence in ada.post(f"/phong/{code}/du-doan", data={"luu": "7", "m": "a" * 32}).text
    assert said() == []


def test_a_watch_word_is_compared_and_a_right_one_stays(ada, code):
    assert "Mã đã nghe" in ada.get(f"/phong/{code}").text
    assert "Chưa đúng mã theo dõi." in ada.post(f"/phong/{code}/tu-khoa", data={"word": "quyền"}).text
    assert ada.post(f"/phong/{code}/tu-khoa", data={"word": "sai"}, headers=JSON).get_json() == {"verdict": "wrong"}
    right = ada.post(f"/phong/{code}/tu-khoa", data={"word": "quyen loi MOI"}, follow_redirects=True)
    assert "Đã ghi nhận mã theo dõi." in right.text


def test_mallory_and_free_rooms_say_nothing_of_the_kind(app, code, ada):
    put(code)
    mallory = signed_in(app, "mallory")
    for page in ("du-doan", "tu-khoa"):
        assert mallory.post(f"/phong/{code}/{page}", data={"so": "1", "word": "a"}).status_code == 404
    with db.begin() as session:
        free = make.show(session).code
    bob = app.test_client()
    bob.post(f"/phong/{free}/vao", data={"name": "Bob"})
    for page in ("du-doan", "tu-khoa"):
        assert bob.post(f"/phong/{free}/{page}", data={"so": "1", "word": "a"}).status_code == 404


def test_who_only_follows_sees_the_question_without_a_field_for_a_number(app, code):
    put(code)
    page = app.test_client().get(f"/phong/{code}?xem=1").text
    assert "Có bao nhiêu người đang ở trong phòng thi khi khóa câu cuối?" in page
    assert "<div data-guess hidden>" in page
    assert "Mã đã nghe" not in page
