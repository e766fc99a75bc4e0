"""Showing that a phone is one's own: a code of six digits is sent to it and typed here, or the secretariat calls.

Sending is not done here: the page does it, once the code is kept, by the sender that the settings name.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, TooMany
from quizapp.models import Contest, Contestant, PhoneCode
from quizapp.services import changes, entries
from quizapp.services.vault import Vault

LIVES = timedelta(minutes=10)
TRIES = 5
BETWEEN = timedelta(seconds=60)  # two codes to one phone
PER_DAY = 6  # codes to one phone, and for one entry: each costs money and could annoy a stranger

Outcome = Literal["right", "wrong", "over"]


@dataclass(frozen=True, repr=False)
class Message:
    """A code on its way: the phone it goes to, and the digits. Neither may be logged."""

    phone: str
    code: str


def new(session: Session, vault: Vault, contestant: Contestant, *, now: datetime) -> Message:
    """A fresh code for the phone of an entry; the earlier ones no longer count. Refuses too many."""
    phone = entries.opened(vault, contestant, "phone")
    if not phone or contestant.phone_tag is None:
        raise Conflict("Chưa có số điện thoại để xác nhận.")
    if contestant.phone_confirmed_at is not None:
        raise Conflict("Số điện thoại này đã được xác nhận.")
    same = or_(PhoneCode.phone_tag == contestant.phone_tag, PhoneCode.contestant_id == contestant.id)
    count, last = session.execute(
        select(func.count(), func.max(PhoneCode.made_at)).where(same, PhoneCode.made_at > now - timedelta(days=1))
    ).one()
    if last is not None and now < last + BETWEEN:
        raise TooMany("Mã vừa được gửi. Vui lòng chờ một phút rồi yêu cầu mã khác.")
    if count >= PER_DAY:
        raise TooMany("Đã gửi nhiều mã trong ngày. Vui lòng thử lại vào ngày mai hoặc liên hệ Tổ Thư ký.")
    code = f"{secrets.randbelow(1_000_000):06}"
    session.add(
        PhoneCode(
            contestant_id=contestant.id,
            phone_tag=contestant.phone_tag,
            code_hash=_hash(vault, contestant, code),
            made_at=now,
        )
    )
    session.flush()
    return Message(phone, code)


def confirm(session: Session, vault: Vault, contestant: Contestant, typed: str, *, now: datetime) -> Outcome:
    """Compare what was typed with the newest code. Each try counts before it is looked at, so that guessing many at
    once gains nothing; `over` when the code is too old or was tried too often. Never raises: the count must be kept."""
    newest = session.scalars(
        select(PhoneCode)
        .where(PhoneCode.contestant_id == contestant.id, PhoneCode.phone_tag == contestant.phone_tag)
        .order_by(PhoneCode.id.desc())
        .limit(1)
    ).first()
    if newest is None:
        return "over"
    usable = (PhoneCode.id == newest.id, PhoneCode.used_at.is_(None), PhoneCode.tries < TRIES)
    counted = update(PhoneCode).where(*usable, PhoneCode.made_at > now - LIVES).values(tries=PhoneCode.tries + 1)
    if session.execute(counted).rowcount != 1:  # type: ignore[attr-defined]
        return "over"
    digits = "".join(letter for letter in typed if letter.isdigit())
    if not secrets.compare_digest(newest.code_hash, _hash(vault, contestant, digits)):
        return "wrong"
    newest.used_at = contestant.phone_confirmed_at = now
    session.flush()
    return "right"


def confirm_by_call(
    session: Session, contest: Contest, contestant: Contestant, person_id: str, *, now: datetime
) -> None:
    """The secretariat called and spoke to them."""
    if contestant.phone_tag is None:
        raise Conflict("Thí sinh này không có số điện thoại để xác nhận.")
    if contestant.phone_confirmed_at is not None:
        return
    contestant.phone_confirmed_at = now
    session.flush()
    thing = f"contestant/{contestant.code}"
    after = {"phone_confirmed": "call"}
    changes.note(session, contest, "registration", thing, None, after, "Đã gọi điện", person_id, now=now)


def _hash(vault: Vault, contestant: Contestant, code: str) -> str:
    return vault.tag("phone-code", f"{contestant.code} {contestant.phone_tag} {code}")
