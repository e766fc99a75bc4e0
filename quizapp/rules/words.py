"""Vietnamese words: compared, searched and highlighted without regard to accents, case or spelling of marks."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

SNIPPET = 160  # letters of context that a search result shows

_ALPHABET = unicodedata.normalize("NFC", "0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # after no mark at all: huyền, hỏi, ngã, sắc, nặng
_PLACES = {letter: f"{place:02}" for place, letter in enumerate(_ALPHABET, 1)}


@dataclass(frozen=True)
class Piece:
    """A stretch of a text, and whether it is what was searched for."""

    text: str
    hit: bool = False


def fold(text: str) -> str:
    """`text` for search: lower case, without accents, đ as d, spaces single. Equal for every way to type a letter."""
    return " ".join("".join(_fold_letter(letter) for letter in unicodedata.normalize("NFC", text)).split())


def sort_key(text: str) -> str:
    """What puts texts in the order of the Vietnamese alphabet (a ă â … d đ …), within it by the marks of tone.

    Word by word, the shorter first; only digits, so that every database sorts it alike. Other signs do not count.
    """
    return "".join(_word_key(word) for word in unicodedata.normalize("NFC", text).lower().split())


def mark(text: str, words: str) -> tuple[Piece, ...]:
    """`text` in pieces: those that match the whole of `words`, or else any single one of them, are hits."""
    text = unicodedata.normalize("NFC", text)
    row, places = _folded_with_places(text)
    wanted = fold(words)
    if not wanted:
        return (Piece(text),) if text else ()
    parts = [wanted] if wanted in row else wanted.split()
    spans = _joined(
        [(places[m.start()], places[m.end() - 1] + 1) for p in parts for m in re.finditer(re.escape(p), row)]
    )
    pieces, end = [], 0
    for start, stop in spans:
        pieces += [Piece(text[end:start]), Piece(text[start:stop], True)]
        end = stop
    pieces.append(Piece(text[end:]))
    return tuple(piece for piece in pieces if piece.text)


def snippet(text: str, words: str, length: int = SNIPPET) -> tuple[Piece, ...]:
    """The part of `text` around its first hit, cut at spaces, as marked pieces."""
    text = unicodedata.normalize("NFC", text)
    pieces = mark(text, words)
    first = next((sum(len(p.text) for p in pieces[:i]) for i, p in enumerate(pieces) if p.hit), 0)
    if len(text) <= length:
        return pieces
    start = max(0, min(first - length // 3, len(text) - length))
    stop = min(len(text), start + length)
    start = text.rfind(" ", 0, start) + 1 if start else 0
    stop = stop if stop == len(text) else max(text.rfind(" ", start, stop), start + 1)
    return mark(("… " if start else "") + text[start:stop] + (" …" if stop < len(text) else ""), words)


def _word_key(word: str) -> str:
    """Two digits for each letter, then what stands before every letter, then the tone, wherever its mark stands."""
    letters, tones = "", ""
    for letter in word:
        parts = unicodedata.normalize("NFD", letter)
        tones += "".join(str(_TONES.index(part) + 1) for part in parts if part in _TONES)
        base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
        letters += _PLACES.get(base) or _PLACES.get(_fold_letter(base), "")
    return f"{letters}00{tones or 0}" if letters else ""


@cache
def _fold_letter(letter: str) -> str:
    parted = unicodedata.normalize("NFD", letter.lower())
    return "".join(part for part in parted if not unicodedata.combining(part)).replace("đ", "d")


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """`text` folded letter by letter, each space kept as one, and for each folded letter its place in `text`."""
    row, places = [], []
    for place, letter in enumerate(text):
        for part in " " if letter.isspace() else _fold_letter(letter):
            row.append(part)
            places.append(place)
    return "".join(row), places


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, overlapping ones as one."""
    joined: list[tuple[int, int]] = []
    for start, stop in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return joined
