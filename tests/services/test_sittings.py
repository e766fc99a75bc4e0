from datetime import UTC, date, datetime, timedelta

import pytest

from quizapp import models
from quizapp.errors import Conflict, NotAllowed, NotFound, TooEarly, TooLate, Unreadable
from quizapp.rules import contest as rulebook
from quizapp.rules.draw import Stream, pick
from quizapp.rules.tally import Status
from quizapp.rules.timing import GRACE
from quizapp.services import contests, quizzes, round_papers, sittings
from quizapp.services.sittings import Device
from tests import make

PHONE = Device("d" * 32, "192.0.2.7")
TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
RIGHT, WRONG = (1,), (0,)
START = make.OPENS + timedelta(hours=3)


@pytest.fixture
def bank(session):
    return make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 41)))


@pytest.fixture
def hold(session, bank):
    """Makes a contest whose first round has its paper, and gives that round."""

    def made(slug="tim-hieu-luat", rounds=1, owner=None, **changes):
        if changes and rounds == 1:
            rounds = (make.round_rules(**changes),)
        contest = make.contest(session, rounds, slug, owner)
        for row in contest.rounds:
            round_papers.commit(session, make.VAULT, contest, row, now=make.MADE)
        return contest.rounds[0]

    return made


def contestant(session, row, **changes):
    return make.contestant(session, row.contest, **changes)


def start(session, row, who, at=START, device=PHONE):
    return sittings.start(session, make.VAULT, row, who, device, now=at).attempt


def chance(session, row, who, at=START):
    return sittings.chance(session, make.VAULT, row, who, now=at)


def fill(session, attempt, at, right=10, wrong=0):
    """Answer so many questions right, then so many wrong, all at once."""
    for n, place in enumerate(attempt.paper[: right + wrong]):
        chosen = RIGHT if n < right else WRONG
        assert quizzes.answer(session, attempt, place["q"], f"{n:032x}", chosen, now=at).verdict == "kept"


def sit(session, row, who, begin, length=MINUTE, right=10, wrong=0):
    """A whole attempt, handed in by the person."""
    attempt = start(session, row, who, begin)
    fill(session, attempt, begin + length / 2, right, wrong)
    quizzes.hand_in(session, attempt, now=begin + length)
    return attempt


def held(session, row, who):
    session.expire_all()
    return sittings.participation(session, row, who)


# ── Starting ──


def test_the_paper_follows_from_the_seed_of_the_contest_the_code_and_the_number_of_the_deal(session, hold):
    row = hold()
    who = contestant(session, row)
    attempt = start(session, row, who)
    seed = contests.attempt_seed(b"S" * 32, who.code, 1)
    committed = sorted(
        session.scalars(models.RoundQuestion.__table__.select().with_only_columns(models.RoundQuestion.question_id))
    )
    assert {place["q"] for place in attempt.paper} == set(pick(committed, 10, Stream(seed, "pick/huu-tri")))
    assert all(place["v"] == 1 and sorted(place["o"]) == [0, 1, 2, 3] for place in attempt.paper)


def test_an_attempt_keeps_who_where_and_on_what_it_was_sat(session, hold):
    row = hold()
    place = models.Unit(contest_id=row.contest_id, tree="place", name="Xã An", made_at=make.MADE)
    session.add(place)
    session.flush()
    ada = make.person(session)
    attempt = start(session, row, contestant(session, row, who=ada, place_id=place.id))
    assert (attempt.mode, attempt.person_id, attempt.round_id, attempt.place_id) == (
        "contest",
        ada.id,
        row.id,
        place.id,
    )
    assert (attempt.no, attempt.deal_no, attempt.limit_seconds) == (1, 1, 600)
    assert attempt.deadline_at == START + 10 * MINUTE
    assert PHONE.id not in attempt.device_tag and PHONE.address not in attempt.address_tag
    assert len(attempt.device_tag) == len(attempt.address_tag) == 64


