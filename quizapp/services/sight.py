"""What a browser may know at this moment, as named fields: the only place that turns a turn into something sent.

Before the opening: the stem. While open and locked: stem and options. After the reveal: key, legal basis, explanation
and counts (fairness §10). Nothing is ever built from a whole row.

Beside a stream a viewer with latency L may know at `now` what the show looked like at programme time `now` − L
(ux §7): `view` says what that was, and instants in what is sent are already shifted for that viewer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.models import EPOCH, Answer, Attempt, HostPress, Show, Turn
from quizapp.rules import law, programme, question, teams
from quizapp.rules.question import Question
from quizapp.rules.stream import shifted
from quizapp.rules.turn import Phase, Position, Prediction, Times, phase
from quizapp.services import lags, predicting, results, rundown
from quizapp.services.results import Board
from quizapp.services.tokens import Bearer

TOP = 10
MOST_CHOICES = 6  # of a number or ordering question, the most frequent answers shown

Body = dict[str, Any]


@dataclass(frozen=True)
class View:
    """Where somebody is in the programme: the moment of it that has reached them, how far behind that is, and the turn
    and position as they were then."""

    at: datetime
    lag_ms: int
    turn: Turn | None
    position: Position

    @property
    def phase(self) -> Phase:
        """The phase they are in."""
        return phase(self.position, self.at)

    @property
    def through(self) -> int | None:
        """The last turn on the leaderboard that has reached them; `None` where it is the newest there is."""
        return None if self.lag_ms == 0 or self.position.ended else self.position.n


def times(turn: Turn) -> Times:
    """The moments of a turn, as rules want them."""
    return Times(
        opens_at=turn.opens_at,
        closes_at=turn.closes_at,
        told_open=turn.open_told,
        told_locked=turn.lock_told,
        revealed_at=turn.revealed_at,
        board_at=turn.board_at,
        voided_at=turn.voided_at,
        extended=turn.extended,
        reading_at=turn.reading_at,
    )


def present_turn(show: Show) -> Turn | None:
    """The turn a show is at; `None` in the lobby."""
    return next((turn for turn in show.turns if turn.n == show.position), None)


def position(show: Show) -> Position:
    """Where a show stands, as rules want it."""
    turn = present_turn(show)
    return Position(
        n=show.position,
        of=rundown.of(show),
        times=None if turn is None else times(turn),
        paused=show.paused_at is not None,
        ended=show.ended_at is not None,
        prediction=prediction(show),
    )


def view(session: Session, show: Show, bearer: Bearer, *, now: datetime) -> View:
    """Where `bearer` is in the programme at `now`: at the programme itself, or as far behind it as was fixed for the
    turn that has reached them. Who follows without playing is as far behind as the stream usually is.

    Whoever moves to another lane with the next turn goes on from where they are: never past its reading, never back.
    """
    if show.stream is None or bearer.part not in {"player", "follower"}:
        return View(now, 0, present_turn(show), position(show))
    played = [(turn, turn.reading_at) for turn in show.turns if turn.reading_at is not None]
    fixed = lags.of_bearer(session, show, bearer)
    latest = now
    for turn, read_at in sorted(played, key=lambda one: one[1], reverse=True):
        lag = fixed.get(turn.id, 0)
        at = min(latest, now - timedelta(milliseconds=lag))
        if at >= read_at:
            if lag == 0 and turn.n == show.position:
                return View(now, 0, turn, position(show))
            return View(at, lag, turn, _position_at(show, turn, at))
        latest = min(latest, read_at - timedelta(microseconds=1))
    return View(latest, 0, None, _position_at(show, None, latest))


def prediction(show: Show) -> Prediction | None:
    """The prediction as it was put to everybody, if it was."""
    if show.predicting_at is None or show.predicting_until is None:
        return None
    return Prediction(show.predicting_at, show.predicting_until, show.predicting_told)


def armed(turn: Turn, seconds: int) -> Body:
    """`turn:armed`: planned, without content."""
    return {"turn": turn.id, "cue_at": _ms(turn.opens_at), "window_ms": seconds * 1000}


def reading(show: Show, turn: Turn, language: str, now: datetime, lag_ms: int = 0) -> Body:
    """`turn:reading`: the stem, in short for a stream's picture too, and when the question opens for them (`null`
    while the host holds it)."""
    asked = question.from_json(turn.content)
    held = show.paused_at is not None and not turn.open_told
    return {
        "turn": turn.id,
        "n": turn.n,
        "of": rundown.of(show),
        "kind": asked.kind,
        "stem": asked.stem.of(language),
        "short": asked.short.of(language),
        "opens_at": None if held else _ms(shifted(turn.opens_at, lag_ms)),
        "now": _ms(now),
    } | cue(show, turn.reading_at)


def opened(show: Show, turn: Turn, language: str, now: datetime, lag_ms: int = 0) -> Body:
    """`turn:opened`: stem and options in the order of this show; sent again when the closing time changes."""
    asked = question.from_json(turn.content)
    return {
        "turn": turn.id,
        "n": turn.n,
        "of": rundown.of(show),
        "kind": asked.kind,
        "stem": asked.stem.of(language),
        "short": asked.short.of(language),
        "options": [{"o": o, "text": asked.options[o].of(language)} for o in turn.option_order],
        "opens_at": _ms(shifted(turn.opens_at, lag_ms)),
        "closes_at": _ms(shifted(turn.closes_at, lag_ms)),
        "now": _ms(now),
    } | cue(show, turn.opens_at)


def locked(show: Show, turn: Turn) -> Body:
    """`turn:locked`: nothing more is taken."""
    return {"turn": turn.id} | cue(show, programme.locked_at(times(turn)))


def revealed(show: Show, turn: Turn, board: Board, language: str) -> Body:
    """`turn:revealed`: the key, its legal basis, why, and how the answers were spread."""
    asked = question.from_json(turn.content)
    choices = board.counts(turn.n)
    return {
        "turn": turn.id,
        "key": list(asked.key),
        "basis": basis(asked, language),
        "explanation": asked.explanation.of(language),
        "counts": _spread(asked, choices),
        "answered": sum(choices.values()),
        "right": sum(count for choice, count in choices.items() if asked.is_right(choice)),
    } | cue(show, turn.revealed_at)


def predicted(session: Session, show: Show, language: str, now: datetime, lag_ms: int = 0) -> Body:
    """`prediction:opened`: what is asked, and until when a number is taken from this viewer."""
    return {
        "target": predicting.target(session, show),
        "question": predicting.question(session, show).of(language),
        "opens_at": _ms(shifted(show.predicting_at, lag_ms)),
        "closes_at": _ms(shifted(show.predicting_until, lag_ms)),
        "now": _ms(now),
    } | cue(show, show.predicting_at)


def cue(show: Show, at: datetime | None) -> Body:
    """`cue_at`: the programme time of what is told; only beside a stream, where somebody's picture reaches it later."""
    return {} if show.stream is None or at is None else {"cue_at": _ms(at)}


