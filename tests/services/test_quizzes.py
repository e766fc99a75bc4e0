from datetime import timedelta

import pytest

from quizapp import models
from quizapp.errors import Conflict, MovedAway, NotFound, Unreadable
from quizapp.rules.question import to_json
from quizapp.rules.timing import GRACE
from quizapp.services import quizzes
from quizapp.services.quizzes import Player, Wish
from tests import make

ADA = Player(None, "a" * 32)
MALLORY = Player(None, "m" * 32)
TICK = timedelta(microseconds=1)


def m(number):
    return f"{number:032x}"


@pytest.fixture
def bank(session):
    return [entry.question for entry in make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 8)))]


@pytest.fixture
def exam(session, bank, now):
    return quizzes.start(session, Wish("huu-tri", 5, "exam", 45), ADA, now=now)[0]


@pytest.fixture
def practice(session, bank, now):
    return quizzes.start(session, Wish("huu-tri", 5, "practice"), ADA, now=now)[0]


def asked(attempt, n=1):
    return attempt.paper[n - 1]["q"]


def answer(session, attempt, chosen, at, n=1, id=None):
    return quizzes.answer(session, attempt, asked(attempt, n), m(id or n), chosen, now=at)


def standing(session, attempt, n=1):
    return quizzes.places(session, attempt)[n - 1].chosen


def kept(session, attempt):
    rows = session.query(models.Answer).filter_by(attempt_id=attempt.id).order_by(models.Answer.id)
    return [(row.verdict, row.n) for row in rows]


# ── Starting ──


def test_a_paper_is_dealt_in_the_versions_of_the_day(session, exam):
    assert len(exam.paper) == 5
    assert len({place["q"] for place in exam.paper}) == 5
    assert all(place["v"] == 1 and sorted(place["o"]) == [0, 1, 2, 3] for place in exam.paper)


def test_an_exam_has_a_deadline_and_practice_has_none(exam, practice, now):
    assert exam.deadline_at == now + timedelta(seconds=5 * 45)
    assert practice.deadline_at is None


def test_the_same_seed_deals_the_same_paper(session, bank, now):
    first, second = (
        quizzes.start(session, Wish("huu-tri", 5, "exam"), ADA, now=now, seed=b"s" * 32)[0].paper for _ in range(2)
    )
    assert first == second


def test_a_mix_takes_from_every_topic(session, bank, now):
    session.add(models.Topic(slug="om-dau", letter="J", name_vi="Ốm đau", name_en="Sickness"))
    session.flush()
    make.bank(session, *(make.question(f"om-dau-{n}", topic="om-dau") for n in range(5)), topic="om-dau")
    attempt, _ = quizzes.start(session, Wish("tong-hop", 6, "practice"), ADA, now=now)
    assert sorted(place["q"][:3] for place in attempt.paper) == ["huu"] * 3 + ["om-"] * 3


@pytest.mark.parametrize("questions", [4, 31])
def test_a_quiz_has_five_to_thirty_questions(session, bank, now, questions):
    with pytest.raises(Unreadable):
        quizzes.start(session, Wish("huu-tri", questions, "exam"), ADA, now=now)


def test_an_unknown_or_empty_topic_is_refused(session, bank, now):
    with pytest.raises(NotFound):
        quizzes.start(session, Wish("nothing", 5, "exam"), ADA, now=now)
    session.add(models.Topic(slug="empty", letter="Z", name_vi="", name_en=""))
    with pytest.raises(Conflict):
        quizzes.start(session, Wish("empty", 5, "exam"), ADA, now=now)


def test_a_question_changed_later_stays_as_it_was_dealt(session, exam):
    changed = make.question(asked(exam), stem=make.text("Câu hỏi khác"))
    session.add(
        models.QuestionVersion(
            question_id=changed.id, version=2, content=to_json(changed), digest="", source="editor", made_at=make.MADE
        )
    )
    session.get(models.Question, changed.id).version = 2
    session.flush()
    assert quizzes.places(session, exam)[0].question.stem == make.text()


# ── Finding and holding ──


def test_only_the_owner_finds_an_attempt(session, exam):
    assert quizzes.find(session, exam.id, ADA, for_change=True) is exam
    for stranger in (MALLORY, Player(None, None), Player("person", None)):
        with pytest.raises(NotFound):
            quizzes.find(session, exam.id, stranger)
    with pytest.raises(NotFound):
        quizzes.find(session, "0" * 32, ADA)


def test_an_attempt_of_an_account_follows_the_account_not_the_browser(session, bank, now):
    ada = make.person(session, "ada")
    attempt, _ = quizzes.start(session, Wish("huu-tri", 5, "exam"), Player(ada.id, "a" * 32), now=now)
    assert quizzes.find(session, attempt.id, Player(ada.id, "b" * 32)) is attempt
    with pytest.raises(NotFound):
        quizzes.find(session, attempt.id, Player(None, "a" * 32))


def test_a_live_attempt_is_not_a_quiz(session, now):
    room = make.show(session)
    entered = make.player(session, room)
    entered.visitor = ADA.visitor
    with pytest.raises(NotFound):
        quizzes.find(session, entered.id, ADA)