def test_tags_of_a_device_change_from_day_to_day(session, hold):
    row = hold()
    who, other = contestant(session, row), contestant(session, row)
    first, same_day = start(session, row, who), start(session, row, other, START + MINUTE)
    quizzes.hand_in(session, first, now=START + 2 * MINUTE)
    next_day = start(session, row, who, START + timedelta(days=1))
    assert first.device_tag == same_day.device_tag != next_day.device_tag
    assert first.address_tag == same_day.address_tag != next_day.address_tag


def test_a_second_start_goes_on_with_the_open_attempt(session, hold):
    row = hold()
    who = contestant(session, row)
    first = sittings.start(session, make.VAULT, row, who, PHONE, now=START)
    again = sittings.start(session, make.VAULT, row, who, Device("e" * 32, ""), now=START + MINUTE)
    assert again.attempt.id == first.attempt.id and first.token and again.token is None
    assert chance(session, row, who, START + MINUTE).open.id == first.attempt.id
    assert held(session, row, who).started == 1


def test_an_attempt_whose_time_is_over_is_handed_in_by_the_next_start(session, hold):
    row = hold()
    who = contestant(session, row)
    first = start(session, row, who)
    later = START + 11 * MINUTE
    assert chance(session, row, who, later).open is None
    second = start(session, row, who, later)
    assert second.no == 2 and second.paper != first.paper
    assert (first.handed_in_at, first.handed_in_by) == (START + 10 * MINUTE, "auto")


def test_attempts_count_from_their_start_and_end_at_the_most_allowed(session, hold):
    row = hold(max_attempts=2)
    who = contestant(session, row)
    for n in range(2):
        assert chance(session, row, who, START + n * MINUTE).left == 2 - n
        quizzes.hand_in(session, start(session, row, who, START + n * MINUTE), now=START + n * MINUTE)
    with pytest.raises(Conflict, match="hết số lượt"):
        start(session, row, who, START + 3 * MINUTE)
    assert (chance(session, row, who).used, chance(session, row, who).left) == (2, 0)
    assert held(session, row, who).started == 2


def test_attempts_without_limit(session, hold):
    row = hold(max_attempts=None)
    who = contestant(session, row)
    for n in range(5):
        quizzes.hand_in(session, start(session, row, who, START + n * MINUTE), now=START + n * MINUTE)
    assert chance(session, row, who, START + 9 * MINUTE).left is None


def test_the_window_is_half_open_on_the_servers_clock(session, hold):
    row = hold()
    who = contestant(session, row)
    with pytest.raises(TooEarly):
        start(session, row, who, make.OPENS - TICK)
    assert chance(session, row, who, make.OPENS - TICK).refusal == "Vòng thi chưa mở."
    with pytest.raises(TooLate):
        start(session, row, who, make.CLOSES)
    assert chance(session, row, who, make.CLOSES).refusal == "Vòng thi đã đóng."
    assert chance(session, row, who, make.OPENS).refusal == ""
    assert start(session, row, who, make.OPENS).started_at == make.OPENS


def test_the_cooldown_runs_from_the_hand_in(session, hold):
    row = hold(cooldown=3600)
    who = contestant(session, row)
    sit(session, row, who, START)
    free_at = START + timedelta(minutes=61)
    assert chance(session, row, who, free_at - TICK).next_at == free_at
    with pytest.raises(TooEarly):
        start(session, row, who, free_at - TICK)
    assert chance(session, row, who, free_at).next_at is None
    assert start(session, row, who, free_at).no == 2


def test_cut_ends_an_attempt_with_the_round_and_finish_lets_it_run(session, hold):
    late = make.CLOSES - 4 * MINUTE
    cut = hold()
    who = contestant(session, cut)
    assert chance(session, cut, who, late).shortened and not chance(session, cut, who, START).shortened
    assert start(session, cut, who, late).deadline_at == make.CLOSES
    finish = hold("lam-cho-xong", close_policy="FINISH")
    who = contestant(session, finish)
    assert not chance(session, finish, who, late).shortened
    assert start(session, finish, who, late).deadline_at == make.CLOSES + 6 * MINUTE


