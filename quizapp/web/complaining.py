"""Complaints of contestants: the form while it is open, and one's own complaints with their answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session

from quizapp import clock, db
from quizapp.errors import NotFound, Refusal, Unreadable
from quizapp.models import Contest, Contestant, Round
from quizapp.rules import identity, question
from quizapp.services import announced, complaints, contests, entries, names, sittings, snapshots
from quizapp.services.complaints import Wish
from quizapp.web.contest_view import RoundView, round_views
from quizapp.web.frame import language
from quizapp.web.signing import needs, vault

KINDS = {
    "score": lazy_gettext("Điểm của tôi"),
    "counting": lazy_gettext("Lượt được tính của tôi"),
    "question": lazy_gettext("Câu hỏi hoặc đáp án"),
    "winner": lazy_gettext("Tư cách của người đạt giải"),
    "prizes": lazy_gettext("Danh sách giải"),
    "other": lazy_gettext("Việc khác"),
}
OUTCOMES = {
    "": lazy_gettext("Đang chờ trả lời"),
    "KEPT": lazy_gettext("Giữ nguyên kết quả"),
    "CHANGED": lazy_gettext("Đã thay đổi kết quả"),
    "VOIDED_QUESTION": lazy_gettext("Đã hủy câu hỏi"),
    "TRANSFERRED": lazy_gettext("Đã chuyển nơi có thẩm quyền"),
}
_STEM = 90  # letters of a question in the list

bp = Blueprint("complaining", __name__)


@dataclass(frozen=True)
class Choices:
    """What somebody may complain about now: rounds, and of each the questions they met and its winners, each with the
    value that the form sends."""

    rounds: Sequence[RoundView]
    questions: dict[str, list[tuple[str, str]]]
    winners: dict[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class Form:
    """A complaint as it was typed."""

    round: str = ""
    kind: str = ""
    question: str = ""
    winner: str = ""
    text: str = ""
    contact: str = ""


@bp.get("/cuoc-thi/<slug>/khieu-nai")
def show(slug: str) -> str:
    return _show(slug)


@bp.post("/cuoc-thi/<slug>/khieu-nai")
@needs()
def make(slug: str) -> Any:
    now = clock.now()
    form = Form(**{name: request.form.get(name, "").strip() for name in Form.__dataclass_fields__})
    file = _file()
    with db.read() as session:
        contest = contests.find(session, slug)
        contestant = _own(session, contest)
        problems = _problems(_choices(session, contest, contestant, now), form, file)
    if problems:
        return _show(slug, form, problems), 422
    try:
        with db.begin() as session:
            contest = contests.find(session, slug)
            contestant = _own(session, contest)
            wish = _wish(session, contest, contestant, form, file)
            made = complaints.make(session, vault(), contest, contestant, wish, now=now)
            number = made.number
    except Refusal as refusal:
        return _show(slug, form, {"text": gettext(refusal.sentence)}), refusal.status
    flash(gettext("Đã nhận khiếu nại số %(number)s. Câu trả lời hiện ở trang này.", number=number), "ok")
    return redirect(url_for(".show", slug=slug, _anchor="cua-toi"))


def _show(slug: str, form: Form | None = None, problems: dict[str, str] | None = None) -> str:
    now = clock.now()
    with db.read() as session:
        contest = contests.find(session, slug)
        contestant = sittings.contestant_of(session, contest, _person_id())
        choices = _choices(session, contest, contestant, now) if contestant is not None else None
        contact = masked_contact(contestant) if contestant is not None else ""
        page: str = render_template(
            "results/complain.html",
            contest=contest,
            settings=contests.settings(contest),
            views=[one for one in round_views(session, contest, now=now) if one.state != "DRAFT"],
            contestant=contestant,
            choices=choices,
            mine=complaints.of_contestant(session, contest, contestant) if contestant is not None else (),
            form=form or Form(round=_first(choices), contact=contact),
            problems=problems or {},
            kinds=KINDS,
            outcomes=OUTCOMES,
            longest=complaints.LONGEST,
            now=now,
        )
        return page


def masked_contact(contestant: Contestant) -> str:
    """The phone or mail address somebody registered with, as it may be shown; sent back unchanged, it stands for it."""
    phone = entries.opened(vault(), contestant, "phone")
    if phone:
        return identity.masked_phone(phone)
    email = entries.opened(vault(), contestant, "email")
    return identity.masked_email(email) if email else ""


# ── What may be chosen ──────────────────────────────────────────────────────────────────────────────────────────


def _choices(session: Session, contest: Contest, contestant: Contestant, now: datetime) -> Choices:
    open_ones = {row.id for row in complaints.open_rounds(contest, now=now)}
    rounds = [one for one in round_views(session, contest, now=now) if one.row.id in open_ones]
    return Choices(
        rounds,
        {one.key: _questions(session, one.row, contestant) for one in rounds},
        {one.key: _winners(session, contest, one.row) for one in rounds},
    )


def _questions(session: Session, row: Round, contestant: Contestant) -> list[tuple[str, str]]:
    found = []
    for one in complaints.questions(session, row, contestant):
        stem = question.from_json(one.content).stem.of(language())
        words = stem if len(stem) <= _STEM else stem[:_STEM].rsplit(" ", 1)[0] + "…"
        found.append((f"{row.key}:{one.question_id}", words))
    return found


def _winners(session: Session, contest: Contest, row: Round) -> list[tuple[str, str]]:
    snapshot = announced.shown(session, row)
    if snapshot is None:
        return []
    given = snapshots.awards(snapshot)
    shown = names.of_codes(session, contest, [one.code for one in given])
    stage = announced.stage_of(contests.settings(contest), row)
    prizes = {one.key: one.name.of(language()) for one in stage.ranking.prizes}
    found = []
    for n, one in enumerate(given):
        who = shown[one.code].name or gettext("Thí sinh %(code)s", code=one.code[:4])
        prize = prizes.get(one.prize, one.prize)
        words = gettext("%(prize)s, hạng %(place)s: %(who)s", prize=prize, place=one.place, who=who)
        found.append((f"{row.key}:{snapshot.n}:{n}", words))
    return found


# ── What was typed ──────────────────────────────────────────────────────────────────────────────────────────────


def _problems(choices: Choices, form: Form, file: bytes) -> dict[str, str]:
    """What is to be mended, by field, in the order of the form."""
    found: dict[str, str] = {}
    keys = {one.key for one in choices.rounds}
    if form.round not in keys:
        found["round"] = gettext("Vui lòng chọn vòng thi đang nhận khiếu nại.")
    if form.kind not in KINDS:
        found["kind"] = gettext("Vui lòng chọn loại khiếu nại.")
    if form.kind == "question" and form.question not in dict(choices.questions.get(form.round, ())):
        found["question"] = gettext("Vui lòng chọn câu hỏi của vòng đã chọn.")
    if form.kind == "winner" and form.winner not in dict(choices.winners.get(form.round, ())):
        found["winner"] = gettext("Vui lòng chọn người đạt giải của vòng đã chọn.")
    if not form.text:
        found["text"] = gettext("Vui lòng viết nội dung khiếu nại.")
    elif len(form.text) > complaints.LONGEST:
        found["text"] = gettext("Nội dung dài quá 4.000 chữ. Vui lòng viết ngắn hơn.")
    if not form.contact:
        found["contact"] = gettext("Vui lòng ghi cách liên hệ để nhận trả lời.")
    if file:
        try:
            complaints.file_kind(file)
        except Unreadable as flaw:
            found["file"] = gettext(flaw.sentence)
    return found


def _wish(session: Session, contest: Contest, contestant: Contestant, form: Form, file: bytes) -> Wish:
    """The complaint as the service takes it: codes and ids in place of the form's values."""
    contact = form.contact
    if contact == masked_contact(contestant):
        contact = entries.opened(vault(), contestant, "phone") or entries.opened(vault(), contestant, "email")
    about = ""
    if form.kind == "winner":
        key, n, place = form.winner.rsplit(":", 2)
        snapshot = snapshots.numbered(session, contests.round_of(contest, key), int(n))
        about = snapshots.awards(snapshot)[int(place)].code
    return Wish(
        kind=form.kind,
        round=form.round,
        text=form.text,
        contact=contact,
        about=about,
        question=form.question.partition(":")[2] if form.kind == "question" else "",
        file=file,
    )


def _file() -> bytes:
    """The file that came along, as far as one more byte than may."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return b""
    with sent.stream as opened:
        return opened.read(complaints.LARGEST + 1)


def _first(choices: Choices | None) -> str:
    """The round that stands chosen: the one there is, where there is but one."""
    return choices.rounds[0].key if choices is not None and len(choices.rounds) == 1 else ""


def _own(session: Session, contest: Contest) -> Contestant:
    found = sittings.contestant_of(session, contest, _person_id())
    if found is None:
        raise NotFound("Tài khoản này chưa đăng ký cuộc thi.", back=url_for("contest.show", slug=contest.slug))
    return found


def _person_id() -> str | None:
    return current_user.id if current_user.is_authenticated else None
