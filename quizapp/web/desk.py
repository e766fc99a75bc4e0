"""The secretariat's desk for a round after its closing: where it stands, the one next step, and what was computed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp import clock, db, tallying
from quizapp.errors import NotFound, Refusal, Unreadable
from quizapp.models import Attempt, Contest, Contestant, Round, Snapshot
from quizapp.rules import contest as rulebook
from quizapp.rules import stage, steps
from quizapp.rules.question import from_json
from quizapp.rules.timing import VIETNAM
from quizapp.rules.typed import whole_number
from quizapp.services import (
    changes,
    contests,
    draws,
    names,
    sanctions,
    sittings,
    snapshots,
    stages,
    tallies,
    targets,
    voids,
    winner_checks,
)
from quizapp.web.frame import language
from quizapp.web.signing import needs, vault

BASE = "/to-chuc/cuoc-thi/<slug>"
ROUND = f"{BASE}/vong/<key>"
ACTIONS: dict[steps.Action, Any] = {
    "preview": lazy_gettext("Tính thử"),
    "freeze": lazy_gettext("Chốt số mục tiêu"),
    "snapshot": lazy_gettext("Lập bảng kết quả"),
    "ask": lazy_gettext("Mời người đạt giải xác minh"),
    "decide": lazy_gettext("Lưu số quyết định"),
    "publish": lazy_gettext("Đề nghị công bố"),
}
PRESSES = {
    "REVIEW": lazy_gettext("Bắt đầu rà soát"),
    "PROVISIONAL": lazy_gettext("Chuyển sang kết quả dự kiến"),
    "COMPLAINTS": lazy_gettext("Mở tiếp nhận khiếu nại"),
    "FINAL": lazy_gettext("Chốt kết quả chính thức"),
    "AWARDED": lazy_gettext("Ghi nhận đã trao giải"),
}
OUTCOMES = {
    "CONFIRMED": lazy_gettext("Đã xác minh"),
    "REFUSED": lazy_gettext("Không đạt điều kiện"),
    "NO_ANSWER": lazy_gettext("Không trả lời"),
    "DECLINED": lazy_gettext("Từ chối nhận giải"),
}
COLLECTING = {
    "person": lazy_gettext("Người đạt giải nhận"),
    "representative": lazy_gettext("Người được ủy quyền nhận"),
    "transfer": lazy_gettext("Chuyển khoản"),
}
POLICIES = {
    "GIVE_ALL": lazy_gettext("Cho điểm mọi người đã gặp câu này"),
    "REMOVE": lazy_gettext("Loại khỏi đề, điểm tối đa giảm"),
    "ACCEPT_ALSO": lazy_gettext("Chấp nhận thêm phương án khác"),
    "": lazy_gettext("Bỏ quyết định hủy"),
}
FIGURES = {
    "registered": lazy_gettext("Người đăng ký"),
    "started": lazy_gettext("Lượt bắt đầu"),
    "attempts": lazy_gettext("Lượt thi"),
    "people": lazy_gettext("Người dự thi"),
    "all_correct": lazy_gettext("Người đúng tất cả"),
    "hors_attempts": lazy_gettext("Lượt thi không xét giải"),
    "hors_people": lazy_gettext("Người không xét giải"),
    "target": lazy_gettext("Số mục tiêu"),
}
LEVELS = {
    "warn": lazy_gettext("Nhắc nhở"),
    "round": lazy_gettext("Hủy kết quả cả vòng"),
    "contest": lazy_gettext("Hủy kết quả cả cuộc thi"),
    "bar": lazy_gettext("Hủy kết quả và cấm dự các cuộc thi sau"),
}

bp = Blueprint("desk", __name__)


# ── Who may, and what every page needs ──────────────────────────────────────────────────────────────────────────


def let_in(session: Session, slug: str) -> Contest:
    """The contest, for a member of its secretariat; to anybody else it looks as if it did not exist."""
    return contests.find_for(session, slug, current_user.id, contests.SECRETARIAT)


def round_name(contest: Contest, row: Round | None) -> str:
    """The name of a round, or of a list over rounds, in the reader's language."""
    if row is None:
        return gettext("Cả cuộc thi")
    settings = contests.settings(contest)
    listed: list[rulebook.Round | rulebook.Overall] = [*settings.rounds, *settings.overall]
    return next((one.name.of(language()) for one in listed if one.key == row.key), row.key)


