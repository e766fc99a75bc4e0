"""Computing a round: asked for here, done step by step by a process of its own (`quizapp.tallying`), kept as a numbered
snapshot that is never edited (contest-rules §9; fairness §6).

Each function is one short step, because live rooms answer to the same database while a hundred thousand people are
counted.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from msgspec.structs import replace
from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, NotFound
from quizapp.models import Change, Contest, Contestant, Round, Rulebook, Snapshot, SnapshotLine, Tallying
from quizapp.rules import closing, most, snapshot, spread, stage, undrawn
from quizapp.rules import contest as rulebook
from quizapp.rules.contest import Collective, Settings
from quizapp.rules.prizes import has_formal_conditions
from quizapp.rules.tally import Book, GroupList, Line, Result, RoundResult
from quizapp.rules.undrawn import Undrawn
from quizapp.services import books, changes, contests
from quizapp.services.snapshots import Numbers
from quizapp.services.totals import Total
from quizapp.services.vault import Vault

Purpose = Literal["rescore", "preview", "snapshot", "flags"]

LONGEST = timedelta(minutes=15)  # a computation without an end after that has failed
START = timedelta(minutes=2)  # and so has one that nobody began
LINES_AT_ONCE = 1_000
_EXAMPLES = 20


# ── Asking ──────────────────────────────────────────────────────────────────────────────────────────────────────


def ask(
    session: Session,
    contest: Contest,
    row: Round,
    purpose: Purpose,
    reason: str,
    person_id: str | None,
    *,
    now: datetime,
) -> Tallying:
    """Ask for a computation; whoever asked starts the process once this is kept.

    Refuses before the review, while another computation of the contest runs, and a later snapshot without a reason.
    """
    if not stage.has_reached(row.state, "REVIEW"):
        raise Conflict("Vòng thi chưa đến bước rà soát.")
    if running(session, contest) is not None:
        raise Conflict("Máy đang tính. Vui lòng chờ tính xong.")
    if purpose in ("preview", "snapshot") and unscored(session, row):
        raise Conflict("Chưa chấm lại xong bài theo quyết định hủy câu hỏi.")
    first = session.scalar(select(Snapshot.id).where(Snapshot.round_id == row.id, _IS_COMPLETE).limit(1)) is None
    why = reason.strip() if first or purpose != "snapshot" else changes.reason_of(reason)
    made = Tallying(round_id=row.id, purpose=purpose, asked_by=person_id, reason=why, asked_at=now)
    session.add(made)
    session.flush()
    return made


def running(session: Session, contest: Contest) -> Tallying | None:
    """The computation of this contest that has not ended."""
    wanted = select(Tallying).join(Round, Round.id == Tallying.round_id)
    return session.scalar(
        wanted.where(Round.contest_id == contest.id, Tallying.ended_at.is_(None)).order_by(Tallying.id).limit(1)
    )


def latest(session: Session, row: Round, purpose: Purpose | None = None) -> Tallying | None:
    """The last computation of a round that came to its end, well or not; of one purpose, the last that ended well."""
    wanted = select(Tallying).where(Tallying.round_id == row.id, Tallying.ended_at.is_not(None))
    if purpose is not None:
        wanted = wanted.where(Tallying.purpose == purpose, Tallying.failure == "")
    return session.scalar(wanted.order_by(Tallying.id.desc()).limit(1))


def unscored(session: Session, row: Round) -> bool:
    """Whether attempts are still to be marked again after a decision on a question."""
    last = select(Tallying).where(Tallying.round_id == row.id, Tallying.purpose == "rescore")
    found = session.scalar(last.order_by(Tallying.id.desc()).limit(1))
    return found is not None and (found.ended_at is None or bool(found.failure))


def find(session: Session, contest: Contest, tallying_id: int) -> Tallying:
    """One computation of this contest."""
    wanted = select(Tallying).join(Round, Round.id == Tallying.round_id)
    found = session.scalar(wanted.where(Tallying.id == tallying_id, Round.contest_id == contest.id))
    if found is None:
        raise NotFound("Không tìm thấy lần tính này.")
    return found


# ── Its course ──────────────────────────────────────────────────────────────────────────────────────────────────


def begin(session: Session, tallying_id: int, *, now: datetime) -> Tallying | None:
    """Take a computation in hand; `None` where another process has it or it has ended. The update is the claim."""
    free = update(Tallying).where(Tallying.id == tallying_id, Tallying.begun_at.is_(None), Tallying.ended_at.is_(None))
    won = session.execute(free.values(begun_at=now), execution_options={"synchronize_session": False})
    return session.get(Tallying, tallying_id) if won.rowcount == 1 else None  # type: ignore[attr-defined]


def say(session: Session, tallying_id: int, progress: int) -> None:
    """How far it is, in percent."""
    session.execute(update(Tallying).where(Tallying.id == tallying_id).values(progress=progress))


def end(session: Session, tallying_id: int, found: dict[str, Any], *, now: datetime) -> None:
    """It ended well, with this in short."""
    done = {"progress": 100, "ended_at": now, "found": found}
    session.execute(update(Tallying).where(Tallying.id == tallying_id).values(done))


def fail(
    session: Session, tallying_id: int, sentence: str, *, now: datetime, found: dict[str, Any] | None = None
) -> None:
    """It ended badly, unless it has ended already; the sentence says why."""
    open_one = update(Tallying).where(Tallying.id == tallying_id, Tallying.ended_at.is_(None))
    session.execute(open_one.values(failure=sentence, ended_at=now, found=found))


def anything_stuck(session: Session, *, now: datetime) -> bool:
    """Whether there is a computation that nobody works on any more."""
    return session.scalar(select(Tallying.id).where(*_stuck(now)).limit(1)) is not None


def give_up(session: Session, *, now: datetime) -> int:
    """End what nobody works on any more, and say how many that were."""
    stuck = update(Tallying).where(*_stuck(now))
    ended = session.execute(stuck.values(failure=STUCK, ended_at=now), execution_options={"synchronize_session": False})
    return int(ended.rowcount)  # type: ignore[attr-defined]


def _stuck(now: datetime) -> tuple[ColumnElement[bool], ...]:
    never_begun = Tallying.begun_at.is_(None) & (Tallying.asked_at < now - START)
    return Tallying.ended_at.is_(None), (Tallying.begun_at < now - LONGEST) | never_begun


STUCK = "Việc tính bị ngắt giữa chừng. Dữ liệu không thay đổi, vui lòng tính lại."
BROKEN = "Việc tính gặp trục trặc. Dữ liệu không thay đổi, vui lòng báo quản trị viên."
DIFFERS = "Điểm lưu khác điểm tính lại từ đáp án ở một số lượt thi. Chưa lập bảng kết quả."


# ── Rescoring, and comparing with the answers ───────────────────────────────────────────────────────────────────


@dataclass
class Rescored:
    """What marking again changed: over all attempts with another total, before and after."""

    attempts: int = 0
    points: tuple[int, int] = (0, 0)
    all_correct: tuple[int, int] = (0, 0)

    def add(self, before: Total, after: Total) -> None:
        self.attempts += 1
        self.points = (self.points[0] + before.points, self.points[1] + after.points)
        whole = (0 < before.full <= before.points, 0 < after.full <= after.points)
        self.all_correct = (self.all_correct[0] + whole[0], self.all_correct[1] + whole[1])


def note_rescored(session: Session, tallying: Tallying, made: Rescored) -> None:
    """Keep the old and the new figures with the decision that led to them."""
    if tallying.change_id is None:
        return
    change = session.get_one(Change, tallying.change_id)
    for side, name in ((0, "before"), (1, "after")):
        figures = {"attempts": made.attempts, "points": made.points[side], "all_correct": made.all_correct[side]}
        setattr(change, name, {**(getattr(change, name) or {}), **figures})


def candidates(result: RoundResult) -> set[str]:
    """The attempts on which prizes hang: those of everybody with a prize and of as many behind them."""
    winners = {one.code for one in result.awards}
    sittings = {line.sitting for line in result.lines if line.code in winners}
    sittings |= {line.sitting for line in result.lines[: 2 * len(winners) + _EXAMPLES]}
    return {id for id in sittings if id is not None}


# ── Computing ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Counted:
    """What one round, or list over rounds, came to, ready to be kept."""

    result: RoundResult
    body: bytes
    digest: str
    numbers: Numbers
    collective: tuple[GroupList, ...]
    spread: spread.Spreads
    undrawn: tuple[Undrawn, ...]


def count(session: Session, vault: Vault, contest: Contest, row: Round, *, anew: bool = False) -> Counted:
    """Compute a closed round from all that is kept; `anew` leaves a frozen target aside, to see what it would be."""
    settings = _closed(contest)
    book = _book(session, vault, contest, settings)
    if anew:
        book = replace(
            book, rounds=tuple(replace(one, target=None) if one.key == row.key else one for one in book.rounds)
        )
    return pick(settings, book, closing.tally_book(settings, book), row)


def whole(session: Session, vault: Vault, contest: Contest) -> Result:
    """Everything that is closed, computed from all that is kept, without keeping it."""
    settings = _closed(contest)
    return closing.tally_book(settings, _book(session, vault, contest, settings))


def pick(settings: Settings, book: Book, whole: Result, row: Round) -> Counted:
    """The part of a contest's result that one round, or one list over rounds, publishes."""
    mine = next(one for one in (*whole.rounds, *whole.overall) if one.key == row.key)
    lists = _lists(settings, whole, row)
    kept = Result(
        rounds=() if row.overall else (mine,),
        overall=(mine,) if row.overall else (),
        collective=lists,
        figures=whole.figures,
    )
    body = snapshot.canonical(kept)
    scope = whole.rounds if row.overall else (mine,)
    top = most.top_level(book.units)
    levels = {"province": "province", "commune": "commune", **({"unit": top} if top else {})}
    shares = {name: most.most(book, scope, level) for name, level in levels.items()}
    listed = {line.node for one in lists for line in one.lines}
    numbers = Numbers(
        round=mine.figures,
        contest=whole.figures,
        target=mine.target,
        target_rows=mine.target_rows,
        most=shares,
        ties=mine.ties,
        teams=mine.teams,
        names={node.id: node.name for node in (*book.units, *book.places) if node.id in listed},
    )
    return Counted(
        mine,
        body,
        snapshot.digest(body),
        numbers,
        lists,
        spread.spreads(book, scope, whole.rounds),
        _undrawn(settings, book, whole, mine),
    )


