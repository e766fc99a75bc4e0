"""Whether the choices of a rulebook make sense beside each other (contest-rules §2–15).

A fault keeps the rulebook from being published; a warning says what the choice will do, and leaves it to the organizer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from quizapp.rules import entry_check, lists_check, round_check
from quizapp.rules.contest import Settings
from quizapp.rules.lists_check import Listed
from quizapp.rules.question import Question
from quizapp.rules.remarks import Remark, Remarks, rankings
from quizapp.rules.words import fold

_VAGUE = re.compile(r"\b(?:nhanh nhat|som nhat)\b")


def check(
    settings: Settings,
    bank: Sequence[Question] | None = None,
    levels: Mapping[str, Listed] | None = None,
) -> tuple[Remark, ...]:
    """Everything to look at again, in the order of the wizard; nothing where all is well.

    `bank` holds the approved questions and `levels` the units that are listed so far; what cannot be known is not
    remarked on.
    """
    remarks = Remarks()
    _check_head(settings, remarks)
    _check_keys(settings, remarks)
    for one in settings.rounds:
        round_check.check(one, settings, bank, remarks)
    _check_order(settings, remarks)
    entry_check.check(settings, remarks)
    for listed in settings.overall:
        lists_check.check_overall(listed, settings, remarks)
    for group in settings.collective:
        lists_check.check_collective(group, settings, levels, remarks)
    lists_check.check_together(settings, remarks)
    _check_vague_words(settings, remarks)
    return tuple(remarks.found)


def faults(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """Those that keep a rulebook from being published."""
    return tuple(remark for remark in remarks if remark.fault)


# ── The contest ─────────────────────────────────────────────────────────────────────────────────────────────────


def _check_head(settings: Settings, remarks: Remarks) -> None:
    if not settings.name.vi:
        remarks.fault("name", "Cuộc thi chưa có tên.", "Ghi tên đầy đủ như trên quyết định.")
    if not settings.organizer.vi:
        remarks.fault("organizer", "Chưa ghi đơn vị tổ chức.", "Ghi tên cơ quan ban hành thể lệ.")
    if settings.contact is None:
        remarks.fault(
            "contact",
            "Chưa ghi nơi liên hệ. Người dự thi cần biết hỏi ai về thể lệ và dữ liệu của mình.",
            "Ghi số điện thoại, email hoặc địa chỉ của Tổ Thư ký.",
        )
    if not settings.rounds:
        remarks.fault("rounds", "Cuộc thi chưa có vòng thi nào.", "Thêm ít nhất một vòng thi.")
    if not settings.decides.vi:
        remarks.fault("decides", "Chưa ghi ai quyết định cuối cùng.", "Ghi rõ Ban Tổ chức quyết định thế nào.")
    if (settings.name.vi and not settings.name.en) or (settings.organizer.vi and not settings.organizer.en):
        remarks.warn(
            "name",
            "Tên cuộc thi hoặc đơn vị tổ chức chưa có tiếng Anh. Trang tiếng Anh sẽ hiện tiếng Việt.",
            "Ghi thêm tên tiếng Anh nếu có người dự thi nước ngoài.",
        )
    if settings.certificate_least > 100:
        remarks.fault(
            "certificate_least",
            "Giấy chứng nhận tham gia không thể đòi nhiều hơn điểm tối đa.",
            "Ghi một số từ 0 đến 100.",
        )
    if not settings.complaint_days:
        remarks.warn(
            "complaint_days",
            "Không có ngày nào để khiếu nại. Người dự thi chỉ khiếu nại được trước khi kết quả thành chính thức.",
            "Cuộc thi nhiều ngày nên có 5 ngày làm việc.",
        )
    prizes = [prize for _, ranking in rankings(settings) for prize in ranking.prizes]
    if settings.one_prize_per == "NONE" and len(prizes) > 1:
        remarks.warn(
            "one_prize_per",
            "Một người có thể nhận nhiều giải.",
            "Chọn mỗi vòng một giải hoặc cả cuộc thi một giải nếu không muốn vậy.",
        )
    if prizes and not any(prize.value or prize.gift for prize in prizes):
        remarks.warn(
            "prizes",
            "Các giải chưa ghi giá trị hoặc hiện vật.",
            "Ghi giá trị từng giải để thể lệ nêu rõ.",
        )


def _check_keys(settings: Settings, remarks: Remarks) -> None:
    """Names that tell things apart must do so: results are kept under them."""
    groups: tuple[tuple[str, list[str]], ...] = (
        ("rounds", [one.key for one in settings.rounds] + [one.key for one in settings.overall]),
        ("who.divisions", [one.key for one in settings.who.divisions]),
        ("collective", [one.key for one in settings.collective]),
        ("unit_levels", [fold(one) for one in settings.unit_levels]),
    )
    for place, keys in groups:
        for key, times in Counter(keys).items():
            if times > 1:
                remarks.fault(
                    place, "Mã «%(key)s» dùng cho hai mục khác nhau.", "Đổi mã hoặc tên của một trong hai mục.", key=key
                )
    for place, ranking in rankings(settings):
        for key, times in Counter(prize.key for prize in ranking.prizes).items():
            if times > 1:
                remarks.fault(
                    f"{place}.prizes", "Hai giải cùng mang mã «%(key)s».", "Đổi mã hoặc tên của một giải.", key=key
                )


def _check_order(settings: Settings, remarks: Remarks) -> None:
    opening = [one.opens_at for one in settings.rounds]
    if opening != sorted(opening):
        remarks.warn(
            "rounds",
            "Các vòng không xếp theo thời gian mở.",
            "Dùng nút lên, xuống để xếp lại cho dễ đọc.",
        )


def _check_vague_words(settings: Settings, remarks: Remarks) -> None:
    """Fastest or earliest: the two are different ties, and a rulebook must say which (§3)."""
    texts = [("purpose", settings.purpose), ("decides", settings.decides), ("who.status", settings.who.status)]
    texts += [(f"{place}.prizes", prize.name) for place, r in rankings(settings) for prize in r.prizes]
    texts += [(f"collective.{one.key}", one.name) for one in settings.collective]
    for place, words in texts:
        if words is not None and _VAGUE.search(fold(words.vi)):
            remarks.warn(
                place,
                "«Nhanh nhất» và «sớm nhất» dễ bị hiểu lẫn: thời gian làm bài ngắn nhất hay nộp bài sớm nhất.",
                "Viết rõ một trong hai; phần Xếp hạng đã ghi đúng tiêu chí đang dùng.",
            )