def rules_of(contest: Contest, row: Round) -> rulebook.Round | rulebook.Overall:
    """What the rulebook says of a round, or of a list over rounds."""
    settings = contests.settings(contest)
    listed: list[rulebook.Round | rulebook.Overall] = [*settings.rounds, *settings.overall]
    return next(one for one in listed if one.key == row.key)


def carry_out(back: str, done: Callable[[Session], str | None]) -> Response:
    """Do a step and go back to its page, which then says what was done, or why not."""
    try:
        with db.begin() as session:
            said = done(session)
    except NotFound:
        raise
    except Refusal as refusal:
        flash(gettext(refusal.sentence), "bad")
    else:
        if said:
            flash(said, "ok")
    return redirect(back)


def start_waiting(slug: str) -> None:
    """Start the process of whatever computation was asked for in the step before."""
    with db.read() as session:
        asked = tallies.running(session, let_in(session, slug))
    if asked is not None and asked.begun_at is None:
        tallying.start(current_app.extensions["quiz_config"], asked.id)


def _typed(name: str, most: int = 4_000) -> str:
    return request.form.get(name, "").strip()[:most]


# ── The desk ────────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get(ROUND)
@needs()
def show(slug: str, key: str) -> str:
    """Where a round stands, what is next, and what is known."""
    now = clock.now()
    with db.read() as session:
        contest = let_in(session, slug)
        row = contests.round_of(contest, key)
        here = stages.standing(session, contest, row, now=now)
        rules = rules_of(contest, row)
        winners = winner_checks.winners(session, row, here.newest)
        nodes = names.Nodes(session, contest)
        questions = [] if row.overall else voids.questions(session, row)
        chosen = request.args.get("cau")
        voiding = next((from_json(one.content) for one in questions if one.question_id == chosen), None)
        return render_template(
            "desk/round.html",
            contest=contest,
            row=row,
            rules=rules,
            name=round_name(contest, row),
            standing=here,
            action=steps.action(here.facts, now=now),
            states=[state for state in stage.STATES if state != "DRAFT"],
            past=stage.STATES[: stage.STATES.index(here.facts.state)],
            tallying=tallies.running(session, contest) or tallies.latest(session, row),
            preview=targets.preview(session, contest, row),
            kept=snapshots.all_of(session, row),
            numbers=None if here.newest is None else snapshots.numbers(here.newest),
            lists=[] if here.newest is None else snapshots.collective(here.newest),
            list_names={one.key: one.name.of(language()) for one in contests.settings(contest).collective},
            winners=winners,
            notes={
                one.contestant.id: winner_checks.collected_note(vault(), one.contestant, row, one.check)
                for one in winners
                if one.check is not None
            },
            where={one.contestant.id: nodes.where(one.contestant.unit_id, one.contestant.place_id) for one in winners},
            prizes={prize.key: prize.name.of(language()) for prize in rules.ranking.prizes},
            undrawn=draws.due(session, here.newest),
            questions=questions,
            voiding=voiding,
            ordered=[{"o": n, "text": text.of(language())} for n, text in enumerate(voiding.options)]
            if voiding
            else [],
            before=stage.before(here.facts.state),
            people=changes.names(session, here.waiting),
            days=contests.settings(contest).complaint_days,
            today=now.astimezone(VIETNAM).date().isoformat(),
            now=now,
            words=_words(),
        )


