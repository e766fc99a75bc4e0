"""Moodle XML: files as Moodle writes them come in whole, and the whole bank goes out and comes back the same."""

import contextlib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.config import ROOT
from quizapp.formats import moodle, plain
from quizapp.formats.upload import BadFile
from quizapp.rules import draft
from quizapp.rules.question import Text
from quizapp.services import banks, laws
from tests.make import question, text

SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture(scope="module")
def rows():
    upload = moodle.read((SAMPLES / "moodle-4.xml").read_bytes())
    assert upload.conversion is None
    return {row.values["stem"]["vi"].split()[0]: row for row in upload.rows}


def notes(upload):
    return [note.message % note.details for note in upload.notes]


def one(inside, type="multichoice"):
    """A file with one question."""
    return (
        f'<quiz><question type="{type}"><name><text>Tên</text></name>'
        f'<questiontext format="html"><text>Hỏi gì?</text></questiontext>{inside}</question></quiz>'
    ).encode()


def only(data):
    (row,) = moodle.read(data).rows
    return row


def test_one_right_answer_with_tags_and_explanation(rows):
    values = rows["Bác"].values
    assert values == {
        "id": "TN-01",
        "topic": "Bảo hiểm xã hội tự nguyện",
        "kind": "one",
        "difficulty": "know",
        "stem": {"vi": "Bác An đóng đủ bao nhiêu năm thì được hưởng lương hưu?"},
        "options": [{"vi": "10 năm"}, {"vi": "15 năm", "right": True}, {"vi": "20 năm"}],
        "explanation": {"vi": "Theo Điều 98: đủ 15 năm & đủ tuổi."},
        "citations": ["Điều 98 khoản 1"],
    }
    assert not rows["Bác"].problems


def test_several_right_answers_in_every_text_format(rows):
    values = rows["Người"].values
    assert values["kind"] == "several"
    assert values["stem"]["vi"] == "Người lao động có quyền nào? Chọn tất cả các phương án đúng."
    assert [option["vi"] for option in values["options"] if option.get("right")] == [
        "Được cấp sổ",
        "Hưởng < đủ > chế độ",
        "Được khiếu nại",
    ]


def test_a_false_statement_with_its_feedback_as_explanation(rows):
    values = rows["Sổ"].values
    assert (values["kind"], values["answer"]) == ("truefalse", False)
    assert values["explanation"] == {"vi": "Mẫu mới là sổ điện tử."}
    assert "[bìa sổ]" in values["stem"]["vi"]


def test_whole_numbers_from_numerical_and_short_answers(rows):
    assert rows["Từ"].values["answer"] == 15
    assert rows["Từ"].values["unit"]["vi"] == "tuổi"
    assert rows["Trong"].values["kind"] == "number" and rows["Trong"].values["answer"] == 5


def test_an_ordering_is_read_by_the_places_of_its_answers(rows):
    assert [option["vi"] for option in rows["Sắp"].values["options"]] == ["Lập hồ sơ", "Nộp hồ sơ", "Nhận kết quả"]


def test_what_we_do_not_have_is_named_and_passed_over(rows):
    said = notes(moodle.read((SAMPLES / "moodle-4.xml").read_bytes()))
    assert "Câu «Nêu ý nghĩa» thuộc loại «essay» chưa hỗ trợ nên được bỏ qua." in said
    assert "Câu «Cơ quan» thuộc loại «shortanswer» chưa hỗ trợ nên được bỏ qua." in said
    assert "Tệp, ảnh kèm theo câu «Ảnh» không được nhập." in said
    assert "Phương án được một phần điểm được coi là sai." in said
    assert "Nêu" not in rows and "Cơ" not in rows


def test_a_number_that_is_not_whole_is_shown_with_its_problem(rows):
    assert [problem.message for problem in rows["Tỷ"].problems] == ["Đáp án phải là đúng một số nguyên."]


def test_files_of_old_versions():
    upload = moodle.read((SAMPLES / "moodle-1.xml").read_bytes())
    false, number, choice = (row.values for row in upload.rows)
    assert false["topic"] == "Quản lý/Thu"
    assert false["answer"] is False  # words of another language: the first answer is «true»
    assert number["answer"] == 141
    assert [option.get("right", False) for option in choice["options"]] == [True, False]
    assert "Tệp, ảnh kèm theo câu «Ảnh cũ» không được nhập." in notes(upload)


def test_both_languages_of_multi_language_content():
    spans = '<span lang="vi" class="multilang">Mấy năm?</span><span lang="en" class="multilang">Years?</span>'
    stem = f"<![CDATA[<p>{spans}</p>]]>"
    data = one('<answer fraction="100"><text>{mlang vi}Một{mlang}{mlang en}One{mlang}</text></answer>')
    row = only(data.replace("Hỏi gì?".encode(), stem.encode()))
    assert row.values["stem"] == {"vi": "Mấy năm?", "en": "Years?"}
    assert row.values["options"] == [{"vi": "Một", "en": "One", "right": True}]


