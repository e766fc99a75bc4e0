from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules import paper
from quizapp.rules.draw import Stream, pick, shuffle
from tests import make

TODAY = date(2026, 3, 2)
SEED = bytes(range(32))


def topic(name, size, **changes):
    return [make.question(f"{name}-{i:03d}", topic=name, **changes) for i in range(size)]


def ids(places):
    return [place.question.id for place in places]


def test_the_same_seed_deals_the_same_paper_whatever_order_the_bank_comes_in():
    bank = topic("huu-tri", 20)
    assert paper.draw(bank, 10, SEED, today=TODAY) == paper.draw(bank[::-1], 10, SEED, today=TODAY)
    assert paper.draw(bank, 10, SEED, today=TODAY) != paper.draw(bank, 10, SEED[::-1], today=TODAY)


def test_a_paper_follows_the_published_labels():
    bank = topic("huu-tri", 20)
    picked = pick(bank, 5, Stream(SEED, "pick/huu-tri"))
    in_order = shuffle(picked, Stream(SEED, "questions"))
    places = paper.draw(bank, 5, SEED, today=TODAY)
    assert ids(places) == [question.id for question in in_order]
    first = places[0]
    assert list(first.options) == shuffle([0, 1, 2, 3], Stream(SEED, f"options/{first.question.id}"))


def test_no_question_stands_twice_on_a_paper():
    assert len(set(ids(paper.draw(topic("huu-tri", 12), 12, SEED, today=TODAY)))) == 12


def test_a_small_bank_gives_all_it_has():
    assert len(paper.draw(topic("huu-tri", 3), 10, SEED, today=TODAY)) == 3
    assert paper.draw([], 10, SEED, today=TODAY) == []


@given(st.binary(min_size=32, max_size=32), st.integers(5, 30))
def test_a_mix_is_spread_evenly_over_the_topics(seed, count):
    bank = [question for name in "abcdefg" for question in topic(name, 10)]
    shares = Counter(place.question.topic for place in paper.draw(bank, count, seed, today=TODAY))
    assert sum(shares.values()) == count
    assert max(shares.values()) - min(shares[name] for name in "abcdefg") <= 1


def test_other_topics_fill_in_for_a_small_one():
    shares = Counter(place.question.topic for place in paper.draw(topic("a", 1) + topic("b", 10), 8, SEED, today=TODAY))
    assert shares == {"a": 1, "b": 7}


def test_only_questions_in_force_are_dealt():
    later, over = date(2026, 7, 1), date(2026, 3, 1)
    bank = topic("a", 2) + topic("b", 2, in_force_from=later) + topic("c", 2, in_force_to=over)
    assert {place.question.topic for place in paper.draw(bank, 6, SEED, today=TODAY)} == {"a"}


def test_true_and_false_keep_their_places():
    for number in range(20):
        asked = make.question(f"q-{number}", kind="truefalse", key=(0,))
        assert paper.option_order(asked, SEED) == (0, 1)


def test_a_number_question_has_no_options():
    assert paper.option_order(make.question(kind="number", key=(15,)), SEED) == ()


@given(st.binary(max_size=8), st.permutations(range(3)), st.permutations(range(3)))
def test_the_order_shown_never_depends_on_the_key(seed, key, other):
    shown = {paper.option_order(make.question(kind="order", key=k, options=3), seed) for k in (key, other)}
    assert len(shown) == 1