def test_the_bearer_of_the_token_finds_the_attempt_and_nobody_else(session, bank, now):
    attempt, token = quizzes.start(session, Wish("huu-tri", 5, "exam"), Player(None, None), now=now)
    assert quizzes.find_by_token(session, attempt.id, token) is attempt
    for id, wrong in ((attempt.id, token + "x"), ("0" * 32, token)):
        with pytest.raises(NotFound):
            quizzes.find_by_token(session, id, wrong)


def test_a_newer_device_takes_over_and_the_older_one_may_take_back(exam):
    old, new = ADA.visitor, "b" * 32
    assert quizzes.is_held(exam, old)
    quizzes.hold(exam, old)
    quizzes.hold(exam, new)
    assert quizzes.is_held(exam, new)
    with pytest.raises(MovedAway):
        quizzes.hold(exam, old)
    quizzes.take_back(exam, old)
    quizzes.take_back(exam, old)
    quizzes.hold(exam, old)
    with pytest.raises(MovedAway):
        quizzes.hold(exam, new)


def test_a_device_takes_in_hand_what_nobody_holds(exam):
    exam.holder = ""
    quizzes.hold(exam, "b" * 32)
    assert (exam.holder, exam.past_holders) == ("b" * 32, [])


def test_what_was_begun_is_offered_at_the_question_where_it_was_left(session, exam, now):
    answer(session, exam, [0], now, n=1)
    answer(session, exam, [0], now, n=2)
    (left,) = quizzes.unfinished(session, ADA, now=now)
    assert (left.attempt_id, left.n, left.of, left.left, left.mode) == (exam.id, 3, 5, 3, "exam")
    assert quizzes.unfinished(session, MALLORY, now=now) == []
    assert quizzes.unfinished(session, Player(None, None), now=now) == []
    assert quizzes.unfinished(session, ADA, now=exam.deadline_at) == []


def test_what_is_answered_but_not_handed_in_is_offered_too(session, practice, now):
    for n in range(1, 6):
        answer(session, practice, [0], now, n=n)
    (left,) = quizzes.unfinished(session, ADA, now=now)
    assert (left.n, left.left) == (5, 0)


def test_an_account_is_offered_its_own_and_what_this_browser_began_before(session, bank, now):
    ada = make.person(session, "ada")
    first, _ = quizzes.start(session, Wish("huu-tri", 5, "practice"), ADA, now=now)
    second, _ = quizzes.start(session, Wish("huu-tri", 5, "practice"), Player(ada.id, "b" * 32), now=now + TICK)
    offered = quizzes.unfinished(session, Player(ada.id, ADA.visitor), now=now + TICK)
    assert [one.attempt_id for one in offered] == [second.id, first.id]
    assert [one.attempt_id for one in quizzes.unfinished(session, Player(ada.id, None), now=now)] == [second.id]


# ── Answering ──


def test_in_an_exam_the_last_answer_counts(session, exam, now):
    assert answer(session, exam, [0], now, id=1).verdict == "kept"
    assert answer(session, exam, [1], now, id=2).verdict == "kept"
    assert standing(session, exam) == (1,)
    assert kept(session, exam) == [("ok", 1), ("ok", 2)]


def test_in_practice_the_first_answer_is_final(session, practice, now):
    assert answer(session, practice, [0], now, id=1).verdict == "kept"
    second = answer(session, practice, [1], now, id=2)
    assert (second.verdict, second.stands) == ("twice", (0,))
    assert standing(session, practice) == (0,)


def test_the_same_message_again_gets_the_same_reply_and_adds_nothing(session, exam, now):
    for _ in range(3):
        assert answer(session, exam, [0], now).verdict == "kept"
    assert kept(session, exam) == [("ok", 1)]


def test_the_id_of_a_message_is_used_once(session, exam, now):
    answer(session, exam, [0], now, id=1)
    assert answer(session, exam, [1], now, id=1).verdict == "reused"
    assert answer(session, exam, [1], now, n=2, id=1).verdict == "reused"
    assert standing(session, exam) == (0,)
    assert standing(session, exam, n=2) is None


def test_an_answer_within_the_grace_counts_and_one_after_it_is_late(session, exam):
    end = exam.deadline_at + GRACE
    assert answer(session, exam, [0], end - TICK, id=1).verdict == "kept"
    assert answer(session, exam, [1], end, id=2).verdict == "late"
    assert standing(session, exam) == (0,)


def test_an_answer_before_the_start_is_early(session, exam, now):
    assert answer(session, exam, [0], now - TICK).verdict == "early"


def test_after_handing_in_every_answer_is_late(session, exam, now):
    quizzes.hand_in(session, exam, now=now)
    assert answer(session, exam, [0], now).verdict == "late"
    assert exam.score == 0


