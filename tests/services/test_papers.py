"""Papers are drawn once, stay what they were, and show their keys to few."""

import pytest

from quizapp.errors import NotAllowed, NotFound, Unreadable
from quizapp.models import StaffDeed
from quizapp.rules import blueprint
from quizapp.rules.blueprint import Blueprint, Line, TooFew
from quizapp.rules.paper import MIX
from quizapp.services import papers
from quizapp.services.papers import Viewer, Wish
from tests import make

PLAN = Blueprint((Line("huu-tri", "know", 3),))


@pytest.fixture
def people(session):
    """Who asks for papers; the bank has six questions."""
    make.bank(session, *(make.question(f"huu-tri-{n:03}") for n in range(1, 7)))
    return {
        who: Viewer(make.person(session, who, roles=roles).id, frozenset(roles))
        for who, roles in (("hana", ["organizer"]), ("otto", ["reviewer"]), ("mallory", ["organizer"]))
    }


def draw(session, author, now, **changes):
    wish = Wish(**{"title": "Vòng loại", "blueprint": PLAN, "seed": "KH-2026", "versions": 2, **changes})
    return papers.draw(session, wish, author.person_id, now=now)


def test_the_same_seed_draws_the_same_paper_and_the_log_says_who_did(session, people, now):
    one, two = draw(session, people["hana"], now), draw(session, people["otto"], now, title="Lần hai")
    assert one.questions == two.questions and len(one.questions) == 3
    assert one.codes == ["101", "102"] and one.drawn_on == "2026-03-02"
    assert draw(session, people["hana"], now, seed="khác").questions != one.questions
    assert [deed.deed for deed in session.query(StaffDeed)].count("paper.draw") == 3


def test_a_paper_keeps_the_wording_it_was_drawn_with(session, people, now):
    paper = draw(session, people["hana"], now)
    row = session.query(papers.banks.models.Question).filter_by(id=paper.questions[0]["q"]).one()
    row.version, row.state = 2, "retired"
    session.flush()
    assert [question.id for question in papers.questions(session, paper)] == [kept["q"] for kept in paper.questions]
    assert papers.day(paper).isoformat() == paper.drawn_on


def test_versions_have_the_same_questions_and_unknown_codes_are_refused(session, people, now):
    paper = draw(session, people["hana"], now)
    first, second = (papers.version(session, paper, code) for code in ("101", "102"))
    assert {place.question.id for place in first} == {place.question.id for place in second}
    assert first != second
    with pytest.raises(NotFound):
        papers.version(session, paper, "103")


def test_what_the_bank_cannot_fill_is_refused(session, people, now):
    with pytest.raises(TooFew):
        draw(session, people["hana"], now, blueprint=Blueprint((Line("huu-tri", "know", 7),)))
    with pytest.raises(NotFound):
        draw(session, people["hana"], now, blueprint=Blueprint((Line("khong-co", "know", 1),)))


@pytest.mark.parametrize(
    "changes",
    [
        {"blueprint": Blueprint(())},
        {"blueprint": Blueprint((Line("huu-tri", "know", blueprint.MOST + 1),))},
        {"title": ""},
        {"seed": ""},
        {"versions": 0},
        {"versions": papers.MOST_VERSIONS + 1},
    ],
)
def test_a_wish_without_sense_is_refused(session, people, now, changes):
    with pytest.raises(Unreadable):
        draw(session, people["hana"], now, **changes)


def test_an_organizer_sees_only_their_own_papers_and_reviewers_see_all(session, people, now):
    paper = draw(session, people["hana"], now)
    assert papers.find(session, paper.id, people["hana"]) is paper is papers.find(session, paper.id, people["otto"])
    with pytest.raises(NotFound):
        papers.find(session, paper.id, people["mallory"])
    with pytest.raises(NotFound):
        papers.find(session, "khong-co", people["otto"])
    assert [(one.paper, one.author, one.questions) for one in papers.of_viewer(session, people["otto"])] == [
        (paper, "Hana", 3)
    ]
    assert papers.of_viewer(session, people["hana"])[0].paper is paper
    assert papers.of_viewer(session, people["mallory"]) == []


def test_the_key_is_for_reviewers_and_every_look_is_written_down(session, people, now):
    paper = draw(session, people["hana"], now)
    assert papers.key(session, paper, "101", people["otto"], now=now) == papers.version(session, paper, "101")
    assert session.query(StaffDeed).filter_by(deed="paper.key").one().after == {"title": "Vòng loại", "code": "101"}
    with pytest.raises(NotAllowed):
        papers.key(session, paper, "101", people["hana"], now=now)


def test_a_discarded_paper_is_gone_but_can_be_drawn_again(session, people, now):
    paper = draw(session, people["hana"], now)
    drawn = paper.questions
    papers.discard(session, paper, people["hana"].person_id, now=now)
    assert papers.of_viewer(session, people["otto"]) == []
    deed = session.query(StaffDeed).filter_by(deed="paper.discard").one()
    assert draw(session, people["hana"], now, seed=deed.before["seed"]).questions == drawn


def test_people_practise_the_topic_of_the_paper_or_the_mix(session, people, now):
    assert papers.topic(draw(session, people["hana"], now)) == "huu-tri"
    make.bank(session, make.question("bhxh-tu-nguyen-001", topic="bhxh-tu-nguyen"), topic="bhxh-tu-nguyen")
    both = Blueprint((*PLAN.lines, Line("bhxh-tu-nguyen", "know", 1)))
    assert papers.topic(draw(session, people["hana"], now, blueprint=both)) == MIX


def test_the_pools_say_how_much_the_bank_holds(session, people, now):
    (pool,) = papers.pools(session, PLAN, now=now)
    assert (pool.size, pool.missing) == (6, 0)
