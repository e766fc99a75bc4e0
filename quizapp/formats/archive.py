"""ZIP files that strangers send: opened only where nothing in them can do harm, and read while counting.

What a ZIP says about itself is not believed: sizes are counted as they come out.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from quizapp.formats.upload import BadFile

MEMBERS = 200
MEMBER_BYTES = 20 * 1024 * 1024
ALL_BYTES = 50 * 1024 * 1024
RATIO, RATIO_FROM = 100, 1024 * 1024  # more than this much smaller than its content is a trap, from this size on

_CHUNK = 64 * 1024
_NESTED = re.compile(
    r"\.(?:zip|jar|war|apk|7z|rar|tar|t?gz|tgz|bz2|tbz2?|xz|txz|zst|lz4?|lzma|cab|iso|arj|z|mbz|imscc|epub"
    r"|docx|xlsx|pptx|od[tsp])$",
    re.IGNORECASE,
)
_ARCHIVE_STARTS = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    UnicodeError,
    ValueError,
    OverflowError,
)


class BadArchive(BadFile):
    """A ZIP file that is not opened; the sentence says why."""

    code = "bad-archive"
    sentence = "Tệp nén bị hỏng hoặc tải lên chưa trọn vẹn. Vui lòng tạo lại tệp rồi thử lần nữa."


@dataclass
class Archive:
    """An open ZIP whose names are safe. `read` counts what it unpacks and refuses what is too much."""

    _zip: zipfile.ZipFile
    _members: dict[str, zipfile.ZipInfo]
    _left: int = field(default=ALL_BYTES)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all files in it, folders left out."""
        return tuple(self._members)

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """The content of one member. What is read twice counts twice."""
        return b"".join(self._chunks(self._members[name]))

    def read_through(self) -> None:
        """Unpack every member once and keep nothing: afterwards a library may be trusted with the whole file."""
        for member in self._members.values():
            for _ in self._chunks(member):
                pass

    def _chunks(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        size = 0
        try:
            with self._zip.open(member) as opened:
                while chunk := opened.read(_CHUNK):
                    if not size and chunk.startswith(_ARCHIVE_STARTS):
                        raise BadArchive("Trong tệp nén lại có tệp nén khác. Vui lòng chỉ nén một lớp.")
                    size += len(chunk)
                    self._left -= len(chunk)
                    self._weigh(size, member.compress_size)
                    yield chunk
        except _BROKEN as error:
            raise BadArchive() from error

    def _weigh(self, size: int, packed: int) -> None:
        if size > RATIO_FROM and size > RATIO * packed:
            raise BadArchive("Nội dung trong tệp nén phình to bất thường nên hệ thống không mở.")
        if size > MEMBER_BYTES:
            raise BadArchive("Trong tệp nén có tệp lớn hơn 20 MiB sau khi giải nén. Vui lòng bớt nội dung.")
        if self._left < 0:
            raise BadArchive("Nội dung giải nén lớn hơn 50 MiB. Vui lòng chia thành nhiều tệp.")


def open_checked(data: bytes) -> Archive:
    """The ZIP in `data`; refuses too many members and every name that is unsafe, doubled, nested, linked or locked."""
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN as error:
        raise BadArchive() from error
    listed = opened.infolist()
    if len(listed) > MEMBERS:
        raise BadArchive("Tệp nén có hơn 200 tệp bên trong. Vui lòng chia thành nhiều tệp.")
    members: dict[str, zipfile.ZipInfo] = {}
    seen: set[str] = set()
    for member in listed:
        _check(member)
        if (plain := member.filename.rstrip("/").casefold()) in seen:
            raise BadArchive("Tệp nén có hai tệp trùng tên. Vui lòng tạo lại tệp nén.")
        seen.add(plain)
        if not member.is_dir():
            members[member.filename] = member
    return Archive(opened, members)


def _check(member: zipfile.ZipInfo) -> None:
    written = member.orig_filename  # as it stands in the file: not cut at a NUL, slashes not mended
    if not _is_safe(written) or not _is_safe(member.filename):
        raise BadArchive("Tệp nén có đường dẫn không an toàn (tuyệt đối hoặc có «..»). Vui lòng tạo lại tệp nén.")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise BadArchive("Tệp nén chứa liên kết hoặc tệp đặc biệt nên hệ thống không mở.")
    if member.flag_bits & 0x2041:  # encrypted, strongly encrypted, or with a hidden directory
        raise BadArchive("Tệp nén có mật khẩu. Vui lòng bỏ mật khẩu rồi tải lên lại.")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BadArchive("Tệp nén dùng cách nén lạ. Vui lòng nén lại theo kiểu ZIP thông thường.")
    if _NESTED.search(written):
        raise BadArchive("Trong tệp nén lại có tệp nén khác. Vui lòng chỉ nén một lớp.")


def _is_safe(name: str) -> bool:
    """Whether a name stays inside the folder it would be unpacked to, on every system."""
    if not name or name.startswith("/") or "\\" in name or re.match(r"[A-Za-z]:", name):
        return False
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in name):
        return False
    return not any(part in ("..", ".") for part in name.split("/")) and "//" not in name
