"""A whole contest taken in from an archive (docs/contest-archive.md): all of it or, where anything is wrong, nothing.

Codes stand for people, keys for rounds, units and questions. Every fault is named by its place in the archive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from quizapp.models import EPOCH, Contest, Contestant, Invitation, Lots, Move, Round, Rulebook, Unit, WinnerCheck
from quizapp.rules import age_group, collective, lots, rulebook_reading, stage
from quizapp.rules import archive as written
from quizapp.rules import contest as rulebook
from quizapp.rules.archive import Archive, Misshapen
from quizapp.rules.draw import sha256
from quizapp.rules.timing import day_in_vietnam, microseconds
from quizapp.rules.words import fold, sort_key
from quizapp.services import archive_attempts, books, contests
from quizapp.services.archive_intake import Faulty, Home, Intake, reading
from quizapp.services.vault import Vault


@dataclass(frozen=True)
class Taken:
    """The contest that an archive became, and what the reader should know about it."""

    contest: Contest
    people: int
    attempts: int
    notes: tuple[str, ...]


def take(
    session: Session,
    vault: Vault,
    archive: Archive,
    *,
    now: datetime,
    slug: str | None = None,
    owner_id: str | None = None,
) -> Taken:
    """Make the contest that an archive tells of, at `slug` or its own address.

    Refuses (`Faulty`) an archive with anything wrong in it, and (`Conflict`) an address already taken. Whoever refuses
    leaves rows behind: the caller's transaction must end without them.
    """
    try:
        settings = rulebook_reading.read(_settled(archive))
    except Misshapen as fault:
        raise Faulty.of(fault) from fault
    address = slug or archive.slug or rulebook_reading.slug(settings.name.vi, "cuoc-thi")
    contest = contests.create(session, vault, address, settings, owner_id, now=now)
    intake = Intake(session, archive, contest, settings, now)
    _publish(intake)
    _units(intake)
    _people(intake, vault)
    _states(intake)
    attempts = archive_attempts.take(intake)
    _afterwards(intake)
    intake.end()
    session.flush()
    session.expire_all()
    return Taken(contest, len(intake.people), attempts, tuple(intake.notes))


def _settled(archive: Archive) -> dict[str, Any]:
    """The settings as they were written, with what follows from the rest of the archive: a round whose attempts name no
    paper of their own has one paper for all, and a live one has as many questions as were put."""
    said = archive.settings
    if not isinstance(said.get("rounds"), list):
        return said
    own = {rulebook_reading.key(one.round or "") for one in archive.attempts if one.paper is not None}
    reserves = {(rulebook_reading.key(one.round or ""), one.id) for one in archive.questions if one.reserve}
    rounds = []
    for one in said["rounds"]:
        if isinstance(one, dict):
            name = one.get("key") or one.get("name")
            keys = {"", rulebook_reading.key(name)} if isinstance(name, str) else {""}
            paper = one.get("paper", {})
            if (
                isinstance(paper, dict)
                and archive.questions
                and not own & keys
                and not {"kind", "blueprint"} & set(paper)
            ):
                one = {**one, "paper": {**paper, "kind": "fixed"}}
            put = [turn for turn in archive.turns if rulebook_reading.key(turn.round or "") in keys]
            planned = [
                turn for turn in put if not turn.reserve and not any((key, turn.question) in reserves for key in keys)
            ]
            live = one.get("live", {} if one.get("kind") == "live" else None)
            if planned and isinstance(live, dict) and "questions" not in live:
                one = {**one, "live": {**live, "questions": len(planned)}}
        rounds.append(one)
    return {**said, "rounds": rounds}


# ── The contest and its rounds ──────────────────────────────────────────────────────────────────────────────────


def _publish(intake: Intake) -> None:
    archive, contest = intake.archive, intake.contest
    with intake.at("$"):
        contest.made_at = min([intake.now, *(one.opens_at for one in intake.settings.rounds)])
        if archive.made_at is not None:
            contest.made_at = reading("made_at", written.moment, archive.made_at)
        contest.published_at = contest.made_at
        if archive.published_at is not None:
            contest.published_at = reading("published_at", written.moment, archive.published_at)
    for n, version in enumerate(archive.versions):
        with intake.at(f"$.versions[{n}]"):
            settings = contest.settings
            if version.settings is not None:
                settings = rulebook.to_json(rulebook_reading.read(version.settings, ".settings"))
            at = reading("published_at", written.moment, version.published_at)
            _version(intake, version.version, settings, version.reason, at)
    if not archive.versions:
        _version(intake, 1, contest.settings, "", contest.published_at or intake.now)


def _version(intake: Intake, number: int, settings: dict[str, Any], reason: str, at: datetime) -> None:
    made = Rulebook(
        contest_id=intake.contest.id,
        version=number,
        settings=settings,
        digest=sha256(msgspec.json.encode(settings, order="deterministic")).hex(),
        reason=reason,
        published_at=at,
    )
    intake.session.add(made)


def _states(intake: Intake) -> None:
    """How far each round has come: as it is said or, where it is not, as the clock and the target tell."""
    said = {}
    for n, one in enumerate(intake.archive.rounds):
        with intake.at(f"$.rounds[{n}]"):
            place = intake.scope(one.key, "key")
            said[place.row.key] = one
            _state(place.row, place.rules, one)
    told = _told(intake)
    for key, place in intake.places.items():
        row = place.row
        if key not in said or said[key].state is None:
            row.state = _likely(row, key in told, intake.now)
        if place.rules is not None and stage.has_reached(row.state, "CLOSED"):
            row.cut_at = place.rules.closes_at


def _state(row: Round, rules: rulebook.Round | None, said: written.State) -> None:
    if said.state is not None:
        if said.state not in stage.STATES:
            raise Misshapen(".state", f"Không có trạng thái “{said.state}”. Các trạng thái: {', '.join(stage.STATES)}.")
        row.state = said.state
    for name in ("announced_at", "complaints_until", "frozen_at"):
        given = getattr(said, name)
        if given is not None:
            setattr(row, name, reading(name, written.moment, given))
    row.decision_number, row.decided_on = said.decision_number, said.decided_on
    if said.target is not None:
        asked = rules.prediction if rules is not None else None
        if asked is None:
            raise Misshapen(".target", "Vòng này không có câu hỏi dự đoán nên không có số mục tiêu.")
        row.target = reading("target", lambda value: written.predicted(value, asked), said.target)
        row.target_rows = said.target_rows
        row.frozen_at = row.frozen_at or row.closes_at


def _told(intake: Intake) -> set[str]:
    """The rounds in which something was done, and the lists over rounds, when something was done at all."""
    lists = (intake.archive.attempts, intake.archive.essays)
    told = {rulebook_reading.key(one.round or "") for rows in lists for one in rows}
    return {key for key, one in intake.places.items() if told and (key in told or "" in told or one.rules is None)}


def _likely(row: Round, told: bool, now: datetime) -> stage.State:
    """What was taken in with its attempts is over and can be counted at once."""
    if row.announced_at is not None:
        return "ANNOUNCED"
    if told or row.frozen_at is not None:
        return "REVIEW"
    if row.opens_at is None or row.closes_at is None or now < row.opens_at:
        return "PUBLISHED"
    return "OPEN" if now < row.closes_at else "CLOSED"


# ── Units and people ────────────────────────────────────────────────────────────────────────────────────────────


def _units(intake: Intake) -> None:
    """Units and places under ids of their own, those they came with where these are free: results name them."""
    trees = (("unit", "units", intake.archive.units), ("place", "places", intake.archive.places))
    everything = [one for _, _, units in trees for one in units]
    ids = iter(_free_ids(intake.session, [one.id for one in everything]))
    for tree, _, units in trees:
        known = intake.units[tree]
        for one in units:
            known.setdefault(one.key or one.name, next(ids))
    rows = []
    for tree, listed, units in trees:
        known = intake.units[tree]
        seen: set[str] = set()
        for n, one in enumerate(units):
            with intake.at(f"$.{listed}[{n}]"):
                key = one.key or one.name
                if key in seen:
                    raise Misshapen(".key", f"“{key}” có hai lần. Vui lòng đặt key riêng cho từng đơn vị.")
                seen.add(key)
                rows.append(_unit(intake, tree, known[key], key, one))
    _levels(intake, rows)
    intake.insert(Unit, _parents_first(rows))


_PLACES = {  # how people call the two levels of an address
    "province": ("province", "tỉnh", "thành phố", "tỉnh/thành phố"),
    "commune": ("commune", "xã", "phường", "đặc khu", "xã/phường/đặc khu"),
}


def _levels(intake: Intake, rows: Sequence[dict[str, Any]]) -> None:
    """Levels where none is said: of units those of the rulebook by depth, of places by whether anything is below."""
    by_id = {row["id"]: row for row in rows}
    parents = {row["parent_id"] for row in rows}
    named = {one.level for one in intake.settings.collective} - set(collective.ADDRESS_LEVELS)
    levels = intake.settings.unit_levels or (tuple(named) if len(named) == 1 else ())
    for row in rows:
        if row["tree"] == "place":
            said = row["level"].casefold()
            known = next((level for level, words in _PLACES.items() if said in words), row["level"])
            row["level"] = known or ("province" if row["id"] in parents else "commune")
        elif not row["level"]:
            depth, above = 0, by_id.get(row["parent_id"])
            while above is not None and depth < len(levels):
                depth, above = depth + 1, by_id.get(above["parent_id"])
            row["level"] = levels[depth] if depth < len(levels) else ""
    there = {row["level"] for row in rows}
    for n, one in enumerate(intake.settings.collective):
        if one.level not in there:
            listed = ", ".join(sorted(there - {""})) or "–"
            intake.notes.append(
                f"$.settings.collective[{n}].level: không có đơn vị nào ở cấp “{one.level}”. Các cấp: {listed}."
            )


def _unit(intake: Intake, tree: str, id: int, key: str, said: written.Unit) -> dict[str, Any]:
    return {
        "id": id,
        "contest_id": intake.contest.id,
        "tree": tree,
        "key": key,
        "parent_id": intake.node(tree, said.parent, "parent"),
        "level": said.level,
        "name": said.name,
        "search": fold(said.name),
        "code": said.code,
        "typed": said.typed,
        "headcount": said.headcount,
        "headcount_locked_at": None if said.headcount is None else intake.contest.published_at,
        "target_people": said.target_people,
        "target_attempts": said.target_attempts,
        "merged_into_id": intake.node(tree, said.merged_into, "merged_into"),
        "made_at": intake.contest.made_at,
    }


def _free_ids(session: Session, said: Sequence[int | None]) -> list[int]:
    """The ids that units came with, or new ones behind all others where one of them is taken."""
    wanted = [id for id in said if id is not None]
    taken = session.scalar(select(func.count()).select_from(Unit).where(Unit.id.in_(wanted)))
    if len(set(wanted)) < len(said) or taken:
        last = session.scalar(select(func.max(Unit.id))) or 0
        wanted = [last + n for n in range(1, len(said) + 1)]
    if wanted and session.get_bind().dialect.name == "postgresql":
        reserve = "SELECT setval(pg_get_serial_sequence('unit', 'id'), GREATEST(:last, (SELECT max(id) FROM unit), 1))"
        session.execute(text(reserve), {"last": max(wanted)})
    return wanted


def _parents_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in an order in which each stands behind those it points to; rows of a circle stand at the end."""
    waiting = {row["id"]: row for row in rows}
    ordered: list[dict[str, Any]] = []
    while waiting:
        ready = [
            row for row in waiting.values() if row["parent_id"] not in waiting and row["merged_into_id"] not in waiting
        ]
        for row in ready or list(waiting.values()):
            ordered.append(row)
            del waiting[row["id"]]
    return ordered


