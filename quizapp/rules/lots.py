"""Drawing of lots that anybody can repeat: a plan fixed before public sources are out, and the result that follows from
them (contest-rules §9, fairness §7). Nothing secret goes in, so nobody can stop a draw that displeases them.

The same steps draw lucky prizes, and the order of people who are equal on every key before `lot`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from quizapp.errors import Conflict, Unreadable
from quizapp.rules import tree
from quizapp.rules.draw import Stream, pack, pick, sha256
from quizapp.rules.tally import DrawResult

SourceKind = Literal["beacon", "lottery-north", "balls"]

LOT = "lot"  # what is drawn for, where a draw orders people who are tied
LEAST_KINDS = 2  # of public sources: nobody can bend two different ones

_VALUES = {
    "beacon": re.compile(r"[0-9a-f]{64}"),
    "lottery-north": re.compile(r"[0-9]{5}"),
}
_NUMBERS = re.compile(r"(?:0|[1-9][0-9]?)(?:-(?:0|[1-9][0-9]?))*")


class Source(Struct, frozen=True, kw_only=True):
    """A public source still to come, and the instant from which its value can be known.

    `named` says which one: the round of the beacon (drand), the day of the northern state lottery whose special prize
    counts, as 2026-03-02, or how many numbered balls or dice are drawn on camera.
    """

    kind: SourceKind
    named: str
    out_us: int


class Plan(Struct, frozen=True, kw_only=True):
    """What is fixed before the sources are out. `root` commits to the codes, which stand sorted.

    `fallback` alone may stand in for one source that fails.
    """

    contest: str
    prize: str
    winners: int
    reserves: int
    codes: tuple[str, ...]
    root: str
    sources: tuple[Source, ...]
    fallback: Source | None = None


class Drawn(Struct, frozen=True, kw_only=True):
    """What followed: the sources as texts, the seed they make, and the codes in drawn order."""

    sources: tuple[str, ...]
    seed: str
    winners: tuple[str, ...]
    reserves: tuple[str, ...] = ()


def plan(
    contest: str,
    prize: str,
    codes: Iterable[str],
    *,
    winners: int,
    reserves: int = 0,
    sources: Sequence[Source],
    fallback: Source | None = None,
    now_us: int,
) -> Plan:
    """The plan of a draw. Refuses one with nobody to draw from, and one whose sources are known or too alike."""
    sorted_codes = tuple(sorted(set(codes)))
    if not sorted_codes or winners < 1:
        raise Conflict("Danh sách bốc thăm đang trống.")
    planned = [*sources, *([fallback] if fallback is not None else [])]
    if len({source.kind for source in sources}) < LEAST_KINDS:
        raise Conflict("Bốc thăm cần ít nhất hai nguồn công khai khác loại.")
    if len({(source.kind, source.named) for source in planned}) < len(planned):
        raise Conflict("Mỗi nguồn công khai chỉ dùng một lần trong một lần bốc thăm.")
    for source in planned:
        if not _is_named(source):
            raise Unreadable("Nguồn công khai chưa ghi đúng: cần số vòng, ngày quay thưởng hoặc số quả bóng.")
        if source.out_us <= now_us:
            raise Conflict("Nguồn công khai phải có kết quả sau khi kế hoạch bốc thăm được công bố.")
    return Plan(
        contest=contest,
        prize=prize,
        winners=winners,
        reserves=reserves,
        codes=sorted_codes,
        root=list_root(sorted_codes),
        sources=tuple(sources),
        fallback=fallback,
    )


def plan_of_tie(
    contest: str, codes: Iterable[str], *, sources: Sequence[Source], fallback: Source | None = None, now_us: int
) -> Plan:
    """The plan of a draw that orders people who are tied."""
    tied = tuple(codes)
    return plan(contest, LOT, tied, winners=max(1, len(tied)), sources=sources, fallback=fallback, now_us=now_us)


def list_root(codes: Sequence[str]) -> str:
    """The root of a list of codes in hex; a leaf is the bare text of a code."""
    return tree.root(tree.leaf(code.encode()) for code in codes).hex()


def read(source: Source, typed: str) -> str:
    """The canonical text of a source from the value that somebody typed; refuses what cannot be one."""
    value = "".join(typed.split()).lower()
    if source.kind == "balls":
        value = "-".join(str(int(number)) for number in re.findall(r"[0-9]+", typed))
    text = f"{_prefix(source)}{value}"
    if not is_canonical(source, text):
        raise Unreadable("Giá trị của nguồn công khai chưa đúng mẫu. Vui lòng nhập lại như đã công bố.")
    return text


def is_canonical(source: Source, text: str) -> bool:
    """Whether a text is one that this source can give."""
    prefix = _prefix(source)
    if not text.startswith(prefix):
        return False
    value = text.removeprefix(prefix)
    if source.kind == "balls":
        return bool(_NUMBERS.fullmatch(value)) and len(value.split("-")) == int(source.named)
    return bool(_VALUES[source.kind].fullmatch(value))


def hold(plan: Plan, texts: Sequence[str]) -> Drawn:
    """The result that follows from a plan and the texts of its sources, in the order of the plan.

    In the place of one source that failed stands the text of the fallback. Refuses any other texts.
    """
    if not _fit(plan, texts):
        raise Unreadable("Kết quả của các nguồn công khai chưa đủ hoặc chưa đúng kế hoạch bốc thăm.")
    seed = sha256(pack("quiz-draw-1", plan.contest, plan.prize, bytes.fromhex(plan.root), *texts))
    drawn = pick(plan.codes, plan.winners + plan.reserves, Stream(seed, "draw"))
    return Drawn(
        sources=tuple(texts),
        seed=seed.hex(),
        winners=tuple(drawn[: plan.winners]),
        reserves=tuple(drawn[plan.winners :]),
    )


def is_right(plan: Plan, drawn: Drawn) -> bool:
    """Whether somebody who repeats the draw comes to the same result."""
    return plan.root == list_root(plan.codes) and _fit(plan, drawn.sources) and hold(plan, drawn.sources) == drawn


def result(scope: str, plan: Plan, drawn: Drawn) -> DrawResult:
    """The draw as counting takes it: winners, then reserves."""
    return DrawResult(scope=scope, prize=plan.prize, codes=(*drawn.winners, *drawn.reserves))


def _fit(plan: Plan, texts: Sequence[str]) -> bool:
    """Whether these are texts of the plan's sources, the fallback standing in for one of them at most."""
    if len(texts) != len(plan.sources):
        return False
    others = [text for source, text in zip(plan.sources, texts, strict=True) if not is_canonical(source, text)]
    stands_in = len(others) == 1 and plan.fallback is not None and is_canonical(plan.fallback, others[0])
    return not others or stands_in


def _is_named(source: Source) -> bool:
    if source.kind == "lottery-north":
        try:
            return date.fromisoformat(source.named).isoformat() == source.named
        except ValueError:
            return False
    if not re.fullmatch(r"[1-9][0-9]{0,11}", source.named):
        return False
    return source.kind == "beacon" or 4 <= int(source.named) <= 50


def _prefix(source: Source) -> str:
    return "balls:" if source.kind == "balls" else f"{source.kind}:{source.named}:"
