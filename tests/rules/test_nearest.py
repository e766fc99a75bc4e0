"""Who came closest to a number."""

from quizapp.rules.nearest import Guess, distance, farther, order
from tests import make


def test_the_distance_is_to_the_right_number_or_the_nearest_accepted_one():
    question = make.question(kind="number", key=(15,))
    assert [distance(question, (n,)) for n in (15, 12, 20)] == [0, 3, 5]
    assert distance(question, (20,), (19, 30)) == 1


def test_order_is_by_distance_then_by_time_in_steps():
    guesses = {
        "ada": Guess(3, 0, 5_249),
        "bob": Guess(3, 0, 5_201),
        "otto": Guess(3, 0, 5_300),
        "hana": Guess(0, 0, 19_000),
        "none": Guess(0, 1, 0),
    }
    assert [(one.rank, one.row) for one in order(guesses)] == [
        (1, "hana"),
        (2, "ada"),
        (2, "bob"),
        (4, "otto"),
        (5, "none"),
    ]
    assert [one.row for one in order(guesses, step_ms=1)][1:3] == ["bob", "ada"]


def test_a_score_is_how_many_are_farther():
    guesses = {"a": Guess(0), "b": Guess(2), "c": Guess(2), "d": Guess(9), "e": Guess(0, 1)}
    assert farther(guesses) == {"a": 4, "b": 2, "c": 2, "d": 1, "e": 0}
    assert farther({}) == {}
