"""Certificates of teams and units (§11, §14.6, §17): for the secretariat to print once a list is final, and for anybody
to check by their number, like those of people. They follow from published results alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.errors import Conflict
from quizapp.models import Contest, GroupCertificate, Round
from quizapp.rules.contest import Settings, Words
from quizapp.rules.teams import TEAM_PRIZE
from quizapp.services import certificates, contests, snapshots
from quizapp.services.certificates import NOT_FINAL, Shown

TEAMS = ""  # the prize of teams; others are keys of collective lists
NOT_WON = "Kết quả mới không còn giải này."


@dataclass(frozen=True)
class Won:
    """One place with a prize in a published result, and who holds it: a team, or a unit by its id."""

    prize: str
    holder: str
    place: int
    name: str


def of_list(session: Session, contest: Contest, row: Round, *, now: datetime) -> list[GroupCertificate]:
    """The certificates of all teams and units that won in a final list, in their order; issued where they were not."""
    if not contests.has_reached(row, "FINAL"):
        raise Conflict(NOT_FINAL)
    return [_issued(session, contest, row, one, now) for one in winners(session, row)]


def winners(session: Session, row: Round) -> list[Won]:
    """The teams, then the units list by list, that hold a prize in the newest published result."""
    snapshot = snapshots.published(session, row)
    if snapshot is None:
        return []
    numbers = snapshots.numbers(snapshot)
    won = [Won(TEAMS, line.team, line.rank, line.team) for line in numbers.teams if line.won]
    for each in snapshots.collective(snapshot):
        won += [Won(each.key, one.code, one.place, numbers.names.get(one.code, "")) for one in each.winners]
    return won


def settle(session: Session, contest: Contest, *, now: datetime) -> list[GroupCertificate]:
    """Revoke every certificate of the contest that published results no longer bear out, and give those."""
    standing = select(GroupCertificate).where(GroupCertificate.contest_id == contest.id)
    held = cache(lambda scope: _held(session, contest, scope))
    revoked = []
    for one in session.scalars(standing.where(GroupCertificate.revoked_at.is_(None))):
        if _place_of(one) not in held(one.scope):
            one.revoked_at, one.revoked_reason = now, NOT_WON
            revoked.append(one)
    session.flush()
    return revoked


def check(session: Session, typed: str) -> Shown | None:
    """What a serial number says to anybody; nothing where it is not one of these. Refuses what is no serial number."""
    serial = certificates.read_serial(typed)
    one = session.scalar(select(GroupCertificate).where(GroupCertificate.serial == serial))
    if one is None:
        return None
    contest = session.get_one(Contest, one.contest_id)
    settings = contests.settings(contest)
    revoked = one.revoked_at is not None or _place_of(one) not in _held(session, contest, one.scope)
    return Shown(
        serial=one.serial,
        contest=settings.name,
        prize=prize_name(settings, one),
        stage=stage_name(settings, one),
        name="" if revoked else one.name,
        unit="",
        issued_at=one.issued_at,
        revoked=revoked,
        kind="team" if one.prize == TEAMS else "unit",
    )


def prize_name(settings: Settings, one: GroupCertificate) -> Words:
    """What was won, with the place: `Giải đồng đội, hạng 1`."""
    named = {each.key: each.name for each in settings.collective}
    prize = TEAM_PRIZE if one.prize == TEAMS else named.get(one.prize, Words(""))
    return Words(f"{prize.vi}, hạng {one.place}", f"{prize.of('en')}, place {one.place}")


def stage_name(settings: Settings, one: GroupCertificate) -> Words | None:
    """The round or list in which a team won; nothing for units, whose lists speak for themselves."""
    return certificates.stage_name(settings, one.scope) if one.prize == TEAMS else None


def _held(session: Session, contest: Contest, scope: str) -> set[tuple[str, str, int]]:
    won = winners(session, contests.round_of(contest, scope))
    return {(one.prize, one.holder, one.place) for one in won}


def _place_of(one: GroupCertificate) -> tuple[str, str, int]:
    return one.prize, one.holder, one.place


def _issued(session: Session, contest: Contest, row: Round, won: Won, now: datetime) -> GroupCertificate:
    """The certificate, made if there is none; one that was revoked and is borne out again holds again."""
    theirs = select(GroupCertificate).where(
        GroupCertificate.contest_id == contest.id,
        GroupCertificate.scope == row.key,
        GroupCertificate.prize == won.prize,
        GroupCertificate.holder == won.holder,
        GroupCertificate.place == won.place,
    )
    found = session.scalar(theirs)
    if found is None:
        found = GroupCertificate(
            serial=certificates.new_serial(),
            contest_id=contest.id,
            scope=row.key,
            prize=won.prize,
            holder=won.holder,
            place=won.place,
            name=won.name[:200],
            issued_at=now,
        )
        try:
            with session.begin_nested():
                session.add(found)
        except IntegrityError:  # another request was faster: its certificate is the one
            found = session.scalars(theirs).one()
    found.revoked_at, found.revoked_reason = None, ""
    session.flush()
    return found
