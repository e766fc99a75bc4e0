"""The wheel of a lucky draw shows what was drawn."""

from quizapp.rules import lots
from quizapp.rules.lots import Source
from quizapp.rules.wheel import MOST_FIELDS, wheel


def drawn(people, winners, reserves=0):
    codes = [f"{n:010}" for n in range(people)]
    source = Source(kind="balls", named="4", out_us=2), Source(kind="beacon", named="12345678", out_us=2)
    plan = lots.plan("hoi-thi", "may-man", codes, winners=winners, reserves=reserves, sources=source, now_us=1)
    return plan, lots.hold(plan, ["balls:4-17-3-9", "beacon:12345678:" + "ab" * 32])


def test_everybody_stands_on_it_while_they_fit():
    plan, result = drawn(10, 2, 3)
    found = wheel(plan, result)
    assert (found.codes, found.of) == (plan.codes, 10)
    assert tuple(found.codes[place] for place in found.winners) == result.winners
    assert tuple(found.codes[place] for place in found.reserves) == result.reserves


def test_of_many_all_winners_and_others_from_the_whole_list():
    plan, result = drawn(1000, 20, 30)
    found = wheel(plan, result)
    assert (len(found.codes), found.of) == (MOST_FIELDS, 1000)
    assert tuple(found.codes[place] for place in found.winners) == result.winners
    assert len(found.reserves) == 10
    others = set(found.codes) - {*result.winners, *result.reserves}
    assert min(others) < "0000000200" and max(others) > "0000000800"


def test_more_winners_than_fields_still_all_stand_on_it():
    plan, result = drawn(200, 60)
    assert len(wheel(plan, result).codes) == 60
