"""Rounds and lists over rounds on their way from plan to award (contest-rules §15): by the clock, by a press, and back.

The clock opens and closes. Everything later is pressed, one state at a time, and says what is missing where it may not
go on yet. Publishing a snapshot and going back one state take two people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, Unreadable
from quizapp.models import Change, Contest, Round, Show, Snapshot
from quizapp.rules import stage, steps, working_days
from quizapp.rules.stage import State
from quizapp.rules.steps import Facts
from quizapp.rules.timing import GRACE, day_in_vietnam
from quizapp.services import (
    certificates,
    changes,
    complaints,
    contests,
    draws,
    essays,
    group_certificates,
    snapshots,
    tallies,
    targets,
    winner_checks,
)


@dataclass(frozen=True)
class Standing:
    """Where a round is: the state that follows, what is missing for it, and whether a second person must confirm."""

    facts: Facts
    newest: Snapshot | None
    published: Snapshot | None
    next: State | None
    missing: tuple[str, ...]
    waiting: Sequence[Change]

    @property
    def needs_two(self) -> bool:
        return self.next == steps.TWO_PEOPLE_STEP

    @property
    def pressed(self) -> bool:
        """Whether a person leads on from here, not the clock."""
        return self.next is not None and stage.has_reached(self.next, "REVIEW")


# ── Looking ─────────────────────────────────────────────────────────────────────────────────────────────────────


def standing(session: Session, contest: Contest, row: Round, *, now: datetime) -> Standing:
    """Where a round, or a list over rounds, is."""
    newest, published = snapshots.newest(session, row), snapshots.published(session, row)
    waiting = changes.waiting(session, contest, row)
    facts = Facts(
        state=_state(row),
        predicts=not row.overall and contests.settings(contest).round(row.key).prediction is not None,
        frozen=row.frozen_at is not None,
        counting=tallies.running(session, contest) is not None or tallies.unscored(session, row),
        snapshots=0 if newest is None else newest.n,
        fresh=snapshots.is_fresh(session, contest, row, newest),
        shown=newest is not None and published is not None and newest.id == published.id,
        proposals=len(waiting),
        unreviewed=_unreviewed(contest, row),
        unmarked=_unmarked(session, contest, row),
        undrawn=len(draws.due(session, newest)),
        unchecked=winner_checks.unchecked(session, row, newest),
        complaints=complaints.open_count(session, contest, row),
        complaints_until=row.complaints_until,
        decided=bool(row.decision_number and row.decided_on),
        previewed=targets.preview(session, contest, row) is not None,
        unasked=winner_checks.unasked(session, row, newest),
    )
    return Standing(facts, newest, published, stage.after(facts.state), steps.missing(facts, now=now), waiting)


def is_public(row: Round) -> bool:
    """Whether the results of a round were announced; going back a state makes them no secret again."""
    return row.announced_at is not None


def _unreviewed(contest: Contest, row: Round) -> int:
    """How many rounds of a list are not reviewed yet."""
    if not row.overall:
        return 0
    return sum(1 for one in _scope(contest, row) if not stage.has_reached(one.state, "PROVISIONAL"))


def _scope(contest: Contest, row: Round) -> list[Round]:
    rules = next(one for one in contests.settings(contest).overall if one.key == row.key)
    return [one for one in contest.rounds if not one.overall and (not rules.rounds or one.key in rules.rounds)]


def _unmarked(session: Session, contest: Contest, row: Round) -> int:
    """How many essays wait for their mark."""
    if row.overall or contests.settings(contest).round(row.key).essay is None:
        return 0
    return essays.waiting(session, row)


# ── By the clock ────────────────────────────────────────────────────────────────────────────────────────────────


def due(session: Session, *, now: datetime) -> list[int]:
    """The rounds that the clock leads on: published ones whose time has come, open ones whose every attempt is in, and
    lists whose last round has closed."""
    found = []
    for row in session.scalars(select(Round).where(Round.state.in_(("PUBLISHED", "OPEN"))).order_by(Round.id)):
        if _follows(session, row, now) is not None:
            found.append(row.id)
    return found


def advance(session: Session, round_id: int, *, now: datetime) -> State | None:
    """Lead one round on, as the clock says; gives its new state. The update is the claim."""
    row = session.get_one(Round, round_id)
    following = _follows(session, row, now)
    if following is None or not _claim(session, row, following):
        return None
    return following


def _follows(session: Session, row: Round, now: datetime) -> State | None:
    if row.overall:
        over = all(stage.has_reached(one.state, "CLOSED") for one in _scope(row.contest, row))
        return "CLOSED" if over else None
    if row.state == "PUBLISHED":
        return "OPEN" if row.opens_at is not None and now >= row.opens_at else None
    if row.closes_at is None or now < row.closes_at + GRACE:
        return None
    if contests.settings(row.contest).round(row.key).is_sat:
        return "CLOSED" if row.cut_at is not None else None
    playing = select(Show.id).where(Show.round_id == row.id, Show.position > 0, Show.ended_at.is_(None))
    return "CLOSED" if session.scalar(playing.limit(1)) is None else None


# ── By a press ──────────────────────────────────────────────────────────────────────────────────────────────────


def press(
    session: Session, contest: Contest, row: Round, person_id: str, *, now: datetime, until: datetime | None = None
) -> State:
    """Lead a round on to its next state; refuses with the first sentence that says what is missing.

    `until` is the end of complaints where the rulebook states no working days for them.
    """
    here = standing(session, contest, row, now=now)
    if here.next is None or not here.pressed:
        raise Conflict("Bước này do đồng hồ thực hiện.")
    if here.needs_two:
        raise Conflict("Công bố kết quả cần hai người. Vui lòng gửi đề nghị công bố.")
    if here.missing:
        raise Conflict(here.missing[0])
    before = row.state
    deadline = _complaints_until(contest, now, until) if here.next == "COMPLAINTS" else None
    if not _claim(session, row, here.next):
        raise Conflict()
    if deadline is not None:
        row.complaints_until = deadline
    if here.next == "AWARDED" and all(one.state == "AWARDED" for one in contest.rounds):
        contest.closed_file_at = now
    session.flush()
    _note(session, contest, row, before, here.next, person_id, now)
    return here.next


def decide(
    session: Session, contest: Contest, row: Round, number: str, day: date, person_id: str, *, now: datetime
) -> None:
    """Enter number and date of the decision that recognises the results."""
    written = " ".join(number.split())
    if not written or len(written) > changes.NUMBER:
        raise Unreadable("Vui lòng nhập số quyết định, tối đa 80 ký tự.")
    if day > day_in_vietnam(now):
        raise Unreadable("Ngày quyết định đang ở tương lai. Vui lòng kiểm tra lại.")
    if row.state != "PROVISIONAL":
        raise Conflict("Số quyết định được nhập khi có kết quả dự kiến, trước khi công bố.")
    before = {"number": row.decision_number, "date": row.decided_on}
    row.decision_number, row.decided_on = written, day.isoformat()
    session.flush()
    after = {"number": written, "date": row.decided_on}
    changes.note(
        session, contest, "decision", f"round/{row.key}", before, after, "", person_id, now=now, round_id=row.id
    )


def _complaints_until(contest: Contest, now: datetime, until: datetime | None) -> datetime:
    days = contests.settings(contest).complaint_days
    if days > 0:
        return working_days.deadline(now, days)
    if until is None or until <= now:
        raise Unreadable("Thể lệ không ghi số ngày khiếu nại. Vui lòng nhập hạn khiếu nại sau lúc này.")
    return until


def _note(session: Session, contest: Contest, row: Round, before: str, after: str, who: str, now: datetime) -> None:
    changes.note(
        session,
        contest,
        "step",
        f"round/{row.key}",
        {"state": before},
        {"state": after},
        "",
        who,
        now=now,
        round_id=row.id,
    )


# ── By two people ───────────────────────────────────────────────────────────────────────────────────────────────


def propose_publication(
    session: Session,
    contest: Contest,
    row: Round,
    reason: str,
    person_id: str,
    *,
    now: datetime,
    announce: bool = True,
    correction: str = "",
) -> Change:
    """Ask to publish the newest snapshot: with `announce` the announcement itself, otherwise a provisional list before
    it or a correction after it. Refuses while something is missing."""
    here = standing(session, contest, row, now=now)
    _may_publish(here, announce)
    assert here.newest is not None  # without one something is missing
    return changes.propose(
        session,
        contest,
        "publish",
        f"round/{row.key}",
        {"snapshot": here.newest.id, "announces": announce} | changes.correction([row], correction),
        {"n": None if here.published is None else here.published.n},
        {"n": here.newest.n, "digest": here.newest.digest},
        reason,
        person_id,
        now=now,
        round_id=row.id,
    )


@changes.executor("publish")
def _publish(session: Session, change: Change, now: datetime) -> None:
    contest = session.get_one(Contest, change.contest_id)
    row = session.get_one(Round, change.round_id, with_for_update=True)
    here = standing(session, contest, row, now=now)
    announces = change.what["announces"]
    _may_publish(here, announces)
    if here.newest is None or here.newest.id != change.what["snapshot"]:
        raise Conflict("Đã có bảng kết quả khác sau khi có đề nghị.")
    here.newest.published_at = now
    if announces:
        row.state = "ANNOUNCED"
        row.announced_at = row.announced_at or now
    session.flush()
    certificates.settle(session, contest, now=now)
    group_certificates.settle(session, contest, now=now)


def _may_publish(here: Standing, announce: bool) -> None:
    if announce and here.next != "ANNOUNCED":
        raise Conflict("Kết quả được công bố từ bước kết quả dự kiến.")
    if not stage.has_reached(here.facts.state, "PROVISIONAL"):
        raise Conflict("Bảng kết quả được công bố từ bước kết quả dự kiến.")
    if not announce and here.facts.shown:
        raise Conflict("Bảng kết quả mới nhất đã được công bố.")
    lacking = here.missing if announce else steps.unsettled(here.facts)
    if lacking:
        raise Conflict(lacking[0])


def propose_back(
    session: Session, contest: Contest, row: Round, reason: str, person_id: str, *, now: datetime
) -> Change:
    """Ask to go back one state. What was published stays published, and an attempt stays handed in."""
    to = stage.before(_state(row))
    if to is None:
        raise Conflict("Từ trạng thái này không lùi lại được.")
    return changes.propose(
        session,
        contest,
        "back",
        f"round/{row.key}",
        {},
        {"state": row.state},
        {"state": to},
        reason,
        person_id,
        now=now,
        round_id=row.id,
    )


@changes.executor("back")
def _back(session: Session, change: Change, now: datetime) -> None:
    row = session.get_one(Round, change.round_id, with_for_update=True)
    assert change.before is not None and change.after is not None  # both are proposed
    if row.state != change.before["state"]:
        raise Conflict("Vòng thi đã đổi trạng thái sau khi có đề nghị.")
    row.state = change.after["state"]
    if change.before["state"] == "AWARDED":
        row.contest.closed_file_at = None
    session.flush()


def _claim(session: Session, row: Round, to: State) -> bool:
    """Of two who lead a round on at once, one does it."""
    still = update(Round).where(Round.id == row.id, Round.state == row.state).values(state=to)
    done = session.execute(still, execution_options={"synchronize_session": False})
    won: bool = done.rowcount == 1  # type: ignore[attr-defined]
    session.refresh(row)
    return won


def _state(row: Round) -> State:
    return next(known for known in stage.STATES if known == row.state)
