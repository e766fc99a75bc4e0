"""What of a published rulebook may still change (contest-rules §2, fairness §6).

Before the first round opens nearly everything may, by one person with a reason. After that two people are needed, and
some things stay as they are for good: what people were dealt or have predicted, and every rule under which a closed
round was sat.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from quizapp.rules.contest import Collective, Overall, Round, Settings, Who
from quizapp.rules.remarks import Remark, Remarks, place_of


def has_opened(settings: Settings, now: datetime) -> bool:
    """Whether any round has begun, so that a change needs two people."""
    return any(one.opens_at <= now for one in settings.rounds)


def refused(old: Settings, new: Settings, *, now: datetime) -> tuple[Remark, ...]:
    """Every change that is not possible any more, with the reason."""
    remarks = Remarks()
    after = {one.key: one for one in new.rounds}
    for was in old.rounds:
        says = after.get(was.key)
        if says is None:
            remarks.fault(
                place_of(was),
                "%(round)s đã công bố nên không bỏ được khỏi thể lệ.",
                "Giữ lại vòng này; khi chưa mở thì dời ngày được.",
                round=was.name,
            )
        elif was.opens_at <= now:
            _check_begun(was, says, now, remarks)
    _check_coming(old, new, now, remarks)
    if has_opened(old, now):
        _check_people(old, new, remarks)
    if any(one.closes_at <= now for one in old.rounds):
        _check_counted(old, new, now, remarks)
    return tuple(remarks.found)


def _check_begun(was: Round, says: Round, now: datetime, remarks: Remarks) -> None:
    if was.closes_at > now:
        _check_open(was, says, now, remarks)
    elif replace(says, name=was.name) != was:
        remarks.fault(
            place_of(was),
            "%(round)s đã đóng. Quy tắc mà người dự thi đã thi theo không đổi được nữa.",
            "Khôi phục quy tắc cũ của vòng này; sai sót được xử lý bằng quyết định đính chính.",
            round=was.name,
        )


def _check_open(was: Round, says: Round, now: datetime, remarks: Remarks) -> None:
    place = place_of(was)
    if (was.kind, was.opens_at) != (says.kind, says.opens_at):
        remarks.fault(
            f"{place}.opens_at",
            "%(round)s đã mở: hình thức thi và thời điểm mở không đổi được.",
            "Khôi phục như cũ.",
            round=was.name,
        )
    if was.paper != says.paper or was.essay != says.essay or was.live != says.live:
        remarks.fault(
            f"{place}.paper",
            "%(round)s đã mở và đề đã được giao: đề thi, cách chấm và thời gian làm bài không đổi được.",
            "Khôi phục như cũ; câu hỏi sai thì hủy câu hỏi đó.",
            round=was.name,
        )
    if was.prediction != says.prediction:
        remarks.fault(
            f"{place}.prediction",
            "%(round)s đã mở và có thể đã có người dự đoán: câu dự đoán không đổi được.",
            "Khôi phục như cũ.",
            round=was.name,
        )
    if _attempts(says) < _attempts(was):
        remarks.fault(
            f"{place}.max_attempts",
            "%(round)s đã mở: số lượt thi chỉ tăng được, vì có người đã dùng lượt.",
            "Giữ hoặc tăng số lượt.",
            round=was.name,
        )
    if says.closes_at <= now:
        remarks.fault(
            f"{place}.closes_at",
            "Thời điểm đóng mới của %(round)s đã qua.",
            "Chọn một thời điểm còn ở phía trước.",
            round=was.name,
        )


def _attempts(one: Round) -> float:
    return float("inf") if one.max_attempts is None else one.max_attempts


def _check_coming(old: Settings, new: Settings, now: datetime, remarks: Remarks) -> None:
    """A round that has not begun may move, but not into the past."""
    begun = {one.key for one in old.rounds if one.opens_at <= now}
    for one in new.rounds:
        if one.key not in begun and one.opens_at <= now:
            remarks.fault(
                f"{place_of(one)}.opens_at",
                "Thời điểm mở của %(round)s đã qua.",
                "Chọn một thời điểm còn ở phía trước.",
                round=one.name,
            )


def _check_people(old: Settings, new: Settings, remarks: Remarks) -> None:
    """People belong to divisions by now."""
    kept = {one.key for one in new.who.divisions}
    if not {one.key for one in old.who.divisions} <= kept or bool(old.who.divisions) != bool(new.who.divisions):
        remarks.fault(
            "who.divisions",
            "Cuộc thi đã mở và đã có người ở các bảng: không bỏ bảng và không chia bảng thêm từ đầu được.",
            "Giữ các bảng đã có.",
        )


def _check_counted(old: Settings, new: Settings, now: datetime, remarks: Remarks) -> None:
    """A closed round was sat by these rules, and its result hangs on them."""
    if _entry(old.who) != _entry(new.who):
        remarks.fault(
            "who.min_age",
            "Đã có vòng đóng: điều kiện dự thi và cách xử lý người làm việc cho cuộc thi không đổi được.",
            "Khôi phục như cũ.",
        )
    if old.one_prize_per != new.one_prize_per:
        remarks.fault(
            "one_prize_per",
            "Đã có vòng đóng: số giải mỗi người được nhận không đổi được.",
            "Khôi phục như cũ.",
        )
    lists: tuple[tuple[str, tuple[Overall, ...] | tuple[Collective, ...], tuple[object, ...]], ...] = (
        ("overall", old.overall, new.overall),
        ("collective", old.collective, new.collective),
    )
    for place, was, says in lists:
        for one in was:
            if one not in says and _is_over(one, old, now):
                remarks.fault(
                    f"{place}.{one.key}",
                    "Mọi vòng của danh sách «%(list)s» đã đóng nên quy tắc của danh sách không đổi được.",
                    "Khôi phục như cũ.",
                    list=one.name,
                )


def _entry(who: Who) -> tuple[object, ...]:
    return who.min_age, who.age_on, frozenset(who.provinces), who.involved, who.families_involved, who.on_list_only


def _is_over(listed: Overall | Collective, settings: Settings, now: datetime) -> bool:
    scope = [one for one in settings.rounds if not listed.rounds or one.key in listed.rounds]
    return all(one.closes_at <= now for one in scope)
