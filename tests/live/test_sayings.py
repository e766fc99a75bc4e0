"""What players say beside answers, as their sockets bring it."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from quizapp import clock, db, models
from quizapp.live.hub import Hub, Line
from quizapp.live.sayings import Sayings
from quizapp.rules.contest import Prediction
from quizapp.services import entering, guesses, players, watch_words
from quizapp.services.tokens import Bearer
from tests import make

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
M = "a" * 32


class Wires:
    """A transport that only knows who answers which event."""

    def __init__(self):
        self.handlers = {}

    def on(self, event, handler):
        self.handlers[event] = handler


@pytest.fixture
def room(app):
    """The room of a livestream with its prediction put and its word said; ada's attempt in it."""
    now = clock.now()
    part = {"prediction_after": 1, "watch_word_until": now + HOUR}
    asked = Prediction(target="P_LIVE", prediction_scope="PER_ROUND_FIRST")
    rules = make.live_rules(opens_at=now - HOUR, closes_at=now + HOUR, prediction=asked, part=part)
    with db.begin() as session:
        make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 9)))
        hana, ada = make.person(session, "hana"), make.person(session, "ada")
        contest = make.contest(session, [rules], owner=hana)
        make.contestant(session, contest, ada)
        show = make.contest_room(session, contest, hana)
        row = contest.rounds[0]
        watch_words.set_word(session, app.extensions["vault"], contest, row, "Quyền lợi mới", hana.id, now=now)
        show.predicting_at, show.predicting_until = now - SECOND, now + 60 * SECOND
        return show.id, entering.enter(session, make.VAULT, show, ada.id, now=now)[0].id


@pytest.fixture
def say(app, room):
    wires, hub = Wires(), Hub()
    Sayings(app, wires, hub)
    for sid, bearer in (
        ("ada", Bearer("player", room[0], room[1])),
        ("host", Bearer("host", room[0])),
        ("ghost", Bearer("player", room[0], "f" * 32)),
    ):
        hub.add(Line(sid, bearer, "vi"))
    return lambda event, sid, *data: wires.handlers[event](sid, *data)


def test_a_number_is_kept_once_and_the_reply_says_which(say):
    assert say("predict", "ada", {"m": M, "v": 1284}) == {"verdict": "kept", "v": 1284}
    assert say("predict", "ada", {"m": M, "v": 1284}) == {"verdict": "kept", "v": 1284}
    assert say("predict", "ada", {"m": "b" * 32, "v": 1}) == {"verdict": "twice", "v": 1284}
    with db.read() as session:
        assert [one.value for one in session.query(models.Saying)] == [1284]


def test_a_viewer_of_a_stream_has_the_window_of_their_own_picture(say, room):
    with db.begin() as session:
        show = session.get(models.Show, room[0])
        show.stream = {"provider": "youtube", "id": "abcdefghijk", "latency_ms": 20_000}
        show.position, asked = 1, show.turns[0]
        asked.reading_at = asked.opens_at = asked.closes_at = clock.now() - 60 * SECOND
        asked.open_told = asked.lock_told = True
        session.add(models.Lag(turn_id=asked.id, attempt_id=room[1], latency_ms=30_000, method="fixed"))
    assert say("predict", "ada", {"m": M, "v": 1284}) == {"verdict": "early"}


@pytest.mark.parametrize(
    "data",
    [(), ({},), ({"m": M, "v": "12"},), ({"m": M, "v": -1},), ({"m": M, "v": 1.5},), ({"m": "x", "v": 1},), (1, 2)],
)
def test_what_is_no_such_message_is_refused(say, data):
    assert say("predict", "ada", *data) == {"verdict": "refused"}
    assert say("watch-word", "ada", *data) == {"verdict": "refused"}


@pytest.mark.parametrize("sid", ["host", "ghost", "nobody"])
def test_only_players_of_the_room_say_anything(say, sid):
    assert say("predict", sid, {"m": M, "v": 1}) == {"verdict": "refused"}
    assert say("watch-word", sid, {"word": "quyền lợi mới"}) == {"verdict": "refused"}


def test_the_watch_word_is_compared(say, room):
    assert say("watch-word", "ada", {"word": "quyền lợi cũ"}) == {"verdict": "wrong"}
    assert say("watch-word", "ada", {"word": "QUYEN LOI MOI"}) == {"verdict": "kept"}
    with db.read() as session:
        assert session.query(models.Participation).one().watch_word_at is not None


def test_who_was_sent_out_says_nothing_more(say, room):
    with db.begin() as session:
        players.remove(session, session.get(models.Show, room[0]), room[1], now=clock.now())
    assert say("predict", "ada", {"m": M, "v": 1}) == {"verdict": "refused"}
    assert say("watch-word", "ada", {"word": "quyền lợi mới"}) == {"verdict": "refused"}


def test_storage_that_fails_asks_for_the_same_again(say, monkeypatch):
    def fail(*args, **how):
        raise OperationalError("insert", {}, Exception("disk"))

    monkeypatch.setattr(guesses, "keep", fail)
    monkeypatch.setattr(watch_words, "enter", fail)
    assert say("predict", "ada", {"m": M, "v": 1}) == {"verdict": "again"}
    assert say("watch-word", "ada", {"word": "quyền"}) == {"verdict": "again"}
