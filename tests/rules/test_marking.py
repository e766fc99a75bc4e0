"""From what was kept of every turn to points and totals."""

from datetime import UTC, datetime, timedelta

from quizapp.rules.marking import Given, Mark, Outage, Sheet, counts, times, totals
from quizapp.rules.show import Settings
from quizapp.rules.voids import Void
from tests import make

OPENED = datetime(2026, 3, 2, 12, tzinfo=UTC)
SETTINGS = Settings(seconds=20)


def after(seconds):
    return OPENED + timedelta(seconds=seconds)


def answer(chosen, seconds, shown=None, first=None):
    return Given((chosen,), after(seconds), after(seconds if first is None else first), shown and after(shown))


def sheet(n=1, **given):
    return Sheet(n, make.question(), OPENED, given=given)


def total(*sheets, player="ada", settings=SETTINGS, planned=5):
    return totals(sheets, [player], settings, planned=planned)[player]


def test_a_right_answer_earns_points_by_its_time_and_a_wrong_one_nothing():
    assert total(sheet(ada=answer(1, 5.75))).points == 1149
    assert total(sheet(ada=answer(2, 0.1))).points == 0
    assert total(sheet(bob=answer(1, 1))).points == 0


def test_the_sums_run_over_all_turns():
    both = total(sheet(1, ada=answer(1, 1)), sheet(2, ada=answer(1, 10.5)))
    assert (both.points, both.correct, both.response_ms) == (1199 + 1099, 2, 11_500)
    assert both.marks[2] == Mark(True, 1099, 10_500)


def test_a_slow_delivery_is_given_back_within_the_quota():
    assert total(sheet(ada=answer(1, 6.05, shown=0.3))).points == 1149
    assert total(sheet(ada=answer(1, 6.65, shown=5))).points == 1149  # the quota of the first question is 900 ms


def test_a_delivery_told_after_the_first_answer_gives_nothing_back():
    late_word = answer(1, 5.75, shown=3.5, first=3)
    assert total(sheet(ada=late_word)).points == 1149


def test_a_voided_turn_counts_for_nobody_but_the_quota_runs_on():
    voided = Sheet(1, make.question(), OPENED, voided=True, given={"ada": answer(1, 3, shown=0.9)})
    second = sheet(2, ada=answer(1, 6.05, shown=5))
    assert total(voided, second).marks.keys() == {2}
    assert total(voided, second).points == 1149  # 300 ms were left of the quota


def test_time_in_which_the_server_was_away_is_nobodys_slowness():
    gone = (Outage(after(3), timedelta(seconds=8)),)
    before = Sheet(1, make.question(), OPENED, outages=gone, given={"ada": answer(1, 2)})
    later = Sheet(1, make.question(), OPENED, outages=gone, given={"ada": answer(1, 13.75)})
    assert total(before).marks[1].response_ms == 2_000
    assert total(later).points == 1149


def test_a_turn_opens_later_for_whoever_sees_the_picture_later():
    behind = Given((1,), after(15.75), after(15.75), latency_ms=10_000)
    assert total(sheet(ada=behind)).points == 1149
    told = Given((1,), after(16.05), after(16.05), shown_at=after(10.3), latency_ms=10_000)
    assert total(sheet(ada=told)).points == 1149
    assert times([sheet(ada=behind)], "ada", SETTINGS) == {1: 5_750}


def test_a_total_grows_turn_by_turn_to_what_all_turns_give():
    sheets = [sheet(n, ada=answer(1, 6, shown=0.8), bob=answer(2, 1)) for n in (1, 2, 3)]
    sheets[1] = Sheet(2, make.question(), OPENED, voided=True, given=sheets[1].given)
    whole = totals(sheets, ["ada", "bob"], SETTINGS, planned=5)
    grown = {}
    for n in range(1, 4):
        grown = totals(sheets[:n], ["ada", "bob"] if n > 1 else ["ada"], SETTINGS, planned=5, before=grown)
    assert grown == whole


def test_only_players_of_the_room_are_counted():
    spread = counts(
        sheet(ada=answer(1, 1), bob=answer(2, 1), mallory=answer(2, 1), otto=Given()), ["ada", "bob", "otto"]
    )
    assert spread == {(1,): 1, (2,): 1}


# ── Decisions made afterwards ───────────────────────────────────────────────────────────────────────────────────


def decided(void, n=1, received=None, **given):
    return Sheet(n, make.question(), OPENED, given=given, void=void, received=received)


def test_a_question_given_to_all_is_right_without_speed_for_everybody_who_received_it():
    sheets = [decided(Void("GIVE_ALL"), received=frozenset({"ada", "bob"}), ada=answer(1, 2))]
    for who, marks in [("ada", (1000, 1, 0)), ("bob", (1000, 1, 0)), ("late", (0, 0, 0))]:
        one = total(*sheets, player=who)
        assert (one.points, one.correct, one.response_ms) == marks
    assert total(decided(Void("GIVE_ALL")), settings=Settings(scoring="FLAT")).points == 1
    assert total(decided(Void("GIVE_ALL")), settings=Settings(scoring="HALF_DECAY")).points == 1000


def test_a_question_removed_afterwards_counts_for_nobody():
    assert total(decided(Void("REMOVE"), ada=answer(1, 2))).marks == {}


def test_another_accepted_option_earns_its_points_by_its_time():
    accepted = decided(Void("ACCEPT_ALSO", (3,)), ada=answer(3, 5.75), bob=answer(2, 5.75))
    assert total(accepted).points == 1149
    assert total(accepted, player="bob").points == 0


def test_times_are_those_of_all_answers_right_or_wrong():
    sheets = [sheet(1, ada=answer(2, 3.5)), sheet(2), sheet(3, ada=answer(1, 2.25, shown=0.25))]
    assert times(sheets, "ada", SETTINGS) == {1: 3500, 3: 2000}
