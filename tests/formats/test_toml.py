"""Question files of our own: one topic as the bank's folder has it, several in one file, and faults with their line."""

import pytest

from quizapp.config import ROOT
from quizapp.formats import toml
from quizapp.formats.upload import BadFile
from quizapp.rules import bank
from quizapp.services import laws
from tests.make import question


def test_one_topic_is_written_as_a_file_of_the_folder():
    law = laws.of(ROOT / "questions")
    sheet = bank.read("huu-tri.toml", (ROOT / "questions" / "huu-tri.toml").read_bytes(), law)
    written = bank.read("huu-tri.toml", toml.write(sheet.questions, [sheet.topic]), law)
    assert (written.faults, written.topic, written.questions) == ((), sheet.topic, sheet.questions)


def test_the_topic_is_that_of_the_question_or_of_its_id():
    said = '[[question]]\nid = "huu-tri-001"\n[[question]]\nid = "x-001"\ntopic = "so-sanh-luat"\n[[question]]\n'
    rows = toml.read(said.encode()).rows
    assert [(row.where, row.values.get("topic")) for row in rows] == [
        ("1", "huu-tri"),
        ("3", "so-sanh-luat"),
        ("6", None),
    ]


def test_a_fault_of_syntax_is_shown_with_its_line():
    (row,) = toml.read(b'[[question]]\nid = "a"\nstem.vi = "b\n').rows
    assert row.where == "3"
    assert "TOML" in row.problems[0].message


def test_what_does_not_belong_is_noted():
    (note,) = toml.read(b'more = 1\n[[question]]\nid = "a"\n').notes
    assert (note.where, note.details) == ("1", {"key": "more"})


@pytest.mark.parametrize(
    "said",
    ["[topic]\n", "question = 1", "question = [1]", "x = " + "[" * 5_000, "x = " + "9" * 5_000, "question = []"],
)
def test_what_holds_no_question_or_is_too_deep_is_refused(said):
    with pytest.raises(BadFile):
        toml.read(said.encode())


def test_a_variant_goes_out_by_itself_and_that_is_said():
    variant = question("huu-tri-001.2", family="huu-tri-001")
    assert "họ câu hỏi" in toml.losses(variant)[0]
    assert "family" not in toml.read(toml.write([variant], [])).rows[0].values
