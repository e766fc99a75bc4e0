"""Small contests worked out by hand from the contest rules, and what the whole way from an archive to results makes of
them. Each test says the rule; the contests are in tests/worked.
"""

import json

import pytest

from quizapp.config import ROOT
from tests import archived


@pytest.fixture
def found(session):
    """The parts of the results of a worked contest by their keys, and its figures."""

    def finding(name):
        said = json.loads((ROOT / "tests" / "worked" / f"{name}.json").read_text(encoding="utf-8"))
        results = archived.results(session, said)
        parts = [*results["rounds"], *results["overall"], *results["collective"]]
        return {one["key"]: one for one in parts} | {"": results}

    return finding


def ranks(part):
    return ", ".join(f"{line['rank']} {line['code']}" for line in part["ranking"])


def prizes(part):
    return ", ".join(f"{one['prize']} {one['code']}" for one in part["prizes"])


def units(part):
    return ", ".join(f"{line['rank'] or '–'} {line['key']} {line['value']}" for line in part["ranking"])


def lines(part, *columns):
    return {line["code"]: tuple(line[name] for name in columns) for line in part["ranking"]}


# ── Attempts ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_best_follows_the_time_keys_of_the_ranking_and_without_any_the_earlier_submission(found):
    """§6, §21.8: An has the full score twice, first slowly and then quickly."""
    week = found("best-by-time-keys")
    assert ranks(week["e"]) == "1 Chi, 2 Bình, 3 An, 4 Em"  # PREDICTION_EARLIEST
    assert ranks(week["d"]) == "1 Chi, 2 An, 3 Em, 4 Bình"  # PREDICTION_DURATION
    assert ranks(week["s"]) == "1 An, 2 Em, 3 Bình, 4 Chi"  # SPEED
    assert [lines(week[key], "attempt")["An"] for key in "edsk"] == [(2,), (3,), (3,), (2,)]


def test_under_cut_an_attempt_ends_at_closing_and_under_finish_it_keeps_its_time(found):
    """§3: starts at the very opening count, starts at the very closing do not."""
    window = found("cut-and-finish")
    assert ranks(window["c"]) == "1 a, 1 b, 3 d"
    assert ranks(window["f"]) == "1 a, 2 d, 3 b"
    ends = {key: lines(window[key], "duration_ms", "submitted_at") for key in "cf"}
    assert ends["c"]["b"] == (300_000, "2026-03-08T22:00:00+07:00")
    assert ends["f"]["b"] == (600_000, "2026-03-08T22:05:00+07:00")
    assert ends["c"]["d"] == ends["f"]["d"] == (600_000, "2026-03-02T08:10:00+07:00")  # stamped with the deadline


def test_age_is_that_of_the_day_of_the_start_also_over_midnight_and_for_29_february(found):
    """§4, §21.16: a birthday after the start does not help; a missing day or month is the first."""
    week = found("age-by-attempt")["r"]
    assert ranks(week) == "1 b, 2 c, 3 d, 4 e, 5 f, 6 g, 7 h"
    assert {code: score for code, (score,) in lines(week, "score").items() if code in "bde"} == {"b": 6, "d": 4, "e": 3}
    assert (week["figures"]["people"], week["figures"]["attempts"]) == (7, 7)


# ── Predictions ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_first_prediction_left_empty_stays_empty_and_a_cleared_one_is_the_last_word(found):
    """§8.3, §21.8–9: the first, the last, or the one of the counting attempt; none of an attempt given back."""
    week = found("prediction-scopes")
    assert ranks(week["f"]) == "1 P3, 2 P4, 3 P2, 4 P1"
    assert ranks(week["l"]) == "1 P1, 2 P2, 3 P3, 4 P6, 5 P4"
    assert ranks(week["a"]) == "1 P2, 2 P3, 3 P4, 4 P7, 5 P1"


def test_predictions_above_the_target_stand_behind_or_after_the_lower_of_equals(found):
    """§8.5: NOT_OVER, "ưu tiên số thấp hơn", and neither of them; no prediction is last."""
    week = found("not-over")
    assert ranks(week["n"]) == "1 g, 2 a, 3 b, 4 c, 5 d, 6 e"
    assert ranks(week["l"]) == "1 h, 2 f, 3 g"
    assert ranks(week["p"]) == "1 h, 2 g, 3 f"


