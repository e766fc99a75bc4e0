from datetime import timedelta

import pytest

from quizapp.rules import contest as rulebook
from quizapp.services import open_boards, round_marks
from quizapp.services.open_boards import FRESH
from tests import make

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
NOW = make.OPENS + timedelta(days=2, hours=5)


@pytest.fixture
def hold(session):
    """Makes a contest whose round shows its first lines, and gives that round."""

    def made(who=None, **changes):
        values = {"board": "TOP", "board_top": 3, "prediction": None, **changes}
        contest = make.contest(session, (make.round_rules(**values),), who=who or rulebook.Who())
        row = contest.rounds[0]
        make.committed(session, row, *(make.question(f"huu-tri-{n:03}") for n in range(1, 11)))
        row.paper_root = make.models.new_id()
        session.flush()
        return row

    return made


def sat(session, row, right, seconds=100, at=NOW - DAY, consent=True, **changes):
    """Somebody with one attempt of so many right answers; gives the contestant."""
    who = make.contestant(session, row.contest, **changes)
    if consent:
        make.consent(session, who)
    make.sat(session, row, who, [1] * right + [0] * (10 - right), started=at, seconds=seconds)
    round_marks.recount(session, row, who.id)
    return who


def board(session, row, now=NOW):
    return [group.lines for group in open_boards.groups(session, row, now=now)]


def names(session, row, **how):
    return [[line.name for line in lines] for lines in board(session, row, **how)]


def test_the_first_lines_stand_by_score_then_by_the_time_keys(session, hold):
    row = hold()
    for name, right, seconds in (("Lê Chậm", 9, 300), ("Lê Nhanh", 9, 100), ("Lê Giỏi", 10, 500), ("Lê Sau", 3, 10)):
        sat(session, row, right, seconds, name=name)
    (lines,) = board(session, row)
    assert [(one.rank, one.name, one.points, one.full, one.correct, one.duration_ms) for one in lines] == [
        (1, "Lê Giỏi", 600, 600, 10, 500_000),
        (2, "Lê Nhanh", 540, 600, 9, 100_000),
        (3, "Lê Chậm", 540, 600, 9, 300_000),
    ]


def test_what_is_predicted_is_no_key_while_the_round_is_open(hold):
    rules = make.round_rules(ranking=rulebook.Ranking(keys=rulebook.PRESETS["PREDICTION_EARLIEST"]))
    assert open_boards.keys(rules) == ("score", "submitted_at")


def test_equals_share_their_rank(session, hold):
    row = hold(ranking=rulebook.Ranking(keys=("score", "duration", "lot")))
    for name in ("Lê An", "Lê Bình", "Lê Chi"):
        sat(session, row, 8 if name == "Lê Chi" else 9, name=name)
    assert [one.rank for one in board(session, row)[0]] == [1, 1, 3]


def test_only_people_who_agreed_are_named_and_the_others_have_their_code(session, hold):
    row = hold()
    commune = make.unit(session, row.contest, "Xã An", tree="place")
    sat(session, row, 10, name="Lê An", place_id=commune.id)
    silent = sat(session, row, 9, name="Lê Bình", consent=False)
    (lines,) = board(session, row)
    assert [(one.name, one.where, one.code) for one in lines][1] == ("", "", silent.code)
    assert (lines[0].name, lines[0].where) == ("Lê An", "Xã An")


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "HORS_CONCOURS"},
        {"status": "EXCLUDED"},
        {"withdrawn_at": NOW},
        {"barred_rounds": {"tuan-1": "thi hộ"}},
        {"barred_rounds": {"*": "thi hộ"}},
    ],
)
def test_who_is_not_ranked_does_not_stand_here(session, hold, changes):
    row = hold()
    sat(session, row, 10, name="Lê Ngoài", **changes)
    sat(session, row, 5, name="Lê Trong")
    assert names(session, row) == [["Lê Trong"]]


def test_people_with_more_time_stand_after_their_equals_on_speed(session, hold):
    row = hold()
    sat(session, row, 9, 60, name="Lê Thêm Giờ", accommodation=150)
    sat(session, row, 9, 100, name="Lê Thường")
    assert names(session, row) == [["Lê Thường", "Lê Thêm Giờ"]]


def test_each_division_has_its_own_lines(session, hold):
    divisions = tuple(rulebook.Division(key=key, name=rulebook.Words(key)) for key in ("a", "b"))
    row = hold(who=rulebook.Who(divisions=divisions))
    sat(session, row, 5, name="Lê An", division="a")
    sat(session, row, 9, name="Lê Bình", division="b")
    groups = open_boards.groups(session, row, now=NOW)
    assert [(group.division, [one.name for one in group.lines]) for group in groups] == [
        ("a", ["Lê An"]),
        ("b", ["Lê Bình"]),
    ]


