"""The bank for those who keep it: list, one question, edit into a new version, retire and restore, load the files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext, ngettext
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FieldList,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
)
from wtforms import StringField as Line
from wtforms import TextAreaField as Lines
from wtforms.validators import InputRequired, Optional

from quizapp import clock, db
from quizapp.config import Config
from quizapp.rules.difference import Change, changes
from quizapp.rules.draft import Finding
from quizapp.rules.law import parse_citation
from quizapp.rules.question import Question
from quizapp.rules.workflow import Step
from quizapp.services import approvals, banks, revisions
from quizapp.services.revisions import Found, Unfit, Version
from quizapp.web.frame import language
from quizapp.web.law import the_law
from quizapp.web.signing import needs

PAGE = 50
KINDS = {
    "one": lazy_gettext("Một đáp án"),
    "several": lazy_gettext("Nhiều đáp án"),
    "truefalse": lazy_gettext("Đúng hay sai"),
    "order": lazy_gettext("Sắp xếp"),
    "number": lazy_gettext("Điền số"),
}
DIFFICULTIES = {
    "know": lazy_gettext("Nhận biết"),
    "understand": lazy_gettext("Thông hiểu"),
    "apply": lazy_gettext("Vận dụng"),
}
STATES = {
    "draft": lazy_gettext("Nháp"),
    "waiting": lazy_gettext("Chờ duyệt"),
    "approved": lazy_gettext("Đã duyệt"),
    "recheck": lazy_gettext("Cần rà soát"),
    "retired": lazy_gettext("Ngừng dùng"),
    "vanished": lazy_gettext("Không còn trong tệp"),
}
TRUTHS = {"0": lazy_gettext("Đúng"), "1": lazy_gettext("Sai")}
SOURCES = {
    "file": lazy_gettext("tệp câu hỏi"),
    "editor": lazy_gettext("trang ngân hàng"),
    "import": lazy_gettext("nhập từ tệp ngoài"),
}
FIELDS = {
    "difficulty": lazy_gettext("Mức độ"),
    "scenario": lazy_gettext("Là câu hỏi tình huống"),
    "citations": lazy_gettext("Căn cứ pháp lý"),
    "facts": lazy_gettext("Mã dữ kiện"),
    "stem": lazy_gettext("Câu hỏi"),
    "short": lazy_gettext("Bản ngắn cho màn hình"),
    "options": lazy_gettext("Phương án"),
    "answer": lazy_gettext("Đáp án"),
    "unit": lazy_gettext("Đơn vị"),
    "explanation": lazy_gettext("Giải thích"),
    "period": lazy_gettext("Thời gian áp dụng"),
    "in_force_from": lazy_gettext("Áp dụng từ ngày"),
    "in_force_to": lazy_gettext("Áp dụng đến hết ngày"),
}
LANGUAGES = {"vi": lazy_gettext("tiếng Việt"), "en": lazy_gettext("tiếng Anh")}

bp = Blueprint("bank", __name__)
keeper = needs("reviewer", "admin")


@bp.get("/ngan-hang")
@keeper
def show() -> str:
    asked = {name: request.args.get(name, "") for name in ("tim", "chu-de", "loai", "muc", "trang-thai")}
    page = max(request.args.get("trang", 1, type=int), 1)
    with db.read() as session:
        found = revisions.search(
            session,
            asked["tim"][:100],
            topic=asked["chu-de"],
            kind=asked["loai"],
            difficulty=asked["muc"],
            state=asked["trang-thai"],
        )
        return render_template(
            "bank/show.html",
            asked=asked,
            found=found[(page - 1) * PAGE : page * PAGE],
            count=len(found),
            page=page,
            pages=-(-len(found) // PAGE),
            topics=banks.topics(session),
            faults=[_fault(fault) for fault in banks.faults(session)],
            words=_words(),
        )


@bp.post("/ngan-hang/nap-lai")
@keeper
def reload() -> Response:
    """Load the question files now instead of at the next look of the clock."""
    settings: Config = current_app.extensions["quiz_config"]
    sheets = banks.read(settings.questions)
    with db.begin() as session:
        done = revisions.reload(session, sheets, current_user.id, now=clock.now())
    moved = len(done.added) + len(done.changed) + len(done.vanished) + len(done.returned)
    flash(ngettext("Đã nạp: %(num)s câu hỏi thay đổi.", "Đã nạp: %(num)s câu hỏi thay đổi.", moved), "ok")
    if done.kept:
        kept = ", ".join(done.kept)
        flash(gettext("Giữ bản đã sửa trên trang, không lấy theo tệp: %(kept)s.", kept=kept), "warn")
    return redirect(url_for(".show"))


@bp.get("/ngan-hang/<id>")
@keeper
def question(id: str) -> str:
    law = the_law()
    with db.read() as session:
        found = revisions.find(session, id)
        versions = revisions.history(session, id)
        topic = banks.topic(session, found.topic)
    return render_template(
        "bank/question.html",
        found=found,
        topic=topic,
        versions=_with_changes(versions),
        places=_places(found.question),
        facts=[law.facts[name] for name in found.question.facts if name in law.facts],
        words=_words(),
    )


@bp.route("/ngan-hang/<id>/sua", methods=["GET", "POST"])
@keeper
def edit(id: str) -> str | Response | tuple[str, int]:
    with db.read() as session:
        found = revisions.find(session, id)
    form = _form_of(found)
    if not form.is_submitted():
        return _editor(found, form)
    if not form.validate():
        return _editor(found, form), 422
    try:
        with db.begin() as session:
            now = clock.now()
            findings = revisions.check(session, id, found.topic, form.values(), the_law())
            if findings:
                raise Unfit(findings)
            version = revisions.edit(session, id, form.values(), current_user.id, based_on=form.based_on.data, now=now)
            if version != found.version:
                approvals.take(session, id, "submit", current_user.id, current_user.roles, the_law(), now=now)
    except Unfit as unfit:
        form.blame(unfit.findings)
        return _editor(found, form), 422
    saved = version != found.version
    flash(gettext("Đã lưu thành phiên bản %(n)s.", n=version) if saved else gettext("Không có gì thay đổi."), "ok")
    return redirect(url_for(".question", id=id))


STEPS: dict[str, Step] = {
    "gui-duyet": "submit",
    "tra-lai": "back",
    "duyet": "approve",
    "ra-soat": "recheck",
    "ngung-dung": "retire",
    "dung-lai": "restore",
}
DONE = {
    "waiting": lazy_gettext("Câu hỏi đã gửi duyệt."),
    "draft": lazy_gettext("Câu hỏi là bản nháp."),
    "approved": lazy_gettext("Câu hỏi được dùng từ bây giờ."),
    "recheck": lazy_gettext("Câu hỏi chờ rà soát và không được phát cho bài mới."),
    "retired": lazy_gettext("Câu hỏi đã ngừng dùng. Các bài đã phát vẫn giữ nguyên."),
}


@bp.post("/ngan-hang/<id>/<any(" + ", ".join(f'"{name}"' for name in STEPS) + "):name>")
@keeper
def take(id: str, name: str) -> Response:
    """One step of the workflow, about the version that was looked at."""
    with db.begin() as session:
        state = approvals.take(
            session,
            id,
            STEPS[name],
            current_user.id,
            current_user.roles,
            the_law(),
            version=request.form.get("version", type=int),
            reason=request.form.get("reason", ""),
            now=clock.now(),
        )
    flash(gettext(DONE[state]), "ok")
    return redirect(url_for(".question", id=id))


# ── The edit form ───────────────────────────────────────────────────────────────────────────────────────────────


class Both(Form):
    """A text in both languages."""

    vi = Lines()
    en = Lines()


class Choice(Form):
    """One option; an empty one is left out."""

    vi = Line()
    en = Line()
    right = BooleanField()


class Editor(FlaskForm):
    """What every kind of question has; `values` gives it back in the shape of a question file."""

    based_on = IntegerField(validators=[InputRequired()])
    difficulty = SelectField(FIELDS["difficulty"], choices=[SelectChoice(*one) for one in DIFFICULTIES.items()])
    scenario = BooleanField(FIELDS["scenario"])
    stem = FormField(Both, FIELDS["stem"])
    short = FormField(Both, FIELDS["short"])
    explanation = FormField(Both, FIELDS["explanation"])
    citations = Lines(FIELDS["citations"])
    facts = Line(FIELDS["facts"])
    in_force_from = DateField(FIELDS["in_force_from"], [Optional()])
    in_force_to = DateField(FIELDS["in_force_to"], [Optional()])

    kind: str

    def values(self) -> dict[str, Any]:
        """The question as one table of a question file says it."""
        days = {name: self[name].data for name in ("in_force_from", "in_force_to") if self[name].data}
        return {
            "kind": self.kind,
            "difficulty": self.difficulty.data,
            **({"scenario": True} if self.scenario.data else {}),
            **{name: _both(self[name].data) for name in ("stem", "short", "explanation")},
            "citations": _listed(self.citations.data, r"[\n;]+"),
            "facts": _listed(self.facts.data, r"[\s,;]+"),
            **days,
        }

    def blame(self, findings: Sequence[Finding]) -> None:
        """Put what the bank finds wrong beside the fields it is about."""
        for finding in findings:
            field = self._field(*finding.path)
            label = field.label.text if field is not None else ""
            details = {**finding.details, "key": label}
            sentence = f"{gettext(finding.problem, **details)} {gettext(finding.remedy, **details)}"
            (field or self.based_on).errors = [*(field or self.based_on).errors, sentence]

    def errors_listed(self) -> list[tuple[str, str]]:
        """Every error with the name of the field it stands at."""
        return [(field.name, str(error)) for field in _leaves(self) for error in field.errors]

    def _field(self, name: str | int = "", *rest: str | int) -> Field | None:
        found = self._fields.get(str(name))
        if isinstance(found, FormField):
            return found.form._fields.get(str(rest[0])) if rest else found.form._fields["vi"]
        return found


class ChoiceEditor(Editor):
    """Kinds with options: one, several, order."""

    options = FieldList(FormField(Choice), FIELDS["options"], min_entries=6, max_entries=6)

    def values(self) -> dict[str, Any]:
        options = [self._option(row.form) for row in self._filled()]
        return {**super().values(), "options": options}

    def _option(self, row: Form) -> dict[str, Any]:
        both = _both(row.data)
        return {**both, "right": True} if self.kind != "order" and row.right.data else both

    def _filled(self) -> list[FormField]:
        return [row for row in self.options if any((row.form[part].data or "").strip() for part in ("vi", "en"))]

    def _field(self, name: str | int = "", *rest: str | int) -> Field | None:
        if name != "options":
            return super()._field(name, *rest)
        rows = self._filled() or list(self.options)
        row = rows[int(rest[0])] if rest else rows[0]
        return row.form["en" if "en" in rest else "vi"]


class StatementEditor(Editor):
    """A statement that is true or false."""

    answer = RadioField(
        FIELDS["answer"], choices=[SelectChoice("0", lazy_gettext("Đúng")), SelectChoice("1", lazy_gettext("Sai"))]
    )

    def values(self) -> dict[str, Any]:
        return {**super().values(), "answer": self.answer.data == "0"}


class NumberEditor(Editor):
    """A question whose answer is a whole number."""

    answer = IntegerField(FIELDS["answer"], [InputRequired(lazy_gettext("Vui lòng ghi một số nguyên."))])
    unit = FormField(Both, FIELDS["unit"])

    def values(self) -> dict[str, Any]:
        return {**super().values(), "answer": self.answer.data, "unit": _both(self.unit.data)}


_EDITORS: dict[str, type[Editor]] = {"truefalse": StatementEditor, "number": NumberEditor}


def _form_of(found: Found) -> Editor:
    """The form for a question's kind, filled with what it says now where nothing was sent."""
    said = found.question
    filled: dict[str, Any] = {
        "based_on": found.version,
        "difficulty": said.difficulty,
        "scenario": said.scenario,
        **{name: {"vi": text.vi, "en": text.en} for name, text in _texts(said).items()},
        "citations": "\n".join(said.citations),
        "facts": ", ".join(said.facts),
        "in_force_from": said.in_force_from,
        "in_force_to": said.in_force_to,
    }
    if said.kind in ("truefalse", "number"):
        filled["answer"] = str(said.key[0]) if said.kind == "truefalse" else said.key[0]
    else:
        order = said.key if said.kind == "order" else range(len(said.options))
        filled["options"] = [
            {"vi": said.options[n].vi, "en": said.options[n].en, "right": n in said.key} for n in order
        ]
    form = _EDITORS.get(said.kind, ChoiceEditor)(data=filled)
    form.kind = said.kind
    _label(form)
    return form


