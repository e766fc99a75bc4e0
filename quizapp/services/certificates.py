"""Certificates of a contest (§17): who may have which, issued once under a serial number, revoked when what one says no
longer holds, and what anybody may learn from a serial number.

A certificate of taking part needs a valid attempt in an announced round, as good as the rulebook asks; one of a prize
needs the prize confirmed and its list final. Both follow from published results alone.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, defer

from quizapp.errors import Conflict, NotFound
from quizapp.models import Certificate, Contest, Contestant, Round, Snapshot, SnapshotLine
from quizapp.rules import contest as rulebook
from quizapp.rules.contest import Settings, Words
from quizapp.rules.draw import code32
from quizapp.services import contests
from quizapp.services.names import Nodes

TOOK_PART = ("", "")  # scope and prize of the certificate of taking part
_SERIAL = re.compile(r"CN([0-9A-HJKMNP-TV-Z]{4})([0-9A-HJKMNP-TV-Z]{4})([0-9A-HJKMNP-TV-Z]{4})")
_RECEIPT = re.compile(r"[0-9A-HJKMNP-TV-Z]{10}|[0-9A-F]{64}")
_MISREAD = str.maketrans("OIL", "011")  # letters that Crockford's alphabet leaves out because people mistake them
_AT_ONCE = 500  # ids in one question to the database

UNKNOWN = "Không tìm thấy giấy chứng nhận có số này. Vui lòng kiểm tra lại từng ký tự."
A_RECEIPT = "Đây là mã biên nhận bài thi, không phải số giấy chứng nhận. Số giấy chứng nhận bắt đầu bằng CN."
NOT_THEIRS = "Không tìm thấy giấy chứng nhận này."
NOT_YET_ANNOUNCED = "Giấy chứng nhận tham gia có sau khi công bố kết quả của vòng đã thi."
NO_VALID_ATTEMPT = "Giấy chứng nhận tham gia cần một lượt thi hợp lệ trong vòng đã công bố."
BELOW_LEAST = "Thể lệ yêu cầu số điểm cao hơn để nhận giấy chứng nhận tham gia."
NOT_FINAL = "Giấy chứng nhận đạt giải có sau khi kết quả thành chính thức."
NOT_CONFIRMED = "Giải này còn chờ xác minh người đạt giải."

PASSED_DOWN = "Giải đã chuyển cho người kế tiếp."
NO_LONGER_VALID = "Không còn lượt thi hợp lệ nào làm căn cứ."
WITHDRAWN = "Người dự thi đã rút lại sự đồng ý."


@dataclass(frozen=True)
class Offer:
    """One certificate that somebody may have now, or not yet: `waits` is the sentence that says why."""

    scope: str
    prize: str
    waits: str
    issued: Certificate | None = None


@dataclass(frozen=True)
class Shown:
    """What the public page says of a certificate: name, unit, contest, prize, date; no name of a revoked one."""

    serial: str
    contest: Words
    prize: Words | None
    stage: Words | None
    name: str
    unit: str
    issued_at: datetime
    revoked: bool
    kind: Literal["person", "team", "unit"] = "person"


# ── For the person ──────────────────────────────────────────────────────────────────────────────────────────────


def offers(session: Session, contest: Contest, contestant: Contestant) -> tuple[Offer, ...]:
    """The certificate of taking part and those of the prizes that this person holds in published results."""
    results = _Results(session, contest)
    held = {(one.scope, one.prize): one for one in _standing(session, contestant)}
    wanted = [TOOK_PART, *results.prizes_of(contestant.code)]
    return tuple(Offer(*one, results.waits(contestant, *one), held.get(one)) for one in wanted)


def own(
    session: Session, contest: Contest, contestant: Contestant, scope: str, prize: str, *, now: datetime
) -> Certificate:
    """The person's certificate for taking part (`TOOK_PART`) or for a prize: issued the first time, then the same.

    Refuses one that is not theirs, and says why one cannot be had yet.
    """
    results = _Results(session, contest)
    if (scope, prize) not in (TOOK_PART, *results.prizes_of(contestant.code)):
        raise NotFound(NOT_THEIRS)
    waits = results.waits(contestant, scope, prize)
    if waits:
        raise Conflict(waits)
    return _issued(session, contest, contestant, scope, prize, now)


def of_person(session: Session, person_id: str) -> list[tuple[Contest, Words]]:
    """The contests in which somebody may have a certificate, with their names, the newest first."""
    entered = select(Contest, Contestant).join(Contestant).where(Contestant.person_id == person_id)
    return [
        (contest, contests.settings(contest).name)
        for contest, mine in session.execute(entered.order_by(Contestant.registered_at.desc()))
        if contest.published_at is not None and any(not one.waits for one in offers(session, contest, mine))
    ]


# ── For the secretariat ─────────────────────────────────────────────────────────────────────────────────────────


def of_list(session: Session, contest: Contest, row: Round, *, now: datetime) -> list[Certificate]:
    """The certificates of all confirmed prizes of a final list, in their order; issued where they were not."""
    if not contests.has_reached(row, "FINAL"):
        raise Conflict(NOT_FINAL)
    results = _Results(session, contest)
    made = []
    for code, prize, state in results.awards(row.key):
        found = session.scalar(select(Contestant).where(Contestant.contest_id == contest.id, Contestant.code == code))
        if state == "CONFIRMED" and found is not None and found.withdrawn_at is None:
            made.append(_issued(session, contest, found, row.key, prize, now))
    return made


def settle(session: Session, contest: Contest, *, now: datetime) -> list[Certificate]:
    """Revoke every certificate of the contest that published results no longer bear out, and give those; to be called
    when a new result is published or an attempt, a person or a prize loses its standing."""
    results = _Results(session, contest)
    standing = session.scalars(
        select(Certificate).where(Certificate.contest_id == contest.id, Certificate.revoked_at.is_(None))
    ).all()
    people = _people(session, {one.contestant_id for one in standing})
    results.learn(people)
    revoked = []
    for one in standing:
        reason = results.lapsed(one, people[one.contestant_id])
        if reason:
            one.revoked_at, one.revoked_reason = now, reason
            revoked.append(one)
    session.flush()
    return revoked


# ── For everybody ───────────────────────────────────────────────────────────────────────────────────────────────


def check(session: Session, typed: str) -> Shown:
    """What a serial number says to anybody. Refuses what is no serial number, or nobody's."""
    one = session.scalar(select(Certificate).where(Certificate.serial == read_serial(typed)))
    if one is None:
        raise NotFound(UNKNOWN)
    contest = session.get_one(Contest, one.contest_id)
    settings = contests.settings(contest)
    person = session.get_one(Contestant, one.contestant_id)
    revoked = one.revoked_at is not None or bool(_Results(session, contest).lapsed(one, person))
    return Shown(
        serial=one.serial,
        contest=settings.name,
        prize=prize_name(settings, one.scope, one.prize),
        stage=stage_name(settings, one.scope),
        name="" if revoked else one.name,
        unit="" if revoked else one.unit,
        issued_at=one.issued_at,
        revoked=revoked,
    )


