"""What people type in a cell or a tag: tidied, and read as a number, a day or a place in the law."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from quizapp.rules.law import parse_citation

_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])


def clean(text: str) -> str:
    """What somebody meant to type in a cell: on one line, without stray spaces and letters that nobody sees."""
    return " ".join(text.translate(_INVISIBLE).split())


def whole_number(text: str) -> int | None:
    """The whole number that a text is, also with points between the thousands; none for anything else."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    plain = re.sub(r"\.0+$", "", plain) if re.fullmatch(r"[+-]?\d+\.0{1,2}", plain) else plain
    if re.fullmatch(r"[+-]?\d{1,3}(?:[. ]\d{3})+|[+-]?\d{1,3}(?:,\d{3})+", plain):
        plain = re.sub(r"[., ]", "", plain)
    return int(plain) if re.fullmatch(r"[+-]?\d{1,12}", plain) else None


_PARTS: tuple[tuple[str, Callable[[str], str]], ...] = (
    (r"\b[Đđ]iều\s+(\d{1,3})\b", "Điều {}".format),
    (r"\b[Kk]hoản\s+(\d{1,2})\b", " khoản {}".format),
    (r"\b[Đđ]iểm\s+([a-zđ])\b", " điểm {}".format),
)
_AROUND = re.compile(r"(?:của |luật số |luật |bảo hiểm xã hội|bhxh|năm |2024|41/2024/qh15|[,.\s])+", re.IGNORECASE)


def citations(text: str) -> list[str]:
    """The places in the law that a text names, each as the bank writes it: `điểm a khoản 1 Điều 64` is
    `Điều 64 khoản 1 điểm a`. What names no place stays as it is, to be shown."""
    return [_citation(one.strip()) for one in re.split(r"[;\n]", text) if one.strip()]


def _citation(text: str) -> str:
    if parse_citation(text):
        return text
    made, rest = "", text
    for form, written in _PARTS:
        if found := re.search(form, rest):
            made += written(found[1])
            rest = rest[: found.start()] + " " + rest[found.end() :]
    return made if parse_citation(made) and _AROUND.fullmatch(rest or " ") else text