@pytest.mark.parametrize(("percent", "minutes"), [(100, 10), (150, 15), (200, 20)])
def test_more_time_granted_lengthens_the_limit(session, hold, percent, minutes):
    row = hold()
    attempt = start(session, row, contestant(session, row, accommodation=percent))
    assert attempt.deadline_at == START + minutes * MINUTE and attempt.limit_seconds == minutes * 60


@pytest.mark.parametrize("policy", ["CUT", "FINISH"])
def test_without_a_limit_an_attempt_ends_with_the_round(session, hold, policy):
    row = hold(close_policy=policy)
    attempt = start(session, row, contestant(session, row, accommodation=0))
    assert attempt.deadline_at == make.CLOSES and attempt.limit_seconds is None


def test_one_attempt_at_a_time_also_over_rounds_that_run_together(session, hold):
    weekly = hold(rounds=(make.round_rules(), make.round_rules("ca-thang", closes_at=make.CLOSES + timedelta(days=21))))
    monthly = weekly.contest.rounds[1]
    who = contestant(session, weekly)
    first = start(session, weekly, who)
    with pytest.raises(Conflict, match="vòng khác"):
        start(session, monthly, who, START + MINUTE)
    quizzes.hand_in(session, first, now=START + MINUTE)
    second = start(session, monthly, who, START + MINUTE)
    assert (second.no, second.deal_no) == (1, 2) and second.paper != first.paper


def test_a_round_whose_paper_is_not_set_cannot_be_started(session, bank):
    row = make.contest(session).rounds[0]
    who = contestant(session, row)
    assert "chưa sẵn sàng" in chance(session, row, who).refusal
    with pytest.raises(Conflict, match="chưa sẵn sàng"):
        start(session, row, who)
    assert held(session, row, who) is None


@pytest.mark.parametrize("kind", ["live", "essay"])
def test_what_is_not_sat_alone_is_not_started_here(session, bank, kind):
    row = make.contest(session, (make.round_rules(kind=kind),)).rounds[0]
    with pytest.raises(NotFound):
        start(session, row, contestant(session, row))


def test_a_list_over_rounds_has_no_attempts(session, bank):
    contest = make.contest(session, 1, overall=(rulebook.Overall(),))
    overall = next(row for row in contest.rounds if row.overall)
    with pytest.raises(NotFound):
        start(session, overall, make.contestant(session, contest))


# ── Who may start ──


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": "EXCLUDED"}, "không thuộc diện"),
        ({"barred_rounds": {"*": "thi hộ"}}, "ở cuộc thi này"),
        ({"barred_rounds": {"tuan-1": "thi hộ"}}, "ở vòng này"),
        ({"withdrawn_at": START}, "Đã rút"),
    ],
)
def test_whom_people_turned_away_cannot_start(session, hold, changes, words):
    row = hold()
    who = contestant(session, row, **changes)
    assert words in chance(session, row, who).refusal
    with pytest.raises(NotAllowed, match=words):
        start(session, row, who)


@pytest.mark.parametrize("status", ["ELIGIBLE", "HORS_CONCOURS"])
def test_people_hors_concours_sit_like_everybody(session, hold, status: Status):
    row = hold()
    assert start(session, row, contestant(session, row, status=status)).no == 1


def test_somebody_barred_from_another_round_may_start_this_one(session, hold):
    row = hold()
    assert start(session, row, contestant(session, row, barred_rounds={"tuan-2": "muộn"})).no == 1


def birth(who, day):
    return make.VAULT.seal(day.isoformat(), table="contestant", column="birth", row=who.code)


