from datetime import date, datetime, timedelta

import msgspec

from quizapp import models
from quizapp.rules import contest as rulebook
from quizapp.rules.tally import Node
from quizapp.services import books
from tests import make
from tests.make import OPENS, VAULT


def attempt(session, contest, who, no=1, *, key="tuan-1", points=600, handed_in=True, **changes):
    """An attempt of the round: ten questions, all right, three minutes."""
    row = next(one for one in contest.rounds if one.key == key)
    begun = changes.pop("begun", OPENS + timedelta(hours=no))
    made = models.Attempt(
        id=f"{who.id:016x}{row.id:08x}{no:08x}",
        mode="contest",
        token_hash=f"{who.id}/{row.id}/{no}",
        started_at=begun,
        handed_in_at=begun + timedelta(minutes=3) if handed_in else None,
        handed_in_by="self",
        round_id=row.id,
        contestant_id=who.id,
        no=no,
        paper=[{"q": f"huu-tri-{n:03}", "v": 1, "o": [0, 1]} for n in range(10)],
        points=points,
        full=600,
        score=points // 60,
        answered=10,
        **changes,
    )
    session.add(made)
    session.flush()
    return made


def test_an_empty_contest_is_an_empty_book(session):
    found = books.book(session, VAULT, make.contest(session, rounds=2))
    assert found.contestants == ()
    assert [one.key for one in found.rounds] == ["tuan-1", "tuan-2"]
    assert found.rounds[0].sittings == found.rounds[0].said == ()
    assert found.rounds[0].target is None
    assert found.units == found.places == found.checks == found.draws == found.announced == ()


def test_people_stand_by_code_and_a_birth_date_is_opened_where_the_rules_need_it(session):
    contest = make.contest(session, who=rulebook.Who(min_age=14))
    sealed = VAULT.seal("1990-02-01", table="contestant", column="birth", row="B")
    second = make.contestant(session, contest, birth_sealed=sealed, birth_known="month", code="B")
    make.contestant(session, contest, code="A", invited_by_id=second.id, accommodation=150, division="a", team="Đoàn 1")
    first, second = books.book(session, VAULT, contest).contestants
    assert (first.code, first.birth_date, first.invited_by, first.accommodated) == ("A", None, "B", True)
    assert (first.division, first.team, first.withdrawn, first.conditions) == ("a", "Đoàn 1", False, None)
    assert (second.code, second.birth_date, second.invited_by, second.accommodated) == (
        "B",
        date(1990, 2, 1),
        None,
        False,
    )


def test_birth_dates_stay_sealed_where_nothing_is_counted_from_them(session):
    contest = make.contest(session)
    make.contestant(session, contest, birth_sealed=b"not opened", code="A")
    assert books.book(session, VAULT, contest).contestants[0].birth_date is None


def test_a_prize_for_the_youngest_needs_birth_dates(session):
    youngest = rulebook.Prize(key="tre", name=rulebook.Words("Trẻ nhất"), kind="YOUNGEST")
    overall = rulebook.Overall(ranking=rulebook.Ranking(prizes=(youngest,)))
    contest = make.contest(session, overall=(overall,))
    sealed = VAULT.seal("2004-02-29", table="contestant", column="birth", row="A")
    make.contestant(session, contest, birth_sealed=sealed, code="A")
    assert books.book(session, VAULT, contest).contestants[0].birth_date == date(2004, 2, 29)


def test_somebody_may_be_barred_from_a_round_or_from_all(session, now):
    contest = make.contest(session)
    barred = {"*": "hai tài khoản", "tuan-1": "gian lận"}
    make.contestant(session, contest, code="A", barred_rounds=barred, withdrawn_at=now)
    found = books.book(session, VAULT, contest).contestants[0]
    assert (found.barred, found.barred_rounds, found.withdrawn) == ("hai tài khoản", {"tuan-1": "gian lận"}, True)


