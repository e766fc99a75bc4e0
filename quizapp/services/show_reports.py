"""The report of a show, read from its rows: who came when, and the sheets of its locked turns."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.models import Attempt, Show
from quizapp.rules import show_report
from quizapp.rules.show_report import Report
from quizapp.services import turn_sheets


def of_show(session: Session, show: Show) -> Report:
    """What a show came to so far; people sent out by the host are left out, as on its boards."""
    inside = select(Attempt.id, Attempt.started_at).where(Attempt.show_id == show.id, Attempt.removed_at.is_(None))
    joined = {id: came for id, came in session.execute(inside)}
    return show_report.report(joined, turn_sheets.read(session, show))
