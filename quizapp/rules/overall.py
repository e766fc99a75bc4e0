"""Lists over several rounds: the best single round, totals, rounds entered, or the final (contest-rules §2, §9, §21.2).

How the rules are read here:

* `TOTAL` adds up, over the rounds somebody entered, what their counting attempts came to: score, right answers,
  durations and response times. The submission moment is the last of them. There are no predictions in it.
* `ROUNDS_ENTERED` counts rounds first; what equals are told apart by follows from the keys, on the same sums.
* `BEST_ROUND` takes from each person the round in which they stand best by the keys, each prediction compared with the
  target of its own round.
* `FINAL` is the ranking of the final, with its lots, unless the list names keys of its own.
* A contest-wide list has no formal conditions of its own; that of the final has the final's.
* All correct in a sum means all correct in every round entered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from quizapp.rules import prediction as predictions
from quizapp.rules import prizes, standings, teams, undrawn
from quizapp.rules.contest import PRESETS, Overall, Prize, Ranking, RankingKey, Round, Settings
from quizapp.rules.figures import registered
from quizapp.rules.first_attempts import first_attempts
from quizapp.rules.standings import Ranked
from quizapp.rules.tally import Award, Book, Check, Contestant, Figures, Line, RoundResult


class Listed(Struct, frozen=True, kw_only=True):
    """A list that is ranked but whose prizes are not given yet: these may depend on those of the rounds (§21.6).

    `general` ranks everybody together where a prize is for all divisions.
    """

    overall: Overall
    ranking: Ranking
    rounds: tuple[Round, ...]
    result: RoundResult
    found: tuple[RoundResult, ...]
    general: tuple[Line, ...] | None = None

    def awards(
        self, settings: Settings, book: Book, checks: Iterable[Check], taken: Collection[str]
    ) -> tuple[Award, ...]:
        """The prizes of the list, after these winner checks and without people in `taken`."""
        people = _by_code(book)
        brought = None
        if any(prize.kind == "SPREADING" for prize in self.ranking.prizes):
            keys = {one.key for one in self.rounds}
            first = first_attempts((one for one in book.rounds if one.key in keys), self.found, people)
            brought = prizes.invited(book.contestants, first)
        formal = self.overall.overall_rule == "FINAL" and prizes.has_formal_conditions(self.rounds[0])
        return prizes.award(
            self.ranking,
            self.result.lines,
            scope=self.overall.key,
            contestants=_with_conditions(people, self.rounds[0], self.overall.key) if formal else people,
            checks=checks,
            draws=book.draws,
            taken=taken,
            invited=brought,
            once=settings.one_prize_per != "NONE",
            formal=formal,
            general=self.general,
        )


def count(
    settings: Settings,
    overall: Overall,
    book: Book,
    results: Sequence[RoundResult],
    *,
    taken: Collection[str] = (),
) -> RoundResult:
    """The whole result of one list by itself; `taken` are people who may not win in it (`closing` knows them)."""
    listed = without_prizes(settings, overall, book, results)
    return undrawn.with_prizes(listed.result, listed.ranking, listed.awards(settings, book, book.checks, taken))


def without_prizes(settings: Settings, overall: Overall, book: Book, results: Sequence[RoundResult]) -> Listed:
    """Everything about one list but its prizes; of `results` those of its rounds are taken."""
    rounds = rounds_of(settings, overall)
    by_key = {one.key: one for one in rounds}
    found = [result for result in results if result.key in by_key]
    ranking = replace(overall.ranking, keys=keys_of(settings, overall))
    lines = _lines(overall, ranking, by_key, found)
    divisions = [one.key for one in settings.who.divisions]
    ranked = _ranked(overall, ranking, rounds, book, lines, divisions)
    ties, general = ranked.ties, None
    if divisions and any(_is_for_all(prize) for prize in ranking.prizes):
        together = _ranked(overall, ranking, rounds, book, lines, [])
        ties, general = together.ties, together.lines
    people = _by_code(book)
    result = RoundResult(
        key=overall.key,
        target=None,
        target_rows=0,
        figures=_figures(book, people, found),
        lines=_as_said(ranked.lines, found),
        ties=ties,
        teams=() if overall.teams is None else teams.rank(ranked.lines, people, overall.teams),
    )
    return Listed(overall=overall, ranking=ranking, rounds=rounds, result=result, found=tuple(found), general=general)


def rounds_of(settings: Settings, overall: Overall) -> tuple[Round, ...]:
    """The rounds of a list: those it names, or all; of `FINAL` the last final among them."""
    named = tuple(one for one in settings.rounds if not overall.rounds or one.key in overall.rounds)
    if overall.overall_rule != "FINAL":
        return named
    finals = [one for one in named if one.kind == "final"]
    return tuple((finals or list(named))[-1:])


def keys_of(settings: Settings, overall: Overall) -> tuple[RankingKey, ...]:
    """The keys a list is ranked by: the final's own where the list has none, rounds entered first where they count."""
    keys = overall.ranking.keys
    if overall.overall_rule == "FINAL" and keys == PRESETS["TOTAL"]:
        return rounds_of(settings, overall)[0].ranking.keys
    if overall.overall_rule == "ROUNDS_ENTERED":
        return ("rounds_entered", *(key for key in keys if key != "rounds_entered"))
    return keys


