"""Live rooms as people meet them: entering, the player's page, the stage, the overlay, and how it ended."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.errors import NotFound, SignInNeeded
from quizapp.models import Attempt, Contestant, Round, Show
from quizapp.rules import contest, prediction, question
from quizapp.services import players, predicting, results, shows, sight, streams, watch_words
from quizapp.services.players import Sent
from quizapp.services.tokens import Bearer
from quizapp.web.api_rooms import find_room, mint
from quizapp.web.choice import chosen_in_form
from quizapp.web.entering import door, is_of_badge, own_part
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
        bearer, token = own_part(session, show)
        if bearer is None and request.args.get("xem"):
            bearer, token = Bearer("follower", show.id), mint().room_token("follower", show.id)
        badge = request.args.get("the")
        if bearer is None or (badge and bearer.part == "player" and not is_of_badge(session, bearer, badge)):
            return door(session, show)
        return player_page(session, show, bearer, token)


@bp.post("/phong/<code>/tra-loi")
def answer(code: str) -> Response:
    """Answer the open question from a page without scripts; the page then says what stands."""
    read_at = clock.now()
    with db.begin() as session:
        show = find_room(session, code)
        bearer, _ = own_part(session, show)
        row = None if bearer is None else sight.view(session, show, bearer, now=read_at).turn
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
        if players.identify(session, mint(), show, token).part != "overlay":
            raise NotFound
        return render_template(
            "room/overlay.html",
            code=show.code,
            title=title_of(show),
            token=token,
            join_host=join_host(),
            qr_path=qr_path(join_url(show)),
        )


def player_page(session: Session, show: Show, bearer: Bearer, token: str, **said: Any) -> str:
    """The page of a player, or of who only follows; `said` is what came of something they sent from it."""
    now = clock.now()
    seen = sight.view(session, show, bearer, now=now)
    state = sight.state(session, show, bearer, language(), now=now)
    shown = state["phase"] in {"BOARD", "FINISHED"} and not show.board_hidden
    asked = predicting.asked_by(session, show)
    told = sight.notice(session, show, seen)
    picture = streams.of(show)
    permit(picture.sources if picture else {})
    return render_template(
        "room/player.html",
        code=show.code,
        title=title_of(show),
        token=token,
        player=players.profile(session, bearer),
        state=state,
        board=sight.top(results.board(session, show, through=seen.through), language()) if shown else None,
        you=state.get("you"),
        settings=shows.settings(show),
        stream=picture,
        predicts=asked is not None,
        guessed=_in_words(asked, (state.get("prediction") or {}).get("v")),
        asked_word=_asked_word(session, bearer),
        notice=gettext(told) if told else "",
        m=secrets.token_hex(16),
        **said,
    )


def _in_words(asked: contest.Round | None, value: int | None) -> str:
    """A predicted number with its words, "" without one."""
    if asked is None or asked.prediction is None or value is None:
        return ""
    number = prediction.write(value, asked.prediction, language())
    return f"{number} ({prediction.spell(value, asked.prediction, language())})"


def _asked_word(session: Session, bearer: Bearer) -> watch_words.Asked | None:
    """How a player stands with the watch word of the round, where one is asked for."""
    seat = session.get(Attempt, bearer.attempt_id) if bearer.part == "player" else None
    if seat is None or seat.contestant_id is None or seat.round_id is None:
        return None
    row, contestant = session.get_one(Round, seat.round_id), session.get_one(Contestant, seat.contestant_id)
    return watch_words.asked(session, row, contestant)


def _token_to_lead(session: Session, show: Show) -> str:
    """The token for the keys of the stage: only where this browser may open the console, else none."""
    try:
        return lead(session, show.code).token
    except (SignInNeeded, NotFound):
        return ""
