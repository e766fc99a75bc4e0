from datetime import date, datetime, timedelta

import pytest

from quizapp import models
from quizapp.errors import Conflict, NotAllowed, Unreadable
from quizapp.rules import contest as rulebook
from quizapp.rules import stage
from quizapp.rules.timing import GRACE, VIETNAM
from quizapp.services import changes, sanctions, stages, tallies, winner_checks
from tests import closed, make

NOW = closed.REVIEWED
DAY = timedelta(days=1)


@pytest.fixture
def scene(session):
    contest, row, known = closed.contest(session)
    return contest, row, known, *closed.staff(session)


def standing(session, scene, now=NOW):
    contest, row, *_ = scene
    return stages.standing(session, contest, row, now=now)


def press(session, scene, now=NOW, **more):
    contest, row, _, hana, _ = scene
    return stages.press(session, contest, row, hana.id, now=now, **more)


def publish(session, scene, now=NOW, **more):
    """Hana proposes to publish, Kim confirms."""
    contest, row, _, hana, kim = scene
    change = stages.propose_publication(session, contest, row, "Công bố", hana.id, now=now, **more)
    changes.confirm(session, change, kim.id, now=now)
    return change


def ready(session, scene, state="REVIEW", n=1, at=NOW):
    """The target is frozen, and a snapshot says how things are."""
    _, row, known, *_ = scene
    row.state = state
    row.target, row.target_rows, row.frozen_at = 4, 6, at
    return closed.snapshot(session, row, n=n, at=at, codes=[known["B"], known["C"], known["A"]], published=False)


def announced(session, scene):
    contest, row, _, hana, _ = scene
    ready(session, scene, "PROVISIONAL")
    stages.decide(session, contest, row, "15/QĐ-BTC", date(2026, 3, 9), hana.id, now=NOW)
    publish(session, scene)


# ── The clock ───────────────────────────────────────────────────────────────────────────────────────────────────


def tick(session, now):
    return [stages.advance(session, id, now=now) for id in stages.due(session, now=now)]


def test_the_clock_opens_a_round_and_closes_it_once_every_attempt_is_in(session):
    contest = make.contest(session)
    (row,) = contest.rounds
    assert tick(session, make.OPENS - timedelta(microseconds=1)) == []
    assert tick(session, make.OPENS) == ["OPEN"] and row.state == "OPEN"
    assert tick(session, make.CLOSES) == []
    assert tick(session, make.CLOSES + GRACE) == []  # attempts are still to be handed in
    row.cut_at = make.CLOSES + GRACE
    assert tick(session, make.CLOSES + GRACE) == ["CLOSED"]
    assert tick(session, make.CLOSES + DAY) == []


def test_a_round_nobody_saw_opening_opens_and_closes(session):
    contest = make.contest(session)
    (row,) = contest.rounds
    row.cut_at = make.CLOSES + GRACE
    later = make.CLOSES + DAY
    assert [*tick(session, later), *tick(session, later)] == ["OPEN", "CLOSED"]


def test_drafts_stay_drafts(session):
    make.contest(session, published=False)
    assert tick(session, make.CLOSES + DAY) == []


def test_the_clock_leads_a_round_on_once(session):
    contest = make.contest(session)
    (row,) = contest.rounds
    due = stages.due(session, now=make.OPENS)
    assert [stages.advance(session, row.id, now=make.OPENS) for _ in (1, 2)] == ["OPEN", None]
    assert due == [row.id]


def test_a_live_round_is_closed_when_its_show_has_ended(session):
    contest = make.contest(session, rounds=[make.round_rules(kind="live", live=rulebook.LivePart())])
    (row,) = contest.rounds
    tick(session, make.OPENS)
    show = make.show(session)
    show.round_id, show.position = row.id, 2
    session.flush()
    assert tick(session, make.CLOSES + DAY) == []
    show.ended_at = make.CLOSES
    session.flush()
    assert tick(session, make.CLOSES + DAY) == ["CLOSED"]


def test_a_list_over_rounds_begins_with_the_closing_of_its_last_round(session):
    first = rulebook.Overall(key="dau", rounds=("tuan-1",))
    contest = make.contest(session, rounds=2, overall=(first, rulebook.Overall()))
    one, two, of_first, of_all = contest.rounds
    one.state, two.state = "CLOSED", "PUBLISHED"
    session.flush()
    assert stages.due(session, now=make.OPENS) == [of_first.id]
    assert stages.advance(session, of_first.id, now=make.OPENS) == "CLOSED"
    two.state = "AWARDED"
    session.flush()
    assert stages.due(session, now=make.OPENS) == [of_all.id]


