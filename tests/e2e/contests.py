"""Contests made beside the running server, which knows them at once; and what their attempts hold."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from quizapp import db, models
from quizapp.rules import contest as rulebook
from quizapp.services import banks, contests, demo, quizzes, round_papers, sittings
from quizapp.services.sittings import Device
from quizapp.services.vault import Vault
from tests import make
from tests.e2e import records

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LINES = (
    rulebook.BlueprintLine(topic="huu-tri", count=3),
    rulebook.BlueprintLine(topic="bhxh-tu-nguyen", count=2),
)


def vault_of(server):
    """The keys of a server's personal data."""
    lines = (server.folder / "secrets.env").read_text().splitlines()
    kept = dict(line.split("=", 1) for line in lines if "=" in line)
    return Vault.of(kept["FIELD_KEY"].strip(), kept["TAG_KEY"].strip())


def hold(server, *, opens=-HOUR, closes=DAY, registered=("ada",), crowd=0, state="PUBLISHED", **changes):
    """A published contest of one round of five questions, with these of the demo's people and a crowd of others who sat
    it already; gives its address part."""
    slug = f"cuoc-thi-{secrets.token_hex(4)}"
    vault, now = vault_of(server), datetime.now(UTC)
    engine = db.make_engine(f"sqlite:///{server.folder / 'quiz.sqlite3'}")
    with Session(engine) as session, session.begin():
        limit = changes.pop("time_limit", 600)
        paper = rulebook.Paper(blueprint=LINES, questions=_few(session), time_limit=limit)
        week = make.round_rules(**{"opens_at": now + opens, "closes_at": now + closes, "paper": paper, **changes})
        rules = make.contest_rules((week,))
        contest = contests.create(session, vault, slug, rules, None, now=now)
        contest.published_at = now
        row = contest.rounds[0]
        row.state = state
        round_papers.commit(session, vault, contest, row, now=now)
        for who in registered:
            enter(session, vault, contest, demo.find(session, vault, who))
        for n in range(crowd):
            _sit(session, vault, contest, n, now - HOUR / 2)
    engine.dispose()
    return slug


def paper(server, attempt):
    """The questions of an attempt in their order, each with the order of its options."""
    dealt = json.loads(records.row(server, "SELECT paper FROM attempt WHERE id = ?", attempt)["paper"])
    asked = "SELECT content FROM round_question JOIN attempt USING (round_id) WHERE attempt.id = ? AND question_id = ?"
    return [
        json.loads(records.row(server, asked, attempt, place["q"])["content"]) | {"order": place["o"]}
        for place in dealt
    ]


def page_of(tail="", *, after=(), **how):
    """The way to a page of a new contest; then these selectors are clicked."""

    def arrive(page, server):
        page.goto(f"/cuoc-thi/{hold(server, **how)}{tail}")
        for selector in after:
            page.locator(selector).first.click()

    return arrive


def in_attempt(tail="", *, handed_in=False, **how):
    """The way to a page of an attempt just started, or handed in with one answer."""

    def arrive(page, server):
        page_of("/vong/tuan-1", after=("#bat-dau [name=ok]", "#bat-dau button"), **how)(page, server)
        page.wait_for_url("**/thi/*")
        address = page.url.partition("?")[0]
        if handed_in:
            _answer(page)
            page.goto(f"{address}/xem-lai")
            page.locator("#hand-in button").click()
            page.wait_for_url("**/ket-qua")
        elif tail:
            page.goto(f"{address}{tail}")

    return arrive


def _answer(page):
    """Answer the question on the page, whatever its kind, and wait until that is kept."""
    page.locator("[data-send]:visible").wait_for()
    if page.locator("[name=v]").count():
        page.locator("[name=v]").fill("1")
        page.locator("[name=v]").blur()
    else:
        page.locator("[data-options] :is(label[for^=o-], [data-move=down])").first.click()
    if page.locator("form[data-final]").count():
        page.locator("[data-send]").click()
    page.locator("[data-tick]:visible").wait_for()


