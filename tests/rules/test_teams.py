"""Teams, with the table of rulebook C."""

from fractions import Fraction
from hashlib import sha256

import msgspec
import pytest

from quizapp.rules.contest import LivePart, Overall, Teams
from quizapp.rules.tally import Contestant, Line, TeamLine
from quizapp.rules.teams import mean, rank, rules_of, texts
from tests.contests import week

HEALTH, UNIONS, INSURANCE = "Đoàn Sở Y tế", "Đoàn LĐLĐ", "Đoàn BHXH cơ sở 3"
TABLE = {
    HEALTH: [5120, 4980, 4870, 4310, 4000, 2100, 1000],
    UNIONS: [4700, 4650, 4600, 4590, 4580],
    INSURANCE: [5190, 5080, 3000],
}


def teams_of(table):
    """Contestants and lines of these members' points."""
    contestants, lines = {}, []
    for team, points in table.items():
        for n, each in enumerate(points):
            code = f"{team}-{n}"
            contestants[code] = Contestant(code=code, team=team)
            shown = {"full": 0, "correct": 0, "of": 5, "duration_ms": 0, "submitted_us": 0}
            lines.append(Line(rank=1, code=code, sitting=code, score=each * 60, **shown))
    return lines, contestants


def shown(ranked):
    return [(line.rank, line.team, str(round(float(Fraction(line.value, line.value_of * 60)), 1))) for line in ranked]


@pytest.mark.parametrize(
    ("policy", "table"),
    [
        (
            "MISSING_ZERO",
            [(1, HEALTH, "4656.0"), (2, UNIONS, "4624.0"), (3, INSURANCE, "2654.0")],
        ),
        (
            "MEAN_PRESENT",
            [(1, HEALTH, "4656.0"), (2, UNIONS, "4624.0"), (3, INSURANCE, "4423.3")],
        ),
    ],
)
def test_the_teams_of_rulebook_c(policy, table):
    assert shown(rank(*teams_of(TABLE), Teams(policy=policy, least=3))) == table


def test_below_the_least_members_the_mean_is_over_all_places():
    three = Teams(best=5, policy="MEAN_PRESENT", least=3)
    assert mean([100, 200, 300], three) == (600, 3)
    assert mean([100, 200], three) == (300, 5)
    assert mean([100], Teams(best=5, policy="MEAN_PRESENT")) == (100, 1)  # m is 1 unless stated
    assert mean([], Teams(best=5, policy="MEAN_PRESENT")) == (0, 5)


def test_only_the_best_members_count():
    assert mean([1, 9, 5, 7], Teams(best=2)) == (16, 2)
    assert mean([1, 9, 5, 7], Teams(best=2, policy="MEAN_PRESENT", least=3)) == (16, 2)


def test_equal_teams_share_the_place_and_teams_with_nobody_stand_last():
    lines, contestants = teams_of({"b": [10, 20], "a": [20, 10], "c": [5]})
    contestants["idle"] = Contestant(code="idle", team="d")
    contestants["hors"] = Contestant(code="hors", team="e", status="HORS_CONCOURS")
    lines.append(
        Line(rank=9, code="x", sitting=None, score=900, full=0, correct=0, of=0, duration_ms=0, submitted_us=0)
    )
    contestants["x"] = Contestant(code="x")
    ranked = rank(lines, contestants, Teams(best=2))
    assert [(line.rank, line.team, line.present) for line in ranked] == [
        (1, "a", 2),
        (1, "b", 2),
        (3, "c", 1),
        (4, "d", 0),
    ]


def test_means_are_compared_exactly():
    lines, contestants = teams_of({"a": [1, 1, 2], "b": [4, 4, 4]})
    ranked = rank(lines, contestants, Teams(best=3, policy="MEAN_PRESENT"))
    assert [line.team for line in ranked] == ["b", "a"]
    assert (ranked[1].value, ranked[1].value_of) == (240, 3)


@pytest.mark.parametrize(("policy", "third"), [("MISSING_ZERO", "2.654,0"), ("MEAN_PRESENT", "4.423,3")])
def test_means_are_shown_as_the_rulebook_shows_them(policy, third):
    ranked = rank(*teams_of(TABLE), Teams(policy=policy, least=3))
    assert texts(ranked, "vi") == ["4.656,0", "4.624,0", third]
    assert texts(ranked, "en")[0] == "4,656.0"
    assert texts([], "vi") == []


def test_means_that_differ_look_different():
    ranked = rank(
        *teams_of({"A": [1000, 1000, 1001], "B": [1000, 1000, 1002], "C": [1000, 1000, 1002]}), Teams(best=32)
    )
    assert texts(ranked, "vi") == ["93,81", "93,81", "93,78"]


def test_no_mean_is_shown_with_more_than_three_decimals():
    ranked = rank(*teams_of({"A": [1000] * 9 + [1001], "B": [1000] * 10}), Teams(best=10_000))
    assert texts(ranked, "vi") == ["1,000", "1,000"]


def test_live_rounds_and_lists_over_rounds_have_rules_for_teams():
    three = Teams(best=3)
    assert rules_of(week(live=LivePart(teams=three))) == rules_of(Overall(teams=three)) == three
    assert rules_of(week()) is None and rules_of(Overall()) is None


# ── Prizes ──────────────────────────────────────────────────────────────────────────────────────────────────────


def winners(table, slots, **changes):
    return [line.team for line in rank(*teams_of(table), Teams(best=1, slots=slots, **changes)) if line.won]


@pytest.mark.parametrize(
    ("slots", "won"),
    [(0, ""), (1, "a"), (2, "abc"), (3, "abc"), (4, "abcd"), (9, "abcde")],
)
def test_the_first_teams_win_and_all_who_share_the_last_place_with_a_prize(slots, won):
    assert winners({"a": [9], "b": [7], "c": [7], "d": [5], "e": [1]}, slots) == list(won)


def test_teams_that_share_the_first_place_use_up_the_second():
    assert winners({"a": [9], "b": [9], "c": [7]}, 2) == ["a", "b"]
    assert winners({"a": [9], "b": [9], "c": [9], "d": [7]}, 2) == ["a", "b", "c"]


def test_a_team_with_nobody_present_wins_nothing_though_prizes_are_left():
    lines, contestants = teams_of({"a": [0]})
    contestants["idle"] = Contestant(code="idle", team="b")
    ranked = rank(lines, contestants, Teams(slots=3))
    assert [(line.rank, line.team, line.won) for line in ranked] == [(1, "a", True), (1, "b", False)]


def test_only_teams_with_a_prize_have_another_word_in_the_result():
    """Results without team prizes are the same bytes as before there were any."""
    plain = msgspec.json.encode(rank(*teams_of(TABLE), Teams(policy="MISSING_ZERO")), order="sorted")
    assert sha256(plain).hexdigest() == "57dba63e7acf25d404a4a077b013d83f269f7cbf444f52bd0d0190ff72ae9b03"
    first, *others = msgspec.to_builtins(rank(*teams_of(TABLE), Teams(slots=1)))
    assert first["won"] is True and not any("won" in one for one in others)
    assert msgspec.convert([first, *others], list[TeamLine])[0].won
