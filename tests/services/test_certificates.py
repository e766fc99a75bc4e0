"""Certificates are issued once, say what was registered, and hold only as long as published results bear them out."""

import re

import pytest
from sqlalchemy import func, select

from quizapp.errors import Conflict, NotFound
from quizapp.models import Certificate
from quizapp.rules.contest import Prize, Ranking, Words
from quizapp.services import certificates
from quizapp.services.certificates import TOOK_PART
from tests import make

FIRST = Prize(key="nhat", name=Words("Giải Nhất", "First prize"))
SECOND = Prize(key="nhi", name=Words("Giải Nhì", "Second prize"), slots=2)


@pytest.fixture
def contest(session):
    return make.contest(session, rounds=[make.round_rules(ranking=Ranking(prizes=(FIRST, SECOND)))])


@pytest.fixture
def row(contest):
    return contest.rounds[0]


@pytest.fixture
def ada(session, contest):
    return make.contestant(session, contest, make.person(session), name="Nguyễn Thị Ada")


@pytest.fixture
def bob(session, contest):
    return make.contestant(session, contest, make.person(session, "bob"), name="Trần Văn Bốp")


def announced(session, row, *args, state="ANNOUNCED", **changes):
    row.state = state
    return make.snapshot(session, row, *args, **changes)


def taking_part(session, contest, who, now):
    return certificates.own(session, contest, who, *TOOK_PART, now=now)


# ── Taking part ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_has_a_valid_attempt_in_an_announced_round_gets_one_once(session, contest, row, ada, now):
    announced(session, row, [(ada, 7)])
    first = taking_part(session, contest, ada, now)
    assert taking_part(session, contest, ada, now).id == first.id
    assert re.fullmatch(r"CN(-[0-9A-HJKMNP-TV-Z]{4}){3}", first.serial)
    assert (first.name, first.scope, first.prize, first.issued_at) == ("Nguyễn Thị Ada", "", "", now)


@pytest.mark.parametrize("state", ["OPEN", "CLOSED", "REVIEW", "PROVISIONAL"])
def test_before_the_announcement_there_is_none(session, contest, row, ada, now, state):
    announced(session, row, [(ada, 7)], state=state)
    with pytest.raises(Conflict, match="sau khi công bố"):
        taking_part(session, contest, ada, now)


def test_a_result_that_is_not_complete_or_not_published_says_nothing(session, contest, row, ada, now):
    announced(session, row, [(ada, 7)], published=False)
    announced(session, row, [(ada, 7)], complete_at=None)
    with pytest.raises(Conflict, match="sau khi công bố"):
        taking_part(session, contest, ada, now)


def test_without_a_valid_attempt_there_is_none(session, contest, row, ada, bob, now):
    announced(session, row, [(bob, 7)])
    with pytest.raises(Conflict, match="lượt thi hợp lệ"):
        taking_part(session, contest, ada, now)


@pytest.mark.parametrize(("right", "has"), [(4, False), (5, True), (10, True)])
def test_the_rulebook_may_ask_for_a_part_of_the_full_score(session, right, has, now):
    contest = make.contest(session, certificate_least=50)
    ada = make.contestant(session, contest)
    announced(session, contest.rounds[0], [(ada, right)])
    (offer,) = certificates.offers(session, contest, ada)
    assert (offer.waits == "") is has
    if not has:
        with pytest.raises(Conflict, match="số điểm cao hơn"):
            taking_part(session, contest, ada, now)


def test_the_best_of_several_rounds_counts(session, now):
    contest = make.contest(session, rounds=2, certificate_least=80)
    ada = make.contestant(session, contest)
    announced(session, contest.rounds[0], [(ada, 9)])
    announced(session, contest.rounds[1], [(ada, 2)])
    assert taking_part(session, contest, ada, now).serial


def test_unit_or_commune_stand_as_they_were_when_it_was_issued(session, contest, row, ada, now):
    province = make.unit(session, contest, "Tỉnh P", tree="place")
    ada.place_id = make.unit(session, contest, "Xã A", province, tree="place").id
    announced(session, row, [(ada, 7)])
    made = taking_part(session, contest, ada, now)
    ada.name = "Tên đã sửa"
    assert (made.name, taking_part(session, contest, ada, now).unit) == ("Nguyễn Thị Ada", "Xã A, Tỉnh P")


