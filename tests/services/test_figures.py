"""The figures of the bank: counted by version, kept for a moment, and exposed to nobody in small numbers."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from quizapp import db, models
from quizapp.config import ROOT
from quizapp.errors import NotFound
from quizapp.rules.question import to_json
from quizapp.services import banks, figures, laws
from tests import make, runs
from tests.programs import postgres, postgres_url  # noqa: F401

LAW = laws.of(ROOT / "questions")
MIXED = ["1111", "1110", "1101", "1011", "0100", "0010", "0001", "0000", "1100", "0011"] * 4


@pytest.fixture(autouse=True)
def forget():
    figures._kept.clear()


def test_before_anybody_hands_in_there_is_nothing(session, now):
    runs.bank(session)
    found = figures.overview(session, LAW, now=now)
    assert found.figures.empty and found.flagged == () and found.few == 4
    assert found.coverage.articles[64] == 4 and len(found.coverage.missing) == 140


def test_every_question_dealt_now_has_its_figures(session, now):
    entries = runs.bank(session)
    runs.crowd(session, entries, MIXED)
    runs.exam(session, entries, "0000", mode="practice", handed_in=False)
    found = figures.overview(session, LAW, now=now)
    line = found.lines[0]
    assert (line.item.people, line.item.right, line.dealt) == (40, 20, 41)
    assert line.measure is not None and found.figures.practice["huu-tri-001", 1] == (1, 0)
    assert (found.figures.exams, found.figures.players, found.few) == (40, 40, 0)
    assert [(one.questions, one.people) for one in found.figures.papers] == [(4, 40)]
    assert found.figures.papers[0].kr20 == pytest.approx(0.2, abs=0.5)


def test_the_gravest_flags_come_first(session, now):
    entries = runs.bank(session, 5)
    # Everybody who is good chooses the wrong option 2 of the first question.
    runs.crowd(session, entries, [*["2" + "1111"] * 20, *["0" + "0000"] * 10, *["1" + "0000"] * 10])
    found = figures.overview(session, LAW, now=now)
    assert found.flagged[0].question.id == "huu-tri-001"
    assert {flag.name for flag in found.flagged[0].item.flags} >= {"lure", "negative"}
    assert len(found.flagged) == 5  # nobody chose option 3 of the others


def test_results_belong_to_the_version_that_was_answered(session, now):
    entries = runs.bank(session, 1)
    runs.crowd(session, entries, ["1"] * 12)
    row = session.get(models.QuestionVersion, entries[0].version_id).question
    row.version = 2
    session.add(
        models.QuestionVersion(
            question_id=row.id,
            version=2,
            content=to_json(make.question("huu-tri-001", stem=make.text("Mới"))),
            digest="",
            source="file",
            made_at=now,
        )
    )
    banks.tell(session, {"huu-tri"})
    newest, oldest = figures.of_question(session, "huu-tri-001", now=now)
    assert (newest.version, newest.item, newest.practice) == (2, None, (0, 0))
    assert (oldest.version, oldest.item.people) == (1, 12)
    assert figures.overview(session, LAW, now=now).lines[0].item is None
    with pytest.raises(NotFound):
        figures.of_question(session, "khong-co", now=now)


def test_a_version_that_was_met_is_shown_once(session, now):
    runs.crowd(session, runs.bank(session, 1), ["1"] * 12)
    assert [one.version for one in figures.of_question(session, "huu-tri-001", now=now)] == [1]


def test_rooms_with_ten_players_have_a_reliability_of_their_own(session, now):
    entries = runs.bank(session)
    runs.room(session, entries, [*MIXED[:10], "1..."])
    runs.room(session, entries[:2], ["11", "00"], title="Phòng nhỏ")
    found = figures.figures(session, now=now)
    assert [(one.room, one.questions, one.people) for one in found.rooms] == [("Hội thi", 4, 10)]
    assert found.items["huu-tri-001", 1].median_live_ms == 10_000


def test_exposure_counts_papers_and_players_of_the_last_thirty_days(session, now):
    entries = runs.bank(session, 2)
    runs.exam(session, entries, "11")
    runs.exam(session, entries[:1], "1", mode="practice", handed_in=False)
    runs.exam(session, entries, "11", started_at=now - timedelta(days=31))
    runs.room(session, entries, ["11", "11", "11"])
    runs.room(session, entries, ["11"], opens_at=now - timedelta(days=31))
    assert figures.exposure(session, now=now) == {"huu-tri-001": 5, "huu-tri-002": 4}


def test_figures_are_worked_out_again_only_after_something_happened(session, now):
    entries = runs.bank(session)
    first = figures.figures(session, now=now)
    runs.exam(session, entries, "1111")
    assert figures.figures(session, now=now + timedelta(seconds=9)) is first
    second = figures.figures(session, now=now + timedelta(seconds=10))
    assert second.exams == 1
    assert figures.figures(session, now=now + timedelta(hours=1)) is second


def test_postgresql_counts_alike(postgres_url, now):  # noqa: F811
    engine = db.make_engine(postgres_url)
    models.Base.metadata.create_all(engine)
    with Session(engine) as session:
        entries = runs.bank(session, 2)
        runs.crowd(session, entries, ["11", "10"])
        runs.room(session, entries, ["11", "1-"])
        assert figures.exposure(session, now=now) == {"huu-tri-001": 4, "huu-tri-002": 4}
        found = figures.figures(session, now=now)
        assert (found.exams, found.turns, found.items["huu-tri-002", 1].people) == (2, 2, 4)
    engine.dispose()
