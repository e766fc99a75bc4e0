"""What an attempt of a contest comes to: marked when the rules allow it, and what somebody has in a round by it.

Right and wrong are not looked at before the hand-in, nor, where a round shows nothing after it, before the round is
closed (fairness §4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.models import Attempt, Participation, Round, RoundQuestion, Saying
from quizapp.rules import contest as rulebook
from quizapp.rules import counting_attempt, marks, prediction
from quizapp.rules.tally import Said, Sitting
from quizapp.rules.timing import NEVER, microseconds
from quizapp.rules.voids import Policy, Void
from quizapp.services import contests, round_papers

Standing = Mapping[str, Sequence[int]]  # by question id, the answer that stands


# ── Marking ─────────────────────────────────────────────────────────────────────────────────────────────────────


def at_hand_in(session: Session, attempt: Attempt, standing: Standing) -> dict[str, Any]:
    """What is kept of a contest's attempt when it is handed in: the answers that stand and, where the round shows a
    score, what they come to."""
    rules = round_papers.rules_of(session, attempt)
    kept = {"answered": len(standing), "last_answers": [_listed(standing.get(place["q"])) for place in attempt.paper]}
    return kept | marked(session, attempt, standing) if rules.show_after == "SCORE_ONLY" else kept


def marked(session: Session, attempt: Attempt, standing: Standing) -> dict[str, Any]:
    """What the answers of a closed attempt come to, by its own paper and the decisions on voided questions."""
    asked = round_papers.asked(session, attempt)
    voided = voids(session, attempt.round_id, [place["q"] for place in attempt.paper])
    paper = [
        marks.Asked(asked[place["q"]].question, asked[place["q"]].points, voided.get(place["q"]))
        for place in attempt.paper
    ]
    came_to = marks.mark(paper, standing, round_papers.rules_of(session, attempt).paper.marking)
    return {"points": came_to.score, "full": came_to.full, "score": came_to.correct, "asked": came_to.of}


def last_answers(attempt: Attempt) -> Standing:
    """The answers that stood when an attempt was handed in, by question id."""
    pairs = zip(attempt.paper, attempt.last_answers or [], strict=False)
    return {place["q"]: tuple(chosen) for place, chosen in pairs if chosen is not None}


def voids(session: Session, round_id: int | None, among: Sequence[str]) -> dict[str, Void]:
    """The decisions on voided questions of a round."""
    wanted = select(RoundQuestion.question_id, RoundQuestion.void, RoundQuestion.also).where(
        RoundQuestion.round_id == round_id, RoundQuestion.question_id.in_(among), RoundQuestion.void.is_not(None)
    )
    return {id: Void(cast("Policy", policy), tuple(also or ())) for id, policy, also in session.execute(wanted)}


def mark_rest(session: Session, row: Round, *, most: int) -> int:
    """Mark attempts of a closed round that showed nothing after their hand-in, and say how many those were."""
    waiting = select(Attempt).where(
        Attempt.round_id == row.id,
        Attempt.mode == "contest",
        Attempt.handed_in_at.is_not(None),
        Attempt.points.is_(None),
    )
    attempts = session.scalars(waiting.order_by(Attempt.started_at).limit(most)).all()
    for attempt in attempts:
        for name, value in marked(session, attempt, last_answers(attempt)).items():
            setattr(attempt, name, value)
    session.flush()
    for contestant_id in {attempt.contestant_id for attempt in attempts}:
        recount(session, row, contestant_id)
    return len(attempts)


# ── What somebody has in a round ────────────────────────────────────────────────────────────────────────────────


def held(session: Session, row: Round, contestant_id: int | None) -> Participation:
    """What somebody has in a round, theirs to change; made if it is missing."""
    wanted = select(Participation).where(Participation.round_id == row.id, Participation.contestant_id == contestant_id)
    found = session.scalar(wanted.with_for_update().execution_options(populate_existing=True))
    if found is None:
        found = Participation(round_id=row.id, contestant_id=contestant_id)
        session.add(found)
        session.flush()
    return found


def recount(session: Session, row: Round, contestant_id: int | None) -> Participation:
    """Build again what somebody has in a round from their attempts and the predictions they saved.

    The counting attempt is that of the rulebook among attempts handed in with an answer; where the round shows nothing
    yet, there is none.
    """
    rules = contests.settings(row.contest).round(row.key)
    found = held(session, row, contestant_id)
    attempts = _attempts(session, row, contestant_id)
    happened = [one for one in attempts if one.given_back_at is None]
    valid = [one for one in happened if one.handed_in_at is not None and one.answered and not one.invalid_reason]
    chosen = counting(valid, rules)
    found.started, found.given_back = len(attempts), len(attempts) - len(happened)
    found.valid = len(valid)
    found.best_attempt_id = chosen.id if chosen else None
    found.best_points = chosen.points if chosen else None
    found.best_full = chosen.full if chosen else None
    found.best_correct = chosen.score if chosen else None
    found.best_duration_ms = as_sitting(chosen).duration_ms if chosen else None
    found.best_submitted_at = chosen.handed_in_at if chosen else None
    if rules.prediction is not None:
        said = _said(session, row, contestant_id)
        found.prediction = _prediction(said, rules.prediction, happened, chosen)
        found.predicted_at = said[-1].said_at if said else None
    session.flush()
    return found


class Sat(Protocol):
    """An attempt, whole or as the few columns that counting looks at."""

    id: Any
    no: Any
    started_at: Any
    deadline_at: Any
    handed_in_at: Any
    points: Any
    full: Any
    score: Any
    answered: Any


def counting(valid: Sequence[Sat], rules: rulebook.Round) -> Sat | None:
    """The counting attempt of one person in a round as it stands, once their attempts are marked."""
    if not valid or any(one.points is None for one in valid):
        return None
    by_id = {one.id: one for one in valid}
    sittings = [as_sitting(one) for one in valid]
    return by_id[counting_attempt.choose(sittings, rules.counting_attempt, rules.ranking.keys).id]


def as_sitting(attempt: Sat) -> Sitting:
    """An attempt as counting sees it; one that is still open ends at its deadline."""
    return Sitting(
        id=attempt.id,
        code="",
        no=attempt.no or 0,
        started_us=microseconds(attempt.started_at),
        submitted_us=microseconds(attempt.handed_in_at or attempt.deadline_at or NEVER),
        score=attempt.points or 0,
        full=attempt.full or 0,
        correct=attempt.score or 0,
        of=0,
        answered=attempt.answered or 0,
    )


def _attempts(session: Session, row: Round, contestant_id: int | None) -> list[Any]:
    """Somebody's attempts in a round, in order."""
    wanted = select(
        Attempt.id,
        Attempt.no,
        Attempt.started_at,
        Attempt.deadline_at,
        Attempt.handed_in_at,
        Attempt.given_back_at,
        Attempt.invalid_reason,
        Attempt.points,
        Attempt.full,
        Attempt.score,
        Attempt.answered,
    )
    mine = (Attempt.contestant_id == contestant_id, Attempt.round_id == row.id, Attempt.mode == "contest")
    return list(session.execute(wanted.where(*mine).order_by(Attempt.no)))


def _said(session: Session, row: Round, contestant_id: int | None) -> Sequence[Saying]:
    mine = (Saying.round_id == row.id, Saying.contestant_id == contestant_id)
    return session.scalars(select(Saying).where(*mine).order_by(Saying.id)).all()


def _prediction(
    said: Sequence[Saying], asked: rulebook.Prediction, happened: Sequence[Sat], chosen: Sat | None
) -> int | None:
    theirs = {one.id for one in happened}
    counted = [
        Said(code="", value=one.value, said_us=microseconds(one.said_at), sitting=one.attempt_id)
        for one in said
        if one.attempt_id is None or one.attempt_id in theirs
    ]
    sittings = [as_sitting(one) for one in happened]
    return prediction.counting(asked.prediction_scope, counted, sittings, as_sitting(chosen) if chosen else None)


def _listed(chosen: Sequence[int] | None) -> list[int] | None:
    return None if chosen is None else list(chosen)
