"""The watch word (mã theo dõi): said by the host during the talk, entered by who follows, a condition for prizes
(contest-rules §14.4). It is kept sealed and apart from the printed rulebook."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Update, update
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, Unreadable
from quizapp.models import Contest, Contestant, Participation, Round
from quizapp.rules.contest import LivePart
from quizapp.rules.timing import Window
from quizapp.rules.words import fold
from quizapp.services import changes, contests, entering, sittings
from quizapp.services.vault import Vault

MOST_TRIES = 10
SHORTEST, LONGEST = 2, 40  # letters and digits of a word

Verdict = Literal["kept", "wrong", "late", "refused"]


@dataclass(frozen=True)
class Asked:
    """How somebody stands with the word of a round. `entered_at` is set once it was right; `left` are tries."""

    until: datetime
    is_set: bool
    entered_at: datetime | None
    left: int


def part_of(row: Round) -> LivePart | None:
    """The live part of a round that asks for a watch word; none of any other."""
    if row.overall:
        return None
    live = contests.settings(row.contest).round(row.key).live
    return live if live is not None and live.watch_word_until is not None else None


def asked(session: Session, row: Round, contestant: Contestant) -> Asked | None:
    """What a page says of the word to this person; `None` where none is asked for."""
    live = part_of(row)
    if live is None or live.watch_word_until is None:
        return None
    mine = sittings.participation(session, row, contestant)
    tries = 0 if mine is None else mine.watch_word_tries
    return Asked(
        until=live.watch_word_until,
        is_set=row.watch_word_sealed is not None,
        entered_at=None if mine is None else mine.watch_word_at,
        left=max(0, MOST_TRIES - tries),
    )


def set_word(
    session: Session, vault: Vault, contest: Contest, row: Round, typed: str, person_id: str, *, now: datetime
) -> None:
    """Seal the word of a round, anew where it was set before; who entered the earlier one keeps that.

    Refuses a round that asks for none, and a word that is too short or too long. That it was set is written down, the
    word is not.
    """
    if part_of(row) is None:
        raise Conflict("Thể lệ của vòng này không có mã theo dõi.")
    word = " ".join(typed.split())
    if not SHORTEST <= len(plain(word)) <= LONGEST:
        raise Unreadable("Mã theo dõi cần từ 2 đến 40 chữ cái hoặc chữ số.")
    before = {"set": row.watch_word_sealed is not None}
    row.watch_word_sealed = vault.seal(word, **_place(contest, row))
    session.flush()
    thing = f"round/{row.key}/watch-word"
    changes.note(session, contest, "condition", thing, before, {"set": True}, "", person_id, now=now, round_id=row.id)


def read(vault: Vault, contest: Contest, row: Round) -> str:
    """The word of a round, "" while none is set; for those who may set it."""
    return "" if row.watch_word_sealed is None else vault.open(row.watch_word_sealed, **_place(contest, row))


def enter(session: Session, vault: Vault, row: Round, contestant: Contestant, typed: str, *, now: datetime) -> Verdict:
    """Compare what somebody typed; case, accents and spaces do not matter, and a right word stays right.

    Refused are people who take no part, a word that nobody set yet, and more than `MOST_TRIES` wrong ones.
    """
    live = part_of(row)
    if live is None or live.watch_word_until is None or row.watch_word_sealed is None:
        return "refused"
    if contestant.withdrawn_at is not None or contestant.status == "EXCLUDED" or not plain(typed):
        return "refused"
    mine = sittings.participation(session, row, contestant)
    if mine is not None and mine.watch_word_at is not None:
        return "kept"
    window = Window(row.opens_at or live.watch_word_until, live.watch_word_until)
    if window.is_over(now):
        return "late"
    if not _claim_try(session, row, contestant):
        return "refused"
    if not hmac.compare_digest(plain(typed).encode(), plain(read(vault, row.contest, row)).encode()):
        return "wrong"
    held = _of(row, contestant).where(Participation.watch_word_at.is_(None))
    session.execute(held.values(watch_word_at=window.stamp(now)))
    return "kept"


def plain(word: str) -> str:
    """What of a word is compared."""
    return re.sub(r"[\W_]+", "", fold(word))


def _claim_try(session: Session, row: Round, contestant: Contestant) -> bool:
    """Use up one try; the update is the claim, so that nobody tries more often by trying at once."""
    entering.hold(session, row.id, contestant.id)
    free = _of(row, contestant).where(Participation.watch_word_tries < MOST_TRIES)
    used = session.execute(free.values(watch_word_tries=Participation.watch_word_tries + 1))
    return used.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def _of(row: Round, contestant: Contestant) -> Update:
    return update(Participation).where(Participation.round_id == row.id, Participation.contestant_id == contestant.id)


def _place(contest: Contest, row: Round) -> dict[str, str]:
    return {"table": "round", "column": "watch_word", "row": f"{contest.slug}/{row.key}"}
