"""The five steps of setting up a contest: every choice of the rulebook with its words, and in one plain sentence what
it means (ux §2.5)."""

from __future__ import annotations

from typing import Any

import msgspec
from flask_babel import lazy_gettext as words

from quizapp.rules.contest import EssayPart, Invited, LivePart, Prediction, Words
from quizapp.rules.provinces import PROVINCES
from quizapp.web.wizard_form import Choice, Field, Section

STEPS = (
    words("Nội dung"),
    words("Thời gian và lượt thi"),
    words("Người dự thi"),
    words("Luồng trực tiếp"),
    words("Kiểm tra"),
)
NO = Choice("", words("Không"))

KINDS = (
    Choice("self_paced", words("Tự làm bài"), words("Mở nhiều ngày, mỗi người vào thi lúc tiện.")),
    Choice("live", words("Trực tiếp"), words("Mọi người cùng trả lời một câu, theo người dẫn chương trình.")),
    Choice("essay", words("Thi viết"), words("Viết bài tự luận, giám khảo chấm.")),
    Choice("final", words("Chung kết"), words("Chỉ người được mời từ các vòng trước.")),
)
KEYS = (
    Choice("score", words("Điểm cao hơn")),
    Choice("correct", words("Số câu đúng nhiều hơn")),
    Choice("prediction_distance", words("Dự đoán gần số đúng hơn")),
    Choice("duration", words("Thời gian làm bài ngắn nhất")),
    Choice("submitted_at", words("Thời điểm nộp sớm nhất")),
    Choice("response_time", words("Thời gian phản hồi ngắn hơn (trực tiếp)")),
    Choice("essay_score", words("Điểm tự luận cao hơn")),
    Choice("rounds_entered", words("Tham gia nhiều vòng hơn (danh sách chung)")),
    Choice("lot", words("Bốc thăm")),
)
PRESETS = (
    Choice(
        "PREDICTION_DURATION",
        words("Điểm → dự đoán → làm bài ngắn nhất"),
        words("Hợp với thi tuần có câu dự đoán: bằng điểm thì xem ai đoán gần hơn, rồi ai làm nhanh hơn."),
    ),
    Choice(
        "PREDICTION_EARLIEST",
        words("Điểm → dự đoán → nộp sớm nhất"),
        words("Như trên, nhưng ai nộp sớm hơn trong tuần thì đứng trước."),
    ),
    Choice("SPEED", words("Điểm → làm bài ngắn nhất → nộp sớm nhất"), words("Không có câu dự đoán.")),
    Choice(
        "LIVE_FAIR",
        words("Trực tiếp trên livestream: số câu đúng → dự đoán → phản hồi"),
        words("Tốc độ xét sau cùng, nên hình chậm vài giây không làm ai thiệt."),
    ),
    Choice(
        "LIVE_POINTS",
        words("Trực tiếp trong hội trường: điểm → số câu đúng → phản hồi"),
        words("Mọi người cùng nhìn một màn hình, điểm có thưởng tốc độ."),
    ),
)


def _words(name: str, label: Any, hint: Any = "", **more: Any) -> Field:
    return Field(name, label, "words", hint, **more)


def _prizes(name: str) -> Field:
    """The table of prizes of a ranking."""
    return Field(
        name,
        words("Các giải"),
        "table",
        words("Trao từ trên xuống theo thứ tự dòng. Ví dụ: 1 Giải Nhất, 2 Giải Nhì, 3 Giải Ba, 10 Giải Khuyến khích."),
        add=words("Thêm giải"),
        fresh={"slots": 1, "kind": "RANKED", "value": 0, "least_correct": 0, "per_day_cap": 0},
        columns=(
            Field("key", "", "key"),
            _words("name", words("Tên giải")),
            Field("slots", words("Số lượng"), "number", least=1, most=10_000),
            Field("value", words("Giá trị mỗi giải (đồng)"), "number"),
            _words("gift", words("Hiện vật"), optional=True, more=True),
            Field("kind", words("Cách trao"), "pick", choices=PRIZE_KINDS, more=True),
            Field(
                "least_correct",
                words("Giải may mắn: đúng ít nhất"),
                "number",
                words("Ví dụ 6 trong 8 câu."),
                most=100,
                more=True,
            ),
            Field("among_winners", words("Giải may mắn: cả người đã có giải"), "tick", more=True),
            Field(
                "per_day_cap",
                words("Giải lan tỏa: tối đa mỗi ngày"),
                "number",
                words("0 là không giới hạn."),
                most=10_000,
                more=True,
            ),
            Field("division", words("Chỉ cho bảng có mã"), "text", longest=60, optional=True, more=True),
            Field("per_division", words("Mỗi bảng đều có"), "tick", more=True),
        ),
    )


def _keys(name: str) -> Field:
    return Field(
        name,
        words("Tiêu chí, xét lần lượt từ trên xuống"),
        "table",
        words("Bằng nhau ở dòng trên mới xét dòng dưới. «Ngắn nhất» là làm nhanh; «sớm nhất» là nộp trước."),
        add=words("Thêm tiêu chí"),
        plain_rows=True,
        fresh={"is": "lot"},
        columns=(Field("is", words("Tiêu chí"), "pick", choices=KEYS),),
    )


