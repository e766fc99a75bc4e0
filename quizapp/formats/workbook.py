"""Excel workbooks: their cells as texts, read part by part so that no workbook can fill the memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from xml.parsers import expat

from quizapp.formats import archive, charset, columns, typed
from quizapp.formats.archive import Archive
from quizapp.formats.upload import MOST_COLUMNS, MOST_QUESTIONS, BadFile, Conversion, Problem, check_count, check_size

_MOST_ROWS = MOST_QUESTIONS + 1_000  # with headings and notes; rows without a letter are not counted
_MOST_CELLS = 400_000
_MOST_STRINGS = 1_000_000
_MOST_SHEETS = 30

_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_NO_CODE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_OLD_FILE = b"\xd0\xcf\x11\xe0"

_NOT_A_WORKBOOK = "Đây không phải tệp Excel (.xlsx). Vui lòng lưu lại ở dạng .xlsx rồi tải lên."


@dataclass
class Sheet:
    """One sheet: its rows with their numbers, as far as they hold something. Empty cells are empty texts."""

    name: str
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    exact: set[tuple[int, int]] = field(default_factory=set)  # row number and column of cells to be taken literally


@dataclass(frozen=True)
class Workbook:
    """The sheets that are shown, what should be known about their cells, and in which letters they were typed."""

    sheets: tuple[Sheet, ...]
    notes: tuple[Problem, ...]
    conversion: Conversion | None


def read(data: bytes) -> Workbook:
    """The cells of a workbook; refuses what is no workbook, is locked, or is more than a bank can be."""
    check_size(data)
    if data.startswith(_OLD_FILE):
        raise BadFile("Tệp Excel kiểu cũ (.xls) hoặc có mật khẩu. Vui lòng lưu lại ở dạng .xlsx không mật khẩu.")
    if not data.startswith(b"PK"):
        raise BadFile(_NOT_A_WORKBOOK)
    return _Package(archive.open_checked(data)).workbook()


class _Package:
    """The parts of one workbook file."""

    def __init__(self, opened: Archive) -> None:
        self._archive = opened
        self._names = {name.lower().lstrip("/"): name for name in opened.names}
        self._notes: list[Problem] = []
        self._formulas: list[str] = []

    def workbook(self) -> Workbook:
        """Everything that is read of it."""
        main = self._main()
        listed: list[dict[str, str]] = []
        settings: dict[str, str] = {}
        self._walk(main, {"sheet": listed.append, "workbookPr": settings.update})
        strings = self._strings(self._beside(main, "sharedStrings.xml"))
        styles = _Styles()
        self._walk(self._beside(main, "styles.xml"), styles.handlers)
        since = datetime(1904, 1, 1) if settings.get("date1904") in ("1", "true") else datetime(1899, 12, 30)
        targets = self._targets(main)
        sheets = []
        for one in listed[:_MOST_SHEETS]:
            part = targets.get(one.get("id", ""), "")
            if one.get("state", "visible") == "visible" and part in self._names:
                sheet = Sheet(one.get("name", ""))
                cells = _Cells(sheet, strings, styles, since, self._notes, self._formulas)
                self._parse(part, cells.start, cells.end, cells.data)
                sheets.append(sheet)
        if not sheets:
            raise BadFile("Tệp Excel không có trang tính nào đọc được. Vui lòng kiểm tra lại tệp.")
        if self._formulas:
            count = len(self._formulas)
            self._notes.append(
                Problem(
                    self._formulas[0],
                    "Có %(count)s ô chứa công thức: kết quả đã tính được lấy làm chữ, ô chưa tính được coi là trống.",
                    {"count": count},
                )
            )
        conversion = _tidy(sheets)
        return Workbook(tuple(sheets), tuple(self._notes), conversion)

    def _main(self) -> str:
        targets: list[dict[str, str]] = []
        self._walk("_rels/.rels", {"Relationship": targets.append})
        for one in targets:
            if one.get("Type", "").endswith("/officeDocument"):
                name = one.get("Target", "").lstrip("/").lower()
                if name in self._names and "xl" in name:
                    return name
        if "xl/workbook.xml" in self._names:
            return "xl/workbook.xml"
        raise BadFile(_NOT_A_WORKBOOK)

    def _targets(self, main: str) -> dict[str, str]:
        """The parts of the sheets by the ids that the workbook has for them."""
        listed: list[dict[str, str]] = []
        folder, _, name = main.rpartition("/")
        self._walk(f"{folder}/_rels/{name}.rels", {"Relationship": listed.append})
        return {
            one.get("Id", ""): (
                target[1:] if (target := one.get("Target", "")).startswith("/") else f"{folder}/{target}"
            )
            .lower()
            .replace("/./", "/")
            for one in listed
        }

    def _beside(self, main: str, name: str) -> str:
        return f"{main.rpartition('/')[0]}/{name}".lower()

    def _strings(self, part: str) -> list[str]:
        """The texts that cells refer to by number; pronunciation aids are left out."""
        strings: list[str] = []
        pieces: list[str] = []
        inside: list[str] = []

        def start(name: str, attributes: Mapping[str, str]) -> None:
            if name == "si":
                pieces.clear()
            inside.append(name)

        def end(name: str) -> None:
            inside.pop()
            if name == "si":
                if len(strings) >= _MOST_STRINGS:
                    raise BadFile("Tệp Excel có quá nhiều chữ. Vui lòng chia thành nhiều tệp nhỏ hơn.")
                strings.append(_unescaped("".join(pieces)))

        def data(text: str) -> None:
            if inside and inside[-1] == "t" and "rPh" not in inside:
                pieces.append(text)

        if part in self._names:
            self._parse(part, start, end, data)
        return strings

    def _walk(self, part: str, handlers: Mapping[str, Callable[[dict[str, str]], object]]) -> None:
        """Call a handler for every element of its name in a part, with the attributes; a part may be missing."""

        def start(name: str, attributes: Mapping[str, str]) -> None:
            if name in handlers:
                handlers[name](dict(attributes))

        if part in self._names:
            self._parse(part, start, None, None)

    def _parse(
        self,
        part: str,
        start: Callable[[str, Mapping[str, str]], None],
        end: Callable[[str], None] | None,
        data: Callable[[str], None] | None,
    ) -> None:
        """Read a part of XML from start to end. Names come without their namespace, and no DTD is accepted."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: start(
            name.rpartition(":")[2], {key.rpartition(":")[2]: value for key, value in attributes.items()}
        )
        if end is not None:
            parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
        parser.CharacterDataHandler = data
        parser.StartDoctypeDeclHandler = _refuse_declarations
        parser.EntityDeclHandler = _refuse_declarations
        try:
            parser.Parse(self._archive.read(self._names[part]), True)
        except expat.ExpatError as error:
            raise BadFile("Tệp Excel bị hỏng hoặc tải lên chưa trọn vẹn. Vui lòng lưu lại rồi thử lần nữa.") from error


