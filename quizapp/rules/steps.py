"""What a round still lacks before somebody may press it on to its next state (contest-rules §15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from quizapp.rules.stage import State, after, has_reached

Action = Literal["wait", "confirm", "preview", "freeze", "snapshot", "ask", "check", "decide", "publish", "press", ""]

TWO_PEOPLE_STEP: State = "ANNOUNCED"  # it publishes a snapshot (fairness §6)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Where a round, or a list over rounds, stands.

    `predicts`: its rulebook asks for a prediction, so a target must be frozen. `fresh`: nothing that counts changed
    since the newest snapshot. `shown`: the newest snapshot is the published one. `unreviewed`: rounds of the list that
    are not reviewed yet. `undrawn` counts draws that are still to be held, `unchecked` winners without an outcome.
    """

    state: State
    predicts: bool = False
    frozen: bool = False
    counting: bool = False  # a computation is under way
    snapshots: int = 0
    fresh: bool = False
    shown: bool = False
    proposals: int = 0
    unreviewed: int = 0
    unmarked: int = 0  # essays
    undrawn: int = 0
    unchecked: int = 0
    complaints: int = 0
    complaints_until: datetime | None = None
    decided: bool = False  # number and date of the decision are entered
    previewed: bool = False  # a preview says how things are
    unasked: int = 0  # winners who were not asked for their papers yet


def missing(facts: Facts, *, now: datetime) -> tuple[str, ...]:
    """The sentences that say what stands between the round and its next state; none where it may go on.

    Empty too where the clock, or nobody, leads on.
    """
    wanted = after(facts.state)
    found: list[tuple[bool, str]] = []
    if wanted == "PROVISIONAL":
        found = _before_provisional(facts)
    elif wanted == "ANNOUNCED":
        found = [
            *_settled(facts),
            (not facts.decided, "Chưa nhập số và ngày của quyết định công nhận kết quả."),
        ]
    elif wanted == "FINAL":
        until = facts.complaints_until
        found = [
            (until is not None and now < until, "Chưa hết hạn khiếu nại."),
            (facts.complaints > 0, "Còn khiếu nại chưa trả lời."),
            (facts.unchecked > 0, "Còn người đạt giải chưa xác minh xong."),
            (facts.undrawn > 0, "Còn giải hoặc người bằng nhau chờ bốc thăm."),
            *_settled(facts),
            (not facts.shown, "Bảng kết quả mới nhất chưa được công bố."),
        ]
    elif wanted == "AWARDED":
        found = [*_settled(facts), (not facts.shown, "Bảng kết quả mới nhất chưa được công bố.")]
    return tuple(sentence for lacks, sentence in found if lacks)


def action(facts: Facts, *, now: datetime) -> Action:
    """The one thing to do next: what the desk's large button says. Empty where only time, or nothing, is left."""
    if not has_reached(facts.state, "CLOSED"):
        return ""
    if facts.counting:
        return "wait"
    if facts.state in ("CLOSED", "ANNOUNCED"):
        return "press"
    if facts.proposals:
        return "confirm"
    if facts.state == "REVIEW" and facts.predicts and not facts.frozen:
        return "freeze" if facts.previewed else "preview"
    if not facts.fresh:
        return "snapshot"
    if facts.state in ("PROVISIONAL", "COMPLAINTS") and facts.unchecked:
        return "ask" if facts.unasked else "check"
    if facts.state == "PROVISIONAL":
        return "publish" if facts.decided else "decide"
    if has_reached(facts.state, "ANNOUNCED") and not facts.shown:
        return "publish"
    return "press" if after(facts.state) is not None and not missing(facts, now=now) else ""


def unsettled(facts: Facts) -> tuple[str, ...]:
    """The sentences that say why the newest snapshot cannot be published as it is."""
    return tuple(sentence for lacks, sentence in _settled(facts) if lacks)


def _before_provisional(facts: Facts) -> list[tuple[bool, str]]:
    return [
        (facts.unreviewed > 0, "Còn vòng thi trong danh sách này chưa rà soát xong."),
        (facts.unmarked > 0, "Còn bài tự luận chưa có điểm."),
        (facts.predicts and not facts.frozen, "Chưa chốt số mục tiêu của câu hỏi dự đoán."),
        *_settled(facts),
    ]


def _settled(facts: Facts) -> list[tuple[bool, str]]:
    """Nothing is on its way, and the newest snapshot says what is so."""
    return [
        (facts.proposals > 0, "Còn đề nghị đang chờ người thứ hai xác nhận."),
        (facts.counting, "Máy đang tính. Vui lòng chờ tính xong."),
        (not facts.snapshots, "Chưa lập bảng kết quả."),
        (facts.snapshots > 0 and not facts.fresh, "Dữ liệu đã đổi sau bảng kết quả mới nhất. Vui lòng lập bảng mới."),
    ]
