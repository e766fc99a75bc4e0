"""Figures of a contest as charts: each with a title, its message in a sentence, bars, and a table with every number.

Numbers of fewer than ten people are hidden, and with them the one that would give a hidden number away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from flask_babel import gettext

from quizapp.rules import age_group, items
from quizapp.rules.contest import Settings
from quizapp.rules.spread import TENTHS, Share, Spread, roll_up
from quizapp.rules.words import fold, sort_key
from quizapp.services import reports
from quizapp.services.reports import Completion, Questions
from quizapp.web.frame import language, number

BARS = 15  # of a chart that lies; the table has more
ROWS = 200  # of a table on a page; the files have all

_SIDE_BY_SIDE = 10  # bars with their numbers on a phone

Cell = str | int | None


@dataclass(frozen=True)
class Bar:
    """One bar: what it stands for, its length from 0 to 100, and its number in words."""

    words: str
    share: float
    number: str
    href: str = ""
    letter: str = ""


@dataclass(frozen=True)
class Chart:
    """One chart with its table; `left_out` rows are in the files only."""

    id: str
    title: str
    summary: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    bars: tuple[Bar, ...]
    kind: Literal["lying", "standing"] = "lying"
    note: str = ""

    @property
    def text_rows(self) -> list[list[str]]:
        """The rows of the table on a page, every cell in words."""
        return [[said(cell) for cell in row] for row in self.rows[:ROWS]]

    @property
    def left_out(self) -> int:
        """How many rows are in the files only."""
        return max(0, len(self.rows) - ROWS)


@dataclass(frozen=True)
class Trees:
    """The units and places of a contest by id: rows with `tree`, `level`, `name` and `parent_id`."""

    units: Mapping[str, Any]

    @cached_property
    def parents(self) -> dict[str, str | None]:
        return {id: str(one.parent_id) if str(one.parent_id) in self.units else None for id, one in self.units.items()}

    def of_level(self, tree: str, level: str) -> list[str]:
        return [id for id, one in self.units.items() if one.tree == tree and one.level == level]

    def levels(self, tree: str) -> list[str]:
        """The levels of a tree, those nearest to the top first."""
        parents = self.parents
        depth: dict[str, int] = {}
        for id, one in self.units.items():
            if one.tree == tree:
                depth[one.level] = min(depth.get(one.level, 99), _depth(id, parents))
        return sorted(depth, key=lambda level: (depth[level], level))


def few() -> str:
    """What stands for a number of too few people."""
    return gettext("dưới %(n)s người", n=items.FEWEST)


def said(cell: Cell) -> str:
    """A cell in the reader's language."""
    return "" if cell is None else cell if isinstance(cell, str) else number(cell)


# ── The charts of a contest ─────────────────────────────────────────────────────────────────────────────────────


def by_day(spread: Spread) -> Chart:
    """People and attempts of each day."""
    found = [(_short(day), share) for day, share in spread.days.items()]
    kind: Literal["lying", "standing"] = "standing" if len(found) <= _SIDE_BY_SIDE else "lying"
    return _of_shares("theo-ngay", gettext("Theo ngày"), gettext("Ngày"), found, kind=kind, ordered=True)


def by_hour(spread: Spread) -> Chart:
    """Attempts by the hour of the day in which they began."""
    counts = [spread.hours.get(str(hour), 0) for hour in range(24)]
    highest = max(counts, default=0)
    busiest = counts.index(highest) if highest else 0
    summary = gettext("Giờ có nhiều lượt bắt đầu nhất: %(hour)s giờ, %(n)s lượt thi.", hour=busiest, n=number(highest))
    return Chart(
        id="theo-gio",
        title=gettext("Theo giờ bắt đầu trong ngày"),
        summary=summary,
        heads=(gettext("Giờ"), gettext("Lượt thi")),
        rows=tuple((f"{hour:02d}:00–{hour:02d}:59", count) for hour, count in enumerate(counts)),
        bars=tuple(
            Bar(str(hour) if hour % 3 == 0 else "", _percent(count, highest), "") for hour, count in enumerate(counts)
        ),
        kind="standing",
    )


def by_level(spread: Spread, trees: Trees, tree: str, level: str, title: str) -> Chart:
    """People and attempts of every node of one level with all below it; people elsewhere in one line."""
    direct = spread.units if tree == "unit" else spread.places
    rolled = roll_up(direct, trees.parents)
    nodes = trees.of_level(tree, level)
    found = [(trees.units[id].name, rolled[id]) for id in nodes if id in rolled]
    people = sum(share.people for share in direct.values()) - sum(share.people for _, share in found)
    attempts = sum(share.attempts for share in direct.values()) - sum(share.attempts for _, share in found)
    found.sort(key=lambda one: (-one[1].people, -one[1].attempts, sort_key(one[0])))
    rest = Share(people, attempts) if people else None
    return _of_shares(_id(tree, level), title, level or title, found, rest=rest)


