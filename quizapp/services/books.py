"""A whole contest read from the database as plain values, for counting.

Nothing is computed here but what the tables say in other words. Rows are read in bulk, without objects of tables, and
come in an order that follows from codes and times alone, so that both databases give the same book.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from typing import Any, get_args

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Executable, Text, cast, func, null, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from quizapp.models import (
    Attempt,
    Contest,
    Contestant,
    Essay,
    Lots,
    Move,
    Participation,
    Round,
    Saying,
    Unit,
    WinnerCheck,
)
from quizapp.rules import contest as rulebook
from quizapp.rules import eligibility, tally
from quizapp.rules.contest import Settings
from quizapp.rules.prizes import has_formal_conditions
from quizapp.rules.timing import microseconds
from quizapp.services import contests, live_totals
from quizapp.services.vault import Vault

WHOLE = "*"  # stands for every round among the rounds somebody is barred from
_AT_ONCE = 10_000  # rows fetched together


def book(session: Session, vault: Vault, contest: Contest) -> tally.Book:
    """Everything that the results of this contest follow from, besides its settings."""
    settings = contests.settings(contest)
    rounds = [row for row in contest.rounds if not row.overall]
    announced = _announced(contest)
    trees = {"unit": _Tree(session, contest, "unit"), "place": _Tree(session, contest, "place")}
    codes = dict(_rows(session, select(Contestant.id, Contestant.code).where(Contestant.contest_id == contest.id)))
    people = _contestants(session, vault, contest, settings, trees, codes)
    reader = _Rounds(session, settings, people, trees, codes)
    return tally.Book(
        contestants=people,
        rounds=tuple(reader.read(row) for row in rounds),
        units=trees["unit"].nodes,
        places=trees["place"].nodes,
        checks=_checks(session, contest, announced, codes),
        draws=_draws(session, contest),
        announced=tuple(row.key for row in announced),
    )


def contestant(vault: Vault, row: Contestant) -> tally.Contestant:
    """One person as rules of eligibility see them. Merged units are not followed, formal conditions not looked at."""
    return tally.Contestant(
        code=row.code,
        status=contestant_status(row.status),
        birth_date=birth_date(vault, row.code, row.birth_sealed),
        division=row.division,
        unit=None if row.unit_id is None else str(row.unit_id),
        place=None if row.place_id is None else str(row.place_id),
        team=row.team,
        registered_us=microseconds(row.registered_at),
        withdrawn=row.withdrawn_at is not None,
        barred=_barred(row.barred_rounds),
        barred_rounds=_barred_rounds(row.barred_rounds),
        accommodated=row.accommodation != 100,
        distance_m=row.distance_m,
    )


def birth_date(vault: Vault, code: str, sealed: bytes | None) -> date | None:
    """The first day that a sealed date of birth may mean, or `None` where none was given."""
    if sealed is None:
        return None
    return date.fromisoformat(vault.open(sealed, table="contestant", column="birth", row=code))


# ── People ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _contestants(
    session: Session,
    vault: Vault,
    contest: Contest,
    settings: Settings,
    trees: Mapping[str, _Tree],
    codes: Mapping[int, str],
) -> tuple[tally.Contestant, ...]:
    births = _needs_births(settings)
    met = _conditions(session, contest, settings)
    moved = _moves(session, contest, trees)
    wanted = select(
        Contestant.id,
        Contestant.code,
        Contestant.status,
        Contestant.birth_sealed if births else null(),
        Contestant.division,
        Contestant.unit_id,
        Contestant.place_id,
        Contestant.team,
        Contestant.invited_by_id,
        cast(Contestant.barred_rounds, Text),
        Contestant.accommodation,
        Contestant.distance_m,
        _us(Contestant.registered_at),
        Contestant.withdrawn_at.is_not(None),
    ).where(Contestant.contest_id == contest.id)
    unit, place = trees["unit"].node, trees["place"].node
    found = []
    for (
        id, code, status, sealed, division, unit_id, place_id, team, invited_by_id, barred, accommodation, distance_m,
        registered_us, withdrawn,
    ) in _rows(session, wanted):  # fmt: skip
        rounds = json.loads(barred) if barred != "{}" else {}
        found.append(
            tally.Contestant(
                code=code,
                status=status,
                birth_date=birth_date(vault, code, sealed),
                division=division,
                unit=unit(unit_id),
                place=place(place_id),
                team=team,
                registered_us=registered_us,
                invited_by=codes.get(invited_by_id),
                withdrawn=bool(withdrawn),
                barred=_barred(rounds),
                barred_rounds=_barred_rounds(rounds),
                conditions=met(id, registered_us),
                accommodated=accommodation != 100,
                distance_m=distance_m,
                moved=moved.get(id, ()),
            )
        )
    found.sort(key=lambda one: one.code)
    return tuple(found)


def _moves(session: Session, contest: Contest, trees: Mapping[str, _Tree]) -> dict[int, tuple[tally.Moved, ...]]:
    """By the ids of people who went to another unit or place, where they were before."""
    wanted = select(Move.contestant_id, Move.unit_id, Move.place_id, Move.own, _us(Move.at))
    mine = wanted.join(Contestant, Contestant.id == Move.contestant_id).where(Contestant.contest_id == contest.id)
    unit, place = trees["unit"].node, trees["place"].node
    found: dict[int, tuple[tally.Moved, ...]] = {}
    for who, unit_id, place_id, own, at_us in _rows(session, mine.order_by(Move.at, Move.id)):
        move = tally.Moved(at_us=at_us, unit=unit(unit_id), place=place(place_id), own=bool(own))
        found[who] = (*found.get(who, ()), move)
    return found


def contestant_status(kept: str) -> tally.Status:
    """A status as it is kept, as one of those there are."""
    return next(known for known in get_args(tally.Status) if known == kept)


def check_outcome(kept: str) -> tally.CheckOutcome:
    """The outcome of a winner check as it is kept, as one of those there are."""
    return next(known for known in get_args(tally.CheckOutcome) if known == kept)


def drawn(result: Mapping[str, Any]) -> list[str]:
    """The codes in the order in which a draw gave them."""
    return list(result["codes"])


def _barred(rounds: Mapping[str, str]) -> str:
    return rounds.get(WHOLE, "") if rounds else ""


def _barred_rounds(rounds: Mapping[str, str]) -> dict[str, str]:
    return {key: why for key, why in rounds.items() if key != WHOLE} if rounds else {}


def _needs_births(settings: Settings) -> bool:
    """Whether anything is counted from birth dates; where not, they stay sealed."""
    rankings = [one.ranking for one in settings.rounds] + [one.ranking for one in settings.overall]
    by_age = any(prize.kind in ("YOUNGEST", "OLDEST") for ranking in rankings for prize in ranking.prizes)
    return by_age or settings.who.min_age is not None


def _conditions(session: Session, contest: Contest, settings: Settings) -> Callable[[int, int], frozenset[str] | None]:
    """Gives, for a contestant's id and registration, the rounds whose formal conditions for prizes they met."""
    rules = {one.key: one for one in settings.rounds}
    asking = [row for row in contest.rounds if row.key in rules and has_formal_conditions(rules[row.key])]
    if not asking:
        return lambda _id, _registered: None
    free = frozenset(rules) - {row.key for row in asking}
    tests = []
    for row in asking:
        live = rules[row.key].live
        assert live is not None  # only a live round has formal conditions
        said = _watch_words(session, row) if live.watch_word_until is not None else None
        tests.append((row.key, said, _moment_us(live.watch_word_until), _moment_us(live.registration_until)))

    @functools.cache  # most people met the same ones
    def one_of(keys: tuple[str, ...]) -> frozenset[str]:
        return free.union(keys)

    def met(id: int, registered: int) -> frozenset[str]:
        return one_of(
            tuple(
                key
                for key, said, word_until, registered_until in tests
                if (said is None or said.get(id, word_until + 1) <= word_until) and registered <= registered_until
            )
        )

    return met


