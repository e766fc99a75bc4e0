"""One's own page: attempts, sign-ins, and what one chooses."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask import session as cookie
from flask_babel import gettext, lazy_gettext
from flask_login import current_user, logout_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from quizapp import clock, db
from quizapp.errors import Refusal
from quizapp.rules import identity
from quizapp.services import accounts, certificates, quizzes
from quizapp.web.frame import language
from quizapp.web.quiz import name_of, player, topic_name
from quizapp.web.signing import FILL, needs, sense, vault

_YEAR = 365 * 24 * 3600

bp = Blueprint("me", __name__, url_prefix="/toi")


class Choices(FlaskForm):
    name = StringField(lazy_gettext("Họ và tên"), [InputRequired(FILL), sense(identity.name)])
    appears = BooleanField(lazy_gettext("Hiện tên tôi trên bảng xếp hạng luyện tập"))
    language = SelectField(
        lazy_gettext("Ngôn ngữ"), choices=[SelectChoice("vi", "Tiếng Việt"), SelectChoice("en", "English")]
    )


class NewPassword(FlaskForm):
    old = PasswordField(lazy_gettext("Mật khẩu hiện tại"), [InputRequired(FILL), Length(max=1000)])
    new = PasswordField(lazy_gettext("Mật khẩu mới"), [InputRequired(FILL), Length(max=1000)])


@bp.get("")
@needs()
def show() -> str:
    return _page()


@bp.post("/lua-chon")
@needs()
def choose() -> Any:
    form = Choices()
    if not form.validate_on_submit():
        return _page(choices=form), 422
    with db.begin() as session:
        person = accounts.find(session, current_user.id)
        accounts.rename(session, person, form.name.data)
        accounts.choose(session, person, appears=form.appears.data, language=form.language.data)
    flash(gettext("Đã lưu."), "ok")
    answer = redirect(url_for(".show"))
    answer.set_cookie("lang", form.language.data, max_age=_YEAR, samesite="Lax")
    return answer


@bp.post("/mat-khau")
@needs()
def change_password() -> Any:
    form = NewPassword()
    if not form.validate_on_submit():
        return _page(password=form), 422
    with db.read() as session:
        person = accounts.find(session, current_user.id)
    try:
        made = accounts.new_password_hash(person, vault(), form.old.data, form.new.data)
    except Refusal as refusal:
        wrong = form.old if isinstance(refusal, accounts.WrongPassword) else form.new
        wrong.errors = [gettext(refusal.sentence)]
        return _page(password=form), 422
    with db.begin() as session:
        person = accounts.find(session, current_user.id)
        accounts.change_password(session, person, made, keep=current_user.sign_in_id, now=clock.now())
    flash(gettext("Đã đổi mật khẩu và đăng xuất khỏi các thiết bị khác."), "ok")
    return redirect(url_for(".show"))


@bp.post("/thiet-bi/<sign_in_id>/dang-xuat")
@needs()
def end_sign_in(sign_in_id: str) -> Response:
    with db.begin() as session:
        accounts.sign_out(session, current_user.id, sign_in_id, now=clock.now())
    flash(gettext("Đã đăng xuất khỏi thiết bị đó."), "ok")
    return redirect(url_for(".show", _anchor="thiet-bi"))


@bp.post("/dang-xuat-moi-noi")
@needs()
def sign_out_everywhere() -> Response:
    with db.begin() as session:
        accounts.sign_out_everywhere(session, current_user.id, now=clock.now())
    logout_user()
    cookie.clear()
    flash(gettext("Đã đăng xuất khỏi mọi thiết bị."), "ok")
    return redirect("/")


def _page(choices: Choices | None = None, password: NewPassword | None = None) -> str:
    now = clock.now()
    with db.read() as session:
        person = accounts.find(session, current_user.id)
        unfinished = [(one, name_of(session, one)) for one in quizzes.unfinished(session, player(), now=now)]
        done = [(one, topic_name(session, one.topic_slug)) for one in quizzes.history(session, person.id)]
        devices = accounts.sign_ins(session, person.id, now=now)
        certified = [(one.slug, name.of(language())) for one, name in certificates.of_person(session, person.id)]
    return render_template(
        "me/show.html",
        person=person,
        contacts=accounts.contacts(vault(), person),
        unfinished=unfinished,
        done=done,
        devices=devices,
        certified=certified,
        choices=choices or Choices(formdata=None, obj=person),
        password=password or NewPassword(formdata=None),
    )
