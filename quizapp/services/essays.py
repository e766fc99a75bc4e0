"""Essays of a round: written as a draft, handed in once, marked by two judges who know neither the name nor what the
other said (contest-rules §13).

A judge meets an essay by its number only. Who is drawn to judge what is kept with the seed of the draw, so that it can
be repeated.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, NotAllowed, NotFound, TooEarly, TooLate, Unreadable
from quizapp.models import Attempt, Contest, Contestant, ContestRole, Essay, EssayMark, Participation, Round
from quizapp.rules import contest as rulebook
from quizapp.rules import essay
from quizapp.rules.contest import POINT, EssayPart
from quizapp.rules.draw import Stream, pack, sha256
from quizapp.rules.timing import GRACE
from quizapp.services import changes, contests, round_marks, sittings
from quizapp.services.vault import Vault

JUDGE = "judge"
LONGEST = 100_000  # letters; far more than any limit in words
NOTE = 2_000


@dataclass(frozen=True)
class Task:
    """One essay in the pile of a judge: what may be seen of it, and what they said themselves."""

    mark: EssayMark
    essay: Essay
    row: Round
    part: EssayPart

    @property
    def is_open(self) -> bool:
        """Whether the mark may still be given or changed."""
        return self.essay.mark is None


@dataclass(frozen=True)
class Overview:
    """How far the essays of a round are, in numbers; `near` are pairs of essays by their numbers."""

    row: Round
    part: EssayPart
    closes_at: datetime
    drafts: int
    handed_in: int
    below: int
    undrawn: int
    marking: int
    apart: int
    decided: int
    judges: Sequence[tuple[str, int, int]]  # name, essays, of these marked
    near: Sequence[tuple[int, int, int]]

    @property
    def waits(self) -> int:
        """Essays that still need a mark."""
        return self.undrawn + self.marking + self.apart


# ── Writing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def part_of(row: Round) -> tuple[rulebook.Round, EssayPart]:
    """The rules of a round with an essay; to a round without one it looks as if there were no such page."""
    rules = None if row.overall else contests.settings(row.contest).round(row.key)
    if rules is None or rules.essay is None:
        raise NotFound("Vòng này không có phần tự luận.")
    return rules, rules.essay


def find(session: Session, row: Round, contestant: Contestant) -> Essay | None:
    """What somebody wrote, if they began."""
    mine = (Essay.round_id == row.id, Essay.contestant_id == contestant.id)
    return session.scalar(select(Essay).where(*mine))


def objection(session: Session, vault: Vault, row: Round, contestant: Contestant, *, now: datetime) -> str:
    """Why somebody may not write now, "" if they may; looks only."""
    rules, _ = part_of(row)
    refused = sittings.no_entry(session, vault, row, contestant, now=now)
    if refused:
        return refused
    if now < rules.opens_at:
        return "Vòng thi chưa mở."
    return "Vòng thi đã đóng nên không viết tiếp được." if now >= rules.closes_at else ""


def save(session: Session, vault: Vault, row: Round, contestant: Contestant, text: str, *, now: datetime) -> Essay:
    """Keep the draft as it stands. Refused outside the window, after it was handed in, and beyond all measure."""
    rules, _ = part_of(row)
    session.refresh(contestant, with_for_update=True)  # one step of a person after the other
    refused = sittings.no_entry(session, vault, row, contestant, now=now)
    if refused:
        raise NotAllowed(refused)
    if now < rules.opens_at:
        raise TooEarly("Vòng thi chưa mở.")
    if now >= rules.closes_at + GRACE:
        raise TooLate("Vòng thi đã đóng nên không viết tiếp được.")
    if len(text) > LONGEST:
        raise Unreadable("Bài viết quá dài. Vui lòng rút gọn rồi lưu lại.")
    found = find(session, row, contestant)
    if found is None:
        found = Essay(round_id=row.id, contestant_id=contestant.id, begun_at=now, saved_at=now)
        session.add(found)
    if found.handed_in_at is not None:
        raise Conflict("Bài đã nộp nên không sửa được nữa.")
    found.text = text.replace("\r\n", "\n")
    found.words = essay.words(found.text)
    found.saved_at = now
    session.flush()
    return found


def hand_in(session: Session, vault: Vault, row: Round, contestant: Contestant, text: str, *, now: datetime) -> Essay:
    """Save and hand in, once and for good; refused where the text does not keep the limits."""
    rules, part = part_of(row)
    found = save(session, vault, row, contestant, text, now=now)
    size = essay.length(found.text, part)
    if size != "fits":
        raise Unreadable(
            "Bài viết còn ngắn hơn số chữ tối thiểu." if size == "short" else "Bài viết dài hơn số chữ tối đa."
        )
    _close(session, row, rules, contestant, found, min(now, rules.closes_at), "self")
    return found


def cut(session: Session, row: Round) -> int:
    """Hand in, at the closing, the drafts that keep the limits, where the rulebook cuts attempts at closing; says how
    many. A draft outside the limits was never handed in."""
    rules, part = part_of(row)
    if rules.close_policy != "CUT":
        return 0
    wanted = select(Essay, Contestant).join(Contestant, Contestant.id == Essay.contestant_id)
    drafts = session.execute(
        wanted.where(Essay.round_id == row.id, Essay.handed_in_at.is_(None), Contestant.withdrawn_at.is_(None))
    ).all()
    fitting = [(found, who) for found, who in drafts if essay.length(found.text, part) == "fits"]
    for found, who in fitting:
        _close(session, row, rules, who, found, rules.closes_at, "auto")
    return len(fitting)


def _close(
    session: Session, row: Round, rules: rulebook.Round, contestant: Contestant, found: Essay, at: datetime, by: str
) -> None:
    """In a round that is nothing but an essay, handing it in is the attempt: who has none stands in no ranking."""
    found.handed_in_at = at
    if rules.kind == "essay":
        session.add(
            Attempt(
                mode="contest",
                person_id=contestant.person_id,
                token_hash=secrets.token_hex(32),  # of no token: there is nothing to go on with
                started_at=min(found.begun_at or at, at),
                deadline_at=rules.closes_at,
                handed_in_at=at,
                handed_in_by=by,
                round_id=row.id,
                contestant_id=contestant.id,
                no=1,
                points=0,
                full=0,
                score=0,
                asked=0,
                answered=1,
                unit_id=contestant.unit_id,
                place_id=contestant.place_id,
            )
        )
        session.flush()
        held = round_marks.recount(session, row, contestant.id)
        held.started = 1
    session.flush()


# ── Drawing the judges ──────────────────────────────────────────────────────────────────────────────────────────


def assign(
    session: Session,
    contest: Contest,
    row: Round,
    person_id: str,
    *,
    now: datetime,
    seed: bytes | None = None,
) -> int:
    """Draw two judges for every essay that has none yet, and say for how many; near-identical ones are noted.

    After the closing only. Refuses with fewer than two judges. Where two marks wait for a third judge, one is drawn too
    as soon as there is somebody.
    """
    rules, part = part_of(row)
    if now < rules.closes_at + GRACE:
        raise TooEarly("Chỉ phân bài cho giám khảo sau khi vòng thi đã đóng.")
    cut(session, row)
    judges = _judges(session, contest)
    if len(judges) < 2:
        raise Conflict("Cần ít nhất hai giám khảo. Vui lòng phân công ở trang Phân công.")
    marks = _marks(session, row)
    waiting = [one for one in _to_mark(session, row, part) if one.id not in marks]
    seed = seed or secrets.token_bytes(32)
    writers = _writers(session, waiting)
    keys = {f"{one.id:012}": one for one in waiting}
    own = {key: writers[one.id] for key, one in keys.items() if one.id in writers}
    drawn = essay.pairs(list(keys), list(judges), Stream(seed, f"judges/{row.key}"), own)
    for key, pair in drawn.items():
        for judge in pair:
            session.add(EssayMark(essay_id=keys[key].id, judge_id=judge, assigned_at=now))
    session.flush()
    for one in _undecided(session, row):
        _settle(session, contest, one, part, person_id, now)
    _note_near(session, row)
    if drawn:
        what = {"seed": seed.hex(), "essays": sorted(drawn), "judges": sorted(judges)}
        after = {"essays": len(drawn), "judges": len(judges)}
        changes.note(
            session, contest, "essay", f"round/{row.key}", None, after, "", person_id,
            now=now, round_id=row.id, what=what,
        )  # fmt: skip
    return len(drawn)


def _judges(session: Session, contest: Contest) -> list[str]:
    held = select(ContestRole.person_id).where(ContestRole.contest_id == contest.id, ContestRole.role == JUDGE)
    return sorted(set(session.scalars(held)))


def _to_mark(session: Session, row: Round, part: EssayPart) -> list[Essay]:
    """The essays that were handed in by people who passed the gate."""
    wanted = select(Essay, Participation.best_points).outerjoin(
        Participation,
        (Participation.round_id == Essay.round_id) & (Participation.contestant_id == Essay.contestant_id),
    )
    handed_in = wanted.where(Essay.round_id == row.id, Essay.handed_in_at.is_not(None)).order_by(Essay.id)
    return [one for one, points in session.execute(handed_in) if essay.passes(points, part)]


def _marks(session: Session, row: Round) -> dict[int, list[EssayMark]]:
    """By essay what its judges were given and said, the third behind the first two."""
    wanted = select(EssayMark).join(Essay, Essay.id == EssayMark.essay_id).where(Essay.round_id == row.id)
    found: dict[int, list[EssayMark]] = {}
    for one in session.scalars(wanted.order_by(EssayMark.third, EssayMark.id)):
        found.setdefault(one.essay_id, []).append(one)
    return found


def _writers(session: Session, essays: Sequence[Essay]) -> dict[int, str]:
    """By essay the account of who wrote it, where there is one."""
    ids = [one.contestant_id for one in essays]
    wanted = select(Contestant.id, Contestant.person_id).where(Contestant.id.in_(ids))
    accounts = {id: person_id for id, person_id in session.execute(wanted) if person_id is not None}
    return {one.id: accounts[one.contestant_id] for one in essays if one.contestant_id in accounts}


def _undecided(session: Session, row: Round) -> Sequence[Essay]:
    open_ones = (Essay.round_id == row.id, Essay.handed_in_at.is_not(None), Essay.mark.is_(None))
    return session.scalars(select(Essay).where(*open_ones).order_by(Essay.id)).all()


def _note_near(session: Session, row: Round) -> None:
    """Tell the judges which essays nearly repeat each other; nothing else follows from it."""
    handed_in = select(Essay).where(Essay.round_id == row.id, Essay.handed_in_at.is_not(None))
    essays = {f"{one.id:012}": one for one in session.scalars(handed_in)}
    like: dict[str, list[dict[str, int]]] = {key: [] for key in essays}
    for pair in essay.near({key: one.text for key, one in essays.items()}):
        like[pair.one].append({"essay": essays[pair.other].id, "percent": pair.percent})
        like[pair.other].append({"essay": essays[pair.one].id, "percent": pair.percent})
    for key, one in essays.items():
        one.like = like[key]
    session.flush()


# ── Judging ─────────────────────────────────────────────────────────────────────────────────────────────────────


def pile(session: Session, contest: Contest, judge_id: str) -> list[Task]:
    """The essays of one judge, those still to be marked first."""
    wanted = (
        select(EssayMark, Essay)
        .join(Essay, Essay.id == EssayMark.essay_id)
        .where(EssayMark.judge_id == judge_id, Essay.round_id.in_([row.id for row in contest.rounds]))
        .order_by(EssayMark.mark.is_not(None), EssayMark.id)
    )
    rows = {row.id: row for row in contest.rounds}
    return [
        Task(mark, found, rows[found.round_id], part_of(rows[found.round_id])[1])
        for mark, found in session.execute(wanted)
    ]


def task(session: Session, contest: Contest, judge_id: str, mark_id: int) -> Task:
    """One essay of a judge's own pile; to everybody else it looks as if it did not exist."""
    found = next((one for one in pile(session, contest, judge_id) if one.mark.id == mark_id), None)
    if found is None:
        raise NotFound("Không tìm thấy bài này trong số bài được phân.")
    return found


