"""The tree of hashes: the published vector, and what must hold for every list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules.draw import sha256
from quizapp.rules.tree import Head, head, leaf, node, path, root, root_of_path

LEAVES = [leaf(str(n).encode()) for n in range(7)]


def plain_root(leaves):
    """The definition of RFC 9162 §2.1.1, word by word."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return node(plain_root(leaves[:k]), plain_root(leaves[k:]))


def test_the_root_of_seven_leaves_is_the_published_one():
    assert root(LEAVES).hex() == "a3e23b32ccb6bf96d092d165d8aa546e09829de8f03b0e8957581d1e16b92bdf"


def test_the_leaf_of_an_entry_is_the_published_one():
    entry = (
        b'{"b":{"d":"ok","n":1,"o":[2],"p":"4PJB5DM5M6","q":7,"s":"AAECAwQFBgcICQoLDA0ODw","w":180000},'
        b'"c":"demo-2026-01","k":"answer","t":1767225600123456,"v":1}'
    )
    assert leaf(entry).hex() == "ee8c8c5cbbd063f1c3c13adc5551ec0bd75b73c6533184687b9e0dfd1dbb50c4"


def test_an_empty_list_has_the_hash_of_nothing():
    assert root([]) == Head().root == sha256(b"")
    assert root(LEAVES[:1]) == LEAVES[0]


@given(st.integers(0, 70))
def test_a_head_that_grew_is_the_root_of_the_definition(size):
    leaves = [leaf(bytes([n])) for n in range(size)]
    grown = head(leaves)
    assert grown.root == plain_root(leaves)
    assert (grown.size, len(grown.peaks)) == (size, size.bit_count())


@given(st.integers(1, 70), st.data())
def test_every_leaf_is_proved_by_its_path_and_by_no_other(size, data):
    leaves = [leaf(bytes([n])) for n in range(size)]
    index = data.draw(st.integers(0, size - 1))
    beside = path(leaves, index)
    assert root_of_path(leaves[index], index, size, beside) == root(leaves)
    assert root_of_path(leaf(b"another"), index, size, beside) != root(leaves)
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index)) if size > 1 else None
    if other is not None:
        assert root_of_path(leaves[index], other, size, beside) != root(leaves)


@pytest.mark.parametrize("size", [1, 2, 5, 7, 8])
def test_a_path_of_the_wrong_length_proves_nothing(size):
    leaves = LEAVES[:size] if size < 8 else [*LEAVES, leaf(b"7")]
    beside = path(leaves, 0)
    assert root_of_path(leaves[0], 0, size, [*beside, LEAVES[0]]) is None
    assert not beside or root_of_path(leaves[0], 0, size, beside[:-1]) is None
    assert root_of_path(leaves[0], size, size, beside) is None
    assert root_of_path(leaves[0], -1, size, beside) is None
