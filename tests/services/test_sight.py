"""What a browser may know at each moment, and the results behind it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from quizapp.models import Shown
from quizapp.rules.show import Settings
from quizapp.services import live_totals, players, results, shows, sight, turn_sheets, turns
from quizapp.services.players import Sent
from quizapp.services.tokens import Bearer
from tests import make

SECOND = timedelta(seconds=1)
VIEWER = Bearer("viewer", 1)


@pytest.fixture
def show(session, now):
    return make.show(session, 3, now=now)


@pytest.fixture
def ada(session, show, now):
    return make.player(session, show, "Ada", now=now)


@pytest.fixture
def bob(session, show, now):
    return make.player(session, show, "Bob", now=now)


def press(session, show, *presses, at):
    for do in presses:
        shows.press(session, show, do, {}, now=at)
    return sight.present_turn(show)


def answer(session, player, turn, chosen=(1,), at=1.0, m=None):
    read_at = turn.opens_at + at * SECOND
    m = m or f"{hash((player.id, turn.id, at)) & (2**128 - 1):032x}"
    return players.take(session, [Sent(player.id, turn.id, m, chosen, read_at)], now=read_at)[0].verdict


def play(session, show, answers, at):
    """One whole question; returns the moment after its reveal."""
    turn = press(session, show, "next", "open", at=at)
    for player, chosen, seconds in answers:
        assert answer(session, player, turn, chosen, seconds) == "kept"
    later = turn.closes_at + 2 * SECOND
    turns.lock_due(session, now=later)
    press(session, show, "reveal", at=later)
    return later


def state(session, show, bearer, now, language="vi"):
    return sight.state(session, show, bearer, language, now=now)


def test_the_lobby_tells_how_many_are_there(session, show, ada, now):
    body = state(session, show, VIEWER, now)
    assert body == {"phase": "LOBBY", "now": 1772452800000, "joined": 1, "answers": []}


def test_reading_tells_the_stem_and_no_option(session, show, ada, now):
    press(session, show, "next", at=now)
    turn = state(session, show, VIEWER, now)["turn"]
    assert set(turn) == {"turn", "n", "of", "kind", "stem", "short", "opens_at", "now"}
    assert turn["opens_at"] == 1772452805000


def test_the_opening_is_unknown_while_the_host_holds_the_show(session, show, now):
    press(session, show, "next", "pause", at=now)
    assert state(session, show, VIEWER, now)["turn"]["opens_at"] is None


def test_open_and_locked_tell_stem_and_options_and_no_key(session, show, ada, now):
    turn = press(session, show, "next", "open", at=now)
    fields = {"turn", "n", "of", "kind", "stem", "short", "options", "opens_at", "closes_at", "now"}
    assert set(state(session, show, VIEWER, turn.opens_at)["turn"]) == fields
    turns.lock_due(session, now=turn.closes_at + 2 * SECOND)
    body = state(session, show, Bearer("player", show.id, ada.id), turn.closes_at + 2 * SECOND)
    assert body["phase"] == "LOCKED" and set(body["turn"]) == fields and "you" not in body


def test_before_the_lock_nothing_depends_on_the_key(session, now):
    rooms = []
    for key in (0, 3):
        asked = [replace(make.question(f"k{key}-1", key=(key,)), id="same")]
        made = make.show(session, [replace(asked[0], id=f"k{key}-1")], now=now)
        made.turns[0].option_order = [0, 1, 2, 3]
        rooms.append(made)
    bodies = []
    for made in rooms:
        turn = press(session, made, "next", "open", at=now)
        ada = make.player(session, made, "Ada", now=now)
        verdict = answer(session, ada, turn, (3,))
        body = state(session, made, Bearer("player", made.id, ada.id), turn.opens_at + 2 * SECOND)
        del body["turn"]["turn"], body["answers"][0]["turn"]
        bodies.append((verdict, body))
    assert bodies[0] == bodies[1]


def test_ones_own_answers_are_told_after_coming_back(session, show, ada, now):
    turn = press(session, show, "next", "open", at=now)
    answer(session, ada, turn, (2,), 1)
    answer(session, ada, turn, (1,), 2)
    body = state(session, show, Bearer("player", show.id, ada.id), turn.opens_at + 3 * SECOND)
    assert body["answers"] == [{"turn": turn.id, "o": [1], "verdict": "kept"}]


def test_the_reveal_tells_key_basis_explanation_and_counts(session, show, ada, bob, now):
    later = play(session, show, [(ada, (1,), 1), (bob, (2,), 3)], now)
    turn = state(session, show, VIEWER, later)["turn"]
    assert turn["key"] == [1]
    assert turn["basis"] == {"text": "Căn cứ: Điều 64 khoản 1 Luật số 41/2024/QH15", "href": "/luat/dieu-64#khoan-1"}
    assert turn["explanation"] == "Vì Luật quy định như vậy."
    assert [line["count"] for line in turn["counts"]] == [0, 1, 1, 0]
    assert (turn["answered"], turn["right"]) == (2, 1)


def test_english_readers_get_english_words(session, show, now):
    later = play(session, show, [], now)
    turn = state(session, show, VIEWER, later, "en")["turn"]
    assert turn["stem"] == "Câu hỏi (en)" and turn["basis"]["text"].startswith("Legal basis: Article 64")


def test_each_player_is_told_the_own_points_and_rank(session, show, ada, bob, now):
    later = play(session, show, [(ada, (1,), 1), (bob, (2,), 3)], now)
    mine = state(session, show, Bearer("player", show.id, ada.id), later)["you"]
    assert mine == {"points": 1333, "rank": 1, "of": 2, "correct": True}
    theirs = state(session, show, Bearer("player", show.id, bob.id), later)["you"]
    assert theirs == {"points": 0, "rank": 2, "of": 2, "correct": False}


def test_the_board_lists_ten_and_equal_points_share_a_rank(session, show, now):
    crowd = [
        make.player(session, show, f"Người {n:02}", team="Tổ 1" if n == 0 else None, now=now + n * SECOND)
        for n in range(12)
    ]
    play(session, show, [(player, (1,), 1) for player in crowd[:3]], now)
    board = sight.top(results.board(session, show))
    assert board["of"] == 12 and len(board["top"]) == 10
    assert [line["rank"] for line in board["top"]] == [1, 1, 1, 4, 4, 4, 4, 4, 4, 4]
    assert board["top"][0] == {"rank": 1, "name": "Người 00", "points": 1333, "team": "Tổ 1"}
    assert "team" not in board["top"][1]


def test_the_finish_tells_the_sums_without_a_single_answer(session, show, ada, now):
    later = play(session, show, [(ada, (1,), 1)], now)
    press(session, show, "board", "end", at=later)
    body = state(session, show, Bearer("player", show.id, ada.id), later)
    assert body["phase"] == "FINISHED" and "turn" not in body
    assert body["you"] == {"points": 1333, "rank": 1, "of": 1}


def test_somebody_sent_out_is_told_nothing_of_ranks(session, show, ada, now):
    players.remove(session, show, ada.id, now=now)
    later = play(session, show, [], now)
    assert "you" not in state(session, show, Bearer("player", show.id, ada.id), later)


def test_a_question_skipped_while_reading_never_shows_its_options(session, show, now):
    press(session, show, "next", "skip", at=now)
    body = state(session, show, VIEWER, now + SECOND)
    assert body["phase"] == "BOARD" and "options" not in body["turn"] and "key" not in body["turn"]


def test_a_voided_question_counts_for_nobody(session, show, ada, now):
    later = play(session, show, [(ada, (1,), 1)], now)
    press(session, show, "void", at=later)
    board = results.board(session, show)
    assert board.line(ada.id).points == 0
    assert sight.own(board, ada.id, sight.present_turn(show)) == {"points": 0, "rank": 1, "of": 1}


def test_the_delivery_allowance_is_part_of_the_result(session, show, ada, now):
    turn = press(session, show, "next", "open", at=now)
    players.note_shown(session, ada.id, turn.id, now=turn.opens_at + timedelta(milliseconds=800))
    answer(session, ada, turn, (1,), 6.55)
    turns.lock_due(session, now=turn.closes_at + 2 * SECOND)
    assert results.board(session, show).totals[ada.id].response_ms == 5750
    assert session.query(Shown).count() == 1


def test_the_last_answer_counts_or_the_first_where_the_room_says_so(session, now):
    for may_change, points in ((True, 0), (False, 1999)):
        asked = [make.question(f"c{may_change}-1")]
        made = make.show(session, asked, Settings(may_change=may_change), now=now)
        ada = make.player(session, made, "Ada", now=now)
        turn = press(session, made, "next", "open", at=now)
        answer(session, ada, turn, (1,), 1)
        answer(session, ada, turn, (2,), 2)
        turns.lock_due(session, now=turn.closes_at + 2 * SECOND)
        assert results.board(session, made).line(ada.id).points == points


def test_numbers_and_orders_show_the_most_frequent_answers(session, now):
    asked = [
        make.question("n-1", kind="number", key=(15,)),
        make.question("o-1", kind="order", key=(2, 0, 1), options=3),
    ]
    made = make.show(session, asked, now=now)
    crowd = [make.player(session, made, f"Người {n}", now=now) for n in range(3)]
    later = play(session, made, [(p, (v,), 1) for p, v in zip(crowd, (15, 15, 20), strict=True)], now)
    assert state(session, made, VIEWER, later)["turn"]["counts"] == [{"v": 15, "count": 2}, {"v": 20, "count": 1}]
    later = play(session, made, [(crowd[0], (2, 0, 1), 1)], later)
    turn = state(session, made, VIEWER, later)["turn"]
    assert turn["counts"] == [{"o": [2, 0, 1], "count": 1}] and turn["key"] == [2, 0, 1]


def test_a_board_built_anew_from_the_answers_is_the_same(session, show, ada, bob, now):
    later = play(session, show, [(ada, (1,), 1), (bob, (1,), 3)], now)
    press(session, show, "board", at=later)
    play(session, show, [(bob, (1,), 2)], later)
    shown = results.board(session, show)
    for kept in (turn_sheets._kept_sheets, results._kept_boards, live_totals._kept_totals):
        kept.clear()
    assert results.board(session, show) == shown
    assert shown.counts(9) == {}


def test_only_so_many_sheets_are_kept(session, show, ada, now, monkeypatch):
    monkeypatch.setattr(turn_sheets, "_MOST_SHEETS", 1)
    turn_sheets._kept_sheets.clear()
    later = play(session, show, [(ada, (1,), 1)], now)
    play(session, show, [(ada, (1,), 1)], later)
    results.board(session, show)
    assert len(turn_sheets._kept_sheets) == 1


def test_the_lobby_shows_the_newest_names(session, show, now):
    for n in range(30):
        make.player(session, show, f"Người {n:02}", now=now + n * SECOND)
    names = sight.newest_names(session, show)
    assert len(names) == 24 and names[0] == "Người 29"


def test_a_turn_is_announced_without_content(session, show, now):
    turn = press(session, show, "next", at=now)
    assert sight.armed(turn, 20) == {"turn": turn.id, "cue_at": 1772452805000, "window_ms": 20_000}
