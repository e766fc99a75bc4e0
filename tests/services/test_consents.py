from datetime import timedelta

import pytest
from sqlalchemy import func, select

from quizapp.errors import Conflict, TooMany, Unreadable
from quizapp.models import Attempt, Certificate, Change, Complaint, Consent, Contestant, Delegate, WinnerCheck
from quizapp.rules.contest import Fields, Who
from quizapp.services import accounts, confirmations, consents, corrections, names
from quizapp.services.vault import Vault
from tests import make
from tests.make import VAULT
from tests.services.test_registrations import ALL, BEFORE, MOTHER, NOW, enter, said

LATER = make.OPENS + timedelta(days=1)
CLOSED = make.CLOSES


@pytest.fixture
def hana(session):
    return make.person(session, "hana", roles=("organizer",))


@pytest.fixture
def contest(session, hana):
    who = Who(guardians=True, fields=Fields(identity_number="optional", sex="optional", email="optional"))
    return make.contest(session, owner=hana, who=who, now=BEFORE)


@pytest.fixture
def ada(session, contest):
    """Ada's entry, with every box ticked."""
    return enter(session, contest, make.person(session, "ada"), said(consents=ALL, email="hoa@gmail.com"))


@pytest.fixture
def child(session, contest):
    keeper = make.person(session, "bob")
    wish = said(
        full_name="Lê An", birth_date="1/6/2015", phone="", identity_number="", guardian=True, consents=ALL, **MOTHER
    )
    return enter(session, contest, accounts.add_member(session, keeper, "Lê An", now=NOW), wish)


def sat(session, contest, contestant, **more):
    session.add(
        Attempt(
            mode="contest",
            token_hash=f"t{contestant.id}",
            started_at=LATER,
            person_id=contestant.person_id,
            round_id=contest.rounds[0].id,
            contestant_id=contestant.id,
            no=1,
            **more,
        )
    )
    session.flush()


def holding(session, contestant):
    return {one.purpose: one.holds for one in consents.listed(session, VAULT, contestant)}


# ── Consents ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_purpose_stands_by_itself(session, contest, ada):
    assert holding(session, ada) == {"take_part": True, "publish": True, "news": True}
    consents.withdraw(session, contest, ada, "publish", now=LATER)
    assert holding(session, ada) == {"take_part": True, "publish": False, "news": True}
    assert ada.withdrawn_at is None and names.may_publish(session, [ada.id]) == frozenset()
    consents.give(session, VAULT, contest, ada, "publish", now=CLOSED)
    assert names.may_publish(session, [ada.id]) == {ada.id}
    kept = session.scalars(select(Consent).where(Consent.purpose == "publish").order_by(Consent.id)).all()
    assert [(one.given_at, one.withdrawn_at) for one in kept] == [(NOW, LATER), (CLOSED, None)]


def test_taking_the_consent_to_take_part_back_ends_taking_part_and_can_be_mended_until_closing(session, contest, ada):
    consents.withdraw(session, contest, ada, "take_part", now=LATER)
    consents.withdraw(session, contest, ada, "take_part", now=CLOSED)
    assert ada.withdrawn_at == LATER
    with pytest.raises(Conflict, match="đã đóng"):
        consents.give(session, VAULT, contest, ada, "take_part", now=CLOSED)
    consents.give(session, VAULT, contest, ada, "take_part", now=LATER)
    assert ada.withdrawn_at is None
    changes = session.scalars(select(Change).where(Change.kind == "withdraw").order_by(Change.id)).all()
    assert [(one.before, one.after) for one in changes] == [
        ({"take_part": True}, {"take_part": False}),
        ({"take_part": False}, {"take_part": True}),
    ]


def test_giving_what_holds_and_taking_what_was_never_given_changes_nothing(session, contest, hana):
    made = enter(session, contest, make.person(session, "ada"))
    consents.give(session, VAULT, contest, made, "take_part", now=LATER)
    consents.withdraw(session, contest, made, "news", now=LATER)
    assert session.scalars(select(Change).where(Change.kind == "withdraw")).all() == []
    for act in (consents.withdraw, lambda *a, **k: consents.give(session, VAULT, *a[1:], **k)):
        with pytest.raises(Unreadable):
            act(session, contest, made, "everything", now=LATER)


