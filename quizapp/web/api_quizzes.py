"""The calls for topics and for quizzes at one's own pace: look what there is, start, answer, hand in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType
from sqlalchemy.orm import Session

from quizapp import clock, db
from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import EPOCH, Attempt
from quizapp.rules import law
from quizapp.rules.contest import POINT
from quizapp.rules.paper import FEWEST, MOST
from quizapp.rules.question import LARGEST_NUMBER, Kind, Text
from quizapp.services import banks, quizzes, round_marks, round_papers
from quizapp.services.quizzes import CONTEST, Place, Player, Wish
from quizapp.web import limits
from quizapp.web.api import Message, call
from quizapp.web.contest_view import round_view
from quizapp.web.frame import language

MessageId = Annotated[
    str, Meta(pattern="^[0-9a-f]{32}$", max_length=32, description="fresh for each answer, repeated on every retry")
]
OptionNumber = Annotated[int, Meta(ge=0, le=15)]
Number = Annotated[int, Meta(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]


class Names(Message):
    vi: str
    en: str


class TopicLine(Message):
    slug: str
    letter: str
    name: Names
    questions: int


class TopicPage(Message):
    slug: str
    letter: str
    name: Names
    lead: Names
    questions: int
    kinds: dict[str, int]
    difficulties: dict[str, int]


class Topics(Message):
    topics: list[TopicLine]


class NewAttempt(Message):
    questions: Annotated[int, Meta(ge=FEWEST, le=MOST)] = 10


class ShownOption(Message):
    o: int
    text: str


class ShownQuestion(Message):
    n: int
    q: str
    kind: Kind
    stem: str
    options: list[ShownOption]


class Dealt(Message):
    attempt: str
    token: str
    deadline_at: int
    questions: list[ShownQuestion]


class QuizAnswer(Message):
    """`o` lists option numbers, ascending, or in the person's order; a number question sends `v` instead."""

    m: MessageId
    q: Annotated[str, Meta(max_length=80)]
    o: Annotated[list[OptionNumber], Meta(max_length=16)] | UnsetType = UNSET
    v: Number | UnsetType = UNSET

    def chosen(self) -> list[int]:
        """The choice in the one form that rules know; refuses a message with both fields or with none."""
        if isinstance(self.o, UnsetType) and not isinstance(self.v, UnsetType):
            return [self.v]
        if isinstance(self.v, UnsetType) and not isinstance(self.o, UnsetType):
            return list(self.o)
        raise Unreadable()


class QuizVerdict(Message):
    verdict: str
    o: list[int] | UnsetType = UNSET


class BasisLine(Message):
    text: str
    path: str


class Reviewed(Message):
    n: int
    q: str
    chosen: list[int] | None
    right: bool
    key: list[int]
    basis: list[BasisLine]
    explanation: str


class HandedIn(Message):
    """`score` is left out, and `review` empty, where a contest does not show them now; `points` and `full` are of
    contests."""

    of: int
    duration_ms: int
    review: list[Reviewed]
    score: int | UnsetType = UNSET
    points: float | UnsetType = UNSET
    full: float | UnsetType = UNSET


@call("GET", "/topics", reply=Topics)
def topics() -> Topics:
    """All topics with how many questions each deals."""
    with db.read() as session:
        found = banks.topics(session)
    return Topics(
        topics=[
            TopicLine(slug=one.slug, letter=one.letter, name=_names(one.name), questions=one.questions) for one in found
        ]
    )


@call("GET", "/topics/<slug>", reply=TopicPage, refuses=(NotFound,))
def topic(slug: str) -> TopicPage:
    """One topic with its counts by kind and difficulty; never a key."""
    with db.read() as session:
        found = banks.topic(session, slug)
    return TopicPage(
        slug=found.slug,
        letter=found.letter,
        name=_names(found.name),
        lead=_names(found.lead),
        questions=found.questions,
        kinds=dict(found.kinds),
        difficulties=dict(found.difficulties),
    )


