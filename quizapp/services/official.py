"""What the official papers of a contest say (§17). Everything about results is read from one stored result, whose
number, moment and digest go with it; names of people only where they agreed, and none of their numbers at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.errors import Conflict
from quizapp.models import Complaint, Contest, Contestant, Round, RoundQuestion, Rulebook, Snapshot, SnapshotLine, Unit
from quizapp.rules import contest as rulebook
from quizapp.rules.contest import Collective, Overall, Prize, Settings, Words
from quizapp.rules.masking import masked
from quizapp.rules.question import Question, from_json
from quizapp.rules.spread import NOWHERE, Share, Spread, Spreads, roll_up
from quizapp.rules.tally import AwardState, GroupLine, Line
from quizapp.rules.words import sort_key
from quizapp.services import contests, names, snapshots
from quizapp.services.names import Shown
from quizapp.services.snapshots import Numbers

_AT_ONCE = 500
NO_RESULT = "Chưa có bảng kết quả. Văn bản này lập được sau khi chốt kết quả dự kiến."
NOT_CLOSED = "Đáp án chỉ có sau khi vòng thi đã đóng và mọi bài đã được nộp."


@dataclass(frozen=True)
class Source:
    """The stored result that every figure of a paper comes from."""

    n: int
    made_at: datetime
    digest: str
    rulebook: int
    rulebook_at: datetime | None
    published_at: datetime | None


@dataclass(frozen=True)
class Winner:
    """One individual prize: who, and the line of the ranking that it was given for."""

    place: int
    shown: Shown
    line: Line | None
    state: AwardState


@dataclass(frozen=True)
class PrizeList:
    """The winners of one prize, in the order in which they stand."""

    prize: Prize
    winners: tuple[Winner, ...]


@dataclass(frozen=True)
class CollectiveLine:
    """One unit in a collective list."""

    line: GroupLine
    name: str
    won: bool


@dataclass(frozen=True)
class CollectiveList:
    """A collective list: those with a place first, in order, then those that are not listed."""

    rules: Collective
    lines: tuple[CollectiveLine, ...]


@dataclass(frozen=True)
class Announcement:
    """All that a decision, an announcement or a ranking list says about one round, or one list over rounds."""

    settings: Settings
    row: Round
    stage: rulebook.Round | Overall
    source: Source
    numbers: Numbers
    prizes: tuple[PrizeList, ...]
    collective: tuple[CollectiveList, ...]
    spread: Spread


@dataclass(frozen=True)
class Standing:
    """One line of the ranking list; people are named where they hold a prize and agreed."""

    line: Line
    shown: Shown


@dataclass(frozen=True)
class UnitLine:
    """One unit in the report on units: itself with all below it."""

    id: int | None
    name: str
    level: str
    depth: int
    headcount: int | None
    target_people: int | None
    target_attempts: int | None
    share: Share


@dataclass(frozen=True)
class Entered:
    """One complaint as the register has it."""

    number: int
    made_at: datetime
    answer_by: datetime
    kind: str
    stage: Words | None
    who: Shown | None
    text: str
    outcome: str
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True)
class Keyed:
    """One question of a round with its right answer as it was committed; `void` is the policy of a decision on it."""

    question: Question
    version: int
    points: int
    void: str | None
    also: tuple[int, ...]


# ── From one stored result ──────────────────────────────────────────────────────────────────────────────────────


def source_of(session: Session, row: Round, *, public: bool = False) -> Snapshot | None:
    """The result that papers about this round are made from: the published one once it is announced, before that the
    newest, for the secretariat."""
    published = snapshots.published(session, row)
    if public:  # going back a state makes what was announced no secret again
        return published if row.announced_at is not None or contests.has_reached(row, "ANNOUNCED") else None
    if published is not None and contests.has_reached(row, "ANNOUNCED"):
        return published
    return snapshots.newest(session, row)


def announcement(session: Session, contest: Contest, row: Round, *, public: bool = False) -> Announcement:
    """What is announced of a round or list. Refuses while there is no result to announce."""
    snapshot = source_of(session, row, public=public)
    if snapshot is None:
        raise Conflict(NO_RESULT)
    return announcement_of(session, contest, row, snapshot)


def announcement_of(session: Session, contest: Contest, row: Round, snapshot: Snapshot) -> Announcement:
    """What one stored result of a round or list says."""
    settings, published_at = _rules_of(session, contest, snapshot.rulebook)
    stages: list[rulebook.Round | Overall] = [*settings.rounds, *settings.overall]
    stage = next(one for one in stages if one.key == row.key)
    numbers = snapshots.numbers(snapshot)
    return Announcement(
        settings=settings,
        row=row,
        stage=stage,
        source=Source(
            snapshot.n,
            snapshot.made_at,
            snapshot.digest,
            snapshot.rulebook,
            published_at,
            snapshot.published_at,
        ),
        numbers=numbers,
        prizes=_prizes(session, contest, snapshot, stage),
        collective=_collective(settings, snapshot, numbers),
        spread=spreads(session, snapshot).round,
    )


def standings(
    session: Session, contest: Contest, snapshot_of: Announcement, *, most: int | None = None
) -> list[Standing]:
    """The ranking list of an announcement from its first line on."""
    snapshot = snapshots.numbered(session, snapshot_of.row, snapshot_of.source.n)
    shown = {one.shown.code: one.shown for each in snapshot_of.prizes for one in each.winners}
    wanted = select(SnapshotLine.body).where(SnapshotLine.snapshot_id == snapshot.id).order_by(SnapshotLine.position)
    lines = (msgspec.convert(body, Line) for body in session.scalars(wanted.limit(most)))
    return [Standing(line, shown.get(line.code) or Shown(line.code)) for line in lines]


def spreads(session: Session, snapshot: Snapshot) -> Spreads:
    """How a stored result is spread over units, places, days and scores."""
    kept = session.scalar(select(Snapshot.spread).where(Snapshot.id == snapshot.id))
    return msgspec.convert(kept or {}, Spreads)


def unit_report(
    session: Session, contest: Contest, spread: Spread, tree: str = "unit", *, below: int | None = None
) -> list[UnitLine]:
    """Every unit (or place) with all below it, each under its parent, by name; people of none stand last.

    `below` leaves out all but one node and what is below it.
    """
    rows = {
        row.id: row
        for row in session.scalars(select(Unit).where(Unit.contest_id == contest.id, Unit.tree == tree))
        if row.merged_into_id is None
    }
    parents = {str(row.id): None if row.parent_id not in rows else str(row.parent_id) for row in rows.values()}
    direct = spread.units if tree == "unit" else spread.places
    shares = roll_up(direct, parents)
    children: dict[int | None, list[Unit]] = {}
    for row in rows.values():
        children.setdefault(row.parent_id if row.parent_id in rows else None, []).append(row)
    lines: list[UnitLine] = []
    waiting = [(one, 0) for one in _by_name([rows[below]] if below in rows else children.get(None, ()))][::-1]
    while waiting:
        row, depth = waiting.pop()
        share = shares.get(str(row.id), Share())
        lines.append(_unit_line(row, depth, share))
        waiting += [(one, depth + 1) for one in _by_name(children.get(row.id, ()))][::-1]
    if below is None and shares.get(NOWHERE):
        lines.append(UnitLine(None, "", "", 0, None, None, None, shares[NOWHERE]))
    return lines


# ── The register, and the key ───────────────────────────────────────────────────────────────────────────────────


def register(session: Session, contest: Contest) -> list[Entered]:
    """All complaints in the order of their numbers. Typed words come without the numbers that find people; contacts and
    files stay where they are."""
    rows = session.scalars(select(Complaint).where(Complaint.contest_id == contest.id).order_by(Complaint.number)).all()
    settings = contests.settings(contest)
    stages = {one.key: one.name for one in settings.rounds} | {one.key: one.name for one in settings.overall}
    keys = {row.id: row.key for row in contest.rounds}
    codes = _codes(session, [row.contestant_id for row in rows if row.contestant_id is not None])
    return [
        Entered(
            number=row.number,
            made_at=row.made_at,
            answer_by=row.answer_by,
            kind=row.kind,
            stage=stages.get(keys.get(row.round_id or 0, "")),
            who=Shown(codes[row.contestant_id]) if row.contestant_id is not None else None,
            text=masked(row.text),
            outcome=row.outcome,
            answer=masked(row.answer),
            answered_at=row.answered_at,
        )
        for row in rows
    ]


def key(session: Session, row: Round) -> list[Keyed]:
    """The questions of a closed round with their right answers. Refuses before every attempt is handed in."""
    if not contests.has_reached(row, "CLOSED") or row.cut_at is None:
        raise Conflict(NOT_CLOSED)
    kept = select(RoundQuestion).where(RoundQuestion.round_id == row.id).order_by(RoundQuestion.position)
    return [
        Keyed(from_json(one.content), one.version, one.points, one.void, tuple(one.also or ()))
        for one in session.scalars(kept.order_by(RoundQuestion.question_id))
    ]


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _rules_of(session: Session, contest: Contest, version: int) -> tuple[Settings, datetime | None]:
    """The rulebook that a result follows, and when that version was published."""
    kept = session.scalar(select(Rulebook).where(Rulebook.contest_id == contest.id, Rulebook.version == version))
    if kept is None:
        return contests.settings(contest), None
    return rulebook.from_json(kept.settings), kept.published_at


def _prizes(
    session: Session, contest: Contest, snapshot: Snapshot, stage: rulebook.Round | Overall
) -> tuple[PrizeList, ...]:
    given = snapshots.awards(snapshot)
    shown = names.of_codes(session, contest, [one.code for one in given])
    lines = _lines(session, contest, snapshot, shown)
    return tuple(
        PrizeList(
            prize,
            tuple(
                Winner(one.place, shown[one.code], lines.get(one.code), one.state)
                for one in given
                if one.prize == prize.key
            ),
        )
        for prize in stage.ranking.prizes
    )


def _lines(session: Session, contest: Contest, snapshot: Snapshot, codes: Iterable[str]) -> dict[str, Line]:
    wanted = list(codes)
    found: dict[str, Line] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        mine = (
            select(SnapshotLine.body)
            .join(Contestant, Contestant.id == SnapshotLine.contestant_id)
            .where(SnapshotLine.snapshot_id == snapshot.id, Contestant.contest_id == contest.id)
            .where(Contestant.code.in_(wanted[start : start + _AT_ONCE]))
        )
        for body in session.scalars(mine):
            line = msgspec.convert(body, Line)
            found[line.code] = line
    return found


def _collective(settings: Settings, snapshot: Snapshot, numbers: Numbers) -> tuple[CollectiveList, ...]:
    rules = {one.key: one for one in settings.collective}
    return tuple(
        CollectiveList(
            rules[found.key],
            tuple(
                CollectiveLine(
                    line, numbers.names.get(line.node, ""), any(won.code == line.node for won in found.winners)
                )
                for line in found.lines
            ),
        )
        for found in snapshots.collective(snapshot)
        if found.key in rules
    )


def _codes(session: Session, ids: Sequence[int]) -> Mapping[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(ids), _AT_ONCE):
        wanted = select(Contestant.id, Contestant.code).where(Contestant.id.in_(ids[start : start + _AT_ONCE]))
        found.update((id, code) for id, code in session.execute(wanted))
    return found


def _by_name(units: Iterable[Unit]) -> list[Unit]:
    return sorted(units, key=lambda one: (sort_key(one.name), one.id))


def _unit_line(row: Unit, depth: int, share: Share) -> UnitLine:
    return UnitLine(row.id, row.name, row.level, depth, row.headcount, row.target_people, row.target_attempts, share)
