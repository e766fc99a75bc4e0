"""Tables of any kind: units, places, people on a list."""

import pytest

from quizapp.documents import tables
from quizapp.formats import sandbox, table
from quizapp.formats.upload import BadFile
from tests.formats import books


def refusal(data):
    with pytest.raises(BadFile) as caught:
        sandbox.table(data)
    return caught.value.sentence


def test_a_workbook_comes_row_by_row_with_its_numbers():
    made = tables.workbook([tables.Table("Đơn vị", ["Tên", "Tổng số"], [["Công ty A", 120], ["", None], ["=1+1", 5]])])
    assert sandbox.table(made) == [(1, ["Tên", "Tổng số"]), (2, ["Công ty A", "120"]), (4, ["=1+1", "5"])]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_a_csv_file_is_read_by_the_sign_that_parts_its_cells(sign):
    text = f"Tên{sign}Thuộc\n\nXã A{sign}Tỉnh P\n"
    assert sandbox.table(text.encode("utf-8-sig")) == [(1, ["Tên", "Thuộc"]), (3, ["Xã A", "Tỉnh P"])]


def test_a_guarded_cell_loses_its_guard_and_old_letters_become_unicode():
    assert table.cells("'=A1;b\n") == [(1, ["=A1", "b"])]
    old = "Tªn ®¬n vÞ;Thuéc\nC«ng ®oµn huyÖn A;TØnh ®oµn\nTr­êng trung häc phæ th«ng;TØnh ®oµn\n".encode("latin-1")
    assert sandbox.table(old)[0] == (1, ["Tên đơn vị", "Thuộc"])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "trống"),
        (b" \n \n", "trống"),
        (b'"";""\n', "trống"),
        (b"<html></html>", "không phải tệp Excel hay CSV"),
        (b"%PDF-1.7 abc", "không phải tệp Excel hay CSV"),
        (b"PK\x03\x04broken", "hỏng"),
        (b"\xd0\xcf\x11\xe0old", "xls"),
        (b"a;b\n" * 5002, "5.000 dòng"),
        (b'a;"b\n' + b"x" * 200_000, "Dấu nháy kép"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_sentence(data, sentence):
    assert sentence in refusal(data)


def test_a_workbook_that_is_too_long_or_empty_is_refused():
    rows = [[str(n)] for n in range(5001)]
    assert "5.000 dòng" in refusal(tables.workbook([tables.Table("A", ["Tên"], rows)]))
    assert "5.000 dòng" in refusal(tables.workbook([tables.Table("A", ["Tên"], rows * 2)]))
    assert "trống" in refusal(books.book(books.sheet()))


def test_what_is_written_comes_back_with_its_zeros_and_no_formula():
    made = table.write(
        "Danh sách", ["Họ và tên", "Số điện thoại"], [["=HYPERLINK(1)", "0901234567"], ["", "001090012345"]]
    )
    assert sandbox.table(made) == [
        (1, ["Họ và tên", "Số điện thoại"]),
        (2, ["=HYPERLINK(1)", "0901234567"]),
        (3, ["", "001090012345"]),
    ]
