"""Players of a show: entering a room, being found again, answering, being sent out."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from quizapp import news
from quizapp.errors import Conflict, NotFound
from quizapp.models import Answer, Attempt, Show, Shown, SignIn, Turn, new_id
from quizapp.rules import answering, programme, question
from quizapp.rules.answering import Entry, Kept, Verdict
from quizapp.rules.question import Question
from quizapp.rules.show import settings_from_json
from quizapp.rules.stream import shifted
from quizapp.rules.timing import Window
from quizapp.rules.turn import Phase, phase
from quizapp.services import lags, player_names, shows, sight, tokens
from quizapp.services.show_news import ConsoleChanged
from quizapp.services.tokens import Bearer, Mint

MOST_TEAMS = 60


@dataclass(frozen=True)
class PlayerJoined:
    """Somebody entered a room."""

    show_id: int
    name: str


@dataclass(frozen=True)
class PlayerRenamed:
    """Somebody is shown under another name from now on."""

    show_id: int
    attempt_id: str


@dataclass(frozen=True)
class PlayerRemoved:
    """Somebody was sent out of a room."""

    show_id: int
    attempt_id: str


@dataclass(frozen=True)
class AnswersKept:
    """So many players have an answer to this turn who had none before."""

    show_id: int
    turn_id: int
    new: int


@dataclass(frozen=True)
class Sent:
    """An answer as it came: who, to which turn, the phone's id for it, the choice, and when it was read."""

    attempt_id: str
    turn_id: int
    m: str
    chosen: tuple[int, ...]
    read_at: datetime


@dataclass(frozen=True)
class Reply:
    """The verdict on an answer; `o` is the stored one where a second was refused."""

    verdict: Verdict
    o: tuple[int, ...] | None = None


def join(
    session: Session,
    show: Show,
    typed_name: str,
    *,
    now: datetime,
    team: str | None = None,
    person_id: str | None = None,
) -> tuple[Attempt, str]:
    """Enter a room under a name; returns the player and the token that proves it later.

    A name somebody already carries gets a number; where names are given, the typed one is not looked at. Refuses a name
    that cannot be shown, a room that is over or locked by its host, and entering after the question until which
    newcomers are let in (contest-rules §14.1).
    """
    given = player_names.are_given(show)
    name = "" if given else player_names.read(typed_name)
    wanted_team = player_names.team_of(session, show, team)
    refuse_late(show, now=now)
    token, kept_hash = tokens.new_token()
    entered = Attempt(
        id=new_id(),
        mode="live",
        show_id=show.id,
        token_hash=kept_hash,
        team=wanted_team,
        person_id=person_id,
        started_at=now,
    )
    if given:
        player_names.carry_given(session, show, entered)
    else:
        player_names.carry(session, show, entered, name)
    lags.fix_newcomer(session, show, entered.id)
    news.tell(session, PlayerJoined(show.id, entered.name or ""))
    return entered, token


def refuse_late(show: Show, *, now: datetime) -> None:
    """Refuse a newcomer to a room that is over, locked, or past the question until which newcomers are let in."""
    at = phase(sight.position(show), now)
    limit = shows.settings(show).join_until
    if at is Phase.FINISHED:
        raise Conflict("Phần thi này đã kết thúc.")
    if show.locked:
        raise Conflict("Người dẫn chương trình đã đóng cửa phòng. Vui lòng theo dõi trên màn hình.")
    if show.position > limit or (show.position == limit and at not in {Phase.READING, Phase.OPEN}):
        raise Conflict("Phần thi đã bắt đầu nên không nhận thêm người chơi. Vẫn có thể theo dõi.")


def identify(session: Session, mint: Mint, show: Show, token: str) -> Bearer:
    """Whom a bearer token names in this room. Refuses tokens of others, of players sent out, of ended sign-ins."""
    bearer = mint.read_room_token(token)
    if bearer is None:
        return _identify_player(session, show, token)
    if bearer.show_id != show.id:
        raise NotFound
    if bearer.sign_in_id and not is_signed_in(session, bearer.sign_in_id):
        raise NotFound
    return bearer


def is_signed_in(session: Session, sign_in_id: str) -> bool:
    """Whether this sign-in still lives."""
    alive = select(SignIn.id).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
    return session.scalar(alive) is not None


