"""Whether the English of a question keeps up with its Vietnamese."""

from dataclasses import replace

from quizapp.rules.question import Text
from quizapp.rules.translation import missing, stale
from tests import make

BEFORE = make.question()


def after(**changes):
    return replace(BEFORE, **changes)


def test_new_vietnamese_under_old_english_is_stale():
    assert stale(BEFORE, after(stem=Text("Câu hỏi mới", BEFORE.stem.en))) == ("stem",)
    assert stale(BEFORE, after(stem=Text("Câu hỏi mới", "New question"))) == ()
    assert stale(BEFORE, after(stem=Text(BEFORE.stem.vi, "New question"))) == ()
    assert stale(BEFORE, BEFORE) == ()


def test_what_was_stale_stays_so_until_its_english_changes():
    assert stale(BEFORE, BEFORE, ["stem"]) == ("stem",)
    assert stale(BEFORE, after(stem=Text("Câu hỏi khác", BEFORE.stem.en)), ["stem"]) == ("stem",)
    assert stale(BEFORE, after(stem=Text(BEFORE.stem.vi, "New question")), ["stem"]) == ()


def test_an_option_that_kept_the_english_of_another_is_stale_wherever_it_stands():
    turned = tuple(reversed(BEFORE.options))
    assert stale(BEFORE, after(options=turned)) == ()
    assert stale(BEFORE, after(options=(Text("Khác", turned[0].en), *turned[1:]))) == ("options",)
    assert stale(BEFORE, after(options=(*turned, Text("Thêm", "Added")))) == ()


def test_a_unit_that_is_not_there_is_not_stale():
    number = make.question(kind="number", key=(15,))
    assert stale(number, replace(number, unit=Text("tháng", number.unit.en))) == ("unit",)
    assert stale(BEFORE, BEFORE) == ()


def test_a_text_without_english_is_missing_it():
    assert missing(BEFORE) == ()
    unfinished = after(short=Text("Ngắn", " "), options=(*BEFORE.options, Text("Chỉ tiếng Việt", "")))
    assert missing(unfinished) == ("options", "short")
    assert missing(after(explanation=Text("", ""))) == ()  # nothing to translate yet
