"""What the parts of an import share: who and what the archive names, and what is wrong with it, place by place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import insert
from sqlalchemy.orm import Session

from quizapp.errors import Refusal, Unreadable
from quizapp.models import Base, Contest, Round
from quizapp.rules import contest as rulebook
from quizapp.rules import rulebook_reading
from quizapp.rules.archive import Archive, Misshapen
from quizapp.rules.contest import Settings
from quizapp.rules.timing import microseconds
from quizapp.services.moves import Belongs

Value = TypeVar("Value")
Out = TypeVar("Out")

MOST_FAULTS = 50  # named at once
AT_ONCE = 5_000  # rows written together


@dataclass(frozen=True)
class Fault:
    """What is wrong at one place of an archive."""

    where: str
    sentence: str


class Faulty(Unreadable):
    """An archive that cannot be taken in; `faults` says why, place by place."""

    code = "faulty-archive"
    sentence = "Tệp lưu trữ cuộc thi có lỗi nên chưa nhập gì."

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__()
        self.faults = tuple(faults)

    @classmethod
    def of(cls, fault: Misshapen) -> Faulty:
        return cls([Fault(fault.where, fault.sentence)])


@dataclass(frozen=True)
class Place:
    """A round or a list over rounds: its row, and the rules of a round."""

    row: Round
    rules: rulebook.Round | None


class Home:
    """Where somebody belonged from which instant on, by ids of units and places."""

    def __init__(self, first: Belongs) -> None:
        self._since = [-1]
        self._where = [first]
        self.moves: list[tuple[int, bool, Belongs]] = []  # instant, by themselves, where they were before

    def move(self, us: int, to: Belongs, *, own: bool) -> None:
        """They went there, later than all before."""
        if to != self.now:
            self.moves.append((us, own, self.now))
            self._since.append(us)
            self._where.append(to)

    def at(self, us: int) -> Belongs:
        """The unit and the place at an instant."""
        return self._where[bisect_right(self._since, us) - 1]

    @property
    def now(self) -> Belongs:
        return self._where[-1]


class Intake:
    """One import while it goes on."""

    def __init__(self, session: Session, archive: Archive, contest: Contest, settings: Settings, now: datetime) -> None:
        self.session = session
        self.archive = archive
        self.contest = contest
        self.settings = settings
        self.now = now
        self.units: dict[str, dict[str, int]] = {"unit": {}, "place": {}}
        self.people: dict[str, int] = {}  # code → id
        self.homes: dict[str, Home] = {}
        self.accommodations: dict[str, int] = {}
        self.notes: list[str] = []
        self._faults: list[Fault] = []
        rules = {one.key: one for one in settings.rounds}
        self.places = {row.key: Place(row, rules.get(row.key)) for row in contest.rounds}
        self._keys: dict[str, str] = {}

    # faults

    @contextmanager
    def at(self, where: str) -> Iterator[None]:
        """What is refused inside is a fault at this place, and the import goes on to find the next."""
        try:
            yield
        except Refusal as refusal:
            self.fault(where, refusal)

    def fault(self, where: str, refusal: Refusal) -> None:
        """Something is wrong at or below this place."""
        below = refusal.where if isinstance(refusal, Misshapen) else ""
        self._faults.append(Fault(where + below, refusal.sentence))
        if len(self._faults) >= MOST_FAULTS:
            self.end()

    def end(self) -> None:
        """Refuses the archive if anything was wrong."""
        if self._faults:
            parts = list(
                dict.fromkeys(map(_part, self._faults))
            )  # as they were met: a cause before what follows from it
            raise Faulty(sorted(self._faults, key=lambda fault: (parts.index(_part(fault)), _by_place(fault))))

    @property
    def is_sound(self) -> bool:
        """Whether nothing was wrong so far."""
        return not self._faults

    # names

    def round(self, said: str | None, live: bool = False) -> Place:
        """The round of this key; where none is said, the only one (that is played live)."""
        if said is None:
            fitting = [one for one in self.places.values() if one.rules and (one.rules.is_live or not live)]
            if len(fitting) != 1:
                raise Misshapen(".round", "Cuộc thi có nhiều vòng: cần ghi rõ vòng (round).")
            return fitting[0]
        found = self.places.get(self._key(said))
        if found is None or found.rules is None:
            raise Misshapen(".round", f"Không có vòng “{said}”. Các vòng: {', '.join(self._listed(True))}.")
        return found

    def scope(self, said: str | None, name: str = "scope") -> Place:
        """The round or list over rounds of this key; where none is said, the only one."""
        if said is None and len(self.places) == 1:
            return next(iter(self.places.values()))
        found = self.places.get(self._key(said)) if said is not None else None
        if found is None:
            raise Misshapen(f".{name}", f"Không có “{said or ''}”. Các vòng và danh sách: {', '.join(self._listed())}.")
        return found

    def person(self, code: str, name: str = "code") -> int:
        """The id of a contestant."""
        found = self.people.get(code)
        if found is None:
            raise Misshapen(f".{name}", f"Không có người mang mã “{code}” trong people.")
        return found

    def node(self, tree: str, key: str | None, name: str) -> int | None:
        """The id of a unit or place."""
        if key is None:
            return None
        found = self.units[tree].get(key)
        if found is None:
            listed = "units" if tree == "unit" else "places"
            raise Misshapen(f".{name}", f"Không có “{key}” trong {listed}.")
        return found

    def _key(self, said: str) -> str:
        if said not in self._keys:
            self._keys[said] = said if said in self.places else rulebook_reading.key(said)
        return self._keys[said]

    def _listed(self, rounds: bool = False) -> list[str]:
        return [key for key, one in self.places.items() if one.rules is not None or not rounds]

    @property
    def last_closing_us(self) -> int:
        """When the last round closes: after it only the secretariat moves people."""
        return max((microseconds(one.closes_at) for one in self.settings.rounds), default=0)

    # rows

    def insert(self, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
        """Write rows of one shape, some at a time; nothing once something is wrong."""
        for begin in range(0, len(rows) if self.is_sound else 0, AT_ONCE):
            self.session.execute(insert(table), list(rows[begin : begin + AT_ONCE]))


def _part(fault: Fault) -> str:
    """The part of the archive that it is in."""
    return fault.where.partition("[")[0]


def _by_place(fault: Fault) -> list[tuple[int, str]]:
    """Sorts `people[2]` before `people[10]`."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", fault.where)]


def reading(name: str, read: Callable[[Value], Out], value: Value) -> Out:
    """`read(value)`; what it refuses is said of the field `name`."""
    try:
        return read(value)
    except Misshapen as refusal:
        raise Misshapen(f".{name}{refusal.where}", refusal.sentence) from refusal
    except Refusal as refusal:
        raise Misshapen(f".{name}", refusal.sentence) from refusal
