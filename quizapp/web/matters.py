"""What the secretariat settles for a whole contest: proposals and the log, complaints, flags, draws."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from quizapp import clock, db
from quizapp.errors import NotFound, Unreadable
from quizapp.models import Change, Contest, ContestRole, Lots, Person, Round
from quizapp.rules.changes import Kind
from quizapp.rules.lots import Source, SourceKind
from quizapp.rules.question import Question
from quizapp.rules.timing import VIETNAM, microseconds
from quizapp.services import changes, complaints, contests, draws, flags, snapshots, voids
from quizapp.web import desk
from quizapp.web.desk import BASE, carry_out, let_in, round_name
from quizapp.web.frame import language
from quizapp.web.organize import STATES as ROUND_STATES
from quizapp.web.signing import needs, vault

LOG_PAGE = 50
LETTERS = "ABCDEF"
KINDS: dict[Kind, Any] = {
    "void": lazy_gettext("Hủy câu hỏi"),
    "attempt": lazy_gettext("Tính hợp lệ của lượt thi"),
    "round": lazy_gettext("Tính hợp lệ trong vòng thi"),
    "contest": lazy_gettext("Tính hợp lệ trong cuộc thi"),
    "bar": lazy_gettext("Cấm dự các cuộc thi sau"),
    "target": lazy_gettext("Đính chính số mục tiêu"),
    "back": lazy_gettext("Lùi lại một bước"),
    "publish": lazy_gettext("Công bố bảng kết quả"),
    "draw": lazy_gettext("Bốc thăm"),
    "identity": lazy_gettext("Xuất số căn cước"),
    "export": lazy_gettext("Xuất dữ liệu đầy đủ"),
    "seed": lazy_gettext("Mở mầm rút đề"),
    "rulebook": lazy_gettext("Sửa thể lệ"),
    "paper": lazy_gettext("Sửa đề thi"),
    "status": lazy_gettext("Tư cách dự thi"),
    "step": lazy_gettext("Chuyển trạng thái"),
    "freeze": lazy_gettext("Chốt số mục tiêu"),
    "snapshot": lazy_gettext("Lập bảng kết quả"),
    "decision": lazy_gettext("Số quyết định"),
    "warn": lazy_gettext("Nhắc nhở"),
    "flag": lazy_gettext("Xử lý cảnh báo"),
    "check": lazy_gettext("Xác minh người đạt giải"),
    "collect": lazy_gettext("Trao giải"),
    "view": lazy_gettext("Xem số căn cước"),
    "complaint": lazy_gettext("Trả lời khiếu nại"),
    "plan": lazy_gettext("Kế hoạch bốc thăm"),
    "give_back": lazy_gettext("Trả lại lượt thi"),
    "accommodation": lazy_gettext("Thêm thời gian làm bài"),
    "headcount": lazy_gettext("Tổng số người của đơn vị"),
    "target_set": lazy_gettext("Chỉ tiêu của đơn vị"),
    "unit": lazy_gettext("Sửa đơn vị"),
    "unit_move": lazy_gettext("Chuyển đơn vị"),
    "registration": lazy_gettext("Sửa đăng ký"),
    "withdraw": lazy_gettext("Rút đồng ý"),
    "exclusion": lazy_gettext("Người không xét giải"),
    "delegate": lazy_gettext("Danh sách đại biểu"),
    "role": lazy_gettext("Phân công"),
    "invite": lazy_gettext("Mời vào vòng"),
    "essay": lazy_gettext("Điểm tự luận"),
    "certificate": lazy_gettext("Giấy chứng nhận"),
    "condition": lazy_gettext("Điều kiện xét giải"),
    "room": lazy_gettext("Phòng trực tiếp"),
}
VALUES = {
    "state": lazy_gettext("trạng thái"),
    "target": lazy_gettext("số mục tiêu"),
    "rows": lazy_gettext("số dòng"),
    "void": lazy_gettext("cách xử lý"),
    "also": lazy_gettext("phương án thêm"),
    "valid": lazy_gettext("hợp lệ"),
    "n": lazy_gettext("bảng số"),
    "digest": lazy_gettext("mã kiểm tra"),
    "room": lazy_gettext("mã phòng"),
    "people": lazy_gettext("số người"),
    "attempts": lazy_gettext("lượt thi đổi điểm"),
    "points": lazy_gettext("tổng phần sáu mươi điểm"),
    "all_correct": lazy_gettext("lượt đúng tất cả"),
    "outcome": lazy_gettext("kết quả"),
    "number": lazy_gettext("số"),
    "date": lazy_gettext("ngày"),
    "collected": lazy_gettext("cách nhận"),
    "settled": lazy_gettext("đã xử lý"),
    "sign": lazy_gettext("dấu hiệu"),
    "sources": lazy_gettext("nguồn"),
    "prize": lazy_gettext("giải"),
    "root": lazy_gettext("gốc danh sách"),
    "codes": lazy_gettext("số mã"),
    "winners": lazy_gettext("số người trúng"),
    "cancelled": lazy_gettext("đã hủy"),
    "given_back": lazy_gettext("đã trả lại"),
    "status": lazy_gettext("tư cách"),
}
STATES = {
    "DONE": lazy_gettext("Đã thực hiện"),
    "TURNED_DOWN": lazy_gettext("Đã từ chối"),
    "WITHDRAWN": lazy_gettext("Đã rút lại"),
}
COMPLAINTS = {
    "score": lazy_gettext("Điểm của tôi"),
    "counting": lazy_gettext("Lượt được tính"),
    "question": lazy_gettext("Câu hỏi hoặc đáp án"),
    "winner": lazy_gettext("Điều kiện của người đạt giải"),
    "prizes": lazy_gettext("Danh sách giải"),
    "other": lazy_gettext("Nội dung khác"),
}
ANSWERS = {
    "KEPT": lazy_gettext("Giữ nguyên kết quả"),
    "CHANGED": lazy_gettext("Thay đổi kết quả (có bảng mới)"),
    "VOIDED_QUESTION": lazy_gettext("Hủy câu hỏi"),
    "TRANSFERRED": lazy_gettext("Chuyển cơ quan khác"),
}
SETTLED = {
    "dismissed": lazy_gettext("Không có vấn đề"),
    "warned": lazy_gettext("Đã nhắc nhở"),
    "sanctioned": lazy_gettext("Đã đề nghị xử lý"),
}
SOURCES: dict[SourceKind, Any] = {
    "beacon": lazy_gettext("Vòng phát số ngẫu nhiên drand"),
    "lottery-north": lazy_gettext("Giải đặc biệt xổ số miền Bắc"),
    "balls": lazy_gettext("Bóng số hoặc xúc xắc trước máy quay"),
}
_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}

bp = Blueprint("matters", __name__)


# ── Words of the log ────────────────────────────────────────────────────────────────────────────────────────────


@bp.app_template_global()
def change_kind(kind: str) -> str:
    """What was done, in words."""
    return str(KINDS.get(kind, kind))  # type: ignore[call-overload]


@bp.app_template_global()
def change_words(name: str) -> str:
    """What a value of a change is called."""
    return str(VALUES.get(name, name))


@bp.app_template_global()
def change_value(name: str, value: Any, asked: Question | None = None) -> str:
    """A value of a change in words; options of the question it is about with their letters and texts."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return gettext("có") if value else gettext("không")
    if name in ("digest", "root"):
        return f"{value[:16]}…"
    if name == "also" and asked is not None and asked.kind != "number":
        between = " → " if asked.kind == "order" else "; "
        return between.join(f"{LETTERS[n]}. {asked.options[n].of(language())}" for n in value)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    known: dict[str, dict[str, Any]] = {
        "outcome": {**desk.OUTCOMES, **ANSWERS},
        "collected": desk.COLLECTING,
        "void": desk.POLICIES,
        "settled": SETTLED,
        "state": ROUND_STATES,
    }
    return str(known.get(name, {}).get(value, value))


