"""Every table, on one page. A row hands out the values that rules want; it decides nothing itself."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from quizapp.rules.timing import NEVER, Window

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Instant(TypeDecorator[datetime]):
    """A zone-aware instant, kept as whole microseconds since 1970: exact and alike on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        since = value - EPOCH  # a naive moment fails here, on purpose
        return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _from_us(value)


class Base(DeclarativeBase):
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own way to name column types
        datetime: Instant,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        list[int]: JSON,
        list[str]: JSON,
        str: Text,
        bytes: LargeBinary,
    }


def new_id() -> str:
    """An id nobody can guess: 32 hex digits."""
    return uuid.uuid4().hex


# ── The bank ────────────────────────────────────────────────────────────────────────────────────────────────────


class Topic(Base):
    """A field of policy; its questions come from `questions/<slug>.toml`."""

    __tablename__ = "topic"

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    letter: Mapped[str] = mapped_column(String(2))
    name_vi: Mapped[str]
    name_en: Mapped[str]
    lead_vi: Mapped[str] = mapped_column(default="")
    lead_en: Mapped[str] = mapped_column(default="")
    digest: Mapped[str] = mapped_column(String(64), default="")  # of the file last loaded
    text: Mapped[str] = mapped_column(default="", deferred=True)  # of that file: exports keep what they need not change
    revision: Mapped[str] = mapped_column(String(32), default=lambda: new_id())  # another one after every change


class Question(Base):
    """One question of the bank; what it says is in its versions, of which the newest approved one is dealt.

    `state` (rules.workflow) is that of the current version: while it is `approved` that version is dealt, otherwise the
    one that `stands`, if any.
    """

    __tablename__ = "question"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    topic_slug: Mapped[str] = mapped_column(ForeignKey("topic.slug"), index=True)
    state: Mapped[str] = mapped_column(String(16), default="approved")
    version: Mapped[int] = mapped_column(default=1)  # the current one
    stands: Mapped[int | None]  # the earlier approved version that is dealt while the current one is not yet approved
    reason: Mapped[str] = mapped_column(default="")  # why it was sent back or must be looked at again

    versions: Mapped[list[QuestionVersion]] = relationship(
        back_populates="question", order_by="QuestionVersion.version"
    )


class QuestionVersion(Base):
    """What a question said from a certain moment on. Never edited: results refer to the version answered.

    `content` is the value of `rules.question.Question` as JSON; options are numbered from 0 in an order shuffled when
    the version is made, never the author's.
    """

    __tablename__ = "question_version"
    __table_args__ = (UniqueConstraint("question_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("question.id"))
    version: Mapped[int]
    content: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(8))  # file | editor | import
    in_file: Mapped[bool] = mapped_column(default=False)  # the question's file said this too
    author_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    approver_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]  # a file's version is approved by its second reading, kept in its own file
    stale: Mapped[list[str]] = mapped_column(default=list)  # texts whose English is older than their Vietnamese
    search: Mapped[str] = mapped_column(default="")  # folded text, for a search that ignores accents
    made_at: Mapped[datetime]

    question: Mapped[Question] = relationship(back_populates="versions")


class QuestionComment(Base):
    """What a reviewer remarks on one field of a question, open until somebody settles it."""

    __tablename__ = "question_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]  # the version it was written about
    field: Mapped[str] = mapped_column(String(20))  # one of rules.workflow.FIELDS
    text: Mapped[str]
    author_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]
    settler_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    settled_at: Mapped[datetime | None]


class QuestionReading(Base):
    """The second reading of a question from a file, as `questions/readings/` tells it."""

    __tablename__ = "question_reading"

    question_id: Mapped[str] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    read_on: Mapped[str] = mapped_column(String(10))  # a day, as 2026-11-22
    articles: Mapped[list[str]]
    verdict: Mapped[str] = mapped_column(String(10))  # agreed | mended | replaced
    doubt: Mapped[str] = mapped_column(default="")
    digest: Mapped[str] = mapped_column(String(64))  # of what was read: the reading covers no later wording


class BankConflict(Base):
    """A question that its file and the editor changed in different ways since they last agreed.

    Once settled it is kept as long as the file says the same, so that the same choice is not asked for again.
    """

    __tablename__ = "bank_conflict"

    question_id: Mapped[str] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    base: Mapped[dict[str, Any] | None]  # what both started from; none where each wrote a question of its own
    theirs: Mapped[dict[str, Any] | None]  # what the file says now; none where the file dropped the question
    digest: Mapped[str] = mapped_column(String(64), default="")  # of `theirs`
    found_at: Mapped[datetime]
    settler_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    settled_at: Mapped[datetime | None]


class LawChange(Base):
    """A later act changed a place of the law: what rests on it must be looked at again."""

    __tablename__ = "law_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    article: Mapped[int] = mapped_column(index=True)
    clause: Mapped[int | None]
    changed_on: Mapped[str] = mapped_column(String(10))  # a day, as 2026-07-01
    act: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    questions: Mapped[int] = mapped_column(default=0)  # how many questions it sent back
    author_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]


class BankFilter(Base):
    """A choice of filters for the list of questions that somebody keeps under a name."""

    __tablename__ = "bank_filter"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    chosen: Mapped[dict[str, Any]]


class BankFault(Base):
    """Why the newest form of a question file was not taken; the last good bank stays. Cleared by a good load."""

    __tablename__ = "bank_fault"

    id: Mapped[int] = mapped_column(primary_key=True)
    file: Mapped[str]
    line: Mapped[int]
    question_id: Mapped[str] = mapped_column(String(80), default="")
    problem: Mapped[str]  # sentences with places for `details`, translated where they are shown
    remedy: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    found_at: Mapped[datetime]