def _ranking(path: str) -> tuple[Field, ...]:
    return (
        _keys(f"{path}keys"),
        Field(
            f"{path}tie_policy",
            words("Bằng nhau ở mọi tiêu chí"),
            "choice",
            choices=(
                Choice(
                    "LOT", words("Bốc thăm"), words("Công khai, từ nguồn ngẫu nhiên nêu trước, ai cũng tính lại được.")
                ),
                Choice("SHARE", words("Đồng hạng"), words("Cùng nhận giải, hạng sau bỏ trống: 1, 2, 2, 4.")),
            ),
        ),
    )


def _giving(path: str) -> tuple[Field, ...]:
    return (
        _prizes(f"{path}prizes"),
        Field(
            f"{path}prize_gate.kind",
            words("Điều kiện xét giải"),
            "choice",
            choices=(
                Choice("NONE", words("Không cần"), words("Ai đứng đầu thì nhận giải.")),
                Choice("ALL_CORRECT", words("Đúng tất cả"), words("Chỉ người đạt điểm tối đa được xét giải.")),
                Choice("MIN_SCORE", words("Đạt số điểm ít nhất"), words("Ví dụ từ 8 điểm trở lên.")),
                Choice("MIN_CORRECT", words("Đúng số câu ít nhất"), words("Ví dụ từ 6 trong 8 câu.")),
            ),
        ),
        Field(
            f"{path}prize_gate.least",
            words("Số điểm hoặc số câu ít nhất"),
            "number",
            most=100_000,
            when=(f"{path}prize_gate.kind", ("MIN_SCORE", "MIN_CORRECT")),
        ),
        Field(
            f"{path}gate_fallback",
            words("Khi không đủ người đạt điều kiện"),
            "choice",
            choices=(
                Choice("LEAVE_EMPTY", words("Để trống giải"), words("Không trao giải còn lại.")),
                Choice(
                    "RELAX",
                    words("Xét mức điểm kế dưới"),
                    words("Ví dụ không ai đúng 10 câu thì xét người đúng 9 câu."),
                ),
            ),
            more=True,
        ),
        Field(
            f"{path}pass_down",
            words("Người bị loại hoặc từ chối thì giải chuyển cho người kế tiếp"),
            "tick",
            more=True,
        ),
    )


def _teams(at: str) -> tuple[Field, ...]:
    """Teams: how many count, what missing members mean, how many teams win."""
    return (
        Field(
            f"{at}best",
            words("Đội: tính mấy người cao nhất"),
            "number",
            words("Để trống nếu không xếp hạng đội."),
            least=1,
            most=1000,
            optional=True,
            more=True,
        ),
        Field(
            f"{at}policy",
            words("Đội thiếu người"),
            "pick",
            choices=(
                Choice("MISSING_ZERO", words("Người thiếu tính 0 điểm")),
                Choice("MEAN_PRESENT", words("Chia cho người có mặt")),
            ),
            optional=True,
            more=True,
        ),
        Field(f"{at}least", words("Đội: có mặt ít nhất"), "number", least=1, most=1000, optional=True, more=True),
        Field(f"{at}slots", words("Số đội được giải"), "number", most=1000, optional=True, more=True),
    )


PRIZE_KINDS = (
    Choice("RANKED", words("Theo thứ hạng")),
    Choice("LUCKY", words("May mắn: bốc thăm")),
    Choice("SPREADING", words("Lan tỏa: mời được nhiều người nhất")),
    Choice("YOUNGEST", words("Người trẻ nhất")),
    Choice("OLDEST", words("Người cao tuổi nhất")),
    Choice("FARTHEST", words("Người ở xa nhất")),
)
DIFFICULTIES = (
    Choice("", words("Mọi mức độ")),
    Choice("know", words("Nhận biết")),
    Choice("understand", words("Thông hiểu")),
    Choice("apply", words("Vận dụng")),
)


# ── Step 1 ──────────────────────────────────────────────────────────────────────────────────────────────────────

NAMES = Section(
    "ten",
    words("Tên và đơn vị tổ chức"),
    (
        _words(
            "name",
            words("Tên cuộc thi"),
            words("Ghi đầy đủ như trên quyết định; tên này in trên thể lệ và giấy chứng nhận."),
        ),
        _words("organizer", words("Đơn vị tổ chức"), words("Ví dụ: Bảo hiểm xã hội tỉnh P.")),
        _words(
            "contact",
            words("Nơi liên hệ"),
            words("Người dự thi hỏi thể lệ, dữ liệu cá nhân ở đây. Ví dụ: Tổ Thư ký, 0234 000 000."),
            optional=True,
        ),
        Field("purpose", words("Mục đích"), "words_area", words("Một câu, in ở Điều 1."), longest=1000, optional=True),
        _words(
            "superior", words("Cơ quan cấp trên"), words("In trên đầu văn bản, bên trái."), optional=True, more=True
        ),
        Field("place", words("Nơi ký văn bản"), hint=words("Ví dụ: Hà Nội."), longest=80, more=True),
        Field(
            "address_form",
            words("Cách xưng hô trên trang của người dự thi"),
            "pick",
            choices=(
                Choice("", words("Không xưng hô")),
                Choice("bạn", words("bạn")),
                Choice("bà con", words("bà con")),
                Choice("anh chị", words("anh chị")),
                Choice("quý vị", words("quý vị")),
            ),
            more=True,
        ),
        Field("decides", words("Ai quyết định cuối cùng"), "words_area", longest=500, more=True),
        Field(
            "witnesses",
            words("Email của bên làm chứng"),
            "lines",
            words("Mỗi dòng một địa chỉ. Bên làm chứng nhận mã niêm phong kết quả."),
            more=True,
        ),
    ),
)

