"""What is agreed for a show before it starts: its settings, and the names people may carry in it."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Literal

import msgspec
from msgspec import Struct

from quizapp.rules.contest import LivePart, LiveScoring, Rescue, Teams
from quizapp.rules.scoring import FREE_START_MS, SCHEMES, Scheme

SHORTEST_NAME, LONGEST_NAME = 2, 24
LETTERS = "ABCDEF"
_NAME = re.compile(r"[^\W_](?:[\w .,'’\-–()&/]*[\w.)])?")


NameRule = Literal["typed", "generated"]


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """The rules of one show. `seconds` is the announced time of every question; `join_until` the last question at
    which somebody new may still enter (contest-rules §14.1 and §14.3).

    `names`: on a stream anybody can watch, so people are given names there unless the organizer chose otherwise.
    `prediction_after` is the question after which the prediction is asked; `None` asks none.
    """

    seconds: int = 20
    scoring: LiveScoring = "ACCURACY_FIRST"
    may_change: bool = True
    join_until: int = 1
    free_ms: int = FREE_START_MS
    response_step_ms: int = 100
    prediction_after: int | None = None
    rescues: tuple[Rescue, ...] = ()
    reserves: int = 0
    teams: Teams | None = None
    names: NameRule = "typed"

    @property
    def full_ms(self) -> int:
        """The announced time in milliseconds."""
        return self.seconds * 1000

    @property
    def scheme(self) -> Scheme:
        """How single answers are marked: where the game decides otherwise, right or wrong is all."""
        return "FLAT" if self.scoring in {"SURVIVAL", "NEAREST"} else self.scoring  # type: ignore[return-value]

    def part(self, questions: int) -> LivePart:
        """The same rules as a contest's rulebook has them, for `questions` planned ones."""
        return LivePart(
            questions=questions,
            seconds=self.seconds,
            free_ms=self.free_ms,
            scoring=self.scoring,
            change_in_window=self.may_change,
            join_until=self.join_until,
            response_step_ms=self.response_step_ms,
            prediction_after=self.prediction_after or 0,
            rescues=self.rescues,
            reserves=self.reserves,
            teams=self.teams,
        )


def of_part(part: LivePart, *, predicts: bool, names: NameRule = "typed") -> Settings:
    """The rules of a contest's live round, as the show plays them."""
    return Settings(
        seconds=part.seconds,
        scoring=part.scoring,
        may_change=part.change_in_window,
        join_until=part.join_until,
        free_ms=part.free_ms,
        response_step_ms=part.response_step_ms,
        prediction_after=part.prediction_after if predicts else None,
        rescues=part.rescues,
        reserves=part.reserves,
        teams=part.teams,
        names=names,
    )


def settings_to_json(settings: Settings) -> dict[str, Any]:
    """The settings as plain values, for keeping."""
    kept: dict[str, Any] = msgspec.to_builtins(settings)
    return kept


def settings_from_json(kept: dict[str, Any]) -> Settings:
    """The settings that `settings_to_json` kept."""
    return msgspec.convert(kept, Settings)


def scheme(name: str) -> Scheme | None:
    """The scoring scheme of this name, or `None`."""
    return next((known for known in SCHEMES if known == name), None)


def tidy_name(typed: str) -> str | None:
    """A display name in one form, or `None` if it cannot be shown: 2 to 24 characters, letters of any language,
    digits and plain signs; no invisible characters, no addresses, nothing that could be somebody's phone number."""
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME:
        return None
    if any(unicodedata.category(letter)[0] == "C" for letter in name) or not _NAME.fullmatch(name):
        return None
    if sum(letter.isdigit() for letter in name) > 6 or re.search(r"www\.|https?|://|\.(com|vn|net|org)\b", name, re.I):
        return None
    return name


def name_key(name: str) -> str:
    """What makes two names the same in a room: case, accents and spaces do not matter."""
    plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return "".join(letter for letter in plain if letter.isalnum())


def numbered_name(name: str, number: int) -> str:
    """The name for the `number`-th person who carries it: the first keeps it, the second becomes "Hoà (2)"."""
    if number == 1:
        return name
    suffix = f" ({number})"
    return name[: LONGEST_NAME - len(suffix)].rstrip() + suffix


def room_code(digits: str) -> str | None:
    """The six digits of a room code as people type it (spaces and dots do not matter), or `None`."""
    code = re.sub(r"[\s.\-]", "", digits)
    return code if re.fullmatch(r"[0-9]{6}", code) else None
