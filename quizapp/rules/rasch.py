"""The Rasch model: how able people are and how hard questions, on one scale, also where papers were drawn.

The chance of a right answer is 1 / (1 + exp(difficulty - ability)). Joint maximum likelihood on whatever was
answered, with numpy because every step runs over all answers at once. Its known bias is taken out by the usual factor
(L - 1) / L, L being the mean number of questions on a sheet. The mean difficulty is 0.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from quizapp.rules.items import Sheet

FEWEST_MET = 10  # people who must have met an item
STEPS = 400
CLOSE = 1e-6
FURTHEST = 8.0  # logits: nobody is further out, so that a step cannot run away

Key = TypeVar("Key", bound=Hashable)
Numbers = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Measure:
    """Where somebody or something stands, in logits, how sure that is, and how well the answers fit the model.

    `infit` and `outfit` are mean squares around 1: well above it answers are noisier than the model allows, well below
    it more regular.
    """

    logits: float
    error: float
    infit: float
    outfit: float


@dataclass(frozen=True)
class Fit(Generic[Key]):
    """The measures of items and of sheets (by id), and the share of the differences between people that is real."""

    items: Mapping[Key, Measure] = field(default_factory=dict)
    people: Mapping[str, Measure] = field(default_factory=dict)
    reliability: float | None = None
    converged: bool = True


def fit(sheets: Sequence[Sheet[Key]], fewest: int = FEWEST_MET) -> Fit[Key]:
    """Fit the model to all that can be measured.

    Left out, again and again until nothing is: items that fewer than `fewest` people met, items everybody or nobody
    got right, and people with everything or nothing right. Of groups of items that no sheet connects only the largest
    is measured: the others stand on no common scale.
    """
    items = sorted({one.item for sheet in sheets for one in sheet.responses}, key=repr)
    place = {item: n for n, item in enumerate(items)}
    who = np.array([n for n, sheet in enumerate(sheets) for _ in sheet.responses], dtype=np.intp)
    what = np.array([place[one.item] for sheet in sheets for one in sheet.responses], dtype=np.intp)
    mark = np.array([one.right for sheet in sheets for one in sheet.responses], dtype=np.float64)
    kept = _kept(who, what, mark, fewest)
    if not kept.any():
        return Fit()
    used_who, person = np.unique(who[kept], return_inverse=True)
    used_what, item = np.unique(what[kept], return_inverse=True)
    mark = mark[kept]
    ability, difficulty, converged = _solve(person, item, mark)
    shrink = 1 - len(used_who) / len(mark)  # (L - 1) / L
    ability, difficulty = ability * shrink, difficulty * shrink
    expected = _chance(ability[person] - difficulty[item])
    people = _measures(person, ability, expected, mark)
    return Fit(
        items=dict(zip((items[n] for n in used_what), _measures(item, difficulty, expected, mark), strict=True)),
        people=dict(zip((sheets[n].id for n in used_who), people, strict=True)),
        reliability=_reliability(people),
        converged=converged,
    )


def _kept(who: Places, what: Places, mark: Numbers, fewest: int) -> NDArray[np.bool_]:
    """Which answers can be used; see `fit`."""
    kept = np.ones(len(mark), dtype=np.bool_)
    while kept.any():
        before = kept.sum()
        for places, least in ((what, fewest), (who, 2)):
            met = np.bincount(places[kept], minlength=int(places.max()) + 1)
            right = np.bincount(places[kept], weights=mark[kept], minlength=len(met))
            kept &= ((met >= least) & (right > 0) & (right < met))[places]
        if kept.any():
            kept[kept] = _largest_group(who[kept], what[kept])
        if kept.sum() == before:
            break
    return kept


def _largest_group(who: Places, what: Places) -> NDArray[np.bool_]:
    """Which answers belong to the largest group of items connected by people: the lowest number spreads to all."""
    group = np.arange(int(what.max()) + 1, dtype=np.intp)
    while True:
        of_person = np.full(int(who.max()) + 1, len(group), dtype=np.intp)
        np.minimum.at(of_person, who, group[what])
        spread = group.copy()
        np.minimum.at(spread, what, of_person[who])
        if (spread == group).all():
            break
        group = spread
    named = group[what]
    return np.asarray(named == np.bincount(named).argmax(), dtype=np.bool_)


def _solve(person: Places, item: Places, mark: Numbers) -> tuple[Numbers, Numbers, bool]:
    """Abilities and difficulties by Newton steps in turn, until the expected scores are the real ones."""
    ability = np.zeros(int(person.max()) + 1)
    difficulty = np.zeros(int(item.max()) + 1)
    for _ in range(STEPS):
        up = _step(person, ability, difficulty, person, item, mark)
        ability = np.clip(ability + up, -FURTHEST, FURTHEST)
        down = _step(item, ability, difficulty, person, item, mark)
        moved = np.clip(difficulty - down, -FURTHEST, FURTHEST)
        moved -= moved.mean()
        change = max(np.abs(up).max(), np.abs(moved - difficulty).max())
        difficulty = moved
        if change < CLOSE:
            return ability, difficulty, True
    return ability, difficulty, False


def _step(
    places: Places, ability: Numbers, difficulty: Numbers, person: Places, item: Places, mark: Numbers
) -> Numbers:
    """One Newton step for everybody in `places`, at most one logit."""
    chance = _chance(ability[person] - difficulty[item])
    missing = np.bincount(places, weights=mark - chance)
    return np.clip(missing / np.bincount(places, weights=chance * (1 - chance)), -1.0, 1.0)


def _chance(ahead: Numbers) -> Numbers:
    return 1 / (1 + np.exp(-ahead))


def _measures(places: Places, logits: Numbers, expected: Numbers, mark: Numbers) -> list[Measure]:
    variance = expected * (1 - expected)
    squared = (mark - expected) ** 2
    known = np.bincount(places, weights=variance)
    infit = np.bincount(places, weights=squared) / known
    outfit = np.bincount(places, weights=squared / variance) / np.bincount(places)
    columns: list[Any] = [column.tolist() for column in (logits, 1 / np.sqrt(known), infit, outfit)]
    return [Measure(*row) for row in zip(*columns, strict=True)]


def _reliability(people: Sequence[Measure]) -> float | None:
    """Person separation reliability: the variance of the abilities that their errors do not explain."""
    if len(people) < 2:
        return None
    spread = float(np.var([one.logits for one in people]))
    noise = float(np.mean([one.error**2 for one in people]))
    return max(0.0, 1 - noise / spread) if spread > 0 else None
