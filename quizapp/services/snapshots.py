"""Numbered results as they were kept (contest-rules §9, §12): found, paged and searched; never edited.

A snapshot is seen once all its lines are kept. The newest one is the secretariat's; everybody else sees the newest that
was published.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from quizapp.errors import NotFound
from quizapp.models import Change, Contest, Contestant, Round, Snapshot, SnapshotLine
from quizapp.rules.changes import COUNTED
from quizapp.rules.most import Share
from quizapp.rules.tally import Award, Figures, GroupList, Line, TeamLine
from quizapp.services import contests

PAGE = 50


class Numbers(Struct, frozen=True, kw_only=True):
    """What a snapshot says besides its lines and prizes: the figures of the round and of the contest so far."""

    round: Figures = Figures()
    contest: Figures = Figures()
    target: int | None = None
    target_rows: int = 0
    most: dict[str, tuple[Share, ...]] = {}  # by `province`, `commune` or `unit`
    ties: tuple[tuple[str, ...], ...] = ()
    teams: tuple[TeamLine, ...] = ()
    names: dict[str, str] = {}  # of the units and places that are named in it


@dataclass(frozen=True)
class Placed:
    """One line with its place in the list and whose it is."""

    position: int
    line: Line
    contestant: Contestant | None


# ── Finding ─────────────────────────────────────────────────────────────────────────────────────────────────────


def newest(session: Session, row: Round) -> Snapshot | None:
    """The latest complete snapshot of a round, published or not."""
    return session.scalar(_complete(row).order_by(Snapshot.n.desc()).limit(1))


def published(session: Session, row: Round) -> Snapshot | None:
    """The latest that everybody may see."""
    shown = _complete(row).where(Snapshot.published_at.is_not(None))
    return session.scalar(shown.order_by(Snapshot.n.desc()).limit(1))


def all_of(session: Session, row: Round) -> Sequence[Snapshot]:
    """Every complete snapshot, the latest first."""
    return session.scalars(_complete(row).order_by(Snapshot.n.desc())).all()


def numbered(session: Session, row: Round, n: int) -> Snapshot:
    """The snapshot of this number."""
    found = session.scalar(_complete(row).where(Snapshot.n == n))
    if found is None:
        raise NotFound("Không tìm thấy bảng kết quả này.")
    return found


def is_fresh(session: Session, contest: Contest, row: Round, snapshot: Snapshot | None) -> bool:
    """Whether nothing that counts was changed since the data of this snapshot were read.

    Where one prize is for the whole contest, and for lists over rounds, changes of any round count.
    """
    return snapshot is not None and is_unchanged(session, contest, row, snapshot.made_at, awards(snapshot))


def is_unchanged(
    session: Session,
    contest: Contest,
    row: Round,
    since: datetime,
    prizes: Collection[Award] = (),
    *,
    but: Change | None = None,
) -> bool:
    """Whether nothing that counts for a round was changed since then, `but` aside, and nobody with a prize withdrew."""
    moved = select(Change.id).where(
        Change.contest_id == contest.id,
        Change.state == "DONE",
        Change.kind.in_(COUNTED),
        Change.settled_at >= since,
        Change.id != (but.id if but is not None else None),
    )
    if not row.overall and contests.settings(contest).one_prize_per != "CONTEST":
        moved = moved.where((Change.round_id == row.id) | Change.round_id.is_(None))
    if session.scalar(moved.limit(1)) is not None:
        return False
    left = select(Contestant.id).where(
        Contestant.contest_id == contest.id,
        Contestant.code.in_({one.code for one in prizes}),
        Contestant.withdrawn_at >= since,
    )
    return session.scalar(left.limit(1)) is None


def _complete(row: Round) -> Select[Snapshot]:
    return select(Snapshot).where(Snapshot.round_id == row.id, Snapshot.complete_at.is_not(None))


# ── What it says ────────────────────────────────────────────────────────────────────────────────────────────────


def numbers(snapshot: Snapshot) -> Numbers:
    """Its figures, typed."""
    return msgspec.convert(snapshot.figures, Numbers)


def awards(snapshot: Snapshot) -> list[Award]:
    """Its individual prizes, in the order of the prize lists and then of the places."""
    return msgspec.convert(snapshot.awards, list[Award])


def collective(snapshot: Snapshot) -> list[GroupList]:
    """Its collective lists; empty until the last round in their scope is counted."""
    return msgspec.convert(snapshot.collective, list[GroupList])


def page(
    session: Session, snapshot: Snapshot, number: int = 1, *, division: str | None = None, size: int = PAGE
) -> list[Placed]:
    """One page of the ranking, from 1."""
    before = (max(number, 1) - 1) * size
    if division is None:  # positions count up from 1: found at once, however far down
        return _placed(session, [*_of(snapshot, None), SnapshotLine.position.between(before + 1, before + size)])
    return _placed(session, _of(snapshot, division), limit=size, offset=before)


def count(session: Session, snapshot: Snapshot, *, division: str | None = None) -> int:
    """How many lines there are."""
    if division is None:
        return snapshot.people
    counted = select(func.count()).select_from(SnapshotLine).where(*_of(snapshot, division))
    return session.scalar(counted) or 0


def of_contestants(session: Session, snapshot: Snapshot, ids: Collection[int], *, limit: int = PAGE) -> list[Placed]:
    """The lines of these contestants, in order."""
    mine = SnapshotLine.contestant_id.in_(ids)
    return _placed(session, [SnapshotLine.snapshot_id == snapshot.id, mine], limit=limit)


def around(session: Session, snapshot: Snapshot, position: int) -> list[Placed]:
    """The line at this position with its neighbours."""
    near = SnapshotLine.position.between(position - 1, position + 1)
    return _placed(session, [SnapshotLine.snapshot_id == snapshot.id, near])


def _of(snapshot: Snapshot, division: str | None) -> list[ColumnElement[bool]]:
    own = [SnapshotLine.snapshot_id == snapshot.id]
    return own if division is None else [*own, SnapshotLine.division == division]


def _placed(
    session: Session, where: Sequence[ColumnElement[bool]], *, limit: int | None = None, offset: int = 0
) -> list[Placed]:
    wanted = (
        select(SnapshotLine.position, SnapshotLine.body, Contestant)
        .outerjoin(Contestant, Contestant.id == SnapshotLine.contestant_id)
        .where(*where)
        .order_by(SnapshotLine.position)
        .limit(limit)
        .offset(offset)
    )
    return [Placed(position, msgspec.convert(body, Line), who) for position, body, who in session.execute(wanted)]


# ── Two side by side ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Moved:
    """Somebody who stands elsewhere, came, or went, between two snapshots."""

    code: str
    rank_before: int | None
    rank_after: int | None


@dataclass(frozen=True)
class Compared:
    """What is different from one snapshot to a later one: figures by name, prizes, and places of the first people."""

    figures: dict[str, tuple[int | None, int | None]]
    lost: list[Award]
    won: list[Award]
    moved: list[Moved]
    moved_in_all: int


def compare(session: Session, before: Snapshot, after: Snapshot, *, most: int = 50) -> Compared:
    """What a later snapshot says differently. `moved` lists at most so many people; all are counted."""
    old, new = numbers(before), numbers(after)
    pairs = {name: (getattr(old.round, name), getattr(new.round, name)) for name in Figures.__struct_fields__}
    pairs["target"] = (old.target, new.target)
    lost, won = _prizes(before), _prizes(after)
    ranks = [_ranks(session, before), _ranks(session, after)]
    changed = [
        Moved(code, ranks[0].get(code), ranks[1].get(code))
        for code in sorted(ranks[0].keys() | ranks[1].keys())
        if ranks[0].get(code) != ranks[1].get(code)
    ]
    changed.sort(key=lambda one: min(one.rank_before or _LAST, one.rank_after or _LAST))
    return Compared(
        figures={name: pair for name, pair in pairs.items() if pair[0] != pair[1]},
        lost=[one for key, one in lost.items() if key not in won],
        won=[one for key, one in won.items() if key not in lost],
        moved=changed[:most],
        moved_in_all=len(changed),
    )


_LAST = 1 << 60


def _prizes(snapshot: Snapshot) -> dict[tuple[str, str], Award]:
    return {(one.prize, one.code): one for one in awards(snapshot)}


def _ranks(session: Session, snapshot: Snapshot) -> dict[str, int]:
    """The rank of everybody in a snapshot, by code, from its body."""
    lines = select(SnapshotLine.rank, Contestant.code).join(Contestant, Contestant.id == SnapshotLine.contestant_id)
    return {code: rank for rank, code in session.execute(lines.where(SnapshotLine.snapshot_id == snapshot.id))}
