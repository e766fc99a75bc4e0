"""Results as everybody may read them (contest-rules §9, §15, §17): which stored result is shown, its ranking with the
names of winners who agreed, and why somebody stands where they stand, or does not stand at all.

A consent to be named is one to be named as a winner: people without a prize stand under the beginning of their code,
and no name finds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from quizapp.errors import NotFound
from quizapp.models import Attempt, Contest, Contestant, Lots, Round, Snapshot
from quizapp.rules import contest as rulebook
from quizapp.rules import standings
from quizapp.rules.contest import Overall, Settings
from quizapp.rules.standings import Why
from quizapp.rules.tally import Award
from quizapp.rules.words import fold
from quizapp.services import contests, draws, official, round_papers, snapshots
from quizapp.services.books import WHOLE
from quizapp.services.names import Shown
from quizapp.services.official import Announcement, Keyed
from quizapp.services.snapshots import PAGE, Placed

LEAST_LETTERS = 2  # of a search
CODE_LETTERS = 4  # of a code: as many as lists show

Stage = rulebook.Round | Overall


# ── Which result is shown ───────────────────────────────────────────────────────────────────────────────────────


def is_public(row: Round) -> bool:
    """Whether the results were announced; going back a state makes them no secret again."""
    return row.announced_at is not None or contests.has_reached(row, "ANNOUNCED")


def shown(session: Session, row: Round) -> Snapshot | None:
    """The result that everybody sees: the announced one, or a provisional list that was published on purpose."""
    if not is_public(row) and not contests.has_reached(row, "PROVISIONAL"):
        return None
    return snapshots.published(session, row)


def version(session: Session, row: Round, n: int | None) -> Snapshot:
    """The result that is shown, or the published one of this number; any other looks as if it did not exist."""
    found = shown(session, row)
    if found is not None and n is not None:
        found = next((one for one in versions(session, row) if one.n == n), None)
    if found is None:
        raise NotFound("Kết quả của vòng này chưa được công bố.")
    return found


def versions(session: Session, row: Round) -> list[Snapshot]:
    """Every result of a round that was ever published, the latest first."""
    return [one for one in snapshots.all_of(session, row) if one.published_at is not None]


def counts_whole_contest(contest: Contest, snapshot: Snapshot) -> bool:
    """Whether the contest's figures in this result rest on announced rounds alone, so that they tell nothing else."""
    counted = [row for row in contest.rounds if not row.overall and row.closes_at and row.closes_at < snapshot.made_at]
    return len(counted) > 1 and all(is_public(row) for row in counted)


def stage_of(settings: Settings, row: Round) -> Stage:
    """The rules of a round, or of a list over rounds."""
    stages: list[Stage] = [*settings.rounds, *settings.overall]
    return next(one for one in stages if one.key == row.key)


# ── The ranking ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Row:
    """One line of the ranking as others see it."""

    placed: Placed
    shown: Shown


@dataclass(frozen=True)
class Listing:
    """One page of the ranking, or what a search found of it."""

    rows: Sequence[Row]
    page: int
    pages: int
    count: int


