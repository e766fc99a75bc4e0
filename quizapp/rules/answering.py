"""Taking an answer: which verdict a message gets, given what was kept before (fairness §4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from quizapp.rules.timing import Window

Kept = Literal["ok", "twice", "early", "late", "bad"]
Verdict = Literal["kept", "twice", "early", "late", "reused", "refused", "again"]

MOST_CHANGES = 50  # of one answer while the question is open; more is no person's change of mind
MOST_REFUSED = 5  # refused entries kept per person and question; more are answered alike but not kept

_REPLY: dict[Kept, Verdict] = {"ok": "kept", "twice": "twice", "early": "early", "late": "late", "bad": "reused"}


@dataclass(frozen=True)
class Message:
    """What a phone sent: its own id for it, the choice, and the instant the server read it."""

    m: str
    chosen: tuple[int, ...]
    read_at: datetime


@dataclass(frozen=True)
class Entry:
    """One kept answer to the same question by the same person; `n` > 0 numbers the ones that were taken."""

    m: str
    chosen: tuple[int, ...]
    n: int
    kept_as: Kept


@dataclass(frozen=True)
class Decision:
    """The reply, the entry to keep (if any), and with `twice` the choice that stands."""

    verdict: Verdict
    entry: Entry | None = None
    stands: tuple[int, ...] | None = None


def decide(
    message: Message, before: Sequence[Entry], window: Window, *, may_change: bool, locked: bool = False
) -> Decision:
    """The verdict on a message of the right shape.

    `before` holds the entries of this person for this question, oldest first. `locked` says that the question is
    closed for good: whatever comes then is late, so that nothing is added to what was already marked. A message that
    was answered before gets the same reply again; the same id with another choice is `reused`.
    """
    same = next((entry for entry in before if entry.m == message.m), None)
    if same is not None:
        if same.chosen == message.chosen:
            return Decision(_REPLY[same.kept_as], None, _standing(before) if same.kept_as == "twice" else None)
        return _refuse("reused", "bad", message, before)
    if message.read_at < window.opens_at:
        return _refuse("early", "early", message, before)
    if locked or not window.admits(message.read_at):
        return _refuse("late", "late", message, before)
    taken = [entry for entry in before if entry.kept_as == "ok"]
    if taken and not may_change:
        decision = _refuse("twice", "twice", message, before)
        return Decision(decision.verdict, decision.entry, taken[0].chosen)
    if len(taken) >= MOST_CHANGES:
        return Decision("refused")
    return Decision("kept", Entry(message.m, message.chosen, len(taken) + 1, "ok"))


def counting(entries: Sequence[Entry], *, may_change: bool) -> Entry | None:
    """The answer that counts: the last one taken, or the first where answers are final (contest-rules §14.1)."""
    taken = sorted((entry for entry in entries if entry.kept_as == "ok"), key=lambda entry: entry.n)
    if not taken:
        return None
    return taken[-1] if may_change else taken[0]


def _refuse(verdict: Verdict, kept_as: Kept, message: Message, before: Sequence[Entry]) -> Decision:
    refused = [entry for entry in before if entry.kept_as != "ok"]
    if len(refused) >= MOST_REFUSED:
        return Decision(verdict)
    return Decision(verdict, Entry(message.m, message.chosen, -1 - len(refused), kept_as))


def _standing(before: Sequence[Entry]) -> tuple[int, ...]:
    """The choice that stood when a second answer was refused: the first one taken."""
    return next(entry.chosen for entry in before if entry.kept_as == "ok")
