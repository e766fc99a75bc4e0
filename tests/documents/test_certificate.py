"""A certificate says who, where, what and which contest, and leads to the page that checks it; and nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from quizapp.documents import certificate
from quizapp.documents.certificate import Certificate
from tests.documents.reading import pages, words
from tests.documents.test_paper import LETTERS

URL = "https://thi.example.vn/kiem-tra/CN-7F3K-92QD-XT68"
MADE = datetime(2026, 4, 15, tzinfo=UTC)


def one(**changes):
    whole = Certificate(
        name="Nguyễn Thị Hoàng Yến",
        unit="Xã A, tỉnh P",
        contest="Cuộc thi “Tìm hiểu Luật Bảo hiểm xã hội 2024”",
        organizer="Bảo hiểm xã hội tỉnh P",
        superior="Bảo hiểm xã hội Việt Nam",
        prize="Giải Nhất",
        stage="Tuần 1",
        serial="CN-7F3K-92QD-XT68",
        address=URL,
        place="Hà Nội",
        day=date(2026, 4, 15),
        made_at=MADE,
    )
    return replace(whole, **changes)


def test_a_prize_is_told_with_its_round_and_the_contest():
    assert words(certificate.pdf([one()])) == (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập – Tự do – Hạnh phúc "
        "BẢO HIỂM XÃ HỘI VIỆT NAM BẢO HIỂM XÃ HỘI TỈNH P GIẤY CHỨNG NHẬN Ban Tổ chức cuộc thi chứng nhận "
        "Nguyễn Thị Hoàng Yến Xã A, tỉnh P đã đạt GIẢI NHẤT – TUẦN 1 "
        "Cuộc thi “Tìm hiểu Luật Bảo hiểm xã hội 2024” "
        "Quét mã để kiểm tra Số: CN-7F3K-92QD-XT68 Hà Nội, ngày 15 tháng 4 năm 2026 TM. BAN TỔ CHỨC TRƯỞNG BAN"
    )


def test_taking_part_names_no_prize_and_a_bare_name_gets_the_word_contest():
    text = words(certificate.pdf([one(prize="", stage="", unit="", superior="", contest="Luật mới")]))
    assert "đã tham gia Cuộc thi “Luật mới”" in text and "đã đạt" not in text and "Xã A" not in text
    assert "GIẢI NHẤT ĐÃ" not in words(certificate.pdf([one(stage="")])).upper()


def test_an_english_certificate_is_english_throughout():
    text = words(certificate.pdf([one(language="en", prize="First prize", stage="Week 1", contest="The 2024 Law")]))
    assert "CERTIFICATE The organizing committee certifies that Nguyễn Thị Hoàng Yến" in text
    assert "was awarded FIRST PRIZE – WEEK 1 the contest “The 2024 Law”" in text
    assert "No. CN-7F3K-92QD-XT68" in text and "Hà Nội, 15 April 2026" in text


def test_the_code_leads_to_the_page_that_checks_it():
    page = PdfReader(BytesIO(certificate.pdf([one()]))).pages[0]
    assert [note.get_object()["/A"]["/URI"] for note in page["/Annots"]] == [URL]
    assert page.mediabox.width > page.mediabox.height


@pytest.mark.parametrize("name", [LETTERS, LETTERS.upper(), "Nguyễn " + "Phúc " * 20])
def test_a_name_stands_as_it_was_registered_in_one_line_however_long(name):
    (page,) = pages(certificate.pdf([one(name=name.strip()[:110])]))
    assert "".join(name.strip()[:110].split()) in page.replace(" ", "")


def test_many_certificates_stand_one_on_a_page():
    found = pages(certificate.pdf([one(), one(name="Trần Văn An"), one(name="Lê Thị Bé")]))
    assert ["Trần Văn An" in page for page in found] == [False, True, False] and len(found) == 3