def test_of_a_child_both_say_yes_and_nobody_is_asked_for_news(session, contest, child):
    assert holding(session, child) == {"take_part": True, "publish": True}
    consents.withdraw(session, contest, child, "publish", now=LATER)
    assert not holding(session, child)["publish"] and names.may_publish(session, [child.id]) == frozenset()
    assert {one.by for one in consents.listed(session, VAULT, child)} == {("self", "guardian")}
    consents.give(session, VAULT, contest, child, "publish", now=LATER)
    assert holding(session, child)["publish"] and names.may_publish(session, [child.id]) == {child.id}
    with pytest.raises(Unreadable):
        consents.give(session, VAULT, contest, child, "news", now=LATER)


def test_under_seven_the_guardian_alone_says_yes(session, contest):
    keeper = make.person(session, "otto")
    wish = said(full_name="Lê Bé", birth_date="1/6/2021", phone="", identity_number="", guardian=True, **MOTHER)
    made = enter(session, contest, accounts.add_member(session, keeper, "Lê Bé", now=NOW), wish)
    assert {one.by for one in consents.listed(session, VAULT, made)} == {("guardian",)}


# ── Deleting ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_never_sat_leaves_nothing(session, contest, ada):
    session.add(Delegate(contest_id=contest.id, code="A", name="A", contestant_id=ada.id))
    session.flush()
    consents.delete(session, contest, ada, now=LATER)
    assert session.scalar(select(func.count()).select_from(Contestant)) == 0
    assert session.scalar(select(func.count()).select_from(Consent)) == 0
    assert session.scalar(select(Delegate.contestant_id)) is None


def test_of_who_sat_a_code_stays_that_leads_to_nobody(session, contest, ada):
    sat(session, contest, ada)
    corrections.edit(session, VAULT, contest, ada, said(email="moi@gmail.com", consents=ALL), now=LATER)
    session.add(
        Certificate(serial="S1", contest_id=contest.id, contestant_id=ada.id, scope="", name=ada.name, issued_at=LATER)
    )
    code, person_id, unit = ada.code, ada.person_id, ada.place_id
    consents.delete(session, contest, ada, now=LATER)
    session.expire_all()
    kept = session.scalars(select(Contestant)).one()
    assert (kept.code, kept.name, kept.person_id, kept.place_id) == (code, "", None, unit)
    values = [getattr(kept, column.key) for column in Contestant.__table__.columns]
    assert not any(isinstance(value, bytes) for value in values)
    assert [kept.key_tag, kept.phone_tag, kept.phone_slot, kept.identity_tag, kept.invite_code] == [None] * 5
    assert kept.withdrawn_at == LATER
    assert all(one.withdrawn_at is not None for one in session.scalars(select(Consent)))
    assert session.scalar(select(Attempt.person_id)) is None
    assert session.scalar(select(func.count()).select_from(Certificate)) == 0
    for change in session.scalars(select(Change)):
        assert person_id not in (change.proposed_by, change.settled_by)


def test_the_same_number_may_enter_again_after_deleting(session, contest, ada):
    sat(session, contest, ada)
    consents.delete(session, contest, ada, now=LATER)
    assert enter(session, contest, make.person(session, "otto"), now=LATER).code != ada.code


def test_an_open_complaint_and_a_prize_hold_a_deletion_up(session, contest, ada):
    complaint = Complaint(
        contest_id=contest.id, contestant_id=ada.id, number=1, kind="score", text="…", made_at=LATER, answer_by=LATER
    )
    session.add(complaint)
    session.flush()
    with pytest.raises(Conflict, match="Khiếu nại"):
        consents.delete(session, contest, ada, now=LATER)
    complaint.outcome = "KEPT"
    session.add(WinnerCheck(round_id=contest.rounds[0].id, contestant_id=ada.id))
    session.flush()
    with pytest.raises(Conflict, match="Giải thưởng"):
        consents.delete(session, contest, ada, now=LATER)
    contest.closed_file_at = LATER
    sat(session, contest, ada)
    consents.delete(session, contest, ada, now=LATER)
    assert ada.name == ""


