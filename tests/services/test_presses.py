"""What the host presses in a contest's room: the prediction on air, two people for a void, scenes, who pressed."""

from datetime import timedelta

import pytest

from quizapp.errors import Conflict, NotAllowed, Unreadable
from quizapp.models import HostPress, Round
from quizapp.rules import contest as rulebook
from quizapp.rules.show import Settings
from quizapp.rules.timing import GRACE
from quizapp.rules.turn import Phase, phase
from quizapp.services import contest_roles, guards, lags, rundown, shows, sight, turns
from tests import make

SECOND = timedelta(seconds=1)


@pytest.fixture
def hana(session):
    return make.person(session, "hana")


@pytest.fixture
def otto(session):
    return make.person(session, "otto")


def contest_room(session, hana, otto=None, *, predicts=True, **part):
    make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 9)))
    asked = rulebook.Prediction(target="P_LIVE") if predicts else None
    rules = make.live_rules(prediction=asked, part={"prediction_after": 1, **part})
    contest = make.contest(session, (rules,), owner=hana)
    if otto is not None:
        contest_roles.give(session, make.VAULT, contest, make.PHONES["otto"], "host", hana.id, now=make.MADE)
    return make.contest_room(session, contest, hana)


@pytest.fixture
def room(session, hana, otto):
    return contest_room(session, hana, otto)


class Host:
    """Somebody at the console; presses at a moment that goes on."""

    def __init__(self, session, show, person, now):
        self.session, self.show, self.person, self.now = session, show, person, now

    def press(self, do, **details):
        by = self.person and self.person.id
        shows.press(self.session, self.show, do, details, now=self.now, person_id=by)
        return sight.present_turn(self.show)

    def wait(self, seconds=1.0):
        self.now += seconds * SECOND
        turns.open_due(self.session, now=self.now)
        turns.lock_due(self.session, now=self.now)
        turns.close_due(self.session, now=self.now)
        self.session.refresh(self.show)

    def lock(self):
        """Bring the next question to its end."""
        turn = self.press("next")
        self.press("open")
        self.wait(40)
        return turn

    def finish(self):
        turn = self.lock()
        self.press("reveal")
        self.wait()
        self.press("board")
        self.wait()
        return turn

    @property
    def phase(self):
        return phase(sight.position(self.show), self.now)


@pytest.fixture
def host(session, room, hana, now):
    return Host(session, room, hana, now)


def told(session):
    return [type(item).__name__ for item in session.info.get("news", [])]


# ── The prediction ──


def test_next_leads_into_the_prediction_once_and_then_goes_on(session, room, host):
    host.finish()
    host.press("next")
    assert host.phase is Phase.PREDICTION and room.position == 1
    assert room.predicting_until == host.now + 25 * SECOND
    assert told(session)[-1] == "PredictionOpened"
    with pytest.raises(Conflict, match="đang mở"):
        host.press("next")
    assert turns.next_due(session) == room.predicting_until + GRACE
    host.wait(26)
    assert not room.predicting_told
    host.wait(1)
    assert room.predicting_told and told(session)[-1] == "PredictionClosed"
    assert turns.close_due(session, now=host.now) == 0 and turns.next_due(session) is None
    host.press("next")
    assert host.phase is Phase.READING and room.position == 2
    host.press("skip")
    with pytest.raises(Conflict, match="đã được hỏi"):
        host.press("predict")


def test_a_prediction_before_the_first_question_opens_the_show(session, hana, now):
    host = Host(session, contest_room(session, hana, prediction_after=0), hana, now)
    host.press("next")
    assert host.phase is Phase.PREDICTION and host.show.position == 0
    host.wait(30)
    host.press("next")
    assert host.phase is Phase.READING and host.show.position == 1


def test_the_host_may_ask_it_early_and_close_it_early(session, room, host):
    host.press("predict")
    host.wait(5)
    host.press("lock")
    assert room.predicting_until == host.now
    host.wait(2)
    assert room.predicting_told
    host.press("next")
    assert room.position == 1


def test_a_pause_never_holds_a_prediction_that_is_open(session, room, host):
    host.press("predict")
    host.press("pause")
    host.wait(30)
    assert room.predicting_told
    with pytest.raises(Conflict, match="tạm dừng"):
        host.press("next")


def test_a_reserve_in_the_place_of_a_question_comes_before_the_prediction(session, room, host):
    host.press("next")
    host.press("skip")
    host.wait()
    host.press("next")
    assert room.position == 2 and sight.present_turn(room).reserve
    host.press("skip")
    host.wait()
    host.press("next")
    assert host.phase is Phase.PREDICTION


