"""The contestants of a contest as its secretariat finds and corrects them: listed and searched, renamed, moved between
units, given more time, and marked where somebody was entered wrongly (contest-rules §4–5). All of it is written down.

Phones, birth dates and numbers are not shown here; what is masked tells two people apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import Attempt, Change, Contest, Contestant, Unit
from quizapp.rules import identity, registration
from quizapp.rules.words import fold
from quizapp.services import changes, contests, entries, moves, places, registrations, units
from quizapp.services.registrations import ELIGIBLE, EXCLUDED, HORS
from quizapp.services.vault import Vault

PAGE = 50
STATUSES = (ELIGIBLE, HORS, EXCLUDED)
EXTRA_TIMES = (100, 150, 200, 0)  # percent of the time limit; 0 is no limit
WITHDRAWN, UNCONFIRMED, CHILD, BY_HAND = "withdrawn", "unconfirmed", "guardian", "by-hand"
MARKS = (WITHDRAWN, UNCONFIRMED, CHILD, BY_HAND)


@dataclass(frozen=True)
class Filter:
    """Which contestants are wanted: words of the name, a code, a whole phone or identity number; and what they are."""

    words: str = ""
    status: str = ""
    mark: str = ""
    division: str = ""
    unit_id: int | None = None
    by_name: bool = False


@dataclass(frozen=True)
class Found:
    """One page of a list, and how many there are in all."""

    people: Sequence[Contestant]
    count: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.count // PAGE))


# ── Looking ─────────────────────────────────────────────────────────────────────────────────────────────────────


def find(session: Session, contest: Contest, code: str, *, for_change: bool = False) -> Contestant:
    """The contestant of this code in a contest that the caller looked up for its secretariat."""
    wanted = select(Contestant).where(Contestant.contest_id == contest.id, Contestant.code == code)
    found = session.scalar(wanted.with_for_update() if for_change else wanted)
    if found is None:
        raise NotFound("Không tìm thấy thí sinh này.")
    return found


def search(session: Session, vault: Vault, contest: Contest, wanted: Filter, *, page: int = 1) -> Found:
    """One page of the contestants that fit, the newest first or by name as Vietnamese lists stand."""
    conditions = _conditions(session, vault, contest, wanted)
    count = session.scalar(select(func.count()).select_from(Contestant).where(*conditions)) or 0
    page = min(max(page, 1), max(1, -(-count // PAGE)))
    order = (
        (Contestant.sort_key, Contestant.id)
        if wanted.by_name
        else (Contestant.registered_at.desc(), Contestant.id.desc())
    )
    rows: Select[Contestant] = select(Contestant).where(*conditions).order_by(*order)
    return Found(session.scalars(rows.offset((page - 1) * PAGE).limit(PAGE)).all(), count, page)


def counts(session: Session, contest: Contest) -> dict[str, int]:
    """How many people there are of each status."""
    wanted = select(Contestant.status, func.count()).where(Contestant.contest_id == contest.id)
    found = {status: count for status, count in session.execute(wanted.group_by(Contestant.status))}
    return {status: found.get(status, 0) for status in STATUSES}


def masked_phone(vault: Vault, contestant: Contestant) -> str:
    """The phone as staff may see it, `091***678`; a guardian's where there is no other."""
    phone = entries.opened(vault, contestant, "phone") or entries.opened(vault, contestant, "guardian_phone")
    return identity.masked_phone(phone) if phone else ""


def attempts(session: Session, contestant: Contestant) -> int:
    """How many attempts they started."""
    return session.scalar(select(func.count()).where(Attempt.contestant_id == contestant.id)) or 0


def history(session: Session, contest: Contest, contestant: Contestant) -> Sequence[Change]:
    """What was changed of somebody or is proposed, the newest first."""
    mine = (Change.contest_id == contest.id, Change.thing == f"contestant/{contestant.code}")
    return session.scalars(select(Change).where(*mine).order_by(Change.id.desc())).all()


