"""The calls for topics and for quizzes at one's own pace: look what there is, start, answer, hand in."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from quizapp import clock, db
from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import EPOCH
from quizapp.rules import law
from quizapp.rules.paper import FEWEST, MOST
from quizapp.rules.question import LARGEST_NUMBER, Kind, Text
from quizapp.services import banks, quizzes
from quizapp.services.quizzes import Place, Player, Wish
from quizapp.web import limits
from quizapp.web.api import Message, call
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
    score: int
    of: int
    duration_ms: int
    review: list[Reviewed]


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
        places = quizzes.places(session, attempt)
    assert attempt.deadline_at is not None
    deadline = (attempt.deadline_at - EPOCH) // timedelta(milliseconds=1)
    return Dealt(attempt=attempt.id, token=token, deadline_at=deadline, questions=[_shown(place) for place in places])


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
        result = quizzes.result(session, attempt)
    return HandedIn(
        score=result.score,
        of=result.of,
        duration_ms=result.duration_ms,
        review=[_reviewed(place) for place in result.places],
    )


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
