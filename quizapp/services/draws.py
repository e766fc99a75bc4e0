"""Draws (fairness §7): a plan that everybody can see before the public sources are out, their values entered by two
people, and a result that anybody can repeat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, NotFound, TooEarly, Unreadable
from quizapp.models import EPOCH, Change, Contest, Lots, Round, Snapshot, Tallying
from quizapp.rules import lots
from quizapp.rules.lots import Drawn, Plan, Source
from quizapp.rules.timing import microseconds
from quizapp.rules.undrawn import Undrawn
from quizapp.services import changes, snapshots

RESERVES = 200  # at most
PRESENT = 500  # letters


@dataclass(frozen=True)
class Wish:
    """A draw as somebody plans it: of `Undrawn` by its name and codes, from these sources."""

    name: str
    prize: str
    division: str | None
    sources: Sequence[Source]
    fallback: Source | None = None
    reserves: int = 0


# ── What is to be drawn ─────────────────────────────────────────────────────────────────────────────────────────


def due(session: Session, snapshot: Snapshot | None) -> list[Undrawn]:
    """The draws that this snapshot still waits for, ties first."""
    if snapshot is None:
        return []
    made = select(Tallying.found).where(Tallying.snapshot_id == snapshot.id).order_by(Tallying.id.desc()).limit(1)
    found = session.scalar(made) or {}
    return msgspec.convert(found.get("undrawn", []), list[Undrawn])


def unplanned(session: Session, row: Round, snapshot: Snapshot | None) -> list[Undrawn]:
    """Those of them for which no plan is waiting."""
    waiting = {(one.prize, plan_of(one).codes) for one in of_round(session, row) if _waits(one)}
    return [one for one in due(session, snapshot) if (one.name, one.codes) not in waiting]


# ── The plan ────────────────────────────────────────────────────────────────────────────────────────────────────


def plan(session: Session, contest: Contest, row: Round, wish: Wish, person_id: str, *, now: datetime) -> Lots:
    """Fix among whom, for how many and from which sources lots are drawn; from now on everybody sees it.

    Refuses when the newest snapshot is not how things are, and lucky prizes while tied people still wait for theirs.
    """
    newest = snapshots.newest(session, row)
    if newest is None or not snapshots.is_fresh(session, contest, row, newest):
        raise Conflict("Dữ liệu đã đổi sau bảng kết quả mới nhất. Vui lòng lập bảng mới.")
    todo = unplanned(session, row, newest)
    wanted = (wish.name, wish.prize, wish.division)
    drawn = next((one for one in todo if (one.name, one.prize, one.division) == wanted), None)
    if drawn is None:
        raise NotFound("Không có lượt bốc thăm nào như vậy đang chờ.")
    if drawn.kind == "lucky" and any(one.kind == "order" for one in due(session, newest)):
        raise Conflict("Vui lòng bốc thăm cho những người bằng nhau trước.")
    if not 0 <= wish.reserves <= RESERVES:
        raise Unreadable("Số người dự bị từ 0 đến 200.")
    made_plan = lots.plan(
        contest.slug,
        drawn.name,
        drawn.codes,
        winners=drawn.winners,
        reserves=wish.reserves if drawn.kind == "lucky" else 0,
        sources=tuple(wish.sources),
        fallback=wish.fallback,
        now_us=microseconds(now),
    )
    said = {"snapshot": newest.n, "digest": newest.digest, "prize_key": drawn.prize, "division": drawn.division}
    made = Lots(
        round_id=row.id,
        prize=drawn.name,
        plan=msgspec.to_builtins(made_plan) | said,
        planned_by=person_id,
        planned_at=now,
        held_by=[],
    )
    session.add(made)
    session.flush()
    after = {"prize": drawn.name, "root": made_plan.root, "codes": len(made_plan.codes), "winners": drawn.winners}
    changes.note(session, contest, "plan", f"lots/{made.id}", None, after, "", person_id, now=now, round_id=row.id)
    return made


def cancel(session: Session, contest: Contest, drawing: Lots, reason: str, person_id: str, *, now: datetime) -> None:
    """Give a plan up before the first of its sources is out; afterwards it stands."""
    why = changes.reason_of(reason)
    if not _waits(drawing):
        raise Conflict("Lượt bốc thăm này đã kết thúc.")
    if now >= _moment(min(source.out_us for source in plan_of(drawing).sources)):
        raise Conflict("Nguồn công khai đã có kết quả nên kế hoạch không hủy được nữa.")
    drawing.cancelled_at = now
    session.flush()
    changes.note(
        session,
        contest,
        "plan",
        f"lots/{drawing.id}",
        {"cancelled": False},
        {"cancelled": True},
        why,
        person_id,
        now=now,
        round_id=drawing.round_id,
    )


# ── The result ──────────────────────────────────────────────────────────────────────────────────────────────────


def propose(
    session: Session,
    contest: Contest,
    drawing: Lots,
    values: Sequence[str],
    present: str,
    person_id: str,
    *,
    now: datetime,
    failed: int | None = None,
) -> Change:
    """The first person enters the published values, in the order of the sources; `failed` is the source in whose place
    the fallback stands."""
    if not _waits(drawing):
        raise Conflict("Lượt bốc thăm này đã kết thúc.")
    texts = read(drawing, values, failed=failed, now=now)
    who = present.strip()
    if not who:
        raise Unreadable("Vui lòng ghi những người chứng kiến.")
    if len(who) > PRESENT:
        raise Unreadable("Danh sách người chứng kiến dài quá 500 chữ.")
    return changes.propose(
        session,
        contest,
        "draw",
        f"lots/{drawing.id}",
        {"lots": drawing.id, "texts": texts, "failed": failed, "present": who},
        None,
        {"sources": texts},
        who,
        person_id,
        now=now,
        round_id=drawing.round_id,
    )


def confirm(
    session: Session, change: Change, values: Sequence[str], person_id: str, *, now: datetime, failed: int | None = None
) -> Drawn:
    """The second person enters them too, from the sources themselves: they must be the same, then lots are drawn."""
    drawing = session.get_one(Lots, change.what["lots"])
    if read(drawing, values, failed=failed, now=now) != change.what["texts"]:
        raise Conflict("Giá trị hai người nhập khác nhau. Vui lòng cùng kiểm tra nguồn đã công bố.")
    changes.confirm(session, change, person_id, now=now)
    found = result_of(drawing)
    assert found is not None  # it was just drawn
    return found


@changes.executor("draw")
def _draw(session: Session, change: Change, now: datetime) -> None:
    drawing = session.get_one(Lots, change.what["lots"], with_for_update=True)
    if not _waits(drawing):
        raise Conflict("Lượt bốc thăm này đã kết thúc.")
    drawn = lots.hold(plan_of(drawing), change.what["texts"])
    drawing.result = {
        **msgspec.to_builtins(drawn),
        "codes": [*drawn.winners, *drawn.reserves],
        "present": change.what["present"],
    }
    drawing.held_by = [change.proposed_by, change.settled_by]
    drawing.held_at = now
    session.flush()


def read(drawing: Lots, values: Sequence[str], *, failed: int | None, now: datetime) -> list[str]:
    """The canonical texts of what was typed; refuses values of sources that cannot be out yet."""
    planned = plan_of(drawing)
    used = list(planned.sources)
    if failed is not None:
        if planned.fallback is None or not 0 <= failed < len(used):
            raise Unreadable("Kế hoạch này không có nguồn dự phòng cho nguồn đã chọn.")
        used[failed] = planned.fallback
    if len(values) != len(used):
        raise Unreadable("Vui lòng nhập đủ giá trị của các nguồn.")
    if any(now < _moment(source.out_us) for source in used):
        raise TooEarly("Chưa đến giờ công bố của các nguồn.")
    return [lots.read(source, value) for source, value in zip(used, values, strict=True)]


# ── Looking ─────────────────────────────────────────────────────────────────────────────────────────────────────


def of_round(session: Session, row: Round) -> Sequence[Lots]:
    """The draws of a round, planned, held and given up, the latest first."""
    return session.scalars(_of(row).order_by(Lots.id.desc())).all()


def find(session: Session, row: Round, lots_id: int) -> Lots:
    """One draw of a round."""
    found = session.scalar(_of(row).where(Lots.id == lots_id))
    if found is None:
        raise NotFound("Không tìm thấy lượt bốc thăm này.")
    return found


def plan_of(drawing: Lots) -> Plan:
    """Its plan, as everybody can see it."""
    return msgspec.convert(drawing.plan, Plan)


def result_of(drawing: Lots) -> Drawn | None:
    """What was drawn, if it was."""
    return None if drawing.result is None else msgspec.convert(drawing.result, Drawn)


def is_right(drawing: Lots) -> bool:
    """Whether somebody who repeats the draw comes to what is kept."""
    found = result_of(drawing)
    return found is not None and lots.is_right(plan_of(drawing), found)


def out_at(source: Source) -> datetime:
    """When the value of a source can be known."""
    return _moment(source.out_us)


def _waits(drawing: Lots) -> bool:
    return drawing.held_at is None and drawing.cancelled_at is None


def _of(row: Round) -> Select[Lots]:
    return select(Lots).where(Lots.round_id == row.id)


def _moment(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)
