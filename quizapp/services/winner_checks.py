"""Whether winners are who they say they are (contest-rules §10): asked, answered, and prizes handed over.

What comes of a check stands in its row; who moves up then is computed anew, in the next snapshot. The full identity
number is asked of winners only, kept sealed, and every look at it is logged (fairness §10).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast, get_args

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import Change, Complaint, Contest, Contestant, Round, Snapshot, WinnerCheck
from quizapp.rules import registration, stage
from quizapp.rules.tally import Award, AwardState, CheckOutcome
from quizapp.rules.timing import VIETNAM
from quizapp.services import books, changes, contests, snapshots
from quizapp.services.vault import Vault

Collecting = Literal["person", "representative", "transfer"]

OUTCOMES: tuple[CheckOutcome, ...] = get_args(CheckOutcome)
COLLECTING: tuple[Collecting, ...] = get_args(Collecting)
IDENTITY = "identity"  # the kind of tag that registration keeps of an identity number
NOTE = 500  # letters about who collected a prize
_DURING = ("PROVISIONAL", "ANNOUNCED", "COMPLAINTS")


@dataclass(frozen=True)
class Winner:
    """Somebody with a prize, or who had one: with the outcome of their check and whether a complaint holds it up."""

    contestant: Contestant
    awards: tuple[Award, ...]
    check: WinnerCheck | None
    disputed: bool = False

    @property
    def outcome(self) -> str:
        """`CheckOutcome`, or "" while nobody said."""
        return self.check.outcome if self.check is not None else ""


# ── Looking ─────────────────────────────────────────────────────────────────────────────────────────────────────


def winners(session: Session, row: Round, snapshot: Snapshot | None) -> list[Winner]:
    """Everybody with a prize in this snapshot, in the order of prizes and places, then whoever a check turned down."""
    prizes: dict[str, list[Award]] = {}
    for one in snapshots.awards(snapshot) if snapshot is not None else ():
        prizes.setdefault(one.code, []).append(one)
    checks = {check.contestant_id: check for check in session.scalars(_of(row))}
    wanted = select(Contestant).where(
        Contestant.contest_id == row.contest_id, Contestant.code.in_(prizes) | Contestant.id.in_(checks)
    )
    people = {one.code: one for one in session.scalars(wanted.order_by(Contestant.id))}
    held = disputed(session, row)
    with_prize = [code for code in prizes if code in people]
    turned_down = [code for code in people if code not in prizes]
    return [
        Winner(people[code], tuple(prizes.get(code, ())), checks.get(people[code].id), code in held)
        for code in (*with_prize, *turned_down)
    ]


def disputed(session: Session, row: Round) -> set[str]:
    """The codes of winners whose prize waits for the answer to a complaint (§15)."""
    open_ones = select(Complaint.about_code).where(
        Complaint.contest_id == row.contest_id,
        Complaint.outcome == "",
        Complaint.kind == "winner",
        (Complaint.round_id == row.id) | Complaint.round_id.is_(None),
    )
    return {code for code in session.scalars(open_ones) if code}


def state(award: Award, held: set[str]) -> AwardState:
    """How a prize stands: held back while a complaint about the winner is open."""
    return "HELD" if award.code in held else award.state


def unchecked(session: Session, row: Round, snapshot: Snapshot | None) -> int:
    """How many people with a prize in this snapshot have no outcome yet."""
    return sum(1 for one in winners(session, row, snapshot) if one.awards and not one.outcome)


def unasked(session: Session, row: Round, snapshot: Snapshot | None) -> int:
    """How many people with a prize in this snapshot were not asked for their papers yet."""
    return sum(1 for one in winners(session, row, snapshot) if one.awards and one.check is None)


def asked(session: Session, row: Round, contestant: Contestant) -> WinnerCheck | None:
    """The check of one contestant, if the secretariat has asked them."""
    return session.scalar(_of(row).where(WinnerCheck.contestant_id == contestant.id))


def _of(row: Round) -> Select[WinnerCheck]:
    return select(WinnerCheck).where(WinnerCheck.round_id == row.id)


# ── Asking and answering ────────────────────────────────────────────────────────────────────────────────────────


def ask(session: Session, contest: Contest, row: Round, person_id: str, *, now: datetime) -> int:
    """Ask everybody with a prize in the newest snapshot who was not asked yet; gives how many that were.

    They see on their pages what they are to bring, and until when.
    """
    _must_be_time(row)
    until = _deadline(now, contests.settings(contest).winner_days)
    new = [one for one in winners(session, row, snapshots.newest(session, row)) if one.awards and one.check is None]
    for one in new:
        session.add(WinnerCheck(round_id=row.id, contestant_id=one.contestant.id, answer_by=until))
    session.flush()
    return len(new)


def settle(
    session: Session,
    contest: Contest,
    row: Round,
    contestant: Contestant,
    outcome: CheckOutcome,
    reason: str,
    person_id: str,
    *,
    now: datetime,
) -> WinnerCheck:
    """Say what came of a check. All but `CONFIRMED` pass the prize down, in the next snapshot; the target stays.

    Refuses `REFUSED` without a reason, and `NO_ANSWER` before the deadline.
    """
    _must_be_time(row)
    check = asked(session, row, contestant)
    if check is None:
        raise NotFound("Thí sinh này chưa được mời xác minh.")
    if outcome == check.outcome:
        raise Conflict("Kết quả xác minh đã được ghi như vậy.")
    why = changes.reason_of(reason) if outcome == "REFUSED" else reason.strip()[: changes.REASON]
    if outcome == "NO_ANSWER" and (check.answer_by is None or now < check.answer_by):
        raise Conflict("Chưa hết hạn trả lời của người đạt giải.")
    if check.collected:
        raise Conflict("Giải đã trao nên không đổi kết quả xác minh được.")
    before = {"outcome": check.outcome}
    check.outcome, check.reason, check.checked_by, check.checked_at = outcome, why, person_id, now
    session.flush()
    thing = f"winner/{row.key}/{contestant.code}"
    changes.note(
        session, contest, "check", thing, before, {"outcome": outcome}, why, person_id, now=now, round_id=row.id
    )
    return check


def _must_be_time(row: Round) -> None:
    if row.state not in _DURING:
        raise Conflict("Xác minh người đạt giải từ khi có kết quả dự kiến đến khi hết khiếu nại.")


def _deadline(now: datetime, days: int) -> datetime:
    """The end of the last day: so many days after today."""
    day = now.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=days + 1)


# ── The identity number ─────────────────────────────────────────────────────────────────────────────────────────


def give_identity(
    session: Session, vault: Vault, contest: Contest, row: Round, contestant: Contestant, typed: str, *, now: datetime
) -> None:
    """Keep the full identity number that a winner was asked for, sealed. Nobody else is asked.

    Refuses one that does not fit the birth date or sex on record, or the number whose tag was kept at registration.
    """
    check = asked(session, row, contestant)
    if check is None or check.outcome:
        raise NotFound("Không có yêu cầu xác minh nào đang chờ.")
    number = registration.identity_number(typed, _birth(vault, contestant), contestant.sex or None)
    tag = vault.tag(IDENTITY, number)
    if contestant.identity_tag is not None and not contestant.guardian and tag != contestant.identity_tag:
        raise Unreadable("Số này khác số căn cước đã đăng ký. Vui lòng kiểm tra lại.")
    contestant.identity_sealed = vault.seal(number, table="contestant", column="identity", row=contestant.code)
    session.flush()


def read_identity(
    session: Session,
    vault: Vault,
    contest: Contest,
    row: Round,
    contestant: Contestant,
    person_id: str,
    *,
    now: datetime,
) -> str:
    """The full number, for the secretariat; this look at it is logged."""
    if asked(session, row, contestant) is None or contestant.identity_sealed is None:
        raise NotFound("Người này chưa gửi số căn cước.")
    thing = f"winner/{row.key}/{contestant.code}"
    changes.note(session, contest, "view", thing, None, None, "", person_id, now=now, round_id=row.id)
    return vault.open(contestant.identity_sealed, table="contestant", column="identity", row=contestant.code)


def looks(session: Session, contest: Contest, row: Round, contestant: Contestant) -> Sequence[Change]:
    """Who looked at somebody's number, and when."""
    thing = f"winner/{row.key}/{contestant.code}"
    wanted = select(Change).where(Change.contest_id == contest.id, Change.kind == "view", Change.thing == thing)
    return session.scalars(wanted.order_by(Change.id.desc())).all()


