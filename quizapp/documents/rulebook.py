"""The printed rulebook, in Vietnamese or English, from the same values that run the contest."""

from __future__ import annotations

from datetime import date, datetime

from quizapp.documents.official import COMMITTEE, Block, Column, Grid, Head, Letterhead, Official, Paragraph, Signature
from quizapp.rules.rulebook import LETTERS, Document
from quizapp.rules.rulebook_text import Article, Clause

_CHAIR = Signature("FOR THE ORGANIZING COMMITTEE", "CHAIR", "(Signature and seal)")


def rulebook(
    document: Document, language: str, *, version: int, day: date | None, digest: str, made_at: datetime
) -> Official:
    """A version of the rulebook, or the draft of one (`version` 0): articles, clauses, points and tables."""
    english = language == "en"
    return Official(
        head=Letterhead(
            document.organizer.of(language),
            document.superior.of(language) if document.superior is not None else "",
            place=document.place,
            day=day,
            language=language,
        ),
        kind=document.title.of(language),
        about=document.name.of(language),
        blocks=[
            block
            for number, article in enumerate(document.articles, 1)
            for block in _article(number, article, language)
        ],
        made_at=made_at,
        signature=_CHAIR if english else COMMITTEE,
        source=_source(version, digest, english=english),
        draft=version == 0,
    )


def _article(number: int, article: Article, language: str) -> list[Block]:
    word = "Article" if language == "en" else "Điều"
    blocks: list[Block] = [Head(f"{word} {number}. {article.title.of(language)}")]
    alone = len(article.clauses) == 1
    for n, clause in enumerate(article.clauses, 1):
        blocks += _clause("" if alone else f"{n}.", clause, language)
    return blocks


def _clause(number: str, clause: Clause, language: str) -> list[Block]:
    blocks: list[Block] = [Paragraph(f"{number} {clause.text.of(language)}".strip())]
    blocks += [
        Paragraph(f"{letter}) {point.of(language)}") for letter, point in zip(LETTERS, clause.points, strict=False)
    ]
    if clause.table is not None:
        head, rows = clause.table.head, clause.table.rows
        columns = [Column(cell.of(language)) for cell in head]
        name = head[0].of(language)
        blocks.append(Grid(name, columns, [[cell.of(language) for cell in row] for row in rows]))
    return blocks


def _source(version: int, digest: str, *, english: bool) -> str:
    if not version:
        return ""
    if english:
        return f"Version {version} of the rulebook. SHA-256 of its settings: {digest}"
    return f"Bản số {version} của thể lệ. Mã đối chiếu SHA-256 của các thiết lập: {digest}"
