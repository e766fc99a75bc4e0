"""The law's text as values, citations into it, and how a legal basis is printed and linked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from quizapp.rules.question import Question, Text

NUMBER = "41/2024/QH15"
POINTS = "abcdđeghiklmnopqrstuvxy"  # letters of points in the order that laws use
_CITATION = re.compile(rf"Điều (\d{{1,3}})(?: khoản (\d{{1,2}})(?: điểm ([{POINTS}]))?)?")
_ACTS = {  # kinds of documents, and what they are called in English
    "Bộ luật": "Code",
    "Luật": "Law",
    "Nghị quyết": "Resolution",
    "Nghị định": "Decree",
    "Quyết định": "Decision",
    "Thông tư": "Circular",
}
_ELSEWHERE = re.compile(rf"({'|'.join(_ACTS)}) (\d{{1,5}}/(?:\d{{4}}/)?[A-ZĐ][A-ZĐ0-9-]*)(?: ({_CITATION.pattern}))?")


@dataclass(frozen=True)
class Citation:
    """A place in the law: an article, a clause of it, or a point of that clause."""

    article: int
    clause: int | None = None
    point: str | None = None

    def exists_in(self, law: Law) -> bool:
        """Whether the law has this place."""
        article = law.article(self.article)
        if article is None or self.clause is None:
            return article is not None
        clause = article.clause(self.clause)
        return clause is not None and (self.point is None or any(p.letter == self.point for p in clause.points))

    def covers(self, other: Citation) -> bool:
        """Whether `other` is this place or lies within it."""
        return (
            self.article == other.article and self.clause in (None, other.clause) and self.point in (None, other.point)
        )

    def of(self, language: str) -> str:
        """`Điều 64 khoản 1 điểm đ`, or `Article 64, clause 1, point đ`."""
        words = (
            ("Article {}", ", clause {}", ", point {}") if language == "en" else ("Điều {}", " khoản {}", " điểm {}")
        )
        parts = (self.article, self.clause, self.point)
        return "".join(word.format(part) for word, part in zip(words, parts, strict=True) if part is not None)

    @property
    def anchor(self) -> str:
        """Where the place stands on its article's page: `khoan-1-diem-dd` is point đ, `khoan-1-diem-d` point d."""
        if self.clause is None:
            return ""
        return f"khoan-{self.clause}" + (f"-diem-{self.point.replace('đ', 'dd')}" if self.point else "")

    @property
    def path(self) -> str:
        """The address of the place: `/luat/dieu-64#khoan-1`."""
        return f"/luat/dieu-{self.article}" + (f"#{self.anchor}" if self.anchor else "")


@dataclass(frozen=True)
class Elsewhere:
    """A place in a later document, whose text is not kept here: `Nghị định 158/2025/NĐ-CP`, and where in it."""

    kind: str
    number: str
    place: Citation | None = None

    @property
    def act(self) -> str:
        """The document as a citation names it."""
        return f"{self.kind} {self.number}"

    def of(self, language: str) -> str:
        """`Điều 7 khoản 1 Nghị định số 158/2025/NĐ-CP`, or `Article 7, clause 1, Decree 158/2025/NĐ-CP`."""
        act = f"{_ACTS[self.kind]} {self.number}" if language == "en" else f"{self.kind} số {self.number}"
        if self.place is None:
            return act
        return f"{self.place.of(language)}{', ' if language == 'en' else ' '}{act}"


@dataclass(frozen=True)
class Basis:
    """One provision that an answer rests on, ready to be shown: its words and its address.

    A place in a later document has no address, and its words name the document.
    """

    text: str
    path: str


@dataclass(frozen=True)
class Point:
    """A lettered point of a clause; further paragraphs belong to it."""

    letter: str
    text: tuple[str, ...]


