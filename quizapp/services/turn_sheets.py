"""What everybody did in the locked turns of a show, by the ids of their attempts: all that results are built from."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import get_args

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.models import EPOCH, Answer, QuestionVersion, RoundQuestion, Show, Shown, Turn
from quizapp.rules import question
from quizapp.rules.marking import Given, Outage, Sheet
from quizapp.rules.show import settings_from_json
from quizapp.rules.voids import Policy, Void
from quizapp.services import lags

_MOST_SHEETS = 512
_kept_sheets: dict[Hashable, Mapping[str, Given]] = {}


def locked(show: Show, through: int | None = None) -> list[Turn]:
    """The turns that were locked, in order; `through` leaves out those with a later number."""
    return [turn for turn in show.turns if turn.lock_told and turn.opens_at and (through is None or turn.n <= through)]


def read(session: Session, show: Show, through: int | None = None) -> tuple[Sheet, ...]:
    """The sheet of each locked turn, in order, with what was decided about its question afterwards."""
    may_change = settings_from_json(show.settings).may_change
    wanted = locked(show, through)
    said = {turn.version_id for turn in wanted if turn.version_id is not None}
    put = {turn.round_question_id for turn in wanted if turn.round_question_id is not None}
    held = [
        *(session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(said))) if said else ()),
        *(session.scalars(select(RoundQuestion).where(RoundQuestion.id.in_(put))) if put else ()),
    ]
    came = _came(session, show, wanted)
    found = tuple(_sheet(session, show, turn, came.get(turn.id), may_change=may_change) for turn in wanted)
    assert len(held) == len(said) + len(put)  # held until here, so that the turns find them without asking again
    return found


def is_kept(show: Show, turn: Turn) -> bool:
    """Whether what everybody did in a locked turn is worth keeping: viewers of a stream who are behind answer until the
    reveal. Of one that was given up before, what still comes makes another `states`."""
    return show.stream is None or turn.revealed_at is not None or turn.board_at is not None


def states(session: Session, show: Show, turns: Sequence[Turn]) -> tuple[Hashable, ...]:
    """Of each locked turn all that can still change what it counts for."""
    came = _came(session, show, turns)
    return tuple(
        (
            *_one(turn),
            turn.n,
            turn.voided_at is not None,
            turn.reserve,
            len(turn.outages),
            void(turn),
            came.get(turn.id),
        )
        for turn in turns
    )


def _one(turn: Turn) -> tuple[Hashable, ...]:
    """What tells a locked turn from every other, also from those that were removed: SQLite gives their ids again."""
    return turn.id, turn.opens_at


def void(turn: Turn) -> Void | None:
    """The decision on the question of a turn, if there was one."""
    asked = turn.round_question
    policy: Policy | None = next((one for one in get_args(Policy) if asked is not None and one == asked.void), None)
    return None if policy is None or asked is None else Void(policy, tuple(asked.also or ()))


def _came(session: Session, show: Show, turns: Iterable[Turn]) -> dict[int, tuple[int, ...]]:
    """How much has come in so far, by turn, for locked turns that were not revealed beside a stream: whoever is behind
    goes on with a question that was skipped or voided until that reaches them, and nobody waits for them."""
    going_on = [turn.id for turn in turns if show.stream is not None and turn.revealed_at is None]
    found: dict[int, tuple[int, ...]] = dict.fromkeys(going_on, ())
    for column in (Answer.turn_id, Shown.turn_id) if going_on else ():
        counts = select(column, func.count()).where(column.in_(going_on)).group_by(column)
        counted = {turn_id: count for turn_id, count in session.execute(counts)}
        found = {turn_id: (*before, counted.get(turn_id, 0)) for turn_id, before in found.items()}
    return found


def _sheet(session: Session, show: Show, turn: Turn, came: Hashable, *, may_change: bool) -> Sheet:
    assert turn.opens_at is not None
    return Sheet(
        n=turn.n,
        question=question.from_json(turn.content),
        opened_at=turn.opens_at,
        voided=turn.voided_at is not None,
        outages=tuple(
            Outage(EPOCH + timedelta(microseconds=gap["at"]), timedelta(milliseconds=gap["ms"])) for gap in turn.outages
        ),
        given=_given(session, show, turn, came, may_change=may_change),
        void=void(turn),
    )


def _given(session: Session, show: Show, turn: Turn, came: Hashable, *, may_change: bool) -> Mapping[str, Given]:
    """What everybody did in a locked turn, kept for the life of the process with how much had come in by then."""
    key = (str(session.get_bind().engine.url), *_one(turn), came)
    kept = _kept_sheets.get(key)
    if kept is None:
        kept = _read_given(session, turn, may_change=may_change)
        if is_kept(show, turn):
            if len(_kept_sheets) >= _MOST_SHEETS:
                _kept_sheets.pop(next(iter(_kept_sheets)))
            _kept_sheets[key] = kept
    return kept


def _read_given(session: Session, turn: Turn, *, may_change: bool) -> Mapping[str, Given]:
    behind = lags.of_turn(session, turn)
    shown = session.execute(select(Shown.attempt_id, Shown.received_at).where(Shown.turn_id == turn.id))
    given = {attempt_id: Given(shown_at=at, latency_ms=behind.get(attempt_id, 0)) for attempt_id, at in shown}
    answers = session.execute(
        select(Answer.attempt_id, Answer.chosen, Answer.given_at)
        .where(Answer.turn_id == turn.id, Answer.verdict == "ok")
        .order_by(Answer.attempt_id, Answer.n)
    )
    for attempt_id, chosen, at in answers:
        before = given.get(attempt_id, Given())
        late = behind.get(attempt_id, 0)
        if before.first_at is None:
            given[attempt_id] = Given(tuple(chosen), at, at, before.shown_at, late)
        elif may_change:
            given[attempt_id] = Given(tuple(chosen), at, before.first_at, before.shown_at, late)
    return given
