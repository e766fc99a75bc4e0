"""Rung chuông vàng, case by case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules.contest import Rescue
from quizapp.rules.survival import Asked, play


def right(codes, **changes):
    return Asked(frozenset(codes), **changes)


def reserve(codes=""):
    return right(codes, reserve=True)


def after(field, *asked, questions=20, **changes):
    """The bell after these questions; codes are single letters."""
    played = [right(one) if isinstance(one, str) else one for one in asked]
    return play(field, played, questions=questions, **changes)


def test_a_wrong_or_missing_answer_sends_out_and_the_last_one_in_wins():
    bell = after("abc", "ab", "a")
    assert (bell.next, bell.winners) == ("over", {"a"})
    assert bell.lasted == {"a": 2, "b": 1, "c": 0}
    assert bell.correct == {"a": 2, "b": 1, "c": 0}


def test_while_two_are_left_the_next_question_follows():
    bell = after("abc", "ab")
    assert (bell.next, bell.winners, bell.field) == ("question", frozenset(), {"a", "b"})


def test_taps_of_people_who_are_out_do_not_count():
    bell = after("abcd", "abc", "bcd", "abcd")
    assert bell.correct == {"a": 1, "b": 3, "c": 3, "d": 0}
    assert bell.fields == ({*"abcd"}, {*"abc"}, {*"bc"})


def test_nobody_outside_the_field_plays():
    bell = after("ab", "abx", "ax")
    assert bell.winners == {"a"} and "x" not in bell.correct and "x" not in bell.lasted


def test_what_is_asked_after_the_end_counts_for_nothing():
    bell = after("ab", "a", "b")
    assert (bell.winners, len(bell.fields), bell.lasted["a"]) == ({"a"}, 1, 1)


# ── All fall together ───────────────────────────────────────────────────────────────────────────────────────────


def test_when_all_fall_together_nobody_leaves_and_a_reserve_follows():
    bell = after("abc", "", reserves=1)
    assert (bell.next, bell.field, bell.lasted) == ("reserve", {*"abc"}, {"a": 1, "b": 1, "c": 1})
    assert after("abc", "", reserve("a"), reserves=1).winners == {"a"}


def test_without_a_reserve_the_next_question_decides():
    assert after("abc", "").next == "question"
    assert after("abc", "", reserve(), reserves=1).next == "question"


def test_three_may_fall_together_again_and_again():
    assert after("abc", "", reserve(), reserve(), reserves=3).next == "reserve"


def test_the_last_two_who_fall_together_twice_both_win():
    assert after("ab", "", reserves=2).next == "reserve"
    bell = after("ab", "", reserve(), reserves=2)
    assert (bell.next, bell.winners, bell.lasted) == ("over", {"a", "b"}, {"a": 2, "b": 2})
    assert after("abc", "ab", "", "ab", "").winners == {"a", "b"}


def test_falling_together_among_three_does_not_count_for_the_last_two():
    assert after("abc", "", "ab", "").winners == frozenset()


def test_after_a_rescue_falling_together_counts_anew():
    rescue = [Rescue(after=3)]
    asked = ("ab", "", "", "ab")  # together twice before the rescue, then c is out again
    assert after("abc", *asked, rescues=rescue).winners == frozenset()
    assert after("abc", *asked, "", rescues=rescue).winners == frozenset()
    assert after("abc", *asked, "", "", rescues=rescue).winners == {"a", "b"}


# ── Rescues ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_rescue_returns_all_who_are_out():
    bell = after("abcd", "abc", "ab", rescues=[Rescue(after=2)])
    assert (bell.field, bell.next) == ({*"abcd"}, "question")
    assert bell.lasted == {"a": 2, "b": 2, "c": 2, "d": 2}


def test_a_rescue_returns_the_best_and_everybody_equal_to_the_last_of_them():
    # Right so far: a b 3, c d 2, e 1, f 0.
    asked = ("abcde", "abcd", "ab")
    assert after("abcdef", *asked, rescues=[Rescue(after=3, best=1)]).field == {*"abcd"}
    assert after("abcdef", *asked, rescues=[Rescue(after=3, best=3)]).field == {*"abcde"}
    assert after("abcdef", *asked, rescues=[Rescue(after=3, best=4)]).field == {*"abcdef"}


def test_play_goes_on_with_one_left_while_a_rescue_is_still_to_come():
    rescue = [Rescue(after=3)]
    bell = after("abc", "a", rescues=rescue)
    assert (bell.next, bell.winners) == ("question", frozenset())
    alone = after("abc", "a", "", rescues=rescue, reserves=2)
    assert (alone.field, alone.next) == ({"a"}, "question")  # nobody to lose against
    assert after("abc", "a", "", "", rescues=rescue).field == {*"abc"}


def test_a_rescue_that_can_no_longer_come_holds_nothing_up():
    assert after("ab", "a", rescues=[Rescue(after=21)]).winners == {"a"}


def test_a_rescue_with_nobody_out_changes_nothing():
    bell = after("ab", "", rescues=[Rescue(after=1)], reserves=1)
    assert (bell.field, bell.next) == ({"a", "b"}, "reserve")


def test_after_a_rescue_no_reserve_question_is_needed():
    bell = after("abc", "ab", "", rescues=[Rescue(after=2)], reserves=1)
    assert (bell.field, bell.next) == ({*"abc"}, "question")


def test_a_reserve_question_moves_no_rescue():
    bell = after("abc", "", reserve("ab"), "ab", rescues=[Rescue(after=2)], reserves=2)
    assert bell.field == {*"abc"}
    assert after("abc", "", reserve("ab"), rescues=[Rescue(after=2)], reserves=2).field == {"a", "b"}


def test_the_rescues_of_rulebook_c():
    field = "abcdefgh"
    rescues = [Rescue(after=2), Rescue(after=4, best=2)]
    bell = after(field, "abcdef", "abcd", "abcdefg", "ab", rescues=rescues)
    # Right after four: a b 4, c d 3, e f 2, g 1, h 0 – two of those out return.
    assert bell.field == {*"abcd"}


# ── Voided questions and the end of the questions ───────────────────────────────────────────────────────────────


def test_a_question_voided_on_air_was_never_asked_and_a_reserve_takes_its_place():
    bell = after("abc", right("a", voided=True), reserves=1)
    assert (bell.field, bell.next, bell.correct["a"]) == ({*"abc"}, "reserve", 0)
    assert after("abc", right("a", voided=True), questions=1).winners == {*"abc"}


def test_when_the_questions_end_undecided_the_survivors_share():
    bell = after("abc", "ab", "ab", questions=2)
    assert (bell.next, bell.winners) == ("over", {"a", "b"})


def test_at_the_last_question_a_reserve_still_decides():
    assert after("abc", "ab", "", questions=2, reserves=1).next == "reserve"
    assert after("abc", "ab", "", reserve("a"), questions=2, reserves=1).winners == {"a"}
    assert after("abc", "abc", "", questions=2).winners == {*"abc"}


@pytest.mark.parametrize("field", ["", "a"])
def test_a_field_of_one_or_none_has_nothing_to_play(field):
    assert after(field).winners == set(field)


@given(
    st.lists(st.tuples(st.sets(st.sampled_from("abcdef")), st.booleans()), max_size=25),
    st.lists(st.tuples(st.integers(1, 12), st.none() | st.integers(1, 4)), max_size=2),
    st.integers(1, 12),
)
def test_somebody_is_always_in_and_nobody_counts_more_than_was_asked(asked, rescues, questions):
    played = [right(codes, reserve=reserve) for codes, reserve in asked]
    bell = play(
        "abcdef", played, questions=questions, rescues=[Rescue(after=n, best=k) for n, k in rescues], reserves=3
    )
    assert bell.field
    assert all(bell.lasted[code] == len(bell.fields) for code in bell.field)
    assert all(bell.correct[code] <= len(bell.fields) for code in "abcdef")
    assert max(bell.lasted.values()) == len(bell.fields)