def _birth(vault: Vault, contestant: Contestant) -> registration.Birth | None:
    born = books.birth_date(vault, contestant.code, contestant.birth_sealed)
    if born is None or not contestant.birth_known:
        return None
    return registration.Birth(born, cast("registration.Known", contestant.birth_known))


# ── Handing over ────────────────────────────────────────────────────────────────────────────────────────────────


def collect(
    session: Session,
    vault: Vault,
    contest: Contest,
    row: Round,
    contestant: Contestant,
    how: Collecting,
    note: str,
    person_id: str,
    *,
    now: datetime,
) -> None:
    """A prize was handed over: to the winner, to a representative whose name and paper are noted, or by transfer."""
    if not stage.has_reached(row.state, "FINAL"):
        raise Conflict("Chỉ trao giải khi kết quả đã chính thức.")
    check = asked(session, row, contestant)
    if check is None or check.outcome != "CONFIRMED":
        raise Conflict("Người này chưa được xác minh là đạt giải.")
    written = note.strip()
    if how != "person" and not written:
        raise Unreadable("Vui lòng ghi họ tên và giấy tờ của người nhận thay, hoặc tài khoản nhận tiền.")
    if len(written) > NOTE:
        raise Unreadable("Ghi chú dài quá 500 chữ. Vui lòng viết ngắn hơn.")
    before = {"collected": check.collected}
    check.collected, check.collected_at = how, now
    check.collected_note = _seal_note(vault, contestant, row, written) if written else None
    session.flush()
    changes.note(
        session,
        contest,
        "collect",
        f"winner/{row.key}/{contestant.code}",
        before,
        {"collected": how},
        "",
        person_id,
        now=now,
        round_id=row.id,
    )


def collected_note(vault: Vault, contestant: Contestant, row: Round, check: WinnerCheck) -> str:
    """Who collected a prize in the winner's place, or where it was sent."""
    if check.collected_note is None:
        return ""
    return vault.open(check.collected_note, table="winner_check", column="note", row=f"{contestant.code}/{row.key}")


def _seal_note(vault: Vault, contestant: Contestant, row: Round, note: str) -> bytes:
    return vault.seal(note, table="winner_check", column="note", row=f"{contestant.code}/{row.key}")