def _watch_words(session: Session, row: Round) -> dict[int, int]:
    """When each contestant entered the watch word, by their id."""
    said = select(Participation.contestant_id, _us(Participation.watch_word_at))
    return dict(_rows(session, said.where(Participation.round_id == row.id, Participation.watch_word_at.is_not(None))))


# ── Units and places ────────────────────────────────────────────────────────────────────────────────────────────


class _Tree:
    """The units or places of a contest; a merged one is the one it was merged into, and so is all below it."""

    def __init__(self, session: Session, contest: Contest, tree: str) -> None:
        rows = session.execute(
            select(Unit.id, Unit.name, Unit.level, Unit.parent_id, Unit.headcount, Unit.code, Unit.merged_into_id)
            .where(Unit.contest_id == contest.id, Unit.tree == tree)
            .order_by(Unit.id)
        ).all()
        into = {row.id: row.merged_into_id for row in rows}
        self._names = {id: str(_last(into, id)) for id in into}
        self.nodes = tuple(
            tally.Node(
                id=str(row.id),
                name=row.name,
                level=row.level,
                parent=self.node(row.parent_id),
                headcount=row.headcount,
                code=row.code,
            )
            for row in rows
            if row.merged_into_id is None
        )

    def node(self, id: int | None) -> str | None:
        """The node that stands for a unit."""
        return None if id is None else self._names.get(id)


