"""The second readings of a topic's questions: `questions/readings/<topic>.toml` in, readings or faults out."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from quizapp.rules.bank import Fault, Reading, Sheet
from quizapp.rules.law import parse_basis
from quizapp.rules.lines import Lines, scan

VERDICTS = ("agreed", "mended", "replaced")
LONGEST_DOUBT = 600

_NOT_READABLE = ("Tệp đọc lại không đọc được (%(reason)s).", "Lưu tệp ở dạng TOML, bảng mã UTF-8.")
_NO_TABLE = ("Tệp đọc lại chỉ gồm các [[reading]].", "Viết mỗi lượt đọc dưới một dòng [[reading]].")
_BAD_KEYS = (
    "Lượt đọc phải có đúng các mục question, on, articles, verdict, doubt.",
    "Thêm mục thiếu, xóa mục thừa.",
)
_UNKNOWN = ("Tệp câu hỏi không có câu «%(value)s».", "Sửa mã câu hỏi hoặc xóa lượt đọc này.")
_TWICE = ("Câu «%(value)s» có hai lượt đọc.", "Giữ lượt đọc sau cùng.")
_BAD_DAY = ("Mục «on» phải là ngày.", "Viết dạng on = 2026-11-22, không có dấu ngoặc kép.")
_BAD_ARTICLES = (
    "Mục «articles» phải kể ít nhất một điều của Luật.",
    'Viết dạng articles = ["Điều 64 khoản 1"].',
)
_BAD_VERDICT = ("Kết luận «%(value)s» không có.", "Dùng một trong: %(known)s.")
_BAD_DOUBT = ("Mục «doubt» phải là chữ, tối đa %(longest)s ký tự.", 'Viết doubt = "" nếu không còn gì nghi ngờ.')


def attach(sheet: Sheet, file: str, raw: bytes) -> Sheet:
    """The sheet of a topic with its readings, and with what is wrong with them; that keeps no question out."""
    try:
        text = raw.decode("utf-8")
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return replace(sheet, reading_faults=(Fault(file, 1, *_NOT_READABLE, {"reason": str(error)}),))
    lines = scan(text)
    listed = table.get("reading", [])
    if set(table) - {"reading"} or not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        return replace(sheet, reading_faults=(Fault(file, 1, *_NO_TABLE),))
    known = {question.item for question in sheet.questions} if sheet.good else None
    faults: list[Fault] = []
    found: dict[str, Reading] = {}
    for n, one in enumerate(listed):
        wrong = _wrong(one, known, found)
        if wrong is None:
            found[one["question"]] = Reading(
                one["question"], one["on"], tuple(one["articles"]), one["verdict"], one["doubt"]
            )
        else:
            faults.append(_fault(file, lines, n, one, *wrong))
    return replace(sheet, readings=tuple(found.values()), reading_faults=tuple(faults))


_Wrong = tuple[str, tuple[str, str], dict[str, str | int]]


def _wrong(one: Mapping[str, Any], known: set[str] | None, found: Mapping[str, Reading]) -> _Wrong | None:
    """The first thing wrong with a table: its key, the sentences, and their details."""
    if set(one) != {"question", "on", "articles", "verdict", "doubt"}:
        return "", _BAD_KEYS, {}
    id, articles, doubt = one["question"], one["articles"], one["doubt"]
    if not isinstance(id, str) or (known is not None and id not in known):
        return "question", _UNKNOWN, {"value": str(id)}
    if id in found:
        return "question", _TWICE, {"value": id}
    if not isinstance(one["on"], date) or isinstance(one["on"], datetime):
        return "on", _BAD_DAY, {}
    if not isinstance(articles, list) or not any(isinstance(a, str) and parse_basis(a) for a in articles):
        return "articles", _BAD_ARTICLES, {}
    if one["verdict"] not in VERDICTS:
        return "verdict", _BAD_VERDICT, {"value": str(one["verdict"])[:40], "known": ", ".join(VERDICTS)}
    if not isinstance(doubt, str) or len(doubt) > LONGEST_DOUBT:
        return "doubt", _BAD_DOUBT, {"longest": LONGEST_DOUBT}
    return None


def _fault(
    file: str,
    lines: Lines,
    n: int,
    one: Mapping[str, Any],
    key: str,
    sentences: tuple[str, str],
    details: dict[str, str | int],
) -> Fault:
    line = lines.of("reading", n, *((key,) if key else ()))
    return Fault(file, line, *sentences, details, str(one.get("question", "")))