# ── Proposals and the log ───────────────────────────────────────────────────────────────────────────────────────


@bp.get(f"{BASE}/thay-doi")
@needs()
def listed(slug: str) -> str:
    """The proposals that wait for a second person, and what was done by hand."""
    with db.read() as session:
        contest = let_in(session, slug)
        waiting = changes.waiting(session, contest)
        older = request.args.get("truoc", type=int)
        log = changes.done(session, contest, before_id=older, limit=LOG_PAGE + 1)
        return render_template(
            "matters/changes.html",
            contest=contest,
            waiting=waiting,
            log=log[:LOG_PAGE],
            more=len(log) > LOG_PAGE,
            people=changes.names(session, [*waiting, *log]),
            rounds={row.id: row for row in contest.rounds},
            names={row.id: round_name(contest, row) for row in contest.rounds},
            asked=voids.asked(session, [*waiting, *log]),
            states=STATES,
            me=current_user.id,
            alone=len(_secretariat(session, contest.id)) < 2,
        )


@bp.post(f"{BASE}/thay-doi/<int:id>")
@needs()
def settle(slug: str, id: int) -> Answer:
    """Confirm, turn down, or take back a proposal."""

    def done(session: Session) -> str:
        contest = let_in(session, slug)
        change, me, now = changes.find(session, contest, id), current_user.id, clock.now()
        do = request.form.get("do")
        if do == "confirm":
            if change.kind == "draw":
                raise Unreadable("Bốc thăm được xác nhận ở trang bốc thăm, sau khi nhập lại kết quả các nguồn.")
            changes.confirm(session, change, me, now=now)
            return gettext("Đã xác nhận và thực hiện.")
        if do == "turn_down":
            changes.turn_down(session, change, me, now=now)
            return gettext("Đã từ chối đề nghị.")
        if do == "withdraw":
            changes.withdraw(session, change, me, now=now)
            return gettext("Đã rút lại đề nghị.")
        raise NotFound()

    answer = carry_out(url_for(".listed", slug=slug), done)
    desk.start_waiting(slug)
    return answer


