from datetime import timedelta

import pytest

from quizapp import models
from quizapp.errors import Conflict, Unreadable
from quizapp.services import changes, sanctions, targets
from tests import closed

NOW = closed.REVIEWED
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def scene(session):
    contest, row, known = closed.contest(session)
    return contest, row, known, *closed.staff(session)


def previewed(session, row, value=4, rows=6, at=NOW):
    """A preview that ended well."""
    session.add(
        models.Tallying(
            round_id=row.id,
            purpose="preview",
            asked_at=at,
            begun_at=at,
            ended_at=at,
            found={"target": value, "target_rows": rows},
        )
    )
    session.flush()


def bar(session, scene, at=LATER):
    contest, _, known, hana, kim = scene
    change = sanctions.propose_person(session, contest, known["A"], "contest", "Thi hộ", hana.id, now=at)
    changes.confirm(session, change, kim.id, now=at)


def test_a_target_is_frozen_with_value_rows_person_and_time(session, scene):
    contest, row, _, hana, _ = scene
    previewed(session, row)
    change = targets.freeze(session, contest, row, hana.id, now=LATER)
    assert (row.target, row.target_rows, row.frozen_by, row.frozen_at) == (4, 6, hana.id, LATER)
    assert (change.kind, change.before, change.after) == ("freeze", {"target": None}, {"target": 4, "rows": 6})


def test_a_target_is_frozen_once_and_in_the_review(session, scene):
    contest, row, _, hana, _ = scene
    previewed(session, row)
    row.state = "CLOSED"
    with pytest.raises(Conflict, match="rà soát"):
        targets.freeze(session, contest, row, hana.id, now=LATER)
    row.state = "REVIEW"
    targets.freeze(session, contest, row, hana.id, now=LATER)
    with pytest.raises(Conflict, match="đã chốt"):
        targets.freeze(session, contest, row, hana.id, now=LATER)


def test_a_target_is_not_frozen_without_a_preview_of_how_things_are(session, scene):
    contest, row, _, hana, _ = scene
    with pytest.raises(Conflict, match="tính thử"):
        targets.freeze(session, contest, row, hana.id, now=NOW)
    previewed(session, row)
    bar(session, scene)
    with pytest.raises(Conflict, match="tính thử"):
        targets.freeze(session, contest, row, hana.id, now=LATER)


def test_a_target_is_not_frozen_while_a_proposal_waits(session, scene):
    contest, row, known, hana, _ = scene
    previewed(session, row)
    sanctions.propose_person(session, contest, known["A"], "contest", "Thi hộ", hana.id, now=NOW)
    with pytest.raises(Conflict, match="Còn đề nghị"):
        targets.freeze(session, contest, row, hana.id, now=NOW)


def test_a_round_without_prediction_has_no_target(session):
    contest, row, _ = closed.contest(session, round_changes={"prediction": None})
    hana, _ = closed.staff(session)
    previewed(session, row, None, 0)
    with pytest.raises(Conflict, match="không có câu hỏi dự đoán"):
        targets.freeze(session, contest, row, hana.id, now=NOW)


def frozen(session, scene):
    contest, row, _, hana, _ = scene
    previewed(session, row)
    targets.freeze(session, contest, row, hana.id, now=NOW)
    bar(session, scene)


def correct(session, scene, at=LATER, number="12/QĐ-BTC"):
    contest, row, _, hana, _ = scene
    return targets.propose_correction(session, contest, row, number, "Một người bị hủy", hana.id, now=at)


def test_a_frozen_target_changes_by_a_correction_decision_of_two_people_only(session, scene):
    contest, row, _, _, kim = scene
    frozen(session, scene)
    assert row.target == 4
    previewed(session, row, 3, 5, at=LATER + timedelta(minutes=1))
    change = correct(session, scene)
    assert row.target == 4 and change.what == {"correction": "12/QĐ-BTC"}
    when = LATER + timedelta(minutes=2)
    changes.confirm(session, change, kim.id, now=when)
    assert (row.target, row.target_rows, row.frozen_by, row.frozen_at) == (3, 5, kim.id, when)
    assert targets.preview(session, contest, row) is None  # what it said counts no longer


def test_a_correction_states_its_decision_and_changes_something(session, scene):
    contest, row, _, hana, _ = scene
    with pytest.raises(Conflict, match="chưa chốt"):
        correct(session, scene)
    previewed(session, row)
    targets.freeze(session, contest, row, hana.id, now=NOW)
    with pytest.raises(Unreadable):
        correct(session, scene, number=" ")
    with pytest.raises(Conflict, match="vẫn ra số"):
        correct(session, scene)


def test_a_correction_of_what_moved_meanwhile_is_refused(session, scene):
    _, row, _, _, kim = scene
    frozen(session, scene)
    previewed(session, row, 3, 5, at=LATER + timedelta(minutes=1))
    change = correct(session, scene)
    row.target = 2
    with pytest.raises(Conflict, match="đã đổi"):
        changes.confirm(session, change, kim.id, now=LATER)


def test_a_correction_that_a_newer_preview_contradicts_is_refused(session, scene):
    _, row, _, _, kim = scene
    frozen(session, scene)
    previewed(session, row, 3, 5, at=LATER + timedelta(minutes=1))
    change = correct(session, scene)
    previewed(session, row, 2, 5, at=LATER + timedelta(minutes=2))
    with pytest.raises(Conflict, match="số khác"):
        changes.confirm(session, change, kim.id, now=LATER)


def test_a_failed_preview_is_none(session, scene):
    contest, row, _, hana, _ = scene
    session.add(models.Tallying(round_id=row.id, purpose="preview", asked_at=NOW, ended_at=NOW, failure="Hỏng."))
    with pytest.raises(Conflict, match="tính thử"):
        targets.freeze(session, contest, row, hana.id, now=NOW)
