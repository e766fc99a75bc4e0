"""Rooms as organizers make them: the list, a free room, and the room of a contest's live round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from quizapp import clock, db
from quizapp.errors import NotFound, Refusal
from quizapp.models import Contest, Round, Show
from quizapp.rules import live_check, turn
from quizapp.rules.contest import LivePart, Rescue, Teams
from quizapp.rules.contest import Round as RoundRules
from quizapp.rules.contest import Words as RuleWords
from quizapp.rules.paper import MIX
from quizapp.rules.remarks import Remark, Remarks
from quizapp.rules.show import NameRule, Settings, of_part
from quizapp.services import banks, contest_rooms, contests, hosts, shows, sight
from quizapp.services.contest_rooms import Wish
from quizapp.web.frame import language
from quizapp.web.organize import HOME
from quizapp.web.room_view import join_url, title_of
from quizapp.web.signing import FILL, needs, vault

SCORINGS = {
    "ACCURACY_FIRST": (
        lazy_gettext("Đúng trước, nhanh sau"),
        lazy_gettext("Thêm một câu đúng luôn hơn mọi tốc độ. Hợp với hội trường."),
    ),
    "FLAT": (
        lazy_gettext("Mỗi câu đúng một điểm"),
        lazy_gettext("Không tính nhanh chậm. Hợp với livestream: hình chậm không làm ai thiệt."),
    ),
    "SURVIVAL": (lazy_gettext("Rung chuông vàng"), lazy_gettext("Sai thì rời sân, người cuối cùng thắng.")),
    "NEAREST": (
        lazy_gettext("Đoán số gần nhất"),
        lazy_gettext("Chỉ rút những câu hỏi mà đáp án là một con số; ai gần nhất đứng đầu."),
    ),
    "HALF_DECAY": (
        lazy_gettext("Càng nhanh càng nhiều điểm"),
        lazy_gettext("Chỉ để chơi vui: người nhanh có thể vượt người đúng nhiều hơn."),
    ),
}
NAMES = {
    "typed": (
        lazy_gettext("Tự đặt tên"),
        lazy_gettext("Máy từ chối tên không phù hợp; vẫn ẩn được tên khi đang chơi."),
    ),
    "generated": (
        lazy_gettext("Máy đặt tên"),
        lazy_gettext("Ví dụ “Sen Hồng 27”. Nên dùng khi phát trực tiếp, vì ai cũng xem được."),
    ),
}
POLICIES = {
    "MISSING_ZERO": lazy_gettext("Người thiếu tính 0 điểm"),
    "MEAN_PRESENT": lazy_gettext("Chia cho số người có mặt"),
}
PLACES = {"rescues": "rescue_1_after", "teams": "team_least"}  # of the rules' remarks → field of the form

bp = Blueprint("rooms", __name__)


def _choices(words: dict[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, said[0] if isinstance(said, tuple) else said) for value, said in words.items()]


_WHOLE = lazy_gettext("Vui lòng ghi một số nguyên.")
_WITHIN = lazy_gettext("Nhập một số từ %(min)s đến %(max)s.")
_GIVEN = InputRequired(FILL)


class Whole(IntegerField):
    """A whole number; what else is typed is refused in our words, because the library has none in Vietnamese."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_WHOLE) from None


