"""The questions committed for a round: chosen from the bank before its window opens, frozen with a salt, never changed
once somebody may sit (fairness §2.3). Nobody meets them elsewhere as long as the round is to come or open."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from quizapp.errors import Conflict
from quizapp.models import Attempt, Contest, Round, RoundQuestion, Show
from quizapp.rules import contest as rulebook
from quizapp.rules import deal, live_paper, tree
from quizapp.rules.canon import canon
from quizapp.rules.draw import hmac256, pack
from quizapp.rules.question import Question, from_json, to_json
from quizapp.rules.timing import day_in_vietnam
from quizapp.services import banks, contests
from quizapp.services.vault import Vault

LEAD = timedelta(days=1)  # the latest before opening that a paper is committed by itself
RUNS_ON = timedelta(days=1)  # no attempt runs longer past its round's closing
_ROUNDS_KEPT = 64


@dataclass(frozen=True)
class Asked:
    """One committed question: what it says, in which version of the bank, and what it is worth in whole points."""

    question: Question
    version: int
    points: int


@dataclass(frozen=True)
class Committed:
    """The committed questions of a round, by id and as what papers are dealt from."""

    asked: Mapping[str, Asked]
    bank: deal.Bank


# ── Committing ──────────────────────────────────────────────────────────────────────────────────────────────────


def commit(session: Session, vault: Vault, contest: Contest, row: Round, *, now: datetime) -> Sequence[RoundQuestion]:
    """Choose and freeze the questions of a round; done again before the opening it takes the bank as it is by then.

    Of a live round the paper itself is kept, in its order, with the reserves behind. Refuses once the window is open or
    a room plays the paper, and (`deal.NotEnough`) where the approved questions do not fill it.
    """
    rules = contests.settings(contest).round(row.key)
    if row.paper_set_at is not None and now >= rules.opens_at:
        raise Conflict("Vòng thi đã mở nên bộ câu hỏi không đổi được nữa.")
    if session.scalar(select(Show.id).where(Show.round_id == row.id).limit(1)) is not None:
        raise Conflict("Phòng trực tiếp của vòng này đã lập nên bộ câu hỏi không đổi được nữa.")
    on = max(day_in_vietnam(now), day_in_vietnam(rules.opens_at))
    dealt = {entry.question.id: entry for entry in banks.dealt(session, on=on)}
    approved = [entry.question for entry in dealt.values()]
    seed = contests.seed(vault, contest)
    reserves: Sequence[Question] = ()
    if rules.is_live and rules.live is not None:
        taken = withheld(session, now=now, but=row.id)
        asked = _live(rules, rules.live, approved, taken, live_seed(vault, contest, row.key), on)
        chosen, reserves = list(asked.asked), asked.reserves
    else:
        chosen = deal.committed(rules.paper, approved, seed, on=on, spare=rules.practice)
    session.execute(delete(RoundQuestion).where(RoundQuestion.round_id == row.id))
    rows = [
        RoundQuestion(
            round_id=row.id,
            question_id=question.id,
            version=dealt[question.id].version,
            position=position,
            points=deal.points_of(rules.paper, question),
            content=to_json(question),
            salt=secrets.token_bytes(16),
            reserve=position > len(chosen),
        )
        for position, question in enumerate([*chosen, *reserves], start=1)
    ]
    session.add_all(rows)
    row.paper_set_at, row.paper_root = now, _root(rows).hex()
    session.flush()
    return rows


def live_seed(vault: Vault, contest: Contest, key: str) -> bytes:
    """Deals the paper of a live round and the order of its options: the same for everybody."""
    return hmac256(contests.seed(vault, contest), pack("quiz-live-1", key))


def _live(
    rules: rulebook.Round,
    live: rulebook.LivePart,
    approved: Sequence[Question],
    taken: frozenset[str],
    seed: bytes,
    on: date,
) -> live_paper.Chosen:
    """The paper of a live round: without what other rounds ask, as long as the bank is large enough for that."""
    fresh = [one for one in approved if one.id not in taken or one.id in rules.paper.questions]
    try:
        return live_paper.choose(rules.paper, live, fresh, seed, on=on)
    except deal.NotEnough:
        return live_paper.choose(rules.paper, live, approved, seed, on=on)


def due(session: Session, *, now: datetime) -> Sequence[Round]:
    """Rounds with questions that open soon, or should be open, and have no paper yet."""
    wanted = select(Round).where(
        Round.state.in_(("PUBLISHED", "OPEN")),
        Round.paper_set_at.is_(None),
        Round.overall.is_(False),
        Round.opens_at <= now + LEAD,
        Round.closes_at > now,
        ~select(Show.id).where(Show.round_id == Round.id).exists(),
    )
    return [row for row in session.scalars(wanted) if _asks(contests.settings(row.contest).round(row.key))]


def _asks(rules: rulebook.Round) -> bool:
    return rules.is_sat or rules.is_live


def commit_due(session: Session, vault: Vault, *, now: datetime) -> list[Round]:
    """Commit the papers of rounds that open soon; gives those that the bank cannot fill."""
    short = []
    for row in due(session, now=now):
        try:
            commit(session, vault, row.contest, row, now=now)
        except Conflict:
            short.append(row)
    return short


# ── What is asked ───────────────────────────────────────────────────────────────────────────────────────────────


_kept: dict[str, tuple[rulebook.Paper, Committed]] = {}  # root of the paper → by which rules it is dealt, and what


def of_round(session: Session, row: Round, rules: rulebook.Paper) -> Committed:
    """The committed questions of a round; read once per process, since under one root they never change."""
    if row.paper_root is None:
        raise Conflict("Đề của vòng này chưa sẵn sàng. Vui lòng quay lại sau ít phút.")
    kept = _kept.get(row.paper_root)
    if kept is not None and kept[0] == rules:
        return kept[1]
    wanted = select(RoundQuestion).where(RoundQuestion.round_id == row.id, RoundQuestion.reserve.is_(False))
    by_id = {
        one.question_id: Asked(from_json(one.content), one.version, one.points)
        for one in session.scalars(wanted.order_by(RoundQuestion.position))
    }
    found = Committed(by_id, deal.bank(rules, (one.question for one in by_id.values())))
    if len(_kept) >= _ROUNDS_KEPT:
        _kept.pop(next(iter(_kept)))
    _kept[row.paper_root] = (rules, found)
    return found


def round_of(session: Session, attempt: Attempt) -> Round:
    """The round that an attempt of a contest belongs to, with its contest; asked for once in a session."""
    found = _remembered(session).get(attempt.round_id)
    if found is None or found not in session:
        wanted = select(Round).where(Round.id == attempt.round_id).options(joinedload(Round.contest))
        found = session.scalars(wanted).one()
        remember(session, found)
    return found


def remember(session: Session, row: Round) -> None:
    """Spare this session the question for a round that it has at hand."""
    _remembered(session)[row.id] = row


def _remembered(session: Session) -> dict[int | None, Round]:
    known: dict[int | None, Round] = session.info.setdefault("rounds of attempts", {})
    return known


def rules_of(session: Session, attempt: Attempt) -> rulebook.Round:
    """What the rulebook says now of the round that an attempt belongs to."""
    row = round_of(session, attempt)
    return contests.settings(row.contest).round(row.key)


def asked(session: Session, attempt: Attempt) -> Mapping[str, Asked]:
    """The questions of an attempt's round, by id."""
    return of_round(session, round_of(session, attempt), rules_of(session, attempt).paper).asked


