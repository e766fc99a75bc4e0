"""Individual prizes: who gets which, who is passed over, and what happens on shared places."""

from datetime import UTC, date, datetime

import pytest

from quizapp.rules.contest import LivePart, Prize, PrizeGate, Ranking, Round, Words
from quizapp.rules.first_attempts import first_attempts
from quizapp.rules.prizes import award, draw_name, has_formal_conditions, invited, lucky_field, may_win
from quizapp.rules.tally import Check, Contestant, DrawResult, Figures, Line, RoundBook, RoundResult, Sitting

WEEK = "tuan-1"


def prize(key, slots=1, **changes):
    return Prize(key=key, name=Words(key), slots=slots, **changes)


FIRST, SECOND, THIRD = prize("nhat"), prize("nhi", 2), prize("ba", 3)


def ranking(*prizes, **changes):
    return Ranking(prizes=prizes or (FIRST, SECOND, THIRD), **changes)


def line(code, rank, **changes):
    values = {"score": 600, "full": 600, "correct": 10, "of": 10, "duration_ms": 0, "submitted_us": 0}
    return Line(code=code, rank=rank, sitting=code, **{**values, **changes})


def ranked(*ranks, **changes):
    """Lines of people a, b, c … on these ranks; all of them wait for lots if `waits`."""
    return [line(chr(ord("a") + n), rank, **changes) for n, rank in enumerate(ranks)]


def people(lines, **special):
    """The contestants of these lines; `special` gives some of them other values."""
    return {one.code: Contestant(code=one.code, **special.get(one.code, {})) for one in lines}


def given(rules, lines, special=None, scope=WEEK, **changes):
    contestants = changes.pop("contestants", None) or people(lines, **(special or {}))
    return award(rules, lines, scope=scope, contestants=contestants, **changes)


def shown(awards):
    return [(one.prize, one.code) for one in awards]


def checked(code, outcome, scope=WEEK):
    return Check(code=code, scope=scope, outcome=outcome)


# ── From the top of the ranking ─────────────────────────────────────────────────────────────────────────────────


def test_lists_are_filled_in_order_from_the_top():
    awards = given(ranking(), ranked(1, 2, 3, 4, 5, 6, 7))
    assert shown(awards) == [("nhat", "a"), ("nhi", "b"), ("nhi", "c"), ("ba", "d"), ("ba", "e"), ("ba", "f")]
    assert [one.place for one in awards] == [1, 2, 3, 4, 5, 6]
    assert {one.scope for one in awards} == {WEEK} and {one.state for one in awards} == {"OPEN"}


def test_prizes_without_takers_stay_empty():
    assert shown(given(ranking(), ranked(1, 2))) == [("nhat", "a"), ("nhi", "b")]
    assert given(ranking(), []) == ()


def test_a_ranking_without_prizes_gives_none():
    assert award(Ranking(), ranked(1, 2), scope=WEEK, contestants=people(ranked(1, 2))) == ()


def test_lines_out_of_order_are_taken_by_rank():
    assert shown(given(ranking(FIRST), [line("b", 2), line("a", 1)])) == [("nhat", "a")]


# ── Who is passed over ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("outcome", ["REFUSED", "NO_ANSWER", "DECLINED"])
def test_a_prize_refused_unanswered_or_declined_passes_down(outcome):
    awards = given(ranking(), ranked(1, 2, 3, 4), checks=[checked("a", outcome)])
    assert shown(awards) == [("nhat", "b"), ("nhi", "c"), ("nhi", "d")]


def test_with_pass_down_off_the_prize_stays_empty_and_nobody_moves_up():
    awards = given(ranking(pass_down=False), ranked(1, 2, 3, 4), checks=[checked("a", "REFUSED")])
    assert shown(awards) == [("nhi", "b"), ("nhi", "c"), ("ba", "d")]


def test_a_confirmed_winner_is_confirmed_and_checks_of_other_rounds_say_nothing():
    checks = [checked("a", "CONFIRMED"), checked("b", "REFUSED", scope="tuan-2")]
    awards = given(ranking(), ranked(1, 2), checks=checks)
    assert [(one.code, one.state) for one in awards] == [("a", "CONFIRMED"), ("b", "OPEN")]


