from datetime import timedelta

import pytest

from quizapp.errors import Conflict
from quizapp.models import Lag
from quizapp.rules.timing import GRACE
from quizapp.services import host_log, paper_fallback
from tests import make

NOW = make.MADE


@pytest.fixture
def hana(session):
    return make.person(session, "hana")


@pytest.fixture
def show(session, hana):
    made = make.show(session, 4, organizer_id=hana.id)
    made.turns[3].reserve = made.turns[3].standby = True
    return made


def play(show, n, locked=True):
    """The first `n` questions were asked, the last of them is locked unless told otherwise."""
    show.position = n
    for row in show.turns[:n]:
        row.reading_at = row.opens_at = NOW
        row.closes_at, row.open_told = NOW + timedelta(seconds=20), True
        row.lock_told = locked or row.n < n


def remaining(session, show, hana):
    return paper_fallback.remaining(session, show, hana.id, now=NOW + timedelta(minutes=1))


def answered(session, show, hana, now=NOW + timedelta(minutes=1)):
    return paper_fallback.answered(session, show, hana.id, now=now)


def test_what_is_still_to_come_is_printed_with_its_own_numbers_and_options(session, show, hana):
    assert remaining(session, show, hana).numbers == (1, 2, 3)
    play(show, 2)
    found = remaining(session, show, hana)
    assert found.numbers == (3,)
    assert list(found.places[0].options) == show.turns[2].option_order


def test_a_question_that_is_open_is_still_to_come_and_a_voided_one_is_not(session, show, hana):
    play(show, 1, locked=False)
    show.turns[1].voided_at = NOW
    assert remaining(session, show, hana).numbers == (1, 3)


def test_nothing_is_printed_of_a_show_that_is_over(session, show, hana):
    play(show, 3)
    with pytest.raises(Conflict, match="Không còn câu hỏi"):
        remaining(session, show, hana)
    play(show, 1)
    show.ended_at = NOW
    with pytest.raises(Conflict, match="Không còn câu hỏi"):
        remaining(session, show, hana)


def test_answers_are_printed_only_of_what_is_locked(session, show, hana):
    with pytest.raises(Conflict, match="Chưa có câu nào đóng"):
        answered(session, show, hana)
    play(show, 2, locked=False)
    assert answered(session, show, hana).numbers == (1,)
    play(show, 2)
    show.turns[0].voided_at = NOW
    assert answered(session, show, hana).numbers == (2,)


def test_answers_wait_for_the_slowest_viewer(session, show, hana):
    show.stream = {"provider": "hls", "id": "https://example.test/a.m3u8"}
    ada, bob = make.player(session, show, "Ada", now=NOW), make.player(session, show, "Bob", now=NOW)
    play(show, 1)
    session.add(Lag(turn_id=show.turns[0].id, attempt_id=ada.id, latency_ms=12_000, method="pdt"))
    session.add(Lag(turn_id=show.turns[0].id, attempt_id=bob.id, latency_ms=2_000, method="pdt"))
    session.flush()
    locked = show.turns[0].closes_at + GRACE
    with pytest.raises(Conflict):
        answered(session, show, hana, now=locked)
    assert answered(session, show, hana, now=locked + timedelta(seconds=12)).numbers == (1,)


def test_every_print_stands_in_the_log(session, show, hana):
    play(show, 1)
    remaining(session, show, hana), answered(session, show, hana)
    found = [(one.press, one.who, one.details) for one in host_log.listed(session, show)]
    assert found == [("paper-key", "Hana", {"turns": [1]}), ("paper", "Hana", {"turns": [2, 3]})]
