"""Cards typed in by the secretary, for delegates without a phone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp.errors import Conflict, NotFound, TooLate, Unreadable
from quizapp.models import Answer, Attempt, Change, Delegate, HostPress, Lag
from quizapp.services import delegates, entering, proxies, shows, sight, turns
from tests import make

START = make.OPENS + timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def hana(session):
    return make.person(session, "hana")


def room(session, hana, part=None):
    make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 9)))
    contest = make.contest(session, [make.live_rules(part=part)], owner=hana)
    for code, name in (("DB-02", "Lê Thị Long"), ("DB-01", "Trần Văn Khải"), ("DB-03", "Phan Thị Có Máy")):
        session.add(Delegate(contest_id=contest.id, code=code, name=name, by_card=code != "DB-03"))
    session.flush()
    return make.contest_room(session, contest, hana)


@pytest.fixture
def show(session, hana):
    return room(session, hana)


def opened(session, show):
    for press in ("next", "open"):
        shows.press(session, show, press, {}, now=START)
    return sight.present_turn(show)


def by_code(session, code):
    return session.scalars(select(Delegate).where(Delegate.code == code)).one()


def type_in(session, show, code, typed, hana, turn=None, at=5):
    turn = turn or sight.present_turn(show)
    id = by_code(session, code).id
    return proxies.answer(session, make.VAULT, show, id, turn.id, typed, hana.id, now=START + at * SECOND)


def test_the_desk_lists_who_has_no_phone_by_number(session, show):
    assert [(one.number, one.delegate.name, one.answer) for one in proxies.listed(session, show)] == [
        (1, "Trần Văn Khải", ""),
        (2, "Lê Thị Long", ""),
    ]


def test_a_card_is_kept_as_an_answer_of_an_attempt_that_says_so_and_the_log_says_who_typed(session, show, hana):
    turn = opened(session, show)
    assert type_in(session, show, "DB-01", "b", hana) == "B"
    seat = session.scalars(select(Attempt)).one()
    assert seat.proxy and seat.name == "Trần Văn Khải"
    kept = session.scalars(select(Answer)).one()
    assert (kept.attempt_id, kept.turn_id, kept.chosen, kept.verdict) == (
        seat.id,
        turn.id,
        [turn.option_order[1]],
        "ok",
    )
    logged = session.scalars(select(HostPress).where(HostPress.press == "card")).one()
    assert (logged.person_id, logged.details) == (hana.id, {"delegate": "DB-01", "before": "", "after": "B"})
    assert [one.answer for one in proxies.listed(session, show)] == ["B", ""]


def test_beside_a_stream_a_card_is_answered_in_the_hall_while_viewers_further_behind_still_wait(session, show, hana):
    show.stream = {"provider": "hls", "id": "/luong/chinh.m3u8", "latency_ms": 10_000}
    turn = opened(session, show)
    assert type_in(session, show, "DB-02", "b", hana, turn) == "B"
    assert type_in(session, show, "DB-02", "a", hana, turn, at=6) == "A"
    seat = session.query(Attempt).filter_by(proxy=True).one()
    assert (seat.latency_method, session.get(Lag, (turn.id, seat.id)).latency_ms) == ("room", 0)


def test_a_card_may_change_where_the_last_answer_counts(session, show, hana):
    opened(session, show)
    type_in(session, show, "DB-01", "B", hana)
    assert type_in(session, show, "DB-01", "C", hana, at=6) == "C"
    assert session.query(Attempt).count() == 1
    assert [one.answer for one in proxies.listed(session, show)] == ["C", ""]


def test_where_the_first_counts_a_second_card_is_refused(session, hana):
    show = room(session, hana, {"change_in_window": False})
    opened(session, show)
    type_in(session, show, "DB-01", "B", hana)
    with pytest.raises(Conflict, match="đáp án đầu tiên"):
        type_in(session, show, "DB-01", "C", hana, at=6)


def test_cards_are_taken_only_while_the_question_is_open(session, show, hana):
    first = show.turns[0]
    with pytest.raises(TooLate, match="đang mở"):
        type_in(session, show, "DB-01", "B", hana, turn=first)
    turn = opened(session, show)
    with pytest.raises(TooLate):
        type_in(session, show, "DB-01", "B", hana, turn=show.turns[1])
    with pytest.raises(TooLate, match="không mở"):
        type_in(session, show, "DB-01", "B", hana, at=(turn.closes_at - START).seconds + 5)
    turns.lock_due(session, now=turn.closes_at + 5 * SECOND)
    with pytest.raises(TooLate, match="đang mở"):
        type_in(session, show, "DB-01", "B", hana, at=40)
    assert session.scalars(select(Answer).where(Answer.verdict == "ok")).all() == []


def test_what_no_card_says_is_refused(session, show, hana):
    opened(session, show)
    for typed in ("", "E", "AB", "7"):
        with pytest.raises(Unreadable, match="không phải một đáp án"):
            type_in(session, show, "DB-01", typed, hana)


def test_people_with_a_phone_and_of_other_contests_are_not_typed_in(session, show, hana):
    turn = opened(session, show)
    with pytest.raises(NotFound):
        type_in(session, show, "DB-03", "B", hana)
    with pytest.raises(NotFound):
        proxies.answer(session, make.VAULT, show, 999, turn.id, "B", hana.id, now=START)
    free = make.show(session, [make.question("x-1")])
    with pytest.raises(NotFound):
        proxies.listed(session, free)


def test_that_somebody_answers_by_card_is_written_down_once(session, show, hana):
    row, contest = by_code(session, "DB-03"), entering.round_of(session, show).contest
    for _ in range(2):
        assert delegates.answer_by_card(session, contest, hana.id, row.id, True, now=START) is row
    assert row.by_card
    noted = session.scalars(select(Change).where(Change.kind == "delegate")).all()
    assert [(one.before, one.after) for one in noted] == [({"by_card": False}, {"by_card": True})]
    with pytest.raises(NotFound):
        delegates.answer_by_card(session, contest, hana.id, 999, True, now=START)
