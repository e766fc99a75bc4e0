"""The prediction on air: whether a show asks one, and the words it is asked with."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.models import Attempt, Round, Saying, Show
from quizapp.rules import contest, prediction
from quizapp.rules.show import settings_from_json
from quizapp.services import contests, hosts, rundown


def asked_by(session: Session, show: Show) -> contest.Round | None:
    """The round whose prediction this show asks; `None` if it asks none. A rehearsal asks what it rehearses."""
    led = hosts.rehearsed(session, show)
    if led.round_id is None or settings_from_json(show.settings).prediction_after is None:
        return None
    row = session.get_one(Round, led.round_id)
    rules = contests.settings(row.contest).round(row.key)
    return None if rules.prediction is None else rules


def is_due(session: Session, show: Show) -> bool:
    """Whether the prediction comes before the next question. A reserve in the place of a question goes before it."""
    after = settings_from_json(show.settings).prediction_after
    if after is None or show.predicting_at is not None or rundown.planned_so_far(show) < after:
        return False
    upcoming = rundown.upcoming(show)
    called = upcoming is not None and upcoming.reserve
    return not called and asked_by(session, show) is not None


def question(session: Session, show: Show) -> contest.Words:
    """What is asked, in both languages."""
    rules = asked_by(session, show)
    assert rules is not None  # it was put to everybody
    return prediction.question(rules)


def target(session: Session, show: Show) -> str:
    """What the number is measured by."""
    rules = asked_by(session, show)
    assert rules is not None and rules.prediction is not None
    return rules.prediction.target


def said(session: Session, attempt: Attempt) -> Saying | None:
    """What somebody said in the round of this attempt: on air the first counts."""
    if attempt.contestant_id is None:
        return None
    mine = (Saying.round_id == attempt.round_id, Saying.contestant_id == attempt.contestant_id)
    return session.scalars(select(Saying).where(*mine).order_by(Saying.id).limit(1)).first()


def own(session: Session, attempt_id: str) -> int | None:
    """The number that a player said on air, if they did."""
    attempt = session.get(Attempt, attempt_id)
    stands = None if attempt is None else said(session, attempt)
    return None if stands is None else stands.value