def in_short(counted: Counted) -> dict[str, Any]:
    """What a preview says: figures, target, and what somebody should look at before going on."""
    result = counted.result
    return {
        "figures": msgspec.to_builtins(result.figures),
        "target": result.target,
        "target_rows": result.target_rows,
        "lines": len(result.lines),
        "awards": len(result.awards),
        "ties": len(result.ties),
        "undrawn": msgspec.to_builtins(counted.undrawn),
        "invalid": dict(Counter(result.invalid.values())),
        "faults": dict(sorted(result.faults.items())[:_EXAMPLES]),
        "digest": counted.digest,
    }


def _closed(contest: Contest) -> Settings:
    """The rulebook as far as its rounds are closed: what still runs is not counted."""
    settings = contests.settings(contest)
    over = {row.key for row in contest.rounds if stage.has_reached(row.state, "CLOSED")}
    keys = [one.key for one in settings.rounds]
    return replace(
        settings,
        rounds=tuple(one for one in settings.rounds if one.key in over),
        overall=tuple(one for one in settings.overall if one.key in over),
        collective=tuple(one for one in settings.collective if set(one.rounds or keys) <= over),
    )


def _book(session: Session, vault: Vault, contest: Contest, settings: Settings) -> Book:
    keys = {one.key for one in settings.rounds}
    book = books.book(session, vault, contest)
    return replace(book, rounds=tuple(one for one in book.rounds if one.key in keys))


