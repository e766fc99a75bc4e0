from datetime import timedelta

import pytest

from quizapp import models
from quizapp.models import Answer, Participation
from quizapp.rules import contest as rulebook
from quizapp.services import totals
from tests import make

FIXED = rulebook.Paper(kind="fixed", questions=("huu-tri-001", "huu-tri-002", "huu-tri-003"))


@pytest.fixture
def contest(session):
    return make.contest(session, rounds=[make.round_rules(paper=FIXED)])


@pytest.fixture
def row(session, contest):
    (row,) = contest.rounds
    make.committed(session, row, *[make.question(f"huu-tri-00{n}") for n in (1, 2, 3)])
    return row


@pytest.fixture
def hoa(session, contest):
    return make.contestant(session, contest)


def found(session, contest, row):
    return list(totals.differences(session, row, totals.marker(session, contest, row)))


def void(session, question_id, policy, also=None):
    question = session.query(models.RoundQuestion).filter_by(question_id=question_id).one()
    question.void, question.also = policy, also
    session.flush()


def test_totals_that_follow_from_the_answers_are_no_difference(session, contest, row, hoa):
    make.sat(session, row, hoa, [1, 0, None])
    assert found(session, contest, row) == []


@pytest.mark.parametrize("column", ["points", "full", "score", "answered"])
def test_a_total_that_was_tampered_with_is_found(session, contest, row, hoa, column):
    attempt = make.sat(session, row, hoa, [1, 0, None])
    setattr(attempt, column, getattr(attempt, column) + 1)
    (one,) = found(session, contest, row)
    assert not one.unmarked
    assert one.rebuilt == totals.Total(attempt.id, 60, 180, 1, 3, 2)
    assert getattr(one.stored, column) == getattr(one.rebuilt, column) + 1


@pytest.mark.parametrize(
    ("policy", "also", "points", "full", "score", "asked"),
    [
        ("GIVE_ALL", None, 120, 180, 2, 3),
        ("REMOVE", None, 60, 120, 1, 2),
        ("ACCEPT_ALSO", [0], 120, 180, 2, 3),
        ("ACCEPT_ALSO", [2], 60, 180, 1, 3),
    ],
)
def test_a_voided_question_changes_every_attempt_that_contained_it(
    session, contest, row, hoa, policy, also, points, full, score, asked
):
    attempt = make.sat(session, row, hoa, [1, 0, None])
    void(session, "huu-tri-002", policy, also)
    marker = totals.marker(session, contest, row)
    totals.keep(session, [one.rebuilt for one in totals.differences(session, row, marker)])
    session.refresh(attempt)
    assert (attempt.points, attempt.full, attempt.score, attempt.answered) == (points, full, score, 2)
    assert asked == (attempt.asked or 3)
    assert found(session, contest, row) == []
    void(session, "huu-tri-002", None)
    lifted = [one.rebuilt for one in found(session, contest, row)]
    assert lifted == ([] if also == [2] else [totals.Total(attempt.id, 60, 180, 1, 3, 2)])


def test_results_without_a_paper_open_attempts_and_other_rounds_are_passed_over(session, contest, row, hoa):
    make.sat(session, row, hoa, [1, 1, 1], paper=[], last_answers=None, points=5)
    make.sat(session, row, hoa, [1, 1, 1], no=2, handed_in_at=None, points=None)
    make.sat(session, row, hoa, [1, 1, 1], no=3, mode="live", points=7)
    assert found(session, contest, row) == []


def test_an_attempt_without_last_answers_earned_nothing(session, contest, row, hoa):
    attempt = make.sat(session, row, hoa, [None, None, None], last_answers=None)
    assert found(session, contest, row) == []
    attempt.points = 60
    assert [one.rebuilt.points for one in found(session, contest, row)] == [0]


