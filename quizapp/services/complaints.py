"""Complaints (khiếu nại): made by contestants while the form is open, numbered, answered in writing within the stated
working days (contest-rules §15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, NotFound, TooMany, Unreadable
from quizapp.models import Attempt, Complaint, Contest, Contestant, Round, RoundQuestion, Snapshot
from quizapp.rules import working_days
from quizapp.services import changes, contests, snapshots
from quizapp.services.vault import Vault

Kind = Literal["score", "counting", "question", "winner", "prizes", "other"]
Outcome = Literal["KEPT", "CHANGED", "VOIDED_QUESTION", "TRANSFERRED"]

KINDS: tuple[Kind, ...] = get_args(Kind)
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
LONGEST = 4_000  # letters of a complaint or an answer
LARGEST = 2 * 1024 * 1024  # bytes of its file
CONTACT = 200
OPEN_AT_ONCE = 5  # of one contestant
_STARTS = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}


@dataclass(frozen=True)
class Wish:
    """A complaint as it was typed. `about` is the code of a winner, `question` the id of a question of the round."""

    kind: str
    round: str
    text: str
    contact: str = ""
    about: str = ""
    question: str = ""
    file: bytes = b""


# ── Making ──────────────────────────────────────────────────────────────────────────────────────────────────────


def open_rounds(contest: Contest, *, now: datetime) -> list[Round]:
    """The rounds and lists about which somebody may complain now."""
    return [row for row in contest.rounds if is_open(row, now=now)]


def is_open(row: Round, *, now: datetime) -> bool:
    """Whether the form is open for this round: its state says so, and its deadline."""
    return row.state == "COMPLAINTS" and row.complaints_until is not None and now < row.complaints_until


def make(
    session: Session, vault: Vault, contest: Contest, contestant: Contestant, wish: Wish, *, now: datetime
) -> Complaint:
    """Take a complaint, with the next number of the contest's register and the day by which it is answered."""
    row = contests.round_of(contest, wish.round)
    if not is_open(row, now=now):
        raise Conflict("Vòng này không còn nhận khiếu nại.")
    text = wish.text.strip()
    if not text:
        raise Unreadable("Vui lòng viết nội dung khiếu nại.")
    if len(text) > LONGEST:
        raise Unreadable("Nội dung dài quá 4.000 chữ. Vui lòng viết ngắn hơn.")
    if wish.kind not in KINDS:
        raise Unreadable("Vui lòng chọn loại khiếu nại.")
    contact = " ".join(wish.contact.split())[:CONTACT]
    if not contact:
        raise Unreadable("Vui lòng ghi cách liên hệ để nhận trả lời.")
    session.execute(select(Contest.id).where(Contest.id == contest.id).with_for_update())  # numbers come one by one
    mine = [one for one in of_contestant(session, contest, contestant) if not one.outcome]
    if len(mine) >= OPEN_AT_ONCE:
        raise TooMany("Đã có 5 khiếu nại đang chờ trả lời. Vui lòng chờ Tổ Thư ký trả lời.")
    last = session.scalar(select(func.max(Complaint.number)).where(Complaint.contest_id == contest.id)) or 0
    ending = file_kind(wish.file) if wish.file else ""
    made = Complaint(
        contest_id=contest.id,
        round_id=row.id,
        contestant_id=contestant.id,
        number=last + 1,
        kind=wish.kind,
        about_code=_winner(session, row, wish) if wish.kind == "winner" else None,
        question_id=_question(session, row, wish) if wish.kind == "question" else None,
        text=text,
        contact_sealed=vault.seal(contact, table="complaint", column="contact", row=f"{contest.slug}/{last + 1}"),
        file_name=f"khieu-nai-{last + 1}.{ending}" if ending else "",
        file=wish.file or None,
        made_at=now,
        answer_by=working_days.deadline(now, contests.settings(contest).answer_days),
    )
    session.add(made)
    session.flush()
    return made


def file_kind(file: bytes) -> str:
    """The ending of a file that may come along, by its content and never by its name; refuses any other."""
    if len(file) > LARGEST:
        raise Unreadable("Tệp lớn hơn 2 MB. Vui lòng gửi tệp nhỏ hơn.")
    found = next((ending for ending, start in _STARTS.items() if file.startswith(start)), None)
    if found is None:
        raise Unreadable("Chỉ nhận tệp PDF, JPG hoặc PNG.")
    return found


def questions(session: Session, row: Round, contestant: Contestant) -> Sequence[RoundQuestion]:
    """The questions that somebody met in a round, about which they may complain."""
    papers = select(Attempt.paper).where(Attempt.round_id == row.id, Attempt.contestant_id == contestant.id)
    met = {place["q"] for paper in session.scalars(papers) for place in paper}
    wanted = select(RoundQuestion).where(RoundQuestion.round_id == row.id, RoundQuestion.question_id.in_(met))
    return session.scalars(wanted.order_by(RoundQuestion.position)).all()


def _winner(session: Session, row: Round, wish: Wish) -> str:
    shown = snapshots.published(session, row)
    codes = {one.code for one in snapshots.awards(shown)} if shown is not None else set()
    if wish.about not in codes:
        raise Unreadable("Vui lòng chọn người đạt giải được nêu trong khiếu nại.")
    return wish.about


