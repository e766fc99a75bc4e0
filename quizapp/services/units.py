"""The trees of a contest, of units and of places: read, picked from, grown and corrected by the secretariat; headcounts
proposed, approved and locked before the contest opens (contest-rules §5, §11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import Attempt, Contest, Contestant, ContestRole, Move, Participation, Unit
from quizapp.rules.changes import Kind
from quizapp.rules.registration import line
from quizapp.rules.roster import LONGEST_CODE, LONGEST_NAME
from quizapp.rules.words import fold, sort_key
from quizapp.services import changes, contests

Tree = Literal["unit", "place"]
TREES: tuple[Tree, ...] = ("unit", "place")

DEEPEST = 10  # levels of a tree
PICKED = 20  # units that a search shows
LARGEST = 100_000_000  # people in one unit


@dataclass(frozen=True)
class Branch:
    """One node of a tree as a list shows it: how deep it stands and how many people are in it and below.

    `registered` are people who may win; `people` those of them with a valid attempt, each counted once (§11).
    """

    unit: Unit
    depth: int
    registered: int
    people: int

    @property
    def is_over(self) -> bool:
        """Whether more took part than there are: the headcount is wrong."""
        return self.unit.headcount is not None and self.people > self.unit.headcount


@dataclass(frozen=True)
class Pick:
    """A node to choose: its name, and with the names above it where it is told from others of that name."""

    id: int
    name: str
    label: str


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────


def find(session: Session, contest: Contest, unit_id: int, tree: Tree | None = None) -> Unit:
    """A node of this contest, which the caller looked up for somebody; of one that was merged, where it went."""
    found = session.get(Unit, unit_id)
    while found is not None and found.merged_into_id is not None:
        found = session.get(Unit, found.merged_into_id)
    if found is None or found.contest_id != contest.id or (tree is not None and found.tree != tree):
        raise NotFound("Không tìm thấy đơn vị này.")
    return found


def tree(session: Session, contest: Contest, which: Tree) -> list[Branch]:
    """The whole tree from the top, each node before those below it, neighbours by the alphabet."""
    nodes = _nodes(session, contest, which)
    registered = _counted(session, contest, which, taken_part=False)
    people = _counted(session, contest, which, taken_part=True)
    below = _below(nodes)
    found: list[Branch] = []

    def walk(node: Unit, depth: int) -> tuple[int, int]:
        place = len(found)
        found.append(Branch(node, depth, 0, 0))
        sums = registered.get(node.id, 0), people.get(node.id, 0)
        for child in below.get(node.id, ()):
            more = walk(child, depth + 1)
            sums = sums[0] + more[0], sums[1] + more[1]
        found[place] = Branch(node, depth, *sums)
        return sums

    for top in below.get(None, ()):
        walk(top, 0)
    return found


def pick(
    session: Session,
    contest: Contest,
    which: Tree,
    words: str,
    *,
    under: int | None = None,
    listed: bool = False,
    limit: int = PICKED,
) -> list[Pick]:
    """Nodes whose name has all these words, with or without accents; those that begin so first.

    `listed`: without those that contestants typed, as strangers may see them.
    """
    wanted = _living(contest, which)
    if listed:
        wanted = wanted.where(Unit.typed.is_(False))
    for word in fold(words).split():
        wanted = wanted.where(Unit.search.contains(word, autoescape=True))
    if under is not None:
        wanted = wanted.where(Unit.parent_id == under)
    found = session.scalars(wanted.limit(10 * limit)).all()
    begun = fold(words)
    found = sorted(found, key=lambda one: (not one.search.startswith(begun), sort_key(one.name), one.id))[:limit]
    names = _labels(session, found)
    return [Pick(one.id, one.name, names[one.id]) for one in found]


def named(session: Session, contest: Contest, which: Tree, text: str, *, under: int | None = None) -> list[Pick]:
    """Nodes of exactly this name (accents and case do not matter), or of this name with those above it."""
    folded = fold(text)
    candidates = _living(contest, which).where(Unit.search.in_({folded, fold(text.partition(" – ")[0])}))
    if under is not None:
        candidates = candidates.where(Unit.parent_id == under)
    found = session.scalars(candidates.order_by(Unit.id)).all()
    names = _labels(session, found)
    return [Pick(one.id, one.name, names[one.id]) for one in found if folded in (one.search, fold(names[one.id]))]


def label(session: Session, unit: Unit) -> str:
    """The name of a node with those above it, from near to far."""
    return _labels(session, [unit])[unit.id]


def levels(session: Session, contest: Contest, which: Tree) -> list[str]:
    """The names of the levels: those of the rulebook, then any other that nodes have."""
    listed = list(contests.settings(contest).unit_levels) if which == "unit" else list(PLACE_LEVELS)
    used = select(Unit.level).where(Unit.contest_id == contest.id, Unit.tree == which, Unit.level != "").distinct()
    return listed + sorted(set(session.scalars(used)) - set(listed))


PLACE_LEVELS = ("province", "commune")


# ── Growing and correcting ──────────────────────────────────────────────────────────────────────────────────────


def add(
    session: Session,
    contest: Contest,
    person_id: str | None,
    which: Tree,
    name: str,
    *,
    parent: Unit | None = None,
    level: str = "",
    code: str = "",
    now: datetime,
) -> Unit:
    """A new node below `parent`; without a level it has that of its depth. Refuses a second one of the same name."""
    made = _make(session, contest, which, name, parent, level, code, now=now)
    after = {"name": made.name, "parent": parent.name if parent else None, "level": made.level}
    note(session, contest, "unit", made, None, after, "", person_id, now=now)
    return made


def typed(
    session: Session, contest: Contest, which: Tree, text: str, *, parent: Unit | None = None, now: datetime
) -> Unit:
    """The node that a contestant means by their own words: one of that name, or a new one to be merged or kept later.

    What was merged before goes where it went. Two people who type the same at once get the same node.
    """
    name = _name(text)
    found = _written(session, contest, which, name, parent)
    if found is None:
        session.execute(select(Contest.id).where(Contest.id == contest.id).with_for_update())
        found = _written(session, contest, which, name, parent)
    if found is not None:
        return find(session, contest, found.id)
    level = PLACE_LEVELS[1] if which == "place" else ""
    made = Unit(
        contest_id=contest.id,
        tree=which,
        parent_id=parent.id if parent else None,
        level=level,
        name=name,
        search=fold(name),
        typed=True,
        made_at=now,
    )
    session.add(made)
    session.flush()
    return made


def rename(
    session: Session,
    contest: Contest,
    person_id: str,
    unit: Unit,
    name: str,
    *,
    code: str | None = None,
    level: str | None = None,
    reason: str = "",
    now: datetime,
) -> None:
    """Correct the name, the code or the level; once the contest is open with a reason. A typed unit is thereby kept."""
    reason = _reason(contest, reason, now)
    before = {"name": unit.name, "code": unit.code, "level": unit.level}
    tidy = _name(name)
    if fold(tidy) != unit.search:
        _must_be_new(session, contest, tree_of(unit), tidy, unit.parent_id)
    if code is not None and _code(code) != unit.code:
        _must_be_free(session, contest, tree_of(unit), _code(code))
        unit.code = _code(code)
    unit.name, unit.search, unit.typed = tidy, fold(tidy), False
    unit.level = unit.level if level is None else line(level, 60)
    session.flush()
    after = {"name": unit.name, "code": unit.code, "level": unit.level}
    note(session, contest, "unit", unit, before, after, reason, person_id, now=now)


def move(
    session: Session,
    contest: Contest,
    person_id: str,
    unit: Unit,
    parent: Unit | None,
    *,
    reason: str = "",
    now: datetime,
) -> None:
    """Put a node with all below it under another one. Refuses a circle and a tree that gets too deep."""
    if unit.parent_id == (parent.id if parent else None):
        return
    reason = _reason(contest, reason, now)
    nodes = {node.id: node for node in _nodes(session, contest, tree_of(unit))}
    above = _above(parent, nodes)
    if unit.id in {node.id for node in above}:
        raise Conflict("Không thể chuyển một đơn vị vào chính nó hoặc đơn vị bên dưới nó.")
    if len(above) + _height(unit, _below(nodes.values())) > DEEPEST:
        raise Conflict("Cây đơn vị chỉ sâu tối đa 10 cấp.")
    _must_be_new(session, contest, tree_of(unit), unit.name, parent.id if parent else None)
    before = {"parent": nodes[unit.parent_id].name if unit.parent_id in nodes else None}
    unit.parent_id = parent.id if parent else None
    unit.typed = False
    session.flush()
    after = {"parent": parent.name if parent else None}
    note(session, contest, "unit_move", unit, before, after, reason, person_id, now=now)


def remove(session: Session, contest: Contest, person_id: str, unit: Unit, *, now: datetime) -> None:
    """Take an empty node out of the tree. One that anybody or anything hangs on is refused: it can be merged."""
    hangs = (
        exists().where(Unit.parent_id == unit.id),
        exists().where(Unit.merged_into_id == unit.id),
        exists().where(or_(Contestant.unit_id == unit.id, Contestant.place_id == unit.id)),
        exists().where(or_(Attempt.unit_id == unit.id, Attempt.place_id == unit.id)),
        exists().where(ContestRole.unit_id == unit.id),
        exists().where(or_(Move.unit_id == unit.id, Move.place_id == unit.id)),
    )
    if any(session.scalar(select(one)) for one in hangs):
        raise Conflict("Đơn vị này còn người, đơn vị trực thuộc hoặc đầu mối. Hãy gộp vào đơn vị khác thay vì xóa.")
    note(session, contest, "unit", unit, {"name": unit.name}, None, "", person_id, now=now)
    session.delete(unit)
    session.flush()


# ── Headcounts and targets ──────────────────────────────────────────────────────────────────────────────────────


def is_locked(contest: Contest, unit: Unit, *, now: datetime) -> bool:
    """Whether the headcount may only be changed with a reason: it was locked, or the contest has opened."""
    return unit.headcount_locked_at is not None or has_opened(contest, now=now)


def has_opened(contest: Contest, *, now: datetime) -> bool:
    """Whether a round of the published contest has begun."""
    opens = [row.opens_at for row in contest.rounds if row.opens_at is not None]
    return contest.published_at is not None and bool(opens) and min(opens) <= now


def propose_headcount(
    session: Session, contest: Contest, person_id: str, unit: Unit, people: int, *, now: datetime
) -> None:
    """What the unit's focal point says; it counts once the secretariat approves. Refused when locked."""
    if is_locked(contest, unit, now=now):
        raise Conflict("Tổng số người đã khóa từ khi cuộc thi mở. Vui lòng báo Tổ Thư ký nếu số liệu chưa đúng.")
    before = {"headcount_proposed": unit.headcount_proposed}
    unit.headcount_proposed = _people(people)
    session.flush()
    after = {"headcount_proposed": unit.headcount_proposed}
    note(session, contest, "headcount", unit, before, after, "", person_id, now=now)


