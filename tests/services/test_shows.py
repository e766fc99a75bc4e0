"""Shows: what the host presses, and what the clock does by itself."""

from datetime import timedelta

import pytest

from quizapp import news
from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import HostPress, Show
from quizapp.rules.show import Settings
from quizapp.rules.timing import GRACE
from quizapp.rules.turn import LEAD, Phase, phase
from quizapp.services import players, presses, shows, sight, turns
from quizapp.services.players import Sent
from quizapp.services.presses import Press
from tests import make

SECOND = timedelta(seconds=1)


@pytest.fixture
def show(session, now):
    return make.show(session, 3, now=now)


@pytest.fixture
def press(session, show):
    def pressing(do, at, **details):
        shows.press(session, show, do, details, now=at)
        return sight.present_turn(show)

    return pressing


def told(session):
    return [type(item).__name__ for item in session.info.get("news", [])]


def open_turn(session, press, at):
    """Bring the next question to its opening; returns the turn."""
    press("next", at)
    return press("open", at)


def locked_turn(session, press, at):
    turn = open_turn(session, press, at)
    turns.lock_due(session, now=turn.closes_at + GRACE)
    session.refresh(turn)
    return turn


def at_phase(show, now):
    return phase(sight.position(show), now)


def test_a_room_has_six_digits_and_is_found_by_them(session, show):
    assert show.code.isdigit() and len(show.code) == 6
    assert shows.find(session, show.code) is show
    with pytest.raises(NotFound):
        shows.find(session, "000000")
    with pytest.raises(NotFound):
        shows.get(session, 999)


def test_a_room_needs_a_question(session, now):
    with pytest.raises(Unreadable):
        shows.new(session, [], "Trống", Settings(), now=now)


def test_a_room_from_the_bank_is_the_same_for_the_same_seed(session, now):
    make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(20)))
    rooms = [shows.from_bank(session, "huu-tri", 8, "", Settings(), now=now, seed=seed) for seed in (b"1", b"1", b"2")]
    papers = [[turn.version.question_id for turn in room.turns] for room in rooms]
    assert papers[0] == papers[1] != papers[2]
    assert [turn.option_order for turn in rooms[0].turns] == [turn.option_order for turn in rooms[1].turns]
    assert len(papers[0]) == 8 and rooms[0].title == shows.DEFAULT_TITLE


def test_an_organizer_sees_their_own_rooms_newest_first(session, now):
    hana = make.person(session, "hana")
    first = make.show(session, [make.question("a-1")], now=now, organizer_id=hana.id)
    second = make.show(session, [make.question("b-1")], now=now + SECOND, organizer_id=hana.id)
    assert shows.of_organizer(session, hana.id) == [second, first]


def test_next_starts_reading_and_plans_the_opening(session, show, press, now):
    turn = press("next", now)
    assert at_phase(show, now) is Phase.READING
    assert turn.opens_at == now + 5 * SECOND
    assert turn.closes_at == turn.opens_at + 20 * SECOND
    assert told(session) == ["TurnReading"]


def test_the_clock_opens_and_locks_by_itself(session, show, press, now):
    turn = press("next", now)
    assert turns.open_due(session, now=turn.opens_at - LEAD - timedelta(milliseconds=1)) == 0
    assert turns.next_due(session) == turn.opens_at - LEAD
    assert turns.open_due(session, now=turn.opens_at - LEAD) == 1
    assert turns.open_due(session, now=turn.opens_at) == 0
    assert at_phase(show, turn.opens_at) is Phase.OPEN
    assert turns.next_due(session) == turn.closes_at + GRACE
    assert turns.lock_due(session, now=turn.closes_at + GRACE - timedelta(milliseconds=1)) == []
    assert turns.lock_due(session, now=turn.closes_at + GRACE) == [show.id]
    assert turns.lock_due(session, now=turn.closes_at + GRACE) == []
    assert at_phase(show, turn.closes_at + GRACE) is Phase.LOCKED
    assert turns.next_due(session) is None
    assert told(session) == ["TurnReading", "TurnOpened", "TurnLocked"]


def test_open_hastens_the_opening_by_a_lead(session, show, press, now):
    press("next", now)
    turn = press("open", now + SECOND)
    assert (turn.opens_at, turn.closes_at) == (now + SECOND + LEAD, now + SECOND + LEAD + 20 * SECOND)
    assert at_phase(show, now + SECOND) is Phase.READING
    assert at_phase(show, now + 2 * SECOND) is Phase.OPEN


def test_lock_closes_now_and_still_takes_what_was_sent_in_time(session, show, press, now):
    turn = open_turn(session, press, now)
    press("lock", now + 5 * SECOND)
    assert turn.closes_at == now + 5 * SECOND
    assert turns.next_due(session) == now + 5 * SECOND + GRACE


