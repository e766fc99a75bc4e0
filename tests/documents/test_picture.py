"""Pictures to share: the letters are ours, and words stay inside."""

import io

import pytest
from PIL import Image, ImageFont

from quizapp.documents import picture
from quizapp.documents.sheet import PRINT

LONG = "Tìm hiểu Luật Bảo hiểm xã hội năm 2024 của đoàn viên và người lao động toàn tỉnh " * 3


def drawn(words, family="Noto Sans"):
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="80"><rect width="600" height="80" fill="#fff"/>'
        f'<text x="10" y="50" font-size="40" font-family="{family}">{words}</text></svg>'
    )
    return Image.open(io.BytesIO(picture.png(svg))).convert("L")


def test_a_picture_has_the_size_of_its_drawing():
    assert drawn("Bảo hiểm xã hội").size == (600, 80)


@pytest.mark.parametrize("letters", ["ă", "ễ", "ợ", "ữ", "Đ", "ậ", "ỹ"])
def test_vietnamese_letters_are_drawn_each_as_itself(letters):
    missing = drawn("\ue000").tobytes()  # a letter no font has
    plain = drawn({"ă": "a", "ễ": "e", "ợ": "o", "ữ": "u", "Đ": "D", "ậ": "a", "ỹ": "y"}[letters]).tobytes()
    assert drawn(letters).tobytes() not in {missing, plain, drawn("").tobytes()}


def test_a_font_that_is_not_ours_is_never_looked_for_on_the_machine():
    assert drawn("Bảo hiểm", family="DejaVu Sans").tobytes() == drawn("").tobytes()


def test_long_words_are_broken_and_end_in_an_ellipsis():
    lines = picture.wrapped(LONG, size=40, width=500, lines=2)
    font = ImageFont.truetype(str(PRINT[""]), 40)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert all(font.getlength(line) <= 500 for line in lines)
    assert LONG.startswith(lines[0])


def test_what_fits_stays_whole():
    assert picture.wrapped("Kết quả", size=40, width=500, lines=2, bold=True) == ["Kết quả"]
    assert picture.wrapped("", size=40, width=500, lines=2) == []


def test_one_endless_word_is_cut_too():
    assert picture.wrapped("a" * 200, size=40, width=300, lines=1)[0].endswith("…")
