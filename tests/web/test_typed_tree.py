"""The tree of a long form: grown from names, with rows that come, go and move."""

import pytest

from quizapp.web.typed_tree import MOST_ROWS, at, grow, press, rows

PAIRS = [
    ("name.vi", "Tên"),
    ("prizes.0.name", "Nhất"),
    ("prizes.2.name", "Ba"),
    ("prizes.1.name", "Nhì"),
    ("keys", "a"),
]


@pytest.fixture
def tree():
    return grow(PAIRS)


def names(tree):
    return [row["name"] for row in rows(tree, "prizes")]


def test_names_are_paths_and_numbers_are_rows(tree):
    assert at(tree, "name.vi") == "Tên" and at(tree, "prizes.1.name") == "Nhì"
    assert names(tree) == ["Nhất", "Nhì", "Ba"]
    assert at(tree, "prizes.9.name") == at(tree, "none.there") == at(tree, "name.vi.deeper") == ""
    assert at(tree, "") is tree and rows(tree, "keys") == []


def test_a_name_given_twice_is_a_list():
    assert grow([("a", "1"), ("a", "2"), ("a", "3")]) == {"a": ["1", "2", "3"]}


def test_rows_come_go_and_move(tree):
    assert press(tree, "up:prizes.2", None) and names(tree) == ["Nhất", "Ba", "Nhì"]
    press(tree, "up:prizes.0", None)
    press(tree, "down:prizes.0", None)
    assert names(tree) == ["Ba", "Nhất", "Nhì"]
    press(tree, "remove:prizes.1", None)
    press(tree, "down:prizes.1", None)
    assert names(tree) == ["Ba", "Nhì"]
    press(tree, "add:prizes", {"name": ""})
    press(tree, "add:teams", {"name": ""})
    press(tree, "add:none.there", {})
    assert names(tree) == ["Ba", "Nhì", ""] and len(rows(tree, "teams")) == 1


@pytest.mark.parametrize("command", ["remove:prizes.9", "up:prizes.x", "remove:", "down:none.0"])
def test_rows_that_are_not_there_are_left_alone(tree, command):
    assert press(tree, command, None) and names(tree) == ["Nhất", "Nhì", "Ba"]


def test_other_words_are_no_command(tree):
    assert not press(tree, "save", None)


def test_what_a_stranger_sends_breaks_nothing():
    deep = ".".join("abcdefghij")
    odd = [(deep, "x"), ("a..b", "x"), ("a", "1"), ("a.b", "2"), ("c.d", "1"), ("c", "2"), ("0.1", "x")]
    assert grow(odd) == {"a": "1", "c": {"d": "1"}, "0": ["x"]}
    many = grow([(f"r.{n}", "x") for n in range(200)])
    assert len(many["r"]) == MOST_ROWS
    press(many, "add:r", "y")
    assert len(many["r"]) == MOST_ROWS
