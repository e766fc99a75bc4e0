"""Lists that organizers bring as tables: which column is which, and which units stand under another name already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from quizapp.errors import Unreadable
from quizapp.rules.registration import Problem
from quizapp.rules.typed import whole_number
from quizapp.rules.words import fold

HEADER_WITHIN = 10  # rows in which the headings must stand
LONGEST_NAME = 200
LONGEST_CODE = 40


@dataclass(frozen=True)
class Column:
    """One column: its key, its heading in the template, and other headings it is known by, folded."""

    key: str
    head: str
    also: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a table: its number in the file and its cells by column; what is empty is left out."""

    where: int
    cells: Mapping[str, str]

    def get(self, key: str) -> str:
        """The text of a cell, "" where there is none."""
        return self.cells.get(key, "")


@dataclass
class Looked:
    """A line that was looked at: what is wrong with it, or what taking it would do."""

    line: Line
    problems: list[Problem] = field(default_factory=list)
    does: str = "new"  # new | change | same

    def wrong(self, sentence: str, **details: str | int) -> None:
        """Note something that stops the line."""
        self.problems.append(Problem(sentence, details))


UNIT_COLUMNS = (
    Column("level", "Cấp", ("level", "ten cap")),
    Column("name", "Tên", ("name", "ten don vi", "don vi", "unit"), required=True),
    Column("parent", "Thuộc", ("parent", "thuoc don vi", "don vi cap tren", "truc thuoc")),
    Column("code", "Mã", ("code", "ma don vi", "ma so")),
    Column("headcount", "Tổng số", ("headcount", "tong so nguoi", "tong so doan vien, nguoi lao dong", "so luong")),
    Column("target_people", "Chỉ tiêu người", ("target people", "chi tieu", "chi tieu so nguoi")),
    Column("target_attempts", "Chỉ tiêu lượt", ("target attempts", "chi tieu luot thi")),
)
PLACE_COLUMNS = (
    Column("parent", "Tỉnh/thành phố", ("tinh", "tinh thanh pho", "thanh pho", "province", "tinh, thanh pho"), True),
    Column(
        "name", "Xã/phường/đặc khu", ("xa", "xa phuong", "phuong xa", "commune", "ten", "xa, phuong, dac khu"), True
    ),
    Column("code", "Mã", ("code", "ma xa")),
    Column("headcount", "Dân số", ("headcount", "population", "tong so", "so dan")),
)
EXCLUSION_COLUMNS = (
    Column("name", "Họ và tên", ("name", "ho ten", "ten"), required=True),
    Column("work", "Nhiệm vụ", ("work", "cong viec", "chuc vu", "vai tro")),
    Column("identity", "Số căn cước", ("identity", "cccd", "so cccd", "can cuoc", "so can cuoc/cccd")),
    Column("phone", "Số điện thoại", ("phone", "dien thoai", "sdt", "di dong")),
)
DELEGATE_COLUMNS = (
    Column("code", "Mã đại biểu", ("code", "ma", "ma the", "so the"), required=True),
    Column("name", "Họ và tên", ("name", "ho ten", "ten"), required=True),
    Column("team", "Đoàn", ("team", "doi", "don vi", "delegation")),
    Column("division", "Bảng", ("division", "bang thi")),
    Column("by_card", "Trả lời bằng thẻ", ("by card", "bang the", "the", "dung the")),
)
COMMENT_COLUMNS = (
    Column("account", "Tài khoản", ("account", "nguoi binh luan", "author", "ten", "name", "user"), required=True),
    Column("text", "Bình luận", ("text", "comment", "noi dung", "message"), required=True),
    Column("time", "Thời gian", ("time", "luc", "ngay gio", "created_time", "date")),
    Column("edited", "Đã sửa", ("edited", "da chinh sua", "sua")),
)


