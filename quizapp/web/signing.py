"""Signing in and out: who is here, who may go on, and the pages to come and go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from typing import Any, ClassVar, TypeVar

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext, lazy_gettext
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, Field, PasswordField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from quizapp import clock, db
from quizapp.config import Config
from quizapp.errors import NotAllowed, NotFound, Refusal, SignInNeeded, TooMany, Unreadable
from quizapp.rules import identity
from quizapp.services import accounts, demo, passwords
from quizapp.services.accounts import Opened, Someone
from quizapp.services.vault import Vault
from quizapp.web import browser, limits
from quizapp.web.frame import LANGUAGES, language

View = TypeVar("View", bound=Callable[..., Any])

_YEAR = 365 * 24 * 3600
_WRONG = lazy_gettext("Số điện thoại, email hoặc mật khẩu chưa đúng. Vui lòng thử lại.")

FILL = lazy_gettext("Vui lòng điền mục này.")

bp = Blueprint("signing", __name__)
manager = LoginManager()


@dataclass(frozen=True)
class Account(Someone):
    """Whoever is signed in, as pages see them through `current_user`."""

    token: str = ""
    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    def get_id(self) -> str:
        return self.token


class SignIn(FlaskForm):
    login = StringField(lazy_gettext("Số điện thoại hoặc email"), [InputRequired(FILL), Length(max=254)])
    password = PasswordField(lazy_gettext("Mật khẩu"), [InputRequired(FILL), Length(max=1000)])


def sense(rule: Callable[[str], object]) -> Callable[[Any, Field], None]:
    """A form's check that asks a rule: its refusal becomes the sentence beside the field."""

    def check(form: Any, field: Field) -> None:
        try:
            rule(field.data or "")
        except Unreadable as refusal:
            raise ValidationError(gettext(refusal.sentence)) from refusal

    return check


class Register(FlaskForm):
    name = StringField(lazy_gettext("Họ và tên"), [InputRequired(FILL), sense(identity.name)])
    login = StringField(lazy_gettext("Số điện thoại hoặc email"), [InputRequired(FILL), sense(identity.login)])
    password = PasswordField(lazy_gettext("Mật khẩu"), [InputRequired(FILL)])
    appears = BooleanField(lazy_gettext("Hiện tên tôi trên bảng xếp hạng luyện tập"))

    def validate_password(self, field: Field) -> None:
        sense(lambda typed: identity.password(typed, (self.name.data or "", self.login.data or "")))(self, field)


def install(app: Flask, config: Config) -> None:
    """Let `app` know who is signed in."""
    app.extensions["vault"] = Vault.of(config.field_key, config.tag_key)
    manager.session_protection = None  # phones change their address all the time; the sign-in row is the proof
    manager.init_app(app)
    browser.install(app)
    limits.install(app, config)


def vault() -> Vault:
    """The keys for personal data of this application."""
    made: Vault = current_app.extensions["vault"]
    return made


