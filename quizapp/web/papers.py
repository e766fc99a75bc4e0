"""Papers to be printed: a form for the blueprint, the papers that were drawn, and their files."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from flask import Blueprint as Group
from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import force_locale, gettext, ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.documents import paper as documents
from quizapp.documents.paper import Version, Words
from quizapp.errors import NotFound
from quizapp.models import PrintedPaper
from quizapp.rules import blueprint
from quizapp.rules.blueprint import MOST, Blueprint, Line, Pool, TooFew
from quizapp.rules.draw import code32
from quizapp.rules.paper import Place
from quizapp.rules.question import DIFFICULTIES, KINDS, Difficulty
from quizapp.services import banks, papers
from quizapp.services.banks import TopicCount
from quizapp.services.papers import MOST_VERSIONS, Viewer, Wish
from quizapp.web.aside import aside
from quizapp.web.bank import DIFFICULTIES as LEVELS
from quizapp.web.bank import KINDS as KIND_WORDS
from quizapp.web.frame import LANGUAGES, public_url
from quizapp.web.signing import needs

LONGEST = {"title": 120, "organization": 200, "seed": 40}
MOST_MINUTES = 300
MAKERS: dict[str, Callable[[Version], bytes]] = {
    "de": documents.paper,
    "phieu": documents.answer_sheet,
    "dap-an": documents.key,
}

bp = Group("papers", __name__)
maker = needs("organizer", "reviewer", "admin")


@bp.get("/ngan-hang/de-thi")
@maker
def show() -> str:
    with db.read() as session:
        found = papers.of_viewer(session, _viewer())
    return render_template("papers/show.html", found=found, keeper=_viewer().sees_keys)


@bp.route("/ngan-hang/de-thi/moi", methods=["GET", "POST"])
@maker
def new() -> str | Response | tuple[str, int]:
    """The form. «Xem ngân hàng» counts what there is for each line; «Rút đề» draws and keeps the paper."""
    form = _read() if request.method == "POST" else _Form()
    if request.method == "GET":
        return _form_page(form, None)
    wish = form.wish()
    with db.read() as session:
        known = papers.pools(session, wish.blueprint, now=clock.now())
    if request.form.get("do") != "draw":
        return _form_page(form, known)
    errors = form.errors()
    if errors:
        return _form_page(form, known, errors), 422
    try:
        with db.begin() as session:
            made = papers.draw(session, wish, current_user.id, now=clock.now())
    except TooFew as refused:
        return _form_page(form, refused.pools, [("lines", gettext(refused.sentence))]), 409
    flash(gettext("Đã rút đề và lưu lại."), "ok")
    return redirect(url_for(".paper", id=made.id))


@bp.get("/ngan-hang/de-thi/<id>")
@maker
def paper(id: str) -> str:
    with db.read() as session:
        found = papers.find(session, id, _viewer())
        plan = blueprint.from_json(found.blueprint)
        topics = {topic.slug: topic for topic in banks.topics(session)}
        questions = papers.questions(session, found)
        pools = papers.pools(session, plan, now=clock.now())
    return render_template(
        "papers/paper.html",
        paper=found,
        day=papers.day(found),
        plan=plan,
        pools=pools,
        ample=blueprint.ample(pools),
        topics=topics,
        levels=LEVELS,
        kinds=[KIND_WORDS[kind] for kind in plan.kinds],
        questions=questions,
        viewer=_viewer(),
    )


@bp.get("/ngan-hang/de-thi/<id>/<sort>-<code>.pdf")
@maker
def file(id: str, sort: str, code: str) -> Response:
    """One file of one version: the paper, its answer sheet, or its key."""
    if sort not in MAKERS:
        raise NotFound()
    if sort == "dap-an":
        with db.begin() as session:
            found = papers.find(session, id, _viewer())
            places = papers.key(session, found, code, _viewer(), now=clock.now())
    else:
        with db.read() as session:
            found = papers.find(session, id, _viewer())
            places = papers.version(session, found, code)
    version = _version(found, code, places)
    made = aside(lambda: MAKERS[sort](version))
    return send_file(BytesIO(made), "application/pdf", download_name=f"{sort}-{code}.pdf", max_age=0)


@bp.post("/ngan-hang/de-thi/<id>/bo")
@maker
def discard(id: str) -> Response:
    with db.begin() as session:
        papers.discard(session, papers.find(session, id, _viewer()), current_user.id, now=clock.now())
    flash(gettext("Đã bỏ đề in. Có thể rút lại với cùng ma trận và mã rút."), "ok")
    return redirect(url_for(".show"))


# ── The form ────────────────────────────────────────────────────────────────────────────────────────────────────


def _fresh() -> dict[str, str]:
    return {"versions": "4", "language": "vi", "seed": code32(secrets.token_bytes(8), 8)}


@dataclass(frozen=True)
class _Form:
    """What the form says, as it was typed."""

    values: Mapping[str, str] = field(default_factory=_fresh)
    counts: Mapping[tuple[str, Difficulty], str] = field(default_factory=dict)
    kinds: tuple[str, ...] = KINDS

    def wish(self) -> Wish:
        """What is wanted; what is no number counts as none, so that `errors` names it."""
        lines = (Line(topic, level, _number(typed)) for (topic, level), typed in self.counts.items())
        return Wish(
            title=self.values.get("title", ""),
            blueprint=Blueprint(
                tuple(line for line in lines if line.count > 0), tuple(kind for kind in KINDS if kind in self.kinds)
            ),
            seed=self.values.get("seed", ""),
            versions=_number(self.values.get("versions", "")),
            organization=self.values.get("organization", ""),
            minutes=_number(self.values.get("minutes", "")) or None,
            language=self.values.get("language", "vi"),
        )

    def errors(self) -> list[tuple[str, str]]:
        """What to mend, each with the field it stands at."""
        wish = self.wish()
        found = []
        if not wish.title:
            found.append(("title", gettext("Vui lòng đặt tên cho đề.")))
        if not wish.seed:
            found.append(("seed", gettext("Vui lòng ghi mã rút: vài chữ hoặc số bất kỳ.")))
        if not 1 <= wish.versions <= MOST_VERSIONS:
            found.append(("versions", gettext("Số mã đề cần từ 1 đến %(most)s.", most=MOST_VERSIONS)))
        if self.values.get("minutes") and not 1 <= (wish.minutes or 0) <= MOST_MINUTES:
            found.append(("minutes", gettext("Thời gian cần từ 1 đến %(most)s phút.", most=MOST_MINUTES)))
        if wish.language not in LANGUAGES:
            found.append(("language", gettext("Vui lòng chọn ngôn ngữ của đề.")))
        if not wish.blueprint.kinds:
            found.append(("kinds", gettext("Vui lòng chọn ít nhất một loại câu hỏi.")))
        if not 1 <= wish.blueprint.count <= MOST:
            found.append(("lines", gettext("Đề in cần từ 1 đến %(most)s câu hỏi.", most=MOST)))
        return found


def _read() -> _Form:
    values = {
        name: " ".join(request.form.get(name, "").split())[: LONGEST.get(name, 20)]
        for name in ("title", "organization", "minutes", "language", "seed", "versions")
    }
    counts = {}
    for name, typed in request.form.items():
        form = re.fullmatch(r"n-([a-z0-9-]{1,80})-(know|understand|apply)", name)
        if form and typed.strip():
            level = next(level for level in DIFFICULTIES if level == form[2])
            counts[form[1], level] = typed.strip()[:6]
    return _Form(values, counts, tuple(request.form.getlist("kinds")))


def _number(typed: str) -> int:
    return int(typed) if re.fullmatch(r"\d{1,4}", typed, re.ASCII) else 0


def _form_page(form: _Form, known: Any, errors: Any = ()) -> str:
    wish = form.wish()
    with db.read() as session:
        topics = banks.topics(session)
        everything = Blueprint(
            tuple(Line(topic.slug, level, 1) for topic in topics for level in DIFFICULTIES), wish.blueprint.kinds
        )
        sizes = {(pool.line.topic, pool.line.difficulty): pool.size for pool in _sizes(session, everything)}
    return render_template(
        "papers/new.html",
        form=form,
        rows=[_row(topic, form, sizes) for topic in topics],
        levels=LEVELS,
        kinds=KIND_WORDS,
        known=known,
        short=[pool for pool in known or () if pool.missing],
        ample=not known or blueprint.ample(known),
        names={topic.slug: topic for topic in topics},
        count=wish.blueprint.count,
        size=sum(pool.size for pool in known or ()),
        errors=list(errors),
        error_of=dict(errors),
        most=MOST,
        most_versions=MOST_VERSIONS,
    )


def _sizes(session: Any, wanted: Blueprint) -> tuple[Pool, ...]:
    return papers.pools(session, wanted, now=clock.now())


def _row(topic: TopicCount, form: _Form, sizes: Mapping[tuple[str, Difficulty], int]) -> dict[str, Any]:
    cells = [
        {"level": level, "typed": form.counts.get((topic.slug, level), ""), "size": sizes.get((topic.slug, level), 0)}
        for level in DIFFICULTIES
    ]
    return {"topic": topic, "cells": cells}


# ── Printing ────────────────────────────────────────────────────────────────────────────────────────────────────


def _viewer() -> Viewer:
    return Viewer(current_user.id, frozenset(current_user.roles))


def _version(found: PrintedPaper, code: str, places: list[Place]) -> Version:
    with force_locale(found.language):
        return Version(
            title=found.title,
            organization=found.organization,
            code=code,
            language=found.language,
            places=places,
            practice_url=f"{public_url()}/hoc/{papers.topic(found)}",
            words=paper_words(len(places), found.minutes),
            made_at=found.made_at,
        )


def paper_words(count: int, minutes: int | None) -> Words:
    """The words around the questions of a printed paper, in the reader's language."""
    about = [ngettext("%(num)s câu", "%(num)s câu", count)]
    about += [ngettext("%(num)s phút", "%(num)s phút", minutes)] if minutes else []
    return Words(
        state=gettext("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        motto=gettext("Độc lập – Tự do – Hạnh phúc"),
        code=gettext("Mã đề"),
        about=" · ".join(str(part) for part in about),
        name=gettext("Họ và tên:"),
        number=gettext("Số báo danh:"),
        unit=gettext("Đơn vị:"),
        mark=gettext("Điểm:"),
        question=gettext("Câu"),
        several=gettext("(Chọn tất cả đáp án đúng.)"),
        order=gettext("(Xếp theo đúng thứ tự.)"),
        whole=gettext("(Ghi một số nguyên.)"),
        answer=gettext("Trả lời"),
        practise=gettext("Luyện tập"),
        sheet=gettext("Phiếu trả lời"),
        how_to_fill=gettext(
            "Tô kín ô tròn của đáp án được chọn. Ô vuông nhỏ: ghi các chữ theo thứ tự. Ô dài: ghi số. "
            "Muốn đổi: gạch chéo ô cũ rồi tô ô mới."
        ),
        key=gettext("Đáp án của đề"),
        right=gettext("Đáp án"),
    )
