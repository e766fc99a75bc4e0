import dataclasses
from datetime import timedelta

import pytest

from quizapp import models
from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.rules import flags as rules
from quizapp.services import changes, flags, sanctions
from tests import closed, make

NOW = closed.REVIEWED


@pytest.fixture
def scene(session):
    contest, row, known = closed.contest(session)
    for who in known.values():
        session.add(models.Participation(round_id=row.id, contestant_id=who.id, started=1, valid=1))
    session.flush()
    return contest, row, known, *closed.staff(session)


def found(session, scene):
    contest, row, *_ = scene
    return {one.sign: one for one in flags.find_signs(session, contest, row)}


def attempt_of(session, who):
    return session.query(models.Attempt).filter_by(contestant_id=who.id).one()


def answered(session, attempt, *given, verdict="ok"):
    """The answers of an attempt, one by one: question and option."""
    before = session.query(models.Answer).count()
    for n, (question, option) in enumerate(given, start=before + 1):
        session.add(
            models.Answer(
                attempt_id=attempt.id,
                question_id=f"huu-tri-00{question}",
                n=n if verdict == "ok" else -n,
                m=f"{n:032x}",
                chosen=[option],
                given_at=attempt.started_at + timedelta(seconds=n),
                verdict=verdict,
            )
        )
    session.flush()


def test_people_who_read_their_questions_bear_no_sign(session, scene):
    assert found(session, scene) == {}


def test_a_perfect_score_in_an_impossible_time_is_seen(session, scene):
    _, _, known, *_ = scene
    attempt = attempt_of(session, known["A"])
    attempt.handed_in_at = attempt.started_at + timedelta(seconds=3)
    sign = found(session, scene)["too-fast"]
    assert (sign.codes, sign.sittings, sign.details) == ((known["A"].code,), (attempt.id,), {"of": 3, "seconds": 3})
    attempt.invalid_reason = "Đã hủy"
    assert found(session, scene) == {}


def test_the_same_answers_in_the_same_order_within_minutes_are_seen(session, scene):
    _, row, known, *_ = scene
    one, other = attempt_of(session, known["A"]), attempt_of(session, known["B"])
    other.started_at, other.handed_in_at = one.started_at, one.handed_in_at + timedelta(minutes=2)
    session.query(models.Participation).update({"prediction": 7})
    assert found(session, scene)["same-answers"].codes == tuple(sorted((known["A"].code, known["B"].code)))
    answered(session, one, (1, 0), (2, 1), (3, 1), (1, 1))  # changed the first one last
    answered(session, other, (1, 1), (2, 1), (3, 1))
    assert "same-answers" not in found(session, scene)
    assert row.state == "REVIEW"


def test_a_shared_device_number_and_phone_are_seen(session, scene):
    _, _, known, *_ = scene
    for letter in "AB":
        attempt_of(session, known[letter]).device_tag = "d" * 64
        known[letter].identity_tag, known[letter].phone_tag = "i" * 64, "p" * 64
    assert set(found(session, scene)) == {"one-device", "one-identity", "one-phone"}


def test_answers_refused_again_and_again_are_seen(session, scene):
    _, _, known, *_ = scene
    attempt = attempt_of(session, known["A"])
    answered(session, attempt, *[(1, 0)] * (rules.REFUSED - 1), verdict="late")
    assert found(session, scene) == {}
    answered(session, attempt, (1, 0), verdict="bad")
    assert found(session, scene)["refused"].details == {"count": rules.REFUSED}


def test_who_registered_minutes_before_closing_and_stands_high_is_seen(session, scene):
    _, row, known, *_ = scene
    known["A"].registered_at = make.CLOSES - timedelta(minutes=9)
    assert found(session, scene) == {}
    closed.snapshot(session, row, codes=[known["A"]], published=False)
    assert found(session, scene)["late-registration"].details == {"minutes": 9, "rank": 1}


def kept(session, scene, sign="too-fast", letters="A"):
    """A flag that stands, about these people and their attempts."""
    _, row, known, *_ = scene
    people = sorted((known[letter] for letter in letters), key=lambda one: one.code)
    about = rules.Flag(
        sign,
        tuple(one.code for one in people),
        tuple(attempt_of(session, one).id for one in people),
        {"of": 3, "seconds": 3, "people": len(people)},
    )
    assert flags.keep(session, row, [about], now=NOW) == 1
    return session.query(models.Flag).filter_by(settled="").one(), about


