"""Who stands where: rows ordered by keys, equal rows on one rank (contest-rules §9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True)
class Key(Generic[Row]):
    """One thing that rows are compared by: a whole number, small first unless `high_first`."""

    name: str
    value: Callable[[Row], int]
    high_first: bool = False

    def figure(self, row: Row) -> int:
        return -self.value(row) if self.high_first else self.value(row)


@dataclass(frozen=True)
class Standing(Generic[Row]):
    """One line of a leaderboard."""

    rank: int
    row: Row


def rank(
    rows: Iterable[Row], keys: Sequence[Key[Row]], *, then: Callable[[Row], Any] | None = None
) -> list[Standing[Row]]:
    """Rows from first to last. Equal on every key share a rank, and the next is skipped: 1, 2, 2, 4.

    `then` says in which order equals are listed (it never changes a rank); without it they stay as they came.
    """
    listed = sorted(rows, key=then) if then is not None else list(rows)
    listed.sort(key=lambda row: _figures(row, keys))
    standings: list[Standing[Row]] = []
    for place, row in enumerate(listed, start=1):
        equal = standings and _figures(standings[-1].row, keys) == _figures(row, keys)
        standings.append(Standing(standings[-1].rank if equal else place, row))
    return standings


def _figures(row: Row, keys: Sequence[Key[Row]]) -> tuple[int, ...]:
    return tuple(key.figure(row) for key in keys)
