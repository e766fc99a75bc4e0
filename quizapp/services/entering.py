"""Entering the room of a contest's live round: by one's registration, or by the code on a delegate's badge
(contest-rules §14.1, §14.4, rulebook C).

One person has one attempt in a round, whatever they enter from; the unique constraint decides between two who come at
once. The newest device holds it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from quizapp import news
from quizapp.errors import Conflict, NotAllowed, NotFound, TooEarly, TooLate, Unreadable
from quizapp.models import Attempt, Consent, Contest, Contestant, Delegate, Participation, Round, Show, Unit, new_id
from quizapp.rules import display_names, registration
from quizapp.rules.registration import FOR_CHILDREN, Entry
from quizapp.rules.show import LONGEST_NAME
from quizapp.rules.timing import day_in_vietnam
from quizapp.rules.words import fold
from quizapp.services import (
    consents,
    contests,
    delegates,
    entries,
    lags,
    names,
    player_names,
    players,
    sittings,
    tokens,
)
from quizapp.services.entries import NumberTaken, Values
from quizapp.services.players import PlayerJoined
from quizapp.services.vault import Vault

LONGEST_TEAM = 40


class NotRegistered(NotAllowed):
    """Who has no entry in the contest cannot play in its rooms."""

    code = "not-registered"
    sentence = "Phòng này dành cho người đã đăng ký cuộc thi. Đăng ký xong là vào phòng được ngay."


class HeldElsewhere(Conflict):
    """The code on the badge is in use on another device, which stops when this one goes on."""

    code = "held-elsewhere"
    sentence = "Mã đại biểu này đang được dùng trên một máy khác. Chuyển sang máy này thì máy kia sẽ dừng."


class ConsentMissing(Unreadable):
    """Nobody takes part without having agreed to it."""

    code = "consent-missing"
    sentence = "Vui lòng đánh dấu ô đồng ý tham gia."


# ── Looking ─────────────────────────────────────────────────────────────────────────────────────────────────────


def round_of(session: Session, show: Show) -> Round | None:
    """The round that is played in a room; none of a free room, or of a rehearsal, where nothing counts."""
    return None if show.round_id is None or show.rehearses_id is not None else session.get_one(Round, show.round_id)


def room_now(session: Session, contest: Contest, *, now: datetime) -> Show | None:
    """The room that people of a contest go to now: that of the round that is open, else of the next one."""
    rooms = (
        select(Show)
        .join(Round, Round.id == Show.round_id)
        .where(Round.contest_id == contest.id, Show.rehearses_id.is_(None), Show.ended_at.is_(None))
        .where(Round.closes_at > now)
        .order_by(Round.opens_at, Round.position, Show.id)
    )
    return session.scalars(rooms.limit(1)).first()


def rooms_of(session: Session, contest: Contest) -> dict[int, Show]:
    """The rooms of a contest's rounds, by the round."""
    wanted = select(Show).join(Round, Round.id == Show.round_id).where(Round.contest_id == contest.id)
    return {show.round_id: show for show in session.scalars(wanted.where(Show.rehearses_id.is_(None))) if show.round_id}


def attempt_of(session: Session, row: Round, contestant: Contestant) -> Attempt | None:
    """The attempt that somebody has in a live round; not one that was given back."""
    mine = (Attempt.round_id == row.id, Attempt.contestant_id == contestant.id, Attempt.given_back_at.is_(None))
    return session.scalars(select(Attempt).where(*mine).order_by(Attempt.no.desc()).limit(1)).first()


def takes_badges(session: Session, contest: Contest) -> bool:
    """Whether people enter by the code on their badge, for there is a list of them."""
    there = select(Delegate.id).where(Delegate.contest_id == contest.id).limit(1)
    return session.scalar(there) is not None


def badge(typed: str) -> str:
    """The code on a badge in its one form, however it is typed."""
    return delegates.plain(typed)


def objection(session: Session, vault: Vault, show: Show, contestant: Contestant | None, *, now: datetime) -> str:
    """Why somebody cannot enter as a player now, "" if they can; looks only. Who was inside may always come back."""
    row = _live_round(session, show)
    try:
        if contestant is not None:
            seat = attempt_of(session, row, contestant)
            if seat is not None and _held(show, seat):
                return ""
            if refused := sittings.no_entry(session, vault, row, contestant, now=now):
                return refused
        _refuse_by_time(show, row, now)
    except (Conflict, NotAllowed) as refusal:
        return refusal.sentence
    return ""


# ── By registration ─────────────────────────────────────────────────────────────────────────────────────────────


