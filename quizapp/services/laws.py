"""The law's text, read once per process from the folder of question files, and the search in it.

The database finds the articles that have any of the words (SQLite by FTS5, PostgreSQL by its full text); the rules mend
the words before and rank the articles after. Without that index every article is ranked.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from quizapp.rules import law, search
from quizapp.rules.law import Law
from quizapp.rules.search import Hit, Index

MOST_CANDIDATES = 60

_CANDIDATES = {
    "sqlite": (
        " OR ",
        "SELECT article FROM law_search WHERE law_search MATCH :words"
        " ORDER BY bm25(law_search, 0, 0, 8, 2, 1) LIMIT :most",
    ),
    "postgresql": (
        " | ",
        "SELECT article FROM law_search, to_tsquery('simple', :words) AS asked WHERE words @@ asked"
        " ORDER BY ts_rank_cd(words, asked, 1) DESC, article LIMIT :most",
    ),
}


@lru_cache(maxsize=4)
def of(questions: Path) -> Law:
    """The law that lies beside the question files in `questions`. Its text changes only with a new release."""
    folder = questions / "law"
    return law.read(
        (folder / "law.toml").read_text(encoding="utf-8"),
        [path.read_text(encoding="utf-8") for path in sorted(folder.glob("chuong-*.toml"))],
        (folder / "notes.toml").read_text(encoding="utf-8"),
        (folder / "facts.toml").read_text(encoding="utf-8"),
    )


@lru_cache(maxsize=4)
def index_of(questions: Path) -> Index:
    """What a search needs to know of that law, with the words that people type for its terms."""
    said = tomllib.loads((questions / "law" / "words.toml").read_text(encoding="utf-8"))["words"]
    known = {search.words(typed): search.words(one["means"]) for one in said for typed in one["typed"]}
    return Index(of(questions), known)


def keep_index(session: Session, the_law: Law) -> bool:
    """Write the law's words into the database's index, if they are not those there; tells whether it did."""
    digest = _digest(the_law)
    if not _has_index(session) or session.scalar(text("SELECT digest FROM law_search LIMIT 1")) == digest:
        return False
    rows = [
        {"article": article.number, "digest": digest}
        | {name: " ".join(search.words(said)) for name, said in search.fields(the_law, article).items()}
        for article in the_law.articles
    ]
    session.execute(text("DELETE FROM law_search"))
    names = "article, digest, title, around, body"
    places = ", ".join(f":{name}" for name in names.split(", "))
    session.execute(text(f"INSERT INTO law_search ({names}) VALUES ({places})"), rows)
    return True


def find(session: Session, index: Index, typed: str) -> tuple[Hit, ...]:
    """The articles that the typed words mean, the best first."""
    return index.find(typed, _candidates(session, index.law, index.wanted(typed).all_words))


def _candidates(session: Session, the_law: Law, wanted: Sequence[str]) -> list[int] | None:
    """The articles that have any of these words, by the database's own rank; nothing where it has no index of them."""
    if not wanted or not _has_index(session):
        return None
    if session.scalar(text("SELECT digest FROM law_search LIMIT 1")) != _digest(the_law):
        return None
    joined, question = _CANDIDATES[session.get_bind().dialect.name]
    words = joined.join(f'"{word}"' if joined == " OR " else word for word in wanted)
    return list(session.scalars(text(question), {"words": words, "most": MOST_CANDIDATES}))


def _has_index(session: Session) -> bool:
    return inspect(session.connection()).has_table("law_search")


def _digest(the_law: Law) -> str:
    """What the index is made from: the law's text and the way it is told into words."""
    return hashlib.sha256(f"words-1 {the_law.text_digest}".encode()).hexdigest()
