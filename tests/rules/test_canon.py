"""The one way to write a value as bytes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules.canon import LARGEST, canon


def test_the_entry_is_written_as_published():
    answer = {"w": 180000, "p": "4PJB5DM5M6", "q": 7, "n": 1, "o": [2], "d": "ok", "s": "AAECAwQFBgcICQoLDA0ODw"}
    entry = {"v": 1, "c": "demo-2026-01", "k": "answer", "t": 1767225600123456, "b": answer}
    assert canon(entry) == (
        b'{"b":{"d":"ok","n":1,"o":[2],"p":"4PJB5DM5M6","q":7,"s":"AAECAwQFBgcICQoLDA0ODw","w":180000},'
        b'"c":"demo-2026-01","k":"answer","t":1767225600123456,"v":1}'
    )


def test_only_what_must_be_is_escaped():
    assert canon("Hưu trí 🎉 \u007f/") == '"Hưu trí 🎉 \u007f/"'.encode()
    assert canon('"\\\b\f\n\r\t\x00\x1f') == b'"\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f"'


def test_nothing_true_and_false_and_tuples_are_written():
    assert canon({"b": None, "a": (True, False)}) == b'{"a":[true,false],"b":null}'


@pytest.mark.parametrize(
    "value", [1.0, 0.5, float("nan"), LARGEST + 1, -LARGEST - 1, "\ud800", {"é": 1}, {1: 2}, [b"x"], {"a": {1, 2}}]
)
def test_what_the_record_may_not_hold_is_refused(value):
    with pytest.raises(ValueError):
        canon(value)


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=4), inner, max_size=4)
    ),
)


@given(plain)
def test_what_is_written_reads_back_the_same_and_is_written_the_same_again(value):
    assert json.loads(canon(value)) == value
    assert canon(json.loads(canon(value))) == canon(value)
