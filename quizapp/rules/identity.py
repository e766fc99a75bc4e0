"""Who somebody says they are: one form for each phone, email and name, and which passwords are too easy
(contest-rules §5)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Literal

from quizapp.errors import Unreadable
from quizapp.rules.words import fold

LoginKind = Literal["phone", "email"]

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 128
LONGEST_NAME = 60

_PHONE = re.compile(r"0[35789][0-9]{8}")
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
_SITE_WORDS = "baohiemxahoi baohiem xahoi bhxh vssid timhieu luat quiz cuocthi matkhau password"
_COMMON = (
    "123456789 1234567890 12345678 87654321 11223344 11112222 12341234 123123123 147258369 987654321 0123456789 "
    "1q2w3e4r 1qaz2wsx qwertyui qwertyuiop qwerty123 asdfghjk asdfghjkl zxcvbnm1 q1w2e3r4 abcd1234 abc12345 "
    "abcdefgh a1234567 a12345678 aa123456 password passw0rd password1 iloveyou iloveyou1 sunshine princess "
    "football baseball superman trustno1 letmein1 welcome1 admin123 administrator changeme whatever computer "
    "internet samsung1 anhyeuem emyeuanh anhyeuem1 iuanhnhieu yeuemnhieu khongbiet khongnho toiyeuem toilaai "
    "vietnam1 vietnam123 vietnamvodich hanoi123 saigon123 nguyenvan tranvana giadinh1 giadinh123 conyeume meyeucon "
    "hanhphuc hoilamgi tinhyeu1 bimatroi thuongem nhoemnhieu cogangnhe xinchao1 xinchao123 chaocacban"
)


def phone(text: str) -> str:
    """A Vietnamese mobile number in its one form, `0912345678`; refuses anything else."""
    digits = re.sub(r"[\s.\-()]", "", text)
    for prefix in ("+84", "0084", "84"):
        if digits.startswith(prefix):
            digits = "0" + digits[len(prefix) :].removeprefix("0")
            break
    if not _PHONE.fullmatch(digits):
        raise Unreadable("Số điện thoại chưa đúng. Nhập số di động 10 chữ số, ví dụ 0912 345 678.")
    return digits


def email(text: str) -> str:
    """An email address in lower case; refuses what cannot be one."""
    address = unicodedata.normalize("NFC", text).strip().lower()
    if len(address) > 254 or not _EMAIL.fullmatch(address) or ".." in address:
        raise Unreadable("Địa chỉ email chưa đúng. Ví dụ: ten@gmail.com.")
    return address


def login(text: str) -> tuple[LoginKind, str]:
    """What somebody signs in with, as its kind and its one form: an email has an @, anything else is a phone."""
    return ("email", email(text)) if "@" in text else ("phone", phone(text))


def name(text: str) -> str:
    """A person's name with single spaces; letters of any language, digits, and ' - . between them."""
    tidy = " ".join(unicodedata.normalize("NFC", text).split())
    fitting = all(letter in " '’-." or letter.isalnum() or unicodedata.combining(letter) for letter in tidy)
    if not 2 <= len(tidy) <= LONGEST_NAME or not fitting or not any(letter.isalpha() for letter in tidy):
        raise Unreadable("Họ tên cần từ 2 đến 60 ký tự, chỉ gồm chữ, số, dấu cách, dấu nháy, gạch nối và dấu chấm.")
    return tidy


def password(text: str, personal: Iterable[str]) -> str:
    """A password that is not too easy; `personal` holds the owner's name, phone and email.

    Refused: under 8 or over 128 letters, in everybody's list, hardly any different letters, a plain run of letters or
    digits, or made of the owner's own data and the site's words with little else.
    """
    plain = unicodedata.normalize("NFC", text)
    if len(plain) < SHORTEST_PASSWORD:
        raise Unreadable("Mật khẩu cần ít nhất 8 ký tự.")
    if len(plain) > LONGEST_PASSWORD:
        raise Unreadable("Mật khẩu dài tối đa 128 ký tự.")
    folded = fold(plain).replace(" ", "")
    if folded in _COMMON.split() or len(set(folded)) < 4 or _is_run(folded):
        raise Unreadable("Mật khẩu này quá phổ biến, dễ bị đoán. Vui lòng chọn mật khẩu khác.")
    if len(_without(folded, [*_parts(personal), *_SITE_WORDS.split()])) < 4:
        raise Unreadable(
            "Mật khẩu không nên ghép từ họ tên, số điện thoại, email hay tên cuộc thi. Vui lòng chọn mật khẩu khác."
        )
    return plain


def masked_phone(digits: str) -> str:
    """A phone as lists may show it: `091***678`."""
    return f"{digits[:3]}***{digits[-3:]}"


def masked_email(address: str) -> str:
    """An email as staff lists may show it: `ho***@gmail.com`."""
    local, _, domain = address.partition("@")
    return f"{local[:2]}***@{domain}"


def _is_run(text: str) -> bool:
    """Whether each letter is the one after (or before) the one it follows, such as 12345678 or hgfedcba."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return steps in ({1}, {-1})


def _parts(personal: Iterable[str]) -> list[str]:
    """Every piece of the owner's data that a guesser would try, longest first."""
    pieces: set[str] = set()
    for value in personal:
        folded = fold(value)
        words = [word for word in re.split(r"[\s@.\-'’_]+", folded) if len(word) >= 2]
        pieces |= {folded.replace(" ", ""), "".join(words), *words}
        digits = re.sub(r"\D", "", folded)
        if len(digits) >= 6:
            pieces |= {digits, digits[1:], digits[-6:]}
    return sorted((piece for piece in pieces if len(piece) >= 2), key=lambda piece: (-len(piece), piece))


def _without(text: str, pieces: Iterable[str]) -> str:
    """`text` with the pieces and the usual ornaments (years, counting digits, marks) taken out."""
    for piece in pieces:
        text = text.replace(piece, " ")
    text = re.sub(r"(?:19|20)\d\d|0?123(?:4(?:5(?:6(?:7(?:89?)?)?)?)?)?", " ", text)
    return re.sub(r"[\W_]", "", text)
