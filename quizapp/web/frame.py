"""What every page shares: language, preferences, safety headers, static files, numbers and dates, refusals as pages."""

from __future__ import annotations

import hashlib
import json
import mimetypes
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import Babel, gettext, lazy_gettext
from flask_compress import Compress
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as BaseResponse

from quizapp.config import ROOT, Config
from quizapp.errors import NotFound, Refusal

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
LANGUAGES = ("vi", "en")
PREFERENCES = {"theme": ("", "light", "dark", "contrast"), "text": ("", "lg", "xl"), "saver": ("", "1")}
_YEAR = 365 * 24 * 3600

bp = Blueprint("frame", __name__)
csrf = CSRFProtect()


def install(app: Flask, config: Config) -> None:
    """Give `app` the frame: call once, before the page groups."""
    app.config.update(
        SECRET_KEY=config.secret_key,
        SECRET_KEY_FALLBACKS=list(config.secret_key_fallbacks),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=not config.development,
        PERMANENT_SESSION_LIFETIME=_YEAR,
        MAX_CONTENT_LENGTH=6 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=256 * 1024,
        WTF_CSRF_TIME_LIMIT=None,  # a page may lie open for a whole exam; the token lives as long as the session
        BABEL_DEFAULT_LOCALE="vi",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_MIN_SIZE=400,
        COMPRESS_BR_LEVEL=4,
    )
    app.extensions["quiz_config"] = config
    app.extensions["static_version"] = _static_version(ROOT / "static")
    Babel(app, locale_selector=language)
    Compress(app)
    csrf.init_app(app)
    app.register_blueprint(bp)
    app.jinja_env.globals.update(
        static_url=static_url,
        language=language,
        preference=preference,
        site_name=lazy_gettext(config.site_name),
        here=here,
    )
    app.jinja_env.filters.update(number=number, day=day, moment=moment, code=room_code, wire=to_wire)
    app.before_request(_remember_language)
    app.after_request(_safety_headers)
    app.register_error_handler(Refusal, show_refusal)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _show_http_error)


def language() -> str:
    """`vi` or `en`: the address says (`?lang=en`), else the cookie, else Vietnamese."""
    if not request:
        return "vi"
    asked = request.args.get("lang") or request.cookies.get("lang")
    return asked if asked in LANGUAGES else "vi"


def preference(name: str) -> str:
    """The reader's `theme` or `text` size from the cookie, so that the first paint is right; "" is the default."""
    kept = request.cookies.get(name, "")
    return kept if kept in PREFERENCES[name] else ""


def public_url() -> str:
    """What people type to come here, without a slash at the end."""
    config: Config = current_app.extensions["quiz_config"]
    return config.public_url or request.host_url.rstrip("/")


def static_url(name: str) -> str:
    """Address of a file under static/, with the version of the whole folder in its path: cached for a year, and
    relative imports between scripts stay inside one version."""
    return f"/static/{current_app.extensions['static_version']}/{name}"


def permit(sources: dict[str, str]) -> None:
    """Let this one page load more than its own site: places by the name of a directive of its content security policy
    (`frame-src`, `media-src`, `connect-src`), as a stream beside it needs."""
    g.permitted = sources


def here(**changes: str) -> str:
    """This page's address with other query values, for the language switch."""
    values = {**request.args.to_dict(), **changes}
    if request.endpoint is None or request.method != "GET":
        return "/?" + urlencode(changes)
    return url_for(request.endpoint, **{**(request.view_args or {}), **values})


def number(value: int | float) -> str:
    """1530 as `1.530` in Vietnamese and `1,530` in English."""
    return str(format_decimal(value, locale="en" if language() == "en" else "vi"))


def day(instant: datetime) -> str:
    """The day in Viet Nam as `01/7/2025` or `1 July 2025`."""
    local = instant.astimezone(VIETNAM)
    if language() == "en":
        return f"{local.day} {local:%B %Y}"
    month = f"{local.month:02d}" if local.month < 3 else str(local.month)
    return f"{local.day:02d}/{month}/{local.year}"


def moment(instant: datetime) -> str:
    """Clock time and day in Viet Nam, as `20:00 ngày 05/7/2025`."""
    clock = f"{instant.astimezone(VIETNAM):%H:%M}"
    return f"{clock}, {day(instant)}" if language() == "en" else f"{clock} ngày {day(instant)}"


