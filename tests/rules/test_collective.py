"""Collective prizes: the worked lists of the contest rules row by row, roll-ups, moves, ties and bands."""

from datetime import UTC, datetime

import pytest

from quizapp.rules.collective import count, homes
from quizapp.rules.contest import Collective, Round, Settings, Words
from quizapp.rules.tally import (
    Award,
    Book,
    Contestant,
    Figures,
    Line,
    Moved,
    Node,
    RoundBook,
    RoundResult,
    Sitting,
)

SECOND = 1_000_000


def one(measure="C_COUNT", level="unit", **changes):
    return Collective(key="tap-the", name=Words("Tập thể"), measure=measure, level=level, **changes)


def unit(id, headcount=None, parent=None, level="unit"):
    return Node(id=id, name=id, level=level, parent=parent, headcount=headcount)


def sitting(code, at=0, no=1, **changes):
    """An attempt handed in `at` seconds after the epoch, begun a second before."""
    times = {"started_us": (at - 1) * SECOND, "submitted_us": at * SECOND}
    values = {"id": f"{code}/{no}", "score": 0, "full": 600, "correct": 0, "of": 10, "answered": 1}
    return Sitting(code=code, no=no, **{**times, **values, **changes})


def line(code, score):
    shown = {"full": 600, "correct": 0, "of": 10, "duration_ms": 0, "submitted_us": 0}
    return Line(rank=1, code=code, sitting=code, score=score, **shown)


def result(key="tuan-1", lines=(), awards=(), **invalid):
    return RoundResult(
        key=key,
        target=None,
        target_rows=0,
        figures=Figures(),
        lines=tuple(lines),
        awards=tuple(awards),
        invalid=invalid,
    )


def settings(*keys):
    day = datetime(2026, 3, 2, tzinfo=UTC)
    rounds = tuple(Round(key=key, name=Words(key), opens_at=day, closes_at=day) for key in keys)
    return Settings(name=Words("Cuộc thi"), organizer=Words("BHXH"), rounds=rounds)


def listed(rules, units, members, results=None, sittings=None, places=(), rounds=("tuan-1",), **changes):
    """The list for `members`, contestants with one attempt each in the first round unless `sittings` are given."""
    if sittings is None:
        sittings = {rounds[0]: [sitting(person.code, unit=person.unit, place=person.place) for person in members]}
    books = tuple(RoundBook(key=key, sittings=tuple(held)) for key, held in sittings.items())
    book = Book(contestants=tuple(members), rounds=books, units=tuple(units), places=tuple(places))
    return count(settings(*rounds), rules, book, results or [result(key) for key in rounds])


def crowd(**sizes):
    """So many people of each unit."""
    return [Contestant(code=f"{unit}-{n}", unit=unit) for unit, size in sizes.items() for n in range(size)]


def shown(made):
    return [(each.node, each.rank) for each in made.lines]


def won(made):
    return [(award.code, award.place) for award in made.winners]


# ── The worked list of §11 ──────────────────────────────────────────────────────────────────────────────────────

HEADCOUNTS = {"P": 18_200, "S": 18_200, "Q": 5_100, "U": 5_100, "R": 740, "T": 38}
PEOPLE = {"P": 12_083, "S": 9_000, "Q": 4_412, "U": 4_412, "R": 702, "T": 38}
UNITS = [unit(id, headcount) for id, headcount in HEADCOUNTS.items()]


@pytest.fixture(scope="module")
def members():
    return crowd(**PEOPLE)


def test_the_worked_list_by_count(members):
    made = listed(one("C_COUNT"), UNITS, members)
    assert [(each.node, each.people, each.rank) for each in made.lines] == [
        ("P", 12_083, 1),
        ("S", 9_000, 2),
        ("Q", 4_412, 3),
        ("U", 4_412, 3),
        ("R", 702, 5),
        ("T", 38, 6),
    ]
    assert won(made) == [("P", 1), ("S", 2), ("Q", 3), ("U", 3)]  # the shared third place gives both the prize
    assert {(award.scope, award.prize, award.state) for award in made.winners} == {("tap-the", "tap-the", "OPEN")}


