"""Who does what in a contest: existing accounts only, the panel apart, and never without a secretariat."""

import pytest

from quizapp import models
from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.services import changes, contest_roles, contests, exclusions, units
from tests import make


@pytest.fixture
def hana(session):
    return make.person(session, "hana", roles=["organizer"])


@pytest.fixture
def bob(session):
    return make.person(session, "bob")


@pytest.fixture
def contest(session, hana):
    return make.contest(session, owner=hana)


def give(session, contest, hana, role, who="bob", **changes):
    return contest_roles.give(
        session, make.VAULT, contest, make.PHONES.get(who, who), role, hana.id, now=make.MADE, **changes
    )


def test_an_account_is_found_by_its_phone_and_may_not_win_from_now_on(session, contest, hana, bob):
    assert give(session, contest, hana, "secretariat").id == bob.id
    assert contests.roles_of(session, contest, bob.id) == {"secretariat"}
    found = exclusions.involved(session, contest, person_id=None, identity_tag=None, phone_tags=[bob.phone_tag])
    assert found == "secretariat"
    (noted,) = [one for one in changes.done(session, contest) if one.kind == "role"]
    assert (noted.before, noted.after) == ({"roles": []}, {"roles": ["secretariat"]})
    (_, _, line) = contest_roles.listed(session, make.VAULT, contest)
    shown = [(one.person.name, one.contact, one.role) for one in contest_roles.listed(session, make.VAULT, contest)]
    assert ("Bob", "091***672", "secretariat") in shown and line.unit == ""


def test_nobody_without_an_account_is_given_a_role(session, contest, hana):
    with pytest.raises(NotFound, match="Mời người đó đăng ký"):
        give(session, contest, hana, "judge", who="0999999999")
    with pytest.raises(Unreadable):
        give(session, contest, hana, "judge", who="không phải số")
    with pytest.raises(Unreadable):
        give(session, contest, hana, "king")


def test_the_question_panel_holds_no_other_role(session, contest, hana, bob):
    give(session, contest, hana, "panel")
    with pytest.raises(Conflict, match="biết đáp án"):
        give(session, contest, hana, "host")
    with pytest.raises(Conflict, match="biết đáp án"):
        give(session, contest, hana, "panel", who="hana")


def test_a_focal_point_belongs_to_a_unit(session, contest, hana, bob):
    with pytest.raises(Unreadable, match="gắn với một đơn vị"):
        give(session, contest, hana, "focal")
    unit = units.add(session, contest, hana.id, "unit", "Công ty", now=make.MADE)
    give(session, contest, hana, "focal", unit_id=unit.id)
    assert "Công ty" in [one.unit for one in contest_roles.listed(session, make.VAULT, contest)]
    with pytest.raises(NotFound):
        give(session, contest, hana, "focal", unit_id=unit.id + 9)


def test_nothing_is_given_twice(session, contest, hana, bob):
    give(session, contest, hana, "judge", unit_id=5)
    with pytest.raises(Conflict, match="đã được giao"):
        give(session, contest, hana, "judge")


def role_id(session, contest, person, role):
    return session.query(models.ContestRole).filter_by(contest_id=contest.id, person_id=person.id, role=role).one().id


def test_a_role_is_taken_back_but_never_the_last_secretariat(session, contest, hana, bob):
    own = role_id(session, contest, hana, "secretariat")
    with pytest.raises(Conflict, match="ít nhất một người"):
        contest_roles.take(session, contest, own, hana.id, now=make.MADE)
    give(session, contest, hana, "secretariat")
    contest_roles.take(session, contest, own, bob.id, now=make.MADE)
    assert contests.roles_of(session, contest, hana.id) == {"host"}
    contest_roles.take(session, contest, role_id(session, contest, hana, "host"), bob.id, now=make.MADE)
    with pytest.raises(NotFound):
        contest_roles.take(session, contest, own, bob.id, now=make.MADE)


def test_a_role_of_another_contest_is_not_found(session, contest, hana):
    other = make.contest(session, slug="khac", owner=hana)
    with pytest.raises(NotFound):
        contest_roles.take(session, contest, role_id(session, other, hana, "host"), hana.id, now=make.MADE)
