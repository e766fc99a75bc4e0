"""Aiken: files from Windows, and every fault with its line."""

from pathlib import Path

import pytest

from quizapp.formats import aiken
from quizapp.formats.upload import BadFile
from quizapp.rules.question import Text
from tests.make import question

SAMPLES = Path(__file__).parent / "samples"


def test_a_mark_of_byte_order_and_windows_line_ends_are_no_trouble():
    first, second = aiken.read((SAMPLES / "windows.aiken.txt").read_bytes()).rows
    assert first.values == {
        "kind": "one",
        "stem": {"vi": "Câu một?"},
        "options": [{"vi": "10 năm"}, {"vi": "15 năm", "right": True}, {"vi": "20 năm"}],
    }
    assert second.values == {"kind": "truefalse", "stem": {"vi": "Câu hai có hai dòng?"}, "answer": True}


def test_each_fault_is_shown_with_its_line():
    rows = aiken.read((SAMPLES / "faults.aiken.txt").read_bytes()).rows
    assert [(row.where, [problem.message % problem.details for problem in row.problems]) for row in rows] == [
        ("1", ["Câu hỏi thiếu dòng «ANSWER:»."]),
        ("5", ["Đáp án «E» không chỉ vào phương án nào."]),
        ("10", ["Các phương án chưa được ghi lần lượt A, B, C…"]),
        ("15", []),
    ]


def test_options_without_a_question_and_long_options_are_read():
    (row,) = aiken.read("A. một\ntiếp\nB. hai\nĐÁP ÁN: B".encode()).rows
    assert [option["vi"] for option in row.values["options"]] == ["một tiếp", "hai"]
    assert "không có câu hỏi" in row.problems[0].message


def test_a_text_without_answers_is_refused():
    with pytest.raises(BadFile, match="ANSWER"):
        aiken.read("Câu hỏi?\nA. một\nB. hai\n".encode())


@pytest.mark.parametrize(
    "asked",
    [
        question(kind="several", key=(0, 1)),
        question(stem=Text("A. một", "A. one")),
        question(stem=Text("Answer: B", "x")),
    ],
)
def test_what_would_be_misread_is_not_held(asked):
    assert not aiken.holds(asked)
    assert "cả câu hỏi" in aiken.losses(asked)[0]
