from datetime import date

from msgspec.structs import replace

from quizapp.rules import prizes, undrawn
from quizapp.rules.contest import Prize, Ranking, Words
from quizapp.rules.tally import Award, Check, Contestant, DrawResult, Figures, Line, RoundResult


def prize(key, **changes):
    return Prize(key=key, name=Words(key), **changes)


NHAT, NHI = prize("nhat"), prize("nhi", slots=2)
LUCKY = prize("may-man", kind="LUCKY", slots=2, least_correct=6)


def line(code, rank, correct=8, division=None, waits=False):
    return Line(
        rank=rank,
        code=code,
        sitting=None,
        score=0,
        full=0,
        correct=correct,
        of=8,
        duration_ms=0,
        submitted_us=0,
        division=division,
        waits=waits,
    )


def find(lines, ranking, ties=(), draws=(), checks=(), taken=(), people=None):
    """Give the prizes of these lines, then say what is to be drawn."""
    contestants = people or {one.code: Contestant(code=one.code, division=one.division) for one in lines}
    given = prizes.award(
        ranking, lines, scope="tuan-1", contestants=contestants, checks=checks, draws=draws, taken=taken
    )
    result = RoundResult(
        key="tuan-1", target=None, target_rows=0, figures=Figures(), lines=tuple(lines), awards=given, ties=tuple(ties)
    )
    return undrawn.undrawn(ranking, result, contestants=contestants, checks=checks, draws=draws, taken=taken)


def tied(*codes, rank=1):
    return [line(code, rank, waits=True) for code in codes]


def test_equals_whose_places_carry_different_prizes_draw_lots():
    (one,) = find(tied("B", "A"), Ranking(prizes=(NHAT, NHI)), ties=[("B", "A")])
    assert (one.name, one.kind, one.prize, one.division) == ("lot", "order", "nhat", None)
    assert (one.codes, one.winners) == (("A", "B"), 2)


def test_equals_with_the_same_prize_or_without_one_draw_nothing():
    lines = [line("A", 1), *tied("B", "C", rank=2), *tied("D", "E", rank=4)]
    assert find(lines, Ranking(prizes=(NHAT, NHI)), ties=[("B", "C"), ("D", "E")]) == ()


def test_only_people_whose_order_decides_a_prize_wait_for_lots():
    ranking = Ranking(prizes=(NHAT, NHI, prize("trẻ", kind="YOUNGEST")))
    lines = (*tied("A", "B"), *tied("C", "D", rank=3), *tied("E", "F", rank=5))
    held = [Award(scope="tuan-1", prize="nhat", code=code, place=1, state="HELD") for code in "AB"]
    given = (
        *held,
        Award(scope="tuan-1", prize="nhi", code="C", place=3, state="OPEN"),
        Award(scope="tuan-1", prize="trẻ", code="E", place=1, state="HELD"),  # drawn for by itself
    )
    ties = (("A", "B"), ("C", "D"), ("E", "F"))
    raw = RoundResult(key="tuan-1", target=None, target_rows=0, figures=Figures(), lines=lines, ties=ties)
    result = undrawn.with_prizes(raw, ranking, given)
    assert (result.awards, result.ties) == (given, (("A", "B"),))
    assert [(one.code, one.rank) for one in result.lines if one.waits] == [("A", 1), ("B", 1)]
    assert [one.rank for one in result.lines] == [one.rank for one in lines]
    decided = undrawn.with_prizes(raw, ranking, ())
    assert decided.ties == () and not any(one.waits for one in decided.lines)
    kept = replace(raw, ties=ties[:1], lines=lines[:2])
    assert undrawn.with_prizes(kept, ranking, given).lines is kept.lines


