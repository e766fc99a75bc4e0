"""Questions from files and to files: what was read is looked over first, and becomes drafts, never more.

How a file is read and written is in `quizapp/formats/`; here come and go plain values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import gevent
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from quizapp.errors import NotFound
from quizapp.models import Topic, Upload, UploadLine
from quizapp.rules import draft
from quizapp.rules.draft import Finding
from quizapp.rules.law import Law
from quizapp.rules.question import Question
from quizapp.rules.words import fold
from quizapp.services import banks, deeds, revisions

KEPT = timedelta(days=1)
AT_ONCE = 100  # lines that become drafts in one step, so that a large file holds up nobody

_UNUSED = frozenset({"retired", "vanished"})
_DAYS = ("in_force_from", "in_force_to")
_WRONG = frozenset({"kind", "answer", "citations", "facts", "difficulty", "scenario", "family", *_DAYS})


@dataclass(frozen=True)
class Remark:
    """Something about a line or a file, in Vietnamese sentences with `%(name)s` places for `details`."""

    message: str
    remedy: str = ""
    details: Mapping[str, str | int] = field(default_factory=dict)
    where: str = ""
    path: Sequence[str | int] = ()  # the part of the question that it is about


@dataclass(frozen=True)
class Read:
    """One question as a file says it: a table of a question file, with `topic` where the file names one."""

    where: str
    values: Mapping[str, Any]
    faults: Sequence[Remark] = ()


@dataclass(frozen=True)
class Line:
    """One line of the preview. `faults` stop it; `gaps` are what the bank will want before approval."""

    number: int
    where: str
    topic: str
    values: Mapping[str, Any]
    faults: tuple[Remark, ...]
    gaps: tuple[Remark, ...]
    question_id: str | None


@dataclass(frozen=True)
class Preview:
    """An uploaded file as its owner sees it."""

    id: str
    file_name: str
    format: str
    notes: tuple[Remark, ...]
    conversion: Mapping[str, str] | None
    lines: int
    sound: int
    taken: int

    @property
    def faulty(self) -> int:
        """How many lines something stops."""
        return self.lines - self.sound

    @property
    def waiting(self) -> int:
        """How many lines may still become drafts."""
        return self.sound - self.taken


# ── In ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def keep(
    session: Session,
    person_id: str,
    file_name: str,
    format: str,
    checked: Sequence[Line],
    notes: Sequence[Remark],
    conversion: Mapping[str, str] | None,
    *,
    now: datetime,
) -> str:
    """Keep what a file holds, as `check` gave it, for its owner to look over. What was kept longer than a day is
    forgotten."""
    session.execute(delete(Upload).where(Upload.made_at < now - KEPT))
    kept = Upload(
        person_id=person_id,
        file_name=file_name[:120],
        format=format,
        notes=[asdict(note) for note in notes],
        conversion=None if conversion is None else dict(conversion),
        made_at=now,
    )
    session.add(kept)
    session.flush()
    rows = [_row(line, kept.id) for line in checked]
    if rows:
        session.execute(insert(UploadLine), rows)
    after = {"format": format, "lines": len(rows)}
    deeds.note(session, person_id, "bank.upload", kept.file_name, None, after, now=now)
    return kept.id


def check(session: Session, read: Sequence[Read], law: Law, *, otherwise: str = "") -> list[Line]:
    """Every line of a file with what is wrong with it, for a draft and for approval."""
    names = _topic_names(session)
    stems = {draft.stem_key(one.question): one.id for one in revisions.search(session) if one.state not in _UNUSED}
    lines = []
    for number, row in enumerate(read, 1):
        if number % AT_ONCE == 0:
            gevent.sleep(0)  # the rooms that are being played go on meanwhile
        values = {name: value for name, value in row.values.items() if name != "topic" and value not in ("", [], {})}
        topic = _topic(str(row.values.get("topic", "")), names) or otherwise
        faults, gaps = list(row.faults), list[Remark]()
        if topic not in law.topics:
            faults.append(_NO_TOPIC)
        else:
            said, found = draft.rough({**values, "id": f"{topic}-1001"}, topic)
            faults += [_remark(finding) for finding in found]
            stem = None if said is None else draft.stem_key(said)
            if stem in stems:
                faults.append(Remark(*_ASKED_ALREADY, {"other": stems[stem]}, path=("stem", "vi")))
            elif stem:
                stems[stem] = row.where
            if said is not None:
                for finding in draft.read({**values, "id": f"{topic}-1001"}, topic, law)[1]:
                    (faults if _is_wrong(finding) else gaps).append(_remark(finding))
        lines.append(Line(number, row.where, topic, values, _once(faults), _once(gaps), None))
    return lines


def preview(session: Session, id: str, person_id: str, *, now: datetime) -> Preview:
    """An uploaded file that is this person's own."""
    kept = _own(session, id, person_id, now)
    counted = session.execute(
        select(
            func.count(),
            func.count().filter(UploadLine.sound),
            func.count().filter(UploadLine.question_id.is_not(None)),
        ).where(UploadLine.upload_id == id)
    ).one()
    notes = tuple(Remark(**note) for note in kept.notes)
    return Preview(kept.id, kept.file_name, kept.format, notes, kept.conversion, *counted)


