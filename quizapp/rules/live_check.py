"""Whether a live round can be played as its rulebook says (contest-rules §14)."""

from __future__ import annotations

from datetime import timedelta

from quizapp.rules.contest import LivePart, Round
from quizapp.rules.remarks import Remarks


def check(one: Round, live: LivePart, place: str, remarks: Remarks) -> None:
    """Remark on how a live round is played."""
    at = f"{place}.live"
    if live.free_ms >= live.seconds * 1_000:
        remarks.fault(
            f"{at}.free_ms",
            "Khoảng không tính tốc độ dài bằng cả thời gian trả lời.",
            "Ghi khoảng ngắn hơn, thường là 1 giây.",
        )
    if live.join_until > live.questions:
        remarks.fault(
            f"{at}.join_until",
            "Người đến muộn được vào đến câu %(join)s, trong khi chỉ có %(count)s câu.",
            "Ghi số không quá số câu.",
            join=live.join_until,
            count=live.questions,
        )
    if one.prediction is not None and live.prediction_after >= live.questions:
        remarks.fault(
            f"{at}.prediction_after",
            "Câu dự đoán phải hỏi trước câu cuối, vì sau câu cuối số cần đoán đã biết.",
            "Ghi số nhỏ hơn %(count)s, ví dụ giữa chương trình.",
            count=live.questions,
        )
    if live.scoring == "HALF_DECAY" and any(prize.kind == "RANKED" for prize in one.ranking.prizes):
        remarks.warn(
            f"{at}.scoring",
            "Cách tính này để người nhanh có thể vượt người đúng nhiều hơn. Chỉ nên dùng khi chơi vui.",
            "Vòng có giải nên chọn «Đúng trước, nhanh sau» hoặc «Mỗi câu một điểm».",
        )
    _check_survival(live, at, remarks)
    _check_live_times(one, live, at, remarks)
    if live.teams is not None:
        check_teams(live.teams.best, live.teams.least, f"{at}.teams", remarks)


def _check_survival(live: LivePart, at: str, remarks: Remarks) -> None:
    if live.scoring != "SURVIVAL":
        if live.rescues:
            remarks.fault(
                f"{at}.rescues",
                "Chỉ Rung chuông vàng mới có cứu trợ.",
                "Bỏ cứu trợ, hoặc đổi cách tính điểm.",
            )
        return
    after = [rescue.after for rescue in live.rescues]
    if after != sorted(set(after)) or any(number >= live.questions for number in after):
        remarks.fault(
            f"{at}.rescues",
            "Các lần cứu trợ phải theo thứ tự câu và trước câu cuối.",
            "Xếp lại, ví dụ sau câu 8 rồi sau câu 14.",
        )
    if len(after) > 2:
        remarks.warn(f"{at}.rescues", "Rung chuông vàng thường chỉ cứu trợ một hoặc hai lần.", "Bớt số lần cứu trợ.")
    if not live.reserves:
        remarks.warn(
            f"{at}.reserves",
            "Không có câu dự phòng: nếu những người cuối cùng sai cùng một câu thì không hỏi tiếp được.",
            "Chuẩn bị ít nhất 3 câu dự phòng.",
        )


def _check_live_times(one: Round, live: LivePart, at: str, remarks: Remarks) -> None:
    word, registration = live.watch_word_until, live.registration_until
    if word is not None and not one.opens_at < word <= one.closes_at:
        remarks.fault(
            f"{at}.watch_word_until",
            "Hạn nhập mã theo dõi nằm ngoài %(round)s.",
            "Chọn thời điểm sau khi mở và không sau khi đóng.",
            round=one.name,
        )
    if registration is not None and registration > one.closes_at + timedelta(days=1):
        remarks.fault(
            f"{at}.registration_until",
            "Hạn hoàn tất đăng ký sau khi %(round)s đóng hơn một ngày.",
            "Chọn thời điểm trong ngày diễn ra vòng thi.",
            round=one.name,
        )


def check_teams(best: int, least: int, at: str, remarks: Remarks) -> None:
    """Remark on how a team is counted."""
    if least > best:
        remarks.fault(
            at,
            "Số người có mặt ít nhất lớn hơn số người được tính của một đội.",
            "Ghi số ít nhất không quá %(best)s.",
            best=best,
        )