def room_code(code: str) -> str:
    """Six digits in two groups, as people read them aloud: `482 913`."""
    return f"{code[:3]} {code[3:]}"


def to_wire(value: object) -> str:
    """A value as JSON that is safe inside a script element."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def show_refusal(refusal: Refusal) -> BaseResponse:
    """A refusal as a page with its sentence, or as problem details for the JSON interface (RFC 9457)."""
    sentence = gettext(refusal.sentence)
    if _wants_json():
        return problem(refusal.status, refusal.code, sentence)
    page = render_template("frame/refusal.html", sentence=sentence, refusal=refusal)
    return make_response(page, refusal.status)


def problem(status: int, code: str, detail: str, **more: object) -> Response:
    """One error of the JSON interface."""
    body = {"type": f"/api/v1/problems/{code}", "title": code, "status": status, "detail": detail, **more}
    answer = jsonify(body)
    answer.status_code = status
    answer.content_type = "application/problem+json"
    return answer


@bp.get("/static/<version>/<path:name>", endpoint="static_file")
def static_file(version: str, name: str) -> Response:
    path = safe_join(str(ROOT / "static"), name)
    if path is None or not Path(path).is_file():
        raise NotFound
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    answer = Response(Path(path).read_bytes(), content_type=kind)  # whole, so that every browser gets it compressed
    if version == current_app.extensions["static_version"]:
        answer.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    else:
        answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.post("/tuy-chon")
def set_preferences() -> BaseResponse:
    """Keep theme and text size in cookies and go back to where the reader was."""
    back = request.form.get("back", "/")
    answer = redirect(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/")
    for name, allowed in PREFERENCES.items():
        value = request.form.get(name)
        if value in allowed:
            answer.set_cookie(name, value, max_age=_YEAR, samesite="Lax", secure=request.is_secure)
    return answer


def _remember_language() -> None:
    asked = request.args.get("lang")
    g.new_language = asked if asked in LANGUAGES and asked != request.cookies.get("lang") else None


def _safety_headers(answer: Response) -> Response:
    headers = answer.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    if request.endpoint == "frame.static_file":
        return answer  # the policy of a page is the page's; a script or a sheet has none of its own
    socket = f"ws://{request.host} wss://{request.host}"
    permitted: dict[str, str] = getattr(g, "permitted", {})
    connects = " ".join(["'self'", socket, *filter(None, [permitted.get("connect-src")])])
    more = "".join(f"; {name} {places}" for name, places in permitted.items() if name != "connect-src")
    headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src {connects}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"manifest-src 'self'; worker-src 'self'{more}",
    )
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()")
    if answer.mimetype == "text/html":
        headers.setdefault("Cache-Control", "no-store")
        headers.add("Vary", "Cookie")
    if getattr(g, "new_language", None):
        answer.set_cookie("lang", g.new_language, max_age=_YEAR, samesite="Lax", secure=request.is_secure)
    return answer


def _stale_form(error: CSRFError) -> BaseResponse:
    sentence = "Trang này mở đã lâu nên biểu mẫu hết hiệu lực. Vui lòng tải lại trang rồi gửi lại."
    return show_refusal(Refusal(sentence))


def _show_http_error(error: HTTPException) -> BaseResponse:
    if error.code is None or error.code < 400:
        return error.get_response()
    sentences = {
        404: NotFound.sentence,
        405: "Trang này không nhận cách gửi đó. Vui lòng quay lại trang trước.",
        413: "Nội dung gửi lên quá lớn. Vui lòng gửi tệp hoặc văn bản nhỏ hơn.",
        429: "Thao tác hơi nhanh. Vui lòng chờ ít giây rồi thử lại.",
        500: "Hệ thống gặp trục trặc. Bài làm đã lưu vẫn còn, vui lòng thử lại sau ít phút.",
    }
    refusal = Refusal(sentences.get(error.code, Refusal.sentence))
    refusal.status, refusal.code = error.code, f"http-{error.code}"
    return show_refusal(refusal)


def _wants_json() -> bool:
    return request.path.startswith("/api/")


def _static_version(folder: Path) -> str:
    """A short hash of names, sizes and times of all static files: changes when any of them does."""
    sight = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            state = path.stat()
            sight.update(f"{path.relative_to(folder)}|{state.st_size}|{state.st_mtime_ns}\n".encode())
    return sight.hexdigest()[:12]
