"""Chance that anybody can repeat: a stream of numbers from a seed and a label, and what is drawn from it
(fairness §1; the vectors of its §11 are tests)."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_WORDS = 1 << 64


def sha256(data: bytes) -> bytes:
    """`H`: the hash used everywhere."""
    return hashlib.sha256(data).digest()


def hmac256(key: bytes, text: bytes) -> bytes:
    """`HM`: the keyed hash used everywhere."""
    return hmac.new(key, text, hashlib.sha256).digest()


def pack(*parts: str | int | bytes) -> bytes:
    """Parts joined so that no two lists of parts look the same: each behind its length in four bytes.

    Text is taken as UTF-8 in NFC, numbers as decimal text, bytes as they are.
    """
    packed = bytearray()
    for part in parts:
        raw = part if isinstance(part, bytes) else unicodedata.normalize("NFC", str(part)).encode()
        packed += len(raw).to_bytes(4, "big") + raw
    return bytes(packed)


def code32(data: bytes, length: int) -> str:
    """The first `length` characters of `data` in Crockford's base 32, bits from the left."""
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    return "".join(_CROCKFORD[int(bits[i : i + 5], 2)] for i in range(0, 5 * length, 5))


class Stream:
    """An endless row of 64-bit words that follows from a seed and a label alone."""

    def __init__(self, seed: bytes, label: str) -> None:
        self._words = _words(seed, label.encode())

    def word(self) -> int:
        """The next word."""
        return next(self._words)

    def below(self, n: int) -> int:
        """The next number from 0 to n - 1, each equally likely; words above the last whole multiple are skipped."""
        if n < 1:
            raise ValueError("below needs a positive bound")
        bound = _WORDS // n * n
        while (word := self.word()) >= bound:
            pass
        return word % n


def shuffle(items: Sequence[Item], stream: Stream) -> list[Item]:
    """`items` in a drawn order: from the last place down, each swaps with one not after it."""
    row = list(items)
    for i in range(len(row) - 1, 0, -1):
        j = stream.below(i + 1)
        row[i], row[j] = row[j], row[i]
    return row


def pick(items: Sequence[Item], count: int, stream: Stream) -> list[Item]:
    """`count` of `items` in drawn order, all of them where there are fewer."""
    row = list(items)
    for i in range(min(count, len(row) - 1)):
        j = i + stream.below(len(row) - i)
        row[i], row[j] = row[j], row[i]
    return row[:count]


def _words(seed: bytes, label: bytes) -> Iterator[int]:
    block = 0
    while True:
        digest = hmac256(seed, label + b"\x00" + block.to_bytes(8, "big"))
        for start in range(0, 32, 8):
            yield int.from_bytes(digest[start : start + 8], "big")
        block += 1
