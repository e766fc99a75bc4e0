"""The editor of the bank: a new question, a new version of one, and the checks while somebody types."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec
from flask import Response as Reply
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
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
from quizapp.errors import NotFound, Refusal, Unreadable
from quizapp.rules.draft import Finding
from quizapp.rules.question import KINDS as ALL_KINDS
from quizapp.rules.question import Question
from quizapp.services import approvals, banks, comments, revisions
from quizapp.services.revisions import Found, Unfit
from quizapp.web.api import Message, read_body
from quizapp.web.bank import DIFFICULTIES, FIELDS, LANGUAGES, bp, keeper, places, spoken, words
from quizapp.web.frame import problem
from quizapp.web.law import the_law

MOST_OPTIONS = 6


@bp.route("/ngan-hang/moi", methods=["GET", "POST"])
@keeper
def new() -> str | Response | tuple[str, int]:
    """A new question: first its topic and kind, then the editor."""
    topic, kind = request.args.get("chu-de", ""), request.args.get("loai", "")
    with db.read() as session:
        topics = banks.topics(session)
    if kind not in ALL_KINDS or topic not in {one.slug for one in topics}:
        return render_template("bank/new.html", topics=topics, topic=topic, kind=kind, words=words())
    form = _form(kind, {"based_on": 0})
    if not form.is_submitted():
        return _editor(form, topic)
    if not form.validate():
        return _editor(form, topic), 422
    try:
        with db.begin() as session:
            if _sends():
                _demand(revisions.check(session, f"{topic}-0000", topic, form.values(), the_law()))
            now = clock.now()
            id = revisions.draft_new(
                session, topic, form.values(), current_user.id, the_law(), now=now, source="editor"
            )
            if _sends():
                approvals.take(session, id, "submit", current_user.id, current_user.roles, the_law(), now=now)
    except Unfit as unfit:
        form.blame(unfit.findings)
        return _editor(form, topic), 422
    flash(gettext("Đã gửi duyệt %(id)s.", id=id) if _sends() else gettext("Đã lưu bản nháp %(id)s.", id=id), "ok")
    return redirect(url_for(".question", id=id))


@bp.route("/ngan-hang/<id>/sua", methods=["GET", "POST"])
@keeper
def edit(id: str) -> str | Response | tuple[str, int]:
    with db.read() as session:
        found = revisions.find(session, id)
        remarks = comments.of(session, id)
    form = _form_of(found)
    if not form.is_submitted():
        return _editor(form, found.topic, found, remarks)
    if not form.validate():
        return _editor(form, found.topic, found, remarks), 422
    try:
        with db.begin() as session:
            if _sends():
                _demand(revisions.check(session, id, found.topic, form.values(), the_law()))
            now, based_on = clock.now(), form.based_on.data
            version = revisions.edit(session, id, form.values(), current_user.id, based_on=based_on, now=now)
            sent = _sends() and revisions.find(session, id).state == "draft"
            if sent:
                approvals.take(session, id, "submit", current_user.id, current_user.roles, the_law(), now=now)
    except Unfit as unfit:
        form.blame(unfit.findings)
        return _editor(form, found.topic, found, remarks), 422
    if sent:
        flash(gettext("Đã gửi duyệt phiên bản %(n)s.", n=version), "ok")
    elif version != found.version:
        flash(gettext("Đã lưu thành phiên bản %(n)s, còn là bản nháp.", n=version), "ok")
    else:
        flash(gettext("Không có gì thay đổi."), "ok")
    return redirect(url_for(".question", id=id))


class Typed(Message):
    """What stands in the editor now: the fields of its form by name."""

    topic: str
    kind: str
    id: str
    fields: dict[str, str]


class Remark(Message):
    """Something to mend, beside a field."""

    field: str
    text: str


class Place(Message):
    """A cited provision with its words."""

    name: str
    path: str
    text: list[str]


class Looked(Message):
    """What the bank says of what was typed: as strict as for the files."""

    remarks: list[Remark]
    places: list[Place]


@bp.post("/ngan-hang/kiem-tra")
@keeper
def check() -> Reply:
    """The checks of the bank on what stands in the editor; keeps nothing."""
    try:
        typed = read_body(Typed)
        form = _form(typed.kind, {"based_on": 0}, MultiDict(typed.fields)) if typed.kind in ALL_KINDS else None
        if form is None or not set(typed.fields) <= {field.name for field in _leaves(form)}:
            raise Unreadable
        with db.read() as session:
            if typed.id:
                revisions.find(session, typed.id)
            form.validate()
            id = typed.id or f"{typed.topic}-0000"
            findings = revisions.check(session, id, typed.topic, form.values(), the_law())
    except Refusal as refusal:
        return problem(refusal.status, refusal.code, gettext(refusal.sentence))
    form.blame(findings)
    remarks = [Remark(field=name, text=text) for name, text in form.errors_listed()]
    cited = [Place(**place) for place in places(form.values()["citations"])]
    return Reply(msgspec.json.encode(Looked(remarks=remarks, places=cited)), content_type="application/json")


def _sends() -> bool:
    """Whether the button pressed was the one that sends for approval."""
    return request.form.get("do", "submit") != "save"


def _demand(findings: Sequence[Finding]) -> None:
    if findings:
        raise Unfit(findings)


# ── The form ────────────────────────────────────────────────────────────────────────────────────────────────────


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
            details = spoken(finding, label)
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
    return _form(said.kind, filled)


def _form(kind: str, filled: dict[str, Any], sent: MultiDict[str, str] | None = None) -> Editor:
    """The form for a kind; `sent` in place of what this request carries."""
    made = _EDITORS.get(kind, ChoiceEditor)
    form = made(data=filled) if sent is None else made(formdata=sent, data=filled, meta={"csrf": False})
    form.kind = kind
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


def _editor(form: Editor, topic: str, found: Found | None = None, remarks: Sequence[comments.Comment] = ()) -> str:
    if found is not None and found.question.family is not None:
        raise NotFound("Câu này do hệ thống tính từ một họ câu hỏi trong tệp. Vui lòng sửa họ câu hỏi trong tệp đó.")
    return render_template(
        "bank/edit.html",
        found=found,
        topic=topic,
        form=form,
        shown=_shown(form),
        remarks=[one for one in remarks if one.settled_at is None],
        places=places(form.values()["citations"]),
        words=words(),
    )


def _shown(form: Editor) -> dict[str, Any]:
    """What the preview shows before any script runs: what stands in the form, with a slot for every option."""
    values = form.values()
    said = {name: values.get(name, {"vi": "", "en": ""}) for name in ("stem", "short", "explanation", "unit")}
    rows = [row.form.data for row in form.options] if isinstance(form, ChoiceEditor) else []
    if form.kind == "truefalse":
        rows = [{"vi": "Đúng", "en": "True", "right": values["answer"]}, {"vi": "Sai", "en": "False"}]
    return {**said, "kind": form.kind, "options": rows, "answer": values.get("answer", "")}
