"""The articles of a rulebook about what comes of it: ranking, prizes, lists over rounds and of units, results,
complaints, fair play, certificates (contest-rules §9–11, §15–17)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from quizapp.rules.contest import (
    Collective,
    GateFallback,
    Overall,
    Prize,
    PrizeGate,
    Ranking,
    RankingKey,
    Round,
    Settings,
    Words,
)
from quizapp.rules.overall import keys_of
from quizapp.rules.question import Text
from quizapp.rules.rulebook_play import team
from quizapp.rules.rulebook_text import (
    NOTHING,
    Article,
    Clause,
    Table,
    alike,
    both,
    clause,
    counted,
    listed,
    money,
    names,
    points,
    points_of,
    say,
)

KEYS: dict[RankingKey, Text] = {
    "score": Text("điểm cao hơn", "higher score"),
    "correct": Text("số câu đúng nhiều hơn", "more right answers"),
    "prediction_distance": Text("dự đoán gần số đúng hơn", "prediction nearer to the target"),
    "duration": Text("thời gian làm bài ngắn hơn", "shorter duration"),
    "submitted_at": Text("thời điểm nộp bài sớm hơn", "earlier submission moment"),
    "response_time": Text("tổng thời gian phản hồi ở các câu đúng ngắn hơn", "shorter response time on right answers"),
    "essay_score": Text("điểm tự luận cao hơn", "higher essay mark"),
    "rounds_entered": Text("tham gia nhiều vòng hơn", "more rounds entered"),
    "lot": Text("bốc thăm", "drawing of lots"),
}
_MEASURES = {
    "C_COUNT": Text(
        "số người dự thi: người đủ điều kiện có ít nhất một lượt thi hợp lệ, mỗi người tính một lần",
        "people: those with at least one valid attempt, each counted once",
    ),
    "C_RATE": Text(
        "tỷ lệ tham gia: số người dự thi chia cho số lượng đã khai (đoàn viên, người lao động, dân số), không quá 100%",
        "rate: people divided by the declared headcount (members, workers, residents), at most 100%",
    ),
    "C_MEAN_TOP": Text("điểm trung bình của những người cao điểm nhất", "mean score of the best people"),
    "C_TOTAL": Text("tổng điểm các lượt được tính", "sum of the scores of counting attempts"),
    "C_WINNERS": Text("số giải cá nhân", "number of individual prizes"),
    "C_COMPOSITE": Text(
        "tổng thứ hạng theo số người dự thi và theo thước đo thứ hai, nhỏ hơn đứng trước",
        "rank by people plus rank by the second measure, lowest sum first",
    ),
}
_LEVELS = {"province": Text("tỉnh, thành phố", "province"), "commune": Text("xã, phường, đặc khu", "commune")}


# ── Ranking ─────────────────────────────────────────────────────────────────────────────────────────────────────


def ranking(settings: Settings) -> Article | None:
    """In what order people stand, and what is shown while a round is open."""
    if not settings.rounds:
        return None
    clauses = [
        Clause(
            say(
                "{rounds}: xếp theo lần lượt các tiêu chí sau; bằng nhau ở tiêu chí trước mới xét tiêu chí sau.",
                "{rounds}: ranked by these keys in order; a key decides only among equals on those before it.",
                rounds=names(group, settings),
            ),
            points(*_keys(keys), _ties(policy)),
        )
        for group, (keys, policy) in alike(settings.rounds, lambda one: (one.ranking.keys, one.ranking.tie_policy))
    ]
    clauses += [_board(names(group, settings), *shown) for group, shown in alike(settings.rounds, _shown)]
    clauses.append(
        clause(
            "Mỗi người dự thi xem được vì sao mình đứng ở hạng của mình. Bảng kết quả được lập thành các bản có số,"
            " ngày và không sửa; đính chính thì lập bản mới.",
            "Everybody can see why they stand where they do. Results are stored as numbered, dated lists that are never"
            " edited; a correction makes a new one.",
        )
    )
    return Article("ranking", Text("Xếp hạng", "Ranking"), tuple(clauses))


def _keys(keys: Iterable[RankingKey]) -> list[Text]:
    """The keys as points; lots are told of with what happens to equals."""
    return [KEYS[key] for key in keys if key != "lot"]


def _ties(policy: str) -> Text:
    if policy == "LOT":
        return Text(
            "bằng nhau ở mọi tiêu chí thì bốc thăm công khai từ nguồn ngẫu nhiên công bố trước; ai cũng kiểm tra lại"
            " được.",
            "equals on every key draw lots, from public sources named beforehand; anyone can repeat the draw.",
        )
    return Text(
        "bằng nhau ở mọi tiêu chí thì đồng hạng, cùng nhận giải của hạng đó và hạng kế tiếp bỏ trống.",
        "equals on every key share the place, all receive its prize, and the next place is skipped.",
    )


def _shown(one: Round) -> tuple[str, int]:
    return one.board, one.board_top if one.board == "TOP" else 0


def _board(group: Text, board: str, top: int) -> Clause:
    what = {
        "HIDDEN": Text("không hiện xếp hạng", "no ranking is shown"),
        "SCORE_ONLY": Text("mỗi người chỉ thấy điểm của mình", "everybody sees only their own score"),
        "TOP": say("hiện {top} người đứng đầu", "the first {top} are shown", top=top),
    }[board]
    return clause(
        "{rounds}: khi vòng còn mở, {what}.", "{rounds}: while the round is open, {what}.", rounds=group, what=what
    )


# ── Prizes ──────────────────────────────────────────────────────────────────────────────────────────────────────


def prizes(settings: Settings) -> Article | None:
    """The individual prizes of the rounds, and how they are given out."""
    giving = [one for one in settings.rounds if one.ranking.prizes]
    if not giving and not any(one.ranking.prizes for one in settings.overall):
        return None
    clauses = [
        Clause(
            say("{rounds}: {gate}.", "{rounds}: {gate}.", rounds=names(group, settings), gate=_gate(rules)),
            table=_prizes(rules.prizes, settings),
        )
        for group, rules in alike(giving, _giving)
    ]
    clauses += [_once(settings), _pass_down(settings), _winner_check(settings)]
    return Article("prizes", Text("Giải thưởng cá nhân", "Individual prizes"), tuple(clauses))


def _giving(one: Round) -> Ranking:
    """What prizes hang on, without the order of people."""
    rules = one.ranking
    return Ranking(
        keys=(),
        prize_gate=rules.prize_gate,
        gate_fallback=rules.gate_fallback,
        prizes=rules.prizes,
        pass_down=rules.pass_down,
    )


def _gate(rules: Ranking) -> Text:
    what = _reached(rules.prize_gate)
    if what is None:
        return Text("giải trao theo thứ hạng, từ trên xuống", "prizes go down the ranking from its top")
    fallback: dict[GateFallback, Text] = {
        "LEAVE_EMPTY": Text("không đủ người thì giải để trống", "where there are too few, prizes stay empty"),
        "RELAX": Text(
            "không đủ người thì xét tiếp mức điểm kế dưới", "where there are too few, the next lower score follows"
        ),
    }
    return say(
        "giải trao theo thứ hạng cho người {what}; {fallback}; người chưa đạt vẫn được xếp hạng",
        "prizes go down the ranking to people with {what}; {fallback}; others are ranked all the same",
        what=what,
        fallback=fallback[rules.gate_fallback],
    )


def _reached(gate: PrizeGate) -> Text | None:
    if gate.kind == "NONE":
        return None
    if gate.kind == "ALL_CORRECT":
        return Text("đúng tất cả các câu", "every answer right")
    if gate.kind == "MIN_SCORE":
        return say("đạt ít nhất {least}", "at least {least}", least=points_of(gate.least))
    return say("đúng ít nhất {least} câu", "at least {least} right answers", least=gate.least)


def _prizes(listed_prizes: Sequence[Prize], settings: Settings) -> Table:
    head = (
        Text("Giải", "Prize"),
        Text("Số lượng", "Number"),
        Text("Giá trị mỗi giải", "Value of each"),
        Text("Cách trao", "How it is given"),
    )
    return Table(head, tuple(_prize(prize, settings) for prize in listed_prizes))


def _prize(prize: Prize, settings: Settings) -> tuple[Text, ...]:
    number = say("{n}", "{n}", n=prize.slots)
    if prize.per_division:
        number = say("{n} mỗi bảng", "{n} in each division", n=prize.slots)
    worth = [money(prize.value)] if prize.value else []
    worth += [both(prize.gift.of)] if prize.gift is not None else []
    return both(prize.name.of), number, listed(worth) if worth else Text("–", "–"), _given(prize, settings)


def _given(prize: Prize, settings: Settings) -> Text:
    how = {
        "RANKED": Text("theo thứ hạng", "by rank"),
        "LUCKY": say(
            "bốc thăm trong những người đúng ít nhất {least} câu{whom}",
            "drawn among people with at least {least} right answers{whom}",
            least=prize.least_correct,
            whom=Text(", kể cả người đã có giải", ", winners included")
            if prize.among_winners
            else Text(" và chưa có giải nào", " who hold no other prize"),
        ),
        "SPREADING": say(
            "cho người mời được nhiều người dự thi nhất bằng mã mời{cap}",
            "to who brought most contestants in with their invitation code{cap}",
            cap=say(", tính tối đa {n} người mỗi ngày", ", at most {n} a day counting", n=prize.per_day_cap)
            if prize.per_day_cap
            else NOTHING,
        ),
        "YOUNGEST": Text("cho người trẻ nhất", "to the youngest"),
        "OLDEST": Text("cho người cao tuổi nhất", "to the oldest"),
        "FARTHEST": Text("cho người ở xa nhất", "to the farthest"),
    }[prize.kind]
    if prize.division is None:
        return how
    named = next((one.name for one in settings.who.divisions if one.key == prize.division), Words(prize.division))
    return say("{how}, bảng {division}", "{how}, {division}", how=how, division=named)


def _once(settings: Settings) -> Clause:
    return Clause(
        {
            "ROUND": Text(
                "Trong một vòng mỗi người nhận tối đa một giải. Người đã có giải ở vòng trước vẫn được xét ở vòng sau.",
                "Nobody receives two prizes of one round. Winners of earlier rounds may win again in later ones.",
            ),
            "CONTEST": Text(
                "Trong cả cuộc thi mỗi người nhận tối đa một giải cá nhân. Ở vòng sau, giải bỏ qua người đã có giải và"
                " chuyển cho người kế tiếp. Các vòng xét theo thứ tự đóng.",
                "Nobody receives two individual prizes of the contest. In later rounds a prize passes over who already"
                " has one to the next person. Rounds are taken in the order of closing.",
            ),
            "NONE": Text("Một người có thể nhận nhiều giải.", "One person may receive several prizes."),
        }[settings.one_prize_per]
    )


def _pass_down(settings: Settings) -> Clause:
    rankings = [one.ranking for one in settings.rounds] + [one.ranking for one in settings.overall]
    kept = [rules for rules in rankings if rules.prizes and not rules.pass_down]
    passing = [rules for rules in rankings if rules.prizes and rules.pass_down]
    moved = Text(
        "Người bị loại khi xác minh, không trả lời đúng hạn hoặc từ chối giải: giải chuyển cho người kế tiếp đủ điều"
        " kiện và được xác minh lại; số dự đoán đúng đã chốt không đổi.",
        "Where a winner is turned down, does not answer in time or declines, the prize passes to the next person, who"
        " is checked in turn; a frozen prediction target stays.",
    )
    stays = Text(
        "Người bị loại khi xác minh, không trả lời đúng hạn hoặc từ chối giải: giải đó để trống.",
        "Where a winner is turned down, does not answer in time or declines, the prize stays empty.",
    )
    if passing and kept:
        where = listed(
            [one.name for one in settings.rounds if one.ranking.prizes and not one.ranking.pass_down]
            + [one.name for one in settings.overall if one.ranking.prizes and not one.ranking.pass_down]
        )
        return clause(
            "{moved} Riêng {where}: giải đó để trống.", "{moved} In {where} it stays empty.", moved=moved, where=where
        )
    return Clause(stays if kept else moved)


def _winner_check(settings: Settings) -> Clause:
    return clause(
        "Trước khi trao giải, Tổ Thư ký đối chiếu họ tên, ngày sinh, số căn cước và nơi ở hoặc nơi làm việc với thông"
        " tin đăng ký. Người đạt giải trả lời trong {days} kể từ khi được liên hệ. Giải nhận trực tiếp, qua người được"
        " ủy quyền hoặc chuyển khoản.",
        "Before a prize is handed over the secretariat compares name, birth date, identity number and residence or work"
        " with the registration. Winners answer within {days} of being asked. Prizes are collected in person, by a"
        " representative or by transfer.",
        days=counted(settings.winner_days, "ngày", "day", "days"),
    )


# ── Lists over several rounds ───────────────────────────────────────────────────────────────────────────────────


def lists(settings: Settings) -> Article | None:
    """Lists over several rounds, with their prizes."""
    if not settings.overall:
        return None
    clauses = tuple(_list(one, settings) for one in settings.overall)
    return Article("lists", Text("Xếp hạng chung nhiều vòng", "Lists over several rounds"), clauses)


def _list(one: Overall, settings: Settings) -> Clause:
    scope = [other for other in settings.rounds if not one.rounds or other.key in one.rounds]
    how = {
        "BEST_ROUND": Text("kết quả ở vòng tốt nhất của mỗi người", "everybody's best single round"),
        "TOTAL": Text(
            "tổng các lượt được tính của những vòng đã tham gia",
            "the sums over the counting attempts of rounds entered",
        ),
        "ROUNDS_ENTERED": Text("số vòng đã tham gia trước, rồi tổng các vòng", "rounds entered first, then the sums"),
        "FINAL": Text("kết quả vòng chung kết", "the result of the final"),
    }[one.overall_rule]
    keys = keys_of(settings, one) if scope else one.ranking.keys
    order = [*_keys(keys), _ties(one.ranking.tie_policy)]
    if one.teams is not None:
        order.append(team(one.teams))
    if one.ranking.prizes:
        order.append(_gate(one.ranking))
    return Clause(
        say(
            "{list} ({rounds}): theo {how}, xếp lần lượt:",
            "{list} ({rounds}): by {how}, ranked in order by:",
            list=one.name,
            rounds=listed([other.name for other in scope]),
            how=how,
        ),
        points(*order),
        _prizes(one.ranking.prizes, settings) if one.ranking.prizes else None,
    )


# ── Units and places ────────────────────────────────────────────────────────────────────────────────────────────


def collective(settings: Settings) -> Article | None:
    """Prizes for units or places."""
    clauses = []
    if settings.unit_levels:
        clauses.append(
            clause(
                "Đơn vị được xếp theo các cấp: {levels}. Người dự thi chọn đơn vị ở cấp bất kỳ; số liệu cộng dồn lên"
                " cấp trên.",
                "Units stand on these levels: {levels}. Contestants pick a unit of any level; counts roll up.",
                levels=listed([Text(level, level) for level in settings.unit_levels], (", ", ", ")),
            )
        )
    if not settings.collective:
        return Article("units", Text("Đơn vị", "Units"), tuple(clauses)) if clauses else None
    clauses += [_group(one, settings) for one in settings.collective]
    clauses += [
        clause(
            "Mỗi người tính cho đúng một đơn vị hoặc địa phương. Người không xét giải không được tính. Số lượng thành"
            " viên do đơn vị khai, Tổ Thư ký duyệt và khóa trước khi cuộc thi mở; đơn vị không ai dự thi vẫn có tên với"
            " số 0.",
            "Everybody counts for exactly one unit or place; people hors concours do not count. Headcounts are declared"
            " by the unit, approved by the secretariat and locked before the contest opens; units with nobody are"
            " listed with 0.",
        ),
        clause(
            "Bằng nhau thì xét thước đo còn lại (số người hoặc tỷ lệ), rồi thời điểm đạt số cuối cùng sớm hơn, rồi cùng"
            " nhận giải.",
            "Equals are told apart by the other measure (people or rate), then by who reached the final count earlier;"
            " then they share the place.",
        ),
    ]
    return Article("collective", Text("Giải tập thể", "Collective prizes"), tuple(clauses))


def _group(one: Collective, settings: Settings) -> Clause:
    scope = [other for other in settings.rounds if not one.rounds or other.key in one.rounds]
    rules = [say("xếp theo {measure};", "ranked by {measure};", measure=_measure(one, settings))]
    if "C_RATE" in (one.measure, one.second) or one.bands:
        rules.append(
            say(
                "chỉ xét nơi có từ {least} trở lên; tỷ lệ tính trên {per} người;",
                "only those with {least} or more; the rate is per {per};",
                least=counted(one.min_headcount, "người", "person", "people"),
                per=one.rate_per,
            )
        )
    if one.bands:
        rules.append(
            say(
                "xếp riêng theo nhóm quy mô với các mốc {bands} người;",
                "ranked apart by size, with bounds at {bands};",
                bands=listed([say("{n}", "{n}", n=band) for band in one.bands], (", ", ", ")),
            )
        )
    rules.append(
        {
            "CLOSE": Text(
                "tính theo đơn vị, địa phương ghi lúc vòng cuối trong danh sách đóng;",
                "counted for the unit or place on the record when the last round of the list closed;",
            ),
            "FIRST_ATTEMPT": Text(
                "tính theo đơn vị, địa phương ghi lúc thi lượt hợp lệ đầu tiên;",
                "counted for the unit or place on the record at the first valid attempt;",
            ),
        }[one.unit_at]
    )
    prize = (
        say("{n} nơi đứng đầu được trao giải", "the first {n} receive a prize", n=one.slots)
        if one.slots
        else Text("danh sách này không có giải", "this list gives no prize")
    )
    worth = say(", mỗi giải {value}", ", {value} each", value=money(one.value)) if one.value else NOTHING
    rules.append(say("{prize}{worth}.", "{prize}{worth}.", prize=prize, worth=worth))
    return Clause(
        say(
            "{list} (cấp {level}; {rounds}):",
            "{list} (level: {level}; {rounds}):",
            list=one.name,
            level=_LEVELS.get(one.level, Text(one.level, one.level)),
            rounds=Text("cả cuộc thi", "the whole contest")
            if len(scope) == len(settings.rounds)
            else listed([other.name for other in scope]),
        ),
        points(*rules),
    )


def _measure(one: Collective, settings: Settings) -> Text:
    base = _MEASURES[one.measure]
    if one.measure == "C_MEAN_TOP" or one.second == "C_MEAN_TOP":
        base = say(
            "{base}, lấy {n} người; thiếu người tính 0 điểm",
            "{base}, {n} of them; missing people count 0",
            base=base,
            n=one.top_n,
        )
    if one.second is not None:
        base = say("{base}: {second}", "{base}: {second}", base=base, second=_MEASURES[one.second])
    if one.weights:
        known = {
            prize.key: prize.name
            for ranking in [
                *(other.ranking for other in settings.rounds),
                *(other.ranking for other in settings.overall),
            ]
            for prize in ranking.prizes
        }
        weights = [
            say("{prize} × {n}", "{prize} × {n}", prize=known.get(key, Words(key)), n=weight)
            for key, weight in sorted(one.weights.items())
        ]
        base = say("{base}, theo hệ số {weights}", "{base}, weighted {weights}", base=base, weights=listed(weights))
    return base


# ── Results ─────────────────────────────────────────────────────────────────────────────────────────────────────


def results(settings: Settings) -> Article:
    """When results come, and how to complain about them."""
    when = (
        say("trong {days} sau khi vòng thi đóng", "within {days} of closing", days=_days(settings.results_days))
        if settings.results_days
        else Text("ngay trong ngày vòng thi đóng", "on the day of closing")
    )
    complain = (
        say(
            "trong {days} sau ngày công bố, chậm nhất trước khi trao giải",
            "within {days} of the announcement, at the latest before the award",
            days=_working(settings.complaint_days),
        )
        if settings.complaint_days
        else Text("trước khi kết quả được công nhận chính thức", "before the results become final")
    )
    return Article(
        "results",
        Text("Công bố kết quả và khiếu nại", "Results and complaints"),
        (
            clause(
                "Kết quả được rà soát rồi công bố {when}, kèm số và ngày của quyết định công nhận, đáp án có căn cứ"
                " pháp lý, số người dự thi, số lượt thi và danh sách giải.",
                "Results are reviewed and announced {when}, with number and date of the decision, the answer key with"
                " its legal basis, the people, the attempts and the lists of prizes.",
                when=when,
            ),
            clause(
                "Khiếu nại được nhận {complain}: về điểm, lượt được tính, câu hỏi hoặc đáp án, điều kiện của người"
                " đạt giải, danh sách giải. Khiếu nại về một người đạt giải thì giải đó tạm giữ đến khi có trả lời.",
                "Contestants may complain {complain}: about their score, their counting attempt, a question or key, a"
                " winner's right to enter, or the list of prizes. A complaint about a winner holds that prize back.",
                complain=complain,
            ),
            clause(
                "Tổ Thư ký trả lời bằng văn bản trong {days}. Chỉ quyết định đính chính làm thay đổi kết quả chính"
                " thức; mọi bản kết quả đều được giữ.",
                "The secretariat answers in writing within {days}. Only a correction decision changes final results;"
                " every version of them is kept.",
                days=_working(settings.answer_days),
            ),
            clause(
                "Số liệu công bố phân biệt số người dự thi (mỗi người tính một lần) với số lượt thi.",
                "Published figures tell people (each counted once) from attempts.",
            ),
        ),
    )


def fair_play() -> Article:
    """What is not allowed, and what follows."""
    return Article(
        "fair_play",
        Text("Thi công bằng và xử lý vi phạm", "Fair play"),
        (
            clause(
                "Mỗi người dự thi bằng chính mình, một lần đăng ký. Không dùng nhiều tài khoản, không nhờ người thi hộ,"
                " không can thiệp vào hệ thống, không phát tán đáp án khi vòng còn mở.",
                "Everybody takes part in person and with one registration: no second account, no stand-in, no"
                " tampering, no spreading of answers while a round is open.",
            ),
            clause(
                "Dấu hiệu bất thường chỉ là căn cứ để xem xét; con người quyết định. Mức xử lý từ nhẹ đến nặng: nhắc"
                " nhở, hủy lượt thi, hủy kết quả vòng, hủy kết quả cuộc thi, không nhận dự thi lần sau. Mọi xử lý có lý"
                " do, người và thời điểm quyết định, và được khiếu nại.",
                "Unusual signs are advice only; a person decides. Sanctions, mildest first: warning, attempt invalid,"
                " round invalid, contest invalid, barred from later contests. Each has a reason, a person and a time,"
                " and can be complained about.",
            ),
        ),
    )


def certificates(settings: Settings) -> Article:
    """Who receives a certificate."""
    whom = (
        say(
            "người có lượt thi hợp lệ đạt từ {least}% tổng điểm trở lên",
            "everybody with a valid attempt of at least {least}% of the full score",
            least=settings.certificate_least,
        )
        if settings.certificate_least
        else Text("mọi người có ít nhất một lượt thi hợp lệ", "everybody with at least one valid attempt")
    )
    return Article(
        "certificates",
        Text("Giấy chứng nhận", "Certificates"),
        (
            clause(
                "Giấy chứng nhận tham gia cấp cho {whom}; giấy chứng nhận đạt giải cấp sau khi kết quả chính thức. Họ"
                " tên ghi đúng như đăng ký; mỗi giấy có số và mã để kiểm tra công khai.",
                "Certificates of participation go to {whom}; those of winners follow once results are final. Names"
                " stand as registered; each has a serial number and a code for a public check.",
                whom=whom,
            ),
        ),
    )


def _days(number: int) -> Text:
    return counted(number, "ngày", "day", "days")


def _working(number: int) -> Text:
    return counted(number, "ngày làm việc", "working day", "working days")
