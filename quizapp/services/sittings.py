"""Sitting a round of a contest at one's own pace: who may start and when, predictions, attempts given back, and the end
of a round. Between start and hand-in an attempt goes the way of every quiz (`quizzes`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, contains_eager

from quizapp.errors import Conflict, NotAllowed, NotFound, TooEarly, TooLate
from quizapp.models import Answer, Attempt, Contest, Contestant, Invitation, Participation, Round, Saying, Unit, new_id
from quizapp.rules import contest as rulebook
from quizapp.rules import deal, eligibility, prediction, tally
from quizapp.rules.eligibility import Reason
from quizapp.rules.timing import GRACE, day_in_vietnam, microseconds
from quizapp.services import books, changes, contests, quizzes, round_marks, round_papers, tokens
from quizapp.services.vault import Vault

FAULT = timedelta(seconds=60)  # between a fault of the server and the start of an attempt that may be given back
AT_A_TIME = 25  # attempts marked by one call of the clock
_TICK = timedelta(microseconds=1)

_REFUSED: dict[Reason, str] = {
    "excluded": "Tài khoản này không thuộc diện dự thi của cuộc thi.",
    "barred": "Ban Tổ chức đã dừng tư cách dự thi ở cuộc thi này. Có thể gửi khiếu nại.",
    "barred-round": "Ban Tổ chức đã dừng tư cách dự thi ở vòng này. Có thể gửi khiếu nại.",
    "outside": "Cuộc thi dành cho người sống, làm việc hoặc học tập trên địa bàn đã nêu trong thể lệ.",
    "too-young": "Chưa đủ tuổi dự thi theo thể lệ vào ngày này.",
}
WITHDRAWN = "Đã rút khỏi cuộc thi nên không thi tiếp được."
NOT_INVITED = "Vòng này chỉ dành cho người được mời."


@dataclass(frozen=True)
class Device:
    """What an attempt is sat on: the browser's own id, and the address it came from; kept as tags only. `kind` is
    `phone` or `computer`, for statistics."""

    id: str
    address: str
    kind: str = ""


@dataclass(frozen=True)
class Started:
    """An attempt to sit: a new one with its bearer token, or the open one, which has none to show again."""

    attempt: Attempt
    token: str | None


@dataclass(frozen=True)
class Chance:
    """How somebody stands in a round: what they used and have left, and whether they may start now.

    `left` is None where attempts are not limited. `ends_at` and `shortened` say how an attempt started now would end,
    and whether that is before its full time. `refusal` says why none can be started, "" if one can.
    """

    used: int
    left: int | None
    open: Attempt | None
    next_at: datetime | None
    ends_at: datetime | None
    shortened: bool
    refusal: str


# ── Finding ─────────────────────────────────────────────────────────────────────────────────────────────────────


def contestant_of(session: Session, contest: Contest, person_id: str | None) -> Contestant | None:
    """Somebody's entry in a contest, if they registered."""
    if person_id is None:
        return None
    mine = (Contestant.contest_id == contest.id, Contestant.person_id == person_id)
    return session.scalar(select(Contestant).where(*mine))


def round_of(session: Session, slug: str, key: str) -> Round:
    """A round of a published contest, with its contest; anything else looks as if it did not exist."""
    wanted = (
        select(Round)
        .join(Round.contest)
        .where(
            Contest.slug == slug,
            Contest.published_at.is_not(None),
            Contest.rehearsal.is_(False),
            Round.key == key,
        )
    )
    found = session.scalar(wanted.options(contains_eager(Round.contest)))
    if found is None:
        raise NotFound("Không tìm thấy vòng thi này.")
    return found


def participation(session: Session, row: Round, contestant: Contestant) -> Participation | None:
    """What somebody has in a round, if they began anything there."""
    mine = (Participation.round_id == row.id, Participation.contestant_id == contestant.id)
    return session.scalar(select(Participation).where(*mine))


def participations(session: Session, contestant: Contestant) -> dict[int, Participation]:
    """What somebody has in every round of their contest, by the round."""
    mine = select(Participation).where(Participation.contestant_id == contestant.id)
    return {one.round_id: one for one in session.scalars(mine)}


def open_rounds(session: Session, *, now: datetime) -> list[Round]:
    """Every round that is open now, with its contest, the one that closes first in front."""
    wanted = (
        select(Round)
        .join(Round.contest)
        .where(
            Contest.published_at.is_not(None),
            Contest.rehearsal.is_(False),
            Round.state.in_(("PUBLISHED", "OPEN")),
            Round.overall.is_(False),
            Round.opens_at <= now,
            Round.closes_at > now,
        )
        .options(contains_eager(Round.contest))
        .order_by(Round.closes_at, Round.id)
    )
    return list(session.scalars(wanted))


