"""The names that players of a show carry: each once in a room, typed by themselves or given to them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.errors import Unreadable
from quizapp.models import Attempt, Show
from quizapp.rules import display_names
from quizapp.rules.show import NameRule, name_key, numbered_name, settings_from_json, settings_to_json

MOST_NAMESAKES = 400
_AT_ONCE = 16  # forms of a name looked up together


def are_given(show: Show) -> bool:
    """Whether people in this room receive names, instead of typing any that everybody could read."""
    return settings_from_json(show.settings).names == "generated"


def choose(show: Show, rule: NameRule) -> None:
    """Say whether newcomers type their names or receive them; whoever is inside keeps theirs."""
    show.settings = settings_to_json(msgspec.structs.replace(settings_from_json(show.settings), names=rule))


def read(typed: str) -> str:
    """A typed name in its one form; refuses, each with why, what cannot be shown."""
    flaw = display_names.flaw(typed)
    name = display_names.tidied(typed)
    if flaw or name is None:
        raise Unreadable(display_names.SAYINGS[flaw or "shape"])
    return name


def read_team(typed: str | None) -> str | None:
    """The name of a team in its one form, `None` without one. A team may be an agency's; a person may not."""
    if not typed or not typed.strip():
        return None
    return display_names.tidied(typed) if display_names.flaw(typed) == "imitation" else read(typed)


def team_of(session: Session, show: Show, typed: str | None) -> str | None:
    """The team that somebody types, as those inside spell it already: capital letters make no other team."""
    wanted = read_team(typed)
    if wanted is None:
        return None
    known = select(Attempt.team).where(Attempt.show_id == show.id, Attempt.removed_at.is_(None)).distinct()
    alike = (team for team in session.scalars(known) if team and team.casefold() == wanted.casefold())
    return min(alike, default=wanted)


def suggestions() -> tuple[str, ...]:
    """A few names to choose from."""
    return display_names.suggested(_draws())


def carry(session: Session, show: Show, player: Attempt, name: str) -> bool:
    """Let a player carry a name, with a number behind it where somebody has it already; the unique constraint decides
    between two who come at once. Says no, and leaves the player outside, where the player's own row is not free.

    Refuses a name that hundreds carry.
    """
    forms = [numbered_name(name, number) for number in range(1, MOST_NAMESAKES)]
    return _carry_one_of(session, show, player, iter(forms))


def carry_given(session: Session, show: Show, player: Attempt) -> bool:
    """The same with a name that a draw gives."""
    return _carry_one_of(session, show, player, (display_names.given(draw) for draw in _draws()))


def _carry_one_of(session: Session, show: Show, player: Attempt, forms: Iterator[str]) -> bool:
    while chosen := [form for _, form in zip(range(_AT_ONCE), forms, strict=False)]:
        keys = [name_key(form) for form in chosen]
        with session.no_autoflush:
            taken = set(
                session.scalars(
                    select(Attempt.name_key).where(
                        Attempt.show_id == show.id, Attempt.name_key.in_(keys), Attempt.id != player.id
                    )
                )
            )
        for shown, key in zip(chosen, keys, strict=True):
            if key in taken:
                continue
            try:
                with session.begin_nested():
                    player.name, player.name_key = shown, key
                    session.add(player)
                    session.flush()
            except IntegrityError:
                if _is_seated(session, player):
                    return False
                continue
            return True
    raise Unreadable("Nhiều người đã dùng tên này. Vui lòng chọn tên khác.")


def _is_seated(session: Session, player: Attempt) -> bool:
    """Whether the same contestant has this attempt of the round already: it was not the name that was taken."""
    if player.contestant_id is None:
        return False
    mine = (Attempt.contestant_id == player.contestant_id, Attempt.round_id == player.round_id)
    with session.no_autoflush:
        return session.scalar(select(Attempt.id).where(*mine, Attempt.id != player.id)) is not None


def _draws() -> Iterator[bytes]:
    while True:
        yield secrets.token_bytes(8)