@pytest.mark.parametrize("predicts", [True, False])
def test_a_room_without_a_prediction_asks_none(session, hana, now, predicts):
    if predicts:
        room = make.show(session, 2, Settings(prediction_after=1), now=now)
    else:
        room = contest_room(session, hana, predicts=False)
    assert not guards.guard(session, room, now=now).predicts
    host = Host(session, room, hana, now)
    host.finish()
    with pytest.raises(Conflict, match="không có câu dự đoán"):
        host.press("predict")
    host.press("next")
    assert room.position == 2


def test_an_outage_gives_the_prediction_its_time_back(session, room, host):
    host.press("predict")
    ends = room.predicting_until
    session.flush()
    turns.beat(session, now=host.now + 5 * SECOND)
    session.refresh(room)
    assert room.alive_at == host.now + 5 * SECOND
    assert turns.recover(session, now=host.now + 5.5 * SECOND) == 0
    assert turns.recover(session, now=host.now + 65 * SECOND) == 1
    assert room.predicting_until == ends + 60 * SECOND
    room.alive_at = room.predicting_until + 3 * SECOND
    assert turns.recover(session, now=host.now + 600 * SECOND) == 0


# ── Two people ──


def test_a_void_in_a_contest_waits_for_a_second_person(session, room, host, otto):
    turn = host.lock()
    host.press("void", reason=" Đáp án  chưa rõ. ")
    assert turn.voided_at is None and host.phase is Phase.LOCKED
    assert room.proposal["by"] == host.person.id and room.proposal["reason"] == "Đáp án chưa rõ."
    with pytest.raises(Conflict, match="đang chờ"):
        host.press("void")
    with pytest.raises(NotAllowed, match="không tự xác nhận"):
        host.press("confirm")
    Host(session, room, otto, host.now).press("confirm")
    assert turn.voided_at == host.now and turn.void_reason == "Đáp án chưa rõ." == room.notice
    assert room.proposal is None and host.phase is Phase.BOARD
    presses = [(row.press, row.person_id) for row in session.query(HostPress).order_by(HostPress.id)]
    assert presses[-2:] == [("void", host.person.id), ("confirm", otto.id)]


@pytest.mark.parametrize("who", [None, "mallory"])
def test_whoever_has_no_name_or_no_role_neither_proposes_nor_confirms(session, room, host, who):
    stranger = Host(session, room, who and make.person(session, who), host.now)
    host.lock()
    stranger.now = host.now
    with pytest.raises(NotAllowed, match="hai người"):
        stranger.press("void")
    host.press("void")
    with pytest.raises(NotAllowed, match="hai người"):
        stranger.press("confirm")
    assert room.proposal is not None


def test_a_proposal_can_be_withdrawn_and_is_gone_with_the_next_question(session, room, host):
    host.lock()
    host.press("void")
    host.press("withdraw")
    assert room.proposal is None
    host.press("void")
    host.press("reveal")
    host.press("next")
    assert room.proposal is None
    with pytest.raises(Conflict, match="Không có đề nghị"):
        host.press("withdraw")


def test_in_a_free_room_one_press_voids_and_a_reserve_is_there_for_the_asking(session, hana, now):
    room = make.show(session, 2, now=now)
    room.turns[1].reserve = room.turns[1].standby = True
    host = Host(session, room, None, now)
    with pytest.raises(Conflict, match="chỉ dùng thay"):
        host.press("reserve")
    turn = host.lock()
    host.press("void")
    assert turn.voided_at and rundown.of(room) == 1
    host.press("reserve")
    assert rundown.of(room) == 2 and rundown.planned(room) == 1
    with pytest.raises(Conflict, match="Không còn"):
        host.press("reserve")
    host.press("next")
    assert sight.present_turn(room).reserve


# ── Outages where prizes hang on it ──


def interrupted(session, host, seconds):
    turn = host.press("next")
    host.press("open")
    host.wait(5)
    session.flush()
    host.show.alive_at = host.now
    session.flush()
    closes = turn.closes_at
    assert turns.recover(session, now=host.now + seconds * SECOND) == 1
    return turn, closes


def test_a_short_outage_in_a_contest_moves_the_end_for_all(session, host):
    turn, closes = interrupted(session, host, 2)
    assert turn.closes_at == closes + 2 * SECOND and turn.voided_at is None and turn.outages


