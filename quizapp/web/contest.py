"""Contests as citizens meet them: which there are, one of them, a round, the open leaderboard, one's own attempts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session

from quizapp import clock, db
from quizapp.errors import NotFound, Refusal, Unreadable
from quizapp.models import Attempt, Contest, Contestant, Round
from quizapp.rules import contest as rulebook
from quizapp.rules import prediction
from quizapp.rules.contest import Settings
from quizapp.services import (
    contests,
    entering,
    open_boards,
    quizzes,
    round_marks,
    round_papers,
    sittings,
    visits,
    watch_words,
)
from quizapp.services.sittings import Chance, Device
from quizapp.web import browser, contest_view, limits
from quizapp.web.contest_view import RoundView, round_view, round_views
from quizapp.web.frame import language
from quizapp.web.quiz import in_hand, name_of, player
from quizapp.web.signing import needs, vault

WORD_REFUSED = {
    "wrong": lazy_gettext("Chưa đúng mã theo dõi. Vui lòng nghe lại rồi nhập lại."),
    "late": lazy_gettext("Đã hết giờ nhập mã theo dõi."),
    "refused": lazy_gettext("Mã này chưa được nhận. Có thể mã chưa được công bố, hoặc đã nhập sai quá 10 lần."),
}

bp = Blueprint("contest", __name__)
bp.record_once(lambda state: contest_view.install(state.app))


@dataclass(frozen=True)
class Listed:
    """One contest on the list, with the round that matters now: the open one, else the next, else the last."""

    contest: Contest
    settings: Settings
    round: RoundView


@dataclass(frozen=True)
class Row:
    """One of somebody's own attempts; `why` says why it is the one that counts, "" where it is not."""

    attempt: Attempt
    why: str

    @property
    def duration_ms(self) -> int:
        return round_marks.as_sitting(self.attempt).duration_ms


# ── The list ────────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get("/cuoc-thi")
def index() -> str:
    now = clock.now()
    groups: dict[str, list[Listed]] = {"open": [], "coming": [], "past": []}
    with db.read() as session:
        for contest in contests.public(session):
            rounds = [one for one in round_views(session, contest, now=now) if one.rules is not None]
            if rounds:
                one = _that_matters(rounds)
                kind = "open" if one.is_open else "coming" if one.is_to_come else "past"
                groups[kind].append(Listed(contest, contests.settings(contest), one))
        return render_template("contest/index.html", groups=groups, now=now)


def _that_matters(rounds: list[RoundView]) -> RoundView:
    open_ones = [one for one in rounds if one.is_open]
    coming = [one for one in rounds if one.is_to_come]
    return (open_ones or coming or rounds[-1:])[0]


# ── One contest ─────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get("/cuoc-thi/<slug>")
def show(slug: str) -> str:
    now = clock.now()
    with db.read() as session:
        contest = contests.find(session, slug)
        visits.note(contest, now=now)
        contestant = sittings.contestant_of(session, contest, _person_id())
        rounds = round_views(session, contest, contestant, now=now)
        return render_template(
            "contest/show.html",
            contest=contest,
            settings=contests.settings(contest),
            contestant=contestant,
            rounds=rounds,
            counters={one.key: open_boards.counters(session, one.row, now=now) for one in rounds if one.is_open},
            unfinished=sittings.open_attempt(session, contestant, now=now) if contestant else None,
            rooms=entering.rooms_of(session, contest),
            badges=entering.takes_badges(session, contest),
            now=now,
        )


@bp.get("/cuoc-thi/<slug>/vong/<key>")
def round(slug: str, key: str) -> str:
    return _round_page(slug, key, visited=True)


@bp.post("/cuoc-thi/<slug>/vong/<key>/bat-dau")
@needs()
@limits.limiter.limit(limits.START)
def start(slug: str, key: str) -> Any:
    """Begin an attempt, or go on with the open one. The rules must have been accepted on this very page."""
    now = clock.now()
    if request.form.get("ok") != "y":
        return _round_page(slug, key, unread=True), 422
    try:
        with db.begin() as session:
            row, contestant = _mine(session, slug, key)
            device = Device(browser.own_id(), request.remote_addr or "", browser.kind())
            started = sittings.start(session, vault(), row, contestant, device, now=now)
            if started.token is None and not quizzes.is_held(started.attempt, device.id):
                quizzes.take_back(started.attempt, device.id)
    except Refusal as refusal:
        refusal.details.setdefault("back", url_for(".round", slug=slug, key=key))
        raise
    return redirect(url_for("quiz.sit", attempt_id=started.attempt.id))


