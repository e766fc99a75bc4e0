from datetime import date
from hashlib import sha256

import pytest

from quizapp.config import ROOT
from quizapp.rules import law as rule
from quizapp.rules.law import Citation, parse_citation
from quizapp.services import laws
from tests import make


@pytest.fixture(scope="module")
def law():
    return laws.of(ROOT / "questions")


def test_the_law_has_eleven_chapters_and_141_articles_in_order(law):
    assert [chapter.number for chapter in law.chapters] == list(range(1, 12))
    assert [article.number for article in law.articles] == list(range(1, 142))
    assert law.passed_on == date(2024, 6, 29) and law.in_force_from == date(2025, 7, 1)


def test_the_text_is_the_printed_one_letter_for_letter(law):
    assert sha256(rule.rejoined(law).encode()).hexdigest() == law.text_digest


def test_clauses_and_points_follow_one_another_without_gaps(law):
    for article in law.articles:
        assert [c.number for c in article.clauses] == list(range(1, len(article.clauses) + 1))
        for clause in article.clauses:
            assert "".join(p.letter for p in clause.points) == rule.POINTS[: len(clause.points)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Điều 64", Citation(64)),
        ("Điều 64 khoản 1", Citation(64, 1)),
        ("Điều 70 khoản 1 điểm đ", Citation(70, 1, "đ")),
        ("Khoản 1 Điều 64", None),
        ("Điều 64 khoản 1 điểm D", None),
        ("Điều 64 điểm a", None),
        ("Điều 64 khoản 1.", None),
    ],
)
def test_a_citation_has_one_form(text, place):
    assert parse_citation(text) == place


@pytest.mark.parametrize("text", ["Điều 64", "Điều 64 khoản 1", "Điều 70 khoản 1 điểm đ"])
def test_a_citation_prints_as_it_was_read(text):
    assert parse_citation(text).of("vi") == text


def test_a_citation_prints_in_english():
    assert Citation(64, 1, "đ").of("en") == "Article 64, clause 1, point đ"
    assert Citation(64).of("en") == "Article 64"


def test_a_citation_exists_only_where_the_law_has_the_place(law):
    assert Citation(70, 1, "đ").exists_in(law)
    assert Citation(141, 15).exists_in(law)
    assert Citation(1).exists_in(law)
    assert not Citation(142).exists_in(law)
    assert not Citation(1, 1).exists_in(law)
    assert not Citation(64, 1, "đ").exists_in(law)


def test_points_d_and_đ_have_different_addresses():
    assert Citation(70, 1, "d").path == "/luat/dieu-70#khoan-1-diem-d"
    assert Citation(70, 1, "đ").path == "/luat/dieu-70#khoan-1-diem-dd"
    assert Citation(70).path == "/luat/dieu-70"


def test_an_article_names_its_places(law):
    assert law.article(70).place(1, "đ") == Citation(70, 1, "đ") and law.article(70).place(2) == Citation(70, 2)


def test_a_place_covers_itself_and_what_lies_within():
    assert Citation(64).covers(Citation(64, 1, "a")) and Citation(64, 1).covers(Citation(64, 1))
    assert not Citation(64, 1).covers(Citation(64, 2)) and not Citation(64, 1, "a").covers(Citation(64, 1, "b"))
    assert not Citation(64).covers(Citation(65))


def test_the_words_of_a_place_are_its_own_and_those_within(law):
    words = law.words_of(Citation(140, 1))
    assert words == ((Citation(140, 1), "Luật này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2025."),)
    assert {where.point for where, _ in law.words_of(Citation(70, 1))} == {None, *"abcdđe"}
    assert law.words_of(Citation(142)) == ()


def test_the_basis_of_a_question_is_printed_in_both_languages_with_its_address():
    question = make.question(citations=("Điều 64", "Điều 65 khoản 1"))
    assert rule.basis_line(question, "vi") == "Căn cứ: Điều 64; Điều 65 khoản 1 Luật số 41/2024/QH15"
    assert rule.basis_line(question, "en") == "Legal basis: Article 64; Article 65, clause 1, Law 41/2024/QH15"
    assert [b.path for b in rule.basis(question, "vi")] == ["/luat/dieu-64", "/luat/dieu-65#khoan-1"]