def test_the_last_word_of_a_winner_check_holds():
    checks = [checked("a", "NO_ANSWER"), checked("a", "CONFIRMED")]
    assert shown(given(ranking(FIRST), ranked(1, 2), checks=checks)) == [("nhat", "a")]


def test_somebody_with_a_prize_elsewhere_is_skipped_and_the_slot_passes_on():
    assert shown(given(ranking(FIRST), ranked(1, 2, 3), taken={"a", "b"})) == [("nhat", "c")]
    assert shown(given(ranking(FIRST, pass_down=False), ranked(1, 2, 3), taken={"a"})) == [("nhat", "b")]


@pytest.mark.parametrize(
    "special",
    [
        {"withdrawn": True},
        {"status": "HORS_CONCOURS"},
        {"status": "EXCLUDED"},
        {"barred": "Thi hộ."},
        {"barred_rounds": {WEEK: "Thi hộ."}},
        {"conditions": frozenset()},
        {"conditions": frozenset({"tuan-2"})},
    ],
)
def test_who_may_not_win_is_passed_over(special):
    assert shown(given(ranking(FIRST), ranked(1, 2), {"a": special})) == [("nhat", "b")]


@pytest.mark.parametrize(
    "special", [{"conditions": frozenset({WEEK})}, {"conditions": None}, {"barred_rounds": {"tuan-2": "Thi hộ."}}]
)
def test_conditions_met_and_troubles_of_other_rounds_take_no_prize_away(special):
    assert shown(given(ranking(FIRST), ranked(1, 2), {"a": special})) == [("nhat", "a")]


def test_a_list_without_formal_conditions_asks_for_none():
    lines = ranked(1, 2)
    assert shown(given(ranking(FIRST), lines, {"a": {"conditions": frozenset()}}, formal=False)) == [("nhat", "a")]
    assert may_win(Contestant(code="a", conditions=frozenset()), WEEK, formal=False)
    assert not may_win(Contestant(code="a", withdrawn=True), WEEK, formal=False)


def test_only_a_watch_word_or_a_registration_in_time_are_formal_conditions():
    opens, closes = datetime(2026, 3, 6, 13, tzinfo=UTC), datetime(2026, 3, 6, 15, tzinfo=UTC)

    def live(part):
        return Round(key="l", name=Words("l"), kind="live", opens_at=opens, closes_at=closes, live=part)

    assert not has_formal_conditions(live(None))
    assert not has_formal_conditions(live(LivePart()))
    assert has_formal_conditions(live(LivePart(watch_word_until=closes)))
    assert has_formal_conditions(live(LivePart(registration_until=closes)))


# ── The gate ────────────────────────────────────────────────────────────────────────────────────────────────────

ALL_CORRECT = PrizeGate(kind="ALL_CORRECT")


def gated(*scores):
    """a, b, c … in rank order with these scores; the gate is at 10."""
    return [
        line(chr(ord("a") + n), n + 1, score=score * 60, correct=score, below_gate=score < 10)
        for n, score in enumerate(scores)
    ]


def test_below_the_gate_prizes_stay_empty():
    rules = ranking(prize_gate=ALL_CORRECT)
    assert shown(given(rules, gated(10, 9, 9))) == [("nhat", "a")]


def test_relax_goes_down_score_by_score_until_the_slots_are_filled():
    rules = ranking(FIRST, prize("nhi", 3), prize_gate=ALL_CORRECT, gate_fallback="RELAX")
    assert shown(given(rules, gated(10, 9, 9, 8, 8))) == [("nhat", "a"), ("nhi", "b"), ("nhi", "c"), ("nhi", "d")]


