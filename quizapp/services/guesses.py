"""Predictions on air: everybody in the room of a contest's round says one number, which cannot be changed
(contest-rules §8.6, §18 B)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import update
from sqlalchemy.orm import Session

from quizapp.models import Attempt, Participation, Saying, Show
from quizapp.rules import prediction
from quizapp.rules.contest import Prediction
from quizapp.rules.timing import Window
from quizapp.services import entering, predicting

Verdict = Literal["kept", "twice", "early", "late", "refused"]
AT_PROGRAMME = timedelta(0)


@dataclass(frozen=True)
class Guess:
    """A number as it came: whose attempt, the phone's id for it, the number, and when it was read."""

    attempt_id: str
    m: str
    value: int
    read_at: datetime


@dataclass(frozen=True)
class Reply:
    """The verdict on a number; `v` is the one that stands."""

    verdict: Verdict
    v: int | None = None


def keep(session: Session, guess: Guess, *, lag: timedelta = AT_PROGRAMME) -> Reply:
    """Keep somebody's number, or say which stands already: the first counts.

    It is taken while the question is put, GRACE included; a viewer who is `lag` behind the programme has that window so
    much later. The same message sent again gets the first reply.
    """
    attempt = session.get(Attempt, guess.attempt_id)
    show = None if attempt is None else session.get(Show, attempt.show_id)
    rules = None if show is None else predicting.asked_by(session, show)
    asked = None if rules is None else rules.prediction
    if attempt is None or show is None or asked is None or attempt.contestant_id is None:
        return Reply("refused")
    if attempt.removed_at is not None or show.predicting_at is None or show.predicting_until is None:
        return Reply("refused")
    if not 0 <= guess.value <= _largest(asked):
        return Reply("refused")
    stands = predicting.said(session, attempt)
    if stands is not None:
        return _again(stands, guess)
    window = Window(show.predicting_at + lag, show.predicting_until + lag)
    if guess.read_at < window.opens_at:
        return Reply("early")
    if not window.admits(guess.read_at):
        return Reply("late")
    return _keep(session, attempt, guess, window.stamp(guess.read_at))


def _keep(session: Session, attempt: Attempt, guess: Guess, said_at: datetime) -> Reply:
    """The update is the claim: of two numbers that come at once, one is the first."""
    assert attempt.round_id is not None and attempt.contestant_id is not None
    entering.hold(session, attempt.round_id, attempt.contestant_id)
    free = update(Participation).where(
        Participation.round_id == attempt.round_id,
        Participation.contestant_id == attempt.contestant_id,
        Participation.predicted_at.is_(None),
    )
    claimed = session.execute(free.values(prediction=guess.value, predicted_at=said_at))
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        stands = predicting.said(session, attempt)
        return Reply("refused") if stands is None else _again(stands, guess)
    session.add(
        Saying(
            round_id=attempt.round_id,
            contestant_id=attempt.contestant_id,
            attempt_id=attempt.id,
            value=guess.value,
            m=guess.m,
            said_at=said_at,
        )
    )
    session.flush()
    return Reply("kept", guess.value)


def _again(stands: Saying, guess: Guess) -> Reply:
    return Reply("kept" if stands.m == guess.m else "twice", stands.value)


def _largest(asked: Prediction) -> int:
    return 100 * 10**asked.decimals if asked.target == "P_PERCENT" else prediction.LARGEST
