"""Whole computations, as the process of its own does them."""

from datetime import timedelta

import pytest
from sqlalchemy import event, text

from quizapp import db, models, tallying
from quizapp.errors import Conflict, NotFound, Unreadable
from quizapp.models import Participation, Round, Snapshot, SnapshotLine, Tallying
from quizapp.rules import contest as rulebook
from quizapp.rules.tally import Line
from quizapp.services import changes, contests, snapshots, tallies, targets, voids
from tests import closed, make
from tests.programs import postgres, postgres_url  # noqa: F401

WHEN = closed.REVIEWED


@pytest.fixture
def ready(engine):
    """A database with the closed contest in it."""
    with db.begin() as session:
        closed.contest(session)


def row_of(session):
    return session.query(Round).filter_by(key="tuan-1").one()


def tally(purpose="snapshot", reason="Đính chính", when=WHEN):
    """Ask and compute; gives the row afterwards."""
    with db.begin() as session:
        row = row_of(session)
        asked = tallies.ask(session, row.contest, row, purpose, reason, None, now=when).id
    tallying.run(make.VAULT, asked, now=lambda: when)
    with db.read() as session:
        return session.get(Tallying, asked)


def newest():
    with db.read() as session:
        return snapshots.newest(session, row_of(session))


def result(n):
    """What the snapshot of this number holds."""
    with db.read() as session:
        return tallies.result_of(snapshots.numbered(session, row_of(session), n))


def test_a_preview_says_what_would_come_out_and_keeps_nothing(ready):
    done = tally("preview")
    assert (done.failure, done.progress, done.ended_at) == ("", 100, WHEN)
    assert (done.found["target"], done.found["target_rows"], done.found["lines"]) == (4, 6, 6)
    assert done.found["figures"]["all_correct"] == 4 and done.found["awards"] == 3
    assert newest() is None


def test_a_snapshot_keeps_figures_prizes_and_every_line(ready):
    done = tally()
    kept = newest()
    assert (done.failure, done.snapshot_id, kept.n, kept.people) == ("", kept.id, 1, 6)
    said = snapshots.numbers(kept)
    assert (said.target, said.round.people, said.round.attempts, said.round.all_correct) == (4, 6, 6, 4)
    with db.read() as session:
        listed = [(one.line.rank, one.contestant.name) for one in snapshots.page(session, kept)]
        changed = session.query(models.Change).filter_by(kind="snapshot").one()
    assert listed == [
        (1, "Lê Thị Bình"),  # exact
        (2, "Đỗ Mai Chi"),  # as far as An, shorter
        (3, "Trần Văn An"),
        (4, "Vũ Tiến Dũng"),
        (5, "Hồ Thu Em"),
        (6, "Phạm Gia Hân"),
    ]
    assert [(one.prize, one.place) for one in snapshots.awards(kept)] == [("nhat", 1), ("nhi", 2), ("nhi", 3)]
    assert changed.after == {"n": 1, "digest": kept.digest, "people": 6}


def test_a_snapshot_computed_again_from_what_is_stored_is_equal_byte_for_byte(ready):
    tally()
    first = newest()
    tally(when=WHEN + timedelta(hours=1))
    second = newest()
    assert (second.n, second.digest, second.reason) == (2, first.digest, "Đính chính")
    assert result(2) == result(1)
    with db.read() as session:
        row = row_of(session)
        counted = tallies.count(session, make.VAULT, row.contest, row)
        kept = session.query(SnapshotLine).filter_by(snapshot_id=second.id).order_by("position")
        lines = [Line(**one.body) for one in kept]
    assert counted.digest == second.digest and list(counted.result.lines) == lines


def test_the_same_stored_data_give_the_same_snapshot_on_both_databases(ready, request):
    with db.engine().connect() as connection:
        tables = models.Base.metadata.sorted_tables
        stored = {table: [dict(row) for row in connection.execute(table.select()).mappings()] for table in tables}
    tally()
    on_sqlite = newest()
    other = db.connect(request.getfixturevalue("postgres_url"))
    models.Base.metadata.create_all(other)
    with other.begin() as connection:
        for table, rows in stored.items():
            if rows:
                connection.execute(table.insert(), rows[::-1])  # in another order
            if table.name in ("staff_deed", "change", "tallying"):  # numbers go on behind those that were brought
                connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), 1000)"))
    done = tally()
    assert (done.failure, newest().digest) == ("", on_sqlite.digest)
    assert (newest().figures, newest().awards) == (on_sqlite.figures, on_sqlite.awards)
    other.dispose()


def test_a_snapshot_whose_bytes_were_changed_is_no_longer_read(ready):
    tally()
    kept = newest()
    with db.begin() as session:
        session.get(Snapshot, kept.id).digest = "0" * 64
    with pytest.raises(ValueError, match="not what its digest says"):
        result(1)