def test_a_tie_within_a_division_names_it_and_one_across_divisions_does_not():
    ranking = Ranking(prizes=(prize("nhat", per_division=True),))
    lines = [line("A", 1, division="a", waits=True), line("B", 1, division="a", waits=True), line("C", 1, division="b")]
    (one,) = find(lines, ranking, ties=[("A", "B")])
    assert one.division == "a"
    across = RoundResult(
        key="tuan-1",
        target=None,
        target_rows=0,
        figures=Figures(),
        lines=(lines[0], lines[2]),
        awards=(Award(scope="tuan-1", prize="nhat", code="A", place=1, state="HELD"),),
        ties=(("A", "C"),),
    )
    (other,) = undrawn.undrawn(Ranking(prizes=(NHAT,)), across, contestants={})
    assert other.division is None


def test_lucky_prizes_are_drawn_among_those_right_often_enough_without_another_prize():
    lines = [line("A", 1), line("B", 2), line("C", 3, correct=6), line("D", 4, correct=5)]
    (one,) = find(lines, Ranking(prizes=(NHAT, LUCKY)))
    assert (one.name, one.kind, one.codes, one.winners) == ("may-man", "lucky", ("B", "C"), 2)


def test_a_drawn_lucky_prize_is_drawn_again_only_when_its_reserves_are_used_up():
    lines = [line(code, rank) for rank, code in enumerate("ABCDE", start=1)]
    ranking = Ranking(prizes=(NHAT, LUCKY))
    draw = DrawResult(scope="tuan-1", prize="may-man", codes=("C", "D"))
    elsewhere = DrawResult(scope="tuan-2", prize="may-man", codes=("B", "E"))
    assert find(lines, ranking, draws=[draw, elsewhere]) == ()
    refused = Check(code="C", scope="tuan-1", outcome="REFUSED")
    (again,) = find(lines, ranking, draws=[draw], checks=[refused])
    assert (again.codes, again.winners) == (("B", "E"), 1)
    kept = Ranking(prizes=(NHAT, LUCKY), pass_down=False)
    assert find(lines, kept, draws=[draw], checks=[refused]) == ()  # the place of who was refused stays empty


def test_nobody_to_draw_from_is_no_draw():
    assert find([line("A", 1, correct=3)], Ranking(prizes=(LUCKY,))) == ()


def test_each_division_has_its_own_lucky_draw():
    each = prize("may-man", kind="LUCKY", per_division=True)
    lines = [line("A", 1, division="a"), line("B", 1, division="b")]
    found = find(lines, Ranking(prizes=(each,)))
    assert [(one.name, one.division, one.codes) for one in found] == [
        ("may-man/a", "a", ("A",)),
        ("may-man/b", "b", ("B",)),
    ]
    draw = DrawResult(scope="tuan-1", prize="may-man/a", codes=("A",))
    assert [one.division for one in find(lines, Ranking(prizes=(each,)), draws=[draw])] == ["b"]
    only = prize("may-man", kind="LUCKY", division="b")
    assert [one.codes for one in find(lines, Ranking(prizes=(only,)))] == [("B",)]


def test_equals_in_age_draw_lots_for_the_prize_of_the_youngest():
    young = prize("tre-nhat", kind="YOUNGEST")
    born = date(2010, 1, 1)
    people = {code: Contestant(code=code, birth_date=born) for code in "AB"}
    (one,) = find([line("A", 1), line("B", 2)], Ranking(prizes=(young,)), people=people)
    assert (one.name, one.kind, one.codes, one.winners) == ("tre-nhat", "order", ("A", "B"), 2)
    draw = DrawResult(scope="tuan-1", prize="tre-nhat", codes=("B", "A"))
    assert find([line("A", 1), line("B", 2)], Ranking(prizes=(young,)), people=people, draws=[draw]) == ()


def test_equals_in_age_draw_division_by_division():
    young = prize("tre-nhat", kind="YOUNGEST", per_division=True)
    people = {code: Contestant(code=code, birth_date=date(2010, 1, 1), division="a") for code in "AB"}
    lines = [line("A", 1, division="a"), line("B", 2, division="a")]
    (one,) = find(lines, Ranking(prizes=(young,)), people=people)
    assert (one.name, one.division) == ("tre-nhat/a", "a")
