"""Shows: making a room, and what the host presses.

The database is the truth. A press changes rows with times; whoever made the change tells it, and every browser is told
what follows. What the clock does by itself stands in `turns`.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from quizapp import news
from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import HostPress, Show, Turn
from quizapp.rules import paper, question, timing, turn
from quizapp.rules.show import Settings, settings_from_json, settings_to_json
from quizapp.rules.turn import EXTENSION, LEAD
from quizapp.services import round_papers, sight
from quizapp.services.banks import Entry
from quizapp.services.show_news import (
    BoardShown,
    HostSaid,
    ShowEnded,
    ShowPaused,
    TurnOpened,
    TurnReading,
    TurnRevealed,
)

DEFAULT_TITLE = "Tìm hiểu Luật Bảo hiểm xã hội 2024"


def new(
    session: Session,
    asked: Sequence[Entry],
    title: str,
    settings: Settings,
    *,
    now: datetime,
    organizer_id: str | None = None,
    seed: bytes | None = None,
    reserves: Sequence[Entry] = (),
    rehearses_id: int | None = None,
) -> Show:
    """Make a room with these questions in this order and one order of options for all, drawn from `seed`.

    `reserves` stand by behind them. Refuses an empty paper.
    """
    if not asked:
        raise Unreadable("Chủ đề này chưa có câu hỏi nào. Vui lòng chọn chủ đề khác.")
    seed = seed or secrets.token_bytes(32)
    made = Show(
        code=free_code(session),
        title=title,
        organizer_id=organizer_id,
        settings=settings_to_json(settings),
        seed=seed,
        made_at=now,
        rehearses_id=rehearses_id,
        turns=[
            Turn(
                n=n,
                version_id=entry.version_id,
                option_order=list(paper.option_order(entry.question, seed)),
                reserve=n > len(asked),
                standby=n > len(asked),
            )
            for n, entry in enumerate([*asked, *reserves], 1)
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

    The same seed and bank give the same room. Fewer questions, and fewer reserves, where the bank has no more; refuses
    an empty topic. `NEAREST` asks for numbers only.
    """
    seed = seed or secrets.token_bytes(32)
    free = round_papers.free(session, topic, now=now)
    asked, reserves = draw(free, number, settings, seed, now=now)
    if not asked and settings.scoring == "NEAREST":
        raise Unreadable("Chủ đề này chưa có câu hỏi điền số. Chọn «Tất cả chủ đề» hoặc cách tính điểm khác.")
    return new(
        session,
        asked,
        title or DEFAULT_TITLE,
        settings,
        now=now,
        organizer_id=organizer_id,
        seed=seed,
        reserves=reserves,
    )


def draw(
    free: Sequence[Entry], number: int, settings: Settings, seed: bytes, *, now: datetime
) -> tuple[list[Entry], list[Entry]]:
    """So many questions out of these for a room with these rules, and its reserves."""
    bank = {one.question.id: one for one in free if settings.scoring != "NEAREST" or one.question.kind == "number"}
    questions = [entry.question for entry in bank.values()]
    dealt = paper.draw(questions, number + settings.reserves, seed, today=timing.day_in_vietnam(now))
    drawn = [bank[place.question.id] for place in dealt]
    return drawn[:number], drawn[number:]


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


def claim(session: Session, row: Turn, flag: Any) -> bool:
    """Set a flag of a turn if nobody has yet; whoever changed the row may announce it."""
    session.flush()
    claim = update(Turn).where(Turn.id == row.id, ~flag).values({flag: True})
    won: bool = session.execute(claim).rowcount == 1  # type: ignore[attr-defined]
    session.refresh(row)
    return won


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
    if not claim(session, row, Turn.open_told):
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


def _tell_void(session: Session, show: Show, row: Turn) -> None:
    show.notice = row.void_reason
    news.tell(session, HostSaid(show.id, row.void_reason))
    news.tell(session, BoardShown(show.id))


def _reason(details: dict[str, Any], default: str) -> str:
    given = details.get("reason")
    return " ".join(given.split())[:140] if isinstance(given, str) and given.strip() else default


def free_code(session: Session) -> str:
    """Six digits that no room has."""
    while True:
        code = f"{secrets.randbelow(900_000) + 100_000}"
        if session.scalar(select(Show.id).where(Show.code == code)) is None:
            return code
