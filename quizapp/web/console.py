"""The host's console: the page, its rundown, the log of presses, rehearsals, and the questions on paper should all
else fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.documents import paper
from quizapp.errors import NotFound, Refusal
from quizapp.models import Round, Show, Turn
from quizapp.rules import question
from quizapp.rules.show import Settings
from quizapp.services import guards, host_log, hosts, paper_fallback, rehearsals, shows
from quizapp.services.paper_fallback import Print
from quizapp.web.api_rooms import find_room, mint
from quizapp.web.frame import language
from quizapp.web.leading import Lead, is_key, keep_key, lead
from quizapp.web.organize import HOME, is_there
from quizapp.web.papers import paper_words
from quizapp.web.room_view import join_url, overlay_url, title_of
from quizapp.web.rooms import POLICIES, SCORINGS

SCENES = {
    "": lazy_gettext("Theo phần thi"),
    "code": lazy_gettext("Mã tham gia"),
    "break": lazy_gettext("Nghỉ giải lao"),
    "teams": lazy_gettext("Bảng đội"),
    "wheel": lazy_gettext("Vòng quay may mắn"),
}
WAYS = (  # pages beside the console: address below the room's, name, what it is for, whether only in a contest
    ("luong", lazy_gettext("Luồng và giám sát"), lazy_gettext("Gắn luồng trực tiếp, đo độ trễ."), False),
    ("thoi-diem", lazy_gettext("Thời điểm các câu"), lazy_gettext("Định trước mỗi câu mở ở phút nào."), False),
    ("the-tra-loi", lazy_gettext("Nhập thẻ trả lời"), lazy_gettext("Cho đại biểu không có điện thoại."), True),
    ("binh-luan", lazy_gettext("Bình luận dự thưởng"), lazy_gettext("Đọc danh sách bình luận của trang mạng."), False),
    ("bao-cao", lazy_gettext("Báo cáo của buổi thi"), lazy_gettext("Tham gia theo thời gian, từng câu."), False),
    ("nhat-ky", lazy_gettext("Nhật ký điều khiển"), lazy_gettext("Ai đã bấm gì, lúc nào."), False),
    ("ban-giay.pdf", lazy_gettext("In các câu còn lại"), lazy_gettext("Khi mạng hỏng: thi tiếp trên giấy."), False),
    ("dap-an.pdf", lazy_gettext("In đáp án các câu đã đóng"), lazy_gettext("Để chấm bài trên giấy."), False),
)
PRESSES = {
    "next": lazy_gettext("Sang câu tiếp theo"),
    "predict": lazy_gettext("Hỏi câu dự đoán"),
    "open": lazy_gettext("Mở câu"),
    "lock": lazy_gettext("Đóng câu sớm"),
    "extend": lazy_gettext("Thêm 10 giây"),
    "reveal": lazy_gettext("Công bố đáp án"),
    "board": lazy_gettext("Xếp hạng"),
    "reserve": lazy_gettext("Thêm câu dự phòng"),
    "skip": lazy_gettext("Bỏ qua câu"),
    "void": lazy_gettext("Hủy câu"),
    "confirm": lazy_gettext("Xác nhận hủy câu"),
    "withdraw": lazy_gettext("Rút đề nghị hủy câu"),
    "pause": lazy_gettext("Tạm dừng"),
    "resume": lazy_gettext("Tiếp tục"),
    "hide": lazy_gettext("Ẩn hoặc hiện bảng xếp hạng"),
    "end": lazy_gettext("Kết thúc phần thi"),
    "scene": lazy_gettext("Đổi cảnh màn hình"),
    "auto": lazy_gettext("Bật hoặc tắt tự chạy"),
    "order": lazy_gettext("Đổi thứ tự các câu"),
    "offset": lazy_gettext("Đo độ lệch của luồng"),
    "notice": lazy_gettext("Gửi thông báo"),
    "rename": lazy_gettext("Đổi tên người chơi"),
    "remove": lazy_gettext("Mời người chơi ra"),
    "lock-room": lazy_gettext("Khóa hoặc mở cửa phòng"),
    "card": lazy_gettext("Nhập thẻ trả lời"),
    "outage": lazy_gettext("Máy chủ gián đoạn"),
    host_log.LOOK: lazy_gettext("Mở bảng điều khiển"),
    "sound": lazy_gettext("Nghe thử âm thanh"),
    rehearsals.BEGUN: lazy_gettext("Mở buổi tập"),
    paper_fallback.REMAINING: lazy_gettext("In các câu còn lại"),
    paper_fallback.KEY: lazy_gettext("In đáp án các câu đã đóng"),
}

bp = Blueprint("console", __name__, url_prefix="/phong/<code>")


# ── The console ─────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get("/dieu-khien")
def show(code: str) -> str | Response:
    """The console; an address with the room's key leaves the key in the browser and not in the address."""
    key = request.args.get("khoa", "")
    with db.begin() as session:
        if key:
            room = find_room(session, code)
            if not is_key(session, room, key):
                raise NotFound
            keep_key(room, key)
            return redirect(url_for(".show", code=room.code))
        here = lead(session, code)
        room, rules = here.show, shows.settings(here.show)
        host_log.look(session, room, here.person_id, now=clock.now())
        return render_template(
            "room/console.html",
            code=room.code,
            title=title_of(room),
            token_to_lead=here.token,
            back=_back(session, room),
            rehearsal=room.rehearses_id is not None,
            may_rehearse=room.rehearses_id is None and room.position == 0 and room.ended_at is None,
            usual=rehearsals.USUAL_PLAYERS,
            most=rehearsals.MOST_PLAYERS,
            two=guards.needs_two(room),
            locked=room.locked,
            scenes=_scenes(room, rules),
            room_url=join_url(room),
            stage_url=url_for("room.stage", code=room.code),
            overlay_url=overlay_url(room),
            ways=_ways(room),
            rules=_rules(rules),
            rundown=_lines(room),
        )