def predicting(typed, **how):
    """The way to the prediction of an attempt, with something typed and sent."""

    def arrive(page, server):
        in_attempt("/du-doan", **how)(page, server)
        page.locator("[name=so]").fill(typed)
        page.locator("main form:not([hidden]) button").first.click()
        page.locator("[role=alert], [role=status]:not([hidden])").first.wait_for()

    return arrive


def announced(page, server):
    """The way to an attempt's result after the announcement, with its keys."""
    in_attempt(handed_in=True)(page, server)
    attempt = page.url.split("/")[-2]
    its_round = "id = (SELECT round_id FROM attempt WHERE id = ?)"
    records.change(server, f"UPDATE round SET state = 'ANNOUNCED', cut_at = closes_at WHERE {its_round}", attempt)
    page.reload()
    page.locator("details.card").first.wait_for()


PAGES = [  # name, who looks at it, and the way to it: for the tests of every page
    ("contests with one that is open", None, lambda page, site: (hold(site), page.goto("/cuoc-thi"))),
    ("a contest", None, page_of(crowd=2)),
    ("a contest entered", "ada", page_of(crowd=2, board="TOP")),
    ("a contest to come", "ada", page_of(opens=DAY, closes=2 * DAY)),
    ("a contest in review", "ada", page_of(opens=-DAY, closes=-HOUR, state="REVIEW")),
    ("a contest announced", "ada", page_of(opens=-DAY, closes=-HOUR, state="COMPLAINTS")),
    ("a round", "ada", page_of("/vong/tuan-1")),
    ("a round, not registered", None, page_of("/vong/tuan-1")),
    ("a round about to close", "ada", page_of("/vong/tuan-1", closes=timedelta(minutes=4))),
    ("a start without accepting the rules", "ada", page_of("/vong/tuan-1", after=("#bat-dau button",))),
    ("an open leaderboard", None, page_of("/vong/tuan-1/bang-xep-hang", crowd=4, board="TOP")),
    ("a hidden leaderboard", None, page_of("/vong/tuan-1/bang-xep-hang", board="HIDDEN")),
    ("a contest's question", "ada", in_attempt()),
    ("a question answered once", "ada", in_attempt(change_answers=False)),
    ("the review before the hand-in", "ada", in_attempt("/xem-lai")),
    ("the prediction", "ada", in_attempt("/du-doan")),
    ("the prediction in words", "ada", predicting("4312")),
    ("the prediction refused", "ada", predicting("4,5")),
    ("an attempt's score", "ada", in_attempt(handed_in=True)),
    ("an attempt without a score yet", "ada", in_attempt(handed_in=True, show_after="NOTHING")),
    ("an attempt with its keys", "ada", announced),
    ("my attempts", "ada", page_of("/cua-toi")),
]


def _few(session):
    """A bank of its own for the contest, so that practice keeps the rest."""
    asked = [entry.question.id for line in LINES for entry in banks.dealt(session, line.topic)[: 2 * line.count]]
    return tuple(asked)


def enter(session, vault, contest, person, name=None, n=0):
    code = contests.code(contests.pepper(vault, contest), contest.slug, person.id if person else f"{n:032x}")
    made = models.Contestant(
        contest_id=contest.id,
        person_id=person and person.id,
        code=code,
        name=name or person.name,
        registered_at=contest.made_at,
    )
    session.add(made)
    session.flush()
    return made


def _sit(session, vault, contest, n, begun):
    """Somebody else's attempt: each of the crowd has one answer less right, every sixth begins anew with all."""
    row = contest.rounds[0]
    who = enter(session, vault, contest, None, f"Lê Văn {'ABCDEFGHIKLMNOPQRSTUVXY'[n % 23]}", n + 1)
    if n % 2 == 0:
        make.consent(session, who)
    attempt = sittings.start(session, vault, row, who, Device(f"{n:032x}", ""), now=begun).attempt
    asked = round_papers.asked(session, attempt)
    for i, place in enumerate(attempt.paper[: 5 - n % 5]):
        quizzes.answer(session, attempt, place["q"], f"{i:032x}", asked[place["q"]].question.key, now=begun)
    quizzes.hand_in(session, attempt, now=begun + timedelta(minutes=2))
