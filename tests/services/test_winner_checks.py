from datetime import datetime, timedelta

import pytest

from quizapp import models
from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.rules.tally import Award
from quizapp.rules.timing import VIETNAM
from quizapp.services import books, winner_checks
from tests import closed, make

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=VIETNAM)
UNTIL = datetime(2026, 3, 18, 0, 0, tzinfo=VIETNAM)  # seven days later, to the end of the day


@pytest.fixture
def scene(session):
    contest, row, known = closed.contest(session, state="PROVISIONAL")
    closed.snapshot(session, row, codes=[known["B"], known["C"], known["A"], known["D"]], published=False)
    return contest, row, known, *closed.staff(session)


def winners(session, row):
    newest = session.query(models.Snapshot).order_by(models.Snapshot.n.desc()).first()
    return winner_checks.winners(session, row, newest)


def ask(session, scene, now=NOW):
    contest, row, _, hana, _ = scene
    return winner_checks.ask(session, contest, row, hana.id, now=now)


def settle(session, scene, who="B", outcome="CONFIRMED", reason="", now=NOW):
    contest, row, known, hana, _ = scene
    return winner_checks.settle(session, contest, row, known[who], outcome, reason, hana.id, now=now)


def test_everybody_with_a_prize_is_asked_once(session, scene):
    _, row, known, *_ = scene
    assert winner_checks.unchecked(session, row, session.query(models.Snapshot).one()) == 3
    assert ask(session, scene) == 3
    assert ask(session, scene) == 0
    listed = winners(session, row)
    assert [one.contestant for one in listed] == [known["B"], known["C"], known["A"]]
    assert {one.check.answer_by for one in listed} == {UNTIL}
    assert winner_checks.asked(session, row, known["D"]) is None


def test_a_check_is_noted_with_before_and_after(session, scene):
    _, row, _, hana, _ = scene
    ask(session, scene)
    check = settle(session, scene)
    assert (check.outcome, check.checked_by, check.checked_at) == ("CONFIRMED", hana.id, NOW)
    noted = session.query(models.Change).filter_by(kind="check").one()
    assert (noted.before, noted.after) == ({"outcome": ""}, {"outcome": "CONFIRMED"})
    assert winner_checks.unchecked(session, row, session.query(models.Snapshot).one()) == 2
    assert [one.outcome for one in winners(session, row)] == ["CONFIRMED", "", ""]
    with pytest.raises(Conflict):
        settle(session, scene)


def test_a_refusal_states_its_reason_and_no_answer_waits_for_the_deadline(session, scene):
    ask(session, scene)
    with pytest.raises(Unreadable):
        settle(session, scene, outcome="REFUSED")
    assert settle(session, scene, outcome="REFUSED", reason="Sống ngoài tỉnh").reason == "Sống ngoài tỉnh"
    with pytest.raises(Conflict, match="Chưa hết hạn"):
        settle(session, scene, "C", "NO_ANSWER", now=UNTIL - timedelta(seconds=1))
    assert settle(session, scene, "C", "NO_ANSWER", now=UNTIL).outcome == "NO_ANSWER"
    assert settle(session, scene, "A", "DECLINED").outcome == "DECLINED"


def test_what_a_check_said_goes_into_the_book_and_passes_the_prize_down(session, scene):
    contest, row, known, *_ = scene
    ask(session, scene)
    settle(session, scene, outcome="REFUSED", reason="Sống ngoài tỉnh")
    (said,) = books.book(session, make.VAULT, contest).checks
    assert (said.code, said.scope, said.outcome) == (known["B"].code, row.key, "REFUSED")
    closed.snapshot(session, row, n=2, codes=[known["C"], known["A"], known["D"]])
    listed = winners(session, row)
    assert [one.contestant for one in listed] == [known["C"], known["A"], known["D"], known["B"]]
    assert listed[-1].awards == () and listed[-1].outcome == "REFUSED"


def test_only_who_was_asked_can_be_settled(session, scene):
    with pytest.raises(NotFound):
        settle(session, scene)


@pytest.mark.parametrize("state", ["REVIEW", "FINAL", "AWARDED"])
def test_winners_are_checked_between_the_provisional_and_the_final_result(session, scene, state):
    _, row, *_ = scene
    ask(session, scene)
    row.state = state
    for press in (ask, settle):
        with pytest.raises(Conflict, match="Xác minh"):
            press(session, scene)


def test_a_complaint_about_a_winner_holds_the_prize_until_it_is_answered(session, scene):
    contest, row, known, *_ = scene
    complaint = models.Complaint(
        contest_id=contest.id,
        round_id=row.id,
        number=1,
        kind="winner",
        about_code=known["B"].code,
        text="Người này ở tỉnh khác.",
        made_at=NOW,
        answer_by=UNTIL,
    )
    session.add(complaint)
    session.flush()
    assert [one.disputed for one in winners(session, row)] == [True, False, False]
    held = winner_checks.disputed(session, row)
    award = Award(scope=row.key, prize="nhat", code=known["B"].code, place=1, state="CONFIRMED")
    assert winner_checks.state(award, held) == "HELD"
    assert winner_checks.state(award, set()) == "CONFIRMED"
    complaint.outcome = "KEPT"
    session.flush()
    assert [one.disputed for one in winners(session, row)] == [False, False, False]


