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
from dataclasses import dataclass, field, replace

from quizapp.rules import marking, nearest, scoring, show, survival
from quizapp.rules.contest import POINT, LivePart
from quizapp.rules.marking import Given, Sheet
from quizapp.rules.nearest import Guess
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
class Played:
    """What the questions locked so far come to: an attempt for each player, their marks question by question, and where
    the game decides, how a game of survival stands or how far everybody's numbers were."""

    sittings: tuple[Sitting, ...]
    totals: Mapping[str, marking.Total]
    bell: Bell | None = None
    guesses: Mapping[str, Guess] = field(default_factory=dict)


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
    """One attempt for each player, handed in when the round ended."""
    return play(part, sheets, players, ended_us=ended_us, reserves=reserves).sittings


def play(
    part: LivePart,
    sheets: Sequence[Sheet],
    players: Sequence[Player],
    *,
    ended_us: int,
    reserves: frozenset[int] = frozenset(),
    before: Mapping[str, marking.Total] | None = None,
) -> Played:
    """Everything that follows from the turns locked so far.

    `sheets` are all of them in order, by the codes of the players; `reserves` are the numbers of those that were
    reserve questions. `before` are totals over the first of these very turns, where they are known already.
    """
    asked = [_received(sheet, players) for sheet in sheets]
    codes = [player.code for player in players]
    totals = marking.totals(asked, codes, _rules(part), planned=part.questions, before=before)
    bell, guesses = None, {}
    if part.scoring == "SURVIVAL":
        bell = _bell(part, asked, players, totals, reserves)
        results = _survived(asked, players, totals, bell)
    elif part.scoring == "NEAREST":
        counted = [sheet for sheet in asked if sheet.stands and not _is_given(sheet.void)]
        guesses = {code: _guess(part, asked, counted, code) for code in codes}
        results = _nearest(asked, players, guesses, len(counted))
    else:
        results = _points(part, asked, totals)
    of = sum(sheet.stands for sheet in asked)
    taken = tuple(
        _sitting(player, results[player.code], of, totals[player.code].answered, ended_us) for player in players
    )
    return Played(taken, totals, bell, guesses)


def _sitting(player: Player, result: _Result, of: int, answered: int, ended_us: int) -> Sitting:
    return Sitting(
        id=player.sitting,
        code=player.code,
        no=1,
        started_us=player.joined_us,
        submitted_us=max(ended_us, player.joined_us),
        score=result.score * POINT,
        full=result.full * POINT,
        correct=result.correct,
        of=of,
        answered=answered,
        by="auto",
        unit=player.unit,
        place=player.place,
        response_ms=result.response_ms,
        connected=player.connected,
    )


def _received(sheet: Sheet, players: Sequence[Player]) -> Sheet:
    """The turn with who was dealt it, where that decides: those who had joined."""
    if not _is_given(sheet.void):
        return sheet
    return replace(sheet, received=frozenset(one.code for one in players if one.from_turn <= sheet.n))


def _rules(part: LivePart) -> show.Settings:
    return show.of_part(part, predicts=False)


def _points(part: LivePart, sheets: Sequence[Sheet], totals: Mapping[str, marking.Total]) -> dict[str, _Result]:
    full = scoring.base(_rules(part).scheme) * sum(sheet.stands for sheet in sheets)
    return {code: _Result(one.points, full, one.correct, one.response_ms) for code, one in totals.items()}


def _survived(
    sheets: Sequence[Sheet], players: Sequence[Player], totals: Mapping[str, marking.Total], end: Bell
) -> dict[str, _Result]:
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
            right=frozenset([code for code, one in totals.items() if sheet.stands and one.marks[sheet.n].right]),
            reserve=sheet.n in reserves,
            voided=not sheet.stands,
        )
        for sheet in sheets
    ]
    field = [player.code for player in players if player.competes]
    return survival.play(field, asked, questions=part.questions, rescues=part.rescues, reserves=part.reserves)


def _nearest(
    sheets: Sequence[Sheet], players: Sequence[Player], guesses: Mapping[str, Guess], counted: int
) -> dict[str, _Result]:
    competing = {player.code: guesses[player.code] for player in players if player.competes}
    farther = nearest.farther(competing)
    given = sum(sheet.stands for sheet in sheets) - counted
    return {
        code: _Result(farther.get(code, 0), max(0, len(competing) - 1), guess.exact + given, guess.response_ms)
        for code, guess in guesses.items()
    }


def _guess(part: LivePart, sheets: Sequence[Sheet], counted: Sequence[Sheet], code: str) -> Guess:
    times = marking.times(sheets, code, _rules(part))
    guess = Guess()
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
