"""How a question comes into use and goes out of it: its states, the steps between them, and who may take which."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

State = Literal["draft", "waiting", "approved", "recheck", "retired", "vanished"]
Step = Literal["edit", "submit", "back", "approve", "recheck", "retire", "restore"]

STATES: tuple[State, ...] = ("draft", "waiting", "approved", "recheck", "retired", "vanished")
STEPS: tuple[Step, ...] = ("edit", "submit", "back", "approve", "recheck", "retire", "restore")
FIELDS = ("", "stem", "options", "answer", "unit", "short", "explanation", "citations", "facts", "difficulty", "period")

_ROLES: dict[Step, frozenset[str]] = {
    "edit": frozenset({"reviewer", "admin"}),
    "submit": frozenset({"reviewer", "admin"}),
    "back": frozenset({"reviewer"}),
    "approve": frozenset({"reviewer"}),
    "recheck": frozenset({"reviewer", "admin"}),
    "retire": frozenset({"reviewer", "admin"}),
    "restore": frozenset({"reviewer", "admin"}),
}
_WAYS: dict[Step, dict[State, State]] = {
    "edit": {"draft": "draft", "waiting": "draft", "approved": "draft", "recheck": "draft"},
    "submit": {"draft": "waiting"},
    "back": {"waiting": "draft"},
    "approve": {"waiting": "approved", "recheck": "approved"},
    "recheck": {"draft": "recheck", "waiting": "recheck", "approved": "recheck", "recheck": "recheck"},
    "retire": {
        "draft": "retired",
        "waiting": "retired",
        "approved": "retired",
        "recheck": "retired",
        "vanished": "retired",
    },
    "restore": {"retired": "draft", "vanished": "draft"},  # straight back into use where it was approved before
}
_REASONED: frozenset[Step] = frozenset({"back", "recheck"})


def leads_to(step: Step, state: State, *, approved_before: bool = False) -> State | None:
    """The state that `step` brings a question of `state` to; none where the step cannot be taken.

    `approved_before`: the current version was approved once, so that restoring it needs no new approval.
    """
    if step == "restore" and approved_before and state in _WAYS[step]:
        return "approved"
    return _WAYS[step].get(state)


def stands_after(step: Step, state: State, version: int, stands: int | None) -> int | None:
    """The earlier version that stays in use after `step`: an edit leaves the approved version dealt meanwhile."""
    if step == "edit" and state == "approved":
        return version
    return stands if step in ("edit", "submit", "back") else None


def permits(step: Step, roles: Collection[str]) -> bool:
    """Whether an account with `roles` may take `step` at all."""
    return not _ROLES[step].isdisjoint(roles)


def objection(
    step: Step, *, author: bool = False, fit: bool = True, open_comments: int = 0, reason: str = ""
) -> str | None:
    """The sentence that says why a possible and permitted step is not taken now; none where nothing speaks against it.

    `author`: whoever takes the step wrote the current version. `fit`: it passes every check of the bank.
    """
    if step in _REASONED and not reason.strip():
        return "Vui lòng ghi lý do."
    if step == "approve" and author:
        return "Người viết phiên bản này không được tự duyệt. Vui lòng nhờ người duyệt khác."
    if step in ("submit", "approve") and not fit:
        return "Câu hỏi chưa đạt các yêu cầu của ngân hàng nên chưa gửi duyệt hoặc duyệt được."
    if step == "approve" and open_comments:
        return "Còn góp ý chưa giải quyết. Vui lòng xử lý từng góp ý rồi duyệt."
    return None


def offered(
    state: State, roles: Collection[str], *, author: bool = False, approved_before: bool = False
) -> tuple[Step, ...]:
    """The steps whose buttons somebody with `roles` sees, in the order of the workflow."""
    return tuple(
        step
        for step in STEPS
        if leads_to(step, state, approved_before=approved_before)
        and permits(step, roles)
        and not (step == "approve" and author)
    )
