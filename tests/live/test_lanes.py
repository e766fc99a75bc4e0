"""The schedule of a stream's viewers: who hears what at which instant, in which order (ux §7.3)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.live.hub import Line
from quizapp.live.lanes import Item, Lanes
from quizapp.rules import stream
from quizapp.services.tokens import Bearer

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MS = timedelta(milliseconds=1)
SHOW, TURN = 7, 1


class Hall:
    """A fake transport with a clock: keeps what each socket heard and when."""

    def __init__(self):
        self.now = NOON
        self.heard = []
        self.lanes = Lanes(self)

    def broadcast(self, sids, name, body):
        assert sids
        self.heard += [(sid, name, self.now, body) for sid in sids]

    def personal(self, name, bodies):
        self.heard += [(sid, name, self.now, body) for sid, body in bodies]

    def until(self, moment):
        """Let the clock run in steps of a millisecond's neighbourhood: everything happens at its own instant."""
        while self.lanes._due and self.lanes._due[0][0] <= moment:
            self.now = max(self.now, self.lanes._due[0][0])
            self.lanes.run(self.now)
        self.now = moment

    def sit(self, who, *, language="vi"):
        line = Line(f"sid-{who}-{language}", Bearer("player", SHOW, who), language)
        self.lanes.seat(line, now=self.now)
        return line

    def tell(self, name, *, at=None, turn=TURN, own=None, **body):
        said = {language: [(name, {"turn": turn, **body})] for language in ("vi", "en")}
        self.lanes.tell(SHOW, Item(at or self.now, self.now, turn, said, own or {}))

    def times(self, who, name):
        return [at for sid, heard, at, _ in self.heard if sid.startswith(f"sid-{who}-") and heard == name]

    def names(self, who):
        return [heard for sid, heard, _, _ in self.heard if sid.startswith(f"sid-{who}-")]


@pytest.fixture
def hall():
    return Hall()


def seated(hall, turn=TURN, **latencies):
    hall.lanes.fix(SHOW, turn, latencies)
    return [hall.sit(who) for who in latencies]


def test_each_lane_hears_two_seconds_after_the_one_before(hall):
    seated(hall, here=0, ada=3_000, bob=10_000, eve=14_000)
    hall.tell("turn:reading")
    hall.until(NOON + 20_000 * MS)
    told = {who: hall.times(who, "turn:reading") for who in ("here", "ada", "bob", "eve")}
    assert told == {
        "here": [NOON],
        "ada": [NOON + 2_000 * MS],
        "bob": [NOON + 10_000 * MS],
        "eve": [NOON + 14_000 * MS],
    }


def test_an_opening_announced_ahead_reaches_a_lane_when_it_opens_there_not_before(hall):
    seated(hall, here=0, near=500, ada=3_000)
    opens = NOON + 500 * MS
    hall.tell("turn:opened", at=opens)
    hall.until(NOON + 9_000 * MS)
    assert hall.times("here", "turn:opened") == [NOON]
    assert hall.times("near", "turn:opened") == [opens]
    assert hall.times("ada", "turn:opened") == [opens + 2_000 * MS]


def test_instants_of_the_window_are_those_of_the_viewer_and_the_cue_is_the_programmes(hall):
    seated(hall, ada=3_250)
    hall.tell("turn:opened", opens_at=1_000, closes_at=21_000, cue_at=1_000, now=5)
    hall.until(NOON + 9_000 * MS)
    body = hall.heard[0][3]
    assert (body["opens_at"], body["closes_at"], body["cue_at"]) == (4_250, 24_250, 1_000)
    assert body["now"] > 5  # the server's clock when it was sent


def test_an_instant_that_is_not_known_stays_so(hall):
    seated(hall, ada=3_250)
    hall.tell("turn:reading", opens_at=None)
    hall.until(NOON + 9_000 * MS)
    assert hall.heard[0][3]["opens_at"] is None


def test_what_is_said_later_never_overtakes_an_opening_that_is_on_its_way(hall):
    seated(hall, ada=3_000)
    hall.tell("turn:opened", at=NOON + 500 * MS)
    hall.until(NOON + 100 * MS)
    hall.tell("notice")
    hall.until(NOON + 9_000 * MS)
    assert hall.names("ada") == ["turn:opened", "notice"]
    assert hall.times("ada", "turn:opened") == [NOON + 2_500 * MS]


def test_who_comes_nearer_with_the_next_turn_hears_the_rest_of_the_last_one_first(hall):
    seated(hall, ada=20_000)
    hall.tell("board")
    hall.until(NOON + 5_000 * MS)
    hall.lanes.fix(SHOW, 2, {"ada": 3_000})
    hall.tell("turn:reading", turn=2)
    hall.until(NOON + 60_000 * MS)
    assert hall.names("ada") == ["board", "turn:reading"]
    assert hall.times("ada", "turn:reading") == [NOON + 7_000 * MS]


