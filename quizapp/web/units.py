"""The organizers' pages of units and places: the tree, one node of it, and names that may be one unit."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.errors import Conflict, NotFound, Refusal, Unreadable
from quizapp.models import Contest, Unit
from quizapp.rules.typed import whole_number
from quizapp.rules.words import fold
from quizapp.services import changes, contests, places, unit_merges, units
from quizapp.services.units import Tree
from quizapp.web.signing import needs

PAGE = 100
LABELS = 500  # names that a field suggests at once
LEVELS = {"province": lazy_gettext("Tỉnh/thành phố"), "commune": lazy_gettext("Xã/phường/đặc khu")}

bp = Blueprint("units", __name__, url_prefix="/to-chuc/cuoc-thi/<slug>/don-vi")


@bp.get("")
@needs()
def show(slug: str) -> str:
    return _tree_page(slug)


@bp.post("/them")
@needs()
def add(slug: str) -> Any:
    which = _which()
    try:
        with db.begin() as session:
            contest = _contest(session, slug)
            parent = _named(session, contest, which, request.form.get("thuoc", ""))
            made = units.add(
                session,
                contest,
                current_user.id,
                which,
                request.form.get("ten", "")[:400],
                parent=parent,
                code=request.form.get("ma", "")[:100],
                now=clock.now(),
            )
    except Refusal as refusal:
        return _tree_page(slug, gettext(refusal.sentence)), refusal.status
    flash(gettext("Đã thêm %(name)s.", name=made.name), "ok")
    return redirect(url_for(".show", slug=slug, cay=_tab(which)))


@bp.post("/khoa")
@needs()
def lock(slug: str) -> Response:
    """Lock the approved headcounts before the contest opens."""
    with db.begin() as session:
        count = units.lock_headcounts(session, _contest(session, slug), current_user.id, now=clock.now())
    flash(gettext("Đã khóa tổng số người của %(count)s đơn vị.", count=count), "ok")
    return redirect(url_for(".show", slug=slug))


# ── One node ────────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get("/<int:unit_id>")
@needs()
def unit(slug: str, unit_id: int) -> str:
    return _unit_page(slug, unit_id)


@bp.post("/<int:unit_id>/<do>")
@needs()
def change(slug: str, unit_id: int, do: str) -> Any:
    """Carry out one of the forms of a node's page; what is refused is said above them."""
    if do not in _DEEDS:
        raise NotFound()
    try:
        with db.begin() as session:
            contest = _contest(session, slug)
            node = units.find(session, contest, unit_id)
            tree = node.tree
            _DEEDS[do](session, contest, node)
    except Refusal as refusal:
        return _unit_page(slug, unit_id, gettext(refusal.sentence)), refusal.status
    flash(gettext("Đã lưu."), "ok")
    if do in ("xoa", "gop"):
        return redirect(url_for(".show", slug=slug, cay=_tab(tree)))
    return redirect(url_for(".unit", slug=slug, unit_id=unit_id))


def _rename(session: Session, contest: Contest, node: Unit) -> None:
    form = request.form
    units.rename(
        session,
        contest,
        current_user.id,
        node,
        form.get("ten", "")[:400],
        code=form.get("ma", "")[:100] if "ma" in form else None,
        level=form.get("cap", "")[:100] if "cap" in form else None,
        reason=_reason(),
        now=clock.now(),
    )


def _move(session: Session, contest: Contest, node: Unit) -> None:
    parent = _named(session, contest, units.tree_of(node), request.form.get("thuoc", ""))
    units.move(session, contest, current_user.id, node, parent, reason=_reason(), now=clock.now())


def _headcount(session: Session, contest: Contest, node: Unit) -> None:
    people = _number("tong")
    units.set_headcount(session, contest, current_user.id, node, people, reason=_reason(), now=clock.now())


def _approve(session: Session, contest: Contest, node: Unit) -> None:
    units.approve_headcount(session, contest, current_user.id, node, now=clock.now())


def _targets(session: Session, contest: Contest, node: Unit) -> None:
    units.set_targets(session, contest, current_user.id, node, _number("nguoi"), _number("luot"), now=clock.now())


def _merge(session: Session, contest: Contest, node: Unit) -> None:
    into = _named(session, contest, units.tree_of(node), request.form.get("vao", ""))
    if into is None:
        raise Unreadable("Vui lòng chọn đơn vị để gộp vào.")
    unit_merges.merge(session, contest, current_user.id, into, [node], reason=_reason(), now=clock.now())


def _remove(session: Session, contest: Contest, node: Unit) -> None:
    units.remove(session, contest, current_user.id, node, now=clock.now())


_DEEDS = {
    "sua": _rename,
    "chuyen": _move,
    "tong-so": _headcount,
    "duyet": _approve,
    "chi-tieu": _targets,
    "gop": _merge,
    "xoa": _remove,
}


# ── Names that may be one ───────────────────────────────────────────────────────────────────────────────────────


@bp.get("/gop-ten")
@needs()
def merges(slug: str) -> str:
    return _merges_page(slug)


