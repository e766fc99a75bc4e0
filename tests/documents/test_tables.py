"""A workbook holds what it was given; nothing in it is ever worked out by a spreadsheet program."""

import re
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from quizapp.documents.tables import Table, workbook

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def part(made, name):
    return ElementTree.fromstring(ZipFile(BytesIO(made)).read(f"xl/{name}.xml"))


def cells(made, sheet=1):
    """Every cell as (sort, value): "s" for a text, "n" for a number."""
    strings = ["".join(one.itertext()) for one in part(made, "sharedStrings").findall("m:si", NS)]
    found = []
    for row in part(made, f"worksheets/sheet{sheet}").iterfind(".//m:row", NS):
        line = []
        for cell in row:
            assert cell.find("m:f", NS) is None
            value = cell.find("m:v", NS).text
            line.append(("s", strings[int(value)]) if cell.get("t") == "s" else ("n", float(value)))
        found.append(line)
    return found


def test_numbers_stay_numbers_and_texts_stay_texts():
    made = workbook([Table("Câu hỏi", ["Mã", "Số"], [["huu-tri-001", 0.25], ["007", None], ["http://x", 3]])])
    assert cells(made) == [
        [("s", "Mã"), ("s", "Số")],
        [("s", "huu-tri-001"), ("n", 0.25)],
        [("s", "007")],
        [("s", "http://x"), ("n", 3.0)],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝", "＋", "－", "＠"])
def test_a_cell_that_starts_like_a_formula_is_text(start):
    made = workbook([Table("Bảng", ["Ghi chú"], [[f"{start}1+1"]])])
    assert cells(made)[1] == [("s", f"{start}1+1")]
    looks = part(made, "styles").findall("m:cellXfs/m:xf", NS)
    style = int(part(made, "worksheets/sheet1").findall(".//m:c", NS)[1].get("s"))
    assert looks[style].get("quotePrefix") == "1" and looks[style].get("numFmtId") == "49"


def test_every_table_has_its_own_sheet_and_may_be_empty():
    made = workbook([Table("Một", ["A"], []), Table("Hai" * 20, ["B"], [["b"]])])
    names = re.findall(r'<sheet name="([^"]+)"', ZipFile(BytesIO(made)).read("xl/workbook.xml").decode())
    assert names == ["Một", ("Hai" * 20)[:31]] and cells(made, 2) == [[("s", "B")], [("s", "b")]]
