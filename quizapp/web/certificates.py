"""Certificates: one's own to take away, those of a list for the secretariat to print, and the page where anybody checks
one by its number."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.documents import certificate as documents
from quizapp.errors import NotFound
from quizapp.models import Certificate, Contest, Contestant, GroupCertificate
from quizapp.rules.contest import Settings, Words
from quizapp.rules.timing import day_in_vietnam
from quizapp.services import certificates, contests, group_certificates, sittings
from quizapp.services.certificates import Offer
from quizapp.web import limits
from quizapp.web.aside import aside
from quizapp.web.frame import language, public_url
from quizapp.web.signing import needs

bp = Blueprint("certificates", __name__)


# ── One's own ───────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get("/cuoc-thi/<slug>/giay-chung-nhan")
@needs()
def show(slug: str) -> str:
    """What one may have of a contest, and why not yet."""
    with db.read() as session:
        contest = contests.find(session, slug)
        settings = contests.settings(contest)
        offers = certificates.offers(session, contest, _own(session, contest))
    shown = [(one, *words_of(settings, one)) for one in offers]
    return render_template("certificates/show.html", contest=contest, settings=settings, shown=shown)


@bp.get("/cuoc-thi/<slug>/giay-chung-nhan.pdf", defaults={"scope": "", "prize": ""})
@bp.get("/cuoc-thi/<slug>/giay-chung-nhan/<scope>/<prize>.pdf")
@needs()
def download(slug: str, scope: str, prize: str) -> Response:
    """One's certificate of taking part, or of a prize: issued the first time it is asked for, then always the same."""
    with db.begin() as session:
        contest = contests.find(session, slug)
        mine = certificates.own(session, contest, _own(session, contest), scope, prize, now=clock.now())
        settings = contests.settings(contest)
    return _file([mine], settings, f"giay-chung-nhan-{mine.serial}.pdf")


def words_of(settings: Settings, offer: Offer) -> tuple[str, str]:
    """What an offered certificate is about: the prize, or taking part; and the round or list, if there is one."""
    prize = certificates.prize_name(settings, offer.scope, offer.prize)
    stage = certificates.stage_name(settings, offer.scope)
    return (
        prize.of(language()) if prize is not None else gettext("Tham gia cuộc thi"),
        stage.of(language()) if stage is not None else "",
    )


def _own(session: Any, contest: Contest) -> Contestant:
    found = sittings.contestant_of(session, contest, current_user.id)
    if found is None:
        raise NotFound("Tài khoản này chưa đăng ký cuộc thi.")
    return found


# ── Those of a list ─────────────────────────────────────────────────────────────────────────────────────────────


@bp.get("/to-chuc/cuoc-thi/<slug>/vong/<key>/giay-chung-nhan.pdf")
@needs()
def of_list(slug: str, key: str) -> Response:
    """All confirmed prizes of a final list, one on a page: of people, then of teams and units."""
    with db.begin() as session:
        contest = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT)
        row, now = contests.round_of(contest, key), clock.now()
        made = certificates.of_list(session, contest, row, now=now)
        groups = group_certificates.of_list(session, contest, row, now=now)
        settings = contests.settings(contest)
    if not made and not groups:
        raise NotFound("Danh sách này chưa có giải nào được xác nhận.")
    return _file([*made, *groups], settings, f"giay-chung-nhan-{slug}-{key}.pdf")


# ── Checking ────────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get("/kiem-tra")
@limits.limiter.limit(limits.CHECK)
def ask() -> str | Response:
    """Where the number of a certificate is typed."""
    typed = " ".join(request.args.get("ma", "").split())[:80]
    if typed:
        return redirect(url_for(".check", code=typed))
    return render_template("certificates/check.html", found=None, problem="", typed="")


@bp.get("/kiem-tra/<code>")
@limits.limiter.limit(limits.CHECK)
def check(code: str) -> Response:
    """What a number says: name, unit, contest, prize and date, or that there is no such certificate."""
    try:
        with db.read() as session:
            found = group_certificates.check(session, code) or certificates.check(session, code)
    except NotFound as refused:
        page = render_template(
            "certificates/check.html", found=None, problem=gettext(refused.sentence), typed=code[:80]
        )
        answer = make_response(page, refused.status)
    else:
        answer = make_response(render_template("certificates/check.html", found=found, problem="", typed=found.serial))
    answer.headers["X-Robots-Tag"] = "noindex"  # found by its number, never by a name
    return answer


# ── Printing ────────────────────────────────────────────────────────────────────────────────────────────────────


def _file(made: Sequence[Certificate | GroupCertificate], settings: Settings, name: str) -> Response:
    pages = [_page(one, settings) for one in made]
    return send_file(BytesIO(aside(lambda: documents.pdf(pages))), "application/pdf", download_name=name, max_age=0)


def _page(one: Certificate | GroupCertificate, settings: Settings) -> documents.Certificate:
    spoken = language()
    if isinstance(one, GroupCertificate):
        prize: Words | None = group_certificates.prize_name(settings, one)
        stage, unit = group_certificates.stage_name(settings, one), ""
    else:
        prize = certificates.prize_name(settings, one.scope, one.prize)
        stage, unit = certificates.stage_name(settings, one.scope), one.unit
    return documents.Certificate(
        name=one.name,
        unit=unit,
        contest=settings.name.of(spoken),
        organizer=settings.organizer.of(spoken),
        superior=settings.superior.of(spoken) if settings.superior is not None else "",
        prize=prize.of(spoken) if prize is not None else "",
        stage=stage.of(spoken) if prize is not None and stage is not None else "",
        serial=one.serial,
        address=f"{public_url()}/kiem-tra/{one.serial}",
        place=settings.place,
        day=day_in_vietnam(one.issued_at),
        made_at=one.issued_at,
        language=spoken,
    )
