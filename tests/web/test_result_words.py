"""What pages of results print: every value to the last digit that the ranking compares."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from quizapp import clock, db
from quizapp.rules.contest import Collective, LivePart, Overall, Prediction, Prize, Ranking, Words
from quizapp.rules.lots import Source
from quizapp.rules.tally import GroupLine, Line
from quizapp.rules.timing import microseconds
from quizapp.services import announced
from quizapp.web import result_words
from tests import make
from tests.web.test_bank import page
from tests.web.test_results import text

LINE = Line(
    rank=1,
    code="A",
    sitting=None,
    score=570,
    full=600,
    correct=9,
    of=10,
    duration_ms=130_900,
    submitted_us=microseconds(make.OPENS) + 12_345_999,
    prediction=3455,
    distance=5,
    response_ms=12_399,
    essay=210,
    rounds_entered=3,
)


@pytest.fixture(autouse=True)
def asked(app):
    with app.test_request_context("/"):
        yield


def found(**changes):
    stage = make.round_rules(**changes)
    return SimpleNamespace(stage=stage, settings=make.contest_rules([stage]), row=None)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("score", "9,50/10"),
        ("correct", "9/10"),
        ("prediction", "34,55 %"),
        ("prediction_distance", "0,05 %"),
        ("duration", "2:10,900"),
        ("submitted_at", "08:00:12,345 ngày 02/3/2026"),
        ("response_time", "0:12,300"),
        ("essay_score", "3,50"),
        ("rounds_entered", "3"),
    ],
)
def test_a_value_is_printed_as_it_is_compared(key, said):
    assert result_words.key_value(LINE, key, found(prediction=Prediction(target="P_PERCENT"))) == said


def test_what_somebody_does_not_have_is_a_dash():
    line = Line(rank=1, code="A", sitting=None, score=0, full=0, correct=0, of=0, duration_ms=0, submitted_us=0)
    for key in ("prediction", "prediction_distance", "essay_score"):
        assert result_words.key_value(line, key, found()) == "–"
    of_list = SimpleNamespace(stage=Overall(), settings=make.contest_rules(), row=None)
    assert result_words.key_value(LINE, "prediction_distance", of_list) == "5"


def test_response_times_of_a_list_have_the_coarsest_step_of_its_rounds():
    rounds = [
        make.round_rules(f"v{n}", kind="live", live=LivePart(response_step_ms=step)) for n, step in ((1, 10), (2, 1000))
    ]
    of_list = SimpleNamespace(stage=Overall(), settings=make.contest_rules(rounds), row=None)
    assert announced.step(of_list) == 1000
    assert announced.step(SimpleNamespace(stage=rounds[0], settings=of_list.settings)) == 10
    assert result_words.key_value(LINE, "response_time", of_list) == "0:12,000"


def test_columns_follow_the_keys_of_the_rulebook():
    stage = make.round_rules(ranking=Ranking(keys=("correct", "prediction_distance", "response_time", "lot")))
    names = [(one.key, one.heading, one.short) for one in result_words.columns(stage)]
    assert names == [
        ("correct", "Số câu đúng", "Số câu đúng"),
        ("prediction", "Dự đoán", "Dự đoán"),
        ("prediction_distance", "Chênh lệch", "Lệch"),
        ("response_time", "Thời gian trả lời", "Trả lời"),
    ]


def test_rates_stop_at_one_hundred_and_need_a_headcount():
    rules = Collective(key="a", name=Words("A"), measure="C_RATE", level="x")
    assert result_words.unit_rate(GroupLine(rank=1, node="1", people=60, headcount=50, value=60), rules) == "100,00 %"
    assert result_words.unit_rate(GroupLine(rank=1, node="1", people=60, headcount=None, value=60), rules) == "–"
    thousand = Collective(key="a", name=Words("A"), measure="C_RATE", level="x", rate_per=1000)
    assert result_words.unit_rate(GroupLine(rank=1, node="1", people=1, headcount=300, value=1), thousand) == "3,33"


@pytest.mark.parametrize(
    ("measure", "said"),
    [("C_TOTAL", "20,50"), ("C_MEAN_TOP", "4,10"), ("C_WINNERS", "1.230"), ("C_COMPOSITE", "1.230")],
)
def test_measures_are_printed_in_their_own_unit(measure, said):
    line = GroupLine(rank=1, node="1", people=60, headcount=None, value=1230, value_of=5)
    assert result_words.measured(line, Collective(key="a", name=Words("A"), measure=measure, level="x")) == said


def test_size_groups_are_said_in_words():
    rules = Collective(key="a", name=Words("A"), measure="C_RATE", level="x", bands=(200, 1000))
    said = [result_words.band_words(band, rules) for band in range(3)]
    assert said == ["dưới 200 người", "từ 200 đến dưới 1.000 người", "từ 1.000 người"]


@pytest.mark.parametrize(
    ("kind", "named", "said"),
    [("beacon", "77", "Vòng số 77"), ("lottery-north", "2026-03-10", "10/3/2026"), ("balls", "6", "6 quả bóng")],
)
def test_public_sources_are_said_in_words(kind, named, said):
    assert said in result_words.source_words(Source(kind=kind, named=named, out_us=0))


def test_a_list_over_rounds_has_its_own_page(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: make.CLOSES + timedelta(days=30))
    prize = Prize(key="nhat", name=Words("Giải Nhất toàn cuộc"))
    ranking = Ranking(keys=("score", "rounds_entered", "duration", "lot"), prizes=(prize,))
    with db.begin() as session:
        contest = make.contest(session, rounds=2, overall=(Overall(ranking=ranking),))
        for row in contest.rounds:
            row.state = "FINAL"
        who = make.contestant(session, contest)
        make.consent(session, who)
        make.snapshot(session, contest.rounds[2], [(who, 9)], [("nhat", who)], now=make.CLOSES + timedelta(days=20))
    html = text(page(client, "/cuoc-thi/tim-hieu-luat/ket-qua/chung"))
    assert "Kết quả Toàn cuộc thi" in html and "Giải Nhất toàn cuộc" in html and "Số vòng đã thi" in html
    assert "Nguyễn Thị Hoa" in html and "Dự đoán" not in html and "Đáp án" not in html
    assert client.get("/cuoc-thi/tim-hieu-luat/ket-qua/chung/dap-an").status_code == 404
