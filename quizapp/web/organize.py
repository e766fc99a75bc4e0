"""The organizers' pages of contests: the list, a new one, and how each stands. What every such page has in common."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request
from flask_babel import gettext, lazy_gettext, ngettext
from flask_login import current_user
from msgspec.structs import replace
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.errors import Refusal
from quizapp.models import Contest, Round
from quizapp.rules import stage
from quizapp.rules.contest import Settings, Words
from quizapp.rules.model_rulebooks import MODELS, WEEK
from quizapp.rules.timing import Window, day_in_vietnam
from quizapp.rules.words import fold
from quizapp.services import changes, contests, hosts, rulebook_checks, rulebooks
from quizapp.web.frame import language
from quizapp.web.signing import needs, vault

HOME = "/to-chuc/cuoc-thi"
EMPTY, COPY = "trong", "sao-chep"
TABS: tuple[
    tuple[str, Any, frozenset[str]], ...
] = (  # address below a contest's, its name, and who besides the secretariat looks at it
    ("", lazy_gettext("Tổng quan"), frozenset(contests.ROLES)),
    ("/buoc/1", lazy_gettext("Thiết lập"), frozenset()),
    ("/the-le", lazy_gettext("Thể lệ"), frozenset(contests.ROLES)),
    ("/nguoi", lazy_gettext("Phân công"), frozenset()),
    ("/don-vi", lazy_gettext("Đơn vị"), frozenset()),
    ("/ban-to-chuc", lazy_gettext("Người không xét giải"), frozenset()),
    ("/thi-sinh", lazy_gettext("Thí sinh"), frozenset()),
    ("/bao-cao", lazy_gettext("Số liệu"), frozenset()),
    ("/bao-cao/cau-hoi", lazy_gettext("Từng câu hỏi"), frozenset({"panel"})),
    ("/dau-moi", lazy_gettext("Chỉ tiêu đơn vị"), frozenset({"focal"})),
    ("/tu-luan", lazy_gettext("Bài tự luận"), frozenset({"judge"})),
    ("/canh-bao", lazy_gettext("Cảnh báo"), frozenset()),
    ("/khieu-nai", lazy_gettext("Khiếu nại"), frozenset()),
    ("/boc-tham", lazy_gettext("Bốc thăm"), frozenset()),
    ("/thay-doi", lazy_gettext("Thay đổi"), frozenset()),
    ("/van-ban", lazy_gettext("Văn bản"), frozenset()),
)
ROLES = {
    "secretariat": lazy_gettext("Tổ Thư ký"),
    "host": lazy_gettext("Người dẫn chương trình"),
    "panel": lazy_gettext("Tổ ra đề"),
    "judge": lazy_gettext("Ban Giám khảo"),
    "focal": lazy_gettext("Đầu mối đơn vị"),
    "committee": lazy_gettext("Ban Chỉ đạo, Ban Tổ chức"),
    "technical": lazy_gettext("Kỹ thuật"),
}
STATES = {
    "DRAFT": lazy_gettext("Đang soạn"),
    "PUBLISHED": lazy_gettext("Sắp diễn ra"),
    "OPEN": lazy_gettext("Đang diễn ra"),
    "CLOSED": lazy_gettext("Đã đóng"),
    "REVIEW": lazy_gettext("Đang rà soát"),
    "PROVISIONAL": lazy_gettext("Kết quả dự kiến"),
    "ANNOUNCED": lazy_gettext("Đã công bố"),
    "COMPLAINTS": lazy_gettext("Tiếp nhận khiếu nại"),
    "FINAL": lazy_gettext("Chính thức"),
    "AWARDED": lazy_gettext("Đã trao giải"),
}

bp = Blueprint("organize", __name__)


@dataclass(frozen=True)
class Tab:
    """One page of a contest in the row of its pages."""

    address: str
    words: Any
    here: bool


# ── What every page of a contest has ────────────────────────────────────────────────────────────────────────────


@bp.app_template_global()
def contest_tabs(contest: Contest) -> list[Tab]:
    """The pages of a contest that are there and that the reader's roles in it may look at."""
    base = f"{HOME}/{contest.slug}"
    roles = _own_roles(contest)
    shown = [one for one in TABS if contests.SECRETARIAT in roles or one[2] & roles]
    return [
        Tab(base + tail, words, request.path == base + tail or _is_step(tail, request.path, base))
        for tail, words, _ in shown
        if is_there(base + tail)
    ]


@bp.app_template_global()
def contest_name(contest: Contest) -> str:
    """A contest's name in the reader's language."""
    return contests.settings(contest).name.of(language()) or gettext("Cuộc thi chưa đặt tên")


@bp.app_template_global()
def state_words() -> dict[str, Any]:
    """The states of a round in words."""
    return STATES


def _own_roles(contest: Contest) -> frozenset[str]:
    if "roles_in_contest" not in g:
        g.roles_in_contest = {}
    if contest.id not in g.roles_in_contest:
        with db.read() as session:
            g.roles_in_contest[contest.id] = contests.roles_of(session, contest, current_user.id)
    found: frozenset[str] = g.roles_in_contest[contest.id]
    return found


