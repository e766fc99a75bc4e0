"""The articles of a rulebook about the rounds: when, with which papers and how marked, how often and what is shown
(contest-rules §2–3, §6–7)."""

from __future__ import annotations

from collections.abc import Mapping

from quizapp.rules.closing_phrase import phrase
from quizapp.rules.contest import (
    BlueprintLine,
    Paper,
    Round,
    Settings,
)
from quizapp.rules.draw import code32, pack, sha256
from quizapp.rules.paper_check import count_of, full_of
from quizapp.rules.question import Text
from quizapp.rules.rulebook_text import (
    NOTHING,
    Article,
    Clause,
    Table,
    alike,
    both,
    clause,
    counted,
    length,
    names,
    points,
    points_of,
    say,
    weekday,
)

Topics = Mapping[str, Text]

_KINDS = {
    "self_paced": Text("Tự làm bài trực tuyến", "At one's own pace, online"),
    "live": Text("Thi trực tiếp", "Live"),
    "essay": Text("Thi viết", "Essay"),
    "final": Text("Chung kết", "Final"),
}
_LEVELS = {
    "know": Text("nhận biết", "know"),
    "understand": Text("thông hiểu", "understand"),
    "apply": Text("vận dụng", "apply"),
}


# ── When ────────────────────────────────────────────────────────────────────────────────────────────────────────


def rounds(settings: Settings) -> Article:
    """The rounds with their windows: the wording of each end, and the exact second it means."""
    table = Table(
        (
            Text("Vòng thi", "Round"),
            Text("Hình thức", "Kind"),
            Text("Mở lúc", "Opens"),
            Text("Đóng (theo thể lệ)", "Closes (in words)"),
            Text("Giây đóng chính xác", "Closes, to the second"),
        ),
        tuple(_row(one) for one in settings.rounds),
    )
    listing = say("Cuộc thi gồm {count}:", "The contest has {count}:", count=_rounds(len(settings.rounds)))
    clauses = [
        Clause(listing, table=table),
        clause(
            "Mọi thời điểm là giờ Việt Nam (UTC+7) theo đồng hồ của máy chủ. Đồng hồ trên máy người dự thi chỉ để tham"
            " khảo. Vòng thi mở từ giây mở và đóng đúng giây đóng: từ giây đóng trở đi là ngoài giờ.",
            "All times are Viet Nam time (UTC+7) by the server's clock; a phone's clock only pictures it. A round is"
            " open from its opening second and closed from its closing second on.",
        ),
    ]
    sat = [one for one in settings.rounds if one.is_sat]
    for group, policy in alike(sat, lambda one: one.close_policy):
        clauses.append(_closing(names(group, settings), policy))
    return Article("rounds", Text("Các vòng thi và thời gian", "Rounds and times"), tuple(clauses))


def _row(one: Round) -> tuple[Text, ...]:
    kind = _KINDS[one.kind]
    if one.kind == "final":
        kind = say("{kind}, {how}", "{kind}, {how}", kind=kind, how=_KINDS["live" if one.is_live else "self_paced"])
    opens, closes = (
        say("{weekday}, {at}", "{weekday}, {at}", weekday=weekday(at), at=at) for at in (one.opens_at, one.closes_at)
    )
    said = one.closes_phrase or phrase(one.closes_at)
    return both(one.name.of), kind, opens, Text(said, said), closes


def _closing(group: Text, policy: str) -> Clause:
    if policy == "CUT":
        return clause(
            "{rounds}: lượt thi chỉ bắt đầu được khi vòng đang mở. Lượt đang làm dở lúc đóng được tự động nộp đúng giây"
            " đóng với các câu trả lời đã lưu và vẫn hợp lệ. Trang thi báo trước khi không còn đủ thời gian làm bài.",
            "{rounds}: an attempt may start only while the round is open. One still under way at closing is handed in"
            " at the closing second with the answers saved so far, and is valid. The page warns at the start when"
            " less than the full time remains.",
            rounds=group,
        )
    return clause(
        "{rounds}: lượt thi chỉ bắt đầu được khi vòng đang mở. Lượt đang làm dở lúc đóng được làm tiếp cho đủ thời gian"
        " làm bài.",
        "{rounds}: an attempt may start only while the round is open. One still under way at closing keeps its full"
        " time.",
        rounds=group,
    )


# ── Papers ──────────────────────────────────────────────────────────────────────────────────────────────────────


def papers(settings: Settings, topics: Topics) -> Article | None:
    """What people are asked, how long they have, and how it is marked."""
    asked = [one for one in settings.rounds if count_of(one.paper)]
    if not asked:
        return None
    clauses = []
    for group, (paper, live) in alike(asked, lambda one: (one.paper, one.is_live)):
        clauses.append(_paper(names(group, settings), paper, topics, live=live))
    return Article("papers", Text("Đề thi và cách chấm", "Papers and marking"), (*clauses, _voids()))


