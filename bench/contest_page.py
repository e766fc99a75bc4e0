"""A contest's pages while fifty people a second start an attempt, and how long saving and handing in take afterwards.

The server runs as people run it, with SQLite and its commits. People come with accounts of their own, signed in before;
a few thousand others have sat the round already, so that its figures and its leaderboard have something to count.
"""

from __future__ import annotations

import http.client
import json
import secrets
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import insert
from sqlalchemy.orm import Session

from quizapp import db, models
from quizapp.rules import contest as rulebook
from quizapp.services import accounts, contests, round_papers
from quizapp.services.vault import Vault
from tests import make
from tests.e2e.contests import vault_of
from tests.live.server import Server

PER_SECOND = 50  # starts
SECONDS = 6
ALREADY = 20_000  # people who have sat the round
PAUSE = 0.1  # between two looks at a page
SLUG = "do-toc-do"
LOOKED_AT = {  # page → what the table calls it
    f"/cuoc-thi/{SLUG}": "contest page",
    f"/cuoc-thi/{SLUG}/vong/tuan-1": "round page",
    f"/cuoc-thi/{SLUG}/vong/tuan-1/bang-xep-hang": "leaderboard",
}


def measure(_players: int) -> dict[str, float]:
    """The figures of some seconds of starts; pages of the contest are asked for all the while."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder)).start()
        try:
            return _run(server, _prepare(server, PER_SECOND * SECONDS))
        finally:
            server.stop()


# ── What happens ────────────────────────────────────────────────────────────────────────────────────────────────


def _run(server: Server, people: list[str]) -> dict[str, float]:
    """Starts come at their pace, whatever the server does with them; then every attempt is answered and handed in."""
    begun = time.monotonic()
    with ThreadPoolExecutor(len(LOOKED_AT)) as lookers, ThreadPoolExecutor(PER_SECOND) as pool:
        looking = [lookers.submit(_look, server, path, begun + SECONDS) for path in LOOKED_AT]
        started = list(pool.map(lambda turn: _start(server, turn[1], begun + turn[0] / PER_SECOND), enumerate(people)))
    kinds = {name: future.result() for name, future in zip(LOOKED_AT.values(), looking, strict=True)}
    kinds["start"] = [wait for wait, _ in started]
    figures = {"people": float(len(people)), "all started after s": time.monotonic() - begun}
    done = [_finish(server, dealt) for _, dealt in started]
    kinds["save"], kinds["hand in"] = [one[0] for one in done], [one[1] for one in done]
    for what, found in kinds.items():
        figures[f"{what}, median ms"] = statistics.median(found) * 1000
        figures[f"{what}, p99 ms"] = statistics.quantiles(found, n=100)[98] * 1000
    return figures


def _start(server: Server, cookie: str, moment: float) -> tuple[float, Any]:
    """One person starts when their turn has come."""
    time.sleep(max(0.0, moment - time.monotonic()))
    body = {"rules_accepted": True}
    return _call(server, f"/contests/{SLUG}/rounds/tuan-1/attempts", body, {"Cookie": cookie})


def _finish(server: Server, dealt: Any) -> tuple[float, float]:
    """The first question is answered, and the attempt handed in."""
    asked = dealt["questions"][0]
    options = sorted(option["o"] for option in asked["options"])
    given: dict[str, Any] = {"v": 1} if asked["kind"] == "number" else {"o": options[:1]}
    if asked["kind"] == "order":
        given = {"o": options}
    bearer = {"Authorization": f"Bearer {dealt['token']}"}
    message = {"m": secrets.token_hex(16), "q": asked["q"], **given}
    save, said = _call(server, f"/attempts/{dealt['attempt']}/answers", message, bearer)
    assert said["verdict"] == "kept", said
    hand_in, done = _call(server, f"/attempts/{dealt['attempt']}/handin", {}, bearer)
    assert done["of"] == 10, done
    return save, hand_in


def _look(server: Server, path: str, until: float) -> list[float]:
    """Ask for a page again and again."""
    waits = []
    while time.monotonic() < until:
        begun = time.monotonic()
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as line:
            line.request("GET", path)
            reply = line.getresponse()
            reply.read()
        assert reply.status == 200, reply.status
        waits.append(time.monotonic() - begun)
        time.sleep(PAUSE)
    return waits


def _call(server: Server, path: str, body: object, headers: dict[str, str]) -> tuple[float, Any]:
    begun = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as line:
        line.request("POST", f"/api/v1{path}", json.dumps(body), {"Content-Type": "application/json", **headers})
        reply = line.getresponse()
        said = json.loads(reply.read())
    assert reply.status in (200, 201), said
    return time.monotonic() - begun, said


# ── Who is there ────────────────────────────────────────────────────────────────────────────────────────────────


def _prepare(server: Server, many: int) -> list[str]:
    """A contest that is open, a crowd that has sat it, and so many people signed in; gives their cookies."""
    engine = db.make_engine(f"sqlite:///{server.folder / 'quiz.sqlite3'}")
    now = datetime.now(UTC)
    with Session(engine) as session, session.begin():
        contest = _contest(session, vault_of(server), now)
        _crowd(session, contest, now)
        tokens = [_person_with_account(session, contest, n, now) for n in range(many)]
    engine.dispose()
    secret = (server.folder / "secrets.env").read_text().split("SECRET_KEY=")[1].split()[0]
    return [_cookie(secret, token) for token in tokens]


def _contest(session: Session, vault: Vault, now: datetime) -> models.Contest:
    lines = tuple(
        rulebook.BlueprintLine(topic=topic, count=count)
        for topic, count in (
            ("huu-tri", 3),
            ("nguoi-su-dung-lao-dong", 3),
            ("thu-tuc-ho-so", 2),
            ("quy-hutribosung-xuly", 2),
        )
    )
    week = make.round_rules(
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=1),
        paper=rulebook.Paper(blueprint=lines),
        board="TOP",
    )
    made = contests.create(session, vault, SLUG, make.contest_rules((week,)), None, now=now)
    made.published_at = now
    made.rounds[0].state = "PUBLISHED"
    round_papers.commit(session, vault, made, made.rounds[0], now=now)
    return made


def _crowd(session: Session, contest: models.Contest, now: datetime) -> None:
    """People with one attempt each, as rows: only what pages of an open round read."""
    codes = [f"X{n:09}" for n in range(ALREADY)]
    people = [
        {"contest_id": contest.id, "code": code, "name": f"Lê Văn {code}", "registered_at": now} for code in codes
    ]
    session.execute(insert(models.Contestant), people)
    ids = session.query(models.Contestant.id).filter_by(contest_id=contest.id).all()
    held = [
        {
            "round_id": contest.rounds[0].id,
            "contestant_id": id,
            "started": 1,
            "valid": 1,
            "best_points": 60 * (n % 11),
            "best_full": 600,
            "best_correct": n % 11,
            "best_duration_ms": 60_000 + n,
            "best_submitted_at": now,
        }
        for n, (id,) in enumerate(ids)
    ]
    session.execute(insert(models.Participation), held)


def _person_with_account(session: Session, contest: models.Contest, n: int, now: datetime) -> str:
    """An account, its entry in the contest and its sign-in; gives the token of the sign-in."""
    person = models.Person(name=f"Nguyễn Thị {n}", password_hash="", made_at=now)
    session.add(person)
    session.flush()
    entry = models.Contestant(contest_id=contest.id, person_id=person.id, code=f"Y{n:09}", name=person.name)
    entry.registered_at = now
    session.add(entry)
    return accounts.open_sign_in(session, person, device="", now=now).token


def _cookie(secret: str, token: str) -> str:
    """The session cookie of somebody signed in, as the server would have set it."""
    app = Flask(__name__)
    app.secret_key = secret
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return f"session={signer.dumps({'_user_id': token, '_fresh': True, '_permanent': True})}"
