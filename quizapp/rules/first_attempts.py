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
            if code not in eligible or sitting.given_back or sitting.id in out:
                continue
            before = first.get(code)
            if before is None or _moment(sitting) < _moment(before):
                first[code] = sitting
    return first


def _moment(sitting: Sitting) -> tuple[int, int, str]:
    return sitting.submitted_us, sitting.started_us, sitting.id