@bp.get(f"{ROUND}/tien-do")
@needs()
def progress(slug: str, key: str) -> dict[str, Any]:
    """How far a computation is, for the desk's script."""
    with db.read() as session:
        contest = let_in(session, slug)
        contests.round_of(contest, key)
        found = tallies.running(session, contest)
    return {"running": found is not None, "progress": 100 if found is None else found.progress}


@bp.post(ROUND)
@needs()
def press(slug: str, key: str) -> Response:
    """One step at the desk; `do` says which."""
    do = _DOINGS.get(request.form.get("do", ""))
    if do is None:
        raise NotFound()
    back = url_for(".show", slug=slug, key=key)
    if request.form.get("back") == "person":
        back = url_for(".person", slug=slug, key=key, ma=_typed("code", 60))

    def done(session: Session) -> str | None:
        contest = let_in(session, slug)
        return do(session, contest, contests.round_of(contest, key), clock.now())

    answer = carry_out(back, done)
    start_waiting(slug)
    return answer


def _words() -> dict[str, Any]:
    return {
        "actions": ACTIONS,
        "presses": PRESSES,
        "outcomes": OUTCOMES,
        "collecting": COLLECTING,
        "policies": POLICIES,
        "figures": FIGURES,
        "levels": LEVELS,
    }


# ── Steps ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _step(session: Session, contest: Contest, row: Round, now: datetime) -> str:
    stages.press(session, contest, row, current_user.id, now=now, until=_moment("until"))
    return gettext("Đã chuyển trạng thái của vòng thi.")


def _compute(purpose: tallies.Purpose) -> Callable[[Session, Contest, Round, datetime], str]:
    def ask(session: Session, contest: Contest, row: Round, now: datetime) -> str:
        tallies.ask(session, contest, row, purpose, _typed("reason"), current_user.id, now=now)
        return gettext("Máy bắt đầu tính. Trang này cập nhật khi tính xong.")

    return ask


def _freeze(session: Session, contest: Contest, row: Round, now: datetime) -> str:
    targets.freeze(session, contest, row, current_user.id, now=now)
    return gettext("Đã chốt số mục tiêu.")


def _decide(session: Session, contest: Contest, row: Round, now: datetime) -> str:
    day = _day("day")
    if day is None:
        raise Unreadable("Vui lòng nhập ngày quyết định.")
    stages.decide(session, contest, row, _typed("number", 200), day, current_user.id, now=now)
    return gettext("Đã lưu số và ngày quyết định.")


def _publish(session: Session, contest: Contest, row: Round, now: datetime) -> str:
    announce = request.form.get("announce") == "1"
    stages.propose_publication(
        session,
        contest,
        row,
        _typed("reason"),
        current_user.id,
        now=now,
        announce=announce,
        correction=_typed("correction", 80),
    )
    return _waits()


def _back(session: Session, contest: Contest, row: Round, now: datetime) -> str:
    stages.propose_back(session, contest, row, _typed("reason"), current_user.id, now=now)
    return _waits()


def _correct(session: Session, contest: Contest, row: Round, now: datetime) -> str:
    targets.propose_correction(
        session, contest, row, _typed("correction", 80), _typed("reason"), current_user.id, now=now
    )
    return _waits()


def _void(session: Session, contest: Contest, row: Round, now: datetime) -> str:
    wanted = request.form.get("policy", "")
    voids.propose(
        session,
        contest,
        row,
        _typed("question", 80),
        next((policy for policy in voids.POLICIES if policy == wanted), None),
        _typed("reason"),
        current_user.id,
        now=now,
        also=_numbers("also"),
        correction=_typed("correction", 80),
    )
    return _waits()


def _ask(session: Session, contest: Contest, row: Round, now: datetime) -> str:
    winner_checks.ask(session, contest, row, current_user.id, now=now)
    return gettext("Người đạt giải thấy lời mời ở mục Thông báo cho tôi của cuộc thi.")