@pytest.mark.parametrize("chosen", [[], [4], [-1], [0, 1], [True], ["0"], [0.0]])
def test_what_is_no_answer_to_the_question_is_refused_and_leaves_nothing(session, exam, now, chosen):
    assert answer(session, exam, chosen, now).verdict == "refused"
    assert kept(session, exam) == []


def test_a_question_that_is_not_on_the_paper_is_refused(session, bank, exam, now):
    dealt = {place["q"] for place in exam.paper}
    other = next(question.id for question in bank if question.id not in dealt)
    assert quizzes.answer(session, exam, other, m(1), [0], now=now).verdict == "refused"


def test_at_most_five_refused_entries_are_kept(session, practice, now):
    answer(session, practice, [0], now, id=1)
    for number in range(2, 20):
        assert answer(session, practice, [1], now, id=number).verdict == "twice"
    assert len(kept(session, practice)) == 6


# ── Handing in ──


def test_the_score_is_counted_when_the_attempt_is_handed_in(session, exam, now):
    answer(session, exam, [1], now, n=1)
    answer(session, exam, [0], now, n=2)
    assert exam.score is None
    quizzes.hand_in(session, exam, now=now + timedelta(seconds=61.5))
    result = quizzes.result(session, exam)
    assert (result.score, result.of, result.duration_ms, result.by) == (1, 5, 61_500, "self")
    assert [place.right for place in result.places] == [True, False, False, False, False]


def test_handing_in_again_changes_nothing(session, exam, now):
    quizzes.hand_in(session, exam, now=now + timedelta(seconds=5))
    quizzes.hand_in(session, exam, now=now + timedelta(seconds=9))
    assert exam.handed_in_at == now + timedelta(seconds=5)


def test_handing_in_within_the_grace_is_stamped_with_the_deadline(session, exam):
    quizzes.hand_in(session, exam, now=exam.deadline_at + TICK)
    assert (exam.handed_in_at, exam.handed_in_by) == (exam.deadline_at, "self")


def test_the_server_hands_in_when_the_time_is_over_even_if_nobody_returns(session, exam, practice, now):
    answer(session, exam, [1], now)
    over = exam.deadline_at + GRACE
    assert not quizzes.is_due(exam, now=over - TICK)
    assert not quizzes.anything_due(session, now=over - TICK)
    assert quizzes.hand_in_due(session, now=over - TICK) == 0
    assert quizzes.anything_due(session, now=over)
    assert quizzes.hand_in_due(session, now=over + timedelta(hours=1)) == 1
    assert (exam.handed_in_at, exam.handed_in_by, exam.score) == (exam.deadline_at, "auto", 1)
    assert practice.handed_in_at is None
    assert quizzes.hand_in_due(session, now=over + timedelta(hours=1)) == 0


def test_there_is_no_result_before_handing_in(session, exam):
    with pytest.raises(Conflict):
        quizzes.result(session, exam)
    with pytest.raises(Conflict):
        quizzes.practise_again(session, exam, ADA, now=exam.started_at)


def test_what_to_read_again_is_listed_by_article(session, now):
    cited = (("Điều 64 khoản 1",), ("Điều 7", "Điều 64 khoản 2"), ("Điều 102",), ("Điều 7",), ("Điều 8",))
    questions = [make.question(f"huu-tri-{n}", citations=cited[n]) for n in range(5)]
    make.bank(session, *questions)
    attempt, _ = quizzes.start(session, Wish("huu-tri", 5, "exam"), ADA, now=now)
    n_of = {place["q"]: n for n, place in enumerate(attempt.paper, start=1)}
    answer(session, attempt, [1], now, n=n_of["huu-tri-4"])
    quizzes.hand_in(session, attempt, now=now)
    again = {citation.article: numbers for citation, numbers in quizzes.result(session, attempt).to_read_again()}
    assert list(again) == [7, 64, 102]
    assert again[7] == tuple(sorted((n_of["huu-tri-1"], n_of["huu-tri-3"])))
    assert len(again[64]) == 2


def test_practising_again_deals_just_the_wrong_ones(session, exam, now):
    answer(session, exam, [1], now, n=1)
    quizzes.hand_in(session, exam, now=now)
    again = quizzes.practise_again(session, exam, ADA, now=now)
    assert again.mode == "practice"
    assert {place["q"] for place in again.paper} == {place["q"] for place in exam.paper[1:]}


def test_there_is_nothing_to_practise_after_a_full_score(session, exam, now):
    for n in range(1, 6):
        answer(session, exam, [1], now, n=n)
    quizzes.hand_in(session, exam, now=now)
    with pytest.raises(Conflict):
        quizzes.practise_again(session, exam, ADA, now=now)


def test_an_account_sees_its_past_attempts(session, bank, now):
    ada = make.person(session, "ada")
    done, _ = quizzes.start(session, Wish("huu-tri", 5, "exam"), Player(ada.id, "a" * 32), now=now)
    quizzes.start(session, Wish("huu-tri", 5, "exam"), Player(ada.id, "a" * 32), now=now)
    quizzes.hand_in(session, done, now=now)
    assert quizzes.history(session, ada.id) == [done]
    assert quizzes.history(session, "mallory") == []
