"""The secretariat's pages of contestants: the list with its search, one of them with what may be corrected, and people
who come with a paper form."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session

from quizapp import clock, db
from quizapp.errors import Conflict, NotFound, Refusal
from quizapp.models import Contest, Contestant, Unit
from quizapp.rules import provinces
from quizapp.rules.registration import Said
from quizapp.services import changes, confirmations, contestants, contests, places, registrations, units
from quizapp.services.contestants import Filter
from quizapp.services.entries import Faulty
from quizapp.web import registration
from quizapp.web.frame import language
from quizapp.web.signing import needs, vault

LABELS = 500  # units that a field suggests at once
STATUSES = {
    "ELIGIBLE": lazy_gettext("Được xét giải"),
    "HORS_CONCOURS": lazy_gettext("Không xét giải"),
    "EXCLUDED": lazy_gettext("Không được dự thi"),
}
MARKS = {
    "withdrawn": lazy_gettext("Đã rút đồng ý"),
    "unconfirmed": lazy_gettext("Chưa xác nhận điện thoại"),
    "guardian": lazy_gettext("Có người giám hộ"),
    "by-hand": lazy_gettext("Thêm từ phiếu giấy"),
}
EXTRA_TIMES = {
    100: lazy_gettext("Theo thể lệ"),
    150: lazy_gettext("Gấp rưỡi (×1,5)"),
    200: lazy_gettext("Gấp đôi (×2)"),
    0: lazy_gettext("Không giới hạn"),
}
KINDS = {
    "status": lazy_gettext("Trạng thái"),
    "registration": lazy_gettext("Thông tin đăng ký"),
    "unit_move": lazy_gettext("Đơn vị, địa bàn"),
    "accommodation": lazy_gettext("Thời gian làm bài"),
    "withdraw": lazy_gettext("Đồng ý xử lý dữ liệu"),
}

bp = Blueprint("contestants", __name__, url_prefix="/to-chuc/cuoc-thi/<slug>/thi-sinh")


@bp.get("")
@needs()
def show(slug: str) -> str:
    asked = request.args
    wanted = Filter(
        words=asked.get("tim", "")[:100],
        status=asked.get("trang-thai", ""),
        mark=asked.get("loai", ""),
        division=asked.get("bang", "")[:60],
        unit_id=asked.get("don-vi", type=int),
        by_name=asked.get("xep") == "ten",
    )
    with db.read() as session:
        contest = _contest(session, slug)
        found = contestants.search(session, vault(), contest, wanted, page=asked.get("trang", 1, type=int))
        unit = None if wanted.unit_id is None else units.find(session, contest, wanted.unit_id)
        names = _names(session, contest, found.people)
        counts = contestants.counts(session, contest)
    who = contests.settings(contest).who
    return render_template(
        "contestants/show.html",
        contest=contest,
        found=found,
        wanted=wanted,
        unit=unit,
        names=names,
        counts=counts,
        phones={one.id: contestants.masked_phone(vault(), one) for one in found.people},
        statuses=STATUSES,
        marks=MARKS,
        divisions=[(one.key, one.name.of(language())) for one in who.divisions],
        has_delegates=who.on_list_only or who.fields.delegate_code != "off",
    )


@bp.route("/them", methods=["GET", "POST"])
@needs()
def add(slug: str) -> Any:
    """Enter somebody from a paper form that they signed."""
    with db.read() as session:
        contest = _contest(session, slug)
        choices = registration.offered(session, contest, registration.typed())
    settings = contests.settings(contest)
    if request.method == "GET":
        return registration.form_page(contest, settings, Said(), by_hand=True)
    said = registration.typed()
    if request.form.get("buoc") or choices.asks_unit:
        return registration.form_page(contest, settings, said, choices=choices, by_hand=True)
    try:
        with db.begin() as session:
            held = _contest(session, slug)
            made = registrations.register(session, vault(), held, None, said, now=clock.now(), how="paper")
            changes.note(
                session,
                held,
                "registration",
                f"contestant/{made.code}",
                None,
                {"name": made.name, "how": "paper"},
                "",
                current_user.id,
                now=clock.now(),
            )
    except Faulty as faulty:
        return registration.form_page(contest, settings, said, faulty.problems, choices, by_hand=True), 422
    except Refusal as refusal:
        page = registration.form_page(contest, settings, said, choices=choices, by_hand=True, refusal=refusal)
        return page, refusal.status
    flash(gettext("Đã thêm %(name)s.", name=made.name), "ok")
    return redirect(url_for(".contestant", slug=slug, code=made.code))


@bp.get("/<code>")
@needs()
def contestant(slug: str, code: str) -> str:
    return _page(slug, code)


@bp.post("/<code>/<do>")
@needs()
def change(slug: str, code: str, do: str) -> Any:
    """Carry out one of the forms of a contestant's page; what is refused is said above them."""
    if do not in _DEEDS:
        raise NotFound()
    try:
        with db.begin() as session:
            contest = _contest(session, slug)
            one = contestants.find(session, contest, code, for_change=True)
            said = _DEEDS[do](session, contest, one)
    except Refusal as refusal:
        return _page(slug, code, gettext(refusal.sentence)), refusal.status
    flash(gettext(said), "ok")
    return redirect(url_for(".contestant", slug=slug, code=code))


