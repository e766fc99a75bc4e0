"""«Điều luật thay đổi»: a later act changed a place of the law, so what rests on it is looked at again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import cast

from sqlalchemy.orm import Session

from quizapp import models
from quizapp.errors import NotAllowed, Unreadable
from quizapp.models import LawChange
from quizapp.rules import workflow
from quizapp.rules.law import Citation, Law
from quizapp.rules.question import from_json
from quizapp.rules.workflow import State
from quizapp.services import approvals, banks, deeds, law_changes

LONGEST = {"act": 200, "note": 500}


def law_changed(
    session: Session,
    place: Citation,
    changed_on: date,
    act: str,
    note: str,
    person_id: str,
    roles: Collection[str],
    law: Law,
    *,
    now: datetime,
) -> list[str]:
    """Mark an article or a clause as changed by `act` on a day; returns the questions that must be looked at again.

    These are all that rest on the place, on a part of it or on the whole around it, whether in use, waiting or still a
    draft; from now on they are dealt to nobody until somebody approves them again.
    """
    if not workflow.permits("recheck", roles):
        raise NotAllowed
    act, note = " ".join(act.split()), " ".join(note.split())
    if not place.exists_in(law) or place.point is not None:
        raise Unreadable("Luật không có điều, khoản này.")
    if not act or len(act) > LONGEST["act"] or len(note) > LONGEST["note"]:
        raise Unreadable("Vui lòng ghi văn bản sửa đổi (tối đa 200 ký tự) và ghi chú (tối đa 500 ký tự).")
    kept = LawChange(
        article=place.article,
        clause=place.clause,
        changed_on=changed_on.isoformat(),
        act=act,
        note=note,
        author_id=person_id,
        made_at=now,
    )
    session.add(kept)
    session.flush()
    moved = []
    for row in _resting_on(session, place):
        state = workflow.leads_to("recheck", cast(State, row.state))
        if state is not None:
            approvals.move(session, row, "recheck", state, person_id, law_changes.reason(kept), now)
            moved.append(row.id)
    kept.questions = len(moved)
    after = {"act": act, "on": kept.changed_on, "questions": len(moved)}
    deeds.note(session, person_id, "law.change", place.of("vi"), None, after, now=now)
    return moved


def _resting_on(session: Session, place: Citation) -> Sequence[models.Question]:
    """The questions whose current or standing version rests on a place, by id."""
    found = {
        row.id: row
        for row, said in session.execute(banks.current())
        if law_changes.touches(place, from_json(said.content))
    }
    for entry in banks.dealt(session):
        if entry.question.id not in found and law_changes.touches(place, entry.question):
            found[entry.question.id] = session.get_one(models.Question, entry.question.id)
    return [found[id] for id in sorted(found)]