def _secretariat(session: Session, contest_id: int) -> list[str]:
    held = select(ContestRole.person_id).where(
        ContestRole.contest_id == contest_id, ContestRole.role == contests.SECRETARIAT
    )
    return list(session.scalars(held.distinct()))


# ── Complaints ──────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get(f"{BASE}/khieu-nai")
@needs()
def complaints_of(slug: str) -> str:
    """The register, what must be answered first on top."""
    with db.read() as session:
        contest = let_in(session, slug)
        return render_template(
            "matters/complaints.html",
            contest=contest,
            register=complaints.register(session, contest),
            names={row.id: round_name(contest, row) for row in contest.rounds},
            kinds=COMPLAINTS,
            answers=ANSWERS,
            now=clock.now(),
        )


@bp.get(f"{BASE}/khieu-nai/<int:number>")
@needs()
def complaint(slug: str, number: int) -> str:
    """One complaint, and the form of its answer."""
    with db.read() as session:
        contest = let_in(session, slug)
        found = complaints.find(session, contest, number)
        row = next((one for one in contest.rounds if one.id == found.round_id), None)
        who = next((person for one, person in complaints.register(session, contest) if one.id == found.id), None)
        answerer = session.get(Person, found.answered_by) if found.answered_by else None
        newest = None if row is None else snapshots.newest(session, row)
        return render_template(
            "matters/complaint.html",
            contest=contest,
            complaint=found,
            row=row,
            name=round_name(contest, row),
            who=who,
            contact=complaints.contact(vault(), contest, found),
            kinds=COMPLAINTS,
            answers=ANSWERS,
            answerer="" if answerer is None else answerer.name,
            newer=newest is not None and newest.made_at > found.made_at,
            now=clock.now(),
        )


@bp.post(f"{BASE}/khieu-nai/<int:number>")
@needs()
def answer_complaint(slug: str, number: int) -> Answer:
    """The written answer."""

    def done(session: Session) -> str:
        contest = let_in(session, slug)
        found = complaints.find(session, contest, number)
        outcome, text = request.form.get("outcome", ""), request.form.get("answer", "")
        complaints.answer(session, contest, found, outcome, text, current_user.id, now=clock.now())
        return gettext("Đã trả lời khiếu nại số %(n)s.", n=number)

    return carry_out(url_for(".complaint", slug=slug, number=number), done)


@bp.get(f"{BASE}/khieu-nai/<int:number>/tep")
@needs()
def complaint_file(slug: str, number: int) -> Response:
    """The file that came along: only ever to be saved, never shown in the page."""
    with db.read() as session:
        found = complaints.find(session, let_in(session, slug), number)
        if found.file is None:
            raise NotFound()
        answer = make_response(found.file)
    answer.headers["Content-Type"] = _TYPES[found.file_name.rsplit(".", 1)[-1]]
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.file_name}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "no-store"
    return answer


# ── Flags ───────────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get(f"{BASE}/canh-bao")
@needs()
def flags_of(slug: str) -> str:
    """The signs that were found, and what people made of them."""
    with db.read() as session:
        contest = let_in(session, slug)
        return render_template(
            "matters/flags.html",
            contest=contest,
            found=flags.listed(session, contest),
            names={row.id: round_name(contest, row) for row in contest.rounds},
            settled=SETTLED,
            levels={"attempt": gettext("Hủy các lượt thi này"), **desk.LEVELS},
        )


@bp.post(f"{BASE}/canh-bao/<int:id>")
@needs()
def settle_flag(slug: str, id: int) -> Answer:
    """What people make of one flag; nothing follows from it by itself."""

    def done(session: Session) -> str:
        contest = let_in(session, slug)
        flag, _row = flags.find(session, contest, id)
        note, me, now = request.form.get("reason", ""), current_user.id, clock.now()
        codes, do = request.form.getlist("code"), request.form.get("do", "")
        if do == "dismiss":
            flags.dismiss(session, contest, flag, note, me, now=now)
            return gettext("Đã ghi: không có vấn đề.")
        if do == "warn":
            flags.warn(session, contest, flag, codes, note, me, now=now)
            return gettext("Đã ghi lời nhắc nhở.")
        levels: list[Any] = [level for level in ("attempt", "round", "contest", "bar") if level == do]
        if not levels:
            raise Unreadable("Vui lòng chọn hình thức xử lý.")
        correction = request.form.get("correction", "")
        flags.sanction(session, contest, flag, codes, levels[0], note, me, now=now, correction=correction)
        return gettext("Đã gửi đề nghị. Một người khác trong Tổ Thư ký cần xác nhận.")

    return carry_out(url_for(".flags_of", slug=slug), done)


