"""Who is invited to a final."""

from datetime import UTC, datetime, timedelta

from quizapp.rules.contest import Invited, Overall, Ranking, Round, Settings, Words
from quizapp.rules.invited import earlier, who
from quizapp.rules.tally import Book, Contestant, Figures, Line, RoundResult

OPENS = datetime(2026, 3, 2, tzinfo=UTC)
WEEK = timedelta(days=7)


def one_round(key, week=0, **changes):
    return Round(key=key, name=Words(key), opens_at=OPENS + week * WEEK, closes_at=OPENS + (week + 1) * WEEK, **changes)


def final(**changes):
    return one_round("ck", 4, kind="final", invited=Invited(**changes))


def settings(last, **changes):
    return Settings(
        name=Words("x"),
        organizer=Words("x"),
        rounds=(one_round("a"), one_round("b", 1), last, one_round("z", 5)),
        **changes,
    )


def result(key, *standing):
    """Lines of (code, rank, score) or (code, rank, score, division)."""
    lines = [
        Line(
            rank=rank,
            code=code,
            sitting=None,
            score=score,
            full=600,
            correct=0,
            of=0,
            duration_ms=0,
            submitted_us=0,
            division=division[0] if division else None,
        )
        for code, rank, score, *division in standing
    ]
    return RoundResult(key=key, target=None, target_rows=0, figures=Figures(), lines=tuple(lines))


FIRST = result("a", ("ada", 1, 600), ("bob", 2, 540), ("cat", 3, 480), ("dan", 4, 60))
SECOND = result("b", ("ada", 1, 600), ("eva", 2, 500), ("cat", 3, 400), ("fay", 4, 390))


def invited(last, results=(FIRST, SECOND), special=(), **changes):
    people = {code: Contestant(code=code) for found in results for code in (each.code for each in found.lines)}
    people.update({one.code: one for one in special})
    return list(who(settings(last, **changes), last, Book(contestants=tuple(people.values())), results))


def test_the_first_of_every_round_come_and_nobody_twice():
    assert invited(final(top_each=2)) == ["ada", "bob", "eva"]


def test_more_come_by_total_who_are_not_invited_yet():
    assert invited(final(top_each=1, top_total=2)) == ["ada", "cat", "bob"]  # 880 and 540 after ada's 1 200
    assert invited(final(top_total=1)) == ["ada"]


def test_nobody_is_invited_where_nothing_is_asked_for():
    assert invited(final()) == []


def test_people_who_share_the_last_place_all_come():
    tied = result("a", ("ada", 1, 600), ("bob", 2, 540), ("cat", 2, 540), ("dan", 4, 60))
    assert invited(final(top_each=2), [tied]) == ["ada", "bob", "cat"]


def test_who_cannot_win_leaves_the_place_to_the_next():
    special = [
        Contestant(code="ada", withdrawn=True),
        Contestant(code="bob", barred_rounds={"ck": "Thi hộ."}),
        Contestant(code="cat", barred_rounds={"a": "Thi hộ."}),
    ]
    assert invited(final(top_each=1, rounds=("a",)), special=special) == ["cat"]


def test_each_division_sends_its_own():
    divided = result("a", ("ada", 1, 600, "x"), ("bob", 2, 540, "x"), ("cat", 1, 300, "y"))
    assert invited(final(top_each=1), [divided]) == ["ada", "cat"]


def test_only_rounds_named_or_closed_before_the_final_count():
    last = final(top_each=1)
    assert [one.key for one in earlier(settings(last), last)] == ["a", "b"]
    named = final(top_each=1, rounds=("b", "ck"))
    assert [one.key for one in earlier(settings(named), named)] == ["b"]
    assert invited(named) == ["ada"]


def test_totals_go_by_the_contests_own_list_of_totals():
    own = Overall(ranking=Ranking(keys=("rounds_entered", "score")))
    quick = [result("a", ("ada", 1, 600), ("bob", 2, 60)), result("b", ("bob", 1, 60))]
    assert invited(final(top_total=1), quick, overall=(Overall(overall_rule="BEST_ROUND"), own)) == ["bob"]
    assert invited(final(top_total=1), quick) == ["ada"]
