"""The bank: loading the question files, and what is dealt from it. Editing it is in `revisions.py`.

What a question said never changes: an edit or a changed file makes a new version. A file with a fault is not taken; the
last good questions of its topic stay, and its faults are kept to be shown. The editor's word is never silently replaced
by a file.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Select, case, delete, func, select
from sqlalchemy.orm import Session

from quizapp import models, news
from quizapp.errors import NotFound
from quizapp.models import BankConflict, BankFault, QuestionReading, QuestionVersion, Topic, new_id
from quizapp.rules import bank, draft, readings, translation
from quizapp.rules.bank import Fault, Reading, Sheet
from quizapp.rules.law import parse_citation
from quizapp.rules.question import DIFFICULTIES, KINDS, Question, Text, from_json, to_json
from quizapp.rules.words import fold
from quizapp.services import law_changes, laws

_LOST_FILE = (
    "Không còn tệp này; các câu hỏi đã nạp trước đây vẫn được dùng.",
    "Đặt tệp trở lại, hoặc ngừng dùng từng câu hỏi trong trang ngân hàng.",
)


@dataclass(frozen=True)
class BankChanged:
    """News: what is dealt from these topics is no longer the same, or their faults are."""

    topics: frozenset[str]


@dataclass(frozen=True)
class Entry:
    """A question as it is dealt now: what it says, and the version that says so."""

    question: Question
    version: int
    version_id: int


@dataclass(frozen=True)
class TopicCount:
    """A topic with how many questions it deals, by kind and by difficulty."""

    slug: str
    letter: str
    name: Text
    lead: Text
    questions: int
    kinds: Mapping[str, int]
    difficulties: Mapping[str, int]


@dataclass
class Report:
    """What a load did, by question ids; and what it could not take."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    vanished: list[str] = field(default_factory=list)  # no longer in their file: out of use
    returned: list[str] = field(default_factory=list)  # back in their file: in use again
    kept: list[str] = field(default_factory=list)  # the file says otherwise, but the editor's version stays
    faults: list[Fault] = field(default_factory=list)


# ── Question files ──────────────────────────────────────────────────────────────────────────────────────────────


class Watch:
    """Looks whether the question files in a folder changed on disk since it looked last; the first look says yes."""

    def __init__(self, questions: Path) -> None:
        self._questions = questions
        self._seen: frozenset[tuple[str, int, int]] | None = None

    def changed(self) -> tuple[Sheet, ...] | None:
        """The files, read and checked, if any of them changed."""
        before = self._seen
        if not self.look():
            return None
        try:
            return read(self._questions)
        except OSError:
            self._seen = before  # a file went away between looking and reading: look again
            raise

    def look(self) -> bool:
        """Whether any of the files changed; costs one `stat` per file."""
        files = (*self._questions.glob("*.toml"), *self._questions.glob("readings/*.toml"))
        sight = frozenset((str(p), (s := p.stat()).st_size, s.st_mtime_ns) for p in files if p.is_file())
        before, self._seen = self._seen, sight
        return sight != before


def is_loaded(session: Session, questions: Path) -> bool:
    """Whether every question file is in the bank as it is on disk, without a fault: then a load changes nothing."""
    files = {p.stem: hashlib.sha256(p.read_bytes()).hexdigest() for p in questions.glob("*.toml") if p.is_file()}
    kept = {slug: digest for slug, digest in session.execute(select(Topic.slug, Topic.digest))}
    return bool(files) and kept == files and not faults(session)


def read(questions: Path) -> tuple[Sheet, ...]:
    """The question files in a folder, checked one by one and against each other, with their second readings. Needs no
    database."""
    files = {path.name: path.read_bytes() for path in sorted(questions.glob("*.toml")) if path.is_file()}
    return tuple(_with_readings(sheet, questions) for sheet in bank.check(files, laws.of(questions)))


def _with_readings(sheet: Sheet, questions: Path) -> Sheet:
    path = questions / "readings" / f"{sheet.slug}.toml"
    return readings.attach(sheet, f"readings/{path.name}", path.read_bytes()) if path.is_file() else sheet


