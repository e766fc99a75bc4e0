"""Quizzes at one's own pace: choose, sit, review, hand in, look back, and the leaderboards of the exams."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext, ngettext
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from quizapp import clock, db
from quizapp.errors import MovedAway, NotFound
from quizapp.models import EPOCH, Attempt
from quizapp.rules import contest as rulebook
from quizapp.rules import law, prediction
from quizapp.rules.paper import FEWEST, MIX, MOST
from quizapp.rules.question import Question, Text
from quizapp.services import banks, boards, quizzes, round_papers, sittings
from quizapp.services.quizzes import CONTEST, Place, Player, Unfinished, Wish
from quizapp.web import api, browser, contest_result, contest_view, limits
from quizapp.web.api_quizzes import QuizAnswer
from quizapp.web.choice import chosen_in_form
from quizapp.web.frame import language

LETTERS = "ABCDEF"
TOP = 10
_MIX_NAME = Text("Tổng hợp các chủ đề", "A mix of all topics")

bp = Blueprint("quiz", __name__)


class Choice(FlaskForm):
    """What makes a quiz. Bounds are the form's; sense is checked by the service."""

    questions = IntegerField(
        lazy_gettext("Số câu hỏi"),
        [
            InputRequired(lazy_gettext("Vui lòng chọn số câu.")),
            NumberRange(FEWEST, MOST, lazy_gettext("Từ 5 đến 30 câu.")),
        ],
        default=10,
    )
    mode = RadioField(
        lazy_gettext("Cách làm"),
        default="practice",
        choices=[
            SelectChoice("practice", lazy_gettext("Luyện tập")),
            SelectChoice("exam", lazy_gettext("Thi thử có tính giờ")),
        ],
    )
    seconds = SelectField(
        lazy_gettext("Thời gian mỗi câu khi thi thử"),
        coerce=int,
        default=quizzes.DEFAULT_SECONDS,
        choices=[SelectChoice(str(pace), lazy_gettext("%(n)s giây", n=pace)) for pace in quizzes.PACES],
    )


# ── Choosing ────────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get("/hoc")
def topics() -> str:
    with db.read() as session:
        return render_template("quiz/topics.html", topics=banks.topics(session), mix=MIX)


@bp.route("/hoc/<topic>", methods=["GET", "POST"])
@limits.limiter.limit(limits.START, methods=["POST"])
def topic(topic: str) -> str | Response | tuple[str, int]:
    form = Choice()
    if form.validate_on_submit():
        wish = Wish(topic, form.questions.data, form.mode.data, form.seconds.data)
        with db.begin() as session:
            started, _ = quizzes.start(session, wish, player(new=True), now=clock.now())
        return redirect(url_for(".sit", attempt_id=started.id, cau=1))
    with db.read() as session:
        page = render_template(
            "quiz/topic.html",
            form=form,
            topic=topic,
            name=topic_name(session, topic),
            info=None if topic == MIX else banks.topic(session, topic),
            board=boards.of_topic(session, topic, "week", person_id=_person_id(), shown=TOP, now=clock.now()),
        )
    return page, 422 if form.errors else 200


@bp.get("/hoc/<topic>/bang-xep-hang")
def board(topic: str) -> str:
    period: boards.Period = "all" if request.args.get("ky") == "tat-ca" else "week"
    with db.read() as session:
        return render_template(
            "quiz/board.html",
            topic=topic,
            name=topic_name(session, topic),
            period=period,
            board=boards.of_topic(session, topic, period, person_id=_person_id(), now=clock.now()),
        )


# ── Sitting ─────────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get("/thi/<attempt_id>")
def sit(attempt_id: str) -> str | Response:
    attempt = in_hand(attempt_id)
    if attempt.handed_in_at is not None:
        return redirect(url_for(".result", attempt_id=attempt.id))
    return _sitting(attempt, request.args.get("cau", type=int))


@bp.post("/thi/<attempt_id>/cau/<int:n>")
def answer(attempt_id: str, n: int) -> Any:
    """An answer as a form; with scripts an exam uses `save`."""
    now = clock.now()
    attempt = in_hand(attempt_id)
    if attempt.handed_in_at is not None:
        return redirect(url_for(".result", attempt_id=attempt.id))
    with db.read() as session:
        place = _place(quizzes.places(session, attempt), n)
    chosen = chosen_in_form(place.question)
    if not place.question.admits(chosen):
        return _sitting(attempt, n, problem=_how_to_answer(place.question)), 422
    if chosen != place.chosen:
        m = request.form.get("m", "")
        m = m if re.fullmatch("[0-9a-f]{32}", m) else secrets.token_hex(16)
        with db.begin() as session:
            found = quizzes.find(session, attempt.id, player(), for_change=True)
            quizzes.answer(session, found, place.question.id, m, chosen, now=now)
    if attempt.mode == "practice":
        return redirect(url_for(".sit", attempt_id=attempt.id, cau=n, _anchor="sheet-title"))
    if n < len(attempt.paper):
        return redirect(url_for(".sit", attempt_id=attempt.id, cau=n + 1))
    return redirect(_to_review(attempt))