def _check(session: Session, contest: Contest, row: Round, now: datetime) -> str:
    outcome = next((one for one in winner_checks.OUTCOMES if one == request.form.get("outcome")), None)
    if outcome is None:
        raise Unreadable("Vui lòng chọn kết quả xác minh.")
    winner_checks.settle(session, contest, row, _who(session, contest), outcome, _typed("reason"), _me(), now=now)
    return gettext("Đã ghi kết quả xác minh.")


def _collect(session: Session, contest: Contest, row: Round, now: datetime) -> str:
    how = next((one for one in winner_checks.COLLECTING if one == request.form.get("how")), None)
    if how is None:
        raise Unreadable("Vui lòng chọn cách nhận giải.")
    who = _who(session, contest)
    winner_checks.collect(session, vault(), contest, row, who, how, _typed("note"), _me(), now=now)
    return gettext("Đã ghi việc trao giải.")


def _sanction(session: Session, contest: Contest, row: Round, now: datetime) -> str:
    who, level, valid = _who(session, contest), request.form.get("level", ""), request.form.get("valid") == "1"
    if level == "warn":
        sanctions.warn(session, contest, who, _typed("reason"), _me(), now=now, row=row)
        return gettext("Đã ghi lời nhắc nhở.")
    chosen: sanctions.Level | None = "round" if level == "round" else "contest" if level == "contest" else None
    chosen = "bar" if level == "bar" else chosen
    if chosen is None:
        raise Unreadable("Vui lòng chọn hình thức xử lý.")
    sanctions.propose_person(
        session,
        contest,
        who,
        chosen,
        _typed("reason"),
        _me(),
        now=now,
        row=row if chosen == "round" else None,
        valid=valid,
        correction=_typed("correction", 80),
    )
    return _waits()


def _attempt(session: Session, contest: Contest, row: Round, now: datetime) -> str:
    sanctions.propose_attempt(
        session,
        contest,
        _typed("attempt", 32),
        _typed("reason"),
        _me(),
        now=now,
        valid=request.form.get("valid") == "1",
        correction=_typed("correction", 80),
    )
    return _waits()


def _give_back(session: Session, contest: Contest, row: Round, now: datetime) -> str:
    fault_at = _moment("fault_at")
    if fault_at is None:
        raise Unreadable("Vui lòng nhập lúc máy chủ gặp sự cố.")
    sittings.give_back(session, contest, _typed("attempt", 32), fault_at, _typed("reason"), _me(), now=now)
    return gettext("Đã trả lại lượt thi: lượt này coi như chưa có.")


_DOINGS: dict[str, Callable[[Session, Contest, Round, datetime], str]] = {
    "press": _step,
    "preview": _compute("preview"),
    "snapshot": _compute("snapshot"),
    "rescore": _compute("rescore"),
    "flags": _compute("flags"),
    "freeze": _freeze,
    "decide": _decide,
    "publish": _publish,
    "back": _back,
    "target": _correct,
    "void": _void,
    "ask": _ask,
    "check": _check,
    "collect": _collect,
    "sanction": _sanction,
    "attempt": _attempt,
    "give-back": _give_back,
}


def _waits() -> str:
    return gettext("Đã gửi đề nghị. Một người khác trong Tổ Thư ký cần xác nhận.")


def _me() -> str:
    me: str = current_user.id
    return me


def _who(session: Session, contest: Contest) -> Contestant:
    return sanctions.find_contestant(session, contest, _typed("code", 60))


def _numbers(name: str) -> list[int]:
    typed = (whole_number(value) for value in request.form.getlist(name)[:20])
    return [number for number in typed if number is not None]


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(_typed(name, 20))
    except ValueError:
        return None


def _moment(name: str) -> datetime | None:
    """A moment as `datetime-local` sends it, in Viet Nam."""
    try:
        return datetime.fromisoformat(_typed(name, 20)).replace(tzinfo=VIETNAM)
    except ValueError:
        return None


# ── More of a round ─────────────────────────────────────────────────────────────────────────────────────────────


