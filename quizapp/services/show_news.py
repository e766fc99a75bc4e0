"""News of shows: what happened, told when it is kept; whoever hears it looks at the rows for the rest."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OfShow:
    """News of one show; what it is, its kind says."""

    show_id: int


class TurnReading(OfShow):
    """The stem of a turn is shown, or its planned opening changed."""


class TurnOpened(OfShow):
    """The options of a turn are on their way, or its closing time changed."""


class TurnLocked(OfShow):
    """Nothing more is taken for this turn."""


class TurnRevealed(OfShow):
    """The key of the present turn may be known."""


class BoardShown(OfShow):
    """The leaderboard is on, or hidden, or the present turn no longer counts."""


class ShowPaused(OfShow):
    """The host holds the show, or lets it go on."""


class ShowEnded(OfShow):
    """The show is over."""


@dataclass(frozen=True)
class HostSaid(OfShow):
    """A notice of the host to everybody."""

    text: str


class PredictionOpened(OfShow):
    """The prediction is put to everybody, or its end changed."""


class PredictionClosed(OfShow):
    """No number is taken any more."""


class RundownChanged(OfShow):
    """Questions to come were moved, or a reserve was called."""


class SceneChanged(OfShow):
    """What the screens show beside the phase."""


class ConsoleChanged(OfShow):
    """Something that only hosts see: the autopilot, the door of the room, a proposal."""


class OffsetMeasured(OfShow):
    """How far the dates of the stream's pictures are from programme time is known anew."""
