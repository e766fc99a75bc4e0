"""Badges say who, which delegation and which code, and lead into the room; ten to a page."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from quizapp.documents import badges
from quizapp.documents.badges import Badge
from tests.documents.reading import pages, words
from tests.documents.test_paper import LETTERS

MADE = datetime(2026, 4, 15, tzinfo=UTC)
URL = "https://thi.example.vn/cuoc-thi/hoi-nghi/vao-phong?the=DB-01"
CONTEST = "Hội nghị tuyên truyền Luật Bảo hiểm xã hội năm 2024 – Thi tìm hiểu và Rung chuông vàng"


def badge(n=1, **changes):
    return Badge(**{"name": "Trần Văn Khải", "team": "Đoàn Sở Y tế", "code": f"DB-{n:02}", "address": URL, **changes})


def test_a_badge_names_the_delegate_the_delegation_and_the_code():
    assert words(badges.pdf(CONTEST, [badge()], MADE)) == (
        f"{CONTEST} Trần Văn Khải Đoàn Sở Y tế Mã đại biểu DB-01 Quét để vào phòng thi"
    )
    said = words(badges.pdf(CONTEST, [badge(team="")], MADE, "en"))
    assert "Delegate code DB-01 Scan to enter the room" in said


def test_ten_badges_stand_on_a_page():
    made = badges.pdf(CONTEST, [badge(n) for n in range(1, 22)], MADE)
    assert [page.count("Mã đại biểu") for page in pages(made)] == [10, 10, 1]


def test_the_code_to_scan_leads_into_the_room():
    page = PdfReader(BytesIO(badges.pdf(CONTEST, [badge()], MADE))).pages[0]
    assert [one.get_object()["/A"]["/URI"] for one in page["/Annots"]] == [URL]


@pytest.mark.parametrize("row", [LETTERS[n : n + 40] for n in range(0, len(LETTERS), 40)])
def test_every_vietnamese_letter_is_read_back(row):
    spaced = " ".join(row[n : n + 8] for n in range(0, len(row), 8))
    assert "".join(spaced.split()) in words(badges.pdf("Hội nghị", [badge(name=spaced)], MADE)).replace(" ", "")


NAMES = [
    "Ý",
    "Công Tằng Tôn Nữ Thị Quỳnh Hương Giang",
    "Nguyễn Phúc Hoàng Phương Anh Thư Lê Trần Đoan Trang Thị Bích Ngọc Công Tằng Tôn Nữ Thị Quỳnh Hương Giang Văn",
]
TEAM = "Đoàn đại biểu Liên đoàn Lao động và Bảo hiểm xã hội cơ sở liên huyện Thanh Oai – Chương Mỹ – Mỹ Đức số 12"


@pytest.mark.parametrize("name", NAMES)
def test_long_names_fit_on_their_badge(name):
    printed = words(badges.pdf(CONTEST, [badge(name=name, team=TEAM), badge(2)], MADE))
    assert name in printed and TEAM in printed
    sheet = badges._Page("x", "vi", "", MADE, margins=(0, 0, 0, 0))
    beside = badges.WIDE - 2 * badges._EDGE - badges._SIDE - 3
    below = sheet.words(0, 14, beside, name, 17, bold=True, lines=2)
    assert sheet.words(0, below + 1.2, beside, TEAM, 10.5, lines=2) < badges.TALL - 13.5
    sheet.finished()