def load(session: Session, sheets: Iterable[Sheet], *, now: datetime) -> Report:
    """Take what `read` gave into the bank: new questions, new versions; and remember why the others are not taken."""
    report = Report()
    touched: set[str] = set()
    files: set[str] = set()
    for sheet in sheets:
        files.add(sheet.slug)
        report.faults += (*sheet.faults, *sheet.reading_faults)
        if sheet.good and _take(session, sheet, report, now):
            touched.add(sheet.slug)
    known = session.scalars(select(Topic.slug).order_by(Topic.letter))
    report.faults += [Fault(f"{slug}.toml", 1, *_LOST_FILE) for slug in known if slug not in files]
    faults_changed = _keep_faults(session, report.faults, now)
    if touched or faults_changed:
        tell(session, touched)
    return report


def faults(session: Session) -> Sequence[BankFault]:
    """What keeps question files from being taken, as the last load found it."""
    return session.scalars(select(BankFault).order_by(BankFault.file, BankFault.line, BankFault.id)).all()


def _take(session: Session, sheet: Sheet, report: Report, now: datetime) -> bool:
    """Take a good file; tells whether anything about its topic changed."""
    assert sheet.topic is not None
    topic = session.get(Topic, sheet.slug)
    if topic is None:
        topic = Topic(slug=sheet.slug, letter="", name_vi="", name_en="")
        session.add(topic)
    head = {
        "letter": sheet.topic.letter,
        "name_vi": sheet.topic.name.vi,
        "name_en": sheet.topic.name.en,
        "lead_vi": sheet.topic.lead.vi,
        "lead_en": sheet.topic.lead.en,
        "digest": sheet.digest,
    }
    renamed = any(getattr(topic, name) != value for name, value in head.items())
    if topic.digest != sheet.digest:
        topic.text = sheet.text
    for name, value in head.items():
        setattr(topic, name, value)
    session.flush()
    known = {row.id: (row, current) for row, current in current_rows(session, sheet.slug)}
    common = agreed(session, sheet.slug)
    moved = [
        _take_question(session, question, known.get(question.id), common.get(question.id), report, now)
        for question in sheet.questions
    ]
    gone = [
        _let_go(session, *known[id], common.get(id), report, now)
        for id in sorted(known.keys() - {question.id for question in sheet.questions})
    ]
    session.flush()
    _take_readings(session, sheet)
    return renamed or any(moved) or any(gone)


def _take_question(
    session: Session,
    question: Question,
    known: tuple[models.Question, QuestionVersion] | None,
    common: Agreed | None,
    report: Report,
    now: datetime,
) -> bool:
    """Take what a file says of one question; tells whether what is dealt may have changed.

    A file that says what it said before leaves the editor's word alone; where both have changed since, the editor's
    version stays and the conflict is kept for a person to settle.
    """
    if known is None:
        session.add(models.Question(id=question.id, topic_slug=question.topic, state="approved", version=1))
        session.flush()
        add_version(session, question, 1, "file", None, now)
        report.added.append(question.id)
        return True
    row, current = known
    returned = row.state == "vanished"
    if returned:
        row.reason = law_changes.reason_since(session, question, current.approved_at or current.made_at)
        row.state = "recheck" if row.reason else "approved"
        report.returned.append(row.id)
    theirs = draft.digest(question)
    if theirs == current.digest:
        _forget_conflict(session, row.id)
        if current.in_file or row.state == "approved":
            current.in_file = True
            report.unchanged += 1
            return returned
        current.in_file = True
        _use(row)
        report.changed.append(row.id)
        return True
    if current.in_file:
        take_file(session, row, question, now)
        report.changed.append(row.id)
        return True
    if common is not None and theirs in common.later:
        common.later[theirs].in_file = True
    if common is not None and theirs in (common.digest, *common.later):
        report.unchanged += 1
    else:
        _keep_conflict(session, row.id, common, to_json(question), theirs, now)
        report.kept.append(row.id)
    return returned


def take_file(session: Session, row: models.Question, question: Question, now: datetime) -> None:
    """Make what a file says the current version. It is in use at once, unless staff took the question out of use."""
    _forget_conflict(session, row.id)
    row.version += 1
    add_version(session, question, row.version, "file", None, now)
    _use(row)
    session.flush()


def _use(row: models.Question) -> None:
    if row.state not in ("retired", "recheck"):
        row.state, row.stands, row.reason = "approved", None, ""


def _let_go(
    session: Session,
    row: models.Question,
    current: QuestionVersion,
    common: Agreed | None,
    report: Report,
    now: datetime,
) -> bool:
    """A question that its file no longer has; what the editor wrote last stays, and so does what no file ever had."""
    if common is None or row.state in ("retired", "vanished"):
        return False
    if not current.in_file:
        if common.digest:
            _keep_conflict(session, row.id, common, None, "", now)
            report.kept.append(row.id)
        return False
    row.state, row.stands = "vanished", None
    report.vanished.append(row.id)
    return True


