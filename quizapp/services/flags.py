"""Signs of foul play in a closed round (contest-rules §16): looked for, listed, and settled by people with a reason.

A flag is advice: it changes no score. What follows from it is a decision of its own (`sanctions`), or nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import BigInteger, Text, cast, delete, func, select, type_coerce
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, NotFound
from quizapp.models import Answer, Attempt, Contest, Contestant, Flag, Participation, Round
from quizapp.rules import contest as rulebook
from quizapp.rules import flags as rules
from quizapp.rules.flags import REACTIONS, REASONS, Known, Seen
from quizapp.rules.tally import Sitting
from quizapp.rules.timing import microseconds
from quizapp.services import changes, contests, sanctions, snapshots
from quizapp.services.sanctions import Level

Settled = Literal["dismissed", "warned", "sanctioned"]

REFUSED = ("late", "early", "bad")  # verdicts on answers that the server turned down
_AT_ONCE = 5_000
_answers = msgspec.json.Decoder(list[tuple[int, ...] | None] | None)
_chosen = msgspec.json.Decoder(tuple[int, ...])


class _Place(msgspec.Struct, frozen=True):
    q: str


_papers = msgspec.json.Decoder(list[_Place])


@dataclass(frozen=True)
class Listed:
    """One flag as the secretariat sees it, with the people it is about, in the order of their codes."""

    flag: Flag
    people: Sequence[Contestant]

    @property
    def sentence(self) -> str:
        """What was seen, with places for its details."""
        return REASONS[_sign(self.flag)]

    @property
    def reaction(self) -> str:
        """What organizers usually do then."""
        return REACTIONS[_sign(self.flag)]

    @property
    def attempts(self) -> list[str]:
        """The attempts it is about."""
        return list(self.flag.details.get("sittings", ()))


# ── Looking for them ────────────────────────────────────────────────────────────────────────────────────────────


def find_signs(session: Session, contest: Contest, row: Round) -> tuple[rules.Flag, ...]:
    """All flags of a round at one's own pace, from what stands in the tables."""
    settings = contests.settings(contest)
    round_rules = settings.round(row.key)
    newest = snapshots.newest(session, row)
    first = snapshots.page(session, newest, size=rules.TOP) if newest is not None else []
    codes = _codes(session, contest)
    return rules.signs(
        _seen(session, row, codes, round_rules),
        _known(session, row),
        [one.line for one in first],
        closes_us=microseconds(round_rules.closes_at),
        phone_shared_max=settings.who.phone_shared_max,
        refused=_refused(session, row, codes),
    )


def keep(session: Session, row: Round, found: Iterable[rules.Flag], *, now: datetime) -> int:
    """Keep new flags, drop open ones that are no longer found, and leave settled ones; gives how many are new."""
    known = {(one.sign, one.codes): one for one in session.scalars(select(Flag).where(Flag.round_id == row.id))}
    seen: set[tuple[str, str]] = set()
    new = 0
    for one in found:
        key = (str(one.sign), " ".join(one.codes))
        details = {**one.details, "sittings": list(one.sittings)}
        if key not in known and key not in seen:
            session.add(Flag(round_id=row.id, sign=key[0], codes=key[1], details=details, found_at=now))
            new += 1
        seen.add(key)
    gone = [one.id for key, one in known.items() if key not in seen and not one.settled]
    session.execute(delete(Flag).where(Flag.id.in_(gone)))
    session.flush()
    return new


def _codes(session: Session, contest: Contest) -> dict[int | None, str]:
    wanted = select(Contestant.id, Contestant.code).where(Contestant.contest_id == contest.id)
    return {id: code for id, code in session.execute(wanted)}


