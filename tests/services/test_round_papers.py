import json
from datetime import date, timedelta

import pytest

from quizapp import models
from quizapp.errors import Conflict
from quizapp.rules import contest as rulebook
from quizapp.rules import tree
from quizapp.rules.deal import NotEnough
from quizapp.rules.question import from_json
from quizapp.rules.show import Settings
from quizapp.rules.timing import GRACE
from quizapp.services import contests, quizzes, round_papers, shows, sittings
from quizapp.services.quizzes import Player, Wish
from tests import make

TICK = timedelta(microseconds=1)
ADA = Player(None, "a" * 32)
FIXED = rulebook.Paper(kind="fixed", questions=("huu-tri-003", "huu-tri-001"), question_points={"huu-tri-003": 4})


@pytest.fixture
def bank(session):
    return make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 21)))


def commit(session, contest, key=None, now=make.MADE):
    row = contest.rounds[0] if key is None else next(one for one in contest.rounds if one.key == key)
    return row, round_papers.commit(session, make.VAULT, contest, row, now=now)


def ids(rows):
    return [row.question_id for row in rows]


def drawn(**changes):
    return rulebook.Paper(blueprint=(rulebook.BlueprintLine(topic="huu-tri", count=5, points=2),), **changes)


# ── Committing ──


def test_a_fixed_paper_keeps_its_questions_in_their_order_as_they_read_now(session, bank):
    row, rows = commit(session, make.contest(session, (make.round_rules(paper=FIXED),)))
    assert [(one.question_id, one.position, one.points, one.version) for one in rows] == [
        ("huu-tri-003", 1, 4, 1),
        ("huu-tri-001", 2, 1, 1),
    ]
    assert from_json(rows[0].content) == bank[2].question
    assert row.paper_set_at == make.MADE


def test_every_question_has_a_salt_of_its_own_and_the_root_stands_for_all(session, bank):
    contest = make.contest(session, (make.round_rules(paper=drawn()),))
    row, rows = commit(session, contest)
    assert len({one.salt for one in rows}) == len(rows) == 20 and all(len(one.salt) == 16 for one in rows)
    before = row.paper_root
    leaves = [tree.leaf(round_papers.leaf(one)) for one in sorted(rows, key=lambda one: one.question_id)]
    assert before == tree.root(leaves).hex()
    commit(session, contest)
    assert len(row.paper_root) == 64 and row.paper_root != before


def test_a_leaf_holds_what_is_asked_with_its_key_and_salt_in_the_one_form(session, bank):
    _, (first, _) = commit(session, make.contest(session, (make.round_rules(paper=FIXED),)))
    kept = json.loads(round_papers.leaf(first))
    assert list(kept) == ["id", "key", "options", "points", "salt", "seconds", "source", "stem", "version"]
    assert (kept["id"], kept["key"], kept["points"], kept["version"]) == ("huu-tri-003", [1], 4, 1)
    assert len(kept["options"]) == 4 and len(kept["salt"]) == 22


def test_a_drawn_paper_keeps_the_bank_of_its_lines_with_their_points(session, bank):
    make.bank(session, make.question("om-dau-1", topic="om-dau"), topic="om-dau")
    _, rows = commit(session, make.contest(session, (make.round_rules(paper=drawn(), practice=False),)))
    assert ids(rows) == sorted(entry.question.id for entry in bank)
    assert {one.points for one in rows} == {2}


def test_only_what_is_the_law_on_the_day_of_opening_is_committed(session, bank):
    make.bank(
        session,
        make.question("huu-tri-new", in_force_from=date(2026, 3, 2)),
        make.question("huu-tri-old", in_force_to=date(2026, 3, 1)),
    )
    _, rows = commit(session, make.contest(session, (make.round_rules(paper=drawn(), practice=False),)))
    assert "huu-tri-new" in ids(rows) and "huu-tri-old" not in ids(rows)


def test_what_was_taken_out_of_use_is_not_committed(session, bank):
    session.get(models.Question, "huu-tri-001").state = "retired"
    session.get(models.Topic, "huu-tri").revision = "another"
    with pytest.raises(NotEnough) as refused:
        commit(session, make.contest(session, (make.round_rules(paper=FIXED),)))
    assert refused.value.unknown == ("huu-tri-001",)


