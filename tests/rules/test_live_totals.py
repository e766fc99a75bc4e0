"""Attempts of a live round from its turns and answers, with the example of rulebook C."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules.contest import LivePart, Rescue
from quizapp.rules.live_totals import Player, play, sittings
from quizapp.rules.marking import Given, Sheet
from quizapp.rules.voids import Void
from tests import make

OPENED = datetime(2026, 3, 2, 12, tzinfo=UTC)
RIGHT, WRONG = 1, 2
END_US = 2_000_000


def answer(chosen, seconds):
    at = OPENED + timedelta(seconds=seconds)
    return Given((chosen,), at, at)


def sheet(n, void=None, voided=False, key=RIGHT, kind="one", **given):
    question = make.question(f"q{n}", kind, (key,))
    return Sheet(n, question, OPENED, voided, given=given, void=void)


def player(code, **changes):
    return Player(sitting=f"s-{code}", code=code, joined_us=1_000_000, **changes)


def held(part, sheets, *players, **changes):
    admitted = [player(one) if isinstance(one, str) else one for one in players]
    return {one.code: one for one in sittings(part, sheets, admitted, ended_us=END_US, **changes)}


def part_1(scoring):
    """Part 1 of rulebook C: Khải five of five, Long four and one wrong."""
    khai = (15.0, 17.5, 12.2, 16.6, 18.0)
    long = (3.2, 4.0, 2.0, 2.9, 3.5)
    sheets = [
        sheet(n, khai=answer(RIGHT, khai[n - 1]), long=answer(WRONG if n == 3 else RIGHT, long[n - 1]))
        for n in range(1, 6)
    ]
    return held(LivePart(questions=5, scoring=scoring), sheets, "khai", "long")


@pytest.mark.parametrize(
    ("scoring", "khai", "long", "full"),
    [("ACCURACY_FIRST", 5214, 4693, 5000), ("HALF_DECAY", 3017, 3660, 5000), ("FLAT", 5, 4, 5)],
)
def test_the_two_delegates_of_rulebook_c(scoring, khai, long, full):
    found = part_1(scoring)
    assert (found["khai"].score, found["long"].score) == (khai * 60, long * 60)
    assert {one.full for one in found.values()} == {full * 60}


def test_an_attempt_holds_what_counting_needs():
    khai = part_1("ACCURACY_FIRST")["khai"]
    assert (khai.id, khai.code, khai.no, khai.by) == ("s-khai", "khai", 1, "auto")
    assert (khai.correct, khai.of, khai.answered, khai.response_ms) == (5, 5, 5, 79_300)
    assert (khai.started_us, khai.submitted_us, khai.connected) == (1_000_000, END_US, True)


def test_who_joined_late_or_was_away_answered_with_nothing():
    sheets = [sheet(n, ada=answer(RIGHT, 1)) for n in (1, 2)]
    sheets.append(sheet(3, ada=answer(RIGHT, 1), late=answer(WRONG, 1)))
    late = player("late", from_turn=3, connected=False, unit="u", place="p")
    found = held(LivePart(questions=3), sheets, "ada", late)["late"]
    assert (found.correct, found.of, found.answered, found.connected) == (0, 3, 1, False)
    assert (found.unit, found.place) == ("u", "p")


def test_nobody_hands_in_before_they_joined():
    last = Player(sitting="s", code="ada", joined_us=END_US + 5)
    assert sittings(LivePart(), [], [last], ended_us=END_US)[0].duration_ms == 0


def test_a_question_given_to_all_counts_for_those_who_had_joined():
    sheets = [sheet(1, Void("GIVE_ALL"), ada=answer(WRONG, 3)), sheet(2, ada=answer(RIGHT, 1))]
    part = LivePart(questions=2, scoring="ACCURACY_FIRST")
    found = held(part, sheets, "ada", player("late", from_turn=2))
    assert (found["ada"].score, found["ada"].correct, found["ada"].response_ms) == (2499 * 60, 2, 1_000)
    assert (found["late"].score, found["late"].correct) == (0, 0)
    assert found["ada"].full == 2000 * 60


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 25)), min_size=1, max_size=12))
def test_under_accuracy_first_the_full_score_is_reached_by_having_everything_right_only(answers):
    sheets = [sheet(n, ada=answer(RIGHT if right else WRONG, at)) for n, (right, at) in enumerate(answers, start=1)]
    found = held(LivePart(questions=len(answers), scoring="ACCURACY_FIRST"), sheets, "ada")["ada"]
    assert (found.score >= found.full) == all(right for right, _ in answers)


def test_removed_and_voided_questions_leave_the_full_score():
    sheets = [sheet(1, Void("REMOVE"), ada=answer(RIGHT, 3)), sheet(2, voided=True), sheet(3, ada=answer(RIGHT, 1))]
    found = held(LivePart(questions=3), sheets, "ada")["ada"]
    assert (found.score, found.full, found.correct, found.of, found.answered) == (60, 60, 1, 1, 2)


# ── Golden Bell ─────────────────────────────────────────────────────────────────────────────────────────────────

BELL = LivePart(questions=4, scoring="SURVIVAL", rescues=(Rescue(after=2),))


def played(*right):
    """Turns in which these answered right after one second, everybody else of a, b, c and h wrong."""
    return [
        sheet(n, **{code: answer(RIGHT if code in codes else WRONG, n) for code in "abch"})
        for n, codes in enumerate(right, start=1)
    ]


def test_who_lived_through_more_questions_stands_above():
    found = held(BELL, played("ab", "ac", "ab", "ah"), "a", "b", "c", player("h", competes=False))
    assert {code: one.score for code, one in found.items()} == {"a": 240, "b": 180, "c": 120, "h": 0}
    assert {one.full for one in found.values()} == {240}
    # c was out when the second question was asked: that tap counts for nothing, nor does its time.
    assert {code: (one.correct, one.response_ms) for code, one in found.items()} == {
        "a": (4, 10_000),
        "b": (2, 4_000),
        "c": (0, 0),
        "h": (0, 0),
    }


def bell(part, sheets, players, **changes):
    return play(part, sheets, players, ended_us=END_US, **changes).bell


def test_the_bell_can_be_asked_while_it_is_played():
    players = [player(code) for code in "abc"]
    after_one = bell(BELL, played("ab"), players)
    assert (after_one.field, after_one.next) == ({"a", "b"}, "question")
    tied = bell(BELL, [*played("ab", "ab", "ab"), sheet(4)], players)
    assert (tied.field, tied.next) == ({"a", "b"}, "reserve")
    decided = [*played("ab", "ab", "ab"), sheet(4), sheet(5, a=answer(RIGHT, 1))]
    assert bell(BELL, decided, players, reserves=frozenset({5})).winners == {"a"}


def test_a_voided_question_sends_nobody_out_and_one_given_to_all_keeps_everybody():
    sheets = played("ab", "a")
    players = [player(code) for code in "abc"]
    one = LivePart(questions=4, scoring="SURVIVAL")
    voided = [sheets[0], sheet(2, voided=True)]
    assert bell(one, voided, players).field == {"a", "b"}
    given = [sheet(1, Void("GIVE_ALL"), a=answer(WRONG, 1)), sheets[1]]
    assert bell(one, given, players).winners == {"a"}
    assert held(one, voided, "a", "b")["a"].correct == 1


def test_after_the_bell_is_won_nothing_counts():
    one = LivePart(questions=4, scoring="SURVIVAL")
    found = held(one, played("a", "b"), "a", "b")
    assert {code: (each.score, each.correct) for code, each in found.items()} == {"a": (60, 1), "b": (0, 0)}


# ── Nearest ─────────────────────────────────────────────────────────────────────────────────────────────────────

NEAREST = LivePart(questions=2, scoring="NEAREST")


def number(n, void=None, **given):
    return sheet(n, void, key=100, kind="number", **given)


def test_the_nearest_number_scores_by_how_many_are_farther():
    sheets = [number(1, a=answer(100, 9), b=answer(90, 2), c=answer(110, 5), h=answer(99, 1))]
    found = held(NEAREST, sheets, "a", "b", "c", "d", player("h", competes=False))
    assert {code: one.score for code, one in found.items()} == {"a": 180, "b": 60, "c": 60, "d": 0, "h": 0}
    assert {code: one.response_ms for code, one in found.items()} == {
        "a": 9_000,
        "b": 2_000,
        "c": 5_000,
        "d": 0,
        "h": 1_000,
    }
    assert (found["a"].correct, found["b"].correct, found["a"].full) == (1, 0, 180)


def test_a_number_question_given_to_all_moves_nobody():
    sheets = [number(1, Void("GIVE_ALL"), a=answer(1, 1)), number(2, a=answer(100, 1), b=answer(99, 1))]
    found = held(NEAREST, sheets, "a", "b")
    assert (found["a"].score, found["a"].correct, found["b"].correct) == (60, 2, 1)


def test_another_accepted_number_is_as_near():
    sheets = [number(1, Void("ACCEPT_ALSO", (50,)), a=answer(50, 1), b=answer(99, 1))]
    assert held(NEAREST, sheets, "a", "b")["a"].score == 60


def test_nobody_is_nearest_in_an_empty_room():
    assert sittings(NEAREST, [], [player("h", competes=False)], ended_us=END_US)[0].full == 0


def test_what_is_counted_turn_by_turn_is_what_is_counted_at_once():
    sheets = [sheet(n, ada=answer(RIGHT, n), late=answer(RIGHT, 1)) for n in (1, 2, 3)]
    part = LivePart(questions=3, scoring="ACCURACY_FIRST")
    early = play(part, sheets[:2], [player("ada")], ended_us=END_US)
    players = [player("ada"), player("late", from_turn=3)]
    on_air = play(part, sheets, players, ended_us=END_US, before=early.totals)
    assert on_air == play(part, sheets, players, ended_us=END_US)
