"""Reads documents back: the words of a PDF page by page, the cells of a workbook sheet by sheet."""

from __future__ import annotations

import re
import unicodedata
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

from pypdf import PdfReader

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def pages(made):
    """The words of every page, spaces single."""
    read = PdfReader(BytesIO(made)).pages
    return [" ".join(unicodedata.normalize("NFC", page.extract_text()).split()) for page in read]


def words(made):
    """All that is printed."""
    return " ".join(pages(made))


def sheets(made):
    """Every sheet of a workbook as (name, rows); empty cells are None, no cell is a formula."""
    with ZipFile(BytesIO(made)) as parts:
        strings = [
            "".join(one.itertext())
            for one in ElementTree.fromstring(parts.read("xl/sharedStrings.xml")).findall("m:si", NS)
        ]
        names = re.findall(r'<sheet name="([^"]+)"', parts.read("xl/workbook.xml").decode())
        found = []
        for n, name in enumerate(names, 1):
            rows = []
            for row in ElementTree.fromstring(parts.read(f"xl/worksheets/sheet{n}.xml")).iterfind(".//m:row", NS):
                line = []
                for cell in row:
                    assert cell.find("m:f", NS) is None
                    column = _column(cell.get("r"))
                    line += [None] * (column - len(line))
                    value = cell.find("m:v", NS)
                    line.append(_value(cell, value, strings))
                rows.append(line)
            found.append((name.replace("&amp;", "&"), rows))
    return found


def _column(place):
    number = 0
    for letter in re.match("[A-Z]+", place)[0]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell, value, strings):
    if value is None:
        return None
    if cell.get("t") == "s":
        return strings[int(value.text)]
    number = float(value.text)
    return int(number) if number == int(number) else number
