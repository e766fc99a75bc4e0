"""After the show: what everybody may see of it, the picture to share, and the report for those who held it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, render_template, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp import db
from quizapp.documents import picture
from quizapp.documents.tables import Table, workbook
from quizapp.errors import NotFound
from quizapp.models import Round, Show
from quizapp.rules.contest import LiveScoring
from quizapp.rules.marking import Sheet
from quizapp.rules.question import Question
from quizapp.rules.show_report import Report
from quizapp.rules.timing import VIETNAM
from quizapp.services import results, show_reports, shows, sight
from quizapp.services.results import Board, Standing
from quizapp.web import brought
from quizapp.web.api_rooms import find_room
from quizapp.web.frame import language, number, public_url
from quizapp.web.leading import lead
from quizapp.web.report_view import Bar, Chart, few
from quizapp.web.result_words import team_mean
from quizapp.web.room_view import title_of

PASTED = 400_000  # letters
SHOWN = 200  # comments on a page; the file has all

STANDINGS = 100  # lines of the recap

bp = Blueprint("after", __name__, url_prefix="/phong/<code>")


# ── The recap ───────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get("/tong-ket")
def recap(code: str) -> str:
    """What was played and how it ended; public once the show is over."""
    with db.read() as session:
        show, board = _finished(session, code)
        return render_template(
            "room/recap.html",
            code=show.code,
            title=title_of(show),
            ended_at=show.ended_at,
            podium=[line for line in board.standings if line.rank <= 3][:6],
            standings=board.standings[:STANDINGS],
            of=len(board.standings),
            teams=board.teams,
            mean=lambda line: team_mean(line.value, line.value_of),
            score=lambda line: _score(line, shows.settings(show).scoring),
            questions=[_question(board, sheet) for sheet in board.sheets],
            contest=_contest(session, show),
            picture_url=f"{public_url()}{url_for('.shared', code=show.code)}",
        )


def _finished(session: Session, code: str) -> tuple[Show, Board]:
    show = find_room(session, code)
    if show.ended_at is None:
        raise NotFound("Phần thi chưa kết thúc nên chưa có tổng kết.")
    return show, results.board(session, show)


def _score(line: Standing, scoring: LiveScoring) -> str:
    """What somebody came to, in the words of the game."""
    if scoring == "SURVIVAL":
        return gettext("vượt qua %(n)s câu", n=number(line.points))
    if scoring == "NEAREST":
        return gettext("lệch %(n)s", n=number(line.off)) if line.off is not None else gettext("chưa trả lời đủ")
    return gettext("%(n)s điểm", n=number(line.points))


def _contest(session: Session, show: Show) -> str | None:
    """The contest a show belongs to: its result is provisional until that one announces it."""
    return None if show.round_id is None else session.get_one(Round, show.round_id).contest.slug


def _question(board: Board, sheet: Sheet) -> dict[str, Any]:
    """One question afterwards: the key in words, why, and how many were right."""
    asked = sheet.question
    choices = board.counts(sheet.n)
    return {
        "n": sheet.n,
        "stem": asked.stem.of(language()),
        "key": _key(asked),
        "basis": sight.basis(asked, language()),
        "explanation": asked.explanation.of(language()),
        "answered": sum(choices.values()),
        "right": sum(count for choice, count in choices.items() if asked.is_right(choice)),
        "voided": sheet.voided,
    }


def _key(asked: Question) -> str:
    if asked.kind != "number":
        return "; ".join(asked.options[o].of(language()) for o in asked.key)
    return f"{asked.key[0]} {asked.unit.of(language())}" if asked.unit is not None else str(asked.key[0])


# ── The picture ─────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get("/tong-ket.png")
def shared(code: str) -> Response:
    """The picture of a finished show: its title, its first three, and how many took part."""
    with db.read() as session:
        show, board = _finished(session, code)
        scoring = shows.settings(show).scoring
        svg = render_template(
            "room/recap.svg",
            title=picture.wrapped(title_of(show), size=54, width=1040, lines=2, bold=True),
            first=[
                (line, picture.wrapped(line.name, size=34, width=660, lines=1, bold=True), _score(line, scoring))
                for line in board.standings
                if line.rank <= 3
            ][:3],
            people=len(board.standings),
            questions=sum(sheet.stands for sheet in board.sheets),
            host=public_url().split("://", 1)[-1],
        )
    answer = make_response(picture.png(svg))
    answer.headers["Content-Type"] = picture.MEDIA_TYPE
    answer.headers["Cache-Control"] = "public, max-age=600"
    return answer


# ── The report ──────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get("/bao-cao")
def report(code: str) -> str:
    """Who took part when, where people stopped, and how those far behind the picture fared."""
    with db.read() as session:
        show = lead(session, code).show
        found = show_reports.of_show(session, show)
        return render_template(
            "room/report.html", code=show.code, title=title_of(show), found=found, charts=_charts(found)
        )


@bp.get("/bao-cao.xlsx")
def report_file(code: str) -> Response:
    """The same as a workbook."""
    with db.read() as session:
        show = lead(session, code).show
        found = show_reports.of_show(session, show)
    tables = [Table(chart.title, chart.heads, chart.rows) for chart in _charts(found)]
    return brought.file(workbook(tables), f"bao-cao-{show.code}.xlsx") if tables else _nothing()


def _charts(found: Report) -> list[Chart]:
    if not found.turns:
        return []
    charts = [_taking_part(found), _time_taken(found), _stopping(found)]
    return [*charts, _lanes(found)] if len(found.lanes) > 1 else charts


def _taking_part(found: Report) -> Chart:
    most = max(one.inside for one in found.turns) or 1
    answered = sum(one.answered for one in found.turns)
    of = sum(one.inside for one in found.turns) or 1
    heads = ("Câu", "Bắt đầu", "Trong phòng", "Đã trả lời", "Trả lời đúng")
    return Chart(
        id="tham-gia",
        title=gettext("Tham gia theo thời gian"),
        summary=gettext(
            "%(joined)s người vào phòng, %(active)s người trả lời ít nhất một câu, %(steady)s người trả lời đủ mọi "
            "câu. Trung bình %(share)s người trong phòng trả lời mỗi câu.",
            joined=number(found.joined),
            active=number(found.active),
            steady=number(found.steady),
            share=_percent(answered, of),
        ),
        heads=tuple(gettext(head) for head in heads),
        rows=tuple(
            (one.n, one.opened_at.astimezone(VIETNAM).strftime("%H:%M:%S"), one.inside, one.answered, one.right)
            for one in found.turns
        ),
        bars=tuple(
            Bar(_asked(one), 100 * one.answered / most, f"{number(one.answered)}/{number(one.inside)}")
            for one in found.turns
        ),
    )


def _time_taken(found: Report) -> Chart:
    timed = [one for one in found.turns if one.used_ms is not None]
    most = max((one.used_ms or 0 for one in timed), default=0) or 1
    return Chart(
        id="thoi-gian",
        title=gettext("Thời gian trả lời"),
        summary=gettext("Một nửa số người trả lời trong khoảng thời gian này, tính từ lúc câu hỏi mở trên máy của họ."),
        heads=(gettext("Câu"), gettext("Giây")),
        rows=tuple((one.n, _seconds(one.used_ms)) for one in timed),
        bars=tuple(Bar(_asked(one), 100 * (one.used_ms or 0) / most, _seconds(one.used_ms)) for one in timed),
    )


def _stopping(found: Report) -> Chart:
    most = max(one.stopped for one in found.turns) or 1
    stopped = sum(one.stopped for one in found.turns)
    return Chart(
        id="dung-lai",
        title=gettext("Dừng lại sau câu nào"),
        summary=gettext(
            "%(stopped)s trong %(active)s người đã trả lời không đi đến câu cuối.",
            stopped=number(stopped),
            active=number(found.active),
        ),
        heads=(gettext("Câu"), gettext("Dừng lại sau câu này"), gettext("Trở lại ở câu này")),
        rows=tuple((one.n, one.stopped, one.back) for one in found.turns),
        bars=tuple(Bar(_asked(one), 100 * one.stopped / most, number(one.stopped)) for one in found.turns),
    )


def _lanes(found: Report) -> Chart:
    heads = ("Hình chậm (giây)", "Người", "Lượt trả lời có thể", "Đã trả lời", "Trả lời đúng")
    told = [(f"{2 * one.lane}–{2 * one.lane + 2}", one) for one in found.lanes]
    return Chart(
        id="do-tre",
        title=gettext("Theo độ trễ của hình"),
        summary=gettext("Phần câu được trả lời ở mỗi nhóm người xem. Nhóm dưới 10 người không ghi số."),
        heads=tuple(gettext(head) for head in heads),
        rows=tuple(
            (words, one.people, one.of, one.answered, one.right) if one.of is not None else (words, few(), *[None] * 3)
            for words, one in told
        ),
        bars=tuple(
            Bar(
                gettext("chậm %(seconds)s giây", seconds=words),
                100 * (one.answered or 0) / (one.of or 1),
                _percent(one.answered or 0, one.of) if one.of else few(),
            )
            for words, one in told
        ),
    )


def _asked(one: Any) -> str:
    words = gettext("Câu %(n)s", n=one.n)
    return gettext("%(words)s (đã hủy)", words=words) if one.voided else words


def _seconds(ms: int | None) -> str:
    return number(round((ms or 0) / 1000, 1))


def _percent(part: int, of: int) -> str:
    return f"{number(round(100 * part / of, 1))} %"


def _nothing() -> Response:
    raise NotFound("Chưa có câu hỏi nào được chơi nên chưa có số liệu.")
