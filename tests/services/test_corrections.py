from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp.models import Attempt, Change, Move, Unit
from quizapp.rules.contest import Fields, Who
from quizapp.services import accounts, corrections, entries, units
from quizapp.services.entries import Faulty, NumberTaken
from tests import make
from tests.make import VAULT
from tests.services.test_registrations import BEFORE, HOA, MOTHER, NOW, NUMBER, enter, said

DURING = make.OPENS + timedelta(days=1)
CLOSED = make.CLOSES


@pytest.fixture
def hana(session):
    return make.person(session, "hana", roles=("organizer",))


@pytest.fixture
def contest(session, hana):
    fields = Fields(
        identity_number="required",
        other_paper="optional",
        sex="optional",
        email="optional",
        occupation="optional",
        insurance_group="optional",
    )
    return make.contest(session, owner=hana, who=Who(fields=fields, guardians=True), now=BEFORE)


@pytest.fixture
def ada(session, contest):
    return enter(session, contest, make.person(session, "ada"), said(unit="Cty May 10"))


def edit(session, contest, contestant, now=NOW, **changes):
    before = corrections.said(session, VAULT, contestant)
    return corrections.edit(session, VAULT, contest, contestant, replace(before, **changes), now=now)


def problems(session, contest, contestant, now=NOW, **changes):
    with pytest.raises(Faulty) as refused:
        edit(session, contest, contestant, now, **changes)
    return {name: one.sentence for name, one in refused.value.problems.items()}


def sit(session, contest, contestant):
    session.add(
        Attempt(
            mode="contest",
            token_hash="t",
            started_at=DURING,
            round_id=contest.rounds[0].id,
            contestant_id=contestant.id,
            no=1,
        )
    )
    session.flush()


def test_what_was_said_comes_back_as_it_would_be_typed_without_the_numbers(session, ada):
    before = corrections.said(session, VAULT, ada)
    assert (before.full_name, before.birth_date, before.phone, before.province, before.commune, before.unit) == (
        "Nguyễn Thị Hoa", "08/3/1990", "0901234567", "44", "Xã Gio Linh", "Cty May 10")  # fmt: skip
    assert (before.identity_number, before.other_paper) == ("", "")


def test_the_same_words_change_nothing(session, contest, ada):
    key = ada.key_tag
    assert edit(session, contest, ada) == []
    assert corrections.edit(session, VAULT, contest, ada, replace(HOA, unit="cty  may 10"), now=NOW) == []
    assert ada.key_tag == key and session.scalars(select(Change)).all() == []


@pytest.mark.parametrize(("known", "text"), [("day", "05/11/1990"), ("month", "11/1990"), ("year", "1990")])
def test_a_birth_date_is_shown_as_exactly_as_it_is_known(session, contest, known, text):
    made = enter(session, contest, make.person(session, "bob"), said(birth_date=text))
    assert made.birth_known == known and corrections.said(session, VAULT, made).birth_date == text


def test_a_change_is_noted_without_what_is_private(session, contest, ada):
    assert sorted(
        edit(session, contest, ada, email="moi@gmail.com", street="12 Lê Lợi", unit="Cty B", unit_id=None)
    ) == [
        "email",
        "street",
        "unit",
    ]
    change = session.scalars(select(Change)).one()
    assert change.before == {"unit": "Cty May 10"}
    assert change.after == {"unit": "Cty B", "fields": ["unit", "email", "street"]}
    assert (change.kind, change.proposed_by) == ("registration", ada.person_id)
    assert entries.opened(VAULT, ada, "email") == "moi@gmail.com"


def test_another_phone_must_be_free_and_is_not_yet_confirmed(session, contest, ada):
    other = enter(
        session,
        contest,
        make.person(session, "bob"),
        said(full_name="Lê An", phone="0907654321", identity_number="044190054321"),
    )
    ada.phone_confirmed_at = NOW
    with pytest.raises(NumberTaken):
        edit(session, contest, ada, phone="0907654321")
    assert edit(session, contest, ada, phone="0909999999") == ["phone"]
    assert ada.phone_confirmed_at is None and ada.phone_tag == VAULT.tag("phone", "0909999999")
    assert edit(session, contest, other, phone="0901234567") == ["phone"]


def test_a_number_typed_again_moves_the_key_and_must_be_free(session, contest, ada):
    number = "044190054321"
    key = ada.key_tag
    assert edit(session, contest, ada, identity_number=number) == ["identity_number"]
    assert ada.key_tag != key
    other = enter(session, contest, make.person(session, "bob"), said(full_name="Lê An", phone="0907654321"))
    with pytest.raises(NumberTaken):
        edit(session, contest, other, identity_number=number)
    assert edit(session, contest, other, identity_number=NUMBER) == []


def test_a_new_birth_date_asks_for_the_number_again(session, contest, ada):
    assert set(problems(session, contest, ada, birth_date="8/3/1991")) == {"identity_number"}
    assert set(problems(session, contest, ada, birth_date="8/3/1991", identity_number=NUMBER)) == {"identity_number"}
    changed = edit(session, contest, ada, birth_date="8/3/1991", identity_number="044191012345")
    assert set(changed) == {"birth_date", "identity_number"}


def test_what_is_wrong_is_said_by_the_fields(session, contest, ada):
    assert set(problems(session, contest, ada, full_name="Hoa", email="x")) == {"full_name", "email"}


def test_after_the_first_attempt_only_the_secretariat_changes_who_somebody_is(session, contest, ada):
    sit(session, contest, ada)
    assert "Tổ Thư ký" in problems(session, contest, ada, DURING, full_name="Nguyễn Thị Huệ")["full_name"]
    was = ada.unit_id
    assert edit(session, contest, ada, DURING, unit="Cty B", unit_id=None) == ["unit"]
    (kept,) = session.query(Move)  # a list of the rounds closed before this counts them where they were
    assert (kept.unit_id, kept.own, kept.at) == (was, True, DURING)


def test_after_closing_unit_and_place_stay_and_contact_may_change(session, contest, ada):
    assert set(problems(session, contest, ada, CLOSED, unit="Cty B", unit_id=None)) == {"unit"}
    assert set(problems(session, contest, ada, CLOSED, commune="Xã Cam Lộ", place_id=None)) == {"commune"}
    assert edit(session, contest, ada, CLOSED, phone="0909999999") == ["phone"]


def test_a_unit_whose_words_stay_is_the_same_even_if_another_has_that_name_now(session, contest, hana, ada):
    top = units.add(session, contest, hana.id, "unit", "Dệt may", now=NOW)
    units.add(session, contest, hana.id, "unit", "Cty May 10", parent=top, now=NOW)
    assert edit(session, contest, ada, unit_id=None, email="a@b.vn") == ["email"]
    assert session.get(Unit, ada.unit_id).parent_id is None


def test_a_guardians_entry_keeps_its_key(session, contest):
    keeper = make.person(session, "bob")
    wish = said(
        full_name="Lê An",
        birth_date="1/6/2015",
        phone="",
        identity_number="",
        sex="",
        guardian=True,
        guardian_identity="044180012345",
        **MOTHER,
    )
    made = enter(session, contest, accounts.add_member(session, keeper, "Lê An", now=NOW), wish)
    key = made.key_tag
    changed = edit(session, contest, made, guardian_phone="0909999999", guardian_identity="044180012345")
    assert changed == ["guardian_phone"] and made.guardian and made.key_tag == key
