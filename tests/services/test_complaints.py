from datetime import datetime, timedelta

import pytest

from quizapp import models
from quizapp.errors import Conflict, NotFound, TooMany, Unreadable
from quizapp.rules.timing import VIETNAM
from quizapp.services import complaints
from quizapp.services.complaints import Wish
from tests import closed, make

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=VIETNAM)  # a Monday
UNTIL = datetime(2026, 3, 21, 0, 0, tzinfo=VIETNAM)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 10


@pytest.fixture
def scene(session):
    contest, row, known = closed.contest(session, state="COMPLAINTS")
    row.complaints_until = UNTIL
    closed.snapshot(session, row, codes=[known["B"], known["C"], known["A"]])
    return contest, row, known, *closed.staff(session)


def complain(session, scene, who="D", now=NOW, **changes):
    contest, row, known, *_ = scene
    values = {"kind": "score", "round": row.key, "text": "Điểm của tôi chưa đúng.", "contact": "0912 345 671"}
    return complaints.make(session, make.VAULT, contest, known[who], Wish(**{**values, **changes}), now=now)


def test_a_complaint_gets_a_number_and_a_day_by_which_it_is_answered(session, scene):
    contest, *_ = scene
    first, second = complain(session, scene), complain(session, scene, who="E")
    assert (first.number, second.number, first.outcome) == (1, 2, "")
    assert first.answer_by == datetime(2026, 3, 24, 0, 0, tzinfo=VIETNAM)  # the end of the fifth working day
    assert b"0912" not in first.contact_sealed
    assert complaints.contact(make.VAULT, contest, first) == "0912 345 671"
    first.contact_sealed = None
    assert complaints.contact(make.VAULT, contest, first) == ""


def test_the_form_is_open_by_state_and_deadline(session, scene):
    contest, row, *_ = scene
    assert complaints.open_rounds(contest, now=NOW) == [row]
    complain(session, scene, now=UNTIL - timedelta(microseconds=1))
    assert complaints.open_rounds(contest, now=UNTIL) == []
    with pytest.raises(Conflict, match="không còn nhận"):
        complain(session, scene, now=UNTIL)
    row.state = "ANNOUNCED"
    with pytest.raises(Conflict, match="không còn nhận"):
        complain(session, scene)
    with pytest.raises(NotFound):
        complain(session, scene, round="tuan-9")


@pytest.mark.parametrize(
    "changes",
    [{"text": " "}, {"text": "x" * 4001}, {"kind": "money"}, {"contact": " "}],
)
def test_a_complaint_says_what_and_how_to_answer(session, scene, changes):
    with pytest.raises(Unreadable):
        complain(session, scene, **changes)


def test_a_complaint_about_a_winner_names_one(session, scene):
    _, _, known, *_ = scene
    assert complain(session, scene, kind="winner", about=known["B"].code).about_code == known["B"].code
    for about in ("", known["E"].code):
        with pytest.raises(Unreadable, match="người đạt giải"):
            complain(session, scene, kind="winner", about=about)
    assert complain(session, scene, about=known["B"].code).about_code is None  # of a score it names nobody


def test_nobody_is_a_winner_before_anything_is_published(session, scene):
    _, row, known, *_ = scene
    session.query(models.Snapshot).one().published_at = None
    with pytest.raises(Unreadable):
        complain(session, scene, kind="winner", about=known["B"].code)
    assert row.state == "COMPLAINTS"


def test_a_complaint_about_a_question_names_one_of_the_round(session, scene):
    _, row, known, *_ = scene
    assert complain(session, scene, kind="question", question="huu-tri-002").question_id == "huu-tri-002"
    with pytest.raises(Unreadable, match="câu hỏi"):
        complain(session, scene, kind="question", question="huu-tri-777")
    met = complaints.questions(session, row, known["D"])
    assert [one.question_id for one in met] == list(closed.QUESTIONS)
    new = make.contestant(session, scene[0], name="Người Chưa Thi")
    assert list(complaints.questions(session, row, new)) == []


@pytest.mark.parametrize(
    ("file", "name"),
    [(PNG, "khieu-nai-1.png"), (b"%PDF-1.7 ...", "khieu-nai-1.pdf"), (b"\xff\xd8\xff\xe0", "khieu-nai-1.jpg")],
)
def test_a_file_is_known_by_its_content(session, scene, file, name):
    made = complain(session, scene, file=file)
    assert (made.file_name, made.file) == (name, file)