# ── Prizes ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_prize_gets_its_certificate_when_its_list_is_final_and_it_is_confirmed(session, contest, row, ada, bob, now):
    announced(session, row, [(ada, 10), (bob, 10)], [("nhat", ada), ("nhi", bob)])
    with pytest.raises(Conflict, match="chính thức"):
        certificates.own(session, contest, ada, row.key, "nhat", now=now)
    row.state = "FINAL"
    made = certificates.own(session, contest, ada, row.key, "nhat", now=now)
    assert (made.scope, made.prize) == ("tuan-1", "nhat")
    assert [(one.scope, one.prize, one.waits) for one in certificates.offers(session, contest, bob)] == [
        ("", "", ""),
        ("tuan-1", "nhi", ""),
    ]


def test_an_unchecked_or_held_prize_waits(session, contest, row, ada, now):
    award = {"scope": row.key, "prize": "nhat", "code": ada.code, "place": 1, "state": "HELD"}
    announced(session, row, [(ada, 10)], [award], state="FINAL")
    with pytest.raises(Conflict, match="chờ xác minh"):
        certificates.own(session, contest, ada, row.key, "nhat", now=now)
    assert certificates.of_list(session, contest, row, now=now) == []


def test_nobody_gets_the_prize_of_somebody_else(session, contest, row, ada, bob, now):
    announced(session, row, [(ada, 10), (bob, 10)], [("nhat", ada)], state="FINAL")
    for who, scope, prize in ((bob, row.key, "nhat"), (ada, row.key, "nhi"), (ada, "", "nhat"), (ada, "x", "nhat")):
        with pytest.raises(NotFound):
            certificates.own(session, contest, who, scope, prize, now=now)


def test_the_secretariat_gets_those_of_a_whole_list_in_the_order_of_the_prizes(session, contest, row, ada, bob, now):
    announced(session, row, [(ada, 10), (bob, 10)], [("nhat", bob), ("nhi", ada)])
    with pytest.raises(Conflict):
        certificates.of_list(session, contest, row, now=now)
    row.state = "AWARDED"
    made = certificates.of_list(session, contest, row, now=now)
    assert [(one.name, one.prize) for one in made] == [("Trần Văn Bốp", "nhat"), ("Nguyễn Thị Ada", "nhi")]
    assert [one.id for one in certificates.of_list(session, contest, row, now=now)] == [one.id for one in made]


# ── What no longer holds ────────────────────────────────────────────────────────────────────────────────────────


def test_a_prize_that_is_passed_down_takes_its_certificate_with_it(session, contest, row, ada, bob, now):
    announced(session, row, [(ada, 10), (bob, 10)], [("nhat", ada)], state="FINAL")
    old = certificates.own(session, contest, ada, row.key, "nhat", now=now)
    assert certificates.settle(session, contest, now=now) == []
    make.snapshot(session, row, [(ada, 10), (bob, 10)], [("nhat", bob)])
    assert certificates.check(session, old.serial).revoked  # at once, whether anybody settled it or not
    assert [one.id for one in certificates.settle(session, contest, now=now)] == [old.id]
    assert (old.revoked_at, old.revoked_reason) == (now, "Giải đã chuyển cho người kế tiếp.")
    assert certificates.own(session, contest, bob, row.key, "nhat", now=now).serial != old.serial
    with pytest.raises(NotFound):
        certificates.own(session, contest, ada, row.key, "nhat", now=now)


def test_taking_part_lapses_with_the_last_valid_attempt_and_comes_back_with_it(session, contest, row, ada, bob, now):
    announced(session, row, [(ada, 10), (bob, 3)])
    mine, theirs = taking_part(session, contest, ada, now), taking_part(session, contest, bob, now)
    make.snapshot(session, row, [(bob, 3)])
    assert certificates.settle(session, contest, now=now) == [mine]
    assert mine.revoked_reason == "Không còn lượt thi hợp lệ nào làm căn cứ." and theirs.revoked_at is None
    make.snapshot(session, row, [(ada, 10), (bob, 3)])
    again = taking_part(session, contest, ada, now)
    assert (again.id, again.revoked_at, again.revoked_reason) == (mine.id, None, "")


