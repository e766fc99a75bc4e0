"""A computation in a process of its own: the site and its live rooms never wait for it.

The server starts it (`start`), hands it the settings it needs through its standard input, and looks
after its end. Everything is written in short steps, with a breath between them for other writers.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from quizapp import clock, db
from quizapp.config import ROOT, Config
from quizapp.errors import Refusal
from quizapp.models import Contest, Round, Tallying
from quizapp.services import contests, flags, live_totals, round_marks, tallies, totals
from quizapp.services.tallies import BROKEN, DIFFERS, STUCK, Counted, Rescored
from quizapp.services.totals import Difference
from quizapp.services.vault import Vault

BREATH = 0.01  # seconds between two steps that write
ATTEMPTS_AT_ONCE = 500
_SHOWN = 20  # attempts named in a failure
_ENVIRONMENT = {"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "OPENBLAS_NUM_THREADS": "1"}  # settings come another way
_PROGRAM = "import sys; from quizapp import tallying; sys.exit(tallying.main())"
_NICER = 10  # live rooms come first

Item = TypeVar("Item")
Now = Callable[[], datetime]

log = logging.getLogger(__name__)


# ── In the server ───────────────────────────────────────────────────────────────────────────────────────────────


def start(config: Config, tallying_id: int) -> threading.Thread:
    """Start the process for a computation that was asked for and is kept; gives the watch over it."""
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(tallying_id)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
        env=_ENVIRONMENT,
        close_fds=True,
    )
    given = {"database_url": config.database_url, "field_key": config.field_key, "tag_key": config.tag_key}
    assert process.stdin is not None
    process.stdin.write(json.dumps(given).encode())
    process.stdin.close()
    watch = threading.Thread(target=_watch, args=(process, tallying_id), name=f"tallying {tallying_id}", daemon=True)
    watch.start()
    return watch


def _watch(process: subprocess.Popen[bytes], tallying_id: int) -> None:
    """Wait for the end; a process that broke down, or takes too long, leaves a sentence that says so."""
    try:
        code: int | None = process.wait(timeout=tallies.LONGEST.total_seconds())
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    if code != 0:
        log.error("tallying %s ended with %s", tallying_id, code)
        with db.begin() as session:
            tallies.fail(session, tallying_id, STUCK, now=clock.now())


# ── In its own process ──────────────────────────────────────────────────────────────────────────────────────────


def main() -> int:
    """The process: settings from standard input, the computation from the command line."""
    given = json.load(sys.stdin)
    os.nice(_NICER)
    gc.disable()  # half a million values without circles: looking for some again and again takes a seventh of the time
    db.connect(given["database_url"])
    run(Vault.of(given["field_key"], given["tag_key"]), int(sys.argv[1]))
    return 0


def run(vault: Vault, tallying_id: int, *, now: Now = clock.now) -> None:
    """Do what was asked for, from beginning to end; without effect where somebody else does it already.

    Raises nothing that a person could mend: that is kept as a sentence. What nobody foresaw is kept and raised.
    """
    with db.begin() as session:
        tallying = tallies.begin(session, tallying_id, now=now())
    if tallying is None:
        return
    try:
        _STEPS[tallying.purpose](vault, tallying, now)
    except Refusal as refusal:
        _fail(tallying, refusal.sentence, now)
    except Exception:
        _fail(tallying, BROKEN, now)
        raise


def _rescore(vault: Vault, tallying: Tallying, now: Now) -> None:
    """Mark every attempt again, then choose counting attempts again."""
    made = Rescored()
    with db.read(steady=True) as session:
        contest, row = _of(session, tallying)
        found = totals.differences(session, row, totals.marker(session, contest, row))
        for part in _some(found, ATTEMPTS_AT_ONCE):
            for one in part:
                made.add(one.stored, one.rebuilt)
            _keep(part)
    for one in _rescored_live(tallying):
        made.add(one.stored, one.rebuilt)
    _say(tallying, 60)
    _participations(tallying)
    with db.begin() as session:
        tallies.note_rescored(session, tallying, made)
        tallies.end(session, tallying.id, {"attempts": made.attempts}, now=now())


def _rescored_live(tallying: Tallying) -> list[Difference]:
    """What a live round's attempts come to now, all at once: they depend on each other."""
    with db.begin() as session:
        contest, row = _of(session, tallying)
        rules = contests.settings(contest).round(row.key)
        return live_totals.keep(session, row, rules.live) if rules.is_live and rules.live is not None else []


def _preview(vault: Vault, tallying: Tallying, now: Now) -> None:
    """Compute, and say in short what would come out; a frozen target is left aside, to see what it would be."""
    counted = _count(vault, tallying, now, anew=True)
    if counted is not None:
        with db.begin() as session:
            tallies.end(session, tallying.id, tallies.in_short(counted), now=now())


