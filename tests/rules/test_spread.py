"""Shares add up to the figures of the same result, however they are spread."""

from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules import spread
from quizapp.rules.spread import Share, Spread, roll_up, tenth
from quizapp.rules.tally import Figures, Line, RoundResult
from tests.contests import book, person, round_book, sitting, vn


def result(key="tuan-1", lines=(), invalid=None):
    return RoundResult(
        key=key, target=None, target_rows=0, figures=Figures(), lines=tuple(lines), invalid=invalid or {}
    )


def line(code, score, full=600):
    values = {"rank": 1, "sitting": None, "correct": 0, "of": 10, "duration_ms": 0, "submitted_us": 0}
    return Line(code=code, score=score, full=full, **values)


def sat(code, day, clock="09:00", no=1, **changes):
    start = vn(day, clock)
    return sitting(code, start, start, 10, no, **changes)


def test_people_count_once_and_attempts_each_by_unit_place_division_day_and_hour():
    people = [
        person("A", unit="u1", place="p1", division="cb"),
        person("B", unit="u1", place="p2"),
        person("C"),
        person("H", status="HORS_CONCOURS", unit="u1"),
    ]
    sittings = [
        sat("A", "02/3", "23:59", 1),
        sat("A", "03/3", "00:00", 2),
        sat("A", "03/3", "09:30", 3),
        sat("B", "03/3", "09:59"),
        sat("C", "04/3"),
        sat("H", "04/3"),
        sat("C", "04/3", no=2, given_back=True),
        sat("X", "04/3"),
        sat("B", "05/3", no=2),
    ]
    found = spread.spread(
        book(people, round_book(sittings=sittings)),
        [result(lines=[line("A", 600), line("B", 599), line("C", 0)], invalid={"B-2": "void"})],
    )
    assert found == Spread(
        units={"": Share(1, 1), "u1": Share(2, 4)},
        places={"": Share(1, 1), "p1": Share(1, 3), "p2": Share(1, 1)},
        divisions={"": Share(2, 2), "cb": Share(1, 3)},
        days={"2026-03-02": Share(1, 1), "2026-03-03": Share(2, 3), "2026-03-04": Share(1, 1)},
        hours={"0": 1, "9": 3, "23": 1},
        scores={"0": 1, "9": 1, "10": 1},
    )


def test_only_the_rounds_of_the_result_are_in_it_and_people_of_several_count_once():
    rounds = [
        round_book("tuan-1", [sat("A", "02/3")]),
        round_book("tuan-2", [sat("A", "10/3")]),
        round_book("tuan-3", [sat("A", "17/3")]),
    ]
    found = spread.spread(book([person("A")], *rounds), [result("tuan-1"), result("tuan-2")])
    assert found.units == {"": Share(1, 2)} and list(found.days) == ["2026-03-02", "2026-03-10"]


def test_a_result_keeps_the_spread_of_its_round_and_of_the_contest():
    rounds = [round_book("tuan-1", [sat("A", "02/3")]), round_book("tuan-2", [sat("A", "10/3"), sat("B", "10/3")])]
    known = book([person("A"), person("B")], *rounds)
    whole = (result("tuan-1"), result("tuan-2"))
    both = spread.spreads(known, whole[:1], whole)
    assert (both.round.units, both.contest.units) == ({"": Share(1, 1)}, {"": Share(2, 3)})
    assert spread.spreads(known, whole, whole).round == both.contest


def test_a_parent_has_what_is_below_it_and_a_circle_ends():
    shares = {"c": Share(2, 5), "d": Share(1, 1), "": Share(4, 4)}
    assert roll_up(shares, {"c": "p", "d": "p", "p": None}) == {
        "c": Share(2, 5),
        "p": Share(3, 6),
        "d": Share(1, 1),
        "": Share(4, 4),
    }
    assert roll_up({"x": Share(1, 1)}, {"x": "y", "y": "x"}) == {"x": Share(1, 1), "y": Share(1, 1)}


def test_only_the_whole_score_reaches_the_last_tenth():
    assert [tenth(score, 600) for score in (0, 59, 60, 599, 600)] == [0, 0, 1, 9, 10]
    assert tenth(0, 0) == 0


@given(st.lists(st.tuples(st.sampled_from("ABCDE"), st.integers(2, 8), st.integers(0, 23)), max_size=40))
def test_every_way_of_spreading_adds_up_to_the_same(runs):
    people = [person(code, unit=f"u{n % 2}", place=f"p{n}") for n, code in enumerate("ABCDE")]
    sittings = [sat(code, f"{day:02}/3", f"{hour:02}:00", n) for n, (code, day, hour) in enumerate(runs)]
    found = spread.spread(book(people, round_book(sittings=sittings)), [result()])
    for shares in (found.units, found.places, found.divisions):
        assert sum(one.attempts for one in shares.values()) == len(runs)
        assert sum(one.people for one in shares.values()) == len({code for code, *_ in runs})
    assert sum(one.attempts for one in found.days.values()) == sum(found.hours.values()) == len(runs)
