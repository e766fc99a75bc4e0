"""The lucky draw on air: the newest one of a show's round that was held, with the names people play under."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.models import Attempt, Contestant, Lots, Round, Show
from quizapp.rules import wheel
from quizapp.rules.contest import Words
from quizapp.services import contests, draws

SIGNS = 4  # of the code of somebody without a name in the room


@dataclass(frozen=True)
class Wheel:
    """What a screen shows: the prize, the names on the wheel, who won in drawn order, who stands by, and out of how
    many."""

    prize: Words
    names: tuple[str, ...]
    winners: tuple[int, ...]
    reserves: tuple[int, ...]
    of: int


def of_show(session: Session, show: Show) -> Wheel | None:
    """The newest lucky draw of the show's round whose result stands; `None` where none was held, or in a free room."""
    if show.round_id is None:
        return None
    held = select(Lots).where(Lots.round_id == show.round_id, Lots.held_at.is_not(None), Lots.cancelled_at.is_(None))
    for drawing in session.scalars(held.order_by(Lots.held_at.desc(), Lots.id.desc())):
        drawn, prize = draws.result_of(drawing), _prize(session, show, drawing)
        if drawn is not None and prize is not None:
            shown = wheel.wheel(draws.plan_of(drawing), drawn)
            return Wheel(prize, _names(session, show, shown.codes), shown.winners, shown.reserves, shown.of)
    return None


def _prize(session: Session, show: Show, drawing: Lots) -> Words | None:
    """The name of the prize that was drawn; `None` for lots between equals, which decide places."""
    row = session.get_one(Round, show.round_id)
    ranking = contests.settings(row.contest).round(row.key).ranking
    wanted = drawing.plan.get("prize_key")
    return next((one.name for one in ranking.prizes if one.kind == "LUCKY" and one.key == wanted), None)


def _names(session: Session, show: Show, codes: tuple[str, ...]) -> tuple[str, ...]:
    """The names people carry in the room; whoever has none stands by the first signs of their code."""
    named = (
        select(Contestant.code, Attempt.name)
        .join(Contestant, Contestant.id == Attempt.contestant_id)
        .where(Attempt.show_id == show.id, Attempt.removed_at.is_(None), Contestant.code.in_(codes))
    )
    known = {code: name for code, name in session.execute(named) if name}
    return tuple(known.get(code) or f"{code[:SIGNS]}…" for code in codes)
