"""The host's console: the page, its rundown, the log of presses, and the questions on paper should all else fail."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import db
from quizapp.errors import NotFound
from quizapp.models import Show, Turn
from quizapp.rules import question
from quizapp.services import shows
from quizapp.web.api_rooms import find_room
from quizapp.web.frame import language
from quizapp.web.leading import is_key, keep_key, lead
from quizapp.web.room_view import join_url, overlay_url, title_of

bp = Blueprint("console", __name__, url_prefix="/phong/<code>")


@bp.get("/dieu-khien")
def show(code: str) -> str | Response:
    """The console; an address with the room's key leaves the key in the browser and not in the address."""
    with db.read() as session:
        key = request.args.get("khoa", "")
        if key:
            room = find_room(session, code)
            if not is_key(session, room, key):
                raise NotFound
            keep_key(room, key)
            return redirect(url_for(".show", code=room.code))
        here = lead(session, code)
        room = here.show
        return render_template(
            "room/console.html",
            code=room.code,
            title=title_of(room),
            token=here.token,
            room_url=join_url(room),
            overlay_url=overlay_url(room),
            settings=shows.settings(room),
            rundown=[_line(room, row) for row in room.turns],
        )


def _line(show: Show, row: Turn) -> dict[str, Any]:
    asked = question.from_json(row.content)
    played = row.lock_told or row.n < show.position
    status = "voided" if row.voided_at else "played" if played else "now" if row.n == show.position else "waiting"
    return {
        "n": row.n,
        "stem": asked.stem.of(language()),
        "kind": asked.kind,
        "seconds": shows.settings(show).seconds,
        "status": status,
    }
