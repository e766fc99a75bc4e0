"""`host:state`: what a console shows beside what the hall sees. Before a reveal nothing in it depends on a key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from quizapp.models import EPOCH, Show, SignIn
from quizapp.rules import turn
from quizapp.rules.turn import Guard, Phase, Position
from quizapp.services import autopilots, guards, lags, sight

Body = dict[str, Any]
_MS = timedelta(milliseconds=1)
_RELOADING = timedelta(seconds=4)  # a screen that is loaded again is not away


def body(session: Session, show: Show, *, online: int, away: Mapping[str, datetime], now: datetime) -> Body:
    """What every host of this show is told; `away` are screens that are not connected, with since when."""
    position = sight.position(show)
    guard = guards.guard(session, show, now=now)
    row = sight.present_turn(show)
    return {
        "turn_n": position.n,
        "of": position.of,
        "phase": turn.phase(position, now).value,
        "paused": position.paused,
        "can": turn.allowed(position, now, guard),
        "next": turn.leading(position, now, guard),
        "hidden": show.board_hidden,
        "locked": show.locked,
        "scene": show.scene,
        "online": online,
        "joined": sight.joined(session, show),
        "answered": 0 if row is None else sight.answered(session, row),
        "prediction": _prediction(position),
        "autopilot": _autopilot(session, show, now),
        "proposal": _proposal(show),
        "wait_ms": _wait(position, guard, now),
        "lanes": [{"lane": lane, "players": players} for lane, players in lags.in_use(session, show)],
        "gone": _gone(show, turn.phase(position, now), away, now),
        "rehearsal": show.rehearses_id is not None,
        "rundown": [row.id for row in sorted(show.turns, key=lambda row: row.n)],
    }


def changed(before: Body | None, now: Body) -> bool:
    """Whether hosts must hear of it: a wait that only grows shorter is counted down by their pages."""
    return before is None or {**before, "wait_ms": 0} != {**now, "wait_ms": 0}


def own(session: Session, told: Body, sign_in_id: str) -> Body:
    """The same for one host, who may not confirm what they proposed themselves."""
    if told["proposal"] is None:
        return told
    sign_in = session.get(SignIn, sign_in_id) if sign_in_id else None
    proposal = {key: value for key, value in told["proposal"].items() if key != "by_id"}
    proposal["own"] = sign_in is not None and sign_in.person_id == told["proposal"]["by_id"]
    return {**told, "proposal": proposal}


def _prediction(position: Position) -> str:
    if position.prediction is None:
        return ""
    return "open" if turn.predicting(position) else "closed"


def _autopilot(session: Session, show: Show, now: datetime) -> Body:
    found = autopilots.due(session, show, now=now)
    body: Body = {"on": show.autopilot_since is not None}
    return body if found is None else body | {"next": found.press, "at": (found.at - EPOCH) // _MS}


def _proposal(show: Show) -> Body | None:
    if show.proposal is None:
        return None
    names = ("press", "turn", "reason")
    return {name: show.proposal[name] for name in names} | {"by": show.proposal["name"], "by_id": show.proposal["by"]}


def _gone(show: Show, phase: Phase, away: Mapping[str, datetime], now: datetime) -> Body:
    """Since when a screen is away that should be there: the layer in a stream's picture, in the questions a stage."""
    wanted = {
        "overlay": show.stream is not None and phase is not Phase.FINISHED,
        "stage": phase not in {Phase.LOBBY, Phase.FINISHED},
    }
    if show.rehearses_id is not None:
        return {}
    long = {name: since for name, since in away.items() if now - since >= _RELOADING}
    return {name: (since - EPOCH) // _MS for name, since in long.items() if wanted[name]}


def _wait(position: Position, guard: Guard, now: datetime) -> int:
    """How long a reveal is still held, in milliseconds."""
    locked = turn.phase(position, now) is turn.Phase.LOCKED
    return 0 if not locked or guard.held_until is None else max(0, (guard.held_until - now) // _MS)
