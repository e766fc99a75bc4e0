from datetime import date

import pytest

from quizapp.rules import live_paper
from quizapp.rules.contest import BlueprintLine, LivePart, Paper
from quizapp.rules.deal import NotEnough
from tests import make

SEED = b"s" * 32
DAY = date(2026, 3, 2)
BANK = [make.question(f"huu-tri-{n:03}") for n in range(1, 11)]
OTHER = [make.question(f"om-dau-{n:03}", topic="om-dau") for n in range(1, 4)]
DRAWN = Paper(blueprint=(BlueprintLine(topic="huu-tri", count=4),))
FIXED = Paper(kind="fixed", questions=("huu-tri-009", "huu-tri-002"))


def choose(paper=DRAWN, bank=(*BANK, *OTHER), seed=SEED, **live):
    return live_paper.choose(paper, LivePart(**live), bank, seed, on=DAY)


def ids(questions):
    return [one.id for one in questions]


def test_a_drawn_paper_is_dealt_once_for_all_and_follows_from_the_seed():
    found = choose(reserves=3)
    assert found == choose(reserves=3, bank=tuple(reversed((*BANK, *OTHER))))
    assert found != choose(reserves=3, seed=b"t" * 32)
    assert len(found.asked) == 4 and len(found.reserves) == 3
    assert len({*ids(found.asked), *ids(found.reserves)}) == 7
    assert {one.topic for one in (*found.asked, *found.reserves)} == {"huu-tri"}


def test_a_fixed_paper_is_asked_as_it_is_listed_and_finds_reserves_in_its_topics():
    found = choose(FIXED, reserves=2)
    assert ids(found.asked) == ["huu-tri-009", "huu-tri-002"]
    assert len(found.reserves) == 2 and not set(ids(found.reserves)) & set(ids(found.asked))
    assert {one.topic for one in found.reserves} == {"huu-tri"}


def test_a_reserve_is_no_longer_the_law_no_more_than_a_question():
    old = make.question("huu-tri-100", in_force_to=date(2026, 3, 1))
    assert choose(FIXED, bank=(BANK[8], BANK[1], old), reserves=1).reserves == ()


def test_there_are_fewer_reserves_where_the_bank_has_no_more():
    assert len(choose(bank=BANK[:5], reserves=9).reserves) == 1


def test_no_reserve_is_a_sibling_of_a_question_that_is_asked():
    siblings = [make.question(f"huu-tri-{n:03}", family="ho") for n in range(20, 24)]
    found = choose(Paper(blueprint=(BlueprintLine(topic="huu-tri", count=1),)), bank=siblings, reserves=3)
    assert len(found.asked) == 1 and found.reserves == ()


def test_nearest_asks_for_numbers_only():
    number = make.question("huu-tri-050", kind="number", key=(15,), options=0)
    one = Paper(blueprint=(BlueprintLine(topic="huu-tri", count=1),))
    assert ids(choose(one, bank=(*BANK, number), scoring="NEAREST", reserves=2).asked) == ["huu-tri-050"]
    with pytest.raises(NotEnough):
        choose(scoring="NEAREST")


def test_options_stand_in_one_drawn_order_or_as_they_were_written():
    orders = {live_paper.option_order(DRAWN, one, SEED) for one in BANK}
    assert len(orders) > 1 and all(sorted(order) == [0, 1, 2, 3] for order in orders)
    plain = Paper(kind="fixed", shuffle_options=False)
    assert live_paper.option_order(plain, BANK[0], SEED) == (0, 1, 2, 3)
