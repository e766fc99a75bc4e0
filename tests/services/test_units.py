from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import Change, Contestant, ContestRole, Participation, Unit
from quizapp.rules.contest import Who
from quizapp.services import places, unit_merges, units
from tests import make

BEFORE = make.OPENS - timedelta(days=1)
DURING = make.OPENS + timedelta(days=1)


@pytest.fixture
def hana(session):
    return make.person(session, "hana", roles=("organizer",))


@pytest.fixture
def contest(session, hana):
    return make.contest(session, owner=hana, unit_levels=("Liên đoàn", "Công đoàn cơ sở"))


@pytest.fixture
def grow(session, contest, hana):
    def grow(name, parent=None, **more):
        return units.add(session, contest, hana.id, "unit", name, parent=parent, now=BEFORE, **more)

    return grow


def names(session, contest, which="unit"):
    return [("  " * one.depth) + one.unit.name for one in units.tree(session, contest, which)]


def changes_of(session, kind):
    return session.scalars(select(Change).where(Change.kind == kind).order_by(Change.id)).all()


# ── The tree ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_tree_is_read_from_the_top_with_neighbours_by_the_alphabet(session, contest, grow):
    top = grow("LĐLĐ tỉnh P")
    for name in ("Đông Á", "Dệt 8-3", "An Bình"):
        grow(name, top)
    grow("Ăn uống", None)
    assert names(session, contest) == ["Ăn uống", "LĐLĐ tỉnh P", "  An Bình", "  Dệt 8-3", "  Đông Á"]


def test_a_node_has_the_level_of_its_depth_unless_another_is_named(session, contest, grow):
    top = grow("LĐLĐ tỉnh P")
    below = grow("Công ty A", top)
    assert (top.level, below.level, grow("Tổ 1", below).level) == ("Liên đoàn", "Công đoàn cơ sở", "")
    assert grow("Khác", level="Nhóm").level == "Nhóm"
    assert units.levels(session, contest, "unit") == ["Liên đoàn", "Công đoàn cơ sở", "Nhóm"]
    assert units.levels(session, contest, "place") == ["province", "commune"]


def test_people_roll_up_and_only_those_who_may_win_count(session, contest, grow):
    top = grow("LĐLĐ tỉnh P")
    below = grow("Công ty A", top)
    below.headcount = 0
    sat = make.contestant(session, contest, unit_id=below.id)
    make.contestant(session, contest, unit_id=top.id)
    make.contestant(session, contest, unit_id=below.id, status="HORS_CONCOURS")
    make.contestant(session, contest, unit_id=below.id, status="EXCLUDED")
    session.add(Participation(round_id=contest.rounds[0].id, contestant_id=sat.id, valid=2))
    session.flush()
    above, under = units.tree(session, contest, "unit")
    assert (above.registered, above.people, under.registered, under.people) == (2, 1, 1, 1)
    assert under.is_over and not above.is_over


def test_a_node_of_another_contest_or_tree_does_not_exist(session, contest, grow, hana):
    mine = grow("A")
    other = make.contest(session, slug="khac", owner=hana)
    for wrong in (lambda: units.find(session, other, mine.id), lambda: units.find(session, contest, mine.id, "place")):
        with pytest.raises(NotFound):
            wrong()
    with pytest.raises(NotFound):
        units.find(session, contest, 999_999)
    assert units.find(session, contest, mine.id, "unit") is mine


def test_two_neighbours_never_share_a_name_nor_two_nodes_a_code(session, contest, grow):
    top = grow("A", code="A1")
    grow("Công ty B", top)
    with pytest.raises(Conflict, match="cùng tên"):
        grow("CÔNG TY  b", top)
    with pytest.raises(Conflict, match="Mã này"):
        grow("C", code="A1")
    grow("Công ty B")


@pytest.mark.parametrize("name", ["", " - ", "a" * 201, "a\u202eb"])
def test_a_name_that_says_nothing_or_too_much_is_refused(grow, name):
    with pytest.raises(Unreadable):
        grow(name)