@bp.post("/gop-ten")
@needs()
def merge(slug: str) -> Any:
    """Merge the ticked names of one group into the chosen one."""
    which = _which()
    ids = [int(id) for id in request.form.getlist("phan") if id.isascii() and id.isdigit()][:50]
    try:
        with db.begin() as session:
            contest = _contest(session, slug)
            into = units.find(session, contest, request.form.get("vao", 0, type=int), which)
            parts = [units.find(session, contest, id, which) for id in ids]
            unit_merges.merge(session, contest, current_user.id, into, parts, reason=_reason(), now=clock.now())
    except Refusal as refusal:
        return _merges_page(slug, gettext(refusal.sentence)), refusal.status
    flash(gettext("Đã gộp vào %(name)s.", name=into.name), "ok")
    return redirect(url_for(".merges", slug=slug, cay=_tab(which)))


@bp.post("/gop-ten/<int:change_id>/hoan-tac")
@needs()
def part(slug: str, change_id: int) -> Any:
    """Take a merge back."""
    try:
        with db.begin() as session:
            contest = _contest(session, slug)
            made = changes.find(session, contest, change_id)
            back = unit_merges.undo(session, contest, current_user.id, made, reason=_reason(), now=clock.now())
    except Refusal as refusal:
        return _merges_page(slug, gettext(refusal.sentence)), refusal.status
    flash(gettext("Đã hoàn tác. %(count)s người trở về đơn vị cũ.", count=back), "ok")
    return redirect(url_for(".merges", slug=slug))


# ── Details ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _tree_page(slug: str, problem: str = "") -> str:
    which = _which()
    words = request.args.get("tim", "")[:100]
    page = max(request.args.get("trang", 1, type=int), 1)
    if which == "place":
        with db.begin() as session:
            places.ensure(session, _contest(session, slug), now=clock.now())
    with db.read() as session:
        contest = _contest(session, slug)
        tree = units.tree(session, contest, which)
        opened = units.has_opened(contest, now=clock.now())
        suggested = len(unit_merges.suggestions(session, contest, which))
    found = [one for one in tree if all(word in one.unit.search for word in fold(words).split())]
    return render_template(
        "units/show.html",
        contest=contest,
        which=which,
        branches=found[(page - 1) * PAGE : page * PAGE],
        count=len(tree),
        words=words,
        page=page,
        pages=max(1, -(-len(found) // PAGE)),
        over=[one for one in tree if one.is_over],
        proposed=[one for one in tree if one.unit.headcount_proposed is not None],
        suggested=suggested,
        opened=opened,
        labels=[one.unit.name for one in tree[:LABELS]],
        levels=LEVELS,
        problem=problem,
        form=request.form,
    )


def _unit_page(slug: str, unit_id: int, problem: str = "") -> str:
    with db.read() as session:
        contest = _contest(session, slug)
        node = units.find(session, contest, unit_id)
        which = units.tree_of(node)
        parent = None if node.parent_id is None else session.get(Unit, node.parent_id)
        picks = units.pick(session, contest, which, "", limit=LABELS)
        return render_template(
            "units/unit.html",
            contest=contest,
            unit=node,
            which=which,
            parent=units.label(session, parent) if parent else "",
            labels=[one.label for one in picks if one.id != node.id],
            levels=units.levels(session, contest, which),
            level_words=LEVELS,
            locked=units.is_locked(contest, node, now=clock.now()),
            opened=units.has_opened(contest, now=clock.now()),
            problem=problem,
        )


def _merges_page(slug: str, problem: str = "") -> str:
    which = _which()
    with db.read() as session:
        contest = _contest(session, slug)
        found = unit_merges.suggestions(session, contest, which)
        done = unit_merges.history(session, contest)
        names = changes.names(session, [one for one, _ in done])
        labels = {one.id: units.label(session, one) for group in found for one in group}
        opened = units.has_opened(contest, now=clock.now())
    return render_template(
        "units/merges.html",
        contest=contest,
        which=which,
        groups=found,
        labels=labels,
        done=done,
        names=names,
        opened=opened,
        problem=problem,
    )


def _named(session: Session, contest: Contest, which: Tree, text: str) -> Unit | None:
    """The node that a field names; none for an empty one. Refuses a name of nobody, or of several."""
    if not text.strip():
        return None
    found = units.named(session, contest, which, text[:1000])
    if len(found) != 1:
        raise Conflict(
            "Có nhiều đơn vị cùng tên. Vui lòng chọn tên đầy đủ trong gợi ý."
            if found
            else "Không tìm thấy đơn vị này. Vui lòng chọn trong gợi ý."
        )
    return units.find(session, contest, found[0].id, which)


def _number(name: str) -> int | None:
    text = request.form.get(name, "").strip()
    if not text:
        return None
    number = whole_number(text)
    if number is None or number < 0:
        raise Unreadable("Số người cần là số nguyên từ 0 trở lên.")
    return number


def _reason() -> str:
    return request.form.get("ly-do", "")


def _tab(tree: str) -> str | None:
    return "dia-ban" if tree == "place" else None


def _which() -> Tree:
    return "place" if request.values.get("cay") == "dia-ban" else "unit"


def _contest(session: Session, slug: str) -> Contest:
    found = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT)
    _ = found.rounds  # asked for after the session has ended
    return found
