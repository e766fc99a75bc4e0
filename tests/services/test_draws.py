from datetime import timedelta

import msgspec
import pytest

from quizapp import models
from quizapp.errors import Conflict, NotAllowed, NotFound, TooEarly, Unreadable
from quizapp.rules import lots
from quizapp.rules.lots import Source
from quizapp.rules.timing import microseconds
from quizapp.rules.undrawn import Undrawn
from quizapp.services import books, changes, draws, sanctions
from quizapp.services.draws import Wish
from tests import closed, make

NOW = closed.REVIEWED
OUT = NOW + timedelta(days=1)
BEACON = Source(kind="beacon", named="12345678", out_us=microseconds(OUT))
BALLS = Source(kind="balls", named="4", out_us=microseconds(OUT))
LOTTERY = Source(kind="lottery-north", named="2026-03-11", out_us=microseconds(OUT))
HEX = "ab" * 32
VALUES = [HEX, "4 17 3 9"]


@pytest.fixture
def scene(session):
    contest, row, known = closed.contest(session, state="PROVISIONAL")
    kept = closed.snapshot(session, row, codes=list(known.values()), published=False)
    lucky = Undrawn(name="may-man", kind="lucky", prize="may-man", division=None, codes=codes(known, "BCDE"), winners=2)
    wait(session, row, kept, lucky)
    return contest, row, known, *closed.staff(session)


def codes(known, letters):
    return tuple(sorted(known[letter].code for letter in letters))


def wait(session, row, kept, *undrawn):
    """The computation of this snapshot said that these draws are to be held."""
    session.add(
        models.Tallying(
            round_id=row.id,
            asked_at=NOW,
            ended_at=NOW,
            snapshot_id=kept.id,
            found={"undrawn": msgspec.to_builtins(undrawn)},
        )
    )
    session.flush()


def plan(session, scene, now=NOW, **changes):
    contest, row, _, hana, _ = scene
    values = {"name": "may-man", "prize": "may-man", "division": None, "sources": (BEACON, BALLS), "reserves": 1}
    return draws.plan(session, contest, row, Wish(**{**values, **changes}), hana.id, now=now)


def propose(session, scene, drawing, values=VALUES, present="Bà Lan, ông Nam", now=OUT, **more):
    contest, _, _, hana, _ = scene
    return draws.propose(session, contest, drawing, values, present, hana.id, now=now, **more)


def test_a_plan_fixes_among_whom_for_how_many_and_from_what(session, scene):
    _, row, known, hana, _ = scene
    made = plan(session, scene)
    kept = draws.plan_of(made)
    assert (kept.codes, kept.winners, kept.reserves) == (codes(known, "BCDE"), 2, 1)
    assert (kept.root, kept.sources) == (lots.list_root(kept.codes), (BEACON, BALLS))
    assert (made.planned_by, made.plan["snapshot"], made.plan["prize_key"]) == (hana.id, 1, "may-man")
    assert list(draws.of_round(session, row)) == [made] and draws.find(session, row, made.id) is made
    assert session.query(models.Change).filter_by(kind="plan").one().after["root"] == kept.root
    assert draws.unplanned(session, row, session.query(models.Snapshot).one()) == []
    with pytest.raises(NotFound):
        plan(session, scene)
    with pytest.raises(NotFound):
        draws.find(session, row, made.id + 1)


@pytest.mark.parametrize("changes", [{"name": "nhat"}, {"division": "a"}, {"prize": "nhat"}])
def test_only_what_waits_is_drawn(session, scene, changes):
    with pytest.raises(NotFound):
        plan(session, scene, **changes)


def test_a_plan_rests_on_how_things_are(session, scene):
    contest, _, known, hana, kim = scene
    change = sanctions.propose_person(session, contest, known["A"], "contest", "Thi hộ", hana.id, now=NOW)
    changes.confirm(session, change, kim.id, now=NOW)
    with pytest.raises(Conflict, match="Dữ liệu đã đổi"):
        plan(session, scene)
    session.query(models.Snapshot).one().complete_at = None
    with pytest.raises(Conflict, match="Dữ liệu đã đổi"):
        plan(session, scene)
    assert draws.due(session, None) == []


@pytest.mark.parametrize(
    "changes", [{"sources": (BEACON,)}, {"sources": (BEACON, BEACON)}, {"reserves": -1}, {"reserves": 201}]
)
def test_a_plan_needs_two_different_sources_and_a_sensible_number_of_reserves(session, scene, changes):
    with pytest.raises((Conflict, Unreadable)):
        plan(session, scene, **changes)


def test_sources_lie_in_the_future(session, scene):
    with pytest.raises(Conflict, match="sau khi kế hoạch"):
        plan(session, scene, now=OUT)


