"""What screens show in front of the phase."""

from datetime import timedelta

import pytest

from quizapp.errors import Conflict
from quizapp.rules.contest import Teams
from quizapp.rules.show import Settings
from quizapp.services import players, scenes, shows, turns
from quizapp.services.players import Sent
from tests import make
from tests.services.test_draws import NOW, scene
from tests.services.test_wheels import held, offer, room

__all__ = ["scene"]


def put(session, show, name, **details):
    shows.press(session, show, "scene", {"scene": name, **details}, now=NOW)
    return scenes.body(session, show, "vi")


def test_a_break_says_what_the_host_typed_and_goes_away_again(session):
    show = make.show(session, 1, now=NOW)
    assert put(session, show, "break", text="Nghỉ 5 phút") == {"name": "break", "text": "Nghỉ 5 phút"}
    assert put(session, show, "") == {"name": ""}
    assert put(session, show, "code") == {"name": "code"}


def test_teams_are_shown_where_there_are_any(session):
    show = make.show(session, 1, settings=Settings(teams=Teams(best=2)), now=NOW)
    with pytest.raises(Conflict, match="không xếp hạng đội"):
        put(session, show, "teams")
    make.player(session, show, "Ada", now=NOW, team="Đoàn Sở Y tế")
    assert [one["team"] for one in put(session, show, "teams")["teams"]] == ["Đoàn Sở Y tế"]


def test_teams_move_only_with_what_was_revealed(session):
    show = make.show(session, 1, settings=Settings(teams=Teams(best=1), scoring="FLAT"), now=NOW)
    ada = make.player(session, show, "Ada", now=NOW, team="Đoàn Sở Y tế")
    shows.press(session, show, "next", {}, now=NOW)
    shows.press(session, show, "open", {}, now=NOW)
    turn, later = show.turns[0], NOW + timedelta(seconds=30)
    given = NOW + timedelta(seconds=2)
    players.take(session, [Sent(ada.id, turn.id, "a" * 32, (1,), given)], now=given)
    turns.lock_due(session, now=later)
    assert [one["score"] for one in put(session, show, "teams")["teams"]] == ["0,0"]
    shows.press(session, show, "reveal", {}, now=later)
    assert [one["score"] for one in scenes.body(session, show, "vi")["teams"]] == ["1,0"]


def test_the_wheel_waits_for_its_draw(session, scene):
    contest, row, *_ = scene
    show = room(session, row)
    with pytest.raises(Conflict, match="bốc thăm ở bàn làm việc"):
        put(session, show, "wheel")
    held(session, scene)
    offer(contest, row)
    shown = put(session, show, "wheel")
    assert (shown["name"], shown["prize"], shown["of"]) == ("wheel", "Giải may mắn", 4)
    assert len(shown["winners"]) == 2 and len(shown["reserves"]) == 1
