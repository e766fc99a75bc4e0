"""The bank for those who keep it: the list with its filters, one question, and the steps that bring it into use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext, ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from quizapp import clock, db
from quizapp.errors import Refusal
from quizapp.rules import workflow
from quizapp.rules.difference import Change, changes
from quizapp.rules.draft import Finding
from quizapp.rules.law import parse_citation
from quizapp.rules.question import Question
from quizapp.rules.workflow import Step
from quizapp.services import approvals, bank_filters, banks, comments, revisions
from quizapp.services.comments import Comment
from quizapp.services.revisions import Version
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
LANGUAGE_STATES = {
    "full": lazy_gettext("Đủ hai ngôn ngữ"),
    "missing": lazy_gettext("Thiếu tiếng Anh"),
    "stale": lazy_gettext("Bản dịch đã cũ"),
}
QUALITIES = {
    "unread": lazy_gettext("Chưa có lượt đọc thứ hai"),
    "remarks": lazy_gettext("Còn góp ý"),
    "unfit": lazy_gettext("Chưa đạt kiểm tra"),
}
VERDICTS = {
    "agreed": lazy_gettext("Đồng ý"),
    "mended": lazy_gettext("Đã sửa"),
    "replaced": lazy_gettext("Đã thay câu khác"),
}
FILTERS = ("tim", "chu-de", "dieu", "loai", "muc", "trang-thai", "ngon-ngu", "chat-luong")
FIELDS = {
    "": lazy_gettext("Cả câu hỏi"),
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

bp = Blueprint("bank", __name__)
keeper = needs("reviewer", "admin")


@bp.get("/ngan-hang")
@keeper
def show() -> str:
    asked = _asked(request.args)
    page = max(request.args.get("trang", 1, type=int), 1)
    with db.read() as session:
        found = revisions.search(
            session,
            asked["tim"],
            topic=asked["chu-de"],
            kind=asked["loai"],
            difficulty=asked["muc"],
            state=asked["trang-thai"],
            article=int(asked["dieu"]) if asked["dieu"].isdecimal() else None,
            language=asked["ngon-ngu"],
            quality=asked["chat-luong"],
            law=the_law(),
        )
        return render_template(
            "bank/show.html",
            asked=asked,
            found=found[(page - 1) * PAGE : page * PAGE],
            count=len(found),
            page=page,
            pages=-(-len(found) // PAGE),
            topics=banks.topics(session),
            states=revisions.states(session),
            unread=len(banks.unread(session)),
            clashes=banks.clashes(session),
            filters=bank_filters.of(session, current_user.id),
            faults=[_fault(fault) for fault in banks.faults(session)],
            words=words(),
        )


@bp.post("/ngan-hang/bo-loc")
@keeper
def keep_filter() -> Response:
    """Keep the filters of the list under a name."""
    chosen = _asked(request.form)
    with db.begin() as session:
        bank_filters.keep(session, current_user.id, request.form.get("ten", ""), chosen)
    flash(gettext("Đã lưu bộ lọc."), "ok")
    return redirect(_list({name: value for name, value in chosen.items() if value}))


@bp.post("/ngan-hang/bo-loc/<int:number>/xoa")
@keeper
def drop_filter(number: int) -> Response:
    with db.begin() as session:
        bank_filters.drop(session, current_user.id, number)
    flash(gettext("Đã xóa bộ lọc."), "ok")
    return redirect(url_for(".show"))


@bp.post("/ngan-hang/gui-duyet")
@keeper
def submit_chosen() -> Response:
    """Send the ticked drafts for approval; each by itself, so that one that is not ready holds up no other."""
    sent, held = 0, []
    for id in request.form.getlist("cau")[:PAGE]:
        try:
            with db.begin() as session:
                _take(session, id, "submit")
            sent += 1
        except Refusal:
            held.append(id)
    if sent:
        flash(ngettext("Đã gửi duyệt %(num)s câu hỏi.", "Đã gửi duyệt %(num)s câu hỏi.", sent), "ok")
    if held:
        flash(gettext("Chưa gửi được, mở từng câu để xem lý do: %(ids)s.", ids=", ".join(held)), "warn")
    if not sent and not held:
        flash(gettext("Chưa chọn câu hỏi nào."), "warn")
    return redirect(_list({"trang-thai": "waiting" if sent and not held else "draft"}))


@bp.get("/ngan-hang/<id>")
@keeper
def question(id: str) -> str:
    law = the_law()
    with db.read() as session:
        found = revisions.find(session, id)
        versions = revisions.history(session, id)
        current = versions[0]
        unapproved = found.state in ("draft", "waiting", "recheck")
        findings = revisions.unfit(session, found.question, law) if unapproved else []
        remarks = comments.of(session, id)
        return render_template(
            "bank/question.html",
            found=found,
            topic=banks.topic(session, found.topic),
            current=current,
            versions=_with_changes(versions),
            findings=[_sentence(finding) for finding in findings],
            steps=workflow.offered(
                found.state,
                current_user.roles,
                author=current.author_id == current_user.id,
                approved_before=current.approved,
            ),
            parts=_parts(found.question, remarks),
            shown=_shown(found.question),
            reading=banks.reading(session, id),
            places=places(found.question.citations),
            facts=[law.facts[name] for name in found.question.facts if name in law.facts],
            words=words(),
        )


@bp.post("/ngan-hang/<id>/<any(" + ", ".join(f'"{name}"' for name in STEPS) + "):name>")
@keeper
def take(id: str, name: str) -> Response:
    """One step of the workflow, about the version that was looked at; after an approval comes the next question."""
    with db.begin() as session:
        state = _take(
            session,
            id,
            STEPS[name],
            version=request.form.get("version", type=int),
            reason=request.form.get("reason", ""),
        )
        after = revisions.next_waiting(session, current_user.id) if STEPS[name] == "approve" else None
    flash(gettext(DONE[state]), "ok")
    if after is not None:
        flash(gettext("Đã duyệt %(id)s. Đây là câu tiếp theo đang chờ duyệt.", id=id), "info")
    return redirect(url_for(".question", id=after or id))


@bp.post("/ngan-hang/<id>/gop-y")
@keeper
def remark(id: str) -> Response:
    field = request.form.get("field", "")
    with db.begin() as session:
        comments.write(session, id, field, request.form.get("text", ""), current_user.id, now=clock.now())
    return redirect(url_for(".question", id=id) + f"#muc-{field or 'chung'}")


@bp.post("/ngan-hang/<id>/gop-y/<int:number>/xong")
@keeper
def settle(id: str, number: int) -> Response:
    with db.begin() as session:
        comments.settle(session, id, number, current_user.id, now=clock.now())
    return redirect(url_for(".question", id=id) + "#noi-dung-cau")


@bp.post("/ngan-hang/<id>/ban-dich")
@keeper
def confirm_translation(id: str) -> Response:
    """Say that the English is right although the Vietnamese changed after it."""
    with db.begin() as session:
        version = request.form.get("version", 0, type=int)
        revisions.confirm_translation(session, id, current_user.id, version=version, now=clock.now())
    flash(gettext("Đã ghi nhận: bản dịch vẫn đúng."), "ok")
    return redirect(url_for(".question", id=id))


# ── What the pages show ─────────────────────────────────────────────────────────────────────────────────────────


def places(citations: Sequence[str]) -> list[dict[str, Any]]:
    """Each cited provision: its words in the reader's language, its address, and the law's text there."""
    law = the_law()
    cited = [place for text in citations if (place := parse_citation(text)) and place.exists_in(law)]
    return [
        {"name": place.of(language()), "path": place.path, "text": [text for _, text in law.words_of(place)]}
        for place in cited
    ]


def words() -> dict[str, Any]:
    """The words for what the bank knows by short names."""
    return {
        "kinds": KINDS,
        "difficulties": DIFFICULTIES,
        "states": STATES,
        "sources": SOURCES,
        "fields": FIELDS,
        "languages": LANGUAGES,
        "language_states": LANGUAGE_STATES,
        "qualities": QUALITIES,
        "verdicts": VERDICTS,
    }


def _list(chosen: dict[str, str]) -> str:
    return f"{url_for('.show')}?{urlencode(chosen)}"


def _asked(given: Any) -> dict[str, str]:
    return {name: given.get(name, "")[:100] for name in FILTERS}


def _take(session: Any, id: str, step: Step, **more: Any) -> workflow.State:
    who = (current_user.id, current_user.roles)
    return approvals.take(session, id, step, *who, the_law(), **more, now=clock.now())


def _parts(said: Question, remarks: Sequence[Comment]) -> list[dict[str, Any]]:
    """The parts of a question that people remark on: both languages beside each other, and the remarks on each."""
    options = [said.options[n] for n in said.key] if said.kind == "order" else said.options
    right = set() if said.kind == "order" else set(said.key)
    texts = {
        "": [],
        "stem": [(said.stem, "")],
        "options": [(text, "✓ " if n in right else "") for n, text in enumerate(options)],
        "unit": [(said.unit, f"{said.key[0]} ")] if said.unit else [],
        "explanation": [(said.explanation, "")],
        "short": [(said.short, "")],
    }
    parts = [
        {
            "name": name,
            "texts": [{"vi": mark + text.vi, "en": mark + text.en if text.en else ""} for text, mark in rows],
            "remarks": [one for one in remarks if one.field == name],
        }
        for name, rows in texts.items()
        if rows or name == ""
    ]
    known = {part["name"] for part in parts}
    parts[0]["remarks"] = [one for one in remarks if one.field == "" or one.field not in known]
    return [*parts[1:], parts[0]]


def _shown(said: Question) -> dict[str, Any]:
    """What the preview shows of a question as it stands."""
    numbers = said.key if said.kind == "order" else range(len(said.options))
    options = [
        {"vi": said.options[n].vi, "en": said.options[n].en, "right": said.kind != "order" and n in said.key}
        for n in numbers
    ]
    texts = {"stem": said.stem, "short": said.short, "explanation": said.explanation, "unit": said.unit}
    both = {name: {"vi": text.vi, "en": text.en} if text else {} for name, text in texts.items()}
    return {**both, "kind": said.kind, "options": options, "answer": said.key[0] if said.kind == "number" else ""}


def _with_changes(versions: Sequence[Version]) -> list[tuple[Version, tuple[Change, ...]]]:
    """Each version with what it changed against the one before it."""
    older = [*versions[1:], None]
    return [
        (this, changes(before.question, this.question) if before else ())
        for this, before in zip(versions, older, strict=True)
    ]


def _sentence(finding: Finding) -> str:
    details = spoken(finding, _name_of(finding))
    return f"{gettext(finding.problem, **details)} {gettext(finding.remedy, **details)}"


def spoken(finding: Finding, label: str) -> dict[str, Any]:
    """The details of a finding in words that people know: the field by its label, the kind by its name."""
    kind = finding.details.get("kind")
    named = {"kind": KINDS[str(kind)]} if kind in KINDS else {}
    return {**finding.details, **named, "key": label}


def _name_of(finding: Finding) -> str:
    """What a finding is about, in words: `Phương án 2 (tiếng Anh)`."""
    name = str(finding.path[0]) if finding.path else ""
    number = next((part for part in finding.path if isinstance(part, int)), None)
    spoken = next((LANGUAGES[str(part)] for part in finding.path if part in LANGUAGES), None)
    label = gettext("Phương án %(n)s", n=number + 1) if name == "options" and number is not None else FIELDS.get(name)
    return f"{label or name}" + (f" ({spoken})" if spoken else "")


def _fault(fault: Any) -> dict[str, Any]:
    return {
        "file": fault.file,
        "line": fault.line,
        "question": fault.question_id,
        "problem": gettext(fault.problem) % fault.details,
        "remedy": gettext(fault.remedy) % fault.details,
    }
