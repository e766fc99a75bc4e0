"""Essays: written, handed in once, judged blind by two, decided by a third where the two are far apart."""

from datetime import timedelta

import pytest

from quizapp import models
from quizapp.errors import Conflict, NotAllowed, NotFound, TooEarly, TooLate, Unreadable
from quizapp.rules import contest as rulebook
from quizapp.rules.contest import POINT
from quizapp.services import books, essays, tallies
from tests import make
from tests.make import CLOSES, OPENS, VAULT

DURING, AFTER = OPENS + timedelta(days=2), CLOSES + timedelta(minutes=1)
TEXT = "một hai ba bốn năm"
PART = rulebook.EssayPart(prompt=rulebook.Words("Vì sao?"), min_words=3, max_words=6, max_points=5, combine="ADD")


@pytest.fixture
def contest(session):
    rules = make.round_rules(kind="essay", essay=PART, prediction=None)
    made = make.contest(session, (rules,))
    hana = make.person(session, "hana")
    session.add(models.ContestRole(contest_id=made.id, person_id=hana.id, role="secretariat", given_at=make.MADE))
    session.flush()
    return made


@pytest.fixture
def row(contest):
    return contest.rounds[0]


@pytest.fixture
def hana(session):
    return session.query(models.Person).filter_by(name="Hana").one()


def judge(session, contest, number):
    made = models.Person(id=f"{number:032x}", name=f"Giám khảo {number}", password_hash="", made_at=make.MADE)
    session.add(made)
    session.flush()
    session.add(models.ContestRole(contest_id=contest.id, person_id=made.id, role="judge", given_at=make.MADE))
    session.flush()
    return made


def write(session, row, contestant, text=TEXT, now=DURING):
    return essays.hand_in(session, VAULT, row, contestant, text, now=now)


def many(session, contest, row, count):
    return [
        write(session, row, make.contestant(session, contest), f"{TEXT} số{n} x{n} y{n}"[:200].rsplit(" ", 2)[0])
        for n in range(count)
    ]


def draw(session, contest, row, hana, now=AFTER):
    return essays.assign(session, contest, row, hana.id, now=now, seed=b"s" * 32)


def say(session, contest, person, points, note="", which=0):
    given = essays.pile(session, contest, person.id)[which]
    essays.mark(session, contest, given, round(points * POINT), note, now=AFTER)
    return given.essay


# ── Writing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_is_kept_as_it_stands_and_counts_its_words(session, contest, row):
    ada = make.contestant(session, contest)
    essays.save(session, VAULT, row, ada, "một\r\nhai", now=DURING)
    later = DURING + timedelta(hours=1)
    draft = essays.save(session, VAULT, row, ada, "một hai ba", now=later)
    assert (draft.text, draft.words, draft.begun_at, draft.saved_at) == ("một hai ba", 3, DURING, later)
    assert draft.handed_in_at is None and session.query(models.Essay).count() == 1


def test_handing_in_is_once_and_for_good(session, contest, row):
    ada = make.contestant(session, contest)
    assert write(session, row, ada).handed_in_at == DURING
    with pytest.raises(Conflict, match="đã nộp"):
        essays.save(session, VAULT, row, ada, TEXT, now=DURING)
    with pytest.raises(Conflict):
        write(session, row, ada)


@pytest.mark.parametrize("text", ["một hai", "một hai ba bốn năm sáu bảy"])
def test_limits_hold_for_handing_in_not_for_the_draft(session, contest, row, text):
    ada = make.contestant(session, contest)
    with pytest.raises(Unreadable):
        write(session, row, ada, text)
    assert essays.save(session, VAULT, row, ada, text, now=DURING).text == text


def test_an_essay_sent_in_time_that_arrives_late_is_stamped_with_the_closing(session, contest, row):
    sent = write(session, row, make.contestant(session, contest), now=CLOSES + timedelta(seconds=1))
    assert sent.handed_in_at == CLOSES


@pytest.mark.parametrize(
    ("now", "refusal"), [(OPENS - timedelta(1), TooEarly), (CLOSES + timedelta(seconds=2), TooLate)]
)
def test_nothing_is_taken_outside_the_window(session, contest, row, now, refusal):
    ada = make.contestant(session, contest)
    assert essays.objection(session, VAULT, row, ada, now=now)
    with pytest.raises(refusal):
        essays.save(session, VAULT, row, ada, TEXT, now=now)


def test_whoever_may_not_take_part_may_not_write(session, contest, row):
    out = make.contestant(session, contest, status="EXCLUDED")
    assert essays.objection(session, VAULT, row, out, now=DURING)
    with pytest.raises(NotAllowed):
        essays.save(session, VAULT, row, out, TEXT, now=DURING)


def test_who_may_write_meets_no_objection(session, contest, row):
    assert essays.objection(session, VAULT, row, make.contestant(session, contest), now=DURING) == ""


