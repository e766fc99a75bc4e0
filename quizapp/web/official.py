"""Official papers of a contest: which there are, when each can be had and why not yet, and their files (§17)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.documents import contest_reports, decision
from quizapp.documents import rulebook as printed
from quizapp.documents.official import PRINTED, Official
from quizapp.errors import Conflict, NotFound
from quizapp.models import Contest, Round
from quizapp.rules import rulebook as rules
from quizapp.rules.spread import Share
from quizapp.rules.timing import day_in_vietnam
from quizapp.services import certificates, contests, official, rulebook_checks, rulebooks
from quizapp.services.official import Announcement
from quizapp.web.frame import LANGUAGES, language
from quizapp.web.reports import send_paper
from quizapp.web.signing import needs

BASE = "/to-chuc/cuoc-thi/<slug>/van-ban"

bp = Blueprint("official", __name__)


@dataclass(frozen=True)
class Paper:
    """One paper on the list: its files as (words, address), or the sentence that says why not yet."""

    name: str
    about: str
    files: tuple[tuple[str, str], ...]
    waits: str = ""


@dataclass(frozen=True)
class Group:
    """The papers of the contest as a whole, or of one round or list."""

    name: str
    papers: tuple[Paper, ...]


# ── The list ────────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get(BASE)
@needs()
def show(slug: str) -> str:
    """Every paper with its files, or with the reason why it cannot be had yet."""
    with db.read() as session:
        contest = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT)
        groups = [_of_contest(contest), *(_of_row(session, contest, row) for row in contest.rounds)]
        return render_template("reports/papers.html", contest=contest, groups=groups)


def _of_contest(contest: Contest) -> Group:
    published = contest.published_at is not None
    wait = "" if published else gettext("Có sau khi công bố thể lệ.")
    return Group(
        gettext("Cuộc thi"),
        (
            Paper(
                gettext("Thể lệ"),
                gettext("Sinh từ các thiết lập; bản nháp ghi DỰ THẢO."),
                (
                    (gettext("PDF, tiếng Việt"), _address(contest, "the-le", "pdf") + "?lang=vi"),
                    (gettext("PDF, tiếng Anh"), _address(contest, "the-le", "pdf") + "?lang=en"),
                ),
            ),
            Paper(
                gettext("Tóm tắt kế hoạch"),
                gettext("Các vòng, giải thưởng và kinh phí giải."),
                _files(contest, "ke-hoach"),
            ),
            Paper(
                gettext("Sổ theo dõi khiếu nại"),
                gettext("Không có liên hệ; số của cá nhân trong nội dung được che."),
                () if wait else _files(contest, "khieu-nai"),
                wait,
            ),
        ),
    )


def _of_row(session: Session, contest: Contest, row: Round) -> Group:
    stage = certificates.stage_name(contests.settings(contest), row.key)
    no_result = "" if official.source_of(session, row) is not None else gettext(official.NO_RESULT)
    named = row.decision_number
    papers = [
        Paper(
            gettext("Quyết định công nhận kết quả"),
            gettext("Kèm danh sách từng giải. Số quyết định: %(number)s.", number=named)
            if named
            else gettext("Kèm danh sách từng giải. Ghi DỰ THẢO đến khi có số quyết định."),
            () if no_result else _files(contest, "quyet-dinh", row),
            no_result,
        ),
        Paper(
            gettext("Số liệu"),
            gettext("Người dự thi, lượt thi, đúng tất cả, theo ngày và theo điểm."),
            () if no_result else _files(contest, "so-lieu", row),
            no_result,
        ),
        Paper(
            gettext("Bảng xếp hạng"),
            gettext("Bản in có %(n)s dòng đầu, bảng tính có đủ.", n=PRINTED),
            () if no_result else _files(contest, "xep-hang", row),
            no_result,
        ),
        Paper(
            gettext("Báo cáo đơn vị"),
            gettext("Người, lượt, tỷ lệ và chỉ tiêu của từng đơn vị."),
            () if no_result else _files(contest, "don-vi", row),
            no_result,
        ),
        Paper(
            gettext("Báo cáo địa bàn"),
            gettext("Người và lượt theo tỉnh, thành phố và xã, phường, đặc khu."),
            () if no_result else _files(contest, "dia-ban", row),
            no_result,
        ),
    ]
    if not row.overall:
        closed = contests.has_reached(row, "CLOSED") and row.cut_at is not None
        papers.append(
            Paper(
                gettext("Đáp án kèm căn cứ pháp lý"),
                gettext("Mọi câu của vòng, đúng như đã cam kết."),
                _files(contest, "dap-an", row) if closed else (),
                "" if closed else gettext(official.NOT_CLOSED),
            )
        )
    final = contests.has_reached(row, "FINAL")
    papers.append(
        Paper(
            gettext("Giấy chứng nhận đạt giải"),
            gettext("Mỗi người, mỗi đội, mỗi đơn vị một trang, kèm mã kiểm tra."),
            (("PDF", url_for("certificates.of_list", slug=contest.slug, key=row.key)),) if final else (),
            "" if final else gettext(certificates.NOT_FINAL),
        )
    )
    return Group(stage.of(language()) if stage is not None else row.key, tuple(papers))


def _files(contest: Contest, name: str, row: Round | None = None) -> tuple[tuple[str, str], ...]:
    return tuple((words, _address(contest, name, ending, row)) for words, ending in (("PDF", "pdf"), ("Excel", "xlsx")))


def _address(contest: Contest, name: str, ending: str, row: Round | None = None) -> str:
    if row is None:
        return url_for(".of_contest", slug=contest.slug, name=name, ending=ending)
    return url_for(".of_row", slug=contest.slug, key=row.key, name=name, ending=ending)


# ── Their files ─────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get(f"{BASE}/<name>.<ending>")
@needs()
def of_contest(slug: str, name: str, ending: str) -> Response:
    """A paper about the whole contest."""
    makers: dict[str, Callable[[Session, Contest], Official]] = {
        "the-le": _rulebook,
        "ke-hoach": _plan,
        "khieu-nai": _register,
    }
    if name not in makers:
        raise NotFound()
    with db.read() as session:
        contest = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT)
        paper = makers[name](session, contest)
    return send_paper(paper, ending, f"{name}-{slug}")


@bp.get(f"{BASE}/<key>/<name>.<ending>")
@needs()
def of_row(slug: str, key: str, name: str, ending: str) -> Response:
    """A paper about one round, or one list over rounds."""
    if name not in ROW_PAPERS:
        raise NotFound()
    with db.read() as session:
        contest = contests.find_for(session, slug, current_user.id, contests.SECRETARIAT)
        paper = ROW_PAPERS[name](session, contest, contests.round_of(contest, key), ending)
    return send_paper(paper, ending, f"{name}-{slug}-{key}")


@bp.get("/cuoc-thi/<slug>/the-le.pdf")
def rulebook(slug: str) -> Response:
    """The newest published rulebook, for everybody, in the language of the page."""
    with db.read() as session:
        paper = _published_rulebook(session, contests.find(session, slug))
    return send_paper(paper, "pdf", f"the-le-{slug}")


@bp.get("/cuoc-thi/<slug>/ket-qua/<key>/quyet-dinh.pdf")
def public_decision(slug: str, key: str) -> Response:
    """The decision of an announced round, for everybody."""
    with db.read() as session:
        contest = contests.find(session, slug)
        row = contests.round_of(contest, key)
        if official.source_of(session, row, public=True) is None or not row.decision_number:
            raise NotFound("Kết quả của vòng này chưa được công bố.")
        paper = decision.decision(official.announcement(session, contest, row, public=True))
    return send_paper(paper, "pdf", f"quyet-dinh-{slug}-{key}")


# ── Making ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _rulebook(session: Session, contest: Contest) -> Official:
    """The published version, or the draft before there is one."""
    if contest.published_at is not None and rulebooks.versions(session, contest):
        return _published_rulebook(session, contest)
    settings = rulebooks.draft(contest)
    document = rules.document(settings, rulebook_checks.topic_names(session))
    return printed.rulebook(document, _spoken(), version=0, day=None, digest="", made_at=contest.made_at)


def _published_rulebook(session: Session, contest: Contest) -> Official:
    versions = rulebooks.versions(session, contest)
    if not versions:
        raise NotFound("Chưa có bản thể lệ nào được công bố.")
    newest = versions[0]
    document = rules.document(rulebooks.said(newest), rulebook_checks.topic_names(session))
    return printed.rulebook(
        document,
        _spoken(),
        version=newest.version,
        day=day_in_vietnam(newest.published_at),
        digest=newest.digest,
        made_at=newest.published_at,
    )


def _plan(session: Session, contest: Contest) -> Official:
    settings = contests.settings(contest)
    return contest_reports.plan(settings, contest.made_at, draft=contest.published_at is None)


def _register(session: Session, contest: Contest) -> Official:
    entries = official.register(session, contest)
    return contest_reports.complaint_register(contests.settings(contest), entries, clock.now())


def _decision(session: Session, contest: Contest, row: Round, ending: str) -> Official:
    return decision.decision(official.announcement(session, contest, row))


def _figures(session: Session, contest: Contest, row: Round, ending: str) -> Official:
    return contest_reports.figures(official.announcement(session, contest, row))


def _ranking(session: Session, contest: Contest, row: Round, ending: str) -> Official:
    found = official.announcement(session, contest, row)
    lines = official.standings(session, contest, found, most=PRINTED if ending == "pdf" else None)
    return contest_reports.ranking_list(found, lines)


def _units(tree: str) -> Callable[[Session, Contest, Round, str], Official]:
    def make(session: Session, contest: Contest, row: Round, ending: str) -> Official:
        found = official.announcement(session, contest, row)
        lines = official.unit_report(session, contest, found.spread, tree)
        return contest_reports.unit_report(found, lines, tree, _total(found))

    return make


def _total(found: Announcement) -> Share:
    own = found.numbers.contest if found.row.overall else found.numbers.round
    return Share(own.people, own.attempts)


def _key(session: Session, contest: Contest, row: Round, ending: str) -> Official:
    if row.overall:
        raise NotFound()
    questions = official.key(session, row)
    settings = contests.settings(contest)
    if row.cut_at is None:
        raise Conflict(official.NOT_CLOSED)
    return contest_reports.answer_key(settings, settings.round(row.key), questions, row.cut_at)


ROW_PAPERS: dict[str, Callable[[Session, Contest, Round, str], Official]] = {
    "quyet-dinh": _decision,
    "so-lieu": _figures,
    "xep-hang": _ranking,
    "don-vi": _units("unit"),
    "dia-ban": _units("place"),
    "dap-an": _key,
}


def _spoken() -> str:
    asked: Any = request.args.get("lang")
    return asked if asked in LANGUAGES else language()