def _refuse_declarations(*_: object) -> None:
    raise BadFile("Tệp Excel có khai báo DTD hoặc thực thể nên hệ thống không đọc, để bảo đảm an toàn.")


class _Styles:
    """How cells are shown, as far as it says what they hold."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._cells = False
        self.dates: set[str] = set()
        self.exact: set[str] = set()
        self._count = 0

    @property
    def handlers(self) -> Mapping[str, Callable[[dict[str, str]], object]]:
        """What `_Package._walk` calls."""
        return {
            "numFmt": lambda a: self._codes.setdefault(a.get("numFmtId", ""), a.get("formatCode", "")),
            "cellStyleXfs": lambda a: self._begin(False),
            "cellXfs": lambda a: self._begin(True),
            "cellStyles": lambda a: self._begin(False),
            "xf": self._style,
        }

    def _begin(self, cells: bool) -> None:
        self._cells = cells

    def _style(self, attributes: Mapping[str, str]) -> None:
        if not self._cells:
            return
        number, style = attributes.get("numFmtId", "0"), str(self._count)
        self._count += 1
        code = _NO_CODE.sub("", self._codes.get(number, "")).lower()
        if (number.isdigit() and int(number) in _DATE_FORMATS) or re.search("[dy]", code):
            self.dates.add(style)
        if attributes.get("quotePrefix") in ("1", "true"):
            self.exact.add(style)


class _Cells:
    """Gathers the cells of one sheet while it is read."""

    def __init__(
        self,
        sheet: Sheet,
        strings: list[str],
        styles: _Styles,
        since: datetime,
        notes: list[Problem],
        formulas: list[str],
    ) -> None:
        self._sheet, self._strings, self._styles, self._since = sheet, strings, styles, since
        self._notes, self._formulas = notes, formulas
        self._row = self._column = self._count = 0
        self._texts: dict[int, str] = {}
        self._kind = self._style = self._inside = ""
        self._phonetic = False
        self._pieces: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name == "row":
            self._row = int(number) if (number := attributes.get("r", "")).isdigit() else self._row + 1
            self._column = -1
            self._texts = {}
        elif name == "c":
            found = re.match("[A-Z]{1,3}", attributes.get("r", ""))
            self._column = _column(found[0]) if found else self._column + 1
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
            self._pieces = []
            self._count += 1
            if self._count > _MOST_CELLS:
                raise BadFile("Bảng quá lớn. Vui lòng xóa các dòng, cột thừa hoặc chia thành nhiều tệp.")
        elif name == "f":
            self._formulas.append(self._where())
        elif name == "rPh":
            self._phonetic = True
        self._inside = name

    def data(self, text: str) -> None:
        """Letters between the marks."""
        if (self._inside == "v" and self._kind != "inlineStr") or (
            self._inside == "t" and self._kind == "inlineStr" and not self._phonetic
        ):
            self._pieces.append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        self._inside = ""
        if name == "rPh":
            self._phonetic = False
        elif name == "c":
            if text := self._text("".join(self._pieces)):
                self._texts[min(self._column, MOST_COLUMNS)] = text
                if self._style in self._styles.exact:
                    self._sheet.exact.add((self._row, self._column))
        elif name == "row" and any(map(str.strip, self._texts.values())):
            width = max(self._texts) + 1
            self._sheet.rows.append((self._row, [self._texts.get(column, "") for column in range(width)]))
            if len(self._sheet.rows) > _MOST_ROWS:
                check_count(len(self._sheet.rows))

    def _where(self) -> str:
        return f"{columns.column_letters(self._column)}{self._row}"

    def _text(self, raw: str) -> str:
        if self._kind == "s":
            number = int(raw) if raw.strip().isdigit() else -1
            return self._strings[number] if 0 <= number < len(self._strings) else ""
        if self._kind in ("inlineStr", "str"):
            return _unescaped(raw)
        if self._kind == "b":
            return "TRUE" if raw.strip() == "1" else "FALSE"
        if self._kind == "e":
            self._notes.append(
                Problem(
                    self._where(), "Ô này là kết quả lỗi của một công thức nên được coi là trống.", {}, "Gõ chữ vào ô."
                )
            )
            return ""
        return self._number(raw.strip())

    def _number(self, raw: str) -> str:
        try:
            number = float(raw)
        except ValueError:
            return raw
        if self._kind == "d" or not -1e15 < number < 1e15:
            return raw
        if self._style in self._styles.dates and 0 < number < 2_958_466:
            return (self._since + timedelta(days=number)).date().isoformat()
        return str(int(number)) if number.is_integer() else repr(number)


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _tidy(sheets: list[Sheet]) -> Conversion | None:
    """Clean all cells of all sheets, except those to be taken literally, and turn old letters into Unicode."""
    texts = [text for sheet in sheets for _, row in sheet.rows for text in row]
    mended, conversion = charset.mend(texts)
    after = iter(mended)
    for sheet in sheets:
        for number, row in sheet.rows:
            row[:] = [
                text if (number, column) in sheet.exact else typed.clean(text)
                for column, text in enumerate([next(after) for _ in row])
            ]
    return conversion