def _question(session: Session, row: Round, wish: Wish) -> str:
    known = select(RoundQuestion.id).where(RoundQuestion.round_id == row.id, RoundQuestion.question_id == wish.question)
    if session.scalar(known) is None:
        raise Unreadable("Vui lòng chọn câu hỏi được nêu trong khiếu nại.")
    return wish.question


# ── Looking ─────────────────────────────────────────────────────────────────────────────────────────────────────


def of_contestant(session: Session, contest: Contest, contestant: Contestant) -> Sequence[Complaint]:
    """Somebody's own complaints, the latest first."""
    mine = select(Complaint).where(Complaint.contest_id == contest.id, Complaint.contestant_id == contestant.id)
    return session.scalars(mine.order_by(Complaint.number.desc())).all()


def find_own(session: Session, contest: Contest, contestant: Contestant, number: int) -> Complaint:
    """One of somebody's own complaints; any other looks as if it did not exist."""
    found = session.scalar(_numbered(contest, number).where(Complaint.contestant_id == contestant.id))
    return _there(found)


def find(session: Session, contest: Contest, number: int) -> Complaint:
    """A complaint of a contest, for somebody who was let into its desk."""
    return _there(session.scalar(_numbered(contest, number)))


def register(session: Session, contest: Contest) -> Sequence[tuple[Complaint, Contestant | None]]:
    """Every complaint of a contest with who made it: the open ones by the day of their answer, then the others."""
    wanted = (
        select(Complaint, Contestant)
        .outerjoin(Contestant, Contestant.id == Complaint.contestant_id)
        .where(Complaint.contest_id == contest.id)
    )
    rows = [(complaint, who) for complaint, who in session.execute(wanted.order_by(Complaint.number))]
    return sorted(
        rows, key=lambda one: (one[0].outcome != "", one[0].answer_by if not one[0].outcome else one[0].made_at)
    )


def open_count(session: Session, contest: Contest, row: Round) -> int:
    """How many complaints about a round wait for their answer."""
    waiting = select(func.count()).where(
        Complaint.contest_id == contest.id, Complaint.round_id == row.id, Complaint.outcome == ""
    )
    return session.scalar(waiting) or 0


def contact(vault: Vault, contest: Contest, complaint: Complaint) -> str:
    """How the person wants to be reached."""
    if complaint.contact_sealed is None:
        return ""
    row = f"{contest.slug}/{complaint.number}"
    return vault.open(complaint.contact_sealed, table="complaint", column="contact", row=row)


def _numbered(contest: Contest, number: int) -> Select[Complaint]:
    return select(Complaint).where(Complaint.contest_id == contest.id, Complaint.number == number)


def _there(found: Complaint | None) -> Complaint:
    if found is None:
        raise NotFound("Không tìm thấy khiếu nại này.")
    return found


# ── Answering ───────────────────────────────────────────────────────────────────────────────────────────────────


def answer(
    session: Session, contest: Contest, complaint: Complaint, outcome: str, text: str, person_id: str, *, now: datetime
) -> None:
    """Answer in writing; this closes the matter inside the software.

    `CHANGED` needs a snapshot made since the complaint came, `VOIDED_QUESTION` besides it a decision on its question.
    """
    if complaint.outcome:
        raise Conflict("Khiếu nại này đã được trả lời.")
    if outcome not in OUTCOMES:
        raise Unreadable("Vui lòng chọn kết quả giải quyết.")
    written = text.strip()
    if not written:
        raise Unreadable("Vui lòng viết nội dung trả lời.")
    if len(written) > LONGEST:
        raise Unreadable("Nội dung dài quá 4.000 chữ. Vui lòng viết ngắn hơn.")
    if outcome == "VOIDED_QUESTION" and not _is_voided(session, complaint):
        raise Conflict("Chưa có quyết định hủy câu hỏi được nêu trong khiếu nại.")
    if outcome in ("CHANGED", "VOIDED_QUESTION"):
        complaint.snapshot_id = _snapshot_since(session, complaint).id
    complaint.outcome, complaint.answer = outcome, written
    complaint.answered_by, complaint.answered_at = person_id, now
    session.flush()
    changes.note(
        session,
        contest,
        "complaint",
        f"complaint/{complaint.number}",
        {"outcome": ""},
        {"outcome": outcome},
        "",
        person_id,
        now=now,
        round_id=complaint.round_id,
    )


def _is_voided(session: Session, complaint: Complaint) -> bool:
    voided = select(RoundQuestion.id).where(
        RoundQuestion.round_id == complaint.round_id,
        RoundQuestion.question_id == complaint.question_id,
        RoundQuestion.void.is_not(None),
    )
    return session.scalar(voided) is not None


def _snapshot_since(session: Session, complaint: Complaint) -> Snapshot:
    row = None if complaint.round_id is None else session.get(Round, complaint.round_id)
    found = None if row is None else snapshots.newest(session, row)
    if found is None or found.made_at <= complaint.made_at:
        raise Conflict("Chưa có bảng kết quả nào lập sau khiếu nại này.")
    return found
