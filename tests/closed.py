"""A contest whose first round is closed, as the secretariat finds it: who sat, what they answered and predicted."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from quizapp import models
from quizapp.rules import contest as rulebook
from quizapp.rules.tally import Award, Line
from tests import make

QUESTIONS = ("huu-tri-001", "huu-tri-002", "huu-tri-003")
FIXED = rulebook.Paper(kind="fixed", questions=QUESTIONS)
NHAT = rulebook.Prize(key="nhat", name=rulebook.Words("Giải Nhất", "First prize"), value=3_000_000)
NHI = rulebook.Prize(key="nhi", name=rulebook.Words("Giải Nhì", "Second prize"), slots=2, value=1_000_000)
RANKING = rulebook.Ranking(prizes=(NHAT, NHI), prize_gate=rulebook.PrizeGate(kind="ALL_CORRECT"))
REVIEWED = make.CLOSES + timedelta(hours=12)

# Name, answers, prediction, seconds. Four people have everything right: the target.
PEOPLE = (
    ("Trần Văn An", (1, 1, 1), 5, 130),
    ("Lê Thị Bình", (1, 1, 1), 4, 295),
    ("Đỗ Mai Chi", (1, 1, 1), 3, 107),
    ("Vũ Tiến Dũng", (1, 1, 1), 30, 60),
    ("Hồ Thu Em", (1, 0, 1), 4, 90),
    ("Phạm Gia Hân", (0, None, 1), None, 200),
)


def contest(session, rounds=1, state="REVIEW", people=PEOPLE, **changes):
    """A contest with hana and kim as its secretariat; its first round has closed and stands in `state`.

    Gives the contest, its first row, and the contestants by the first letter of their given name.
    """
    week = timedelta(days=7)
    values = {"paper": FIXED, "ranking": RANKING, **changes.pop("round_changes", {})}
    rules = [
        make.round_rules(f"tuan-{n + 1}", opens_at=make.OPENS + n * week, closes_at=make.CLOSES + n * week, **values)
        for n in range(rounds)
    ]
    hana = make.person(session, "hana", roles=("organizer",))
    kim = make.person(session, "ada", roles=("organizer",), name="Kim")
    made = make.contest(session, rounds=rules, owner=hana, **changes)
    secretariat(session, made, kim)
    row = made.rounds[0]
    make.committed(session, row, *[make.question(id) for id in QUESTIONS])
    known = {}
    for n, (name, answers, prediction, seconds) in enumerate(people):
        who = make.contestant(session, made, name=name)
        started = make.OPENS + timedelta(hours=n)
        attempt = make.sat(session, row, who, answers, started=started, seconds=seconds)
        if prediction is not None:
            said(session, row, who, prediction, attempt)
        known[name.split()[-1][0]] = who
    row.state, row.cut_at = state, make.CLOSES + timedelta(seconds=3)
    session.flush()
    return made, row, known


def said(session, row, who, value, attempt=None, at=None):
    """A prediction saved, by default with the hand-in of the attempt."""
    session.add(
        models.Saying(
            round_id=row.id,
            contestant_id=who.id,
            attempt_id=attempt and attempt.id,
            value=value,
            said_at=at or attempt.handed_in_at,
        )
    )
    session.flush()


def secretariat(session, contest, person):
    """Let somebody into the secretariat."""
    session.add(models.ContestRole(contest_id=contest.id, person_id=person.id, role="secretariat", given_at=make.MADE))
    session.flush()


def staff(session):
    """Hana and Kim."""
    people = {person.name: person for person in session.query(models.Person)}
    return people["Hana"], people["Kim"]


def snapshot(session, row, n=1, at=REVIEWED, published=True, codes=(), awards=None, **changes):
    """A snapshot as the computation would keep it: these people in this order, the first with the first prize."""
    lines = [
        Line(
            rank=place, code=who.code, sitting=None, score=180, full=180, correct=3, of=3, duration_ms=1, submitted_us=1
        )
        for place, who in enumerate(codes, start=1)
    ]
    if awards is None:
        prizes = ("nhat", "nhi", "nhi")
        awards = [
            Award(scope=row.key, prize=prize, code=line.code, place=line.rank)
            for prize, line in zip(prizes, lines, strict=False)
        ]
    values = {
        "contest_id": row.contest_id,
        "round_id": row.id,
        "n": n,
        "rulebook": 1,
        "digest": f"{n:064x}",
        "body": b"",
        "figures": {},
        "awards": msgspec.to_builtins(awards),
        "collective": [],
        "people": len(lines),
        "made_at": at,
        "complete_at": at,
        "published_at": at if published else None,
    }
    made = models.Snapshot(**{**values, **changes})
    session.add(made)
    session.flush()
    for line, who in zip(lines, codes, strict=True):
        session.add(
            models.SnapshotLine(
                snapshot_id=made.id,
                position=line.rank,
                rank=line.rank,
                contestant_id=who.id,
                body=msgspec.to_builtins(line),
            )
        )
    session.flush()
    return made
