"""The articles of a rulebook about what is more than a paper: the prediction, live play, teams, essays, the final
(contest-rules §8, §13–14)."""

from __future__ import annotations

from collections.abc import Mapping

from quizapp.rules import prediction as predictions
from quizapp.rules.contest import EssayPart, Invited, LivePart, Prediction, Round, Settings, Teams, Words
from quizapp.rules.question import Text
from quizapp.rules.rulebook_text import (
    NOTHING,
    Article,
    Clause,
    alike,
    clause,
    counted,
    listed,
    names,
    points,
    points_of,
    say,
    thousandths,
)

# ── The prediction ──────────────────────────────────────────────────────────────────────────────────────────────


def prediction(settings: Settings) -> Article | None:
    """What is predicted, which number counts, and how its distance is taken."""
    asking = [one for one in settings.rounds if one.prediction is not None]
    if not asking:
        return None
    clauses = [
        Clause(
            say("{rounds}: “{asked}”", "{rounds}: “{asked}”", rounds=names(group, settings), asked=asked),
            _predicted(one, after),
        )
        for group, (asked, one, after) in alike(asking, _asked)
    ]
    clauses += [
        clause(
            "Câu dự đoán không có điểm, chỉ dùng để xếp những người bằng điểm. Bỏ trống thì đứng sau mọi người có dự"
            " đoán trong nhóm bằng điểm.",
            "The prediction earns no points; it only orders people who are equal on score. Left empty, it stands after"
            " every prediction among equals.",
        ),
        clause(
            "Số đúng được tính sau khi rà soát, chỉ gồm người đủ điều kiện và lượt thi hợp lệ, rồi được chốt. Về"
            " sau, người đạt giải bị loại hay rút lui không làm số này thay đổi; chỉ quyết định đính chính mới mở lại.",
            "The target is computed after the review, from people who may enter and valid attempts only, and then"
            " frozen. A winner turned down or a late withdrawal does not change it; only a formal correction does.",
        ),
    ]
    return Article("prediction", Text("Câu hỏi dự đoán", "Prediction question"), tuple(clauses))


def _asked(one: Round) -> tuple[Words, Prediction, int | None]:
    assert one.prediction is not None
    return predictions.question(one), one.prediction, one.live.prediction_after if one.live else None


def _predicted(one: Prediction, after: int | None) -> tuple[Text, ...]:
    typed = (
        say(
            "ghi một tỷ lệ từ 0 đến 100, tối đa {decimals} chữ số sau dấu phẩy; số đúng cũng làm tròn như vậy;",
            "a percentage from 0 to 100 with at most {decimals} decimals, to which the target is rounded half up;",
            decimals=one.decimals,
        )
        if one.target == "P_PERCENT"
        else Text("ghi một số nguyên từ 0 đến 99.999.999;", "one whole number from 0 to 99,999,999;")
    )
    scope = {
        "PER_ROUND_LAST": Text(
            "mỗi người một số cho cả vòng, sửa được đến khi vòng đóng; số lưu cuối cùng được tính;",
            "one number per person and round, which may be changed until closing; the last one saved counts;",
        ),
        "PER_ROUND_FIRST": Text(
            "mỗi người một số cho cả vòng; số ghi ở lượt đầu tiên được tính, để trống cũng vậy; các số sau bỏ qua;",
            "one number per person and round; that of the first attempt counts, also if left empty; later ones do not;",
        ),
        "PER_ATTEMPT": Text(
            "mỗi lượt thi một số; lượt được tính mang theo số của lượt đó;",
            "one number for each attempt; the counting attempt brings its own along;",
        ),
    }[one.prediction_scope]
    distance = (
        Text(
            "số dự đoán lớn hơn số đúng xếp sau mọi số không lớn hơn số đúng; trong mỗi nhóm, gần hơn đứng trước;",
            "predictions above the target stand after all at or below it; within each group, the nearer stands first;",
        )
        if one.not_over
        else Text(
            "chênh lệch nhỏ hơn đứng trước, lớn hơn hay nhỏ hơn số đúng như nhau;",
            "the nearer stands first, above or below alike;",
        )
    )
    lower = (
        Text("cùng chênh lệch thì ưu tiên số thấp hơn;", "at the same distance the lower number stands first;")
        if one.lower_first
        else Text("cùng chênh lệch thì xét tiêu chí sau;", "at the same distance the next key decides;")
    )
    counter = (
        say(
            "khi vòng còn mở, số đếm công khai của đại lượng này làm tròn xuống đến {step}, cập nhật mỗi ngày;",
            "while the round is open, any public counter of this quantity is rounded down to {step}, once a day;",
            step=one.public_step,
        )
        if one.public_step
        else Text(
            "khi vòng còn mở, không hiện số đếm công khai của đại lượng này;",
            "while the round is open, no public counter of this quantity is shown;",
        )
    )
    when = NOTHING if after is None else _when(after)
    return points(when, typed, scope, distance, lower, counter)


