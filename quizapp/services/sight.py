"""What a browser may know at this moment, as named fields: the only place that turns a turn into something sent.

Before the opening: the stem. While open and locked: stem and options. After the reveal: key, legal basis, explanation
and counts (fairness §10). Nothing is ever built from a whole row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.models import EPOCH, Answer, Attempt, Show, Turn
from quizapp.rules import law, question
from quizapp.rules.question import Question
from quizapp.rules.turn import Phase, Position, Prediction, Times, phase
from quizapp.services import results, rundown
from quizapp.services.results import Board
from quizapp.services.tokens import Bearer

TOP = 10
MOST_CHOICES = 6  # of a number or ordering question, the most frequent answers shown

Body = dict[str, Any]


def times(turn: Turn) -> Times:
    """The moments of a turn, as rules want them."""
    return Times(
        opens_at=turn.opens_at,
        closes_at=turn.closes_at,
        told_open=turn.open_told,
        told_locked=turn.lock_told,
        revealed_at=turn.revealed_at,
        board_at=turn.board_at,
        voided_at=turn.voided_at,
        extended=turn.extended,
        reading_at=turn.reading_at,
    )


def present_turn(show: Show) -> Turn | None:
    """The turn a show is at; `None` in the lobby."""
    return next((turn for turn in show.turns if turn.n == show.position), None)


def position(show: Show) -> Position:
    """Where a show stands, as rules want it."""
    turn = present_turn(show)
    return Position(
        n=show.position,
        of=rundown.of(show),
        times=None if turn is None else times(turn),
        paused=show.paused_at is not None,
        ended=show.ended_at is not None,
        prediction=prediction(show),
    )


def prediction(show: Show) -> Prediction | None:
    """The prediction as it was put to everybody, if it was."""
    if show.predicting_at is None or show.predicting_until is None:
        return None
    return Prediction(show.predicting_at, show.predicting_until, show.predicting_told)


def armed(turn: Turn, seconds: int) -> Body:
    """`turn:armed`: planned, without content."""
    return {"turn": turn.id, "cue_at": _ms(turn.opens_at), "window_ms": seconds * 1000}


def reading(show: Show, turn: Turn, language: str, now: datetime) -> Body:
    """`turn:reading`: the stem, and when the question opens (`null` while the host holds it)."""
    asked = question.from_json(turn.content)
    held = show.paused_at is not None and not turn.open_told
    return {
        "turn": turn.id,
        "n": turn.n,
        "of": rundown.of(show),
        "kind": asked.kind,
        "stem": asked.stem.of(language),
        "opens_at": None if held else _ms(turn.opens_at),
        "now": _ms(now),
    }


def opened(show: Show, turn: Turn, language: str, now: datetime) -> Body:
    """`turn:opened`: stem and options in the order of this show; sent again when the closing time changes."""
    asked = question.from_json(turn.content)
    return {
        "turn": turn.id,
        "n": turn.n,
        "of": rundown.of(show),
        "kind": asked.kind,
        "stem": asked.stem.of(language),
        "options": [{"o": o, "text": asked.options[o].of(language)} for o in turn.option_order],
        "opens_at": _ms(turn.opens_at),
        "closes_at": _ms(turn.closes_at),
        "now": _ms(now),
    }


def revealed(turn: Turn, board: Board, language: str) -> Body:
    """`turn:revealed`: the key, its legal basis, why, and how the answers were spread."""
    asked = question.from_json(turn.content)
    choices = board.counts(turn.n)
    return {
        "turn": turn.id,
        "key": list(asked.key),
        "basis": basis(asked, language),
        "explanation": asked.explanation.of(language),
        "counts": _spread(asked, choices),
        "answered": sum(choices.values()),
        "right": sum(count for choice, count in choices.items() if asked.is_right(choice)),
    }


def basis(asked: Question, language: str) -> Body:
    """The legal basis of a question: words, and the place in the law's text."""
    href = next((one.path for one in law.basis(asked, language) if one.path), "")
    return {"text": law.basis_line(asked, language), "href": href}


def top(board: Board) -> Body:
    """`board`: the first ten, and how many there are. A line has a team only where there are teams."""
    lines = [
        {"rank": line.rank, "name": line.name, "points": line.points} | ({"team": line.team} if line.team else {})
        for line in board.standings[:TOP]
    ]
    return {"top": lines, "of": len(board.standings)}


