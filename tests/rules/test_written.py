"""A question written back as a file has it, and read again."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules import bank, draft, written
from quizapp.rules.question import Text
from tests.rules.test_bank import HEAD, LAW, NUMBER, ONE, ORDER, SEVERAL, TRUEFALSE

KINDS = [ONE, SEVERAL, TRUEFALSE, TRUEFALSE.replace("true\n", "false\n"), NUMBER, ORDER]


def sheet_of(text):
    sheet = bank.read("huu-tri.toml", text.encode(), LAW)
    assert not sheet.faults, [str(fault) for fault in sheet.faults]
    return sheet


@pytest.mark.parametrize("text", KINDS)
@pytest.mark.parametrize("more", ["", "scenario = true\nin_force_from = 2025-07-01\nin_force_to = 2026-06-30\n"])
def test_every_kind_says_the_same_when_read_again(text, more):
    sheet = sheet_of(HEAD + text + more)
    again = sheet_of(written.file(sheet.topic, sheet.questions))
    assert again.topic == sheet.topic
    assert [draft.digest(one) for one in again.questions] == [draft.digest(one) for one in sheet.questions]


def test_questions_stand_in_the_order_of_their_numbers():
    text = HEAD + "".join(
        ONE.replace("001", number).replace("Từ bao", f"Câu {number}: từ bao") for number in ("1001", "010", "002")
    )
    sheet = sheet_of(text)
    again = sheet_of(written.file(sheet.topic, sheet.questions))
    assert [one.id for one in again.questions] == ["huu-tri-002", "huu-tri-010", "huu-tri-1001"]


def test_figures_stand_by_size_whatever_their_numbers_are():
    question = sheet_of(HEAD + ONE.replace("10 năm", "5 năm").replace("25 năm", "1.000 năm")).questions[0]
    assert [option["vi"] for option in written.table(question)["options"]] == ["5 năm", "15 năm", "20 năm", "1.000 năm"]


def test_a_table_is_what_the_checks_of_a_draft_read():
    for text in KINDS:
        question = sheet_of(HEAD + text).questions[0]
        read, findings = draft.read(written.table(question), "huu-tri", LAW)
        assert not findings and read == question


LETTERS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30)


@given(LETTERS, LETTERS)
def test_any_words_survive_in_a_toml_file(vi, en):
    plain = sheet_of(HEAD + ONE)
    topic = bank.Topic("huu-tri", "H", Text(vi, en), Text(en, vi))
    again = written.file(topic, plain.questions)
    assert bank.tomllib.loads(again)["topic"]["name"] == {"vi": vi, "en": en}


def test_a_day_is_written_as_a_day():
    question = sheet_of(HEAD + ONE + "in_force_from = 2025-07-01\n").questions[0]
    assert written.table(question)["in_force_from"] == date(2025, 7, 1)
