"""Which articles, topics and difficulties the bank asks about."""

from quizapp.config import ROOT
from quizapp.rules.coverage import coverage
from quizapp.services import laws
from tests import make

LAW = laws.of(ROOT / "questions")


def test_every_article_of_the_law_is_counted():
    found = coverage([], LAW)
    assert list(found.articles) == list(range(1, 142)) and len(found.missing) == 141


def test_a_question_counts_once_for_every_article_it_cites():
    asked = make.question(citations=("Điều 64 khoản 1", "Điều 64 khoản 2", "Điều 3", "không phải điều nào"))
    found = coverage([asked, make.question("huu-tri-002", difficulty="apply")], LAW)
    assert (found.articles[64], found.articles[3], found.articles[65]) == (2, 1, 0)
    assert 64 not in found.missing and len(found.missing) == 139
    assert found.topics[("huu-tri", "know")] == 1 and found.topics[("huu-tri", "apply")] == 1
    assert found.topics.get(("huu-tri", "understand"), 0) == 0


def test_a_family_counts_as_one_question():
    found = coverage([make.question(f"ho.{n}", family="ho") for n in range(12)], LAW)
    assert (found.questions, found.articles[64]) == (1, 1)
