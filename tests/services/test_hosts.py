import pytest

from quizapp import models
from quizapp.errors import NotAllowed, NotFound
from quizapp.services import contest_roles, hosts
from quizapp.services.tokens import Bearer
from tests import make


@pytest.fixture
def hana(session):
    return make.person(session, "hana")


@pytest.fixture
def mallory(session):
    return make.person(session, "mallory")


@pytest.fixture
def room(session, hana):
    """The room of a contest's live round, where hana is secretary and host."""
    make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 9)))
    return make.contest_room(session, make.contest(session, (make.live_rules(),), owner=hana), hana)


def sign_in(session, who):
    row = models.SignIn(person_id=who.id, token_hash=models.new_id(), made_at=make.MADE, seen_at=make.MADE)
    session.add(row)
    session.flush()
    return row


def bearer(show, sign_in=None):
    return Bearer("host", show.id, sign_in_id=sign_in.id if sign_in else "")


def test_a_free_room_is_led_by_who_made_it(session, hana, mallory):
    show = make.show(session, organizer_id=hana.id)
    assert hosts.may(session, show, hana.id)
    with pytest.raises(NotFound):
        hosts.admit(session, show, mallory.id)


def test_a_room_of_a_contest_is_led_by_its_hosts_and_secretariat_and_no_other_role(session, room, hana, mallory):
    contest = session.get(models.Round, room.round_id).contest
    bob = make.person(session, "bob")
    for role in ("judge", "committee", "technical"):
        contest_roles.give(session, make.VAULT, contest, make.PHONES["bob"], role, hana.id, now=make.MADE)
    assert hosts.may(session, room, hana.id) and not hosts.may(session, room, mallory.id)
    assert not hosts.may(session, room, bob.id)
    contest_roles.give(session, make.VAULT, contest, make.PHONES["bob"], "host", hana.id, now=make.MADE)
    hosts.admit(session, room, bob.id)


def test_who_made_the_room_of_a_contest_leads_it_only_by_role(session, room, hana):
    session.query(models.ContestRole).filter_by(person_id=hana.id).delete()
    assert room.organizer_id == hana.id and not hosts.may(session, room, hana.id)


def test_a_rehearsal_is_led_by_those_who_lead_what_it_rehearses(session, room, hana, mallory):
    rehearsal = make.show(session, [make.question("om-dau-001")], organizer_id=mallory.id)
    rehearsal.rehearses_id = room.id
    session.flush()
    assert hosts.may(session, rehearsal, hana.id) and not hosts.may(session, rehearsal, mallory.id)
    assert hosts.rehearsed(session, rehearsal) is room and hosts.rehearsed(session, room) is room
    assert not hosts.takes_keys(session, rehearsal)


def test_every_press_names_who_pressed(session, room, hana):
    assert hosts.pressing(session, room, bearer(room, sign_in(session, hana))) == hana.id


def test_the_key_of_a_free_room_leads_it_without_a_name(session):
    show = make.show(session)
    assert hosts.takes_keys(session, show) and hosts.pressing(session, show, bearer(show)) is None


def test_no_key_leads_the_room_of_a_contest(session, room):
    with pytest.raises(NotAllowed):
        hosts.pressing(session, room, bearer(room))


def test_who_signed_out_presses_nothing(session, room, hana):
    left = sign_in(session, hana)
    left.ended_at = make.MADE
    session.flush()
    with pytest.raises(NotAllowed):
        hosts.pressing(session, room, bearer(room, left))


def test_who_lost_the_role_presses_nothing(session, room, hana):
    here = sign_in(session, hana)
    session.query(models.ContestRole).filter_by(person_id=hana.id).delete()
    with pytest.raises(NotAllowed):
        hosts.pressing(session, room, bearer(room, here))
