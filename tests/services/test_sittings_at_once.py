"""Two hundred starts of one person at the same moment begin exactly as many attempts as the rulebook allows, on either
database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from quizapp import db, models
from quizapp.errors import Conflict
from quizapp.services import quizzes, round_papers, sittings
from quizapp.services.sittings import Device
from tests import make
from tests.programs import postgres, postgres_url  # noqa: F401

MOST = 3
AT_ONCE = 200
START = make.OPENS + timedelta(hours=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    url = f"sqlite:///{tmp_path / 'quiz.sqlite3'}"
    engine = db.connect(request.getfixturevalue("postgres_url") if request.param == "postgresql" else url)
    models.Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def entry(database):
    """Somebody registered in an open round; the ids of both."""
    with db.begin() as session:
        make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 41)))
        contest = make.contest(session, (make.round_rules(max_attempts=MOST),))
        row = contest.rounds[0]
        round_papers.commit(session, make.VAULT, contest, row, now=make.MADE)
        return row.id, make.contestant(session, contest).id


def start(entry, n, *, hand_in):
    """One start, in a transaction of its own; says which attempt it gave, if any."""
    with db.begin() as session:
        row, who = session.get(models.Round, entry[0]), session.get(models.Contestant, entry[1])
        moment = START + timedelta(milliseconds=n)
        try:
            attempt = sittings.start(session, make.VAULT, row, who, Device(f"{n:032x}", ""), now=moment).attempt
        except Conflict:
            return None
        if hand_in:
            quizzes.hand_in(session, attempt, now=moment)
        return attempt.id


def starts(entry, **how):
    with ThreadPoolExecutor(20) as pool:
        return list(pool.map(lambda n: start(entry, n, **how), range(AT_ONCE)))


def kept():
    with db.read() as session:
        attempts = session.query(models.Attempt).order_by(models.Attempt.no).all()
        return [(one.no, one.deal_no) for one in attempts], session.query(models.Participation).one().started


def test_starts_that_hand_in_at_once_begin_exactly_the_attempts_allowed(entry):
    given = starts(entry, hand_in=True)
    assert len([one for one in given if one]) == len({one for one in given if one}) == MOST
    assert kept() == ([(n, n) for n in range(1, MOST + 1)], MOST)


def test_starts_while_one_is_open_all_go_on_with_it(entry):
    assert len(set(starts(entry, hand_in=False))) == 1
    assert kept() == ([(1, 1)], 1)