def approve_headcount(session: Session, contest: Contest, person_id: str, unit: Unit, *, now: datetime) -> None:
    """The secretariat takes what was proposed."""
    if unit.headcount_proposed is None:
        raise Conflict("Đơn vị chưa đề xuất tổng số người.")
    set_headcount(session, contest, person_id, unit, unit.headcount_proposed, now=now)


def set_headcount(
    session: Session,
    contest: Contest,
    person_id: str,
    unit: Unit,
    people: int | None,
    *,
    reason: str = "",
    now: datetime,
) -> None:
    """The approved headcount, by the secretariat; once locked only with a reason."""
    locked = is_locked(contest, unit, now=now)
    reason = changes.reason_of(reason) if locked else reason.strip()
    before = {"headcount": unit.headcount}
    unit.headcount = None if people is None else _people(people)
    unit.headcount_proposed = None
    session.flush()
    note(session, contest, "headcount", unit, before, {"headcount": unit.headcount}, reason, person_id, now=now)


def lock_headcounts(session: Session, contest: Contest, person_id: str | None, *, now: datetime) -> int:
    """Lock every approved headcount that is not locked yet, before opening, and say how many that were."""
    wanted = select(Unit).where(
        Unit.contest_id == contest.id, Unit.headcount.is_not(None), Unit.headcount_locked_at.is_(None)
    )
    found = session.scalars(wanted).all()
    for unit in found:
        unit.headcount_locked_at = now
    session.flush()
    if found:
        changes.note(session, contest, "headcount", "units", None, {"locked": len(found)}, "", person_id, now=now)
    return len(found)


