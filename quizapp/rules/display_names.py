"""Names on a screen that anybody can watch: which can be shown, what a given one looks like, and how a registered name
is made to fit.

The filter knows three things apart: letters that only look like others, names that pretend to speak for the organizer
or the agency, and abuse. It compares without accents only where that stays unmistakable: `Dũng`, `Phúc`, `Bích`, `Cu`
and `Đĩnh` are names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from quizapp.rules.show import LONGEST_NAME, tidy_name
from quizapp.rules.words import fold

Flaw = Literal["", "shape", "look-alike", "imitation", "abuse"]

SAYINGS: dict[Flaw, str] = {
    "shape": "Tên cần từ 2 đến 24 ký tự, gồm chữ và số, không có liên kết hay số điện thoại. Vui lòng chọn tên khác.",
    "look-alike": "Tên này có ký tự dễ nhầm với chữ khác. Vui lòng gõ bằng chữ tiếng Việt thông thường.",
    "imitation": "Tên này dễ nhầm với Ban Tổ chức hoặc cơ quan. Vui lòng chọn tên khác.",
    "abuse": "Tên này chưa phù hợp để hiện trên màn hình chung. Vui lòng chọn tên khác.",
}


def tidied(typed: str) -> str | None:
    """A name in one form, `None` if it has not the shape of one. Some keyboards put Icelandic signs for đ."""
    return tidy_name(typed.replace("Ð", "Đ").replace("ð", "đ"))


def flaw(typed: str) -> Flaw:
    """What is wrong with a name that somebody typed, "" if it can be shown."""
    name = tidied(typed)
    if name is None:
        return "shape"
    if _looks_like_other_letters(name):
        return "look-alike"
    if _imitates(name):
        return "imitation"
    return "abuse" if _abuses(name) else ""


# ── Letters that look like others ───────────────────────────────────────────────────────────────────────────────

_TOGETHER = (  # scripts that people write together; any other mixture is made to deceive
    frozenset(("LATIN",)),
    frozenset(("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA")),
    frozenset(("HANGUL", "CJK")),
    frozenset(("THAI",)),
    frozenset(("LAO",)),
    frozenset(("KHMER",)),
)


def _looks_like_other_letters(name: str) -> bool:
    """Whether letters or digits come from scripts or styles that are mistaken for plain ones: Cyrillic and Greek look
    like Latin, and there are whole alphabets of bold, ringed and turned letters."""
    scripts = set()
    for sign in name:
        if not sign.isalnum():
            continue
        if not sign.isalpha():  # a digit
            if not sign.isascii():
                return True
            continue
        script = unicodedata.name(sign, "").split(" ")[0]
        if script == "LATIN" and not _is_plain_latin(sign):
            return True
        scripts.add(script)
    return bool(scripts) and not any(scripts <= together for together in _TOGETHER)


def _is_plain_latin(sign: str) -> bool:
    """A letter of the Latin alphabet with at most marks on it, not one in small capitals or turned round."""
    base = unicodedata.normalize("NFD", sign.replace("đ", "d").replace("Đ", "D"))[0]
    return base.isascii() or sign in "øØæÆßœŒ"


# ── Names that speak for others ─────────────────────────────────────────────────────────────────────────────────

_OF_STAFF = (  # whole words without accents, wherever they stand
    *("ban to chuc", "ban tc", "btc", "ban giam khao", "bgk", "ban thu ky", "ban chi dao", "nguoi dan chuong trinh"),
    *("quan tri vien", "admin", "admins", "administrator", "adm", "mod", "moderator", "organizer", "official"),
    *("system", "support", "ho tro ky thuat", "ky thuat vien", "nguoi to chuc"),
)
_OF_AGENCY = (  # the same at the beginning of a name: `Lan – BHXH Huế` is a person, `BHXH Huế` an agency
    *("bhxh", "bao hiem xa hoi", "bao hiem xh", "co quan bhxh", "co quan bao hiem", "vssid", "vss", "ubnd"),
    *("uy ban nhan dan", "lien doan lao dong", "ldld", "tong lien doan", "dang cong san"),
)
_AS_TYPED = (  # whole words with their accents: `Tô Thu Kỳ`, `Quân Trí` and `Chu Phong` are people
    *("tổ thư ký", "tổ ra đề", "quản trị", "hệ thống", "tổng đài", "chủ phòng", "quản lý phòng", "dẫn chương trình"),
    *("bộ nội vụ", "sở nội vụ", "bộ y tế", "sở y tế", "bộ tài chính", "sở tài chính", "bộ công an", "chính phủ"),
)
_WHOLE = frozenset(("mc", "host", "thư ký", "giám khảo", "máy chủ", "thông báo", "cơ quan", "nhà nước", "công an"))


def _imitates(name: str) -> bool:
    """Whether a name is that of a role or an agency, also with its letters spaced out, or digits for some of them."""
    typed = " ".join(_words(name.lower()))
    if typed in _WHOLE or any(f" {words} " in f" {typed} " for words in _AS_TYPED):
        return True
    for form in _readings(name):
        glued = form.replace(" ", "")
        if any(f" {words} " in f" {form} " or _is_glued(words, glued) for words in _OF_STAFF):
            return True
        if any(f"{form} ".startswith(f"{words} ") or _is_glued(words, glued) for words in _OF_AGENCY):
            return True
    return False


def _is_glued(words: str, glued: str) -> bool:
    return len(words) > 4 and words.replace(" ", "") == glued


def _readings(name: str) -> set[str]:
    """A name as folded words: as it stands, with single letters joined, and with digits read as letters."""
    plain = _words(fold(name))
    read = [_as_letters(word) for word in plain]
    return {" ".join(_joined(words)) for words in (plain, read)} | {" ".join(plain)}


# ── Abuse ───────────────────────────────────────────────────────────────────────────────────────────────────────

_REPEATED = re.compile(r"(.)\1+")


def _squeezed(word: str) -> str:
    """A word with every letter that is drawn out said once."""
    return _REPEATED.sub(r"\1", word)


# As typed, accents and all: one more or one less mark and it is an honest word.
_WITH_MARKS = frozenset(
    (
        *("lồn", "lôn", "cặc", "kặc", "cạc", "địt", "đit", "dịt", "đụ", "đéo", "đếch", "buồi", "đĩ", "điếm"),
        *("cứt", "ỉa", "dái"),
    )
)
# Without marks too, for these letters mean nothing else in names.
_PLAIN = frozenset(
    (
        *("dcm", "dkm", "dmcs", "vcl", "vkl", "vlz", "clgt", "dclm", "ditme", "ditmemay", "fuck", "fucker"),
        *("fucking", "fuk", "shit", "bullshit", "bitch", "pussy", "cunt", "asshole", "bastard"),
        *("nigger", "nigga", "porn", "sex", "slut", "whore", "hitler"),
    )
)
_SQUEEZED = frozenset(_squeezed(word) for word in _PLAIN)
_ALONE_ONLY = frozenset(("dm", "đm", "đmm", "vl", "cl", "đkm", "đcm", "vãi", "cc"))  # the whole name and no more
# Letters that somebody spaced out or hid behind digits: whoever does that does not mean the honest word.
_HIDDEN = _SQUEEZED | frozenset(("lon", "cac", "dit", "deo", "buoi", "cut", "dm", "vl", "cave"))
_PHRASES = tuple(  # also where all accents were left out
    phrase.split()
    for phrase in (
        *("địt mẹ", "địt má", "địt bố", "địt con mẹ", "đéo mẹ", "con cặc", "cái lồn", "mặt lồn", "vãi lồn", "vãi cặc"),
        *("cái cặc", "con buồi", "đầu buồi", "bú cặc", "bú buồi", "con điếm", "đồ điếm", "óc chó", "chó chết"),
        *("chó đẻ", "thằng chó", "ngu học", "thằng ngu", "ngu vãi", "ăn cứt", "cục cứt", "mẹ mày", "bố mày", "mất dạy"),
        *("khốn nạn", "súc vật", "súc sinh", "bú liếm", "hiếp dâm", "ấu dâm", "khiêu dâm", "dâm đãng"),
        *("fuck you", "fuck off", "mother fucker"),
    )
)
_PHRASES_AS_TYPED = tuple(  # without accents these may be names or honest words
    phrase.split()
    for phrase in (
        *("đụ má", "đụ mẹ", "đù má", "đù mẹ", "con đĩ", "đồ đĩ", "làm đĩ", "con phò", "đồ chó", "chó má", "con chó"),
        *("óc lợn", "đồ ngu", "con ngu", "ngu như", "má mày", "cha mày", "tổ cha", "vô học", "bố láo", "đồ khốn"),
        *("chết mẹ", "thằng điên", "con điên", "não chó"),
    )
)


def _abuses(name: str) -> bool:
    typed = _words(unicodedata.normalize("NFC", name).lower())
    joined = _joined(typed)
    if "".join(typed) in _ALONE_ONLY or _hides(typed, joined):
        return True
    for words in (typed, joined):
        plain = [_squeezed(word.strip("0123456789")) for word in words]
        if any(word in _WITH_MARKS or word in _SQUEEZED for word in plain):
            return True
        starts = range(len(plain))
        if any(_says(plain[start:], phrase) for phrase in _PHRASES for start in starts):
            return True
        if any(plain[start : start + len(phrase)] == phrase for phrase in _PHRASES_AS_TYPED for start in starts):
            return True
    return False


def _hides(typed: list[str], joined: list[str]) -> bool:
    """Whether a bad word stands there letter by letter, or with digits for letters."""
    spaced = [word for word in joined if word not in typed]
    digits = [_as_letters(word) for word in typed if _as_letters(word) != word]
    enough = [word for word in spaced if len(word) > 2 or len(joined) == 1]
    return any(_squeezed(word) in _HIDDEN | _WITH_MARKS for word in (*enough, *digits))


def _says(words: list[str], phrase: list[str]) -> bool:
    """Whether these words begin with a phrase, or the first of them is the phrase written in one."""
    if len(words) >= len(phrase) and all(_stands_for(one, meant) for one, meant in zip(words, phrase, strict=False)):
        return True
    glued = "".join(phrase)
    return bool(words) and len(glued) > 4 and _stands_for(words[0], glued)


def _stands_for(word: str, meant: str) -> bool:
    """Whether a word is this one, as it is or without any accents."""
    return word == meant or (word.isascii() and word == fold(meant))


# ── Words of a name ─────────────────────────────────────────────────────────────────────────────────────────────

_LEET = str.maketrans("01345789", "oieastbg")


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", name)


def _joined(words: list[str]) -> list[str]:
    """The same words, with single letters that stand beside each other made into one word."""
    found: list[str] = []
    run = ""
    for word in (*words, ""):
        if len(word) == 1:
            run += word
            continue
        if run:
            found.append(run)
            run = ""
        if word:
            found.append(word)
    return found


def _as_letters(word: str) -> str:
    """A word with the digits inside it read as the letters they look like; digits at its end are a number."""
    inside = word.rstrip("0123456789")
    return inside.translate(_LEET) if re.search(r"[^\W\d_]", inside) else word


# ── Names that are given ────────────────────────────────────────────────────────────────────────────────────────

GIVEN = (
    *("Sen Hồng", "Sen Trắng", "Mai Vàng", "Đào Phai", "Cúc Vàng", "Lan Rừng", "Ban Trắng", "Phượng Đỏ"),
    *("Bằng Lăng", "Hướng Dương", "Thược Dược", "Mẫu Đơn", "Hoa Sữa", "Hoa Gạo", "Hoa Cải", "Hoa Cau"),
    *("Trúc Xanh", "Tre Ngà", "Lúa Mới", "Lúa Vàng", "Mạ Non", "Chè Xanh", "Dừa Xanh", "Cọ Xanh"),
    *("Nắng Mai", "Nắng Vàng", "Nắng Xuân", "Mây Trắng", "Mây Hồng", "Gió Lành", "Gió Biển", "Mưa Xuân"),
    *("Sóng Xanh", "Biển Xanh", "Suối Trong", "Sông Hồng", "Sông Hương", "Núi Xanh", "Đồi Chè", "Trăng Rằm"),
    *("Sao Mai", "Sao Sáng", "Bình Minh", "Cầu Vồng", "Chim Én", "Sơn Ca", "Họa Mi", "Cánh Cò"),
    *("Bồ Câu", "Chim Lạc", "Trống Đồng", "Đèn Lồng", "Diều Sáo", "Thuyền Buồm", "Hải Âu", "Nai Vàng"),
    *("Ong Chăm", "Bướm Vàng", "Chuồn Ớt", "Cá Chép", "Voi Con", "Thỏ Ngọc", "Hạc Giấy", "Lá Xanh"),
)
_MOST = 999  # numbers that stand behind a given name


def given(draw: bytes) -> str:
    """The name that a draw of at least eight bytes comes to: two words and a number, such as `Sen Hồng 27`."""
    value = int.from_bytes(draw[:8], "big")
    return f"{GIVEN[value % len(GIVEN)]} {value // len(GIVEN) % _MOST + 1}"


def suggested(draws: Iterator[bytes], number: int = 3) -> tuple[str, ...]:
    """So many different names to choose from."""
    found: dict[str, None] = {}
    while len(found) < number:
        found[given(next(draws))] = None
    return tuple(found)


# ── Registered names on a screen ────────────────────────────────────────────────────────────────────────────────


def fitting(name: str, longest: int = LONGEST_NAME) -> str:
    """A registered name as it fits on a screen: words in front become initials, the given name stays whole."""
    words = name.split()
    for place in range(len(words) - 1):
        if len(" ".join(words)) <= longest:
            break
        words[place] = f"{words[place][0]}."
    shown = " ".join(words)
    return shown if len(shown) <= longest else words[-1][:longest]


def given_name(name: str) -> str:
    """The given name alone, which is the last word."""
    return (name.split() or [""])[-1]


def middle_cut(text: str, longest: int) -> str:
    """A text that is too long with its middle left out: names of units often differ only at their end."""
    if len(text) <= longest:
        return text
    tail = longest // 3
    return f"{text[: longest - tail - 1].rstrip()}…{text[-tail:].lstrip()}"