def test_a_tolerance_is_a_problem():
    row = only(one('<answer fraction="100"><text>15</text><tolerance>0.5</tolerance></answer>', "numerical"))
    assert row.problems[0].message == "Đáp án số có sai số cho phép."
    assert "answer" not in row.values


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ('<answer fraction="0"><text>A</text></answer><answer fraction="0"><text>B</text></answer>', "Không có"),
        ('<answer fraction="100"><text>A</text></answer><answer fraction="100"><text>B</text></answer>', "Câu một"),
    ],
)
def test_a_single_choice_needs_exactly_one_full_answer(answers, message):
    assert only(one(answers)).problems[0].message.startswith(message)


def test_one_right_answer_among_several_choices_becomes_one():
    answers = '<answer fraction="100"><text>A</text></answer><answer fraction="0"><text>B</text></answer>'
    upload = moodle.read(one("<single>false</single>" + answers))
    assert upload.rows[0].values["kind"] == "one"
    assert "chỉ có một phương án đúng" in notes(upload)[0]


def test_letters_of_an_old_font_are_converted_and_reported():
    right = "<answer fraction='100'><text>B¶o hiÓm x· héi</text></answer>"
    upload = moodle.read(one(right + "<answer fraction='0'><text>L­¬ng h­u</text></answer>"))
    assert upload.conversion is not None
    assert [option["vi"] for option in upload.rows[0].values["options"]] == ["Bảo hiểm xã hội", "Lương hưu"]


@pytest.mark.parametrize(
    "data", [b"", b"<a/>", b"<quiz>", b"<questestinterop/>", b'<!DOCTYPE quiz [<!ENTITY a "b">]><quiz/>']
)
def test_what_is_no_moodle_file_is_refused(data):
    with pytest.raises(BadFile):
        moodle.read(data)


def test_too_many_questions_are_refused():
    with pytest.raises(BadFile, match=r"5\.000"):
        moodle.read(b"<quiz>" + b'<question type="essay"/>' * 5_001 + b"</quiz>")


def test_the_whole_bank_goes_out_and_comes_back_the_same():
    law = laws.of(ROOT / "questions")
    sheets = banks.read(ROOT / "questions")
    asked = [question for sheet in sheets for question in sheet.questions if question.family is None]
    kept = [question for question in asked if not moodle.losses(question)]
    assert len(kept) >= 0.8 * len(asked) > 300
    upload = moodle.read(moodle.write(kept, [sheet.topic for sheet in sheets]))
    assert not upload.notes
    back = {}
    for row in upload.rows:
        assert not row.problems
        values = dict(row.values)
        made, findings = draft.read(values, values.pop("topic"), law)
        assert not findings
        back[made.id] = made
    assert back == {question.id: question for question in kept}


def test_what_is_written_has_what_moodle_asks_for():
    asked = [
        question("huu-tri-001"),
        question("huu-tri-002", kind="several", key=(0, 1, 2)),
        question("huu-tri-003", kind="truefalse", key=(1,)),
        question("huu-tri-004", kind="number", key=(15,)),
        question("huu-tri-005", kind="order", key=(2, 0, 1, 3)),
    ]
    root = ElementTree.fromstring(moodle.write(asked, []))
    assert [one.get("type") for one in root] == [
        "category", "multichoice", "multichoice", "truefalse", "numerical", "ordering"
    ]  # fmt: skip
    single, several, truth, number, order = list(root)[1:]
    assert [a.get("fraction") for a in single.findall("answer")] == ["0", "100", "0", "0"]
    assert [a.get("fraction") for a in several.findall("answer")] == ["33.33333"] * 3 + ["-100"]
    assert [(a.get("fraction"), a.findtext("text")) for a in truth.findall("answer")] == [
        ("0", "true"),
        ("100", "false"),
    ]
    assert number.findtext("answer/text") == "15" and number.findtext("answer/tolerance") == "0"
    assert [unit.text for unit in number.iter("unit_name")] == ["năm", "năm (en)"]
    assert [a.get("fraction") for a in order.findall("answer")] == [f"{n}.0000000" for n in range(1, 5)]
    assert order.findtext("gradingtype") == "ALL_OR_NOTHING"
    for one_ in list(root)[1:]:
        for needed in ("name/text", "questiontext/text", "generalfeedback/text", "defaultgrade", "penalty", "hidden"):
            assert one_.find(needed) is not None
        assert len(one_.findtext("name/text")) <= 255


def test_a_tag_that_moodle_would_cut_is_told_as_a_loss():
    assert moodle.losses(question()) == []
    assert moodle.losses(question(citations=("Điều 64 khoản 1 " * 4,)))


words = st.text(st.characters(min_codepoint=32, max_codepoint=126) | st.sampled_from("đĐ…–«»≤😀中"), min_size=1).filter(
    lambda said: "mlang" not in said and said.strip()
)


@given(words, words)
def test_any_letters_survive(vi, en):
    asked = question(stem=Text(vi, en), explanation=text(vi), options=4)
    (row,) = moodle.read(moodle.write([asked], [])).rows
    from_file = plain.one_line
    assert row.values["stem"]["vi"] == from_file(vi)
    assert row.values["stem"].get("en", row.values["stem"]["vi"]) == from_file(en)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(BadFile):
        moodle.read(data)