def lines(
    session: Session,
    id: str,
    person_id: str,
    *,
    faulty: bool = False,
    start: int = 0,
    limit: int | None = None,
    now: datetime,
) -> list[Line]:
    """Lines of an uploaded file of this person, as they stand in it; with `faulty` only those that something stops."""
    _own(session, id, person_id, now)
    wanted = select(UploadLine).where(UploadLine.upload_id == id).order_by(UploadLine.number)
    if faulty:
        wanted = wanted.where(~UploadLine.sound)
    return [_line(row) for row in session.scalars(wanted.offset(start).limit(limit))]


def take(session: Session, id: str, person_id: str, law: Law, *, now: datetime) -> int:
    """Make drafts of the next lines that nothing stops, and say how many; 0 once all are taken."""
    kept = _own(session, id, person_id, now)
    wanted = select(UploadLine).where(UploadLine.upload_id == id, UploadLine.sound, UploadLine.question_id.is_(None))
    rows = session.scalars(wanted.order_by(UploadLine.number).limit(AT_ONCE).with_for_update()).all()
    for row in rows:
        row.question_id = revisions.draft_new(
            session, row.topic_slug, _draft_of(_line(row).values), person_id, law, now=now, source="import"
        )
    session.flush()
    if rows:
        deeds.note(session, person_id, "bank.import", kept.file_name, None, {"drafts": len(rows)}, now=now)
    return len(rows)


def take_now(
    session: Session, checked: Sequence[Line], law: Law, *, file_name: str, now: datetime
) -> list[tuple[Line, str]]:
    """Make drafts of the lines that nothing stops at once, for whoever sits at the machine; nobody is their author."""
    made = [
        (line, revisions.draft_new(session, line.topic, _draft_of(line.values), None, law, now=now, source="import"))
        for line in checked
        if not line.faults
    ]
    if made:
        deeds.note(session, None, "bank.import", file_name[:120], None, {"drafts": len(made)}, now=now)
    return made


# ── Out ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def chosen(session: Session, topics: Iterable[str] = (), *, kind: str = "", difficulty: str = "") -> list[Question]:
    """The approved questions of these topics (none named: of all) that meet every filter, by topic and id."""
    wanted = frozenset(topics)
    return [
        entry.question
        for entry in banks.dealt(session)
        if (not wanted or entry.question.topic in wanted)
        and kind in ("", entry.question.kind)
        and difficulty in ("", entry.question.difficulty)
    ]


def note_export(session: Session, person_id: str | None, format: str, questions: int, *, now: datetime) -> None:
    """Write down that somebody took questions with their keys out of the bank."""
    deeds.note(session, person_id, "bank.export", format, None, {"questions": questions}, now=now)


# ── Details ─────────────────────────────────────────────────────────────────────────────────────────────────────

_NO_TOPIC = Remark(
    "Chưa biết câu hỏi thuộc chủ đề nào.",
    "Ghi mã chủ đề trong tệp, hoặc chọn một chủ đề chung khi tải lên.",
    path=("topic",),
)
_ASKED_ALREADY = ("«%(other)s» đã hỏi đúng như vậy.", "Xóa dòng này, hoặc viết lại để hai câu hỏi hai ý khác nhau.")


def _own(session: Session, id: str, person_id: str, now: datetime) -> Upload:
    kept = session.get(Upload, id)
    if kept is None or kept.person_id != person_id or kept.made_at < now - KEPT:
        raise NotFound("Không tìm thấy tệp đã tải lên. Tệp chỉ được giữ một ngày; vui lòng tải lên lại.")
    return kept


def _topic_names(session: Session) -> dict[str, str]:
    """Everything a file may call a topic, folded, with its slug."""
    names: dict[str, str] = {}
    for row in session.scalars(select(Topic)):
        for name in (row.slug, row.letter, row.name_vi, row.name_en, f"{row.letter}. {row.name_vi}"):
            if name:
                names.setdefault(fold(name), row.slug)
    return names


def _topic(said: str, names: Mapping[str, str]) -> str:
    return names.get(fold(said), "")


def _is_wrong(finding: Finding) -> bool:
    """Whether a finding of the bank is a fault of the file, and not only something that an author still has to add."""
    first = finding.path[0] if finding.path else ""
    if first == "options":
        return _counts_right(finding) or "this" in finding.details
    return first in _WRONG


def _counts_right(finding: Finding) -> bool:
    """Whether a finding says that too few or too many options are marked as right."""
    return finding.path == ("options",) and "count" in finding.details and "kind" not in finding.details


def _remark(finding: Finding) -> Remark:
    if _counts_right(finding):
        return Remark(finding.problem, "Ghi lại đáp án đúng trong tệp.", dict(finding.details), path=finding.path)
    return Remark(finding.problem, finding.remedy, dict(finding.details), path=finding.path)


def _once(remarks: Sequence[Remark]) -> tuple[Remark, ...]:
    """Each remark once, in order."""
    return tuple(one for n, one in enumerate(remarks) if one not in remarks[:n])


def _draft_of(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "id"}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _row(line: Line, upload_id: str) -> dict[str, Any]:
    return {
        "upload_id": upload_id,
        "number": line.number,
        "place": line.where,
        "topic_slug": line.topic,
        "said": _plain(line.values),
        "faults": [asdict(fault) for fault in line.faults],
        "gaps": [asdict(gap) for gap in line.gaps],
        "sound": not line.faults,
    }


def _line(row: UploadLine) -> Line:
    values = dict(row.said)
    for name in _DAYS:
        if name in values:
            values[name] = date.fromisoformat(values[name])
    faults, gaps = (tuple(Remark(**one) for one in found) for found in (row.faults, row.gaps))
    return Line(row.number, row.place, row.topic_slug, values, faults, gaps, row.question_id)
