from datetime import timedelta

from quizapp.rules.figures import of_contest, registered
from quizapp.rules.round_count import count
from tests.contests import book, person, round_book, settings, sitting, vn, week

WEEKS = [
    week("tuan-1", "02/3", "08/3"),
    week("tuan-2", "09/3", "15/3"),
    week("tuan-3", "16/3", "22/3"),
]


def attempts(codes, number, opens):
    """So many attempts of these people, each of whom has at least one and at most three."""
    start = opens + timedelta(hours=1)
    of = [1 + (number - len(codes) - i + len(codes) - 1) // len(codes) for i in range(len(codes))]
    made = [
        sitting(code, start + no * timedelta(hours=1), start + no * timedelta(hours=1, minutes=1), 7, no=no)
        for code, most in zip(codes, of, strict=True)
        for no in range(1, most + 1)
    ]
    assert len(made) == number
    return made


def test_2_380_people_with_8_300_attempts_are_never_3_950_people():
    everybody = [f"p{i:04}" for i in range(2_380)]
    came = [everybody[:1_200], everybody[500:1_950], everybody[1_080:]]
    sat = [2_500, 3_100, 2_700]
    rounds = [
        round_book(one.key, attempts(codes, number, one.opens_at))
        for one, codes, number in zip(WEEKS, came, sat, strict=True)
    ]
    rules = settings(*WEEKS)
    whole = book([person(code) for code in everybody], *rounds)
    counted = [count(rules, one, whole, received) for one, received in zip(WEEKS, rounds, strict=True)]
    weekly = [(one.result.figures.people, one.result.figures.attempts) for one in counted]
    assert weekly == [(1_200, 2_500), (1_450, 3_100), (1_300, 2_700)]
    figures = of_contest(
        whole.contestants,
        [(one.result.figures, one.checked) for one in counted],
        [line for one in counted for line in one.result.lines],
    )
    assert (figures.people, figures.attempts, figures.people_of_rounds) == (2_380, 8_300, 3_950)


def test_people_all_correct_in_two_rounds_and_hors_concours_are_counted_once():
    start = vn("02/3", "09:00"), vn("09/3", "09:00")
    made = [
        [
            sitting("ada", at, at + timedelta(minutes=1), 10),
            sitting("hana", at, at + timedelta(minutes=1), 10),
            sitting("hana", at, at + timedelta(minutes=1), 10, no=2),
            sitting("bob", at, at + timedelta(minutes=1), 9, no=1),
        ]
        for at in start
    ]
    rounds = [round_book(one.key, sittings) for one, sittings in zip(WEEKS, made, strict=False)]
    whole = book([person("ada"), person("bob"), person("hana", status="HORS_CONCOURS")], *rounds)
    counted = [count(settings(*WEEKS[:2]), one, whole, received) for one, received in zip(WEEKS, rounds, strict=False)]
    figures = of_contest(
        whole.contestants,
        [(one.result.figures, one.checked) for one in counted],
        [line for one in counted for line in one.result.lines],
    )
    assert (figures.people, figures.attempts, figures.all_correct, figures.people_of_rounds) == (2, 4, 1, 4)
    assert (figures.hors_people, figures.hors_attempts, figures.started) == (1, 4, 4)
    assert figures.registered == 2


def test_who_may_not_take_part_is_not_counted_as_registered():
    people = [person("a"), person("b", status="EXCLUDED"), person("c", status="HORS_CONCOURS"), person("d", barred="x")]
    assert registered([*people, person("e", withdrawn=True)]) == 2
    assert registered([person("a", registered_us=5), person("b", registered_us=6)], 6) == 1