def test_the_age_is_that_of_the_day_of_the_attempt(session, bank):
    contest = make.contest(session, who=rulebook.Who(min_age=14))
    row = contest.rounds[0]
    round_papers.commit(session, make.VAULT, contest, row, now=make.MADE)
    who = make.contestant(session, contest)
    who.birth_sealed = birth(who, date(2012, 3, 8))
    session.flush()
    eve = datetime(2026, 3, 7, 16, 59, 59, tzinfo=UTC)  # 23:59:59 in Viet Nam
    with pytest.raises(NotAllowed, match="đủ tuổi"):
        start(session, row, who, eve)
    assert start(session, row, who, eve + timedelta(seconds=1)).no == 1


def test_a_contest_of_one_province_lets_in_whoever_lives_works_or_studies_there(session, bank):
    contest = make.contest(session, who=rulebook.Who(provinces=("01",)))
    row = contest.rounds[0]
    round_papers.commit(session, make.VAULT, contest, row, now=make.MADE)
    places = []
    for code in ("01", "79"):
        province = models.Unit(contest_id=contest.id, tree="place", name=code, code=code, made_at=make.MADE)
        session.add(province)
        session.flush()
        commune = models.Unit(contest_id=contest.id, tree="place", name="xã", parent_id=province.id, made_at=make.MADE)
        session.add(commune)
        session.flush()
        places.append(commune.id)
    unit = models.Unit(contest_id=contest.id, tree="unit", name="Công đoàn A", made_at=make.MADE)
    session.add(unit)
    session.flush()
    assert start(session, row, make.contestant(session, contest, place_id=places[0])).no == 1
    assert start(session, row, make.contestant(session, contest, place_id=places[1], unit_id=unit.id)).no == 1
    assert start(session, row, make.contestant(session, contest)).no == 1
    with pytest.raises(NotAllowed, match="địa bàn"):
        start(session, row, make.contestant(session, contest, place_id=places[1]))


def test_a_final_is_for_invited_people(session, hold):
    row = hold(kind="final")
    who, other = contestant(session, row), contestant(session, row)
    session.add(models.Invitation(round_id=row.id, contestant_id=who.id))
    session.flush()
    assert start(session, row, who).no == 1
    with pytest.raises(NotAllowed, match="được mời"):
        start(session, row, other)


# ── Handing in ──


def test_a_hand_in_keeps_what_the_attempt_came_to(session, hold):
    row = hold()
    who = contestant(session, row)
    attempt = sit(session, row, who, START, right=7, wrong=2)
    assert (attempt.points, attempt.full, attempt.score, attempt.answered) == (7 * 60, 10 * 60, 7, 9)
    assert attempt.last_answers == [[1]] * 7 + [[0]] * 2 + [None]
    mine = held(session, row, who)
    assert (mine.valid, mine.best_attempt_id, mine.best_points, mine.best_full) == (1, attempt.id, 420, 600)
    assert (mine.best_correct, mine.best_duration_ms, mine.best_submitted_at) == (7, 60_000, START + MINUTE)


def test_the_best_attempt_counts_and_of_equals_the_shorter(session, hold):
    row = hold()
    who = contestant(session, row)
    sit(session, row, who, START, right=9)
    slow = sit(session, row, who, START + 5 * MINUTE, 3 * MINUTE)
    assert held(session, row, who).best_attempt_id == slow.id
    quick = sit(session, row, who, START + 10 * MINUTE, 2 * MINUTE)
    mine = held(session, row, who)
    assert (mine.best_attempt_id, mine.best_duration_ms, mine.valid) == (quick.id, 120_000, 3)


@pytest.mark.parametrize(("rule", "number"), [("FIRST", 0), ("LAST", 2), ("BEST", 1)])
def test_the_rulebook_says_which_attempt_counts(session, hold, rule, number):
    row = hold(counting_attempt=rule)
    who = contestant(session, row)
    sat = [sit(session, row, who, START + n * 5 * MINUTE, right=right) for n, right in enumerate((3, 9, 5))]
    assert held(session, row, who).best_attempt_id == sat[number].id