def test_a_stored_total_that_differs_from_the_answers_stops_the_snapshot(ready):
    with db.begin() as session:
        attempt = session.query(models.Attempt).first()
        attempt.points -= 60
    done = tally()
    assert done.failure == tallies.DIFFERS
    assert done.found == {"differing": 1, "attempts": [attempt.id]} and newest() is None


def test_a_winner_whose_answers_one_by_one_say_otherwise_stops_the_snapshot(ready):
    with db.begin() as session:
        attempt = session.query(models.Attempt).first()
        session.add(
            models.Answer(
                attempt_id=attempt.id,
                question_id="huu-tri-001",
                n=1,
                m="0" * 32,
                chosen=[2],
                given_at=attempt.started_at,
                verdict="ok",
            )
        )
    done = tally()
    assert (done.failure, done.found["attempts"]) == (tallies.DIFFERS, [attempt.id])


def test_a_frozen_target_stays_what_it_was(ready):
    tally("preview")
    with db.begin() as session:
        row = row_of(session)
        hana, _ = closed.staff(session)
        targets.freeze(session, row.contest, row, hana.id, now=WHEN)
        assert (row.target, row.target_rows, row.frozen_by, row.frozen_at) == (4, 6, hana.id, WHEN)
        attempt = session.query(models.Attempt).first()
        attempt.invalid_reason = "Thi hộ"
    tally()
    assert snapshots.numbers(newest()).target == 4
    assert tally("preview").found["target"] == 3  # what it would be now


def test_attempts_that_were_never_marked_are_marked_before_counting(engine):
    with db.begin() as session:
        closed.contest(session, round_changes={"show_after": "NOTHING"})
        for attempt in session.query(models.Attempt):
            attempt.points = attempt.full = attempt.score = None
    assert tally().failure == ""
    with db.read() as session:
        assert [one.points for one in session.query(models.Attempt).order_by("started_at")][:2] == [180, 180]
        assert session.query(Participation).count() == 6
    assert newest().people == 6


def decide(policy, **more):
    """Hana proposes to void the second question, Kim confirms; gives the change."""
    with db.begin() as session:
        row = row_of(session)
        hana, kim = closed.staff(session)
        change = voids.propose(
            session, row.contest, row, "huu-tri-002", policy, "Luật đã đổi", hana.id, now=WHEN, **more
        )
        changes.confirm(session, change, kim.id, now=WHEN)
        (asked,) = session.query(Tallying).filter_by(ended_at=None)
        assert asked.purpose == "rescore"
    tallying.run(make.VAULT, asked.id, now=lambda: WHEN)
    with db.read() as session:
        return session.get(models.Change, change.id)


def test_a_voided_question_marks_everybody_anew_and_keeps_the_old_figures(ready):
    tally()
    change = decide("GIVE_ALL")
    assert change.before == {"void": None, "also": None, "attempts": 2, "points": 180, "all_correct": 0}
    assert change.after == {"void": "GIVE_ALL", "also": None, "attempts": 2, "points": 300, "all_correct": 1}
    tally(when=WHEN + timedelta(hours=1))
    second = newest()
    assert second.n == 2 and snapshots.numbers(second).target == 5  # Em has everything right now
    with db.read() as session:
        first = snapshots.numbered(session, row_of(session), 1)
        assert snapshots.numbers(first).target == 4  # what was kept stays
        best = session.query(Participation).order_by("contestant_id").all()
        difference = snapshots.compare(session, first, second)
    assert [one.best_points for one in best] == [180, 180, 180, 180, 180, 120]
    assert difference.figures == {"all_correct": (4, 5), "target": (4, 5)}
    assert difference.moved_in_all == len(difference.moved) > 0


def test_a_removed_question_lowers_the_full_score(ready):
    decide("REMOVE")
    tally()
    lines = result(1).rounds[0].lines
    assert {line.full for line in lines} == {120} and {line.of for line in lines} == {2}


def test_another_option_that_counts_too(ready):
    change = decide("ACCEPT_ALSO", also=[0])
    assert (change.after["also"], change.after["attempts"]) == ([0], 1)


def test_nothing_is_counted_before_everybody_is_marked_again(ready):
    with db.begin() as session:
        row = row_of(session)
        hana, kim = closed.staff(session)
        change = voids.propose(session, row.contest, row, "huu-tri-002", "GIVE_ALL", "Sai", hana.id, now=WHEN)
        changes.confirm(session, change, kim.id, now=WHEN)
        with pytest.raises(Conflict, match="Máy đang tính"):
            tallies.ask(session, row.contest, row, "snapshot", "", None, now=WHEN)
        (asked,) = session.query(Tallying)
        tallies.fail(session, asked.id, tallies.STUCK, now=WHEN)
        with pytest.raises(Conflict, match="Chưa chấm lại xong"):
            tallies.ask(session, row.contest, row, "snapshot", "", None, now=WHEN)
    assert tally("rescore").failure == ""
    assert tally().failure == ""