def _people(intake: Intake, vault: Vault) -> None:
    archive = intake.archive
    people = archive.people if archive.people is not None else _named(archive)
    homes = intake.homes
    for n, one in enumerate(people):
        with intake.at(f"$.people[{n}]"):
            if one.code in homes:
                raise Misshapen(".code", f"Mã “{one.code}” có hai lần.")
            homes[one.code] = Home((None, None))
            intake.accommodations[one.code] = one.accommodation
            unit, place = intake.node("unit", one.unit, "unit"), intake.node("place", one.place, "place")
            homes[one.code] = Home((unit, place))
    _moves(intake)
    divisions = {one.key for one in intake.settings.who.divisions}
    rows = []
    for n, one in enumerate(people):
        with intake.at(f"$.people[{n}]"):
            rows.append(_person(intake, vault, one, homes[one.code], divisions))
    intake.insert(Contestant, rows)
    ids = select(Contestant.code, Contestant.id).where(Contestant.contest_id == intake.contest.id)
    known: dict[str, int] = {id: value for id, value in intake.session.execute(ids)}
    intake.people = known if intake.is_sound else {code: n for n, code in enumerate(homes)}
    invited = []
    for n, one in enumerate(people):
        if one.invited_by is not None:
            with intake.at(f"$.people[{n}]"):
                invited.append(
                    {"id": intake.person(one.code), "invited_by_id": intake.person(one.invited_by, "invited_by")}
                )
    if invited and intake.is_sound:
        intake.session.execute(update(Contestant), invited)
    if intake.is_sound:
        _keep_moves(intake)