# ── Points ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_void_on_drawn_papers_gives_points_to_whoever_received_the_question(found):
    """§7, §21.1: GIVE_ALL."""
    round = found("voids-and-partial-marks")["d"]
    assert ranks(round) == "1 R, 2 Q, 3 P, 4 S"
    assert lines(round, "score") == {"P": (3,), "Q": (3,), "R": (3,), "S": (2,)}


def test_partial_marks_are_shares_of_the_points_of_the_question_and_never_below_nothing(found):
    """§7: (right picked − wrong picked) ÷ right options."""
    round = found("voids-and-partial-marks")["p"]
    assert lines(round, "score") == {"P": (7,), "Q": (4.5,), "R": (1.5,), "S": (3,), "T": (3,)}


def test_a_further_option_of_several_is_allowed_besides_and_not_asked_for(found):
    """§21.10: ACCEPT_ALSO, under PARTIAL and ALL_OR_NOTHING."""
    rounds = found("voids-and-partial-marks")
    assert lines(rounds["z"], "score") == {"P": (1.33,), "Q": (3,), "R": (0,), "S": (0.67,)}
    assert lines(rounds["o"], "score") == {"P": (1,), "Q": (1,), "R": (0,), "S": (0,)}


# ── Prizes ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_shared_place_gives_its_prize_to_all_and_uses_up_the_next_places(found):
    """§9, §21.7: 1, 2, 2, 4; also where the shared places reach into other lists."""
    rounds = found("shared-places")
    assert ranks(rounds["r1"]) == "1 A, 2 B, 2 C, 4 D, 5 G, 6 E"
    assert prizes(rounds["r1"]) == "nhat A, nhi B, nhi C, ba D"
    assert prizes(rounds["r2"]) == "nhat A, nhat B, ba C"
    assert prizes(rounds["r3"]) == "nhat A, nhi B, nhi C, nhi D"


def test_equals_keep_the_place_and_wait_until_lots_are_drawn(found):
    """§9, §21.7."""
    rounds = found("lots")
    assert ranks(rounds["r1"]) == "1 A, 2 B, 2 C, 4 D, 5 G, 6 E" and rounds["r1"]["ties"] == [["B", "C"]]
    assert [(one["code"], one["state"]) for one in rounds["r1"]["prizes"] if one["prize"] == "nhi"] == [
        ("B", "HELD"),
        ("C", "HELD"),
    ]
    assert ranks(rounds["r2"]) == "1 A, 2 C, 3 B, 4 D, 5 G, 6 E" and rounds["r2"]["ties"] == []
    assert prizes(rounds["r2"]) == "nhat A, nhi C, ba B, ba D"


def test_people_below_the_gate_are_ranked_and_win_only_where_it_is_relaxed_score_by_score(found):
    """§9, §21.4: all correct is the full score of the own paper; RELAX goes by score, whatever ranks first."""
    rounds = found("prize-gates")
    assert (ranks(rounds["r1"]), prizes(rounds["r1"])) == ("1 A, 2 B, 3 C, 4 D", "nhat A, nhat C")
    assert prizes(rounds["r2"]) == "nhat A, nhi B, nhi C, nhi D"
    assert (ranks(rounds["r3"]), prizes(rounds["r3"])) == ("1 B, 2 A, 3 C", "nhat A, nhi C")
    assert prizes(rounds["r4"]) == "nhat A, nhi B"


def test_a_prize_passed_down_in_an_announced_round_takes_none_back_from_a_later_announced_one(found):
    """§21.6: one prize for each person in three rounds and a list over them."""
    contest = found("one-prize-per-contest")
    assert {key: prizes(contest[key]) for key in ("r1", "r2", "r3", "tong")} == {
        "r1": "nhat C",
        "r2": "nhat B",
        "r3": "nhat D",
        "tong": "chung A",
    }


# ── Units and figures ───────────────────────────────────────────────────────────────────────────────────────────