ROUNDS = Field(
    "rounds",
    words("Các vòng thi"),
    "table",
    words("Mỗi vòng có thời gian, xếp hạng và giải riêng. Vòng mới lấy quy tắc của vòng cuối, lùi một tuần."),
    add=words("Thêm vòng"),
    columns=(
        Field("base", "", "key"),
        Field("fresh", "", "key"),
        _words("name", words("Tên vòng"), longest=120),
        Field("kind", words("Hình thức"), "pick", choices=KINDS),
    ),
)


def paper(topics: tuple[Choice, ...]) -> Section:
    """What people are asked in a round."""
    return Section(
        "de",
        words("Đề thi"),
        (
            Field(
                "paper.kind",
                words("Cách ra đề"),
                "choice",
                choices=(
                    Choice(
                        "drawn",
                        words("Rút ngẫu nhiên từ ngân hàng"),
                        words("Mỗi lượt một đề khác nhau. Nên dùng khi cho thi nhiều lượt."),
                    ),
                    Choice(
                        "fixed",
                        words("Một đề chung"),
                        words("Mọi người cùng các câu hỏi. Chỉ nên dùng khi mỗi người một lượt."),
                    ),
                ),
            ),
            Field(
                "paper.blueprint",
                words("Ma trận đề"),
                "table",
                words("Mỗi dòng: rút bao nhiêu câu của chủ đề nào. Ví dụ: 3 câu hưu trí, 2 câu thủ tục."),
                add=words("Thêm dòng"),
                fresh={"topic": topics[0].value if topics else "", "count": 1, "points": 1},
                columns=(
                    Field("topic", words("Chủ đề"), "pick", choices=topics),
                    Field("difficulty", words("Mức độ"), "pick", choices=DIFFICULTIES, optional=True),
                    Field("count", words("Số câu"), "number", least=1, most=100),
                    Field("points", words("Điểm mỗi câu"), "number", least=1, most=1000),
                ),
                when=("paper.kind", ("drawn",)),
            ),
            Field(
                "paper.bank",
                words("Ngân hàng ít nhất"),
                "number",
                words("Số câu đã duyệt mà thể lệ hứa. Ví dụ 60; ghi 0 thì hệ thống nhắc khi ít hơn 5 lần đề."),
                most=10_000,
                when=("paper.kind", ("drawn",)),
            ),
            Field(
                "paper.questions",
                words("Mã câu hỏi"),
                "lines",
                words(
                    "Đề chung: mỗi dòng một mã, theo thứ tự ra đề. Đề rút: chỉ rút trong các câu này; để trống là cả"
                    " ngân hàng."
                ),
                more=True,
            ),
            Field("paper.points", words("Đề chung: điểm mỗi câu"), "number", least=1, most=1000, more=True),
            Field(
                "paper.question_points",
                words("Đề chung: câu có điểm riêng"),
                "pairs",
                words("Mỗi dòng như «huu-tri-001 = 2»."),
                more=True,
            ),
            Field(
                "paper.marking",
                words("Câu có nhiều đáp án đúng"),
                "choice",
                choices=(
                    Choice("ALL_OR_NOTHING", words("Đúng hết mới có điểm"), words("Dễ hiểu, dùng phổ biến.")),
                    Choice(
                        "PARTIAL",
                        words("Được một phần điểm"),
                        words("Đúng 2 trên 3 đáp án, không chọn sai: được 2/3 số điểm."),
                    ),
                ),
                more=True,
            ),
            Field("paper.shuffle_questions", words("Đảo thứ tự câu hỏi cho từng lượt"), "tick", more=True),
            Field("paper.shuffle_options", words("Đảo thứ tự phương án cho từng lượt"), "tick", more=True),
        ),
    )


