from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules.contest import PRESETS, Prediction, PrizeGate, Ranking
from quizapp.rules.standings import compared, explain, is_below, rank
from quizapp.rules.tally import Line
from tests.contests import us, vn


def line(code, score=10, seconds=60, prediction=None, **changes):
    """Somebody with so many points of ten, so many seconds, handed in at noon unless told otherwise."""
    values = {
        "rank": 0,
        "code": code,
        "sitting": f"{code}-1",
        "score": score * 60,
        "full": 600,
        "correct": score,
        "of": 10,
        "duration_ms": int(seconds * 1000),
        "submitted_us": us(vn("03/3", "12:00")),
        "prediction": prediction,
    }
    return Line(**{**values, **changes})


def places(ranked):
    return [(one.rank, one.code) for one in ranked.lines]


SPEED = Ranking(keys=PRESETS["SPEED"])
PLAIN = Ranking(keys=("score", "lot"))


# ── Order ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "better", "worse"),
    [
        ("score", {"score": 600}, {"score": 599}),
        ("correct", {"correct": 8}, {"correct": 7}),
        ("prediction_distance", {"prediction": 4_311}, {"prediction": 4_314}),
        ("prediction_distance", {"prediction": 99_999_999}, {"prediction": None}),
        ("duration", {"duration_ms": 59_999}, {"duration_ms": 60_000}),
        ("submitted_at", {"submitted_us": 1_000}, {"submitted_us": 2_000}),
        ("response_time", {"response_ms": 29_999}, {"response_ms": 30_000}),
        ("essay_score", {"essay": 61}, {"essay": 60}),
        ("essay_score", {"essay": 0}, {"essay": None}),
        ("rounds_entered", {"rounds_entered": 4}, {"rounds_entered": 3}),
    ],
)
def test_each_key_puts_the_better_one_first(key, better, worse):
    ranking = Ranking(keys=(key, "lot"))
    ranked = rank([line("a", **worse), line("b", **better)], ranking, prediction=Prediction(), target=4_312)
    assert places(ranked) == [(1, "b"), (2, "a")]
    assert [one.decided_by for one in ranked.lines] == ["", key]


def test_a_later_key_decides_only_between_equals():
    ranked = rank([line("slow", 10, 300), line("quick", 9, 60), line("quicker", 10, 200)], SPEED)
    assert places(ranked) == [(1, "quicker"), (2, "slow"), (3, "quick")]
    assert [one.decided_by for one in ranked.lines] == ["", "duration", "score"]


def test_keys_behind_lot_are_never_reached():
    assert compared(("score", "lot", "duration")) == ("score",)
    assert compared(("score", "duration")) == ("score", "duration")


def test_milliseconds_decide_and_microseconds_do_not():
    ranking = Ranking(keys=("score", "submitted_at", "lot"))
    at = us(vn("03/3", "12:00"))
    ranked = rank([line("a", submitted_us=at + 999), line("b", submitted_us=at)], ranking)
    assert places(ranked) == [(1, "a"), (1, "b")]
    ranked = rank([line("a", submitted_us=at + 1000), line("b", submitted_us=at)], ranking)
    assert places(ranked) == [(1, "b"), (2, "a")]


def test_response_times_are_compared_in_steps_of_their_sum():
    ranking = Ranking(keys=("correct", "response_time", "lot"), tie_policy="SHARE")
    three = [line("a", response_ms=64_099), line("b", response_ms=64_000), line("c", response_ms=64_100)]
    assert places(rank(three, ranking)) == [(1, "a"), (1, "b"), (3, "c")]
    assert places(rank(three, ranking, response_step_ms=1)) == [(1, "b"), (2, "a"), (3, "c")]


