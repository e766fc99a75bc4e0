"""What of a published rulebook may still change, and what may not."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from quizapp.rules import model_rulebooks as models
from quizapp.rules.contest import Division, Overall, Prediction, Ranking, Words
from quizapp.rules.rulebook_change import has_opened, refused

A = replace(models.weekly(date(2026, 3, 2)), overall=(Overall(),))
B = models.livestream(date(2026, 3, 2))
ONE, TWO = A.rounds[0], A.rounds[1]
BEFORE = ONE.opens_at - timedelta(days=1)
OPEN = ONE.opens_at + timedelta(days=1)
CLOSED = ONE.closes_at + timedelta(hours=1)
OVER = A.rounds[-1].closes_at
HALVES = (Division(key="a", name=Words("A")), Division(key="b", name=Words("B")))


def week(n=0, **changes):
    rounds = list(A.rounds)
    rounds[n] = replace(rounds[n], **changes)
    return replace(A, rounds=tuple(rounds))


def places(new, now, old=A):
    return [one.place for one in refused(old, new, now=now)]


def test_before_opening_everything_may_change_but_a_round_that_was_announced():
    assert not has_opened(A, BEFORE)
    assert places(replace(A, rounds=A.rounds[1:]), BEFORE) == ["rounds.tuan-1"]
    later = timedelta(days=70)
    moved = tuple(replace(one, opens_at=one.opens_at + later, closes_at=one.closes_at + later) for one in A.rounds)
    other = replace(A, rounds=moved, who=replace(A.who, min_age=18, divisions=HALVES), one_prize_per="ROUND")
    assert places(other, BEFORE) == []


def test_from_the_first_opening_on_it_takes_two():
    assert has_opened(A, ONE.opens_at) and not has_opened(A, ONE.opens_at - timedelta(microseconds=1))


def test_an_open_round_keeps_what_people_were_dealt_and_predict():
    at = "rounds.tuan-1"
    assert places(replace(A, rounds=A.rounds[1:]), OPEN) == [at]
    assert places(week(kind="final"), OPEN) == [f"{at}.opens_at"]
    assert places(week(opens_at=ONE.opens_at - timedelta(hours=1)), OPEN) == [f"{at}.opens_at"]
    assert places(week(paper=replace(ONE.paper, time_limit=900)), OPEN) == [f"{at}.paper"]
    assert places(week(prediction=None), OPEN) == [f"{at}.prediction"]
    assert places(week(prediction=Prediction(target="P_PEOPLE")), OPEN) == [f"{at}.prediction"]
    assert places(week(max_attempts=2), OPEN) == [f"{at}.max_attempts"]
    assert places(week(closes_at=OPEN), OPEN) == [f"{at}.closes_at"]


def test_an_open_round_may_be_given_more():
    assert places(week(max_attempts=5, closes_at=ONE.closes_at + timedelta(hours=2)), OPEN) == []
    assert places(week(max_attempts=None), OPEN) == []
    assert places(week(ranking=Ranking(keys=("score", "lot"))), OPEN) == []
    assert places(replace(A, complaint_days=7, contact=Words("x")), OPEN) == []


def test_unlimited_attempts_cannot_be_limited_again():
    assert places(week(max_attempts=9), OPEN, old=week(max_attempts=None)) == ["rounds.tuan-1.max_attempts"]


def test_a_closed_round_keeps_every_rule_but_the_spelling_of_its_name():
    assert places(week(max_attempts=5), CLOSED) == ["rounds.tuan-1"]
    assert places(week(name=Words("Tuần thứ nhất")), CLOSED) == []
    assert places(week(1, max_attempts=5), CLOSED) == []


def test_a_round_to_come_does_not_move_into_the_past():
    assert places(week(1, opens_at=OPEN), OPEN) == ["rounds.tuan-2.opens_at"]
    assert places(week(1, opens_at=OPEN + timedelta(hours=1)), OPEN) == []
    late = replace(ONE, key="them", opens_at=OPEN - timedelta(hours=1))
    assert places(replace(A, rounds=(*A.rounds, late)), OPEN) == ["rounds.them.opens_at"]


def test_divisions_with_people_in_them_stay():
    with_divisions = replace(A, who=replace(A.who, divisions=HALVES))
    assert places(A, OPEN, old=with_divisions) == ["who.divisions"]
    assert places(with_divisions, OPEN) == ["who.divisions"]
    one_more = replace(A, who=replace(A.who, divisions=(*HALVES, Division(key="c", name=Words("C")))))
    assert places(one_more, OPEN, old=with_divisions) == []


@pytest.mark.parametrize(
    "changes",
    [{"min_age": 15}, {"age_on": "OPENING"}, {"provinces": ("01",)}, {"involved": "BLOCK"}, {"on_list_only": True}],
)
def test_who_could_enter_a_closed_round_stays_so(changes):
    other = replace(A, who=replace(A.who, **changes))
    assert places(other, OPEN) == []
    assert places(other, CLOSED) == ["who.min_age"]


def test_how_many_prizes_one_may_hold_stays_after_a_closing():
    assert places(replace(A, one_prize_per="NONE"), OPEN) == []
    assert places(replace(A, one_prize_per="NONE"), CLOSED) == ["one_prize_per"]


def test_a_list_stays_once_all_its_rounds_are_closed():
    lists = (replace(A.collective[0], slots=5), *A.collective[1:])
    assert places(replace(A, collective=lists), CLOSED) == []
    assert places(replace(A, collective=lists), OVER) == ["collective.tinh-dong-nhat"]
    assert places(replace(A, overall=()), OVER) == ["overall.chung"]
    of_week = (replace(A.collective[0], rounds=("tuan-1",)),)
    assert places(replace(A, collective=()), CLOSED, old=replace(A, collective=of_week)) == [
        "collective.tinh-dong-nhat"
    ]


def test_the_way_of_a_show_stays_once_it_is_on():
    live = B.rounds[0]
    slower = replace(B, rounds=(replace(live, live=replace(live.live, seconds=30)),))
    assert places(slower, live.opens_at, old=B) == ["rounds.livestream.paper"]
    assert places(slower, live.opens_at - timedelta(hours=1), old=B) == []
