"""The places of a contest: its provinces from the official list, and below each the communes, wards and special zones
that organizers bring or contestants name (contest-rules §5)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from quizapp.errors import Unreadable
from quizapp.models import Contest, Unit
from quizapp.rules import provinces
from quizapp.rules.words import fold
from quizapp.services import contests, units

PROVINCE, COMMUNE = units.PLACE_LEVELS
_KINDS = re.compile(r"^(?:xa|phuong|dac khu)\s+")


def ensure(session: Session, contest: Contest, *, now: datetime) -> None:
    """Give the tree of places the provinces of the contest, all 34 where it is open everywhere.

    Lists by place then name those, too, from which nobody came.
    """
    wanted = contests.settings(contest).who.provinces or tuple(provinces.BY_CODE)
    there = set(session.scalars(select(Unit.code).where(*_provinces(contest))))
    for code in wanted:
        if code not in there and code in provinces.BY_CODE:
            province(session, contest, code, now=now)


def listed(session: Session, contest: Contest) -> Sequence[Unit]:
    """The provinces that the tree has, in the official order."""
    return session.scalars(select(Unit).where(*_provinces(contest)).order_by(Unit.code)).all()


def province(session: Session, contest: Contest, code: str, *, now: datetime) -> Unit:
    """The node of a province; made when first asked for. Two who ask at once get the same."""
    wanted = select(Unit).where(*_provinces(contest), Unit.code == code)
    found = session.scalars(wanted).first()
    if found is None:
        session.execute(select(Contest.id).where(Contest.id == contest.id).with_for_update())
        found = session.scalars(wanted).first()
    if found is not None:
        return found
    official = provinces.BY_CODE.get(code)
    if official is None:
        raise Unreadable("Không có tỉnh, thành phố này trong danh sách. Vui lòng chọn lại.")
    name = official.name.vi
    made = Unit(
        contest_id=contest.id, tree="place", level=PROVINCE, name=name, search=fold(name), code=code, made_at=now
    )
    session.add(made)
    session.flush()
    return made


def place(
    session: Session, contest: Contest, code: str, *, place_id: int | None = None, commune: str = "", now: datetime
) -> Unit:
    """The node where somebody lives: the commune picked or named, in the province of this code; else the province."""
    above = province(session, contest, code, now=now)
    if place_id is not None:
        found = units.find(session, contest, place_id, "place")
        if found.parent_id != above.id:
            raise Unreadable("Xã, phường này không thuộc tỉnh đã chọn. Vui lòng chọn lại.")
        return found
    if not commune:
        return above
    return communes_named(session, contest, above, commune) or units.typed(
        session, contest, "place", commune, parent=above, now=now
    )


def communes_named(session: Session, contest: Contest, above: Unit, text: str) -> Unit | None:
    """The listed commune that somebody means, also without its kind (`Gio Linh`), if it can be but one."""
    exact = units.named(session, contest, "place", text, under=above.id)
    if exact:
        return units.find(session, contest, exact[0].id)
    bare = _KINDS.sub("", fold(text))
    picks = units.pick(session, contest, "place", bare, under=above.id)
    alike = [one for one in picks if _KINDS.sub("", fold(one.name)) == bare]
    other_kind = fold(text) != bare  # "Phường A" is not "Xã A"
    return units.find(session, contest, alike[0].id) if len(alike) == 1 and not other_kind else None


def of_place(session: Session, unit: Unit | None) -> tuple[Unit | None, Unit | None]:
    """The province and the commune that a person's place stands for."""
    if unit is None or unit.level == PROVINCE:
        return unit, None
    return session.get(Unit, unit.parent_id), unit


def _provinces(contest: Contest) -> tuple[ColumnElement[bool], ...]:
    return (Unit.contest_id == contest.id, Unit.tree == "place", Unit.parent_id.is_(None), Unit.code != "")
