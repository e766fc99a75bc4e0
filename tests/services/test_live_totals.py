"""What live rounds of contests come to: handed in with the room, counted as decided, marked again after a decision."""

from datetime import timedelta

import pytest

from quizapp import models
from quizapp.models import Attempt, Participation
from quizapp.services import contests, live_totals, results, sight
from tests import make, played
from tests.played import SECOND, Stage


@pytest.fixture
def stage(session):
    """A room with three questions and a reserve; Ada and Bob are in it."""
    rules = make.contest_rules((make.live_rules(part={"scoring": "ACCURACY_FIRST"}),))
    contest, hana, otto = played.contest(session, rules)
    made = Stage(session, contest, contest.rounds[0], (hana, otto), "AAAA", reserves=1)
    for name in ("Ada", "Bob"):
        made.enter(name, played.registered(session, contest, name))
    return made


def part(stage):
    return contests.settings(stage.row.contest).rounds[0].live


def sittings(stage):
    names = {id: name for name, id in stage.inside.items()}
    return {names[one.id]: one for one in live_totals.of_round(stage.session, stage.row, part(stage))}


def decide(stage, n, policy, also=None):
    """A decision on the question of turn `n`, as it is kept."""
    asked = stage.show.turns[n - 1].round_question
    asked.void, asked.also = policy, also
    stage.session.flush()


def attempt(stage, name):
    return stage.session.get(Attempt, stage.inside[name])


def test_attempts_end_with_the_last_question_when_the_host_ends_the_show(stage, session):
    for answer in ("A", "B", "A"):
        last = stage.ask({"Ada": (answer, 5.75)})
    stage.press("end")
    ada, bob = attempt(stage, "Ada"), attempt(stage, "Bob")
    assert (ada.score, ada.asked, ada.answered, ada.handed_in_at) == (2, 3, 3, last.closes_at)
    assert (bob.score, bob.answered, bob.points, bob.handed_in_by) == (0, 0, 0, "auto")
    held = {one.contestant_id: one for one in session.query(Participation)}
    assert held[ada.contestant_id].valid == 1 and held[ada.contestant_id].best_correct == 2
    assert held[bob.contestant_id].valid == 0 and held[bob.contestant_id].started == 1


def test_who_came_after_the_last_question_ended_with_coming(stage, session):
    for _ in range(3):
        stage.ask({"Ada": ("A", 5)})
    late = played.registered(session, stage.row.contest, "Lan")
    came = stage.show.turns[2].closes_at + SECOND
    seat = Attempt(
        mode="live", show_id=stage.show.id, round_id=stage.row.id, contestant_id=late.id, no=1, token_hash="t",
        started_at=came,
    )  # fmt: skip
    session.add(seat)
    stage.press("end")
    assert seat.handed_in_at == came and attempt(stage, "Ada").handed_in_at < came


def test_a_room_in_which_nothing_was_asked_is_handed_in_empty(stage):
    stage.press("end")
    assert attempt(stage, "Ada").handed_in_at == stage.now and sittings(stage) == {}


def test_what_was_voided_on_air_counts_as_never_asked_and_its_reserve_in_its_place(stage):
    stage.ask({"Ada": ("A", 1), "Bob": ("A", 1)})
    stage.ask({"Ada": ("A", 1)})
    stage.void()
    stage.ask({"Ada": ("B", 1), "Bob": ("A", 1)})  # the reserve, next at once
    assert sight.present_turn(stage.show).reserve
    stage.ask({"Bob": ("A", 1)})
    found = sittings(stage)
    assert {name: (one.correct, one.of, one.answered) for name, one in found.items()} == {
        "Ada": (1, 3, 3),
        "Bob": (3, 3, 3),
    }
    assert stage.named() == [(1, "Bob"), (2, "Ada")]


@pytest.mark.parametrize(
    ("policy", "also", "ada", "bob"),
    [
        ("GIVE_ALL", None, (3, 3), (2, 3)),
        ("REMOVE", None, (2, 2), (1, 2)),
        ("ACCEPT_ALSO", [1], (3, 3), (1, 3)),
    ],
)
def test_a_decision_afterwards_counts_for_everybody_and_marks_the_attempts_again(stage, policy, also, ada, bob):
    for n in range(3):
        stage.ask({"Ada": ("B" if n == 1 else "A", 1), "Bob": ("A" if n == 2 else "C", 1)})
    stage.press("end")
    decide(stage, 2, policy, also)
    changed = live_totals.keep(stage.session, stage.row, part(stage))
    stage.session.expire_all()
    found = sittings(stage)
    assert {name: (one.correct, one.of) for name, one in found.items()} == {"Ada": ada, "Bob": bob}
    assert (attempt(stage, "Ada").score, attempt(stage, "Ada").asked) == ada
    assert {one.stored.attempt_id for one in changed} >= {stage.inside["Ada"]}
    board = results.board(stage.session, stage.show)
    assert (board.line(stage.inside["Ada"]).correct, board.line(stage.inside["Bob"]).correct) == (ada[0], bob[0])


def test_a_viewer_further_behind_has_as_much_time(stage, session):
    """The same seconds after one's own opening earn the same points; what L was stays with the answer."""
    stage.press("next", "open")
    turn = sight.present_turn(stage.show)
    session.add(models.Lag(turn_id=turn.id, attempt_id=stage.inside["Bob"], latency_ms=9_000, method="tap"))
    session.flush()
    for name, seconds in (("Ada", 5.75), ("Bob", 14.75)):
        at = turn.opens_at + seconds * SECOND
        session.add(
            models.Answer(
                attempt_id=stage.inside[name], question_id=turn.question_id, turn_id=turn.id, n=1, m=name, chosen=[0],
                given_at=at, verdict="ok",
            )
        )  # fmt: skip
    turn.lock_told = True
    turn.board_at = turn.closes_at
    session.flush()
    board = results.board(session, stage.show)
    assert {line.response_ms for line in board.standings} == {5_700}  # in the published steps
    assert len({line.points for line in board.standings}) == 1


def test_rehearsals_count_for_nothing(stage, session):
    stage.ask({"Ada": ("A", 1)})
    assert len(sittings(stage)) == 2
    stage.show.rehearses_id = stage.show.id
    session.flush()
    assert sittings(stage) == {}
    live_totals.hand_in(session, stage.show, now=stage.now)
    assert attempt(stage, "Ada").handed_in_at is None


def test_the_last_lock_says_who_was_connected(stage, session):
    stage.away = {"Bob"}
    stage.ask({"Ada": ("A", 1), "Bob": ("A", 1)})
    session.expire_all()
    assert (attempt(stage, "Ada").connected, attempt(stage, "Bob").connected) == (True, False)
    stage.away = {"Ada"}
    stage.ask({"Bob": ("A", 1)})
    session.expire_all()
    assert (attempt(stage, "Ada").connected, attempt(stage, "Bob").connected) == (False, True)


def test_an_outage_of_the_server_costs_nobody_points(stage, session):
    turn = stage.ask({"Ada": ("A", 15.75), "Bob": ("A", 1)})
    assert stage.board.line(stage.inside["Ada"]).response_ms == 15_700
    gap = {"at": round((turn.opens_at + 3 * SECOND - models.EPOCH) / timedelta(microseconds=1)), "ms": 10_000}
    turn.outages = [gap]
    session.flush()
    assert stage.board.line(stage.inside["Ada"]).response_ms == 5_700