class NewRoom(FlaskForm):
    """What makes a room. Bounds are the form's; sense is checked by the rules."""

    title = StringField(lazy_gettext("Tên buổi thi"), [Length(max=contest_rooms.LONGEST_TITLE)])
    topic = SelectField(lazy_gettext("Chủ đề"))
    questions = Whole(lazy_gettext("Số câu hỏi"), [_GIVEN, NumberRange(1, 30, _WITHIN)], default=10)
    reserves = Whole(lazy_gettext("Số câu dự phòng"), [_GIVEN, NumberRange(0, 10, _WITHIN)], default=2)
    seconds = Whole(lazy_gettext("Số giây mỗi câu"), [_GIVEN, NumberRange(5, 120, _WITHIN)], default=20)
    scoring = RadioField(lazy_gettext("Cách tính điểm"), choices=_choices(SCORINGS), default="ACCURACY_FIRST")
    rescue_1_after = Whole(lazy_gettext("Cứu trợ lần 1 sau câu"), [Optional(), NumberRange(1, 30, _WITHIN)])
    rescue_1_best = Whole(lazy_gettext("Số người trở lại lần 1"), [Optional(), NumberRange(1, 10_000, _WITHIN)])
    rescue_2_after = Whole(lazy_gettext("Cứu trợ lần 2 sau câu"), [Optional(), NumberRange(1, 30, _WITHIN)])
    rescue_2_best = Whole(lazy_gettext("Số người trở lại lần 2"), [Optional(), NumberRange(1, 10_000, _WITHIN)])
    may_change = BooleanField(lazy_gettext("Được đổi đáp án khi chưa hết giờ"), default=True)
    join_until = Whole(
        lazy_gettext("Nhận người chơi mới đến hết câu"), [_GIVEN, NumberRange(1, 30, _WITHIN)], default=1
    )
    names = RadioField(lazy_gettext("Tên của người chơi"), choices=_choices(NAMES), default="typed")
    teams = BooleanField(lazy_gettext("Xếp hạng theo đội"))
    team_best = Whole(lazy_gettext("Tính mấy người cao nhất của đội"), [Optional(), NumberRange(1, 1000, _WITHIN)])
    team_policy = SelectField(lazy_gettext("Đội thiếu người"), choices=_choices(POLICIES), default="MISSING_ZERO")
    team_least = Whole(lazy_gettext("Có mặt ít nhất"), [Optional(), NumberRange(1, 1000, _WITHIN)])

    def part(self) -> LivePart:
        """The rules as a contest's rulebook would have them. What belongs to another choice is left aside."""
        typed = ((self.rescue_1_after, self.rescue_1_best), (self.rescue_2_after, self.rescue_2_best))
        rescues = tuple(Rescue(after=after.data, best=best.data) for after, best in typed if after.data)
        teams = Teams(
            best=self.team_best.data or Teams().best,
            policy=self.team_policy.data,
            least=self.team_least.data or Teams().least,
        )
        return LivePart(
            questions=self.questions.data,
            seconds=self.seconds.data,
            scoring=self.scoring.data,
            change_in_window=self.may_change.data,
            join_until=self.join_until.data,
            rescues=rescues if self.scoring.data == "SURVIVAL" else (),
            reserves=self.reserves.data,
            teams=teams if self.teams.data else None,
        )

    def make_sense(self) -> bool:
        """Whether the choices fit together; what does not is said beside its field."""
        for place, sentence in objections(self.part()):
            name = PLACES.get(place, place)
            field = self[name if name in self else "questions"]
            field.errors = [*field.errors, sentence]
        return not self.errors


def objections(part: LivePart) -> Sequence[tuple[str, str]]:
    """What the rules object to in a live part: the name of the setting, and what to do about it."""
    now = clock.now()
    remarks = Remarks()
    held = RoundRules(key="phong", name=RuleWords(""), kind="live", opens_at=now, closes_at=now, live=part)
    live_check.check(held, part, "", remarks)
    return [(one.place.removeprefix(".live."), _said(one)) for one in remarks.found if one.fault]


def _said(remark: Remark) -> str:
    return f"{gettext(remark.sentence, **remark.details)} {gettext(remark.remedy, **remark.details)}"


# ── Free rooms ──────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get("/to-chuc")
@needs("organizer", "admin")
def listed() -> str:
    """The rooms an organizer made."""
    with db.read() as session:
        now = clock.now()
        lines = [_line(show, now) for show in shows.of_organizer(session, current_user.id)]
        return render_template("room/list.html", rooms=lines)


@bp.route("/to-chuc/phong-moi", methods=["GET", "POST"])
@needs("organizer", "admin")
def new() -> str | Response | tuple[str, int]:
    """Make a free room from a topic and its rules."""
    form = NewRoom()
    with db.read() as session:
        topics = {MIX: gettext("Tất cả chủ đề"), **{one.slug: one.name.of(language()) for one in banks.topics(session)}}
    form.topic.choices = [SelectChoice(*one) for one in topics.items()]
    if request.method == "GET":
        return _new_page(form)
    if not form.validate_on_submit() or not form.make_sense():
        return _new_page(form), 422
    rules: Settings = of_part(form.part(), predicts=False, names=form.names.data)
    try:
        with db.begin() as session:
            show = shows.from_bank(
                session,
                None if form.topic.data == MIX else form.topic.data,
                form.questions.data,
                form.title.data.strip(),
                rules,
                organizer_id=current_user.id,
                now=clock.now(),
            )
    except Refusal as refusal:
        form.topic.errors = [gettext(refusal.sentence)]
        return _new_page(form), refusal.status
    asked = sum(not row.reserve for row in show.turns)
    if asked < form.questions.data:
        flash(gettext("Chủ đề này chỉ còn %(n)s câu nên phòng có %(n)s câu.", n=asked), "warn")
    return redirect(url_for("console.show", code=show.code))


