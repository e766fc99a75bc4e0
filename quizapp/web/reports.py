"""Figures of contests: the organizers' dashboard with its files, how questions went, and what everybody may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from flask import Blueprint, make_response, render_template, request, send_file
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.documents import contest_reports, official
from quizapp.errors import NotFound, Unreadable
from quizapp.models import Contest, Round, Snapshot, Unit
from quizapp.rules import items, stage
from quizapp.rules.contest import Settings, Words
from quizapp.rules.spread import Spread
from quizapp.rules.tally import Figures
from quizapp.rules.timing import day_in_vietnam
from quizapp.services import certificates, contests, open_boards, reports, snapshots
from quizapp.services import official as announcements
from quizapp.services.open_boards import Counters
from quizapp.services.places import COMMUNE, PROVINCE
from quizapp.services.reports import Scope
from quizapp.services.snapshots import Numbers
from quizapp.web import frame, report_view
from quizapp.web.aside import aside
from quizapp.web.figures import XLSX
from quizapp.web.frame import language, number
from quizapp.web.report_view import Chart, Trees
from quizapp.web.signing import needs

REFRESH = 20  # seconds between two looks of an open page

bp = Blueprint("reports", __name__)


@dataclass(frozen=True)
class Shown:
    """What a dashboard shows: of a stored result where there is one, else as counted from the attempts just now."""

    figures: Figures
    charts: tuple[Chart, ...]
    counted_at: datetime
    snapshot: Snapshot | None
    visits: int


@dataclass(frozen=True)
class Stage:
    """One round on the public page: counters while it is open, a stored result once it is announced, else nothing."""

    name: str
    state: str
    counters: Counters | None = None
    snapshot: Snapshot | None = None
    numbers: Numbers | None = None
    chart: Chart | None = None

    def top(self, level: str) -> list[tuple[str, str, str]]:
        """The places or units with most people; numbers of few people stay hidden."""
        found = self.numbers.most.get(level, ()) if self.numbers is not None else ()
        return [
            (one.name, number(one.people), number(one.attempts))
            if one.people >= items.FEWEST
            else (one.name, report_view.few(), "–")
            for one in found
        ]


# ── The dashboard ───────────────────────────────────────────────────────────────────────────────────────────────


@bp.get("/to-chuc/cuoc-thi/<slug>/bao-cao")
@needs()
def dashboard(slug: str) -> Response:
    """Everything about one round or all of them, of one day or all; kept figures are worked out anew afterwards."""
    now = clock.now()
    with db.read() as session:
        contest = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT)
        scope = _scope(contest)
        found = _shown(session, contest, scope, now)
        due = found.snapshot is None and reports.is_due(session, contest, scope, now=now)
        open_now = any(row.state == "OPEN" for row in contest.rounds if scope.key in ("", row.key))
        settings = contests.settings(contest)
        page = render_template(
            "reports/dashboard.html",
            contest=contest,
            scope=scope,
            rounds=[(one.key, one.name.of(language())) for one in settings.rounds],
            days=_days(contest, scope),
            found=found,
            open_now=open_now,
            refresh=REFRESH,
            question_rounds=[row.key for row in contest.rounds if _may_see_questions(row, frozenset())],
        )
    answer = make_response(page)
    if due:
        answer.call_on_close(lambda: _refresh(contest.id, scope))
    return answer


@bp.get("/to-chuc/cuoc-thi/<slug>/bao-cao.<ending>")
@needs()
def export(slug: str, ending: str) -> Response:
    """The same figures and tables as a workbook, or printed."""
    now = clock.now()
    with db.read() as session:
        contest = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT)
        scope = _scope(contest)
        found = _shown(session, contest, scope, now)
        settings = contests.settings(contest)
    paper = contest_reports.running(
        settings,
        _scope_words(settings, scope),
        found.figures,
        [contest_reports.Table(one.title, one.heads, one.rows, one.note) for one in found.charts],
        counted_at=found.counted_at,
        source=_source(found.snapshot, contest),
    )
    return send_paper(paper, ending, f"so-lieu-{slug}")


@bp.get("/to-chuc/cuoc-thi/<slug>/bao-cao/cau-hoi")
@needs()
def questions(slug: str) -> str:
    """How the questions of a round went: for the secretariat after the closing, for the question panel at any time."""
    with db.read() as session:
        contest = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT, "panel")
        roles = contests.roles_of(session, contest, current_user.id)
        rows = [row for row in contest.rounds if _may_see_questions(row, roles)]
        wanted = request.args.get("vong", "")
        row = next((one for one in rows if one.key == wanted), rows[-1] if rows and not wanted else None)
        if row is None and wanted:
            raise NotFound("Số liệu từng câu chỉ có sau khi vòng thi đã đóng.")
        found = reports.questions(session, contest, row) if row is not None else None
        settings = contests.settings(contest)
        charts = (report_view.right_shares(found), report_view.drop_off(found)) if found is not None else ()
        return render_template(
            "reports/questions.html",
            contest=contest,
            row=row,
            rounds=[(one.key, settings.round(one.key).name.of(language())) for one in rows],
            found=found,
            charts=charts,
            sample=reports.SAMPLE,
        )


def _may_see_questions(row: Round, roles: frozenset[str]) -> bool:
    """Whether shares of right answers may be seen: after the closing; before it by the question panel only (§6)."""
    if row.overall:
        return False
    closed = stage.has_reached(row.state, "CLOSED") and row.cut_at is not None
    return closed or ("panel" in roles and stage.has_reached(row.state, "OPEN"))


def _scope(contest: Contest) -> Scope:
    key = request.args.get("vong", "")
    if key and contests.round_of(contest, key).overall:
        raise NotFound("Không tìm thấy vòng thi này.")
    typed = request.args.get("ngay", "")
    try:
        return Scope(key, date.fromisoformat(typed) if typed else None)
    except ValueError as wrong:
        raise Unreadable("Ngày chưa đúng mẫu. Vui lòng chọn lại.") from wrong


def _shown(session: Session, contest: Contest, scope: Scope, now: datetime) -> Shown:
    live = reports.live(session, contest, scope, now=now)
    snapshot = _stored(session, contest, scope)
    figures, spread = live.figures, live.spread
    if snapshot is not None:
        numbers, spreads = snapshots.numbers(snapshot), announcements.spreads(session, snapshot)
        figures = numbers.round if scope.key else numbers.contest
        spread = spreads.round if scope.key else spreads.contest
    charts = _charts(session, contest, spread, live) if figures.people else ()
    return Shown(figures, charts, live.counted_at, snapshot, live.visits)


def _stored(session: Session, contest: Contest, scope: Scope) -> Snapshot | None:
    """The stored result to show: of one round, its own; of all, the newest once every round has one."""
    if scope.day is not None:
        return None
    rows = [row for row in contest.rounds if not row.overall and scope.key in ("", row.key)]
    found = [announcements.source_of(session, row) for row in rows if contests.has_reached(row, "PROVISIONAL")]
    stored = [one for one in found if one is not None]
    if not rows or len(stored) < len(rows):
        return None
    if not scope.key:
        stored += [
            one for row in contest.rounds if row.overall and (one := announcements.source_of(session, row)) is not None
        ]
    return max(stored, key=lambda one: (one.made_at, one.id))


def _charts(session: Session, contest: Contest, spread: Spread, live: reports.Live) -> tuple[Chart, ...]:
    settings = contests.settings(contest)
    trees = _trees(session, contest)
    charts = [report_view.by_day(spread), report_view.by_hour(spread)]
    places = {PROVINCE: gettext("Theo tỉnh, thành phố"), COMMUNE: gettext("Theo xã, phường, đặc khu")}
    charts += [
        report_view.by_level(spread, trees, "place", level, title)
        for level, title in places.items()
        if trees.of_level("place", level)
    ]
    charts += [
        report_view.by_level(spread, trees, "unit", level, gettext("Theo đơn vị: %(level)s", level=level or "–"))
        for level in trees.levels("unit")
    ]
    if settings.who.divisions:
        charts.append(report_view.by_division(spread, settings))
    charts += [report_view.by_age(live.ages), report_view.by_device(live.devices), report_view.by_score(spread)]
    listed = reports.completion(session, contest)
    return (*charts, *([report_view.completion(listed)] if listed else []))


def _trees(session: Session, contest: Contest) -> Trees:
    wanted = select(Unit.id, Unit.tree, Unit.level, Unit.name, Unit.parent_id)
    rows = session.execute(wanted.where(Unit.contest_id == contest.id, Unit.merged_into_id.is_(None)))
    return Trees({str(row.id): row for row in rows})


def _days(contest: Contest, scope: Scope) -> list[date]:
    """The days to choose from: those of the windows of the rounds in scope, up to now."""
    now = clock.now()
    days: list[date] = []
    for row in contest.rounds:
        if row.opens_at is None or row.closes_at is None or scope.key not in ("", row.key):
            continue
        first = day_in_vietnam(row.opens_at)
        last = day_in_vietnam(min(row.closes_at, now))
        days += [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
    return sorted(set(days))


def _refresh(contest_id: int, scope: Scope) -> None:
    """Work the figures out anew after the answer went out, so that nobody waits for it."""
    with db.read() as session:
        contest = session.get(Contest, contest_id)
        if contest is None:
            return
        try:
            reports.live(session, contest, scope, now=clock.now(), anew=True)
        finally:
            reports.given_up(session, contest, scope)


def _scope_words(settings: Settings, scope: Scope) -> str:
    """What a file is about, in Vietnamese as papers are."""
    words = settings.round(scope.key).name.vi if scope.key else "Toàn cuộc thi"
    return f"{words}, ngày {scope.day:%d/%m/%Y}" if scope.day else words


def _source(snapshot: Snapshot | None, contest: Contest) -> str:
    if snapshot is None:
        return ""
    key = next(row.key for row in contest.rounds if row.id == snapshot.round_id)
    name = _name(contests.settings(contest), key).vi
    return (
        f"Số liệu lấy từ bảng kết quả số {snapshot.n} của {name}, dữ liệu đọc lúc {official.at(snapshot.made_at)}. "
        f"Mã đối chiếu SHA-256: {snapshot.digest}"
    )


def _name(settings: Settings, key: str) -> Words:
    found = certificates.stage_name(settings, key)
    assert found is not None  # every row of rounds stands in the rulebook
    return found


def send_paper(paper: official.Official, ending: str, name: str) -> Response:
    """A paper as a workbook (`xlsx`) or printed (`pdf`)."""
    if ending not in ("xlsx", "pdf"):
        raise NotFound()
    make, kind = (official.xlsx, XLSX) if ending == "xlsx" else (official.pdf, "application/pdf")
    made = BytesIO(aside(lambda: make(paper)))
    return send_file(made, kind, as_attachment=ending == "xlsx", download_name=f"{name}.{ending}", max_age=0)


@bp.app_template_filter("clocked_moment")
def clocked_moment(moment: datetime) -> str:
    """An instant with its seconds, for figures that change: `20:02:10 ngày 05/3/2026`."""
    clocked = f"{moment.astimezone(frame.VIETNAM):%H:%M:%S}"
    return f"{clocked}, {frame.day(moment)}" if language() == "en" else f"{clocked} ngày {frame.day(moment)}"


# ── For everybody ───────────────────────────────────────────────────────────────────────────────────────────────


@bp.get("/cuoc-thi/<slug>/thong-ke")
def public(slug: str) -> str:
    """What everybody may read: guarded counters while a round is open (§8.6), a stored result once it is announced."""
    now = clock.now()
    with db.read() as session:
        contest = contests.find(session, slug)
        settings = contests.settings(contest)
        stages = [_stage(session, contest, row, now) for row in contest.rounds]
        whole = _whole(session, contest)
        return render_template(
            "reports/public.html", contest=contest, settings=settings, stages=stages, whole=whole, now=now
        )


def _stage(session: Session, contest: Contest, row: Round, now: datetime) -> Stage:
    name = _name(contests.settings(contest), row.key).of(language())
    snapshot = announcements.source_of(session, row, public=True)
    if snapshot is not None:
        spread = announcements.spreads(session, snapshot).round
        chart = report_view.by_day(spread) if spread.days else None
        return Stage(name, row.state, snapshot=snapshot, numbers=snapshots.numbers(snapshot), chart=chart)
    is_open = row.opens_at is not None and row.closes_at is not None and row.opens_at <= now < row.closes_at
    if is_open and not row.overall and row.state != "DRAFT":
        return Stage(name, "OPEN", counters=open_boards.counters(session, row, now=now))
    return Stage(name, row.state)


def _whole(session: Session, contest: Contest) -> Stage | None:
    """The result that speaks for the whole contest: the newest published one, once every round is announced."""
    found = [announcements.source_of(session, row, public=True) for row in contest.rounds if not row.overall]
    if len(found) < 2 or any(one is None for one in found):
        return None
    found += [announcements.source_of(session, row, public=True) for row in contest.rounds if row.overall]
    newest = max((one for one in found if one is not None), key=lambda one: (one.made_at, one.id))
    return Stage("", "", snapshot=newest, numbers=snapshots.numbers(newest))