def _when(after: int) -> Text:
    if not after:
        return Text("hỏi trước câu thứ nhất;", "asked before the first question;")
    return say("hỏi sau câu {after};", "asked after question {after};", after=after)


# ── Live ────────────────────────────────────────────────────────────────────────────────────────────────────────


def live(settings: Settings) -> Article | None:
    """How live rounds are played and scored."""
    shows = [one for one in settings.rounds if one.live is not None]
    if not shows:
        return None
    clauses = [
        Clause(say("{rounds}:", "{rounds}:", rounds=names(group, settings)), played)
        for group, played in alike(shows, lambda one: _played(one.live))
    ]
    clauses += [
        clause(
            "Câu hỏi hiện trên máy của người dự thi là mốc tính giờ, không phải hình trên luồng phát. Mạng chậm được bù"
            " trong hạn mức chung. Mất kết nối rồi vào lại thì giữ nguyên tên, điểm và các câu đã trả lời; câu bỏ lỡ"
            " được 0 điểm.",
            "The question on the phone starts the clock, not the picture of the stream; a slow network is compensated"
            " within one allowance for all. Who drops out and returns keeps name, points and answers; questions missed"
            " give nothing.",
        ),
        clause(
            "Câu bị hủy khi đang thi coi như không được hỏi với mọi người; câu dự phòng thay thế.",
            "A question voided on air counts as never asked for anybody; a reserve takes its place.",
        ),
    ]
    return Article("live", Text("Vòng thi trực tiếp", "Live rounds"), tuple(clauses))


def _played(part: LivePart | None) -> tuple[Text, ...]:
    assert part is not None
    join = (
        Text(
            "chỉ vào được trước khi câu 1 khóa; sau đó chỉ theo dõi;",
            "one may join until question 1; later only watch;",
        )
        if part.join_until == 1
        else say(
            "vào muộn được đến câu {join}; sau đó chỉ theo dõi;",
            "one may join until question {join}; later only watch;",
            join=part.join_until,
        )
    )
    which = (
        Text(
            "đổi được đáp án đến khi khóa câu, tính đáp án cuối;", "answers may change until the lock; the last counts;"
        )
        if part.change_in_window
        else Text("chỉ tính đáp án đầu tiên;", "the first answer counts;")
    )
    return points(
        say(
            "{count}, thêm {reserves} dự phòng; mỗi câu có {seconds} giây để trả lời sau thời gian đọc;",
            "{count} and {reserves} in reserve; {seconds} seconds to answer each, after time to read it;",
            count=counted(part.questions, "câu hỏi", "question", "questions"),
            reserves=counted(part.reserves, "câu", "question", "questions"),
            seconds=part.seconds,
        ),
        join,
        which,
        _scored(part),
        *_rescued(part),
        _teams(part),
        say(
            "thời gian phản hồi chỉ cộng ở các câu đúng, rồi so theo bước {step};",
            "response times of right answers are added up and compared in steps of {step};",
            step=thousandths(part.response_step_ms),
        ),
        *_conditions(part),
    )