# ── Presses ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("state", ["DRAFT", "PUBLISHED", "OPEN", "AWARDED"])
def test_nobody_presses_what_the_clock_does_nor_beyond_the_end(session, scene, state):
    scene[1].state = state
    with pytest.raises(Conflict, match="đồng hồ"):
        press(session, scene)


def test_a_round_goes_all_the_way_to_its_award(session, scene):
    contest, row, known, hana, _ = scene
    row.state = "CLOSED"
    assert press(session, scene) == "REVIEW"
    ready(session, scene)
    assert press(session, scene) == "PROVISIONAL"
    winner_checks.ask(session, contest, row, hana.id, now=NOW)
    for who in "BCA":
        winner_checks.settle(session, contest, row, known[who], "CONFIRMED", "", hana.id, now=NOW)
    second = closed.snapshot(
        session, row, n=2, at=NOW + DAY, codes=[known["B"], known["C"], known["A"]], published=False
    )
    stages.decide(session, contest, row, " 15/QĐ-BTC ", date(2026, 3, 9), hana.id, now=NOW)
    publish(session, scene, now=NOW + DAY)
    assert (row.state, row.announced_at, second.published_at) == ("ANNOUNCED", NOW + DAY, NOW + DAY)
    assert press(session, scene, now=NOW + DAY) == "COMPLAINTS"
    assert row.complaints_until == datetime(2026, 3, 18, tzinfo=VIETNAM)  # five working days after Tuesday 10 March
    with pytest.raises(Conflict, match="Chưa hết hạn"):
        press(session, scene, now=NOW + DAY)
    assert press(session, scene, now=row.complaints_until) == "FINAL"
    assert press(session, scene, now=row.complaints_until) == "AWARDED"
    assert contest.closed_file_at == row.complaints_until
    steps = [change.after["state"] for change in session.query(models.Change).filter_by(kind="step").order_by("id")]
    assert steps == ["REVIEW", "PROVISIONAL", "COMPLAINTS", "FINAL", "AWARDED"]


@pytest.mark.parametrize(
    ("undo", "words"),
    [
        (lambda row, kept: setattr(row, "frozen_at", None), "Chưa chốt số mục tiêu"),
        (lambda row, kept: setattr(kept, "complete_at", None), "Chưa lập bảng"),
    ],
)
def test_a_press_says_what_is_missing(session, scene, undo, words):
    kept = ready(session, scene)
    undo(scene[1], kept)
    session.flush()
    with pytest.raises(Conflict, match=words):
        press(session, scene)
    assert scene[1].state == "REVIEW"


def test_a_proposal_that_waits_holds_the_round(session, scene):
    contest, _, known, hana, kim = scene
    ready(session, scene)
    change = sanctions.propose_person(session, contest, known["A"], "contest", "Thi hộ", hana.id, now=NOW)
    with pytest.raises(Conflict, match="Còn đề nghị"):
        press(session, scene)
    changes.confirm(session, change, kim.id, now=NOW)
    with pytest.raises(Conflict, match="Dữ liệu đã đổi"):
        press(session, scene)


def test_a_computation_under_way_holds_the_round(session, scene):
    contest, row, *_ = scene
    ready(session, scene)
    tallies.ask(session, contest, row, "preview", "", None, now=NOW)
    with pytest.raises(Conflict, match="Máy đang tính"):
        press(session, scene)


def test_an_essay_without_a_mark_holds_the_round(session):
    essay = {"essay": rulebook.EssayPart(prompt=rulebook.Words("Viết"))}
    contest, row, known = closed.contest(session, round_changes=essay)
    scene = contest, row, known, *closed.staff(session)
    ready(session, scene)
    written = models.Essay(round_id=row.id, contestant_id=known["A"].id, saved_at=NOW, handed_in_at=NOW)
    session.add(written)
    session.flush()
    with pytest.raises(Conflict, match="tự luận"):
        press(session, scene)
    written.mark = 180
    session.flush()
    assert press(session, scene) == "PROVISIONAL"