def attempts(session: Session, contestant: Contestant) -> list[Attempt]:
    """Everything somebody sat in a contest, in order."""
    mine = (Attempt.contestant_id == contestant.id, Attempt.mode == quizzes.CONTEST)
    return list(session.scalars(select(Attempt).where(*mine).order_by(Attempt.started_at, Attempt.no)))


def open_attempt(session: Session, contestant: Contestant, *, now: datetime) -> Attempt | None:
    """The attempt that somebody has open in the contest; not one whose time is over."""
    mine = (Attempt.contestant_id == contestant.id, Attempt.mode == quizzes.CONTEST, Attempt.handed_in_at.is_(None))
    found = session.scalar(select(Attempt).where(*mine).order_by(Attempt.started_at).limit(1))
    return None if found is None or quizzes.is_due(found, now=now) else found


# ── Starting ────────────────────────────────────────────────────────────────────────────────────────────────────


def chance(session: Session, vault: Vault, row: Round, contestant: Contestant, *, now: datetime) -> Chance:
    """How somebody stands in a round now; looks only."""
    rules = _rules(row)
    mine = participation(session, row, contestant)
    used = mine.started - mine.given_back if mine else 0
    next_at = _cooled_at(row, rules, _before(session, contestant)) if rules.cooldown else None
    ends_at = _deadline(rules, contestant, now)
    limit = _limit(rules, contestant)
    return Chance(
        used=used,
        left=None if rules.max_attempts is None else max(0, rules.max_attempts - used),
        open=open_attempt(session, contestant, now=now),
        next_at=next_at if next_at is not None and next_at > now else None,
        ends_at=ends_at,
        shortened=limit is not None and ends_at - now < limit,
        refusal=_no_entry(session, vault, row, rules, contestant, now) or _shut(row, rules, now),
    )


def start(
    session: Session, vault: Vault, row: Round, contestant: Contestant, device: Device, *, now: datetime
) -> Started:
    """Deal a paper and start its clock, or go on with the attempt that is open in this round.

    Refuses whom the rulebook does not let in, outside the window, above the number of attempts, before the cooldown is
    over, and while an attempt of another round is open. However many starts come at once, no more begin than allowed.
    """
    rules = _rules(row)
    if not rules.is_sat:
        raise NotFound("Vòng này không thi theo cách tự làm bài.")
    round_papers.remember(session, row)
    _alone(session, contestant)
    refused = _no_entry(session, vault, row, rules, contestant, now)
    if refused:
        raise NotAllowed(refused)
    before = _before(session, contestant)
    running = next((one.id for one in before if one.handed_in_at is None), None)
    found = None if running is None else session.get_one(Attempt, running, with_for_update=True)
    if found is not None and quizzes.is_due(found, now=now):
        quizzes.hand_in(session, found, now=now)
        before, found = _before(session, contestant), None
    if found is not None:
        if found.round_id != row.id:
            raise Conflict("Đang có một lượt thi chưa nộp ở vòng khác. Nộp lượt đó rồi bắt đầu lượt mới.")
        return Started(found, None)
    if now < rules.opens_at:
        raise TooEarly("Vòng thi chưa mở.")
    if now >= rules.closes_at:
        raise TooLate("Vòng thi đã đóng.")
    cooled_at = _cooled_at(row, rules, before)
    if cooled_at is not None and now < cooled_at:
        raise TooEarly("Chưa đến giờ bắt đầu lượt tiếp theo. Vui lòng quay lại sau.")
    return _begin(session, vault, row, rules, contestant, device, len(before) + 1, now)


def new_token(session: Session, started: Started) -> str:
    """The bearer token of an attempt; one that was gone on with gets another, and the one given before ends."""
    if started.token is not None:
        return started.token
    token, started.attempt.token_hash = tokens.new_token()
    session.flush()
    return token


