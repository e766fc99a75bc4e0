"""A show seen again by anybody: the recording, and beside it the questions to be tried at one's own pace."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_babel import gettext

from quizapp import db
from quizapp.errors import Unreadable
from quizapp.rules import cue
from quizapp.rules.show import LETTERS
from quizapp.services import replays
from quizapp.services.quizzes import Place
from quizapp.services.replays import Replay
from quizapp.web.api_rooms import find_room
from quizapp.web.choice import chosen_in_form
from quizapp.web.frame import permit
from quizapp.web.room_view import title_of

bp = Blueprint("replay", __name__)


@bp.get("/phong/<code>/xem-lai")
def show(code: str) -> str:
    """The questions of a show that is over, beside its recording where there is one."""
    return _page(_replay(code))


@bp.post("/phong/<code>/xem-lai")
def check(code: str) -> str | tuple[str, int]:
    """Say at once whether an answer is right, and why. Nothing is kept."""
    replay = _replay(code)
    n = request.form.get("n", 0, type=int)
    chosen = chosen_in_form(replay.find(n).place.question)
    try:
        return _page(replay, replays.check(replay, n, chosen))
    except Unreadable as refusal:
        return _page(replay, problem=(n, gettext(refusal.sentence))), 422


def _replay(code: str) -> Replay:
    with db.read() as session:
        return replays.of(find_room(session, code))


def _page(replay: Replay, settled: Place | None = None, problem: tuple[int, str] = (0, "")) -> str:
    if replay.picture is not None:
        permit(replay.picture.sources)
    return render_template(
        "stream/replay.html",
        code=replay.show.code,
        title=title_of(replay.show),
        ended_at=replay.show.ended_at,
        picture=replay.picture,
        asked=replay.asked,
        settled=settled,
        problem=problem,
        letters=LETTERS,
        written=lambda ms: cue.written(ms // 1000 * 1000),
    )
