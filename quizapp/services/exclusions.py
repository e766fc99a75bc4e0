"""People who work on a contest: they cannot enter it, or win nothing in it. Known by the roles they hold and by a list
that is matched on identity number and phone, never on the name alone (contest-rules §4, fairness §6)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import Contest, Contestant, ContestRole, Exclusion, Person
from quizapp.rules import identity, registration, roster
from quizapp.rules.registration import Problem
from quizapp.rules.roster import Line, Looked
from quizapp.services import changes, contests
from quizapp.services.vault import Vault

# Focal points mobilise a unit and follow its numbers; the rules do not count them among those who run the contest.
INVOLVED = tuple(role for role in contests.ROLES if role != "focal")


@dataclass(frozen=True)
class Met:
    """A contestant who turned out to work on the contest, and as what."""

    contestant: Contestant
    work: str


def listed(session: Session, contest: Contest) -> Sequence[Exclusion]:
    """The list, the newest first."""
    wanted = select(Exclusion).where(Exclusion.contest_id == contest.id)
    return session.scalars(wanted.order_by(Exclusion.id.desc())).all()


def add(
    session: Session,
    vault: Vault,
    contest: Contest,
    person_id: str,
    *,
    name: str,
    work: str = "",
    identity_number: str = "",
    phone: str = "",
    now: datetime,
) -> Exclusion:
    """Put somebody on the list; refused without a number to know them by, and twice."""
    made = _row(vault, contest, Line(0, _cells(name, work, identity_number, phone)), now=now)
    if isinstance(made, Looked):
        raise Unreadable(made.problems[0].sentence)
    if _same(session, contest, made) is not None:
        raise Conflict("Người này đã có trong danh sách.")
    session.add(made)
    session.flush()
    after = {"name": made.name, "work": made.work}
    changes.note(session, contest, "exclusion", f"exclusion/{made.id}", None, after, "", person_id, now=now)
    return made


def remove(session: Session, contest: Contest, person_id: str, exclusion_id: int, *, now: datetime) -> None:
    """Take somebody off the list. Who was marked by it stays marked until the secretariat changes that."""
    row = session.get(Exclusion, exclusion_id)
    if row is None or row.contest_id != contest.id:
        raise NotFound("Không tìm thấy người này trong danh sách.")
    before = {"name": row.name, "work": row.work}
    changes.note(session, contest, "exclusion", f"exclusion/{row.id}", before, None, "", person_id, now=now)
    session.delete(row)
    session.flush()


# ── Whole lists ─────────────────────────────────────────────────────────────────────────────────────────────────


def look(session: Session, vault: Vault, contest: Contest, lines: Sequence[Line], *, now: datetime) -> list[Looked]:
    """Every line with what is wrong with it; who is on the list already, or stands twice in it, is `same`."""
    return [looked for looked, _ in _read(session, vault, contest, lines, now)]


def take(
    session: Session, vault: Vault, contest: Contest, person_id: str, lines: Sequence[Line], *, now: datetime
) -> int:
    """Put everybody on the list whose line nothing stops, and say how many are new."""
    new = [
        row for looked, row in _read(session, vault, contest, lines, now) if row is not None and looked.does == "new"
    ]
    session.add_all(new)
    session.flush()
    changes.note(session, contest, "exclusion", "exclusions", None, {"new": len(new)}, "", person_id, now=now)
    return len(new)


# ── Who is meant ────────────────────────────────────────────────────────────────────────────────────────────────


def involved(
    session: Session, contest: Contest, *, person_id: str | None, identity_tag: str | None, phone_tags: Collection[str]
) -> str | None:
    """What somebody does in this contest, known by their account, identity number or phones; `None` for others."""
    role = select(ContestRole.role).join(Person, Person.id == ContestRole.person_id)
    role = role.where(ContestRole.contest_id == contest.id, ContestRole.role.in_(INVOLVED))
    held = session.scalars(
        role.where(or_(ContestRole.person_id == (person_id or ""), Person.phone_tag.in_(phone_tags))).limit(1)
    ).first()
    if held is not None:
        return held
    on_list = select(Exclusion.work).where(Exclusion.contest_id == contest.id)
    matches = or_(Exclusion.identity_tag == (identity_tag or "-"), Exclusion.phone_tag.in_(phone_tags))
    return session.scalars(on_list.where(matches).limit(1)).first()


def met(session: Session, contest: Contest) -> list[Met]:
    """Contestants who may still win although they work on the contest: registered before they were named (§6)."""
    mine = select(Contestant).where(Contestant.contest_id == contest.id, Contestant.status == "ELIGIBLE")
    by_list = mine.add_columns(Exclusion.work).join(
        Exclusion,
        (Exclusion.contest_id == Contestant.contest_id)
        & or_(Exclusion.identity_tag == Contestant.identity_tag, Exclusion.phone_tag == Contestant.phone_tag),
    )
    by_role = (
        mine.add_columns(ContestRole.role)
        .join(ContestRole, ContestRole.contest_id == Contestant.contest_id)
        .join(Person, Person.id == ContestRole.person_id)
        .where(
            ContestRole.role.in_(INVOLVED),
            or_(ContestRole.person_id == Contestant.person_id, Person.phone_tag == Contestant.phone_tag),
        )
    )
    found: dict[int, Met] = {}
    for wanted in (by_role, by_list):
        for contestant, work in session.execute(wanted):
            found.setdefault(contestant.id, Met(contestant, work))
    return sorted(found.values(), key=lambda one: one.contestant.id)


def _cells(name: str, work: str, identity_number: str, phone: str) -> dict[str, str]:
    said = {"name": name.strip(), "work": work.strip(), "identity": identity_number.strip(), "phone": phone.strip()}
    return {key: text for key, text in said.items() if text}


def _read(
    session: Session, vault: Vault, contest: Contest, lines: Sequence[Line], now: datetime
) -> list[tuple[Looked, Exclusion | None]]:
    found: list[tuple[Looked, Exclusion | None]] = []
    seen: set[str] = set()
    for line in lines:
        row = _row(vault, contest, line, now=now)
        if isinstance(row, Looked):
            found.append((row, None))
            continue
        looked = Looked(line)
        tags = {tag for tag in (row.identity_tag, row.phone_tag) if tag}
        if tags & seen or _same(session, contest, row) is not None:
            looked.does = "same"
        seen |= tags
        found.append((looked, row))
    return found


def _row(vault: Vault, contest: Contest, line: Line, *, now: datetime) -> Exclusion | Looked:
    """The row that a line becomes, or the line with its problems. Numbers are kept as tags only."""
    looked = Looked(line)
    name, numbers = "", {"identity": "", "phone": ""}
    try:
        name = registration.full_name(line.get("name"))
    except Unreadable as refusal:
        looked.problems.append(Problem(refusal.sentence))
    for key, read in (("identity", registration.identity_number), ("phone", identity.phone)):
        text = line.get(key)
        if key == "phone" and len(text) == 9 and text.isdigit():
            text = f"0{text}"  # a spreadsheet took the number for a quantity
        if text:
            try:
                numbers[key] = read(text)
            except Unreadable as refusal:
                looked.problems.append(Problem(refusal.sentence))
    roster.too_long(looked, "work", 120)
    if not line.get("identity") and not line.get("phone"):
        looked.wrong("Cần số căn cước hoặc số điện thoại, vì nhiều người trùng họ tên.")
    if looked.problems:
        return looked
    return Exclusion(
        contest_id=contest.id,
        name=name,
        work=line.get("work"),
        identity_tag=vault.tag("identity", numbers["identity"]) if numbers["identity"] else None,
        phone_tag=vault.tag("phone", numbers["phone"]) if numbers["phone"] else None,
        made_at=now,
    )


def _same(session: Session, contest: Contest, row: Exclusion) -> int | None:
    """The line of the list with the same number, if there is one."""
    tags = [(Exclusion.identity_tag, row.identity_tag), (Exclusion.phone_tag, row.phone_tag)]
    matches = or_(*(column == tag for column, tag in tags if tag is not None))
    return session.scalars(select(Exclusion.id).where(Exclusion.contest_id == contest.id, matches).limit(1)).first()
