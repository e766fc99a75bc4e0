"""Quizzes at one's own pace: start, answer, hand in, look back; the clock of the server decides.

An attempt of a contest starts in `sittings`; from then on it goes the same way as an exam.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, cast, get_args

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from quizapp.errors import Conflict, MovedAway, NotFound, Unreadable
from quizapp.models import Answer, Attempt, Topic, new_id
from quizapp.rules import answering, law, paper
from quizapp.rules.answering import Entry, Kept, Verdict
from quizapp.rules.law import Citation
from quizapp.rules.paper import MIX
from quizapp.rules.question import Question
from quizapp.rules.timing import GRACE, day_in_vietnam
from quizapp.services import banks, round_marks, round_papers, tokens

Mode = Literal["practice", "exam"]
CONTEST = "contest"

DEFAULT_SECONDS = 45  # of an exam, for each question
PACES = (30, 45, 60, 90)
KEPT_OPEN = timedelta(days=30)  # an unfinished practice is offered for so long
AT_A_TIME = 25  # attempts handed in by one call of the clock: nobody waits longer for a write than these take


@dataclass(frozen=True)
class Player:
    """Who sits: an account, a browser, or both. A browser without account owns only what it started itself."""

    person_id: str | None
    visitor: str | None


@dataclass(frozen=True)
class Wish:
    """What somebody wants to take: a topic or the mix, how many questions, with or without a clock."""

    topic: str
    questions: int
    mode: Mode
    seconds: int = DEFAULT_SECONDS


@dataclass(frozen=True)
class Place:
    """One question on somebody's paper, and what stands as their answer."""

    n: int
    question: Question
    options: tuple[int, ...]
    chosen: tuple[int, ...] | None = None

    @property
    def answered(self) -> bool:
        return self.chosen is not None

    @property
    def right(self) -> bool:
        """Whether the answer is right; ask only where the rules allow to know."""
        return self.question.is_right(self.chosen)


@dataclass(frozen=True)
class Outcome:
    """The verdict on an answer, and the choice that stands when a second one was refused."""

    verdict: Verdict
    stands: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Result:
    """What came of an attempt."""

    score: int
    of: int
    duration_ms: int
    by: str
    places: tuple[Place, ...]

    @property
    def wrong(self) -> tuple[Place, ...]:
        return tuple(place for place in self.places if not place.right)

    def to_read_again(self) -> tuple[tuple[Citation, tuple[int, ...]], ...]:
        """The articles behind what was wrong, in their order, each with the numbers of its questions."""
        found: dict[int, list[int]] = {}
        for place in self.wrong:
            cited = [law.parse_citation(text) for text in place.question.citations]
            for article in sorted({citation.article for citation in cited if citation is not None}):
                found.setdefault(article, []).append(place.n)
        return tuple((Citation(article), tuple(numbers)) for article, numbers in sorted(found.items()))


@dataclass(frozen=True)
class Unfinished:
    """An attempt to go on with: at question `n` of `of`, the first one without answer; `left` counts these. One of a
    contest belongs to a round and to no topic."""

    attempt_id: str
    topic: str
    mode: str
    round_id: int | None
    n: int
    of: int
    left: int
    deadline_at: datetime | None


# ── Starting ────────────────────────────────────────────────────────────────────────────────────────────────────


def start(
    session: Session, wish: Wish, player: Player, *, now: datetime, seed: bytes | None = None
) -> tuple[Attempt, str]:
    """Deal a paper and start the clock: the attempt and its bearer token, of which only the hash is kept.

    Refuses an unknown topic, one without questions, and sizes outside 5-30.
    """
    if not paper.FEWEST <= wish.questions <= paper.MOST:
        raise Unreadable("Số câu hỏi cần từ 5 đến 30.")
    if wish.topic != MIX and session.get(Topic, wish.topic) is None:
        raise NotFound("Không tìm thấy chủ đề này.")
    seed = seed or secrets.token_bytes(32)
    dealt = round_papers.free(session, None if wish.topic == MIX else wish.topic, now=now)
    drawn = paper.draw([entry.question for entry in dealt], wish.questions, seed, today=today(now))
    return _begin(session, wish, drawn, dealt, player, seed, now)


