from dataclasses import replace
from datetime import date

from quizapp.rules.difference import Part, changes
from quizapp.rules.draft import numbered
from quizapp.rules.question import Text
from tests import make


def names(before, after):
    return [(change.field, change.language) for change in changes(before, after)]


def test_equal_questions_differ_in_nothing():
    assert changes(make.question(), make.question()) == ()


def test_the_numbering_of_options_is_no_change_but_which_is_right_is():
    question = make.question()
    assert changes(question, numbered(question)) == ()
    assert names(question, replace(question, key=(2,))) == [("options", "vi"), ("options", "en")]


def test_words_that_went_and_came_are_told_apart_from_those_that_stayed():
    before = make.question(stem=Text("Đủ 20 năm đóng", "20 years"))
    after = make.question(stem=Text("Đủ 15 năm đóng", "20 years"))
    (change,) = changes(before, after)
    assert (change.field, change.language) == ("stem", "vi")
    assert change.parts == (Part("same", "Đủ"), Part("gone", " 20"), Part("new", " 15"), Part("same", " năm đóng"))


def test_every_other_field_is_compared():
    before = make.question()
    after = replace(
        before,
        difficulty="apply",
        scenario=True,
        citations=("Điều 1",),
        facts=("H-02",),
        in_force_from=date(2026, 7, 1),
    )
    assert [name for name, _ in names(before, after)] == ["difficulty", "scenario", "citations", "facts", "period"]
    period = changes(before, after)[-1]
    assert period.parts == (Part("new", "2026-07-01 – …"),)


def test_answers_and_units_are_compared():
    number = make.question(kind="number", key=(15,))
    assert names(number, replace(number, key=(20,), unit=Text("năm", "yrs"))) == [("answer", ""), ("unit", "en")]
    truth = make.question(kind="truefalse", key=(0,))
    assert names(truth, replace(truth, key=(1,))) == [("answer", "")]


def test_the_right_order_is_compared():
    order = make.question(kind="order", key=(1, 0, 2, 3))
    assert names(order, replace(order, key=(0, 1, 2, 3))) == [("options", "vi"), ("options", "en")]
