from datetime import timedelta

import pytest

from quizapp import models
from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import Participation
from quizapp.services import books, changes, sanctions
from tests import closed, make

NOW = closed.REVIEWED


@pytest.fixture
def scene(session):
    """The contest, its row, its people, and the two of the secretariat."""
    return (*closed.contest(session), *closed.staff(session))


def attempt_of(session, who):
    return session.query(models.Attempt).filter_by(contestant_id=who.id).one()


def test_a_warning_changes_nothing_but_is_there_to_read(session, scene):
    contest, row, known, hana, _ = scene
    sanctions.warn(session, contest, known["A"], "Ngồi cạnh nhau", hana.id, now=NOW, row=row)
    (kept,) = sanctions.of_contestant(session, contest, known["A"])
    assert (kept.kind, kept.reason, kept.round_id) == ("warn", "Ngồi cạnh nhau", row.id)
    assert list(sanctions.of_contestant(session, contest, known["B"])) == []
    with pytest.raises(Unreadable):
        sanctions.warn(session, contest, known["A"], " ", hana.id, now=NOW)


def test_an_attempt_is_declared_invalid_by_two_people_and_can_be_valid_again(session, scene):
    contest, _, known, hana, kim = scene
    attempt = attempt_of(session, known["A"])
    change = sanctions.propose_attempt(session, contest, attempt.id, "Thi hộ", hana.id, now=NOW)
    assert attempt.invalid_reason == ""
    changes.confirm(session, change, kim.id, now=NOW)
    assert attempt.invalid_reason == "Thi hộ"
    assert session.query(Participation).filter_by(contestant_id=known["A"].id).one().valid == 0
    book = books.book(session, make.VAULT, contest)
    assert [one.invalid for one in book.rounds[0].sittings if one.code == known["A"].code] == ["Thi hộ"]
    with pytest.raises(Conflict):
        sanctions.propose_attempt(session, contest, attempt.id, "Lần nữa", hana.id, now=NOW)
    back = sanctions.propose_attempt(session, contest, attempt.id, "Nhầm", kim.id, now=NOW, valid=True)
    changes.confirm(session, back, hana.id, now=NOW)
    assert attempt.invalid_reason == ""
    assert session.query(Participation).filter_by(contestant_id=known["A"].id).one().valid == 1
    assert list(sanctions.of_contestant(session, contest, known["A"])) == [back, change]


def test_an_attempt_that_changed_meanwhile_stays_as_it_is(session, scene):
    contest, _, known, hana, kim = scene
    attempt = attempt_of(session, known["A"])
    change = sanctions.propose_attempt(session, contest, attempt.id, "Thi hộ", hana.id, now=NOW)
    attempt.invalid_reason = "Đã hủy"
    with pytest.raises(Conflict, match="đổi trạng thái"):
        changes.confirm(session, change, kim.id, now=NOW)


def test_an_attempt_of_a_live_round_is_declared_invalid_alike(session, scene):
    contest, _, known, hana, kim = scene
    attempt = attempt_of(session, known["A"])
    attempt.mode = "live"
    change = sanctions.propose_attempt(session, contest, attempt.id, "Thi hộ", hana.id, now=NOW)
    changes.confirm(session, change, kim.id, now=NOW)
    assert attempt.invalid_reason == "Thi hộ"


def test_attempts_of_other_contests_and_of_none_are_not_found(session, scene):
    contest, _, known, hana, _ = scene
    other = make.contest(session, slug="khac", owner=hana)
    for of, id in ((other, attempt_of(session, known["A"]).id), (contest, "0" * 32)):
        with pytest.raises(NotFound):
            sanctions.propose_attempt(session, of, id, "Thi hộ", hana.id, now=NOW)


@pytest.mark.parametrize(
    ("level", "barred"),
    [("round", {"tuan-1"}), ("contest", {"*"}), ("bar", {"*", "+"})],
)
def test_somebody_is_declared_invalid_and_it_is_taken_back(session, scene, level, barred):
    contest, row, known, hana, kim = scene
    an = known["A"]
    where = {"row": row} if level == "round" else {}
    change = sanctions.propose_person(session, contest, an, level, "Hai tài khoản", hana.id, now=NOW, **where)
    assert an.barred_rounds == {}
    changes.confirm(session, change, kim.id, now=NOW)
    assert an.barred_rounds == dict.fromkeys(barred, "Hai tài khoản")
    person = next(one for one in books.book(session, make.VAULT, contest).contestants if one.code == an.code)
    assert (person.barred, person.barred_rounds.get("tuan-1", "")) == (
        ("", "Hai tài khoản") if level == "round" else ("Hai tài khoản", "")
    )
    with pytest.raises(Conflict, match="đã ở trạng thái"):
        sanctions.propose_person(session, contest, an, level, "Nữa", hana.id, now=NOW, **where)
    back = sanctions.propose_person(session, contest, an, level, "Nhầm", hana.id, now=NOW, valid=True, **where)
    changes.confirm(session, back, kim.id, now=NOW)
    assert an.barred_rounds == {}
    assert [one.kind for one in sanctions.of_contestant(session, contest, an)] == [level, level]


def test_somebody_who_was_declared_invalid_meanwhile_is_not_again(session, scene):
    contest, _, known, hana, kim = scene
    change = sanctions.propose_person(session, contest, known["A"], "contest", "Hai", hana.id, now=NOW)
    known["A"].barred_rounds = {"*": "Đã hủy"}
    with pytest.raises(Conflict):
        changes.confirm(session, change, kim.id, now=NOW)


def test_who_is_barred_from_later_contests_is_known_there(session, scene):
    contest, _, known, hana, kim = scene
    an = known["A"]
    mallory = make.person(session, "mallory")
    an.person_id, an.identity_tag = mallory.id, "t" * 64
    later = make.contest(session, slug="sau", owner=hana)
    assert not sanctions.is_barred(session, later, person_id=mallory.id, identity_tag="t" * 64)
    change = sanctions.propose_person(session, contest, an, "bar", "Thi hộ nhiều lần", hana.id, now=NOW)
    changes.confirm(session, change, kim.id, now=NOW)
    assert sanctions.is_barred(session, later, person_id=mallory.id)
    assert sanctions.is_barred(session, later, identity_tag="t" * 64)
    assert not sanctions.is_barred(session, later, person_id=kim.id, identity_tag="u" * 64)
    assert not sanctions.is_barred(session, later)
    assert not sanctions.is_barred(session, contest, person_id=mallory.id)  # there it is the contest that is invalid


def test_a_final_result_is_touched_by_a_correction_decision_only(session, scene):
    contest, row, known, hana, _ = scene
    row.state = "FINAL"
    attempt = attempt_of(session, known["A"])
    with pytest.raises(Unreadable, match="quyết định đính chính"):
        sanctions.propose_attempt(session, contest, attempt.id, "Thi hộ", hana.id, now=NOW)
    with pytest.raises(Unreadable, match="quyết định đính chính"):
        sanctions.propose_person(session, contest, known["A"], "contest", "Thi hộ", hana.id, now=NOW)
    change = sanctions.propose_attempt(
        session, contest, attempt.id, "Thi hộ", hana.id, now=NOW + timedelta(days=1), correction=" 12/QĐ-BTC "
    )
    assert change.what["correction"] == "12/QĐ-BTC"


def test_a_contestant_is_found_by_code_however_it_is_typed(session, scene):
    contest, _, known, *_ = scene
    assert sanctions.find_contestant(session, contest, f" {known['A'].code.lower()} ") is known["A"]
    with pytest.raises(NotFound):
        sanctions.find_contestant(session, contest, "KHONGCO")
