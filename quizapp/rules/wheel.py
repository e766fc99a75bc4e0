"""The wheel of a lucky draw, for a screen: who stands on it and where it stops. The draw decides (`rules.lots`); the
wheel only shows what was drawn."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.rules.lots import Drawn, Plan

MOST_FIELDS = 48  # more names than that nobody can read on a turning wheel
MOST_RESERVES = 10


@dataclass(frozen=True)
class Wheel:
    """The codes on the wheel in the order of the plan's list, the places of winners and reserves in drawn order, and
    how many people were in the draw altogether."""

    codes: tuple[str, ...]
    winners: tuple[int, ...]
    reserves: tuple[int, ...]
    of: int


def wheel(plan: Plan, drawn: Drawn) -> Wheel:
    """Everybody in the draw where they fit; otherwise all winners, the first reserves, and others spread evenly over
    the list, so that no part of it is favoured."""
    reserves = drawn.reserves[:MOST_RESERVES]
    shown = {*drawn.winners, *reserves}
    others = [code for code in plan.codes if code not in shown]
    room = max(0, MOST_FIELDS - len(shown))
    if len(others) > room:
        others = [others[place * len(others) // room] for place in range(room)]
    codes = tuple(sorted({*shown, *others}))
    place = {code: n for n, code in enumerate(codes)}
    return Wheel(
        codes=codes,
        winners=tuple(place[code] for code in drawn.winners),
        reserves=tuple(place[code] for code in reserves),
        of=len(plan.codes),
    )