def set_targets(
    session: Session,
    contest: Contest,
    person_id: str,
    unit: Unit,
    people: int | None,
    attempts: int | None,
    *,
    now: datetime,
) -> None:
    """The targets (chỉ tiêu): information for focal points, never a key of a ranking."""
    before = {"people": unit.target_people, "attempts": unit.target_attempts}
    unit.target_people = None if people is None else _people(people)
    unit.target_attempts = None if attempts is None else _people(attempts)
    session.flush()
    after = {"people": unit.target_people, "attempts": unit.target_attempts}
    note(session, contest, "target_set", unit, before, after, "", person_id, now=now)


def note(
    session: Session,
    contest: Contest,
    kind: Kind,
    unit: Unit,
    before: Mapping[str, object] | None,
    after: Mapping[str, object] | None,
    reason: str,
    person_id: str | None,
    *,
    now: datetime,
) -> None:
    """Write down what was changed of one node; what stayed as it was is left out."""
    if before is not None and after is not None:
        same = {name for name in before if before[name] == after.get(name)}
        before = {name: value for name, value in before.items() if name not in same}
        after = {name: value for name, value in after.items() if name not in same}
        if not after:
            return
    kept = [None if part is None else dict(part) for part in (before, after)]
    changes.note(session, contest, kind, f"unit/{unit.id}", kept[0], kept[1], reason, person_id, now=now)


