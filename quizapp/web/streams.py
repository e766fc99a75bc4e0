"""The stream beside a room: where the organizer sets it up, the monitor that measures it, and, where things are tried
out, the files of the trial stream."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as BaseResponse
from wtforms import StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from quizapp import db
from quizapp.config import Config
from quizapp.errors import NotFound, Refusal
from quizapp.models import Show
from quizapp.rules import cue
from quizapp.rules.show import NameRule
from quizapp.rules.stream import Provider
from quizapp.rules.stream_address import TYPICAL_MS, YOUTUBE_MS
from quizapp.services import hosts, player_names, streams
from quizapp.web.api_rooms import mint
from quizapp.web.frame import permit, public_url
from quizapp.web.leading import lead
from quizapp.web.room_view import overlay_url, title_of
from quizapp.web.rooms import Whole
from quizapp.web.signing import FILL, sense

bp = Blueprint("stream", __name__)

TRIAL = "/phat-thu/thu/index.m3u8"  # where bin/stream.py is served
_KINDS = {".m3u8": "application/vnd.apple.mpegurl", ".ts": "video/mp2t"}

PROVIDERS: dict[Provider, Any] = {
    "hls": lazy_gettext("Luồng HLS của đơn vị"),
    "whep": lazy_gettext("Điểm phát WebRTC (WHEP) của đơn vị"),
    "youtube": lazy_gettext("YouTube"),
    "facebook": lazy_gettext("Facebook"),
}
HOW_EXACT: dict[Provider, Any] = {
    "hls": lazy_gettext(
        "Chính xác đến từng khung hình: mỗi máy tự đọc giờ ghi trong luồng. Trước khi bắt đầu, mở màn hình giám sát để "
        "đo độ lệch của bộ mã hóa."
    ),
    "whep": lazy_gettext("Hình chậm chưa đến nửa giây, không cần đo."),
    "youtube": lazy_gettext(
        "Chính xác khoảng một giây: mở màn hình giám sát để ghi một điểm neo, máy của người xem tự so với vị trí phát "
        "của mình. Chưa có điểm neo thì tính theo độ trễ ước tính bên dưới."
    ),
    "facebook": lazy_gettext(
        "Facebook không cho biết vị trí phát. Người xem bấm một lần khi thấy khung vàng (sai số khoảng 0,3 giây), nếu "
        "không thì tính theo độ trễ ước tính bên dưới."
    ),
}


class Setup(FlaskForm):
    """What puts a stream beside a room; the rule of addresses says what is possible."""

    address = StringField(lazy_gettext("Địa chỉ của luồng trực tiếp"), [InputRequired(FILL), Length(max=600)])
    seconds = Whole(
        lazy_gettext("Độ trễ ước tính (giây), để trống thì theo nền tảng"),
        [Optional(), NumberRange(0, 30, lazy_gettext("Độ trễ tính bằng giây, từ 0 đến 30."))],
    )


class Recorded(FlaskForm):
    """Where the show can be seen again."""

    recording = StringField(lazy_gettext("Địa chỉ của bản ghi hình"), [InputRequired(FILL), Length(max=600)])
    first = StringField(
        lazy_gettext("Câu đầu tiên mở ở (giờ:phút:giây của bản ghi)"),
        [InputRequired(FILL), sense(cue.read)],
    )


@bp.get("/phat-thu/<path:name>")
def trial(name: str) -> Response:
    """A file of the trial stream, where things are tried out; elsewhere a media server serves streams."""
    config: Config = current_app.extensions["quiz_config"]
    path = safe_join(str(config.instance / "stream"), name)
    if not config.development or path is None or Path(path).suffix not in _KINDS or not Path(path).is_file():
        raise NotFound
    answer = Response(Path(path).read_bytes(), content_type=_KINDS[Path(path).suffix])
    answer.headers["Cache-Control"] = "no-store" if path.endswith(".m3u8") else "public, max-age=60"
    return answer


@bp.get("/phong/<code>/luong")
def setup(code: str) -> str:
    """The stream of a room: what players will see, what to set in OBS, how to change it."""
    with db.read() as session:
        show = lead(session, code).show
        picture = streams.of(show)
        form = Setup(
            formdata=None,
            address="" if picture is None else picture.page or picture.address,
            seconds=None if picture is None else round(picture.figure_ms / 1000),
        )
        return _setup_page(session, show, form, Recorded(formdata=None))


@bp.post("/phong/<code>/luong")
def put(code: str) -> str | BaseResponse:
    """Put a stream beside the room, or change it."""
    form = Setup()
    return _try(code, form, lambda session, show: _put(session, show, form), (form, Recorded(formdata=None)))


@bp.post("/phong/<code>/luong/bo")
def remove(code: str) -> str | BaseResponse:
    """Go on without a stream."""
    form = FlaskForm()
    forms = (Setup(formdata=None), Recorded(formdata=None))
    return _try(code, form, lambda session, show: streams.remove(session, show), forms)


@bp.post("/phong/<code>/luong/ten")
def names(code: str) -> str | BaseResponse:
    """Choose whether newcomers type the names that everybody will read, or receive them."""
    forms = (Setup(formdata=None), Recorded(formdata=None))
    rule: NameRule = "typed" if request.form.get("ten") == "typed" else "generated"
    return _try(code, FlaskForm(), lambda session, show: player_names.choose(show, rule), forms)


@bp.post("/phong/<code>/luong/ban-ghi")
def keep_recording(code: str) -> str | BaseResponse:
    """Say where the show can be seen again."""
    form = Recorded()
    return _try(code, form, lambda session, show: _keep_recording(show, form), (Setup(formdata=None), form))


@bp.post("/phong/<code>/luong/bo-ban-ghi")
def drop_recording(code: str) -> str | BaseResponse:
    """Take the recording away."""
    form = FlaskForm()
    forms = (Setup(formdata=None), Recorded(formdata=None))
    return _try(code, form, lambda session, show: streams.drop_recording(show), forms)


@bp.get("/phong/<code>/giam-sat")
def monitor(code: str) -> str:
    """Plays the stream as viewers get it and measures how far its clock is from the server's."""
    with db.read() as session:
        here = lead(session, code)
        show = here.show
        picture = streams.of(show)
        if picture is None:
            raise NotFound("Phòng thi này chưa có luồng trực tiếp. Vui lòng thêm luồng trước khi mở màn hình giám sát.")
        permit(picture.sources)
        return render_template(
            "stream/monitor.html",
            code=show.code,
            title=title_of(show),
            token=here.token,
            picture=picture,
            offset_ms=show.offset_ms,
            offset_at=show.offset_at,
        )