def _label(form: Editor) -> None:
    """Name every field so that an error beside it is understood by itself."""
    for name, field in form._fields.items():
        if isinstance(field, FormField):
            for part in field.form:
                part.label.text = f"{FIELDS[name]} ({LANGUAGES[part.short_name]})"
        if isinstance(field, FieldList):
            for n, row in enumerate(field, 1):
                for part in row.form:
                    if part.short_name in LANGUAGES:
                        part.label.text = f"{gettext('Phương án %(n)s', n=n)} ({LANGUAGES[part.short_name]})"


def _leaves(fields: Any) -> list[Field]:
    """Every field that holds a value, those of inner forms included."""
    found: list[Field] = []
    for field in fields:
        if isinstance(field, FormField):
            found += _leaves(field.form)
        elif isinstance(field, FieldList):
            found += _leaves(field)
        else:
            found.append(field)
    return found


def _texts(said: Question) -> dict[str, Any]:
    texts = {"stem": said.stem, "short": said.short, "explanation": said.explanation, "unit": said.unit}
    return {name: text for name, text in texts.items() if text is not None}


def _both(typed: dict[str, Any]) -> dict[str, str]:
    return {language: " ".join((typed[language] or "").split()) for language in ("vi", "en")}


def _listed(typed: str | None, separator: str) -> list[str]:
    return [" ".join(part.split()) for part in re.split(separator, typed or "") if part.strip()]


