"""Who climbed most since the board before (ux §2.3)."""

from datetime import timedelta

import pytest

from quizapp.live import wire
from quizapp.rules.climb import Climb
from quizapp.rules.show import Settings
from quizapp.services import climbs, players, results, shows, sight
from tests import make
from tests.services.test_results import crowd, play

SECOND = timedelta(seconds=1)
FIRST = [f"Bạn {n}" for n in range(1, 13)]
SLOW = ["Hoa", "Lan"]


@pytest.fixture
def show(session, now):
    return make.show(session, 4, Settings(join_until=3), now=now)


@pytest.fixture
def inside(session, show, now):
    return crowd(session, show, *FIRST, *SLOW, "Eve", "Zoe", now=now)


def right(inside, names, first=1):
    return [(inside[name], 1, seconds) for seconds, name in enumerate(names, first)]


@pytest.fixture
def after_one(session, show, inside, now):
    """On the first board Eve and Zoe share the last place, the fifteenth."""
    return play(session, show, [*right(inside, FIRST), *right(inside, SLOW, 16)], now)


@pytest.fixture
def after_two(session, show, inside, after_one):
    """Eve passes two, far below the first ten, where all stand as before."""
    return play(session, show, [*right(inside, FIRST), (inside["Eve"], 1, 2)], after_one)


def told(session, show, **how):
    ((name, body),) = wire.board(session, show, "vi", **how)
    assert name == "board"
    return body.get("climb")


def test_on_the_first_board_nobody_has_climbed(session, show, after_one):
    assert climbs.largest(session, show) is None and told(session, show) is None


def test_the_largest_climb_is_found_below_the_first_ten_and_told_with_the_board(session, show, inside, after_two):
    assert climbs.largest(session, show) == Climb(inside["Eve"].id, 15, 13)
    assert told(session, show) == {"name": "Eve", "from": 15, "to": 13}
    assert "Eve" not in [line["name"] for line in sight.top(results.board(session, show))["top"]]


def test_who_is_behind_hears_of_no_climb_that_has_not_reached_them(session, show, after_two):
    assert told(session, show, through=1) is None
    assert told(session, show, through=2) == {"name": "Eve", "from": 15, "to": 13}


def test_the_climb_of_a_question_that_is_not_revealed_stays_untold(session, show, inside, after_two):
    assert told(session, show)["name"] == "Eve"
    for do in ("next", "open"):
        shows.press(session, show, do, {}, now=after_two)
    turn = sight.present_turn(show)
    sent = players.Sent(inside["Zoe"].id, turn.id, "a" * 32, (1,), turn.opens_at + SECOND)
    players.take(session, [sent], now=turn.closes_at)
    assert told(session, show, through=2) == {"name": "Eve", "from": 15, "to": 13}


def test_who_came_after_the_board_before_has_climbed_from_nowhere(session, show, inside, after_one):
    late = make.player(session, show, "Khai", now=after_one)
    play(session, show, [*right(inside, FIRST), (late, 1, 2), (inside["Eve"], 1, 3)], after_one)
    assert results.board(session, show).line(late.id).rank == 13
    assert climbs.largest(session, show) is None


def test_the_climb_has_the_name_of_now_and_goes_with_the_person(session, show, inside, after_two):
    assert told(session, show)["name"] == "Eve"
    players.rename(session, show, inside["Eve"].id, "Chị Ê", now=after_two)
    assert told(session, show)["name"] == "Chị Ê"
    players.remove(session, show, inside["Eve"].id, now=after_two)
    assert told(session, show) is None


def test_a_hidden_board_and_a_game_of_survival_tell_of_no_climb(session, show, inside, after_two, now):
    show.board_hidden = True
    assert told(session, show) is None
    game = make.show(session, 2, Settings(scoring="SURVIVAL"), now=now)
    two = crowd(session, game, "Ada", "Bob", "Dan", now=now)
    later = play(session, game, [(two["Ada"], 1, 1), (two["Bob"], 1, 2), (two["Dan"], 1, 3)], now)
    play(session, game, [(two["Dan"], 1, 1)], later)
    assert results.board(session, game).line(two["Dan"].id).rank == 1 and told(session, game) is None


def test_the_climb_of_a_board_is_counted_once(session, show, after_two, monkeypatch):
    first = climbs.largest(session, show)
    monkeypatch.setattr(climbs.climb, "largest", None)
    assert climbs.largest(session, show) == first is not None