def mark(session: Session, contest: Contest, given: Task, value: int, note: str, *, now: datetime) -> None:
    """Give a mark (in sixtieths), or change one's own while the essay is undecided. Refuses what the rulebook does not
    have: less than nothing, more than the most, parts of a tenth of a point."""
    session.refresh(given.essay, with_for_update=True)
    if given.essay.mark is not None:
        raise Conflict("Bài này đã có điểm cuối cùng nên không sửa được nữa.")
    if not 0 <= value <= given.part.max_points * POINT or value % essay.STEP:
        raise Unreadable("Điểm từ 0 đến điểm tối đa, lẻ đến một phần mười.")
    given.mark.mark = value
    given.mark.note = note.strip()[:NOTE]
    given.mark.marked_at = now
    session.flush()
    _settle(session, contest, given.essay, given.part, given.mark.judge_id, now)


def _settle(
    session: Session, contest: Contest, one: Essay, part: EssayPart, person_id: str | None, now: datetime
) -> None:
    """Decide the mark if it can be, or call a third judge."""
    marks = _marks(session, session.get_one(Round, one.round_id)).get(one.id, [])
    first = [each.mark for each in marks if not each.third and each.mark is not None]
    third = next((each.mark for each in marks if each.third), None)
    decided = essay.decided(first, third, part)
    if decided is not None:
        one.mark = decided
        after = {"mark": decided, "third": third is not None}
        changes.note(
            session, contest, "essay", f"essay/{one.id}", {"mark": None}, after, "", person_id,
            now=now, round_id=one.round_id,
        )  # fmt: skip
    elif len(first) == 2 and not any(each.third for each in marks):
        _call_third(session, contest, one, {each.judge_id for each in marks}, now)
    session.flush()