def test_an_attempt_without_an_answer_is_used_but_never_counts(session, hold):
    row = hold()
    who = contestant(session, row)
    sit(session, row, who, START, right=0)
    mine = held(session, row, who)
    assert (mine.started, mine.valid, mine.best_attempt_id) == (1, 0, None)


def test_points_follow_the_lines_and_parts_of_answers_count_where_the_rulebook_says_so(session, hold):
    make.bank(
        session, *(make.question(f"om-dau-{n}", "several", (0, 1), topic="om-dau") for n in range(9)), topic="om-dau"
    )
    lines = (rulebook.BlueprintLine(topic="om-dau", count=2, points=5),)
    row = hold(paper=rulebook.Paper(blueprint=lines, marking="PARTIAL"))
    attempt = start(session, row, contestant(session, row))
    for n, (place, chosen) in enumerate(zip(attempt.paper, [(0, 1), (0,)], strict=True)):
        quizzes.answer(session, attempt, place["q"], f"{n:032x}", chosen, now=START)
    quizzes.hand_in(session, attempt, now=START + MINUTE)
    assert (attempt.points, attempt.full, attempt.score) == (5 * 60 + 5 * 30, 10 * 60, 1)


def test_what_arrives_within_the_grace_is_taken_and_stamped_with_the_deadline(session, hold):
    row = hold()
    attempt = start(session, row, contestant(session, row))
    end = START + 10 * MINUTE
    fill(session, attempt, end + GRACE - TICK)
    quizzes.hand_in(session, attempt, now=end + GRACE - TICK)
    assert (attempt.handed_in_at, attempt.handed_in_by, attempt.points) == (end, "self", 600)


def test_the_clock_hands_in_at_the_closing_what_was_saved(session, hold):
    row = hold()
    who = contestant(session, row)
    attempt = start(session, row, who, make.CLOSES - 5 * MINUTE)
    fill(session, attempt, make.CLOSES - MINUTE, right=4)
    assert quizzes.hand_in_due(session, now=make.CLOSES + GRACE - TICK) == 0
    assert quizzes.hand_in_due(session, now=make.CLOSES + GRACE) == 1
    session.expire_all()
    assert (attempt.handed_in_at, attempt.handed_in_by, attempt.points) == (make.CLOSES, "auto", 240)
    assert held(session, row, who).best_duration_ms == 300_000


def test_where_answers_are_final_the_first_one_counts(session, hold):
    row = hold(change_answers=False)
    attempt = start(session, row, contestant(session, row))
    question = attempt.paper[0]["q"]
    assert quizzes.answer(session, attempt, question, "1" * 32, RIGHT, now=START).verdict == "kept"
    assert quizzes.answer(session, attempt, question, "2" * 32, WRONG, now=START) == quizzes.Outcome("twice", RIGHT)
    quizzes.hand_in(session, attempt, now=START + MINUTE)
    assert attempt.points == 60 and attempt.last_answers[0] == [1]


def test_a_question_voided_while_the_round_is_open_counts_by_the_decision_at_once(session, hold):
    row = hold()
    attempt = start(session, row, contestant(session, row))
    voided = session.query(models.RoundQuestion).filter_by(question_id=attempt.paper[9]["q"]).one()
    voided.void = "GIVE_ALL"
    session.flush()
    fill(session, attempt, START, right=3)
    quizzes.hand_in(session, attempt, now=START + MINUTE)
    assert attempt.points == 4 * 60


