"""A show that leads itself, from the first question to the end."""

from datetime import timedelta

import msgspec
import pytest

from quizapp.models import HostPress
from quizapp.rules.autopilot import Plan
from quizapp.rules.turn import Phase, phase
from quizapp.services import autopilots, shows, sight, turns
from tests import make

SECOND = timedelta(seconds=1)


@pytest.fixture
def room(session, now):
    return make.show(session, 2, now=now)


def run(session, room, start, seconds, step=0.5):
    """Let the clock go on; returns when what was pressed, in seconds from the start."""
    pressed = []
    for tick in range(int(seconds / step)):
        at = start + tick * step * SECOND
        turns.open_due(session, now=at)
        turns.lock_due(session, now=at)
        if autopilots.press_due(session, now=at):
            pressed.append((tick * step, session.query(HostPress).order_by(HostPress.id.desc()).first().press))
        session.expire_all()
    return pressed


def test_a_show_leads_itself_to_its_end(session, room, now):
    autopilots.set_plan(room, Plan(after_lock=2, after_reveal=5, after_board=4, starts_at=now + 3 * SECOND))
    shows.press(session, room, "auto", {"on": True}, now=now)
    pressed = run(session, room, now, 100)
    assert [press for _, press in pressed] == ["next", "reveal", "board", "next", "reveal", "board", "end"]
    assert pressed[0] == (3.0, "next")
    # read for 5 s, answered for 20 s, 2 s of grace, and then the gap of each step
    assert [at for at, _ in pressed[1:4]] == [32.0, 37.0, 41.0]
    assert room.ended_at is not None and room.autopilot_since is None
    assert autopilots.next_due(session, now=now + 200 * SECOND) is None


def test_the_host_starts_a_show_whose_plan_has_no_start_and_a_pause_holds_it(session, room, now):
    shows.press(session, room, "auto", {}, now=now)
    assert room.autopilot == msgspec.to_builtins(Plan())
    assert run(session, room, now, 10) == []
    shows.press(session, room, "next", {}, now=now + 10 * SECOND)
    shows.press(session, room, "pause", {}, now=now + 12 * SECOND)
    assert run(session, room, now + 12 * SECOND, 60) == []
    shows.press(session, room, "resume", {}, now=now + 72 * SECOND)
    assert room.autopilot_since == now + 72 * SECOND
    assert [press for _, press in run(session, room, now + 72 * SECOND, 40)] == ["reveal"]
    shows.press(session, room, "auto", {}, now=now + 112 * SECOND)
    assert room.autopilot_since is None
    assert run(session, room, now + 112 * SECOND, 60) == []


def test_questions_open_at_their_cues(session, room, now):
    autopilots.set_plan(room, Plan(after_lock=1, after_reveal=1, after_board=1, starts_at=now))
    room.turns[0].cue_ms, room.turns[1].cue_ms = 12_300, 70_000
    shows.press(session, room, "auto", {"on": True}, now=now)
    assert autopilots.next_due(session, now=now) == now + 6.3 * SECOND
    run(session, room, now, 60)
    assert room.turns[0].opens_at == now + timedelta(milliseconds=12_300)
    assert phase(sight.position(room), now + 60 * SECOND) is Phase.BOARD
    run(session, room, now + 60 * SECOND, 20)
    assert room.turns[1].opens_at == now + 70 * SECOND


def test_what_the_host_pressed_first_is_left_alone(session, room, now, monkeypatch):
    autopilots.set_plan(room, Plan(starts_at=now))
    shows.press(session, room, "auto", {"on": True}, now=now)
    found = autopilots.due(session, room, now=now)
    shows.press(session, room, "next", {}, now=now)
    monkeypatch.setattr(autopilots, "due", lambda session, show, *, now: found)  # as another process still sees it
    assert autopilots.press_due(session, now=now) == 0
    assert room.position == 1