def test_the_prediction_of_another_counting_attempt_comes_with_it(engine):
    scope = rulebook.Prediction(prediction_scope="PER_ATTEMPT")
    with db.begin() as session:
        _, row, known = closed.contest(session, round_changes={"prediction": scope})
        again = make.sat(session, row, known["E"], (1, 0, 1), started=make.OPENS + timedelta(hours=9), seconds=10, no=2)
        closed.said(session, row, known["E"], 77, again)
    decide("GIVE_ALL")
    with db.read() as session:
        kept = session.query(Participation).filter_by(contestant_id=known["E"].id).one()
    assert (kept.best_attempt_id, kept.prediction) == (again.id, 77)


def test_signs_of_foul_play_are_looked_for_aside(ready):
    with db.begin() as session:
        attempt = session.query(models.Attempt).first()
        attempt.handed_in_at = attempt.started_at + timedelta(seconds=2)
    assert tally("flags").found == {"flags": 1, "new": 1}
    assert tally("flags").found == {"flags": 1, "new": 0}
    with db.read() as session:
        assert session.query(models.Flag).one().details["sittings"] == [attempt.id]


TOTAL = rulebook.Overall(ranking=rulebook.Ranking(keys=rulebook.PRESETS["TOTAL"], prizes=(closed.NHAT,)))
PROVINCES = rulebook.Collective(key="tinh", name=rulebook.Words("Tỉnh"), measure="C_COUNT", level="province", slots=1)


def with_place(session, contest, known):
    """Everybody lives in one province."""
    place = models.Unit(contest_id=contest.id, tree="place", level="province", name="Tỉnh P", made_at=make.MADE)
    session.add(place)
    session.flush()
    for who in known.values():
        who.place_id = place.id


def test_collective_lists_come_with_the_last_round_of_their_scope(engine):
    with db.begin() as session:
        contest, _, known = closed.contest(session, collective=(PROVINCES,))
        with_place(session, contest, known)
    tally()
    (listed,) = snapshots.collective(newest())
    assert (listed.key, listed.lines[0].people, len(listed.winners)) == ("tinh", 6, 1)
    assert snapshots.numbers(newest()).names == {listed.lines[0].node: "Tỉnh P"}
    assert snapshots.numbers(newest()).most["province"][0].attempts == 6


def test_collective_lists_wait_for_rounds_that_are_not_closed(engine):
    with db.begin() as session:
        contest, _, known = closed.contest(session, rounds=2, collective=(PROVINCES,))
        with_place(session, contest, known)
    tally()
    assert snapshots.collective(newest()) == [] and newest().people == 6


def test_a_list_over_rounds_is_computed_with_the_collective_lists(engine):
    with db.begin() as session:
        contest, row, known = closed.contest(session, overall=(TOTAL,), collective=(PROVINCES,))
        with_place(session, contest, known)
        listed = contest.rounds[-1]
        listed.state = "REVIEW"
    tally()
    assert snapshots.collective(newest()) == []
    with db.begin() as session:
        listed = session.get(Round, listed.id)
        asked = tallies.ask(session, listed.contest, listed, "snapshot", "", None, now=WHEN).id
    tallying.run(make.VAULT, asked, now=lambda: WHEN)
    with db.read() as session:
        listed = session.get(Round, listed.id)
        kept = snapshots.newest(session, listed)
        assert tallies.result_of(kept).overall[0].key == "chung"
        assert tallies.whole(session, make.VAULT, listed.contest).overall[0].key == "chung"
    assert [one.key for one in snapshots.collective(kept)] == ["tinh"]
    assert (kept.people, [one.prize for one in snapshots.awards(kept)]) == (6, ["nhat"])
    assert row.state == "REVIEW"


def test_a_computation_of_another_contest_is_not_found(ready):
    with db.begin() as session:
        row = row_of(session)
        asked = tallies.ask(session, row.contest, row, "preview", "", None, now=WHEN)
        other = make.contest(session, slug="khac")
        with pytest.raises(NotFound):
            tallies.find(session, other, asked.id)
        assert not tallies.anything_stuck(session, now=WHEN + tallies.START)
        assert tallies.anything_stuck(session, now=WHEN + tallies.START * 2)


def test_marking_again_without_a_decision_keeps_no_figures(ready):
    with db.begin() as session:
        session.query(models.Attempt).first().points = 0
    assert tally("rescore").found == {"attempts": 1}


