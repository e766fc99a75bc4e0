"""Who works on a contest: a page to give roles to existing accounts and to take them back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.errors import Refusal
from quizapp.models import Contest
from quizapp.services import contest_roles, contests, units
from quizapp.web.organize import ROLES, bp
from quizapp.web.signing import needs, vault

DUTIES = {
    "secretariat": lazy_gettext("Điều hành hằng ngày: thí sinh, kết quả, khiếu nại. Cần ít nhất hai người."),
    "host": lazy_gettext("Dẫn vòng trực tiếp; chỉ thấy đáp án sau khi khóa câu."),
    "panel": lazy_gettext("Ra và duyệt câu hỏi, biết đáp án; không giữ việc khác và không được xét giải."),
    "judge": lazy_gettext("Chấm bài tự luận, không thấy tên người viết."),
    "focal": lazy_gettext("Theo dõi số liệu và đề xuất số thành viên của một đơn vị."),
    "committee": lazy_gettext("Theo dõi cuộc thi; không được xét giải."),
    "technical": lazy_gettext("Lo máy móc, đường truyền; không được xét giải."),
}


@bp.get("/to-chuc/cuoc-thi/<slug>/nguoi")
@needs()
def people(slug: str) -> str:
    """Everybody who works on the contest."""
    with db.read() as session:
        return _page(session, contests.find_for(session, slug, current_user.id, contests.SECRETARIAT))


@bp.post("/to-chuc/cuoc-thi/<slug>/nguoi")
@needs()
def give_role(slug: str) -> str | Response | tuple[str, int]:
    """Give somebody a role."""
    typed = {name: request.form.get(name, "").strip()[:254] for name in ("login", "role", "unit")}
    unit_id = int(typed["unit"]) if typed["unit"].isascii() and typed["unit"].isdigit() else None
    try:
        with db.begin() as session:
            contest = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT)
            person = contest_roles.give(
                session,
                vault(),
                contest,
                typed["login"],
                typed["role"],
                current_user.id,
                unit_id=unit_id,
                now=clock.now(),
            )
    except Refusal as refusal:
        with db.read() as session:
            contest = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT)
            return _page(session, contest, typed, gettext(refusal.sentence)), refusal.status
    flash(gettext("Đã giao việc cho %(name)s.", name=person.name), "ok")
    return redirect(url_for(".people", slug=slug))


@bp.post("/to-chuc/cuoc-thi/<slug>/nguoi/<int:role_id>/bo")
@needs()
def take_role(slug: str, role_id: int) -> Response:
    """Take a role back; whoever gives up the last of their own is led to their list."""
    with db.begin() as session:
        contest = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT)
        contest_roles.take(session, contest, role_id, current_user.id, now=clock.now())
        stays = contests.SECRETARIAT in contests.roles_of(session, contest, current_user.id)
    flash(gettext("Đã bỏ phân công."), "ok")
    return redirect(url_for(".people", slug=slug) if stays else url_for(".listed"))


def _page(session: Session, contest: Contest, typed: dict[str, str] | None = None, problem: str = "") -> str:
    return render_template(
        "organize/people.html",
        contest=contest,
        held=contest_roles.listed(session, vault(), contest),
        units=[
            (branch.unit.id, "– " * branch.depth + branch.unit.name) for branch in units.tree(session, contest, "unit")
        ],
        typed=typed or {},
        problem=problem,
        names=ROLES,
        duties=DUTIES,
    )
