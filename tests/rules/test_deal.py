"""What a round commits, and what each contestant is dealt from it."""

from datetime import date

import pytest

from quizapp.errors import Conflict
from quizapp.rules import deal
from quizapp.rules.contest import BlueprintLine, Paper
from quizapp.rules.deal import NotEnough
from quizapp.rules.draw import Stream, pick, shuffle
from tests import make

DAY = date(2026, 3, 2)
S = b"S" * 32
A = bytes.fromhex("ff5a6ce28366842e94e5ff3146f04ac4df5726e778bd98e69653a0f8bc66798a")  # of fairness §11
BANK = [
    make.question(f"{topic}-{level}-{n:02}", topic=topic, difficulty=level)
    for topic in ("huu-tri", "om-dau")
    for level in ("know", "apply")
    for n in range(20)
]
HUU_TRI = sorted(one.id for one in BANK if one.topic == "huu-tri")


def line(topic="huu-tri", count=3, **changes):
    return BlueprintLine(topic=topic, count=count, **changes)


def ids(questions):
    return [question.id for question in questions]


def dealt(rules, questions=BANK, seed=A):
    return deal.deal(deal.bank(rules, questions), seed)


def committed(rules, approved=BANK, *, spare=False, on=DAY):
    return deal.committed(rules, approved, S, on=on, spare=spare)


# ── Dealing ──


def test_a_line_without_difficulty_draws_by_its_topics_label_from_the_bank_sorted_by_id():
    places = dealt(Paper(blueprint=(line(count=5),)), BANK[::-1])
    drawn = pick(HUU_TRI, 5, Stream(A, "pick/huu-tri"))
    assert [place.question.id for place in places] == shuffle(drawn, Stream(A, "questions"))


def test_a_line_with_difficulty_draws_by_a_label_that_names_it():
    places = dealt(Paper(blueprint=(line(difficulty="apply"), line("om-dau", 2)), shuffle_questions=False))
    apply = [id for id in HUU_TRI if "apply" in id]
    assert [place.question.id for place in places[:3]] == pick(apply, 3, Stream(A, "pick/huu-tri/apply"))
    assert {place.question.topic for place in places[3:]} == {"om-dau"}


def test_options_stand_in_the_order_that_the_vectors_give():
    asked = [make.question("7"), make.question("8")]
    places = dealt(Paper(kind="fixed", questions=("7", "8"), shuffle_questions=False), asked)
    assert [place.options for place in places] == [(0, 3, 2, 1), (2, 1, 0, 3)]


def test_a_family_is_one_item_and_its_variant_is_picked_by_its_own_label():
    variants = [make.question(f"ho.{n}", family="ho") for n in range(1, 9)]
    (place,) = dealt(Paper(blueprint=(line(count=1),)), variants)
    assert place.question.id == pick(ids(variants), 1, Stream(A, "variant/ho"))[0]


def test_a_fixed_paper_deals_its_questions_in_order_where_nothing_is_shuffled():
    rules = Paper(kind="fixed", questions=("b", "a"), shuffle_questions=False, shuffle_options=False)
    places = dealt(rules, [make.question("b"), make.question("a")])
    assert [(place.question.id, place.options) for place in places] == [("b", (0, 1, 2, 3)), ("a", (0, 1, 2, 3))]


def test_another_seed_deals_another_paper_and_the_same_seed_the_same():
    rules = Paper(blueprint=(line(count=10),))
    assert dealt(rules) == dealt(rules)
    assert dealt(rules) != dealt(rules, seed=b"B" * 32)


# ── Committing ──


def test_without_practice_the_whole_bank_that_fits_the_lines_is_committed():
    rules = Paper(blueprint=(line(count=2),))
    assert ids(committed(rules)) == HUU_TRI


def test_practice_keeps_at_most_half_of_a_line():
    rules = Paper(blueprint=(line(count=2),))
    kept = committed(rules, spare=True)
    assert len(kept) == 20 and set(ids(kept)) < set(HUU_TRI)
    assert committed(rules, BANK[::-1], spare=True) == kept


