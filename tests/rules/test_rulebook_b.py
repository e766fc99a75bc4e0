"""The livestream of rulebook B from its sittings to its prizes (contest-rules §18)."""

from datetime import date

from msgspec.structs import replace

from quizapp.rules.model_rulebooks import livestream
from quizapp.rules.prizes import lucky_field
from quizapp.rules.round_count import count_round
from quizapp.rules.standings import explain
from quizapp.rules.tally import DrawResult
from tests.contests import book, person, round_book, said, sitting, us

RULES = livestream(date(2026, 3, 2))
SHOW = RULES.rounds[0]
TABLE = {  # right answers, prediction, response time in milliseconds
    "lan": (8, 1_250, 64_000),
    "minh": (8, 1_100, 29_900),
    "nga": (7, 1_284, 42_800),
    "oanh": (8, 1_318, 71_400),
    "quy": (7, 1_284, 34_200),
}
MET = frozenset({SHOW.key})


def played(**without):
    """The five of the table, connected at the last lock of 1 284; `without` takes a condition from somebody."""
    sittings = [
        replace(
            sitting(code, SHOW.opens_at, SHOW.closes_at, right, of=8),
            response_ms=took,
            answered=7 if code == "quy" else 8,
        )
        for code, (right, _, took) in TABLE.items()
    ]
    guesses = [said(code, guess, SHOW.opens_at, f"{code}-1") for code, (_, guess, _) in TABLE.items()]
    received = round_book(SHOW.key, sittings, guesses, target=1_284)
    people = [
        person(
            code,
            birth_date=date(1990, 1, 1),
            conditions=frozenset() if code in without else MET,
            registered_us=us(SHOW.opens_at),
        )
        for code in TABLE
    ]
    return people, received


def counted(draws=(), **without):
    people, received = played(**without)
    return count_round(RULES, SHOW, book(people, received, draws=tuple(draws)), received)


def test_the_table_row_by_row():
    rows = [(one.rank, one.code, one.correct, one.distance, one.response_ms) for one in counted().lines]
    assert rows == [
        (1, "lan", 8, 34, 64_000),
        (2, "oanh", 8, 34, 71_400),
        (3, "minh", 8, 184, 29_900),
        (4, "quy", 7, 0, 34_200),
        (5, "nga", 7, 0, 42_800),
    ]


def test_minh_sees_that_the_prediction_decided_and_not_the_speed():
    why = explain(counted().lines, 2, SHOW.ranking)
    assert (why.rank, why.decided_by) == (3, "prediction_distance")
    assert why.figures == (("correct", 8), ("prediction_distance", 184), ("response_time", 29_900))


def test_prizes_go_down_the_table():
    prizes = [prize.key for prize in SHOW.ranking.prizes for _ in range(min(prize.slots, 3)) if prize.kind == "RANKED"]
    given = [(award.code, award.prize) for award in counted().awards]
    assert given == list(zip(["lan", "oanh", "minh", "quy", "nga"], prizes, strict=False))


def test_without_the_watch_word_somebody_is_ranked_but_wins_nothing():
    result = counted(lan=True)
    assert result.lines[0].code == "lan"
    assert result.awards[0].code == "oanh"
    assert "lan" not in {award.code for award in result.awards}


def test_nobody_who_holds_a_prize_is_in_the_lucky_draw():
    lucky = next(prize for prize in SHOW.ranking.prizes if prize.kind == "LUCKY")
    result = counted(lan=True, oanh=True)
    people, _ = played(lan=True, oanh=True)
    field = lucky_field(
        lucky,
        result.lines,
        scope=SHOW.key,
        contestants={one.code: one for one in people},
        awards=result.awards,
    )
    assert field == ()  # three hold prizes, two did not meet the conditions
    drawn = DrawResult(scope=SHOW.key, prize=lucky.key, codes=("lan", "minh"))
    assert not any(award.prize == lucky.key for award in counted([drawn], lan=True, oanh=True).awards)
