"""One's own registration corrected, while that is fair: what was said, said anew (contest-rules §5, §21.12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.models import Change, Consent, Contest, Contestant, Unit
from quizapp.rules import registration
from quizapp.rules.registration import Birth, Problem, Said
from quizapp.rules.timing import day_in_vietnam
from quizapp.rules.words import fold
from quizapp.services import consents, contests, entries, moves, places, registrations, units
from quizapp.services.entries import Faulty, Values, birth, opened
from quizapp.services.vault import Vault

# What counts for eligibility and for who somebody is: after the first attempt only the secretariat changes it.
_SETTLED_BY_SITTING = (
    "full_name",
    "birth_date",
    "sex",
    "identity_number",
    "other_paper",
    "division",
    "delegate_code",
    "guardian_name",
    "guardian_phone",
)


def said(session: Session, vault: Vault, contestant: Contestant) -> Said:
    """The registration as its owner would type it again; numbers that are kept as tags only stay empty."""
    born = birth(vault, contestant)
    place = None if contestant.place_id is None else session.get(Unit, contestant.place_id)
    above, commune = places.of_place(session, place)
    unit = None if contestant.unit_id is None else session.get(Unit, contestant.unit_id)
    return Said(
        full_name=contestant.name,
        birth_date=birth_words(born) if born else "",
        sex=contestant.sex,
        phone=opened(vault, contestant, "phone"),
        email=opened(vault, contestant, "email"),
        province=above.code if above else "",
        commune=commune.name if commune else "",
        place_id=commune.id if commune else None,
        street=opened(vault, contestant, "address"),
        unit=unit.name if unit else "",
        unit_id=unit.id if unit else None,
        occupation=contestant.occupation,
        insurance_group=contestant.insurance_group,
        division=contestant.division or "",
        delegate_code=contestant.delegate_code or "",
        belongs=_declared(session, contestant),
        guardian=contestant.guardian,
        guardian_name=contestant.guardian_name,
        guardian_phone=opened(vault, contestant, "guardian_phone"),
    )


def birth_words(born: Birth) -> str:
    """`08/3/1990`, `3/1990` or `1990`: as it is typed."""
    day = born.first_day
    return {"day": f"{day:%d}/{day.month}/{day.year}", "month": f"{day.month}/{day.year}", "year": str(day.year)}[
        born.known
    ]


def edit(
    session: Session, vault: Vault, contest: Contest, contestant: Contestant, wish: Said, *, now: datetime
) -> list[str]:
    """Let somebody correct their own registration; gives the fields that changed, which is noted without their content.

    Unit and place until the last round closes; name, birth, sex, papers and division until the first attempt; phone,
    email and the rest at any time. An empty number means the one that is kept. Refuses with `Faulty`.
    """
    settings = contests.settings(contest)
    wish = _as_it_was(said(session, vault, contestant), wish)
    entry, problems = registration.check(settings, wish, day_in_vietnam(now), consents=False)
    for name, tag in (("identity_number", contestant.identity_tag), ("other_paper", contestant.other_tag)):
        if tag is not None and not getattr(wish, name):
            problems.pop(name, None)
    if problems:
        raise Faulty(problems)
    values = entries.values(session, vault, contest, settings, entry, None, now)
    _keep_unseen(contestant, values)
    changed = _changed(vault, contestant, values)
    if contestant.identity_tag and not wish.identity_number and {"birth_date", "sex"} & set(changed):
        problem = Problem("Vui lòng nhập lại số căn cước, vì ngày sinh hoặc giới tính đã thay đổi.")
        raise Faulty({"identity_number": problem})
    _must_be_time(session, contest, contestant, changed, now)
    if changed:
        entries.must_be_free(session, settings, contest, values, but=contestant)
        before, belonged = _words(session, contestant), moves.belongs(contestant)
        entries.write(session, vault, settings, contest, contestant, values)
        moves.note(session, contestant, belonged, own=True, now=now)
        if "phone" in changed:
            contestant.phone_confirmed_at = None
        _note(session, contest, contestant, changed, before, now)
    return changed


def _as_it_was(before: Said, wish: Said) -> Said:
    """A unit or commune whose words were left as they stood is the same node, whoever else has that name; what only
    the list of delegates says stays."""
    same_unit = wish.unit_id is None and fold(wish.unit) == fold(before.unit)
    same_home = (
        wish.place_id is None and wish.province == before.province and fold(wish.commune) == fold(before.commune)
    )
    return replace(
        wish,
        unit_id=before.unit_id if same_unit else wish.unit_id,
        place_id=before.place_id if same_home else wish.place_id,
        delegate_code=before.delegate_code,
        guardian=before.guardian,
        invited_by="",
    )


def _keep_unseen(contestant: Contestant, values: Values) -> None:
    """Leave what the form does not carry: tags of numbers that were not typed again, the list's words.

    The key stays with them, unless a number that makes it was typed.
    """
    typed = values.columns["identity_tag"] or values.columns["other_tag"]
    for name in ("identity_tag", "other_tag"):
        values.columns[name] = values.columns[name] or getattr(contestant, name)
    for name in ("team", "delegate_code", "guardian_at"):
        values.columns[name] = getattr(contestant, name)
    has_other_key = contestant.identity_tag or contestant.other_tag or contestant.guardian
    if (has_other_key and not typed) or not (typed or values.is_phone_key):
        values.kept_key_tag = contestant.key_tag


def _changed(vault: Vault, contestant: Contestant, values: Values) -> list[str]:
    """The fields of the form whose values are others now."""
    found = [name for name, column in _FIELDS.items() if getattr(contestant, column) != values.columns[column]]
    for name, column in (("birth_date", "birth"), *((one, one) for one in ("phone", "email", "guardian_phone"))):
        if opened(vault, contestant, column) != values.sealed[column]:
            found.append(name)
    if opened(vault, contestant, "address") != values.sealed["address"]:
        found.append("street")
    return found


_FIELDS = {  # of the form, and the columns that they become
    "full_name": "name",
    "sex": "sex",
    "identity_number": "identity_tag",
    "other_paper": "other_tag",
    "commune": "place_id",
    "unit": "unit_id",
    "occupation": "occupation",
    "insurance_group": "insurance_group",
    "division": "division",
    "guardian_name": "guardian_name",
}


def _must_be_time(
    session: Session, contest: Contest, contestant: Contestant, changed: Iterable[str], now: datetime
) -> None:
    """Refuse what may no longer be changed by oneself."""
    settled = set(_SETTLED_BY_SITTING) if registrations.has_sat(session, contestant) else set()
    closes_at = registrations.last_closing(contest)
    where = {"unit", "commune"} if closes_at is not None and now >= closes_at else set()
    problems = {
        name: _AFTER_SITTING if name in settled else _AFTER_CLOSING for name in changed if name in settled | where
    }
    if problems:
        raise Faulty(problems)


_AFTER_SITTING = Problem("Sau lượt thi đầu tiên, chỉ Tổ Thư ký sửa được mục này. Vui lòng liên hệ Tổ Thư ký.")
_AFTER_CLOSING = Problem("Các vòng thi đã đóng nên chỉ Tổ Thư ký sửa được mục này. Vui lòng liên hệ Tổ Thư ký.")


def _words(session: Session, contestant: Contestant) -> dict[str, Any]:
    """What may be read of somebody in the history: name, unit, place, division; nothing private."""
    unit, place = (session.get(Unit, id) if id else None for id in (contestant.unit_id, contestant.place_id))
    return {
        "name": contestant.name,
        "unit": units.label(session, unit) if unit else "",
        "place": units.label(session, place) if place else "",
        "division": contestant.division or "",
    }


def _note(
    session: Session,
    contest: Contest,
    contestant: Contestant,
    changed: list[str],
    before: dict[str, Any],
    now: datetime,
) -> None:
    """Note what somebody changed of their own (§19.12); it is no deed of staff."""
    after = _words(session, contestant)
    differing = [name for name in after if after[name] != before[name]]
    session.add(
        Change(
            contest_id=contest.id,
            kind="registration",
            thing=f"contestant/{contestant.code}",
            before={name: before[name] for name in differing},
            after={**{name: after[name] for name in differing}, "fields": changed},
            proposed_by=contestant.person_id,
            proposed_at=now,
            settled_by=contestant.person_id,
            settled_at=now,
        )
    )
    session.flush()


def _declared(session: Session, contestant: Contestant) -> bool:
    given = (Consent.contestant_id == contestant.id, Consent.purpose == consents.BELONGS)
    return session.scalar(select(Consent.id).where(*given).limit(1)) is not None