# ── Details ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _living(contest: Contest, which: Tree) -> Select[Unit]:
    return select(Unit).where(Unit.contest_id == contest.id, Unit.tree == which, Unit.merged_into_id.is_(None))


def _nodes(session: Session, contest: Contest, which: Tree) -> Sequence[Unit]:
    return session.scalars(_living(contest, which)).all()


def _below(nodes: Iterable[Unit]) -> dict[int | None, list[Unit]]:
    """The nodes by their parent, by the alphabet; whose parent is not among them stands at the top."""
    listed = list(nodes)
    ids = {node.id for node in listed}
    below: dict[int | None, list[Unit]] = {}
    for node in sorted(listed, key=lambda one: (sort_key(one.name), one.id)):
        below.setdefault(node.parent_id if node.parent_id in ids else None, []).append(node)
    return below


def _above(node: Unit | None, nodes: Mapping[int, Unit]) -> list[Unit]:
    """A node and those above it."""
    found: list[Unit] = []
    while node is not None and len(found) <= DEEPEST:
        found.append(node)
        node = nodes.get(node.parent_id) if node.parent_id is not None else None
    return found


def _height(unit: Unit, below: Mapping[int | None, list[Unit]]) -> int:
    return 1 + max((_height(child, below) for child in below.get(unit.id, ())), default=0)


def _counted(session: Session, contest: Contest, which: Tree, *, taken_part: bool) -> dict[int, int]:
    """People who may win by their own node; hors-concours and excluded people do not count (§11)."""
    node = Contestant.unit_id if which == "unit" else Contestant.place_id
    wanted = select(node, func.count()).where(
        Contestant.contest_id == contest.id, Contestant.status == "ELIGIBLE", node.is_not(None)
    )
    if taken_part:
        sat = exists().where(Participation.contestant_id == Contestant.id, Participation.valid > 0)
        wanted = wanted.where(sat)
    return {id: count for id, count in session.execute(wanted.group_by(node)) if id is not None}


