"""Contests made beside the running server, which knows them at once; and what their attempts hold."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from quizapp import db, models
from quizapp.rules import contest as rulebook
from quizapp.services import contests, demo, quizzes, round_papers, sittings
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
    values = {
        "opens_at": now + opens,
        "closes_at": now + closes,
        "paper": rulebook.Paper(blueprint=LINES, time_limit=changes.pop("time_limit", 600)),
        **changes,
    }
    engine = db.make_engine(f"sqlite:///{server.folder / 'quiz.sqlite3'}")
    with Session(engine) as session, session.begin():
        rules = make.contest_rules((make.round_rules(**values),))
        contest = contests.create(session, vault, slug, rules, None, now=now)
        contest.published_at = now
        row = contest.rounds[0]
        row.state = state
        round_papers.commit(session, vault, contest, row, now=now)
        for who in registered:
            _enter(session, vault, contest, demo.find(session, vault, who))
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


def _enter(session, vault, contest, person, name=None, n=0):
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
    """Somebody else's attempt: each of the crowd has one answer less right."""
    row = contest.rounds[0]
    who = _enter(session, vault, contest, None, f"Lê Văn {'ABCDEFGH'[n]}", n + 1)
    if n % 2 == 0:
        make.consent(session, who)
    attempt = sittings.start(session, vault, row, who, Device(f"{n:032x}", ""), now=begun).attempt
    asked = round_papers.asked(session, attempt)
    for i, place in enumerate(attempt.paper[: 5 - n]):
        quizzes.answer(session, attempt, place["q"], f"{i:032x}", asked[place["q"]].question.key, now=begun)
    quizzes.hand_in(session, attempt, now=begun + timedelta(minutes=2))
