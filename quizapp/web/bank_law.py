"""«Điều luật thay đổi»: mark what a later act changed, and see what must be looked at again."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext, ngettext
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import DateField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from quizapp import clock, db
from quizapp.rules.law import Citation
from quizapp.services import law_changes, rechecks, revisions
from quizapp.web.bank import bp, keeper
from quizapp.web.law import the_law


class ChangeForm(FlaskForm):
    """An article or a clause, since when, and the act that changed it."""

    dieu = IntegerField(
        lazy_gettext("Điều"),
        [InputRequired(lazy_gettext("Vui lòng ghi số điều.")), NumberRange(1, message=lazy_gettext("Số điều từ 1."))],
    )
    khoan = IntegerField(lazy_gettext("Khoản (để trống nếu cả điều thay đổi)"), [Optional()])
    ngay = DateField(
        lazy_gettext("Có hiệu lực từ ngày"), [InputRequired(lazy_gettext("Vui lòng chọn ngày có hiệu lực."))]
    )
    van_ban = StringField(
        lazy_gettext("Văn bản sửa đổi"),
        [InputRequired(lazy_gettext("Vui lòng ghi văn bản sửa đổi.")), Length(max=rechecks.LONGEST["act"])],
    )
    ghi_chu = StringField(lazy_gettext("Ghi chú cho người rà soát"), [Length(max=rechecks.LONGEST["note"])])


@bp.route("/ngan-hang/dieu-luat-thay-doi", methods=["GET", "POST"])
@keeper
def law_changed() -> str | Response | tuple[str, int]:
    form = ChangeForm(formdata=request.form if request.method == "POST" else None)
    if request.method == "GET":
        form.dieu.data = request.args.get("dieu", type=int)
        return _page(form)
    if not form.validate():
        return _page(form), 422
    place = Citation(form.dieu.data or 0, form.khoan.data)
    if not place.exists_in(the_law()):
        form.dieu.errors = [lazy_gettext("Luật không có điều, khoản này.")]
        return _page(form), 422
    with db.begin() as session:
        moved = rechecks.law_changed(
            session,
            place,
            form.ngay.data,
            form.van_ban.data or "",
            form.ghi_chu.data or "",
            current_user.id,
            current_user.roles,
            the_law(),
            now=clock.now(),
        )
    flash(
        ngettext(
            "Đã ghi nhận. %(num)s câu hỏi chuyển sang «Cần rà soát».",
            "Đã ghi nhận. %(num)s câu hỏi chuyển sang «Cần rà soát».",
            len(moved),
        ),
        "ok",
    )
    return redirect(url_for(".law_changed"))


def _page(form: ChangeForm) -> str:
    with db.read() as session:
        return render_template(
            "bank/law.html",
            form=form,
            marked=law_changes.all_of(session),
            waiting=revisions.states(session).get("recheck", 0),
            articles=len(the_law().articles),
        )
