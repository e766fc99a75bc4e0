"""What a card held up in a hall says."""

import pytest

from quizapp.rules import cards
from tests import make

ORDER = (2, 0, 3, 1)  # A is option 2


@pytest.mark.parametrize(
    ("kind", "typed", "chosen"),
    [
        ("one", "B", (0,)),
        ("one", " b ", (0,)),
        ("one", "AB", None),
        ("one", "E", None),
        ("one", "", None),
        ("one", "1", None),
        ("several", "CA", (2, 3)),
        ("several", "a, c", (2, 3)),
        ("several", "AA", None),
        ("order", "DCBA", (1, 3, 0, 2)),
        ("order", "ABC", None),
        ("number", "4.312", (4312,)),
        ("number", " -5 ", (-5,)),
        ("number", "B", None),
        ("number", "999999999", None),
    ],
)
def test_letters_stand_for_options_in_the_order_of_the_screen(kind, typed, chosen):
    asked = make.question(kind=kind, key={"one": (0,), "several": (0, 1), "order": (0, 1, 2, 3), "number": (15,)}[kind])
    assert cards.read(typed, asked, () if kind == "number" else ORDER) == chosen
    if chosen is not None:
        shown = cards.write(chosen, asked, ORDER)
        assert cards.read(shown, asked, ORDER) == chosen


def test_true_and_false_are_a_and_b():
    asked = make.question(kind="truefalse", key=(1,))
    assert [cards.read(typed, asked, (0, 1)) for typed in "ABC"] == [(0,), (1,), None]


def test_nothing_kept_is_shown_as_nothing():
    assert cards.write((), make.question(kind="number", key=(15,)), ()) == ""
    assert cards.write((), make.question(), ORDER) == ""