def test_sittings_stand_by_code_and_number_with_the_figures_of_their_paper(session, now):
    contest = make.contest(session)
    bob = make.contestant(session, contest, code="B")
    ada = make.contestant(session, contest, code="A")
    attempt(session, contest, bob, 1, points=540)
    attempt(session, contest, ada, 2, given_back_at=now, invalid_reason="thi hộ")
    attempt(session, contest, ada, 1, asked=9, response_ms=1200, connected=False)
    attempt(session, contest, ada, 3, handed_in=False)
    first, second, third = books.book(session, VAULT, contest).rounds[0].sittings
    assert [(one.code, one.no) for one in (first, second, third)] == [("A", 1), ("A", 2), ("B", 1)]
    assert (first.of, first.response_ms, first.connected) == (9, 1200, False)
    assert (second.given_back, second.invalid, second.of, second.connected) == (True, "thi hộ", 10, True)
    assert (third.score, third.full, third.correct, third.duration_ms) == (540, 600, 9, 180_000)


def test_words_said_keep_the_order_in_which_they_came(session, now):
    contest = make.contest(session)
    ada, bob = make.contestant(session, contest, code="B"), make.contestant(session, contest, code="A")
    for who, value in ((ada, 1), (bob, 5), (ada, 2), (ada, None)):
        session.add(models.Saying(round_id=contest.rounds[0].id, contestant_id=who.id, value=value, said_at=now))
    session.flush()
    said = books.book(session, VAULT, contest).rounds[0].said
    assert [(one.code, one.value) for one in said] == [("A", 5), ("B", 1), ("B", 2), ("B", None)]


def unit(session, contest, name, now, **changes):
    made = models.Unit(contest_id=contest.id, name=name, made_at=now, **changes)
    session.add(made)
    session.flush()
    return made


def test_a_merged_unit_is_the_one_it_became_with_everything_below_it(session, now):
    contest = make.contest(session)
    whole = unit(session, contest, "Liên đoàn", now, level="liên đoàn", headcount=120)
    typed = unit(session, contest, "Lien doan", now, typed=True)
    worse = unit(session, contest, "LĐ", now, typed=True, merged_into_id=typed.id)
    below = unit(session, contest, "Tổ 1", now, parent_id=worse.id)
    typed.merged_into_id = whole.id
    ada = make.contestant(session, contest, code="A", unit_id=worse.id)
    attempt(session, contest, ada, unit_id=typed.id)
    found = books.book(session, VAULT, contest)
    assert found.units == (
        Node(id=str(whole.id), name="Liên đoàn", level="liên đoàn", headcount=120),
        Node(id=str(below.id), name="Tổ 1", level="", parent=str(whole.id)),
    )
    assert found.contestants[0].unit == found.rounds[0].sittings[0].unit == str(whole.id)


def test_units_merged_in_a_circle_end_somewhere(session, now):
    contest = make.contest(session)
    one, other = unit(session, contest, "Một", now), unit(session, contest, "Hai", now)
    one.merged_into_id, other.merged_into_id = other.id, one.id
    assert books.book(session, VAULT, contest).units == ()


def test_places_are_a_tree_of_their_own(session, now):
    contest = make.contest(session)
    province = unit(session, contest, "Hà Nội", now, tree="place", level="province", code="01")
    make.contestant(session, contest, code="A", place_id=province.id)
    found = books.book(session, VAULT, contest)
    assert found.places == (Node(id=str(province.id), name="Hà Nội", level="province", code="01"),)
    assert (found.units, found.contestants[0].place) == ((), str(province.id))


def live_round(**live):
    return make.round_rules("truc-tiep", kind="live", live=rulebook.LivePart(**live))


def test_formal_conditions_are_met_by_the_watch_word_and_registration_in_time(session):
    until = datetime.fromisoformat("2026-03-06T21:00:00+07:00")
    strict = live_round(watch_word_until=until, registration_until=until + timedelta(hours=1))
    contest = make.contest(session, rounds=(make.round_rules("tuan-1"), strict))
    row = contest.rounds[1]

    def person(code, word, registered):
        made = make.contestant(session, contest, code=code, now=registered)
        session.add(models.Participation(round_id=row.id, contestant_id=made.id, watch_word_at=word))
        session.flush()

    second = timedelta(seconds=1)
    person("in-time", until, until)
    person("late-word", until + second, until)
    person("no-word", None, until)
    person("late-registration", until, until + timedelta(hours=1) + second)
    found = {one.code: one.conditions for one in books.book(session, VAULT, contest).contestants}
    assert found["in-time"] == {"tuan-1", "truc-tiep"}
    assert found["late-word"] == found["no-word"] == found["late-registration"] == {"tuan-1"}


