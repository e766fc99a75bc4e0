import pytest
from sqlalchemy import select

from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import Change, ContestRole, Delegate, Exclusion, ListUpload
from quizapp.rules.contest import Division, Who, Words
from quizapp.rules.roster import Line
from quizapp.services import delegates, exclusions, list_uploads
from tests import make
from tests.make import PHONES, VAULT
from tests.services.test_registrations import BEFORE, NOW

NUMBER, PHONE = "044190012345", "0901234567"


@pytest.fixture
def hana(session):
    return make.person(session, "hana", roles=("organizer",))


@pytest.fixture
def contest(session, hana):
    who = Who(divisions=(Division(key="a", name=Words("Bảng A", "Group A")),))
    return make.contest(session, owner=hana, who=who, now=BEFORE)


def add(session, contest, hana, name="Lê Văn Ban", **known_by):
    return exclusions.add(session, VAULT, contest, hana.id, name=name, work="Ban Tổ chức", now=NOW, **known_by)


def said(looked):
    return [(one.does, " ".join(p.sentence % p.details for p in one.problems)) for one in looked]


def test_the_list_keeps_tags_of_numbers_and_never_the_numbers(session, contest, hana):
    made = add(session, contest, hana, identity_number=NUMBER, phone="+84 901 234 567")
    assert (made.identity_tag, made.phone_tag) == (VAULT.tag("identity", NUMBER), VAULT.tag("phone", PHONE))
    assert list(exclusions.listed(session, contest)) == [made]
    change = session.scalars(select(Change)).one()
    assert (change.kind, change.after) == ("exclusion", {"name": "Lê Văn Ban", "work": "Ban Tổ chức"})


def test_a_name_alone_is_refused_and_nobody_stands_twice(session, contest, hana):
    with pytest.raises(Unreadable, match="trùng họ tên"):
        add(session, contest, hana)
    with pytest.raises(Unreadable, match="12 chữ số"):
        add(session, contest, hana, identity_number="123")
    add(session, contest, hana, phone=PHONE)
    with pytest.raises(Conflict, match="đã có"):
        add(session, contest, hana, name="Tên Khác", phone=PHONE)


def test_taking_somebody_off_is_written_down(session, contest, hana):
    made = add(session, contest, hana, phone=PHONE)
    other = make.contest(session, slug="khac", owner=hana)
    with pytest.raises(NotFound):
        exclusions.remove(session, other, hana.id, made.id, now=NOW)
    exclusions.remove(session, contest, hana.id, made.id, now=NOW)
    assert list(exclusions.listed(session, contest)) == []


def test_a_whole_list_is_looked_at_line_by_line(session, contest, hana):
    add(session, contest, hana, phone=PHONE)
    lines = [
        Line(2, {"name": "Trần Thị Mới", "phone": "907654321", "work": "Thư ký"}),
        Line(3, {"name": "Lê Văn Ban", "phone": PHONE}),
        Line(4, {"name": "Trần Thị Mới", "identity": NUMBER, "phone": "0907654321"}),
        Line(5, {"name": "Hoa", "identity": "1"}),
        Line(6, {"name": "Lê Văn Tên", "work": "x" * 121}),
    ]
    found = said(exclusions.look(session, VAULT, contest, lines, now=NOW))
    assert [does for does, wrong in found if not wrong] == ["new", "same", "same"]
    assert "hai từ" in found[3][1] and "12 chữ số" in found[3][1]
    assert "quá 120" in found[4][1] and "trùng họ tên" in found[4][1]
    assert exclusions.take(session, VAULT, contest, hana.id, lines, now=NOW) == 1
    assert session.scalars(select(Exclusion.phone_tag).order_by(Exclusion.id)).all()[-1] == VAULT.tag(
        "phone", "0907654321"
    )


def test_people_who_registered_before_they_were_named_are_found(session, contest, hana):
    ada, bob = make.person(session, "ada"), make.person(session, "bob")
    by_role = make.contestant(session, contest, ada)
    by_phone_of_role = make.contestant(session, contest, phone_tag=VAULT.tag("phone", PHONES["bob"]))
    by_list = make.contestant(session, contest, identity_tag=VAULT.tag("identity", NUMBER))
    make.contestant(session, contest, name="Người thường")
    assert exclusions.met(session, contest) == []
    for person, role in ((ada, "panel"), (bob, "committee")):
        session.add(ContestRole(contest_id=contest.id, person_id=person.id, role=role, given_at=NOW))
    add(session, contest, hana, identity_number=NUMBER)
    found = exclusions.met(session, contest)
    assert [(one.contestant.id, one.work) for one in found] == [
        (by_role.id, "panel"),
        (by_phone_of_role.id, "committee"),
        (by_list.id, "Ban Tổ chức"),
    ]
    by_list.status = "HORS_CONCOURS"
    session.flush()
    assert len(exclusions.met(session, contest)) == 2