@dataclass(frozen=True)
class Agreed:
    """What the file of a question said when file and bank last agreed about it; empty where they agreed to differ about
    a question that its file had dropped."""

    digest: str
    content: dict[str, Any] | None
    later: dict[str, QuestionVersion]  # by digest, what the editor made of it since: a file that says so has caught up


def agreed(session: Session, slug: str) -> dict[str, Agreed]:
    """For every question of a topic that was ever in its file: where both started from."""
    found: dict[str, Agreed] = {}
    rows = select(QuestionVersion).join(models.Question, models.Question.id == QuestionVersion.question_id)
    rows = rows.where(models.Question.topic_slug == slug).order_by(QuestionVersion.version)
    for version in session.scalars(rows):
        if version.in_file:
            found[version.question_id] = Agreed(version.digest, version.content, {})
        elif version.question_id in found:
            found[version.question_id].later[version.digest] = version
    settled = select(BankConflict).join(models.Question, models.Question.id == BankConflict.question_id)
    settled = settled.where(models.Question.topic_slug == slug, BankConflict.settled_at.is_not(None))
    for conflict in session.scalars(settled):
        found[conflict.question_id] = replace(
            found.get(conflict.question_id, Agreed("", None, {})), digest=conflict.digest, content=conflict.theirs
        )
    return found


def _take_readings(session: Session, sheet: Sheet) -> None:
    """Keep what the readings file says. A reading covers the wording that the file had when the reading came."""
    said = {reading.question: reading for reading in sheet.readings}
    mine = select(models.Question.id).where(models.Question.topic_slug == sheet.slug)
    known = {
        row.question_id: row
        for row in session.scalars(select(QuestionReading).where(QuestionReading.question_id.in_(mine)))
    }
    for asked in sheet.questions:
        row, reading = known.pop(asked.id, None), said.get(asked.item)
        if reading is None:
            if row is not None:
                session.delete(row)
            continue
        values = {
            "read_on": reading.on.isoformat(),
            "articles": list(reading.articles),
            "verdict": reading.verdict,
            "doubt": reading.doubt,
        }
        if row is None or any(getattr(row, name) != value for name, value in values.items()):
            session.merge(QuestionReading(question_id=asked.id, digest=draft.digest(asked), **values))
    session.flush()


def _keep_conflict(
    session: Session, id: str, common: Agreed | None, theirs: dict[str, Any] | None, digest: str, now: datetime
) -> None:
    kept = session.get(BankConflict, id)
    if kept is None:
        kept = BankConflict(question_id=id, digest="?", found_at=now)
        session.add(kept)
    if kept.digest == digest and kept.settled_at is None:
        return
    kept.base = common.content if common else None
    kept.theirs, kept.digest, kept.found_at = theirs, digest, now
    kept.settler_id = kept.settled_at = None
    session.flush()


def _forget_conflict(session: Session, id: str) -> None:
    session.execute(delete(BankConflict).where(BankConflict.question_id == id))


def _keep_faults(session: Session, found: Sequence[Fault], now: datetime) -> bool:
    """Keep the faults found in place of those kept before; tells whether they differ."""
    before = [(f.file, f.line, f.question_id, f.problem, f.remedy, f.details) for f in faults(session)]
    after = [(f.file, f.line, f.question, f.problem, f.remedy, dict(f.details)) for f in found]
    if sorted(before, key=repr) == sorted(after, key=repr):
        return False
    session.execute(delete(BankFault))
    names = ("file", "line", "question_id", "problem", "remedy", "details")
    session.add_all(BankFault(**dict(zip(names, fault, strict=True)), found_at=now) for fault in after)
    session.flush()
    return True


# ── What is dealt ───────────────────────────────────────────────────────────────────────────────────────────────


_kept: dict[str, tuple[str, tuple[Entry, ...]]] = {}  # topic → its revision, and what it dealt then


