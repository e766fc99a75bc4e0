import tomllib

import pytest
from sqlalchemy import select

from quizapp import models
from quizapp.config import ROOT
from quizapp.errors import Conflict, NotFound
from quizapp.rules import bank
from quizapp.services import approvals, banks, laws, revisions
from quizapp.services.revisions import Unfit
from tests import make
from tests.rules.test_bank import HEAD, ONE, TRUEFALSE

LAW = laws.of(ROOT / "questions")
TWO = ONE.replace("001", "002").replace("Từ bao nhiêu năm", "Cần bao nhiêu năm")


def raw(text):
    """The table of one question, as the edit form gives it."""
    (table,) = tomllib.loads(text)["question"]
    return {name: value for name, value in table.items() if name != "id"}


@pytest.fixture
def otto(session, now):
    banks.load(session, bank.check({"huu-tri.toml": (HEAD + ONE + TWO).encode()}, LAW), now=now)
    return make.person(session, "otto", roles=["reviewer"])


def edit(session, otto, now, text=ONE, based_on=1, id="huu-tri-001"):
    return revisions.edit(session, id, raw(text), otto.id, based_on=based_on, now=now)


def new(session, otto, now, text=ONE, **changes):
    values = {**raw(text), **changes}
    return revisions.draft_new(session, "huu-tri", values, otto.id, LAW, now=now, source="editor")


def deeds(session):
    rows = session.scalars(select(models.StaffDeed).where(models.StaffDeed.deed.startswith("question.")))
    return [(d.deed, d.thing, d.before, d.after) for d in rows]


def test_an_edit_makes_a_draft_while_the_approved_version_is_dealt(session, otto, now):
    assert edit(session, otto, now, ONE.replace("10 năm", "12 năm")) == 2
    assert revisions.find(session, "huu-tri-001").state == "draft"
    entry = banks.dealt(session)[0]
    assert entry.version == 1 and "10 năm" in {option.vi for option in entry.question.options}
    newest, oldest = revisions.history(session, "huu-tri-001")
    assert (newest.version, newest.source, newest.author) == (2, "editor", "Otto")
    assert (oldest.version, oldest.source, oldest.author) == (1, "file", "")
    assert "10 năm" in {option.vi for option in oldest.question.options}


def test_a_draft_of_a_draft_leaves_the_approved_version_standing(session, otto, now):
    edit(session, otto, now, ONE.replace("10 năm", "12 năm"))
    assert edit(session, otto, now, ONE.replace("10 năm", "13 năm"), based_on=2) == 3
    assert [entry.version for entry in banks.dealt(session)] == [1, 1]


def test_an_edit_is_written_into_the_log_without_the_key(session, otto, now):
    edit(session, otto, now, ONE.replace("10 năm", "12 năm"))
    assert deeds(session) == [("question.edit", "huu-tri-001", {"version": 1}, {"version": 2})]


def test_saving_without_a_change_makes_no_version(session, otto, now):
    assert edit(session, otto, now) == 1
    assert deeds(session) == []


def test_an_edit_may_be_unfinished_but_not_empty(session, otto, now):
    edit(session, otto, now, ONE.replace("Điều 64 khoản 1", "Điều 64 khoản 9").replace('"25 years"', '""'))
    with pytest.raises(Unfit) as refused:
        edit(session, otto, now, ONE.replace("Từ bao nhiêu năm đóng thì được hưởng lương hưu?", " "), based_on=2)
    assert [finding.path for finding in refused.value.findings] == [("stem", "vi")]


def test_what_the_bank_would_not_approve_is_found_as_in_the_files(session, otto, now):
    text = ONE.replace("Điều 64 khoản 1", "Điều 64 khoản 9").replace('"25 năm"', '"Cả A và B"')
    findings = revisions.check(session, "huu-tri-001", "huu-tri", raw(text), LAW)
    assert [finding.path for finding in findings] == [("citations", 0), ("options", 3, "vi")]
    assert revisions.check(session, "huu-tri-001", "huu-tri", raw(ONE), LAW) == []


def test_no_question_may_ask_what_another_in_use_asks(session, otto, now):
    (finding,) = revisions.check(session, "huu-tri-001", "huu-tri", raw(TWO.replace("Cần", "CẦN")), LAW)
    assert (
        finding.path == ("stem", "vi") and finding.problem % finding.details == "Câu «huu-tri-002» đã hỏi đúng như vậy."
    )


