"""A round after its closing beside the running server, with something in every list of the secretariat's desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from sqlalchemy.orm import Session

from quizapp import db, models
from quizapp.rules.flags import Flag
from quizapp.rules.undrawn import Undrawn
from quizapp.services import complaints, demo, flags, sanctions, stages, winner_checks
from quizapp.services.complaints import Wish
from tests import closed
from tests.e2e import contests, results

HOME = "/to-chuc/cuoc-thi"


def busy(server, state="COMPLAINTS"):
    """An announced contest of hana's and kim's: a complaint, a flag, a tie to be drawn, a proposal, winners asked."""
    slug = results.announce(server)
    vault, now = contests.vault_of(server), datetime.now(UTC)
    engine = db.make_engine(f"sqlite:///{server.folder / 'quiz.sqlite3'}")
    with Session(engine) as session, session.begin():
        contest = session.query(models.Contest).filter_by(slug=slug).one()
        (row,) = contest.rounds
        hana, kim, ada = (demo.find(session, vault, who) for who in ("hana", "kim", "ada"))
        for one in (hana, kim):
            closed.secretariat(session, contest, one)
        mine = session.query(models.Contestant).filter_by(contest_id=contest.id, person_id=ada.id).one()
        others = session.query(models.Contestant).filter(
            models.Contestant.contest_id == contest.id, models.Contestant.id != mine.id
        )
        tied = others.order_by(models.Contestant.id).limit(2).all()
        wish = Wish("score", row.key, "Điểm của tôi chưa đúng.", "0912 345 671")
        complaints.make(session, vault, contest, mine, wish, now=now)
        about = Flag("too-fast", (mine.code,), (), {"of": 10, "seconds": 9})
        flags.keep(session, row, [about], now=now)
        waits = Undrawn(
            name="lot",
            kind="order",
            prize="nhat",
            division=None,
            codes=tuple(sorted(one.code for one in tied)),
            winners=2,
        )
        kept = session.query(models.Snapshot).filter_by(round_id=row.id).one()
        found = {"undrawn": msgspec.to_builtins([waits])}
        session.add(models.Tallying(round_id=row.id, asked_at=now, ended_at=now, snapshot_id=kept.id, found=found))
        winner_checks.ask(session, contest, row, hana.id, now=now)
        sanctions.warn(session, contest, mine, "Nhìn bài bên cạnh", hana.id, now=now, row=row)
        stages.propose_back(session, contest, row, "Thiếu biên bản", kim.id, now=now + timedelta(seconds=1))
        row.state = state
        code = mine.code
    engine.dispose()
    return slug, code


def at(tail, **how):
    """The way to a page of the desk; `{code}` is ada's."""

    def arrive(page, server):
        slug, code = busy(server, **how)
        page.goto(f"{HOME}/{slug}{tail.format(code=code)}")

    return arrive


def noticed(page, server):
    """The way to what a contest has to say to ada."""
    page.goto(f"/cuoc-thi/{busy(server)[0]}/thong-bao")


PAGES = [("notices", "ada", noticed)]
STAFF_PAGES = [
    ("the desk of a round", "hana", at("/vong/tuan-1")),
    ("the desk in review", "hana", at("/vong/tuan-1", state="REVIEW")),
    ("the desk of a final round", "hana", at("/vong/tuan-1", state="FINAL")),
    ("a ranking with names", "hana", at("/vong/tuan-1/bang/1")),
    ("two results side by side", "hana", at("/vong/tuan-1/so-sanh?truoc=1&sau=1")),
    ("a contestant at the desk", "hana", at("/vong/tuan-1/thi-sinh?ma={code}")),
    ("proposals and the log", "hana", at("/thay-doi")),
    ("the register of complaints", "hana", at("/khieu-nai")),
    ("a complaint", "hana", at("/khieu-nai/1")),
    ("flags", "hana", at("/canh-bao")),
    ("draws", "hana", at("/boc-tham")),
]
