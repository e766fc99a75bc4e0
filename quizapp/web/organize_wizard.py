"""Setting up a contest in five steps: each saves a draft, also without scripts; the last one checks and publishes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.errors import Refusal
from quizapp.models import Contest, Rulebook
from quizapp.rules import rulebook as printed
from quizapp.rules.contest import Settings, preset_of
from quizapp.rules.remarks import Remark
from quizapp.services import banks, contests, rulebook_checks, rulebooks
from quizapp.web import wizard_draft as drafts
from quizapp.web import wizard_steps as steps
from quizapp.web.frame import language
from quizapp.web.organize import HOME, bp
from quizapp.web.signing import needs
from quizapp.web.typed_tree import grow
from quizapp.web.wizard_draft import Form
from quizapp.web.wizard_form import Choice

LAST = 5
NOT_TYPED = frozenset(("csrf_token", "do", "revision", "apply", "preset"))
PLACES = tuple(  # where in the wizard a place of the settings is mended: key of the round, step, field
    (re.compile(form), step, at)
    for form, step, at in (
        (r"rounds\.([^.]+)\.(?:opens_at|closes_at|closes_phrase)", 2, "times"),
        (r"rounds\.([^.]+)\.(paper\.time_limit)", 2, ""),
        (r"rounds\.([^.]+)\.((?:paper|essay)\.[a-z_]+).*", 1, ""),
        (r"rounds\.([^.]+)\.paper", 1, "paper.blueprint"),
        (r"rounds\.([^.]+)\.(essay)", 1, ""),
        (r"rounds\.([^.]+)\.(live(?:\.[a-z_]+)?)", 4, ""),
        (r"rounds\.([^.]+)\.(invited)", 3, ""),
        (r"rounds\.([^.]+)\.name", 1, "rounds"),
        (r"rounds\.([^.]+)\.(ranking\.[a-z_]+|[a-z_.]+)", 2, ""),
        (r"rounds(?:\.([^.]+))?", 1, "rounds"),
        (r"()who\.(.+)", 3, ""),
        (r"()(unit_levels|collective).*", 3, ""),
        (r"()(overall|one_prize_per|complaint_days|certificate_least).*", 2, ""),
        (r"()prizes", 2, "ranking.prizes"),
        (r"()(name|organizer|contact)", 1, ""),
        (r"()(.+)", 1, ""),
    )
)


@dataclass(frozen=True)
class Told:
    """A remark as a page says it, with the way to where it is mended."""

    fault: bool
    sentence: str
    remedy: str
    step: int
    href: str


# ── The pages ───────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get("/to-chuc/cuoc-thi/<slug>/buoc/<int:step>")
@needs()
def step(slug: str, step: int) -> str:
    """One step of the wizard; the last is the checklist."""
    if not 1 <= step <= LAST:
        abort(404)
    with db.read() as session:
        contest = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT)
        if step == LAST:
            return _last_page(session, contest)
        values = drafts.values_of(rulebooks.draft(contest))
        form = drafts.shown(_form(session, step, values), values)
        return _page(session, contest, form, contest.revision)


@bp.post("/to-chuc/cuoc-thi/<slug>/buoc/<int:step>")
@needs()
def save(slug: str, step: int) -> str | Response | tuple[str, int]:
    """Save a step and go on, or change its rows without saving: the button says which."""
    if step == LAST:
        return _finish(slug)
    if not 1 <= step < LAST:
        abort(404)
    do, revision = request.form.get("do", "save"), _number(request.form.get("revision", ""))
    with db.read() as session:
        contest = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT)
        values = drafts.values_of(rulebooks.draft(contest))
        form = _form(session, step, values)
        form.tree = grow((name, text) for name, text in request.form.items(multi=True) if name not in NOT_TYPED)
        form.applied = frozenset(request.form.getlist("apply"))
        if drafts.moves_rows(form, do, request.form.get("preset", "")):
            return _page(session, contest, form, revision)
        settings, form.errors = drafts.read(form, values, clock.now())
        if settings is None:
            return _page(session, contest, form, revision), 422
    if do.startswith("mine:"):
        revision = _number(do.removeprefix("mine:"))
    try:
        with db.begin() as session:
            contest = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT, for_change=True)
            rulebooks.save(session, contest, settings, revision)
    except rulebooks.SavedByAnother as refusal:
        return _conflict(slug, form, settings, revision), refusal.status
    flash(gettext("Đã lưu bản nháp."), "ok")
    return redirect(_onwards(slug, form, settings, do))


def _finish(slug: str) -> str | Response | tuple[str, int]:
    """Publish the contest, or its next version; or give that version up."""
    do, revision = request.form.get("do", ""), _number(request.form.get("revision", ""))
    try:
        with db.begin() as session:
            contest = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT, for_change=True)
            said = _publish(session, contest, do, revision)
    except Refusal as refusal:
        with db.read() as session:
            contest = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT)
            page = _last_page(session, contest, gettext(refusal.sentence), request.form.get("reason", "")[:2000])
        return page, refusal.status
    flash(said, "ok")
    return redirect(f"{HOME}/{slug}")


def _publish(session: Session, contest: Contest, do: str, revision: int) -> str:
    now = clock.now()
    if do == "discard":
        rulebooks.discard(session, contest, revision)
        return gettext("Đã bỏ bản sửa. Thể lệ đang công bố giữ nguyên.")
    if do == "change":
        made = rulebooks.change(session, contest, revision, request.form.get("reason", ""), current_user.id, now=now)
        if isinstance(made, Rulebook):
            return gettext("Đã công bố bản %(n)s của thể lệ.", n=made.version)
        return gettext("Đã đề nghị thay đổi thể lệ. Cần một người khác trong Tổ Thư ký xác nhận.")
    rulebooks.publish(session, contest, revision, current_user.id, now=now)
    return gettext("Đã công bố thể lệ. Người dự thi có thể đăng ký từ bây giờ.")


# ── Showing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _form(session: Session, step: int, values: dict[str, Any]) -> Form:
    topics = tuple(Choice(one.slug, f"{one.letter}. {one.name.of(language())}") for one in banks.topics(session))
    return drafts.empty(step, values, request.args.get("vong", ""), topics)


def _page(session: Session, contest: Contest, form: Form, revision: int, **more: Any) -> str:
    rules = rulebooks.draft(contest)
    told = [
        one for one in tell(rulebook_checks.look(session, contest, rules).all, contest.slug) if one.step == form.step
    ]
    return render_template(
        "organize/step.html",
        contest=contest,
        form=form,
        revision=revision,
        titles=steps.STEPS,
        special={1: steps.ROUNDS, 2: steps.TIMES}.get(form.step),
        contest_wide=drafts.is_contest_wide,
        presets=steps.PRESETS,
        preset=_preset(form),
        told=[] if form.errors else told,
        counts=_counts(session) if form.step == 1 else {},
        ends=rules.rounds if form.step == 2 else (),
        **more,
    )


def _conflict(slug: str, form: Form, mine: Settings, revision: int) -> str:
    """The form as it was typed, what it would change of what somebody else saved, and the choice between them."""
    with db.read() as session:
        contest = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT)
        topics = rulebook_checks.topic_names(session)
        theirs = printed.document(rulebooks.draft(contest), topics)
        changed = printed.differences(theirs, printed.document(mine, topics))
        return _page(session, contest, form, revision, changed=changed, newest=contest.revision)


def _last_page(session: Session, contest: Contest, problem: str = "", reason: str = "") -> str:
    now = clock.now()
    rules = rulebooks.draft(contest)
    items = rulebook_checks.checklist(session, contest, rules, now=now)
    published = contests.settings(contest)
    topics = rulebook_checks.topic_names(session)
    changed = contest.published_at is not None and contest.draft is not None
    return render_template(
        "organize/check.html",
        contest=contest,
        titles=steps.STEPS,
        items=items,
        ready=rulebook_checks.is_ready(items),
        told=tell(rulebook_checks.look(session, contest, rules).all, contest.slug),
        refused=tell(rulebooks.refused(contest, now=now), contest.slug),
        changes=printed.differences(printed.document(published, topics), printed.document(rules, topics))
        if changed
        else (),
        two=rulebooks.needs_two(contest, now=now),
        waiting=rulebooks.waiting(session, contest),
        problem=problem,
        reason=reason,
    )


def tell(remarks: tuple[Remark, ...], slug: str) -> list[Told]:
    """Remarks in the reader's language, each linked to the field where it is mended."""
    return [_told(remark, slug) for remark in remarks]