def test_a_tree_is_at_most_ten_levels_deep(session, contest, grow, hana):
    node = None
    for depth in range(10):
        node = grow(f"Cấp {depth}", node)
    with pytest.raises(Conflict, match="10 cấp"):
        grow("Cấp 10", node)
    pair = grow("Cặp")
    grow("Dưới", pair)
    with pytest.raises(Conflict, match="10 cấp"):
        units.move(session, contest, hana.id, pair, units.find(session, contest, node.parent_id), now=BEFORE)


# ── Picking and typing ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_unit_is_found_without_accents_and_shown_with_what_is_above_it(session, contest, grow):
    top = grow("Liên đoàn Lao động tỉnh P")
    may = grow("Công ty May 10", top)
    grow("May 10 Hưng Yên")
    found = units.pick(session, contest, "unit", "may 10")
    assert [one.name for one in found] == ["May 10 Hưng Yên", "Công ty May 10"]
    assert found[1].label == "Công ty May 10 – Liên đoàn Lao động tỉnh P" == units.label(session, may)
    assert units.pick(session, contest, "unit", "10 cong", under=top.id) == [found[1]]
    assert units.pick(session, contest, "unit", "%") == []
    assert len(units.pick(session, contest, "unit", "", limit=2)) == 2


def test_a_name_is_known_exactly_by_itself_or_with_those_above(session, contest, grow):
    for top in ("Tỉnh P", "Tỉnh Q"):
        grow("Trường A", grow(top))
    assert len(units.named(session, contest, "unit", "truong a")) == 2
    (one,) = units.named(session, contest, "unit", "Trường A – Tỉnh Q")
    assert one.label == "Trường A – Tỉnh Q"
    assert units.named(session, contest, "unit", "Trường") == []
    assert [
        p.id
        for p in units.named(session, contest, "unit", "truong a", under=units.find(session, contest, one.id).parent_id)
    ] == [one.id]


def test_what_contestants_type_becomes_a_node_once(session, contest):
    first = units.typed(session, contest, "unit", " Cty  May 10 ", now=DURING)
    assert first.typed and first.name == "Cty May 10"
    assert units.typed(session, contest, "unit", "cty may 10", now=DURING) is first


def test_what_is_typed_means_the_listed_unit_of_that_name(session, contest, grow):
    listed = grow("May 10", grow("Tổng công ty"))
    assert units.typed(session, contest, "unit", "may 10", now=DURING) is listed


# ── Correcting ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_correction_is_written_down_with_what_was_before(session, contest, grow, hana):
    node = grow("Công ti A", code="A")
    units.rename(session, contest, hana.id, node, "Công ty A", code="A", level="Nhóm", now=BEFORE)
    assert (node.name, node.search, node.level) == ("Công ty A", "cong ty a", "Nhóm")
    made = changes_of(session, "unit")[-1]
    assert (made.before, made.after, made.proposed_by) == (
        {"name": "Công ti A", "level": "Liên đoàn"},
        {"name": "Công ty A", "level": "Nhóm"},
        hana.id,
    )


def test_saying_the_same_again_changes_and_notes_nothing(session, contest, grow, hana):
    node = grow("A")
    count = len(changes_of(session, "unit"))
    units.rename(session, contest, hana.id, node, "A", now=BEFORE)
    units.move(session, contest, hana.id, node, None, now=DURING)
    assert len(changes_of(session, "unit")) == count


def test_a_new_name_or_code_must_be_free(session, contest, grow, hana):
    grow("A", code="1")
    node = grow("B", code="2")
    with pytest.raises(Conflict, match="cùng tên"):
        units.rename(session, contest, hana.id, node, "a", now=BEFORE)
    with pytest.raises(Conflict, match="Mã này"):
        units.rename(session, contest, hana.id, node, "B", code="1", now=BEFORE)
    units.rename(session, contest, hana.id, node, "B", code="3", now=BEFORE)
    assert node.code == "3"


