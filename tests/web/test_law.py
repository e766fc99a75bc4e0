"""Reading and searching the law."""

import re

import pytest

from quizapp import db
from tests import make


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_law_lists_its_chapters_and_every_article(client):
    html = page(client, "/luat")
    assert [f'href="/luat/dieu-{n}"' in html for n in range(1, 142)] == [True] * 141
    assert html.count('<details class="chapter"') == 11


def test_a_search_without_accents_marks_what_it_found(client):
    html = page(client, "/luat?tim=khai+thac+than")
    assert "<mark>khai thác than</mark>" in html and 'href="/luat/dieu-64#khoan-1-diem-c"' in html


def test_a_search_that_finds_nothing_says_so_and_keeps_the_words_harmless(client):
    html = page(client, "/luat?tim=%3Cscript%3Ekh%C3%B4ng")
    assert "Không tìm thấy" in html and "<script>kh" not in html


def test_a_misspelt_search_says_what_it_searched_for(client):
    html = page(client, "/luat?tim=mai+tnag")
    assert "«mai tang»" in html and 'href="/luat/dieu-85' in html
    assert "gần đúng" not in page(client, "/luat?tim=mai+tang")


def test_an_article_shows_its_text_with_a_place_for_every_clause_and_point(client):
    html = page(client, "/luat/dieu-70")
    assert "Điều 70. Hưởng bảo hiểm xã hội một lần" in html
    for anchor in ("khoan-1", "khoan-1-diem-d", "khoan-1-diem-dd", "khoan-2"):
        assert html.count(f'id="{anchor}"') == 1
    assert 'href="/luat/dieu-69"' in html and 'href="/luat/dieu-71"' in html


def test_the_first_and_the_last_article_have_one_neighbour(client):
    assert 'rel="prev"' not in page(client, "/luat/dieu-1") and 'rel="next"' in page(client, "/luat/dieu-1")
    assert 'rel="next"' not in page(client, "/luat/dieu-141")


@pytest.mark.parametrize("path", ["/luat/dieu-0", "/luat/dieu-142", "/luat/dieu-x"])
def test_an_article_that_the_law_does_not_have_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_a_later_change_stands_at_its_clause(client):
    html = page(client, "/luat/dieu-53")
    clause = html[html.index('id="khoan-2"') : html.index('id="khoan-3"')]
    assert "Đã thay đổi từ ngày 01/7/2026" in clause and "10 ngày làm việc" in clause


def test_an_english_page_says_that_the_text_is_vietnamese_and_marks_it_so(client):
    html = page(client, "/luat/dieu-53?lang=en")
    assert '<html lang="en"' in html and re.search(r'<article class="law-text" lang="vi">', html)
    assert "a man&#39;s leave when his wife bears a second child" in html
    assert html.count('role="status"') == 0
    assert "Văn bản luật chỉ có tiếng Việt" in html or "Vietnamese only" in html


def test_an_article_leads_to_its_questions(client):
    with db.begin() as session:
        make.bank(session, make.question(), make.question(id="huu-tri-002"))
    html = page(client, "/luat/dieu-64")
    assert 'href="/hoc/huu-tri"' in html and "2 câu hỏi" in html
    assert "/hoc/huu-tri" not in page(client, "/luat/dieu-65")


def test_a_chapter_is_read_as_a_whole_with_each_id_once(client):
    html = page(client, "/luat/chuong-5")
    assert [f'id="dieu-{n}"' in html for n in (42, 93, 94)] == [True, True, False]
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert 'href="/luat/chuong-4"' in html and 'href="/luat/chuong-6"' in html
    assert html.count("113/2025/QH15") == 2


@pytest.mark.parametrize("number", [0, 12])
def test_a_chapter_that_the_law_does_not_have_is_not_found(client, number):
    assert client.get(f"/luat/chuong-{number}").status_code == 404


def test_the_first_and_the_last_chapter_have_one_neighbour(client):
    assert 'rel="prev"' not in page(client, "/luat/chuong-1") and 'rel="next"' not in page(client, "/luat/chuong-11")
