"""The livestream of rulebook B, played question by question up to the snapshot (contest-rules §18)."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import insert

from quizapp import db, models, tallying
from quizapp.models import Attempt, Contestant, Round
from quizapp.rules import prizes, rates
from quizapp.rules.model_rulebooks import livestream
from quizapp.services import books, sight, snapshots, stages, tallies, targets, watch_words
from quizapp.services.tokens import Bearer
from tests import make, played
from tests.played import SECOND, Stage

RULES = livestream(date(2026, 3, 2))
KEY = "BACDADCB"
CONNECTED = 1_284
TABLE = {  # answers, prediction, seconds for each answer
    "Lan": ("BACDADCB", 1_250, (8.0,) * 8),
    "Oanh": ("BACDADCB", 1_318, (8.9,) * 7 + (9.1,)),
    "Minh": ("BACDADCB", 1_100, (3.7,) * 7 + (4.0,)),
    "Quý": ("BACDA-CB", 1_284, (4.9,) * 7 + (4.8,)),
    "Nga": ("BACDADCA", 1_284, (6.1,) * 6 + (6.2, 1.0)),
}
OTHERS = {  # six or seven right answers, without a place among the first five
    "Tâm": ("BACDADAA", 1_284, (5.0,) * 8),
    "Uyên": ("BACDADAA", 900, (5.0,) * 8),
    "Vân": ("BACDADAA", 900, (2.0,) * 8),
    "Xuân": ("BACDAAAA", 1_284, (2.0,) * 8),
}
WITHOUT_WORD = "Vân"
STAFF = "Phúc"  # of the agency: hors concours, knows everything at once, and predicts it exactly
COMMUNES = {  # residents, people
    "Xã A": (9_800, 412),
    "Phường B": (41_200, 618),
    "Xã C": (6_150, 305),
    "Đặc khu D": (2_100, 131),
    "Phường E": (18_300, 540),
}


@pytest.fixture(scope="module")
def evening(tmp_path_factory):
    """The whole evening, once, in a database of its own, and what was seen on the way."""
    engine = db.connect(f"sqlite:///{tmp_path_factory.mktemp('livestream') / 'quiz.sqlite3'}")
    models.Base.metadata.create_all(engine)
    with db.begin() as session:
        seen = play(session)
    close(seen)
    yield seen
    engine.dispose()


def play(session):
    contest, hana, otto = played.contest(session, RULES)
    row = contest.rounds[0]
    province = make.unit(session, contest, "Tỉnh P", tree="place", level="province")
    places = {
        name: make.unit(session, contest, name, province, tree="place", level="commune", headcount=residents)
        for name, (residents, _) in COMMUNES.items()
    }
    watch_words.set_word(session, make.VAULT, contest, row, "Lá chắn", hana.id, now=make.MADE)
    stage = Stage(session, contest, row, (hana, otto), KEY + "AA", reserves=2)
    home = places["Xã A"].id
    script = {**TABLE, **OTHERS, STAFF: (KEY, CONNECTED, (0.5,) * 8)}
    for name in script:
        who = played.registered(session, contest, name, place_id=home)
        who.status = "HORS_CONCOURS" if name == STAFF else "ELIGIBLE"
        stage.enter(name, who, at=row.opens_at + 600 * SECOND)
    others = crowd(session, stage, places, {"Xã A": len(TABLE) + len(OTHERS)})
    gone = set(others[CONNECTED - len(TABLE) - len(OTHERS) :])
    stage.now = row.opens_at + timedelta(minutes=42)
    for name in script:
        who = session.get(Contestant, session.get(Attempt, stage.inside[name]).contestant_id)
        if name != WITHOUT_WORD:
            assert watch_words.enter(session, make.VAULT, row, who, "la chan", now=stage.now) == "kept"

    seen = SimpleNamespace(stage=stage)
    for n in range(8):
        if n == 4:
            stage.predict({name: said[1] for name, said in script.items()})
        stage.away = gone | ({"Quý"} if n == 5 else set())
        given = {name: None if said[0][n] == "-" else (said[0][n], said[2][n]) for name, said in script.items()}
        first = {name: ("B", 12.0) if place % 3 else ("A", 3.0) for place, name in enumerate(others)}
        stage.ask(given | first if n == 0 else given)
        if n == 6:
            seen.after_seven = sight.top(stage.board)
    seen.after_eight = sight.top(stage.board)
    seen.you = {name: sight.own(stage.board, id, None) for name, id in stage.inside.items() if name in script}
    seen.state = sight.state(
        session, stage.show, Bearer("player", stage.show.id, stage.inside["Nga"]), "vi", now=stage.now
    )
    stage.end()
    return seen


def crowd(session, stage, places, named):
    """Everybody else of every commune, without those who have a name; gives what they are called on the stage."""
    row = stage.row
    home = [places[name].id for name, (_, people) in COMMUNES.items() for _ in range(people - named.get(name, 0))]
    codes = [f"C{place:05}" for place in range(len(home))]
    seal = {code: make.VAULT.seal("1990-01-01", table="contestant", column="birth", row=code) for code in codes}
    people = [
        {
            "contest_id": row.contest_id,
            "code": code,
            "name": code,
            "birth_sealed": seal[code],
            "place_id": place_id,
            "registered_at": make.MADE,
        }
        for code, place_id in zip(codes, home, strict=True)
    ]
    session.execute(insert(Contestant), people)
    ids = dict(session.query(Contestant.code, Contestant.id).filter(Contestant.code.in_(codes)).all())
    attempts = [
        {
            "id": models.new_id(),
            "mode": "live",
            "show_id": stage.show.id,
            "round_id": row.id,
            "contestant_id": ids[code],
            "no": 1,
            "token_hash": code,
            "place_id": place_id,
            "started_at": row.opens_at,
            "name": code,
            "name_key": code.lower(),
        }
        for code, place_id in zip(codes, home, strict=True)
    ]
    session.execute(insert(Attempt), attempts)
    stage.inside |= {one["name"]: one["id"] for one in attempts}
    return codes


def close(seen):
    """The desk: review, target, snapshot."""
    at = RULES.rounds[0].closes_at + timedelta(hours=12)

    def tally(purpose):
        with db.begin() as session:
            row = session.query(Round).filter_by(overall=False).one()
            asked = tallies.ask(session, row.contest, row, purpose, "", None, now=at).id
        tallying.run(make.VAULT, asked, now=lambda: at)
        with db.read() as session:
            assert session.get(models.Tallying, asked).failure == ""

    with db.begin() as session:
        row = session.query(Round).filter_by(overall=False).one()
        hana = session.query(models.Person).filter_by(name="Hana").one()
        assert stages.press(session, row.contest, row, hana.id, now=at) == "REVIEW"
    tally("preview")
    with db.begin() as session:
        row = session.query(Round).filter_by(overall=False).one()
        targets.freeze(session, row.contest, row, hana.id, now=at)
    tally("snapshot")
    with db.read() as session:
        row = session.query(Round).filter_by(overall=False).one()
        kept = snapshots.newest(session, row)
        seen.frozen, seen.digest = row.target, kept.digest
        seen.result = tallies.result_of(kept)
        seen.round = seen.result.rounds[0]
        seen.book = books.book(session, make.VAULT, row.contest)
        seen.again = tallies.count(session, make.VAULT, row.contest, row).digest
        seen.names = {one.code: one.name for one in session.query(Contestant)}
        seen.quy = session.get(Attempt, seen.stage.inside["Quý"])
        seen.last = session.query(models.Turn).filter_by(n=8).one()
        seen.best = session.query(models.Participation).filter_by(best_correct=8).count()


# ── On air ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_before_the_target_is_known_speed_orders_those_who_know_as_much(evening):
    board = evening.after_seven
    assert [(line["rank"], line["name"], line["correct"]) for line in board["top"][:5]] == [
        (1, "Minh", 7),
        (2, "Nga", 7),
        (3, "Lan", 7),
        (4, "Oanh", 7),
        (5, "Vân", 6),
    ]
    assert all("distance" not in line for line in board["top"])


def test_after_the_last_lock_the_board_is_the_published_table(evening):
    board = evening.after_eight
    columns = ("rank", "name", "correct", "distance", "response_ms")
    assert [tuple(line[one] for one in columns) for line in board["top"][:5]] == [
        (1, "Lan", 8, 34, 64_000),
        (2, "Oanh", 8, 34, 71_400),
        (3, "Minh", 8, 184, 29_900),
        (4, "Quý", 7, 0, 34_200),
        (5, "Nga", 7, 0, 42_800),
    ]
    assert board["of"] == sum(people for _, people in COMMUNES.values())


def test_somebody_hors_concours_sees_their_points_and_stands_nowhere(evening):
    assert STAFF not in {line["name"] for line in evening.after_eight["top"]}
    of = evening.after_eight["of"]
    assert evening.you[STAFF] == {"points": 8, "rank": None, "of": of}
    assert evening.you["Quý"] == {"points": 7, "rank": 4, "of": of}
    assert evening.state["you"] == {"points": 7, "rank": 5, "of": of, "correct": False}


# ── At the desk ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_target_is_who_was_connected_when_the_last_question_locked(evening):
    assert evening.frozen == CONNECTED == evening.round.target


def test_the_snapshot_is_the_published_table_row_by_row(evening):
    lines = [
        (one.rank, evening.names[one.code], one.correct, one.prediction, one.distance, one.response_ms)
        for one in evening.round.lines[:5]
    ]
    assert lines == [
        (1, "Lan", 8, 1_250, 34, 64_000),
        (2, "Oanh", 8, 1_318, 34, 71_400),
        (3, "Minh", 8, 1_100, 184, 29_900),
        (4, "Quý", 7, 1_284, 0, 34_200),
        (5, "Nga", 7, 1_284, 0, 42_800),
    ]
    assert evening.round.figures.hors_people == 1
    assert evening.again == evening.digest  # counted once more from what is kept


def test_prizes_go_to_the_first_six_who_met_the_conditions(evening):
    given = [(evening.names[one.code], one.prize) for one in evening.round.awards]
    wanted = [("Lan", "nhat"), ("Oanh", "nhi"), ("Minh", "nhi"), ("Quý", "ba"), ("Nga", "ba"), ("Tâm", "ba")]
    assert given == wanted


def test_the_lucky_draw_is_among_those_with_six_right_answers_and_no_other_prize(evening):
    lucky = next(prize for prize in RULES.rounds[0].ranking.prizes if prize.kind == "LUCKY")
    field = prizes.lucky_field(
        lucky,
        evening.round.lines,
        scope=evening.round.key,
        contestants={one.code: one for one in evening.book.contestants},
        awards=evening.round.awards,
    )
    assert {evening.names[code] for code in field} == {"Uyên"}  # Vân did not enter the watch word, Xuân knew five


def test_communes_stand_by_people_per_thousand_residents(evening):
    places = {one.id: one.name for one in evening.book.places}
    (listed,) = evening.result.collective
    rows = [
        (one.rank, places[one.node], one.people, str(rates.participation(one.people, one.headcount, 1000)))
        for one in listed.lines
    ]
    assert [row for row in rows if row[0]] == [
        (1, "Đặc khu D", 131, "62.38"),
        (2, "Xã C", 305, "49.59"),
        (3, "Xã A", 412, "42.04"),
        (4, "Phường E", 540, "29.51"),
        (5, "Phường B", 618, "15.00"),
    ]


def test_attempts_are_handed_in_with_what_they_came_to(evening):
    quy = evening.quy
    assert (quy.score, quy.asked, quy.answered, quy.response_ms) == (7, 8, 7, 34_200)
    assert (quy.points, quy.full, quy.handed_in_by, quy.connected) == (7 * 60, 8 * 60, "auto", True)
    assert quy.handed_in_at == evening.last.closes_at
    assert evening.best == 4  # of Lan, Oanh, Minh, and Phúc of the staff
