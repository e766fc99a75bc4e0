"""A show seen again: its questions as a quiz at one's own pace, each at its moment in the recording. Nothing is kept of
it and nobody is ranked."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.errors import NotFound, Unreadable
from quizapp.models import Show
from quizapp.rules import question
from quizapp.services import streams
from quizapp.services.quizzes import Place
from quizapp.services.streams import Picture


@dataclass(frozen=True)
class Asked:
    """One question that was put, and its moment in the recording; `None` without one."""

    place: Place
    at_ms: int | None


@dataclass(frozen=True)
class Replay:
    """A show that is over, as it can be gone through again."""

    show: Show
    asked: tuple[Asked, ...]
    picture: Picture | None

    def find(self, n: int) -> Asked:
        """The question with this number. Refuses one that was not put."""
        found = next((one for one in self.asked if one.place.n == n), None)
        if found is None:
            raise NotFound
        return found


def of(show: Show) -> Replay:
    """What was put in a show and counted, in its order. Refuses a show that is not over."""
    if show.ended_at is None:
        raise NotFound("Phần thi chưa kết thúc nên chưa xem lại được.")
    recording = streams.recording_of(show)
    begins = None if recording is None else recording.starts_us
    asked = []
    for row in show.turns:
        if row.opens_at is None or not row.open_told or row.voided_at is not None:
            continue
        put = question.from_json(row.content)
        at_ms = None if begins is None else max(0, round(row.opens_at.timestamp() * 1000) - begins // 1000)
        asked.append(Asked(Place(row.n, put, tuple(row.option_order)), at_ms))
    return Replay(show, tuple(asked), None if recording is None else streams.picture(recording))


def check(replay: Replay, n: int, chosen: tuple[int, ...]) -> Place:
    """A question with this answer to it. Refuses a question that was not put, and what is no answer to it."""
    place = replay.find(n).place
    if not place.question.admits(chosen):
        raise Unreadable("Vui lòng chọn đáp án rồi bấm «Trả lời».")
    return Place(place.n, place.question, place.options, chosen)