def test_renaming_a_typed_unit_keeps_it(session, contest, hana):
    node = units.typed(session, contest, "unit", "Cty X", now=BEFORE)
    units.rename(session, contest, hana.id, node, "Công ty X", now=BEFORE)
    assert not node.typed


def test_once_the_contest_is_open_a_correction_needs_a_reason(session, contest, grow, hana):
    node, top = grow("A"), grow("B")
    for correct in (
        lambda reason: units.rename(session, contest, hana.id, node, "A2", reason=reason, now=DURING),
        lambda reason: units.move(session, contest, hana.id, node, top, reason=reason, now=DURING),
    ):
        with pytest.raises(Unreadable, match="lý do"):
            correct(" ")
        correct("Ghi nhầm")
    assert changes_of(session, "unit_move")[0].reason == "Ghi nhầm"


def test_a_unit_moves_with_all_below_it_and_never_in_a_circle(session, contest, grow, hana):
    p, q = grow("P"), grow("Q")
    a = grow("A", p)
    grow("A1", a)
    units.move(session, contest, hana.id, a, q, now=BEFORE)
    assert names(session, contest) == ["P", "Q", "  A", "    A1"]
    (made,) = changes_of(session, "unit_move")
    assert (made.before, made.after) == ({"parent": "P"}, {"parent": "Q"})
    with pytest.raises(Conflict, match="chính nó"):
        units.move(session, contest, hana.id, q, a, now=BEFORE)
    units.move(session, contest, hana.id, a, None, now=BEFORE)
    assert a.parent_id is None
    grow("A", q)
    with pytest.raises(Conflict, match="cùng tên"):
        units.move(session, contest, hana.id, a, q, now=BEFORE)


def test_only_an_empty_node_is_removed(session, contest, grow, hana):
    top = grow("P")
    node = grow("A", top)
    someone = make.contestant(session, contest, unit_id=node.id)
    with pytest.raises(Conflict, match="gộp"):
        units.remove(session, contest, hana.id, top, now=BEFORE)
    with pytest.raises(Conflict, match="gộp"):
        units.remove(session, contest, hana.id, node, now=BEFORE)
    someone.unit_id = None
    session.add(ContestRole(contest_id=contest.id, person_id=hana.id, role="focal", unit_id=node.id, given_at=BEFORE))
    session.flush()
    with pytest.raises(Conflict, match="đầu mối"):
        units.remove(session, contest, hana.id, node, now=BEFORE)
    session.execute(ContestRole.__table__.delete().where(ContestRole.unit_id == node.id))
    units.remove(session, contest, hana.id, node, now=BEFORE)
    assert names(session, contest) == ["P"]
    assert changes_of(session, "unit")[-1].before == {"name": "A"}


# ── Headcounts and targets ──────────────────────────────────────────────────────────────────────────────────────


def test_a_headcount_is_proposed_approved_and_locked(session, contest, grow, hana):
    node, bob = grow("A"), make.person(session, "bob")
    units.propose_headcount(session, contest, bob.id, node, 120, now=BEFORE)
    assert (node.headcount, node.headcount_proposed) == (None, 120)
    units.approve_headcount(session, contest, hana.id, node, now=BEFORE)
    assert (node.headcount, node.headcount_proposed) == (120, None)
    with pytest.raises(Conflict, match="chưa đề xuất"):
        units.approve_headcount(session, contest, hana.id, node, now=BEFORE)
    assert units.lock_headcounts(session, contest, hana.id, now=BEFORE) == 1
    assert units.lock_headcounts(session, contest, hana.id, now=BEFORE) == 0
    with pytest.raises(Conflict, match="khóa"):
        units.propose_headcount(session, contest, bob.id, node, 130, now=BEFORE)
    with pytest.raises(Unreadable, match="lý do"):
        units.set_headcount(session, contest, hana.id, node, 130, now=BEFORE)
    units.set_headcount(session, contest, hana.id, node, 130, reason="Công văn 12", now=DURING)
    made = changes_of(session, "headcount")[-1]
    assert (made.before, made.after, made.reason) == ({"headcount": 120}, {"headcount": 130}, "Công văn 12")