def practise_again(session: Session, attempt: Attempt, player: Player, *, now: datetime) -> Attempt:
    """A new practice with the questions that were not right, as the bank has them today."""
    if attempt.mode == CONTEST:
        raise NotFound
    if attempt.handed_in_at is None:
        raise Conflict("Bài này chưa nộp.")
    seed = secrets.token_bytes(32)
    wrong = {place.question.id for place in result(session, attempt).wrong}
    dealt = round_papers.free(session, now=now)
    again = paper.arrange([entry.question for entry in dealt if entry.question.id in wrong], seed)
    if not again:
        raise Conflict("Không có câu nào cần luyện lại.")
    wish = Wish(attempt.topic_slug or MIX, len(again), "practice")
    return _begin(session, wish, again, dealt, player, seed, now)[0]


def _begin(
    session: Session,
    wish: Wish,
    drawn: Sequence[paper.Place],
    dealt: Sequence[banks.Entry],
    player: Player,
    seed: bytes,
    now: datetime,
) -> tuple[Attempt, str]:
    if not drawn:
        raise Conflict("Chủ đề này chưa có câu hỏi. Vui lòng chọn chủ đề khác.")
    token, token_hash = tokens.new_token()
    version = {entry.question.id: entry.version for entry in dealt}
    limit = wish.seconds * len(drawn) if wish.mode == "exam" else None
    attempt = Attempt(
        id=new_id(),
        mode=wish.mode,
        person_id=player.person_id,
        visitor=player.visitor,
        token_hash=token_hash,
        holder=player.visitor or "",
        past_holders=[],
        started_at=now,
        topic_slug=wish.topic,
        paper=[{"q": one.question.id, "v": version[one.question.id], "o": list(one.options)} for one in drawn],
        seed=seed,
        limit_seconds=limit,
        deadline_at=None if limit is None else now + timedelta(seconds=limit),
    )
    session.add(attempt)
    session.flush()
    return attempt, token


# ── Finding and holding ─────────────────────────────────────────────────────────────────────────────────────────


def find(session: Session, attempt_id: str, player: Player, *, for_change: bool = False) -> Attempt:
    """Somebody's own self-paced attempt; anything else looks as if it did not exist.

    `for_change` makes it wait its turn, so that no answer slips in beside a hand-in.
    """
    attempt = session.get(Attempt, attempt_id, with_for_update=for_change or None)
    if attempt is None or attempt.mode == "live" or not _owns(player, attempt):
        raise NotFound("Không tìm thấy bài làm này trên máy đang dùng.")
    return attempt


def find_by_token(session: Session, attempt_id: str, token: str, *, for_change: bool = False) -> Attempt:
    """The attempt of whoever holds its bearer token."""
    attempt = session.get(Attempt, attempt_id, with_for_update=for_change or None)
    known = attempt is not None and secrets.compare_digest(attempt.token_hash, tokens.token_hash(token))
    if attempt is None or attempt.mode == "live" or not known:
        raise NotFound("Không tìm thấy bài làm này.")
    return attempt


def is_held(attempt: Attempt, device: str) -> bool:
    """Whether this device has the attempt in hand already."""
    return attempt.holder == device


def hold(attempt: Attempt, device: str) -> None:
    """Let a device take the attempt in hand: a newer one takes over, the one it was taken from is refused."""
    if attempt.holder == device:
        return
    if device in attempt.past_holders:
        raise MovedAway()
    take_back(attempt, device)


def take_back(attempt: Attempt, device: str) -> None:
    """Take the attempt in hand, whoever has it now."""
    if attempt.holder == device:
        return
    past = [one for one in attempt.past_holders if one != device]
    attempt.past_holders = [*past, attempt.holder] if attempt.holder else past
    attempt.holder = device


def unfinished(session: Session, player: Player, *, now: datetime) -> list[Unfinished]:
    """What somebody began and can still go on with, the latest first."""
    mine = _owned_by(player)
    if mine is None:
        return []
    open_ones = (
        mine,
        Attempt.mode != "live",
        Attempt.handed_in_at.is_(None),
        Attempt.started_at > now - KEPT_OPEN,
        (Attempt.deadline_at.is_(None)) | (Attempt.deadline_at > now),
    )
    found = session.scalars(select(Attempt).where(*open_ones).order_by(Attempt.started_at.desc()).limit(5)).all()
    return [_where_left(session, attempt) for attempt in found]


