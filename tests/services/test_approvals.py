"""Who brings a question into use, out of it and back, and what is written down about it."""

import pytest
from sqlalchemy import select

from quizapp import models
from quizapp.config import ROOT
from quizapp.errors import Conflict, NotAllowed, NotFound, Refusal
from quizapp.rules import bank
from quizapp.services import approvals, banks, laws, quizzes, revisions
from quizapp.services.revisions import Unfit
from tests import make
from tests.rules.test_bank import HEAD, ONE
from tests.services.test_revisions import edit, new, otto, raw  # noqa: F401

LAW = laws.of(ROOT / "questions")
ID = "huu-tri-001"
REVIEWER = {"reviewer"}


@pytest.fixture
def hana(session, otto):  # noqa: F811
    return make.person(session, "hana", roles=["reviewer"])


def take(session, step, who, now, id=ID, roles=REVIEWER, **more):
    return approvals.take(session, id, step, who.id, roles, LAW, now=now, **more)


def dealt(session):
    return {entry.question.id: entry.version for entry in banks.dealt(session)}


def deeds(session, id=ID):
    wanted = select(models.StaffDeed).where(models.StaffDeed.thing == id).order_by(models.StaffDeed.id)
    return [(deed.deed, deed.after) for deed in session.scalars(wanted)]


def test_an_edit_is_dealt_once_somebody_else_approved_it(session, otto, hana, now):  # noqa: F811
    edit(session, otto, now, ONE.replace("10 năm", "12 năm"))
    assert take(session, "submit", otto, now) == "waiting"
    assert dealt(session)[ID] == 1
    assert take(session, "approve", hana, now, version=2) == "approved"
    assert dealt(session)[ID] == 2
    assert [deed for deed, _ in deeds(session)] == ["question.edit", "question.submit", "question.approve"]
    newest = revisions.history(session, ID)[0]
    assert (newest.author, newest.approver, newest.approved_at) == ("Otto", "Hana", now)


def test_the_author_of_the_current_version_cannot_approve_it(session, otto, hana, now):  # noqa: F811
    id = new(session, otto, now, raw_stem("Câu mới hỏi gì?"))
    take(session, "submit", otto, now, id)
    with pytest.raises(Refusal, match="không được tự duyệt"):
        take(session, "approve", otto, now, id)
    edit(session, hana, now, raw_stem("Câu mới hỏi điều gì?"), id=id)
    take(session, "submit", hana, now, id)
    assert take(session, "approve", otto, now, id) == "approved"
    assert dealt(session)[id] == 2


def raw_stem(stem):
    return ONE.replace("Từ bao nhiêu năm đóng thì được hưởng lương hưu?", stem)


@pytest.mark.parametrize("roles", [{"admin"}, {"organizer"}, set()])
def test_only_reviewers_approve(session, otto, hana, now, roles):  # noqa: F811
    edit(session, otto, now, ONE.replace("10 năm", "12 năm"))
    take(session, "submit", otto, now)
    with pytest.raises(NotAllowed):
        take(session, "approve", hana, now, roles=roles)


def test_an_approval_is_about_the_version_that_was_looked_at(session, otto, hana, now):  # noqa: F811
    edit(session, otto, now, ONE.replace("10 năm", "12 năm"))
    take(session, "submit", otto, now)
    with pytest.raises(Conflict):
        take(session, "approve", hana, now, version=1)


def test_what_does_not_pass_the_checks_is_not_sent_for_approval(session, otto, now):  # noqa: F811
    edit(session, otto, now, ONE.replace("10 years", ""))
    with pytest.raises(Unfit) as refused:
        take(session, "submit", otto, now)
    assert [finding.path[0] for finding in refused.value.findings] == ["options"]


def test_a_question_is_sent_back_with_a_reason_and_the_old_version_stays(session, otto, hana, now):  # noqa: F811
    edit(session, otto, now, ONE.replace("10 năm", "12 năm"))
    take(session, "submit", otto, now)
    with pytest.raises(Refusal, match="ghi lý do"):
        take(session, "back", hana, now)
    assert take(session, "back", hana, now, reason=" Xem lại  khoản 2. ") == "draft"
    assert revisions.find(session, ID).reason == "Xem lại khoản 2."
    assert dealt(session)[ID] == 1


def test_a_question_to_be_looked_at_again_is_not_dealt_until_it_is_approved(session, otto, now):  # noqa: F811
    take(session, "recheck", otto, now, reason="Luật đổi")
    assert ID not in dealt(session)
    assert take(session, "approve", otto, now) == "approved"
    assert dealt(session)[ID] == 1 and revisions.find(session, ID).reason == ""