@dataclass(frozen=True)
class Clause:
    """A numbered clause: its paragraphs, then its points."""

    number: int
    text: tuple[str, ...]
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Article:
    """An article: its paragraphs before any clause, then its clauses."""

    number: int
    title: str
    section: int | None
    text: tuple[str, ...]
    clauses: tuple[Clause, ...]

    def clause(self, number: int) -> Clause | None:
        """Clause `number`, or none."""
        return next((clause for clause in self.clauses if clause.number == number), None)

    @property
    def citation(self) -> Citation:
        """The article as a place."""
        return Citation(self.number)

    def place(self, clause: int, point: str | None = None) -> Citation:
        """A place within the article."""
        return Citation(self.number, clause, point)

    def places(self) -> Iterator[tuple[Citation, str]]:
        """Every paragraph in order with the place it belongs to."""
        yield from ((Citation(self.number), paragraph) for paragraph in self.text)
        for clause in self.clauses:
            yield from ((Citation(self.number, clause.number), paragraph) for paragraph in clause.text)
            for point in clause.points:
                where = Citation(self.number, clause.number, point.letter)
                yield from ((where, paragraph) for paragraph in point.text)


@dataclass(frozen=True)
class Section:
    """A section (Mục) of a chapter."""

    number: int
    title: str


@dataclass(frozen=True)
class Chapter:
    """A chapter with its sections and its articles, in order."""

    number: int
    title: str
    sections: tuple[Section, ...]
    articles: tuple[Article, ...]

    @property
    def roman(self) -> str:
        """The number as the law writes it; there are eleven chapters."""
        return ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI")[self.number - 1]

    def section(self, number: int | None) -> Section | None:
        """Section `number`, or none."""
        return next((section for section in self.sections if section.number == number), None)

    def groups(self) -> tuple[tuple[Section | None, tuple[Article, ...]], ...]:
        """The articles under their sections; all under no section where the chapter has none."""
        if not self.sections:
            return ((None, self.articles),)
        return tuple((s, tuple(a for a in self.articles if a.section == s.number)) for s in self.sections)


