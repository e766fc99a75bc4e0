"""Entries by comment (contest-rules §14.4)."""

from datetime import UTC, datetime, timedelta

import pytest

from quizapp.rules.comment_entry import (
    LARGEST,
    Entry,
    Rules,
    Said,
    account_key,
    candidates,
    is_yes,
    letter_of,
    moment_of,
    number_of,
    read,
)
from tests.make import MADE


def at(seconds):
    return MADE + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("B 1250", "B"),
        ("b, 1250", "B"),
        ("Đáp án: C", "C"),
        ("(D) 300", "D"),
        ("Chọn A hay B đều được", "A"),
        ("B1250", ""),  # does not stand alone
        ("À ra thế, câu này là b.", "B"),
        ("E 40", ""),
        ("ABC", ""),
        ("", ""),
        ("A\u0300 lạ, D nhé", "D"),  # a letter with its mark apart is À
    ],
)
def test_the_first_letter_standing_alone_is_the_answer(text, letter):
    assert letter_of(text) == letter


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("B 1250", 1250),
        ("B 1.250 người", 1250),
        ("B1,250", 1250),
        ("câu 1: B 99", 1),  # the first whole number, whatever was meant
        ("12,5 rồi 40", 40),
        ("1.25 thôi", None),
        ("999999999999", None),
        (f"{LARGEST}", LARGEST),
        ("không biết", None),
    ],
)
def test_the_first_whole_number_is_the_prediction(text, number):
    assert number_of(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "20/11/2026 20:45",
        "20/11/2026  20:45:00",
        "20:45 20/11/2026",
        "2026-11-20 20:45:00",
        "2026-11-20T13:45:00+00:00",
    ],
)
def test_a_moment_is_read_as_people_and_computers_write_it(text):
    assert moment_of(text) == datetime(2026, 11, 20, 13, 45, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "hôm qua", "31/02/2026 10:00", "20/11/2026"])
def test_what_is_no_moment_is_none(text):
    assert moment_of(text) is None


@pytest.mark.parametrize(("text", "yes"), [("Có", True), ("x", True), ("", False), ("không", False)])
def test_a_cell_says_yes_or_not(text, yes):
    assert is_yes(text) is yes


def test_an_account_is_one_whatever_its_case_and_spaces():
    assert account_key("  Lan  ANH ") == account_key("lan anh")
    assert account_key("Lan Anh") != account_key("Lan Ánh")


def test_the_first_comment_of_an_account_counts_by_time_not_by_place():
    later, earlier = Said("Lan", "B 5", at(9)), Said("lan ", "C 7", at(3))
    assert [one.outcome for one in read([later, earlier], Rules())] == ["second", "counts"]


def test_without_times_the_order_of_the_list_decides():
    assert [one.outcome for one in read([Said("Lan", "B"), Said("Lan", "C")], Rules())] == ["counts", "second"]


def test_what_is_outside_the_window_is_ignored_and_uses_nothing_up():
    rules = Rules(opens_at=at(10), closes_at=at(20))
    said = [
        Said("Lan", "B", at(9)),
        Said("Lan", "C", at(10)),
        Said("Minh", "B", at(20)),
        Said("Nga", "B"),
    ]
    assert [one.outcome for one in read(said, rules)] == ["outside", "counts", "outside", "no_time"]


def test_a_window_may_be_open_at_one_end():
    assert read([Said("Lan", "B", at(5))], Rules(opens_at=at(6)))[0].outcome == "outside"
    assert read([Said("Lan", "B", at(5))], Rules(closes_at=at(6)))[0].outcome == "counts"


def test_the_letter_is_compared_with_the_key():
    said = [Said("Lan", "B"), Said("Minh", "C"), Said("Nga", "hay quá")]
    assert [one.outcome for one in read(said, Rules(key="B"))] == ["counts", "wrong", "no_letter"]


def test_a_first_comment_that_says_nothing_counts_as_the_first_all_the_same():
    said = [Said("Nga", "Chào cả nhà", at(1)), Said("Nga", "B 5", at(2))]
    assert [one.outcome for one in read(said, Rules(key="B"))] == ["no_letter", "second"]


def test_candidates_stand_by_distance_then_time_and_equals_share_a_place():
    rules = Rules(key="B", target=1284)
    said = [
        Said("xa", "B 1000", at(1)),
        Said("gần sau", "B 1290", at(5)),
        Said("gần trước", "B 1278", at(4)),
        Said("không đoán", "B", at(0)),
        Said("cùng lúc", "B 1290", at(5)),
        Said("sai", "A 1284", at(0)),
    ]
    stood = [(one.rank, one.row.said.account) for one in candidates(read(said, rules), rules)]
    assert stood == [(1, "gần trước"), (2, "gần sau"), (2, "cùng lúc"), (4, "xa"), (5, "không đoán")]


def test_without_a_target_the_earliest_stands_first():
    said = [Said("hai", "B", at(2)), Said("một", "B", at(1))]
    assert [one.row.said.account for one in candidates(read(said, Rules()), Rules())] == ["một", "hai"]


def test_an_edited_comment_keeps_its_flag():
    entry = read([Said("Lan", "B", at(1), edited=True)], Rules())[0]
    assert isinstance(entry, Entry)
    assert entry.said.edited