def own(board: Board, attempt_id: str, turn: Turn | None) -> Body | None:
    """`you`: one player's points and rank, and after a reveal whether this answer was right."""
    line = board.line(attempt_id)
    if line is None:
        return None
    body: Body = {"points": line.points, "rank": line.rank, "of": len(board.standings)}
    mark = None if turn is None else board.totals[attempt_id].marks.get(turn.n)
    if mark is not None:
        body["correct"] = mark.right
    return body


def state(session: Session, show: Show, bearer: Bearer, language: str, *, now: datetime) -> Body:
    """`state`: everything `bearer` may know now, complete in itself, so that nobody needs the past."""
    at = phase(position(show), now)
    turn = present_turn(show)
    body: Body = {"phase": at.value, "now": _ms(now), "joined": joined(session, show), "answers": []}
    if turn is not None and at is not Phase.FINISHED:
        body["turn"] = _turn_of_phase(session, show, turn, at, language, now)
        if bearer.part == "player":
            body["answers"] = own_answers(session, bearer.attempt_id, turn)
    if bearer.part == "player" and at in {Phase.REVEAL, Phase.BOARD, Phase.FINISHED}:
        you = own(results.board(session, show), bearer.attempt_id, None if at is Phase.FINISHED else turn)
        if you is not None:
            body["you"] = you
    return body


def own_answers(session: Session, attempt_id: str, turn: Turn) -> list[Body]:
    """One's own answers to the present turn, oldest first: those refused, and of those taken the newest."""
    rows = session.execute(
        select(Answer.chosen, Answer.verdict)
        .where(Answer.attempt_id == attempt_id, Answer.turn_id == turn.id)
        .order_by(Answer.id)
    )
    told = [{"turn": turn.id, "o": chosen, "verdict": _VERDICTS[verdict]} for chosen, verdict in rows]
    taken = [one for one in told if one["verdict"] == "kept"]
    return [one for one in told if one["verdict"] != "kept" or one is taken[-1]]


def joined(session: Session, show: Show) -> int:
    """How many players are in the room."""
    among = select(func.count()).select_from(Attempt)
    return session.scalar(among.where(Attempt.show_id == show.id, Attempt.removed_at.is_(None))) or 0


def answered(session: Session, turn: Turn) -> int:
    """How many players have an answer to a turn that was taken."""
    count = select(func.count()).select_from(Answer).join(Attempt, Attempt.id == Answer.attempt_id)
    taken = count.where(Answer.turn_id == turn.id, Answer.n == 1, Attempt.removed_at.is_(None))
    return session.scalar(taken) or 0


def newest_names(session: Session, show: Show, most: int = 24) -> list[str]:
    """The names of those who came last, newest first, for the lobby."""
    names = (
        select(Attempt.name)
        .where(Attempt.show_id == show.id, Attempt.removed_at.is_(None))
        .order_by(Attempt.started_at.desc(), Attempt.id)
        .limit(most)
    )
    return [name or "" for name in session.scalars(names)]


_VERDICTS = {"ok": "kept", "twice": "twice", "early": "early", "late": "late", "bad": "reused"}


def _turn_of_phase(session: Session, show: Show, turn: Turn, at: Phase, language: str, now: datetime) -> Body:
    if at is Phase.READING or not turn.open_told:  # the latter: skipped before its options were ever shown
        return reading(show, turn, language, now)
    body = opened(show, turn, language, now)
    if at is Phase.REVEAL or (at is Phase.BOARD and turn.revealed_at is not None):
        body |= revealed(turn, results.board(session, show), language)
    return body


def _spread(asked: Question, choices: dict[tuple[int, ...], int]) -> list[Body]:
    """Counts per option; for numbers and orders the most frequent answers."""
    frequent: Sequence[tuple[tuple[int, ...], int]] = sorted(choices.items(), key=lambda item: (-item[1], item[0]))
    if asked.kind == "number":
        return [{"v": choice[0], "count": count} for choice, count in frequent[:MOST_CHOICES]]
    if asked.kind == "order":
        return [{"o": list(choice), "count": count} for choice, count in frequent[:MOST_CHOICES]]
    return [
        {"o": o, "count": sum(count for choice, count in choices.items() if o in choice)}
        for o in range(len(asked.options))
    ]


def _ms(moment: datetime | None) -> int | None:
    if moment is None:
        return None
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000
