"""What was played keeps its place in the rundown; the rest may move."""

import pytest

from quizapp.rules.rundown import is_order_of, with_next, with_order


@pytest.mark.parametrize(("order", "fits"), [([3, 4, 5], True), ([5, 3, 4], True), ([3, 4], False), ([3, 3, 4], False)])
def test_an_order_names_every_turn_to_come_once(order, fits):
    assert is_order_of(order, [3, 4, 5]) is fits


def test_turns_to_come_move_between_those_played_and_those_standing_by():
    assert with_order([1, 2, 3, 4, 5, 9], 2, [5, 3, 4]) == [1, 2, 5, 3, 4, 9]


def test_a_called_turn_comes_next():
    assert with_next([1, 2, 3, 4, 9, 10], 2, 9) == [1, 2, 9, 3, 4, 10]
    assert with_next([1, 2, 9], 2, 9) == [1, 2, 9]
