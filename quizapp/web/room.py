"""Live rooms: entering, the player's page, the stage, the overlay, the host's console, and making a room."""

from __future__ import annotations

import secrets
from typing import Any

import segno
from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from quizapp import clock, db
from quizapp.errors import NotFound, Refusal, SignInNeeded
from quizapp.models import Show
from quizapp.rules import question, turn
from quizapp.rules.paper import MIX
from quizapp.rules.scoring import SCHEMES
from quizapp.rules.show import LETTERS, Settings, scheme
from quizapp.services import banks, players, results, shows, sight
from quizapp.services.players import Sent
from quizapp.services.tokens import Bearer
from quizapp.web.api_rooms import find_room, mint
from quizapp.web.choice import chosen_in_form
from quizapp.web.frame import language, public_url
from quizapp.web.signing import needs

bp = Blueprint("room", __name__)


SCORINGS = {
    "ACCURACY_FIRST": lazy_gettext("Đúng trước, nhanh sau: thêm một câu đúng luôn hơn mọi tốc độ"),
    "FLAT": lazy_gettext("Mỗi câu đúng 1 điểm, không tính nhanh chậm"),
    "HALF_DECAY": lazy_gettext("Càng nhanh càng nhiều điểm (chỉ để vui)"),
}


class NewRoom(FlaskForm):
    """What makes a room. Bounds are the form's; sense is checked by the services."""

    title = StringField(lazy_gettext("Tên buổi thi"), [Length(max=80)])
    topic = SelectField(lazy_gettext("Chủ đề"))
    questions = IntegerField(lazy_gettext("Số câu hỏi"), [InputRequired(), NumberRange(1, 30)], default=10)
    seconds = IntegerField(lazy_gettext("Số giây mỗi câu"), [InputRequired(), NumberRange(5, 120)], default=20)
    scoring = SelectField(
        lazy_gettext("Cách tính điểm"),
        default="ACCURACY_FIRST",
        choices=[SelectChoice(*one) for one in SCORINGS.items()],
    )
    may_change = BooleanField(lazy_gettext("Được đổi đáp án khi chưa hết giờ"), default=True)
    join_until = IntegerField(
        lazy_gettext("Nhận người chơi mới đến hết câu"), [InputRequired(), NumberRange(1, 30)], default=1
    )


@bp.get("/phong")
def code() -> str | Response:
    """Where a code is typed; a known one leads into its room."""
    typed = request.args.get("ma", "")
    if not typed:
        return render_template("room/code.html", error=None)
    with db.read() as session:
        try:
            show = find_room(session, typed)
        except NotFound as refusal:
            return render_template("room/code.html", error=gettext(refusal.sentence), typed=typed)
    return redirect(url_for(".play", code=show.code))


@bp.get("/phong/<code>")
def play(code: str) -> str | Response:
    """The room: the form to enter, or for who is inside the present state; `?xem=1` follows without playing."""
    with db.read() as session:
        show = find_room(session, code)
        bearer, token = _own_part(session, show)
        if bearer is None and request.args.get("xem"):
            bearer, token = Bearer("viewer", show.id), mint().room_token("viewer", show.id)
        if bearer is None:
            return _entrance(show, None, "")
        return _player_page(session, show, bearer, token)


@bp.post("/phong/<code>/vao")
def enter(code: str) -> str | Response:
    """Enter under a name."""
    name, team = request.form.get("name", ""), request.form.get("team")
    try:
        with db.begin() as session:
            show = find_room(session, code)
            person_id = current_user.id if current_user.is_authenticated else None
            _, token = players.join(session, show, name, team=team, person_id=person_id, now=clock.now())
    except NotFound:
        raise
    except Refusal as refusal:
        with db.read() as session:
            return _entrance(find_room(session, code), gettext(refusal.sentence), name)
    cookie.permanent = True
    cookie["rooms"] = {**dict(list(cookie.get("rooms", {}).items())[-4:]), show.code: token}
    return redirect(url_for(".play", code=show.code))


@bp.post("/phong/<code>/tra-loi")
def answer(code: str) -> Response:
    """Answer the open question from a page without scripts; the page then says what stands."""
    read_at = clock.now()
    with db.begin() as session:
        show = find_room(session, code)
        bearer, _ = _own_part(session, show)
        row = sight.present_turn(show)
        chosen = () if row is None else chosen_in_form(question.from_json(row.content))
        if bearer is not None and row is not None and chosen and request.form.get("turn") == str(row.id):
            m = request.form.get("m", "")
            m = m if len(m) == 32 and set(m) <= set("0123456789abcdef") else secrets.token_hex(16)
            players.take(session, [Sent(bearer.attempt_id, row.id, m, chosen, read_at)], now=read_at)
    return redirect(url_for(".play", code=show.code))


