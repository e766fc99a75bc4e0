"""Writing a rulebook: begun from a ready one or from an earlier contest, saved step by step, checked, published and
changed. Every version is kept (contest-rules §2, §19.9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, Unreadable
from quizapp.models import Contest, Unit
from quizapp.rules import contest as rulebook
from quizapp.rules import model_rulebooks
from quizapp.rules.contest import Settings, Words
from quizapp.services import contests, deeds
from quizapp.services.vault import Vault

RESERVED = frozenset(("moi",))  # addresses of pages that stand where a contest's could


class SavedByAnother(Conflict):
    """Somebody else saved the draft since it was opened: nothing is overwritten."""

    code = "saved-by-another"
    sentence = "Trong lúc này đã có người khác lưu bản nháp. Chưa có gì bị ghi đè; vui lòng xem bản mới rồi lưu lại."


# ── Beginning ───────────────────────────────────────────────────────────────────────────────────────────────────


def begin(
    session: Session, vault: Vault, slug: str, rules: Settings, owner_id: str | None, *, now: datetime
) -> Contest:
    """A new draft at this address; refuses one that is taken or that a page of ours needs."""
    if slug in RESERVED:
        raise Unreadable("Địa chỉ này dành cho trang của hệ thống. Vui lòng chọn địa chỉ khác.")
    made = contests.create(session, vault, slug, rules, owner_id, now=now)
    deeds.note(session, owner_id, "contest.new", slug, None, {"name": rules.name.vi}, now=now)
    return made


@dataclass(frozen=True)
class Copy:
    """How an earlier contest is wanted again: where, under which name, and from which day on.

    `units` takes the tree of units and places along; their headcounts are proposals again.
    """

    slug: str
    name: str
    first_day: date
    units: bool = True


def copy(session: Session, vault: Vault, source: Contest, wish: Copy, owner_id: str, *, now: datetime) -> Contest:
    """Last year's contest again: the same rules on the same weekdays, the first round on the wanted day or later.

    Nothing about people comes along: no roles, no contestants, no addresses of witnesses.
    """
    rules = contests.settings(source)
    rules = model_rulebooks.moved(rules, model_rulebooks.weeks_until(rules, wish.first_day))
    if wish.name != rules.name.vi:
        rules = replace(rules, name=Words(wish.name))
    made = begin(session, vault, wish.slug, rules, owner_id, now=now)
    if wish.units:
        _copy_units(session, source, made, now)
    return made


def _copy_units(session: Session, source: Contest, made: Contest, now: datetime) -> None:
    """The tree as it was listed; units that contestants typed in or that were merged stay behind."""
    wanted = select(Unit).where(Unit.contest_id == source.id, Unit.typed.is_(False), Unit.merged_into_id.is_(None))
    rows = {row.id: row for row in session.scalars(wanted.order_by(Unit.id))}
    copies = {
        id: Unit(
            contest_id=made.id,
            tree=row.tree,
            level=row.level,
            name=row.name,
            search=row.search,
            code=row.code,
            headcount_proposed=row.headcount if row.headcount is not None else row.headcount_proposed,
            made_at=now,
        )
        for id, row in rows.items()
    }
    session.add_all(copies.values())
    session.flush()
    for id, row in rows.items():
        if row.parent_id in copies:
            copies[id].parent_id = copies[row.parent_id].id
    session.flush()


# ── Writing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def draft(contest: Contest) -> Settings:
    """What is being written: the next version where there is one, else what the rulebook says."""
    return contests.settings(contest) if contest.draft is None else rulebook.from_json(contest.draft)


def save(session: Session, contest: Contest, rules: Settings, revision: int) -> None:
    """Keep the draft, if nobody saved it since `revision` was read: of two editors none overwrites the other.

    Once the contest is published this is the next version, and what the rulebook says stays until that is published.
    """
    if contest.revision != revision:
        raise SavedByAnother()
    if contest.published_at is None:
        contest.settings = rulebook.to_json(rules)
        contests.keep_rounds(session, contest, rules)
    else:
        contest.draft = rulebook.to_json(rules)
    contest.revision += 1
    session.flush()