ESSAY = Section(
    "tu-luan",
    words("Phần tự luận"),
    (
        Field("essay.prompt", words("Đề bài"), "words_area", longest=2000),
        Field("essay.min_words", words("Số chữ ít nhất"), "number", words("Ví dụ 300."), most=20_000),
        Field("essay.max_words", words("Số chữ nhiều nhất"), "number", words("Ví dụ 1.000."), least=1, most=20_000),
        Field("essay.max_points", words("Điểm tối đa"), "number", words("Ví dụ 5."), least=1, most=1000),
        Field(
            "essay.essay_gate",
            words("Điểm trắc nghiệm ít nhất để được chấm"),
            "number",
            words("Để trống thì chấm mọi bài. Đông người thì nên đặt, ví dụ 15 trên 20."),
            most=100_000,
            optional=True,
        ),
        Field(
            "essay.combine",
            words("Điểm tự luận dùng thế nào"),
            "choice",
            choices=(
                Choice(
                    "TIE_BREAK", words("Xếp người bằng điểm"), words("Thêm tiêu chí «Điểm tự luận» ở phần Xếp hạng.")
                ),
                Choice("ADD", words("Cộng vào tổng điểm"), words("Ví dụ 20 điểm trắc nghiệm + 5 điểm tự luận.")),
            ),
        ),
    ),
    switch="essay",
    fresh=msgspec.to_builtins(EssayPart(prompt=Words(""))),
    switch_words=words("Vòng này có phần tự luận"),
    folded=True,
)


# ── Step 2 ──────────────────────────────────────────────────────────────────────────────────────────────────────

TIMES = Field(
    "times",
    words("Thời gian từng vòng"),
    "table",
    words(
        "Giờ Việt Nam. «Đến hết ngày 08/3», «24 giờ 00 ngày 08/3» và «đến 23 giờ 59 ngày 08/3» đều là đóng lúc 00:00:00"
        " ngày 09/3."
    ),
    columns=(
        Field("base", "", "key"),
        Field("opens_at", words("Mở lúc"), "moment"),
        Field("closes_at", words("Đóng lúc"), "moment", optional=True),
        Field("closes_phrase", words("Cách ghi lúc đóng"), "text", longest=120),
    ),
)

ATTEMPTS = Section(
    "luot",
    words("Lượt thi"),
    (
        Field(
            "paper.time_limit",
            words("Thời gian làm một bài (phút)"),
            "minutes",
            words("Ví dụ 10 phút cho 10 câu. Tính theo đồng hồ máy chủ, mất mạng vẫn chạy."),
            least=30,
            most=86_400,
        ),
        Field(
            "max_attempts",
            words("Số lượt mỗi người"),
            "number",
            words("Ví dụ 3. Để trống là không giới hạn."),
            least=1,
            most=100,
            optional=True,
        ),
        Field(
            "counting_attempt",
            words("Lượt nào được tính"),
            "choice",
            choices=(
                Choice("BEST", words("Lượt tốt nhất"), words("Điểm cao nhất; bằng điểm thì lượt nhanh hoặc sớm hơn.")),
                Choice("FIRST", words("Lượt đầu tiên"), words("Các lượt sau chỉ để luyện.")),
                Choice("LAST", words("Lượt cuối cùng"), words("Thi lại thì bỏ kết quả cũ, kể cả khi tốt hơn.")),
            ),
        ),
        Field(
            "close_policy",
            words("Bài đang làm khi vòng đóng"),
            "choice",
            choices=(
                Choice(
                    "CUT",
                    words("Nộp ngay lúc đóng"),
                    words("Vào lúc 21:55, đóng lúc 22:00: có 5 phút, bài vẫn hợp lệ."),
                ),
                Choice("FINISH", words("Làm cho hết giờ"), words("Vào lúc 21:55 vẫn đủ 10 phút, nộp đến 22:05.")),
            ),
        ),
        Field(
            "cooldown",
            words("Nghỉ giữa hai lượt (phút)"),
            "minutes",
            words("0 là thi lại ngay. Ví dụ 60: nộp xong một giờ mới thi tiếp."),
            most=86_400,
            more=True,
        ),
        Field("change_answers", words("Được đổi câu trả lời trước khi nộp"), "tick", more=True),
        Field("resume", words("Mất mạng thì vào làm tiếp lượt đó"), "tick", more=True),
        Field("practice", words("Có thi thử, không trùng câu với vòng sắp tới"), "tick", more=True),
        Field(
            "show_after",
            words("Nộp bài xong thì thấy"),
            "choice",
            choices=(
                Choice("SCORE_ONLY", words("Điểm của mình"), words("Không hiện đáp án khi vòng còn mở.")),
                Choice("NOTHING", words("Chưa thấy gì"), words("Điểm chỉ hiện khi vòng đã đóng.")),
            ),
            more=True,
        ),
        Field("full_after_close", words("Vòng đóng rồi thì xem lại bài với đáp án và căn cứ"), "tick", more=True),
        Field(
            "board",
            words("Bảng xếp hạng khi vòng còn mở"),
            "choice",
            choices=(
                Choice("SCORE_ONLY", words("Chỉ điểm của mình"), words("Không ai biết người khác được bao nhiêu.")),
                Choice("TOP", words("Những người đứng đầu"), words("Sôi nổi, nhưng có thể gợi ý câu dự đoán.")),
                Choice("HIDDEN", words("Ẩn hẳn"), words("Chỉ có sau khi đóng.")),
            ),
            more=True,
        ),
        Field(
            "board_top", words("Số người trên bảng"), "number", least=1, most=100, when=("board", ("TOP",)), more=True
        ),
    ),
)

