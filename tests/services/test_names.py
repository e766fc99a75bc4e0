"""A name stands on a list only where everybody who had to agree did."""

from quizapp.services import names
from quizapp.services.names import Shown
from tests import make


def test_a_name_is_shown_with_the_unit_or_else_the_commune(session):
    contest = make.contest(session)
    province = make.unit(session, contest, "Tỉnh P", tree="place", level="province")
    commune = make.unit(session, contest, "Xã A", province, tree="place", level="commune")
    company = make.unit(session, contest, "May 10", level="company")
    ada = make.contestant(session, contest, name="Nguyễn An", unit_id=company.id, place_id=commune.id)
    bob = make.contestant(session, contest, name="Trần Bình", place_id=commune.id)
    make.consent(session, ada)
    make.consent(session, bob)
    assert names.of_codes(session, contest, [bob.code, ada.code, "NOBODY"]) == {
        bob.code: Shown(bob.code, "Trần Bình", "Xã A, Tỉnh P"),
        ada.code: Shown(ada.code, "Nguyễn An", "May 10"),
        "NOBODY": Shown("NOBODY"),
    }


def test_without_consent_or_after_it_was_taken_back_only_the_code_stands(session, now):
    contest = make.contest(session)
    silent, regrets, left, other = (make.contestant(session, contest, name=f"Nguyễn {n}") for n in "ABCD")
    make.consent(session, silent, "take_part")
    make.consent(session, regrets, "take_part")
    make.consent(session, regrets, "publish", withdrawn_at=now)
    make.consent(session, left)
    left.withdrawn_at = now
    make.consent(session, other, "take_part", "news")
    people = (silent, regrets, left, other)
    assert list(names.of_codes(session, contest, [one.code for one in people]).values()) == [
        Shown(one.code) for one in people
    ]


def test_for_a_child_both_the_child_and_the_guardian_must_agree(session):
    contest = make.contest(session)
    small, both, only_guardian, only_child = (make.contestant(session, contest, name=f"Lê {n}") for n in "ABCD")
    make.consent(session, small, by="guardian")  # below seven a child is not asked
    for child in (both, only_guardian, only_child):
        make.consent(session, child, "take_part", by="guardian")
        make.consent(session, child, "take_part")
    make.consent(session, both, "publish")
    make.consent(session, both, "publish", by="guardian")
    make.consent(session, only_guardian, "publish", by="guardian")
    make.consent(session, only_child, "publish")
    assert names.may_publish(session, [small.id, both.id, only_guardian.id, only_child.id]) == {small.id, both.id}


def test_a_merged_unit_is_shown_as_the_one_it_was_merged_into(session):
    contest = make.contest(session)
    right = make.unit(session, contest, "Tổng công ty May 10")
    wrong = make.unit(session, contest, "may 10", typed=True)
    wrong.merged_into_id = right.id
    session.flush()
    nodes = names.Nodes(session, contest)
    assert nodes.where(wrong.id, None) == "Tổng công ty May 10" and nodes.stands_for(wrong.id) == right.id
    assert nodes.where(None, None) == "" and nodes.stands_for(4711) is None


def test_units_that_were_merged_in_a_circle_end_somewhere(session):
    contest = make.contest(session)
    one, two = make.unit(session, contest, "Một"), make.unit(session, contest, "Hai")
    one.merged_into_id, two.merged_into_id = two.id, one.id
    one.parent_id = one.id
    session.flush()
    assert names.Nodes(session, contest).path(one.id) in ("Một", "Hai", "Hai, Một", "Một, Hai")


def test_many_people_are_asked_for_in_parts(session, monkeypatch):
    monkeypatch.setattr(names, "_AT_ONCE", 2)
    contest = make.contest(session)
    people = [make.contestant(session, contest, name=f"Nguyễn {n}") for n in "ABCDE"]
    for one in people:
        make.consent(session, one)
    found = names.of_codes(session, contest, [one.code for one in people])
    assert [one.name for one in found.values()] == [f"Nguyễn {n}" for n in "ABCDE"]
