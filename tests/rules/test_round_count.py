"""Week 1 of rulebook A, person by person, and what else a round comes to (contest-rules §18)."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from quizapp.rules import contest, snapshot
from quizapp.rules.contest import POINT, PRESETS, Words
from quizapp.rules.round_count import count_round, is_all_correct
from quizapp.rules.tally import Check, DrawResult, Node
from tests.contests import book, person, round_book, said, settings, sitting, vn, week

PRIZES = (
    contest.Prize(key="nhat", name=Words("Giải Nhất", "First prize")),
    contest.Prize(key="nhi", name=Words("Giải Nhì", "Second prize"), slots=2),
    contest.Prize(key="ba", name=Words("Giải Ba", "Third prize"), slots=3),
    contest.Prize(key="khuyen-khich", name=Words("Giải Khuyến khích", "Consolation prize"), slots=10),
)
RANKING = contest.Ranking(prize_gate=contest.PrizeGate(kind="ALL_CORRECT"), prizes=PRIZES)
WHO = contest.Who(min_age=14, involved="HORS_CONCOURS")

PEOPLE = [
    person("an", birth_date=date(1990, 5, 1)),
    person("binh", birth_date=date(1985, 5, 1)),
    person("chi", birth_date=date(2000, 5, 1)),
    person("dung", birth_date=date(1999, 5, 1)),
    person("em", birth_date=date(2011, 5, 1)),
    person("giang", birth_date=date(2012, 6, 1)),
    person("hoa", birth_date=date(1970, 5, 1)),
    person("phuc", birth_date=date(1980, 5, 1), status="HORS_CONCOURS"),
]
SITTINGS = [
    sitting("an", vn("02/3", "09:10:00"), vn("02/3", "09:15:12.400"), 9),
    sitting("an", vn("04/3", "20:00:00"), vn("04/3", "20:03:41.250"), 10, no=2),
    sitting("an", vn("05/3", "20:00:00"), vn("05/3", "20:02:10.900"), 10, no=3),
    sitting("binh", vn("03/3", "12:00:00"), vn("03/3", "12:04:55.000"), 10),
    sitting("chi", vn("08/3", "21:55:00"), vn("08/3", "22:00:00.000"), 10, by="auto"),
    sitting("dung", vn("02/3", "08:00:05"), vn("02/3", "08:01:52.310"), 10),
    sitting("em", vn("06/3", "07:30:00"), vn("06/3", "07:33:00.000"), 10),
    sitting("giang", vn("07/3", "19:00:00"), vn("07/3", "19:06:30.000"), 10),
    sitting("hoa", vn("07/3", "21:00:00"), vn("07/3", "21:02:30.000"), 9),
    sitting("phuc", vn("02/3", "10:00:00"), vn("02/3", "10:02:00.000"), 10),
]
PREDICTED = {
    "an": 4_300,
    "binh": 4_324,
    "chi": 4_312,
    "dung": 3_000,
    "em": 4_300,
    "giang": 4_312,
    "hoa": 4_312,
    "phuc": 4_312,
}
LAST = {one.code: one for one in SITTINGS}
SAID = [said(code, value, vn("08/3", "12:00"), LAST[code].id) for code, value in PREDICTED.items()]


def counted(
    ranking=RANKING, people=PEOPLE, sittings=SITTINGS, guesses=SAID, target=4_312, essays=None, more=None, **changes
):
    one = week(ranking=ranking, **changes)
    rules = settings(one, who=WHO, one_prize_per="CONTEST")
    received = round_book("tuan-1", sittings, guesses, target=target, essays=essays or {})
    return count_round(rules, one, book(people, received, **(more or {})), received)


def prizes(result):
    return {one.code: one.prize for one in result.awards}


# ── The table of week 1 ─────────────────────────────────────────────────────────────────────────────────────────


def test_week_1_of_rulebook_a_row_by_row():
    rows = [
        (one.rank, one.code, one.score // POINT, one.distance, one.duration_ms, one.below_gate)
        for one in counted().lines
    ]
    assert rows == [
        (1, "chi", 10, 0, 300_000, False),
        (2, "an", 10, 12, 130_900, False),
        (3, "em", 10, 12, 180_000, False),
        (4, "binh", 10, 12, 295_000, False),
        (5, "dung", 10, 1_312, 107_310, False),
        (6, "hoa", 9, 0, 150_000, True),
    ]


def test_each_row_says_what_decided_it():
    decided = [one.decided_by for one in counted().lines]
    assert decided == ["", "prediction_distance", "duration", "duration", "prediction_distance", "score"]


def test_who_is_too_young_or_hors_concours_appears_nowhere():
    result = counted(target=None)
    assert result.invalid == {"giang-1": "too-young"}
    assert {"giang", "phuc"}.isdisjoint(one.code for one in result.lines)
    assert result.target == 5 and result.target_rows == 6  # of the eight shown, five of six who count
    assert (result.figures.people, result.figures.attempts, result.figures.all_correct) == (6, 8, 5)
    assert (result.figures.hors_people, result.figures.hors_attempts) == (1, 1)
    assert (result.figures.registered, result.figures.started) == (7, 8)


def test_prizes_follow_the_ranking_and_stop_at_the_gate():
    assert prizes(counted()) == {"chi": "nhat", "an": "nhi", "em": "nhi", "binh": "ba", "dung": "ba"}


def test_when_a_winner_is_refused_the_next_move_up_and_the_target_stays():
    refused = {"checks": (Check(code="chi", scope="tuan-1", outcome="REFUSED", reason="giấy tờ không khớp"),)}
    result = counted(more=refused)
    assert result.target == 4_312
    assert prizes(result) == {"an": "nhat", "em": "nhi", "binh": "nhi", "dung": "ba"}
    assert [one.rank for one in result.lines] == [1, 2, 3, 4, 5, 6]


def test_under_prediction_earliest_the_earlier_attempt_counts_and_decides():
    result = counted(replace(RANKING, keys=PRESETS["PREDICTION_EARLIEST"]))
    assert [one.code for one in result.lines] == ["chi", "binh", "an", "em", "dung", "hoa"]
    assert {one.code: one.sitting for one in result.lines}["an"] == "an-2"
    assert {one.code: one.sitting for one in counted().lines}["an"] == "an-3"


# ── Target ──────────────────────────────────────────────────────────────────────────────────────────────────────


def crowd(right, wrong):
    """So many people with full score and so many without, one attempt each."""
    start = vn("04/3", "10:00")
    return [
        sitting(f"x{i:05}", start, start + timedelta(minutes=5), 10 if i < right else 7) for i in range(right + wrong)
    ]


@pytest.fixture(scope="module")
def everybody():
    """The eight people and 12 474 more: together 12 480 who count, of them 4 312 all correct."""
    others = crowd(4_307, 8_167)
    return PEOPLE + [person(one.code) for one in others], SITTINGS + others


def test_the_target_is_counted_over_everybody_who_counts(everybody):
    people, sittings = everybody
    result = counted(people=people, sittings=sittings, target=None)
    assert (result.target, result.target_rows) == (4_312, 12_480)
    assert [one.code for one in result.lines[:5]] == ["chi", "an", "em", "binh", "dung"]
    assert (result.figures.people, result.figures.attempts) == (12_480, 12_482)


@pytest.mark.parametrize(
    ("code", "decimals", "target"),
    [("P_PERCENT", 5, 3_455_128), ("P_PERCENT", 2, 3_455), ("P_PEOPLE", 2, 12_480), ("P_ATTEMPTS", 2, 12_482)],
)
def test_every_code_has_its_own_target(everybody, code, decimals, target):
    people, sittings = everybody
    asked = contest.Prediction(target=code, decimals=decimals)
    assert counted(people=people, sittings=sittings, target=None, prediction=asked).target == target


def test_a_frozen_target_is_not_counted_again():
    result = counted(people=[one for one in PEOPLE if one.code != "chi"], sittings=SITTINGS[:4])
    assert result.target == 4_312 and result.lines[0].distance == 12


def test_without_a_prediction_there_is_no_target():
    result = counted(prediction=None)
    assert (result.target, result.target_rows) == (None, 0)
    assert {one.prediction for one in result.lines} == {one.distance for one in result.lines} == {None}


def test_p_live_counts_who_is_there_at_the_last_lock():
    live = {"kind": "live", "live": contest.LivePart(), "prediction": contest.Prediction(target="P_LIVE")}
    there = [
        sitting("an", vn("06/3", "20:45"), vn("06/3", "21:00"), 8, of=8),
        sitting("binh", vn("06/3", "20:45"), vn("06/3", "21:00"), 0, of=8, answered=0),
        sitting("chi", vn("06/3", "20:45"), vn("06/3", "21:00"), 7, of=8, connected=False),
        sitting("phuc", vn("06/3", "20:45"), vn("06/3", "21:00"), 8, of=8),
    ]
    result = counted(sittings=there, guesses=[], target=None, **live)
    assert (result.target, result.target_rows) == (2, 2)
    assert result.figures.people == 2


# ── Attempts, predictions, people ───────────────────────────────────────────────────────────────────────────────


def test_an_attempt_given_back_takes_its_prediction_with_it():
    back = [replace(one, given_back=True) if one.id == "an-3" else one for one in SITTINGS]
    early = said("an", 4_000, vn("04/3", "20:02"), "an-2")
    result = counted(sittings=back, guesses=[early, *SAID])
    an = next(one for one in result.lines if one.code == "an")
    assert (an.sitting, an.prediction) == ("an-2", 4_000)


def test_the_first_valid_attempt_counts_under_first():
    void = [replace(one, invalid="làm hộ") if one.id == "an-1" else one for one in SITTINGS]
    first = counted(sittings=void, counting_attempt="FIRST")
    assert next(one for one in first.lines if one.code == "an").sitting == "an-2"
    last = counted(
        counting_attempt="LAST", sittings=[replace(one, invalid="x") if one.id == "an-3" else one for one in SITTINGS]
    )
    assert next(one for one in last.lines if one.code == "an").sitting == "an-2"


def test_a_first_prediction_in_an_attempt_that_does_not_count_still_is_the_first():
    asked = contest.Prediction(prediction_scope="PER_ROUND_FIRST")
    void = [replace(one, invalid="làm hộ") if one.id == "an-1" else one for one in SITTINGS]
    guesses = [said("an", 1, vn("02/3", "09:11"), "an-1"), said("an", 2, vn("04/3", "20:01"), "an-2")]
    result = counted(sittings=void, guesses=guesses, prediction=asked)
    assert next(one for one in result.lines if one.code == "an").prediction == 1


def test_per_attempt_the_counting_attempt_brings_its_prediction():
    asked = contest.Prediction(prediction_scope="PER_ATTEMPT")
    guesses = [said("an", 1, vn("04/3", "20:01"), "an-2"), said("an", 2, vn("05/3", "20:01"), "an-3")]
    best = counted(guesses=guesses, prediction=asked)
    assert next(one for one in best.lines if one.code == "an").prediction == 2


def test_predictions_after_closing_do_not_count():
    late = [*SAID, said("em", 4_312, vn("08/3", "22:00:02"))]
    assert next(one for one in counted(guesses=late).lines if one.code == "em").prediction == 4_300


def test_who_withdraws_stays_in_totals_and_wins_nothing():
    people = [replace(one, withdrawn=True) if one.code == "chi" else one for one in PEOPLE]
    result = counted(people=people)
    assert result.figures.people == 6 and result.lines[0].code == "chi"
    assert prizes(result) == {"an": "nhat", "em": "nhi", "binh": "nhi", "dung": "ba"}


def test_people_registered_after_the_round_are_not_counted_as_registered_in_it():
    late = person("late", registered_us=round(vn("09/3").timestamp() * 1_000_000))
    assert counted(people=[*PEOPLE, late]).figures.registered == 7


def test_where_a_live_round_takes_registrations_later_they_are_counted():
    late = person("late", registered_us=round(vn("08/3", "22:30").timestamp() * 1_000_000))
    live = contest.LivePart(registration_until=vn("08/3", "23:00"))
    assert counted(people=[*PEOPLE, late], kind="live", live=live).figures.registered == 8


def test_only_people_of_the_provinces_of_a_contest_count():
    one = week()
    rules = settings(one, who=contest.Who(provinces=("24",)))
    places = (
        Node(id="1", name="Bắc Ninh", level="province", code="24"),
        Node(id="2", name="Huế", level="province", code="46"),
    )
    received = round_book(
        "tuan-1",
        [
            sitting("a", vn("03/3", "9:00"), vn("03/3", "9:01"), 5),
            sitting("b", vn("03/3", "9:00"), vn("03/3", "9:02"), 5),
        ],
    )
    result = count_round(
        rules, one, book([person("a", place="1"), person("b", place="2")], received, places=places), received
    )
    assert [one.code for one in result.lines] == ["a"] and result.invalid == {"b-1": "outside"}


def test_faults_are_named():
    four = [*SITTINGS, sitting("an", vn("06/3", "20:00"), vn("06/3", "20:01"), 10, no=4)]
    assert counted(sittings=four).faults == {"an-4": "too-many"}


def test_all_correct_is_the_full_score_of_the_own_paper():
    start = vn("03/3", "9:00")
    assert is_all_correct(sitting("a", start, start, 10))
    assert not is_all_correct(sitting("a", start, start, 9))
    assert not is_all_correct(sitting("a", start, start, 0, of=0))


def test_in_a_live_round_all_correct_is_every_question_right_however_fast():
    start = vn("03/3", "9:00")
    slow = replace(sitting("a", start, start, 10), score=5_214 * POINT, full=5_995 * POINT)
    assert is_all_correct(slow, live=True) and not is_all_correct(slow)
    assert not is_all_correct(sitting("a", start, start, 9), live=True)
    assert not is_all_correct(sitting("a", start, start, 0, of=0), live=True)


# ── Divisions, lots, essays, teams, prizes of other kinds ───────────────────────────────────────────────────────


def in_divisions(ranking, draws=()):
    one = week(ranking=ranking)
    divisions = (
        contest.Division(key="hoc-sinh", name=Words("Học sinh")),
        contest.Division(key="nguoi-lon", name=Words("Người lớn")),
    )
    rules = settings(one, who=contest.Who(divisions=divisions))
    people = [
        person("a", division="nguoi-lon"),
        person("b", division="hoc-sinh"),
        person("c", division="hoc-sinh"),
        person("d", division="gone"),
    ]
    start = vn("03/3", "9:00")
    end = {"a": 1, "b": 2, "c": 2, "d": 3}
    received = round_book("tuan-1", [sitting(code, start, start + timedelta(minutes=n), 10) for code, n in end.items()])
    return count_round(rules, one, book(people, received, draws=draws), received)


def test_divisions_are_ranked_apart():
    per_division = replace(PRIZES[0], per_division=True)
    result = in_divisions(contest.Ranking(prizes=(per_division,)))
    assert [(one.division, one.rank, one.code) for one in result.lines] == [
        ("hoc-sinh", 1, "b"),
        ("hoc-sinh", 1, "c"),
        ("nguoi-lon", 1, "a"),
        (None, 1, "d"),
    ]
    assert result.ties == (("b", "c"),)


def test_a_prize_for_all_divisions_is_given_by_one_ranking_of_everybody():
    result = in_divisions(contest.Ranking(prizes=PRIZES[:2]))
    assert [(one.code, one.prize, one.place) for one in result.awards] == [
        ("a", "nhat", 1),
        ("b", "nhi", 2),
        ("c", "nhi", 2),
    ]
    assert result.ties == () and not any(one.waits for one in result.lines)  # both have it: lots decide nothing
    one_each = in_divisions(contest.Ranking(prizes=(PRIZES[0], replace(PRIZES[1], slots=1))))
    assert one_each.ties == (("b", "c"),)
    assert [one.code for one in one_each.lines if one.waits] == ["b", "c"]


def test_a_prize_for_all_divisions_is_given_once_where_some_people_are_in_none():
    one = week(ranking=contest.Ranking(prizes=PRIZES[:1]))
    divisions = (contest.Division(key="hoc-sinh", name=Words("Học sinh")),)
    start = vn("03/3", "9:00")
    sittings = [sitting(code, start, start + timedelta(minutes=n), 10) for code, n in (("a", 2), ("b", 1))]
    received = round_book("tuan-1", sittings)
    whole = book([person("a", division="hoc-sinh"), person("b")], received)
    result = count_round(settings(one, who=contest.Who(divisions=divisions)), one, whole, received)
    assert [(award.code, award.place) for award in result.awards] == [("b", 1)]


def test_lots_drawn_for_a_tie_decide_it():
    drawn = (
        DrawResult(scope="tuan-1", prize="lot", codes=("c", "b")),
        DrawResult(scope="tuan-2", prize="lot", codes=("b", "c")),
    )
    result = in_divisions(contest.Ranking(prizes=PRIZES[:2]), drawn)
    assert [one.code for one in result.lines] == ["c", "b", "a", "d"]
    assert result.ties == ()


def test_an_essay_is_added_to_the_score_or_kept_as_a_key():
    essay = contest.EssayPart(prompt=Words("Đề bài"), max_points=5)
    marks = {"hoa": 5 * POINT, "dung": 150}
    keys = ("score", "essay_score", "duration", "lot")
    apart = counted(contest.Ranking(keys=keys), essay=essay, essays=marks)
    assert [(one.code, one.score, one.full, one.essay) for one in apart.lines][:2] == [
        ("dung", 600, 600, 150),
        ("an", 600, 600, None),
    ]
    added = counted(contest.Ranking(keys=keys), essay=replace(essay, combine="ADD"), essays=marks)
    rows = [(one.code, one.score, one.full, one.all_correct) for one in added.lines]
    assert rows[:3] == [("hoa", 840, 900, False), ("dung", 750, 900, True), ("an", 600, 900, True)]


def test_teams_of_a_live_round_are_ranked():
    live = contest.LivePart(teams=contest.Teams(best=2))
    people = [person("an", team="Đoàn A"), person("binh", team="Đoàn B")]
    there = [
        sitting(code, vn("06/3", "20:45"), vn("06/3", "21:00"), points, of=8)
        for code, points in (("an", 6), ("binh", 8))
    ]
    result = counted(people=people, sittings=there, guesses=[], kind="live", live=live)
    assert [(one.rank, one.team, one.value, one.value_of) for one in result.teams] == [
        (1, "Đoàn B", 480, 2),
        (2, "Đoàn A", 360, 2),
    ]
    assert counted().teams == ()
    assert b'"won"' not in snapshot.canonical(result)  # the same bytes as before there were prizes for teams


SURVIVED = [
    ("an", 6, 4, 40_000),
    ("binh", 6, 2, 9_000),  # came back by a rescue
    ("chi", 5, 5, 8_000),
]


def golden_bell(**changes):
    ranking = contest.Ranking(keys=PRESETS["LIVE_POINTS"], prizes=(contest.Prize(key="chuong", name=Words("Chuông")),))
    there = [
        replace(
            sitting(code, vn("06/3", "20:45"), vn("06/3", "21:00"), 0),
            score=lasted * POINT, full=6 * POINT, correct=correct, of=6, response_ms=ms,
        )
        for code, lasted, correct, ms in SURVIVED
    ]  # fmt: skip
    people = [person(code) for code, *_ in SURVIVED]
    live = contest.LivePart(questions=6, scoring="SURVIVAL")
    values = {"guesses": [], "target": None, "prediction": None, "kind": "live", "live": live}
    return counted(**{**values, "ranking": ranking, "people": people, "sittings": there, **changes})


def test_who_is_left_at_the_end_of_a_golden_bell_wins_together_whatever_was_right_or_quick():
    result = golden_bell()
    assert [(one.rank, one.code, one.waits) for one in result.lines] == [
        (1, "an", False),
        (1, "binh", False),
        (3, "chi", False),
    ]
    assert (result.ties, prizes(result)) == ((), {"an": "chuong", "binh": "chuong"})


def test_who_is_left_at_the_end_of_a_golden_bell_wins_before_who_had_more_right():
    result = golden_bell(ranking=contest.Ranking(keys=PRESETS["LIVE_FAIR"]))
    assert [(one.rank, one.code) for one in result.lines] == [(1, "an"), (1, "binh"), (3, "chi")]


def test_a_prediction_that_is_compared_decides_between_those_left_at_a_golden_bell():
    guesses = [said("an", 90, vn("06/3", "20:50")), said("binh", 100, vn("06/3", "20:50"))]
    keys = ("score", "prediction_distance", "correct", "lot")
    asked = contest.Prediction(target="P_LIVE")
    result = golden_bell(ranking=contest.Ranking(keys=keys), prediction=asked, guesses=guesses, target=100)
    assert [(one.rank, one.code) for one in result.lines] == [(1, "binh"), (2, "an"), (3, "chi")]


def test_a_prize_for_spreading_goes_to_who_brought_most_people():
    spreading = contest.Ranking(prizes=(contest.Prize(key="lan-toa", name=Words("Giải lan tỏa"), kind="SPREADING"),))
    brought = {"binh": "dung", "em": "dung", "hoa": "an", "giang": "an", "phuc": "an", "dung": "dung"}
    people = [replace(one, invited_by=brought.get(one.code)) for one in PEOPLE]
    assert prizes(counted(spreading, people=people)) == {"dung": "lan-toa"}


def test_people_who_hold_a_prize_already_are_skipped():
    one = week(ranking=RANKING)
    received = round_book("tuan-1", SITTINGS, SAID, target=4_312)
    result = count_round(settings(one, who=WHO), one, book(PEOPLE, received), received, taken={"chi", "an"})
    assert prizes(result) == {"em": "nhat", "binh": "nhi", "dung": "nhi"}


def test_the_same_input_gives_the_same_result_in_any_order():
    assert counted(people=PEOPLE[::-1], sittings=SITTINGS[::-1], guesses=SAID[::-1]) == counted()