def test_endless_text_is_refused(session, contest, row):
    with pytest.raises(Unreadable):
        essays.save(session, VAULT, row, make.contestant(session, contest), "a" * 100_001, now=DURING)


def test_a_round_without_an_essay_has_no_such_page(session):
    other = make.contest(session, slug="khac", overall=(rulebook.Overall(),))
    for row in other.rounds:
        with pytest.raises(NotFound):
            essays.part_of(row)


def test_drafts_that_keep_the_limits_are_handed_in_at_closing(session, contest, row, hana):
    fitting, short, gone = (make.contestant(session, contest) for _ in range(3))
    for who, text in ((fitting, TEXT), (short, "một"), (gone, TEXT)):
        essays.save(session, VAULT, row, who, text, now=DURING)
    gone.withdrawn_at = DURING
    assert essays.cut(session, row) == 1
    assert essays.find(session, row, fitting).handed_in_at == CLOSES
    assert essays.find(session, row, short).handed_in_at is essays.find(session, row, gone).handed_in_at is None
    assert session.query(models.Attempt).one().handed_in_by == "auto"


def test_where_attempts_may_finish_later_no_draft_is_cut(session):
    rules = make.round_rules(kind="essay", essay=PART, close_policy="FINISH")
    other = make.contest(session, (rules,), slug="khac")
    essays.save(session, VAULT, other.rounds[0], make.contestant(session, other), TEXT, now=DURING)
    assert essays.cut(session, other.rounds[0]) == 0


# ── Judging ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_judges_are_drawn_for_each_essay_and_the_draw_is_kept(session, contest, row, hana):
    for n in (1, 2, 3):
        judge(session, contest, n)
    many(session, contest, row, 6)
    assert draw(session, contest, row, hana) == 6
    given = session.query(models.EssayMark).all()
    assert len(given) == 12 and len({(one.essay_id, one.judge_id) for one in given}) == 12
    change = session.query(models.Change).filter_by(kind="essay").one()
    assert change.what["seed"] == (b"s" * 32).hex() and len(change.what["judges"]) == 3
    assert draw(session, contest, row, hana) == 0  # nobody is drawn twice


def test_judges_are_drawn_only_after_closing_and_only_two_or_more(session, contest, row, hana):
    judge(session, contest, 1)
    with pytest.raises(TooEarly):
        draw(session, contest, row, hana, now=DURING)
    with pytest.raises(Conflict, match="hai giám khảo"):
        draw(session, contest, row, hana)


def test_nobody_judges_their_own_essay(session, contest, row, hana):
    writer, *_ = (judge(session, contest, n) for n in (1, 2, 3))
    own = write(session, row, make.contestant(session, contest, who=writer))
    draw(session, contest, row, hana)
    assert writer.id not in {one.judge_id for one in session.query(models.EssayMark).filter_by(essay_id=own.id)}


def test_the_mean_of_two_marks_counts_and_is_then_settled(session, contest, row, hana):
    one, two = judge(session, contest, 1), judge(session, contest, 2)
    write(session, row, make.contestant(session, contest))
    draw(session, contest, row, hana)
    assert say(session, contest, one, 4.5, " rõ ràng ").mark is None
    say(session, contest, one, 4)  # one's own mark may be changed while it is open
    assert say(session, contest, two, 5).mark == round(4.5 * POINT)
    with pytest.raises(Conflict):
        say(session, contest, one, 3)
    assert essays.waiting(session, row) == 0
    noted = session.query(models.Change).filter_by(kind="essay").order_by(models.Change.id.desc()).first()
    assert noted.after == {"mark": 270, "third": False}


def test_marks_more_than_a_fifth_apart_call_a_third_judge_who_decides(session, contest, row, hana):
    judges = [judge(session, contest, n) for n in (1, 2, 3)]
    found = write(session, row, make.contestant(session, contest))
    draw(session, contest, row, hana)
    first = [one for one in judges if essays.pile(session, contest, one.id)]
    (last,) = [one for one in judges if one not in first]
    say(session, contest, first[0], 2)
    assert say(session, contest, first[1], 4.5).mark is None
    (task,) = essays.pile(session, contest, last.id)
    assert task.mark.third and task.is_open
    assert essays.overview(session, contest, row, {}).apart == 1
    say(session, contest, last, 3.1)
    assert found.mark == round(3.1 * POINT)


def test_without_a_third_judge_it_waits_until_there_is_one(session, contest, row, hana):
    one, two = judge(session, contest, 1), judge(session, contest, 2)
    write(session, row, make.contestant(session, contest))
    draw(session, contest, row, hana)
    say(session, contest, one, 1)
    say(session, contest, two, 5)
    assert essays.waiting(session, row) == 1
    three = judge(session, contest, 3)
    draw(session, contest, row, hana)
    assert say(session, contest, three, 4).mark == 4 * POINT