PREDICTION = Section(
    "du-doan",
    words("Câu hỏi dự đoán"),
    (
        Field(
            "prediction.target",
            words("Dự đoán điều gì"),
            "choice",
            words("Câu hỏi hiện cho người thi được viết đúng theo lựa chọn này."),
            choices=(
                Choice(
                    "P_ALLCORRECT", words("Số người đúng tất cả"), words("«Có bao nhiêu người trả lời đúng tất cả?»")
                ),
                Choice("P_PEOPLE", words("Số người dự thi"), words("Mỗi người tính một lần.")),
                Choice("P_ATTEMPTS", words("Số lượt thi"), words("Một người thi ba lượt là ba.")),
                Choice("P_PERCENT", words("Tỷ lệ % người đúng tất cả"), words("Ví dụ 34,55.")),
                Choice(
                    "P_LIVE", words("Số người trong phòng thi"), words("Chỉ cho vòng trực tiếp, đếm lúc khóa câu cuối.")
                ),
            ),
        ),
        Field(
            "prediction.prediction_scope",
            words("Được dự đoán mấy lần"),
            "choice",
            choices=(
                Choice(
                    "PER_ROUND_LAST",
                    words("Một số cho cả vòng, sửa được"),
                    words("Số lưu sau cùng trước khi đóng được tính."),
                ),
                Choice("PER_ROUND_FIRST", words("Một số, không sửa"), words("Số ghi ở lượt đầu tiên được tính.")),
                Choice(
                    "PER_ATTEMPT", words("Mỗi lượt một số"), words("Thi nhiều lượt thì đoán được nhiều lần: nên tránh.")
                ),
            ),
        ),
        Field(
            "prediction.decimals",
            words("Số chữ số sau dấu phẩy"),
            "number",
            least=2,
            most=5,
            when=("prediction.target", ("P_PERCENT",)),
            more=True,
        ),
        Field("prediction.not_over", words("Đoán quá số đúng thì xếp sau"), "tick", more=True),
        Field("prediction.lower_first", words("Cùng chênh lệch thì ưu tiên số thấp hơn"), "tick", more=True),
        Field(
            "prediction.public_step",
            words("Làm tròn số đếm công khai đến"),
            "number",
            words("1.000 là chỉ hiện hàng nghìn, để không ai biết trước số cần đoán. 0 là ẩn."),
            most=10_000_000,
            more=True,
        ),
    ),
    switch="prediction",
    fresh=msgspec.to_builtins(Prediction()),
    switch_words=words("Vòng này có câu hỏi dự đoán"),
)

RANKING = Section("xep-hang", words("Xếp hạng"), _ranking("ranking."))
GIVING = Section("giai", words("Giải cá nhân"), _giving("ranking."))

AFTERWARDS = Section(
    "sau-do",
    words("Cả cuộc thi"),
    (
        Field(
            "one_prize_per",
            words("Một người nhận được mấy giải"),
            "choice",
            choices=(
                Choice("ROUND", words("Mỗi vòng một giải"), words("Người thắng tuần 1 vẫn được giải tuần 2.")),
                Choice(
                    "CONTEST",
                    words("Cả cuộc thi một giải"),
                    words("Đã có giải tuần 1 thì tuần 2 giải chuyển cho người sau."),
                ),
                Choice("NONE", words("Không giới hạn"), words("Một người có thể nhận nhiều giải trong một vòng.")),
            ),
        ),
        Field(
            "results_days",
            words("Công bố kết quả trong (ngày)"),
            "number",
            words("Tính từ khi vòng đóng. Ví dụ 7."),
            most=90,
        ),
        Field(
            "complaint_days",
            words("Nhận khiếu nại trong (ngày làm việc)"),
            "number",
            words("Tính từ ngày công bố. Ví dụ 5; không tính thứ Bảy, Chủ nhật, ngày lễ."),
            most=60,
        ),
        Field("answer_days", words("Trả lời khiếu nại trong (ngày làm việc)"), "number", least=1, most=60, more=True),
        Field("winner_days", words("Người đạt giải trả lời trong (ngày)"), "number", least=1, most=60, more=True),
        Field(
            "certificate_least",
            words("Giấy chứng nhận tham gia: từ % điểm"),
            "number",
            words("0 là mọi người có lượt thi hợp lệ."),
            most=100,
            more=True,
        ),
    ),
)