def _conditions(session: Session, vault: Vault, contest: Contest, wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Contestant.contest_id == contest.id]
    if wanted.words.strip():
        found.append(_known_by(vault, wanted.words))
    if wanted.status in STATUSES:
        found.append(Contestant.status == wanted.status)
    if wanted.division:
        found.append(Contestant.division == wanted.division)
    if wanted.unit_id is not None:
        below = [one.unit.id for one in _branch(session, contest, wanted.unit_id)]
        found.append(or_(Contestant.unit_id.in_(below), Contestant.place_id.in_(below)))
    marks = {
        WITHDRAWN: Contestant.withdrawn_at.is_not(None),
        UNCONFIRMED: Contestant.phone_confirmed_at.is_(None) & Contestant.phone_tag.is_not(None),
        CHILD: (Contestant.guardian_name != ""),
        BY_HAND: Contestant.person_id.is_(None),
    }
    if wanted.mark in marks:
        found.append(marks[wanted.mark])
    return found


def _known_by(vault: Vault, words: str) -> ColumnElement[bool]:
    """A whole phone or identity number finds its owner though neither can be read; else a code, else parts of names."""
    for read, kind, column in (
        (identity.phone, "phone", Contestant.phone_tag),
        (registration.identity_number, "identity", Contestant.identity_tag),
    ):
        try:
            return column == vault.tag(kind, read(words))
        except Unreadable:
            continue
    by_name = [Contestant.search.contains(word, autoescape=True) for word in fold(words).split()]
    name: ColumnElement[bool] = by_name[0] if by_name else Contestant.search == ""
    for more in by_name[1:]:
        name = name & more
    return or_(name, Contestant.code == words.strip().upper())


def _branch(session: Session, contest: Contest, unit_id: int) -> list[units.Branch]:
    """A node of a tree and all below it."""
    top = units.find(session, contest, unit_id)
    tree = units.tree(session, contest, "place" if top.tree == "place" else "unit")
    start = next(place for place, one in enumerate(tree) if one.unit.id == top.id)
    rest = tree[start + 1 :]
    below = next((n for n, one in enumerate(rest) if one.depth <= tree[start].depth), len(rest))
    return [tree[start], *rest[:below]]


# ── Correcting ──────────────────────────────────────────────────────────────────────────────────────────────────


def rename(
    session: Session, contest: Contest, contestant: Contestant, name: str, person_id: str, *, reason: str, now: datetime
) -> None:
    """Correct a name, with a reason: certificates carry it exactly as it stands here."""
    tidy = registration.full_name(name)
    before = {"name": contestant.name}
    if tidy == contestant.name:
        return
    contestant.name, contestant.search = tidy, fold(tidy)
    contestant.sort_key = registration.name_key(tidy)
    session.flush()
    _note(session, contest, "registration", contestant, before, {"name": tidy}, reason, person_id, now)


def move(
    session: Session,
    contest: Contest,
    contestant: Contestant,
    unit: Unit | None,
    person_id: str,
    *,
    reason: str,
    now: datetime,
) -> None:
    """Put somebody into another unit, or into none; after closing too, and that holds (§21.12)."""
    if contestant.unit_id == (unit.id if unit else None):
        return
    old = None if contestant.unit_id is None else session.get(Unit, contestant.unit_id)
    before = {"unit": units.label(session, old) if old else ""}
    belonged = moves.belongs(contestant)
    contestant.unit_id = unit.id if unit else None
    moves.note(session, contestant, belonged, own=False, now=now)
    session.flush()
    after = {"unit": units.label(session, unit) if unit else ""}
    _note(session, contest, "unit_move", contestant, before, after, reason, person_id, now)


