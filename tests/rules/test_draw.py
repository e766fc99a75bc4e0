"""Draws: the published vectors, and what must hold for every seed."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules.draw import Stream, code32, hmac256, pack, pick, sha256, shuffle

S = bytes(range(0x20))
P = bytes(range(0x20, 0x40))
CONTEST = "demo-2026-01"
PERSON = bytes.fromhex("0190a1b2c3d47e5f8a9b0c1d2e3f4a5b")
SEED = bytes.fromhex("ff5a6ce28366842e94e5ff3146f04ac4df5726e778bd98e69653a0f8bc66798a")


def test_the_seed_commitment_is_the_published_one():
    assert (
        sha256(pack("quiz-seed-1", CONTEST, S)).hex()
        == "34a5647d2844aa98f377a4fd31dd018f71994525718d31a40a613aeec2277cbf"
    )


def test_the_code_of_a_person_is_the_published_one():
    assert code32(hmac256(P, pack("quiz-code-1", CONTEST, PERSON)), 10) == "4PJB5DM5M6"


def test_the_seed_of_an_attempt_is_the_published_one():
    assert hmac256(S, pack("quiz-attempt-1", "4PJB5DM5M6", 1)) == SEED


def test_the_first_word_of_a_stream_is_the_published_one():
    assert Stream(SEED, "options/7").word() == 484332499295900441


def test_options_are_shuffled_as_published():
    assert shuffle(range(4), Stream(SEED, "options/7")) == [0, 3, 2, 1]
    assert shuffle(range(4), Stream(SEED, "options/8")) == [2, 1, 0, 3]


def test_questions_are_shuffled_as_published():
    assert shuffle(range(1, 11), Stream(SEED, "questions")) == [2, 1, 10, 3, 6, 8, 7, 5, 4, 9]


def test_questions_are_picked_as_published():
    assert pick(range(1, 21), 5, Stream(SEED, "pick/topic-a")) == [1, 11, 19, 2, 4]


def test_a_lot_is_drawn_as_published():
    codes = sorted(code32(sha256(bytes([i])), 10) for i in range(50))
    d = bytes.fromhex("2bd4e63f154e8679a6a6c04d5e3a07fa0a3fc547005306dbb26afe819cb58bbb")
    assert pick(codes, 3, Stream(d, "draw")) == ["D2N2WBQ5VZ", "EYPZS582KS", "B3VV0Y05J8"]


def test_text_is_packed_in_one_form_of_unicode():
    assert pack("Hoà") == pack("Hoa\u0300")
    assert pack("ab", "c") != pack("a", "bc")
    assert pack(12) == pack("12")


def test_words_above_the_last_whole_multiple_are_skipped():
    class Row(Stream):
        def __init__(self, words):
            self._words = iter(words)

    assert Row([2**64 - 1, 5]).below(3) == 2  # 2**64 - 1 is a multiple of 3: it would favour 0


def test_a_bound_must_be_positive():
    with pytest.raises(ValueError, match="positive"):
        Stream(SEED, "x").below(0)


@given(st.binary(min_size=1, max_size=40), st.lists(st.integers(), max_size=30))
def test_a_shuffle_loses_nothing_and_is_always_the_same(seed, items):
    key = hashlib.sha256(seed).digest()
    assert sorted(shuffle(items, Stream(key, "a"))) == sorted(items)
    assert shuffle(items, Stream(key, "a")) == shuffle(items, Stream(key, "a"))


@given(st.integers(0, 12), st.integers(0, 12))
def test_a_pick_takes_distinct_items(size, count):
    taken = pick(range(size), count, Stream(SEED, "p"))
    assert len(taken) == len(set(taken)) == min(size, count)