def test_a_paper_may_be_set_again_before_the_opening_and_never_after(session, bank):
    contest = make.contest(session, (make.round_rules(paper=FIXED),))
    row, _ = commit(session, contest)
    _, again = commit(session, contest, now=make.OPENS - TICK)
    assert row.paper_set_at == make.OPENS - TICK and session.query(models.RoundQuestion).count() == len(again) == 2
    with pytest.raises(Conflict, match="đã mở"):
        commit(session, contest, now=make.OPENS)


def test_an_open_round_without_a_paper_gets_one(session, bank):
    row, _ = commit(session, make.contest(session, (make.round_rules(paper=FIXED),)), now=make.OPENS)
    assert row.paper_set_at == make.OPENS


def test_the_clock_commits_what_opens_within_a_day(session, bank):
    contest = make.contest(session, 2)
    first, second = contest.rounds
    early = make.OPENS - round_papers.LEAD
    assert round_papers.due(session, now=early - TICK) == []
    assert round_papers.due(session, now=early) == [first]
    assert round_papers.commit_due(session, make.VAULT, now=early) == []
    assert first.paper_root and not second.paper_root and round_papers.due(session, now=early) == []
    assert round_papers.due(session, now=make.CLOSES + timedelta(days=7)) == []


def test_the_clock_names_the_rounds_that_the_bank_cannot_fill_and_goes_on(session, bank):
    short = make.round_rules("thieu", paper=rulebook.Paper(questions=("khong-co",), kind="fixed"))
    contest = make.contest(session, (short, make.round_rules("du", paper=FIXED)))
    assert [row.key for row in round_papers.commit_due(session, make.VAULT, now=make.OPENS)] == ["thieu"]
    assert [row.paper_root is not None for row in contest.rounds] == [False, True]


def test_drafts_and_essays_wait_for_somebody_else(session, bank):
    make.contest(session, 1, "ban-nhap", published=False)
    prompt = rulebook.EssayPart(prompt=rulebook.Words("Hãy viết"))
    make.contest(session, (make.round_rules(kind="essay", essay=prompt),), "tu-luan")
    assert round_papers.due(session, now=make.OPENS) == []


# ── Live rounds ──


def live(key="truc-tiep", reserves=2, paper=None, **changes):
    part = rulebook.LivePart(questions=5, reserves=reserves, **changes)
    return make.round_rules(key, kind="live", live=part, paper=paper or drawn())


def test_a_live_round_keeps_the_paper_itself_with_reserves_behind(session, bank):
    contest = make.contest(session, (live(),))
    assert round_papers.due(session, now=make.OPENS) == contest.rounds
    row, rows = commit(session, contest)
    assert [one.position for one in rows] == [1, 2, 3, 4, 5, 6, 7]
    assert [one.reserve for one in rows] == [False] * 5 + [True] * 2
    assert len(set(ids(rows))) == 7 and {one.points for one in rows} == {2}
    assert len(round_papers.of_round(session, row, contest_paper(contest)).asked) == 5


def test_everybody_deals_the_same_live_paper_again(session, bank):
    contest = make.contest(session, (live(),))
    assert ids(commit(session, contest)[1]) == ids(commit(session, contest)[1])


def test_a_live_round_asks_what_no_other_round_asks_while_the_bank_lasts(session, bank):
    contest = make.contest(session, (live("phan-1"), live("phan-2"), live("phan-3", reserves=9)))
    first, second, third = (ids(commit(session, contest, key)[1]) for key in ("phan-1", "phan-2", "phan-3"))
    assert not set(first) & set(second) and len({*first, *second}) == 14
    assert len(third) == 6 and not {*first, *second} & set(third)  # six were left: five and one reserve
    fourth = make.contest(session, (live("phan-4", reserves=0),), "them")
    assert len(ids(commit(session, fourth)[1])) == 5  # nothing is left, so what is known must do


def test_a_paper_that_a_room_plays_stays(session, bank):
    contest = make.contest(session, (live(),))
    row, _ = commit(session, contest)
    session.add(models.Show(code="123456", title="", round_id=row.id, settings={}, seed=b"", made_at=make.MADE))
    row.paper_set_at = None  # as when the rulebook changes its paper
    session.flush()
    assert round_papers.due(session, now=make.OPENS) == []
    with pytest.raises(Conflict, match="đã lập"):
        commit(session, contest)


