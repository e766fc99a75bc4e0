from datetime import timedelta

import pytest
from msgspec.structs import replace

from quizapp import models
from quizapp.errors import Conflict, Unreadable
from quizapp.rules import contest as rulebook
from quizapp.rules.show import Settings
from quizapp.services import contest_roles, contest_rooms, contests, rehearsals, shows
from quizapp.services.contest_rooms import Wish
from tests import make


@pytest.fixture
def hana(session):
    return make.person(session, "hana")


@pytest.fixture
def bank(session):
    return make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 9)))


@pytest.fixture
def contest(session, bank, hana):
    return make.contest(session, (make.live_rules(part={"seconds": 30, "watch_word_until": make.CLOSES}),), owner=hana)


@pytest.fixture
def row(contest):
    return contest.rounds[0]


def build(session, contest, hana, now=make.MADE, **wish):
    return contest_rooms.make(session, make.VAULT, contest, contest.rounds[0], Wish(**wish), hana.id, now=now)


def refused(session, contest, hana, words):
    with pytest.raises(Conflict, match=words):
        build(session, contest, hana)


def standing(session, contest):
    return {one.key: one.standing for one in contest_rooms.checklist(session, contest, contest.rounds[0])}


# ── Making ──


def test_a_room_plays_the_committed_paper_in_its_order_with_reserves_behind(session, contest, row, hana):
    room = make.contest_room(session, contest, hana, names="generated")
    kept = session.query(models.RoundQuestion).order_by("position").all()
    assert [turn.round_question_id for turn in room.turns] == [one.id for one in kept]
    assert [turn.n for turn in room.turns] == [1, 2, 3, 4]
    assert [turn.reserve for turn in room.turns] == [turn.standby for turn in room.turns] == [False] * 3 + [True]
    assert all(sorted(turn.option_order) == [0, 1, 2, 3] for turn in room.turns)
    assert (room.round_id, room.title, len(room.code)) == (row.id, "Tuần 1", 6)
    assert shows.settings(room) == Settings(seconds=30, scoring="FLAT", reserves=1, names="generated")


def test_the_prediction_is_asked_where_the_rulebook_has_one(session, bank, hana):
    asked = make.live_rules(prediction=rulebook.Prediction(target="P_LIVE"), part={"prediction_after": 2})
    room = make.contest_room(session, make.contest(session, (asked,), owner=hana), hana, title="  Tối   thứ Sáu ")
    assert shows.settings(room).prediction_after == 2 and room.title == "Tối thứ Sáu"


def test_the_same_contest_makes_the_same_room_again(session, contest, row, hana):
    first = make.contest_room(session, contest, hana)
    before = [(turn.question_id, turn.option_order) for turn in first.turns]
    contest_rooms.discard(session, contest, row, hana.id, now=make.MADE)
    again = make.contest_room(session, contest, hana)
    assert [(turn.question_id, turn.option_order) for turn in again.turns] == before


def test_a_room_is_refused_with_the_reason(session, contest, row, hana):
    refused(session, contest, hana, "chưa chốt")
    make.contest_room(session, contest, hana)
    refused(session, contest, hana, "đã có phòng")


def test_a_draft_has_no_room_and_no_paper(session, bank, hana):
    draft = make.contest(session, (make.live_rules(),), owner=hana, published=False)
    refused(session, draft, hana, "công bố thể lệ")
    with pytest.raises(Conflict, match="công bố thể lệ"):
        contest_rooms.set_paper(session, make.VAULT, draft, draft.rounds[0], hana.id, now=make.MADE)


def test_a_closed_round_and_one_at_ones_own_pace_have_no_room(session, contest, row, hana):
    row.state = "CLOSED"
    refused(session, contest, hana, "đã đóng")
    refused(session, make.contest(session, 1, "tuan", owner=hana), hana, "không thi trực tiếp")


def test_a_title_fits_the_screen(session, contest, row, hana):
    contest_rooms.set_paper(session, make.VAULT, contest, row, hana.id, now=make.MADE)
    with pytest.raises(Unreadable, match="80 ký tự"):
        build(session, contest, hana, title="a" * 81)


def test_setting_the_paper_and_making_the_room_are_written_down(session, contest, row, hana):
    room = make.contest_room(session, contest, hana)
    notes = session.query(models.Change).filter_by(kind="room").order_by("id").all()
    assert [(one.after, one.proposed_by) for one in notes] == [
        ({"digest": row.paper_root}, hana.id),
        ({"room": room.code}, hana.id),
    ]


def test_a_list_over_rounds_has_no_room(session, bank, hana):
    held = make.contest(session, (make.live_rules(),), "chung", owner=hana, overall=(rulebook.Overall(),))
    with pytest.raises(Conflict, match="không thi trực tiếp"):
        contest_rooms.part_of(held, held.rounds[-1])