def dealt(session: Session, topic: str | None = None, *, on: date | None = None) -> tuple[Entry, ...]:
    """The approved questions of a topic, or of all, by topic and id; with `on` only those that are the law that day.

    While a newer version of an approved question waits for its approval, the approved one is dealt.

    Costs one small query: what a topic deals is kept in memory under its revision, which every change replaces.
    """
    wanted = select(Topic.slug, Topic.revision).order_by(Topic.letter)
    if topic is not None:
        wanted = wanted.where(Topic.slug == topic)
    entries = [entry for slug, revision in session.execute(wanted) for entry in _of_topic(session, slug, revision)]
    return tuple(entry for entry in entries if on is None or entry.question.in_force(on))


def topics(session: Session) -> tuple[TopicCount, ...]:
    """Every topic with its counts, by letter."""
    rows = session.scalars(select(Topic).order_by(Topic.letter)).all()
    return tuple(_counted(row, _of_topic(session, row.slug, row.revision)) for row in rows)


def topic(session: Session, slug: str) -> TopicCount:
    """One topic with its counts."""
    row = session.get(Topic, slug)
    if row is None:
        raise NotFound("Không tìm thấy chủ đề này.")
    return _counted(row, _of_topic(session, row.slug, row.revision))


def question(session: Session, id: str, version: int | None = None) -> Question:
    """What a question said in a version, by default the current one, whatever its state."""
    wanted = select(QuestionVersion).join(models.Question).where(models.Question.id == id)
    wanted = wanted.where(QuestionVersion.version == (models.Question.version if version is None else version))
    row = session.scalar(wanted)
    if row is None:
        raise NotFound("Không có câu hỏi này.")
    return from_json(row.content)


def questions(session: Session, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Question]:
    """What many questions said, each in its version, in one query: for a whole paper."""
    pairs = set(wanted)
    rows = session.scalars(select(QuestionVersion).where(QuestionVersion.question_id.in_({id for id, _ in pairs})))
    return {pair: from_json(row.content) for row in rows if (pair := (row.question_id, row.version)) in pairs}


def on_article(session: Session, number: int) -> tuple[int, str | None]:
    """How many questions rest on an article of the law, and the topic that has most of them."""
    slugs = Counter(asked.topic for asked in _items(dealt(session)) if rests_on(asked, number))
    return slugs.total(), (slugs.most_common(1)[0][0] if slugs else None)


def _of_topic(session: Session, slug: str, revision: str) -> tuple[Entry, ...]:
    kept = _kept.get(slug)
    if kept is not None and kept[0] == revision:
        return kept[1]
    of_use = case((models.Question.state == "approved", models.Question.version), else_=models.Question.stands)
    here = (QuestionVersion.question_id == models.Question.id) & (QuestionVersion.version == of_use)
    wanted = select(QuestionVersion).join(models.Question, here).where(models.Question.topic_slug == slug)
    rows = session.scalars(wanted.order_by(models.Question.id))
    entries = tuple(Entry(from_json(row.content), row.version, row.id) for row in rows)
    _kept[slug] = (revision, entries)
    return entries


def _counted(row: Topic, dealt_now: Sequence[Entry]) -> TopicCount:
    asked = _items(dealt_now)
    kinds = Counter(question.kind for question in asked)
    difficulties = Counter(question.difficulty for question in asked)
    return TopicCount(
        row.slug,
        row.letter,
        Text(row.name_vi, row.name_en),
        Text(row.lead_vi, row.lead_en),
        len(asked),
        {kind: kinds[kind] for kind in KINDS},
        {difficulty: difficulties[difficulty] for difficulty in DIFFICULTIES},
    )


def _items(dealt_now: Iterable[Entry]) -> list[Question]:
    """What a paper may deal side by side: of a family one variant stands for all."""
    return list({entry.question.item: entry.question for entry in dealt_now}.values())


def rests_on(asked: Question, article: int) -> bool:
    """Whether a question cites an article or a part of it."""
    return any((place := parse_citation(text)) is not None and place.article == article for text in asked.citations)


# ── Figures ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Figures:
    """How the bank stands: per topic, and over all what may give answers away."""

    topics: tuple[TopicCount, ...]
    questions: int
    scenarios: int
    true_share: float  # of the true/false questions, how many are true
    longest_right_share: float  # of the one-answer questions, how many have the right option as the longest
    retired: int
    faults: int
    unread: int  # questions in use, as their file says them, that nobody has read a second time