def _new_page(form: NewRoom) -> str:
    topics = [(choice.value, choice.label) for choice in form.topic.choices]
    return render_template(
        "room/new.html", form=form, topics=topics, scorings=SCORINGS, name_rules=NAMES, policies=POLICIES
    )


def _line(show: Show, now: Any) -> dict[str, Any]:
    return {
        "code": show.code,
        "title": title_of(show),
        "made_at": show.made_at,
        "phase": turn.phase(sight.position(show), now).value,
        "contest": show.round_id is not None,
        "rehearsal": show.rehearses_id is not None,
    }


# ── The room of a contest's round ───────────────────────────────────────────────────────────────────────────────

ROOM = f"{HOME}/<slug>/vong/<key>/phong"


@bp.get(ROOM)
@needs()
def of_round(slug: str, key: str) -> str:
    """What the room of a live round needs, in the order in which one works; and the ways into it."""
    with db.read() as session:
        contest, row = _find(session, slug, key)
        rules, part = contest_rooms.part_of(contest, row)
        room = contest_rooms.of_round(session, row)
        return render_template(
            "room/contest.html",
            contest=contest,
            row=row,
            rules=rules,
            part=part,
            room=room,
            title=None if room is None else title_of(room),
            join_url=None if room is None else join_url(room),
            items=contest_rooms.checklist(session, contest, row),
            keeper=contests.SECRETARIAT in contests.roles_of(session, contest, current_user.id),
            name_rules=NAMES,
            scorings=SCORINGS,
            began=room is not None and (room.position > 0 or room.ended_at is not None),
            longest=contest_rooms.LONGEST_TITLE,
        )


@bp.post(ROOM)
@needs()
def carry_out(slug: str, key: str) -> Response:
    """One step towards the room: its paper, the room itself, that its sound was heard, or taking it away again."""
    do, now = request.form.get("do", ""), clock.now()
    try:
        with db.begin() as session:
            contest, row = _find(session, slug, key)
            said = _step(session, contest, row, do, now)
    except NotFound:
        raise
    except Refusal as refusal:
        flash(gettext(refusal.sentence), "bad")
    else:
        flash(said, "ok")
    return redirect(url_for(".of_round", slug=slug, key=key))


def _step(session: Any, contest: Contest, row: Round, do: str, now: Any) -> str:
    if do == "paper":
        count = contest_rooms.set_paper(session, vault(), contest, row, current_user.id, now=now)
        return gettext("Đã chốt %(n)s câu hỏi, gồm cả câu dự phòng.", n=count)
    if do == "make":
        names: NameRule = "generated" if request.form.get("names") == "generated" else "typed"
        wish = Wish(request.form.get("title", ""), names)
        made = contest_rooms.make(session, vault(), contest, row, wish, current_user.id, now=now)
        return gettext("Đã lập phòng, mã %(code)s.", code=made.code)
    if do == "discard":
        contest_rooms.discard(session, contest, row, current_user.id, now=now)
        return gettext("Đã bỏ phòng. Có thể lập lại khi cần.")
    room = contest_rooms.of_round(session, row)
    if do != "sound" or room is None:
        raise NotFound
    contest_rooms.heard(session, room, current_user.id, now=now)
    return gettext("Đã ghi: âm thanh đã được nghe thử.")


def _find(session: Any, slug: str, key: str) -> tuple[Contest, Round]:
    """The round for a host or the secretariat; to anybody else the contest looks as if it did not exist."""
    contest = contests.find_for(session, slug, current_user.id, *hosts.ROLES)
    return contest, contests.round_of(contest, key)