def read_serial(typed: str) -> str:
    """A serial number as it is kept, however it was typed. Refuses what is none."""
    plain = re.sub(r"[\s.–—-]", "", typed).upper()[:80]
    found = _SERIAL.fullmatch(plain[:2] + plain[2:].translate(_MISREAD))
    if found is None:
        raise NotFound(A_RECEIPT if _RECEIPT.fullmatch(plain.translate(_MISREAD)) else UNKNOWN)
    return "-".join(("CN", *found.groups()))


def new_serial() -> str:
    """A serial number that nobody guesses."""
    return "-".join(("CN", *re.findall("....", code32(secrets.token_bytes(8), 12))))


def prize_name(settings: Settings, scope: str, prize: str) -> Words | None:
    """What a prize is called; nothing for taking part."""
    found = _stage(settings, scope)
    return next((one.name for one in found.ranking.prizes if one.key == prize), None) if found is not None else None


def stage_name(settings: Settings, scope: str) -> Words | None:
    """What the round or list of a prize is called; nothing for the whole contest."""
    found = _stage(settings, scope)
    return found.name if found is not None else None


def _stage(settings: Settings, scope: str) -> rulebook.Round | rulebook.Overall | None:
    stages: list[rulebook.Round | rulebook.Overall] = [*settings.rounds, *settings.overall]
    return next((one for one in stages if one.key == scope), None)


# ── What published results say ──────────────────────────────────────────────────────────────────────────────────


