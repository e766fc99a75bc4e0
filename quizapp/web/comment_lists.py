"""Entries by comment: the lists that organizers bring from under a stream, how each is read, and who comes first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.documents.tables import Table, workbook
from quizapp.errors import NotFound, TooMany, Unreadable
from quizapp.formats import table
from quizapp.formats.upload import BadFile
from quizapp.models import CommentList, Show
from quizapp.rules import comment_entry, roster
from quizapp.rules.comment_entry import Rules
from quizapp.rules.timing import VIETNAM
from quizapp.rules.typed import whole_number
from quizapp.services import comment_lists
from quizapp.services.comment_lists import Read
from quizapp.web import brought
from quizapp.web.leading import Lead, lead
from quizapp.web.room_view import title_of

SHOWN = 200  # comments on a page; the file has all

bp = Blueprint("comment_lists", __name__, url_prefix="/phong/<code>/binh-luan")

OUTCOMES = {
    "counts": lazy_gettext("Được tính"),
    "second": lazy_gettext("Không phải bình luận đầu tiên"),
    "outside": lazy_gettext("Ngoài thời gian nhận"),
    "no_time": lazy_gettext("Không rõ thời gian"),
    "no_letter": lazy_gettext("Không có đáp án A–D"),
    "wrong": lazy_gettext("Đáp án khác"),
}


@bp.get("")
def show_all(code: str) -> str:
    """The lists of comments that were brought, and the form to bring one."""
    with db.read() as session:
        show = lead(session, code).show
        return _lists_page(session, show)


@bp.post("")
def bring(code: str) -> Any:
    """Take a file, or what was pasted."""
    with db.read() as session:
        lead(session, code)
    try:
        name, rows = brought.rows()
        lines = roster.lines(rows, roster.COMMENT_COLUMNS)
        with db.begin() as session:
            led = lead(session, code)
            title = request.form.get("title", "")
            kept = comment_lists.add(session, led.show, title, name, lines, _rules(), led.person_id, now=clock.now())
            return redirect(url_for(".show", code=code, id=kept.id))
    except (BadFile, TooMany, Unreadable) as refusal:
        with db.read() as session:
            return _lists_page(session, lead(session, code).show, gettext(refusal.sentence)), refusal.status


@bp.get("/mau.xlsx")
def template(code: str) -> Response:
    """The empty table to fill in."""
    with db.read() as session:
        lead(session, code)
    heads = [column.head for column in roster.COMMENT_COLUMNS]
    return brought.file(table.write(gettext("Bình luận"), heads, []), "mau-binh-luan.xlsx")


@bp.get("/<int:id>")
def show(code: str, id: int) -> str:
    """One list as it is read: the candidates in their order, and what became of every comment."""
    with db.read() as session:
        led, kept = _kept(session, code, id)
        return _list_page(session, led.show, kept)


@bp.post("/<int:id>/cach-doc")
def read_anew(code: str, id: int) -> Any:
    """Read the list by another window, key or target."""
    try:
        with db.begin() as session:
            led, kept = _kept(session, code, id)
            comment_lists.change_rules(session, led.show, kept, _rules(), now=clock.now())
    except Unreadable as refusal:
        with db.read() as session:
            led, kept = _kept(session, code, id)
            return _list_page(session, led.show, kept, gettext(refusal.sentence)), refusal.status
    flash(gettext("Đã đọc lại danh sách."), "ok")
    return redirect(url_for(".show", code=code, id=id))


@bp.post("/<int:id>/gan")
def join_person(code: str, id: int) -> Any:
    """Note which contestant an account belongs to, or take that back."""
    comment_id = request.form.get("comment", type=int) or 0
    try:
        with db.begin() as session:
            led, kept = _kept(session, code, id)
            typed = request.form.get("contestant", "")
            comment_lists.join(session, led.show, kept, comment_id, typed, now=clock.now())
    except (NotFound, Unreadable) as refusal:
        with db.read() as session:
            led, kept = _kept(session, code, id)
            return _list_page(session, led.show, kept, gettext(refusal.sentence)), refusal.status
    flash(gettext("Đã ghi lại."), "ok")
    return redirect(url_for(".show", code=code, id=id))


@bp.post("/<int:id>/xoa")
def discard(code: str, id: int) -> Response:
    """Throw a list away."""
    with db.begin() as session:
        led, kept = _kept(session, code, id)
        comment_lists.remove(session, led.show, kept, now=clock.now())
    flash(gettext("Đã xóa danh sách bình luận."), "ok")
    return redirect(url_for(".show_all", code=code))


@bp.get("/<int:id>/danh-sach.xlsx")
def download(code: str, id: int) -> Response:
    """The whole list as it is read, the candidates first."""
    with db.read() as session:
        led, kept = _kept(session, code, id)
        found = comment_lists.read(session, kept)
        codes = {place: one.code for place, one in comment_lists.registered(session, kept).items()}
    ranks = {id_: one.rank for id_, one in _placed(found)}
    order = sorted(zip(found.ids, found.entries, strict=True), key=lambda one: ranks.get(one[0], len(found.ids) + 1))
    heads = ("Hạng", "Tài khoản", "Bình luận", "Thời gian", "Đáp án", "Dự đoán", "Kết luận", "Đã sửa", "Mã thí sinh")
    rows = [
        (
            ranks.get(id_),
            entry.said.account,
            entry.said.text,
            _local(entry.said.said_at),
            entry.letter,
            entry.prediction,
            str(OUTCOMES[entry.outcome]),
            gettext("có") if entry.said.edited else "",
            codes.get(id_, ""),
        )
        for id_, entry in order
    ]
    made = workbook([Table(gettext("Bình luận"), tuple(gettext(head) for head in heads), rows)])
    return brought.file(made, f"binh-luan-{led.show.code}-{kept.id}.xlsx")


def _lists_page(session: Session, show: Show, problem: str = "") -> str:
    return render_template(
        "room/comments.html",
        code=show.code,
        title=title_of(show),
        lists=comment_lists.of_show(session, show),
        columns=roster.COMMENT_COLUMNS,
        problem=problem,
        typed=request.form,
    )


def _list_page(session: Session, show: Show, kept: CommentList, problem: str = "") -> str:
    found = comment_lists.read(session, kept)
    counts = {outcome: sum(one.outcome == outcome for one in found.entries) for outcome in OUTCOMES}
    placed = _placed(found)
    return render_template(
        "room/comment_list.html",
        code=show.code,
        title=title_of(show),
        kept=kept,
        rules=_typed(found.rules),
        counts=counts,
        outcomes=OUTCOMES,
        placed=placed[:SHOWN],
        of=len(placed),
        others=[entry for entry in found.entries if entry.outcome != "counts"][:SHOWN],
        people=comment_lists.registered(session, kept),
        in_contest=show.round_id is not None,
        local=_local,
        problem=problem,
    )


def _placed(found: Read) -> list[tuple[int, Any]]:
    """The candidates in their order, each with the id of its comment."""
    ids: dict[int, int] = {id(entry): place for place, entry in zip(found.ids, found.entries, strict=True)}
    return [(ids[id(one.row)], one) for one in found.standings]


def _rules() -> Rules:
    """How the list is to be read, as the form says."""
    target = request.form.get("target", "").strip()
    asked = whole_number(target) if target else None
    if target and (asked is None or not 0 <= asked <= comment_entry.LARGEST):
        raise Unreadable("Con số thực tế phải là số nguyên từ 0 trở lên.")
    key = request.form.get("key", "").strip().upper()
    try:
        return msgspec.convert(
            {"opens_at": _moment("opens_at"), "closes_at": _moment("closes_at"), "key": key, "target": asked}, Rules
        )
    except msgspec.ValidationError as flaw:
        raise Unreadable("Đáp án đúng là một chữ A, B, C hoặc D.") from flaw


def _moment(name: str) -> datetime | None:
    typed = request.form.get(name, "").strip()
    if not typed:
        return None
    found = comment_entry.moment_of(typed)
    if found is None:
        raise Unreadable("Giờ chưa đúng. Vui lòng nhập như 20/11/2026 20:45.")
    return found


def _typed(rules: Rules) -> dict[str, str]:
    """The rules as they stand in the form."""
    return {
        "opens_at": _local(rules.opens_at),
        "closes_at": _local(rules.closes_at),
        "key": rules.key,
        "target": "" if rules.target is None else str(rules.target),
    }


def _local(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S")


def _kept(session: Session, code: str, id: int) -> tuple[Lead, CommentList]:
    led = lead(session, code)
    return led, comment_lists.find(session, led.show, id)