def _labels(session: Session, units: Iterable[Unit]) -> dict[int, str]:
    """The names of nodes with those above them; one query for each level."""
    listed = list(units)
    known = {unit.id: unit for unit in listed}
    wanted = {unit.parent_id for unit in listed} - set(known) - {None}
    while wanted:
        more = session.scalars(select(Unit).where(Unit.id.in_(wanted))).all()
        known |= {unit.id: unit for unit in more}
        wanted = {unit.parent_id for unit in more} - set(known) - {None}
    return {unit.id: " – ".join(node.name for node in _above(unit, known)) for unit in listed}


def _written(session: Session, contest: Contest, which: Tree, name: str, parent: Unit | None) -> Unit | None:
    """The node of this name, merged or not; below `parent` where one is given. A listed one before a typed one."""
    wanted = select(Unit).where(Unit.contest_id == contest.id, Unit.tree == which, Unit.search == fold(name))
    if parent is not None:
        wanted = wanted.where(Unit.parent_id == parent.id)
    return session.scalars(wanted.order_by(Unit.typed, Unit.merged_into_id.is_not(None), Unit.id).limit(1)).first()


def _make(
    session: Session,
    contest: Contest,
    which: Tree,
    name: str,
    parent: Unit | None,
    level: str,
    code: str,
    *,
    now: datetime,
) -> Unit:
    tidy, plain_code = _name(name), _code(code)
    _must_be_new(session, contest, which, tidy, parent.id if parent else None)
    _must_be_free(session, contest, which, plain_code)
    nodes = {node.id: node for node in _nodes(session, contest, which)} if parent else {}
    depth = len(_above(parent, nodes))
    if depth >= DEEPEST:
        raise Conflict("Cây đơn vị chỉ sâu tối đa 10 cấp.")
    known = contests.settings(contest).unit_levels if which == "unit" else PLACE_LEVELS
    made = Unit(
        contest_id=contest.id,
        tree=which,
        parent_id=parent.id if parent else None,
        level=line(level, 60) or (known[depth] if depth < len(known) else ""),
        name=tidy,
        search=fold(tidy),
        code=plain_code,
        made_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _must_be_new(session: Session, contest: Contest, which: Tree, name: str, parent_id: int | None) -> None:
    below = Unit.parent_id.is_(None) if parent_id is None else Unit.parent_id == parent_id
    same = _living(contest, which).where(Unit.search == fold(name), below)
    if session.scalars(same.limit(1)).first() is not None:
        raise Conflict("Ở đây đã có đơn vị cùng tên. Vui lòng đặt tên khác hoặc gộp hai đơn vị.")


def _must_be_free(session: Session, contest: Contest, which: Tree, code: str) -> None:
    if code and session.scalars(_living(contest, which).where(Unit.code == code).limit(1)).first() is not None:
        raise Conflict("Mã này đã thuộc đơn vị khác. Vui lòng dùng mã khác.")


def _reason(contest: Contest, reason: str, now: datetime) -> str:
    """The reason of a change, which must be there once the contest has opened."""
    return changes.reason_of(reason) if has_opened(contest, now=now) else reason.strip()


def _name(text: str) -> str:
    tidy = line(text, LONGEST_NAME)
    if not any(letter.isalnum() for letter in tidy):
        raise Unreadable("Vui lòng điền tên đơn vị.")
    return tidy


def _code(text: str) -> str:
    return line(text, LONGEST_CODE)


def _people(count: int) -> int:
    if not 0 <= count <= LARGEST:
        raise Unreadable("Số người cần là số nguyên từ 0 trở lên.")
    return count


def tree_of(unit: Unit) -> Tree:
    """Which tree a node stands in."""
    return "place" if unit.tree == "place" else "unit"