def test_a_round_that_goes_back_a_state_takes_nothing_back_before_a_new_result(session, contest, row, ada, now):
    announced(session, row, [(ada, 10)], [("nhat", ada)], state="FINAL")
    prize = certificates.own(session, contest, ada, row.key, "nhat", now=now)
    took_part = taking_part(session, contest, ada, now)
    row.state = "PROVISIONAL"
    assert certificates.settle(session, contest, now=now) == []
    assert not certificates.check(session, prize.serial).revoked
    assert not certificates.check(session, took_part.serial).revoked


def test_whoever_takes_consent_back_leaves_no_name_behind(session, contest, row, ada, now):
    announced(session, row, [(ada, 10)], [("nhat", ada)], state="FINAL")
    made = certificates.own(session, contest, ada, row.key, "nhat", now=now)
    ada.withdrawn_at = now
    shown = certificates.check(session, made.serial)
    assert (shown.revoked, shown.name, shown.unit) == (True, "", "")
    assert certificates.settle(session, contest, now=now) == [made]
    with pytest.raises(Conflict, match="rút lại"):
        taking_part(session, contest, ada, now)
    assert certificates.of_list(session, contest, row, now=now) == []


# ── Checking ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("typed", ["{}", " {} ", "cn {} ", "{}."])
def test_a_serial_number_is_known_however_it_is_typed(session, contest, row, ada, now, typed):
    announced(session, row, [(ada, 10)], [("nhat", ada)], state="FINAL")
    serial = certificates.own(session, contest, ada, row.key, "nhat", now=now).serial
    plain = serial.removeprefix("CN-") if typed.startswith("cn") else serial.lower()
    shown = certificates.check(session, typed.format(plain.replace("-", " ")))
    assert (shown.serial, shown.name, shown.prize, shown.stage) == (
        serial,
        "Nguyễn Thị Ada",
        FIRST.name,
        Words("Tuần 1", "Week 1"),
    )
    assert shown.contest.vi == "Tìm hiểu Luật Bảo hiểm xã hội 2024" and shown.issued_at == now and not shown.revoked


def test_letters_that_look_like_digits_are_read_as_these(session, contest, row, ada, now):
    announced(session, row, [(ada, 10)])
    made = taking_part(session, contest, ada, now)
    made.serial = "CN-0011-AAAA-1100"
    session.flush()
    shown = certificates.check(session, "cn-oOiL-aaaa-Il0o")
    assert (shown.name, shown.prize, shown.stage) == ("Nguyễn Thị Ada", None, None)


@pytest.mark.parametrize("typed", ["", "CN", "CN-0000-0000-0000", "CN-UUUU-0000-0000", "x" * 500, "CN-0000-0000-00000"])
def test_an_unknown_number_is_refused_kindly(session, typed):
    with pytest.raises(NotFound, match="kiểm tra lại từng ký tự"):
        certificates.check(session, typed)


@pytest.mark.parametrize("typed", ["XT68-RQ5V-T1", "xt68rq5vt1", "ee8c" * 16])
def test_a_receipt_is_told_from_a_certificate(session, typed):
    with pytest.raises(NotFound, match="mã biên nhận"):
        certificates.check(session, typed)


def test_of_two_requests_at_once_both_get_the_same_certificate(session, contest, row, ada, now, monkeypatch):
    announced(session, row, [(ada, 10)])
    first = taking_part(session, contest, ada, now)
    answers = iter([None, first])
    asked = session.scalar

    def late(statement, *args, **kwargs):
        if "FROM certificate" in str(statement):
            return next(answers)
        return asked(statement, *args, **kwargs)

    monkeypatch.setattr(session, "scalar", late)
    assert taking_part(session, contest, ada, now).id == first.id
    monkeypatch.undo()
    assert session.scalar(select(func.count()).select_from(Certificate)) == 1


def test_names_of_prizes_and_stages_are_nothing_where_there_are_none(contest):
    settings = certificates.contests.settings(contest)
    assert certificates.prize_name(settings, "tuan-1", "ba") is None
    assert certificates.prize_name(settings, "", "") is None and certificates.stage_name(settings, "") is None
