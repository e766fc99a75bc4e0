"""Kahoot's spreadsheet: found by the words of its header; what a spreadsheet program broke is refused with its row."""

import io
import zipfile
from pathlib import Path

import pytest

from quizapp.formats import kahoot
from quizapp.formats.upload import BadFile
from quizapp.rules.question import FALSE, TRUE, Text
from tests.formats.books import book, sheet
from tests.make import question, text

SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture(scope="module")
def tool():
    return kahoot.read((SAMPLES / "kahoot-tool.xlsx").read_bytes())


def test_the_template_of_the_vendor_is_read():
    upload = kahoot.read((SAMPLES / "kahoot-template.xlsx").read_bytes())
    one, several, truth = upload.rows
    assert [row.where for row in upload.rows] == ["9", "10", "11"]
    assert [option.get("right", False) for option in one.values["options"]] == [False, True, False, False]
    assert several.values["kind"] == "several"
    assert [option.get("right", False) for option in several.values["options"]] == [True, False, True, False]
    assert truth.values == {"kind": "truefalse", "stem": truth.values["stem"], "answer": True}
    assert upload.notes == ()


@pytest.mark.parametrize(
    "row, where, said",
    [
        (0, "G2", "bảng tính đổi"),
        (1, "G3", "bảng tính đổi"),
        (3, "G5", "không chỉ vào phương án"),
        (4, "G6", "Chưa ghi đáp án"),
        (5, "C7", "Phương án 2 trống"),
        (6, "G8", "bảng tính đổi"),
    ],
)
def test_each_fault_is_shown_with_its_cell(tool, row, where, said):
    (problem,) = tool.rows[row].problems
    assert problem.where == where
    assert said in problem.message % problem.details
    assert problem.remedy


def test_a_time_outside_the_list_is_taken_to_the_nearest_with_a_note(tool):
    (note,) = tool.notes
    assert (note.where, note.details["nearest"]) == ("F4", 30)
    assert tool.rows[2].problems == ()
    assert [option.get("right", False) for option in tool.rows[7].values["options"]] == [False, True, False, True]


def test_another_table_and_an_empty_one_are_refused():
    with pytest.raises(BadFile, match="dòng tiêu đề"):
        kahoot.read(book(sheet(["Câu hỏi", "A", "B", "Đáp án"])))
    with pytest.raises(BadFile, match="chưa có câu hỏi"):
        kahoot.read(book(sheet(["Question", "Answer 1", "Answer 2", "Time", "Correct"], ["", "", "", "20", ""])))


def test_the_file_has_the_headings_of_the_template_in_row_8():
    data = kahoot.write([question()], [])
    first = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert '<c r="B8"' in first and '<c r="A8"' not in first and '<c r="A9"' in first


@pytest.mark.parametrize(
    "asked, lost",
    [
        (question(kind="order", key=(1, 0, 2), options=3), "loại câu này"),
        (question(kind="number", key=(15,), options=0), "loại câu này"),
        (question(kind="several", key=(0, 1), options=5), "4 phương án"),
        (question(stem=Text("x" * 121, "x"), short=Text("y" * 121, "y")), "120 ký tự"),
    ],
)
def test_what_does_not_fit_is_left_out_and_said_before(asked, lost):
    assert not kahoot.holds(asked)
    (said,) = kahoot.losses(asked)
    assert lost in said
    assert len(kahoot.read(kahoot.write([asked, question()], [])).rows) == 1


def test_an_option_too_long_is_never_cut():
    asked = type(question())(**{**vars(question()), "options": (text("a"), text("b" * 76))})
    assert not kahoot.holds(asked)
    assert "75 ký tự" in kahoot.losses(asked)[0]


def test_a_long_question_goes_out_in_its_short_form_and_that_is_said():
    asked = question(stem=Text("x" * 121, "x"), short=Text("ngắn", "short"))
    assert "câu ngắn được dùng thay" in kahoot.losses(asked)[0]
    assert kahoot.read(kahoot.write([asked], [])).rows[0].values["stem"] == {"vi": "ngắn"}


def test_true_and_false_are_recognised_in_either_order():
    assert kahoot.truths([FALSE.vi, TRUE.vi]) == [False, True]
    assert kahoot.truths(["True", "False"]) == [True, False]
    assert kahoot.truths(["Đúng", "Có"]) == kahoot.truths(["Đúng"]) == kahoot.truths(["Đúng", "Đúng"]) == []
