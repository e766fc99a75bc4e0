"""The second readings beside the questions: what they say, and what is wrong with them, with its line."""

from datetime import date

import pytest

from quizapp.rules import bank, readings
from tests.rules.test_bank import HEAD, LAW, ONE

FIRST = """[[reading]]
question = "huu-tri-001"
on = 2026-11-22
articles = ["Điều 64 khoản 1", "Điều 111"]
verdict = "mended"
doubt = "Đã loại trừ Điều 65."
"""


def attach(text, sheet=None):
    raw = text if isinstance(text, bytes) else text.encode()
    return readings.attach(sheet or bank.read("huu-tri.toml", (HEAD + ONE).encode(), LAW), "readings/huu-tri.toml", raw)


def test_a_reading_tells_when_against_what_and_which_doubt_it_settled():
    sheet = attach(FIRST)
    assert sheet.good and not sheet.reading_faults
    assert sheet.readings == (
        bank.Reading(
            "huu-tri-001", date(2026, 11, 22), ("Điều 64 khoản 1", "Điều 111"), "mended", "Đã loại trừ Điều 65."
        ),
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('"huu-tri-001"', '"huu-tri-009"', 2, "không có câu «huu-tri-009»"),
        ('"huu-tri-001"', "1", 2, "không có câu «1»"),
        ("2026-11-22", '"2026-11-22"', 3, "phải là ngày"),
        ("2026-11-22", "2026-11-22T01:00:00", 3, "phải là ngày"),
        ('["Điều 64 khoản 1", "Điều 111"]', "[]", 4, "ít nhất một điều"),
        ('["Điều 64 khoản 1", "Điều 111"]', '["Luật"]', 4, "ít nhất một điều"),
        ('["Điều 64 khoản 1", "Điều 111"]', '"Điều 64"', 4, "ít nhất một điều"),
        ('"mended"', '"fine"', 5, "«fine» không có"),
        ('"Đã loại trừ Điều 65."', "0", 6, "phải là chữ"),
        ('doubt = "Đã loại trừ Điều 65."', "", 1, "đúng các mục"),
        ("doubt", "doubts", 1, "đúng các mục"),
    ],
)
def test_what_is_wrong_with_a_reading_is_said_with_its_line(old, new, line, said):
    sheet = attach(FIRST.replace(old, new))
    (fault,) = sheet.reading_faults
    assert fault.line == line and said in fault.say()[0] and fault.file == "readings/huu-tri.toml"
    assert sheet.good and sheet.readings == ()  # it keeps no question out


def test_a_question_has_one_reading():
    sheet = attach(FIRST + FIRST)
    assert len(sheet.readings) == 1 and sheet.reading_faults[0].line == 8


@pytest.mark.parametrize("text", ["[[reading]\n", b"\xff", "[topic]\nx = 1\n", "reading = 1\n", "reading = [1]\n"])
def test_a_file_of_another_shape_gives_one_fault(text):
    sheet = attach(text)
    assert len(sheet.reading_faults) == 1 and sheet.readings == ()


def test_readings_of_a_file_that_is_not_taken_are_not_blamed_for_it():
    broken = bank.read("huu-tri.toml", (HEAD + ONE.replace("khoản 1", "khoản 9")).encode(), LAW)
    assert not attach(FIRST, broken).reading_faults