def ranking(
    session: Session, found: Announcement, snapshot: Snapshot, *, page: int = 1, division: str | None = None
) -> Listing:
    """One page of the ranking, of one division where that is wanted."""
    count = snapshots.count(session, snapshot, division=division)
    pages = max(1, -(-count // PAGE))
    page = min(max(page, 1), pages)
    placed = snapshots.page(session, snapshot, page, division=division)
    return Listing(_rows(found, placed), page, pages, count)


def search(session: Session, found: Announcement, snapshot: Snapshot, words: str) -> Listing:
    """The lines that somebody looks for: by the name or whereabouts of a winner who is named, with or without accents,
    or by the beginning of a code."""
    wanted = fold(words)
    if len(wanted) < LEAST_LETTERS:
        return Listing((), 1, 1, 0)
    codes = {code for code, one in _named(found).items() if wanted in fold(f"{one.name} {one.where}")}
    known: ColumnElement[bool] = Contestant.code.in_(codes)
    letters = "".join(words.split()).upper()
    if len(letters) >= CODE_LETTERS and letters.isascii() and letters.isalnum():
        known = or_(known, Contestant.code.between(letters, letters + "Z" * 40))  # a range, so that an index finds it
    ids = session.scalars(
        select(Contestant.id).where(Contestant.contest_id == snapshot.contest_id, known).limit(PAGE)
    ).all()
    rows = _rows(found, snapshots.of_contestants(session, snapshot, ids))
    return Listing(rows, 1, 1, len(rows))


def _rows(found: Announcement, placed: Sequence[Placed]) -> list[Row]:
    named = _named(found)
    return [Row(one, named.get(one.line.code, Shown(one.line.code))) for one in placed]


def _named(found: Announcement) -> dict[str, Shown]:
    winners = (one.shown for prize in found.prizes for one in prize.winners)
    return {one.code: one for one in winners if one.name}


# ── One's own place ─────────────────────────────────────────────────────────────────────────────────────────────

Absent = Literal["excluded", "hors", "barred", "nothing", "open", "given-back", "void", "empty", "unfit"]


@dataclass(frozen=True)
class Own:
    """Somebody's own place in a result: their line with why it stands there, or why there is none.

    `reason` is what people decided about them or their attempt, in those people's words.
    """

    placed: Placed | None = None
    why: Why | None = None
    awards: tuple[Award, ...] = ()
    absent: Absent | None = None
    reason: str = ""


def own(session: Session, found: Announcement, snapshot: Snapshot, contestant: Contestant) -> Own:
    """Why somebody stands where they do in a result; nothing of anybody else but the key they are better in."""
    mine = snapshots.of_contestants(session, snapshot, [contestant.id])
    if not mine:
        return _absent(session, found.row, contestant)
    placed = mine[0]
    near = snapshots.around(session, snapshot, placed.position)
    here = next(i for i, one in enumerate(near) if one.position == placed.position)
    lines = [one.line for one in near]
    why = standings.explain(lines, here, found.stage.ranking, response_step_ms=step(found))
    awards = tuple(one for one in snapshots.awards(snapshot) if one.code == contestant.code)
    return Own(placed=placed, why=why, awards=awards)


def _absent(session: Session, row: Round, contestant: Contestant) -> Own:
    if contestant.status == "EXCLUDED":
        return Own(absent="excluded", reason=contestant.status_reason)
    barred = contestant.barred_rounds
    if row.key in barred or WHOLE in barred:
        return Own(absent="barred", reason=str(barred.get(row.key) or barred[WHOLE]))
    if contestant.status == "HORS_CONCOURS":
        return Own(absent="hors", reason=contestant.status_reason)
    mine = select(Attempt).where(Attempt.contestant_id == contestant.id)
    if not row.overall:
        mine = mine.where(Attempt.round_id == row.id)
    attempts = session.scalars(mine.order_by(Attempt.no)).all()
    if not attempts:
        return Own(absent="nothing")
    reasons: dict[Absent, str] = {}
    for one in attempts:
        reasons.setdefault(_not_counted(one), one.invalid_reason or "")
    first = next(why for why in ("void", "unfit", "empty", "open", "given-back") if why in reasons)
    return Own(absent=first, reason=reasons[first])


def _not_counted(attempt: Attempt) -> Absent:
    if attempt.given_back_at is not None:
        return "given-back"
    if attempt.invalid_reason:
        return "void"
    if attempt.handed_in_at is None:
        return "open"
    return "unfit" if attempt.answered else "empty"


def step(found: Announcement) -> int:
    """The step to which response times are compared: of a list, the coarsest of its rounds."""
    rounds = found.settings.rounds if isinstance(found.stage, Overall) else (found.stage,)
    return max((one.live.response_step_ms for one in rounds if one.live is not None), default=100)


# ── The key, and draws ──────────────────────────────────────────────────────────────────────────────────────────


def key(session: Session, found: Announcement, *, now: datetime) -> list[Keyed] | None:
    """The questions of an announced round with their answers; `None` where the rulebook does not publish them.

    A question that a round to come or open asks as well is left out until that is over.
    """
    if not has_key(found):
        return None
    hidden = round_papers.withheld(session, now=now, but=found.row.id)
    return [one for one in official.key(session, found.row) if one.question.id not in hidden]


def has_key(found: Announcement) -> bool:
    """Whether the key of this round is told."""
    stage = found.stage
    told = isinstance(stage, rulebook.Round) and stage.full_after_close and stage.kind != "essay"
    return told and is_public(found.row) and found.row.cut_at is not None


def draw(session: Session, contest: Contest, lots_id: int) -> tuple[Round, Lots]:
    """One draw of a contest, planned, held or given up, with its round."""
    found = session.get(Lots, lots_id)
    row = next((one for one in contest.rounds if found is not None and one.id == found.round_id), None)
    if row is None or found is None:
        raise NotFound("Không tìm thấy lượt bốc thăm này.")
    return row, found


def waiting(session: Session, snapshot: Snapshot) -> frozenset[str]:
    """The keys of the prizes for which lots are still to be drawn."""
    return frozenset(one.prize for one in draws.due(session, snapshot))