def _lists(settings: Settings, whole: Result, row: Round) -> tuple[GroupList, ...]:
    """The collective lists that belong to this snapshot: with the lists over rounds where there are any, otherwise with
    the round of their scope that closes last."""
    if settings.overall:
        return whole.collective if row.overall else ()
    last = {one.key: _last_of(settings, one) for one in settings.collective}
    return tuple(one for one in whole.collective if last.get(one.key) == row.key)


def _undrawn(settings: Settings, book: Book, whole: Result, mine: RoundResult) -> tuple[Undrawn, ...]:
    listed: list[rulebook.Round | rulebook.Overall] = [*settings.rounds, *settings.overall]
    rules = next(one for one in listed if one.key == mine.key)
    order = [one.key for one in (*whole.rounds, *whole.overall)]
    before = {*order[: order.index(mine.key)], *book.announced} - {mine.key}
    others = [one for one in (*whole.rounds, *whole.overall) if one.key in before]
    once = settings.one_prize_per == "CONTEST"
    return undrawn.undrawn(
        rules.ranking,
        mine,
        contestants={one.code: one for one in book.contestants},
        checks=book.checks,
        draws=book.draws,
        taken={award.code for one in others for award in one.awards} if once else (),
        formal=isinstance(rules, rulebook.Round) and has_formal_conditions(rules),
    )