@call("POST", "/quizzes/<topic>/attempts", body=NewAttempt, reply=Dealt, status=201, refuses=(NotFound, Conflict))
@limits.limiter.limit(limits.START)
def start(topic: str, body: NewAttempt) -> Dealt:
    """Deal an exam on a topic (`tong-hop`: a mix) and start its clock: 45 seconds for each question."""
    with db.begin() as session:
        wish = Wish(topic, body.questions, "exam")
        attempt, token = quizzes.start(session, wish, Player(None, None), now=clock.now())
        return dealt(attempt, quizzes.places(session, attempt), token)


@call("POST", "/attempts/<id>/answers", body=QuizAnswer, reply=QuizVerdict, bearer=True, refuses=(NotFound,))
def answer(id: str, token: str, body: QuizAnswer) -> QuizVerdict:
    """Take an answer; the last one before the deadline counts. The same message again gets the same verdict."""
    now = clock.now()
    chosen = body.chosen()
    with db.begin() as session:
        attempt = quizzes.find_by_token(session, id, token, for_change=True)
        outcome = quizzes.answer(session, attempt, body.q, body.m, chosen, now=now)
    return QuizVerdict(verdict=outcome.verdict, o=UNSET if outcome.stands is None else list(outcome.stands))


@call("POST", "/attempts/<id>/handin", reply=HandedIn, bearer=True, refuses=(NotFound,))
def hand_in(id: str, token: str) -> HandedIn:
    """Close the attempt and tell its score, with key and legal basis; again, the same reply."""
    now = clock.now()
    with db.begin() as session:
        attempt = quizzes.find_by_token(session, id, token, for_change=True)
        quizzes.hand_in(session, attempt, now=now)
        if attempt.mode == CONTEST:
            return _handed_in(session, attempt, now)
        result = quizzes.result(session, attempt)
    return HandedIn(
        score=result.score,
        of=result.of,
        duration_ms=result.duration_ms,
        review=[_reviewed(place) for place in result.places],
    )


def dealt(attempt: Attempt, places: Sequence[Place], token: str) -> Dealt:
    """A started attempt as the interface tells it."""
    assert attempt.deadline_at is not None  # practice without a clock does not start here
    deadline = (attempt.deadline_at - EPOCH) // timedelta(milliseconds=1)
    return Dealt(attempt=attempt.id, token=token, deadline_at=deadline, questions=[_shown(place) for place in places])


def _handed_in(session: Session, attempt: Attempt, now: datetime) -> HandedIn:
    """What came of a contest's attempt, as far as its rulebook shows it; never a key."""
    row = round_papers.round_of(session, attempt)
    reply = HandedIn(of=len(attempt.paper), duration_ms=round_marks.as_sitting(attempt).duration_ms, review=[])
    if attempt.score is not None and attempt.points is not None and round_view(row.contest, row, now=now).shows_score:
        reply.score, reply.of = attempt.score, attempt.asked or 0
        reply.points, reply.full = round(attempt.points / POINT, 2), round((attempt.full or 0) / POINT, 2)
    return reply


def _names(text: Text) -> Names:
    return Names(vi=text.vi, en=text.en)


def _shown(place: Place) -> ShownQuestion:
    asked = place.question
    return ShownQuestion(
        n=place.n,
        q=asked.id,
        kind=asked.kind,
        stem=asked.stem.of(language()),
        options=[ShownOption(o=number, text=asked.options[number].of(language())) for number in place.options],
    )


def _reviewed(place: Place) -> Reviewed:
    asked = place.question
    return Reviewed(
        n=place.n,
        q=asked.id,
        chosen=None if place.chosen is None else list(place.chosen),
        right=place.right,
        key=list(asked.key),
        basis=[BasisLine(text=one.text, path=one.path) for one in law.basis(asked, language())],
        explanation=asked.explanation.of(language()),
    )
