"""Live rooms as people meet them: entering, the player's page, the stage, the overlay, and how it ended."""

from __future__ import annotations

import secrets

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.errors import NotFound, Refusal, SignInNeeded
from quizapp.models import Show
from quizapp.rules import question
from quizapp.services import players, predicting, results, shows, sight, streams
from quizapp.services.players import Sent
from quizapp.services.tokens import Bearer
from quizapp.web.api_rooms import find_room, mint
from quizapp.web.choice import chosen_in_form
from quizapp.web.frame import language, permit
from quizapp.web.leading import lead
from quizapp.web.room_view import join_host, join_url, qr_path, title_of

bp = Blueprint("room", __name__)


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
            title=title_of(show),
            token=mint().room_token("viewer", show.id),
            host_token=_token_to_lead(session, show),
            join_url=join_url(show),
            join_host=join_host(),
            qr_path=qr_path(join_url(show)),
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
            title=title_of(show),
            token=token,
            join_host=join_host(),
            qr_path=qr_path(join_url(show)),
        )


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
        show=title_of(show),
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
    picture = streams.of(show)
    permit(picture.sources if picture else {})
    return render_template(
        "room/player.html",
        code=show.code,
        title=title_of(show),
        token=token,
        player=inside,
        state=state,
        board=sight.top(results.board(session, show)) if shown else None,
        you=state.get("you"),
        settings=shows.settings(show),
        stream=picture,
        predicts=predicting.asked_by(session, show) is not None,
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


def _token_to_lead(session: Session, show: Show) -> str:
    """The token for the keys of the stage: only where this browser may open the console, else none."""
    try:
        return lead(session, show.code).token
    except (SignInNeeded, NotFound):
        return ""
