"""The calls for live rooms: enter, get a ticket for a socket, ask for the present state, answer without a socket."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from flask import current_app
from flask_login import current_user
from msgspec import UNSET, Meta, UnsetType
from sqlalchemy.orm import Session

from quizapp import clock, db
from quizapp.errors import Conflict, NotAllowed, NotFound, Unreadable
from quizapp.models import Attempt, Show
from quizapp.rules.show import room_code
from quizapp.services import entering, players, shows, sight
from quizapp.services.players import Sent
from quizapp.services.tokens import Bearer, Mint
from quizapp.web import limits
from quizapp.web.api import Message, bp, call
from quizapp.web.frame import language
from quizapp.web.signing import vault

__all__ = ["bp"]  # the calls below hang on the one interface

Number = Annotated[int, Meta(ge=-99_999_999, le=99_999_999)]


class NewPlayer(Message):
    name: Annotated[str, Meta(max_length=80)] = ""
    team: Annotated[str, Meta(max_length=80)] | None = None
    delegate: Annotated[str, Meta(max_length=60)] = ""
    take_over: bool = False
    consents: Annotated[tuple[str, ...], Meta(max_length=4)] = ()


class Entered(Message):
    player: str
    token: str
    ticket: str


class Ticket(Message):
    ticket: str


class RoomAnswer(Message):
    m: Annotated[str, Meta(pattern="^[0-9a-f]{32}$", max_length=32)]
    turn: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    o: Annotated[list[Number], Meta(max_length=8)] | UnsetType = UNSET
    v: Number | UnsetType = UNSET


class RoomVerdict(Message):
    verdict: str
    o: list[int] | UnsetType = UNSET


class State(Message):
    phase: str
    now: int
    joined: int
    answers: list[dict[str, Any]]
    name: str | UnsetType = UNSET
    turn: dict[str, Any] | UnsetType = UNSET
    prediction: dict[str, Any] | UnsetType = UNSET
    you: dict[str, Any] | UnsetType = UNSET


def mint() -> Mint:
    """What makes and reads the tokens of this site."""
    made: Mint = current_app.extensions["mint"]
    return made


def find_room(session: Session, typed: str) -> Show:
    """The room with this code, however it was typed."""
    return shows.find(session, room_code(typed) or "")


@call(
    "POST",
    "/rooms/<code>/players",
    body=NewPlayer,
    reply=Entered,
    status=201,
    refuses=(NotFound, NotAllowed, Conflict, Unreadable),
)
def enter(code: str, body: NewPlayer) -> Entered:
    """Enter a room as a player. The room of a contest's round takes who is signed in and registered, whatever name is
    sent, or a delegate by the code on the badge; who is inside already gets the same player and another token."""
    if body.delegate:  # codes on badges are short
        with limits.limiter.limit(limits.BADGE):
            return _entered(code, body)
    return _entered(code, body)


def _entered(code: str, body: NewPlayer) -> Entered:
    now = clock.now()
    with db.begin() as session:
        show = find_room(session, code)
        player, token = _enter(session, show, body, now)
        bearer = Bearer("player", show.id, player.id)
        return Entered(player=player.id, token=token, ticket=mint().ticket(bearer, language(), now=now))


def _enter(session: Session, show: Show, body: NewPlayer, now: datetime) -> tuple[Attempt, str]:
    person_id = current_user.id if current_user.is_authenticated else None
    if entering.round_of(session, show) is None:
        return players.join(session, show, body.name, team=body.team, person_id=person_id, now=now)
    if not body.delegate:
        return entering.enter(session, vault(), show, person_id, now=now)
    take_over, agreed = body.take_over, body.consents
    return entering.enter_by_badge(session, vault(), show, body.delegate, now=now, take_over=take_over, agreed=agreed)


@call("POST", "/rooms/<code>/tickets", reply=Ticket, bearer=True, refuses=(NotFound,))
def ticket(code: str, token: str) -> Ticket:
    """Get a ticket that opens one socket within 60 seconds."""
    with db.read() as session:
        bearer = players.identify(session, mint(), find_room(session, code), token)
    return Ticket(ticket=mint().ticket(bearer, language(), now=clock.now()))


@call("GET", "/rooms/<code>/state", reply=State, bearer=True, refuses=(NotFound,))
def state(code: str, token: str) -> State:
    """Everything the bearer may know now."""
    with db.read() as session:
        show = find_room(session, code)
        bearer = players.identify(session, mint(), show, token)
        return State(**sight.state(session, show, bearer, language(), now=clock.now()))


@call("POST", "/rooms/<code>/answers", body=RoomAnswer, reply=RoomVerdict, bearer=True, refuses=(NotFound,))
def answer(code: str, token: str, body: RoomAnswer) -> RoomVerdict:
    """Answer the open question when sockets fail; the same message may be sent again."""
    read_at = clock.now()
    chosen = _chosen(body)
    with db.begin() as session:
        bearer = players.identify(session, mint(), find_room(session, code), token)
        if bearer.part != "player":
            raise NotFound
        sent = Sent(bearer.attempt_id, body.turn, body.m, chosen, read_at)
        reply = players.take(session, [sent], now=read_at)[0]
    return RoomVerdict(verdict=reply.verdict, o=UNSET if reply.o is None else list(reply.o))


def _chosen(body: RoomAnswer) -> tuple[int, ...]:
    if isinstance(body.v, int) and body.o is UNSET:
        return (body.v,)
    if isinstance(body.o, list) and body.v is UNSET:
        return tuple(body.o)
    raise Unreadable
