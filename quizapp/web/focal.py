"""A focal point's page: the numbers of one unit and all below it, its targets, who lags behind, and its headcount."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.documents import contest_reports
from quizapp.errors import NotFound, Refusal, Unreadable
from quizapp.models import Contest, Unit
from quizapp.rules.typed import whole_number
from quizapp.services import contests, focal, units
from quizapp.services.focal import Board
from quizapp.web.reports import send_paper
from quizapp.web.signing import needs

LISTED = 100  # units on a page; the workbook has all
ADDRESS = "/to-chuc/cuoc-thi/<slug>/dau-moi"

bp = Blueprint("focal", __name__)


@dataclass(frozen=True)
class _Look:
    """Who looks at which unit: a focal point at one of their own, the secretariat at all (`unit` is None)."""

    contest: Contest
    own: list[Unit]
    unit: Unit | None
    secretariat: bool

    @property
    def below(self) -> int | None:
        return self.unit.id if self.unit is not None else None


@bp.get(ADDRESS)
@needs()
def show(slug: str) -> str:
    return _page(slug)


@bp.post(f"{ADDRESS}/<int:unit_id>/tong-so")
@needs()
def propose(slug: str, unit_id: int) -> str | Response | tuple[str, int]:
    """A focal point says how many people the unit has; the secretariat decides."""
    typed = request.form.get("people", "")
    people = whole_number(typed)
    try:
        if people is None or people < 0:
            raise Unreadable("Tổng số người là một số nguyên, ví dụ 1.250.")
        with db.begin() as session:
            contest = contests.find_for(session, slug, current_user.id, "focal")
            focal.propose_headcount(session, contest, current_user.id, unit_id, people, now=clock.now())
    except NotFound:
        raise
    except Refusal as refused:
        return _page(slug, unit_id, typed=typed, problem=gettext(refused.sentence)), refused.status
    flash(gettext("Đã gửi đề xuất. Tổ Thư ký sẽ xem và duyệt."), "ok")
    return redirect(f"{url_for('.show', slug=slug)}?don-vi={unit_id}")


@bp.get(f"{ADDRESS}.<ending>")
@needs()
def export(slug: str, ending: str) -> Response:
    """The same lines as a workbook, or printed."""
    with db.read() as session:
        look = _look(session, slug, _wanted())
        board = focal.board(session, look.contest, look.below, now=clock.now())
        settings = contests.settings(look.contest)
        name = look.unit.name if look.unit is not None else ""
    return send_paper(contest_reports.follow_up(settings, name, board), ending, f"chi-tieu-{slug}")


def _page(slug: str, unit_id: int | None = None, *, typed: str = "", problem: str = "") -> str:
    now = clock.now()
    with db.read() as session:
        look = _look(session, slug, unit_id if unit_id is not None else _wanted())
        board: Board | None = None
        if look.secretariat or look.unit is not None:
            board = focal.board(session, look.contest, look.below, now=now)
        mine = look.unit is not None and any(one.id == look.unit.id for one in look.own)
        return render_template(
            "reports/focal.html",
            contest=look.contest,
            look=look,
            board=board,
            locked=look.unit is not None and units.is_locked(look.contest, look.unit, now=now),
            may_propose=mine,
            typed=typed,
            problem=problem,
            listed=LISTED,
        )


def _look(session: Session, slug: str, wanted: int | None) -> _Look:
    """What the reader may look at. A unit that is not theirs looks as if it did not exist."""
    contest = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT, "focal")
    secretariat = contests.SECRETARIAT in contests.roles_of(session, contest, current_user.id)
    own = focal.own_units(session, contest, current_user.id)
    if secretariat:
        unit = units.find(session, contest, wanted, "unit") if wanted is not None else None
    elif wanted is not None:
        unit = focal.find(session, contest, current_user.id, wanted)
    else:
        unit = own[0] if own else None
    return _Look(contest, own, unit, secretariat)


def _wanted() -> int | None:
    typed = request.args.get("don-vi", "")
    if not typed:
        return None
    if not typed.isascii() or not typed.isdigit() or len(typed) > 12:
        raise NotFound("Không tìm thấy đơn vị này.")
    return int(typed)