def _scored(part: LivePart) -> Text:
    free = thousandths(part.free_ms)
    bonus = 999 // part.questions
    return {
        "FLAT": Text("mỗi câu đúng được 1 điểm;", "one point for each right answer;"),
        "ACCURACY_FIRST": say(
            "mỗi câu đúng được 1.000 điểm và tối đa {bonus} điểm cho tốc độ; {free} đầu không tính vào tốc độ; nhờ vậy"
            " thêm một câu đúng luôn hơn mọi tốc độ;",
            "1,000 points for a right answer and at most {bonus} for speed, of which the first {free} cost nothing; so"
            " one more right answer always beats any speed;",
            bonus=bonus,
            free=free,
        ),
        "HALF_DECAY": say(
            "mỗi câu đúng được 1.000 điểm khi trả lời ngay, giảm dần đến 500 điểm khi hết giờ;",
            "1,000 points for a right answer at once, falling to 500 at the end of the time;",
        ),
        "SURVIVAL": Text(
            "Rung chuông vàng: trả lời sai hoặc không trả lời thì rời sân; người cuối cùng còn lại thắng; nếu mọi người"
            " còn lại cùng sai một câu thì không ai rời sân và hỏi câu dự phòng; hai người cuối cùng sai hai lần cùng"
            " thắng; hết câu mà chưa rõ thì những người còn lại cùng thắng;",
            "Golden Bell: a wrong or missing answer sends one out; the last one in wins; where all who are left fall on"
            " the same question nobody leaves and a reserve question follows; the last two who fall together twice both"
            " win; if questions end undecided, those left share;",
        ),
        "NEAREST": Text(
            "câu hỏi có đáp án là một số: ai gần nhất đứng trước, bằng nhau thì ai trả lời nhanh hơn;",
            "the answer is a number: the nearest stands first, then the quicker;",
        ),
    }[part.scoring]


def _rescued(part: LivePart) -> list[Text]:
    return [
        say(
            "sau câu {after} có cứu trợ: mọi người trở lại;",
            "after question {after} a rescue: everybody returns;",
            after=rescue.after,
        )
        if rescue.best is None
        else say(
            "sau câu {after} có cứu trợ: {best} người đúng nhiều nhất trở lại, người bằng nhau cùng trở lại;",
            "after question {after} a rescue: the {best} with most right answers return, equals included;",
            after=rescue.after,
            best=rescue.best,
        )
        for rescue in part.rescues
    ]


def _teams(part: LivePart) -> Text:
    return NOTHING if part.teams is None else team(part.teams)


def team(teams: Teams) -> Text:
    """How a team's score is made."""
    few = (
        Text("đội thiếu người vẫn chia cho số đó", "a team with fewer is divided by that number all the same")
        if teams.policy == "MISSING_ZERO"
        else say(
            "đội thiếu người chia cho số có mặt nếu có ít nhất {least} người",
            "a team with fewer is divided by those present, if they are at least {least}",
            least=teams.least,
        )
    )
    prize = (
        say("; {slots} đội đứng đầu được trao giải", "; the first {slots} receive a prize", slots=teams.slots)
        if teams.slots
        else NOTHING
    )
    return say(
        "điểm của đội là trung bình của {best} thành viên cao điểm nhất; {few}; các đội bằng nhau đồng hạng{prize};",
        "a team's score is the mean of its best {best} members; {few}; equal teams share the place{prize};",
        best=teams.best,
        few=few,
        prize=prize,
    )


def _conditions(part: LivePart) -> list[Text]:
    found = []
    if part.watch_word_until is not None:
        found.append(
            say(
                "điều kiện xét giải: nhập đúng mã theo dõi do người dẫn chương trình nói, trước {until};",
                "condition for prizes: the watch word said by the host, entered correctly before {until};",
                until=part.watch_word_until,
            )
        )
    if part.registration_until is not None:
        found.append(
            say(
                "điều kiện xét giải: hoàn tất đăng ký trước {until};",
                "condition for prizes: registration completed before {until};",
                until=part.registration_until,
            )
        )
    return found


