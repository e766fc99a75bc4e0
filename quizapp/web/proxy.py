"""The desk where the secretary types in the cards of delegates without a phone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext

from quizapp import clock, db
from quizapp.errors import Refusal, SignInNeeded
from quizapp.services import proxies, sight
from quizapp.services.tokens import Bearer
from quizapp.web.frame import language
from quizapp.web.leading import lead
from quizapp.web.room_view import title_of
from quizapp.web.signing import vault

LONGEST = 12

bp = Blueprint("proxy", __name__, url_prefix="/phong/<code>/the-tra-loi")


@bp.get("")
def show(code: str) -> Any:
    """Every delegate with a card, and what is kept of them; for scripts only what may have changed."""
    try:
        with db.read() as session:
            room = lead(session, code).show
            now = clock.now()
            state = sight.state(session, room, Bearer("viewer", room.id), language(), now=now)
            turn = state.get("turn") or {}
            lines = proxies.listed(session, room)
            if _by_script():
                kept = {str(one.delegate.id): one.answer for one in lines}
                return jsonify({"phase": state["phase"], "turn": turn.get("turn"), "kept": kept})
            return render_template(
                "room/proxy.html",
                code=room.code,
                title=title_of(room),
                state=state,
                turn=turn,
                lines=lines,
                answered=sum(1 for one in lines if one.answer),
            )
    except SignInNeeded:
        return redirect(url_for("signing.sign_in", next=request.path))


@bp.post("")
def answer(code: str) -> Any:
    """Keep one card."""
    form, now = request.form, clock.now()
    try:
        with db.begin() as session:
            who = lead(session, code)
            delegate, turn = form.get("dai-bieu", 0, type=int), form.get("turn", 0, type=int)
            typed = form.get("o", "")[:LONGEST]
            kept = proxies.answer(session, vault(), who.show, delegate, turn, typed, who.person_id, now=now)
    except Refusal as refusal:
        if _by_script():
            return jsonify({"problem": gettext(refusal.sentence)}), refusal.status
        flash(gettext(refusal.sentence), "warn")
        return redirect(url_for(".show", code=code))
    if _by_script():
        return jsonify({"kept": kept})
    return redirect(url_for(".show", code=code, _anchor=f"dai-bieu-{delegate}"))


def _by_script() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
