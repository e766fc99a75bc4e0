"""Stored totals of a round's attempts, and what follows from the answers that were received (fairness §6).

Points, right answers and the counting attempt stand in the tables so that pages and counting need not mark papers. All
of it can be built again from the answers: after a question was voided it is, and before every snapshot it is compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Text, cast, insert, select, type_coerce, update
from sqlalchemy.orm import Session

from quizapp.models import EPOCH, Answer, Attempt, Contest, Participation, Round, RoundQuestion
from quizapp.rules import contest as rulebook
from quizapp.rules import counting_attempt, marks, tally
from quizapp.rules.marks import Asked, Marks
from quizapp.rules.question import from_json
from quizapp.rules.voids import Void
from quizapp.services import contests

_AT_ONCE = 5_000  # rows fetched together


@dataclass(frozen=True)
class Total:
    """What one attempt comes to: the columns of the same names."""

    attempt_id: str
    points: int
    full: int
    score: int
    asked: int
    answered: int


@dataclass(frozen=True)
class Difference:
    """An attempt whose stored totals are not what its answers come to; `unmarked` where there are none yet, for the
    round shows no score after a hand-in."""

    stored: Total
    rebuilt: Total
    unmarked: bool


class _Place(msgspec.Struct, frozen=True):
    q: str


_papers = msgspec.json.Decoder(list[_Place])
_answers = msgspec.json.Decoder(list[tuple[int, ...] | None] | None)


class Marker:
    """Marks the papers of one round, with the decisions on voided questions as they stand.

    Each answer to each question is marked once and then remembered: people mostly give the same ones.
    """

    def __init__(self, asked: Mapping[str, Asked], marking: rulebook.Marking) -> None:
        self._asked = asked
        self._marking = marking
        self._known: dict[tuple[str, tuple[int, ...] | None], Marks] = {}

    def total(self, attempt_id: str, paper: Sequence[str], given: Sequence[tuple[int, ...] | None]) -> Total:
        """What an attempt comes to, from the ids of its questions and the last answers in the same order."""
        score = full = correct = of = 0
        for question_id, chosen in zip(paper, given, strict=True):
            known = self._known.get((question_id, chosen)) or self._mark(question_id, chosen)
            score += known.score
            full += known.full
            correct += known.correct
            of += known.of
        return Total(attempt_id, score, full, correct, of, sum(chosen is not None for chosen in given))

    def _mark(self, question_id: str, chosen: tuple[int, ...] | None) -> Marks:
        answers = {} if chosen is None else {question_id: chosen}
        found = marks.mark([self._asked[question_id]], answers, self._marking)
        self._known[question_id, chosen] = found
        return found


def marker(session: Session, contest: Contest, row: Round) -> Marker:
    """What marks the papers of this round."""
    rules = contests.settings(contest).round(row.key)
    questions = session.scalars(select(RoundQuestion).where(RoundQuestion.round_id == row.id))
    return Marker({one.question_id: asked(one) for one in questions}, rules.paper.marking)


def asked(question: RoundQuestion) -> Asked:
    """A committed question as marking wants it."""
    void = None if question.void is None else Void(_policy(question.void), tuple(question.also or ()))
    return Asked(from_json(question.content), question.points, void)


def _policy(kept: str) -> Any:
    return kept


# ── Attempts ────────────────────────────────────────────────────────────────────────────────────────────────────


def differences(session: Session, row: Round, marker: Marker) -> Iterator[Difference]:
    """The attempts of the round whose stored totals are not what their papers and last answers come to.

    Results that came in without their paper cannot be built again and are passed over.
    """
    wanted = (
        select(
            Attempt.id,
            Attempt.points,
            Attempt.full,
            Attempt.score,
            Attempt.asked,
            Attempt.answered,
            cast(Attempt.paper, Text),
            cast(Attempt.last_answers, Text),
        )
        .where(Attempt.round_id == row.id, Attempt.mode == "contest", Attempt.handed_in_at.is_not(None))
        .execution_options(yield_per=_AT_ONCE)
    )
    for part in session.execute(wanted).partitions():
        for id, points, full, score, asked, answered, paper, given in part:
            dealt = [place.q for place in _papers.decode(paper)]
            if not dealt:
                continue
            asked = len(dealt) if asked is None else asked
            stored = Total(id, points or 0, full or 0, score or 0, asked, answered or 0)
            rebuilt = marker.total(id, dealt, _answers.decode(given or "null") or [None] * len(dealt))
            if stored != rebuilt or points is None:
                yield Difference(stored, rebuilt, unmarked=points is None)


def keep(session: Session, totals: Sequence[Total]) -> None:
    """Write these totals to their attempts."""
    if totals:
        session.execute(
            update(Attempt),
            [
                {
                    "id": one.attempt_id,
                    "points": one.points,
                    "full": one.full,
                    "score": one.score,
                    "asked": one.asked,
                    "answered": one.answered,
                }
                for one in totals
            ],
        )


def unlike_answers(session: Session, attempt_ids: Iterable[str]) -> list[str]:
    """Of these attempts, those whose last answers are not the last ones taken one by one (verdict `ok`).

    Attempts without any such row came from an archive and are passed over; live ones keep no last answers, for they are
    counted from the answers themselves.
    """
    found = []
    sat = select(Attempt).where(Attempt.id.in_(list(attempt_ids)), Attempt.mode == "contest")
    for attempt in session.scalars(sat.order_by(Attempt.id)):
        taken = select(Answer.question_id, Answer.chosen).where(Answer.attempt_id == attempt.id, Answer.verdict == "ok")
        last = {question: list(chosen) for question, chosen in session.execute(taken.order_by(Answer.n))}
        stored = {
            place["q"]: list(chosen)
            for place, chosen in zip(attempt.paper, attempt.last_answers or [], strict=False)
            if chosen is not None
        }
        if last and last != stored:
            found.append(attempt.id)
    return found


# ── Participations ──────────────────────────────────────────────────────────────────────────────────────────────


def participations(session: Session, contest: Contest, row: Round) -> Iterator[dict[str, Any]]:
    """What the rows of `participation` of a round should say, where they say something else or are missing.

    This is what `round_marks.recount` builds for one person, for everybody at once and without predictions. Each
    dictionary carries the id of the row, or none.
    """
    rules = contests.settings(contest).round(row.key)
    stored = {
        one.contestant_id: one
        for one in session.execute(
            select(Participation.id, *[getattr(Participation, name) for name in ("contestant_id", *_BUILT)]).where(
                Participation.round_id == row.id
            )
        )
    }
    for contestant_id, sittings in _sittings(session, row):
        built = _participation(sittings, rules)
        known = stored.get(contestant_id)
        if known is None or any(getattr(known, name) != value for name, value in built.items()):
            yield {"id": known and known.id, **_new(row, contestant_id, sittings), **built}


def keep_participations(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write what `participations` said."""
    new = [{name: value for name, value in one.items() if name != "id"} for one in rows if one["id"] is None]
    if new:
        session.execute(insert(Participation), new)
    known = [{name: one[name] for name in ("id", *_BUILT)} for one in rows if one["id"] is not None]
    if known:
        session.execute(update(Participation), known)
    session.expire_all()