def test_relax_looks_at_the_score_before_the_rank():
    # Right answers come first in this ranking, the gate is a score: d stands last but reached more than b and c.
    lines = [
        line("a", 1, score=600, correct=9),
        line("b", 2, score=480, correct=8, below_gate=True),
        line("c", 3, score=480, correct=7, below_gate=True),
        line("d", 4, score=540, correct=6, below_gate=True),
    ]
    by_score = ranking(prize_gate=PrizeGate(kind="MIN_SCORE", least=10), gate_fallback="RELAX")
    assert [code for _, code in shown(given(by_score, lines))] == ["a", "d", "b", "c"]
    by_correct = ranking(prize_gate=PrizeGate(kind="MIN_CORRECT", least=9), gate_fallback="RELAX")
    assert [code for _, code in shown(given(by_correct, lines))] == ["a", "b", "c", "d"]


def test_relax_never_relaxes_the_formal_conditions():
    rules = ranking(FIRST, prize_gate=ALL_CORRECT, gate_fallback="RELAX")
    lines = gated(9, 9, 8)
    special = {"a": {"conditions": frozenset()}, "b": {"conditions": frozenset()}, "c": {"conditions": {WEEK}}}
    assert shown(given(rules, lines, special)) == [("nhat", "c")]


# ── Shared places ───────────────────────────────────────────────────────────────────────────────────────────────


def test_two_on_the_first_place_both_take_the_first_prize_and_use_up_the_second_place():
    awards = given(ranking(), ranked(1, 1, 3, 4))
    assert shown(awards) == [("nhat", "a"), ("nhat", "b"), ("nhi", "c"), ("ba", "d")]
    assert [one.place for one in awards] == [1, 1, 3, 4]


def test_a_shared_place_that_reaches_into_the_next_list_takes_the_places_from_it():
    awards = given(ranking(), ranked(1, 2, 2, 2, 5, 6, 7))
    assert shown(awards) == [
        ("nhat", "a"),
        ("nhi", "b"),
        ("nhi", "c"),
        ("nhi", "d"),  # on places 2 to 4: both second prizes and one third prize are used up
        ("ba", "e"),
        ("ba", "f"),
    ]


def test_a_shared_last_place_gives_the_prize_to_all_who_share_it():
    assert shown(given(ranking(FIRST, SECOND), ranked(1, 2, 3, 3, 3, 6))) == [
        ("nhat", "a"),
        ("nhi", "b"),
        ("nhi", "c"),
        ("nhi", "d"),
        ("nhi", "e"),
    ]


def test_a_shared_first_place_can_use_up_every_prize():
    assert shown(given(ranking(FIRST, SECOND), ranked(1, 1, 1, 1, 5))) == [("nhat", code) for code in "abcd"]


def test_of_two_who_share_a_place_the_refused_one_gives_it_up():
    lines = ranked(1, 1, 3, 4)
    assert shown(given(ranking(), lines, checks=[checked("a", "REFUSED")])) == [
        ("nhat", "b"),
        ("nhi", "c"),
        ("nhi", "d"),
    ]
    kept = given(ranking(pass_down=False), lines, checks=[checked("a", "REFUSED")])
    assert shown(kept) == [("nhat", "b"), ("nhi", "c"), ("ba", "d")]


# ── Lots still to be drawn ──────────────────────────────────────────────────────────────────────────────────────


def states(awards):
    return [(one.prize, one.code, one.place, one.state) for one in awards]


def test_tied_people_keep_the_place_and_wait_where_lots_decide_between_prizes():
    lines = [*ranked(1, 1, waits=True), line("c", 3), line("d", 4)]
    assert states(given(ranking(), lines)) == [
        ("nhat", "a", 1, "HELD"),
        ("nhat", "b", 1, "HELD"),
        ("nhi", "c", 3, "OPEN"),
        ("ba", "d", 4, "OPEN"),
    ]


def test_tied_people_wait_where_lots_decide_who_gets_the_last_prize():
    lines = [line("a", 1), line("b", 2, waits=True), line("c", 2, waits=True), line("d", 2, waits=True)]
    assert states(given(ranking(FIRST, SECOND), lines))[1:] == [("nhi", code, 2, "HELD") for code in "bcd"]