def lines(rows: Sequence[tuple[int, Sequence[str]]], columns: Sequence[Column]) -> list[Line]:
    """The lines below the headings; refuses a table without those that must be there, or with nothing below them."""
    known = {fold(word): column.key for column in columns for word in (column.head, column.key, *column.also)}
    wanted = {column.key for column in columns if column.required}
    for place, (_, row) in enumerate(rows[:HEADER_WITHIN]):
        keys = [known.get(_heading(cell)) for cell in row]
        if wanted <= set(keys):
            found = [Line(number, _cells(cells, keys)) for number, cells in rows[place + 1 :]]
            if held := [one for one in found if one.cells]:
                return held
            raise Unreadable("Bảng chưa có dòng nào dưới dòng tiêu đề. Vui lòng điền rồi tải lên lại.")
    raise Unreadable("Không tìm thấy dòng tiêu đề như trong tệp mẫu. Vui lòng tải tệp mẫu và điền theo mẫu.")


def count(looked: Looked, key: str) -> int | None:
    """The whole number in a cell; a problem of the line if it is none."""
    text = looked.line.get(key)
    if not text:
        return None
    number = whole_number(text)
    if number is None or number < 0:
        looked.wrong("«%(text)s» không phải số nguyên từ 0 trở lên.", text=text[:40])
    return number


def yes_or_no(looked: Looked, key: str) -> bool | None:
    """Whether a cell says yes; `None` where it says nothing, and a problem of the line if it is neither."""
    text = looked.line.get(key)
    said = _YES_OR_NO.get(fold(text).strip(" ."))
    if text and said is None:
        looked.wrong("Ghi «có» hoặc «không» thay cho «%(text)s».", text=text[:40])
    return said


_YES = ("co", "x", "yes", "y", "true", "dung", "1", "the", "bang the")
_NO = ("khong", "no", "n", "false", "sai", "0", "-", "dien thoai")
_YES_OR_NO = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)


def too_long(looked: Looked, key: str, longest: int = LONGEST_NAME) -> bool:
    """Whether a cell holds more than can be kept, which is then a problem of the line."""
    if len(looked.line.get(key)) <= longest:
        return False
    looked.wrong("Ô «%(text)s…» dài quá %(longest)s chữ.", text=looked.line.get(key)[:30], longest=longest)
    return True


# ── Units under several names ───────────────────────────────────────────────────────────────────────────────────

# What stands before the names of companies and schools in many ways and does not tell them apart.
_BEFORE = re.compile(
    r"^(?:(?:tong cong ty|tong cty|tct|cong ty|cty|tap doan|doanh nghiep|dn|co phan|cp|tnhh|mtv|nha nuoc|truong|cdcs)"
    r" +)+"
)
_SHORT = (  # one way to write what is often abbreviated
    ("trach nhiem huu han", "tnhh"),
    ("mot thanh vien", "mtv"),
    ("trung hoc pho thong", "thpt"),
    ("trung hoc co so", "thcs"),
    ("tieu hoc", "th"),
    ("mam non", "mn"),
    ("uy ban nhan dan", "ubnd"),
    ("hoi dong nhan dan", "hdnd"),
    ("bao hiem xa hoi", "bhxh"),
    ("lien doan lao dong", "ldld"),
    ("cong doan co so", "cdcs"),
)
_SIGNS = re.compile(r"[^a-z0-9]+")


def core(name: str) -> str:
    """What is left of a unit's name without the words that stand before many: `Tổng Cty May 10` is `may 10`."""
    folded = _SIGNS.sub(" ", fold(name)).strip()
    for long, short in _SHORT:
        folded = re.sub(rf"\b{long}\b", short, folded)
    return _BEFORE.sub("", folded)


def alike(names: Iterable[tuple[int, str]]) -> list[tuple[int, ...]]:
    """Groups of units whose names come to the same, each group and the list of groups in the order given."""
    groups: dict[str, list[int]] = {}
    for id, name in names:
        groups.setdefault(core(name), []).append(id)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def _heading(cell: str) -> str:
    return fold(cell).rstrip(" *:")


def _cells(row: Sequence[str], keys: Sequence[str | None]) -> dict[str, str]:
    held: dict[str, str] = {}
    for key, cell in zip(keys, row, strict=False):
        if key is not None and cell and key not in held:
            held[key] = cell
    return held
