"""How many registered, sat and got everything right, under the only meanings these words have (contest-rules §12)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from quizapp.rules.contest import Round
from quizapp.rules.tally import Contestant, Figures, Line
from quizapp.rules.timing import microseconds
from quizapp.rules.validity import Checked


def of_round(round: Round, contestants: Iterable[Contestant], checked: Checked, lines: Iterable[Line]) -> Figures:
    """The counts of one round. People who register after it has ended are not in them."""
    return Figures(
        registered=registered(contestants, _last_registration(round)),
        started=checked.started,
        attempts=checked.attempts,
        people=checked.people,
        all_correct=sum(1 for line in lines if line.all_correct),
        hors_attempts=sum(map(len, checked.hors.values())),
        hors_people=len(checked.hors),
    )


def of_contest(
    contestants: Iterable[Contestant], rounds: Sequence[tuple[Figures, Checked]], lines: Iterable[Line]
) -> Figures:
    """The counts of a whole contest: attempts add up over its rounds, people are counted once."""
    people: set[str] = set()
    hors: set[str] = set()
    for _, checked in rounds:
        people.update(checked.valid)
        hors.update(checked.hors)
    return Figures(
        registered=registered(contestants),
        started=sum(figures.started for figures, _ in rounds),
        attempts=sum(figures.attempts for figures, _ in rounds),
        people=len(people),
        all_correct=len({line.code for line in lines if line.all_correct}),
        hors_attempts=sum(figures.hors_attempts for figures, _ in rounds),
        hors_people=len(hors),
        people_of_rounds=sum(figures.people for figures, _ in rounds),
    )


def registered(contestants: Iterable[Contestant], until_us: int | None = None) -> int:
    """Người đăng ký: completed registrations, without people who may not take part or are hors concours."""
    return sum(
        1
        for one in contestants
        if one.status == "ELIGIBLE" and not one.barred and (until_us is None or one.registered_us < until_us)
    )


def _last_registration(round: Round) -> int:
    """When registration for a round ends: with the round, unless a live one lets people register after it."""
    until = round.live.registration_until if round.live is not None else None
    return microseconds(max(round.closes_at, until) if until is not None else round.closes_at)
