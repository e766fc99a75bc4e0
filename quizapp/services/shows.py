"""Shows: making a room, and what the host presses.

The database is the truth. A press changes rows with times; whoever made the change tells it, and every browser is told
what follows. What each press does stands in `presses`, what the clock does by itself in `turns`.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from quizapp import news
from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import HostPress, Show, Turn
from quizapp.rules import paper, timing, turn
from quizapp.rules.show import Settings, settings_from_json, settings_to_json
from quizapp.services import guards, presses, round_papers, sight
from quizapp.services.banks import Entry
from quizapp.services.presses import Press
from quizapp.services.show_news import HostSaid

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


def press(
    session: Session, show: Show, do: str, details: dict[str, Any], *, now: datetime, person_id: str | None = None
) -> None:
    """Carry out one press of the host, or refuse it with the reason; either way it is logged by `log_press`.

    Presses on one show come one after the other, whoever makes them.
    """
    session.flush()
    session.get(Show, show.id, populate_existing=True, with_for_update=True, options=[selectinload(Show.turns)])
    guard = guards.guard(session, show, now=now)
    objection = turn.objection(do, sight.position(show), now, guard)
    if objection is not None:
        raise Conflict(objection)
    presses.ACTIONS[do](session, Press(show, now, person_id, details, guard))
    log_press(session, show, do, details, "", now=now, person_id=person_id)


def say(session: Session, show: Show, text: str, *, now: datetime, person_id: str | None = None) -> None:
    """Show a notice of at most 140 characters to everybody in the room; an empty one takes it away."""
    words = " ".join(text.split())
    if len(words) > 140:
        raise Unreadable("Thông báo dài quá 140 ký tự. Vui lòng rút gọn.")
    show.notice = words
    news.tell(session, HostSaid(show.id, words))
    log_press(session, show, "notice", {"text": words}, "", now=now, person_id=person_id)


def log_press(
    session: Session,
    show: Show,
    do: str,
    details: dict[str, Any],
    refused: str,
    *,
    now: datetime,
    person_id: str | None = None,
) -> HostPress:
    """Keep what was pressed and by whom (nobody: by the room's key or the clock), and why if it was refused."""
    kept = HostPress(
        show_id=show.id,
        turn_n=show.position,
        press=do[:16],
        details=details,
        refused=refused,
        person_id=person_id,
        at=now,
    )
    session.add(kept)
    return kept


def free_code(session: Session) -> str:
    """Six digits that no room has."""
    while True:
        code = f"{secrets.randbelow(900_000) + 100_000}"
        if session.scalar(select(Show.id).where(Show.code == code)) is None:
            return code
