"""Entering a contest, and one's own registration afterwards: data, consents, people of the household."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.errors import Conflict, NotFound, Refusal, TooMany, Unreadable
from quizapp.models import Contest, Contestant, Unit
from quizapp.rules import consent, identity, provinces, registration, roster
from quizapp.rules.contest import Settings
from quizapp.rules.registration import Problem, Said
from quizapp.rules.show import room_code
from quizapp.rules.timing import day_in_vietnam
from quizapp.services import (
    accounts,
    confirmations,
    consents,
    contests,
    corrections,
    entries,
    places,
    registrations,
    units,
)
from quizapp.services.entries import EnteredAlready, Faulty, NumberTaken
from quizapp.services.units import Pick
from quizapp.web import browser, limits, sms
from quizapp.web.frame import VIETNAM, day, public_url
from quizapp.web.signing import needs, vault, welcome

HOUSEHOLD = "nguoi-nha"
FIND_UNIT, FIND_COMMUNE = "tim-don-vi", "tim-xa"
SUGGESTED = 200  # communes of a province, all of them

_TEXTS = (
    *("full_name", "birth_date", "phone", "identity_number", "other_paper", "email", "province", "commune", "street"),
    *("unit", "occupation", "insurance_group", "division", "delegate_code", "guardian_name", "guardian_phone"),
    *("guardian_identity", "invited_by"),
)

bp = Blueprint("registration", __name__)


@dataclass(frozen=True)
class Choices:
    """What was found for words that were typed: units to choose from, and communes of the chosen province."""

    units: tuple[Pick, ...] = ()
    communes: tuple[Pick, ...] = ()
    asks_unit: bool = False  # the list of units must be looked at before going on


# ── Entering ────────────────────────────────────────────────────────────────────────────────────────────────────


@bp.route("/cuoc-thi/<slug>/dang-ky", methods=["GET", "POST"])
@limits.limiter.limit(limits.REGISTER, methods=["POST"])
def register(slug: str) -> Any:
    """The form; whoever is signed out makes an account first and comes back to it."""
    with db.read() as session:
        contest = contests.find(session, slug)
        is_open = registrations.is_open(contest, now=clock.now())
    settings = contests.settings(contest)
    if not is_open:
        return render_template("registration/closed.html", contest=contest, settings=settings)
    if not current_user.is_authenticated:
        return render_template("registration/account.html", contest=contest, settings=settings, back=_here())
    for_household = request.values.get("cho") == HOUSEHOLD and registrations.takes_households(settings)
    if not for_household:
        with db.read() as session:
            if registrations.mine(session, contest, current_user.id) is not None:
                return redirect(_onward(slug))
    if request.method == "GET":
        return form_page(contest, settings, _begun(settings, for_household), for_household=for_household)
    return _register(contest, settings, typed(), for_household)


def _register(contest: Contest, settings: Settings, said: Said, for_household: bool) -> Any:
    step = request.form.get("buoc")
    with db.read() as session:
        choices = offered(session, contest, said)
    if step or choices.asks_unit:
        return form_page(contest, settings, said, choices=choices, for_household=for_household), 200 if step else 422
    now = clock.now()
    try:
        with db.begin() as session:
            person = accounts.find(session, current_user.id)
            if for_household:
                person = accounts.add_member(session, person, _member_name(said), now=now)
            made = registrations.register(session, vault(), contests.find(session, contest.slug), person, said, now=now)
    except Faulty as faulty:
        return form_page(contest, settings, said, faulty.problems, choices, for_household=for_household), 422
    except EnteredAlready:
        return redirect(_onward(contest.slug))
    except (NumberTaken, Conflict) as refusal:
        page = form_page(contest, settings, said, choices=choices, for_household=for_household, refusal=refusal)
        return page, refusal.status
    if for_household:
        flash(gettext("Đã đăng ký dự thi cho %(name)s.", name=made.name), "ok")
        return redirect(url_for(".mine", slug=contest.slug))
    return redirect(_onward(contest.slug))


def _onward(slug: str) -> str:
    """Where to go after registering: back to the room that sent here, else to one's own registration."""
    code = room_code(request.args.get("phong", ""))
    return url_for(".mine", slug=slug) if code is None else url_for("room.play", code=code)


# ── Suggestions while typing ────────────────────────────────────────────────────────────────────────────────────


@bp.get("/cuoc-thi/<slug>/dang-ky/don-vi")
def unit_names(slug: str) -> Response:
    """Units by parts of their names, for the list below the field."""
    with db.read() as session:
        contest = contests.find(session, slug)
        found = units.pick(session, contest, "unit", request.args.get("tim", "")[:100], listed=True)
    return jsonify([one.label for one in found])