def _rename(session: Session, contest: Contest, one: Contestant) -> str:
    name = request.form.get("ten", "")[:400]
    contestants.rename(session, contest, one, name, current_user.id, reason=_reason(), now=clock.now())
    return _SAVED


def _move(session: Session, contest: Contest, one: Contestant) -> str:
    unit = None
    if text := request.form.get("don-vi", "").strip():
        found = units.named(session, contest, "unit", text[:1000])
        if len(found) != 1:
            raise Conflict("Không tìm thấy đúng một đơn vị tên này. Vui lòng chọn trong gợi ý.")
        unit = units.find(session, contest, found[0].id, "unit")
    contestants.move(session, contest, one, unit, current_user.id, reason=_reason(), now=clock.now())
    return _SAVED


def _resettle(session: Session, contest: Contest, one: Contestant) -> str:
    province, commune = request.form.get("tinh", ""), request.form.get("xa", "")
    contestants.resettle(session, contest, one, province, commune, current_user.id, reason=_reason(), now=clock.now())
    return _SAVED


def _divide(session: Session, contest: Contest, one: Contestant) -> str:
    division = request.form.get("bang", "")
    contestants.divide(session, contest, one, division, current_user.id, reason=_reason(), now=clock.now())
    return _SAVED


def _accommodate(session: Session, contest: Contest, one: Contestant) -> str:
    percent = request.form.get("muc", -1, type=int)
    contestants.accommodate(session, contest, one, percent, current_user.id, reason=_reason(), now=clock.now())
    return _SAVED


def _status(session: Session, contest: Contest, one: Contestant) -> str:
    made = contestants.set_status(
        session,
        contest,
        one,
        request.form.get("trang-thai", ""),
        current_user.id,
        reason=_reason(),
        correction=request.form.get("quyet-dinh", ""),
        now=clock.now(),
    )
    return _SAVED if made.state == "DONE" else "Đã ghi đề nghị. Một người khác trong Tổ Thư ký cần xác nhận."


def _call(session: Session, contest: Contest, one: Contestant) -> str:
    confirmations.confirm_by_call(session, contest, one, current_user.id, now=clock.now())
    return _SAVED


_SAVED = "Đã lưu và ghi vào lịch sử."
_DEEDS = {
    "ten": _rename,
    "don-vi": _move,
    "noi-o": _resettle,
    "bang": _divide,
    "thoi-gian": _accommodate,
    "trang-thai": _status,
    "goi-dien": _call,
}


def _page(slug: str, code: str, problem: str = "") -> str:
    with db.read() as session:
        contest = _contest(session, slug)
        one = contestants.find(session, contest, code)
        unit, place = (session.get(Unit, id) if id else None for id in (one.unit_id, one.place_id))
        above, commune = places.of_place(session, place)
        history = contestants.history(session, contest, one)
        return render_template(
            "contestants/contestant.html",
            contest=contest,
            one=one,
            who=contests.settings(contest).who,
            unit=units.label(session, unit) if unit else "",
            place=units.label(session, place) if place else "",
            province=above.code if above else "",
            commune=commune.name if commune else "",
            provinces=provinces.PROVINCES,
            labels=[pick.label for pick in units.pick(session, contest, "unit", "", limit=LABELS)],
            phone=contestants.masked_phone(vault(), one),
            attempts=contestants.attempts(session, one),
            history=history,
            names=changes.names(session, history),
            statuses=STATUSES,
            extra_times=EXTRA_TIMES,
            kinds=KINDS,
            problem=problem,
        )


def _names(session: Session, contest: Contest, people: Any) -> dict[int, str]:
    """The units and communes of the people on a page, by their ids."""
    ids = {id for one in people for id in (one.unit_id, one.place_id) if id}
    return {id: units.label(session, units.find(session, contest, id)) for id in ids}


def _reason() -> str:
    return request.form.get("ly-do", "")


def _contest(session: Session, slug: str) -> Contest:
    found = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT)
    _ = found.rounds  # asked for after the session has ended
    return found
