from datetime import timedelta

import pytest

from quizapp import models
from quizapp.errors import Conflict, Unreadable
from quizapp.rules.contest import Teams
from quizapp.rules.show import Settings
from quizapp.services import contest_rooms, figures, live_totals, players, rehearsals, sheets, shows, turns
from tests import make

NOW = make.MADE
SECOND = timedelta(seconds=1)


@pytest.fixture
def hana(session):
    return make.person(session, "hana")


@pytest.fixture
def bank(session):
    return make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 21)))


@pytest.fixture
def room(session, bank, hana):
    """A contest's room of three questions and one reserve."""
    return make.contest_room(session, make.contest(session, (make.live_rules(),), owner=hana), hana)


@pytest.fixture
def rehearsal(session, room, hana):
    return rehearsals.begin(session, room, 20, hana.id, now=NOW)


def robots(session, show):
    return session.query(models.Attempt).filter_by(show_id=show.id, holder=rehearsals.ROBOT).all()


def fill(session, show, now=NOW):
    for _ in range(60):
        rehearsals.move(session, show.id, now=now)


def asked(show):
    return {turn.question_id for turn in show.turns}


# ── Making ──


def test_a_rehearsal_has_the_rules_of_its_room_and_other_questions(session, room, rehearsal):
    committed = {one.question_id for one in session.query(models.RoundQuestion)}
    assert not asked(rehearsal) & (asked(room) | committed)
    assert [turn.standby for turn in rehearsal.turns] == [False, False, False, True]
    assert rehearsal.settings == room.settings and rehearsal.rehearses_id == room.id
    assert rehearsal.round_id is None and rehearsal.title == "Buổi tập – Tuần 1"


def test_the_stream_and_the_cues_are_rehearsed_too(session, room, hana):
    room.stream, room.offset_ms, room.autopilot = {"provider": "hls", "id": "x"}, 70, {"after_lock": 1}
    room.turns[1].cue_ms = 90_000
    made = rehearsals.begin(session, room, 1, hana.id, now=NOW)
    assert (made.stream, made.offset_ms, made.autopilot) == (room.stream, 70, {"after_lock": 1})
    assert [turn.cue_ms for turn in made.turns] == [None, 90_000, None, None]


def test_a_free_room_is_rehearsed_with_what_it_does_not_ask(session, bank):
    real = shows.from_bank(session, "huu-tri", 8, "Thử", Settings(), now=NOW)
    made = rehearsals.begin(session, real, 5, None, now=NOW)
    assert len(made.turns) == 8 and not asked(real) & asked(made)


def test_a_rehearsal_takes_the_place_of_the_one_before(session, room, rehearsal, hana):
    again = rehearsals.begin(session, room, 5, hana.id, now=NOW + SECOND)
    assert rehearsal.ended_at == NOW + SECOND and again.ended_at is None


def test_what_cannot_be_rehearsed_is_refused_with_the_reason(session, room, rehearsal, hana):
    with pytest.raises(Conflict, match="đã là một buổi tập"):
        rehearsals.begin(session, rehearsal, 5, hana.id, now=NOW)
    for number in (0, 301):
        with pytest.raises(Unreadable, match="1 đến 300"):
            rehearsals.begin(session, room, number, hana.id, now=NOW)
    room.position = 1
    with pytest.raises(Conflict, match="đã bắt đầu"):
        rehearsals.begin(session, room, 5, hana.id, now=NOW)


def test_a_bank_without_other_questions_cannot_be_rehearsed_with(session):
    real = make.show(session, 3)
    with pytest.raises(Conflict, match="không còn câu hỏi"):
        rehearsals.begin(session, real, 5, None, now=NOW)


# ── The simulated players ──


def test_simulated_players_enter_a_few_at_a_time_until_all_are_there(session, rehearsal):
    assert list(rehearsals.running(session, now=NOW)) == [rehearsal.id]
    rehearsals.move(session, rehearsal.id, now=NOW)
    assert 0 < len(robots(session, rehearsal)) < 20
    fill(session, rehearsal)
    assert len(robots(session, rehearsal)) == 20
    assert len({robot.name for robot in robots(session, rehearsal)}) == 20


def test_they_belong_to_teams_where_there_are_teams(session, bank):
    real = shows.from_bank(session, "huu-tri", 3, "Thử", Settings(teams=Teams(best=2)), now=NOW)
    made = rehearsals.begin(session, real, 8, None, now=NOW)
    fill(session, made)
    assert len({robot.team for robot in robots(session, made)}) == 6


