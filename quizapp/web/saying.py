"""What players of a live room say besides answers: the number they predict and the watch word, as forms for pages
without scripts, and in a few fields for scripts whose socket is down."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, current_app, jsonify, redirect, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.errors import NotFound, Refusal
from quizapp.models import Attempt, Contestant, Round, Show
from quizapp.rules import contest, prediction
from quizapp.services import guesses, predicting, sight, watch_words
from quizapp.services.guesses import Guess
from quizapp.services.tokens import Bearer
from quizapp.web.api_rooms import find_room
from quizapp.web.contest import WORD_REFUSED
from quizapp.web.entering import own_part
from quizapp.web.frame import language
from quizapp.web.room import player_page

bp = Blueprint("saying", __name__)

GUESSED = {
    "late": lazy_gettext("Số đến sau khi hết giờ nên không được tính."),
    "early": lazy_gettext("Chưa đến giờ dự đoán. Chờ ít giây rồi bấm lại nhé."),
    "refused": lazy_gettext("Số này chưa được nhận. Vui lòng nhập lại."),
}


@bp.post("/phong/<code>/du-doan")
def predict(code: str) -> str | Response:
    """Say the typed number back in words; sent again with that number, keep it. It cannot be changed."""
    read_at = clock.now()
    with db.begin() as session:
        show = find_room(session, code)
        bearer, token = _player(session, show)
        rules = predicting.asked_by(session, show)
        if rules is None or rules.prediction is None:
            raise NotFound
        if request.form.get("luu"):
            reply = _keep(session, show, bearer, read_at)
            if _by_script():
                return jsonify({"verdict": reply.verdict} | ({} if reply.v is None else {"v": reply.v}))
            if reply.verdict not in GUESSED:
                return redirect(url_for("room.play", code=show.code))
            return player_page(session, show, bearer, token, problem=GUESSED[reply.verdict])
        said = _read(rules.prediction)
        if _by_script():
            return jsonify(said)
        typed = request.form.get("so", "")
        meant = said if "v" in said else None
        return player_page(session, show, bearer, token, typed=typed, meant=meant, problem=said.get("problem"))


@bp.post("/phong/<code>/tu-khoa")
def watch_word(code: str) -> str | Response:
    """Compare the word that somebody heard."""
    now = clock.now()
    with db.begin() as session:
        show = find_room(session, code)
        bearer, token = _player(session, show)
        seat = session.get_one(Attempt, bearer.attempt_id)
        if seat.contestant_id is None or seat.round_id is None:
            raise NotFound
        row, contestant = session.get_one(Round, seat.round_id), session.get_one(Contestant, seat.contestant_id)
        typed = request.form.get("word", "")[:80]
        verdict = watch_words.enter(session, current_app.extensions["vault"], row, contestant, typed, now=now)
        if _by_script():
            return jsonify({"verdict": verdict})
        if verdict not in WORD_REFUSED:
            return redirect(url_for("room.play", code=show.code))
        return player_page(session, show, bearer, token, word_said=WORD_REFUSED[verdict])


def _player(session: Session, show: Show) -> tuple[Bearer, str]:
    """The player whose browser this is. Refuses everybody else."""
    bearer, token = own_part(session, show)
    if bearer is None or bearer.part != "player":
        raise NotFound
    return bearer, token


def _keep(session: Session, show: Show, bearer: Bearer, read_at: datetime) -> guesses.Reply:
    m, value = request.form.get("m", ""), request.form.get("luu", "")
    if not value.isascii() or not value.isdigit():
        return guesses.Reply("refused")
    m = m if len(m) == 32 and set(m) <= set("0123456789abcdef") else secrets.token_hex(16)
    lag = timedelta(milliseconds=sight.view(session, show, bearer, now=read_at).lag_ms)
    return guesses.keep(session, Guess(bearer.attempt_id, m, int(value[:9]), read_at), lag=lag)


def _read(asked: contest.Prediction) -> dict[str, Any]:
    """The typed number with its words, or what is wrong with it."""
    try:
        value = prediction.read(request.form.get("so", "")[:40], asked)
    except Refusal as refusal:
        return {"problem": gettext(refusal.sentence)}
    if value is None:
        return {"problem": gettext("Vui lòng nhập một số trước.")}
    words = prediction.spell(value, asked, language())
    return {"v": value, "number": prediction.write(value, asked, language()), "words": words}


def _by_script() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