def test_looking_again_takes_also_the_standing_version_out_of_use(session, otto, now):  # noqa: F811
    edit(session, otto, now, ONE.replace("10 năm", "12 năm"))
    take(session, "recheck", otto, now, reason="Luật đổi")
    assert ID not in dealt(session)
    edit(session, otto, now, ONE.replace("10 năm", "13 năm"), based_on=2)
    assert ID not in dealt(session)


def test_a_retired_question_is_dealt_no_more_until_it_is_restored(session, otto, now):  # noqa: F811
    assert take(session, "retire", otto, now) == "retired"
    assert list(dealt(session)) == ["huu-tri-002"]
    with pytest.raises(Conflict):
        take(session, "retire", otto, now)
    assert take(session, "restore", otto, now) == "approved"
    assert len(dealt(session)) == 2


def test_a_retired_draft_comes_back_as_a_draft(session, otto, now):  # noqa: F811
    edit(session, otto, now, ONE.replace("10 năm", "12 năm"))
    take(session, "retire", otto, now)
    assert ID not in dealt(session)
    assert take(session, "restore", otto, now) == "draft"
    assert ID not in dealt(session)


def test_a_question_that_is_not_there_takes_no_step(session, otto, now):  # noqa: F811
    with pytest.raises(NotFound):
        take(session, "retire", otto, now, id="huu-tri-999")


def test_what_was_answered_is_marked_by_the_version_that_was_answered(session, otto, hana, now):  # noqa: F811
    text = "".join(ONE.replace("001", f"00{n}").replace("Từ bao", f"Câu {n}: từ bao") for n in range(1, 6))
    banks.load(session, [bank.read("huu-tri.toml", (HEAD + text).encode(), LAW)], now=now)
    ada = quizzes.Player(None, "a" * 32)
    attempt = quizzes.start(session, quizzes.Wish("huu-tri", 5, "exam", 45), ada, now=now)[0]
    for n, place in enumerate(quizzes.places(session, attempt), 1):
        quizzes.answer(session, attempt, place.question.id, f"{n:032x}", list(place.question.key), now=now)

    harder = raw(
        ONE.replace('"15 years", right = true', '"15 years"').replace('"20 years"', '"20 years", right = true')
    )
    revisions.edit(session, ID, harder, otto.id, based_on=revisions.find(session, ID).version, now=now)
    take(session, "submit", otto, now)
    take(session, "approve", hana, now)
    approvals.take(session, "huu-tri-002", "recheck", otto.id, REVIEWER, LAW, reason="Luật đổi", now=now)

    quizzes.hand_in(session, attempt, now=now)
    assert attempt.score == 5
    answered = next(place.question for place in quizzes.places(session, attempt) if place.question.id == ID)
    assert answered.options[answered.key[0]].vi == "15 năm"
    dealt_now = next(entry.question for entry in banks.dealt(session) if entry.question.id == ID)
    assert dealt_now.options[dealt_now.key[0]].vi == "20 năm"


FAMILY = (
    ONE.replace("huu-tri-001", "huu-tri-050")
    .replace("Từ bao nhiêu năm đóng", "Bà Mai đã đóng {n} năm: từ bao nhiêu năm đóng")
    .replace("How many years", "Ms Mai paid {n} years: how many years")
    .replace("Đóng bao nhiêu", "Đã đóng {n} năm: đóng bao nhiêu")
    + "[question.family]\nvary.n = [16, 17, 18, 19]\n"
)


def test_the_variants_of_a_family_go_one_way_together(session, otto, now):  # noqa: F811
    sheet = bank.read("huu-tri.toml", (HEAD + ONE + FAMILY).encode(), LAW)
    assert sheet.good, [str(fault) for fault in sheet.faults]
    banks.load(session, [sheet], now=now)
    variants = {id for id in dealt(session) if id.startswith("huu-tri-050.")}
    assert len(variants) == 4
    take(session, "recheck", otto, now, id="huu-tri-050.1", reason="Luật đổi")
    assert not variants & set(dealt(session)) and ID in dealt(session)
    (shown,) = revisions.search(session, state="recheck")
    assert shown.variants == 4
    take(session, "approve", otto, now, id="huu-tri-050.2")
    assert variants <= set(dealt(session))


def test_a_variant_is_edited_in_its_file_only(session, otto, now):  # noqa: F811
    banks.load(session, [bank.read("huu-tri.toml", (HEAD + ONE + FAMILY).encode(), LAW)], now=now)
    with pytest.raises(Conflict, match="họ câu hỏi"):
        revisions.edit(session, "huu-tri-050.1", raw(ONE), otto.id, based_on=1, now=now)