def history(session: Session, person_id: str, *, limit: int = 50) -> Sequence[Attempt]:
    """What somebody practised and handed in, the latest first; attempts of contests stand with their contest."""
    mine = (
        Attempt.person_id == person_id,
        Attempt.mode.in_(get_args(Mode)),
        Attempt.handed_in_at.is_not(None),
    )
    return session.scalars(select(Attempt).where(*mine).order_by(Attempt.started_at.desc()).limit(limit)).all()


# ── Answering and handing in ────────────────────────────────────────────────────────────────────────────────────


def answer(
    session: Session, attempt: Attempt, question_id: str, m: str, chosen: Sequence[int], *, now: datetime
) -> Outcome:
    """Take an answer and say the verdict (fairness §4). In an exam the last one counts, in practice the first; in a
    contest its rulebook says.

    Whether it is right is not looked at. What is no answer to a question of this paper is `refused` and leaves nothing.
    """
    place = next((kept for kept in attempt.paper if kept["q"] == question_id), None)
    if place is None:
        return Outcome("refused")
    if not _questions(session, attempt, [place])[question_id, place["v"]].admits(chosen):
        return Outcome("refused")
    rows = session.scalars(
        select(Answer)
        .where(Answer.attempt_id == attempt.id, (Answer.question_id == question_id) | (Answer.m == m))
        .order_by(Answer.id)
    ).all()
    if any(row.m == m and row.question_id != question_id for row in rows):
        return Outcome("reused")
    decision = answering.decide(
        answering.Message(m, tuple(chosen), now),
        _entries(rows),
        attempt.window,
        may_change=may_change(session, attempt),
        locked=attempt.handed_in_at is not None,
    )
    if decision.entry is not None:
        session.add(_row(attempt, question_id, decision.entry, now))
        session.flush()
    return Outcome(decision.verdict, decision.stands)


def hand_in(session: Session, attempt: Attempt, *, now: datetime) -> None:
    """Close the attempt and count its right answers, in a contest as far as its rulebook allows that now. Handing in
    again changes nothing.

    What comes after the deadline is stamped with it, and after the grace it counts as handed in by the server.
    """
    if attempt.handed_in_at is not None:
        return
    window = attempt.window
    by = "auto" if window.is_over(now) else "self"
    values: dict[str, Any] = {"handed_in_at": window.stamp(now), "handed_in_by": by}
    if attempt.mode == CONTEST:
        values |= round_marks.at_hand_in(session, attempt, _standing(session, attempt))
    else:
        values["score"] = sum(place.right for place in places(session, attempt))
    unclaimed = update(Attempt).where(Attempt.id == attempt.id, Attempt.handed_in_at.is_(None)).values(values)
    done = session.execute(unclaimed, execution_options={"synchronize_session": False})
    if cast("CursorResult[Any]", done).rowcount != 1:
        session.refresh(attempt)
        return
    for name, value in values.items():
        set_committed_value(attempt, name, value)
    if attempt.mode == CONTEST:
        round_marks.recount(session, round_papers.round_of(session, attempt), attempt.contestant_id)


def is_due(attempt: Attempt, *, now: datetime) -> bool:
    """Whether the server must hand this attempt in."""
    return attempt.handed_in_at is None and attempt.window.is_over(now)


def anything_due(session: Session, *, now: datetime) -> bool:
    """Whether any attempt waits for `hand_in_due`."""
    return session.scalar(_due(now).limit(1)) is not None


def hand_in_due(session: Session, *, now: datetime) -> int:
    """Hand in the attempts whose time is over, whether or not anybody returns, and say how many that were."""
    waiting = session.scalars(_due(now).order_by(Attempt.deadline_at).limit(AT_A_TIME)).all()
    for attempt_id in waiting:
        attempt = session.get(Attempt, attempt_id, with_for_update=True)
        if attempt is not None and is_due(attempt, now=now):
            hand_in(session, attempt, now=now)
    return len(waiting)


# ── Looking ─────────────────────────────────────────────────────────────────────────────────────────────────────