def by_division(spread: Spread, settings: Settings) -> Chart:
    """People and attempts of every division."""
    names = {one.key: one.name.of(language()) for one in settings.who.divisions}
    found = [(names.get(key, gettext("Không rõ")), share) for key, share in spread.divisions.items()]
    return _of_shares("theo-bang", gettext("Theo bảng"), gettext("Bảng"), found)


def by_age(ages: Mapping[int | None, Share]) -> Chart:
    """People and attempts by age group, as it was on the day of registration."""
    found = [(_age(start), ages[start]) for start in age_group.BEGINS if start in ages]
    unknown = ages.get(None)
    found += [(gettext("Không rõ"), unknown)] if unknown else []
    return _of_shares("theo-tuoi", gettext("Theo nhóm tuổi khi đăng ký"), gettext("Nhóm tuổi"), found, ordered=True)


def by_device(devices: Mapping[str, Share]) -> Chart:
    """Attempts by the kind of device; somebody who used both is among the people of both."""
    names = {"phone": gettext("Điện thoại, máy tính bảng"), "computer": gettext("Máy tính"), "": gettext("Không rõ")}
    found = [(names[kind], devices[kind]) for kind in names if kind in devices]
    chart = _of_shares("theo-thiet-bi", gettext("Theo loại thiết bị"), gettext("Thiết bị"), found, ordered=True)
    note = gettext("Người dùng cả hai loại máy được tính ở cả hai dòng.")
    return Chart(**{**vars(chart), "note": note})


def by_score(spread: Spread) -> Chart:
    """People by the tenths of the full score."""
    counts = [spread.scores.get(str(tenth), 0) for tenth in range(TENTHS + 1)]
    seen = reports.shown(counts)
    highest = max((count for count, shown in zip(counts, seen, strict=True) if shown), default=0)
    full = counts[-1] if seen[-1] else None
    return Chart(
        id="theo-diem",
        title=gettext("Theo điểm của lượt được tính"),
        summary=gettext("Đạt điểm tối đa: %(n)s người.", n=number(full))
        if full is not None
        else gettext("Đạt điểm tối đa: %(n)s.", n=few()),
        heads=(gettext("Phần trăm điểm tối đa"), gettext("Người dự thi")),
        rows=tuple(
            (_tenth(n), count if shown else few()) for n, (count, shown) in enumerate(zip(counts, seen, strict=True))
        ),
        bars=tuple(
            Bar(str(10 * n), _percent(count, highest) if shown else 0, number(count) if shown else "")
            for n, (count, shown) in enumerate(zip(counts, seen, strict=True))
        ),
        kind="standing",
        note=gettext("Số dưới cột là đầu khoảng phần trăm; cột 100 là đạt điểm tối đa."),
    )


def drop_off(found: Questions) -> Chart:
    """How many attempts have an answer at each place of the paper or after it."""
    most = found.attempts
    last = found.reached[-1] if found.reached else 0
    return Chart(
        id="bo-giua-chung",
        title=gettext("Làm đến câu thứ mấy"),
        summary=gettext("%(n)s trên %(all)s lượt thi có câu trả lời ở câu cuối.", n=number(last), all=number(most)),
        heads=(gettext("Câu"), gettext("Lượt thi làm đến câu này")),
        rows=tuple((str(n), count) for n, count in enumerate(found.reached, 1)),
        bars=tuple(Bar(str(n), _percent(count, most), "") for n, count in enumerate(found.reached, 1)),
        kind="standing",
    )


