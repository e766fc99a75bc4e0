"""A result in its one canonical form: the same result gives the same bytes everywhere, and the same digest
(contest-rules §9, §19.6; fairness §1, §6).

JSON with sorted names, no blanks and no decimals, as fairness §1 has it.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from quizapp.rules.draw import sha256
from quizapp.rules.tally import GroupList, Result, RoundResult

Kept = Result | RoundResult | GroupList
Kind = TypeVar("Kind", Result, RoundResult, GroupList)


def result_json(result: Kept) -> dict[str, Any]:
    """The result as plain values: text, whole numbers, true, false, nothing, lists and named values; no decimals."""
    plain: dict[str, Any] = msgspec.json.decode(canonical(result))
    return plain


def canonical(result: Kept) -> bytes:
    """The canonical bytes of a result."""
    return msgspec.json.encode(result, order="sorted")


def digest(body: bytes) -> str:
    """The name of a snapshot that nobody can forge: SHA-256 of its bytes, in hex."""
    return sha256(body).hex()


def parse(body: bytes, kind: type[Kind]) -> Kind:
    """The result that `canonical` wrote. Raises `msgspec.ValidationError` where it is no such result."""
    return msgspec.json.decode(body, type=kind)
