"""What reviewers do with questions: search them, write new ones, edit one into a new version. Approving is in
`approvals.py`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from quizapp import models
from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import Person, QuestionComment, QuestionVersion, Topic
from quizapp.rules import draft, translation, workflow, written
from quizapp.rules.bank import Sheet
from quizapp.rules.draft import Finding
from quizapp.rules.law import Law
from quizapp.rules.question import Question, from_json
from quizapp.rules.words import fold
from quizapp.rules.workflow import State
from quizapp.services import banks, deeds
from quizapp.services.banks import Report


class Unfit(Unreadable):
    """An edited question does not pass the checks of the bank; `findings` say what to mend."""

    code = "unfit"
    sentence = "Câu hỏi chưa đạt các yêu cầu dưới đây nên chưa được lưu."

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__()
        self.findings = tuple(findings)


@dataclass(frozen=True)
class Found:
    """One line of the list of questions."""

    id: str
    topic: str
    state: State
    version: int
    source: str
    made_at: datetime
    question: Question
    reason: str
    stands: int | None
    stale: tuple[str, ...]
    variants: int = 0  # of its family, where it stands for them


@dataclass(frozen=True)
class Version:
    """What a question said from a certain moment on, who wrote and who approved it: a name, or nobody for a file."""

    version: int
    question: Question
    source: str
    author: str
    made_at: datetime
    author_id: str | None
    approver: str
    approved_at: datetime | None
    stale: tuple[str, ...]

    @property
    def approved(self) -> bool:
        """Whether it was approved once: by a person, or as part of a file, whose questions are read a second time."""
        return self.source == "file" or self.approved_at is not None


def search(
    session: Session,
    words: str = "",
    *,
    topic: str = "",
    kind: str = "",
    difficulty: str = "",
    state: str = "",
    article: int | None = None,
    language: str = "",
    quality: str = "",
    law: Law | None = None,
) -> list[Found]:
    """The questions whose current version has all of `words`, accents or not, and meets every filter.

    By topic and id; of a family in one state only the first variant, which says how many there are. `language` is
    `full`, `missing` or `stale`; `quality` is `unread`, `remarks` or `unfit`, and that one needs the law.
    """
    wanted = banks.current().join(Topic, Topic.slug == models.Question.topic_slug)
    for word in fold(words).split():
        wanted = wanted.where(QuestionVersion.search.contains(word, autoescape=True))
    if topic:
        wanted = wanted.where(models.Question.topic_slug == topic)
    if state:
        wanted = wanted.where(models.Question.state == state)
    rows = session.execute(wanted.order_by(Topic.letter, func.length(models.Question.id), models.Question.id))
    found = [_found(row, current) for row, current in rows]
    found = [one for one in found if kind in ("", one.question.kind) and difficulty in ("", one.question.difficulty)]
    if article is not None:
        found = [one for one in found if banks.rests_on(one.question, article)]
    if language:
        found = [one for one in found if language in _language_states(one)]
    return _one_of_each(_of_quality(session, found, quality, law))


def _language_states(one: Found) -> set[str]:
    missing = {"missing"} if translation.missing(one.question) else {"full"}
    return missing | ({"stale"} if one.stale else set())


def _of_quality(session: Session, found: list[Found], quality: str, law: Law | None) -> list[Found]:
    if quality == "unread":
        unread = banks.unread(session)
        return [one for one in found if one.question.item in unread]
    if quality == "remarks":
        remarked = _remarked(session)
        return [one for one in found if one.id in remarked]
    if quality == "unfit" and law is not None:
        return [one for one in found if one.state not in ("approved", "retired") and unfit(session, one.question, law)]
    return found


def _remarked(session: Session) -> set[str]:
    return set(session.scalars(select(QuestionComment.question_id).where(QuestionComment.settled_at.is_(None))))


def _one_of_each(found: Sequence[Found]) -> list[Found]:
    counts = Counter((one.question.item, one.state) for one in found)
    first = {(one.question.item, one.state): one for one in reversed(found)}
    ordered = dict.fromkeys((one.question.item, one.state) for one in found)
    return [replace(first[key], variants=counts[key] if first[key].question.family else 0) for key in ordered]


def states(session: Session) -> dict[str, int]:
    """How many questions there are in each state."""
    rows = session.execute(select(models.Question.state, func.count()).group_by(models.Question.state))
    return {state: count for state, count in rows}


def next_waiting(session: Session, person_id: str) -> str | None:
    """The question that has waited longest for an approval that this person may give; none if none does."""
    wanted = banks.current().where(models.Question.state == "waiting")
    rows = session.execute(wanted.order_by(QuestionVersion.made_at, models.Question.id))
    return next((row.id for row, version in rows if version.author_id != person_id), None)


def confirm_translation(session: Session, id: str, person_id: str, *, version: int, now: datetime) -> None:
    """Say that the English of the current version is right although its Vietnamese changed after it."""
    row = locked(session, id)
    current = current_version(session, row)
    if row.version != version or not current.stale:
        raise Conflict
    before, current.stale = list(current.stale), []
    deeds.note(session, person_id, "question.translation", id, {"stale": before}, {"stale": []}, now=now)


def find(session: Session, id: str) -> Found:
    """One question in its current version, for who keeps the bank."""
    both = session.execute(banks.current().where(models.Question.id == id)).one_or_none()
    if both is None:
        raise NotFound("Không có câu hỏi này.")
    return _found(*both)


def history(session: Session, id: str) -> list[Version]:
    """Every version of a question, newest first."""
    author, approver = aliased(Person), aliased(Person)
    wanted = (
        select(QuestionVersion, author.name, approver.name)
        .outerjoin(author, author.id == QuestionVersion.author_id)
        .outerjoin(approver, approver.id == QuestionVersion.approver_id)
        .where(QuestionVersion.question_id == id)
        .order_by(QuestionVersion.version.desc())
    )
    return [
        Version(
            row.version,
            from_json(row.content),
            row.source,
            wrote or "",
            row.made_at,
            row.author_id,
            approved or "",
            row.approved_at,
            tuple(row.stale),
        )
        for row, wrote, approved in session.execute(wanted)
    ]


def draft_new(
    session: Session,
    topic_slug: str,
    values: Mapping[str, Any],
    author_id: str | None,
    law: Law,
    *,
    now: datetime,
    source: str = "import",
) -> str:
    """Keep a new question as a draft, made from one table of a question file without its `id`, and return its id.

    The draft may still lack what the bank demands before it is sent for approval (`rules.draft.rough` says what it
    needs; refuses with `Unfit`). Numbers from 1001 on are given here, so that a file's author who counts on from the
    last question of a file never meets them.
    """
    if topic_slug not in law.topics or session.get(Topic, topic_slug) is None:
        raise NotFound("Không tìm thấy chủ đề này.")
    id = _next_id(session, topic_slug)
    made, findings = draft.rough({**values, "id": id}, topic_slug)
    if made is None:
        raise Unfit(findings)
    session.add(models.Question(id=id, topic_slug=topic_slug, state="draft", version=1))
    session.flush()
    banks.add_version(session, made, 1, source, author_id, now)
    deeds.note(session, author_id, "question.new", id, None, {"version": 1, "source": source}, now=now)
    return id


def edit(
    session: Session,
    id: str,
    values: Mapping[str, Any],
    author_id: str,
    *,
    based_on: int,
    now: datetime,
) -> int:
    """Make a new version from `values` (one table of a question file, without `id`) and return its number.

    It is a draft, and the version approved before it is dealt until it is approved itself. Refuses what cannot even be
    a draft (`Unfit`), and an edit that began from an older version than the current one (`Conflict`). Saving without a
    change makes no version.
    """
    row = locked(session, id)
    if row.version != based_on:
        raise Conflict("Người khác vừa sửa câu hỏi này. Vui lòng tải lại trang rồi sửa trên bản mới nhất.")
    if workflow.leads_to("edit", _state(row)) is None:
        raise Conflict("Câu hỏi này đang ngừng dùng. Vui lòng dùng lại câu hỏi trước khi sửa.")
    if from_json(current_version(session, row).content).family is not None:
        raise Conflict("Câu này do hệ thống tính từ một họ câu hỏi trong tệp. Vui lòng sửa họ câu hỏi trong tệp đó.")
    made, findings = draft.rough({**values, "id": id}, row.topic_slug)
    if made is None:
        raise Unfit(findings)
    renew(session, row, made, author_id, now)
    return row.version


def renew(session: Session, row: models.Question, made: Question, author_id: str, now: datetime) -> None:
    """Make what somebody wrote the current version, as a draft; nothing where it says what the current one says."""
    before = row.version
    if draft.digest(made) == current_version(session, row).digest:
        return
    row.stands = workflow.stands_after("edit", _state(row), before, row.stands)
    row.state = workflow.leads_to("edit", _state(row)) or row.state
    row.version += 1
    banks.add_version(session, made, row.version, "editor", author_id, now)
    deeds.note(session, author_id, "question.edit", row.id, {"version": before}, {"version": row.version}, now=now)
    banks.tell(session, {row.topic_slug})


def check(session: Session, id: str, topic: str, values: Mapping[str, Any], law: Law) -> list[Finding]:
    """Everything for which the bank would not approve `values` (one table of a question file, without `id`)."""
    made, findings = draft.read({**values, "id": id}, topic, law)
    return findings if made is None else _same_stem(session, made)


def unfit(session: Session, said: Question, law: Law) -> list[Finding]:
    """Everything for which the bank would not approve what a question says now.

    A variant was checked when its family was read, and has no words of its own.
    """
    return [] if said.family else check(session, said.id, said.topic, written.table(said), law)


def reload(session: Session, sheets: Iterable[Sheet], person_id: str, *, now: datetime) -> Report:
    """Take the question files into the bank now, because somebody asked for it."""
    report = banks.load(session, sheets, now=now)
    done = {name: len(getattr(report, name)) for name in ("added", "changed", "vanished", "returned", "kept", "faults")}
    deeds.note(session, person_id, "bank.load", "questions/", None, done, now=now)
    return report


def locked(session: Session, id: str) -> models.Question:
    """The row of a question, held until the end of the step where the database can hold a row."""
    row = session.scalar(select(models.Question).where(models.Question.id == id).with_for_update())
    if row is None:
        raise NotFound("Không có câu hỏi này.")
    return row


def current_version(session: Session, row: models.Question) -> QuestionVersion:
    """The version that a question's row names as current."""
    wanted = select(QuestionVersion).where(QuestionVersion.question_id == row.id)
    return session.scalars(wanted.where(QuestionVersion.version == row.version)).one()


def _same_stem(session: Session, made: Question) -> list[Finding]:
    """A complaint where a question in use already asks what `made` asks."""
    stem = draft.stem_key(made)
    for asked in (entry.question for entry in banks.dealt(session)):
        if asked.item != made.item and draft.stem_key(asked) == stem:
            return [
                Finding(
                    ("stem", "vi"),
                    "Câu «%(id)s» đã hỏi đúng như vậy.",
                    "Viết lại để hai câu hỏi hai ý khác nhau.",
                    {"id": asked.id},
                )
            ]
    return []


def _found(row: models.Question, current: QuestionVersion) -> Found:
    content = from_json(current.content)
    return Found(
        row.id,
        row.topic_slug,
        _state(row),
        current.version,
        current.source,
        current.made_at,
        content,
        row.reason,
        row.stands,
        tuple(current.stale),
    )


def _next_id(session: Session, topic: str) -> str:
    """The lowest id from 1001 on above all that the topic has of these."""
    last = session.scalar(select(func.max(models.Question.id)).where(models.Question.id.like(f"{topic}-____")))
    return f"{topic}-{max(int(last[-4:]), 1000) + 1 if last else 1001}"


def _state(row: models.Question) -> State:
    return cast(State, row.state)