@dataclass(frozen=True)
class Note:
    """What a later act changed about provisions, since when, said in both languages."""

    act: Text
    since: date
    text: Text
    citations: tuple[Citation, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fact:
    """A fact that questions may rest on, with the place where the law says so and how far it may be used."""

    id: str
    text: Text
    basis: str
    limit: str = ""


@dataclass(frozen=True)
class Act:
    """A later document that questions may cite: when it was issued, and since when it is in force, where known."""

    name: str
    issued_on: date | None
    since: date | None


@dataclass(frozen=True)
class Law:
    """The whole law, what later acts changed, the facts that questions rest on, and the letter of each topic."""

    name: Text
    number: str
    passed_on: date
    in_force_from: date
    text_digest: str
    opening: tuple[str, ...]
    closing: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    notes: tuple[Note, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)
    acts: Mapping[str, Act] = field(default_factory=dict)

    @cached_property
    def _articles(self) -> dict[int, Article]:
        return {article.number: article for chapter in self.chapters for article in chapter.articles}

    @property
    def articles(self) -> tuple[Article, ...]:
        """Every article in order."""
        return tuple(self._articles.values())

    def article(self, number: int) -> Article | None:
        """Article `number`, or none."""
        return self._articles.get(number)

    def chapter_of(self, article: Article) -> Chapter:
        """The chapter that `article` stands in."""
        return next(chapter for chapter in self.chapters if article in chapter.articles)

    def notes_on(self, article: Article) -> tuple[tuple[Citation, Note], ...]:
        """What later acts changed about `article`, each with the place it touches."""
        text = " ".join(paragraph for _, paragraph in (*article.places(), (article.citation, article.title)))
        placed = [(where, note) for note in self.notes for where in note.citations if where.article == article.number]
        worded = [(article.citation, note) for note in self.notes if any(word in text for word in note.words)]
        return (*placed, *worded)

    def words_of(self, place: Citation) -> tuple[tuple[Citation, str], ...]:
        """The paragraphs of a place, each with where exactly it stands; none where the law has no such place."""
        article = self.article(place.article)
        return tuple(one for one in article.places() if place.covers(one[0])) if article else ()


def parse_citation(text: str) -> Citation | None:
    """The place that `Điều 64 khoản 1 điểm đ` names; none where the words have another form."""
    form = _CITATION.fullmatch(text)
    if form is None:
        return None
    return Citation(int(form[1]), int(form[2]) if form[2] else None, form[3])


def parse_elsewhere(text: str) -> Elsewhere | None:
    """The place that `Nghị định 158/2025/NĐ-CP Điều 7 khoản 1` names; none where the words have another form."""
    form = _ELSEWHERE.fullmatch(text)
    return None if form is None else Elsewhere(form[1], form[2], parse_citation(form[3]) if form[3] else None)


def parse_basis(text: str) -> Citation | Elsewhere | None:
    """The place that a citation names, in the law or in a later document."""
    return parse_citation(text) or parse_elsewhere(text)


def basis(question: Question, language: str) -> tuple[Basis, ...]:
    """Each provision that the question rests on: those of the law with their addresses, then those of later documents.

    The words of the latter name their document.
    """
    known = [place for text in question.citations if (place := parse_basis(text))]
    ours = [Basis(place.of(language), place.path) for place in known if isinstance(place, Citation)]
    return (*ours, *(Basis(place.of(language), "") for place in known if isinstance(place, Elsewhere)))


def basis_line(question: Question, language: str) -> str:
    """`Căn cứ: Điều 64 khoản 1 Luật số 41/2024/QH15`, or `Legal basis: Article 64, clause 1, Law 41/2024/QH15`."""
    found = basis(question, language)
    places = "; ".join(one.text for one in found if one.path)
    law = f", Law {NUMBER}" if language == "en" else f" Luật số {NUMBER}"
    lines = [*([places + law] if places else []), *(one.text for one in found if not one.path)]
    return f"{'Legal basis' if language == 'en' else 'Căn cứ'}: {'; '.join(lines)}"


def read(head: str, chapters: Sequence[str], notes: str, facts: str) -> Law:
    """The law from the texts of its files (TOML): law.toml, one file per chapter, notes.toml and facts.toml."""
    top, known = tomllib.loads(head), tomllib.loads(facts)
    return Law(
        name=Text(**top["name"]),
        number=top["number"],
        passed_on=top["passed_on"],
        in_force_from=top["in_force_from"],
        text_digest=top["text_digest"],
        opening=tuple(top["opening"]),
        closing=tuple(top["closing"]),
        chapters=tuple(sorted((_chapter(tomllib.loads(text)) for text in chapters), key=lambda c: c.number)),
        notes=tuple(_note(raw) for raw in tomllib.loads(notes)["note"]),
        facts={raw["id"]: _fact(raw) for raw in known["fact"]},
        topics={raw["slug"]: raw["letter"] for raw in known["topic"]},
        acts={raw["name"]: Act(raw["name"], raw.get("issued_on"), raw.get("from")) for raw in known.get("act", ())},
    )


def rejoined(law: Law) -> str:
    """The text from the first chapter to the last article as it was printed, without any space, for its digest."""
    parts: list[str] = []
    for chapter in law.chapters:
        parts += [f"Chương {chapter.roman}.", chapter.title]
        for section, articles in chapter.groups():
            if section:
                parts += [f"Mục {section.number}.", section.title]
            for article in articles:
                parts += [f"Điều {article.number}.", article.title, *article.text]
                for clause in article.clauses:
                    parts += [f"{clause.number}.", *clause.text]
                    for point in clause.points:
                        parts += [f"{point.letter})", *point.text]
    return re.sub(r"\s", "", "".join(parts))


def _chapter(raw: dict[str, Any]) -> Chapter:
    return Chapter(
        number=raw["number"],
        title=raw["title"],
        sections=tuple(Section(one["number"], one["title"]) for one in raw.get("section", ())),
        articles=tuple(_article(one) for one in raw["article"]),
    )


def _article(raw: dict[str, Any]) -> Article:
    clauses = tuple(
        Clause(
            number=one["number"],
            text=tuple(one["text"]),
            points=tuple(Point(point["letter"], tuple(point["text"])) for point in one.get("point", ())),
        )
        for one in raw.get("clause", ())
    )
    return Article(raw["number"], raw["title"], raw.get("section"), tuple(raw.get("text", ())), clauses)


def _note(raw: dict[str, Any]) -> Note:
    places = tuple(place for text in raw.get("citations", ()) if (place := parse_citation(text)))
    return Note(Text(**raw["act"]), raw["from"], Text(**raw["text"]), places, tuple(raw.get("words", ())))


def _fact(raw: dict[str, Any]) -> Fact:
    return Fact(raw["id"], Text(raw["vi"], raw["en"]), raw["basis"], raw.get("limit", ""))