@bp.post("/cuoc-thi/<slug>/vong/<key>/du-doan")
@needs()
def predict(slug: str, key: str) -> Any:
    """A prediction beside an attempt, shown back in words before it is saved."""
    now = clock.now()
    typed = request.form.get("so", "")
    with db.read() as session:
        row, _ = _mine(session, slug, key)
        asked = contests.settings(row.contest).round(row.key).prediction
    if asked is None:
        raise NotFound("Vòng này không có câu hỏi dự đoán.")
    try:
        value = prediction.read(typed, asked)
    except Unreadable as flaw:
        return _round_page(slug, key, typed=typed, problem=gettext(flaw.sentence)), 422
    if value is not None and request.form.get("luu") != str(value):
        return _round_page(slug, key, typed=typed, meant=value)
    with db.begin() as session:
        row, contestant = _mine(session, slug, key)
        sittings.predict(session, row, contestant, typed, now=now)
    flash(_saved(value), "ok")
    return redirect(url_for(".round", slug=slug, key=key, _anchor="du-doan"))


@bp.post("/cuoc-thi/<slug>/vong/<key>/ma-theo-doi")
@needs()
@limits.limiter.limit(limits.START)
def watch_word(slug: str, key: str) -> Any:
    """The word that the host said; every try is kept, right or wrong."""
    with db.begin() as session:
        row, contestant = _mine(session, slug, key)
        typed = request.form.get("ma", "")[:80]
        verdict = watch_words.enter(session, vault(), row, contestant, typed, now=clock.now())
    if verdict == "kept":
        flash(gettext("Đã ghi nhận mã theo dõi."), "ok")
        return redirect(url_for(".round", slug=slug, key=key, _anchor="ma-theo-doi"))
    return _round_page(slug, key, word_problem=str(WORD_REFUSED[verdict])), 422


@bp.get("/cuoc-thi/<slug>/vong/<key>/bang-xep-hang")
def board(slug: str, key: str) -> str:
    now = clock.now()
    with db.read() as session:
        contest = contests.find(session, slug)
        if "theo-doi" not in request.args:
            visits.note(contest, now=now)
        one, rules = _sat(contest, key, now)
        contestant = sittings.contestant_of(session, contest, _person_id())
        return render_template(
            "contest/board.html",
            contest=contest,
            settings=contests.settings(contest),
            one=one,
            groups=open_boards.groups(session, one.row, now=now) if one.is_open else (),
            keys=open_boards.keys(rules),
            counters=open_boards.counters(session, one.row, now=now) if one.is_open else None,
            me=contestant.code if contestant else "",
            now=now,
        )


@bp.get("/cuoc-thi/<slug>/cua-toi")
@needs()
def mine(slug: str) -> str:
    now = clock.now()
    with db.read() as session:
        contest = contests.find(session, slug)
        contestant = _entry(session, contest)
        rounds = [one for one in round_views(session, contest, contestant, now=now) if one.rules is not None]
        sat = sittings.attempts(session, contestant)
        rows = {one.key: [Row(a, _why(a, one)) for a in sat if a.round_id == one.row.id] for one in rounds}
        return render_template(
            "contest/mine.html",
            contest=contest,
            settings=contests.settings(contest),
            contestant=contestant,
            rounds=rounds,
            rows=rows,
            now=now,
        )


# ── In an attempt ───────────────────────────────────────────────────────────────────────────────────────────────


@bp.route("/thi/<attempt_id>/du-doan", methods=["GET", "POST"])
def predict_in(attempt_id: str) -> Any:
    """The prediction of somebody who sits: typed, shown back in words, saved; then the review."""
    now = clock.now()
    attempt = in_hand(attempt_id)
    if attempt.mode != quizzes.CONTEST:
        raise NotFound
    if attempt.handed_in_at is not None:
        return redirect(url_for("quiz.result", attempt_id=attempt.id))
    if request.method == "GET":
        return _prediction_page(attempt, now)
    typed = request.form.get("so", "")
    with db.read() as session:
        asked = round_papers.rules_of(session, attempt).prediction
    if asked is None:
        raise NotFound("Vòng này không có câu hỏi dự đoán.")
    try:
        value = prediction.read(typed, asked)
    except Unreadable as flaw:
        return _prediction_page(attempt, now, typed=typed, problem=gettext(flaw.sentence)), 422
    if value is not None and request.form.get("luu") != str(value):
        return _prediction_page(attempt, now, typed=typed, meant=value)
    with db.begin() as session:
        found = quizzes.find(session, attempt.id, player(), for_change=True)
        row = round_papers.round_of(session, found)
        contestant = session.get(Contestant, found.contestant_id)
        assert contestant is not None  # the database keeps no attempt of a round without its contestant
        sittings.predict(session, row, contestant, typed, found, now=now)
    return redirect(url_for("quiz.review", attempt_id=attempt.id))