def take(session: Session, sent: Sequence[Sent], *, now: datetime) -> list[Reply]:
    """Keep a group of answers in one transaction and say the verdict on each, in order (fairness §4).

    One statement reads what was kept before, one writes what is new: the cost of an answer does not grow with the
    room. Content that does not belong to the turn, and strangers, are refused alike and leave nothing.
    """
    turns = {row.id: row for row in _turns(session, {one.turn_id for one in sent})}
    players = _players(session, {one.attempt_id for one in sent})
    behind = _behind(session, turns.values(), players)
    before = _kept(session, sent)
    used = {(attempt_id, entry.m): turn_id for (attempt_id, turn_id), kept in before.items() for entry in kept}
    asked = {id: question.from_json(row.content) for id, row in turns.items()}
    rows: list[dict[str, object]] = []
    first: dict[tuple[int, int], int] = defaultdict(int)
    replies = []
    for one in sent:
        row = turns.get(one.turn_id)
        lag = behind.get((one.attempt_id, one.turn_id), 0)
        if row is None or players.get(one.attempt_id) != row.show_id or not _is_reached(row, lag, one.read_at):
            replies.append(Reply("refused"))
            continue
        if used.setdefault((one.attempt_id, one.m), one.turn_id) != one.turn_id:
            replies.append(Reply("reused"))
            continue
        entries = before[one.attempt_id, one.turn_id]
        reply, entry = _decide(one, row, asked[row.id], entries, lag)
        replies.append(reply)
        if entry is not None:
            entries.append(entry)
            rows.append(_answer_row(one, row, entry))
            first[row.show_id, row.id] += entry.n == 1
    if rows:
        session.execute(insert(Answer), rows)
    for (show_id, turn_id), new in first.items():
        if new:
            news.tell(session, AnswersKept(show_id, turn_id, new))
    return replies


def note_shown(session: Session, attempt_id: str, turn_id: int, *, now: datetime) -> None:
    """Keep when a player's page first said that the options of an open turn are on screen."""
    row = session.get(Turn, turn_id)
    players = _players(session, {attempt_id})
    if row is None or row.opens_at is None or players.get(attempt_id) != row.show_id:
        return
    if _is_locked(row, _behind(session, [row], players).get((attempt_id, turn_id), 0), now):
        return
    values = {"attempt_id": attempt_id, "turn_id": turn_id, "received_at": now}
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(Shown).values(values).on_conflict_do_nothing())


def remove(session: Session, show: Show, attempt_id: str, *, now: datetime) -> None:
    """Send a player out: off the boards, and no further answers."""
    row = _inside(session, show, attempt_id)
    row.removed_at = row.removed_at or now
    news.tell(session, PlayerRemoved(show.id, attempt_id))


def rename(session: Session, show: Show, attempt_id: str, typed: str | None, *, now: datetime) -> str:
    """Show a player under another name from now on, everywhere; without one, under a name that is given.

    Refuses a name that cannot be shown. Answers and points stay; it returns the name.
    """
    row = _inside(session, show, attempt_id)
    if typed and typed.strip():
        player_names.carry(session, show, row, player_names.read(typed))
    else:
        player_names.carry_given(session, show, row)
    news.tell(session, PlayerRenamed(show.id, attempt_id))
    return row.name or ""


def lock_room(session: Session, show: Show, locked: bool, *, now: datetime) -> None:
    """Close the door to newcomers, or open it again; whoever is inside stays and may come back."""
    show.locked = locked
    news.tell(session, ConsoleChanged(show.id))


def present(session: Session, show: Show) -> list[Attempt]:
    """Everybody in the room in the order they came, without those sent out."""
    inside = select(Attempt).where(Attempt.show_id == show.id, Attempt.removed_at.is_(None))
    return list(session.scalars(inside.order_by(Attempt.started_at, Attempt.id)))


def teams(session: Session, show: Show) -> list[str]:
    """The teams that people in the room already belong to, so that the next one spells theirs alike."""
    inside = select(Attempt.team).where(Attempt.show_id == show.id, Attempt.removed_at.is_(None))
    known = inside.where(Attempt.team.is_not(None)).distinct()
    return [team for team in session.scalars(known.order_by(Attempt.team).limit(MOST_TEAMS)) if team]


def profile(session: Session, bearer: Bearer) -> dict[str, str] | None:
    """Name and team of a player; `None` for somebody who only follows."""
    row = session.get(Attempt, bearer.attempt_id) if bearer.part == "player" else None
    return None if row is None else {"id": row.id, "name": row.name or "", "team": row.team or ""}


