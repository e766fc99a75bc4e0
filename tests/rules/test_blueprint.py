"""What a blueprint draws, from what, and when the bank does not do."""

from datetime import date

import pytest

from quizapp.rules import blueprint
from quizapp.rules.blueprint import Blueprint, Line, Pool, TooFew, ample, draw, pools, seed_of, version
from quizapp.rules.draw import Stream, pick
from tests import make

DAY = date(2026, 3, 2)
SEED = seed_of("Hội thi 2026")
BANK = [
    make.question(f"{topic}-{level}-{n:02}", topic=topic, difficulty=level)
    for topic in ("huu-tri", "bhxh-tu-nguyen")
    for level in ("know", "apply")
    for n in range(8)
]
PLAN = Blueprint((Line("huu-tri", "know", 3), Line("bhxh-tu-nguyen", "apply", 2)))


def ids(questions):
    return [question.id for question in questions]


def test_every_line_gives_its_number_of_questions():
    drawn = draw(BANK, PLAN, SEED, on=DAY)
    assert [(one.topic, one.difficulty) for one in drawn] == [("huu-tri", "know")] * 3 + [
        ("bhxh-tu-nguyen", "apply")
    ] * 2
    assert len(set(ids(drawn))) == PLAN.count == 5


def test_the_draw_follows_the_published_label():
    sorted_pool = sorted(f"huu-tri-know-{n:02}" for n in range(8))
    assert ids(draw(BANK, PLAN, SEED, on=DAY))[:3] == pick(sorted_pool, 3, Stream(SEED, "pick/huu-tri/know"))


def test_the_same_seed_draws_the_same_whatever_the_order_of_the_bank():
    assert draw(BANK[::-1], PLAN, SEED, on=DAY) == draw(BANK, PLAN, SEED, on=DAY)
    assert draw(BANK, PLAN, seed_of("khác"), on=DAY) != draw(BANK, PLAN, SEED, on=DAY)


def test_a_line_that_cannot_be_filled_is_refused_and_named():
    plan = Blueprint((Line("huu-tri", "know", 9), Line("huu-tri", "apply", 8)))
    with pytest.raises(TooFew) as refused:
        draw(BANK, plan, SEED, on=DAY)
    assert [pool.missing for pool in refused.value.pools] == [1, 0]


def test_only_what_is_the_law_on_the_day_and_of_a_wanted_kind_is_in_the_pool():
    later = make.question("moi", in_force_from=date(2026, 7, 1))
    number = make.question("so", kind="number", key=(15,))
    plan = Blueprint((Line("huu-tri", "know", 1),), kinds=("one",))
    assert pools([later, number, make.question()], plan, on=DAY) == (Pool(plan.lines[0], 1),)
    assert pools([later, number], plan, on=date(2026, 7, 1))[0].size == 1


def test_a_family_counts_once_and_gives_one_variant():
    variants = [make.question(f"ho.{n}", family="ho") for n in range(12)]
    plan = Blueprint((Line("huu-tri", "know", 2),))
    assert pools(variants, plan, on=DAY)[0].size == 1
    drawn = draw([*variants, make.question()], plan, SEED, on=DAY)
    assert sorted(one.item for one in drawn) == ["ho", "huu-tri-001"]
    assert {draw(variants, Blueprint((Line("huu-tri", "know", 1),)), seed_of(str(n)), on=DAY)[0].id for n in range(40)}


def test_a_bank_under_five_times_the_paper_is_not_ample():
    line = Line("huu-tri", "know", 2)
    assert Pool(line, 10).ample and not Pool(line, 9).ample
    assert ample([Pool(line, 19), Pool(line, 1)]) and not ample([Pool(line, 10), Pool(line, 9)])


def test_versions_have_the_same_questions_in_other_orders():
    drawn = draw(BANK, PLAN, SEED, on=DAY)
    first, second = version(drawn, SEED, "101"), version(drawn, SEED, "102")
    assert sorted(ids(place.question for place in first)) == sorted(ids(drawn))
    assert [(p.question.id, p.options) for p in first] != [(p.question.id, p.options) for p in second]
    assert version(drawn, SEED, "101") == first


def test_a_kept_blueprint_comes_back_as_it_was():
    plan = Blueprint(PLAN.lines, ("one", "truefalse"))
    assert blueprint.from_json(blueprint.to_json(plan)) == plan
