"""How far behind the programme players are: what counts, when it is fixed, and for whom."""

from datetime import timedelta

import pytest

from quizapp.models import Lag
from quizapp.rules.timing import GRACE
from quizapp.services import lags, players
from quizapp.services.tokens import Bearer
from tests import make

HLS = {"provider": "hls", "id": "/luong/chinh.m3u8", "latency_ms": 10_000}
SECOND = timedelta(seconds=1)


@pytest.fixture
def show(session, now):
    return make.show(
        session,
        3,
        now=now,
    )


@pytest.fixture
def ada(session, show, now):
    return make.player(session, show, "Ada", now=now)


@pytest.fixture
def bob(session, show, now):
    return make.player(session, show, "Bob", now=now)


@pytest.fixture
def streamed(show, ada, bob):
    show.stream = HLS
    return show


def who(player):
    return Bearer("player", player.show_id, player.id)


def kept(session, turn):
    session.flush()
    rows = session.query(Lag).filter_by(turn_id=turn.id)
    return {row.attempt_id: (row.latency_ms, row.method) for row in rows}


def test_without_a_stream_nobody_is_behind_and_nothing_is_kept(session, show, ada):
    assert lags.measured(session, show, ada.id, "pdt", 9_000) is None
    lags.fix(session, show, show.turns[0])
    lags.fix_newcomer(session, show, ada.id)
    assert kept(session, show.turns[0]) == {}
    assert lags.now_of(session, show, who(ada)) == 0
    assert lags.slowest(session, show, show.turns[0]) == 0
    assert lags.in_use(session, show) == []


def test_arming_fixes_what_the_page_measured_and_elsewhere_the_agreed_figure(session, streamed, ada, bob):
    assert lags.measured(session, streamed, ada.id, "pdt", 3_200) == 3_200
    lags.fix(session, streamed, streamed.turns[0])
    assert kept(session, streamed.turns[0]) == {ada.id: (3_200, "pdt"), bob.id: (10_000, "fixed")}


@pytest.mark.parametrize(
    ("how", "said", "counts"),
    [("pdt", 99_000, 30_000), ("tap", 0, 0), ("fixed", 1, 10_000), ("room", 7_000, 0)],
)
def test_a_claim_counts_within_what_its_method_allows(session, streamed, ada, how, said, counts):
    assert lags.measured(session, streamed, ada.id, how, said) == counts
    assert lags.now_of(session, streamed, who(ada)) == counts
    lags.fix(session, streamed, streamed.turns[0])
    assert kept(session, streamed.turns[0])[ada.id] == (counts, how)


@pytest.mark.parametrize("how", ["rtc", "anchor", "", "PDT", "x" * 16])
def test_a_method_that_this_stream_does_not_allow_changes_nothing(session, streamed, ada, how):
    assert lags.measured(session, streamed, ada.id, how, 1_000) is None
    assert ada.latency_ms is None


def test_nobody_speaks_for_a_player_of_another_room(session, streamed, now):
    other = make.show(session, [make.question("khac-001")], now=now)
    eve = make.player(session, other, "Eve", now=now)
    assert lags.measured(session, streamed, eve.id, "pdt", 1_000) is None


def test_a_new_word_counts_from_the_next_turn_on(session, streamed, ada):
    lags.measured(session, streamed, ada.id, "pdt", 3_000)
    first, second = streamed.turns[:2]
    lags.fix(session, streamed, first)
    lags.measured(session, streamed, ada.id, "pdt", 14_000)
    lags.fix(session, streamed, second)
    assert kept(session, first)[ada.id] == (3_000, "pdt")
    assert kept(session, second)[ada.id] == (14_000, "pdt")
    found = lags.of_answers(session, [first.id, second.id], [ada.id])
    assert found == {(ada.id, first.id): 3_000, (ada.id, second.id): 14_000}
    assert lags.of_turn(session, first)[ada.id] == 3_000


def test_somebody_who_enters_while_a_turn_is_under_way_is_fixed_at_once_and_only_then(session, streamed, now):
    streamed.position = 1
    eve = make.player(session, streamed, "Eve", now=now)
    lags.fix_newcomer(session, streamed, eve.id)
    lags.measured(session, streamed, eve.id, "pdt", 30_000)  # a claim made after the key might be known
    lags.fix_newcomer(session, streamed, eve.id)
    assert kept(session, streamed.turns[0])[eve.id] == (10_000, "fixed")


def test_in_the_lobby_there_is_no_turn_to_be_fixed_for(session, streamed, ada):
    lags.fix_newcomer(session, streamed, ada.id)
    assert session.query(Lag).count() == 0


def test_a_word_about_another_stream_no_longer_counts(session, streamed, ada):
    lags.measured(session, streamed, ada.id, "pdt", 3_000)
    streamed.stream = {"provider": "youtube", "id": "abc", "latency_ms": 25_000}
    assert lags.now_of(session, streamed, who(ada)) == 25_000
    lags.fix(session, streamed, streamed.turns[0])
    assert kept(session, streamed.turns[0])[ada.id] == (25_000, "fixed")


def test_the_slowest_decides_when_all_are_closed_and_who_was_sent_out_does_not_hold_the_show(
    session, streamed, ada, bob, now
):
    turn = streamed.turns[0]
    assert lags.all_closed_at(session, streamed, turn) is None
    lags.measured(session, streamed, ada.id, "pdt", 14_000)
    lags.fix(session, streamed, turn)
    turn.closes_at = now
    assert lags.slowest(session, streamed, turn) == 14_000
    assert lags.all_closed_at(session, streamed, turn) == now + 14 * SECOND + GRACE
    players.remove(session, streamed, ada.id, now=now)
    session.flush()
    assert lags.slowest(session, streamed, turn) == 10_000


def test_the_lanes_in_use_are_counted(session, streamed, ada, bob):
    lags.measured(session, streamed, ada.id, "pdt", 3_000)
    assert lags.in_use(session, streamed) == [(1, 1), (5, 1)]


def test_who_follows_without_playing_is_as_far_behind_as_the_stream_usually_is(session, streamed, now):
    turn = streamed.turns[0]
    follower, screen = Bearer("follower", streamed.id), Bearer("viewer", streamed.id)
    assert lags.now_of(session, streamed, follower) == 10_000
    assert lags.now_of(session, streamed, screen) == 0
    assert lags.of_bearer(session, streamed, follower) == {}
    turn.reading_at = now
    assert lags.of_bearer(session, streamed, follower) == {turn.id: 10_000}
    assert lags.of_bearer(session, streamed, screen) == {}


def test_without_a_stream_who_follows_is_at_the_programme(session, show, now):
    show.turns[0].reading_at = now
    assert lags.of_bearer(session, show, Bearer("follower", show.id)) == {}
