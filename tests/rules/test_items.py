"""What the figures of a question say, worked by hand on small sheets."""

import pytest

from quizapp.rules import items
from quizapp.rules.items import Asked, Flag, Response, Sheet, analyse, kr20, thirds, visible


def sheet(id, marks, chosen=None, **more):
    """One person's sheet: `marks` as "101" on items 0, 1, 2; right is option 0, wrong option 1 unless said."""
    return Sheet(
        id,
        len(marks),
        tuple(
            Response(n, (chosen or {}).get(n, (0,) if mark == "1" else (1,)), mark == "1", **more)
            for n, mark in enumerate(marks)
        ),
    )


def sheets(*marks):
    return [sheet(f"p{n:03}", row) for n, row in enumerate(marks)]


def asked(count, options=2, key=(0,)):
    return {n: Asked(key, options) for n in range(count)}


def crowd(high, low, *, first_high, first_low, options=4):
    """`high` people who know the rest and `low` who do not, each group answering item 0 as `first_…` says in turn."""
    rows = []
    for n in range(high + low):
        good = n < high
        answers = first_high if good else first_low
        answer = answers[n % len(answers)]
        marks = ("1" if answer == (0,) else "0") + ("111" if good else "000")
        rows.append(sheet(f"p{n:03}", marks, {0: answer}))
    return analyse(rows, {0: Asked((0,), options), **{n: Asked((0,), 2) for n in (1, 2, 3)}})[0]


def test_difficulty_is_the_share_of_people_who_were_right():
    found = analyse(sheets("1100", "1010", "1001", "0000"), asked(4))
    assert found[0].people == 4 and found[0].right == 3 and found[0].difficulty == 0.75


def test_discrimination_is_the_correlation_with_the_rest_of_the_sheet():
    # Rest scores of item 0: 1, 2/3, 1/3, 0; marks 1, 1, 0, 0: r = 2/√5.
    found = analyse(sheets("1111", "1110", "0100", "0000"), asked(4))
    assert found[0].discrimination == pytest.approx(2 / 5**0.5)


@pytest.mark.parametrize("marks", [("1111", "1000"), ("1100", "0100"), ("1111",)])
def test_without_differences_there_is_no_discrimination(marks):
    assert analyse(sheets(*marks), asked(4))[0].discrimination is None


def test_a_short_sheet_has_no_rest_score():
    found = analyse(sheets("111", "000"), asked(3))[0]
    assert (found.people, found.discrimination, found.upper_lower, found.groups) == (2, None, None, (0, 0, 0))


def test_the_best_and_the_weakest_27_percent_are_compared():
    # Of ten people the tails are three: all right above, one right below.
    rows = ["1111"] * 3 + ["1110", "0110", "0110", "0110"] + ["1000", "0000", "0000"]
    assert analyse(sheets(*rows), asked(4))[0].upper_lower == pytest.approx(2 / 3)


def test_thirds_leave_what_is_over_in_the_middle():
    assert thirds(11) == (3, 5, 3) and thirds(2) == (0, 2, 0)


def test_choices_are_spread_over_every_option_and_over_the_thirds():
    rows = [
        sheet("a", "0000", {0: (1,)}),
        sheet("b", "0110", {0: None}),
        sheet("c", "1111"),
    ]
    spreads = analyse(rows, asked(4, options=3))[0].spreads
    assert [(s.choice, s.right, s.groups, s.people) for s in spreads] == [
        ((0,), True, (0, 0, 1), 1),
        ((1,), False, (1, 0, 0), 1),
        ((2,), False, (0, 0, 0), 0),
        (None, False, (0, 1, 0), 1),
    ]


def test_several_ticked_options_count_one_by_one():
    rows = [sheet("a", "0000", {0: (0, 1)}), sheet("b", "1000", {0: (0, 2)})]
    spreads = analyse(rows, asked(4, options=3, key=(0, 2)))[0].spreads
    assert [(s.choice, s.right, s.people) for s in spreads] == [((0,), True, 2), ((1,), False, 1), ((2,), True, 1)]


