"""The ready rulebooks say exactly what the worked rulebooks A, B and C say (contest-rules §18)."""

from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace

from quizapp.rules import model_rulebooks as models
from quizapp.rules.closing_phrase import read
from quizapp.rules.contest import PRESETS, Ranking, Rescue, Settings, Words, from_json, to_json
from quizapp.rules.timing import VIETNAM
from tests import make

MONDAY = date(2026, 3, 2)


def at(*parts):
    return datetime(*parts, tzinfo=VIETNAM)


def test_the_weekly_contest_says_what_rulebook_a_says():
    rules = models.weekly(MONDAY)
    assert rules.name.vi == 'Cuộc thi trực tuyến "Tìm hiểu Luật Bảo hiểm xã hội năm 2024"'
    assert (rules.who.min_age, rules.who.age_on, rules.who.involved) == (14, "ATTEMPT", "HORS_CONCOURS")
    asked = {name: value for name, value in to_json(rules)["who"]["fields"].items() if value not in ("off", False)}
    assert asked == {
        **dict.fromkeys(("full_name", "birth_date", "phone", "identity_number", "address", "unit"), "required"),
        "phone_confirmed": True,
    }
    assert [one.key for one in rules.rounds] == ["tuan-1", "tuan-2", "tuan-3", "tuan-4"]
    for number, week in enumerate(rules.rounds):
        later = timedelta(days=7 * number)
        assert (week.opens_at, week.closes_at) == (at(2026, 3, 2, 8) + later, at(2026, 3, 8, 22) + later)
        assert read(week.closes_phrase) == week.closes_at
        assert (week.close_policy, week.max_attempts, week.counting_attempt) == ("CUT", 3, "BEST")
        assert [line.count for line in week.paper.blueprint] == [3, 3, 2, 2]
        assert {line.points for line in week.paper.blueprint} == {1}
        assert (week.paper.kind, week.paper.bank, week.paper.time_limit) == ("drawn", 60, 600)
        assert (week.prediction.target, week.prediction.prediction_scope) == ("P_ALLCORRECT", "PER_ROUND_LAST")
        assert week.ranking.keys == PRESETS["PREDICTION_DURATION"]
        assert (week.ranking.prize_gate.kind, week.ranking.gate_fallback) == ("ALL_CORRECT", "LEAVE_EMPTY")
        assert [(one.name.vi, one.slots) for one in week.ranking.prizes] == [
            ("Giải Nhất", 1),
            ("Giải Nhì", 2),
            ("Giải Ba", 3),
            ("Giải Khuyến khích", 10),
        ]
    assert rules.one_prize_per == "CONTEST"
    by_count, by_rate = rules.collective
    assert (by_count.measure, by_count.level, by_count.slots) == ("C_COUNT", "province", 3)
    assert (by_rate.measure, by_rate.level, by_rate.slots, by_rate.min_headcount) == ("C_RATE", "Đơn vị", 3, 50)
    assert (rules.results_days, rules.complaint_days) == (7, 5)


def test_the_livestream_says_what_rulebook_b_says():
    rules = models.livestream(MONDAY)
    (live,) = rules.rounds
    assert (rules.who.min_age, rules.who.involved, rules.results_days) == (15, "HORS_CONCOURS", 5)
    assert (live.kind, live.opens_at, live.closes_at) == ("live", at(2026, 3, 6, 20), at(2026, 3, 6, 21, 15))
    part = live.live
    assert (part.questions, part.seconds, part.change_in_window, part.join_until, part.scoring) == (
        8,
        20,
        False,
        1,
        "FLAT",
    )
    assert sum(line.count for line in live.paper.blueprint) == 8
    assert (part.watch_word_until, part.registration_until) == (at(2026, 3, 6, 21), at(2026, 3, 6, 22))
    assert (live.prediction.target, live.prediction.prediction_scope, part.prediction_after) == (
        "P_LIVE",
        "PER_ROUND_FIRST",
        4,
    )
    assert live.ranking.keys == PRESETS["LIVE_FAIR"]
    assert [(one.kind, one.slots, one.least_correct) for one in live.ranking.prizes] == [
        ("RANKED", 1, 0),
        ("RANKED", 2, 0),
        ("RANKED", 3, 0),
        ("LUCKY", 20, 6),
    ]
    (communes,) = rules.collective
    assert (communes.measure, communes.level, communes.rate_per, communes.min_headcount, communes.slots) == (
        "C_RATE",
        "commune",
        1000,
        1000,
        3,
    )