def _begin(
    session: Session,
    vault: Vault,
    row: Round,
    rules: rulebook.Round,
    contestant: Contestant,
    device: Device,
    deal_no: int,
    now: datetime,
) -> Started:
    committed = round_papers.of_round(session, row, rules.paper)
    no = _claim(session, row, rules, contestant)
    seed = contests.attempt_seed(contests.seed(vault, row.contest), contestant.code, deal_no)
    dealt = deal.deal(committed.bank, seed)
    limit = _limit(rules, contestant)
    token, token_hash = tokens.new_token()
    day = day_in_vietnam(now).isoformat()
    attempt = Attempt(
        id=new_id(),
        mode=quizzes.CONTEST,
        person_id=contestant.person_id,
        token_hash=token_hash,
        holder=device.id,
        past_holders=[],
        started_at=now,
        paper=[
            {"q": one.question.id, "v": committed.asked[one.question.id].version, "o": list(one.options)}
            for one in dealt
        ],
        limit_seconds=None if limit is None else limit // timedelta(seconds=1),
        deadline_at=_deadline(rules, contestant, now),
        round_id=row.id,
        contestant_id=contestant.id,
        no=no,
        deal_no=deal_no,
        unit_id=contestant.unit_id,
        place_id=contestant.place_id,
        device_tag=vault.tag(f"device {day}", device.id),
        address_tag=vault.tag(f"address {day}", device.address),
        device_kind=device.kind,
    )
    session.add(attempt)
    session.flush()
    return Started(attempt, token)


def _alone(session: Session, contestant: Contestant) -> None:
    """Let one step of a person come after the other. SQLite has one writer anyway: nothing can have changed there."""
    if session.get_bind().dialect.name != "sqlite":
        session.refresh(contestant, with_for_update=True)


def _claim(session: Session, row: Round, rules: rulebook.Round, contestant: Contestant) -> int:
    """Take one more attempt of those allowed: the update is the claim, and the first one makes the row. Gives its
    number."""
    inserted = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    first = inserted(Participation).values(round_id=row.id, contestant_id=contestant.id, started=1)
    left = None if rules.max_attempts is None else Participation.started - Participation.given_back < rules.max_attempts
    claim = first.on_conflict_do_update(
        index_elements=["round_id", "contestant_id"], set_={"started": Participation.started + 1}, where=left
    )
    number: int | None = session.scalar(claim.returning(Participation.started))
    if number is None:
        raise Conflict("Đã dùng hết số lượt thi của vòng này.")
    return number


def _rules(row: Round) -> rulebook.Round:
    if row.overall:
        raise NotFound("Không tìm thấy vòng thi này.")
    return contests.settings(row.contest).round(row.key)


def _shut(row: Round, rules: rulebook.Round, now: datetime) -> str:
    """Why nobody can start now, "" if people can."""
    if now < rules.opens_at:
        return "Vòng thi chưa mở."
    if now >= rules.closes_at:
        return "Vòng thi đã đóng."
    return "" if row.paper_root else "Đề của vòng này chưa sẵn sàng. Vui lòng quay lại sau ít phút."


def _limit(rules: rulebook.Round, contestant: Contestant) -> timedelta | None:
    """The time of one attempt of this person, with what was granted; None without a limit."""
    return rules.limit * contestant.accommodation // 100 if contestant.accommodation else None


def _deadline(rules: rulebook.Round, contestant: Contestant, now: datetime) -> datetime:
    """When an attempt started now ends; without a limit of its own it ends with the round."""
    limit = _limit(rules, contestant)
    if limit is None:
        return rules.closes_at
    return min(now + limit, rules.closes_at) if rules.close_policy == "CUT" else now + limit


def _before(session: Session, contestant: Contestant) -> list[Any]:
    """Every attempt that somebody ever began in the contest, in short."""
    wanted = select(Attempt.id, Attempt.round_id, Attempt.handed_in_at, Attempt.given_back_at)
    mine = (Attempt.contestant_id == contestant.id, Attempt.mode == quizzes.CONTEST)
    return list(session.execute(wanted.where(*mine).order_by(Attempt.started_at)))


def _cooled_at(row: Round, rules: rulebook.Round, before: list[Any]) -> datetime | None:
    """When the pause after the last hand-in in this round is over."""
    if not rules.cooldown:
        return None
    here = [one for one in before if one.round_id == row.id and one.given_back_at is None]
    last = max((one.handed_in_at for one in here if one.handed_in_at is not None), default=None)
    return None if last is None else last + timedelta(seconds=rules.cooldown)


# ── Predicting ──────────────────────────────────────────────────────────────────────────────────────────────────


