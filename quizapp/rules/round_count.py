"""What one round comes to: who may take part, which attempts are valid and count, the target, the ranking, and the
prizes (contest-rules §4–10, §12).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from quizapp.rules import figures, prediction, prizes, standings, teams, undrawn, validity
from quizapp.rules.contest import POINT, Prize, Round, Settings
from quizapp.rules.counting_attempt import choose
from quizapp.rules.eligibility import provinces_of
from quizapp.rules.first_attempts import first_attempts
from quizapp.rules.standings import Ranked
from quizapp.rules.tally import Award, Book, Check, Contestant, Line, RoundBook, RoundResult, Said, Sitting
from quizapp.rules.timing import GRACE, microseconds
from quizapp.rules.validity import Checked

_NEVER_US = 1 << 62


class Counted(Struct, frozen=True, kw_only=True):
    """A round that is counted but whose prizes are not given yet: these may depend on other rounds (§21.6).

    `general` ranks everybody together where a prize is for all divisions.
    """

    round: Round
    received: RoundBook
    checked: Checked
    result: RoundResult
    general: tuple[Line, ...] | None = None

    def awards(
        self, settings: Settings, book: Book, checks: Iterable[Check], taken: Collection[str]
    ) -> tuple[Award, ...]:
        """The prizes of the round, after these winner checks and without people in `taken`."""
        people = _by_code(book)
        ranking = self.round.ranking
        brought = None
        if any(prize.kind == "SPREADING" for prize in ranking.prizes):
            first = first_attempts([self.received], [self.result], people)
            brought = prizes.invited(book.contestants, first)
        return prizes.award(
            ranking,
            self.result.lines,
            scope=self.round.key,
            contestants=people,
            checks=checks,
            draws=book.draws,
            taken=taken,
            invited=brought,
            once=settings.one_prize_per != "NONE",
            formal=prizes.has_formal_conditions(self.round),
            general=self.general,
        )


def count_round(
    settings: Settings, round: Round, book: Book, received: RoundBook, *, taken: Collection[str] = ()
) -> RoundResult:
    """The whole result of one round by itself; `taken` are people who may not win in it (`closing` knows them)."""
    counted = count(settings, round, book, received)
    awards = counted.awards(settings, book, book.checks, taken)
    return undrawn.with_prizes(counted.result, round.ranking, awards)


def count(settings: Settings, round: Round, book: Book, received: RoundBook) -> Counted:
    """Everything about one round but its prizes."""
    people = _by_code(book)
    provinces = provinces_of(book.places) if settings.who.provinces else {}
    checked = validity.check(settings, round, people, received.sittings, provinces)
    chosen = [choose(valid, round.counting_attempt, round.ranking.keys) for valid in checked.valid.values()]
    target, rows = _target(round, received, checked, chosen)
    unranked = _lines(settings, round, people, received, checked, chosen, target)
    divisions = [one.key for one in settings.who.divisions]
    ranked = _ranked(round, book, people, unranked, target, divisions)
    ties = ranked.ties
    general = None
    if divisions and any(_is_for_all(prize) for prize in round.ranking.prizes):
        together = _ranked(round, book, people, unranked, target, [])
        general, ties = together.lines, together.ties  # who is tied within a division is tied here too
    in_teams = teams.rules_of(round)
    result = RoundResult(
        key=round.key,
        target=target,
        target_rows=rows,
        figures=figures.of_round(round, book.contestants, checked, ranked.lines),
        lines=ranked.lines,
        ties=ties,
        invalid=checked.invalid,
        faults=checked.faults,
        teams=teams.rank(ranked.lines, people, in_teams) if in_teams is not None else (),
    )
    return Counted(round=round, received=received, checked=checked, result=result, general=general)


def _lines(
    settings: Settings,
    round: Round,
    people: Mapping[str, Contestant],
    received: RoundBook,
    checked: Checked,
    chosen: Iterable[Sitting],
    target: int | None,
) -> list[Line]:
    """One line for each person with a valid attempt, not ranked yet: their counting attempt and prediction."""
    scope = round.prediction.prediction_scope if round.prediction is not None else None
    said = _said(round, received) if scope is not None else {}
    divisions = {one.key for one in settings.who.divisions}
    adds = round.essay is not None and round.essay.combine == "ADD"
    more = round.essay.max_points * POINT if adds and round.essay is not None else 0
    lines = []
    for sitting in chosen:
        code = sitting.code
        essay = received.essays.get(code)
        guess = None
        if scope is not None and code in said:
            guess = prediction.counting(scope, said[code], checked.happened[code], sitting)
        division = people[code].division
        lines.append(
            line(
                sitting,
                live=round.is_live,
                guess=guess,
                target=target,
                essay=essay,
                added=essay or 0 if adds else 0,
                more=more,
                division=division if division in divisions else None,
            )
        )
    return lines


def line(
    sitting: Sitting,
    *,
    live: bool,
    guess: int | None = None,
    target: int | None = None,
    essay: int | None = None,
    added: int = 0,
    more: int = 0,
    division: str | None = None,
) -> Line:
    """A line for an attempt, not ranked yet, with the prediction that counts; an essay has `added` points out of
    `more`."""
    return Line(
        rank=0,
        code=sitting.code,
        sitting=sitting.id,
        score=sitting.score + added,
        full=sitting.full + more,
        correct=sitting.correct,
        of=sitting.of,
        duration_ms=sitting.duration_ms,
        submitted_us=sitting.submitted_us,
        prediction=guess,
        distance=prediction.distance(guess, target),
        response_ms=sitting.response_ms,
        essay=essay,
        rounds_entered=1,
        division=division,
        all_correct=is_all_correct(sitting, live=live),
    )


def is_all_correct(sitting: Sitting, *, live: bool = False) -> bool:
    """Whether an attempt has the full score of its own paper (§7); an essay beside it does not matter.

    In a live round speed earns points too, so there every question must be right.
    """
    return 0 < sitting.of <= sitting.correct if live else 0 < sitting.full <= sitting.score


def _said(round: Round, received: RoundBook) -> Mapping[str, list[Said]]:
    back = {one.id for one in received.sittings if one.given_back}
    latest = _NEVER_US if round.is_live else microseconds(round.closes_at + GRACE)  # a live one asks when its host does
    return prediction.by_code(received.said, back, latest)


def _target(round: Round, received: RoundBook, checked: Checked, chosen: Iterable[Sitting]) -> tuple[int | None, int]:
    """The frozen target, or what it would be frozen at; and how many rows it is counted over (§8.2)."""
    if round.prediction is None:
        return None, 0
    counts = {"people": checked.people, "attempts": checked.attempts, "connected": checked.connected}
    rows = prediction.rows(round.prediction, **counts)
    if received.target is not None:
        return received.target, rows
    all_correct = sum(is_all_correct(one, live=round.is_live) for one in chosen)
    return prediction.target(round.prediction, all_correct=all_correct, **counts), rows


def _ranked(
    round: Round,
    book: Book,
    people: Mapping[str, Contestant],
    lines: Iterable[Line],
    target: int | None,
    divisions: Sequence[str],
) -> Ranked:
    return standings.rank(
        lines,
        round.ranking,
        prediction=round.prediction,
        target=target,
        response_step_ms=round.live.response_step_ms if round.live is not None else 100,
        draws=[draw.codes for draw in book.draws if draw.scope == round.key and draw.prize == "lot"],
        divisions=divisions,
        accommodated={code for code, one in people.items() if one.accommodated},
        survival=round.live is not None and round.live.scoring == "SURVIVAL",
    )


def _is_for_all(prize: Prize) -> bool:
    """Whether a ranked prize is given across divisions."""
    return prize.kind == "RANKED" and prize.division is None and not prize.per_division


def _by_code(book: Book) -> dict[str, Contestant]:
    return {one.code: one for one in book.contestants}
