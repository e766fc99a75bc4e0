"""The fit gives back what simulated people and questions were made of, and small cases worked by hand."""

from math import log

import numpy as np
import pytest

from quizapp.rules import rasch
from quizapp.rules.items import Response, Sheet
from quizapp.rules.rasch import fit


def sheet(id, marks):
    """One person's sheet: item → right or wrong."""
    return Sheet(id, len(marks), tuple(Response(item, (0,), bool(mark)) for item, mark in marks.items()))


def simulated(people=600, items=40, dealt=20, seed=7):
    """People whose abilities and questions whose difficulties are known, each dealt a drawn paper."""
    chance = np.random.default_rng(seed)
    ability = chance.normal(0.3, 1.1, people)
    difficulty = np.linspace(-2, 2, items)
    sheets = []
    for n in range(people):
        paper = chance.choice(items, dealt, replace=False)
        right = chance.random(dealt) < 1 / (1 + np.exp(difficulty[paper] - ability[n]))
        sheets.append(sheet(n, {f"q{i:02}": mark for i, mark in zip(paper, right, strict=True)}))
    return sheets, ability, {f"q{i:02}": difficulty[i] for i in range(items)}


def test_two_questions_differ_by_the_logarithm_of_their_odds():
    # 30 people got only a right, 10 only b: the exact conditional estimate of the difference is ln 3.
    found = fit([sheet(n, {"a": n < 30, "b": n >= 30}) for n in range(40)])
    assert found.items["b"].logits - found.items["a"].logits == pytest.approx(log(3), abs=1e-4)
    assert found.items["a"].logits + found.items["b"].logits == pytest.approx(0)
    assert found.converged


def test_what_the_simulation_was_made_of_is_found_again():
    sheets, ability, difficulty = simulated()
    found = fit(sheets)
    apart = np.array([found.items[item].logits - true for item, true in difficulty.items()])
    assert np.abs(apart - apart.mean()).mean() < 0.12
    assert np.corrcoef([found.items[i].logits for i in difficulty], list(difficulty.values()))[0, 1] > 0.99
    known = list(found.people)
    assert np.corrcoef([found.people[n].logits for n in known], ability[known])[0, 1] > 0.85
    assert found.converged and 0.7 < found.reliability < 0.9


def test_standard_errors_say_how_far_the_measures_are_off():
    sheets, _, difficulty = simulated()
    found = fit(sheets)
    off = [(found.items[item].logits - true) / found.items[item].error for item, true in difficulty.items()]
    off = np.array(off) - np.mean(off)
    assert 0.6 < np.std(off) < 1.4


def test_answers_that_follow_the_model_fit_and_guesses_do_not():
    sheets, _, _ = simulated()
    fits = fit(sheets).items.values()
    assert np.mean([one.infit for one in fits]) == pytest.approx(1, abs=0.05)
    assert np.mean([one.outfit for one in fits]) == pytest.approx(1, abs=0.1)
    chance = np.random.default_rng(3)
    guessed = [
        Sheet(s.id, s.of + 1, (*s.responses, Response("guess", (0,), bool(chance.random() < 0.5)))) for s in sheets
    ]
    found = fit(guessed).items
    assert found["guess"].infit > 1.15 and found["guess"].outfit > 1.2


def test_what_everybody_or_nobody_got_right_is_left_out_and_people_likewise():
    sheets, _, _ = simulated(people=200, items=12, dealt=12)
    more = [Sheet(s.id, s.of + 1, (*s.responses, Response("gift", (0,), True))) for s in sheets]
    more.append(sheet("ace", {f"q{i:02}": True for i in range(12)}))
    found = fit(more)
    assert "gift" not in found.items and "ace" not in found.people
    assert len(found.items) == 12


def test_an_item_that_few_people_met_is_left_out():
    sheets, _, _ = simulated(people=100, items=10, dealt=8)
    rare = [Sheet(s.id, 9, (*s.responses, Response("rare", (0,), n % 2 == 0))) for n, s in enumerate(sheets[:9])]
    assert "rare" not in fit([*rare, *sheets[9:]]).items
    assert "rare" in fit([*rare, *sheets[9:]], fewest=9).items


def test_of_groups_that_nobody_connects_only_the_largest_is_measured():
    sheets, _, _ = simulated(people=200, items=12, dealt=8)
    island = [sheet(f"i{n}", {"x": n < 30, "y": n >= 30}) for n in range(40)]
    found = fit([*sheets, *island])
    assert {"x", "y"}.isdisjoint(found.items) and len(found.items) == 12


@pytest.mark.parametrize("sheets", [[], [sheet("a", {"q": 1})], [sheet(n, {"a": 1, "b": 0}) for n in range(20)]])
def test_where_nothing_can_be_measured_nothing_is(sheets):
    found = fit(sheets)
    assert (found.items, found.people, found.reliability) == ({}, {}, None)


def test_people_who_do_not_differ_have_no_reliability():
    alike = fit([sheet(n, {"a": n % 2, "b": not n % 2}) for n in range(40)])
    assert alike.reliability is None
    assert rasch._reliability([]) is None


def test_a_fit_that_runs_out_of_steps_says_so(monkeypatch):
    monkeypatch.setattr(rasch, "STEPS", 1)
    assert not fit(simulated(people=100, items=10, dealt=8)[0]).converged