def test_opening_locks_headcounts_by_itself(session, contest, grow, hana):
    node = grow("A")
    assert not units.is_locked(contest, node, now=BEFORE)
    assert units.is_locked(contest, node, now=make.OPENS)
    draft = make.contest(session, slug="nhap", owner=hana, published=False)
    assert not units.has_opened(draft, now=DURING)


def test_a_headcount_can_be_taken_back_and_is_never_negative(session, contest, grow, hana):
    node = grow("A")
    units.set_headcount(session, contest, hana.id, node, 5, now=BEFORE)
    units.set_headcount(session, contest, hana.id, node, None, now=BEFORE)
    assert node.headcount is None
    for count in (-1, 100_000_001):
        with pytest.raises(Unreadable):
            units.set_headcount(session, contest, hana.id, node, count, now=BEFORE)


def test_targets_are_kept_and_written_down(session, contest, grow, hana):
    node = grow("A")
    units.set_targets(session, contest, hana.id, node, 50, None, now=BEFORE)
    units.set_targets(session, contest, hana.id, node, 50, 100, now=BEFORE)
    assert (node.target_people, node.target_attempts) == (50, 100)
    assert [one.after for one in changes_of(session, "target_set")] == [{"people": 50}, {"attempts": 100}]


# ── Merging ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def may(session, contest, grow):
    """The same company under three names, with people in each, and another one."""
    listed = grow("Tổng công ty May 10", grow("Dệt may"))
    typed = [units.typed(session, contest, "unit", name, now=BEFORE) for name in ("Cty May 10", "May 10", "Dệt 8-3")]
    for unit, count in zip((listed, *typed), (1, 3, 2, 1), strict=True):
        for _ in range(count):
            make.contestant(session, contest, unit_id=unit.id)
    return listed, *typed


def people_of(session, unit):
    return session.scalars(select(Contestant.id).where(Contestant.unit_id == unit.id)).all()


def test_names_that_come_to_the_same_are_suggested_with_the_listed_one_first(session, contest, may):
    listed, cty, plain, _ = may
    assert unit_merges.suggestions(session, contest, "unit") == [[listed, cty, plain]]


def test_listed_units_alone_are_never_suggested(session, contest, grow):
    for top in ("P", "Q"):
        grow("Trường A", grow(top))
    assert unit_merges.suggestions(session, contest, "unit") == []


def test_merging_moves_people_keeps_the_words_and_is_undone_for_those_still_there(session, contest, may, hana):
    listed, cty, plain, _ = may
    change = unit_merges.merge(session, contest, hana.id, listed, [cty, plain, listed], now=BEFORE)
    assert len(people_of(session, listed)) == 6 and people_of(session, cty) == []
    assert (change.before, change.after) == (
        {"merged": ["Cty May 10", "May 10"]},
        {"name": "Tổng công ty May 10", "people": 5},
    )
    assert units.find(session, contest, cty.id) is listed
    assert units.typed(session, contest, "unit", "cty may 10", now=DURING) is listed
    assert "Cty May 10" not in " ".join(names(session, contest))
    assert [done for _, done in unit_merges.history(session, contest)] == [True]
    gone = session.get(Contestant, people_of(session, listed)[-1])
    gone.unit_id = may[3].id
    session.flush()
    assert unit_merges.undo(session, contest, hana.id, change, now=BEFORE) == 4
    assert len(people_of(session, cty)) == 3 and len(people_of(session, plain)) == 1
    assert [done for _, done in unit_merges.history(session, contest)] == [False]
    with pytest.raises(Conflict, match="hoàn tác"):
        unit_merges.undo(session, contest, hana.id, change, now=BEFORE)


