"""Contests as their makers and visitors find them: looked up for somebody, made, and what the rulebook says now."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import Contest, ContestRole, Round
from quizapp.rules import contest as rulebook
from quizapp.rules import stage
from quizapp.rules.contest import Settings
from quizapp.rules.draw import code32, hmac256, pack
from quizapp.services.vault import Vault

SECRETARIAT = "secretariat"
ROLES = ("secretariat", "host", "panel", "judge", "focal", "committee", "technical")
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")


# ── Finding ─────────────────────────────────────────────────────────────────────────────────────────────────────


def find(session: Session, slug: str) -> Contest:
    """A published contest, as anybody may see it; a draft looks as if it did not exist."""
    found = session.scalar(select(Contest).where(Contest.slug == slug, Contest.published_at.is_not(None)))
    if found is None or found.rehearsal:
        raise NotFound("Không tìm thấy cuộc thi này.")
    return found


def find_for(session: Session, slug: str, person_id: str, *roles: str, for_change: bool = False) -> Contest:
    """A contest for somebody who holds one of these roles in it (any role where none is named).

    To everybody else it looks as if it did not exist. `for_change` makes it wait its turn.
    """
    wanted = select(Contest).join(ContestRole).where(Contest.slug == slug, ContestRole.person_id == person_id)
    if roles:
        wanted = wanted.where(ContestRole.role.in_(roles))
    if for_change:
        wanted = wanted.with_for_update(of=Contest)
    found = session.scalars(wanted).first()
    if found is None:
        raise NotFound("Không tìm thấy cuộc thi này.")
    return found


def roles_of(session: Session, contest: Contest, person_id: str) -> frozenset[str]:
    """What somebody does in this contest."""
    held = select(ContestRole.role).where(ContestRole.contest_id == contest.id, ContestRole.person_id == person_id)
    return frozenset(session.scalars(held))


def mine(session: Session, person_id: str) -> Sequence[Contest]:
    """The contests somebody works on, the newest first."""
    held = select(ContestRole.contest_id).where(ContestRole.person_id == person_id)
    return session.scalars(select(Contest).where(Contest.id.in_(held)).order_by(Contest.made_at.desc())).all()


def public(session: Session) -> Sequence[Contest]:
    """Every published contest, the newest first."""
    shown = (Contest.published_at.is_not(None), Contest.rehearsal.is_(False))
    return session.scalars(select(Contest).where(*shown).order_by(Contest.published_at.desc())).all()


def round_of(contest: Contest, key: str) -> Round:
    """The round (or list over rounds) of this key."""
    found = next((one for one in contest.rounds if one.key == key), None)
    if found is None:
        raise NotFound("Không tìm thấy vòng thi này.")
    return found


def settings(contest: Contest) -> Settings:
    """What the rulebook says now; read once for each wording."""
    return _settings(msgspec.json.encode(contest.settings))


@lru_cache(maxsize=256)
def _settings(kept: bytes) -> Settings:
    return msgspec.json.decode(kept, type=Settings)


# ── Making ──────────────────────────────────────────────────────────────────────────────────────────────────────


def create(
    session: Session,
    vault: Vault,
    slug: str,
    rules: Settings,
    owner_id: str | None,
    *,
    now: datetime,
    seed: bytes | None = None,
    pepper: bytes | None = None,
) -> Contest:
    """A new draft; whoever makes it holds `secretariat` and `host` in it. Refuses an address already taken.

    `seed` and `pepper` (S and P of fairness §2) are made here unless an archive brings them.
    """
    if not _SLUG.fullmatch(slug):
        raise Unreadable("Địa chỉ chỉ gồm chữ thường không dấu, chữ số và gạch nối, tối đa 60 ký tự.")
    if session.scalar(select(Contest.id).where(Contest.slug == slug)) is not None:
        raise Conflict("Địa chỉ này đã có cuộc thi khác dùng. Vui lòng chọn địa chỉ khác.")
    made = Contest(
        slug=slug,
        settings=rulebook.to_json(rules),
        owner_id=owner_id,
        seed_sealed=vault.seal((seed or secrets.token_bytes(32)).hex(), table="contest", column="seed", row=slug),
        pepper_sealed=vault.seal((pepper or secrets.token_bytes(32)).hex(), table="contest", column="pepper", row=slug),
        made_at=now,
    )
    session.add(made)
    session.flush()
    if owner_id is not None:
        for role in (SECRETARIAT, "host"):
            session.add(ContestRole(contest_id=made.id, person_id=owner_id, role=role, given_at=now))
    keep_rounds(session, made, rules)
    return made


def keep_rounds(session: Session, contest: Contest, rules: Settings) -> None:
    """Make the rows of rounds and overall lists agree with the rulebook: by key, in its order, with its times.

    A row that the rulebook no longer names goes while it is a draft; later it is refused, for people may be in it.
    """
    rows = {row.key: row for row in contest.rounds}
    wanted: list[tuple[str, bool, dict[str, Any]]] = [
        (one.key, False, {"opens_at": one.opens_at, "closes_at": one.closes_at}) for one in rules.rounds
    ]
    wanted += [(one.key, True, {}) for one in rules.overall]
    for key in set(rows) - {key for key, _, _ in wanted}:
        if rows[key].state != "DRAFT":
            raise Conflict("Vòng thi đã công bố không xóa được khỏi thể lệ.")
        contest.rounds.remove(rows[key])
        session.delete(rows[key])
    for position, (key, overall, times) in enumerate(wanted):
        row = rows.get(key)
        if row is None:
            row = Round(key=key, overall=overall, state="DRAFT" if contest.published_at is None else "PUBLISHED")
            contest.rounds.append(row)
        row.position = position
        for name, moment in times.items():
            setattr(row, name, moment)
    session.flush()


# ── Secrets ─────────────────────────────────────────────────────────────────────────────────────────────────────


def seed(vault: Vault, contest: Contest) -> bytes:
    """S: deals papers. Never leaves the server before the announcement."""
    return bytes.fromhex(vault.open(contest.seed_sealed, table="contest", column="seed", row=contest.slug))


def pepper(vault: Vault, contest: Contest) -> bytes:
    """P: makes codes. Never leaves the server."""
    return bytes.fromhex(vault.open(contest.pepper_sealed, table="contest", column="pepper", row=contest.slug))


def code(pepper: bytes, slug: str, person_id: str, counter: int = 0) -> str:
    """The code of a person in a contest: their only name in the record (fairness §2.2)."""
    more = (counter,) if counter else ()
    return code32(hmac256(pepper, pack("quiz-code-1", slug, bytes.fromhex(person_id), *more)), 10)


def attempt_seed(seed: bytes, code: str, deal_no: int) -> bytes:
    """A of fairness §2.5: what one person is dealt in their `deal_no`-th attempt of the contest."""
    return hmac256(seed, pack("quiz-attempt-1", code, deal_no))


def has_reached(row: Round, wanted: stage.State) -> bool:
    """Whether a round has come as far as this state."""
    return stage.has_reached(row.state, wanted)
