"""Writing a rulebook: begun from a ready one or from an earlier contest, saved step by step, checked, published and
changed. Every version is kept (contest-rules §2, §19.9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import Change, Contest, Rulebook, Unit
from quizapp.rules import contest as rulebook
from quizapp.rules import model_rulebooks, rulebook_change
from quizapp.rules import rulebook as document
from quizapp.rules.changes import Kind
from quizapp.rules.contest import Settings, Words
from quizapp.rules.remarks import Remark
from quizapp.services import changes, contests, deeds, places, rulebook_checks
from quizapp.services.vault import Vault

KIND: Kind = "rulebook"
RESERVED = frozenset(("moi",))  # addresses of pages that stand where a contest's could


class SavedByAnother(Conflict):
    """Somebody else saved the draft since it was opened: nothing is overwritten."""

    code = "saved-by-another"
    sentence = "Trong lúc này đã có người khác lưu bản nháp. Chưa có gì bị ghi đè; vui lòng xem bản mới rồi lưu lại."


class NotReady(Conflict):
    """Something on the checklist is missing."""

    code = "not-ready"
    sentence = "Thể lệ còn chỗ phải sửa. Vui lòng xem danh sách kiểm tra."


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
    _must_be_newest(contest, revision)
    if contest.published_at is None:
        contest.settings = rulebook.to_json(rules)
        contests.keep_rounds(session, contest, rules)
    else:
        same = rules == contests.settings(contest)
        contest.draft = None if same else rulebook.to_json(rules)
    contest.revision += 1
    session.flush()


def discard(session: Session, contest: Contest, revision: int) -> None:
    """Give up the next version; what is published stays."""
    _must_be_newest(contest, revision)
    contest.draft = None
    contest.revision += 1
    session.flush()


def _must_be_newest(contest: Contest, revision: int) -> None:
    if contest.revision != revision:
        raise SavedByAnother()


# ── Publishing ──────────────────────────────────────────────────────────────────────────────────────────────────


def publish(session: Session, contest: Contest, revision: int, person_id: str, *, now: datetime) -> Rulebook:
    """Publish the first version: from now on it is kept, people may register, and the rounds wait for their time.

    Refuses while the checklist has something missing.
    """
    _must_be_newest(contest, revision)
    if contest.published_at is not None:
        raise Conflict("Cuộc thi này đã được công bố.")
    rules = contests.settings(contest)
    if not rulebook_checks.is_ready(rulebook_checks.checklist(session, contest, rules, now=now)):
        raise NotReady()
    return open_to_public(session, contest, person_id, now=now)


def open_to_public(session: Session, contest: Contest, person_id: str | None, *, now: datetime) -> Rulebook:
    """Publish the draft as it stands, without asking the checklist: for archives and the demo."""
    contest.published_at = now
    for row in contest.rounds:
        row.state = "PUBLISHED"
    places.ensure(session, contest, now=now)
    made = _add_version(session, contest, contests.settings(contest), "", now)
    deeds.note(session, person_id, "contest.publish", contest.slug, None, {"digest": made.digest}, now=now)
    return made


# ── Changing what is published ──────────────────────────────────────────────────────────────────────────────────


def refused(contest: Contest, *, now: datetime) -> tuple[Remark, ...]:
    """What of the next version is not possible any more, with the reasons."""
    if contest.published_at is None or contest.draft is None:
        return ()
    return rulebook_change.refused(contests.settings(contest), draft(contest), now=now)


def needs_two(contest: Contest, *, now: datetime) -> bool:
    """Whether a new version needs a second person: from the opening of the first round on (fairness §6)."""
    return contest.published_at is not None and rulebook_change.has_opened(contests.settings(contest), now)


def change(
    session: Session, contest: Contest, revision: int, reason: str, person_id: str, *, now: datetime
) -> Rulebook | Change:
    """Publish the next version with its reason; once the contest is open, propose it to a second person.

    Refuses what is not possible any more, and a version with faults.
    """
    _must_be_newest(contest, revision)
    said = changes.reason_of(reason)
    if contest.published_at is None or contest.draft is None:
        raise Conflict("Chưa có thay đổi nào so với thể lệ đang công bố.")
    new = draft(contest)
    _must_be_possible(session, contest, new, now)
    before, after = _told(contests.settings(contest)), _told(new)
    if needs_two(contest, now=now):
        what = {"settings": rulebook.to_json(new)}
        return changes.propose(session, contest, KIND, KIND, what, before, after, said, person_id, now=now)
    made = _new_version(session, contest, new, said, now)
    changes.note(session, contest, KIND, KIND, before, after, said, person_id, now=now)
    return made


@changes.executor(KIND)
def _carry_out(session: Session, change: Change, now: datetime) -> None:
    """Publish a version that a second person confirmed; refused if the rulebook or the time moved on meanwhile."""
    contest = session.get_one(Contest, change.contest_id)
    if change.before != _told(contests.settings(contest)):
        raise Conflict("Thể lệ đã có bản mới hơn. Vui lòng từ chối đề nghị này và soạn lại.")
    new = rulebook.from_json(change.what["settings"])
    _must_be_possible(session, contest, new, now)
    _new_version(session, contest, new, change.reason, now)


def _must_be_possible(session: Session, contest: Contest, new: Settings, now: datetime) -> None:
    if rulebook_change.refused(contests.settings(contest), new, now=now):
        raise Conflict("Có thay đổi không còn thực hiện được khi cuộc thi đã mở. Vui lòng xem các mục được nêu.")
    if any(remark.fault for remark in rulebook_checks.look(session, contest, new).all):
        raise NotReady()


def _told(rules: Settings) -> dict[str, Any]:
    return {"digest": document.digest(rules)}


def _new_version(session: Session, contest: Contest, rules: Settings, reason: str, now: datetime) -> Rulebook:
    """Let the rulebook say this from now on. Papers that were set by other rules are set again before their opening."""
    before = {one.key: one.paper for one in contests.settings(contest).rounds}
    contest.settings = rulebook.to_json(rules)
    contest.draft = None
    contest.revision += 1
    contests.keep_rounds(session, contest, rules)
    for row in contest.rounds:
        if not row.overall and row.paper_set_at is not None and before.get(row.key) != rules.round(row.key).paper:
            row.paper_set_at = None
    places.ensure(session, contest, now=now)
    return _add_version(session, contest, rules, reason, now)


def _add_version(session: Session, contest: Contest, rules: Settings, reason: str, now: datetime) -> Rulebook:
    last = session.scalar(select(func.max(Rulebook.version)).where(Rulebook.contest_id == contest.id)) or 0
    made = Rulebook(
        contest_id=contest.id,
        version=last + 1,
        settings=rulebook.to_json(rules),
        digest=document.digest(rules),
        reason=reason,
        published_at=now,
    )
    session.add(made)
    session.flush()
    return made


# ── Versions ────────────────────────────────────────────────────────────────────────────────────────────────────


def versions(session: Session, contest: Contest) -> Sequence[Rulebook]:
    """Every published version, the newest first."""
    wanted = select(Rulebook).where(Rulebook.contest_id == contest.id)
    return session.scalars(wanted.order_by(Rulebook.version.desc())).all()


def version(session: Session, contest: Contest, number: int) -> Rulebook:
    """One published version."""
    found = session.scalar(select(Rulebook).where(Rulebook.contest_id == contest.id, Rulebook.version == number))
    if found is None:
        raise NotFound("Không có bản thể lệ này.")
    return found


def said(kept: Rulebook) -> Settings:
    """What a version said."""
    return rulebook.from_json(kept.settings)


def waiting(session: Session, contest: Contest) -> Change | None:
    """The new version that waits for a second person, if there is one."""
    return next((one for one in changes.waiting(session, contest) if one.kind == KIND), None)
