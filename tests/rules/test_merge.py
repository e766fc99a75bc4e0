"""Where a file and the editor part about a question, and what a person makes of it."""

from dataclasses import replace
from datetime import date

from quizapp.rules import draft, merge
from quizapp.rules.question import Text
from tests import make
from tests.rules.test_bank import HEAD, LAW, NUMBER, ONE, read

BASE = read(HEAD + ONE).questions[0]


def changed(**changes):
    return replace(BASE, **changes)


def sorts(base, ours, theirs):
    return {part.name: part.sort for part in merge.parts(base, ours, theirs)}


def test_what_only_one_side_changed_is_proposed_from_there():
    ours = changed(stem=Text("Mới?", BASE.stem.en), scenario=True)
    theirs = changed(stem=Text(BASE.stem.vi, "New?"), facts=("H-01", "H-02"))
    assert sorts(BASE, ours, theirs) == {
        "scenario": "ours",
        "facts": "theirs",
        "stem-vi": "ours",
        "stem-en": "theirs",
    }
    assert {part.name: part.proposed for part in merge.parts(BASE, ours, theirs)}["facts"] == "theirs"


def test_what_both_changed_is_proposed_from_nowhere():
    (part,) = merge.parts(BASE, changed(difficulty="apply"), changed(difficulty="understand"))
    assert part == merge.Part("difficulty", "both", ("know",), ("apply",), ("understand",)) and part.proposed is None
    assert merge.parts(BASE, changed(difficulty="apply"), changed(difficulty="apply")) == ()


def test_without_a_common_start_everything_that_differs_is_a_choice():
    (part,) = merge.parts(None, BASE, changed(difficulty="apply"))
    assert (part.sort, part.base) == ("both", ())


def test_options_count_as_one_choice_whatever_their_numbers_are():
    turned = read(HEAD + ONE).questions[0]
    assert merge.parts(BASE, BASE, turned) == ()
    other = read(HEAD + ONE.replace("10 năm", "12 năm")).questions[0]
    (part,) = merge.parts(BASE, BASE, other)
    assert (part.name, part.sort) == ("answer", "theirs")
    assert "✓ 15 năm / 15 years" in part.theirs and "12 năm / 10 years" in part.theirs


def test_a_mixture_takes_the_picked_side_of_every_part():
    ours = changed(stem=Text("Mới?", BASE.stem.en), in_force_from=date(2025, 7, 1))
    theirs = changed(stem=Text(BASE.stem.vi, "New?"), difficulty="apply")
    table = merge.merged(ours, theirs, {"stem-en": "theirs", "difficulty": "ours", "period": "theirs"})
    made, findings = draft.read(table, "huu-tri", LAW)
    assert not findings
    assert (made.stem, made.difficulty, made.in_force_from) == (Text("Mới?", "New?"), "know", None)


def test_another_kind_of_answer_is_taken_whole():
    theirs = replace(read(HEAD + NUMBER).questions[0], stem=BASE.stem)
    made, findings = draft.read(merge.merged(BASE, theirs, {"answer": "theirs"}), "huu-tri", LAW)
    assert not findings and (made.kind, made.key, made.unit.vi) == ("number", (15,), "năm")


def test_a_side_that_is_picked_nowhere_leaves_the_editors_word():
    assert merge.merged(BASE, make.question(), {}) == merge.merged(BASE, BASE, {})
