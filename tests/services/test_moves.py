from quizapp import models
from quizapp.services import moves
from tests import make


def unit(session, contest, name, now):
    made = models.Unit(contest_id=contest.id, name=name, made_at=now)
    session.add(made)
    session.flush()
    return made


def test_where_somebody_was_is_kept_when_they_go(session, now):
    contest = make.contest(session)
    one, other = unit(session, contest, "Một", now), unit(session, contest, "Hai", now)
    ada = make.contestant(session, contest, unit_id=one.id)
    before = moves.belongs(ada)
    ada.unit_id = other.id
    moves.note(session, ada, before, own=True, now=now)
    (kept,) = session.query(models.Move)
    assert (kept.contestant_id, kept.unit_id, kept.place_id, kept.own, kept.at) == (ada.id, one.id, None, True, now)


def test_who_stays_leaves_nothing(session, now):
    ada = make.contestant(session, make.contest(session))
    moves.note(session, ada, moves.belongs(ada), own=False, now=now)
    assert session.query(models.Move).count() == 0
