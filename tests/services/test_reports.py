"""People, attempts and sums over rounds are never mixed, and what a page shows costs the same however many look."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from quizapp.models import Attempt, Contestant, Delegate, VisitCount, new_id
from quizapp.rules.spread import Share
from quizapp.services import reports
from quizapp.services.reports import Completion, Scope
from tests import make

DAY = timedelta(days=1)
ALL = Scope()


@pytest.fixture(autouse=True)
def _nothing_kept():
    reports._kept.clear()
    reports._kept_days.clear()


@pytest.fixture
def contest(session):
    made = make.contest(session, rounds=2)
    make.committed(session, made.rounds[0], *(make.question(f"huu-tri-{n:03}") for n in range(1, 5)))
    make.committed(session, made.rounds[1], *(make.question(f"huu-tri-{n:03}") for n in range(1, 5)))
    return made


def live(session, contest, scope=ALL, now=make.CLOSES):
    session.flush()
    return reports.live(session, contest, scope, now=now, anew=True)


# ── Counting ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_example_of_the_rules_reads_2380_people_with_8300_attempts(session):
    contest = make.contest(session, rounds=3)
    people = [
        {
            "contest_id": contest.id,
            "code": f"C{n}",
            "name": "Người Thi",
            "search": "",
            "status": "ELIGIBLE",
            "registered_at": make.MADE,
            "barred_rounds": {},
        }
        for n in range(2380)
    ]
    session.execute(insert(Contestant), people)
    ids = [one.id for one in session.query(Contestant).order_by(Contestant.id)]
    weeks = [(ids[:1200], 100), (ids[930:], 200), (ids[:1300], 100)]  # everybody sits twice, so many three times
    for row, (who, thrice) in zip(contest.rounds, weeks, strict=True):
        session.execute(insert(Attempt), [run for n, id in enumerate(who) for run in runs(row, id, 2 + (n < thrice))])
    assert [shortly(live(session, contest, Scope(row.key))) for row in contest.rounds] == [
        (1200, 2500),
        (1450, 3100),
        (1300, 2700),
    ]
    found = live(session, contest)
    assert shortly(found) == (2380, 8300) and found.figures.people_of_rounds == 3950


def shortly(found):
    return found.figures.people, found.figures.attempts


def runs(row, contestant_id, count):
    for no in range(1, count + 1):
        yield {
            "id": new_id(),
            "mode": "contest",
            "token_hash": new_id(),
            "holder": "",
            "past_holders": [],
            "paper": [],
            "started_at": row.opens_at,
            "handed_in_at": row.opens_at + timedelta(minutes=5),
            "round_id": row.id,
            "contestant_id": contestant_id,
            "no": no,
            "answered": 1,
            "points": 60,
            "full": 600,
        }


def test_only_what_counts_is_counted(session, contest, now):
    row, other = contest.rounds
    ada, bob, chi = (make.contestant(session, contest, name=f"Nguyễn {n}") for n in "ABC")
    hors = make.contestant(session, contest, name="Nguyễn H", status="HORS_CONCOURS")
    out = make.contestant(session, contest, name="Nguyễn X", status="EXCLUDED")
    make.sat(session, row, ada, [1, 1, 1, 1])
    make.sat(session, row, ada, [1, 1, 0, 0], no=2)
    make.sat(session, row, bob, [None] * 4)  # no answer saved
    make.sat(session, row, bob, [1, 1, 1, 1], no=2, invalid_reason="Chép bài")
    make.sat(session, row, bob, [1, 1, 1, 1], no=3, given_back_at=now)
    make.sat(session, row, chi, [1, 0, 0, 0], handed_in_at=None)
    make.sat(session, row, hors, [1, 1, 1, 1])
    make.sat(session, row, out, [1, 1, 1, 1])
    make.sat(session, other, bob, [1, 1, 1, 0], started=other.opens_at)
    figures = live(session, contest, Scope(row.key)).figures
    assert (figures.registered, figures.started, figures.attempts, figures.people) == (3, 5, 2, 1)
    assert (figures.all_correct, figures.hors_attempts, figures.hors_people) == (1, 1, 1)
    whole = live(session, contest).figures
    assert (whole.people, whole.attempts, whole.people_of_rounds, whole.all_correct) == (2, 3, 2, 1)


def test_people_barred_from_a_round_or_from_all_are_left_out(session, contest):
    row, other = contest.rounds
    one = make.contestant(session, contest, barred_rounds={row.key: "Gian lận"})
    everywhere = make.contestant(session, contest, barred_rounds={"*": "Gian lận"})
    free = make.contestant(session, contest)
    for who in (one, everywhere, free):
        make.sat(session, row, who, [1, 1, 1, 1])
        make.sat(session, other, who, [1, 1, 1, 1], started=other.opens_at)
    assert shortly(live(session, contest, Scope(row.key))) == (1, 1)
    assert shortly(live(session, contest, Scope(other.key))) == (2, 2)
    found = live(session, contest)
    assert shortly(found) == (2, 3) and sum(found.spread.hours.values()) == 3


@pytest.mark.parametrize(("how", "scores"), [("BEST", {"10": 1}), ("FIRST", {"2": 1}), ("LAST", {"5": 1})])
def test_the_score_is_that_of_the_attempt_that_counts(session, how, scores):
    contest = make.contest(session, rounds=[make.round_rules(counting_attempt=how)])
    row = contest.rounds[0]
    make.committed(session, row, *(make.question(f"huu-tri-{n:03}") for n in range(1, 5)))
    ada = make.contestant(session, contest)
    for no, right in enumerate((1, 4, 2), 1):
        make.sat(session, row, ada, [1] * right + [0] * (4 - right), no=no)
    assert live(session, contest, Scope(row.key)).spread.scores == scores


def test_without_marks_yet_there_are_no_scores(session, contest):
    make.sat(session, contest.rounds[0], make.contestant(session, contest), [1] * 4, points=None, full=None)
    found = live(session, contest)
    assert found.spread.scores == {} and found.figures.people == 1


def test_rounds_that_count_in_different_ways_are_shown_by_the_best(session):
    rules = [make.round_rules("mot", counting_attempt="FIRST"), make.round_rules("hai", counting_attempt="LAST")]
    contest = make.contest(session, rounds=rules)
    row = contest.rounds[0]
    make.committed(session, row, *(make.question(f"huu-tri-{n:03}") for n in range(1, 5)))
    ada = make.contestant(session, contest)
    make.sat(session, row, ada, [1, 0, 0, 0])
    make.sat(session, row, ada, [1, 1, 1, 1], no=2)
    assert live(session, contest).spread.scores == {"10": 1}


def test_a_list_over_rounds_alone_has_no_attempts(session, contest):
    assert live(session, contest, Scope("khong-co")).figures.people == 0


# ── Spread ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_everything_is_spread_by_what_the_record_says(session, contest):
    row = contest.rounds[0]
    firm = make.unit(session, contest, "May 10")
    typed = make.unit(session, contest, "may 10", typed=True, merged_into_id=firm.id)
    place = make.unit(session, contest, "Xã A", tree="place")
    ada = make.contestant(session, contest, unit_id=firm.id, place_id=place.id, age_from=25, division="cb")
    bob = make.contestant(session, contest, unit_id=typed.id)
    make.sat(session, row, ada, [1, 1, 1, 1], device_kind="phone")
    make.sat(session, row, ada, [1, 0, 0, 0], no=2, started=make.OPENS + DAY, device_kind="computer")
    make.sat(session, row, bob, [1, 1, 0, 0], started=make.OPENS + DAY + timedelta(hours=16), device_kind="phone")
    found = live(session, contest)
    assert found.spread.units == {str(firm.id): Share(2, 3)}
    assert found.spread.places == {str(place.id): Share(1, 2), "": Share(1, 1)}
    assert found.spread.divisions == {"cb": Share(1, 2), "": Share(1, 1)}
    assert found.spread.days == {
        "2026-03-02": Share(1, 1),
        "2026-03-03": Share(1, 1),
        "2026-03-04": Share(1, 1),  # after midnight in Viet Nam
    }
    assert found.spread.hours == {"0": 1, "8": 2} and found.spread.scores == {"10": 1, "5": 1}
    assert found.ages == {25: Share(1, 2), None: Share(1, 1)}
    assert found.devices == {"phone": Share(2, 2), "computer": Share(1, 1)}


def test_a_day_has_the_attempts_that_began_on_it(session, contest):
    row = contest.rounds[0]
    ada = make.contestant(session, contest)
    make.sat(session, row, ada, [1, 1, 1, 1])
    make.sat(session, row, ada, [1, 1, 1, 1], no=2, started=make.OPENS + DAY)
    session.add(VisitCount(contest_id=contest.id, hour=make.OPENS, visits=7))
    session.add(VisitCount(contest_id=contest.id, hour=make.OPENS + DAY, visits=2))
    found = live(session, contest, Scope(row.key, date(2026, 3, 3)))
    assert shortly(found) == (1, 1) and list(found.spread.days) == ["2026-03-03"] and found.visits == 2
    assert live(session, contest).visits == 9


def test_a_day_that_is_over_stays_as_it_was(session, contest):
    row = contest.rounds[0]
    firm = make.unit(session, contest, "May 10")
    typed = make.unit(session, contest, "may 10", merged_into_id=firm.id)
    ada, bob = make.contestant(session, contest, unit_id=firm.id), make.contestant(session, contest, unit_id=typed.id)
    make.sat(session, row, ada, [1, 1, 1, 1])
    make.sat(session, row, bob, [1, 1, 1, 1])
    make.sat(session, row, ada, [1, 1, 1, 1], no=2, started=make.OPENS + DAY)
    make.sat(session, row, make.contestant(session, contest), [1, 1, 1, 1])
    assert reports.by_unit(session, contest, [row.key], make.OPENS + DAY) == {
        str(firm.id): Share(2, 2),
        "": Share(1, 1),
    }
    assert reports.by_unit(session, contest, ["khong-co"], make.OPENS + DAY) == {}
    make.sat(session, row, bob, [1, 1, 1, 1], no=2)
    assert reports.by_unit(session, contest, [row.key], make.OPENS + DAY)[str(firm.id)] == Share(2, 2)  # as kept


# ── Keeping ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_figures_are_kept_and_one_caller_is_told_to_work_them_out_anew(session, contest):
    row, now = contest.rounds[0], make.CLOSES
    first = reports.live(session, contest, ALL, now=now)
    make.sat(session, row, make.contestant(session, contest), [1, 1, 1, 1])
    assert reports.live(session, contest, ALL, now=now + timedelta(minutes=1)) is first
    assert not reports.is_due(session, contest, ALL, now=now + timedelta(seconds=4))
    late = now + timedelta(minutes=1)
    assert reports.is_due(session, contest, ALL, now=late) and not reports.is_due(session, contest, ALL, now=late)
    reports.given_up(session, contest, ALL)
    assert reports.is_due(session, contest, ALL, now=late)
    assert reports.live(session, contest, ALL, now=late, anew=True).figures.people == 1
    assert reports.live(session, contest, ALL, now=late).figures.people == 1


def test_old_figures_are_shown_to_nobody(session, contest):
    first = reports.live(session, contest, ALL, now=make.CLOSES)
    assert reports.live(session, contest, ALL, now=make.CLOSES + reports.OLDEST) is not first
    assert reports.live(session, contest, ALL, now=make.CLOSES) is not first


def test_what_was_never_asked_for_is_never_due(session, contest):
    assert not reports.is_due(session, contest, ALL, now=make.CLOSES)
    reports.given_up(session, contest, ALL)


def test_only_so_many_scopes_are_kept(session, contest, monkeypatch):
    monkeypatch.setattr(reports, "_KEPT_SCOPES", 2)
    for n in range(4):
        reports.live(session, contest, Scope("tuan-1", date(2026, 3, 2 + n)), now=make.CLOSES)
    assert len(reports._kept) == 2


# ── Questions ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_person_counts_once_for_a_question_and_drop_off_is_seen_by_place(session, contest):
    row = contest.rounds[0]
    ada, bob = make.contestant(session, contest), make.contestant(session, contest)
    make.sat(session, row, ada, [1, 0, None, None])
    make.sat(session, row, ada, [1, 1, 1, 1], no=2)
    make.sat(session, row, bob, [0, 1, 1, None])
    make.sat(session, row, make.contestant(session, contest, status="HORS_CONCOURS"), [1, 1, 1, 1])
    make.sat(session, row, make.contestant(session, contest), [1] * 4, last_answers=None)
    found = reports.questions(session, contest, row)
    assert [(one.question.id, one.people, one.right) for one in found.lines] == [
        ("huu-tri-001", 2, 1),
        ("huu-tri-002", 2, 1),
        ("huu-tri-003", 2, 1),
        ("huu-tri-004", 2, 0),
    ]
    assert (found.attempts, found.reached, found.sampled) == (4, (3, 3, 2, 1), False)
    assert found.lines[0].share == 0.5


def test_an_option_let_in_later_counts_as_right_too(session, contest):
    row = contest.rounds[0]
    make.sat(session, row, make.contestant(session, contest), [3, 0, 0, 0])
    session.query(make.models.RoundQuestion).filter_by(round_id=row.id, question_id="huu-tri-001").one().also = [3]
    session.flush()
    assert reports.questions(session, contest, row).lines[0].right == 1


def test_of_very_many_people_a_part_is_looked_at(session, contest, monkeypatch):
    monkeypatch.setattr(reports, "SAMPLE", 2)
    for _ in range(3):
        make.sat(session, contest.rounds[0], make.contestant(session, contest), [1, 1, 1, 1])
    found = reports.questions(session, contest, contest.rounds[0])
    assert found.sampled and found.attempts == 2 and found.lines[0].people == 2


def test_a_round_that_nobody_sat_has_no_shares(session, contest):
    found = reports.questions(session, contest, contest.rounds[0])
    assert found.reached == () and found.lines[0].share == 0.0


# ── Completion, small numbers ───────────────────────────────────────────────────────────────────────────────────


def test_completion_is_against_the_list(session, contest):
    row = contest.rounds[0]
    ada, bob = make.contestant(session, contest), make.contestant(session, contest)
    make.sat(session, row, ada, [1, 1, 1, 1])
    assert reports.completion(session, contest) == ()
    for n, (team, who) in enumerate([("Lớp A", ada), ("Lớp A", bob), ("Lớp B", None)]):
        session.add(
            Delegate(contest_id=contest.id, code=str(n), name="X", team=team, contestant_id=who.id if who else None)
        )
    session.flush()
    assert reports.completion(session, contest) == (
        Completion("", 3, 2, 1),
        Completion("Lớp A", 2, 2, 1),
        Completion("Lớp B", 1, 0, 0),
    )


def test_a_single_small_number_is_not_given_away_by_the_sum():
    assert reports.shown([40, 4, 21]) == [True, False, False]
    assert reports.shown([40, 21]) == [True, True] and reports.shown([]) == []