def test_nobody_enters_a_locked_room(session, rehearsal):
    rehearsal.locked = True
    fill(session, rehearsal)
    assert robots(session, rehearsal) == []


def test_they_answer_at_their_moment_once_and_through_the_same_gate(session, rehearsal):
    fill(session, rehearsal)
    shows.press(session, rehearsal, "next", {}, now=NOW)
    row = rehearsal.turns[0]
    rehearsals.move(session, rehearsal.id, now=NOW)
    assert session.query(models.Answer).count() == 0  # it is still being read
    turns.open_due(session, now=row.opens_at)
    half = row.opens_at + (row.closes_at - row.opens_at) / 2
    rehearsals.move(session, rehearsal.id, now=half)
    first = session.query(models.Answer).count()
    rehearsals.move(session, rehearsal.id, now=row.closes_at)
    rehearsals.move(session, rehearsal.id, now=row.closes_at)
    answers = session.query(models.Answer).all()
    assert 0 < first < len(answers) <= 20
    assert {one.verdict for one in answers} == {"ok"} and len({one.attempt_id for one in answers}) == len(answers)
    assert all(row.opens_at < one.given_at < row.closes_at for one in answers)


def test_a_person_plays_among_them(session, rehearsal):
    fill(session, rehearsal)
    ada = make.player(session, rehearsal, "Ada", now=NOW)
    assert ada.holder == "" and len(players.present(session, rehearsal)) == 21


# ── Ending ──


def test_a_rehearsal_ends_wherever_it_stands_and_is_removed_as_a_whole(session, room, rehearsal):
    fill(session, rehearsal)
    shows.press(session, rehearsal, "next", {}, now=NOW)
    assert list(rehearsals.leftovers(session)) == []
    rehearsals.throw_away(session, rehearsal, now=NOW)
    assert rehearsal.ended_at == NOW and rehearsal.turns[0].lock_told
    assert list(rehearsals.running(session, now=NOW)) == []
    gone = rehearsal.id
    rehearsals.move(session, gone, now=NOW)
    rehearsals.remove(session, gone)
    assert session.get(models.Show, gone) is None
    assert session.query(models.Attempt).count() == session.query(models.HostPress).filter_by(show_id=gone).count() == 0
    assert session.query(models.Turn).count() == len(room.turns)


def test_only_what_is_left_over_is_removed(session, room, rehearsal):
    for show in (room, rehearsal):
        rehearsals.remove(session, show.id)
        assert session.get(models.Show, show.id) is not None


def test_a_room_that_is_no_rehearsal_is_not_thrown_away(session, room):
    with pytest.raises(Conflict, match="không phải buổi tập"):
        rehearsals.throw_away(session, room, now=NOW)


def test_a_forgotten_rehearsal_ends_by_itself(session, rehearsal):
    assert rehearsals.end_old(session, now=NOW + rehearsals.LIFE - SECOND) == 0
    assert rehearsals.end_old(session, now=NOW + rehearsals.LIFE) == 1
    assert rehearsal.ended_at is not None and rehearsals.end_old(session, now=NOW + rehearsals.LIFE) == 0


def test_a_room_that_is_gone_needs_no_players(session):
    rehearsals.move(session, 999, now=NOW)


def test_a_room_taken_away_is_left_over(session, room, hana):
    row = session.get(models.Round, room.round_id)
    contest_rooms.discard(session, row.contest, row, hana.id, now=NOW)
    rehearsals.remove(session, room.id)
    assert session.query(models.Show).count() == 0


# ── Nothing real ──


def test_no_answer_of_a_rehearsal_reaches_the_figures_or_the_round(session, room, rehearsal):
    fill(session, rehearsal)
    shows.press(session, rehearsal, "next", {}, now=NOW)
    row = rehearsal.turns[0]
    turns.open_due(session, now=row.opens_at)
    rehearsals.move(session, rehearsal.id, now=row.closes_at)
    row.lock_told, row.revealed_at = True, row.closes_at
    rehearsals.throw_away(session, rehearsal, now=NOW)
    assert session.query(models.Answer).count() > 0
    found = sheets.gather(session)
    assert (found.turns, found.players, found.plays) == (0, 0, ())
    assert not figures.exposure(session, now=row.closes_at)
    round = session.get(models.Round, room.round_id)
    assert live_totals.of_round(session, round, contest_rooms.part_of(round.contest, round)[1]) == []