OVERALL = Section(
    "danh-sach-chung",
    words("Danh sách chung nhiều vòng"),
    (
        Field(
            "overall",
            words("Danh sách chung"),
            "table",
            words("Ví dụ: tổng điểm bốn tuần. Không cần thì để trống, mỗi vòng tự có xếp hạng."),
            add=words("Thêm danh sách chung"),
            fresh={
                "name": {"vi": "Toàn cuộc thi", "en": "The whole contest"},
                "overall_rule": "TOTAL",
                "ranking": {
                    "keys": ["score", "rounds_entered", "duration", "lot"],
                    "tie_policy": "LOT",
                    "prize_gate": {"kind": "NONE", "least": 0},
                    "gate_fallback": "LEAVE_EMPTY",
                    "pass_down": True,
                },
            },
            columns=(
                Field("key", "", "key"),
                _words("name", words("Tên danh sách")),
                Field(
                    "overall_rule",
                    words("Tính theo"),
                    "pick",
                    choices=(
                        Choice("TOTAL", words("Tổng các vòng")),
                        Choice("BEST_ROUND", words("Vòng tốt nhất của mỗi người")),
                        Choice("ROUNDS_ENTERED", words("Số vòng đã tham gia")),
                        Choice("FINAL", words("Kết quả chung kết")),
                    ),
                ),
                Field("rounds", words("Mã các vòng"), "lines", words("Mỗi dòng một mã; để trống là mọi vòng.")),
                *_ranking("ranking."),
                *_giving("ranking."),
                *_teams("teams."),
            ),
        ),
    ),
    folded=True,
)


# ── Step 3 ──────────────────────────────────────────────────────────────────────────────────────────────────────

ASK = (
    Choice("off", words("Không hỏi")),
    Choice("optional", words("Tùy chọn")),
    Choice("required", words("Bắt buộc")),
)


def _asked(name: str, label: Any, hint: Any = "", more: bool = False) -> Field:
    return Field(f"fields.{name}", label, "pick", hint, choices=ASK, more=more)