def _seen(session: Session, row: Round, codes: dict[int | None, str], round_rules: rulebook.Round) -> list[Seen]:
    taken = _taken(session, row)
    theirs = select(Participation.contestant_id, Participation.prediction).where(Participation.round_id == row.id)
    said: dict[int | None, int | None] = {who: value for who, value in session.execute(theirs)}
    wanted = (
        select(
            Attempt.id,
            Attempt.contestant_id,
            Attempt.no,
            type_coerce(Attempt.started_at, BigInteger),
            type_coerce(Attempt.handed_in_at, BigInteger),
            Attempt.points,
            Attempt.full,
            Attempt.score,
            Attempt.asked,
            Attempt.answered,
            cast(Attempt.paper, Text),
            cast(Attempt.last_answers, Text),
            Attempt.device_tag,
            Attempt.address_tag,
        )
        .where(
            Attempt.round_id == row.id,
            Attempt.mode == "contest",
            Attempt.handed_in_at.is_not(None),
            Attempt.given_back_at.is_(None),
            Attempt.invalid_reason == "",
        )
        .order_by(Attempt.started_at, Attempt.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    found = []
    for part in session.execute(wanted).partitions():
        for id, who, no, started, ended, points, full, score, asked, answered, paper, last, device, address in part:
            dealt = [place.q for place in _papers.decode(paper)]
            given = taken.get(id) or {
                q: chosen
                for q, chosen in zip(dealt, _answers.decode(last or "null") or (), strict=False)
                if chosen is not None
            }
            sitting = Sitting(
                id=id,
                code=codes[who],
                no=no or 0,
                started_us=started,
                submitted_us=ended,
                score=points or 0,
                full=full or 0,
                correct=score or 0,
                of=len(dealt) if asked is None else asked,
                answered=answered or 0,
            )
            found.append(Seen(sitting, tuple(given.items()), said.get(who), device, address))
    return found


def _taken(session: Session, row: Round) -> dict[str, dict[str, tuple[int, ...]]]:
    """By attempt the answers that stood at the end, in the order in which they were given."""
    wanted = (
        select(Answer.attempt_id, Answer.question_id, cast(Answer.chosen, Text))
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .where(Attempt.round_id == row.id, Answer.verdict == "ok")
        .order_by(Answer.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    known: dict[str, tuple[int, ...]] = {}  # people mostly give the same answers: each is kept once
    found: dict[str, dict[str, tuple[int, ...]]] = {}
    for part in session.execute(wanted).partitions():
        for attempt_id, question_id, chosen in part:
            given = found.setdefault(attempt_id, {})
            given.pop(question_id, None)
            given[question_id] = known.setdefault(chosen, _chosen.decode(chosen))
    return found


def _known(session: Session, row: Round) -> list[Known]:
    """What people who sat share of their registrations."""
    sat = select(Participation.contestant_id).where(Participation.round_id == row.id)
    wanted = select(
        Contestant.code,
        type_coerce(Contestant.registered_at, BigInteger),
        Contestant.identity_tag,
        Contestant.phone_tag,
        Contestant.guardian,
    ).where(Contestant.contest_id == row.contest_id, Contestant.id.in_(sat))
    rows = session.execute(wanted.order_by(Contestant.code))
    return [Known(code, at, identity or "", phone or "", guardian) for code, at, identity, phone, guardian in rows]


def _refused(session: Session, row: Round, codes: dict[int | None, str]) -> dict[str, int]:
    wanted = (
        select(Attempt.contestant_id, func.count())
        .join(Answer, Answer.attempt_id == Attempt.id)
        .where(Attempt.round_id == row.id, Answer.verdict.in_(REFUSED))
        .group_by(Attempt.contestant_id)
    )
    counted: Counter[str] = Counter()
    for who, count in session.execute(wanted):
        counted[codes[who]] += count
    return dict(counted)


# ── Listing and settling ────────────────────────────────────────────────────────────────────────────────────────


def listed(session: Session, contest: Contest) -> list[tuple[Round, list[Listed]]]:
    """The flags of a contest, round by round: open ones first."""
    found = []
    for row in contest.rounds:
        wanted = select(Flag).where(Flag.round_id == row.id).order_by(Flag.settled != "", Flag.id)
        rows = session.scalars(wanted).all()
        if rows:
            codes = {code for one in rows for code in one.codes.split()}
            theirs = select(Contestant).where(Contestant.contest_id == contest.id, Contestant.code.in_(codes))
            people = {one.code: one for one in session.scalars(theirs)}
            about = [Listed(one, [people[code] for code in one.codes.split() if code in people]) for one in rows]
            found.append((row, about))
    return found


def find(session: Session, contest: Contest, flag_id: int) -> tuple[Flag, Round]:
    """One flag of a contest with its round."""
    wanted = select(Flag, Round).join(Round, Round.id == Flag.round_id)
    found = session.execute(wanted.where(Flag.id == flag_id, Round.contest_id == contest.id)).first()
    if found is None:
        raise NotFound("Không tìm thấy cảnh báo này.")
    return found[0], found[1]


def dismiss(session: Session, contest: Contest, flag: Flag, note: str, person_id: str, *, now: datetime) -> None:
    """Nothing was wrong."""
    _settle(session, contest, flag, "dismissed", note, person_id, now)


def warn(
    session: Session, contest: Contest, flag: Flag, codes: Sequence[str], note: str, person_id: str, *, now: datetime
) -> None:
    """Tell some of the people it is about that it was noticed."""
    row = session.get_one(Round, flag.round_id)
    for person in _people(session, contest, flag, codes):
        sanctions.warn(session, contest, person, note, person_id, now=now, row=row)
    _settle(session, contest, flag, "warned", note, person_id, now)


def sanction(
    session: Session,
    contest: Contest,
    flag: Flag,
    codes: Sequence[str],
    level: Literal["attempt"] | Level,
    note: str,
    person_id: str,
    *,
    now: datetime,
    correction: str = "",
) -> None:
    """Propose the same sanction for some of the people it is about; a second person confirms each."""
    row = session.get_one(Round, flag.round_id)
    more: dict[str, Any] = {"now": now, "correction": correction}
    for person in _people(session, contest, flag, codes):
        if level == "attempt":
            about = select(Attempt.id).where(
                Attempt.id.in_(flag.details.get("sittings", ())), Attempt.contestant_id == person.id
            )
            for attempt_id in session.scalars(about.order_by(Attempt.no)).all():
                sanctions.propose_attempt(session, contest, attempt_id, note, person_id, **more)
        else:
            where = row if level == "round" else None
            sanctions.propose_person(session, contest, person, level, note, person_id, row=where, **more)
    _settle(session, contest, flag, "sanctioned", note, person_id, now)


def _people(session: Session, contest: Contest, flag: Flag, codes: Sequence[str]) -> Sequence[Contestant]:
    chosen = set(flag.codes.split()) & set(codes)
    if not chosen:
        raise Conflict("Vui lòng chọn ít nhất một người trong cảnh báo.")
    wanted = select(Contestant).where(Contestant.contest_id == contest.id, Contestant.code.in_(chosen))
    return session.scalars(wanted.order_by(Contestant.code)).all()


def _settle(
    session: Session, contest: Contest, flag: Flag, settled: Settled, note: str, person_id: str, now: datetime
) -> None:
    if flag.settled:
        raise Conflict("Cảnh báo này đã được xử lý.")
    why = changes.reason_of(note)
    flag.settled, flag.note, flag.settled_by, flag.settled_at = settled, why, person_id, now
    session.flush()
    changes.note(
        session,
        contest,
        "flag",
        f"flag/{flag.id}",
        {"settled": ""},
        {"settled": settled, "sign": flag.sign},
        why,
        person_id,
        now=now,
        round_id=flag.round_id,
    )


def _sign(flag: Flag) -> rules.Sign:
    return next(sign for sign in REASONS if sign == flag.sign)
