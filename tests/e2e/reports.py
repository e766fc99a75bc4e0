"""Pages with figures, papers and certificates of a contest beside the running server: for the tests of every page."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from quizapp import db, models
from quizapp.services import demo
from tests import make
from tests.e2e import contests, results


def organized(server, slug):
    """Give hana the desk of a contest and ada one unit to follow; gives the slug."""
    now = datetime.now(UTC)
    engine = db.make_engine(f"sqlite:///{server.folder / 'quiz.sqlite3'}")
    with Session(engine) as session, session.begin():
        contest = session.query(models.Contest).filter_by(slug=slug).one()
        firm = make.unit(session, contest, "Công ty Dệt may", level="Công ty", headcount=90, target_people=20)
        team = make.unit(session, contest, "Tổ may số 1", firm, level="Tổ", target_attempts=15)
        for n, one in enumerate(session.query(models.Contestant).filter_by(contest_id=contest.id)):
            one.unit_id, one.age_from = (team.id if n % 2 else firm.id), (25 if n % 3 else None)
        vault = contests.vault_of(server)
        for who, role, unit in (("hana", "secretariat", None), ("ada", "focal", firm.id)):
            person = demo.find(session, vault, who)
            held = {"contest_id": contest.id, "person_id": person.id, "role": role, "unit_id": unit}
            session.add(models.ContestRole(**held, given_at=now))
    engine.dispose()
    return slug


def running(tail):
    """The way to an organizers' page of a contest that five people have sat."""

    def arrive(page, server):
        page.goto(f"/to-chuc/cuoc-thi/{organized(server, contests.hold(server, crowd=5))}{tail}")

    return arrive


def told(tail, base="/to-chuc/cuoc-thi/"):
    """The way to a page of a contest whose round was announced."""

    def arrive(page, server):
        page.goto(f"{base}{organized(server, results.announce(server))}{tail}")

    return arrive


PAGES = [
    ("public figures, open", None, lambda page, site: page.goto(f"/cuoc-thi/{contests.hold(site, crowd=3)}/thong-ke")),
    ("public figures, announced", None, told("/thong-ke", "/cuoc-thi/")),
    ("my certificates", "ada", told("/giay-chung-nhan", "/cuoc-thi/")),
    ("check a certificate", None, "/kiem-tra"),
    ("no such certificate", None, "/kiem-tra/CN-0000-0000-0000"),
]
STAFF_PAGES = [
    ("dashboard of a running contest", "hana", running("/bao-cao")),
    ("dashboard of an announced contest", "hana", told("/bao-cao?vong=tuan-1")),
    ("dashboard without attempts", "hana", running("/bao-cao?ngay=2020-01-01")),
    ("questions of a round", "hana", told("/bao-cao/cau-hoi")),
    ("targets of all units", "hana", running("/dau-moi")),
    ("targets of one's own unit", "ada", running("/dau-moi")),
    ("official papers", "hana", told("/van-ban")),
]
