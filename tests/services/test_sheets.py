"""What counts for the figures, and what does not."""

from datetime import timedelta

from sqlalchemy import event

from quizapp.models import Attempt
from quizapp.services import sheets
from tests import runs


def marks(sheet):
    return "".join("1" if one.right else "-" if one.chosen is None else "0" for one in sheet.responses)


def test_exams_handed_in_count_with_what_stands_at_the_end(session, now):
    entries = runs.bank(session)
    run = runs.exam(session, entries, "10-1")
    runs.answer(session, run, entries[1], [1], now + timedelta(minutes=5), n=2)
    runs.exam(session, entries, "1111", handed_in=False)
    found = sheets.gather(session)
    assert [marks(sheet) for sheet in found.exams] == ["11-1"] and found.players == 1
    assert found.exams[0].whole and found.exams[0].responses[0].item == ("huu-tri-001", 1)


def test_a_question_takes_from_the_answer_before_to_its_own_first_one(session, now):
    entries = runs.bank(session)
    run = runs.exam(session, entries, "1-11")
    runs.answer(session, run, entries[0], [2], now + timedelta(minutes=5), n=2)
    assert [one.ms for one in sheets.gather(session).exams[0].responses] == [10_000, None, 20_000, 10_000]


def test_practice_stands_apart_and_its_first_answer_counts(session, now):
    entries = runs.bank(session)
    run = runs.exam(session, entries, "0--1", mode="practice", handed_in=False)
    runs.answer(session, run, entries[0], [1], now + timedelta(minutes=5), n=2)
    found = sheets.gather(session)
    assert found.exams == () and [marks(sheet) for sheet in found.practice] == ["01"]


def test_whoever_meets_a_question_again_counts_once(session, now):
    entries = runs.bank(session)
    later = now + timedelta(days=1)
    runs.exam(session, entries, "1111", who="ada", started_at=later)
    runs.exam(session, entries[:2], "00", who="ada")
    found = sheets.gather(session)
    assert [marks(sheet) for sheet in found.exams] == ["00", "11"]
    assert not found.exams[1].whole and found.players == 1


def test_another_version_is_another_question(session, now):
    entries = runs.bank(session, 1)
    runs.exam(session, entries, "1", who="ada")
    run = runs.exam(session, entries, "0", who="ada", started_at=now + timedelta(days=1))
    run.paper = [{"q": "huu-tri-001", "v": 2, "o": [0, 1]}]  # a version that is not there any more counts nowhere
    session.flush()
    assert [marks(sheet) for sheet in sheets.gather(session).exams] == ["1", ""]


def test_players_of_a_room_count_for_the_turns_they_saw(session):
    entries = runs.bank(session, 3)
    runs.room(session, entries, ["1-0", "..1", "..."])
    found = sheets.gather(session)
    assert [marks(sheet) for sheet in found.plays] in (["1-0", "1"], ["1", "1-0"])
    assert (found.turns, found.players) == (3, 2) and set(found.rooms.values()) == {"Hội thi"}
    first = max(found.plays, key=lambda sheet: len(sheet.responses))
    assert [one.ms for one in first.responses] == [10_000, None, 10_000] and first.responses[0].live


def test_in_a_room_the_last_answer_counts_where_it_may_be_changed(session):
    entries = runs.bank(session, 1)
    for may_change, right in ((True, "1"), (False, "0")):
        show, (turn,) = runs.room(session, entries, ["0"], settings={"may_change": may_change}, title=right)
        run = session.query(Attempt).filter_by(show_id=show.id).one()
        runs.answer(session, run, entries[0], [1], turn.opens_at + timedelta(seconds=12), n=2, turn_id=turn.id)
    found = sheets.gather(session)
    assert {found.rooms[sheet.id]: marks(sheet) for sheet in found.plays} == {"1": "1", "0": "0"}


def test_what_was_voided_or_is_still_open_and_who_was_sent_out_do_not_count(session, now):
    entries = runs.bank(session, 3)
    show, turns = runs.room(session, entries, ["111", "111"])
    turns[0].voided_at, turns[1].lock_told = now, False
    session.query(Attempt).filter_by(show_id=show.id, name="p0").one().removed_at = now
    session.flush()
    assert [[one.item[0] for one in sheet.responses] for sheet in sheets.gather(session).plays] == [["huu-tri-003"]]


def test_however_many_there_are_the_newest_are_read_in_a_few_queries(session, now, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_RUNS", 5)
    entries = runs.bank(session)
    for n in range(8):
        runs.exam(session, entries, "1111" if n > 2 else "0000", started_at=now + timedelta(hours=n))
        runs.exam(session, entries, "1111", mode="practice", started_at=now + timedelta(hours=n))
    runs.room(session, entries, ["1111"] * 5)
    asked = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: asked.append(args[2]))
    found = sheets.gather(session)
    assert [marks(sheet) for sheet in found.exams] == ["1111"] * 5 and len(found.practice) == 5
    assert len(asked) == 8