def test_nothing_is_marked_before_the_closing_where_nothing_is_shown(session, hold):
    row = hold(show_after="NOTHING")
    who = contestant(session, row)
    attempt = sit(session, row, who, START, right=6)
    assert (attempt.points, attempt.score, attempt.full) == (None, None, None)
    assert (attempt.answered, held(session, row, who).valid, held(session, row, who).best_points) == (6, 1, None)
    assert not sittings.end_rounds(session, now=make.CLOSES + GRACE - TICK) and row.cut_at is None
    assert sittings.end_rounds(session, now=make.CLOSES + GRACE) and row.cut_at is None
    assert (attempt.points, attempt.score, held(session, row, who).best_points) == (360, 6, 360)
    assert not sittings.end_rounds(session, now=make.CLOSES + GRACE) and row.cut_at == make.CLOSES + GRACE


def test_a_round_is_cut_once_every_attempt_is_in(session, hold):
    row = hold(close_policy="FINISH")
    running = start(session, row, contestant(session, row), make.CLOSES - MINUTE)
    after = make.CLOSES + 2 * MINUTE
    sittings.end_rounds(session, now=after)
    assert row.cut_at is None and sittings.rounds_ending(session, now=after) == []
    quizzes.hand_in(session, running, now=after)
    assert sittings.rounds_ending(session, now=after) == [row]
    sittings.end_rounds(session, now=after)
    assert row.cut_at == after and sittings.rounds_ending(session, now=after) == []


def test_a_contests_attempt_gives_no_key_away_and_no_practice(session, hold, now):
    row = hold()
    ada = make.person(session)
    attempt = sit(session, row, contestant(session, row, who=ada), START)
    player = quizzes.Player(ada.id, None)
    for ask in (
        lambda: quizzes.result(session, attempt),
        lambda: quizzes.practise_again(session, attempt, player, now=now),
    ):
        with pytest.raises(NotFound):
            ask()
    assert quizzes.history(session, ada.id) == []


# ── Predicting ──


def predict(session, row, who, typed, attempt=None, at=START):
    return sittings.predict(session, row, who, typed, attempt, now=at).prediction


def test_the_last_number_saved_counts_in_an_attempt_or_beside_it(session, hold):
    row = hold()
    who = contestant(session, row)
    assert predict(session, row, who, "4.300") == 4300
    attempt = start(session, row, who)
    assert sittings.predicted(session, attempt) == 4300 and sittings.may_predict(session, attempt)
    assert predict(session, row, who, "4 312", attempt) == 4312
    quizzes.hand_in(session, attempt, now=START + MINUTE)
    assert predict(session, row, who, "", at=START + MINUTE) is None
    assert predict(session, row, who, "4312", at=make.CLOSES - TICK) == 4312
    assert [one.value for one in session.query(models.Saying).order_by(models.Saying.id)] == [4300, 4312, None, 4312]


def test_the_same_number_again_leaves_no_second_row(session, hold):
    row = hold()
    who = contestant(session, row)
    predict(session, row, who, "12")
    assert predict(session, row, who, "12", at=START + MINUTE) == 12
    assert session.query(models.Saying).count() == 1


@pytest.mark.parametrize("typed", ["4,5", "4.31", "4 3 1 2", "4312.0", "-1", "100000000", "bốn"])
def test_a_refused_text_leaves_the_earlier_number(session, hold, typed):
    row = hold()
    who = contestant(session, row)
    predict(session, row, who, "4312")
    with pytest.raises(Unreadable):
        predict(session, row, who, typed)
    assert held(session, row, who).prediction == 4312


def test_a_prediction_beside_an_attempt_can_be_changed_until_the_closing(session, hold):
    row = hold()
    who = contestant(session, row)
    with pytest.raises(TooEarly):
        predict(session, row, who, "1", at=make.OPENS - TICK)
    assert predict(session, row, who, "2", at=make.CLOSES + GRACE - TICK) == 2
    assert session.query(models.Saying).one().said_at == make.CLOSES - TICK
    with pytest.raises(TooLate):
        predict(session, row, who, "3", at=make.CLOSES + GRACE)


