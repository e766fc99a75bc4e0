"""Teams: the mean of the best members, exactly, and which of them win (contest-rules §14.6, §21.14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from heapq import nlargest

from quizapp.rules import rates
from quizapp.rules.contest import POINT, Overall, Round, Teams, Words
from quizapp.rules.tally import Contestant, Line, TeamLine

TEAM_PRIZE = Words("Giải đồng đội", "Team prize")

_MOST_DECIMALS = 3


def rules_of(stage: Round | Overall) -> Teams | None:
    """How the teams of a round, or of a list over rounds, are ranked; `None` where there are none."""
    if isinstance(stage, Overall):
        return stage.teams
    return stage.live.teams if stage.live is not None else None


def rank(lines: Iterable[Line], contestants: Mapping[str, Contestant], teams: Teams) -> tuple[TeamLine, ...]:
    """All teams from the first, those with nobody present too; equal teams share the place and stand by name.

    A member is present with a line of their own. People without a team count for none. The prizes hang on the places
    up to `slots`: all who share such a place win, and use up as many places as they are. A team with nobody present
    wins nothing.
    """
    scores: dict[str, list[int]] = {
        person.team: [] for person in contestants.values() if person.team and person.status == "ELIGIBLE"
    }
    for line in lines:
        team = contestants[line.code].team
        if team:
            scores[team].append(line.score)
    means = {team: mean(points, teams) for team, points in scores.items()}
    standing: list[TeamLine] = []
    for place, team in enumerate(sorted(means, key=lambda team: (-Fraction(*means[team]), team)), start=1):
        equal = standing and Fraction(*means[standing[-1].team]) == Fraction(*means[team])
        place = standing[-1].rank if equal else place
        standing.append(
            TeamLine(
                rank=place,
                team=team,
                present=len(scores[team]),
                value=means[team][0],
                value_of=means[team][1],
                won=place <= teams.slots and bool(scores[team]),
            )
        )
    return tuple(standing)


def mean(points: Iterable[int], teams: Teams) -> tuple[int, int]:
    """What a team with these members present comes to, as a fraction that is not cut down.

    Fewer than `best` are divided by `best` all the same, unless the policy asks for those present only and they are at
    least `least`.
    """
    best = nlargest(teams.best, points)
    present_only = teams.policy == "MEAN_PRESENT" and len(best) >= teams.least
    return sum(best), len(best) if present_only else teams.best


def texts(lines: Sequence[TeamLine], language: str) -> list[str]:
    """The means of teams as they are shown, in points: `4.656,0`. With as many decimals as it takes, one at the least,
    so that means that differ look different (contest-rules §9)."""
    exact = [Fraction(line.value, line.value_of * POINT) for line in lines]
    shown: list[str] = []
    for decimals in range(1, _MOST_DECIMALS + 1):
        shown = [rates.written(mean.numerator, mean.denominator, decimals, language) for mean in exact]
        if len(set(shown)) == len(set(exact)):
            break
    return shown
