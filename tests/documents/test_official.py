"""An official paper begins as the state asks, says everything letter by letter, and is the same as a workbook."""

import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from quizapp.documents import official
from quizapp.documents.official import (
    Annex,
    Column,
    Grid,
    Head,
    Letterhead,
    Official,
    Paragraph,
    Signature,
    at,
    long_date,
    said,
)
from tests.documents.reading import pages, sheets, words
from tests.documents.test_paper import LETTERS

MADE = datetime(2026, 3, 15, 3, 5, tzinfo=UTC)
COLUMNS = (Column("STT", 0.5, "C"), Column("Họ và tên", 2), Column("Số câu đúng", 1, "R"))


def paper(*blocks, **changes):
    whole = Official(
        Letterhead("Bảo hiểm xã hội tỉnh P", "Bảo hiểm xã hội Việt Nam", "12/QĐ-BTC", "Hà Nội", date(2026, 3, 5)),
        "QUYẾT ĐỊNH",
        "Về việc công nhận kết quả Tuần 1",
        blocks or (Paragraph("Công nhận kết quả.", lead="Điều 1."),),
        MADE,
    )
    return replace(whole, **changes)


def grid(rows, **changes):
    return Grid(**{"name": "Giải Nhất", "columns": COLUMNS, "rows": rows, **changes})


def printed(*blocks, **changes):
    return words(official.pdf(paper(*blocks, **changes)))


def test_the_heading_has_two_columns_with_agency_state_number_place_and_day():
    text = printed()
    for expected in (
        "BẢO HIỂM XÃ HỘI VIỆT NAM BẢO HIỂM XÃ HỘI TỈNH P",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập – Tự do – Hạnh phúc",
        "Số: 12/QĐ-BTC",
        "Hà Nội, ngày 05 tháng 3 năm 2026",
        "QUYẾT ĐỊNH Về việc công nhận kết quả Tuần 1",
        "Điều 1. Công nhận kết quả.",
    ):
        assert expected in text


def test_what_is_not_known_yet_is_left_open_to_be_filled_in():
    text = printed(head=Letterhead("Cơ quan A"), draft=True)
    assert "Số: ......" in text and "ngày tháng năm" in text and "DỰ THẢO" in text
    assert "DỰ THẢO" not in printed()


def test_every_vietnamese_letter_comes_back_in_every_style_of_the_typeface():
    letters = unicodedata.normalize("NFD", LETTERS + LETTERS.upper())
    blocks = [Paragraph("x", lead=letters), Paragraph(letters), Paragraph(letters, style="basis"), Head(letters)]
    blocks += [Paragraph(letters, style="note"), Paragraph(letters, style="centre"), grid([[1, letters, 2]])]
    assert printed(*blocks).replace(" ", "").replace("–", "").count(LETTERS + LETTERS.upper()) == 7


def test_an_english_paper_has_the_english_heading_and_numbers():
    head = Letterhead("Social insurance of P", number="12", place="Hà Nội", day=date(2026, 3, 5), language="en")
    text = printed(grid([[1, "An", 12480]]), head=head, signature=Signature(receivers=["Archive"]))
    assert "SOCIALIST REPUBLIC OF VIET NAM Independence – Freedom – Happiness" in text
    assert "No. 12" in text and "Hà Nội, 5 March 2026" in text and "12,480" in text and "Copies to: - Archive" in text


def test_a_long_list_repeats_its_headings_on_every_page_and_tears_no_row():
    name = "Công ty trách nhiệm hữu hạn một thành viên dệt may và thương mại tỉnh P"
    found = pages(official.pdf(paper(grid([[n, name, n] for n in range(1, 121)]))))
    assert len(found) > 2
    for page in found[:-1]:
        assert "STT Họ và tên Số câu đúng" in page and page.count("Công ty") == page.count("tỉnh P") > 0
    assert found[1].startswith("2 STT")  # the number of the page stands above, as papers of the state have it


