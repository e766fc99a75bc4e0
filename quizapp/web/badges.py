"""The sheet of badges for the delegates of a contest."""

from __future__ import annotations

from flask import Blueprint, make_response, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.documents import badges
from quizapp.documents.badges import Badge
from quizapp.errors import NotFound
from quizapp.services import contests, delegates
from quizapp.web.frame import language, public_url
from quizapp.web.signing import needs

bp = Blueprint("badges", __name__)


@bp.get("/to-chuc/cuoc-thi/<slug>/the-dai-bieu.pdf")
@needs()
def pdf(slug: str) -> Response:
    """Everybody on the list, in its order. The QR code leads to the room that is on when it is read."""
    with db.read() as session:
        contest = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT)
        listed = [
            Badge(one.name, one.team, one.code, f"{public_url()}{url_for('entering.way', slug=slug, the=one.code)}")
            for one in delegates.listed(session, contest)
        ]
        name = contests.settings(contest).name.of(language())
    if not listed:
        raise NotFound("Danh sách đại biểu chưa có ai nên chưa có thẻ để in.")
    answer = make_response(badges.pdf(name, listed, clock.now(), language()))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="the-dai-bieu-{slug}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