@pytest.mark.parametrize("value", [-6, 5 * POINT + 6, 15])
def test_a_mark_is_within_the_scale_and_in_tenths(session, contest, row, hana, value):
    one, _ = judge(session, contest, 1), judge(session, contest, 2)
    write(session, row, make.contestant(session, contest))
    draw(session, contest, row, hana)
    with pytest.raises(Unreadable):
        essays.mark(session, contest, essays.pile(session, contest, one.id)[0], value, "", now=AFTER)


def test_a_judge_finds_only_their_own_pile(session, contest, row, hana):
    judges = [judge(session, contest, n) for n in (1, 2, 3)]
    write(session, row, make.contestant(session, contest))
    draw(session, contest, row, hana)
    given = session.query(models.EssayMark).first()
    (other,) = [one for one in judges if not essays.pile(session, contest, one.id)]
    assert essays.task(session, contest, given.judge_id, given.id).mark is given
    for stranger in (other.id, hana.id, "f" * 32):
        with pytest.raises(NotFound):
            essays.task(session, contest, stranger, given.id)


def test_only_people_who_passed_the_gate_are_judged(session, hana_and_gate):
    contest, row, hana = hana_and_gate
    high, low, none = (make.contestant(session, contest) for _ in range(3))
    for who, points in ((high, 480), (low, 479)):
        session.add(models.Participation(round_id=row.id, contestant_id=who.id, best_points=points))
    session.flush()
    passed = write(session, row, high)
    for who in (low, none):
        write(session, row, who)
    assert draw(session, contest, row, hana) == 1
    assert {one.essay_id for one in session.query(models.EssayMark)} == {passed.id}
    seen = essays.overview(session, contest, row, {})
    assert (seen.handed_in, seen.below, seen.waits) == (3, 2, 1)


@pytest.fixture
def hana_and_gate(session):
    part = rulebook.EssayPart(prompt=rulebook.Words("Vì sao?"), min_words=3, max_words=6, essay_gate=8)
    made = make.contest(session, (make.round_rules(essay=part),))
    for n in (1, 2):
        judge(session, made, n)
    return made, made.rounds[0], make.person(session, "hana")


def test_near_identical_essays_are_named_to_the_judges_and_nothing_else_happens(session, contest, row, hana):
    for n in (1, 2):
        judge(session, contest, n)
    one, two, other = (
        write(session, row, make.contestant(session, contest), text)
        for text in (TEXT, TEXT.upper(), "chim bay về tổ khi chiều")
    )
    draw(session, contest, row, hana)
    assert (one.like, two.like, other.like) == (
        [{"essay": two.id, "percent": 100}],
        [{"essay": one.id, "percent": 100}],
        [],
    )
    assert essays.overview(session, contest, row, {}).near == [(one.id, two.id, 100)]
    assert one.handed_in_at and two.handed_in_at


def test_the_secretariat_sees_how_far_the_judges_are(session, contest, row, hana):
    one, two = judge(session, contest, 1), judge(session, contest, 2)
    many(session, contest, row, 2)
    essays.save(session, VAULT, row, make.contestant(session, contest), "một", now=DURING)
    names = {one.id: "Một", two.id: "Hai"}
    before = essays.overview(session, contest, row, names)
    assert (before.drafts, before.handed_in, before.undrawn, before.waits) == (1, 2, 2, 2)
    draw(session, contest, row, hana)
    say(session, contest, one, 4)
    say(session, contest, two, 4)
    seen = essays.overview(session, contest, row, names)
    assert (seen.undrawn, seen.marking, seen.apart, seen.decided) == (0, 1, 0, 1)
    assert seen.judges == [("Hai", 2, 1), ("Một", 2, 1)]


# ── Counting ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_round_that_is_nothing_but_an_essay_ranks_its_writers(session, contest, row, hana):
    one, two = judge(session, contest, 1), judge(session, contest, 2)
    first, second = make.contestant(session, contest, code="A"), make.contestant(session, contest, code="B")
    write(session, row, first)
    best = write(session, row, second, "chim bay về tổ khi chiều")
    make.contestant(session, contest, code="C")  # wrote nothing
    draw(session, contest, row, hana)
    for person in (one, two):
        for which, given in enumerate(list(essays.pile(session, contest, person.id))):
            points = 5 if given.essay.id == best.id else 4
            essays.mark(session, contest, given, points * POINT, "", now=AFTER + timedelta(seconds=which))
    row.state = "REVIEW"
    session.flush()
    assert [one.answered for one in books.book(session, VAULT, contest).rounds[0].sittings] == [1, 1]
    (result,) = tallies.whole(session, VAULT, contest).rounds
    assert [(line.rank, line.code, line.score // POINT, line.essay) for line in result.lines] == [
        (1, "B", 5, 300),
        (2, "A", 4, 240),
    ]
    assert (result.figures.people, result.figures.attempts) == (2, 2)


def test_beside_a_paper_an_essay_makes_no_second_attempt(session, hana_and_gate):
    contest, row, _ = hana_and_gate
    write(session, row, make.contestant(session, contest))
    assert session.query(models.Attempt).count() == 0