def test_the_worked_list_by_rate(members):
    made = listed(one("C_RATE"), UNITS, members)
    assert [(each.node, each.value, each.value_of, each.rank) for each in made.lines] == [
        ("R", 702, 740, 1),
        ("Q", 4_412, 5_100, 2),
        ("U", 4_412, 5_100, 2),
        ("P", 12_083, 18_200, 4),
        ("S", 9_000, 18_200, 5),
        ("T", 38, 38, None),  # under 50
    ]
    assert won(made) == [("R", 1), ("Q", 2), ("U", 2)]


@pytest.mark.parametrize("measure", ["C_COUNT", "C_RATE"])
def test_of_two_equal_units_the_one_that_got_there_first_stands_above(members, measure):
    late = {person.code: 5 for person in members if person.unit == "Q"}
    sittings = {"tuan-1": [sitting(person.code, at=late.get(person.code, 4)) for person in members]}
    made = listed(one(measure), UNITS, members, sittings=sittings)
    ranks = dict(shown(made))
    assert ranks["Q"] == ranks["U"] + 1
    assert {each.node: each.reached_us for each in made.lines}["Q"] == 5 * SECOND


# ── The communes of rulebook B ──────────────────────────────────────────────────────────────────────────────────


def test_the_communes_of_rulebook_b():
    residents = {"A": 9_800, "B": 41_200, "C": 6_150, "D": 2_100, "E": 18_300, "F": 999}
    people = {"A": 412, "B": 618, "C": 305, "D": 131, "E": 540, "F": 900}
    places = [Node(id="tinh", name="Tỉnh", level="province")]
    places += [Node(id=id, name=id, level="commune", parent="tinh", headcount=each) for id, each in residents.items()]
    members = [Contestant(code=f"{id}-{n}", place=id, unit="other") for id, each in people.items() for n in range(each)]
    rules = one("C_RATE", level="commune", min_headcount=1_000, rate_per=1000)
    made = listed(rules, [unit("other", 10_000)], members, places=places)
    assert shown(made) == [("D", 1), ("C", 2), ("A", 3), ("E", 4), ("B", 5), ("F", None)]
    assert won(made) == [("D", 1), ("C", 2), ("A", 3)]
    province = listed(one("C_COUNT", level="province"), [], members, places=places)
    assert [(each.node, each.people) for each in province.lines] == [("tinh", sum(people.values()))]


# ── Who counts where ────────────────────────────────────────────────────────────────────────────────────────────

TREE = [
    unit("tong", level="top"),
    unit("cs1", 100, "tong"),
    unit("cs2", 100, "tong"),
    unit("to-1", None, "cs1", level="group"),
    unit("to-2", None, "cs1", level="group"),
]


def people_by_unit(made):
    return {each.node: each.people for each in made.lines}


def test_counts_roll_up_to_the_level_and_not_down():
    members = [
        Contestant(code=str(n), unit=at) for n, at in enumerate(["to-1", "to-2", "cs1", "cs2", "tong", None, "x"])
    ]
    assert people_by_unit(listed(one(), TREE, members)) == {"cs1": 3, "cs2": 1}
    assert people_by_unit(listed(one(level="top"), TREE, members)) == {"tong": 5}
    assert people_by_unit(listed(one(level="group"), TREE, members)) == {"to-1": 1, "to-2": 1}


def test_a_tree_that_runs_in_a_circle_ends():
    assert homes([unit("a", None, "b", "x"), unit("b", None, "a", "x")], "unit") == {}


def test_a_unit_below_one_of_its_own_level_counts_for_itself():
    assert homes([unit("a"), unit("b", parent="a")], "unit") == {"a": "a", "b": "b"}


def test_each_person_counts_once_for_the_whole_contest():
    ada = Contestant(code="ada", unit="cs1")
    sittings = {"a": [sitting("ada"), sitting("ada", no=2)], "b": [sitting("ada", no=3)]}
    assert people_by_unit(listed(one(), TREE, [ada], sittings=sittings, rounds=("a", "b"))) == {"cs1": 1, "cs2": 0}


