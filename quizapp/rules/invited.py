"""Who is invited to a final: the first of every earlier round, and more by total (contest-rules §2).

How the rule is read here: whoever stands among the first N of two rounds is invited once, and no place passes on for
that; the M by total are further people. People who share the last place all come. People who may have no prize in the
final (consent withdrawn, barred) are left out, and the next one stands in their place. Where there are divisions, the
first N and M are those of each division.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from msgspec.structs import replace

from quizapp.rules import overall
from quizapp.rules.contest import Overall, Round, Settings
from quizapp.rules.prizes import may_win
from quizapp.rules.tally import Book, Line, RoundResult


def who(settings: Settings, final: Round, book: Book, results: Sequence[RoundResult]) -> tuple[str, ...]:
    """The codes of everybody invited, round by round and then by total, nobody twice."""
    assert final.invited is not None
    people = {one.code: one for one in book.contestants}
    before = earlier(settings, final)
    found = {result.key: result for result in results}

    def may_come(code: str) -> bool:
        return may_win(people[code], final.key, formal=False)

    invited: dict[str, None] = {}
    for one in before:
        if one.key in found:
            invited.update(dict.fromkeys(_first(found[one.key].lines, final.invited.top_each, may_come)))
    if final.invited.top_total:
        total = overall.without_prizes(settings, _total(settings, before), book, results)
        further = _first(
            total.result.lines, final.invited.top_total, lambda code: may_come(code) and code not in invited
        )
        invited.update(dict.fromkeys(further))
    return tuple(invited)


def earlier(settings: Settings, final: Round) -> tuple[Round, ...]:
    """The rounds that lead to a final: those it names, or all that close before it opens."""
    assert final.invited is not None
    named = final.invited.rounds
    return tuple(
        one
        for one in settings.rounds
        if one.key != final.key and (one.key in named if named else one.closes_at <= final.opens_at)
    )


def _first(lines: Iterable[Line], most: int, may_come: Callable[[str], bool]) -> list[str]:
    """The first `most` of each division who may come, and everybody equal to the last of them."""
    first: list[str] = []
    standing = [line for line in lines if may_come(line.code)]
    for _, division in groupby(standing, key=lambda line: line.division):
        taken: list[Line] = []
        for line in division:
            if len(taken) >= most and (not taken or taken[-1].rank != line.rank):
                break
            taken.append(line)
        first += [line.code for line in taken]
    return first


def _total(settings: Settings, rounds: Iterable[Round]) -> Overall:
    """The contest's own list of totals where it has one, over these rounds."""
    own = next((one for one in settings.overall if one.overall_rule == "TOTAL"), Overall())
    return replace(own, rounds=tuple(one.key for one in rounds))