def _is_step(tail: str, path: str, base: str) -> bool:
    return tail == "/buoc/1" and path.startswith(f"{base}/buoc/")


def is_there(address: str) -> bool:
    """Whether some group of pages has a page here."""
    try:
        current_app.url_map.bind("").match(address, method="GET")
    except HTTPException:
        return False
    return True


# ── The list, and a new contest ─────────────────────────────────────────────────────────────────────────────────


@bp.get("/to-chuc/cuoc-thi")
@needs()
def listed() -> str:
    """The contests somebody works on."""
    with db.read() as session:
        lines = [
            {"contest": one, "rules": contests.settings(one), "state": _state_of(one)}
            for one in contests.mine(session, current_user.id)
        ]
        return render_template("organize/list.html", lines=lines, states=STATES, makes=_makes())


@bp.route("/to-chuc/cuoc-thi/moi", methods=["GET", "POST"])
@needs("organizer")
def new() -> str | Response | tuple[str, int]:
    """A contest from a ready rulebook, from an earlier contest, or from nothing."""
    form = _NewForm.read() if request.method == "POST" else _NewForm.fresh()
    if request.method == "GET":
        return _new_page(form)
    errors = form.errors()
    if errors:
        return _new_page(form, errors), 422
    try:
        with db.begin() as session:
            made = form.make(session)
    except Refusal as refusal:
        return _new_page(form, [("slug", gettext(refusal.sentence))]), refusal.status
    flash(gettext("Đã tạo bản nháp. Năm bước dưới đây có thể làm dần, mỗi bước đều được lưu."), "ok")
    return redirect(f"{HOME}/{made.slug}/buoc/1")


@bp.get("/to-chuc/cuoc-thi/<slug>")
@needs()
def show(slug: str) -> str:
    """How a contest stands, and what to do next."""
    now = clock.now()
    with db.read() as session:
        contest = contests.find_for(session, slug, current_user.id)
        rules, roles = contests.settings(contest), contests.roles_of(session, contest, current_user.id)
        keeper = contests.SECRETARIAT in roles
        leads = bool(roles & set(hosts.ROLES))
        rows = sorted(contest.rounds, key=lambda row: row.position)
        lines = [_line(contest, row, rules, now, leads=leads) for row in rows]
        versions = rulebooks.versions(session, contest)
        return render_template(
            "organize/show.html",
            contest=contest,
            rules=rules,
            lines=lines,
            todo=_todo(session, contest, lines, now) if keeper else [],
            desk=keeper and bool(lines) and is_there(lines[0].href),
            version=versions[0] if versions else None,
            states=STATES,
            roles=roles,
            role_names=ROLES,
            keeper=keeper and _makes(),
        )


@dataclass(frozen=True)
class _Line:
    """One round, or list over rounds, of the overview."""

    key: str
    name: str
    kind: str
    opens_at: datetime | None
    closes_at: datetime | None
    state: str
    href: str
    room: bool  # whether the reader leads its live room


@dataclass(frozen=True)
class Todo:
    """Something that waits for the secretariat, and the way to it."""

    words: str
    href: str = ""
    action: str = ""
    urgent: bool = False


def _line(contest: Contest, row: Round, rules: Settings, now: datetime, *, leads: bool) -> _Line:
    said = {one.key: (one.name, one.kind) for one in rules.rounds} | {one.key: (one.name, "") for one in rules.overall}
    room = leads and any(one.key == row.key and one.is_live for one in rules.rounds)
    name, kind = said.get(row.key, (Words(row.key), ""))
    window = None if row.opens_at is None or row.closes_at is None else Window(row.opens_at, row.closes_at)
    href = f"{HOME}/{contest.slug}/vong/{row.key}"
    words = name.of(language()) or row.key
    state = stage.at(row.state, window, now)
    return _Line(row.key, words, kind, row.opens_at, row.closes_at, state, href, room)


def _todo(session: Session, contest: Contest, lines: list[_Line], now: datetime) -> list[Todo]:
    """What to do next, the most urgent first."""
    base = f"{HOME}/{contest.slug}"
    found = []
    waiting = len(changes.waiting(session, contest))
    if waiting:
        said = ngettext("%(num)s đề nghị chờ người thứ hai.", "%(num)s đề nghị chờ người thứ hai.", waiting)
        found.append(_way(said, f"{base}/thay-doi", gettext("Xem đề nghị"), urgent=True))
    if contest.published_at is None:
        found.append(
            Todo(gettext("Hoàn tất năm bước thiết lập rồi công bố thể lệ."), f"{base}/buoc/5", gettext("Kiểm tra"))
        )
    elif contest.draft is not None:
        found.append(Todo(gettext("Có bản sửa thể lệ chưa công bố."), f"{base}/buoc/5", gettext("Xem bản sửa")))
    items = rulebook_checks.checklist(session, contest, contests.settings(contest), now=now)
    if contest.published_at is not None and not rulebooks.needs_two(contest, now=now):
        found += [
            _way(gettext(item.sentence, **item.details), base + item.page, gettext("Xem"))
            for item in items
            if item.standing != "done" and item.key != "questions"
        ]
    found += [todo for line in lines if (todo := _next(line)) is not None]
    return sorted(found, key=lambda one: not one.urgent)