def resettle(
    session: Session,
    contest: Contest,
    contestant: Contestant,
    province: str,
    commune: str,
    person_id: str,
    *,
    reason: str,
    now: datetime,
) -> None:
    """Correct the province and the commune."""
    place = places.place(session, contest, province, commune=registration.line(commune), now=now)
    if place.id == contestant.place_id:
        return
    old = None if contestant.place_id is None else session.get(Unit, contestant.place_id)
    before = {"place": units.label(session, old) if old else ""}
    belonged = moves.belongs(contestant)
    contestant.place_id = place.id
    moves.note(session, contestant, belonged, own=False, now=now)
    session.flush()
    after = {"place": units.label(session, place)}
    _note(session, contest, "unit_move", contestant, before, after, reason, person_id, now)


def divide(
    session: Session,
    contest: Contest,
    contestant: Contestant,
    division: str,
    person_id: str,
    *,
    reason: str,
    now: datetime,
) -> None:
    """Put somebody into another division of the rulebook."""
    if division not in {one.key for one in contests.settings(contest).who.divisions}:
        raise Unreadable("Bảng này không có trong thể lệ. Vui lòng chọn lại.")
    if division == contestant.division:
        return
    before = {"division": contestant.division}
    contestant.division = division
    session.flush()
    _note(session, contest, "registration", contestant, before, {"division": division}, reason, person_id, now)


def accommodate(
    session: Session,
    contest: Contest,
    contestant: Contestant,
    percent: int,
    person_id: str,
    *,
    reason: str,
    now: datetime,
) -> None:
    """Grant more time, before the first attempt and where the rulebook offers it; never shown publicly."""
    if not contests.settings(contest).who.time_accommodation:
        raise Conflict("Thể lệ không có quy định về kéo dài thời gian làm bài.")
    if percent not in EXTRA_TIMES:
        raise Unreadable()
    if registrations.has_sat(session, contestant):
        raise Conflict("Thí sinh đã bắt đầu thi nên không đổi thời gian làm bài được nữa.")
    if percent == contestant.accommodation:
        return
    before = {"percent": contestant.accommodation}
    contestant.accommodation = percent
    session.flush()
    _note(session, contest, "accommodation", contestant, before, {"percent": percent}, reason, person_id, now)


# ── Entered wrongly ─────────────────────────────────────────────────────────────────────────────────────────────


def set_status(
    session: Session,
    contest: Contest,
    contestant: Contestant,
    status: str,
    person_id: str,
    *,
    reason: str,
    correction: str = "",
    now: datetime,
) -> Change:
    """Say that somebody may win, may not, or was entered wrongly. Who has sat already is decided on by two people:
    then this is a proposal. Attempts stay stored; they only stop counting."""
    if status not in STATUSES:
        raise Unreadable()
    if status == contestant.status:
        raise Conflict("Thí sinh đang ở trạng thái này.")
    before, after = {"status": contestant.status}, {"status": status}
    thing = f"contestant/{contestant.code}"
    if registrations.has_sat(session, contestant):
        what = {"contestant": contestant.id, "code": contestant.code, "status": status}
        what |= changes.correction(contest.rounds, correction)
        return changes.propose(session, contest, "status", thing, what, before, after, reason, person_id, now=now)
    why = changes.reason_of(reason)
    contestant.status, contestant.status_reason = status, "" if status == ELIGIBLE else why
    session.flush()
    return changes.note(session, contest, "status", thing, before, after, why, person_id, now=now)


@changes.executor("status")
def _set_status(session: Session, change: Change, now: datetime) -> None:
    contestant = session.get_one(Contestant, change.what["contestant"], with_for_update=True)
    if change.before is None or contestant.status != change.before["status"]:
        raise Conflict("Thí sinh đã đổi trạng thái sau khi có đề nghị.")
    status = change.what["status"]
    contestant.status, contestant.status_reason = status, "" if status == ELIGIBLE else change.reason
    session.flush()


def _note(
    session: Session,
    contest: Contest,
    kind: Any,
    contestant: Contestant,
    before: dict[str, Any],
    after: dict[str, Any],
    reason: str,
    person_id: str,
    now: datetime,
) -> None:
    thing = f"contestant/{contestant.code}"
    changes.note(session, contest, kind, thing, before, after, changes.reason_of(reason), person_id, now=now)