def enter(session: Session, vault: Vault, show: Show, person_id: str | None, *, now: datetime) -> tuple[Attempt, str]:
    """Enter the room of a contest's round as who is signed in; returns the attempt and the token that proves it.

    Who is inside already goes on with the same attempt. Refuses whom the rulebook does not let in, who was sent out, a
    round that is not open, and a room that takes nobody new.
    """
    row = _live_round(session, show)
    contestant = sittings.contestant_of(session, row.contest, person_id)
    if contestant is None:
        raise NotRegistered
    return _take_seat(session, vault, show, row, contestant, now=now)


# ── By the badge ────────────────────────────────────────────────────────────────────────────────────────────────


def enter_by_badge(
    session: Session,
    vault: Vault,
    show: Show,
    typed: str,
    *,
    now: datetime,
    held: str = "",
    take_over: bool = False,
    agreed: Collection[str] = (),
) -> tuple[Attempt, str]:
    """Enter by the code of a delegate, without an account; the first time the list makes them a contestant.

    `held` is the attempt that this device holds already. A code that is in use on another device is refused once,
    with that sentence, and taken over where `take_over` says so. `agreed` are the purposes that were ticked: nobody
    takes part who never agreed to it. Otherwise refused like `enter`.
    """
    row = _live_round(session, show)
    delegate = delegates.find(session, row.contest, typed)
    if delegate is None:
        raise NotFound("Không có mã đại biểu này trong danh sách. Vui lòng xem lại trên thẻ.")
    contestant = listed(session, vault, row.contest, delegate, now=now)
    seat = attempt_of(session, row, contestant)
    if seat is not None and seat.id != held and seat.removed_at is None and not take_over:
        raise HeldElsewhere
    _agree(session, row.contest, contestant, agreed, now)
    return _take_seat(session, vault, show, row, contestant, now=now)


def seat_by_card(session: Session, vault: Vault, show: Show, delegate: Delegate, *, now: datetime) -> Attempt:
    """The attempt of a delegate without a phone, whose cards the secretary types in; made when it is first needed."""
    row = _live_round(session, show)
    contestant = listed(session, vault, row.contest, delegate, now=now)
    seat = attempt_of(session, row, contestant)
    if seat is None or not _held(show, seat):
        seat, _ = _take_seat(session, vault, show, row, contestant, now=now)
    seat.proxy = True
    lags.stand_in_hall(session, show, seat)
    session.flush()
    return seat


def listed(session: Session, vault: Vault, contest: Contest, delegate: Delegate, *, now: datetime) -> Contestant:
    """The contestant that a delegate is; made from the list the first time."""
    if delegate.contestant_id is not None:
        return session.get_one(Contestant, delegate.contestant_id)
    settings = contests.settings(contest)
    values = Values(
        columns={
            "name": delegate.name,
            "search": fold(delegate.name),
            "sort_key": registration.name_key(delegate.name),
            "delegate_code": delegate.code,
            "team": delegate.team or None,
            "division": delegate.division,
            **dict.fromkeys(("phone_tag", "identity_tag", "other_tag")),
        },
        key=f"delegate {delegate.code}",
    )
    try:
        made = entries.insert(session, vault, settings, contest, None, values, now)
    except NumberTaken:  # somebody typed the same code at the same moment
        session.refresh(delegate)
        if delegate.contestant_id is None:
            raise
        return session.get_one(Contestant, delegate.contestant_id)
    delegates.claim(session, delegate, made)
    session.refresh(delegate)
    return made


def _agree(session: Session, contest: Contest, contestant: Contestant, agreed: Collection[str], now: datetime) -> None:
    """Keep what somebody agreed to on entering, once; refuses who never agreed to take part."""
    if session.scalar(select(Consent.id).where(Consent.contestant_id == contestant.id).limit(1)) is not None:
        return
    if "take_part" not in agreed:
        raise ConsentMissing
    ticked = frozenset(one for one in FOR_CHILDREN if one in agreed)
    consents.keep(session, contests.settings(contest), contestant, Entry(consents=ticked), how="badge", now=now)


# ── The seat ────────────────────────────────────────────────────────────────────────────────────────────────────


def _live_round(session: Session, show: Show) -> Round:
    row = round_of(session, show)
    if row is None or not contests.settings(row.contest).round(row.key).is_live:
        raise NotFound("Phòng này không thuộc cuộc thi nào.")
    return row


def _take_seat(
    session: Session, vault: Vault, show: Show, row: Round, contestant: Contestant, *, now: datetime
) -> tuple[Attempt, str]:
    no = _next_no(session, row, contestant)  # before looking: whoever comes in between has taken this very number
    seat = attempt_of(session, row, contestant)
    if seat is None or not _held(show, seat):
        refused = sittings.no_entry(session, vault, row, contestant, now=now)
        if refused:
            raise NotAllowed(refused)
        _refuse_by_time(show, row, now)
        made, token = _new_seat(session, vault, show, row, contestant, no, now)
        if made is not None:
            return made, token
        seat = attempt_of(session, row, contestant)  # the same person came in from elsewhere at the same moment
        assert seat is not None
        _held(show, seat)
    token, seat.token_hash = tokens.new_token()
    session.flush()
    return seat, token