def test_extend_adds_ten_seconds_once_and_not_after_the_end(session, show, press, now):
    turn = open_turn(session, press, now)
    before = turn.closes_at
    with pytest.raises(Conflict, match="hết giờ"):
        press("extend", before + SECOND)
    press("extend", now + 5 * SECOND)
    assert turn.closes_at == before + 10 * SECOND
    with pytest.raises(Conflict, match="một lần"):
        press("extend", now + 6 * SECOND)


def test_reveal_and_board_follow_the_lock(session, show, press, now):
    turn = locked_turn(session, press, now)
    later = turn.closes_at + GRACE
    press("reveal", later)
    assert at_phase(show, later) is Phase.REVEAL
    press("board", later)
    assert at_phase(show, later) is Phase.BOARD
    press("next", later)
    assert show.position == 2 and at_phase(show, later) is Phase.READING


def test_a_pause_holds_the_reading_and_gives_its_time_back(session, show, press, now):
    turn = press("next", now)
    planned = turn.opens_at
    press("pause", now + 2 * SECOND)
    assert turns.next_due(session) is None
    assert turns.open_due(session, now=planned + 60 * SECOND) == 0
    press("resume", now + 62 * SECOND)
    assert turn.opens_at == planned + 60 * SECOND
    assert turn.closes_at == turn.opens_at + 20 * SECOND
    assert turns.open_due(session, now=turn.opens_at) == 1


def test_a_pause_never_holds_an_open_question(session, show, press, now):
    turn = open_turn(session, press, now)
    press("pause", now + 2 * SECOND)
    assert turns.lock_due(session, now=turn.closes_at + GRACE) == [show.id]
    with pytest.raises(Conflict, match="tạm dừng"):
        press("reveal", turn.closes_at + GRACE)
    closes = turn.closes_at
    press("resume", turn.closes_at + 3 * SECOND)
    assert turn.closes_at == closes
    press("reveal", turn.closes_at + 3 * SECOND)


def test_a_pause_in_the_lobby_holds_the_start(session, show, press, now):
    press("pause", now)
    with pytest.raises(Conflict, match="tạm dừng"):
        press("next", now + SECOND)
    press("resume", now + 2 * SECOND)
    press("next", now + 2 * SECOND)


@pytest.mark.parametrize("opened", [True, False])
def test_skip_ends_a_question_that_counts_for_nobody(session, show, press, now, opened):
    turn = open_turn(session, press, now) if opened else press("next", now)
    press("skip", now + 2 * SECOND)
    assert turn.voided_at and turn.lock_told
    assert at_phase(show, now + 3 * SECOND) is Phase.BOARD
    assert turns.lock_due(session, now=now + 60 * SECOND) == []
    assert turns.open_due(session, now=now + 60 * SECOND) == 0
    press("next", now + 3 * SECOND)


def test_void_says_why_and_keeps_the_place_of_the_show(session, show, press, now):
    turn = locked_turn(session, press, now)
    press("void", turn.closes_at + GRACE, reason="  Đáp án  chưa rõ. ")
    assert turn.void_reason == show.notice == "Đáp án chưa rõ."
    assert at_phase(show, turn.closes_at + GRACE) is Phase.BOARD
    assert told(session)[-2:] == ["HostSaid", "BoardShown"]


def test_hide_turns_the_board_off_and_on(session, show, press, now):
    press("hide", now)
    assert show.board_hidden
    press("hide", now)
    assert not show.board_hidden
    press("hide", now, hidden=True)
    assert show.board_hidden


def test_end_finishes_and_a_question_still_being_read_was_never_played(session, show, press, now):
    turn = press("next", now)
    press("hide", now)
    press("end", now + SECOND)
    assert at_phase(show, now + SECOND) is Phase.FINISHED
    assert turn.voided_at and not show.board_hidden
    assert turns.next_due(session) is None
    with pytest.raises(Conflict, match="kết thúc"):
        press("next", now + 2 * SECOND)


def test_end_in_the_lobby_needs_no_turn(session, show, press, now):
    press("end", now)
    assert at_phase(show, now) is Phase.FINISHED


def test_an_open_question_must_be_closed_before_the_end(session, show, press, now):
    open_turn(session, press, now)
    with pytest.raises(Conflict, match="đóng câu"):
        press("end", now + 2 * SECOND)


