"""Viewers of a stream, 3, 10 and 14 seconds behind: what each may know and do at every exact instant (ux §7.3)."""

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.errors import Conflict
from quizapp.models import Lag, Shown
from quizapp.rules.show import Settings
from quizapp.rules.stream import CAP_MS
from quizapp.rules.timing import GRACE
from quizapp.rules.turn import LEAD
from quizapp.services import lags, players, results, shows, sight, turns
from quizapp.services.players import Sent
from quizapp.services.tokens import Bearer
from tests import make

SECOND = timedelta(seconds=1)
MS = timedelta(milliseconds=1)
HLS = {"provider": "hls", "id": "/luong/chinh.m3u8", "latency_ms": 10_000}
BEHIND = {"Ada": 3_000, "Bob": 10_000, "Eve": 14_000}


@pytest.fixture
def show(session, now):
    made = make.show(session, 3, Settings(seconds=20), now=now)
    made.stream = HLS
    return made


@pytest.fixture
def audience(session, show, now):
    """Ada, Bob and Eve, so far behind, and Hal in the hall."""
    people = {name: make.player(session, show, name, now=now) for name in (*BEHIND, "Hal")}
    for name, latency in BEHIND.items():
        assert lags.measured(session, show, people[name].id, "pdt", latency) == latency
    assert lags.measured(session, show, people["Hal"].id, "room", 0) == 0
    return people


def press(session, show, do, at, **details):
    shows.press(session, show, do, details, now=at)


def run(session, show, at):
    """The clock's own steps, each when it is due."""
    turns.open_due(session, now=at)
    turns.lock_due(session, now=at)


def opened(session, show, now):
    """Question 1 is read at `now` and opens five seconds later."""
    press(session, show, "next", now)
    turn = sight.present_turn(show)
    run(session, show, turn.opens_at - LEAD)
    return turn


def played(session, show, now):
    """Question 1 read, opened, locked, revealed and its board shown; returns the turn."""
    turn = opened(session, show, now)
    run(session, show, turn.closes_at + GRACE)
    press(session, show, "reveal", turn.closes_at + GRACE + 14 * SECOND)
    press(session, show, "board", turn.revealed_at + 6 * SECOND)
    return turn


def phase(session, show, who, at):
    return sight.view(session, show, Bearer("player", show.id, who.id), now=at).phase.value


def state(session, show, who, at):
    return sight.state(session, show, Bearer("player", show.id, who.id), "vi", now=at)


def answer(session, who, turn, at, chosen=(1,)):
    m = f"{abs(hash((who.id, turn.id, at))):032x}"[:32]
    return players.take(session, [Sent(who.id, turn.id, m, chosen, at)], now=at)[0].verdict


@pytest.mark.parametrize("name", BEHIND)
def test_every_phase_comes_at_its_instant_plus_ones_own_distance(session, show, audience, now, name):
    turn = played(session, show, now)
    lag = BEHIND[name] * MS
    steps = [
        (turn.reading_at, "LOBBY", "READING"),
        (turn.opens_at, "READING", "OPEN"),
        (turn.closes_at + GRACE, "OPEN", "LOCKED"),
        (turn.revealed_at, "LOCKED", "REVEAL"),
        (turn.board_at, "REVEAL", "BOARD"),
    ]
    for at, before, after in steps:
        assert phase(session, show, audience[name], at + lag - MS) == before
        assert phase(session, show, audience[name], at + lag) == after


def test_in_the_hall_and_on_screens_it_is_now(session, show, audience, now):
    turn = opened(session, show, now)
    assert phase(session, show, audience["Hal"], turn.opens_at) == "OPEN"
    assert sight.view(session, show, Bearer("viewer", show.id), now=turn.opens_at).phase.value == "OPEN"
    assert (
        sight.state(session, show, Bearer("viewer", show.id), "vi", now=turn.opens_at)["turn"]["opens_at"]
        == (sight.opened(show, turn, "vi", now)["opens_at"])
    )


def test_who_follows_without_playing_sees_a_question_when_the_usual_picture_shows_it(session, show, audience, now):
    turn = opened(session, show, now)
    follower = Bearer("follower", show.id)
    assert sight.view(session, show, follower, now=turn.opens_at + 10 * SECOND - MS).phase.value == "READING"
    assert sight.view(session, show, follower, now=turn.opens_at + 10 * SECOND).phase.value == "OPEN"


