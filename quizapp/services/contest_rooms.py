"""The room of a contest's live round: made from the round's committed paper, and whether it is ready for the show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from quizapp import news
from quizapp.errors import Conflict, Unreadable
from quizapp.models import Attempt, Contest, Contestant, ContestRole, HostPress, Round, RoundQuestion, Show, Turn
from quizapp.rules import live_paper, question
from quizapp.rules.contest import LivePart
from quizapp.rules.contest import Round as RoundRules
from quizapp.rules.show import NameRule, Settings, of_part, settings_from_json, settings_to_json
from quizapp.services import changes, contests, hosts, rehearsals, round_papers, shows
from quizapp.services.rulebook_checks import TWO, Standing
from quizapp.services.show_news import ShowEnded
from quizapp.services.vault import Vault

LONGEST_TITLE = 80
SOUND = "sound"  # the press that says: somebody heard the hall's loudspeakers


@dataclass(frozen=True)
class Wish:
    """What is chosen for the room itself; all else follows from the rulebook."""

    title: str = ""
    names: NameRule = "typed"


@dataclass(frozen=True)
class Check:
    """One line of the checklist before a show; the sentence has `%(name)s` places for `details`."""

    key: str
    standing: Standing
    sentence: str
    href: str = ""
    details: Mapping[str, str | int] = field(default_factory=dict)


# ── Making ──────────────────────────────────────────────────────────────────────────────────────────────────────


def part_of(contest: Contest, row: Round) -> tuple[RoundRules, LivePart]:
    """What the rulebook says of a live round; refuses any other round."""
    if not row.overall:
        rules = contests.settings(contest).round(row.key)
        if rules.is_live and rules.live is not None:
            return rules, rules.live
    raise Conflict("Vòng này không thi trực tiếp nên không có phòng.")


def of_round(session: Session, row: Round) -> Show | None:
    """The room of a round, if it was made."""
    return session.scalar(select(Show).where(Show.round_id == row.id).order_by(Show.id).limit(1))


def make(
    session: Session, vault: Vault, contest: Contest, row: Round, wish: Wish, person_id: str, *, now: datetime
) -> Show:
    """The one room of a live round: its questions in their order, one order of options for all, reserves behind.

    Refuses while the rulebook is not published or the paper not set, after the closing, and a second room.
    """
    rules, part = part_of(contest, row)
    session.flush()
    session.refresh(row, with_for_update=True)  # of two who make it at once, the second finds the first one's
    objection = _objection(session, row)
    if objection:
        raise Conflict(objection)
    seed = round_papers.live_seed(vault, contest, row.key)
    made = Show(
        code=shows.free_code(session),
        title=_title(wish, rules),
        organizer_id=person_id,
        round_id=row.id,
        settings=settings_to_json(_settings(rules, part, wish.names)),
        seed=seed,
        made_at=now,
        turns=[
            Turn(
                n=n,
                round_question_id=kept.id,
                option_order=list(live_paper.option_order(rules.paper, question.from_json(kept.content), seed)),
                reserve=kept.reserve,
                standby=kept.reserve,
            )
            for n, kept in enumerate(_paper(session, row), 1)
        ],
    )
    session.add(made)
    session.flush()
    _note(session, contest, row, None, {"room": made.code}, person_id, now)
    return made


def discard(session: Session, contest: Contest, row: Round, person_id: str, *, now: datetime) -> None:
    """Take the room away again, so that it can be made anew; refused once anybody was in it or it began.

    An empty room that ended stays for a moment, for the screens that are open on it (`rehearsals.leftovers`).
    """
    room = of_round(session, row)
    if room is None:
        raise Conflict("Vòng này chưa có phòng.")
    if room.position or room.ended_at is not None:
        raise Conflict("Phần thi đã bắt đầu nên phòng này được giữ lại.")
    if session.scalar(select(Attempt.id).where(Attempt.show_id == room.id).limit(1)) is not None:
        raise Conflict("Đã có người vào phòng. Hãy giữ phòng này để họ không bị mất chỗ.")
    for rehearsal in session.scalars(select(Show).where(Show.rehearses_id == room.id)):
        rehearsals.throw_away(session, rehearsal, now=now)
    _note(session, contest, row, {"room": room.code}, None, person_id, now)
    session.execute(delete(Turn).where(Turn.show_id == room.id))  # the paper may be set again
    room.round_id, room.organizer_id, room.ended_at = None, None, now
    news.tell(session, ShowEnded(room.id))
    session.flush()
    session.expire(room)


def set_paper(session: Session, vault: Vault, contest: Contest, row: Round, person_id: str, *, now: datetime) -> int:
    """Commit the questions of a live round now instead of a day before it opens; says how many, reserves included."""
    part_of(contest, row)
    if contest.published_at is None:
        raise Conflict("Hãy công bố thể lệ trước khi chốt bộ câu hỏi.")
    before = {"digest": row.paper_root}
    kept = round_papers.commit(session, vault, contest, row, now=now)
    _note(session, contest, row, before, {"digest": row.paper_root}, person_id, now)
    return len(kept)


def _objection(session: Session, row: Round) -> str:
    if row.state == "DRAFT" or row.contest.published_at is None:
        return "Hãy công bố thể lệ trước khi lập phòng."
    if of_round(session, row) is not None:
        return "Vòng này đã có phòng."
    if contests.has_reached(row, "CLOSED"):
        return "Vòng thi đã đóng nên không lập phòng được nữa."
    if row.paper_set_at is None:
        return "Bộ câu hỏi của vòng này chưa chốt. Hãy chốt bộ câu hỏi trước khi lập phòng."
    return ""


def _settings(rules: RoundRules, part: LivePart, names: NameRule) -> Settings:
    return of_part(part, predicts=rules.prediction is not None, names=names)


def _title(wish: Wish, rules: RoundRules) -> str:
    title = " ".join(wish.title.split()) or rules.name.vi
    if len(title) > LONGEST_TITLE:
        raise Unreadable("Tên phòng dài quá 80 ký tự. Vui lòng rút gọn.")
    return title


def _paper(session: Session, row: Round) -> Sequence[RoundQuestion]:
    """The committed questions in the order they are asked, the reserves last."""
    wanted = select(RoundQuestion).where(RoundQuestion.round_id == row.id)
    return session.scalars(wanted.order_by(RoundQuestion.reserve, RoundQuestion.position)).all()


def _note(
    session: Session,
    contest: Contest,
    row: Round,
    before: dict[str, str | None] | None,
    after: dict[str, str | None] | None,
    person_id: str,
    now: datetime,
) -> None:
    thing = f"round/{row.key}"
    changes.note(session, contest, "room", thing, before, after, "", person_id, now=now, round_id=row.id)


# ── Ready? ──────────────────────────────────────────────────────────────────────────────────────────────────────


def checklist(session: Session, contest: Contest, row: Round) -> list[Check]:
    """What should be in place before the show, in the order in which one works."""
    rules, part = part_of(contest, row)
    base = f"/to-chuc/cuoc-thi/{contest.slug}"
    room = of_round(session, row)
    lines = [
        _published(contest, base),
        *_questions(session, row, part),
        *_room(room, rules, part),
        *_people(session, contest, base),
        _registered(session, contest, base),
        *_watch_word(row, part, base),
    ]
    return [*lines, *_broadcast(session, room)] if room is not None else lines


def heard(session: Session, room: Show, person_id: str, *, now: datetime) -> None:
    """Somebody says that the sound of the hall and of the stream was heard."""
    pressed = HostPress(show_id=room.id, turn_n=room.position, press=SOUND, details={}, person_id=person_id, at=now)
    session.add(pressed)


def _published(contest: Contest, base: str) -> Check:
    if contest.published_at is None:
        return Check("rulebook", "missing", "Thể lệ chưa công bố.", f"{base}/buoc/5")
    return Check("rulebook", "done", "Thể lệ đã công bố.", f"{base}/the-le")


def _questions(session: Session, row: Round, part: LivePart) -> list[Check]:
    kept = _paper(session, row) if row.paper_set_at is not None else ()
    reserves = sum(one.reserve for one in kept)
    if not kept:
        return [Check("questions", "missing", "Bộ câu hỏi chưa chốt. Máy tự chốt một ngày trước giờ mở.")]
    said = "Đã chốt %(count)s câu hỏi."
    lines = [Check("questions", "done", said, details={"count": len(kept) - reserves})]
    if reserves < part.reserves:
        said = "Mới có %(count)s trên %(wanted)s câu dự phòng: ngân hàng không còn câu phù hợp."
        lines.append(Check("reserves", "advice", said, details={"count": reserves, "wanted": part.reserves}))
    elif reserves:
        lines.append(Check("reserves", "done", "Có %(count)s câu dự phòng.", details={"count": reserves}))
    else:
        lines.append(Check("reserves", "advice", "Không có câu dự phòng. Nếu hủy một câu, không có câu thay."))
    return lines


def _room(room: Show | None, rules: RoundRules, part: LivePart) -> list[Check]:
    if room is None:
        return [Check("room", "missing", "Phòng chưa lập.")]
    kept = settings_from_json(room.settings)
    if kept != _settings(rules, part, kept.names):
        return [Check("room", "missing", "Thể lệ đã đổi sau khi lập phòng. Hãy bỏ phòng này và lập lại.")]
    return [Check("room", "done", "Phòng đã lập, đúng theo thể lệ.", f"/phong/{room.code}/dieu-khien")]


def _people(session: Session, contest: Contest, base: str) -> list[Check]:
    """Voiding a question on air takes two people."""
    leads = select(func.count(func.distinct(ContestRole.person_id)))
    count = session.scalar(leads.where(ContestRole.contest_id == contest.id, ContestRole.role.in_(hosts.ROLES))) or 0
    if count < TWO:
        said = "Cần thêm một người dẫn chương trình hoặc thư ký: hủy một câu phải có người thứ hai xác nhận."
        return [Check("people", "missing", said, f"{base}/nguoi")]
    return [Check("people", "done", "%(count)s người mở được bảng điều khiển.", f"{base}/nguoi", {"count": count})]


def _registered(session: Session, contest: Contest, base: str) -> Check:
    eligible = select(func.count()).where(Contestant.contest_id == contest.id, Contestant.status == "ELIGIBLE")
    count = session.scalar(eligible) or 0
    if not count:
        return Check("registered", "advice", "Chưa có ai đăng ký dự thi.", f"{base}/thi-sinh")
    return Check("registered", "done", "%(count)s người đã đăng ký.", f"{base}/thi-sinh", {"count": count})


def _watch_word(row: Round, part: LivePart, base: str) -> list[Check]:
    if part.watch_word_until is None:
        return []
    href = f"{base}/vong/{row.key}/ma-theo-doi"
    if row.watch_word_sealed is None:
        said = "Mã theo dõi chưa đặt, mà thể lệ lấy đó làm điều kiện xét giải."
        return [Check("watch-word", "missing", said, href)]
    return [Check("watch-word", "done", "Mã theo dõi đã đặt.", href)]


def _broadcast(session: Session, room: Show) -> list[Check]:
    stream = f"/phong/{room.code}/luong"
    held = select(Show.id).where(Show.rehearses_id == room.id, Show.position > 0).limit(1)
    heard_once = select(HostPress.id).where(HostPress.show_id == room.id, HostPress.press == SOUND).limit(1)
    return [
        Check("stream", "advice", "Không có luồng trực tiếp: chỉ thi trong hội trường.", stream)
        if room.stream is None
        else Check("stream", "done", "Đã gắn luồng trực tiếp.", stream),
        Check("rehearsal", "advice", "Chưa tập dượt. Một buổi tập 10 phút tránh được phần lớn sự cố.")
        if session.scalar(held) is None
        else Check("rehearsal", "done", "Đã tập dượt."),
        Check("sound", "advice", "Chưa ai nghe thử âm thanh hội trường và luồng.")
        if session.scalar(heard_once) is None
        else Check("sound", "done", "Đã nghe thử âm thanh."),
    ]