@bp.get(f"{ROUND}/bang/<int:n>")
@needs()
def ranking(slug: str, key: str, n: int) -> str:
    """The whole ranking of a snapshot with names, for the secretariat."""
    page = max(request.args.get("trang", 1, type=int), 1)
    with db.read() as session:
        contest, row, kept = _snapshot(session, slug, key, n)
        nodes = names.Nodes(session, contest)
        lines = snapshots.page(session, kept, page)
        return render_template(
            "desk/ranking.html",
            contest=contest,
            row=row,
            rules=rules_of(contest, row),
            name=round_name(contest, row),
            kept=kept,
            lines=lines,
            where={
                one.contestant.id: nodes.where(one.contestant.unit_id, one.contestant.place_id)
                for one in lines
                if one.contestant is not None
            },
            page=page,
            pages=max(1, -(-kept.people // snapshots.PAGE)),
        )


@bp.get(f"{ROUND}/so-sanh")
@needs()
def compare(slug: str, key: str) -> str:
    """What one snapshot says differently from an earlier one."""
    with db.read() as session:
        contest, row, before = _snapshot(session, slug, key, request.args.get("truoc", 0, type=int))
        after = snapshots.numbered(session, row, request.args.get("sau", 0, type=int))
        found = snapshots.compare(session, before, after)
        codes = {one.code for one in (*found.lost, *found.won)} | {one.code for one in found.moved}
        people = select(Contestant).where(Contestant.contest_id == contest.id, Contestant.code.in_(codes))
        rules = rules_of(contest, row)
        return render_template(
            "desk/compare.html",
            contest=contest,
            row=row,
            name=round_name(contest, row),
            before=before,
            after=after,
            found=found,
            people={one.code: one.name for one in session.scalars(people)},
            prizes={prize.key: prize.name.of(language()) for prize in rules.ranking.prizes},
            words=_words(),
        )


@bp.post(f"{ROUND}/can-cuoc")
@needs()
def identity(slug: str, key: str) -> str:
    """The full identity number of a winner, on this page only: it goes into no cookie, and the look is logged."""
    with db.begin() as session:
        contest = let_in(session, slug)
        row = contests.round_of(contest, key)
        who = _who(session, contest)
        number = winner_checks.read_identity(session, vault(), contest, row, who, _me(), now=clock.now())
        looks = winner_checks.looks(session, contest, row, who)
        return render_template(
            "desk/identity.html",
            contest=contest,
            row=row,
            name=round_name(contest, row),
            who=who,
            number=number,
            looks=looks,
            people=changes.names(session, looks),
        )


@bp.get(f"{ROUND}/thi-sinh")
@needs()
def person(slug: str, key: str) -> str:
    """One contestant in a round: their attempts, and what was decided about them."""
    with db.read() as session:
        contest = let_in(session, slug)
        row = contests.round_of(contest, key)
        who = sanctions.find_contestant(session, contest, request.args.get("ma", ""))
        mine = select(Attempt).where(Attempt.round_id == row.id, Attempt.contestant_id == who.id).order_by(Attempt.no)
        nodes = names.Nodes(session, contest)
        decided = sanctions.of_contestant(session, contest, who)
        return render_template(
            "desk/person.html",
            contest=contest,
            row=row,
            name=round_name(contest, row),
            who=who,
            where=nodes.where(who.unit_id, who.place_id),
            attempts=session.scalars(mine).all(),
            decided=decided,
            people=changes.names(session, decided),
            words=_words(),
            final=stage.has_reached(row.state, "FINAL"),
            in_vietnam=lambda moment: moment.astimezone(VIETNAM).strftime("%Y-%m-%dT%H:%M:%S"),
        )


def _snapshot(session: Session, slug: str, key: str, n: int) -> tuple[Contest, Round, Snapshot]:
    contest = let_in(session, slug)
    row = contests.round_of(contest, key)
    return contest, row, snapshots.numbered(session, row, n)