def test_a_new_question_is_a_draft_with_a_number_that_files_do_not_use(session, otto, now):
    assert new(session, otto, now) == "huu-tri-1001"
    assert new(session, otto, now, TRUEFALSE) == "huu-tri-1002"
    found = revisions.find(session, "huu-tri-1001")
    assert (found.state, found.version, found.source) == ("draft", 1, "editor")
    assert len(banks.dealt(session)) == 2


def test_a_new_question_may_lack_what_other_systems_do_not_have(session, otto, now):
    values = {"kind": "one", "stem": {"vi": "Mấy năm?"}, "options": [{"vi": "5", "right": True}, {"vi": "6"}]}
    id = revisions.draft_new(session, "huu-tri", values, otto.id, LAW, now=now)
    found = revisions.find(session, id)
    assert found.source == "import" and found.question.explanation.vi == "" and found.question.citations == ()
    assert [found.question.options[n].vi for n in found.question.key] == ["5"]
    assert revisions.unfit(session, found.question, LAW)


def test_a_new_question_needs_a_known_topic_and_the_shape_of_one(session, otto, now):
    with pytest.raises(NotFound):
        revisions.draft_new(session, "khac", raw(ONE), otto.id, LAW, now=now)
    with pytest.raises(Unfit):
        new(session, otto, now, options=[])


def test_a_retired_question_is_not_edited(session, otto, now):
    approvals.take(session, "huu-tri-001", "retire", otto.id, {"reviewer"}, LAW, now=now)
    with pytest.raises(Conflict):
        edit(session, otto, now, ONE.replace("10 năm", "12 năm"))


def test_an_edit_of_an_older_version_is_refused(session, otto, now):
    edit(session, otto, now, ONE.replace("10 năm", "12 năm"))
    with pytest.raises(Conflict):
        edit(session, otto, now, ONE.replace("10 năm", "13 năm"))


def test_what_is_not_there_cannot_be_edited_or_found(session, otto, now):
    for act in (
        lambda: edit(session, otto, now, id="huu-tri-999"),
        lambda: revisions.find(session, "huu-tri-999"),
    ):
        with pytest.raises(NotFound):
            act()


def test_loading_the_files_by_hand_is_written_into_the_log(session, otto, now):
    sheets = bank.check({"huu-tri.toml": (HEAD + ONE.replace("10 năm", "12 năm") + TWO).encode()}, LAW)
    report = revisions.reload(session, sheets, otto.id, now=now)
    assert report.changed == ["huu-tri-001"]
    (deed,) = session.scalars(select(models.StaffDeed).where(models.StaffDeed.deed == "bank.load"))
    assert deed.person_id == otto.id and deed.after["changed"] == 1 and deed.after["faults"] == 0


def found(session, words="", **filters):
    return [one.id for one in revisions.search(session, words, **filters)]


def test_a_search_ignores_accents_and_looks_everywhere(session, otto, now):
    assert found(session, "can BAO nhieu nam") == ["huu-tri-002"]
    assert found(session, "dieu 64") == ["huu-tri-001", "huu-tri-002"]
    assert found(session, "huu-tri-001") == ["huu-tri-001"]
    assert found(session, "khủng long") == [] == found(session, "100%_")


def test_a_search_meets_every_filter(session, otto, now):
    statement = TRUEFALSE.replace("Từ bao", "Qua bao")
    edit(session, otto, now, statement.replace('"know"', '"apply"'))
    approvals.take(session, "huu-tri-002", "retire", otto.id, {"reviewer"}, LAW, now=now)
    assert found(session, kind="truefalse") == ["huu-tri-001"] == found(session, difficulty="apply")
    assert found(session, state="retired") == ["huu-tri-002"]
    assert found(session, topic="huu-tri") == ["huu-tri-001", "huu-tri-002"]
    assert found(session, topic="khac") == [] == found(session, kind="one", state="approved")


def test_a_search_looks_at_the_current_version_only(session, otto, now):
    edit(session, otto, now, ONE.replace("10 năm", "mười hai năm").replace("10 years", "12 years"))
    assert found(session, "muoi hai") == ["huu-tri-001"]
    assert found(session, "10 nam") == ["huu-tri-002"]