def _snapshot(vault: Vault, tallying: Tallying, now: Now) -> None:
    """Compute and keep."""
    counted = _count(vault, tallying, now)
    if counted is None:
        return
    _say(tallying, 70)
    with db.begin() as session:
        kept = tallies.lay_down(session, tallying, counted, read_at=tallying.begun_at or now())
        ids = tallies.ids_by_code(session, kept.contest_id)
    lines = counted.result.lines
    for first, part in tallies.parts(lines):
        _breathe()
        with db.begin() as session:
            tallies.keep_lines(session, kept.id, first, part, ids)
            tallies.say(session, tallying.id, 70 + 30 * first // (len(lines) + 1))
    with db.begin() as session:
        tallies.complete(session, tallying, kept.id, tallies.in_short(counted), now=now())


def _flags(vault: Vault, tallying: Tallying, now: Now) -> None:
    """Look for signs of foul play, and keep what is new."""
    with db.read(steady=True) as session:
        contest, row = _of(session, tallying)
        found = flags.find_signs(session, contest, row)
    with db.begin() as session:
        new = flags.keep(session, session.get_one(Round, tallying.round_id), found, now=now())
        tallies.end(session, tallying.id, {"flags": len(found), "new": new}, now=now())


_STEPS: dict[str, Callable[[Vault, Tallying, Now], None]] = {
    "rescore": _rescore,
    "preview": _preview,
    "snapshot": _snapshot,
    "flags": _flags,
}


def _count(vault: Vault, tallying: Tallying, now: Now, *, anew: bool = False) -> Counted | None:
    """The result; `None` where stored totals are not what the answers come to, which stops everything."""
    wrong = _differences(tallying)
    if wrong:
        _fail(tallying, DIFFERS, now, {"differing": len(wrong), "attempts": wrong[:_SHOWN]})
        return None
    _say(tallying, 30)
    with db.read(steady=True) as session:
        contest, row = _of(session, tallying)
        counted = tallies.count(session, vault, contest, row, anew=anew)
        unlike = totals.unlike_answers(session, tallies.candidates(counted.result))
    if unlike:
        _fail(tallying, DIFFERS, now, {"differing": len(unlike), "attempts": unlike[:_SHOWN]})
        return None
    return counted


def _differences(tallying: Tallying) -> list[str]:
    """The attempts whose stored totals differ from their answers; those that were never marked are marked now."""
    wrong: list[str] = []
    marked = False
    with db.read(steady=True) as session:
        contest, row = _of(session, tallying)
        if row.overall:
            return []
        found = totals.differences(session, row, totals.marker(session, contest, row))
        for part in _some(found, ATTEMPTS_AT_ONCE):
            wrong += [one.stored.attempt_id for one in part if not one.unmarked]
            unmarked = [one for one in part if one.unmarked]
            marked = marked or bool(unmarked)
            _keep(unmarked)
    if marked:
        _participations(tallying)
    return wrong


def _keep(part: Sequence[Difference]) -> None:
    if part:
        _breathe()
        with db.begin() as session:
            totals.keep(session, [one.rebuilt for one in part])


def _participations(tallying: Tallying) -> None:
    """Build again what people have in the round, where it changed."""
    with db.read(steady=True) as session:
        contest, row = _of(session, tallying)
        rules = contests.settings(contest).round(row.key)
        by_attempt = rules.prediction is not None and rules.prediction.prediction_scope == "PER_ATTEMPT"
        for part in _some(totals.participations(session, contest, row), ATTEMPTS_AT_ONCE):
            _breathe()
            with db.begin() as writing:
                totals.keep_participations(writing, part)
                if by_attempt:  # another counting attempt brings another prediction
                    for one in part:
                        round_marks.recount(writing, writing.get_one(Round, row.id), one["contestant_id"])


def _of(session: Session, tallying: Tallying) -> tuple[Contest, Round]:
    row = session.get_one(Round, tallying.round_id)
    return row.contest, row


def _say(tallying: Tallying, progress: int) -> None:
    with db.begin() as session:
        tallies.say(session, tallying.id, progress)


def _fail(tallying: Tallying, sentence: str, now: Now, found: dict[str, Any] | None = None) -> None:
    with db.begin() as session:
        tallies.fail(session, tallying.id, sentence, now=now(), found=found)


def _some(items: Iterator[Item], most: int) -> Iterator[list[Item]]:
    part: list[Item] = []
    for item in items:
        part.append(item)
        if len(part) == most:
            yield part
            part = []
    if part:
        yield part


def _breathe() -> None:
    time.sleep(BREATH)
