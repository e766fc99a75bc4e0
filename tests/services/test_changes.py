import pytest

from quizapp import db, models
from quizapp.errors import Conflict, NotAllowed, NotFound, Unreadable
from quizapp.rules import changes as kinds
from quizapp.services import changes
from tests import make


@pytest.fixture
def hana(session):
    return make.person(session, "hana", roles=("organizer",))


@pytest.fixture
def contest(session, hana):
    return make.contest(session, owner=hana)


@pytest.fixture
def bob(session, contest):
    """The second member of the secretariat."""
    made = make.person(session, "bob")
    session.add(models.ContestRole(contest_id=contest.id, person_id=made.id, role="secretariat", given_at=make.MADE))
    session.flush()
    return made


@pytest.fixture
def carried_out(monkeypatch):
    """The changes of kind `target` that were carried out."""
    done = []
    monkeypatch.setitem(changes._executors, "target", lambda session, change, now: done.append((change.id, now)))
    return done


def propose(session, contest, who, now, thing="round/tuan-1", **more):
    values = {"what": {"value": 5}, "before": {"target": 4}, "after": {"target": 5}, "reason": "Đếm lại"}
    return changes.propose(
        session, contest, "target", thing, **{**values, **more.pop("values", {})}, person_id=who.id, now=now, **more
    )


def test_a_change_of_one_person_is_done_and_logged_at_once(session, contest, hana, now):
    made = changes.note(
        session, contest, "freeze", "round/tuan-1", {"target": None}, {"target": 4}, "Đã rà soát", hana.id, now=now
    )
    assert (made.state, made.settled_by, made.settled_at) == ("DONE", hana.id, now)
    deed = session.query(models.StaffDeed).filter_by(deed="contest.freeze").one()
    assert (deed.thing, deed.before, deed.after) == ("tim-hieu-luat/round/tuan-1", {"target": None}, {"target": 4})


@pytest.mark.parametrize("kind", sorted(kinds.TWO_PEOPLE))
def test_weighty_changes_cannot_be_noted_by_one_person(session, contest, hana, now, kind):
    with pytest.raises(AssertionError):
        changes.note(session, contest, kind, "x", None, None, "", hana.id, now=now)


def test_nothing_happens_before_another_member_confirms(session, contest, hana, bob, carried_out, now):
    made = propose(session, contest, hana, now)
    assert carried_out == [] and list(changes.waiting(session, contest)) == [made]
    changes.confirm(session, made, bob.id, now=now)
    assert carried_out == [(made.id, now)]
    assert (made.state, made.proposed_by, made.settled_by) == ("DONE", hana.id, bob.id)
    assert list(changes.waiting(session, contest)) == []
    assert changes.names(session, [made]) == {hana.id: "Hana", bob.id: "Bob"}
    deeds = [deed.deed for deed in session.query(models.StaffDeed).order_by("id") if "target" in deed.deed]
    assert deeds == ["contest.target.propose", "contest.target.confirm"]


def test_the_proposer_never_confirms(session, contest, hana, carried_out, now):
    made = propose(session, contest, hana, now)
    with pytest.raises(NotAllowed):
        changes.confirm(session, made, hana.id, now=now)
    assert made.state == "PROPOSED" and carried_out == []


def test_nobody_outside_the_secretariat_proposes_confirms_or_turns_down(session, contest, hana, carried_out, now):
    mallory = make.person(session, "mallory")
    with pytest.raises(NotAllowed):
        propose(session, contest, mallory, now)
    made = propose(session, contest, hana, now)
    session.add(models.ContestRole(contest_id=contest.id, person_id=mallory.id, role="host", given_at=now))
    for press in (changes.confirm, changes.turn_down):
        with pytest.raises(NotAllowed):
            press(session, made, mallory.id, now=now)
    assert made.state == "PROPOSED" and carried_out == []


def test_a_proposal_is_settled_once(session, contest, hana, bob, carried_out, now):
    made = propose(session, contest, hana, now)
    changes.confirm(session, made, bob.id, now=now)
    for press in (changes.confirm, changes.turn_down):
        with pytest.raises(Conflict):
            press(session, made, bob.id, now=now)
    with pytest.raises(Conflict):
        changes.withdraw(session, made, hana.id, now=now)
    assert len(carried_out) == 1


def test_the_second_person_may_turn_down_and_the_first_take_back(session, contest, hana, bob, carried_out, now):
    first = propose(session, contest, hana, now)
    with pytest.raises(NotAllowed):
        changes.withdraw(session, first, bob.id, now=now)
    with pytest.raises(NotAllowed):
        changes.turn_down(session, first, hana.id, now=now)
    changes.turn_down(session, first, bob.id, now=now)
    second = propose(session, contest, hana, now)
    changes.withdraw(session, second, hana.id, now=now)
    assert (first.state, second.state) == ("TURNED_DOWN", "WITHDRAWN") and carried_out == []
    assert list(changes.done(session, contest)) == [second, first]
    assert list(changes.done(session, contest, before_id=second.id)) == [first]


def test_two_proposals_for_the_same_thing_do_not_wait_at_once(session, contest, hana, bob, now):
    propose(session, contest, hana, now)
    with pytest.raises(Conflict):
        propose(session, contest, bob, now)
    propose(session, contest, bob, now, thing="round/tuan-2")


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 2001])
def test_a_proposal_states_its_reason(session, contest, hana, now, reason):
    with pytest.raises(Unreadable):
        propose(session, contest, hana, now, values={"reason": reason})


def test_what_waits_for_a_round_includes_what_waits_for_the_contest(session, hana, now):
    contest = make.contest(session, rounds=2, owner=hana)
    one, two = contest.rounds
    of_one = propose(session, contest, hana, now, thing="a", round_id=one.id)
    propose(session, contest, hana, now, thing="b", round_id=two.id)
    of_all = propose(session, contest, hana, now, thing="c")
    assert list(changes.waiting(session, contest, one)) == [of_one, of_all]


def test_a_change_belongs_to_its_contest(session, contest, hana, now):
    other = make.contest(session, slug="khac", owner=hana)
    made = propose(session, contest, hana, now)
    assert changes.find(session, contest, made.id) is made
    with pytest.raises(NotFound):
        changes.find(session, other, made.id)


def test_if_the_executor_refuses_nothing_is_kept(engine, monkeypatch, now):
    def moved(session, change, now):
        raise Conflict("Đã đổi.")

    monkeypatch.setitem(changes._executors, "target", moved)
    with db.begin() as session:
        hana, bob = make.person(session, "hana"), make.person(session, "bob")
        contest = make.contest(session, owner=hana)
        session.add(models.ContestRole(contest_id=contest.id, person_id=bob.id, role="secretariat", given_at=now))
        made = propose(session, contest, hana, now)
    with pytest.raises(Conflict), db.begin() as session:
        changes.confirm(session, session.get(models.Change, made.id), bob.id, now=now)
    with db.read() as session:
        assert session.get(models.Change, made.id).state == "PROPOSED"


def test_a_kind_has_one_executor(monkeypatch):
    monkeypatch.setattr(changes, "_executors", {})

    @changes.executor("target")
    def carry_out(session, change, now):
        """Does nothing."""

    assert changes._executors == {"target": carry_out}
