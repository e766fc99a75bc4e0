from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp.models import Change, Unit
from quizapp.rules.roster import Line
from quizapp.services import places, unit_lists, units
from quizapp.services.unit_lists import Taken
from tests import make

BEFORE = make.OPENS - timedelta(days=1)


@pytest.fixture
def hana(session):
    return make.person(session, "hana", roles=("organizer",))


@pytest.fixture
def contest(session, hana):
    return make.contest(session, owner=hana, unit_levels=("Liên đoàn", "Cơ sở"))


def table(*rows):
    """Lines of units: name, parent, code, headcount, level, as far as they are given."""
    keys = ("name", "parent", "code", "headcount", "level")
    return [Line(n, {k: v for k, v in zip(keys, row, strict=False) if v}) for n, row in enumerate(rows, 2)]


def look(session, contest, lines, which="unit", now=BEFORE):
    return [
        (one.does if not one.problems else " ".join(p.sentence % p.details for p in one.problems))
        for one in unit_lists.look(session, contest, which, lines, now=now)
    ]


def take(session, contest, hana, lines, which="unit", now=BEFORE):
    return unit_lists.take(session, contest, hana.id, which, lines, file_name="don-vi.xlsx", now=now)


def tree(session, contest, which="unit"):
    return [("  " * one.depth) + one.unit.name for one in units.tree(session, contest, which)]


def test_a_list_grows_a_tree_whatever_the_order_of_its_lines(session, contest, hana):
    lines = table(
        ("Công ty A", "P", "A1", "1.200"), ("Liên đoàn tỉnh P", "", "P"), ("Công ty B", "liên đoàn TỈNH p", "", "80")
    )
    assert look(session, contest, lines) == ["new", "new", "new"]
    assert session.scalars(select(Unit)).all() == []
    assert take(session, contest, hana, lines) == Taken(new=3)
    assert tree(session, contest) == ["Liên đoàn tỉnh P", "  Công ty A", "  Công ty B"]
    found = {one.unit.name: one.unit for one in units.tree(session, contest, "unit")}
    assert (found["Công ty A"].headcount, found["Công ty A"].level, found["Liên đoàn tỉnh P"].level) == (
        1200,
        "Cơ sở",
        "Liên đoàn",
    )
    made = session.scalars(select(Change)).one()
    assert made.after == {"new": 3, "changed": 0, "file": "don-vi.xlsx"}


def test_the_same_list_again_changes_nothing_and_a_corrected_one_only_that(session, contest, hana):
    lines = table(("P", "", "P"), ("Công ty A", "P", "A1", "100"))
    take(session, contest, hana, lines)
    assert look(session, contest, lines) == ["same", "same"]
    corrected = table(("P", "", "P"), ("Công ty cổ phần A", "P", "A1", "120"), ("P2",))
    assert look(session, contest, corrected) == ["same", "change", "new"]
    assert take(session, contest, hana, corrected) == Taken(new=1, changed=1, same=1)
    assert tree(session, contest) == ["P", "  Công ty cổ phần A", "P2"]


def test_an_empty_cell_says_nothing(session, contest, hana):
    take(session, contest, hana, table(("A", "", "A1", "100", "Liên đoàn")))
    assert look(session, contest, table(("A",))) == ["same"]


def test_a_listed_name_keeps_what_a_contestant_typed(session, contest, hana):
    typed = units.typed(session, contest, "unit", "công ty a", now=BEFORE)
    assert take(session, contest, hana, table(("Công ty A", "", "A1"))) == Taken(changed=1)
    assert (typed.typed, typed.name, typed.code) == (False, "Công ty A", "A1")


@pytest.mark.parametrize(
    ("rows", "place", "sentence"),
    [
        ([("", "", "X")], 0, "Thiếu tên"),
        ([("-",)], 0, "Thiếu tên"),
        ([("a" * 201,)], 0, "quá 200"),
        ([("A", "", "c" * 41)], 0, "quá 40"),
        ([("A", "Không có")], 0, "Không tìm thấy đơn vị cấp trên «Không có»"),
        ([("A", "", "", "12,5")], 0, "không phải số nguyên"),
        ([("A", "", "", "", "Tổ")], 0, "Cấp «Tổ»"),
        ([("A", "B"), ("B", "A")], 1, "thuộc chính nó"),
        ([("A", "A")], 0, "Không tìm thấy"),
        ([("A",), ("a ",)], 1, "Trùng với dòng 2"),
        ([("A", "", "1"), ("B", "", "1")], 1, "Trùng với dòng 2"),
        ([("P", "", "1"), ("P", "Q", "2"), ("Q",), ("A", "P")], 3, "Có nhiều đơn vị tên «P»"),
        ([("A", "B"), ("B", "", "", "x")], 0, "dòng 3 có lỗi"),
    ],
)
def test_a_line_that_cannot_be_taken_says_why(session, contest, rows, place, sentence):
    assert sentence in look(session, contest, table(*rows))[place]