def test_the_conference_says_what_rulebook_c_says():
    rules = models.conference(MONDAY)
    one, two, bell = rules.rounds
    asked = {name for name, value in to_json(rules)["who"]["fields"].items() if value == "required"}
    assert rules.who.on_list_only and asked == {"full_name", "delegate_code"}
    assert [r.opens_at for r in rules.rounds] == [at(2026, 3, 2, 9), at(2026, 3, 2, 13, 30), at(2026, 3, 2, 16)]
    for part in (one, two):
        assert (part.live.questions, part.live.seconds, part.live.free_ms) == (5, 20, 1000)
        assert (part.live.scoring, part.live.change_in_window) == ("ACCURACY_FIRST", True)
    assert (bell.live.scoring, bell.live.questions) == ("SURVIVAL", 20)
    assert bell.live.rescues == (Rescue(after=8), Rescue(after=14, best=10))
    assert bell.live.reserves > 0 and bell.ranking.tie_policy == "SHARE"
    (both,) = rules.overall
    assert both.rounds == ("phan-1", "phan-2")
    assert both.ranking.keys == ("correct", "score", "response_time", "lot")
    assert sum(prize.slots for prize in both.ranking.prizes) == 3
    assert (both.teams.best, both.teams.policy, both.teams.slots) == (5, "MISSING_ZERO", 1)


@pytest.mark.parametrize("model", models.MODELS, ids=lambda model: model.key)
@pytest.mark.parametrize("day", [MONDAY + timedelta(days=n) for n in range(8)])
def test_a_ready_rulebook_begins_on_the_first_fitting_day(model, day):
    rules = model.make(day)
    first = rules.rounds[0].opens_at.date()
    assert day <= first <= day + timedelta(days=6)
    assert {"tuan": first.weekday() == 0, "livestream": first.weekday() == 4, "hoi-nghi": first.weekday() < 5}[
        model.key
    ]
    assert from_json(to_json(rules)) == rules
    assert model.make(day) == rules


def test_last_years_contest_moves_by_whole_weeks_and_keeps_its_weekdays():
    last = replace(models.livestream(date(2025, 3, 3)), witnesses=("bao@example.org",))
    weeks = models.weeks_until(last, MONDAY)
    now = models.moved(last, weeks)
    assert now.rounds[0].opens_at == at(2026, 3, 6, 20) and now.rounds[0].opens_at.weekday() == 4
    assert now.rounds[0].closes_phrase == "đến 21 giờ 15 ngày 06/3/2026"
    assert now.rounds[0].live.watch_word_until == at(2026, 3, 6, 21)
    assert now.rounds[0].live.registration_until == at(2026, 3, 6, 22)
    assert now.witnesses == ()
    assert replace(now, rounds=()) == replace(last, rounds=(), witnesses=())


def test_moving_leaves_out_what_was_left_out():
    rules = make.contest_rules(1)
    moved = models.moved(rules, 2)
    assert (moved.rounds[0].closes_phrase, moved.rounds[0].live) == ("", None)
    without = replace(models.conference(MONDAY).rounds[0], key="x")
    again = models.moved(replace(rules, rounds=(without,)), 1).rounds[0].live
    assert (again.watch_word_until, again.registration_until) == (None, None)


@pytest.mark.parametrize(
    ("day", "weeks"), [(date(2026, 3, 2), 0), (date(2026, 3, 3), 1), (date(2026, 3, 9), 1), (date(2026, 2, 23), -1)]
)
def test_no_more_weeks_than_the_day_asks(day, weeks):
    assert models.weeks_until(models.weekly(MONDAY), day) == weeks


def test_without_rounds_there_is_nothing_to_move():
    empty = Settings(name=Words("Tên"), organizer=Words("Đơn vị"))
    assert models.weeks_until(empty, MONDAY) == 0
    assert models.moved(empty, 5) == empty
    assert empty.rounds == () and Ranking().prizes == ()