# ── Taking it away ──


def test_a_room_where_nobody_was_goes_and_its_rehearsals_end(session, contest, row, hana):
    room = make.contest_room(session, contest, hana)
    rehearsal = make.show(session, [make.question("om-dau-001")])
    rehearsal.rehearses_id = room.id
    session.flush()
    contest_rooms.discard(session, contest, row, hana.id, now=make.MADE)
    assert contest_rooms.of_round(session, row) is None and session.query(models.Turn).count() == 1
    assert rehearsal.ended_at == room.ended_at == make.MADE and room.organizer_id is None
    assert set(rehearsals.leftovers(session)) == {room.id, rehearsal.id}
    contest_rooms.set_paper(session, make.VAULT, contest, row, hana.id, now=make.MADE)


def test_a_room_with_people_or_questions_asked_stays(session, contest, row, hana):
    with pytest.raises(Conflict, match="chưa có phòng"):
        contest_rooms.discard(session, contest, row, hana.id, now=make.MADE)
    room = make.contest_room(session, contest, hana)
    session.add(models.Attempt(mode="live", show_id=room.id, token_hash="t", started_at=make.MADE))
    session.flush()
    with pytest.raises(Conflict, match="Đã có người"):
        contest_rooms.discard(session, contest, row, hana.id, now=make.MADE)
    room.position = 1
    with pytest.raises(Conflict, match="đã bắt đầu"):
        contest_rooms.discard(session, contest, row, hana.id, now=make.MADE)


# ── Ready? ──


def test_the_checklist_says_what_is_missing_before_the_room(session, contest):
    assert standing(session, contest) == {
        "rulebook": "done",
        "questions": "missing",
        "room": "missing",
        "people": "missing",
        "registered": "advice",
        "watch-word": "missing",
    }


def test_the_checklist_of_a_draft_begins_with_its_rulebook(session, bank, hana):
    draft = make.contest(session, (make.live_rules(),), owner=hana, published=False)
    found = contest_rooms.checklist(session, draft, draft.rounds[0])
    assert (found[0].key, found[0].standing) == ("rulebook", "missing") and found[0].href.endswith("/buoc/5")
    assert "watch-word" not in {one.key for one in found}


def test_everything_is_ready_once_all_of_it_was_done(session, contest, row, hana):
    room = make.contest_room(session, contest, hana)
    make.person(session, "bob")
    contest_roles.give(session, make.VAULT, contest, make.PHONES["bob"], "host", hana.id, now=make.MADE)
    make.contestant(session, contest)
    row.watch_word_sealed = b"x"
    room.stream = {"provider": "hls", "id": "x"}
    rehearsal = make.show(session, [make.question("om-dau-001")])
    rehearsal.rehearses_id, rehearsal.position = room.id, 1
    session.flush()
    before = standing(session, contest)
    assert before.pop("sound") == "advice" and set(before.values()) == {"done"}
    contest_rooms.heard(session, room, hana.id, now=make.MADE)
    assert standing(session, contest)["sound"] == "done"


def test_a_room_in_the_hall_without_rehearsal_is_possible_and_advised_against(session, contest, hana):
    make.contest_room(session, contest, hana)
    found = standing(session, contest)
    assert (found["stream"], found["rehearsal"], found["room"]) == ("advice", "advice", "done")


def test_too_few_reserves_are_told_with_the_numbers(session, bank, hana):
    asked = make.contest(session, (make.live_rules(part={"reserves": 9}),), owner=hana)
    make.contest_room(session, asked, hana)
    line = next(one for one in contest_rooms.checklist(session, asked, asked.rounds[0]) if one.key == "reserves")
    assert line.standing == "advice" and line.details == {"count": 5, "wanted": 9}
    without = make.contest(session, (make.live_rules(part={"reserves": 0}),), "khong", owner=hana)
    make.contest_room(session, without, hana)
    assert standing(session, without)["reserves"] == "advice"


def test_a_rulebook_changed_after_the_room_was_made_asks_for_a_new_room(session, contest, row, hana):
    make.contest_room(session, contest, hana)
    rules = contests.settings(contest)
    slower = replace(rules.rounds[0], live=replace(rules.rounds[0].live, seconds=40))
    contest.settings = rulebook.to_json(replace(rules, rounds=(slower,)))
    assert standing(session, contest)["room"] == "missing"
    contest_rooms.discard(session, contest, row, hana.id, now=make.MADE + timedelta(hours=1))
    build(session, contest, hana)
    assert standing(session, contest)["room"] == "done"
