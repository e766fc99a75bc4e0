"""One way to write a value as bytes: JSON by RFC 8785, narrowed to what the record may hold (fairness §1)."""

from __future__ import annotations

import json

LARGEST = 2**53 - 1  # whole numbers up to here are the same in every language


def canon(value: object) -> bytes:
    """The bytes of a value of text, whole numbers, true, false, nothing, lists and objects with ASCII names.

    Raises `ValueError` for anything else: decimals, numbers that are too large, lone surrogates, other names.
    """
    _check(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _check(value: object) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise ValueError("a number is too large for the record")
    elif isinstance(value, str):
        value.encode()  # a lone surrogate cannot be written: UnicodeEncodeError is a ValueError
    elif isinstance(value, (list, tuple)):
        for each in value:
            _check(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if not isinstance(name, str) or not name.isascii():
                raise ValueError("names in the record are ASCII text")
            _check(each)
    else:
        raise ValueError("the record holds no such value")
