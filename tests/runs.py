"""Makers of runs for figures: exams, practice and rooms with many people, each answering as a string of marks says."""

from datetime import timedelta

from quizapp import models
from quizapp.models import Answer, Attempt, Shown, new_id
from tests import make
from tests.conftest import NOW

STEP = timedelta(seconds=10)


def bank(session, count=4, **changes):
    """So many questions of one topic, kept in the bank; the right option of each is 1."""
    return make.bank(session, *(make.question(f"huu-tri-{n:03}", **changes) for n in range(1, count + 1)))


def exam(session, entries, marks, *, who=None, mode="exam", started_at=NOW, handed_in=True, person_id=None):
    """One run on these questions: "1" right, "0" the wrong option 0, a digit above that option, "-" no answer."""
    run = Attempt(
        id=new_id(),
        mode=mode,
        person_id=person_id,
        visitor=who or new_id(),
        token_hash=new_id(),
        started_at=started_at,
        topic_slug="huu-tri",
        paper=[{"q": e.question.id, "v": e.version, "o": list(range(len(e.question.options)))} for e in entries],
        handed_in_at=started_at + len(marks) * STEP if handed_in else None,
    )
    session.add(run)
    session.flush()
    for n, (entry, mark) in enumerate(zip(entries, marks, strict=True), 1):
        if mark != "-":
            answer(session, run, entry, [int(mark)], started_at + n * STEP)
    session.flush()
    return run


def answer(session, run, entry, chosen, given_at, n=1, **more):
    """One answer that was taken."""
    values = {"attempt_id": run.id, "question_id": entry.question.id, "n": n, "m": new_id(), "verdict": "ok"}
    session.add(Answer(**values, chosen=chosen, given_at=given_at, **more))
    session.flush()


def crowd(session, entries, marks, **more):
    """Many exams, one for each string of marks."""
    return [exam(session, entries, row, **more) for row in marks]


def room(session, entries, marks, *, settings=None, opens_at=NOW, title="Hội thi"):
    """A show whose turns were all played and locked, by players who answered as `marks` say ("." saw nothing)."""
    show = models.Show(
        code=new_id()[:6], title=title, settings={"scoring": "FLAT", **(settings or {})}, seed=b"s" * 32, made_at=NOW
    )
    session.add(show)
    session.flush()
    turns = []
    for n, entry in enumerate(entries, 1):
        turn = models.Turn(
            show_id=show.id,
            n=n,
            version_id=entry.version_id,
            option_order=[0, 1, 2, 3],
            opens_at=opens_at + n * timedelta(minutes=1),
            closes_at=opens_at + n * timedelta(minutes=1) + 2 * STEP,
            open_told=True,
            lock_told=True,
        )
        session.add(turn)
        turns.append(turn)
    session.flush()
    for n, row in enumerate(marks):
        run = Attempt(
            id=new_id(),
            mode="live",
            show_id=show.id,
            name=f"p{n}",
            name_key=f"p{n}",
            token_hash=new_id(),
            started_at=NOW,
        )
        session.add(run)
        session.flush()
        for turn, entry, mark in zip(turns, entries, row, strict=True):
            if mark != ".":
                session.add(Shown(attempt_id=run.id, turn_id=turn.id, received_at=turn.opens_at))
            if mark not in ".-":
                answer(session, run, entry, [int(mark)], turn.opens_at + STEP, turn_id=turn.id)
    session.flush()
    return show, turns
