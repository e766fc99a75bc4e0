"""What each press of the host does to a show. Its guard has said yes before; `shows.press` asks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import update
from sqlalchemy.orm import Session

from quizapp import news
from quizapp.errors import Conflict, NotAllowed, Unreadable
from quizapp.models import EPOCH, Person, Show, Turn
from quizapp.rules import autopilot, question, scene, turn
from quizapp.rules.autopilot import Plan
from quizapp.rules.show import settings_from_json
from quizapp.rules.turn import EXTENSION, LEAD, Guard
from quizapp.services import guards, hosts, lags, live_totals, predicting, rundown, scenes, sight, streams
from quizapp.services.show_news import (
    BoardShown,
    ConsoleChanged,
    HostSaid,
    PredictionOpened,
    SceneChanged,
    ShowEnded,
    ShowPaused,
    TurnOpened,
    TurnReading,
    TurnRevealed,
)


@dataclass(frozen=True)
class Press:
    """One press: in which show, when, by whom (nobody: the room's key, or the clock), and what came with it."""

    show: Show
    now: datetime
    person_id: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    guard: Guard = field(default_factory=Guard)

    def flag(self, name: str) -> bool | None:
        """A yes or no that came with it, or `None`."""
        said = self.details.get(name)
        return said if isinstance(said, bool) else None


def claim(session: Session, row: Turn, flag: Any) -> bool:
    """Set a flag of a turn if nobody has yet; whoever changed the row may announce it."""
    session.flush()
    claim = update(Turn).where(Turn.id == row.id, ~flag).values({flag: True})
    won: bool = session.execute(claim).rowcount == 1  # type: ignore[attr-defined]
    session.refresh(row)
    return won


def void(session: Session, show: Show, row: Turn, reason: str, *, now: datetime) -> None:
    """Let the present turn count for nobody, and say why. Where prizes hang on the show a reserve takes its place."""
    row.voided_at = now
    row.board_at = row.board_at or now
    row.void_reason = reason
    session.flush()
    if guards.needs_two(show) and settings_from_json(show.settings).scoring != "SURVIVAL":
        rundown.call_reserve(session, show, now=now)
    show.notice = reason
    news.tell(session, HostSaid(show.id, reason))
    news.tell(session, BoardShown(show.id))


# ── From question to question ───────────────────────────────────────────────────────────────────────────────────


def _next(session: Session, press: Press) -> None:
    show = press.show
    if press.guard.prediction_due:
        return _predict(session, press)
    if press.guard.follows == "reserve":
        rundown.call_reserve(session, show, now=press.now)
    show.position += 1
    _clear(session, show)
    row = _present(show)
    row.reading_at = press.now
    show.alive_at = press.now
    _plan(show, row, _opening(show, row, press.now))
    lags.fix(session, show, row)
    news.tell(session, TurnReading(show.id))
    return None


def _predict(session: Session, press: Press) -> None:
    show = press.show
    _clear(session, show)
    words = len(predicting.question(session, show).vi.split())
    seconds = settings_from_json(show.settings).seconds
    show.predicting_at = show.alive_at = press.now
    show.predicting_until = press.now + turn.reading_time(words) + timedelta(seconds=seconds)
    news.tell(session, PredictionOpened(show.id))


def _open(session: Session, press: Press) -> None:
    row = _present(press.show)
    _plan(press.show, row, press.now + LEAD)
    if not claim(session, row, Turn.open_told):
        raise Conflict
    news.tell(session, TurnOpened(press.show.id))


def _lock(session: Session, press: Press) -> None:
    """What was sent in time is still taken for the length of GRACE."""
    show = press.show
    if sight.position(show).at_prediction:
        assert show.predicting_until is not None
        show.predicting_until = min(show.predicting_until, press.now)
        news.tell(session, PredictionOpened(show.id))
        return
    row = _present(show)
    assert row.closes_at is not None
    row.closes_at = min(row.closes_at, press.now)
    news.tell(session, TurnOpened(show.id))


def _extend(session: Session, press: Press) -> None:
    row = _present(press.show)
    assert row.closes_at is not None
    row.closes_at += EXTENSION
    row.extended = True
    news.tell(session, TurnOpened(press.show.id))


def _reveal(session: Session, press: Press) -> None:
    _present(press.show).revealed_at = press.now
    news.tell(session, TurnRevealed(press.show.id))


def _board(session: Session, press: Press) -> None:
    _present(press.show).board_at = press.now
    news.tell(session, BoardShown(press.show.id))


def _reserve(session: Session, press: Press) -> None:
    rundown.call_reserve(session, press.show, now=press.now)


def _skip(session: Session, press: Press) -> None:
    row = _present(press.show)
    row.lock_told = True
    void(session, press.show, row, _reason(press, "Câu này được bỏ qua, không tính điểm."), now=press.now)


# ── Two people ──────────────────────────────────────────────────────────────────────────────────────────────────


def _void(session: Session, press: Press) -> None:
    show = press.show
    row = _present(show)
    reason = _reason(press, "Câu này đã hủy, không tính điểm cho ai.")
    if not guards.needs_two(show):
        return void(session, show, row, reason, now=press.now)
    by = _person(session, press)
    at = (press.now - EPOCH) // timedelta(microseconds=1)
    name = session.get_one(Person, by).name
    show.proposal = {"press": "void", "turn": row.id, "by": by, "name": name, "reason": reason, "at": at}
    news.tell(session, ConsoleChanged(show.id))
    return None


def _confirm(session: Session, press: Press) -> None:
    show = press.show
    by = _person(session, press)
    assert show.proposal is not None
    if show.proposal["by"] == by:
        raise NotAllowed("Người đề nghị không tự xác nhận được. Cần một người khác cùng điều khiển hoặc Tổ Thư ký.")
    reason = show.proposal["reason"]
    show.proposal = None
    void(session, show, _present(show), reason, now=press.now)


def _withdraw(session: Session, press: Press) -> None:
    press.show.proposal = None
    news.tell(session, ConsoleChanged(press.show.id))


def _person(session: Session, press: Press) -> str:
    if press.person_id is None or not hosts.may(session, press.show, press.person_id):
        raise NotAllowed("Việc này cần hai người đã đăng nhập. Hãy mở bảng điều khiển bằng tài khoản được phân công.")
    return press.person_id


# ── Beside the questions ────────────────────────────────────────────────────────────────────────────────────────


def _pause(session: Session, press: Press) -> None:
    press.show.paused_at = press.now
    news.tell(session, ShowPaused(press.show.id))


def _resume(session: Session, press: Press) -> None:
    show = press.show
    row = sight.present_turn(show)
    assert show.paused_at is not None
    if row is not None and row.opens_at is not None and not row.open_told and not row.lock_told:
        _plan(show, row, row.opens_at + (press.now - show.paused_at))
    show.paused_at = None
    if show.autopilot_since is not None:
        show.autopilot_since = press.now
    news.tell(session, ShowPaused(show.id))


def _hide(session: Session, press: Press) -> None:
    hidden = press.flag("hidden")
    press.show.board_hidden = not press.show.board_hidden if hidden is None else hidden
    news.tell(session, BoardShown(press.show.id))


def _end(session: Session, press: Press) -> None:
    show = press.show
    row = sight.present_turn(show)
    if row is not None and not row.lock_told:  # still being read: it was never played
        row.lock_told = True
        row.voided_at = press.now
    show.ended_at = press.now
    show.board_hidden = False
    show.autopilot_since = None
    _clear(session, show)
    live_totals.hand_in(session, show, now=press.now)
    news.tell(session, ShowEnded(show.id))


def _scene(session: Session, press: Press) -> None:
    named = scene.named(str(press.details.get("scene", "")))
    if named is None:
        raise Unreadable("Màn hình không có cảnh này.")
    scenes.refuse_empty(session, press.show, named)
    press.show.scene = named
    if named == "break" and press.details.get("text"):
        press.show.notice = _tidy(press.details["text"])
        news.tell(session, HostSaid(press.show.id, press.show.notice))
    news.tell(session, SceneChanged(press.show.id))


def _auto(session: Session, press: Press) -> None:
    on = press.flag("on")
    show = press.show
    if on is None:
        on = show.autopilot_since is None
    if on and show.autopilot is None:
        show.autopilot = msgspec.to_builtins(Plan())
    show.autopilot_since = press.now if on else None
    news.tell(session, ConsoleChanged(show.id))


def _order(session: Session, press: Press) -> None:
    rundown.reorder(session, press.show, press.details.get("turns", ()), now=press.now)


def _offset(session: Session, press: Press) -> None:
    measured = press.details.get("ms")
    if not isinstance(measured, int):
        raise Unreadable
    streams.measure(session, press.show, measured, now=press.now)


ACTIONS: dict[str, Callable[[Session, Press], None]] = {
    "next": _next,
    "predict": _predict,
    "open": _open,
    "lock": _lock,
    "extend": _extend,
    "reveal": _reveal,
    "board": _board,
    "reserve": _reserve,
    "skip": _skip,
    "void": _void,
    "confirm": _confirm,
    "withdraw": _withdraw,
    "pause": _pause,
    "resume": _resume,
    "hide": _hide,
    "end": _end,
    "scene": _scene,
    "auto": _auto,
    "order": _order,
    "offset": _offset,
}


def _clear(session: Session, show: Show) -> None:
    """What was said and shown belongs to what came before."""
    show.notice = ""
    show.proposal = None
    if show.scene:
        show.scene = ""
        news.tell(session, SceneChanged(show.id))


def _opening(show: Show, row: Turn, now: datetime) -> datetime:
    """When a question that is shown now opens: after the time to read it, or at its cue if that comes later."""
    after_reading = now + turn.reading_time(len(question.from_json(row.content).stem.vi.split()))
    led = show.autopilot is not None and show.autopilot_since is not None
    cue = autopilot.opens_at(msgspec.convert(show.autopilot, Plan), row.cue_ms) if led else None
    return after_reading if cue is None else max(after_reading, cue)


def _plan(show: Show, row: Turn, opens_at: datetime) -> None:
    row.opens_at = opens_at
    row.closes_at = opens_at + timedelta(seconds=settings_from_json(show.settings).seconds)


def _present(show: Show) -> Turn:
    row = sight.present_turn(show)
    if row is None:
        raise Conflict
    return row


def _reason(press: Press, default: str) -> str:
    given = press.details.get("reason")
    return _tidy(given) if isinstance(given, str) and given.strip() else default


def _tidy(text: str) -> str:
    return " ".join(text.split())[:140]
