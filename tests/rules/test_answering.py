"""The verdict on an answer: every line of the table."""

from datetime import UTC, datetime, timedelta

import pytest

from quizapp.rules.answering import MOST_CHANGES, MOST_REFUSED, Decision, Entry, Message, counting, decide
from quizapp.rules.timing import Window

OPENS = datetime(2026, 3, 2, 12, tzinfo=UTC)
WINDOW = Window(OPENS, OPENS + timedelta(seconds=20))
FIRST = Entry("a" * 32, (1,), 1, "ok")


def message(m="b" * 32, chosen=(2,), seconds=5.0):
    return Message(m, chosen, OPENS + timedelta(seconds=seconds))


def verdict(sent, before=(), may_change=True, locked=False):
    return decide(sent, before, WINDOW, may_change=may_change, locked=locked)


def test_the_first_answer_in_the_window_is_kept():
    assert verdict(message()) == Decision("kept", Entry("b" * 32, (2,), 1, "ok"))


def test_a_repeated_message_gets_the_same_reply_and_leaves_nothing():
    assert verdict(message("a" * 32, (1,)), [FIRST]) == Decision("kept")


@pytest.mark.parametrize(("kept_as", "reply"), [("early", "early"), ("late", "late"), ("bad", "reused")])
def test_a_repeated_message_that_was_refused_is_refused_alike(kept_as, reply):
    before = [Entry("b" * 32, (2,), -1, kept_as)]
    assert verdict(message(), before) == Decision(reply)


def test_the_same_id_with_another_choice_is_reused():
    decision = verdict(message("a" * 32, (3,)), [FIRST])
    assert decision.verdict == "reused"
    assert decision.entry == Entry("a" * 32, (3,), -1, "bad")


def test_where_the_first_counts_a_second_is_told_what_stands():
    decision = verdict(message(), [FIRST], may_change=False)
    assert decision == Decision("twice", Entry("b" * 32, (2,), -1, "twice"), (1,))
    again = verdict(message(), [FIRST, decision.entry], may_change=False)
    assert again == Decision("twice", None, (1,))


def test_nobody_changes_an_answer_without_end():
    before = [Entry(f"{i:032x}", (1,), i, "ok") for i in range(1, MOST_CHANGES + 1)]
    assert verdict(message(), before) == Decision("refused")
    assert verdict(message(), before[:-1]).verdict == "kept"


def test_where_the_last_counts_a_second_is_kept_with_the_next_number():
    assert verdict(message(), [FIRST]).entry == Entry("b" * 32, (2,), 2, "ok")


@pytest.mark.parametrize(
    ("seconds", "reply"), [(-0.001, "early"), (0, "kept"), (20, "kept"), (21.999, "kept"), (22, "late")]
)
def test_the_window_is_half_open_and_has_a_grace(seconds, reply):
    assert verdict(message(seconds=seconds)).verdict == reply


def test_nothing_is_added_to_a_locked_question_even_if_it_was_read_in_time():
    assert verdict(message(seconds=5), locked=True).verdict == "late"


def test_at_most_five_refused_entries_are_kept_and_more_are_answered_alike():
    before = [Entry(f"{i:032x}", (1,), -1 - i, "late") for i in range(MOST_REFUSED)]
    assert verdict(message(seconds=30), before) == Decision("late")
    assert verdict(message(seconds=30), before[:-1]).entry == Entry("b" * 32, (2,), -5, "late")


def test_refused_entries_never_stop_an_answer_in_the_window():
    before = [Entry(f"{i:032x}", (1,), -1 - i, "early") for i in range(MOST_REFUSED)]
    assert verdict(message(), before).entry == Entry("b" * 32, (2,), 1, "ok")


def test_the_last_one_taken_counts_or_the_first_where_answers_are_final():
    entries = [Entry("c" * 32, (0,), 2, "ok"), FIRST, Entry("d" * 32, (3,), -1, "late")]
    assert counting(entries, may_change=True).chosen == (0,)
    assert counting(entries, may_change=False).chosen == (1,)
    assert counting(entries[2:], may_change=True) is None
