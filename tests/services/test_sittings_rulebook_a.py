"""Week 1 of rulebook A, sat through the services at the instants that contest-rules §18 gives: what is stored, and what
counting makes of it once the target is frozen."""

from datetime import UTC, date, timedelta

import pytest

from quizapp.errors import NotAllowed
from quizapp.rules import model_rulebooks
from quizapp.rules.closing import tally_book
from quizapp.rules.contest import POINT
from quizapp.rules.timing import GRACE
from quizapp.services import books, contests, quizzes, round_papers, sittings
from quizapp.services.sittings import Device
from tests import make
from tests.contests import vn

RULES = model_rulebooks.weekly(date(2026, 3, 2))
PHONE = Device("d" * 32, "192.0.2.7")
PUBLISHED = vn("01/3", "09:00")
CLOSES = vn("08/3", "22:00")
TARGET = 4_312

# Each attempt: start, hand-in, right answers of ten; no hand-in where the clock cuts it. Then the prediction saved.
PEOPLE = {
    "An": (
        [
            ("02/3 09:10:00", "02/3 09:15:12.400", 9),
            ("04/3 20:00:00", "04/3 20:03:41.250", 10),
            ("05/3 20:00:00", "05/3 20:02:10.900", 10),
        ],
        "4.300",
    ),
    "Bình": ([("03/3 12:00:00", "03/3 12:04:55.000", 10)], "4.324"),
    "Chi": ([("08/3 21:55:00", None, 10)], "4 312"),
    "Dũng": ([("02/3 08:00:05", "02/3 08:01:52.310", 10)], "3000"),
    "Em": ([("06/3 07:30:00", "06/3 07:33:00.000", 10)], "4.300"),
    "Giang": ([("07/3 19:00:00", "07/3 19:06:30.000", 10)], "4312"),
    "Hoa": ([("07/3 21:00:00", "07/3 21:02:30.000", 9)], "4312"),
    "Phúc": ([("02/3 10:00:00", "02/3 10:02:00.000", 10)], "4312"),
}


def at(text):
    return vn(*text.split())


def seal_birth(who, day):
    who.birth_sealed = make.VAULT.seal(day.isoformat(), table="contestant", column="birth", row=who.code)


@pytest.fixture
def week(session):
    """The first week of the contest, published, its paper committed."""
    for topic in ("huu-tri", "nguoi-su-dung-lao-dong", "thu-tuc-ho-so", "quy-hutribosung-xuly"):
        make.bank(session, *(make.question(f"{topic}-{n:02}", topic=topic) for n in range(30)), topic=topic)
    contest = contests.create(
        session, make.VAULT, "tim-hieu-luat", RULES, None, now=PUBLISHED, seed=b"S" * 32, pepper=b"P" * 32
    )
    contest.published_at = PUBLISHED
    for row in contest.rounds:
        row.state = "PUBLISHED"
        round_papers.commit(session, make.VAULT, contest, row, now=PUBLISHED)
    return contest.rounds[0]


@pytest.fixture
def people(session, week):
    """Everybody registered; Giang with a date of birth that makes her a year older than she is."""
    found = {}
    for name in PEOPLE:
        status = "HORS_CONCOURS" if name == "Phúc" else "ELIGIBLE"
        found[name] = make.contestant(session, week.contest, name=f"Nguyễn Văn {name}", now=PUBLISHED, status=status)
        seal_birth(found[name], date(2011, 3, 20) if name == "Giang" else date(1990, 1, 1))
    session.flush()
    return found


def sit(session, week, who, begins, _, right):
    started = sittings.start(session, make.VAULT, week, who, PHONE, now=at(begins))
    attempt = started.attempt
    for n, place in enumerate(attempt.paper):
        moment = at(begins) + timedelta(seconds=5 + n)
        outcome = quizzes.answer(session, attempt, place["q"], f"{n:032x}", (1,) if n < right else (0,), now=moment)
        assert outcome.verdict == "kept"
    return attempt


@pytest.fixture
def played(session, week, people):
    """Everything that happened, in its order; the clock then ends the round."""
    steps = sorted((at(attempt[0]), name, attempt) for name, (attempts, _) in PEOPLE.items() for attempt in attempts)
    sat = {name: [] for name in PEOPLE}
    for _, name, (begins, ends, right) in steps:
        attempt = sit(session, week, people[name], begins, ends, right)
        sittings.predict(session, week, people[name], PEOPLE[name][1], attempt, now=at(begins) + timedelta(seconds=50))
        if ends is not None:
            quizzes.hand_in(session, attempt, now=at(ends))
        sat[name].append(attempt)
    quizzes.hand_in_due(session, now=CLOSES + GRACE)
    sittings.end_rounds(session, now=CLOSES + GRACE)
    session.expire_all()
    return sat


