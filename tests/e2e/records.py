"""What the database holds, read and moved beside the running server: the truth that pages are compared with."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from quizapp import db
from quizapp.rules.show import Settings
from quizapp.services import banks, shows
from quizapp.services.tokens import Mint
from tests.e2e.people import PATIENCE
from tests.live.server import Room


def rows(server, question, *values):
    """The rows that answer an SQL question, as dictionaries."""
    with closing(sqlite3.connect(server.folder / "quiz.sqlite3", timeout=10)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(question, values)]


def row(server, question, *values):
    """The one row that answers."""
    (found,) = rows(server, question, *values)
    return found


def change(server, order, *values):
    """Move something in the database, which the running server must notice by itself."""
    with closing(sqlite3.connect(server.folder / "quiz.sqlite3", timeout=10)) as database, database:
        assert database.execute(order, values).rowcount > 0, "nothing was changed"


def wait_for(server, question, *values):
    """The rows that answer, as soon as there are any."""
    until = time.monotonic() + PATIENCE / 1000
    while not (found := rows(server, question, *values)):
        assert time.monotonic() < until, f"never came true: {question} {values}"
        time.sleep(0.05)
    return found


def new_room(server, kinds, title="Thi thử", questions=None, **settings):
    """A room made beside the running server, its questions of these kinds in this order, or the ones given."""
    engine = db.make_engine(f"sqlite:///{server.folder / 'quiz.sqlite3'}")
    secret = (server.folder / "secrets.env").read_text().split("SECRET_KEY=")[1].split()[0]
    with Session(engine) as session, session.begin():
        asked = list(questions or _of_kinds(banks.dealt(session), kinds))
        made = shows.new(session, asked, title, Settings(**settings), now=datetime.now(UTC), seed=b"e2e room".ljust(32))
        mint = Mint([secret])
        room = Room(server, made.code, *(mint.room_token(part, made.id) for part in ("host", "viewer", "overlay")))
    engine.dispose()
    return room


def turns(server, code):
    """The turns of a room in order: what is asked, the right answer, and the order of the options."""
    found = rows(
        server,
        "SELECT t.*, v.content, v.question_id FROM turn t JOIN show s ON s.id = t.show_id "
        "JOIN question_version v ON v.id = t.version_id WHERE s.code = ? ORDER BY t.n",
        code,
    )
    return [
        turn | {"question": json.loads(turn["content"]), "order": json.loads(turn["option_order"])} for turn in found
    ]


def _of_kinds(entries, kinds):
    left = list(entries)
    for kind in kinds:
        found = next(entry for entry in left if entry.question.kind == kind)
        left.remove(found)
        yield found