def test_rulebook_b_ranks_by_right_answers_then_prediction_then_time():
    five = [
        line("minh", 8, prediction=1_100, response_ms=29_900),
        line("nga", 7, prediction=1_284, response_ms=42_800),
        line("quy", 7, prediction=1_284, response_ms=34_200),
        line("oanh", 8, prediction=1_318, response_ms=71_400),
        line("lan", 8, prediction=1_250, response_ms=64_000),
    ]
    ranking = Ranking(keys=PRESETS["LIVE_FAIR"])
    ranked = rank(five, ranking, prediction=Prediction(target="P_LIVE"), target=1_284)
    assert places(ranked) == [(1, "lan"), (2, "oanh"), (3, "minh"), (4, "quy"), (5, "nga")]
    decided = ["", "response_time", "prediction_distance", "correct", "response_time"]
    assert [one.decided_by for one in ranked.lines] == decided


def test_no_prediction_stands_last_among_equals_but_above_fewer_points():
    three = [line("none", 10), line("far", 10, prediction=99_999_999), line("near", 9, prediction=4_312)]
    ranked = rank(three, Ranking(), prediction=Prediction(), target=4_312)
    assert places(ranked) == [(1, "far"), (2, "none"), (3, "near")]


# ── More time than others ───────────────────────────────────────────────────────────────────────────────────────


def test_who_had_more_time_stands_behind_equals_on_speed_keys_only():
    three = [line("ada", 10, 100), line("bob", 10, 300), line("otto", 9, 50)]
    assert places(rank(three, SPEED, accommodated={"ada"})) == [(1, "bob"), (2, "ada"), (3, "otto")]
    by_moment = Ranking(keys=("score", "submitted_at", "lot"))
    early = [line("ada", submitted_us=1_000), line("bob", submitted_us=2_000)]
    assert places(rank(early, by_moment, accommodated={"ada"})) == [(1, "ada"), (2, "bob")]
    live = Ranking(keys=PRESETS["LIVE_FAIR"])
    answers = [line("ada", response_ms=10_000), line("bob", response_ms=20_000)]
    ranked = rank(answers, live, accommodated={"ada"})
    assert places(ranked) == [(1, "bob"), (2, "ada")]
    assert ranked.lines[1].decided_by == "response_time"


def test_people_with_more_time_are_compared_with_each_other_as_usual():
    two = [line("ada", 10, 100), line("bob", 10, 300)]
    assert places(rank(two, SPEED, accommodated={"ada", "bob"})) == [(1, "ada"), (2, "bob")]


# ── Ties ────────────────────────────────────────────────────────────────────────────────────────────────────────

TIED = [line("d", 8), line("c", 9), line("b", 9), line("a", 10)]


def test_shared_places_skip_the_next():
    ranked = rank(TIED, Ranking(keys=("score", "lot"), tie_policy="SHARE"))
    assert places(ranked) == [(1, "a"), (2, "b"), (2, "c"), (4, "d")]
    assert ranked.ties == () and not any(one.waits for one in ranked.lines)
    assert [one.decided_by for one in ranked.lines] == ["", "score", "", "score"]


def test_until_lots_are_drawn_tied_people_keep_the_place_and_wait():
    ranked = rank(TIED, PLAIN)
    assert places(ranked) == [(1, "a"), (2, "b"), (2, "c"), (4, "d")]
    assert ranked.ties == (("b", "c"),)
    assert [one.waits for one in ranked.lines] == [False, True, True, False]


def test_a_draw_puts_tied_people_in_drawn_order():
    ranked = rank(TIED, PLAIN, draws=[("c", "b")])
    assert places(ranked) == [(1, "a"), (2, "c"), (3, "b"), (4, "d")]
    assert ranked.ties == () and not any(one.waits for one in ranked.lines)
    assert [one.decided_by for one in ranked.lines] == ["", "score", "lot", "score"]


def test_a_draw_still_holds_for_those_who_are_left_of_it():
    assert places(rank(TIED, PLAIN, draws=[("c", "z", "b")]))[1:3] == [(2, "c"), (3, "b")]


