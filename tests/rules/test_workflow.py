"""The states of a question, the steps between them, and who may take which."""

import pytest

from quizapp.rules import workflow
from quizapp.rules.workflow import STATES, STEPS, leads_to, objection, offered, permits, stands_after

WAYS = {
    ("edit", "draft"): "draft",
    ("edit", "waiting"): "draft",
    ("edit", "approved"): "draft",
    ("edit", "recheck"): "draft",
    ("submit", "draft"): "waiting",
    ("back", "waiting"): "draft",
    ("approve", "waiting"): "approved",
    ("approve", "recheck"): "approved",
    ("recheck", "draft"): "recheck",
    ("recheck", "waiting"): "recheck",
    ("recheck", "approved"): "recheck",
    ("recheck", "recheck"): "recheck",
    ("retire", "draft"): "retired",
    ("retire", "waiting"): "retired",
    ("retire", "approved"): "retired",
    ("retire", "recheck"): "retired",
    ("retire", "vanished"): "retired",
    ("restore", "retired"): "draft",
    ("restore", "vanished"): "draft",
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", STATES)
def test_these_steps_and_no_others_lead_somewhere(step, state):
    assert leads_to(step, state) == WAYS.get((step, state))


@pytest.mark.parametrize("state", STATES)
def test_only_restoring_asks_whether_it_was_approved_before(state):
    for step in STEPS:
        expected = "approved" if (step, state) in (("restore", "retired"), ("restore", "vanished")) else None
        assert leads_to(step, state, approved_before=True) == (expected or WAYS.get((step, state)))


def test_nothing_is_approved_that_nobody_sent_for_approval():
    assert {state for state in STATES if leads_to("approve", state)} == {"waiting", "recheck"}


def test_an_approved_version_stands_through_the_next_draft_until_something_else_is_decided():
    assert stands_after("edit", "approved", 3, None) == 3
    assert stands_after("edit", "draft", 4, 3) == 3
    assert stands_after("submit", "draft", 4, 3) == 3
    assert stands_after("back", "waiting", 4, 3) == 3
    assert {stands_after(step, "waiting", 4, 3) for step in ("approve", "recheck", "retire", "restore")} == {None}
    assert stands_after("edit", "recheck", 4, None) is None


def test_reviewers_take_every_step_and_admins_all_but_the_judgement():
    assert all(permits(step, {"reviewer"}) for step in STEPS)
    assert {step for step in STEPS if not permits(step, ["admin"])} == {"approve", "back"}
    assert not any(permits(step, {"organizer"}) or permits(step, ()) for step in STEPS)


@pytest.mark.parametrize("step", ["back", "recheck"])
def test_who_sends_a_question_back_says_why(step):
    assert objection(step, reason=" ") == "Vui lòng ghi lý do."
    assert objection(step, reason="Sai khoản") is None


def test_nobody_approves_their_own():
    assert "không được tự duyệt" in objection("approve", author=True)
    assert objection("submit", author=True) is None


@pytest.mark.parametrize("step", ["submit", "approve"])
def test_what_does_not_pass_the_checks_goes_no_further(step):
    assert "chưa đạt" in objection(step, fit=False)
    assert objection(step) is None


def test_open_remarks_are_settled_before_the_approval():
    assert "góp ý" in objection("approve", open_comments=1)
    assert objection("submit", open_comments=1) is None
    assert objection("retire", author=True, fit=False, open_comments=3) is None


def test_people_are_offered_what_they_may_do_from_here():
    assert offered("waiting", {"reviewer"}) == ("edit", "back", "approve", "recheck", "retire")
    assert offered("waiting", {"reviewer"}, author=True) == ("edit", "back", "recheck", "retire")
    assert offered("approved", {"admin"}) == ("edit", "recheck", "retire")
    assert offered("retired", {"reviewer"}, approved_before=True) == ("restore",)
    assert offered("draft", {"organizer"}) == ()


def test_every_step_is_permitted_to_somebody():
    assert set(workflow._ROLES) == set(STEPS) == set(workflow._WAYS)