def test_lines_that_are_sound_are_taken_and_the_others_left(session, contest, hana):
    lines = table(("A",), ("B", "Không có"), ("C", "A"))
    assert take(session, contest, hana, lines) == Taken(new=2, faulty=1)
    assert tree(session, contest) == ["A", "  C"]


def test_a_parent_may_stand_in_the_tree_already(session, contest, hana):
    take(session, contest, hana, table(("P", "", "P1"), ("Q",)))
    assert take(session, contest, hana, table(("A", "p1"), ("B", "q"))) == Taken(new=1, faulty=1)
    assert take(session, contest, hana, table(("A", "P1"), ("B", "q"))) == Taken(new=1, same=1)
    assert tree(session, contest) == ["P", "  A", "Q", "  B"]


def test_a_name_that_stands_twice_in_the_tree_needs_its_code(session, contest, hana):
    take(session, contest, hana, table(("P",), ("Q",), ("A", "P", "A1"), ("A", "Q", "A2")))
    assert "mã của đơn vị cấp trên" in look(session, contest, table(("Tổ", "A")))[0]
    assert look(session, contest, table(("Tổ", "A2"))) == ["new"]


def test_a_list_never_moves_a_unit(session, contest, hana):
    take(session, contest, hana, table(("P",), ("Q",), ("A", "P", "A1")))
    assert "trang của đơn vị" in look(session, contest, table(("A", "Q", "A1")))[0]


def test_a_locked_headcount_is_not_changed_by_a_list(session, contest, hana):
    take(session, contest, hana, table(("A", "", "", "100")))
    assert look(session, contest, table(("A", "", "", "100")), now=make.OPENS) == ["same"]
    assert "khóa" in look(session, contest, table(("A", "", "", "120")), now=make.OPENS)[0]


def test_an_endless_chain_is_stopped_at_ten_levels(session, contest):
    rows = [("Đơn vị 0",)] + [(f"Đơn vị {n}", f"Đơn vị {n - 1}") for n in range(1, 3000)]
    found = look(session, contest, table(*rows))
    assert found[9] == "new" and "10 cấp" in found[10] and "10 cấp" in found[-1]


def test_a_circle_elsewhere_stops_what_hangs_on_it(session, contest):
    found = look(session, contest, table(("A", "B"), ("B", "C"), ("C", "B")))
    assert "10 cấp" in found[0] and "thuộc chính nó" in found[1]


def test_without_levels_in_the_rulebook_any_is_taken(session, hana):
    free = make.contest(session, slug="khac", owner=hana)
    take(session, free, hana, table(("A", "", "", "", "Ngành"), ("B", "A")))
    assert [one.unit.level for one in units.tree(session, free, "unit")] == ["Ngành", ""]


def test_five_thousand_lines_are_looked_at_in_little_time(session, contest):
    rows = [("P", "", "P")] + [(f"Công ty {n}", "P", f"C{n}", "10") for n in range(4999)]
    assert set(look(session, contest, table(*rows))) == {"new"}


# ── Places ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_communes_come_below_their_provinces(session, contest, hana):
    lines = table(("Xã Gio Linh", "Tỉnh Quảng Trị", "20101", "21.000"), ("Phường Đông Hà", "quang tri"))
    assert look(session, contest, lines, "place") == ["new", "new"]
    assert session.scalars(select(Unit)).all() == []
    assert take(session, contest, hana, lines, "place") == Taken(new=2)
    assert len(places.listed(session, contest)) == 34
    assert [name for name in tree(session, contest, "place") if name.startswith("  ")] == [
        "  Phường Đông Hà",
        "  Xã Gio Linh",
    ]
    assert look(session, contest, lines, "place") == ["same", "same"]
    commune = session.scalars(select(Unit).where(Unit.name == "Xã Gio Linh")).one()
    assert (commune.level, commune.headcount, commune.code) == ("commune", 21000, "20101")


def test_a_commune_of_no_province_we_know_is_a_problem_and_twice_the_same_is_one_too(session, contest):
    lines = table(("Xã A", "Tỉnh Hà Tây"), ("Xã B", "Huế"), ("xã b", "46"))
    first, second, third = look(session, contest, lines, "place")
    assert "34 tỉnh" in first and second == "new" and "Trùng với dòng 3" in third


def test_a_contest_of_one_province_takes_communes_of_a_neighbour_too(session, hana):
    here = make.contest(session, slug="tinh", owner=hana, who=make.rulebook.Who(provinces=("44",)))
    take(session, here, hana, table(("Xã A", "Huế")), "place")
    assert [one.code for one in places.listed(session, here)] == ["44", "46"]
