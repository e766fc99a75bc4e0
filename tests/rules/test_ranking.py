from quizapp.rules.ranking import Key, rank

SCORE = Key("score", lambda row: row[1], high_first=True)
DURATION = Key("duration", lambda row: row[2])


def lines(standings):
    return [(standing.rank, standing.row[0]) for standing in standings]


def test_equal_points_share_a_rank_and_the_next_is_skipped():
    rows = [("ada", 30, 0), ("bob", 50, 0), ("otto", 30, 0), ("hana", 10, 0)]
    assert lines(rank(rows, [SCORE])) == [(1, "bob"), (2, "ada"), (2, "otto"), (4, "hana")]


def test_a_later_key_counts_only_where_the_earlier_ones_are_equal():
    rows = [("ada", 9, 60_001), ("bob", 9, 60_000), ("otto", 10, 90_000)]
    assert lines(rank(rows, [SCORE, DURATION])) == [(1, "otto"), (2, "bob"), (3, "ada")]


def test_equals_are_listed_as_asked_and_share_their_rank():
    rows = [("otto", 9, 5), ("ada", 9, 5)]
    assert lines(rank(rows, [SCORE, DURATION], then=lambda row: row[0])) == [(1, "ada"), (1, "otto")]
    assert lines(rank(rows, [SCORE, DURATION])) == [(1, "otto"), (1, "ada")]


def test_nobody_makes_an_empty_board():
    assert rank([], [SCORE]) == []
