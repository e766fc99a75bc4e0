"""Letters: from the bytes of a file to Unicode, also from the codes that Vietnamese was typed in before it.

TCVN3 and VNI are codes of fonts: the file holds Western letters that such a font draws as Vietnamese ones. They occur
as bytes and, in workbooks and files saved as UTF-8, as Western letters of Unicode. What is converted is reported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from quizapp.formats.upload import BadFile, Conversion

_SURE = 0.85  # share of the accented words that must be Vietnamese syllables
_LOOKED_AT = 400_000  # letters of a text that are judged
_SHOWN = 90  # letters of a sample

_WINDOWS = "Windows-1258"
_TCVN3 = dict(
    zip(
        "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\xadõö÷øùúûüýþ¡¢£¤¥¦§¯º¿ÀÁÂÃÄÅÍÙÚÛàð",
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐẰẲẴẮẦẨẪẤỀỂỄẾỒỔỖ",
        strict=True,
    )
)
_TCVN3_LETTER = re.compile(rf"(?<!\S)[×÷«»](?!\S)|([{''.join(_TCVN3)}])")  # a sign of its own stays a sign
_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_ROOF, _BREVE = "\u0302", "\u0306"
_VNI_MARKS = {
    **dict(zip("øùûõï", (_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT), strict=True)),
    **dict(zip("âàáåãä", (_ROOF, *(_ROOF + tone for tone in (_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT))), strict=True)),
    **dict(zip("êèéúüë", (_BREVE, *(_BREVE + tone for tone in (_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT))), strict=True)),
}
_VNI_LETTERS = {"ô": "ơ", "ö": "ư", "ñ": "đ", "î": "ỵ", "æ": "ỉ", "ó": "ĩ", "ò": "ị"}
_VNI = re.compile(f"([aeouyôö])([{''.join(_VNI_MARKS)}])|[{''.join(_VNI_LETTERS)}]", re.IGNORECASE)

# Symbols that stand for letters in TCVN3: next to a letter they are broken text.
_SYMBOLS = "¨©®ª¬\xadµ¶·¸¹¼½¾×÷¡¢£¤¥¦§"
_BROKEN = re.compile(rf"(?:[^\W\d_][{_SYMBOLS}«»]{{1,3}}|[{_SYMBOLS}])[^\W\d_]|[^\W\d_][\xad¨ª¬µ¶·¸¹¼½¾×]")

_SYLLABLE = re.compile(
    "(?:ngh|ng|nh|gh|gi|kh|ch|tr|th|ph|qu|[bcdđghklmnprstvx])?"
    "(?:iêu|yêu|oai|oao|oay|oeo|uây|uôi|uya|uyê|uyu|ươi|ươu|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|oo|ôi|ơi|ua|uâ"
    "|ui|uê|uô|uơ|uy|ưa|ưi|ươ|ưu|yê|ya|[aăâeêioôơuưy])"
    "(?:ch|ng|nh|[cmnpt])?"
)
_ALPHABET = set("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")
_LONGEST_WORD = 10  # letters: NGHIÊNG, BLĐTBXH
_TONES = {_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT}
_WORD = re.compile(r"[^\W\d_]+")


def read(data: bytes) -> tuple[str, Conversion | None]:
    """The text of a file with its line ends made one; `letters` says the rest."""
    text, conversion = letters(data)
    return text.replace("\r\n", "\n").replace("\r", "\n"), conversion


def letters(data: bytes) -> tuple[str, Conversion | None]:
    """The text of a file, whatever code it is in; refuses one that gives no readable Vietnamese in any.

    Marks of byte order are dropped. A text that was in an old code comes with its conversion.
    """
    text = _unicode(data)
    if text is not None:
        mended, conversion = mend([text])
        return mended[0].removeprefix("\ufeff"), conversion
    readers = {_WINDOWS: _windows, **{name: _western(convert) for name, convert in _FONTS.items()}}
    shares = {name: share(reader(data[:_LOOKED_AT])) for name, reader in readers.items()}
    name = max(shares, key=lambda name: shares[name])
    if shares[name] < _SURE:
        raise BadFile("Không nhận ra bảng mã chữ của tệp. Vui lòng lưu lại tệp với bảng mã UTF-8 (Unicode).")
    text = readers[name](data)
    return text, _sample(name, [data.decode("latin-1")], [text])


def mend(texts: Sequence[str]) -> tuple[list[str], Conversion | None]:
    """The texts of one file in composed Unicode letters. Where they were typed in a code of fonts, they are converted,
    each by itself, because a workbook may mix both."""
    plain = [unicodedata.normalize("NFC", text) for text in texts]
    broken = [text for text in plain if is_broken(text)]
    if not broken:
        return plain, None
    name = max(_FONTS, key=lambda name: share("\n".join(map(_FONTS[name], broken))))
    convert = _FONTS[name]
    if share("\n".join(map(convert, broken))) < _SURE:
        return plain, None
    mostly = share("\n".join(plain)) < 1 - _SURE or len(broken) * 2 > sum(not text.isascii() for text in plain)
    after = [convert(text) if is_broken(text) or (mostly and _gains(text, convert)) else text for text in plain]
    return after, _sample(name, broken, [convert(text) for text in broken])


def is_broken(text: str) -> bool:
    """Whether the accented words of a text are mostly none that Vietnamese could have."""
    return share(text) < 0.5


def share(text: str) -> float:
    """How much of the accented words of a text could be Vietnamese, from 0.0 to 1.0 (also for none at all)."""
    if text.isascii():
        return 1.0
    text = unicodedata.normalize("NFC", text[:_LOOKED_AT])
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    wrong = len(_BROKEN.findall(text)) + text.count("\ufffd")
    good = sum(len(word) <= _LONGEST_WORD and _is_word(word) for word in words)
    return good / (len(words) + wrong) if words or wrong else 1.0


def _gains(text: str, convert: Callable[[str], str]) -> bool:
    """Whether a text of a file in an old code may be converted: what is plain Western letters only if it stays good."""
    return share(convert(text)) >= share(text) and all(ord(letter) < 0x180 for letter in text)


@cache
def _is_word(word: str) -> bool:
    """Whether a word could be Vietnamese: one syllable, or an abbreviation in capitals such as NĐ."""
    parted = unicodedata.normalize("NFD", word.casefold())
    tones = sum(letter in _TONES for letter in parted)
    plain = unicodedata.normalize("NFC", "".join(letter for letter in parted if letter not in _TONES))
    shortened = word.isupper() and not tones and set(plain) <= _ALPHABET
    return tones <= 1 and (shortened or plain == "đ" or _SYLLABLE.fullmatch(plain) is not None)


def _unicode(data: bytes) -> str | None:
    """The text of UTF-8, UTF-16 or UTF-32, by its mark of byte order or by its look; none for anything else."""
    marks = (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe\x00\x00", "utf-32-le"),
        (b"\x00\x00\xfe\xff", "utf-32-be"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    )
    for mark, name in marks:
        if data.startswith(mark):
            return _strict(data[len(mark) :], name)
    zeros = (data[:400:2].count(0), data[1:400:2].count(0))
    if max(zeros) > 20 and max(zeros) > 4 * min(zeros):
        return _strict(data, "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le")
    if b"\x00" in data:
        raise BadFile("Đây không phải tệp chữ. Vui lòng chọn đúng loại tệp rồi tải lên lại.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(data) - error.start < 4 and error.reason == "unexpected end of data":
            raise BadFile("Tệp bị cắt cụt ở cuối. Vui lòng lấy lại tệp đầy đủ rồi tải lên.") from error
        return None


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise BadFile("Tệp có chữ bị hỏng. Vui lòng lưu lại tệp với bảng mã UTF-8 rồi tải lên.") from error


def _windows(data: bytes) -> str:
    return unicodedata.normalize("NFC", data.decode("cp1258", errors="replace"))


def _western(convert: Callable[[str], str]) -> Callable[[bytes], str]:
    return lambda data: convert(data.decode("latin-1"))


def _from_tcvn3(text: str) -> str:
    return _TCVN3_LETTER.sub(lambda found: _TCVN3[found[1]] if found[1] else found[0], text)


def _from_vni(text: str) -> str:
    return unicodedata.normalize("NFC", _VNI.sub(_vni_letter, text))


def _vni_letter(found: re.Match[str]) -> str:
    letter = found[1] or found[0]
    unicode = _VNI_LETTERS.get(letter.lower(), letter.lower())
    mark = _VNI_MARKS[found[2].lower()] if found[2] else ""
    return (unicode.upper() if letter.isupper() else unicode) + mark


def _from_twice(text: str) -> str:
    """Undo UTF-8 that was taken for Western letters and saved once more."""
    try:
        return unicodedata.normalize("NFC", b"".join(map(_western_byte, text)).decode("utf-8"))
    except UnicodeError:
        return text


@cache
def _western_byte(letter: str) -> bytes:
    """The byte of a Western letter; browsers and old programs keep the bytes that Windows-1252 leaves open."""
    try:
        return letter.encode("cp1252")
    except UnicodeError:
        return letter.encode("latin-1")


_FONTS: dict[str, Callable[[str], str]] = {"TCVN3 (ABC)": _from_tcvn3, "VNI": _from_vni, "UTF-8 × 2": _from_twice}


def _sample(name: str, before: Iterable[str], after: Iterable[str]) -> Conversion:
    """A line of the file as it stood and as it was read: the first with accents."""
    pairs = [
        (old.strip()[:_SHOWN], new.strip()[:_SHOWN])
        for olds, news in zip(before, after, strict=True)
        for old, new in zip(olds.splitlines(), news.splitlines(), strict=False)
        if not old.isascii()
    ]
    return Conversion(name, *(pairs[0] if pairs else ("", "")))