@bp.post("/thi/<attempt_id>/dap-an")
def save(attempt_id: str) -> dict[str, str]:
    """An answer as a message, sent by the page as soon as it is chosen, and again until it is acknowledged."""
    now = clock.now()
    attempt = in_hand(attempt_id)
    message = api.read_body(QuizAnswer)
    with db.begin() as session:
        found = quizzes.find(session, attempt.id, player(), for_change=True)
        return {"verdict": quizzes.answer(session, found, message.q, message.m, message.chosen(), now=now).verdict}


@bp.get("/thi/<attempt_id>/xem-lai")
def review(attempt_id: str) -> str | Response:
    attempt = in_hand(attempt_id)
    if attempt.handed_in_at is not None:
        return redirect(url_for(".result", attempt_id=attempt.id))
    with db.read() as session:
        places = quizzes.places(session, attempt)
        name = name_of(session, attempt)
        asked = _prediction(session, attempt)
    return render_template(
        "quiz/review.html",
        attempt=attempt,
        places=places,
        name=name,
        prediction=asked,
        leave=_leave(attempt),
        now=clock.now(),
    )


@bp.post("/thi/<attempt_id>/nop-bai")
def hand_in(attempt_id: str) -> Response:
    now = clock.now()
    attempt = in_hand(attempt_id)
    with db.begin() as session:
        quizzes.hand_in(session, quizzes.find(session, attempt.id, player(), for_change=True), now=now)
    return redirect(url_for(".result", attempt_id=attempt.id))


@bp.get("/thi/<attempt_id>/ket-qua")
def result(attempt_id: str) -> str | Response:
    attempt = in_hand(attempt_id)
    if attempt.handed_in_at is None:
        return redirect(url_for(".sit", attempt_id=attempt.id))
    if attempt.mode == CONTEST:
        return contest_result.page(attempt)
    with db.read() as session:
        name = topic_name(session, attempt.topic_slug)
        return render_template(
            "quiz/result.html", attempt=attempt, result=quizzes.result(session, attempt), name=name, mix=MIX
        )


@bp.post("/thi/<attempt_id>/luyen-lai")
@limits.limiter.limit(limits.START)
def again(attempt_id: str) -> Response:
    attempt = in_hand(attempt_id)
    with db.begin() as session:
        fresh = quizzes.practise_again(session, attempt, player(new=True), now=clock.now())
    return redirect(url_for(".sit", attempt_id=fresh.id, cau=1))


@bp.post("/thi/<attempt_id>/dung-may-nay")
def take_back(attempt_id: str) -> Response:
    with db.begin() as session:
        quizzes.take_back(quizzes.find(session, attempt_id, player(), for_change=True), browser.own_id())
    return redirect(url_for(".sit", attempt_id=attempt_id))


# ── What templates ask ──────────────────────────────────────────────────────────────────────────────────────────


