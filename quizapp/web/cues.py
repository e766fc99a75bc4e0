"""The timeline of a room: when each question is meant to open, planned before the show or set while it runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from quizapp import clock, db
from quizapp.errors import Refusal, Unreadable
from quizapp.models import Show
from quizapp.rules import cue
from quizapp.rules.autopilot import Plan
from quizapp.rules.timing import VIETNAM
from quizapp.services import autopilots, cues
from quizapp.services.cues import Cue
from quizapp.web.frame import language
from quizapp.web.leading import lead
from quizapp.web.room_view import title_of

bp = Blueprint("cue", __name__, url_prefix="/phong/<code>/thoi-diem")

GAPS = ("after_lock", "after_reveal", "after_board")
_LONGEST_GAP = 600


@bp.get("")
def timeline(code: str) -> str:
    """The plan of a show on a timeline."""
    with db.read() as session:
        show = lead(session, code).show
        return _page(show, {}, {})


@bp.post("")
def plan(code: str) -> str | BaseResponse:
    """Keep the plan; with `now`, let that question open as soon as it has been read."""
    typed = request.form.to_dict()
    with db.read() as session:
        show = lead(session, code).show
        how, moments, problems = _read(show, typed)
        if problems:
            return _page(show, typed, problems)
    try:
        with db.begin() as session:
            show = lead(session, code).show
            cues.plan(session, show, how, moments)
            if typed.get("now", "").isdigit():
                cues.set_now(session, show, int(typed["now"]), now=clock.now())
    except Refusal as refusal:
        with db.read() as session:
            return _page(lead(session, code).show, typed, {"": gettext(refusal.sentence)})
    flash(gettext("Đã lưu."), "ok")
    return redirect(url_for(".timeline", code=code))


@bp.get("/dateranges.txt")
def lines(code: str) -> Response:
    """The questions as EXT-X-DATERANGE lines, for a playlist of one's own."""
    with db.read() as session:
        marked = cues.lines(lead(session, code).show)
    answer = Response("\n".join([*marked, ""]), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="dateranges-{code}.txt"'
    return answer


def _read(show: Show, typed: dict[str, str]) -> tuple[Plan, dict[int, int | None], dict[str, str]]:
    """The plan and the cues that were typed, and what is wrong with them by the names of their fields."""
    problems: dict[str, str] = {}
    gaps: dict[str, int] = {}
    for name in GAPS:
        text = typed.get(name, "").strip()
        if text.isascii() and text.isdigit() and int(text) <= _LONGEST_GAP:
            gaps[name] = int(text)
        else:
            problems[name] = gettext("Nhập số giây từ 0 đến 600.")
    starts_at = None
    if typed.get("starts_at"):
        try:
            starts_at = datetime.fromisoformat(typed["starts_at"][:19]).replace(tzinfo=VIETNAM)
        except ValueError:
            problems["starts_at"] = gettext("Vui lòng chọn ngày và giờ bắt đầu.")
    moments: dict[int, int | None] = {}
    for one in cues.timeline(show):
        text = typed.get(f"cue-{one.turn_id}", "").strip()
        try:
            moments[one.turn_id] = cue.read(text) if text else None
        except Unreadable as refusal:
            problems[f"cue-{one.turn_id}"] = gettext(refusal.sentence)
    return Plan(**gaps, starts_at=starts_at) if not problems else Plan(), moments, problems


def _page(show: Show, typed: dict[str, str], problems: dict[str, str]) -> str:
    how = autopilots.plan_of(show)
    planned = cues.timeline(show)
    whole = max((one.expected_ms + one.window_ms for one in planned), default=1)
    starts_at = "" if how.starts_at is None else f"{how.starts_at.astimezone(VIETNAM):%Y-%m-%dT%H:%M:%S}"
    return render_template(
        "stream/timeline.html",
        code=show.code,
        title=title_of(show),
        ended=show.ended_at is not None,
        leads_itself=show.autopilot_since is not None,
        starts_at=typed.get("starts_at", starts_at),
        gaps={name: typed.get(name, getattr(how, name)) for name in GAPS},
        lines=[_line(one, typed, whole) for one in planned],
        length=cue.written(whole // 1000 * 1000),
        problems=problems,
    )


def _line(one: Cue, typed: dict[str, str], whole: int) -> dict[str, Any]:
    kept = "" if one.cue_ms is None else cue.written(one.cue_ms)
    return {
        "id": one.turn_id,
        "n": one.n,
        "stem": one.question.stem.of(language()),
        "cue": typed.get(f"cue-{one.turn_id}", kept),
        "expected": cue.written(one.expected_ms // 1000 * 1000),
        "late_s": -(-one.late_ms // 1000),
        "begun": one.begun,
        "opened_at": one.opened_at,
        "x": f"{100 * one.expected_ms / whole:.2f}%",
        "width": f"{100 * one.window_ms / whole:.2f}%",
        "middle": f"{100 * (one.expected_ms + one.window_ms / 2) / whole:.2f}%",
    }
