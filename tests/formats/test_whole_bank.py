"""The whole bank through every format: what a format holds comes back the same, and what it does not hold is said."""

import pytest

from quizapp.config import ROOT
from quizapp.formats.registry import FORMATS, recognise
from quizapp.formats.upload import MOST_QUESTIONS, BadFile, Format, table
from quizapp.rules import draft
from quizapp.services import banks, laws

WHOLE = ("xlsx", "csv", "toml", "gift")


@pytest.fixture(scope="module")
def sheets():
    return banks.read(ROOT / "questions")


@pytest.fixture(scope="module")
def bank(sheets):
    return [question for sheet in sheets for question in sheet.questions if question.family is None]


@pytest.fixture(scope="module")
def topics(sheets):
    return [sheet.topic for sheet in sheets]


@pytest.fixture(scope="module")
def law():
    return laws.of(ROOT / "questions")


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_written_reads_back_the_same(name, bank, topics, law):
    format: Format = FORMATS[name]
    held = [question for question in bank if format.holds(question)]
    upload = format.read(format.write(bank, topics))
    assert upload.notes == () and upload.conversion is None
    back = {}
    for row in upload.rows:
        assert row.problems == ()
        question, findings = draft.read({k: v for k, v in row.values.items() if k != "topic"}, row.values["topic"], law)
        assert findings == []
        back[question.id] = question
    assert back == {question.id: question for question in held}
    assert all(format.losses(question) == [] for question in held)


@pytest.mark.parametrize("name", ["xlsx", "csv", "toml"])
def test_these_hold_every_question(name, bank):
    assert all(FORMATS[name].holds(question) for question in bank)


def test_gift_holds_all_but_ordering_and_says_so(bank):
    gift = FORMATS["gift"]
    assert {question.kind for question in bank if not gift.holds(question)} == {"order"}
    assert all(gift.losses(question) for question in bank if not gift.holds(question))


@pytest.mark.parametrize("name", WHOLE)
def test_a_variant_of_a_family_goes_out_as_a_question_of_its_own_and_that_is_said(name, sheets, topics):
    format = FORMATS[name]
    variants = [question for sheet in sheets for question in sheet.questions if question.family][::20]
    variants = [question for question in variants if format.holds(question)]
    rows = {row.values["id"]: row.values for row in format.read(format.write(variants, topics)).rows}
    for question in variants:
        said = table(question)
        options = {(one["vi"], one.get("right", False)) for one in said.pop("options", ())}
        back = rows[question.id]
        assert {(one["vi"], one.get("right", False)) for one in back.pop("options", ())} == options
        assert back == said
        assert any("họ câu hỏi" in lost for lost in format.losses(question))


@pytest.mark.parametrize("name", ["kahoot", "aiken"])
def test_these_hold_only_what_is_asked_and_its_answer(name, bank, topics):
    format = FORMATS[name]
    held = [question for question in bank if format.holds(question)]
    assert 100 < len(held) < len(bank)
    assert all(format.losses(question) for question in bank)
    rows = format.read(format.write(bank, topics)).rows
    for question, row in zip(held, rows, strict=True):
        said = table(question)
        assert row.problems == ()
        assert row.values["kind"] == question.kind
        assert row.values["stem"]["vi"] in (question.stem.vi, question.short.vi)
        assert row.values.get("answer") == said.get("answer")
        options = {(one["vi"], one.get("right", False)) for one in said.get("options", ())}
        assert {(one["vi"], one.get("right", False)) for one in row.values.get("options", ())} == options


@pytest.mark.parametrize("name", FORMATS)
def test_every_written_file_is_recognised(name, bank, topics):
    format = FORMATS[name]
    data = format.write(bank[:3], topics)
    assert recognise(data, f"ngân hàng.{format.extension}") in (name, "qti21")


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_file_and_one_too_large_are_refused_in_a_sentence(name):
    for data in (b"", b"\xef\xbb\xbf", b"\n" * 40, b"a" * (5 * 1024 * 1024 + 1)):
        with pytest.raises(BadFile) as refused:
            FORMATS[name].read(data)
        assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_cut_short_never_breaks_the_reader(name, bank, topics):
    data = FORMATS[name].write(bank[:4], topics)
    for end in range(1, len(data), max(1, len(data) // 60)):
        try:
            FORMATS[name].read(data[:end])
        except BadFile as refused:
            assert refused.sentence


@pytest.mark.parametrize("name", ["csv", "gift", "aiken", "toml"])
def test_too_many_questions_are_refused(name, bank, topics):
    one = next(question for question in bank if question.kind == "one")
    few = FORMATS[name].write([one, one], topics[:0])
    many = FORMATS[name].write([one] * (MOST_QUESTIONS + 1_100), topics[:0])
    assert len(FORMATS[name].read(few).rows) == 2
    with pytest.raises(BadFile, match=r"5\.000 câu hỏi|5 MB"):
        FORMATS[name].read(many)


OTHER = {
    "a picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "a PDF": b"%PDF-1.7\n1 0 obj",
    "a text without questions": "Chỉ là một câu chuyện".encode(),
    "a western text": "café société".encode("cp1252"),
    "an old workbook": b"\xd0\xcf\x11\xe0" + b"\0" * 100,
}


@pytest.mark.parametrize("data", OTHER.values(), ids=OTHER.keys())
def test_a_file_of_another_kind_is_refused_in_a_sentence(data):
    with pytest.raises(BadFile) as refused:
        recognise(data, "câu hỏi.csv.txt")
    assert refused.value.sentence.endswith(".")
