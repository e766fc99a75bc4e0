"""GIFT: files as Moodle writes them and as people do by hand; what the bank does not have is named."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.formats import gift
from quizapp.formats.upload import BadFile
from quizapp.rules.question import Text
from tests.make import question, text

SAMPLES = Path(__file__).parent / "samples"


def read(said):
    return gift.read(said.encode())


def one(said):
    (row,) = read(said).rows
    return row


def notes(upload):
    return [(note.where, note.message % note.details) for note in upload.notes]


@pytest.fixture(scope="module")
def moodle():
    return gift.read((SAMPLES / "moodle-export.gift").read_bytes())


@pytest.fixture(scope="module")
def by_hand():
    return gift.read((SAMPLES / "by-hand.gift").read_bytes())


def test_ids_tags_category_and_feedback_of_moodle_are_kept(moodle):
    first = moodle.rows[0]
    assert first.where == "7"
    assert first.values == {
        "id": "huu-tri-001",
        "topic": "huu-tri",
        "difficulty": "know",
        "citations": ["Điều 64 khoản 1"],
        "facts": ["H-01"],
        "kind": "one",
        "stem": {"vi": "Đủ tuổi nghỉ hưu, cần đóng ít nhất bao nhiêu năm?"},
        "options": [{"vi": "10 năm"}, {"vi": "15 năm", "right": True}, {"vi": "20 năm"}],
        "explanation": {"vi": "Luật năm 2024 yêu cầu từ đủ 15 năm: xem Điều 64."},
    }


def test_several_answers_truths_and_numbers_of_moodle_are_read(moodle):
    several, truth, number = (row.values for row in moodle.rows[1:])
    assert several["kind"] == "several"
    assert [option.get("right", False) for option in several["options"]] == [True, True, True, False, False]
    assert (truth["kind"], truth["answer"], truth["explanation"]) == ("truefalse", True, {"vi": "Điều 140."})
    assert (number["kind"], number["answer"]) == ("number", 15)
    assert not any(row.problems for row in moodle.rows)


@pytest.mark.parametrize(
    "line, name, said",
    [
        ("37", "Ghép đôi", "ghép đôi"),
        ("44", "Tự luận", "tự luận"),
        ("48", "Trả lời ngắn", "trả lời ngắn"),
        ("52", "Giới thiệu", "không có phần đáp án"),
    ],
)
def test_kinds_that_the_bank_does_not_have_are_named_with_their_line(moodle, line, name, said):
    assert any(where == line and f"«{name}»" in note and said in note for where, note in notes(moodle))


def test_a_file_by_hand_is_read_as_it_was_meant(by_hand):
    rows = {row.where: row for row in by_hand.rows}
    assert rows["5"].values["stem"]["vi"] == "Luật có _____ trong 11 chương."
    escaped = rows["7"].values
    assert escaped["stem"]["vi"] == "Dấu {ngoặc}\\, dấu = ~ # : và xuống dòng ở giữa"
    assert [option["vi"] for option in escaped["options"]] == ["đúng=có", "sai~không", "sai nữa"]
    assert (rows["16"].values["answer"], rows["17"].values["answer"]) == (True, False)
    assert rows["19"].values["answer"] == 15
    assert rows["31"].values["answer"] == 15
    assert rows["33"].values["stem"]["vi"] == "Chữ đậm và nghiêng?"
    assert {row.values.get("topic") for row in by_hand.rows if not row.problems} == {"Hưu trí"}


@pytest.mark.parametrize(
    "line, said",
    [
        ("21", "một số nguyên"),
        ("23", "một số nguyên"),
        ("25", "không thành trọn điểm"),
        ("27", "Chưa có phương án nào đúng"),
        ("35", "không đi đôi"),
        ("39", "nhiều phần đáp án"),
    ],
)
def test_each_fault_is_shown_with_its_line(by_hand, line, said):
    (row,) = [row for row in by_hand.rows if row.where == line]
    (problem,) = row.problems
    assert said in problem.message % problem.details
    assert problem.remedy


def test_the_question_after_a_broken_one_is_whole(by_hand):
    assert [row.problems for row in by_hand.rows if row.where == "37"] == [()]


def test_part_of_the_points_is_not_kept_and_that_is_said(by_hand):
    assert any(where == "29" and "một phần điểm" in note for where, note in notes(by_hand))


def test_backslash_n_is_a_line_break():
    assert one("Một\\nhai? {=a ~b}").values["stem"] == {"vi": "Một hai?"}


def test_two_full_answers_make_several():
    upload = read("::Hai:: Chọn tất cả. {=a =b ~c}")
    assert upload.rows[0].values["kind"] == "several"
    assert "nhiều đáp án" in notes(upload)[0][1]


@pytest.mark.parametrize(
    "answers, right", [("#15", 15), ("#15:0", 15), ("#-3:0.4", -3), ("#1..1", 1), ("#=%100%7:0#Ừ", 7)]
)
def test_a_number_is_the_one_whole_number_that_is_admitted(answers, right):
    assert one(f"Mấy? {{{answers}}}").values["answer"] == right


@pytest.mark.parametrize("answers", ["#1..5", "#1e9", "#999999999:0", "#", "#=1 =2", "#=%50%1", "#2..1", "#một"])
def test_what_admits_none_or_many_is_a_fault(answers):
    (problem,) = one(f"Mấy? {{{answers}}}").problems
    assert "một số nguyên" in problem.message


def test_what_has_no_question_is_refused():
    with pytest.raises(BadFile):
        read("// chỉ có ghi chú\n")


def test_an_image_is_lost_and_that_is_said():
    upload = read('[html]<img src\\="@@PLUGINFILE@@/a.png" alt\\="hình"> Gì đây? {=a ~b}')
    assert upload.rows[0].values["stem"]["vi"] == "[hình] Gì đây?"
    assert "không được nhập" in notes(upload)[0][1]


def test_ordering_is_left_out_and_that_is_said():
    asked = question(kind="order", key=(1, 0, 2), options=3)
    assert not gift.holds(asked)
    assert "sắp xếp" in gift.losses(asked)[0]


WORDS = st.text("abăđ ~=#{}:\\/<>&\"'[]%$*_.,?1", min_size=1, max_size=24).filter(
    lambda words: words.strip() == words and "  " not in words and words
)


@settings(deadline=None)  # a busy machine is no fault
@given(WORDS, WORDS, st.lists(WORDS, min_size=3, max_size=4, unique=True), WORDS)
def test_every_sign_survives_going_out_and_coming_back(stem, english, options, why):
    asked = question(
        stem=Text(stem, english), options=0, key=(1,), explanation=Text(why, "x"), short=Text(why, english)
    )
    asked = type(asked)(**{**vars(asked), "options": tuple(Text(option, option + "!") for option in options)})
    row = one(gift.write([asked], []).decode())
    assert row.problems == ()
    assert row.values["stem"] == {"vi": stem, "en": english}
    assert row.values["short"] == {"vi": why, "en": english}
    assert row.values["explanation"] == {"vi": why, "en": "x"}
    assert {(o["vi"], o["en"], o.get("right", False)) for o in row.values["options"]} == {
        (option, option + "!", n == 1) for n, option in enumerate(options)
    }


def test_a_category_may_have_slashes_in_its_name():
    row = one("$CATEGORY: $course$/top/Hưu trí // một lần\n\nHỏi? {T}")
    assert row.values["topic"] == "Hưu trí / một lần"


def test_a_unit_belongs_to_a_number():
    asked = question(kind="number", key=(15,), options=0, unit=text("năm"))
    assert one(gift.write([asked], []).decode()).values["unit"] == {"vi": "năm", "en": "năm (en)"}
    assert "unit" not in one('// unit.vi = "năm"\nHỏi? {T}').values
