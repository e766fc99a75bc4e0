"""The list of invited people of a contest, each with the code on their badge: brought by the secretariat, claimed by
whoever enters with a code (contest-rules §4, rulebook C)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import Contest, Contestant, Delegate
from quizapp.rules import roster
from quizapp.rules.registration import line as one_line
from quizapp.rules.registration import name_key
from quizapp.rules.roster import LONGEST_CODE, Line, Looked
from quizapp.rules.words import fold
from quizapp.services import changes, contests


def listed(session: Session, contest: Contest) -> list[Delegate]:
    """The list in the order of Vietnamese names."""
    found = session.scalars(select(Delegate).where(Delegate.contest_id == contest.id)).all()
    return sorted(found, key=lambda one: (name_key(one.name), one.code))


def find(session: Session, contest: Contest, code: str) -> Delegate | None:
    """The delegate with this code on the badge, however it is typed."""
    return session.scalar(select(Delegate).where(Delegate.contest_id == contest.id, Delegate.code == plain(code)))


def claim(session: Session, delegate: Delegate, contestant: Contestant) -> None:
    """Let this contestant be the delegate; the update is the claim, so of two who come at once one gets it."""
    free = update(Delegate).where(
        Delegate.id == delegate.id,
        Delegate.contestant_id.is_(None) | (Delegate.contestant_id == contestant.id),
    )
    if session.execute(free.values(contestant_id=contestant.id)).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("Mã đại biểu này đã được dùng. Nếu có nhầm lẫn, vui lòng báo Tổ Thư ký.")


def remove(session: Session, contest: Contest, person_id: str, delegate_id: int, *, now: datetime) -> None:
    """Take somebody off the list who has not entered yet."""
    row = session.get(Delegate, delegate_id)
    if row is None or row.contest_id != contest.id:
        raise NotFound("Không tìm thấy đại biểu này.")
    if row.contestant_id is not None:
        raise Conflict("Đại biểu này đã đăng ký dự thi nên không xóa khỏi danh sách được.")
    before = {"name": row.name, "code": row.code}
    changes.note(session, contest, "delegate", f"delegate/{row.id}", before, None, "", person_id, now=now)
    session.delete(row)
    session.flush()


def answer_by_card(
    session: Session, contest: Contest, person_id: str, delegate_id: int, by_card: bool, *, now: datetime
) -> Delegate:
    """Say that a delegate has no phone and holds up cards, or has one after all."""
    row = session.get(Delegate, delegate_id)
    if row is None or row.contest_id != contest.id:
        raise NotFound("Không tìm thấy đại biểu này.")
    if row.by_card != by_card:
        before, after = {"by_card": row.by_card}, {"by_card": by_card}
        row.by_card = by_card
        session.flush()
        changes.note(session, contest, "delegate", f"delegate/{row.id}", before, after, "", person_id, now=now)
    return row


def look(session: Session, contest: Contest, lines: Sequence[Line]) -> list[Looked]:
    """Every line with what is wrong with it, or with what taking it would do."""
    there = {one.code: one for one in listed(session, contest)}
    divisions = _divisions(contest)
    seen: dict[str, int] = {}
    found = []
    for line in lines:
        looked = Looked(line)
        code = plain(line.get("code"))
        if not code or not line.get("name"):
            looked.wrong("Cần cả mã đại biểu và họ tên.")
        elif code in seen:
            looked.wrong("Mã này trùng với dòng %(where)s. Mỗi thẻ cần một mã riêng.", where=seen[code])
        seen.setdefault(code, line.where)
        roster.too_long(looked, "code", LONGEST_CODE)
        for key in ("name", "team"):
            roster.too_long(looked, key, 120)
        division = line.get("division")
        if divisions and fold(division) not in divisions:
            looked.wrong("Bảng «%(text)s» không có trong thể lệ.", text=division[:60])
        roster.yes_or_no(looked, "by_card")
        known = there.get(code)
        if known is not None and not looked.problems:
            values = _values(line, divisions)
            looked.does = "same" if all(getattr(known, key) == value for key, value in values.items()) else "change"
        found.append(looked)
    return found


def take(session: Session, contest: Contest, person_id: str, lines: Sequence[Line], *, now: datetime) -> int:
    """Take every line that nothing stops, and say how many are new or changed. The code stays who it is."""
    there = {one.code: one for one in listed(session, contest)}
    divisions = _divisions(contest)
    made = 0
    for looked in look(session, contest, lines):
        if looked.problems or looked.does == "same":
            continue
        values, code = _values(looked.line, divisions), plain(looked.line.get("code"))
        if (known := there.get(code)) is not None:
            for key, value in values.items():
                setattr(known, key, value)
        else:
            session.add(Delegate(contest_id=contest.id, code=code, **values))
        made += 1
    session.flush()
    changes.note(session, contest, "delegate", "delegates", None, {"taken": made}, "", person_id, now=now)
    return made


def plain(code: str) -> str:
    """A code in its one form: capitals, no stray spaces."""
    try:
        return one_line(code, LONGEST_CODE).upper()
    except Unreadable:
        return ""


def _divisions(contest: Contest) -> dict[str, str]:
    """The keys of the divisions by all that a list may call them."""
    listed = contests.settings(contest).who.divisions
    return {fold(word): one.key for one in listed for word in (one.key, one.name.vi, one.name.en) if word}


def _values(line: Line, divisions: dict[str, str]) -> dict[str, str | bool | None]:
    """What a line says of a delegate. How they answer is left as it is where the list does not say."""
    values: dict[str, str | bool | None] = {
        "name": line.get("name"),
        "team": line.get("team"),
        "division": divisions.get(fold(line.get("division"))),
    }
    by_card = roster.yes_or_no(Looked(line), "by_card")
    return values if by_card is None else values | {"by_card": by_card}