def _try(code: str, form: FlaskForm, change: Any, forms: tuple[Setup, Recorded]) -> str | BaseResponse:
    """Carry out a change of the host, or show the page again with the sentence that says why not."""
    with db.read() as session:
        lead(session, code)
    refused = "" if form.validate() else gettext("Chưa lưu: xem lại chỗ được đánh dấu.")
    if not refused:
        try:
            with db.begin() as session:
                change(session, lead(session, code).show)
        except Refusal as refusal:
            refused = gettext(refusal.sentence)
    if refused:
        with db.read() as session:
            return _setup_page(session, lead(session, code).show, *forms, refused)
    flash(gettext("Đã lưu."), "ok")
    return redirect(url_for(".setup", code=code))


def _put(session: Session, show: Show, form: Setup) -> None:
    seconds = form.seconds.data
    figure = None if seconds is None else seconds * 1000
    streams.put(session, show, form.address.data or "", figure, public_url())


def _keep_recording(show: Show, form: Recorded) -> None:
    streams.keep_recording(show, form.recording.data or "", cue.read(form.first.data or ""), public_url())


def _setup_page(session: Session, show: Show, form: Setup, recorded: Recorded, refused: str = "") -> str:
    config: Config = current_app.extensions["quiz_config"]
    key = mint().room_token("host", show.id) if hosts.takes_keys(session, show) else None
    recording = streams.recording_of(show)
    return render_template(
        "stream/setup.html",
        code=show.code,
        title=title_of(show),
        form=form,
        recorded=recorded,
        refused=refused,
        ended=show.ended_at is not None,
        gives_names=player_names.are_given(show),
        picture=streams.of(show),
        recording=None if recording is None else streams.picture(recording),
        offset_ms=show.offset_ms,
        offset_at=show.offset_at,
        providers=PROVIDERS,
        how_exact=HOW_EXACT,
        typical={name: ms // 1000 for name, ms in TYPICAL_MS.items()},
        youtube={name: ms // 1000 for name, ms in YOUTUBE_MS.items()},
        trial=TRIAL if config.development else None,
        overlay_url=overlay_url(show),
        dock_url=f"{public_url()}{url_for('console.show', code=show.code, khoa=key)}",
    )