@bp.get("/cuoc-thi/<slug>/dang-ky/xa")
def commune_names(slug: str) -> Response:
    """The communes of a province, for the list below the field."""
    with db.read() as session:
        found = _communes(session, contests.find(session, slug), request.args.get("tinh", ""))
    return jsonify([one.name for one in found])


# ── One's own registration ──────────────────────────────────────────────────────────────────────────────────────


@bp.get("/cuoc-thi/<slug>/thong-tin")
@needs()
def mine(slug: str) -> Any:
    return _own_page(slug)


@bp.route("/cuoc-thi/<slug>/thong-tin/sua", methods=["GET", "POST"])
@needs()
def edit(slug: str) -> Any:
    """Correct what was said; what may no longer be changed by oneself says so beside the field."""
    with db.read() as session:
        contest = contests.find(session, slug)
        contestant = registrations.find_mine(session, contest, current_user.id)
        before = corrections.said(session, vault(), contestant)
    settings = contests.settings(contest)
    if request.method == "GET":
        return form_page(contest, settings, before, editing=contestant)
    said = typed()
    with db.read() as session:
        choices = offered(session, contest, said)
    if request.form.get("buoc"):
        return form_page(contest, settings, said, choices=choices, editing=contestant)
    try:
        with db.begin() as session:
            held = contests.find(session, slug)
            own = registrations.find_mine(session, held, current_user.id, for_change=True)
            changed = corrections.edit(session, vault(), held, own, said, now=clock.now())
    except Faulty as faulty:
        return form_page(contest, settings, said, faulty.problems, choices, editing=contestant), 422
    except NumberTaken as refusal:
        return form_page(contest, settings, said, choices=choices, editing=contestant, refusal=refusal), refusal.status
    flash(gettext("Đã lưu thay đổi.") if changed else gettext("Không có gì thay đổi."), "ok")
    return redirect(url_for(".mine", slug=slug))


@bp.post("/cuoc-thi/<slug>/thong-tin/dong-y/<purpose>")
@needs()
def agree(slug: str, purpose: str) -> Response:
    """Give a consent, or with `rut` take it back: one press each."""
    with db.begin() as session:
        contest = contests.find(session, slug)
        own = registrations.find_mine(session, contest, current_user.id, for_change=True)
        if request.form.get("rut"):
            consents.withdraw(session, contest, own, purpose, now=clock.now())
        else:
            consents.give(session, vault(), contest, own, purpose, now=clock.now())
    flash(gettext("Đã rút lại đồng ý.") if request.form.get("rut") else gettext("Đã ghi nhận đồng ý."), "ok")
    return redirect(url_for(".mine", slug=slug, _anchor="dong-y"))


@bp.route("/cuoc-thi/<slug>/thong-tin/xoa", methods=["GET", "POST"])
@needs()
def delete(slug: str) -> Any:
    """Delete one's data, after a page that says what that means."""
    with db.read() as session:
        contest = contests.find(session, slug)
        own = registrations.find_mine(session, contest, current_user.id)
        sat = registrations.has_sat(session, own)
    if request.method == "GET" or not request.form.get("chac-chan"):
        page = render_template(
            "registration/delete.html",
            contest=contest,
            settings=contests.settings(contest),
            sat=sat,
            unsure=request.method == "POST",
        )
        return page, (422 if request.method == "POST" else 200)
    with db.begin() as session:
        contest = contests.find(session, slug)
        own = registrations.find_mine(session, contest, current_user.id, for_change=True)
        consents.delete(session, contest, own, now=clock.now())
    flash(gettext("Đã xóa dữ liệu đăng ký."), "ok")
    return redirect(url_for("contest.show", slug=slug))


@bp.post("/cuoc-thi/<slug>/thong-tin/gui-ma")
@needs()
@limits.limiter.limit(limits.SIGN_IN)
def send_code(slug: str) -> Response:
    """Send a code to one's phone, once it is kept."""
    if not sms.can_send():
        raise NotFound()
    try:
        with db.begin() as session:
            own = registrations.find_mine(session, contests.find(session, slug), current_user.id, for_change=True)
            message = confirmations.new(session, vault(), own, now=clock.now())
    except (TooMany, Conflict) as refusal:
        flash(gettext(refusal.sentence), "warn")
        return redirect(url_for(".mine", slug=slug, _anchor="xac-nhan"))
    words = gettext("Mã xác thực dự thi: %(code)s. Mã dùng trong 10 phút, không đưa cho ai.", code=message.code)
    if sms.send(message.phone, words):
        flash(gettext("Đã gửi mã xác thực đến %(phone)s.", phone=identity.masked_phone(message.phone)), "ok")
    else:
        flash(gettext("Chưa gửi được mã. Vui lòng thử lại sau ít phút."), "warn")
    return redirect(url_for(".mine", slug=slug, _anchor="xac-nhan"))