def test_only_one_computation_of_a_contest_runs_at_a_time(ready):
    with db.begin() as session:
        row = row_of(session)
        first = tallies.ask(session, row.contest, row, "preview", "", None, now=WHEN)
        assert tallies.running(session, row.contest) is first
        with pytest.raises(Conflict, match="Máy đang tính"):
            tallies.ask(session, row.contest, row, "snapshot", "", None, now=WHEN)
        assert tallies.find(session, row.contest, first.id) is first


def test_a_computation_is_done_once(ready):
    done = tally()
    tallying.run(make.VAULT, done.id, now=lambda: WHEN)
    with db.read() as session:
        assert session.query(Snapshot).count() == 1


def test_a_later_snapshot_states_its_reason(ready):
    tally(reason="")
    with pytest.raises(Unreadable):
        tally(reason=" ")


def test_nothing_is_counted_before_the_review(engine):
    with db.begin() as session:
        _, row, _ = closed.contest(session, state="CLOSED")
        with pytest.raises(Conflict, match="chưa đến bước rà soát"):
            tallies.ask(session, row.contest, row, "snapshot", "", None, now=WHEN)


def test_what_nobody_works_on_any_more_has_failed(ready):
    with db.begin() as session:
        row = row_of(session)
        tallies.ask(session, row.contest, row, "preview", "", None, now=WHEN)
        assert tallies.give_up(session, now=WHEN + tallies.START) == 0
        assert tallies.give_up(session, now=WHEN + tallies.START * 2) == 1
        second = tallies.ask(session, row.contest, row, "preview", "", None, now=WHEN)
        assert tallies.begin(session, second.id, now=WHEN) is not None
        assert tallies.begin(session, second.id, now=WHEN) is None
        assert tallies.give_up(session, now=WHEN + tallies.LONGEST) == 0
        assert tallies.give_up(session, now=WHEN + tallies.LONGEST * 2) == 1
    with db.read() as session:
        assert {one.failure for one in session.query(Tallying)} == {tallies.STUCK}


def test_a_fault_is_kept_as_a_sentence_and_raised(ready, monkeypatch):
    def broken(*args, **more):
        raise ZeroDivisionError

    monkeypatch.setattr(tallies, "count", broken)
    with pytest.raises(ZeroDivisionError):
        tally()
    with db.read() as session:
        assert session.query(Tallying).one().failure == tallies.BROKEN


def test_a_refusal_is_kept_as_a_sentence(ready, monkeypatch):
    def refused(*args, **more):
        raise Conflict("Chưa được.")

    monkeypatch.setattr(tallies, "count", refused)
    assert tally().failure == "Chưa được."


def test_what_an_interrupted_computation_left_is_never_seen_and_goes(ready, monkeypatch):
    def broken(*args, **more):
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(tallies, "complete", broken)
        with pytest.raises(ZeroDivisionError):
            tally()
    with db.read() as session:
        assert session.query(SnapshotLine).count() == 6
    assert newest() is None
    tally()
    assert newest().n == 1
    with db.read() as session:
        assert session.query(Snapshot).count() == 1


def test_every_step_that_writes_is_short(engine, monkeypatch):
    monkeypatch.setattr(tallies, "LINES_AT_ONCE", 2)
    with db.begin() as session:
        closed.contest(session)
    commits = []
    event.listen(db.engine(), "commit", lambda connection: commits.append(connection))
    tally()
    with db.read() as session:
        assert [one.position for one in session.query(SnapshotLine).order_by("position")] == [1, 2, 3, 4, 5, 6]
    assert len(commits) >= 8  # three parts of the lines, and what stands around them


def test_the_process_of_its_own_computes_and_its_end_is_watched(config, ready):
    with db.begin() as session:
        row = row_of(session)
        asked = tallies.ask(session, row.contest, row, "snapshot", "", None, now=WHEN)
    tallying.start(config, asked.id).join(timeout=60)
    with db.read() as session:
        done = session.get(Tallying, asked.id)
    assert (done.failure, newest().people) == ("", 6)


def test_a_process_that_breaks_down_leaves_a_sentence(config, ready, tmp_path):
    with db.begin() as session:
        row = row_of(session)
        asked = tallies.ask(session, row.contest, row, "snapshot", "", None, now=WHEN)
    nowhere = type(config)(**{**vars(config), "database_url": f"sqlite:///{tmp_path / 'other.sqlite3'}"})
    tallying.start(nowhere, asked.id).join(timeout=60)
    with db.read() as session:
        assert session.get(Tallying, asked.id).failure == tallies.STUCK
        assert contests.find(session, "tim-hieu-luat") is not None
