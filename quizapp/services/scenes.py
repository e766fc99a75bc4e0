"""What screens show in front of the phase: the code of the room, a break, the teams, or the wheel of a lucky draw."""

from __future__ import annotations

from sqlalchemy.orm import Session

from quizapp.errors import Conflict
from quizapp.models import Show
from quizapp.rules.scene import Scene
from quizapp.services import results, sight, wheels
from quizapp.services.sight import Body


def body(session: Session, show: Show, language: str) -> Body:
    """`scene`: its name and what it shows; an empty name follows the phase."""
    if show.scene == "break":
        return {"name": show.scene, "text": show.notice}
    if show.scene == "teams":
        return {"name": show.scene, "teams": sight.top(_board(session, show), language).get("teams", [])}
    if show.scene == "wheel" and (found := wheels.of_show(session, show)) is not None:
        return {
            "name": show.scene,
            "prize": found.prize.of(language),
            "names": list(found.names),
            "winners": list(found.winners),
            "reserves": list(found.reserves),
            "of": found.of,
        }
    return {"name": "code" if show.scene == "code" else ""}


def _board(session: Session, show: Show) -> results.Board:
    """The leaderboard of what was revealed: a question whose key is not out yet moves no team."""
    present = sight.present_turn(show)
    out = present is None or present.revealed_at is not None or present.board_at is not None
    return results.board(session, show, through=show.position if out else show.position - 1)


def refuse_empty(session: Session, show: Show, scene: Scene) -> None:
    """Refuse a scene that would have nothing to show, with what must come first."""
    if scene == "teams" and not results.board(session, show).teams:
        raise Conflict("Phòng này không xếp hạng đội, hoặc chưa có đội nào.")
    if scene == "wheel" and wheels.of_show(session, show) is None:
        raise Conflict("Chưa có kết quả bốc thăm may mắn. Hãy bốc thăm ở bàn làm việc của vòng thi trước.")
