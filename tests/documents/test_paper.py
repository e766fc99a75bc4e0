"""What is printed can be read again letter by letter, and each version says which letter is right on it."""

import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from quizapp.config import ROOT
from quizapp.documents import paper
from quizapp.documents.paper import Version, Words, right_answer
from quizapp.documents.sheet import Sheet
from quizapp.rules.paper import Place
from quizapp.rules.question import Text
from quizapp.services import banks
from tests import make

MADE = datetime(2026, 3, 2, 12, tzinfo=UTC)
WORDS = Words(
    state="CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    motto="Độc lập – Tự do – Hạnh phúc",
    code="Mã đề",
    about="4 câu · 30 phút",
    name="Họ và tên:",
    number="Số báo danh:",
    unit="Đơn vị:",
    mark="Điểm:",
    question="Câu",
    several="(Chọn tất cả đáp án đúng.)",
    order="(Xếp theo đúng thứ tự.)",
    whole="(Ghi một số nguyên.)",
    answer="Trả lời",
    practise="Luyện tập",
    sheet="Phiếu trả lời",
    how_to_fill="Tô kín ô tròn.",
    key="Đáp án",
    right="Đáp án",
)
URL = "https://thi.example.vn/hoc/tong-hop"
LETTERS = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"


def places():
    """One of every kind, the options turned round."""
    return [
        Place(make.question("mot", stem=make.text("Câu một hỏi gì?")), (2, 1, 0, 3)),
        Place(make.question("nhieu", kind="several", key=(0, 3)), (3, 2, 1, 0)),
        Place(make.question("dung-sai", kind="truefalse", key=(0,)), (0, 1)),
        Place(make.question("so", kind="number", key=(15,)), ()),
        Place(make.question("xep", kind="order", key=(2, 0, 1), options=3), (1, 0, 2)),
    ]


def version(found=None, **changes):
    whole = Version("Hội thi", "Bảo hiểm xã hội tỉnh", "101", "vi", found or places(), URL, WORDS, MADE)
    return replace(whole, **changes)


def pages(made):
    return [page.extract_text() for page in PdfReader(BytesIO(made)).pages]


def joined(made):
    """All that is printed, without what only lines it up."""
    return " ".join(unicodedata.normalize("NFC", " ".join(pages(made))).split())


def test_every_vietnamese_letter_is_printed_as_itself():
    stem = " ".join([LETTERS, LETTERS.upper()])
    asked = make.question(stem=Text(unicodedata.normalize("NFD", stem), "x"))
    text = joined(paper.paper(version([Place(asked, (0, 1, 2, 3))])))
    assert LETTERS in text.replace(" ", "") and LETTERS.upper() in text.replace(" ", "")


def test_what_the_bank_says_comes_back_from_the_printed_page():
    sheets = banks.read(ROOT / "questions")
    asked = [question for sheet in sheets for question in sheet.questions[:1] if question.in_force(date(2026, 3, 2))]
    text = joined(paper.paper(version([Place(one, tuple(range(len(one.options)))) for one in asked]))).replace(" ", "")
    for one in asked:
        for words in (one.stem, *one.options):
            assert "".join(words.vi.split()) in text, one.id


def test_the_paper_names_code_questions_and_options_but_no_key():
    text = joined(paper.paper(version()))
    assert "Mã đề: 101" in text and WORDS.state in text and "BẢO HIỂM XÃ HỘI TỈNH" in text
    assert "Câu 1. Câu một hỏi gì?" in text and "A. Phương án 2 B. Phương án 1 C. Phương án 0" in text
    assert WORDS.several in text and WORDS.order in text and WORDS.whole in text and "năm" in text
    assert "Vì Luật quy định" not in text and "Căn cứ" not in text
    assert WORDS.state not in joined(paper.paper(version(organization="")))


def test_the_qr_code_leads_to_the_practice_page():
    page = PdfReader(BytesIO(paper.paper(version()))).pages[0]
    assert [note.get_object()["/A"]["/URI"] for note in page["/Annots"]] == [URL]


def test_no_question_is_torn_by_the_end_of_a_page():
    long = make.text("Một câu hỏi dài đến mấy cũng phải nằm trọn trên một trang giấy. " * 3)
    found = [Place(make.question(f"q{n:02}", stem=long), (0, 1, 2, 3)) for n in range(12)]
    printed = pages(paper.paper(version(found)))
    assert len(printed) > 1
    for n in range(1, 13):
        (page,) = (text for text in printed if f"Câu {n}." in text)
        assert page.index(f"Câu {n}.") < page.rindex("Phương án 3")
    assert all(text.count("Câu ") == text.count("Phương án 3") for text in printed)


def test_long_options_stand_one_below_the_other():
    asked = make.question(options=0, stem=make.text())
    long = tuple(
        make.text(f"Phương án {n} dài hơn nửa dòng nên phải đứng riêng một dòng, có khi hai") for n in range(4)
    )
    text = joined(paper.paper(version([Place(replace(asked, options=long), (3, 1, 2, 0))])))
    assert text.index("Phương án 3") < text.index("Phương án 1") < text.index("Phương án 0")


@pytest.mark.parametrize("count", [5, 40, 100])
def test_the_answer_sheet_has_a_line_for_every_question_on_one_page(count):
    found = (places() * 20)[:count]
    (page,) = pages(paper.answer_sheet(version(found)))
    assert "Phiếu trả lời" in page and "Mã đề: 101" in page
    ticked = sum(place.question.kind in ("one", "several", "truefalse") for place in found)
    for letter in "BDEF":  # letters that stand in none of the labels by themselves
        assert page.split().count(letter) == ticked
    assert str(count) in page.split()


def test_the_key_has_letters_reasons_and_legal_basis():
    text = joined(paper.key(version()))
    assert "Câu 1. Đáp án: B – Phương án 1" in text and "Câu 2. Đáp án: A, D" in text
    assert "Câu 4. Đáp án: 15 năm" in text and "Câu 5. Đáp án: C, B, A" in text
    assert text.count("Căn cứ: Điều 64 khoản 1 Luật số 41/2024/QH15") == 5
    assert text.count("Vì Luật quy định như vậy.") == 5


def test_right_answers_follow_the_order_of_the_version():
    one, several, statement, number, order = places()
    assert right_answer(replace(one, options=(3, 0, 2, 1)), "en") == "D – Phương án 1 (en)"
    assert right_answer(several, "vi") == "A, D" and right_answer(statement, "vi") == "A – Đúng"
    assert right_answer(replace(number, question=replace(number.question, unit=None)), "vi") == "15"
    assert right_answer(order, "vi") == "C, B, A"


def test_the_same_paper_is_the_same_file():
    assert paper.paper(version()) == paper.paper(version())


def test_the_file_says_its_title_and_language():
    read = PdfReader(BytesIO(Sheet("Hội thi", "vi", "Mã đề 101", MADE).finished()))
    assert read.metadata.title == "Hội thi" and read.trailer["/Root"]["/Lang"] == "vi"