def test_what_is_found_again_is_kept_once_and_what_is_found_no_more_goes(session, scene):
    contest, row, _, hana, _ = scene
    flag, about = kept(session, scene)
    assert flags.keep(session, row, [about, about], now=NOW) == 0
    assert flags.keep(session, row, [], now=NOW) == 0
    assert flags.listed(session, contest) == []
    flag, about = kept(session, scene)
    flags.dismiss(session, contest, flag, "Đã kiểm tra", hana.id, now=NOW)
    assert flags.keep(session, row, [], now=NOW) == 0
    assert flags.keep(session, row, [about], now=NOW) == 0  # settled ones stay as they are
    assert session.query(models.Flag).one().settled == "dismissed"


def test_flags_are_listed_with_their_people_and_what_was_seen(session, scene):
    contest, row, known, hana, _ = scene
    flag, about = kept(session, scene)
    ((of, (listed,)),) = flags.listed(session, contest)
    assert of is row and [one.name for one in listed.people] == ["Trần Văn An"]
    assert listed.sentence % flag.details == "Đúng tất cả 3 câu trong 3 giây, nhanh hơn thời gian cần để đọc câu hỏi."
    assert listed.reaction.startswith("Có thể mời") and listed.attempts == [attempt_of(session, known["A"]).id]
    other = dataclasses.replace(about, sign="same-answers")
    flags.dismiss(session, contest, flag, "Không sao", hana.id, now=NOW)
    flags.keep(session, row, [about, other], now=NOW)
    ((_, both),) = flags.listed(session, contest)
    assert [one.flag.settled for one in both] == ["", "dismissed"]


def test_a_flag_is_settled_once_with_a_reason(session, scene):
    contest, row, _, hana, _ = scene
    flag, _ = kept(session, scene)
    with pytest.raises(Unreadable):
        flags.dismiss(session, contest, flag, " ", hana.id, now=NOW)
    flags.dismiss(session, contest, flag, "Đã hỏi, đọc nhanh thật", hana.id, now=NOW)
    assert (flag.settled, flag.note, flag.settled_by, flag.settled_at) == (
        "dismissed",
        "Đã hỏi, đọc nhanh thật",
        hana.id,
        NOW,
    )
    with pytest.raises(Conflict):
        flags.dismiss(session, contest, flag, "Nữa", hana.id, now=NOW)
    (noted,) = session.query(models.Change).filter_by(kind="flag")
    assert noted.after == {"settled": "dismissed", "sign": "too-fast"}
    assert flags.find(session, contest, flag.id) == (flag, row)
    with pytest.raises(NotFound):
        flags.find(session, make.contest(session, slug="khac"), flag.id)


def test_a_warning_goes_to_the_chosen_people(session, scene):
    contest, _, known, hana, _ = scene
    flag, _ = kept(session, scene, "same-answers", "AB")
    for codes in ([], [known["C"].code]):
        with pytest.raises(Conflict, match="ít nhất một người"):
            flags.warn(session, contest, flag, codes, "Làm giống nhau", hana.id, now=NOW)
    flags.warn(session, contest, flag, [known["A"].code], "Làm giống nhau", hana.id, now=NOW)
    assert [one.kind for one in sanctions.of_contestant(session, contest, known["A"])] == ["warn"]
    assert list(sanctions.of_contestant(session, contest, known["B"])) == []
    assert flag.settled == "warned"


@pytest.mark.parametrize("level", ["attempt", "round", "contest", "bar"])
def test_a_sanction_is_proposed_for_each_and_waits_for_a_second_person(session, scene, level):
    contest, _, known, hana, kim = scene
    flag, _ = kept(session, scene, "same-answers", "AB")
    both = [known["A"].code, known["B"].code]
    flags.sanction(session, contest, flag, both, level, "Chép bài", hana.id, now=NOW)
    waiting = changes.waiting(session, contest)
    assert [one.kind for one in waiting] == [level, level] and flag.settled == "sanctioned"
    for change in waiting:
        changes.confirm(session, change, kim.id, now=NOW)
    assert [one.reason for one in sanctions.of_contestant(session, contest, known["A"])] == ["Chép bài"]
    points = {one.points for one in session.query(models.Attempt).filter_by(score=3)}
    assert points == {180}  # a sanction never lowers a score
