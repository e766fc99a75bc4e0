"""Essays: the citizen's page to write and hand in, the judge's pile and page, and how far the judges are."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp import clock, db
from quizapp.errors import NotFound, Refusal, Unreadable
from quizapp.models import Contest, Contestant, ContestRole, Person, Round
from quizapp.rules.archive import points as read_points
from quizapp.rules.contest import POINT
from quizapp.services import contests, essays, sittings
from quizapp.services.essays import JUDGE, Overview
from quizapp.web.contest_view import points, round_view
from quizapp.web.signing import needs, vault

bp = Blueprint("essays", __name__)
_WRITING = "/cuoc-thi/<slug>/vong/<key>/bai-viet"
_JUDGING = "/to-chuc/cuoc-thi/<slug>/tu-luan"


# ── Writing ─────────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get(_WRITING)
@needs()
def write(slug: str, key: str) -> str:
    return _writing_page(slug, key)


@bp.post(_WRITING)
@needs()
def keep(slug: str, key: str) -> Any:
    """Save the draft or, once the box is ticked, hand it in. Whatever is refused, the typed text stays on the page."""
    text = request.form.get("text", "")
    hands_in = request.form.get("do") == "nop"
    if hands_in and request.form.get("ok") != "y":
        return _writing_page(slug, key, typed=text, problem=gettext("Vui lòng đánh dấu ô xác nhận nộp bài.")), 422
    try:
        with db.begin() as session:
            row, contestant = _mine(session, slug, key)
            step = essays.hand_in if hands_in else essays.save
            step(session, vault(), row, contestant, text, now=clock.now())
    except NotFound:
        raise
    except Refusal as refusal:
        return _writing_page(slug, key, typed=text, problem=gettext(refusal.sentence)), refusal.status
    flash(gettext("Đã nộp bài.") if hands_in else gettext("Đã lưu bản nháp."), "ok")
    return redirect(url_for(".write", slug=slug, key=key))


@bp.post(f"{_WRITING}/nhap")
@needs()
def draft(slug: str, key: str) -> Any:
    """The draft as the page saves it by itself while somebody writes."""
    try:
        with db.begin() as session:
            row, contestant = _mine(session, slug, key)
            kept = essays.save(session, vault(), row, contestant, request.form.get("text", ""), now=clock.now())
    except Refusal as refusal:
        return {"problem": gettext(refusal.sentence)}, refusal.status
    return {"words": kept.words}


def _mine(session: Session, slug: str, key: str) -> tuple[Round, Contestant]:
    """A round with an essay, for somebody who registered in its contest."""
    row = sittings.round_of(session, slug, key)
    essays.part_of(row)
    found = sittings.contestant_of(session, row.contest, current_user.id)
    if found is None:
        raise NotFound("Tài khoản này chưa đăng ký cuộc thi.", back=url_for("contest.show", slug=slug))
    return row, found


def _writing_page(slug: str, key: str, *, typed: str | None = None, problem: str = "") -> str:
    now = clock.now()
    with db.read() as session:
        row, contestant = _mine(session, slug, key)
        rules, part = essays.part_of(row)
        kept = essays.find(session, row, contestant)
        return render_template(
            "essays/write.html",
            contest=row.contest,
            settings=contests.settings(row.contest),
            one=round_view(row.contest, row, now=now),
            rules=rules,
            part=part,
            kept=kept,
            text=typed if typed is not None else kept.text if kept else "",
            objection=essays.objection(session, vault(), row, contestant, now=now),
            problem=problem,
            now=now,
        )


# ── Judging ─────────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get(_JUDGING)
@needs()
def show(slug: str) -> str:
    """A judge's own pile, and for the secretariat how far all are. Neither has a name of somebody who wrote."""
    with db.read() as session:
        contest = contests.find_for(session, slug, current_user.id, JUDGE, contests.SECRETARIAT)
        roles = contests.roles_of(session, contest, current_user.id)
        return render_template(
            "essays/show.html",
            contest=contest,
            settings=contests.settings(contest),
            pile=essays.pile(session, contest, current_user.id) if JUDGE in roles else None,
            overviews=_overviews(session, contest) if contests.SECRETARIAT in roles else None,
            points=points,
            now=clock.now(),
        )


@bp.post(f"{_JUDGING}/<key>/phan-bai")
@needs()
def assign(slug: str, key: str) -> Any:
    """Draw the judges of a closed round."""
    with db.begin() as session:
        contest = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT, for_change=True)
        row = contests.round_of(contest, key)
        drawn = essays.assign(session, contest, row, current_user.id, now=clock.now())
    flash(gettext("Đã phân %(n)s bài cho giám khảo.", n=drawn), "ok")
    return redirect(url_for(".show", slug=slug))


@bp.get(f"{_JUDGING}/bai/<int:mark_id>")
@needs()
def read(slug: str, mark_id: int) -> str:
    return _judging_page(slug, mark_id)


@bp.post(f"{_JUDGING}/bai/<int:mark_id>")
@needs()
def mark(slug: str, mark_id: int) -> Any:
    """Give a mark, and go on to the next essay of the pile."""
    typed, note = request.form.get("diem", ""), request.form.get("ghi-chu", "")
    try:
        with db.begin() as session:
            contest = contests.find_for(session, slug, current_user.id, JUDGE)
            given = essays.task(session, contest, current_user.id, mark_id)
            essays.mark(session, contest, given, read_points(typed), note, now=clock.now())
            left = [one for one in essays.pile(session, contest, current_user.id) if one.mark.mark is None]
    except Unreadable as flaw:
        return _judging_page(slug, mark_id, typed=typed, note=note, problem=gettext(flaw.sentence)), 422
    flash(gettext("Đã lưu điểm."), "ok")
    if left:
        return redirect(url_for(".read", slug=slug, mark_id=left[0].mark.id))
    return redirect(url_for(".show", slug=slug))


def _judging_page(
    slug: str, mark_id: int, *, typed: str | None = None, note: str | None = None, problem: str = ""
) -> str:
    with db.read() as session:
        contest = contests.find_for(session, slug, current_user.id, JUDGE)
        given = essays.task(session, contest, current_user.id, mark_id)
        said = given.mark.mark
        return render_template(
            "essays/read.html",
            contest=contest,
            task=given,
            most=points(given.part.max_points * POINT),
            typed=typed if typed is not None else "" if said is None else points(said),
            note=given.mark.note if note is None else note,
            problem=problem,
            points=points,
        )


def _overviews(session: Session, contest: Contest) -> list[tuple[str, Overview]]:
    """Every round with an essay, by its name."""
    rules = contests.settings(contest)
    named = (
        select(Person.id, Person.name)
        .join(ContestRole, ContestRole.person_id == Person.id)
        .where(ContestRole.contest_id == contest.id, ContestRole.role == JUDGE)
    )
    names = {id: name for id, name in session.execute(named)}
    rows = [row for row in contest.rounds if not row.overall and rules.round(row.key).essay is not None]
    now = clock.now()
    return [(round_view(contest, row, now=now).name, essays.overview(session, contest, row, names)) for row in rows]