def _lines(
    overall: Overall, ranking: Ranking, rounds: Mapping[str, Round], results: Iterable[RoundResult]
) -> list[Line]:
    """One line for each person who entered a round of the list, not ranked yet.

    A prediction that is compared stands in its line as the figure that its own round compares, against a target of 0.
    """
    entered: dict[str, list[Line]] = {}
    for result in results:
        for line in result.lines:
            entered.setdefault(line.code, []).append(_compared(line, rounds[result.key], result.target))
    if overall.overall_rule in ("TOTAL", "ROUNDS_ENTERED"):
        return [_sum(lines) for lines in entered.values()]
    figures = standings.figures(ranking.keys, target=0, response_step_ms=_step(rounds.values()))
    return [replace(min(lines, key=figures), rounds_entered=len(lines)) for lines in entered.values()]


def _compared(line: Line, round: Round, target: int | None) -> Line:
    if round.prediction is None or line.distance is None:
        return line if line.prediction is None else replace(line, prediction=None)
    return replace(line, prediction=predictions.figure(line.prediction, target, round.prediction))


def _as_said(lines: Iterable[Line], results: Iterable[RoundResult]) -> tuple[Line, ...]:
    """Ranked lines with the predictions that people made, in place of the figures that were compared."""
    said = {line.sitting: line.prediction for result in results for line in result.lines if line.prediction is not None}
    return tuple(replace(line, prediction=said[line.sitting]) if line.sitting in said else line for line in lines)


def _sum(lines: Sequence[Line]) -> Line:
    essays = [line.essay for line in lines if line.essay is not None]
    return Line(
        rank=0,
        code=lines[0].code,
        sitting=None,
        score=sum(line.score for line in lines),
        full=sum(line.full for line in lines),
        correct=sum(line.correct for line in lines),
        of=sum(line.of for line in lines),
        duration_ms=sum(line.duration_ms for line in lines),
        submitted_us=max(line.submitted_us for line in lines),
        response_ms=sum(line.response_ms for line in lines),
        essay=sum(essays) if essays else None,
        rounds_entered=len(lines),
        division=lines[0].division,
        all_correct=all(line.all_correct for line in lines),
    )


def _ranked(
    overall: Overall,
    ranking: Ranking,
    rounds: Sequence[Round],
    book: Book,
    lines: Sequence[Line],
    divisions: Sequence[str],
) -> Ranked:
    scopes = {overall.key, *(one.key for one in rounds)} if overall.overall_rule == "FINAL" else {overall.key}
    return standings.rank(
        lines,
        ranking,
        target=0,
        response_step_ms=_step(rounds),
        draws=[draw.codes for draw in book.draws if draw.scope in scopes and draw.prize == "lot"],
        divisions=divisions,
        accommodated={one.code for one in book.contestants if one.accommodated},
        survival=overall.overall_rule == "FINAL" and _is_survival(rounds[-1]),
    )


def _is_survival(one: Round) -> bool:
    return one.live is not None and one.live.scoring == "SURVIVAL"


def _step(rounds: Iterable[Round]) -> int:
    """The published step of response times: the coarsest of the live rounds in the list."""
    return max((one.live.response_step_ms for one in rounds if one.live is not None), default=100)


def _figures(book: Book, people: Mapping[str, Contestant], results: Sequence[RoundResult]) -> Figures:
    """The counts of all rounds of the list together: attempts add up, people are counted once."""
    invalid = {result.key: result.invalid for result in results}
    hors = {
        sitting.code
        for received in book.rounds
        if received.key in invalid
        for sitting in received.sittings
        if not sitting.given_back
        and sitting.id not in invalid[received.key]
        and sitting.code in people
        and people[sitting.code].status == "HORS_CONCOURS"
    }
    return Figures(
        registered=registered(book.contestants),
        started=sum(result.figures.started for result in results),
        attempts=sum(result.figures.attempts for result in results),
        people=len({line.code for result in results for line in result.lines}),
        all_correct=len({line.code for result in results for line in result.lines if line.all_correct}),
        hors_attempts=sum(result.figures.hors_attempts for result in results),
        hors_people=len(hors),
        people_of_rounds=sum(result.figures.people for result in results),
    )


def _with_conditions(people: Mapping[str, Contestant], final: Round, key: str) -> dict[str, Contestant]:
    """People who met the formal conditions of the final met those of its list."""
    return {
        code: replace(one, conditions=one.conditions | {key})
        if one.conditions is not None and final.key in one.conditions
        else one
        for code, one in people.items()
    }


def _is_for_all(prize: Prize) -> bool:
    return prize.kind == "RANKED" and prize.division is None and not prize.per_division


def _by_code(book: Book) -> dict[str, Contestant]:
    return {one.code: one for one in book.contestants}