def test_a_longer_outage_in_a_contest_voids_the_question_and_a_reserve_follows(session, room, host):
    turn, _ = interrupted(session, host, 2.001)
    assert turn.voided_at and turn.lock_told and turn.void_reason == turns.INTERRUPTED
    host.now += 3 * SECOND
    assert host.phase is Phase.BOARD
    logged = session.query(HostPress).filter_by(press="outage").one()
    assert logged.details == {"ms": 2001, "voided": True} and logged.person_id is None
    host.press("next")
    assert sight.present_turn(room).reserve


def test_a_question_still_being_read_only_moves_however_long_the_outage(session, host):
    turn = host.press("next")
    session.flush()
    opens = turn.opens_at
    host.show.alive_at = host.now + SECOND
    assert turns.recover(session, now=host.now + 61 * SECOND) == 1
    assert turn.voided_at is None and turn.opens_at == opens + 60 * SECOND


# ── Slow viewers ──


def test_a_reveal_waits_until_the_slowest_viewer_cannot_answer_any_more(session, room, host, monkeypatch):
    turn = host.lock()
    slow = turn.closes_at + GRACE + 40 * SECOND
    monkeypatch.setattr(lags, "all_closed_at", lambda session, show, row: slow)
    with pytest.raises(Conflict, match="Người xem chậm"):
        host.press("reveal")
    host.now = slow
    host.press("reveal")
    assert host.phase is Phase.REVEAL


# ── Beside the questions ──


def test_a_scene_stays_until_the_next_question(session, room, host):
    host.press("scene", scene="break", text="  Nghỉ   10 phút ")
    assert room.scene == "break" and room.notice == "Nghỉ 10 phút"
    host.press("next")
    assert room.scene == "" == room.notice
    with pytest.raises(Unreadable):
        host.press("scene", scene="fireworks")
    host.press("scene", scene="code")
    host.press("scene")
    assert room.scene == ""


def test_the_offset_of_a_stream_is_a_whole_number(session, room, host):
    with pytest.raises(Unreadable):
        host.press("offset", ms="soon")
    with pytest.raises(Conflict, match="không có luồng"):
        host.press("offset", ms=1200)


def test_turns_to_come_are_reordered_and_those_played_stay(session, room, host):
    host.finish()
    first, second, third, reserve = room.turns
    host.press("order", turns=[third.id, second.id])
    assert [turn.id for turn in room.turns] == [first.id, third.id, second.id, reserve.id]
    assert [turn.n for turn in room.turns] == [1, 2, 3, 4]
    for wrong in ([first.id, second.id], [third.id], [second.id, third.id, reserve.id], []):
        with pytest.raises(Conflict, match="tải lại"):
            host.press("order", turns=wrong)


# ── What the game asks for ──


def test_the_large_press_of_a_game_of_survival_follows_the_bell(session, now):
    room = make.show(session, 3, Settings(scoring="SURVIVAL", reserves=1), now=now)
    room.turns[2].reserve = room.turns[2].standby = True
    host = Host(session, room, None, now)
    for name in ("Ada", "Bob"):
        make.player(session, room, name, now=now)
    host.finish()  # nobody answered: both fell on the same question
    assert guards.guard(session, room, now=host.now).follows == "reserve"
    host.press("next")
    assert room.position == 2 and sight.present_turn(room).reserve
    assert guards.guard(session, room, now=host.now).follows == "question"
    host.press("open")
    host.wait(40)
    host.press("reveal")
    with pytest.raises(Conflict, match="có người thắng"):  # the last two fell together for the second time
        host.press("next")


def test_somebody_who_tries_a_game_of_survival_alone_may_go_on(session, now):
    room = make.show(session, 2, Settings(scoring="SURVIVAL"), now=now)
    host = Host(session, room, None, now)
    make.player(session, room, "Ada", now=now)
    host.finish()
    host.press("next")
    assert room.position == 2


def test_a_contests_show_begins_when_its_round_opens_and_not_before(session, room):
    show = room
    begins = guards.guard(session, show, now=make.OPENS).begins_at
    assert begins == session.get(Round, show.round_id).opens_at
    with pytest.raises(Conflict, match="chưa mở"):
        shows.press(session, show, "next", {}, now=begins - SECOND, person_id=show.organizer_id)
    shows.press(session, show, "next", {}, now=begins, person_id=show.organizer_id)
    assert show.position == 1
