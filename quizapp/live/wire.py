"""The messages: their names, and which of them follow from a piece of news. Bodies come from `services.sight`.

`static/js/wire.js` names the same ones, and a test holds the two lists together.
"""

from __future__ import annotations

from datetime import datetime
from functools import singledispatch
from typing import Annotated, Any

import msgspec
from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from quizapp.models import Show
from quizapp.rules.stream import CAP_MS, LANE_MS
from quizapp.rules.turn import Phase, phase
from quizapp.services import climbs, results, shows, sight
from quizapp.services.show_news import (
    BoardShown,
    HostSaid,
    PredictionClosed,
    PredictionOpened,
    ShowEnded,
    ShowPaused,
    TurnLocked,
    TurnOpened,
    TurnReading,
    TurnRevealed,
)

SERVER = (
    "state",
    "turn:armed",
    "turn:reading",
    "turn:opened",
    "turn:count",
    "turn:locked",
    "turn:revealed",
    "board",
    "you",
    "notice",
    "show:ended",
    "moved",
    "lobby",
    "host:state",
    "stream:sync",
    "scene",
    "prediction:opened",
    "prediction:closed",
)
CLIENT = ("answer", "shown", "sync", "stream:pos", "host", "predict", "watch-word")

Told = list[tuple[str, dict[str, Any]]]

PressId = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$", max_length=32)]
TurnId = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Option = Annotated[int, msgspec.Meta(ge=-99_999_999, le=99_999_999)]