def _named(archive: Archive) -> list[written.Person]:
    """Everybody the archive speaks of, where it lists no people: in the order in which they first come up."""
    lists = (archive.attempts, archive.predictions, archive.watch_words, archive.essays, archive.moves, archive.checks)
    codes = dict.fromkeys(one.code for rows in lists for one in rows)
    return [written.Person(code=code) for code in codes]


def _person(intake: Intake, vault: Vault, said: written.Person, home: Home, divisions: set[str]) -> dict[str, Any]:
    day, known, sealed = None, "", None
    if said.birth_date is not None:
        day, known = reading("birth_date", written.birth, said.birth_date)
        sealed = vault.seal(day.isoformat(), table="contestant", column="birth", row=said.code)
    division = None if said.division is None else rulebook_reading.key(said.division)
    if division is not None and division not in divisions:
        raise Misshapen(".division", f"Không có bảng “{said.division}” trong thể lệ.")
    barred = {intake.round(key).row.key: why for key, why in said.barred_rounds.items()}
    if said.barred:
        barred[books.WHOLE] = said.barred
    registered = intake.contest.published_at or intake.now
    if said.registered_at is not None:
        registered = reading("registered_at", written.moment, said.registered_at)
    unit, place = home.now
    name = said.name or said.code
    return {
        "contest_id": intake.contest.id,
        "code": said.code,
        "name": name,
        "search": fold(name),
        "sort_key": sort_key(name),
        "birth_sealed": sealed,
        "birth_known": known,
        "age_from": age_group.begins(day, day_in_vietnam(registered)) if day is not None else None,
        "sex": said.sex,
        "unit_id": unit,
        "place_id": place,
        "occupation": said.occupation,
        "insurance_group": said.insurance_group,
        "division": division,
        "delegate_code": said.delegate_code,
        "team": said.team,
        "status": said.status,
        "status_reason": said.status_reason,
        "barred_rounds": barred,
        "guardian": said.guardian,
        "guardian_name": said.guardian_name,
        "guardian_at": _moment("guardian_at", said.guardian_at),
        "accommodation": said.accommodation,
        "invite_code": said.invite_code,
        "distance_m": said.distance_m,
        "registered_at": registered,
        "withdrawn_at": _moment("withdrawn_at", said.withdrawn_at),
    }