def right_shares(found: Questions) -> Chart:
    """The share of right answers to each question, with the number of people; hardest first."""
    known = sorted(found.lines, key=lambda one: (one.people < items.FEWEST, one.share, one.question.id))
    rows: list[tuple[Cell, ...]] = []
    bars = []
    for one in known:
        stem = one.question.stem.of(language())
        if one.people >= items.FEWEST:
            words = f"{number(round(100 * one.share, 1))} %"
            rows.append((f"{one.question.id}: {stem}", words, one.people))
            bars.append(
                Bar(
                    stem, round(100 * one.share, 1), gettext("%(share)s (n = %(n)s)", share=words, n=number(one.people))
                )
            )
        else:
            rows.append((f"{one.question.id}: {stem}", "–", few()))
            bars.append(Bar(stem, 0, few()))
    hardest = known[0] if known and known[0].people >= items.FEWEST else None
    return Chart(
        id="cau-hoi",
        title=gettext("Tỷ lệ trả lời đúng từng câu"),
        summary=gettext("Câu khó nhất: %(stem)s", stem=hardest.question.stem.of(language()))
        if hardest
        else gettext("Chưa đủ người để nêu tỷ lệ."),
        heads=(gettext("Câu hỏi"), gettext("Tỷ lệ đúng"), gettext("Số người")),
        rows=tuple(rows),
        bars=tuple(bars),
    )


def completion(found: Sequence[Completion]) -> Chart:
    """How much of the list of people took part, team by team."""
    whole, *teams = found
    lines = teams if len(teams) > 1 else [whole]
    shown = [
        (one.team or gettext("Cả danh sách"), one.listed, one.registered, one.people, _percent(one.people, one.listed))
        for one in lines
    ]
    return Chart(
        id="hoan-thanh",
        title=gettext("Hoàn thành so với danh sách"),
        summary=gettext(
            "%(people)s trên %(listed)s người trong danh sách đã thi.",
            people=number(whole.people),
            listed=number(whole.listed),
        ),
        heads=(gettext("Nhóm"), gettext("Trong danh sách"), gettext("Đã đăng ký"), gettext("Đã thi"), gettext("Tỷ lệ")),
        rows=tuple(
            (name, listed, registered, people, f"{number(share)} %")
            for name, listed, registered, people, share in shown
        ),
        bars=tuple(Bar(name, share, f"{number(share)} %") for name, _, _, people, share in shown[:BARS]),
    )


# ── Shared ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _of_shares(
    id: str,
    title: str,
    head: str,
    found: Sequence[tuple[str, Share]],
    *,
    kind: Literal["lying", "standing"] = "lying",
    ordered: bool = False,
    rest: Share | None = None,
) -> Chart:
    """A chart of people with a table of people and attempts. Of `ordered` lines all are drawn; `rest` are people who
    stand in none of the lines, and in the table only."""
    others = [] if rest is None else [(gettext("Không ghi, hoặc ở cấp khác"), rest)]
    flags = reports.shown([share.people for _, share in [*found, *others]])
    seen = flags[: len(found)]
    highest = max((share.people for (_, share), shown in zip(found, seen, strict=True) if shown), default=0)
    lines = list(zip(found, seen, strict=True))
    most = max((line for line in lines if line[1]), key=lambda line: line[0][1].people, default=None)
    summary = (
        gettext(
            "Nhiều nhất: %(name)s, %(people)s người dự thi với %(attempts)s lượt thi.",
            name=most[0][0],
            people=number(most[0][1].people),
            attempts=number(most[0][1].attempts),
        )
        if most is not None
        else gettext("Chưa có nhóm nào từ %(n)s người.", n=items.FEWEST)
    )
    bars = lines if ordered else lines[:BARS]
    return Chart(
        id=id,
        title=title,
        summary=summary,
        heads=(head, gettext("Người dự thi"), gettext("Lượt thi")),
        rows=tuple(
            (name, share.people, share.attempts) if shown else (name, few(), "–")
            for (name, share), shown in zip([*found, *others], flags, strict=True)
        ),
        bars=tuple(
            Bar(name, _percent(share.people, highest) if shown else 0, number(share.people) if shown else few())
            for (name, share), shown in bars
        ),
        kind=kind,
    )


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _short(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.day:02d}/{day.month:02d}" if language() == "vi" else f"{day.day} {day:%b}"


def _age(start: int) -> str:
    young, old = age_group.bounds(start)
    if old is None:
        return gettext("từ %(age)s tuổi", age=young)
    return (
        gettext("dưới %(age)s tuổi", age=old + 1)
        if not young
        else gettext("%(young)s–%(old)s tuổi", young=young, old=old)
    )


def _tenth(n: int) -> str:
    return "100 %" if n == TENTHS else gettext("%(low)s %% đến dưới %(high)s %%", low=10 * n, high=10 * n + 10)


def _id(tree: str, level: str) -> str:
    return f"theo-{tree}-{'-'.join(fold(level).split()) or 'cap'}"


def _depth(id: str, parents: Mapping[str, str | None]) -> int:
    depth, at = 0, parents.get(id)
    while at is not None and depth < 99:
        depth, at = depth + 1, parents.get(at)
    return depth