def _paper(group: Text, paper: Paper, topics: Topics, *, live: bool) -> Clause:
    count = counted(count_of(paper), "câu", "question", "questions")
    if paper.kind == "fixed":
        head = say(
            "{rounds}: đề gồm {count}, như nhau cho mọi người (mã danh sách câu hỏi {code}).",
            "{rounds}: {count}, the same for everybody (code of the list of questions {code}).",
            rounds=group,
            count=count,
            code=_code(paper),
        )
        content = [] if live else _points_of_fixed(paper)
    else:
        head = say(
            "{rounds}: đề gồm {count} rút ngẫu nhiên {whom} từ ngân hàng câu hỏi đã duyệt{bank}.",
            "{rounds}: {count} drawn at random {whom} from the bank of approved questions{bank}.",
            rounds=group,
            count=count,
            whom=Text("một lần cho mọi người", "once for everybody")
            if live
            else Text("riêng cho từng lượt thi", "for each attempt"),
            bank=_bank(paper),
        )
        content = [_line(line, topics, worth=not live) for line in paper.blueprint]
    if live:
        return Clause(head, points(*content))
    limit = say("thời gian làm bài {limit}", "time limit {limit}", limit=length(paper.time_limit))
    return Clause(head, points(*content, limit, _order(paper), _marking(paper)))


def _line(line: BlueprintLine, topics: Topics, *, worth: bool) -> Text:
    topic = topics.get(line.topic, Text(line.topic, line.topic))
    level = say(", mức độ {level}", ", level {level}", level=_LEVELS[line.difficulty]) if line.difficulty else NOTHING
    each = say(", mỗi câu {points}", ", {points} each", points=points_of(line.points)) if worth else NOTHING
    return say(
        "{count} chủ đề “{topic}”{level}{each}",
        "{count} on “{topic}”{level}{each}",
        count=counted(line.count, "câu", "question", "questions"),
        topic=topic,
        level=level,
        each=each,
    )


def _points_of_fixed(paper: Paper) -> list[Text]:
    """What each question is worth; the questions themselves stay secret until the round is closed."""
    worth: dict[int, int] = {}
    for id in paper.questions:
        own = paper.question_points.get(id, paper.points)
        worth[own] = worth.get(own, 0) + 1
    return [
        say(
            "{count}, mỗi câu {points};",
            "{count}, {points} each;",
            count=counted(count, "câu", "question", "questions"),
            points=points_of(own),
        )
        for own, count in worth.items()
    ]


def _code(paper: Paper) -> str:
    """Tells one list of questions from another without saying what stands in it."""
    worth = [f"{id} {own}" for id, own in sorted(paper.question_points.items())]
    return code32(sha256(pack("quiz-listed-questions-1", *paper.questions, "", *worth)), 10)


def _bank(paper: Paper) -> Text:
    found = say(" (ít nhất {size} câu)", " (at least {size})", size=paper.bank) if paper.bank else NOTHING
    if paper.questions:
        found = say(
            "{found}, chọn trước (mã danh sách câu hỏi {code})",
            "{found}, chosen beforehand (code of the list of questions {code})",
            found=found,
            code=_code(paper),
        )
    return found


def _order(paper: Paper) -> Text:
    orders = {
        (True, True): Text(
            "thứ tự câu hỏi và phương án được đảo cho từng lượt thi;", "questions and options shuffled;"
        ),
        (True, False): Text("thứ tự câu hỏi được đảo cho từng lượt thi;", "questions shuffled, options not;"),
        (False, True): Text("thứ tự phương án được đảo cho từng lượt thi;", "options shuffled, questions not;"),
        (False, False): Text("thứ tự câu hỏi và phương án như nhau;", "questions and options in the same order;"),
    }
    return orders[paper.shuffle_questions, paper.shuffle_options]


def _marking(paper: Paper) -> Text:
    full = points_of(full_of(paper))
    if paper.marking == "ALL_OR_NOTHING":
        return say(
            "câu đúng hoàn toàn được đủ điểm, câu sai hoặc bỏ trống được 0 điểm, không trừ điểm; tối đa {full}.",
            "full points for a right answer, none for a wrong or blank one, nothing taken off; full score {full}.",
            full=full,
        )
    return say(
        "câu có nhiều đáp án đúng được một phần điểm: (số chọn đúng − số chọn sai) ÷ số đáp án đúng, không dưới 0;"
        " không trừ điểm; tối đa {full}.",
        "questions with several right options give parts: (right picked − wrong picked) ÷ right options, not below 0;"
        " nothing taken off; full score {full}.",
        full=full,
    )


def _voids() -> Clause:
    return clause(
        "Câu hỏi có sai sót hoặc không còn đúng do luật thay đổi được hủy bằng một quyết định áp dụng cho mọi lượt thi"
        " có câu đó: mọi người nhận câu đó được đủ điểm, hoặc thêm một phương án được công nhận là đúng, hoặc (chỉ khi"
        " đề như nhau cho mọi người) coi như câu đó không được hỏi. Điểm và xếp hạng được tính lại.",
        "A question found wrong, or overtaken by a change of law, is voided by a decision that holds for every attempt"
        " with it: everybody who received it gets its points, or one more option counts as right, or (only where all"
        " have the same paper) it counts as never asked. Scores and rankings are computed again.",
    )


