"""Units under several names made one: suggested by their names, merged with all their people, and undone again. What
people wrote stays readable in the history (contest-rules §5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp.errors import Conflict
from quizapp.models import Change, Contest, Contestant, ContestRole, Unit
from quizapp.rules import roster
from quizapp.rules.changes import Kind
from quizapp.services import changes, units
from quizapp.services.units import Tree

_KIND: Kind = "unit"


def suggestions(session: Session, contest: Contest, which: Tree) -> list[list[Unit]]:
    """Groups of nodes that may be one: their names come to the same and somebody typed at least one of them.

    In each group the one to merge into comes first: a listed one, else the one with the most people.
    """
    branches = units.tree(session, contest, which)
    people = {one.unit.id: one.registered for one in branches}
    groups: dict[object, list[Unit]] = {}
    for branch in branches:
        groups.setdefault(branch.unit.parent_id if which == "place" else None, []).append(branch.unit)
    found = []
    for neighbours in groups.values():
        by_id = {unit.id: unit for unit in neighbours}
        for group in roster.alike((unit.id, unit.name) for unit in neighbours):
            members = sorted((by_id[id] for id in group), key=lambda one: (one.typed, -people[one.id], one.id))
            if any(unit.typed for unit in members):
                found.append(members)
    return found


def merge(
    session: Session,
    contest: Contest,
    person_id: str,
    into: Unit,
    parts: Sequence[Unit],
    *,
    reason: str = "",
    now: datetime,
) -> Change:
    """Let `into` stand for the `parts`: their people, the nodes below them and their focal points go there.

    Once the contest is open with a reason. Refused where it would turn the tree into a circle.
    """
    if units.has_opened(contest, now=now):
        reason = changes.reason_of(reason)
    parts = [part for part in parts if part.id != into.id]
    if not parts:
        raise Conflict("Vui lòng chọn ít nhất một đơn vị khác để gộp vào.")
    above = _ids_above(session, into)
    if any(part.tree != into.tree or part.id in above for part in parts):
        raise Conflict("Không thể gộp một đơn vị vào đơn vị trực thuộc nó. Hãy chuyển đơn vị đó ra ngoài trước.")
    moved = {str(part.id): _absorb(session, part, into) for part in parts}
    session.flush()
    return changes.note(
        session,
        contest,
        _KIND,
        f"unit/{into.id}",
        {"merged": [part.name for part in parts]},
        {"name": into.name, "people": sum(len(one["people"]) for one in moved.values())},
        reason,
        person_id,
        now=now,
        what={"merge": moved, "into": into.id},
    )


def undo(session: Session, contest: Contest, person_id: str, change: Change, *, reason: str = "", now: datetime) -> int:
    """Part again what a merge joined, and say how many people went back: those who were not moved on since."""
    merged: dict[str, Any] = change.what.get("merge") or {}
    parts = [session.get_one(Unit, int(id)) for id in merged]
    into_id = change.what.get("into")
    if not parts or change.contest_id != contest.id or any(part.merged_into_id != into_id for part in parts):
        raise Conflict("Lần gộp này đã được hoàn tác hoặc đã thay đổi sau đó.")
    if units.has_opened(contest, now=now):
        reason = changes.reason_of(reason)
    back = 0
    for part in parts:
        part.merged_into_id = None
        held = merged[str(part.id)]
        column = Contestant.unit_id if part.tree == "unit" else Contestant.place_id
        for some in _portions(held["people"]):
            wanted = update(Contestant).where(Contestant.id.in_(some), column == into_id)
            back += session.execute(wanted.values({column.key: part.id})).rowcount  # type: ignore[attr-defined]
        session.execute(
            update(Unit).where(Unit.id.in_(held["below"]), Unit.parent_id == into_id).values(parent_id=part.id)
        )
        session.execute(
            update(ContestRole)
            .where(ContestRole.id.in_(held["roles"]), ContestRole.unit_id == into_id)
            .values(unit_id=part.id)
        )
    session.flush()
    names = [part.name for part in parts]
    after = {"parted": names, "people": back}
    changes.note(
        session,
        contest,
        _KIND,
        f"unit/{into_id}",
        {"merged": names},
        after,
        reason,
        person_id,
        now=now,
        what={"undo": change.id},
    )
    return back


def history(session: Session, contest: Contest, *, limit: int = 50) -> list[tuple[Change, bool]]:
    """The merges of a contest, the newest first, and whether each can still be undone."""
    wanted = select(Change).where(Change.contest_id == contest.id, Change.kind == _KIND).order_by(Change.id.desc())
    found = [one for one in session.scalars(wanted) if "merge" in one.what][:limit]
    ids = {int(id) for one in found for id in one.what["merge"]}
    into = {id: there for id, there in session.execute(select(Unit.id, Unit.merged_into_id).where(Unit.id.in_(ids)))}
    return [(one, all(into.get(int(id)) == one.what["into"] for id in one.what["merge"])) for one in found]


def _absorb(session: Session, part: Unit, into: Unit) -> dict[str, list[int]]:
    """Move everything that hangs on a node, and say what that was, so that it can go back."""
    column = Contestant.unit_id if part.tree == "unit" else Contestant.place_id
    held = {
        "people": list(session.scalars(select(Contestant.id).where(column == part.id).order_by(Contestant.id))),
        "below": list(session.scalars(select(Unit.id).where(Unit.parent_id == part.id).order_by(Unit.id))),
        "roles": list(session.scalars(select(ContestRole.id).where(ContestRole.unit_id == part.id))),
    }
    session.execute(update(Contestant).where(column == part.id).values({column.key: into.id}))
    session.execute(update(Unit).where(Unit.parent_id == part.id).values(parent_id=into.id))
    session.execute(update(ContestRole).where(ContestRole.unit_id == part.id).values(unit_id=into.id))
    part.merged_into_id = into.id
    return held


def _ids_above(session: Session, unit: Unit) -> set[int]:
    found: set[int] = set()
    above = unit.parent_id
    while above is not None and above not in found:
        found.add(above)
        above = session.get_one(Unit, above).parent_id
    return found


def _portions(ids: Sequence[int], size: int = 500) -> list[Sequence[int]]:
    return [ids[begin : begin + size] for begin in range(0, len(ids), size)]
