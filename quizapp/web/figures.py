"""Figures about the bank for those who keep it: coverage, exposure, reliability, and how each question behaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from flask import Blueprint, render_template, send_file, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.documents.tables import Cell, Table, workbook
from quizapp.rules import items
from quizapp.rules.items import Choice, Flag, Item
from quizapp.rules.law import Law
from quizapp.rules.question import DIFFICULTIES, Question
from quizapp.services import banks, figures
from quizapp.services.banks import TopicCount
from quizapp.services.figures import Line, Overview, VersionFigures
from quizapp.web import frame
from quizapp.web.bank import DIFFICULTIES as LEVELS
from quizapp.web.bank import keeper
from quizapp.web.frame import language
from quizapp.web.law import the_law

LETTERS = "ABCDEF"
MOST_DEALT = 15  # questions in the chart of exposure
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FLAGS = {
    "few": lazy_gettext("Ít người làm, chưa kết luận được"),
    "lure": lazy_gettext("Nhiều người giỏi chọn %(choice)s"),
    "negative": lazy_gettext("Người nắm luật lại hay làm sai: nên xem lại đáp án và lời văn"),
    "blind": lazy_gettext("Câu này không phân biệt được người nắm luật"),
    "easy": lazy_gettext("Quá dễ"),
    "hard": lazy_gettext("Quá khó"),
    "unused": lazy_gettext("Không ai chọn %(choice)s"),
}
GROUPS = (lazy_gettext("Nhóm thấp"), lazy_gettext("Nhóm giữa"), lazy_gettext("Nhóm cao"), lazy_gettext("Tất cả"))

bp = Blueprint("figures", __name__)


@bp.get("/ngan-hang/thong-ke")
@keeper
def show() -> str:
    law = the_law()
    with db.read() as session:
        found = figures.overview(session, law, now=clock.now())
        topics = banks.topics(session)
    return render_template(
        "figures/show.html",
        found=found,
        flagged=[(line, remarks(line)) for line in found.flagged],
        chapters=_chapters(found, law),
        topics=_topics(found, topics),
        levels=LEVELS,
        exposed=_exposed(found.lines),
        never=sum(line.dealt == 0 for line in found.lines),
        difficulty=_histogram(found.lines),
        fewest=items.FEWEST,
        enough=items.ENOUGH,
    )


@bp.get("/ngan-hang/thong-ke.xlsx")
@keeper
def download() -> Response:
    law = the_law()
    with db.read() as session:
        found = figures.overview(session, law, now=clock.now())
        topics = banks.topics(session)
    made = workbook([_question_table(found.lines), _article_table(found, law), _topic_table(found, topics)])
    return send_file(BytesIO(made), XLSX, as_attachment=True, download_name="thong-ke-ngan-hang.xlsx")


@bp.get("/ngan-hang/<id>/so-lieu")
@keeper
def question(id: str) -> str:
    with db.read() as session:
        found = figures.of_question(session, id, now=clock.now())
    return render_template(
        "figures/question.html",
        id=id,
        versions=[(one, _spreads(one), _remarks(one.question, one.item)) for one in found],
        groups=GROUPS,
        fewest=items.FEWEST,
    )


@bp.app_template_filter("percent")
def percent(share: float) -> str:
    """A share in words: `70,9 %`."""
    return f"{frame.number(round(100 * share, 1))} %"


@bp.app_template_filter("rounded")
def rounded(value: float | None) -> str:
    """A figure to two places, with a true minus; a dash where there is none."""
    return "–" if value is None else frame.number(round(value, 2) + 0.0).replace("-", "−")


@bp.app_template_filter("people")
def people(count: int) -> str:
    """A number of people, or that they are too few to be told."""
    return frame.number(count) if count >= items.FEWEST else gettext("dưới %(n)s người", n=items.FEWEST)


# ── What the overview shows ─────────────────────────────────────────────────────────────────────────────────────


def remarks(line: Line) -> list[str]:
    """What there is to look at in a question, in plain words."""
    return _remarks(line.question, line.item)


def _remarks(asked: Question, item: Item | None) -> list[str]:
    if item is None:
        return []
    return [_remark(asked, flag) for flag in item.flags]


def _remark(asked: Question, flag: Flag) -> str:
    return str(FLAGS[flag.name]) % {"choice": _choice(asked, flag.choice)}


def _choice(asked: Question, choice: Choice) -> str:
    """An answer in few words: its letter, its number, its order, or that there was none."""
    if choice is None:
        return gettext("Không trả lời")
    if asked.kind == "number":
        unit = asked.unit.of(language()) if asked.unit else ""
        return f"{frame.number(choice[0])} {unit}".strip()
    return " → ".join(LETTERS[option] for option in choice)


def _chapters(found: Overview, law: Law) -> list[dict[str, Any]]:
    """Every chapter with its articles as fields of a map, and how many of them have a question."""
    counts = found.coverage.articles
    return [
        {
            "roman": chapter.roman,
            "title": chapter.title,
            "of": len(chapter.articles),
            "covered": sum(counts[article.number] > 0 for article in chapter.articles),
            "fields": [_field(article.number, article.title, counts[article.number]) for article in chapter.articles],
        }
        for chapter in law.chapters
    ]


def _field(number: int, title: str, count: int) -> dict[str, Any]:
    return {
        "words": number,
        "number": count,
        "level": 0 if count == 0 else 1 if count < 3 else 2 if count < 8 else 3,
        "href": url_for("law.article", number=number),
        "before": gettext("Điều"),
        "between": f"{title}:",
        "after": gettext("câu hỏi"),
    }


def _topics(found: Overview, topics: Sequence[TopicCount]) -> list[dict[str, Any]]:
    """Every topic with its questions of each difficulty, a family counting once."""
    counts = found.coverage.topics
    return [
        {
            "name": f"{topic.letter}. {topic.name.of(language())}",
            "href": f"{url_for('bank.show')}?chu-de={topic.slug}",
            "levels": [counts.get((topic.slug, level), 0) for level in DIFFICULTIES],
            "sum": sum(counts.get((topic.slug, level), 0) for level in DIFFICULTIES),
        }
        for topic in topics
    ]


def _exposed(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The questions dealt most often lately, as bars."""
    most = sorted((line for line in lines if line.dealt), key=lambda line: (-line.dealt, line.question.id))[:MOST_DEALT]
    return [
        {
            "words": line.question.id,
            "href": url_for(".question", id=line.question.id),
            "number": frame.number(line.dealt),
            "share": round(100 * line.dealt / most[0].dealt, 1),
        }
        for line in most
    ]


