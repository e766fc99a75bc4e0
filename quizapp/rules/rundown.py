"""The order of the turns of a show: what was played keeps its place, the rest may move."""

from __future__ import annotations

from collections.abc import Sequence


def is_order_of(order: Sequence[int], turns: Sequence[int]) -> bool:
    """Whether `order` holds exactly these turns, each once."""
    return sorted(order) == sorted(turns)


def with_order(turns: Sequence[int], played: int, order: Sequence[int]) -> list[int]:
    """All turns after those not yet played were put into this order; what stands by stays behind them."""
    return [*turns[:played], *order, *turns[played + len(order) :]]


def with_next(turns: Sequence[int], played: int, called: int) -> list[int]:
    """All turns after one of those to come was called to be the next."""
    return [*turns[:played], called, *(turn for turn in turns[played:] if turn != called)]
