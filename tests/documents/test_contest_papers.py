"""The papers of a contest say what is stored, in words of the rulebook, and never who must not be named."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from msgspec import structs

from quizapp.documents import contest_lists, contest_reports, decision, official
from quizapp.documents.contest_lists import points, seconds, to_the_millisecond
from quizapp.documents.contest_reports import right_answer
from quizapp.models import SnapshotLine
from quizapp.rules.contest import Collective, Overall, Prediction, Ranking, Teams, Words
from quizapp.rules.spread import Share, Spread
from quizapp.rules.tally import Figures, TeamLine
from quizapp.services import contests
from quizapp.services import official as service
from tests import make, reported
from tests.documents.reading import pages, sheets, words

NOW = datetime(2026, 3, 12, 3, tzinfo=UTC)


@pytest.fixture
def found(session):
    contest, people = reported.contest(session)
    return contest, people, service.announcement(session, contest, contest.rounds[0])


def printed(paper):
    return words(official.pdf(paper))


def rows_of(paper, name):
    return dict(sheets(official.xlsx(paper)))[name]


# ── Decision ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_decision_recognises_the_result_with_its_figures_and_lists(found):
    text = printed(decision.decision(found[2]))
    for said in (
        "BẢO HIỂM XÃ HỘI VIỆT NAM BẢO HIỂM XÃ HỘI TỈNH P",
        "Số: 12/QĐ-BTC",
        "Hà Nội, ngày 10 tháng 3 năm 2026",
        "Về việc công nhận kết quả Tuần 1 Cuộc thi “Tìm hiểu Luật Bảo hiểm xã hội 2024”",
        "Căn cứ Thể lệ Cuộc thi “Tìm hiểu Luật Bảo hiểm xã hội 2024”, bản số 1, công bố ngày 01 tháng 3 năm 2026;",
        "Căn cứ bảng kết quả số 1 của Tuần 1, lập lúc 22 giờ 00 ngày 09/3/2026;",
        "– 57 người dự thi với 130 lượt thi;",
        "– Số người trả lời đúng tất cả các câu hỏi: 12 người;",
        "– Con số của câu hỏi dự đoán: 12.",
        "Điều 2. Trao 2 giải cá nhân và 2 giải tập thể theo các danh sách",
        "– Giải Nhất: 1 giải;",
        "– Đơn vị có tỷ lệ cao: 1 giải.",
        "Điều 3. Ban Tổ chức tiếp nhận khiếu nại về kết quả đến 22 giờ 00 ngày 17/3/2026.",
        "Điều 4. Quyết định này có hiệu lực kể từ ngày ký.",
        "- Như Điều 4;",
        "Phụ lục I DANH SÁCH GIẢI NHẤT (Kèm theo Quyết định số 12/QĐ-BTC ngày 10 tháng 3 năm 2026 của Ban Tổ chức)",
        "Phụ lục V DANH SÁCH ĐƠN VỊ CÓ TỶ LỆ CAO",
    ):
        assert said in text
    assert found[2].source.digest in text.replace(" ", "") and "DỰ THẢO" not in text


def test_each_list_has_its_own_page_with_names_only_where_they_may_stand(found):
    _, people, told = found
    *first, nhat, nhi, ba, count, rate = pages(official.pdf(decision.decision(told)))
    assert "1 Nguyễn Thị Ada Công ty May 10 10 4.301 1 120,001" in nhat and "5.000.000 đồng" in nhat
    assert f"Thí sinh mã {people['bob'].code}" in nhi and "Hiện vật: Bằng khen." in nhi
    assert "Không có người đạt giải này." in ba
    assert "1 Công ty May 10 200 38 19,00" in count and "Ấp văn hóa" not in count
    assert "1 Ấp văn hóa số 3 60 12 20,00" in rate and "Trị giá mỗi giải: 2.000.000 đồng." in rate
    assert "Trần Văn Bốp" not in " ".join((*first, nhat, nhi, ba, count, rate))


TEAMS = (
    TeamLine(rank=1, team="Đoàn Sở Y tế", present=7, value=5_813 * 60 * 5, value_of=5, won=True),
    TeamLine(rank=1, team="Đoàn LĐLĐ", present=5, value=5_813 * 60 * 5, value_of=5, won=True),
    TeamLine(rank=3, team="Đoàn BHXH cơ sở 3", present=3, value=100, value_of=3),
)


def test_teams_that_win_have_a_list_of_their_own_after_those_of_people(found):
    told = replace(found[2], numbers=structs.replace(found[2].numbers, teams=TEAMS))
    paper = decision.decision(told)
    text = printed(paper)
    assert "Điều 2. Trao 2 giải cá nhân và 4 giải tập thể" in text and "– Giải đồng đội: 2 giải;" in text
    assert "Phụ lục IV DANH SÁCH GIẢI ĐỒNG ĐỘI" in text and "Phụ lục V DANH SÁCH ĐƠN VỊ CÓ NHIỀU" in text
    assert rows_of(paper, "Giải đồng đội") == [
        ["Hạng", "Đội", "Số người có mặt", "Điểm trung bình"],
        [1, "Đoàn Sở Y tế", 7, 5813],
        [1, "Đoàn LĐLĐ", 5, 5813],
    ]
    rows = rows_of(contest_reports.ranking_list(told, []), "Đội thi")
    assert [row[-1] for row in rows] == ["Ghi chú", "đạt giải", "đạt giải", ""]


def test_teams_without_a_prize_are_in_the_ranking_and_not_in_the_decision(found):
    lost = tuple(structs.replace(one, won=False) for one in TEAMS)
    told = replace(found[2], numbers=structs.replace(found[2].numbers, teams=lost))
    assert "đồng đội" not in printed(decision.decision(told)).casefold()
    rows = rows_of(contest_reports.ranking_list(told, []), "Đội thi")
    assert rows[0] == ["Hạng", "Đội", "Số người có mặt", "Điểm trung bình"] and rows[3][-1] == 0.56


def test_without_a_number_it_is_a_draft(session, found):
    contest, _, _ = found
    row = contest.rounds[0]
    row.decision_number, row.decided_on, row.complaints_until = "", None, None
    text = printed(decision.decision(service.announcement(session, contest, row)))
    assert "DỰ THẢO" in text and "Điều 3. Quyết định này có hiệu lực" in text and "khiếu nại" not in text
    assert "- Như Điều 3;" in text


def test_nobody_won_is_said_so(session, found):
    contest, people, _ = found
    make.snapshot(session, contest.rounds[0], [(people["ada"], 3)])
    text = printed(decision.decision(service.announcement(session, contest, contest.rounds[0])))
    assert "Điều 2. Không có cá nhân, tập thể nào đạt giải." in text


def test_a_list_over_rounds_speaks_of_the_whole_contest(session):
    overall = Overall(ranking=Ranking(keys=("score", "rounds_entered", "duration", "lot"), prizes=reported.PRIZES[:1]))
    contest, people = reported.contest(session, overall=(overall,))
    row = contest.rounds[-1]
    row.state = "PROVISIONAL"
    whole = Figures(people=2380, attempts=8300, people_of_rounds=3950)
    make.snapshot(session, row, [(people["ada"], 10)], [("nhat", people["ada"])], numbers={"contest": whole})
    told = service.announcement(session, contest, row)
    text = printed(decision.decision(told))
    assert "công nhận kết quả Cuộc thi “Tìm hiểu" in text and "2.380 người dự thi với 8.300 lượt thi." in text
    assert "3.950" not in text and "đúng tất cả" not in text
    assert "SỐ LIỆU Toàn cuộc thi" in printed(contest_reports.figures(told))


def test_unchecked_and_held_prizes_are_marked(session, found):
    contest, people, _ = found
    row = contest.rounds[1]
    row.state = "PROVISIONAL"
    given = [
        {"scope": row.key, "prize": "nhat", "code": people["ada"].code, "place": 1, "state": "OPEN"},
        {"scope": row.key, "prize": "nhi", "code": people["bob"].code, "place": 2, "state": "HELD"},
    ]
    made = make.snapshot(session, row, [(people["ada"], 9), (people["bob"], 8)], given)
    text = printed(decision.decision(service.announcement(session, contest, row)))
    assert "chờ xác minh" in text and "tạm giữ" in text
    line = session.get(SnapshotLine, (made.id, 1))
    line.body = {**line.body, "waits": True}
    session.flush()
    assert "chờ bốc thăm" in printed(decision.decision(service.announcement(session, contest, row)))


# ── Other papers ────────────────────────────────────────────────────────────────────────────────────────────────


def test_figures_keep_people_and_attempts_apart_and_hide_small_cells(found):
    text = printed(contest_reports.figures(found[2]))
    assert "Tuần 1 có 57 người dự thi với 130 lượt thi." in text
    assert "Lượt thi của người không xét giải (ghi riêng) 7" in text and "Người đúng tất cả 12" in text
    assert "1 tỉnh, thành phố có nhiều người dự thi nhất" in text and "1 Ninh Bình 57 130" in text
    assert "03/3/2026 dưới 10 người –" in text and "4 9" not in text
    assert "08/3/2026 dưới 10 người –" in text  # else the day before follows from the sum
    assert "02/3/2026 40 100" in text and "100 % 12" in text
    assert (
        "Toàn cuộc thi tính đến bảng kết quả này có 61 người dự thi với 150 lượt thi." in text
        and "70 người" not in text
    )
    assert found[2].source.digest in text.replace(" ", "")


def test_the_ranking_shows_the_values_that_decide(session, found):
    contest, people, told = found
    paper = contest_reports.ranking_list(told, service.standings(session, contest, told))
    text = printed(paper)
    assert "1 Nguyễn Thị Ada Công ty May 10 10 4.301 1 120,001" in text
    assert f"Thí sinh mã {people['chi'].code}" in text and "Lê Thị Chi" not in text and "Trần Văn Bốp" not in text
    rows = rows_of(paper, "Bảng xếp hạng")
    assert [row[0] for row in rows] == ["Hạng", 1, 2, 3] and rows[1][6] == 120.001
    assert "Còn 54 dòng nữa" in text and [name for name, _ in sheets(official.xlsx(paper))][2:] == [
        "Đơn vị có nhiều người dự thi",
        "Đơn vị có tỷ lệ cao",
    ]


def test_divisions_and_people_below_the_gate_have_their_columns(session, found):
    contest, _, told = found
    lines = service.standings(session, contest, told)
    marked = [replace(one, line=type(one.line)(**{**dict_of(one.line), "below_gate": True})) for one in lines]
    assert "dưới điều kiện xét giải" in printed(contest_reports.ranking_list(told, marked))
    divided = [replace(one, line=type(one.line)(**{**dict_of(one.line), "division": "x"})) for one in lines]
    assert "Bảng" in rows_of(contest_reports.ranking_list(told, divided), "Bảng xếp hạng")[0]


def dict_of(line):
    return {name: getattr(line, name) for name in line.__struct_fields__}


@pytest.mark.parametrize(
    ("keys", "heads"),
    [
        (("correct", "response_time", "lot"), ["Số câu đúng", "Thời gian trả lời (giây)"]),
        (("score", "essay_score", "rounds_entered"), ["Điểm", "Điểm tự luận", "Số vòng đã thi"]),
        (("score", "prediction_distance"), ["Điểm", "Dự đoán", "Chênh lệch"]),
    ],
)
def test_the_columns_follow_from_the_keys_of_the_ranking(session, found, keys, heads):
    contest, _, told = found
    stage = type(told.stage)(**{**dict_of(told.stage), "ranking": Ranking(keys=keys)})
    other = replace(told, stage=stage, prizes=(), collective=())
    lines = service.standings(session, contest, told)
    assert rows_of(contest_reports.ranking_list(other, lines), "Bảng xếp hạng")[0][3:] == heads
    silent = type(stage)(**{**dict_of(stage), "prediction": None})
    columns, _ = contest_lists.values(replace(other, stage=silent))
    assert [one.words for one in columns] == [head for head in heads if head not in ("Dự đoán", "Chênh lệch")]


def test_a_percentage_is_printed_with_its_decimals(found):
    told = found[2]
    asked = Prediction(target="P_PERCENT", decimals=5)
    stage = type(told.stage)(**{**dict_of(told.stage), "prediction": asked})
    numbers = type(told.numbers)(**{**dict_of(told.numbers), "target": 3_455_128})
    text = printed(decision.decision(replace(told, stage=stage, numbers=numbers)))
    assert "Con số của câu hỏi dự đoán: 34,55128 %." in text


def test_the_unit_report_has_people_attempts_rate_and_target_and_adds_up(session, found):
    contest, _, told = found
    lines = service.unit_report(session, contest, told.spread)
    paper = contest_reports.unit_report(told, lines, "unit", Share(57, 130))
    assert rows_of(paper, "Báo cáo đơn vị")[1:] == [
        ["Ấp văn hóa số 3", 60, 12, 30, 20, "30 lượt", 100],
        ["Công ty May 10", 200, 38, 90, 19, "40 người", 95],
        ["Không ghi đơn vị", None, 7, 10, None, ""],
        ["Cộng", None, 57, 130],
    ]
    places = service.unit_report(session, contest, told.spread, "place")
    text = printed(contest_reports.unit_report(told, places, "place", Share(57, 130)))
    assert "BÁO CÁO THEO ĐỊA BÀN" in text and "Chỉ tiêu" not in text


def test_the_register_of_complaints_names_nobody(session, found):
    contest, people, told = found
    paper = contest_reports.complaint_register(told.settings, service.register(session, contest), NOW)
    text = printed(paper)
    assert "Sổ ghi 1 khiếu nại, tính đến 10 giờ 00 ngày 12/3/2026." in text and people["chi"].code in text
    assert "Giữ nguyên kết quả. Đã gọi số 091***678. Giữ nguyên." in text and "Tuần 1; Điểm của mình" in text
    assert "Chưa có khiếu nại nào." in printed(contest_reports.complaint_register(told.settings, [], NOW))


def test_the_key_has_answers_in_words_with_their_legal_basis(session, found):
    contest, _, told = found
    paper = contest_reports.answer_key(told.settings, told.stage, service.key(session, contest.rounds[0]), NOW)
    rows = rows_of(paper, "Đáp án")
    assert rows[1][1:4] == ["Câu hỏi số 1 hỏi gì?", "Phương án 1", "Điều 64 khoản 1 Luật số 41/2024/QH15"]
    assert rows[2][2:] == [
        "Phương án 1 (nhận thêm: Phương án 3)",
        "Điều 64 khoản 1 Luật số 41/2024/QH15",
        1,
        "Có quyết định nhận thêm phương án.",
    ]
    assert rows[3][2] == "15 năm" and rows[4][2] == "Phương án 2 → Phương án 0 → Phương án 1"
    assert "Đề của vòng gồm 4 câu dưới đây." in printed(paper)
    drawn = make.round_rules()
    plain = [replace(one, void=None) for one in service.key(session, contest.rounds[0])]
    other = contest_reports.answer_key(told.settings, drawn, plain, NOW)
    assert "được rút từ ngân hàng 4 câu" in printed(other) and len(rows_of(other, "Đáp án")[0]) == 5
    assert right_answer(replace(plain[2].question, unit=None)) == "15"


def test_the_plan_adds_up_what_the_prizes_cost(found):
    contest, _, _ = found
    paper = contest_reports.plan(contests.settings(contest), NOW, draft=True)
    text = printed(paper)
    assert "TÓM TẮT KẾ HOẠCH" in text and "DỰ THẢO" in text and "Mục đích: Giúp mọi người nắm luật." in text
    assert "08 giờ 00 ngày 02/3/2026" in text and "Công bố kết quả trong 7 ngày" in text
    rows = rows_of(paper, "Giải thưởng")
    assert rows[1] == ["Tuần 1", "Giải Nhất", 1, 5_000_000, 5_000_000]
    assert rows[-1] == ["Cộng", "", 18, None, 2 * 11_000_000 + 6_000_000]


def test_the_plan_names_prizes_of_teams(found):
    settings = structs.replace(
        contests.settings(found[0]), overall=(Overall(teams=Teams(slots=2)), Overall(key="hai", teams=Teams()))
    )
    rows = rows_of(contest_reports.plan(settings, NOW, draft=True), "Giải thưởng")
    assert [row[:3] for row in rows if "đồng đội" in row[1]] == [["Toàn cuộc thi", "Giải đồng đội", 2]]
    assert rows[-1][2] == 20


@pytest.mark.parametrize(
    ("measure", "value", "of", "said"),
    [
        ("C_MEAN_TOP", 2800, 5, "9,33"),
        ("C_TOTAL", 330, 1, "5,50"),
        ("C_WINNERS", 3, 1, "3"),
        ("C_COMPOSITE", 4, 1, "4"),
    ],
)
def test_other_measures_have_a_column_of_their_own(found, measure, value, of, said):
    told = found[2]
    one = told.collective[0]
    line = type(one.lines[0].line)(**{**dict_of(one.lines[0].line), "value": value, "value_of": of, "headcount": None})
    rules = Collective(key="dong", name=Words("Danh sách"), measure=measure, level="Công ty")
    changed = replace(one, rules=rules, lines=(replace(one.lines[0], line=line),))
    text = printed(decision.decision(replace(told, collective=(changed,))))
    assert text.rstrip().endswith(f"Công ty May 10 38 {said}")


def test_size_groups_say_their_bounds_and_the_unlisted_have_no_place(found):
    told = found[2]
    one = told.collective[0]
    rules = Collective(
        key="dong", name=Words("Danh sách"), measure="C_RATE", level="Công ty", bands=(200, 1000), rate_per=1000
    )
    lines = [
        replace(
            one.lines[0], line=type(one.lines[0].line)(**{**dict_of(one.lines[0].line), "band": band, "rank": rank})
        )
        for band, rank in ((0, 1), (1, 1), (2, 1), (None, None))
    ]
    other = replace(told, collective=(replace(one, rules=rules, lines=tuple(lines)),))
    rows = rows_of(contest_reports.ranking_list(other, []), "Danh sách")
    assert [row[:3] for row in rows[1:]] == [
        [1, "Công ty May 10", "dưới 200"],
        [1, "Công ty May 10", "200–1.000"],
        [1, "Công ty May 10", "từ 1.000"],
        ["–", "Công ty May 10", "–"],
    ]
    assert rows[0][5] == "Trên 1.000 người" and rows[1][5] == 190


def test_values_are_exact_to_the_last_digit_that_decides():
    assert points(600) == 10 and points(605) == Decimal("10.08") and points(0) == 0
    assert seconds(130_900) == Decimal("130.900")
    assert to_the_millisecond(1_772_413_330_900_000) == "08:02:10,900 02/3/2026"
    assert to_the_millisecond(1_769_900_000_000_000).endswith("01/02/2026")


def test_long_lists_are_printed_in_part_and_whole_in_the_workbook(found):
    told = found[2]
    days = {f"2026-{1 + n // 28 % 12:02}-{1 + n % 28:02}": Share(20, 20) for n in range(600)}
    paper = contest_reports.figures(replace(told, spread=Spread(days=days)))
    assert len(days) < 500 and len(rows_of(paper, "Theo ngày")) == len(days) + 1
    many = [service.UnitLine(n, f"Tổ {n}", "", 0, None, None, None, Share(1, 1)) for n in range(502)]
    report = contest_reports.unit_report(told, many, "unit", Share(502, 502))
    text = printed(report)
    assert "Còn 2 dòng nữa" in text and "Tổ 499" in text and "Tổ 500" not in text
    assert len(rows_of(report, "Báo cáo đơn vị")) == 504


# ── Nothing that finds a person ─────────────────────────────────────────────────────────────────────────────────


def test_no_paper_holds_a_number_by_which_somebody_could_be_found(session, found):
    contest, _, told = found
    papers = [
        decision.decision(told),
        contest_reports.figures(told),
        contest_reports.ranking_list(told, service.standings(session, contest, told)),
        contest_reports.unit_report(told, service.unit_report(session, contest, told.spread), "unit", Share(57, 130)),
        contest_reports.complaint_register(told.settings, service.register(session, contest), NOW),
        contest_reports.answer_key(told.settings, told.stage, service.key(session, contest.rounds[0]), NOW),
        contest_reports.plan(told.settings, NOW, draft=False),
    ]
    for paper in papers:
        for said in (printed(paper), str(sheets(official.xlsx(paper)))):
            assert not [secret for secret in (*reported.SECRETS, "Trần Văn Bốp", "Lê Thị Chi") if secret in said]


def test_all_papers_of_results_name_the_same_result_and_the_same_figures(session, found):
    contest, _, told = found
    lines = service.unit_report(session, contest, told.spread)
    total = Share(told.numbers.round.people, told.numbers.round.attempts)
    texts = [
        printed(decision.decision(told)),
        printed(contest_reports.figures(told)),
        printed(contest_reports.ranking_list(told, service.standings(session, contest, told))),
        printed(contest_reports.unit_report(told, lines, "unit", total)),
    ]
    for text in texts:
        assert told.source.digest in text.replace(" ", "") and "số 1 của Tuần 1" in text
    assert all("57" in text and "130" in text for text in (texts[0], texts[1], texts[3]))
    assert sum(one.share.people for one in lines if one.depth == 0) == 57
    assert sum(one.share.attempts for one in lines if one.depth == 0) == 130