class FromBrowser(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message of a browser: strict types, no field that is not named."""


class AnswerSent(FromBrowser, frozen=True):
    """`answer`: options chosen (`o`), or the number of a number question (`v`)."""

    m: PressId
    turn: TurnId
    o: Annotated[list[Option], msgspec.Meta(max_length=8)] | msgspec.UnsetType = msgspec.UNSET
    v: Option | msgspec.UnsetType = msgspec.UNSET

    def chosen(self) -> tuple[int, ...] | None:
        """The choice as it is kept, or `None` if the message has both forms or neither."""
        if (self.o is msgspec.UNSET) == (self.v is msgspec.UNSET):
            return None
        return (self.v,) if isinstance(self.v, int) else tuple(self.o if isinstance(self.o, list) else ())


class ShownSent(FromBrowser, frozen=True):
    """`shown`: the options of this turn are on screen."""

    turn: TurnId


class SyncSent(FromBrowser, frozen=True):
    """`sync`: what time is it."""


class StreamPosition(FromBrowser, frozen=True):
    """`stream:pos`: how far behind the programme this viewer is. Kept only where a room has a stream."""

    method: Annotated[str, msgspec.Meta(max_length=16)]
    latency_ms: Annotated[int, msgspec.Meta(ge=0, le=120_000)]


class PredictionSent(FromBrowser, frozen=True):
    """`predict`: the number that somebody says on air."""

    m: PressId
    v: Annotated[int, msgspec.Meta(ge=0, le=99_999_999)]


class WatchWordSent(FromBrowser, frozen=True):
    """`watch-word`: the word that the host said."""

    word: Annotated[str, msgspec.Meta(max_length=80)]


class HostPressed(FromBrowser, frozen=True):
    """`host`: a press on the console."""

    do: Annotated[str, msgspec.Meta(max_length=16)]
    text: Annotated[str, msgspec.Meta(max_length=400)] = ""
    player: Annotated[str, msgspec.Meta(max_length=32)] = ""
    reason: Annotated[str, msgspec.Meta(max_length=400)] = ""
    name: Annotated[str, msgspec.Meta(max_length=120)] = ""
    scene: Annotated[str, msgspec.Meta(max_length=16)] = ""
    hidden: bool | None = None
    locked: bool | None = None
    on: bool | None = None
    ms: Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)] | None = None
    turns: Annotated[list[TurnId], msgspec.Meta(max_length=100)] | None = None

    def details(self) -> dict[str, Any]:
        """What came with the press."""
        said = {name: getattr(self, name) for name in self.__struct_fields__ if name != "do"}
        return {name: value for name, value in said.items() if value not in (None, "")}


class TicketShown(FromBrowser, frozen=True):
    """`auth` of a connection."""

    ticket: Annotated[str, msgspec.Meta(max_length=2000)]


def read(shape: type[FromBrowser], data: tuple[object, ...]) -> Any:
    """The one body of a message as a value of `shape`, or `None` if it differs from it in any way."""
    if len(data) != 1:
        return None
    try:
        return msgspec.convert(data[0], shape, strict=True)
    except msgspec.ValidationError:
        return None


@singledispatch
def told(item: object, session: Session, show: Show, language: str, now: datetime) -> Told:
    """What everybody in the room hears of a piece of news, in `language`: names and bodies, in order."""
    return []


@told.register
def _(item: TurnReading, session: Session, show: Show, language: str, now: datetime) -> Told:
    turn = sight.present_turn(show)
    if turn is None:
        return []
    plan = sight.armed(turn, shows.settings(show).seconds)
    return [("turn:armed", plan), ("turn:reading", sight.reading(show, turn, language, now))]


@told.register
def _(item: TurnOpened, session: Session, show: Show, language: str, now: datetime) -> Told:
    turn = sight.present_turn(show)
    if turn is None or not turn.open_told:  # told late: the show has gone on to a question that is still being read
        return []
    return [("turn:opened", sight.opened(show, turn, language, now))]


@told.register
def _(item: TurnLocked, session: Session, show: Show, language: str, now: datetime) -> Told:
    turn = sight.present_turn(show)
    return [] if turn is None or not turn.lock_told else [("turn:locked", sight.locked(show, turn))]


@told.register
def _(item: TurnRevealed, session: Session, show: Show, language: str, now: datetime) -> Told:
    turn = sight.present_turn(show)
    if turn is None or turn.revealed_at is None:
        return []
    return [("turn:revealed", sight.revealed(show, turn, results.board(session, show), language))]


@told.register
def _(item: PredictionOpened, session: Session, show: Show, language: str, now: datetime) -> Told:
    return [("prediction:opened", sight.predicted(session, show, language, now))]


@told.register
def _(item: PredictionClosed, session: Session, show: Show, language: str, now: datetime) -> Told:
    return [("prediction:closed", {})]


@told.register
def _(item: BoardShown, session: Session, show: Show, language: str, now: datetime) -> Told:
    on = phase(sight.position(show), now) in {Phase.BOARD, Phase.FINISHED}
    return board(session, show, language) if on else []  # hidden or shown in advance: the question stays on screen


@told.register
def _(item: ShowPaused, session: Session, show: Show, language: str, now: datetime) -> Told:
    turn = sight.present_turn(show)
    said = "Tạm dừng ít phút. Bài làm vẫn được giữ." if show.paused_at else show.notice
    heard: Told = [notice(said, language)]
    if turn is not None and not turn.open_told and not turn.lock_told:
        heard.append(("turn:reading", sight.reading(show, turn, language, now)))
    return heard


@told.register
def _(item: HostSaid, session: Session, show: Show, language: str, now: datetime) -> Told:
    return [notice(item.text, language)]


@told.register
def _(item: ShowEnded, session: Session, show: Show, language: str, now: datetime) -> Told:
    return [*board(session, show, language), ("show:ended", {})]


def notice(said: str, language: str) -> tuple[str, dict[str, Any]]:
    """A notice to the players: the product's own sentences in `language`, the host's as they were typed."""
    with force_locale(language):
        return "notice", {"text": gettext(said) if said else ""}


def stream_sync(show: Show, latency_ms: int) -> dict[str, Any]:
    """`stream:sync`: where the stream's clock is, how lanes are cut, and how far behind the reader counts as."""
    return {"offset_ms": show.offset_ms, "lane_ms": LANE_MS, "cap_ms": CAP_MS, "latency_ms": latency_ms}


def board(session: Session, show: Show, language: str, *, through: int | None = None) -> Told:
    """The leaderboard; without a line while the host hides it. `through` is the last turn in it."""
    turn = sight.present_turn(show) if through is None else next(row for row in show.turns if row.n == through)
    shown_at = (show.ended_at if through is None else None) or (None if turn is None else turn.board_at)
    body: dict[str, Any] = {"top": [], "of": 0}
    if not show.board_hidden:
        body = sight.top(results.board(session, show, through=through), language)
        body |= climbs.body(session, show, through=through)
    return [("board", body | sight.cue(show, shown_at))]