def basis(asked: Question, language: str) -> Body:
    """The legal basis of a question: words, and the place in the law's text."""
    href = next((one.path for one in law.basis(asked, language) if one.path), "")
    return {"text": law.basis_line(asked, language), "href": href}


def top(board: Board, language: str = "vi") -> Body:
    """`board`: the first ten, and how many there are. A line has a team only where there are teams; in a contest it has
    what people are compared by, and in a game of survival whether somebody is still in."""
    body: Body = {"top": [_line(board, line) for line in board.standings[:TOP]], "of": len(board.standings)}
    if board.teams:
        scores = teams.texts(board.teams[:TOP], language)
        body["teams"] = [
            {"rank": line.rank, "team": line.team, "score": score, "present": line.present}
            for line, score in zip(board.teams, scores, strict=False)
        ]
    return body if board.left is None else body | {"left": board.left}


def own(board: Board, attempt_id: str, turn: Turn | None) -> Body | None:
    """`you`: one player's points and rank, and after a reveal whether this answer was right. People hors concours see
    their points and stand nowhere."""
    line = board.line(attempt_id) or board.aside.get(attempt_id)
    if line is None:
        return None
    body: Body = {"points": line.points, "rank": line.rank or None, "of": len(board.standings)}
    if line.inside is not None:
        body["in"] = line.inside
    mark = None if turn is None else board.totals[attempt_id].marks.get(turn.n)
    if mark is not None:
        body["correct"] = mark.right
    return body


def state(session: Session, show: Show, bearer: Bearer, language: str, *, now: datetime) -> Body:
    """`state`: everything `bearer` may know now, complete in itself, so that nobody needs the past."""
    seen = view(session, show, bearer, now=now)
    at, turn = seen.phase, seen.turn
    body: Body = {"phase": at.value, "now": _ms(now), "joined": joined(session, show), "answers": []}
    if bearer.part == "player":
        body["name"] = session.get_one(Attempt, bearer.attempt_id).name or ""
    if at is Phase.PREDICTION:
        body["prediction"] = predicted(session, show, language, now, seen.lag_ms)
        said = predicting.own(session, bearer.attempt_id) if bearer.part == "player" else None
        if said is not None:
            body["prediction"]["v"] = said
    elif turn is not None and at is not Phase.FINISHED:
        body["turn"] = _turn_of_phase(session, show, turn, seen, language, now)
        if bearer.part == "player":
            body["answers"] = own_answers(session, bearer.attempt_id, turn)
    if bearer.part == "player" and at in {Phase.REVEAL, Phase.BOARD, Phase.FINISHED}:
        you = own(
            results.board(session, show, through=seen.through),
            bearer.attempt_id,
            None if at is Phase.FINISHED else turn,
        )
        if you is not None:
            body["you"] = you
    return body