def _moment(name: str, said: written.When | None) -> datetime | None:
    return None if said is None else reading(name, written.moment, said)


def _moves(intake: Intake) -> None:
    """Where people went, in the order of time; after the last closing only the secretariat moves people (§21.12)."""
    moves = []
    for n, one in enumerate(intake.archive.moves):
        with intake.at(f"$.moves[{n}]"):
            moves.append((microseconds(reading("at", written.moment, one.at)), n, one))
    for us, n, one in sorted(moves, key=lambda move: move[:2]):
        with intake.at(f"$.moves[{n}]"):
            home = intake.homes.get(one.code)
            if home is None:
                raise Misshapen(".code", f"Không có người mang mã “{one.code}” trong people.")
            unit, place = home.now
            if one.unit is not None or one.place is None:
                unit = intake.node("unit", one.unit, "unit")
            if one.place is not None:
                place = intake.node("place", one.place, "place")
            if one.by == "self" and us >= intake.last_closing_us:
                intake.notes.append(f"$.moves[{n}]: {one.code} tự chuyển sau khi vòng cuối đóng nên không tính.")
                continue
            home.move(us, (unit, place), own=one.by == "self")


def _keep_moves(intake: Intake) -> None:
    rows = [
        {
            "contestant_id": intake.people[code],
            "unit_id": unit,
            "place_id": place,
            "own": own,
            "at": EPOCH + timedelta(microseconds=us),
        }
        for code, home in intake.homes.items()
        for us, own, (unit, place) in home.moves
    ]
    intake.insert(Move, sorted(rows, key=lambda row: row["at"]))


