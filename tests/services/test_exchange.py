"""What was read is checked line by line, belongs to who uploaded it, and becomes drafts at most."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from quizapp import models
from quizapp.config import ROOT
from quizapp.errors import NotFound
from quizapp.services import exchange, laws, revisions
from quizapp.services.exchange import Read, Remark
from tests import make


@pytest.fixture(scope="module")
def law():
    return laws.of(ROOT / "questions")


@pytest.fixture
def otto(session):
    make.bank(session, make.question(stem=make.text("Đã hỏi rồi phải không?")))
    return make.person(session, "otto", roles=["reviewer"]).id


def read(stem="Hỏi điều gì?", where="1", **values):
    """A line with nothing but what a draft needs."""
    options = [{"vi": "Một", "right": True}, {"vi": "Hai"}]
    return Read(where, {"kind": "one", "topic": "huu-tri", "stem": {"vi": stem}, "options": options, **values})


def whole_line(**values):
    """A line that lacks nothing."""
    said = {
        "kind": "one",
        "topic": "huu-tri",
        "difficulty": "know",
        "stem": {"vi": "Bao nhiêu năm?", "en": "How many years?"},
        "short": {"vi": "Mấy năm?", "en": "Years?"},
        "options": [{"vi": "15 năm", "en": "15 years", "right": True}, {"vi": "20 năm", "en": "20 years"}],
        "explanation": {
            "vi": "Theo Điều 64, người lao động đóng đủ 15 năm thì được hưởng.",
            "en": "Under Article 64, fifteen years of contributions are enough.",
        },
        "citations": ["Điều 64 khoản 1"],
        "facts": ["H-01"],
    }
    return Read("1", {**said, **values})


def said(remarks):
    return [remark.message % remark.details for remark in remarks]


def only(session, law, line, **more):
    (found,) = exchange.check(session, [line], law, **more)
    return found


def keep(session, otto, law, lines, now, **more):
    checked = exchange.check(session, lines, law)
    return exchange.keep(session, otto, "câu.csv", "csv", checked, **{"notes": [], "conversion": None, **more}, now=now)


def test_a_line_that_lacks_nothing_has_no_remark(session, otto, law):
    found = only(session, law, whole_line())
    assert (found.topic, found.faults, found.gaps) == ("huu-tri", (), ())


def test_what_is_only_missing_stops_nothing(session, otto, law):
    found = only(session, law, read())
    assert found.faults == ()
    assert "Câu hỏi chưa có giải thích." in said(found.gaps)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"citations": ["Điều 999"]}, "Luật không có «Điều 999»."),
        ({"facts": ["Z-99"]}, "Không có dữ kiện mang mã «Z-99»."),
        ({"difficulty": "hard"}, "Mức độ hoặc mục tình huống không đúng mẫu."),
        ({"options": [{"vi": "Một"}, {"vi": "Hai"}]}, "Câu hỏi có 0 phương án đúng."),
        ({"options": [{"vi": "Một", "right": True}, {"vi": "một"}]}, "Phương án 2 trùng với phương án 1."),
        ({"options": [{"vi": "Một", "right": True}]}, "Bản nháp cần từ 2 đến 6 phương án."),
        ({"kind": "essay"}, "Loại câu hỏi «essay» không có."),
        ({"stem": {"vi": ""}}, "Thiếu bản «stem.vi»."),
        ({"topic": "unheard of"}, "Chưa biết câu hỏi thuộc chủ đề nào."),
        ({"stem": {"vi": "ĐÃ HỎI rồi, phải không?"}}, "«huu-tri-001» đã hỏi đúng như vậy."),
        ({"colour": "red"}, "Mục «colour» không có trong mẫu."),
    ],
)
def test_what_is_wrong_stops_a_line(session, otto, law, changes, message):
    line = whole_line(**changes)
    assert message in said(only(session, law, line).faults)


def test_what_the_reader_found_wrong_stops_a_line(session, otto, law):
    line = replace(read(), faults=[Remark("Đáp án phải là đúng một số nguyên.")])
    assert said(only(session, law, line).faults) == ["Đáp án phải là đúng một số nguyên."]


def test_the_second_of_two_same_questions_in_a_file_is_stopped(session, otto, law):
    first, second = exchange.check(session, [read(where="C2"), read(where="C3")], law)
    assert first.faults == () and said(second.faults) == ["«C2» đã hỏi đúng như vậy."]


@pytest.mark.parametrize("name", ["huu-tri", "Hưu trí", "HUU TRI", "Pension", "H", "H. Hưu trí"])
def test_a_topic_may_be_named_in_many_ways(session, otto, law, name):
    assert only(session, law, read(topic=name)).topic == "huu-tri"


def test_lines_without_a_topic_take_the_one_that_was_chosen(session, otto, law):
    assert only(session, law, read(topic=""), otherwise="huu-tri").topic == "huu-tri"
    assert only(session, law, read(topic="something of theirs"), otherwise="huu-tri").faults == ()


def test_the_preview_counts_and_shows_lines_in_order(session, otto, law, now):
    lines = [read("Một?", "1"), read("Hai?", "2", citations=["Điều 999"]), read("Ba?", "3")]
    note = Remark("Tệp có %(n)s ảnh.", "", {"n": 2}, "5")
    conversion = {"charset": "VNI", "before": "x", "after": "y"}
    id = keep(session, otto, law, lines, now, notes=[note], conversion=conversion)
    found = exchange.preview(session, id, otto, now=now)
    assert (found.lines, found.sound, found.faulty, found.taken, found.waiting) == (3, 2, 1, 0, 2)
    assert found.conversion == conversion and said(found.notes) == ["Tệp có 2 ảnh."]
    assert [line.where for line in exchange.lines(session, id, otto, now=now)] == ["1", "2", "3"]
    assert [line.where for line in exchange.lines(session, id, otto, start=1, limit=1, now=now)] == ["2"]
    assert [line.where for line in exchange.lines(session, id, otto, faulty=True, now=now)] == ["2"]


def test_only_its_owner_sees_an_upload_and_for_a_day(session, otto, law, now):
    id = keep(session, otto, law, [read()], now)
    hana = make.person(session, "hana", roles=["admin"]).id
    for who, when in ((hana, now), (otto, now + timedelta(days=1, seconds=1))):
        for look in (exchange.preview, exchange.lines):
            with pytest.raises(NotFound):
                look(session, id, who, now=when)
        with pytest.raises(NotFound):
            exchange.take(session, id, who, law, now=when)


def test_old_uploads_are_forgotten_with_their_lines(session, otto, law, now):
    keep(session, otto, law, [read()], now)
    keep(session, otto, law, [read("Khác?")], now + timedelta(days=2))
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(models.Upload)) == 1


def test_sound_lines_become_drafts_once(session, otto, law, now):
    lines = [whole_line(in_force_from=date(2025, 7, 1)), read("Sai?", citations=["Điều 999"])]
    id = keep(session, otto, law, lines, now)
    assert exchange.take(session, id, otto, law, now=now) == 1
    assert exchange.take(session, id, otto, law, now=now) == 0
    taken, stopped = exchange.lines(session, id, otto, now=now)
    assert stopped.question_id is None
    found = revisions.find(session, taken.question_id)
    assert (found.state, found.source) == ("draft", "import")
    assert found.question.in_force_from == date(2025, 7, 1)
    assert found.question.stem.vi == "Bao nhiêu năm?"
    assert exchange.preview(session, id, otto, now=now).waiting == 0


def test_a_large_file_is_taken_in_steps(session, otto, law, now, monkeypatch):
    monkeypatch.setattr(exchange, "AT_ONCE", 2)
    id = keep(session, otto, law, [read(f"Câu {n}?", str(n)) for n in range(3)], now)
    assert [exchange.take(session, id, otto, law, now=now) for _ in range(3)] == [2, 1, 0]


def test_at_the_machine_sound_lines_are_taken_at_once(session, otto, law, now):
    checked = exchange.check(session, [read(), read("Sai?", citations=["Điều 999"])], law)
    ((line, id),) = exchange.take_now(session, checked, law, file_name="x.csv", now=now)
    assert line.where == "1" and revisions.find(session, id).state == "draft"
    assert exchange.take_now(session, checked[1:], law, file_name="x.csv", now=now) == []


def test_only_approved_questions_go_out_and_only_those_chosen(session, otto, law, now):
    make.bank(session, make.question("huu-tri-002", kind="truefalse", key=(0,), difficulty="apply"))
    session.get(models.Topic, "huu-tri").revision = models.new_id()
    exchange.take_now(session, exchange.check(session, [read()], law), law, file_name="x", now=now)
    assert [one.id for one in exchange.chosen(session)] == ["huu-tri-001", "huu-tri-002"]
    assert [one.id for one in exchange.chosen(session, ["huu-tri"], kind="truefalse")] == ["huu-tri-002"]
    assert [one.id for one in exchange.chosen(session, difficulty="know")] == ["huu-tri-001"]
    assert exchange.chosen(session, ["other"]) == []


def test_what_left_the_bank_is_written_down(session, otto, now):
    exchange.note_export(session, otto, "moodle", 12, now=now)
    deed = session.scalars(select(models.StaffDeed)).all()[-1]
    assert (deed.person_id, deed.deed, deed.thing, deed.after) == (otto, "bank.export", "moodle", {"questions": 12})
