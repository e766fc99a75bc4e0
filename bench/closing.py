"""Closing a round of very many people: reading, counting, keeping the snapshot; on both databases.

People, attempts and predictions are made up by number, with ties and every kind of fault a review meets, and written in
bulk. Each measurement runs in a process of its own, so that its peak memory is that of closing and nothing else.
"""

from __future__ import annotations

import contextlib
import gc
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from quizapp import db, models
from quizapp.config import ROOT
from quizapp.rules import closing
from quizapp.rules import contest as rulebook
from quizapp.rules.question import to_json
from quizapp.services import books, contests, tallies, totals
from quizapp.services.vault import Vault
from tests import make
from tests.programs import find, postgres_running

ATTEMPTS = 3
PEOPLE = 100_000
PROVINCES, COMMUNES, UNITS = 34, 3_300, 2_000
LIMIT_SECONDS, LIMIT_MIB = 30, 1024  # what we promise, on two processors
_AT_ONCE = 10_000
_US = timedelta(microseconds=1)


def measure(_players: int, people: int = PEOPLE) -> dict[str, float]:
    """The figures of one round with so many people, on SQLite and, where it is installed, on PostgreSQL."""
    figures: dict[str, float] = {"people": people, "attempts": people * ATTEMPTS}
    digests = set()
    for name, opened in (("SQLite", _sqlite), ("PostgreSQL", _postgres)):
        with opened() as url:
            if url is None:
                continue
            _in_a_process("fill", url, people)
            found = _in_a_process("close", url, people)
            digests.add(found.pop("digest"))
            figures |= {f"{name}: {what}": value for what, value in found.items()}
    assert len(digests) == 1, "the databases differ"
    return figures


@contextlib.contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'quiz.sqlite3'}"


@contextlib.contextmanager
def _postgres() -> Iterator[str | None]:
    if find("postgres") is None:
        yield None
        return
    with postgres_running() as server:
        server.sql("CREATE DATABASE closing")
        yield server.url("closing")