# ── What the pages show ─────────────────────────────────────────────────────────────────────────────────────────


def _editor(found: Found, form: Editor) -> str:
    places = _places(found.question)
    return render_template("bank/edit.html", found=found, form=form, places=places, words=_words())


def _places(said: Question) -> list[dict[str, Any]]:
    """Each cited provision: its words in the reader's language, its address, and the law's text there."""
    law = the_law()
    cited = [place for text in said.citations if (place := parse_citation(text))]
    return [
        {"name": place.of(language()), "path": place.path, "text": [text for _, text in law.words_of(place)]}
        for place in cited
    ]


def _with_changes(versions: Sequence[Version]) -> list[tuple[Version, tuple[Change, ...]]]:
    """Each version with what it changed against the one before it."""
    older = [*versions[1:], None]
    return [
        (this, changes(before.question, this.question) if before else ())
        for this, before in zip(versions, older, strict=True)
    ]


def _fault(fault: Any) -> dict[str, Any]:
    return {
        "file": fault.file,
        "line": fault.line,
        "question": fault.question_id,
        "problem": gettext(fault.problem) % fault.details,
        "remedy": gettext(fault.remedy) % fault.details,
    }


def _words() -> dict[str, Any]:
    """The words for what the bank knows by short names."""
    return {
        "kinds": KINDS,
        "difficulties": DIFFICULTIES,
        "states": STATES,
        "sources": SOURCES,
        "fields": FIELDS,
        "languages": LANGUAGES,
    }