def test_who_falls_behind_with_the_next_turn_hears_it_so_much_later(hall):
    seated(hall, ada=3_000)
    hall.tell("board")
    hall.until(NOON + 1_000 * MS)
    hall.lanes.fix(SHOW, 2, {"ada": 20_000})
    hall.tell("turn:reading", turn=2)
    hall.until(NOON + 60_000 * MS)
    assert hall.times("ada", "board") == [NOON + 2_000 * MS]
    assert hall.times("ada", "turn:reading") == [NOON + 21_000 * MS]


def test_a_reconnect_hears_what_its_lane_heard_before_its_own_moment_and_what_is_still_to_come(hall):
    (line,) = seated(hall, ada=3_500)
    hall.tell("turn:reading")
    hall.until(NOON + 1_000 * MS)
    hall.tell("turn:opened")
    hall.until(NOON + 2_500 * MS)  # the lane has heard the reading; Ada's own moment for it is at 3.5 s
    hall.lanes.leave(line)
    hall.heard.clear()
    hall.sit("ada", language="en")
    assert hall.names("ada") == ["turn:reading"]
    hall.until(NOON + 9_000 * MS)
    assert hall.names("ada") == ["turn:reading", "turn:opened"]
    assert hall.times("ada", "turn:opened") == [NOON + 3_000 * MS]


def test_a_reconnect_does_not_hear_again_what_its_state_already_holds(hall):
    (line,) = seated(hall, ada=2_500)
    hall.tell("turn:reading")
    hall.until(NOON + 6_000 * MS)
    hall.lanes.leave(line)
    hall.heard.clear()
    hall.sit("ada")
    hall.until(NOON + 60_000 * MS)
    assert hall.heard == []


def test_who_has_left_hears_nothing(hall):
    (line,) = seated(hall, ada=3_000)
    hall.tell("turn:reading")
    hall.lanes.leave(line)
    hall.until(NOON + 60_000 * MS)
    assert hall.heard == []


def test_own_points_come_with_the_reveal_and_only_to_their_owner(hall):
    seated(hall, ada=3_000, bob=3_000)
    hall.tell("turn:revealed", own={"ada": [("you", {"points": 5})]})
    hall.until(NOON + 9_000 * MS)
    assert hall.names("ada") == ["turn:revealed", "you"]
    assert hall.names("bob") == ["turn:revealed"]


def test_a_stream_taken_away_leaves_nothing_on_its_way(hall):
    seated(hall, ada=3_000)
    hall.tell("turn:reading")
    hall.lanes.close(SHOW)
    hall.until(NOON + 9_000 * MS)
    assert hall.heard == [] and hall.lanes.seats(SHOW) == []


@pytest.mark.parametrize(("name", "shown"), [("Bạn 17", ["Ada", "Bạn 17"]), (None, ["Ada"])])
def test_a_name_that_was_taken_off_is_gone_from_boards_on_their_way(hall, name, shown):
    seated(hall, ada=10_000)
    top = [{"rank": 1, "name": "Ada"}, {"rank": 2, "name": "Bậy bạ"}]
    hall.tell("board", top=top, climb={"name": "Bậy bạ", "from": 5, "to": 2})
    hall.tell("board", top=top, climb={"name": "Ada", "from": 3, "to": 1})
    hall.until(NOON + 1_000 * MS)
    hall.lanes.rename(SHOW, {"Ada", "Bạn 17"}, name)
    hall.until(NOON + 20_000 * MS)
    first, second = (body for _, _, _, body in hall.heard)
    assert [line["name"] for line in first["top"]] == [line["name"] for line in second["top"]] == shown
    assert first.get("climb") == (name and {"name": name, "from": 5, "to": 2})
    assert second["climb"] == {"name": "Ada", "from": 3, "to": 1}
    hall.lanes.rename(99, set(), None)


def test_those_whom_a_turn_has_reached_are_known(hall):
    seated(hall, here=0, ada=3_000, bob=10_000)
    opens = NOON + 500 * MS
    reached = [hall.lanes.reached(SHOW, TURN, opens, now=NOON + ms * MS) for ms in (499, 500, 3_500, 10_500)]
    assert [len(sids) for sids in reached] == [0, 1, 2, 3]
    assert hall.lanes.reached(99, TURN, opens, now=NOON) == []


def test_a_fault_in_one_message_stops_no_other(hall):
    hall.lanes.later(NOON, lambda: 1 / 0)
    done = []
    hall.lanes.later(NOON, lambda: done.append(1))
    hall.until(NOON)
    assert done == [1]


@given(st.lists(st.integers(1, stream.CAP_MS), min_size=1, max_size=4), st.lists(st.integers(0, 9_000), max_size=6))
def test_everybody_hears_everything_once_in_order_and_never_before_their_lane(latencies, pauses):
    hall = Hall()
    people = {f"p{n}": latency for n, latency in enumerate(latencies)}
    seated(hall, **people)
    at = {}
    for n, pause in enumerate(pauses):
        hall.until(hall.now + pause * MS)
        at[f"m{n}"] = hall.now
        hall.tell(f"m{n}")
    hall.until(hall.now + 60_000 * MS)
    for who, latency in people.items():
        assert hall.names(who) == list(at)
        assert all(hall.times(who, name) == [stream.told_at(moment, latency)] for name, moment in at.items())
