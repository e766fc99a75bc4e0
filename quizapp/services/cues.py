"""The timeline of a show: when each question is meant to open, before the show or while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec.structs import replace
from sqlalchemy.orm import Session

from quizapp import news
from quizapp.errors import Conflict, NotFound
from quizapp.models import Show, Turn
from quizapp.rules import autopilot, cue, question, turn
from quizapp.rules.autopilot import Plan
from quizapp.rules.cue import Step
from quizapp.rules.question import Question
from quizapp.rules.show import settings_from_json
from quizapp.services import autopilots
from quizapp.services.show_news import ConsoleChanged


@dataclass(frozen=True)
class Cue:
    """One question on the timeline."""

    turn_id: int
    n: int
    question: Question
    cue_ms: int | None
    expected_ms: int  # when it opens if all goes by the plan
    window_ms: int
    begun: bool  # it was shown already: nothing of it can be planned any more
    opened_at: datetime | None

    @property
    def late_ms(self) -> int:
        """How long after its cue it can open at the earliest."""
        return max(0, self.expected_ms - (self.cue_ms or self.expected_ms))


def timeline(show: Show) -> tuple[Cue, ...]:
    """The questions of a show in their order, with the moments at which they are meant to open."""
    rows = [row for row in show.turns if not row.standby]
    asked = [question.from_json(row.content) for row in rows]
    window_ms = settings_from_json(show.settings).full_ms
    steps = [Step(row.cue_ms, _reading_ms(one), window_ms) for row, one in zip(rows, asked, strict=True)]
    opens = cue.expected(steps, autopilots.plan_of(show))
    return tuple(
        Cue(row.id, row.n, one, row.cue_ms, at, window_ms, row.reading_at is not None, row.opens_at)
        for row, one, at in zip(rows, asked, opens, strict=True)
    )


def plan(session: Session, show: Show, how: Plan, cues: Mapping[int, int | None]) -> None:
    """Plan the openings of the questions to come. Refuses cues that do not follow the order of the questions, and a
    show that has ended."""
    _refuse_ended(show)
    to_come = [row for row in show.turns if not row.standby and row.reading_at is None]
    wanted = [cues.get(row.id, row.cue_ms) for row in to_come]
    if not cue.in_order(wanted):
        raise Conflict("Thời điểm mở của các câu phải tăng dần theo thứ tự câu.")
    for row, moment in zip(to_come, wanted, strict=True):
        row.cue_ms = moment
    autopilots.set_plan(show, how)
    news.tell(session, ConsoleChanged(show.id))


def set_now(session: Session, show: Show, turn_id: int, *, now: datetime) -> int:
    """Let a question open as soon as it has been read from now on; returns its cue. A show without a start starts now.

    Refuses a question that was shown already.
    """
    _refuse_ended(show)
    row = next((one for one in show.turns if one.id == turn_id and not one.standby), None)
    if row is None:
        raise NotFound
    if row.reading_at is not None:
        raise Conflict("Câu này đã được đưa ra rồi.")
    how = autopilots.plan_of(show)
    begins = how.starts_at or now
    moment = (now - begins) // timedelta(milliseconds=1) + _reading_ms(question.from_json(row.content))
    others = {one.id: None for one in show.turns if _is_overtaken(one, row, moment)}
    plan(session, show, replace(how, starts_at=begins), {**others, row.id: max(moment, 0)})
    return max(moment, 0)


def lines(show: Show) -> list[str]:
    """The questions as lines for a playlist of one's own: those opened, and those planned where the start is known."""
    how, ahead = autopilots.plan_of(show), show.offset_ms or 0
    marked = []
    for one in timeline(show):
        opens_at = one.opened_at or autopilot.opens_at(how, one.cue_ms)
        if opens_at is not None:
            marked.append(cue.daterange(f"{show.code}-{one.turn_id}", opens_at, one.window_ms, ahead))
    return marked


def _is_overtaken(other: Turn, row: Turn, moment: int) -> bool:
    """Whether another question's cue would now be on the wrong side."""
    if other.id == row.id or other.cue_ms is None:
        return False
    return (other.cue_ms >= moment) if other.n < row.n else (other.cue_ms <= moment)


def _reading_ms(asked: Question) -> int:
    return turn.reading_time(len(asked.stem.vi.split())) // timedelta(milliseconds=1)


def _refuse_ended(show: Show) -> None:
    if show.ended_at is not None:
        raise Conflict("Phần thi đã kết thúc.")