def test_only_valid_attempts_of_eligible_people_count():
    members = [
        Contestant(code="ada", unit="cs1"),
        Contestant(code="hors", unit="cs1", status="HORS_CONCOURS"),
        Contestant(code="out", unit="cs1", status="EXCLUDED"),
        Contestant(code="void", unit="cs1"),
        Contestant(code="back", unit="cs1"),
        Contestant(code="gone", unit="cs1", withdrawn=True),  # keeps a place in totals
        Contestant(code="idle", unit="cs1"),
    ]
    sittings = {"tuan-1": [sitting(person.code) for person in members[:4]]}
    sittings["tuan-1"] += [sitting("back", given_back=True), sitting("gone")]
    made = listed(one(), TREE, members, [result(**{"void/1": "Thi hộ."})], sittings)
    assert people_by_unit(made)["cs1"] == 2


def test_only_the_rounds_in_scope_count():
    members = [Contestant(code="ada", unit="cs1"), Contestant(code="bob", unit="cs2")]
    sittings = {"a": [sitting("ada")], "b": [sitting("bob")]}
    made = listed(one(rounds=("b",)), TREE, members, sittings=sittings, rounds=("a", "b"))
    assert people_by_unit(made) == {"cs1": 0, "cs2": 1}


def test_a_person_counts_for_the_unit_at_closing_or_at_the_first_valid_attempt():
    ada = Contestant(code="ada", unit="cs2")  # moved from cs1 after the second attempt
    sittings = {"tuan-1": [sitting("ada", 10, unit="cs2"), sitting("ada", 20, 2, unit="cs1"), sitting("ada", 30, 3)]}
    units = people_by_unit(listed(one(), TREE, [ada], sittings=sittings))
    assert units == {"cs1": 0, "cs2": 1}
    first = one(unit_at="FIRST_ATTEMPT")
    void = [result(**{"ada/1": "Thi hộ."})]
    assert people_by_unit(listed(first, TREE, [ada], void, sittings)) == {"cs1": 1, "cs2": 0}
    void = [result(**{"ada/1": "Thi hộ.", "ada/2": "Thi hộ."})]
    assert people_by_unit(listed(first, TREE, [ada], void, sittings)) == {"cs1": 0, "cs2": 0}


def test_a_list_of_some_rounds_counts_people_where_they_were_when_these_closed():
    # In the maker every round closes on 2 March; ada is in cs2 now.
    closes_us = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp()) * SECOND

    def counted(*moved):
        ada = Contestant(code="ada", unit="cs2", moved=moved)
        return people_by_unit(listed(one(), TREE, [ada], sittings={"tuan-1": [sitting("ada")]}))

    before, after = closes_us - 1, closes_us
    assert counted(Moved(at_us=before, unit="cs1")) == {"cs1": 0, "cs2": 1}
    assert counted(Moved(at_us=after, unit="cs1")) == {"cs1": 1, "cs2": 0}
    assert counted(Moved(at_us=after, unit="cs1", own=False)) == {"cs1": 0, "cs2": 1}
    there_and_back = (Moved(at_us=before, unit="cs2"), Moved(at_us=after, unit="cs1"))
    assert counted(*there_and_back) == {"cs1": 1, "cs2": 0}
    by_others_at_last = (Moved(at_us=after, unit="cs1"), Moved(at_us=after + 1, unit="cs1", own=False))
    assert counted(*by_others_at_last) == {"cs1": 0, "cs2": 1}


def test_a_person_counts_for_the_commune_at_the_first_valid_attempt():
    places = [Node(id="a", name="a", level="commune"), Node(id="b", name="b", level="commune")]
    ada = Contestant(code="ada", place="b")
    sittings = {"tuan-1": [sitting("ada", place="a")]}
    rules = one(level="commune", unit_at="FIRST_ATTEMPT")
    assert people_by_unit(listed(rules, [], [ada], sittings=sittings, places=places)) == {"a": 1, "b": 0}


# ── Rates ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_units_with_nobody_are_listed_with_nothing_and_win_nothing():
    made = listed(one("C_RATE"), [unit("a", 100), unit("b", 100)], crowd(a=1))
    assert shown(made) == [("a", 1), ("b", 2)]
    assert won(made) == [("a", 1)]
    assert made.lines[1].value == 0 and made.lines[1].reached_us is None


