"""What an unfinished draft needs at the least."""

import pytest

from quizapp.rules import draft

TABLE = {
    "id": "huu-tri-1001",
    "kind": "truefalse",
    "difficulty": "know",
    "stem": {"vi": "Nhận định sau đúng hay sai: cần đủ 15 năm?"},
    "answer": True,
}


def keys(table):
    return [".".join(map(str, finding.path)) for finding in draft.rough(table, "huu-tri")[1]]


def test_a_draft_may_lack_english_basis_and_explanation():
    made, findings = draft.rough(TABLE, "huu-tri")
    assert findings == []
    assert (made.stem.vi, made.stem.en, made.citations) == (TABLE["stem"]["vi"], "", ())


@pytest.mark.parametrize("stem", ["chỉ một bản", 5, {"vi": 7}, ["a"]])
def test_a_text_that_is_not_one_in_two_languages_is_named(stem):
    assert "stem" in keys({**TABLE, "stem": stem})


def test_a_text_without_end_is_refused_by_language():
    assert keys({**TABLE, "explanation": {"vi": "x" * (draft.LONGEST_DRAFT + 1), "en": ""}}) == ["explanation.vi"]
