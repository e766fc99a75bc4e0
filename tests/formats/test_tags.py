"""What other systems have no field for, said as tags and understood again."""

from datetime import date

import pytest

from quizapp.formats import tags
from tests.make import question


def test_our_own_tags_say_everything_again():
    asked = question(
        difficulty="apply",
        citations=("Điều 64 khoản 1", "Điều 66"),
        facts=("H-01", "H-02"),
        scenario=True,
        in_force_from=date(2025, 7, 1),
        in_force_to=date(2026, 6, 30),
    )
    assert tags.read(tags.of(asked)) == {
        "topic": "huu-tri",
        "difficulty": "apply",
        "citations": ["Điều 64 khoản 1", "Điều 66"],
        "facts": ["H-01", "H-02"],
        "scenario": True,
        "in_force_from": date(2025, 7, 1),
        "in_force_to": date(2026, 6, 30),
    }
    assert all(len(tag) <= tags.LONGEST for tag in tags.of(asked))
    assert tags.beyond(asked) == []


@pytest.mark.parametrize(
    ("word", "meant"),
    [("Dễ", "know"), ("Nhận biết", "know"), ("MEDIUM", "understand"), ("vận dụng", "apply"), ("đẹp", None)],
)
def test_common_words_for_difficulty(word, meant):
    assert tags.difficulty(word) == meant
    assert tags.read([word]) == ({} if meant is None else {"difficulty": meant})


def test_what_is_no_tag_of_ours_says_nothing():
    assert tags.read(["2026", "topic:", "from:yesterday", "", "chương I"]) == {}
    assert tags.read(["Điều 98 khoản 1"]) == {"citations": ["Điều 98 khoản 1"]}
