"""Letters that stay broken stop their row; names from elsewhere do not."""

import pytest

from quizapp.formats.legible import flagged
from quizapp.formats.upload import Row, Upload


def problems(stem, *options):
    row = Row("1", {"stem": {"vi": stem}, "options": [{"vi": option} for option in options]})
    return len(flagged(Upload((row,))).rows[0].problems)


@pytest.mark.parametrize("stem", ["C©©u h¸¸i vÒÒ?", "B\ufffdo hi\ufffdm x\ufffd h\ufffdi"])
def test_broken_letters_are_a_problem(stem):
    assert problems(stem) == 1


@pytest.mark.parametrize("stem", ["Bảo hiểm xã hội", "Résumé hay café?", "2 × 3 = 6", "Số 161/2026/NĐ-CP", "plain"])
def test_good_letters_are_none(stem):
    assert problems(stem, "Có", "Không") == 0


def test_options_that_are_no_list_are_left_to_other_checks():
    row = Row("1", {"stem": "text", "options": "text"})
    assert flagged(Upload((row,))).rows == (row,)