def test_every_press_is_logged(session, show, press, now):
    press("next", now)
    shows.log_press(session, show, "reveal", {}, "Chưa đóng.", now=now)
    session.flush()
    kept = [(row.press, row.turn_n, row.refused) for row in session.query(HostPress).order_by(HostPress.id)]
    assert kept == [("next", 1, ""), ("reveal", 1, "Chưa đóng.")]


def test_a_notice_is_tidied_and_has_a_limit(session, show, now):
    shows.say(session, show, "  Nghỉ   5 phút ", now=now)
    assert show.notice == "Nghỉ 5 phút"
    with pytest.raises(Unreadable, match="140"):
        shows.say(session, show, "x" * 141, now=now)


def test_the_heart_beats_only_while_something_runs(session, show, press, now):
    turns.beat(session, now=now)
    assert session.get(Show, show.id, populate_existing=True).alive_at is None
    press("next", now)
    session.flush()
    turns.beat(session, now=now + SECOND)
    assert session.get(Show, show.id, populate_existing=True).alive_at == now + SECOND


def away(session, show, since, until):
    session.flush()
    show.alive_at = since
    session.flush()
    return turns.recover(session, now=until)


def test_after_an_outage_in_an_open_question_its_end_moves_by_the_gap(session, show, press, now):
    turn = open_turn(session, press, now)
    opens, closes = turn.opens_at, turn.closes_at
    assert away(session, show, now + 5 * SECOND, now + 95 * SECOND) == 1
    assert (turn.opens_at, turn.closes_at) == (opens, closes + 90 * SECOND)
    assert turn.outages == [{"at": 1772452805000000, "ms": 90_000}]


def test_after_an_outage_while_reading_the_whole_question_moves(session, show, press, now):
    turn = press("next", now)
    opens = turn.opens_at
    assert away(session, show, now + 2 * SECOND, now + 12 * SECOND) == 1
    assert (turn.opens_at, turn.closes_at) == (opens + 10 * SECOND, opens + 30 * SECOND)
    assert turn.outages == []


def test_an_opening_announced_before_the_outage_is_announced_again(session, show, press, now):
    turn = open_turn(session, press, now)
    assert away(session, show, now + timedelta(milliseconds=100), now + 10 * SECOND) == 1
    assert not turn.open_told
    assert turns.open_due(session, now=now + 10 * SECOND) == 1


def test_an_answer_before_the_first_heartbeat_shows_that_the_question_was_open(session, show, press, now):
    turn = open_turn(session, press, now)
    ada = make.player(session, show, now=now)
    kept_at = turn.opens_at + timedelta(milliseconds=200)
    players.take(session, [Sent(ada.id, turn.id, "a" * 32, (1,), kept_at)], now=kept_at)
    opens = turn.opens_at
    assert away(session, show, opens - timedelta(milliseconds=100), opens + 30 * SECOND) == 1
    assert turn.opens_at == opens
    assert turn.outages == [{"at": 1772452800700000, "ms": 29_800}]


@pytest.mark.parametrize(("since", "until"), [(5, 5.9), (23, 60)])
def test_a_hiccup_or_an_outage_after_the_end_moves_nothing(session, show, press, now, since, until):
    turn = open_turn(session, press, now)
    closes = turn.closes_at
    assert away(session, show, now + since * SECOND, now + until * SECOND) == 0
    assert turn.closes_at == closes


def test_an_outage_while_the_host_holds_the_show_moves_nothing(session, show, press, now):
    press("next", now)
    press("pause", now + SECOND)
    assert away(session, show, now + SECOND, now + 60 * SECOND) == 0


def test_a_press_without_a_question_is_a_conflict(session, show, now):
    show.position = 9  # a state nobody can reach: the turn is missing
    with pytest.raises(Conflict):
        presses.ACTIONS["lock"](session, Press(show, now))


def test_two_processes_cannot_open_the_same_turn_by_hand(session, show, press, now):
    turn = press("next", now)
    turn.open_told = True
    with pytest.raises(Conflict):
        presses.ACTIONS["open"](session, Press(show, now))


def test_news_of_an_undone_step_is_never_told(engine, now):
    from quizapp import db

    heard = []
    news.listen(heard.append)
    news.listen(heard.append)
    try:
        with pytest.raises(ZeroDivisionError), db.begin() as session:
            news.tell(session, "undone")
            raise ZeroDivisionError
        with db.begin() as session:
            news.tell(session, "kept")
    finally:
        news.unlisten(heard.append)
        news.unlisten(heard.append)
    assert heard == ["kept"]


@pytest.mark.parametrize("later", ["next", "end"])
def test_a_notice_is_gone_with_the_next_question_and_at_the_end(session, show, press, now, later):
    shows.say(session, show, "Nghỉ 5 phút", now=now)
    press(later, now + SECOND)
    assert show.notice == ""
