from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import Change, ContestRole, Move, Unit
from quizapp.rules.contest import Division, Fields, Who, Words
from quizapp.services import changes, contestants, contests, units
from quizapp.services.contestants import Filter
from tests import make
from tests.make import VAULT
from tests.services.test_corrections import sit
from tests.services.test_registrations import BEFORE, NOW, NUMBER, enter, said

DURING = make.OPENS + timedelta(days=1)
AFTER = make.CLOSES + timedelta(days=1)
AB = (Division(key="a", name=Words("Bảng A")), Division(key="b", name=Words("Bảng B")))


@pytest.fixture
def hana(session):
    return make.person(session, "hana", roles=("organizer",))


@pytest.fixture
def contest(session, hana):
    who = Who(fields=Fields(identity_number="optional", sex="optional"), divisions=AB)
    return make.contest(session, owner=hana, who=who, now=BEFORE)


@pytest.fixture
def ada(session, contest):
    return enter(session, contest, make.person(session, "ada"), said(division="a", unit="Cty May 10"))


def listed(session, contest, page=1, **wanted):
    return [one.name for one in contestants.search(session, VAULT, contest, Filter(**wanted), page=page).people]


def test_people_are_found_by_name_without_accents_by_code_and_by_whole_numbers(session, contest, ada):
    make.contestant(session, contest, name="Trần Văn An")
    for words in ("hoa nguyen", "HOÀ", "090 123 4567", NUMBER, ada.code.lower()):
        assert listed(session, contest, words=words) == ["Nguyễn Thị Hoa"], words
    for words in ("%", "0909999999", "khong co"):
        assert listed(session, contest, words=words) == []
    assert listed(session, contest, words="-") == []


def test_people_are_listed_newest_first_or_by_their_names(session, contest):
    for name in ("Trần Văn An", "Đỗ Thị Ân", "Lê Anh"):
        make.contestant(session, contest, name=name, sort_key=contestants.registration.name_key(name))
    assert listed(session, contest) == ["Lê Anh", "Đỗ Thị Ân", "Trần Văn An"]
    assert listed(session, contest, by_name=True) == ["Trần Văn An", "Lê Anh", "Đỗ Thị Ân"]


def test_filters_pick_by_status_division_mark_and_unit_with_all_below(session, contest, hana, ada):
    top = units.add(session, contest, hana.id, "unit", "Dệt may", now=NOW)
    units.move(session, contest, hana.id, session.get(Unit, ada.unit_id), top, now=NOW)
    make.contestant(session, contest, name="Bé An", status="EXCLUDED", guardian_name="Mẹ", withdrawn_at=NOW)
    assert listed(session, contest, status="EXCLUDED") == ["Bé An"]
    assert listed(session, contest, division="a") == ["Nguyễn Thị Hoa"]
    assert listed(session, contest, unit_id=top.id) == ["Nguyễn Thị Hoa"]
    assert listed(session, contest, unit_id=ada.place_id) == ["Nguyễn Thị Hoa"]
    for mark, names in (
        ("withdrawn", ["Bé An"]),
        ("guardian", ["Bé An"]),
        ("unconfirmed", ["Nguyễn Thị Hoa"]),
        ("by-hand", ["Bé An"]),
        ("unknown", ["Bé An", "Nguyễn Thị Hoa"]),
    ):
        assert sorted(listed(session, contest, mark=mark)) == names, mark
    assert contestants.counts(session, contest) == {"ELIGIBLE": 1, "HORS_CONCOURS": 0, "EXCLUDED": 1}


def test_a_long_list_comes_page_by_page(session, contest):
    for n in range(51):
        make.contestant(session, contest, name=f"Người {n}")
    found = contestants.search(session, VAULT, contest, Filter(), page=9)
    assert (found.page, found.pages, found.count, len(found.people)) == (2, 2, 51, 1)
    assert contestants.search(session, VAULT, contest, Filter(words="x")).pages == 1


def test_somebody_of_another_contest_is_not_found(session, contest, hana, ada):
    other = make.contest(session, slug="khac", owner=hana)
    with pytest.raises(NotFound):
        contestants.find(session, other, ada.code)
    assert contestants.find(session, contest, ada.code, for_change=True) is ada


def test_staff_see_a_masked_phone_or_the_guardians(session, contest, ada):
    assert contestants.masked_phone(VAULT, ada) == "090***567"
    assert contestants.masked_phone(VAULT, make.contestant(session, contest)) == ""


def last(session):
    return session.scalars(select(Change).order_by(Change.id.desc())).first()


def test_every_correction_has_who_when_why_before_and_after(session, contest, hana, ada):
    contestants.rename(session, contest, ada, " Nguyễn  Thị Huệ", hana.id, reason="Sai tên", now=DURING)
    change = last(session)
    assert (change.before, change.after, change.reason, change.proposed_by, change.proposed_at) == (
        {"name": "Nguyễn Thị Hoa"}, {"name": "Nguyễn Thị Huệ"}, "Sai tên", hana.id, DURING)  # fmt: skip
    assert ada.search == "nguyen thi hue"
    contestants.divide(session, contest, ada, "b", hana.id, reason="Nhầm bảng", now=DURING)
    assert ada.division == "b" and last(session).before == {"division": "a"}
    contestants.resettle(session, contest, ada, "01", "Phường Hoàn Kiếm", hana.id, reason="Nhầm xã", now=DURING)
    assert last(session).after == {"place": "Phường Hoàn Kiếm – Hà Nội"}
    assert [one.kind for one in contestants.history(session, contest, ada)] == [
        "unit_move",
        "registration",
        "registration",
    ]