def predict(
    session: Session,
    row: Round,
    contestant: Contestant,
    typed: str,
    attempt: Attempt | None = None,
    *,
    now: datetime,
) -> Participation:
    """Save what somebody predicts, in an attempt or beside it; nothing typed clears the number (§21.9).

    Refuses what is no such number, which leaves the earlier one, and what comes when it can no longer count.
    """
    rules = _rules(row)
    if rules.prediction is None or not rules.is_sat:
        raise NotFound("Vòng này không có câu hỏi dự đoán.")
    value = prediction.read(typed, rules.prediction)
    _alone(session, contestant)
    if contestant.status == "EXCLUDED" or contestant.withdrawn_at is not None:
        raise NotAllowed(WITHDRAWN if contestant.withdrawn_at else _REFUSED["excluded"])
    said_at = _said_at(session, rules, contestant, attempt, now)
    latest = (Saying.round_id == row.id, Saying.contestant_id == contestant.id)
    last = session.scalar(select(Saying).where(*latest).order_by(Saying.id.desc()).limit(1))
    attempt_id = None if attempt is None else attempt.id
    if last is None or (last.value, last.attempt_id) != (value, attempt_id):
        session.add(
            Saying(round_id=row.id, contestant_id=contestant.id, attempt_id=attempt_id, value=value, said_at=said_at)
        )
        session.flush()
    return round_marks.recount(session, row, contestant.id)


def may_predict(session: Session, attempt: Attempt) -> bool:
    """Whether a number saved in this attempt can count: under `PER_ROUND_FIRST` only one saved in the first attempt."""
    asked = round_papers.rules_of(session, attempt).prediction
    if asked is None:
        return False
    return asked.prediction_scope != "PER_ROUND_FIRST" or attempt.id == _first(session, attempt)


def predicted(session: Session, attempt: Attempt) -> int | None:
    """The number that stands while somebody sits: that of this attempt, or the one that serves the whole round."""
    asked = round_papers.rules_of(session, attempt).prediction
    if asked is None or asked.prediction_scope == "PER_ATTEMPT":
        said = select(Saying.value).where(Saying.round_id == attempt.round_id, Saying.attempt_id == attempt.id)
        return session.scalar(said.order_by(Saying.id.desc()).limit(1))
    mine = (Participation.round_id == attempt.round_id, Participation.contestant_id == attempt.contestant_id)
    return session.scalar(select(Participation.prediction).where(*mine))


def _said_at(
    session: Session, rules: rulebook.Round, contestant: Contestant, attempt: Attempt | None, now: datetime
) -> datetime:
    """The instant kept for a prediction that comes now; refuses one that cannot count."""
    if attempt is not None:
        assert attempt.contestant_id == contestant.id
        if attempt.handed_in_at is not None or not attempt.window.admits(now):
            raise TooLate("Lượt thi đã nộp nên số dự đoán của lượt này không đổi được nữa.")
        if not may_predict(session, attempt):
            raise Conflict("Số dự đoán đã chốt ở lượt thi đầu tiên.")
        return attempt.window.stamp(now)
    asked = rules.prediction
    if asked is None or asked.prediction_scope != "PER_ROUND_LAST":
        raise Conflict("Số dự đoán của vòng này chỉ nhập trong lúc làm bài.")
    if now < rules.opens_at:
        raise TooEarly("Vòng thi chưa mở.")
    if rules.window.is_over(now):
        raise TooLate("Vòng thi đã đóng nên số dự đoán không đổi được nữa.")
    return min(now, rules.closes_at - _TICK)  # the last instant that is before the closing


def _first(session: Session, attempt: Attempt) -> str | None:
    """The first attempt of somebody in a round, but for those given back."""
    mine = (
        Attempt.contestant_id == attempt.contestant_id,
        Attempt.round_id == attempt.round_id,
        Attempt.given_back_at.is_(None),
    )
    return session.scalar(select(Attempt.id).where(*mine).order_by(Attempt.no).limit(1))


# ── Giving back ─────────────────────────────────────────────────────────────────────────────────────────────────


def give_back(
    session: Session,
    contest: Contest,
    attempt_id: str,
    fault_at: datetime,
    reason: str,
    by: str | None,
    *,
    now: datetime,
) -> Attempt:
    """Make an attempt as if it had never happened, because the server failed when it began (§6).

    Refuses one with a saved answer, one that did not begin within `FAULT` of the fault, and a change without a reason.
    """
    why = changes.reason_of(reason)
    attempt = session.get(Attempt, attempt_id, with_for_update=True)
    row = None if attempt is None or attempt.round_id is None else round_papers.round_of(session, attempt)
    if attempt is None or row is None or row.contest_id != contest.id or attempt.mode != quizzes.CONTEST:
        raise NotFound("Không tìm thấy lượt thi này.")
    if attempt.given_back_at is not None:
        raise Conflict("Lượt thi này đã được trả lại.")
    saved = select(Answer.id).where(Answer.attempt_id == attempt.id, Answer.verdict == "ok").limit(1)
    if session.scalar(saved) is not None:
        raise Conflict("Lượt thi đã có đáp án được lưu nên không trả lại được.")
    if fault_at > now or abs(fault_at - attempt.started_at) > FAULT:
        raise Conflict("Chỉ trả lại lượt thi bắt đầu trong vòng 60 giây quanh lúc máy chủ gặp sự cố.")
    quizzes.hand_in(session, attempt, now=now)
    attempt.given_back_at = now
    session.flush()
    round_marks.recount(session, row, attempt.contestant_id)
    changes.note(
        session,
        contest,
        "give_back",
        f"attempt {attempt.id}",
        {"given_back": False},
        {"given_back": True, "fault_at": microseconds(fault_at)},
        why,
        by,
        now=now,
        round_id=row.id,
    )
    return attempt


