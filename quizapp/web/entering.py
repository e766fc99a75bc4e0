"""The door of a contest's room: for who is registered, and for delegates by the code on their badge."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.errors import NotAllowed, NotFound, Refusal
from quizapp.models import Attempt, Contestant, Round, Show
from quizapp.rules import consent
from quizapp.rules.registration import FOR_CHILDREN
from quizapp.services import contests, entering, player_names, players, shows, sittings
from quizapp.services.entering import ConsentMissing, HeldElsewhere, NotRegistered
from quizapp.services.tokens import Bearer
from quizapp.web import limits
from quizapp.web.api_rooms import find_room, mint
from quizapp.web.room_view import title_of
from quizapp.web.signing import vault

ROOMS_KEPT = 5  # rooms of which a browser keeps its place
LONGEST_CODE = 60

bp = Blueprint("entering", __name__)


@bp.get("/cuoc-thi/<slug>/vao-phong")
def way(slug: str) -> Response:
    """From the badge, which is printed before there are rooms, to the room that is on; else to the contest."""
    with db.read() as session:
        contest = contests.find(session, slug)
        show = entering.room_now(session, contest, now=clock.now())
        if show is None:
            return redirect(url_for("contest.show", slug=slug))
        typed = request.args.get("the", "")[:LONGEST_CODE]
        return redirect(url_for("room.play", code=show.code, the=typed or None))


@bp.post("/phong/<code>/vao")
@limits.limiter.limit(limits.BADGE, exempt_when=lambda: not request.form.get("the"))
def enter(code: str) -> Any:
    """Enter: a free room under a name, a contest's as who is signed in or by the code of a badge."""
    form, now = request.form, clock.now()
    try:
        with db.begin() as session:
            show = find_room(session, code)
            person_id = current_user.id if current_user.is_authenticated else None
            if entering.round_of(session, show) is None:
                name, team = form.get("chon") or form.get("name", ""), form.get("team")
                _, token = players.join(session, show, name, team=team, person_id=person_id, now=now)
            elif form.get("the"):
                token = _by_badge(session, show)
            else:
                _, token = entering.enter(session, vault(), show, person_id, now=now)
    except NotFound as refusal:
        if not form.get("the"):
            raise
        return _again(code, refusal)
    except Refusal as refusal:
        return _again(code, refusal)
    cookie.permanent = True
    cookie["rooms"] = {**dict(list(cookie.get("rooms", {}).items())[1 - ROOMS_KEPT :]), show.code: token}
    return redirect(url_for("room.play", code=show.code))


def _by_badge(session: Session, show: Show) -> str:
    form = request.form
    bearer, _ = own_part(session, show)
    _, token = entering.enter_by_badge(
        session,
        vault(),
        show,
        form.get("the", "")[:LONGEST_CODE],
        now=clock.now(),
        held="" if bearer is None else bearer.attempt_id,
        take_over=bool(form.get("chuyen")),
        agreed=form.getlist("consents"),
    )
    return token


def own_part(session: Session, show: Show) -> tuple[Bearer | None, str]:
    """Who this browser is in the room, from its cookie."""
    token = cookie.get("rooms", {}).get(show.code, "")
    if not token:
        return None, ""
    try:
        return players.identify(session, mint(), show, token), token
    except NotFound:
        return None, ""


def is_of_badge(session: Session, bearer: Bearer, typed: str) -> bool:
    """Whether the player of this browser is the delegate whose badge was just read; else the phone changed hands."""
    seat = session.get(Attempt, bearer.attempt_id)
    who = None if seat is None or seat.contestant_id is None else session.get(Contestant, seat.contestant_id)
    return who is not None and who.delegate_code == entering.badge(typed)


def door(session: Session, show: Show, refusal: Refusal | None = None) -> str:
    """The way in, or why one can only watch; `refusal` is what the last try came to."""
    row = entering.round_of(session, show)
    return _free_door(session, show, refusal) if row is None else _contest_door(session, show, row, refusal)


def _again(code: str, refusal: Refusal) -> tuple[str, int]:
    with db.read() as session:
        return door(session, find_room(session, code), refusal), refusal.status


def _free_door(session: Session, show: Show, refusal: Refusal | None) -> str:
    try:
        players.refuse_late(show, now=clock.now())
        closed = None
    except Refusal as late:
        closed = gettext(late.sentence)
    known = current_user.name if current_user.is_authenticated else ""
    by_team = shows.settings(show).teams is not None
    return render_template(
        "room/join.html",
        code=show.code,
        show=title_of(show),
        form_error=None if refusal is None else gettext(refusal.sentence),
        name=request.form.get("name", "") or known[:24],
        team=request.form.get("team", ""),
        closed=closed,
        over=show.ended_at is not None,
        given=player_names.are_given(show),
        by_team=by_team,
        teams=players.teams(session, show) if by_team else (),
        suggestions=player_names.suggestions() if refusal is not None else (),
    )


def _contest_door(session: Session, show: Show, row: Round, refusal: Refusal | None) -> str:
    contest, now = row.contest, clock.now()
    settings = contests.settings(contest)
    contestant = sittings.contestant_of(session, contest, current_user.id if current_user.is_authenticated else None)
    badges = entering.takes_badges(session, contest)
    for_newcomers = entering.objection(session, vault(), show, None, now=now)
    own = "" if contestant is None else entering.objection(session, vault(), show, contestant, now=now)
    closed = for_newcomers if contestant is None or own else ""
    return render_template(
        "room/enter.html",
        code=show.code,
        show=title_of(show),
        contest=contest,
        settings=settings,
        row=row,
        now=now,
        contestant=contestant,
        badges=badges,
        on_list_only=settings.who.on_list_only,
        closed=gettext(closed) if closed else "",
        own_refusal=gettext(own) if own and not closed else "",
        to_come=row.opens_at is not None and now < row.opens_at,
        over=show.ended_at is not None,
        typed=(request.form.get("the") or request.args.get("the", ""))[:LONGEST_CODE],
        ticked=request.form.getlist("consents"),
        refusal=_sentence(refusal),
        held_elsewhere=isinstance(refusal, HeldElsewhere),
        consent_missing=isinstance(refusal, ConsentMissing),
        holder=consent.notice(settings),
        boxes=[(purpose, *consent.box("self", purpose)) for purpose in FOR_CHILDREN],
    )


def _sentence(refusal: Refusal | None) -> str:
    """The sentence of a refusal, except where the page itself says what to do."""
    if refusal is None or isinstance(refusal, (NotRegistered, HeldElsewhere)):
        return ""
    return gettext(refusal.sentence) if isinstance(refusal, (NotFound, NotAllowed, ConsentMissing)) else ""