def _next_no(session: Session, row: Round, contestant: Contestant) -> int:
    before = select(func.max(Attempt.no)).where(Attempt.round_id == row.id, Attempt.contestant_id == contestant.id)
    return (session.scalar(before) or 0) + 1


def _held(show: Show, seat: Attempt) -> bool:
    """Whether an attempt can be gone on with here; refuses who was sent out, and a second room of the same round."""
    if seat.show_id != show.id:
        raise Conflict("Đã dự thi vòng này ở một phòng khác.")
    if seat.removed_at is not None:
        raise NotAllowed("Người dẫn chương trình đã mời ra khỏi phòng này. Vẫn có thể theo dõi trên màn hình.")
    return True


def _refuse_by_time(show: Show, row: Round, now: datetime) -> None:
    if row.opens_at is None or row.closes_at is None or now < row.opens_at:
        raise TooEarly("Vòng thi chưa mở. Vui lòng quay lại vào giờ thi.")
    if now >= row.closes_at:
        raise TooLate("Vòng thi đã đóng. Vẫn có thể theo dõi trên màn hình.")
    players.refuse_late(show, now=now)


def _new_seat(
    session: Session, vault: Vault, show: Show, row: Round, contestant: Contestant, no: int, now: datetime
) -> tuple[Attempt | None, str]:
    """A new attempt; none where the same person got one at the same moment."""
    token, kept_hash = tokens.new_token()
    seat = Attempt(
        id=new_id(),
        mode="live",
        show_id=show.id,
        token_hash=kept_hash,
        person_id=contestant.person_id,
        round_id=row.id,
        contestant_id=contestant.id,
        no=no,
        unit_id=contestant.unit_id,
        place_id=contestant.place_id,
        team=_team(session, contestant),
        started_at=now,
    )
    name = _name(session, vault, show, contestant, now)
    carried = (
        player_names.carry_given(session, show, seat) if name is None else player_names.carry(session, show, seat, name)
    )
    if not carried:
        return None, ""
    hold(session, row.id, contestant.id, started=1)
    lags.fix_newcomer(session, show, seat.id)
    news.tell(session, PlayerJoined(show.id, seat.name or ""))
    return seat, token


def hold(session: Session, round_id: int, contestant_id: int, *, started: int = 0) -> None:
    """Make the row of what somebody has in a round where it is missing, and count the attempts that begin."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = dialect.insert(Participation).values(
        round_id=round_id, contestant_id=contestant_id, started=started, given_back=0, valid=0, watch_word_tries=0
    )
    keys = ["round_id", "contestant_id"]
    if started:
        more = {"started": Participation.started + started}
        session.execute(row.on_conflict_do_update(index_elements=keys, set_=more))
    else:
        session.execute(row.on_conflict_do_nothing(index_elements=keys))


# ── What is shown ───────────────────────────────────────────────────────────────────────────────────────────────


def _name(session: Session, vault: Vault, show: Show, contestant: Contestant, now: datetime) -> str | None:
    """The registered name as the screens show it; `None` where a name is given instead: the room gives names, or nobody
    agreed to this one being shown. Delegates stand on the organizer's list by name. On a public stream no more than the
    given name of people under 16 is shown (§14.5)."""
    agreed = contestant.delegate_code is not None or contestant.id in names.may_publish(session, [contestant.id])
    if player_names.are_given(show) or not agreed:
        return None
    if show.stream is not None and _is_child(vault, contestant, now):
        return display_names.given_name(contestant.name)[:LONGEST_NAME] or None
    shown = display_names.fitting(contestant.name)
    return None if display_names.flaw(shown) in ("imitation", "abuse") else shown


def _is_child(vault: Vault, contestant: Contestant, now: datetime) -> bool:
    born = entries.birth(vault, contestant)
    return born is not None and registration.is_child(born.first_day, day_in_vietnam(now))


def _team(session: Session, contestant: Contestant) -> str | None:
    """What stands beside the name: the delegation, else the unit, else the commune."""
    if contestant.team:
        return display_names.middle_cut(contestant.team, LONGEST_TEAM)
    node = session.get(Unit, contestant.unit_id or contestant.place_id) if _belongs(contestant) else None
    seen: set[int] = set()
    while node is not None and node.merged_into_id is not None and node.id not in seen:
        seen.add(node.id)
        node = session.get(Unit, node.merged_into_id)
    return None if node is None else display_names.middle_cut(node.name, LONGEST_TEAM)


def _belongs(contestant: Contestant) -> bool:
    return contestant.unit_id is not None or contestant.place_id is not None