def _rounds(number: int) -> Text:
    return counted(number, "vòng thi", "round", "rounds")


# ── Attempts ────────────────────────────────────────────────────────────────────────────────────────────────────


def attempts(settings: Settings) -> Article | None:
    """How often one may sit, which attempt counts, and what is shown when."""
    sat = [one for one in settings.rounds if one.is_sat]
    if not sat:
        return None
    clauses = [
        Clause(say("{rounds}:", "{rounds}:", rounds=names(group, settings)), said)
        for group, said in alike(sat, _attempt)
    ]
    clauses += [
        clause(
            "Lượt thi tính là đã dùng từ lúc bắt đầu. Mỗi người chỉ có một lượt đang làm; mở trên máy khác thì lượt thi"
            " chuyển sang máy đó. Thời gian làm bài không dừng khi mất mạng, đóng trang hay đổi máy.",
            "An attempt is used from its start. Everybody has at most one open attempt; opened on another device, it"
            " moves there. Its time does not stop for a lost connection, a closed page or another device.",
        ),
        clause(
            "Hết giờ thì bài được tự động nộp với các câu đã lưu. Thời gian làm bài là khoảng từ lúc bắt đầu đến lúc"
            " nộp; thời điểm nộp là lúc máy chủ nhận bài; cả hai theo đồng hồ máy chủ, tính đến mili giây.",
            "When time is up the attempt is handed in with the answers saved. Its duration runs from start to hand-in,"
            " its submission moment is when the server received it; both by the server's clock, in milliseconds.",
        ),
        clause(
            "Lượt thi hợp lệ là lượt đã nộp, có ít nhất một câu trả lời được lưu, của người đủ điều kiện và không bị"
            " hủy. Lượt không lưu được câu nào trong 60 giây đầu do lỗi máy chủ được Tổ Thư ký trả lại, có ghi lý do.",
            "An attempt is valid when it was handed in with at least one answer saved, by somebody who may enter, and"
            " was not voided. One with no answer saved within 60 seconds of a server fault can be given back, with the"
            " reason noted.",
        ),
    ]
    return Article("attempts", Text("Lượt thi", "Attempts"), tuple(clauses))


def _attempt(one: Round) -> tuple[Text, ...]:
    """What holds for the attempts of a round."""
    return points(*_how_often(one), *_while_sitting(one), *_afterwards(one))


def _how_often(one: Round) -> tuple[Text, ...]:
    most = (
        say("mỗi người được thi tối đa {most};", "at most {most} per person;", most=_attempts(one.max_attempts))
        if one.max_attempts
        else Text("không giới hạn số lượt thi;", "as many attempts as one likes;")
    )
    counting = {
        "BEST": Text(
            "tính lượt có điểm cao nhất; bằng điểm thì xét lần lượt các tiêu chí thời gian dùng để xếp hạng;",
            "the attempt with the highest score counts; among equals the time keys of the ranking decide;",
        ),
        "FIRST": Text("tính lượt hợp lệ đầu tiên;", "the first valid attempt counts;"),
        "LAST": Text("tính lượt hợp lệ cuối cùng;", "the last valid attempt counts;"),
    }[one.counting_attempt]
    rest = (
        say(
            "lượt sau bắt đầu sớm nhất {rest} sau khi nộp lượt trước;",
            "the next attempt may start {rest} after the last one was handed in;",
            rest=length(one.cooldown),
        )
        if one.cooldown
        else NOTHING
    )
    return most, counting, rest


def _while_sitting(one: Round) -> tuple[Text, Text]:
    change = (
        Text("được đổi câu trả lời trước khi nộp;", "answers may be changed before handing in;")
        if one.change_answers
        else Text("câu đã trả lời không đổi được;", "an answer given cannot be changed;")
    )
    resume = (
        Text(
            "mất kết nối thì vào làm tiếp đúng lượt đó;",
            "after losing the connection one goes on with the same attempt;",
        )
        if one.resume
        else Text("rời trang thì lượt thi được nộp;", "leaving the page hands the attempt in;")
    )
    return change, resume


def _afterwards(one: Round) -> tuple[Text, Text, Text]:
    show = (
        Text("nộp xong thấy điểm của mình;", "after handing in one sees one's score;")
        if one.show_after == "SCORE_ONLY"
        else Text("nộp xong chưa thấy điểm;", "no score is shown after handing in;")
    )
    full = (
        Text(
            "khi vòng đã đóng, mỗi người xem lại bài làm với đáp án và căn cứ pháp lý;",
            "once the round is closed, everybody can look at their answers with the key and its legal basis;",
        )
        if one.full_after_close
        else Text("đáp án không hiện cho từng bài;", "the key of an attempt is not shown;")
    )
    practice = (
        Text(
            "có phần thi thử, không tính điểm; câu thi thử không trùng câu của vòng thi sắp tới hoặc đang mở.",
            "there is practice, which counts for nothing; its questions are never those of a round to come or open.",
        )
        if one.practice
        else Text("không có phần thi thử.", "there is no practice.")
    )
    return show, full, practice


def _attempts(number: int) -> Text:
    return counted(number, "lượt", "attempt", "attempts")
