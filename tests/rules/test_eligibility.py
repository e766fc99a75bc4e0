from datetime import date

import pytest

from quizapp.rules import contest
from quizapp.rules.eligibility import birthday, day_of, first_day, is_old_enough, opening_day, provinces_of, reason
from quizapp.rules.tally import Node
from tests.contests import person, settings, sitting, us, vn, week

FOURTEEN = contest.Who(min_age=14)


def why(contestant, start=None, who=FOURTEEN, provinces=None):
    start = start or vn("07/3", "19:00")
    rules = settings(week(), who=who)
    return reason(contestant, sitting(contestant.code, start, start, 10), rules, rules.rounds[0], provinces)


@pytest.mark.parametrize(
    ("born", "day", "enough"),
    [
        (date(2012, 3, 7), date(2026, 3, 7), True),  # the birthday itself is enough
        (date(2012, 3, 8), date(2026, 3, 7), False),
        (date(2012, 2, 29), date(2026, 2, 28), False),
        (date(2012, 2, 29), date(2026, 3, 1), True),  # counted on 1 March where there is no 29th
        (date(2010, 2, 28), date(2024, 2, 28), True),
        (date(1900, 1, 1), date(2026, 1, 1), True),
    ],
)
def test_somebody_is_old_enough_from_the_birthday_on(born, day, enough):
    assert is_old_enough(born, 14, day) is enough


def test_who_was_born_on_29_february_has_a_birthday_on_that_day_in_leap_years():
    assert birthday(date(2008, 2, 29), 16) == date(2024, 2, 29)
    assert birthday(date(2008, 2, 29), 14) == date(2022, 3, 1)


def test_an_incomplete_date_counts_as_its_first_day():
    assert first_day(2012) == date(2012, 1, 1)
    assert first_day(2012, 3) == date(2012, 3, 1)
    assert first_day(2012, 3, 9) == date(2012, 3, 9)
    assert first_day(2012, None, 9) == date(2012, 1, 1)


def test_age_is_checked_on_the_day_of_the_start_in_viet_nam():
    turns_fourteen_on_7_march = person("g", birth_date=date(2012, 3, 7))
    assert why(turns_fourteen_on_7_march, vn("06/3", "23:59:59.999999")) == "too-young"
    assert why(turns_fourteen_on_7_march, vn("07/3", "00:00")) == ""
    # half past midnight in Viet Nam is still the day before in Greenwich
    assert day_of(us(vn("07/3", "00:30"))) == date(2026, 3, 7)


def test_age_may_be_checked_on_the_day_the_contest_opens_instead():
    on_opening = contest.Who(min_age=14, age_on="OPENING")
    assert why(person("g", birth_date=date(2012, 3, 7)), who=on_opening) == "too-young"
    assert why(person("g", birth_date=date(2012, 3, 2)), who=on_opening) == ""


def test_the_contest_opens_with_its_earliest_round():
    assert opening_day(settings(week("tuan-2", "09/3", "15/3"), week())) == date(2026, 3, 2)


def test_nobody_is_too_young_where_no_age_or_no_date_was_asked_for():
    assert why(person("a", birth_date=date(2020, 1, 1)), who=contest.Who()) == ""
    assert why(person("a")) == ""


def test_what_people_decided_comes_before_what_is_computed():
    child = date(2020, 1, 1)
    assert why(person("a", status="EXCLUDED", barred="x", birth_date=child)) == "excluded"
    assert why(person("a", barred="khai hộ", birth_date=child)) == "barred"
    assert why(person("a", barred_rounds={"tuan-1": "khai hộ"}, birth_date=child)) == "barred-round"
    assert why(person("a", barred_rounds={"tuan-2": "khai hộ"})) == ""
    assert why(person("a", status="HORS_CONCOURS")) == ""


TREE = (
    Node(id="1", name="Bắc Ninh", level="province", code="24"),
    Node(id="2", name="Xã A", level="commune", parent="1"),
    Node(id="3", name="Huế", level="province", code="46"),
    Node(id="4", name="Phường B", level="commune", parent="3"),
    Node(id="5", name="Nơi khác", level="province"),
    Node(id="6", name="Xã lạc", level="commune", parent="9"),
    Node(id="7", name="Xã vòng", level="commune", parent="8"),
    Node(id="8", name="Xã tròn", level="commune", parent="7"),
)


def test_a_place_lies_in_the_province_above_it():
    assert provinces_of(TREE) == {"1": "24", "2": "24", "3": "46", "4": "46"}


def test_a_contest_of_provinces_is_for_those_who_live_or_work_there():
    here = contest.Who(provinces=("24",))
    of = provinces_of(TREE)
    assert why(person("a", place="2"), who=here, provinces=of) == ""
    assert why(person("a", place="4"), who=here, provinces=of) == "outside"
    assert why(person("a", place="4", unit="7"), who=here, provinces=of) == ""  # works or studies there
    assert why(person("a", place="5"), who=here, provinces=of) == ""  # unknown: proved at the award
    assert why(person("a"), who=here, provinces=of) == ""
    assert why(person("a", place="4"), provinces=of) == ""
