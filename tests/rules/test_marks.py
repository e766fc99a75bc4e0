"""Marks of papers sat at one's own pace, in whole sixtieths of a point."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules.marks import Asked, Marks, mark
from quizapp.rules.voids import Void
from tests import make

PAPER = [Asked(make.question(f"q{n}", key=(n % 4,))) for n in range(10)]
RIGHT = {f"q{n}": (n % 4,) for n in range(10)}


def asked(id="q", points=1, void=None, **question):
    return Asked(make.question(id, **question), points, void)


def test_a_right_answer_earns_a_point_a_wrong_or_missing_one_nothing():
    assert mark(PAPER, RIGHT) == Marks(600, 600, 10, 10)
    assert mark(PAPER, {}) == Marks(0, 600, 0, 10)
    assert mark(PAPER, {**RIGHT, "q0": (3,)}) == Marks(540, 600, 9, 10)


def test_each_question_may_carry_its_own_points():
    paper = [asked("a", 10, key=(1,)), asked("b", 5, key=(1,))]
    assert mark(paper, {"a": (1,), "b": (2,)}) == Marks(600, 900, 1, 2)


def test_answers_to_questions_of_other_papers_count_for_nothing():
    assert mark(PAPER[:1], RIGHT) == Marks(60, 60, 1, 1)


SEVERAL = {"kind": "several", "key": (0, 1, 2), "options": 6}


@pytest.mark.parametrize(
    ("chosen", "earned"),
    [((0, 1, 2), 60), ((0, 1), 40), ((0,), 20), ((0, 1, 3), 20), ((0, 3), 0), ((3, 4), 0), ((0, 1, 2, 3), 40)],
)
def test_part_of_the_right_options_earns_part_of_the_points(chosen, earned):
    assert mark([asked(**SEVERAL)], {"q": chosen}, "PARTIAL") == Marks(earned, 60, int(earned == 60), 1)


def test_all_or_nothing_gives_nothing_for_a_part():
    assert mark([asked(**SEVERAL)], {"q": (0, 1)}).score == 0


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ({"kind": "one", "key": (1,)}, (1,), (2,)),
        ({"kind": "truefalse", "key": (0,)}, (0,), (1,)),
        ({"kind": "order", "key": (2, 0, 1), "options": 3}, (2, 0, 1), (0, 2, 1)),
        ({"kind": "number", "key": (15,)}, (15,), (14,)),
    ],
)
@pytest.mark.parametrize("marking", ["ALL_OR_NOTHING", "PARTIAL"])
def test_one_choice_an_order_and_a_number_are_right_or_wrong_as_a_whole(question, right, wrong, marking):
    assert mark([asked(points=3, **question)], {"q": right}, marking) == Marks(180, 180, 1, 1)
    assert mark([asked(points=3, **question)], {"q": wrong}, marking) == Marks(0, 180, 0, 1)


@given(st.sets(st.integers(0, 5), min_size=1), st.sets(st.integers(0, 5), min_size=1), st.integers(1, 10))
def test_with_six_options_every_part_is_whole_sixtieths(key, chosen, points):
    question = asked(kind="several", key=tuple(sorted(key)), options=6, points=points)
    share = Fraction(max(0, len(chosen & key) - len(chosen - key)), len(key))
    assert mark([question], {"q": tuple(sorted(chosen))}, "PARTIAL").score == share * points * 60


# ── Voided questions ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_question_given_to_all_is_right_for_everybody_who_received_it():
    paper = [asked("a", 2, Void("GIVE_ALL"), key=(1,)), asked("b", key=(1,))]
    for answers in ({}, {"a": (2,)}, {"a": (1,)}):
        assert mark(paper, answers) == Marks(120, 180, 1, 2)


def test_a_removed_question_was_never_asked():
    paper = [asked("a", 2, Void("REMOVE"), key=(1,)), asked("b", key=(1,))]
    assert mark(paper, {"a": (1,), "b": (1,)}) == Marks(60, 60, 1, 1)
    assert mark(paper, {"a": (1,)}) == Marks(0, 60, 0, 1)


def test_another_accepted_option_earns_the_points():
    paper = [asked("a", void=Void("ACCEPT_ALSO", (3,)), key=(1,))]
    assert [mark(paper, {"a": (chosen,)}).score for chosen in (1, 3, 2)] == [60, 60, 0]


@pytest.mark.parametrize(("chosen", "earned"), [((0, 1, 3), 60), ((0, 3), 30), ((3,), 0), ((0, 2, 3), 0)])
def test_an_option_allowed_besides_is_neither_right_nor_wrong_in_parts(chosen, earned):
    paper = [asked(void=Void("ACCEPT_ALSO", (3,)), kind="several", key=(0, 1))]
    assert mark(paper, {"q": chosen}, "PARTIAL").score == earned
