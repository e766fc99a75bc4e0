from collections import Counter

import pytest

from quizapp.rules import essay
from quizapp.rules.contest import POINT, EssayPart, Words
from quizapp.rules.draw import Stream
from quizapp.rules.essay import Like

PART = EssayPart(prompt=Words("Vì sao?"), min_words=3, max_words=5, max_points=5)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("   \n ", 0),
        ("Luật", 1),
        ("Luật Bảo hiểm xã hội", 5),
        ("số 41/2024/QH15 – có hiệu lực", 5),  # a dash alone is no word, what stands between spaces is one
        ("hưu trí,thai sản", 3),
        ("…!", 0),
    ],
)
def test_a_word_is_a_run_of_letters_or_digits_between_spaces(text, count):
    assert essay.words(text) == count


@pytest.mark.parametrize(
    ("text", "length"), [("một hai", "short"), ("một hai ba", "fits"), ("a b c d e", "fits"), ("a b c d e f", "long")]
)
def test_both_limits_are_within(text, length):
    assert essay.length(text, PART) == length


def test_the_mark_is_the_mean_of_two_judges():
    assert essay.decided([4 * POINT, 5 * POINT], None, PART) == 4 * POINT + 30


def test_a_mean_between_two_sixtieths_is_rounded_up():
    assert essay.decided([240, 241], None, PART) == 241


def test_one_mark_decides_nothing():
    assert essay.decided([300], 300, PART) is None


def test_a_difference_of_a_fifth_of_the_maximum_is_still_a_mean():
    assert essay.decided([3 * POINT, 4 * POINT], None, PART) == 3 * POINT + 30


def test_beyond_a_fifth_the_third_judge_decides():
    assert essay.decided([3 * POINT, 4 * POINT + 6], None, PART) is None
    assert essay.decided([3 * POINT, 4 * POINT + 6], 2 * POINT, PART) == 2 * POINT


def test_a_third_mark_that_nobody_needed_changes_nothing():
    assert essay.decided([4 * POINT, 5 * POINT], 0, PART) == 4 * POINT + 30


def test_the_gate_asks_for_points_of_the_questions():
    gated = EssayPart(prompt=Words("Vì sao?"), essay_gate=8)
    assert essay.passes(None, PART)
    assert essay.passes(8 * POINT, gated)
    assert not essay.passes(8 * POINT - 1, gated)
    assert not essay.passes(None, gated)


TEXT = "Bảo hiểm xã hội là chỗ dựa của người lao động khi ốm đau, thai sản và khi về già."


def test_essays_that_say_the_same_are_named_whatever_their_accents():
    others = {
        "B": TEXT.replace("Bảo hiểm", "BAO HIEM").replace(",", ""),
        "A": TEXT,
        "C": "Tôi đi chợ sớm và gặp một người bạn cũ đã lâu không gặp.",
        "D": "",
    }
    assert essay.near(others) == [Like("A", "B", 100)]


def test_a_few_words_in_common_are_nothing():
    half = " ".join(TEXT.split()[:7]) + " nhưng em muốn kể một câu chuyện hoàn toàn khác về gia đình mình ở quê."
    assert essay.near({"A": TEXT, "B": half}) == []


def test_what_everybody_quotes_makes_no_pair():
    quoted = {f"{n:03}": f"{TEXT} {' '.join(f'ý{n}x{i}' for i in range(60))}" for n in range(60)}
    assert essay.near(quoted) == []


def test_of_very_many_copies_each_is_named_with_the_next():
    likes = essay.near({f"{n:03}": TEXT for n in range(60)})
    assert [(like.one, like.other) for like in likes] == [(f"{n:03}", f"{n + 1:03}") for n in range(59)]


def test_a_text_shorter_than_a_run_is_compared_whole():
    assert essay.near({"A": "một hai", "B": "Một, hai!"}) == [Like("A", "B", 100)]


def test_nearest_pairs_stand_first():
    changed = TEXT.replace("về già", "nghỉ hưu rồi")
    likes = essay.near({"A": TEXT, "B": changed, "C": TEXT})
    assert [(like.one, like.other) for like in likes] == [("A", "C"), ("A", "B"), ("B", "C")]
    assert likes[1].percent < 100


# ── Who judges what ─────────────────────────────────────────────────────────────────────────────────────────────

ESSAYS = [f"e{n:02}" for n in range(30)]


def dealt(judges, own=None, seed=b"s"):
    return essay.pairs(ESSAYS, judges, Stream(seed, "judges"), own)


def test_every_essay_has_two_judges_and_every_judge_as_many_essays():
    found = dealt(["a", "b", "c"])
    assert set(found) == set(ESSAYS) and all(one != other for one, other in found.values())
    assert Counter(judge for pair in found.values() for judge in pair) == {"a": 20, "b": 20, "c": 20}


def test_the_same_seed_deals_the_same_in_whatever_order_they_are_named():
    assert dealt(["a", "b", "c"]) == dealt(["c", "a", "b"]) != dealt(["a", "b", "c"], seed=b"t")


def test_nobody_judges_what_they_wrote():
    found = dealt(["a", "b", "c"], own={"e00": "a"})
    assert "a" not in found["e00"]


def test_without_two_judges_an_essay_waits():
    assert dealt(["a"]) == {}
    assert "e00" not in dealt(["a", "b"], own={"e00": "a"})