# ── Delegates ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_list_of_delegates_is_looked_at_taken_and_corrected(session, contest, hana):
    lines = [
        Line(2, {"code": "db-1", "name": "Hoàng Khải", "team": "Sở Y tế", "division": "bảng a"}),
        Line(3, {"code": "DB-1", "name": "Lê Long", "division": "A"}),
        Line(4, {"code": "DB-2", "name": "Lê Long", "division": "B"}),
        Line(5, {"name": "Không Mã", "division": "A"}),
        Line(6, {"code": "x" * 41, "name": "Quá Dài", "division": "A"}),
    ]
    found = said(delegates.look(session, contest, lines))
    assert found[0] == ("new", "")
    assert "Trùng" in found[1][1] or "trùng với dòng 2" in found[1][1]
    assert "«B»" in found[2][1] and "Cần cả mã" in found[3][1] and found[4][1]
    assert delegates.take(session, contest, hana.id, lines, now=NOW) == 1
    assert said(delegates.look(session, contest, lines[:1])) == [("same", "")]
    changed = [Line(2, {"code": "DB-1", "name": "Hoàng Khải", "team": "Đoàn LĐLĐ", "division": "Group A"})]
    assert said(delegates.look(session, contest, changed)) == [("change", "")]
    assert delegates.take(session, contest, hana.id, changed, now=NOW) == 1
    (one,) = delegates.listed(session, contest)
    assert (one.code, one.team, one.division) == ("DB-1", "Đoàn LĐLĐ", "a")


def test_a_list_says_who_answers_by_card_and_leaves_it_where_it_says_nothing(session, contest, hana):
    def line(where, code, **more):
        return Line(where, {"code": code, "name": "Hoàng Khải", "division": "A", **more})

    lines = [line(2, "A1", by_card="có"), line(3, "A2", by_card="không"), line(4, "A3"), line(5, "A4", by_card="hay")]
    assert "«hay»" in said(delegates.look(session, contest, lines))[3][1]
    assert delegates.take(session, contest, hana.id, lines, now=NOW) == 3
    by_code = {one.code: one.by_card for one in delegates.listed(session, contest)}
    assert by_code == {"A1": True, "A2": False, "A3": False}
    again = [line(2, "A1"), line(3, "A2", by_card="x")]
    assert [does for does, _ in said(delegates.look(session, contest, again))] == ["same", "change"]
    delegates.take(session, contest, hana.id, again, now=NOW)
    by_code = {one.code: one.by_card for one in delegates.listed(session, contest)}
    assert by_code == {"A1": True, "A2": True, "A3": False}
    assert said(delegates.look(session, contest, [line(2, "A1", by_card="không")])) == [("change", "")]


def test_a_code_is_claimed_once(session, contest):
    row = Delegate(contest_id=contest.id, code="A1", name="Lê Long")
    session.add(row)
    first, second = make.contestant(session, contest), make.contestant(session, contest)
    delegates.claim(session, row, first)
    delegates.claim(session, row, first)
    with pytest.raises(Conflict, match="đã được dùng"):
        delegates.claim(session, row, second)
    assert delegates.find(session, contest, " a1 ") is row
    assert delegates.find(session, contest, "a\u202e1") is None


def test_only_who_has_not_entered_is_taken_off(session, contest, hana):
    row = Delegate(contest_id=contest.id, code="A1", name="Lê Long", contestant_id=make.contestant(session, contest).id)
    session.add(row)
    session.flush()
    with pytest.raises(Conflict, match="không xóa"):
        delegates.remove(session, contest, hana.id, row.id, now=NOW)
    row.contestant_id = None
    delegates.remove(session, contest, hana.id, row.id, now=NOW)
    with pytest.raises(NotFound):
        delegates.remove(session, contest, hana.id, row.id, now=NOW)


# ── Uploaded lists ──────────────────────────────────────────────────────────────────────────────────────────────


def test_an_uploaded_list_is_sealed_and_for_its_owner_only(session, contest, hana):
    lines = [Line(2, {"name": "Lê Văn Ban", "identity": NUMBER})]
    id = list_uploads.keep(session, VAULT, contest, hana.id, "exclusion", "ds.xlsx", lines, now=NOW)
    assert NUMBER.encode() not in session.get(ListUpload, id).rows_sealed
    held = list_uploads.find(session, VAULT, contest, hana.id, "exclusion", id, now=NOW)
    assert (held.file_name, held.lines, held.taken_at) == ("ds.xlsx", tuple(lines), None)
    list_uploads.mark_taken(session, held, now=NOW)
    assert list_uploads.find(session, VAULT, contest, hana.id, "exclusion", id, now=NOW).taken_at == NOW
    mallory = make.person(session, "mallory")
    other = make.contest(session, slug="khac", owner=hana)
    for wrong in (
        (contest, mallory.id, "exclusion", id),
        (contest, hana.id, "unit", id),
        (other, hana.id, "exclusion", id),
        (contest, hana.id, "exclusion", "x"),
    ):
        with pytest.raises(NotFound):
            list_uploads.find(session, VAULT, *wrong, now=NOW)


def test_an_uploaded_list_is_gone_after_a_day(session, contest, hana):
    lines = [Line(2, {"name": "A"})]
    id = list_uploads.keep(session, VAULT, contest, hana.id, "unit", "a.xlsx", lines, now=NOW)
    late = NOW + 1.5 * list_uploads.KEPT_FOR
    with pytest.raises(NotFound, match="quá một ngày"):
        list_uploads.find(session, VAULT, contest, hana.id, "unit", id, now=late)
    list_uploads.keep(session, VAULT, contest, hana.id, "unit", "b.xlsx", lines, now=late)
    assert session.scalars(select(ListUpload.file_name)).all() == ["b.xlsx"]
