"""Two hundred entries of one person at the same moment are one attempt, on either database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from quizapp import db, models
from quizapp.services import entering
from tests import make
from tests.programs import postgres, postgres_url  # noqa: F401

AT_ONCE = 200
START = make.OPENS + timedelta(hours=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def room(request, tmp_path):
    """The room of an open round with somebody registered, and a delegate who is not yet."""
    url = f"sqlite:///{tmp_path / 'quiz.sqlite3'}"
    engine = db.connect(request.getfixturevalue("postgres_url") if request.param == "postgresql" else url)
    models.Base.metadata.create_all(engine)
    with db.begin() as session:
        make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 9)))
        hana, ada = make.person(session, "hana"), make.person(session, "ada")
        contest = make.contest(session, [make.live_rules()], owner=hana)
        make.consent(session, make.contestant(session, contest, ada))
        session.add(models.Delegate(contest_id=contest.id, code="DB-01", name="Trần Văn Khải"))
        room_id, person_id = make.contest_room(session, contest, hana).id, ada.id
    yield room_id, person_id
    engine.dispose()


def at_once(enter):
    with ThreadPoolExecutor(20) as pool:
        return set(pool.map(lambda n: enter(START + timedelta(milliseconds=n)), range(AT_ONCE)))


def kept():
    with db.read() as session:
        attempts = session.query(models.Attempt).all()
        return [(one.no, one.name) for one in attempts], session.query(models.Participation).one().started


def test_entries_by_registration_are_one_attempt(room):
    def enter(now):
        with db.begin() as session:
            show = session.get(models.Show, room[0])
            return entering.enter(session, make.VAULT, show, room[1], now=now)[0].id

    assert len(at_once(enter)) == 1
    assert kept() == ([(1, "Nguyễn Thị Hoa")], 1)


def test_entries_by_badge_are_one_contestant_with_one_attempt(room):
    def enter(now):
        with db.begin() as session:
            show = session.get(models.Show, room[0])
            how = {"take_over": True, "agreed": ("take_part",)}
            return entering.enter_by_badge(session, make.VAULT, show, "DB-01", now=now, **how)[0].id

    assert len(at_once(enter)) == 1
    assert kept() == ([(1, "Trần Văn Khải")], 1)
