"""The printed rulebook (thể lệ), made from the settings: the same values that run the contest say here what it does.

The same settings always give the same document. Two versions are compared clause by clause, as contestants read them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

import msgspec

from quizapp.rules import rulebook_people as people
from quizapp.rules import rulebook_play as play
from quizapp.rules import rulebook_results as results
from quizapp.rules import rulebook_rounds as rounds
from quizapp.rules.canon import canon
from quizapp.rules.contest import Settings
from quizapp.rules.question import Text
from quizapp.rules.rulebook_text import Article, Clause, both

TITLE = Text("THỂ LỆ", "RULEBOOK")
LETTERS = "abcdefghijklmnopqrstuvwxyz"  # of the points below a clause


@dataclass(frozen=True)
class Document:
    """A rulebook to be shown or printed: the heading of the agency, then the articles, numbered from 1."""

    organizer: Text
    superior: Text | None
    place: str
    title: Text
    name: Text
    articles: tuple[Article, ...]


@dataclass(frozen=True)
class Difference:
    """What one clause said before and says now; None where there was or is none."""

    article: Text
    before: Text | None
    after: Text | None


def document(settings: Settings, topics: Mapping[str, Text] | None = None) -> Document:
    """The rulebook that these settings say; `topics` names the topics of the bank."""
    said = (
        people.purpose(settings),
        people.entry(settings),
        people.registration(settings),
        rounds.rounds(settings),
        rounds.papers(settings, topics or {}),
        rounds.attempts(settings),
        play.prediction(settings),
        play.live(settings),
        play.essays(settings),
        play.finals(settings),
        results.ranking(settings),
        results.prizes(settings),
        results.lists(settings),
        results.collective(settings),
        results.results(settings),
        results.fair_play(),
        results.certificates(settings),
        people.data(settings),
        people.provisions(settings),
    )
    return Document(
        organizer=both(settings.organizer.of),
        superior=None if settings.superior is None else both(settings.superior.of),
        place=settings.place,
        title=TITLE,
        name=both(settings.name.of),
        articles=tuple(article for article in said if article is not None),
    )


def canonical(settings: Settings) -> bytes:
    """The settings in one form only: the same settings give the same bytes everywhere.

    Instants stand in universal time, so that the zone they were written in changes nothing.
    """
    return canon(_plain(msgspec.to_builtins(settings, builtin_types=(datetime,))))


def digest(settings: Settings) -> str:
    """The hash by which a version of the rulebook is known."""
    return hashlib.sha256(canonical(settings)).hexdigest()


def differences(old: Document, new: Document) -> tuple[Difference, ...]:
    """What changed from one version to the next, in the order of the articles."""
    before = {article.key: article for article in old.articles}
    found: list[Difference] = []
    for article in new.articles:
        was = before.pop(article.key, None)
        found += _changed(article.title, was.clauses if was else (), article.clauses)
    for article in before.values():
        found += _changed(article.title, article.clauses, ())
    head = _head_changed(old, new)
    return (*head, *found)


def _head_changed(old: Document, new: Document) -> tuple[Difference, ...]:
    """The place of signing stands in no clause."""
    if old.place == new.place:
        return ()
    return (Difference(Text("Nơi ban hành", "Place of issue"), _or_none(old.place), _or_none(new.place)),)


def _changed(title: Text, old: tuple[Clause, ...], new: tuple[Clause, ...]) -> list[Difference]:
    """Clauses and their points one by one, so that what stayed is not shown again."""
    was, now = [list(_lines(clauses)) for clauses in (old, new)]
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind != "equal":
            found += [Difference(title, before, after) for before, after in zip_longest(was[a:b], now[c:d])]
    return found


def _lines(clauses: tuple[Clause, ...]) -> list[Text]:
    lines: list[Text] = []
    for one in clauses:
        lines += [one.text, *one.points]
        if one.table is not None:
            lines += [
                Text(
                    *(
                        ": ".join([row[0].of(language), " · ".join(cell.of(language) for cell in row[1:])])
                        for language in ("vi", "en")
                    )
                )
                for row in one.table.rows
            ]
    return lines


def _or_none(words: str) -> Text | None:
    return Text(words, words) if words else None


def _plain(value: Any) -> Any:
    """Plain values with every instant in universal time."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value
