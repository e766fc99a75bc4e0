"""How far behind the programme the players of a streamed show are (ux §7.3).

A page says what it measures (`measured`). When a turn is armed everybody's latency is fixed for it (`fix`); a
newcomer's is fixed on entering. From then on that number moves this player's window, whatever the page says later. In
a show without a stream nobody is ever behind, and nothing is asked of the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Select, case, func, insert, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from quizapp.models import Attempt, Lag, Show, Turn
from quizapp.rules import stream
from quizapp.rules.stream import Stream
from quizapp.services.tokens import Bearer


def stream_of(show: Show) -> Stream | None:
    """The stream beside this show, or `None` in a hall."""
    return None if show.stream is None else msgspec.convert(show.stream, Stream)


def measured(session: Session, show: Show, attempt_id: str, said: str, latency_ms: int) -> int | None:
    """Keep what a player's page says of its distance; returns the latency that will count from the next turn on.

    `None`, and nothing kept, where there is no stream or no page can know its place in that stream by such a method.
    """
    shown = stream_of(show)
    how = None if shown is None else stream.method(shown, said)
    row = None if how is None else session.get(Attempt, attempt_id)
    if shown is None or how is None or row is None or row.show_id != show.id:
        return None
    row.latency_ms, row.latency_method = stream.counted(shown, how, latency_ms), how
    return row.latency_ms


def fix(session: Session, show: Show, row: Turn) -> None:
    """Fix everybody's latency for a turn that is armed now, in one statement."""
    shown = stream_of(show)
    if shown is not None:
        session.flush()
        inside = _present(shown, literal(row.id)).where(Attempt.show_id == show.id, Attempt.removed_at.is_(None))
        session.execute(insert(Lag).from_select(_COLUMNS, inside))


def fix_newcomer(session: Session, show: Show, attempt_id: str) -> None:
    """Fix the latency of somebody who enters while a turn is under way; whoever has one for it keeps it."""
    shown = stream_of(show)
    if shown is None or show.position == 0:
        return
    session.flush()
    under_way = (Turn.show_id == show.id) & (Turn.n == show.position)
    come = _present(shown, Turn.id).join(Turn, under_way).where(Attempt.id == attempt_id)
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(Lag).from_select(_COLUMNS, come).on_conflict_do_nothing())


def stand_in_hall(session: Session, show: Show, seat: Attempt) -> None:
    """Somebody answers in the hall, before the host's eyes: also for the turn under way they are at the programme."""
    row = next((turn for turn in show.turns if turn.n == show.position), None)
    if show.stream is None or seat.latency_method == "room":
        return
    seat.latency_ms, seat.latency_method = 0, "room"
    kept = None if row is None else session.get(Lag, (row.id, seat.id))
    if kept is not None:
        kept.latency_ms, kept.method = 0, "room"


def now_of(session: Session, show: Show, bearer: Bearer) -> int:
    """The latency that would count for somebody if a turn were armed now."""
    shown = stream_of(show)
    if shown is None or bearer.part not in {"player", "follower"}:
        return 0
    row = session.get(Attempt, bearer.attempt_id)
    return shown.latency_ms if row is None else _latency(shown, row.latency_ms, row.latency_method)


def of_turn(session: Session, row: Turn) -> dict[str, int]:
    """The fixed latency of everybody who is behind in a turn, by the ids of their attempts."""
    kept = select(Lag.attempt_id, Lag.latency_ms).where(Lag.turn_id == row.id)
    return {attempt_id: latency for attempt_id, latency in session.execute(kept)}


def of_answers(session: Session, turn_ids: Iterable[int], attempt_ids: Iterable[str]) -> dict[tuple[str, int], int]:
    """The fixed latencies of these people in these turns; who is not in it is at the programme itself."""
    kept = select(Lag.attempt_id, Lag.turn_id, Lag.latency_ms)
    rows = session.execute(kept.where(Lag.turn_id.in_(set(turn_ids)), Lag.attempt_id.in_(set(attempt_ids))))
    return {(attempt_id, turn_id): latency for attempt_id, turn_id, latency in rows}


def of_bearer(session: Session, show: Show, bearer: Bearer) -> dict[int, int]:
    """By turn, how far behind the programme somebody counts as; who follows without playing as far as the agreed
    figure, and who is not in it stands at the programme itself."""
    shown = stream_of(show)
    put = [row.id for row in show.turns if row.reading_at is not None]
    if shown is None or bearer.part not in {"player", "follower"}:
        return {}
    if bearer.part == "follower":
        return dict.fromkeys(put, shown.latency_ms)
    return {turn_id: latency for (_, turn_id), latency in of_answers(session, put, [bearer.attempt_id]).items()}


def slowest(session: Session, show: Show, row: Turn) -> int:
    """The largest latency that moves somebody's window in this turn, in milliseconds."""
    if show.stream is None:
        return 0
    inside = select(func.max(Lag.latency_ms)).join(Attempt, Attempt.id == Lag.attempt_id)
    return session.scalar(inside.where(Lag.turn_id == row.id, Attempt.removed_at.is_(None))) or 0


def fastest(session: Session, show: Show, row: Turn) -> int:
    """The smallest latency of anybody who would hear of this turn's key, in milliseconds.

    The console, the stage and the overlay stand at the programme itself, so that it is always none: what the host or
    a hall sees can be told to a slow viewer over the telephone as well as what another viewer sees.
    """
    return 0


def all_closed_at(session: Session, show: Show, row: Turn) -> datetime | None:
    """When nobody can answer this turn any more and nobody who hears its key can still tell somebody who could; `None`
    while its end is not planned."""
    if row.closes_at is None:
        return None
    slow, fast = slowest(session, show, row), fastest(session, show, row)
    return stream.reveal_not_before(row.closes_at, slowest_ms=slow, fastest_ms=fast)


def in_use(session: Session, show: Show) -> list[tuple[int, int]]:
    """How many players are in each lane, nearest first, as they would be if a turn were armed now."""
    shown = stream_of(show)
    if shown is None:
        return []
    inside = select(Attempt.latency_ms, Attempt.latency_method)
    rows = session.execute(inside.where(Attempt.show_id == show.id, Attempt.removed_at.is_(None)))
    return stream.lanes(_latency(shown, latency, how) for latency, how in rows)


_COLUMNS = ["turn_id", "attempt_id", "latency_ms", "method"]


def _latency(shown: Stream, latency_ms: int | None, how: str) -> int:
    """What counts for a player with these columns: without a word the stream's agreed figure."""
    said = how in stream.measuring(shown) and latency_ms is not None
    return latency_ms if said and latency_ms is not None else shown.latency_ms


def _present(shown: Stream, turn_id: Any) -> Select[Any]:
    """`_latency` for many at once, as rows of `Lag`."""
    said = Attempt.latency_method.in_(stream.measuring(shown)) & Attempt.latency_ms.is_not(None)
    return select(
        turn_id,
        Attempt.id,
        case((said, Attempt.latency_ms), else_=shown.latency_ms),
        case((said, Attempt.latency_method), else_="fixed"),
    )