def test_lots_between_equal_prizes_hold_nobody_back():
    lines = [line("a", 1), line("b", 2, waits=True), line("c", 2, waits=True), line("d", 4)]
    awards = given(ranking(), lines, checks=[checked("b", "CONFIRMED")])
    assert states(awards)[1:3] == [("nhi", "b", 2, "CONFIRMED"), ("nhi", "c", 2, "OPEN")]


def test_whoever_is_left_alone_on_a_place_waits_for_no_lots():
    lines = [*ranked(1, 1, waits=True), line("c", 3)]
    assert states(given(ranking(), lines, checks=[checked("a", "REFUSED")]))[0] == ("nhat", "b", 1, "OPEN")


def test_with_pass_down_off_lots_still_decide_which_prize_stays_empty():
    lines = ranked(1, 1, waits=True)
    kept = given(ranking(pass_down=False), lines, checks=[checked("a", "REFUSED")])
    assert states(kept) == [("nhat", "b", 1, "HELD")]


# ── Divisions ───────────────────────────────────────────────────────────────────────────────────────────────────


def two_divisions():
    return [
        line("a", 1, division="hoc-sinh"),
        line("b", 2, division="hoc-sinh"),
        line("c", 1, division="nguoi-dan"),
        line("d", 2, division="nguoi-dan"),
    ]


def test_a_prize_per_division_is_given_in_each():
    rules = ranking(prize("nhat", per_division=True), prize("nhi", per_division=True))
    assert shown(given(rules, two_divisions())) == [("nhat", "a"), ("nhat", "c"), ("nhi", "b"), ("nhi", "d")]


def test_a_prize_of_one_division_is_given_there_only():
    rules = ranking(prize("nhat-hs", division="hoc-sinh"), prize("nhat-nd", division="nguoi-dan"))
    assert shown(given(rules, two_divisions())) == [("nhat-hs", "a"), ("nhat-nd", "c")]
    assert given(ranking(prize("nhat", division="vang")), two_divisions()) == ()


def test_a_prize_that_names_no_division_is_filled_from_the_ranking_of_everybody():
    lines = two_divisions()
    general = [line("c", 1), line("a", 2), line("b", 3), line("d", 4)]
    rules = ranking(FIRST, prize("khuyen-khich", 2, per_division=True))
    assert shown(given(rules, lines, general=general)) == [
        ("nhat", "c"),
        ("khuyen-khich", "a"),
        ("khuyen-khich", "b"),
        ("khuyen-khich", "d"),
    ]


def test_where_prizes_do_not_exclude_each_other_somebody_may_win_in_both_rankings():
    lines = two_divisions()
    general = [line("c", 1), line("a", 2), line("b", 3), line("d", 4)]
    rules = ranking(FIRST, prize("nhat-bang", per_division=True))
    assert shown(given(rules, lines, general=general, once=False)) == [
        ("nhat", "c"),
        ("nhat-bang", "a"),
        ("nhat-bang", "c"),
    ]


def test_without_divisions_a_prize_per_division_is_given_once():
    assert shown(given(ranking(prize("nhat", per_division=True)), ranked(1, 2))) == [("nhat", "a")]


# ── Lucky prizes ────────────────────────────────────────────────────────────────────────────────────────────────

LUCKY = prize("may-man", 2, kind="LUCKY", least_correct=6)


def drawn(*codes, prize="may-man", scope=WEEK):
    return DrawResult(scope=scope, prize=prize, codes=codes)


def field(lines, awards=(), special=None, of=LUCKY, **changes):
    contestants = people(lines, **(special or {}))
    return lucky_field(of, lines, scope=WEEK, contestants=contestants, awards=awards, **changes)


def test_lucky_prizes_are_drawn_among_people_with_enough_right_answers_and_no_other_prize():
    lines = [*ranked(1, 2, 3, 4), line("e", 5, correct=6), line("f", 6, correct=5)]
    awards = given(ranking(FIRST), lines)
    assert field(lines, awards) == ("b", "c", "d", "e")
    assert field(lines, awards, taken={"b"}) == ("c", "d", "e")
    among = prize("may-man", 2, kind="LUCKY", least_correct=6, among_winners=True)
    assert field(lines, awards, of=among, taken={"b"}) == ("a", "b", "c", "d", "e")