def contest_paper(contest):
    return contests.settings(contest).rounds[0].paper


# ── What is asked ──


def test_the_committed_questions_are_read_once_and_stay_as_they_were(session, bank):
    contest = make.contest(session, (make.round_rules(paper=FIXED),))
    row, _ = commit(session, contest)
    committed = round_papers.of_round(session, row, FIXED)
    assert list(committed.asked) == ["huu-tri-003", "huu-tri-001"]
    assert committed.asked["huu-tri-003"].points == 4
    assert round_papers.of_round(session, row, FIXED) is committed
    commit(session, contest)
    assert round_papers.of_round(session, row, FIXED) is not committed


def test_only_so_many_rounds_are_kept_in_memory(session, bank, monkeypatch):
    monkeypatch.setattr(round_papers, "_ROUNDS_KEPT", 1)
    monkeypatch.setattr(round_papers, "_kept", {})
    for slug in ("mot", "hai"):
        row, _ = commit(session, make.contest(session, (make.round_rules(paper=FIXED),), slug))
        round_papers.of_round(session, row, FIXED)
    assert len(round_papers._kept) == 1


# ── What practice must not deal ──


def practise(session, now):
    attempt, _ = quizzes.start(session, Wish("huu-tri", 30, "practice"), ADA, now=now)
    return {place["q"] for place in attempt.paper}


def test_practice_deals_no_question_of_a_round_to_come_or_open(session, bank):
    row, rows = commit(session, make.contest(session, (make.round_rules(paper=drawn(questions=("huu-tri-001",) * 0)),)))
    for moment in (make.MADE, make.OPENS, make.CLOSES, make.CLOSES + GRACE):
        assert round_papers.withheld(session, now=moment) == set(ids(rows))
    row.cut_at = make.CLOSES + GRACE
    session.flush()
    assert round_papers.withheld(session, now=make.CLOSES + GRACE) == frozenset()


def test_what_a_round_leaves_free_is_practised_meanwhile_and_everything_afterwards(session, bank):
    lines = (rulebook.BlueprintLine(topic="huu-tri", count=2),)
    _, rows = commit(session, make.contest(session, (make.round_rules(paper=rulebook.Paper(blueprint=lines)),)))
    everything = {entry.question.id for entry in bank}
    assert practise(session, make.OPENS) == everything - set(ids(rows))
    sittings.end_rounds(session, now=make.CLOSES + GRACE)
    assert practise(session, make.CLOSES + GRACE) == everything


def test_practising_what_was_wrong_leaves_out_what_a_contest_took_since(session, bank):
    attempt, _ = quizzes.start(session, Wish("huu-tri", 20, "practice"), ADA, now=make.MADE)
    quizzes.hand_in(session, attempt, now=make.MADE)
    commit(session, make.contest(session, (make.round_rules(paper=FIXED),)))
    again = quizzes.practise_again(session, attempt, ADA, now=make.MADE)
    assert {place["q"] for place in again.paper}.isdisjoint(FIXED.questions) and len(again.paper) == 18


def test_drafts_and_rehearsals_take_nothing_from_practice(session, bank):
    commit(session, make.contest(session, (make.round_rules(paper=FIXED),), "nhap", published=False))
    rehearsal = make.contest(session, (make.round_rules(paper=FIXED),), "tap-duot")
    rehearsal.rehearsal = True
    commit(session, rehearsal)
    assert round_papers.withheld(session, now=make.MADE) == frozenset()


def test_a_round_may_look_past_its_own_questions(session, bank):
    row, _ = commit(session, make.contest(session, (make.round_rules(paper=FIXED),)))
    assert round_papers.withheld(session, now=make.MADE, but=row.id) == frozenset()


def test_a_free_room_puts_no_question_of_a_contest(session, bank):
    commit(session, make.contest(session, (make.round_rules(paper=FIXED),)))
    room = shows.from_bank(session, "huu-tri", 20, "", Settings(), now=make.MADE)
    assert {turn.question_id for turn in room.turns} == {e.question.id for e in bank} - set(FIXED.questions)