class _Results:
    """The newest published result of every round and list of a contest."""

    def __init__(self, session: Session, contest: Contest) -> None:
        self._session = session
        self._contest = contest
        self._rows = {row.id: row for row in contest.rounds}
        newest = (
            select(Snapshot)
            .where(Snapshot.round_id.in_(self._rows), Snapshot.complete_at.is_not(None))
            .where(Snapshot.published_at.is_not(None))
            .order_by(Snapshot.n)
            .options(defer(Snapshot.collective), defer(Snapshot.figures))
        )
        self._newest = {one.round_id: one for one in session.scalars(newest)}
        self._good: dict[int, bool | None] = {}  # by contestant: good enough, not, or no valid attempt

    def awards(self, scope: str) -> list[tuple[str, str, str]]:
        """Code, prize and state of every prize of a list."""
        found = self._newest.get(contests.round_of(self._contest, scope).id)
        return [(one["code"], one["prize"], one["state"]) for one in (found.awards if found is not None else ())]

    def prizes_of(self, code: str) -> list[tuple[str, str]]:
        """List and prize of everything one person won in announced results."""
        rows = [row for row in self._contest.rounds if contests.has_reached(row, "ANNOUNCED")]
        return [(row.key, prize) for row in rows for holder, prize, _ in self.awards(row.key) if holder == code]

    def waits(self, person: Contestant, scope: str, prize: str) -> str:
        """Why this certificate cannot be had now, "" if it can."""
        if person.withdrawn_at is not None:
            return WITHDRAWN
        if (scope, prize) == TOOK_PART:
            return self._took_part(person)
        if not contests.has_reached(contests.round_of(self._contest, scope), "FINAL"):
            return NOT_FINAL
        return "" if (person.code, prize, "CONFIRMED") in self.awards(scope) else NOT_CONFIRMED

    def lapsed(self, one: Certificate, person: Contestant) -> str:
        """Why an issued certificate no longer holds, "" if it does. Where a list was taken back to be worked on again,
        what was issued stands until a new result is published."""
        if person.withdrawn_at is not None:
            return WITHDRAWN
        if (one.scope, one.prize) == TOOK_PART:
            return NO_LONGER_VALID if self._took_part(person) in (NO_VALID_ATTEMPT, BELOW_LEAST) else ""
        held = any(award[:2] == (person.code, one.prize) for award in self.awards(one.scope))
        return "" if held else PASSED_DOWN

    def learn(self, ids: Iterable[int]) -> None:
        """Find out for many people at once how good their best attempt of an announced round was."""
        unknown = [id for id in ids if id not in self._good]
        least = contests.settings(self._contest).certificate_least
        shown = self._announced()
        for start in range(0, len(unknown), _AT_ONCE):
            part = unknown[start : start + _AT_ONCE]
            self._good.update(dict.fromkeys(part))
            lines = select(SnapshotLine.contestant_id, SnapshotLine.body).where(
                SnapshotLine.snapshot_id.in_(shown), SnapshotLine.contestant_id.in_(part)
            )
            for id, body in self._session.execute(lines):
                assert id is not None  # asked for by it
                self._good[id] = bool(self._good[id]) or body["score"] * 100 >= least * body["full"]

    def _took_part(self, person: Contestant) -> str:
        if not self._announced():
            return NOT_YET_ANNOUNCED
        self.learn([person.id])
        good = self._good[person.id]
        return NO_VALID_ATTEMPT if good is None else "" if good else BELOW_LEAST

    def _announced(self) -> list[int]:
        """The results of announced rounds, without lists over several."""
        rows = self._rows
        return [
            one.id
            for id, one in self._newest.items()
            if not rows[id].overall and contests.has_reached(rows[id], "ANNOUNCED")
        ]


# ── Issuing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _issued(
    session: Session, contest: Contest, person: Contestant, scope: str, prize: str, now: datetime
) -> Certificate:
    """The certificate, made if there is none; one that was revoked and is borne out again holds again."""
    mine = select(Certificate).where(
        Certificate.contestant_id == person.id, Certificate.scope == scope, Certificate.prize == prize
    )
    found = session.scalar(mine)
    if found is None:
        found = Certificate(
            serial=new_serial(),
            contest_id=contest.id,
            contestant_id=person.id,
            scope=scope,
            prize=prize,
            name=person.name,
            unit=Nodes(session, contest).where(person.unit_id, person.place_id)[:200],
            issued_at=now,
        )
        try:
            with session.begin_nested():
                session.add(found)
        except IntegrityError:  # another request was faster: its certificate is the one
            found = session.scalars(mine).one()
    if found.revoked_at is not None:
        found.revoked_at, found.revoked_reason = None, ""
    session.flush()
    return found


def _standing(session: Session, person: Contestant) -> Iterable[Certificate]:
    return session.scalars(
        select(Certificate).where(Certificate.contestant_id == person.id, Certificate.revoked_at.is_(None))
    )


def _people(session: Session, ids: Iterable[int]) -> dict[int, Contestant]:
    wanted = sorted(ids)
    found: dict[int, Contestant] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        chosen = select(Contestant).where(Contestant.id.in_(wanted[start : start + _AT_ONCE]))
        found.update((one.id, one) for one in session.scalars(chosen))
    return found
