"""The secretariat's pages of people who work on the contest, and of those who are invited to it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.errors import Refusal
from quizapp.models import Contest
from quizapp.services import contestants, contests, delegates, exclusions
from quizapp.web.contestants import STATUSES
from quizapp.web.organize import ROLES
from quizapp.web.signing import needs, vault

bp = Blueprint("exclusions", __name__, url_prefix="/to-chuc/cuoc-thi/<slug>")


@bp.get("/ban-to-chuc")
@needs()
def show(slug: str) -> str:
    return _page(slug)


@bp.post("/ban-to-chuc/them")
@needs()
def add(slug: str) -> Any:
    form = request.form
    try:
        with db.begin() as session:
            exclusions.add(
                session,
                vault(),
                _contest(session, slug),
                current_user.id,
                name=form.get("ten", "")[:400],
                work=form.get("nhiem-vu", "")[:400],
                identity_number=form.get("can-cuoc", "")[:40],
                phone=form.get("dien-thoai", "")[:40],
                now=clock.now(),
            )
    except Refusal as refusal:
        return _page(slug, gettext(refusal.sentence)), refusal.status
    flash(gettext("Đã thêm vào danh sách. Số giấy tờ và điện thoại chỉ lưu dạng mã."), "ok")
    return redirect(url_for(".show", slug=slug))


@bp.post("/ban-to-chuc/<int:id>/xoa")
@needs()
def remove(slug: str, id: int) -> Response:
    with db.begin() as session:
        exclusions.remove(session, _contest(session, slug), current_user.id, id, now=clock.now())
    flash(gettext("Đã bỏ khỏi danh sách."), "ok")
    return redirect(url_for(".show", slug=slug))


@bp.post("/ban-to-chuc/da-dang-ky/<code>")
@needs()
def mark(slug: str, code: str) -> Any:
    """Mark somebody who registered before they were named, by the rule of the rulebook."""
    try:
        with db.begin() as session:
            contest = _contest(session, slug)
            one = contestants.find(session, contest, code, for_change=True)
            status = "EXCLUDED" if contests.settings(contest).who.involved == "BLOCK" else "HORS_CONCOURS"
            reason = "Tham gia tổ chức cuộc thi."
            made = contestants.set_status(
                session, contest, one, status, current_user.id, reason=reason, now=clock.now()
            )
    except Refusal as refusal:
        return _page(slug, gettext(refusal.sentence)), refusal.status
    waits = gettext("Đã ghi đề nghị. Một người khác trong Tổ Thư ký cần xác nhận.")
    flash(gettext("Đã lưu.") if made.state == "DONE" else waits, "ok")
    return redirect(url_for(".show", slug=slug))


@bp.get("/dai-bieu")
@needs()
def delegates_page(slug: str) -> str:
    with db.read() as session:
        contest = _contest(session, slug)
        listed = delegates.listed(session, contest)
    names = {one.key: one.name.vi for one in contests.settings(contest).who.divisions}
    return render_template("exclusions/delegates.html", contest=contest, listed=listed, divisions=names)


@bp.post("/dai-bieu/<int:id>/xoa")
@needs()
def remove_delegate(slug: str, id: int) -> Response:
    with db.begin() as session:
        delegates.remove(session, _contest(session, slug), current_user.id, id, now=clock.now())
    flash(gettext("Đã bỏ khỏi danh sách."), "ok")
    return redirect(url_for(".delegates_page", slug=slug))


@bp.post("/dai-bieu/<int:id>/the")
@needs()
def answer_by_card(slug: str, id: int) -> Response:
    """Set whether a delegate answers by card."""
    with db.begin() as session:
        by_card = request.form.get("bang-the") == "1"
        one = delegates.answer_by_card(session, _contest(session, slug), current_user.id, id, by_card, now=clock.now())
        name = one.name
    words = gettext("%(name)s trả lời bằng thẻ, Tổ Thư ký nhập.") if by_card else gettext("%(name)s dùng điện thoại.")
    flash(words % {"name": name}, "ok")
    return redirect(url_for(".delegates_page", slug=slug))


def _page(slug: str, problem: str = "") -> str:
    with db.read() as session:
        contest = _contest(session, slug)
        listed = exclusions.listed(session, contest)
        met = exclusions.met(session, contest)
    return render_template(
        "exclusions/show.html",
        contest=contest,
        who=contests.settings(contest).who,
        listed=listed,
        met=met,
        roles=ROLES,
        statuses=STATUSES,
        problem=problem,
        form=request.form,
    )


def _contest(session: Session, slug: str) -> Contest:
    found = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT)
    _ = found.rounds  # asked for after the session has ended
    return found
