"""The rulebook as people read it: the newest version, every earlier one, and what changed from one to the next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask_login import current_user
from sqlalchemy.orm import Session

from quizapp import db
from quizapp.errors import NotFound
from quizapp.models import Contest, Rulebook
from quizapp.rules import rulebook as printed
from quizapp.rules.rulebook_text import shown
from quizapp.services import contests, rulebook_checks, rulebooks
from quizapp.web import organize
from quizapp.web.frame import language
from quizapp.web.signing import needs

bp = Blueprint("rulebook", __name__)


@bp.app_template_filter()
def exact(instant: datetime) -> str:
    """An instant to the second, as the rulebook writes it."""
    return shown(instant, "en" if language() == "en" else "vi")


@bp.get("/cuoc-thi/<slug>/the-le")
def show(slug: str) -> str:
    """The published rulebook, for everybody; `?ban=` asks for an earlier version."""
    with db.read() as session:
        contest = contests.find(session, slug)
        return render_template("rulebook/show.html", contest=contest, **_versions(session, contest))


@organize.bp.get("/to-chuc/cuoc-thi/<slug>/the-le")
@needs()
def rulebook(slug: str) -> str:
    """The rulebook for those who work on the contest; before it is published, the draft."""
    with db.read() as session:
        contest = contests.find_for(session, slug, current_user.id)
        if contest.published_at is not None:
            return render_template("organize/rulebook.html", contest=contest, **_versions(session, contest))
        topics = rulebook_checks.topic_names(session)
        document = printed.document(rulebooks.draft(contest), topics)
        return render_template("organize/rulebook.html", contest=contest, document=document, version=None)


def _versions(session: Session, contest: Contest) -> dict[str, Any]:
    """The version that is asked for, the others, and what each changed of the one before."""
    kept = rulebooks.versions(session, contest)
    asked = request.args.get("ban", "")
    version = next((one for one in kept if str(one.version) == asked), None) if asked else kept[0] if kept else None
    if version is None:
        raise NotFound("Không có bản thể lệ này.")
    topics = rulebook_checks.topic_names(session)
    documents = {one.version: printed.document(rulebooks.said(one), topics) for one in kept}
    return {
        "document": documents[version.version],
        "version": version,
        "newest": kept[0].version,
        "kept": [(one, _changes(one, documents)) for one in kept],
    }


def _changes(one: Rulebook, documents: dict[int, printed.Document]) -> tuple[printed.Difference, ...]:
    before = documents.get(one.version - 1)
    return () if before is None else printed.differences(before, documents[one.version])