def _in_a_process(what: str, url: str, people: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.closing", what, url, str(people)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=1800)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


# ── Filling ─────────────────────────────────────────────────────────────────────────────────────────────────────


def fill(url: str, people: int) -> dict[str, Any]:
    """A contest of one closed week in an empty database."""
    models.Base.metadata.create_all(db.connect(url))
    prizes = tuple(
        rulebook.Prize(key=f"giai-{n}", name=rulebook.Words(f"Giải {n}"), slots=slots)
        for n, slots in enumerate((1, 2, 3, 10), 1)
    )
    week = make.round_rules(
        prediction=rulebook.Prediction(),
        ranking=rulebook.Ranking(prize_gate=rulebook.PrizeGate(kind="ALL_CORRECT"), prizes=prizes),
    )
    lists = (
        rulebook.Collective(key="tinh", name=rulebook.Words("Tỉnh"), measure="C_COUNT", level="province"),
        rulebook.Collective(key="don-vi", name=rulebook.Words("Đơn vị"), measure="C_RATE", level="don-vi"),
    )
    with db.begin() as session:
        contest = make.contest(
            session, (week,), who=rulebook.Who(min_age=14), collective=lists, one_prize_per="CONTEST"
        )
        contest.rounds[0].state = "REVIEW"
        _questions(session, contest.rounds[0])
        _units(session, contest)
    for first in range(0, people, _AT_ONCE):
        with db.begin() as session:
            _people(session, contest, contest.rounds[0], range(first, min(first + _AT_ONCE, people)))
    return {}


def _questions(session: Any, row: models.Round) -> None:
    session.add_all(
        models.RoundQuestion(
            round_id=row.id,
            question_id=place["q"],
            version=1,
            position=n,
            content=to_json(make.question(place["q"])),
            salt=b"s" * 16,
        )
        for n, place in enumerate(_PAPER, 1)
    )


def _units(session: Any, contest: models.Contest) -> None:
    made = {"contest_id": contest.id, "made_at": make.MADE}
    rows = [
        {"id": n, "tree": "place", "level": "province", "name": f"Tỉnh {n}", "parent_id": None, "headcount": None}
        for n in range(1, PROVINCES + 1)
    ]
    session.execute(insert(models.Unit), [{**made, **row} for row in rows])
    rows = [
        {
            "id": PROVINCES + n,
            "tree": "place",
            "level": "commune",
            "name": f"Xã {n}",
            "parent_id": 1 + n % PROVINCES,
            "headcount": None,
        }
        for n in range(1, COMMUNES + 1)
    ]
    session.execute(insert(models.Unit), [{**made, **row} for row in rows])
    rows = [
        {
            "id": PROVINCES + COMMUNES + n,
            "tree": "unit",
            "level": "don-vi",
            "name": f"Đơn vị {n}",
            "parent_id": None,
            "headcount": 20 + n,
        }
        for n in range(1, UNITS + 1)
    ]
    session.execute(insert(models.Unit), [{**made, **row} for row in rows])


def _people(session: Any, contest: models.Contest, row: models.Round, numbers: range) -> None:
    people, attempts, said = [], [], []
    for n in numbers:
        code = contests.code(b"P" * 32, contest.slug, f"{n:032x}")
        place, unit = PROVINCES + 1 + n * 7 % COMMUNES, PROVINCES + COMMUNES + 1 + n * 11 % UNITS
        people.append(
            {
                "id": n + 1,
                "contest_id": contest.id,
                "code": code,
                "name": f"Nguyễn Văn {n}",
                "birth_sealed": make.VAULT.seal(
                    f"{1950 + n % 64}-0{1 + n % 9}-15", table="contestant", column="birth", row=code
                ),
                "birth_known": "day",
                "unit_id": unit,
                "place_id": place,
                "status": "HORS_CONCOURS" if n % 997 == 0 else "ELIGIBLE",
                "registered_at": make.MADE,
            }
        )
        for no in range(1, ATTEMPTS + 1):
            begun = make.OPENS + timedelta(seconds=(n * 37 + no * 150_000) % 560_000)
            score = min(10, 3 + (n * 31 + no * 17) % 9)
            attempts.append(_attempt(row, n, no, begun, score, unit, place))
        said.append(
            {
                "round_id": row.id,
                "contestant_id": n + 1,
                "attempt_id": attempts[-1]["id"],
                "value": n * 7919 % 90_000,
                "said_at": attempts[-1]["handed_in_at"],
            }
        )
    session.execute(insert(models.Contestant), people)
    session.execute(insert(models.Attempt), attempts)
    session.execute(insert(models.Saying), said)


_RIGHT, _WRONG = [1], [0]
_PAPER = [{"q": f"huu-tri-{n:03}", "v": 1, "o": [0, 1, 2, 3]} for n in range(10)]


def _attempt(row: models.Round, n: int, no: int, begun: Any, score: int, unit: int, place: int) -> dict[str, Any]:
    empty = (n + no) % 1_001 == 0
    right = 0 if empty else score
    return {
        "id": f"{n:024x}{no:08x}",
        "mode": "contest",
        "token_hash": f"{n}/{no}",
        "started_at": begun,
        "handed_in_at": begun + timedelta(milliseconds=20_000 + (n * 9_973 + no * 101) % 500_000),
        "handed_in_by": "self",
        "round_id": row.id,
        "contestant_id": n + 1,
        "no": no,
        "paper": _PAPER,
        "points": right * 60,
        "full": 600,
        "score": right,
        "asked": 10,
        "answered": 0 if empty else 10,
        "last_answers": [None] * 10 if empty else [_RIGHT] * right + [_WRONG] * (10 - right),
        "invalid_reason": "thi hộ" if (n * no) % 3_001 == 1 else "",
        "unit_id": unit,
        "place_id": place,
    }


# ── Closing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def close(url: str, people: int) -> dict[str, Any]:
    """Processor seconds of each part, seconds of all, and the peak of memory."""
    gc.disable()  # as the process does that closes a round (quizapp.tallying)
    db.connect(url)
    figures: dict[str, Any] = {}
    begun, used = time.monotonic(), time.process_time()
    before = time.process_time()

    def part(name: str) -> None:
        nonlocal before
        figures[f"{name}, CPU s"] = time.process_time() - before
        before = time.process_time()

    vault = Vault.of("01" * 32, "02" * 32)
    with db.read(steady=True) as session:
        contest = contests.find(session, "tim-hieu-luat")
        row = contest.rounds[0]
        settings = contests.settings(contest)
        assert not list(totals.differences(session, row, totals.marker(session, contest, row)))
        part("stored totals compared with the answers")
        book = books.book(session, vault, contest)
    part("read")
    assert len(book.contestants) == people
    whole = closing.tally_book(settings, book)
    part("validity, target, ranking, prizes, lists")
    counted = tallies.pick(settings, book, whole, row)
    part("canonical form, digest, shares")
    with db.begin() as session:
        asked = models.Tallying(round_id=row.id, purpose="snapshot", asked_at=make.CLOSES)
        session.add(asked)
        session.flush()
        kept = tallies.lay_down(session, asked, counted, read_at=make.CLOSES)
        ids = tallies.ids_by_code(session, contest.id)
    for first, lines in tallies.parts(counted.result.lines):
        with db.begin() as session:
            tallies.keep_lines(session, kept.id, first, lines, ids)
    part("snapshot kept")
    figures["all, CPU s"] = time.process_time() - used
    figures["all, s"] = time.monotonic() - begun  # more than that where other programs want the processors too
    figures["peak memory, MiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {**figures, "digest": counted.digest}


if __name__ == "__main__":
    print(json.dumps({"fill": fill, "close": close}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))))
