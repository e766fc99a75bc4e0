"""The row of somebody in a contest: what a right form becomes, and that one number makes one entry (contest-rules §5).

Numbers are kept as tags, what may be read again is sealed (fairness §9). Whether a number is free is asked twice: first
for a kind answer, then by the database itself when the row is written.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, Unreadable
from quizapp.models import Contest, Contestant, Delegate, Person, Unit, new_id
from quizapp.rules import age_group, registration
from quizapp.rules.contest import Settings
from quizapp.rules.draw import code32
from quizapp.rules.registration import Birth, Entry, Known, Problem
from quizapp.rules.timing import day_in_vietnam
from quizapp.rules.words import fold
from quizapp.services import contests, delegates, places, units
from quizapp.services.vault import Vault

_TRIES = 20  # collisions of codes and slots that are overcome before something else must be wrong
_KNOWN: tuple[Known, ...] = ("day", "month", "year")


class Faulty(Unreadable):
    """Fields of a registration that must be mended; `problems` names them all at once."""

    code = "faulty"
    sentence = "Một số mục cần xem lại. Vui lòng sửa các mục được nêu rồi gửi lại."

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        super().__init__()
        self.problems = dict(problems)


class EnteredAlready(Conflict):
    """This account has its entry in the contest."""

    code = "entered-already"
    sentence = "Tài khoản này đã đăng ký cuộc thi."


class NumberTaken(Conflict):
    """Somebody entered with this number before: the same person, who is told how to come back to that entry.

    Whose account that is stays unsaid: whoever types a stranger's number would learn of it.
    """

    code = "number-taken"
    sentence = (
        "Số này đã được dùng để đăng ký cuộc thi bằng một tài khoản khác. "
        "Nếu đó là tài khoản của mình, vui lòng đăng xuất rồi đăng nhập lại bằng số điện thoại hoặc email đã dùng. "
        "Nếu quên hoặc nghi có nhầm lẫn, vui lòng liên hệ Tổ Thư ký."
    )


@dataclass
class Values:
    """What a registration comes to: columns of its row, tags of numbers, and texts that are sealed with the code."""

    columns: dict[str, Any] = field(default_factory=dict)
    sealed: dict[str, str] = field(default_factory=dict)
    key: str | None = None  # what makes one person one entry; None where only the account does
    is_phone_key: bool = False
    kept_key_tag: str | None = None  # of a row that is only changed, where what made the key was not typed again


# ── What is sealed ──────────────────────────────────────────────────────────────────────────────────────────────


def opened(vault: Vault, contestant: Contestant, name: str) -> str:
    """A sealed field of a contestant (`birth`, `phone`, `email`, `address`, `guardian_phone`), "" where it is empty.

    For its owner, and for the secretariat where the rules let it look.
    """
    column = name if name == "address" else f"{name}_sealed"
    sealed: bytes | None = getattr(contestant, column)
    return "" if sealed is None else vault.open(sealed, table="contestant", column=name, row=contestant.code)


def birth(vault: Vault, contestant: Contestant) -> Birth | None:
    """The date of birth, as exactly as it is known."""
    text = opened(vault, contestant, "birth")
    known: Known = next((one for one in _KNOWN if one == contestant.birth_known), "day")
    return Birth(date.fromisoformat(text), known) if text else None


# ── What is kept of a form ──────────────────────────────────────────────────────────────────────────────────────


def values(
    session: Session,
    vault: Vault,
    contest: Contest,
    settings: Settings,
    entry: Entry,
    delegate: Delegate | None,
    now: datetime,
) -> Values:
    """The columns that a right form becomes. Numbers become tags; what may be read again is sealed later."""
    made = Values()
    division = delegate.division if delegate is not None and delegate.division else entry.division
    made.columns = {
        "name": entry.full_name,
        "search": fold(entry.full_name),
        "sort_key": registration.name_key(entry.full_name),
        "birth_known": entry.birth.known if entry.birth else "",
        "age_from": age_group.begins(entry.birth.first_day, day_in_vietnam(now)) if entry.birth else None,
        "sex": entry.sex,
        "phone_tag": vault.tag("phone", entry.phone) if entry.phone else None,
        "identity_tag": vault.tag("identity", entry.identity_number) if entry.identity_number else None,
        "other_tag": vault.tag("other", entry.other_paper) if entry.other_paper else None,
        "occupation": entry.occupation,
        "insurance_group": entry.insurance_group,
        "division": division or None,
        "delegate_code": delegate.code if delegate is not None else entry.delegate_code or None,
        "team": delegate.team if delegate is not None and delegate.team else None,
        "guardian": entry.guardian,
        "guardian_name": entry.guardian_name,
        "guardian_at": now if entry.guardian_consents or entry.guardian else None,
        "guardian_phone_tag": vault.tag("phone", entry.guardian_phone) if entry.guardian_phone else None,
        **_nodes(session, contest, entry, now),
    }
    made.sealed = {
        "birth": entry.birth.first_day.isoformat() if entry.birth else "",
        "phone": entry.phone,
        "email": entry.email,
        "address": entry.street,
        "guardian_phone": entry.guardian_phone,
    }
    made.key, made.is_phone_key = _key(entry)
    return made


def _key(entry: Entry) -> tuple[str | None, bool]:
    """What makes one person one entry: the identity number where there is one, else another paper, else the phone.

    A number lent by a guardian is a key together with who it is for: it meets neither the guardian's own entry nor
    that of another child.
    """
    born = entry.birth.first_day.isoformat() if entry.birth else ""
    whom = f"{fold(entry.full_name)} {born}"
    if entry.identity_number:
        return f"identity {entry.identity_number}", False
    if entry.guardian_identity:
        return f"guardian {entry.guardian_identity} {whom}", False
    if entry.other_paper:
        return f"paper {entry.other_paper}", False
    if entry.phone:
        return f"phone {entry.phone}", True
    if entry.guardian:
        return f"guardian {entry.guardian_phone} {whom}", False
    return (f"delegate {delegates.plain(entry.delegate_code)}", False) if entry.delegate_code else (None, False)


def _nodes(session: Session, contest: Contest, entry: Entry, now: datetime) -> dict[str, int | None]:
    """The unit and the place, from what was picked or typed."""
    unit: Unit | None = None
    if entry.unit_id is not None:
        unit = units.find(session, contest, entry.unit_id, "unit")
    elif entry.unit:
        known = units.named(session, contest, "unit", entry.unit)
        if len(known) > 1:
            raise Faulty({"unit": Problem("Có nhiều đơn vị cùng tên này. Vui lòng chọn một đơn vị trong danh sách.")})
        unit = (
            units.find(session, contest, known[0].id)
            if known
            else units.typed(session, contest, "unit", entry.unit, now=now)
        )
    place: Unit | None = None
    if entry.province:
        try:
            place = places.place(
                session, contest, entry.province, place_id=entry.place_id, commune=entry.commune, now=now
            )
        except Unreadable as refusal:
            raise Faulty({"commune": Problem(refusal.sentence)}) from refusal
    return {"unit_id": unit.id if unit else None, "place_id": place.id if place else None}


# ── One person, one entry ───────────────────────────────────────────────────────────────────────────────────────


def _key_tag(vault: Vault, values: Values, slot: int | None) -> str | None:
    if values.kept_key_tag is not None or values.key is None:
        return values.kept_key_tag
    return vault.tag("entry", f"{values.key} {slot}" if values.is_phone_key else values.key)


def must_be_free(
    session: Session,
    settings: Settings,
    contest: Contest,
    values: Values,
    *,
    person: Person | None = None,
    but: Contestant | None = None,
) -> None:
    """Refuse a number that somebody has; one's own, when the button was pressed twice, with that sentence.

    The database asks again when the row is written.
    """
    try:
        _must_be_free(session, settings, contest, values, but)
    except NumberTaken:
        if person is not None and _has_entry(session, contest, person.id):
            raise EnteredAlready() from None
        raise


def _must_be_free(
    session: Session, settings: Settings, contest: Contest, values: Values, but: Contestant | None
) -> None:
    others = select(Contestant.id).where(Contestant.contest_id == contest.id)
    if but is not None:
        others = others.where(Contestant.id != but.id)
    for name in ("identity_tag", "other_tag"):
        tag = values.columns[name]
        if tag is not None and session.scalars(others.where(getattr(Contestant, name) == tag).limit(1)).first():
            raise NumberTaken()
    phone = values.columns["phone_tag"]
    if phone is not None:
        sharing = others.where(Contestant.phone_tag == phone)
        count = len(session.scalars(sharing.limit(settings.who.phone_shared_max)).all())
        namesake = session.scalars(sharing.where(Contestant.search == values.columns["search"]).limit(1)).first()
        if count >= settings.who.phone_shared_max or namesake is not None:
            raise NumberTaken()


def insert(
    session: Session,
    vault: Vault,
    settings: Settings,
    contest: Contest,
    person: Person | None,
    values: Values,
    now: datetime,
) -> Contestant:
    """Write the row. A code that somebody has is made anew; a number that somebody took meanwhile is refused."""
    pepper = contests.pepper(vault, contest)
    person_id = person.id if person is not None else new_id()
    counter = 0
    for _ in range(_TRIES):
        code = contests.code(pepper, contest.slug, person_id, counter)
        made = Contestant(contest_id=contest.id, code=code, invite_code=_invite_code(), registered_at=now)
        _fill(session, vault, settings, made, values)
        try:
            with session.begin_nested():
                session.add(made)
        except IntegrityError:
            must_be_free(session, settings, contest, values, person=person)
            _must_be_new(session, contest, person, made.key_tag)
            counter += _has_code(session, contest, code)
        else:
            return made
    raise NumberTaken()


def write(
    session: Session, vault: Vault, settings: Settings, contest: Contest, row: Contestant, values: Values
) -> None:
    """Change a row that is there; a number that somebody took meanwhile is refused."""
    try:
        with session.begin_nested():
            _fill(session, vault, settings, row, values)
            session.flush()
    except IntegrityError:
        session.refresh(row)
        raise NumberTaken() from None


def _fill(session: Session, vault: Vault, settings: Settings, row: Contestant, values: Values) -> None:
    columns = {name: value for name, value in values.columns.items() if name != "guardian_phone_tag"}
    same_phone = row.phone_tag is not None and row.phone_tag == columns["phone_tag"] and row.phone_slot is not None
    slot = row.phone_slot if same_phone else _slot(session, settings, row.contest_id, columns["phone_tag"])
    for name, value in columns.items():
        setattr(row, name, value)
    row.phone_slot = slot
    row.key_tag = _key_tag(vault, values, slot)
    for name, text in values.sealed.items():
        column = name if name == "address" else f"{name}_sealed"
        sealed = vault.seal(text, table="contestant", column=name, row=row.code) if text else None
        setattr(row, column, sealed)


def _slot(session: Session, settings: Settings, contest_id: int, phone_tag: str | None) -> int | None:
    """The first place that is free among those who share a phone; the last one where none is, so that writing fails."""
    if phone_tag is None:
        return None
    there = select(Contestant.phone_slot).where(
        Contestant.contest_id == contest_id, Contestant.phone_tag == phone_tag, Contestant.phone_slot.is_not(None)
    )
    with session.no_autoflush:
        taken = set(session.scalars(there))
    most = settings.who.phone_shared_max
    return next((slot for slot in range(1, most + 1) if slot not in taken), most)


def _must_be_new(session: Session, contest: Contest, person: Person | None, key_tag: str | None) -> None:
    """The same for what has no column of its own: an account, and a number that a guardian lends."""
    if person is not None and _has_entry(session, contest, person.id):
        raise EnteredAlready()
    same = (Contestant.contest_id == contest.id, Contestant.key_tag == key_tag)
    if key_tag is not None and session.scalar(select(Contestant.id).where(*same)) is not None:
        raise NumberTaken()


def _has_entry(session: Session, contest: Contest, person_id: str) -> bool:
    same = (Contestant.contest_id == contest.id, Contestant.person_id == person_id)
    return session.scalar(select(Contestant.id).where(*same)) is not None


def _has_code(session: Session, contest: Contest, code: str) -> bool:
    same = (Contestant.contest_id == contest.id, Contestant.code == code)
    return session.scalar(select(Contestant.id).where(*same)) is not None


def _invite_code() -> str:
    return code32(secrets.token_bytes(5), 8)
