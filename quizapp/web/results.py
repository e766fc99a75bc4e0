"""Results of a contest as everybody may read them: the overview, one round's prizes and ranking, its key and draws; and
for contestants why they stand where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session

from quizapp import clock, db
from quizapp.errors import NotFound
from quizapp.models import Contest, Contestant, Round, Snapshot
from quizapp.rules.contest import Settings
from quizapp.rules.masking import masked
from quizapp.services import announced, contests, draws, official, sittings, snapshots
from quizapp.services.announced import Listing
from quizapp.services.official import Announcement
from quizapp.services.snapshots import Numbers
from quizapp.web import result_words
from quizapp.web.contest_view import RoundView, round_view, round_views
from quizapp.web.frame import language
from quizapp.web.signing import needs

UNITS = 100  # on such a page
FIRST_CODES = 100  # of a draw on its page; all of them in its file
_SEARCH = 80  # letters
_FAR = 100_000  # pages

bp = Blueprint("results", __name__)
bp.record_once(lambda state: result_words.install(state.app))


@dataclass(frozen=True)
class Result:
    """One round or list on the overview: as it stands, and what was announced of it."""

    view: RoundView
    snapshot: Snapshot | None
    numbers: Numbers | None

    @property
    def is_public(self) -> bool:
        """Whether it was announced; before that it can only be a provisional list."""
        return self.snapshot is not None and announced.is_public(self.view.row)


# ── The overview ────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get("/cuoc-thi/<slug>/ket-qua")
def index(slug: str) -> str:
    now = clock.now()
    with db.read() as session:
        contest = contests.find(session, slug)
        found = [_result(session, one) for one in round_views(session, contest, now=now) if one.state != "DRAFT"]
        told = [one.snapshot for one in found if one.snapshot is not None and one.is_public]
        latest = max(told, key=lambda one: one.made_at, default=None)
        whole = latest if latest is not None and announced.counts_whole_contest(contest, latest) else None
        return _page(
            "results/index.html",
            contest,
            results=found,
            whole=snapshots.numbers(whole).contest if whole is not None else None,
            whole_from=whole,
            contestant=sittings.contestant_of(session, contest, _person_id()),
            now=now,
        )


def _result(session: Session, view: RoundView) -> Result:
    snapshot = announced.shown(session, view.row)
    return Result(view, snapshot, None if snapshot is None else snapshots.numbers(snapshot))


# ── One round or list ───────────────────────────────────────────────────────────────────────────────────────────


@bp.get("/cuoc-thi/<slug>/ket-qua/<key>")
def show(slug: str, key: str) -> str:
    now = clock.now()
    with db.read() as session:
        contest = contests.find(session, slug)
        row = contests.round_of(contest, key)
        view = round_view(contest, row, now=now)
        contestant = sittings.contestant_of(session, contest, _person_id())
        if announced.shown(session, row) is None:
            return _page("results/waiting.html", contest, one=view, contestant=contestant, now=now)
        snapshot, found = _announcement(session, contest, row)
        words = " ".join(request.args.get("tim", "").split())[:_SEARCH]
        division = _division(found, snapshot)
        listing = _listing(session, found, snapshot, words, division)
        shown = announced.shown(session, row)
        return _page(
            "results/show.html",
            contest,
            one=view,
            found=found,
            snapshot=snapshot,
            is_newest=shown is not None and shown.id == snapshot.id,
            is_public=announced.is_public(row),
            versions=announced.versions(session, row),
            listing=listing,
            words=words,
            division=division,
            columns=result_words.columns(found.stage),
            waiting=announced.waiting(session, snapshot),
            drawings=draws.of_round(session, row),
            has_key=announced.has_key(found),
            whole=found.numbers.contest if announced.counts_whole_contest(contest, snapshot) else None,
            contestant=contestant,
            now=now,
        )


def _announcement(session: Session, contest: Contest, row: Round) -> tuple[Snapshot, Announcement]:
    """The result that is asked for: the one that is shown, or a published one by its number (`?ban=1`)."""
    snapshot = announced.version(session, row, request.args.get("ban", type=int))
    return snapshot, official.announcement_of(session, contest, row, snapshot)


def _division(found: Announcement, snapshot: Snapshot) -> str | None:
    wanted = request.args.get("bang", "")
    return wanted if any(one.key == wanted for one in found.settings.who.divisions) else None


def _listing(session: Session, found: Announcement, snapshot: Snapshot, words: str, division: str | None) -> Listing:
    if words:
        return announced.search(session, found, snapshot, words)
    return announced.ranking(session, found, snapshot, page=_page_number(), division=division)


@bp.get("/cuoc-thi/<slug>/ket-qua/<key>/dap-an")
def keyed(slug: str, key: str) -> str:
    """The questions of a round with their answers and what these rest on."""
    now = clock.now()
    with db.read() as session:
        contest = contests.find(session, slug)
        row = contests.round_of(contest, key)
        _, found = _announcement(session, contest, row)
        questions = announced.key(session, found, now=now)
        if questions is None:
            raise NotFound("Đáp án của vòng này không được công bố.", back=_address(".show", slug, key))
        return _page(
            "results/key.html",
            contest,
            one=round_view(contest, row, now=now),
            questions=questions,
            letters="ABCDEF",
        )


@bp.get("/cuoc-thi/<slug>/ket-qua/<key>/tap-the/<list_key>")
def group(slug: str, key: str, list_key: str) -> str:
    """The whole of one collective list."""
    with db.read() as session:
        contest = contests.find(session, slug)
        row = contests.round_of(contest, key)
        snapshot, found = _announcement(session, contest, row)
        one = next((one for one in found.collective if one.rules.key == list_key), None)
        if one is None:
            raise NotFound("Không tìm thấy danh sách này.", back=_address(".show", slug, key))
        pages = max(1, -(-len(one.lines) // UNITS))
        page = min(_page_number(), pages)
        return _page(
            "results/group.html",
            contest,
            one=round_view(contest, row, now=clock.now()),
            snapshot=snapshot,
            list=one,
            lines=one.lines[(page - 1) * UNITS : page * UNITS],
            page=page,
            pages=pages,
        )


@bp.get("/cuoc-thi/<slug>/ket-qua/<key>/vi-sao")
@needs()
def why(slug: str, key: str) -> str:
    """Why whoever is signed in stands where they stand."""
    now = clock.now()
    with db.read() as session:
        contest = contests.find(session, slug)
        row = contests.round_of(contest, key)
        contestant = _own(session, contest)
        view = round_view(contest, row, now=now)
        if announced.shown(session, row) is None:
            return _page("results/waiting.html", contest, one=view, contestant=contestant, now=now)
        snapshot = announced.version(session, row, None)
        found = official.announcement_of(session, contest, row, snapshot)
        return _page(
            "results/why.html",
            contest,
            one=view,
            found=found,
            snapshot=snapshot,
            mine=announced.own(session, found, snapshot, contestant),
            page=lambda position: -(-position // snapshots.PAGE),
            columns=result_words.columns(found.stage),
            better=result_words.BETTER,
            prizes={one.key: one.name.of(language()) for one in found.stage.ranking.prizes},
            contestant=contestant,
            is_public=announced.is_public(row),
        )


# ── Draws ───────────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get("/cuoc-thi/<slug>/boc-tham/<int:lots_id>")
def draw(slug: str, lots_id: int) -> str:
    """A draw: its plan from the moment it was fixed, then its result, and how anybody repeats it."""
    now = clock.now()
    with db.read() as session:
        contest = contests.find(session, slug)
        row, drawing = announced.draw(session, contest, lots_id)
        plan = draws.plan_of(drawing)
        drawn = draws.result_of(drawing)
        return _page(
            "results/draw.html",
            contest,
            one=round_view(contest, row, now=now),
            drawing=drawing,
            plan=plan,
            prize=_prize_name(contests.settings(contest), row, drawing.plan.get("prize_key", "")),
            drawn=drawn,
            is_right=drawn is not None and draws.is_right(drawing),
            present=masked(drawing.result.get("present", "")) if drawing.result else "",
            codes=plan.codes[:FIRST_CODES],
        )


@bp.get("/cuoc-thi/<slug>/boc-tham/<int:lots_id>/danh-sach.txt")
def draw_codes(slug: str, lots_id: int) -> Response:
    """The codes of a draw, one on a line, in the order of its plan."""
    with db.read() as session:
        _, drawing = announced.draw(session, contests.find(session, slug), lots_id)
        codes = draws.plan_of(drawing).codes
    return Response("".join(f"{code}\n" for code in codes), content_type="text/plain; charset=utf-8")


def _prize_name(settings: Settings, row: Round, key: str) -> str:
    stage = announced.stage_of(settings, row)
    return next((one.name.of(language()) for one in stage.ranking.prizes if one.key == key), key)


# ── What these pages share ──────────────────────────────────────────────────────────────────────────────────────


def _page(template: str, contest: Contest, **values: Any) -> str:
    page: str = render_template(
        template,
        contest=contest,
        settings=contests.settings(contest),
        levels=result_words.LEVELS,
        measures=result_words.MEASURES,
        source_out=draws.out_at,
        first_units=result_words.FIRST_UNITS,
        **values,
    )
    return page


def _page_number() -> int:
    return min(max(request.args.get("trang", 1, type=int), 1), _FAR)


def _own(session: Session, contest: Contest) -> Contestant:
    found = sittings.contestant_of(session, contest, _person_id())
    if found is None:
        raise NotFound("Tài khoản này chưa đăng ký cuộc thi.", back=_address("contest.show", contest.slug))
    return found


def _address(endpoint: str, slug: str, key: str | None = None) -> str:
    return str(url_for(endpoint, slug=slug) if key is None else url_for(endpoint, slug=slug, key=key))


def _person_id() -> str | None:
    return current_user.id if current_user.is_authenticated else None
