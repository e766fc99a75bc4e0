"""Whether lists over several rounds, and lists of units, can be made from what is known (contest-rules §2, §11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quizapp.rules import ranking_check
from quizapp.rules.contest import Collective, Overall, RankingKey, Settings, Who
from quizapp.rules.live_check import check_teams
from quizapp.rules.remarks import Remarks, rankings

PLACE_LEVELS = ("province", "commune")
_NOT_SUMMED: tuple[RankingKey, ...] = ("prediction_distance",)


@dataclass(frozen=True)
class Listed:
    """How many units of one level there are, and how many of them have an approved headcount."""

    units: int
    counted: int


def check_overall(listed: Overall, settings: Settings, remarks: Remarks) -> None:
    """Remark on a list over several rounds."""
    at = f"overall.{listed.key}"
    known = {one.key: one for one in settings.rounds}
    if not listed.name.vi:
        remarks.fault(at, "Có danh sách chung chưa có tên.", "Ghi tên, ví dụ Toàn cuộc thi.")
    for key in listed.rounds:
        if key not in known:
            remarks.fault(f"{at}.rounds", "Vòng «%(key)s» không có trong cuộc thi.", "Chọn lại các vòng.", key=key)
    scope = [known[key] for key in listed.rounds if key in known] or list(settings.rounds)
    if listed.overall_rule == "FINAL" and not any(one.kind == "final" for one in scope):
        remarks.fault(
            f"{at}.overall_rule",
            "%(list)s theo kết quả chung kết, nhưng không có vòng chung kết.",
            "Thêm vòng chung kết, hoặc chọn cách tính khác.",
            list=listed.name,
        )
    if listed.overall_rule in ("TOTAL", "ROUNDS_ENTERED") and len(scope) == 1:
        remarks.warn(
            f"{at}.rounds", "%(list)s chỉ gồm một vòng.", "Chọn thêm vòng, hoặc bỏ danh sách này.", list=listed.name
        )
    ranking_check.check(listed.ranking, f"{at}.ranking", listed.name, settings.who, remarks)
    keys = set(listed.ranking.keys)
    if keys & set(_NOT_SUMMED) and listed.overall_rule in ("TOTAL", "ROUNDS_ENTERED"):
        remarks.fault(
            f"{at}.ranking.keys",
            "Chênh lệch dự đoán không cộng được qua nhiều vòng.",
            "Dùng tổng điểm, số câu đúng, số vòng hoặc tổng thời gian.",
        )
    if "response_time" in keys and not all(one.is_live for one in scope):
        remarks.fault(
            f"{at}.ranking.keys",
            "%(list)s dùng thời gian phản hồi nhưng có vòng không thi trực tiếp.",
            "Dùng tổng thời gian làm bài.",
            list=listed.name,
        )
    if any(one.is_live for one in scope) and "score" in keys and listed.ranking.keys[0] == "score" and not listed.teams:
        speedy = [one for one in scope if one.live is not None and one.live.scoring != "FLAT"]
        if len(speedy) > 1:
            remarks.warn(
                f"{at}.ranking.keys",
                "Cộng điểm nhiều vòng trực tiếp: tốc độ có thể vượt một câu đúng.",
                "Để số câu đúng làm tiêu chí đầu của %(list)s.",
                list=listed.name,
            )
    if listed.ranking.prize_gate.kind == "ALL_CORRECT" and listed.overall_rule == "ROUNDS_ENTERED":
        remarks.warn(
            f"{at}.ranking.prize_gate",
            "%(list)s xếp theo số vòng, nhưng chỉ xét giải người đúng tất cả.",
            "Kiểm tra lại điều kiện xét giải.",
            list=listed.name,
        )
    if listed.teams is not None:
        check_teams(listed.teams.best, listed.teams.least, f"{at}.teams", remarks)


def check_collective(
    group: Collective, settings: Settings, levels: Mapping[str, Listed] | None, remarks: Remarks
) -> None:
    """Remark on a list of units or places."""
    at = f"collective.{group.key}"
    if not group.name.vi:
        remarks.fault(at, "Có danh sách tập thể chưa có tên.", "Ghi tên danh sách.")
    if group.level not in (*PLACE_LEVELS, *settings.unit_levels):
        remarks.fault(
            f"{at}.level",
            "%(list)s xét ở cấp «%(level)s», không có trong các cấp đơn vị.",
            "Chọn tỉnh, xã hoặc một cấp đơn vị đã khai.",
            list=group.name,
            level=group.level,
        )
    _check_level_asked(group, settings.who, at, remarks)
    for key in group.rounds:
        if key not in {one.key for one in settings.rounds}:
            remarks.fault(f"{at}.rounds", "Vòng «%(key)s» không có trong cuộc thi.", "Chọn lại các vòng.", key=key)
    if (group.measure == "C_COMPOSITE") != (group.second is not None):
        remarks.fault(
            f"{at}.second",
            "Cách tính ghép cần đúng một thước đo thứ hai, các cách khác không dùng.",
            "Chọn thước đo thứ hai cho cách tính ghép, hoặc để trống.",
        )
    if group.second in ("C_COUNT", "C_COMPOSITE"):
        remarks.fault(
            f"{at}.second",
            "Thước đo thứ hai phải khác số người dự thi.",
            "Chọn tỷ lệ tham gia, điểm trung bình hoặc tổng điểm.",
        )
    if list(group.bands) != sorted(set(group.bands)):
        remarks.fault(f"{at}.bands", "Các nhóm quy mô phải tăng dần.", "Ghi như 200, 1000.")
    prizes = {prize.key for _, ranking in rankings(settings) for prize in ranking.prizes}
    for key in group.weights:
        if key not in prizes:
            remarks.fault(
                f"{at}.weights", "Không có giải mang mã «%(key)s».", "Bỏ dòng hệ số này hoặc sửa mã giải.", key=key
            )
    if levels is not None and needs_headcount(group):
        _check_headcounts(group, levels.get(group.level, Listed(0, 0)), at, remarks)


def _check_level_asked(group: Collective, who: Who, at: str, remarks: Remarks) -> None:
    """People can only be counted where they say to belong."""
    if group.level in PLACE_LEVELS:
        if who.fields.address != "required":
            remarks.fault(
                at,
                "%(list)s xét theo địa phương, nhưng đăng ký không bắt buộc địa chỉ.",
                "Bắt buộc tỉnh và xã.",
                list=group.name,
            )
    elif who.fields.unit == "off":
        remarks.fault(at, "%(list)s xét theo đơn vị, nhưng đăng ký không hỏi đơn vị.", "Hỏi đơn vị.", list=group.name)
    elif who.fields.unit == "optional":
        remarks.warn(
            at,
            "%(list)s xét theo đơn vị, mà đơn vị không bắt buộc. Người bỏ trống không được tính cho đơn vị nào.",
            "Bắt buộc đơn vị nếu mọi người đều có.",
            list=group.name,
        )


def _check_headcounts(group: Collective, listed: Listed, at: str, remarks: Remarks) -> None:
    if not listed.counted:
        remarks.warn(
            at,
            "%(list)s cần số lượng thành viên, nhưng chưa đơn vị nào có số đã duyệt.",
            "Nhập và duyệt số lượng ở trang Đơn vị trước khi mở.",
            list=group.name,
        )
    elif listed.counted < listed.units:
        remarks.warn(
            at,
            "%(missing)s trên %(units)s đơn vị chưa có số lượng đã duyệt và sẽ không vào %(list)s.",
            "Bổ sung ở trang Đơn vị trước khi mở.",
            missing=listed.units - listed.counted,
            units=listed.units,
            list=group.name,
        )


def check_together(settings: Settings, remarks: Remarks) -> None:
    """Count alone always rewards the largest, rate alone the tiniest (§11)."""
    measures = {group.measure for group in settings.collective}
    if measures == {"C_COUNT"}:
        remarks.warn(
            "collective",
            "Chỉ xét theo số người dự thi thì đơn vị đông nhất luôn đứng đầu.",
            "Thêm danh sách theo tỷ lệ tham gia.",
        )
    if measures == {"C_RATE"} and all(not group.bands and group.min_headcount < 50 for group in settings.collective):
        remarks.warn(
            "collective",
            "Chỉ xét theo tỷ lệ thì đơn vị rất nhỏ luôn đứng đầu.",
            "Đặt số thành viên ít nhất là 50, hoặc thêm danh sách theo số người.",
        )


def needs_headcount(group: Collective) -> bool:
    """Whether a list cannot be made without the headcounts of its units."""
    return "C_RATE" in (group.measure, group.second) or bool(group.bands)