def _last(into: Mapping[int, int | None], id: int) -> int:
    seen = {id}
    while (further := into.get(id)) is not None and further not in seen:
        seen.add(further)
        id = further
    return id


# ── Rounds ──────────────────────────────────────────────────────────────────────────────────────────────────────


class _Rounds:
    """Reads what was received in each round."""

    def __init__(
        self,
        session: Session,
        settings: Settings,
        people: Sequence[tally.Contestant],
        trees: Mapping[str, _Tree],
        codes: Mapping[int, str],
    ) -> None:
        self._session = session
        self._settings = settings
        self._people = people
        self._unit, self._place = trees["unit"].node, trees["place"].node
        self._trees = trees
        self._codes = codes

    def read(self, row: Round) -> tally.RoundBook:
        rules = self._settings.round(row.key)
        live = self._live(row, rules)
        played = {one.id for one in live}
        sittings = chain(live, (one for one in self._sittings(row) if one.id not in played))
        return tally.RoundBook(
            key=row.key,
            sittings=_by_code(sittings, lambda one: one.no),
            said=_by_code(self._said(row), lambda one: one.said_us),
            target=row.target if row.frozen_at is not None else None,
            essays=self._essays(row),
        )

    def _sittings(self, row: Round) -> Iterator[tally.Sitting]:
        """The attempts that were handed in."""
        asked = func.coalesce(Attempt.asked, func.json_array_length(Attempt.paper))
        wanted = select(
            Attempt.id,
            Attempt.contestant_id,
            Attempt.no,
            _us(Attempt.started_at),
            _us(Attempt.handed_in_at),
            Attempt.points,
            Attempt.full,
            Attempt.score,
            asked,
            Attempt.answered,
            Attempt.handed_in_by,
            Attempt.invalid_reason,
            Attempt.given_back_at.is_not(None),
            Attempt.unit_id,
            Attempt.place_id,
            Attempt.response_ms,
            Attempt.connected,
        ).where(
            Attempt.round_id == row.id,
            Attempt.handed_in_at.is_not(None),
            Attempt.contestant_id.is_not(None),
            Attempt.removed_at.is_(None),  # sent out of a live room
        )
        codes, unit, place = self._codes, self._unit, self._place
        for (
            id, who, no, started, submitted, points, full, correct, of, answered, by,
            invalid, given_back, unit_id, place_id, response, connected,
        ) in _rows(self._session, wanted):  # fmt: skip
            yield tally.Sitting(
                id=id,
                code=codes[who],
                no=no,
                started_us=started,
                submitted_us=submitted,
                score=points or 0,
                full=full or 0,
                correct=correct or 0,
                of=of,
                answered=answered or 0,
                by="auto" if by == "auto" else "self",
                invalid=invalid,
                given_back=bool(given_back),
                unit=unit(unit_id),
                place=place(place_id),
                response_ms=response or 0,
                connected=connected is None or bool(connected),
            )

    def _live(self, row: Round, rules: rulebook.Round) -> list[tally.Sitting]:
        """The attempts of a round that was played live here: counted from its turns, for they depend on each other."""
        if not rules.is_live or rules.live is None:
            return []
        people = {one.code: one for one in self._people}
        provinces = eligibility.provinces_of(self._trees["place"].nodes)

        def competes(code: str, joined_us: int) -> bool:
            at = tally.Sitting(
                id="", code=code, no=1, started_us=joined_us, submitted_us=joined_us,
                score=0, full=0, correct=0, of=0, answered=0,
            )  # fmt: skip
            return not eligibility.reason(people[code], at, self._settings, rules, provinces)

        return [
            msgspec.structs.replace(one, unit=self._unit(_id(one.unit)), place=self._place(_id(one.place)))
            for one in live_totals.of_round(self._session, row, rules.live, competes)
        ]

    def _said(self, row: Round) -> Iterator[tally.Said]:
        """The savings of predictions, in the order in which they came."""
        wanted = select(Saying.contestant_id, Saying.value, _us(Saying.said_at), Saying.attempt_id)
        said = wanted.where(Saying.round_id == row.id).order_by(Saying.id)
        for who, value, said_us, attempt_id in _rows(self._session, said):
            yield tally.Said(code=self._codes[who], value=value, said_us=said_us, sitting=attempt_id)

    def _essays(self, row: Round) -> dict[str, int]:
        wanted = select(Essay.contestant_id, Essay.mark).where(
            Essay.round_id == row.id, Essay.handed_in_at.is_not(None), Essay.mark.is_not(None)
        )
        marks = {self._codes[who]: mark for who, mark in _rows(self._session, wanted)}
        return dict(sorted(marks.items()))


