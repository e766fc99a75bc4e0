"""Signs that something may be wrong: when they are raised, and when not."""

import re

import pytest

from quizapp.rules.flags import REACTIONS, REASONS, Flag, Known, Seen, shared_addresses, signs, too_fast
from quizapp.rules.tally import Line, Sitting

MINUTE = 60_000_000
CLOSES = 10_000 * MINUTE
ANSWERS = (("q1", (1,)), ("q2", (0,)), ("q3", (2,)))


def seen(code, seconds=300, score=600, of=10, at=0, id=None, **changes):
    """A perfect attempt of five minutes, handed in `at` minutes."""
    submitted = at * MINUTE
    sitting = Sitting(
        id=id or f"s-{code}",
        code=code,
        no=1,
        started_us=submitted - int(seconds * 1_000_000),
        submitted_us=submitted,
        score=score,
        full=600,
        correct=of,
        of=of,
        answered=of,
    )
    return Seen(sitting, **changes)


def found(attempts=(), known=(), lines=(), **changes):
    return signs(list(attempts), list(known), list(lines), closes_us=CLOSES, **changes)


def kinds(*args, **changes):
    return [(flag.sign, flag.codes) for flag in found(*args, **changes)]


def test_an_honest_round_raises_nothing():
    attempts = [seen("ada", answers=ANSWERS, said=5, device="d1", address="a1"), seen("bob", score=540, seconds=3)]
    known = [Known("ada", 0, "i1", "p1"), Known("bob", 0, "i2", "p2")]
    assert found(attempts, known, [line("ada", 1)]) == ()


# ── Too fast ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("seconds", "of", "fast"),
    [(14.9, 10, True), (15, 10, False), (59.9, 20, True), (60, 20, False), (44.9, 30, True), (45, 50, True)],
)
def test_a_perfect_score_in_an_impossible_time_is_flagged(seconds, of, fast):
    assert bool(too_fast([seen("ada", seconds, of=of)])) is fast


def test_only_perfect_scores_are_too_fast():
    assert too_fast([seen("ada", 1, score=599)]) == []
    flag = too_fast([seen("ada", 12.5)])[0]
    assert (flag.sign, flag.sittings, flag.details) == ("too-fast", ("s-ada",), {"of": 10, "seconds": 12})


# ── The same answers ────────────────────────────────────────────────────────────────────────────────────────────


def alike(code, at=0, **changes):
    return seen(code, at=at, **{"answers": ANSWERS, "said": 4312, **changes})


def test_the_same_answers_and_prediction_within_minutes_are_flagged_as_a_group():
    flags = found([alike("bob", 9), alike("ada"), alike("cat", 19), alike("dan", 40)])
    assert [(flag.sign, flag.codes, flag.details) for flag in flags] == [
        ("same-answers", ("ada", "bob", "cat"), {"people": 3})
    ]
    assert flags[0].sittings == ("s-ada", "s-bob", "s-cat")


@pytest.mark.parametrize(
    "other",
    [
        {"said": 4313},
        {"said": None},
        {"answers": ANSWERS[::-1]},  # another order
        {"answers": (("q1", (1,)), ("q2", (0,)), ("q3", (3,)))},
        {"at": 11},
    ],
)
def test_a_difference_in_any_of_them_is_no_sign(other):
    assert found([alike("ada"), alike("bob", **other)]) == ()


def test_two_attempts_of_one_person_and_very_short_ones_are_no_sign():
    assert found([alike("ada"), alike("ada", id="s2")]) == ()
    assert found([alike("ada", answers=ANSWERS[:2]), alike("bob", answers=ANSWERS[:2])]) == ()
    assert found([alike("ada", said=None), alike("bob", said=None)]) == ()


# ── Shared numbers and devices ──────────────────────────────────────────────────────────────────────────────────


def test_one_identity_number_or_phone_of_several_is_flagged_with_the_first_in_front():
    known = [Known("ada", 9, "i1", "p1"), Known("bob", 5, "i1", "p1"), Known("cat", 7, "", "")]
    assert kinds(known=known) == [("one-identity", ("bob", "ada")), ("one-phone", ("bob", "ada"))]


