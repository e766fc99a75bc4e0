from datetime import timedelta

import pytest

from quizapp import models
from quizapp.services import visits
from tests import make

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def nothing_waits(monkeypatch):
    visits._waiting.clear()


def test_visits_are_kept_by_the_hour_and_add_up(session):
    contest = make.contest(session)
    for moment in (make.OPENS, make.OPENS + HOUR / 2, make.OPENS + HOUR):
        visits.note(contest, now=moment)
    assert visits.waits()
    visits.keep(session)
    assert not visits.waits()
    visits.note(contest, now=make.OPENS)
    visits.keep(session)
    kept = session.query(models.VisitCount).order_by(models.VisitCount.hour)
    assert [(one.hour, one.visits) for one in kept] == [(make.OPENS, 3), (make.OPENS + HOUR, 1)]


def test_visits_of_a_contest_that_is_gone_are_forgotten(session):
    contest = make.contest(session)
    visits.note(contest, now=make.OPENS)
    visits._waiting[999_999, make.OPENS] += 5
    visits.keep(session)
    assert session.query(models.VisitCount).count() == 1
