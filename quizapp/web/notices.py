"""What a contest says to one contestant: invitations to the winner check, and decisions about them (§10, §16)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.errors import NotFound, Refusal
from quizapp.models import Contest, Contestant
from quizapp.services import contests, sanctions, sittings, winner_checks
from quizapp.web.desk import OUTCOMES, round_name
from quizapp.web.matters import KINDS
from quizapp.web.signing import needs, vault

bp = Blueprint("notices", __name__)


@bp.get("/cuoc-thi/<slug>/thong-bao")
@needs()
def show(slug: str) -> str:
    return _page(slug)


@bp.post("/cuoc-thi/<slug>/thong-bao/<key>")
@needs()
def identify(slug: str, key: str) -> Response | tuple[str, int]:
    """A winner gives the full identity number, which is sealed at once."""
    try:
        with db.begin() as session:
            contest, contestant = _mine(session, slug)
            row = contests.round_of(contest, key)
            typed = request.form.get("number", "")[:40]
            winner_checks.give_identity(session, vault(), contest, row, contestant, typed, now=clock.now())
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(slug, key, gettext(refusal.sentence)), refusal.status
    flash(gettext("Đã nhận số căn cước. Chỉ Tổ Thư ký xem được, mỗi lần xem đều được ghi lại."), "ok")
    return redirect(url_for(".show", slug=slug))


def _page(slug: str, wrong: str = "", problem: str = "") -> str:
    """The page, with a problem beside the number of one round. A number that was refused is not sent back."""
    with db.read() as session:
        contest, contestant = _mine(session, slug)
        asked = [(row, winner_checks.asked(session, row, contestant)) for row in contest.rounds]
        decided = sanctions.of_contestant(session, contest, contestant)
        page: str = render_template(
            "results/notices.html",
            contest=contest,
            settings=contests.settings(contest),
            contestant=contestant,
            invitations=[(row, round_name(contest, row), check) for row, check in asked if check is not None],
            decided=decided,
            names={row.id: round_name(contest, row) for row in contest.rounds},
            kinds=KINDS,
            outcomes=OUTCOMES,
            wrong=wrong,
            problem=problem,
        )
        return page


def _mine(session: Session, slug: str) -> tuple[Contest, Contestant]:
    contest = contests.find(session, slug)
    contestant = sittings.contestant_of(session, contest, current_user.id)
    if contestant is None:
        raise NotFound("Tài khoản này chưa đăng ký dự thi.")
    return contest, contestant