def test_after_closing_the_secretariat_moves_people_and_that_holds(session, contest, hana, ada):
    unit = units.add(session, contest, hana.id, "unit", "Dệt 8-3", now=NOW)
    contestants.move(session, contest, ada, unit, hana.id, reason="Chuyển công tác", now=AFTER)
    assert ada.unit_id == unit.id
    assert (last(session).before, last(session).after) == ({"unit": "Cty May 10"}, {"unit": "Dệt 8-3"})
    contestants.move(session, contest, ada, None, hana.id, reason="Đã nghỉ việc", now=AFTER)
    contestants.move(session, contest, ada, unit, hana.id, reason="Đi làm lại", now=AFTER)
    assert ada.unit_id == unit.id


def test_where_the_secretariat_took_somebody_from_is_kept_for_counting(session, contest, hana, ada):
    was, lived = ada.unit_id, ada.place_id
    unit = units.add(session, contest, hana.id, "unit", "Dệt 8-3", now=NOW)
    contestants.move(session, contest, ada, unit, hana.id, reason="Chuyển công tác", now=AFTER)
    contestants.resettle(session, contest, ada, "44", "Hải Lăng", hana.id, reason="Chuyển nhà", now=AFTER)
    kept = session.scalars(select(Move).order_by(Move.id)).all()
    assert [(one.unit_id, one.place_id, one.own) for one in kept] == [(was, lived, False), (unit.id, lived, False)]


def test_saying_the_same_again_notes_nothing(session, contest, hana, ada):
    count = len(session.scalars(select(Change)).all())
    contestants.rename(session, contest, ada, ada.name, hana.id, reason="", now=DURING)
    contestants.move(session, contest, ada, session.get(Unit, ada.unit_id), hana.id, reason="", now=DURING)
    contestants.divide(session, contest, ada, "a", hana.id, reason="", now=DURING)
    contestants.resettle(session, contest, ada, "44", "Gio Linh", hana.id, reason="", now=DURING)
    contestants.accommodate(session, contest, ada, 100, hana.id, reason="", now=DURING)
    assert len(session.scalars(select(Change)).all()) == count


def test_a_correction_needs_a_reason_and_sense(session, contest, hana, ada):
    with pytest.raises(Unreadable, match="lý do"):
        contestants.rename(session, contest, ada, "Nguyễn Thị Huệ", hana.id, reason=" ", now=DURING)
    with pytest.raises(Unreadable):
        contestants.rename(session, contest, ada, "Huệ", hana.id, reason="x", now=DURING)
    with pytest.raises(Unreadable):
        contestants.divide(session, contest, ada, "c", hana.id, reason="x", now=DURING)


def test_more_time_is_granted_before_the_first_attempt_only(session, contest, hana, ada):
    contestants.accommodate(session, contest, ada, 150, hana.id, reason="Khiếm thị", now=DURING)
    assert ada.accommodation == 150 and last(session).kind == "accommodation"
    with pytest.raises(Unreadable):
        contestants.accommodate(session, contest, ada, 130, hana.id, reason="x", now=DURING)
    sit(session, contest, ada)
    with pytest.raises(Conflict, match="bắt đầu thi"):
        contestants.accommodate(session, contest, ada, 200, hana.id, reason="x", now=DURING)


def test_where_the_rulebook_offers_no_more_time_none_is_granted(session, hana):
    contest = make.contest(session, slug="khac", owner=hana, who=Who(time_accommodation=False))
    with pytest.raises(Conflict, match="Thể lệ"):
        contestants.accommodate(session, contest, make.contestant(session, contest), 150, hana.id, reason="x", now=NOW)


def test_who_never_sat_is_marked_by_one_person(session, contest, hana, ada):
    contestants.set_status(session, contest, ada, "EXCLUDED", hana.id, reason="Chưa đủ tuổi", now=DURING)
    assert (ada.status, ada.status_reason, last(session).state) == ("EXCLUDED", "Chưa đủ tuổi", "DONE")
    contestants.set_status(session, contest, ada, "ELIGIBLE", hana.id, reason="Đã xác minh", now=DURING)
    assert (ada.status, ada.status_reason) == ("ELIGIBLE", "")
    with pytest.raises(Conflict):
        contestants.set_status(session, contest, ada, "ELIGIBLE", hana.id, reason="x", now=DURING)
    with pytest.raises(Unreadable):
        contestants.set_status(session, contest, ada, "WHATEVER", hana.id, reason="x", now=DURING)


@pytest.fixture
def kim(session, contest):
    made = make.person(session, "otto", name="Kim")
    session.add(ContestRole(contest_id=contest.id, person_id=made.id, role=contests.SECRETARIAT, given_at=BEFORE))
    session.flush()
    return made


def test_who_has_sat_is_decided_on_by_two_people(session, contest, hana, kim, ada):
    sit(session, contest, ada)
    change = contestants.set_status(session, contest, ada, "EXCLUDED", hana.id, reason="Ngoài tỉnh", now=DURING)
    assert change.state == "PROPOSED" and ada.status == "ELIGIBLE"
    changes.confirm(session, change, kim.id, now=AFTER)
    assert (ada.status, ada.status_reason, contestants.attempts(session, ada)) == ("EXCLUDED", "Ngoài tỉnh", 1)


def test_a_proposal_that_was_overtaken_does_nothing(session, contest, hana, kim, ada):
    sit(session, contest, ada)
    change = contestants.set_status(session, contest, ada, "EXCLUDED", hana.id, reason="x", now=DURING)
    ada.status = "HORS_CONCOURS"
    session.flush()
    with pytest.raises(Conflict, match="đổi trạng thái"):
        changes.confirm(session, change, kim.id, now=AFTER)
