"""What the admin does: people, their roles, and the log of what staff did."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from quizapp import clock, db
from quizapp.services import accounts, deeds
from quizapp.web.bank import STATES
from quizapp.web.matters import KINDS
from quizapp.web.signing import needs, vault

PAGE = 50
ROLE_NAMES = {
    "organizer": lazy_gettext("Tổ chức"),
    "reviewer": lazy_gettext("Người duyệt câu hỏi"),
    "admin": lazy_gettext("Quản trị"),
}
DEED_NAMES = {
    "role.give": lazy_gettext("Trao vai trò"),
    "role.take": lazy_gettext("Bỏ vai trò"),
    "person.block": lazy_gettext("Khóa tài khoản"),
    "person.unblock": lazy_gettext("Mở khóa tài khoản"),
    "bank.load": lazy_gettext("Nạp tệp câu hỏi"),
    "bank.upload": lazy_gettext("Tải tệp câu hỏi lên"),
    "bank.import": lazy_gettext("Nhập câu hỏi từ tệp"),
    "bank.export": lazy_gettext("Xuất câu hỏi ra tệp"),
    "law.change": lazy_gettext("Đánh dấu điều luật thay đổi"),
    "question.new": lazy_gettext("Viết câu hỏi mới"),
    "question.edit": lazy_gettext("Sửa câu hỏi"),
    "question.submit": lazy_gettext("Gửi duyệt câu hỏi"),
    "question.back": lazy_gettext("Trả lại câu hỏi"),
    "question.approve": lazy_gettext("Duyệt câu hỏi"),
    "question.recheck": lazy_gettext("Đưa câu hỏi đi rà soát"),
    "question.retire": lazy_gettext("Ngừng dùng câu hỏi"),
    "question.restore": lazy_gettext("Dùng lại câu hỏi"),
    "question.comment": lazy_gettext("Góp ý câu hỏi"),
    "question.settle": lazy_gettext("Giải quyết góp ý"),
    "question.merge": lazy_gettext("Chọn giữa tệp và trang"),
    "question.translation": lazy_gettext("Xác nhận bản dịch"),
    "paper.draw": lazy_gettext("Rút đề in"),
    "paper.key": lazy_gettext("Xem đáp án của đề in"),
    "paper.discard": lazy_gettext("Bỏ đề in"),
    **{f"contest.{kind}": words for kind, words in KINDS.items()},
    **{f"contest.{kind}.propose": lazy_gettext("Đề nghị: %(what)s", what=words) for kind, words in KINDS.items()},
    **{f"contest.{kind}.confirm": lazy_gettext("Xác nhận: %(what)s", what=words) for kind, words in KINDS.items()},
}

bp = Blueprint("admin", __name__, url_prefix="/quan-tri")


class RoleForm(FlaskForm):
    role = SelectField(lazy_gettext("Vai trò"), choices=[SelectChoice(*one) for one in ROLE_NAMES.items()])


class BlockForm(FlaskForm):
    reason = StringField(
        lazy_gettext("Lý do khóa"), [InputRequired(lazy_gettext("Vui lòng ghi lý do.")), Length(max=200)]
    )


@bp.get("")
@needs("admin")
def people() -> str:
    words, role = request.args.get("tim", "")[:100], request.args.get("vai-tro", "")
    with db.read() as session:
        found = accounts.search(session, vault(), words, role=role, after=request.args.get("sau", ""), limit=PAGE)
    return render_template(
        "admin/people.html", found=found, words=words, role=role, roles=ROLE_NAMES, more=len(found) == PAGE
    )


@bp.get("/nguoi/<person_id>")
@needs("admin")
def person(person_id: str) -> str:
    return _person_page(person_id, BlockForm(formdata=None))


@bp.post("/nguoi/<person_id>/vai-tro/trao")
@needs("admin")
def give_role(person_id: str) -> Response:
    form = RoleForm()
    if form.validate_on_submit():
        with db.begin() as session:
            who = accounts.find(session, person_id)
            accounts.give_role(session, current_user.id, who, form.role.data, now=clock.now())
        flash(gettext("Đã trao vai trò."), "ok")
    return redirect(url_for(".person", person_id=person_id))


@bp.post("/nguoi/<person_id>/vai-tro/bo")
@needs("admin")
def take_role(person_id: str) -> Response:
    form = RoleForm()
    if form.validate_on_submit():
        with db.begin() as session:
            who = accounts.find(session, person_id)
            accounts.take_role(session, current_user.id, who, form.role.data, now=clock.now())
        flash(gettext("Đã bỏ vai trò. Người này cần đăng nhập lại."), "ok")
    return redirect(url_for(".person", person_id=person_id))


@bp.post("/nguoi/<person_id>/khoa")
@needs("admin")
def block(person_id: str) -> Any:
    form = BlockForm()
    if not form.validate_on_submit():
        return _person_page(person_id, form), 422
    with db.begin() as session:
        who = accounts.find(session, person_id)
        accounts.block(session, current_user.id, who, reason=form.reason.data, now=clock.now())
    flash(gettext("Đã khóa tài khoản."), "ok")
    return redirect(url_for(".person", person_id=person_id))


@bp.post("/nguoi/<person_id>/mo-khoa")
@needs("admin")
def unblock(person_id: str) -> Response:
    with db.begin() as session:
        accounts.unblock(session, current_user.id, accounts.find(session, person_id), now=clock.now())
    flash(gettext("Đã mở khóa tài khoản."), "ok")
    return redirect(url_for(".person", person_id=person_id))


@bp.get("/nhat-ky")
@needs("admin")
def log() -> str:
    with db.read() as session:
        lines = deeds.newest(session, before_id=request.args.get("truoc", type=int), limit=PAGE)
        people = accounts.names(session, [deed.thing.removeprefix("person/") for deed, _ in lines])
    return render_template("admin/log.html", lines=lines, names=DEED_NAMES, people=people, more=len(lines) == PAGE)


@bp.app_template_filter("deed_words")
def deed_words(said: dict[str, Any] | None) -> str:
    """What a deed left behind, in words: roles and states by their names, anything else as it was written down."""
    if not said:
        return "–"
    if "roles" in said:
        return ", ".join(str(ROLE_NAMES.get(role, role)) for role in said["roles"]) or "–"
    return "; ".join(str(STATES.get(value, value) if name == "state" else value) for name, value in said.items())


def _person_page(person_id: str, form: BlockForm) -> str:
    with db.read() as session:
        who = accounts.find(session, person_id)
    return render_template(
        "admin/person.html",
        person=who,
        contacts=accounts.masked_contacts(vault(), who),
        held={role.name for role in who.roles},
        roles=ROLE_NAMES,
        form=form,
    )
