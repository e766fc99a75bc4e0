"""Contests taken in from archives: the worked rulebooks row by row, and back out again without a byte of difference."""

import json
from collections import Counter

import pytest

from quizapp import db, models
from quizapp.errors import Conflict
from quizapp.rules import archive
from quizapp.services import books, contests
from quizapp.services.archive_intake import Faulty
from tests import archived
from tests.archived import example, prizes, results, table, take, week
from tests.make import VAULT
from tests.programs import postgres, postgres_url  # noqa: F401 - fixtures


def first(session, said):
    """What comes of the first round of an archive."""
    return results(session, said)["rounds"][0]


def sat(code, score=10, day=3, seconds=120, **more):
    """An attempt with its result: on a day of March at nine."""
    return {
        "code": code,
        "score": score,
        "started_at": f"2026-03-{day:02} 09:00",
        "duration_ms": seconds * 1000,
        **more,
    }


def ranks(part):
    return table(part["ranking"], "rank", "code")


# ── Rulebook A ──────────────────────────────────────────────────────────────────────────────────────────────────

WEEK_1 = [
    (1, "Chi", 10, 0, 300_000),
    (2, "An", 10, 12, 130_900),
    (3, "Em", 10, 12, 180_000),
    (4, "Bình", 10, 12, 295_000),
    (5, "Dũng", 10, 1312, 107_310),
    (6, "Hoa", 9, 0, 150_000),
]


def crowd(people, all_correct):
    """So many more people with one attempt each, of whom so many have everything right; all slower and far off."""
    return [
        sat(f"n{n:05}", 10 if n < all_correct else 4, 2 + n % 6, 599, prediction=90_000_000 + n) for n in range(people)
    ]


def test_week_one_of_rulebook_a_comes_out_as_published(session):
    said = results(session, example("a"))
    (round,) = said["rounds"]
    assert table(round["ranking"], "rank", "code", "score", "distance", "duration_ms") == WEEK_1
    assert [line["below_gate"] for line in round["ranking"]] == [False] * 5 + [True]
    assert round["ranking"][0]["submitted_at"] == "2026-03-08T22:00:00+07:00"
    assert round["ranking"][1]["attempt"] == 3
    assert prizes(round) == [("nhat", "Chi"), ("nhi", "An"), ("nhi", "Em"), ("ba", "Bình"), ("ba", "Dũng")]
    assert round["invalid"] == [{"code": "Giang", "attempt": 1, "reason": "too-young"}]
    assert (round["figures"]["people"], round["figures"]["hors_people"], round["target"]) == (6, 1, 4312)
    assert (said["snapshot"], said["open"]) == (None, []) and said["note"]


def test_with_all_its_people_week_one_comes_to_the_published_target(session):
    said = example("a")
    del said["rounds"], said["settings"]["collective"]
    more = crowd(12_480 - 6, 4_312 - 5)
    said["people"] += [{"code": one["code"]} for one in more]
    said["attempts"] += more
    round = first(session, said)
    assert (round["figures"]["people"], round["figures"]["all_correct"], round["target"]) == (12_480, 4_312, 4_312)
    shown = [line for line in round["ranking"] if not line["code"].startswith("n")]
    assert table(shown, "code", "score", "distance", "duration_ms") == [row[1:] for row in WEEK_1]
    assert prizes(round)[:3] == [("nhat", "Chi"), ("nhi", "An"), ("nhi", "Em")]
    percent = {**said, "slug": "phan-tram"}
    percent["settings"]["rounds"][0]["prediction"] = {"target": "P_PERCENT", "decimals": 5}
    for one in percent["attempts"]:
        one.pop("prediction", None)
    assert first(session, percent)["target"] == 34.55128


def test_when_the_first_is_refused_everybody_moves_up_and_the_target_stays(session):
    said = example("a")
    said["checks"] = [{"code": "Chi", "outcome": "REFUSED", "reason": "giấy tờ không khớp"}]
    round = first(session, said)
    assert prizes(round)[:3] == [("nhat", "An"), ("nhi", "Em"), ("nhi", "Bình")]
    assert round["target"] == 4312


def test_the_earliest_of_equals_stands_first_where_the_rulebook_says_so(session):
    said = example("a")
    said["settings"]["rounds"][0]["ranking"] = "PREDICTION_EARLIEST"
    round = first(session, said)
    assert [line["code"] for line in round["ranking"]][1:4] == ["Bình", "An", "Em"]
    assert next(line["attempt"] for line in round["ranking"] if line["code"] == "An") == 2


def test_units_under_the_least_headcount_are_not_in_the_list_by_rate(session):
    by_count, by_rate = results(session, example("a"))["collective"]
    assert table(by_count["ranking"], "rank", "name", "people") == [(1, "Tỉnh P", 3)]
    assert table(by_rate["ranking"], "rank", "name", "people", "rate") == [
        (1, "Công ty May Sông Hồng", 2, 0.27),
        (None, "Hợp tác xã Bình Minh", 1, 2.63),
    ]


# ── Rulebook B ──────────────────────────────────────────────────────────────────────────────────────────────────

LIVE = [
    (1, "Lan", 8, 1250, 34, 64_000),
    (2, "Oanh", 8, 1318, 34, 71_400),
    (3, "Minh", 8, 1100, 184, 29_900),
    (4, "Quý", 7, 1284, 0, 34_200),
    (5, "Nga", 7, 1284, 0, 42_800),
]


def test_the_livestream_of_rulebook_b_comes_out_as_published(session):
    round = first(session, example("b"))
    assert table(round["ranking"], "rank", "code", "correct", "prediction", "distance", "response_ms")[:5] == LIVE
    assert prizes(round) == [
        ("nhat", "Lan"),
        ("nhi", "Oanh"),
        ("nhi", "Minh"),
        ("ba", "Quý"),
        ("ba", "Nga"),
        ("ba", "Tú"),
        ("may-man", "Vy"),
    ]


def test_whoever_enters_the_watch_word_late_has_no_prize(session):
    said = example("b")
    said["attempts"][0]["watch_word_at"] = "2026-03-06 21:00:01"
    assert prizes(first(session, said))[0] == ("nhat", "Oanh")


