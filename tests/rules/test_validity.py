from datetime import date

import pytest

from quizapp.rules import contest
from quizapp.rules.tally import Node
from quizapp.rules.validity import check
from tests.contests import person, settings, sitting, us, vn, week


def checked(sittings, people=None, one=None, who=None):
    one = one or week()
    rules = settings(one, who=who or contest.Who())
    people = people or [person(code) for code in {each.code for each in sittings}]
    return check(rules, one, {each.code: each for each in people}, sittings)


def attempt(code="ada", start="09:00", end="09:05", points=10, no=1, day="03/3", **changes):
    return sitting(code, vn(day, start), vn(day, end), points, no, **changes)


def ids(attempts):
    return {code: [one.id for one in theirs] for code, theirs in attempts.items()}


def test_an_attempt_that_was_handed_in_with_an_answer_is_valid():
    found = checked([attempt(), attempt(no=2, by="auto"), attempt("bob", points=0)])
    assert ids(found.valid) == {"ada": ["ada-1", "ada-2"], "bob": ["bob-1"]}
    assert (found.people, found.attempts, found.started) == (2, 3, 3)
    assert found.invalid == found.faults == found.hors == {}


def test_an_attempt_without_any_answer_is_no_attempt():
    found = checked([attempt(answered=0, points=0), attempt(no=2)])
    assert found.invalid == {"ada-1": "no-answer"} and found.faults == {}
    assert ids(found.valid) == {"ada": ["ada-2"]}
    assert (found.attempts, found.started) == (1, 2)


def test_an_attempt_that_was_declared_void_does_not_count():
    found = checked([attempt(invalid="nhờ người làm hộ")])
    assert found.invalid == {"ada-1": "void"} and found.faults == {}
    assert (found.people, found.attempts, found.started) == (0, 0, 1)


def test_an_attempt_that_was_given_back_never_happened():
    found = checked([attempt(given_back=True), attempt(no=2)])
    assert found.invalid == {}
    assert ids(found.valid) == ids(found.happened) == {"ada": ["ada-2"]}
    assert found.started == 1


def test_attempts_of_people_hors_concours_stand_on_a_line_of_their_own():
    people = [person("ada", status="HORS_CONCOURS"), person("bob")]
    found = checked([attempt(), attempt("bob"), attempt("bob", no=2, answered=0)], people)
    assert ids(found.hors) == {"ada": ["ada-1"]} and ids(found.valid) == {"bob": ["bob-1"]}
    assert (found.people, found.attempts, found.started, found.connected) == (1, 1, 2, 1)


def test_people_who_may_not_take_part_have_no_valid_attempt():
    people = [person("ada", birth_date=date(2012, 3, 4)), person("bob", status="EXCLUDED")]
    found = checked([attempt(), attempt(day="04/3", no=2), attempt("bob")], people, who=contest.Who(min_age=14))
    assert found.invalid == {"ada-1": "too-young", "bob-1": "excluded"}
    assert ids(found.valid) == {"ada": ["ada-2"]}  # old enough on the next day
    assert found.started == 1 and found.faults == {}


def test_the_province_follows_from_the_tree_of_places():
    one = week()
    rules = settings(one, who=contest.Who(provinces=("24",)))
    people = {"ada": person("ada", place="1"), "bob": person("bob", place="2")}
    found = check(rules, one, people, [attempt(), attempt("bob")], {"1": "24", "2": "46"})
    assert found.invalid == {"bob-1": "outside"}
    assert Node(id="1", name="", level="").code == ""


def test_an_attempt_of_nobody_is_a_fault():
    found = checked([attempt("mallory")], [person("ada")])
    assert found.invalid == found.faults == {"mallory-1": "unknown"}
    assert (found.started, found.connected) == (0, 0)


# ── Number of attempts ──────────────────────────────────────────────────────────────────────────────────────────


def test_attempts_beyond_the_number_allowed_are_a_fault_and_do_not_count():
    found = checked([attempt(no=no) for no in (4, 3, 2, 1)])
    assert found.invalid == found.faults == {"ada-4": "too-many"}
    assert ids(found.valid) == {"ada": ["ada-1", "ada-2", "ada-3"]}


