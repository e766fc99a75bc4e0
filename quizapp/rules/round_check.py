"""Whether the choices of one round go together: its window, its parts, its attempts, its prediction (§2–8, §13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from quizapp.rules import live_check, paper_check, ranking_check
from quizapp.rules.closing_phrase import phrase, read
from quizapp.rules.contest import Round, Settings
from quizapp.rules.paper_check import count_of, full_of
from quizapp.rules.question import Question
from quizapp.rules.remarks import Remarks, place_of

SHOW_SECONDS = 25  # what one live question takes besides its answers: reading, the answer explained, the board


def check(one: Round, settings: Settings, bank: Sequence[Question] | None, remarks: Remarks) -> None:
    """Remark on everything about one round."""
    place = place_of(one)
    if not one.name.vi:
        remarks.fault(f"{place}.name", "Có vòng thi chưa có tên.", "Ghi tên vòng, ví dụ Tuần 1.")
    _check_window(one, place, remarks)
    _check_parts(one, place, remarks)
    paper_check.check(one, place, bank, remarks)
    _check_attempts(one, place, remarks)
    _check_prediction(one, place, remarks)
    ranking_check.check(one.ranking, f"{place}.ranking", one.name, settings.who, remarks)
    ranking_check.check_round_keys(one, place, remarks)
    ranking_check.check_gate(one, place, remarks)
    if one.invited is not None:
        _check_invited(one, place, settings, remarks)


def _check_window(one: Round, place: str, remarks: Remarks) -> None:
    if one.closes_at <= one.opens_at:
        remarks.fault(
            f"{place}.closes_at",
            "%(round)s đóng trước hoặc cùng lúc mở.",
            "Chọn thời điểm đóng sau thời điểm mở.",
            round=one.name,
        )
        return
    if one.closes_phrase:
        meant = read(one.closes_phrase, since=one.opens_at)
        if meant is None:
            remarks.warn(
                f"{place}.closes_phrase",
                "Không đọc được thời điểm từ cụm từ «%(phrase)s» của %(round)s.",
                "Viết như «đến hết ngày 08/3/2026» hoặc «đến 22 giờ 00 ngày 08/3/2026».",
                phrase=one.closes_phrase,
                round=one.name,
            )
        elif meant != one.closes_at:
            remarks.fault(
                f"{place}.closes_phrase",
                "Cụm từ «%(phrase)s» của %(round)s không khớp thời điểm đóng đã chọn.",
                "Viết «%(right)s» hoặc sửa thời điểm đóng.",
                phrase=one.closes_phrase,
                right=phrase(one.closes_at),
                round=one.name,
            )
    length = one.closes_at - one.opens_at
    if one.is_sat and one.close_policy == "CUT" and length < one.limit:
        remarks.fault(
            f"{place}.closes_at",
            "%(round)s mở ngắn hơn thời gian làm một bài, nên không ai đủ giờ.",
            "Kéo dài thời gian mở hoặc rút ngắn thời gian làm bài.",
            round=one.name,
        )
    if one.live is not None:
        needed = timedelta(seconds=one.live.questions * (one.live.seconds + SHOW_SECONDS))
        if length < needed:
            remarks.warn(
                f"{place}.closes_at",
                "%(round)s cần khoảng %(minutes)s phút cho %(count)s câu, dài hơn thời gian đã đặt.",
                "Kéo dài vòng thi hoặc bớt câu hỏi.",
                round=one.name,
                minutes=-(-int(needed.total_seconds()) // 60),
                count=one.live.questions,
            )


def _check_parts(one: Round, place: str, remarks: Remarks) -> None:
    """A round has the parts of its kind, and no others."""
    if one.kind == "live" and one.live is None:
        remarks.fault(
            f"{place}.live", "%(round)s thi trực tiếp nhưng chưa có cách chơi.", "Điền bước 4.", round=one.name
        )
    if one.live is not None and one.kind not in ("live", "final"):
        remarks.fault(
            f"{place}.live",
            "%(round)s có phần trực tiếp nhưng không phải vòng trực tiếp.",
            "Đổi hình thức vòng thi, hoặc bỏ phần trực tiếp.",
            round=one.name,
        )
    if one.kind == "essay" and one.essay is None:
        remarks.fault(
            f"{place}.essay", "%(round)s thi viết nhưng chưa có đề bài.", "Ghi đề bài tự luận.", round=one.name
        )
    if one.essay is not None and one.is_live:
        remarks.fault(
            f"{place}.essay",
            "%(round)s thi trực tiếp nên không có phần tự luận.",
            "Tách phần tự luận thành một vòng riêng.",
            round=one.name,
        )
    if one.kind == "final" and one.invited is None:
        remarks.warn(
            f"{place}.invited",
            "%(round)s chỉ dành cho người được mời, nhưng chưa nói mời ai.",
            "Ghi số người đứng đầu mỗi vòng được mời, hoặc Tổ Thư ký mời từng người.",
            round=one.name,
        )
    if one.kind != "final" and one.invited is not None:
        remarks.fault(
            f"{place}.invited",
            "Chỉ vòng chung kết mới mời người từ các vòng trước.",
            "Đổi %(round)s thành chung kết, hoặc bỏ phần mời.",
            round=one.name,
        )
    if one.live is not None and one.is_live:
        live_check.check(one, one.live, place, remarks)
    if one.essay is not None:
        _check_essay(one, place, remarks)


def _check_essay(one: Round, place: str, remarks: Remarks) -> None:
    essay = one.essay
    assert essay is not None
    if not essay.prompt.vi:
        remarks.fault(f"{place}.essay.prompt", "Đề bài tự luận còn trống.", "Ghi đề bài.")
    if essay.min_words > essay.max_words:
        remarks.fault(
            f"{place}.essay.min_words",
            "Số chữ ít nhất lớn hơn số chữ nhiều nhất.",
            "Ghi số ít nhất nhỏ hơn, ví dụ 300 và 1.000.",
        )
    if essay.essay_gate is not None and essay.essay_gate > full_of(one.paper):
        remarks.fault(
            f"{place}.essay.essay_gate",
            "Điều kiện %(least)s điểm trắc nghiệm cao hơn tổng điểm %(full)s của đề.",
            "Ghi một số không quá tổng điểm, hoặc để trống.",
            least=essay.essay_gate,
            full=full_of(one.paper),
        )
    if essay.combine == "TIE_BREAK" and "essay_score" not in one.ranking.keys:
        remarks.warn(
            f"{place}.ranking.keys",
            "Điểm tự luận của %(round)s không cộng vào tổng và cũng không dùng để xếp hạng.",
            "Thêm tiêu chí điểm tự luận, hoặc chọn cộng vào tổng điểm.",
            round=one.name,
        )
    if essay.combine == "ADD" and "essay_score" in one.ranking.keys:
        remarks.warn(
            f"{place}.ranking.keys",
            "Điểm tự luận đã cộng vào tổng điểm, nên tiêu chí điểm tự luận tính lần thứ hai.",
            "Bỏ tiêu chí điểm tự luận, hoặc không cộng vào tổng.",
        )


# ── Attempts and the prediction ──────────────────────────────────────────────────────────────────────────────────────


def _check_attempts(one: Round, place: str, remarks: Remarks) -> None:
    if one.is_live:
        if one.max_attempts != 1:
            remarks.fault(
                f"{place}.max_attempts",
                "%(round)s thi trực tiếp nên mỗi người chỉ có một lượt.",
                "Ghi số lượt là 1.",
                round=one.name,
            )
        return
    if one.paper.kind == "fixed" and one.max_attempts != 1 and one.show_after == "SCORE_ONLY" and count_of(one.paper):
        remarks.warn(
            f"{place}.paper.kind",
            "%(round)s dùng một đề chung cho nhiều lượt. Điểm của lượt trước giúp người thi đoán đáp án.",
            "Nên rút đề từ ngân hàng, hoặc chỉ cho một lượt.",
            round=one.name,
        )
    if one.cooldown and one.max_attempts == 1:
        remarks.warn(
            f"{place}.cooldown",
            "%(round)s chỉ có một lượt nên thời gian nghỉ giữa hai lượt không dùng đến.",
            "Để trống thời gian nghỉ, hoặc tăng số lượt.",
            round=one.name,
        )
    if timedelta(seconds=one.cooldown) >= one.closes_at - one.opens_at > timedelta():
        remarks.fault(
            f"{place}.cooldown",
            "Thời gian nghỉ giữa hai lượt dài hơn cả %(round)s.",
            "Ghi thời gian nghỉ ngắn hơn.",
            round=one.name,
        )
    if one.board == "TOP" and one.show_after == "NOTHING":
        remarks.fault(
            f"{place}.board",
            "Bảng xếp hạng của %(round)s hiện điểm, trong khi người thi không được xem điểm của mình.",
            "Ẩn bảng xếp hạng khi vòng còn mở, hoặc cho xem điểm.",
            round=one.name,
        )


def _check_prediction(one: Round, place: str, remarks: Remarks) -> None:
    asked, at = one.prediction, f"{place}.prediction"
    used = "prediction_distance" in one.ranking.keys
    if asked is None:
        if used:
            remarks.fault(
                at,
                "%(round)s xếp hạng theo chênh lệch dự đoán nhưng không hỏi câu dự đoán.",
                "Thêm câu dự đoán, hoặc bỏ tiêu chí chênh lệch dự đoán.",
                round=one.name,
            )
        return
    if not used and not (one.live is not None and one.live.scoring == "SURVIVAL"):
        remarks.fault(
            f"{place}.ranking.keys",
            "%(round)s hỏi câu dự đoán nhưng không dùng để xếp hạng.",
            "Thêm tiêu chí chênh lệch dự đoán, hoặc bỏ câu dự đoán.",
            round=one.name,
        )
    if asked.target == "P_LIVE" and not one.is_live:
        remarks.fault(
            f"{at}.target",
            "Chỉ vòng trực tiếp mới đếm được số người đang ở trong phòng thi.",
            "Chọn câu dự đoán khác cho %(round)s.",
            round=one.name,
        )
    if asked.target in ("P_ALLCORRECT", "P_PERCENT") and not count_of(one.paper):
        remarks.fault(
            f"{at}.target",
            "%(round)s không có câu trắc nghiệm nên không có người đúng tất cả.",
            "Chọn câu dự đoán về số người hoặc số lượt thi.",
            round=one.name,
        )
    if asked.prediction_scope == "PER_ATTEMPT" and one.max_attempts != 1:
        remarks.warn(
            f"{at}.prediction_scope",
            "Mỗi lượt một dự đoán: thi lại nhiều lần thì được đoán nhiều lần.",
            "Nên để một dự đoán cho cả vòng, sửa được đến khi đóng.",
        )
    _check_peeking(one, place, remarks)


def _check_peeking(one: Round, place: str, remarks: Remarks) -> None:
    """While the round is open nothing may tell the number that people predict (§8.6)."""
    asked = one.prediction
    assert asked is not None
    if 0 < asked.public_step < 100 and not one.is_live:
        remarks.warn(
            f"{place}.prediction.public_step",
            "Số đếm công khai làm tròn đến %(step)s gần như cho biết đáp án dự đoán.",
            "Làm tròn đến hàng nghìn, hoặc ghi 0 để ẩn số đếm.",
            step=asked.public_step,
        )
    if asked.target in ("P_ALLCORRECT", "P_PERCENT") and one.board == "TOP" and not one.is_live:
        remarks.warn(
            f"{place}.board",
            "Bảng xếp hạng mở cho thấy có bao nhiêu người đã đúng tất cả, tức là gợi ý câu dự đoán.",
            "Ẩn bảng xếp hạng của %(round)s khi vòng còn mở.",
            round=one.name,
        )


# ── A final ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _check_invited(one: Round, place: str, settings: Settings, remarks: Remarks) -> None:
    invited, at = one.invited, f"{place}.invited"
    assert invited is not None
    before = {other.key: other for other in settings.rounds if other.key != one.key}
    for key in invited.rounds:
        if key not in before:
            remarks.fault(at, "Vòng «%(key)s» không có trong cuộc thi.", "Chọn lại vòng lấy người.", key=key)
        elif before[key].closes_at > one.opens_at:
            remarks.fault(
                at,
                "%(round)s mời người từ %(before)s, nhưng vòng đó chưa đóng khi chung kết mở.",
                "Dời chung kết, hoặc bỏ vòng đó khỏi danh sách.",
                round=one.name,
                before=before[key].name,
            )
        elif before[key].closes_at + timedelta(days=settings.results_days) > one.opens_at:
            remarks.warn(
                at,
                "%(before)s đóng chưa đủ %(days)s ngày trước %(round)s, có thể chưa kịp công bố kết quả để mời.",
                "Dời chung kết muộn hơn.",
                round=one.name,
                before=before[key].name,
                days=settings.results_days,
            )
    if not invited.top_each and not invited.top_total:
        remarks.fault(
            at,
            "%(round)s chưa nói mời bao nhiêu người.",
            "Ghi số người đứng đầu mỗi vòng hoặc theo tổng điểm.",
            round=one.name,
        )
