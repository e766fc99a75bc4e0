"""The result of one attempt of a contest, as far as its rulebook shows it: the score at once, keys after the
announcement, and before that nothing from which they follow (contest-rules §6, §19.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from sqlalchemy.orm import Session

from quizapp import clock, db
from quizapp.models import Attempt, Contestant, Round
from quizapp.rules import marks
from quizapp.rules.voids import Void
from quizapp.services import contests, quizzes, round_marks, round_papers, sittings
from quizapp.services.quizzes import Place
from quizapp.web.contest_view import round_view


@dataclass(frozen=True)
class Reviewed:
    """One question of an announced round: what was chosen and what it earned, in sixtieths, by the decision if it was
    voided. `hidden` says that its key is not told yet, because a round to come or open asks it as well."""

    place: Place
    earned: int
    most: int
    void: Void | None
    hidden: bool


def page(attempt: Attempt) -> str:
    """The page of a handed-in attempt."""
    now = clock.now()
    with db.read() as session:
        row = round_papers.round_of(session, attempt)
        contestant = session.get(Contestant, attempt.contestant_id)
        mine = sittings.participation(session, row, contestant) if contestant else None
        one = round_view(row.contest, row, mine, now=now)
        reviewed: list[Reviewed] = []
        if one.shows_keys:
            reviewed = _reviewed(session, row, attempt, now)
        return render_template(
            "contest/result.html",
            attempt=attempt,
            contest=row.contest,
            settings=contests.settings(row.contest),
            one=one,
            rules=one.rules,
            reviewed=reviewed,
            predicted=sittings.predicted(session, attempt),
            duration_ms=round_marks.as_sitting(attempt).duration_ms,
            now=now,
        )


def _reviewed(session: Session, row: Round, attempt: Attempt, now: datetime) -> list[Reviewed]:
    marking = round_papers.rules_of(session, attempt).paper.marking
    asked = round_papers.asked(session, attempt)
    voids = round_marks.voids(session, row.id, [place["q"] for place in attempt.paper])
    asked_later = round_papers.withheld(session, now=now, but=row.id)
    found = []
    for place in quizzes.places(session, attempt):
        id = place.question.id
        one = marks.Asked(place.question, asked[id].points, voids.get(id))
        came_to = marks.mark([one], {} if place.chosen is None else {id: place.chosen}, marking)
        found.append(Reviewed(place, came_to.score, came_to.full, voids.get(id), id in asked_later))
    return found