def test_a_round_may_ask_for_registration_only(session):
    until = datetime.fromisoformat("2026-03-06T22:00:00+07:00")
    contest = make.contest(session, rounds=(live_round(registration_until=until),))
    make.contestant(session, contest, code="A", now=until)
    make.contestant(session, contest, code="B", now=until + timedelta(seconds=1))
    assert [one.conditions for one in books.book(session, VAULT, contest).contestants] == [{"truc-tiep"}, set()]


def test_a_target_counts_once_it_is_frozen(session, now):
    contest = make.contest(session, rounds=2)
    first, second = contest.rounds
    first.target, first.frozen_at, second.target = 4312, now, 99
    assert [one.target for one in books.book(session, VAULT, contest).rounds] == [4312, None]


def test_checks_say_how_much_was_announced_when_they_were_made(session, now):
    contest = make.contest(session, rounds=2, overall=(rulebook.Overall(),))
    one, two, whole = contest.rounds
    one.announced_at, two.announced_at = now, now + timedelta(days=7)
    ada, bob = make.contestant(session, contest, code="B"), make.contestant(session, contest, code="A")

    def check(row, who, outcome, at):
        session.add(
            models.WinnerCheck(round_id=row.id, contestant_id=who.id, outcome=outcome, reason="x", checked_at=at)
        )

    check(whole, ada, "CONFIRMED", None)
    check(one, ada, "REFUSED", now + timedelta(days=8))
    check(one, bob, "DECLINED", now + timedelta(days=1))
    check(two, bob, "", now)
    session.flush()
    found = books.book(session, VAULT, contest)
    assert found.announced == ("tuan-1", "tuan-2")
    assert [(c.scope, c.code, c.outcome, c.after) for c in found.checks] == [
        ("tuan-1", "A", "DECLINED", 1),
        ("tuan-1", "B", "REFUSED", 2),
        ("chung", "B", "CONFIRMED", 0),
    ]


def test_only_draws_that_were_held_and_stand_count(session, now):
    contest = make.contest(session)
    row = contest.rounds[0]

    def lots(prize, **changes):
        session.add(models.Lots(round_id=row.id, prize=prize, plan={}, planned_at=now, **changes))

    lots("may-man", result={"codes": ["B", "A"]}, held_at=now)
    lots("lot")
    lots("lot", result={"codes": ["C"]}, held_at=now, cancelled_at=now)
    session.flush()
    (found,) = books.book(session, VAULT, contest).draws
    assert (found.scope, found.prize, found.codes) == ("tuan-1", "may-man", ("B", "A"))


def test_essays_count_once_they_are_handed_in_and_marked(session, now):
    contest = make.contest(session)
    row = contest.rounds[0]

    def essay(code, mark, handed_in):
        who = make.contestant(session, contest, code=code)
        session.add(
            models.Essay(round_id=row.id, contestant_id=who.id, saved_at=now, mark=mark, handed_in_at=handed_in)
        )

    essay("B", 270, now)
    essay("A", 300, now)
    essay("C", 300, None)
    essay("D", None, now)
    session.flush()
    assert list(books.book(session, VAULT, contest).rounds[0].essays.items()) == [("A", 300), ("B", 270)]


def test_one_person_is_seen_as_in_the_book(session, now):
    contest = make.contest(session, who=rulebook.Who(min_age=14))
    whole = unit(session, contest, "Liên đoàn", now)
    sealed = VAULT.seal("2011-02-28", table="contestant", column="birth", row="A")
    row = make.contestant(
        session,
        contest,
        code="A",
        birth_sealed=sealed,
        unit_id=whole.id,
        place_id=whole.id,
        status="HORS_CONCOURS",
        barred_rounds={"tuan-1": "thi hộ", "*": "hai tài khoản"},
        distance_m=1200,
    )
    in_book = books.book(session, VAULT, contest).contestants[0]
    assert books.contestant(VAULT, row) == msgspec.structs.replace(in_book, place=str(whole.id))
