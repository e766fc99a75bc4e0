"""The printed rulebook says every clause of the document, in both languages."""

import unicodedata
from datetime import UTC, date, datetime

import pytest

from quizapp.documents import official, rulebook
from quizapp.rules import model_rulebooks
from quizapp.rules import rulebook as rules
from tests.documents.reading import pages

MADE = datetime(2026, 1, 20, tzinfo=UTC)
DAY = date(2026, 1, 20)
MODELS = (model_rulebooks.weekly, model_rulebooks.livestream, model_rulebooks.conference)


def printed(settings, language="vi", version=2):
    made = rulebook.rulebook(
        rules.document(settings), language, version=version, day=DAY, digest="ab" * 32, made_at=MADE
    )
    found = pages(official.pdf(made))
    return " ".join([found[0], *(page.removeprefix(f"{n} ") for n, page in enumerate(found[1:], 2))])


def squeezed(text):
    return "".join(unicodedata.normalize("NFC", text).split())


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("model", MODELS)
def test_every_article_clause_point_and_cell_is_printed(model, language):
    settings = model(DAY)
    text = squeezed(printed(settings, language))
    document = rules.document(settings)
    for number, article in enumerate(document.articles, 1):
        word = "Article" if language == "en" else "Điều"
        assert squeezed(f"{word} {number}. {article.title.of(language)}") in text
        for clause in article.clauses:
            cells = [cell for row in (clause.table.head, *clause.table.rows) for cell in row] if clause.table else []
            for said in (clause.text, *clause.points, *cells):
                assert squeezed(said.of(language)) in text, said


def test_a_version_names_its_number_and_digest_and_a_draft_says_that_it_is_one():
    settings = model_rulebooks.weekly(DAY)
    text = printed(settings)
    assert "Bản số 2 của thể lệ." in text and "ab" * 32 in squeezed(text) and "DỰ THẢO" not in text
    draft = printed(settings, version=0)
    assert "DỰ THẢO" in draft and "Bản số" not in draft
    english = printed(settings, "en")
    assert "Version 2 of the rulebook." in english and "FOR THE ORGANIZING COMMITTEE CHAIR" in english