_BUILT = (
    "valid",
    "best_attempt_id",
    "best_points",
    "best_full",
    "best_correct",
    "best_duration_ms",
    "best_submitted_at",
)


def _new(row: Round, contestant_id: int, sittings: Sequence[tally.Sitting]) -> dict[str, Any]:
    """What else a row needs that is not there yet."""
    given_back = sum(one.given_back for one in sittings)
    return {"round_id": row.id, "contestant_id": contestant_id, "started": len(sittings), "given_back": given_back}


def _participation(sittings: Sequence[tally.Sitting], rules: rulebook.Round) -> dict[str, Any]:
    valid = [one for one in sittings if one.answered and not one.invalid and not one.given_back and one.submitted_us]
    best = counting_attempt.choose(valid, rules.counting_attempt, rules.ranking.keys) if valid else None
    return {
        "valid": len(valid),
        "best_attempt_id": best and best.id,
        "best_points": best and best.score,
        "best_full": best and best.full,
        "best_correct": best and best.correct,
        "best_duration_ms": best and best.duration_ms,
        "best_submitted_at": best and _moment(best.submitted_us),
    }


def _sittings(session: Session, row: Round) -> Iterator[tuple[int, list[tally.Sitting]]]:
    """The attempts of a round, person by person, each person's in their order; open ones are stamped 0."""
    wanted = select(
        Attempt.id,
        Attempt.contestant_id,
        Attempt.no,
        type_coerce(Attempt.started_at, BigInteger),
        type_coerce(Attempt.handed_in_at, BigInteger),
        Attempt.points,
        Attempt.full,
        Attempt.score,
        Attempt.answered,
        Attempt.invalid_reason,
        Attempt.given_back_at.is_not(None),
        Attempt.response_ms,
    ).where(Attempt.round_id == row.id, Attempt.contestant_id.is_not(None))
    found: list[tally.Sitting] = []
    of: int | None = None
    ordered = wanted.order_by(Attempt.contestant_id, Attempt.no).execution_options(yield_per=_AT_ONCE)
    for part in session.execute(ordered).partitions():
        for id, who, no, started, submitted, points, full, correct, answered, invalid, given_back, response in part:
            if who != of and of is not None:
                yield of, found
                found = []
            of = who
            found.append(
                tally.Sitting(
                    id=id,
                    code="",
                    no=no or 0,
                    started_us=started,
                    submitted_us=submitted or 0,
                    score=points or 0,
                    full=full or 0,
                    correct=correct or 0,
                    of=0,
                    answered=answered or 0,
                    invalid=invalid,
                    given_back=bool(given_back),
                    response_ms=response or 0,
                )
            )
    if of is not None:
        yield of, found


def _moment(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)