def test_units_of_unknown_size_or_too_small_are_not_in_a_list_by_rate():
    units = [unit("a", 49), unit("b"), unit("c", 50), unit("d", 0)]
    made = listed(one("C_RATE"), units, crowd(a=40, b=40, c=1, d=3))
    assert shown(made) == [("c", 1), ("a", None), ("b", None), ("d", None)]
    assert [(each.value, each.value_of) for each in made.lines] == [(1, 50), (40, 49), (0, 1), (0, 1)]
    assert shown(listed(one("C_RATE", min_headcount=0), units, crowd(d=3)))[-2:] == [("b", None), ("d", None)]


def test_a_rate_stops_at_a_hundred_percent_and_says_that_the_headcount_is_wrong():
    made = listed(one("C_RATE"), [unit("a", 50), unit("b", 60)], crowd(a=55, b=60))
    assert [(each.node, each.value, each.value_of, each.over) for each in made.lines] == [
        ("b", 60, 60, False),  # both at 100 %: more people stand above
        ("a", 50, 50, True),
    ]


def test_equal_counts_are_decided_by_the_rate_and_a_unit_of_unknown_size_stands_below():
    made = listed(one("C_COUNT"), [unit("a"), unit("b", 500), unit("c", 40)], crowd(a=30, b=30, c=30))
    assert shown(made) == [("c", 1), ("b", 2), ("a", 3)]


def test_equal_rates_are_decided_by_the_count():
    made = listed(one("C_RATE"), [unit("a", 100), unit("b", 200)], crowd(a=10, b=20))
    assert shown(made) == [("b", 1), ("a", 2)]


# ── Bands ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_size_band_has_its_own_places_and_prizes():
    units = [unit("a", 199), unit("b", 200), unit("c", 1_000), unit("d", 1_001), unit("e"), unit("f", 10)]
    rules = one("C_COUNT", bands=(199, 1_000), slots=1)
    made = listed(rules, units, crowd(a=1, b=2, c=3, d=4, e=5, f=6))
    assert [(each.node, each.band, each.rank) for each in made.lines] == [
        ("f", 0, 1),
        ("a", 0, 2),
        ("c", 1, 1),
        ("b", 1, 2),
        ("d", 2, 1),
        ("e", None, None),
    ]
    assert won(made) == [("f", 1), ("c", 1), ("d", 1)]


# ── Scores and prizes ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_mean_of_the_best_counts_missing_people_as_nothing():
    members = crowd(a=4, b=2)
    scores = {"a-0": 600, "a-1": 540, "a-2": 480, "a-3": 60, "b-0": 600, "b-1": 600}
    results = [result(lines=[line(code, score) for code, score in scores.items()])]
    made = listed(one("C_MEAN_TOP", top_n=3), [unit("a"), unit("b"), unit("c")], members, results)
    assert [(each.node, each.value, each.value_of, each.rank) for each in made.lines] == [
        ("a", 1620, 3, 1),
        ("b", 1200, 3, 2),
        ("c", 0, 3, 3),
    ]
    assert won(made) == [("a", 1), ("b", 2)]


def test_totals_add_up_over_the_rounds_in_scope():
    members = crowd(a=1, b=2)
    results = [
        result("x", [line("a-0", 600), line("b-0", 300), line("b-1", 240)]),
        result("y", [line("a-0", 60)]),
    ]
    everybody = {key: [sitting(person.code) for person in members] for key in ("x", "y")}
    units = [unit("a"), unit("b")]
    made = listed(one("C_TOTAL"), units, members, results, everybody, rounds=("x", "y"))
    assert [(each.node, each.value) for each in made.lines] == [("a", 660), ("b", 540)]
    only = listed(one("C_TOTAL", rounds=("x",)), units, members, results, everybody, rounds=("x", "y"))
    assert [(each.node, each.value) for each in only.lines] == [("a", 600), ("b", 540)]


def test_equal_totals_are_decided_by_people_then_by_the_moment_then_shared():
    members = crowd(a=1, b=2, c=2, d=2)
    results = [result(lines=[line("a-0", 120), *(line(f"{unit}-{n}", 60) for unit in "bcd" for n in (0, 1))])]
    at = {"c-1": 50}
    sittings = {"tuan-1": [sitting(person.code, at.get(person.code, 60)) for person in members]}
    sittings["tuan-1"].append(sitting("c-0", 50, 2))
    made = listed(one("C_TOTAL"), [unit(id) for id in "abcd"], members, results, sittings)
    assert shown(made) == [("c", 1), ("b", 2), ("d", 2), ("a", 4)]


