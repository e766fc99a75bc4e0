"""Our own Excel template: filled in by hand with faults, sent back with what is wrong, and safe from formulas."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from quizapp.formats import guide, xlsx
from quizapp.formats.columns import COLUMNS, FORMULA_STARTS
from quizapp.formats.upload import BadFile
from quizapp.rules.bank import Topic
from quizapp.rules.question import Text
from tests.formats.books import book, sheet
from tests.make import question

SAMPLES = Path(__file__).parent / "samples"
TOPICS = [Topic("huu-tri", "H", Text("Hưu trí", "Pension"), Text("a", "b"))]


@pytest.fixture(scope="module")
def by_hand():
    return xlsx.read((SAMPLES / "bang-tu-lam.xlsx").read_bytes())


def part(data, name):
    return zipfile.ZipFile(io.BytesIO(data)).read(name).decode()


def faults(row):
    return {problem.where: problem.message % problem.details for problem in row.problems}


def test_a_table_made_by_hand_is_read_under_its_own_headings(by_hand):
    one, several, truth, number, order = (row.values for row in by_hand.rows[:5])
    assert one["options"][1] == {"vi": "15 năm", "right": True}
    assert one["citations"] == ["Điều 64 khoản 1 điểm a", "Điều 65 khoản 1"]
    assert (one["difficulty"], one["in_force_from"].isoformat()) == ("know", "2025-07-01")
    assert [option.get("right", False) for option in several["options"]] == [True, False, True, False]
    assert (truth["kind"], truth["answer"]) == ("truefalse", True)
    assert (number["kind"], number["answer"]) == ("number", 1530)
    assert [option["vi"] for option in order["options"]] == ["Một", "Hai", "Ba"]
    assert not any(row.problems for row in by_hand.rows[:5])


def test_each_fault_is_shown_with_its_cell(by_hand):
    wrong, number, gap, formula = by_hand.rows[5:]
    assert set(faults(wrong)) == {"C9", "D9", "J9", "M9"}
    assert "Tự luận" in faults(wrong)["C9"]
    assert "bảng tính đổi" in faults(number)["J10"]
    assert set(faults(gap)) == {"G11"}
    assert set(faults(formula)) == {"F12"}
    assert [note.where for note in by_hand.notes] == ["F12", "D12"]


def test_rows_with_faults_go_back_as_they_were_typed_with_what_is_wrong(by_hand):
    wrong = by_hand.rows[5]
    data = xlsx.write_rows([(wrong, "Loại câu hỏi «Tự luận» không có.")], TOPICS)
    (row,) = xlsx.read(data).rows
    assert {name: row.values[name] for name in ("kind", "difficulty", "answer", "in_force_from")} == {
        "kind": "Tự luận",
        "difficulty": "Khó lắm",
        "answer": "ABX",
        "in_force_from": "32/13/2025",
    }
    assert "Tự luận» không có" in part(data, "xl/sharedStrings.xml")
    assert xlsx.read(data).notes == ()


def test_the_template_has_lists_to_choose_from_both_languages_and_help():
    data = xlsx.write([], TOPICS)
    rules = part(data, "xl/worksheets/sheet1.xml")
    assert rules.count("<dataValidation ") == 4
    assert "Một đáp án,Nhiều đáp án" in rules
    (row,) = re.findall(r"\$A\$(\d+):\$A\$\1\b", rules)
    assert f'<c r="A{row}"' in part(data, "xl/worksheets/sheet2.xml")
    strings = part(data, "xl/sharedStrings.xml")
    assert all(f">{column.vi}<" in strings and f">{column.en}<" in strings for column in COLUMNS)
    assert all(vi in strings and en in strings for vi, en in guide.COLUMNS.values())
    with pytest.raises(BadFile, match="chưa có câu hỏi"):
        xlsx.read(data)


def test_the_list_of_topics_points_at_the_topics():
    rules = part(xlsx.write([], TOPICS), "xl/worksheets/sheet1.xml")
    (first,) = re.findall(r"\$A\$(\d+):", rules)
    cells = re.search(rf'<c r="A{first}"[^>]*><v>(\d+)</v>', part(xlsx.write([], TOPICS), "xl/worksheets/sheet2.xml"))
    strings = re.findall(r"<t[^>]*>(.*?)</t>", part(xlsx.write([], TOPICS), "xl/sharedStrings.xml"))
    assert strings[int(cells[1])] == "huu-tri"


@pytest.mark.parametrize("sign", [*FORMULA_STARTS, "'"])
def test_text_that_looks_like_a_formula_is_text_and_reads_back_the_same(sign):
    text = f"{sign}HYPERLINK(1)"
    data = xlsx.write([question(stem=Text(text, text))], TOPICS)
    assert "<f>" not in part(data, "xl/worksheets/sheet1.xml")
    assert 'quotePrefix="1"' in part(data, "xl/styles.xml")
    assert xlsx.read(data).rows[0].values["stem"] == {"vi": text, "en": text}


def test_the_sheet_with_our_headings_is_found_and_none_is_refused():
    with pytest.raises(BadFile, match="dòng tiêu đề"):
        xlsx.read(book(sheet(["Tên", "Tuổi"], ["An", "20"])))


def test_an_answer_may_be_numbers_or_the_words_of_an_option_and_the_kind_may_be_left_out():
    rows = xlsx.read(
        book(
            sheet(
                ["Question", "Option A", "Option B", "Option C", "Correct answer"],
                ["Which?", "one", "two", "three", "two"],
                ["Which ones?", "one", "two", "three", "1, 3"],
                ["True?", "", "", "", "Sai"],
                ["How many?", "", "", "", "1.530.000"],
                ["Nothing?", "", "", "", ""],
                ["Too long? " + "x" * 5_000, "one", "two", "", "A"],
            )
        )
    ).rows
    assert [row.values.get("kind") for row in rows] == ["one", "several", "truefalse", "number", None, "one"]
    assert rows[0].values["options"][1]["right"]
    assert [n for n, option in enumerate(rows[1].values["options"]) if option.get("right")] == [0, 2]
    assert (rows[2].values["answer"], rows[3].values["answer"]) == (False, 1_530_000)
    assert set(faults(rows[5])) == {"A7"}