def test_of_numbers_and_orders_the_most_frequent_answers_are_shown():
    rows = [sheet(f"p{n}", "0000", {0: (n // 2,)}) for n in range(20)]
    spreads = analyse([*rows, sheet("x", "1000", {0: (15,)})], asked(4, options=0, key=(9,)))[0].spreads
    assert [s.choice for s in spreads] == [(0,), (1,), (2,), (3,), (4,), (5,)]
    assert [s.right for s in analyse(rows[18:], asked(4, options=0, key=(9,)))[0].spreads] == [True]


def test_the_median_time_is_taken_apart_for_exams_and_rooms():
    rows = [sheet("a", "1", ms=4000), sheet("b", "1", ms=9000), sheet("c", "1", ms=2000, live=True), sheet("d", "1")]
    found = analyse(rows, asked(1))[0]
    assert (found.median_ms, found.median_live_ms) == (6500, 2000)
    assert analyse([sheet("d", "1")], asked(1))[0].median_ms is None


def test_few_people_allow_no_conclusion_and_fewer_than_ten_are_hidden():
    assert analyse(sheets(*["1111"] * 29), asked(4))[0].flags == (Flag("few"),)
    assert analyse(sheets(*["1111"] * 9), asked(4))[0].hidden
    assert not analyse(sheets(*["1111"] * 10), asked(4))[0].hidden


def test_a_wrong_answer_that_draws_many_good_people_is_named():
    found = crowd(30, 30, first_high=[(2,), (0,)], first_low=[(0,), (1,), (3,)])
    assert Flag("lure", (2,)) in found.flags
    assert all(flag.choice != (1,) for flag in found.flags)


def test_a_lure_needs_ten_good_people():
    assert not any(f.name == "lure" for f in crowd(15, 15, first_high=[(2,), (0,)], first_low=[(1,)]).flags)


def test_a_question_that_the_weaker_get_right_is_flagged_and_not_called_blind():
    names = [flag.name for flag in crowd(30, 30, first_high=[(1,)], first_low=[(0,)]).flags]
    assert "negative" in names and "blind" not in names


def test_a_question_that_tells_nobody_apart_is_flagged():
    even = crowd(30, 30, first_high=[(0,), (1,)], first_low=[(0,), (1,)])
    assert [flag.name for flag in even.flags if flag.name in ("blind", "negative")] == ["blind"]
    good = crowd(30, 30, first_high=[(0,)], first_low=[(1,), (2,), (3,)])
    assert good.flags == ()


def test_too_easy_and_too_hard_are_said():
    assert [f.name for f in crowd(20, 20, first_high=[(0,)], first_low=[(0,)], options=2).flags] == ["easy"]
    hard = crowd(20, 20, first_high=[(1,), (2,), (3,), (0,)], first_low=[(1,), (2,), (3,)])
    assert "hard" in [flag.name for flag in hard.flags]


def test_an_option_that_nobody_takes_is_named_but_not_of_true_and_false():
    found = crowd(20, 20, first_high=[(0,)], first_low=[(1,), (0,)])
    assert {Flag("unused", (2,)), Flag("unused", (3,))} <= set(found.flags)
    assert not any(f.name == "unused" for f in crowd(20, 20, first_high=[(0,)], first_low=[(0,)], options=2).flags)


def test_kr20_of_the_textbook():
    # Five people, four questions: Σpq = 0.16 + 0.24 + 0.24 + 0.16 = 0.8, variance of 4 3 2 1 0 is 2: 4/3 · (1 - 0.4).
    assert kr20(sheets("1111", "1110", "1100", "1000", "0000")) == pytest.approx(4 / 3 * (1 - 0.8 / 2))


def test_kr20_does_not_take_an_easy_paper_for_good_people():
    easy = [Sheet(f"e{n}", 4, tuple(Response(i, (0,), True) for i in range(4))) for n in range(5)]
    hard = [Sheet(f"h{n}", 4, tuple(Response(i + 4, (1,), False) for i in range(4))) for n in range(5)]
    assert kr20([*easy, *hard]) is None  # everybody scored what the paper let expect: nobody is told apart


@pytest.mark.parametrize("marks", [(), ("11",), ("1", "0"), ("11", "11")])
def test_kr20_needs_questions_people_and_differences(marks):
    assert kr20(sheets(*marks)) is None


def test_cells_of_fewer_than_ten_people_are_hidden_and_cannot_be_computed():
    assert visible([[40, 30, 20]]) == ((True, True, True),)
    assert visible([[40, 30, 9]]) == ((True, False, False),)
    assert visible([[3]]) == ((False,),) and visible([]) == ()
    seen = visible([[20, 20, 9], [20, 20, 30], [20, 20, 40]])
    assert not seen[0][2]
    for line in (*seen, *zip(*seen, strict=True)):
        assert list(line).count(False) != 1


def test_what_counts_as_enough_is_named_once():
    assert (items.FEWEST, items.ENOUGH) == (10, 30)
