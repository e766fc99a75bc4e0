"""What the articles of a printed rulebook share: their shape, and how names, numbers and moments stand in a sentence.

Every sentence exists in both languages at once, because the rulebook is published in both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from quizapp.rules.closing_phrase import short_day
from quizapp.rules.contest import Round, Settings, Words
from quizapp.rules.question import LANGUAGES, Language, Text
from quizapp.rules.timing import VIETNAM

T = TypeVar("T")
Value = str | int | Text | Words | datetime

_WEEKDAYS = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


NOTHING = Text("", "")


@dataclass(frozen=True)
class Table:
    """A table inside a clause; every row has as many cells as the head."""

    head: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]


@dataclass(frozen=True)
class Clause:
    """One numbered clause: a sentence or more, then its points (a, b, c …) and a table where it has them."""

    text: Text
    points: tuple[Text, ...] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Article:
    """One article (điều); its number is its place in the document. `key` stays the same whatever its number."""

    key: str
    title: Text
    clauses: tuple[Clause, ...]


def say(vi: str, en: str, **values: Value) -> Text:
    """A sentence in both languages, each value in the language of its sentence."""
    return Text(
        vi.format(**{name: shown(value, "vi") for name, value in values.items()}),
        en.format(**{name: shown(value, "en") for name, value in values.items()}),
    )


def clause(vi: str, en: str, **values: Value) -> Clause:
    """A clause of one sentence or more."""
    return Clause(say(vi, en, **values))


def points(*texts: Text) -> tuple[Text, ...]:
    """The points of a clause without the empty ones: each but the last ends with a semicolon, the last with a stop."""
    said = [text for text in texts if text.vi]
    return tuple(_ended(text, "." if text is said[-1] else ";") for text in said)


def shown(value: Value, language: Language) -> str:
    """A value as it stands in a sentence; what an organizer wrote, without the full stop that the sentence has."""
    if isinstance(value, Words):
        return value.of(language).rstrip(" .")
    if isinstance(value, Text):
        return value.of(language)
    if isinstance(value, datetime):
        return _moment(value, language)
    return _number(value, language) if isinstance(value, int) else value


def both(make: Callable[[Language], str]) -> Text:
    """A text made for each language."""
    vi, en = (make(language) for language in LANGUAGES)
    return Text(vi, en)


def listed(texts: Sequence[Text | Words], joint: tuple[str, str] = (" và ", " and ")) -> Text:
    """Several things in one breath: `A, B và C`, `A, B and C`."""

    def join(language: Language) -> str:
        words = [text.of(language) for text in texts]
        last = joint[LANGUAGES.index(language)]
        return last.join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)

    return both(join)


def counted(number: int, vi: str, one: str, many: str) -> Text:
    """So many things: `1.000 câu`, `1 question`, `1,000 questions`."""
    return Text(f"{_number(number, 'vi')} {vi}", f"{_number(number, 'en')} {one if number == 1 else many}")


def points_of(number: int) -> Text:
    """So many points."""
    return counted(number, "điểm", "point", "points")


def length(seconds: int) -> Text:
    """A length of time: `1 giờ 30 phút`, `90 giây`."""
    if seconds < 120 and seconds % 60:
        return counted(seconds, "giây", "second", "seconds")
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = [
        counted(amount, *words)
        for amount, words in (
            (hours, ("giờ", "hour", "hours")),
            (minutes, ("phút", "minute", "minutes")),
            (left, ("giây", "second", "seconds")),
        )
        if amount
    ]
    return (
        both(lambda language: " ".join(part.of(language) for part in parts)) if parts else Text("0 giây", "0 seconds")
    )


def thousandths(milliseconds: int) -> Text:
    """Milliseconds as seconds: `1 giây`, `0,1 giây`."""
    whole, rest = divmod(milliseconds, 1000)
    digits = f"{rest:03d}".rstrip("0")
    if not digits:
        return counted(whole, "giây", "second", "seconds")
    return Text(f"{whole},{digits} giây", f"{whole}.{digits} seconds")


def money(dong: int) -> Text:
    """An amount: `1.000.000 đồng`, `VND 1,000,000`."""
    return Text(f"{_number(dong, 'vi')} đồng", f"VND {_number(dong, 'en')}")


def weekday(moment: datetime) -> Text:
    """The day of the week."""
    day = moment.astimezone(VIETNAM).weekday()
    return both(lambda language: _WEEKDAYS[language][day])


def alike(rounds: Sequence[Round], part: Callable[[Round], T]) -> list[tuple[tuple[Round, ...], T]]:
    """The rounds in groups that have this part in common, in their order."""
    groups: list[tuple[tuple[Round, ...], T]] = []
    for one in rounds:
        value = part(one)
        found = next((number for number, group in enumerate(groups) if group[1] == value), None)
        if found is None:
            groups.append(((one,), value))
        else:
            groups[found] = ((*groups[found][0], one), value)
    return groups


def names(rounds: Sequence[Round], settings: Settings) -> Text:
    """How a sentence calls these rounds: by name, or every round where they are all of several."""
    if len(rounds) > 1 and len(rounds) == len(settings.rounds):
        return Text("Mỗi vòng thi", "Every round")
    return listed([one.name for one in rounds])


def _ended(text: Text, end: str) -> Text:
    return both(lambda language: text.of(language).rstrip(";.") + end)


def _number(value: int, language: Language) -> str:
    grouped = f"{value:,}"
    return grouped.replace(",", ".") if language == "vi" else grouped


def _moment(value: datetime, language: Language) -> str:
    local = value.astimezone(VIETNAM)
    if language == "vi":
        return f"{local:%H:%M:%S} ngày {short_day(local.date())}"
    return f"{local:%H:%M:%S} on {local.day} {local:%B} {local.year}"
