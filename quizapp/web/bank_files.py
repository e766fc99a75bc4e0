"""Files and bank as two views of one: load the files, see where they part, and settle it side by side."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext, ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.config import Config
from quizapp.rules.merge import Side
from quizapp.services import banks, filing, merges, revisions
from quizapp.web.bank import FIELDS, LANGUAGES, bp, keeper, words

PARTS = {
    **{name: FIELDS[name] for name in ("difficulty", "scenario", "period", "citations", "facts")},
    "answer": lazy_gettext("Phương án và đáp án"),
}


@bp.post("/ngan-hang/nap-lai")
@keeper
def reload() -> Response:
    """Load the question files now instead of at the next look of the clock."""
    settings: Config = current_app.extensions["quiz_config"]
    sheets = banks.read(settings.questions)
    with db.begin() as session:
        done = revisions.reload(session, sheets, current_user.id, now=clock.now())
    moved = len(done.added) + len(done.changed) + len(done.vanished) + len(done.returned)
    flash(ngettext("Đã nạp: %(num)s câu hỏi thay đổi.", "Đã nạp: %(num)s câu hỏi thay đổi.", moved), "ok")
    if done.kept:
        kept = ", ".join(done.kept)
        flash(gettext("Giữ bản đã sửa trên trang, không lấy theo tệp: %(kept)s.", kept=kept), "warn")
        return redirect(url_for(".compare"))
    return redirect(url_for(".show"))


@bp.get("/ngan-hang/doi-chieu")
@keeper
def compare() -> str:
    """Where files and bank differ: both changed, only here, only there."""
    with db.read() as session:
        return render_template(
            "bank/compare.html",
            clashes=merges.open_ones(session),
            filed=filing.files(session),
            names={**PARTS, **{f"{name}-{lang}": _both(name, lang) for name in _TEXTS for lang in LANGUAGES}},
            words=words(),
        )


@bp.post("/ngan-hang/doi-chieu/<id>")
@keeper
def settle_clash(id: str) -> Response:
    picked: dict[str, Side] = {
        name.removeprefix("chon-"): "theirs" if side == "theirs" else "ours"
        for name, side in request.form.items()
        if name.startswith("chon-")
    }
    with db.begin() as session:
        state = merges.settle(
            session,
            id,
            picked,
            current_user.id,
            current_user.roles,
            version=request.form.get("version", 0, type=int),
            digest=request.form.get("digest", ""),
            now=clock.now(),
        )
    if state == "draft":
        flash(gettext("%(id)s: đã lưu lựa chọn. Bản ghép là bản nháp, cần gửi duyệt.", id=id), "ok")
    else:
        flash(gettext("%(id)s: đã lưu lựa chọn.", id=id), "ok")
    return redirect(url_for(".compare"))


_TEXTS = ("stem", "short", "explanation")


def _both(name: str, lang: str) -> str:
    return f"{FIELDS[name]} ({LANGUAGES[lang]})"