@bp.post("/cuoc-thi/<slug>/thong-tin/xac-nhan")
@needs()
@limits.limiter.limit(limits.SIGN_IN)
def confirm(slug: str) -> Any:
    """Compare the code that was typed; every try is kept, right or wrong."""
    with db.begin() as session:
        own = registrations.find_mine(session, contests.find(session, slug), current_user.id, for_change=True)
        outcome = confirmations.confirm(session, vault(), own, request.form.get("ma", "")[:20], now=clock.now())
    if outcome == "right":
        flash(gettext("Đã xác nhận số điện thoại."), "ok")
        return redirect(url_for(".mine", slug=slug))
    wrong = gettext("Mã chưa đúng. Vui lòng xem lại tin nhắn và nhập 6 chữ số.")
    over = gettext("Mã đã hết hạn hoặc nhập sai quá 5 lần. Vui lòng yêu cầu mã mới.")
    return _own_page(slug, code_problem=wrong if outcome == "wrong" else over), 422


@bp.post("/cuoc-thi/<slug>/thong-tin/nguoi-nha/<code>")
@needs()
def act_as(slug: str, code: str) -> Response:
    """Go on as somebody of one's household, in this browser."""
    with db.begin() as session:
        contest = contests.find(session, slug)
        own = registrations.household(session, contest, current_user.id)
        contestant = next((one for one in own if one.code == code), None)
        if contestant is None or contestant.person_id is None:
            raise NotFound()
        member = accounts.find_member(session, current_user.id, contestant.person_id)
        accounts.sign_out(session, current_user.id, current_user.sign_in_id, now=clock.now())
        opened = accounts.open_sign_in(session, member, device=browser.description(), now=clock.now())
    answer = welcome(opened)
    answer.location = url_for("contest.show", slug=slug)
    flash(gettext("Đang dùng tài khoản của %(name)s. Đăng xuất khi thi xong.", name=contestant.name), "ok")
    return answer


def _own_page(slug: str, code_problem: str = "") -> str:
    with db.read() as session:
        contest = contests.find(session, slug)
        household = registrations.household(session, contest, current_user.id)
        if household and registrations.mine(session, contest, current_user.id) is None:
            settings = contests.settings(contest)  # only others were entered so far
            return render_template(
                "registration/household.html", contest=contest, settings=settings, household=household
            )
        own = registrations.find_mine(session, contest, current_user.id)
        said = corrections.said(session, vault(), own)
        unit, place = (session.get(Unit, id) if id else None for id in (own.unit_id, own.place_id))
        labels = [units.label(session, one) if one else "" for one in (unit, place)]
        standing = consents.listed(session, vault(), own)
        is_open = registrations.is_open(contest, now=clock.now())
    settings = contests.settings(contest)
    born = entries.birth(vault(), own)
    wait = registration.may_sit_from(born.first_day, settings) if born else None
    return render_template(
        "registration/mine.html",
        contest=contest,
        settings=settings,
        contestant=own,
        said=said,
        unit=labels[0],
        place=labels[1],
        consents=[(one, *consent.box("self" if "self" in one.by else "guardian", one.purpose)) for one in standing],
        household=household,
        takes_households=registrations.takes_households(settings) and is_open,
        closed=not is_open,
        wait=_day(wait) if wait and wait > day_in_vietnam(clock.now()) else "",
        link=f"{public_url()}{url_for('.register', slug=slug)}?moi={own.invite_code}",
        can_send=sms.can_send(),
        code_problem=code_problem,
        masked=identity.masked_phone(said.phone) if said.phone else "",
        occupations=registration.OCCUPATIONS,
        insurance_groups=registration.INSURANCE_GROUPS,
        sexes=registration.SEXES,
    )


# ── The form ────────────────────────────────────────────────────────────────────────────────────────────────────


