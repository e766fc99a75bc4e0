"""Sheets: what people did with the questions they met, gathered for the figures in one pass over the newest runs.

Every answer belongs to the *version* that was put. The first time somebody meets a question counts, later ones do not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import gevent
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.models import Answer, Attempt, QuestionVersion, Show, Shown, Turn
from quizapp.rules.items import Response, Sheet
from quizapp.rules.question import Question
from quizapp.rules.show import settings_from_json
from quizapp.services import banks

Key = tuple[str, int]  # question id, version

MOST_RUNS = 2000  # exams, and as many of practice, the newest: enough for every question, and read in a moment
MOST_TURNS = 400
AT_A_TIME = 500  # answers read before others have their turn


@dataclass(frozen=True)
class Gathered:
    """Exams handed in, runs of practice and plays in rooms as sheets; `rooms` has the title of each play's room."""

    exams: tuple[Sheet[Key], ...] = ()
    practice: tuple[Sheet[Key], ...] = ()
    plays: tuple[Sheet[Key], ...] = ()
    rooms: Mapping[str, str] = field(default_factory=dict)
    turns: int = 0
    players: int = 0


def gather(session: Session) -> Gathered:
    """What counts, oldest first: exams, practice, and the locked turns of rooms."""
    exams, practised = _runs(session, "exam"), _runs(session, "practice")
    turns = _turns(session)
    plays = _plays(session, turns)
    said = banks.questions(session, {key for run in (*exams, *plays, *practised) for key, _, _ in run.met})
    counted = _first_meetings((*exams, *plays), said)
    return Gathered(
        exams=counted[: len(exams)],
        plays=counted[len(exams) :],
        practice=_first_meetings(practised, said),
        rooms={run.id: run.room for run in plays},
        turns=len(turns),
        players=len({run.who for run in (*exams, *plays)}),
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """One run as it was kept: whose it was, how many questions it had, and the answers that count."""

    id: str
    who: str
    of: int
    met: tuple[tuple[Key, tuple[int, ...] | None, int | None], ...]  # version, what stands, time in ms
    room: str = ""


def _runs(session: Session, mode: str) -> list[_Run]:
    """The newest self-paced runs, oldest first: of exams the last answer stands, of practice the first."""
    newest = select(Attempt).where(Attempt.mode == mode).limit(MOST_RUNS)
    if mode == "exam":
        newest = newest.where(Attempt.handed_in_at.is_not(None)).order_by(Attempt.handed_in_at.desc(), Attempt.id)
    else:
        newest = newest.order_by(Attempt.started_at.desc(), Attempt.id)
    chosen = newest.with_only_columns(Attempt.id).subquery()
    given: dict[str, list[Any]] = defaultdict(list)
    answers = select(Answer.attempt_id, Answer.question_id, Answer.chosen, Answer.given_at)
    answers = answers.join(chosen, chosen.c.id == Answer.attempt_id).where(Answer.verdict == "ok")
    for row in _in_turns(session, answers.order_by(Answer.given_at, Answer.id)):
        given[row.attempt_id].append(row)
    columns = newest.with_only_columns(
        Attempt.id, Attempt.person_id, Attempt.visitor, Attempt.started_at, Attempt.paper
    )
    return [_run(row, given[row.id], mode) for row in reversed(session.execute(columns).all())]


def _run(attempt: Any, answers: Sequence[Any], mode: str) -> _Run:
    """A self-paced run; a question took from the answer before it, or from the start, to its own first answer."""
    stands: dict[str, tuple[int, ...]] = {}
    took: dict[str, int] = {}
    since = attempt.started_at
    for row in answers:
        if row.question_id not in stands:
            took[row.question_id] = (row.given_at - since) // timedelta(milliseconds=1)
            since = row.given_at
        if mode == "exam" or row.question_id not in stands:
            stands[row.question_id] = tuple(row.chosen)
    met = (((p["q"], p["v"]), stands.get(p["q"]), took.get(p["q"])) for p in attempt.paper)
    who = attempt.person_id or attempt.visitor or attempt.id
    kept = tuple(one for one in met if mode == "exam" or one[1] is not None)
    return _Run(attempt.id, who, len(attempt.paper), kept)


@dataclass(frozen=True, slots=True)
class _Turn:
    """A turn that counts: what it asked, since when, in which room, and whether the last answer stands."""

    key: Key
    opens_at: datetime
    show_id: int
    room: str
    last: bool


def _turns(session: Session) -> dict[int, _Turn]:
    """The newest turns that were locked and not voided, by id."""
    wanted = (
        select(
            Turn.id,
            QuestionVersion.question_id,
            QuestionVersion.version,
            Turn.opens_at,
            Turn.show_id,
            Show.title,
            Show.settings,
        )
        .join(Turn.version)
        .join(Show, Show.id == Turn.show_id)
        .where(Turn.lock_told, Turn.voided_at.is_(None), Turn.opens_at.is_not(None), Show.rehearses_id.is_(None))
        .order_by(Turn.id.desc())
        .limit(MOST_TURNS)
    )
    return {
        row.id: _Turn(
            (row.question_id, row.version),
            row.opens_at,
            row.show_id,
            row.title,
            settings_from_json(row.settings).may_change,
        )
        for row in reversed(session.execute(wanted).all())
    }


def _plays(session: Session, turns: Mapping[int, _Turn]) -> list[_Run]:
    """What the players of rooms did in these turns; who answered nothing and saw nothing has not met the question."""
    if not turns:
        return []
    met: dict[tuple[str, str], dict[int, tuple[tuple[int, ...] | None, int | None]]] = defaultdict(dict)
    seen = select(Shown.attempt_id, Shown.turn_id, Attempt.person_id, Attempt.visitor)
    seen = seen.join(Attempt, Attempt.id == Shown.attempt_id).where(Attempt.removed_at.is_(None))
    for row in _in_turns(session, seen.where(Shown.turn_id.in_(turns)).order_by(Shown.attempt_id)):
        met[row.attempt_id, row.person_id or row.visitor or row.attempt_id][row.turn_id] = (None, None)
    given = select(
        Answer.attempt_id, Answer.turn_id, Answer.chosen, Answer.given_at, Attempt.person_id, Attempt.visitor
    )
    given = given.join(Attempt, Attempt.id == Answer.attempt_id).where(Attempt.removed_at.is_(None))
    given = given.where(Answer.verdict == "ok", Answer.turn_id.in_(turns)).order_by(Answer.attempt_id, Answer.n)
    for row in _in_turns(session, given):
        mine = met[row.attempt_id, row.person_id or row.visitor or row.attempt_id]
        before = mine.get(row.turn_id, (None, None))[0]
        if before is None or turns[row.turn_id].last:
            took = (row.given_at - turns[row.turn_id].opens_at) // timedelta(milliseconds=1)
            mine[row.turn_id] = (tuple(row.chosen), took)
    of_show = Counter(turn.show_id for turn in turns.values())
    return [
        _Run(
            attempt_id,
            who,
            of_show[turns[next(iter(mine))].show_id],
            tuple((turns[turn].key, *mine[turn]) for turn in sorted(mine)),
            turns[next(iter(mine))].room,
        )
        for (attempt_id, who), mine in met.items()
    ]


def _in_turns(session: Session, wanted: Any) -> Iterator[Any]:
    """The rows of a long query, with pauses in which the rooms that are being played go on."""
    for part in session.execute(wanted, execution_options={"yield_per": AT_A_TIME}).partitions():
        yield from part
        gevent.sleep(0)


def _first_meetings(runs: Iterable[_Run], said: Mapping[Key, Question]) -> tuple[Sheet[Key], ...]:
    """The runs as sheets, without what the same person had met before."""
    met: set[tuple[str, Key]] = set()
    made = []
    for run in runs:
        fresh = [one for one in run.met if one[0] in said and (run.who, one[0]) not in met]
        met.update((run.who, key) for key, _, _ in fresh)
        responses = tuple(
            Response(key, chosen, chosen is not None and said[key].is_right(chosen), ms, bool(run.room))
            for key, chosen, ms in fresh
        )
        made.append(Sheet(run.id, run.of, responses))
    return tuple(made)