def test_a_prediction_in_an_attempt_ends_with_it(session, hold):
    row = hold()
    who = contestant(session, row)
    attempt = start(session, row, who)
    end = START + 10 * MINUTE
    assert predict(session, row, who, "7", attempt, at=end + GRACE - TICK) == 7
    with pytest.raises(TooLate):
        predict(session, row, who, "8", attempt, at=end + GRACE)
    quizzes.hand_in(session, attempt, now=end)
    with pytest.raises(TooLate):
        predict(session, row, who, "9", attempt, at=end)


def test_under_per_round_first_only_the_first_attempt_asks(session, hold):
    row = hold(prediction=rulebook.Prediction(prediction_scope="PER_ROUND_FIRST"))
    who = contestant(session, row)
    first = start(session, row, who)
    assert predict(session, row, who, "5", first) == 5
    assert predict(session, row, who, "6", first) == 6
    quizzes.hand_in(session, first, now=START + MINUTE)
    second = start(session, row, who, START + MINUTE)
    assert not sittings.may_predict(session, second) and sittings.predicted(session, second) == 6
    with pytest.raises(Conflict, match="lượt thi đầu tiên"):
        predict(session, row, who, "7", second, at=START + MINUTE)
    with pytest.raises(Conflict, match="trong lúc làm bài"):
        predict(session, row, who, "7", at=START + MINUTE)


def test_under_per_attempt_the_counting_attempt_brings_its_number(session, hold):
    row = hold(prediction=rulebook.Prediction(prediction_scope="PER_ATTEMPT"))
    who = contestant(session, row)
    for n, (number, right) in enumerate((("11", 5), ("22", 9), ("33", 7))):
        at = START + n * 5 * MINUTE
        attempt = start(session, row, who, at)
        assert sittings.predicted(session, attempt) is None
        predict(session, row, who, number, attempt, at=at)
        fill(session, attempt, at, right)
        quizzes.hand_in(session, attempt, now=at + MINUTE)
    assert sittings.predicted(session, attempt) == 33
    assert held(session, row, who).prediction == 22


def test_a_round_without_prediction_takes_none(session, hold):
    row = hold(prediction=None)
    who = contestant(session, row)
    attempt = start(session, row, who)
    assert not sittings.may_predict(session, attempt) and sittings.predicted(session, attempt) is None
    with pytest.raises(NotFound):
        predict(session, row, who, "1", attempt)


@pytest.mark.parametrize("changes", [{"status": "EXCLUDED"}, {"withdrawn_at": START}])
def test_who_may_not_take_part_predicts_nothing(session, hold, changes):
    row = hold()
    with pytest.raises(NotAllowed):
        predict(session, row, contestant(session, row, **changes), "1")


# ── Giving back ──


def give_back(session, attempt, fault_at=START, reason="Máy chủ khởi động lại.", contest=None, at=START + 3 * MINUTE):
    contest = contest or round_papers.round_of(session, attempt).contest
    return sittings.give_back(session, contest, attempt.id, fault_at, reason, None, now=at)


def test_an_attempt_given_back_never_happened_and_leaves_its_reason(session, hold):
    row = hold(max_attempts=1)
    who = contestant(session, row)
    attempt = start(session, row, who)
    predict(session, row, who, "77", attempt)
    give_back(session, attempt)
    mine = held(session, row, who)
    assert (mine.started, mine.given_back, mine.prediction) == (1, 1, None)
    assert chance(session, row, who, START + 3 * MINUTE).left == 1
    (change,) = session.query(models.Change)
    assert (change.kind, change.reason, change.state) == ("give_back", "Máy chủ khởi động lại.", "DONE")
    second = start(session, row, who, START + 4 * MINUTE)
    assert (second.no, second.deal_no) == (2, 2) and second.paper != attempt.paper
    quizzes.hand_in(session, second, now=START + 5 * MINUTE)
    with pytest.raises(Conflict, match="hết số lượt"):
        start(session, row, who, START + 6 * MINUTE)