def _last_of(settings: Settings, one: Collective) -> str:
    scope = [each for each in settings.rounds if not one.rounds or each.key in one.rounds]
    return max(scope, key=lambda each: each.closes_at).key


# ── Keeping ─────────────────────────────────────────────────────────────────────────────────────────────────────


def lay_down(session: Session, tallying: Tallying, counted: Counted, *, read_at: datetime) -> Snapshot:
    """The snapshot without its lines, which nobody sees yet; what an interrupted computation left goes."""
    session.execute(delete(Snapshot).where(Snapshot.round_id == tallying.round_id, ~_IS_COMPLETE))
    row = session.get_one(Round, tallying.round_id)
    before = session.scalar(select(func.max(Snapshot.n)).where(Snapshot.round_id == row.id)) or 0
    version = session.scalar(select(func.max(Rulebook.version)).where(Rulebook.contest_id == row.contest_id)) or 0
    made = Snapshot(
        contest_id=row.contest_id,
        round_id=row.id,
        n=before + 1,
        rulebook=version,
        reason=tallying.reason,
        digest=counted.digest,
        body=zlib.compress(counted.body, 3),
        figures=msgspec.to_builtins(counted.numbers),
        awards=msgspec.to_builtins(counted.result.awards),
        collective=msgspec.to_builtins(counted.collective),
        spread=msgspec.to_builtins(counted.spread),
        people=len(counted.result.lines),
        made_by=tallying.asked_by,
        made_at=read_at,
    )
    session.add(made)
    session.flush()
    return made


def parts(lines: Sequence[Line]) -> Iterator[tuple[int, Sequence[Line]]]:
    """Lines some at a time, each part with the position of its first."""
    for begin in range(0, len(lines), LINES_AT_ONCE):
        yield begin + 1, lines[begin : begin + LINES_AT_ONCE]


def keep_lines(
    session: Session, snapshot_id: int, first: int, lines: Sequence[Line], contestants: dict[str, int]
) -> None:
    """One part of the lines of a snapshot; `contestants` are their ids by code."""
    session.execute(
        insert(SnapshotLine),
        [
            {
                "snapshot_id": snapshot_id,
                "position": position,
                "rank": line.rank,
                "division": line.division,
                "contestant_id": contestants.get(line.code),
                "body": msgspec.to_builtins(line),
            }
            for position, line in enumerate(lines, start=first)
        ],
    )


def ids_by_code(session: Session, contest_id: int) -> dict[str, int]:
    """The ids of a contest's people by code."""
    wanted = select(Contestant.code, Contestant.id).where(Contestant.contest_id == contest_id)
    return {code: id for code, id in session.execute(wanted)}


def complete(session: Session, tallying: Tallying, snapshot_id: int, found: dict[str, Any], *, now: datetime) -> None:
    """All lines are kept: from now on the snapshot is there, and never changes."""
    made = session.get_one(Snapshot, snapshot_id)
    made.complete_at = now
    end(session, tallying.id, found, now=now)
    session.execute(update(Tallying).where(Tallying.id == tallying.id).values(snapshot_id=made.id))
    row = session.get_one(Round, made.round_id)
    after = {"n": made.n, "digest": made.digest, "people": made.people}
    changes.note(
        session,
        row.contest,
        "snapshot",
        f"round/{row.key}",
        None,
        after,
        tallying.reason,
        tallying.asked_by,
        now=now,
        round_id=row.id,
    )


def result_of(kept: Snapshot) -> Result:
    """What a snapshot holds, as it was computed; raises where its bytes are no longer those of its digest."""
    body = zlib.decompress(kept.body)
    if snapshot.digest(body) != kept.digest:
        raise ValueError(f"snapshot {kept.id} is not what its digest says")
    return snapshot.parse(body, Result)


_IS_COMPLETE = Snapshot.complete_at.is_not(None)
