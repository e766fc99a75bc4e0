"""Whether a round's paper can be dealt: no question twice, and enough of them in the bank (contest-rules §2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from quizapp.rules import deal
from quizapp.rules.contest import Paper, Round
from quizapp.rules.question import Question
from quizapp.rules.remarks import Remarks, place_of
from quizapp.rules.timing import day_in_vietnam

MOST_QUESTIONS = 100
SECONDS_A_QUESTION = 15  # less than that is a test of reading speed


def check(one: Round, place: str, bank: Sequence[Question] | None, remarks: Remarks) -> None:
    """Remark on the paper of a round, and where the bank is known on what it holds."""
    paper, at = one.paper, f"{place}.paper"
    count = count_of(paper)
    if not count:
        if one.kind != "essay":
            remarks.fault(at, "%(round)s chưa có câu hỏi nào.", "Chọn chủ đề và số câu của đề.", round=one.name)
        return
    if count > MOST_QUESTIONS:
        remarks.fault(
            at,
            "Đề của %(round)s có %(count)s câu, nhiều hơn 100.",
            "Bớt câu hỏi hoặc chia thành hai vòng.",
            round=one.name,
            count=count,
        )
    _check_twice(paper, at, remarks)
    if paper.marking == "PARTIAL" and one.is_live:
        remarks.fault(
            f"{at}.marking",
            "Vòng trực tiếp chỉ chấm đúng hết mới có điểm.",
            "Chọn cách chấm đúng hết mới có điểm cho %(round)s.",
            round=one.name,
        )
    if one.is_sat and paper.time_limit < SECONDS_A_QUESTION * count:
        remarks.warn(
            f"{at}.time_limit",
            "%(round)s chỉ có %(seconds)s giây cho mỗi câu. Người đọc chậm sẽ không kịp đọc hết câu hỏi.",
            "Nên có ít nhất 30 giây cho mỗi câu.",
            round=one.name,
            seconds=paper.time_limit // count,
        )
    if one.live is not None and one.is_live and count != one.live.questions:
        remarks.fault(
            f"{at}.blueprint",
            "%(round)s hỏi %(live)s câu nhưng đề có %(count)s câu.",
            "Ghi số câu của đề bằng số câu của vòng trực tiếp.",
            round=one.name,
            live=one.live.questions,
            count=count,
        )
    if bank is not None:
        _check_bank(one, at, bank, remarks)


def _check_twice(paper: Paper, at: str, remarks: Remarks) -> None:
    """No question may come twice in one paper."""
    levels: dict[str, list[str | None]] = {}
    for line in paper.blueprint:
        levels.setdefault(line.topic, []).append(line.difficulty)
    if any(len(set(found)) < len(found) or (None in found and len(found) > 1) for found in levels.values()):
        remarks.fault(
            f"{at}.blueprint",
            "Một chủ đề có hai dòng rút từ cùng những câu hỏi, nên một câu có thể ra hai lần.",
            "Gộp hai dòng lại, hoặc cho mỗi dòng một mức độ khác nhau.",
        )
    for id, times in Counter(paper.questions).items():
        if times > 1:
            remarks.fault(f"{at}.questions", "Câu %(id)s được ghi hai lần.", "Bỏ một lần.", id=id)
    for id in paper.question_points:
        if id not in paper.questions:
            remarks.fault(
                f"{at}.question_points",
                "Câu %(id)s có điểm riêng nhưng không có trong đề.",
                "Bỏ dòng điểm riêng hoặc thêm câu vào đề.",
                id=id,
            )


def _check_bank(one: Round, at: str, bank: Sequence[Question], remarks: Remarks) -> None:
    """What the bank holds for this paper while the round is open, with the figures (§2)."""
    first, last = day_in_vietnam(one.opens_at), day_in_vietnam(one.closes_at)
    lasting = [asked for asked in bank if asked.in_force(first) and asked.in_force(last)]
    known = {asked.id for asked in lasting}
    for id in one.paper.questions:
        if id not in known:
            remarks.fault(
                f"{at}.questions",
                "Câu %(id)s chưa được duyệt hoặc không còn hiệu lực khi %(round)s diễn ra.",
                "Chọn câu khác, hoặc đưa câu này đi duyệt.",
                id=id,
                round=one.name,
            )
    if one.paper.kind == "fixed":
        return
    among = [asked for asked in lasting if asked.id in one.paper.questions] if one.paper.questions else lasting
    found = deal.bank(one.paper, among)
    for number, pool in enumerate(found.pools):
        if pool.missing:
            remarks.fault(
                f"{at}.blueprint.{number}",
                "%(round)s cần %(count)s câu chủ đề «%(topic)s», ngân hàng chỉ có %(size)s câu đã duyệt.",
                "Giảm số câu, chọn chủ đề khác hoặc bổ sung câu hỏi.",
                round=one.name,
                count=pool.line.count,
                topic=pool.line.topic,
                size=len(pool.items),
            )
    size, count = sum(len(pool.items) for pool in found.pools), count_of(one.paper)
    if size < one.paper.bank:
        remarks.fault(
            f"{at}.bank",
            "Thể lệ hứa ngân hàng ít nhất %(wanted)s câu, nhưng %(round)s mới có %(size)s câu đã duyệt.",
            "Bổ sung câu hỏi hoặc giảm con số này.",
            wanted=one.paper.bank,
            size=size,
            round=one.name,
        )
    elif not deal.is_ample(found) and one.is_sat:
        remarks.warn(
            f"{at}.blueprint",
            "Ngân hàng cho %(round)s có %(size)s câu, chưa bằng 5 lần đề %(count)s câu. Người thi lại dễ gặp câu cũ.",
            "Bổ sung câu hỏi hoặc giảm số lượt thi.",
            round=one.name,
            size=size,
            count=count,
        )
    if one.live is not None and one.is_live and count <= size < count + one.live.reserves:
        remarks.fault(
            f"{place_of(one)}.live.reserves",
            "%(round)s cần thêm %(reserves)s câu dự phòng, ngân hàng cho đề này chỉ có %(size)s câu.",
            "Bổ sung câu hỏi hoặc giảm số câu dự phòng.",
            round=one.name,
            reserves=one.live.reserves,
            size=size,
        )
    if one.practice and one.is_sat and size < 2 * count:
        remarks.warn(
            f"{place_of(one)}.practice",
            "%(round)s giữ lại gần hết câu hỏi của các chủ đề này, nên phần thi thử còn rất ít câu.",
            "Bổ sung câu hỏi, hoặc tắt thi thử cho vòng này.",
            round=one.name,
        )


def count_of(paper: Paper) -> int:
    return len(paper.questions) if paper.kind == "fixed" else sum(line.count for line in paper.blueprint)


def full_of(paper: Paper) -> int:
    """The full score of a paper in whole points."""
    if paper.kind == "fixed":
        return sum(paper.question_points.get(id, paper.points) for id in paper.questions)
    return sum(line.count * line.points for line in paper.blueprint)
