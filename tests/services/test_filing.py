"""Files and database are two views of one bank: what is written back changes nothing when it is loaded."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from quizapp import models
from quizapp.config import ROOT
from quizapp.services import approvals, banks, filing, laws, revisions
from quizapp.services.filing import FileMoved
from tests import make
from tests.rules.test_bank import HEAD, LAW, ONE
from tests.services.test_banks import folder, load, write  # noqa: F401
from tests.services.test_revisions import TWO, raw


@pytest.fixture
def staff(session, folder, now):  # noqa: F811
    load(session, folder, now)
    return make.person(session, "otto", roles=["reviewer"]), make.person(session, "hana", roles=["reviewer"])


def approve(session, staff, id, now):
    approvals.take(session, id, "submit", staff[0].id, {"reviewer"}, LAW, now=now)
    approvals.take(session, id, "approve", staff[1].id, {"reviewer"}, LAW, now=now)


def edit(session, staff, now, id="huu-tri-001", based_on=1, **changes):
    values = {**raw(ONE), **changes}
    return revisions.edit(session, id, values, staff[0].id, based_on=based_on, now=now)


def counts(session):
    return {
        table: len(session.scalars(select(table)).all())
        for table in (models.QuestionVersion, models.BankConflict, models.StaffDeed)
    }


def round_trip(session, folder, now):  # noqa: F811
    before, dealt = counts(session), banks.dealt(session)
    filing.write(filing.files(session), folder)
    report = load(session, folder, now)
    assert not (report.added or report.changed or report.vanished or report.returned or report.kept or report.faults)
    assert counts(session) == before and banks.dealt(session) == dealt
    return (folder / "huu-tri.toml").read_text(encoding="utf-8")


def test_the_whole_bank_goes_out_and_comes_back_unchanged(session, tmp_path, now):
    sheets = [sheet for sheet in banks.read(ROOT / "questions") if sheet.good]
    banks.load(session, sheets, now=now)
    out = tmp_path / "out"
    filing.write(filing.files(session), out)
    for sheet in sheets:
        assert (out / sheet.file).read_bytes() == (ROOT / "questions" / sheet.file).read_bytes()


def test_the_whole_bank_can_be_written_without_its_files(session, tmp_path, now):
    sheets = [
        replace(sheet, text="", questions=tuple(q for q in sheet.questions if q.family is None))
        for sheet in banks.read(ROOT / "questions")
        if sheet.good
    ]
    banks.load(session, sheets, now=now)
    filed = filing.files(session)
    law = laws.of(ROOT / "questions")
    for sheet in sheets:
        again = banks.bank.read(sheet.file, filed.texts[sheet.file].encode(), law)
        assert not again.faults
        assert {banks.draft.digest(q) for q in again.questions} == {banks.draft.digest(q) for q in sheet.questions}


def test_a_bank_that_its_files_say_is_written_as_it_is(session, staff, folder, now):  # noqa: F811
    assert round_trip(session, folder, now) == HEAD + ONE + TWO


def test_an_approved_edit_and_a_new_question_go_into_the_file_and_come_back(session, staff, folder, now):  # noqa: F811
    edit(session, staff, now, difficulty="apply")
    approve(session, staff, "huu-tri-001", now)
    other = {**raw(ONE), "stem": {"vi": "Câu hỏi thứ ba?", "en": "A third question?"}}
    id = revisions.draft_new(session, "huu-tri", other, staff[0].id, LAW, now=now, source="editor")
    approve(session, staff, id, now)
    filed = filing.files(session)
    assert (filed.changed, filed.added, filed.dropped, filed.open) == (["huu-tri-001"], [id], [], [])
    text = round_trip(session, folder, now)
    assert 'difficulty = "apply"' in text and f'id = "{id}"' in text and TWO.strip() in text
    filed = filing.files(session)
    assert not (filed.changed or filed.added)


def test_a_draft_goes_into_no_file_and_its_standing_version_stays_there(session, staff, folder, now):  # noqa: F811
    edit(session, staff, now, difficulty="apply")
    assert round_trip(session, folder, now) == HEAD + ONE + TWO
    approve(session, staff, "huu-tri-001", now)
    edit(session, staff, now, based_on=2, difficulty="understand")
    assert 'difficulty = "apply"' in round_trip(session, folder, now)
    approve(session, staff, "huu-tri-001", now)
    assert 'difficulty = "understand"' in round_trip(session, folder, now)


def test_a_retired_question_leaves_its_file_and_returns_when_restored(session, staff, folder, now):  # noqa: F811
    otto = staff[0].id
    approvals.take(session, "huu-tri-001", "retire", otto, {"reviewer"}, LAW, now=now)
    assert filing.files(session).dropped == ["huu-tri-001"]
    assert "huu-tri-001" not in round_trip(session, folder, now)
    approvals.take(session, "huu-tri-001", "restore", otto, {"reviewer"}, LAW, now=now)
    assert "huu-tri-001" in round_trip(session, folder, now)


def test_a_question_to_be_looked_at_again_stays_in_its_file(session, staff, folder, now):  # noqa: F811
    approvals.take(session, "huu-tri-001", "recheck", staff[0].id, {"reviewer"}, LAW, reason="Luật đổi", now=now)
    assert round_trip(session, folder, now) == HEAD + ONE + TWO
    assert revisions.find(session, "huu-tri-001").state == "recheck"


def test_a_question_in_conflict_keeps_the_files_word(session, staff, folder, now):  # noqa: F811
    edit(session, staff, now, difficulty="apply")
    write(folder, ONE.replace("10 năm", "12 năm"), TWO)
    load(session, folder, now)
    filed = filing.files(session)
    assert filed.open == ["huu-tri-001"] and "12 năm" in filed.texts["huu-tri.toml"]


def test_a_file_that_the_bank_has_not_seen_is_not_overwritten(session, staff, folder, now):  # noqa: F811
    write(folder, ONE.replace("10 năm", "12 năm"), TWO)
    with pytest.raises(FileMoved) as refused:
        filing.write(filing.files(session), folder)
    assert refused.value.files == ["huu-tri.toml"]
    load(session, folder, now)
    assert filing.write(filing.files(session), folder) == []


def test_only_files_that_change_are_written(session, staff, folder, tmp_path, now):  # noqa: F811
    out = tmp_path / "new" / "place"
    assert filing.write(filing.files(session), out) == ["huu-tri.toml"]
    assert filing.write(filing.files(session), out) == []
