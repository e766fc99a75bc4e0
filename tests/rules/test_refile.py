"""A question file brought up to date without touching what has not changed."""

from quizapp.rules.refile import refile
from tests.rules.test_bank import HEAD, LAW, ONE, bank

TWO = ONE.replace("001", "002").replace("Từ bao", "Cần bao")
FAMILY = '# a family\n[[question]]\nid = "huu-tri-003"\nkind = "one"\n[question.family]\nvary = {}\n'
TEXT = "# kept by hand\n" + HEAD + ONE + "# about two\n" + TWO + FAMILY
SHEET = bank.read("huu-tri.toml", (HEAD + ONE + TWO).encode(), LAW)
SAID = {question.id: question for question in SHEET.questions}


def read(text):
    sheet = bank.read("huu-tri.toml", text.encode(), LAW)
    assert not sheet.faults
    return {question.id: question for question in sheet.questions}


def test_a_file_that_says_it_all_stays_letter_by_letter():
    assert refile(TEXT, SHEET.topic, SAID, set(SAID)) == TEXT


def test_only_the_block_of_a_changed_question_is_written_anew():
    text = refile(TEXT, SHEET.topic, SAID, {"huu-tri-001"})
    assert text.startswith("# kept by hand\n" + HEAD + ONE.rstrip("\n")) and text.endswith(FAMILY.split("\n", 1)[1])
    without_family = text[: text.index('[[question]]\nid = "huu-tri-003"')]
    assert read(without_family) == SAID


def test_a_question_that_is_nowhere_said_leaves_the_file_and_a_new_one_comes_last():
    text = refile(HEAD + ONE, SHEET.topic, {"huu-tri-002": SAID["huu-tri-002"]}, set())
    assert list(read(text)) == ["huu-tri-002"]
    text = refile(HEAD + TWO, SHEET.topic, SAID, {"huu-tri-002"})
    assert list(read(text)) == ["huu-tri-002", "huu-tri-001"]


def test_a_topic_without_a_file_gets_one():
    assert read(refile("", SHEET.topic, SAID, set())) == SAID
