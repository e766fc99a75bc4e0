"""Who is connected: one socket per player, any number of hosts and viewers, by show and language.

Held in memory only; it is empty after a start, and browsers come back by themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from quizapp import clock
from quizapp.services.tokens import Bearer, Part


@dataclass(frozen=True)
class Line:
    """One open socket."""

    sid: str
    bearer: Bearer
    language: str


class Hub:
    """The open sockets of this process."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}
        self._players: dict[int, dict[str, Line]] = defaultdict(dict)
        self._crews: dict[int, dict[str, Line]] = defaultdict(dict)
        self._began = clock.now()
        self._left: dict[tuple[int, Part], datetime] = {}  # when a screen was last there, by show and part

    def add(self, line: Line) -> Line | None:
        """Take a socket in; returns the older one of the same player, which has to go."""
        self._lines[line.sid] = line
        if line.bearer.part != "player":
            self._crews[line.bearer.show_id][line.sid] = line
            return None
        players = self._players[line.bearer.show_id]
        older = players.get(line.bearer.attempt_id)
        players[line.bearer.attempt_id] = line
        return older

    def drop(self, sid: str) -> Line | None:
        """Forget a socket; a newer one of the same player stays."""
        line = self._lines.pop(sid, None)
        if line is None:
            return None
        show_id = line.bearer.show_id
        if self._crews[show_id].pop(sid, None) is not None:
            self._left[show_id, line.bearer.part] = clock.now()
        if self._players[show_id].get(line.bearer.attempt_id) is line:
            del self._players[show_id][line.bearer.attempt_id]
        for side in (self._players, self._crews):
            if not side[show_id]:
                del side[show_id]
        return line

    def line(self, sid: str) -> Line | None:
        """The socket with this id, if it was admitted."""
        return self._lines.get(sid)

    def player(self, show_id: int, attempt_id: str) -> Line | None:
        """The socket of a player, if connected."""
        return self._players[show_id].get(attempt_id) if show_id in self._players else None

    def players(self, show_id: int) -> list[Line]:
        """The sockets of all connected players of a show."""
        return list(self._players.get(show_id, {}).values())

    def hosts(self, show_id: int) -> list[Line]:
        """The sockets of a show's hosts."""
        return [line for line in self._crews.get(show_id, {}).values() if line.bearer.part == "host"]

    def screens(self, show_id: int) -> list[Line]:
        """The sockets of hosts and screens of a show."""
        return [line for line in self._crews.get(show_id, {}).values() if line.bearer.part != "follower"]

    def away(self, show_id: int) -> dict[str, datetime]:
        """The screens of a show that are not connected, each with since when: an overlay is missed since this process
        began to listen, a stage since it was last there."""
        there = {line.bearer.part for line in self._crews.get(show_id, {}).values()}
        since = {
            "overlay": None if "overlay" in there else self._left.get((show_id, "overlay"), self._began),
            "stage": None if "viewer" in there else self._left.get((show_id, "viewer")),
        }
        return {name: moment for name, moment in since.items() if moment is not None}

    def behind(self, show_id: int) -> list[Line]:
        """The sockets of all who are beside the picture of a show's stream: those who play and those who follow."""
        followers = [line for line in self._crews.get(show_id, {}).values() if line.bearer.part == "follower"]
        return [*self.players(show_id), *followers]

    def crew(self, show_id: int, language: str) -> list[str]:
        """The sockets, by id, of hosts and screens who hear a show in this language."""
        return [line.sid for line in self.screens(show_id) if line.language == language]

    def hosted(self) -> list[int]:
        """The shows with a host or a screen connected."""
        return list(self._crews)

    def of_sign_in(self, sign_in_id: str) -> Iterator[Line]:
        """Every socket that lives by this sign-in."""
        yield from [line for line in self._lines.values() if line.bearer.sign_in_id == sign_in_id]


def everybody(show_id: int, language: str) -> str:
    """The room of all who hear a show in one language."""
    return f"show-{show_id}-{language}"


def crew(show_id: int) -> str:
    """The room of hosts and screens."""
    return f"show-{show_id}-crew"


def of_players(show_id: int) -> str:
    """The room of all players, whatever their language."""
    return f"show-{show_id}-players"
