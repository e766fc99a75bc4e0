"""XML that strangers send: read only without DTD and entities, and only as deep and as large as questions need."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from quizapp.formats import charset
from quizapp.formats.upload import BadFile, Conversion

DEPTH = 60
ELEMENTS = 400_000
ATTRIBUTES = 64

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_KNOWN = re.compile(
    r"(?:utf-?8|us-ascii|ascii|latin-?1|iso-?8859-?\d{1,2}|(?:windows-|cp)(?:125\d|874)|koi8-[ru])", re.IGNORECASE
)


class BadXml(BadFile):
    """XML that is not read; the sentence says why."""

    code = "bad-xml"
    sentence = "Tệp XML viết sai cú pháp hoặc bị cắt cụt. Vui lòng xuất lại tệp từ hệ thống gốc."


class UnsafeXml(BadXml):
    """XML that tries what no question file needs."""

    code = "unsafe-xml"
    sentence = "Tệp XML có khai báo DTD hoặc thực thể nên hệ thống không đọc, để bảo đảm an toàn."


def parse(data: bytes) -> Element:
    """The tree of an XML file. Names keep their namespace as `{address}name`; comments are left out.

    Bytes that are UTF-8 are taken as UTF-8 whatever the declaration says, because old exports declare what they are
    not.
    """
    parser = DefusedXMLParser(target=_Bounded(), encoding="utf-8", forbid_dtd=True)
    try:
        parser.feed(_DECLARATION.sub("", decoded(data), count=1).encode())
        root = parser.close()
    except DefusedXmlException as error:
        raise UnsafeXml() from error
    except (ParseError, ValueError) as error:
        raise BadXml() from error
    assert isinstance(root, Element)
    return root


def mend(root: Element) -> Conversion | None:
    """Turn texts that were typed in an old code of fonts into Unicode, in place; says what was done."""
    places = [(element, name) for element in root.iter() for name in ("text", "tail") if getattr(element, name)]
    mended, conversion = charset.mend([getattr(element, name) for element, name in places])
    if conversion is not None:
        for (element, name), text in zip(places, mended, strict=True):
            setattr(element, name, text)
    return conversion


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def decoded(data: bytes) -> str:
    """The text of an XML file, letters in their composed form; refuses what no known encoding reads."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return _text(data[len(mark) :], name)
    if data.startswith((b"<\x00", b"\x00<")):
        return _text(data, "utf-16-le" if data.startswith(b"<") else "utf-16-be")
    try:
        return unicodedata.normalize("NFC", data.decode("utf-8"))
    except UnicodeDecodeError as error:
        declared = _DECLARED.match(data)
        name = declared[1].decode("ascii") if declared else ""
        if not _KNOWN.fullmatch(name) or name.lower().replace("-", "") == "utf8":
            raise BadXml(_LETTERS) from error
        return _text(data, name)


_LETTERS = "Không đọc được bảng mã chữ của tệp XML. Vui lòng lưu lại tệp với bảng mã UTF-8."


def _text(data: bytes, encoding: str) -> str:
    try:
        return unicodedata.normalize("NFC", data.decode(encoding))
    except (UnicodeDecodeError, LookupError) as error:
        raise BadXml(_LETTERS) from error


class _Bounded:
    """Builds the tree, and gives up where it grows too deep or too large."""

    def __init__(self) -> None:
        self._builder = TreeBuilder()
        self._depth = self._count = 0
        self.data: Callable[[str], object] = self._builder.data

    def start(self, tag: str, attributes: dict[Any, Any]) -> Element:
        self._depth += 1
        self._count += 1
        if self._depth > DEPTH or self._count > ELEMENTS or len(attributes) > ATTRIBUTES:
            raise UnsafeXml("Tệp XML quá lớn hoặc lồng quá sâu. Vui lòng chia thành nhiều tệp nhỏ hơn.")
        return self._builder.start(tag, attributes)

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return self._builder.end(tag)

    def close(self) -> Element:
        return self._builder.close()
