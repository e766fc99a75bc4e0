"""What counts as right once a question was voided."""

import pytest

from quizapp.rules.voids import admits, is_right, tally
from tests import make


def test_removing_a_question_is_for_fixed_papers_only():
    assert admits("REMOVE", "fixed") and not admits("REMOVE", "drawn")
    assert admits("GIVE_ALL", "drawn") and admits("ACCEPT_ALSO", "drawn")


@pytest.mark.parametrize(("chosen", "right"), [((1,), True), ((3,), True), ((2,), False)])
def test_with_one_right_option_the_new_one_is_an_alternative(chosen, right):
    assert is_right(make.question(kind="one", key=(1,)), chosen, (3,)) is right


@pytest.mark.parametrize(
    ("chosen", "right"), [((1,), True), ((3,), True), ((1, 3), True), ((1, 2), False), ((2, 3), False)]
)
def test_of_one_right_option_among_many_picks_either_or_both_are_right(chosen, right):
    assert is_right(make.question(kind="several", key=(1,)), chosen, (3,)) is right


@pytest.mark.parametrize(
    ("chosen", "right"),
    [((0, 1), True), ((0, 1, 3), True), ((0, 3), False), ((3,), False), ((0, 1, 2), False), ((0, 1, 2, 3), False)],
)
def test_with_several_right_options_the_new_one_is_allowed_besides(chosen, right):
    assert is_right(make.question(kind="several", key=(0, 1)), chosen, (3,)) is right


def test_without_a_voiding_only_the_key_is_right():
    several = make.question(kind="several", key=(0, 1))
    assert is_right(several, (0, 1))
    assert tally(several, (0, 2, 3)) == (1, 2)


def test_another_number_and_another_order_can_be_let_in():
    number = make.question(kind="number", key=(15,))
    assert [is_right(number, (n,), (20, 25)) for n in (15, 20, 25, 30)] == [True, True, True, False]
    order = make.question(kind="order", key=(2, 0, 1), options=3)
    assert [is_right(order, one, (2, 1, 0)) for one in [(2, 0, 1), (2, 1, 0), (0, 1, 2)]] == [True, True, False]
    assert not is_right(order, (0, 1, 2))
