"""Whole lists of units and of places from a table: looked at line by line, then taken as far as nothing stops them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.models import Contest, Unit
from quizapp.rules import provinces, roster
from quizapp.rules.roster import LONGEST_CODE, Line, Looked
from quizapp.rules.words import fold
from quizapp.services import changes, contests, places, units
from quizapp.services.units import Tree

_Thing = TypeVar("_Thing")

_NUMBERS = ("headcount", "target_people", "target_attempts")


@dataclass(frozen=True)
class Taken:
    """What came of a list: nodes made, changed, left as they were, and lines that something stopped."""

    new: int = 0
    changed: int = 0
    same: int = 0
    faulty: int = 0


@dataclass(eq=False)
class _Node(Looked):
    """One line on its way to become a node: `there` is the node it is about already, `above` what it stands under."""

    there: Unit | None = None
    above: Unit | _Node | None = None
    province: str = ""  # code of the province that a place lies in, which the tree may not have yet
    numbers: dict[str, int | None] = field(default_factory=dict)
    is_astray: bool = False  # its way to the top is endless or too long
    recognised: bool = False
    unit: Unit | None = None  # once it is taken


def look(session: Session, contest: Contest, which: Tree, lines: Sequence[Line], *, now: datetime) -> list[Looked]:
    """Every line with what is wrong with it, or with what taking it would do. Nothing is changed."""
    return list(_Reading(session, contest, which, lines, now).nodes)


def take(
    session: Session,
    contest: Contest,
    person_id: str,
    which: Tree,
    lines: Sequence[Line],
    *,
    file_name: str = "",
    now: datetime,
) -> Taken:
    """Make and change the nodes of every line that nothing stops."""
    if which == "place":
        places.ensure(session, contest, now=now)
    reading = _Reading(session, contest, which, lines, now)
    sound = [node for node in reading.nodes if not node.problems]
    for node in sound:
        reading.make(node)
    session.flush()
    does = [node.does for node in sound]
    taken = Taken(does.count("new"), does.count("change"), does.count("same"), len(reading.nodes) - len(sound))
    after = {"new": taken.new, "changed": taken.changed, "file": file_name[:120]}
    changes.note(session, contest, "unit", f"list/{which}", None, after, "", person_id, now=now)
    return taken


class _Reading:
    """One list while it is compared with the tree."""

    def __init__(self, session: Session, contest: Contest, which: Tree, lines: Sequence[Line], now: datetime) -> None:
        self.session, self.contest, self.which, self.now = session, contest, which, now
        living = (Unit.contest_id == contest.id, Unit.tree == which, Unit.merged_into_id.is_(None))
        self.units = {unit.id: unit for unit in session.scalars(select(Unit).where(*living))}
        self.levels = set(contests.settings(contest).unit_levels) if which == "unit" else set()
        self.nodes = [_Node(line) for line in lines]
        self.listed = _index(self.nodes, lambda one: one.line.get("code"), lambda one: fold(one.line.get("name")))
        self.there = _index(self.units.values(), lambda one: one.code, lambda one: one.search)
        for node in self.nodes:
            self._read(node)
        for node in self.nodes:
            self._stand(node)
        for node in self.nodes:
            self._follow(node)
        for node in self.nodes:
            self._recognise(node)
        seen: dict[object, _Node] = {}
        for node in self.nodes:
            self._meet(node, seen)
        for node in self.nodes:
            self._settle(node)

    def make(self, node: _Node) -> Unit:
        """The node of a sound line in the tree, those above it first."""
        if node.unit is not None:
            return node.unit
        above = self.make(node.above) if isinstance(node.above, _Node) else node.above
        if node.province and above is None:
            above = places.province(self.session, self.contest, node.province, now=self.now)
        unit = node.there
        if unit is None:
            name = node.line.get("name")
            unit = Unit(
                contest_id=self.contest.id,
                tree=self.which,
                parent_id=above.id if above else None,
                level=self._level(node, above),
                name=name,
                search=fold(name),
                code=node.line.get("code"),
                made_at=self.now,
                **node.numbers,
            )
            self.session.add(unit)
            self.session.flush()
            self.units[unit.id] = unit
        elif node.does == "change":
            for key, value in self._wanted(node).items():
                setattr(unit, key, value)
        node.unit = unit
        return unit

    # ── Looking ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _read(self, node: _Node) -> None:
        """The cells by themselves."""
        name, level = node.line.get("name"), node.line.get("level")
        if not any(letter.isalnum() for letter in name):
            node.wrong("Thiếu tên. Vui lòng điền tên ở dòng này.")
        roster.too_long(node, "name")
        roster.too_long(node, "code", LONGEST_CODE)
        if self.levels and level and level not in self.levels:
            node.wrong("Cấp «%(level)s» không có trong thể lệ.", level=level[:60])
        roster.too_long(node, "level", 60)
        for key in _NUMBERS:
            number = roster.count(node, key)
            if number is not None:
                node.numbers[key] = number

    def _stand(self, node: _Node) -> None:
        """What the line stands under."""
        text = node.line.get("parent")
        if self.which == "place":
            self._place_in_province(node, text)
        elif text:
            self._place_under(node, text)

    def _recognise(self, node: _Node) -> None:
        """The node of the tree that the line is about, if there is one; first that of the line it stands under."""
        if node.recognised or node.is_astray:
            return
        node.recognised = True
        if isinstance(node.above, _Node):
            self._recognise(node.above)
        above = node.above.there if isinstance(node.above, _Node) else node.above
        is_at_the_top = node.above is None and not node.province
        if above is not None or is_at_the_top:
            node.there = self._known(node, above)

    def _place_in_province(self, node: _Node, text: str) -> None:
        official = provinces.find(text)
        if official is None:
            node.wrong("Không nhận ra tỉnh, thành phố «%(text)s». Tên cần theo 34 tỉnh, thành phố.", text=text[:60])
            return
        node.province = official.code
        node.above = next((unit for unit in self.there[0].get(official.code, ()) if unit.parent_id is None), None)

    def _place_under(self, node: _Node, text: str) -> None:
        """By code first, then by name; one that stands in the list itself before one of the tree."""
        folded = fold(text)
        in_tree = self.there[0].get(text) or self.there[1].get(folded) or []
        in_list = [one for one in self.listed[0].get(text) or self.listed[1].get(folded) or [] if one is not node]
        if len(in_list) > 1 or (not in_list and len(in_tree) > 1):
            node.wrong("Có nhiều đơn vị tên «%(text)s». Vui lòng ghi mã của đơn vị cấp trên.", text=text[:60])
        elif in_list:
            node.above = in_list[0]
        elif in_tree:
            node.above = in_tree[0]
        else:
            node.wrong("Không tìm thấy đơn vị cấp trên «%(text)s».", text=text[:60])

    def _known(self, node: _Node, above: Unit | None) -> Unit | None:
        """The node of the tree that this line is about: of its code, else of its name in its place."""
        parent_id = above.id if above else None
        by_code = next(iter(self.there[0].get(node.line.get("code"), ())), None)
        by_name = (one for one in self.there[1].get(fold(node.line.get("name")), ()) if one.parent_id == parent_id)
        if by_code is not None and by_code.parent_id != parent_id and not node.problems:
            node.wrong("Mã này thuộc đơn vị ở chỗ khác trong cây. Muốn chuyển, hãy dùng trang của đơn vị đó.")
        return by_code or next(by_name, None)

    def _follow(self, node: _Node) -> None:
        """Whether the way to the top ends, and is not too long."""
        depth, above = 1, node.above
        while isinstance(above, _Node) and depth <= units.DEEPEST:
            depth, above = depth + 1, above.above
            if above is node:
                break
        if above is node:
            node.wrong("Đơn vị này thuộc chính nó qua các dòng khác. Vui lòng sửa cột «Thuộc».")
        elif depth + len(self._above(above)) > units.DEEPEST:
            node.wrong("Cây đơn vị chỉ sâu tối đa 10 cấp.")
        else:
            return
        node.is_astray = True

    def _above(self, unit: Unit | _Node | None) -> list[Unit]:
        found: list[Unit] = []
        while isinstance(unit, Unit) and unit not in found:
            found.append(unit)
            unit = self.units.get(unit.parent_id) if unit.parent_id is not None else None
        return found

    def _meet(self, node: _Node, seen: dict[object, _Node]) -> None:
        """Whether an earlier line says the same."""
        above = node.above
        spot = id(above) if isinstance(above, _Node) and above.there is None else self._id_of(above)
        signs: list[object] = [(spot, node.province, fold(node.line.get("name")))]
        if node.line.get("code"):
            signs.append(node.line.get("code"))
        earlier = next((seen[sign] for sign in signs if sign in seen), None)
        if earlier is not None:
            node.wrong("Trùng với dòng %(where)s. Mỗi đơn vị chỉ cần một dòng.", where=earlier.line.where)
        for sign in signs:
            seen.setdefault(sign, node)

    def _settle(self, node: _Node) -> None:
        """Whether the lines above are sound, and what taking this one does."""
        broken = next((one for one in _lines_above(node) if one.problems), None)
        if broken is not None and not node.problems:
            node.wrong("Đơn vị cấp trên ở dòng %(where)s có lỗi. Hãy sửa dòng đó trước.", where=broken.line.where)
        if node.there is not None and not node.problems:
            wanted = self._wanted(node)
            node.does = "change" if wanted else "same"
            locked = units.is_locked(self.contest, node.there, now=self.now)
            if "headcount" in wanted and locked:
                node.wrong("Tổng số người đã khóa. Muốn sửa, hãy ghi lý do ở trang của đơn vị.")

    def _id_of(self, above: Unit | _Node | None) -> int | None:
        unit = above.there if isinstance(above, _Node) else above
        return None if unit is None else unit.id

    def _wanted(self, node: _Node) -> dict[str, object]:
        """What the line says otherwise than the tree; an empty cell says nothing."""
        assert node.there is not None
        line, unit = node.line, node.there
        said: dict[str, object] = {key: line.get(key) for key in ("name", "code", "level") if line.get(key)}
        said |= {**node.numbers, "search": fold(line.get("name"))}
        if unit.typed:
            said["typed"] = False
        return {key: value for key, value in said.items() if getattr(unit, key) != value}

    def _level(self, node: _Node, above: Unit | None) -> str:
        if self.which == "place":
            return places.COMMUNE
        depth = len(self._above(above))
        known = contests.settings(self.contest).unit_levels
        return node.line.get("level") or (known[depth] if depth < len(known) else "")


def _lines_above(node: _Node) -> list[_Node]:
    """The lines of the list that a line stands under, as far as a tree may be deep."""
    found: list[_Node] = []
    while isinstance(node.above, _Node) and len(found) < units.DEEPEST:
        node = node.above
        found.append(node)
    return found


def _index(
    things: Iterable[_Thing], code: Callable[[_Thing], str], name: Callable[[_Thing], str]
) -> tuple[dict[str, list[_Thing]], dict[str, list[_Thing]]]:
    """The things by their code and by their folded name; who has none is in neither."""
    by_code: dict[str, list[_Thing]] = {}
    by_name: dict[str, list[_Thing]] = {}
    for thing in things:
        for index, key in ((by_code, code(thing)), (by_name, name(thing))):
            if key:
                index.setdefault(key, []).append(thing)
    return by_code, by_name
