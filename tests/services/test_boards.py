from datetime import UTC, datetime, timedelta

import pytest

from quizapp.models import Attempt
from quizapp.services import boards
from tests import make


@pytest.fixture
def cast(session):
    return {who: make.person(session, who, appears=True) for who in ("ada", "bob", "hana", "otto")}


def exam(session, person, score, seconds, now, topic="huu-tri", mode="exam"):
    handed_in_at = now if mode else None
    attempt = Attempt(
        mode=mode,
        person_id=person and person.id,
        token_hash=str(session.query(Attempt).count()),
        topic_slug=topic,
        paper=[{"q": str(n), "v": 1, "o": []} for n in range(10)],
        started_at=now - timedelta(seconds=seconds),
        handed_in_at=handed_in_at,
        handed_in_by="self",
        score=score,
    )
    session.add(attempt)
    session.flush()
    return attempt


def lines(board):
    return [(standing.rank, standing.row.name) for standing in board.lines]


def test_more_right_answers_stand_first_then_the_shorter_time(session, cast, now):
    exam(session, cast["ada"], 8, 60.001, now)
    exam(session, cast["bob"], 8, 60, now)
    exam(session, cast["hana"], 9, 300, now)
    board = boards.of_topic(session, "huu-tri", "all", now=now)
    assert lines(board) == [(1, "Hana"), (2, "Bob"), (3, "Ada")]
    assert [standing.row.duration_ms for standing in board.lines] == [300_000, 60_000, 60_001]
    assert (board.people, board.lines[0].row.of) == (3, 10)


def test_equal_to_the_millisecond_share_a_rank(session, cast, now):
    for who, seconds in (("ada", 60), ("bob", 60.0004), ("hana", 70)):
        exam(session, cast[who], 8, seconds, now)
    assert [standing.rank for standing in boards.of_topic(session, "huu-tri", "all", now=now).lines] == [1, 1, 3]


def test_everybody_stands_once_with_their_best(session, cast, now):
    exam(session, cast["ada"], 5, 10, now)
    exam(session, cast["ada"], 9, 100, now)
    exam(session, cast["ada"], 9, 90, now)
    (only,) = boards.of_topic(session, "huu-tri", "all", now=now).lines
    assert (only.row.score, only.row.duration_ms) == (9, 90_000)


def test_who_did_not_choose_to_appear_stands_nowhere(session, cast, now):
    cast["ada"].appears = False
    cast["bob"].blocked_at = now
    exam(session, cast["ada"], 9, 10, now)
    exam(session, cast["bob"], 9, 10, now)
    exam(session, None, 9, 10, now)
    assert boards.of_topic(session, "huu-tri", "all", person_id=cast["ada"].id, now=now) == boards.Board((), 0)


def test_practice_and_other_topics_do_not_count(session, cast, now):
    exam(session, cast["ada"], 9, 10, now, mode="practice")
    exam(session, cast["ada"], 9, 10, now, topic="om-dau")
    assert boards.of_topic(session, "huu-tri", "all", now=now).people == 0


def test_the_week_begins_on_monday_in_viet_nam():
    sunday_night = datetime(2026, 3, 8, 16, 59, 59, tzinfo=UTC)  # 23:59:59 in Viet Nam
    assert boards.week_start(sunday_night) == datetime(2026, 3, 1, 17, tzinfo=UTC)
    assert boards.week_start(sunday_night + timedelta(seconds=1)) == datetime(2026, 3, 8, 17, tzinfo=UTC)


def test_the_board_of_the_week_forgets_the_weeks_before(session, cast):
    monday = datetime(2026, 3, 8, 17, tzinfo=UTC)
    exam(session, cast["ada"], 9, 10, monday - timedelta(microseconds=1))
    exam(session, cast["bob"], 5, 10, monday)
    later = monday + timedelta(days=3)
    assert lines(boards.of_topic(session, "huu-tri", "week", now=later)) == [(1, "Bob")]
    assert lines(boards.of_topic(session, "huu-tri", "all", now=later)) == [(1, "Ada"), (2, "Bob")]


def test_ones_own_rank_is_told_even_below_the_shown_lines(session, cast, now):
    for who, score in (("ada", 9), ("bob", 8), ("hana", 8), ("otto", 3)):
        exam(session, cast[who], score, 60, now)
    board = boards.of_topic(session, "huu-tri", "all", person_id=cast["otto"].id, shown=2, now=now)
    assert len(board.lines) == 2
    assert (board.own.rank, board.own.row.name) == (4, "Otto")
    shared = boards.of_topic(session, "huu-tri", "all", person_id=cast["hana"].id, shown=1, now=now)
    assert shared.own.rank == 2
    first = boards.of_topic(session, "huu-tri", "all", person_id=cast["ada"].id, shown=2, now=now)
    assert first.own.rank == 1


def test_who_took_no_exam_has_no_rank(session, cast, now):
    exam(session, cast["ada"], 9, 60, now)
    exam(session, cast["bob"], 8, 60, now)
    board = boards.of_topic(session, "huu-tri", "all", person_id=cast["otto"].id, shown=1, now=now)
    assert board.own is None


def test_a_board_is_read_by_its_index(session, now):
    query = boards._best("huu-tri", now)
    plan = session.connection().exec_driver_sql(
        "EXPLAIN QUERY PLAN "
        + str(query.select().compile(session.connection(), compile_kwargs={"literal_binds": True}))
    )
    assert "attempt_board" in " ".join(str(row) for row in plan)
