from datetime import timedelta

import pytest

from quizapp.errors import Conflict
from quizapp.services import host_log, shows
from tests import make

NOW = make.MADE


@pytest.fixture
def hana(session):
    return make.person(session, "hana")


@pytest.fixture
def room(session, hana):
    make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 9)))
    return make.contest_room(session, make.contest(session, (make.live_rules(),), owner=hana), hana)


def told(session, show):
    return [(one.press, one.who, one.turn_n, one.refused) for one in host_log.listed(session, show)]


def test_every_press_stands_in_the_log_with_its_name_newest_first(session, room, hana):
    begun = make.OPENS
    shows.press(session, room, "next", {}, now=begun, person_id=hana.id)
    with pytest.raises(Conflict) as refusal:
        shows.press(session, room, "reveal", {}, now=begun, person_id=hana.id)
    shows.log_press(session, room, "reveal", {}, refusal.value.sentence, now=begun)
    first, second = told(session, room)
    assert first == ("reveal", "", 1, refusal.value.sentence)
    assert second == ("next", "Hana", 1, "")


def test_who_opens_the_console_of_a_contest_is_written_down_once_in_a_while(session, room, hana):
    assert host_log.look(session, room, hana.id, now=NOW)
    assert not host_log.look(session, room, hana.id, now=NOW + host_log.AGAIN - timedelta(seconds=1))
    assert host_log.look(session, room, hana.id, now=NOW + host_log.AGAIN)
    bob = make.person(session, "bob")
    assert host_log.look(session, room, bob.id, now=NOW)
    assert [who for press, who, *_ in told(session, room) if press == host_log.LOOK] == ["Bob", "Hana", "Hana"]


def test_a_free_room_keeps_no_looks(session, hana):
    show = make.show(session, [make.question("om-dau-1", topic="om-dau")], organizer_id=hana.id)
    assert not host_log.look(session, show, hana.id, now=NOW) and told(session, show) == []
