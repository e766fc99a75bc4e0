"""Lists that the secretariat brings as a spreadsheet or pastes: looked over line by line, taken as far as nothing stops
them, and the rest given back to be mended. The same way for units, places, people involved and delegates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.errors import NotFound, TooMany, Unreadable
from quizapp.formats import table
from quizapp.formats.upload import BadFile
from quizapp.models import Contest
from quizapp.rules import roster
from quizapp.rules.roster import Column, Line, Looked
from quizapp.services import contests, delegates, exclusions, list_uploads, unit_lists
from quizapp.services.list_uploads import ListKind
from quizapp.web import brought
from quizapp.web.signing import needs, vault

PAGE = 100

bp = Blueprint("lists", __name__, url_prefix="/to-chuc/cuoc-thi/<slug>/danh-sach")


@dataclass(frozen=True)
class Kind:
    """One kind of list: what it is called, its columns, where it belongs, and what looking and taking mean."""

    kind: ListKind
    title: Any
    columns: Sequence[Column]
    home: str
    look: Callable[[Session, Contest, Sequence[Line], datetime], list[Looked]]
    take: Callable[[Session, Contest, list_uploads.Held, datetime], object]


def _look_units(which: Any) -> Any:
    return lambda session, contest, lines, now: unit_lists.look(session, contest, which, lines, now=now)


def _take_units(which: Any) -> Any:
    def take(session: Session, contest: Contest, held: list_uploads.Held, now: datetime) -> object:
        who, name = current_user.id, held.file_name
        return unit_lists.take(session, contest, who, which, held.lines, file_name=name, now=now)

    return take


KINDS = {
    "don-vi": Kind(
        "unit",
        lazy_gettext("Danh sách đơn vị"),
        roster.UNIT_COLUMNS,
        "units.show",
        _look_units("unit"),
        _take_units("unit"),
    ),
    "dia-ban": Kind(
        "place",
        lazy_gettext("Danh sách xã, phường, đặc khu"),
        roster.PLACE_COLUMNS,
        "units.show",
        _look_units("place"),
        _take_units("place"),
    ),
    "ban-to-chuc": Kind(
        "exclusion",
        lazy_gettext("Danh sách người tham gia tổ chức"),
        roster.EXCLUSION_COLUMNS,
        "exclusions.show",
        lambda session, contest, lines, now: exclusions.look(session, vault(), contest, lines, now=now),
        lambda session, contest, held, now: exclusions.take(
            session, vault(), contest, current_user.id, held.lines, now=now
        ),
    ),
    "dai-bieu": Kind(
        "delegate",
        lazy_gettext("Danh sách đại biểu"),
        roster.DELEGATE_COLUMNS,
        "exclusions.delegates_page",
        lambda session, contest, lines, now: delegates.look(session, contest, lines),
        lambda session, contest, held, now: delegates.take(session, contest, current_user.id, held.lines, now=now),
    ),
}


@bp.route("/<kind>", methods=["GET", "POST"])
@needs()
def upload(slug: str, kind: str) -> Any:
    """Choose a file or paste lines; both lead to the same preview."""
    asked = _kind(kind)
    with db.read() as session:
        contest = _contest(session, slug)
    if request.method == "GET":
        return _upload_page(contest, kind, asked)
    try:
        name, rows = brought.rows()
        lines = roster.lines(rows, asked.columns)
    except (BadFile, TooMany, Unreadable) as refusal:
        return _upload_page(contest, kind, asked, gettext(refusal.sentence)), refusal.status
    with db.begin() as session:
        contest = _contest(session, slug)
        id = list_uploads.keep(session, vault(), contest, current_user.id, asked.kind, name, lines, now=clock.now())
    return redirect(url_for(".preview", slug=slug, kind=kind, id=id))


@bp.get("/<kind>/mau.xlsx")
@needs()
def template(slug: str, kind: str) -> Response:
    """The empty table to fill in."""
    asked = _kind(kind)
    with db.read() as session:
        _contest(session, slug)
    return brought.file(
        table.write(str(asked.title), [column.head for column in asked.columns], []), f"mau-{kind}.xlsx"
    )


@bp.get("/<kind>/<id>")
@needs()
def preview(slug: str, kind: str, id: str) -> str:
    """Every line with what is wrong with it, or with what taking it would do."""
    asked = _kind(kind)
    only_wrong = request.args.get("xem") == "loi"
    page = max(request.args.get("trang", 1, type=int), 1)
    with db.read() as session:
        contest, held, looked = _looked(session, slug, asked, id)
    wrong = [one for one in looked if one.problems]
    shown = wrong if only_wrong else looked
    return render_template(
        "lists/preview.html",
        contest=contest,
        kind=kind,
        asked=asked,
        held=held,
        lines=[(one, _shown(one, asked), words(one)) for one in shown[(page - 1) * PAGE : page * PAGE]],
        page=page,
        pages=max(1, -(-len(shown) // PAGE)),
        only_wrong=only_wrong,
        counts={does: sum(1 for one in looked if not one.problems and one.does == does) for does in DOES},
        wrong=len(wrong),
        does=DOES,
    )


@bp.post("/<kind>/<id>/nhan")
@needs()
def take(slug: str, kind: str, id: str) -> Response:
    """Take every line that nothing stops."""
    asked = _kind(kind)
    now = clock.now()
    with db.begin() as session:
        contest, held, looked = _looked(session, slug, asked, id)
        count = sum(1 for one in looked if not one.problems and one.does != "same")
        asked.take(session, contest, held, now)
        list_uploads.mark_taken(session, held, now=now)
    flash(gettext("Đã nhận %(count)s dòng.", count=count), "ok")
    return redirect(url_for(".preview", slug=slug, kind=kind, id=id))


@bp.get("/<kind>/<id>/dong-loi.xlsx")
@needs()
def faulty(slug: str, kind: str, id: str) -> Response:
    """The lines that something stops, each with what it is, to mend and upload again."""
    asked = _kind(kind)
    with db.read() as session:
        _, _, looked = _looked(session, slug, asked, id)
    rows = [
        [" ".join(words(one)), *(one.line.get(column.key) for column in asked.columns)]
        for one in looked
        if one.problems
    ]
    if not rows:
        raise NotFound("Danh sách này không có dòng lỗi nào.")
    heads = [gettext("Cần sửa"), *(column.head for column in asked.columns)]
    return brought.file(table.write(str(asked.title), heads, rows), f"dong-loi-{kind}.xlsx")


DOES = {
    "new": lazy_gettext("Thêm mới"),
    "change": lazy_gettext("Cập nhật"),
    "same": lazy_gettext("Đã có, không đổi"),
}


def words(looked: Looked) -> list[str]:
    """The problems of a line as sentences."""
    return [gettext(one.sentence) % one.details for one in looked.problems]


def _shown(looked: Looked, asked: Kind) -> list[str]:
    """The cells of a line for the page: numbers of people only as far as they tell two lines apart."""
    cells = [(column.key, looked.line.get(column.key)) for column in asked.columns]
    return [f"***{text[-3:]}" if key in ("identity", "phone") and text else text for key, text in cells]


def _looked(session: Session, slug: str, asked: Kind, id: str) -> tuple[Contest, list_uploads.Held, list[Looked]]:
    now = clock.now()
    contest = _contest(session, slug)
    held = list_uploads.find(session, vault(), contest, current_user.id, asked.kind, id, now=now)
    return contest, held, asked.look(session, contest, held.lines, now)


def _upload_page(contest: Contest, kind: str, asked: Kind, problem: str = "") -> str:
    return render_template(
        "lists/upload.html",
        contest=contest,
        kind=kind,
        asked=asked,
        problem=problem,
        pasted=brought.pasted(),
    )


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise NotFound()
    return KINDS[name]


def _contest(session: Session, slug: str) -> Contest:
    return contests.find_for(session, slug, current_user.id, contests.SECRETARIAT)
