"""Questions from files and to files: upload, look over, take as drafts, mend the rest; choose, see losses, save."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext, ngettext
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import SelectField

from quizapp import clock, db
from quizapp.errors import NotFound, TooMany, Unreadable
from quizapp.formats import registry, sandbox, xlsx
from quizapp.formats.upload import BadFile, Format, Problem, Row, Upload
from quizapp.rules.bank import Topic
from quizapp.rules.question import Question
from quizapp.services import banks, exchange
from quizapp.services.banks import TopicCount
from quizapp.services.exchange import Read, Remark
from quizapp.web.bank import DIFFICULTIES, FIELDS, KINDS, LANGUAGES
from quizapp.web.frame import language
from quizapp.web.law import the_law
from quizapp.web.signing import needs

PAGE = 50
SHOWN_IDS = 8  # how many questions are named beside a loss

_MORE_FIELDS = {"topic": lazy_gettext("Chủ đề"), "kind": lazy_gettext("Loại")}

bp = Blueprint("exchange", __name__, url_prefix="/ngan-hang")
keeper = needs("reviewer", "admin")


class Uploading(FlaskForm):
    """The form for a file."""

    file = FileField()
    topic = SelectField(validate_choice=False)  # what is unknown counts as not chosen
    format = SelectField(validate_choice=False)


# ── In ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@bp.route("/nhap", methods=["GET", "POST"])
@keeper
def upload() -> Any:
    form = Uploading()
    with db.read() as session:
        topics = banks.topics(session)
    form.topic.choices = [("", gettext("Không có, tệp đã ghi chủ đề")), *((one.slug, _name(one)) for one in topics)]
    form.format.choices = [
        ("", gettext("Tự nhận ra")),
        *((name, gettext(one.title)) for name, one in registry.FORMATS.items()),
    ]
    if not form.is_submitted():
        return render_template("exchange/upload.html", form=form, problem="")
    if not form.validate():
        return render_template("exchange/upload.html", form=form, problem=gettext(Unreadable.sentence)), 422
    try:
        given = form.file.data
        if not isinstance(given, FileStorage) or not given.filename:
            raise BadFile("Vui lòng chọn một tệp trên máy.")
        name, found = sandbox.read(given.read(), _known(form.format), given.filename)
    except (BadFile, TooMany) as refusal:
        page = render_template("exchange/upload.html", form=form, problem=gettext(refusal.sentence))
        return page, refusal.status
    with db.read() as session:
        read = [_read(row) for row in found.rows]
        checked = exchange.check(session, read, the_law(), otherwise=_known(form.topic))
    with db.begin() as session:
        notes = [_remark(note) for note in found.notes]
        id = exchange.keep(
            session, current_user.id, given.filename, name, checked, notes, _conversion(found), now=clock.now()
        )
    return redirect(url_for(".preview", id=id))


@bp.get("/nhap/mau.xlsx")
@keeper
def template() -> Response:
    """The empty workbook to fill in."""
    with db.read() as session:
        topics = _topics(banks.topics(session))
    return _file(xlsx.FORMAT.write([], topics), "mau-cau-hoi.xlsx", xlsx.FORMAT.media_type)


@bp.get("/nhap/<id>")
@keeper
def preview(id: str) -> str:
    faulty = request.args.get("xem") == "loi"
    page = max(request.args.get("trang", 1, type=int), 1)
    with db.read() as session:
        now = clock.now()
        found = exchange.preview(session, id, current_user.id, now=now)
        lines = exchange.lines(
            session, id, current_user.id, faulty=faulty, start=(page - 1) * PAGE, limit=PAGE, now=now
        )
        topics = banks.topics(session)
    count = found.faulty if faulty else found.lines
    return render_template(
        "exchange/preview.html",
        found=found,
        format=registry.FORMATS[found.format],
        lines=[(line, _said(line.faults), _said(line.gaps)) for line in lines],
        notes=[(note.where, *_sentences(note)) for note in found.notes[:PAGE]],
        faulty=faulty,
        page=page,
        pages=-(-count // PAGE),
        kinds=KINDS,
        topics={one.slug: _name(one) for one in topics},
    )


@bp.post("/nhap/<id>/nhan")
@keeper
def take(id: str) -> Response:
    """Make drafts of everything that nothing stops, in steps that hold up nobody."""
    with db.read() as session:
        found = exchange.preview(session, id, current_user.id, now=clock.now())
    if found.conversion is not None and not request.form.get("da-xem"):
        flash(gettext("Vui lòng xem chữ đã chuyển mã và đánh dấu xác nhận trước khi nhập."), "warn")
        return redirect(url_for(".preview", id=id))
    made = 0
    while done := _take_some(id):
        made += done
    flash(ngettext("Đã nhập %(num)s bản nháp.", "Đã nhập %(num)s bản nháp.", made), "ok" if made else "warn")
    return redirect(url_for(".preview", id=id))


@bp.get("/nhap/<id>/dong-loi.xlsx")
@keeper
def faulty(id: str) -> Response:
    """The lines that something stops, each with what it is, as a workbook to mend and upload again."""
    with db.read() as session:
        stopped = exchange.lines(session, id, current_user.id, faulty=True, now=clock.now())
        topics = _topics(banks.topics(session))
    if not stopped:
        raise NotFound("Tệp này không có dòng lỗi nào.")
    rows = [
        (Row(line.where, {"topic": line.topic, **line.values}), " ".join(words for _, words in _said(line.faults)))
        for line in stopped
    ]
    return _file(xlsx.write_rows(rows, topics), "dong-loi.xlsx", xlsx.FORMAT.media_type)


def _take_some(id: str) -> int:
    with db.begin() as session:
        return exchange.take(session, id, current_user.id, the_law(), now=clock.now())


# ── Out ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@bp.get("/xuat")
@keeper
def losses() -> str:
    """Choose what and how; then what the file would not have is listed before it is made."""
    asked = _asked(request.args)
    with db.read() as session:
        topics = banks.topics(session)
        questions = _chosen(session, asked)
    made = registry.FORMATS.get(asked["dinh-dang"])
    held = [] if made is None else [one for one in questions if made.holds(one)]
    return render_template(
        "exchange/export.html",
        asked=asked,
        topics=topics,
        formats=registry.FORMATS.values(),
        chosen=made,
        questions=questions,
        left_out=[] if made is None else [one.id for one in questions if not made.holds(one)],
        held=held,
        lost=[] if made is None else _lost(made, held),
        parts=[] if made is None else _parts(made, held),
        shown=SHOWN_IDS,
        kinds=KINDS,
        difficulties=DIFFICULTIES,
    )


@bp.post("/xuat")
@keeper
def download() -> Response:
    """The file; that questions left with their keys is written down."""
    asked = _asked(request.form)
    made = registry.FORMATS.get(asked["dinh-dang"])
    if made is None:
        raise Unreadable("Vui lòng chọn định dạng của tệp.")
    with db.read() as session:
        topics = _topics(banks.topics(session))
        questions = [one for one in _chosen(session, asked) if made.holds(one)]
    parts = _parts(made, questions)
    part = request.form.get("phan", 1, type=int)
    if not 1 <= part <= len(parts):
        raise Unreadable("Không có câu hỏi nào để xuất. Vui lòng chọn lại.")
    content = made.write(parts[part - 1], topics)
    with db.begin() as session:
        exchange.note_export(session, current_user.id, made.name, len(parts[part - 1]), now=clock.now())
    number = f"-{part}" if len(parts) > 1 else ""
    name = "-".join(["cau-hoi", *([asked["chu-de"]] if asked["chu-de"] else []), made.name])
    return _file(content, f"{name}{number}.{made.extension}", made.media_type)


def _asked(sent: Mapping[str, str]) -> dict[str, str]:
    return {name: sent.get(name, "") for name in ("dinh-dang", "chu-de", "loai", "muc")}


def _chosen(session: Any, asked: Mapping[str, str]) -> list[Question]:
    topics = [asked["chu-de"]] if asked["chu-de"] else []
    return exchange.chosen(session, topics, kind=asked["loai"], difficulty=asked["muc"])


def _lost(made: Format, questions: Sequence[Question]) -> list[tuple[str, list[str]]]:
    """Everything that the format does not keep, each with the questions that lose it."""
    lost: dict[str, list[str]] = {}
    for question in questions:
        for loss in made.losses(question):
            lost.setdefault(loss, []).append(question.id)
    return sorted(lost.items(), key=lambda one: -len(one[1]))


def _parts(made: Format, questions: Sequence[Question]) -> list[Sequence[Question]]:
    """The questions as they fit into files."""
    most = made.most or max(len(questions), 1)
    return [questions[begin : begin + most] for begin in range(0, len(questions), most)]


# ── Details ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _file(content: bytes, name: str, media_type: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = media_type
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _topics(counted: Sequence[TopicCount]) -> list[Topic]:
    return [Topic(one.slug, one.letter, one.name, one.lead) for one in counted]


def _name(topic: TopicCount) -> str:
    return f"{topic.letter}. {topic.name.of(language())}"


def _known(chosen: SelectField) -> str:
    """What was chosen, if it was one of the choices."""
    return chosen.data if chosen.data in {value for value, _ in chosen.choices} else ""


def _read(row: Row) -> Read:
    return Read(row.where, row.values, [_remark(problem) for problem in row.problems])


def _remark(problem: Problem) -> Remark:
    return Remark(problem.message, problem.remedy, dict(problem.details), problem.where)


def _conversion(found: Upload) -> dict[str, str] | None:
    made = found.conversion
    return None if made is None else {"charset": made.charset, "before": made.before, "after": made.after}


def _said(remarks: Sequence[Remark]) -> list[tuple[str, str]]:
    """Each remark in words: the field that it is about, and the sentence with its remedy."""
    return [(_field(remark.path), " ".join(filter(None, _sentences(remark)))) for remark in remarks]


def _sentences(remark: Remark) -> tuple[str, str]:
    details = {**remark.details}
    if remark.path:
        details["key"] = _field(remark.path)
    return gettext(remark.message) % details, (gettext(remark.remedy) % details if remark.remedy else "")


def _field(path: Sequence[str | int]) -> str:
    """A part of a question as people call it: «Phương án 2 (tiếng Anh)»."""
    return " ".join(_field_words(path))


def _field_words(path: Sequence[str | int]) -> Iterator[str]:
    for n, part in enumerate(path):
        if isinstance(part, int):
            yield str(part + 1)
        elif part in LANGUAGES:
            yield f"({LANGUAGES[part]})"
        elif n == 0:
            yield str({**FIELDS, **_MORE_FIELDS}.get(part, part))
