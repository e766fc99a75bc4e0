"""Entries by comment: the traditional mini-game under a stream, read by fixed rules (contest-rules §14.4).

The first comment of an account within the window counts, whatever it says; its first letter A–D standing alone is the
answer, its first whole number the prediction. Who comes out first is a candidate only: they still register to prove who
they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from quizapp.rules.contest import Moment
from quizapp.rules.ranking import Key, Standing, rank
from quizapp.rules.timing import VIETNAM, microseconds
from quizapp.rules.words import fold

Outcome = Literal["counts", "second", "outside", "no_time", "no_letter", "wrong"]

LARGEST = 99_999_999
_DAYS = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%H:%M:%S %d/%m/%Y", "%H:%M %d/%m/%Y")
_LETTER = re.compile(r"(?<![^\W_])[A-D](?![^\W_])", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\d.,])\d+(?:[.,]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d+")


class Rules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a list is read: the window (either end may be open), the right letter, the number that was asked for.

    Without `key` the letters decide nothing, without `target` the numbers.
    """

    opens_at: Moment | None = None
    closes_at: Moment | None = None
    key: Annotated[str, Meta(pattern=r"^[A-D]?$")] = ""
    target: Annotated[int, Meta(ge=0, le=LARGEST)] | None = None


@dataclass(frozen=True)
class Said:
    """One comment as the list has it. `account` is whatever tells accounts apart there."""

    account: str
    text: str
    said_at: datetime | None = None
    edited: bool = False


@dataclass(frozen=True)
class Entry:
    """A comment with what was read out of it, and whether it counts."""

    said: Said
    letter: str
    prediction: int | None
    outcome: Outcome


def letter_of(text: str) -> str:
    """The first letter A–D that stands alone, as a capital; "" where none does. `À` is another letter."""
    found = _LETTER.search(unicodedata.normalize("NFC", text))
    return found[0].upper() if found else ""


def number_of(text: str) -> int | None:
    """The first whole number, written `1250`, `1.250` or `1,250`; decimals and what is too large to be meant are passed
    over."""
    for token in _NUMBER.findall(text):
        if _GROUPED.fullmatch(token) and (value := int(re.sub(r"[.,]", "", token))) <= LARGEST:
            return value
    return None


def moment_of(text: str) -> datetime | None:
    """The instant in a cell: `20/11/2026 20:45`, with seconds or without, or as computers write it; without a zone it
    is Viet Nam's time. `None` for anything else."""
    plain = " ".join(text.split())
    for pattern in _DAYS:
        with suppress(ValueError):
            return datetime.strptime(plain, pattern).replace(tzinfo=VIETNAM)
    try:
        moment = datetime.fromisoformat(plain)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=VIETNAM)


def is_yes(text: str) -> bool:
    """Whether a cell that asks yes or no says yes."""
    return fold(text) in {"x", "co", "yes", "true", "1", "da sua", "edited"}


def account_key(account: str) -> str:
    """What makes two comments one account's: spaces and case do not matter."""
    return " ".join(unicodedata.normalize("NFKC", account).split()).casefold()


def read(comments: Sequence[Said], rules: Rules) -> list[Entry]:
    """Every comment in the order given, with what it counts as.

    Of one account's the earliest within the window counts; where a list has no times its order stands for them. With a
    window a comment without a time is set aside, for nobody knows whether it was in time.
    """
    outside = {place: _outside(said, rules) for place, said in enumerate(comments)}
    inside = [place for place, why in outside.items() if why is None]
    inside.sort(key=lambda place: (_moment(comments[place]), place))
    first: dict[str, int] = {}
    for place in inside:
        first.setdefault(account_key(comments[place].account), place)
    counting = set(first.values())
    return [_entry(said, rules, outside[place], place in counting) for place, said in enumerate(comments)]


def candidates(entries: Iterable[Entry], rules: Rules) -> list[Standing[Entry]]:
    """Who stands where among those that count: nearest to the target first, then the earliest; equals share a place."""
    counting = [entry for entry in entries if entry.outcome == "counts"]
    keys = [Key[Entry]("said_at", lambda entry: _moment(entry.said))]
    if rules.target is not None:
        asked = rules.target
        keys = [
            Key("without", lambda entry: entry.prediction is None),
            Key("distance", lambda entry: abs((entry.prediction or 0) - asked)),
            *keys,
        ]
    return rank(counting, keys)


def _outside(said: Said, rules: Rules) -> Outcome | None:
    if rules.opens_at is None and rules.closes_at is None:
        return None
    if said.said_at is None:
        return "no_time"
    early = rules.opens_at is not None and said.said_at < rules.opens_at
    late = rules.closes_at is not None and said.said_at >= rules.closes_at
    return "outside" if early or late else None


def _entry(said: Said, rules: Rules, outside: Outcome | None, first: bool) -> Entry:
    letter, prediction = letter_of(said.text), number_of(said.text)
    outcome: Outcome = "counts"
    if outside is not None:
        outcome = outside
    elif not first:
        outcome = "second"
    elif rules.key and not letter:
        outcome = "no_letter"
    elif rules.key and letter != rules.key:
        outcome = "wrong"
    return Entry(said, letter, prediction, outcome)


def _moment(said: Said) -> int:
    return -1 if said.said_at is None else microseconds(said.said_at)
