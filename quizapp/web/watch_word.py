"""Where the host or the secretariat of a contest seals the watch word of a live round."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session

from quizapp import clock, db
from quizapp.errors import NotFound, Unreadable
from quizapp.models import Contest, Round
from quizapp.services import contests, hosts, watch_words
from quizapp.web.contest_view import round_view
from quizapp.web.signing import needs, vault

LONGEST = 80

bp = Blueprint("watch_word", __name__, url_prefix="/to-chuc/cuoc-thi/<slug>/vong/<key>/ma-theo-doi")


@bp.get("")
@needs()
def show(slug: str, key: str) -> str:
    return _page(slug, key)


@bp.post("")
@needs()
def keep(slug: str, key: str) -> Any:
    """Seal the word, or another one in its place."""
    try:
        with db.begin() as session:
            contest, row = _round(session, slug, key)
            typed = request.form.get("ma", "")[:LONGEST]
            watch_words.set_word(session, vault(), contest, row, typed, current_user.id, now=clock.now())
    except Unreadable as refusal:
        return _page(slug, key, gettext(refusal.sentence)), refusal.status
    flash(gettext("Đã niêm phong mã theo dõi. Nhật ký chỉ ghi là mã đã được đặt, không ghi mã."), "ok")
    return redirect(url_for(".show", slug=slug, key=key))


def _page(slug: str, key: str, problem: str = "") -> str:
    with db.read() as session:
        contest, row = _round(session, slug, key)
        part = watch_words.part_of(row)
        assert part is not None  # `_round` refuses any other
        return render_template(
            "organize/watch_word.html",
            contest=contest,
            one=round_view(contest, row, now=clock.now()),
            until=part.watch_word_until,
            word=watch_words.read(vault(), contest, row),
            typed=request.form.get("ma", ""),
            problem=problem,
        )


def _round(session: Session, slug: str, key: str) -> tuple[Contest, Round]:
    contest = contests.find_for(session, slug, current_user.id, *hosts.ROLES)
    row = contests.round_of(contest, key)
    if watch_words.part_of(row) is None:
        raise NotFound("Thể lệ của vòng này không có mã theo dõi.")
    return contest, row