def stored(attempt):
    return (
        attempt.started_at,
        attempt.handed_in_at,
        attempt.handed_in_by,
        attempt.points // POINT,
        attempt.score,
        attempt.full // POINT,
        attempt.answered,
    )


def test_every_attempt_is_stored_with_its_exact_instants_and_points(played):
    for name, (attempts, _) in PEOPLE.items():
        expected = [
            (at(begins), at(ends) if ends else CLOSES, "self" if ends else "auto", right, right, 10, 10)
            for begins, ends, right in attempts
        ]
        assert [stored(attempt) for attempt in played[name]] == expected, name


def test_an_draws_another_paper_each_time_and_the_third_attempt_counts(session, week, people, played):
    papers = [sorted(place["q"] for place in attempt.paper) for attempt in played["An"]]
    assert len({tuple(paper) for paper in papers}) == 3
    mine = sittings.participation(session, week, people["An"])
    assert (mine.started, mine.valid, mine.best_attempt_id) == (3, 3, played["An"][2].id)
    assert (mine.best_points, mine.best_duration_ms, mine.prediction) == (600, 130_900, 4300)


def test_every_paper_has_the_lines_of_the_rulebook(played):
    for attempts in played.values():
        for attempt in attempts:
            topics = [place["q"].rpartition("-")[0] for place in attempt.paper]
            assert [topics.count(line.topic) for line in RULES.rounds[0].paper.blueprint] == [3, 3, 2, 2]


def test_chi_is_cut_at_ten_in_the_evening_with_ten_answers_saved(session, week, people, played):
    (attempt,) = played["Chi"]
    assert attempt.deadline_at == attempt.handed_in_at == CLOSES.astimezone(UTC)
    mine = sittings.participation(session, week, people["Chi"])
    assert (mine.best_points, mine.best_duration_ms, mine.valid) == (600, 300_000, 1)
    assert week.cut_at == CLOSES + GRACE


def test_chi_is_told_that_less_than_the_full_time_remains(session, week, people):
    chance = sittings.chance(session, make.VAULT, week, people["Chi"], now=at("08/3 21:55:00"))
    assert chance.shortened and chance.ends_at == CLOSES and chance.refusal == ""


def test_giang_cannot_start_with_her_true_date_of_birth(session, week, people):
    seal_birth(people["Giang"], date(2012, 3, 20))
    session.flush()
    with pytest.raises(NotAllowed, match="đủ tuổi"):
        sit(session, week, people["Giang"], *PEOPLE["Giang"][0][0])


def test_counting_what_is_stored_gives_the_table_of_the_rulebook(session, week, people, played):
    seal_birth(people["Giang"], date(2012, 3, 20))  # the winner check found the true one
    week.target, week.frozen_at = TARGET, CLOSES + timedelta(hours=12)
    session.flush()
    book = books.book(session, make.VAULT, week.contest)
    result = tally_book(contests.settings(week.contest), book).rounds[0]
    names = {who.code: name for name, who in people.items()}
    table = [(one.rank, names[one.code], one.score // POINT, one.distance, one.duration_ms) for one in result.lines]
    assert table == [
        (1, "Chi", 10, 0, 300_000),
        (2, "An", 10, 12, 130_900),
        (3, "Em", 10, 12, 180_000),
        (4, "Bình", 10, 12, 295_000),
        (5, "Dũng", 10, 1_312, 107_310),
        (6, "Hoa", 9, 0, 150_000),
    ]
    assert result.lines[5].below_gate and not result.lines[0].below_gate
    assert {names[award.code]: award.prize for award in result.awards} == {
        "Chi": RULES.rounds[0].ranking.prizes[0].key,
        "An": RULES.rounds[0].ranking.prizes[1].key,
        "Em": RULES.rounds[0].ranking.prizes[1].key,
        "Bình": RULES.rounds[0].ranking.prizes[2].key,
        "Dũng": RULES.rounds[0].ranking.prizes[2].key,
    }
    assert result.figures.people == 6 and result.figures.hors_people == 1 and result.faults == {}