def test_later_changes_stand_at_the_place_they_touch(law):
    places = [where.of("vi") for where, _ in law.notes_on(law.article(53))]
    assert places == ["Điều 53 khoản 1", "Điều 53 khoản 2"]
    assert not law.notes_on(law.article(1))


def test_every_cited_place_of_a_note_exists_and_every_worded_note_is_used(law):
    for note in law.notes:
        assert all(where.exists_in(law) for where in note.citations)
        assert any(note in [n for _, n in law.notes_on(article)] for article in law.articles)


def test_a_note_by_words_stands_at_every_article_that_says_them(law):
    acts = [note.act.en for _, note in law.notes_on(law.article(136))]
    assert acts == ["Law on Inspection 84/2025/QH15", "Decrees 25/2025/NĐ-CP and 42/2025/NĐ-CP"]


def test_articles_are_grouped_by_section(law):
    groups = law.chapters[1].groups()
    assert [section.title for section, _ in groups][1] == "TỔ CHỨC THỰC HIỆN BẢO HIỂM XÃ HỘI"
    assert [len(articles) for _, articles in law.chapters[0].groups()] == [9]
    assert law.chapter_of(law.article(64)).section(3).title == "CHẾ ĐỘ HƯU TRÍ"
    assert law.chapter_of(law.article(1)).section(None) is None


def test_the_facts_are_those_of_the_topics(law):
    assert len(law.facts) == 389 + 29 and len(law.topics) == 13
    assert {fact[0] for fact in law.facts} == set(law.topics.values())


@pytest.mark.parametrize(
    ("text", "vi", "en"),
    [
        (
            "Nghị định 158/2025/NĐ-CP Điều 7 khoản 1",
            "Điều 7 khoản 1 Nghị định số 158/2025/NĐ-CP",
            "Article 7, clause 1, Decree 158/2025/NĐ-CP",
        ),
        ("Quyết định 366/QĐ-BHXH", "Quyết định số 366/QĐ-BHXH", "Decision 366/QĐ-BHXH"),
        ("Luật 113/2025/QH15 Điều 29", "Điều 29 Luật số 113/2025/QH15", "Article 29, Law 113/2025/QH15"),
    ],
)
def test_a_later_document_is_cited_by_its_number(text, vi, en):
    place = rule.parse_basis(text)
    assert (place.of("vi"), place.of("en")) == (vi, en)


@pytest.mark.parametrize("text", ["Nghị định 158", "Công văn 1804/BHXH-QLT", "Nghị định 158/2025/NĐ-CP điều 7", "x"])
def test_other_words_are_no_citation(text):
    assert rule.parse_basis(text) is None


def test_a_legal_basis_names_the_law_first_and_gives_later_documents_no_address():
    both = make.question(citations=("Nghị định 161/2026/NĐ-CP", "Điều 31 khoản 1", "Điều 7"))
    assert rule.basis_line(both, "vi") == (
        "Căn cứ: Điều 31 khoản 1; Điều 7 Luật số 41/2024/QH15; Nghị định số 161/2026/NĐ-CP"
    )
    later = make.question(citations=("Nghị định 158/2025/NĐ-CP Điều 7",))
    assert rule.basis_line(later, "en") == "Legal basis: Article 7, Decree 158/2025/NĐ-CP"
    assert [one.path for one in rule.basis(both, "vi")] == ["/luat/dieu-31#khoan-1", "/luat/dieu-7", ""]


def test_documents_that_may_be_cited_are_known_by_name(law):
    assert law.acts["Nghị định 158/2025/NĐ-CP"].since == date(2025, 7, 1)
    assert all(rule.parse_elsewhere(name).place is None for name in law.acts)
