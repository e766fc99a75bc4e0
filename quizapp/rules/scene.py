"""What screens show beside the phase of the show: nothing, the code of the room, a break, teams, or the wheel."""

from __future__ import annotations

from typing import Literal, get_args

Scene = Literal["", "code", "break", "teams", "wheel"]


def named(name: str) -> Scene | None:
    """The scene of this name, or `None`."""
    return next((known for known in get_args(Scene) if known == name), None)
