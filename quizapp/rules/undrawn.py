"""Which lots are still to be drawn before everybody has their prize, and among whom (contest-rules §9–10, §21.7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from quizapp.rules import prizes
from quizapp.rules.contest import Prize, Ranking
from quizapp.rules.lots import LOT
from quizapp.rules.tally import Award, Check, Contestant, DrawResult, RoundResult


class Undrawn(Struct, frozen=True, kw_only=True):
    """One draw to be held. `name` is what its result is kept under; `order` puts tied people in order, `lucky` finds
    winners. `prize` and `division` say what is at stake, `winners` how many places are."""

    name: str
    kind: Literal["order", "lucky"]
    prize: str
    division: str | None
    codes: tuple[str, ...]
    winners: int


def undrawn(
    ranking: Ranking,
    result: RoundResult,
    *,
    contestants: Mapping[str, Contestant],
    checks: Sequence[Check] = (),
    draws: Iterable[DrawResult] = (),
    taken: Collection[str] = (),
    formal: bool = True,
) -> tuple[Undrawn, ...]:
    """The draws of one round or list, those among tied people first: lucky prizes are for people without another one.

    Ties that decide no prize are left alone. A lucky prize whose drawn people are used up is drawn again, among those
    not drawn yet.
    """
    drawn: dict[str, set[str]] = {}
    for draw in draws:
        if draw.scope == result.key:
            drawn.setdefault(draw.prize, set()).update(draw.codes)
    kinds = {prize.key: prize for prize in ranking.prizes}
    refused = {check.code for check in checks if check.scope == result.key and check.outcome != "CONFIRMED"}
    held = [one for one in result.awards if one.state == "HELD"]
    divisions = tuple(dict.fromkeys(line.division for line in result.lines if line.division is not None))
    found = [*_ties(result, held, kinds), *_by_figure(held, kinds, contestants)]
    for prize in ranking.prizes:
        if prize.kind == "LUCKY":
            for division in _of(prize, divisions):
                name = prizes.draw_name(prize, division)
                among = prizes.lucky_field(
                    prize,
                    result.lines,
                    scope=result.key,
                    contestants=contestants,
                    awards=result.awards,
                    checks=checks,
                    taken=taken,
                    formal=formal,
                    division=division,
                )
                codes = tuple(code for code in among if code not in drawn.get(name, set()))
                left = prize.slots - _given(prize, division, result.awards, contestants)
                if not ranking.pass_down:
                    left -= sum(1 for code in drawn.get(name, ()) if code in refused)  # their places stay empty
                if codes and left > 0:
                    found.append(
                        Undrawn(name=name, kind="lucky", prize=prize.key, division=division, codes=codes, winners=left)
                    )
    return tuple(found)


def with_prizes(result: RoundResult, ranking: Ranking, awards: tuple[Award, ...]) -> RoundResult:
    """A result with these prizes. Of the people tied in it only those wait for lots whose order decides a prize; all
    others share their place for good."""
    ranked = {prize.key for prize in ranking.prizes if prize.kind == "RANKED"}
    at_stake = {one.code for one in awards if one.state == "HELD" and one.prize in ranked}
    ties = tuple(tied for tied in result.ties if not at_stake.isdisjoint(tied))
    waiting = {code for tied in ties for code in tied}
    lines = result.lines
    if len(ties) < len(result.ties):
        lines = tuple(
            replace(line, waits=False) if line.waits and line.code not in waiting else line for line in result.lines
        )
    return replace(result, awards=awards, ties=ties, lines=lines)


def _ties(result: RoundResult, held: Sequence[Award], kinds: Mapping[str, Prize]) -> Iterator[Undrawn]:
    """Groups of equals whose places carry different prizes."""
    at_stake = {one.code: one.prize for one in held if kinds[one.prize].kind == "RANKED"}
    by_code = {line.code: line.division for line in result.lines}
    for tied in result.ties:
        prize = next((at_stake[code] for code in tied if code in at_stake), None)
        if prize is not None:
            divisions = {by_code.get(code) for code in tied}
            division = divisions.pop() if len(divisions) == 1 else None
            yield Undrawn(
                name=LOT, kind="order", prize=prize, division=division, codes=tuple(sorted(tied)), winners=len(tied)
            )


def _by_figure(
    held: Sequence[Award], kinds: Mapping[str, Prize], contestants: Mapping[str, Contestant]
) -> Iterator[Undrawn]:
    """People equal in what another prize is given for: age, distance, people brought in."""
    groups: dict[tuple[str, str | None, int], list[str]] = {}
    for one in held:
        prize = kinds[one.prize]
        if prize.kind != "RANKED":
            division = contestants[one.code].division if prize.per_division else prize.division
            groups.setdefault((one.prize, division, one.place), []).append(one.code)
    for (key, division, _), codes in groups.items():
        name = prizes.draw_name(kinds[key], division)
        yield Undrawn(
            name=name, kind="order", prize=key, division=division, codes=tuple(sorted(codes)), winners=len(codes)
        )


def _given(prize: Prize, division: str | None, awards: Iterable[Award], contestants: Mapping[str, Contestant]) -> int:
    each = division is not None and prize.per_division
    return sum(
        1 for one in awards if one.prize == prize.key and (not each or contestants[one.code].division == division)
    )


def _of(prize: Prize, divisions: Sequence[str]) -> Sequence[str | None]:
    """The divisions in which a prize is drawn, one by one; `None` is everybody together."""
    if prize.division is not None:
        return (prize.division,)
    return divisions if prize.per_division and divisions else (None,)