def _told(remark: Remark, slug: str) -> Told:
    details = {
        name: value if isinstance(value, str | int) else value.of(language()) for name, value in remark.details.items()
    }
    sentence, remedy = gettext(remark.sentence, **details), gettext(remark.remedy, **details)
    key, step, anchor = _place(remark.place)
    return Told(remark.fault, sentence, remedy, step, f"{_address(slug, step, key)}#{anchor}")


def _place(place: str) -> tuple[str, int, str]:
    """The round that a place of the settings is about, and the step and the field where it is mended."""
    for form, step, at in PLACES:
        found = form.fullmatch(place)
        if found:
            return found[1] or "", step, at or found[form.groups]
    return "", LAST, ""


def _address(slug: str, step: int, key: str = "") -> str:
    """A step, about one round where it is named."""
    address: str = url_for("organize.step", slug=slug, step=step)
    return f"{address}?vong={key}" if key else address


def _preset(form: Form) -> str:
    keys = tuple(row.get("is", "") for row in form.rows("ranking.keys") if isinstance(row, dict))
    return preset_of(keys) or ""


def _counts(session: Session) -> dict[str, dict[str, int]]:
    """How many questions of each topic may be drawn, by difficulty and in all."""
    return {one.slug: {"": one.questions, **one.difficulties} for one in banks.topics(session)}


def _onwards(slug: str, form: Form, settings: Settings, do: str) -> str:
    """Where to go after saving: on, to another round, or back here."""
    if do == "next":
        return _address(slug, form.step + 1)
    keys = [one.key for one in settings.rounds]
    wanted = do.removeprefix("round:") if do.startswith("round:") else request.args.get("vong", "")
    if wanted.isdigit() and int(wanted) < len(keys):
        wanted = keys[int(wanted)]
    return _address(slug, form.step, wanted if wanted in keys else "")


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else 0
