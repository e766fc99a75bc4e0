"""Workbooks as programs write them are read cell by cell; what could do harm is refused in one sentence."""

import pytest

from quizapp.formats import workbook
from quizapp.formats.upload import BadFile
from tests.formats.books import MAIN, book, cell, raw, sheet


def rows(data):
    return workbook.read(data).sheets[0].rows


def test_texts_numbers_truths_and_days_come_as_texts():
    styles = (
        f'<styleSheet {MAIN}><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>'
        '<numFmt numFmtId="165" formatCode="0.0&quot; d&quot;"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/><xf numFmtId="165"/></cellXfs></styleSheet>'
    )
    strings = f"<sst {MAIN}><si><t>chữ</t></si><si><r><t>đậm</t></r><r><t> nhạt</t></r><rPh><t>x</t></rPh></si></sst>"
    cells = (
        '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1"><v>15</v></c><c r="D1"><v>1.3</v></c>'
        '<c r="E1" t="b"><v>1</v></c><c r="F1" s="1"><v>45839</v></c><c r="G1" s="2"><v>45839.5</v></c>'
        '<c r="H1" s="3"><v>2</v></c><c r="I1" t="str"><f>A1</f><v>chữ</v></c>'
        '<c r="J1"><v>1E3</v></c><c r="K1" t="s"><v>9</v></c>'
    )
    data = book(raw(f'<row r="4">{cells}</row>'), strings, styles)
    read = workbook.read(data)
    days = ["2025-07-01", "2025-07-01"]
    assert read.sheets[0].rows == [(4, ["chữ", "đậm nhạt", "15", "1.3", "TRUE", *days, "2", "chữ", "1000"])]
    assert [note.where for note in read.notes] == ["I4"]  # the formula


def test_days_are_counted_from_where_the_workbook_says():
    styles = f'<styleSheet {MAIN}><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'
    first = raw('<row><c s="0"><v>44377</v></c></row>')
    assert rows(book(first, styles=styles, settings='<workbookPr date1904="1"/>')) == [(1, ["2025-07-01"])]


def test_rows_and_cells_without_a_place_follow_each_other():
    first = raw("<row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c><v>3</v></c></row>")
    assert rows(book(first)) == [(1, ["1", "2"]), (3, ["3"])]


def test_prefixes_and_absolute_targets_are_understood():
    held = '<x:sheetData><x:row r="1"><x:c r="A1"><x:v>7</x:v></x:c></x:row></x:sheetData>'
    first = f'<x:worksheet xmlns:x="http://y">{held}</x:worksheet>'
    rels = '<Relationships><Relationship Id="s1" Target="/xl/worksheets/sheet1.xml"/></Relationships>'
    assert rows(book(first, parts={"xl/_rels/workbook.xml.rels": rels})) == [(1, ["7"])]


def test_control_letters_are_spelt_out_and_cells_tidied():
    assert rows(book(sheet(["a_x000D_b", "  c  d\u00a0", "e\u200b", "_x005F_x000D_"]))) == [
        (1, ["a b", "c d", "e", "_x000D_"])
    ]


def test_an_error_of_a_formula_is_empty_and_said():
    first = raw('<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1"><v>1</v></c></row>')
    read = workbook.read(book(first))
    assert read.sheets[0].rows == [(1, ["", "1"])]
    assert [note.where for note in read.notes] == ["A1"]


def test_hidden_sheets_are_not_read():
    with pytest.raises(BadFile, match="không có trang tính"):
        workbook.read(book(sheet(["a"]), state="hidden"))


def test_texts_typed_in_an_old_font_are_converted_and_said():
    read = workbook.read(book(sheet(["B¶o hiÓm x· héi", "Bảo hiểm xã hội"])))
    assert read.sheets[0].rows == [(1, ["Bảo hiểm xã hội", "Bảo hiểm xã hội"])]
    assert read.conversion.charset == "TCVN3 (ABC)"
    assert (read.conversion.before, read.conversion.after) == ("B¶o hiÓm x· héi", "Bảo hiểm xã hội")


DTD = '<!DOCTYPE x [<!ENTITY a "b">]>'
ENTITIES = '<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>'
HARMFUL = {
    "empty": b"",
    "blank": b" \r\n ",
    "a page": b"<html></html>",
    "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "cut in half": book(sheet(["a"]))[:300],
    "no workbook": book(sheet(["a"])).replace(b"xl/workbook.xml", b"xl/nothing.xml"),
    "broken XML": book("<worksheet><sheetData><row>"),
    "a DTD": book(DTD + sheet(["a"])),
    "an entity bomb": book(sheet(["a"]), strings=ENTITIES),
    "a bomb": book(sheet(["a" * 3_000_000])),
    "too many rows": book(sheet(*([["a"]] * 6_001))),
    "too many cells": book(f"<worksheet><sheetData><row>{'<c/>' * 400_001}</row></sheetData></worksheet>"),
}


@pytest.mark.parametrize("data", HARMFUL.values(), ids=HARMFUL.keys())
def test_what_is_no_workbook_or_could_do_harm_is_refused(data):
    with pytest.raises(BadFile) as refused:
        workbook.read(data)
    assert refused.value.sentence.endswith(".")


def test_a_far_away_cell_fills_no_memory():
    far = raw(f'<row r="1048576">{cell("XFD1048576", "x")}</row>')
    assert rows(book(far)) == [(1048576, [""] * 50 + ["x"])]


def test_many_empty_rows_are_no_rows():
    empty = "".join(f'<row r="{n}"/>' for n in range(2, 60_000))
    first = raw(f'<row r="1">{cell("A1", "x")}</row>{empty}')
    assert rows(book(first)) == [(1, ["x"])]