WHO = Section(
    "ai-duoc-thi",
    words("Ai được dự thi"),
    (
        _words("status", words("Đối tượng"), words("Ví dụ: Công dân Việt Nam ở trong nước và nước ngoài.")),
        Field(
            "min_age",
            words("Đủ bao nhiêu tuổi"),
            "number",
            words("Ví dụ 14. Để trống là không giới hạn. Dưới 16 tuổi cần cha mẹ hoặc người giám hộ đồng ý."),
            most=120,
            optional=True,
        ),
        Field(
            "age_on",
            words("Tính tuổi vào ngày"),
            "choice",
            choices=(
                Choice("ATTEMPT", words("Ngày thi từng lượt"), words("Tròn 14 tuổi giữa tuần thì từ hôm đó được thi.")),
                Choice(
                    "OPENING",
                    words("Ngày cuộc thi mở"),
                    words("Chưa đủ tuổi hôm khai mạc thì cả cuộc thi không được thi."),
                ),
            ),
        ),
        Field(
            "involved",
            words("Người làm việc cho cuộc thi"),
            "choice",
            words("Ban Tổ chức, Tổ Thư ký, Tổ ra đề, kỹ thuật…"),
            choices=(
                Choice("BLOCK", words("Không được dự thi"), words("Đăng ký sẽ bị từ chối.")),
                Choice(
                    "HORS_CONCOURS",
                    words("Được thi, không xét giải"),
                    words("Làm bài để biết, không xếp hạng, không tính số liệu."),
                ),
            ),
        ),
        Field("families_involved", words("Quy định này gồm cả gia đình họ"), "tick", more=True),
        Field(
            "provinces",
            words("Chỉ nhận người sống, làm việc hoặc học tại"),
            "many",
            words("Không chọn là cả nước."),
            choices=tuple(Choice(one.code, one.name.vi) for one in PROVINCES),
            more=True,
        ),
        Field(
            "must_take_part",
            words("Nhóm cần tham gia đầy đủ"),
            "words",
            words("Chỉ để báo cáo. Ví dụ: học sinh các trường trong danh sách."),
            optional=True,
            more=True,
        ),
        Field(
            "on_list_only",
            words("Chỉ nhận người trong danh sách có mã"),
            "tick",
            words("Dùng cho hội nghị: mã in trên thẻ đại biểu."),
            more=True,
        ),
        Field("time_accommodation", words("Người cần thêm giờ được đề nghị trước lượt đầu"), "tick", more=True),
    ),
    base="who",
)
FIELDS = Section(
    "dang-ky",
    words("Đăng ký hỏi những gì"),
    (
        _asked("full_name", words("Họ và tên")),
        _asked("birth_date", words("Ngày sinh"), words("Cần khi có điều kiện tuổi.")),
        _asked("phone", words("Số điện thoại"), words("Để liên hệ trao giải và phân biệt từng người.")),
        Field("fields.phone_confirmed", words("Xác nhận số điện thoại bằng mã"), "tick"),
        _asked(
            "identity_number", words("Số căn cước"), words("Chỉ lưu dạng mã hóa để so trùng; hỏi đầy đủ khi trao giải.")
        ),
        _asked("address", words("Tỉnh và xã"), words("Cần khi xếp hạng địa phương.")),
        _asked("unit", words("Đơn vị"), words("Cần khi xếp hạng đơn vị.")),
        _asked("sex", words("Giới tính"), more=True),
        _asked("email", words("Email"), more=True),
        _asked("other_paper", words("Giấy tờ khác (hộ chiếu…)"), more=True),
        _asked("occupation", words("Nghề nghiệp"), more=True),
        _asked("insurance_group", words("Nhóm tham gia bảo hiểm xã hội"), more=True),
        _asked("delegate_code", words("Mã đại biểu"), more=True),
        Field(
            "phone_shared_max",
            words("Một số điện thoại dùng cho"),
            "number",
            words("Số người tối đa. Ví dụ 3 khi cả nhà chung một máy."),
            least=1,
            most=50,
            more=True,
        ),
        Field(
            "guardians", words("Người chưa có giấy tờ, điện thoại được dùng số của người giám hộ"), "tick", more=True
        ),
    ),
    lead=words("Hỏi càng ít càng tốt: chỉ những gì thể lệ cần."),
    base="who",
)
DIVISIONS = Section(
    "bang",
    words("Chia bảng"),
    (
        Field(
            "divisions",
            words("Các bảng"),
            "table",
            words("Mỗi người thuộc một bảng, mỗi bảng xếp hạng riêng. Ví dụ: Cán bộ, Học sinh, Cư dân."),
            add=words("Thêm bảng"),
            columns=(Field("key", "", "key"), _words("name", words("Tên bảng"))),
        ),
    ),
    base="who",
    folded=True,
)
UNITS = Section(
    "don-vi",
    words("Đơn vị và giải tập thể"),
    (
        Field(
            "unit_levels",
            words("Các cấp đơn vị, từ trên xuống"),
            "lines",
            words("Mỗi dòng một cấp. Ví dụ: Công đoàn tỉnh, rồi Công đoàn cơ sở."),
        ),
        Field(
            "collective",
            words("Danh sách tập thể"),
            "table",
            words("Nên có hai danh sách, theo số người và theo tỷ lệ: chỉ xét số người thì đơn vị đông luôn thắng."),
            add=words("Thêm danh sách tập thể"),
            fresh={
                "measure": "C_COUNT",
                "level": "province",
                "slots": 3,
                "min_headcount": 50,
                "rate_per": 100,
                "top_n": 5,
                "value": 0,
                "unit_at": "CLOSE",
            },
            columns=(
                Field("key", "", "key"),
                _words("name", words("Tên danh sách")),
                Field(
                    "measure",
                    words("Xếp theo"),
                    "pick",
                    choices=(
                        Choice("C_COUNT", words("Số người dự thi")),
                        Choice("C_RATE", words("Tỷ lệ tham gia")),
                        Choice("C_MEAN_TOP", words("Điểm trung bình người cao nhất")),
                        Choice("C_TOTAL", words("Tổng điểm")),
                        Choice("C_WINNERS", words("Số giải cá nhân")),
                        Choice("C_COMPOSITE", words("Ghép số người với thước đo khác")),
                    ),
                ),
                Field(
                    "level",
                    words("Ở cấp"),
                    "text",
                    words("province là tỉnh, commune là xã, hoặc tên một cấp đơn vị."),
                    longest=60,
                ),
                Field("slots", words("Số giải"), "number", most=1000),
                Field("value", words("Giá trị mỗi giải (đồng)"), "number", more=True),
                Field(
                    "min_headcount",
                    words("Số thành viên ít nhất"),
                    "number",
                    words("Cho danh sách tỷ lệ, thường là 50."),
                    more=True,
                ),
                Field(
                    "rate_per",
                    words("Tỷ lệ tính trên"),
                    "pick",
                    choices=(Choice("100", "100"), Choice("1000", "1.000")),
                    more=True,
                ),
                Field("top_n", words("Lấy mấy người cao điểm"), "number", least=1, most=10_000, more=True),
                Field(
                    "second",
                    words("Thước đo thứ hai"),
                    "pick",
                    choices=(
                        Choice("", words("Không có")),
                        Choice("C_RATE", words("Tỷ lệ tham gia")),
                        Choice("C_MEAN_TOP", words("Điểm trung bình người cao nhất")),
                        Choice("C_TOTAL", words("Tổng điểm")),
                        Choice("C_WINNERS", words("Số giải cá nhân")),
                    ),
                    optional=True,
                    more=True,
                ),
                Field(
                    "bands",
                    words("Nhóm quy mô"),
                    "numbers",
                    words("Mỗi dòng một mốc, ví dụ 200 rồi 1.000."),
                    least=1,
                    more=True,
                ),
                Field("weights", words("Hệ số giải"), "pairs", words("Mỗi dòng như «nhat = 3»."), more=True),
                Field(
                    "unit_at",
                    words("Tính cho đơn vị ghi lúc"),
                    "pick",
                    choices=(
                        Choice("CLOSE", words("Vòng đóng")),
                        Choice("FIRST_ATTEMPT", words("Lượt thi hợp lệ đầu tiên")),
                    ),
                    more=True,
                ),
                Field("rounds", words("Mã các vòng"), "lines", words("Để trống là cả cuộc thi."), more=True),
            ),
        ),
    ),
)
INVITED = Section(
    "moi",
    words("Ai được mời vào chung kết"),
    (
        Field("invited.top_each", words("Số người đứng đầu mỗi vòng"), "number", words("Ví dụ 10."), most=100_000),
        Field(
            "invited.top_total",
            words("Thêm theo tổng điểm"),
            "number",
            words("Ví dụ 20 người nữa có tổng cao nhất."),
            most=100_000,
        ),
        Field("invited.rounds", words("Mã các vòng"), "lines", words("Để trống là mọi vòng trước.")),
    ),
    switch="invited",
    fresh=msgspec.to_builtins(Invited()),
    switch_words=words("Mời tự động từ các vòng trước"),
)
KEEPING = Section(
    "luu-giu",
    words("Lưu giữ dữ liệu"),
    (
        Field(
            "keep_days",
            words("Xóa dữ liệu cá nhân sau (ngày)"),
            "number",
            words("Tính từ khi kết thúc hồ sơ cuộc thi, thường là 90."),
            least=1,
            most=3650,
        ),
    ),
    folded=True,
)


