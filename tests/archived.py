"""Archives for tests: the examples of the documents, taken in, counted, and written out again."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime

from sqlalchemy import select

from quizapp import models
from quizapp.config import ROOT
from quizapp.rules import archive, snapshot
from quizapp.services import archive_imports, archives, contest_results, tallies
from tests.make import VAULT

NOW = datetime(2026, 6, 1, tzinfo=UTC)
WEEK = {"key": "tuan-1", "opens_at": "2026-03-02 08:00", "closes_at": "2026-03-08 22:00", "max_attempts": None}
_EXAMPLES = {
    letter: json.loads((ROOT / "docs" / "examples" / f"contest-{letter}.json").read_text(encoding="utf-8"))
    for letter in "abc"
}


def example(letter):
    """One of the examples of docs/contest-archive.md, to be changed at will."""
    return copy.deepcopy(_EXAMPLES[letter])


def week(**round):
    """An archive with one round of a week; give it people, attempts and the rest."""
    return {
        "slug": "thu",
        "settings": {"rounds": [{**WEEK, "paper": {"blueprint": [{"topic": "x", "count": 10}]}, **round}]},
    }


def take(session, said, **changes):
    """The contest that an archive becomes."""
    read = archive.read(json.dumps(said).encode())
    return archive_imports.take(session, VAULT, read, now=NOW, **changes)


def results(session, said):
    """What `contest results` prints of an archive."""
    return contest_results.of_contest(session, VAULT, take(session, said).contest)


def whole(session, contest):
    return tallies.whole(session, VAULT, contest)


def digest(session, contest):
    """What the whole result is called, byte for byte."""
    return snapshot.digest(snapshot.canonical(whole(session, contest)))


def out(session, contest, **changes):
    """The archive of a contest as a file."""
    return archive.write(archives.give(session, VAULT, contest, **changes))


def without_salts(file):
    """An archive but for what is made by chance where an archive does not bring it."""
    said = json.loads(file)
    for question in said.get("questions", ()):
        del question["salt"]
    return said


def only(session):
    return session.scalars(select(models.Contest)).one()


def table(ranking, *columns):
    """Some columns of a ranking, as rows."""
    return [tuple(line[name] for name in columns) for line in ranking]


def prizes(part):
    return [(one["prize"], one["code"]) for one in part["prizes"]]