def _prediction_page(
    attempt: Attempt, now: datetime, typed: str | None = None, meant: int | None = None, problem: str = ""
) -> str:
    with db.read() as session:
        rules = round_papers.rules_of(session, attempt)
        if rules.prediction is None or not sittings.may_predict(session, attempt):
            raise NotFound("Lượt thi này không có câu hỏi dự đoán.")
        saved = sittings.predicted(session, attempt)
        name = name_of(session, attempt)
    return render_template(
        "contest/predict.html",
        attempt=attempt,
        name=name,
        rules=rules,
        asked=rules.prediction,
        question=prediction.question(rules).of(language()),
        saved=saved,
        typed=_typed(typed, saved, rules.prediction),
        meant=meant,
        problem=problem,
        now=now,
    )


# ── What these pages share ──────────────────────────────────────────────────────────────────────────────────────


def _round_page(
    slug: str,
    key: str,
    *,
    visited: bool = False,
    unread: bool = False,
    typed: str | None = None,
    meant: int | None = None,
    problem: str = "",
    word_problem: str = "",
) -> str:
    now = clock.now()
    with db.read() as session:
        contest = contests.find(session, slug)
        if visited:
            visits.note(contest, now=now)
        contestant = sittings.contestant_of(session, contest, _person_id())
        row = contests.round_of(contest, key)
        mine = sittings.participation(session, row, contestant) if contestant else None
        one = round_view(contest, row, mine, now=now)
        asked = one.rules.prediction if one.rules else None
        chance: Chance | None = None
        if contestant is not None and one.rules is not None and one.rules.is_sat:
            chance = sittings.chance(session, vault(), row, contestant, now=now)
        best = session.get(Attempt, mine.best_attempt_id) if mine and mine.best_attempt_id else None
        return render_template(
            "contest/round.html",
            contest=contest,
            settings=contests.settings(contest),
            one=one,
            contestant=contestant,
            chance=chance,
            best=best,
            counters=open_boards.counters(session, row, now=now) if one.is_open else None,
            asked=asked,
            question=prediction.question(one.rules).of(language()) if one.rules and asked else "",
            typed=_typed(typed, mine.prediction if mine else None, asked),
            meant=meant,
            problem=problem,
            unread=unread,
            room=entering.rooms_of(session, contest).get(row.id),
            badges=entering.takes_badges(session, contest),
            word=watch_words.asked(session, row, contestant) if contestant is not None else None,
            word_problem=word_problem,
            now=now,
        )


def _typed(typed: str | None, saved: int | None, asked: rulebook.Prediction | None) -> str:
    """What stands in the field: what was typed, else the saved number."""
    if typed is not None or saved is None or asked is None:
        return typed or ""
    return prediction.write(saved, asked, "vi").removesuffix(" %")


def _saved(value: int | None) -> str:
    return str(gettext("Đã xóa số dự đoán.") if value is None else gettext("Đã lưu số dự đoán."))


def _mine(session: Session, slug: str, key: str) -> tuple[Round, Contestant]:
    """A round of a published contest for somebody who registered there."""
    row = sittings.round_of(session, slug, key)
    return row, _entry(session, row.contest)


def _entry(session: Session, contest: Contest) -> Contestant:
    found = sittings.contestant_of(session, contest, _person_id())
    if found is None:
        raise NotFound("Tài khoản này chưa đăng ký cuộc thi.", back=url_for(".show", slug=contest.slug))
    return found


def _sat(contest: Contest, key: str, now: datetime) -> tuple[RoundView, rulebook.Round]:
    one = round_view(contest, contests.round_of(contest, key), now=now)
    if one.rules is None or not one.rules.is_sat:
        raise NotFound("Không tìm thấy vòng thi này.")
    return one, one.rules


def _why(attempt: Attempt, one: RoundView) -> str:
    """Why this attempt is the one that counts, "" where it is not."""
    assert one.rules is not None
    if one.mine is None or one.mine.best_attempt_id != attempt.id:
        return ""
    if one.mine.valid == 1:
        return str(gettext("Đây là lượt duy nhất có đáp án."))
    if one.rules.counting_attempt == "FIRST":
        return str(gettext("Theo thể lệ, lượt đầu tiên được tính."))
    if one.rules.counting_attempt == "LAST":
        return str(gettext("Theo thể lệ, lượt cuối cùng được tính."))
    times = {"duration": gettext("lượt ngắn hơn"), "submitted_at": gettext("lượt nộp sớm hơn")}
    said = [times[key] for key in one.rules.ranking.keys if key in times] or [times["submitted_at"]]
    chain = (gettext(", rồi") + " ").join(said)
    return str(gettext("Lượt điểm cao nhất được tính. Bằng điểm thì lấy %(times)s.", times=chain))


def _person_id() -> str | None:
    return current_user.id if current_user.is_authenticated else None
