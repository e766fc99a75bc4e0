import pytest

from quizapp.errors import Unreadable
from quizapp.rules.show import Settings
from quizapp.services import shows
from tests import make


def room(session, number, **rules):
    return shows.from_bank(session, "huu-tri", number, "", Settings(**rules), now=make.MADE, seed=b"s" * 32)


def test_reserves_of_a_free_room_stand_behind_its_questions(session):
    make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(8)))
    made = room(session, 4, reserves=2)
    assert [turn.reserve for turn in made.turns] == [turn.standby for turn in made.turns] == [False] * 4 + [True] * 2
    assert len({turn.question_id for turn in made.turns}) == 6


def test_a_thin_bank_gives_questions_before_reserves(session):
    make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(5)))
    assert [turn.reserve for turn in room(session, 4, reserves=3).turns] == [False] * 4 + [True]
    assert [turn.reserve for turn in room(session, 9, reserves=3).turns] == [False] * 5


def test_nearest_asks_for_numbers_only(session):
    make.bank(session, make.question("huu-tri-001"), make.question("huu-tri-002", kind="number", key=(15,), options=0))
    assert [turn.question_id for turn in room(session, 4, scoring="NEAREST").turns] == ["huu-tri-002"]


def test_nearest_is_refused_where_no_question_asks_for_a_number(session):
    make.bank(session, make.question("huu-tri-001"))
    with pytest.raises(Unreadable, match="điền số"):
        room(session, 4, scoring="NEAREST")