@bp.app_template_filter("took")
def took(length_ms: int) -> str:
    """A length of time in words: `3 phút 20 giây`."""
    minutes, seconds = divmod(length_ms // 1000, 60)
    in_minutes = str(ngettext("%(num)s phút", "%(num)s phút", minutes)) if minutes else ""
    in_seconds = str(ngettext("%(num)s giây", "%(num)s giây", seconds)) if seconds or not minutes else ""
    return f"{in_minutes} {in_seconds}".strip()


@bp.app_template_filter("clocked")
def clocked(length_ms: int) -> str:
    """A length of time to the millisecond, as rankings compare it: `3:20,045`."""
    seconds, rest = divmod(length_ms, 1000)
    mark = "." if language() == "en" else ","
    return f"{seconds // 60}:{seconds % 60:02d}{mark}{rest:03d}"


@bp.app_template_filter("epoch_ms")
def epoch_ms(moment: datetime) -> int:
    """An instant as scripts count it."""
    return (moment - EPOCH) // timedelta(milliseconds=1)


@bp.app_template_filter("chosen_words")
def chosen_words(place: Place, chosen: tuple[int, ...] | None) -> str:
    """An answer in words: `B – 15 năm`, `A, C`, `C → A → B`, or a number with its unit."""
    if chosen is None:
        return gettext("Chưa trả lời")
    asked = place.question
    if asked.kind == "number":
        unit = asked.unit.of(language()) if asked.unit else ""
        return f"{chosen[0]} {unit}".strip()
    letters = [LETTERS[place.options.index(number)] for number in chosen]
    if asked.kind == "order":
        return " → ".join(letters)
    if len(chosen) == 1:
        return f"{letters[0]} – {asked.options[chosen[0]].of(language())}"
    return ", ".join(sorted(letters))


@bp.app_template_filter("basis")
def basis(asked: Question) -> tuple[law.Basis, ...]:
    """What an answer rests on, with links into the law."""
    return law.basis(asked, language())


@bp.app_template_global("how_to_answer")
def _how_to_answer(asked: Question) -> str:
    sentences = {
        "several": lazy_gettext("Chọn tất cả đáp án đúng."),
        "order": lazy_gettext("Xếp các ý theo đúng thứ tự."),
        "number": lazy_gettext("Nhập một số nguyên."),
    }
    return str(sentences.get(asked.kind, lazy_gettext("Chọn một đáp án.")))


# ── What these pages share ──────────────────────────────────────────────────────────────────────────────────────


def player(*, new: bool = False) -> Player:
    """Who sits here: the account, if somebody is signed in, and this browser (made known when `new`)."""
    return Player(_person_id(), browser.own_id() if new else browser.known_id())


def in_hand(attempt_id: str) -> Attempt:
    """One's own attempt on this device, handed in if its time is over.

    A newer device takes an open attempt over; the older one is asked whether it wants it back.
    """
    now = clock.now()
    with db.read() as session:
        attempt = quizzes.find(session, attempt_id, player())
    device = browser.own_id()
    if attempt.handed_in_at is not None or (quizzes.is_held(attempt, device) and not quizzes.is_due(attempt, now=now)):
        return attempt
    with db.begin() as session:
        attempt = quizzes.find(session, attempt_id, player(), for_change=True)
        if quizzes.is_due(attempt, now=now):
            quizzes.hand_in(session, attempt, now=now)
            return attempt
        try:
            quizzes.hold(attempt, device)
        except MovedAway as moved:
            raise MovedAway(action=url_for("quiz.take_back", attempt_id=attempt_id)) from moved
    return attempt


def name_of(session: Session, attempt: Attempt | Unfinished) -> str:
    """What an attempt is called: its topic, or the round and contest it belongs to."""
    if attempt.round_id is not None:
        return contest_view.attempt_name(session, attempt.round_id)
    return topic_name(session, attempt.topic_slug if isinstance(attempt, Attempt) else attempt.topic)


def topic_name(session: Session, slug: str | None) -> str:
    """The name of a topic or of the mix in the reader's language; refuses an unknown one."""
    if slug in (None, MIX):
        return _MIX_NAME.of(language())
    return banks.topic(session, slug or "").name.of(language())


def _sitting(attempt: Attempt, n: int | None, problem: str = "") -> str:
    with db.read() as session:
        places = quizzes.places(session, attempt)
        name = name_of(session, attempt)
        final = attempt.mode == CONTEST and not quizzes.may_change(session, attempt)
    left = [place.n for place in places if not place.answered]
    n = n if n is not None and 1 <= n <= len(places) else next(iter(left), len(places))
    following = next((m for m in left if m > n), next((m for m in left if m != n), None))
    return render_template(
        "quiz/sit.html",
        attempt=attempt,
        places=places,
        place=places[n - 1],
        n=n,
        of=len(places),
        following=following,
        settled=attempt.mode == "practice" and places[n - 1].answered,
        final=final,
        review=_to_review(attempt),
        leave=_leave(attempt),
        name=name,
        problem=problem,
        letters=LETTERS,
        m=secrets.token_hex(16),
        now=clock.now(),
    )


@dataclass(frozen=True)
class Asked:
    """The prediction question of an attempt, with the number that stands, and whether it can be changed here."""

    rules: rulebook.Prediction
    words: str
    saved: int | None
    may_change: bool


def _prediction(session: Session, attempt: Attempt) -> Asked | None:
    if attempt.mode != CONTEST:
        return None
    rules = round_papers.rules_of(session, attempt)
    if rules.prediction is None:
        return None
    saved = sittings.predicted(session, attempt)
    words = prediction.question(rules).of(language())
    return Asked(rules.prediction, words, saved, sittings.may_predict(session, attempt))


def _to_review(attempt: Attempt) -> str:
    """Where the last question leads: to the review, by way of the prediction where one is asked and none is saved."""
    with db.read() as session:
        asked = _prediction(session, attempt)
    if asked is not None and asked.may_change and asked.saved is None:
        return url_for("contest.predict_in", attempt_id=attempt.id)
    return url_for(".review", attempt_id=attempt.id)


def _leave(attempt: Attempt) -> str:
    """Where one goes who stops for now: the first page, or the round."""
    if attempt.mode != CONTEST:
        return "/"
    with db.read() as session:
        row = round_papers.round_of(session, attempt)
        return url_for("contest.round", slug=row.contest.slug, key=row.key)


def _place(places: tuple[Place, ...], n: int) -> Place:
    if not 1 <= n <= len(places):
        raise NotFound()
    return places[n - 1]


def _person_id() -> str | None:
    return current_user.id if current_user.is_authenticated else None