def places(session: Session, attempt: Attempt) -> tuple[Place, ...]:
    """The paper as it was dealt, with the answers that stand."""
    asked = _questions(session, attempt, attempt.paper)
    standing = _standing(session, attempt)
    return tuple(
        Place(n, asked[kept["q"], kept["v"]], tuple(kept["o"]), standing.get(kept["q"]))
        for n, kept in enumerate(attempt.paper, start=1)
    )


def may_change(session: Session, attempt: Attempt) -> bool:
    """Whether an answer may be changed before the hand-in, so that the last one counts and not the first."""
    if attempt.mode == CONTEST:
        return round_papers.rules_of(session, attempt).change_answers
    return attempt.mode == "exam"


def result(session: Session, attempt: Attempt) -> Result:
    """What came of a handed-in attempt, with every key; refuses one that is still open, and those of contests."""
    if attempt.mode == CONTEST:
        raise NotFound
    if attempt.handed_in_at is None or attempt.score is None:
        raise Conflict("Bài này chưa nộp.")
    length = attempt.handed_in_at - attempt.started_at
    return Result(
        score=attempt.score,
        of=len(attempt.paper),
        duration_ms=length // timedelta(milliseconds=1),
        by=attempt.handed_in_by or "self",
        places=places(session, attempt),
    )


def today(now: datetime) -> date:
    """The day in Viet Nam: what is dealt must be the law on it."""
    return day_in_vietnam(now)


def _owns(player: Player, attempt: Attempt) -> bool:
    if attempt.person_id is not None:
        return attempt.person_id == player.person_id
    return attempt.visitor is not None and attempt.visitor == player.visitor


def _owned_by(player: Player) -> Any:
    """The condition that says the same as `_owns`; nothing for somebody without account and browser."""
    by_browser = (Attempt.visitor == player.visitor) & Attempt.person_id.is_(None)
    by_person = Attempt.person_id == player.person_id
    if player.person_id is None:
        return None if player.visitor is None else by_browser
    return by_person if player.visitor is None else by_person | by_browser


def _due(now: datetime) -> Any:
    return select(Attempt.id).where(Attempt.deadline_at <= now - GRACE, Attempt.handed_in_at.is_(None))


def _where_left(session: Session, attempt: Attempt) -> Unfinished:
    answered = _standing(session, attempt)
    left = [n for n, kept in enumerate(attempt.paper, start=1) if kept["q"] not in answered]
    of = len(attempt.paper)
    return Unfinished(
        attempt_id=attempt.id,
        topic=attempt.topic_slug or MIX,
        mode=attempt.mode,
        round_id=attempt.round_id,
        n=left[0] if left else of,
        of=of,
        left=len(left),
        deadline_at=attempt.deadline_at,
    )


def _questions(
    session: Session, attempt: Attempt, kept: Sequence[Mapping[str, Any]]
) -> dict[tuple[str, int], Question]:
    """The questions of these places, each at the version that was dealt."""
    if attempt.mode == CONTEST:
        asked = round_papers.asked(session, attempt)
        return {(place["q"], place["v"]): asked[place["q"]].question for place in kept}
    return banks.questions(session, [(place["q"], place["v"]) for place in kept])


def _standing(session: Session, attempt: Attempt) -> dict[str, tuple[int, ...]]:
    """The answer that counts for each answered question."""
    counts = func.max(Answer.n) if may_change(session, attempt) else func.min(Answer.n)
    taken = (Answer.attempt_id == attempt.id, Answer.verdict == "ok")
    which = select(Answer.question_id, counts.label("n")).where(*taken).group_by(Answer.question_id).subquery()
    rows = session.execute(
        select(Answer.question_id, Answer.chosen)
        .join(which, (which.c.question_id == Answer.question_id) & (which.c.n == Answer.n))
        .where(*taken)
    )
    return {question_id: tuple(chosen) for question_id, chosen in rows}


def _entries(rows: Sequence[Answer]) -> list[Entry]:
    return [Entry(row.m, tuple(row.chosen), row.n, cast("Kept", row.verdict)) for row in rows]


def _row(attempt: Attempt, question_id: str, entry: Entry, now: datetime) -> Answer:
    return Answer(
        attempt_id=attempt.id,
        question_id=question_id,
        n=entry.n,
        m=new_id() if entry.kept_as == "bad" else entry.m,  # its own id is taken: that is why it is refused
        chosen=list(entry.chosen),
        given_at=now,
        verdict=entry.kept_as,
    )