def _next(line: _Line) -> Todo | None:
    """What a round waits for in its state."""
    said = {
        "CLOSED": gettext("%(round)s đã đóng: bắt đầu rà soát.", round=line.name),
        "REVIEW": gettext(
            "%(round)s đang rà soát: kiểm tra lượt thi, chốt số dự đoán, lập bảng kết quả.", round=line.name
        ),
        "PROVISIONAL": gettext(
            "%(round)s có kết quả dự kiến: xác minh người đạt giải, nhập quyết định.", round=line.name
        ),
        "ANNOUNCED": gettext("%(round)s đã công bố: mở nhận khiếu nại.", round=line.name),
        "COMPLAINTS": gettext("%(round)s đang nhận khiếu nại: trả lời đúng hạn.", round=line.name),
        "FINAL": gettext("%(round)s đã có kết quả chính thức: trao giải.", round=line.name),
    }.get(line.state)
    return None if said is None else _way(said, line.href, gettext("Bàn làm việc"), urgent=True)


def _way(words: str, href: str, action: str, *, urgent: bool = False) -> Todo:
    """Something to do, with its button only where the page is there."""
    return Todo(words, href if is_there(href) else "", action, urgent)


@dataclass(frozen=True)
class _NewForm:
    """What the form of a new contest says, as it was typed."""

    start: str = MODELS[0].key
    source: str = ""
    units: bool = True
    name: str = ""
    slug: str = ""
    day: str = ""

    @classmethod
    def fresh(cls) -> _NewForm:
        return cls(
            day=(day_in_vietnam(clock.now()) + WEEK).isoformat(),
            source=request.args.get("tu", ""),
            start=COPY if request.args.get("tu") else MODELS[0].key,
        )

    @classmethod
    def read(cls) -> _NewForm:
        typed = {
            name: " ".join(request.form.get(name, "").split()) for name in ("start", "source", "name", "slug", "day")
        }
        return cls(**{name: value[:200] for name, value in typed.items()}, units="units" in request.form)

    @property
    def first_day(self) -> date | None:
        try:
            return date.fromisoformat(self.day)
        except ValueError:
            return None

    @property
    def address(self) -> str:
        return self.slug or slug_of(self.name)

    def errors(self) -> list[tuple[str, str]]:
        """What to mend, each with the field it stands at."""
        found = []
        if self.start not in {EMPTY, COPY, *(model.key for model in MODELS)}:
            found.append(("start", gettext("Vui lòng chọn cách bắt đầu.")))
        if not self.name:
            found.append(("name", gettext("Vui lòng đặt tên cho cuộc thi.")))
        if self.first_day is None:
            found.append(("day", gettext("Vui lòng chọn ngày, ví dụ 02/3/2026.")))
        if self.start == COPY and not self.source:
            found.append(("source", gettext("Vui lòng chọn cuộc thi để sao chép.")))
        return found

    def make(self, session: Any) -> Contest:
        assert self.first_day is not None
        now, owner = clock.now(), current_user.id
        if self.start == COPY:
            source = contests.find_for(session, self.source, owner, contests.SECRETARIAT)
            wish = rulebooks.Copy(self.address, self.name, self.first_day, units=self.units)
            return rulebooks.copy(session, vault(), source, wish, owner, now=now)
        model = next((one for one in MODELS if one.key == self.start), None)
        rules = model.make(self.first_day) if model else Settings(name=Words(""), organizer=Words(""))
        if rules.name.vi != self.name:
            rules = replace(rules, name=Words(self.name))
        return rulebooks.begin(session, vault(), self.address, rules, owner, now=now)


def slug_of(name: str) -> str:
    """The address that a name suggests: its letters without marks, joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name))[:60].strip("-")


def _new_page(form: _NewForm, errors: Any = ()) -> str:
    with db.read() as session:
        sources = [
            (one.slug, contest_name(one))
            for one in contests.mine(session, current_user.id)
            if contests.SECRETARIAT in contests.roles_of(session, one, current_user.id)
        ]
    return render_template(
        "organize/new.html",
        form=form,
        models=MODELS,
        sources=sources,
        errors=list(errors),
        error_of=dict(errors),
        empty=EMPTY,
        copy=COPY,
    )


def _makes() -> bool:
    return "organizer" in current_user.roles


def _state_of(contest: Contest) -> str:
    """The state that says most of a contest: of the round that runs, else of the next to come, else of the last."""
    return (
        next((row.state for row in contest.rounds if row.state != "AWARDED"), "AWARDED") if contest.rounds else "DRAFT"
    )