def test_a_list_waits_for_the_review_of_its_rounds(session):
    contest, row, known = closed.contest(session, overall=(rulebook.Overall(rounds=("tuan-1",)),))
    listed = contest.rounds[-1]
    scene = contest, listed, known, *closed.staff(session)
    ready(session, scene)
    with pytest.raises(Conflict, match="chưa rà soát xong"):
        press(session, scene)
    row.state = "PROVISIONAL"
    assert press(session, scene) == "PROVISIONAL"


def test_the_end_of_complaints_is_stated_where_the_rulebook_has_no_days(session):
    contest, row, known = closed.contest(session, complaint_days=0)
    scene = contest, row, known, *closed.staff(session)
    announced(session, scene)
    for until in (None, NOW):
        with pytest.raises(Unreadable, match="hạn khiếu nại"):
            press(session, scene, until=until)
    press(session, scene, until=NOW + timedelta(hours=1))
    assert (row.state, row.complaints_until) == ("COMPLAINTS", NOW + timedelta(hours=1))


def test_of_two_presses_at_once_one_counts(session, scene):
    _, row, *_ = scene
    ready(session, scene)
    session.flush()
    session.execute(models.Round.__table__.update().values(state="PROVISIONAL"))  # the other one was quicker
    assert row.state == "REVIEW"
    with pytest.raises(Conflict, match="đã thay đổi"):
        press(session, scene)
    assert session.query(models.Change).filter_by(kind="step").count() == 0


# ── The decision, and publishing ────────────────────────────────────────────────────────────────────────────────


def decide(session, scene, number="15/QĐ-BTC", day=date(2026, 3, 9)):
    contest, row, _, hana, _ = scene
    stages.decide(session, contest, row, number, day, hana.id, now=NOW)


def test_the_decision_has_a_number_and_a_day_that_has_come(session, scene):
    _, row, *_ = scene
    ready(session, scene, "PROVISIONAL")
    for number, day in ((" ", date(2026, 3, 9)), ("x" * 81, date(2026, 3, 9)), ("15/QĐ", date(2026, 3, 10))):
        with pytest.raises(Unreadable):
            decide(session, scene, number, day)
    decide(session, scene)
    assert (row.decision_number, row.decided_on) == ("15/QĐ-BTC", "2026-03-09")
    row.state = "ANNOUNCED"
    with pytest.raises(Conflict, match="trước khi công bố"):
        decide(session, scene)


def test_an_announcement_takes_two_people_and_its_decision(session, scene):
    contest, row, _, hana, _ = scene
    kept = ready(session, scene, "PROVISIONAL")
    with pytest.raises(Conflict, match="Chưa nhập số"):
        publish(session, scene)
    decide(session, scene)
    with pytest.raises(Conflict, match="hai người"):
        press(session, scene)
    change = stages.propose_publication(session, contest, row, "Công bố", hana.id, now=NOW)
    assert (change.before, change.after) == ({"n": None}, {"n": 1, "digest": kept.digest})
    with pytest.raises(NotAllowed):
        changes.confirm(session, change, hana.id, now=NOW)
    assert row.state == "PROVISIONAL" and not stages.is_public(row)


def test_an_announcement_of_what_changed_meanwhile_is_refused(session, scene):
    contest, row, known, hana, kim = scene
    ready(session, scene, "PROVISIONAL")
    decide(session, scene)
    change = stages.propose_publication(session, contest, row, "Công bố", hana.id, now=NOW)
    closed.snapshot(session, row, n=2, at=NOW, codes=[known["C"]], published=False)
    with pytest.raises(Conflict, match="bảng kết quả khác"):
        changes.confirm(session, change, kim.id, now=NOW)


def test_a_provisional_list_may_be_shown_without_announcing(session, scene):
    _, row, *_ = scene
    kept = ready(session, scene)
    with pytest.raises(Conflict, match="bước kết quả dự kiến"):
        publish(session, scene, announce=False)
    row.state = "PROVISIONAL"
    publish(session, scene, announce=False)
    assert (row.state, row.announced_at, kept.published_at) == ("PROVISIONAL", None, NOW)
    with pytest.raises(Conflict, match="đã được công bố"):
        publish(session, scene, announce=False)


