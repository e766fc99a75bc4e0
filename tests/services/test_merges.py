"""File and editor both changed a question: nothing is lost until a person has chosen."""

import pytest

from quizapp.config import ROOT
from quizapp.errors import Conflict, NotAllowed, NotFound, Unreadable
from quizapp.services import banks, laws, merges, revisions
from tests import make
from tests.rules.test_bank import ONE
from tests.services.test_banks import folder, load, write  # noqa: F401
from tests.services.test_revisions import TWO, raw

LAW = laws.of(ROOT / "questions")
ID = "huu-tri-001"
THEIRS = ONE.replace("10 năm", "12 năm").replace("10 years", "12 years")


@pytest.fixture
def otto(session, folder, now):  # noqa: F811
    """Otto made question 001 harder while its file got another option."""
    load(session, folder, now)
    made = make.person(session, "otto", roles=["reviewer"])
    revisions.edit(session, ID, {**raw(ONE), "difficulty": "apply"}, made.id, based_on=1, now=now)
    write(folder, THEIRS, TWO)
    assert load(session, folder, now).kept == [ID]
    return made


def settle(session, otto, now, picked, roles=("reviewer",), **seen):
    (clash,) = merges.open_ones(session)
    seen = {"version": clash.version, "digest": clash.digest, **seen}
    return merges.settle(session, ID, picked, otto.id, roles, now=now, **seen)


def says(session):
    found = revisions.find(session, ID)
    return found.question.difficulty, "12 năm" in {option.vi for option in found.question.options}


def test_both_sides_and_their_common_start_are_shown(session, otto):
    (clash,) = merges.open_ones(session)
    assert (clash.id, clash.version, clash.ours.difficulty) == (ID, 2, "apply")
    assert [(part.name, part.sort) for part in clash.parts] == [("difficulty", "ours"), ("answer", "theirs")]
    assert says(session) == ("apply", False) and banks.dealt(session)[0].version == 1


def test_a_conflict_is_told_again_at_every_load_until_it_is_settled(session, otto, folder, now):  # noqa: F811
    assert load(session, folder, now).kept == [ID]
    settle(session, otto, now, {})
    report = load(session, folder, now)
    assert report.kept == [] and report.unchanged == 2 and merges.open_ones(session) == []


def test_what_does_not_clash_is_put_together_as_a_new_draft(session, otto, now):
    assert settle(session, otto, now, {}) == "draft"
    assert says(session) == ("apply", True) and banks.dealt(session)[0].version == 1
    assert revisions.history(session, ID)[0].author == "Otto"


def test_the_editors_side_stays_as_it_is(session, otto, folder, now):  # noqa: F811
    settle(session, otto, now, {"answer": "ours"})
    assert says(session) == ("apply", False) and revisions.find(session, ID).version == 2
    assert load(session, folder, now).kept == []
    write(folder, THEIRS.replace("25 năm", "30 năm"), TWO)
    assert load(session, folder, now).kept == [ID]  # a further change of the file is a new question to a person
    (clash,) = merges.open_ones(session)
    assert [(part.name, part.sort) for part in clash.parts] == [("difficulty", "ours"), ("answer", "both")]


def test_the_files_side_is_taken_as_a_load_would(session, otto, folder, now):  # noqa: F811
    assert settle(session, otto, now, {"difficulty": "theirs", "answer": "theirs"}) == "approved"
    assert says(session) == ("know", True) and banks.dealt(session)[0].version == 3
    assert load(session, folder, now).unchanged == 2


def test_what_both_changed_must_be_picked(session, otto, folder, now):  # noqa: F811
    write(folder, THEIRS.replace('"know"', '"understand"'), TWO)
    load(session, folder, now)
    with pytest.raises(Unreadable):
        settle(session, otto, now, {"answer": "theirs"})


def test_a_choice_is_about_what_was_looked_at(session, otto, now):
    for seen in ({"version": 1}, {"digest": "x"}):
        with pytest.raises(Conflict):
            settle(session, otto, now, {}, **seen)
    with pytest.raises(NotAllowed):
        settle(session, otto, now, {}, roles=["organizer"])
    settle(session, otto, now, {})
    with pytest.raises(Conflict):
        merges.settle(session, ID, {}, otto.id, ["reviewer"], version=3, digest="x", now=now)
    with pytest.raises(NotFound):
        merges.settle(session, "huu-tri-002", {}, otto.id, ["reviewer"], version=1, digest="x", now=now)


def dropped(session, folder, now):  # noqa: F811
    write(folder, TWO)
    assert load(session, folder, now).kept == [ID]
    (clash,) = merges.open_ones(session)
    assert clash.theirs is None and clash.parts == ()


def test_a_question_that_its_file_dropped_stays_when_somebody_says_so(session, otto, folder, now):  # noqa: F811
    dropped(session, folder, now)
    with pytest.raises(Unreadable):
        settle(session, otto, now, {})
    session.expire_all()
    load(session, folder, now)
    assert settle(session, otto, now, {"question": "ours"}) == "draft"
    assert load(session, folder, now).kept == [] and len(banks.dealt(session)) == 2


def test_or_goes_with_its_file_and_comes_back_with_it(session, otto, folder, now):  # noqa: F811
    dropped(session, folder, now)
    assert settle(session, otto, now, {"question": "theirs"}) == "vanished"
    assert len(banks.dealt(session)) == 1


def test_a_question_that_file_and_editor_both_invented_is_a_conflict_without_a_start(session, otto, folder, now):  # noqa: F811
    settle(session, otto, now, {})
    values = {**raw(ONE), "stem": {"vi": "Câu hỏi thứ ba?", "en": "A third question?"}}
    id = revisions.draft_new(session, "huu-tri", values, otto.id, LAW, now=now, source="editor")
    write(folder, THEIRS, TWO, ONE.replace("huu-tri-001", id).replace("Từ bao", "Mất bao"))
    assert load(session, folder, now).kept == [id]
    (clash,) = merges.open_ones(session)
    assert [(part.name, part.sort, part.base) for part in clash.parts] == [
        ("stem-vi", "both", ()),
        ("stem-en", "both", ()),
    ]