@pytest.mark.parametrize("name", BEHIND)
def test_a_window_opens_and_closes_so_much_later_and_not_a_millisecond_before(session, show, audience, now, name):
    turn = opened(session, show, now)
    lag = BEHIND[name] * MS
    run(session, show, turn.closes_at + GRACE)  # the hall is locked; who is behind is not
    assert answer(session, audience[name], turn, turn.opens_at + lag - MS) == "early"
    assert answer(session, audience[name], turn, turn.opens_at + lag) == "kept"
    assert answer(session, audience[name], turn, turn.closes_at + lag + GRACE - MS) == "kept"
    assert answer(session, audience[name], turn, turn.closes_at + lag + GRACE) == "late"


def test_a_question_that_has_not_reached_somebody_does_not_exist_for_them(session, show, audience, now):
    turn = opened(session, show, now)
    reached = turn.reading_at + 10 * SECOND
    assert answer(session, audience["Bob"], turn, reached - MS) == "refused"
    assert answer(session, audience["Bob"], turn, reached) == "early"


def test_the_state_says_the_windows_own_instants_and_the_programmes_cue(session, show, audience, now):
    turn = opened(session, show, now)
    hall = state(session, show, audience["Hal"], turn.opens_at)["turn"]
    eve = state(session, show, audience["Eve"], turn.opens_at + 14 * SECOND)["turn"]
    assert eve["opens_at"] - hall["opens_at"] == eve["closes_at"] - hall["closes_at"] == 14_000
    assert eve["cue_at"] == hall["cue_at"] == hall["opens_at"]
    assert eve["options"] == hall["options"]


@pytest.mark.parametrize("name", BEHIND)
def test_a_reconnect_in_any_phase_sees_nothing_early(session, show, audience, now, name):
    turn = played(session, show, now)
    lag = BEHIND[name] * MS
    moment = now
    while moment < turn.board_at + lag + SECOND:
        told = state(session, show, audience[name], moment)
        shown = json.dumps(told)
        assert ("stem" in shown) == (moment >= turn.reading_at + lag)
        assert ("options" in shown) == (moment >= turn.opens_at + lag)
        assert ('"key"' in shown) == (moment >= turn.revealed_at + lag)
        assert ("you" in told) == (moment >= turn.revealed_at + lag)
        moment += 1_750 * MS


def test_answers_are_ones_own_and_come_with_the_question(session, show, audience, now):
    turn = opened(session, show, now)
    at = turn.opens_at + 12 * SECOND
    assert answer(session, audience["Bob"], turn, at) == "kept"
    assert state(session, show, audience["Bob"], at)["answers"] == [{"turn": turn.id, "o": [1], "verdict": "kept"}]
    assert state(session, show, audience["Eve"], at)["answers"] == []


def test_a_reveal_waits_until_the_slowest_can_no_longer_answer(session, show, audience, now):
    turn = opened(session, show, now)
    run(session, show, turn.closes_at + GRACE)
    closed = turn.closes_at + GRACE + 14 * SECOND
    with pytest.raises(Conflict):
        press(session, show, "reveal", closed - MS)
    assert answer(session, audience["Eve"], turn, closed - MS) == "kept"
    press(session, show, "reveal", closed)
    assert answer(session, audience["Eve"], turn, closed) == "late"


def test_a_claim_made_while_a_question_runs_does_not_move_its_window(session, show, audience, now):
    turn = opened(session, show, now)
    lags.measured(session, show, audience["Ada"].id, "pdt", CAP_MS)
    assert answer(session, audience["Ada"], turn, turn.closes_at + 3 * SECOND + GRACE) == "late"
    assert phase(session, show, audience["Ada"], turn.opens_at + 3 * SECOND) == "OPEN"


def test_an_early_lock_and_an_extension_reach_everybody_at_their_own_distance(session, show, audience, now):
    turn = opened(session, show, now)
    press(session, show, "extend", turn.opens_at + 10 * SECOND)
    assert turn.closes_at == turn.opens_at + 30 * SECOND
    press(session, show, "lock", turn.opens_at + 12 * SECOND)
    run(session, show, turn.opens_at + 14 * SECOND)
    assert answer(session, audience["Eve"], turn, turn.opens_at + 28 * SECOND - MS) == "kept"
    assert answer(session, audience["Eve"], turn, turn.opens_at + 28 * SECOND) == "late"
    assert phase(session, show, audience["Eve"], turn.opens_at + 28 * SECOND - MS) == "OPEN"
    assert phase(session, show, audience["Eve"], turn.opens_at + 28 * SECOND) == "LOCKED"


