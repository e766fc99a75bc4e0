"""When each person first took part: the valid attempt that was handed in first, out of some rounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from quizapp.rules.tally import Contestant, RoundBook, RoundResult, Sitting


def first_attempts(
    rounds: Iterable[RoundBook], results: Iterable[RoundResult], contestants: Mapping[str, Contestant]
) -> dict[str, Sitting]:
    """By code, the first valid attempt of every eligible person in `rounds`.

    `results` say which attempts do not count. Somebody counts from the moment an attempt is handed in, so of two that
    ran side by side in two rounds it is the earlier hand-in.
    """
    invalid = {result.key: result.invalid for result in results}
    eligible = {code for code, person in contestants.items() if person.status == "ELIGIBLE"}
    first: dict[str, Sitting] = {}
    for book in rounds:
        out = invalid.get(book.key, {})
        for sitting in book.sittings:
            code = sitting.code
            if code in eligible and not sitting.given_back and sitting.id not in out:
                before = first.setdefault(code, sitting)
                if before is not sitting and _is_earlier(sitting, before):
                    first[code] = sitting
    return first


def _is_earlier(one: Sitting, other: Sitting) -> bool:
    if one.submitted_us != other.submitted_us:
        return one.submitted_us < other.submitted_us
    return (one.started_us, one.id) < (other.started_us, other.id)