@pytest.mark.parametrize(("count", "bank", "kept"), [(2, 0, 20), (6, 0, 30), (9, 0, 40), (2, 36, 36), (2, 1, 20)])
def test_practice_gets_nothing_that_a_draw_needs(count, bank, kept):
    assert len(committed(Paper(blueprint=(line(count=count),), bank=bank), spare=True)) == kept


def test_a_listed_bank_is_committed_whole_and_alone():
    rules = Paper(blueprint=(line(count=2),), questions=tuple(HUU_TRI[:5]))
    assert ids(committed(rules, spare=True)) == HUU_TRI[:5]


def test_a_fixed_paper_commits_its_questions_in_their_order():
    rules = Paper(kind="fixed", questions=(HUU_TRI[3], HUU_TRI[0]))
    assert ids(committed(rules)) == [HUU_TRI[3], HUU_TRI[0]]


def test_all_variants_of_a_family_are_committed_together():
    variants = [make.question(f"ho.{n}", family="ho") for n in range(12)]
    kept = committed(Paper(blueprint=(line(count=1),)), [*variants, *BANK], spare=True)
    assert len({one.item for one in kept}) == 21
    assert len([one for one in kept if one.family]) in (0, 12)


def test_a_bank_that_cannot_fill_a_line_is_refused_and_the_line_named():
    with pytest.raises(NotEnough) as refused:
        committed(Paper(blueprint=(line(count=41), line("om-dau", 1))))
    assert [(pool.line.topic, pool.missing) for pool in refused.value.pools] == [("huu-tri", 1), ("om-dau", 0)]


def test_a_bank_under_what_the_rulebook_promises_is_refused():
    with pytest.raises(NotEnough):
        committed(Paper(blueprint=(line(count=2),), bank=41))


@pytest.mark.parametrize("kind", ["fixed", "drawn"])
def test_a_listed_question_that_is_not_approved_or_not_the_law_is_refused_by_name(kind):
    later = make.question("moi", in_force_from=date(2026, 7, 1))
    rules = Paper(kind=kind, blueprint=(line(count=1),), questions=(HUU_TRI[0], "moi", "khong-co"))
    with pytest.raises(NotEnough) as refused:
        committed(rules, [*BANK, later])
    assert refused.value.unknown == ("moi", "khong-co")


@pytest.mark.parametrize(
    "rules",
    [
        Paper(blueprint=(line(), line())),
        Paper(blueprint=(line(), line(difficulty="know"))),
        Paper(blueprint=(line(difficulty="know"), line(difficulty="know"))),
        Paper(kind="fixed", questions=(HUU_TRI[0], HUU_TRI[0])),
    ],
)
def test_nothing_may_come_twice_on_one_paper(rules):
    with pytest.raises(Conflict):
        committed(rules)


def test_lines_of_one_topic_with_different_levels_are_no_overlap():
    assert len(committed(Paper(blueprint=(line(difficulty="know"), line(difficulty="apply"))))) == 40


def test_a_paper_without_lines_commits_nothing():
    assert committed(Paper()) == []


# ── Points ──


def test_points_follow_the_line_or_the_question():
    drawn = Paper(blueprint=(line(difficulty="apply", points=3), line("om-dau", points=2)))
    of = {one.id: one for one in BANK}
    assert deal.points_of(drawn, of["huu-tri-apply-01"]) == 3
    assert deal.points_of(drawn, of["om-dau-know-01"]) == 2
    fixed = Paper(kind="fixed", points=5, question_points={"huu-tri-know-00": 7})
    assert deal.points_of(fixed, of["huu-tri-know-00"]) == 7
    assert deal.points_of(fixed, of["huu-tri-know-01"]) == 5


def test_a_bank_under_five_times_the_paper_is_not_ample():
    assert deal.is_ample(deal.bank(Paper(blueprint=(line(count=8),)), BANK))
    assert not deal.is_ample(deal.bank(Paper(blueprint=(line(count=9),)), BANK))