def test_an_attempt_with_a_saved_answer_is_not_given_back(session, hold):
    row = hold()
    attempt = start(session, row, contestant(session, row))
    fill(session, attempt, START, right=1)
    with pytest.raises(Conflict, match="đáp án được lưu"):
        give_back(session, attempt)


@pytest.mark.parametrize(("seconds", "given"), [(-60, True), (60, True), (-61, False), (61, False), (181, False)])
def test_the_fault_must_be_within_sixty_seconds_of_the_start(session, hold, seconds, given):
    row = hold()
    attempt = start(session, row, contestant(session, row))
    fault_at = START + timedelta(seconds=seconds)
    if given:
        assert give_back(session, attempt, fault_at).given_back_at is not None
    else:
        with pytest.raises(Conflict, match="60 giây"):
            give_back(session, attempt, fault_at)


def test_an_attempt_is_given_back_once_with_a_reason_and_in_its_own_contest(session, hold):
    row = hold()
    attempt = start(session, row, contestant(session, row))
    other = make.contest(session, 1, "cuoc-thi-khac")
    with pytest.raises(NotFound):
        give_back(session, attempt, contest=other)
    with pytest.raises(Unreadable):
        give_back(session, attempt, reason="  ")
    give_back(session, attempt)
    with pytest.raises(Conflict, match="đã được trả lại"):
        give_back(session, attempt)


# ── Finding ──


def test_somebody_finds_their_own_entry_and_attempts(session, hold):
    row = hold()
    ada, bob = make.person(session), make.person(session, "bob")
    who = contestant(session, row, who=ada)
    attempt = sit(session, row, who, START)
    assert sittings.contestant_of(session, row.contest, ada.id) is who
    assert (
        sittings.contestant_of(session, row.contest, bob.id)
        is sittings.contestant_of(session, row.contest, None)
        is None
    )
    assert sittings.attempts(session, who) == [attempt]
    assert list(sittings.participations(session, who)) == [row.id]


def test_only_rounds_of_published_contests_are_found(session, hold):
    row = hold()
    assert sittings.round_of(session, "tim-hieu-luat", "tuan-1") is row
    for changes in ({"published_at": None}, {"published_at": make.MADE, "rehearsal": True}):
        for name, value in changes.items():
            setattr(row.contest, name, value)
        session.flush()
        with pytest.raises(NotFound):
            sittings.round_of(session, "tim-hieu-luat", "tuan-1")


def test_open_rounds_are_those_in_their_window_of_published_contests(session, hold):
    row = hold()
    make.contest(session, 1, "ban-nhap", published=False)
    assert [one.key for one in sittings.open_rounds(session, now=make.OPENS - TICK)] == []
    assert row in sittings.open_rounds(session, now=make.OPENS)
    assert sittings.open_rounds(session, now=make.CLOSES) == []


def test_a_bearer_token_is_shown_once_and_another_one_ends_it(session, hold):
    row = hold()
    who = contestant(session, row)
    first = sittings.start(session, make.VAULT, row, who, PHONE, now=START)
    assert sittings.new_token(session, first) == first.token
    again = sittings.start(session, make.VAULT, row, who, PHONE, now=START)
    second = sittings.new_token(session, again)
    assert quizzes.find_by_token(session, first.attempt.id, second) is first.attempt
    with pytest.raises(NotFound):
        quizzes.find_by_token(session, first.attempt.id, first.token)


def test_a_hand_in_that_somebody_else_made_meanwhile_changes_nothing(session, hold):
    row = hold()
    attempt = start(session, row, contestant(session, row))
    fill(session, attempt, START, right=3)
    other = models.Attempt.__table__
    session.execute(other.update().where(other.c.id == attempt.id).values(handed_in_at=START, handed_in_by="auto"))
    quizzes.hand_in(session, attempt, now=START + MINUTE)
    assert (attempt.handed_in_at, attempt.handed_in_by, attempt.points) == (START, "auto", None)
