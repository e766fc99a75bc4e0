"""Essays beside the running server: a round that asks for one, and one whose essays lie with their judges."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from quizapp import db, models
from quizapp.rules import contest as rulebook
from quizapp.services import demo, essays
from tests.e2e.contests import HOUR, hold, vault_of

PART = rulebook.EssayPart(
    prompt=rulebook.Words("Vì sao nên tham gia bảo hiểm xã hội?", "Why join social insurance?"),
    min_words=3,
    max_words=50,
)
TEXT = "Bảo hiểm xã hội là chỗ dựa khi ốm đau, thai sản và khi về già."


def asked(server, **how):
    """The address part of an open contest whose round has an essay beside its paper."""
    return hold(server, essay=PART, **how)


def _in(server, slug, step):
    engine = db.make_engine(f"sqlite:///{server.folder / 'quiz.sqlite3'}")
    with Session(engine) as session, session.begin():
        contest = session.query(models.Contest).filter_by(slug=slug).one()
        made = step(session, contest, contest.rounds[0])
    engine.dispose()
    return made


def _hand_in(server, slug):
    vault, now = vault_of(server), datetime.now(UTC)

    def step(session, contest, row):
        who = session.query(models.Contestant).filter_by(contest_id=contest.id).first()
        essays.hand_in(session, vault, row, who, TEXT, now=now)

    _in(server, slug, step)


def _judged(server, judge="hana"):
    """A contest of hana's with one essay that lies with her and with otto; gives its slug and the number of hers."""
    slug = asked(server)
    _hand_in(server, slug)
    later = datetime.now(UTC)

    def step(session, contest, row):
        people = {who: demo.find(session, vault_of(server), who) for who in ("hana", "otto")}
        for who, role in (("hana", "secretariat"), ("hana", "judge"), ("otto", "judge")):
            held = {"contest_id": contest.id, "person_id": people[who].id, "role": role}
            session.add(models.ContestRole(**held, given_at=later))
        rounds = contest.settings["rounds"]
        contest.settings = {**contest.settings, "rounds": [{**rounds[0], "closes_at": (later - HOUR / 2).isoformat()}]}
        session.flush()
        essays.assign(session, contest, row, people["hana"].id, now=later)
        return (
            session.query(models.EssayMark)
            .filter_by(judge_id=people[judge].id)
            .order_by(models.EssayMark.id.desc())
            .first()
            .id
        )

    return slug, _in(server, slug, step)


def writing(page, server):
    page.goto(f"/cuoc-thi/{asked(server)}/vong/tuan-1/bai-viet")


def too_short(page, server):
    writing(page, server)
    page.fill("[name=text]", "ngắn")
    page.check("[name=ok]")
    page.locator("button[value=nop]").click()
    page.locator("#problem").wait_for()


def handed_in(page, server):
    slug = asked(server)
    _hand_in(server, slug)
    page.goto(f"/cuoc-thi/{slug}/vong/tuan-1/bai-viet")


def over(page, server):
    page.goto(f"/cuoc-thi/{asked(server, opens=-2 * HOUR, closes=-HOUR)}/vong/tuan-1/bai-viet")


def pile(page, server):
    slug, _ = _judged(server)
    page.goto(f"/to-chuc/cuoc-thi/{slug}/tu-luan")


def reading(page, server):
    slug, mark = _judged(server)
    page.goto(f"/to-chuc/cuoc-thi/{slug}/tu-luan/bai/{mark}")


def refused(page, server):
    reading(page, server)
    page.fill("[name=diem]", "99")
    page.locator("main button.go").click()
    page.locator("#diem-error").wait_for()


PAGES = [
    ("an essay to write", "ada", writing),
    ("an essay too short", "ada", too_short),
    ("an essay handed in", "ada", handed_in),
    ("an essay after closing", "ada", over),
]
STAFF_PAGES = [
    ("essays to judge", "hana", pile),
    ("an essay to mark", "hana", reading),
    ("a mark refused", "hana", refused),
]
