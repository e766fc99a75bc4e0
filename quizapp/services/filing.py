"""The bank written back into question files, so that files and database are two views of one bank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from quizapp import models
from quizapp.errors import Conflict
from quizapp.models import BankConflict, Topic
from quizapp.rules import bank, draft, refile
from quizapp.rules.question import Question, Text
from quizapp.services import banks


class FileMoved(Conflict):
    """A file on disk says what the bank has not seen: writing would silently replace it."""

    code = "file-moved"
    sentence = "Có tệp đã đổi từ lần nạp gần nhất. Vui lòng nạp lại tệp câu hỏi, giải quyết chỗ khác nhau rồi xuất lại."

    def __init__(self, files: list[str]) -> None:
        super().__init__()
        self.files = files


@dataclass
class Filed:
    """What an export would write: the text of every file, and how each differs from the file loaded last."""

    texts: dict[str, str] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)  # questions that no file has yet
    changed: list[str] = field(default_factory=list)  # questions whose file says what the bank no longer says
    dropped: list[str] = field(default_factory=list)  # questions out of use that leave their file
    open: list[str] = field(default_factory=list)  # in conflict: the file's word stays until somebody settles it
    loaded: dict[str, str] = field(default_factory=dict)  # the digest of each file as it was loaded


def files(session: Session) -> Filed:
    """Every question in use as question files: what files say already stays letter by letter.

    A question that must be looked at again stays in its file as it is, and so does one in conflict. Drafts are in no
    file.
    """
    filed = Filed()
    wanted = select(Topic).order_by(Topic.letter).options(undefer(Topic.text))
    for topic in session.scalars(wanted):
        said = {entry.question.id: entry.question for entry in banks.dealt(session, topic.slug)}
        plain = {id: question for id, question in said.items() if question.family is None}
        same = _same(session, topic.slug, plain, filed)
        head = bank.Topic(topic.slug, topic.letter, Text(topic.name_vi, topic.name_en), _lead(topic))
        name = f"{topic.slug}.toml"
        filed.texts[name] = refile.refile(topic.text, head, plain, same)
        filed.loaded[name] = topic.digest
    return filed


def write(filed: Filed, folder: Path) -> list[str]:
    """Write the files into a folder and return the names of those that changed.

    Refuses (`FileMoved`) as long as a file there is neither what was loaded last nor what would be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    there = {name: (folder / name).read_bytes() for name in filed.texts if (folder / name).exists()}
    moved = [
        name
        for name, raw in there.items()
        if raw != filed.texts[name].encode() and sha256(raw).hexdigest() != filed.loaded[name]
    ]
    if moved:
        raise FileMoved(moved)
    changed = [name for name, text in filed.texts.items() if there.get(name) != text.encode()]
    for name in changed:
        (folder / name).write_bytes(filed.texts[name].encode())
    return changed


def _same(session: Session, slug: str, said: Mapping[str, Question], filed: Filed) -> set[str]:
    """The questions whose block in the file stays; notes down what becomes of the others."""
    states = {row.id: row.state for row, _ in banks.current_rows(session, slug)}
    conflicts = select(BankConflict.question_id).join(models.Question, models.Question.id == BankConflict.question_id)
    conflicts = conflicts.where(models.Question.topic_slug == slug, BankConflict.settled_at.is_(None))
    stay = set(session.scalars(conflicts))
    filed.open += sorted(stay)
    in_file = {id: one.digest for id, one in banks.agreed(session, slug).items() if one.digest}
    for id, state in states.items():
        if id in stay or "." in id:
            continue
        if id in said:
            if id not in in_file:
                filed.added.append(id)
            elif in_file[id] == draft.digest(said[id]):
                stay.add(id)
            else:
                filed.changed.append(id)
        elif id in in_file and state in ("retired", "vanished"):
            if state == "retired":
                filed.dropped.append(id)
        elif id in in_file:
            stay.add(id)
    return stay


def _lead(topic: Topic) -> Text:
    return Text(topic.lead_vi, topic.lead_en)
