"""Whether people can be ranked by the chosen keys, and the prizes be given (contest-rules §9–10)."""

from __future__ import annotations

from quizapp.rules.contest import Prize, Ranking, RankingKey, Round, Who, Words
from quizapp.rules.paper_check import count_of, full_of
from quizapp.rules.remarks import Remarks

_LIVE_ONLY: tuple[RankingKey, ...] = ("response_time",)
_SAT_ONLY: tuple[RankingKey, ...] = ("duration", "submitted_at")
_LISTS_ONLY: tuple[RankingKey, ...] = ("rounds_entered",)


def check(ranking: Ranking, at: str, name: Words, who: Who, remarks: Remarks) -> None:
    """Remark on the keys and prizes of a ranking, of a round or of a list over rounds."""
    keys = ranking.keys
    if not keys:
        remarks.fault(f"{at}.keys", "%(round)s chưa có tiêu chí xếp hạng.", "Chọn một cách xếp hạng.", round=name)
        return
    if len(set(keys)) < len(keys):
        remarks.fault(f"{at}.keys", "Một tiêu chí xếp hạng được ghi hai lần.", "Bỏ dòng thừa.")
    if "lot" in keys[:-1]:
        remarks.fault(f"{at}.keys", "Bốc thăm phải là tiêu chí cuối cùng.", "Chuyển bốc thăm xuống cuối danh sách.")
    if ranking.tie_policy == "LOT" and "lot" not in keys:
        remarks.fault(
            f"{at}.keys",
            "%(round)s chọn bốc thăm khi bằng nhau nhưng danh sách tiêu chí không có bốc thăm.",
            "Thêm bốc thăm ở cuối, hoặc chọn cho đồng hạng.",
            round=name,
        )
    if keys[0] not in ("score", "correct", "rounds_entered"):
        remarks.warn(
            f"{at}.keys",
            "%(round)s không xếp theo điểm trước tiên, nên người đúng ít hơn có thể đứng trên.",
            "Nên để điểm hoặc số câu đúng ở đầu danh sách.",
            round=name,
        )
    for prize in ranking.prizes:
        _check_prize(prize, f"{at}.prizes", who, remarks)


def _check_prize(prize: Prize, at: str, who: Who, remarks: Remarks) -> None:
    if not prize.name.vi:
        remarks.fault(at, "Có giải chưa có tên.", "Ghi tên giải, ví dụ Giải Nhất.")
    if prize.division is not None and prize.division not in {one.key for one in who.divisions}:
        remarks.fault(
            at,
            "%(prize)s dành cho một bảng không có trong thể lệ.",
            "Chọn lại bảng, hoặc thêm bảng ở bước 3.",
            prize=prize.name,
        )
    if prize.per_division and not who.divisions:
        remarks.fault(
            at,
            "%(prize)s trao cho từng bảng, nhưng cuộc thi không chia bảng.",
            "Bỏ lựa chọn này, hoặc thêm các bảng ở bước 3.",
            prize=prize.name,
        )
    if prize.per_division and prize.division is not None:
        remarks.fault(
            at,
            "%(prize)s vừa dành cho một bảng, vừa trao cho mọi bảng.",
            "Chỉ chọn một trong hai.",
            prize=prize.name,
        )
    if prize.kind in ("YOUNGEST", "OLDEST") and who.fields.birth_date != "required":
        remarks.fault(
            at,
            "%(prize)s cần ngày sinh, nhưng đăng ký không bắt buộc ngày sinh.",
            "Bắt buộc ngày sinh ở bước 3.",
            prize=prize.name,
        )
    if prize.kind == "FARTHEST" and who.fields.address != "required":
        remarks.fault(
            at,
            "%(prize)s cần nơi ở, nhưng đăng ký không bắt buộc địa chỉ.",
            "Bắt buộc địa chỉ ở bước 3.",
            prize=prize.name,
        )
    if prize.kind == "SPREADING" and not prize.per_day_cap:
        remarks.warn(
            at,
            "%(prize)s không giới hạn số người mời mỗi ngày, dễ bị lập tài khoản hàng loạt.",
            "Nên giới hạn, ví dụ 20 người mỗi ngày.",
            prize=prize.name,
        )


def check_round_keys(one: Round, place: str, remarks: Remarks) -> None:
    """Remark on keys that this round cannot have."""
    keys, at = one.ranking.keys, f"{place}.ranking.keys"
    if not one.is_live and set(keys) & set(_LIVE_ONLY):
        remarks.fault(
            at,
            "Thời gian phản hồi chỉ đo được ở vòng trực tiếp.",
            "Dùng thời gian làm bài cho %(round)s.",
            round=one.name,
        )
    if one.is_live and set(keys) & set(_SAT_ONLY):
        remarks.fault(
            at,
            "Vòng trực tiếp không có thời gian làm bài hay thời điểm nộp bài riêng của từng người.",
            "Dùng thời gian phản hồi cho %(round)s.",
            round=one.name,
        )
    if set(keys) & set(_LISTS_ONLY):
        remarks.fault(
            at,
            "Số vòng đã tham gia chỉ dùng cho danh sách chung nhiều vòng.",
            "Bỏ tiêu chí này ở %(round)s.",
            round=one.name,
        )
    if "essay_score" in keys and one.essay is None:
        remarks.fault(
            at,
            "%(round)s xếp hạng theo điểm tự luận nhưng không có phần tự luận.",
            "Bỏ tiêu chí này, hoặc thêm phần tự luận.",
            round=one.name,
        )


def check_gate(one: Round, place: str, remarks: Remarks) -> None:
    """Remark on what prizes ask for and nobody can reach."""
    gate, at = one.ranking.prize_gate, f"{place}.ranking.prize_gate"
    count = count_of(one.paper)
    most = {"MIN_SCORE": full_of(one.paper), "MIN_CORRECT": count}.get(gate.kind)
    counts_points = one.live is None or one.live.scoring == "FLAT" or gate.kind == "MIN_CORRECT"
    if most is not None and not gate.least:
        remarks.fault(at, "Điều kiện xét giải của %(round)s còn trống.", "Ghi mức ít nhất.", round=one.name)
    if most is not None and gate.least > most and counts_points:
        remarks.fault(
            at,
            "Điều kiện xét giải của %(round)s là %(least)s, cao hơn mức cao nhất %(most)s.",
            "Ghi một số không quá %(most)s.",
            round=one.name,
            least=gate.least,
            most=most,
        )
    for prize in one.ranking.prizes:
        if prize.kind == "LUCKY" and prize.least_correct > count:
            remarks.fault(
                f"{place}.ranking.prizes",
                "%(prize)s đòi đúng %(least)s câu, trong khi đề có %(count)s câu.",
                "Ghi một số không quá số câu.",
                prize=prize.name,
                least=prize.least_correct,
                count=count,
            )
