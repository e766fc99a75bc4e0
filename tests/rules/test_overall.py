"""Lists over several rounds: sums, best rounds, the final, their prizes and teams."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from quizapp.rules.contest import (
    PRESETS,
    Division,
    LivePart,
    Overall,
    Prediction,
    Prize,
    PrizeGate,
    Ranking,
    Round,
    Settings,
    Teams,
    Who,
    Words,
)
from quizapp.rules.overall import count, keys_of, rounds_of, without_prizes
from quizapp.rules.tally import (
    Award,
    Book,
    Check,
    Contestant,
    DrawResult,
    Figures,
    Line,
    RoundBook,
    RoundResult,
    Sitting,
)

DAY = datetime(2026, 3, 2, tzinfo=UTC)


def one_round(key, **changes):
    return Round(key=key, name=Words(key), opens_at=DAY, closes_at=DAY, **changes)


def settings(*rounds, **changes):
    rounds = tuple(one_round(one) if isinstance(one, str) else one for one in rounds)
    return Settings(name=Words("Cuộc thi"), organizer=Words("BHXH"), rounds=rounds, **changes)


def line(code, score=600, rank=1, **changes):
    values = {"full": 600, "correct": score // 60, "of": 10, "duration_ms": 60_000, "submitted_us": 1_000}
    return Line(rank=rank, code=code, sitting=f"s-{code}", score=score, **{**values, **changes})


def result(key, *lines, **changes):
    figures = changes.pop("figures", Figures(started=len(lines), attempts=len(lines), people=len(lines)))
    values = {"target": None, "target_rows": 0, "figures": figures, "lines": lines}
    return RoundResult(key=key, **{**values, **changes})


def book(*codes, **changes):
    people = [Contestant(code=one) if isinstance(one, str) else one for one in codes]
    return Book(contestants=tuple(people), **changes)


def listed(results, rule="TOTAL", rules=None, of=None, **changes):
    """The list over these results, for everybody in them."""
    overall = changes.pop("overall", None) or Overall(overall_rule=rule, **changes)
    codes = sorted({each.code for found in results for each in found.lines})
    rules = rules or settings(*(found.key for found in results))
    return count(rules, overall, of or book(*codes), results)


def shown(made):
    return [(each.code, each.rank) for each in made.lines]


def won(made):
    return [(award.prize, award.code) for award in made.awards]


def ranking(*prizes, keys=PRESETS["TOTAL"], **changes):
    return Ranking(keys=keys, prizes=prizes, **changes)


def prize(key, slots=1, **changes):
    return Prize(key=key, name=Words(key), slots=slots, **changes)


# ── Totals ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_total_adds_up_the_counting_attempts_of_the_rounds_entered():
    made = listed(
        [
            result(
                "a",
                line("ada", 600, duration_ms=50, response_ms=7, essay=60, all_correct=True, submitted_us=9),
                line("bob", 540, submitted_us=4),
            ),
            result("b", line("ada", 480, duration_ms=30, response_ms=5, submitted_us=5)),
        ]
    )
    ada, bob = made.lines
    assert (ada.code, ada.score, ada.full, ada.correct, ada.of) == ("ada", 1080, 1200, 18, 20)
    assert (ada.duration_ms, ada.response_ms, ada.submitted_us, ada.essay) == (80, 12, 9, 60)
    assert (ada.rounds_entered, ada.sitting, ada.all_correct, ada.rank) == (2, None, False, 1)
    assert (bob.rounds_entered, bob.essay, bob.rank, bob.decided_by) == (1, None, 2, "score")


def test_all_correct_in_a_total_is_all_correct_in_every_round_entered():
    made = listed([result("a", line("ada", all_correct=True)), result("b", line("ada", all_correct=True))])
    assert made.lines[0].all_correct


def test_equal_totals_are_told_apart_by_rounds_entered_then_by_total_duration():
    made = listed(
        [
            result("a", line("ada", 300), line("bob", 600), line("hana", 300, duration_ms=5)),
            result("b", line("ada", 300), line("hana", 300)),
        ]
    )
    assert shown(made) == [("hana", 1), ("ada", 2), ("bob", 3)]
    assert [each.decided_by for each in made.lines] == ["", "duration", "rounds_entered"]


def test_predictions_decide_nothing_in_a_total():
    keys = ("score", "prediction_distance", "duration")
    rules = settings(one_round("a", prediction=Prediction()))
    found = result("a", line("ada", distance=5, prediction=5, duration_ms=9), line("bob", distance=0, prediction=0))
    made = listed([found], rules=rules, ranking=ranking(keys=keys))
    assert shown(made) == [("ada", 1), ("bob", 2)]


def test_only_the_rounds_named_are_added_up():
    results = [result("a", line("ada", 60), line("bob", 300)), result("b", line("ada", 600)), result("c")]
    assert shown(listed(results, rounds=("a", "c"))) == [("bob", 1), ("ada", 2)]


def test_ties_wait_for_lots_and_stand_in_drawn_order():
    results = [result("a", line("ada"), line("bob"))]
    assert listed(results).ties == ()  # without a prize nobody waits for lots
    ranking = Ranking(keys=PRESETS["TOTAL"], prizes=(Prize(key="nhat", name=Words("Nhất")),))
    waiting = listed(results, ranking=ranking)
    assert (waiting.ties, shown(waiting)) == ((("ada", "bob"),), [("ada", 1), ("bob", 1)])
    lots = (DrawResult(scope="chung", prize="lot", codes=("bob", "ada")),)
    drawn = listed(results, of=book("ada", "bob", draws=lots), ranking=ranking)
    assert shown(drawn) == [("bob", 1), ("ada", 2)]
    elsewhere = (DrawResult(scope="a", prize="lot", codes=("bob", "ada")),)
    assert listed(results, of=book("ada", "bob", draws=elsewhere), ranking=ranking).ties


def test_people_with_more_time_stand_behind_their_equals_on_speed_keys():
    people = book(Contestant(code="ada", accommodated=True), "bob")
    made = listed([result("a", line("ada", duration_ms=1), line("bob"))], of=people)
    assert shown(made) == [("bob", 1), ("ada", 2)]


def test_the_totals_of_two_live_parts_in_rulebook_c():
    """Both parts are added up, then right answers stand before points (B = 199 protects one part, not two)."""
    part = LivePart(questions=5, scoring="ACCURACY_FIRST", response_step_ms=1_000)
    rules = settings(one_round("p1", kind="live", live=part), one_round("p2", kind="live", live=LivePart()))
    keys = ("correct", "score", "response_time", "lot")
    made = listed(
        [
            result("p1", line("khai", 5214 * 60, correct=5), line("long", 4693 * 60, correct=4), line("an", 0)),
            result("p2", line("khai", 4020 * 60, correct=4), line("long", 4780 * 60, correct=4)),
        ],
        rules=rules,
        ranking=ranking(keys=keys),
    )
    assert shown(made) == [("khai", 1), ("long", 2), ("an", 3)]
    assert made.lines[0].score < made.lines[1].score


def test_response_times_are_added_up_before_they_are_cut_to_the_coarsest_step():
    rules = settings(one_round("a", live=LivePart(response_step_ms=100)), one_round("b", live=LivePart()))
    results = [
        result("a", line("ada", response_ms=1_060), line("bob", response_ms=1_090)),
        result("b", line("ada", response_ms=1_050), line("bob", response_ms=1_005)),
    ]
    made = listed(results, rules=rules, ranking=ranking(keys=("score", "response_time")))
    assert shown(made) == [("bob", 1), ("ada", 2)]  # 2 095 ms before 2 110 ms, though equal part by part when cut


# ── Rounds entered, best round ──────────────────────────────────────────────────────────────────────────────────


def test_rounds_entered_come_first_where_they_are_what_counts():
    results = [result("a", line("ada", 60), line("bob", 600)), result("b", line("ada", 60))]
    assert shown(listed(results, "ROUNDS_ENTERED")) == [("ada", 1), ("bob", 2)]
    assert shown(listed(results, "TOTAL")) == [("bob", 1), ("ada", 2)]


def test_the_best_single_round_is_the_one_in_which_somebody_stands_best_by_the_keys():
    results = [
        result("a", line("ada", 540, duration_ms=5), line("bob", 600, duration_ms=90)),
        result("b", line("ada", 600, duration_ms=80), line("bob", 600, duration_ms=99)),
    ]
    made = listed(results, "BEST_ROUND", ranking=ranking(keys=("score", "duration", "lot")))
    assert [(each.code, each.score, each.duration_ms) for each in made.lines] == [("ada", 600, 80), ("bob", 600, 90)]
    assert {each.rounds_entered for each in made.lines} == {2}
    assert made.lines[0].sitting == "s-ada"


def test_predictions_of_the_best_round_are_compared_with_its_own_target():
    rules = settings(
        one_round("a", prediction=Prediction(not_over=True)), one_round("b", prediction=Prediction()), one_round("c")
    )
    results = [
        result("a", line("ada", prediction=105, distance=5), line("bob", prediction=90, distance=10), target=100),
        result("b", line("hana", prediction=2_001, distance=1), line("otto"), target=2_000),
        result("c", line("otto")),
    ]
    made = listed(results, "BEST_ROUND", rules=rules, ranking=ranking(keys=PRESETS["PREDICTION_EARLIEST"]))
    # Ada's is above the target of a round where that stands behind; otto made none.
    assert shown(made) == [("hana", 1), ("bob", 2), ("ada", 3), ("otto", 4)]
    assert [each.distance for each in made.lines] == [1, 10, 5, None]
    assert [each.prediction for each in made.lines] == [2_001, 90, 105, None]


# ── The final ───────────────────────────────────────────────────────────────────────────────────────────────────


def with_final(**changes):
    return settings("a", one_round("ck", kind="final", **changes), "z")


def test_the_list_of_the_final_is_the_ranking_of_the_final_with_its_lots():
    rules = with_final(ranking=Ranking(keys=PRESETS["PREDICTION_EARLIEST"]), prediction=Prediction(not_over=True))
    lots = (DrawResult(scope="ck", prize="lot", codes=("otto", "ada")),)
    found = result(
        "ck",
        line("ada", prediction=7, distance=3),
        line("bob", prediction=11, distance=1),
        line("otto", prediction=7, distance=3),
        target=10,
    )
    made = listed([result("a", line("hana")), found], "FINAL", rules, of=book("ada", "bob", "otto", draws=lots))
    assert shown(made) == [("otto", 1), ("ada", 2), ("bob", 3)]


def test_a_list_of_the_final_may_have_keys_of_its_own():
    rules = with_final(ranking=Ranking(keys=PRESETS["PREDICTION_EARLIEST"]))
    own = Overall(overall_rule="FINAL", ranking=ranking(keys=PRESETS["SPEED"]))
    assert keys_of(rules, own) == PRESETS["SPEED"]
    assert keys_of(rules, Overall(overall_rule="FINAL")) == PRESETS["PREDICTION_EARLIEST"]


def test_the_final_is_the_last_one_among_the_rounds_or_the_last_round():
    final = Overall(overall_rule="FINAL")
    assert [one.key for one in rounds_of(with_final(), final)] == ["ck"]
    assert [one.key for one in rounds_of(settings("a", "b"), final)] == ["b"]
    assert [one.key for one in rounds_of(settings("a", "b"), Overall(overall_rule="FINAL", rounds=("a",)))] == ["a"]


def test_the_formal_conditions_of_the_final_are_those_of_its_list():
    live = LivePart(watch_word_until=DAY)
    rules = with_final(live=live, ranking=Ranking(keys=PRESETS["LIVE_POINTS"]))
    people = book(
        Contestant(code="ada", conditions=frozenset({"a"})),
        Contestant(code="bob", conditions=frozenset({"ck"})),
        Contestant(code="otto"),
    )
    overall = Overall(overall_rule="FINAL", ranking=ranking(prize("nhat", 3)))
    found = [result("ck", line("ada", 600), line("bob", 540), line("otto", 480))]
    assert won(listed(found, overall=overall, rules=rules, of=people)) == [("nhat", "bob"), ("nhat", "otto")]
    assert len(listed(found, overall=overall, rules=with_final(), of=people).awards) == 3
    total = Overall(ranking=ranking(prize("nhat", 3)))
    assert len(listed(found, overall=total, rules=rules, of=people).awards) == 3


# ── Prizes, divisions, teams ────────────────────────────────────────────────────────────────────────────────────


def test_the_prizes_of_a_list_go_down_its_ranking():
    results = [result("a", line("ada", 600), line("bob", 540), line("hana", 480))]
    people = book("ada", "bob", "hana", checks=(Check(code="ada", scope="chung", outcome="DECLINED"),))
    rules = settings("a")
    overall = Overall(ranking=ranking(prize("nhat"), prize("nhi")))
    assert won(listed(results, overall=overall, of=people)) == [("nhat", "bob"), ("nhi", "hana")]
    assert won(count(rules, overall, people, results, taken={"bob"})) == [("nhat", "hana")]


def test_the_gate_of_a_list_looks_at_the_sums():
    gate = PrizeGate(kind="MIN_SCORE", least=15)
    results = [result("a", line("ada", 600), line("bob", 600)), result("b", line("ada", 300), line("bob", 240))]
    made = listed(results, ranking=ranking(prize("nhat", 2), prize_gate=gate))
    assert won(made) == [("nhat", "ada")]
    assert [each.below_gate for each in made.lines] == [False, True]


def test_where_prizes_exclude_each_other_not_somebody_may_win_twice_in_a_list():
    results = [result("a", line("ada"))]
    sittings = (
        Sitting(id="x", code="bob", no=1, started_us=0, submitted_us=1, score=0, full=1, correct=0, of=1, answered=1),
    )
    people = Book(
        contestants=(Contestant(code="ada"), Contestant(code="bob", invited_by="ada")),
        rounds=(RoundBook(key="a", sittings=sittings), RoundBook(key="other", sittings=sittings)),
    )
    overall = Overall(ranking=ranking(prize("nhat"), prize("lan-toa", kind="SPREADING")))
    assert won(listed(results, overall=overall, of=people)) == [("nhat", "ada")]
    both = settings("a", one_prize_per="NONE")
    assert won(listed(results, overall=overall, of=people, rules=both)) == [("nhat", "ada"), ("lan-toa", "ada")]


def test_each_division_has_its_own_ranking_and_prizes_for_all_go_by_everybodys():
    divisions = (Division(key="x", name=Words("x")), Division(key="y", name=Words("y")))
    rules = settings("a", who=Who(divisions=divisions))
    lines = [line("ada", 600, division="y"), line("bob", 540, division="x"), line("hana", 480, division="x")]
    each = Overall(ranking=ranking(prize("nhat", per_division=True)))
    made = listed([result("a", *lines)], overall=each, rules=rules)
    assert shown(made) == [("bob", 1), ("hana", 2), ("ada", 1)]
    assert won(made) == [("nhat", "bob"), ("nhat", "ada")]
    general = Overall(ranking=ranking(prize("nhat", 2)))
    assert won(listed([result("a", *lines)], overall=general, rules=rules)) == [("nhat", "ada"), ("nhat", "bob")]


def test_lots_across_divisions_are_asked_for_where_a_prize_is_for_all():
    divisions = (Division(key="x", name=Words("x")), Division(key="y", name=Words("y")))
    rules = settings("a", who=Who(divisions=divisions))
    lines = [line("ada", division="y"), line("bob", division="x")]
    made = listed([result("a", *lines)], overall=Overall(ranking=ranking(prize("nhat"))), rules=rules)
    assert (made.ties, [award.state for award in made.awards]) == ((("ada", "bob"),), ["HELD", "HELD"])


def test_teams_are_ranked_by_the_totals_of_their_members():
    people = book(Contestant(code="ada", team="A"), Contestant(code="bob", team="B"), Contestant(code="cat", team="B"))
    results = [result("a", line("ada", 600), line("bob", 300)), result("b", line("bob", 240), line("cat", 300))]
    made = listed(results, of=people, teams=Teams(best=2))
    assert [(each.team, each.value, each.value_of, each.rank) for each in made.teams] == [
        ("B", 840, 2, 1),
        ("A", 600, 2, 2),
    ]
    assert listed(results, of=people).teams == ()


# ── Counts ──────────────────────────────────────────────────────────────────────────────────────────────────────


def sitting(code, id, **changes):
    values = {"no": 1, "started_us": 0, "submitted_us": 1, "score": 0, "full": 1, "correct": 0, "of": 1, "answered": 1}
    return Sitting(id=id, code=code, **{**values, **changes})


def test_people_of_a_list_are_counted_once_and_attempts_added_up():
    week = Figures(started=5, attempts=4, people=2, hors_attempts=2, hors_people=1)
    results = [
        result("a", line("ada", all_correct=True), line("bob"), figures=week, invalid={"h3": "void"}),
        result("b", line("ada", all_correct=True), line("cat"), figures=week),
    ]
    sittings = (
        sitting("h", "h1"),
        sitting("h", "h2"),
        sitting("g", "h3"),
        sitting("f", "h4", given_back=True),
        sitting("x", "h5"),
    )
    people = Book(
        contestants=(
            *map(lambda code: Contestant(code=code), ("ada", "bob", "cat")),
            *map(lambda code: Contestant(code=code, status="HORS_CONCOURS"), "fgh"),
        ),
        rounds=tuple(RoundBook(key=key, sittings=sittings) for key in ("a", "b", "c")),
    )
    figures = listed([*results, result("c", line("otto"))], of=people, rounds=("a",)).figures
    assert figures == Figures(
        registered=3, started=5, attempts=4, people=2, all_correct=1, hors_attempts=2, hors_people=1, people_of_rounds=2
    )
    both = listed(results, of=replace(people, rounds=people.rounds[:2])).figures
    assert (both.people, both.people_of_rounds, both.attempts, both.all_correct) == (3, 4, 8, 1)
    assert both.hors_people == 2  # the attempt that is void in the first round counts in the second


def test_awards_of_other_results_change_nothing_by_themselves():
    award = Award(scope="a", prize="nhat", code="ada", place=1)
    results = [result("a", line("ada"), awards=(award,))]
    rules = settings("a", one_prize_per="CONTEST")
    made = without_prizes(rules, Overall(ranking=ranking(prize("nhat"))), book("ada"), results)
    assert made.result.awards == ()
    assert [one.code for one in made.awards(rules, book("ada"), (), ())] == ["ada"]
    assert made.awards(rules, book("ada"), (), {"ada"}) == ()


@pytest.mark.parametrize("rule", ["TOTAL", "BEST_ROUND", "ROUNDS_ENTERED", "FINAL"])
def test_a_list_over_rounds_nobody_entered_is_empty(rule):
    made = listed([result("a")], rule)
    assert (made.lines, made.awards, made.figures.people) == ((), (), 0)