def test_an_attempt_is_used_from_its_start_unless_it_was_given_back():
    used = [attempt(no=1, answered=0), attempt(no=2, invalid="x"), attempt(no=3), attempt(no=4)]
    assert checked(used).faults == {"ada-4": "too-many"}
    back = [attempt(no=1, given_back=True), attempt(no=2), attempt(no=3), attempt(no=4)]
    assert checked(back).faults == {}


def test_attempts_may_be_without_number():
    found = checked([attempt(no=no) for no in range(1, 8)], one=week(max_attempts=None))
    assert found.attempts == 7


# ── Time ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("start", "day", "inside"),
    [
        ("07:59:59.999999", "02/3", False),
        ("08:00", "02/3", True),
        ("21:59:59.999999", "08/3", True),
        ("22:00", "08/3", False),
    ],
)
def test_an_attempt_starts_inside_the_half_open_window(start, day, inside):
    found = checked([attempt(start=start, end="23:00", day=day)])
    assert (found.invalid == {}) is inside
    assert inside or found.faults == {"ada-1": "not-in-window"}


def test_a_live_round_is_opened_and_closed_by_its_host():
    live = week(kind="live", live=contest.LivePart())
    found = checked([attempt(start="07:00", end="23:00", day="08/3")], one=live)
    assert found.invalid == {} and found.valid["ada"][0].submitted_us == us(vn("08/3", "23:00"))


def test_an_attempt_is_handed_in_at_its_deadline_at_the_latest():
    within_grace = attempt(end="09:10:01.999")
    found = checked([within_grace, attempt("bob", end="09:10:02")])
    assert found.valid["ada"][0].duration_ms == found.valid["bob"][0].duration_ms == 600_000
    assert found.faults == {"bob-1": "late"} and found.invalid == {}
    assert checked([attempt(end="09:10")]).valid["ada"][0] == attempt(end="09:10")


def test_an_attempt_that_is_open_at_closing_is_cut_there():
    found = checked([attempt(start="21:55", end="22:00:01", day="08/3")])
    assert found.valid["ada"][0].submitted_us == us(vn("08/3", "22:00"))
    assert found.valid["ada"][0].duration_ms == 300_000
    assert found.faults == {}


def test_under_finish_an_attempt_keeps_its_time_past_closing():
    finish = week(close_policy="FINISH")
    found = checked(
        [attempt(start="21:55", end="22:04", day="08/3"), attempt("bob", "21:55", "22:06", day="08/3")], one=finish
    )
    assert found.valid["ada"][0].duration_ms == 540_000
    assert found.valid["bob"][0].duration_ms == 600_000


def test_more_time_ends_at_closing_only():
    people = [person("ada", accommodated=True)]
    assert checked([attempt(end="09:40")], people).valid["ada"][0].duration_ms == 2_400_000
    at_closing = [attempt(start="21:55", end="22:20", day="08/3")]
    assert checked(at_closing, people).valid["ada"][0].duration_ms == 300_000
    finish = week(close_policy="FINISH")
    assert checked(at_closing, people, one=finish).valid["ada"][0].duration_ms == 1_500_000


def test_an_essay_may_take_days():
    essay = week(kind="essay", essay=contest.EssayPart(prompt=contest.Words("Đề")))
    written = sitting("ada", vn("02/3", "09:00"), vn("06/3", "09:00"), 0, of=0, answered=1)
    assert checked([written], one=essay).valid["ada"] == [written]


def test_nothing_is_handed_in_before_it_starts():
    found = checked([attempt(start="09:05", end="09:00")])
    assert found.invalid == found.faults == {"ada-1": "backwards"}


# ── Live ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_is_there_at_the_last_lock_counts_for_the_prediction_having_answered_or_not():
    people = [
        person("ada"),
        person("bob"),
        person("hana", status="HORS_CONCOURS"),
        person("otto", barred="x"),
        person("eve"),
    ]
    found = checked(
        [
            attempt(answered=0),
            attempt("bob", connected=False),
            attempt("hana"),
            attempt("otto"),
            attempt("eve", invalid="x"),
        ],
        people,
        one=week(kind="live", live=contest.LivePart()),
    )
    assert found.connected == 1
    assert ids(found.valid) == {"bob": ["bob-1"]}