@pytest.mark.parametrize("file", [b"<script>", b"PK\x03\x04", b" %PDF-", PNG + b"0" * complaints.LARGEST])
def test_other_files_and_large_ones_are_refused(session, scene, file):
    with pytest.raises(Unreadable):
        complain(session, scene, file=file)


def test_nobody_floods_the_register(session, scene):
    for _ in range(complaints.OPEN_AT_ONCE):
        complain(session, scene)
    with pytest.raises(TooMany):
        complain(session, scene)
    complain(session, scene, who="E")


def test_everybody_finds_only_their_own_complaints(session, scene):
    contest, _, known, *_ = scene
    mine, theirs = complain(session, scene), complain(session, scene, who="E")
    assert list(complaints.of_contestant(session, contest, known["D"])) == [mine]
    assert complaints.find_own(session, contest, known["D"], 1) is mine
    with pytest.raises(NotFound):
        complaints.find_own(session, contest, known["D"], 2)
    assert complaints.find(session, contest, 2) is theirs
    with pytest.raises(NotFound):
        complaints.find(session, contest, 3)


def answer(session, scene, complaint, outcome="KEPT", text="Điểm đúng như đã công bố.", now=NOW):
    contest, _, _, hana, _ = scene
    complaints.answer(session, contest, complaint, outcome, text, hana.id, now=now)


def test_an_answer_in_writing_closes_the_matter(session, scene):
    contest, row, _, hana, _ = scene
    made = complain(session, scene)
    assert complaints.open_count(session, contest, row) == 1
    answer(session, scene, made)
    assert (made.outcome, made.answered_by, made.answered_at) == ("KEPT", hana.id, NOW)
    assert complaints.open_count(session, contest, row) == 0
    assert session.query(models.Change).filter_by(kind="complaint", thing="complaint/1").count() == 1
    with pytest.raises(Conflict, match="đã được trả lời"):
        answer(session, scene, made)


@pytest.mark.parametrize(("outcome", "text"), [("", "Đúng."), ("LOST", "Đúng."), ("KEPT", " "), ("KEPT", "x" * 4001)])
def test_an_answer_has_an_outcome_and_words(session, scene, outcome, text):
    made = complain(session, scene)
    with pytest.raises(Unreadable):
        answer(session, scene, made, outcome, text)


def test_a_changed_result_needs_a_snapshot_made_since(session, scene):
    _, row, known, *_ = scene
    made = complain(session, scene)
    with pytest.raises(Conflict, match="Chưa có bảng kết quả"):
        answer(session, scene, made, "CHANGED")
    new = closed.snapshot(session, row, n=2, at=NOW + timedelta(hours=1), codes=[known["C"]])
    answer(session, scene, made, "CHANGED")
    assert (made.snapshot_id, made.outcome) == (new.id, "CHANGED")


def test_a_voided_question_needs_the_decision_and_a_snapshot(session, scene):
    _, row, known, *_ = scene
    made = complain(session, scene, kind="question", question="huu-tri-002")
    with pytest.raises(Conflict, match="hủy câu hỏi"):
        answer(session, scene, made, "VOIDED_QUESTION")
    session.query(models.RoundQuestion).filter_by(question_id="huu-tri-002").one().void = "GIVE_ALL"
    with pytest.raises(Conflict, match="Chưa có bảng kết quả"):
        answer(session, scene, made, "VOIDED_QUESTION")
    closed.snapshot(session, row, n=2, at=NOW + timedelta(hours=1), codes=[known["C"]])
    answer(session, scene, made, "VOIDED_QUESTION")
    assert made.outcome == "VOIDED_QUESTION"


def test_a_complaint_without_a_round_changes_no_result(session, scene):
    made = complain(session, scene)
    made.round_id = None
    with pytest.raises(Conflict):
        answer(session, scene, made, "CHANGED")


def test_the_register_begins_with_what_must_be_answered_first(session, scene):
    contest, *_ = scene
    early = complain(session, scene, now=NOW)
    late = complain(session, scene, now=NOW + timedelta(days=1))
    done = complain(session, scene, who="E")
    answer(session, scene, done, "TRANSFERRED", "Đã chuyển Thanh tra.")
    late.answer_by = NOW
    assert [one.number for one, _ in complaints.register(session, contest)] == [late.number, early.number, done.number]
    assert [who.name for _, who in complaints.register(session, contest)][-1] == "Hồ Thu Em"