def test_what_stands_below_and_focal_points_go_along_and_come_back(session, contest, grow, hana):
    into, part = grow("A"), grow("Cty A")
    below = grow("Xưởng 1", part)
    role = ContestRole(contest_id=contest.id, person_id=hana.id, role="focal", unit_id=part.id, given_at=BEFORE)
    session.add(role)
    session.flush()
    change = unit_merges.merge(session, contest, hana.id, into, [part], now=BEFORE)
    session.expire_all()
    assert (below.parent_id, role.unit_id) == (into.id, into.id)
    with pytest.raises(Conflict):
        units.remove(session, contest, hana.id, into, now=BEFORE)
    unit_merges.undo(session, contest, hana.id, change, now=BEFORE)
    session.expire_all()
    assert (below.parent_id, role.unit_id) == (part.id, part.id)


def test_a_merge_into_what_stands_below_is_refused(session, contest, grow, hana):
    top = grow("A")
    below = grow("A1", top)
    with pytest.raises(Conflict, match="trực thuộc"):
        unit_merges.merge(session, contest, hana.id, below, [top], now=BEFORE)
    with pytest.raises(Conflict, match="ít nhất một"):
        unit_merges.merge(session, contest, hana.id, top, [top], now=BEFORE)


def test_once_open_a_merge_and_its_undoing_need_a_reason(session, contest, may, hana):
    listed, cty, *_ = may
    with pytest.raises(Unreadable, match="lý do"):
        unit_merges.merge(session, contest, hana.id, listed, [cty], now=DURING)
    change = unit_merges.merge(session, contest, hana.id, listed, [cty], reason="Cùng một công ty", now=DURING)
    with pytest.raises(Unreadable, match="lý do"):
        unit_merges.undo(session, contest, hana.id, change, now=DURING)
    assert unit_merges.undo(session, contest, hana.id, change, reason="Nhầm", now=DURING) == 3


# ── Places ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_contest_for_the_country_has_all_provinces_and_one_for_some_only_those(session, contest, hana):
    places.ensure(session, contest, now=BEFORE)
    places.ensure(session, contest, now=BEFORE)
    assert len(places.listed(session, contest)) == 34
    here = make.contest(session, slug="tinh", owner=hana, who=Who(provinces=("44", "99")))
    places.ensure(session, here, now=BEFORE)
    assert [(one.name, one.code, one.level) for one in places.listed(session, here)] == [
        ("Quảng Trị", "44", "province")
    ]


def test_a_commune_is_found_however_it_is_typed_or_made_anew(session, contest, hana):
    above = places.province(session, contest, "44", now=BEFORE)
    listed = units.add(session, contest, hana.id, "place", "Xã Gio Linh", parent=above, now=BEFORE)
    assert listed.level == "commune"
    for text in ("Xã Gio Linh", "xa gio linh", "Gio Linh"):
        assert places.place(session, contest, "44", commune=text, now=DURING) is listed
    other = places.place(session, contest, "44", commune="Phường Gio Linh", now=DURING)
    assert other.typed and other.level == "commune" and other.parent_id == above.id
    assert places.place(session, contest, "44", now=DURING) is above
    assert places.of_place(session, listed) == (above, listed)
    assert places.of_place(session, above) == (above, None)
    assert places.of_place(session, None) == (None, None)


def test_a_picked_commune_lies_in_its_province(session, contest, hana):
    above = places.province(session, contest, "44", now=BEFORE)
    commune = units.add(session, contest, hana.id, "place", "Xã A", parent=above, now=BEFORE)
    assert places.place(session, contest, "44", place_id=commune.id, now=DURING) is commune
    with pytest.raises(Unreadable, match="không thuộc tỉnh"):
        places.place(session, contest, "01", place_id=commune.id, now=DURING)
    with pytest.raises(Unreadable, match="danh sách"):
        places.province(session, contest, "99", now=DURING)


def test_communes_of_one_name_in_two_provinces_are_not_suggested_as_one(session, contest):
    for code in ("44", "01"):
        places.place(session, contest, code, commune="Xã Hòa Bình", now=DURING)
    assert unit_merges.suggestions(session, contest, "place") == []
    assert len(session.scalars(select(Unit).where(Unit.level == "commune")).all()) == 2
