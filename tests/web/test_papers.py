"""Drawing papers in a form, also without scripts, and printing them."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from quizapp import db
from quizapp.models import PrintedPaper
from tests import make
from tests.web.test_bank import page, send, signed_in

NEW = "/ngan-hang/de-thi/moi"
FORM = {
    "title": "Vòng loại",
    "organization": "Bảo hiểm xã hội tỉnh",
    "seed": "KH-2026",
    "versions": "2",
    "minutes": "30",
    "language": "vi",
    "kinds": ["one", "truefalse"],
    "n-huu-tri-know": "2",
}


@pytest.fixture
def app(app):
    with db.begin() as session:
        for who, roles in (("otto", ["admin"]), ("hana", ["organizer"]), ("ada", ["organizer"]), ("mallory", [])):
            make.person(session, who, roles=roles)
        make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 7)))
    return app


def draw(client, do="draw", **changes):
    return send(client, NEW, NEW, do=do, **{**FORM, **changes})


def drawn(client):
    location = draw(client).location
    assert re.fullmatch(r"/ngan-hang/de-thi/[0-9a-f]{32}", location)
    return location


def text(answer):
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages).split())


@pytest.mark.parametrize("path", ["/ngan-hang/de-thi", NEW, "/ngan-hang/de-thi/x", "/ngan-hang/de-thi/x/de-101.pdf"])
def test_mallory_is_turned_away(client, path):
    assert client.get(path).location.startswith("/dang-nhap?next=")
    assert signed_in(client, "mallory").get(path).status_code == 403


@pytest.mark.parametrize("path", [NEW, "/ngan-hang/de-thi/x/bo"])
def test_mallory_can_change_nothing(client, path):
    signed_in(client, "mallory")
    assert send(client, "/luat", path).status_code == 403


def test_without_papers_the_list_leads_to_the_first_one(client):
    signed_in(client, "hana")
    assert "Chưa có đề in nào." in page(client, "/ngan-hang/de-thi")
    drawn(client)
    assert "Vòng loại" in page(client, "/ngan-hang/de-thi")


def test_the_form_comes_with_a_seed_and_says_what_the_bank_has(client):
    html = page(signed_in(client, "hana"), NEW)
    assert re.search(r'name="seed"|id="seed"', html) and re.search(r'value="[0-9A-Z]{8}"', html)
    assert "có 6" in html and 'name="n-huu-tri-apply"' in html


def test_looking_first_warns_of_a_small_bank_and_keeps_what_was_typed(client):
    signed_in(client, "hana")
    html = draw(client, do="look").get_data(as_text=True)
    assert "có 6 câu, chưa bằng 5 lần đề 2 câu" in html and 'value="KH-2026"' in html
    assert "Ngân hàng đủ: 6 câu cho đề 1 câu." in draw(client, do="look", **{"n-huu-tri-know": "1"}).text
    with db.read() as session:
        assert session.query(PrintedPaper).count() == 0


def test_a_line_the_bank_cannot_fill_is_named(client):
    answer = draw(signed_in(client, "hana"), **{"n-huu-tri-know": "7"})
    assert answer.status_code == 409 and "cần 7 câu, ngân hàng chỉ có 6." in answer.text
    assert "Ngân hàng chưa đủ câu hỏi cho ma trận đề này." in answer.text


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"title": " "}, "Vui lòng đặt tên cho đề."),
        ({"seed": ""}, "Vui lòng ghi mã rút"),
        ({"versions": "9"}, "Số mã đề cần từ 1 đến 8."),
        ({"versions": "hai"}, "Số mã đề cần từ 1 đến 8."),
        ({"minutes": "301"}, "Thời gian cần từ 1 đến 300 phút."),
        ({"minutes": "x"}, "Thời gian cần từ 1 đến 300 phút."),
        ({"language": "fr"}, "Vui lòng chọn ngôn ngữ của đề."),
        ({"kinds": []}, "Vui lòng chọn ít nhất một loại câu hỏi."),
        ({"n-huu-tri-know": "0"}, "Đề in cần từ 1 đến 100 câu hỏi."),
        ({"n-huu-tri-know": "101"}, "Đề in cần từ 1 đến 100 câu hỏi."),
    ],
)
def test_what_is_missing_is_said_beside_its_field(client, changes, sentence):
    answer = draw(signed_in(client, "hana"), **changes)
    assert answer.status_code == 422 and sentence in answer.text


def test_a_topic_that_does_not_exist_is_refused(client):
    assert draw(signed_in(client, "hana"), **{"n-khong-co-know": "1"}).status_code == 404


def test_the_paper_page_shows_seed_questions_and_files(client):
    signed_in(client, "hana")
    html = page(client, drawn(client))
    assert "KH-2026" in html
    assert html.count("de-101.pdf") == 1 and "phieu-102.pdf" in html and "dap-an" not in html
    assert "chưa bằng 5 lần đề" in html and html.count("huu-tri-00") == 2


def test_paper_and_answer_sheet_are_printed_with_their_code(client):
    signed_in(client, "hana")
    path = drawn(client)
    paper = text(client.get(f"{path}/de-102.pdf"))
    assert "Mã đề: 102" in paper and "2 câu · 30 phút" in paper and "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in paper
    assert "Phiếu trả lời" in text(client.get(f"{path}/phieu-102.pdf"))
    assert client.get(f"{path}/de-103.pdf").status_code == 404
    assert client.get(f"{path}/khac-101.pdf").status_code == 404


def test_the_qr_code_leads_to_the_topic(client):
    signed_in(client, "hana")
    read = PdfReader(BytesIO(client.get(f"{drawn(client)}/de-101.pdf").data))
    assert read.pages[0]["/Annots"][0].get_object()["/A"]["/URI"] == "http://localhost/hoc/huu-tri"


def test_the_key_is_for_reviewers_and_admins_only(client, app):
    signed_in(client, "hana")
    path = drawn(client)
    assert client.get(f"{path}/dap-an-101.pdf").status_code == 403
    admin = signed_in(app.test_client(), "otto")
    assert "Căn cứ: Điều 64 khoản 1" in text(admin.get(f"{path}/dap-an-101.pdf"))
    assert "dap-an-101.pdf" in page(admin, path)


def test_another_organizer_does_not_find_the_paper(client, app):
    path = drawn(signed_in(client, "hana"))
    other = signed_in(app.test_client(), "ada")
    assert other.get(path).status_code == other.get(f"{path}/de-101.pdf").status_code == 404
    assert send(other, "/luat", f"{path}/bo").status_code == 404


def test_a_paper_in_english_speaks_english(client):
    signed_in(client, "hana")
    path = draw(client, language="en", title="Round one").location
    assert "Phương án 1 (en)" in text(client.get(f"{path}/de-101.pdf"))


def test_a_paper_can_be_thrown_away(client):
    signed_in(client, "hana")
    path = drawn(client)
    assert send(client, path, f"{path}/bo").location == "/ngan-hang/de-thi"
    assert client.get(path).status_code == 404
