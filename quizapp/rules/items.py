"""Item analysis: how a question behaved among the people who met it, in figures and in plain words.

Plain Python over plain values. A *sheet* is one person's run of questions; an *item* is one version of a question.
Numbers of fewer than `FEWEST` people are never shown: `visible` says which cells of a table may be.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import sqrt
from statistics import fmean, median, pvariance
from typing import Generic, Literal, TypeVar

FEWEST = 10  # people; a cell with fewer is hidden
ENOUGH = 30  # people from whom on a question is judged
FEWEST_OTHERS = 3  # further questions on a sheet that make a rest score mean something
TAIL = 0.27  # the upper and the lower share of people that are compared
GROUPS = ("low", "middle", "high")  # thirds by rest score
FREQUENT = 6  # of whole numbers and orders, the answers shown

Key = TypeVar("Key", bound=Hashable)
Choice = tuple[int, ...] | None  # `None`: the question was seen and not answered
FlagName = Literal["few", "lure", "negative", "blind", "easy", "hard", "unused"]


@dataclass(frozen=True, slots=True)
class Response(Generic[Key]):
    """One person's answer to one item; `ms` is the time it took, where that is known."""

    item: Key
    chosen: Choice
    right: bool
    ms: int | None = None
    live: bool = False


@dataclass(frozen=True, slots=True)
class Sheet(Generic[Key]):
    """What one person did on a paper of `of` questions; an item met before on another sheet is left out."""

    id: str
    of: int
    responses: tuple[Response[Key], ...]

    @property
    def right(self) -> int:
        return sum(response.right for response in self.responses)

    @property
    def whole(self) -> bool:
        """Whether every question of the paper counts."""
        return len(self.responses) == self.of


@dataclass(frozen=True, slots=True)
class Asked:
    """What an item asks for: its key, and how many options there are to tick (none for numbers and orders)."""

    key: tuple[int, ...]
    options: int = 0


@dataclass(frozen=True)
class Spread:
    """How often one answer was given, in all and by thirds of people (lowest first)."""

    choice: Choice
    right: bool
    groups: tuple[int, int, int]
    people: int


@dataclass(frozen=True)
class Flag:
    """One remark on an item; `choice` says which answer it is about, where it is about one."""

    name: FlagName
    choice: Choice = None


@dataclass(frozen=True)
class Item:
    """The figures of one version of a question.

    `difficulty` is the share of people who were right; `discrimination` the point-biserial correlation with the share
    right on the rest of the sheet; `upper_lower` the difference of the share right between the best and the weakest
    27 %. They are `None` where the answers do not allow them. `groups` are the numbers of people in the thirds.
    """

    people: int
    right: int
    discrimination: float | None = None
    upper_lower: float | None = None
    groups: tuple[int, int, int] = (0, 0, 0)
    spreads: tuple[Spread, ...] = ()
    median_ms: int | None = None
    median_live_ms: int | None = None
    flags: tuple[Flag, ...] = field(default=())

    @property
    def difficulty(self) -> float:
        return self.right / self.people

    @property
    def hidden(self) -> bool:
        """Whether too few people met it to show anything."""
        return self.people < FEWEST


@dataclass(frozen=True, slots=True)
class _Met:
    """One response with the share right on the rest of its sheet, where that means something."""

    rest: float | None
    sheet: str
    chosen: Choice
    right: bool
    ms: int | None
    live: bool


def analyse(sheets: Iterable[Sheet[Key]], asked: Mapping[Key, Asked]) -> dict[Key, Item]:
    """The figures of every item that anybody met.

    Items with options to tick are spread over these, also over those nobody chose; several ticked options count one by
    one. Other items are spread over whole answers.
    """
    met: dict[Key, list[_Met]] = defaultdict(list)
    for sheet in sheets:
        right, others = sheet.right, len(sheet.responses) - 1
        for one in sheet.responses:
            rest = (right - one.right) / others if others >= FEWEST_OTHERS else None
            met[one.item].append(_Met(rest, sheet.id, one.chosen, one.right, one.ms, one.live))
    return {item: _item(found, asked[item]) for item, found in met.items()}


def kr20(sheets: Sequence[Sheet[Key]]) -> float | None:
    """How far sheets of one length tell people apart: Kuder-Richardson formula 20.

    Where everybody had the same questions this is the textbook formula. Where papers were drawn, each score is first
    freed of what its own questions let expect, so that an easy paper does not pass for a good player. `None` where
    fewer than two questions or people, or no difference between people, leave nothing to measure.
    """
    length = len(sheets[0].responses) if sheets else 0
    if length < 2 or len(sheets) < 2:
        return None
    met: Counter[Key] = Counter()
    right: Counter[Key] = Counter()
    for sheet in sheets:
        for one in sheet.responses:
            met[one.item] += 1
            right[one.item] += one.right
    share = {item: right[item] / met[item] for item in met}
    noise = fmean(sum(share[one.item] * (1 - share[one.item]) for one in sheet.responses) for sheet in sheets)
    spread = pvariance([sheet.right - sum(share[one.item] for one in sheet.responses) for sheet in sheets])
    return None if spread < 1e-12 else length / (length - 1) * (1 - noise / spread)


