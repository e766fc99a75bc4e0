"""Rehearsals: a copy of a room with other questions and simulated players, which touches nothing that counts.

A rehearsal is a show of its own that names the one it rehearses. It belongs to no round, is left out of all figures,
and goes away as a whole: by a press, or by itself after a while.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from quizapp import news
from quizapp.errors import Conflict, Unreadable
from quizapp.models import Answer, Attempt, HostPress, Round, RoundQuestion, Show, Turn
from quizapp.rules import display_names, question, rehearsal
from quizapp.rules.draw import hmac256, pack
from quizapp.services import lags, players, round_papers, rundown, shows, sight
from quizapp.services.players import Sent
from quizapp.services.show_news import ShowEnded

MOST_PLAYERS = 300
USUAL_PLAYERS = 30
LIFE = timedelta(hours=3)
ROBOT = "rehearsal"  # holds the attempts of simulated players
BEGUN = "rehearse"  # the press that made the room, with how many players it has
_AT_ONCE = 6  # who enter in one move
_TEAMS = 6


@dataclass(frozen=True)
class _Wanted:
    robots: Sequence[str]
    number: int


# ── Making and ending ───────────────────────────────────────────────────────────────────────────────────────────


def begin(session: Session, show: Show, number: int, person_id: str | None, *, now: datetime) -> Show:
    """A rehearsal of a room that has not begun, in the place of an earlier one: the same rules, stream and cues, other
    questions, and so many simulated players. Refuses where the bank has no other questions."""
    if show.rehearses_id is not None:
        raise Conflict("Đây đã là một buổi tập.")
    if show.position or show.ended_at is not None:
        raise Conflict("Phần thi đã bắt đầu nên không tập dượt được nữa.")
    if not 1 <= number <= MOST_PLAYERS:
        raise Unreadable("Số người chơi do máy đóng từ 1 đến 300.")
    for older in session.scalars(select(Show).where(Show.rehearses_id == show.id)):
        throw_away(session, older, now=now)
    seed = secrets.token_bytes(32)
    taken = _asked(session, show)
    free = [entry for entry in round_papers.free(session, now=now) if entry.question.id not in taken]
    asked, reserves = shows.draw(free, rundown.planned(show), shows.settings(show), seed, now=now)
    if not asked:
        raise Conflict("Ngân hàng không còn câu hỏi nào khác để tập dượt.")
    made = shows.new(
        session,
        asked,
        f"Buổi tập – {show.title}",
        shows.settings(show),
        now=now,
        organizer_id=person_id,
        seed=seed,
        reserves=reserves,
        rehearses_id=show.id,
    )
    for name in ("stream", "offset_ms", "offset_at", "autopilot"):
        setattr(made, name, getattr(show, name))
    for copy, real in zip(made.turns, show.turns, strict=False):
        copy.cue_ms = real.cue_ms
    shows.log_press(session, made, BEGUN, {"players": number}, "", now=now, person_id=person_id)
    session.flush()
    return made


def throw_away(session: Session, show: Show, *, now: datetime) -> None:
    """End a rehearsal wherever it stands; what happened in it goes once nobody looks any more (`remove`).

    Refuses a room that is none.
    """
    if show.rehearses_id is None:
        raise Conflict("Phòng này không phải buổi tập.")
    row = sight.present_turn(show)
    if row is not None and not row.lock_told:
        row.lock_told, row.voided_at = True, now
    if show.ended_at is None:
        show.ended_at, show.autopilot_since = now, None
        news.tell(session, ShowEnded(show.id))


def end_old(session: Session, *, now: datetime) -> int:
    """End what nobody ended: rehearsals older than `LIFE`. Says how many."""
    old = select(Show).where(Show.rehearses_id.is_not(None), Show.ended_at.is_(None), Show.made_at <= now - LIFE)
    found = session.scalars(old.options(selectinload(Show.turns))).all()
    for show in found:
        throw_away(session, show, now=now)
    return len(found)


def leftovers(session: Session) -> Sequence[int]:
    """What may be removed for good: rehearsals that ended, and rooms of contests that were taken away."""
    empty = ~select(Turn.id).where(Turn.show_id == Show.id).exists()
    over = Show.ended_at.is_not(None) & (Show.rehearses_id.is_not(None) | empty)
    return session.scalars(select(Show.id).where(over)).all()


def remove(session: Session, show_id: int) -> None:
    """Remove one of the `leftovers` with everything that happened in it."""
    session.execute(delete(Show).where(Show.id == show_id, Show.id.in_(leftovers(session))))
    session.expire_all()


def _asked(session: Session, show: Show) -> frozenset[str]:
    """What must not be met in the rehearsal: the questions of the room itself, and of its whole contest."""
    own = {turn.question_id for turn in show.turns}
    if show.round_id is None:
        return frozenset(own)
    contest_id = session.get_one(Round, show.round_id).contest_id
    committed = select(RoundQuestion.question_id).join(Round).where(Round.contest_id == contest_id)
    return frozenset(own.union(session.scalars(committed)))


# ── The simulated players ───────────────────────────────────────────────────────────────────────────────────────


def running(session: Session, *, now: datetime) -> Sequence[int]:
    """The rehearsals in which simulated players have something to do."""
    alive = select(Show.id).where(Show.rehearses_id.is_not(None), Show.ended_at.is_(None))
    return session.scalars(alive.where(Show.made_at > now - LIFE)).all()


def move(session: Session, show_id: int, *, now: datetime) -> None:
    """Let the simulated players of a rehearsal enter, a few at a time, and answer when their moment has come."""
    show = session.get(Show, show_id, options=[selectinload(Show.turns)])
    if show is None or show.ended_at is not None:
        return
    wanted = _wanted(session, show)
    _enter(session, show, wanted, now)
    row = sight.present_turn(show)
    if row is not None and row.opens_at is not None and row.opens_at <= now and not row.lock_told:
        sent = _due(session, show, row, wanted.robots, now)
        if sent:
            players.take(session, sent, now=now)


def _wanted(session: Session, show: Show) -> _Wanted:
    robots = session.scalars(select(Attempt.id).where(Attempt.show_id == show.id, Attempt.holder == ROBOT)).all()
    said = session.scalar(
        select(HostPress.details).where(HostPress.show_id == show.id, HostPress.press == BEGUN).limit(1)
    )
    return _Wanted(robots, (said or {}).get("players", 0))


def _enter(session: Session, show: Show, wanted: _Wanted, now: datetime) -> None:
    teams = shows.settings(show).teams is not None
    inside = len(wanted.robots)
    for n in range(inside, min(wanted.number, inside + _AT_ONCE)):
        try:
            team = f"Đội {n % _TEAMS + 1}" if teams else None
            name = display_names.given(secrets.token_bytes(8))
            robot, _ = players.join(session, show, name, team=team, now=now)
        except Conflict:  # the room is locked, or it is too late to enter
            return
        robot.holder = ROBOT


def _due(session: Session, show: Show, row: Turn, robots: Sequence[str], now: datetime) -> list[Sent]:
    """The answers whose moment has come and that were not given yet."""
    given = set(session.scalars(select(Answer.attempt_id).where(Answer.turn_id == row.id)))
    behind = lags.of_turn(session, row)
    asked = question.from_json(row.content)
    full_ms = shows.settings(show).full_ms
    sent = []
    for id in robots:
        if id in given or row.opens_at is None:
            continue
        seed = hmac256(show.seed, pack("quiz-rehearsal-1", id, row.id))
        act = rehearsal.act(asked, full_ms, seed)
        if act is None:
            continue
        moment = row.opens_at + timedelta(milliseconds=act.after_ms + behind.get(id, 0))
        if moment <= now:
            sent.append(Sent(id, row.id, secrets.token_hex(16), act.chosen, moment))
    return sent