def test_who_may_not_win_is_not_in_the_drum():
    lines = ranked(1, 2, 3, 4)
    special = {"a": {"withdrawn": True}, "b": {"conditions": frozenset()}}
    assert field(lines, special=special, checks=[checked("c", "REFUSED")]) == ("d",)
    assert field(lines, special=special, formal=False) == ("b", "c", "d")


def test_the_field_is_the_same_after_the_draw():
    lines = ranked(1, 2, 3)
    awards = given(ranking(LUCKY), lines, draws=[drawn("b", "a", "c")])
    assert field(lines, awards) == ("a", "b", "c")


def test_lucky_winners_stand_in_drawn_order_and_reserves_follow():
    lines = ranked(1, 2, 3, 4)
    rules = ranking(LUCKY)
    awards = given(rules, lines, draws=[drawn("c", "a", "d")])
    assert states(awards) == [("may-man", "c", 1, "OPEN"), ("may-man", "a", 2, "OPEN")]
    refused = given(rules, lines, draws=[drawn("c", "a", "d")], checks=[checked("c", "NO_ANSWER")])
    assert states(refused) == [("may-man", "a", 1, "OPEN"), ("may-man", "d", 2, "OPEN")]


def test_with_pass_down_off_somebody_refused_empties_one_prize_only():
    other = prize("phu-2", kind="LUCKY")
    rules = ranking(FIRST, LUCKY, other, pass_down=False)
    lines = ranked(1, 2, 3, 4)
    draws = [
        DrawResult(scope=WEEK, prize=LUCKY.key, codes=("a", "b", "c", "d")),
        DrawResult(scope=WEEK, prize=other.key, codes=("a", "b", "c", "d")),
    ]
    before = given(rules, lines, draws=draws)
    after = given(rules, lines, draws=draws, checks=[checked("a", "REFUSED")])
    assert shown(after) == shown(before)[1:]
    without_b = given(rules, lines, draws=draws, checks=[checked("b", "REFUSED")])
    assert [one for one in shown(before) if one[1] != "b"] == shown(without_b)


def test_with_pass_down_off_a_refused_lucky_prize_stays_empty():
    rules = ranking(LUCKY, pass_down=False)
    checks = [checked("c", "REFUSED"), checked("a", "CONFIRMED")]
    awards = given(rules, ranked(1, 2, 3, 4), draws=[drawn("c", "a", "d")], checks=checks)
    assert states(awards) == [("may-man", "a", 2, "CONFIRMED")]


def test_a_drawn_person_who_moved_up_to_a_ranked_prize_leaves_the_lucky_one():
    rules = ranking(FIRST, LUCKY)
    draws = [drawn("b", "c", "d")]
    awards = given(rules, ranked(1, 2, 3, 4), draws=draws, checks=[checked("a", "REFUSED")])
    assert shown(awards) == [("nhat", "b"), ("may-man", "c"), ("may-man", "d")]
    among = ranking(FIRST, prize("may-man", 2, kind="LUCKY", among_winners=True))
    both = given(among, ranked(1, 2, 3, 4), draws=draws, checks=[checked("a", "REFUSED")], taken={"c"})
    assert shown(both) == [("nhat", "b"), ("may-man", "b"), ("may-man", "c")]


def test_people_with_a_prize_elsewhere_or_no_longer_in_the_field_are_passed_over():
    lines = [*ranked(1, 2, 3), line("d", 4, correct=2)]
    awards = given(ranking(LUCKY), lines, {"b": {"withdrawn": True}}, draws=[drawn("d", "b", "a", "c")], taken={"a"})
    assert shown(awards) == [("may-man", "c")]