# ── After closing ───────────────────────────────────────────────────────────────────────────────────────────────


def _afterwards(intake: Intake) -> None:
    archive = intake.archive
    checks: dict[tuple[int, int], dict[str, Any]] = {}
    for n, check in enumerate(archive.checks):
        with intake.at(f"$.checks[{n}]"):
            row = intake.scope(check.scope).row
            who = intake.person(check.code)
            checks[row.id, who] = {  # a later word on the same person stands in the place of an earlier one
                "round_id": row.id,
                "contestant_id": who,
                "outcome": check.outcome,
                "reason": check.reason,
                "checked_at": _moment("at", check.at),
            }
    intake.insert(WinnerCheck, list(checks.values()))
    draws = []
    for n, draw in enumerate(archive.draws):
        with intake.at(f"$.draws[{n}]"):
            draws.append(_draw(intake, draw))
    intake.insert(Lots, draws)
    invitations: dict[tuple[int, int], dict[str, Any]] = {}
    for n, one in enumerate(archive.invitations):
        with intake.at(f"$.invitations[{n}]"):
            row, who = intake.round(one.round).row, intake.person(one.code)
            invitations[row.id, who] = {"round_id": row.id, "contestant_id": who, "why": one.why}
    intake.insert(Invitation, list(invitations.values()))


def _draw(intake: Intake, said: written.Draw) -> dict[str, Any]:
    row = intake.scope(said.scope).row
    for n, code in enumerate(said.codes):
        intake.person(code, f"codes[{n}]")
    if not said.codes or len(set(said.codes)) < len(said.codes):
        raise Misshapen(".codes", "Cần ít nhất một người, và mỗi người chỉ được rút một lần trong một lần bốc thăm.")
    at = _moment("at", said.at) or row.closes_at or intake.now
    winners = len(said.codes) if said.winners is None else said.winners
    return {
        "round_id": row.id,
        "prize": said.prize if said.prize == "lot" else _prize(said.prize),
        "plan": _plan(intake, said, winners),
        "planned_at": at,
        "result": {
            "sources": said.sources,
            "seed": said.seed,
            "winners": said.codes[:winners],
            "reserves": said.codes[winners:],
            "codes": said.codes,
            "present": said.present,
        },
        "held_by": [],
        "held_at": at,
    }


def _prize(said: str) -> str:
    """The name of a draw: a prize, and the division where each has a draw of its own."""
    return "/".join(rulebook_reading.key(part) for part in said.split("/"))


def _plan(intake: Intake, said: written.Draw, winners: int) -> dict[str, Any]:
    """The plan as it came or, for a draw held elsewhere, one that says no more than the archive does."""
    codes = tuple(sorted(said.codes))
    plan = lots.Plan(
        contest=intake.contest.slug,
        prize=said.prize,
        winners=winners,
        reserves=len(codes) - winners,
        codes=codes,
        root=lots.list_root(codes),
        sources=(),
    )
    if said.plan is not None:
        try:
            plan = msgspec.convert(said.plan, lots.Plan)
        except msgspec.ValidationError as fault:
            raise written.misshapen(fault, ".plan") from fault
    kept: dict[str, Any] = msgspec.to_builtins(plan)
    return kept