@bp.get("/phong/<code>/man-hinh")
def stage(code: str) -> str:
    """The screen of the hall: shows only what every player may see."""
    with db.read() as session:
        show = find_room(session, code)
        viewer = Bearer("viewer", show.id)
        return render_template(
            "room/stage.html",
            code=show.code,
            title=_title_of(show),
            token=mint().room_token("viewer", show.id),
            join_url=_join_url(show),
            join_host=_join_host(),
            qr_path=_qr_path(_join_url(show)),
            state=sight.state(session, show, viewer, language(), now=clock.now()),
            settings=shows.settings(show),
        )


@bp.get("/phong/<code>/lop-phu")
def overlay(code: str) -> str:
    """The layer for a stream's picture; its address carries its own token."""
    with db.read() as session:
        show = find_room(session, code)
        token = request.args.get("khoa", "")
        if players.identify(session, mint(), show, token).part != "viewer":
            raise NotFound
        return render_template(
            "room/overlay.html",
            code=show.code,
            title=_title_of(show),
            token=token,
            join_host=_join_host(),
            qr_path=_qr_path(_join_url(show)),
        )


@bp.get("/phong/<code>/dieu-khien")
def console(code: str) -> str | Response:
    """The host's console: for the organizer who made the room, or by the address with its key."""
    with db.read() as session:
        show = find_room(session, code)
        key = request.args.get("khoa", "")
        if key:
            if players.identify(session, mint(), show, key).part != "host":
                raise NotFound
            cookie["hosts"] = {**dict(list(cookie.get("hosts", {}).items())[-4:]), show.code: key}
            return redirect(url_for(".console", code=show.code))
        token = _host_token(session, show)
        return render_template(
            "room/console.html",
            code=show.code,
            title=_title_of(show),
            token=token,
            room_url=_join_url(show),
            stage_url=url_for(".stage", code=show.code),
            overlay_url=_overlay_url(show),
            players_url=url_for(".recap", code=show.code),
            settings=shows.settings(show),
            rundown=[_rundown_line(show, row) for row in show.turns],
        )


@bp.get("/phong/<code>/tong-ket")
def recap(code: str) -> str:
    """What was played and how it ended; public once the show is over."""
    with db.read() as session:
        show = find_room(session, code)
        if show.ended_at is None:
            raise NotFound("Phần thi chưa kết thúc nên chưa có tổng kết.")
        board = results.board(session, show)
        return render_template(
            "room/recap.html",
            code=show.code,
            title=_title_of(show),
            ended_at=show.ended_at,
            podium=[line for line in board.standings if line.rank <= 3][:6],
            standings=board.standings[:100],
            of=len(board.standings),
            questions=[_recap_line(board, sheet) for sheet in board.sheets],
        )


@bp.get("/to-chuc")
@needs("organizer", "admin")
def rooms() -> str:
    """The rooms an organizer made."""
    with db.read() as session:
        now = clock.now()
        lines = [
            {
                "code": show.code,
                "title": _title_of(show),
                "made_at": show.made_at,
                "phase": turn.phase(sight.position(show), now).value,
            }
            for show in shows.of_organizer(session, current_user.id)
        ]
        return render_template("room/list.html", rooms=lines)


@bp.route("/to-chuc/phong-moi", methods=["GET", "POST"])
@needs("organizer", "admin")
def new() -> str | Response:
    """Make a room from topic, number of questions and seconds."""
    form = NewRoom()
    with db.read() as session:
        topics = {MIX: gettext("Tất cả chủ đề"), **{one.slug: one.name.of(language()) for one in banks.topics(session)}}
    form.topic.choices = [SelectChoice(*one) for one in topics.items()]
    if not form.validate_on_submit():
        return render_template("room/new.html", form=form, topics=topics, scorings=SCORINGS)
    with db.begin() as session:
        show = shows.from_bank(
            session,
            None if form.topic.data == MIX else form.topic.data,
            form.questions.data,
            form.title.data.strip(),
            Settings(
                seconds=form.seconds.data,
                scoring=scheme(form.scoring.data) or SCHEMES[0],
                may_change=form.may_change.data,
                join_until=form.join_until.data,
            ),
            organizer_id=current_user.id,
            now=clock.now(),
        )
    return redirect(url_for(".console", code=show.code))