def form_page(
    contest: Contest,
    settings: Settings,
    said: Said,
    problems: Mapping[str, Problem] | None = None,
    choices: Choices | None = None,
    *,
    for_household: bool = False,
    editing: Contestant | None = None,
    by_hand: bool = False,
    refusal: Refusal | None = None,
) -> str:
    """The form as it stands: new, for somebody of the household, to correct, or `by_hand` from a paper."""
    wrong = {name: _sentence(one) for name, one in (problems or {}).items()}
    if choices is not None and choices.asks_unit:
        wrong["unit"] = gettext("Vui lòng chọn đơn vị trong danh sách bên dưới, hoặc chọn «Đơn vị khác».")
    with db.read() as session:
        communes = choices.communes if choices else tuple(_communes(session, contest, said.province))
    who = settings.who
    own = [one for one in provinces.PROVINCES if one.code in who.provinces]
    return render_template(
        "registration/form.html",
        contest=contest,
        settings=settings,
        who=who,
        fields=who.fields,
        said=said,
        errors=wrong,
        refusal=gettext(refusal.sentence) if refusal else "",
        choices=choices or Choices(),
        communes=communes,
        provinces=own + [one for one in provinces.PROVINCES if one not in own],
        own_provinces=own,
        for_household=for_household,
        editing=editing,
        by_hand=by_hand,
        asks_unit=registration.asks_for_unit(who),
        children=who.min_age is None or who.min_age < registration.CHILD,
        sexes=registration.SEXES,
        occupations=registration.OCCUPATIONS,
        insurance_groups=registration.INSURANCE_GROUPS,
        holder=consent.notice(settings),
        boxes={by: [(p, *consent.box(by, p)) for p in consent.purposes(by)] for by in ("self", "guardian")},
        declaration=consent.declaration(),
        invited=request.values.get("moi", "")[:20] or said.invited_by,
    )


def typed() -> Said:
    """The form as it was sent, at most so long."""
    form = request.form
    texts = {name: form.get(name, "")[:400] for name in _TEXTS}
    return Said(
        **texts,
        sex=form.get("sex"),
        place_id=_id(form.get("place_id")),
        unit_id=_id(form.get("unit_id")),
        belongs=bool(form.get("belongs")),
        guardian=bool(form.get("guardian")),
        consents=frozenset(form.getlist("consents")),
        guardian_consents=frozenset(form.getlist("guardian_consents")),
    )


def _begun(settings: Settings, for_household: bool) -> Said:
    """The form with what the account says already; nothing is asked twice."""
    with db.read() as session:
        known = accounts.contacts(vault(), accounts.find(session, current_user.id))
    phone = next((one for one in known if "@" not in one), "")
    if for_household:
        guardian = settings.who.guardians
        return Said(
            guardian=guardian, guardian_name=current_user.name, guardian_phone=phone, phone="" if guardian else phone
        )
    email = next((one for one in known if "@" in one), "")
    return Said(full_name=current_user.name, phone=phone, email=email)


def offered(session: Session, contest: Contest, said: Said) -> Choices:
    """Units and communes that fit what was typed. A unit that is not exactly one of the list is asked about once."""
    step = request.form.get("buoc")
    communes = tuple(_communes(session, contest, said.province))
    if not said.unit.strip() or (said.unit_id is not None and step != FIND_UNIT):
        return Choices(communes=communes)
    exact = units.named(session, contest, "unit", said.unit)
    found = units.pick(session, contest, "unit", said.unit, listed=True) or units.pick(
        session, contest, "unit", roster.core(said.unit), listed=True
    )
    other = request.form.get("unit_id") == "khac"
    asks = step is None and not other and bool(exact[1:] or (found and not exact))
    shown = [*exact, *(one for one in found if one not in exact)] if asks or step == FIND_UNIT or exact[1:] else []
    return Choices(tuple(shown), communes, asks)


def _communes(session: Session, contest: Contest, code: str) -> list[Pick]:
    """The listed communes of a province, all of them, by the alphabet."""
    above = next((one for one in places.listed(session, contest) if one.code == code), None)
    if above is None:
        return []
    return units.pick(session, contest, "place", "", under=above.id, listed=True, limit=SUGGESTED)


def _member_name(said: Said) -> str:
    try:
        return registration.full_name(said.full_name)
    except Unreadable as refusal:
        raise Faulty({"full_name": Problem(refusal.sentence)}) from refusal


def _id(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _sentence(problem: Problem) -> str:
    details = {name: _day(value) if isinstance(value, date) else value for name, value in problem.details.items()}
    return gettext(problem.sentence) % details


def _day(value: date) -> str:
    return day(datetime.combine(value, time(12), VIETNAM))


def _here() -> str:
    return request.full_path.rstrip("?")
