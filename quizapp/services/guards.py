"""What decides whether a press is allowed, besides where the show stands (rules.turn.Guard)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.models import Round, Show
from quizapp.rules.show import settings_from_json
from quizapp.rules.survival import Next
from quizapp.rules.turn import Guard, Phase, phase
from quizapp.services import lags, predicting, results, rundown, sight

_BETWEEN = (Phase.LOBBY, Phase.REVEAL, Phase.BOARD, Phase.PREDICTION)  # what was right is known; nothing runs


def guard(session: Session, show: Show, *, now: datetime) -> Guard:
    """What else decides about presses in this show now. Before a reveal nothing in it depends on a key."""
    between = phase(sight.position(show), now) in _BETWEEN
    follows = _follows(session, show) if between else "question"
    survival = settings_from_json(show.settings).scoring == "SURVIVAL"
    return Guard(
        predicts=predicting.asked_by(session, show) is not None,
        prediction_due=between and predicting.is_due(session, show),
        reserves=len(rundown.standby(show)),
        reserve_wanted=follows == "reserve" if survival else rundown.missing(show) > 0,
        follows=follows,
        held_until=_held_until(session, show),
        proposed=show.proposal is not None,
        begins_at=_begins_at(session, show),
    )


def needs_two(show: Show) -> bool:
    """Whether prizes hang on this show: there two people are needed to void what was asked."""
    return show.round_id is not None and show.rehearses_id is None


def _begins_at(session: Session, show: Show) -> datetime | None:
    """When the round of a show opens; a rehearsal and a free room may begin at any time."""
    return session.get_one(Round, show.round_id).opens_at if needs_two(show) else None


def _held_until(session: Session, show: Show) -> datetime | None:
    row = sight.present_turn(show)
    return None if row is None else lags.all_closed_at(session, show, row)


def _follows(session: Session, show: Show) -> Next:
    """What the game asks for after the questions played so far. A reserve that was called and not played yet is it."""
    upcoming = rundown.upcoming(show)
    if show.position == 0 or (upcoming is not None and upcoming.reserve):
        return "question"
    bell = results.bell(session, show)
    against = bell is not None and len(bell.fields) > 0 and len(bell.fields[0]) > 1  # else somebody only tries it out
    return bell.next if bell is not None and against else "question"