def _call_third(session: Session, contest: Contest, one: Essay, busy: set[str | None], now: datetime) -> None:
    """The judge with the least to do who neither marked it nor wrote it; where there is none it waits for one."""
    writer = _writers(session, [one]).get(one.id)
    free = [judge for judge in _judges(session, contest) if judge not in busy and judge != writer]
    if not free:
        return
    load = Counter({judge: 0 for judge in free})
    held = select(EssayMark.judge_id).join(Essay, Essay.id == EssayMark.essay_id)
    load.update(
        judge for judge in session.scalars(held.where(Essay.round_id == one.round_id)) if judge and judge in load
    )
    drawn = Stream(sha256(pack("quiz-essay-third-1", one.id)), "third")
    chosen = min(free, key=lambda judge: (load[judge], drawn.word()))
    session.add(EssayMark(essay_id=one.id, judge_id=chosen, third=True, assigned_at=now))


# ── Looking on ──────────────────────────────────────────────────────────────────────────────────────────────────


def waiting(session: Session, row: Round) -> int:
    """How many essays of people who passed the gate still have no mark."""
    _, part = part_of(row)
    return sum(one.mark is None for one in _to_mark(session, row, part))


def overview(session: Session, contest: Contest, row: Round, names: Mapping[str, str]) -> Overview:
    """How far the essays of a round are; `names` are those of the judges by account."""
    rules, part = part_of(row)
    essays = session.scalars(select(Essay).where(Essay.round_id == row.id).order_by(Essay.id)).all()
    handed_in = [one for one in essays if one.handed_in_at is not None]
    to_mark = _to_mark(session, row, part)
    marks = _marks(session, row)
    first = {one.id: [each for each in marks.get(one.id, ()) if not each.third] for one in to_mark}
    undecided = [one for one in to_mark if one.mark is None]
    apart = [one for one in undecided if sum(each.mark is not None for each in first[one.id]) == 2]
    given = [each for each in (mark for held in marks.values() for mark in held) if each.judge_id]
    total = Counter(each.judge_id for each in given)
    done = Counter(each.judge_id for each in given if each.mark is not None)
    judges = [(names.get(id, ""), total[id], done[id]) for id in _judges(session, contest)]
    pairs = {
        (min(one.id, like["essay"]), max(one.id, like["essay"]), like["percent"])
        for one in handed_in
        for like in one.like
    }
    return Overview(
        row=row,
        part=part,
        closes_at=rules.closes_at,
        drafts=len(essays) - len(handed_in),
        handed_in=len(handed_in),
        below=len(handed_in) - len(to_mark),
        undrawn=sum(not first[one.id] for one in undecided),
        marking=sum(bool(first[one.id]) for one in undecided) - len(apart),
        apart=len(apart),
        decided=len(to_mark) - len(undecided),
        judges=sorted(judges),
        near=sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1])),
    )