def _title_of(show: Show) -> str:
    """The room's title: the product's own in the reader's language, the host's as it was typed."""
    return gettext(show.title) if show.title == shows.DEFAULT_TITLE else show.title


def _entrance(show: Show, error: str | None, typed: str) -> str:
    """The form to enter; or why one can only watch."""
    try:
        players.refuse_late(show, now=clock.now())
        closed = None
    except Refusal as refusal:
        closed = gettext(refusal.sentence)
    known = current_user.name if current_user.is_authenticated else ""
    return render_template(
        "room/join.html",
        code=show.code,
        show=_title_of(show),
        form_error=error,
        name=typed or known[:24],
        closed=closed,
        over=show.ended_at is not None,
    )


def _player_page(session: Session, show: Show, bearer: Bearer, token: str) -> str:
    now = clock.now()
    state = sight.state(session, show, bearer, language(), now=now)
    shown = state["phase"] in {"BOARD", "FINISHED"} and not show.board_hidden
    inside = players.profile(session, bearer)
    return render_template(
        "room/player.html",
        code=show.code,
        title=_title_of(show),
        token=token,
        player=inside,
        state=state,
        board=sight.top(results.board(session, show)) if shown else None,
        you=state.get("you"),
        settings=shows.settings(show),
        notice=gettext(show.notice) if show.notice else "",
        m=secrets.token_hex(16),
    )


def _own_part(session: Session, show: Show) -> tuple[Bearer | None, str]:
    """Who this browser is in the room, from its cookie."""
    token = cookie.get("rooms", {}).get(show.code, "")
    if not token:
        return None, ""
    try:
        return players.identify(session, mint(), show, token), token
    except NotFound:
        return None, ""


def _host_token(session: Session, show: Show) -> str:
    """The token of the console for this browser: by a key it was given, or as the organizer of the room."""
    key = cookie.get("hosts", {}).get(show.code, "")
    if key and players.identify(session, mint(), show, key).part == "host":
        return str(key)
    if not current_user.is_authenticated:
        raise SignInNeeded
    if show.organizer_id != current_user.id:
        raise NotFound
    return mint().room_token("host", show.id, current_user.sign_in_id)


def _rundown_line(show: Show, row: Any) -> dict[str, Any]:
    asked = question.from_json(row.content)
    played = row.lock_told or row.n < show.position
    status = "voided" if row.voided_at else "played" if played else "now" if row.n == show.position else "waiting"
    return {
        "n": row.n,
        "stem": asked.stem.of(language()),
        "kind": asked.kind,
        "seconds": shows.settings(show).seconds,
        "status": status,
    }


def _recap_line(board: results.Board, sheet: Any) -> dict[str, Any]:
    """One question afterwards: the key in words, why, and how many were right."""
    asked = sheet.question
    choices = board.counts(sheet.n)
    key = str(asked.key[0]) if asked.kind == "number" else "; ".join(asked.options[o].of(language()) for o in asked.key)
    if asked.unit is not None:
        key = f"{key} {asked.unit.of(language())}"
    return {
        "n": sheet.n,
        "kind": asked.kind,
        "stem": asked.stem.of(language()),
        "key": key,
        "basis": sight.basis(asked, language()),
        "explanation": asked.explanation.of(language()),
        "answered": sum(choices.values()),
        "right": sum(count for choice, count in choices.items() if asked.is_right(choice)),
        "voided": sheet.voided,
        "letters": LETTERS,
    }


def _join_url(show: Show) -> str:
    return f"{public_url()}{url_for('.play', code=show.code)}"


def _join_host() -> str:
    return public_url().split("://", 1)[-1]


def _overlay_url(show: Show) -> str:
    return f"{public_url()}{url_for('.overlay', code=show.code, khoa=mint().room_token('viewer', show.id))}"


def _qr_path(address: str) -> dict[str, Any]:
    """A QR code as one SVG path in a square of `size` units, its quiet zone included."""
    code = segno.make(address, error="m", micro=False)
    rows = list(code.matrix_iter(border=2))
    parts = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark]
    return {"d": "".join(parts), "size": len(rows)}