def _histogram(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """How many questions have which share of right answers, by tenths; only those that can be judged."""
    known = [line.item for line in lines if line.item is not None and line.item.people >= items.ENOUGH]
    tenths = Counter(min(int(item.difficulty * 10), 9) for item in known)
    highest = max(tenths.values(), default=1)
    return [
        {
            "words": str(10 * n),
            "range": f"{10 * n}–{10 * n + 10} %",
            "number": frame.number(tenths[n]),
            "share": round(100 * tenths[n] / highest, 1),
        }
        for n in range(10)
    ]


# ── What a question's page shows ────────────────────────────────────────────────────────────────────────────────


def _spreads(one: VersionFigures) -> list[dict[str, Any]]:
    """The answers to one version, each with its share in every group; cells of too few people stay empty."""
    item = one.item
    if item is None or item.hidden:
        return []
    table = [(*spread.groups, spread.people) for spread in item.spreads]
    seen = items.visible(table)
    sizes = (*item.groups, item.people)
    return [
        {
            "letter": _letter(one.question, spread.choice),
            "words": _answer(one.question, spread.choice),
            "right": spread.right,
            "cells": [
                {
                    "count": count if shown else None,
                    "share": round(100 * count / size, 1) if shown and size else None,
                }
                for count, shown, size in zip(counts, row, sizes, strict=True)
            ],
        }
        for spread, counts, row in zip(item.spreads, table, seen, strict=True)
    ]


def _letter(asked: Question, choice: Choice) -> str:
    ticked = asked.options and asked.kind != "order" and choice is not None
    return LETTERS[choice[0]] if ticked and choice is not None else ""


def _answer(asked: Question, choice: Choice) -> str:
    """What an answer said, in full where there is an option for it."""
    if choice is None or not _letter(asked, choice):
        return _choice(asked, choice)
    return asked.options[choice[0]].of(language())


# ── The workbook ────────────────────────────────────────────────────────────────────────────────────────────────


def _question_table(lines: Sequence[Line]) -> Table:
    heads = [
        gettext("Mã"),
        gettext("Chủ đề"),
        gettext("Mức độ"),
        gettext("Câu hỏi"),
        gettext("Phiên bản"),
        gettext("Số lần phát trong 30 ngày"),
        gettext("Số người làm"),
        gettext("Tỷ lệ đúng"),
        gettext("Độ phân biệt (tương quan)"),
        gettext("Độ phân biệt (nhóm cao – nhóm thấp)"),
        gettext("Độ khó Rasch (logit)"),
        gettext("Sai số chuẩn"),
        gettext("Infit"),
        gettext("Outfit"),
        gettext("Thời gian trung vị, tự làm (giây)"),
        gettext("Thời gian trung vị, phòng thi (giây)"),
        gettext("Nhận xét"),
    ]
    return Table(gettext("Câu hỏi"), heads, [_question_row(line) for line in lines])


def _question_row(line: Line) -> list[Cell]:
    asked, item, measure = line.question, line.item, line.measure
    known = item is not None and not item.hidden
    start: list[Cell] = [
        asked.id,
        asked.topic,
        str(LEVELS[asked.difficulty]),
        asked.stem.of(language()),
        line.version,
        line.dealt,
    ]
    if item is None or not known:
        return [*start, people(item.people if item else 0), *[None] * 9, "; ".join(remarks(line))]
    values = [item.difficulty, item.discrimination, item.upper_lower]
    values += [measure.logits, measure.error, measure.infit, measure.outfit] if measure else [None] * 4
    times = [ms if ms is None else ms / 1000 for ms in (item.median_ms, item.median_live_ms)]
    figures_ = [value if value is None else round(value, 3) for value in (*values, *times)]
    return [*start, item.people, *figures_, "; ".join(remarks(line))]


def _article_table(found: Overview, law: Law) -> Table:
    heads = [gettext("Điều"), gettext("Tên điều"), gettext("Chương"), gettext("Số câu hỏi")]
    rows: list[list[Cell]] = [
        [article.number, article.title, chapter.roman, found.coverage.articles[article.number]]
        for chapter in law.chapters
        for article in chapter.articles
    ]
    return Table(gettext("Điều luật"), heads, rows)


def _topic_table(found: Overview, topics: Sequence[TopicCount]) -> Table:
    heads = [gettext("Chủ đề"), *(str(LEVELS[level]) for level in DIFFICULTIES), gettext("Cộng")]
    rows: list[list[Cell]] = [[one["name"], *one["levels"], one["sum"]] for one in _topics(found, topics)]
    return Table(gettext("Chủ đề"), heads, rows)