# ── Draws ───────────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get(f"{BASE}/boc-tham")
@needs()
def draws_of(slug: str) -> str:
    """Round by round: what is to be drawn, planned draws, and those held."""
    now = clock.now()
    with db.read() as session:
        contest = let_in(session, slug)
        waiting = {change.what["lots"]: change for change in changes.waiting(session, contest) if change.kind == "draw"}
        rounds = []
        for row in contest.rounds:
            newest = snapshots.newest(session, row)
            todo, made = draws.unplanned(session, row, newest), draws.of_round(session, row)
            if todo or made:
                rounds.append({"row": row, "name": round_name(contest, row), "todo": todo, "drawn": made})
        return render_template(
            "matters/draws.html",
            contest=contest,
            rounds=rounds,
            plan_of=draws.plan_of,
            result_of=draws.result_of,
            out_at=draws.out_at,
            waiting=waiting,
            me=current_user.id,
            sources=SOURCES,
            title=_draw_title,
            people=changes.names(session, list(waiting.values())),
            now=now,
        )


@bp.post(f"{BASE}/boc-tham/<key>")
@needs()
def plan_draw(slug: str, key: str) -> Answer:
    """Fix a draw before its sources are out."""

    def done(session: Session) -> str:
        contest = let_in(session, slug)
        row = contests.round_of(contest, key)
        chosen = [source for source in (_source(n) for n in (1, 2)) if source is not None]
        wish = draws.Wish(
            name=request.form.get("name", ""),
            prize=request.form.get("prize", ""),
            division=request.form.get("division") or None,
            sources=chosen,
            fallback=_source(3),
            reserves=request.form.get("reserves", 0, type=int),
        )
        draws.plan(session, contest, row, wish, current_user.id, now=clock.now())
        return gettext("Kế hoạch bốc thăm đã được công khai.")

    return carry_out(url_for(".draws_of", slug=slug), done)


@bp.post(f"{BASE}/boc-tham/<key>/<int:id>")
@needs()
def hold_draw(slug: str, key: str, id: int) -> Answer:
    """Enter the published values: the first person proposes, the second confirms with the same; or give the plan up."""

    def done(session: Session) -> str:
        contest = let_in(session, slug)
        drawing = draws.find(session, contests.round_of(contest, key), id)
        me, now, do = current_user.id, clock.now(), request.form.get("do")
        if do == "cancel":
            draws.cancel(session, contest, drawing, request.form.get("reason", ""), me, now=now)
            return gettext("Đã hủy kế hoạch bốc thăm.")
        values = [request.form.get(f"value{n}", "") for n in range(len(draws.plan_of(drawing).sources))]
        failed = request.form.get("failed", type=int)
        proposed = _proposed(session, contest, drawing)
        if proposed is None:
            draws.propose(
                session, contest, drawing, values, request.form.get("present", ""), me, now=now, failed=failed
            )
            return gettext("Đã ghi kết quả các nguồn. Người thứ hai cần nhập lại từ nguồn đã công bố.")
        draws.confirm(session, proposed, values, me, now=now, failed=failed)
        return gettext("Đã bốc thăm. Vui lòng lập bảng kết quả mới.")

    return carry_out(url_for(".draws_of", slug=slug), done)


def _proposed(session: Session, contest: Contest, drawing: Lots) -> Change | None:
    waiting = changes.waiting(session, contest)
    return next((one for one in waiting if one.kind == "draw" and one.what["lots"] == drawing.id), None)


def _source(n: int) -> Source | None:
    """The source that the form describes under this number."""
    kind = next((one for one in SOURCES if one == request.form.get(f"kind{n}")), None)
    if kind is None:
        return None
    try:
        out = datetime.fromisoformat(request.form.get(f"out{n}", "")).replace(tzinfo=VIETNAM)
    except ValueError:
        raise Unreadable("Vui lòng nhập lúc nguồn công khai có kết quả.") from None
    return Source(kind=kind, named=request.form.get(f"named{n}", "").strip(), out_us=microseconds(out))


def _draw_title(row: Round, name: str, prize_key: str, division: str | None = None) -> str:
    rules = desk.rules_of(row.contest, row)
    prize = next((one.name.of(language()) for one in rules.ranking.prizes if one.key == prize_key), prize_key)
    words = gettext("Thứ tự của những người bằng nhau: %(prize)s", prize=prize) if name == "lot" else prize
    return f"{words} ({division})" if division else words