def _id(node: str | None) -> int | None:
    return None if node is None else int(node)


# ── After closing ───────────────────────────────────────────────────────────────────────────────────────────────


def _announced(contest: Contest) -> list[Round]:
    """Announced rounds and lists, in the order in which they were."""
    rows = [(row.announced_at, row.position, row) for row in contest.rounds if row.announced_at is not None]
    return [row for _, _, row in sorted(rows, key=lambda one: one[:2])]


def _checks(
    session: Session, contest: Contest, announced: list[Round], codes: Mapping[int, str]
) -> tuple[tally.Check, ...]:
    keys = {row.id: (row.position, row.key) for row in contest.rounds}
    moments = [row.announced_at for row in announced]
    found = []
    for check in session.execute(
        select(
            WinnerCheck.round_id,
            WinnerCheck.contestant_id,
            WinnerCheck.outcome,
            WinnerCheck.reason,
            WinnerCheck.checked_at,
        ).where(WinnerCheck.round_id.in_(keys), WinnerCheck.outcome != "")
    ):
        position, key = keys[check.round_id]
        after = sum(1 for moment in moments if check.checked_at is not None and moment <= check.checked_at)
        code = codes[check.contestant_id]
        said = tally.Check(code=code, scope=key, outcome=check.outcome, reason=check.reason, after=after)
        found.append((position, code, said))
    return tuple(said for _, _, said in sorted(found, key=lambda one: one[:2]))


def _draws(session: Session, contest: Contest) -> tuple[tally.DrawResult, ...]:
    keys = {row.id: row.key for row in contest.rounds}
    held = (
        select(Lots.round_id, Lots.prize, Lots.result)
        .where(Lots.round_id.in_(keys), Lots.held_at.is_not(None), Lots.cancelled_at.is_(None))
        .order_by(Lots.id)
    )
    return tuple(
        tally.DrawResult(scope=keys[row.round_id], prize=row.prize, codes=tuple(drawn(row.result)))
        for row in session.execute(held)
    )


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _rows(session: Session, wanted: Executable) -> Iterator[Any]:
    """The rows of a large select, some at a time, as the driver gives them: no object is made of a row.

    So a column must be a plain value in the database too: a number, text or bytes; true and false may be 1 and 0.
    """
    session.flush()
    found = session.connection().execute(wanted)  # not streamed: that would take the first rows off the driver's cursor
    assert found.cursor is not None  # a select always has one
    while part := found.cursor.fetchmany(_AT_ONCE):
        yield from part
    found.close()


def _us(column: InstrumentedAttribute[Any]) -> ColumnElement[int]:
    """An instant as it is kept: whole microseconds, without making a moment of each."""
    return type_coerce(column, BigInteger)


def _moment_us(moment: datetime | None) -> int:
    return _NEVER_US if moment is None else microseconds(moment)


_NEVER_US = 1 << 62


def _by_code(found: Iterable[Any], order: Callable[[Any], int]) -> tuple[Any, ...]:
    """Sorted by code, and for each person by `order`; what is equal keeps its order."""
    of: dict[str, list[Any]] = {}
    for one in found:
        of.setdefault(one.code, []).append(one)
    return tuple(one for code in sorted(of) for one in sorted(of[code], key=order))