def test_communes_stand_by_people_per_thousand_as_published(session):
    people = {"Xã A": 412, "Phường B": 618, "Xã C": 305, "Đặc khu D": 131, "Phường E": 540}
    said = example("b")
    del said["turns"], said["predictions"], said["draws"], said["rounds"]
    said["people"] = [{"code": f"{place} {n}", "place": place} for place, many in people.items() for n in range(many)]
    at_the_end = 1_284
    said["attempts"] = [
        {"code": one["code"], "correct": 4, "connected": n < at_the_end} for n, one in enumerate(said["people"])
    ]
    told = results(session, said)
    assert table(told["collective"][0]["ranking"], "name", "headcount", "people", "rate", "rank") == [
        ("Đặc khu D", 2_100, 131, 62.38, 1),
        ("Xã C", 6_150, 305, 49.59, 2),
        ("Xã A", 9_800, 412, 42.04, 3),
        ("Phường E", 18_300, 540, 29.51, 4),
        ("Phường B", 41_200, 618, 15.0, 5),
    ]
    assert [one["name"] for one in told["collective"][0]["prizes"]] == ["Đặc khu D", "Xã C", "Xã A"]
    assert told["rounds"][0]["target"] == 1_284


# ── Rulebook C ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_conference_of_rulebook_c_comes_out_as_published(session):
    said = results(session, example("c"))
    part, second, bell = said["rounds"]
    points = {line["code"]: line["score"] for line in part["ranking"]}
    assert (points["Khải"], points["Long"]) == (5214, 4693)
    assert table(part["teams"], "rank", "team", "mean") == [
        (1, "Đoàn Sở Y tế", 4656),
        (2, "Đoàn LĐLĐ", 4624),
        (3, "Đoàn BHXH cơ sở 3", 2654),
    ]
    assert [team["won"] for team in part["teams"]] == [True, False, False]
    assert table(second["ranking"], "code", "score") == [
        ("Long", 1199 + 1199 + 1149 + 1099 + 1099),
        ("Khải", 1199 + 1199 + 1149 + 1099 + 1000),
    ]
    assert ranks(bell) == [(1, "Khải"), (2, "Mai"), (3, "Long"), (4, "Nam")]
    assert prizes(bell) == [("chuong", "Khải")]
    (both,) = said["overall"]
    assert table(both["ranking"], "code", "correct", "score")[:2] == [("Khải", 10, 10_860), ("Long", 9, 10_438)]
    assert prizes(both) == [("nhat", "Khải"), ("nhi", "Long"), ("ba", "B1")]


def test_teams_may_be_divided_by_those_present(session):
    said = example("c")
    said["settings"]["rounds"][0]["live"]["teams"] = {"best": 5, "policy": "MEAN_PRESENT", "least": 3}
    assert table(first(session, said)["teams"], "team", "mean") == [
        ("Đoàn Sở Y tế", 4656),
        ("Đoàn LĐLĐ", 4624),
        ("Đoàn BHXH cơ sở 3", 4423.33),
    ]


def test_half_decay_lets_the_quick_one_win(session):
    said = example("c")
    said["settings"]["rounds"] = said["settings"]["rounds"][:1]
    said["settings"]["rounds"][0]["live"]["scoring"] = "HALF_DECAY"
    del said["settings"]["overall"]
    said["turns"] = said["turns"][:5]
    said["attempts"] = said["attempts"][:2]
    assert table(first(session, said)["ranking"], "code", "score") == [("Long", 3660), ("Khải", 3017)]


# ── The worked list of units, and the counts ────────────────────────────────────────────────────────────────────


