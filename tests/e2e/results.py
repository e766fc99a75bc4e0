"""Announced results beside the running server: for the tests of every page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from quizapp import db, models
from quizapp.rules import tally
from quizapp.rules.contest import Prize, Ranking, Words
from quizapp.rules.most import Share
from tests import make
from tests.e2e import contests

RANKING = Ranking(
    prizes=(
        Prize(key="nhat", name=Words("Giải Nhất", "First prize"), value=5_000_000),
        Prize(key="nhi", name=Words("Giải Nhì", "Second prize"), slots=2),
    )
)


def told(tail):
    """The way to a page of a round whose results were announced an hour ago."""

    def arrive(page, server):
        page.goto(f"/cuoc-thi/{announce(server)}{tail}")

    return arrive


def announce(server):
    """A contest whose round takes complaints: twelve people, of whom ada came second; gives its address part."""
    past = {"opens": -3 * contests.DAY, "closes": -2 * contests.DAY, "state": "COMPLAINTS"}
    slug = contests.hold(server, **past, ranking=RANKING)
    now = datetime.now(UTC)
    engine = db.make_engine(f"sqlite:///{server.folder / 'quiz.sqlite3'}")
    with Session(engine) as session, session.begin():
        contest = session.query(models.Contest).filter_by(slug=slug).one()
        row = contest.rounds[0]
        row.cut_at, row.announced_at, row.complaints_until = row.closes_at, now, now + 5 * contests.DAY
        row.decision_number, row.decided_on = "12/QĐ-BTC", "2026-03-10"
        ada = session.query(models.Contestant).filter_by(contest_id=contest.id).one()
        crowd = [make.contestant(session, contest, name=f"Lê Thị Hạnh {n}") for n in range(11)]
        make.consent(session, crowd[0])
        unit = make.unit(session, contest, "Công ty May 10", level="Công ty", headcount=20)
        province = Share(str(unit.id), "Ninh Bình", 12, 30)
        people = [(crowd[0], 10), (ada, 10), *((one, 8) for one in crowd[1:])]
        make.snapshot(
            session,
            row,
            people,
            [("nhat", crowd[0]), tally.Award(scope=row.key, prize="nhi", code=ada.code, place=2)],
            now=now - timedelta(hours=1),
            figures={"attempts": 30, "hors_people": 1, "hors_attempts": 2},
            numbers={"target": 2, "target_rows": 12, "most": {"province": (province,)}},
        )
    engine.dispose()
    return slug


PAGES = [
    ("results of a contest", "ada", told("/ket-qua")),
    ("results of a round", "ada", told("/ket-qua/tuan-1")),
    ("a search in a ranking", None, told("/ket-qua/tuan-1?tim=hanh")),
    ("the key of a round", None, told("/ket-qua/tuan-1/dap-an")),
    ("why somebody stands there", "ada", told("/ket-qua/tuan-1/vi-sao")),
    ("complaints", "ada", told("/khieu-nai")),
    ("complaints, not registered", None, told("/khieu-nai")),
]
