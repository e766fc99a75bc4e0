"""Consents of contestants: kept with the words they were given to, taken back as easily, and kept as proof after the
rest is deleted (contest-rules §5, §21.17, fairness §10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete as delete_from
from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, Unreadable
from quizapp.models import (
    Attempt,
    Certificate,
    Change,
    Complaint,
    Consent,
    Contest,
    Contestant,
    Delegate,
    PhoneCode,
    WinnerCheck,
)
from quizapp.rules import consent, registration
from quizapp.rules.consent import By
from quizapp.rules.contest import Settings
from quizapp.rules.registration import Entry, Purpose
from quizapp.rules.timing import day_in_vietnam
from quizapp.services import contests, entries
from quizapp.services.vault import Vault

BELONGS = "belongs"  # kept beside the consents: the declaration that one lives, works or studies here
_OWN = ("registration", "withdraw")  # changes that somebody made of their own
_EMPTIED: dict[str, Any] = {  # what is left of somebody who had their data deleted
    "person_id": None,
    "key_tag": None,
    "name": "",
    "search": "",
    "sort_key": "",
    "birth_sealed": None,
    "birth_known": "",
    "age_from": None,
    "sex": "",
    "phone_tag": None,
    "phone_slot": None,
    "phone_sealed": None,
    "phone_confirmed_at": None,
    "identity_tag": None,
    "identity_sealed": None,
    "other_tag": None,
    "email_sealed": None,
    "address": None,
    "occupation": "",
    "insurance_group": "",
    "delegate_code": None,
    "guardian_name": "",
    "guardian_phone_sealed": None,
    "invite_code": None,
    "distance_m": None,
}


@dataclass(frozen=True)
class Standing:
    """How one purpose stands: who has to say yes to it, when they did, and whether it holds now."""

    purpose: Purpose
    by: tuple[By, ...]
    given_at: datetime | None
    holds: bool


def keep(session: Session, settings: Settings, row: Contestant, entry: Entry, *, how: str, now: datetime) -> None:
    """One row for each box that was ticked, with the words it stood for; what was declared is kept likewise."""
    given: list[tuple[By, frozenset[Purpose]]] = [("self", entry.consents), ("guardian", entry.guardian_consents)]
    for by, ticked in given:
        for purpose in sorted(ticked):
            session.add(_row(row, purpose, by, consent.wording(settings, by, purpose), how, now))
    if entry.belongs:
        session.add(_row(row, BELONGS, "self", consent.declared(settings), how, now))
    session.flush()


def listed(session: Session, vault: Vault, contestant: Contestant) -> list[Standing]:
    """Every purpose somebody was asked for, and how it stands."""
    rows = _rows(session, contestant)
    found = []
    for purpose in registration.FOR_CHILDREN if _is_child(vault, contestant) else registration.PURPOSES:
        by = _who_says(vault, contestant)
        mine = [row for row in rows if row.purpose == purpose]
        holding = {row.by for row in mine if row.withdrawn_at is None}
        given_at = max((row.given_at for row in mine), default=None)
        found.append(Standing(purpose, by, given_at, set(by) <= holding))
    return found


def withdraw(session: Session, contest: Contest, contestant: Contestant, purpose: str, *, now: datetime) -> None:
    """Take a consent back; it stops the purpose at once. Without the one to take part somebody keeps a place in totals,
    without a name, and receives no prize."""
    _known(purpose)
    held = (Consent.contestant_id == contestant.id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
    if session.execute(update(Consent).where(*held).values(withdrawn_at=now)).rowcount == 0:  # type: ignore[attr-defined]
        return
    if purpose == "take_part":
        contestant.withdrawn_at = now
    _note(session, contest, contestant, {purpose: True}, {purpose: False}, now)


def give(
    session: Session, vault: Vault, contest: Contest, contestant: Contestant, purpose: str, *, now: datetime
) -> None:
    """Consent again, or later than the rest; by the child and the guardian where both must. Taking part again only
    until the last round closes."""
    known = _known(purpose)
    closes_at = max((row.closes_at for row in contest.rounds if row.closes_at is not None), default=None)
    if known == "take_part" and closes_at is not None and now >= closes_at:
        raise Conflict("Các vòng thi đã đóng nên không thể tham gia lại cuộc thi này.")
    if _is_child(vault, contestant) and known not in registration.FOR_CHILDREN:
        raise Unreadable()
    settings = contests.settings(contest)
    holding = {one.by for one in _rows(session, contestant) if one.purpose == known and one.withdrawn_at is None}
    missing = [by for by in _who_says(vault, contestant) if by not in holding]
    if not missing:
        return
    for by in missing:
        session.add(_row(contestant, known, by, consent.wording(settings, by, known), "form", now))
    if known == "take_part":
        contestant.withdrawn_at = None
    _note(session, contest, contestant, {known: False}, {known: True}, now)


def delete(session: Session, contest: Contest, contestant: Contestant, *, now: datetime) -> None:
    """Delete what is kept of somebody. Who never sat leaves nothing; of others a code stays that leads to nobody, so
    that totals still add up.

    An open complaint of theirs holds it up, as its answer needs to find them, and so does a prize that is being handed
    over, until the file of the contest is closed.
    """
    _must_not_be_needed(session, contest, contestant)
    session.execute(update(Delegate).where(Delegate.contestant_id == contestant.id).values(contestant_id=None))
    sat = session.scalar(select(exists().where(Attempt.contestant_id == contestant.id)))
    _note(session, contest, contestant, None, {"deleted": True}, now)
    own = (Change.contest_id == contest.id, Change.thing == f"contestant/{contestant.code}", Change.kind.in_(_OWN))
    session.execute(update(Change).where(*own).values(before=None, proposed_by=None, settled_by=None))
    for table in (PhoneCode, Certificate):
        session.execute(delete_from(table).where(table.contestant_id == contestant.id))
    if not sat:
        session.delete(contestant)
        session.flush()
        return
    contestant.withdrawn_at = contestant.withdrawn_at or now
    for name, value in _EMPTIED.items():
        setattr(contestant, name, value)
    held = (Consent.contestant_id == contestant.id, Consent.withdrawn_at.is_(None))
    session.execute(update(Consent).where(*held).values(withdrawn_at=now))
    session.execute(update(Attempt).where(Attempt.contestant_id == contestant.id).values(person_id=None))
    session.flush()


def _must_not_be_needed(session: Session, contest: Contest, contestant: Contestant) -> None:
    waits = exists().where(Complaint.contestant_id == contestant.id, Complaint.outcome == "")
    if session.scalar(select(waits)):
        raise Conflict("Khiếu nại đang chờ trả lời cần dữ liệu này. Có thể xóa sau khi khiếu nại được trả lời.")
    checked = exists().where(WinnerCheck.contestant_id == contestant.id)
    if contest.closed_file_at is None and session.scalar(select(checked)):
        raise Conflict("Giải thưởng đang được xác minh và trao. Có thể xóa sau khi kết thúc hồ sơ cuộc thi.")


def _who_says(vault: Vault, contestant: Contestant) -> tuple[By, ...]:
    """Whose yes it takes: a child's guardian, the child too from seven years on; anybody else's own."""
    born = entries.birth(vault, contestant)
    if born is None or not _is_child(vault, contestant):
        return ("self",)
    day = day_in_vietnam(contestant.registered_at)
    return ("self", "guardian") if registration.has_own_word(born.first_day, day) else ("guardian",)


def _is_child(vault: Vault, contestant: Contestant) -> bool:
    born = entries.birth(vault, contestant)
    return born is not None and registration.is_child(born.first_day, day_in_vietnam(contestant.registered_at))


def _rows(session: Session, contestant: Contestant) -> Sequence[Consent]:
    return session.scalars(select(Consent).where(Consent.contestant_id == contestant.id).order_by(Consent.id)).all()


def _known(purpose: str) -> Purpose:
    found = next((one for one in registration.PURPOSES if one == purpose), None)
    if found is None:
        raise Unreadable()
    return found


def _row(row: Contestant, purpose: str, by: By, words: str, how: str, now: datetime) -> Consent:
    return Consent(
        contestant_id=row.id,
        purpose=purpose,
        by=by,
        version=consent.VERSION,
        wording=words,
        how=how,
        given_at=now,
    )


def _note(
    session: Session,
    contest: Contest,
    contestant: Contestant,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    now: datetime,
) -> None:
    """Note it in the history of the contest (§19.12); it is no deed of staff."""
    session.add(
        Change(
            contest_id=contest.id,
            kind="withdraw",
            thing=f"contestant/{contestant.code}",
            before=before,
            after=after,
            proposed_by=contestant.person_id,
            proposed_at=now,
            settled_by=contestant.person_id,
            settled_at=now,
        )
    )
    session.flush()
