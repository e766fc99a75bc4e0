"""A turn: one question put to everybody at once. Its phase follows from its times; what the host may press follows
from the phase (contest-rules §14.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from quizapp.rules.survival import Next
from quizapp.rules.timing import GRACE

LEAD = timedelta(milliseconds=500)  # phones hold the question this long before it opens, so nobody gains by a fast line
EXTENSION = timedelta(seconds=10)
PRESSES = (
    "next",
    "predict",
    "open",
    "lock",
    "extend",
    "reveal",
    "board",
    "reserve",
    "skip",
    "void",
    "confirm",
    "withdraw",
    "pause",
    "resume",
    "hide",
    "end",
)
BESIDE = ("scene", "auto", "order", "offset")  # these touch no question that is being played


class Phase(StrEnum):
    """Where a show is."""

    LOBBY = "LOBBY"
    READING = "READING"
    OPEN = "OPEN"
    LOCKED = "LOCKED"
    REVEAL = "REVEAL"
    BOARD = "BOARD"
    PREDICTION = "PREDICTION"
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
    reading_at: datetime | None = None


@dataclass(frozen=True)
class Prediction:
    """The prediction as it was put to everybody: since when, how long a number is taken, whether its end was told."""

    asked_at: datetime
    closes_at: datetime
    told_closed: bool = False


@dataclass(frozen=True)
class Position:
    """Where a show stands: its present turn (0 is the lobby), how many there are, and whether it is held or over."""

    n: int
    of: int
    times: Times | None = None
    paused: bool = False
    ended: bool = False
    prediction: Prediction | None = None

    @property
    def at_prediction(self) -> bool:
        """Whether the prediction is what came last."""
        asked = self.prediction
        times = self.times or Times()
        return asked is not None and all(
            began is None or began <= asked.asked_at for began in (times.reading_at, times.board_at)
        )


@dataclass(frozen=True)
class Guard:
    """What else decides whether a press is allowed.

    `predicts` says that a prediction is asked at all, `prediction_due` that it comes before the next question.
    `reserves` stand by, and `reserve_wanted` says that one is needed. `follows` is what the rules of the game ask for
    next. Before `held_until` a slow viewer may still be answering. In a contest a void needs two people: `proposed`,
    and nothing is asked before its round opens: `begins_at`.
    """

    predicts: bool = False
    prediction_due: bool = False
    reserves: int = 0
    reserve_wanted: bool = False
    follows: Next = "question"
    held_until: datetime | None = None
    proposed: bool = False
    begins_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether a slow viewer may still be answering: what comes next waits."""
        return self.held_until is not None and now < self.held_until


def phase(position: Position, now: datetime) -> Phase:
    """The phase at `now`.

    A question is open from `opens_at` until it is locked, its grace included: nobody may learn anything in between.
    While the show is paused a question that was not yet announced stays in READING.
    """
    times = position.times
    if position.ended:
        return Phase.FINISHED
    if position.at_prediction:
        return Phase.PREDICTION
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


def predicting(position: Position) -> bool:
    """Whether a number is still taken for the prediction, grace included."""
    asked = position.prediction
    return asked is not None and position.at_prediction and not asked.told_closed


def objection(press: str, position: Position, now: datetime, guard: Guard | None = None) -> str | None:
    """Why the host may not press this now, as a sentence with what to do instead; `None` if it is allowed."""
    at = phase(position, now)
    if press == "scene":
        return None
    if at is Phase.FINISHED:
        return "Phần thi đã kết thúc."
    if press == "pause":
        return "Đang tạm dừng rồi." if position.paused else None
    if press == "resume":
        return None if position.paused else "Phần thi đang chạy, không cần tiếp tục."
    if press == "hide" or press in BESIDE:
        return None
    guard = guard or Guard()
    if press == "end":
        return _objection_to_end(position, at, now, guard)
    if press == "withdraw":
        return None if guard.proposed else "Không có đề nghị hủy câu nào đang chờ."
    if position.paused and at is not Phase.OPEN and not predicting(position):
        return "Đang tạm dừng. Bấm «Tiếp tục» trước."
    return _objection_by_phase(press, position, at, now, guard)


def allowed(position: Position, now: datetime, guard: Guard | None = None) -> list[str]:
    """The presses that are allowed now, in the order of the console."""
    return [press for press in PRESSES if objection(press, position, now, guard) is None]


def leading(position: Position, now: datetime, guard: Guard | None = None) -> str:
    """What the one large button does: the step that comes next, also while it is still held for slow viewers; nothing
    while there is no such step."""
    if phase(position, now) is Phase.LOCKED and not position.paused:
        return "reveal"
    can = allowed(position, now, guard)
    step = next((press for press in _STEPS if press in can), "")
    return "predict" if step == "next" and guard is not None and guard.prediction_due else step