def needs(*roles: str) -> Callable[[View], View]:
    """Let only people with one of `roles` see the view below, or anybody signed in where none is named.

    Whoever is not signed in is led to the sign-in page and back; whoever lacks the role is refused.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                if request.method != "GET":
                    raise SignInNeeded()
                return redirect(url_for("signing.sign_in", next=request.full_path.rstrip("?")))
            if roles and not current_user.roles & set(roles):
                raise NotAllowed()
            return view(*args, **kwargs)

        return guarded  # type: ignore[return-value]

    return guard


@manager.user_loader
def load(token: str) -> Account | None:
    """Whoever holds the token of the cookie; asked anew on every request."""
    now = clock.now()
    with db.read() as session:
        someone = accounts.who(session, token, now=now)
    if someone is None:
        return None
    if now - someone.seen_at > accounts.SEEN_EVERY:
        with db.begin() as session:
            accounts.seen(session, someone.sign_in_id, now=now)
    return Account(**{field.name: getattr(someone, field.name) for field in fields(someone)}, token=token)


@bp.route("/dang-nhap", methods=["GET", "POST"])
@limits.limiter.limit(limits.SIGN_IN, methods=["POST"])
def sign_in() -> str | Response:
    form = SignIn()
    if not form.validate_on_submit():
        return _sign_in_page(form)
    try:
        opened = _try(form.login.data, form.password.data)
    except (TooMany, NotAllowed) as refusal:
        return _sign_in_page(form, gettext(refusal.sentence), refusal.status)
    if opened is None:
        return _sign_in_page(form, str(_WRONG), 422)
    return welcome(opened)


@bp.post("/dang-nhap/thu/<who>")
@limits.limiter.limit(limits.SIGN_IN)
def sign_in_to_demo(who: str) -> Response:
    """One press for a newcomer; only where the demo exists and nobody else can come."""
    if not shows_demo():
        raise NotFound()
    with db.begin() as session:
        person = demo.find(session, vault(), who)
        if person is None or person.blocked_at is not None:
            raise NotFound()
        opened = accounts.open_sign_in(session, person, device=browser.description(), now=clock.now())
    return welcome(opened)


@bp.route("/dang-ky", methods=["GET", "POST"])
@limits.limiter.limit(limits.REGISTER, methods=["POST"])
def register() -> str | Response:
    form = Register()
    if not form.validate_on_submit():
        return render_template("signing/register.html", form=form, next=_safe_next())
    try:
        wish = accounts.prepare(form.login.data, form.name.data, form.password.data)
        with db.begin() as session:
            now = clock.now()
            person = accounts.register(session, vault(), wish, appears=form.appears.data, language=language(), now=now)
            opened = accounts.open_sign_in(session, person, device=browser.description(), now=now)
    except Refusal as refusal:
        form.login.errors = [gettext(refusal.sentence)]
        return render_template("signing/register.html", form=form, next=_safe_next())
    return welcome(opened)


@bp.post("/dang-xuat")
def sign_out() -> Response:
    if current_user.is_authenticated:
        with db.begin() as session:
            accounts.sign_out(session, current_user.id, current_user.sign_in_id, now=clock.now())
    logout_user()
    cookie.clear()
    flash(gettext("Đã đăng xuất khỏi máy này."), "ok")
    return redirect("/")


def welcome(opened: Opened) -> Response:
    """Begin a new session in this browser and go where its owner wanted to."""
    with db.read() as session:
        someone = accounts.who(session, opened.token, now=clock.now())
    assert someone is not None
    cookie.clear()  # nothing of whoever used this browser before lives on
    cookie.permanent = True
    login_user(Account(**{field.name: getattr(someone, field.name) for field in fields(someone)}, token=opened.token))
    answer = redirect(_safe_next() or "/")
    if request.cookies.get("lang") not in LANGUAGES:
        answer.set_cookie("lang", someone.language, max_age=_YEAR, samesite="Lax", secure=request.is_secure)
    return answer


def shows_demo() -> bool:
    """Whether this very request may see the demo: the settings allow it, and it comes straight from this machine."""
    config: Config = current_app.extensions["quiz_config"]
    direct = "X-Forwarded-For" not in request.headers and request.remote_addr in {"127.0.0.1", "::1"}
    return config.shows_demo and direct and request.host.rsplit(":", 1)[0] in {"127.0.0.1", "localhost", "[::1]"}


def _try(login: str, password: str) -> Opened | None:
    """The three steps of signing in; comparing the password holds up no transaction."""
    if demo.is_demo(login) and not shows_demo():
        raise NotAllowed("Tài khoản dùng thử chỉ dùng được trên máy chạy thử.")
    with db.begin() as session:
        claimed = accounts.claim(session, vault(), login, now=clock.now())
    right = passwords.matches(claimed.password_hash, password)
    with db.begin() as session:
        return accounts.settle(session, claimed, right, device=browser.description(), now=clock.now())


def _sign_in_page(form: SignIn, problem: str = "", status: int = 200) -> Any:
    logins = demo.LOGINS if shows_demo() else ()
    page = render_template("signing/sign_in.html", form=form, problem=problem, demo=logins, next=_safe_next())
    return page, status


def _safe_next() -> str:
    """Where to go after signing in: a path of this site, or nothing."""
    wanted = request.values.get("next", "")
    inside = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if inside and wanted.isprintable() else ""