def _identify_player(session: Session, show: Show, token: str) -> Bearer:
    own = select(Attempt.id).where(Attempt.token_hash == tokens.token_hash(token), Attempt.show_id == show.id)
    attempt_id = session.scalar(own.where(Attempt.removed_at.is_(None)))
    if attempt_id is None:
        raise NotFound("Không tìm thấy người chơi này trong phòng. Vui lòng vào phòng lại.")
    return Bearer("player", show.id, attempt_id)


def _inside(session: Session, show: Show, attempt_id: str) -> Attempt:
    row = session.get(Attempt, attempt_id)
    if row is None or row.show_id != show.id:
        raise NotFound("Không tìm thấy người chơi này trong phòng.")
    return row


def _turns(session: Session, ids: set[int]) -> Sequence[Turn]:
    return session.scalars(select(Turn).where(Turn.id.in_(ids))).all()


def _players(session: Session, ids: set[str]) -> dict[str, int | None]:
    inside = select(Attempt.id, Attempt.show_id).where(Attempt.id.in_(ids), Attempt.removed_at.is_(None))
    return {id: show_id for id, show_id in session.execute(inside)}


def _kept(session: Session, sent: Sequence[Sent]) -> dict[tuple[str, int], list[Entry]]:
    """What these people sent before for these turns, and wherever else they used the same ids."""
    attempts, turns, ids = ({getattr(one, name) for one in sent} for name in ("attempt_id", "turn_id", "m"))
    kept: dict[tuple[str, int], list[Entry]] = defaultdict(list)
    rows = session.execute(
        select(Answer.attempt_id, Answer.turn_id, Answer.m, Answer.chosen, Answer.n, Answer.verdict)
        .where(Answer.attempt_id.in_(attempts), Answer.turn_id.in_(turns) | Answer.m.in_(ids))
        .order_by(Answer.id)
    )
    for attempt_id, turn_id, m, chosen, n, verdict in rows:
        kept[attempt_id, turn_id or 0].append(Entry(m, tuple(chosen), n, cast(Kept, verdict)))
    return kept


def _behind(session: Session, turns: Iterable[Turn], attempt_ids: Iterable[str]) -> dict[tuple[str, int], int]:
    """How far behind the programme these players are in the turns beside a stream; elsewhere nobody asks."""
    streamed = [row.id for row in turns if row.show.stream is not None]
    return lags.of_answers(session, streamed, attempt_ids) if streamed else {}


def _is_reached(row: Turn, lag: int, read_at: datetime) -> bool:
    """A turn whose stem is still to be shown to a player does not exist for that player."""
    if row.reading_at is None or row.opens_at is None or row.closes_at is None:
        return False
    return lag == 0 or read_at >= shifted(row.reading_at, lag)


def _is_locked(row: Turn, lag: int, read_at: datetime) -> bool:
    """Whether a turn is closed for good for a player: who is further behind hears of its end so much later."""
    if lag == 0 or not row.lock_told:
        return row.lock_told
    ended = shifted(programme.locked_at(sight.times(row)), lag)
    return ended is None or read_at >= ended


def _decide(one: Sent, row: Turn, asked: Question, entries: Sequence[Entry], lag: int) -> tuple[Reply, Entry | None]:
    if not asked.admits(one.chosen):
        return Reply("refused"), None
    assert row.opens_at is not None and row.closes_at is not None
    may_change = settings_from_json(row.show.settings).may_change
    message = answering.Message(one.m, one.chosen, one.read_at)
    window = Window(shifted(row.opens_at, lag), shifted(row.closes_at, lag))
    locked = _is_locked(row, lag, one.read_at)
    decision = answering.decide(message, entries, window, may_change=may_change, locked=locked)
    return Reply(decision.verdict, decision.stands), decision.entry


def _answer_row(one: Sent, row: Turn, entry: Entry) -> dict[str, object]:
    # The phone's id is used up by its first entry; a misused one is kept under an id of ours.
    return {
        "attempt_id": one.attempt_id,
        "question_id": row.question_id,
        "turn_id": row.id,
        "n": entry.n,
        "m": secrets.token_hex(16) if entry.kept_as == "bad" else entry.m,
        "chosen": list(entry.chosen),
        "given_at": one.read_at,
        "verdict": entry.kept_as,
    }