# ── Step 4 ──────────────────────────────────────────────────────────────────────────────────────────────────────

LIVE = Section(
    "truc-tiep",
    words("Cách chơi trực tiếp"),
    (
        Field(
            "live.questions", words("Số câu hỏi"), "number", words("Bằng số câu của đề ở bước 1."), least=1, most=100
        ),
        Field(
            "live.seconds",
            words("Số giây trả lời mỗi câu"),
            "number",
            words("Ví dụ 20, chưa kể thời gian đọc."),
            least=5,
            most=120,
        ),
        Field(
            "live.scoring",
            words("Cách tính điểm"),
            "choice",
            choices=(
                Choice(
                    "FLAT", words("Mỗi câu đúng một điểm"), words("Hợp với livestream: hình chậm không làm ai thiệt.")
                ),
                Choice(
                    "ACCURACY_FIRST",
                    words("Đúng trước, nhanh sau"),
                    words("Thêm một câu đúng luôn hơn mọi tốc độ. Hợp với hội trường."),
                ),
                Choice("SURVIVAL", words("Rung chuông vàng"), words("Sai thì rời sân, người cuối cùng thắng.")),
                Choice("NEAREST", words("Đoán số gần nhất"), words("Câu hỏi có đáp án là một con số.")),
                Choice(
                    "HALF_DECAY",
                    words("Càng nhanh càng nhiều điểm"),
                    words("Chỉ để chơi vui: người nhanh có thể vượt người đúng nhiều hơn."),
                ),
            ),
        ),
        Field(
            "live.change_in_window", words("Được đổi đáp án đến khi khóa câu (bỏ chọn: tính đáp án đầu tiên)"), "tick"
        ),
        Field(
            "live.join_until",
            words("Vào muộn được đến câu"),
            "number",
            words("Ví dụ 1: sau câu 1 chỉ theo dõi."),
            least=1,
            most=100,
        ),
        Field(
            "live.prediction_after",
            words("Hỏi câu dự đoán sau câu"),
            "number",
            words("Ví dụ 4; 0 là hỏi trước câu 1. Chỉ dùng khi vòng có câu dự đoán."),
            most=100,
        ),
        Field(
            "live.reserves", words("Số câu dự phòng"), "number", words("Dùng khi hủy câu đang thi. Ví dụ 2."), most=100
        ),
        Field(
            "live.watch_word_until",
            words("Nhập mã theo dõi trước"),
            "moment",
            words("Người dẫn nói một từ khi trò chuyện; nhập đúng mới được xét giải. Để trống là không cần."),
            optional=True,
        ),
        Field(
            "live.registration_until",
            words("Hoàn tất đăng ký trước"),
            "moment",
            words("Điều kiện xét giải. Ví dụ 22:00 cùng ngày. Để trống là không cần."),
            optional=True,
        ),
        Field(
            "live.free_ms",
            words("Khoảng đầu không tính tốc độ (phần nghìn giây)"),
            "number",
            words("Thường là 1.000."),
            most=60_000,
            more=True,
        ),
        Field(
            "live.response_step_ms",
            words("So thời gian theo bước (phần nghìn giây)"),
            "number",
            words("Thường là 100: chênh ít hơn là do mạng."),
            least=1,
            most=10_000,
            more=True,
        ),
        Field(
            "live.rescues",
            words("Cứu trợ (Rung chuông vàng)"),
            "table",
            words("Ví dụ: sau câu 8 mọi người trở lại; sau câu 14 mười người đúng nhiều nhất trở lại."),
            add=words("Thêm lần cứu trợ"),
            fresh={"after": 8},
            columns=(
                Field("after", words("Sau câu"), "number", least=1, most=100),
                Field(
                    "best",
                    words("Số người trở lại"),
                    "number",
                    words("Để trống là tất cả."),
                    least=1,
                    most=100_000,
                    optional=True,
                ),
            ),
            when=("live.scoring", ("SURVIVAL",)),
        ),
        *_teams("live.teams."),
    ),
    switch="live",
    fresh=msgspec.to_builtins(LivePart()),
    switch_words=words("Vòng này thi trực tiếp"),
)
