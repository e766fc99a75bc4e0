"""Who stands where in a contest: lines ordered by the keys of the rulebook, ties shared or drawn, and why
(contest-rules §9, §21.7, §21.11).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import groupby

import msgspec
from msgspec import Struct

from quizapp.rules import prediction as predictions
from quizapp.rules.contest import POINT, Prediction, PrizeGate, Ranking, RankingKey
from quizapp.rules.tally import Line

Figure = Callable[[Line], int]
Figures = tuple[int, ...]

_SLOW = 1 << 50  # behind every length of time: where people with more time than others stand on speed keys
_ALL = 1 << 50  # more right answers than there are: who won the bell stands before whoever is out
_UNMARKED = 1  # an essay that was not marked stands behind one with no points
_MS = 1000


class Ranked(Struct, frozen=True):
    """Lines in order, division by division, and the groups of codes that wait for lots."""

    lines: tuple[Line, ...]
    ties: tuple[tuple[str, ...], ...] = ()


class Why(Struct, frozen=True, kw_only=True):
    """Why somebody stands where they do: their own figures in the order of the keys, nothing of anybody else's.

    `decided_by` is the first key on which the person directly above is better, "" on the first line and among equals.
    """

    rank: int
    figures: tuple[tuple[RankingKey, int | None], ...]
    decided_by: str
    shared: bool
    waits: bool


def rank(
    lines: Iterable[Line],
    ranking: Ranking,
    *,
    prediction: Prediction | None = None,
    target: int | None = None,
    response_step_ms: int = 100,
    draws: Sequence[Sequence[str]] = (),
    divisions: Sequence[str] = (),
    accommodated: Collection[str] = (),
    survival: bool = False,
) -> Ranked:
    """Lines from first to last; what they bring of rank, gate, ties and `decided_by` is set anew.

    Each division is ranked apart, in the order of `divisions`; who is in none of them stands behind, and without
    divisions all stand together. Equal on every key before `lot`, people share the place (1, 2, 2, 4), unless the
    policy is `LOT` and one of `draws` names them all: then they stand in drawn order. Where no draw does, they share
    the place and wait. People with more time than others (`accommodated`) stand behind their equals on speed keys.
    In a game of `survival` those who lived through every question win together: neither right answers nor time nor
    lots come between them, only a prediction where it is compared (§14.3, §21.13).
    """
    keys = compared(ranking.keys)
    figures = _figures(keys, prediction, target, response_step_ms, accommodated, survival)
    rows = [(figures(line), line.code, line) for line in lines]
    drawn = [{code: place for place, code in enumerate(codes)} for codes in draws]
    ranked: list[Line] = []
    ties: list[tuple[str, ...]] = []
    for division in _by_division(rows, divisions):
        division.sort()
        _stand(division, ranking, keys, drawn, ranked, ties, survival)
    return Ranked(tuple(ranked), tuple(ties))


def figures(
    keys: Sequence[RankingKey],
    *,
    prediction: Prediction | None = None,
    target: int | None = None,
    response_step_ms: int = 100,
    accommodated: Collection[str] = (),
) -> Callable[[Line], tuple[int, ...]]:
    """What `rank` orders lines by, for choosing among lines of one person: a row of numbers where less is better."""
    return _figures(compared(keys), prediction, target, response_step_ms, accommodated)


def compared(keys: Sequence[RankingKey]) -> tuple[RankingKey, ...]:
    """The keys that people are compared by: those before `lot`, which ends every order."""
    return tuple(keys[: keys.index("lot")]) if "lot" in keys else tuple(keys)


def is_below(gate: PrizeGate, line: Line) -> bool:
    """Whether somebody does not reach what a prize needs; they are still ranked."""
    if gate.kind == "ALL_CORRECT":
        return not line.all_correct
    if gate.kind == "MIN_SCORE":
        return line.score < gate.least * POINT
    return gate.kind == "MIN_CORRECT" and line.correct < gate.least


def explain(lines: Sequence[Line], i: int, ranking: Ranking, *, response_step_ms: int = 100) -> Why:
    """The figures of line `i` and what the person directly above is better in. Lengths of time in milliseconds."""
    line = lines[i]
    neighbours = [other for other in (*lines[max(i - 1, 0) : i], *lines[i + 1 : i + 2])]
    return Why(
        rank=line.rank,
        figures=tuple((key, _own(line, key, response_step_ms)) for key in compared(ranking.keys)),
        decided_by=line.decided_by,
        shared=any(other.rank == line.rank and other.division == line.division for other in neighbours),
        waits=line.waits,
    )


def _own(line: Line, key: RankingKey, step_ms: int) -> int | None:
    if key == "prediction_distance":
        return line.distance
    if key == "essay_score":
        return line.essay
    if key == "response_time":
        return line.response_ms // step_ms * step_ms
    if key == "submitted_at":
        return line.submitted_us // _MS
    return _PLAIN_FIGURES[key](line)


_PLAIN_FIGURES: Mapping[RankingKey, Figure] = {
    "score": lambda line: line.score,
    "correct": lambda line: line.correct,
    "rounds_entered": lambda line: line.rounds_entered,
    "duration": lambda line: line.duration_ms,
}


def _figures(
    keys: Sequence[RankingKey],
    prediction: Prediction | None,
    target: int | None,
    step_ms: int,
    accommodated: Collection[str],
    survival: bool = False,
) -> Callable[[Line], Figures]:
    """A function that gives a line's figures in the order of the keys, each as a number where less is better."""
    slow = frozenset(accommodated)
    asked = prediction or Prediction()

    def duration(line: Line) -> int:
        return line.duration_ms + (_SLOW if line.code in slow else 0)

    def correct(line: Line) -> int:
        return -_ALL if survival and _survived(line) else -line.correct

    def response_time(line: Line) -> int:
        if survival and _survived(line):
            return 0
        return line.response_ms // step_ms + (_SLOW if line.code in slow else 0)

    known: dict[RankingKey, Figure] = {
        "score": lambda line: -line.score,
        "correct": correct,
        "prediction_distance": lambda line: predictions.figure(line.prediction, target, asked),
        "duration": duration,
        "submitted_at": lambda line: line.submitted_us // _MS,
        "response_time": response_time,
        "essay_score": lambda line: _UNMARKED if line.essay is None else -line.essay,
        "rounds_entered": lambda line: -line.rounds_entered,
    }
    chosen = [known[key] for key in keys]
    return lambda line: tuple([figure(line) for figure in chosen])


