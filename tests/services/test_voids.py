import pytest

from quizapp import models
from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.rules import contest as rulebook
from quizapp.services import changes, voids
from tests import closed, make

NOW = closed.REVIEWED


@pytest.fixture
def scene(session):
    contest, row, _ = closed.contest(session)
    return contest, row, *closed.staff(session)


def propose(session, contest, row, who, policy="GIVE_ALL", question="huu-tri-002", **more):
    return voids.propose(session, contest, row, question, policy, "Luật đã đổi", who.id, now=NOW, **more)


def question(session, id="huu-tri-002"):
    return session.query(models.RoundQuestion).filter_by(question_id=id).one()


def test_a_question_is_voided_by_two_people_and_everybody_marked_again_aside(session, scene):
    contest, row, hana, kim = scene
    change = propose(session, contest, row, hana)
    assert question(session).void is None
    changes.confirm(session, change, kim.id, now=NOW)
    assert (question(session).void, question(session).also) == ("GIVE_ALL", None)
    (asked,) = session.query(models.Tallying)
    assert (asked.purpose, asked.change_id, asked.asked_by) == ("rescore", change.id, kim.id)


def test_a_decision_can_be_taken_back(session, scene):
    contest, row, hana, kim = scene
    changes.confirm(session, propose(session, contest, row, hana, "ACCEPT_ALSO", also=[2, 0]), kim.id, now=NOW)
    assert question(session).also == [2, 0]
    changes.confirm(session, propose(session, contest, row, kim, None), hana.id, now=NOW)
    assert (question(session).void, question(session).also) == (None, None)


def test_what_is_so_already_is_not_proposed(session, scene):
    contest, row, hana, _ = scene
    with pytest.raises(Conflict, match="đã được xử lý"):
        propose(session, contest, row, hana, None)


def test_a_question_that_was_treated_otherwise_meanwhile_stays_as_it_is(session, scene):
    contest, row, hana, kim = scene
    change = propose(session, contest, row, hana)
    question(session).void = "REMOVE"
    with pytest.raises(Conflict, match="khác đi"):
        changes.confirm(session, change, kim.id, now=NOW)


@pytest.mark.parametrize("state", ["PUBLISHED", "OPEN"])
def test_nothing_is_voided_here_before_closing(session, scene, state):
    contest, row, hana, _ = scene
    row.state = state
    with pytest.raises(Conflict, match="đã đóng"):
        propose(session, contest, row, hana)


def test_no_question_is_removed_from_drawn_papers(session):
    drawn = rulebook.Paper(blueprint=(rulebook.BlueprintLine(topic="huu-tri", count=3),))
    contest, row, _ = closed.contest(session, round_changes={"paper": drawn})
    hana, _ = closed.staff(session)
    with pytest.raises(Conflict, match="không loại câu hỏi"):
        propose(session, contest, row, hana, "REMOVE")
    propose(session, contest, row, hana, "GIVE_ALL")


def test_questions_of_a_live_round_are_voided_in_the_room(session):
    live = {"kind": "live", "live": rulebook.LivePart()}
    contest, row, _ = closed.contest(session, round_changes=live)
    hana, _ = closed.staff(session)
    with pytest.raises(Conflict, match="phòng thi"):
        propose(session, contest, row, hana)


@pytest.mark.parametrize("also", [[], [1], [4], [-1], [0, 0], [0, 1]])
def test_an_option_let_in_is_a_new_one(session, scene, also):
    contest, row, hana, _ = scene
    with pytest.raises(Unreadable):
        propose(session, contest, row, hana, "ACCEPT_ALSO", also=also)


@pytest.mark.parametrize(
    ("kind", "key", "good", "bad"),
    [("number", (15,), [20], [15]), ("number", (15,), [20], [1, 2]), ("order", (0, 1, 2, 3), [1, 0, 2, 3], [0, 1])],
)
def test_numbers_and_orders_let_in_another_whole_answer(session, scene, kind, key, good, bad):
    contest, row, hana, _ = scene
    make.committed(session, row, make.question("huu-tri-009", kind=kind, key=key))
    with pytest.raises(Unreadable):
        propose(session, contest, row, hana, "ACCEPT_ALSO", "huu-tri-009", also=bad)
    assert propose(session, contest, row, hana, "ACCEPT_ALSO", "huu-tri-009", also=good).after["also"] == good


def test_only_questions_of_the_round_can_be_voided(session, scene):
    contest, row, hana, _ = scene
    with pytest.raises(NotFound):
        propose(session, contest, row, hana, question="huu-tri-777")
    assert [one.question_id for one in voids.questions(session, row)] == list(closed.QUESTIONS)


def test_a_final_result_needs_a_correction_decision(session, scene):
    contest, row, hana, _ = scene
    row.state = "AWARDED"
    with pytest.raises(Unreadable):
        propose(session, contest, row, hana)
    assert propose(session, contest, row, hana, correction="7/QĐ").what["correction"] == "7/QĐ"