# ── The end of a round ──────────────────────────────────────────────────────────────────────────────────────────


def rounds_ending(session: Session, *, now: datetime) -> list[Round]:
    """Closed rounds at one's own pace with every attempt handed in, which still have to be marked or noted as cut."""
    wanted = select(Round).where(
        Round.cut_at.is_(None), Round.closes_at <= now - GRACE, Round.state != "DRAFT", Round.overall.is_(False)
    )
    return [row for row in session.scalars(wanted) if _rules(row).is_sat and not _has_open(session, row)]


def end_rounds(session: Session, *, now: datetime) -> bool:
    """Note which rounds have every attempt in; marks those whose score was held back until then, some at a time.

    Says whether there is more to mark.
    """
    for row in rounds_ending(session, now=now):
        if row.paper_root is not None and round_marks.mark_rest(session, row, most=AT_A_TIME):
            return True
        row.cut_at = now
    session.flush()
    return False


def _has_open(session: Session, row: Round) -> bool:
    open_one = (Attempt.handed_in_at.is_(None), Attempt.deadline_at.is_not(None), Attempt.round_id == row.id)
    return session.scalar(select(Attempt.id).where(*open_one).limit(1)) is not None


# ── Eligibility ─────────────────────────────────────────────────────────────────────────────────────────────────


def no_entry(session: Session, vault: Vault, row: Round, contestant: Contestant, *, now: datetime) -> str:
    """Why somebody may not take part in a round today, "" if they may: for whoever asks besides a sitting."""
    return _no_entry(session, vault, row, _rules(row), contestant, now)


def _no_entry(
    session: Session, vault: Vault, row: Round, rules: rulebook.Round, contestant: Contestant, now: datetime
) -> str:
    """Why somebody may not sit this round today, "" if they may."""
    if contestant.withdrawn_at is not None:
        return WITHDRAWN
    settings = contests.settings(row.contest)
    who = _as_counted(vault, contestant)
    today = tally.Sitting(
        id="",
        code=who.code,
        no=1,
        started_us=microseconds(now),
        submitted_us=microseconds(now),
        score=0,
        full=0,
        correct=0,
        of=0,
        answered=0,
    )
    reason = eligibility.reason(who, today, settings, rules, _province(session, settings, contestant))
    if reason:
        return _REFUSED[reason]
    if rules.kind == "final" and not _is_invited(session, row, contestant):
        return NOT_INVITED
    return ""


def _as_counted(vault: Vault, contestant: Contestant) -> tally.Contestant:
    """Somebody as counting sees them, as far as eligibility asks."""
    barred = dict(contestant.barred_rounds)
    return tally.Contestant(
        code=contestant.code,
        status=cast("tally.Status", contestant.status),
        birth_date=books.birth_date(vault, contestant.code, contestant.birth_sealed),
        unit=None if contestant.unit_id is None else str(contestant.unit_id),
        place=None if contestant.place_id is None else str(contestant.place_id),
        barred=barred.pop(books.WHOLE, ""),
        barred_rounds=barred,
    )


def _province(session: Session, settings: rulebook.Settings, contestant: Contestant) -> dict[str, str]:
    """The official code of the province somebody's place lies in; asked only where the rulebook asks for it."""
    if not settings.who.provinces or contestant.place_id is None:
        return {}
    path: dict[str, tally.Node] = {}
    id: int | None = contestant.place_id
    while id is not None and str(id) not in path:
        place = session.get(Unit, id)
        assert place is not None  # the database keeps no place without those above it
        id = place.parent_id
        parent = None if id is None else str(id)
        path[str(place.id)] = tally.Node(id=str(place.id), name="", level="", parent=parent, code=place.code)
    return eligibility.provinces_of(path.values())


def _is_invited(session: Session, row: Round, contestant: Contestant) -> bool:
    mine = (Invitation.round_id == row.id, Invitation.contestant_id == contestant.id)
    return session.scalar(select(Invitation.id).where(*mine)) is not None
