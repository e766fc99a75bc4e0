"""Whether what was read can be read by people: letters that stay broken are a problem of their row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from quizapp.formats import charset
from quizapp.formats.upload import Problem, Row, Upload

_FEW_WORDS = 3  # of another language, as names are, prove nothing
_WORD = re.compile(r"[^\W\d_]+")
_SIGNS = re.compile(r"\ufffd|[^\W\d_][¨©®ª¬µ¶·¸¹¼½¾×÷¡¢£¤¥¦§°º»]|[¨©®ª¬µ¶·¸¹¼½¾×÷¡¢£¤¥¦§][^\W\d_]")


def flagged(found: Upload) -> Upload:
    """The same with a problem at every row whose Vietnamese is broken, so that none is taken silently."""
    return replace(found, rows=tuple(_flagged(row) for row in found.rows))


def _flagged(row: Row) -> Row:
    texts = [row.values.get("stem"), row.values.get("explanation"), *_options(row)]
    text = " ".join(str(one.get("vi", "")) for one in texts if isinstance(one, Mapping))
    if not charset.is_broken(text):
        return row
    foreign = sum(not word.isascii() and charset.share(word) < 1 for word in _WORD.findall(text))
    if foreign < _FEW_WORDS and not _SIGNS.search(text):
        return row
    problem = Problem(row.where, "Chữ tiếng Việt của dòng này bị vỡ.", {}, "Gõ lại hoặc chuyển sang Unicode (UTF-8).")
    return replace(row, problems=(*row.problems, problem))


def _options(row: Row) -> list[object]:
    options = row.values.get("options")
    return options if isinstance(options, list) else []