_STEPS = ("resume", "open", "lock", "board", "next", "end")  # the first one that is allowed


def _objection_to_end(position: Position, at: Phase, now: datetime, guard: Guard) -> str | None:
    if at is Phase.OPEN:
        return "Câu hỏi đang mở. Hãy đóng câu trước khi kết thúc."
    if at is Phase.LOCKED and guard.holds(now):
        return "Người xem chậm vẫn còn giờ trả lời. Chờ thêm ít giây rồi kết thúc."
    return "Câu dự đoán đang mở. Hãy đóng câu trước khi kết thúc." if predicting(position) else None


def _objection_by_phase(press: str, position: Position, at: Phase, now: datetime, guard: Guard) -> str | None:
    times = position.times or Times()
    if at is Phase.LOBBY and press in {"next", "predict"} and guard.begins_at is not None and now < guard.begins_at:
        return "Theo thể lệ, vòng thi này chưa mở. Trước giờ mở chỉ tập dượt được."
    if press == "next":
        return _objection_to_next(position, at, guard)
    if press == "predict":
        return _objection_to_predict(position, at, guard)
    if press == "reserve":
        return _objection_to_reserve(guard)
    if press == "open":
        if at is not Phase.READING or times.told_open:
            return "Chỉ mở được khi mọi người đang đọc câu hỏi."
        return None
    if press == "lock":
        return None if at is Phase.OPEN or predicting(position) else "Chưa có câu hỏi nào đang mở."
    if press == "extend":
        if at is not Phase.OPEN:
            return "Chưa có câu hỏi nào đang mở."
        return _objection_to_extend(times, now)
    if press == "skip":
        return None if at in {Phase.READING, Phase.OPEN} else "Chỉ bỏ qua được câu đang đọc hoặc đang mở."
    if press in {"void", "confirm"}:
        return _objection_to_void(press, times, at, guard)
    if press == "reveal":
        if at is not Phase.LOCKED:
            return "Chỉ công bố đáp án sau khi câu hỏi đã đóng."
        return "Người xem chậm vẫn còn giờ trả lời. Chờ thêm ít giây rồi công bố đáp án." if guard.holds(now) else None
    if press == "board":
        back = at is Phase.PREDICTION and position.n > 0 and not predicting(position)
        return None if at is Phase.REVEAL or back else "Bảng xếp hạng chỉ hiện sau khi công bố đáp án."
    return "Nút này không có trong bảng điều khiển."


def _objection_to_next(position: Position, at: Phase, guard: Guard) -> str | None:
    if predicting(position):
        return "Câu dự đoán đang mở. Chờ hết giờ hoặc đóng câu này trước."
    if at not in {Phase.LOBBY, Phase.REVEAL, Phase.BOARD, Phase.PREDICTION}:
        return "Chưa thể sang câu tiếp theo: hãy đóng câu và công bố đáp án trước."
    if guard.prediction_due:
        return None
    if guard.follows == "over":
        return "Trò chơi đã có người thắng. Bấm «Kết thúc» để công bố kết quả."
    more = position.n < position.of or (guard.follows == "reserve" and guard.reserves > 0)
    return None if more else "Đã hết câu hỏi. Bấm «Kết thúc» để công bố kết quả."


def _objection_to_predict(position: Position, at: Phase, guard: Guard) -> str | None:
    if not guard.predicts:
        return "Phần thi này không có câu dự đoán."
    if position.prediction is not None:
        return "Câu dự đoán đã được hỏi rồi."
    if at in {Phase.LOBBY, Phase.REVEAL, Phase.BOARD}:
        return None
    return "Chưa thể hỏi câu dự đoán: hãy đóng câu và công bố đáp án trước."


def _objection_to_extend(times: Times, now: datetime) -> str | None:
    if times.extended:
        return "Mỗi câu chỉ được thêm giờ một lần."
    over = times.closes_at is not None and now >= times.closes_at
    return "Đã hết giờ câu này, không thêm được nữa." if over else None


def _objection_to_reserve(guard: Guard) -> str | None:
    if guard.reserves == 0:
        return "Không còn câu dự phòng nào."
    return None if guard.reserve_wanted else "Câu dự phòng chỉ dùng thay cho câu đã hủy, hoặc khi hòa nhau."


def _objection_to_void(press: str, times: Times, at: Phase, guard: Guard) -> str | None:
    if times.voided_at is not None:
        return "Câu này đã được hủy."
    if at not in {Phase.LOCKED, Phase.REVEAL, Phase.BOARD}:
        return "Chỉ hủy được câu đã đóng."
    if press == "void":
        return "Đề nghị hủy câu này đang chờ người thứ hai xác nhận." if guard.proposed else None
    return None if guard.proposed else "Không có đề nghị hủy câu nào đang chờ."