class PrintedPaper(Base):
    """A paper drawn from a blueprint to be printed: its questions, each in the version it had then, never change.

    Its versions (`codes`) are the same questions in orders that follow from the seed and the code.
    """

    __tablename__ = "printed_paper"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(String(120))
    organization: Mapped[str] = mapped_column(String(200), default="")  # left of the state heading; none without it
    minutes: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(2))
    blueprint: Mapped[dict[str, Any]]  # rules.blueprint.Blueprint as JSON
    seed: Mapped[str] = mapped_column(String(40))  # the words that stand for the seed
    drawn_on: Mapped[str] = mapped_column(String(10))  # the day whose law it asks about, as 2026-11-22
    questions: Mapped[list[Any]]  # [{"q": question id, "v": version}] as drawn
    codes: Mapped[list[str]]
    author_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    made_at: Mapped[datetime]


class Upload(Base):
    """A file of questions that somebody looks over before they become drafts; kept for a day, shown to nobody else."""

    __tablename__ = "upload"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[str]
    format: Mapped[str] = mapped_column(String(16))
    notes: Mapped[list[Any]]  # what was left out or read in another way, as services.exchange.Remark
    conversion: Mapped[dict[str, Any] | None]  # letters that were turned into Unicode: charset, before, after
    made_at: Mapped[datetime] = mapped_column(index=True)


