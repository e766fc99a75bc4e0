"""A turn: one question put to everybody at once. Its phase follows from its times; what the host may press follows
from the phase (contest-rules §14.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from quizapp.rules.timing import GRACE

LEAD = timedelta(milliseconds=500)  # phones hold the question this long before it opens, so nobody gains by a fast line
EXTENSION = timedelta(seconds=10)
PRESSES = ("next", "open", "lock", "extend", "reveal", "board", "skip", "void", "pause", "resume", "hide", "end")


class Phase(StrEnum):
    """Where a show is."""

    LOBBY = "LOBBY"
    READING = "READING"
    OPEN = "OPEN"
    LOCKED = "LOCKED"
    REVEAL = "REVEAL"
    BOARD = "BOARD"
    FINISHED = "FINISHED"


@dataclass(frozen=True)
class Times:
    """The moments of one turn; those still to come are `None`, or planned."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    told_open: bool = False
    told_locked: bool = False
    revealed_at: datetime | None = None
    board_at: datetime | None = None
    voided_at: datetime | None = None
    extended: bool = False


@dataclass(frozen=True)
class Position:
    """Where a show stands: its present turn (0 is the lobby), how many there are, and whether it is held or over."""

    n: int
    of: int
    times: Times | None = None
    paused: bool = False
    ended: bool = False


def phase(position: Position, now: datetime) -> Phase:
    """The phase at `now`.

    A question is open from `opens_at` until it is locked, its grace included: nobody may learn anything in between.
    While the show is paused a question that was not yet announced stays in READING.
    """
    times = position.times
    if position.ended:
        return Phase.FINISHED
    if times is None:
        return Phase.LOBBY
    if times.board_at is not None:
        return Phase.BOARD
    if times.revealed_at is not None:
        return Phase.REVEAL
    if times.told_locked:
        return Phase.LOCKED
    held = position.paused and not times.told_open
    if held or times.opens_at is None or now < times.opens_at:
        return Phase.READING
    return Phase.OPEN


def due_to_open(times: Times, now: datetime) -> bool:
    """Whether the opening should be announced: a lead before the instant, so that every phone holds it in time."""
    return not times.told_open and times.opens_at is not None and now >= times.opens_at - LEAD


def due_to_lock(times: Times, now: datetime) -> bool:
    """Whether the window, grace included, is over and the end not yet announced."""
    return not times.told_locked and times.closes_at is not None and now >= times.closes_at + GRACE


def reading_time(words: int) -> timedelta:
    """Time to read: 3 s and 1 s per 15 words of what is shown, rounded up to whole seconds, at least 5 s."""
    return timedelta(seconds=max(5, 3 + -(-words // 15)))


def objection(press: str, position: Position, now: datetime) -> str | None:
    """Why the host may not press this now, as a sentence with what to do instead; `None` if it is allowed."""
    at = phase(position, now)
    if at is Phase.FINISHED:
        return "Phần thi đã kết thúc."
    if press == "pause":
        return "Đang tạm dừng rồi." if position.paused else None
    if press == "resume":
        return None if position.paused else "Phần thi đang chạy, không cần tiếp tục."
    if press == "hide":
        return None
    if press == "end":
        return "Câu hỏi đang mở. Hãy đóng câu trước khi kết thúc." if at is Phase.OPEN else None
    if position.paused and at is not Phase.OPEN:
        return "Đang tạm dừng. Bấm «Tiếp tục» trước."
    return _objection_by_phase(press, position, at)


def allowed(position: Position, now: datetime) -> list[str]:
    """The presses that are allowed now, in the order of the console."""
    return [press for press in PRESSES if objection(press, position, now) is None]


def _objection_by_phase(press: str, position: Position, at: Phase) -> str | None:
    times = position.times or Times()
    if press == "next":
        if at not in {Phase.LOBBY, Phase.REVEAL, Phase.BOARD}:
            return "Chưa thể sang câu tiếp theo: hãy đóng câu và công bố đáp án trước."
        return "Đã hết câu hỏi. Bấm «Kết thúc» để công bố kết quả." if position.n >= position.of else None
    if press == "open":
        if at is not Phase.READING or times.told_open:
            return "Chỉ mở được khi mọi người đang đọc câu hỏi."
        return None
    if press in {"lock", "extend"}:
        if at is not Phase.OPEN:
            return "Chưa có câu hỏi nào đang mở."
        return "Mỗi câu chỉ được thêm giờ một lần." if press == "extend" and times.extended else None
    if press == "skip":
        return None if at in {Phase.READING, Phase.OPEN} else "Chỉ bỏ qua được câu đang đọc hoặc đang mở."
    if press == "void":
        return _objection_to_void(times, at)
    if press == "reveal":
        return None if at is Phase.LOCKED else "Chỉ công bố đáp án sau khi câu hỏi đã đóng."
    if press == "board":
        return None if at is Phase.REVEAL else "Bảng xếp hạng chỉ hiện sau khi công bố đáp án."
    return "Nút này không có trong bảng điều khiển."


def _objection_to_void(times: Times, at: Phase) -> str | None:
    if times.voided_at is not None:
        return "Câu này đã được hủy."
    return None if at in {Phase.LOCKED, Phase.REVEAL, Phase.BOARD} else "Chỉ hủy được câu đã đóng."
