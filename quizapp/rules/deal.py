"""What a contestant is dealt: the fixed questions of a round, or a draw from its committed bank (fairness §2.5).

Everything follows from the committed bank, the rules of the paper and the seed of one attempt: anybody who is told all
three deals the same paper again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from quizapp.errors import Conflict
from quizapp.rules import paper
from quizapp.rules.contest import BlueprintLine, Paper
from quizapp.rules.draw import Stream, pick
from quizapp.rules.question import Question

AMPLE = 5  # times the paper: with a smaller bank people meet too many questions again (contest-rules §2)


@dataclass(frozen=True)
class Pool:
    """What one line may draw from: items, each a question alone or the variants of a family."""

    line: BlueprintLine
    items: tuple[tuple[Question, ...], ...]

    @property
    def missing(self) -> int:
        return max(0, self.line.count - len(self.items))

    @property
    def label(self) -> str:
        """The published label of this line's draw, which also tells lines apart."""
        return "/".join(["pick", self.line.topic, *([self.line.difficulty] if self.line.difficulty else [])])


@dataclass(frozen=True)
class Bank:
    """All that papers of one round are dealt from: the questions in their order, or a pool for each line."""

    rules: Paper
    listed: tuple[Question, ...] = ()
    pools: tuple[Pool, ...] = ()


class NotEnough(Conflict):
    """The approved questions cannot fill every line of a round's paper; `pools` says which."""

    code = "too-few"
    sentence = "Ngân hàng chưa đủ câu hỏi đã duyệt cho đề của vòng này. Bổ sung câu hỏi hoặc giảm số câu của đề."

    def __init__(self, pools: Sequence[Pool] = (), unknown: Sequence[str] = ()) -> None:
        super().__init__()
        self.pools = tuple(pools)
        self.unknown = tuple(unknown)


def bank(rules: Paper, questions: Iterable[Question]) -> Bank:
    """What a round deals from, out of the questions committed for it; in the order given, where the paper is fixed."""
    if rules.kind == "fixed":
        return Bank(rules, listed=tuple(questions))
    asked = tuple(questions)
    return Bank(rules, pools=tuple(Pool(line, _fitting(asked, line)) for line in rules.blueprint))


def committed(rules: Paper, approved: Iterable[Question], seed: bytes, *, on: date, spare: bool) -> list[Question]:
    """The questions that a round keeps for its papers, out of the approved ones that are the law on that day.

    A fixed paper takes those it lists. A drawn one takes those it lists as its bank; where it lists none, all that its
    lines can draw, of which `spare` leaves a drawn part to practice: at most half of a line's items, and never so many
    that fewer stay than a draw needs. Refuses (`NotEnough`) what is not there.
    """
    if _overlaps(rules):
        raise Conflict("Đề của vòng này ghi một câu hỏi hoặc một chủ đề hai lần. Vui lòng gộp lại.")
    known = {one.id: one for one in approved if one.in_force(on)}
    unknown = [id for id in rules.questions if id not in known]
    if unknown:
        raise NotEnough(unknown=unknown)
    if rules.kind == "fixed":
        return [known[id] for id in rules.questions]
    among = [known[id] for id in rules.questions] if rules.questions else list(known.values())
    pools = bank(rules, among).pools
    if any(pool.missing for pool in pools) or sum(len(pool.items) for pool in pools) < rules.bank:
        raise NotEnough(pools)
    whole = bool(rules.questions) or not spare
    times = _times(rules)
    kept = {
        one.id: one for pool in pools for item in (pool.items if whole else _kept(pool, times, seed)) for one in item
    }
    return [kept[id] for id in sorted(kept, key=str.encode)]


def is_ample(found: Bank) -> bool:
    """Whether the bank behind a paper is at least `AMPLE` times as large as the paper; a fixed one needs none."""
    return sum(len(pool.items) for pool in found.pools) >= AMPLE * sum(pool.line.count for pool in found.pools)


def points_of(rules: Paper, question: Question) -> int:
    """What a question is worth, in whole points: its own on a fixed paper, those of its line on a drawn one."""
    if rules.kind == "fixed":
        return rules.question_points.get(question.id, rules.points)
    return next((line.points for line in rules.blueprint if _fits(question, line)), rules.points)


def deal(found: Bank, seed: bytes) -> list[paper.Place]:
    """The paper that follows from the seed of one attempt."""
    rules = found.rules
    drawn = list(found.listed)
    for pool in found.pools:
        items = pick(pool.items, pool.line.count, Stream(seed, pool.label))
        drawn += [paper.variant(item, seed) for item in items]
    return paper.arrange(drawn, seed, shuffle_questions=rules.shuffle_questions, shuffle_options=rules.shuffle_options)


def _overlaps(rules: Paper) -> bool:
    """Whether a question could come twice: listed twice, or drawn by two lines of one topic."""
    levels: dict[str, set[str | None]] = {}
    for line in rules.blueprint:
        levels.setdefault(line.topic, set()).add(line.difficulty)
    by_line = sum(len(found) for found in levels.values()) < len(rules.blueprint)
    by_topic = any(None in found and len(found) > 1 for found in levels.values())
    return by_line or by_topic or len(set(rules.questions)) < len(rules.questions)


def _fits(question: Question, line: BlueprintLine) -> bool:
    return question.topic == line.topic and line.difficulty in (None, question.difficulty)


def _fitting(asked: Sequence[Question], line: BlueprintLine) -> tuple[tuple[Question, ...], ...]:
    return tuple(paper.groups(one for one in asked if _fits(one, line)))


def _times(rules: Paper) -> int:
    """How many times its count a line keeps at least: so many that the whole bank is as large as the rules want."""
    total = sum(line.count for line in rules.blueprint)
    return max(AMPLE, -(-rules.bank // total)) if total else AMPLE


def _kept(pool: Pool, times: int, seed: bytes) -> list[tuple[Question, ...]]:
    size = len(pool.items)
    wanted = max(min(size, times * pool.line.count), size - size // 2)
    return pick(pool.items, wanted, Stream(seed, f"bank/{pool.label}"))
