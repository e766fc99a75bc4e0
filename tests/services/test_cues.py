"""The timeline of a show: planned before it, changed while it runs."""

from datetime import timedelta

import pytest

from quizapp.errors import Conflict, NotFound
from quizapp.rules.autopilot import Plan
from quizapp.services import autopilots, cues
from tests import make


@pytest.fixture
def show(session):
    return make.show(session)


def ids(show):
    return [row.id for row in show.turns]


def set_cues(show):
    return [row.cue_ms for row in show.turns]


def test_questions_are_planned_one_after_the_other(session, show, now):
    first, second, third = ids(show)
    how = Plan(after_reveal=20, starts_at=now)
    cues.plan(session, show, how, {first: 60_000, second: None, third: 300_000})
    assert set_cues(show) == [60_000, None, 300_000]
    assert autopilots.plan_of(show) == how
    line = cues.timeline(show)
    assert [one.n for one in line] == [1, 2, 3]
    assert line[1].expected_ms > 80_000
    assert [one.late_ms for one in line] == [0, 0, 0]


def test_a_cue_that_cannot_be_kept_says_how_late_it_will_be(session, show):
    first, second, _ = ids(show)
    cues.plan(session, show, Plan(after_lock=3, after_reveal=12, after_board=8), {first: 10_000, second: 20_000})
    # opened at 10 s, 20 s long, 2 s of grace, 23 s between, 5 s to read the next
    assert cues.timeline(show)[1].expected_ms == 60_000
    assert cues.timeline(show)[1].late_ms == 40_000


def test_cues_against_the_order_of_the_questions_are_refused(session, show):
    first, second, _ = ids(show)
    with pytest.raises(Conflict, match="tăng dần"):
        cues.plan(session, show, Plan(), {first: 60_000, second: 30_000})
    assert set_cues(show) == [None, None, None]


def test_what_was_shown_is_not_planned_any_more(session, show, now):
    first, second, _ = ids(show)
    show.turns[0].reading_at = now
    cues.plan(session, show, Plan(), {first: 60_000, second: 30_000})
    assert set_cues(show) == [None, 30_000, None]
    assert [one.begun for one in cues.timeline(show)] == [True, False, False]
    with pytest.raises(Conflict, match="đã được đưa ra"):
        cues.set_now(session, show, first, now=now)


def test_a_question_set_to_now_opens_after_the_time_to_read_it(session, show, now):
    first, second, third = ids(show)
    cues.plan(session, show, Plan(starts_at=now), {first: 60_000, second: 70_000, third: 300_000})
    assert cues.set_now(session, show, first, now=now + timedelta(seconds=80)) == 85_000
    assert set_cues(show) == [85_000, None, 300_000]  # the second would have been before the first


def test_without_a_start_the_show_starts_with_the_question_set_to_now(session, show, now):
    first = ids(show)[0]
    assert cues.set_now(session, show, first, now=now) == 5_000
    assert autopilots.plan_of(show).starts_at == now


def test_a_question_of_another_show_is_not_there(session, show, now):
    with pytest.raises(NotFound):
        cues.set_now(session, show, 10_000, now=now)


def test_a_reserve_that_was_not_called_has_no_place_on_the_timeline(session, show, now):
    show.turns[2].standby = True
    assert len(cues.timeline(show)) == 2
    with pytest.raises(NotFound):
        cues.set_now(session, show, show.turns[2].id, now=now)


def test_nothing_is_planned_after_the_end(session, show, now):
    show.ended_at = now
    with pytest.raises(Conflict):
        cues.plan(session, show, Plan(), {})


def test_a_playlist_gets_what_was_opened_and_what_is_planned(session, show, now):
    first, second, _ = ids(show)
    cues.plan(session, show, Plan(starts_at=now), {first: 60_000, second: 120_000})
    show.turns[0].opens_at = now + timedelta(seconds=63)
    show.offset_ms = 500
    stamps = [line.split('START-DATE="')[1][:23] for line in cues.lines(show)]
    assert stamps == ["2026-03-02T12:01:03.500", "2026-03-02T12:02:00.500"]
    assert cues.lines(show)[0].startswith(f'#EXT-X-DATERANGE:ID="{show.code}-{first}"')