def test_a_correction_is_a_later_snapshot_and_the_first_stays(session, scene):
    _, row, known, *_ = scene
    announced(session, scene)
    first = session.query(models.Snapshot).one()
    before = (first.digest, first.awards, first.made_at)
    second = closed.snapshot(session, row, n=2, at=NOW + DAY, codes=[known["C"], known["A"]], published=False)
    assert standing(session, scene).published is first and not standing(session, scene).facts.shown
    publish(session, scene, now=NOW + DAY, announce=False)
    assert standing(session, scene).published is second
    assert (row.state, row.announced_at) == ("ANNOUNCED", NOW)
    assert (first.digest, first.awards, first.made_at) == before
    with pytest.raises(Conflict, match="từ bước kết quả dự kiến"):
        publish(session, scene, announce=True)


def test_a_correction_of_a_final_result_names_its_decision(session, scene):
    _, row, known, *_ = scene
    announced(session, scene)
    row.state = "FINAL"
    closed.snapshot(session, row, n=2, at=NOW + DAY, codes=[known["C"]], published=False)
    with pytest.raises(Unreadable, match="quyết định đính chính"):
        publish(session, scene, announce=False)
    assert publish(session, scene, announce=False, correction="20/QĐ").what["correction"] == "20/QĐ"


def test_a_correction_that_is_not_how_things_are_is_not_published(session, scene):
    contest, row, known, hana, kim = scene
    announced(session, scene)
    closed.snapshot(session, row, n=2, at=NOW, codes=[known["C"]], published=False)
    change = sanctions.propose_person(session, contest, known["C"], "contest", "Thi hộ", hana.id, now=NOW)
    changes.confirm(session, change, kim.id, now=NOW + DAY)
    with pytest.raises(Conflict, match="Dữ liệu đã đổi"):
        publish(session, scene, announce=False)


# ── Going back ──────────────────────────────────────────────────────────────────────────────────────────────────


def back(session, scene, reason="Nhầm"):
    contest, row, _, hana, kim = scene
    change = stages.propose_back(session, contest, row, reason, hana.id, now=NOW)
    changes.confirm(session, change, kim.id, now=NOW)


@pytest.mark.parametrize("state", stage.STATES[stage.STATES.index("REVIEW") :])
def test_two_people_with_a_reason_go_back_one_state(session, scene, state):
    contest, row, _, hana, _ = scene
    row.state = state
    with pytest.raises(Unreadable):
        stages.propose_back(session, contest, row, " ", hana.id, now=NOW)
    back(session, scene)
    assert row.state == stage.before(state)


@pytest.mark.parametrize("state", ["DRAFT", "PUBLISHED", "OPEN", "CLOSED"])
def test_nobody_goes_back_behind_the_clock(session, scene, state):
    contest, row, _, hana, _ = scene
    row.state = state
    with pytest.raises(Conflict, match="không lùi lại"):
        stages.propose_back(session, contest, row, "Nhầm", hana.id, now=NOW)


def test_what_was_announced_stays_announced(session, scene):
    contest, row, *_ = scene
    announced(session, scene)
    back(session, scene)
    assert (row.state, row.announced_at) == ("PROVISIONAL", NOW)
    assert stages.is_public(row) and standing(session, scene).published is not None
    row.state, contest.closed_file_at = "AWARDED", NOW
    back(session, scene)
    assert contest.closed_file_at is None


def test_a_round_that_moved_meanwhile_does_not_go_back(session, scene):
    contest, row, _, hana, kim = scene
    row.state = "FINAL"
    change = stages.propose_back(session, contest, row, "Nhầm", hana.id, now=NOW)
    row.state = "AWARDED"
    with pytest.raises(Conflict, match="đã đổi trạng thái"):
        changes.confirm(session, change, kim.id, now=NOW)


def test_a_certificate_that_the_published_result_does_not_bear_out_is_revoked_with_it(session, scene):
    contest, row, known, *_ = scene
    values = {"contest_id": contest.id, "contestant_id": known["D"].id, "name": "X", "issued_at": NOW}
    session.add(models.Certificate(serial="CN-0000-0000-0001", scope=row.key, prize="nhat", **values))
    group = {"contest_id": contest.id, "scope": row.key, "prize": "", "holder": "Y", "place": 1, "name": "Y"}
    session.add(models.GroupCertificate(serial="CN-0000-0000-0002", issued_at=NOW, **group))
    announced(session, scene)
    for one in (session.query(models.Certificate).one(), session.query(models.GroupCertificate).one()):
        assert one.revoked_at == NOW and one.revoked_reason
