"""Draws of lots: the published vector, what a plan may be, and that anybody can repeat a draw."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from quizapp.errors import Conflict, Unreadable
from quizapp.rules.draw import code32, sha256
from quizapp.rules.lots import Plan, Source, hold, is_canonical, is_right, list_root, plan, plan_of_tie, read, result
from quizapp.rules.tally import DrawResult

CODES = [code32(sha256(bytes([n])), 10) for n in range(50)]
NOW, LATER = 1_000, 2_000
BEACON = Source(kind="beacon", named="12345678", out_us=LATER)
LOTTERY = Source(kind="lottery-north", named="2026-03-02", out_us=LATER)
BALLS = Source(kind="balls", named="6", out_us=LATER)
TEXTS = ("beacon:12345678:" + "ab" * 32, "lottery-north:2026-03-02:12345")
BALLS_TEXT = "balls:7-12-0-45-3-7"


def planned(codes=CODES, winners=3, reserves=2, sources=(BEACON, LOTTERY), fallback=None, prize="consolation"):
    return plan(
        "demo-2026-01",
        prize,
        codes,
        winners=winners,
        reserves=reserves,
        sources=sources,
        fallback=fallback,
        now_us=NOW,
    )


# ── The published vector ────────────────────────────────────────────────────────────────────────────────────────


def test_the_published_draw():
    made = planned()
    assert made.root == "0d4fc35a11d33f37ca2602c4b28a805b778b62edc168de0b102fc3ed22ac9bdc"
    drawn = hold(made, TEXTS)
    assert drawn.seed == "2bd4e63f154e8679a6a6c04d5e3a07fa0a3fc547005306dbb26afe819cb58bbb"
    assert drawn.winners == ("D2N2WBQ5VZ", "EYPZS582KS", "B3VV0Y05J8")
    assert drawn.sources == TEXTS


# ── Plans ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_plan_holds_each_code_once_and_sorted():
    made = planned(codes=[*reversed(CODES), CODES[0]])
    assert made.codes == tuple(sorted(CODES))
    assert made == planned()


@pytest.mark.parametrize(
    "changes",
    [
        {"codes": []},
        {"winners": 0},
        {"sources": (BEACON,)},
        {"sources": (BEACON, replace(BEACON, named="12345679"))},  # two of one kind
        {"sources": (BEACON, LOTTERY, LOTTERY)},
        {"fallback": BEACON},
        {"sources": (replace(BEACON, out_us=NOW), LOTTERY)},  # known already
        {"fallback": replace(BALLS, out_us=NOW)},
    ],
)
def test_a_plan_that_could_be_bent_is_refused(changes):
    with pytest.raises(Conflict):
        planned(**changes)


@pytest.mark.parametrize(
    ("source", "named"),
    [
        (BEACON, "0"),
        (BEACON, "x"),
        (BEACON, "012"),
        (LOTTERY, "2026-02-30"),
        (LOTTERY, "02/03/2026"),
        (LOTTERY, "20260302"),
        (BALLS, "3"),  # too few to be sure
        (BALLS, "51"),
    ],
)
def test_a_source_that_names_nothing_is_refused(source, named):
    other = LOTTERY if source is BEACON else BEACON
    with pytest.raises(Unreadable):
        planned(sources=(replace(source, named=named), other))


# ── Values of sources ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "typed", "text"),
    [
        (BEACON, " " + "AB" * 32 + "\n", TEXTS[0]),
        (LOTTERY, "12 345", TEXTS[1]),
        (LOTTERY, "00000", "lottery-north:2026-03-02:00000"),
        (BALLS, "07, 12, 0 45-3 7", BALLS_TEXT),
    ],
)
def test_values_are_read_as_people_type_them(source, typed, text):
    assert read(source, typed) == text
    assert is_canonical(source, text)


@pytest.mark.parametrize(
    ("source", "typed"),
    [
        (BEACON, "ab" * 31),
        (BEACON, "zz" * 32),
        (LOTTERY, "1234"),
        (LOTTERY, "123456"),
        (LOTTERY, "12a45"),
        (LOTTERY, ""),
        (BALLS, "1 2 3 4 5"),
        (BALLS, "1 2 3 4 5 100"),
        (BALLS, "không"),
    ],
)
def test_what_cannot_be_a_value_is_refused(source, typed):
    with pytest.raises(Unreadable):
        read(source, typed)


@pytest.mark.parametrize(
    "text",
    [
        "beacon:12345679:" + "ab" * 32,
        "beacon:12345678:" + "AB" * 32,
        "lottery-north:2026-03-02:12345",
        "balls:07-12-0-45-3-7",
        "",
    ],
)
def test_only_one_way_of_writing_a_value_is_canonical(text):
    assert not is_canonical(BEACON, text)
    assert not is_canonical(BALLS, text)


# ── Results ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_reserves_follow_the_winners_in_the_same_run():
    drawn = hold(planned(), TEXTS)
    assert len(drawn.reserves) == 2
    assert hold(planned(winners=5, reserves=0), TEXTS).winners == drawn.winners + drawn.reserves
    assert result("tuan-1", planned(), drawn) == DrawResult(
        scope="tuan-1", prize="consolation", codes=drawn.winners + drawn.reserves
    )


def test_a_list_shorter_than_its_prizes_is_drawn_to_the_end():
    drawn = hold(planned(codes=CODES[:2]), TEXTS)
    assert sorted(drawn.winners) == sorted(CODES[:2]) and drawn.reserves == ()


def test_the_order_of_tied_people_is_drawn_in_the_same_way():
    made = plan_of_tie("demo-2026-01", CODES[:4], sources=(BEACON, BALLS), now_us=NOW)
    drawn = hold(made, (TEXTS[0], BALLS_TEXT))
    assert (made.prize, drawn.reserves) == ("lot", ())
    assert sorted(drawn.winners) == sorted(CODES[:4])
    with pytest.raises(Conflict):
        plan_of_tie("demo-2026-01", [], sources=(BEACON, BALLS), now_us=NOW)


@pytest.mark.parametrize(
    "texts",
    [(), TEXTS[:1], (TEXTS[1], TEXTS[0]), (TEXTS[0], "lottery-north:2026-03-03:12345"), (TEXTS[0], BALLS_TEXT)],
)
def test_only_the_sources_of_the_plan_are_taken(texts):
    with pytest.raises(Unreadable):
        hold(planned(), texts)


def test_only_the_fallback_of_the_plan_stands_in_and_only_once():
    made = planned(fallback=BALLS)
    stood_in = hold(made, (TEXTS[0], BALLS_TEXT))
    assert stood_in.seed != hold(made, TEXTS).seed
    assert is_right(made, stood_in)
    with pytest.raises(Unreadable):
        hold(made, (BALLS_TEXT, BALLS_TEXT))
    with pytest.raises(Unreadable):
        hold(made, (TEXTS[0], "balls:1-2"))


def test_anybody_can_repeat_a_draw_and_sees_what_was_bent():
    made = planned(fallback=BALLS)
    drawn = hold(made, TEXTS)
    assert is_right(made, drawn)
    assert not is_right(made, replace(drawn, winners=drawn.winners[::-1]))
    assert not is_right(made, replace(drawn, sources=(TEXTS[0], "lottery-north:2026-03-02:54321")))
    assert not is_right(made, replace(drawn, sources=TEXTS[:1]))
    assert not is_right(replace(made, codes=made.codes[1:]), drawn)


def test_a_plan_is_kept_as_plain_values():
    made = planned(fallback=BALLS)
    assert msgspec.convert(msgspec.to_builtins(made), Plan) == made


@given(st.sets(st.sampled_from(CODES), min_size=1), st.integers(1, 10), st.integers(0, 5), st.integers(0, 99_999))
def test_every_draw_takes_distinct_people_of_the_list(codes, winners, reserves, number):
    made = planned(codes=codes, winners=winners, reserves=reserves)
    drawn = hold(made, (TEXTS[0], f"lottery-north:2026-03-02:{number:05}"))
    taken = [*drawn.winners, *drawn.reserves]
    assert len(taken) == len(set(taken)) == min(len(codes), winners + reserves)
    assert set(taken) <= codes and is_right(made, drawn)


def test_the_root_names_the_list():
    assert list_root(sorted(CODES)) != list_root(sorted(CODES)[1:])
