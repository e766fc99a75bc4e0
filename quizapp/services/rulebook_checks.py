"""Whether a contest is ready to be published: what its rulebook lacks, and everything around it (ux §2.5, step 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.models import Contest, ContestRole, Delegate, Exclusion, Topic, Unit
from quizapp.rules import rulebook_check
from quizapp.rules.contest import Settings
from quizapp.rules.lists_check import PLACE_LEVELS, Listed, needs_headcount
from quizapp.rules.question import Question, Text
from quizapp.rules.remarks import Remark
from quizapp.services import banks, contests

TWO = 2  # people for steps that one proposes and another confirms (fairness §6)
Standing = Literal["done", "missing", "advice"]


@dataclass(frozen=True)
class Item:
    """One line of the final checklist. `missing` keeps the contest from being published, `advice` does not.

    The sentence has `%(name)s` places for `details`; `page` is the address below the contest's where it is mended.
    """

    key: str
    standing: Standing
    sentence: str
    page: str
    details: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """What there is to look at again: in the rules themselves, and in the bank behind them."""

    rules: tuple[Remark, ...]
    bank: tuple[Remark, ...]

    @property
    def all(self) -> tuple[Remark, ...]:
        return (*self.rules, *self.bank)


def look(session: Session, contest: Contest, rules: Settings) -> Found:
    """What there is to look at again in these rules, with the bank and the units as they are now."""
    levels = listed_levels(session, contest)
    plain = rulebook_check.check(rules, None, levels)
    with_bank = rulebook_check.check(rules, bank(session), levels)
    return Found(plain, tuple(one for one in with_bank if one not in plain))


def bank(session: Session) -> list[Question]:
    """Every approved question; the rounds ask for those that are the law while they are open."""
    return [entry.question for entry in banks.dealt(session)]


def topic_names(session: Session) -> dict[str, Text]:
    """The topics of the bank by their slugs."""
    rows = session.execute(select(Topic.slug, Topic.name_vi, Topic.name_en).order_by(Topic.letter))
    return {row.slug: Text(row.name_vi, row.name_en) for row in rows}


def listed_levels(session: Session, contest: Contest) -> dict[str, Listed]:
    """How many units and places each level has, and how many of them with an approved headcount."""
    wanted = select(Unit.level, func.count(), func.count(Unit.headcount)).where(
        Unit.contest_id == contest.id, Unit.typed.is_(False), Unit.merged_into_id.is_(None)
    )
    return {level: Listed(units, counted) for level, units, counted in session.execute(wanted.group_by(Unit.level))}


# ── The final checklist ─────────────────────────────────────────────────────────────────────────────────────────


def checklist(session: Session, contest: Contest, rules: Settings, *, now: datetime) -> tuple[Item, ...]:
    """Everything that must be, or should be, before the contest is published, in the order in which one works."""
    found = look(session, contest, rules)
    return (
        _complete(found),
        _questions(found),
        _basis(rules, bank(session)),
        _times(rules, now),
        _secretariat(session, contest),
        _exclusions(session, contest),
        *_units(rules, listed_levels(session, contest)),
        *_delegates(session, contest, rules),
    )


def is_ready(items: tuple[Item, ...]) -> bool:
    """Whether nothing keeps the contest from being published."""
    return all(item.standing != "missing" for item in items)


def _complete(found: Found) -> Item:
    faults = [one for one in found.rules if one.fault]
    if faults:
        return Item("rulebook", "missing", "Thể lệ còn %(count)s chỗ phải sửa.", "/buoc/5", {"count": len(faults)})
    return Item("rulebook", "done", "Thể lệ đầy đủ, các quy tắc không mâu thuẫn.", "/the-le")


def _questions(found: Found) -> Item:
    if any(one.fault for one in found.bank):
        return Item("questions", "missing", "Ngân hàng chưa đủ câu hỏi đã duyệt cho mọi vòng.", "/buoc/1")
    if found.bank:
        return Item("questions", "advice", "Câu hỏi đã duyệt đủ cho mọi vòng, nhưng ngân hàng còn mỏng.", "/buoc/1")
    return Item("questions", "done", "Câu hỏi đã duyệt đủ cho mọi vòng.", "/buoc/1")


def _basis(rules: Settings, asked: Sequence[Question]) -> Item:
    """Whether everything that can be drawn rests on an article; the bank takes nothing without one."""
    topics = {line.topic for one in rules.rounds for line in one.paper.blueprint}
    listed = {id for one in rules.rounds for id in one.paper.questions}
    without = [one for one in asked if (one.topic in topics or one.id in listed) and not one.citations]
    if without:
        said = "%(count)s câu hỏi chưa có căn cứ pháp lý."
        return Item("basis", "missing", said, "/buoc/1", {"count": len(without)})
    return Item("basis", "done", "Mọi câu hỏi đều có căn cứ pháp lý.", "/buoc/1")


def _times(rules: Settings, now: datetime) -> Item:
    past = [one for one in rules.rounds if one.opens_at <= now]
    if past:
        said = "%(count)s vòng có thời điểm mở đã qua."
        return Item("times", "missing", said, "/buoc/2", {"count": len(past)})
    return Item("times", "done", "Mọi vòng đều mở trong tương lai.", "/buoc/2")


def _secretariat(session: Session, contest: Contest) -> Item:
    of_role = (ContestRole.contest_id == contest.id, ContestRole.role == contests.SECRETARIAT)
    people = session.scalar(select(func.count(func.distinct(ContestRole.person_id))).where(*of_role)) or 0
    if people < TWO:
        return Item(
            "secretariat",
            "missing",
            "Tổ Thư ký cần ít nhất 2 người, vì có việc phải một người đề nghị và người khác xác nhận.",
            "/nguoi",
        )
    return Item("secretariat", "done", "Tổ Thư ký có %(count)s người.", "/nguoi", {"count": people})


def _exclusions(session: Session, contest: Contest) -> Item:
    listed = session.scalar(select(func.count()).where(Exclusion.contest_id == contest.id)) or 0
    if not listed:
        return Item(
            "exclusions",
            "advice",
            "Chưa có danh sách người làm việc cho cuộc thi. Người được phân công ở đây đã tự động không được xét giải.",
            "/ban-to-chuc",
        )
    said = "Danh sách người không xét giải có %(count)s người."
    return Item("exclusions", "done", said, "/ban-to-chuc", {"count": listed})


def _units(rules: Settings, levels: Mapping[str, Listed]) -> list[Item]:
    """Units to choose from, and their headcounts where a rate is taken."""
    items = []
    if rules.who.fields.unit != "off" or rules.unit_levels:
        units = sum(found.units for level, found in levels.items() if level not in PLACE_LEVELS)
        if units:
            items.append(Item("units", "done", "Danh sách có %(count)s đơn vị.", "/don-vi", {"count": units}))
        else:
            said = "Chưa có danh sách đơn vị; người dự thi sẽ tự ghi tên đơn vị và phải gộp lại về sau."
            items.append(Item("units", "advice", said, "/don-vi"))
    needing = {one.level for one in rules.collective if needs_headcount(one)}
    for level in sorted(needing):
        found = levels.get(level, Listed(0, 0))
        standing: Standing = "done" if found.counted and found.counted == found.units else "advice"
        said = "%(counted)s trên %(units)s nơi đã có số lượng được duyệt để tính tỷ lệ; cần xong trước khi cuộc thi mở."
        if not found.counted:
            said = "Chưa nơi nào có số lượng được duyệt để tính tỷ lệ; cần xong trước khi cuộc thi mở."
        details = {"counted": found.counted, "units": found.units}
        items.append(Item(f"headcounts-{level}", standing, said, "/don-vi", details))
    return items


def _delegates(session: Session, contest: Contest, rules: Settings) -> list[Item]:
    if not rules.who.on_list_only:
        return []
    listed = session.scalar(select(func.count()).where(Delegate.contest_id == contest.id)) or 0
    if not listed:
        said = "Chưa có danh sách đại biểu, nên chưa ai đăng ký được."
        return [Item("delegates", "missing", said, "/thi-sinh")]
    return [Item("delegates", "done", "Danh sách có %(count)s đại biểu.", "/thi-sinh", {"count": listed})]
