"""Shows: making a room, what the host presses, and what the clock does by itself.

The database is the truth. A press or a tick changes rows with times; whoever made the change tells it, and every
browser is told what follows. Where several processes may act, the conditional update is the claim.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, selectinload

from quizapp import news
from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import EPOCH, Answer, HostPress, Show, Turn
from quizapp.rules import paper, question, timing, turn
from quizapp.rules.show import Settings, settings_from_json, settings_to_json
from quizapp.rules.timing import GRACE
from quizapp.rules.turn import EXTENSION, LEAD
from quizapp.services import round_papers, sight
from quizapp.services.banks import Entry

DEFAULT_TITLE = "Tìm hiểu Luật Bảo hiểm xã hội 2024"
HEARTBEAT = timedelta(milliseconds=500)
SMALLEST_OUTAGE = timedelta(seconds=1)  # two heartbeats missed: the server was away, not merely busy


@dataclass(frozen=True)
class OfShow:
    """News of one show; what it is, its kind says."""

    show_id: int


class TurnReading(OfShow):
    """The stem of a turn is shown, or its planned opening changed."""


class TurnOpened(OfShow):
    """The options of a turn are on their way, or its closing time changed."""


class TurnLocked(OfShow):
    """Nothing more is taken for this turn."""


class TurnRevealed(OfShow):
    """The key of the present turn may be known."""


class BoardShown(OfShow):
    """The leaderboard is on, or hidden, or the present turn no longer counts."""


class ShowPaused(OfShow):
    """The host holds the show, or lets it go on."""


class ShowEnded(OfShow):
    """The show is over."""


@dataclass(frozen=True)
class HostSaid(OfShow):
    """A notice of the host to everybody."""

    text: str


def new(
    session: Session,
    asked: Sequence[Entry],
    title: str,
    settings: Settings,
    *,
    now: datetime,
    organizer_id: str | None = None,
    seed: bytes | None = None,
) -> Show:
    """Make a room with these questions in this order and one order of options for all, drawn from `seed`.

    Refuses an empty paper.
    """
    if not asked:
        raise Unreadable("Chủ đề này chưa có câu hỏi nào. Vui lòng chọn chủ đề khác.")
    seed = seed or secrets.token_bytes(32)
    made = Show(
        code=_free_code(session),
        title=title,
        organizer_id=organizer_id,
        settings=settings_to_json(settings),
        seed=seed,
        made_at=now,
        turns=[
            Turn(n=n, version_id=entry.version_id, option_order=list(paper.option_order(entry.question, seed)))
            for n, entry in enumerate(asked, 1)
        ],
    )
    session.add(made)
    session.flush()
    return made


def from_bank(
    session: Session,
    topic: str | None,
    number: int,
    title: str,
    settings: Settings,
    *,
    now: datetime,
    organizer_id: str | None = None,
    seed: bytes | None = None,
) -> Show:
    """Make a free room with `number` questions drawn from a topic, or from all; those of contests are left out.

    The same seed and bank give the same room. Fewer questions where the bank has no more; refuses an empty topic.
    """
    seed = seed or secrets.token_bytes(32)
    bank = {entry.question.id: entry for entry in round_papers.free(session, topic, now=now)}
    dealt = paper.draw([entry.question for entry in bank.values()], number, seed, today=timing.day_in_vietnam(now))
    asked = [bank[place.question.id] for place in dealt]
    return new(session, asked, title or DEFAULT_TITLE, settings, now=now, organizer_id=organizer_id, seed=seed)


def find(session: Session, code: str) -> Show:
    """The room with this code, with its turns. Refuses an unknown code."""
    found = session.scalar(select(Show).where(Show.code == code).options(selectinload(Show.turns)))
    if found is None:
        raise NotFound("Không tìm thấy phòng thi với mã này. Kiểm tra lại 6 số nhé.")
    return found


def get(session: Session, show_id: int) -> Show:
    """The room with this id, for those who already proved to belong to it."""
    found = session.get(Show, show_id, options=[selectinload(Show.turns)])
    if found is None:
        raise NotFound("Phòng thi này không còn nữa.")
    return found


def of_organizer(session: Session, person_id: str) -> list[Show]:
    """The rooms an organizer made, newest first."""
    own = select(Show).where(Show.organizer_id == person_id).order_by(Show.made_at.desc(), Show.id.desc())
    return list(session.scalars(own.options(selectinload(Show.turns)).limit(100)))


def settings(show: Show) -> Settings:
    """The rules of this show."""
    return settings_from_json(show.settings)


def press(session: Session, show: Show, do: str, details: dict[str, Any], *, now: datetime) -> None:
    """Carry out one press of the host, or refuse it with the reason; either way it is logged by `log_press`."""
    objection = turn.objection(do, sight.position(show), now)
    if objection is not None:
        raise Conflict(objection)
    _ACTIONS[do](session, show, details, now)
    log_press(session, show, do, details, "", now=now)


def say(session: Session, show: Show, text: str, *, now: datetime) -> None:
    """Show a notice of at most 140 characters to everybody in the room; an empty one takes it away."""
    words = " ".join(text.split())
    if len(words) > 140:
        raise Unreadable("Thông báo dài quá 140 ký tự. Vui lòng rút gọn.")
    show.notice = words
    news.tell(session, HostSaid(show.id, words))
    log_press(session, show, "notice", {"text": words}, "", now=now)


def log_press(
    session: Session, show: Show, do: str, details: dict[str, Any], refused: str, *, now: datetime
) -> HostPress:
    """Keep what the host pressed, and why it was refused if it was."""
    kept = HostPress(show_id=show.id, turn_n=show.position, press=do[:16], details=details, refused=refused, at=now)
    session.add(kept)
    return kept


def open_due(session: Session, *, now: datetime) -> int:
    """Announce every turn whose opening is near; returns how many this process claimed."""
    waiting = (
        select(Turn)
        .join(Show, (Show.id == Turn.show_id) & (Show.position == Turn.n))
        .where(~Turn.open_told, ~Turn.lock_told, Turn.opens_at.is_not(None), Show.ended_at.is_(None))
        .where(Show.paused_at.is_(None))
    )
    due = [row for row in session.scalars(waiting) if turn.due_to_open(sight.times(row), now)]
    claimed = [row for row in due if _claim(session, row, Turn.open_told)]
    for row in claimed:
        news.tell(session, TurnOpened(row.show_id))
    return len(claimed)


def lock_due(session: Session, *, now: datetime) -> int:
    """Lock every turn whose window, grace included, is over; returns how many this process claimed."""
    running = select(Turn).where(~Turn.lock_told, Turn.open_told, Turn.closes_at.is_not(None))
    due = [row for row in session.scalars(running) if turn.due_to_lock(sight.times(row), now)]
    claimed = [row for row in due if _claim(session, row, Turn.lock_told)]
    for row in claimed:
        news.tell(session, TurnLocked(row.show_id))
    return len(claimed)


def next_due(session: Session) -> datetime | None:
    """The next instant at which `open_due` or `lock_due` has something to do, or `None` while nothing runs."""
    waiting = session.execute(
        select(Turn.opens_at, Turn.closes_at, Turn.open_told)
        .join(Show, (Show.id == Turn.show_id) & (Show.position == Turn.n))
        .where(~Turn.lock_told, Turn.opens_at.is_not(None), Show.ended_at.is_(None))
        .where(Turn.open_told | Show.paused_at.is_(None))
    ).all()
    moments = [row.closes_at + GRACE if row.open_told else row.opens_at - LEAD for row in waiting]
    return min(moments, default=None)


def beat(session: Session, *, now: datetime) -> None:
    """Say that the server lives, for every show with a question being read or open: measures an outage later."""
    running = (
        select(Turn.show_id)
        .join(Show, (Show.id == Turn.show_id) & (Show.position == Turn.n))
        .where(~Turn.lock_told, Turn.opens_at.is_not(None), Show.ended_at.is_(None))
    )
    session.execute(update(Show).where(Show.id.in_(running)).values(alive_at=now))


def recover(session: Session, *, now: datetime) -> int:
    """After a start: give every question that was interrupted the time that was lost (fairness §3, free rooms).

    Returns how many questions were moved.
    """
    interrupted = session.scalars(
        select(Turn)
        .join(Show, (Show.id == Turn.show_id) & (Show.position == Turn.n))
        .where(~Turn.lock_told, Turn.opens_at.is_not(None), Show.alive_at.is_not(None), Show.ended_at.is_(None))
        .options(selectinload(Turn.show))
    ).all()
    return sum(_give_back(session, row, now) for row in interrupted)


def _give_back(session: Session, row: Turn, now: datetime) -> bool:
    show = row.show
    assert show.alive_at is not None and row.opens_at is not None and row.closes_at is not None
    # An answer that was kept proves life as well as a heartbeat: it may have come before the first one.
    last_kept = session.scalar(select(func.max(Answer.given_at)).where(Answer.turn_id == row.id, Answer.n > 0))
    show.alive_at = max(show.alive_at, last_kept or show.alive_at)
    gap = now - show.alive_at
    held = show.paused_at is not None and not row.open_told
    if gap < SMALLEST_OUTAGE or held or show.alive_at >= row.closes_at + GRACE:
        return False
    if show.alive_at < row.opens_at:
        row.opens_at += gap
        row.open_told = False
    else:
        row.outages = [*row.outages, {"at": _us(show.alive_at), "ms": gap // timedelta(milliseconds=1)}]
    row.closes_at += gap
    show.alive_at = now
    log_press(session, show, "outage", {"ms": gap // timedelta(milliseconds=1)}, "", now=now)
    return True


# What each press does. The guard has said yes before.


def _next(session: Session, show: Show, details: dict[str, Any], now: datetime) -> None:
    show.position += 1
    show.notice = ""  # what was said belongs to the question before
    row = _present(show)
    words = len(question.from_json(row.content).stem.vi.split())
    row.reading_at = now
    _plan(show, row, now + turn.reading_time(words))
    show.alive_at = now
    news.tell(session, TurnReading(show.id))


def _open(session: Session, show: Show, details: dict[str, Any], now: datetime) -> None:
    row = _present(show)
    _plan(show, row, now + LEAD)
    if not _claim(session, row, Turn.open_told):
        raise Conflict
    news.tell(session, TurnOpened(show.id))


def _lock(session: Session, show: Show, details: dict[str, Any], now: datetime) -> None:
    row = _present(show)
    assert row.closes_at is not None
    row.closes_at = min(row.closes_at, now)  # what was sent in time is still taken for the length of GRACE
    news.tell(session, TurnOpened(show.id))


def _extend(session: Session, show: Show, details: dict[str, Any], now: datetime) -> None:
    row = _present(show)
    assert row.closes_at is not None
    if now >= row.closes_at:
        raise Conflict("Đã hết giờ câu này, không thêm được nữa.")
    row.closes_at += EXTENSION
    row.extended = True
    news.tell(session, TurnOpened(show.id))


def _reveal(session: Session, show: Show, details: dict[str, Any], now: datetime) -> None:
    _present(show).revealed_at = now
    news.tell(session, TurnRevealed(show.id))


def _board(session: Session, show: Show, details: dict[str, Any], now: datetime) -> None:
    _present(show).board_at = now
    news.tell(session, BoardShown(show.id))


def _skip(session: Session, show: Show, details: dict[str, Any], now: datetime) -> None:
    row = _present(show)
    row.lock_told = True
    row.voided_at = row.board_at = now
    row.void_reason = _reason(details, "Câu này được bỏ qua, không tính điểm.")
    session.flush()
    _tell_void(session, show, row)


def _void(session: Session, show: Show, details: dict[str, Any], now: datetime) -> None:
    row = _present(show)
    row.voided_at = now
    row.board_at = row.board_at or now
    row.void_reason = _reason(details, "Câu này đã hủy, không tính điểm cho ai.")
    session.flush()
    _tell_void(session, show, row)


def _pause(session: Session, show: Show, details: dict[str, Any], now: datetime) -> None:
    show.paused_at = now
    news.tell(session, ShowPaused(show.id))


def _resume(session: Session, show: Show, details: dict[str, Any], now: datetime) -> None:
    row = sight.present_turn(show)
    assert show.paused_at is not None
    if row is not None and row.opens_at is not None and not row.open_told and not row.lock_told:
        _plan(show, row, row.opens_at + (now - show.paused_at))
    show.paused_at = None
    news.tell(session, ShowPaused(show.id))


def _hide(session: Session, show: Show, details: dict[str, Any], now: datetime) -> None:
    hidden = details.get("hidden")
    show.board_hidden = hidden if isinstance(hidden, bool) else not show.board_hidden
    news.tell(session, BoardShown(show.id))


def _end(session: Session, show: Show, details: dict[str, Any], now: datetime) -> None:
    row = sight.present_turn(show)
    if row is not None and not row.lock_told:  # still being read: it was never played
        row.lock_told = True
        row.voided_at = now
    show.ended_at = now
    show.board_hidden = False
    show.notice = ""
    news.tell(session, ShowEnded(show.id))


_ACTIONS = {
    "next": _next,
    "open": _open,
    "lock": _lock,
    "extend": _extend,
    "reveal": _reveal,
    "board": _board,
    "skip": _skip,
    "void": _void,
    "pause": _pause,
    "resume": _resume,
    "hide": _hide,
    "end": _end,
}


def _plan(show: Show, row: Turn, opens_at: datetime) -> None:
    row.opens_at = opens_at
    row.closes_at = opens_at + timedelta(seconds=settings(show).seconds)


def _present(show: Show) -> Turn:
    row = sight.present_turn(show)
    if row is None:
        raise Conflict
    return row


def _claim(session: Session, row: Turn, flag: Any) -> bool:
    """Set a flag of a turn if nobody has yet; whoever changed the row may announce it."""
    session.flush()
    claim = update(Turn).where(Turn.id == row.id, ~flag).values({flag: True})
    won: bool = session.execute(claim).rowcount == 1  # type: ignore[attr-defined]
    session.refresh(row)
    return won


def _tell_void(session: Session, show: Show, row: Turn) -> None:
    show.notice = row.void_reason
    news.tell(session, HostSaid(show.id, row.void_reason))
    news.tell(session, BoardShown(show.id))


def _reason(details: dict[str, Any], default: str) -> str:
    given = details.get("reason")
    return " ".join(given.split())[:140] if isinstance(given, str) and given.strip() else default


def _free_code(session: Session) -> str:
    while True:
        code = f"{secrets.randbelow(900_000) + 100_000}"
        if session.scalar(select(Show.id).where(Show.code == code)) is None:
            return code


def _us(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)
