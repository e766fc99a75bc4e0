"""What a contest says to one contestant, and to nobody else."""

import pytest

from quizapp import clock, db, models
from quizapp.services import changes, contests, sanctions, winner_checks
from tests import closed, make
from tests.web.test_bank import page, send, signed_in

PATH = "/cuoc-thi/tim-hieu-luat/thong-bao"
NOW = closed.REVIEWED
NUMBER = "001190012345"


@pytest.fixture
def app(app, monkeypatch):
    """Bob is the winner of the first prize."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with db.begin() as session:
        _, row, known = closed.contest(session, state="PROVISIONAL")
        known["B"].person_id = make.person(session, "bob").id
        make.person(session, "mallory")
        closed.snapshot(session, row, codes=[known[letter] for letter in "BCA"], published=False)
    return app


def ask():
    with db.begin() as session:
        contest = contests.find(session, "tim-hieu-luat")
        hana, _ = closed.staff(session)
        winner_checks.ask(session, contest, contest.rounds[0], hana.id, now=NOW)


@pytest.fixture
def bob(app):
    return signed_in(app.test_client(), "bob")


def kept():
    with db.read() as session:
        return session.query(models.Contestant).filter_by(name="Lê Thị Bình").one()


def test_strangers_sign_in_first_and_mallory_has_no_notices(app):
    assert app.test_client().get(PATH).location.startswith("/dang-nhap?next=")
    mallory = signed_in(app.test_client(), "mallory")
    assert mallory.get(PATH).status_code == 404
    ask()
    assert send(mallory, "/toi", f"{PATH}/tuan-1", number=NUMBER).status_code == 404
    assert kept().identity_sealed is None


def test_nobody_learns_of_a_prize_before_being_asked(bob):
    text = page(bob, PATH)
    assert "Chưa có thông báo nào" in text and "Xác minh" not in text
    assert send(bob, PATH, f"{PATH}/tuan-1", number=NUMBER).status_code == 404


def test_a_winner_who_was_asked_gives_the_number_once_and_it_is_not_shown_again(bob):
    ask()
    assert "Ban Tổ chức mời xác minh trước" in page(bob, PATH)
    refused = send(bob, PATH, f"{PATH}/tuan-1", number="123")
    assert refused.status_code == 422 and "12 chữ số" in refused.get_data(as_text=True)
    answer = send(bob, PATH, f"{PATH}/tuan-1", number="001 190 012 345")
    assert answer.status_code == 302
    text = page(bob, PATH)
    assert "Đã nhận số căn cước" in text and NUMBER not in text
    assert NUMBER.encode() not in kept().identity_sealed


def test_the_outcome_is_shown_with_its_reason(bob):
    ask()
    with db.begin() as session:
        contest = contests.find(session, "tim-hieu-luat")
        hana, _ = closed.staff(session)
        who = session.get(models.Contestant, kept().id)
        row = contest.rounds[0]
        winner_checks.settle(session, contest, row, who, "REFUSED", "Sống ngoài tỉnh", hana.id, now=NOW)
    text = page(bob, PATH)
    assert "Không đạt điều kiện" in text and "Sống ngoài tỉnh" in text and "Gửi số căn cước" not in text


def test_decisions_about_somebody_are_theirs_to_read_and_to_complain_about(bob):
    with db.begin() as session:
        contest = contests.find(session, "tim-hieu-luat")
        hana, kim = closed.staff(session)
        who = session.get(models.Contestant, kept().id)
        change = sanctions.propose_person(session, contest, who, "contest", "Hai tài khoản", hana.id, now=NOW)
    assert "Hai tài khoản" not in page(bob, PATH)  # nothing is decided yet
    with db.begin() as session:
        changes.confirm(session, session.get(models.Change, change.id), kim.id, now=NOW)
    text = page(bob, PATH)
    assert "Hai tài khoản" in text and "Không hợp lệ" in text and "Khiếu nại quyết định này" in text
    assert "Hana" not in text and "Kim" not in text