def _survived(line: Line) -> bool:
    """Whether somebody lived through every question of a game of survival."""
    return 0 < line.full <= line.score


Row = tuple[Figures, str, Line]


def _by_division(rows: Sequence[Row], divisions: Sequence[str]) -> list[list[Row]]:
    groups: dict[str | None, list[Row]] = {name: [] for name in (*divisions, None)}
    for row in rows:
        name = row[2].division
        groups[name if name in groups else None].append(row)
    return list(groups.values())


def _stand(
    rows: Sequence[Row],
    ranking: Ranking,
    keys: Sequence[RankingKey],
    drawn: Sequence[Mapping[str, int]],
    ranked: list[Line],
    ties: list[tuple[str, ...]],
    survival: bool,
) -> None:
    """Add the lines of one division, sorted by figures and code, to `ranked`, and who waits for lots to `ties`."""
    above: Figures | None = None
    place = 1
    for figures, group in groupby(rows, key=lambda row: row[0]):
        tied = [line for _, _, line in group]
        lots = len(tied) > 1 and ranking.tie_policy == "LOT" and not (survival and all(map(_survived, tied)))
        order = _drawn_order(tied, drawn) if lots else None
        waits = lots and order is None
        if waits:
            ties.append(tuple(line.code for line in tied))
        for offset, line in enumerate(order or tied):
            first = offset == 0
            ranked.append(
                msgspec.structs.replace(
                    line,
                    rank=place + (offset if order else 0),
                    below_gate=is_below(ranking.prize_gate, line),
                    waits=waits,
                    decided_by=_decided_by(above, figures, keys) if first else "lot" if order else "",
                )
            )
        above = figures
        place += len(tied)


def _drawn_order(tied: Sequence[Line], drawn: Sequence[Mapping[str, int]]) -> list[Line] | None:
    """Tied people in the order of the last draw that names them all; `None` where no draw does."""
    for places in reversed(drawn):
        if all(line.code in places for line in tied):
            return sorted(tied, key=lambda line: places[line.code])
    return None


def _decided_by(above: Figures | None, own: Figures, keys: Sequence[RankingKey]) -> str:
    """The first key on which the figures above are better."""
    if above is None:
        return ""
    return next(key for key, better, mine in zip(keys, above, own, strict=True) if better != mine)