@bp.get("/dieu-khien/kich-ban")
def rundown(code: str) -> str:
    """The rundown as it is now, for the console's script."""
    with db.read() as session:
        return render_template("room/_rundown.html", rundown=_lines(lead(session, code).show))


@bp.get("/nhat-ky")
def log(code: str) -> str:
    """Every press in this room, also the refused ones."""
    with db.read() as session:
        room = lead(session, code).show
        return render_template(
            "room/log.html",
            code=room.code,
            title=title_of(room),
            lines=host_log.listed(session, room),
            presses=PRESSES,
            keys=hosts.takes_keys(session, room),
        )


def _lines(show: Show) -> list[dict[str, Any]]:
    return [_line(show, row) for row in sorted(show.turns, key=lambda row: row.n)]


def _line(show: Show, row: Turn) -> dict[str, Any]:
    """A question in the rundown: never its key."""
    asked = question.from_json(row.content)
    played = row.lock_told or row.n < show.position
    status = "voided" if row.voided_at else "played" if played else "now" if row.n == show.position else "waiting"
    return {
        "id": row.id,
        "n": row.n,
        "stem": asked.stem.of(language()),
        "kind": asked.kind,
        "reserve": row.reserve,
        "status": "standby" if row.standby else status,
        "why": row.void_reason,
        "cue": None if row.cue_ms is None else _clock(row.cue_ms // 1000),
    }


def _clock(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _scenes(show: Show, rules: Settings) -> list[tuple[str, Any]]:
    """The scenes that can have something to show here."""
    without = {name for name, there in (("teams", rules.teams), ("wheel", show.round_id)) if not there}
    return [(name, word) for name, word in SCENES.items() if name not in without]


def _ways(show: Show) -> list[tuple[str, Any, Any]]:
    base = f"/phong/{show.code}"
    wanted = [(f"{base}/{tail}", word, hint) for tail, word, hint, held in WAYS if show.round_id or not held]
    return [way for way in wanted if is_there(way[0])]


def _back(session: Session, show: Show) -> str:
    """Where the console is left to: the list of rooms, or the page of the contest's room."""
    led = hosts.rehearsed(session, show)
    if led.round_id is None:
        return url_for("rooms.listed")
    row = session.get_one(Round, led.round_id)
    return f"{HOME}/{row.contest.slug}/vong/{row.key}/phong"


def _rules(rules: Settings) -> list[str]:
    """How this room is played, in sentences."""
    said = [
        gettext("Mỗi câu %(n)s giây, chưa kể thời gian đọc.", n=rules.seconds),
        "{}: {}".format(*SCORINGS[rules.scoring]),
        gettext("Tính đáp án cuối cùng trước khi hết giờ.") if rules.may_change else gettext("Tính đáp án đầu tiên."),
        gettext("Nhận người mới đến hết câu %(n)s.", n=rules.join_until),
    ]
    for one in rules.rescues:
        whom = gettext("mọi người") if one.best is None else gettext("%(n)s người đúng nhiều nhất", n=one.best)
        said.append(gettext("Cứu trợ sau câu %(after)s: %(whom)s trở lại.", after=one.after, whom=whom))
    if rules.teams is not None:
        words = gettext("Đội: trung bình %(n)s người cao nhất. %(policy)s.")
        said.append(words % {"n": rules.teams.best, "policy": POLICIES[rules.teams.policy]})
    if rules.prediction_after is not None:
        said.append(gettext("Hỏi câu dự đoán sau câu %(n)s.", n=rules.prediction_after))
    return said


# ── Rehearsing ──────────────────────────────────────────────────────────────────────────────────────────────────


@bp.post("/tap-duot")
def rehearse(code: str) -> Response:
    """Open a rehearsal of this room, and go to its console."""
    number = request.form.get("players", rehearsals.USUAL_PLAYERS, type=int)
    try:
        with db.begin() as session:
            here = lead(session, code)
            made = rehearsals.begin(session, here.show, number, here.person_id, now=clock.now())
            return redirect(_console_of(here, made))
    except NotFound:
        raise
    except Refusal as refusal:
        flash(gettext(refusal.sentence), "bad")
        return redirect(url_for(".show", code=code))


def _console_of(here: Lead, made: Show) -> str:
    """The console of the rehearsal; who leads the real room by its key leads this one by a key too."""
    if here.person_id is None:
        keep_key(made, mint().room_token("host", made.id))
    return url_for(".show", code=made.code)


@bp.post("/bo-tap")
def throw_away(code: str) -> Response:
    """End a rehearsal, and go back to the room it rehearsed."""
    try:
        with db.begin() as session:
            room = lead(session, code).show
            real = hosts.rehearsed(session, room).code
            rehearsals.throw_away(session, room, now=clock.now())
    except NotFound:
        raise
    except Refusal as refusal:
        flash(gettext(refusal.sentence), "bad")
        return redirect(url_for(".show", code=code))
    flash(gettext("Buổi tập đã kết thúc, không có gì được giữ lại."), "ok")
    return redirect(url_for(".show", code=real))


# ── On paper ────────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get("/ban-giay.pdf")
def on_paper(code: str) -> Response:
    """The questions that are still to come, printed. The print is written down."""
    return _pdf(code, paper_fallback.remaining, paper.paper)


@bp.get("/dap-an.pdf")
def answers_on_paper(code: str) -> Response:
    """The answers of what is locked, printed. The print is written down."""
    return _pdf(code, paper_fallback.answered, paper.key)


def _pdf(code: str, chosen: Callable[..., Print], printed: Callable[[paper.Version], bytes]) -> Response:
    now = clock.now()
    with db.begin() as session:
        here = lead(session, code)
        found = chosen(session, here.show, here.person_id, now=now)
        words = paper_words(len(found.places), None)
        version = paper.Version(
            title=title_of(here.show),
            organization="",
            code=here.show.code,
            language=language(),
            places=found.places,
            practice_url=join_url(here.show),
            words=replace(words, code=gettext("Mã phòng"), practise=gettext("Vào phòng")),
            made_at=now,
            numbers=found.numbers,
        )
    file = BytesIO(printed(version))
    name = f"{here.show.code}-{request.path.rsplit('/', 1)[-1]}"
    answer = send_file(file, "application/pdf", download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