def test_each_measure_of_units_makes_its_own_list(found):
    """§11, §21.12: equal counts stand by rate, equal winners by count and then by the moment it was reached."""
    lists = found("six-measures")
    assert {key: units(lists[key]) for key in ("count", "rate", "mean", "total", "win", "comp")} == {
        "count": "1 U2 4, 2 U1 4, 3 U3 3, 4 U4 0",
        "rate": "1 U2 8, 2 U1 4, 3 U4 0, – U3 7.5",
        "mean": "1 U1 7, 2 U2 6.25, 3 U3 5.25, 4 U4 0",
        "total": "1 U1 28, 2 U2 25, 3 U3 21, 4 U4 0",
        "win": "1 U3 3, 2 U2 1, 3 U1 1, 4 U4 0",
        "comp": "1 U2 2, 2 U1 3, 3 U4 6, – U3 0",
    }


def test_people_count_where_they_stood_at_the_last_closing_unless_the_secretariat_moves_them(found):
    """§11, §21.12: or where they stood at their first valid attempt."""
    lists = found("moves-between-units")
    assert units(lists["close"]) == "1 U2 4, 2 U1 1"
    assert units(lists["first"]) == "1 U1 4, 2 U2 1"
    assert units(lists["one"]) == "1 U2 3, 2 U1 2"


def test_attempts_add_up_over_rounds_and_people_are_counted_once(found):
    """§12: hors concours apart; nothing of people who saved no answer, were declared invalid or are excluded."""
    contest = found("figures")
    counts = ("attempts", "people", "people_of_rounds", "hors_attempts", "hors_people")
    assert [contest[""]["figures"][name] for name in counts] == [5, 3, 4, 2, 1]
    assert [contest[key]["figures"]["attempts"] for key in ("r1", "r2")] == [3, 2]
    assert [contest[key]["figures"]["people"] for key in ("r1", "r2")] == [2, 2]


# ── Live rounds ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_live_points_follow_allowance_counting_answer_and_joining(found):
    """§14.2–3, §21.11: an extension earns no more points, a late answer none; who joins late has nothing before."""
    rounds = found("live-points")
    assert ranks(rounds["last"]) == ranks(rounds["first"]) == "1 B, 2 A, 3 L, 4 C, 5 X"
    assert lines(rounds["last"], "score", "correct", "response_ms") == {
        "A": (5_646, 5, 37_650),
        "B": (5_911, 5, 12_900),
        "C": (3_555, 3, 7_000),
        "L": (4_796, 4, 4_000),
        "X": (1_000, 1, 20_000),
    }
    assert lines(rounds["first"], "score", "correct")["C"] == (3_586, 3)


def test_a_live_question_given_to_all_has_base_points_and_no_time_and_one_voided_on_air_nothing(found):
    """§7, §21.10: under FLAT and ACCURACY_FIRST; the bonus goes by the planned number of questions."""
    rounds = found("live-voids")
    assert lines(rounds["fg"], "score", "response_ms") == {
        "A": (4, 6_000),
        "B": (4, 6_000),
        "C": (4, 6_000),
        "E": (1, 0),
    }
    scores = {key: [line[0] for line in lines(rounds[key], "score").values()] for key in ("ag", "ar", "aa", "air")}
    assert scores == {
        "ag": [4_705, 4_705, 4_705, 1_000],
        "ar": [3_705, 3_705, 3_705, 0],
        "aa": [4_940, 4_940, 3_705, 0],
        "air": [4_940, 4_940, 4_940, 0],
    }


def test_those_left_at_the_end_of_a_golden_bell_win_together(found):
    """§14.3, §21.13: after a rescue and falling together, after the last question, and one alone after a reserve."""
    rounds = found("golden-bell")
    assert (ranks(rounds["b"]), prizes(rounds["b"])) == ("1 K, 1 M, 3 L, 4 N", "chuong K, chuong M")
    assert (ranks(rounds["o"]), prizes(rounds["o"])) == ("1 K, 1 L, 1 M, 4 N", "chuong K, chuong L, chuong M")
    assert prizes(rounds["h"]) == "chuong L"