def test_a_draw_says_nothing_where_somebody_was_not_in_it():
    three = [*TIED, line("e", 9)]
    ranked = rank(three, PLAIN, draws=[("c", "b")])
    assert ranked.ties == (("b", "c", "e"),)
    assert places(rank(three, PLAIN, draws=[("c", "b"), ("e", "b", "c")]))[1:4] == [(2, "e"), (3, "b"), (4, "c")]


def test_the_last_of_two_draws_holds():
    assert places(rank(TIED, PLAIN, draws=[("c", "b"), ("b", "c")]))[1:3] == [(2, "b"), (3, "c")]


def test_a_draw_changes_nothing_where_places_are_shared():
    shared = Ranking(keys=("score", "lot"), tie_policy="SHARE")
    assert places(rank(TIED, shared, draws=[("c", "b")]))[1:3] == [(2, "b"), (2, "c")]


# ── Divisions ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_division_is_ranked_apart_against_the_same_target():
    four = [
        line("a", division="workers", prediction=4_300),
        line("b", division="pupils", prediction=4_312),
        line("c", division="workers", prediction=4_310),
        line("d", division="gone"),
        line("e"),
    ]
    ranked = rank(four, Ranking(), prediction=Prediction(), target=4_312, divisions=("pupils", "workers"))
    assert places(ranked) == [(1, "b"), (1, "c"), (2, "a"), (1, "d"), (1, "e")]
    assert [one.decided_by for one in ranked.lines] == ["", "", "prediction_distance", "", ""]
    assert ranked.ties == (("d", "e"),)


# ── Gate ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("gate", "reached", "missed"),
    [
        (PrizeGate(kind="ALL_CORRECT"), {"all_correct": True}, {"score": 10}),
        (PrizeGate(kind="MIN_SCORE", least=8), {"score": 8}, {"score": 7}),
        (PrizeGate(kind="MIN_CORRECT", least=8), {"score": 8}, {"score": 7}),
    ],
)
def test_people_below_the_gate_are_ranked_and_marked(gate, reached, missed):
    assert not is_below(gate, line("a", **reached))
    assert is_below(gate, line("a", **missed))
    ranked = rank([line("a", **missed), line("b", **reached)], Ranking(prize_gate=gate))
    assert {one.code: one.below_gate for one in ranked.lines} == {"a": True, "b": False}


def test_without_a_gate_nobody_is_below_it():
    assert not is_below(PrizeGate(), line("a", 0))