def test_a_pause_before_the_opening_moves_it_for_everybody_alike(session, show, audience, now):
    press(session, show, "next", now)
    press(session, show, "pause", now + 2 * SECOND)
    assert phase(session, show, audience["Eve"], now + 60 * SECOND) == "READING"
    assert state(session, show, audience["Eve"], now + 60 * SECOND)["turn"]["opens_at"] is None
    press(session, show, "resume", now + 60 * SECOND)
    turn = sight.present_turn(show)
    assert turn.opens_at == now + 63 * SECOND
    run(session, show, turn.opens_at - LEAD)
    assert phase(session, show, audience["Eve"], turn.opens_at + 14 * SECOND - MS) == "READING"
    assert phase(session, show, audience["Eve"], turn.opens_at + 14 * SECOND) == "OPEN"


def test_what_comes_in_after_a_skip_is_seen_though_the_sheet_was_kept_before(session, show, audience, now):
    turn = opened(session, show, now)
    hal, eve = audience["Hal"], audience["Eve"]
    assert answer(session, hal, turn, turn.opens_at + SECOND) == "kept"
    skipped = turn.opens_at + 4 * SECOND
    press(session, show, "skip", skipped)
    first = results.board(session, show)
    assert set(first.sheets[0].given) == {hal.id}
    assert results.board(session, show) is first
    assert answer(session, eve, turn, skipped + 14 * SECOND - MS) == "kept"
    assert set(results.board(session, show).sheets[0].given) == {hal.id, eve.id}
    players.note_shown(session, audience["Ada"].id, turn.id, now=skipped + SECOND)
    assert audience["Ada"].id in results.board(session, show).sheets[0].given


def test_a_skipped_question_goes_on_for_those_whom_the_skip_has_not_reached(session, show, audience, now):
    turn = opened(session, show, now)
    skipped = turn.opens_at + 4 * SECOND
    press(session, show, "skip", skipped)
    eve = audience["Eve"]
    assert phase(session, show, eve, skipped + 14 * SECOND - MS) == "OPEN"
    assert answer(session, eve, turn, skipped + 14 * SECOND - MS) == "kept"
    assert phase(session, show, eve, skipped + 14 * SECOND) == "BOARD"
    assert answer(session, eve, turn, skipped + 14 * SECOND) == "late"
    assert "key" not in json.dumps(state(session, show, eve, skipped + 60 * SECOND))


def test_a_notice_about_a_void_comes_with_the_void(session, show, audience, now):
    turn = opened(session, show, now)
    run(session, show, turn.closes_at + GRACE)
    voided = turn.closes_at + 10 * SECOND
    press(session, show, "void", voided, reason="Câu này có hai đáp án.")

    def read(who, at):
        bearer = Bearer("player", show.id, audience[who].id)
        return sight.notice(session, show, sight.view(session, show, bearer, now=at))

    assert read("Hal", voided) == "Câu này có hai đáp án."
    assert read("Eve", voided + 14 * SECOND - MS) == ""
    assert read("Eve", voided + 14 * SECOND) == "Câu này có hai đáp án."


def test_with_another_distance_one_goes_on_from_where_one_is(session, show, audience, now):
    first = played(session, show, now)
    lags.measured(session, show, audience["Ada"].id, "pdt", 20_000)
    lags.measured(session, show, audience["Eve"].id, "pdt", 2_000)
    at = first.board_at + 10 * SECOND
    press(session, show, "next", at)
    assert phase(session, show, audience["Ada"], at + 20 * SECOND - MS) == "BOARD"  # never back into the reveal
    assert phase(session, show, audience["Ada"], at + 20 * SECOND) == "READING"
    assert phase(session, show, audience["Eve"], at + 2 * SECOND - MS) == "REVEAL"
    assert phase(session, show, audience["Eve"], at + 2 * SECOND) == "READING"


