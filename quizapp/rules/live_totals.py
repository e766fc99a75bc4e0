"""From the turns and answers of a contest's live round to attempts that counting understands (contest-rules §7, §14.3,
§21.10–13).

What a score is under each scheme, always in sixtieths:

* `FLAT`, `ACCURACY_FIRST`, `HALF_DECAY`: the points of the answers. The full score is that of right answers without any
  speed, so that under the first two whoever has everything right, and nobody else, reaches it.
* `SURVIVAL`: so many questions somebody lived through, out of those asked; winners have lived through all of them.
* `NEAREST`: how many of those who compete are farther from the number.

Everybody is asked the same questions: who joined late or was away answered them with nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from quizapp.rules import marking, nearest, scoring, show, survival
from quizapp.rules.contest import POINT, LivePart
from quizapp.rules.marking import Given, Sheet
from quizapp.rules.scoring import Scheme
from quizapp.rules.survival import Bell
from quizapp.rules.tally import Sitting
from quizapp.rules.voids import Void


@dataclass(frozen=True, kw_only=True)
class Player:
    """Somebody admitted to the round: from which question on, and whether they were there when the last one locked."""

    sitting: str
    code: str
    joined_us: int
    from_turn: int = 1
    connected: bool = True
    competes: bool = True  # not hors concours
    unit: str | None = None
    place: str | None = None


@dataclass(frozen=True)
class _Result:
    score: int
    full: int
    correct: int
    response_ms: int


def sittings(
    part: LivePart,
    sheets: Sequence[Sheet],
    players: Sequence[Player],
    *,
    ended_us: int,
    reserves: frozenset[int] = frozenset(),
) -> tuple[Sitting, ...]:
    """One attempt for each player, handed in when the round ended.

    `sheets` are all locked turns in order, by the codes of the players; `reserves` are the numbers of those that were
    reserve questions.
    """
    asked = [_received(sheet, players) for sheet in sheets]
    of = sum(sheet.stands for sheet in asked)
    if part.scoring == "SURVIVAL":
        results = _survived(part, asked, players, reserves)
    elif part.scoring == "NEAREST":
        results = _nearest(part, asked, players)
    else:
        results = _points(part, part.scoring, asked, players)
    return tuple(
        Sitting(
            id=player.sitting,
            code=player.code,
            no=1,
            started_us=player.joined_us,
            submitted_us=max(ended_us, player.joined_us),
            score=results[player.code].score * POINT,
            full=results[player.code].full * POINT,
            correct=results[player.code].correct,
            of=of,
            answered=sum(sheet.given.get(player.code, Given()).chosen is not None for sheet in asked),
            by="auto",
            unit=player.unit,
            place=player.place,
            response_ms=results[player.code].response_ms,
            connected=player.connected,
        )
        for player in players
    )


def bell(
    part: LivePart, sheets: Sequence[Sheet], players: Sequence[Player], *, reserves: frozenset[int] = frozenset()
) -> Bell:
    """Where a game of survival stands after the turns locked so far."""
    asked = [_received(sheet, players) for sheet in sheets]
    return _bell(part, asked, players, _marked(part, "FLAT", asked, players), reserves)


def _received(sheet: Sheet, players: Sequence[Player]) -> Sheet:
    """The turn with who was dealt it: those who had joined."""
    return replace(sheet, received=frozenset(one.code for one in players if one.from_turn <= sheet.n))


def _rules(part: LivePart, scheme: Scheme) -> show.Settings:
    return show.Settings(part.seconds, scheme, part.change_in_window, part.join_until, part.free_ms)


def _marked(
    part: LivePart, scheme: Scheme, sheets: Sequence[Sheet], players: Sequence[Player]
) -> dict[str, marking.Total]:
    codes = [player.code for player in players]
    return marking.totals(sheets, codes, _rules(part, scheme), planned=part.questions)


def _points(part: LivePart, scheme: Scheme, sheets: Sequence[Sheet], players: Sequence[Player]) -> dict[str, _Result]:
    full = scoring.base(scheme) * sum(sheet.stands for sheet in sheets)
    totals = _marked(part, scheme, sheets, players)
    return {code: _Result(one.points, full, one.correct, one.response_ms) for code, one in totals.items()}


def _survived(
    part: LivePart, sheets: Sequence[Sheet], players: Sequence[Player], reserves: frozenset[int]
) -> dict[str, _Result]:
    totals = _marked(part, "FLAT", sheets, players)
    end = _bell(part, sheets, players, totals, reserves)
    results = {}
    for player in players:
        marks = totals[player.code].marks
        played = [sheet.n for sheet, field in zip(sheets, end.fields, strict=False) if player.code in field]
        results[player.code] = _Result(
            score=end.lasted.get(player.code, 0),
            full=len(end.fields),
            correct=end.correct.get(player.code, 0),
            response_ms=sum(marks[n].response_ms for n in played if n in marks),
        )
    return results


def _bell(
    part: LivePart,
    sheets: Sequence[Sheet],
    players: Sequence[Player],
    totals: Mapping[str, marking.Total],
    reserves: frozenset[int],
) -> Bell:
    asked = [
        survival.Asked(
            right=frozenset(code for code, one in totals.items() if sheet.stands and one.marks[sheet.n].right),
            reserve=sheet.n in reserves,
            voided=not sheet.stands,
        )
        for sheet in sheets
    ]
    field = [player.code for player in players if player.competes]
    return survival.play(field, asked, questions=part.questions, rescues=part.rescues, reserves=part.reserves)


def _nearest(part: LivePart, sheets: Sequence[Sheet], players: Sequence[Player]) -> dict[str, _Result]:
    counted = [sheet for sheet in sheets if sheet.stands and not _is_given(sheet.void)]
    guesses = {player.code: _guess(part, sheets, counted, player.code) for player in players}
    competing = {player.code: guesses[player.code] for player in players if player.competes}
    farther = nearest.farther(competing)
    given = len([sheet for sheet in sheets if sheet.stands]) - len(counted)
    return {
        code: _Result(farther.get(code, 0), max(0, len(competing) - 1), guess.exact + given, guess.response_ms)
        for code, guess in guesses.items()
    }


def _guess(part: LivePart, sheets: Sequence[Sheet], counted: Sequence[Sheet], code: str) -> nearest.Guess:
    times = marking.times(sheets, code, _rules(part, "FLAT"))
    guess = nearest.Guess()
    for sheet in counted:
        chosen = sheet.given.get(code, Given()).chosen
        if chosen is None:
            guess = replace(guess, missing=guess.missing + 1)
            continue
        far = nearest.distance(sheet.question, chosen, sheet.void.also if sheet.void else ())
        guess = replace(
            guess,
            distance=guess.distance + far,
            response_ms=guess.response_ms + times[sheet.n],
            exact=guess.exact + (far == 0),
        )
    return guess


def _is_given(void: Void | None) -> bool:
    return void is not None and void.policy == "GIVE_ALL"