def test_ties_are_drawn_before_lucky_prizes(session, scene):
    _, row, known, *_ = scene
    kept = closed.snapshot(session, row, n=2, codes=list(known.values()), published=False)
    tie = Undrawn(name="lot", kind="order", prize="nhat", division=None, codes=codes(known, "BC"), winners=2)
    lucky = Undrawn(name="may-man", kind="lucky", prize="may-man", division=None, codes=codes(known, "DE"), winners=1)
    wait(session, row, kept, tie, lucky)
    with pytest.raises(Conflict, match="bằng nhau trước"):
        plan(session, scene)
    made = plan(session, scene, name="lot", prize="nhat", reserves=5)
    assert draws.plan_of(made).reserves == 0  # everybody tied is put in order


def test_lots_are_drawn_by_two_people_who_enter_the_same_values(session, scene):
    contest, row, _, hana, kim = scene
    made = plan(session, scene)
    change = propose(session, scene, made)
    assert made.result is None
    with pytest.raises(Conflict, match="khác nhau"):
        draws.confirm(session, change, [HEX, "4 17 3 8"], kim.id, now=OUT)
    with pytest.raises(NotAllowed):
        draws.confirm(session, change, VALUES, hana.id, now=OUT)
    drawn = draws.confirm(session, change, [HEX.upper(), "4-17-3-9"], kim.id, now=OUT)
    assert drawn == lots.hold(draws.plan_of(made), (f"beacon:12345678:{HEX}", "balls:4-17-3-9"))
    assert (made.held_by, made.held_at, made.result["present"]) == ([hana.id, kim.id], OUT, "Bà Lan, ông Nam")
    assert draws.is_right(made)
    (told,) = books.book(session, make.VAULT, contest).draws
    assert (told.scope, told.prize, told.codes) == (row.key, "may-man", (*drawn.winners, *drawn.reserves))
    with pytest.raises(Conflict, match="đã kết thúc"):
        propose(session, scene, made)
    with pytest.raises(Conflict, match="đã kết thúc"):
        draws.cancel(session, contest, made, "Nhầm", hana.id, now=NOW)


def test_a_result_that_was_changed_is_seen_by_whoever_repeats_the_draw(session, scene):
    _, _, _, _, kim = scene
    made = plan(session, scene)
    assert not draws.is_right(made)
    draws.confirm(session, propose(session, scene, made), VALUES, kim.id, now=OUT)
    made.result = {**made.result, "winners": made.result["winners"][::-1]}
    assert not draws.is_right(made)


def test_values_are_entered_once_they_can_be_known(session, scene):
    made = plan(session, scene)
    with pytest.raises(TooEarly):
        propose(session, scene, made, now=OUT - timedelta(seconds=1))
    assert draws.out_at(BEACON) == OUT


@pytest.mark.parametrize("values", [[HEX], ["xyz", "4 17 3 9"], [HEX, "4 17 3"], [HEX, "4 17 3 9", "1"]])
def test_values_have_the_form_of_their_source(session, scene, values):
    made = plan(session, scene)
    with pytest.raises(Unreadable):
        propose(session, scene, made, values)


@pytest.mark.parametrize("present", [" ", "x" * 501])
def test_somebody_must_be_present(session, scene, present):
    made = plan(session, scene)
    with pytest.raises(Unreadable):
        propose(session, scene, made, present=present)


def test_a_source_that_fails_is_replaced_by_the_named_fallback_only(session, scene):
    _, _, _, _, kim = scene
    made = plan(session, scene, fallback=LOTTERY)
    for failed in (2, -1):
        with pytest.raises(Unreadable, match="dự phòng"):
            propose(session, scene, made, failed=failed)
    values = [HEX, "12345"]
    drawn = draws.confirm(session, propose(session, scene, made, values, failed=1), values, kim.id, now=OUT, failed=1)
    assert drawn.sources == (f"beacon:12345678:{HEX}", "lottery-north:2026-03-11:12345")
    assert draws.is_right(made)


def test_without_a_fallback_nothing_stands_in(session, scene):
    made = plan(session, scene)
    with pytest.raises(Unreadable, match="dự phòng"):
        propose(session, scene, made, [HEX, "12345"], failed=1)


def test_a_plan_is_given_up_only_before_its_sources_are_out(session, scene):
    contest, row, _, hana, kim = scene
    made = plan(session, scene)
    with pytest.raises(Unreadable):
        draws.cancel(session, contest, made, " ", hana.id, now=NOW)
    with pytest.raises(Conflict, match="không hủy được"):
        draws.cancel(session, contest, made, "Ghi nhầm", hana.id, now=OUT)
    change = propose(session, scene, made)
    draws.cancel(session, contest, made, "Ghi nhầm", hana.id, now=NOW)
    assert made.cancelled_at == NOW
    with pytest.raises(Conflict, match="đã kết thúc"):
        draws.confirm(session, change, VALUES, kim.id, now=OUT)
    assert len(draws.unplanned(session, row, session.query(models.Snapshot).one())) == 1
