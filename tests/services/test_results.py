"""The board of a free room by whatever it is played, and what is kept of it."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, text

from quizapp import models
from quizapp.rules import contest as rulebook
from quizapp.rules.show import Settings
from quizapp.services import live_totals, players, results, shows, sight, turn_sheets, turns
from quizapp.services.players import Sent
from tests import make

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def nothing_kept():
    for kept in (turn_sheets._kept_sheets, results._kept_boards, live_totals._kept_totals):
        kept.clear()


def crowd(session, show, *names, now, **teams):
    return {name: make.player(session, show, name, team=teams.get(name), now=now) for name in names}


def play(session, show, answers, now):
    """One question from reading to the board; answers are (player, number, seconds). Returns a moment after it."""
    for do in ("next", "open"):
        shows.press(session, show, do, {}, now=now)
    turn = sight.present_turn(show)
    for player, value, seconds in answers:
        m = f"{abs(hash((player.id, turn.id))):032x}"[-32:]
        sent = Sent(player.id, turn.id, m, (value,), turn.opens_at + seconds * SECOND)
        assert players.take(session, [sent], now=turn.closes_at)[0].verdict == "kept"
    later = turn.closes_at + 2 * SECOND
    turns.lock_due(session, now=later)
    for do in ("reveal", "board"):
        shows.press(session, show, do, {}, now=later)
    return later + SECOND


def listed(session, show):
    return [(line.rank, line.name, line.points) for line in results.board(session, show).standings]


def test_nearest_goes_by_distance_and_then_by_time(session, now):
    asked = [make.question("so-1", kind="number", key=(15,))]
    show = make.show(session, asked, Settings(scoring="NEAREST"), now=now)
    inside = crowd(session, show, "Ada", "Bob", "Hoa", "Lan", "Minh", now=now)
    play(
        session,
        show,
        [(inside["Ada"], 14, 9), (inside["Bob"], 16, 3), (inside["Hoa"], 15, 19), (inside["Lan"], 99, 1)],
        now,
    )
    assert listed(session, show) == [(1, "Hoa", 4), (2, "Bob", 2), (3, "Ada", 2), (4, "Lan", 1), (5, "Minh", 0)]
    top = sight.top(results.board(session, show))["top"]
    assert [line.get("off") for line in top] == [0, 1, 1, 84, None]


def test_survival_in_a_free_room_says_who_is_in_and_how_many_are_left(session, now):
    show = make.show(session, 3, Settings(scoring="SURVIVAL", rescues=(rulebook.Rescue(after=2),)), now=now)
    inside = crowd(session, show, "Ada", "Bob", "Hoa", now=now)
    assert results.bell(session, show).field == {one.id for one in inside.values()}
    later = play(session, show, [(inside["Ada"], 1, 1), (inside["Bob"], 1, 2)], now)
    body = sight.top(results.board(session, show))
    assert body["left"] == 2 and [line["in"] for line in body["top"]] == [True, True, False]
    assert sight.own(results.board(session, show), inside["Hoa"].id, None) == {
        "points": 0,
        "rank": 3,
        "of": 3,
        "in": False,
    }
    later = play(session, show, [(inside["Ada"], 1, 1)], later)  # the rescue follows
    assert results.bell(session, show).field == {one.id for one in inside.values()}
    play(session, show, [(inside["Hoa"], 1, 1)], later)
    ended = results.bell(session, show)
    assert ended.next == "over" and ended.winners == {inside["Hoa"].id}
    assert listed(session, show)[0] == (1, "Hoa", 3)


def test_another_game_has_no_bell(session, now):
    show = make.show(session, 1, now=now)
    assert results.bell(session, show) is None and "left" not in sight.top(results.board(session, show))


def test_reserves_that_stand_by_take_nothing_from_the_points(session, now):
    bank = make.bank(session, *(make.question(f"du-{n}") for n in range(1, 8)))
    show = shows.new(session, bank[:5], "Thi thử", Settings(), now=now, reserves=bank[5:])
    ada = make.player(session, show, "Ada", now=now)
    play(session, show, [(ada, 1, 1)], now)
    assert results.board(session, show).line(ada.id).points == 1_199  # B = 199 with five planned questions


def test_teams_of_a_free_room_count_members_who_answered(session, now):
    teams = rulebook.Teams(best=2, policy="MEAN_PRESENT")
    show = make.show(session, 1, Settings(scoring="FLAT", teams=teams), now=now)
    inside = crowd(session, show, "Ada", "Bob", "Hoa", "Lan", now=now, Ada="Tổ 1", Bob="Tổ 1", Hoa="Tổ 2")
    play(session, show, [(inside["Ada"], 1, 1), (inside["Hoa"], 2, 1), (inside["Lan"], 1, 1)], now)
    assert sight.top(results.board(session, show), "en")["teams"] == [
        {"rank": 1, "team": "Tổ 1", "score": "1.0", "present": 1},
        {"rank": 2, "team": "Tổ 2", "score": "0.0", "present": 1},
    ]


def test_the_board_of_an_earlier_turn_leaves_out_what_was_locked_later(session, now):
    show = make.show(session, 2, now=now)
    ada = make.player(session, show, "Ada", now=now)
    later = play(session, show, [(ada, 1, 1)], now)
    first = results.board(session, show)
    play(session, show, [(ada, 1, 1)], later)
    assert results.board(session, show, through=1) == first
    assert results.board(session, show).line(ada.id).correct == 2
    assert results.board(session, show, through=0).line(ada.id).points == 0


def test_a_board_is_kept_until_something_in_it_changes(session, now, monkeypatch):
    show = make.show(session, 2, now=now)
    inside = crowd(session, show, "Ada", "Bob", now=now)
    later = play(session, show, [(inside["Ada"], 1, 1)], now)
    built = []
    build = results._build
    monkeypatch.setattr(results, "_build", lambda *given: built.append(given) or build(*given))
    shown = [results.board(session, show) for _ in range(3)]
    assert len(built) == 1 and shown[0] == shown[1] == shown[2]
    players.remove(session, show, inside["Bob"].id, now=later)
    assert len(results.board(session, show).standings) == 1
    show.turns[0].voided_at = later
    assert results.board(session, show).line(inside["Ada"].id).points == 0
    assert len(built) == 3


def test_a_room_with_the_numbers_of_one_that_was_removed_has_a_board_of_its_own(session, now):
    numbers = []
    for n in range(2):  # first a rehearsal, then the real room
        begins = now + n * timedelta(hours=1)
        show = make.show(session, 1, now=begins)
        ada = crowd(session, show, "Ada", now=begins)["Ada"]
        play(session, show, [(ada, 1, 1)], begins)
        assert [(rank, name) for rank, name, points in listed(session, show) if points] == [(1, "Ada")]
        numbers.append((show.id, show.turns[0].id))
        session.execute(delete(models.Show))
        session.execute(text("DELETE FROM sqlite_sequence"))  # as where the numbers of removed rows come again
        session.expire_all()
    assert numbers[0] == numbers[1]


def test_a_new_name_is_on_the_board_at_once(session, now):
    show = make.show(session, 1, now=now)
    ada = make.player(session, show, "Ada", now=now)
    play(session, show, [(ada, 1, 1)], now)
    assert listed(session, show)[0][1] == "Ada"
    players.rename(session, show, ada.id, "Hoa Sen", now=now)
    assert listed(session, show)[0][1] == "Hoa Sen"


def test_only_so_many_boards_and_totals_are_kept(session, now, monkeypatch):
    monkeypatch.setattr(results, "_MOST_BOARDS", 1)
    monkeypatch.setattr(live_totals, "_MOST_TOTALS", 1)
    show = make.show(session, 2, now=now)
    ada = make.player(session, show, "Ada", now=now)
    later = play(session, show, [(ada, 1, 1)], now)
    before = results.board(session, show)
    play(session, show, [(ada, 1, 1)], later)
    results.board(session, show)
    assert len(results._kept_boards) == len(live_totals._kept_totals) == 1
    assert results.board(session, show, through=1) == before


def test_beside_a_stream_nothing_is_kept_before_the_reveal(session, now):
    """Viewers who are behind may still answer until then."""
    show = make.show(session, 1, now=now)
    show.stream = {"provider": "hls", "id": "https://example.vn/a.m3u8"}
    ada = make.player(session, show, "Ada", now=now)
    for do in ("next", "open"):
        shows.press(session, show, do, {}, now=now)
    turn = sight.present_turn(show)
    turns.lock_due(session, now=turn.closes_at + 2 * SECOND)
    assert results.board(session, show).line(ada.id).points == 0
    assert not results._kept_boards and not turn_sheets._kept_sheets
    late = Sent(ada.id, turn.id, "a" * 32, (1,), turn.closes_at + 5 * SECOND)
    assert players.take(session, [late], now=late.read_at)[0].verdict == "kept"
    assert results.board(session, show).line(ada.id).correct == 1


def test_somebody_of_nobodys_contest_is_ranked_nowhere_in_its_room(session, now):
    contest = make.contest(session, (make.live_rules(),))
    row = contest.rounds[0]
    kept = make.committed(session, row, make.question("huu-tri-001"))
    show = make.show(session, 1, now=now)
    show.round_id = row.id
    show.turns[0].version_id, show.turns[0].round_question_id = None, kept[0].id
    session.flush()
    ada = make.player(session, show, "Ada", now=now)
    play(session, show, [(ada, 1, 1)], now)
    board = results.board(session, show)
    assert board.standings == () and board.aside[ada.id].points == 1
    live_totals.hand_in(session, show, now=now)
    assert live_totals.of_round(session, row, contest_part(contest)) == []


def contest_part(contest):
    return rulebook.from_json(contest.settings).rounds[0].live


def test_a_free_room_hands_nothing_in_and_notes_no_connection(session, now):
    show = make.show(session, 1, now=now)
    ada = make.player(session, show, "Ada", now=now)
    live_totals.note_connected(session, show, [ada.id])
    live_totals.hand_in(session, show, now=now)
    row = session.get(models.Attempt, ada.id)
    assert row.connected is None and row.handed_in_at is None