# ── Why ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_everybody_sees_their_own_figures_and_what_the_person_above_is_better_in():
    two = [line("ada", 10, 180, 4_300, distance=12), line("bob", 10, 130.9, 4_324, distance=12)]
    ranked = rank(two, Ranking(), prediction=Prediction(), target=4_312)
    why = explain(ranked.lines, 1, Ranking())
    assert (why.rank, why.decided_by, why.shared, why.waits) == (2, "duration", False, False)
    assert why.figures == (
        ("score", 600),
        ("prediction_distance", 12),
        ("duration", 180_000),
        ("submitted_at", us(vn("03/3", "12:00")) // 1000),
    )
    assert explain(ranked.lines, 0, Ranking()).decided_by == ""


def test_figures_that_are_missing_or_stepped_are_shown_as_they_are_compared():
    ranking = Ranking(keys=("correct", "prediction_distance", "response_time", "essay_score", "rounds_entered", "lot"))
    one = line("ada", 8, response_ms=64_099, rounds_entered=2)
    why = explain(rank([one], ranking).lines, 0, ranking)
    shown = {"correct": 8, "prediction_distance": None, "response_time": 64_000, "essay_score": None}
    assert dict(why.figures) == {**shown, "rounds_entered": 2}


def test_why_says_that_a_place_is_shared_or_waits():
    ranked = rank(TIED, PLAIN)
    assert [explain(ranked.lines, i, PLAIN).shared for i in range(4)] == [False, True, True, False]
    assert [explain(ranked.lines, i, PLAIN).waits for i in range(4)] == [False, True, True, False]
    apart = rank([line("a", division="x"), line("b", division="y")], PLAIN, divisions=("x", "y"))
    assert not explain(apart.lines, 1, PLAIN).shared


# ── Always ──────────────────────────────────────────────────────────────────────────────────────────────────────

few = st.integers(0, 2)
made = st.lists(
    st.builds(
        lambda *figures: figures,
        few,
        few,
        st.one_of(st.none(), few),
        few,
        few,
        few,
        st.one_of(st.none(), few),
        few,
        st.booleans(),
        st.sampled_from(["x", "y", None]),
    ),
    max_size=12,
)
keys = st.permutations([key for key in PRESETS["PREDICTION_DURATION"] if key != "lot"]).flatmap(
    lambda order: st.integers(1, len(order)).map(lambda n: (*order[:n], "lot"))
)


def ordered_slowly(rows, order, target):
    """Rank by counting, for each person, how many of their division are better, key by key."""

    def better(one, other):
        for key in order:
            a, b = one[key], other[key]
            if key == "duration":
                a, b = (one["more_time"], a), (other["more_time"], b)
            if key == "prediction_distance":
                a, b = (
                    float("inf") if x["prediction"] is None else abs(x["prediction"] - target) for x in (one, other)
                )
            if a != b:
                return (a > b) if key == "score" else (a < b)
        return False

    return {
        one["code"]: 1 + sum(better(other, one) for other in rows if other["division"] == one["division"])
        for one in rows
    }


@given(made, keys)
def test_a_rank_is_one_more_than_the_number_of_better_people(figures, order):
    names = ("score", "correct", "prediction", "duration", "submitted", "response", "essay", "rounds", "more", "div")
    people = [dict(zip(names, one, strict=True), code=f"p{i:02}") for i, one in enumerate(figures)]
    lines = [
        line(
            one["code"],
            one["score"],
            prediction=one["prediction"],
            duration_ms=one["duration"],
            submitted_us=one["submitted"] * 1000,
            division=one["div"],
        )
        for one in people
    ]
    slow = {one["code"] for one in people if one["more"]}
    ranking = Ranking(keys=order, tie_policy="SHARE")
    ranked = rank(lines, ranking, prediction=Prediction(), target=1, divisions=("x", "y"), accommodated=slow)
    rows = [
        {
            "code": one["code"],
            "score": one["score"],
            "duration": one["duration"],
            "submitted_at": one["submitted"],
            "prediction": one["prediction"],
            "prediction_distance": None,
            "more_time": one["more"],
            "division": one["div"],
        }
        for one in people
    ]
    assert {one.code: one.rank for one in ranked.lines} == ordered_slowly(rows, order[:-1], 1)
    for above, below in pairwise(ranked.lines):
        if above.division == below.division:
            assert above.rank <= below.rank
            assert (above.rank == below.rank) == (below.decided_by == "")


@given(made, st.randoms(use_true_random=False))
def test_the_order_in_which_lines_come_changes_nothing(figures, chance):
    lines = [line(f"p{i:02}", one[0], one[3], division=one[9]) for i, one in enumerate(figures)]
    mixed = lines.copy()
    chance.shuffle(mixed)
    assert rank(mixed, Ranking(), divisions=("x", "y")) == rank(lines, Ranking(), divisions=("x", "y"))


def test_a_hundred_thousand_lines_are_ranked_in_a_moment():
    lines = [line(f"{i * 7919 % 100_003:010}", i % 11, i * 31 % 600, i % 6_000) for i in range(100_000)]
    began = process_time()
    ranked = rank(lines, Ranking(), prediction=Prediction(), target=4_312)
    assert process_time() - began < 5  # about one second where nothing else runs
    assert len(ranked.lines) == 100_000 and ranked.lines[0].score == 600