def test_the_worked_list_of_units_comes_out_by_count_and_by_rate(session):
    sizes = {"Tỉnh P": (18_200, 12_083), "Tỉnh S": (18_200, 9_000), "Tỉnh Q": (5_100, 4_412)}
    sizes |= {"Ngành U": (5_100, 4_412), "Ngành R": (740, 702), "Doanh nghiệp T": (38, 38)}
    small = {name: (size, people // 10) for name, (size, people) in sizes.items()}  # a tenth: the order is the same
    said = week()
    said["settings"]["collective"] = [
        {"measure": "C_COUNT", "level": "tổ chức", "key": "nguoi"},
        {"measure": "C_RATE", "level": "tổ chức", "key": "ty-le", "min_headcount": 50},
    ]
    said["units"] = [{"name": name, "headcount": max(size // 10, 3)} for name, (size, _) in small.items()]
    said["settings"]["collective"][1]["min_headcount"] = 5
    said["people"] = [
        {"code": f"{name} {n}", "unit": name} for name, (_, people) in small.items() for n in range(people)
    ]
    said["attempts"] = [sat(one["code"]) for one in said["people"]]
    by_count, by_rate = results(session, said)["collective"]
    assert table(by_count["ranking"], "name", "rank") == [
        ("Tỉnh P", 1),
        ("Tỉnh S", 2),
        ("Ngành U", 3),
        ("Tỉnh Q", 3),
        ("Ngành R", 5),
        ("Doanh nghiệp T", 6),
    ]
    assert table(by_rate["ranking"], "name", "rank") == [
        ("Ngành R", 1),
        ("Ngành U", 2),
        ("Tỉnh Q", 2),
        ("Tỉnh P", 4),
        ("Tỉnh S", 5),
        ("Doanh nghiệp T", None),
    ]


def test_people_and_attempts_of_three_weeks_are_never_mixed(session):
    # 120/250, 145/310 and 130/270 people and attempts, 238 distinct people: the example of the rules, a tenth of it.
    weeks = [("tuan-1", range(0, 120), 250), ("tuan-2", range(70, 215), 310), ("tuan-3", range(108, 238), 270)]
    said = {"settings": {"rounds": [{**archived.WEEK, "key": key, "max_attempts": 9} for key, _, _ in weeks]}}
    said["attempts"] = []
    for key, people, attempts in weeks:
        people = list(people)
        for n in range(attempts):
            said["attempts"].append(sat(f"n{people[n % len(people)]:03}", full=10, round=key))
    told = results(session, said)
    assert [(one["figures"]["people"], one["figures"]["attempts"]) for one in told["rounds"]] == [
        (120, 250),
        (145, 310),
        (130, 270),
    ]
    assert (told["figures"]["people"], told["figures"]["attempts"], told["figures"]["people_of_rounds"]) == (
        238,
        830,
        395,
    )


# ── What worked contests are about ──────────────────────────────────────────────────────────────────────────────


def test_born_on_29_february_one_is_fourteen_on_1_march(session):
    said = week(opens_at="2026-02-27 08:00", closes_at="2026-03-03 22:00")
    said["settings"]["who"] = {"min_age": 14}
    said["people"] = [{"code": "leap", "birth_date": "29/02/2012"}, {"code": "year", "birth_date": "2012"}]
    said["attempts"] = [
        {"code": code, "score": 10, "started_at": f"{day} 23:59:59", "duration_ms": 60_000}
        for code in ("leap", "year")
        for day in ("2026-02-28", "2026-03-01")
    ]
    round = first(session, said)
    assert round["invalid"] == [{"code": "leap", "attempt": 1, "reason": "too-young"}]
    assert round["figures"]["attempts"] == 3


def two(**round):
    """Two people equal on every key, and one behind them."""
    said = week(ranking=["score", "duration", "lot"], prizes=[{"name": "Nhất"}, {"name": "Nhì"}], **round)
    said["attempts"] = [sat("A"), sat("B"), sat("C", 9)]
    return said


def test_equals_wait_for_lots_share_the_place_or_stand_as_drawn(session):
    waiting = first(session, two())
    assert waiting["ties"] == [["A", "B"]] and [one["state"] for one in waiting["prizes"]] == ["HELD", "HELD"]
    shared = first(session, {**two(tie_policy="SHARE"), "slug": "chung"})
    assert ranks(shared) == [(1, "A"), (1, "B"), (3, "C")] and prizes(shared) == [("nhat", "A"), ("nhat", "B")]
    drawn = first(session, {**two(), "slug": "rut", "draws": [{"codes": ["B", "A"], "present": ["Ban Giám khảo"]}]})
    assert ranks(drawn) == [(1, "B"), (2, "A"), (3, "C")] and prizes(drawn) == [("nhat", "B"), ("nhi", "A")]


def test_below_the_gate_prizes_stay_empty_or_go_down(session):
    assert prizes(first(session, two(prize_gate={"kind": "MIN_SCORE", "least": 11}))) == []
    relaxed = two(prize_gate={"kind": "MIN_SCORE", "least": 11}, gate_fallback="RELAX", tie_policy="SHARE")
    assert prizes(first(session, {**relaxed, "slug": "xuong"})) == [("nhat", "A"), ("nhat", "B")]


def test_predictions_above_the_target_may_stand_behind_all_others(session):
    said = week(prediction="P_PEOPLE", ranking=["score", "prediction_distance", "lot"])
    said["attempts"] = [sat("over", prediction=4), sat("under", prediction=0), sat("none")]
    assert [code for _, code in ranks(first(session, said))] == ["over", "under", "none"]
    said["settings"]["rounds"][0]["not_over"] = True
    assert [code for _, code in ranks(first(session, {**said, "slug": "khong-vuot"}))] == ["under", "over", "none"]


def test_a_prediction_saved_later_counts_and_a_cleared_one_is_none(session):
    said = week(prediction="P_PEOPLE")
    said["attempts"] = [sat("A", prediction=1), sat("B", prediction=1)]
    said["predictions"] = [
        {"code": "A", "value": "5", "at": "2026-03-05 10:00"},
        {"code": "B", "value": None, "at": "2026-03-05 10:00"},
        {"code": "A", "value": 2, "attempt": 1},
    ]
    assert table(first(session, said)["ranking"], "code", "prediction") == [("A", 5), ("B", None)]


def test_each_division_has_its_own_places_and_prizes(session):
    said = week(prizes=[{"name": "Nhất", "per_division": True}])
    said["settings"]["who"] = {"divisions": [{"name": "Học sinh"}, {"name": "Người dân"}]}
    said["people"] = [
        {"code": code, "division": name}
        for code, name in zip("ABC", ["Người dân", "Học sinh", "Học sinh"], strict=True)
    ]
    said["attempts"] = [sat("A", 7), sat("B", 9), sat("C", 8)]
    round = first(session, said)
    assert table(round["ranking"], "division", "rank", "code") == [
        ("hoc-sinh", 1, "B"),
        ("hoc-sinh", 2, "C"),
        ("nguoi-dan", 1, "A"),
    ]
    assert prizes(round) == [("nhat", "B"), ("nhat", "A")]


def test_somebody_counts_where_they_stood_when_the_rounds_of_a_list_closed(session):
    rounds = [
        {**archived.WEEK, "key": "t1"},
        {**archived.WEEK, "key": "t2", "opens_at": "2026-03-09 08:00", "closes_at": "2026-03-15 22:00"},
    ]
    lists = [
        {"key": "sau-t1", "measure": "C_COUNT", "level": "tổ", "rounds": ["t1"]},
        {"key": "ca-hai", "measure": "C_COUNT", "level": "tổ"},
        {"key": "luot-dau", "measure": "C_COUNT", "level": "tổ", "unit_at": "FIRST_ATTEMPT"},
    ]
    said = {"settings": {"rounds": rounds, "collective": lists}, "units": [{"name": n} for n in ("Một", "Hai", "Ba")]}
    said["people"] = [{"code": "A", "unit": "Một"}, {"code": "S", "unit": "Một"}, {"code": "L", "unit": "Một"}]
    said["attempts"] = [sat(one["code"], full=10, round="t1") for one in said["people"]]
    said["moves"] = [
        {"code": "A", "unit": "Hai", "at": "2026-03-10", "by": "self"},
        {"code": "S", "unit": "Ba", "at": "2026-03-20", "by": "secretariat"},
        {"code": "L", "unit": "Hai", "at": "2026-03-16", "by": "self"},
    ]
    taken = take(session, said)
    assert taken.notes == ("$.moves[2]: L tự chuyển sau khi vòng cuối đóng nên không tính.",)
    counted = {
        one.key: {units[line.node]: line.people for line in one.lines}
        for units in [{str(unit.id): unit.name for unit in session.query(models.Unit)}]
        for one in archived.whole(session, taken.contest).collective
    }
    assert counted == {
        "sau-t1": {"Một": 2, "Hai": 0, "Ba": 1},
        "ca-hai": {"Một": 1, "Hai": 1, "Ba": 1},
        "luot-dau": {"Một": 3, "Hai": 0, "Ba": 0},
    }


def test_a_unit_that_was_merged_is_the_one_it_became(session):
    said = week()
    said["settings"]["collective"] = [{"measure": "C_COUNT", "level": "đơn vị"}]
    said["units"] = [
        {"name": "May 10", "merged_into": "cty", "typed": True, "level": "đơn vị"},
        {"name": "Phân xưởng", "parent": "May 10", "level": "tổ"},
        {"name": "Công ty May 10", "key": "cty", "level": "đơn vị"},
    ]
    said["people"] = [
        {"code": "A", "unit": "May 10"},
        {"code": "B", "unit": "Phân xưởng"},
        {"code": "C", "unit": "cty"},
    ]
    said["attempts"] = [sat(code) for code in "ABC"]
    (listed,) = results(session, said)["collective"]
    assert table(listed["ranking"], "key", "name", "people") == [("cty", "Công ty May 10", 3)]


def test_a_prize_of_the_whole_contest_is_not_won_twice_and_announced_ones_stay(session):
    rounds = [
        {**archived.WEEK, "key": "t1", "prizes": [{"name": "Nhất"}]},
        {**archived.WEEK, "key": "t2", "closes_at": "2026-03-09 22:00", "prizes": [{"name": "Nhất"}]},
    ]
    said = {"settings": {"rounds": rounds, "one_prize_per": "CONTEST"}}
    said["attempts"] = [
        sat(code, score, full=10, round=key) for key in ("t1", "t2") for code, score in (("A", 10), ("B", 9), ("C", 8))
    ]
    t1, t2 = results(session, said)["rounds"]
    assert (prizes(t1), prizes(t2)) == ([("nhat", "A")], [("nhat", "B")])
    said["slug"] = "sau-cong-bo"
    said["rounds"] = [{"key": "t1", "announced_at": "2026-03-12"}, {"key": "t2", "announced_at": "2026-03-13"}]
    said["checks"] = [{"code": "A", "scope": "t1", "outcome": "REFUSED", "at": "2026-03-14"}]
    t1, t2 = results(session, said)["rounds"]
    assert (prizes(t1), prizes(t2)) == ([("nhat", "C")], [("nhat", "B")])


def test_spreading_counts_people_who_came_by_an_invitation(session):
    said = week(prizes=[{"name": "Lan tỏa", "kind": "SPREADING", "per_day_cap": 1}])
    invited = {"B": "A", "C": "A", "D": "A", "E": "F", "F": "F", "G": "F"}
    said["people"] = [
        {"code": code, **({"invited_by": invited[code]} if code in invited else {})} for code in "ABCDEFG"
    ]
    said["attempts"] = [sat("B", day=3), sat("C", day=3), sat("D", day=3), sat("E", day=3), sat("F"), sat("G", day=4)]
    assert prizes(first(session, said)) == [("lan-toa", "F")]


def test_prizes_by_age_and_by_distance_go_by_what_the_archive_says(session):
    kinds = ("YOUNGEST", "OLDEST", "FARTHEST")
    said = week(one_prize_per="NONE", prizes=[{"key": kind.lower(), "kind": kind} for kind in kinds])
    said["settings"]["one_prize_per"] = said["settings"]["rounds"][0].pop("one_prize_per")
    said["people"] = [
        {"code": "A", "birth_date": "2011-01-02", "distance_m": 100},
        {"code": "B", "birth_date": "1950-05"},
        {"code": "C", "birth_date": "1990", "distance_m": 90_000},
    ]
    said["attempts"] = [sat(code) for code in "ABC"]
    assert prizes(first(session, said)) == [("youngest", "A"), ("oldest", "B"), ("farthest", "C")]


# ── Answers, and what is decided about questions ────────────────────────────────────────────────────────────────


def quiz(**round):
    """A fixed paper of three questions and two people."""
    said = week(**{"paper": {}, **round})
    said["questions"] = [
        {"id": "q1", "key": "B"},
        {"id": "q2", "key": "AC", "points": 2},
        {"id": "q3", "key": 15, "kind": "number"},
    ]
    said["attempts"] = [
        {"code": "A", "answers": ["B", "AC", 14], "score": 3, "duration_ms": 60_000},
        {"code": "B", "answers": {"q1": "C", "q3": {"a": 15, "at": "2026-03-02 08:00:30"}}, "duration_ms": 60_000},
    ]
    return said


def scores(session, said):
    return table(first(session, said)["ranking"], "code", "score", "full", "correct", "of")


def test_answers_are_marked_by_the_keys_of_the_archive(session):
    taken = take(session, quiz())
    assert taken.notes == ()
    (result,) = archived.whole(session, taken.contest).rounds
    assert [(line.code, line.score // 60, line.full // 60, line.correct, line.of) for line in result.lines] == [
        ("A", 3, 4, 2, 3),
        ("B", 1, 4, 1, 3),
    ]


def test_a_score_that_differs_from_the_answers_is_named_and_not_used(session):
    said = quiz()
    said["attempts"][0]["score"] = 4
    taken = take(session, said)
    (note,) = taken.notes
    assert note.startswith("$.attempts[0].score")
    assert archived.whole(session, taken.contest).rounds[0].lines[0].score == 180


@pytest.mark.parametrize(
    ("void", "rows"),
    [
        ({"question": "q1"}, [("A", 3, 4, 2, 3), ("B", 2, 4, 2, 3)]),
        ({"question": "q2", "policy": "REMOVE"}, [("A", 1, 2, 1, 2), ("B", 1, 2, 1, 2)]),
        ({"question": "q3", "policy": "ACCEPT_ALSO", "also": 14}, [("A", 4, 4, 3, 3), ("B", 1, 4, 1, 3)]),
    ],
)
def test_a_voided_question_is_marked_as_decided(session, void, rows):
    assert sorted(scores(session, {**quiz(), "voids": [void]})) == rows


def test_parts_of_several_options_earn_their_share(session):
    said = quiz(paper={"marking": "PARTIAL"})
    said["attempts"] = [{"code": "A", "answers": ["–", "ABC", None]}]
    assert scores(session, said) == [("A", 1, 4, 0, 3)]


def test_a_drawn_paper_names_its_questions_and_takes_none_away(session):
    said = quiz()
    said["attempts"] = [{"code": "A", "paper": ["q3", {"q": "q1", "v": 2, "o": [3, 2, 1, 0]}], "answers": [15, "B"]}]
    assert scores(session, said) == [("A", 2, 2, 2, 2)]
    said |= {"slug": "huy", "voids": [{"question": "q1", "policy": "REMOVE"}]}
    with pytest.raises(Faulty) as refusal:
        take(session, said)
    assert refusal.value.faults[0].where == "$.questions[0].void"


def test_a_live_question_voided_on_air_counts_for_nobody_and_a_reserve_follows(session):
    said = example("b")
    said["turns"][7] |= {"voided": True, "void_reason": "mất điện"}
    said["turns"].append({"key": "D", "reserve": True})
    for one in said["attempts"]:
        if isinstance(one["answers"], str):
            one["answers"] += "D" if one["code"] == "Lan" else "–"
            one["ms"].append(100 if one["code"] == "Lan" else None)
    round = first(session, said)
    assert table(round["ranking"], "code", "correct", "of")[0] == ("Lan", 8, 8)
    assert max(line["correct"] for line in round["ranking"][1:]) == 7


def test_answers_outside_the_time_of_a_turn_do_not_count(session):
    said = example("b")
    said["turns"][0] |= {"opened_at": "2026-03-06 20:45:00", "closed_at": "2026-03-06 20:45:30"}
    lan = said["attempts"][0]
    lan["ms"][0] = -1
    said["attempts"][1]["ms"][0] = 32_000
    said["attempts"][2]["ms"][0] = 31_999  # in the grace: late on the wire, and as slow as can be
    round = first(session, said)
    correct = {line["code"]: (line["correct"], line["response_ms"]) for line in round["ranking"]}
    assert (correct["Lan"][0], correct["Oanh"][0]) == (7, 7)
    assert correct["Minh"] == (8, 29_900 - 3_700 + 20_000)


# ── Essays ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_marks_make_a_mean_and_far_apart_the_third_decides(session):
    part = {"prompt": "Vì sao?", "max_points": 5, "combine": "ADD"}
    said = week(essay=part, ranking=["score", "lot"])
    said["attempts"] = [sat("A"), sat("B"), sat("C"), sat("D", essay=1)]
    said["essays"] = [
        {"code": "A", "marks": [4.5, 3.5], "text": "Bảo hiểm xã hội …"},
        {"code": "B", "marks": [5, 2, 4.1]},
        {"code": "C", "marks": [{"mark": 5, "judge": "x"}, {"mark": 2}, {"mark": 4.2, "third": True}]},
    ]
    assert table(first(session, said)["ranking"], "code", "score", "essay") == [
        ("C", 14.2, 4.2),
        ("B", 14.1, 4.1),
        ("A", 14, 4),
        ("D", 11, 1),
    ]


def test_a_round_that_is_nothing_but_an_essay_ranks_its_writers(session):
    part = {"prompt": "Vì sao?", "max_points": 5, "combine": "ADD"}
    said = {"slug": "viet", "settings": {"rounds": [{**archived.WEEK, "kind": "essay", "essay": part}]}}
    said["essays"] = [
        {"code": "A", "marks": [4, 4.5], "handed_in_at": "2026-03-05 10:00"},
        {"code": "B", "mark": 5, "handed_in_at": "2026-03-06 10:00"},
        {"code": "C", "handed_in_at": "2026-03-07 10:00"},
    ]
    contest = take(session, said).contest
    (result,) = archived.whole(session, contest).rounds
    assert [(line.rank, line.code, line.score / 60, line.essay) for line in result.lines] == [
        (1, "B", 5, 300),
        (2, "A", 4.25, 255),
        (3, "C", 0, None),
    ]
    assert (result.figures.people, result.invalid, result.faults) == (3, {}, {})
    again = take(session, json.loads(archived.out(session, contest)), slug="viet-2").contest
    assert [line.code for line in archived.whole(session, again).rounds[0].lines] == ["B", "A", "C"]


# ── There and back ──────────────────────────────────────────────────────────────────────────────────────────────

FULL = {
    "people": [
        {"code": "An", "name": "Nguyễn Văn An", "birth_date": "1990-05-17", "unit": "Một", "accommodation": 150},
        {
            "code": "Em",
            "name": "Lê Thị Em",
            "birth_date": "2012-03-03",
            "withdrawn_at": "2026-03-20",
            "invited_by": "An",
        },
        {"code": "Ba", "barred_rounds": {"tuan-1": "thi hộ"}, "guardian": True, "guardian_name": "Nguyễn Thị Mẹ"},
        {"code": "Bốn", "barred": "hai tài khoản", "sex": "f", "status": "HORS_CONCOURS", "place": "Xã A"},
    ],
    "units": [{"name": "Một", "headcount": 60, "level": "tổ"}, {"name": "1", "merged_into": "Một", "level": "tổ"}],
    "places": [{"name": "Xã A", "parent": "Tỉnh P"}, {"name": "Tỉnh P", "code": "01"}],
    "moves": [
        {"code": "Bốn", "unit": "1", "at": "2026-03-04", "by": "self"},
        {"code": "Bốn", "place": "Tỉnh P", "at": "2026-03-05"},
    ],
    "essays": [{"code": "An", "marks": [4, {"mark": 3.5, "judge": "x"}], "text": "Vì dân."}],
    "checks": [{"code": "An", "outcome": "DECLINED", "reason": "nhường", "at": "2026-03-12"}],
    "draws": [{"codes": ["Em", "An"], "sources": ["balls:1-2"], "present": ["Hana"], "at": "2026-03-11"}],
    "invitations": [{"code": "Em", "why": "bù"}],
    "rounds": [{"key": "tuan-1", "announced_at": "2026-03-11", "target": "34,55", "decision_number": "12/QĐ"}],
    "voids": [{"question": "q1", "policy": "ACCEPT_ALSO", "also": "D"}],
    "versions": [
        {"version": 1, "published_at": "2026-02-01", "settings": {"name": "Cũ"}},
        {"version": 2, "published_at": "2026-02-20", "reason": "đổi giải"},
    ],
}


def full():
    """An archive that has something of everything."""
    said = quiz(prediction={"target": "P_PERCENT"}, essay={"prompt": "Vì sao?"}, prizes=[{"name": "Nhất"}])
    said["settings"]["who"] = {"min_age": 14}
    said["settings"]["collective"] = [{"measure": "C_COUNT", "level": "tổ"}, {"measure": "C_COUNT", "level": "commune"}]
    said |= FULL
    said["attempts"] = [
        {"code": "An", "answers": ["D", "AC", 15], "duration_ms": 60_000, "prediction": 34.5},
        {"code": "An", "score": "2 1/3", "full": 4, "correct": 1, "given_back": True, "started_at": "2026-03-04 09:00"},
        {
            "code": "Em",
            "answers": [{"q": "q3", "a": 15, "at": "2026-03-03 09:00:01.000001"}],
            "started_at": "2026-03-03 09:00",
        },
        {"code": "Ba", "answers": "B", "invalid": "thi hộ", "by": "auto", "started_at": "2026-03-08 21:55"},
        {"code": "Bốn", "answers": ["B"], "started_at": "2026-03-04 10:00", "duration_ms": 5_000},
    ]
    said["predictions"] = [
        {"code": "Em", "value": None, "at": "2026-03-04"},
        {"code": "Ba", "value": "9,99", "attempt": 1},
    ]
    return said


EVERYTHING = {"a": lambda: example("a"), "b": lambda: example("b"), "c": lambda: example("c"), "full": full}


@pytest.mark.parametrize("what", list(EVERYTHING))
def test_an_archive_of_an_archive_is_the_same_and_so_are_its_results(tmp_path, what):
    written, digests = [], []
    said = EVERYTHING[what]()
    for turn in range(3):
        engine = db.connect(f"sqlite:///{tmp_path / str(turn)}.sqlite3")
        models.Base.metadata.create_all(engine)
        with db.begin() as session:
            contest = take(session, said).contest
            digests.append(archived.digest(session, contest))
            written.append(archived.out(session, contest, with_names=True))
        engine.dispose()
        said = json.loads(written[-1])
    assert digests[0] == digests[1] == digests[2]
    assert written[0] == written[1] == written[2]


@pytest.mark.parametrize("what", list(EVERYTHING))
def test_both_databases_give_the_same_bytes(session, postgres_url, what):  # noqa: F811 - the fixture
    said = EVERYTHING[what]()
    contest = take(session, said).contest
    digest, file = archived.digest(session, contest), archived.out(session, contest)
    engine = db.connect(postgres_url)
    try:
        models.Base.metadata.create_all(engine)
        with db.begin() as other:
            contest = take(other, said).contest
            assert archived.digest(other, contest) == digest
            assert archived.without_salts(archived.out(other, contest)) == archived.without_salts(file)
        with db.begin() as other:
            numbers = {unit.id for unit in other.query(models.Unit)}
            other.add(models.Unit(contest_id=archived.only(other).id, name="Mới", made_at=archived.NOW))
            other.flush()  # its number is none of those that came with the archive
            assert len(set(numbers) | {unit.id for unit in other.query(models.Unit)}) == len(numbers) + 1
    finally:
        engine.dispose()


def test_a_contest_may_stand_beside_the_one_it_was_copied_from(session):
    said = full()
    digests = [archived.whole(session, take(session, said, slug=slug).contest) for slug in ("mot", "hai")]
    assert [[line.code for line in one.rounds[0].lines] for one in digests] == [["An", "Em"], ["An", "Em"]]
    copied = json.loads(archived.out(session, take(session, said, slug="ba").contest))
    again = take(session, copied, slug="bon").contest
    books_of = [books.book(session, VAULT, one) for one in (contests.find(session, "ba"), again)]
    assert Counter(one.code for one in books_of[0].contestants) == Counter(one.code for one in books_of[1].contestants)
    assert {unit.id for unit in books_of[0].units}.isdisjoint(unit.id for unit in books_of[1].units)


def test_an_address_that_is_taken_is_refused(session):
    take(session, week())
    with pytest.raises(Conflict):
        take(session, week())


# ── What an export leaves out ───────────────────────────────────────────────────────────────────────────────────


def people_of(session, said, **changes):
    written = json.loads(archived.out(session, take(session, said).contest, **changes))
    return {one["code"]: one for one in written["people"]}


def test_names_and_needless_birth_dates_stay_here(session):
    people = people_of(session, full())
    assert not any("name" in one or "guardian_name" in one for one in people.values())
    assert "birth_date" not in people["An"]
    assert people["Em"]["birth_date"] == "2012-03-03"  # not yet fourteen when the contest opened


def test_names_come_along_only_where_they_are_asked_for(session):
    people = people_of(session, full(), with_names=True)
    assert (people["An"]["name"], people["An"]["birth_date"]) == ("Nguyễn Văn An", "1990-05-17")
    assert people["Ba"]["guardian_name"] == "Nguyễn Thị Mẹ"


def test_a_prize_by_age_needs_every_birth_date(session):
    said = week(prizes=[{"kind": "OLDEST"}])
    said["people"] = [{"code": "A", "birth_date": "1950"}]
    assert people_of(session, said)["A"]["birth_date"] == "1950"


def test_no_birth_date_leaves_where_no_rule_asks_for_one(session):
    said = week()
    said["people"] = [{"code": "A", "birth_date": "2020-01-01"}]
    assert "birth_date" not in people_of(session, said)["A"]


def test_phones_and_numbers_are_in_no_archive(session):
    contest = take(session, full()).contest
    who = session.query(models.Contestant).filter_by(code="An").one()
    who.phone_sealed = VAULT.seal("0912345678", table="contestant", column="phone", row="An")
    who.phone_tag, who.identity_tag = VAULT.tag("phone", "0912345678"), VAULT.tag("identity", "001090012345")
    session.flush()
    for with_names in (False, True):
        file = archived.out(session, contest, with_names=with_names).decode()
        assert "0912345678" not in file and who.phone_tag not in file and who.identity_tag not in file


# ── What is refused ─────────────────────────────────────────────────────────────────────────────────────────────


def faults(session, said):
    with pytest.raises(Faulty) as refusal:
        take(session, said)
    return [one.where for one in refusal.value.faults]


def with_(**parts):
    """A sound archive of a live and a self-paced round, with these parts in it."""
    rounds = [archived.WEEK, {**archived.WEEK, "key": "live", "live": {"questions": 2}}]
    return {"settings": {"rounds": rounds}, "people": [{"code": "A"}, {"code": "B"}], **parts}


LIVE_TURNS = [{"round": "live", "key": "A"}, {"round": "live", "key": "B"}]


@pytest.mark.parametrize(
    ("parts", "where"),
    [
        ({"settings": {"rounds": 3}}, "$.settings.rounds"),
        ({"made_at": "x"}, "$.made_at"),
        ({"published_at": "x"}, "$.published_at"),
        ({"versions": [{"version": 1, "published_at": 1, "settings": {"x": 1}}]}, "$.versions[0].settings"),
        ({"units": [{"name": "a", "parent": "b"}]}, "$.units[0].parent"),
        ({"units": [{"name": "a", "merged_into": "b"}]}, "$.units[0].merged_into"),
        ({"places": [{"name": "a"}, {"name": "a"}]}, "$.places[1].key"),
        ({"people": [{"code": "A"}, {"code": "A"}]}, "$.people[1].code"),
        ({"people": [{"code": "A", "unit": "x"}]}, "$.people[0].unit"),
        ({"people": [{"code": "A", "birth_date": "31/2/1990"}]}, "$.people[0].birth_date"),
        ({"people": [{"code": "A", "division": "x"}]}, "$.people[0].division"),
        ({"people": [{"code": "A", "barred_rounds": {"x": "y"}}]}, "$.people[0].round"),
        ({"people": [{"code": "A", "invited_by": "X"}]}, "$.people[0].invited_by"),
        ({"people": [{"code": "A", "registered_at": "x"}]}, "$.people[0].registered_at"),
        ({"moves": [{"code": "X", "at": 1}]}, "$.moves[0].code"),
        ({"moves": [{"code": "A", "at": "x"}]}, "$.moves[0].at"),
        ({"rounds": [{"key": "x"}]}, "$.rounds[0].key"),
        ({"rounds": [{"key": "live", "state": "DONE"}]}, "$.rounds[0].state"),
        ({"rounds": [{"key": "live", "target": 3}]}, "$.rounds[0].target"),
        ({"questions": [{"id": "q", "key": "A"}, {"id": "q", "key": "A"}]}, "$.questions[1].id"),
        ({"questions": [{"id": "q", "key": "F"}]}, "$.questions[0].key"),
        ({"questions": [{"id": "q", "key": "A", "content": {"id": "q"}}]}, "$.questions[0].content"),
        ({"questions": [{"id": "q", "key": "A", "void": "ACCEPT_ALSO"}]}, "$.questions[0].also"),
        ({"voids": [{"round": "live", "question": "q"}]}, "$.voids"),
        ({"voids": [{"question": "q"}]}, "$.voids[0].round"),
        ({"turns": [{"round": "tuan-1", "key": "A"}]}, "$.turns[0].round"),
        ({"turns": [{"round": "live"}]}, "$.turns[0].question"),
        ({"turns": [{"round": "live", "n": 1, "key": "A"}, {"round": "live", "n": 1, "key": "A"}]}, "$.turns[1].n"),
        (
            {"questions": [{"round": "live", "id": "q", "key": "A"}], "turns": [{"question": "q", "key": "B"}]},
            "$.turns[0].key",
        ),
        ({"attempts": [{"code": "A", "score": 1}]}, "$.attempts[0].round"),
        ({"attempts": [{"code": "A", "round": "x", "score": 1}]}, "$.attempts[0].round"),
        ({"attempts": [{"code": "X", "round": "live", "score": 1}]}, "$.attempts[0].code"),
        ({"attempts": [{"code": "A", "round": "tuan-1"}]}, "$.attempts[0].score"),
        ({"attempts": [{"code": "A", "round": "tuan-1", "score": 0.01, "full": 9}]}, "$.attempts[0].score"),
        ({"attempts": [{"code": "A", "round": "tuan-1", "score": 1}]}, "$.attempts[0].full"),
        ({"attempts": [{"code": "A", "round": "tuan-1", "answers": "A"}]}, "$.attempts[0].answers"),
        (
            {"attempts": [{"code": "A", "round": "tuan-1", "score": 1, "full": 1, "prediction": 3}]},
            "$.attempts[0].prediction",
        ),
        ({"attempts": [{"code": "A", "round": "tuan-1", "score": 1, "full": 1, "essay": 3}]}, "$.attempts[0].round"),
        ({"attempts": [{"code": "A", "round": "tuan-1", "score": 1, "full": 1, "unit": "x"}]}, "$.attempts[0].unit"),
        (
            {"attempts": [{"code": "A", "round": "tuan-1", "score": 1, "full": 1, "given_back": "x"}]},
            "$.attempts[0].given_back",
        ),
        (
            {
                "attempts": [
                    {
                        "code": "A",
                        "round": "tuan-1",
                        "score": 1,
                        "full": 1,
                        "started_at": 0,
                        "submitted_at": 9,
                        "duration_ms": 8,
                    }
                ]
            },
            "$.attempts[0].duration_ms",
        ),
        ({"attempts": 2 * [{"code": "A", "round": "tuan-1", "score": 1, "full": 1, "no": 1}]}, "$.attempts[0].no"),
        (
            {"turns": LIVE_TURNS, "attempts": [{"code": "A", "round": "live", "answers": "ABC"}]},
            "$.attempts[0].answers[2]",
        ),
        (
            {"turns": LIVE_TURNS, "attempts": [{"code": "A", "round": "live", "answers": ["Z"]}]},
            "$.attempts[0].answers[0]",
        ),
        (
            {"turns": LIVE_TURNS, "attempts": [{"code": "A", "round": "live", "answers": {"3": "A"}}]},
            "$.attempts[0].answers.3",
        ),
        (
            {"turns": LIVE_TURNS, "attempts": [{"code": "A", "round": "live", "answers": {"q": "A"}}]},
            "$.attempts[0].answers.q",
        ),
        (
            {"turns": LIVE_TURNS, "attempts": [{"code": "A", "round": "live", "answers": "AB", "ms": [1]}]},
            "$.attempts[0].ms",
        ),
        (
            {"turns": LIVE_TURNS, "attempts": [{"code": "A", "round": "live", "answers": [{"a": "A", "at": "x"}]}]},
            "$.attempts[0].answers[0]",
        ),
        ({"predictions": [{"code": "A", "round": "live", "value": 3}]}, "$.predictions[0].value"),
        ({"watch_words": [{"code": "X", "at": 1}]}, "$.watch_words[0].code"),
        ({"watch_words": [{"code": "A", "at": "x"}]}, "$.watch_words[0].at"),
        ({"essays": [{"code": "A", "round": "live"}]}, "$.essays[0].round"),
        ({"checks": [{"code": "A", "outcome": "REFUSED"}]}, "$.checks[0].scope"),
        ({"draws": [{"scope": "live", "codes": ["A", "X"]}]}, "$.draws[0].codes[1]"),
        ({"draws": [{"scope": "live", "codes": ["A", "A"]}]}, "$.draws[0].codes"),
        ({"draws": [{"scope": "live", "codes": ["A"], "plan": {"x": 1}}]}, "$.draws[0].plan"),
        ({"invitations": [{"code": "X", "round": "live"}]}, "$.invitations[0].code"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(session, parts, where):
    assert faults(session, with_(**parts))[0] == where


ONE_QUESTION = {
    "questions": [{"id": "q", "key": "A"}],
    "settings": {"rounds": [{**archived.WEEK, "prediction": "P_PEOPLE", "essay": {"prompt": "?"}}]},
}


@pytest.mark.parametrize(
    ("parts", "where"),
    [
        ({"attempts": [{"code": "A", "answers": "AB"}]}, "$.attempts[0].answers"),
        ({"attempts": [{"code": "A", "answers": ["Z"]}]}, "$.attempts[0].answers[0]"),
        ({"attempts": [{"code": "A", "answers": ["F"]}]}, "$.attempts[0].answers[0]"),
        ({"attempts": [{"code": "A", "answers": {"x": "A"}}]}, "$.attempts[0].answers.x"),
        ({"attempts": [{"code": "A", "answers": "A", "paper": ["x"]}]}, "$.attempts[0].paper[0]"),
        ({"predictions": [{"code": "A", "value": 4.5}]}, "$.predictions[0].value"),
        ({"predictions": [{"code": "A", "value": 4, "attempt": 1}]}, "$.predictions[0].attempt"),
        ({"predictions": [{"code": "A", "value": 4, "at": "x"}]}, "$.predictions[0].at"),
        ({"essays": [{"code": "A", "marks": [1, 2, 3, 4]}]}, "$.essays[0].marks"),
        ({"essays": [{"code": "A", "marks": [9]}]}, "$.essays[0].mark"),
        ({"essays": [{"code": "A", "marks": ["x"]}]}, "$.essays[0].marks[0]"),
        ({"essays": [{"code": "A", "handed_in_at": "x"}]}, "$.essays[0].handed_in_at"),
    ],
)
def test_what_is_wrong_in_one_round_is_named_by_its_place(session, parts, where):
    assert faults(session, {"people": [{"code": "A"}], **ONE_QUESTION, **parts})[0] == where


def test_everything_wrong_is_named_at_once_but_not_without_end(session):
    said = week()
    said["people"] = [{"code": str(n), "birth_date": "x"} for n in range(80)]
    assert faults(session, said) == [f"$.people[{n}].birth_date" for n in range(50)]


def test_nothing_is_left_of_an_archive_with_a_fault(engine):
    said = full()
    said["draws"] = [{"codes": ["nobody"]}]
    with pytest.raises(Faulty), db.begin() as session:
        take(session, said)
    with db.read() as session:
        for table_of in (models.Contest, models.Contestant, models.Attempt, models.Unit, models.Saying, models.Answer):
            assert session.query(table_of).count() == 0


def test_a_list_at_a_level_that_no_unit_has_is_told(session):
    said = week()
    said["settings"]["collective"] = [{"measure": "C_COUNT", "level": "xã hội"}]
    said["units"] = [{"name": "Một", "level": "tổ"}]
    (note,) = take(session, said).notes
    assert note.startswith("$.settings.collective[0].level") and "tổ" in note


def test_levels_follow_from_the_rulebook_and_from_the_tree(session):
    said = week()
    said["settings"]["unit_levels"] = ["tỉnh đoàn", "huyện đoàn"]
    said["units"] = [{"name": "c", "parent": "b"}, {"name": "b", "parent": "a"}, {"name": "a"}]
    said["places"] = [{"name": "P"}, {"name": "x", "parent": "P"}, {"name": "y", "level": "Phường"}]
    take(session, said)
    assert {unit.name: unit.level for unit in session.query(models.Unit)} == {
        "a": "tỉnh đoàn",
        "b": "huyện đoàn",
        "c": "",
        "P": "province",
        "x": "commune",
        "y": "commune",
    }


def test_rounds_stand_where_their_archive_says_or_where_its_data_and_the_clock_put_them(session):
    def round(key, year):
        return {"key": key, "opens_at": f"{year}-03-02", "closes_at": f"{year}-09-08"}

    keys = {"past": 2025, "open": 2026, "later": 2027, "sat": 2027, "said": 2027, "told": 2025, "frozen": 2025}
    said = {"settings": {"rounds": [round(key, year) for key, year in keys.items()]}}
    said["settings"]["rounds"][-1]["prediction"] = "P_PEOPLE"
    said["attempts"] = [{"code": "A", "round": "sat", "score": 1, "full": 1}]
    said["rounds"] = [
        {"key": "said", "state": "FINAL"},
        {"key": "told", "announced_at": "2025-10-01"},
        {"key": "frozen", "target": 5},
    ]
    contest = take(session, said).contest
    assert {row.key: row.state for row in contest.rounds} == {
        "past": "CLOSED",
        "open": "OPEN",
        "later": "PUBLISHED",
        "sat": "REVIEW",
        "said": "FINAL",
        "told": "ANNOUNCED",
        "frozen": "REVIEW",
    }


def test_pages_find_what_somebody_has_in_a_round(session):
    contest = take(session, example("b")).contest
    rows = {
        code: row
        for row, code in session.query(models.Participation, models.Contestant.code).join(
            models.Contestant, models.Contestant.id == models.Participation.contestant_id
        )
    }
    assert (rows["Lan"].started, rows["Lan"].valid, rows["Lan"].best_correct, rows["Lan"].prediction) == (1, 1, 8, 1250)
    assert archive.written_moment(rows["Lan"].watch_word_at) == "2026-03-06T20:41:10+07:00"
    assert contests.find(session, contest.slug) is contest


def test_a_watch_word_alone_makes_no_contestant_of_the_round(session):
    said = example("b")
    said["people"].append({"code": "Xem"})
    said["watch_words"] = [{"code": "Xem", "at": "2026-03-06 20:43"}, {"code": "Xem", "at": "2026-03-06 20:42"}]
    assert "Xem" not in [line["code"] for line in first(session, said)["ranking"]]
    kept = session.query(models.Participation).filter_by(started=0).one()
    assert archive.written_moment(kept.watch_word_at) == "2026-03-06T20:42:00+07:00"


def test_an_attempt_longer_than_somebodys_own_time_limit_ends_with_it(session):
    said = archived.week(ranking="SPEED")
    said["people"] = [{"code": code, "accommodation": percent} for code, percent in (("a", 150), ("b", 100), ("c", 0))]
    said["attempts"] = [
        {"code": code, "score": 10, "started_at": "2026-03-03 09:00", "duration_ms": 1_000_000} for code in "abc"
    ]
    (week,) = archived.results(session, said)["rounds"]
    assert archived.table(week["ranking"], "code", "duration_ms") == [("b", 600_000), ("a", 900_000), ("c", 1_000_000)]


def test_an_answer_of_a_viewer_further_behind_counts_from_when_the_turn_opened_for_them(session):
    said = {
        "slug": "truc-tiep",
        "settings": {
            "rounds": [
                {
                    "key": "r",
                    "kind": "live",
                    "opens_at": "2026-03-06 20:00",
                    "closes_at": "2026-03-06 21:00",
                    "live": {"questions": 1, "scoring": "ACCURACY_FIRST", "seconds": 20},
                }
            ]
        },
        "people": [{"code": "A"}, {"code": "B"}, {"code": "C"}],
        "turns": [{"key": "A"}],
        "attempts": [
            {"code": "A", "answers": [{"turn": 1, "a": "A", "ms": 5750}]},
            {"code": "B", "answers": [{"turn": 1, "a": "A", "ms": 5750, "shown_ms": 0, "latency_ms": 25000}]},
            {"code": "C", "answers": [{"turn": 1, "a": "A", "ms": 30750}]},
        ],
    }
    contest = take(session, said).contest
    scores = {line.code: line.score for line in archived.whole(session, contest).rounds[0].lines}
    assert scores["A"] == scores["B"] == 1749 * 60 and "C" not in scores
    again = take(session, json.loads(archived.out(session, contest)), slug="truc-tiep-2").contest
    assert {line.code: line.score for line in archived.whole(session, again).rounds[0].lines} == scores
