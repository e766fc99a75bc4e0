"""Entering a contest: who may, whether they may win, and what they consent to (contest-rules §4–5, fairness §9–10)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from quizapp.errors import NotAllowed, NotFound, TooLate
from quizapp.models import Attempt, Contest, Contestant, Delegate, Person
from quizapp.rules import registration
from quizapp.rules.contest import Settings
from quizapp.rules.registration import Entry, Problem, Said
from quizapp.rules.timing import day_in_vietnam
from quizapp.rules.words import fold
from quizapp.services import consents, contests, delegates, entries, exclusions, sanctions
from quizapp.services.entries import EnteredAlready, Faulty, Values
from quizapp.services.vault import Vault

HORS, EXCLUDED, ELIGIBLE = "HORS_CONCOURS", "EXCLUDED", "ELIGIBLE"


class Involved(NotAllowed):
    """Who works on the contest cannot enter it."""

    code = "involved"
    sentence = (
        "Thể lệ không cho người tham gia tổ chức cuộc thi dự thi. Cảm ơn sự đóng góp của bạn cho cuộc thi. "
        "Nếu có nhầm lẫn, vui lòng liên hệ Tổ Thư ký."
    )


# ── Looking ─────────────────────────────────────────────────────────────────────────────────────────────────────


def mine(session: Session, contest: Contest, person_id: str) -> Contestant | None:
    """One's own entry in this contest."""
    return session.scalar(
        select(Contestant).where(Contestant.contest_id == contest.id, Contestant.person_id == person_id)
    )


def find_mine(session: Session, contest: Contest, person_id: str, *, for_change: bool = False) -> Contestant:
    """The same for somebody who must have one. `for_change` makes it wait its turn."""
    found = mine(session, contest, person_id)
    if found is None:
        raise NotFound("Tài khoản này chưa đăng ký cuộc thi.")
    if for_change:
        session.refresh(found, with_for_update=True)
    return found


def household(session: Session, contest: Contest, keeper_id: str) -> list[Contestant]:
    """The entries of people whose accounts this one keeps, in the order of their names."""
    wanted = select(Contestant).join(Person, Person.id == Contestant.person_id)
    wanted = wanted.where(Contestant.contest_id == contest.id, Person.keeper_id == keeper_id)
    return list(session.scalars(wanted.order_by(Contestant.sort_key, Contestant.id)))


def takes_households(settings: Settings) -> bool:
    """Whether one account may enter others too: guardians stand for them, or a phone may be shared."""
    return settings.who.guardians or settings.who.phone_shared_max > 1


def is_open(contest: Contest, *, now: datetime) -> bool:
    """Whether people may register: from the publication of the rulebook until the last round closes."""
    closes_at = last_closing(contest)
    return contest.published_at is not None and contest.published_at <= now and (closes_at is None or now < closes_at)


def last_closing(contest: Contest) -> datetime | None:
    """When the last round closes."""
    return max((row.closes_at for row in contest.rounds if row.closes_at is not None), default=None)


def has_sat(session: Session, contestant: Contestant) -> bool:
    """Whether they started an attempt."""
    return bool(session.scalar(select(exists().where(Attempt.contestant_id == contestant.id))))


# ── Entering ────────────────────────────────────────────────────────────────────────────────────────────────────


def register(
    session: Session,
    vault: Vault,
    contest: Contest,
    person: Person | None,
    said: Said,
    *,
    now: datetime,
    how: str = "form",
) -> Contestant:
    """Enter somebody into a contest. Without an account (`person`) it is the secretariat that does it for them.

    Refuses, each with what to do: outside the time of registration, with anything wrong in the form (`Faulty`), a
    second entry of an account or of a number, people who work on the contest where the rulebook keeps them out, and
    people barred by an earlier contest. An entry that the secretariat made for the same number is taken over.
    """
    settings = contests.settings(contest)
    if not is_open(contest, now=now):
        raise TooLate("Cuộc thi hiện không nhận đăng ký. Vui lòng xem thời gian trong thể lệ.")
    if person is not None and mine(session, contest, person.id) is not None:
        raise EnteredAlready()
    entry, problems = registration.check(settings, said, day_in_vietnam(now))
    delegate = _delegate(session, contest, entry, problems)
    inviter = _inviter(session, contest, entry, problems)
    if problems:
        raise Faulty(problems)
    values = entries.values(session, vault, contest, settings, entry, delegate, now)
    waiting = _entered_by_hand(session, contest, values) if person is not None else None
    if inviter is not None and inviter is waiting:
        raise Faulty({"invited_by": Problem("Đây là mã mời của chính mình nên không tính. Vui lòng để trống.")})
    entries.must_be_free(session, settings, contest, values, person=person, but=waiting)
    status, why = _standing(session, contest, settings, person, values)
    values.columns |= {
        "person_id": None if person is None else person.id,
        "status": status,
        "status_reason": why,
        "invited_by_id": None if inviter is None else inviter.id,
    }
    if waiting is not None:
        made = waiting
        entries.write(session, vault, settings, contest, made, values)
    else:
        made = entries.insert(session, vault, settings, contest, person, values, now)
    if delegate is not None:
        delegates.claim(session, delegate, made)
    consents.keep(session, settings, made, entry, how=how, now=now)
    return made


