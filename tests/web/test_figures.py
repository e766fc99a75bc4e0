"""The pages with figures: who may see them, what they say, and what they keep to themselves."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import url_for

from quizapp import db
from quizapp.services import figures
from quizapp.web import figures as pages
from tests import make, runs
from tests.conftest import NOW
from tests.web.test_bank import page, signed_in

PATHS = ("/ngan-hang/thong-ke", "/ngan-hang/thong-ke.xlsx", "/ngan-hang/huu-tri-001/so-lieu")
MIXED = ["1111", "1110", "1101", "1011", "0100", "0010", "0001", "0000", "1100", "0011"] * 4


@pytest.fixture
def app(app):
    figures._kept.clear()
    with db.begin() as session:
        for who, roles in (("otto", ["reviewer"]), ("hana", ["organizer"]), ("mallory", [])):
            make.person(session, who, roles=roles)
        runs.bank(session)
    return app


@pytest.fixture
def reviewer(client):
    return signed_in(client, "otto")


def answered(marks, **more):
    with db.begin() as session:
        entries = pages.banks.dealt(session)
        runs.crowd(session, entries, marks, **more)
    figures._kept.clear()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ["mallory", "hana"])
def test_mallory_and_organizers_are_turned_away(client, path, who):
    assert signed_in(client, who).get(path).status_code == 403


@pytest.mark.parametrize("path", PATHS)
def test_whoever_is_not_signed_in_is_led_to_sign_in(client, path):
    assert client.get(path).location.startswith("/dang-nhap?next=")


def test_an_unknown_question_has_no_figures(reviewer):
    assert reviewer.get("/ngan-hang/khong-co/so-lieu").status_code == 404


def test_before_the_first_exam_the_page_says_so_and_shows_the_coverage(reviewer):
    html = page(reviewer, "/ngan-hang/thong-ke")
    assert "Chưa có lượt thi nào. Số liệu sẽ xuất hiện sau khi có người nộp bài." in html
    assert "1 trên 141 điều có câu hỏi." in html and html.count('class="level-0"') == 140
    assert "Chưa có lượt thi nào." in page(reviewer, "/ngan-hang/huu-tri-001/so-lieu")


def test_the_overview_shows_flags_reliability_and_exposure(reviewer):
    answered([*["21" * 2] * 20, *["1000"] * 20], started_at=NOW)
    html = page(reviewer, "/ngan-hang/thong-ke")
    assert "Nhiều người giỏi chọn C" in html and "Bài thi 4 câu" in html
    assert html.count("<figure") == html.count("Xem dạng bảng") >= 2
    assert " style=" not in html and "<style" not in html


def test_a_question_shows_who_chose_what(reviewer):
    answered(MIXED)
    html = page(reviewer, "/ngan-hang/huu-tri-001/so-lieu")
    assert "Tỷ lệ đúng</dt><dd>50 %" in html and "Số người</dt><dd>40" in html
    assert "Độ khó Rasch" in html and "Thời gian trung vị, tự làm</dt><dd>10 giây" in html
    assert "Không ai chọn C" in html and re.search(r'<rect width="50.0%" height="16"', html)


def test_fewer_than_ten_people_are_never_told(reviewer):
    answered(MIXED[:9])
    html = page(reviewer, "/ngan-hang/huu-tri-001/so-lieu")
    assert "Mới có dưới 10 người" in html and "<figure" not in html and "Tỷ lệ đúng" not in html
    answered(["0000"])
    html = page(reviewer, "/ngan-hang/huu-tri-001/so-lieu")
    assert "Số người</dt><dd>10" in html and "dưới 10 người" in html
    assert "Ít người làm, chưa kết luận được" in html
    figures_table = ZipFile(BytesIO(reviewer.get("/ngan-hang/thong-ke.xlsx").data)).read("xl/sharedStrings.xml")
    assert "Ít người làm" in figures_table.decode()


def test_practice_stands_apart(reviewer):
    answered(MIXED[:10], mode="practice")
    html = page(reviewer, "/ngan-hang/huu-tri-001/so-lieu")
    assert "Luyện tập (tính riêng): 10 người, đúng ngay lần đầu 50 %" in html and "Chưa có lượt thi nào." in html
    with db.begin() as session:
        session.query(pages.figures.sheets.Attempt).delete()
    answered(MIXED[:3], mode="practice")
    assert "Luyện tập (tính riêng): dưới 10 người." in page(reviewer, "/ngan-hang/huu-tri-001/so-lieu")


def test_the_workbook_has_questions_articles_and_topics(reviewer):
    answered(MIXED)
    answer = reviewer.get("/ngan-hang/thong-ke.xlsx")
    assert answer.status_code == 200 and answer.mimetype == pages.XLSX
    book = ZipFile(BytesIO(answer.data))
    words = book.read("xl/sharedStrings.xml").decode()
    assert "huu-tri-004" in words and "Phạm vi điều chỉnh" in words and "H. Hưu trí" in words
    assert len([name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]) == 3


def test_a_question_nobody_met_has_an_empty_line_in_the_workbook(reviewer):
    with db.begin() as session:
        runs.crowd(session, pages.banks.dealt(session)[:1], ["1"] * 12)
    words = ZipFile(BytesIO(reviewer.get("/ngan-hang/thong-ke.xlsx").data)).read("xl/sharedStrings.xml").decode()
    assert "dưới 10 người" in words


@pytest.mark.parametrize(
    "kind, key, marks, words",
    [
        ("number", (15,), [[15], [20]], "20 năm"),
        ("order", (2, 0, 1, 3), [[2, 0, 1, 3], [0, 1, 2, 3]], "A → B → C → D"),
        ("one", (1,), [[1], None], "Không trả lời"),
    ],
)
def test_every_kind_of_answer_has_its_words(reviewer, kind, key, marks, words):
    with db.begin() as session:
        asked = make.question("huu-tri-009", kind=kind, key=key)
        (entry,) = make.bank(session, asked)
        for n in range(40):
            run = runs.exam(session, [entry], "-")
            if marks[n % 2] is not None:
                runs.answer(session, run, entry, marks[n % 2], NOW)
    assert words in page(reviewer, "/ngan-hang/huu-tri-009/so-lieu")


def test_figures_are_written_as_vietnamese_writes_them(app):
    with app.test_request_context():
        assert pages.percent(0.709) == "70,9 %" and pages.rounded(-0.041) == "−0,04" and pages.rounded(None) == "–"
        assert pages.people(9) == "dưới 10 người" and pages.people(1530) == "1.530"
        assert url_for("figures.show") == "/ngan-hang/thong-ke"
