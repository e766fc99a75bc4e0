"""What counting works on: people, sittings and words said, as plain values without a name in them, and what comes out.

Counting never looks anything up: the same values always give the same result (contest-rules §9, §19.6). Instants are
whole microseconds since 1970, lengths whole milliseconds, scores whole sixtieths of a point.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

Status = Literal["ELIGIBLE", "HORS_CONCOURS", "EXCLUDED"]


class Moved(Struct, frozen=True, kw_only=True):
    """Somebody went to another unit or place: where they were before it, and whether they moved themselves (`own`) or
    the secretariat moved them."""

    at_us: int
    unit: str | None = None
    place: str | None = None
    own: bool = True


class Contestant(Struct, frozen=True, kw_only=True):
    """What counting needs to know of one person; `code` is their only name in a contest (fairness §2).

    `birth_date` is the first day that an incomplete date may mean (§4). `unit` and `place` are ids of nodes in the tree
    of units and in that of places, as on the record at the last closing; `team` is a delegation or table. `withdrawn`:
    consent taken back, so no name and no prize, but a place in totals (§5, §21.17). `barred`: invalid for the whole
    contest, with the reason; `barred_rounds`: for these rounds. `conditions` names rounds whose formal conditions for
    prizes are met (watch word in time, registration in time); None where a round asks for none. `accommodated`: more
    time was granted, so equal people stand before them on speed keys.
    """

    code: str
    status: Status = "ELIGIBLE"
    birth_date: date | None = None
    division: str | None = None
    unit: str | None = None
    place: str | None = None
    team: str | None = None
    registered_us: int = 0
    invited_by: str | None = None
    withdrawn: bool = False
    barred: str = ""
    barred_rounds: dict[str, str] = {}
    conditions: frozenset[str] | None = None
    accommodated: bool = False
    distance_m: int | None = None  # checked distance from home, for a prize of the farthest contestant
    moved: tuple[Moved, ...] = ()  # in the order of time


class Sitting(Struct, frozen=True, kw_only=True):
    """One attempt (lượt thi) as it was handed in; `no` numbers a person's attempts within the round.

    `answered` counts the questions with an answer saved. `score` and `full` are of this person's own paper. `invalid`
    is the reason for which people declared it void; `given_back` attempts never happened (§21.8). `unit` and `place`
    are those of the record when it started. `response_ms` is the sum over right answers of a live round, `connected`
    whether the person was there when its last question locked.
    """

    id: str
    code: str
    no: int
    started_us: int
    submitted_us: int
    score: int
    full: int
    correct: int
    of: int
    answered: int
    by: Literal["self", "auto"] = "self"
    invalid: str = ""
    given_back: bool = False
    unit: str | None = None
    place: str | None = None
    response_ms: int = 0
    connected: bool = True

    @property
    def duration_ms(self) -> int:
        """Submission instant minus start instant (§3)."""
        return (self.submitted_us - self.started_us) // 1000


class Said(Struct, frozen=True, kw_only=True):
    """One saving of a prediction; `value` None clears it. Percentages are scaled by ten to the stated decimals.

    `sitting` is the attempt it was given with, None where it was changed outside of one.
    """

    code: str
    value: int | None
    said_us: int
    sitting: str | None = None


class Node(Struct, frozen=True, kw_only=True):
    """One unit or place of a tree: counts roll up to `parent`. `headcount` is the approved and locked one, `code` that
    of a province in the official list."""

    id: str
    name: str
    level: str
    parent: str | None = None
    headcount: int | None = None
    code: str = ""


class RoundBook(Struct, frozen=True, kw_only=True):
    """All that was received in one round. `target` is the frozen target, if there is one (§8.2); `essays` are marks in
    sixtieths by code."""

    key: str
    sittings: tuple[Sitting, ...] = ()
    said: tuple[Said, ...] = ()
    target: int | None = None
    essays: dict[str, int] = {}


CheckOutcome = Literal["CONFIRMED", "REFUSED", "NO_ANSWER", "DECLINED"]


class Check(Struct, frozen=True, kw_only=True):
    """The outcome of a winner check (§10): of one person for one round's prizes, or for a contest-wide list's.

    Anything but `CONFIRMED` passes the prize down. `frozen` prizes wait for a complaint to be answered (§15). `after`
    is how many of `Book.announced` were announced when it was said: a prize passed down later takes none of those back
    (§21.6).
    """

    code: str
    scope: str  # key of the round or of the list
    outcome: CheckOutcome
    reason: str = ""
    after: int = 0


class DrawResult(Struct, frozen=True, kw_only=True):
    """A draw that was held (fairness §7): `scope` and `prize` say for what, `codes` stand in drawn order. For ties that
    lots decide, `prize` is `lot` and `codes` holds the drawn order of the tied people."""

    scope: str
    prize: str
    codes: tuple[str, ...]


class Book(Struct, frozen=True, kw_only=True):
    """A whole contest as it was received: everything that results are a function of, besides the settings."""

    contestants: tuple[Contestant, ...] = ()
    rounds: tuple[RoundBook, ...] = ()
    units: tuple[Node, ...] = ()
    places: tuple[Node, ...] = ()
    checks: tuple[Check, ...] = ()
    draws: tuple[DrawResult, ...] = ()
    announced: tuple[str, ...] = ()  # keys of rounds announced, in that order: their prizes are not taken back (§21.6)


# ── What comes out ──────────────────────────────────────────────────────────────────────────────────────────────


class Line(Struct, frozen=True, kw_only=True):
    """One line of a ranking: `rank` may be shared; `waits` says that lots are still to be drawn (§21.7): once prizes
    are given, only where they decide one.

    `prediction` is the number that counts, `distance` None where there is none (§8.4). `decided_by` is the first key on
    which the line above is better, "" for the first line and for equals. Values that the round does not use are 0.
    """

    rank: int
    code: str
    sitting: str | None
    score: int
    full: int
    correct: int
    of: int
    duration_ms: int
    submitted_us: int
    prediction: int | None = None
    distance: int | None = None
    response_ms: int = 0
    essay: int | None = None
    rounds_entered: int = 0
    division: str | None = None
    all_correct: bool = False
    below_gate: bool = False
    waits: bool = False
    decided_by: str = ""


AwardState = Literal["OPEN", "CONFIRMED", "HELD"]


class Award(Struct, frozen=True, kw_only=True):
    """One prize for one person (or, in a collective list, one unit). `place` is the rank it was given for.

    `state`: to be checked, confirmed, or held back while a complaint or a draw is open.
    """

    scope: str
    prize: str
    code: str
    place: int
    state: AwardState = "OPEN"


class Figures(Struct, frozen=True, kw_only=True):
    """The counts of a round or a contest under their only meanings (§12). Never add `people` of rounds up."""

    registered: int = 0
    started: int = 0
    attempts: int = 0
    people: int = 0
    all_correct: int = 0
    hors_attempts: int = 0
    hors_people: int = 0
    people_of_rounds: int = 0  # the sum over rounds, for the contest only; never printed as `people`


class GroupLine(Struct, frozen=True, kw_only=True):
    """One line of a collective list. `rank` None: not listed (under the least headcount, or no headcount).

    `rate` is exact: people and headcount; what is printed comes from them, capped at 100 %. `value` is the measure in
    its own unit (people, sixtieths, weighted prizes, sum of ranks), `reached_us` when the final count was reached.
    """

    rank: int | None
    node: str
    people: int
    headcount: int | None
    value: int
    value_of: int = 1  # the measure is value ÷ value_of
    reached_us: int | None = None
    band: int | None = None
    over: bool = False  # more people than headcount: the headcount is wrong


class GroupList(Struct, frozen=True, kw_only=True):
    """A collective list with its winners."""

    key: str
    lines: tuple[GroupLine, ...]
    winners: tuple[Award, ...] = ()


class TeamLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One team (§14.6): the mean of its best members is value ÷ value_of, in sixtieths; equal teams share the rank.

    `won` is written down for teams with a prize only, so a result without team prizes is the same bytes as ever.
    """

    rank: int
    team: str
    present: int  # members with a counting attempt
    value: int
    value_of: int
    won: bool = False


class RoundResult(Struct, frozen=True, kw_only=True):
    """What one round, or one list over rounds, comes to. `lines` stand division by division, each in rank order.

    `faults` are sittings as the server should never have let them be, with what is wrong (§19.4–5).
    """

    key: str
    target: int | None
    target_rows: int
    figures: Figures
    lines: tuple[Line, ...]
    awards: tuple[Award, ...] = ()
    ties: tuple[tuple[str, ...], ...] = ()  # groups of codes that wait for lots because of a prize
    invalid: dict[str, str] = {}  # sittings that do not count, with the reason
    faults: dict[str, str] = {}
    teams: tuple[TeamLine, ...] = ()


class Result(Struct, frozen=True, kw_only=True):
    """What a whole contest comes to."""

    rounds: tuple[RoundResult, ...]
    overall: tuple[RoundResult, ...] = ()
    collective: tuple[GroupList, ...] = ()
    figures: Figures = Figures()
