"""The formats by name, and which of them a file is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from quizapp.formats import aiken, archive, charset, csv, gift, kahoot, moodle, qti, toml, workbook, xlsx
from quizapp.formats.upload import BadFile, Format, check_size

FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        *(xlsx.FORMAT, csv.FORMAT, toml.FORMAT, moodle.FORMAT, *qti.FORMATS),  # those that hold everything
        *(gift.FORMAT, aiken.FORMAT, kahoot.FORMAT),
    )
}

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_OTHER_OFFICE = ("word/", "ppt/", "mimetype")
_TOML = re.compile(r"^[ \t]*\[(?:\[question\]|topic)\]", re.MULTILINE)
_QTI = re.compile(r"<(?:\w+:)?(?:assessmentItem|qti-assessment-item|questestinterop)\b")
_AIKEN = re.compile(r"^[ \t]*ANSWER[ \t]*:[ \t]*[A-Z][ \t]*$", re.MULTILINE | re.IGNORECASE)
_GIFT = re.compile(r"^[ \t]*::.*?::|^[ \t]*\$CATEGORY:|\{[^{}]*[=~#][^{}]*\}|\{\s*(?:T|F|TRUE|FALSE)\b", re.MULTILINE)
_BY_NAME = {"csv": csv.FORMAT, "tsv": csv.FORMAT, "toml": toml.FORMAT, "gift": gift.FORMAT}


def recognise(data: bytes, file_name: str = "") -> str:
    """The name of the format that a file is in: by what stands in it, and by its own name where that leaves a doubt."""
    check_size(data)
    if data.startswith((b"PK", _OLD_OFFICE)):
        return _packed(data)
    if data.startswith(_BINARY):
        raise BadFile(_UNKNOWN)
    text, _ = charset.read(data)
    named = _BY_NAME.get(file_name.rpartition(".")[2].lower())
    if text.lstrip().startswith("<"):
        return qti.FORMATS[0].name if _QTI.search(text) else moodle.FORMAT.name
    if _TOML.search(text):
        return toml.FORMAT.name
    if named is not None:
        return named.name
    if _AIKEN.search(text):
        return aiken.FORMAT.name
    if _GIFT.search(text):
        return gift.FORMAT.name
    if any(sign in text for sign in ",;\t"):
        return csv.FORMAT.name
    raise BadFile(_UNKNOWN)


_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")
_UNKNOWN = "Không nhận ra loại tệp. Vui lòng chọn tệp Excel, CSV, TOML, Moodle XML, GIFT, Aiken hoặc QTI."


def _packed(data: bytes) -> str:
    """Which of the formats that are ZIP files it is."""
    names = archive.open_checked(data).names if data.startswith(b"PK") else ("xl/",)
    if any(name.lower().startswith(_OTHER_OFFICE) for name in names):
        raise BadFile(_UNKNOWN)
    if not any(name.lower().startswith("xl/") for name in names):
        return qti.FORMATS[0].name
    rows = [row for sheet in workbook.read(data).sheets for _, row in sheet.rows[: kahoot.HEADER_WITHIN]]
    return kahoot.FORMAT.name if any(map(kahoot.is_header, rows)) else xlsx.FORMAT.name