def test_totals_stand_last_and_an_empty_list_says_so():
    assert printed(grid([[1, "An", 10]], foot=[None, "Cộng", 10])).endswith("1 An 10 Cộng 10")
    assert printed(grid([], empty="Không có giải.")).endswith("Không có giải.")


def test_a_word_wider_than_its_column_is_cut_and_nothing_is_lost():
    assert "Ạ" * 120 in printed(grid([[1, "Ạ" * 120, 2], [2, "ngắn " + "ô" * 90, 3]])).replace(" ", "")


def test_annexes_begin_on_pages_of_their_own_and_name_the_paper():
    annex = Annex("Phụ lục I", "DANH SÁCH GIẢI NHẤT", "(Kèm theo Quyết định số 12/QĐ-BTC)", [grid([[1, "An", 10]])])
    sign = Signature("TM. BAN TỔ CHỨC", "TRƯỞNG BAN", "(Ký tên, đóng dấu)", ["Như Điều 4;", "Lưu: VT."])
    first, second = pages(official.pdf(paper(annexes=[annex], signature=sign, source="Bản kết quả số 2.")))
    assert "TM. BAN TỔ CHỨC TRƯỞNG BAN (Ký tên, đóng dấu)" in first and "Nơi nhận: - Như Điều 4;" in first
    assert first.index("Bản kết quả số 2.") < first.index("Nơi nhận")
    assert "Phụ lục I DANH SÁCH GIẢI NHẤT (Kèm theo Quyết định số 12/QĐ-BTC)" in second and "An" in second


@pytest.mark.parametrize(
    ("cell", "vi", "en"),
    [
        (12480, "12.480", "12,480"),
        (Decimal("1086.51"), "1.086,51", "1,086.51"),
        (None, "", ""),
        ("4.312", "4.312", "4.312"),
    ],
)
def test_numbers_are_printed_as_each_language_writes_them(cell, vi, en):
    assert (said(cell), said(cell, "en")) == (vi, en)


def test_days_are_printed_with_a_nought_only_where_the_decree_has_one():
    assert long_date(date(2026, 2, 1)) == "ngày 01 tháng 02 năm 2026"
    assert long_date(date(2026, 3, 15)) == "ngày 15 tháng 3 năm 2026"
    assert long_date(None, "en").strip(".") == "" and long_date(date(2026, 3, 5), "en") == "5 March 2026"
    assert at(MADE) == "10 giờ 05 ngày 15/3/2026"


def test_the_workbook_has_the_same_lists_and_says_what_they_are():
    annex = Annex("Phụ lục I", "X", "", [grid([[1, "An", Decimal("66.39")]])])
    found = sheets(official.xlsx(paper(grid([[1, "=1+1", 10]], foot=[None, "Cộng", 10]), annexes=[annex])))
    assert [name for name, _ in found] == ["Thông tin", "Giải Nhất", "Giải Nhất 2"]
    assert found[0][1][1:3] == [
        ["Văn bản", "QUYẾT ĐỊNH Về việc công nhận kết quả Tuần 1"],
        ["Cơ quan", "Bảo hiểm xã hội tỉnh P"],
    ]
    assert found[1][1] == [["STT", "Họ và tên", "Số câu đúng"], [1, "=1+1", 10], [None, "Cộng", 10]]
    assert found[2][1][1] == [1, "An", 66.39]


@pytest.mark.parametrize(
    ("wanted", "name"),
    [("Giải 1/2: [Nhì]?", "Giải 1 2 Nhì"), ("x" * 40, "x" * 31), ("//", "Bảng"), ("'a'", "a")],
)
def test_names_of_sheets_are_ones_that_a_workbook_takes(wanted, name):
    assert [found for found, _ in sheets(official.xlsx(paper(grid([[1, "a", 2]], name=wanted))))][1] == name


def test_the_same_paper_is_the_same_file():
    assert official.pdf(paper()) == official.pdf(paper())