# ── Essays, and the final ───────────────────────────────────────────────────────────────────────────────────────


def essays(settings: Settings) -> Article | None:
    """What is to be written, and how it is marked."""
    written = [one for one in settings.rounds if one.essay is not None]
    if not written:
        return None
    clauses = [
        Clause(
            say(
                "{rounds}, đề bài: “{prompt}”",
                "{rounds}, the question: “{prompt}”",
                rounds=names(group, settings),
                prompt=part.prompt,
            ),
            _essay(part),
        )
        for group, part in alike(written, _essay_of)
    ]
    clauses.append(
        clause(
            "Bài viết bằng tiếng Việt, được tự động lưu nháp, nộp chính thức một lần. Hai giám khảo chấm độc lập, không"
            " biết tên người viết và điểm của nhau; điểm là trung bình cộng. Lệch nhau quá 20% điểm tối đa thì giám"
            " khảo thứ ba quyết định. Bài gần giống nhau được báo cho giám khảo xem xét.",
            "Essays are in Vietnamese, drafts are saved automatically, and one is handed in for good. Two judges mark"
            " without seeing names or each other's marks; the mark is the mean. If they differ by more than 20% of the"
            " maximum, a third judge decides. Nearly identical essays are shown to the judges.",
        )
    )
    return Article("essays", Text("Phần tự luận", "Essay"), tuple(clauses))


def _essay_of(one: Round) -> EssayPart:
    assert one.essay is not None
    return one.essay


def _essay(part: EssayPart) -> tuple[Text, ...]:
    gate = (
        Text("mọi bài đã nộp đều được chấm;", "every essay handed in is marked;")
        if part.essay_gate is None
        else say(
            "chỉ chấm bài của người có ít nhất {gate} ở phần trắc nghiệm;",
            "only essays of people with at least {gate} in the multiple-choice part are marked;",
            gate=points_of(part.essay_gate),
        )
    )
    combine = {
        "ADD": Text("điểm tự luận cộng vào điểm trắc nghiệm.", "the mark is added to the score."),
        "TIE_BREAK": Text(
            "điểm tự luận không cộng vào điểm, chỉ dùng làm tiêu chí xếp hạng.",
            "the mark is not added to the score; it is a key of the ranking only.",
        ),
    }[part.combine]
    return points(
        say("từ {least} đến {most} chữ;", "from {least} to {most} words;", least=part.min_words, most=part.max_words),
        say("điểm từ 0 đến {most};", "marks from 0 to {most};", most=part.max_points),
        gate,
        combine,
    )


def finals(settings: Settings) -> Article | None:
    """Who is invited to a final."""
    held = [one for one in settings.rounds if one.kind == "final"]
    if not held:
        return None
    known = {one.key: one for one in settings.rounds}
    clauses = tuple(_invited(one, one.invited, known) for one in held)
    return Article("final", Text("Vòng chung kết", "The final"), clauses)


def _invited(one: Round, invited: Invited | None, known: Mapping[str, Round]) -> Clause:
    if invited is None or not (invited.top_each or invited.top_total):
        return clause(
            "{round}: chỉ người được Ban Tổ chức mời được dự thi.",
            "{round}: open to people invited by the organizers only.",
            round=one.name,
        )
    before = [known[key].name for key in invited.rounds if key in known]
    scope = listed(before) if before else Text("mọi vòng trước", "every earlier round")
    parts = []
    if invited.top_each:
        parts.append(say("{n} người đứng đầu mỗi vòng", "the first {n} of each round", n=invited.top_each))
    if invited.top_total:
        parts.append(
            say(
                "thêm {n} người có tổng điểm cao nhất trong số còn lại",
                "{n} more with the highest total among the others",
                n=invited.top_total,
            )
        )
    return clause(
        "{round} dành cho người được mời: {who}, lấy từ {scope}.",
        "{round} is for people invited: {who}, from {scope}.",
        round=one.name,
        who=listed(parts),
        scope=scope,
    )
