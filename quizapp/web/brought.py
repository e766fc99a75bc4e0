"""Tables that people bring as files or paste, and the workbooks they are given."""

from __future__ import annotations

from flask import make_response, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from quizapp.formats import sandbox, table, xlsx
from quizapp.formats.upload import BadFile

PASTED = 400_000  # letters


def rows() -> tuple[str, list[tuple[int, list[str]]]]:
    """The name and rows of the file that was sent, or else of what was pasted. Refuses when there is neither."""
    given = request.files.get("file")
    if given is not None and given.filename:
        return given.filename, sandbox.table(given.read())
    if not pasted().strip():
        raise BadFile("Vui lòng chọn một tệp, hoặc dán các dòng vào ô.")
    return gettext("Đã dán"), table.cells(pasted())


def pasted() -> str:
    """What was pasted into the form, as far as it is read."""
    return request.form.get("dan", "")[:PASTED]


def file(content: bytes, name: str) -> Response:
    """A workbook to download; what is in it may be personal, so nobody on the way keeps it."""
    answer = make_response(content)
    answer.headers["Content-Type"] = xlsx.MEDIA_TYPE
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