def test_a_phone_may_be_shared_as_far_as_the_rulebook_says_and_by_guardians():
    known = [Known(code, 0, "", "p1") for code in ("ada", "bob", "cat")]
    assert kinds(known=known[:2], phone_shared_max=2) == []
    assert kinds(known=known, phone_shared_max=2) == [("one-phone", ("ada", "bob", "cat"))]
    children = [Known("kid", 0, "i1", "p1", guardian=True), Known("ada", 0, "i1", "p1")]
    assert kinds(known=children) == []


def test_several_people_on_one_device_are_flagged():
    attempts = [
        seen("ada", device="d"),
        seen("bob", device="d"),
        seen("cat", device="e"),
        seen("cat", id="x", device="e"),
    ]
    assert kinds(attempts) == [("one-device", ("ada", "bob"))]


# ── Late registration, refused answers ──────────────────────────────────────────────────────────────────────────


def line(code, rank, sitting="s"):
    shown = {"score": 600, "full": 600, "correct": 10, "of": 10, "duration_ms": 1, "submitted_us": 1}
    return Line(code=code, rank=rank, sitting=sitting, **shown)


def late(minutes, rank):
    return kinds(known=[Known("ada", CLOSES - minutes * MINUTE)], lines=[line("ada", rank)])


def test_who_registers_minutes_before_closing_and_jumps_to_the_top_is_flagged():
    assert late(30, 10) == late(0, 1) == [("late-registration", ("ada",))]
    assert late(31, 1) == late(30, 11) == late(-1, 1) == []
    flag = found(known=[Known("ada", CLOSES - 5 * MINUTE)], lines=[line("ada", 2)])[0]
    assert (flag.details, flag.sittings) == ({"minutes": 5, "rank": 2}, ("s",))


def test_people_of_lists_without_attempts_or_registrations_are_no_trouble():
    flag = found(known=[Known("ada", CLOSES)], lines=[line("ada", 1, None), line("bob", 2)])
    assert [one.sittings for one in flag] == [()]


def test_answers_refused_again_and_again_are_flagged():
    assert kinds(refused={"bob": 5, "ada": 4, "amy": 9}) == [("refused", ("amy",)), ("refused", ("bob",))]


# ── One address ─────────────────────────────────────────────────────────────────────────────────────────────────


def factory(count, **changes):
    """So many attempts from one address, one a minute."""
    return [seen(f"w{n:02}", at=n, address="a", **changes) for n in range(count)]


def test_a_factory_is_no_sign_by_itself():
    assert found(factory(40)) == ()


def test_dozens_from_one_address_are_flagged_only_for_people_with_another_sign():
    attempts = [*factory(24), seen("fast", 5, at=24, address="a"), seen("else", 5, at=24, address="b")]
    flags = [flag for flag in found(attempts) if flag.sign == "one-address"]
    assert flags == [Flag("one-address", ("fast",), ("s-fast",), {"attempts": 25})]
    assert not [flag for flag in found(attempts[1:-2]) if flag.sign == "one-address"]


def test_dozens_spread_over_the_day_are_not_within_minutes():
    attempts = [seen(f"w{n:02}", at=n * 11, address="a") for n in range(30)]
    assert shared_addresses(attempts, {"w00"}) == []


# ── Sentences ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_sign_has_a_reason_that_its_details_fill_in_and_a_usual_reaction():
    attempts = [
        *(alike(code, seconds=5, device="d", address="a") for code in ("ada", "bob")),
        *factory(24),
    ]
    known = [Known(code, CLOSES, "i", "p") for code in ("ada", "bob")]
    flags = found(attempts, known, [line("ada", 1)], refused={"ada": 7})
    assert {flag.sign for flag in flags} == set(REASONS) == set(REACTIONS)
    for flag in flags:
        assert set(re.findall(r"%\((\w+)\)s", REASONS[flag.sign])) <= set(flag.details)
        assert "%" not in REASONS[flag.sign] % flag.details
