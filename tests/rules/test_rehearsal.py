import pytest

from quizapp.rules import rehearsal
from tests import make

FULL = 20_000
KINDS = {
    "one": make.question(),
    "truefalse": make.question(kind="truefalse", key=(0,)),
    "several": make.question(kind="several", key=(0, 2)),
    "order": make.question(kind="order", key=(2, 0, 1, 3)),
    "number": make.question(kind="number", key=(15,), options=0),
    "nothing": make.question(kind="number", key=(0,), options=0),
}


def acts(asked, players=400):
    return [rehearsal.act(asked, FULL, n.to_bytes(32, "big")) for n in range(players)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_could_be_given_and_comes_in_time(kind):
    asked = KINDS[kind]
    given = [one for one in acts(asked) if one is not None]
    assert all(asked.admits(one.chosen) for one in given)
    assert all(0 < one.after_ms < FULL for one in given)
    assert len({one.chosen for one in given}) > 1 and len({one.after_ms for one in given}) > 20


def test_most_are_right_and_some_are_silent():
    found = acts(KINDS["one"])
    silent = sum(one is None for one in found)
    right = sum(one is not None and one.chosen == (1,) for one in found)
    assert 10 < silent < 60 and 200 < right < 340


def test_the_same_player_does_the_same_again():
    assert acts(KINDS["order"]) == acts(KINDS["order"])
