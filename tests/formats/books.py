"""Workbooks made by hand, part by part, as other programs write them, and as nobody should."""

from __future__ import annotations

import io
import zipfile

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'


def cell(place, text, style=0):
    """A cell with its text in place."""
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def sheet(*rows):
    """A sheet of rows, each a row of texts."""
    lines = (
        f'<row r="{n}">' + "".join(cell(f"{chr(65 + c)}{n}", text) for c, text in enumerate(row)) + "</row>"
        for n, row in enumerate(rows, 1)
    )
    return raw("".join(lines))


def raw(rows):
    """A sheet whose rows are written out."""
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"


def book(first, strings=None, styles=None, settings="", state="visible", parts=None):
    """A workbook with one sheet; further parts by name."""
    held = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships {RELATIONS}><Relationship Id="r1" Type="{RELATION}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{RELATION}">{settings}<sheets>'
        f'<sheet name="Một" sheetId="1" state="{state}" r:id="s1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships {RELATIONS}><Relationship Id="s1" Type="{RELATION}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": first,
        **({"xl/sharedStrings.xml": strings} if strings else {}),
        **({"xl/styles.xml": styles} if styles else {}),
        **(parts or {}),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in held.items():
            packed.writestr(name, content)
    return file.getvalue()
