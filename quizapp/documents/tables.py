"""Tables as a workbook (XLSX). A text stays a text, also where a spreadsheet program would take it for a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter

from quizapp.formats.columns import is_formula_like

Cell = str | int | float | None

_WIDEST = 70


@dataclass(frozen=True)
class Table:
    """One sheet of a workbook: its name, its headings, and its rows; numbers stay numbers."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def workbook(tables: Sequence[Table]) -> bytes:
    """The tables as a file, each on a sheet of its own, its headings held in place and filtered."""
    made = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        exact = book.add_format({"text_wrap": True, "valign": "top", "num_format": 49, "quote_prefix": True})
        for table in tables:
            sheet = book.add_worksheet(table.name[:31])
            for column, words in enumerate(table.heads):
                sheet.write_string(0, column, words, head)
                sheet.set_column(column, column, _width(table, column))
            for row, cells in enumerate(table.rows, 1):
                for column, cell in enumerate(cells):
                    if isinstance(cell, str):
                        sheet.write_string(row, column, cell, exact if is_formula_like(cell) else plain)
                    elif cell is not None:
                        sheet.write_number(row, column, cell, plain)
            sheet.freeze_panes(1, 1)
            sheet.autofilter(0, 0, len(table.rows), max(len(table.heads) - 1, 0))
    return made.getvalue()


def _width(table: Table, column: int) -> int:
    """Wide enough for the longest cell of a column, within reason."""
    longest = max((len(str(row[column])) for row in table.rows if row[column] is not None), default=0)
    return min(_WIDEST, max(10, longest + 2, len(table.heads[column]) // 2 + 2))
