"""What a show came to, in numbers of people."""

from datetime import timedelta

from quizapp.rules.items import FEWEST
from quizapp.rules.marking import Given, Sheet
from quizapp.rules.show_report import report
from quizapp.rules.voids import Void
from tests.make import MADE, question

RIGHT, WRONG = (1,), (0,)


def at(seconds):
    return MADE + timedelta(seconds=seconds)


def sheet(n, given, **changes):
    """Question `n` opened at n minutes; `given` says who chose what after how many seconds, and how far behind."""
    opened = at(60 * n)
    answers = {
        who: Given(chosen, opened + timedelta(seconds=seconds + late), opened, None, late * 1000)
        for who, (chosen, seconds, late) in given.items()
    }
    return Sheet(n, question(), opened, given=answers, **changes)


def test_a_show_without_questions_has_only_people():
    found = report({"ada": at(0)}, [])
    assert (found.joined, found.active, found.steady, found.turns, found.lanes) == (1, 0, 0, (), ())


def test_each_question_tells_who_was_there_and_who_answered():
    joined = {"ada": at(0), "bob": at(0), "eva": at(100)}
    sheets = [
        sheet(1, {"ada": (RIGHT, 3, 0), "bob": (WRONG, 9, 0)}),
        sheet(2, {"ada": (RIGHT, 4, 0), "eva": (RIGHT, 6, 0)}),
        sheet(3, {"bob": (RIGHT, 5, 0), "eva": (WRONG, 5, 0)}),
    ]
    found = report(joined, sheets)
    assert [(one.inside, one.answered, one.right, one.used_ms) for one in found.turns] == [
        (2, 2, 1, 3000),
        (3, 2, 2, 4000),
        (3, 2, 1, 5000),
    ]
    assert [(one.stopped, one.back) for one in found.turns] == [(0, 0), (1, 1), (0, 1)]  # ada stopped after question 2
    assert (found.joined, found.active, found.steady) == (3, 3, 1)  # eva came late and answered all she was asked


def test_nobody_stops_after_the_last_question():
    assert report({"ada": at(0)}, [sheet(1, {"ada": (RIGHT, 3, 0)})]).turns[0].stopped == 0


def test_a_voided_question_asks_nothing_of_anybody():
    joined = {"ada": at(0)}
    sheets = [sheet(1, {"ada": (RIGHT, 3, 0)}), sheet(2, {}, voided=True)]
    found = report(joined, sheets)
    assert found.turns[1].voided
    assert found.turns[1].used_ms is None
    assert found.steady == 1


def test_an_option_let_in_later_is_right():
    found = report({"ada": at(0)}, [sheet(1, {"ada": (WRONG, 3, 0)}, void=Void("ACCEPT_ALSO", WRONG))])
    assert found.turns[0].right == 1


def test_whoever_left_the_room_is_not_counted():
    assert report({}, [sheet(1, {"ada": (RIGHT, 3, 0)})]).turns[0].answered == 0


def test_lanes_are_counted_apart_and_hidden_where_few_make_them_up():
    near = {f"near {n}": (RIGHT if n else WRONG, 3, 1) for n in range(FEWEST)}
    far = {"far": (RIGHT, 3, 5)}
    joined = dict.fromkeys([*near, *far, "silent"], at(0)) | {"later": at(999)}
    found = report(joined, [sheet(1, near | far)])
    assert [(one.lane, one.people, one.of, one.answered, one.right) for one in found.lanes] == [
        (0, FEWEST + 1, FEWEST + 1, FEWEST, FEWEST - 1),
        (2, 1, None, None, None),
    ]
    assert found.turns[0].used_ms == 3000  # counted from when it opened for each