def visible(rows: Sequence[Sequence[int]]) -> tuple[tuple[bool, ...], ...]:
    """Which cells of a table of people may be shown, where its sums are shown as well.

    Those of at least `FEWEST` people. A row or column with a single hidden cell would give it away by subtraction, so
    the smallest of its other cells is hidden too, until none is left alone.
    """
    seen = [[count >= FEWEST for count in row] for row in rows]
    width = len(rows[0]) if rows else 0
    across = [[(r, c) for c in range(width)] for r in range(len(rows))]
    down = [[(r, c) for r in range(len(rows))] for c in range(width)]
    lines = [line for line in (*across, *down) if len(line) > 1]
    while lonely := [line for line in lines if sum(not seen[r][c] for r, c in line) == 1]:
        r, c = min((cell for cell in lonely[0] if seen[cell[0]][cell[1]]), key=lambda cell: rows[cell[0]][cell[1]])
        seen[r][c] = False
    return tuple(tuple(row) for row in seen)


def thirds(n: int) -> tuple[int, int, int]:
    """How many of `n` people stand in the lowest, the middle and the highest third."""
    tail = n // 3
    return tail, n - 2 * tail, tail


def _item(met: Sequence[_Met], asked: Asked) -> Item:
    ranked = sorted((one for one in met if one.rest is not None), key=lambda one: (one.rest, one.sheet))
    sizes = thirds(len(ranked))
    ends = (0, sizes[0], sizes[0] + sizes[1], len(ranked))
    groups = [ranked[a:b] for a, b in pairwise(ends)]
    figures = Item(
        people=len(met),
        right=sum(one.right for one in met),
        discrimination=_point_biserial(ranked),
        upper_lower=_upper_lower(ranked),
        groups=sizes,
        spreads=_spreads(met, groups, asked),
        median_ms=_median([one.ms for one in met if not one.live]),
        median_live_ms=_median([one.ms for one in met if one.live]),
    )
    return Item(**{**vars(figures), "flags": _flags(figures, asked.options)})


def _point_biserial(ranked: Sequence[_Met]) -> float | None:
    rests = [one.rest or 0.0 for one in ranked]
    marks = [float(one.right) for one in ranked]
    if len(ranked) < 2 or min(marks) == max(marks) or min(rests) == max(rests):
        return None
    mean_rest, mean_mark = fmean(rests), fmean(marks)
    shared = fmean((rest - mean_rest) * (mark - mean_mark) for rest, mark in zip(rests, marks, strict=True))
    return shared / sqrt(pvariance(rests) * pvariance(marks))


def _upper_lower(ranked: Sequence[_Met]) -> float | None:
    tail = round(TAIL * len(ranked))
    if tail == 0:
        return None
    return (sum(one.right for one in ranked[-tail:]) - sum(one.right for one in ranked[:tail])) / tail


def _spreads(met: Sequence[_Met], groups: Sequence[Sequence[_Met]], asked: Asked) -> tuple[Spread, ...]:
    """Every option in its order where there are options, else the most frequent answers; unanswered last."""
    everybody = _counted(met, asked.options)
    low, middle, high = (_counted(group, asked.options) for group in groups)
    rows: list[Choice] = [(option,) for option in range(asked.options)]
    if not rows:
        rows += sorted((choice for choice in everybody if choice is not None), key=lambda c: (-everybody[c], c))
        del rows[FREQUENT:]
    rows += [None] if None in everybody else []
    right: set[Choice] = {(option,) for option in asked.key} if asked.options else {asked.key}
    return tuple(Spread(row, row in right, (low[row], middle[row], high[row]), everybody[row]) for row in rows)


def _counted(met: Iterable[_Met], options: int) -> Counter[Choice]:
    counted: Counter[Choice] = Counter()
    for one in met:
        whole = one.chosen is None or not options
        counted.update([one.chosen] if whole else [(option,) for option in one.chosen or ()])
    return counted


def _median(times: Iterable[int | None]) -> int | None:
    known = [ms for ms in times if ms is not None]
    return round(median(known)) if known else None


def _flags(item: Item, options: int) -> tuple[Flag, ...]:
    """What a reader should know, the gravest first; nothing but `few` before `ENOUGH` people met the question."""
    if item.people < ENOUGH:
        return (Flag("few"),)
    found = [Flag("lure", spread.choice) for spread in item.spreads if _lures(spread, item)]
    doubt = 1 / sqrt(item.people)  # about one standard error: small crowds are given the benefit of it
    if item.discrimination is not None and item.discrimination < -doubt:
        found.append(Flag("negative"))
    elif item.discrimination is not None and item.discrimination < 0.2 - doubt and 0.2 < item.difficulty < 0.95:
        found.append(Flag("blind"))
    if item.difficulty >= 0.95:
        found.append(Flag("easy"))
    if item.difficulty <= 0.2:
        found.append(Flag("hard"))
    if options > 2:
        found += [Flag("unused", spread.choice) for spread in item.spreads if spread.people == 0]
    return tuple(found)


def _lures(spread: Spread, item: Item) -> bool:
    """Whether a third of the best third, and enough people to say so, gave this wrong answer."""
    high = spread.groups[2]
    return not spread.right and spread.choice is not None and high >= max(FEWEST, item.groups[2] / 3)