def _standing(
    session: Session, contest: Contest, settings: Settings, person: Person | None, values: Values
) -> tuple[str, str]:
    """Whether somebody may win; refuses those who may not even enter."""
    tags = values.columns
    person_id = None if person is None else person.id
    if sanctions.is_barred(session, contest, person_id=person_id, identity_tag=tags.get("identity_tag")):
        raise NotAllowed("Người này chưa được dự các cuộc thi sau theo một quyết định trước đây. Có thể gửi khiếu nại.")
    phones = {tags.get("phone_tag"), None if person is None else person.phone_tag} - {None}
    if settings.who.families_involved:
        phones |= {values.columns.get("guardian_phone_tag")} - {None}
    tags.pop("guardian_phone_tag", None)
    work = exclusions.involved(
        session,
        contest,
        person_id=person_id,
        identity_tag=tags.get("identity_tag"),
        phone_tags=sorted(map(str, phones)),
    )
    if work is None:
        return ELIGIBLE, ""
    if settings.who.involved == "BLOCK":
        raise Involved()
    return HORS, "Tham gia tổ chức cuộc thi."


def _delegate(session: Session, contest: Contest, entry: Entry, problems: dict[str, Problem]) -> Delegate | None:
    """The line of the list that somebody enters by; a code that is none, taken, or another's is a problem."""
    settings = contests.settings(contest)
    if not entry.delegate_code:
        return None
    found = delegates.find(session, contest, entry.delegate_code)
    if found is None:
        if settings.who.on_list_only or delegates.listed(session, contest):
            problems["delegate_code"] = Problem("Không có mã đại biểu này trong danh sách. Vui lòng xem lại trên thẻ.")
        return None
    if found.contestant_id is not None:
        problems["delegate_code"] = Problem("Mã đại biểu này đã được dùng. Nếu có nhầm lẫn, vui lòng báo Tổ Thư ký.")
    elif entry.full_name and fold(found.name) != fold(entry.full_name):
        problems["delegate_code"] = Problem(
            "Mã đại biểu này chưa khớp họ và tên. Vui lòng ghi họ tên như trên thẻ, hoặc báo Tổ Thư ký."
        )
    if settings.who.divisions and not found.division and not entry.division:
        problems.setdefault("division", Problem("Vui lòng chọn bảng dự thi."))
    return found


def _inviter(session: Session, contest: Contest, entry: Entry, problems: dict[str, Problem]) -> Contestant | None:
    if not entry.invited_by:
        return None
    found = session.scalar(
        select(Contestant).where(Contestant.contest_id == contest.id, Contestant.invite_code == entry.invited_by)
    )
    if found is None:
        problems["invited_by"] = Problem("Không có mã mời này. Vui lòng xem lại, hoặc để trống.")
    return found


def _entered_by_hand(session: Session, contest: Contest, values: Values) -> Contestant | None:
    """The entry without an account that the secretariat made for this person: the same number, and the same name."""
    tags = [
        (Contestant.identity_tag, values.columns["identity_tag"]),
        (Contestant.other_tag, values.columns["other_tag"]),
        (Contestant.phone_tag, values.columns["phone_tag"]),
    ]
    column, tag = next(((column, tag) for column, tag in tags if tag is not None), (None, None))
    if column is None:
        return None
    same = (column == tag, Contestant.search == values.columns["search"], Contestant.person_id.is_(None))
    wanted = select(Contestant).where(Contestant.contest_id == contest.id, *same, Contestant.withdrawn_at.is_(None))
    return session.scalars(wanted.with_for_update().limit(1)).first()
