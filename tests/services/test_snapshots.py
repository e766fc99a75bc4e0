from datetime import timedelta

import pytest

from quizapp import models
from quizapp.errors import NotFound
from quizapp.services import changes, sanctions, snapshots
from tests import closed

NOW = closed.REVIEWED
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def scene(session):
    contest, row, known = closed.contest(session, rounds=2)
    return contest, row, known, *closed.staff(session)


def test_nobody_sees_a_snapshot_before_all_its_lines_are_kept(session, scene):
    _, row, known, *_ = scene
    closed.snapshot(session, row, codes=[known["A"]], complete_at=None)
    assert snapshots.newest(session, row) is None and snapshots.published(session, row) is None
    assert list(snapshots.all_of(session, row)) == []
    with pytest.raises(NotFound):
        snapshots.numbered(session, row, 1)


def test_the_newest_is_the_secretariats_and_the_published_one_everybodys(session, scene):
    _, row, known, *_ = scene
    first = closed.snapshot(session, row, codes=[known["A"]])
    second = closed.snapshot(session, row, n=2, codes=[known["B"]], published=False)
    assert snapshots.newest(session, row) is second and snapshots.published(session, row) is first
    assert list(snapshots.all_of(session, row)) == [second, first]
    assert snapshots.numbered(session, row, 2) is second


def bar(session, scene, at, row=None):
    contest, _, known, hana, kim = scene
    level = "contest" if row is None else "round"
    change = sanctions.propose_person(session, contest, known["A"], level, "Thi hộ", hana.id, now=at, row=row)
    changes.confirm(session, change, kim.id, now=at)


def test_a_snapshot_is_fresh_until_something_that_counts_changes(session, scene):
    contest, row, known, hana, _ = scene
    assert not snapshots.is_fresh(session, contest, row, None)
    kept = closed.snapshot(session, row, codes=[known["B"]])
    bar(session, scene, NOW - timedelta(seconds=1))
    assert snapshots.is_fresh(session, contest, row, kept)
    sanctions.warn(session, contest, known["C"], "Nhìn bài", hana.id, now=LATER)
    assert snapshots.is_fresh(session, contest, row, kept)
    bar(session, scene, LATER, row=row)
    assert not snapshots.is_fresh(session, contest, row, kept)


def test_changes_of_other_rounds_count_only_where_one_prize_is_for_the_whole_contest(session, scene):
    contest, row, known, *_ = scene
    kept = closed.snapshot(session, row, codes=[known["B"]])
    bar(session, scene, LATER, row=contest.rounds[1])
    assert snapshots.is_fresh(session, contest, row, kept)
    contest.settings = {**contest.settings, "one_prize_per": "CONTEST"}
    assert not snapshots.is_fresh(session, contest, row, kept)


def test_a_withdrawal_counts_where_a_prize_hangs_on_it(session, scene):
    contest, row, known, *_ = scene
    kept = closed.snapshot(session, row, codes=[known["B"]])
    known["E"].withdrawn_at = LATER
    session.flush()
    assert snapshots.is_fresh(session, contest, row, kept)
    known["B"].withdrawn_at = LATER
    session.flush()
    assert not snapshots.is_fresh(session, contest, row, kept)


def test_a_ranking_is_paged_division_by_division(session, scene):
    _, row, known, *_ = scene
    people = list(known.values())
    kept = closed.snapshot(session, row, codes=people)
    pages = [[one.contestant for one in snapshots.page(session, kept, n, size=4)] for n in (1, 2, 3)]
    assert pages == [people[:4], people[4:], []]
    session.query(models.SnapshotLine).filter(models.SnapshotLine.position > 3).update({"division": "b"})
    assert [one.position for one in snapshots.page(session, kept, 2, division="b", size=2)] == [6]
    assert (snapshots.count(session, kept), snapshots.count(session, kept, division="b")) == (6, 3)


def test_a_line_is_found_by_its_person_and_with_its_neighbours(session, scene):
    _, row, known, *_ = scene
    people = list(known.values())
    kept = closed.snapshot(session, row, codes=people)
    (mine,) = snapshots.of_contestants(session, kept, [people[2].id])
    assert (mine.position, mine.line.code) == (3, people[2].code)
    assert [one.position for one in snapshots.around(session, kept, 3)] == [2, 3, 4]
    assert [one.position for one in snapshots.around(session, kept, 1)] == [1, 2]


def test_a_deleted_person_leaves_the_line_without_a_name(session, scene):
    _, row, known, *_ = scene
    kept = closed.snapshot(session, row, codes=[known["A"]])
    session.query(models.SnapshotLine).update({"contestant_id": None})
    (line,) = snapshots.page(session, kept)
    assert line.contestant is None and line.line.code == known["A"].code


def test_two_snapshots_are_compared_by_figures_prizes_and_places(session, scene):
    _, row, known, *_ = scene
    a, b, c, d = (known[letter] for letter in "ABCD")
    first = closed.snapshot(session, row, codes=[a, b, c], figures={"round": {"people": 3}, "target": 4})
    second = closed.snapshot(session, row, n=2, codes=[b, c, d], figures={"round": {"people": 2}, "target": 4})
    found = snapshots.compare(session, first, second)
    assert found.figures == {"people": (3, 2)}
    assert [(one.prize, one.code) for one in found.lost] == [("nhat", a.code), ("nhi", b.code)]
    assert [(one.prize, one.code) for one in found.won] == [("nhat", b.code), ("nhi", d.code)]
    moves = {one.code: (one.rank_before, one.rank_after) for one in found.moved}
    assert moves == {a.code: (1, None), b.code: (2, 1), c.code: (3, 2), d.code: (None, 3)}
    few = snapshots.compare(session, first, second, most=1)
    assert (len(few.moved), few.moved_in_all) == (1, 4)


def test_what_a_snapshot_says_is_typed(session, scene):
    _, row, *_ = scene
    kept = closed.snapshot(
        session,
        row,
        figures={
            "round": {"people": 3},
            "most": {"province": [{"node": "1", "name": "Tỉnh P", "people": 3, "attempts": 5}]},
        },
        collective=[{"key": "tinh", "lines": []}],
    )
    said = snapshots.numbers(kept)
    assert said.round.people == 3 and said.most["province"][0].name == "Tỉnh P"
    assert [one.key for one in snapshots.collective(kept)] == ["tinh"]