# The identity number of somebody born in 1990, a woman: digit 4 is 1, digits 5 and 6 are 90.
NUMBER = "001190012345"


def give(session, scene, typed=NUMBER, who="B"):
    contest, row, known, *_ = scene
    winner_checks.give_identity(session, make.VAULT, contest, row, known[who], typed, now=NOW)


def test_a_winner_gives_the_full_number_and_every_look_at_it_is_logged(session, scene):
    contest, row, known, hana, _ = scene
    ask(session, scene)
    bình = known["B"]
    give(session, scene, "001 190 012 345")
    assert NUMBER.encode() not in bình.identity_sealed
    assert list(winner_checks.looks(session, contest, row, bình)) == []
    number = winner_checks.read_identity(session, make.VAULT, contest, row, bình, hana.id, now=NOW)
    assert number == NUMBER
    (look,) = winner_checks.looks(session, contest, row, bình)
    assert (look.proposed_by, look.before, look.after) == (hana.id, None, None)


def test_a_number_fits_the_birth_date_and_the_tag_of_the_registration(session, scene):
    _, _, known, *_ = scene
    ask(session, scene)
    bình = known["B"]
    bình.birth_sealed = make.VAULT.seal("1991-05-02", table="contestant", column="birth", row=bình.code)
    bình.birth_known = "day"
    with pytest.raises(Unreadable, match="năm sinh"):
        give(session, scene)
    bình.birth_known = ""
    bình.identity_tag = make.VAULT.tag(winner_checks.IDENTITY, "001190099999")
    with pytest.raises(Unreadable, match="khác số căn cước"):
        give(session, scene)
    bình.guardian = True  # a guardian's number stood for theirs
    give(session, scene)
    assert bình.identity_sealed is not None


def test_nobody_is_asked_for_a_number_but_winners_while_they_are_checked(session, scene):
    contest, row, known, hana, _ = scene
    with pytest.raises(NotFound):
        give(session, scene)
    ask(session, scene)
    with pytest.raises(NotFound):
        winner_checks.read_identity(session, make.VAULT, contest, row, known["B"], hana.id, now=NOW)
    with pytest.raises(NotFound):
        winner_checks.read_identity(session, make.VAULT, contest, row, known["D"], hana.id, now=NOW)
    settle(session, scene)
    with pytest.raises(NotFound):
        give(session, scene)


def collect(session, scene, how="person", note="", who="B"):
    contest, row, known, hana, _ = scene
    winner_checks.collect(session, make.VAULT, contest, row, known[who], how, note, hana.id, now=NOW)


def test_a_confirmed_prize_is_handed_over_once_the_result_is_final(session, scene):
    _, row, known, *_ = scene
    ask(session, scene)
    settle(session, scene)
    with pytest.raises(Conflict, match="chính thức"):
        collect(session, scene)
    row.state = "FINAL"
    collect(session, scene)
    check = winner_checks.asked(session, row, known["B"])
    assert (check.collected, check.collected_at, check.collected_note) == ("person", NOW, None)
    assert winner_checks.collected_note(make.VAULT, known["B"], row, check) == ""
    with pytest.raises(Conflict, match="chưa được xác minh"):
        collect(session, scene, who="C")


def test_a_representative_is_noted_with_name_and_paper_sealed(session, scene):
    _, row, known, *_ = scene
    ask(session, scene)
    settle(session, scene)
    row.state = "FINAL"
    for how, note in (("representative", " "), ("person", "x" * 501)):
        with pytest.raises(Unreadable):
            collect(session, scene, how, note)
    collect(session, scene, "representative", "Lê Văn Nam, giấy giới thiệu số 5")
    check = winner_checks.asked(session, row, known["B"])
    assert b"Nam" not in check.collected_note
    assert winner_checks.collected_note(make.VAULT, known["B"], row, check) == "Lê Văn Nam, giấy giới thiệu số 5"
    logged = session.query(models.Change).filter_by(kind="collect").one()
    assert (logged.after, logged.reason) == ({"collected": "representative"}, "")


def test_an_outcome_stays_once_the_prize_is_handed_over(session, scene):
    _, row, *_ = scene
    ask(session, scene)
    settle(session, scene)
    row.state = "FINAL"
    collect(session, scene)
    row.state = "COMPLAINTS"
    with pytest.raises(Conflict, match="Giải đã trao"):
        settle(session, scene, outcome="DECLINED")