# ── Phone codes ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_code_shows_that_the_phone_is_ones_own(session, ada):
    message = confirmations.new(session, VAULT, ada, now=NOW)
    assert message.phone == "0901234567" and len(message.code) == 6
    assert message.code not in repr(message) and message.phone not in repr(message)
    assert confirmations.confirm(session, VAULT, ada, f" {message.code[:3]} {message.code[3:]}", now=NOW) == "right"
    assert ada.phone_confirmed_at == NOW
    with pytest.raises(Conflict, match="đã được xác nhận"):
        confirmations.new(session, VAULT, ada, now=LATER)


def test_five_wrong_tries_or_ten_minutes_end_a_code(session, ada):
    message = confirmations.new(session, VAULT, ada, now=NOW)
    wrong = f"{(int(message.code) + 1) % 1_000_000:06}"
    late = NOW + confirmations.LIVES
    assert confirmations.confirm(session, VAULT, ada, message.code, now=late) == "over"
    outcomes = [confirmations.confirm(session, VAULT, ada, wrong, now=NOW) for _ in range(6)]
    assert outcomes == ["wrong"] * 5 + ["over"]
    assert confirmations.confirm(session, VAULT, ada, message.code, now=NOW) == "over"


def test_only_the_newest_code_counts_and_only_once(session, ada):
    first = confirmations.new(session, VAULT, ada, now=NOW)
    with pytest.raises(TooMany, match="một phút"):
        confirmations.new(session, VAULT, ada, now=NOW + timedelta(seconds=59))
    minute = NOW + timedelta(minutes=1)
    second = confirmations.new(session, VAULT, ada, now=minute)
    if first.code != second.code:
        assert confirmations.confirm(session, VAULT, ada, first.code, now=minute) == "wrong"
    assert confirmations.confirm(session, VAULT, ada, second.code, now=minute) == "right"
    assert confirmations.confirm(session, VAULT, ada, second.code, now=minute) == "over"


def test_a_phone_gets_few_codes_a_day(session, ada):
    for n in range(confirmations.PER_DAY):
        confirmations.new(session, VAULT, ada, now=NOW + n * timedelta(minutes=2))
    with pytest.raises(TooMany, match="ngày mai"):
        confirmations.new(session, VAULT, ada, now=NOW + timedelta(hours=5))
    assert confirmations.new(session, VAULT, ada, now=NOW + timedelta(days=2))


def test_without_a_phone_or_a_code_nothing_is_confirmed(session, contest, child, hana):
    with pytest.raises(Conflict, match="Chưa có số"):
        confirmations.new(session, VAULT, child, now=NOW)
    assert confirmations.confirm(session, VAULT, child, "123456", now=NOW) == "over"
    with pytest.raises(Conflict, match="không có số"):
        confirmations.confirm_by_call(session, contest, child, hana.id, now=NOW)


def test_the_secretariat_confirms_by_a_call_and_that_is_written_down(session, contest, ada, hana):
    confirmations.confirm_by_call(session, contest, ada, hana.id, now=NOW)
    confirmations.confirm_by_call(session, contest, ada, hana.id, now=LATER)
    assert ada.phone_confirmed_at == NOW
    (change,) = session.scalars(select(Change).where(Change.kind == "registration"))
    assert (change.proposed_by, change.after) == (hana.id, {"phone_confirmed": "call"})


def test_a_code_for_an_earlier_phone_no_longer_counts(session, contest, ada):
    message = confirmations.new(session, VAULT, ada, now=NOW)
    corrections.edit(session, VAULT, contest, ada, said(phone="0909999999"), now=NOW)
    assert confirmations.confirm(session, VAULT, ada, message.code, now=NOW) == "over"


def test_a_code_is_worth_nothing_under_another_key(session, ada):
    message = confirmations.new(session, VAULT, ada, now=NOW)
    other = Vault(VAULT.field_key, b"x" * 32)
    assert confirmations.confirm(session, other, ada, message.code, now=NOW) == "wrong"