def notice(session: Session, show: Show, seen: View) -> str:
    """The notice that somebody may read: one given since the moment that has reached them is still on its way."""
    if not show.notice or seen.lag_ms == 0:
        return show.notice
    latest = session.scalar(select(func.max(HostPress.at)).where(HostPress.show_id == show.id))
    return "" if latest is not None and latest > seen.at else show.notice


def instants(show: Show) -> list[datetime]:
    """Every moment at which the show came to look different, in order."""
    found = [show.predicting_at, show.ended_at]
    for turn in show.turns:
        was_open = turn.opens_at if turn.open_told else None
        found += [turn.reading_at, was_open, programme.locked_at(times(turn)), turn.revealed_at, turn.board_at]
    return sorted(moment for moment in found if moment is not None)


def own_answers(session: Session, attempt_id: str, turn: Turn) -> list[Body]:
    """One's own answers to the present turn, oldest first: those refused, and of those taken the newest."""
    rows = session.execute(
        select(Answer.chosen, Answer.verdict)
        .where(Answer.attempt_id == attempt_id, Answer.turn_id == turn.id)
        .order_by(Answer.id)
    )
    told = [{"turn": turn.id, "o": chosen, "verdict": _VERDICTS[verdict]} for chosen, verdict in rows]
    taken = [one for one in told if one["verdict"] == "kept"]
    return [one for one in told if one["verdict"] != "kept" or one is taken[-1]]


def joined(session: Session, show: Show) -> int:
    """How many players are in the room."""
    among = select(func.count()).select_from(Attempt)
    return session.scalar(among.where(Attempt.show_id == show.id, Attempt.removed_at.is_(None))) or 0


def answered(session: Session, turn: Turn) -> int:
    """How many players have an answer to a turn that was taken."""
    count = select(func.count()).select_from(Answer).join(Attempt, Attempt.id == Answer.attempt_id)
    taken = count.where(Answer.turn_id == turn.id, Answer.n == 1, Attempt.removed_at.is_(None))
    return session.scalar(taken) or 0


def newest_names(session: Session, show: Show, most: int = 24) -> list[str]:
    """The names of those who came last, newest first, for the lobby."""
    names = (
        select(Attempt.name)
        .where(Attempt.show_id == show.id, Attempt.removed_at.is_(None))
        .order_by(Attempt.started_at.desc(), Attempt.id)
        .limit(most)
    )
    return [name or "" for name in session.scalars(names)]


_VERDICTS = {"ok": "kept", "twice": "twice", "early": "early", "late": "late", "bad": "reused"}


def _position_at(show: Show, turn: Turn | None, at: datetime) -> Position:
    """Where the show stood at an earlier moment, in this turn."""
    return Position(
        n=0 if turn is None else turn.n,
        of=rundown.of(show),
        times=None if turn is None else programme.seen_at(times(turn), at),
        paused=programme.past(show.paused_at, at) is not None,
        ended=programme.past(show.ended_at, at) is not None,
        prediction=programme.prediction_at(prediction(show), at),
    )


def _turn_of_phase(session: Session, show: Show, turn: Turn, seen: View, language: str, now: datetime) -> Body:
    was = seen.position.times
    if was is None or seen.phase is Phase.READING or not was.told_open:
        return reading(show, turn, language, now, seen.lag_ms)  # also one skipped before its options were ever shown
    body = opened(show, turn, language, now, seen.lag_ms)
    if seen.phase in {Phase.REVEAL, Phase.BOARD} and was.revealed_at is not None:
        body |= revealed(show, turn, results.board(session, show, through=seen.through), language)
    return body


def _line(board: Board, line: results.Standing) -> Body:
    body: Body = {"rank": line.rank, "name": line.name, "points": line.points}
    if line.team:
        body["team"] = line.team
    if line.inside is not None:
        body["in"] = line.inside
    if line.off is not None:
        body["off"] = line.off
    compared = {"correct": line.correct, "prediction_distance": line.distance, "response_time": line.response_ms}
    names = {"prediction_distance": "distance", "response_time": "response_ms"}
    return body | {names.get(key, key): compared[key] for key in board.keys if compared.get(key) is not None}


def _spread(asked: Question, choices: dict[tuple[int, ...], int]) -> list[Body]:
    """Counts per option; for numbers and orders the most frequent answers."""
    frequent: Sequence[tuple[tuple[int, ...], int]] = sorted(choices.items(), key=lambda item: (-item[1], item[0]))
    if asked.kind == "number":
        return [{"v": choice[0], "count": count} for choice, count in frequent[:MOST_CHOICES]]
    if asked.kind == "order":
        return [{"o": list(choice), "count": count} for choice, count in frequent[:MOST_CHOICES]]
    return [
        {"o": o, "count": sum(count for choice, count in choices.items() if o in choice)}
        for o in range(len(asked.options))
    ]


def _ms(moment: datetime | None) -> int | None:
    if moment is None:
        return None
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000