def test_last_answers_are_compared_with_the_answers_one_by_one(session, contest, row, hoa):
    attempt = make.sat(session, row, hoa, [1, 0, None])
    other = make.sat(session, row, hoa, [1, None, None], no=2)
    archived = make.sat(session, row, hoa, [1, None, None], no=3)
    for n, (of, question, chosen, verdict) in enumerate(
        [
            (attempt, "huu-tri-001", [3], "ok"),
            (attempt, "huu-tri-001", [1], "ok"),
            (attempt, "huu-tri-002", [0], "ok"),
            (attempt, "huu-tri-003", [1], "late"),
            (other, "huu-tri-001", [2], "ok"),
        ]
    ):
        session.add(
            Answer(
                attempt_id=of.id,
                question_id=question,
                n=n + 1 if verdict == "ok" else -1,
                m=f"{n:032x}",
                chosen=chosen,
                given_at=make.OPENS + timedelta(seconds=n),
                verdict=verdict,
            )
        )
    session.flush()
    assert totals.unlike_answers(session, [attempt.id, other.id, archived.id]) == [other.id]


def test_participations_follow_from_the_valid_attempts(session, contest, row, hoa):
    first = make.sat(session, row, hoa, [1, 1, 0], seconds=200)
    best = make.sat(session, row, hoa, [1, 1, 0], seconds=100, no=2)
    make.sat(session, row, hoa, [1, 1, 1], no=3, given_back_at=make.CLOSES)
    make.sat(session, row, hoa, [1, 1, 1], no=4, invalid_reason="Dùng hai tài khoản")
    make.sat(session, row, hoa, [None, None, None], no=5)
    make.sat(session, row, hoa, [None, None, None], no=6, handed_in_at=None)
    built = list(totals.participations(session, contest, row))
    totals.keep_participations(session, built)
    kept = session.query(Participation).one()
    assert (kept.started, kept.given_back, kept.valid) == (6, 1, 2)
    assert (kept.best_attempt_id, kept.best_points, kept.best_full, kept.best_correct) == (best.id, 120, 180, 2)
    assert (kept.best_duration_ms, kept.best_submitted_at) == (100_000, best.handed_in_at)
    assert list(totals.participations(session, contest, row)) == []

    best.invalid_reason = first.invalid_reason = "Nhờ người thi hộ"
    totals.keep_participations(session, list(totals.participations(session, contest, row)))
    kept = session.query(Participation).one()
    assert (kept.best_attempt_id, kept.best_points, kept.valid) == (None, None, 0)


def test_a_changed_counting_attempt_is_kept(session, contest, row, hoa):
    first = make.sat(session, row, hoa, [1, 1, 0], seconds=200)
    best = make.sat(session, row, hoa, [1, 1, 0], seconds=100, no=2)
    totals.keep_participations(session, list(totals.participations(session, contest, row)))
    best.invalid_reason = "Nhờ người thi hộ"
    totals.keep_participations(session, list(totals.participations(session, contest, row)))
    kept = session.query(Participation).one()
    assert (kept.best_attempt_id, kept.valid, kept.best_duration_ms) == (first.id, 1, 200_000)


def test_participations_of_several_people_are_told_apart(session, contest, row, hoa):
    lan = make.contestant(session, contest, name="Trần Thị Lan")
    for who, answers in ((hoa, [1, 0, 0]), (lan, [1, 1, 0])):
        make.sat(session, row, who, answers)
    totals.keep_participations(session, list(totals.participations(session, contest, row)))
    kept = {one.contestant_id: one.best_points for one in session.query(Participation)}
    assert kept == {hoa.id: 60, lan.id: 120}


def test_a_round_that_showed_nothing_is_not_marked_yet(session, contest, row, hoa):
    make.sat(session, row, hoa, [1, 0, None], points=None, full=None, score=None)
    make.sat(session, row, hoa, [None, None, None], no=2, points=None, full=None, score=None)
    assert [(one.unmarked, one.rebuilt.points) for one in found(session, contest, row)] == [(True, 60), (True, 0)]


def test_a_round_that_nobody_sat_has_no_participations(session, contest, row):
    assert list(totals.participations(session, contest, row)) == []


def test_nothing_to_keep_is_no_step(session):
    totals.keep(session, [])
