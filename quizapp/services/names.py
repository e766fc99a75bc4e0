"""How people of a contest are named where others read it: by name with unit or commune only where they agreed to that,
else by their code (contest-rules §5, fairness §10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from quizapp.models import Consent, Contest, Contestant, Unit

_AT_ONCE = 500  # ids in one question to the database


@dataclass(frozen=True)
class Shown:
    """One person on a list. `name` and `where` are empty without consent; `code` always tells people apart."""

    code: str
    name: str = ""
    where: str = ""


class Nodes:
    """The units and places of a contest by id: a merged one is the one it was merged into."""

    def __init__(self, session: Session, contest: Contest) -> None:
        rows = session.execute(
            select(Unit.id, Unit.name, Unit.tree, Unit.parent_id, Unit.merged_into_id).where(
                Unit.contest_id == contest.id
            )
        )
        self._rows: Mapping[int, Any] = {row.id: row for row in rows}

    def stands_for(self, id: int | None) -> int | None:
        """The node that counts for this one."""
        seen = set()
        while id is not None and id not in seen and id in self._rows and self._rows[id].merged_into_id is not None:
            seen.add(id)
            id = self._rows[id].merged_into_id
        return id if id in self._rows else None

    def name(self, id: int | None) -> str:
        """The name of one node, "" where there is none."""
        found = self.stands_for(id)
        return self._rows[found].name if found is not None else ""

    def path(self, id: int | None) -> str:
        """A node with all above it: `Xã A, Tỉnh P`."""
        names, seen = [], set()
        found = self.stands_for(id)
        while found is not None and found not in seen:
            seen.add(found)
            names.append(self._rows[found].name)
            found = self.stands_for(self._rows[found].parent_id)
        return ", ".join(names)

    def where(self, unit_id: int | None, place_id: int | None) -> str:
        """What stands beside a name: the unit, or else the commune with its province."""
        return self.name(unit_id) or self.path(place_id)


def of_codes(session: Session, contest: Contest, codes: Iterable[str]) -> dict[str, Shown]:
    """How the people of these codes are shown to others; a code that nobody has any more stands alone."""
    wanted = list(dict.fromkeys(codes))
    nodes = Nodes(session, contest)
    shown = {code: Shown(code) for code in wanted}
    for start in range(0, len(wanted), _AT_ONCE):
        chosen = select(Contestant).where(
            Contestant.contest_id == contest.id, Contestant.code.in_(wanted[start : start + _AT_ONCE])
        )
        people = session.scalars(chosen).all()
        agreed = may_publish(session, [one.id for one in people if one.withdrawn_at is None])
        for one in people:
            if one.id in agreed:
                shown[one.code] = Shown(one.code, one.name, nodes.where(one.unit_id, one.place_id))
    return shown


def may_publish(session: Session, ids: Iterable[int]) -> frozenset[int]:
    """Which of these contestants may be named: everybody who had to agree to their taking part (they themselves, for
    children a guardian too) agreed to their name being published as well, and nobody took it back."""
    by: dict[int, dict[str, set[str]]] = {}
    wanted = list(ids)
    for start in range(0, len(wanted), _AT_ONCE):
        for id, purpose, who in session.execute(_consents(wanted[start : start + _AT_ONCE])):
            by.setdefault(id, {}).setdefault(purpose, set()).add(who)
    return frozenset(id for id, of in by.items() if of.get("publish") and of["publish"] >= of.get("take_part", set()))


def _consents(ids: list[int]) -> Select[int, str, str]:
    return select(Consent.contestant_id, Consent.purpose, Consent.by).where(
        Consent.contestant_id.in_(ids),
        Consent.withdrawn_at.is_(None),
        Consent.purpose.in_(("take_part", "publish")),
    )
