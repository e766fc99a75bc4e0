"""Who does what in a contest: given to existing accounts, taken back, and written down (architecture §8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import Contest, ContestRole, Person
from quizapp.rules import identity
from quizapp.services import accounts, changes, contests, units
from quizapp.services.contests import ROLES, SECRETARIAT
from quizapp.services.vault import Vault

PANEL, FOCAL = "panel", "focal"


@dataclass(frozen=True)
class Held:
    """One role of one person, with as much of their contact as tells two people apart."""

    id: int
    person: Person
    contact: str
    role: str
    unit: str


def listed(session: Session, vault: Vault, contest: Contest) -> list[Held]:
    """Everybody who works on the contest, role by role."""
    wanted = select(ContestRole, Person).join(Person, Person.id == ContestRole.person_id)
    rows = session.execute(wanted.where(ContestRole.contest_id == contest.id)).all()
    found = [
        Held(
            row.id,
            person,
            " · ".join(accounts.masked_contacts(vault, person)),
            row.role,
            units.find(session, contest, row.unit_id).name if row.unit_id is not None else "",
        )
        for row, person in rows
    ]
    return sorted(found, key=lambda one: (ROLES.index(one.role), one.person.search, one.id))


def give(
    session: Session,
    vault: Vault,
    contest: Contest,
    login: str,
    role: str,
    by: str | None,
    *,
    unit_id: int | None = None,
    now: datetime,
) -> Person:
    """Give a role to the account with this phone or email.

    Who is on the question panel sees keys, and so holds no other role in the contest; nobody else joins it while they
    hold one. A focal point belongs to a unit. From now on the person may not win (`exclusions` knows roles). `by` is
    nobody where it is done at the machine itself.
    """
    if role not in ROLES:
        raise Unreadable("Vui lòng chọn một việc.")
    person = _account(session, vault, login)
    held = contests.roles_of(session, contest, person.id)
    if PANEL in held | {role} and held - {role}:
        raise Conflict("Người trong Tổ ra đề biết đáp án nên không giữ việc nào khác trong cuộc thi này.")
    if role == FOCAL:
        if unit_id is None:
            raise Unreadable("Đầu mối cần gắn với một đơn vị. Vui lòng chọn đơn vị.")
        units.find(session, contest, unit_id)
    else:
        unit_id = None
    same = _rows(session, contest, person.id, role)
    if any(row.unit_id == unit_id for row in same):
        raise Conflict("Người này đã được giao việc đó.")
    session.add(ContestRole(contest_id=contest.id, person_id=person.id, role=role, unit_id=unit_id, given_at=now))
    session.flush()
    thing = f"person/{person.id}"
    changes.note(
        session, contest, "role", thing, {"roles": sorted(held)}, _roles(session, contest, person), "", by, now=now
    )
    return person


def take(session: Session, contest: Contest, role_id: int, by: str, *, now: datetime) -> None:
    """Take a role back. The last member of the secretariat stays: somebody must be able to work."""
    row = session.get(ContestRole, role_id)
    if row is None or row.contest_id != contest.id:
        raise NotFound("Không tìm thấy phân công này.")
    if row.role == SECRETARIAT:
        others = select(ContestRole.id).where(
            ContestRole.contest_id == contest.id,
            ContestRole.role == SECRETARIAT,
            ContestRole.person_id != row.person_id,
        )
        if session.scalar(others.limit(1)) is None:
            raise Conflict("Tổ Thư ký phải còn ít nhất một người.")
    person = session.get_one(Person, row.person_id)
    before = _roles(session, contest, person)
    session.delete(row)
    session.flush()
    thing = f"person/{person.id}"
    changes.note(session, contest, "role", thing, before, _roles(session, contest, person), "", by, now=now)


def _account(session: Session, vault: Vault, login: str) -> Person:
    kind, plain = identity.login(login)
    column = Person.phone_tag if kind == "phone" else Person.email_tag
    found = session.scalar(select(Person).where(column == vault.tag(kind, plain), Person.blocked_at.is_(None)))
    if found is None:
        raise NotFound("Chưa có tài khoản với số điện thoại hoặc email này. Mời người đó đăng ký tài khoản trước.")
    return found


def _rows(session: Session, contest: Contest, person_id: str, role: str) -> Sequence[ContestRole]:
    held = select(ContestRole).where(
        ContestRole.contest_id == contest.id, ContestRole.person_id == person_id, ContestRole.role == role
    )
    return session.scalars(held).all()


def _roles(session: Session, contest: Contest, person: Person) -> dict[str, list[str]]:
    return {"roles": sorted(contests.roles_of(session, contest, person.id))}
