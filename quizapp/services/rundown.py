"""The rundown of a show: which questions are put in which order, and the reserves that stand by.

A turn keeps its number from the moment it is played. Reserves not called yet are numbered behind all others and are
counted nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp import news
from quizapp.errors import Conflict
from quizapp.models import Show, Turn
from quizapp.rules import rundown
from quizapp.services.show_news import RundownChanged


def of(show: Show) -> int:
    """How many questions are put: those planned, and the reserves that were called."""
    return sum(not turn.standby for turn in show.turns)


def planned(show: Show) -> int:
    """How many questions points are shared over: a reserve only stands in for one of them, or breaks a tie."""
    return sum(not turn.reserve for turn in show.turns)


def planned_so_far(show: Show) -> int:
    """How many of the planned questions were reached: reserves have no number of their own."""
    return sum(not turn.reserve for turn in show.turns if turn.n <= show.position)


def standby(show: Show) -> list[Turn]:
    """The reserves that were not called yet, in their order."""
    return [turn for turn in show.turns if turn.standby]


def upcoming(show: Show) -> Turn | None:
    """The turn that comes next; `None` after the last one."""
    return next((turn for turn in show.turns if turn.n == show.position + 1 and not turn.standby), None)


def missing(show: Show) -> int:
    """How many questions did not count and have no reserve in their place yet."""
    void = sum(turn.voided_at is not None for turn in show.turns)
    return void - sum(turn.reserve and not turn.standby for turn in show.turns)


def reorder(session: Session, show: Show, ids: Sequence[int], *, now: datetime) -> None:
    """Put the turns not yet reached into this order. Refuses a list that does not hold exactly those."""
    to_come = [turn.id for turn in show.turns if not turn.standby and turn.n > show.position]
    if not rundown.is_order_of(ids, to_come):
        raise Conflict("Kịch bản vừa thay đổi. Vui lòng tải lại trang rồi sắp xếp lại.")
    _number(session, show, rundown.with_order(_ids(show), show.position, ids))


def call_reserve(session: Session, show: Show, *, now: datetime) -> Turn | None:
    """Let the first reserve follow the present turn; `None` where none is left."""
    waiting = standby(show)
    if not waiting:
        return None
    called = waiting[0]
    called.standby = False
    _number(session, show, rundown.with_next(_ids(show), show.position, called.id))
    return called


def _ids(show: Show) -> list[int]:
    return [turn.id for turn in sorted(show.turns, key=lambda turn: turn.n)]


def _number(session: Session, show: Show, order: Sequence[int]) -> None:
    """Number the turns in this order. In two steps, because no two may have the same number at any moment."""
    rows = {turn.id: turn for turn in show.turns}
    moved = [(rows[id], n) for n, id in enumerate(order, 1) if rows[id].n != n]
    for row, n in moved:
        row.n = -n
    session.flush()
    for row, n in moved:
        row.n = n
    session.flush()
    session.expire(show, ["turns"])
    news.tell(session, RundownChanged(show.id))
