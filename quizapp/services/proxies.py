"""Delegates without a phone: they hold up a card, and the secretary types in what it says while the question is open
(contest-rules §18 C). The answer goes the way of every answer; the attempt says that it was typed, the log by whom."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, NotFound, TooLate, Unreadable
from quizapp.models import Answer, Attempt, Delegate, Round, Show, Turn
from quizapp.rules import cards, question
from quizapp.rules.turn import Phase
from quizapp.services import delegates, entering, players, shows, sight
from quizapp.services.players import Sent
from quizapp.services.tokens import Bearer
from quizapp.services.vault import Vault


@dataclass(frozen=True)
class Line:
    """One delegate at the desk: the number that finds them, and what is kept of them for the present question."""

    number: int
    delegate: Delegate
    answer: str


def listed(session: Session, show: Show) -> list[Line]:
    """The delegates without a phone, numbered as they stand on the list; looks only."""
    row = _round(session, show)
    by_card = [one for one in delegates.listed(session, row.contest) if one.by_card]
    turn = open_turn(session, show)
    kept = {} if turn is None else _kept(session, row, turn, by_card)
    return [Line(number, one, kept.get(one.contestant_id or 0, "")) for number, one in enumerate(by_card, 1)]


def open_turn(session: Session, show: Show, *, now: datetime | None = None) -> Turn | None:
    """The question that the hall sees with its options; with `now` only while it is open."""
    turn = sight.present_turn(show)
    if turn is None or not turn.open_told:
        return None
    if now is not None and sight.view(session, show, Bearer("viewer", show.id), now=now).phase is not Phase.OPEN:
        return None
    return turn


def answer(
    session: Session,
    vault: Vault,
    show: Show,
    delegate_id: int,
    turn_id: int,
    typed: str,
    person_id: str | None,
    *,
    now: datetime,
) -> str:
    """Keep what a card says, and give it back as the desk shows it.

    Refuses, each with why: a question that is not open, a card that answers nothing here, a delegate with a phone, and
    a second answer where the first counts.
    """
    row = _round(session, show)
    delegate = session.get(Delegate, delegate_id)
    if delegate is None or delegate.contest_id != row.contest_id or not delegate.by_card:
        raise NotFound("Không tìm thấy đại biểu này trong danh sách trả lời bằng thẻ.")
    turn = open_turn(session, show, now=now)
    if turn is None or turn.id != turn_id:
        raise TooLate("Chỉ ghi được đáp án khi câu hỏi đang mở. Câu này chưa mở hoặc đã đóng.")
    asked = question.from_json(turn.content)
    chosen = cards.read(typed, asked, turn.option_order)
    if chosen is None:
        raise Unreadable("Thẻ này không phải một đáp án của câu đang mở. Vui lòng nhập lại.")
    seat = entering.seat_by_card(session, vault, show, delegate, now=now)
    before = _kept(session, row, turn, [delegate]).get(seat.contestant_id or 0, "")
    reply = players.take(session, [Sent(seat.id, turn.id, secrets.token_hex(16), chosen, now)], now=now)[0]
    if reply.verdict == "twice":
        raise Conflict("Đại biểu này đã trả lời. Theo thể lệ, đáp án đầu tiên được tính.")
    if reply.verdict != "kept":
        raise TooLate("Đáp án đến khi câu hỏi không mở nên không được ghi.")
    shown = cards.write(chosen, asked, turn.option_order)
    details = {"delegate": delegate.code, "before": before, "after": shown}
    shows.log_press(session, show, "card", details, "", now=now, person_id=person_id)
    return shown


def _round(session: Session, show: Show) -> Round:
    row = entering.round_of(session, show)
    if row is None:
        raise NotFound("Phòng này không có đại biểu trả lời bằng thẻ.")
    return row


def _kept(session: Session, row: Round, turn: Turn, those: Sequence[Delegate]) -> dict[int, str]:
    """What stands of these people for a question, by the contestant."""
    asked = question.from_json(turn.content)
    ids = [one.contestant_id for one in those if one.contestant_id is not None]
    rows = session.execute(
        select(Attempt.contestant_id, Answer.chosen)
        .join(Answer, Answer.attempt_id == Attempt.id)
        .where(Attempt.round_id == row.id, Attempt.contestant_id.in_(ids), Answer.turn_id == turn.id, Answer.n > 0)
        .order_by(Answer.n)
    )
    return {id: cards.write(chosen, asked, turn.option_order) for id, chosen in rows if id is not None}