# ── What nobody meets elsewhere ─────────────────────────────────────────────────────────────────────────────────


_ids: dict[str, frozenset[str]] = {}  # root of the paper → its questions


def withheld(session: Session, *, now: datetime, but: int | None = None) -> frozenset[str]:
    """The questions of every round still to come or open, besides the round `but`: nobody may meet them elsewhere."""
    wanted = (
        select(Round.id, Round.paper_root)
        .join(Contest)
        .where(
            Round.paper_root.is_not(None),
            Round.cut_at.is_(None),
            Round.closes_at > now - RUNS_ON,
            Contest.published_at.is_not(None),
            Contest.rehearsal.is_(False),
        )
    )
    open_ones = [(id, root) for id, root in session.execute(wanted) if root is not None and id != but]
    return frozenset().union(*(_ids_of(session, id, root) for id, root in open_ones))


def free(session: Session, topic: str | None = None, *, now: datetime) -> list[banks.Entry]:
    """What the bank deals today outside of contests: without the questions of rounds to come or open."""
    taken = withheld(session, now=now)
    dealt = banks.dealt(session, topic, on=day_in_vietnam(now))
    return [entry for entry in dealt if entry.question.id not in taken]


def _ids_of(session: Session, round_id: int, root: str) -> frozenset[str]:
    if root not in _ids:
        found = session.scalars(select(RoundQuestion.question_id).where(RoundQuestion.round_id == round_id))
        _ids[root] = frozenset(found)
    return _ids[root]


def leaf(row: RoundQuestion) -> bytes:
    """The entry of one committed question in the tree over its paper; its salt keeps it from being guessed."""
    return canon(
        {
            "id": row.question_id,
            "version": row.version,
            "stem": row.content["stem"],
            "options": row.content["options"],
            "key": row.content["key"],
            "points": row.points,
            "seconds": None,
            "source": row.content["citations"],
            "salt": base64.urlsafe_b64encode(row.salt).rstrip(b"=").decode(),
        }
    )


def _root(rows: Sequence[RoundQuestion]) -> bytes:
    return tree.root(tree.leaf(leaf(row)) for row in sorted(rows, key=lambda row: row.question_id.encode()))
