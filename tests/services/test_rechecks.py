"""A change of the law sends back every question that rests on what changed, and nothing else."""

from datetime import date

import pytest
from sqlalchemy import select

from quizapp import models
from quizapp.errors import NotAllowed, Unreadable
from quizapp.rules.law import Citation
from quizapp.services import approvals, banks, law_changes, rechecks, revisions
from tests import make
from tests.rules.test_bank import HEAD, LAW, ONE, bank
from tests.services.test_revisions import raw

DAY = date(2026, 7, 1)
ACT = "Luật số 99/2026/QH16"


def asks(number, *citations):
    text = ONE.replace("001", f"00{number}").replace("Từ bao", f"Câu {number}: từ bao")
    return text.replace('["Điều 64 khoản 1"]', "[" + ", ".join(f'"{one}"' for one in citations) + "]")


@pytest.fixture
def otto(session, now):
    text = HEAD + "".join(
        (
            asks(1, "Điều 64 khoản 1 điểm a"),
            asks(2, "Điều 64 khoản 2"),
            asks(3, "Điều 64"),
            asks(4, "Điều 65 khoản 1", "Điều 64 khoản 1"),
            asks(5, "Điều 65"),
        )
    )
    sheet = bank.read("huu-tri.toml", text.encode(), LAW)
    assert sheet.good
    banks.load(session, [sheet], now=now)
    return make.person(session, "otto", roles=["admin"])


CLAUSE = Citation(64, 1)


def mark(session, otto, now, place=CLAUSE, act=ACT, note="", roles=("admin",)):
    return rechecks.law_changed(session, place, DAY, act, note, otto.id, roles, LAW, now=now)


def dealt(session):
    return [entry.question.id[-1] for entry in banks.dealt(session)]


def test_what_rests_on_a_clause_its_points_or_its_article_is_looked_at_again(session, otto, now):
    moved = mark(session, otto, now, note="Đổi số năm đóng")
    assert moved == ["huu-tri-001", "huu-tri-003", "huu-tri-004"]
    assert dealt(session) == ["2", "5"]
    found = revisions.find(session, "huu-tri-001")
    assert found.state == "recheck"
    assert found.reason == "Điều 64 khoản 1: Luật số 99/2026/QH16, 01/07/2026. Đổi số năm đóng"


def test_a_changed_article_sends_back_all_of_it(session, otto, now):
    assert len(mark(session, otto, now, Citation(64))) == 4
    assert dealt(session) == ["5"]


def test_the_change_is_kept_for_the_page_of_the_law_and_for_the_log(session, otto, now):
    mark(session, otto, now)
    (change,) = law_changes.all_of(session, 64)
    assert (change.place, change.changed_on, change.act, change.questions) == (Citation(64, 1), DAY, ACT, 3)
    assert law_changes.all_of(session, 65) == [] and len(law_changes.all_of(session)) == 1
    deeds = [deed.deed for deed in session.scalars(select(models.StaffDeed).order_by(models.StaffDeed.id))]
    assert deeds[-4:] == ["question.recheck"] * 3 + ["law.change"]


def test_a_question_is_back_in_use_once_it_was_approved_again(session, otto, now):
    mark(session, otto, now)
    hana = make.person(session, "hana", roles=["reviewer"])
    assert approvals.take(session, "huu-tri-001", "approve", hana.id, ["reviewer"], LAW, now=now) == "approved"
    assert dealt(session) == ["1", "2", "5"] and revisions.find(session, "huu-tri-001").reason == ""


def test_drafts_and_the_versions_that_stand_behind_them_are_sent_back_too(session, otto, now):
    values = {**raw(asks(2, "Điều 65 khoản 1"))}
    revisions.edit(session, "huu-tri-002", values, otto.id, based_on=1, now=now)
    assert "huu-tri-002" in mark(session, otto, now, Citation(64, 2))
    assert "2" not in dealt(session)


def test_a_retired_question_comes_back_to_be_looked_at_when_the_law_changed_meanwhile(session, otto, now):
    approvals.take(session, "huu-tri-001", "retire", otto.id, ["admin"], LAW, now=now)
    assert "huu-tri-001" not in mark(session, otto, now.replace(hour=13))
    restored = approvals.take(session, "huu-tri-001", "restore", otto.id, ["admin"], LAW, now=now.replace(hour=14))
    assert restored == "recheck" and ACT in revisions.find(session, "huu-tri-001").reason
    approvals.take(session, "huu-tri-005", "retire", otto.id, ["admin"], LAW, now=now)
    assert approvals.take(session, "huu-tri-005", "restore", otto.id, ["admin"], LAW, now=now) == "approved"


def test_a_question_that_returns_to_its_file_is_looked_at_too(session, otto, now):
    only_five = bank.read("huu-tri.toml", (HEAD + asks(5, "Điều 65")).encode(), LAW)
    banks.load(session, [only_five], now=now)
    mark(session, otto, now.replace(hour=13))
    back = bank.read("huu-tri.toml", (HEAD + asks(1, "Điều 64 khoản 1 điểm a") + asks(5, "Điều 65")).encode(), LAW)
    banks.load(session, [back], now=now.replace(hour=14))
    assert revisions.find(session, "huu-tri-001").state == "recheck" and dealt(session) == ["5"]


@pytest.mark.parametrize("place", [Citation(142), Citation(64, 99), Citation(64, 1, "a")])
def test_only_articles_and_clauses_of_the_law_can_be_marked(session, otto, now, place):
    with pytest.raises(Unreadable):
        mark(session, otto, now, place)


@pytest.mark.parametrize(("act", "note"), [(" ", ""), ("x" * 201, ""), ("x", "y" * 501)])
def test_the_amending_act_is_named(session, otto, now, act, note):
    with pytest.raises(Unreadable):
        mark(session, otto, now, act=act, note=note)


def test_whoever_does_not_keep_the_bank_marks_nothing(session, otto, now):
    with pytest.raises(NotAllowed):
        mark(session, otto, now, roles=["organizer"])
