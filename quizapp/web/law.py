"""The law: read it, search it, and one article with its later changes."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

from flask import Blueprint, current_app, render_template, request

from quizapp import db
from quizapp.config import Config
from quizapp.errors import NotFound
from quizapp.rules.law import Law
from quizapp.rules.search import Hit
from quizapp.services import banks, law_changes, laws
from quizapp.web.frame import VIETNAM

LONGEST_SEARCH = 100

bp = Blueprint("law", __name__)


def the_law() -> Law:
    """The law that this site's questions rest on."""
    return laws.of(_questions())


def _questions() -> Path:
    settings: Config = current_app.extensions["quiz_config"]
    return settings.questions


@bp.app_template_filter("date_instant")
def instant(day: date) -> datetime:
    """The beginning of `day` in Viet Nam, for the filters that print instants."""
    return datetime.combine(day, time(), VIETNAM)


@bp.get("/luat")
def show() -> str:
    law = the_law()
    words = " ".join(request.args.get("tim", "").split())[:LONGEST_SEARCH]
    index = laws.index_of(_questions())
    hits: tuple[Hit, ...] = ()
    if words:
        with db.read() as session:
            hits = laws.find(session, index, words)
    wanted = index.wanted(words)
    mended = " ".join(wanted.words) if wanted.mended else ""
    return render_template("law/show.html", law=law, words=words, hits=hits, mended=mended)


@bp.get("/luat/dieu-<int:number>")
def article(number: int) -> str:
    law = the_law()
    found = law.article(number)
    if found is None:
        raise NotFound("Luật không có Điều này. Các điều được đánh số từ 1 đến 141.")
    with db.read() as session:
        questions, topic = banks.on_article(session, number)
        marked = law_changes.all_of(session, number)
    return render_template(
        "law/article.html",
        law=law,
        article=found,
        chapter=law.chapter_of(found),
        notes=law.notes_on(found),
        marked=marked,
        before=law.article(number - 1),
        after=law.article(number + 1),
        questions=questions,
        topic=topic,
    )


@bp.get("/luat/chuong-<int:number>")
def chapter(number: int) -> str:
    law = the_law()
    chapters = {one.number: one for one in law.chapters}
    if number not in chapters:
        raise NotFound("Luật không có Chương này. Các chương được đánh số từ 1 đến 11.")
    before, after = chapters.get(number - 1), chapters.get(number + 1)
    return render_template("law/chapter.html", law=law, chapter=chapters[number], before=before, after=after)