def award(code, prize, scope="x", state="OPEN"):
    return Award(scope=scope, prize=prize, code=code, place=1, state=state)


def test_prizes_are_counted_or_weighed():
    members = crowd(a=1, b=2)
    awards = [award("a-0", "nhat"), award("b-0", "ba"), award("b-1", "ba"), award("b-1", "nhi", state="HELD")]
    overall = result("chung", awards=[award("a-0", "nhat", "chung"), award("a-0", "nhi", "chung")])
    results = [result("x", awards=awards), overall]
    units = [unit("a"), unit("b"), unit("c")]
    plain = listed(one("C_WINNERS", rounds=("x",)), units, members, results, rounds=("x",))
    assert [(each.node, each.value) for each in plain.lines] == [("b", 2), ("a", 1), ("c", 0)]
    assert won(plain) == [("b", 1), ("a", 2)]
    weighed = listed(one("C_WINNERS", rounds=("x",), weights={"nhat": 5}), units, members, results, rounds=("x",))
    assert [(each.node, each.value) for each in weighed.lines] == [("a", 5), ("b", 2), ("c", 0)]
    whole = listed(one("C_WINNERS"), units, members, results, rounds=("x",))
    assert [(each.node, each.value) for each in whole.lines] == [("a", 3), ("b", 2), ("c", 0)]


def test_a_winner_without_an_attempt_counts_for_the_unit_on_record():
    ada = Contestant(code="ada", unit="a")
    results = [result(awards=[award("ada", "lan-toa")])]
    made = listed(one("C_WINNERS", unit_at="FIRST_ATTEMPT"), [unit("a")], [ada], results, {"tuan-1": []})
    assert [(each.value, each.people) for each in made.lines] == [(1, 0)]


# ── Two measures together ───────────────────────────────────────────────────────────────────────────────────────


def test_the_sum_of_two_places_decides_and_shared_places_count_as_shared():
    # By people: P 1, Q and U 3 =, S 2, R 5. By rate: R 1, Q and U 2 =, P 4, S 5. T and V have no rate here.
    units = [*UNITS, unit("V")]
    sizes = {id: size // 10 for id, size in PEOPLE.items()}
    small = [unit(each.id, each.headcount and each.headcount // 10) for each in units]
    made = listed(one("C_COMPOSITE", slots=2), small, crowd(**sizes, V=2_000), results=[result()])
    assert [(each.node, each.value, each.rank) for each in made.lines] == [
        ("P", 5, 1),
        ("Q", 5, 2),
        ("U", 5, 2),
        ("R", 6, 4),
        ("S", 7, 5),
        ("T", 0, None),
        ("V", 0, None),
    ]
    assert won(made) == [("P", 1), ("Q", 2), ("U", 2)]


def test_the_second_measure_of_two_can_be_any_other():
    members = crowd(a=3, b=2, c=1)
    results = [result(lines=[line("a-0", 60), line("b-0", 120), line("c-0", 240)])]
    made = listed(one("C_COMPOSITE", second="C_TOTAL"), [unit(id) for id in "abc"], members, results)
    assert [(each.node, each.value, each.rank) for each in made.lines] == [("a", 4, 1), ("b", 4, 2), ("c", 4, 3)]


def test_two_measures_are_compared_within_the_band():
    units = [unit("a", 60), unit("b", 100), unit("c", 1_000)]
    made = listed(one("C_COMPOSITE", bands=(100,)), units, crowd(a=10, b=12, c=900))
    assert [(each.node, each.band, each.value, each.rank) for each in made.lines] == [
        ("b", 0, 3, 1),
        ("a", 0, 3, 2),
        ("c", 1, 2, 1),
    ]


def test_two_measures_cannot_hold_themselves():
    with pytest.raises(ValueError, match="another"):
        listed(one("C_COMPOSITE", second="C_COMPOSITE"), [unit("a")], crowd(a=1))