def test_nobody_is_drawn_twice_and_a_second_draw_goes_on_after_the_first():
    rules = ranking(LUCKY, prize("qua", 2, kind="LUCKY"))
    draws = [drawn("a", "b"), drawn("a", "b", "c", prize="qua"), drawn("a", "d", prize="qua"), drawn("e", scope="x")]
    awards = given(rules, ranked(1, 2, 3, 4, 5), draws=draws)
    assert shown(awards) == [("may-man", "a"), ("may-man", "b"), ("qua", "c"), ("qua", "d")]


def test_before_the_draw_nobody_has_the_lucky_prize():
    assert given(ranking(LUCKY), ranked(1, 2)) == ()


def test_each_division_has_its_own_draw():
    each = prize("may-man", kind="LUCKY", per_division=True)
    assert draw_name(each, "hoc-sinh") == "may-man/hoc-sinh"
    assert draw_name(each) == "may-man"
    assert draw_name(prize("may-man", kind="LUCKY", division="hoc-sinh"), "hoc-sinh") == "may-man"
    lines = two_divisions()
    assert field(lines, of=each, division="hoc-sinh") == ("a", "b")
    draws = [drawn("b", "a", prize="may-man/hoc-sinh"), drawn("a", "d", prize="may-man/nguoi-dan")]
    assert shown(given(ranking(each), lines, draws=draws)) == [("may-man", "b"), ("may-man", "d")]


# ── Spreading ───────────────────────────────────────────────────────────────────────────────────────────────────

SPREADING = prize("lan-toa", 1, kind="SPREADING")
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def test_who_brought_most_people_in_gets_the_spreading_prize_even_without_an_attempt():
    lines = ranked(1, 2)
    contestants = {**people(lines), "x": Contestant(code="x")}
    brought = {"a": {MONDAY: 2}, "x": {MONDAY: 2, TUESDAY: 1}, "nobody": {MONDAY: 9}}
    awards = given(ranking(SPREADING), lines, contestants=contestants, invited=brought)
    assert states(awards) == [("lan-toa", "x", 1, "OPEN")]


def test_only_so_many_people_of_one_day_count():
    capped = prize("lan-toa", kind="SPREADING", per_day_cap=2)
    brought = {"a": {MONDAY: 9}, "b": {MONDAY: 2, TUESDAY: 1}}
    assert shown(given(ranking(capped), ranked(1, 2), invited=brought)) == [("lan-toa", "b")]
    assert shown(given(ranking(SPREADING), ranked(1, 2), invited=brought)) == [("lan-toa", "a")]


def test_a_ranked_prize_stands_before_the_spreading_one():
    brought = {"a": {MONDAY: 3}, "b": {MONDAY: 1}}
    rules = ranking(SPREADING, FIRST)
    assert shown(given(rules, ranked(1, 2), invited=brought)) == [("lan-toa", "b"), ("nhat", "a")]
    assert shown(given(rules, ranked(1, 2), invited=brought, once=False)) == [("lan-toa", "a"), ("nhat", "a")]


def test_equal_numbers_of_people_brought_in_are_decided_by_lots_or_shared():
    brought = {"a": {MONDAY: 3}, "b": {MONDAY: 3}, "c": {MONDAY: 1}}
    lines = ranked(1, 2, 3)
    assert states(given(ranking(SPREADING), lines, invited=brought)) == [
        ("lan-toa", "a", 1, "HELD"),
        ("lan-toa", "b", 1, "HELD"),
    ]
    shared = given(ranking(SPREADING, tie_policy="SHARE"), lines, invited=brought)
    assert states(shared) == [("lan-toa", "a", 1, "OPEN"), ("lan-toa", "b", 1, "OPEN")]
    lots = given(ranking(SPREADING), lines, invited=brought, draws=[drawn("b", "a", prize="lan-toa")])
    assert states(lots) == [("lan-toa", "b", 1, "OPEN")]


def test_the_spreading_prize_of_a_division_stays_in_it():
    rules = ranking(prize("lan-toa", kind="SPREADING", division="nguoi-dan"))
    lines = two_divisions()
    special = {one.code: {"division": one.division} for one in lines}
    brought = {"a": {MONDAY: 3}, "c": {MONDAY: 1}}
    assert shown(given(rules, lines, special, invited=brought)) == [("lan-toa", "c")]


