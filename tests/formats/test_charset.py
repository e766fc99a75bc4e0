"""Letters come out right whatever code they were typed in, and nothing broken goes in silently."""

import unicodedata

import pytest

from quizapp.config import ROOT
from quizapp.formats import charset
from quizapp.formats.upload import BadFile
from quizapp.services import banks

SAID = "Người lao động đóng bảo hiểm xã hội bắt buộc,\nđủ điều kiện hưởng lương hưu; quỹ: ngữ nghĩa, tự chủ, sẵn mẫu.\n"
TCVN3 = "Ng­êi lao ®éng ®ãng b¶o hiÓm x· héi b¾t buéc,\n®ñ ®iÒu kiÖn h­ëng l­¬ng h­u; quü: ng÷ nghÜa, tù chñ, s½n mÉu.\n"
VNI = (
    "Ngöôøi lao ñoäng ñoùng baûo hieåm xaõ hoäi baét buoäc,\n"
    "ñuû ñieàu kieän höôûng löông höu; quyõ: ngöõ nghóa, töï chuû, saün maãu.\n"
)


def windows(text):
    """The text in Windows-1258, where tones stand after their letter."""
    tones = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
    out = b""
    for letter in text:
        try:
            out += letter.encode("cp1258")
        except UnicodeError:
            parted = unicodedata.normalize("NFD", letter)
            base = unicodedata.normalize("NFC", "".join(part for part in parted if part not in tones))
            out += (base + "".join(part for part in parted if part in tones)).encode("cp1258")
    return out


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_unicode_of_every_form_is_read(code):
    assert charset.read(SAID.encode(code)) == (SAID, None)


def test_letters_in_parts_are_composed_and_line_ends_made_one():
    parted = unicodedata.normalize("NFD", SAID).replace("\n", "\r\n")
    assert charset.read(parted.encode()) == (SAID, None)


@pytest.mark.parametrize(
    "data, name",
    [
        (TCVN3.encode("latin-1"), "TCVN3 (ABC)"),
        (VNI.encode("latin-1"), "VNI"),
        (TCVN3.encode(), "TCVN3 (ABC)"),
        (VNI.encode("utf-16"), "VNI"),
        (windows(SAID), "Windows-1258"),
    ],
    ids=["TCVN3 bytes", "VNI bytes", "TCVN3 in UTF-8", "VNI in UTF-16", "Windows-1258"],
)
def test_old_codes_are_converted_and_shown(data, name):
    text, conversion = charset.read(data)
    assert text == SAID
    assert conversion.charset == name
    assert conversion.after == SAID.splitlines()[0]
    assert conversion.before != conversion.after


def test_utf_8_saved_twice_is_undone():
    twice = SAID.encode().decode("latin-1").encode()
    text, conversion = charset.read(twice)
    assert (text, conversion.charset) == (SAID, "UTF-8 × 2")


def test_the_bank_itself_is_never_taken_for_broken():
    texts = [
        words
        for sheet in banks.read(ROOT / "questions")
        for q in sheet.questions
        for said in (q.stem, q.short, q.explanation, *q.options)
        for words in (said.vi, said.en)
    ]
    assert [text for text in texts if charset.is_broken(text)] == []
    assert charset.mend(texts) == (texts, None)


def test_only_the_broken_cells_of_a_mixed_file_are_converted():
    texts = ["Bảo hiểm xã hội", "15 năm", "Article 64", "B¶o hiÓm y tÕ", "75 % × 2"] * 3
    mended, conversion = charset.mend(texts)
    assert mended == [text if text != "B¶o hiÓm y tÕ" else "Bảo hiểm y tế" for text in texts]
    assert conversion.charset == "TCVN3 (ABC)"


def test_a_sign_of_its_own_stays_a_sign():
    mended, _ = charset.mend(["m­êi lÇn × hai ph­¬ng ¸n b¶o hiÓm"])
    assert mended == ["mười lần × hai phương án bảo hiểm"]


def test_western_accents_are_left_alone():
    assert charset.mend(["Café société élève"]) == (["Café société élève"], None)


@pytest.mark.parametrize(
    "data",
    [
        "café société élève".encode("cp1252"),
        b"abc \x80\x81\xfe\xff\xc0 \xc1\xf5",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\xff\xfea",
        SAID.encode()[: SAID.encode().index("ư".encode()) + 1],
    ],
    ids=["a western language", "no letters", "a picture", "half a letter", "cut off"],
)
def test_what_gives_no_readable_text_is_refused(data):
    with pytest.raises(BadFile):
        charset.read(data)
