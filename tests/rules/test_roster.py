import pytest

from quizapp.errors import Unreadable
from quizapp.rules import roster
from quizapp.rules.roster import DELEGATE_COLUMNS, EXCLUSION_COLUMNS, PLACE_COLUMNS, UNIT_COLUMNS, Line, Looked, lines


def test_columns_are_known_by_their_headings_in_any_order_and_spelling():
    rows = [(1, ["Danh sách đơn vị"]), (3, ["TỔNG SỐ *", "Ghi chú", "Tên đơn vị:"]), (4, ["120", "x", "Công ty A"])]
    assert lines(rows, UNIT_COLUMNS) == [Line(4, {"headcount": "120", "name": "Công ty A"})]


def test_english_headings_are_known_as_well():
    rows = [(1, ["Level", "Name", "Parent", "Code"]), (2, ["Cơ sở", "A", "", "A1"])]
    assert lines(rows, UNIT_COLUMNS) == [Line(2, {"level": "Cơ sở", "name": "A", "code": "A1"})]


def test_rows_without_a_known_cell_are_left_out_and_of_two_like_columns_the_first_holds():
    rows = [(1, ["Tên", "Tên"]), (2, ["", ""]), (3, ["A", "B"]), (4, ["C"])]
    found = lines(rows, UNIT_COLUMNS)
    assert found == [Line(3, {"name": "A"}), Line(4, {"name": "C"})]
    assert found[0].get("code") == ""


@pytest.mark.parametrize("columns", [UNIT_COLUMNS, PLACE_COLUMNS, EXCLUSION_COLUMNS, DELEGATE_COLUMNS])
def test_every_template_is_read_by_its_own_headings(columns):
    heads = [column.head for column in columns]
    (line,) = lines([(1, heads), (2, [column.key for column in columns])], columns)
    assert line.cells == {column.key: column.key for column in columns}


def test_a_table_without_headings_or_without_lines_is_refused():
    with pytest.raises(Unreadable, match="dòng tiêu đề như"):
        lines([(n, ["Công ty A", "120"]) for n in range(1, 20)], UNIT_COLUMNS)
    with pytest.raises(Unreadable, match="chưa có dòng nào"):
        lines([(1, ["Tên"]), (2, ["  ".strip()])], UNIT_COLUMNS)


@pytest.mark.parametrize(("text", "number"), [("1.200", 1200), ("0", 0), ("", None)])
def test_a_count_is_a_whole_number(text, number):
    looked = Looked(Line(2, {"headcount": text} if text else {}))
    assert roster.count(looked, "headcount") == number
    assert looked.problems == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Có", True),
        ("x", True),
        ("YES.", True),
        ("thẻ", True),
        ("không", False),
        ("0", False),
        ("-", False),
        ("", None),
    ],
)
def test_a_cell_says_yes_or_no_or_nothing(text, said):
    looked = Looked(Line(2, {"by_card": text} if text else {}))
    assert roster.yes_or_no(looked, "by_card") is said
    assert looked.problems == []


def test_a_cell_that_says_neither_yes_nor_no_is_a_problem_of_its_line():
    looked = Looked(Line(2, {"by_card": "có lẽ"}))
    assert roster.yes_or_no(looked, "by_card") is None
    (problem,) = looked.problems
    assert "có lẽ" in problem.sentence % problem.details


@pytest.mark.parametrize("text", ["-1", "12,5", "nhiều"])
def test_a_count_that_is_none_is_a_problem_of_its_line(text):
    looked = Looked(Line(2, {"headcount": text}))
    roster.count(looked, "headcount")
    (problem,) = looked.problems
    assert text in problem.sentence % problem.details


def test_what_is_too_long_to_keep_is_a_problem():
    looked = Looked(Line(2, {"name": "a" * 201, "code": "b"}))
    assert roster.too_long(looked, "name") and not roster.too_long(looked, "code", 1)
    assert "200" in looked.problems[0].sentence % looked.problems[0].details


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("Cty May 10", "may 10"),
        ("May 10", "may 10"),
        ("Tổng Cty May 10", "may 10"),
        ("TỔNG CÔNG TY MAY 10", "may 10"),
        ("Cty CP May-10", "may 10"),
        ("Công ty TNHH MTV Cao su Sao Vàng", "cao su sao vang"),
        ("Trường Trung học phổ thông Lê Lợi", "thpt le loi"),
        ("CĐCS Công ty May 10", "may 10"),
        ("Công đoàn cơ sở May 10", "may 10"),
        ("BHXH cơ sở 3", "bhxh co so 3"),
        ("Chi nhánh May 10", "chi nhanh may 10"),
        ("Công ty", "cong ty"),
        ("Cơ điện Thủ Đức", "co dien thu duc"),
    ],
)
def test_the_core_of_a_name_is_what_tells_units_apart(name, core):
    assert roster.core(name) == core


def test_units_that_come_to_the_same_name_are_grouped():
    names = [(1, "Cty May 10"), (2, "Dệt 8-3"), (3, "May 10"), (4, "Tổng Cty May 10"), (5, "Dệt 8/3")]
    assert roster.alike(names) == [(1, 3, 4), (2, 5)]


def test_schools_and_offices_of_different_kinds_are_not_taken_for_one():
    names = [
        (1, "Trường THPT Lê Lợi"),
        (2, "Trường THCS Lê Lợi"),
        (3, "Sở Y tế"),
        (4, "Phòng Y tế"),
        (5, "THPT Lê Lợi"),
    ]
    assert roster.alike(names) == [(1, 5)]