@pytest.mark.parametrize("changes", [{"board": "HIDDEN"}, {"board": "SCORE_ONLY"}, {"show_after": "NOTHING"}])
def test_a_board_that_the_rulebook_hides_has_no_lines(session, hold, changes):
    row = hold(**changes)
    sat(session, row, 9)
    assert board(session, row) == []


def test_many_lines_above_the_last_one_shown_are_not_all_sorted(session, hold, monkeypatch):
    monkeypatch.setattr(open_boards, "_SPARE", 1)
    row = hold(board_top=2)
    for n in range(6):
        sat(session, row, 4 + n, name=f"Lê {'ABCDEF'[n]}")
    assert names(session, row) == [["Lê F", "Lê E"]]


def test_a_ranking_that_does_not_begin_with_the_score(session, hold, monkeypatch):
    monkeypatch.setattr(open_boards, "_SPARE", 0)
    row = hold(board_top=1, ranking=rulebook.Ranking(keys=("submitted_at", "lot")))
    sat(session, row, 2, name="Lê Sớm", at=NOW - 2 * DAY)
    sat(session, row, 9, name="Lê Muộn")
    assert names(session, row) == [["Lê Sớm"]]


def test_lines_and_counters_are_kept_for_some_seconds(session, hold):
    row = hold()
    sat(session, row, 5)
    before = board(session, row), counters(session, row)
    sat(session, row, 9)
    assert (board(session, row, NOW + FRESH - timedelta(0, 1)), counters(session, row)) == before
    assert len(board(session, row, NOW + FRESH)[0]) == 2 and counters(session, row, NOW + FRESH).people == 2


def test_only_so_much_is_kept(session, hold, monkeypatch):
    monkeypatch.setattr(open_boards, "_ROUNDS_KEPT", 1)
    monkeypatch.setattr(open_boards, "_kept", {})
    row = hold()
    board(session, row)
    counters(session, row)
    assert len(open_boards._kept) == 1


# ── Counters ──


def counters(session, row, now=NOW):
    return open_boards.counters(session, row, now=now)


@pytest.fixture
def crowd(session, hold):
    """Thirteen people yesterday, of whom twelve had everything right, and one with two attempts today; one more only
    registered, one sat without an answer, one hors concours."""

    def made(**changes):
        row = hold(**changes)
        for _ in range(12):
            sat(session, row, 10)
        sat(session, row, 4)
        today = sat(session, row, 10, at=NOW - MINUTE)
        make.sat(session, row, today, [1] * 10, started=NOW - 2 * MINUTE, no=2)
        round_marks.recount(session, row, today.id)
        make.contestant(session, row.contest)
        empty = make.contestant(session, row.contest)
        make.sat(session, row, empty, [None] * 10, started=NOW)
        round_marks.recount(session, row, empty.id)
        sat(session, row, 10, status="HORS_CONCOURS")
        return row

    return made


def figures(found):
    return found.registered, found.people, found.attempts, found.all_correct


def test_without_a_prediction_every_counter_is_exact(session, crowd):
    found = counters(session, crowd())
    assert figures(found) == (16, 14, 15, 13) and found.rounded == frozenset()


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("P_ALLCORRECT", (16, 14, 15, 10)),
        ("P_PEOPLE", (16, 10, 15, 13)),
        ("P_ATTEMPTS", (16, 14, 10, 13)),
        ("P_PERCENT", (16, 10, 15, 10)),
    ],
)
def test_what_is_predicted_is_rounded_down_as_of_midnight(session, crowd, target, said):
    row = crowd(prediction=rulebook.Prediction(target=target, public_step=5))
    assert figures(counters(session, row)) == said
    tomorrow = NOW + DAY
    people = counters(session, row, tomorrow).people
    assert people == (10 if target in ("P_PEOPLE", "P_PERCENT") else 14)


def test_even_a_step_of_one_is_as_of_midnight(session, crowd):
    row = crowd(prediction=rulebook.Prediction(public_step=1))
    assert counters(session, row).all_correct == 12
    assert counters(session, row, NOW + DAY).all_correct == 13


def test_without_a_step_what_is_predicted_is_hidden(session, crowd):
    found = counters(session, crowd(prediction=rulebook.Prediction(public_step=0)))
    assert figures(found) == (16, 14, 15, None) and found.rounded == {"P_ALLCORRECT"}
