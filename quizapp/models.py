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
        Index("attempt_due", "deadline_at", "handed_in_at"),
        Index("attempt_board", "topic_slug", "mode", "handed_in_at"),
        Index("attempt_started", "started_at"),
        Index("attempt_counted", "mode", "handed_in_at"),
        UniqueConstraint("show_id", "name_key"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    mode: Mapped[str] = mapped_column(String(8))  # practice | exam | live
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

    # live
    show_id: Mapped[int | None] = mapped_column(ForeignKey("show.id", ondelete="CASCADE"))
    name: Mapped[str | None] = mapped_column(String(40))  # shown on boards
    name_key: Mapped[str | None] = mapped_column(String(80))  # folded, unique in the room
    team: Mapped[str | None] = mapped_column(String(40))
    removed_at: Mapped[datetime | None]  # sent out by the host

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

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(6), unique=True)
    title: Mapped[str]
    organizer_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
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

    turns: Mapped[list[Turn]] = relationship(back_populates="show", order_by="Turn.n")


class Turn(Base):
    """One question put to everybody at once."""

    __tablename__ = "turn"
    __table_args__ = (UniqueConstraint("show_id", "n"), Index("turn_due", "lock_told", "closes_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    show_id: Mapped[int] = mapped_column(ForeignKey("show.id", ondelete="CASCADE"))
    n: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"))
    option_order: Mapped[list[int]]  # option numbers in the order shown to all
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
    version: Mapped[QuestionVersion] = relationship()


class Shown(Base):
    """When a player's page said that the options are on screen: the base of the delivery allowance."""

    __tablename__ = "shown"
    __table_args__ = (UniqueConstraint("attempt_id", "turn_id"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    turn_id: Mapped[int] = mapped_column(ForeignKey("turn.id", ondelete="CASCADE"), index=True)
    received_at: Mapped[datetime]


class HostPress(Base):
    """Every press of the host, also the refused ones, with its reason."""

    __tablename__ = "host_press"

    id: Mapped[int] = mapped_column(primary_key=True)
    show_id: Mapped[int] = mapped_column(ForeignKey("show.id", ondelete="CASCADE"), index=True)
    turn_n: Mapped[int]
    press: Mapped[str] = mapped_column(String(16))
    details: Mapped[dict[str, Any]]
    refused: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


def _from_us(value: int) -> datetime:
    seconds, micro = divmod(value, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro)