def sitting(code, submitted="2026-03-02T10:05", started="2026-03-02T10:00", no=1, **changes):
    at = [int(datetime.fromisoformat(moment + "+07:00").timestamp()) * 1_000_000 for moment in (started, submitted)]
    values = {"id": f"{code}{no}", "score": 0, "full": 600, "correct": 0, "of": 10, "answered": 1}
    return Sitting(code=code, no=no, started_us=at[0], submitted_us=at[1], **{**values, **changes})


def result(key=WEEK, **invalid):
    return RoundResult(key=key, target=None, target_rows=0, figures=Figures(), lines=(), invalid=invalid)


def test_people_brought_in_are_distinct_eligible_and_took_part():
    contestants = {
        code: Contestant(code=code, invited_by=by, status=status)
        for code, by, status in [
            ("host", "host", "ELIGIBLE"),
            ("ada", "host", "ELIGIBLE"),
            ("bob", "host", "ELIGIBLE"),
            ("hors", "host", "HORS_CONCOURS"),
            ("idle", "host", "ELIGIBLE"),
            ("void", "host", "ELIGIBLE"),
            ("back", "host", "ELIGIBLE"),
            ("alone", None, "ELIGIBLE"),
        ]
    }
    sittings = (
        sitting("host"),
        sitting("ada", submitted="2026-03-03T00:05", started="2026-03-02T23:58"),
        sitting("ada", submitted="2026-03-04T10:00", started="2026-03-04T09:50", no=2),
        sitting("bob", submitted="2026-03-03T10:00", started="2026-03-03T09:50"),
        sitting("hors"),
        sitting("void"),
        sitting("back", given_back=True),
        sitting("alone"),
        sitting("stranger"),
    )
    book = RoundBook(key=WEEK, sittings=sittings)
    first = first_attempts([book], [result(void1="Thi hộ.")], contestants)
    assert set(first) == {"host", "ada", "bob", "alone"}
    assert invited(contestants.values(), first) == {"host": {MONDAY: 1, TUESDAY: 1}}


def test_the_first_attempt_is_the_one_handed_in_first_of_all_rounds():
    one = RoundBook(key="a", sittings=(sitting("ada", started="2026-03-02T09:00", submitted="2026-03-02T11:00"),))
    two = RoundBook(key="b", sittings=(sitting("ada", started="2026-03-02T10:00", submitted="2026-03-02T10:10", no=2),))
    ada = {"ada": Contestant(code="ada")}
    assert first_attempts([one, two], [], ada)["ada"].id == "ada2"
    assert first_attempts([two, one], [result("b", ada2="Thi hộ.")], ada)["ada"].id == "ada1"


# ── Youngest, oldest, farthest ──────────────────────────────────────────────────────────────────────────────────


def group(kind, special, lines=None, **changes):
    return shown(given(ranking(prize("nhom", kind=kind)), lines or ranked(1, 2, 3, 4), special, **changes))


BORN = {
    "a": {"birth_date": date(1950, 1, 1), "distance_m": 100},
    "b": {"birth_date": date(2011, 5, 2), "distance_m": 90_000},
    "c": {"birth_date": date(2011, 5, 3)},
}


def test_youngest_oldest_and_farthest_come_from_what_is_on_record():
    assert group("YOUNGEST", BORN) == [("nhom", "c")]
    assert group("OLDEST", BORN) == [("nhom", "a")]
    assert group("FARTHEST", BORN) == [("nhom", "b")]


def test_a_group_prize_moves_on_when_the_papers_do_not_prove_it():
    assert group("YOUNGEST", BORN, checks=[checked("c", "REFUSED")]) == [("nhom", "b")]


def test_a_group_prize_goes_past_holders_of_ranked_prizes():
    lines = ranked(1, 2, 3)
    awards = given(ranking(FIRST, prize("nhom", kind="OLDEST")), lines, BORN)
    assert shown(awards) == [("nhat", "a"), ("nhom", "b")]
