"""Lists of comments under a stream that the organizers bring: kept as brought, read by the rules of the list, joined
to people as far as these register (contest-rules §14.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from quizapp.errors import NotFound, Unreadable
from quizapp.models import Comment, CommentList, Contestant, Round, Show
from quizapp.rules import comment_entry
from quizapp.rules.comment_entry import Entry, Rules, Said
from quizapp.rules.ranking import Standing
from quizapp.rules.roster import Line
from quizapp.services import shows

LONGEST_ACCOUNT, LONGEST_TEXT = 200, 2_000
LONGEST_TITLE = 120


@dataclass(frozen=True)
class Read:
    """A list with every comment as it counts, and who stands where; ids are those of the comments, in that order."""

    list: CommentList
    rules: Rules
    ids: tuple[int, ...]
    entries: tuple[Entry, ...]
    standings: tuple[Standing[Entry], ...]


def add(
    session: Session,
    show: Show,
    title: str,
    file_name: str,
    lines: Sequence[Line],
    rules: Rules,
    person_id: str | None,
    *,
    now: datetime,
) -> CommentList:
    """Keep a list as it was brought. Refuses a list without a title; a line without an account is left out."""
    words = " ".join(title.split())[:LONGEST_TITLE]
    if not words:
        raise Unreadable("Vui lòng đặt tên cho danh sách bình luận.")
    _refuse_turned(rules)
    made = CommentList(
        show_id=show.id,
        title=words,
        file_name=file_name[:200],
        rules=msgspec.to_builtins(rules),
        made_by=person_id,
        made_at=now,
    )
    session.add(made)
    session.flush()
    rows = [
        {
            "list_id": made.id,
            "position": line.where,
            "account": line.get("account")[:LONGEST_ACCOUNT],
            "text": line.get("text")[:LONGEST_TEXT],
            "said_at": comment_entry.moment_of(line.get("time")),
            "edited": comment_entry.is_yes(line.get("edited")),
        }
        for line in lines
        if line.get("account")
    ]
    if not rows:
        raise Unreadable("Danh sách không có dòng nào có tên tài khoản. Vui lòng kiểm tra tệp.")
    session.execute(insert(Comment), rows)
    shows.log_press(session, show, "comments", {"list": made.id, "lines": len(rows)}, "", now=now)
    return made


def of_show(session: Session, show: Show) -> list[CommentList]:
    """The lists of a room, newest first."""
    own = select(CommentList).where(CommentList.show_id == show.id)
    return list(session.scalars(own.order_by(CommentList.made_at.desc(), CommentList.id.desc())))


def find(session: Session, show: Show, list_id: int) -> CommentList:
    """A list of this room."""
    found = session.get(CommentList, list_id)
    if found is None or found.show_id != show.id:
        raise NotFound("Không tìm thấy danh sách bình luận này.")
    return found


def read(session: Session, kept: CommentList) -> Read:
    """What every comment of a list counts as under its rules, and the candidates in their order."""
    rules = msgspec.convert(kept.rules, Rules)
    rows = session.scalars(
        select(Comment).where(Comment.list_id == kept.id).order_by(Comment.position, Comment.id)
    ).all()
    entries = comment_entry.read([Said(row.account, row.text, row.said_at, row.edited) for row in rows], rules)
    standings = comment_entry.candidates(entries, rules)
    return Read(kept, rules, tuple(row.id for row in rows), tuple(entries), tuple(standings))


def change_rules(session: Session, show: Show, kept: CommentList, rules: Rules, *, now: datetime) -> None:
    """Read the list by other rules: the window, the key or the target is known later. Logged with both."""
    _refuse_turned(rules)
    before, kept.rules = kept.rules, msgspec.to_builtins(rules)
    session.flush()
    shows.log_press(session, show, "comments", {"list": kept.id, "before": before, "after": kept.rules}, "", now=now)


def registered(session: Session, kept: CommentList) -> dict[int, Contestant]:
    """By comment, the contestant who proved to be its author."""
    joined = (
        select(Comment.id, Contestant)
        .join(Contestant, Contestant.id == Comment.contestant_id)
        .where(Comment.list_id == kept.id)
    )
    return {comment_id: contestant for comment_id, contestant in session.execute(joined)}


def join(session: Session, show: Show, kept: CommentList, comment_id: int, code: str, *, now: datetime) -> None:
    """Note that the author of a comment registered as the contestant with this code; an empty code takes it back.

    Refuses rooms outside a contest, and a person who already stands for another account of the list.
    """
    row = session.get(Comment, comment_id)
    if row is None or row.list_id != kept.id:
        raise NotFound("Không tìm thấy bình luận này.")
    contestant_id = None if not code.strip() else _contestant(session, show, code.strip().upper()).id
    taken = select(Comment.id).where(
        Comment.list_id == kept.id, Comment.contestant_id == contestant_id, Comment.id != row.id
    )
    if contestant_id is not None and session.scalar(taken.limit(1)) is not None:
        raise Unreadable("Thí sinh này đã gắn với một tài khoản khác trong danh sách.")
    row.contestant_id = contestant_id
    session.flush()
    shows.log_press(session, show, "comments", {"comment": row.id, "contestant": contestant_id}, "", now=now)


def remove(session: Session, show: Show, kept: CommentList, *, now: datetime) -> None:
    """Throw a list away with its comments: they are personal data that nobody needs after the prizes."""
    shows.log_press(session, show, "comments", {"removed": kept.id, "title": kept.title}, "", now=now)
    session.delete(kept)
    session.flush()


def _contestant(session: Session, show: Show, code: str) -> Contestant:
    if show.round_id is None:
        raise Unreadable("Phòng này không thuộc cuộc thi nào nên không có thí sinh để gắn.")
    contest_id = session.get_one(Round, show.round_id).contest_id
    found = session.scalar(select(Contestant).where(Contestant.contest_id == contest_id, Contestant.code == code))
    if found is None:
        raise NotFound("Không tìm thấy thí sinh có mã này trong cuộc thi.")
    return found


def _refuse_turned(rules: Rules) -> None:
    if rules.opens_at is not None and rules.closes_at is not None and rules.closes_at <= rules.opens_at:
        raise Unreadable("Giờ kết thúc nhận bình luận phải sau giờ bắt đầu.")
