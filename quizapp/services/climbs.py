"""Who climbed most since the board before, among everybody who is ranked: told beside the first ten (ux §2.3)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.models import Attempt, Show, Turn
from quizapp.rules import climb
from quizapp.rules.climb import Climb
from quizapp.services import results


def body(session: Session, show: Show, *, through: int | None = None) -> dict[str, Any]:
    """`climb` of the message `board`, by the name that is shown now; nothing where nobody climbed. `through` is the
    last turn on the board."""
    found = largest(session, show, through=through)
    if found is None:
        return {}
    name = session.scalar(select(Attempt.name).where(Attempt.id == found.who))
    return {"climb": {"name": name or "", "from": found.before, "to": found.now}}


def largest(session: Session, show: Show, *, through: int | None = None) -> Climb | None:
    """The largest climb since the last board that was shown before this one; none on the first board. Where people drop
    out, who is still in is what counts."""
    board = results.board(session, show, through=through)
    n = show.position if through is None else through
    shown = [turn for turn in show.turns if turn.board_at is not None and turn.n < n]
    if not shown or board.left is not None:
        return None
    earlier = max(shown, key=lambda turn: turn.n)
    if earlier.n not in board.climbs:
        before = results.board(session, show, through=earlier.n)
        new = _newcomers(session, show, earlier)
        ranks = {line.attempt_id: line.rank for line in before.standings if line.attempt_id not in new}
        board.climbs[earlier.n] = climb.largest(ranks, ((line.attempt_id, line.rank) for line in board.standings))
    return board.climbs[earlier.n]


def _newcomers(session: Session, show: Show, earlier: Turn) -> set[str]:
    """Those who came after the earlier board was shown: they did not stand on it."""
    assert earlier.board_at is not None
    return set(
        session.scalars(select(Attempt.id).where(Attempt.show_id == show.id, Attempt.started_at > earlier.board_at))
    )