class UploadLine(Base):
    """One question of an uploaded file: what it says, what is wrong with it, and the draft that it has become."""

    __tablename__ = "upload_line"
    __table_args__ = (UniqueConstraint("upload_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    upload_id: Mapped[str] = mapped_column(ForeignKey("upload.id", ondelete="CASCADE"))
    number: Mapped[int]
    place: Mapped[str]  # where it stands in the file
    topic_slug: Mapped[str] = mapped_column(String(80), default="")
    said: Mapped[dict[str, Any]]  # a table of a question file, with days as text
    faults: Mapped[list[Any]]  # what stops it
    gaps: Mapped[list[Any]]  # what the bank will want before it is approved
    sound: Mapped[bool]  # nothing stops it
    question_id: Mapped[str | None] = mapped_column(String(80))


# ── People ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Person(Base):
    """An account. Phone and email are kept encrypted, with a keyed tag that allows to compare but not to read."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80))
    search: Mapped[str] = mapped_column(default="")  # folded name, for a search that ignores accents
    phone_tag: Mapped[str | None] = mapped_column(String(64), unique=True)
    phone_sealed: Mapped[bytes | None]
    email_tag: Mapped[str | None] = mapped_column(String(64), unique=True)
    email_sealed: Mapped[bytes | None]
    password_hash: Mapped[str]
    appears: Mapped[bool] = mapped_column(default=False)  # chose to stand on leaderboards
    language: Mapped[str] = mapped_column(String(2), default="vi")
    # whose household somebody without phone and email of their own belongs to: that account signs them in
    keeper_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    blocked_at: Mapped[datetime | None]
    made_at: Mapped[datetime]

    roles: Mapped[list[Role]] = relationship(back_populates="person", cascade="all, delete-orphan", lazy="selectin")


class Role(Base):
    """A site role of an account besides citizen, which everybody is."""

    __tablename__ = "role"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(16))  # organizer | reviewer | admin
    given_at: Mapped[datetime]

    person: Mapped[Person] = relationship(back_populates="roles")


class SignIn(Base):
    """One signed-in browser. The cookie holds a token, this row its hash; ending the row ends the session."""

    __tablename__ = "sign_in"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(
        String(80), default=""
    )  # what the person sees in the list, such as "Chrome, Android"
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInFailure(Base):
    """A wrong password for an account name, so that guessing can be slowed; the name only as its tag."""

    __tablename__ = "sign_in_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_tag: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)


class StaffDeed(Base):
    """What staff did: who, when, what, to which thing, before and after."""

    __tablename__ = "staff_deed"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    deed: Mapped[str] = mapped_column(String(40))
    thing: Mapped[str] = mapped_column(String(120))
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    at: Mapped[datetime] = mapped_column(index=True)


# ── One chain: attempt, answer ──────────────────────────────────────────────────────────────────────────────────


class Attempt(Base):
    """One run at a quiz: alone at one's own pace, or as a player of a show.

    `paper` is what was dealt and never changes: a list of `{"q": question id, "v": version, "o": [option numbers in
    the order shown]}`. In a show it is empty: the turns are the paper, the same for all.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        Index("attempt_of_person", "person_id", "started_at"),
        Index("attempt_of_visitor", "visitor"),
        Index("attempt_open", "handed_in_at", "deadline_at"),
        Index("attempt_board", "topic_slug", "mode", "handed_in_at"),
        Index("attempt_started", "started_at"),
        Index("attempt_counted", "mode", "handed_in_at"),
        Index("attempt_of_round", "round_id", "started_at"),
        Index(  # all that reports on a running round count by, so that they need not read the papers
            "attempt_report",
            "round_id",
            "contestant_id",
            "no",
            "started_at",
            "handed_in_at",
            "answered",
            "points",
            "full",
            "device_kind",
            "invalid_reason",
            "given_back_at",
            sqlite_where=text("round_id IS NOT NULL"),
            postgresql_where=text("round_id IS NOT NULL"),
        ),
        UniqueConstraint("show_id", "name_key"),
        UniqueConstraint("contestant_id", "round_id", "no"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    mode: Mapped[str] = mapped_column(String(8))  # practice | exam | live | contest
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    visitor: Mapped[str | None] = mapped_column(String(32))  # anonymous browser, from its signed cookie
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)  # bearer of the JSON interface, or of the player
    holder: Mapped[str] = mapped_column(String(32), default="")  # device that holds it now
    past_holders: Mapped[list[str]] = mapped_column(default=list)
    started_at: Mapped[datetime]

    # self-paced
    topic_slug: Mapped[str | None] = mapped_column(String(80))  # a topic, or "tong-hop" for a mix
    paper: Mapped[list[Any]] = mapped_column(default=list)
    seed: Mapped[bytes | None]
    limit_seconds: Mapped[int | None]
    deadline_at: Mapped[datetime | None]
    handed_in_at: Mapped[datetime | None]
    handed_in_by: Mapped[str | None] = mapped_column(String(4))  # self | auto
    score: Mapped[int | None]  # number of right answers, computed when handed in

    # in a contest's round, alone or live; what is counted follows from `rules.closing`
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    contestant_id: Mapped[int | None] = mapped_column(ForeignKey("contestant.id", ondelete="CASCADE"))
    no: Mapped[int | None]  # of this person in this round, from 1
    deal_no: Mapped[int | None]  # of this person in the whole contest, from 1: deals the paper (fairness §2.5)
    points: Mapped[int | None]  # in sixtieths, computed when handed in
    full: Mapped[int | None]  # full score of this paper, in sixtieths
    answered: Mapped[int | None]  # questions with an answer saved
    asked: Mapped[int | None]  # questions that count on this paper; without it, all of `paper`
    last_answers: Mapped[list[Any] | None]  # what stood at hand-in, in the order of `paper`: option numbers or null
    response_ms: Mapped[int | None]  # live: over right answers
    connected: Mapped[bool | None]  # live: was there when the last question locked
    invalid_reason: Mapped[str] = mapped_column(default="")  # declared void by people
    given_back_at: Mapped[datetime | None]  # never happened, for a fault of the server
    unit_id: Mapped[int | None]  # of the record when it started
    place_id: Mapped[int | None]
    device_tag: Mapped[str] = mapped_column(String(64), default="")  # keyed, changed daily: advice for flags only
    address_tag: Mapped[str] = mapped_column(String(64), default="")
    device_kind: Mapped[str] = mapped_column(String(8), default="")  # "" | phone | computer: for statistics only
    proxy: Mapped[bool] = mapped_column(default=False)  # answers typed in by the secretary from a card

    # live
    show_id: Mapped[int | None] = mapped_column(ForeignKey("show.id", ondelete="CASCADE"))
    name: Mapped[str | None] = mapped_column(String(40))  # shown on boards
    name_key: Mapped[str | None] = mapped_column(String(80))  # folded, unique in the room
    team: Mapped[str | None] = mapped_column(String(40))
    removed_at: Mapped[datetime | None]  # sent out by the host
    latency_ms: Mapped[int | None]  # how far behind the programme this player's picture is now (ux §7)
    latency_method: Mapped[str] = mapped_column(String(8), default="")  # rules.stream.Method

    answers: Mapped[list[Answer]] = relationship(back_populates="attempt", order_by="Answer.id")

    @property
    def window(self) -> Window:
        """When answers of a self-paced attempt count; practice never closes by itself."""
        return Window(self.started_at, self.deadline_at or NEVER)


class Answer(Base):
    """What was chosen for one question, and when it was read by the server. Kept as received: rows are only added.

    `n` counts the answers that were taken (verdict `ok`) for this question; others carry n = 0 - their place, so that
    the constraint still holds. The last `ok` counts, or the first where the rules say so.
    """

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("attempt_id", "question_id", "n"),
        UniqueConstraint("attempt_id", "m"),
        Index("answer_of_turn", "turn_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    question_id: Mapped[str] = mapped_column(String(80))
    turn_id: Mapped[int | None] = mapped_column(ForeignKey("turn.id", ondelete="CASCADE"))
    n: Mapped[int]
    m: Mapped[str] = mapped_column(String(32))
    chosen: Mapped[list[int]]  # option numbers, or [v] for a number question
    given_at: Mapped[datetime]
    verdict: Mapped[str] = mapped_column(String(8))  # ok | twice | early | late | bad

    attempt: Mapped[Attempt] = relationship(back_populates="answers")


# ── The show ────────────────────────────────────────────────────────────────────────────────────────────────────


class Show(Base):
    """The run of turns in a room. Phases follow from the times of its turns, never from a flag."""

    __tablename__ = "show"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - keys are made out for its number: none comes again

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(6), unique=True)
    title: Mapped[str]
    organizer_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)  # or free
    settings: Mapped[dict[str, Any]]  # rules.show.Settings as JSON
    seed: Mapped[bytes]
    made_at: Mapped[datetime]
    position: Mapped[int] = mapped_column(default=0)  # number of the present turn; 0 = lobby
    paused_at: Mapped[datetime | None]
    board_hidden: Mapped[bool] = mapped_column(default=False)
    locked: Mapped[bool] = mapped_column(default=False)  # nobody new may join
    notice: Mapped[str] = mapped_column(default="")
    alive_at: Mapped[datetime | None]  # heartbeat while a question is open: tells how long an outage was
    ended_at: Mapped[datetime | None]
    stream: Mapped[dict[str, Any] | None]  # rules.stream.Stream as JSON; a hall, or a show without a picture, has none
    # the stream's own clock (date of a frame, position in a video) minus programme time, as measured
    offset_ms: Mapped[int | None] = mapped_column(BigInteger)
    offset_at: Mapped[datetime | None]
    recording: Mapped[dict[str, Any] | None]  # rules.stream.Recording as JSON: where the show can be seen again
    autopilot: Mapped[dict[str, Any] | None]  # rules.autopilot.Plan as JSON
    autopilot_since: Mapped[datetime | None]  # it presses by itself; None: the host does
    scene: Mapped[str] = mapped_column(String(16), default="")  # what screens show beside the phase (rules.scene)
    predicting_at: Mapped[datetime | None]  # the prediction question was put to everybody (contest-rules §8.6)
    predicting_until: Mapped[datetime | None]
    predicting_told: Mapped[bool] = mapped_column(default=False)  # its end was announced
    proposal: Mapped[dict[str, Any] | None]  # a press that waits for a second person: what, turn, who, why, when
    rehearses_id: Mapped[int | None] = mapped_column(ForeignKey("show.id", ondelete="CASCADE"))  # plays nothing real

    turns: Mapped[list[Turn]] = relationship(back_populates="show", order_by="Turn.n")


class Turn(Base):
    """One question put to everybody at once."""

    __tablename__ = "turn"
    __table_args__ = (
        UniqueConstraint("show_id", "n"),
        Index("turn_due", "lock_told", "closes_at"),
        {"sqlite_autoincrement": True},  # what was played is kept in memory by its number: none comes again
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    show_id: Mapped[int] = mapped_column(ForeignKey("show.id", ondelete="CASCADE"))
    n: Mapped[int]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("question_version.id"))  # in a free room
    round_question_id: Mapped[int | None] = mapped_column(ForeignKey("round_question.id"))  # in a contest
    option_order: Mapped[list[int]]  # option numbers in the order shown to all
    reserve: Mapped[bool] = mapped_column(default=False)  # stands in for one that does not count, or breaks a tie
    standby: Mapped[bool] = mapped_column(default=False)  # a reserve not called yet: numbered behind all others
    cue_ms: Mapped[int | None]  # its planned opening, from the start of the show
    reading_at: Mapped[datetime | None]
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    open_told: Mapped[bool] = mapped_column(default=False)  # its opening was announced
    lock_told: Mapped[bool] = mapped_column(default=False)  # its end was announced and its answers marked
    extended: Mapped[bool] = mapped_column(default=False)
    outages: Mapped[list[Any]] = mapped_column(default=list)  # [{"at": µs, "ms": length}] while it was open
    revealed_at: Mapped[datetime | None]
    board_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(default="")

    show: Mapped[Show] = relationship(back_populates="turns")
    version: Mapped[QuestionVersion | None] = relationship()
    round_question: Mapped[RoundQuestion | None] = relationship()

    @property
    def content(self) -> dict[str, Any]:
        """The question that is put, as rules.question reads it."""
        return self._asked.content

    @property
    def question_id(self) -> str:
        """The id of that question."""
        return self._asked.question_id

    @property
    def _asked(self) -> QuestionVersion | RoundQuestion:
        asked = self.version or self.round_question
        assert asked is not None  # a turn always puts one
        return asked


class Shown(Base):
    """When a player's page said that the options are on screen: the base of the delivery allowance."""

    __tablename__ = "shown"
    __table_args__ = (UniqueConstraint("attempt_id", "turn_id"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    turn_id: Mapped[int] = mapped_column(ForeignKey("turn.id", ondelete="CASCADE"), index=True)
    received_at: Mapped[datetime]


class Lag(Base):
    """How far behind the programme a player was when a turn was armed: fixed then, and what moves that player's window
    (ux §7.3). Without a row a player is at the programme itself."""

    __tablename__ = "lag"

    turn_id: Mapped[int] = mapped_column(ForeignKey("turn.id", ondelete="CASCADE"), primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    latency_ms: Mapped[int]
    method: Mapped[str] = mapped_column(String(8))  # rules.stream.Method


class HostPress(Base):
    """Every press of the host, also the refused ones, with its reason."""

    __tablename__ = "host_press"

    id: Mapped[int] = mapped_column(primary_key=True)
    show_id: Mapped[int] = mapped_column(ForeignKey("show.id", ondelete="CASCADE"), index=True)
    turn_n: Mapped[int]
    press: Mapped[str] = mapped_column(String(16))
    details: Mapped[dict[str, Any]]
    refused: Mapped[str] = mapped_column(default="")
    # none: by the key of the room
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime]


class CommentList(Base):
    """Comments under a stream, brought as a file: entries of a traditional mini-game (contest-rules §14.4)."""

    __tablename__ = "comment_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    show_id: Mapped[int] = mapped_column(ForeignKey("show.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    file_name: Mapped[str] = mapped_column(default="")
    rules: Mapped[dict[str, Any]]  # rules.comment_entry.Rules as JSON: window, key, target
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]


class Comment(Base):
    """One comment as it was brought; what it counts as follows from the rules of its list (rules.comment_entry)."""

    __tablename__ = "comment"
    __table_args__ = (Index("comment_of_list", "list_id", "position"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("comment_list.id", ondelete="CASCADE"))
    position: Mapped[int]
    account: Mapped[str] = mapped_column(String(200))
    text: Mapped[str]
    said_at: Mapped[datetime | None]
    edited: Mapped[bool] = mapped_column(default=False)
    contestant_id: Mapped[int | None] = mapped_column(ForeignKey("contestant.id", ondelete="SET NULL"))


# ── Contests ────────────────────────────────────────────────────────────────────────────────────────────────────


class Contest(Base):
    """A competition under one rulebook. `settings` is rules.contest.Settings as JSON: a draft until published, then
    what the newest version of the rulebook says."""

    __tablename__ = "contest"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    settings: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(default=1)  # one more with every saved draft: two editors never overwrite
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    rehearsal: Mapped[bool] = mapped_column(default=False)
    seed_sealed: Mapped[bytes]  # S of fairness §2: deals papers
    pepper_sealed: Mapped[bytes]  # P: makes codes
    made_at: Mapped[datetime]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    draft: Mapped[dict[str, Any] | None]  # the next version of a published rulebook, while it is being written
    closed_file_at: Mapped[datetime | None]  # keeping of personal data is counted from here

    rounds: Mapped[list[Round]] = relationship(back_populates="contest", order_by="Round.position")


class Rulebook(Base):
    """One dated version of the rulebook, as published; never edited."""

    __tablename__ = "rulebook"
    __table_args__ = (UniqueConstraint("contest_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    version: Mapped[int]
    settings: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))  # of the canonical settings
    reason: Mapped[str] = mapped_column(default="")
    published_at: Mapped[datetime]


class ContestRole(Base):
    """What somebody does in one contest (architecture §8). A focal point belongs to one unit."""

    __tablename__ = "contest_role"
    __table_args__ = (UniqueConstraint("contest_id", "person_id", "role", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(16))  # secretariat | host | panel | judge | focal | committee | technical
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"))
    given_at: Mapped[datetime]


class Round(Base):
    """One round, or a list over several (`overall`), with its state (contest-rules §15). Its rules are in the contest's
    settings under `key`; times stand here too, for questions to the database."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("contest_id", "key"), Index("round_times", "state", "opens_at", "closes_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(60))
    overall: Mapped[bool] = mapped_column(default=False)  # a list over rounds: no attempts of its own
    position: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="DRAFT")  # rules.stage.State
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    paper_set_at: Mapped[datetime | None]  # its questions were committed (RoundQuestion)
    paper_root: Mapped[str | None] = mapped_column(String(64))  # of the tree over them (fairness §2.3)
    cut_at: Mapped[datetime | None]  # every attempt was handed in after closing
    target: Mapped[int | None]  # frozen (§8.2); percentages scaled
    target_rows: Mapped[int | None]
    frozen_at: Mapped[datetime | None]
    frozen_by: Mapped[str | None] = mapped_column(String(32))
    decision_number: Mapped[str] = mapped_column(default="")
    decided_on: Mapped[str | None] = mapped_column(String(10))
    announced_at: Mapped[datetime | None]
    complaints_until: Mapped[datetime | None]
    watch_word_sealed: Mapped[bytes | None]  # said on air; kept apart from the printed rulebook (§14.4)

    contest: Mapped[Contest] = relationship(back_populates="rounds")


class RoundQuestion(Base):
    """One question committed for a round: a leaf of its paper (fairness §2.3). `content` is rules.question.Question as
    it was, options numbered as there. `void` is the policy of a voiding decision, `also` the option it lets in too."""

    __tablename__ = "round_question"
    __table_args__ = (UniqueConstraint("round_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    question_id: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    position: Mapped[int]  # order on a fixed paper or in a show; among the bank of a drawn paper by id
    points: Mapped[int] = mapped_column(default=1)  # whole points
    content: Mapped[dict[str, Any]]
    salt: Mapped[bytes]
    reserve: Mapped[bool] = mapped_column(default=False)
    void: Mapped[str | None] = mapped_column(String(12))  # GIVE_ALL | REMOVE | ACCEPT_ALSO
    also: Mapped[list[int] | None]


class Unit(Base):
    """A node of a contest's tree of units (`unit`) or of places (`place`: province, commune). The headcount is proposed
    by the unit, approved by the secretariat, and locked before opening (§11)."""

    __tablename__ = "unit"
    __table_args__ = (Index("unit_of_contest", "contest_id", "tree", "parent_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    tree: Mapped[str] = mapped_column(String(5), default="unit")  # unit | place
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    key: Mapped[str] = mapped_column(String(80), default="")  # what an archive calls it, if it came with one
    level: Mapped[str] = mapped_column(String(60), default="")
    name: Mapped[str] = mapped_column(String(200))
    search: Mapped[str] = mapped_column(default="")
    code: Mapped[str] = mapped_column(String(40), default="")  # of a province: that of the official list
    typed: Mapped[bool] = mapped_column(default=False)  # came from a contestant's own words, to be merged or kept
    headcount: Mapped[int | None]  # approved
    headcount_proposed: Mapped[int | None]
    headcount_locked_at: Mapped[datetime | None]
    target_people: Mapped[int | None]  # chỉ tiêu
    target_attempts: Mapped[int | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    made_at: Mapped[datetime]


class Contestant(Base):
    """A registered person in one contest. `code` is their only name in the record (fairness §2)."""

    __tablename__ = "contestant"
    __table_args__ = (
        UniqueConstraint("contest_id", "person_id"),
        UniqueConstraint("contest_id", "code"),
        UniqueConstraint("contest_id", "key_tag"),
        UniqueConstraint("contest_id", "phone_tag", "phone_slot"),
        UniqueConstraint("contest_id", "invite_code"),
        Index("contestant_phone", "contest_id", "phone_tag"),
        Index("contestant_unit", "unit_id"),
        Index("contestant_place", "place_id"),
        Index("contestant_registered", "contest_id", "registered_at"),
        Index("contestant_status", "contest_id", "status"),
        Index("contestant_by_name", "contest_id", "sort_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    code: Mapped[str] = mapped_column(String(40))  # ten signs where made here; an archive may bring longer ones
    key_tag: Mapped[str | None] = mapped_column(String(64))  # one person, one entry: of the identity number, else phone
    name: Mapped[str] = mapped_column(String(120))
    search: Mapped[str] = mapped_column(default="")
    sort_key: Mapped[str] = mapped_column(default="")  # of the name, as Vietnamese lists stand (rules.registration)
    birth_sealed: Mapped[bytes | None]
    birth_known: Mapped[str] = mapped_column(String(5), default="")  # "" | year | month | day: how exact the date is
    age_from: Mapped[int | None]  # where the age group begins that they belong to (rules.age_group), for statistics
    sex: Mapped[str] = mapped_column(String(1), default="")  # "" | m | f
    phone_tag: Mapped[str | None] = mapped_column(String(64))
    phone_slot: Mapped[int | None]  # from 1 to `phone_shared_max` among those who gave this phone as their own
    phone_sealed: Mapped[bytes | None]
    phone_confirmed_at: Mapped[datetime | None]
    identity_tag: Mapped[str | None] = mapped_column(String(64), index=True)
    identity_sealed: Mapped[bytes | None]  # asked of winners only
    other_tag: Mapped[str | None] = mapped_column(String(64))
    email_sealed: Mapped[bytes | None]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    address: Mapped[bytes | None]  # house number and street, sealed
    occupation: Mapped[str] = mapped_column(String(40), default="")
    insurance_group: Mapped[str] = mapped_column(String(16), default="")
    division: Mapped[str | None] = mapped_column(String(60))
    delegate_code: Mapped[str | None] = mapped_column(String(40))
    team: Mapped[str | None] = mapped_column(String(120))
    status: Mapped[str] = mapped_column(String(16), default="ELIGIBLE")  # rules.tally.Status
    status_reason: Mapped[str] = mapped_column(default="")
    barred_rounds: Mapped[dict[str, Any]] = mapped_column(default=dict)  # key of round → reason
    guardian: Mapped[bool] = mapped_column(default=False)  # a guardian's phone or number stands for their own
    guardian_name: Mapped[str] = mapped_column(String(120), default="")
    guardian_phone_sealed: Mapped[bytes | None]
    guardian_at: Mapped[datetime | None]  # when the guardian consented
    accommodation: Mapped[int] = mapped_column(default=100)  # percent of the time limit; 0 is no limit
    invite_code: Mapped[str | None] = mapped_column(String(12))
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("contestant.id", ondelete="SET NULL"))
    distance_m: Mapped[int | None]  # checked distance from home, for a prize of the farthest contestant
    registered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Move(Base):
    """Somebody went to another unit or place: where they were before. Rows are only added, one for each change of the
    record, so that a list of some rounds counts people where they were when these closed (§11, §21.12)."""

    __tablename__ = "move"

    id: Mapped[int] = mapped_column(primary_key=True)
    contestant_id: Mapped[int] = mapped_column(ForeignKey("contestant.id", ondelete="CASCADE"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    own: Mapped[bool] = mapped_column(default=True)  # they moved themselves; else the secretariat moved them
    at: Mapped[datetime]


class Consent(Base):
    """A consent to one purpose: which words, when, how, by whom; kept as proof (fairness §10)."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    contestant_id: Mapped[int] = mapped_column(ForeignKey("contestant.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(12))  # take_part | publish | news | answers
    by: Mapped[str] = mapped_column(String(8), default="self")  # self | guardian
    version: Mapped[int] = mapped_column(default=1)
    wording: Mapped[str] = mapped_column(String(64))  # hash of the words agreed to
    how: Mapped[str] = mapped_column(String(20), default="form")
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class PhoneCode(Base):
    """A code sent to a contestant's phone, so that they show it is theirs; only its keyed hash is kept."""

    __tablename__ = "phone_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    contestant_id: Mapped[int] = mapped_column(ForeignKey("contestant.id", ondelete="CASCADE"), index=True)
    phone_tag: Mapped[str] = mapped_column(String(64), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)  # wrong ones so far
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ListUpload(Base):
    """A spreadsheet of units, places, people involved or delegates that somebody looks over before it is taken; kept
    for a day, shown to nobody else. Its rows may hold phones and identity numbers, so they are sealed."""

    __tablename__ = "list_upload"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))  # unit | place | exclusion | delegate
    file_name: Mapped[str]
    rows_sealed: Mapped[bytes]
    made_at: Mapped[datetime] = mapped_column(index=True)
    taken_at: Mapped[datetime | None]


class Exclusion(Base):
    """Somebody who works on the contest, matched on identity number or phone, never on the name alone (§4)."""

    __tablename__ = "exclusion"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    work: Mapped[str] = mapped_column(String(120), default="")  # what they do in the contest
    identity_tag: Mapped[str | None] = mapped_column(String(64), index=True)
    phone_tag: Mapped[str | None] = mapped_column(String(64), index=True)
    made_at: Mapped[datetime]


class Delegate(Base):
    """A person on the list of a contest for invited people, by the code on their badge."""

    __tablename__ = "delegate"
    __table_args__ = (UniqueConstraint("contest_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    team: Mapped[str] = mapped_column(String(120), default="")
    division: Mapped[str | None] = mapped_column(String(60))
    by_card: Mapped[bool] = mapped_column(default=False)  # without a phone: the secretary types in the card shown
    contestant_id: Mapped[int | None] = mapped_column(ForeignKey("contestant.id", ondelete="SET NULL"))


class Invitation(Base):
    """Somebody invited to a final round."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("round_id", "contestant_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    contestant_id: Mapped[int] = mapped_column(ForeignKey("contestant.id", ondelete="CASCADE"), index=True)
    why: Mapped[str] = mapped_column(default="")


class Participation(Base):
    """What somebody has in one round. All of it can be built again from attempts and words said: it is there so that
    pages and open leaderboards need one row. `best_*` is the counting attempt as it stands."""

    __tablename__ = "participation"
    __table_args__ = (
        UniqueConstraint("round_id", "contestant_id"),
        Index("participation_board", "round_id", "best_points", "best_duration_ms"),
        Index("participation_valid", "round_id", "valid"),
        Index("participation_full", "round_id", "best_full", "best_points", "best_submitted_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    contestant_id: Mapped[int] = mapped_column(ForeignKey("contestant.id", ondelete="CASCADE"), index=True)
    started: Mapped[int] = mapped_column(default=0)  # attempts used
    given_back: Mapped[int] = mapped_column(default=0)
    valid: Mapped[int] = mapped_column(default=0)  # attempts handed in with an answer
    prediction: Mapped[int | None]  # as it counts now
    predicted_at: Mapped[datetime | None]
    watch_word_at: Mapped[datetime | None]  # entered correctly
    watch_word_tries: Mapped[int] = mapped_column(default=0)
    best_attempt_id: Mapped[str | None] = mapped_column(String(32))
    best_points: Mapped[int | None]
    best_full: Mapped[int | None]
    best_correct: Mapped[int | None]
    best_duration_ms: Mapped[int | None]
    best_submitted_at: Mapped[datetime | None]


class Saying(Base):
    """One saving of a prediction (§8.3); rows are only added. None clears it."""

    __tablename__ = "saying"
    __table_args__ = (Index("saying_of_round", "round_id", "contestant_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    contestant_id: Mapped[int] = mapped_column(ForeignKey("contestant.id", ondelete="CASCADE"))
    attempt_id: Mapped[str | None] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    value: Mapped[int | None]
    m: Mapped[str | None] = mapped_column(String(32))  # on air: the phone's id for it
    said_at: Mapped[datetime]


class Essay(Base):
    """What somebody wrote for the essay of a round: a draft until it is handed in (§13)."""

    __tablename__ = "essay"
    __table_args__ = (UniqueConstraint("round_id", "contestant_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    contestant_id: Mapped[int] = mapped_column(ForeignKey("contestant.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(default="")
    words: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime | None]  # when its first draft was saved
    saved_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]
    mark: Mapped[int | None]  # in sixtieths, once decided
    like: Mapped[list[Any]] = mapped_column(default=list)  # essays that it nearly repeats, for the judges


class EssayMark(Base):
    """One judge's mark for one essay; judges see neither names nor each other's marks."""

    __tablename__ = "essay_mark"
    __table_args__ = (UniqueConstraint("essay_id", "judge_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    essay_id: Mapped[int] = mapped_column(ForeignKey("essay.id", ondelete="CASCADE"))
    judge_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    judge: Mapped[str] = mapped_column(String(80), default="")  # what an archive calls a judge without an account here
    third: Mapped[bool] = mapped_column(default=False)  # decides where the first two differ too much
    mark: Mapped[int | None]  # in sixtieths; none while it is only assigned
    note: Mapped[str] = mapped_column(default="")
    assigned_at: Mapped[datetime]
    marked_at: Mapped[datetime | None]


class Snapshot(Base):
    """A numbered, dated result that is never edited; a correction makes a new one (§9, §12). `body` is the canonical
    JSON of what was computed, compressed; `digest` its SHA-256. Lines for pages stand in `standing`."""

    __tablename__ = "snapshot"
    __table_args__ = (UniqueConstraint("round_id", "n"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    n: Mapped[int]
    rulebook: Mapped[int]  # version of the rulebook it follows
    reason: Mapped[str] = mapped_column(default="")
    digest: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes] = mapped_column(deferred=True)
    figures: Mapped[dict[str, Any]]
    awards: Mapped[list[Any]]
    collective: Mapped[list[Any]]
    spread: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)  # rules.spread.Spreads, for reports
    people: Mapped[int]
    made_by: Mapped[str | None] = mapped_column(String(32))
    made_at: Mapped[datetime]  # when the data was read
    complete_at: Mapped[datetime | None]  # all its lines are kept; before that nobody sees it
    published_at: Mapped[datetime | None]


class SnapshotLine(Base):
    """One standing of a snapshot, for pages; `body` is a rules.tally.Line."""

    __tablename__ = "snapshot_line"
    __table_args__ = (Index("snapshot_line_of", "snapshot_id", "contestant_id"),)

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)  # from 1, division by division
    rank: Mapped[int]
    division: Mapped[str | None] = mapped_column(String(60))
    contestant_id: Mapped[int | None] = mapped_column(ForeignKey("contestant.id", ondelete="SET NULL"), index=True)
    body: Mapped[dict[str, Any]]


class Tallying(Base):
    """A computation somebody asked for, done by a process of its own so that the site never waits for it.

    `rescore` marks attempts anew after a question was voided, `preview` only says what would come out, `snapshot` keeps
    it, `flags` looks for signs of foul play.
    """

    __tablename__ = "tallying"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(8), default="snapshot")
    change_id: Mapped[int | None] = mapped_column(ForeignKey("change.id", ondelete="SET NULL"))  # that it carries out
    asked_by: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    progress: Mapped[int] = mapped_column(default=0)  # percent
    failure: Mapped[str] = mapped_column(default="")
    found: Mapped[dict[str, Any] | None]  # what came out, in short
    snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("snapshot.id", ondelete="SET NULL"))


class WinnerCheck(Base):
    """Whether a winner is who they say they are (§10)."""

    __tablename__ = "winner_check"
    __table_args__ = (UniqueConstraint("round_id", "contestant_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    contestant_id: Mapped[int] = mapped_column(ForeignKey("contestant.id", ondelete="CASCADE"), index=True)
    outcome: Mapped[str] = mapped_column(String(12), default="")  # "" waiting | rules.tally.CheckOutcome
    reason: Mapped[str] = mapped_column(default="")
    answer_by: Mapped[datetime | None]
    checked_by: Mapped[str | None] = mapped_column(String(32))
    checked_at: Mapped[datetime | None]
    collected: Mapped[str] = mapped_column(String(12), default="")  # "" | person | representative | transfer
    collected_note: Mapped[bytes | None]  # name and paper of a representative, or an account: sealed
    collected_at: Mapped[datetime | None]


class Complaint(Base):
    """A complaint (khiếu nại) of a contestant and the secretariat's answer (§15)."""

    __tablename__ = "complaint"
    __table_args__ = (UniqueConstraint("contest_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    contestant_id: Mapped[int | None] = mapped_column(ForeignKey("contestant.id", ondelete="SET NULL"), index=True)
    number: Mapped[int]  # in the register of the contest
    kind: Mapped[str] = mapped_column(String(12))  # score | counting | question | winner | prizes | other
    about_code: Mapped[str | None] = mapped_column(String(40))  # of a winner it is about
    question_id: Mapped[str | None] = mapped_column(String(80))
    text: Mapped[str]
    contact_sealed: Mapped[bytes | None]
    file_name: Mapped[str] = mapped_column(default="")
    file: Mapped[bytes | None] = mapped_column(deferred=True)
    made_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(16), default="")  # "" | KEPT | CHANGED | VOIDED_QUESTION | TRANSFERRED
    answer: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[str | None] = mapped_column(String(32))
    answered_at: Mapped[datetime | None]
    snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("snapshot.id", ondelete="SET NULL"))


class Change(Base):
    """A change made by hand: who, when, why, before, after (§19.12). Where two people are needed the first proposes and
    the second confirms; nothing happens before that."""

    __tablename__ = "change"
    __table_args__ = (Index("change_of_contest", "contest_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(24))  # rules.changes.Kind
    thing: Mapped[str] = mapped_column(String(120))
    what: Mapped[dict[str, Any]] = mapped_column(default=dict)  # all that carrying it out needs
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    reason: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(String(10), default="DONE")  # PROPOSED | DONE | TURNED_DOWN | WITHDRAWN
    proposed_by: Mapped[str | None] = mapped_column(String(32))
    proposed_at: Mapped[datetime]
    settled_by: Mapped[str | None] = mapped_column(String(32))
    settled_at: Mapped[datetime | None]


class Flag(Base):
    """A sign that something may be wrong: advice only. A person decides, with a reason (§16)."""

    __tablename__ = "flag"
    __table_args__ = (UniqueConstraint("round_id", "sign", "codes"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    sign: Mapped[str] = mapped_column(String(24))
    codes: Mapped[str]  # of the people it is about, joined by spaces
    details: Mapped[dict[str, Any]]
    found_at: Mapped[datetime]
    settled: Mapped[str] = mapped_column(String(16), default="")  # "" | dismissed | warned | sanctioned
    note: Mapped[str] = mapped_column(default="")
    settled_by: Mapped[str | None] = mapped_column(String(32))
    settled_at: Mapped[datetime | None]


class Lots(Base):
    """A draw: its plan is fixed before the public sources are out (fairness §7). `prize` is `lot` for a tie."""

    __tablename__ = "lots"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    prize: Mapped[str] = mapped_column(String(60))
    plan: Mapped[dict[str, Any]]
    planned_by: Mapped[str | None] = mapped_column(String(32))
    planned_at: Mapped[datetime]
    result: Mapped[dict[str, Any] | None]  # sources, order drawn, people present
    held_by: Mapped[list[Any]] = mapped_column(default=list)  # the two people who entered the sources
    held_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]


class Certificate(Base):
    """A certificate that was issued, with the name exactly as registered; anybody may check its `serial` (§17)."""

    __tablename__ = "certificate"
    __table_args__ = (UniqueConstraint("contestant_id", "scope", "prize"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[str] = mapped_column(String(24), unique=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), index=True)
    contestant_id: Mapped[int] = mapped_column(ForeignKey("contestant.id", ondelete="CASCADE"))
    scope: Mapped[str] = mapped_column(String(60))  # key of the round or list; "" for taking part in the contest
    prize: Mapped[str] = mapped_column(String(60), default="")  # "" for taking part
    name: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(200), default="")
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(default="")


class GroupCertificate(Base):
    """A certificate of a team or a unit for the place that it won; anybody may check its `serial` (§11, §14.6, §17)."""

    __tablename__ = "group_certificate"
    __table_args__ = (UniqueConstraint("contest_id", "scope", "prize", "holder", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[str] = mapped_column(String(24), unique=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    scope: Mapped[str] = mapped_column(String(60))  # key of the round or list whose result says so
    prize: Mapped[str] = mapped_column(String(60))  # key of the collective list; "" for the prize of teams
    holder: Mapped[str] = mapped_column(String(120))  # the team, or the id of the unit
    place: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(default="")


class VisitCount(Base):
    """Page visits of a contest by hour; never called participants (§12)."""

    __tablename__ = "visit_count"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    visits: Mapped[int] = mapped_column(default=0)


def _from_us(value: int) -> datetime:
    seconds, micro = divmod(value, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro)