def test_the_end_reaches_everybody_in_their_time(session, show, audience, now):
    turn = played(session, show, now)
    ended = turn.board_at + 5 * SECOND
    press(session, show, "end", ended)
    assert phase(session, show, audience["Bob"], ended + 10 * SECOND - MS) == "BOARD"
    assert phase(session, show, audience["Bob"], ended + 10 * SECOND) == "FINISHED"
    assert state(session, show, audience["Bob"], ended + 10 * SECOND)["you"]["of"] == 4


def test_a_board_holds_no_later_question_than_has_reached_the_viewer(session, show, audience, now):
    first = played(session, show, now)
    at = first.board_at + SECOND
    press(session, show, "next", at)
    second = sight.present_turn(show)
    run(session, show, second.opens_at - LEAD)
    assert answer(session, audience["Hal"], second, second.opens_at + SECOND) == "kept"
    run(session, show, second.closes_at + GRACE)
    bearer = Bearer("player", show.id, audience["Eve"].id)
    seen = sight.view(session, show, bearer, now=at + 13 * SECOND)
    assert seen.through == 1
    assert {sheet.n for sheet in results.board(session, show, through=seen.through).sheets} == {1}


def test_the_response_time_counts_from_ones_own_opening(session, show, audience, now):
    turn = opened(session, show, now)
    for name in ("Hal", "Ada", "Eve"):
        lag = BEHIND.get(name, 0) * MS
        assert answer(session, audience[name], turn, turn.opens_at + lag + 3 * SECOND) == "kept"
    run(session, show, turn.closes_at + GRACE)
    press(session, show, "reveal", turn.closes_at + GRACE + 14 * SECOND)
    totals = results.board(session, show).totals
    assert {totals[audience[name].id].response_ms for name in ("Hal", "Ada", "Eve")} == {3_000}
    assert len({totals[audience[name].id].points for name in ("Hal", "Ada", "Eve")}) == 1


def test_options_on_screen_are_noted_within_ones_own_window(session, show, audience, now):
    turn = opened(session, show, now)
    run(session, show, turn.closes_at + GRACE)
    closed = turn.closes_at + GRACE + 14 * SECOND
    players.note_shown(session, audience["Ada"].id, turn.id, now=closed - MS)
    players.note_shown(session, audience["Eve"].id, turn.id, now=closed - MS)
    assert [row.attempt_id for row in session.query(Shown)] == [audience["Eve"].id]


def test_a_newcomer_is_fixed_on_entering(session, show, audience, now):
    opened(session, show, now)
    late = make.player(session, show, "Late", now=now + 6 * SECOND)
    assert session.get(Lag, (sight.present_turn(show).id, late.id)).latency_ms == 10_000


def test_every_instant_at_which_the_show_came_to_look_different_is_known(session, show, audience, now):
    turn = played(session, show, now)
    assert sight.instants(show) == [now, turn.opens_at, turn.closes_at + GRACE, turn.revealed_at, turn.board_at]


@pytest.fixture
def questions(session):
    return make.bank(session, make.question("khai-gian-001"))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 40_000), st.integers(0, 21_000), st.booleans())
def test_a_false_claim_gains_nothing(session, questions, now, claim, thinking, follows):
    """Whatever is claimed: the question is seen when its window opens and not before, the window is as long as
    everybody's, and the response time is the time that was taken since the question was seen."""
    show = shows.new(session, questions, "Thi thử", Settings(seconds=20), now=now, seed=b"s" * 32)
    show.stream = HLS
    liar = make.player(session, show, "Mallory", now=now)
    lags.measured(session, show, liar.id, "pdt", claim)
    turn = opened(session, show, now)
    counted = min(claim, CAP_MS)
    seen_at = turn.opens_at + counted * MS
    assert "options" not in state(session, show, liar, seen_at - MS).get("turn", {})
    assert "options" in state(session, show, liar, seen_at)["turn"]
    if follows:  # another claim once the question is there
        lags.measured(session, show, liar.id, "pdt", 0 if claim else CAP_MS)
    run(session, show, seen_at + thinking * MS)
    verdict = answer(session, liar, turn, seen_at + thinking * MS)
    assert verdict == "kept"  # the full time and the grace, as for everybody
    run(session, show, turn.closes_at + GRACE)
    press(session, show, "reveal", turn.closes_at + GRACE + counted * MS)
    total = results.board(session, show).totals[liar.id]
    assert total.response_ms == min(thinking, 20_000)