def figures(session: Session) -> Figures:
    """The figures of what is dealt now."""
    asked = _items(dealt(session))
    statements = [q for q in asked if q.kind == "truefalse"]
    choices = [q for q in asked if q.kind == "one"]
    out_of_use = (
        select(func.count()).select_from(models.Question).where(models.Question.state.in_(("retired", "vanished")))
    )
    return Figures(
        topics=topics(session),
        questions=len(asked),
        scenarios=sum(q.scenario for q in asked),
        true_share=_share(sum(q.key == (0,) for q in statements), len(statements)),
        longest_right_share=_share(sum(_right_is_longest(q) for q in choices), len(choices)),
        retired=session.scalar(out_of_use) or 0,
        faults=len(faults(session)),
        unread=len(unread(session)),
    )


def clashes(session: Session) -> int:
    """How many questions file and editor both changed, that nobody has settled."""
    wanted = select(func.count()).select_from(BankConflict).where(BankConflict.settled_at.is_(None))
    return session.scalar(wanted) or 0


def reading(session: Session, id: str) -> tuple[Reading, bool] | None:
    """The second reading of a question and whether it covers the present wording; none if there was none."""
    here = (QuestionVersion.question_id == models.Question.id) & (QuestionVersion.version == models.Question.version)
    wanted = select(QuestionReading, QuestionVersion.digest).join(
        models.Question, models.Question.id == QuestionReading.question_id
    )
    found = session.execute(wanted.join(QuestionVersion, here).where(models.Question.id == id)).one_or_none()
    if found is None:
        return None
    row, digest = found
    told = Reading(id, date.fromisoformat(row.read_on), tuple(row.articles), row.verdict, row.doubt)
    return told, row.digest == digest


def unread(session: Session) -> set[str]:
    """The questions (of a family: its id) in use as their file says them whose wording has no second reading."""
    of_this = QuestionReading.digest == QuestionVersion.digest
    wanted = current().outerjoin(QuestionReading, (QuestionReading.question_id == models.Question.id) & of_this)
    wanted = wanted.where(
        models.Question.state == "approved", QuestionVersion.source == "file", QuestionReading.question_id.is_(None)
    )
    return {from_json(version.content).item for _, version in session.execute(wanted)}


def _right_is_longest(asked: Question) -> bool:
    right = len(asked.options[asked.key[0]].vi)
    return all(len(option.vi) < right for i, option in enumerate(asked.options) if i != asked.key[0])


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 0.0


# ── Rows ────────────────────────────────────────────────────────────────────────────────────────────────────────


def current() -> Select[models.Question, QuestionVersion]:
    """Every question with its current version."""
    here = (QuestionVersion.question_id == models.Question.id) & (QuestionVersion.version == models.Question.version)
    return select(models.Question, QuestionVersion).join(QuestionVersion, here)


def current_rows(session: Session, slug: str) -> Sequence[Row[models.Question, QuestionVersion]]:
    """The questions of a topic with their current versions, by id."""
    return session.execute(current().where(models.Question.topic_slug == slug).order_by(models.Question.id)).all()


def add_version(
    session: Session, said: Question, number: int, source: str, author_id: str | None, now: datetime
) -> None:
    """Write down what a question says from now on. The row of the question must name it as current."""
    version = QuestionVersion(
        question_id=said.id,
        version=number,
        content=to_json(said),
        digest=draft.digest(said),
        source=source,
        in_file=source == "file",
        author_id=author_id,
        stale=_stale(session, said, number),
        search=_searchable(said),
        made_at=now,
    )
    session.add(version)
    session.flush()


def tell(session: Session, slugs: Iterable[str]) -> None:
    """Give the topics a new revision, so that nobody deals from memory what has changed, and tell it."""
    changed = frozenset(slugs)
    for row in session.scalars(select(Topic).where(Topic.slug.in_(changed))):
        row.revision = new_id()
    session.flush()
    news.tell(session, BankChanged(changed))


def _stale(session: Session, said: Question, number: int) -> list[str]:
    """The texts of version `number` whose English has not followed their Vietnamese since the version before it."""
    wanted = select(QuestionVersion).where(QuestionVersion.question_id == said.id)
    before = session.scalar(wanted.where(QuestionVersion.version == number - 1)) if number > 1 else None
    return [] if before is None else list(translation.stale(from_json(before.content), said, before.stale))


def _searchable(said: Question) -> str:
    texts = (said.stem, said.short, *said.options, said.explanation)
    words = [said.id, *said.citations, *said.facts, *(word for text in texts for word in (text.vi, text.en))]
    return fold(" ".join(words))
